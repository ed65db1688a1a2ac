--- handout: an assignment as folders, one for each student, and what stays with the teacher.
---
---   DIR/s001/task.md numbers.lua instance.json visible.lua answer.lua ...     for the student s001
---   ASSIGNMENT/course.key answers.json                                        for the teacher
---
--- The same key gives the same bytes: a second run changes nothing, and a new student in the roster adds a folder.
local answers = require "gradus.answers"
local ask = require "gradus.ask"
local assignment_folder = require "gradus.assignment_folder"
local core = require "gradus.core"
local instance = require "gradus.instance"
local marking = require "gradus.marking"
local options = require "gradus.options"
local plain = require "gradus.plain"
local put = require "gradus.put"
local record = require "gradus.record"

local handout = {}

-- ---- The key

--- The key in a file; nil and what is wrong.
---@param path string
---@return string?, string?
function handout.read_key(path)
  local text, wrong = record.read_file(path)
  if not text then return nil, wrong end
  local key = instance.read_key(text)
  return key, not key and ("%s: it is no course key: 64 hexadecimal digits are expected"):format(path) or nil
end

local lost = "%s is not there, but %s/answers.json shows that numbers were handed out: put the key back, or take answers.json away to "
  .. "begin anew with other numbers"

--- The key in a file, which is made when it is not there; nil and what is wrong.
---@param path string
---@param folder? string   of the assignment whose own key it is: of one that was handed out none is made
---@return string?, string?
function handout.key(path, folder)
  if record.read_file(path) then return handout.read_key(path) end
  if folder and core.exists(folder .. "/answers.json") then return nil, lost:format(path, folder) end
  local key = instance.new_key()
  local ok, wrong = pcall(core.append_private, path, key .. "\n") -- its owner's alone
  if not ok then return nil, wrong end
  return instance.read_key(record.read_file(path) or ""), path .. ": another program has written to it" -- at the same moment
end

local function full_path(path)
  local ok, full = pcall(core.full_path, path)
  return ok and full or nil
end

