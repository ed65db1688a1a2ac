-- Cells: scripts of strangers, what they try, and that the marker sees nothing of it but a result.
local cell = require "gradus.cell"
local core = require "gradus.core"
local harness = require "harness"
local luaunit = require "luaunit"

local secret = os.tmpname()
core.write_file(secret, "key")

local stands, why = pcall(cell.run, { script = "" })

local function fail(text, ...) luaunit.fail(text:format(...)) end

local function check(c, result)
  local status = c.status or c.reason and "stopped" or "finished"
  local said = ("%s: %s; it printed: %s"):format(result.status, result.reason, result.output)
  if result.status ~= status then fail("expected %s, but it %s", status, said) end
  if c.reason and not result.reason:find(c.reason) then fail("expected '%s', but it %s", c.reason, said) end
  if not c.reason then harness.same(result.value, c.value) end
  if c.prints and not result.output:find(c.prints, 1, true) then
    fail("expected '%s' in: %s", c.prints, result.output)
  end
end

local case = harness.suite("cell", function(c)
  if not stands then return harness.skip(why) end
  local from = core.clock()
  local inputs = c.inputs or { path = secret }
  local seconds = c.seconds or 0.3
  check(c, cell.run { script = c.script, inputs = inputs, seconds = seconds, memory = c.memory or 64 << 20 })
  if core.clock() - from > seconds + 10 then fail("it took %g s", core.clock() - from) end
  local file <close> = io.open(secret)
  harness.same(file:read "a", "key")
end)

for _, attack in ipairs(require "cell_attacks") do
  case(attack)
end

local function needs_walls()
  if not stands then harness.skip(why) end
end

local plainly = harness.suite "cell"

plainly("gr.check.backprop does not work, or leaves a student's functions as it ran them", function()
  needs_walls()
  local result = cell.run {
    script = [[
      local gr = require "gradus"
      local calls, kept = 0, nil
      local function forward(x)
        calls, kept = calls + 1, x
        return x:tanh()
      end
      local function backward(dout) return dout * (1 - kept ^ 2) end
      local report = gr.check.backprop { forward = forward, backward = backward }
      return { report.findings[1].mistake, calls, kept == nil }
    ]],
  }
  harness.same(result.status, "finished", result.reason)
  harness.same(result.value, { "derivative taken of the input", 0, true })
end)

plainly("cells that run side by side wait for each other", function()
  needs_walls()
  local slow <close> = cell.start { script = "while true do end", seconds = 100 }
  local quick <close> = cell.start { script = "return 1" }
  while not quick:wait(0.1) do
    harness.same(slow:wait(0), nil)
  end
  harness.same(quick:wait(0).value, 1)
  harness.same(slow:wait(0), nil)
end)

