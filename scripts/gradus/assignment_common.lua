--- assignment_common: what the checks of assignments have in common (assignment_checks.lua).
local answers_of = require "gradus.answers"
local core = require "gradus.core"
local guard = require "gradus.guard"
local likeness = require "gradus.likeness"
local options = require "gradus.options"

local common = {}

--- A setting that may be a function of the numbers.
function common.resolve(value, ...)
  if options.is_callable(value) then return value(...) end
  return value
end

--- What keeps an answer from being looked at; nil when nothing does.
local function trouble(name, answer)
  if not answer then return ("%s was not asked"):format(name) end
  if answer.stopped or answer.plain then return answer.error end
  if answer.error then return ("%s stopped with an error: %s"):format(name, answer.error) end
  if answer.is == "missing" then return ("%s is not defined: the file must return a table that has it"):format(name) end
  if answer.is == "function" then return ("%s is a function; a value is expected"):format(name) end
  if answer.is == "nil" then return ("%s gave nothing back"):format(name) end
  return nil
end

--- What a judge says: of values that it could not use, what it stumbled over, and for the teacher all of it, with the place.
local function verdict_of(judge, ...)
  local ok, share, said, hint, text = pcall(judge, ...)
  if ok then return share, said, hint, text end
  local message = tostring(share)
  return 0, ("what came cannot be used: %s"):format(message:gsub("^[^\n]-:%d+: ", "")), nil, nil, message
end

--- The hint for an answer, and where a hint of the teacher's raises, none and what it stumbled over.
local function hint_for(o, numbers, value)
  local ok, hint = guard(common.resolve, o.hint, numbers, value)
  if ok then return hint end
  return nil, ("the hint: %s"):format(tostring(hint))
end

--- A check from its options: `calls` and `judge` are called with them. The judge gives a share from 0 to 1, what to say, a
--- hint, and a text that is for people to read.
function common.new(kind, o, calls, judge)
  local what = "assignment." .. kind
  options.number(what, "points", o.points, 0)
  if o.of ~= nil then options.text(what, "of", o.of) end
  if o.title ~= nil then options.text(what, "title", o.title) end
  local check = { kind = kind, title = o.title, points = o.points, of = o.of }
  function check.calls(numbers) return calls(o, numbers) end
  function check.judge(numbers, answers, reference)
    local share, said, hint, text, trouble_of_judge = 0, nil, nil, nil, nil
    for i, one in ipairs(check.calls(numbers)) do
      said = said or trouble(one.name, answers[i])
    end
    if not said then
      share, said, hint, text, trouble_of_judge = verdict_of(judge, o, numbers, answers, reference)
    end
    local came = answers[1] and not answers[1].stopped
    if share < 1 and came and o.hint ~= nil then
      local wrong
      hint, wrong = hint_for(o, numbers, answers[1].value)
      trouble_of_judge = trouble_of_judge or wrong
    end
    local verdict = { points = o.points * share, of = o.points, said = said, hint = share < 1 and hint or nil }
    verdict.text, verdict.trouble = text, trouble_of_judge
    return verdict
  end
  return check
end

--- The one call that most checks make.
function common.ask_once(o, numbers)
  local args = common.resolve(o.args, numbers)
  return { { name = o.of, args = args } }
end

--- Raises unless a setting is of one of the kinds.
function common.needs(what, o, name, kinds)
  for _, kind in ipairs(kinds) do
    if type(o[name]) == kind then return end
  end
  core.raise(
    ("%s: %s must be a %s, got %s"):format(what, name, table.concat(kinds, " or a "), options.describe(o[name]))
  )
end

--- A tolerance that is not the usual one has a reason, which those who miss it are told.
function common.tolerance(what, o, usual)
  if o.tolerance == nil then
    o.tolerance = usual
    return
  end
  options.number(what, "tolerance", o.tolerance, 0)
  if type(o.reason) ~= "string" then
    core.raise(('%s: a tolerance wants its reason, as in reason = "prices are rounded to cents"'):format(what))
  end
end

--- What is off, with the reason of the tolerance where there is one.
function common.with_reason(said, o)
  if not said or not o.reason then return said end
  return ("%s (within %g: %s)"):format(said, o.tolerance, o.reason)
end

--- The plain numbers and lists of a value.
function common.plain(value) return answers_of.tell(value).value end

--- Whether a figure is where it should be, and how that is said.
function common.reaches(o, figure, name)
  if type(figure) ~= "number" then return false, ("%s is %s, not a number"):format(name, likeness.show(figure)) end
  local wanted = {}
  if o.at_most then wanted[#wanted + 1] = ("at most %g"):format(o.at_most) end
  if o.at_least then wanted[#wanted + 1] = ("at least %g"):format(o.at_least) end
  local ok = (not o.at_most or figure <= o.at_most) and (not o.at_least or figure >= o.at_least)
  local text = figure == figure and ("%.6g"):format(figure) or "nan"
  return ok, ("%s is %s; %s is asked for"):format(name, text, table.concat(wanted, " and "))
end

--- Raises unless the settings say what a figure has to reach.
function common.range(what, o)
  for _, name in ipairs { "at_least", "at_most" } do
    if o[name] ~= nil then options.number(what, name, o[name]) end
  end
  if o.at_least == nil and o.at_most == nil then
    core.raise(("%s: at_least or at_most must say what is to be reached"):format(what))
  end
end

return common
