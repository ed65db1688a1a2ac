--- harness: what the tests written in Lua share: cases that become named tests, and comparisons that say what is off.
---
---   local harness = require "harness"
---   local case = harness.suite "take"
---   case("a row that is asked for twice comes once", function()
---     harness.same(gr.tensor({ 5, 6 }):take { 2, 2 }, { 6, 6 })
---   end)
---
--- A file whose cases are data gives its suite a second argument, a function that tries one case:
---
---   local case = harness.suite("sums", function(c) harness.same(gr.tensor(c.x):sum(), c.y) end)
---   case { "sum of one number is that number", x = { 7 }, y = 7 }
local luaunit = require "luaunit"

local harness = {}

--- Every registered test: { name, function }, in the order in which they were made.
harness.tests = {}

local taken = {}

--- A function that registers tests: case(name, function), or case { name, ... } with data for `try`. A name says what
--- would be wrong if the test failed; the suite's name comes in front of it.
---@param suite string
---@param try? fun(case: table)
---@return fun(case: string|table, test?: function)
function harness.suite(suite, try)
  return function(case, test)
    local name = ("%s: %s"):format(suite, type(case) == "table" and case[1] or case)
    name = name:gsub("%%", "") -- luaunit puts names into patterns
    if taken[name] then error(("two cases are named '%s'"):format(name), 2) end
    taken[name] = true
    test = test or not try and case[2] or function() try(case) end
    harness.tests[#harness.tests + 1] = { name, test }
  end
end

-- ---- Comparing

local function is_tensor(value) return require("gradus.core").is_tensor(value) end

--- A tensor as nested tables, anything else as it is.
local function plain(value) return is_tensor(value) and value:totable() or value end

local function show(value)
  if math.type(value) == "float" then return ("%.17g"):format(value) end
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

--- Whether two numbers agree to { abs =, rel = }; NaN agrees with NaN.
local function numbers_agree(actual, expected, within)
  local exact = next(within) == nil
  if exact and actual == 0 and expected == 0 then
    return 1 / actual == 1 / expected or math.type(expected) == "integer"
  end
  if actual == expected or (actual ~= actual and expected ~= expected) then return true end
  local off = math.abs(actual - expected)
  return off <= (within.abs or 0) or off <= (within.rel or 0) * math.abs(expected)
end

local compare

local function compare_tables(actual, expected, within, place)
  if type(actual) ~= "table" then
    luaunit.fail(("%s is %s, expected a table"):format(place, show(actual)))
  elseif #actual ~= #expected then
    luaunit.fail(("%s has %d entries, expected %d"):format(place, #actual, #expected))
  end
  for key in pairs(actual) do
    if expected[key] == nil then luaunit.fail(("%s has '%s', which is not expected"):format(place, key)) end
  end
  for key, value in pairs(expected) do
    compare(actual[key], value, within, ("%s[%s]"):format(place, key))
  end
end

function compare(actual, expected, within, place)
  actual, expected = plain(actual), plain(expected)
  if type(expected) == "table" then
    compare_tables(actual, expected, within, place)
  elseif type(actual) == "number" and type(expected) == "number" then
    if not numbers_agree(actual, expected, within) then
      luaunit.fail(("%s is %s, expected %s"):format(place, show(actual), show(expected)))
    end
  elseif actual ~= expected then
    luaunit.fail(("%s is %s, expected %s"):format(place, show(actual), show(expected)))
  end
end

--- Fails unless the two are the same to the last bit: numbers, strings, tensors, nested tables of them. A tensor may stand
--- for the nested table of its numbers; NaN is the same as NaN, and an expected 0 without a point is either zero.
function harness.same(actual, expected, place) compare(actual, expected, {}, place or "the result") end

--- Fails unless all numbers agree within a tolerance: { abs =, rel = }, of which one must hold, or a number that stands
--- for both.
---@param within number|{ abs?: number, rel?: number }
function harness.close(actual, expected, within, place)
  within = type(within) == "number" and { abs = within, rel = within } or within
  compare(actual, expected, within, place or "the result")
end

--- Fails unless the condition holds.
function harness.check(condition, message)
  if not condition then luaunit.fail(message or "what was checked does not hold") end
end

-- ---- Errors

--- Calls f; fails unless it raises a message in which the Lua pattern is found. The message must begin with a place inside
--- f: errors are to blame the line of the script that made the call. So f may not end in `return g()` with a g written
--- in Lua, which would leave no trace of f. Returns the message.
---@param pattern string
---@param f function   written in Lua
---@return string
function harness.raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  if ok then
    luaunit.fail(("no error; expected one with '%s'"):format(pattern))
  elseif type(message) ~= "string" then
    luaunit.fail(("the error is a %s; expected a message with '%s'"):format(type(message), pattern))
  elseif not message:find(pattern) then
    luaunit.fail(("the message is '%s', expected '%s' in it"):format(message, pattern))
  end
  local info = debug.getinfo(f, "S")
  local file, line = message:match "^(.-):(%d+): "
  line = tonumber(line)
  if file ~= info.short_src or line < info.linedefined or line > info.lastlinedefined then
    luaunit.fail(
      ("the message is '%s', but the call stands in %s:%d"):format(message, info.short_src, info.linedefined)
    )
  end
  return message
end

--- Ends the test as skipped, and says why.
function harness.skip(reason)
  print("skipped: " .. reason)
  luaunit.skip(reason)
end

--- Goes on if the machine has the data set, "mnist" or "fashion_mnist"; else ends the test as skipped, and says how to get it.
---@param name string
function harness.needs(name)
  local sets = require "gradus.sets"
  local _, paths = sets.find(sets[name])
  if paths then return end
  local how = name == "mnist" and "make data" or "apt-get install " .. sets[name].package
  harness.skip(("%s is not on this machine: %s, or gradus data %s"):format(name, how, name))
end

return harness
