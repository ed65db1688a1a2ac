-- compare.lua: a figure of an experiment against what the document prints, and against the figure computed in full precision.
local compare = {}

--- Calls f(a, b) for each number of a and what stands in its place in b; false as soon as f does.
local function all(a, b, f)
  if type(a) ~= "table" then return f(a, b) end
  if type(b) ~= "table" or #a > #b or #a == 0 then return false end
  for i, one in ipairs(a) do
    if not all(one, b[i], f) then return false end
  end
  return true
end

local function flat(value, list)
  list = list or {}
  if type(value) ~= "table" then list[#list + 1] = value end
  for _, one in ipairs(type(value) == "table" and value or {}) do
    flat(one, list)
  end
  return list
end

--- How many numbers a figure has.
function compare.count(value) return #flat(value) end

local function within(entry, a, b)
  local off = math.abs(a - b)
  return a == b or off <= entry.abs or off <= entry.rel * math.abs(b)
end

--- Whether ours is the computed figure, to its tolerance; ours may be the first part of it.
function compare.computed(ours, entry)
  return all(ours, entry.value, function(a, b)
    if type(a) ~= "number" or type(b) ~= "number" then return a == b end
    return not entry.abs or within(entry, a, b) -- without a tolerance: chaotic, no two machines agree
  end)
end

--- Half a unit of the last digit of "0.5900" or "4.44021200e+03", and a hair for the rounding of what stands in between.
local function half_a_unit(text)
  local digits, power = text:match "^(.-)[eE]([+-]?%d+)$"
  local decimals = (digits or text):match "%.(%d*)$" or ""
  return 0.5 * 10.0 ^ ((tonumber(power) or 0) - #decimals) * (1 + 1e-9)
end

--- Whether ours is what the document prints, to the digits that stand there. What is left out of a list stands there as "...".
function compare.printed(ours, entry)
  return all(ours, entry.printed, function(a, text)
    if text == "..." then return true end
    if type(a) == "boolean" then return text == (a and "True" or "False") end
    local b = tonumber(text)
    return b ~= nil and math.abs(a - b) <= half_a_unit(text)
  end)
end

--- Whether ours lies within the figure's tolerance of what the document prints.
function compare.near_printed(ours, entry)
  return all(ours, entry.printed, function(a, text)
    local b = tonumber(text)
    return type(a) == "number" and b ~= nil and within(entry, a, b)
  end)
end

--- The first numbers of a figure, in at most `room` letters.
function compare.show(value, room)
  if value == nil then return "-" end
  local list, shown = flat(value), {}
  for i, one in ipairs(list) do
    shown[i] = math.type(one) == "float" and ("%.10g"):format(one) or tostring(one)
    if #list == 1 then shown[i] = tostring(one) end
  end
  local text = table.concat(shown, " ")
  if #text <= room then return text end
  while #shown > 1 and #table.concat(shown, " ") + 10 > room do
    table.remove(shown)
  end
  return ("%s ... (%d)"):format(table.concat(shown, " "), #list)
end

return compare
