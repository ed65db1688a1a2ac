--- backprop_asked: what a student's backward pass says at a point that it is given: plain values, which can be judged elsewhere.
---
---   asked.answer(net, { at = { params = { W = W, b = b }, x = x, y = y }, kind = "network", h = 1e-5, options = {} })
---   value       { value = the loss, shifted = { W = { { above, below }, ... } }, gradients = { { W = ..., b = ... } } }
---               and, where these do not agree, mistakes = { { mistake =, gradients = } }, which gr.check.backprop names
---
--- Of `gradients` there are two where a network is given an error that may be that of single rows or of their mean. A student's code
--- runs in the same Lua: none of what comes is to be believed, but for what it is worth beside numbers of one's own.
local core = require "gradus.core"
local likeness = require "gradus.likeness"
local names = require "gradus.backprop_names"
local options = require "gradus.options"
local shift = require "gradus.shift"

local asked = {}

local most = 1000 -- numbers that are shifted
local tolerance = 1e-5 -- as the doctor has it
local patience = 1 -- seconds for a name, which gives no points: the answer has a time limit

-- ---- The student, at the point

local function copy(value) return require("gradus.answers").copy(value) end

local function slot_of(subject, name)
  for _, slot in ipairs(subject.slots) do
    if slot.name == name then return slot end
  end
  for _, slot in ipairs(subject.slots) do
    if names.plain(slot.name) == names.plain(name) then return slot end
  end
  error(("it has no field '%s' that holds numbers"):format(name), 0)
end

--- The slots of the parameters that are given, by their names, with the values put in.
local function put_parameters(subject, params)
  local slots = {}
  for _, name in ipairs(options.sorted_keys(params)) do -- what is said first does not go by chance
    local slot, wanted = slot_of(subject, name), shift.tensor(params[name])
    local has, expected = likeness.sizes(slot:read().shape), likeness.sizes(wanted.shape)
    if has ~= expected then
      local message = "its %s is %s; %s is expected"
      error(message:format(name, has == "" and "a number" or has, expected == "" and "a number" or expected), 0)
    end
    slot:write(wanted)
    slots[name] = slot
  end
  return slots
end

local function case_of(at)
  local case = { x = copy(at.x), y = copy(at.y), dout = copy(at.dout) }
  case.m = type(at.x) == "number" and 1 or #at.x
  local targets = type(at.y) ~= "string" and at.y ~= nil and shift.tensor(at.y)
  case.t = targets and (#targets.shape == 2 and targets or targets:reshape(-1, 1)) or nil
  return case
end

-- ---- Values on both sides

--- value() where number i of a parameter is moved by h and by -h, for each.
local function by_slot(slot, value, h)
  local kept, list = slot:read():reshape(-1), {}
  for i = 1, kept.size do
    local pair = {}
    for side, step in ipairs { h, -h } do
      slot:put(i, kept[i] + step)
      pair[side] = value()
    end
    slot:put(i, kept[i])
    list[i] = pair
  end
  return list
end

local function by_input(subject, at, h)
  local list = {}
  for i = 1, shift.tensor(at.x).size do
    local pair = {}
    for side, step in ipairs { h, -h } do
      local case = case_of(at)
      case.x = shift.by(at.x, i, step)
      pair[side] = subject:value(case)
    end
    list[i] = pair
  end
  return list
end

local function shifted_values(subject, slots, one)
  local list, count = {}, 0
  local function value() return subject:value(case_of(one.at)) end
  for _, name in ipairs(options.sorted_keys(slots)) do
    local slot = slots[name]
    count = count + slot:read().size
    if count > most then error(("it has more than %d parameters"):format(most), 0) end
    list[name] = by_slot(slot, value, one.h)
  end
  if one.kind ~= "network" then list.dx = by_input(subject, one.at, one.h) end
  return list
end

-- ---- Its gradients

--- Whether an error that a network is given is that of rows: the one that is asked for, or both in turn.
local function readings(subject, wanted)
  if subject.kind ~= "network" or not subject.backward or not subject:takes_error() then return { false } end
  if wanted then return { wanted == "row" } end
  return { subject:names_error(), not subject:names_error() }
end

local function gradients_of(subject, slots, one)
  local list = {}
  for i, of_rows in ipairs(readings(subject, one.options.error)) do
    subject.put_back()
    put_parameters(subject, one.at.params or {})
    subject.error_of_rows = of_rows
    local found = subject:gradients(case_of(one.at))
    list[i] = { dx = found.dx }
    for name, slot in pairs(slots) do
      list[i][name] = found[slot.name]
    end
  end
  return list
end

-- ---- The doctor

--- An object, as it is defined, or as a function makes it.
local function made_of(value, one)
  if type(value) ~= "function" then return value end
  return value(table.unpack(copy(one.args or {})))
end

--- Whether one of the lists of gradients has all slopes, nearly.
local function agree(gradients, shifted, h)
  for name, pairs_of in pairs(shifted) do
    local flat = gradients[name] and gradients[name]:reshape(-1)
    if not flat and name ~= "dx" or flat and flat.size ~= #pairs_of then return false end
    for i, pair in ipairs(flat and pairs_of or {}) do
      local slope = (pair[1] - pair[2]) / (2 * h)
      local off = math.abs(flat[i] - slope)
      if off ~= off or off > tolerance * math.max(1, math.abs(slope)) then return false end
    end
  end
  return true
end

--- What the doctor names; a function whose sizes it cannot choose is not examined, but what it made for the point.
local function mistakes_of(value, one)
  local given, check, begun = { kind = one.kind, seconds = patience }, require "gradus.check", core.clock()
  for name, wish in pairs(one.options) do
    given[name] = wish
  end
  local ok, report = pcall(check.backprop, value, given)
  if not ok and type(value) == "function" then
    given.seconds = math.max(0, patience - (core.clock() - begun))
    ok, report = pcall(function() return check.backprop(made_of(value, one), given) end)
  end
  local list = {}
  for i, found in ipairs(ok and report.findings or {}) do
    list[i] = { mistake = found.mistake, gradients = found.gradients }
  end
  return list
end

-- ---- All of it

local function look(object, one)
  local student = require "gradus.backprop_student"
  local o = { kind = one.kind }
  for name, value in pairs(one.options) do
    o[name] = value
  end
  o.loss = require("gradus.backprop").read_loss(o.loss)
  local subject = student.read(object, o)
  subject.kind = one.kind
  local slots = put_parameters(subject, one.at.params or {})
  local said = { value = subject:value(case_of(one.at)) }
  said.shifted = shifted_values(subject, slots, one)
  said.gradients = gradients_of(subject, slots, one)
  subject.put_back()
  return said
end

--- What came; raises what is wrong in words, of the student's code too.
---@param value any    an object, or a function that makes one
---@param one table    { at, kind, h, options, args }
---@return table
function asked.answer(value, one)
  local ok, said = pcall(function()
    local object = made_of(value, one)
    if type(object) ~= "table" or core.is_tensor(object) then
      error(("it is %s, not an object with forward and backward"):format(options.describe(object)), 0)
    end
    return look(object, one)
  end)
  if not ok then error(require("gradus.backprop_student").message(said) or said, 0) end
  local fits = false
  for _, gradients in ipairs(said.gradients) do
    fits = fits or agree(gradients, said.shifted, one.h)
  end
  if not fits then said.mistakes = mistakes_of(value, one) end
  return said
end

return asked
