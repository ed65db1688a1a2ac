-- A sigmoid that keeps both what went in and what came out.
local Sigmoid = {}

function Sigmoid:forward(x)
  self.input = x
  self.output = 1 / (1 + (-x):exp())
  return self.output
end

function Sigmoid:backward(dout) return dout * self.output * (1 - self.output) end

return Sigmoid
