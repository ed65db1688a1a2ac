-- gr.check.backprop on layers and losses, in the classes of documents 001 and 003 and in other styles.
local gr = require "gradus"
local doctor = require "doctor"
local harness = require "harness"

local wrong, right = doctor.suites "layers"
local class, sigmoid, randn = doctor.class, doctor.sigmoid, gr.random.randn

-- ---- Affine

local function affine(backward)
  local Affine = class { backward = backward }
  function Affine:forward(x)
    self.x = x
    return x:dot(self.W) + self.b
  end
  return function(inputs, outputs)
    return setmetatable({ W = randn(inputs or 3, outputs or 2), b = gr.zeros(outputs or 2) }, Affine)
  end
end

right {
  "Affine of document 001",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    return dout:dot(self.W:T())
  end),
}
right {
  "Affine that takes means, as its loss does not",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout) / #dout, dout:mean(1)
    return dout:dot(self.W:T())
  end),
}
right {
  "Affine that updates itself at the end",
  student = affine(function(self, dout, lr)
    local dx = dout:dot(self.W:T())
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    self.W:sub_(lr * self.dW)
    self.b:sub_(lr * self.db)
    return dx
  end),
}
right {
  "Affine that returns all three",
  student = affine(function(self, dout) return dout:dot(self.W:T()), self.x:T():dot(dout), dout:sum(1) end),
}
wrong {
  "a mean in one gradient of two",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout) / #dout, dout:sum(1)
    return dout:dot(self.W:T())
  end),
  named = "missing 1/m",
  at = "b",
}
wrong {
  "dW turned round",
  student = affine(function(self, dout)
    self.dW, self.db = dout:T():dot(self.x), dout:sum(1)
    return dout:dot(self.W:T())
  end),
  named = "weight transposed",
  at = "W",
}
wrong {
  "dx by W, not W:T()",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    return dout:dot(self.W)
  end),
  named = "weight transposed",
  at = "dx",
}
wrong {
  "the same in a layer made by a function of sizes",
  student = function()
    return affine(function(self, dout)
      self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
      return dout:dot(self.W)
    end)
  end,
  named = "weight transposed",
}
wrong {
  "db summed along the wrong axis",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(2)
    return dout:dot(self.W:T())
  end),
  named = "bias summed over classes",
  at = "b",
}
wrong {
  "db that is dout",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout
    return dout:dot(self.W:T())
  end),
  named = "bias not summed over the batch",
  at = "b",
}
wrong {
  "dW that grows",
  student = affine(function(self, dout)
    local dW = self.x:T():dot(dout)
    self.dW = self.dW and self.dW + dW or dW
    self.db = dout:sum(1)
    return dout:dot(self.W:T())
  end),
  named = "gradient accumulated",
  at = "W",
}
wrong {
  "W updated before dx",
  student = affine(function(self, dout, lr)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    self.W:sub_(lr * self.dW)
    self.b:sub_(lr * self.db)
    return dout:dot(self.W:T())
  end),
  named = "updated too early",
  at = "dx",
}
wrong {
  "W updated before dx, and once more behind it",
  student = affine(function(self, dout, lr)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    self.W = self.W - lr * self.dW
    local dx = dout:dot(self.W:T())
    self.W, self.b = self.W - lr * self.dW, self.b - lr * self.db
    return dx
  end),
  named = "updated too early",
  at = "dx",
}
wrong {
  "db that is dout, and makes rows of b when it is taken off",
  student = affine(function(self, dout, lr)
    local dx = dout:dot(self.W:T())
    self.dW, self.db = self.x:T():dot(dout), dout
    self.W, self.b = self.W - lr * self.dW, self.b - lr * self.db
    return dx
  end),
  named = "bias not summed over the batch",
  at = "b",
}
wrong {
  "a minus in dx",
  student = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    return -dout:dot(self.W:T())
  end),
  named = "sign",
  at = "dx",
}

-- ---- Activations

local function activation(forward, backward)
  return function() return { forward = forward, backward = backward } end
end

