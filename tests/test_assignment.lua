-- Assignments: draws that are equally hard, numbers of one's own, rosters, checks in two halves, folders that hold nothing secret.
local gr = require "gradus"
local core = require "gradus.core"
local answers = require "gradus.answers"
local assignment_folder = require "gradus.assignment_folder"
local handout = require "gradus.handout"
local harness = require "harness"
local hmac = require "gradus.hmac"
local instance = require "gradus.instance"
local likeness = require "gradus.likeness"
local marking = require "gradus.marking"
local options = require "gradus.options"
local packing = require "gradus.packing"
local roster = require "gradus.roster"

local case = harness.suite "assignment"
local check, same, close, raises = harness.check, harness.same, harness.close, harness.raises
local assignment = gr.assignment

-- ---- Draws

--- Calls f with 500 draws.
local function draws(f)
  for i = 1, 500 do
    f(assignment.draw("draw " .. i))
  end
end

case("the same text draws other numbers, or another text the same", function()
  local a, b, c = assignment.draw "a", assignment.draw "a", assignment.draw "b"
  local other = 0
  for _ = 1, 100 do
    local n = a:whole(1, 1000000)
    check(n == b:whole(1, 1000000), "the same text")
    if n ~= c:whole(1, 1000000) then other = other + 1 end
  end
  check(other > 95, "another text")
end)

-- These are what the first version drew: numbers that were handed out must come again in later ones.
case("numbers that were handed out do not come again", function()
  local draw = assignment.draw "for ever"
  same({ draw:whole(1, 1000), draw:whole(-5, 5), draw:seed(), draw:decimal(0, 1, 3) }, { 425, -5, 1460727109, 0.402 })
  same(draw:matrix(), { { -1, 1, 1 }, { 1, -2, -1 }, { -1, 2, 2 } })
  same(draw:weights({ 3 }, { std = 0.5 }), { -0.2048, 1.2787, -1.3393 })
  same(draw:rows(20, 5), { 1, 3, 6, 10, 13 })
end)

