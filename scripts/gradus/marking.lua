--- marking: what an answer is worth, question by question.
---
---   local marks = marking.mark { questions = questions, numbers = numbers, reference = nil, ask = function(calls) ... end }
---   marks.points, marks.of, marks.wrong
---   marks.questions[i]           name, title, points, of, results
---   marks.questions[i].results   { title, kind, points, of, said, hint, visible, text, trouble } for each check: a text is for people
---                                to read, trouble is what its judge stumbled over, for the teacher
---
--- All calls of all checks are asked at once: one run of the answer, wherever that is: `ask(calls, groups)` gives what came of each call,
--- and why the answer did not run (answers.of); groups[i] has the places of the calls of question i. What is expected stays here.
local answers = require "gradus.answers"

local marking = {}

--- The calls of all checks in a row, and for each check and each question where its own begin.
local function gather(questions, numbers)
  local calls, places, groups = {}, {}, {}
  for i, question in ipairs(questions) do
    groups[i] = { from = #calls + 1 }
    for _, check in ipairs(question.checks) do
      local list = check.calls(answers.copy(numbers[question.name]))
      places[check] = { from = #calls + 1, to = #calls + #list }
      table.move(list, 1, #list, #calls + 1, calls)
    end
    groups[i].to = #calls
  end
  return calls, places, groups
end

--- The verdict of one check. A judge that cannot use what came gives nothing for it, and says so.
local function judge(check, numbers, said, reference)
  local ok, verdict = pcall(check.judge, answers.copy(numbers), said, not check.visible and reference or nil)
  if not ok then
    verdict = { points = 0, of = check.points, said = "what came cannot be judged", trouble = tostring(verdict) }
  end
  verdict.title, verdict.visible, verdict.kind = check.title, check.visible, check.kind
  return verdict
end

local function mark_question(question, numbers, said, places, reference)
  local marks = { name = question.name, title = question.title, points = 0, of = 0, results = {} }
  for i, check in ipairs(question.checks) do
    local place = places[check]
    local own = table.move(said, place.from, place.to, 1, {})
    local verdict = judge(check, numbers, own, reference)
    marks.results[i] = verdict
    marks.points, marks.of = marks.points + verdict.points, marks.of + verdict.of
  end
  return marks
end

--- Marks one answer.
---@param job { questions: table[], numbers: table, reference?: table, ask: function }
---@return table
function marking.mark(job)
  local calls, places, groups = gather(job.questions, job.numbers)
  local said, wrong = job.ask(calls, groups)
  local marks = { questions = {}, points = 0, of = 0, wrong = wrong }
  for i, question in ipairs(job.questions) do
    local one = mark_question(question, job.numbers[question.name], said, places, job.reference)
    marks.questions[i] = one
    marks.points, marks.of = marks.points + one.points, marks.of + one.of
  end
  return marks
end

return marking
