-- Softmax as a layer of its own, in loops; the Jacobian row by row.
local Softmax = {}

function Softmax:forward(z)
  local out = {}
  for i = 1, #z do
    local s = 0
    out[i] = {}
    for j = 1, #z[i] do
      out[i][j] = math.exp(z[i][j])
      s = s + out[i][j]
    end
    for j = 1, #z[i] do
      out[i][j] = out[i][j] / s
    end
  end
  self.a = out
  return out
end

function Softmax:backward(da)
  local dz = {}
  for i = 1, #da do
    dz[i] = {}
    for j = 1, #da[i] do
      local v = 0
      for k = 1, #da[i] do
        local kronecker = j == k and 1 or 0
        v = v + da[i][k] * self.a[i][k] * (kronecker - self.a[i][j])
      end
      dz[i][j] = v
    end
  end
  return dz
end

return Softmax
