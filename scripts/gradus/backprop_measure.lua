--- backprop_measure: a student's gradients on each case, and what they should be: central differences of the student's own value.
local core = require "gradus.core"
local forms = require "gradus.backprop_cases"
local search = require "gradus.backprop_search"
local student = require "gradus.backprop_student"

local measure = {}

local step = 1e-5 -- of the differences: the error is about 1e-10
local kink_tolerance = 1e-6

-- ---- Differences

--- d value / d number, where put(number) sets it; by two steps, which differ where there is a kink between.
local function slope(put, kept, value)
  local function along(h)
    put(kept + h)
    local high = value()
    put(kept - h)
    return (high - value()) / (2 * h)
  end
  local one, other = along(step), along(2.5 * step)
  put(kept)
  return one, math.abs(one - other) > kink_tolerance * (1 + math.abs(one))
end

local function by_slot(slot, value)
  local kept = slot:read()
  local gradient, flat = kept * 0, kept:reshape(-1)
  local into, kink = gradient:reshape(-1), false
  for i = 1, kept.size do
    local found, bent = slope(function(number) slot:put(i, number) end, flat[i], value)
    into[i], kink = found, kink or bent
  end
  return gradient, kink
end

local function by_inputs(case, value)
  if not core.is_tensor(case.x) then
    local found, bent = slope(function(number) case.x = number end, case.x, value)
    return core.tensor { found }, bent
  end
  local gradient, flat, kink = case.x * 0, case.x:reshape(-1), false
  local into = gradient:reshape(-1)
  for i = 1, case.x.size do
    local found, bent = slope(function(number) flat[i] = number end, flat[i], value)
    into[i], kink = found, kink or bent
  end
  return gradient, kink
end

local function expected_of(subject, case)
  local value = function() return subject:value(case) end
  local expected, kinked = {}, false
  for _, slot in ipairs(subject.slots) do
    local gradient, kink = by_slot(slot, value)
    expected[slot.name], kinked = gradient, kinked or kink
  end
  if subject.kind ~= "network" then
    local gradient, kink = by_inputs(case, value)
    expected.dx, kinked = gradient, kinked or kink
  end
  return expected, kinked
end

-- ---- The student's

local function same_all(a, b, tolerance)
  for name, value in pairs(a) do
    if not b[name] or not (core.same_bits(value, b[name]) or search.same(value, b[name], tolerance)) then
      return false
    end
  end
  return true
end

local function twice(subject, case)
  forms.prepare(subject, case)
  local first, after = subject:gradients(case)
  forms.fill(subject, case)
  return first, after, (subject:gradients(case))
end

local function twice_with_clearing(subject, case)
  forms.prepare(subject, case)
  subject:clear()
  forms.fill(subject, case)
  local first, after = subject:gradients(case)
  subject:clear()
  forms.fill(subject, case)
  return first, after, (subject:gradients(case))
end

--- What comes again and again with a part of the last: momentum, in a student whose gradients are read from its steps.
local function is_momentum(first, second, tolerance)
  for name, value in pairs(first) do
    local ratio = (second[name] * value):sum() / (value * value):sum() - 1
    if not (ratio > 0 and ratio < 0.999 and search.same(second[name], value * (1 + ratio), tolerance)) then
      return false
    end
  end
  return true
end

--- The gradients of a case into case.found; names of those that grow from call to call into case.grown.
local function read_student(subject, case, tolerance)
  local first, after, second = twice(subject, case)
  case.found, case.after, case.grown, case.unsteady = first, after, {}, {}
  case.by_steps = not subject.backward
  if same_all(first, second, tolerance) then return end
  local cleared, cleared_after, again = twice_with_clearing(subject, case)
  if same_all(cleared, again, tolerance) then
    case.found, case.after = cleared, cleared_after
    return
  end
  if not subject.backward and is_momentum(first, second, tolerance) then return end
  for name, value in pairs(first) do
    local fits = second[name] and second[name].size == value.size
    local more = fits and (second[name]:reshape(-1) - value:reshape(-1)):reshape(table.unpack(value.shape))
    local expected = case.expected[name]
    local grown = more and (search.same(more, value, tolerance) or expected and search.same(more, expected, tolerance))
    if grown and not search.same(more, value * 0, tolerance) then
      case.grown[name], case.found[name] = true, more
    elseif not fits or not (core.same_bits(value, second[name]) or search.same(value, second[name], tolerance)) then
      case.unsteady[name] = true
    end
  end
end

-- ---- All cases

local function one_case(subject, form, m, seed, avoid, tolerance)
  local most_seeds = 30
  for try = 0, most_seeds do
    local case = forms.make(form, m, seed + 13 * try, avoid)
    forms.prepare(subject, case)
    case.params = subject:parameters()
    case.outputs = subject.kind == "layer" and subject:outputs(case) or nil
    case.value = subject:value(case)
    if subject:value(case) ~= case.value and case.value == case.value then
      student.fail "forward gives another value for the same numbers: leave out what it draws, such as a dropout's mask"
    end
    local kinked
    case.expected, kinked = expected_of(subject, case)
    if not kinked or try == most_seeds then
      read_student(subject, case, tolerance)
      return case
    end
  end
end

--- The cases of a form, measured. Raises what the student raises.
---@param subject table
---@param form table
---@param avoid? string   "first" or "last": a class that is left out
---@param tolerance number
function measure.all(subject, form, avoid, tolerance)
  local list = {}
  for i, m in ipairs(forms.sizes(form)) do
    list[i] = one_case(subject, form, m, i, avoid, tolerance)
  end
  subject.put_back()
  return list
end

return measure
