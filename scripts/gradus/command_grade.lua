--- command_grade: gradus grade ASSIGNMENT SUBMISSIONS -o DIR [-j N]. Marks a class.
local arguments = require "gradus.arguments"
local assignment_folder = require "gradus.assignment_folder"
local cell = require "gradus.cell"
local core = require "gradus.core"
local digest = require "gradus.digest"
local enrolled = require "gradus.enrolled"
local grade = require "gradus.grade"
local guard = require "gradus.guard"
local handout = require "gradus.handout"
local marks_words = require "gradus.marks_words"
local processors = require "gradus.processors"
local record = require "gradus.record"
local submissions = require "gradus.submissions"

local fine, failed, usage_error, interrupted = 0, 1, 2, 130 -- exit statuses

local usage = [[
usage: gradus grade ASSIGNMENT SUBMISSIONS -o DIR [-j N] [--roster FILE.csv] [--key FILE] [--again IDS]
                    [--language ko] [--hide-hidden] [--trust]

Marks what a class handed in, each answer in a cell of its own: it sees no file and no other process, and is over when its time is.
Whoever starts this again marks only what is new or has changed, and goes on where it was stopped.

ASSIGNMENT      the folder that was handed out from
SUBMISSIONS     a folder with a file, a folder, a .zip or a .tar.gz for each student, whose id stands in its name: s001.lua
-o DIR          marks.csv, a page for the class (index.html), a page for each student (students/s001.html)
-j N            so many answers at once (one for each processor)
--roster FILE   who takes part; without it everyone to whom the assignment was handed out
--key FILE      the course key (ASSIGNMENT/course.key)
--again IDS     marks these anew, whatever has changed: s001,s002 or all
--language X    of students' pages: en, ko (en); what checks say is as the assignment has it
--hide-hidden   students' pages tell of hidden checks their points alone, as long as answers may still be handed in
--trust         marks even where walls of the cell are missing, which the pages then say
exit status: 0 all were marked, 1 they could not be, 2 the command line is wrong, 130 interrupted]]

local function refuse(message)
  io.stderr:write(("gradus: grade: %s\n%s\n"):format(message, usage))
  return usage_error
end

local function fail(message)
  io.stderr:write(("gradus: grade: %s\n"):format(digest.lines(tostring(message))))
  return failed
end

local function folder_of(word) return (word:gsub("(.)/+$", "%1")) end

-- ---- What there is

--- The texts of the files that students began with.
local function starters_of(assignment)
  local texts, folder = {}, ("%s/%s"):format(assignment.folder, assignment.starter)
  for i, path in ipairs(assignment_folder.files(folder)) do
    texts[i] = record.read_file(("%s/%s"):format(folder, path)) or ""
  end
  return texts
end

local nothing = "%s: nothing in it belongs to anybody who takes part: ids stand in the names, as in %s.lua"

--- What each handed in, by id, and what was not taken; nil and what is wrong.
local function read_submissions(folder, class)
  local ids = {}
  for i, student in ipairs(class) do
    ids[i] = student.id
  end
  local entries, problems = submissions.list(folder, ids)
  if not entries then return nil, problems end
  local by_id = {}
  for _, entry in ipairs(entries) do
    by_id[entry.id] = entry
  end
  for _, problem in ipairs(problems) do -- what nobody can read was handed in all the same
    local id = problem.id
    if id and not by_id[id] then
      by_id[id] = { id = id, path = problem.path, kind = "other", refused = problem.reason }
    end
  end
  if next(by_id) == nil then return nil, nothing:format(folder, ids[1]) end
  return by_id, problems
end

--- The class with what each handed in; nil and what is wrong.
local function read_class(assignment, given)
  local key, wrong = handout.read_key(given.key or assignment.folder .. "/course.key")
  if not key then return nil, wrong end
  local class
  class, wrong = enrolled.read(assignment, key, given.roster)
  if not class then return nil, wrong end
  local entries, problems = read_submissions(folder_of(given[2]), class)
  if not entries then return nil, problems end
  return { class = class, entries = entries, problems = problems }
end

--- The walls that stand here. Raises where some are missing and are not trusted to be needless.
local function look_at_walls(trust)
  local tried = cell.run { name = "walls", script = "", trust = trust }
  return tried.walls, tried.missing
end

--- Whom --again names, by id; nil and what is wrong.
local function read_again(text, class)
  local again = {}
  for id in (text or ""):gmatch "[^,%s]+" do
    if id ~= "all" and not class.by_id[id] then
      return nil, ("--again: nobody who takes part is called '%s'"):format(id)
    end
    again[id] = true
  end
  return again
end

--- Why marks may not go there; nil when they may.
local function wrong_place(assignment, given)
  local to, submitted = folder_of(given.o), folder_of(given[2])
  if handout.is_inside(to, submitted) then
    return ("%s lies in the submissions, which marks would be taken for: choose another folder for -o"):format(to)
  end
  local starter = ("%s/%s"):format(assignment.folder, assignment.starter)
  if handout.is_inside(assignment.folder, to) or handout.is_inside(to, starter) then
    return ("%s holds the assignment: choose another folder for -o"):format(to)
  end
  return nil
