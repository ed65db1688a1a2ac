-- Samples stand in columns: W is outputs x inputs, z = W x + b, sigmoid twice, half the squares over m.
local gr = require "gradus"

local Net = {}
Net.__index = Net

local function sig(z) return 1 / (1 + (-z):exp()) end

function Net.new(inputs, hidden, outputs)
  gr.random.seed(5)
  return setmetatable({
    W1 = gr.random.randn(hidden, inputs),
    b1 = gr.random.randn(hidden, 1),
    W2 = gr.random.randn(outputs, hidden),
    b2 = gr.random.randn(outputs, 1),
  }, Net)
end

function Net:forward(X)
  local A1 = sig(self.W1:dot(X) + self.b1)
  local A2 = sig(self.W2:dot(A1) + self.b2)
  return A2, A1
end

function Net:loss(X, Y)
  local A2 = self:forward(X)
  local m = X.shape[2]
  return ((A2 - Y) ^ 2):sum() / (2 * m)
end

function Net:backward(X, Y)
  local m = X.shape[2]
  local A2, A1 = self:forward(X)
  local dZ2 = (A2 - Y) * A2 * (1 - A2)
  local dW2 = dZ2:dot(A1:T()) / m
  local db2 = dZ2:sum(2, true) / m
  local dZ1 = self.W2:T():dot(dZ2) * A1 * (1 - A1)
  local dW1 = dZ1:dot(X:T()) / m
  local db1 = dZ1:sum(2, true) / m
  return { W1 = dW1, b1 = db1, W2 = dW2, b2 = db2 }
end

return Net.new(3, 4, 2)
