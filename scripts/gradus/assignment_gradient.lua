--- assignment_gradient: the check gr.assignment.gradient.
local answers_of = require "gradus.answers"
local common = require "gradus.assignment_common"
local core = require "gradus.core"
local likeness = require "gradus.likeness"
local options = require "gradus.options"
local shift = require "gradus.shift"

local none = options.none

local most_elements = 200

--- Copies of the arguments in which element i of the wanted one is changed by h.
local function moved(args, wrt, i, h)
  local copy = answers_of.copy(args)
  copy[wrt] = shift.by(args[wrt], i, h)
  return copy
end

--- The arguments, and how many elements the wanted one has.
local function point_of(o, numbers)
  local args = common.resolve(o.at, numbers)
  local one = args[o.wrt]
  local size = core.is_tensor(one) and one.size or type(one) == "number" and 1
  if not size or size > most_elements then
    local limit = "a number or a tensor of at most %d elements"
    core.raise(
      ("assignment.gradient: argument %d must be " .. limit .. ", got %s"):format(
        o.wrt,
        most_elements,
        options.describe(one)
      )
    )
  end
  return args, size
end

--- The gradient first; then the student's own function on both sides of every element.
local function ask_gradient(o, numbers)
  local args, size = point_of(o, numbers)
  local list = { { name = o.of, args = args } }
  for i = 1, type(o.f) == "string" and size or 0 do
    list[2 * i] = { name = o.f, args = moved(args, o.wrt, i, o.h) }
    list[2 * i + 1] = { name = o.f, args = moved(args, o.wrt, i, -o.h) }
  end
  return list
end

--- The teacher's function, or the student's where it has been asked.
local function value_at(o, answers, args, i, sign)
  local value
  if type(o.f) == "string" then
    value = answers[2 * i + (sign < 0 and 1 or 0)].value
  else
    value = common.plain(o.f(table.unpack(moved(args, o.wrt, i, sign * o.h))))
  end
  return type(value) == "number" and value or nil
end

local function differences(o, numbers, answers)
  local args, size = point_of(o, numbers)
  local list = {}
  for i = 1, size do
    local above, below = value_at(o, answers, args, i, 1), value_at(o, answers, args, i, -1)
    if not above or not below then return nil end
    list[i] = (above + 0.0 - below) / (2 * o.h) -- integers would wrap
  end
  if type(args[o.wrt]) == "number" then return list[1] end
  return core.reshape(core.tensor(list, "f64"), table.unpack(args[o.wrt].shape)):totable()
end

--- Whether a gradient is zero everywhere: an empty function has that one, and it is easily right.
local function is_flat(gradient)
  for _, slope in ipairs(likeness.flat(gradient)) do
    if slope ~= 0 then return false end
  end
  return true
end

local function judge_gradient(o, numbers, answers)
  local expected, value = differences(o, numbers, answers), answers[1].value
  local f = type(o.f) == "string" and o.f or "the function"
  if not expected then return 0, ("%s does not give one number"):format(f) end
  if is_flat(expected) then return 0, ("%s does not change with its argument %d"):format(f, o.wrt) end
  local found = likeness.compare(value, expected, o.tolerance)
  if not found.said then return 1, ("%s is the gradient of %s"):format(o.of, f) end
  local said = common.with_reason(("%s: %s, by central differences of %s"):format(o.of, found.said, f), o)
  return 0, said, likeness.guess(value, expected, math.max(o.tolerance, 1e-4))
end

---@class gradus.GradientOptions
---@field of string         the name of the function that gives the gradient
---@field f any             the name of the function in the answer file whose gradient it is, or a function of one's own
---@field at any            the arguments of both, a list or a function of the numbers
---@field wrt? integer      (1) which of them the gradient belongs to: a tensor of at most 200 elements, or a number
---@field h? number         (1e-5) step of the differences
---@field tolerance? number (1e-6) times the larger of 1 and the difference
---@field reason? string    why that tolerance, in words for the student
---@field points? number    (1)
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value)

--- A check that a function of the answer gives the right gradient: that of another function of the answer, by central differences
--- of its values, or that of the teacher's own.
--- Example:
---   local check = gr.assignment.gradient { of = "slope", f = function(x) return x ^ 3 end, at = { 2 } }
---   print(check.judge({}, { { is = "number", value = 6 } }).said)
---@param given gradus.GradientOptions
---@return table
local function gradient(given)
  local what = "assignment.gradient"
  local o = options.read(what, given, {
    of = none,
    f = none,
    at = none,
    wrt = 1,
    h = 1e-5,
    tolerance = none,
    reason = none,
    points = 1,
    title = none,
    hint = none,
  })
  common.needs(what, o, "of", { "string" })
  common.needs(what, o, "f", { "string", "function" })
  common.needs(what, o, "at", { "table", "function" })
  options.whole(what, "wrt", o.wrt, 1)
  options.number(what, "h", o.h, 1e-12)
  common.tolerance(what, o, 1e-6)
  local check = common.new("gradient", o, ask_gradient, judge_gradient)
  check.title = check.title or ("%s is the right gradient"):format(o.of)
  return check
end

return gradient
