--- backprop: what gr.check.backprop does: a student's gradients compared with central differences, and mistakes named.
local acts = require "gradus.backprop_acts"
local core = require "gradus.core"
local findings = require "gradus.backprop_findings"
local forms = require "gradus.backprop_cases"
local measure = require "gradus.backprop_measure"
local model = require "gradus.backprop_model"
local names = require "gradus.backprop_names"
local options = require "gradus.options"
local search = require "gradus.backprop_search"
local student = require "gradus.backprop_student"

local backprop = {}

local default_tolerance = 1e-5 -- a 1e-7 inside a logarithm may be off by a few 1e-6 from differences

-- ---- Losses given by name

local named_losses = {
  cross_entropy = { acts.losses[1], 1 },
  logistic = { acts.losses[2], 1 },
  mse = { acts.losses[3], 1 },
  squares = { acts.losses[3], 1 / 2 },
}

local function loss_named(name)
  local loss, factor = named_losses[name][1], named_losses[name][2]
  return {
    value = function(scores, case)
      return loss.value(model.rows(scores, case), case.t) * factor / (case.single and 1 or case.m)
    end,
  }
end

--- A loss of scores that is given by its name, or as a function.
function backprop.read_loss(loss)
  if loss == nil then return nil end
  if type(loss) == "string" then
    options.choice("backprop", "loss", loss, options.sorted_keys(named_losses))
    return loss_named(loss)
  elseif options.is_callable(loss) then
    return { value = function(scores, case) return loss(scores, case.y) end }
  end
  core.raise(
    ("backprop: loss must be a name or a function of (scores, targets), got %s"):format(options.describe(loss))
  )
end

-- ---- Readings: what the student's convention may be

--- A layer may take the mean over the batch itself; an error given to a network may be that of single rows, before the mean.
local function readings(subject, given)
  if subject.kind == "layer" and #subject.slots > 0 then return { { averages = false }, { averages = true } } end
  if subject.kind ~= "network" or not subject:takes_error() then return { {} } end
  if given.error then return { { error_of_rows = given.error == "row" } } end
  local rows_first = subject:names_error()
  return { { error_of_rows = rows_first }, { error_of_rows = not rows_first } }
end

--- Differences as the reading has them: a layer that averages has its parameters' gradients divided by m.
local function read_as(subject, cases, reading)
  for _, case in ipairs(cases) do
    if reading.averages then
      for _, slot in ipairs(subject.slots) do
        case.expected[slot.name] = case.expected[slot.name] / case.m
      end
    end
  end
  return cases
end

local function judge(subject, form, reading, given)
  subject.error_of_rows = reading.error_of_rows
  local cases = read_as(subject, measure.all(subject, form, given.avoid, given.tolerance), reading)
  return findings.of(subject, cases, reading, given.tolerance)
end

--- Fewer findings are better, and named ones better than others.
local function weight_of(list)
  local sum = 0
  for _, one in ipairs(list) do
    sum = sum + (one.mistake and 1 or 3)
  end
  return sum
end

--- The findings of the reading that has fewest.
local function best_reading(subject, form, given)
  local best, least, kept
  for _, reading in ipairs(readings(subject, given)) do
    local list = judge(subject, form, reading, given)
    local weight = weight_of(list)
    if not best or weight < least or weight == least and reading.averages then
      best, least, kept = list, weight, reading
    end
    if least == 0 or search.is_late(subject) then break end
  end
  return best, kept
end

-- ---- Errors of the student

--- What f gives, or false and the message of the student's error; another error passes through.
local function attempt(f, ...)
  local ok, result = pcall(f, ...)
  if not ok and not student.message(result) then error(result, 0) end
  return ok, ok and result or student.message(result)
end

local function names_one(list, mistake)
  for _, one in ipairs(list) do
    if one.mistake == mistake then return true end
  end
  return false
end

--- What an error may come from: labels of the first or last class, which are then left out.
local function without_a_class(subject, form, given)
  for _, avoid in ipairs { "first", "last" } do
    local with = { avoid = avoid, tolerance = given.tolerance, error = given.error }
    local ok, list = attempt(best_reading, subject, form, with)
    if ok and names_one(list, "labels off by one") then return list end
  end
  return nil
end

