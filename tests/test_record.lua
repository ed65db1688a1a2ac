-- What records of runs are made of: values as JSON can hold them, sealed lines, orders that do not change. Whole runs: cli/record.sh.
local chain = require "gradus.chain"
local compare = require "gradus.compare"
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"
local lua_random = require "gradus.lua_random"
local origin = require "gradus.origin"
local plain = require "gradus.plain"
local record = require "gradus.record"
local repeatable = require "gradus.repeatable"
local same, check, raises = harness.same, harness.check, harness.raises

local case = harness.suite "record"

-- ---- Values

--- The value after it has been written to JSON and read back.
local function through(value) return plain.back(core.json_decode(core.json_encode(plain.of(value, "test")))) end

case("a value comes back as another one", function()
  for _, value in ipairs {
    0.1,
    -0.0,
    1e-310,
    1,
    math.mininteger,
    true,
    "학습",
    "\xff\0",
    { 1, { 2 } },
    { a = 1, b = { "x" } },
  } do
    same(through(value), value)
  end
  same(math.type(through(1.0)), "float")
  for _, value in ipairs { 0 / 0, math.huge, -math.huge } do
    same(through { value }, { value })
  end
  same(through { [1] = 1, [3] = 2, x = 3 }, { [1] = 1, [3] = 2, x = 3 })
end)

case("a tensor is recorded without its shape, type or bits", function()
  local t = plain.of(gr.tensor { { 1, 2 }, { 3, 4 } }, "test")
  same({ t.tensor, t.dtype, t.values }, { "2 x 2", "f64", { { 1, 2 }, { 3, 4 } } })
  check(t.sha256 ~= plain.of(gr.tensor { 1, 2, 3, 4 }, "test").sha256, "another shape has the same hash")
  check(t.sha256 ~= plain.of(gr.tensor({ { 1, 2 }, { 3, 4 } }, "f32"), "test").sha256, "another type has the same hash")
  check(
    t.sha256 == plain.of(gr.tensor({ { 1, 3 }, { 2, 4 } }):T(), "test").sha256,
    "a transposed view has another hash"
  )
  same(plain.of(gr.zeros(200), "test").values, nil)
end)

case("what cannot be recorded is", function()
  raises("test: a function cannot be recorded", function() plain.of({ print }, "test") end)
  raises("test: a table cannot be recorded as a key", function() plain.of({ [{}] = 1 }, "test") end)
  local loop = {}
  loop.loop = loop
  raises("test: tables are nested deeper than 50 levels", function() plain.of(loop, "test") end)
end)

-- ---- Sealed lines

local function new_log(lines)
  local path = os.tmpname()
  local log = chain.new(path)
  for i = 1, lines do
    log:add { kind = "log", i = i }
  end
  log:close()
  return path
end

