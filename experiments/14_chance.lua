-- What do mean, median and variance say about numbers, and how surprising is a result of a given chance?
-- Document 001: 평균, 기댓값, 중간값, 분산, 표준편차; 0.1 added a hundred times; football, 조기축구회 against A대.
-- Run:     gradus experiments/14_chance.lua
-- Expect:  9.99999999999998; surprise 0.1054 and 2.3026, 21.85 times as much; entropy 0.6931 for 50:50 and 0.3251 for
--          90:10. Under a second.
local gr = require "gradus"
local run = gr.run { name = "chance", seed = 0 }

local function show(label, by_hand, by_library)
  print(("  %-30s %-20s %s"):format(label, by_hand, by_library or ""):match "(.-) *$")
end

-- By hand, by the document's formulas. ---------------------------------------------------------

local function mean(x)
  local sum = 0
  for _, value in ipairs(x) do
    sum = sum + value
  end
  return sum / #x
end

--- Each different value times its chance, which is its share of the sample: E(X) = sum of x P(X = x).
local function expectation(t)
  local sum = 0
  for _, value in ipairs(t:unique():totable()) do
    sum = sum + value * t:eq(value):mean()
  end
  return sum
end

--- The value in the middle; of an even number of values, the mean of the two in the middle.
local function median(x)
  local sorted = table.move(x, 1, #x, 1, {})
  table.sort(sorted)
  local half = #sorted // 2
  return #sorted % 2 == 1 and sorted[half + 1] or (sorted[half] + sorted[half + 1]) / 2
end

local function variance(x)
  local m, squares = mean(x), {}
  for i, value in ipairs(x) do
    squares[i] = (value - m) ^ 2
  end
  return mean(squares)
end

for _, x in ipairs { { 2, 4, 4, 4, 5, 5, 7, 9 }, { 2, 4, 4, 4, 5, 5, 7, 9, 500 } } do
  local t = gr.tensor(x)
  print(("1. 평균, 기댓값, 중간값, 분산, 표준편차 of %s"):format(t))
  show("", "by hand", "by the library")
  show("mean", mean(x), t:mean())
  show("expectation", expectation(t))
  show("median", median(x), t:median())
  show("variance", variance(x), t:var())
  show("standard deviation", variance(x) ^ 0.5, t:std())
end
print "  One outlier (이상값) carries the mean away and hardly moves the median. The divisor is N, in t:var() too."

print "2. 10 == 0.1 * 100? And 0.1 added a hundred times?"
local sum = 0
for _ = 1, 100 do
  sum = sum + 0.1
end
print("  0.1 * 100", 0.1 * 100, 0.1 * 100 == 10)
print("  added a hundred times", sum, sum == 10)
print("  gr.full({ 100 }, 0.1):sum()", gr.full({ 100 }, 0.1):sum(), "added in another order, as NumPy does")
print(("  0.1 is really %.20f, and each sum is rounded. Compare by distance: 10 - sum = %.3g"):format(0.1, 10 - sum))
run:result { ["001.loss.tenth_100_times"] = sum }

print "3. Surprise (놀람의 정도, 정보의 양) of a result with chance p: -log p. log is to the base e. A대 축구부 0.9, 조기축구회 0.1"
local function surprise(p) return -math.log(p) end

local nll = gr.nn.nll()
local chances = gr.tensor { 0.9, 0.1 }
show("favourite wins: -log 0.9", surprise(0.9), nll(chances, 0))
show("outsider wins: -log 0.1", surprise(0.1), nll(chances, 1))
show("ratio, not the 9 of 0.9 : 0.1", surprise(0.1) / surprise(0.9))
show("in bits: log 2 is", ("%.4f and %.4f"):format(surprise(0.9) / math.log(2), surprise(0.1) / math.log(2)))
run:result {
  ["001.soccer.favourite"] = surprise(0.9),
  ["001.soccer.outsider"] = surprise(0.1),
  ["001.soccer.ratio"] = surprise(0.1) / surprise(0.9),
}

print "4. Entropy: the surprise that a match of p : 1 - p holds on average"
local function entropy(p)
  if p == 0 or p == 1 then return 0.0 end -- the limit: 0 log 0 itself is nan
  return p * surprise(p) + (1 - p) * surprise(1 - p)
end

local binary_cross_entropy = gr.nn.binary_cross_entropy()
print("  p", "by hand              nn.binary_cross_entropy() of p against p")
for tenth = 0, 10 do
  local p = tenth / 10
  print(("  %.1f\t%-20s %s"):format(p, entropy(p), binary_cross_entropy(gr.tensor { p }, gr.tensor { p }):item()))
end
run:result { ["001.soccer.entropy_even"] = entropy(0.5), ["001.soccer.entropy_uneven"] = entropy(0.9) }
