--- likeness: whether a plain value is the one that is expected, and in plain words what is off. Used by the checks of assignments.
local options = require "gradus.options"

local likeness = {}

-- ---- Words

--- A value as it is told in a sentence.
---@param value any
---@return string
function likeness.show(value)
  if type(value) == "string" then
    return ("%q"):format(#value > 60 and value:sub(1, utf8.offset(value, 40) or 40) .. "..." or value)
  end
  if type(value) ~= "table" then
    if value ~= value then return "nan" end -- C writes "-nan" for some
    if math.type(value) == "float" then return ("%.10g"):format(value) end
    return options.describe(value)
  end
  local sizes = likeness.shape(value)
  return sizes and #sizes > 0 and ("numbers of shape %s"):format(table.concat(sizes, " x ")) or "a table"
end

local axes = { { "entry %d" }, { "row %d", "column %d" } }

--- "row 2, column 1"; deeper ones as positions.
local function place_of(path)
  local words, names = {}, axes[#path]
  for i, at in ipairs(path) do
    local named = names and type(at) == "number"
    words[i] = named and names[i]:format(at) or tostring(at)
  end
  return (names and "" or "at ") .. table.concat(words, ", ")
end

-- ---- Shapes

local deepest = 20 -- levels of lists

--- Whether all rows of a value have these sizes, from a level on.
local function has_sizes(value, sizes, level)
  if level > #sizes then return type(value) == "number" end
  if type(value) ~= "table" or #value ~= sizes[level] then return false end
  local count = 0
  for key, one in next, value do
    if math.type(key) ~= "integer" or not has_sizes(one, sizes, level + 1) then return false end
    count = count + 1
  end
  return count == sizes[level]
end

--- The sizes of nested lists of numbers: { 3, 3 }; {} for a number; nil when rows differ or something else is in it. The first of each
--- level tell the sizes, and then every value is looked at once.
---@param value any
---@return integer[]?
function likeness.shape(value)
  local sizes, first = {}, value
  while type(first) == "table" and #sizes < deepest do
    sizes[#sizes + 1] = #first
    first = first[1]
  end
  return has_sizes(value, sizes, 1) and sizes or nil
end

--- Sizes as a text, "2 x 3", without those that are 1: a row may stand for a list of numbers. "" for a single number.
---@param shape integer[]
---@return string
function likeness.sizes(shape)
  local list = {}
  for _, size in ipairs(shape) do
    if size > 1 then list[#list + 1] = size end
  end
  return table.concat(list, " x ")
end

--- All numbers of nested lists, row by row.
---@return number[]
function likeness.flat(value, into)
  into = into or {}
  if type(value) == "number" then into[#into + 1] = value end
  for _, one in ipairs(type(value) == "table" and value or {}) do
    likeness.flat(one, into)
  end
  return into
end

-- ---- Comparing

local function near(value, expected, tolerance)
  if value == expected then return true end
  if value ~= value then return expected ~= expected end
  value, expected = value + 0.0, expected + 0.0 -- the difference of two integers may be any number
  if math.abs(value) == math.huge or math.abs(expected) == math.huge then return false end
  return math.abs(value - expected) <= tolerance * math.max(1, math.abs(expected))
end

local function keys_of(value, expected)
  local all = {}
  for _, side in ipairs { value, expected } do
    for key in pairs(side) do
      all[key] = true
    end
  end
  local list = {}
  for key in pairs(all) do
    list[#list + 1] = key
  end
  table.sort(list, function(a, b)
    if type(a) == type(b) then return a < b end
    return type(a) == "number"
  end)
  return list
end

--- Counts entries that are right; the first that is not stays in found, with its place.
local function compare(value, expected, tolerance, path, found)
  if type(value) == "table" and type(expected) == "table" then
    for _, key in ipairs(keys_of(value, expected)) do
      local inner = table.move(path, 1, #path, 1, {})
      inner[#inner + 1] = key
      compare(value[key], expected[key], tolerance, inner, found)
    end
    return
  end
  found.all = found.all + 1
  local both = type(value) == "number" and type(expected) == "number"
  if value == expected or both and near(value, expected, tolerance) then
    found.right = found.right + 1
  elseif not found.first then
    found.first = { path = path, value = value, expected = expected }
  end
end

--- Compares a plain value with what is expected: { share = of entries that are right, said = what is off, nil when nothing is }.
--- Numbers agree to tolerance times the larger of 1 and the expected one.
---@param value any
---@param expected any    plain
---@param tolerance number
---@return { share: number, said: string? }
function likeness.compare(value, expected, tolerance)
  local one, other = likeness.shape(value), likeness.shape(expected)
  local shape, wanted = one and table.concat(one, " x "), other and table.concat(other, " x ")
  if other and shape ~= wanted then
    local what = wanted == "" and "a number" or ("numbers of shape %s"):format(wanted)
    return { share = 0, said = ("is %s; %s is expected"):format(likeness.show(value), what) }
  end
  local found = { all = 0, right = 0 }
  compare(value, expected, tolerance, {}, found)
  if not found.first then return { share = 1 } end
  local first = found.first
  local at = #first.path > 0 and ("%s is "):format(place_of(first.path)) or "is "
  local said = ("%s%s; %s is expected"):format(at, likeness.show(first.value), likeness.show(first.expected))
  return { share = found.all > 0 and found.right / found.all or 0, said = said }
end

-- ---- What may have gone wrong

local function turned(value)
  local shape = likeness.shape(value)
  if not shape or #shape ~= 2 then return nil end
  local rows = {}
  for j = 1, shape[2] do
    rows[j] = {}
    for i = 1, shape[1] do
      rows[j][i] = value[i][j]
    end
  end
  return rows
end

--- The factor between two lists of numbers; nil when there is none.
local function factor_of(value, expected, tolerance)
  local a, b, factor = likeness.flat(value), likeness.flat(expected), nil
  for i = 1, #b do
    if b[i] ~= 0 and not factor then factor = a[i] / b[i] end
  end
  for i = 1, factor and #b or 0 do
    if not near(a[i], factor * b[i], tolerance) then return nil end
  end
  return factor
end

--- A guess at the mistake, where values follow from the expected ones in a usual way; nil otherwise.
---@param value any
---@param expected any
---@param tolerance number
---@return string?
function likeness.guess(value, expected, tolerance)
  local shape, wanted = likeness.shape(value), likeness.shape(expected)
  if not shape or not wanted then return nil end
  local other_way = turned(value)
  if other_way and not likeness.compare(other_way, expected, tolerance).said then
    return "Rows and columns are exchanged: it is the transposed of what is expected."
  end
  if table.concat(shape, " ") ~= table.concat(wanted, " ") or #likeness.flat(expected) == 0 then return nil end
  local factor = factor_of(value, expected, math.max(tolerance, 1e-9))
  if not factor or factor == 0 or factor ~= factor then return nil end
  if near(factor, -1, tolerance) then return "The sign is turned round." end
  return ("Every number is %.6g times what is expected."):format(factor)
end

return likeness
