-- Lists of weights and biases, a column for each sample, quadratic cost; backprop of one sample, gradients as two lists.
local gr = require "gradus"

local Network = {}
Network.__index = Network

local function sigmoid(z) return 1 / (1 + (-z):exp()) end
local function sigmoid_prime(z) return sigmoid(z) * (1 - sigmoid(z)) end

function Network.new(sizes)
  gr.random.seed(11)
  local self = setmetatable({ sizes = sizes, biases = {}, weights = {} }, Network)
  for l = 2, #sizes do
    self.biases[l - 1] = gr.random.randn(sizes[l], 1)
    self.weights[l - 1] = gr.random.randn(sizes[l], sizes[l - 1])
  end
  return self
end

function Network:feedforward(a)
  for l = 1, #self.weights do
    a = sigmoid(self.weights[l]:dot(a) + self.biases[l])
  end
  return a
end

function Network:cost(x, y) return 0.5 * ((self:feedforward(x) - y) ^ 2):sum() end

function Network:backprop(x, y)
  local nabla_b, nabla_w = {}, {}
  local activations, zs = { x }, {}
  for l = 1, #self.weights do
    zs[l] = self.weights[l]:dot(activations[l]) + self.biases[l]
    activations[l + 1] = sigmoid(zs[l])
  end
  local L = #self.weights
  local delta = (activations[L + 1] - y) * sigmoid_prime(zs[L])
  nabla_b[L] = delta:sum(2, true)
  nabla_w[L] = delta:dot(activations[L]:T())
  for l = L - 1, 1, -1 do
    delta = self.weights[l + 1]:T():dot(delta) * sigmoid_prime(zs[l])
    nabla_b[l] = delta:sum(2, true)
    nabla_w[l] = delta:dot(activations[l]:T())
  end
  return nabla_w, nabla_b
end

return Network.new { 3, 4, 2 }
