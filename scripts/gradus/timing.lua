--- timing: how long a function takes.
local core = require "gradus.core"
local options = require "gradus.options"

local timing = {}

local units = { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 0, "ns" } }

local function text(seconds)
  for _, unit in ipairs(units) do
    local scale, name = unit[1] > 0 and unit[1] or 1e-9, unit[2]
    if seconds >= unit[1] then return ("%.3g %s"):format(seconds / scale, name) end
  end
end

--- The number below which this part of a sorted list lies, between two of them in proportion.
local function quantile(sorted, part)
  local at = 1 + part * (#sorted - 1)
  local low = math.floor(at)
  local high = math.min(low + 1, #sorted)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
end

--- Calls f() once to warm up, then until half a second has passed, and prints the median time of a call, the quartiles and the
--- least. Options: repeats (none): how many calls are measured instead. Returns the median, in seconds.
---@param f function
---@param given? { repeats?: integer }
---@return number
function timing.time(f, given)
  if not options.is_callable(f) then
    core.raise(
      ("time: expected a function, as in time(function() return x:inv() end), got %s"):format(options.describe(f))
    )
  end
  local o = options.read("time", given, { repeats = options.none })
  local repeats = o.repeats and options.whole("time", "repeats", o.repeats, 1)
  local enough = 0.5 -- seconds
  f()
  local taken, begin = {}, core.clock()
  repeat
    local from = core.clock()
    f()
    taken[#taken + 1] = core.clock() - from
  until repeats and #taken == repeats or not repeats and core.clock() - begin >= enough
  table.sort(taken)
  local median = quantile(taken, 0.5)
  local low, high = quantile(taken, 0.25), quantile(taken, 0.75)
  print(
    ("median %s, half of them from %s to %s, best %s (%d calls)"):format(
      text(median),
      text(low),
      text(high),
      text(taken[1]),
      #taken
    )
  )
  return median
end

return timing
