--- rerun_outside: runs a stranger's recorded script again, in a cell (rerun_inside.lua speaks from there), and puts the record that comes
--- out of it into a folder.
---
---   local ended, reason = rerun_outside.run(run, again, { seconds = 10, memory = 1 << 30, into = folder })
local cell = require "gradus.cell"
local core = require "gradus.core"
local facts = require "gradus.facts"
local plain = require "gradus.plain"
local sets = require "gradus.sets"

local rerun_outside = {}

local script = 'return require("gradus.rerun_inside")(...)'

-- ---- Data sets

--- Whether the record says that something with that hash was read.
local function has_read(run, sum)
  for _, entry in ipairs(run.about.data) do
    if entry.sha256 == sum then return true end
  end
  return false
end

--- The files of a set that lies here, if the record has read all of it and it is what it was then: { name =, path =, sha256 = } each.
local function files_of(set, run)
  local _, paths = sets.find(set)
  local files = {}
  for i, path in ipairs(paths or {}) do
    local about = set.files[i]
    local sum = core.sha256(path)
    if not has_read(run, sum) then return nil end
    files[i] = { name = ("%s/%s"):format(set.folder, about.name), path = path, sha256 = sum }
  end
  return #files > 0 and files or nil
end

--- What the cell is given: the data sets alone that gradus finds by itself. A path in a stranger's record counts for nothing.
local function given_to(run)
  local given = { files = {}, sets = {}, sums = {} }
  for _, name in ipairs(sets.outside) do
    local files = files_of(sets[name], run)
    if files then given.sets[name] = {} end
    for i, file in ipairs(files or {}) do
      given.files[file.name], given.sums[file.name], given.sets[name][i] = file.path, file.sha256, file.name
    end
  end
  return given
end

-- ---- Going in

--- What the cell is told: `again` has texts, arguments, readings, lines, trace (command_rerun.lua).
local function inputs_of(run, again, given)
  local readings = {}
  for i = 1, run.about.index or 1 do
    readings[i] = again.readings(i)
  end
  return {
    script = plain.back(run.about.script.text),
    chunk = plain.back(run.about.script.chunk),
    texts = again.texts,
    arguments = again.arguments,
    readings = readings,
    lines = again.lines,
    trace = again.trace,
    sets = given.sets,
    sums = given.sums,
    seed = core.settings.seed,
    seeded = core.settings.seeded,
    nan_check = core.settings.nan_check,
    dtype = core.settings.dtype,
  }
end

--- How much may come out. It does not go by the record that is there, which is a stranger's, too.
local room = {
  output = 16 << 20, -- bytes
  value = 32 << 20, -- bytes: all files of the records, as JSON
  values = 1 << 16, -- the files themselves
  log = 1 << 20, -- values in all lines of a log: far less than 16 MB of lines as we write them hold
  about = 1 << 18, -- values in a run.json, or a trace.json
}

-- ---- Coming out

--- How many values each of the files may hold that are read afterwards.
local most_values = { ["run.json"] = room.about, ["trace.json"] = room.about, ["log.jsonl"] = room.log }

--- Whether one of the files would take much more memory than its bytes to read.
local function is_too_large(files)
  for name, most in pairs(most_values) do
    if type(files[name]) == "string" and core.json_count(files[name]) > most then return true end
  end
  return false
end

--- Of what a stranger's cell says of itself nothing is believed: program and machine are those that we know.
local function put_about(path, text)
  local about = core.json_decode(text)
  if type(about) ~= "table" then return false end
  about.engine, about.machine = facts.engine(), facts.machine()
  core.write_file(path, core.json_encode(about, true) .. "\n")
  return true
end

local names = { "log.jsonl", "output.txt", "trace.json", "trace.safetensors" }

--- Writes the record that is asked for, under names that we give. False when it is none.
local function put_files(files, folder)
  core.make_folder(folder)
  for _, name in ipairs(names) do
    if type(files[name]) == "string" then core.write_file(("%s/%s"):format(folder, name), files[name]) end
  end
  return type(files["run.json"]) == "string" and put_about(folder .. "/run.json", files["run.json"])
end

local more = { time = "--seconds N gives it longer", memory = "--memory MB gives it more" }

--- Why no record came, with what can be done.
local function reason_of(result)
  local reason = result.reason or "it gave no record"
  local hint = reason:find "^stopped: took" and more.time or reason:find "^stopped: used" and more.memory
  return hint and ("%s; %s"):format(reason, hint) or reason
end

--- Runs it. True when its record lies in the folder; false and the reason. Raises where walls are missing.
---@param run table     as record.read gives it
---@param again table
---@param o { seconds: number, memory: integer, into: string, zone: string?, any_walls: boolean? }
---@return boolean, string?
function rerun_outside.run(run, again, o)
  local given = given_to(run)
  local result = cell.run {
    name = "replay",
    script = script,
    inputs = inputs_of(run, again, given),
    files = given.files,
    seconds = o.seconds,
    memory = o.memory,
    output = room.output,
    value = room.value,
    values = room.values,
    zone = o.zone,
    trust = o.any_walls or false,
  }
  local value = result.status == "finished" and type(result.value) == "table" and result.value or nil
  if not value then return false, reason_of(result) end
  local index = run.about.index or 1
  local files = type(value.runs) == "table" and value.runs[index]
  if type(files) ~= "table" then return false, tostring(value.failed or reason_of(result)) end
  if is_too_large(files) then return false, "stopped: its result is too large" end
  local put = put_files(files, index > 1 and ("%s-%d"):format(o.into, index) or o.into)
  return put, not put and "what came out of the cell is no record" or nil
end

return rerun_outside
