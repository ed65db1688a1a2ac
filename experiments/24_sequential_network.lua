-- How does a network of layers, each of which knows only its two neighbours, learn to read digits?
-- Document 003, "Python을 활용한 신경망 훈련": Layer, DenseLayer, ActivationLayer, MSE, SequentialNetwork; 784-392-196-10, sigmoids,
-- mini-batches of 10, rate 3, the first 50,000 images of MNIST, pixels / 256. The page neither seeds nor prints a result:
-- here the weights are those of np.random.seed(0) and the order that of Python's random.seed(0).
-- Run:     gradus experiments/24_sequential_network.lua [--batches=200] [--epochs=10]
--          batches: mini-batches by hand, one sample after the other (5000, an epoch, take half a minute);
--          epochs: by layers, 3 seconds each.
-- Expect:  386718 parameters; after 200 mini-batches the weights of both ways as NumPy has them, to 1e-11. The hits are another
--          matter: a difference of 1e-15 is 0.1 some 500 mini-batches later. NumPy's own run ends at 8576 of 10,000, this one at
--          6658 with one kernel of OpenBLAS (ten epochs by hand: 6818); six starts 1e-15 apart gave 6178 to 8635. 35 seconds.
-- Needs:   mnist
-- Fast:    --epochs=1
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "sequential network", seed = 0, batches = 200, epochs = 10, rate = 3.0 }

-- The document's mnist.pkl.gz holds pixels / 256; its other 10,000 training images, for validation, are left out there.
local mnist, part = gr.data.mnist { bytes = true, scale = 256 }, gr.arange(1, 50001)
local train, test = { x = mnist.train.x:subset(part), t = gr.data.one_hot(mnist.train.y:take(part), 10) }, mnist.test
local order, python = part:totable(), gr.random.python(run.seed)
python:shuffle(order)

-- By hand, as the document writes it: a sample is a column, and they go through one by one. ----------

local function class(name, parent)
  local methods = setmetatable({ class_name = name }, { __index = parent })
  methods.__index = methods
  return methods
end

local Layer = class "Layer"
function Layer:new(input_dim, output_dim)
  return setmetatable({ input_dim = input_dim, output_dim = output_dim or input_dim }, self)
end
function Layer:connect(layer)
  self.previous, layer.next = layer, self
end
function Layer:get_forward_input() return self.previous and self.previous.output_data or self.input_data end
function Layer:get_backward_input() return self.next and self.next.output_delta or self.input_delta end
function Layer.clear_deltas() end
function Layer.update_params() end
function Layer:describe()
  print(("|-- %s\n |-- dimensions: (%d, %d)"):format(self.class_name, self.input_dim, self.output_dim))
end

-- The document imports sigmoid_double from a module that it does not show; this formula is all there is to it.
local function sigmoid(z) return 1 / (1 + (-z):exp()) end

local ActivationLayer = class("ActivationLayer", Layer)
function ActivationLayer:forward() self.output_data = sigmoid(self:get_forward_input()) end
function ActivationLayer:backward()
  local y = self.output_data
  self.output_delta = self:get_backward_input() * (y * (1 - y))
end

local DenseLayer = class("DenseLayer", Layer)
function DenseLayer:new(m, n)
  local layer = Layer.new(self, m, n)
  layer.weight, layer.bias = gr.random.randn(n, m), gr.random.randn(n, 1)
  layer.delta_w, layer.delta_b = gr.zeros(n, m), gr.zeros(n, 1)
  return layer
end
function DenseLayer:forward() self.output_data = self.weight:dot(self:get_forward_input()) + self.bias end
function DenseLayer:backward()
  local delta = self:get_backward_input()
  self.delta_b:add_(delta)
  self.delta_w:add_(delta:dot(self:get_forward_input():T()))
  self.output_delta = self.weight:T():dot(delta)
end
-- The document writes update_param, which nobody calls, and `rate`, which nobody defines: see experiment 34.
function DenseLayer:update_params(learning_rate)
  self.weight:sub_(learning_rate * self.delta_w)
  self.bias:sub_(learning_rate * self.delta_b)
end
function DenseLayer:clear_deltas()
  self.delta_w:fill_(0)
  self.delta_b:fill_(0)
end

-- "평균제곱오차" (mean squared error), yet nothing is averaged: half the sum, whose derivative is the plain difference.
local MSE = {}
function MSE.loss_function(predictions, labels) return 0.5 * ((predictions - labels) ^ 2):sum() end
function MSE.loss_derivative(predictions, labels) return predictions - labels end

