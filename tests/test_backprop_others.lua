-- gr.check.backprop on code in other hands: written after the doctor was done, in styles that it was not made by: caches and lists
-- of steps, columns, functions that return functions, bookkeeping by strings, loops over samples.
local gr = require "gradus"
local doctor = require "doctor"

local wrong, right = doctor.suites "other hands"
local random = gr.random

-- ---- Columns and caches: A_prev, dZ, and one table of parameters

local function columns_net(slip)
  slip = slip or {}
  local model = {
    parameters = { W1 = random.randn(5, 2), b1 = gr.zeros(5, 1), W2 = random.randn(3, 5), b2 = gr.zeros(3, 1) },
  }

  local function softmax_columns(Z)
    local E = (Z - Z:max(1, true)):exp()
    return E / E:sum(1, true)
  end

  function model:propagate(X)
    local P, cache = self.parameters, {}
    cache.Z1 = P.W1:dot(X) + P.b1
    cache.A1 = cache.Z1:tanh()
    cache.A2 = softmax_columns(P.W2:dot(cache.A1) + P.b2)
    return cache
  end

  function model:cost(X, Y)
    local A2 = self:propagate(X).A2
    return -(Y * A2:log()):sum() / X.shape[2]
  end

  function model:compute_gradients(X, Y)
    local P, c, m = self.parameters, self:propagate(X), X.shape[2]
    local dZ2 = slip.first and slip.first(c.A2, Y) or c.A2 - Y
    local g = {}
    g.dW2 = dZ2:dot(c.A1:T()) / (slip.no_mean and 1 or m)
    g.db2 = slip.bias and slip.bias(dZ2, m) or dZ2:sum(2, true) / m
    if slip.early then P.W2:sub_(0.5 * g.dW2) end
    local dA1 = P.W2:T():dot(dZ2)
    local dZ1 = slip.hidden and slip.hidden(dA1, c) or dA1 * (1 - c.A1 * c.A1)
    g.dW1 = slip.turned and X:dot(dZ1:T()) / m or dZ1:dot(X:T()) / m
    g.db1 = dZ1:sum(2, true) / m
    return g
  end

  return model
end

local function columns(slip)
  return function() return columns_net(slip) end
end

right { "columns with caches", student = columns() }
wrong { "1. a mean that dW2 lacks", student = columns { no_mean = true }, named = "missing 1/m", at = "W2" }
wrong {
  "2. db2 over the classes of each sample",
  student = columns { bias = function(dZ, m) return dZ:sum(1) / m end },
  named = "bias summed over classes",
  at = "b2",
}
wrong {
  "3. db2 with a column for each sample",
  student = columns { bias = function(dZ, m) return dZ / m end },
  named = "bias not summed over the batch",
  at = "b2",
}
wrong { "4. dW1 turned", student = columns { turned = true }, named = "weight transposed", at = "W1" }
wrong { "5. Y - A2", student = columns { first = function(A, Y) return Y - A end }, named = "sign" }
wrong {
  "6. tanh of tanh in the slope",
  student = columns { hidden = function(dA, c) return dA * (1 - c.A1:tanh() ^ 2) end },
  named = "derivative taken of the output",
}
wrong {
  "7. 1 - Z1^2",
  student = columns { hidden = function(dA, c) return dA * (1 - c.Z1 * c.Z1) end },
  named = "derivative taken of the input",
}
wrong {
  "8. A2 (1 - A2) in dZ2",
  student = columns { first = function(A, Y) return (A - Y) * A * (1 - A) end },
  named = "softmax differentiated twice",
}
wrong {
  "9. dZ1 = dA1",
  student = columns { hidden = function(dA) return dA end },
  named = "activation derivative missing",
}
wrong { "12. W2 moved before dA1", student = columns { early = true }, named = "updated too early", at = "W1 b1" }

-- ---- Labels, and sums over steps, in loops over samples

--- A linear classifier that goes through the samples; where(label) is the place of a label.
local function perceptron(where, keeps)
  local p = { weights = random.randn(4, 3), biases = gr.zeros(3), total = {} }

  local function shares(self, row)
    local list, sum = {}, 0
    for class = 1, 3 do
      local s = self.biases[class]
      for j = 1, 4 do
        s = s + row[j] * self.weights[{ j, class }]
      end
      list[class] = math.exp(s)
      sum = sum + list[class]
    end
    for class = 1, 3 do
      list[class] = list[class] / sum
    end
    return list
  end

  function p:objective(samples, labels)
    local sum = 0
    for i = 1, #samples do
      sum = sum - math.log(shares(self, samples[i])[labels[i] + 1])
    end
    return sum / #samples
  end

  function p:grad(samples, labels)
    local gw, gb = keeps and self.total.gw or gr.zeros(4, 3), keeps and self.total.gb or gr.zeros(3)
    for i = 1, #samples do
      local s = shares(self, samples[i])
      s[where(labels[i])] = s[where(labels[i])] - 1
      for class = 1, 3 do
        gb[class] = gb[class] + s[class] / #samples
        for j = 1, 4 do
          gw[{ j, class }] = gw[{ j, class }] + s[class] * samples[i][j] / #samples
        end
      end
    end
    self.total = { gw = gw, gb = gb }
    return gw, gb
  end

  return p
