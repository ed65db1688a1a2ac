-- The assignments of experiments/assignments: right answers get full marks on their own numbers alone, wrong ones the marks
-- and the hints that their expected.lua says.
local answers = require "gradus.answers"
local ask = require "gradus.ask"
local assignment_folder = require "gradus.assignment_folder"
local cell = require "gradus.cell"
local gr = require "gradus"
local handout = require "gradus.handout"
local harness = require "harness"
local instance = require "gradus.instance"
local marking = require "gradus.marking"
local options = require "gradus.options"
local roster = require "gradus.roster"

local tests = package.path:match "^(.-)/%?%.lua;"
local shelf = tests .. "/../experiments/assignments/"
local key = ("0123456789abcdef"):rep(4)
local stands, why = pcall(cell.run, { script = "" })
local case, check, close = harness.suite "shipped assignment", harness.check, harness.close

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

local assignments, instances = {}, {}
for _, name in ipairs { "inverse", "neurons", "two_layers" } do
  local a = assert(assignment_folder.read(shelf .. name))
  local students = assert(roster.read(shelf .. name .. "/roster.csv"))
  assignments[name], instances[name] = a, {}
  for i, student in ipairs(students) do
    instances[name][i] = instance.make(a, key, student)
  end
end

-- ---- Marking

--- What `text` gets with the numbers of `one` when it is handed in by `one`, or by `other`; and how its run in a cell ended.
local function mark(a, text, one, other, seconds)
  local ended
  local function asker(calls, groups)
    local asked = { folder = a.folder, text = text, name = "answer.lua", calls = calls, groups = groups }
    asked.numbers, asked.seconds, asked.memory = (other or one).numbers, seconds or a.seconds, a.memory
    local said, wrong, how = ask.cell(asked)
    ended = how
    return said, wrong
  end
  local reference = assert(answers.load(a.reference_text, "reference.lua", one.numbers))
  local job = { questions = a.questions, numbers = one.numbers, reference = reference, ask = asker }
  return marking.mark(job), ended
end

local function status_of(marks, ended)
  if ended.status ~= "finished" then return ended.status end
  return marks.wrong and "failed" or "marked"
end

--- All that the author of an answer to this question reads.
local function texts_of(question)
  local hints, said = {}, {}
  for _, result in ipairs(question.results) do
    hints[#hints + 1] = result.hint
    said[#said + 1] = result.points < result.of and result.said or nil
  end
  return table.concat(hints, "\n"), table.concat(said, "\n")
end

local function check_question(where, question, expected)
  local hints, said = texts_of(question)
  check(expected, where .. " is not in expected.lua")
  close(question.points, expected.points, 1e-9, where)
  for _, words in ipairs(expected.hints or {}) do
    check(hints:find(words, 1, true), ("%s: no hint says '%s':\n%s"):format(where, words, hints))
  end
  check(said:find(expected.said or "", 1, true), ("%s: it says %s"):format(where, said))
end

--- One flawed submission with the numbers of one student.
local function check_flawed(name, flaw, expected, one)
  local seconds = expected.status == "stopped" and 1 or nil
  local text = read(("%s%s/flawed/%s.lua"):format(shelf, name, flaw))
  local marks, ended = mark(assignments[name], text, one, nil, seconds)
  harness.same(status_of(marks, ended), expected.status)
  for _, question in ipairs(marks.questions) do
    local where = ("%s/flawed/%s.lua, %s of %s"):format(name, flaw, question.name, one.student.id)
    check_question(where, question, expected[question.name])
  end
end

--- Registers a test that runs in cells.
local function in_cells(title, test)
  case(title, function()
    if not stands then return harness.skip(why) end
    test()
  end)
end

-- ---- Each of them

for _, name in ipairs(options.sorted_keys(assignments)) do
  local a, ones = assignments[name], instances[name]

  in_cells(name .. ": right answers are wrong on their own numbers, or right on another's", function()
    for i = 1, 2 do
      local own = mark(a, a.reference_text, ones[i])
      close(own.points, own.of, 1e-9, ("points of %s"):format(ones[i].student.id))
      local others = mark(a, a.reference_text, ones[i], ones[3 - i])
      check(others.points < others.of - 0.5, ("%s gets %g with another's numbers"):format(name, others.points))
    end
  end)

  local flawed = dofile(shelf .. name .. "/expected.lua")
  for _, flaw in ipairs(options.sorted_keys(flawed)) do
    local expected = flawed[flaw]
    in_cells(("%s: %s gets other marks or hints than it should"):format(name, flaw), function()
      for i = 1, expected.status == "stopped" and 1 or 2 do -- one that is stopped takes its time
        check_flawed(name, flaw, expected, ones[i])
      end
    end)
  end

  case(name .. ": a flawed submission is not expected, or there are not five", function()
    local count = 0
    for _, file in ipairs(assignment_folder.files(shelf .. name .. "/flawed")) do
      check(flawed[file:match "^(.*)%.lua$"], file .. " is not in expected.lua")
      count = count + 1
    end
    harness.same(count, 5)
  end)

  in_cells(name .. ": what students begin with does not run, or has points already", function()
    local marks, ended = mark(a, read(shelf .. name .. "/starter/answer.lua"), ones[1])
    check(not marks.wrong and ended.status == "finished", marks.wrong or ended.reason)
    check(marks.points <= 1, ("it has %g points"):format(marks.points))
  end)

  case(name .. ": it cannot be handed out", function()
    local students = assert(roster.read(shelf .. name .. "/roster.csv"))
    harness.same(#assert(handout.plan(a, key, students)), 3)
  end)
end

-- ---- The way back

--- The network of an answer to two_layers, as gr.check.backprop takes one.
local function network_of(file)
  local text = read(shelf .. "two_layers/" .. file)
  local defined = assert(answers.load(text, file, instances.two_layers[1].numbers))
  local random = gr.random.new(1)
  local net = { w1 = random:randn(4, 5), b1 = random:randn(5), w2 = random:randn(5, 3), b2 = random:randn(3) }
  local function parameters() return { w1 = net.w1, b1 = net.b1, w2 = net.w2, b2 = net.b2 } end
  function net:loss(x, t) return defined.loss(parameters(), x, t) end
  function net:gradient(x, t) return defined.gradient(parameters(), x, t) end
  return net
end

local way_back = harness.suite("shipped way back", function(c)
  local report = tostring(gr.check.backprop(network_of(c.file), { labels = "classes" }))
  check(report:find(c.says, 1, true), report)
end)
way_back { "the reference is wrong", file = "reference.lua", says = "backprop is right" }
way_back {
  "a slope of the input is not named",
  file = "flawed/hidden_slope.lua",
  says = "w1, b1: derivative taken of the input",
}
way_back {
  "the document's sum for b2 is not named",
  file = "flawed/as_printed.lua",
  says = "b2: bias summed over classes",
}
