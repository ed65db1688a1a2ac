--- init: how weights start. Each function gives an initialiser for a layer's `init` or `bias_init`.
---
---   nn.dense(784, 50, { init = nn.init.normal{ std = 0.01 } })
---
--- An initialiser is called with the numbers of inputs and outputs and gives a tensor inputs x outputs (for a bias: outputs,
--- nil). For weights of other sizes it gets those as a third argument: for the kernels of a convolution { outputs, inputs, height,
--- width } in channels, with height x width times as many inputs and outputs. Random ones draw from gr.random, row by row.
local core = require "gradus.core"
local linalg = require "gradus.linalg"
local options = require "gradus.options"
local random = require "gradus.random"

local init = {}
local is_maker = {}

--- The sizes of the weights where they are not told: a matrix, or a bias when outputs is nil.
local function sizes_or(sizes, inputs, outputs) return sizes or { inputs, outputs } end

local function constant(value)
  return function(inputs, outputs, sizes) return core.full(sizes_or(sizes, inputs, outputs), value) end
end

--- All zeros.
--- Example:
---   print(nn.dense(2, 3, { init = nn.init.zeros() }).w)
function init.zeros() return constant(0) end

--- All ones.
--- Example:
---   print(nn.dense(2, 3, { init = nn.init.ones() }).w)
function init.ones() return constant(1) end

--- All the same value.
--- Example:
---   print(nn.dense(2, 3, { bias_init = nn.init.constant(0.1) }).b)
---@param value number
function init.constant(value) return constant(options.number("constant", "value", value)) end

--- Normal numbers. Options: mean (0), std (1).
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.normal { std = 0.01 } }).w)
---@param given? { mean?: number, std?: number }
function init.normal(given)
  local o = options.read("normal", given, { mean = 0, std = 1 })
  options.number("normal", "mean", o.mean)
  options.number("normal", "std", o.std, 0)
  return function(inputs, outputs, sizes) return random.normal(o.mean, o.std, sizes_or(sizes, inputs, outputs)) end
end

--- Numbers spread evenly from lo to hi. Options: lo (-0.05), hi (0.05).
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.uniform { lo = -1, hi = 1 } }).w)
---@param given? { lo?: number, hi?: number }
function init.uniform(given)
  local o = options.read("uniform", given, { lo = -0.05, hi = 0.05 })
  options.number("uniform", "lo", o.lo)
  options.number("uniform", "hi", o.hi, o.lo)
  return function(inputs, outputs, sizes) return random.uniform(o.lo, o.hi, sizes_or(sizes, inputs, outputs)) end
end

local function spread(width)
  return function(inputs, outputs, sizes)
    local bound = width(inputs, outputs or inputs)
    return random.uniform(-bound, bound, sizes_or(sizes, inputs, outputs))
  end
end

local function bell(deviation)
  return function(inputs, outputs, sizes)
    return random.normal(0, deviation(inputs, outputs or inputs), sizes_or(sizes, inputs, outputs))
  end
end

--- Uniform in +-sqrt(6 / (inputs + outputs)): Glorot & Bengio 2010, eq. 16.
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.glorot_uniform() }).w)
function init.glorot_uniform()
  return spread(function(inputs, outputs) return math.sqrt(6 / (inputs + outputs)) end)
end

--- Normal with deviation sqrt(2 / (inputs + outputs)): Glorot & Bengio 2010.
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.glorot_normal() }).w)
function init.glorot_normal()
  return bell(function(inputs, outputs) return math.sqrt(2 / (inputs + outputs)) end)
end

--- Uniform in +-sqrt(6 / inputs): He, Zhang, Ren & Sun 2015, for rectifiers.
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.he_uniform() }).w)
function init.he_uniform()
  return spread(function(inputs) return math.sqrt(6 / inputs) end)
end

--- Normal with deviation sqrt(2 / inputs): He, Zhang, Ren & Sun 2015, eq. 10.
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.he_normal() }).w)
function init.he_normal()
  return bell(function(inputs) return math.sqrt(2 / inputs) end)
end

--- Normal with deviation sqrt(1 / inputs): LeCun, Bottou, Orr & Mueller 1998, section 4.6.
--- Example:
---   random.seed(0)
---   print(nn.dense(2, 3, { init = nn.init.lecun_normal() }).w)
function init.lecun_normal()
  return bell(function(inputs) return math.sqrt(1 / inputs) end)
end

--- Columns of length 1, each at a right angle to the others (rows, when there are fewer of them), times gain: Saxe, McClelland
--- & Ganguli 2014. As PyTorch's orthogonal_: Q of a normal matrix, its columns' signs those of R's diagonal, which makes
--- all such matrices equally likely; as many standard normal numbers are drawn, row by row. Kernels make a row for each output.
--- Options: gain (1). Raises for a bias, which is no matrix.
--- Example:
---   random.seed(0)
---   local w = nn.dense(3, 3, { init = nn.init.orthogonal() }).w
---   print(w:T():dot(w))
---@param given? { gain?: number }
function init.orthogonal(given)
  local gain = options.number("orthogonal", "gain", options.read("orthogonal", given, { gain = 1 }).gain)
  return function(inputs, outputs, sizes)
    if not outputs then core.raise "orthogonal: a bias is a vector, but only a matrix can be orthogonal" end
    sizes = sizes_or(sizes, inputs, outputs)
    local drawn = random.normal(0, 1, sizes):reshape(sizes[1], -1)
    local wide = #drawn < core.size(drawn, 2)
    local q, r = linalg.qr(wide and drawn:T() or drawn)
    local diagonal = core.sum(r * core.eye(#r, r.dtype), 1)
    q = q * (core.ge(diagonal, 0) * 2 - 1) * gain
    return (wide and core.clone(core.T(q)) or q):reshape(sizes)
  end
end

for _, maker in pairs(init) do
  is_maker[maker] = true
end

--- The starting values for a layer: from an initialiser (nn.init.zeros with or without its brackets), any
--- function of (inputs, outputs, sizes), or a tensor, which is copied.
---@param what string       the call, for messages
---@param start any
---@param inputs integer
---@param outputs? integer
---@param sizes? integer[]  inputs x outputs, or inputs, unless given
---@return any   a tensor of the sizes asked for
---@private
function init.values(what, start, inputs, outputs, sizes)
  if is_maker[start] then start = start() end
  local wanted = table.concat(sizes_or(sizes, inputs, outputs), " x ")
  local t
  if core.is_tensor(start) then
    t = start:detach():clone()
  elseif type(start) == "function" then
    t = start(table.unpack(sizes and { inputs, outputs, sizes } or { inputs, outputs })) -- gr.zeros takes no nil
  else
    core.raise(
      ("%s: an init must be an initialiser such as nn.init.normal{ std = 0.01 }, or a tensor (%s), got %s"):format(
        what,
        wanted,
        options.describe(start)
      )
    )
  end
  if not core.is_tensor(t) or tostring(t.shape) ~= wanted then
    core.raise(("%s: starting values must be %s, got %s"):format(what, wanted, options.describe(t)))
  end
  return t
end

return options.strict("nn.init", init)
