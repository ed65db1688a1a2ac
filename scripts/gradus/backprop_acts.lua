--- backprop_acts: activations and losses as the doctor knows them: value, and slope by the input and by the output.
local core = require "gradus.core"

local acts = {}

local exp, log = core.methods.exp, core.methods.log

local function positive(z) return z:gt(0) end

local function leaky(rate)
  return {
    name = "leaky relu",
    f = function(z) return z * positive(z) + rate * z * (1 - positive(z)) end,
    slope = function(z) return positive(z) + rate * (1 - positive(z)) end,
    by_output = function(y) return positive(y) + rate * (1 - positive(y)) end,
  }
end

local sigmoid = {
  name = "sigmoid",
  f = function(z) return 1 / (1 + exp(-z)) end,
  slope = function(z)
    local y = 1 / (1 + exp(-z))
    return y * (1 - y)
  end,
  by_output = function(y) return y * (1 - y) end,
}

local softmax = {
  name = "softmax",
  f = function(z) return z:softmax() end,
  back = function(delta, _, y) return y * (delta - (delta * y):sum(2, true)) end,
}

local identity = { name = "identity", f = function(z) return z end, slope = function(z) return z * 0 + 1 end }

--- Elementwise ones have slope(z), and by_output(y), the same from y = f(z).
acts.list = {
  sigmoid,
  {
    name = "tanh",
    f = function(z) return z:tanh() end,
    slope = function(z) return 1 - z:tanh() ^ 2 end,
    by_output = function(y) return 1 - y ^ 2 end,
  },
  { name = "relu", f = function(z) return z * positive(z) end, slope = positive, by_output = positive },
  leaky(0.01),
  leaky(0.1),
  leaky(0.2),
  leaky(0.3),
  leaky(0.05),
  {
    name = "softplus",
    f = function(z) return log(1 + exp(z)) end,
    slope = sigmoid.f,
    by_output = function(y) return 1 - exp(-y) end,
  },
  {
    name = "silu",
    f = function(z) return z * sigmoid.f(z) end,
    slope = function(z)
      local s = sigmoid.f(z)
      return s + z * s * (1 - s)
    end,
  },
  {
    name = "elu",
    f = function(z) return z * positive(z) + (exp(z) - 1) * (1 - positive(z)) end,
    slope = function(z) return positive(z) + exp(z) * (1 - positive(z)) end,
    by_output = function(y) return positive(y) + (y + 1) * (1 - positive(y)) end,
  },
  {
    name = "exp",
    f = function(z) return exp(z) end,
    slope = function(z) return exp(z) end,
    by_output = function(y) return y end,
  },
  {
    name = "square",
    f = function(z) return z ^ 2 end,
    slope = function(z) return 2 * z end,
  },
  identity,
}

acts.identity, acts.sigmoid, acts.softmax = identity, sigmoid, softmax

-- ---- Losses of the last layer's outputs, as sums over rows

local function softplus(z) return z:maximum(0) + log(1 + exp(-z:abs())) end

--- Each: value(z, t), slope(z, t); double, variants of taking the derivative of the output layer twice; bare, of leaving it out.
acts.losses = {
  {
    name = "cross entropy of softmax",
    value = function(z, t) return -(t * z:softmax():log()):sum() end,
    slope = function(z, t) return z:softmax() - t end,
    shares = softmax.f,
    double = {
      function(z, _, delta)
        local p = z:softmax()
        return delta * p * (1 - p)
      end,
      function(z, _, delta) return softmax.back(delta, z, z:softmax()) end,
    },
    bare = function(z, t) return -t / z:softmax() end,
  },
  {
    name = "logistic loss",
    value = function(z, t) return (softplus(z) - t * z):sum() end,
    slope = function(z, t) return sigmoid.f(z) - t end,
    shares = sigmoid.f,
    double = { function(z, _, delta) return delta * sigmoid.slope(z) end },
    bare = function(z, t)
      local p = sigmoid.f(z)
      return (p - t) / (p * (1 - p))
    end,
  },
  {
    name = "squares",
    value = function(z, t) return ((z - t) ^ 2):sum() end,
    slope = function(z, t) return 2 * (z - t) end,
  },
  {
    name = "cross entropy of shares",
    value = function(p, t) return -(t * p:log()):sum() end,
    slope = function(p, t) return -t / p end,
    double = { function(p, t) return p - t end },
  },
  {
    name = "logistic loss of shares",
    value = function(p, t) return -(t * p:log() + (1 - t) * (1 - p):log()):sum() end,
    slope = function(p, t) return (p - t) / (p * (1 - p)) end,
    double = { function(p, t) return p - t end },
  },
}

return acts