right {
  "Relu with a mask",
  student = activation(function(self, x)
    self.mask = x:gt(0)
    return x * self.mask
  end, function(self, dout) return dout * self.mask end),
}
right {
  "leaky relu",
  student = activation(function(self, x)
    self.x = x
    return x:maximum(0.01 * x)
  end, function(self, dout) return dout * (self.x:gt(0) * 0.99 + 0.01) end),
}
right {
  "softmax with its whole Jacobian",
  student = activation(function(self, x)
    local e = (x - x:max(2, true)):exp()
    self.p = e / e:sum(2, true)
    return self.p
  end, function(self, dout) return self.p * (dout - (dout * self.p):sum(2, true)) end),
}
right {
  "swish, which nobody knows here",
  student = activation(function(self, x)
    self.x, self.s = x, sigmoid(x)
    return x * self.s
  end, function(self, dout) return dout * (self.s + self.x * self.s * (1 - self.s)) end),
}
wrong {
  "swish with a slip that nobody knows",
  student = activation(function(self, x)
    self.x, self.s = x, sigmoid(x)
    return x * self.s
  end, function(self, dout) return dout * (self.s + self.x * (1 - self.s)) end),
  named = "unknown",
}
wrong {
  "sigmoid's slope at its output",
  student = activation(function(self, x)
    self.out = sigmoid(x)
    return self.out
  end, function(self, dout) return dout * sigmoid(self.out) * (1 - sigmoid(self.out)) end),
  named = "derivative taken of the output",
}
wrong {
  "tanh's slope at its output",
  student = activation(function(self, x)
    self.out = x:tanh()
    return self.out
  end, function(self, dout) return dout * (1 - self.out:tanh() ^ 2) end),
  named = "derivative taken of the output",
}
wrong {
  "1 - x^2 for 1 - tanh(x)^2",
  student = activation(function(self, x)
    self.x = x
    return x:tanh()
  end, function(self, dout) return dout * (1 - self.x * self.x) end),
  named = "derivative taken of the input",
}
wrong {
  "x (1 - x) in a sigmoid",
  student = activation(function(self, x)
    self.x = x
    return sigmoid(x)
  end, function(self, dout) return dout * self.x * (1 - self.x) end),
  named = "derivative taken of the input",
}
wrong {
  "a sigmoid that passes dout on",
  student = activation(function(_, x) return sigmoid(x) end, function(_, dout) return dout end),
  named = "activation derivative missing",
}
wrong {
  "a sigmoid that falls",
  student = activation(function(self, x)
    self.out = sigmoid(x)
    return self.out
  end, function(self, dout) return dout * self.out * (self.out - 1) end),
  named = "sign",
}
wrong {
  "softmax with the diagonal of its Jacobian alone",
  student = activation(function(self, x)
    self.p = gr.softmax(x)
    return self.p
  end, function(self, dout) return dout * self.p * (1 - self.p) end),
  named = "diagonal of softmax only",
}

-- ---- Columns and accumulating, as in document 003

local function dense003(backward, clears)
  local Dense = class { backward = backward }
  function Dense:forward(data)
    self.input_data = data
    return self.weight:dot(data) + self.bias
  end
  if clears then
    function Dense:clear_deltas()
      self.delta_w:fill_(0)
      self.delta_b:fill_(0)
    end
  end
  return function()
    local fields = { weight = randn(4, 3), bias = randn(4, 1), delta_w = gr.zeros(4, 3), delta_b = gr.zeros(4, 1) }
    return setmetatable(fields, Dense)
  end
end

local function dense_backward(self, delta)
  self.delta_b:add_(delta:sum(2, true))
  self.delta_w:add_(delta:dot(self.input_data:T()))
  return self.weight:T():dot(delta)
end

right { "DenseLayer, which has clear_deltas", student = dense003(dense_backward, true) }
wrong { "DenseLayer without clear_deltas", student = dense003(dense_backward), named = "gradient accumulated" }
wrong {
  "DenseLayer with columns that are not summed",
  student = dense003(function(self, delta)
    self.delta_b = delta
    self.delta_w = delta:dot(self.input_data:T())
    return self.weight:T():dot(delta)
  end),
  named = "bias not summed over the batch",
}
wrong {
  "DenseLayer whose weight is turned the other way",
  student = dense003(function(self, delta)
    self.delta_b = delta:sum(2, true)
    self.delta_w = self.input_data:dot(delta:T())
    return self.weight:T():dot(delta)
  end),
  named = "weight transposed",
}

