--- bisect: the very step, and the parameter, where two recorded runs part: both run again, first with a hash of every parameter after
--- each step between the last lines that agree and the first that do not, then for the values after that step.
---
---   local where = bisect.find(one, other, found.first)     -- found: what compare.records gave
local core = require "gradus.core"
local record = require "gradus.record"
local rerun = require "gradus.rerun"

local bisect = {}

--- Runs it again and traces; a list of { step =, sha256 =, names = }, and the values by position when a step is named. nil and why not.
local function trace(run, line, step, o)
  local words = { tostring(line - 1), tostring(line), step and tostring(step) or nil }
  local place <close> = rerun.new_folder()
  local limits = { trust = o.trust, seconds = o.seconds, memory = o.memory, trace = words }
  local again, said = rerun.run(run, place, limits)
  local text = again and record.read_file(again.folder .. "/trace.json")
  local steps = text and core.json_decode(text)
  local values
  if steps and step then
    local ok, list = pcall(core.safetensors, again.folder .. "/trace.safetensors")
    values = ok and list or nil
  end
  if not again then return nil, said end
  return steps or {}, values
end

--- The first step, and the place of the first parameter, whose hashes differ.
local function first_difference(a, b)
  for i = 1, math.min(#a, #b) do
    for k, sum in ipairs(a[i].sha256) do
      if sum ~= b[i].sha256[k] then return a[i].step, k, a[i].names[k] end
    end
  end
  return nil
end

--- Entries of two tensors of one shape that differ: how many, and the first.
local function entries(a, b)
  local one, other = a:flatten(), b:flatten()
  local differ = core.ne and core.ne(one, other) or 1 - one:eq(other)
  local count = math.tointeger(core.sum(differ))
  local at = count > 0 and core.argmax(differ) or nil
  return { count = count, size = a.size, at = at, one = at and one[at], other = at and other[at], shape = a.shape }
end

local function by_name(list)
  local names = {}
  for _, one in ipairs(list or {}) do
    names[one[1]] = one[2]
  end
  return names
end

--- Where they part: { step =, parameter =, entries = }; step 0 is before the first one. nil and the reason where no step tells, as in
--- scripts that use no optimiser.
---@param one table     records, as record.read gives them
---@param other table
---@param first table   the first difference of their logs; line and other_line
---@param o { trust?: boolean, seconds?: number, memory?: integer }   for rerun.run
function bisect.find(one, other, first, o)
  if not first.line or not first.other_line then return nil, "the logs do not say where" end
  local a, wrong = trace(one, first.line, nil, o)
  local b, worse = trace(other, first.other_line, nil, o)
  if not a or not b then return nil, wrong or worse end
  local step, place, name = first_difference(a, b)
  if not step then return nil, "no step of an optimiser between there shows another parameter" end
  local _, mine = trace(one, first.line, step, o)
  local _, others = trace(other, first.other_line, step, o)
  local x, y = by_name(mine)[tostring(place)], by_name(others)[tostring(place)]
  local same_shape = x and y and x.shape == y.shape and x.dtype == y.dtype
  return { step = step, parameter = name, entries = same_shape and entries(x, y) or nil }
end

return bisect
