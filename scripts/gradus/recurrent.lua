--- recurrent: layers that read a sequence step by step and carry a state along.
---
---   local net = nn.sequential{ nn.lstm(2, 24, { last = true }), nn.dense(24, 1) }
---
--- x (batch, time, inputs) gives the state after every step, (batch, time, hidden), or after the last one, (batch, hidden).
--- The state is zero before the first step. Weights have a block of `hidden` columns for each gate, in PyTorch's order: w (inputs,
--- gates hidden) for the input, u (hidden, gates hidden) for the state, b (gates hidden).
local core = require "gradus.core"
local init = require "gradus.init"
local layer = require "gradus.layer"
local options = require "gradus.options"
local sequential = require "gradus.sequential"

local recurrent = {}

--- What comes after "x is 5 x 6, but batch x time x 2 is expected": how to get there from a matrix.
local function advice(x, inputs)
  if not core.is_tensor(x) or #x.shape ~= 2 then return "" end
  local rows, width = core.size(x, 1), core.size(x, 2)
  if width % inputs ~= 0 then return (", and %d columns are no steps of %d numbers"):format(width, inputs) end
  return (": x:reshape(%d, %d, %d) makes each row a sequence"):format(rows, width // inputs, inputs)
end

--- What is wrong with an x that does not fit.
local function complaint(x, inputs, columns)
  local shape = core.is_tensor(x) and tostring(x.shape) or "a " .. type(x)
  if core.is_tensor(x) and #x.shape == 3 then
    local text = "x is %s but w is %d x %d: the last axis of x must equal rows of w (%d)"
    return text:format(shape, inputs, columns, inputs)
  end
  return ("x is %s, but batch x time x %d is expected%s"):format(shape, inputs, advice(x, inputs))
end

--- What a layer says of an input that does not fit, with the way that the input took.
local function refuse_input(self, x, inputs, columns)
  local chain = sequential.chain(self)
  core.raise(("%s: %s%s"):format(self:label(), complaint(x, inputs, columns), chain and "\n  chain: " .. chain or ""))
end

--- Starting values rows x (gates columns): a tensor holds all blocks, anything else starts each block anew.
local function blocks(kind, start, gates, rows, columns)
  if core.is_tensor(start) then return init.values(kind, start, rows, gates * columns) end
  local list = {}
  for gate = 1, gates do
    list[gate] = init.values(kind, start, rows, columns)
  end
  return core.concat(list, 2)
end

--- The options all three have, with those of the kind's own.
local function read_options(kind, given, own)
  local defaults = {
    name = options.none,
    last = false,
    init = init.glorot_uniform,
    recurrent_init = init.orthogonal,
    bias_init = options.none,
  }
  for name, default in pairs(own) do
    defaults[name] = default
  end
  local o = options.read(kind, given, defaults)
  options.choice(kind, "last", o.last, { true, false })
  return o
end

--- w, u and b of a layer, as parameters; `gates` blocks each.
local function weights(kind, o, gates, inputs, hidden)
  local w = blocks(kind, o.init, gates, inputs, hidden)
  local u = blocks(kind, o.recurrent_init, gates, hidden, hidden)
  local b = init.values(kind, o.bias_init == nil and init.zeros or o.bias_init, gates * hidden)
  return { core.param(w, "w"), core.param(u, "u"), core.param(b, "b") }
end

--- A layer of `operator` over x and the parameters. `shaping` are the options that say what it computes, in the order in which
--- they are shown.
local function make(kind, o, inputs, operator, params, shaping)
  local last, columns, hidden = o.last, core.size(params[2], 2), core.size(params[2], 1)
  local text, shaped = ("%s(%d -> %d"):format(kind, inputs, hidden), { last = last }
  for _, name in ipairs(shaping) do
    text, shaped[name] = ("%s, %s"):format(text, o[name]), o[name]
  end
  local function forward(x, self)
    if not core.is_tensor(x) or #x.shape ~= 3 or core.size(x, 3) ~= inputs then
      refuse_input(self, x, inputs, columns)
    end
    local states = operator(x, table.unpack(params))
    return last and states[":, -1"] or states
  end
  return layer.new {
    kind = kind,
    name = o.name,
    params = params,
    text = text .. (last and ", last)" or ")"),
    forward = forward,
    args = { inputs, hidden, shaped },
  }
end

--- Recurrent layer: h = tanh(x w + h_before u + b) (Elman 1990).
--- Shapes: x (batch, time, inputs) -> y (batch, time, hidden), the states after all steps; with last = true the last one, (batch,
--- hidden). w starts Glorot-uniform, u orthogonal, b at zero.
--- Options: name; last (false); activation, "tanh" or "relu" (Le, Jaitly & Hinton 2015, who start u at gr.eye(hidden)); init,
--- recurrent_init and bias_init for w, u and b, from nn.init or tensors.
--- Raises when a size is not a positive whole number, and, when called, if x is not batch x time x inputs.
--- Example:
---   local layer = nn.rnn(2, 5, { activation = "relu" })
---   print(layer(gr.ones(3, 7, 2)).shape) -- batch x time x hidden
---@param inputs integer   numbers a step
---@param hidden integer   numbers in the state
---@param given? { name?: string, last?: boolean, activation?: string, init?: any, recurrent_init?: any, bias_init?: any }
---@return gradus.Layer
function recurrent.rnn(inputs, hidden, given)
  inputs = options.whole("rnn", "inputs", inputs, 1)
  hidden = options.whole("rnn", "hidden", hidden, 1)
  local o = read_options("rnn", given, { activation = "tanh" })
  options.choice("rnn", "activation", o.activation, { "tanh", "relu" })
  local operator = o.activation == "relu" and core.rnn_relu or core.rnn
  return make("rnn", o, inputs, operator, weights("rnn", o, 1, inputs, hidden), { "activation" })
end

--- Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000):
--- i, f, o = sigmoid(x w_i + h_before u_i + b_i), ..., g = tanh(x w_g + h_before u_g + b_g), c = f c_before + i g, h = o tanh(c).
--- Shapes: x (batch, time, inputs) -> y (batch, time, hidden), the states h after all steps; with last = true the last one, (batch,
--- hidden). Weights hold the gates in the order i f g o; each gate's block of w starts Glorot-uniform and of u orthogonal; b
--- starts at zero, but at 1 for the forget gate, so that the cell keeps what it has until it learns better (Jozefowicz,
--- Zaremba & Sutskever 2015).
--- Options: name; last (false); forget_bias (1; what bias_init says, where that is given); init and recurrent_init for w and u, from
--- nn.init, called for each gate's block, or tensors of all blocks; bias_init for b.
--- PyTorch's weight_ih and weight_hh are w and u transposed, and b is the sum of its two biases.
--- Raises when a size is not a positive whole number, and, when called, if x is not batch x time x inputs.
--- Example:
---   local net = nn.sequential { nn.lstm(2, 24, { last = true }), nn.dense(24, 1) }
---   print(net(gr.ones(3, 7, 2)).shape) -- the last state of each sequence, then one number
---@param inputs integer   numbers a step
---@param hidden integer   numbers in the state
---@param given? { name?: string, last?: boolean, forget_bias?: number, init?: any, recurrent_init?: any, bias_init?: any }
---@return gradus.Layer
function recurrent.lstm(inputs, hidden, given)
  inputs = options.whole("lstm", "inputs", inputs, 1)
  hidden = options.whole("lstm", "hidden", hidden, 1)
  local o = read_options("lstm", given, { forget_bias = options.none })
  if o.forget_bias == nil and o.bias_init == nil then o.forget_bias = 1 end
  if o.forget_bias ~= nil then options.number("lstm", "forget_bias", o.forget_bias) end
  local params = weights("lstm", o, 4, inputs, hidden)
  local b = params[3]:detach() -- on the same memory
  if o.forget_bias then b[("%d:%d"):format(hidden + 1, 2 * hidden)] = o.forget_bias end
  return make("lstm", o, inputs, core.lstm, params, {})
