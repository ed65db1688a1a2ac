-- Mean squared error as an object: forward(prediction, target), backward().
local MSE = {}
MSE.__index = MSE

function MSE.new() return setmetatable({}, MSE) end

function MSE:forward(prediction, target)
  self.diff = prediction - target
  return (self.diff ^ 2):sum() / (2 * #prediction)
end

function MSE:backward() return self.diff / #self.diff end

return MSE.new()