local function bytes_of(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- The file's text, changed by f, is written back.
local function edit(path, f) core.write_file(path, f(bytes_of(path))) end

case("a line that was changed, cut off or taken away is not seen", function()
  local path = new_log(5)
  local lines, state = chain.read(path)
  same({ #lines, state.torn, state.broken or 0, lines[3].i }, { 5, 0, 0, 3 })
  edit(path, function(text) return (text:gsub('"i":3', '"i":4')) end)
  lines, state = chain.read(path)
  same({ #lines, state.broken }, { 5, 3 })
  edit(path, function(text) return text:gsub('"i":4', '"i":3', 1):sub(1, -20) end)
  lines, state = chain.read(path)
  same({ #lines, state.torn, state.broken or 0 }, { 4, 1, 0 })
  edit(path, function(text) return (text:gsub("^[^\n]*\n[^\n]*\n", "")) end)
  lines, state = chain.read(path)
  same({ #lines, state.broken }, { 2, 1 })
  os.remove(path)
  same(chain.read(path), nil)
end)

-- ---- The same every time

case("pairs goes in another order, or leaves something out", function()
  local t = { 10, 20, nil, 40, b = 1, a = 2, [2.5] = 3, [-1] = 4, [true] = 5, [false] = 6 }
  local keys = {}
  for key, value in repeatable.pairs(t) do
    same(t[key], value)
    keys[#keys + 1] = tostring(key)
  end
  local first = #t == 4 and "1 2 4 -1 2.5 a b false true" or "1 2 -1 2.5 4 a b false true"
  same(table.concat(keys, " "), first)
end)

case("a table cannot be changed while pairs goes through it", function()
  local t, seen = { a = 1, b = 2, c = 3 }, {}
  for key in repeatable.pairs(t) do
    seen[#seen + 1] = key
    t.a, t.b = nil, nil
  end
  same(seen, { "a", "c" })
end)

case("pairs of an object with __pairs ignores it", function()
  local object = setmetatable({}, { __pairs = function() return next, { x = 1 }, nil end })
  for key in repeatable.pairs(object) do
    same(key, "x")
  end
end)

case("counted math.random gives other numbers than Lua's own", function()
  local calls =
    { {}, { 6 }, { -5, 5 }, { 1, 1000003 }, { 0 }, { math.mininteger, math.maxinteger }, { 2, 2 }, { 1, 2 ^ 53 } }
  local own = math.random
  for seed = 1, 50 do
    math.randomseed(seed)
    local expected, got = {}, {}
    for i, call in ipairs(calls) do
      expected[i] = own(table.unpack(call))
    end
    local dice = lua_random.install(0)
    math.randomseed(seed)
    for i, call in ipairs(calls) do
      got[i] = math.random(table.unpack(call))
    end
    local state, next_one = dice.state(), math.random()
    dice.set_state(state)
    local again = math.random()
    dice.undo()
    same(got, expected)
    same(again, next_one)
  end
  check(math.random == own, "math.random stays another")
end)

case("wrong arguments of counted math.random are taken", function()
  local dice = lua_random.install(0)
  local random = math.random
  dice.undo()
  raises("bad argument #1 to 'random' %(interval is empty%)", function() random(0.0 - 1) end)
  raises("bad argument #2 to 'random' %(interval is empty%)", function() random(2, 1) end)
  raises("bad argument #1 to 'random' %(number has no integer representation%)", function() random(1.5) end)
  raises("wrong number of arguments", function() random(1, 2, 3) end)
end)

-- ---- Whose it is

--- A record's run.json, as far as it is signed.
local function new_about()
  return {
    script = { text = "print(1)", path = "a.lua", chunk = "@a.lua" },
    modules = { { name = "m", path = "m.lua", text = "return 1" } },
    directory = "/tmp",
    command = { "a.lua", "--lr=1" },
    settings = { lr = 0.1, name = "a" },
    seed = 1,
    engine = { dtype = "f64", threads = 1, mode = "default" },
    machine = { zone = "+0900" },
  }
end

--- A signed record that something was changed in since.
local function is_own_after(change)
  local about = new_about()
  about.hmac = origin.sign(about)
  about = core.json_decode(core.json_encode(about))
  change(about)
  return origin.is_own { about = about }
end

--- Calls f where the user's key lies in a folder of our own.
local function with_key(f)
  local folder, real = os.tmpname(), os.getenv
  os.remove(folder)
  os.getenv = function(name) return name == "XDG_STATE_HOME" and folder or real(name) end -- luacheck: ignore
  local ok, message = pcall(f, folder .. "/gradus/own/key")
  os.getenv = real -- luacheck: ignore
  core.remove_folder(folder)
  if not ok then error(message, 0) end
end

local function check_own(path)
  same(#bytes_of(path), 32)
  same(is_own_after(function() end), true)
  same(
    is_own_after(function(about)
      about.results, about.status = { loss = 1 }, "finished"
    end),
    true
  )
  for _, change in ipairs {
    function(about) about.script.text = "print(2)" end,
    function(about) about.script.chunk = "@b.lua" end,
    function(about) about.modules[1].text = "return 2" end,
    function(about) about.modules[1].path = "n.lua" end,
    function(about) about.modules[2] = { name = "n", path = "n.lua", text = "" } end,
    function(about) about.modules = {} end,
    function(about) about.directory = "/home" end,
    function(about) about.command[2] = "--lr=2" end,
    function(about) about.settings.lr = 0.2 end,
    function(about) about.seed = 2 end,
    function(about) about.engine.threads = 2 end,
    function(about) about.machine.zone = "+0000" end,
    function(about) about.hmac = nil end,
    function(about) about.hmac = ("0"):rep(64) end,
    function(about) about.hmac = {} end,
  } do
    same(is_own_after(change), false)
  end
end

case("a pipe in place of a file of a record holds its reader up", function()
  local folder = os.tmpname()
  os.remove(folder)
  core.make_folder(folder)
  local ok, message = pcall(function()
    if not os.execute(("mkfifo %s/log.jsonl %s/run.json %s/clock.txt"):format(folder, folder, folder)) then return end
    local said = { chain.read(folder .. "/log.jsonl") }
    check(not said[1] and said[2]:find("log.jsonl: is no file, but a folder, pipe or device", 1, true), said[2])
    said = { record.read(folder) }
    check(not said[1] and said[2]:find("run.json: is no file", 1, true), said[2])
    same(record.find(folder), folder)
    same(record.readings(folder), {})
    same(select(2, record.read_part(folder .. "/none")), folder .. "/none: No such file or directory")
  end)
  core.remove_folder(folder)
  if not ok then error(message, 0) end
end)

case("one's own record is a stranger's, or a changed one is not", function()
  with_key(function(path)
    check(origin.sign(new_about()))
    check_own(path)
  end)
end)

-- ---- Comparing

local function run_of(lines, about)
  about = about or { script = {}, settings = {}, engine = {}, machine = {}, data = {} }
  for i, line in ipairs(lines) do
    line.line = i
  end
  return { lines = lines, about = about, status = "finished", torn = 0, results = {} }
end

case("a difference of two runs is not found, or not the first", function()
  local one = run_of {
    { kind = "epoch", fit = 1, epoch = 1, values = { loss = 1 } },
    { kind = "log", values = { a = 1, b = 2 } },
  }
  local other = run_of {
    { kind = "epoch", fit = 1, epoch = 1, values = { loss = 1 } },
    { kind = "log", values = { a = 1, b = 3 } },
  }
  local found = compare.records(one, other)
  same({ found.epochs, found.first.line, found.first.text }, { 1, 2, "run:log: b is 2 here and 3 there (off by 1)" })
  same(compare.records(one, one).first, nil)
  same(compare.records(one, other, 0.5).first, nil)
  check(compare.records(one, other, 0.1).first)
end)

case("a record that ends early is another", function()
  local one = run_of { { kind = "log", values = { a = 1 } }, { kind = "log", values = { a = 2 } } }
  local short = run_of { { kind = "log", values = { a = 1 } } }
  check(compare.records(one, short).first, "a line that is missing is not told")
  short.status = "unfinished"
  same(compare.records(short, one).first, nil)
end)
