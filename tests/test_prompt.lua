-- What the prompt makes of a chunk, shows of a value, and saves of a session.
local chunk = require "gradus.chunk"
local gr = require "gradus"
local harness = require "harness"
local history = require "gradus.recall"
local session = require "gradus.session"
local tokens = require "gradus.tokens"
local values = require "gradus.values"

local check, same = harness.check, harness.same

-- ---- Words of a text

local case = harness.suite("tokens", function(c)
  local texts = {}
  for i, one in ipairs(tokens.of(c.text)) do
    texts[i] = one.text .. (one.open and "~" or "")
  end
  same(texts, c.words)
end)

case { "names and symbols run together", text = "a.b==c..d", words = { "a", ".", "b", "==", "c", "..", "d" } }
case { "a string ends at a quote that is written", text = [[f"a\"b" c]], words = { "f", [["a\"b"]], "c" } }
case { "a string that goes on is closed", text = [[f 'a"b]], words = { "f", [['a"b~]] } }
case { "a string goes over a line's end", text = '"a\nb', words = { '"a~', "b" } }
case { "a long string ends too early", text = "[==[ ]] ]=] ]==] x", words = { "[==[ ]] ]=] ]==]", "x" } }
case { "an open long string is closed", text = "x = [[ a\nb", words = { "x", "=", "[[ a\nb~" } }
case { "a comment goes over its line", text = "a -- b\nc", words = { "a", "-- b", "c" } }
case { "the last comment is closed", text = "a --[==[ b ]]", words = { "a", "--[==[ b ]]~" } }
case { "a number is torn", text = "1e-5 0x1p+4 .5 3..2", words = { "1e-5", "0x1p+4", ".5", "3..2" } }
case { "letters that are no Lua stop it", text = "가 x", words = { "\xEA", "\xB0", "\x80", "x" } }

-- ---- Local variables

case = harness.suite("locals", function(c) same(chunk.keep_locals(c.text), c.gives) end)

case { "one stays", text = "local x = 5", gives = "x = 5" }
case { "several stay", text = "local a, b = 1, 2 local c = 3", gives = "a, b = 1, 2 c = 3" }
case { "one without a value stays", text = "local a, b; f()", gives = "a, b = nil; f()" }
case { "one without a value before a line", text = "local a\nf()", gives = "a = nil\nf()" }
case { "a constant keeps its mark", text = "local x <const>, y = 1, 2", gives = "x , y = 1, 2" }
case { "one that closes is opened", text = "local f <close> = g()", gives = "local f <close> = g()" }
case { "a function stays", text = "local function f() local x = 1 end", gives = "function f() local x = 1 end" }
case {
  "those of blocks become global",
  text = "for i = 1, 2 do local a = i end if x then local b else local c end local d = 1",
  gives = "for i = 1, 2 do local a = i end if x then local b else local c end d = 1",
}
case {
  "that of a loop's body",
  text = "repeat local a = f() until a local b = 1",
  gives = "repeat local a = f() until a b = 1",
}
case {
  "one in a table's function",
  text = "t = { f = function() local a = 1 end }",
  gives = "t = { f = function() local a = 1 end }",
}
case { "one in a string or a comment", text = 's = "local x" -- local y', gives = 's = "local x" -- local y' }

-- ---- Chunks

case = harness.suite("chunk", function(c)
  local read = chunk.read(c.text)
  for _, key in ipairs { "is_expression", "hidden", "unfinished" } do
    if c[key] ~= nil then same(read[key] or false, c[key], key) end
  end
  same(read.run ~= nil, c.runs ~= false)
  if c.value then same(select(2, read.run()), c.value) end
end)

case { "an expression is not known", text = "1 + 1", is_expression = true, value = 2 }
case { "an expression with a comment", text = "1 + 1 -- two", is_expression = true, value = 2 }
case { "a semicolon hides nothing", text = "1 + 1;", is_expression = true, hidden = true, value = 2 }
case { "a semicolon before a comment", text = "1 + 1; -- two", hidden = true, value = 2 }
case { "a semicolon in a string hides", text = '";"', is_expression = true, hidden = false, value = ";" }
case { "a statement is taken for an expression", text = "x_of_test = nil", is_expression = false }
case { "a loop is whole", text = "for i = 1, 3 do", runs = false, unfinished = true }
case { "a function is whole", text = "f = function(x)", runs = false, unfinished = true }
case { "a table is whole", text = "{ 1,", runs = false, unfinished = true }
case { "a call is whole", text = "print(", runs = false, unfinished = true }
case { "a sum is whole", text = "1 +", runs = false, unfinished = true }
case { "an assignment is whole", text = "x =", runs = false, unfinished = true }
case { "a long string is whole", text = "[[ abc", runs = false, unfinished = true }
case { "a wrong chunk waits for more", text = "x = = 1", runs = false, unfinished = false }
case { "a string without an end waits", text = 'print("abc', runs = false, unfinished = false }
case { "nothing is something", text = "", is_expression = false }
case { "a comment is something", text = "-- nothing", is_expression = false }

-- ---- Other languages

local habits = require "gradus.habits"

case = harness.suite("habits", function(c)
  local read = chunk.read(c.text)
  check(not read.unfinished, "it is read on")
  check((read.message or ""):find(c.says or "^[^\n]*$"), read.message)
end)

for _, row in ipairs {
  { "x += 1", "x = x %+ y" },
  { "local 오차 = 1", "names have letters of English" },
  { "x = “한글”", "quotes are straight" },
  { "x %= 2", "x = x %% y" },
  { "x = 2 ** 3", "a %^ b" },
  { "a @ b", "a:dot%(b%)" },
  { "x++", "x = x %+ 1" },
  { "x := 5", "x = 1" },
  { "if x != 3 then end", "~=" },
  { "if !x then end", "written not" },
  { "if a && b then end", "written and" },
  { "if a || b then end", "written or" },
  { "x = a ? b : c", "c and a or b" },
  { "x = [1, 2]", "{ 1, 2 }" },
  { "print([[1, 2], [3, 4]])", "^[^\n]*$" }, -- Lua's own long string
  { "print([ [1], [2] ])", "{ 1, 2 }" },
  { "x[1:3]", 't%["2:5"%]' },
  { '{"a": 1}', "{ a = 1 }" },
  { "x[1,2]", "x%[{ 1, 2 }%]" },
  { "print(x[i, j])", "x%[{ 1, 2 }%]" },
  { "help inv", 'help "inv"; so does' },
  { "help learning rate", 'help "learning rate"' },
  { "save session.lua", 'save "session.lua"' },
  { "x:mean", "x:mean%(%)" },
  { "y = x:mean", "x:mean%(%)" },
  { "for i in range(3): print(i)", "for i = 1, n do" },
  { "while x: print(x)", "while c do" },
  { "if x == 3: print(x)", "if c then" },
  { "def f(x):", "function f%(x%)" },
  { "class Net(object):", "no classes" },
  { "f = lambda x: x", "function%(x%)" },
  { "import numpy as np", "require" },
  { "from gradus import nn", "require" },
  { "try:", "pcall" },
  { "elif x > 1:", "elseif" },
  { "let x = 5", "local x = 1" },
  { "print x", "print%(x%)" },
  { "for i in range(10):", "for i = 1, n do" },
  { "for (i = 0; i < 3; i++) {", "x = x %+ 1" },
  { "while x:", "while c do" },
  { "if x == 1:", "if c then" },
  { "5 # five", "begins with %-%-" },
  { "# a comment", "begins with %-%-" },
  { "// a comment", "begins with %-%-" },
} do
  case { ("%s gets no answer, or another"):format(row[1]), text = row[1], says = row[2] }
end

for _, text in ipairs {
  "x = 'x != 3' )",
  "t = { [1] = 2 ] )",
  "x = #t )",
  "x = t[1][2] )",
  "-- a += 1\n)",
  "x = 7 // 2 )",
} do
  case { ("%q is taken for another language"):format(text), text = text }
end

case("a block of Lua that goes on is taken for one of Python", function()
  for _, text in ipairs { "for i = 1, 3 do", "if x then", "x = f(", "while x do -- so:", "s = [==[ if x:" } do
    check(chunk.read(text).unfinished, text)
  end
end)

case("a habit in another line than the one that is wrong is told of", function()
  same(habits.of_syntax("x.lua:2: unexpected symbol near ')'", "x = 1 != 2\n)"), nil)
  same(habits.of_syntax("cannot open x.lua", "x += 1"), nil)
end)

-- ---- Values

case = harness.suite("values", function(c)
  local text, about = values.text(c.value, c.columns or 80)
  same(text, c.text)
  same(about, c.about)
end)

local cycle = { name = "a" }
cycle.self = cycle
local scattered = { last = 1, [{}] = 2 }
for i = 0, 1100 do
  local at = i * 7 % 1101 -- in no order
  if at > 0 then scattered[at] = at end
end
local long = {}
for i = 1, 25 do
  long[i] = i
end

case { "a string looks like a number", value = "1", text = '"1"' }
case { "Korean is escaped", value = "신경망\n", text = '"신경망\\n"' }
case { "broken text reaches the terminal", value = "\27[1m\xff", text = '"\\x1b[1m\\xff"' }
case { "a number has other digits than print", value = 0.1 + 0.2, text = "0.30000000000000004" }
case { "a table's entries come in any order", value = { lr = 0.1, batch = 5, 7 }, text = "{ 7, batch = 5, lr = 0.1 }" }
case { "a key that is no name stands bare", value = { ["a b"] = 1, [2.5] = 2 }, text = '{ [2.5] = 2, ["a b"] = 1 }' }
case { "an empty table is nothing", value = {}, text = "{}" }
case { "a cycle does not end", value = cycle, text = '{ name = "a", self = { itself } }' }
case { "a deep table is all shown", value = { { { { 1 } } } }, text = "{ { { { ... } } } }" }
case {
  "a long list is not cut",
  value = long,
  text = "{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ... 5 more }",
  columns = 100,
}
case {
  "of many entries others than the first are shown, or in another order",
  value = scattered,
  text = "{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ... 1082 more }",
  columns = 120,
}
case {
  "a wide table stays on one line",
  value = { a = 1, b = { c = 2 } },
  columns = 20,
  text = "{\n  a = 1,\n  b = { c = 2 }\n}",
}
case { "a tensor lacks its shape", value = gr.ones(2, 3), text = "[[1. 1. 1.]\n [1. 1. 1.]]", about = "2 x 3 f64" }
case {
  "a tensor is wider than the terminal",
  value = gr.arange(6),
  columns = 12,
  text = "[0. 1. 2.\n 3. 4. 5.]",
  about = "6 f64",
}
case {
  "a parameter looks like a tensor",
  value = gr.param(gr.ones(2), "w"),
  text = "[1. 1.]",
  about = "w: 2 f64, collects gradients",
}
case { "a tensor in a table is laid out", value = { x = gr.ones(20, 3) }, text = "{ x = tensor 20 x 3 f64 }" }
case { "a layer is shown as a table", value = gr.nn.dense(2, 3), text = "dense(2 -> 3)" }
case { "a function of the library lacks its name", value = { f = string.rep }, text = "{ f = function: string.rep }" }

case("all keys of a long table are compared with each other", function()
  local t, instructions = {}, 0
  for i = 1, 20000 do
    t[i] = i
  end
  debug.sethook(function() instructions = instructions + 1000 end, "", 1000)
  values.text(t, 80)
  debug.sethook()
  check(instructions < 40 * #t, instructions)
end)

case("a function of the script lacks its place", function()
  local text = values.text(function() end, 80)
  check(text:find "^function %(.*test_prompt.lua:%d+%)$", text)
  check(values.text(gr.nn.dense, 80):find "^function: nn%.dense%(inputs, outputs", values.text(gr.nn.dense, 80))
  same(values.text(print, 80), "function: print")
  same(values.text(gr.ones, 80), "function: gr.ones(m, n, ... [, dtype]) -> Tensor")
end)

case("the last value of the prompt gives a function its name", function()
  _ = function() end -- luacheck: ignore 111
  local text = values.text(_, 80) -- luacheck: ignore 113
  _ = nil -- luacheck: ignore 111
  check(text:find "^function %(", text)
end)

case("a metatable of the script's is called", function()
  local object = setmetatable(
    { a = 1 },
    { __index = function() error "called" end, __pairs = function() error "called" end }
  )
  same(values.text(object, 80), "{ a = 1 }")
  same(values.text(setmetatable({}, { __tostring = function() return "mine" end }), 80), "mine")
end)

case("a value that shows itself is printed, or a method of the script's is called to show one", function()
  same(select(2, values.show_of(gr.plot.line { 1, 2 })), "show")
  same(select(2, values.show_of(gr.nn.sequential { gr.nn.dense(1, 1) })), "summary")
  same(values.show_of(setmetatable({}, { __index = { show = function() end } })), nil)
  same(values.show_of { show = function() end }, nil)
  same(values.show_of(gr.ones(2)), nil)
end)

-- ---- Sessions

local function saved(...) return session.text({ ... }, { who = print, time = print }) end

local function expression(text, more)
  local entry = { text = text, is_expression = true, values = 1 }
  for key, value in pairs(more or {}) do
    entry[key] = value
  end
  return entry
end

local first = '-- A session at the prompt of gradus.\nlocal gr = require "gradus"\n'

case = harness.suite "session"

case(
  "a value is not printed, or a call's nothing is",
  function()
    same(
      saved(
        { text = "x = gr.ones(2)" },
        expression "x",
        expression("print(x)", { nothing = true }),
        expression("x:sum()", { hidden = true })
      ),
      first .. "\nx = gr.ones(2)\nprint(x)\nprint(x)\nx:sum()\n"
    )
  end
)

case(
  "names that the prompt binds are missing, or fields are taken for them",
  function()
    same(
      saved({ text = "net = nn.dense(2, 3)" }, { text = "t.data = ones(2)" }),
      first .. "local nn, ones = gr.nn, gr.ones\n\nnet = nn.dense(2, 3)\nt.data = ones(2)\n"
    )
  end
)

case(
  "the last value is lost",
  function()
    same(
      saved(expression "1 + 1", expression "_ * 2 -- four"),
      first .. "\n_ = (1 + 1)\nprint(_)\n_ = (_ * 2 -- four\n)\nprint(_)\n"
    )
  end
)

case(
  "what speaks to the prompt is saved, or what Ctrl-C stopped is run",
  function()
    same(
      saved(
        expression("who()", { nothing = true }),
        expression 'save "x.lua"',
        { text = "for i = 1, 9 do\n  f(i)\nend", interrupted = true },
        expression("time(f)", { hidden = true })
      ),
      first
        .. 'local words = require("gradus.repl").words\nlocal time = words.time\n\n'
        .. "-- Left out: Ctrl-C stopped this, and a script would run it to its end:\n-- for i = 1, 9 do\n--   f(i)\n-- end\ntime(f)\n"
    )
  end
)

local omitted = require "gradus.omitted"

--- Which of these lines are left out, when those that begin with ! were stopped.
local function left_out(...)
  local entries, list = {}, {}
  for i, text in ipairs { ... } do
    entries[i] = { text = text:gsub("^!", ""), interrupted = text:sub(1, 1) == "!" }
  end
  for i, reason in ipairs(omitted.reasons(entries)) do
    if reason then list[#list + 1] = i end
  end
  return list
end

case("what needs a line that Ctrl-C stopped is run, or more than that is left out", function()
  same(left_out("net = f()", "!net:fit(x, y, o)", "net:score(x, y)"), { 2 })
  same(left_out("!net = f(); net:fit(x, y, o)", "s = net:score(x, y)", "s + 1", "t = { net = 1, s = 2 }"), { 1, 2, 3 })
  same(left_out("!net:fit(x)", "h = net.history", "h.loss[1]", "history = 5", "net:fit(x)", "net.history"), { 1, 2, 3 })
  same(left_out("a = 1", "!a = slow()", "a + 1", "!function g() end; slow()", "g()", "g = 2", "g"), { 2, 4, 5 })
  same(left_out("!for i = 1, 9 do x = i end", "for i = 1, 2 do f(i) end", "x"), { 1, 3 })
end)

case(
  "a picture is printed",
  function()
    same(
      saved(expression("plot.line(x)", { shown_by = "show" })),
      first .. "local plot = gr.plot\n\n_ = (plot.line(x))\n_:show()\n"
    )
  end
)

case("save overwrites a file of the user's", function()
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write "my own\n"
  file:close()
  harness.raises("is there already", function() session.save(path, {}, {}) end)
  os.remove(path)
  session.save(path, { { text = "x = 1" } }, {})
  session.save(path, { { text = "y_of_test = 2" } }, {})
  dofile(path)
  same(rawget(_G, "y_of_test"), 2)
  rawset(_G, "y_of_test", nil)
  os.remove(path)
  harness.raises("save: expected a file name", function() session.save(5, {}, {}) end)
  harness.raises("No such file", function() session.save("/nowhere/at/all.lua", {}, {}) end)
end)

-- ---- The history

case = harness.suite "history"

--- Calls f with the history in a folder of its own, which it is given.
local function with_history(f)
  local folder = os.tmpname()
  os.remove(folder)
  local real = os.getenv
  os.getenv = function(name) return name == "XDG_STATE_HOME" and folder or real(name) end -- luacheck: ignore
  local ok, message = pcall(f, folder)
  os.getenv = real -- luacheck: ignore
  os.remove(folder .. "/gradus/history")
  os.remove(folder .. "/gradus")
  os.remove(folder)
  if not ok then error(message, 0) end
end

case("an entry is torn, or changed, by the file", function()
  local entries = { "1 + 1", "for i = 1, 2 do\n  print '\\n'\nend", "한글 \\\\n", "" }
  with_history(function()
    same(history.load(), {})
    for _, entry in ipairs(entries) do
      same({ history.append(entry) }, { true })
    end
    same(history.load(), entries)
  end)
end)

case("a long history is written anew, which drops what another prompt adds, or is read from its beginning", function()
  with_history(function(folder)
    local lines, most = {}, history.most
    history.append "first"
    for i = 1, 2 * most do
      lines[i] = ("entry %d"):format(i)
    end
    require("gradus.core").append_private(folder .. "/gradus/history", table.concat(lines, "\n") .. "\n")
    local file <close> = io.open(folder .. "/gradus/history")
    local loaded = history.load()
    same({ #loaded, loaded[1], loaded[most] }, { most, lines[most + 1], lines[2 * most] })
    history.append "of this prompt"
    same(file:read "l", "first")
    file:seek("end", -15)
    same(file:read "a", "of this prompt\n")
  end)
end)

case("a history of long entries is all read, or from the middle of one", function()
  with_history(function()
    local entry = ("x"):rep(1000000)
    for i = 1, 4 do
      history.append(i .. entry)
    end
    same({ #history.load(), history.load()[1]:sub(1, 2) }, { 2, "3x" })
  end)
end)

case = harness.suite "chunk"

case("a declaration without a value changes what stands behind it", function()
  same(require("gradus.chunk").keep_locals "local n; print(1 < 2, 3)", "n = nil; print(1 < 2, 3)")
  same(require("gradus.chunk").keep_locals "local a <const>, b = 5, 6", "a , b = 5, 6")
  same(require("gradus.chunk").keep_locals "local a, b print(a < b, 1 > 2)", "a, b = nil print(a < b, 1 > 2)")
end)

case("an expression behind statements on one line is taken for an unfinished chunk", function()
  local read = require("gradus.chunk").read "x_of_test = 2; x_of_test * 3"
  same({ read.is_expression, read.unfinished or false }, { true, false })
  same(select(2, read.run()), 6)
  same(require("gradus.chunk").read("for i = 1, 2 do x = 1; x").unfinished, true)
end)

case = harness.suite "coroutines"

case("coroutine.close ends otherwise than Lua's own", function()
  local function suspended(close)
    local co = coroutine.create(function()
      local guard <close> = setmetatable({}, { __close = close }) -- luacheck: ignore guard
      coroutine.yield()
    end)
    coroutine.resume(co)
    return co
  end
  local touched
  local co = suspended(function() touched = gr.ones(2) + 1 end)
  same({ coroutine.close(co), coroutine.status(co), touched[1] }, { true, "dead", 2 })
  co = suspended(function() error("closing", 0) end)
  same({ coroutine.close(co) }, { false, "closing" })
  same({ pcall(coroutine.close, coroutine.create(print)) }, { true, true })
  same((select(2, pcall(coroutine.close, coroutine.running())):match "cannot close a running coroutine") ~= nil, true)
  collectgarbage()
  same((gr.ones(2) + 1)[1], 2) -- with that coroutine gone
end)

-- ---- What is shown in short

case = harness.suite "in short"

case("a history is shown by its thousand losses", function()
  local one = require("gradus.history").new()
  same(tostring(one), "history: 0 epochs")
  one.loss, one.accuracy, one.stopped = { 3.04, 1, 0.17123 }, { 0.5, 0.75, 1 }, "patience"
  local says = "history: 3 epochs, loss 3.04 -> 0.1712, accuracy 0.5 -> 1 (stopped: patience)"
  same(tostring(one), says)
  same(values.text(one, 40), says)
end)

case("a text of many lines in a table is shown with all of them", function()
  same(values.text({ about = "Wine\nof Italy\n" }, 80), '{ about = "Wine" (2 lines) }')
  same(values.text({ a = ("long "):rep(40) }, 80):match '^{ a = "long [^\n]*" %(200 bytes%) }$' ~= nil, true)
  same(values.text({ a = "short" }, 80), '{ a = "short" }')
  same(values.text("one\ntwo", 80), '"one\\ntwo"')
end)
