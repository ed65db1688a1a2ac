-- Values of settings as a sweep's command line writes them, and their combinations.
local grid = require "gradus.grid"
local harness = require "harness"

local same, check = harness.same, harness.check

local case = harness.suite("grid", function(c)
  local axis, wrong = grid.axis("x", c.text)
  if c.refused then
    check(not axis and wrong:find(c.refused), ("'%s', expected '%s'"):format(wrong, c.refused))
  else
    check(axis, wrong)
    same(axis.values or { axis.from, axis.to, axis.scale }, c.values)
  end
end)

case { "one value is none", text = "0.1", values = { "0.1" } }
case {
  "a list loses values, or their writing",
  text = "0.10,1e-3,adam,true",
  values = { "0.10", "1e-3", "adam", "true" },
}
case {
  "quotes do not keep commas, dots and quotes",
  text = '"64,32","0..4","a""b",""',
  values = { "64,32", "0..4", 'a"b', "" },
}
case { "a range lacks an end", text = "0..4", values = { "0", "1", "2", "3", "4" } }
case { "a range cannot go down, or below 0", text = "1..-1", values = { "1", "0", "-1" } }
case { "a range of one number is none", text = "3..3", values = { "3" } }
case { "a range and values cannot be mixed", text = "7,0..1,9", values = { "7", "0", "1", "9" } }
case { "whole numbers with a step become others", text = "16..64..16", values = { "16", "32", "48", "64" } }
case { "steps add up to 0.30000000000000004", text = "0.1..0.3..0.1", values = { "0.1", "0.2", "0.3" } }
case { "a step that misses the end goes beyond it", text = "0..1..0.4", values = { "0", "0.4", "0.8" } }
case { "a logarithmic range is not one", text = "0.001..1:log4", values = { "0.001", "0.01", "0.1", "1" } }
case { "a logarithmic range has too many digits", text = "1..10:log3", values = { "1", "3.16228", "10" } }
case { "equal steps are not equal", text = "0..1:lin5", values = { "0", "0.25", "0.5", "0.75", "1" } }
case { "a path is taken for a range", text = "../data,a..b", values = { "../data", "a..b" } }
case { "a range to draw from is not read", text = "0.001~1", values = { 0.001, 1, "log" } }
case { "a uniform range is not read", text = "-1~1:lin", values = { -1, 1, "lin" } }
case {
  "a text cannot have brackets or colons",
  text = '"[1,2]","1:2",a:b,[a]',
  values = { "[1,2]", "1:2", "a:b", "[a]" },
}
case { "a word with a tilde is taken for a range", text = "a~b", values = { "a~b" } }

case { "an empty value is let through", text = "1,,2", refused = "a value is empty" }
case { "an empty list is let through", text = "", refused = "a value is empty" }
case { "a list may end in a comma", text = "1,", refused = "a value is empty" }
case { "a value may stand twice", text = "1,0..2", refused = "1 stands there twice" }
case { "an open quote is let through", text = '"a', refused = "a quote is not closed" }
case { "text behind a quote is dropped", text = '"a"b', refused = "a comma is expected" }
case { "a range without an end is a word", text = "0..x", refused = "0%.%.x is no range" }
case { "a range of fractions goes by 1", text = "0.5..2", refused = "wants a step" }
case { "a step of 0 never ends", text = "0..1..0", refused = "never arrives" }
case { "a step away from the end is empty", text = "0..1..-1", refused = "never arrives" }
case { "a range takes all memory", text = "0..1e9..1", refused = "more than 100000 values" }
case { "a logarithm of 0 is taken", text = "0..1:log3", refused = "ends above 0; :lin3" }
case { "one number is called a range", text = "0..1:lin1", refused = "at least 2" }
case { "a logarithm of 0 is drawn from", text = "0~1", refused = "0~1:lin is uniform" }
case { "ends may stand the wrong way round", text = "2~1", refused = "the smaller end comes first" }
case { "a list of Python is a text", text = "[0.1, 0.2]", refused = "without brackets: %-%-x=0.1,0.2;" }
case { "a tuple of Python is a text", text = "(1,2)", refused = "without brackets: %-%-x=1,2;" }
case { "a list of one is a text", text = "{3}", refused = "without brackets: %-%-x=3;" }
case { "a range of Python is a text", text = "0.1:0.5", refused = "0%.1:0%.5 is no range: write 0%.%.4" }
case { "a range with a step is a text", text = "7,0:4:2", refused = "0:4:2 is no range" }
case { "a call is a text", text = "np.linspace(0;1)", refused = "is no range" }
case { "an unknown scale is passed over", text = "1~2:sqrt", refused = "log or lin" }

local function axes(...)
  local list = {}
  for i, text in ipairs { ... } do
    list[i] = assert(grid.axis(("s%d"):format(i), text))
  end
  return list
end

case("combinations are missing, or in another order", function()
  same(
    grid.product(axes("a,b", "1..3")),
    { { "a", "1" }, { "a", "2" }, { "a", "3" }, { "b", "1" }, { "b", "2" }, { "b", "3" } }
  )
  same(grid.product {}, { {} })
end)

case("a product of ranges that are drawn from is made", function()
  local list, wrong = grid.product(axes("1,2", "0.1~1"))
  check(not list and wrong:find("--s2 is a range to be drawn from: say --random K", 1, true), wrong)
end)

case("a product takes all memory", function()
  local list, wrong = grid.product(axes("0..9999", "0..9999"))
  check(not list and wrong:find "these are 100000000 combinations; 100000 at most", wrong)
end)

case("drawing gives one twice, or not the same ones each time", function()
  local a = axes("0..9", "0..9")
  local list, seen = grid.draw(a, 60, 3), {}
  for _, texts in ipairs(list) do
    local key = table.concat(texts, " ")
    check(not seen[key], key)
    seen[key] = true
  end
  same(#list, 60)
  same(grid.draw(a, 60, 3), list)
  same(grid.draw(a, 20, 3), table.move(list, 1, 20, 1, {}))
  check(
    table.concat(grid.draw(a, 1, 4)[1]) ~= table.concat(list[1])
      or table.concat(grid.draw(a, 2, 4)[2]) ~= table.concat(list[2])
  )
end)

case("drawing more than there are goes on for ever", function() same(#grid.draw(axes("a,b", "1..3"), 7, 0), 6) end)

case("a range with few numbers in it is drawn from for ever", function()
  local list, wrong = grid.draw(axes "1~1.00001", 500, 0)
  check(not list and wrong:find "no more than", wrong)
end)

case("values drawn lie outside their range, or are not spread by the logarithm", function()
  local below = 0
  for _, texts in ipairs(grid.draw(axes "0.001~1", 400, 0)) do
    local value = tonumber(texts[1])
    check(value >= 0.001 and value <= 1, texts[1])
    if value < math.sqrt(0.001) then below = below + 1 end
  end
  check(below > 160 and below < 240, ("%d of 400 lie in the lower half"):format(below)) -- 200 +- 4 deviations of 10
  for _, texts in ipairs(grid.draw(axes "-1~1:lin", 50, 0)) do
    check(math.abs(tonumber(texts[1])) <= 1, texts[1])
  end
end)
