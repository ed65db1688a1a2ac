-- gr.check.backprop on whole networks in the styles in which students write them: the classes of document 000, closures, lists of numbers,
-- columns, chains of layers.
local gr = require "gradus"
local doctor = require "doctor"

local wrong, right = doctor.suites "styles"
local class, sigmoid, randn = doctor.class, doctor.sigmoid, gr.random.randn

-- ---- Document 000: a neuron, sample by sample; its loss is told by the option

local function neuron(backprop)
  local Neuron = class { backprop = backprop }
  function Neuron:forpass(x) return (x * self.w):sum() + self.b end
  return function() return setmetatable({ w = gr.ones(4), b = 0 }, Neuron) end
end

right {
  "LogisticNeuron",
  student = neuron(function(_, x, err) return x * err, 1 * err end),
  loss = "logistic",
}
right {
  "Neuron, whose squares have no 2",
  student = neuron(function(_, x, err) return x * err, 1 * err end),
  loss = "squares",
}
wrong {
  "a neuron's minus",
  student = neuron(function(_, x, err) return -x * err, -err end),
  loss = "logistic",
  named = "sign",
}

-- ---- SingleLayer and DualLayer, as matrices

local function single(backprop)
  local SingleLayer = class { backprop = backprop }
  function SingleLayer:forpass(x) return x:dot(self.w) + self.b end
  return function() return setmetatable({ w = gr.ones(3, 1), b = 0, losses = {} }, SingleLayer) end
end

local function mean_of_errors(_, x, err)
  local m = #x
  return x:T():dot(err) / m, err:sum() / m
end