--- Puts square weights in place of the student's, so that a transposed one runs.
local function squares_for(subject)
  local n = 3
  return function()
    for _, slot in ipairs(subject.slots) do
      local value = slot.holder[slot.key]
      if core.is_tensor(value) then
        local shape = {}
        for i, size in ipairs(value.shape) do
          shape[i] = (size > 1 or #value.shape == 1 or not slot.is_bias) and n or 1
        end
        rawset(slot.holder, slot.key, core.zeros(table.unpack(shape)))
      end
    end
  end
end

local function with_squares(subject, o, given)
  subject.make_square = squares_for(subject)
  local ok, list = attempt(function()
    forms.prepare(subject, { seed = 1, dout = 0 })
    local form = forms.form(subject, o)
    return form and best_reading(subject, form, given) or {}
  end)
  subject.make_square = nil
  subject.put_back()
  return ok and names_one(list, "weight transposed") and list or nil
end

local function after_error(subject, form, o, given, message)
  local place = findings.error(message:find("^forward gives") and "forward" or "backward", message)
  if search.is_late(subject) then return { place } end
  local list = form.labels and form.outputs and form.outputs > 1 and without_a_class(subject, form, given)
  list = list or #subject.slots > 0 and with_squares(subject, o, given)
  subject.put_back()
  if not list then return { place } end
  for _, one in ipairs(list) do
    one.message = place.message
  end
  return list
end

-- ---- One student

local function examine(object, o, reference)
  local subject = student.read(object, o)
  subject.deadline = o.deadline
  local form, reason = forms.form(subject, o)
  if not form then return { findings.error("forward", tostring(reason)) }, subject end
  local given = { tolerance = o.tolerance or default_tolerance, error = o.error }
  local ok, list = attempt(best_reading, subject, form, given)
  if not ok then list = after_error(subject, form, o, given, list) end
  subject.put_back()
  if reference then findings.against(list, subject, reference, form, given.tolerance) end
  subject.put_back()
  return list, subject, form
end

-- ---- A function that makes students

local sizes = { { { 3 }, { 3, 2 }, { 3, 4, 2 }, { 3, 4, 5, 2 } }, { { 3 }, { 3, 3 }, { 3, 3, 3 }, { 3, 3, 3, 3 } } }

--- The rows of the last weight: a function of (inputs, outputs) chooses itself how many units are hidden.
local function hidden_of(object, o)
  local ok, subject = pcall(student.read, object, o)
  for i = ok and #subject.slots or 0, 1, -1 do
    local shape = subject.slots[i]:read().shape
    if #shape == 2 then return math.max(shape[1], shape[2]) end
  end
  return nil
end

--- Objects of several sizes, by what the function takes; none where it takes nothing but makes one.
local function made_by(f, o)
  local n = debug.getinfo(f, "u").nparams
  if n == 0 then return { f() or false } end
  local list = {}
  for i, choice in ipairs(sizes) do
    local given = choice[math.min(n, #choice)]
    list[i] = f(table.unpack(given)) or false
  end
  local hidden = n == 2 and hidden_of(list[1], o)
  if hidden and hidden > 3 then list[3] = f(hidden, hidden) or false end
  return list
end

local function all_named(list)
  for _, one in ipairs(list) do
    if not one.mistake then return false end
  end
  return true
end

local function examine_all(objects, o, reference)
  local best, subject, form
  for _, object in ipairs(objects) do
    if best and search.is_late(o) then break end
    local list, one, found = examine(object, o, reference)
    if not best or #best == 0 or not all_named(best) and #list > 0 and all_named(list) then
      best, subject, form = list, one, found
    end
  end
  return best, subject, form
end

-- ---- What may be asked for

local defaults = {
  reference = options.none,
  kind = options.none,
  loss = options.none,
  labels = options.none,
  inputs = options.none,
  classes = options.none,
  params = options.none,
  returns = options.none,
  forward = options.none,
  backward = options.none,
  training = options.none,
  error = options.none,
  lr = options.none,
  tolerance = options.none,
  seconds = options.none,
}

local function is_object(value)
  if type(value) ~= "table" then return false end
  return student.method(value, names.backward) ~= nil or student.method(value, names.forward) ~= nil
end

local function check_options(o)
  if o.kind then options.choice("backprop", "kind", o.kind, { "network", "layer", "loss" }) end
  if o.labels then
    options.choice("backprop", "labels", o.labels, { "one-hot", "classes", "classes from 1", "class column", "flat" })
  end
  if o.error then options.choice("backprop", "error", o.error, { "row", "mean" }) end
  if o.inputs then o.inputs = options.whole("backprop", "inputs", o.inputs, 1) end
  if o.classes then o.classes = options.whole("backprop", "classes", o.classes, 2) end
  if o.lr then options.number("backprop", "lr", o.lr) end
  if o.tolerance then options.number("backprop", "tolerance", o.tolerance, 0) end
  if o.seconds then o.deadline = core.clock() + options.number("backprop", "seconds", o.seconds, 0) end
  for _, name in ipairs { "params", "returns" } do
    if o[name] then options.table_of("backprop", name, o[name]) end
  end
  for _, name in ipairs { "forward", "backward", "training" } do
    if o[name] then options.text("backprop", name, o[name]) end
  end
end

--- The findings on a student; and what the student was taken for.
function backprop.examine(one, given)
  local o
  if is_object(given) then
    o = options.read("backprop", { reference = given }, defaults)
  else
    o = options.read("backprop", given, defaults)
  end
  check_options(o)
  o.loss = backprop.read_loss(o.loss)
  local reference
  if o.reference then
    if not is_object(o.reference) then
      core.raise(
        ("backprop: the reference must be an object with forward or backward, got %s"):format(
          options.describe(o.reference)
        )
      )
    end
    reference = student.read(o.reference, o, true)
    if not o.loss and reference.loss and reference:loss_of_scores() then
      o.loss =
        { value = function(scores, case) return reference:value_of_scores(scores, case) end, of_reference = true }
    end
  end
  if type(one) ~= "function" then return examine_all({ one or false }, o, reference) end
  return examine_all(made_by(one, o), o, reference)
end

return backprop
