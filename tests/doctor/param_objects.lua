-- Parameters are objects with data and grad; a net of layer objects keeps them in a list.
local gr = require "gradus"
local function param(value) return { data = value, grad = value * 0 } end

local Net = {}
Net.__index = Net

function Net.new(i, h, o)
  gr.random.seed(6)
  return setmetatable({
    W1 = param(gr.random.randn(i, h)),
    b1 = param(gr.random.randn(h)),
    W2 = param(gr.random.randn(h, o)),
    b2 = param(gr.random.randn(o)),
  }, Net)
end

function Net:forward(x)
  self.x = x
  self.a = (x:dot(self.W1.data) + self.b1.data):tanh()
  return self.a:dot(self.W2.data) + self.b2.data
end

function Net:loss(x, t)
  local diff = self:forward(x) - t
  return (diff * diff):sum() / #x
end

function Net:backward(x, t)
  local d = 2 * (self:forward(x) - t) / #x
  self.W2.grad = self.a:T():dot(d)
  self.b2.grad = d:sum(1)
  local dh = d:dot(self.W2.data:T()) * (1 - self.a * self.a)
  self.W1.grad = x:T():dot(dh)
  self.b1.grad = dh:sum(1)
end

return Net.new(3, 4, 2)
