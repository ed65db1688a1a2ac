--- replaying: what comes of running a recorded run again, as a plain answer of which a check can judge (gr.assignment.replays).
---
---   local said = replaying.said("s001/run", { seconds = 30, memory = 512 })
---   said.is, said.value.differs, said.value.results      or      said.error
local compare = require "gradus.compare"
local record = require "gradus.record"
local rerun = require "gradus.rerun"
local seals = require "gradus.seals"

local replaying = {}

local elsewhere = 1e-6 -- tolerance for a record of another processor or library, whose products round otherwise

--- Runs the record in that folder again, a stranger's in a cell, and says what differs, nil when it is as it was, and its results. One
--- that was changed is not run.
--- Options: seconds, memory (MB): as for rerun.run; trust (false): a cell may lack walls.
---@param folder string
---@param o? { seconds?: number, memory?: number, trust?: boolean }
---@return { is: "table"?, value: { differs: string?, results: table }?, error: string? }
function replaying.said(folder, o)
  local run, reason = record.read(folder)
  if not run then return { error = reason } end
  local broken = seals.broken(run)[1]
  if broken then
    local value = { differs = "it was changed after it was written: " .. broken, results = {} }
    return { is = "table", value = value }
  end
  local place <close> = rerun.new_folder()
  o = o or {}
  local again, said = rerun.run(run, place, { seconds = o.seconds, memory = o.memory, any_walls = o.trust })
  if not again then return { error = ("it could not be run again: %s"):format(said) } end
  local tolerance = not compare.same_bits(run.about, again.about) and elsewhere or nil
  local found = compare.records(run, again, tolerance)
  local unfinished = run.status ~= "finished" and ("the recorded run is %s"):format(run.status) or nil
  return { is = "table", value = { differs = unfinished or found.first and found.first.text, results = again.results } }
end

return replaying
