--- enrolled: who takes part in an assignment, and what each was handed out.
---
---   local class, wrong = enrolled.read(assignment, key, "roster.csv")
---   class[i]            { id, name, instance }, by id
---   class.by_id.s001
---
--- With answers.json missing, numbers are not compared with those that were handed out, and copied values are not found.
---
--- Who they are is told by a roster, or by the answers.json that `gradus hand-out` left. Numbers are drawn from the key again, and must be
--- those that were handed out: what an instance.json says that comes back from a student counts for nothing.
local core = require "gradus.core"
local instance = require "gradus.instance"
local record = require "gradus.record"
local roster = require "gradus.roster"

local enrolled = {}

local function is_whole(about)
  if type(about) ~= "table" or type(about.students) ~= "table" then return false end
  for id, one in pairs(about.students) do
    if type(id) ~= "string" or type(one) ~= "table" or type(one.numbers) ~= "table" then return false end
  end
  return true
end

--- What hand-out noted by id: { name, numbers, answers }, nil when it did not; second, what is wrong with it.
local function read_noted(folder)
  local path = folder .. "/answers.json"
  if not core.exists(path) then return nil end
  local text, wrong = record.read_file(path)
  if not text then return nil, wrong end
  local about
  about, wrong = core.json_decode(text)
  if is_whole(about) then return about.students end
  return nil, ("%s: %s"):format(path, wrong or "it is not as gradus hand-out wrote it")
end

--- The students of hand-out's note.
local function students_of(noted)
  local list = {}
  for id, about in pairs(noted) do
    list[#list + 1] = { id = id, name = type(about.name) == "string" and about.name or "" }
  end
  return list
end

local other_numbers = "the numbers of %s for %s are not those that were handed out: the key, the assignment's name, or draw in "
  .. "assignment.lua is another now; take back the change, or hand out again (--replace)"

--- A question whose numbers are others than were handed out; nil when there is none. One that came later was never handed out.
local function changed_question(one, noted)
  for _, question in ipairs(one.questions) do
    local before = noted.numbers[question.name]
    if before and before ~= one.sums[question.name] then return question.name end
  end
  return nil
end

--- Draws a student's numbers; nil and what is wrong when they are others than were handed out.
local function enroll(assignment, key, student, noted)
  local ok, one = pcall(instance.make, assignment, key, student)
  if not ok then return nil, ("%s/assignment.lua: %s"):format(assignment.folder, one) end
  local before = noted and noted[student.id]
  local changed = before and changed_question(one, before)
  if changed then return nil, other_numbers:format(student.id, changed) end
  return { id = student.id, name = student.name, instance = one, answers = before and before.answers }
end

--- Everyone who takes part: { id, name, instance, answers (of the reference, by question) }; nil and what is wrong.
---@param assignment table   as assignment_folder.read gives it
---@param key string
---@param roster_path? string
---@return table?, string?
function enrolled.read(assignment, key, roster_path)
  local noted, wrong = read_noted(assignment.folder)
  if wrong then return nil, wrong end
  local students = noted and students_of(noted)
  if roster_path then
    students, wrong = roster.read(roster_path)
  elseif not students or #students == 0 then
    wrong = assignment.folder
      .. "/answers.json of gradus hand-out says who takes part; without it do so: --roster FILE.csv"
    students = nil
  end
  if not students then return nil, wrong end
  table.sort(students, function(a, b) return a.id < b.id end)
  local class = { by_id = {} }
  for i, student in ipairs(students) do
    class[i], wrong = enroll(assignment, key, student, noted)
    if not class[i] then return nil, wrong end
    class.by_id[student.id] = class[i]
  end
  return class
end

return enrolled
