--- norm: layers that keep a net's numbers in bounds, or learn a row of numbers for each word: dropout batch_norm layer_norm embedding.
---
---   nn.sequential{ nn.dense(784, 50), nn.batch_norm(50), nn.relu(), nn.dropout(0.5), nn.dense(50, 10) }
local core = require "gradus.core"
local init = require "gradus.init"
local layer = require "gradus.layer"
local options = require "gradus.options"
local random = require "gradus.random"
local sequential = require "gradus.sequential"

local norm = {}

--- A state of a layer, named.
local function state(name, t)
  t.name = name
  return t
end

--- The key of one layer's masks: 48 bits, which an f64 holds.
local function next_key()
  local stream, half = random.stream "dropout", 1 << 24
  return stream:randint(0, half) * half + stream:randint(0, half)
end

--- Dropout: in training each element is 0 with probability p, and the others are divided by 1 - p, so that nothing is left to do
--- after training, when the layer gives its input (Srivastava et al. 2014, section 10: inverted dropout).
--- The masks come from a stream of the layer's own, derived from the seed and the order in which dropout layers are made. They are
--- counted: `draws` holds the stream's key and how many masks were drawn, and with it assigned the same masks come again.
--- Shapes: any. Raises when p is not at least 0 and below 1.
--- Example:
---   local layer = nn.dropout(0.5)
---   print(layer(gr.ones(8)), layer:eval()(gr.ones(8)))
---@param p number   share that is dropped, at least 0 and below 1
---@param given? { name?: string }
---@return gradus.Layer
function norm.dropout(p, given)
  local o = options.read("dropout", given, { name = options.none })
  if options.number("dropout", "p", p, 0, 1) == 1 then
    core.raise "dropout: p must be below 1: 1 would drop everything"
  end
  local draws = state("draws", core.tensor({ next_key(), 0 }, "f64"))
  local function forward(x, self)
    options.tensor("dropout", "x", x)
    return self.training and core.dropout(x, draws, p) or x
  end
  return layer.new {
    kind = "dropout",
    name = o.name,
    text = ("dropout(%g)"):format(p),
    state = { draws },
    args = { p },
    forward = forward,
  }
end

--- gamma and beta, a number for each feature.
local function scale_and_shift(kind, features)
  local gamma = core.param(init.values(kind, init.ones, features), "gamma")
  return gamma, core.param(init.values(kind, init.zeros, features), "beta")
end

local function finite_eps(kind, eps)
  if options.number(kind, "eps", eps, 0) == math.huge then
    core.raise(("%s: eps must be finite, got inf"):format(kind))
  end
  return eps
end

--- Batch normalisation: y = gamma (x - mean) / sqrt(var + eps) + beta for each feature (Ioffe & Szegedy 2015). In training mean and var
--- are those of the batch (algorithm 1), and running_mean and running_var move towards them by momentum; after training those two stand
--- in for them (algorithm 2). Definitions are PyTorch's: var is divided by n, running_var by n - 1.
--- Shapes: x (batch, features) or (batch, features, height, width) -> y the same.
--- Options: momentum (0.1); eps (1e-5); name.
--- Raises when called with another shape, and in training with one value for each feature, which has no spread.
--- Example:
---   local layer = nn.batch_norm(2)
---   print(layer(gr.tensor { { 1, 10 }, { 3, 30 } }), layer.running_mean)
---@param features integer
---@param given? { momentum?: number, eps?: number, name?: string }
---@return gradus.Layer
function norm.batch_norm(features, given)
  features = options.whole("batch_norm", "features", features, 1)
  local o = options.read("batch_norm", given, { momentum = 0.1, eps = 1e-5, name = options.none })
  options.number("batch_norm", "momentum", o.momentum, 0, 1)
  local eps = finite_eps("batch_norm", o.eps)
  local gamma, beta = scale_and_shift("batch_norm", features)
  local mean, var = state("running_mean", core.zeros(features)), state("running_var", core.ones(features))
  local function forward(x, self)
    local axes = core.is_tensor(x) and #x.shape
    if (axes ~= 2 and axes ~= 4) or core.size(x, 2) ~= features then
      local fits = "but the layer has %d features: x must be (batch, %d) or (batch, %d, height, width)"
      sequential.refuse(self, x, fits:format(features, features, features))
    end
    if not self.training then return core.batch_norm_eval(x, gamma, beta, mean, var, eps) end
    if x.size == features then
      sequential.refuse(
        self,
        x,
        "in training: one value for each feature has no spread to divide by; train on two rows or more, or call eval() first"
      )
    end
    return core.batch_norm(x, gamma, beta, mean, var, o.momentum, eps)
  end
  return layer.new {
    kind = "batch_norm",
    name = o.name,
    text = ("batch_norm(%d)"):format(features),
    params = { gamma, beta },
    state = { mean, var },
    args = { features, { momentum = o.momentum, eps = eps } },
    forward = forward,
  }
end

--- Layer normalisation: y = gamma (x - mean) / sqrt(var + eps) + beta, mean and var (divided by n) of each row by itself
--- (Ba, Kiros & Hinton 2016, eq. 4), as PyTorch's LayerNorm of one axis. The same in training and after.
--- Shapes: x (..., features) -> y the same.
--- Options: eps (1e-5); name. Raises when called with a last axis of another size.
--- Example:
---   print(nn.layer_norm(3)(gr.tensor { { 1, 2, 3 }, { 10, 20, 30 } }))
---@param features integer
---@param given? { eps?: number, name?: string }
---@return gradus.Layer
function norm.layer_norm(features, given)
  features = options.whole("layer_norm", "features", features, 1)
  local o = options.read("layer_norm", given, { eps = 1e-5, name = options.none })
  local eps = finite_eps("layer_norm", o.eps)
  local gamma, beta = scale_and_shift("layer_norm", features)
  local function forward(x, self)
    if not core.is_tensor(x) or core.size(x, -1) ~= features then
      sequential.refuse(self, x, ("but the layer has %d features: they are the last axis of x"):format(features))
    end
    return core.layer_norm(x, gamma, beta, eps)
  end
  return layer.new {
    kind = "layer_norm",
    name = o.name,
    text = ("layer_norm(%d)"):format(features),
    params = { gamma, beta },
    args = { features, { eps = eps } },
    forward = forward,
  }
end

--- Embedding: a learnt row of `size` numbers for each whole number from 0 to count - 1, such as a word of a vocabulary.
--- Shapes: x (batch) or (batch, time) -> y (batch, size) or (batch, time, size). w starts standard normal, as PyTorch's.
--- Options: init, from nn.init or a tensor (count x size); name.
--- Raises when called with a number that is not whole or out of range: they count from 0, as class labels do.
--- Example:
---   local layer = nn.embedding(10, 3) -- ten words, three numbers each
---   print(layer(gr.tensor { { 0, 9 }, { 4, 4 } }).shape)
---@param count integer   how many different numbers there are
---@param size integer    how many numbers stand for each
---@param given? { init?: any, name?: string }
---@return gradus.Layer
function norm.embedding(count, size, given)
  count = options.whole("embedding", "count", count, 1)
  size = options.whole("embedding", "size", size, 1)
  local o = options.read("embedding", given, { init = init.normal, name = options.none })
  local w = core.param(init.values("embedding", o.init, count, size), "w")
  return layer.new {
    kind = "embedding",
    name = o.name,
    text = ("embedding(%d -> %d)"):format(count, size),
    params = { w },
    args = { count, size },
    forward = function(x) return core.embedding(w, options.tensor("embedding", "x", x)) end,
  }
end

return norm
