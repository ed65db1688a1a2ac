--- assignment_backprop: the check gr.assignment.backprop. What a student's process says of itself gives no points: values and gradients
--- come out, and are compared here with differences of the teacher's function. Of the doctor's report only known mistakes' names are used.
local answers_of = require "gradus.answers"
local common = require "gradus.assignment_common"
local core = require "gradus.core"
local likeness = require "gradus.likeness"
local mistakes = require "gradus.mistakes"
local options = require "gradus.options"
local shift = require "gradus.shift"

local none = options.none

-- ---- Asking

local function kind_of(point)
  if point.dout ~= nil then return "layer" end
  return point.params and next(point.params) ~= nil and "network" or "loss"
end

local function point_of(o, numbers)
  local point = common.resolve(o.at, numbers)
  if type(point) ~= "table" or point.x == nil or point.y == nil and point.dout == nil then
    local wanted = "{ params = { ... }, x = , y = }, or dout = in place of y for a layer"
    core.raise(("assignment.backprop: at must be %s, got %s"):format(wanted, options.describe(point)))
  end
  return point
end

local function ask(o, numbers)
  local point = point_of(o, numbers)
  local args = common.resolve(o.args, numbers)
  local asked = { at = point, kind = kind_of(point), h = o.h, options = o.doctor, args = args }
  return { { name = o.of, backprop = asked } }
end

-- ---- What is expected

--- The teacher's number: the loss; of a layer the sum of outputs times dout.
local function value_of(o, point)
  local given = answers_of.copy(point)
  if point.dout == nil then return common.plain(o.f(given.params or {}, given.x, given.y)) end
  return (shift.tensor(o.f(given.params or {}, given.x)):detach() * shift.tensor(given.dout)):sum()
end

--- Where the numbers lie that are moved: { W1 = a value, dx = x }.
local function moving(point)
  local list = {}
  for name, value in pairs(point.params or {}) do
    list[name] = value
  end
  if kind_of(point) ~= "network" then list.dx = point.x end
  return list
end

--- The point with one of its numbers moved.
local function moved(point, name, i, step)
  local new = answers_of.copy(point)
  if name == "dx" then
    new.x = shift.by(point.x, i, step)
  else
    new.params[name] = shift.by(point.params[name], i, step)
  end
  return new
end

--- What the teacher's function gives: { value, shifted }, as the student's is asked for.
local function by_function(o, point)
  local shifted, list = {}, moving(point)
  for _, name in ipairs(options.sorted_keys(list)) do
    shifted[name] = {}
    for i = 1, shift.tensor(list[name]).size do
      local above, below = moved(point, name, i, o.h), moved(point, name, i, -o.h)
      shifted[name][i] = { value_of(o, above), value_of(o, below) }
    end
  end
  return { value = value_of(o, point), shifted = shifted }
end

--- By the teacher's function, or the reference. The student's own loss is no measure: it could be a made-up one.
local function truth(o, numbers, reference)
  if o.f then return by_function(o, point_of(o, numbers)) end
  if reference == nil then
    core.raise(
      ("assignment.backprop: nothing is expected of '%s': f, or a reference, must say what is right"):format(o.of)
    )
  end
  local said = answers_of.answer(reference, ask(o, numbers)[1])
  if not said.value then
    core.raise(("assignment.backprop: the reference's %s: %s"):format(o.of, said.error or "it is missing"))
  end
  return said.value
end

--- The slopes of a list of { above, below }; nil where it is no such list.
local function slopes_of(list, size, h)
  if type(list) ~= "table" or #list ~= size then return nil end
  local slopes = {}
  for i, pair in ipairs(list) do
    local above, below = type(pair) == "table" and pair[1], type(pair) == "table" and pair[2]
    if type(above) ~= "number" or type(below) ~= "number" then return nil end
    slopes[i] = (above + 0.0 - below) / (2 * h) -- integers would wrap
  end
  return slopes
end

-- ---- Judging

