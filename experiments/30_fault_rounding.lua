-- Which printed figures of the course come from rounding too early, or from cutting digits off?
-- 000, 다중 분류, page 078: softmax of z rounded to two places gives 0.74; of z itself 0.7347, hence 0.73. Page 087: the
-- table of e^z is cut, not rounded (2.45 for 2.4596), and its sums 6.69 and 3.97 are cut sums of uncut entries: the
-- rows do not add up.
-- 001, the football match: 21.85 (= 2.3026/0.1054) is right by luck: these two rounded figures give 21.8463, where
-- 21.8543 is the ratio, and any of 21.84, 21.85 and 21.86 could have come out of them.
-- Noticed: compute what is printed from what is printed. Mended: carry all digits, and round once, at the end, when
-- printing.
-- Run:     gradus experiments/30_fault_rounding.lua
-- Expect:  0.735360 and 0.734694; sums 6.68 and 3.96 of the cut entries; 21.846300 and 21.854345. At once.
local gr = require "gradus"
local run = gr.run { name = "fault: rounding" }

--- Every entry rounded, as printing to two places does it.
local function rounded(values)
  local list = {}
  for i, value in ipairs(values) do
    list[i] = tonumber(("%.2f"):format(value))
  end
  return list
end

--- Every entry with what lies behind the second place dropped.
local function cut(values)
  local list = {}
  for i, value in ipairs(values) do
    list[i] = math.floor(value * 100) / 100
  end
  return list
end

local function total(list)
  local sum = 0
  for _, value in ipairs(list) do
    sum = sum + value
  end
  return sum
end

local function show(label, format, values) print(label, (format .. " "):rep(#values):format(table.unpack(values))) end

-- 000, page 078: z = -ln(1/a - 1) of the sigmoids 0.5, 0.2, 0.1; page 077's numbers happen to survive.

for _, outputs in ipairs { { 0.9, 0.8, 0.7 }, { 0.5, 0.2, 0.1 } } do
  local z = -(1 / gr.tensor(outputs) - 1):log()
  local early = gr.tensor(rounded(z:totable()))
  print("sigmoids " .. table.concat(outputs, " "))
  show("  fault:  softmax of rounded z", "%.6f", early:softmax():totable())
  show("  mend:   softmax of z", "%.6f", z:softmax():totable())
  show("  fault:  printed", "%.2f", early:softmax():totable())
  show("  mend:   rounded at the end", "%.2f", z:softmax():totable())
end

-- 000, page 087: e^z and its row sums. ---------------------------------------------------------

for _, row in ipairs { { 0.9, 0.8, 0.7 }, { 0.5, 0.2, 0.1 } } do
  local exp_z = gr.tensor(row):exp():totable()
  print("e to the power of " .. table.concat(row, " "))
  show("  fault:  printed, cut", "%.2f", cut(exp_z))
  show("  mend:   rounded", "%.2f", exp_z)
  local printed, sum = cut({ total(exp_z) })[1], total(exp_z)
  print("  fault:  printed sum, and the sum of the printed entries", printed, ("%.2f"):format(total(cut(exp_z))))
  print("  mend:   exact sum, rounded", sum, ("%.2f"):format(sum))
end

-- 001: how much more surprising the outsider's win is. -----------------------------------------

local favourite, outsider = -math.log(0.9), -math.log(0.1)
print("fault:  2.3026 / 0.1054", 2.3026 / 0.1054)
print("mend:   ln 0.1 / ln 0.9", outsider / favourite, "off by", outsider / favourite - 2.3026 / 0.1054)
-- 0.1054 may stand for anything from 0.10535 to 0.10545, and a ratio is no surer than what goes into it.
print("what the rounded figures allow", 2.30255 / 0.10545, "to", 2.30265 / 0.10535)
run:result { ratio_of_rounded = 2.3026 / 0.1054, ratio = outsider / favourite }
