--- marks_page: what a student is told of the marking, as a page that needs nothing else.
---
---   core.write_file("students/s001.html", marks_page.html(record, { language = "ko" }))
---   core.write_file("students/s001.json", core.json_encode(marks_page.for_student(record)))
---
--- What is for the teacher alone is not on it. With record.hide_hidden, checks that students could not run show their points alone.
local core = require "gradus.core"
local digest = require "gradus.digest"
local excerpt = require "gradus.excerpt"
local html = require "gradus.html"
local marks_words = require "gradus.marks_words"
local options = require "gradus.options"
local parts = require "gradus.marks_parts"

local e = html.element

local marks_page = {}

local longest = { title = 300, said = 2000, reason = 4000, output = 20000, text = 20000 } -- bytes of a text that are shown

-- ---- What a student may see

--- Fields of a record that are the student's business. What is not named here stays with the teacher.
local shown = {
  "format",
  "engine",
  "assignment",
  "student",
  "submission",
  "status",
  "reason",
  "walls",
  "missing_walls",
  "seconds",
  "output",
  "points",
  "of",
}

local function result_for_student(result, hide)
  local new = { points = result.points, of = result.of, visible = result.visible }
  if hide and not result.visible then return new end
  new.title, new.kind, new.said, new.hint = result.title, result.kind, result.said, result.hint
  new.text = result.text
  return new
end

--- The record without what is the teacher's: notes, same_numbers, and whatever else it holds; with record.hide_hidden, without what
--- hidden checks said and what the script printed, which may be what they asked. What is inside is shared with the record.
---@param record table
---@return table
function marks_page.for_student(record)
  local new = { questions = {} }
  for _, name in ipairs(shown) do
    new[name] = record[name]
  end
  if record.hide_hidden then new.output = nil end -- a script can print what hidden checks ask it
  for i, question in ipairs(record.questions or {}) do
    local results = {}
    for k, result in ipairs(question.results or {}) do
      results[k] = result_for_student(result, record.hide_hidden)
    end
    new.questions[i] =
      { name = question.name, title = question.title, points = question.points, of = question.of, results = results }
  end
  return new
end

-- ---- Parts of the page

--- What was said, but for a reason that stands above all checks.
local function said_part(result, words, reason)
  if result.said == reason then return nil end
  local list = { e("div", { class = "said" }, (excerpt.lines(result.said, longest.said))) }
  if result.hint then
    list[2] = e("div", { class = "said hint" }, words.hint, (excerpt.lines(result.hint, longest.said)))
  end
  if result.text then list[#list + 1] = e("blockquote", nil, (excerpt.lines(result.text, longest.text))) end
  return list
end

local function result_row(result, words, reason)
  local class, known = parts.grade(result.points, result.of), result.title ~= nil
  local title = known and excerpt.line(result.title, longest.title) or e("span", { class = "note" }, words.hidden)
  local unseen = known and not result.visible and e("div", { class = "note" }, words.unseen) or nil
  return e(
    "tr",
    { class = class },
    e("td", { class = "sign", ["aria-label"] = words[class], title = words[class] }, parts.signs[class]),
    e("td", nil, title, unseen),
    e("td", { class = "worth" }, words.of:format(parts.points(result.points), parts.points(result.of))),
    e("td", nil, known and said_part(result, words, reason) or nil)
  )
end

local function question_part(question, words, reason)
  local rows = {}
  for i, result in ipairs(question.results) do
    rows[i] = result_row(result, words, reason)
  end
  local worth = words.of:format(parts.points(question.points), parts.points(question.of))
  local name, title = excerpt.line(question.name, longest.title), excerpt.line(question.title, longest.title)
  local head = e("tr", nil, e("th"), e("th", nil, words.check), e("th", nil, words.worth), e("th", nil, words.said))
  return e(
    "section",
    nil,
    e("h2", nil, e("span", { class = "total" }, worth), title ~= "" and title or name),
    e("div", { class = "wide" }, e("table", { class = "checks" }, e("thead", nil, head), e("tbody", nil, rows)))
  )
end

local function status_part(record, words)
  local status = words["about_" .. record.status] and record.status or "failed"
  local about = e("p", nil, parts.status(status, words[status]), ": ", words["about_" .. status])
  if record.reason == nil then return about end
  return { about, e("pre", { class = "error" }, (excerpt.lines(record.reason, longest.reason))) }
end

local function output_part(record, words)
  local text, left_out = excerpt.lines(record.output, longest.output)
  if text == "" then return nil end
  local more = left_out > 0 and e("p", { class = "note" }, words.more:format(left_out)) or nil
  return e("section", nil, e("h2", nil, words.output), e("pre", { class = "output" }, text), more)
end

local function submission_part(record, words)
  if not record.submission then return nil end
  local rows = {}
  for _, name in ipairs { "path", "file", "sha256" } do
    local value = excerpt.line(record.submission[name])
    local cell = name == "sha256" and e("code", nil, value) or value
    if value ~= "" then rows[#rows + 1] = e("tr", nil, e("th", { scope = "row" }, words[name]), e("td", nil, cell)) end
  end
  return e(
    "section",
    nil,
    e("h2", nil, words.submission),
    e("div", { class = "wide" }, e("table", { class = "pairs" }, e("tbody", nil, rows)))
  )
end

local function footer(record, words)
  local sentences = { words.engine:format(excerpt.line(record.engine, 40)) }
  if record.walls and #record.walls > 0 then
    sentences[#sentences + 1] = words.walls:format(parts.list(record.walls))
  end
  if record.missing_walls then
    sentences[#sentences + 1] = words.missing_walls:format(excerpt.line(record.missing_walls))
  end
  if record.seconds then sentences[#sentences + 1] = words.seconds:format(digest.seconds(record.seconds)) end
  return e("footer", nil, e("p", nil, table.concat(sentences, " ")))
end

local function header(record, words)
  local name, id = excerpt.line(record.student.name, 100), excerpt.line(record.student.id, 100)
  return e(
    "header",
    nil,
    e("h1", nil, excerpt.line(record.assignment.title, longest.title)),
    e("p", nil, name ~= "" and ("%s (%s)"):format(name, id) or id),
    e("p", { class = "points" }, words.points:format(parts.points(record.points), parts.points(record.of))),
    parts.bar(record.points, record.of)
  )
end

--- The page's text. Options: language ("en" or "ko"): of its own words.
---@param record table
---@param given? { language?: string }
---@return string
function marks_page.html(record, given)
  local o = options.read("marks_page.html", given, { language = "en" })
  local words = marks_words[o.language]
  if not words then
    core.raise(('marks_page.html: language must be "en" or "ko", got %s'):format(options.describe(o.language)))
  end
  record = marks_page.for_student(record)
  local questions = {}
  for i, question in ipairs(record.questions) do
    questions[i] = question_part(question, words, record.reason)
  end
  local body = {
    header(record, words),
    status_part(record, words),
    questions,
    output_part(record, words) or "",
    submission_part(record, words) or "",
  }
  local title = ("%s: %s"):format(
    excerpt.line(record.assignment.title, longest.title),
    excerpt.line(record.student.id, 100)
  )
  return html.page {
    title = title,
    lang = o.language,
    style = parts.style(),
    body = e("main", nil, body, footer(record, words)),
  }
end

return marks_page
