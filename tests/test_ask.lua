-- Answer files that are run in cells: what comes back, what one part of a file may cost another, and what is made of forged answers.
local abreast = require "gradus.abreast"
local ask = require "gradus.ask"
local cell = require "gradus.cell"
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"
local rerun = require "gradus.rerun"

local stands, why = pcall(cell.run, { script = "" })
local same = harness.same

--- What each call came to, in short: its value, or its error.
local function told(said)
  local list = {}
  for i, one in ipairs(said) do
    list[i] = one.error or one.value ~= nil and one.value or one.is
  end
  return list
end

local function asked(text, calls, more)
  local job =
    { folder = ".", text = text, name = "a.lua", numbers = {}, calls = calls, seconds = 5, memory = 64, groups = {} }
  for key, value in pairs(more or {}) do
    job[key] = value
  end
  return job
end

local f_and_g = { { name = "f", args = { 2 } }, { name = "g", args = { 2 } } }
local apart = { { from = 1, to = 1 }, { from = 2, to = 2 } }

local case = harness.suite("ask", function(c)
  if not stands then return harness.skip(why) end
  local more = { groups = c.groups, seconds = c.seconds, memory = c.memory, numbers = c.numbers }
  local said, wrong, ended = ask.cell(asked(c.text, c.calls or f_and_g, more))
  local list = told(said)
  same(#list, #c.told)
  for i, expected in ipairs(c.told) do
    local fits = list[i] == expected or type(expected) == "string" and tostring(list[i]):find(expected, 1, true)
    if not fits then same(list[i], expected) end
  end
  same(ended.status, c.status or "finished")
  same(wrong and wrong:match "^a.lua:%d+" or nil, c.wrong)
end)

case { "calls in a cell do not give what they give here", text = "function f(x) return x + 1 end g = f", told = { 3, 3 } }
case {
  "a tensor has no methods where gradus was not required",
  text = "function f(x) return require('numbers').q1.A:inv()[1][1] + x end g = f",
  numbers = { q1 = { A = gr.eye(2) } },
  told = { 3, 3 },
}
case {
  "an error of one call is another's",
  text = "function f(x) return x end function g() error 'no' end",
  told = { 2, "a.lua:1: no" },
}
case {
  "a long message is lost where it is cut",
  text = "function f() error(('한'):rep(1000), 0) end function g() error('a' .. ('한'):rep(1000), 0) end",
  told = { ("한"):rep(666) .. "...", "a" .. ("한"):rep(666) .. "..." },
}
case {
  "what other languages write is not told",
  text = "x += 1",
  wrong = "a.lua:1",
  told = { "a.lua:1: syntax error near '+': Lua has no +=: write x = x + y", "a.lua:1:" },
}
case { "a file that does not run is not told", text = "\nx = = 1", wrong = "a.lua:2", told = { "a.lua:2:", "a.lua:2:" } }
case {
  "an endless question costs another",
  text = "function f(x) return x end function g() while true do end end",
  groups = apart,
  seconds = 0.3,
  status = "stopped",
  told = { 2, "stopped: took longer than 0.3 s (at a.lua:1)" },
}
case {
  "a question that takes too much memory costs another",
  text = "function f(x) return x end function g() local t = {} while true do t[#t + 1] = {} end end",
  groups = apart,
  status = "stopped",
  told = { 2, "stopped: used more than 64 MB" },
}
case {
  "an endless file is asked again for each question",
  text = "f = 1 while true do end",
  groups = apart,
  seconds = 0.3,
  status = "stopped",
  told = { "stopped: took longer than 0.3 s", "stopped: took longer than 0.3 s" },
}
case {
  "a forged answer gets to the marker as it is",
  text = [[
    local answers = require "gradus.answers"
    answers.of_packed = nil
    local mine = { answer = 1 }
    answers.tell = function() return { is = function() end, error = { 1 } } end
    function f(x) return x end
    g = 3]],
  calls = { { name = "f", args = { 2 } }, { name = "g" } },
  status = "failed",
  groups = {},
  told = { "got a function", "got a function" },
}

local plainly = harness.suite "ask"

--- A marker's cell that ended with this value.
local function answer_of(value)
  local function wait() return { status = "finished", value = value } end
  return told((ask.cell(asked("", f_and_g, { wait = wait }))))
end

--- A recorded run in a folder for the time being, which is below place.path.
local function recorded_in(place)
  local script = place.path .. "/train.lua"
  core.write_file(script, "local run = require('gradus').run { name = 'r' } run:result { accuracy = 0.5 }")
  local child <close> = core.child({ core.program(), "--quiet", "--into", place.path .. "/run", script }, "")
  repeat
    local status, said = child:wait(1)
    harness.same(status or 0, 0, said)
  until status
end

plainly("a marker waits for one student's run while others could go on", function()
  if not stands then return harness.skip(why) end
  local place <close> = rerun.new_folder()
  recorded_in(place)
  local calls = { { name = "run 'run'", replay = "run" }, { name = "run 'none'", replay = "none" } }
  local ended, turns = {}, { 0, 0 }
  local function work(task, wait)
    local function counted(one)
      local waits = setmetatable({}, { __index = one })
      function waits.wait(_, seconds)
        turns[task.number] = turns[task.number] + 1
        return one:wait(seconds)
      end
      return wait(waits)
    end
    return (ask.cell(asked("", calls, { folder = place.path, wait = counted, seconds = 20, memory = 256 })))
  end
  abreast.run({ { number = 1 }, { number = 2 } }, 2, work, function(task, said) ended[task.number] = said end)
  for i = 1, 2 do
    harness.same(ended[i][1].error, nil)
    harness.same(ended[i][1].value.results, { accuracy = 0.5 })
    harness.same(ended[i][2], { error = "no folder 'none' with a recorded run was handed in", plain = true })
    harness.check(turns[i] > 2, "its run was waited for in one go")
  end
end)

plainly("what was sent in place of answers breaks the marker", function()
  if not stands then return harness.skip(why) end
  local none = { "it gave no answer", "it gave no answer" }
  for _, value in ipairs {
    5,
    "text",
    {},
    { said = 5 },
    { said = { 1, "x" } },
    { said = { { error = {} }, { error = 1 } } },
  } do
    same(answer_of(value), none)
  end
  same(answer_of { said = { { is = 7 }, { is = "function", value = 2 } } }, { "nil", 2 })
end)

local function nested(depth)
  local value = 1
  for _ = 1, depth do
    value = { value }
  end
  return value
end

local function zeros(n)
  local list = {}
  for i = 1, n do
    list[i] = 0
  end
  return list
end

plainly("a judge gets more than it should have to look at", function()
  if not stands then return harness.skip(why) end
  local large = "what it gave is too large, or nested too deep"
  local function both(f, g) return answer_of { said = { { value = f }, { value = g } } } end
  same(both(nested(21), 2), { large, 2 })
  same(both(nested(20), 2), { nested(20), 2 })
  same(both(nested(2000), nested(2000)), { large, large })
  same(both(zeros(200000), 2)[1], large)
  same(#both(zeros(100000), zeros(99000))[2], 99000)
  same(both(zeros(100000), zeros(100000))[2], large) -- of all calls together
end)