plainly("a large result is charged for a marker that is busy", function()
  needs_walls()
  local one <close> = cell.start { script = 'return ("x"):rep(1 << 20)', seconds = 0.3 }
  local result
  repeat
    result = one:wait(0)
    local till = core.clock() + 0.8
    repeat
    until core.clock() > till
  until result
  harness.same(result.status, "finished", result.reason)
  harness.same(#result.value, 1 << 20)
end)

plainly("a cell that has not begun is an error, and walls are said to be missing", function()
  local kept = core.cell_start
  core.cell_start = function()
    local ended = { how = "late", text = "", detail = 0, output = "", seconds = 0, walls = {} }
    return { wait = function() return ended end, close = function() end }
  end
  local ok, result = pcall(cell.run, { script = "" })
  core.cell_start = kept
  harness.same(ok, true)
  harness.same(result.status, "stopped")
  harness.same(result.reason, "stopped: its cell did not begin")
  harness.same(result.missing, nil)
end)

plainly("a result does not say which walls stood", function()
  needs_walls()
  local result = cell.run { script = "" }
  harness.same(result.walls, { "user", "namespaces", "limits", "landlock", "seccomp" })
  harness.same(result.missing, nil)
end)

plainly("a file that is given cannot be read, or another can", function()
  needs_walls()
  local idx = os.tmpname()
  core.write_file(idx, "\0\0\8\2" .. "\0\0\0\2\0\0\0\3" .. "\1\2\3\4\5\255")
  local function read(name)
    local script = ("local t = require('gradus').data.idx(%q) return t"):format(name)
    return cell.run { script = script, files = { ["set/x"] = idx } }
  end
  harness.same(read("set/x").value, { { 1, 2, 3 }, { 4, 5, 255 } })
  for _, name in ipairs { idx, "set/y", "/gradus", "/proc/self/status", "" } do
    local result = read(name)
    harness.same(result.status, "failed")
    harness.check(
      result.reason:find("in a cell there are no files but those that were given to it", 1, true),
      result.reason
    )
  end
  os.remove(idx)
  harness.raises("No such file", function() read "set/x" end)
end)

plainly("a value is as large as it was said, and no larger", function()
  needs_walls()
  local script = "return ('x'):rep(5e6)"
  harness.same(#cell.run({ script = script, value = 6 << 20 }).value, 5000000)
  harness.same(cell.run({ script = script }).reason, "stopped: its result is too large: 4 MB as JSON are the most")
  harness.same(cell.run({ script = "return ('x'):rep(20)", value = 10 }).status, "stopped")
  harness.same(cell.run({ script = "return { 1, { 2 } }", values = 4 }).value, { 1, { 2 } })
  local many = "stopped: its result is too large: 4 values are the most"
  harness.same(cell.run({ script = "return { 1, {}, {}, {} }", values = 4 }).reason, many)
end)

plainly("values of a text are not counted as they come out", function()
  local texts = {
    ["1"] = 1,
    ["[1,2]"] = 3,
    ['{"a":{},"b":[]}'] = 5,
    ['["a,[{\\",","\\\\",1]'] = 4,
    ['"\n[{},{}]\n'] = 5, -- a line that is torn hides none behind it
    ['"\\\n[1,1]\n'] = 3,
  }
  for text, count in pairs(texts) do
    harness.same(core.json_count(text), count, text)
  end
end)

plainly("dates are told in another zone than was said", function()
  needs_walls()
  local script = "return os.date('%H:%M %z', 0)"
  harness.same(cell.run({ script = script }).value, "00:00 +0000")
  harness.same(cell.run({ script = script, zone = "<+0530>-05:30" }).value, "05:30 +0530")
  for _, zone in ipairs { "Asia/Seoul", ":/etc/passwd", "", "<+09>-9\n" } do
    harness.raises(
      "cell.run: zone is a time zone as POSIX writes it",
      function() cell.run { script = "", zone = zone } end
    )
  end
end)

plainly("a number is taken for the name of a file, and its text is gone when it is read", function()
  local job = { name = "x", script = "", inputs = "null", seconds = 1, memory = 1 << 20, output = 1, value = 1 }
  for _, file in ipairs { { 1, "x" }, { "x", 2 }, { "x" }, {} } do
    job.files = { file }
    harness.raises("names and paths of files must be texts", function() core.cell_start(job) end)
  end
  job.files = { "x" }
  harness.raises("files must be { { name, path }, ... }", function() core.cell_start(job) end)
end)

plainly("an option that is misspelt is taken", function()
  local function start(given)
    local one <close> = cell.start(given)
    return one
  end
  harness.raises("cell.start: unknown option 'second' %(did you mean 'seconds'%?%)", start, { script = "", second = 1 })
  harness.raises("cell.start: script must be a text", start, {})
  harness.raises("cell.start: files must be a table", start, { script = "", files = "x" })
  harness.raises("cell.start: the path of a file must be a text", start, { script = "", files = { x = 1 } })
  harness.raises("cell.start: value must", start, { script = "", value = 0 })
  harness.raises("its value may have 1099511627776 bytes .*; each", start, { script = "", value = 1 << 40 })
  harness.raises("its output 1099511627776; each", start, { script = "", output = 1 << 40 })
  harness.raises("cell.start: inputs: numbers, texts, booleans", start, { script = "", inputs = { print } })
end)
