-- Marking a class: who takes part, several answers at once, copied values; and what becomes of a student's submission.
local abreast = require "gradus.abreast"
local assignment_folder = require "gradus.assignment_folder"
local copied = require "gradus.copied"
local core = require "gradus.core"
local enrolled = require "gradus.enrolled"
local handout = require "gradus.handout"
local harness = require "harness"
local mark_record = require "gradus.mark_record"

local same, check = harness.same, harness.check

local key = ("0f"):rep(32)

-- ---- Several at once

local case = harness.suite "abreast"

--- A cell that ends when it has been waited for so many times.
local function cell_of(times, result)
  local one = { left = times }
  function one:wait(seconds)
    if seconds == 0 then self.left = self.left - 1 end
    return self.left < 0 and result or nil
  end
  return one
end

--- Runs tasks that wait so many times each; what ended when, and how many were at work at most.
local function run(times, jobs)
  local ended, at_work, most = {}, 0, 0
  local tasks = {}
  for i, count in ipairs(times) do
    tasks[i] = { name = ("t%d"):format(i), count = count }
  end
  abreast.run(tasks, jobs, function(task, wait)
    at_work = at_work + 1
    most = math.max(most, at_work)
    local result = task.count > 0 and wait(cell_of(task.count, task.name)) or task.name
    at_work = at_work - 1
    return result
  end, function(task, result)
    same(result, task.name)
    ended[#ended + 1] = result
  end)
  return table.concat(ended, " "), most
end

case("a slow one keeps the others waiting", function()
  local order, most = run({ 50, 1, 1, 1, 1 }, 2)
  same(order, "t2 t3 t4 t5 t1")
  same(most, 2)
end)

case("one at a time does not go by turns", function()
  local order, most = run({ 3, 2, 1 }, 1)
  same(order, "t1 t2 t3")
  same(most, 1)
end)

case("those that wait for nothing are left out", function()
  same(run({ 0, 0, 0, 2, 0 }, 3), "t1 t2 t3 t5 t4")
  same(run({}, 3), "")
end)

case("an error leaves cells of others open", function()
  local closed = 0
  local function work(task, wait)
    local one <close> = setmetatable(cell_of(100), { __close = function() closed = closed + 1 end })
    if task.fails then error("of the marker", 0) end
    return wait(one)
  end
  local ok, message = pcall(abreast.run, { {}, {}, { fails = true }, {} }, 3, work, print)
  same({ ok, message:match "of the marker" }, { false, "of the marker" })
  same(closed, 3) -- the fourth was not begun
end)

-- ---- Marks

local marks = harness.suite "marks of one"

marks("a text that is cut loses the letters that are no English", function()
  local student = { id = "s1", name = "a" .. ("한"):rep(500), instance = { numbers = {}, hash = "" } }
  local assignment = { name = "a", title = "a b" .. ("글"):rep(500), hash = "", questions = {}, folder = "a" }
  assignment.reference, assignment.reference_text = "reference.lua", ""
  local one = mark_record.make({ assignment = assignment, student = student }, print)
  same(one.student.name, "a" .. ("한"):rep(333) .. " ... (1501 bytes)")
  same(one.assignment.title, "a b" .. ("글"):rep(332) .. " ... (1503 bytes)")
end)

-- ---- Copied values

local copies = harness.suite "copied"

local function handed_in(id, value) return { student = { id = id }, values = { inverse = copied.known_by(value) } } end

copies("who has another's values is not told", function()
  local class = {
    { id = "a", answers = { q1 = { inverse = { { 1, 2 }, { 3, 4 } } } } },
    { id = "b", answers = { q1 = { inverse = { { 5, 6 }, { 7, 8 } } } } },
    { id = "c", answers = { q1 = { inverse = { { 5, 6 }, { 7, 8 } } } } },
  }
  local found = copied.find(class, {
    handed_in("a", { { 5, 6.0000000001 }, { 7, 8 } }),
    handed_in("b", { { 5, 6 }, { 7, 8 } }),
    handed_in("c", { { 5, 6 }, { 7, 9 } }),
  })
  same(found, { { id = "a", name = "inverse", whose = { "b", "c" } } })
end)

copies("a value that tells nothing is known by something", function()
  for _, value in ipairs { 3, "text", {}, { 1 }, { { 1, "x" } }, { x = 1, y = 2 }, true } do
    same(copied.known_by(value), nil)
  end
  same(copied.known_by { 0, -0.0 }, copied.known_by { -0.0, 0 })
end)

-- ---- Who takes part

local class = harness.suite "enrolled"

local files = { "assignment.lua", "visible.lua", "reference.lua", "roster.csv", "starter/answer.lua" }

--- The example of gradus new, handed out to the students of its roster; and a function that takes it away.
local function handed_out()
  local folder = os.tmpname()
  os.remove(folder)
  for _, file in ipairs(files) do
    core.make_folder((folder .. "/" .. file):match "^(.*)/")
    core.write_file(folder .. "/" .. file, core.file("assignment/" .. file))
  end
  local a = assert(assignment_folder.read(folder))
  local students = { { id = "s2", name = "김" }, { id = "s1", name = "Lee" } }
  handout.write(a, assert(handout.plan(a, key, students)), folder .. "/out")
  return a, setmetatable({}, { __close = function() core.remove_folder(folder) end })
end

class("who was handed out to is forgotten, or drawn other numbers", function()
  local a, gone <close> = handed_out() -- luacheck: ignore gone
  local all = assert(enrolled.read(a, key))
  same({ all[1].id, all[1].name, all[2].id, all[2].name, #all }, { "s1", "Lee", "s2", "김", 2 })
  same(all.by_id.s2, all[2])
  local inverse = all[1].instance.numbers.q1.A:inv():totable()
  same(all[1].answers.q1.inverse, inverse, { abs = 1e-9 })
end)

class("another key is taken", function()
  local a, gone <close> = handed_out() -- luacheck: ignore gone
  local all, wrong = enrolled.read(a, ("0e"):rep(32))
  same(all, nil)
  check(wrong:find "the numbers of s1 for q1 are not those that were handed out", wrong)
end)

class("a roster does not say who takes part", function()
  local a, gone <close> = handed_out() -- luacheck: ignore gone
  core.write_file(a.folder .. "/more.csv", "id,name\ns3,Park\ns1,Lee\n")
  local all = assert(enrolled.read(a, key, a.folder .. "/more.csv"))
  same({ all[1].id, all[2].id, #all }, { "s1", "s3", 2 })
  same(all[2].answers, nil)
  os.remove(a.folder .. "/answers.json")
  same(#assert(enrolled.read(a, key, a.folder .. "/more.csv")), 2)
  local none, wrong = enrolled.read(a, key)
  same(none, nil)
  check(wrong:find "do so: %-%-roster FILE.csv$", wrong)
  core.write_file(a.folder .. "/answers.json", "[1, 2")
  same((enrolled.read(a, key)), nil)
end)
