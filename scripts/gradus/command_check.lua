--- command_check: gradus check [FOLDER or FILE]. What a student's answer is worth so far, by the checks that students see.
local arguments = require "gradus.arguments"
local ask = require "gradus.ask"
local assignment_folder = require "gradus.assignment_folder"
local core = require "gradus.core"
local digest = require "gradus.digest"
local instance = require "gradus.instance"
local marking = require "gradus.marking"
local record = require "gradus.record"

local fine, failed, usage_error, differs = 0, 1, 2, 3 -- exit statuses

local usage = [[
usage: gradus check [FOLDER or FILE]

Runs the checks that came with your assignment on your answer file, and says what is right so far, what is not, and why. Your file runs
as it does when it is marked: in a cell, without files, and within the time and the memory that the assignment allows.

FOLDER      the folder that was handed out to you (the folder you are in)
FILE        another answer file in it
exit status: 0 all of it is right, 1 it could not be checked, 2 the command line is wrong, 3 something is not right yet]]

local function refuse(message)
  io.stderr:write(("gradus: check: %s\n%s\n"):format(message, usage))
  return usage_error
end

local function fail(message)
  io.stderr:write(("gradus: check: %s\n"):format(digest.lines(tostring(message))))
  return failed
end

-- ---- What is there

--- The folder that is meant, and the answer file where one was named.
local function place_of(word)
  word = (word or "."):gsub("(.)/+$", "%1")
  if core.exists(word .. "/.") or not core.exists(word) then return word, nil end
  return word:match "^(.*)/[^/]*$" or ".", word:match "[^/]+$"
end

--- Why a folder has no instance.json.
local function no_instance(folder)
  if not core.exists(folder) then return ("%s is not there"):format(folder) end
  if core.exists(folder .. "/assignment.lua") then
    return ("%s is the assignment itself: gradus hand-out makes the students' folders of it"):format(folder)
  end
  return ("%s has no instance.json: run this in the folder that was handed out to you, or name it"):format(folder)
end

--- The instance, with its questions' visible checks and the answer's text; nil and what is wrong.
local function read(folder, file)
  local text = record.read_file(folder .. "/instance.json")
  if not text then return nil, no_instance(folder) end
  local one, wrong = instance.from_json(text)
  if not one then return nil, ("%s/instance.json: %s; take the one that was handed out"):format(folder, wrong) end
  local visible
  visible, wrong = assignment_folder.read_visible(folder .. "/visible.lua", one.questions)
  if not visible then return nil, wrong end
  for _, question in ipairs(one.questions) do
    question.checks = visible[question.name] or {}
  end
  one.file = file or one.file
  one.text, wrong = record.read_file(("%s/%s"):format(folder, one.file))
  if not one.text then return nil, wrong end
  return one
end

-- ---- What is told

local function points(number) return ("%.4g"):format(number) end

local function print_result(result)
  local mark = result.points == result.of and "ok" or result.points > 0 and "part" or "no"
  local worth = ("%s of %s"):format(points(result.points), points(result.of))
  print(("  %-5s %-9s %s: %s"):format(mark, worth, digest.line(result.title), digest.line(result.said)))
  if result.hint then print(("%18shint: %s"):format("", digest.line(result.hint))) end
end

local function print_question(marks, question)
  print(("%s  %s"):format(question.name, digest.line(question.title)))
  for _, result in ipairs(marks.results) do
    print_result(result)
  end
  local rest = question.points - marks.of
  if rest > 1e-9 then
    print(("  %s more of its points are given by checks that are not shown here"):format(points(rest)))
  end
end

local function print_head(one)
  local name = one.student.name ~= "" and ("%s, %s"):format(one.student.name, one.student.id) or one.student.id
  print(("%s (%s)"):format(digest.line(one.title), digest.line(name)))
end

--- numbers.lua is for the student's own trials; checks go by what was handed out.
local function warn_of_numbers(one, folder)
  if record.read_file(folder .. "/numbers.lua") == instance.to_lua(one) then return end
  print "numbers.lua is not as it was handed out: the checks go by the numbers in instance.json"
end

local most_shown = 2000 -- bytes of what the file prints

local function print_output(output)
  if output == "" then return end
  print "your file printed:"
  local shown, left_out = digest.first(output, most_shown)
  print((("  " .. digest.lines(shown):gsub("%s+$", "")):gsub("\n", "\n  ")))
  if left_out > 0 then print(("  ... and %d bytes more"):format(left_out)) end
end

local function tell(one, marks)
  local all = 0
  if marks.of == 0 then
    print "there is nothing that can be checked here: all checks of this assignment are run when it is marked"
    return fine
  end
  for i, question in ipairs(one.questions) do
    print_question(marks.questions[i], question)
    all = all + question.points
  end
  print(
    ("points so far: %s of %s that can be checked here; %s in all"):format(
      points(marks.points),
      points(marks.of),
      points(all)
    )
  )
  return marks.points >= marks.of and fine or differs
end

--- Marks it by the checks that students see. Where walls are missing a student's own file runs all the same.
local function check(one, folder)
  local ended
  local function asker(calls, groups)
    local asked =
      { folder = folder, text = one.text, name = one.file, numbers = one.numbers, calls = calls, groups = groups }
    asked.seconds, asked.memory, asked.trust = one.seconds, one.memory, true
    local said, wrong, how = ask.cell(asked)
    ended = how
    return said, wrong
  end
  local marks = marking.mark { questions = one.questions, numbers = one.numbers, ask = asker }
  print_head(one)
  warn_of_numbers(one, folder)
  print_output(ended.output)
  if marks.wrong then return fail(("your file does not run: %s"):format(marks.wrong)) end
  if ended.reason then print(("your file was %s"):format(digest.line(ended.reason))) end
  return tell(one, marks)
end

return function(...)
  local given, wrong = arguments.read({ ... }, { help = "flag", h = "flag" })
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  if #given > 1 then return refuse "one folder or file is expected" end
  local folder, file = place_of(given[1])
  local one, reason = read(folder, file)
  if not one then return fail(reason) end
  return check(one, folder)
end
