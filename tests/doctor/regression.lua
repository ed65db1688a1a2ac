-- Linear regression in matrices: mean of squares over rows, w and b by self, the learning inside one method.
local gr = require "gradus"

local Linear = { W = gr.tensor { { 0.4 }, { -0.3 }, { 1.1 } }, b = gr.tensor { 0.05 } }

function Linear:predict(x) return x:dot(self.W) + self.b end

function Linear:loss(x, y)
  local diff = self:predict(x) - y
  return (diff * diff):mean()
end

function Linear:backward(x, y)
  local n = x.shape[1]
  local diff = self:predict(x) - y
  self.dW = 2 * x:T():dot(diff) / n
  self.db = 2 * diff:sum() / n
end

return Linear
