--- marks_csv: the marks of a class as a table for spreadsheets and other programs.
---
---   core.write_file("marks.csv", marks_csv.text(records, assignment.questions))
---
--- RFC 4180, but for lines that end in LF alone, a line for each student. UTF-8 behind a byte order mark, without which spreadsheets
--- take Hangul for the letters of an old code page.
local csv_field = require "gradus.csv_field"
local excerpt = require "gradus.excerpt"
local shortest = require "gradus.shortest"

local marks_csv = {}

local mark = "\u{feff}"

--- What begins a formula; the wide ones are turned to narrow ones by some spreadsheets.
local formulas = { "^[=+%-@\t]", "^\u{ff1d}", "^\u{ff0b}", "^\u{ff0d}", "^\u{ff20}" }

--- A text that no spreadsheet runs: an apostrophe in front of what would be a formula.
local function text_cell(value)
  local text = excerpt.line(value):gsub("^ +", "")
  for _, formula in ipairs(formulas) do
    if text:find(formula) then text = "'" .. text end
  end
  return csv_field(text)
end

--- A number with the fewest digits that read back equal, whole ones without a point; nothing for what is no number.
local function number_cell(value)
  if type(value) ~= "number" or value ~= value or math.abs(value) == math.huge then return "" end
  if value == math.floor(value) and math.abs(value) < 2 ^ 53 then return ("%d"):format(value) end
  return shortest(value)
end

local function points_by_name(record)
  local points = {}
  for _, question in ipairs(record.questions or {}) do
    points[question.name] = question.points
  end
  return points
end

local function head_of(questions)
  local cells = { "id", "name", "status", "points", "of" }
  for _, question in ipairs(questions) do
    cells[#cells + 1] = text_cell(question.name)
  end
  return table.move({ "reason", "submission", "sha256" }, 1, 3, #cells + 1, cells)
end

local function row_of(record, questions)
  local student, submission, points = record.student, record.submission or {}, points_by_name(record)
  local cells = { text_cell(student.id), text_cell(student.name), text_cell(record.status) }
  cells[4], cells[5] = number_cell(record.points), number_cell(record.of)
  for _, question in ipairs(questions) do
    cells[#cells + 1] = number_cell(points[question.name])
  end
  for _, name in ipairs { "reason", "path", "sha256" } do
    cells[#cells + 1] = text_cell((name == "reason" and record or submission)[name])
  end
  return cells
end

--- The text of marks.csv: id, name, status, points, of, a column for each question, reason, submission, sha256.
---@param records table[]     mark records, in the order of the lines
---@param questions { name: string }[]
---@return string
function marks_csv.text(records, questions)
  local lines = { table.concat(head_of(questions), ",") }
  for i, record in ipairs(records) do
    lines[i + 1] = table.concat(row_of(record, questions), ",")
  end
  return mark .. table.concat(lines, "\n") .. "\n"
end

return marks_csv
