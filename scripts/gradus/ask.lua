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

--- What came of running a record again: its results, and what differs, nil when it is as it was.
local function replay(folder)
  local run, reason = record.read(folder)
  if not run then return { error = reason } end
  local again, said, done = rerun.run(run)
  if not again then
    done()
    return { error = ("it could not be run again: %s"):format(said) }
  end
  local tolerance = not compare.same_bits(run.about, again.about) and 1e-6 or nil
  local found, broken = compare.records(run, again, tolerance), seals.broken(run)
  done()
  local differs = broken[1] and "it was changed after it was written: " .. broken[1] or found.first and found.first.text
  if run.status ~= "finished" then differs = differs or ("it is %s"):format(run.status) end
  return { is = "table", value = { differs = differs, results = again.results } }
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
