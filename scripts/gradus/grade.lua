--- grade: a whole class, marked into a folder.
---
---   DIR/marks.csv              a line for each student
---   DIR/index.html class.json  the class: distribution, questions, who failed where, answers that are alike        for the teacher
---   DIR/alike/s001+s007.html   two answers side by side                                                            for the teacher
---   DIR/students/s001.html     a page for each student, and the same as JSON                                       for the student
---   DIR/records/s001.json      all that is known of the marks, which says what need not be marked again            for the teacher
---
--- Each student is written as soon as marked: who stops this and starts it again goes on where it was.
local abreast = require "gradus.abreast"
local alike_page = require "gradus.alike_page"
local class_figures = require "gradus.class_figures"
local class_page = require "gradus.class_page"
local copied = require "gradus.copied"
local core = require "gradus.core"
local digest = require "gradus.digest"
local guard = require "gradus.guard"
local mark_record = require "gradus.mark_record"
local marks_csv = require "gradus.marks_csv"
local marks_page = require "gradus.marks_page"
local put = require "gradus.put"
local record = require "gradus.record"
local similar = require "gradus.similar"

local grade = {}

-- ---- What marks depend on

local no_matter = { ["answers.json"] = true, ["course.key"] = true, ["roster.csv"] = true, ["README.md"] = true }

