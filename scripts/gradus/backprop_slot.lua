--- backprop_slot: a student's parameter where it lies: a tensor, a number, or a nested list of numbers under a key of a table.
local core = require "gradus.core"
local names = require "gradus.backprop_names"
local options = require "gradus.options"

local slots = {}

local Slot = {}
Slot.__index = Slot

local function no_grad(f, ...) return require("gradus").no_grad(f, ...) end

--- A copy of the values, as a tensor; a bare number is one of a single entry.
function Slot:read()
  local value = self.holder[self.key]
  if type(value) == "number" then return core.tensor { value } end
  if not core.is_tensor(value) then return core.tensor(value) end
  return no_grad(
    function() return #value.shape == 0 and value:detach():reshape(-1):clone() or value:detach():clone() end
  )
end

--- Where number i of a nested list stands: the innermost list, and the place in it.
local function place_in(list, i)
  local inner = type(list[1]) == "table" and core.tensor(list[1]).size
  if not inner then return list, i end
  return place_in(list[(i - 1) // inner + 1], (i - 1) % inner + 1)
end

--- Puts a number at position i, counted through all rows.
function Slot:put(i, number)
  local value = self.holder[self.key]
  if core.is_tensor(value) then
    no_grad(function() value:reshape(-1)[i] = number end)
  elseif type(value) == "number" then
    rawset(self.holder, self.key, number)
  else
    local list, place = place_in(value, i)
    list[place] = number
  end
end

--- Puts all numbers of a tensor.
function Slot:write(values)
  local flat = values:reshape(-1)
  for i = 1, flat.size do
    self:put(i, flat[i])
  end
end

--- Remembers which tensor is the parameter, for bring_back: an update may put another one there, of another shape even.
function Slot:keep() self.kept = self.holder[self.key] end

function Slot:bring_back()
  if core.is_tensor(self.kept) and self.holder[self.key] ~= self.kept then rawset(self.holder, self.key, self.kept) end
end

-- ---- Finding them

local function is_nested(value)
  return type(value) == "table"
    and not core.is_tensor(value)
    and (type(value[1]) == "number" or type(value[1]) == "table" and is_nested(value[1]))
end

local function holds_numbers(value) return core.is_tensor(value) or type(value) == "number" or is_nested(value) end

--- Adds a slot; `more` tells what is special of it: name, list (the field that is a list of parameters), boxed.
local function add(found, holder, key, prefix, more)
  local value = holder[key]
  if core.is_tensor(value) then
    if found.known[value] then return end
    found.known[value] = true
  end
  local slot = { holder = holder, key = key, name = prefix .. tostring(key) }
  for name, one in pairs(more or {}) do
    slot[name] = one
  end
  table.insert(found, setmetatable(slot, Slot))
end

--- Whether a field holds a parameter for each layer: a list of tensors, or of nested lists that are no tensor together.
local function is_list_of_parameters(value)
  if type(value) ~= "table" or core.is_tensor(value) or #value == 0 then return false end
  local all_tensors = true
  for _, one in ipairs(value) do
    if not core.is_tensor(one) and not is_nested(one) then return false end
    all_tensors = all_tensors and core.is_tensor(one)
  end
  return all_tensors or not pcall(core.tensor, value)
end

--- A parameter in a box with its gradient: { data = w, grad = dw }. The key under which it lies; nil for what is no box.
local function key_in_box(value)
  if type(value) ~= "table" or core.is_tensor(value) then return nil end
  for _, key in ipairs { "data", "value", "val" } do
    if holds_numbers(rawget(value, key)) then return key end
  end
  return nil
end

--- Adds what a field called like a parameter holds; whether it holds any.
local function add_field(found, object, key, prefix)
  local value, name = object[key], prefix .. tostring(key)
  local inside = key_in_box(value)
  if is_list_of_parameters(value) then
    for i = 1, #value do
      add(found, value, i, prefix, { name = ("%s[%d]"):format(name, i), list = key })
    end
  elseif inside then
    add(found, value, inside, prefix, { name = name, boxed = true })
  elseif holds_numbers(value) then
    add(found, object, key, prefix)
  end
  if type(value) == "table" and (inside or is_list_of_parameters(value)) then found.known[value] = true end
end

local function add_fields(found, object, prefix, all)
  for _, key in ipairs(options.sorted_keys(object)) do
    local value = object[key]
    local wanted = all or type(key) == "string" and names.is_parameter(key, type(value) == "number")
    if wanted then add_field(found, object, key, prefix) end
  end
end

--- Layers inside: tables that are fields, and lists of such tables.
local function add_inner(found, object, prefix, depth)
  if depth == 0 then return end
  for _, key in ipairs(options.sorted_keys(object)) do
    local value = object[key]
    if type(value) == "table" and not core.is_tensor(value) and not found.known[value] and not is_nested(value) then
      found.known[value] = true
      local name = ("%s%s."):format(prefix, key)
      add_fields(found, value, name)
      add_inner(found, value, name, depth - 1)
    end
  end
end

local function chosen(object, wanted)
  local found = { known = {} }
  for _, name in ipairs(wanted) do
    local holder = object[name] ~= nil and object or type(object.params) == "table" and object.params or {}
    if not holds_numbers(holder[name]) then
      core.raise(("backprop: the student has no parameter '%s'"):format(tostring(name)))
    end
    add(found, holder, name, "")
  end
  return found
end

--- The slots, each marked as a bias or not. Raises when they are too many, or too coarse, for differences.
local function checked(found)
  local most, count = 1000, 0
  for _, slot in ipairs(found) do
    local shape = slot:read().shape
    count = count + slot:read().size
    slot.fan = #shape == 2 and shape[1] + shape[2] or slot:read().size
    slot.is_bias = names.is_bias(slot.name)
    if slot:read().dtype == "f32" then
      core.raise(("backprop: %s is f32, too coarse for differences: build the student with f64"):format(slot.name))
    end
  end
  if count > most then
    local advice = "build it small, as 3 inputs, 4 hidden units and 3 outputs: the formulas are the same"
    core.raise(("backprop: the student has %d parameters; up to %d are compared: %s"):format(count, most, advice))
  end
  return found
end

--- The parameters of an object: those named; else its table of parameters, its fields called w1, b, weight and the like, and those of
--- layers inside.
---@param object table
---@param wanted? string[]
function slots.find(object, wanted)
  if wanted then return checked(chosen(object, wanted)) end
  local found = { known = { [object] = true } }
  for _, key in ipairs { "params", "parameters", "weights" } do
    local value = rawget(object, key)
    if type(value) == "table" and not core.is_tensor(value) and not is_list_of_parameters(value) then
      found.known[value] = true
      add_fields(found, value, "", true)
    end
  end
  add_fields(found, object, "")
  add_inner(found, object, "", 3)
  table.sort(found, function(a, b) return names.before(a.name, b.name) end)
  return checked(found)
end

return slots
