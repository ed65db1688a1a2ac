-- Softmax with loss as in the deep-learning-from-scratch book: forward(x, t), backward(dout).
local SoftmaxWithLoss = {}

function SoftmaxWithLoss:forward(x, t)
  self.t = t
  local shifted = x - x:max(2, true)
  local e = shifted:exp()
  self.y = e / e:sum(2, true)
  self.loss = -(self.t * (self.y + 1e-7):log()):sum() / t.shape[1]
  return self.loss
end

function SoftmaxWithLoss:backward(dout)
  dout = dout or 1
  local batch_size = self.t.shape[1]
  return dout * (self.y - self.t) / batch_size
end

return SoftmaxWithLoss