case("whole numbers are not all equally likely, or leave their range", function()
  local counts = {}
  local draw = assignment.draw "dice"
  for _ = 1, 6000 do
    local n = draw:whole(1, 6)
    counts[n] = (counts[n] or 0) + 1
  end
  same(#counts, 6)
  for n = 1, 6 do
    check(math.abs(counts[n] - 1000) < 150, ("%d came %d times of 6000"):format(n, counts[n])) -- 5 standard deviations
  end
end)

for _, size in ipairs { 2, 3, 4 } do
  local condition = ({ 0, 6, 10, 40 })[size]
  case(("a matrix of size %d is harder or easier than the others"):format(size), function()
    local different, seen = 0, {}
    draws(function(draw)
      local A = draw:matrix { size = size, condition = condition }
      local B, cond = A:inv(), gr.linalg.cond(A)
      close(B, B:add(0.5):floor(), 1e-9) -- whole numbers, but for rounding
      close(math.abs(A:det()), 1, 1e-9)
      same(A, A:floor())
      check(A:abs():max() <= 9, "an entry is large")
      check(A:abs():sum(2):min() > 0, "a row is zero")
      check(cond > condition / 1.52 and cond < condition * 1.52, ("the condition number is %g"):format(cond))
      local text = tostring(A)
      if not seen[text] then different = different + 1 end
      seen[text] = true
    end)
    check(different > ({ 0, 20, 450, 495 })[size], ("only %d are different"):format(different)) -- of size 2 there are few
  end)
end

case("elimination by hand meets fractions, or exchanges rows", function()
  for i = 1, 50 do
    local work = gr.lab.inverse(assignment.draw("hand " .. i):matrix(), { quiet = true })
    for _, step in ipairs(work.steps) do
      check(not step.text:find "<%->", step.text)
      for _, row in ipairs(step.matrix) do
        for _, entry in ipairs(row) do
          check(not tostring(entry):find "/", step.text)
        end
      end
    end
  end
end)

case("a system has a solution that is not whole, or has a zero", function()
  draws(function(draw)
    local system = draw:system { size = 3, condition = 10, largest = 6 }
    local x = gr.linalg.solve(system.A, system.b)
    close(x, x:add(0.5):floor(), 1e-9)
    check(x:abs():min() > 0.5 and x:abs():max() < 6.5, "the solution leaves 1..6")
  end)
end)

case("rows come twice, or labels not in their shares", function()
  local y = gr.data.iris().y["1:110"] -- 50, 50, 10
  draws(function(draw)
    local rows = draw:rows(110, 22, { labels = y })
    local counts = { [0] = 0, 0, 0 }
    for i, row in ipairs(rows) do
      check(i == 1 or row > rows[i - 1], "not sorted, or twice")
      counts[y[row]] = counts[y[row]] + 1
    end
    same({ counts[0], counts[1], counts[2] }, { 10, 10, 2 })
  end)
end)

case("a split loses rows, or has some twice", function()
  local part = assignment.draw("x"):split(150, { test = 0.2, labels = gr.data.iris().y })
  same({ #part.train, #part.test }, { 120, 30 })
  local all = table.move(part.test, 1, 30, 121, table.move(part.train, 1, 120, 1, {}))
  table.sort(all)
  same(all, gr.arange(1, 151))
end)

case("weights are off their spread, or have many digits", function()
  local w = assignment.draw("w"):weights({ 100, 50 }, { std = 0.1 })
  same(w.shape[2], 50)
  close({ w:mean(), w:std() }, { 0, 0.1 }, 0.005) -- 5000 of them: 3.5 standard errors of the mean
  for _, value in ipairs(w[1]:totable()) do
    check(#("%.15g"):format(math.abs(value)) <= 6, tostring(value))
  end
end)

case("a draw that cannot be made is made", function()
  local draw = assignment.draw "x"
  raises("draw:whole: hi must be a whole number of at least 5, got 3", function() draw:whole(5, 3) end)
  raises("unknown option 'sise' %(did you mean 'size'%?%)", function() draw:matrix { sise = 3 } end)
  raises("none has a condition number near 1: try another", function() draw:matrix { size = 2, condition = 1 } end)
  raises("5 rows are wanted, but there are only 3", function() draw:rows(3, 5) end)
  raises("there are 2 labels, but 3 rows", function() draw:rows(3, 2, { labels = { 0, 1 } }) end)
  raises("leave none for training", function() draw:split(3, { test = 3 }) end)
  raises("no number of 0 decimals lies between 0.2 and 0.8", function() draw:decimal(0.2, 0.8, 0) end)
  raises("expected a list with something in it", function() draw:choose {} end)
end)

-- ---- The key

case("HMAC-SHA-256 is not that of RFC 4231", function()
  same(hmac(("\x0b"):rep(20), "Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
  same(hmac("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
end)

local key = ("0123456789abcdef"):rep(4)

local function make(id, more)
  local given = {
    name = "task",
    questions = { { name = "q1", draw = function(draw) return { n = draw:seed() } end } },
  }
  for name, value in pairs(more or {}) do
    given[name] = value
  end
  return instance.make(assignment(given), key, { id = id, name = "" })
end

case("students, assignments, questions or keys share draws", function()
  local n = make("s1").numbers.q1.n
  same(make("s1").numbers.q1.n, n)
  check(make("s2").numbers.q1.n ~= n, "student")
  check(make("s1", { name = "other" }).numbers.q1.n ~= n, "assignment")
  local question = { name = "q2", draw = function(draw) return { n = draw:seed() } end }
  check(make("s1", { questions = { question } }).numbers.q2.n ~= n, "question")
  local task = assignment { name = "task", questions = { { name = "q1", draw = question.draw } } }
  check(instance.make(task, ("f"):rep(64), { id = "s1", name = "" }).numbers.q1.n ~= n, "key")
end)

case("a key is not 32 random bytes", function()
  local one = instance.new_key()
  check(one:find "^%x+$" and #one == 64 and one ~= instance.new_key(), one)
  same(instance.read_key(one .. "\n"), one)
  same(instance.read_key "abc" == nil, true)
end)

-- ---- Numbers on the disk

local odd = {
  A = gr.tensor { { 1, -2 }, { 0.1, 1e300 } },
  narrow = gr.tensor({ 0.5 }, "f32"),
  list = { 1, 2.5, 3.0 },
  text = 'a "b"\n한글',
  yes = true,
  deep = { a = { b = { 1 } }, ["end"] = 1, ["a b"] = 2 },
  none = {},
}

local function odd_instance()
  return make("s1", { questions = { { name = "q1", points = 1, draw = function() return odd end } } })
end

case("numbers do not come back from instance.json", function()
  local one = odd_instance()
  local back = instance.from_json(instance.to_json(one))
  same(back.hash, one.hash)
  same(back.numbers.q1, odd)
  check(math.type(back.numbers.q1.list[3]) == "float" and back.numbers.q1.narrow.dtype == "f32", "types are lost")
end)

case("numbers do not come back from numbers.lua", function() same(load(instance.to_lua(odd_instance()))().q1, odd) end)

case("a changed instance.json is taken", function()
  local text = instance.to_json(odd_instance())
  local one, wrong = instance.from_json((text:gsub("1e300", "2e300"):gsub("1.0e300", "2e300")))
  check(not one and wrong == "it was changed after gradus hand-out wrote it", wrong)
  one, wrong = instance.from_json "{}"
  check(not one and wrong == "it is not as gradus hand-out wrote it", wrong)
  one, wrong = instance.from_json "["
  check(not one and wrong:find "line 1", wrong)
end)

-- ---- Rosters

local function students(text)
  local list, wrong = roster.parse(text)
  local texts = {}
  for i, one in ipairs(list or {}) do
    texts[i] = one.id .. "=" .. one.name
  end
  return list and table.concat(texts, " | ") or wrong
end

local rosters = harness.suite("roster", function(c) same(students(c.text), c.gives) end)
rosters { "ids and names are not read", text = "id,name\ns1,Kim\ns2,Lee\n", gives = "s1=Kim | s2=Lee" }
rosters { "a Korean header or name is not read", text = "학번,이름\n2026001,김민수", gives = "2026001=김민수" }
rosters { "other columns, or another order, are not passed over", text = "name,class,id\nKim,a,s1\n", gives = "s1=Kim" }
rosters { "quotes are not read", text = 'id,name\ns1,"Lee, ""J"""\n"s2",x\n', gives = 's1=Lee, "J" | s2=x' }
rosters {
  "a byte-order mark or CRLF is not passed over",
  text = "\xEF\xBB\xBFid,name\r\ns1,Kim\r\n\r\n",
  gives = "s1=Kim",
}
rosters { "spaces around are kept", text = "id, name\n s1 , Kim \n", gives = "s1=Kim" }
rosters { "a roster of ids alone is refused", text = "id\ns1\n", gives = "s1=" }
rosters { "a missing last field is refused", text = "id,name\ns1,\ns2\n", gives = "s1= | s2=" }
rosters {
  "a student stands twice",
  text = "id,name\ns1,a\ns2,b\ns1,c\n",
  gives = "line 4: the id 's1' stands on line 2 already",
}
rosters { "capitals alone make another", text = "id\nab\nAB\n", gives = "line 3: the id 'AB' stands on line 2 already" }
rosters { "a quote that is not closed is", text = 'id,name\ns1,"Kim\n', gives = "line 2: a quote is not closed" }
rosters {
  "letters behind a quote are lost",
  text = 'id,name\n"s1"x,a\n',
  gives = "line 2: a comma is expected behind the quote",
}
rosters {
  "a long id is cut inside a letter",
  text = "id\n" .. ("한"):rep(30),
  gives = "line 2: the id '한한한한한한...' has more than 64 letters",
}
rosters { "an empty id is taken", text = "id,name\n,a\n", gives = "line 2: the id is empty" }
rosters { "a roster of nobody is taken", text = "id,name\n", gives = "it lists no student" }
rosters {
  "a roster without a header is taken",
  text = "s1,a\n",
  gives = "the first line must name the columns, one of them id: id,name",
}
rosters { "two columns of ids are taken", text = "id,ID\n", gives = "line 1: two columns are named ID" }
rosters {
  "a name of two lines is taken",
  text = 'id,name\ns1,"a\nb"\n',
  gives = "line 2: the name has a line end or a control character in it",
}
rosters {
  "a name in another encoding is taken",
  text = "id,name\ns1,\xB1\xE8\n",
  gives = "line 2: the name is not text in UTF-8: save the file as UTF-8",
}

for _, id in ipairs { "..", ".x", "-o", "a/b", "a b", "한글", "a\\b", "a\tb" } do
  case(
    ("the id '%s' may name a folder"):format(id:gsub("%c", "?")),
    function() check(students(("id\n%s\n"):format(id)):find "cannot name a folder", students(("id\n%s\n"):format(id))) end
  )
end

-- ---- Checks

--- What a check says of an answer file's text: "1 of 2: said; hint".
local function verdict(one, text, numbers, reference)
  local marks = marking.mark {
    questions = { { name = "q1", checks = { one } } },
    numbers = { q1 = numbers or {} },
    reference = reference,
    ask = function(calls)
      return answers.of { text = text, name = "answer.lua", numbers = { q1 = numbers or {} }, calls = calls }
    end,
  }
  local result = marks.questions[1].results[1]
  return ("%g of %g: %s%s"):format(result.points, result.of, result.said, result.hint and "; " .. result.hint or "")
end

local checks = harness.suite("checks", function(c)
  local said = verdict(c.check, c.text, c.numbers, c.reference)
  check(said:find(c.says, 1, true), ("it says '%s', not '%s'"):format(said, c.says))
end)

local x_is_3 = assignment.value { of = "x", expected = 3, hint = "count again" }
checks { "a right number is wrong", check = x_is_3, text = "return { x = 3 }", says = "1 of 1: x is right" }
checks { "a float is no whole number", check = x_is_3, text = "return { x = 3.0 }", says = "1 of 1: x is right" }
checks { "a byte-order mark is an error", check = x_is_3, text = "\xEF\xBB\xBFx = 3", says = "1 of 1" }
checks { "globals are not looked at", check = x_is_3, text = "x = 3", says = "1 of 1: x is right" }
checks {
  "a hint is not given",
  check = x_is_3,
  text = "return { x = 4 }",
  says = "0 of 1: x: is 4; 3 is expected; count again",
}
checks { "a missing name is not told", check = x_is_3, text = "return {}", says = "0 of 1: x is not defined" }
checks {
  "an error is not told",
  check = x_is_3,
  text = "error 'no'",
  says = "0 of 1: answer.lua:1: no",
}
checks { "a syntax error is not told", check = x_is_3, text = "x =", says = "answer.lua:1: unexpected symbol" }
checks { "bytecode is run", check = x_is_3, text = string.dump(function() end), says = "attempt to load a binary chunk" }
checks {
  "a function is a value",
  check = x_is_3,
  text = "return { x = print }",
  says = "0 of 1: x is a function; a value is expected",
}
checks { "nan is right", check = x_is_3, text = "return { x = 0 / 0 }", says = "0 of 1: x: is " }
checks {
  "infinity is near",
  check = assignment.value { of = "x", expected = 1 / 0 },
  text = "x = 3",
  says = "0 of 1: x: is 3; inf",
}
checks {
  "a number that wraps round is near",
  check = x_is_3,
  text = "x = 3 + math.mininteger",
  says = "0 of 1: x: is -9223372036854775805; 3",
}
checks {
  "large whole numbers differ",
  check = x_is_3,
  text = "x = 2 ^ 53 | 0",
  says = "0 of 1: x: is 9007199254740992; 3",
}
checks {
  "keys of a table are not in order",
  check = assignment.value { of = "x", expected = { a = 1, [2] = 5 } },
  text = "x = { a = 1, b = 2, [1] = 3, [7] = true }",
  says = "0 of 1: x: entry 1 is 3; nil is expected",
}
checks {
  "a table is a number",
  check = x_is_3,
  text = "return { x = { 3 } }",
  says = "is numbers of shape 1; a number is expected",
}
checks {
  "a table in itself is followed",
  check = x_is_3,
  text = "x = {} x[1] = x",
  says = "nested deeper than 20 levels",
}
checks {
  "a huge table is copied",
  check = x_is_3,
  text = "x = {} for i = 1, 2e6 do x[i] = i end",
  says = "more than 1000000 values",
}
checks {
  "a function inside is copied",
  check = x_is_3,
  text = "x = { print }",
  says = "what it gave cannot be read: it holds a function",
}

local identity = assignment.value { of = "m", expected = gr.tensor { { 1, 2 }, { 3, 4 } }, partial = true, points = 4 }
checks {
  "a tensor is not its rows",
  check = identity,
  text = "m = require('gradus').tensor{{1,2},{3,4}}",
  says = "4 of 4",
}
checks { "rows are not a tensor", check = identity, text = "m = {{1,2},{3,4}}", says = "4 of 4: m is right" }
checks {
  "partial points are not given",
  check = identity,
  text = "m = {{1,2},{3,5}}",
  says = "3 of 4: m: row 2, column 2 is 5; 4 is expected",
}
checks {
  "a transposed matrix is not named",
  check = identity,
  text = "m = {{1,3},{2,4}}",
  says = "Rows and columns are exchanged",
}
checks { "a sign is not named", check = identity, text = "m = {{-1,-2},{-3,-4}}", says = "The sign is turned round." }
checks {
  "a factor is not named",
  check = identity,
  text = "m = {{2,4},{6,8}}",
  says = "Every number is 2 times what is expected.",
}
checks {
  "rows of other lengths are compared",
  check = identity,
  text = "m = {{1,2},{3}}",
  says = "is a table; numbers of shape 2 x 2 is",
}

local rounded =
  assignment.value { of = "x", expected = 0.333, tolerance = 0.001, reason = "three digits are asked for" }
checks { "a tolerance is not kept", check = rounded, text = "x = 1 / 3", says = "1 of 1" }
checks {
  "its reason is not told",
  check = rounded,
  text = "x = 0.3",
  says = "(within 0.001: three digits are asked for)",
}

local twice = assignment.value { of = "f", args = function(numbers) return { numbers.n } end }
local reference = { f = function(n) return 2 * n end }
local function of_seven(name, text, says)
  checks { name, check = twice, text = text, numbers = { n = 7 }, reference = reference, says = says }
end
of_seven("the reference is not asked", "function f(n) return n + n end", "1 of 1: f is right")
of_seven(
  "a wrong function is right",
  "function f(n) return n end",
  "0 of 1: f: is 7; 14 is expected; Every number is 0.5 times"
)
of_seven("a function that gives nothing is right", "function f(n) end", "f gave nothing back")
of_seven("a value is called", "f = 3", "f is a number, not a function")
of_seven(
  "numbers are not at hand",
  "local numbers = require 'numbers' function f() return 2 * numbers.q1.n end",
  "1 of 1"
)

local shape = assignment.shape { of = "m", shape = { 2, 3 } }
checks { "a right shape is wrong", check = shape, text = "m = {{1,2,3},{4,5,6}}", says = "1 of 1: m is 2 x 3" }
checks { "a wrong shape is right", check = shape, text = "m = {1,2,3}", says = "0 of 1: m is 3; 2 x 3 is expected" }
checks { "a text has a shape", check = shape, text = "m = 'no'", says = '0 of 1: m is "no"; 2 x 3 is expected' }
checks {
  "a number has another shape",
  check = assignment.shape { of = "m", shape = {} },
  text = "m = 1",
  says = "m is a number",
}

local words = assignment.text { of = "why", words = 3 }
checks { "words are not counted", check = words, text = "why = '값이 크기 때문'", says = "1 of 1: why has 3 words" }
checks {
  "spaces are words",
  check = words,
  text = "why = '   a    '",
  says = "0 of 1: why has 1 word; at least 3 are expected",
}
checks { "a number is a text", check = words, text = "why = 3", says = "why is 3; a text is expected" }

local slope = assignment.gradient { of = "df", f = "f", at = { gr.tensor { 1, 2, 3 } } }
local cubes = "function f(x) return (x ^ 3):mean() end function df(x) return %s end"
checks {
  "a right gradient is wrong",
  check = slope,
  text = cubes:format "x ^ 2",
  says = "1 of 1: df is the gradient of f",
}
checks { "a missing 1/m is not named", check = slope, text = cubes:format "3 * x ^ 2", says = "Every number is 3 times" }
checks { "a wrong gradient is right", check = slope, text = cubes:format "x", says = "0 of 1: df: entry 2 is 2; 4" }
checks {
  "nothing is the gradient of nothing",
  check = slope,
  text = "function f() return 0 end function df() return {0, 0, 0} end",
  says = "f does not change",
}
checks {
  "a function of many is one number",
  check = slope,
  text = "function f(x) return x end function df(x) return x end",
  says = "f does not give one number",
}
local own = assignment.gradient { of = "df", f = function(x) return x ^ 3 end, at = { 2 } }
checks {
  "a function of the teacher's is not asked",
  check = own,
  text = "function df(x) return 3 * x * x end",
  says = "1 of 1",
}

local trains = assignment.trains {
  of = "step",
  from = 0,
  args = { 3 },
  steps = 20,
  at_most = 0.01,
  figure = function(_, w) return (w - 3) ^ 2 end,
}
checks {
  "a training does not reach what it does",
  check = trains,
  text = "function step(w, to) return w + 0.5 * (to - w) end",
  says = "1 of 1: after 20",
}
checks {
  "a slow training reaches it",
  check = trains,
  text = "function step(w, to) return w + 0.01 * (to - w) end",
  says = "at most 0.01 is asked for",
}
checks {
  "a figure that is claimed counts",
  check = trains,
  text = "function step() return 'done' end",
  says = "0 of 1: what step gave cannot be used",
}
checks {
  "nan reaches it",
  check = trains,
  text = "function step() return 0 / 0 end",
  says = "0 of 1: after 20 steps the figure is",
}
local once = assignment.trains { of = "train", steps = 7, at_least = 7, figure = function(_, n) return n end }
checks { "the budget is not told", check = once, text = "function train(steps) return steps end", says = "1 of 1" }

local free = assignment.check {
  title = "squares",
  calls = { { name = "f", args = { 2 } }, { name = "f", args = { 3 } } },
  judge = function(_, values) return (values[1] == 4 and 0.5 or 0) + (values[2] == 9 and 0.5 or 0), "as far as it goes" end,
}
checks {
  "a free check gives no share",
  check = free,
  text = "function f(x) return 2 * x end",
  says = "0.5 of 1: as far as it goes",
}
checks {
  "a free check that raises ends the marking",
  check = assignment.check {
    title = "x",
    calls = { { name = "x" } },
    judge = function(_, values) return values[1] > 0 end,
  },
  text = "x = {}",
  says = "0 of 1: what came cannot be used: attempt to compare",
}

case("a teacher is not told what a judge stumbled over, or a student where", function()
  local one = assignment.check {
    title = "x",
    calls = { { name = "x" } },
    hint = "x is a number",
    judge = function(_, values) return values[1] > 0 end,
  }
  local came = one.judge({}, { { is = "table", value = {} } })
  same(came.said:find "test_assignment", nil)
  same(came.hint, "x is a number")
  check(came.trouble:find "test_assignment.lua:%d+: ", came.trouble)
end)

case("a hint that raises takes the verdict with it", function()
  local one = assignment.value { of = "x", expected = 3, points = 2, hint = function(_, value) return value.a.b end }
  local came = one.judge({}, { { is = "number", value = 4 } })
  same({ came.points, came.of, came.said, came.hint }, { 0, 2, "x: is 4; 3 is expected" })
  check(came.trouble:find "^the hint: .*test_assignment.lua:%d+: attempt to index", came.trouble)
  same(one.judge({}, { { is = "number", value = 3 } }).trouble, nil)
end)

local shapes = harness.suite("shapes of lists", function(c) same(likeness.shape(c.of), c.are) end)
shapes { "a number has sizes", of = 3, are = {} }
shapes { "an empty list has none", of = {}, are = { 0 } }
shapes { "empty rows have none", of = { {}, {} }, are = { 2, 0 } }
shapes { "rows and columns are not counted", of = { { 1, 2, 3 }, { 4, 5, 6 } }, are = { 2, 3 } }
shapes { "rows that differ are the same", of = { { 1, 2 }, { 3 } } }
shapes { "a later row is not looked at", of = { { { 1 } }, { { "1" } } } }
shapes { "a name is a row", of = { { 1 }, { 2 }, a = { 3 } } }
shapes { "a gap is none", of = { 1, 2, [4] = 3 } }
shapes { "a text is a number", of = "3" }

case("a shape is told of lists that are nested without end, or it takes for ever", function()
  local deep = {}
  for i = 1, 1000 do
    deep[i] = i
  end
  for _ = 1, 2000 do
    deep = { deep }
  end
  local begun = os.clock()
  same(likeness.shape(deep), nil)
  check(os.clock() - begun < 1, "it took too long")
end)

local replays = assignment.replays { result = "accuracy", at_least = 0.9 }
case("what is said of a run in whole sentences is called an error of the run", function()
  local said = "no folder 'run' with a recorded run was handed in"
  same(replays.judge({}, { { error = said, plain = true } }).said, said)
end)
case("a run that does not replay counts, or one that falls short", function()
  local function points(value) return replays.judge({}, { { is = "table", value = value } }).points end
  same(points { results = { accuracy = 0.95 } }, 1.0)
  same(points { results = { accuracy = 0.95 }, differs = "epoch 3" }, 0)
  same(points { results = { accuracy = 0.85 } }, 0)
  same(points { results = {} }, 0)
end)

case("what an author writes wrongly is taken", function()
  local value, new = assignment.value, assignment.new
  raises("a tolerance wants its reason", function() value { of = "x", expected = 1, tolerance = 0.1 } end)
  raises("unknown option 'expect'", function() value { of = "x", expect = 1 } end)
  raises("of must be a string, got nil", function() value { expected = 1 } end)
  raises("at_least or at_most must say", function() assignment.trains { of = "f", steps = 1, figure = print } end)
  raises("run must name a folder beside", function() assignment.replays { run = "../other" } end)
  raises(
    "argument 1 must be a number or a tensor of at most 200",
    function() assignment.gradient({ of = "f", f = "g", at = { gr.zeros(201) } }).calls {} end
  )
  raises("name must be a word", function() new { name = "a b", questions = {} } end)
  raises("questions must be a list of at least one", function() new { name = "a", questions = {} } end)
  raises(
    "two questions are named 'q1'",
    function() new { name = "a", questions = { { name = "q1" }, { name = "q1" } } } end
  )
  raises(
    "check 1 must be made by a function of gr.assignment, got 3",
    function() new { name = "a", questions = { { name = "q1", checks = { 3 } } } } end
  )
  raises(
    'assignment: file: name must be a file in the folder, got "../a"',
    function() new { name = "a", file = "../a", questions = { { name = "q1" } } } end
  )
end)

-- ---- Two halves

case("what students may change is changed for the next call", function()
  local A = gr.tensor { 1, 2 }
  local calls = { { name = "f", args = { A } }, { name = "f", args = { A } } }
  local said =
    answers.of { text = "function f(a) a[1] = a[1] + 1 return a[1] end", name = "a.lua", numbers = {}, calls = calls }
  same({ said[1].value, said[2].value, A[1] }, { 2, 2, 1 })
end)

case("what passes a wall is not what is asked here", function()
  local A = gr.tensor { { 1, 2 }, { 3, 4 } }
  local asked = {
    text = "local n = require 'numbers' function f(a) return a:T(), 1 end x = n.q1.A[2] y = 0 / 1 z = print",
    name = "a.lua",
    numbers = { q1 = { A = A } },
    calls = { { name = "f", args = { A } }, { name = "x" }, { name = "y" }, { name = "z" }, { name = "none" } },
  }
  local inputs = core.json_decode(core.json_encode(packing.pack(asked, "asked")))
  local came = core.json_decode(core.json_encode(answers.of_packed(inputs)))
  local said = answers.of(asked)
  same(came.said, said)
  same(said[1], { is = "tensor", value = { { 1, 3 }, { 2, 4 } } })
  same(answers.of_packed({ text = "x =", name = "a.lua", numbers = {}, calls = {} }).wrong:sub(1, 8), "a.lua:1:")
end)

case("what was drawn before changes an answer, or an answer what is drawn after", function()
  local job = {
    text = "x = require('gradus').random.rand(2) y = math.random()",
    name = "a.lua",
    numbers = {},
    calls = { { name = "x" }, { name = "y" } },
  }
  gr.random.seed(5)
  local one = answers.of(job)
  local after = gr.random.rand(1)
  gr.random.seed(5)
  same(gr.random.rand(1), after)
  local other = answers.of(job)
  same({ one[1].value, one[2].value }, { other[1].value, other[2].value })
end)

--- All texts and numbers in a value.
local function contents(value, into)
  if core.is_tensor(value) then value = value:totable() end
  if type(value) ~= "table" then into[value] = true end
  for key_, one in pairs(type(value) == "table" and value or {}) do
    into[key_] = true
    contents(one, into)
  end
  return into
end

case("what is expected goes to where the answer runs", function()
  local secret = 987654.25
  local list = {
    assignment.value { of = "x", expected = secret },
    assignment.value { of = "x", args = { 1 }, expected = function() return secret end },
    assignment.trains { of = "x", steps = 2, figure = print, at_most = secret },
    assignment.check { title = "t", calls = { { name = "x" } }, judge = function() return secret end },
    assignment.gradient { of = "x", f = function(x) return secret * x end, at = { 1 } },
    assignment.text { of = "x", words = 987654 },
    assignment.replays { result = "accuracy", at_least = secret },
  }
  for _, one in ipairs(list) do
    local found = contents(one.calls {}, {})
    check(not found[secret] and not found[987654] and not found[one.judge], one.title)
    for value in pairs(found) do
      check(type(value) ~= "function", one.title .. " sends a function")
    end
  end
end)

-- ---- A class

local files = { "assignment.lua", "visible.lua", "reference.lua", "roster.csv", "starter/answer.lua" }

--- A folder with the example that gradus new makes, and a function that takes it away.
local function example()
  local folder = os.tmpname()
  os.remove(folder)
  for _, file in ipairs(files) do
    core.make_folder((folder .. "/" .. file):match "^(.*)/")
    core.write_file(folder .. "/" .. file, core.file("assignment/" .. file))
  end
  return folder, setmetatable({}, { __close = function() core.remove_folder(folder) end })
end

local function read(path)
  local f <close> = assert(io.open(path, "rb"))
  return f:read "a"
end

--- Points of a student's reference answers with a student's numbers, of the questions whose answers are numbers.
local function points(a, of, with)
  local reference_of_with = answers.load(a.reference_text, "reference.lua", with.numbers)
  local marks = marking.mark {
    questions = a.questions,
    numbers = with.numbers,
    reference = reference_of_with,
    ask = function(calls)
      return answers.of { text = a.reference_text, name = "r.lua", numbers = of.numbers, calls = calls }
    end,
  }
  return marks.questions[1].points, marks.points, marks.of
end

case("reference answers are wrong on their own numbers, or right on another student's", function()
  local folder, gone <close> = example() -- luacheck: ignore gone
  local a = assert(assignment_folder.read(folder))
  local all, texts = {}, {}
  for i = 1, 6 do
    all[i] = instance.make(a, key, { id = "s" .. i, name = "" })
    texts[instance.to_lua(all[i]):gsub("^[^\n]*\n", "")] = true
  end
  same(#options.sorted_keys(texts), 6)
  for i, one in ipairs(all) do
    for j, other in ipairs(all) do
      local of_inverse, sum, most = points(a, one, other)
      if i == j then
        close(sum, most, 0)
      else
        check(of_inverse < 4, ("the inverse of %d is right for %d"):format(i, j))
      end
    end
  end
end)

case("a folder that is handed out holds the reference, hidden checks or the key", function()
  local folder, gone <close> = example() -- luacheck: ignore gone
  local a = assert(assignment_folder.read(folder))
  local plan = assert(handout.plan(a, key, { { id = "s1", name = "Kim" } }))
  local done = handout.write(a, plan, folder .. "/out")
  same(done.new, 1)
  local found = assignment_folder.files(folder .. "/out/s1")
  same(table.concat(found, " "), "answer.lua instance.json numbers.lua task.md visible.lua")
  local inverse = ("%s"):format(core.json_encode(plan[1].answers.q1.inverse))
  for _, file in ipairs(found) do
    local text = read(("%s/out/s1/%s"):format(folder, file))
    check(not text:find(key, 1, true), file .. " has the key")
    check(not text:find("step learns", 1, true), file .. " has a hidden check")
    check(not text:find("derivative of the cross entropy", 1, true), file .. " has the reference")
    check(not text:gsub("%s", ""):find(inverse, 1, true), file .. " has the answer")
  end
  check(read(folder .. "/answers.json"):find "cross entropy", "the teacher has no answers")
end)

--- What handout.plan or reading says when a file of the example is changed.
local function says_of(file, from, to)
  local folder, gone <close> = example() -- luacheck: ignore gone
  local path = ("%s/%s"):format(folder, file)
  local text = io.open(path) and read(path) or ""
  local at, last = text:find(from, 1, true)
  core.make_folder(path:match "^(.*)/")
  core.write_file(path, at and text:sub(1, at - 1) .. to .. text:sub(last + 1) or to)
  local a, wrong = assignment_folder.read(folder)
  if a then
    a, wrong = handout.plan(a, key, { { id = "s1", name = "Kim" } })
  end
  return not a and wrong or "it is handed out"
end

local mistakes = harness.suite("hand-out", function(c)
  local said = says_of(c.file, c.from, c.to)
  check(said:find(c.says, 1, true), ("it says '%s', not '%s'"):format(said, c.says))
end)
mistakes {
  "a wrong reference is handed out",
  file = "reference.lua",
  from = "0.1",
  to = "-0.1",
  says = "with the numbers of s1 the reference solution gets 0 of 1 points for 'step learns",
}
mistakes {
  "a reference that does not run is",
  file = "reference.lua",
  from = "local answer = {}",
  to = "",
  says = "reference.lua:",
}
mistakes {
  "points that do not add up are",
  file = "assignment.lua",
  from = "points = 4",
  to = "points = 5",
  says = "question q1 has 5 points, but its checks give 4",
}
mistakes {
  "a visible check that needs the reference is",
  file = "visible.lua",
  from = "expected = gr.full({ 5 }, 0.5),",
  to = "",
  says = "must say what is expected: students have no reference",
}
mistakes {
  "a visible check of gradients that needs the reference is",
  file = "visible.lua",
  from = "q2 = {",
  to = 'q2 = { gr.assignment.backprop { of = "net", at = {} },',
  says = "must say what is expected: students have no reference",
}
mistakes {
  "visible checks of no question are",
  file = "visible.lua",
  from = "q2 = {",
  to = "q3 = {",
  says = 'there is no question "q3"; there are: q1 q2',
}
mistakes {
  "the reference among the starters is",
  file = "starter/mine.lua",
  from = "?",
  to = core.file "assignment/reference.lua",
  says = "starter/mine.lua is the reference solution itself",
}
mistakes {
  "the key among the starters is",
  file = "starter/key.txt",
  from = "?",
  to = "k " .. key,
  says = "starter/key.txt holds the course key",
}
mistakes {
  "a starter in place of the task is",
  file = "starter/task.md",
  from = "?",
  to = "x",
  says = "students get another file of that name",
}
mistakes {
  "a draw that fails is",
  file = "assignment.lua",
  from = "draw:matrix { size = 3, condition = 10 }",
  to = "print",
  says = "q1.A is a function: numbers, texts",
}
mistakes {
  "a script that is no assignment is",
  file = "assignment.lua",
  from = "return assignment {",
  to = "local _ = {",
  says = "it must return gr.assignment{ ... }, got nil",
}
mistakes { "a syntax error is", file = "visible.lua", from = "return {", to = "return {{", says = "visible.lua:" }
mistakes {
  "a hidden check with a wrong option is",
  file = "assignment.lua",
  from = "partial = true",
  to = "part = true",
  says = "assignment.value: unknown option 'part'",
}
