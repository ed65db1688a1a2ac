--- cell: a stranger's script, run where it can do no harm: in a process of its own behind walls (scripts/manual/cell.md says which).
---
---   local cell = require "gradus.cell"
---   local result = cell.run { name = "net.lua", script = text, inputs = { x = { 1, 2 } }, seconds = 10 }
---   print(result.status, result.reason, result.value)
---
--- The script gets the inputs as its argument (`local inputs = ...`) and returns a value. Only numbers, texts, booleans and tables of them
--- pass the walls, in either direction; tensors pass as nested lists.
local cell_values = require "gradus.cell_values"
local core = require "gradus.core"
local digest = require "gradus.digest"
local options = require "gradus.options"

local cell = {}

local defaults = {
  script = options.none,
  name = "script.lua",
  inputs = options.none,
  seconds = 10,
  memory = 256 << 20,
  output = 64 << 10,
  value = 4 << 20,
  values = 1 << 20,
  zone = options.none,
  files = options.none,
  trust = false,
}

--- What each end that is the script's own doing is called.
local stopped = {
  time = function(_, o) return ("took longer than %g s"):format(o.seconds) end,
  memory = function(_, o) return "used more than " .. digest.bytes(o.memory) end,
  output = function(_, o) return "printed more than " .. digest.bytes(o.output) end,
  value = function(_, o) return ("its result is too large: %s as JSON are the most"):format(digest.bytes(o.value)) end,
  values = function(_, o) return ("its result is too large: %d values are the most"):format(o.values) end,
  call = function(ended) return ("tried a system call that is not allowed (%s)"):format(ended.text) end,
  signal = function(ended) return ("its process was ended by signal %d (%s)"):format(ended.detail, ended.text) end,
  silent = function(ended) return ("ended without a result (exit status %d)"):format(ended.detail) end,
  untrue = function() return "sent what is no result" end,
  late = function() return "its cell did not begin" end,
}

--- Places are "net.lua:31"; of a system call the text is its name.
local function reason_of(ended, o)
  local reason = stopped[ended.how](ended, o)
  local has_place = (ended.how == "time" or ended.how == "memory") and ended.text ~= ""
  return "stopped: " .. reason .. (has_place and (" (at %s)"):format(ended.text) or "")
end

local all_walls = { "user", "namespaces", "limits", "landlock", "seccomp" }

--- The walls that do not stand, as a text.
local function missing(walls)
  local stands, list = {}, {}
  for _, wall in ipairs(walls) do
    stands[wall] = true
  end
  for _, wall in ipairs(all_walls) do
    if not stands[wall] then list[#list + 1] = wall end
  end
  return table.concat(list, ", ")
end

local function refuse(ended)
  core.raise(
    ("cell: a stranger's script is not run where walls are missing: %s. `make deps` brings bubblewrap; "):format(
      ended.text
    ) .. "trust = true (--trust) runs it behind the walls that there are"
  )
end

--- The same end, called otherwise: it is known only when the result is looked at.
local function other_end(ended, how)
  return { how = how, text = "", output = ended.output, seconds = ended.seconds, walls = ended.walls }
end

--- What the user of run and of wait gets.
local function result_of(ended, o)
  if ended.how == "unstarted" then refuse(ended) end
  if ended.how == "finished" and core.json_count(ended.text) > o.values then ended = other_end(ended, "values") end
  local result = { status = ended.how, output = ended.output, seconds = ended.seconds, walls = ended.walls }
  if missing(ended.walls) ~= "" and ended.how ~= "late" then result.missing = missing(ended.walls) end
  if ended.how == "failed" then
    result.reason = ended.text
  elseif ended.how == "finished" then
    local value, wrong = cell_values.unpack(ended.text)
    if wrong then return result_of(other_end(ended, "untrue"), o) end
    result.value = value
  else
    result.status, result.reason = "stopped", reason_of(ended, o)
  end
  return result
end

local function check(what, given)
  local o = options.read(what, given, defaults)
  options.text(what, "script", o.script)
  options.text(what, "name", o.name)
  options.number(what, "seconds", o.seconds, 0.001, 1e6)
  options.whole(what, "memory", o.memory, 1 << 20)
  options.whole(what, "output", o.output, 0)
  options.whole(what, "value", o.value, 1)
  options.whole(what, "values", o.values, 1)
  if o.zone ~= nil and not options.text(what, "zone", o.zone):find "^<[+-]%d+>[+-]%d+:?%d*$" then
    core.raise(
      ("%s: zone is a time zone as POSIX writes it, <+0900>-09:00; got %s"):format(what, options.describe(o.zone))
    )
  end
  return o
end

--- A cell that runs.
---@class gradus.Cell
---@private
local Cell = {}
Cell.__index = Cell

--- Waits for so many seconds at most: how it ended, as cell.run gives it, or nil while it runs.
---@param seconds number
---@return table?
function Cell:wait(seconds)
  if not self.result then
    local ended = self.process:wait(seconds)
    if ended then self.result = result_of(ended, self.options) end
  end
  return self.result
end

--- Waits until it has ended, however long that takes: how, as cell.run gives it.
---@return table
function Cell:await()
  local result
  repeat
    result = self:wait(0.2)
  until result
  return result
end

--- Ends it, whatever it does.
function Cell:close() self.process:close() end

Cell.__close = Cell.close

--- { { name, path }, ... }, by name.
local function files_of(what, files)
  local list = {}
  for i, name in ipairs(options.sorted_keys(options.table_of(what, "files", files or {}))) do
    list[i] = { options.text(what, "the name of a file", name), options.text(what, "the path of a file", files[name]) }
  end
  return list
end

local function start(what, given)
  local o = check(what, given)
  local job = { files = files_of(what, o.files), inputs = cell_values.pack(o.inputs, what .. ": inputs") }
  for _, name in ipairs { "script", "name", "seconds", "memory", "output", "value", "zone", "trust" } do
    job[name] = o[name]
  end
  return setmetatable({ process = core.cell_start(job), options = o }, Cell)
end

--- Starts a script in a cell, and comes back at once. Options as for cell.run.
---@param given table
---@return gradus.Cell
function cell.start(given) return (start("cell.start", given)) end

--- Runs a script in a cell until it has ended.
--- Options: script, the text; name ("script.lua"), which messages call it; inputs, what the script gets as its argument;
--- files, { name = path }, which it may read by these names with gr.data.idx: they lie in its memory, unpacked, up to 256 MB each and
--- 512 MB in all;
--- seconds (10); memory (256 MB), bytes that its values and tensors may hold; output (64 KB), bytes that it may print; value (4 MB),
--- bytes that its result may have as JSON, up to 1 GB as for output; values (1048576), how many numbers, texts and tables may be in it;
--- zone (Greenwich's), its time zone, as POSIX writes it: <+0900>-09:00;
--- trust (false): runs it though walls are missing, which result.missing then lists.
--- The result: status, "finished", "failed" (an error of the script: reason is its message) or "stopped" (reason says why); value, what
--- the script returned; output, what it printed; seconds; walls, a list of those that stood.
--- Raises when walls are missing, and when an option is wrong.
---@param given table
---@return { status: string, reason: string?, value: any, output: string, seconds: number, walls: string[], missing: string? }
function cell.run(given)
  local one <close> = start("cell.run", given)
  return one:await()
end

return cell
