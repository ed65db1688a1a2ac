-- What happens when label lists are misprinted, and when "mean squared error" is half a sum?
-- 001, 손실함수란: the same ten numbers stand for y and for the label t. Cross entropy of y against itself is its entropy:
-- a loss that no training brings to 0. Meant is a one-hot t, its 1 at class 7, where y is largest.
-- 002, 4.2.1, cells 1 and 3: the lists t have 9 and 8 entries, y has 10. Noticed: the shapes do not fit. Mended: ten
-- entries, best by one_hot, which cannot lose any.
-- Both say 평균 제곱 오차 (MSE): 002 takes half the SUM of squares, 001 the mean over the ten entries. 002's is 10 / 2 = 5
-- times as large, and so is its gradient: a rate for one is 5 times too large or too small for the other.
-- Run:     gradus experiments/33_fault_labels.lua
-- Expect:  entropy 1.6352, which 2000 steps come near and do not pass; 0.0975 and 0.0195. At once.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fault: labels" }

-- 001: y as its own label. ---------------------------------------------------------------------

local y = gr.tensor { 0.01, 0.02, 0.05, 0.10, 0.12, 0.05, 0.05, 0.50, 0.00, 0.10 }
local one_hot = gr.data.one_hot({ 7 }, 10)[1]

local function cross_entropy_error(output, t) return -(t * (output + 1e-7):log()):sum() end

print("fault:  cross entropy of y against t = y", cross_entropy_error(y, y))
print("mend:   against the one-hot t", cross_entropy_error(y, one_hot))
print("        by nn.nll", nn.nll()(y, y):item(), nn.nll()(y, one_hot):item())

--- The loss after training ten scores, from 0, against t.
local function least(t)
  local z = gr.param(gr.zeros(10), "z")
  local sgd = gr.optim.sgd { lr = 1 }
  sgd:add { z }
  local loss
  for _ = 1, 2000 do
    sgd:zero_grad()
    loss = nn.cross_entropy()(z, t)
    loss:backward()
    sgd:step()
  end
  return loss:item()
end

print("fault:  least cross entropy in training, t = y", least(y))
print("mend:   t one-hot", least(one_hot))

-- 002: lists that are too short. ---------------------------------------------------------------

local output = gr.tensor { 0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0 }

local function mean_squared_error(a, t) return 0.5 * ((a - t) ^ 2):sum() end

for _, t in ipairs { { 0, 0, 1, 0, 0, 0, 0, 0, 0 }, { 0, 0, 1, 0, 0, 0, 0, 0 } } do
  local _, by_hand = pcall(mean_squared_error, output, gr.tensor(t))
  local _, by_library = pcall(nn.sse(), output, t)
  print(("fault:  t has %d entries: %s"):format(#t, by_hand))
  print("        " .. by_library)
end
local t = gr.data.one_hot({ 2 }, 10)[1]
print("mend:   one_hot({ 2 }, 10): by hand, nn.sse", mean_squared_error(output, t), nn.sse()(output, t):item())

-- Two definitions under one name. --------------------------------------------------------------

local half_sum, mean = nn.sse()(output, t):item(), nn.mse()(output, t):item()
print("fault:  '평균 제곱 오차' in 002 and in 001, ratio", half_sum, mean, half_sum / mean)

--- The outputs after one step on themselves.
local function one_step(loss, lr)
  local p = gr.param(output:clone(), "y")
  loss(p, t):backward()
  return p:detach() - lr * p.grad
end

local by_sse = one_step(nn.sse(), 0.1)
print("fault:  the same rate: how far the steps lie apart", (one_step(nn.mse(), 0.1) - by_sse):abs():max())
print("mend:   five times the rate for the mean", (one_step(nn.mse(), 0.5) - by_sse):abs():max())
run:result { entropy = nn.nll()(y, y):item(), half_sum = half_sum, mean = mean }
