-- gr.check.backprop: students' backward passes, as they are written in courses; each wrong one with the name of its mistake, and right
-- ones in many styles, of which it has nothing to say.
local gr = require "gradus"
local doctor = require "doctor"

local wrong, right = doctor.suites "networks"
local class, sigmoid, randn = doctor.class, doctor.sigmoid, gr.random.randn

-- ---- The two-layer net of document 002, with its gradient as given

local function two_layer(gradient, more)
  local Net = class { gradient = gradient }
  function Net:predict(x)
    self.z1 = x:dot(self.params.W1) + self.params.b1
    self.a1 = sigmoid(self.z1)
    return gr.softmax(self.a1:dot(self.params.W2) + self.params.b2)
  end
  function Net:loss(x, t)
    local y = self:predict(x)
    return -(t * (y + 1e-7):log()):sum() / #x
  end
  for name, value in pairs(more or {}) do
    Net[name] = value
  end
  return function(hidden, outputs)
    hidden, outputs = hidden or 4, outputs or 3
    local params = {
      W1 = randn(3, hidden) * 0.01,
      b1 = gr.zeros(hidden),
      W2 = randn(hidden, outputs) * 0.01,
      b2 = gr.zeros(outputs),
    }
    return setmetatable({ params = params }, Net)
  end
end

right {
  "the net of document 002",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
}
wrong {
  "the mean that no gradient has",
  student = two_layer(function(self, x, t)
    local dy = self:predict(x) - t
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "loss averaged, gradient not",
}
wrong {
  "the mean that the biases lack",
  student = two_layer(function(self, x, t)
    local m = #x
    local dy = self:predict(x) - t
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz) / m, b1 = dz:sum(1), W2 = self.a1:T():dot(dy) / m, b2 = dy:sum(1) }
  end),
  named = "missing 1/m",
}
wrong {
  "the mean that one weight lacks",
  student = two_layer(function(self, x, t)
    local m = #x
    local dy = self:predict(x) - t
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz) / m, b1 = dz:sum(1) / m, W2 = self.a1:T():dot(dy), b2 = dy:sum(1) / m }
  end),
  named = "missing 1/m",
  at = "W2",
}
wrong {
  "the hidden error without the slope of its sigmoid",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T())
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "activation derivative missing",
  at = "W1 b1",
}
wrong {
  "the slope of the sigmoid at its own output",
  student = two_layer(function(self, x, t)
    local function sigmoid_grad(v) return sigmoid(v) * (1 - sigmoid(v)) end
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * sigmoid_grad(self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "derivative taken of the output",
  at = "W1 b1",
}
wrong {
  "z (1 - z) for a (1 - a)",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.z1 * (1 - self.z1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "derivative taken of the input",
}
wrong {
  "the slope of softmax in y - t once more",
  student = two_layer(function(self, x, t)
    local y = self:predict(x)
    local dy = (y - t) * y * (1 - y) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "softmax differentiated twice",
}
wrong {
  "the whole Jacobian of softmax in y - t once more",
  student = two_layer(function(self, x, t)
    local y = self:predict(x)
    local d = (y - t) / #x
    local dy = y * (d - (d * y):sum(2, true))
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "softmax differentiated twice",
}
wrong {
  "-t / y, which is not through softmax",
  student = two_layer(function(self, x, t)
    local dy = -(t / self:predict(x)) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "activation derivative missing",
}
wrong {
  "target - output, added by no update",
  student = two_layer(function(self, x, t)
    local dy = (t - self:predict(x)) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "sign",
}
wrong {
  "a sign in the hidden error alone",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (self.a1 - 1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "sign",
  at = "W1 b1",
}
wrong {
  "a sign in one gradient",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = -dy:sum(1) }
  end),
  named = "sign",
  at = "b2",
}
wrong {
  "b2 as the document has it, summed over all",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum() }
  end),
  named = "bias summed over classes",
  at = "b2",
}
wrong {
  "b1 summed along the rows",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(2), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "bias summed over classes",
  at = "b1",
}
wrong {
  "both biases summed along the rows, kept as columns",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(2, true), W2 = self.a1:T():dot(dy), b2 = dy:sum(2, true) }
  end),
  named = "bias summed over classes",
}
wrong {
  "biases that are the errors themselves",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz, W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "bias not summed over the batch",
  at = "b1",
}
wrong {
  "a bias with the error of the first row only",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy[1] }
  end),
  named = "bias not summed over the batch",
  at = "b2",
}
wrong {
  "a gradient of the transposed weight",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = dy:T():dot(self.a1), b2 = dy:sum(1) }
  end),
  named = "weight transposed",
  at = "W2",
}
local function goes_back_untransposed(self, x, t)
  local dy = (self:predict(x) - t) / #x
  local dz = dy:dot(self.params.W2) * self.a1 * (1 - self.a1)
  return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
