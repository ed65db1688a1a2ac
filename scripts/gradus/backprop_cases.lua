--- backprop_cases: small inputs on which wrong gradients cannot pass for right ones.
---
--- Batches of several sizes, one of them 1 and the first unlike every size of the parameters, so that a transposed weight or a sum
--- over the wrong axis shows; no value near 0 or 1, where formulas agree; targets of every class. How a student takes inputs and
--- targets (rows or columns, one-hot or numbers) is found by trying.
local core = require "gradus.core"
local student = require "gradus.backprop_student"

local cases = {}

--- Numbers of both signs, between least and most in size.
local function draw(generator, least, most, ...)
  local sign = generator:randint(0, 2, ...) * 2 - 1
  return sign * generator:uniform(least, most, ...)
end

-- ---- Targets

--- A class for each row: all of them in turn, unless the first or the last is to be left out.
local function classes_of(m, k, seed, avoid)
  local first = avoid == "first" and 1 or 0
  local count = (avoid and k - 1) or k
  local list = {}
  for i = 1, m do
    list[i] = first + (i * 2 + (i - 1) // count + seed) % count
  end
  return core.tensor(list)
end

local function one_hot(classes, k) return require("gradus").data.one_hot(classes, k) end

--- Targets as rows (m, k), whatever the student takes.
local function rows_of(m, k, seed, avoid)
  if k > 1 then return one_hot(classes_of(m, k, seed, avoid), k) end
  return classes_of(m, 2, seed):reshape(m, 1)
end

local as_labels = {
  ["one-hot"] = function(t, case) return case.columns and t:T():clone() or t end,
  classes = function(_, case) return case.classes end,
  ["classes from 1"] = function(_, case) return case.classes + 1 end,
  ["class column"] = function(_, case) return case.classes:reshape(-1, 1) end,
  flat = function(t) return t:reshape(-1):clone() end,
  number = function(t) return t:reshape(-1)[1] end,
  ["class number"] = function(_, case) return case.classes[1] end,
}

-- ---- One case

--- Inputs by a form: { shape of x with "m" where the rows stand, outputs k, labels }.
---@param form table
---@param m integer
---@param seed integer
---@param avoid? string   "first" or "last": a class that does not occur
function cases.make(form, m, seed, avoid)
  local generator = require("gradus").random.new(seed * 101 + m)
  local shape = {}
  for i, size in ipairs(form.shape) do
    shape[i] = size == "m" and m or size
  end
  local case = { m = m, seed = seed, columns = form.columns, single = form.single }
  if form.number then
    case.x = draw(generator, 0.3, 1.4)
  elseif form.domain == "shares" then
    case.x = generator:uniform(0.15, 0.85, table.unpack(shape))
  else
    case.x = draw(generator, 0.3, 1.4, table.unpack(shape))
  end
  if form.outputs then
    case.t = rows_of(m, form.outputs, seed, avoid)
    case.classes = form.outputs > 1 and classes_of(m, form.outputs, seed, avoid) or case.t:reshape(-1)
    case.y = as_labels[form.labels](case.t, case)
  end
  case.generator = generator
  return case
end

--- Gives the student parameters that differ from one another.
function cases.fill(subject, case)
  local generator = require("gradus").random.new(case.seed * 31 + 7)
  for _, slot in ipairs(subject.slots) do
    slot:bring_back()
    local now = slot:read()
    local fan = slot.is_bias and 1 or slot.fan
    slot:write(draw(generator, 0.25, 0.95, now.size) * math.min(1, 2 / math.sqrt(fan))) -- scores stay near 1
  end
end

--- The student as it was at first; with square weights where those are wanted.
local function put_back(subject)
  subject.put_back()
  if subject.make_square then subject.make_square() end
end

--- The student as it was at first, with the case's parameters; and a layer's dL/dy.
---@param subject table
---@param case table
function cases.prepare(subject, case)
  put_back(subject)
  for _, slot in ipairs(subject.slots) do
    slot:keep()
  end
  cases.fill(subject, case)
  if subject.kind == "layer" and not case.dout then
    local out = subject:outputs(case)
    local shape = core.is_tensor(out) and out.shape or core.tensor(out).shape
    case.dout = #shape == 0 and draw(case.generator, 0.3, 1.4) or draw(case.generator, 0.3, 1.4, table.unpack(shape))
  end
end

-- ---- Finding the form

--- Sizes of the first weight: what the inputs must fit to.
local function first_sizes(subject)
  for _, slot in ipairs(subject.slots) do
    if not slot.is_bias then return slot:read().shape end
  end
  return {}
end

local function has_numbers_only(subject)
  for _, slot in ipairs(subject.slots) do
    if type(slot.holder[slot.key]) ~= "number" then return false end
  end
  return #subject.slots > 0
end

local function input_forms(subject, o)
  local n = o.inputs or 4
  local sizes = first_sizes(subject)
  if subject.kind == "loss" then
    local k = o.classes or 3
    return {
      { shape = { "m", k }, outputs = k },
      { shape = { "m", k }, outputs = k, domain = "shares" },
      { shape = { "m", 1 }, outputs = 1 },
      { shape = { "m", 1 }, outputs = 1, domain = "shares" },
      { shape = { "m" }, outputs = 1 },
      { shape = { "m" }, outputs = 1, domain = "shares" },
      { shape = { k }, outputs = k, single = true },
      { shape = { k }, outputs = k, single = true, domain = "shares" },
    }
  elseif #subject.slots == 0 then
    return { { shape = { "m", n } }, { shape = { "m", n }, domain = "shares" }, { shape = { "m" } } }
  elseif #sizes == 2 and not o.inputs then
    local r, c = sizes[1], sizes[2]
    return {
      { shape = { "m", r } },
      { shape = { "m", c } },
      { shape = { c, "m" }, columns = true },
      { shape = { r, "m" }, columns = true },
      { shape = { r }, single = true },
      { shape = { c }, single = true },
      { shape = { c, 1 }, single = true, columns = true },
    }
  end
  if has_numbers_only(subject) and not o.inputs then
    return { { shape = { "m" } }, { shape = { "m", 1 } }, { shape = {}, number = true, single = true } }
  end
  n = o.inputs or sizes[1] or 1
  if subject.has_list then
    return { { shape = { "m", n } }, { shape = { n }, single = true }, { shape = { n, "m" }, columns = true } }
  end
  return {
    { shape = { "m", n } },
    { shape = { n, "m" }, columns = true },
    { shape = { "m" } },
    { shape = { n }, single = true },
    { shape = {}, number = true, single = true },
  }
end

--- How the outputs stand: their number for a row, or nothing when there is none for each row; and whether they are a plain list.
local function outputs_for(form, out, m)
  if not core.is_tensor(out) then return form.single and type(out) == "number" and 1 or nil end
  if out.size % m ~= 0 then return nil end
  local rows = #out.shape == 0 and 1 or form.columns and out.shape[2] or out.shape[1]
  if not form.single and rows ~= m then return nil end
  return out.size // m, #out.shape == 1
end

local function label_forms(form, k, flat, wanted)
  if wanted then return { wanted } end
  if form.single then
    if k > 1 then return { "flat", "one-hot", "class number", "classes" } end
    return { "number", "flat", "one-hot" }
  end
  if k > 1 then return { "one-hot", "classes", "classes from 1", "class column" } end
  if flat or #form.shape == 1 then return { "flat", "one-hot" } end
  return { "one-hot", "flat" }
end

local function is_finite(value) return type(value) == "number" and value - value == 0 end

--- Whether the value does not feel a change of some inputs: scores that are cut off, as shares outside of 0 to 1 are, or a column that
--- loops over lists never come to.
local function is_flat(subject, case)
  local flat = case.x:reshape(-1)
  local before = subject:value(case)
  for i = 1, flat.size do
    local kept = flat[i]
    flat[i] = kept + 1e-4
    local same = subject:value(case) == before
    flat[i] = kept
    if same then return true end
  end
  return false
end

--- Whether the value is another one when the parameters are. A loss(a, y) that is given inputs for outputs does not change.
local function feels_parameters(subject, case, value)
  cases.fill(subject, { seed = case.seed + 1 })
  return subject:value(case) ~= value
end

--- Whether all parameters are plain numbers, and the gradient of each comes as a list: a neuron that is meant for one sample computes with
--- many as well, a number at a time.
local function gives_rows_for_numbers(subject, found)
  for _, slot in ipairs(subject.slots) do
    if not found[slot.name] or found[slot.name].size == 1 then return false end
  end
  return has_numbers_only(subject)
end

local tries

--- Whether the student's value, and then its backward, run on the form. The error says why not.
function tries(subject, form, m)
  local case
  local ok, value = pcall(function()
    case = cases.make(form, m, 1)
    cases.prepare(subject, case)
    return subject:value(case)
  end)
  if not ok and not student.message(value) then error(value, 0) end
  if not ok then return false, student.message(value) end
  if not is_finite(value) then return false, ("the loss is %s"):format(value) end
  if subject:loss_is_open() and not feels_parameters(subject, case, value) then
    subject.takes_scores = true
    return tries(subject, form, m)
  end
  local runs, found = pcall(subject.gradients, subject, case)
  if runs and gives_rows_for_numbers(subject, found) then return true, nil, false end
  local may_be_flat = subject.kind == "loss" or subject.has_list and core.is_tensor(case.x)
  return true, nil, runs and not (may_be_flat and is_flat(subject, case))
end

local function with_outputs(subject, form, m)
  if form.outputs then return form.outputs end
  if not subject.forward or subject.loss == subject.forward then return subject.last_size, subject.last_is_flat end
  local case = cases.make(form, m, 1)
  local ok, out = pcall(function()
    put_back(subject)
    return subject:outputs(case)
  end)
  if not ok and not student.message(out) then error(out, 0) end
  if not ok then return nil, student.message(out) end
  return outputs_for(form, out, m)
end

local function extend(form, more)
  local all = {}
  for key, value in pairs(form) do
    all[key] = value
  end
  for key, value in pairs(more) do
    all[key] = value
  end
  return all
end

local function last_dimensions(subject)
  for i = #subject.slots, 1, -1 do
    if not subject.slots[i].is_bias then return #subject.slots[i]:read().shape end
  end
  return 0
end

--- The number of outputs where no forward shows it: the size of the last bias, else the columns of the last weight.
local function guess_outputs(subject)
  local last = subject.slots[#subject.slots]
  local shape = last and last:read().shape or {}
  subject.last_size = shape[#shape] or 1
  if #shape == 2 and shape[2] == 1 then subject.last_size = shape[1] end
  subject.last_is_flat = last_dimensions(subject) == 1
end

--- A batch size that no parameter has.
local function first_batch(subject)
  local used = { [3] = true, [4] = true }
  for _, slot in ipairs(subject.slots) do
    for _, size in ipairs(slot:read().shape) do
      used[size] = true
    end
  end
  local m = 5
  while used[m] do
    m = m + 1
  end
  return m
end

--- The first form on which both passes run; else the first on which the value is a number; else nothing, and the student's errors.
---@param subject table
---@param o table
function cases.form(subject, o)
  local m, second, reason = first_batch(subject), nil, nil
  for _, slot in ipairs(subject.slots) do
    local value = slot.holder[slot.key]
    subject.has_list = subject.has_list or type(value) == "table" and not core.is_tensor(value)
  end
  guess_outputs(subject)
  for _, form in ipairs(input_forms(subject, o)) do
    local rows = form.single and 1 or m
    local k, more = with_outputs(subject, form, rows)
    reason = reason or not k and more or nil
    local kinds = subject.kind == "layer" and { false } or k and label_forms(form, k, more, o.labels) or {}
    for _, labels in ipairs(k and kinds or {}) do
      local whole = extend(form, { outputs = subject.kind ~= "layer" and k or nil, labels = labels, first = rows })
      local ok, wrong, both = tries(subject, whole, rows)
      if ok and both then return whole end
      if ok then second = second or whole end
      reason = reason or wrong
    end
  end
  subject.put_back()
  return second, reason
end

--- The batch sizes of a form, and a seed for each.
function cases.sizes(form)
  if form.single then return { 1, 1, 1, 1 } end
  return { form.first, 1, form.first + 3, 2 }
end

return cases
