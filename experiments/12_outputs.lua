-- What turns a network's scores into shares that sum to 1, and when does the computation break?
-- Documents 001 (항등 함수, 비례 확률 함수, 소프트맥스 함수), 004 (0052, 0053: 오버플로) and 000 (the sigmoid clipped at -100, two
-- pictures made comparable by softmax, the softmax walk-through).
-- Run:     gradus experiments/12_outputs.lua
-- Expect:  0.0182 0.2452 0.7366 for (0.3, 2.9, 4.0); nan for (1010, 1000, 990) unless the maximum is subtracted;
--          0.7347 where 000 prints 0.74. Under a second.
local gr = require "gradus"
local run = gr.run { name = "outputs", seed = 0 }

local function show(label, value) print(("  %-46s %s"):format(label, tostring(value))) end

-- By hand, as the documents write them. --------------------------------------------------------

local function identity_function(x) return x end

local function ratio(a) return a / a:sum() end

local function plain_softmax(a)
  local exp_a = a:exp()
  return exp_a / exp_a:sum()
end

local function softmax(a)
  local exp_a = (a - a:max()):exp()
  return exp_a / exp_a:sum()
end

print "1. Three output functions (001): 항등 함수 identity, 비례 확률 함수 ratio, 소프트맥스 함수 softmax"
for _, scores in ipairs { { 1, 2, 3 }, { 0.1, 0.2, 0.3 }, { -1, 1, 2 } } do
  local a = gr.tensor(scores)
  show("identity", identity_function(a))
  show("  ratio", ratio(a))
  show("  softmax by hand", plain_softmax(a))
  show("  gr.softmax", gr.softmax(a))
end
print "  001 says that softmax makes large shares larger: for (1, 2, 3), yes; for (0.1, 0.2, 0.3) the ratio's"
print "  0.5 becomes 0.367. What counts is how far apart scores are. And a ratio may be negative, which no share is."

print "2. A constant c added to every score (001: C e^a = e^(a + c)) changes nothing, until exp overflows (004: 0053)"
local a = gr.tensor { 0.3, 2.9, 4.0 }
local y = softmax(a)
for _, c in ipairs { 0, 1, -a:max() } do
  show(("plain softmax of (0.3, 2.9, 4.0) with c = %s"):format(c), plain_softmax(a + c))
end
show("004's softmax, sum", ("%s  %s"):format(y, y:sum()))
local large = gr.tensor { 1010, 1000, 990 }
show("exp of (1010, 1000, 990)", large:exp())
show("plain softmax: inf / inf", plain_softmax(large))
show("000's, clipped at -100: no help above 709", plain_softmax(large:clip(-100)))
show("004's, maximum subtracted", softmax(large))
show("gr.softmax", gr.softmax(large))
run:result { ["004.softmax.y"] = y, ["004.softmax.sum"] = y:sum(), ["004.softmax.large"] = softmax(large) }

print "3. The sigmoid with and without 000's clip: exp(-z) overflows at z = -800, but 1 / inf is 0 all the same"
local function plain_sigmoid(z) return 1 / (1 + math.exp(-z)) end

local function clipped_sigmoid(z) return plain_sigmoid(math.max(z, -100)) end

print(("  %6s %-10s %-24s %-24s %s"):format("z", "exp(-z)", "plain", "clipped at -100", "gr.sigmoid"))
for _, z in ipairs { -800, -100, -1, 0, 40, 800 } do
  local line = "  %6d %-10.4g %-24s %-24s %s"
  print(line:format(z, math.exp(-z), plain_sigmoid(z), clipped_sigmoid(z), gr.sigmoid(z)))
end
local axis = gr.linspace(-5, 5, 201)
local curves, names = { axis:sigmoid(), axis:gt(0) }, { "시그모이드 함수", "계단 함수" } -- 002, figure 4-4
run:plot("step and sigmoid", gr.plot.line(axis, curves, { legend = names, ylim = { -0.1, 1.1 }, dashed = { 2 } }))
local scores = gr.zeros(201, 3) + gr.tensor { 0, 0, -1 } -- three, of which the first grows
scores[":, 1"] = axis
local labels = { title = "소프트맥스 함수: (x, 0, -1)", xlabel = "x", legend = { "x", "0", "-1" } }
run:plot("softmax", gr.plot.line(axis, gr.softmax(scores), labels))
local log_plain, log_clipped = math.log(plain_sigmoid(-800)), math.log(clipped_sigmoid(-800))
show("log of the sigmoid at -800, plain and clipped", ("%s  %s"):format(log_plain, log_clipped))
print "  The clip helps the logarithm in the loss. From z = 37 up 1 - sigmoid is 0: for that the loss clips at 1e-10."

print "4. 소프트맥스를 사용한 정규화 (000): which picture is rather a car, 0.9 of the left or 0.5 of the right?"
local function inverse_logistic(p) return -(1 / p - 1):log() end

local function two_places(t)
  local rounded = t:clone()
  for i = 1, #t do
    rounded[i] = tonumber(("%.2f"):format(t[i]))
  end
  return rounded
end

for _, example in ipairs { { "left", { 0.9, 0.8, 0.7 } }, { "right", { 0.5, 0.2, 0.1 } } } do
  local side, z = example[1], inverse_logistic(gr.tensor(example[2]))
  local share, share_rounded = softmax(z), softmax(two_places(z))
  show(side .. ": z = -ln(1 / p - 1)", z)
  show("  softmax by hand", share)
  show("  gr.softmax", gr.softmax(z))
  show("  by hand, z rounded to two places first", share_rounded)
  local id = ("000.softmax_norm.%s."):format(side)
  run:result { [id .. "z"] = z, [id .. "y"] = share, [id .. "y_rounded_z"] = share_rounded }
end
print "  Beside its rivals the right one is the surer. 000 prints 0.74 for it: exact 0.7347; by rounded z 0.7354."

print "5. 소프트맥스 함수 이해 (000): two rows at once"
local z = gr.tensor { { 0.9, 0.8, 0.7 }, { 0.5, 0.2, 0.1 } }
local exp_z = z:exp()
local sums = exp_z:sum(2)
local shares = exp_z / sums:reshape(-1, 1)
print("  exp_z\n" .. tostring(exp_z))
show("np.sum(exp_z, axis=1)", sums)
print("  exp_z / sums.reshape(-1, 1)\n" .. tostring(shares))
print("  gr.softmax(z), row by row\n" .. tostring(gr.softmax(z)))
print "  000 cuts off after two places: 2.45 2.22 6.69 and 1.64 1.10 3.97 are 2.46 2.23 6.70 and 1.65 1.11 3.98."
run:result {
  ["000.softmax_table.exp"] = exp_z,
  ["000.softmax_table.sums"] = sums,
  ["000.softmax_table.softmax"] = shares,
}
