-- A logistic neuron that has nothing but a step of training, with its rate in a field.
local gr = require "gradus"
local LogisticNeuron = { w = gr.tensor { { 0.1 }, { 0.2 }, { -0.3 } }, b = gr.tensor { 0.4 }, learning_rate = 0.5 }

function LogisticNeuron:forpass(x) return x:dot(self.w) + self.b end

function LogisticNeuron:activation(z) return 1 / (1 + (-z:clip(-100, 100)):exp()) end

function LogisticNeuron:loss(x, y)
  local a = self:activation(self:forpass(x)):clip(1e-10, 1 - 1e-10)
  return -(y * a:log() + (1 - y) * (1 - a):log()):sum() / #x
end

function LogisticNeuron:train_step(x, y)
  local a = self:activation(self:forpass(x))
  local err = -(y - a)
  local m = #x
  local w_grad = x:T():dot(err) / m
  local b_grad = err:sum(1) / m
  self.w = self.w - self.learning_rate * w_grad
  self.b = self.b - self.learning_rate * b_grad
end

return LogisticNeuron
