--- assignment_shape: the check gr.assignment.shape.
local common = require "gradus.assignment_common"
local likeness = require "gradus.likeness"
local options = require "gradus.options"

local none = options.none

local function judge_shape(o, numbers, answers)
  local wanted = table.concat(common.resolve(o.shape, numbers), " x ")
  local sizes = likeness.shape(answers[1].value)
  local shape = sizes and table.concat(sizes, " x ")
  if shape == wanted then return 1, ("%s is %s"):format(o.of, wanted == "" and "a number" or wanted) end
  local is = shape and shape ~= "" and shape or likeness.show(answers[1].value)
  return 0, ("%s is %s; %s is expected"):format(o.of, is, wanted == "" and "a number" or wanted)
end

--- A check that a value, or what a function gives, has the right shape: a tensor, or lists of numbers.
--- Options: of: the name in the answer file; args: of the function, a list or a function of the numbers; shape: { 3, 3 }, {} for a
--- number, or a function of the numbers; points (1); title; hint: a text, or a function of (numbers, value), for who fails.
--- Example:
---   local check = gr.assignment.shape { of = "inverse", args = { gr.eye(2) }, shape = { 2, 2 } }
---   print(check.judge({}, { { is = "tensor", value = { { 1, 0 } } } }).said)
---@param given { of: string, args?: any, shape: any, points?: number, title?: string, hint?: any }
---@return table
local function shape(given)
  local o = options.read(
    "assignment.shape",
    given,
    { of = none, args = none, shape = none, points = 1, title = none, hint = none }
  )
  common.needs("assignment.shape", o, "of", { "string" })
  common.needs("assignment.shape", o, "shape", { "table", "function" })
  local check = common.new("shape", o, common.ask_once, judge_shape)
  check.title = check.title or ("%s has the right shape"):format(o.of)
  return check
end

return shape
