-- Any number of layers in nested lists, one sample after the other; lists of gradients.
local M = {}
M.__index = M
local function rand(seed)
  local s = seed
  return function()
    s = (s * 16807) % 2147483647
    return s / 2147483647 - 0.5
  end
end

function M.new(sizes)
  local r = rand(42)
  local self = setmetatable({ W = {}, B = {}, sizes = sizes }, M)
  for l = 1, #sizes - 1 do
    self.W[l], self.B[l] = {}, {}
    for i = 1, sizes[l] do
      self.W[l][i] = {}
      for j = 1, sizes[l + 1] do
        self.W[l][i][j] = 2 * r()
      end
    end
    for j = 1, sizes[l + 1] do
      self.B[l][j] = r()
    end
  end
  return self
end

function M:run(x)
  local acts = { x }
  for l = 1, #self.W do
    local out = {}
    for j = 1, self.sizes[l + 1] do
      local z = self.B[l][j]
      for i = 1, self.sizes[l] do
        z = z + acts[l][i] * self.W[l][i][j]
      end
      if l < #self.W then z = math.max(0, z) end
      out[j] = z
    end
    acts[l + 1] = out
  end
  return acts
end

function M:loss(xs, ys)
  local total = 0
  for n = 1, #xs do
    local out = self:run(xs[n])[#self.sizes]
    for j = 1, #out do
      total = total + 0.5 * (out[j] - ys[n][j]) ^ 2
    end
  end
  return total / #xs
end

function M:backward(xs, ys)
  local gW, gB = {}, {}
  for l = 1, #self.W do
    gW[l], gB[l] = {}, {}
    for i = 1, self.sizes[l] do
      gW[l][i] = {}
      for j = 1, self.sizes[l + 1] do
        gW[l][i][j] = 0
      end
    end
    for j = 1, self.sizes[l + 1] do
      gB[l][j] = 0
    end
  end
  for n = 1, #xs do
    local acts = self:run(xs[n])
    local delta = {}
    for j = 1, #ys[n] do
      delta[j] = (acts[#acts][j] - ys[n][j]) / #xs
    end
    for l = #self.W, 1, -1 do
      for j = 1, #delta do
        gB[l][j] = gB[l][j] + delta[j]
        for i = 1, self.sizes[l] do
          gW[l][i][j] = gW[l][i][j] + acts[l][i] * delta[j]
        end
      end
      if l > 1 then
        local before = {}
        for i = 1, self.sizes[l] do
          local s = 0
          for j = 1, #delta do
            s = s + self.W[l][i][j] * delta[j]
          end
          if acts[l][i] <= 0 then s = 0 end
          before[i] = s
        end
        delta = before
      end
    end
  end
  return gW, gB
end

return M.new { 3, 4, 2 }
