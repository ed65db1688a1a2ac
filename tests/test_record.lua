-- What records of runs are made of: values as JSON can hold them, sealed lines, orders that do not change. Whole runs: cli/record.sh.
local chain = require "gradus.chain"
local compare = require "gradus.compare"
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"
local lua_random = require "gradus.lua_random"
local plain = require "gradus.plain"
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

--- The file's text, changed by f, is written back.
local function edit(path, f)
  local file = io.open(path, "rb")
  local text = f(file:read "a")
  file:close()
  core.write_file(path, text)
end

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
