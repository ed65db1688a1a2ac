--- mark_record: one student's marks, as plain values that JSON holds: what pages show, and what tells that nothing is to be marked anew.
---
---   local one = mark_record.make(job, wait)
---   one.status      "marked"    its checks were judged
---                   "stopped"   its cell ended it; one.reason says why. Questions that could be asked on their own have their points
---                   "failed"    it raised an error, or is no Lua
---                   "refused"   the submission could not be read
---                   "missing"   nothing was handed in
---   one.points, one.of, one.questions[i].results[j]   as marking.lua has them
---   one.notes       for the teacher: what is odd about what was handed in
---   one.made        a hash of all that these marks depend on
local answers = require "gradus.answers"
local ask = require "gradus.ask"
local copied = require "gradus.copied"
local core = require "gradus.core"
local digest = require "gradus.digest"
local facts = require "gradus.facts"
local instance = require "gradus.instance"
local marking = require "gradus.marking"
local rerun = require "gradus.rerun"
local submissions = require "gradus.submissions"

local mark_record = {}

local format = 1
local most_output, most_text = 4000, 1000 -- bytes of what the script printed, and of any other text, that are kept
local most_to_read = 20000 -- of a text that is for people to read
local most_instance = 1 << 20 -- of an instance.json

-- ---- Texts of strangers

