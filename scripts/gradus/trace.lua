--- trace: every step of a part of a run, when a recorded script runs again to find where two runs part: hashes of all parameters
--- after each step, in trace.json, and the parameters themselves after one of them, in trace.safetensors.
---
---   trace.wanted = { after = 12, to = 13, dump = 4 }     -- steps between lines 12 and 13 of the log; values after the 4th
local core = require "gradus.core"

local trace = {}

--- What is wanted, or nil: nothing is traced.
trace.wanted = nil

local function names_of(tensors, hashes)
  local names = {}
  for i, t in ipairs(tensors) do
    names[i] = hashes and hashes[i].name or t.name or ("parameter %d"):format(i)
  end
  return names
end

local function is_inside(run)
  local lines = run.log.lines
  return lines >= trace.wanted.after and lines < trace.wanted.to
end

--- Hashes of the tensors, as step number `step` of the traced part; their values when those are wanted.
local function note(run, step, tensors)
  local traced = run.traced
  local sums = {}
  for i, t in ipairs(tensors) do
    sums[i] = core.sha256_tensors { t }
  end
  traced.steps[#traced.steps + 1] = { step = step, sha256 = sums, names = traced.names or names_of(tensors) }
  if trace.wanted.dump ~= step then return end
  local list = {}
  for i, t in ipairs(tensors) do
    list[i] = { tostring(i), t:detach() }
  end
  run.place:put("trace.safetensors", core.packed_safetensors(list))
end

local function begun(run)
  run.traced = run.traced or { steps = {}, count = 0 }
  return run.traced
end

--- A training begins, right after the line of the log that says so.
function trace.begin(run, tensors, hashes)
  if not trace.wanted then return end
  begun(run).names = names_of(tensors, hashes)
  local line = run.log.lines
  if line == trace.wanted.to or is_inside(run) then note(run, 0, tensors) end
end

--- A step was made.
function trace.step(run, tensors)
  if not trace.wanted or not is_inside(run) then return end
  local traced = begun(run)
  traced.count = traced.count + 1
  note(run, traced.count, tensors)
end

--- Writes what was seen.
function trace.finish(run)
  if not run.traced then return end
  run.place:put("trace.json", core.json_encode(run.traced.steps))
end

return trace
