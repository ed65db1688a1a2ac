-- Logistic regression, weights in a column, everything the mean over m; the class is a table with methods.
local gr = require "gradus"

local Logistic = {}
Logistic.__index = Logistic

function Logistic.create(n)
  local object = setmetatable({}, Logistic)
  object.weights = gr.tensor { 0.3, -0.2, 0.5, 0.1 }:reshape(n, 1) -- 가중치
  object.bias = gr.tensor { 0.1 } -- 절편
  return object
end

function Logistic:activation(x)
  local z = x:dot(self.weights) + self.bias
  return 1 / (1 + (-z):exp())
end

function Logistic:loss(x, y)
  local a = self:activation(x)
  local m = x.shape[1]
  return -(y * a:log() + (1 - y) * (1 - a):log()):sum() / m
end

function Logistic:gradient(x, y)
  local m = x.shape[1]
  local dz = self:activation(x) - y
  self.grad_weights = x:T():dot(dz) / m
  self.grad_bias = dz:sum(1) / m
end

return Logistic.create(4)
