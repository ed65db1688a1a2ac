-- A net of layer objects that are called in turn; each keeps its own gradients; softmax with loss at the end.
local gr = require "gradus"

local function class()
  local c = {}
  c.__index = c
  return c
end

local Dense, Relu, Softmax, Net = class(), class(), class(), class()

function Dense.new(i, o) return setmetatable({ W = gr.random.randn(i, o) * 0.7, b = gr.random.randn(o) * 0.1 }, Dense) end
function Dense:forward(x)
  self.x = x
  return x:dot(self.W) + self.b
end
function Dense:backward(d)
  self.dW = self.x:T():dot(d)
  self.db = d:sum(1)
  return d:dot(self.W:T())
end

function Relu:forward(x)
  self.mask = x:gt(0)
  return x * self.mask
end
function Relu:backward(d) return d * self.mask end

function Softmax:forward(s, t)
  local e = (s - s:max(2, true)):exp()
  self.p, self.t = e / e:sum(2, true), t
  return -(t * self.p:log()):sum() / #t
end
function Softmax:backward() return (self.p - self.t) / #self.t end

function Net.new(inputs, hidden, outputs)
  gr.random.seed(2)
  local net = { layers = { Dense.new(inputs, hidden), setmetatable({}, Relu), Dense.new(hidden, outputs) } }
  net.last = setmetatable({}, Softmax)
  return setmetatable(net, Net)
end
function Net:predict(x)
  for _, layer in ipairs(self.layers) do
    x = layer:forward(x)
  end
  return x
end
function Net:loss(x, t) return self.last:forward(self:predict(x), t) end
function Net:gradient(x, t)
  self:loss(x, t)
  local d = self.last:backward()
  for i = #self.layers, 1, -1 do
    d = self.layers[i]:backward(d)
  end
  local first, third = self.layers[1], self.layers[3]
  return { W1 = first.dW, b1 = first.db, W2 = third.dW, b2 = third.db }
end

local net = Net.new(4, 5, 3)
net.params = { W1 = net.layers[1].W, b1 = net.layers[1].b, W2 = net.layers[3].W, b2 = net.layers[3].b }
return net
