--- assignment_value: the check gr.assignment.value.
local answers_of = require "gradus.answers"
local common = require "gradus.assignment_common"
local core = require "gradus.core"
local likeness = require "gradus.likeness"
local options = require "gradus.options"

local none = options.none

--- What is expected of a value: as it is written, or what the reference answers to the same.
local function expected_of(o, numbers, reference)
  if o.expected ~= nil then return common.plain(common.resolve(o.expected, answers_of.copy(numbers), reference)) end
  local said = answers_of.answer(reference or {}, common.ask_once(o, numbers)[1])
  if said.value == nil then
    core.raise(
      ("assignment.value: nothing is expected of '%s': %s"):format(o.of, said.error or "the reference lacks it")
    )
  end
  return said.value
end

local function judge_value(o, numbers, answers, reference)
  local expected, value = expected_of(o, numbers, reference), answers[1].value
  local found = likeness.compare(value, expected, o.tolerance)
  if not found.said then return 1, ("%s is right"):format(o.of) end
  local said = common.with_reason(("%s: %s"):format(o.of, found.said), o)
  return o.partial and found.share or 0, said, likeness.guess(value, expected, o.tolerance)
end

---@class gradus.ValueOptions
---@field of string         the name in the answer file
---@field args? any         of the function, a list or a function of the numbers; none: it is no function
---@field expected? any     a value, or a function of (numbers, reference); without it what the reference solution answers
---@field tolerance? number (1e-9) times the larger of 1 and the expected number
---@field reason? string    why that tolerance, in words for the student
---@field partial? boolean  (false) points for the entries that are right
---@field points? number    (1)
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value)

--- A check that a value, or what a function gives, is the one that is expected.
--- Raises when a tolerance has no reason.
--- Example:
---   local check = gr.assignment.value {
---     of = "area", args = { 3 }, expected = 28.27, tolerance = 0.005, reason = "two digits are asked for",
---   }
---   print(check.judge({}, { { is = "number", value = 28.3 } }).said)
---@param given gradus.ValueOptions
---@return table
local function value(given)
  local o = options.read("assignment.value", given, {
    of = none,
    args = none,
    expected = none,
    tolerance = none,
    reason = none,
    partial = false,
    points = 1,
    title = none,
    hint = none,
  })
  common.needs("assignment.value", o, "of", { "string" })
  common.tolerance("assignment.value", o, 1e-9)
  local check = common.new("value", o, common.ask_once, judge_value)
  check.needs_reference = o.expected == nil
  check.title = check.title or ("%s has the right value"):format(o.of)
  return check
end

return value