--- What is off in one gradient, nil when nothing is; a row may stand for a list of numbers.
local function off_in(o, name, value, wanted, slopes, factor)
  if value == nil then
    return ("no gradient of %s was found: return { %s = ... }, or set the field d%s"):format(name, name, name)
  end
  local sizes, like = likeness.shape(value), shift.tensor(wanted)
  if not sizes or likeness.sizes(sizes) ~= likeness.sizes(like.shape) then
    local shape = table.concat(like.shape, " x ")
    return ("the gradient of %s is %s; numbers of shape %s are expected"):format(name, likeness.show(value), shape)
  end
  local expected = core.tensor(slopes) * factor
  local found = core.tensor(likeness.flat(value))
  if #like.shape > 1 then
    expected, found = expected:reshape(table.unpack(like.shape)), found:reshape(table.unpack(like.shape))
  end
  local compared = likeness.compare(found:totable(), expected:totable(), o.tolerance)
  return compared.said and ("the gradient of %s: %s, by central differences"):format(name, compared.said)
end

--- How many gradients are right, of how many, and what is off in the first that is not.
local function count(o, point, gradients, shifted, share_of_rows)
  local list, right, first = moving(point), 0, nil
  local all = 0
  for _, name in ipairs(options.sorted_keys(list)) do
    local is_input = name == "dx"
    local slopes = slopes_of(shifted[name], shift.tensor(list[name]).size, o.h)
    if not slopes then return 0, 1, "the loss does not give one number" end
    local value = gradients[name]
    if not (is_input and value == nil and next(point.params or {})) then -- the first layer of a net needs none
      local off = off_in(o, is_input and "x" or name, value, list[name], slopes, is_input and 1 or share_of_rows)
      all, right, first = all + 1, right + (off and 0 or 1), first or off
    end
  end
  return right, all, first
end

local function rows_of(point) return type(point.x) == "number" and 1 or #point.x end

local most_readings = 10 -- two are asked for; a student's process may send any number

--- The count of the reading that is best: of rows or their mean for a network that is given an error; a layer may take the mean itself.
local function best_count(o, point, came, shifted)
  local list, best = type(came.gradients) == "table" and came.gradients or {}, nil
  for _, gradients in ipairs(table.move(list, 1, most_readings, 1, {})) do
    for _, factor in ipairs(point.dout ~= nil and { 1, 1 / rows_of(point) } or { 1 }) do
      local right, all, first = count(o, point, type(gradients) == "table" and gradients or {}, shifted, factor)
      if not best or right > best.right then best = { right = right, all = all, first = first } end
    end
  end
  return best or { right = 0, all = 1, first = "no gradients came" }
end

--- Whether no shift changes the value: an empty function has gradients that are easily right.
local function is_flat(shifted)
  for _, list in pairs(shifted) do
    for _, pair in ipairs(type(list) == "table" and list or {}) do
      if type(pair) ~= "table" or pair[1] ~= pair[2] then return false end
    end
  end
  return true
end

-- ---- The doctor's word