end

local function prepare(given)
  local assignment, wrong = assignment_folder.read(folder_of(given[1]))
  if not assignment then return nil, wrong end
  assignment.hash = grade.hash_of(assignment.folder)
  local job
  job, wrong = read_class(assignment, given)
  if not job then return nil, wrong end
  wrong = wrong_place(assignment, given)
  if wrong then return nil, wrong end
  job.again, wrong = read_again(given.again, job.class)
  if not job.again then return nil, wrong end
  job.assignment, job.to, job.jobs, job.trust = assignment, folder_of(given.o), given.j, given.trust or false
  job.language, job.hide_hidden = given.language, given["hide-hidden"]
  job.starters = starters_of(assignment)
  job.walls, job.missing = look_at_walls(job.trust)
  return job
end

-- ---- What is told

--- How far it is, on a terminal.
local function show(done, of)
  if core.settings.quiet or not core.terminal() then return end
  io.stderr:write(("\r%d of %d\27[K%s"):format(done, of, done == of and "\r\27[K" or ""))
end

local told_statuses = { "marked", "stopped", "failed", "refused", "missing" }

local function count_text(records)
  local counts, parts = {}, {}
  for _, one in ipairs(records) do
    counts[one.status] = (counts[one.status] or 0) + 1
  end
  for _, status in ipairs(told_statuses) do
    if counts[status] then parts[#parts + 1] = ("%d %s"):format(counts[status], status) end
  end
  return table.concat(parts, ", ")
end

--- Over those who handed in, as the page has it.
local function tell_mean(records)
  local sum, count = 0, 0
  for _, one in ipairs(records) do
    if one.status ~= "missing" then
      sum, count = sum + one.points, count + 1
    end
  end
  print(("mean %.4g of %.4g points, over the %d that handed in"):format(sum / count, records[1].of, count))
end

local function tell_odd(class)
  local odd = { { #class.alike, "pair of near-identical answers", "pairs of near-identical answers" } }
  odd[4] = { #class.identical, "file was handed in by several students", "files were handed in by several students" }
  odd[2] =
    { #class.same_numbers, "set of personal numbers came back twice", "sets of personal numbers came back twice" }
  odd[3] = { #class.copied, "value is right for another student", "values are right for another student" }
  for _, one in ipairs(odd) do
    if one[1] > 0 then print(("%d %s"):format(one[1], one[1] == 1 and one[2] or one[3])) end
  end
  for _, problem in ipairs(class.problems) do
    io.stderr:write(("gradus: grade: %s: %s\n"):format(digest.line(problem.path), digest.line(problem.reason)))
  end
end

local function tell(job, class, anew)
  local records = class.records
  print(
    ("%s: %s: %s"):format(digest.line(job.assignment.title), digest.count(#records, "student"), count_text(records))
  )
  tell_mean(records)
  tell_odd(class)
  if anew < #records then print(("%d marked anew; the others are as they were"):format(anew)) end
  local missing = job.missing and ("; missing: " .. job.missing) or ""
  print(("walls of the cell: %s%s"):format(table.concat(job.walls, ", "), missing))
  print(("%s/marks.csv, %s/index.html, and a page for each student in %s/students"):format(job.to, job.to, job.to))
end

-- ---- The command

local known = { o = "value", j = "value", roster = "value", key = "value", again = "value", language = "value" }
for _, name in ipairs { "trust", "hide-hidden", "help", "h" } do
  known[name] = "flag"
end

--- The words of the command line; nil and what is wrong.
local function read_words(words)
  local given, wrong = arguments.read(words, known)
  if not given or given.help or given.h then return given, wrong end
  if #given ~= 2 then return nil, "an assignment and a folder of submissions are expected" end
  if not given.o or given.o == "" then return nil, "-o DIR says where the marks go" end
  given.language = given.language or "en"
  if not marks_words[given.language] then
    return nil, ("--language is one of en, ko, got '%s'"):format(given.language)
  end
  local jobs = given.j and math.tointeger(tonumber(given.j)) or not given.j and processors()
  if not jobs or jobs < 1 then return nil, ("-j wants a whole number from 1 on, got '%s'"):format(given.j) end
  given.j = jobs
  return given
end

return function(...)
  local given, wrong = read_words { ... }
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  local ready, job, reason = guard(prepare, given)
  if not ready or not job then return fail(not ready and job or reason) end
  job.tell = show
  local class, anew
  local ended, message, stopped = core.attempt(function()
    class, anew = grade.class(job)
  end)
  if stopped then
    io.stderr:write "gradus: grade: interrupted; who starts it again goes on from here\n"
    return interrupted
  end
  if not ended then return fail(message) end
  tell(job, class, anew)
  return fine
end
