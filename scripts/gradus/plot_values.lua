--- plot_values: what the functions of gr.plot share: their data as Lua numbers, texts that are safe to draw, options.
local core = require "gradus.core"
local options = require "gradus.options"

local values = {}

-- ---- Arguments

local function is_options(value)
  return type(value) == "table" and not options.is_callable(value) and value[1] == nil and getmetatable(value) == nil
end

--- Takes f(data..., options) apart. A table without [1] that is not the first argument is the options.
---@return table data      { n =, ... }
---@return table? options
function values.arguments(...)
  local data = table.pack(...)
  if data.n < 2 or not is_options(data[data.n]) then return data end
  data.n = data.n - 1
  return data, data[data.n + 1]
end

--- The error for an argument that is something else than was expected.
function values.refuse(what, name, expected, value)
  if type(value) == "table" and value[1] == nil and next(value) ~= nil then
    core.raise(
      ("%s: %s must be %s, got a table without positions: options come behind the data"):format(what, name, expected)
    )
  end
  core.raise(("%s: %s must be %s, got %s"):format(what, name, expected, options.describe(value)))
end

-- ---- Numbers

--- A number, or the number of a tensor that has one; else nil.
local function number_of(value)
  if type(value) == "number" then return value end
  if core.is_tensor(value) and value.size == 1 then return value:item() end
end

function values.number(what, name, value) return number_of(value) or values.refuse(what, name, "a number", value) end

--- Whether value is a vector: a tensor of one dimension, or a list of numbers.
function values.is_vector(value)
  if core.is_tensor(value) then return #value.shape == 1 end
  return type(value) == "table" and number_of(value[1]) ~= nil
end

local function some(what, name, list)
  if #list == 0 then core.raise(("%s: %s is empty: there is nothing to draw"):format(what, name)) end
  return list
end

local function refuse_names(what, name, value)
  for key in pairs(value) do
    if math.type(key) ~= "integer" then
      core.raise(
        ("%s: %s has a field '%s' among its positions: options come behind the data, f(data, { %s = ... })"):format(
          what,
          name,
          tostring(key),
          tostring(key)
        )
      )
    end
  end
end

--- A list of Lua numbers from a tensor of one dimension (or one column, or one row) or a list of numbers. NaN is a gap.
---@return number[]
function values.vector(what, name, value)
  if core.is_tensor(value) then
    local shape = value.shape
    local flat = #shape == 1 or #shape == 2 and (core.size(value, 1) == 1 or core.size(value, 2) == 1)
    if not flat then values.refuse(what, name, "a vector", value) end
    return some(what, name, value:detach():flatten():totable())
  elseif type(value) ~= "table" or next(value) ~= nil and value[1] == nil then
    values.refuse(what, name, "a vector: a tensor or a list of numbers", value)
  end
  refuse_names(what, name, value)
  local list = {}
  for i, item in ipairs(value) do
    list[i] = number_of(item)
      or core.raise(("%s: %s[%d] must be a number, got %s"):format(what, name, i, options.describe(item)))
  end
  return some(what, name, list)
end

