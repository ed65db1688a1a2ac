-- The course's TwoLayerNet: parameters in a table by name, gradient(x, t) with the course's names.
local gr = require "gradus"

local function sigmoid(x) return 1 / (1 + (-x):exp()) end

local function softmax(x)
  x = x - x:max(2, true)
  local e = x:exp()
  return e / e:sum(2, true)
end

local function cross_entropy_error(y, t)
  local batch_size = y.shape[1]
  return -(t * (y + 1e-7):log()):sum() / batch_size
end

local TwoLayerNet = {}
TwoLayerNet.__index = TwoLayerNet

function TwoLayerNet.new(input_size, hidden_size, output_size)
  local self = setmetatable({}, TwoLayerNet)
  gr.random.seed(3)
  self.params = {
    W1 = gr.random.randn(input_size, hidden_size) * 0.5,
    b1 = gr.zeros(hidden_size),
    W2 = gr.random.randn(hidden_size, output_size) * 0.5,
    b2 = gr.zeros(output_size),
  }
  return self
end

function TwoLayerNet:predict(x)
  local W1, W2 = self.params.W1, self.params.W2
  local b1, b2 = self.params.b1, self.params.b2
  local a1 = x:dot(W1) + b1
  local z1 = sigmoid(a1)
  local a2 = z1:dot(W2) + b2
  return softmax(a2)
end

-- x: 입력 데이터, t: 정답 레이블
function TwoLayerNet:loss(x, t) return cross_entropy_error(self:predict(x), t) end

function TwoLayerNet:gradient(x, t)
  local W1, W2 = self.params.W1, self.params.W2
  local b1, b2 = self.params.b1, self.params.b2
  local grads = {}
  local batch_num = x.shape[1]
  -- 순전파
  local a1 = x:dot(W1) + b1
  local z1 = sigmoid(a1)
  local a2 = z1:dot(W2) + b2
  local y = softmax(a2)
  -- 역전파
  local dy = (y - t) / batch_num
  grads.W2 = z1:T():dot(dy)
  grads.b2 = dy:sum(1)
  local dz1 = dy:dot(W2:T())
  local da1 = sigmoid(a1) * (1 - sigmoid(a1)) * dz1
  grads.W1 = x:T():dot(da1)
  grads.b1 = da1:sum(1)
  return grads
end

return TwoLayerNet.new(5, 4, 3)
