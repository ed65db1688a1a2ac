-- Three layers with fields w1 ... b3, relu and tanh, logistic output; accumulates in loops over a list of samples.
local gr = require "gradus"
local Model = {}

local function start(seed)
  gr.random.seed(seed)
  Model.w1, Model.b1 = gr.random.randn(3, 4) * 0.8, gr.random.randn(4) * 0.5
  Model.w2, Model.b2 = gr.random.randn(4, 3) * 0.8, gr.random.randn(3) * 0.5
  Model.w3, Model.b3 = gr.random.randn(3, 1) * 0.8, gr.random.randn(1) * 0.5
end

function Model:predict(X)
  self.h1 = (X:dot(self.w1) + self.b1):tanh()
  self.h2 = (self.h1:dot(self.w2) + self.b2):tanh()
  return (self.h2:dot(self.w3) + self.b3):sigmoid()
end

function Model:loss(X, y)
  local p = self:predict(X)
  return -(y * p:log() + (1 - y) * (1 - p):log()):mean()
end

function Model:backward(X, y)
  local m = #X
  local p = self:predict(X)
  local d3 = (p - y) / m
  local dw3, db3 = self.h2:T():dot(d3), d3:sum(1)
  local d2 = d3:dot(self.w3:T()) * (1 - self.h2 ^ 2)
  local dw2, db2 = self.h1:T():dot(d2), d2:sum(1)
  local d1 = d2:dot(self.w2:T()) * (1 - self.h1 ^ 2)
  local dw1, db1 = X:T():dot(d1), d1:sum(1)
  return { dw1, db1, dw2, db2, dw3, db3 }
end

start(5)
return Model
