-- ELU, whose derivative is written in terms of the output.
local gr = require "gradus"
local Elu = {}
Elu.__index = Elu
local function new() return setmetatable({ alpha = 1 }, Elu) end

function Elu:forward(input)
  self.input = input
  self.output = gr.maximum(input, 0) + self.alpha * (gr.minimum(input, 0):exp() - 1)
  return self.output
end

function Elu:backward(grad) return grad * (self.input:gt(0) + self.input:le(0) * (self.output + self.alpha)) end
return new()
