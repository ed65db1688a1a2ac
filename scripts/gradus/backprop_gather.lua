--- backprop_gather: a student's gradients, wherever they are: returned in a table, in lists or one by one, or left in fields.
local core = require "gradus.core"
local names = require "gradus.backprop_names"
local options = require "gradus.options"

local gather = {}

local function is_number_or_tensor(value) return type(value) == "number" or core.is_tensor(value) end

local field_for

--- The field of a table that holds a slot's gradient: of its own name where the table is one of gradients, else of "dw", "w_grad"...
function field_for(t, slot, is_table_of_gradients)
  if slot.list then
    local whole = field_for(t, { key = slot.list, name = slot.list }, is_table_of_gradients)
    return type(whole) == "table" and whole[slot.key] or nil
  end
  if slot.boxed then slot = { key = slot.name:match "[^.]*$", name = slot.name } end
  for _, key in ipairs(options.sorted_keys(t)) do
    local hit = names.is_gradient_of(key, slot.key) or names.is_gradient_of(key, slot.name)
    if is_table_of_gradients then
      hit = hit or names.plain(key) == names.plain(slot.key) or names.plain(key) == names.plain(slot.name)
    end
    if hit then return t[key] end
  end
  return nil
end

local function same_size(value, slot) return core.is_tensor(value) and value.size == slot:read().size end

--- Orders in which gradients are returned: w1 b1 w2 b2; w2 b2 w1 b1; w1 w2 b1 b2; b1 b2 w1 w2.
local function orders(list)
  local backwards, by_kind, biases_first = {}, {}, {}
  for i = #list - 1, 1, -2 do
    table.insert(backwards, list[i])
    table.insert(backwards, list[i + 1])
  end
  for _, bias in ipairs { false, true } do
    for _, slot in ipairs(list) do
      if slot.is_bias == bias then table.insert(by_kind, slot) end
      if slot.is_bias ~= bias then table.insert(biases_first, slot) end
    end
  end
  return { list, backwards, by_kind, biases_first }
end

local function named_order(self)
  local list = {}
  for i, name in ipairs(self.returns) do
    for _, slot in ipairs(self.slots) do
      if slot.name == name or slot.key == name then list[i] = slot end
    end
    list[i] = list[i] or { name = name == "x" and "dx" or name, read = function() return core.tensor(0) end }
  end
  return list
end

--- Slots in the order in which the values fit best; the first order unless another one fits better.
local function best_order(self, values)
  if self.returns then return named_order(self) end
  local best, most = nil, -1
  for _, order in ipairs(orders(self.slots)) do
    local fitting = 0
    for i, slot in ipairs(order) do
      if same_size(values[i], slot) then fitting = fitting + 1 end
    end
    if #order == #values and fitting > most then
      best, most = order, fitting
    end
  end
  return best or {}
end

--- Values returned one by one: those of the parameters, and that of the input before them.
local function from_list(self, found, values, case)
  local list = table.move(values, 1, #values, 1, {})
  if #list == #self.slots + 1 and not self.returns then
    local last = core.is_tensor(list[#list]) and list[#list].shape == case.x.shape
    local first = core.is_tensor(list[1]) and list[1].shape == case.x.shape
    found.dx = table.remove(list, last and not first and #list or 1)
  elseif #list == 1 and self.kind ~= "network" and not (#self.slots == 1 and same_size(list[1], self.slots[1])) then
    found.dx = table.remove(list, 1)
  end
  for i, slot in ipairs(best_order(self, list)) do
    found[slot.name] = list[i]
  end
end

local function from_table(self, found, t)
  for _, slot in ipairs(self.slots) do
    found[slot.name] = found[slot.name] or field_for(t, slot, true)
  end
  found.dx = found.dx or t.dx or t.x or t.dX or t.dinput or t.dscores
end

local function from_fields(self, found)
  local places = {}
  for _, key in ipairs { "grads", "gradients", "grad", "dparams" } do
    local value = rawget(self.object, key)
    if type(value) == "table" and not core.is_tensor(value) then table.insert(places, value) end
  end
  for _, slot in ipairs(self.slots) do
    if slot.boxed and found[slot.name] == nil then found[slot.name] = slot.holder.grad or slot.holder.gradient end
    for _, place in ipairs(places) do
      if found[slot.name] == nil then found[slot.name] = field_for(place, slot, true) end
    end
    for _, place in ipairs { slot.holder, self.object } do
      if found[slot.name] == nil then found[slot.name] = field_for(place, slot, false) end
    end
  end
  if self.kind ~= "network" and found.dx == nil then found.dx = rawget(self.object, "dx") end
end

--- Nested lists of numbers as a tensor; nil where rows differ, or something else is in them.
local function numbers_of(list)
  local ok, value = pcall(core.tensor, list)
  if not ok and core.stopped() then error(value, 0) end
  return ok and value or nil
end

--- Whether a tensor is as large as the input or one of the parameters.
local function has_known_shape(self, value, case)
  if core.is_tensor(case.x) and value.shape == case.x.shape then return true end
  for _, slot in ipairs(self.slots) do
    if value.shape == slot:read().shape then return true end
  end
  return #self.slots == 0
end

--- Adds what a list holds to the values that were returned one by one: it is one of them, or a list of them.
local function add_list(self, list, value, case)
  local whole = not core.is_tensor(value[1]) and numbers_of(value)
  local several = type(value[1]) == "number" and #value ~= #self.slots
  if whole and (several or has_known_shape(self, whole, case)) then return table.insert(list, whole) end
  for _, one in ipairs(value) do
    local numbers = is_number_or_tensor(one) and one or type(one) == "table" and numbers_of(one)
    if numbers then table.insert(list, numbers) end
  end
end

--- What a student's backward has to say of each parameter, by the names of the slots, and of its input (dx): from what it
--- returned, and from its fields.
---@param self table       a subject of backprop_student.lua
---@param returned table   packed
---@param case table
---@return table
function gather.gradients(self, returned, case)
  local found, list = {}, {}
  for i = 1, returned.n do
    local value = returned[i]
    if is_number_or_tensor(value) then
      table.insert(list, value)
    elseif type(value) == "table" and value[1] ~= nil then
      add_list(self, list, value, case)
    elseif type(value) == "table" then
      from_table(self, found, value)
    end
  end
  from_list(self, found, list, case)
  from_fields(self, found)
  return found
end

return gather
