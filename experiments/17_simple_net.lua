-- What is the gradient of a network's loss, and what does a step against it do?
-- Document 002 (4.4.2): simpleNet, one layer of 2 x 3 weights, with the W that is printed there.
-- Run:     gradus experiments/17_simple_net.lua
-- Expect:  loss 1.04091119 for label 0 and 1.22094156 for label 2, gradient -0.38812034 0.21114895 0.17697139 and
--          -0.58218051 0.31672342 0.26545709: to the 8 digits to which W is printed. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "simple net", seed = 0 }

-- By hand, as the document writes it. ----------------------------------------------------------

local function softmax(a)
  local exp_a = (a - a:max()):exp()
  return exp_a / exp_a:sum()
end

--- Without the 1e-7 of 4.2.2: so were the printed losses computed.
local function cross_entropy_error(y, t) return -(t * y:log()):sum() end

local simpleNet = {}
simpleNet.__index = simpleNet

function simpleNet:predict(x) return x:dot(self.W) end

function simpleNet:loss(x, t) return cross_entropy_error(softmax(self:predict(x)), t) end

local function numerical_gradient(f, W)
  local h, grad = 1e-4, gr.zeros(W.shape)
  for row = 1, W.shape[1] do
    for column = 1, W.shape[2] do
      local idx = { row, column }
      local tmp_val = W[idx]
      W[idx] = tmp_val + h
      local fxh1 = f(W)
      W[idx] = tmp_val - h
      grad[idx] = (fxh1 - f(W)) / (2 * h)
      W[idx] = tmp_val
    end
  end
  return grad
end

local W = gr.tensor { { 0.94205491, 2.00218723, -0.44365259 }, { 0.11622554, -0.59436786, 0.83999679 } }
local net = setmetatable({ W = W:clone() }, simpleNet)
local x = gr.tensor { 0.6, 0.9 }
local label_0, label_2 = gr.tensor { 1, 0, 0 }, gr.tensor { 0, 0, 1 }

local p = net:predict(x)
print("prediction", p)
print "  The page prints -0.26373067 -0.61762066 -0.97157332: of another W, for its cell is of another run."
print("argmax, class", p:argmax() - 1)
print("softmax", softmax(p))
local loss_0, loss_2 = net:loss(x, label_0), net:loss(x, label_2)
print("loss for label 2", loss_2, "with 1e-7", cross_entropy_error(softmax(p) + 1e-7, label_2))
print("loss for label 0", loss_0, "with 1e-7", cross_entropy_error(softmax(p) + 1e-7, label_0))

-- f takes no notice of its argument: numerical_gradient changes net.W itself.
local t = label_0
local function f() return net:loss(x, t) end

local dW = numerical_gradient(f, net.W)
print("dW by hand, label 0\n" .. tostring(dW))
print("gr.numerical_gradient\n" .. tostring(gr.numerical_gradient(f, net.W)))
run:result {
  ["002.simplenet.p"] = p,
  ["002.simplenet.argmax"] = p:argmax() - 1, -- NumPy's position, from 0, is the class
  ["002.simplenet.loss_t0"] = loss_0,
  ["002.simplenet.loss_t2"] = loss_2,
  ["002.simplenet.dw"] = dW,
}

-- The page goes on with a second gradient, typed in, not computed. It fits x (rows as 0.6 : 0.9) and softmax (rows sum
-- to 0), but not this W: "about 0.24 h less when w11 grows by h" is 0.388 h here.
local typed = gr.tensor { { -0.24718447, 0.05855661, 0.18862786 }, { -0.3707767, 0.08783491, 0.28294179 } }
local off_ratio, off_sum = (typed[2] - 1.5 * typed[1]):abs():max(), typed:sum(2):abs():max()
print("the gradient typed in: row 2 - 1.5 row 1, sums of rows", off_ratio, off_sum)
run:result { ["002.simplenet.dw_literal"] = { off_ratio, off_sum }, ["002.simplenet.p_stale"] = p }

-- By the library. ------------------------------------------------------------------------------

local w = gr.param(W:clone(), "W")
local cross_entropy = nn.cross_entropy() -- softmax inside, of labels as well
local loss = cross_entropy(x:dot(w), 0)
loss:backward()
print("loss by nn.cross_entropy()", loss:item())
print("dW by backward\n" .. tostring(w.grad))
print("dW on paper, x^T (softmax - t)\n" .. tostring(x:reshape(2, 1):dot((softmax(p) - t):reshape(1, 3))))

print "A step against the gradient: what the slope promises (lr |dW|^2 less), what comes, and what the other way does"
local slope = (w.grad ^ 2):sum()
for _, lr in ipairs { 0.001, 0.01, 0.1, 1, 10 } do
  net.W = W - lr * w.grad
  local after = net:loss(x, t)
  net.W = W + lr * w.grad
  print(
    ("  lr %-6g promised %-12.8f came %-12.8f other way %.8f"):format(lr, loss_0 - lr * slope, after, net:loss(x, t))
  )
end
