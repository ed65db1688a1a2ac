-- Binary cross entropy from scores, as a loss object with numbers in a closure.
local Loss = {}
Loss.__index = Loss

function Loss:forward(z, y)
  self.z, self.y = z, y
  self.a = 1 / (1 + (-z):exp())
  return -(y * self.a:log() + (1 - y) * (1 - self.a):log()):sum() / #z
end

function Loss:backward() return (self.a - self.y) / #self.z end

return setmetatable({}, Loss)
