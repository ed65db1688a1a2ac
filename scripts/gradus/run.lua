--- run: an experiment's settings, and what it found.
---
---   local run = gr.run{ name = "xor", seed = 7, lr = 0.05, epochs = 4000 }
---   run.lr          -- 0.05, or what --lr=... on the command line says
---
--- Settings come from the script's table; --key=value on the command line overrides them. The seed starts gr.random.
local core = require "gradus.core"
local options = require "gradus.options"
local random = require "gradus.random"

--- A run: its settings are its fields.
---@class gradus.Run
---@field records table[]   what log was given, in order
---@field results table     what result was given
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
function Run:log(record) self.records[#self.records + 1] = record end

--- States what came out, by name.
--- Example:
---   local this = gr.run { name = "example", lr = 0.1 }
---   this:result { accuracy = 0.94 }
---   print(this.results.accuracy)
---@param results table
function Run:result(results)
  for name, value in pairs(results) do
    self.results[name] = value
  end
end

local readers = {
  number = function(text) return math.tointeger(tonumber(text)) or tonumber(text) end,
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

local function override(settings, known)
  local words = arg or {}
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
    if not name then
      core.raise(("run: '%s' is no setting: write --name=value; known: %s"):format(word, table.concat(known, " ")))
    elseif settings[name] == nil then
      options.unknown("run", name, known)
    end
    settings[name] = read_setting(name, text, settings[name])
  end
end

--- Starts a run with these settings.
--- Example:
---   local settings = gr.run { name = "xor", seed = 7, lr = 0.05, epochs = 4000 }
---   print(settings.lr)
---   settings:result { loss = 0.01 }
---@param given table   settings and their usual values; name and seed among them
---@return gradus.Run
return function(given)
  if type(given) ~= "table" then
    core.raise(("run: expected a table of settings, got %s"):format(options.describe(given)))
  end
  local settings, known = { records = {}, results = {} }, {}
  for name, value in pairs(given) do
    if type(name) ~= "string" or Run[name] or settings[name] ~= nil then
      core.raise(("run: '%s' cannot be the name of a setting"):format(tostring(name)))
    end
    known[#known + 1] = name
    settings[name] = value
  end
  table.sort(known)
  local fields = { records = settings.records, results = settings.results }
  settings.records, settings.results = nil, nil
  override(settings, known)
  if core.settings.seeded and settings.seed then settings.seed = core.settings.seed end
  if settings.seed then random.seed(settings.seed) end
  settings.records, settings.results, settings.known_settings = fields.records, fields.results, known
  return setmetatable(settings, Run)
end
