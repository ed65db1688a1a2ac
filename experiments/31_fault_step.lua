-- Is 변숫값 = 변숫값 - 기울기 x 변숫값 x 학습률 gradient descent?
-- Document 001, 기울기 (before nditer 편미분 코드): w0(0,1) = 2.381 - 0.4 * 2.381 * 0.01. The step is multiplied by the
-- weight itself. A weight of 0 never moves, small steps never change a sign, and a weight below 0 walks uphill. Two
-- pages on, under 경사하강법, the same document has the rule without the factor.
-- Noticed: put w = 0, or a w below 0, into the rule. Mended: w = w - gradient * rate.
-- Run:     gradus experiments/31_fault_step.lua
-- Expect:  2.371476 as printed, 2.377 mended; from -2 the rule runs off to -inf in place of 3. At once.
local gr = require "gradus"
local optim = gr.optim
local run = gr.run { name = "fault: step", seed = 0 }

local function as_printed(w, gradient, lr) return w - gradient * w * lr end

local function mended(w, gradient, lr) return w - gradient * lr end

print("fault:  the example", as_printed(2.381, 0.4, 0.01))
print("mend:   without the factor", mended(2.381, 0.4, 0.01))
run:result { ["001.update.example"] = as_printed(2.381, 0.4, 0.01) }

-- A parabola: (w - 3)^2 has its least value at 3. ----------------------------------------------

local function descend(rule, w, lr, steps)
  for _ = 1, steps do
    w = rule(w, 2 * (w - 3), lr)
  end
  return w
end

local function by_library(start, lr, steps)
  local w = gr.param(gr.tensor(start), "w")
  local sgd = optim.sgd { lr = lr }
  sgd:add { w }
  for _ = 1, steps do
    sgd:zero_grad()
    local loss = (w - 3) ^ 2
    loss:backward()
    sgd:step()
  end
  return w:item()
end

print "least value of (w - 3)^2, at 3: start, one step, 100 steps of rate 0.1"
for _, start in ipairs { 2.381, 0, -2 } do
  print("fault:  as printed", start, descend(as_printed, start, 0.1, 1), descend(as_printed, start, 0.1, 100))
  print("mend:   by hand", start, descend(mended, start, 0.1, 1), descend(mended, start, 0.1, 100))
  print("mend:   optim.sgd", start, by_library(start, 0.1, 1), by_library(start, 0.1, 100))
end

-- A regression that needs a weight below 0: y = 2 x1 - 1.5 x2, from (1, 1). --------------------

local x = gr.random.randn(50, 2)
local y = x:dot(gr.tensor { 2, -1.5 })

local function fit(rule)
  local w = gr.ones(2)
  for _ = 1, 200 do
    local gradient = x:T():dot(x:dot(w) - y) / #x
    w = rule(w, gradient, 0.1)
  end
  return w, (x:dot(w) - y):abs():max()
end

print "y = 2 x1 - 1.5 x2 from (1, 1): weights, largest error after 200 steps"
print("fault:  as printed", fit(as_printed))
print("mend:   by hand", fit(mended))
