--- assignment: tasks for a class, in which each student has their own numbers. `gradus new NAME` makes a folder with an example,
--- `gradus hand-out` a folder for each student, and `gradus check` says at the student's desk how far the answer has come.
---
---   return gr.assignment { name = "inverse", title = "Matrix inverse", questions = { ... } }      -- assignment.lua
---   return { q1 = { gr.assignment.shape { of = "X", shape = { 3, 3 } } } }                        -- visible.lua
---
--- gr.assignment{ ... } is gr.assignment.new{ ... }.
local checks = require "gradus.assignment_checks"
local core = require "gradus.core"
local draw = require "gradus.draw"
local options = require "gradus.options"

local assignment = {}

for name, check in pairs(checks) do
  assignment[name] = check
end

--- What `draw` in a question is given, for trying out what it draws: the same text gives the same draws.
--- Example:
---   local draw = gr.assignment.draw "anything"
---   print(draw:matrix { size = 2, condition = 6 }, draw:seed())
---@param text string
---@return gradus.Draw
function assignment.draw(text) return draw.new(text) end

-- ---- Reading what an author writes

local none = options.none

local function check_text(what, name, value)
  if value ~= nil and type(value) ~= "string" then
    core.raise(("%s: %s must be a text, got %s"):format(what, name, options.describe(value)))
  end
end

--- Names become keys of tables in students' scripts, and parts of file names.
local function check_name(what, name, pattern, rule)
  if type(name) ~= "string" or not name:find(pattern) or #name > 64 then
    core.raise(("%s: name must be %s, got %s"):format(what, rule, options.describe(name)))
  end
end

local function check_checks(what, list)
  if type(list) ~= "table" then
    core.raise(("%s: checks must be a list of checks, got %s"):format(what, options.describe(list)))
  end
  for i, check in ipairs(list) do
    if type(check) ~= "table" or type(check.judge) ~= "function" or type(check.calls) ~= "function" then
      core.raise(
        ("%s: check %d must be made by a function of gr.assignment, got %s"):format(what, i, options.describe(check))
      )
    end
  end
end

local function read_question(given, i)
  local what = ("assignment: question %d"):format(i)
  local q = options.read(what, given, {
    name = none,
    title = none,
    text = "",
    points = none,
    draw = none,
    defines = none,
    checks = none,
  })
  check_name(what, q.name, "^%a[%w_]*$", "a word of letters, digits and _")
  q.title, q.defines, q.checks = q.title or q.name, q.defines or {}, q.checks or {}
  check_text(what, "title", q.title)
  if type(q.text) ~= "function" then check_text(what, "text", q.text) end
  if q.draw ~= nil and type(q.draw) ~= "function" then
    core.raise(("%s: draw must be a function of a draw, got %s"):format(what, options.describe(q.draw)))
  end
  if q.points ~= nil then options.number(what, "points", q.points, 0) end
  options.table_of(what, "defines", q.defines)
  check_checks(what, q.checks)
  return q
end

local function read_questions(list)
  local questions, seen = {}, {}
  if type(list) ~= "table" or #list == 0 then
    core.raise(("assignment: questions must be a list of at least one, got %s"):format(options.describe(list)))
  end
  for i, given in ipairs(list) do
    questions[i] = read_question(given, i)
    local name = questions[i].name
    if seen[name] then core.raise(("assignment: two questions are named '%s'"):format(name)) end
    seen[name] = true
  end
  return questions
end

local function check_file(name, value)
  check_name("assignment: " .. name, value, "^[%w_-][%w_.-]*$", "a file in the folder")
end

---@class gradus.AssignmentOptions
---@field name string       a word, also of the draws: who changes it changes all numbers
---@field title? string     (the name)
---@field text? string      ("") Markdown, in front of the questions
---@field file? string      ("answer.lua") what students hand in
---@field seconds? number   (10) how long it may run
---@field memory? number    (512) MB that it may take
---@field reference? string ("reference.lua") the solution
---@field visible? string   ("visible.lua") the checks that students see
---@field starter? string   ("starter") a folder of files that students begin with
---@field questions table[] a list of them

--- An assignment. A question is { name, title, text, points, draw, defines, checks }: text is Markdown or a function of the numbers that
--- gives it; draw is a function of a gradus.Draw that gives the numbers, a table by name; defines lists the names that the answer file
--- must define; checks are those that students do not see. The others stand in the file `visible`, by question, which students get.
--- The points of a question's checks, of both kinds, add up to the question's.
--- Raises for what is missing, unknown, or named twice.
--- Example:
---   local task = gr.assignment.new {
---     name = "halves",
---     questions = {
---       {
---         name = "q1",
---         draw = function(draw) return { n = draw:whole(10, 99) } end,
---         text = function(numbers) return ("What is half of %d?"):format(numbers.n) end,
---         defines = { "half" },
---         checks = { gr.assignment.value { of = "half", expected = function(numbers) return numbers.n / 2 end } },
---       },
---     },
---   }
---   print(task.title, task.questions[1].text { n = 12 })
---@param given gradus.AssignmentOptions
---@return table
function assignment.new(given)
  local a = options.read("assignment", given, {
    name = none,
    title = none,
    text = "",
    file = "answer.lua",
    seconds = 10,
    memory = 512,
    reference = "reference.lua",
    visible = "visible.lua",
    starter = "starter",
    questions = none,
  })
  check_name("assignment", a.name, "^%w[%w_-]*$", "a word of letters, digits, _ and -")
  a.title = a.title or a.name
  check_text("assignment", "title", a.title)
  check_text("assignment", "text", a.text)
  options.number("assignment", "seconds", a.seconds, 0.1)
  options.number("assignment", "memory", a.memory, 16)
  for _, name in ipairs { "file", "reference", "visible", "starter" } do
    check_file(name, a[name])
  end
  a.questions, a.kind = read_questions(a.questions), "assignment"
  return a
end

local module = options.strict("gr.assignment", assignment)
getmetatable(module).__call = function(_, given) return assignment.new(given) end

return module
