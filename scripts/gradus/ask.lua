--- ask: the one place where what a student handed in is run: calls go in, plain values come out (answers.lua says which).
---
---   local said, wrong = ask.here { folder = "s001", text = ..., name = "answer.lua", numbers = ..., calls = calls }
---
--- ask.here runs the answer in this very process, which suits a student at their own desk and the teacher's own reference.
local answers = require "gradus.answers"
local compare = require "gradus.compare"
local record = require "gradus.record"
local rerun = require "gradus.rerun"
local seals = require "gradus.seals"

local ask = {}

local elsewhere = 1e-6 -- tolerance for a record of another processor or library, whose products round otherwise

--- What came of running a record again: its results, and what differs, nil when it is as it was. One that was changed is not run.
local function replay(folder)
  local run, reason = record.read(folder)
  if not run then return { error = reason } end
  local broken = seals.broken(run)[1]
  if broken then
    local value = { differs = "it was changed after it was written: " .. broken, results = {} }
    return { is = "table", value = value }
  end
  local place <close> = rerun.new_folder()
  local again, said = rerun.run(run, place)
  if not again then return { error = ("it could not be run again: %s"):format(said) } end
  local tolerance = not compare.same_bits(run.about, again.about) and elsewhere or nil
  local found = compare.records(run, again, tolerance)
  local unfinished = run.status ~= "finished" and ("the recorded run is %s"):format(run.status) or nil
  return { is = "table", value = { differs = unfinished or found.first and found.first.text, results = again.results } }
end

--- Runs the answer and makes the calls; those that name a recorded run replay it, as a program of its own.
---@param asked { folder: string, text: string, name: string, numbers: table, calls: table[] }
---@return table[] said, string? wrong
function ask.here(asked)
  local said, wrong = answers.of(asked)
  for i, call in ipairs(asked.calls) do
    if call.replay then said[i] = replay(("%s/%s"):format(asked.folder, call.replay)) end
  end
  return said, wrong
end

return ask
