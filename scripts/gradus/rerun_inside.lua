--- rerun_inside: a recorded script that runs again in a cell. There are no files: its record goes into memory, and out of the cell as
--- texts, by the names of the files that they would be.
---
---   cell.run { script = 'return require("gradus.rerun_inside")(...)', inputs = inputs }     -- rerun_outside.lua
local core = require "gradus.core"

--- The program's options, as they were. Before anything is required that goes by them.
local function take_options(given)
  local settings = core.settings
  settings.record = true
  settings.seed, settings.seeded = given.seed, given.seeded
  settings.nan_check, settings.dtype = given.nan_check, given.dtype
  core.default_dtype(given.dtype)
  math.randomseed(given.seed)
end

--- os.exit, which a cell does not have: the script is left by an error; whether it was is known.
local function new_exit()
  local exit = { called = false }
  function exit.leave()
    exit.called = true
    error("os.exit", 0)
  end
  return exit
end

--- Outputs as a script may use them; in a cell there is one.
local function give_outputs()
  local own = _G.io
  for _, name in ipairs { "stdout", "stderr" } do
    local raw = io[name]
    local function same(self) return self end
    own[name] = {
      write = function(self, ...)
        if name == "stdout" then
          own.write(...)
        else
          raw:write(...)
        end
        return self
      end,
      flush = same,
      setvbuf = same,
    }
  end
end

local kept = { "run.json", "log.jsonl", "output.txt", "trace.json", "trace.safetensors" }

local function texts_of(places)
  local runs = {}
  for i, place in ipairs(places) do
    runs[i] = {}
    for _, name in ipairs(kept) do
      runs[i][name] = place:text(name)
    end
  end
  return runs
end

--- Everything that is recorded, and what is written afterwards, in place of what a program has.
local function prepare(given, exit)
  local recorder, witness = require "gradus.recorder", require "gradus.witness"
  recorder.again = {
    readings = function(index) return given.readings[index] or {} end,
    draw = false,
    lines = given.lines,
    leave = exit.leave,
    in_memory = {},
  }
  require("gradus.trace").wanted = given.trace
  require("gradus.sets").given = given.sets
  require("gradus.sources").given = given.sums
  witness.texts = given.texts
  witness.use_recorded()
  _G.os.exit = exit.leave
  _G.arg = given.arguments
  give_outputs()
  require("gradus.repeatable").install_early()
  core.note_files()
  return recorder
end

--- Runs the script, and gives its records, a table of texts each, and what it failed with, if it did.
---@param given table
---@return { runs: table[], failed: string? }
return function(given)
  take_options(given)
  local exit = new_exit()
  local recorder = prepare(given, exit)
  local script, wrong = core.load_script(given.script, given.chunk)
  if not script then return { runs = {}, failed = wrong } end
  local ended, message = core.attempt(script, table.unpack(given.arguments))
  ended = ended or exit.called
  recorder.finish(ended and "finished" or "failed", not ended and message or nil)
  return { runs = texts_of(recorder.again.in_memory), failed = not ended and message or nil }
end
