-- A residual net: the hidden layer is added to its input; no model that the doctor knows.
local gr = require "gradus"
local Net = {}
Net.__index = Net

function Net.new(n, out)
  gr.random.seed(12)
  return setmetatable({
    W1 = gr.random.randn(n, n) * 0.6,
    b1 = gr.random.randn(n) * 0.2,
    W2 = gr.random.randn(n, out),
    b2 = gr.random.randn(out),
  }, Net)
end

function Net:forward(x)
  self.x = x
  self.t = (x:dot(self.W1) + self.b1):tanh()
  self.h = x + self.t
  return self.h:dot(self.W2) + self.b2
end

function Net:loss(x, y)
  local s = self:forward(x)
  local p = s:softmax()
  return -(y * p:log()):sum() / x.shape[1]
end

function Net:gradients(x, y)
  local s = self:forward(x)
  local d = (s:softmax() - y) / x.shape[1]
  local dh = d:dot(self.W2:T())
  local dz = dh * (1 - self.t ^ 2)
  return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.h:T():dot(d), b2 = d:sum(1) }
end

return Net.new(4, 3)
