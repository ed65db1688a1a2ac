--- backprop_student: a student's object behind one interface: its value on given inputs, and the gradients that it says it has.
---
---   subject.kind                    "network", "layer" or "loss"
---   subject.slots                   its parameters (backprop_slot.lua)
---   subject:outputs(case)           what forward gives
---   subject:value(case)             the number that the gradients are of
---   subject:gradients(case)         { w1 = ..., dx = ... } as the student has them, and the parameters after the call
---
--- A case holds x, y (targets) and, for a layer, dout. The student gets copies, and is afterwards as it was.
local core = require "gradus.core"
local gather = require "gradus.backprop_gather"
local names = require "gradus.backprop_names"
local options = require "gradus.options"
local slots = require "gradus.backprop_slot"
local state = require "gradus.backprop_state"

local student = {}

local Subject = {}
Subject.__index = Subject

-- ---- Methods and calls

--- The first of the methods that an object has, and its name.
function student.method(object, list)
  for _, name in ipairs(list) do
    local ok, f = pcall(function() return object[name] end)
    if ok and options.is_callable(f) then return f, name end
  end
  return nil
end

--- A name that stands twice, as in loss(y, t), tells nothing of its first place.
local function without_doubles(wanted)
  local list = {}
  for i, role in ipairs(wanted) do
    list[i] = role
    for j = 1, i - 1 do
      if role and list[j] == role then list[j] = false end
    end
  end
  return list
end

local function copy(value) return core.is_tensor(value) and value:detach():clone() or value end

--- The error of a student's code, apart from those of the doctor's own.
local function fail(message)
  if core.stopped() then error(message, 0) end
  error({ of_student = tostring(message) }, 0)
end

