--- class_page: the marks of a class on one page for the teacher, which needs nothing but the students' pages beside it.
---
---   core.write_file("index.html", class_page.html { assignment = assignment, records = records, alike = similar.pairs(texts) })
---   core.write_file("class.json", core.json_encode(class_figures.of(records)))
local class_figures = require "gradus.class_figures"
local core = require "gradus.core"
local digest = require "gradus.digest"
local excerpt = require "gradus.excerpt"
local histogram_svg = require "gradus.histogram_svg"
local html = require "gradus.html"
local options = require "gradus.options"
local parts = require "gradus.marks_parts"

local e = html.element

local class_page = {}

local few_ids = 12 -- more are folded away
local most_pairs = 200 -- of near-identical answers that are listed
local note_length = 300 -- bytes of a reason or a note

-- ---- Students

local link = parts.link

local function links(ids)
  local list = {}
  for i, id in ipairs(ids) do
    list[2 * i - 1], list[2 * i] = link(id), i < #ids and " " or ""
  end
  if #ids <= few_ids then return list end
  return e("details", nil, e("summary", nil, ("%d students"):format(#ids)), list)
end

local function wide(head, rows, class)
  local titles = {}
  for i, title in ipairs(head) do
    titles[i] = e("th", nil, title)
  end
  local table_element = e("table", { class = class }, e("thead", nil, e("tr", nil, titles)), e("tbody", nil, rows))
  return e("div", { class = "wide" }, table_element)
end

local function cells(...)
  local list = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    local is_number = type(value) == "number"
    list[i] = e("td", is_number and { class = "number" } or nil, is_number and parts.points(value) or value)
  end
  return e("tr", nil, list)
end

local function section(title, ...) return e("section", nil, e("h2", nil, title), ...) end

-- ---- What stands at the top

local order = { "marked", "stopped", "failed", "refused", "missing" }

local function statuses(figures)
  local list = {}
  for _, status in ipairs(order) do
    local count = figures.counts[status]
    if count > 0 then list[#list + 1] = e("li", nil, e("b", nil, count), " ", parts.status(status)) end
  end
  return e("ul", { class = "counts" }, list)
end

local function statistics(figures)
  local found = figures.points
  if not found then return e("p", nil, "Nobody has handed in.") end
  local text = ("mean %s, median %s, spread %s, least %s, most %s, of %s points; %s handed in"):format(
    parts.figure(found.mean),
    parts.figure(found.median),
    found.std and parts.figure(found.std) or "-",
    parts.points(found.least),
    parts.points(found.most),
    parts.points(figures.of),
    digest.count(found.n, "student")
  )
  return e("p", nil, text)
end

local function points_section(figures)
  local drawing = figures.distribution and e("figure", { class = "chart" }, histogram_svg(figures.distribution)) or nil
  return section("Points", statistics(figures), drawing)
end

-- ---- Questions and checks

local function question_rows(figures)
  local rows = {}
  for i, q in ipairs(figures.questions) do
    local title = excerpt.line(q.title)
    rows[i] = cells(
      excerpt.line(q.name, 64),
      title,
      e("div", { class = "with-bar" }, parts.bar(q.mean, q.of), (" %.0f %%"):format(100 * q.share)),
      ("%s of %s"):format(parts.figure(q.mean), parts.points(q.of)),
      q.full,
      q.part,
      q.none
    )
  end
  return rows
end

local function questions_section(figures)
  local head = { "", "question", "share", "mean", "full", "part", "none" }
  local over = ("Over the %s that ran."):format(digest.count(figures.ran, "answer"))
  return section("Questions", wide(head, question_rows(figures)), e("p", { class = "note" }, over))
end

local function check_rows(figures)
  local rows = {}
  for _, check in ipairs(figures.checks) do
    if #check.missed == 0 then break end
    local hidden = not check.visible and e("span", { class = "note" }, " (hidden)") or ""
    rows[#rows + 1] = cells(
      excerpt.line(check.question, 64),
      { excerpt.line(check.title), hidden },
      e(
        "div",
        { class = "with-bar" },
        parts.bar(#check.missed, check.count),
        (" %d of %d"):format(#check.missed, check.count)
      ),
      check.none,
      check.part,
      links(check.missed)
    )
  end
  return rows
end

local function checks_section(figures)
  local rows = check_rows(figures)
  local right = #figures.checks - #rows
  local note = right > 0 and e("p", { class = "note" }, ("Right everywhere: %s."):format(digest.count(right, "check")))
    or nil
  if #rows == 0 then return section("Who missed what", note) end
  return section("Who missed what", wide({ "", "check", "missed by", "none", "part", "who" }, rows, "missed"), note)
end

-- ---- What needs a look

--- "3-20, 25-31" of one and of the other.
local function range_text(ranges)
  local texts = {}
  for i, range in ipairs(ranges or {}) do
    texts[i] = range[1] == range[2] and tostring(range[1]) or ("%d–%d"):format(range[1], range[2])
  end
  return excerpt.line(table.concat(texts, ", "), 120)
end

--- The share, leading to the two side by side where there is such a page.
local function share_part(pair)
  local text = ("%.0f %%"):format(100 * pair.share)
  return pair.page and e("a", { href = parts.pair_path(pair) }, text) or text
end

--- Ids whose files are one: told however many they are, while pairs leave out what more than half of the class has.
local function identical_section(groups)
  if not groups or #groups == 0 then return nil end
  local items = {}
  for i, ids in ipairs(groups) do
    items[i] = e("li", nil, links(ids))
  end
  return section("The same file", e("ul", nil, items))
end

local function alike_section(alike)
  if not alike then return nil end
  local rows = {}
  for i = 1, math.min(#alike, most_pairs) do
    local pair = alike[i]
    local lines = pair.lines or {}
    rows[i] = cells(
      share_part(pair),
      link(pair.a),
      range_text(lines.a),
      link(pair.b),
      range_text(lines.b),
      pair.short and "short: may be chance" or ""
    )
  end
  if #rows == 0 then return section("Answers that are nearly the same", e("p", nil, "None.")) end
  local rest = #alike - #rows
  local note = rest > 0 and e("p", { class = "note" }, ("%s more in class.json."):format(digest.count(rest, "pair")))
    or nil
  local about =
    "Names, comments, constants and prints aside; the share of the shorter answer that is in the other, too. A reason to look, no proof."
  local head = { "share", "one", "lines", "other", "lines", "" }
  return section("Answers that are nearly the same", e("p", { class = "note" }, about), wide(head, rows, "alike"), note)
end

local function same_numbers_section(groups)
  if #groups == 0 then return nil end
  local items = {}
  for i, group in ipairs(groups) do
    items[i] = e("li", nil, links(group.ids))
  end
  local about = "The numbers that lay beside these answers are one student's."
  return section("The same personal numbers handed in twice", e("p", { class = "note" }, about), e("ul", nil, items))
end

--- Whose values are right on another's numbers, of copied.find.
local function copied_section(list)
  if not list or #list == 0 then return nil end
  local items = {}
  for i, one in ipairs(list) do
    items[i] = e(
      "li",
      nil,
      link(one.id),
      ": ",
      e("code", nil, excerpt.line(one.name, 64)),
      " is what is right for ",
      links(one.whose)
    )
  end
  local about =
    "Numbers are personal: what is right for somebody else was hardly computed from one's own. Of few and whole numbers it may be chance."
  return section("Right for another student", e("p", { class = "note" }, about), e("ul", nil, items))
end

--- A problem may be a sentence, or name a file and the reason.
local function problem_text(problem)
  if type(problem) ~= "table" then return excerpt.line(problem) end
  local file = problem.path or problem.file or problem.name
  local reason = problem.reason or problem.said or ""
  return file and ("%s: %s"):format(excerpt.line(file), excerpt.line(reason)) or excerpt.line(reason)
end

local function problems_section(problems)
  if not problems or #problems == 0 then return nil end
  local items = {}
  for i, problem in ipairs(problems) do
    items[i] = e("li", nil, problem_text(problem))
  end
  return section("Files that were not taken", e("ul", { class = "wrong" }, items))
end

-- ---- Texts

--- What was written for each check of a text: { title, { id, text }, ... }, in the order of the questions.
local function texts_of(records)
  local list, by_place = {}, {}
  for _, record in ipairs(records) do
    for q, question in ipairs(record.questions or {}) do
      for k, result in ipairs(question.results or {}) do
        local place = result.text and ("%d %d"):format(q, k)
        if place and not by_place[place] then
          by_place[place] = { title = result.title, question = question.name, q = q, k = k }
          list[#list + 1] = by_place[place]
        end
        if place then table.insert(by_place[place], { id = record.student.id, text = result.text }) end
      end
    end
  end
  table.sort(list, function(a, b) return a.q == b.q and a.k < b.k or a.q < b.q end)
  return list
end

local longest_text = 20000 -- bytes

local function text_part(one)
  local items = {}
  for i, written in ipairs(one) do
    items[i] = e("div", nil, link(written.id), e("blockquote", nil, (excerpt.lines(written.text, longest_text))))
  end
  local title = ("%s: %s (%d)"):format(excerpt.line(one.question, 64), excerpt.line(one.title), #one)
  return e("details", nil, e("summary", nil, title), items)
end

local function texts_section(records)
  local list, parts_of_it = texts_of(records), {}
  for i, one in ipairs(list) do
    parts_of_it[i] = text_part(one)
  end
  if #list == 0 then return nil end
  local about = "Marks say that a text is there; whether it is any good is for you to read."
  return section("Texts to read", e("p", { class = "note" }, about), parts_of_it)
end

-- ---- All students

--- Why it was not marked, and what the teacher should know.
local function remarks(record)
  local list = {}
  if record.reason then list[1] = e("div", nil, excerpt.line(record.reason, note_length)) end
  for _, note in ipairs(record.notes or {}) do
    list[#list + 1] = e("div", { class = "note" }, excerpt.line(note, note_length))
  end
  return list
end

local function student_row(record, figures)
  local points = {}
  for _, question in ipairs(record.questions or {}) do
    points[question.name] = question.points
  end
  local row =
    { link(record.student.id), excerpt.line(record.student.name, 64), parts.status(record.status), record.points or "" }
  for _, question in ipairs(figures.questions) do
    row[#row + 1] = points[question.name] or ""
  end
  row[#row + 1] = remarks(record)
  return cells(table.unpack(row))
end

local function students_section(records, figures)
  local sorted, rows = table.move(records, 1, #records, 1, {}), {}
  table.sort(sorted, function(a, b) return a.student.id < b.student.id end)
  for i, record in ipairs(sorted) do
    rows[i] = student_row(record, figures)
  end
  local head = { "id", "name", "status", "points" }
  for _, question in ipairs(figures.questions) do
    head[#head + 1] = excerpt.line(question.name, 64)
  end
  head[#head + 1] = ""
  return section("Students", wide(head, rows, "students"))
end

-- ---- The page

--- Walls that stood for every answer, and how many ran without which.
local function walls_of(records)
  local missing, walls = {}, nil
  for _, record in ipairs(records) do
    if record.walls then walls = walls or record.walls end
    local without = record.missing_walls
    if without then missing[without] = (missing[without] or 0) + 1 end
  end
  return walls, missing
end

local function walls_part(given)
  local walls, missing = walls_of(given.records)
  walls = given.walls or walls
  local list = {}
  if walls then
    local text = #walls > 0 and ("Answers ran in the cell: %s."):format(parts.list(walls))
      or "Answers ran without a cell."
    list[1] = e("p", #walls == 0 and { class = "wrong" } or nil, text)
  end
  for _, without in ipairs(options.sorted_keys(missing)) do
    local text = ("%s ran without these walls: %s."):format(
      digest.count(missing[without], "answer"),
      excerpt.line(without)
    )
    list[#list + 1] = e("p", { class = "wrong" }, text)
  end
  return list
end

local function footer(given)
  local took = given.seconds and (" Marking took %s."):format(digest.seconds(given.seconds)) or ""
  return e("footer", nil, walls_part(given), e("p", nil, ("Marked by gradus %s.%s"):format(core.version, took)))
end

--- The page's text. What is given: records; assignment, with its title; alike and identical, of similar.lua; same_numbers, of
--- class_figures, which is made of the records unless given; copied, of copied.find; problems: sentences or { path, reason }; walls, those
--- of the records unless given; seconds.
---@param given table
---@return string
function class_page.html(given)
  local records, figures = given.records, class_figures.of(given.records)
  local same = given.same_numbers or class_figures.same_numbers(records)
  local title = excerpt.line(given.assignment.title)
  local header =
    e("header", nil, e("h1", nil, title), e("p", nil, digest.count(figures.students, "student")), statuses(figures))
  local body = {
    header,
    problems_section(given.problems) or "",
    points_section(figures),
    questions_section(figures),
    checks_section(figures),
    identical_section(given.identical) or "",
    alike_section(given.alike) or "",
    same_numbers_section(same) or "",
    copied_section(given.copied) or "",
    texts_section(records) or "",
    students_section(records, figures),
    footer(given),
  }
  return html.page { title = title, style = parts.style(), body = e("main", { class = "class" }, body) }
end

return class_page
