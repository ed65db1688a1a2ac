-- The experiments as a collection, and how their figures are compared (tests/course).
local harness = require "harness"

local folder = package.path:match "^(.-)/%?%.lua;"
package.path = folder .. "/course/?.lua;" .. package.path
local compare = require "compare"

local case, check, same = harness.suite "course", harness.check, harness.same
local experiments = folder .. "/../experiments"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local names = {}
for file in io.popen("ls '" .. experiments:gsub("'", [['\'']]) .. "'"):lines() do
  names[#names + 1] = file:match "^(%d%d_.*)%.lua$"
end

for _, readme in ipairs { "README.md", "README.ko.md" } do
  case(readme .. " leaves an experiment out, or names one that is not there", function()
    local text, listed = read(experiments .. "/" .. readme), {}
    for name in text:gmatch "`(%d%d_[%w_]+)`" do
      listed[name] = true
    end
    for _, name in ipairs(names) do
      check(listed[name], name .. " is not in it")
      listed[name] = nil
    end
    check(not next(listed), ("%s is no experiment"):format(tostring(next(listed))))
  end)
end

case("an experiment does not say how it is run and what to expect, or is longer than two screens", function()
  local two_screens = 2 * 70
  for _, name in ipairs(names) do
    local text = read(experiments .. "/" .. name .. ".lua")
    local _, lines = text:gsub("\n", "")
    check(
      text:find "\n%-%- Run:     gradus experiments/" or text:find "\n%-%- Run:     gradus %-",
      name .. " has no Run: line"
    )
    check(text:find "\n%-%- Expect:  ", name .. " has no Expect: line")
    check(text:find("experiments/" .. name .. ".lua", 1, true), name .. " is run under another name")
    check(lines <= two_screens, ("%s has %d lines"):format(name, lines))
  end
end)

-- ---- Comparing

local entry = { value = { 0.5, 0.25 }, abs = 1e-3, rel = 0 }

case("a figure outside its tolerance passes", function()
  check(compare.computed({ 0.5009, 0.25 }, entry), "one inside does not pass")
  check(not compare.computed({ 0.5, 0.252 }, entry))
  check(not compare.computed({ 0.5, 0 / 0 }, entry))
  check(not compare.computed({ 0.5, 0.25, 0.1 }, entry))
  check(not compare.computed(0.5, entry))
  check(not compare.computed({ 0.5, "0.25" }, entry))
  check(not compare.computed(true, { value = false, abs = 0, rel = 0 }))
  check(not compare.computed({}, entry), "nothing at all passes")
end)

case("the first part of a list does not pass", function() check(compare.computed({ 0.5 }, entry)) end)

local function printed(ours, text) return compare.printed(ours, { printed = text }) end

case("a figure passes that rounds to others than the printed digits", function()
  check(not printed(0.7347, "0.74") and printed(0.7353, "0.74"))
  check(printed(4440.21199999, "4.44021200e+03") and not printed(4440.2123, "4.44021200e+03"))
  check(printed(569.0, "569.0") and not printed(569.1, "569.0"))
  check(printed({ true, false }, { "True", "False" }) and not printed({ true }, { "False" }))
  check(printed({ 9, 3, 0 }, { "9", "...", "0" }) and not printed({ 9, 3, 1 }, { "9", "...", "0" }))
  check(not printed(0.1, "0.x"))
end)

case("a figure that is printed with more digits than can be had passes, or one that is off does not", function()
  local loose = { printed = { "0.51082545", "1.0" }, abs = 1e-6, rel = 0 }
  check(compare.near_printed({ 0.5108255, 1 }, loose) and not compare.near_printed({ 0.51083, 1 }, loose))
end)

case("figures are shown at full length, or are cut without saying so", function()
  same(compare.show(nil, 20), "-")
  same(compare.show(0.1, 20), "0.1")
  same(compare.show({ { 1, 2 }, { 3, 4 } }, 20), "1 2 3 4")
  check(#compare.show({ 1.23456789, 2, 3, 4, 5, 6, 7, 8, 9 }, 20) <= 20)
  check(compare.show({ 1.23456789, 2, 3, 4, 5, 6, 7, 8, 9 }, 20):find "... %(9%)$")
end)