--- What f gives; what it raises is marked as the student's.
local function guarded(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then fail(results[2]) end
  return table.unpack(results, 2, results.n)
end

student.fail = fail

--- The message of a student's error, or nil for another one.
function student.message(wrong) return type(wrong) == "table" and wrong.of_student or nil end

--- Calls a method with the values that its arguments' names ask for; the others come in the order of `rest`.
local function call(f, object, values, rest)
  if type(f) ~= "function" then return guarded(f, copy(values[rest[1]]), copy(values[rest[2]])) end
  local wanted, takes_self = names.arguments(f)
  local args, used, next_one = {}, {}, 1
  wanted = without_doubles(wanted)
  for i, role in ipairs(wanted) do
    if role and values[role] ~= nil then
      args[i], used[role] = values[role], true
    end
  end
  for i = 1, #wanted do
    while args[i] == nil and rest[next_one] do
      local role = rest[next_one]
      next_one = next_one + 1
      if not used[role] and values[role] ~= nil then args[i] = values[role] end
    end
  end
  for i = 1, #wanted do
    args[i] = copy(args[i])
  end
  if takes_self then return guarded(f, object, table.unpack(args, 1, #wanted)) end
  return guarded(f, table.unpack(args, 1, #wanted))
end

local function takes(f, role)
  if type(f) ~= "function" then return false end
  for _, one in ipairs((names.arguments(f))) do
    if one == role then return true end
  end
  return false
end

local function count_arguments(f) return type(f) == "function" and #(names.arguments(f)) or 1 end

--- One number, of what a loss gives.
local function number_of(value, what)
  if core.is_tensor(value) and value.size == 1 then value = value:detach():reshape(-1)[1] end
  if type(value) == "number" then return value end
  fail(("%s gave %s where one number is expected"):format(what, options.describe(value)))
end

-- ---- What it is

local function kind_of(self, o)
  if o.kind then return o.kind end
  local f = self.forward
  if #self.slots > 0 then
    local has_loss = self.loss or o.loss or f and takes(f, "y")
    return has_loss and "network" or "layer"
  end
  return (self.loss or f and count_arguments(f) >= 2) and "loss" or "layer"
end

local function raise_without_backward(object)
  local listed = table.concat(options.sorted_keys(object), " ")
  core.raise(("backprop: the student has no backward or gradient; it has: %s"):format(listed))
end

local function check_parts(self, object)
  local listed = table.concat(options.sorted_keys(object), " ")
  if not self.backward and not self.training then
    raise_without_backward(object)
  elseif not self.forward and not self.loss then
    core.raise(("backprop: the student has no forward and no loss; it has: %s"):format(listed))
  elseif not self.backward and #self.slots == 0 then
    core.raise(("backprop: the student has no parameters that its %s could change"):format(self.training_name))
  end
end

--- Reads a student's object. Raises when nothing in it can be a forward or a backward pass.
---@param object table
---@param o table   options of gr.check.backprop
---@param partial? boolean   a reference: it need have no backward
function student.read(object, o, partial)
  if type(object) ~= "table" then
    core.raise(
      ("backprop: the student must be a table or an object with forward and backward, got %s"):format(
        object and options.describe(object) or "nothing"
      )
    )
  end
  local self = setmetatable({ object = object, lr = o.lr or 0.1 }, Subject)
  local function part(name, list) return student.method(object, o[name] and { o[name] } or list) end
  self.forward, self.forward_name = part("forward", names.forward)
  self.backward, self.backward_name = part("backward", names.backward)
  self.training, self.training_name = part("training", names.training)
  self.loss = student.method(object, names.loss)
  self.slots = slots.find(object, o.params)
  if not self.backward and not self.training then
    self.backward, self.with_loss = self.loss or takes(self.forward, "y") and self.forward or nil, true
  end
  if not partial then check_parts(self, object) end
  self.given_loss, self.returns = o.loss, o.returns
  self.kind = kind_of(self, o)
  if self.kind == "loss" and not self.loss then self.loss = self.forward end
  if self.kind == "network" and not self.loss and not o.loss and takes(self.forward, "y") then
    self.loss = self.forward
  end
  -- A step of training shows what error the student's backward is given.
  local whole_step = self.training and names.is_step[self.training_name] and not o.backward
  if self.kind == "network" and whole_step and self.backward and self:takes_error() then self.backward = nil end
  self.put_back = state.keep(object)
  return self
end

-- ---- Forward

function Subject:outputs(case)
  local results = table.pack(call(self.forward, self.object, { x = case.x, y = case.y }, { "x", "y" }))
  local out = results[1]
  self.beside = table.move(results, 2, results.n, 1, {})
  if type(out) == "table" and type(out[1]) ~= "nil" then return guarded(core.tensor, out) end
  if type(out) ~= "number" and not core.is_tensor(out) then
    fail(("%s gave %s where numbers are expected"):format(self.forward_name, options.describe(out)))
  end
  return out
end

--- Whether the loss takes scores in place of x.
function Subject:loss_of_scores()
  local first = self.loss and type(self.loss) == "function" and without_doubles((names.arguments(self.loss)))[1]
  if self.takes_scores ~= nil then return self.takes_scores end
  return first == "scores" and self.loss ~= self.forward
end

--- Whether it is open what the loss takes first: its name tells nothing, and there is a forward that gives scores.
function Subject:loss_is_open()
  if self.kind ~= "network" or self.takes_scores ~= nil or not self.forward or self.loss == self.forward then
    return false
  end
  local first = type(self.loss) == "function" and without_doubles((names.arguments(self.loss)))[1]
  return first ~= "x" and first ~= "scores"
end

--- The loss of scores; by the loss that was given when the student has none.
function Subject:value_of_scores(scores, case)
  if self.given_loss then return number_of(guarded(self.given_loss.value, scores, case), "the given loss") end
  local values = { scores = scores, x = scores, y = case.y, m = case.m }
  return number_of(call(self.loss, self.object, values, { "scores", "y" }), "the loss")
end

function Subject:value(case)
  if self.kind == "layer" then
    local out = self:outputs(case)
    local product = guarded(function() return out * case.dout end)
    return type(product) == "number" and product or product:sum()
  elseif self.kind == "loss" then
    return self:value_of_scores(case.x, case)
  elseif self.given_loss or self:loss_of_scores() then
    return self:value_of_scores(self:outputs(case), case)
  end
  local values = { x = case.x, y = case.y, m = case.m }
  return number_of(call(self.loss, self.object, values, { "x", "y" }), "the loss")
end

-- ---- Backward

--- dL/dscores by differences, for a network whose backward is given it; times m where it takes the errors of single rows.
function Subject:slope_by_scores(case)
  local scores, h = self:outputs(case), 1e-5
  if type(scores) == "number" then
    return (self:value_of_scores(scores + h, case) - self:value_of_scores(scores - h, case)) / (2 * h)
  end
  scores = scores:detach():clone()
  local slope = core.full(scores.shape, 0)
  local from, to = scores:reshape(-1), slope:reshape(-1)
  for i = 1, scores.size do
    local kept = from[i]
    from[i] = kept + h
    local high = self:value_of_scores(scores, case)
    from[i] = kept - h
    to[i] = (high - self:value_of_scores(scores, case)) / (2 * h)
    from[i] = kept
  end
  return slope
end

--- Whether a network's backward is to be given the error of its outputs.
function Subject:takes_error()
  local f = self.backward
  if not f or not (self.given_loss or self:loss_of_scores()) then return false end
  if takes(f, "up") or takes(f, "err") then return true end
  return count_arguments(f) == 1 and not takes(f, "y")
end

--- Whether it calls it err: in the documents that is the error of each row, before the mean.
function Subject:names_error() return takes(self.backward, "err") end

--- What forward gave for backward to take, beside its result: a table, or the first of other values.
local function cache_of(self)
  for _, value in ipairs(self.beside or {}) do
    if type(value) == "table" and not core.is_tensor(value) then return value end
  end
  return self.beside and self.beside[1]
end

local function upstream(self, case)
  if self.kind == "layer" then return case.dout end
  return self.kind == "network" and self:takes_error() and self:slope_by_scores(case) or nil
end

--- What backward returns, packed; forward and loss are called before, as a training would.
local function run_backward(self, case)
  local up = upstream(self, case)
  local scores = self.kind == "loss" and case.x or self.forward and self:outputs(case)
  if self.kind ~= "layer" and self.loss then self:value(case) end
  local values = { x = case.x, y = case.y, m = case.m, lr = self.lr, scores = scores, cache = cache_of(self) }
  if self.kind == "layer" and core.is_tensor(values.cache) then values.scores = values.cache end
  if up then
    values.up = self.error_of_rows and up * case.m or up
    values.err = values.up
  end
  if self.kind == "loss" then
    values.x, values.lr = scores, nil
  end
  local f = self.backward
  if self.kind == "loss" and count_arguments(f) == 1 and not takes(f, "y") then values = { up = 1, err = 1 } end
  local one = self.kind == "layer" or up
  if self.with_loss then
    local both = table.pack(call(f, self.object, values, { self.kind == "loss" and "scores" or "x", "y" }))
    if both.n < 2 then raise_without_backward(self.object) end
    return table.pack(table.unpack(both, 2, both.n))
  end
  return table.pack(call(f, self.object, values, one and { "up", "cache", "x", "y" } or { "x", "y", "cache", "up" }))
end

local function run_training(self, case)
  local values = { x = case.x, y = case.y, lr = self.lr, m = case.m }
  local takes_rate = takes(self.training, "lr")
  local own = rawget(self.object, "lr") or rawget(self.object, "learning_rate") or rawget(self.object, "rate")
  local rate = takes_rate and self.lr or type(own) == "number" and own or 1
  local before = self:parameters()
  call(self.training, self.object, values, { "x", "y", "lr" })
  local found, after = {}, self:parameters()
  for _, slot in ipairs(self.slots) do
    found[slot.name] = (before[slot.name] - after[slot.name]) / rate
  end
  return found
end

--- Copies of all parameters.
function Subject:parameters()
  local values = {}
  for _, slot in ipairs(self.slots) do
    values[slot.name] = slot:read()
  end
  return values
end

-- ---- Gradients

local function as_tensors(found)
  local copies = {}
  for name, value in pairs(found) do
    local is_list = type(value) == "table" and not core.is_tensor(value)
    value = type(value) == "number" and { value } or value
    value = (is_list or not core.is_tensor(value)) and guarded(core.tensor, value) or copy(value)
    copies[name] = #value.shape == 0 and value:reshape(-1) or value
  end
  return copies
end

--- The gradients as the student has them, and the parameters as the call left them.
function Subject:gradients(case)
  local found
  if self.backward then
    found = gather.gradients(self, run_backward(self, case), case)
  else
    found = run_training(self, case)
  end
  return as_tensors(found), self:parameters()
end

--- Calls what takes gradients away between steps, if there is such a method; else what updates, as some clear there.
function Subject:clear()
  local f = student.method(self.object, names.clearing)
  local update = student.method(self.object, names.updating)
  if f then
    pcall(call, f, self.object, {}, {})
  elseif update and self.backward and update ~= self.backward then
    pcall(call, update, self.object, { lr = self.lr }, { "lr" })
  end
  for _, list in ipairs { rawget(self.object, "layers") } do
    for _, layer in ipairs(type(list) == "table" and list or {}) do
      local clear = type(layer) == "table" and student.method(layer, names.clearing)
      if clear then pcall(call, clear, layer, {}, {}) end
    end
  end
end

return student