--- Raises unless both lists have the same length.
function values.same_length(what, name, list, other, wanted)
  if #list ~= #wanted then
    core.raise(("%s: %s has %d numbers but %s has %d: there must be as many"):format(what, name, #list, other, #wanted))
  end
end

--- Lists of rows of Lua numbers from a matrix or a list of vectors of the same length.
---@return number[][]
function values.matrix(what, name, value)
  if core.is_tensor(value) then
    if #value.shape ~= 2 then values.refuse(what, name, "a matrix", value) end
    some(what, name, some(what, name, value:detach():totable())[1])
    return value:detach():totable()
  elseif type(value) ~= "table" then
    values.refuse(what, name, "a matrix: a tensor or a list of rows", value)
  end
  refuse_names(what, name, value)
  local rows = {}
  for i, row in ipairs(value) do
    rows[i] = values.vector(what, ("%s[%d]"):format(name, i), row)
    values.same_length(what, ("%s[%d]"):format(name, i), rows[i], ("%s[1]"):format(name), rows[1])
  end
  return some(what, name, rows)
end

--- The vectors in y: of one, of a list of vectors, or of a matrix's columns. Where there is an x, functions of it stand for vectors.
function values.vectors(what, name, y, x)
  if x and options.is_callable(y) then return { y } end
  if core.is_tensor(y) and #y.shape == 2 and core.size(y, 2) > 1 then return values.matrix(what, name, y:T()) end
  local many = type(y) == "table" and not values.is_vector(y) and y[1] ~= nil
  if not many then return { values.vector(what, name, y) } end
  local list = {}
  for i, item in ipairs(y) do
    local place = ("%s[%d]"):format(name, i)
    list[i] = x and options.is_callable(item) and item or values.vector(what, place, item)
  end
  return list
end

--- All numbers of a tensor of any shape, or of a vector.
function values.all(what, name, value)
  if core.is_tensor(value) then return some(what, name, value:detach():flatten():totable()) end
  if type(value) == "table" and not values.is_vector(value) and value[1] ~= nil then
    local all = {}
    for i, part in ipairs(value) do
      local list = values.all(what, ("%s[%d]"):format(name, i), part)
      table.move(list, 1, #list, #all + 1, all)
    end
    return all
  end
  return values.vector(what, name, value)
end

local most <const> = 1e150 -- named in messages below

--- Whether pictures show a number. The bound keeps its products with an axis's scale from running over: what is larger is a gap.
function values.finite(v) return v >= -most and v <= most end

--- The finite numbers' least and greatest; nil when there are none. `into` is a range so far.
function values.range(list, into)
  local lo, hi = into and into[1] or math.huge, into and into[2] or -math.huge
  for _, v in ipairs(list) do
    if values.finite(v) then
      lo, hi = math.min(lo, v), math.max(hi, v)
    end
  end
  return lo <= hi and { lo, hi } or nil
end

-- ---- Texts

--- Code points that no picture can show, and that no file format takes: controls, line ends, and what is no character.
local function is_bad(code)
  return code < 0x20 or code >= 0x7F and code < 0xA0 or code == 0x2028 or code == 0x2029 or code & 0xFFFE == 0xFFFE
end

--- A text of one line, as it shall be drawn; numbers are welcome.
function values.text(what, name, value)
  if type(value) == "number" then return tostring(value) end
  if type(value) ~= "string" then values.refuse(what, name, "a text", value) end
  if not utf8.len(value) then core.raise(("%s: %s is not text in UTF-8: %q"):format(what, name, value)) end
  for _, code in utf8.codes(value) do
    if is_bad(code) then
      core.raise(
        ("%s: %s must be one line without control characters, but has U+%04X: %q"):format(what, name, code, value)
      )
    end
  end
  return value
end

--- Numbers of a tensor as labels: class 3, which a tensor holds as 3.0, is 3. Where one is not whole all stay as they are.
local function labels_of(list)
  local labels = {}
  for i, v in ipairs(list) do
    labels[i] = math.tointeger(v)
    if not labels[i] then return list end
  end
  return labels
end

--- A list of texts; a single text is a list of one. nil stays nil. With `count`, there must be as many.
function values.texts(what, name, value, count, of_what)
  if value == nil then return nil end
  if core.is_tensor(value) then value = labels_of(values.vector(what, name, value)) end
  if type(value) ~= "table" then value = { value } end
  local list = {}
  for i, item in ipairs(value) do
    list[i] = values.text(what, ("%s[%d]"):format(name, i), item)
  end
  if count and #list ~= count then
    core.raise(("%s: %s has %d texts for %d %s: there must be as many"):format(what, name, #list, count, of_what))
  end
  return list
end

-- ---- Options that all have

--- { lo, hi }, two numbers of which the first is less; nil stays nil. No axis can have marks beyond the bound of numbers that are
--- shown, or between two that are hardly different.
function values.limits(what, name, value)
  if value == nil then return nil end
  local list = values.vector(what, name, value)
  local lo, hi = list[1], list[2]
  local function refuse(why)
    core.raise(
      ("%s: %s must be { lo, hi } with lo < hi%s, got { %s }"):format(what, name, why, table.concat(list, ", "))
    )
  end
  if #list ~= 2 or lo - lo ~= 0 or hi - hi ~= 0 or lo >= hi then refuse "" end
  if not values.finite(lo) or not values.finite(hi) then refuse(", between -1e150 and 1e150") end
  local least = math.max(1e-140, 1e-10 * math.max(math.abs(lo), math.abs(hi)))
  if hi - lo < least then refuse((", at least %.3g apart (1e-10 of the larger one, and 1e-140)"):format(least)) end
  return list
end

--- { 0, 1, 2 } or { { 0, "zero" }, ... } as the latter; nil stays nil.
local function ticks(what, name, value)
  if value == nil then return nil end
  if core.is_tensor(value) then value = values.vector(what, name, value) end
  if type(value) ~= "table" then values.refuse(what, name, "a list of positions", value) end
  local list = {}
  for i, item in ipairs(value) do
    local place = ("%s[%d]"):format(name, i)
    local position = number_of(item) or type(item) == "table" and number_of(item[1])
    if not position or not values.finite(position) then
      values.refuse(what, place, 'a number (between -1e150 and 1e150) or { number, "text" }', position or item)
    end
    local label = type(item) == "table" and item[2] or position
    list[i] = { position, values.text(what, place, label) }
  end
  return list
end

local common = { "title", "xlabel", "ylabel", "legend", "xlim", "ylim", "xticks", "yticks" }

--- Reads the options of a call: the common ones and its own, as options.read does, and checks the common ones.
---@param what string
---@param given table?
---@param own? table   name -> default
function values.options(what, given, own)
  local defaults = {}
  for _, name in ipairs(common) do
    defaults[name] = options.none
  end
  for name, default in pairs(own or {}) do
    defaults[name] = default
  end
  local o = options.read(what, given, defaults)
  for _, name in ipairs { "title", "xlabel", "ylabel" } do
    o[name] = o[name] ~= nil and values.text(what, name, o[name]) or nil
  end
  o.legend = values.texts(what, "legend", o.legend)
  o.xlim, o.ylim = values.limits(what, "xlim", o.xlim), values.limits(what, "ylim", o.ylim)
  o.xticks, o.yticks = ticks(what, "xticks", o.xticks), ticks(what, "yticks", o.yticks)
  return o
end

--- The parts of a figure that the common options give, with its kind and layers.
function values.figure(kind, o, layers)
  local parts = { kind = kind, layers = layers }
  for _, name in ipairs(common) do
    parts[name] = o[name]
  end
  return require("gradus.figure").new(parts)
end

--- Names the layers that have a series by the legend, which must have a text for each.
function values.name_series(what, legend, layers)
  if not legend then return end
  if #legend ~= #layers then
    core.raise(("%s: legend has %d texts for %d series: there must be as many"):format(what, #legend, #layers))
  end
  for i, layer in ipairs(layers) do
    layer.name = legend[i]
  end
end

--- Labels as a list: whole numbers from 0, from a vector, one column, or one-hot rows.
function values.labels(what, name, value)
  if core.is_tensor(value) and #value.shape == 2 and core.size(value, 2) > 1 then value = core.argmax(value, 2) - 1 end
  local list = values.vector(what, name, value)
  for i, label in ipairs(list) do
    local class = math.tointeger(label)
    if not class or class < 0 or class > 999 then
      core.raise(
        ("%s: %s[%d] is %s: classes are whole numbers and count from 0"):format(what, name, i, tostring(label))
      )
    end
    list[i] = class
  end
  return list
end

return values
