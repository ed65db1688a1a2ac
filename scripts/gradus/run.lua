--- run: an experiment's settings, and what it found.
---
---   local run = gr.run{ name = "xor", seed = 7, lr = 0.05, epochs = 4000 }
---   run.lr          -- 0.05, or what --lr=... on the command line says
---
--- Settings come from the script's table; --key=value on the command line overrides them. The seed starts gr.random.
--- A run of a script is recorded in a folder of its own (recorder.lua), unless --no-record says otherwise.
--- Every run has the setting out, the folder that its pictures go to: --out=build/pictures. Without it nothing is written.
local arguments = require "gradus.arguments"
local core = require "gradus.core"
local options = require "gradus.options"
local random = require "gradus.random"
local recorder = require "gradus.recorder"
local resume = require "gradus.resume"

--- A run: its settings are its fields.
---@class gradus.Run
---@field records table[]   what log was given, in order
---@field results table     what result was given
---@field figures table     what plot was given, by name
---@field out string        the folder for pictures; "": none is written
local Run = {}

function Run.__index(self, name)
  if Run[name] == nil then options.unknown("run", name, rawget(self, "known_settings")) end
  return Run[name]
end

--- Adds a record: figures of an epoch, say.
--- Example:
---   local this = gr.run { name = "example", lr = 0.1 }
---   this:log { epoch = 1, loss = 0.3 }
---   print(#this.records)
---@param record table
function Run:log(record)
  options.table_of("run:log", "what is logged", record)
  recorder.log(record) -- first: it may refuse
  self.records[#self.records + 1] = record
end

--- States what came out, by name.
--- Example:
---   local this = gr.run { name = "example", lr = 0.1 }
---   this:result { accuracy = 0.94 }
---   print(this.results.accuracy)
---@param results table
function Run:result(results)
  options.table_of("run:result", "results", results)
  recorder.result(results) -- first: it may refuse
  for name, value in pairs(results) do
    self.results[name] = value
  end
end

--- A name that is a file's in any folder: letters of any alphabet, digits, spaces, - and _.
local function check_name(method, name)
  local fits = type(name) == "string" and utf8.len(name) and name:match "^[%w_\x80-\xff][%w_ \x80-\xff-]*$"
  if fits then return end
  local wanted = "letters, digits, spaces, - and _, since a file is called by it"
  local whose = method == "run:plot" and "a picture's name" or "a name"
  core.raise(("%s: %s has %s; got %s"):format(method, whose, wanted, options.describe(name)))
end

--- Puts the figure into the record: its data, which a replay compares, and a picture of it where one can be drawn.
local function record_figure(name, figure)
  if not recorder.active then return end
  recorder.file(name, ".json", "figure", function() return figure:data() end)
  if not recorder.again.draw then return end
  local bytes = require("gradus.gnuplot").render(figure, "svg")
  if bytes then recorder.picture(name, bytes) end
end

--- Keeps a picture by its name: in the record of the run, and with --out=DIR as DIR/NAME.svg; the folder is made.
--- Raises for names that are none of a file, for what is no figure, and when the file cannot be written.
--- Example:
---   local this = gr.run { name = "example", lr = 0.1 }
---   this:plot("loss", gr.plot.line({ 3, 2, 1 }, { title = "loss" }))
---   print(this.figures.loss)
---@param name string             letters of any alphabet, digits, spaces, - and _
---@param figure gradus.Figure   what a function of gr.plot gives
function Run:plot(name, figure)
  check_name("run:plot", name)
  if not require("gradus.figure").is_figure(figure) then
    local got = options.describe(figure)
    core.raise(("run:plot: '%s': expected a figure, as gr.plot.line gives it; got %s"):format(name, got))
  end
  if self.out ~= "" then
    core.make_folder(self.out)
    figure:save(("%s/%s.svg"):format(self.out, name))
  end
  record_figure(name, figure)
  self.figures[name] = figure
end

--- Keeps a tensor (NAME.npy), a net or a table of tensors (NAME.safetensors) in the record of the run; without a record nothing is
--- written. The same name once more takes the place of the first.
--- Raises for names that are none of a file, and when the file cannot be written.
--- Example:
---   local this = gr.run { name = "example" }
---   this:save("weights", gr.eye(2))
---@param name string   letters of any alphabet, digits, spaces, - and _
---@param value any     a tensor, a net, or { name = tensor }
function Run:save(name, value)
  check_name("run:save", name)
  local is_net = type(value) == "table" and type(rawget(value, "params") or rawget(value, "layers")) == "table"
  if core.is_tensor(value) then
    recorder.file(name, ".npy", "tensor", function() return core.packed_npy(value) end)
  elseif is_net then
    recorder.file(name, ".safetensors", "net", function() return require("gradus.saving").packed(value) end)
  else
    local list = options.named_tensors("run:save", value)
    recorder.file(name, ".safetensors", "tensors", function() return core.packed_safetensors(list) end)
  end
end

--- Keeps where the training stands, so that `gradus FILE.lua --resume RUN` goes on from here to the same bits.
--- In fit's on_epoch the file is written when on_epoch has returned; in a loop by hand, before which run:restore stands, it is the last
--- call of an epoch. Kept are the net, the optimiser, gr.random, the library's own streams, math.random and fit's history. Without a
--- record nothing is written.
--- Options: every (1): only each so many epochs; epoch: its number, in a loop by hand (the last that run:log had); generators: those of
--- the script's own; state: a table of numbers, texts and tables of them, for run:state().
--- Example:
---   local this = gr.run { name = "example", seed = 0 }
---   local net, sgd = nn.sequential { nn.dense(2, 1) }, optim.sgd { lr = 0.1 }
---   net:fit(gr.ones(4, 2), gr.ones(4, 1), {
---     loss = nn.mse(), optimizer = sgd, epochs = 2,
---     on_epoch = function() this:checkpoint(net, sgd) end,
---   })
---@param net gradus.Layer
---@param optimizer? gradus.Optimizer
---@param given? { every?: integer, epoch?: integer, generators?: table, state?: table }
function Run:checkpoint(net, optimizer, given) recorder.checkpoint(net, optimizer, given) end

--- In a loop by hand: the number of epochs that are done, 0 in a run that begins; after --resume those of the checkpoint, whose state
--- net, optimiser and generators then have.
--- Example:
---   local this = gr.run { name = "example", seed = 0 }
---   local net = nn.sequential { nn.dense(2, 1) }
---   local sgd = optim.sgd({ lr = 0.1 }):add(net:parameters())
---   for epoch = this:restore(net, sgd) + 1, 3 do
---     this:log { epoch = epoch }
---     this:checkpoint(net, sgd)
---   end
---@param net gradus.Layer
---@param optimizer? gradus.Optimizer
---@param given? { generators?: table }
---@return integer
function Run:restore(net, optimizer, given) return recorder.restore(net, optimizer, given) end

--- What run:checkpoint was given as state, in a run that goes on; nil in one that begins.
--- Example:
---   local this = gr.run { name = "example" }
---   print(this:state())
---@return table?
function Run:state() return recorder.state() end

local readers = {
  number = function(text)
    local value = tonumber(text)
    local finite = value and value == value and value ~= math.huge and value ~= -math.huge
    return finite and (math.tointeger(value) or value) or nil
  end,
  boolean = function(text)
    local words = { ["true"] = true, ["false"] = false }
    return words[text]
  end,
  string = function(text) return text end,
}

--- The value that a word of the command line gives to a setting.
local function read_setting(name, text, default)
  local reader = readers[type(default)]
  if not reader then
    core.raise(("run: --%s: this setting is a %s and cannot be given on the command line"):format(name, type(default)))
  end
  local value = reader(text)
  if value == nil then
    core.raise(
      ("run: --%s=%s: the setting is a %s (%s here)"):format(name, text, type(default), options.describe(default))
    )
  end
  return value
end

--- The error for a word that sets nothing: a misspelt setting, or a misspelt option of the program's.
local function refuse(word, name, known)
  local hint = arguments.of_program(word)
  if name and (hint == "" or options.nearest(name, known)) then options.unknown("run", name, known) end
  core.raise(("run: '%s' is no setting%s: write --name=value; known: %s"):format(word, hint, table.concat(known, " ")))
end

--- Reads the command line into the settings; gives the names of those that it set.
local function override(settings, known)
  local words, set = arg or {}, {}
  local i = 1
  while i <= #words do
    local word = words[i]
    local name, text = word:match "^%-%-([%w_]+)=(.*)$"
    if not name and word:match "^%-%-[%w_]+$" then
      name, text = word:sub(3), "true"
      local takes_next = settings[name] ~= nil and type(settings[name]) ~= "boolean" and words[i + 1]
      if takes_next then -- --lr 0.5
        i, text = i + 1, words[i + 1]
      end
    end
    i = i + 1
    if not name or settings[name] == nil then refuse(word, name, known) end
    settings[name] = read_setting(name, text, settings[name])
    set[#set + 1] = name
  end
  return set
end

--- Starts a run with these settings.
--- Example:
---   local settings = gr.run { name = "xor", seed = 7, lr = 0.05, epochs = 4000 }
---   print(settings.lr)
---   settings:result { loss = 0.01 }
---@param given table   settings and their usual values; name and seed among them, and out, the folder for pictures
---@return gradus.Run
return function(given)
  if type(given) ~= "table" then
    core.raise(("run: expected a table of settings, got %s"):format(options.describe(given)))
  end
  if core.settings.caged and not recorder.again.in_memory then
    core.raise "run: a script in a cell is not recorded, and has no settings: leave gr.run out of what is handed in"
  end
  local early = core.files_read() -- from here on nothing is noted: what the recorder reads is no script's
  local own = { records = {}, results = {}, figures = {} }
  local settings, known = { out = "" }, { "out" }
  for name, value in pairs(given) do
    if type(name) ~= "string" or Run[name] or own[name] or name == "known_settings" then
      core.raise(("run: '%s' cannot be the name of a setting"):format(tostring(name)))
    end
    if name ~= "out" then known[#known + 1] = name end
    settings[name] = value
  end
  if type(settings.out) ~= "string" then
    core.raise(("run: out is the folder for pictures, a text; got %s"):format(options.describe(settings.out)))
  end
  table.sort(known)
  local overridden = override(settings, known)
  resume.settings(settings, overridden)
  if core.settings.seeded and settings.seed then settings.seed = core.settings.seed end
  if settings.seed then random.seed(settings.seed) end
  recorder.start(options.text("run", "name", settings.name or "run"), settings, overridden, early)
  for name, value in pairs(own) do
    settings[name] = value
  end
  settings.known_settings = known
  return setmetatable(settings, Run)
end
