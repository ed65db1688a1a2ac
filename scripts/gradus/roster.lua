--- roster: the students of a class, from a CSV file whose header names the columns id and name (or 학번 and 이름); others are left out.
---
---   for _, student in ipairs(roster.read "roster.csv") do print(student.id, student.name) end
local digest = require "gradus.digest"

local roster = {}

local columns = { id = "id", name = "name", ["학번"] = "id", ["이름"] = "name" }
local longest = 64 -- letters of an id

-- ---- CSV

--- A field in quotes that begins at `at`: its text, where it ends, and the lines in it; nil when it does not end.
local function quoted(text, at)
  local parts, from = {}, at + 1
  while true do
    local close = text:find('"', from, true)
    if not close then return nil end
    parts[#parts + 1] = text:sub(from, close - 1)
    if text:sub(close + 1, close + 1) ~= '"' then
      local field = table.concat(parts, '"')
      return field, close + 1, select(2, field:gsub("\n", ""))
    end
    from = close + 2 -- two quotes stand for one
  end
end

--- The field at `at`, and where the next begins.
local function field_at(text, at)
  if text:sub(at, at) == '"' then return quoted(text, at) end
  local stop = text:find("[,\n]", at) or #text + 1
  return text:sub(at, stop - 1):match "^%s*(.-)%s*$", stop, 0
end

--- Rows of fields, each with its line; nil and what is wrong.
local function parse(text)
  local rows, at, line = {}, 1, 1
  local row = { line = line }
  while at <= #text do
    local field, stop, more = field_at(text, at)
    if not field then return nil, ("line %d: a quote is not closed"):format(line) end
    local behind = text:sub(stop, stop)
    if behind ~= "," and behind ~= "\n" and behind ~= "" then
      return nil, ("line %d: a comma is expected behind the quote"):format(line)
    end
    row[#row + 1], line, at = field, line + more, stop + 1
    if behind ~= "," then
      line = line + 1
      if #row > 1 or row[1] ~= "" then rows[#rows + 1] = row end -- an empty line is none
      row = { line = line }
    elseif at > #text then
      row[#row + 1] = "" -- the file ends in a comma
      rows[#rows + 1] = row
    end
  end
  return rows
end

-- ---- Students

--- Where the columns are that we know; nil and what is wrong.
local function read_header(row)
  local where = {}
  for i, title in ipairs(row or {}) do
    local column = columns[title:lower()]
    if column and where[column] then return nil, ("line %d: two columns are named %s"):format(row.line, title) end
    if column then where[column] = i end
  end
  if not where.id then return nil, "the first line must name the columns, one of them id: id,name" end
  return where
end

--- Why that id cannot name a folder; nil when it can.
local function wrong_id(id)
  if id == "" then return "the id is empty" end
  if #id > longest then return ("the id '%s...' has more than %d letters"):format(digest.first(id, 20), longest) end
  if id:find "[^%w_.-]" or id:find "^[.-]" then
    local rule = "letters and digits of English, _ . and -, and begins with none of the last two"
    return ("the id '%s' cannot name a folder: it has %s"):format(id:gsub("%c", "?"), rule)
  end
  return nil
end

local function wrong_name(name)
  if not utf8.len(name) then return "the name is not text in UTF-8: save the file as UTF-8" end
  if name:find "%c" then return "the name has a line end or a control character in it" end
  return nil
end

--- Ids that differ only in capitals name one folder on some machines.
local function student_of(row, where, seen)
  local id, name = row[where.id] or "", row[where.name or 0] or ""
  local wrong = wrong_id(id) or wrong_name(name)
  local before = seen[id:lower()]
  if not wrong and before then wrong = ("the id '%s' stands on line %d already"):format(id, before) end
  if wrong then return nil, ("line %d: %s"):format(row.line, wrong) end
  seen[id:lower()] = row.line
  return { id = id, name = name }
end

--- The students that a text lists, in its order; nil and what is wrong, with the line.
---@param text string
---@return { id: string, name: string }[]?, string?
function roster.parse(text)
  text = text:gsub("^\xEF\xBB\xBF", ""):gsub("\r\n?", "\n")
  local rows, wrong = parse(text)
  if not rows then return nil, wrong end
  local where, no_header = read_header(rows[1])
  if not where then return nil, no_header end
  local students, seen = {}, {}
  for i = 2, #rows do
    students[i - 1], wrong = student_of(rows[i], where, seen)
    if wrong then return nil, wrong end
  end
  if #students == 0 then return nil, "it lists no student" end
  return students
end

--- The students of a file; nil and what is wrong, with file and line.
---@param path string
---@return { id: string, name: string }[]?, string?
function roster.read(path)
  local file, reason = io.open(path, "rb")
  if not file then return nil, reason end
  local text = file:read "a"
  file:close()
  if not text then return nil, path .. ": cannot be read" end
  local students, wrong = roster.parse(text)
  return students, wrong and ("%s: %s"):format(path, wrong)
end

return roster