-- ---- Losses

local function loss(forward, backward)
  return function() return { forward = forward, backward = backward } end
end

local function keep_softmax(self, x, t)
  self.y, self.t = gr.softmax(x), t
  return -(t * self.y:log()):sum() / #x
end

right {
  "SoftmaxWithLoss of document 001",
  student = loss(keep_softmax, function(self) return (self.y - self.t) / #self.t end),
}
right {
  "SoftmaxWithLoss that is given dout = 1",
  student = loss(keep_softmax, function(self, dout) return dout * (self.y - self.t) / #self.t end),
}
wrong {
  "SoftmaxWithLoss without the mean",
  student = loss(keep_softmax, function(self) return self.y - self.t end),
  named = "loss averaged, gradient not",
}
wrong {
  "SoftmaxWithLoss with the slope of softmax once more",
  student = loss(keep_softmax, function(self) return (self.y - self.t) * self.y * (1 - self.y) / #self.t end),
  named = "softmax differentiated twice",
}
wrong {
  "SoftmaxWithLoss with its sign changed",
  student = loss(keep_softmax, function(self) return (self.t - self.y) / #self.t end),
  named = "sign",
}
wrong {
  "a sum whose gradient is a mean",
  student = loss(function(self, x, t)
    self.y, self.t = gr.softmax(x), t
    return -(t * self.y:log()):sum()
  end, function(self) return (self.y - self.t) / #self.t end),
  named = "gradient averaged, loss not",
}
right {
  "a sum whose gradient is a sum",
  student = loss(function(self, x, t)
    self.y, self.t = gr.softmax(x), t
    return -(t * self.y:log()):sum()
  end, function(self) return self.y - self.t end),
}

--- Labels as numbers; `at` says where class c stands.
local function with_labels(at)
  return loss(function(self, scores, y)
    self.p, self.y = gr.softmax(scores), y
    local sum = 0
    for i = 1, #y do
      sum = sum - math.log(self.p[{ i, y[i] + 1 }])
    end
    return sum / #y
  end, function(self)
    local d = self.p:clone()
    for i = 1, #self.y do
      local place = at(self.y[i])
      d[{ i, place }] = d[{ i, place }] - 1
    end
    return d / #self.y
  end)
end

right { "cross entropy of labels that are numbers", student = with_labels(function(c) return c + 1 end) }
wrong {
  "class c at position c, which raises for class 0",
  student = with_labels(function(c) return c end),
  named = "labels off by one",
}
wrong {
  "class c at position c + 2, which raises for the last",
  student = with_labels(function(c) return c + 2 end),
  named = "labels off by one",
}
wrong {
  "class c at position c, with class 0 left where 1 is",
  student = with_labels(function(c) return math.max(c, 1) end),
  named = "labels off by one",
}
wrong {
  "classes that go round",
  student = with_labels(function(c) return (c + 1) % 3 + 1 end),
  named = "labels off by one",
}
right {
  "labels that count from 1 in both passes",
  student = loss(function(self, scores, y)
    self.p, self.y = gr.softmax(scores), y
    local sum = 0
    for i = 1, #y do
      sum = sum - math.log(self.p[{ i, y[i] }])
    end
    return sum / #y
  end, function(self)
    local d = self.p:clone()
    for i = 1, #self.y do
      d[{ i, self.y[i] }] = d[{ i, self.y[i] }] - 1
    end
    return d / #self.y
  end),
}
right {
  "mean squared error over all entries",
  student = loss(function(self, y, t)
    self.d = y - t
    return (self.d * self.d):mean()
  end, function(self) return 2 * self.d / self.d.size end),
}
wrong {
  "a square without its 2",
  student = loss(function(self, y, t)
    self.d = y - t
    return (self.d * self.d):sum() / #t
  end, function(self) return self.d / #self.d end),
  named = "constant factor",
}
right {
  "MSE of document 003, two functions without an object",
  student = function()
    return {
      loss_function = function(predictions, labels) return 0.5 * ((predictions - labels) ^ 2):sum() end,
      loss_derivative = function(predictions, labels) return predictions - labels end,
    }
  end,
}
wrong {
  "labels - predictions in it",
  student = function()
    return {
      loss_function = function(predictions, labels) return 0.5 * ((predictions - labels) ^ 2):sum() end,
      loss_derivative = function(predictions, labels) return labels - predictions end,
    }
  end,
  named = "sign",
}
right {
  "binary cross entropy of shares, clipped",
  student = loss(function(self, a, y)
    self.a, self.y = a:clip(1e-10, 1 - 1e-10), y
    return -(y * self.a:log() + (1 - y) * (1 - self.a):log()):mean()
  end, function(self) return (self.a - self.y) / (self.a * (1 - self.a)) / self.a.size end),
}

-- ---- What is said

local case = harness.suite "backprop"
local check, raises = harness.check, harness.raises

case("an error inside the student's code has no place", function()
  local report = gr.check.backprop {
    forward = function(_, x) return x * 2 end,
    backward = function(self, dout) return dout * self.nothing.at_all end,
  }
  local one = report.findings[1]
  check(
    not report.ok and one.gradient == "backward" and one.message:find "test_backprop_layers.lua:%d+: ",
    tostring(report)
  )
end)

case("an error in forward is raised, not told", function()
  local report = gr.check.backprop {
    forward = function(_, x) return x:dot(gr.zeros(77, 2)) end,
    backward = function(_, dout) return dout end,
  }
  check(report.findings[1].gradient == "forward" and report.findings[1].message:find "dot: ", tostring(report))
end)

case("the worst entry of an unknown mistake is not told", function()
  local report = gr.check.backprop {
    forward = function(self, x)
      self.x = x
      return x ^ 3
    end,
    backward = function(self, dout) return dout * 3 * self.x ^ 3 end,
  }
  local one = report.findings[1]
  check(one.mistake == nil and one.worst.place:find "^dx%[%d, %d%]$", tostring(report))
  check(math.abs(one.worst.got - one.worst.expected) > 0.1, tostring(report))
  check(tostring(report):find("worst: " .. one.worst.place, 1, true), tostring(report))
end)

case("the student is left with other weights, or with fields that it did not have", function()
  local layer = affine(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    self.W:sub_(self.dW)
    return dout:dot(self.W:T())
  end)()
  local before, W = layer.W:clone(), layer.W
  gr.check.backprop(layer)
  check(layer.W == W and layer.dW == nil and layer.x == nil)
  harness.same(layer.W, before)
end)

case("a forward that is not the reference's passes", function()
  local function made(f)
    return { forward = f, backward = function(_, dout) return dout * 2 end }
  end
  local report = gr.check.backprop(made(function(_, x) return x * 2 + 1 end), made(function(_, x) return x * 2 end))
  check(#report.findings == 1 and report.findings[1].gradient == "forward", tostring(report))
  check(gr.check.backprop(made(function(_, x) return x * 2 end), made(function(_, x) return 2 * x end)).ok)
end)

case("mistakes are tried when time is up, or a wrong gradient is right then", function()
  local function made(factor)
    return affine(function(self, dout)
      self.dW, self.db = self.x:T():dot(dout) * factor, dout:sum(1)
      return dout:dot(self.W:T())
    end)
  end
  local report = gr.check.backprop(made(-1), { seconds = 0 })
  local one = report.findings[1]
  check(not report.ok and #report.findings == 1 and one.gradient == "W" and one.mistake == nil, tostring(report))
  check(one.advice:find "there was no time to look for the mistake", tostring(report))
  check(gr.check.backprop(made(1), { seconds = 0 }).ok)
  harness.same(gr.check.backprop(made(-1), { seconds = 1000 }).findings[1].mistake, "sign")
  raises("backprop: seconds must be", function() gr.check.backprop(made(1), { seconds = -1 }) end)
end)

case("a drawn mask is called a mistake of the formula", function()
  local report = gr.check.backprop {
    forward = function(_, x) return x * 2 end,
    backward = function(_, dout) return dout * 2 * gr.random.rand(dout.shape[1], dout.shape[2]) end,
  }
  check(report.findings[1].advice:find "another one when it is computed again", tostring(report))
end)

case("a forward that draws its mask is compared", function()
  local report = gr.check.backprop {
    forward = function(self, x)
      self.mask = gr.random.rand(x.shape[1], x.shape[2]):gt(0.5)
      return x * self.mask
    end,
    backward = function(self, dout) return dout * self.mask end,
  }
  check(report.findings[1].message:find "another value for the same numbers", tostring(report))
end)

--- A neuron whose gradient is given.
local function flat(gradient)
  local neuron = { w = randn(4), b = 0, gradient = gradient }
  function neuron:predict(x) return sigmoid(x:dot(self.w) + self.b) end
  function neuron:loss(x, y)
    local a = self:predict(x)
    return -(y * a:log() + (1 - y) * (1 - a):log()):mean()
  end
  return gr.check.backprop(neuron)
end

case("a gradient that is no number, none, or text is taken for one", function()
  local nan = flat(function(_, x) return { w = x[1] * 0 / 0, b = 0 / 0 } end)
  check(not nan.ok and nan.findings[1].mistake == nil, tostring(nan))
  local none = flat(function() end)
  check(#none.findings == 2 and none.findings[1].advice:find "no gradient of b was found", tostring(none))
  check(flat(function() return { w = "w", b = 3 } end).findings[1].message, "text")
  check(flat(function() error {} end).findings[1].message, "an error that is a table")
end)

case("mistakes of a neuron with a list of outputs are unknown", function()
  local function by(f)
    return doctor.names(flat(function(self, x, y) return f(self:predict(x), x, y) end))
  end
  local function same(found, named) check(found == named, found) end
  same(by(function(a, x, y) return { w = x:T():dot(a - y) / #x, b = (a - y):mean() } end), "")
  same(by(function(a, x, y) return { w = x:T():dot(a - y) / #x, b = a - y } end), "bias not summed over the batch")
  same(by(function(a, x, y) return { w = x:T():dot(a - y + 1) / #x, b = (a - y + 1):mean() } end), "labels off by one")
  same(by(function() return { w = gr.zeros(4), b = 0 } end), "zero gradient")
end)

case("a loss of outputs with a name of their own is given inputs", function()
  local net = { W = randn(2, 2), b = gr.zeros(1, 2) }
  function net:forward(X)
    self.o2 = sigmoid(X:dot(self.W) + self.b)
    return self.o2
  end
  function net.loss(_, o2, Y) return 0.5 * ((o2 - Y) ^ 2):mean() end
  function net:backward(X, Y)
    local d = (self.o2 - Y) / Y.size * self.o2 * (1 - self.o2)
    self.dW, self.db = X:T():dot(d), d:sum(1, true)
  end
  check(gr.check.backprop(net).ok, tostring(gr.check.backprop(net)))
end)

case("wrong use passes", function()
  raises(
    "backprop: the student must be a table or an object with forward and backward, got 3",
    function() local _ = gr.check.backprop(3) end
  )
  raises(
    "backprop: the student must be a table or an object with forward and backward, got nothing",
    function() local _ = gr.check.backprop(nil) end
  )
  raises("backprop: the student must be .*, got nothing", function()
    local _ = gr.check.backprop(function() end)
  end)
  raises("backprop: the student has no backward or gradient; it has: forward", function()
    local _ = gr.check.backprop { forward = function(x) return x end }
  end)
  local layer = affine(function(_, dout) return dout end)()
  raises(
    "backprop: unknown option 'los' .did you mean 'loss'",
    function() local _ = gr.check.backprop(layer, { los = "mse" }) end
  )
  raises("backprop: loss must be one of", function() local _ = gr.check.backprop(layer, { loss = "hinge" }) end)
  raises("backprop: kind must be one of", function() local _ = gr.check.backprop(layer, { kind = "net" }) end)
  raises("backprop: the student has 1002 parameters; up to 1000 are compared: build it small", function()
    local _ = gr.check.backprop(affine(function(_, dout) return dout end)(333, 3))
  end)
  raises(
    "backprop: W is f32, too coarse for differences",
    function() local _ = gr.check.backprop { W = gr.zeros(2, 3, "f32"), forward = print, backward = print } end
  )
  raises(
    "backprop: the student has no parameter 'w7'",
    function() local _ = gr.check.backprop(layer, { params = { "w7" } }) end
  )
end)