end
wrong {
  "an error sent through W2 untransposed, which raises",
  student = two_layer(goes_back_untransposed),
  named = "weight transposed",
}
wrong {
  "an error sent through a square W2 untransposed",
  student = function() return two_layer(goes_back_untransposed)(3, 3) end,
  named = "weight transposed",
  at = "W1 b1",
}
wrong {
  "labels one class further",
  student = two_layer(function(self, x, t)
    local later = gr.data.one_hot((t:argmax(2) - 1 + 1) * (t:argmax(2) - 1):lt(2), 3)
    local dy = (self:predict(x) - later) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "labels off by one",
}
wrong {
  "gradients that are added up",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    local now = { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
    self.grads = self.grads or {}
    for key, g in pairs(now) do
      self.grads[key] = self.grads[key] and self.grads[key] + g or g
    end
    return self.grads
  end),
  named = "gradient accumulated",
}
wrong {
  "W2 updated before the hidden error is formed",
  student = two_layer(function(self, x, t)
    local p = self.params
    local dy = (self:predict(x) - t) / #x
    local dW2, db2 = self.a1:T():dot(dy), dy:sum(1)
    p.W2:sub_(0.1 * dW2)
    p.b2:sub_(0.1 * db2)
    local dz = dy:dot(p.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = dW2, b2 = db2 }
  end),
  named = "updated too early",
  at = "W1 b1",
}
wrong {
  "a step of training that updates W2 too early",
  student = two_layer(nil, {
    train_step = function(self, x, t, lr)
      local p = self.params
      local dy = (self:predict(x) - t) / #x
      p.W2 = p.W2 - lr * self.a1:T():dot(dy)
      p.b2 = p.b2 - lr * dy:sum(1)
      local dz = dy:dot(p.W2:T()) * self.a1 * (1 - self.a1)
      p.W1 = p.W1 - lr * x:T():dot(dz)
      p.b1 = p.b1 - lr * dz:sum(1)
    end,
  }),
  named = "updated too early",
  at = "W1 b1",
}
right {
  "a logarithm with 1e-5 added inside",
  student = two_layer(function(self, x, t)
    local dy = (self:predict(x) - t) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end, {
    loss = function(self, x, t) return -(t * (self:predict(x) + 1e-5):log()):sum() / #x end,
  }),
}
right {
  "a step of training that updates at its end",
  student = two_layer(nil, {
    train_step = function(self, x, t, lr)
      local p = self.params
      local dy = (self:predict(x) - t) / #x
      local dz = dy:dot(p.W2:T()) * self.a1 * (1 - self.a1)
      p.W2 = p.W2 - lr * self.a1:T():dot(dy)
      p.b2 = p.b2 - lr * dy:sum(1)
      p.W1 = p.W1 - lr * x:T():dot(dz)
      p.b1 = p.b1 - lr * dz:sum(1)
    end,
  }),
}
right {
  "a step of training with momentum",
  student = two_layer(nil, {
    train_step = function(self, x, t)
      local p = self.params
      local dy = (self:predict(x) - t) / #x
      local dz = dy:dot(p.W2:T()) * self.a1 * (1 - self.a1)
      local grads = { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
      self.velocity = self.velocity or {}
      for key, g in pairs(grads) do
        self.velocity[key] = self.velocity[key] and 0.9 * self.velocity[key] - g or -g
        p[key]:add_(self.velocity[key])
      end
    end,
  }),
}

-- ---- Two mistakes at once

wrong {
  "a missing mean and a bias that is one number",
  student = two_layer(function(self, x, t)
    local dy = self:predict(x) - t
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = x:T():dot(dz), b1 = dz:sum(), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "bias summed over classes, loss averaged, gradient not",
}
wrong {
  "a wrong sign and a missing slope",
  student = two_layer(function(self, x, t)
    local dy = (t - self:predict(x)) / #x
    local dz = dy:dot(self.params.W2:T())
    return { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "activation derivative missing, sign",
}
wrong {
  "softmax twice and a gradient transposed",
  student = two_layer(function(self, x, t)
    local y = self:predict(x)
    local dy = (y - t) * y * (1 - y) / #x
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    return { W1 = dz:T():dot(x), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
  end),
  named = "softmax differentiated twice, weight transposed",
}
wrong {
  "gradients added up, and the mean missing",
  student = two_layer(function(self, x, t)
    local dy = self:predict(x) - t
    local dz = dy:dot(self.params.W2:T()) * self.a1 * (1 - self.a1)
    local now = { W1 = x:T():dot(dz), b1 = dz:sum(1), W2 = self.a1:T():dot(dy), b2 = dy:sum(1) }
    self.grads = self.grads or {}
    for key, g in pairs(now) do
      self.grads[key] = self.grads[key] and self.grads[key] + g or g
    end
    return self.grads
  end),
  named = "gradient accumulated, loss averaged, gradient not",
}
