--- assignment_free: the check gr.assignment.check, of a teacher's own.
local answers_of = require "gradus.answers"
local common = require "gradus.assignment_common"
local options = require "gradus.options"

local none = options.none

local function ask_freely(o, numbers) return common.resolve(o.calls, numbers) end

local function judge_freely(o, numbers, answers, reference)
  local values = {}
  for i, answer in ipairs(answers) do
    values[i] = answer.value
  end
  local share, said, hint = o.judge(answers_of.copy(numbers), values, reference)
  if type(share) == "boolean" then share = share and 1 or 0 end
  options.number("assignment.check", "what judge gives", share, 0, 1)
  return share, said or (share == 1 and "it holds" or "it does not hold"), hint
end

--- A check of one's own: Lua that looks at the plain values of the answer.
--- Options: calls: what the answer is asked, a list { { name = "f", args = { 1 } }, { name = "x" } } or a function of the numbers; judge: a
--- function of (numbers, values, reference) that gives true, false or a share from 0 to 1, and what to say, and a hint; values[i] is
--- what came of call i, tensors as nested lists; points (1); title; hint: a text, or a function of (numbers, first value).
--- Example:
---   local check = gr.assignment.check {
---     title = "x solves x + x = 4",
---     calls = { { name = "x" } },
---     judge = function(_, values) return values[1] + values[1] == 4, "x + x is " .. values[1] + values[1] end,
---   }
---   print(check.judge({}, { { is = "number", value = 3 } }).said)
---@param given { calls: any, judge: function, points?: number, title: string, hint?: any }
---@return table
local function check(given)
  local what = "assignment.check"
  local o = options.read(what, given, { calls = none, judge = none, points = 1, title = none, hint = none })
  common.needs(what, o, "calls", { "table", "function" })
  common.needs(what, o, "judge", { "function" })
  common.needs(what, o, "title", { "string" })
  return common.new("check", o, ask_freely, judge_freely)
end

return check
