--- instance: what one student gets of an assignment: the numbers of each question, drawn from a key that never leaves the teacher.
---
---   local one = instance.make(assignment, key, { id = "s001", name = "김민수" })
---   one.numbers.q1.A        one.hash
---
--- A question's draws start from HMAC-SHA-256(course key, assignment, student, question) (hmac.lua): who knows some students' numbers, or
--- the program, learns nothing of the key or of another's numbers.
local answers = require "gradus.answers"
local core = require "gradus.core"
local draw = require "gradus.draw"
local hexadecimal = require "gradus.hexadecimal"
local hmac = require "gradus.hmac"
local options = require "gradus.options"
local packing = require "gradus.packing"
local shortest = require "gradus.shortest"

local instance = {}

local format = 1

-- ---- The key

local key_bytes = 32

--- A new key, as the text of 64 hexadecimal digits that its file holds.
---@return string
function instance.new_key()
  local file <close> = assert(io.open("/dev/urandom", "rb"))
  return hexadecimal.of(file:read(key_bytes))
end

--- The key in a file's text; nil when there is none.
---@param text string
---@return string?
function instance.read_key(text)
  local key = text:match "^%s*(%x+)%s*$"
  return key and #key == 2 * key_bytes and key:lower() or nil
end

--- One text of several, from which they can be told apart: no two lists give the same.
local function joined(...)
  local parts = {}
  for i, part in ipairs { ... } do
    parts[i] = ("%d:%s"):format(#part, part)
  end
  return table.concat(parts)
end

-- ---- Making one

local function draw_numbers(assignment, question, key, student)
  if not question.draw then return {} end
  local seed = hmac(hexadecimal.bytes(key), joined(assignment.name, student.id, question.name))
  local numbers = question.draw(draw.new(seed))
  if type(numbers) ~= "table" then
    error(
      ("question %s: draw must give a table of numbers by name, got %s"):format(
        question.name,
        options.describe(numbers)
      ),
      0
    )
  end
  return numbers
end

--- What instance.json holds, of an instance, but the hash.
local function content(one)
  local list = {}
  for i, question in ipairs(one.questions) do
    list[i] = {
      name = question.name,
      title = question.title,
      points = question.points,
      defines = question.defines,
      numbers = packing.pack(one.numbers[question.name], question.name),
    }
  end
  return {
    format = format,
    assignment = {
      name = one.assignment,
      title = one.title,
      file = one.file,
      seconds = one.seconds,
      memory = one.memory,
    },
    student = { id = one.student.id, name = one.student.name },
    questions = list,
  }
end

local function hash_of(about) return core.sha256_text(core.json_encode(about)) end

--- A hash of each question's numbers as they are packed, by name.
local function sums_of(questions)
  local sums = {}
  for _, question in ipairs(questions) do
    sums[question.name] = hash_of(question.numbers)
  end
  return sums
end

--- A student's instance: questions without what is secret, numbers by question, hash of all, hashes of each question's numbers (sums).
--- Raises what a draw function raises.
---@param assignment table
---@param key string   hexadecimal
---@param student { id: string, name: string }
---@return table
function instance.make(assignment, key, student)
  local one = { assignment = assignment.name, student = student, questions = {}, numbers = {} }
  for _, field in ipairs { "title", "file", "seconds", "memory" } do
    one[field] = assignment[field]
  end
  for i, q in ipairs(assignment.questions) do
    one.questions[i] = { name = q.name, title = q.title, points = q.points, defines = q.defines }
    one.numbers[q.name] = draw_numbers(assignment, q, key, student)
  end
  local about = content(one)
  one.hash, one.sums = hash_of(about), sums_of(about.questions)
  return one
end

--- The text of instance.json.
---@return string
function instance.to_json(one)
  local about = content(one)
  about.hash = one.hash
  return core.json_encode(about, true) .. "\n"
end

--- Whether a decoded instance.json has what is read from it.
local function is_whole(about)
  if type(about) ~= "table" or about.format ~= format then return false end
  if type(about.assignment) ~= "table" or type(about.student) ~= "table" or type(about.questions) ~= "table" then
    return false
  end
  for _, name in ipairs { "name", "title", "file" } do
    if type(about.assignment[name]) ~= "string" then return false end
  end
  for _, name in ipairs { "seconds", "memory" } do
    if not (math.type(about.assignment[name]) and about.assignment[name] > 0) then return false end
  end
  for _, q in ipairs(about.questions) do
    if type(q) ~= "table" or type(q.name) ~= "string" or type(q.points) ~= "number" then return false end
    if type(q.numbers) ~= "table" or type(q.defines) ~= "table" then return false end
  end
  return type(about.student.id) == "string"
end

--- The instance in the text of an instance.json; nil and what is wrong with it.
---@param text string
---@return table?, string?
function instance.from_json(text)
  local about, wrong = core.json_decode(text)
  if not is_whole(about) then return nil, wrong or "it is not as gradus hand-out wrote it" end
  local hash = about.hash
  about.hash = nil
  local ok, sum = pcall(hash_of, about)
  if not ok or sum ~= hash then return nil, "it was changed after gradus hand-out wrote it" end
  local one = {
    assignment = about.assignment.name,
    student = about.student,
    questions = about.questions,
    numbers = {},
    hash = hash,
    sums = sums_of(about.questions),
  }
  for _, field in ipairs { "title", "file", "seconds", "memory" } do
    one[field] = about.assignment[field]
  end
  for _, question in ipairs(about.questions) do
    local readable, numbers = pcall(packing.unpack, question.numbers)
    if not readable then return nil, ("the numbers of %s cannot be read"):format(question.name) end
    one.numbers[question.name] = numbers
  end
  return one
end

-- ---- Numbers as Lua

--- A number as Lua reads it back; a float has a point, unless that should be `short`.
local function number_text(value, short)
  if math.type(value) == "integer" then return tostring(value) end
  if short and value == math.floor(value) and math.abs(value) < 2 ^ 53 then return ("%d"):format(value) end
  local text = shortest(value)
  return text:find "[.eE]" and text or text .. ".0"
end

local literal

--- Rows of a table, a line each where they are tables themselves.
local function list_text(list, indent, short)
  local parts, deep = {}, type(list[1]) == "table"
  for i, one in ipairs(list) do
    parts[i] = literal(one, indent .. "  ", short)
  end
  if not deep then return ("{ %s }"):format(table.concat(parts, ", ")) end
  return ("{\n%s  %s,\n%s}"):format(indent, table.concat(parts, ",\n" .. indent .. "  "), indent)
end

local function fields_text(fields, indent)
  local lines = {}
  for i, key in ipairs(options.sorted_keys(fields)) do
    local plain = type(key) == "string" and load(("local %s"):format(key:match "^[%a_][%w_]*$" or "-"), "", "t") -- no keyword
    local name = plain and key or ("[%s]"):format(literal(key, indent))
    lines[i] = ("%s  %s = %s,\n"):format(indent, name, literal(fields[key], indent .. "  "))
  end
  return ("{\n%s%s}"):format(table.concat(lines), indent)
end

--- A value as it is written in Lua. `short`: whole numbers without a point.
function literal(value, indent, short)
  if core.is_tensor(value) then
    local dtype = value.dtype == "f32" and ', "f32"' or ""
    return ("gr.tensor(%s%s)"):format(literal(value:totable(), indent, true), dtype)
  end
  if type(value) == "number" then return number_text(value, short) end
  if type(value) ~= "table" then return ("%q"):format(value) end
  if next(value) == nil then return "{}" end
  return #value > 0 and list_text(value, indent, short) or fields_text(value, indent)
end

local head = [[
-- The numbers of %s for %s, by question: local numbers = require "numbers"
local gr = require "gradus" -- luacheck: ignore

return %s
]]

--- The text of numbers.lua, which a student's script requires.
---@return string
function instance.to_lua(one) return head:format(one.assignment, one.student.id, literal(answers.copy(one.numbers), "")) end

return instance
