-- loss(X, y) gives the loss and the gradients in one call; class labels; relu; a weight decay.
local gr = require "gradus"

local Net = {}
Net.__index = Net

function Net.new(D, H, C)
  gr.random.seed(4)
  return setmetatable({
    params = { W1 = gr.random.randn(D, H), b1 = gr.random.randn(H), W2 = gr.random.randn(H, C), b2 = gr.zeros(C) },
    reg = 0,
  }, Net)
end

function Net:loss(X, y)
  local p, grads = self.params, {}
  local N = #X
  local hidden = gr.maximum(X:dot(p.W1) + p.b1, 0)
  local scores = hidden:dot(p.W2) + p.b2
  local e = (scores - scores:max(2, true)):exp()
  local probs = e / e:sum(2, true)
  local loss = 0
  for i = 1, N do
    loss = loss - math.log(probs[{ i, y[i] + 1 }]) / N
  end
  loss = loss + self.reg * ((p.W1 ^ 2):sum() + (p.W2 ^ 2):sum())

  local dscores = probs:clone()
  for i = 1, N do
    dscores[{ i, y[i] + 1 }] = dscores[{ i, y[i] + 1 }] - 1
  end
  dscores = dscores / N
  grads.W2 = hidden:T():dot(dscores) + 2 * self.reg * p.W2
  grads.b2 = dscores:sum(1)
  local dhidden = dscores:dot(p.W2:T())
  dhidden = dhidden * hidden:gt(0)
  grads.W1 = X:T():dot(dhidden) + 2 * self.reg * p.W1
  grads.b1 = dhidden:sum(1)
  return loss, grads
end

return Net.new(4, 5, 3)
