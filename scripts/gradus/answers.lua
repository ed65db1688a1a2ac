--- answers: what an answer file says when it is asked: its script is run, then each call is made, and plain values come out: numbers,
--- texts, booleans, tables of them. Nothing here knows what is expected, so that all of it can run behind a wall.
---
---   local calls = { { name = "inverse", args = { A } } }
---   local said, wrong = answers.of { text = ..., name = "answer.lua", numbers = { q1 = { A = A } }, calls = calls }
---   wrong                why the script did not run; nil when it did
---   said[i]              what came of call i:
---     { is = "tensor", value = { { 1, 0 }, { 0, 1 } } }       also "number" "string" "boolean" "table" "nil"
---     { is = "function" }  { is = "missing" }                 asked for a value (a call without args), and it is a function, or not there
---     { error = "answer.lua:3: ..." }                         stopped = true: it is no error of the call, the whole run went too far
---
--- A call has a name; args, a list, where it is a function that is to be called; times = n where it is called n times, each time with
--- what it gave before in place of its first argument. Or it has `backprop`: the name is that of an object with a backward pass, and
--- what comes is its values and gradients at a point (backprop_asked.lua).
local core = require "gradus.core"
local digest = require "gradus.digest"
local habits = require "gradus.habits"
local packing = require "gradus.packing"

local answers = {}

local deepest, most = 20, 1000000 -- levels of tables and values in all that an answer may have

-- ---- Values

--- A copy that shares no memory: student's code may change what it is given.
---@param value any
---@return any
function answers.copy(value)
  if core.is_tensor(value) then return value:detach():clone() end
  if type(value) ~= "table" then return value end
  local new = {}
  for key, one in pairs(value) do
    new[key] = answers.copy(one)
  end
  return new
end

--- The plain value of what an answer gave; raises for functions and the like in it.
local function plain(value, room, depth)
  room.left = room.left - 1
  if depth > deepest then error(("tables are nested deeper than %d levels"):format(deepest), 0) end
  if room.left < 0 then error(("it holds more than %d values"):format(most), 0) end
  local kind = type(value)
  if kind == "number" or kind == "boolean" or kind == "string" then return value end
  if core.is_tensor(value) then
    room.left = room.left - value.size
    if room.left < 0 then error(("it holds more than %d values"):format(most), 0) end
    return value:totable()
  end
  if kind ~= "table" then error(("it holds a %s"):format(kind), 0) end
  local new = {}
  for key, one in next, value do
    if type(key) ~= "string" and math.type(key) ~= "integer" then
      error(("it has a %s for a key"):format(math.type(key) or type(key)), 0)
    end
    new[key] = plain(one, room, depth + 1)
  end
  return new
end

--- What came, as it is told.
---@param value any
---@return table
function answers.tell(value)
  if value == nil then return { is = "nil" } end
  local ok, copy = pcall(plain, value, { left = most }, 0)
  if not ok then return { error = ("what it gave cannot be read: %s"):format(copy) } end
  return { is = core.is_tensor(value) and "tensor" or type(value), value = copy }
end

-- ---- Asking

local most_message = 2000 -- bytes

--- The message, whatever was raised. Where memory was refused nothing can go on as if it had been an error like any other: that is raised
--- again, and ends the cell.
local function message_of(raised)
  if type(raised) ~= "string" then return ("it raised a %s"):format(type(raised)) end
  if raised:find "not enough memory$" then error(raised, 0) end
  local shown, left_out = digest.first(raised, most_message)
  return left_out > 0 and shown .. "..." or shown
end

local function is_callable(value)
  local meta = type(value) == "table" and getmetatable(value)
  return type(value) == "function" or type(meta) == "table" and type(meta.__call) == "function"
end

