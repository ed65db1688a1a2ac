-- Why does a network that is trained without any error stay exactly as it was?
-- Document 003, "밀집층 가중치 갱신 메커니즘" (DenseLayer): the method is written update_param, but SequentialNetwork.update calls
-- update_params. Every layer has that one too: the empty method of Layer, from which DenseLayer inherits. So nothing is
-- ever changed, and no error comes. The misspelt method also multiplies by `rate`, which nobody has defined; since it is
-- never called, that second mistake shows only when the first is mended.
-- Notice:  compare the parameters before and after an epoch, and print the loss: both stand still.
-- Mend:    one name, update_params(learning_rate), in the class and where it is called; in the base class an error in place of
--          the empty method, for all layers that have parameters. Here on XOR: 2-3-1, sigmoids, rate 3.
-- Run:     gradus experiments/35_fault_misspelt_update.lua [--epochs=2000]
-- Expect:  fault: parameters changed by 0, loss as before; mend: loss 0.000510888138, by hand and by layers. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "misspelt update", seed = 0, epochs = 2000, rate = 3 }

local x = gr.tensor { { 0, 0, 1, 1 }, { 0, 1, 0, 1 } } -- columns, as the document has them
local y = gr.tensor { { 0, 1, 1, 0 } }
local function sigmoid(z) return 1 / (1 + (-z):exp()) end

local Layer = {}
Layer.__index = Layer
function Layer.update_params() end -- what DenseLayer falls back to

-- As printed: inherits update_params, and has an update_param besides.
local Misspelt = setmetatable({}, Layer)
Misspelt.__index = Misspelt
function Misspelt:update_param()
  self.weight:sub_(rate * self.delta_w) -- luacheck: ignore 113
  self.bias:sub_(rate * self.delta_b) -- luacheck: ignore 113
end

-- The name mended, `rate` not yet.
local RateUndefined = setmetatable({ update_params = Misspelt.update_param }, Layer)
RateUndefined.__index = RateUndefined

local Mended = setmetatable({}, Layer)
Mended.__index = Mended
function Mended:update_params(learning_rate)
  self.weight:sub_(learning_rate * self.delta_w)
  self.bias:sub_(learning_rate * self.delta_b)
end

local function network(class)
  gr.random.seed(run.seed)
  local layers = {}
  for i, size in ipairs { { 3, 2 }, { 1, 3 } } do
    local layer = { weight = gr.random.randn(size[1], size[2]), bias = gr.random.randn(size[1], 1) }
    layers[i] = setmetatable(layer, class)
  end
  return layers
end

local function forward(layers)
  local data = x
  for _, layer in ipairs(layers) do
    layer.input, layer.output = data, sigmoid(layer.weight:dot(data) + layer.bias)
    data = layer.output
  end
  return data, 0.5 * ((data - y) ^ 2):sum() / 4
end

local function epoch(layers)
  local delta = forward(layers) - y
  for i = #layers, 1, -1 do
    local layer = layers[i]
    delta = delta * layer.output * (1 - layer.output)
    layer.delta_w, layer.delta_b = delta:dot(layer.input:T()), delta:sum(2, true)
    delta = layer.weight:T():dot(delta)
  end
  for _, layer in ipairs(layers) do
    layer:update_params(run.rate / 4)
  end
end

local function report(title, layers)
  local before, _, loss = layers[1].weight:clone(), forward(layers)
  epoch(layers)
  local change = (layers[1].weight - before):abs():max()
  for _ = 2, run.epochs do
    epoch(layers)
  end
  local _, last = forward(layers)
  print(title, "W1 changed in an epoch by", change, "loss before and after", loss, last)
  return loss, last
end

-- By hand. --------------------------------------------------------------------------------------

local _, stands = report("fault: update_param", network(Misspelt))
print("fault: rate undefined", select(2, pcall(epoch, network(RateUndefined))))
local _, learned = report("mend:  update_params", network(Mended))

-- By the library: fit finds the parameters itself, and a misspelt name is refused. ------------------

gr.random.seed(run.seed)
local function start(m, n) return n and gr.random.randn(n, m):T():clone() or gr.random.randn(m) end
local function dense(m, n) return nn.dense(m, n, { init = start, bias_init = start }) end
local net = nn.sequential { dense(2, 3), nn.sigmoid(), dense(3, 1), nn.sigmoid() }
local how = { loss = nn.sse(), optimizer = gr.optim.sgd { lr = run.rate }, epochs = run.epochs }
net:fit(x:T(), y:T(), how)
print("mend:  by layers", "loss", how.loss(net:scores(x:T()), y:T()):item())
print("refused", select(2, pcall(gr.optim.sgd, { rate = run.rate })))
print("refused", select(2, pcall(function() net.layers[1].weight = gr.zeros(2, 3) end)))
run:result { stands = stands, learned = learned }