end

--- Gated recurrent unit (Cho et al. 2014), in the form of PyTorch and cuDNN, which resets after the product with the state:
--- r, z = sigmoid(x w_r + h_before u_r + b_r), ..., n = tanh(x w_n + b_n + r (h_before u_n + c)), h = (1 - z) n + z h_before.
--- Shapes: x (batch, time, inputs) -> y (batch, time, hidden), the states after all steps; with last = true the last one, (batch,
--- hidden). Weights hold the gates in the order r z n; each gate's block of w starts Glorot-uniform and of u orthogonal; b and c
--- (hidden), the bias inside the reset, start at zero.
--- Options: name; last (false); init and recurrent_init for w and u, from nn.init, called for each gate's block, or tensors of all
--- blocks; bias_init for b.
--- PyTorch's weight_ih and weight_hh are w and u transposed; b is bias_ih plus bias_hh for r and z, and bias_ih for n; c is the
--- last third of bias_hh.
--- Raises when a size is not a positive whole number, and, when called, if x is not batch x time x inputs.
--- Example:
---   local layer = nn.gru(2, 5)
---   print(layer(gr.ones(3, 7, 2)).shape) -- batch x time x hidden
---@param inputs integer   numbers a step
---@param hidden integer   numbers in the state
---@param given? { name?: string, last?: boolean, init?: any, recurrent_init?: any, bias_init?: any }
---@return gradus.Layer
function recurrent.gru(inputs, hidden, given)
  inputs = options.whole("gru", "inputs", inputs, 1)
  hidden = options.whole("gru", "hidden", hidden, 1)
  local o = read_options("gru", given, {})
  local params = weights("gru", o, 3, inputs, hidden)
  params[4] = core.param(core.full({ hidden }, 0, params[3].dtype), "c")
  return make("gru", o, inputs, core.gru, params, {})
end

return recurrent