--- Calls f, again and again with what it gave where times says so.
local function call(f, args, times)
  local given = table.move(args, 1, #args, 1, {})
  local value
  for _ = 1, times or 1 do
    value = f(table.unpack(given, 1, math.max(#args, 1)))
    if times then given[1] = value end
  end
  return value
end

--- What came of one call.
---@param defined table   what the answer file defines, by name
---@param one table       the call
---@return table
function answers.answer(defined, one)
  local value = defined[one.name]
  if value == nil then return { is = "missing" } end
  if one.backprop then
    local ok, result = pcall(require("gradus.backprop_asked").answer, value, answers.copy(one.backprop))
    return ok and answers.tell(result) or { error = message_of(result) }
  end
  if not one.args then return is_callable(value) and { is = "function" } or answers.tell(value) end
  if not is_callable(value) then return { error = ("%s is a %s, not a function"):format(one.name, type(value)) } end
  local ok, result = pcall(call, value, answers.copy(one.args), one.times)
  if not ok then return { error = message_of(result) } end
  return answers.tell(result)
end

-- ---- The script

local no_module = " (an answer is one file: numbers and the library are all that it can require)"

--- What the script sees: everything, but that `require "numbers"` gives the numbers of its student, and that print may be dropped.
local function environment(numbers, prints)
  local env = { print = not prints and function() end or nil }
  function env.require(name)
    if name == "numbers" then return answers.copy(numbers) end
    local ok, found = pcall(require, name)
    if ok then return found end
    error(tostring(found):gsub("^gradus/answers%.lua:%d+: ", ""):match "^[^\n]*" .. no_module, 2)
  end
  return setmetatable(env, { __index = _G })
end

local most_looked_at = 100000 -- bytes of a file with an error, for how Lua writes what stands there

--- What the script defines: the table that it returns, or its globals. nil and what is wrong.
---@param text string
---@param name string     of its file, for messages
---@param numbers table   by question
---@param prints? boolean whether what it prints is printed
---@return table?, string?
function answers.load(text, name, numbers, prints)
  local env = environment(numbers, prints)
  text = text:gsub("^\xEF\xBB\xBF", "") -- some editors write a byte-order mark
  local chunk, wrong = load(text, "@" .. name, "t", env)
  if not chunk then
    local hint = #text <= most_looked_at and habits.of_syntax(wrong, text)
    return nil, hint and ("%s: %s"):format(wrong, hint) or wrong
  end
  local ok, result = pcall(chunk)
  if not ok then return nil, message_of(result) end
  if type(result) == "table" and not core.is_tensor(result) then return result end
  local defined = {} -- its functions go on seeing env, and through it everything
  for key, value in next, env do
    if key ~= "print" and key ~= "require" then defined[key] = value end
  end
  return defined
end

--- Runs f with random numbers that start from seed 0, whatever was drawn before; afterwards gr.random goes on as if nothing had been.
local function from_seed_zero(f)
  local random = require "gradus.random"
  local kept = core.random_states()
  random.seed(0)
  math.randomseed(0)
  local results = table.pack(pcall(f))
  core.set_random_states(kept)
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

--- Runs an answer's script and makes the calls, in this process.
---@param asked { text: string, name: string, numbers: table, calls: table[], prints: boolean? }
---@return table[] said, string? wrong
function answers.of(asked)
  return from_seed_zero(function()
    local defined, wrong = answers.load(asked.text, asked.name, asked.numbers, asked.prints)
    local said = {}
    for i, one in ipairs(asked.calls) do
      said[i] = defined and answers.answer(defined, one) or { error = wrong, stopped = true }
    end
    return said, wrong
  end)
end

-- ---- Through a wall

--- The same, of what packing.pack made of `asked`; what it gives is of plain values alone, so that both can pass a wall:
---   local inputs = ... return require("gradus.answers").of_packed(inputs)
---@param packed table
---@return { said: table[], wrong: string? }
function answers.of_packed(packed)
  local said, wrong = answers.of(packing.unpack(packed))
  return { said = said, wrong = wrong }
end

return answers