right { "SingleLayer with its logistic loss", student = single(mean_of_errors), loss = "logistic" }
right { "SingleLayer taken for a layer", student = single(mean_of_errors) }
wrong {
  "SingleLayer that divides one gradient",
  student = single(function(_, x, err) return x:T():dot(err) / #x, err:sum() end),
  loss = "logistic",
  named = "missing 1/m",
  at = "b",
}

local function dual(backprop)
  local DualLayer = class { backprop = backprop }
  function DualLayer:forpass(x)
    self.a1 = sigmoid((x:dot(self.w1) + self.b1):clip(-100))
    return self.a1:dot(self.w2) + self.b2
  end
  return function(outputs)
    local fields = { units = 4, w1 = gr.ones(3, 4), b1 = gr.zeros(4), w2 = gr.ones(4, outputs or 1) }
    fields.b2 = outputs and gr.zeros(outputs) or 0
    return setmetatable(fields, DualLayer)
  end
end

local function dual_backprop(self, x, err)
  local m = #x
  local w2_grad, b2_grad = self.a1:T():dot(err) / m, err:sum() / m
  local err_to_hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
  return x:T():dot(err_to_hidden) / m, err_to_hidden:sum(1) / m, w2_grad, b2_grad
end

right { "DualLayer", student = dual(dual_backprop), loss = "logistic" }
wrong {
  "MultiClassNetwork, which keeps DualLayer's b2",
  student = function() return dual(dual_backprop)(3) end,
  loss = "cross_entropy",
  named = "bias summed over classes",
  at = "b2",
}
right {
  "DualLayer whose gradients are returned from the last layer on",
  student = dual(function(self, x, err)
    local w1_grad, b1_grad, w2_grad, b2_grad = dual_backprop(self, x, err)
    return w2_grad, b2_grad, w1_grad, b1_grad
  end),
  loss = "logistic",
}
right {
  "DualLayer whose gradients come in an order that is told",
  student = dual(function(self, x, err)
    local w1_grad, b1_grad, w2_grad, b2_grad = dual_backprop(self, x, err)
    return b2_grad, b1_grad, w2_grad, w1_grad
  end),
  loss = "logistic",
  returns = { "b2", "b1", "w2", "w1" },
}
wrong {
  "DualLayer without a (1 - a)",
  student = dual(function(self, x, err)
    local m = #x
    local hidden = err:dot(self.w2:T())
    return x:T():dot(hidden) / m, hidden:sum(1) / m, self.a1:T():dot(err) / m, err:sum() / m
  end),
  loss = "logistic",
  named = "activation derivative missing",
  at = "w1 b1",
}
right {
  "DualLayer that is given means",
  student = dual(function(self, x, err)
    local hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
    return x:T():dot(hidden), hidden:sum(1), self.a1:T():dot(err), err:sum()
  end),
  loss = "logistic",
}
wrong {
  "DualLayer that forgets all its means",
  student = dual(function(self, x, err)
    local hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
    return x:T():dot(hidden), hidden:sum(1), self.a1:T():dot(err), err:sum()
  end),
  loss = "logistic",
  error = "row",
  named = "loss averaged, gradient not",
}

-- ---- A training that changes weights, by the whole class of document 000

local function trained(training)
  local Net = class { training = training }
  function Net:forpass(x)
    self.a1 = sigmoid(x:dot(self.w1) + self.b1)
    return self.a1:dot(self.w2) + self.b2
  end
  function Net:loss(x, y)
    local a = sigmoid(self:forpass(x)):clip(1e-10, 1 - 1e-10)
    return -(y * a:log() + (1 - y) * (1 - a):log()):sum() / #x
  end
  return function() return setmetatable({ w1 = gr.ones(3, 4), b1 = gr.zeros(4), w2 = gr.ones(4, 1), b2 = 0 }, Net) end
end

right {
  "training() of document 000",
  student = trained(function(self, x, y, m)
    local err = -(y - sigmoid(self:forpass(x)))
    local hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
    self.w1 = self.w1 - x:T():dot(hidden) / m
    self.b1 = self.b1 - hidden:sum(1) / m
    self.w2 = self.w2 - self.a1:T():dot(err) / m
    self.b2 = self.b2 - err:sum() / m
  end),
}
wrong {
  "training() that changes w2 first",
  student = trained(function(self, x, y, m)
    local err = -(y - sigmoid(self:forpass(x)))
    self.w2 = self.w2 - self.a1:T():dot(err) / m
    self.b2 = self.b2 - err:sum() / m
    local hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
    self.w1 = self.w1 - x:T():dot(hidden) / m
    self.b1 = self.b1 - hidden:sum(1) / m
  end),
  named = "updated too early",
  at = "w1 b1",
}
wrong {
  "training() that climbs",
  student = trained(function(self, x, y, m)
    local err = -(y - sigmoid(self:forpass(x)))
    local hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
    self.w1 = self.w1 + x:T():dot(hidden) / m
    self.b1 = self.b1 + hidden:sum(1) / m
    self.w2 = self.w2 + self.a1:T():dot(err) / m
    self.b2 = self.b2 + err:sum() / m
  end),
  named = "sign",
}

wrong {
  "a whole DualLayer whose err has the wrong sign, which backprop alone does not show",
  student = function()
    local net = dual(dual_backprop)()
    function net:training(x, y)
      local err = y - sigmoid(self:forpass(x))
      local w1_grad, b1_grad, w2_grad, b2_grad = self:backprop(x, err)
      self.w1:sub_(w1_grad)
      self.b1:sub_(b1_grad)
      self.w2:sub_(w2_grad)
      self.b2 = self.b2 - b2_grad
    end
    return net
  end,
  loss = "logistic",
  named = "sign",
}

-- ---- Closures, whose weights are local variables

local function closure(backward_of)
  return function()
    local w, b = randn(3, 2), gr.zeros(2)
    local kept
    return {
      params = { w = w, b = b },
      loss = function(x, y)
        kept = x:dot(w) + b - y
        return 0.5 * (kept * kept):sum()
      end,
      gradient = function(x, y) return backward_of(x, x:dot(w) + b - y) end,
    }
  end
end

right {
  "a closure over its weights",
  student = closure(function(x, d) return { dw = x:T():dot(d), db = d:sum(1) } end),
}
wrong {
  "a closure whose gradient is a mean, its loss a sum",
  student = closure(function(x, d) return { dw = x:T():dot(d) / #x, db = d:sum(1) / #x } end),
  named = "gradient averaged, loss not",
}
wrong {
  "a closure whose bias has no sum",
  student = closure(function(x, d) return { dw = x:T():dot(d), db = d } end),
  named = "bias not summed over the batch",
}

-- ---- Lists of numbers and loops

local function loops(slip)
  return function()
    local net = { w = { { 0.1, 0.2 }, { 0.3, 0.4 }, { 0.5, 0.6 } }, b = { 0, 0 } }
    local function error_of(x, y, i, j)
      local z = net.b[j]
      for k = 1, 3 do
        z = z + x[i][k] * net.w[k][j]
      end
      return z - y[i][j]
    end
    function net.loss(x, y)
      local sum = 0
      for i = 1, #x do
        for j = 1, 2 do
          sum = sum + error_of(x, y, i, j) ^ 2
        end
      end
      return sum / (2 * #x)
    end
    function net.backward(x, y)
      local dw, db = { { 0, 0 }, { 0, 0 }, { 0, 0 } }, { 0, 0 }
      for i = 1, #x do
        for j = 1, 2 do
          local e = error_of(x, y, i, j) / #x
          db[j] = slip == "bias" and e or db[j] + e
          for k = 1, 3 do
            dw[k][j] = dw[k][j] + e * x[i][k] * (slip == "mean" and #x or 1)
          end
        end
      end
      return { w = dw, b = db }
    end
    return net
  end
end

right { "loops over lists", student = loops() }
wrong { "loops in which a bias is assigned", student = loops "bias", named = "bias not summed over the batch", at = "b" }
wrong { "loops in which the mean is lost", student = loops "mean", named = "missing 1/m", at = "w" }

-- ---- Chains of layers, three deep; tanh and relu

local function deep(hidden_slope)
  local Net = class {}
  function Net:forward(x)
    self.z, self.a = {}, { [0] = x }
    for i = 1, 3 do
      self.z[i] = self.a[i - 1]:dot(self["w" .. i]) + self["b" .. i]
      self.a[i] = i < 3 and self.z[i]:tanh() or self.z[i]
    end
    return self.a[3]
  end
  function Net:loss(scores, y) return ((scores - y) ^ 2):mean() end
  function Net:backward(y)
    local delta = 2 * (self.a[3] - y) / y.size
    for i = 3, 1, -1 do
      self["dw" .. i], self["db" .. i] = self.a[i - 1]:T():dot(delta), delta:sum(1)
      if i > 1 then delta = delta:dot(self["w" .. i]:T()) * hidden_slope(self.a[i - 1], self.z[i - 1]) end
    end
  end
  return function()
    local net =
      { w1 = randn(3, 4), b1 = gr.zeros(4), w2 = randn(4, 5), b2 = gr.zeros(5), w3 = randn(5, 2), b3 = gr.zeros(2) }
    return setmetatable(net, Net)
  end
end

right { "three layers of tanh", student = deep(function(a) return 1 - a ^ 2 end) }
wrong {
  "three layers with the slope of tanh at z's form in both",
  student = deep(function(_, z) return 1 - z ^ 2 end),
  named = "derivative taken of the input",
}
wrong {
  "three layers without slopes",
  student = deep(function() return 1 end),
  named = "activation derivative missing",
}

-- ---- Nets of layer objects

local function of_layers(affine_backward)
  local Affine, Relu, Last = class { backward = affine_backward }, class {}, class {}
  function Affine:forward(x)
    self.x = x
    return x:dot(self.W) + self.b
  end
  function Relu:forward(x)
    self.mask = x:gt(0)
    return x * self.mask
  end
  function Relu:backward(dout) return dout * self.mask end
  function Last:forward(x, t)
    self.y, self.t = gr.softmax(x), t
    return -(t * (self.y + 1e-7):log()):sum() / #x
  end
  function Last:backward() return (self.y - self.t) / #self.t end
  local Net = class {}
  function Net:predict(x)
    for _, layer in ipairs(self.layers) do
      x = layer:forward(x)
    end
    return x
  end
  function Net:loss(x, t) return self.last:forward(self:predict(x), t) end
  function Net:gradient(x, t)
    self:loss(x, t)
    local dout = self.last:backward()
    for i = #self.layers, 1, -1 do
      dout = self.layers[i]:backward(dout)
    end
    local first, second = self.layers[1], self.layers[3]
    return { W1 = first.dW, b1 = first.db, W2 = second.dW, b2 = second.db }
  end
  return function()
    local p = { W1 = randn(3, 4), b1 = gr.zeros(4), W2 = randn(4, 3), b2 = gr.zeros(3) }
    local layers = {
      setmetatable({ W = p.W1, b = p.b1 }, Affine),
      setmetatable({}, Relu),
      setmetatable({ W = p.W2, b = p.b2 }, Affine),
    }
    return setmetatable({ params = p, layers = layers, last = setmetatable({}, Last) }, Net)
  end
end

right {
  "the layered net of document 001",
  student = of_layers(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    return dout:dot(self.W:T())
  end),
}
wrong {
  "an Affine that is wrong in both layers",
  student = of_layers(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(2)
    return dout:dot(self.W:T())
  end),
  named = "bias summed over classes",
}
wrong {
  "an Affine that is updated before dx",
  student = of_layers(function(self, dout)
    self.dW, self.db = self.x:T():dot(dout), dout:sum(1)
    self.W:sub_(0.1 * self.dW)
    return dout:dot(self.W:T())
  end),
  named = "updated too early",
}

-- ---- Right in ways of their own

right {
  "biases in a row of ones",
  student = function()
    local function with_one(x) return gr.concat({ x, gr.ones(#x, 1) }, 2) end
    return {
      w = randn(4, 2),
      loss = function(self, x, y) return ((with_one(x):dot(self.w) - y) ^ 2):sum() / #x end,
      gradient = function(self, x, y)
        local a = with_one(x)
        return { w = 2 * a:T():dot(a:dot(self.w) - y) / #x }
      end,
    }
  end,
  inputs = 3,
}
right {
  "weight decay in both passes",
  student = function()
    return {
      w = randn(3, 2),
      loss = function(self, x, y) return ((x:dot(self.w) - y) ^ 2):sum() / #x + 0.05 * (self.w ^ 2):sum() end,
      gradient = function(self, x, y) return { w = 2 * x:T():dot(x:dot(self.w) - y) / #x + 0.1 * self.w } end,
    }
  end,
}
wrong {
  "weight decay in the loss alone",
  student = function()
    return {
      w = randn(3, 2),
      loss = function(self, x, y) return ((x:dot(self.w) - y) ^ 2):sum() / #x + 0.05 * (self.w ^ 2):sum() end,
      gradient = function(self, x, y) return { w = 2 * x:T():dot(x:dot(self.w) - y) / #x } end,
    }
  end,
  named = "unknown",
}
right {
  "columns for samples, and softmax along them",
  student = function()
    local Net = class {}
    function Net:scores(x) return self.W:dot(x) + self.b end
    function Net:loss(x, t)
      local p = gr.softmax(self:scores(x):T()):T()
      return -(t * p:log()):sum() / x.shape[2]
    end
    function Net:gradient(x, t)
      local d = (gr.softmax(self:scores(x):T()):T() - t) / x.shape[2]
      return { W = d:dot(x:T()), b = d:sum(2, true) }
    end
    return setmetatable({ W = randn(3, 4), b = gr.zeros(3, 1) }, Net)
  end,
}
right {
  "weights as rows of outputs",
  student = function()
    return {
      W = randn(3, 4),
      b = gr.zeros(3),
      forward = function(self, x) return x:dot(self.W:T()) + self.b end,
      loss = function(_, scores, y) return (scores - y):abs():sum() / #y end,
      backward = function(self, x, y)
        local d = ((self:forward(x) - y):gt(0) * 2 - 1) / #y
        return { W = d:T():dot(x), b = d:sum(1) }
      end,
    }
  end,
}
right {
  "an autograd that is used inside",
  student = function()
    local w = gr.param(randn(3, 2), "w")
    return {
      params = { w = w },
      loss = function(self, x, y) return ((x:dot(self.params.w) - y) ^ 2):mean():item() end,
      gradient = function(_, x, y)
        w:zero_grad()
        gr.mean((x:dot(w) - y) ^ 2):backward()
        return { w = w.grad:clone() }
      end,
    }
  end,
}