--- A hash of the files of an assignment that may change marks: all that lie in its folder, but for who takes part and the key, whose
--- doing is in everyone's numbers.
---@param folder string
---@return string
function grade.hash_of(folder)
  local names = {}
  for _, name in ipairs(core.list_folder(folder)) do
    if not no_matter[name] and core.is_file(("%s/%s"):format(folder, name)) then names[#names + 1] = name end
  end
  table.sort(names)
  local parts = {}
  for i, name in ipairs(names) do
    parts[i] = ("%s %s"):format(name, core.sha256_text(record.read_file(("%s/%s"):format(folder, name)) or ""))
  end
  return core.sha256_text(table.concat(parts, "\n"))
end

-- ---- Records

local function json(value) return core.json_encode(value, true) .. "\n" end

local function record_path(to, id) return ("%s/records/%s.json"):format(to, id) end

local kinds = { made = "string", status = "string", student = "table", questions = "table", assignment = "table" }

--- A record that was written before; nil when there is none that can be used.
local function read_before(to, id)
  local text = record.read_file(record_path(to, id))
  local one = text and core.json_decode(text)
  if type(one) ~= "table" or type(one.points) ~= "number" or type(one.of) ~= "number" then return nil end
  for name, kind in pairs(kinds) do
    if type(one[name]) ~= kind then return nil end
  end
  return one.student.id == id and one or nil
end

--- Marks in the folder of people who take part no more.
local function forgotten(to, class)
  local list = {}
  for _, name in ipairs(core.list_folder(to .. "/records")) do
    local id = name:match "^(.*)%.json$"
    if id and not class.by_id[id] then
      local reason = "its student takes part no more; it was left as it is"
      list[#list + 1] = { path = ("%s/students/%s.html"):format(to, id), reason = reason }
    end
  end
  table.sort(list, function(a, b) return a.path < b.path end)
  return list
end

local function write_student(job, one)
  local path = ("%s/students/%s"):format(job.to, one.student.id)
  local record_text = json(one)
  one.hide_hidden = job.hide_hidden
  put(path .. ".html", marks_page.html(one, { language = job.language }))
  put(path .. ".json", json(marks_page.for_student(one)))
  put(record_path(job.to, one.student.id), record_text, true) -- last: it says that the others are there
end

-- ---- Marking

--- Marks everyone; `job.tell(done, of, record)` hears of each. Gives the records, how many were marked anew, and the answers' texts.
local function mark_all(job)
  local records, texts, anew, done = {}, {}, 0, 0
  local tasks = {}
  for i, student in ipairs(job.class) do
    tasks[i] = { at = i, student = student, entry = job.entries[student.id] }
    tasks[i].assignment, tasks[i].trust, tasks[i].walls = job.assignment, job.trust, job.walls
    tasks[i].before, tasks[i].again = read_before(job.to, student.id), job.again.all or job.again[student.id]
  end
  local function work(task, wait)
    local ok, one, text = guard(mark_record.make, task, wait)
    if not ok then
      one, text = mark_record.unmarked(task, tostring(one)), nil
    end
    return { record = one, text = text }
  end
  abreast.run(tasks, job.jobs, work, function(task, result)
    local one = result.record
    records[task.at], done = one, done + 1
    if result.text then texts[#texts + 1] = { id = one.student.id, text = result.text, base = job.starters } end
    if one ~= task.before then anew = anew + 1 end
    write_student(job, one)
    job.tell(done, #tasks, one)
  end)
  table.sort(texts, function(a, b) return a.id < b.id end)
  return records, anew, texts
end

-- ---- What the class is told

--- A page for each pair of answers that are nearly the same, as far as a teacher can look at them; pages of before go.
local function write_pairs(to, alike, texts)
  local by_id = {}
  for _, one in ipairs(texts) do
    by_id[one.id] = one.text
  end
  local wanted = {}
  for i, pair in ipairs(alike) do
    local path = i <= alike_page.most and alike_page.path(pair) or nil
    pair.page = path
    if path then
      put(("%s/%s"):format(to, path), alike_page.html(pair, by_id[pair.a], by_id[pair.b]))
      wanted[path] = true
    end
  end
  for _, name in ipairs(core.list_folder(to .. "/alike")) do
    if name:find "%.html$" and not wanted["alike/" .. name] then os.remove(("%s/alike/%s"):format(to, name)) end
  end
end

--- The figures of the class, and what is odd about it, for programs.
local function figures_of(class)
  local figures, alike = class_figures.of(class.records), {}
  for i, pair in ipairs(class.alike) do
    alike[i] = { a = pair.a, b = pair.b, share = pair.share, short = pair.short, page = pair.page }
  end
  figures.alike, figures.same_numbers, figures.copied = alike, class.same_numbers, class.copied
  figures.identical = class.identical
  figures.problems = {}
  for i, problem in ipairs(class.problems) do
    figures.problems[i] = { path = digest.line(problem.path), reason = digest.line(problem.reason), id = problem.id }
  end
  figures.walls, figures.missing_walls = class.walls, class.missing_walls
  return figures
end

--- Answers of which only the beginning can be compared with others.
local function add_long(problems, texts)
  for _, one in ipairs(texts) do
    if #one.text > similar.longest then
      local reason = ("its answer has %d bytes: the first %d alone were compared with others"):format(
        #one.text,
        similar.longest
      )
      problems[#problems + 1] = { path = one.id, reason = reason }
    end
  end
end

--- Marks a class, and writes everything.
--- job: { assignment, class, entries (by id), problems, to, jobs, again (by id, or .all), trust, walls, missing,
--- starters (texts), tell,
--- language ("en", "ko") of students' pages, hide_hidden }
--- Gives what class_page.html shows, and how many were marked anew.
--- Raises when the disk does not take a file, or when a cell cannot be started.
---@param job table
---@return table, integer
function grade.class(job)
  local problems = table.move(job.problems, 1, #job.problems, 1, {})
  local old = forgotten(job.to, job.class)
  table.move(old, 1, #old, #problems + 1, problems)
  local records, anew, texts = mark_all(job)
  add_long(problems, texts)
  local class = {
    assignment = { name = job.assignment.name, title = job.assignment.title, questions = job.assignment.questions },
    records = records,
    alike = similar.pairs(texts),
    identical = similar.identical(texts),
    same_numbers = class_figures.same_numbers(records),
    copied = copied.find(job.class, records),
    problems = problems,
    walls = job.walls,
    missing_walls = job.missing,
  }
  write_pairs(job.to, class.alike, texts)
  put(job.to .. "/marks.csv", marks_csv.text(records, job.assignment.questions))
  put(job.to .. "/index.html", class_page.html(class))
  put(job.to .. "/class.json", json(figures_of(class)))
  return class, anew
end

return grade
