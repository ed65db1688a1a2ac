-- Can one linear neuron, y = w x + b, follow the progress of diabetes from the body mass index?
-- Document 000, step by step: what a change of w does, one update, one pass, a hundred passes.
-- Run:     gradus experiments/02_linear_neuron.lua
-- Expect:  every figure as printed there, ending in 913.5973364345905 123.39414383177204. Under a second.
local gr = require "gradus"

-- The printed digits come from the column as scikit-learn had it before version 1.1.
local diabetes = gr.data.diabetes { legacy = true }
print("data", diabetes.x.shape, diabetes.y.shape)
local x, y = diabetes.x[":, 3"]:totable(), diabetes.y:totable()

local w, b = 1.0, 1.0
local y_hat = x[1] * w + b
print("first prediction, target", y_hat, y[1])

-- How much the prediction grows for a little more of w: the rate of change is x itself.
local w_inc = w + 0.1
local y_hat_inc = x[1] * w_inc + b
local w_rate = (y_hat_inc - y_hat) / (w_inc - w)
print("prediction after w + 0.1", y_hat_inc)
print("rate of change", w_rate)
print("w + rate", w + w_rate)

-- The error decides how far and which way to go.
local err = y[1] - y_hat
print("w + rate * error", w + w_rate * err)
local b_inc = b + 0.1
local b_rate = (x[1] * w + b_inc - y_hat) / (b_inc - b)
print("rate of change for b", b_rate)
print("b + rate * error", b + 1 * err)

local function pass()
  for i = 1, #x do
    local error_here = y[i] - (x[i] * w + b)
    w, b = w + x[i] * error_here, b + error_here
  end
end

pass()
print("after one pass", w, b)

w, b = 1.0, 1.0
for _ = 1, 100 do
  pass()
end
print("after 100 passes", w, b)
