--- assignment_trains: the check gr.assignment.trains.
local answers_of = require "gradus.answers"
local common = require "gradus.assignment_common"
local options = require "gradus.options"

local none = options.none

--- Either a step that is called again and again from given weights, or a function that is told how many steps it has.
local function ask_to_train(o, numbers)
  local args = common.resolve(o.args, numbers) or {}
  local list = table.move(args, 1, #args, 1, {})
  if o.from == nil then
    list[#list + 1] = o.steps
    return { { name = o.of, args = list } }
  end
  table.insert(list, 1, (common.resolve(o.from, numbers)))
  return { { name = o.of, args = list, times = o.steps } }
end

local function judge_training(o, numbers, answers)
  local value = answers[1].value
  local ok, figure = pcall(function() return common.plain(o.figure(answers_of.copy(numbers), value)) end)
  if not ok then return 0, ("what %s gave cannot be used: %s"):format(o.of, tostring(figure)) end
  local reached, said = common.reaches(o, figure, ("after %d steps the figure"):format(o.steps))
  return reached and 1 or 0, said
end

---@class gradus.TrainsOptions
---@field of string         the name of a function in the answer file
---@field from? any         starting weights, or a function of the numbers: `of` is then one step, called `steps` times as
---                         of(weights, args...), and gives the new weights; without it `of` is called once, with `steps` as its
---                         last argument
---@field args? any         a list or a function of the numbers
---@field steps integer     the budget
---@field figure function   of (numbers, what came back as plain numbers and lists)
---@field at_most? number   the figure may not be above it
---@field at_least? number  nor below this
---@field points? number    (1)
---@field title? string     what it says of itself
---@field hint? any         for who fails: a text, or a function of (numbers, value)

--- A check that a training reaches a figure within a budget of steps. The figure is computed from what comes back, such as weights or
--- predictions, by the teacher's function: a figure that an answer claims counts for nothing. How much one step does is the answer's
--- own affair: the time limit alone bounds it.
--- Raises when neither at_most nor at_least is given.
--- Example:
---   local check = gr.assignment.trains {
---     of = "step", from = 0, steps = 50, at_most = 0.01,
---     figure = function(_, w) return (w - 3) ^ 2 end,
---   }
---   print(check.judge({}, { { is = "number", value = 2.5 } }).said)
---@param given gradus.TrainsOptions
---@return table
local function trains(given)
  local what = "assignment.trains"
  local o = options.read(what, given, {
    of = none,
    from = none,
    args = none,
    steps = none,
    figure = none,
    at_most = none,
    at_least = none,
    points = 1,
    title = none,
    hint = none,
  })
  common.needs(what, o, "of", { "string" })
  common.needs(what, o, "figure", { "function" })
  o.steps = options.whole(what, "steps", o.steps, 1)
  common.range(what, o)
  local check = common.new("trains", o, ask_to_train, judge_training)
  check.title = check.title or ("%s trains"):format(o.of)
  return check
end

return trains