--- A text that pages and terminals can show: no control characters, no bytes that are no UTF-8, not endless.
local function clean(text, most)
  local shown, left_out = digest.first(text, most)
  return digest.lines(left_out > 0 and ("%s ... (%d bytes)"):format(shown, #text) or shown)
end

--- The value with every text in it cleaned.
local function cleaned(value)
  if type(value) == "string" then return clean(value, most_text) end
  if type(value) ~= "table" then return value end
  local new = {}
  for key, one in pairs(value) do
    new[key] = key == "text" and type(one) == "string" and clean(one, most_to_read) or cleaned(one)
  end
  return new
end

-- ---- What was handed in

--- A file that lies beside the answer file.
local function beside(read, name) return read.files[(read.file:match "^(.*/)" or "") .. name] end

local odd_instance = {
  changed = "the instance.json that was handed in was changed: %s",
  older = "the instance.json that was handed in is an older one of this student's, with other numbers",
  other = "the instance.json that was handed in is that of %s",
}

--- What is odd about an instance.json that came back; nil when nothing is.
local function odd_about(one, wrong, own)
  if wrong then return odd_instance.changed:format(wrong) end
  if one.student.id ~= own.student.id then return odd_instance.other:format(one.student.id) end
  for name, sum in pairs(own.sums) do
    if one.sums[name] ~= sum then return odd_instance.older end
  end
  return nil
end

--- What is to be told of the numbers that came back, and their hash.
local function look_at_numbers(read, own)
  local notes = table.move(read.notes or {}, 1, #(read.notes or {}), 1, {})
  local text = beside(read, "instance.json")
  local one
  if text then
    local wrong
    if #text <= most_instance then
      one, wrong = instance.from_json(text)
    else
      wrong = ("it has %d bytes"):format(#text)
    end
    notes[#notes + 1] = odd_about(one, wrong, own)
  end
  local numbers = beside(read, "numbers.lua")
  if numbers and numbers ~= instance.to_lua(own) then
    notes[#notes + 1] = "numbers.lua is not as it was handed out; the marks go by what was"
  end
  return notes, one and one.hash
end

-- ---- Marking

--- A recorded run can only be replayed from a folder.
local function wants_folder(questions)
  for _, question in ipairs(questions) do
    for _, check in ipairs(question.checks) do
      if check.kind == "replays" then return true end
    end
  end
  return false
end

--- What the reference solution answers on this student's numbers.
local function reference_of(assignment, own)
  return answers.load(assignment.reference_text, ("%s/%s"):format(assignment.folder, assignment.reference), own.numbers)
end

--- Marks with `ask` for every call; and what the reference solution defines.
local function marks_by(job, asker)
  local own = job.student.instance
  local reference = reference_of(job.assignment, own)
  local marks = marking.mark {
    questions = job.assignment.questions,
    numbers = own.numbers,
    reference = reference,
    ask = asker,
  }
  return marks, reference
end

--- Marks of whom nothing can be asked.
local function marks_of_nothing(job, reason)
  return marks_by(job, function(calls)
    local said = {}
    for i in ipairs(calls) do
      said[i] = { error = reason, stopped = true }
    end
    return said
  end)
end

--- Marks of what was read, how its run ended, and what its values are known by.
local function marks_of_answer(job, read, folder, wait)
  local assignment, own = job.assignment, job.student.instance
  local ended, values
  local marks, reference = marks_by(job, function(calls, groups)
    local said, wrong, how = ask.cell {
      folder = folder,
      text = read.text,
      name = assignment.file,
      numbers = own.numbers,
      calls = calls,
      groups = groups,
      seconds = assignment.seconds,
      memory = assignment.memory,
      trust = job.trust,
      wait = wait,
    }
    ended, values = how, copied.values(calls, said)
    return said, wrong
  end)
  return marks, ended, copied.without(values, reference)
end

local function marks_with_folder(job, read, wait)
  if not wants_folder(job.assignment.questions) then return marks_of_answer(job, read, ".", wait) end
  local place <close> = rerun.new_folder()
  local inside = place.path .. "/handed-in"
  local ok, wrong = submissions.unpack(read, inside)
  if not ok then error(wrong, 0) end
  local folder = ("%s/%s"):format(inside, read.file:match "^(.*)/" or ".")
  return marks_of_answer(job, read, folder, wait)
end

-- ---- The record

--- Everything that the marks depend on, as a hash. Whether walls stood is part of it.
---@param job table
---@param sha256? string   of what was handed in
---@return string
local function hash_of(job, sha256)
  return core.sha256_text(core.json_encode {
    format = format,
    engine = facts.engine(),
    seed = core.settings.seeded and core.settings.seed or false,
    assignment = job.assignment.hash,
    numbers = job.student.instance.hash,
    submission = sha256 or "",
    trust = job.trust or false,
    walls = job.walls,
  })
end

--- Takes out of the marks where judges have stumbled: that is for the teacher.
local function take_troubles(marks)
  local notes = {}
  for _, question in ipairs(marks.questions) do
    for _, result in ipairs(question.results) do
      if result.trouble then
        notes[#notes + 1] = ("the judge of '%s' in %s raised an error: %s"):format(
          result.title,
          question.name,
          result.trouble
        )
      end
      result.trouble = nil
    end
  end
  return notes
end

local function new(job, status, marks, reason)
  local student = job.student
  return {
    format = format,
    engine = core.version,
    assignment = { name = job.assignment.name, title = job.assignment.title },
    student = { id = student.id, name = student.name },
    status = status,
    reason = reason,
    points = marks.points,
    of = marks.of,
    questions = marks.questions,
    notes = take_troubles(marks),
  }
end

local function unread(job, status, reason, made)
  local one = new(job, status, marks_of_nothing(job, reason), reason)
  if job.entry then one.submission = { path = job.entry.path, kind = job.entry.kind } end
  one = cleaned(one)
  one.made = made
  return one
end

local statuses = { finished = "marked", failed = "failed", stopped = "stopped" }

local function record_of(job, read, made, wait)
  local marks, ended, values = marks_with_folder(job, read, wait)
  local status = marks.wrong and "failed" or statuses[ended.status]
  local one = new(job, status, marks, marks.wrong or ended.reason)
  one.submission = { path = job.entry.path, kind = job.entry.kind, file = read.file, sha256 = read.sha256 }
  local odd
  odd, one.same_numbers = look_at_numbers(read, job.student.instance)
  table.move(odd, 1, #odd, #one.notes + 1, one.notes)
  one.walls, one.missing_walls, one.seconds = ended.walls, ended.missing, ended.seconds
  one = cleaned(one)
  one.output, one.values, one.made = clean(ended.output, most_output), values, made
  return one
end

--- The record of before; what was handed in may be called otherwise now.
local function kept(job)
  local submission = job.before.submission
  if submission then
    submission.path, submission.kind = cleaned(job.entry.path), job.entry.kind
  end
  return job.before
end

--- The marks of a student; those of `before` when nothing has changed since, and the text of the answer.
--- job: { assignment, student (of enrolled.lua), entry (of submissions.lua, nil when nothing was handed in), before, again, trust, walls }
--- Raises what goes wrong in the marker itself.
---@param job table
---@param wait fun(cell: table): table
---@return table record, string? text
function mark_record.make(job, wait)
  local read, reason
  if job.entry and not job.entry.refused then
    read, reason = submissions.read(job.entry, job.assignment.file)
  elseif job.entry then
    reason = job.entry.refused
  end
  local made = hash_of(job, read and read.sha256 or reason)
  if job.before and job.before.made == made and not job.again then return kept(job), read and read.text end
  if not job.entry then return unread(job, "missing", "nothing was handed in", made) end
  if not read then return unread(job, "refused", reason, made) end
  return record_of(job, read, made, wait), read.text
end

--- The record of a student whom the marker could not mark. It counts as made from nothing, so that the next run tries again.
---@param job table
---@param reason string
---@return table
function mark_record.unmarked(job, reason)
  return unread(job, "refused", ("it could not be marked: %s"):format(reason), "")
end

return mark_record
