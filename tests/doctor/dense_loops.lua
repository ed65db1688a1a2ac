-- A layer of nested tables and loops; the gradients are added into grad_w and grad_b, which zero_grad empties.
local function layer(n_in, n_out)
  local self = { w = {}, b = {}, grad_w = {}, grad_b = {} }
  for i = 1, n_in do
    self.w[i] = {}
    for o = 1, n_out do
      self.w[i][o] = (i - 2 * o) / 5
    end
  end
  for o = 1, n_out do
    self.b[o] = o / 10
  end

  function self.zero_grad()
    for i = 1, n_in do
      self.grad_w[i] = {}
      for o = 1, n_out do
        self.grad_w[i][o] = 0
      end
    end
    for o = 1, n_out do
      self.grad_b[o] = 0
    end
  end

  function self.forward(x)
    self.saved = x
    local out = {}
    for s = 1, #x do
      out[s] = {}
      for o = 1, n_out do
        local v = self.b[o]
        for i = 1, n_in do
          v = v + x[s][i] * self.w[i][o]
        end
        out[s][o] = v
      end
    end
    return out
  end

  function self.backward(grad)
    self.zero_grad()
    local dx = {}
    for s = 1, #grad do
      dx[s] = {}
      for i = 1, n_in do
        local v = 0
        for o = 1, n_out do
          v = v + grad[s][o] * self.w[i][o]
          self.grad_w[i][o] = self.grad_w[i][o] + grad[s][o] * self.saved[s][i]
        end
        dx[s][i] = v
      end
      for o = 1, n_out do
        self.grad_b[o] = self.grad_b[o] + grad[s][o]
      end
    end
    return dx
  end
  self.zero_grad()
  return self
end

return layer
