--- command_hand_out: gradus hand-out ASSIGNMENT --roster roster.csv -o DIR. A folder for each student, with numbers of their own.
local arguments = require "gradus.arguments"
local assignment_folder = require "gradus.assignment_folder"
local digest = require "gradus.digest"
local handout = require "gradus.handout"
local roster = require "gradus.roster"

local fine, failed, usage_error = 0, 1, 2 -- exit statuses

local usage = [[
usage: gradus hand-out ASSIGNMENT --roster FILE.csv -o DIR [--key FILE] [--replace]

Writes a folder for each student: the task, numbers drawn for this student alone, the checks that students see, the starter files. The
reference solution must get full marks with the numbers of every student, or nothing is written. A second run changes nothing; a new
student in the roster adds a folder.

ASSIGNMENT      a folder with assignment.lua, as gradus new makes one; the reference's answers go to answers.json in it
--roster FILE   CSV with a header: id,name
-o DIR          where the students' folders go, each under its id
--key FILE      the course key (ASSIGNMENT/course.key, made by the first run). Whoever has it can draw everyone's numbers: keep it,
                hand it to nobody
--replace       replace numbers that were handed out before]]

local function refuse(message)
  io.stderr:write(("gradus: hand-out: %s\n%s\n"):format(message, usage))
  return usage_error
end

local function fail(message)
  io.stderr:write(("gradus: hand-out: %s\n"):format(digest.line(tostring(message))))
  return failed
end

--- What is to be written, the assignment, and where; nil and what is wrong. Only the key is made on the way.
local function prepare(given)
  local folder = given[1]:gsub("(.)/+$", "%1")
  local a, wrong = assignment_folder.read(folder)
  if not a then return nil, wrong end
  local students
  students, wrong = roster.read(given.roster)
  if not students then return nil, wrong end
  local key_path = given.key or folder .. "/course.key"
  wrong = handout.wrong_place(a, key_path, given.o)
  if wrong then return nil, wrong end
  local key
  key, wrong = handout.key(key_path, not given.key and folder or nil)
  if not key then return nil, wrong end
  local plan
  plan, wrong = handout.plan(a, key, students)
  if not plan then return nil, wrong end
  local before = not given.replace and handout.other_numbers(plan, given.o)
  if before then
    local advice = "another key, or a changed assignment; --replace hands out the new ones"
    return nil, ("%s has other numbers or questions than would be handed out now (%s)"):format(before, advice)
  end
  return plan, nil, a
end

local function tell(done, given, count)
  local parts = {}
  for _, how in ipairs { "new", "changed", "same" } do
    if done[how] > 0 then parts[#parts + 1] = ("%d %s"):format(done[how], how == "same" and "as they were" or how) end
  end
  print(("%s: %d student%s, %s"):format(given.o, count, count == 1 and "" or "s", table.concat(parts, ", ")))
  for _, path in ipairs(done.kept) do
    print(("%s is not as in the starter files, and stays"):format(path))
  end
  print(
    ("the reference's answers: %s/answers.json, which stays with you, as the course key does"):format(
      (given[1]:gsub("(.)/+$", "%1"))
    )
  )
end

return function(...)
  local given, wrong = arguments.read(
    { ... },
    { roster = "value", o = "value", key = "value", replace = "flag", help = "flag", h = "flag" }
  )
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  if #given ~= 1 then return refuse(#given == 0 and "say which assignment" or "one assignment is expected") end
  if not given.roster then return refuse "--roster FILE.csv says who gets it" end
  if not given.o or given.o == "" then return refuse "-o DIR says where the folders go" end
  given.o = given.o:gsub("(.)/+$", "%1")
  local plan, reason, a = prepare(given)
  if not plan then return fail(reason) end
  local ok, done = pcall(handout.write, a, plan, given.o)
  if not ok then return fail(done) end
  tell(done, given, #plan)
  local untold = handout.untold(a, plan[1].numbers)
  if #untold > 0 then
    local what = "names that checks ask for, but no `defines`, so that task.md does not tell of them"
    io.stderr:write(("gradus: hand-out: %s: %s\n"):format(what, table.concat(untold, ", ")))
  end
  return fine
end