end

right {
  "loops over samples and labels",
  student = function()
    return perceptron(function(c) return c + 1 end)
  end,
}
wrong {
  "10. the label itself as a place",
  student = function()
    return perceptron(function(c) return c end)
  end,
  named = "labels off by one",
}
wrong {
  "11. totals that are never cleared",
  student = function()
    return perceptron(function(c) return c + 1 end, true)
  end,
  named = "gradient accumulated",
}

-- ---- Functions that return functions: a pull-back, as in reverse-mode libraries

local function pulled(scale_value, scale_slope)
  return function()
    local keep
    return {
      call = function(prediction, wanted)
        local d = prediction - wanted
        local m = d.shape[1]
        keep = function() return scale_slope(d, m) end
        return scale_value((d * d):sum() / 2, m)
      end,
      bw = function() return keep() end,
    }
  end
end

right {
  "a pull-back of half a mean square",
  student = pulled(function(v, m) return v / m end, function(d, m) return d / m end),
}
wrong {
  "13. a mean whose pull-back is of the sum",
  student = pulled(function(v, m) return v / m end, function(d) return d end),
  named = "loss averaged, gradient not",
}
wrong {
  "13. a sum whose pull-back is of the mean",
  student = pulled(function(v) return v end, function(d, m) return d / m end),
  named = "gradient averaged, loss not",
}

-- ---- Right in ways of their own

right {
  "a gate of softplus",
  student = function()
    local gate = {}
    gate.forward = function(z)
      gate.z = z
      return (1 + z:exp()):log()
    end
    gate.backward = function(dz) return dz / (1 + (-gate.z):exp()) end
    return gate
  end,
}
right {
  "a clipped relu with a slope below",
  student = function()
    local unit = {}
    function unit:forward(inputs)
      self.inputs = inputs
      return inputs:clip(-0.7, 1)
    end
    function unit:backward(upstream) return upstream * self.inputs:gt(-0.7) * self.inputs:lt(1) end
    return unit
  end,
}
right {
  "huber's loss",
  student = function()
    local huber = {}
    function huber:forward(pred, target)
      local e = pred - target
      self.e, self.near = e, e:abs():lt(1)
      return (self.near * e * e / 2 + (1 - self.near) * (e:abs() - 0.5)):mean()
    end
    function huber:backward()
      local sign = self.e:gt(0) * 2 - 1
      return (self.near * self.e + (1 - self.near) * sign) / self.e.size
    end
    return huber
  end,
}
right {
  "a residual block",
  student = function()
    local block = { weight = random.randn(3, 3) }
    function block:forward(x)
      self.input, self.h = x, x:dot(self.weight):tanh()
      return x + self.h
    end
    function block:backward(grad_output)
      local inner = grad_output * (1 - self.h ^ 2)
      self.weight_grad = self.input:T():dot(inner)
      return grad_output + inner:dot(self.weight:T())
    end
    return block
  end,
}
right {
  "relu, then softmax by hand, in one function of sizes",
  student = function()
    return function(n, h, k)
      local me = { w1 = random.randn(n, h), b1 = gr.zeros(h), w2 = random.randn(h, k), b2 = gr.zeros(k) }
      function me:logits(x)
        self.hidden = (x:dot(self.w1) + self.b1):maximum(0)
        return self.hidden:dot(self.w2) + self.b2
      end
      function me:loss(logits, onehot)
        local shifted = logits - logits:max(2, true)
        return (shifted:exp():sum(2):log() - (shifted * onehot):sum(2)):mean()
      end
      function me:gradients(x, onehot)
        local e = self:logits(x):exp()
        local d = (e / e:sum(2, true) - onehot) / #x
        local back = d:dot(self.w2:T()) * self.hidden:gt(0)
        self.grads = { w2 = self.hidden:T():dot(d), b2 = d:sum(1), w1 = x:T():dot(back), b1 = back:sum(1) }
      end
      return me
    end
  end,
}
right {
  "a neuron that moves at once by its own rate",
  student = function()
    local n = { w = random.randn(4), b = 0.3, lr = 0.25 }
    function n:forward(x) return (x * self.w):sum() + self.b end
    function n:loss(out, target) return (out - target) ^ 2 end
    function n:step(x, target)
      local slope = 2 * (self:forward(x) - target)
      self.w = self.w - self.lr * slope * x
      self.b = self.b - self.lr * slope
    end
    return n
  end,
}
right {
  "gradients in strings' order, the bias first",
  student = function()
    local l = { bias = gr.zeros(2), weight = random.randn(3, 2) }
    function l:forward(x)
      self.seen = x
      return x:dot(self.weight) + self.bias
    end
    function l:backward(dy) return { bias = dy:sum(1), weight = self.seen:T():dot(dy), x = dy:dot(self.weight:T()) } end
    return l
  end,
}