local SequentialNetwork = class "SequentialNetwork"
-- The document keeps no loss that is given: it sets self.loss only when none is.
function SequentialNetwork:new(loss) return setmetatable({ layers = {}, loss = loss or MSE }, self) end
function SequentialNetwork:add(layer)
  table.insert(self.layers, layer)
  layer:describe()
  if #self.layers > 1 then layer:connect(self.layers[#self.layers - 1]) end
end
function SequentialNetwork:train(x, t, batches, size, learning_rate)
  for k = 1, batches * size, size do
    self:train_batch(x, t, { table.unpack(order, k, k + size - 1) }, learning_rate)
  end
end
function SequentialNetwork:train_batch(x, t, mini_batch, learning_rate) -- the document calls it, but does not write it
  self:forward_backward(x, t, mini_batch)
  self:update(mini_batch, learning_rate)
end
-- The formula on the slide subtracts the rate times the sum over the mini-batch; the code divides by its length.
function SequentialNetwork:update(mini_batch, learning_rate)
  for _, layer in ipairs(self.layers) do
    layer:update_params(learning_rate / #mini_batch)
    layer:clear_deltas()
  end
end
function SequentialNetwork:forward_backward(x, t, mini_batch)
  for _, i in ipairs(mini_batch) do
    local output = self:single_forward(x[i])
    self.layers[#self.layers].input_delta = self.loss.loss_derivative(output, t[i]:reshape(-1, 1))
    for k = #self.layers, 1, -1 do
      self.layers[k]:backward()
    end
  end
end
function SequentialNetwork:single_forward(x)
  self.layers[1].input_data = x:reshape(-1, 1)
  for _, layer in ipairs(self.layers) do
    layer:forward()
  end
  return self.layers[#self.layers].output_data
end
function SequentialNetwork:evaluate(x, y)
  local hits = 0
  for i = 1, #y do
    if self:single_forward(x[i]):flatten():argmax() - 1 == y[i] then hits = hits + 1 end
  end
  return hits
end

local function look(way, weights) -- sum, first and last entry of each weight matrix, outputs x inputs
  local figures = {}
  for i, w in ipairs(weights) do
    figures[i] = { w:sum(), w[{ 1, 1 }], w[{ -1, -1 }] }
    print(("%s W%d: sum, first, last"):format(way, i), table.unpack(figures[i]))
  end
  return figures
end

local sizes, hand, weights, parameters = { 784, 392, 196, 10 }, SequentialNetwork:new(), {}, 0
for i = 1, 3 do
  local dense = DenseLayer:new(sizes[i], sizes[i + 1])
  hand:add(dense)
  hand:add(ActivationLayer:new(sizes[i + 1]))
  weights[i], parameters = dense.weight, parameters + dense.weight.size + dense.bias.size
end
print("parameters", parameters)
hand:train(train.x, train.t, run.batches, 10, run.rate)
local after = look("by hand   ", weights)
print(("by hand, %d mini-batches of epoch 0: %d / %d"):format(run.batches, hand:evaluate(test.x, test.y), #test.y))

-- By layers: samples are rows, so weights stand the other way, but the same draws come in the same order. ----

gr.random.seed(run.seed)
local function start(m, n) return n and gr.random.randn(n, m):T():clone() or gr.random.randn(m) end
local layers = {}
for i = 1, 3 do
  layers[2 * i - 1] = nn.dense(sizes[i], sizes[i + 1], { init = start, bias_init = start })
  layers[2 * i] = nn.sigmoid()
end
local net, hits = nn.sequential(layers), {}
local function fit(from, to)
  local rows, rate = { table.unpack(order, from, to) }, gr.optim.sgd { lr = run.rate }
  local how = { loss = nn.sse(), optimizer = rate, batch = 10, epochs = 1, shuffle = false, progress = false }
  net:fit(train.x:subset(rows), train.t:take(rows), how)
end
fit(1, 2000)
look("by layers ", { layers[1].w:T(), layers[3].w:T(), layers[5].w:T() })
for epoch = 1, run.epochs do
  if epoch > 1 then python:shuffle(order) end -- what the last epoch left is shuffled again
  fit(epoch > 1 and 1 or 2001, #order)
  hits[epoch] = net:predict(test.x):eq(test.y):sum()
  print(("Epoch %d: %d / %d"):format(epoch - 1, hits[epoch], #test.y))
end
run:result { ["003.jbsh.params"] = parameters, ["003.jbsh.hits"] = hits }
if run.batches == 200 then run:result { ["003.jbsh.after200"] = after } end
if run.epochs == 10 then run:result { ["003.jbsh.hits_last"] = hits[10] } end
