-- One sample after the other, the gradients added into fields that the call empties; half the sum of squares, no mean.
local Model = {}
Model.__index = Model

local function sigmoid(z) return 1 / (1 + math.exp(-z)) end
local function sigmoid_prime(z) return sigmoid(z) * (1 - sigmoid(z)) end

function Model.new(n, hidden)
  local self = setmetatable({ n = n, hidden = hidden, w1 = {}, b1 = {}, w2 = {}, b2 = 0.2 }, Model)
  for j = 1, hidden do
    self.w1[j] = {}
    for i = 1, n do
      self.w1[j][i] = math.sin(7 * i + j)
    end
    self.b1[j] = math.cos(j) / 3
    self.w2[j] = math.sin(j) * 0.8
  end
  return self
end

function Model:forward_one(x)
  local z, a, y = {}, {}, self.b2
  for j = 1, self.hidden do
    z[j] = self.b1[j]
    for i = 1, self.n do
      z[j] = z[j] + self.w1[j][i] * x[i]
    end
    a[j] = sigmoid(z[j])
    y = y + self.w2[j] * a[j]
  end
  return y, a, z
end

function Model:loss(xs, ys)
  local sum = 0
  for s, x in ipairs(xs) do
    local y = self:forward_one(x)
    sum = sum + 0.5 * (y - ys[s]) ^ 2
  end
  return sum
end

function Model:zero()
  self.dw1, self.db1, self.dw2, self.db2 = {}, {}, {}, 0
  for j = 1, self.hidden do
    self.dw1[j], self.db1[j], self.dw2[j] = {}, 0, 0
    for i = 1, self.n do
      self.dw1[j][i] = 0
    end
  end
end

function Model:backward(xs, ys)
  self:zero()
  for s, x in ipairs(xs) do
    local y, a, z = self:forward_one(x)
    local err = y - ys[s]
    self.db2 = self.db2 + err
    for j = 1, self.hidden do
      self.dw2[j] = self.dw2[j] + err * a[j]
      local delta = err * self.w2[j] * sigmoid_prime(z[j])
      self.db1[j] = self.db1[j] + delta
      for i = 1, self.n do
        self.dw1[j][i] = self.dw1[j][i] + delta * x[i]
      end
    end
  end
end

return Model.new(3, 4)
