--- nn: layers, nets and losses; some layers are made in conv.lua and norm.lua, the losses in loss.lua.
---
---   local net = nn.sequential{ nn.dense(784, 50), nn.sigmoid(), nn.dense(50, 10) }
---   local history = net:fit(x, y, { loss = nn.cross_entropy(), optimizer = gr.optim.sgd{ lr = 0.1 }, batch = 100, epochs = 17 })
local conv = require "gradus.conv"
local core = require "gradus.core"
local init = require "gradus.init"
local layer = require "gradus.layer"
local loss = require "gradus.loss"
local norm = require "gradus.norm"
local options = require "gradus.options"
local recurrent = require "gradus.recurrent"
local sequential = require "gradus.sequential"

---@class gradus.nn
local nn = { init = init, layer = layer.new, sequential = sequential.new }

for _, makers in ipairs { loss.makers, conv, norm, recurrent } do
  for name, make in pairs(makers) do
    nn[name] = make
  end
end

--- Fully connected layer: y = x w + b.
--- Shapes: x (batch, inputs) -> y (batch, outputs). Weights start Glorot-uniform (Glorot & Bengio 2010, eq. 16), the bias at zero.
--- Options: name; init and bias_init, from nn.init or tensors; bias (true).
--- Raises when a size is not a positive whole number, and, when called, if x does not have `inputs` columns.
--- Example:
---   local layer = nn.dense(3, 2, { init = nn.init.normal { std = 0.01 } })
---   print(layer(gr.ones(4, 3)).shape, layer.w.shape, layer.b)
---@param inputs integer    columns of x
---@param outputs integer   columns of y
---@param given? { name?: string, init?: any, bias_init?: any, bias?: boolean }
---@return gradus.Layer
function nn.dense(inputs, outputs, given)
  inputs = options.whole("dense", "inputs", inputs, 1)
  outputs = options.whole("dense", "outputs", outputs, 1)
  local o = options.read("dense", given, {
    name = options.none,
    init = init.glorot_uniform,
    bias_init = init.zeros,
    bias = true,
  })
  local w = core.param(init.values("dense", o.init, inputs, outputs), "w")
  local b = o.bias and core.param(init.values("dense", o.bias_init, outputs), "b") or nil
  local function forward(x, self)
    if not core.is_tensor(x) or core.size(x, -1) ~= inputs then
      local fits = "but w is %d x %d: columns of x must equal rows of w (%d)"
      sequential.refuse(self, x, fits:format(inputs, outputs, inputs))
    end
    return b and core.affine(x, w, b) or core.dot(x, w)
  end
  return layer.new {
    kind = "dense",
    name = o.name,
    params = { w, b },
    text = ("dense(%d -> %d)"):format(inputs, outputs),
    args = { inputs, outputs, not b and { bias = false } or nil },
    forward = forward,
  }
end

local function activation(kind, operator)
  local function forward(x) return operator(options.tensor(kind, "x", x)) end
  return function(given)
    local o = options.read(kind, given, { name = options.none })
    return layer.new { kind = kind, name = o.name, args = {}, forward = forward }
  end
end

--- Logistic function 1 / (1 + e^-x), element by element.
--- Example:
---   print(nn.sigmoid()(gr.tensor { -1, 0, 1 }))
---@param given? { name?: string }
---@return gradus.Layer
nn.sigmoid = activation("sigmoid", core.sigmoid)
--- Hyperbolic tangent, element by element.
--- Example:
---   print(nn.tanh()(gr.tensor { -1, 0, 1 }))
---@param given? { name?: string }
---@return gradus.Layer
nn.tanh = activation("tanh", core.tanh)
--- max(x, 0), element by element (Nair & Hinton 2010).
--- Example:
---   print(nn.relu()(gr.tensor { -1, 0, 1 }))
---@param given? { name?: string }
---@return gradus.Layer
nn.relu = activation("relu", core.relu)
--- Gaussian error linear unit x P(x), P the normal distribution function, exact (Hendrycks & Gimpel 2016).
--- Example:
---   print(nn.gelu()(gr.tensor { -1, 0, 1 }))
---@param given? { name?: string }
---@return gradus.Layer
nn.gelu = activation("gelu", core.gelu)
--- ln(1 + e^x), element by element: a smooth rectifier (Dugas et al. 2001).
--- Example:
---   print(nn.softplus()(gr.tensor { -1, 0, 1 }))
---@param given? { name?: string }
---@return gradus.Layer
nn.softplus = activation("softplus", core.softplus)
--- Softmax of each row. nn.cross_entropy has it inside: do not put both.
--- Example:
---   print(nn.softmax()(gr.tensor { { 1, 2, 3 } }))
---@param given? { name?: string }
---@return gradus.Layer
nn.softmax = activation("softmax", core.softmax)
--- The input itself.
--- Example:
---   print(nn.identity()(gr.tensor { 1, 2 }))
---@param given? { name?: string }
---@return gradus.Layer
nn.identity = activation("identity", function(x) return x end)

--- An activation with one option, a finite number of at least `least` (any number when nil).
local function activation_with(kind, operator, option, default, least)
  return function(given)
    local o = options.read(kind, given, { name = options.none, [option] = default })
    local value = options.number(kind, option, o[option], least)
    if math.abs(value) == math.huge then core.raise(("%s: %s must be finite, got %g"):format(kind, option, value)) end
    return layer.new {
      kind = kind,
      name = o.name,
      text = ("%s(%s = %s)"):format(kind, option, value),
      args = { { [option] = value } },
      forward = function(x) return operator(options.tensor(kind, "x", x), value) end,
    }
  end
end

--- x above 0, slope x elsewhere (Maas, Hannun & Ng 2013).
--- Options: name; slope (0.01), any finite number.
--- Example:
---   print(nn.leaky_relu { slope = 0.2 }(gr.tensor { -1, 1 }))
---@param given? { name?: string, slope?: number }
---@return gradus.Layer
nn.leaky_relu = activation_with("leaky_relu", core.leaky_relu, "slope", 0.01)

--- x above 0, alpha (e^x - 1) elsewhere (Clevert, Unterthiner & Hochreiter 2016).
--- Options: name; alpha (1), finite and not negative.
--- Example:
---   print(nn.elu { alpha = 0.5 }(gr.tensor { -1, 1 }))
---@param given? { name?: string, alpha?: number }
---@return gradus.Layer
nn.elu = activation_with("elu", core.elu, "alpha", 1, 0)

for name, make in pairs(nn) do
  if type(make) == "function" then layer.makers[make] = name end
end

--- The net that `net:save(path)` has written, ready to predict (as eval() has it).
--- Raises for a file without a description of its net, and where functions or layers of a script belong to it: layer:load fills those.
--- Example:
---   local path = os.tmpname()
---   local net = nn.sequential { nn.dense(2, 3), nn.tanh(), nn.dense(3, 1) }
---   net:save(path)
---   print(nn.load(path), nn.load(path)(gr.ones(1, 2)) == net(gr.ones(1, 2)))
---   os.remove(path)
---@param path string
---@return gradus.Layer
function nn.load(path) return require("gradus.saving").load(path) end

return options.strict("nn", nn)
