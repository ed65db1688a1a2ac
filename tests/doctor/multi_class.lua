-- The course's MultiClassNetwork: backprop(x, err) and a training step; the loss stands in fit alone.
local gr = require "gradus"

local MultiClassNetwork = {}
MultiClassNetwork.__index = MultiClassNetwork

function MultiClassNetwork.new(units) return setmetatable({ units = units, lr = 0.1, losses = {} }, MultiClassNetwork) end

function MultiClassNetwork:sigmoid(z)
  z = z:clip(-100, math.huge)
  return 1 / (1 + (-z):exp())
end

function MultiClassNetwork:softmax(z)
  z = z:clip(-100, math.huge)
  local exp_z = z:exp()
  return exp_z / exp_z:sum(2):reshape(-1, 1)
end

function MultiClassNetwork:init_weights(n_features, n_classes)
  gr.random.seed(0)
  self.w1 = gr.random.normal(0, 1, n_features, self.units) -- 입력 → 은닉 가중치
  self.b1 = gr.zeros(self.units)
  self.w2 = gr.random.normal(0, 1, self.units, n_classes) -- 은닉 → 출력 가중치
  self.b2 = gr.zeros(n_classes)
end

function MultiClassNetwork:forpass(x)
  local z1 = x:dot(self.w1) + self.b1
  self.z1 = z1
  self.a1 = self:sigmoid(z1)
  return self.a1:dot(self.w2) + self.b2
end

function MultiClassNetwork:backprop(x, err)
  local m = #x
  local w2_grad = self.a1:T():dot(err) / m
  local b2_grad = err:sum(1) / m
  local err_to_hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
  local w1_grad = x:T():dot(err_to_hidden) / m
  local b1_grad = err_to_hidden:sum(1) / m
  return w1_grad, b1_grad, w2_grad, b2_grad
end

function MultiClassNetwork:training(x, y)
  local z = self:forpass(x)
  local a = self:softmax(z)
  local err = -(y - a)
  local w1_grad, b1_grad, w2_grad, b2_grad = self:backprop(x, err)
  self.w1 = self.w1 - self.lr * w1_grad
  self.b1 = self.b1 - self.lr * b1_grad
  self.w2 = self.w2 - self.lr * w2_grad
  self.b2 = self.b2 - self.lr * b2_grad
  return a
end

local net = MultiClassNetwork.new(4)
net:init_weights(5, 3)
return net, { loss = "cross_entropy" }