--- Whether the path lies in the folder, or is it; of what is not there yet, the first folder above it that is.
---@param path string
---@param folder string
---@return boolean
function handout.is_inside(path, folder)
  local outer, inner = full_path(folder), full_path(path)
  while not inner do
    path = path:match "^(.*)/[^/]*$" or "."
    inner = full_path(path == "" and "/" or path)
  end
  return outer ~= nil and (inner .. "/"):sub(1, #outer + 1) == outer:gsub("/$", "") .. "/"
end

--- Why nothing may be written to `to`: what is secret would lie in it, or it in what is copied. nil when it may.
---@param assignment table
---@param key_path string
---@param to string
---@return string?
function handout.wrong_place(assignment, key_path, to)
  if handout.is_inside(key_path, to) then
    return ("the course key %s would lie inside %s, which is handed out: choose another folder for -o, or for --key"):format(
      key_path,
      to
    )
  elseif handout.is_inside(assignment.folder, to) then
    return ("the assignment %s lies inside %s, which is handed out: choose another folder for -o"):format(
      assignment.folder,
      to
    )
  elseif handout.is_inside(to, ("%s/%s"):format(assignment.folder, assignment.starter)) then
    return ("%s lies inside the starter files: choose another folder for -o"):format(to)
  end
  return nil
end

-- ---- The task

local task_foot = [[
---

Write what is asked for into `%s`. `local numbers = require "numbers"` gives your numbers (`numbers.%s`, and so on); they are yours alone.
Run `gradus check` in this folder: it says at once what is right so far, and what is not.
`gradus help student` tells the rest, also how to hand in. 한국어: `gradus help 학생`.
]]

local function question_text(question, numbers)
  local text = question.text
  if type(text) == "function" then text = text(answers.copy(numbers)) end
  local names = {}
  for i, name in ipairs(question.defines) do
    names[i] = ("`%s`"):format(name)
  end
  local title = question.title ~= question.name and ("%s: %s"):format(question.name, question.title) or question.name
  local parts = { ("## %s (%g point%s)"):format(title, question.points, question.points == 1 and "" or "s") }
  if text ~= "" then parts[#parts + 1] = (text:gsub("%s+$", "")) end
  local own = {}
  for i, name in ipairs(options.sorted_keys(numbers)) do
    own[i] = ("`numbers.%s.%s`"):format(question.name, name)
  end
  if #own > 0 then parts[#parts + 1] = ("Your numbers: %s"):format(table.concat(own, ", ")) end
  if #names > 0 then parts[#parts + 1] = ("Define: %s"):format(table.concat(names, ", ")) end
  return table.concat(parts, "\n\n")
end

local function task_text(assignment, one)
  local student = one.student.name ~= "" and ("%s (%s)"):format(one.student.name, one.student.id) or one.student.id
  local parts = { ("# %s"):format(assignment.title), student }
  if assignment.text ~= "" then parts[#parts + 1] = (assignment.text:gsub("%s+$", "")) end
  for _, question in ipairs(assignment.questions) do
    parts[#parts + 1] = question_text(question, one.numbers[question.name])
  end
  parts[#parts + 1] = task_foot:format(assignment.file, assignment.questions[1].name)
  return table.concat(parts, "\n\n")
end

-- ---- The reference solution

--- What the reference solution says to these calls.
local function asker(assignment, one)
  return function(calls)
    local name = ("%s/%s"):format(assignment.folder, assignment.reference)
    local job = {
      folder = assignment.folder,
      text = assignment.reference_text,
      name = name,
      numbers = one.numbers,
      calls = calls,
    }
    return ask.here(job)
  end
end

--- The questions without the checks of runs that only students record.
local function without_runs(questions)
  local list = {}
  for i, question in ipairs(questions) do
    local checks = {}
    for _, check in ipairs(question.checks) do
      if check.kind ~= "replays" then checks[#checks + 1] = check end
    end
    list[i] = { name = question.name, title = question.title, checks = checks }
  end
  return list
end

--- Why the reference solution does not get full marks with these numbers; nil when it does.
local function wrong_reference(assignment, one)
  local file = ("%s/%s"):format(assignment.folder, assignment.reference)
  local reference, wrong = answers.load(assignment.reference_text, file, one.numbers)
  if not reference then return wrong end
  local questions = without_runs(assignment.questions)
  local marks =
    marking.mark { questions = questions, numbers = one.numbers, reference = reference, ask = asker(assignment, one) }
  for _, question in ipairs(marks.questions) do
    for _, result in ipairs(question.results) do
      if result.points < result.of then
        local text = "with the numbers of %s the reference solution gets %g of %g points for '%s' of %s: %s"
        return text:format(one.student.id, result.points, result.of, result.title, question.name, result.said)
      end
    end
  end
  return nil
end

--- What the reference solution defines, by question, for the teacher.
local function reference_answers(assignment, one)
  local by_question = {}
  for _, question in ipairs(assignment.questions) do
    local calls, own = {}, {}
    for i, name in ipairs(question.defines) do
      calls[i] = { name = name }
    end
    local list = asker(assignment, one)(calls)
    for i, said in ipairs(list) do
      local value = said.value
      if value == nil then value = said.is == "function" and "(a function)" or "(missing)" end
      own[question.defines[i]] = plain.of(value, "answers")
    end
    by_question[question.name] = own
  end
  return by_question
end

-- ---- What is written

--- What a student begins with, by path; nil and what is wrong. Links may lead anywhere: what is secret is known by what it says.
local function starter_files(assignment, key)
  local folder, files = ("%s/%s"):format(assignment.folder, assignment.starter), {}
  local own = { ["task.md"] = true, ["numbers.lua"] = true, ["instance.json"] = true, ["visible.lua"] = true }
  for _, path in ipairs(assignment_folder.files(folder)) do
    local text, wrong = record.read_file(("%s/%s"):format(folder, path))
    if not text then return nil, wrong end
    if own[path] then return nil, ("%s/%s: students get another file of that name"):format(folder, path) end
    if text == assignment.reference_text or text:lower():find(key, 1, true) then
      local secret = text == assignment.reference_text and "is the reference solution itself" or "holds the course key"
      return nil, ("%s/%s %s: it would be handed out"):format(folder, path, secret)
    end
    files[#files + 1] = { path = path, text = text }
  end
  return files
end

--- Names that checks ask for and no question defines: students are not told of them. { "det (q1)", ... }
---@param assignment table
---@param numbers table   of any student
---@return string[]
function handout.untold(assignment, numbers)
  local told, list = {}, {}
  for _, question in ipairs(assignment.questions) do
    for _, name in ipairs(question.defines) do
      told[name] = true
    end
  end
  for _, question in ipairs(assignment.questions) do
    for _, check in ipairs(question.checks) do
      for _, call in ipairs(check.calls(answers.copy(numbers[question.name]))) do
        if not call.replay and not told[call.name] then
          told[call.name] = true
          list[#list + 1] = ("%s (%s)"):format(call.name, question.name)
        end
      end
    end
  end
  return list
end

--- Everything that is to be written, before anything is: { student, sums, files = { { path, text }, ... }, answers } a student.
--- nil and what is wrong.
---@param assignment table
---@param key string
---@param students table[]
---@return table[]?, string?
function handout.plan(assignment, key, students)
  local plan = {}
  local starters, wrong = starter_files(assignment, key)
  if not starters then return nil, wrong end
  for i, student in ipairs(students) do
    local ok, one = pcall(instance.make, assignment, key, student)
    if not ok then return nil, ("%s/assignment.lua: %s"):format(assignment.folder, one) end
    wrong = wrong_reference(assignment, one)
    if wrong then return nil, wrong end
    local files = {
      { path = "task.md", text = task_text(assignment, one) },
      { path = "numbers.lua", text = instance.to_lua(one) },
      { path = "instance.json", text = instance.to_json(one) },
      { path = "visible.lua", text = assignment.visible_text },
    }
    plan[i] = {
      student = student,
      sums = one.sums,
      files = files,
      starters = starters,
      answers = reference_answers(assignment, one),
      numbers = one.numbers,
    }
  end
  return plan
end

--- The folder of a student who has other numbers of this assignment already; nil when nobody has.
---@param plan table[]
---@param to string
---@return string?
function handout.other_numbers(plan, to)
  for _, one in ipairs(plan) do
    local folder = ("%s/%s"):format(to, one.student.id)
    local text = record.read_file(folder .. "/instance.json")
    for _, file in ipairs(text and one.files or {}) do
      if file.path == "instance.json" and file.text ~= text then return folder end
    end
  end
  return nil
end

--- Writes a student's folder: "new", "changed" or "same", and the starter files that the student has changed, which stay.
local function write_student(one, folder)
  local is_new = record.read_file(folder .. "/instance.json") == nil
  local changed, kept = false, {}
  for _, file in ipairs(one.files) do
    changed = put(("%s/%s"):format(folder, file.path), file.text) or changed
  end
  for _, file in ipairs(one.starters) do
    local path = ("%s/%s"):format(folder, file.path)
    local there = record.read_file(path)
    if not there then
      changed = put(path, file.text) or changed
    elseif there ~= file.text then
      kept[#kept + 1] = path
    end
  end
  return is_new and "new" or changed and "changed" or "same", kept
end

--- Students of before who are not in this plan stay: a trial with another roster forgets nobody.
local function students_of_before(assignment)
  local text = record.read_file(assignment.folder .. "/answers.json")
  local about = text and core.json_decode(text)
  return type(about) == "table" and type(about.students) == "table" and about.students or {}
end

local function answers_text(assignment, plan)
  local students = students_of_before(assignment)
  for _, one in ipairs(plan) do
    students[one.student.id] = { name = one.student.name, numbers = one.sums, answers = one.answers }
  end
  return core.json_encode({ assignment = assignment.name, students = students }, true) .. "\n"
end

--- Writes all folders, and the teacher's answers.json. Raises when the disk does not take them.
---@param assignment table
---@param plan table[]
---@param to string
---@return { new: integer, changed: integer, same: integer, kept: string[] }
function handout.write(assignment, plan, to)
  local done = { new = 0, changed = 0, same = 0, kept = {} }
  for _, one in ipairs(plan) do
    local how, kept = write_student(one, ("%s/%s"):format(to, one.student.id))
    done[how] = done[how] + 1
    table.move(kept, 1, #kept, #done.kept + 1, done.kept)
  end
  put(assignment.folder .. "/answers.json", answers_text(assignment, plan), true)
  return done
end

return handout
