-- A fully connected layer with tensors: self, fields W, b, dW, db.
local gr = require "gradus"

local Affine = {}
Affine.__index = Affine

function Affine.new(inputs, outputs)
  gr.random.seed(1)
  return setmetatable({ W = gr.random.randn(inputs, outputs), b = gr.random.randn(outputs) }, Affine)
end

function Affine:forward(x)
  self.x = x
  return x:dot(self.W) + self.b
end

function Affine:backward(dout)
  local dx = dout:dot(self.W:T())
  self.dW = self.x:T():dot(dout)
  self.db = dout:sum(1)
  return dx
end

return Affine.new(3, 2)
