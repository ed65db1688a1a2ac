-- A layer whose weight is outputs x inputs, as in PyTorch; gradients beside the parameters.
local gr = require "gradus"
local Linear = {}
Linear.__index = Linear

local function new(in_features, out_features)
  local o = {}
  o.weight = gr.random.randn(out_features, in_features)
  o.bias = gr.random.randn(out_features)
  return setmetatable(o, Linear)
end

function Linear.forward(self, input)
  self.input = input
  return input:dot(self.weight:T()) + self.bias
end

function Linear.backward(self, grad_output)
  self.grad_weight = grad_output:T():dot(self.input)
  self.grad_bias = grad_output:sum(1)
  return grad_output:dot(self.weight)
end

return new
