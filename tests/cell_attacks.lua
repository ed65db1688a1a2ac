-- What a script in a cell may try, and what must come of it. Read by test_cell.lua, and by cli/cell.sh for another user.
--
-- script: the text; it gets a table: path, a file of the marker's. status, reason (a pattern), value: what must come out;
-- seconds (0.3), memory, output: the limits.
local time = "^stopped: took longer than 0.3 s"
local memory = "^stopped: used more than 64 MB"
local no_files = "in a cell there are no files, no other programs and no terminal"

local bytecode = string.dump(function() return 1 end)

return {
  -- ---- Time
  { "a loop without end goes on", script = "while true do end", reason = time .. " %(at script.lua:1%)" },
  {
    "a loop in a coroutine goes on",
    script = "coroutine.wrap(function()\nwhile true do end end)()",
    reason = time .. " %(at script.lua:2%)",
  },
  {
    "a loop in a coroutine in pcall in a coroutine goes on",
    script = [[while true do pcall(coroutine.wrap(function()
      coroutine.resume(coroutine.create(function() while true do pcall(function() while true do end end) end end)) end)) end]],
    reason = time,
  },
  {
    "a loop in pcall in a loop goes on",
    script = "while true do pcall(function() while true do end end) end",
    reason = time,
  },
  {
    "a loop in the handler of xpcall goes on",
    script = "local function f() while true do end end while true do xpcall(error, f) end",
    reason = time,
  },
  {
    "a loop in a finaliser goes on",
    script = "setmetatable({}, { __gc = function() while true do end end }) collectgarbage() return 1",
    status = "failed",
    reason = "script.lua:1: setmetatable: in a cell there are no finalisers %(__gc%)",
  },
  {
    "a finaliser that its metatable gets later runs",
    script = [[local meta = {} for _ = 1, 1000 do setmetatable({}, meta) end
      meta.__gc = function() while true do end end collectgarbage() collectgarbage() return "none ran"]],
    value = "none ran",
  },
  {
    "a finaliser that its metatable gets later is set again",
    script = "local meta = {} local t = setmetatable({}, meta) meta.__gc = print setmetatable(t, meta)",
    status = "failed",
    reason = "no finalisers",
  },
  {
    "a metatable of the library's is given a finaliser",
    script = [[local nn = require("gradus").nn local meta = getmetatable(nn.dense(2, 2))
      meta.__gc = function() while true do end end nn.dense(2, 2)]],
    status = "failed",
    reason = "no finalisers",
  },
  {
    "the finaliser of tensors is reached",
    script = "return getmetatable(require('gradus').zeros(1))",
    value = false,
  },
  {
    "a loop in a variable that is closed goes on",
    script = "local t <close> = setmetatable({}, { __close = function() while true do end end })",
    reason = time,
  },
  {
    "a loop in a metamethod of the result goes on",
    script = [[return setmetatable({}, { __pairs = function() return function() return 1, 1 end end,
      __index = function() while true do end end })]],
    value = {},
  },
  { "a pattern that takes for ever goes on", script = "('a'):rep(100):find(('a*'):rep(30) .. 'b')", reason = time },
  {
    "a pattern that takes for ever goes on, in pcall in a coroutine",
    script = "while true do coroutine.wrap(pcall)(string.find, ('a'):rep(100), ('a*'):rep(30) .. 'b') end",
    reason = time,
  },
  { "a function in C that takes for ever goes on", script = "table.move({}, 1, 1 << 60, 2)", reason = time },
  {
    "a product that takes long goes on",
    script = "local a = require('gradus').ones(1000, 1000) for _ = 1, 1e4 do a:dot(a) end",
    reason = time,
  },
  {
    "it sleeps",
    script = "local gr = require 'gradus' local from = gr.clock() while gr.clock() - from < 100 do end",
    reason = time,
  },

  -- ---- Memory
  { "a text that doubles takes all memory", script = "local s = 'x' while true do s = s .. s end", reason = memory },
  {
    "a text that doubles in pcall takes all memory",
    script = "local s = 'x' while true do pcall(function() s = s .. s end) end",
    reason = memory,
  },
  { "a text that is repeated takes all memory", script = "return #('x'):rep(1 << 30)", reason = memory },
  {
    "texts in a coroutine take all memory",
    seconds = 5,
    script = "coroutine.wrap(function() local t = {} while true do t[#t + 1] = ('x'):rep(1e6) .. #t end end)()",
    reason = memory,
  },
  {
    "texts that a library joins take all memory, in pcall",
    seconds = 5,
    script = "local t = {} pcall(function() while true do t[#t + 1] = ('x'):rep(1e6) .. #t end end) return #t",
    reason = memory,
  },
  {
    "texts that a library joins take all memory, in a coroutine that is resumed",
    seconds = 5,
    script = [[local t = {} coroutine.resume(coroutine.create(function() while true do t[#t + 1] = ('x'):rep(1e6) .. #t end end))
      return #t]],
    reason = memory,
  },
  {
    "pcall gives other results, or holds up a coroutine",
    script = [[local f = coroutine.wrap(function() return pcall(function(a) return a, coroutine.yield(a + 1), nil end, 1) end)
      local yielded = f()
      local ok, a, b, c = f(5)
      return { yielded, ok, a, b, tostring(c), select("#", pcall(print)), select(2, pcall(error, "x", 0)), tostring(pcall(nil)),
        select(2, xpcall(error, function(m) return m .. "!" end, "y")) }]],
    value = { 2, true, 1, 5, "nil", 1, "x", "false", "y!" },
  },
  { "tables take all memory", seconds = 5, script = "local t = {} while true do t = { t } end", reason = memory },
  {
    "tensors take all memory",
    script = "local gr, t = require 'gradus', {} while true do t[#t + 1] = gr.zeros(1000, 1000) end",
    reason = memory,
  },
  { "a tensor takes all memory", script = "return #require('gradus').zeros(1 << 20, 1 << 10)", reason = memory },
  {
    "tensors in pcall take all memory",
    script = "local gr, t = require 'gradus', {} while true do pcall(function() t[#t + 1] = gr.zeros(1000, 1000) end) end",
    reason = memory,
  },
  {
    "exact fractions take all memory",
    seconds = 20,
    script = [[local f, t = require("gradus").lab.fraction, {} local x = f "1/3" for _ = 1, 14 do x = x * x end
      while true do t[#t + 1] = -x end]],
    reason = memory,
  },
  {
    "garbage counts as memory",
    seconds = 30,
    script = [[local gr = require "gradus" for i = 1, 100 do local t, s = gr.zeros(1000, 1000), ("x"):rep(1e6 + i) end return "fine"]],
    value = "fine",
  },
  {
    "calls inside calls crash it",
    memory = 256 << 20,
    seconds = 5,
    script = "local function f() return 1 + f() end return pcall(f)",
    value = false,
  },
  {
    "a result that is nested deep crashes it",
    script = "local t = {} for _ = 1, 1e5 do t = { t } end return t",
    status = "failed",
    reason = "the result: tables are nested deeper than 50 levels",
  },
  {
    "a result that holds itself crashes it",
    script = "local t = {} t[1] = t return t",
    status = "failed",
    reason = "nested deeper",
  },

  -- ---- Files, programs, network
  {
    "a file of the marker's is read by Lua",
    script = "return io.open((...).path)",
    status = "failed",
    reason = "open: " .. no_files,
  },
  {
    "a file of the marker's is run",
    script = "return dofile((...).path)",
    status = "failed",
    reason = "global 'dofile'",
  },
  { "a file is loaded", script = "return loadfile((...).path)", status = "failed", reason = "global 'loadfile'" },
  {
    "a file of the marker's is read by the library",
    script = "local t = require('gradus').data.csv((...).path) return t",
    status = "failed",
    reason = no_files,
  },
  {
    "a file is read by the library's core",
    script = "local t = require('gradus.core').csv((...).path) return t",
    status = "failed",
    reason = no_files,
  },
  {
    "the home folder is listed",
    script = "local t = require('gradus.core').list_folder('/root') return t",
    status = "failed",
    reason = no_files,
  },
  {
    "a file is written by the library",
    script = "require('gradus').data.save_csv((...).path, require('gradus').ones(2, 2))",
    status = "failed",
    reason = no_files,
  },
  {
    "a net is saved",
    script = "local gr = require 'gradus' gr.nn.sequential { gr.nn.dense(1, 1) }:save((...).path)",
    status = "failed",
    reason = no_files,
  },
  {
    "a picture is saved",
    script = "require('gradus').plot.line({ 1, 2 }):save((...).path .. '.svg')",
    status = "failed",
    reason = no_files,
  },
  {
    "a run is recorded",
    script = "require('gradus').run { name = 'x' }",
    status = "failed",
    reason = "run: a script in a cell is not recorded",
  },
  { "a shell is run", script = "os.execute 'true'", status = "failed", reason = "execute: " .. no_files },
  {
    "a program is started",
    script = "require('gradus.core').child { 'curl' }",
    status = "failed",
    reason = no_files,
  },
  {
    "a cell is started in a cell",
    script = "require('gradus.cell').run { script = '' }",
    status = "failed",
    reason = no_files,
  },
  { "the environment is read", script = "return os.getenv 'PATH'", value = nil },

  {
    "a data set outside of the program is looked for",
    script = "require('gradus').data.mnist()",
    status = "failed",
    reason = no_files,
  },

  -- ---- Native code, bytecode, the machine itself
  {
    "machine code is loaded",
    script = "package.loadlib('libc.so.6', 'system')",
    status = "failed",
    reason = "global 'package'",
  },
  {
    "a module of machine code is found",
    script = "require 'lfs'",
    status = "failed",
    reason = "module 'lfs' not found",
  },
  {
    "bytecode is handed in",
    script = bytecode,
    status = "failed",
    reason = "attempt to load a binary chunk",
  },
  {
    "bytecode is loaded",
    inputs = { code = bytecode },
    script = "return (select(2, load((...).code, 'x', 'b')))",
    value = "attempt to load a binary chunk (mode is 't')",
  },
  { "bytecode is made", script = "return string.dump(print)", status = "failed", reason = "field 'dump'" },
  { "bytecode is made by a method", script = "return ('').dump == nil", value = true },
  { "text is not loaded", script = "return load('return ...', '=x', nil, {})(7)", value = 7 },
  { "debug is there", script = "return debug", value = nil },
  { "debug is required", script = "return require 'debug'", status = "failed", reason = "module 'debug' not found" },
  { "files are required", script = "return require('io').open('/etc/passwd')", status = "failed", reason = no_files },
  { "the collector is stopped", script = "collectgarbage 'stop'", status = "failed", reason = "invalid option 'stop'" },

  -- ---- Poison
  {
    "the metatable of texts is reached",
    script = "getmetatable('').__index = function() return 'poison' end",
    status = "failed",
    reason = "attempt to index a boolean value",
  },
  {
    "methods of texts are poisoned",
    script = "string.format = error string.rep = error string.sub = error return ('%d'):format(3) .. ('x'):rep(2)",
    value = "3xx",
  },
  {
    "the library stumbles over poisoned functions",
    script = [[for name in pairs(table) do table[name] = error end for name in pairs(math) do math[name] = error end
      pairs, ipairs, next, type, select, tostring, tonumber, pcall = error, error, error, error, error, error, error, error
      local gr = require "gradus" return gr.ones(2, 2):sum()]],
    value = 4,
  },
  {
    "what packs the result is poisoned",
    script = [[package = nil local values = require "gradus.cell_values" values.pack = error
      for _, name in ipairs { "plain", "options", "core" } do
        local module = require("gradus." .. name) for key in pairs(module) do module[key] = nil end end
      _ENV = {} return 1]],
    status = "failed",
    reason = "",
  },

  -- ---- The result
  {
    "a result that is printed counts",
    script = [[print "\1\0\0\0\4\0\0\0true" print '{"status":"finished"}' return "own"]],
    value = "own",
    prints = '\1\0\0\0\4\0\0\0true\n{"status":"finished"}\n',
  },
  { "it ends early with status 0", script = "os.exit(0)", status = "failed", reason = "field 'exit'" },
  {
    "the descriptor of the result is held",
    script = "return io.output or io.stdout or io.stderr or io.close or io.tmpfile",
    value = nil,
  },
  {
    "it fills the disk with output",
    script = "while true do print(('x'):rep(1000)) end",
    reason = "^stopped: printed more than 64 KB",
  },
  {
    "it fills the disk with warnings",
    script = "warn '@on' while true do warn(('x'):rep(1000)) end",
    reason = time, -- nobody hears them
  },
  {
    "its result fills the memory",
    script = "return ('x'):rep(5e6)",
    seconds = 5,
    reason = "^stopped: its result is too large",
  },
  {
    "its message fills the memory",
    script = "error(('x'):rep(6e6), 0)",
    seconds = 5,
    status = "failed",
    reason = "^xxx",
  },
  { "a function comes out", script = "return print", status = "failed", reason = "the result: .* got a function" },

  -- ---- What must go on working
  {
    "inputs do not come in",
    inputs = { a = { 1, 2.5, 0 / 0 }, b = "é\0" },
    script = "local i = ... return i.a[2] .. i.b",
    value = "2.5é\0",
  },
  {
    "numbers that JSON does not know are lost",
    script = "return { 1 / 0, -1 / 0, 'x\\255' }",
    value = { math.huge, -math.huge, "x\255" },
  },
  {
    "a table does not come out where none came in",
    inputs = 1,
    script = "return { a = { b = 1 } }",
    value = { a = { b = 1 } },
  },
  { "tensors do not come out as lists", script = "return require('gradus').eye(2)", value = { { 1, 0 }, { 0, 1 } } },
  {
    "nets, losses, optimisers or data do not work",
    seconds = 30,
    script = [[local gr = require "gradus" local nn = gr.nn local d = gr.data.iris()
      local net = nn.sequential { nn.dense(4, 8), nn.tanh(), nn.dropout(0.1), nn.dense(8, 3) }
      net:fit(d.x, d.y, { loss = nn.cross_entropy(), optimizer = gr.optim.adam { lr = 0.05 }, epochs = 60 })
      return net:score(d.x, d.y) > 0.9 and gr.linalg.svd(d.x) ~= nil and gr.lab.inverse { { 2, 1 }, { 1, 1 } } ~= nil]],
    value = true,
  },
  {
    "the library's warnings are lost",
    script = "local gr = require 'gradus' gr.linalg.inv { { 1, 1 }, { 1, 1 + 1e-16 + 3e-16 } } io.write('x', 1, '\\n')",
    prints = "rcond",
    value = nil,
  },
  {
    "the clock or the date are missing",
    script = "return os.time() > 0 and #os.date('%Y-%m-%d') == 10 and os.clock() >= 0",
    value = true,
  },
  {
    "an error is not told with its line",
    script = "\n\nlocal x\nx.y = 1",
    status = "failed",
    reason = "^script.lua:4: attempt to index a nil",
  },
  { "what is no Lua is not told", script = "x = = 1", status = "failed", reason = "^script.lua:1: unexpected symbol" },
  { "nothing comes out as something", script = "", value = nil },
}