--- The names among those that came which are gradients of this point: what comes from a student's process is nobody's to print.
local function known_names(list, point)
  local all, known = moving(point), {}
  for _, name in ipairs(type(list) == "table" and list or {}) do
    if all[name] ~= nil then known[#known + 1] = name end
  end
  return #known > 0 and table.concat(known, ", ") or "a gradient"
end

local function hint_of(came, point)
  for _, one in ipairs(type(came.mistakes) == "table" and came.mistakes or {}) do
    local advice = type(one) == "table" and mistakes.advice[one.mistake]
    if advice then return ("%s. %s"):format(one.mistake, advice:format(known_names(one.gradients, point))) end
  end
  return nil
end

local function judge(o, numbers, answers, reference)
  local came, point = answers[1].value, point_of(o, numbers)
  if type(came) ~= "table" or type(came.value) ~= "number" then
    return 0, ("%s does not give one number as its loss"):format(o.of)
  end
  local expected = truth(o, numbers, reference)
  local what = point.dout ~= nil and "what forward gives, times dout and summed," or "the loss"
  local off = likeness.compare(came.value, expected.value, o.tolerance).said
  if off then return 0, ("%s: %s %s: mend the forward pass first"):format(o.of, what, off) end
  if is_flat(expected.shifted) then return 0, ("%s: %s does not change with the parameters"):format(o.of, what) end
  local best = best_count(o, point, came, expected.shifted)
  if best.right == best.all then return 1, ("%s: all gradients are right (%d)"):format(o.of, best.all) end
  local said = ("%s: %d of %d gradients are right; %s"):format(o.of, best.right, best.all, best.first)
  return best.right / best.all, common.with_reason(said, o), hint_of(came, point)
end

-- ---- The check

---@class gradus.BackpropOptions
---@field of string         the name of an object in the answer file, as gr.check.backprop takes it, or of a function that makes one
---@field args? any         of that function, a list or a function of the numbers
---@field at any            the point, or a function of the numbers that gives it: { params = { W1 = ..., b1 = ... }, x = ..., y = ... };
---                         in place of y a layer has dout; a loss has no params, and x are the scores
---@field f? function       of (params, x, y): the loss as it should be; of a layer, what its forward should give. Without it the
---                         reference solution says so, which a visible check has not
---@field doctor? table     options of gr.check.backprop: loss (a name), labels, returns, error, forward, backward, training, lr
---@field h? number         (1e-5) step of the differences
---@field tolerance? number (1e-5) times the larger of 1 and the expected number
---@field reason? string    why that tolerance, in words for the student
---@field points? number    (1) each right gradient gives its share of them
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value); without it the name of the mistake

--- A check of a backward pass written by hand, of a network, a layer or a loss: its parameters are set, and its gradients compared with
--- central differences of f; without f, of what the reference solution gives. A visible check needs f.
--- The hint is the mistake, where gr.check.backprop knows it.
--- Raises when a tolerance has no reason.
--- Example:
---   local check = gr.assignment.backprop {
---     of = "neuron",
---     at = { params = { w = 2, b = 1 }, x = gr.tensor { 1, 2, 3 }, y = gr.tensor { 2, 4, 5 } },
---     f = function(p, x, y) return ((p.w * x + p.b - y) ^ 2):mean() end,
---   }
---   local neuron = { w = 0, b = 0 }
---   function neuron:loss(x, y) return ((self.w * x + self.b - y) ^ 2):mean() end
---   function neuron:gradient(x, y)
---     local err = 2 * (self.w * x + self.b - y)
---     return (err * x):mean(), err:sum()
---   end
---   local came = require("gradus.answers").answer({ neuron = neuron }, check.calls({})[1])
---   print(check.judge({}, { came }).said)
---@param given gradus.BackpropOptions
---@return table
local function backprop(given)
  local what = "assignment.backprop"
  local o = options.read(what, given, {
    of = none,
    args = none,
    at = none,
    f = none,
    doctor = none,
    h = 1e-5,
    tolerance = none,
    reason = none,
    points = 1,
    title = none,
    hint = none,
  })
  common.needs(what, o, "of", { "string" })
  common.needs(what, o, "at", { "table", "function" })
  if o.f ~= nil then common.needs(what, o, "f", { "function" }) end
  options.number(what, "h", o.h, 1e-12)
  common.tolerance(what, o, 1e-5) -- a 1e-7 inside a logarithm is off by a few 1e-6 from differences
  o.doctor = options.read(what .. ": doctor", o.doctor, {
    loss = none,
    labels = none,
    returns = none,
    error = none,
    forward = none,
    backward = none,
    training = none,
    lr = none,
  })
  if o.doctor.loss ~= nil then options.text(what .. ": doctor", "loss", o.doctor.loss) end
  local check = common.new("backprop", o, ask, judge)
  check.needs_reference = o.f == nil
  check.title = check.title or ("the gradients of %s are right"):format(o.of)
  return check
end

return backprop
