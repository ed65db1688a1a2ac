-- How does a network of layers, each of which knows only its two neighbours, learn to read digits?
-- Document 003, "Python을 활용한 신경망 훈련": Layer, DenseLayer, ActivationLayer, MSE, SequentialNetwork; 784-392-196-10, sigmoids,
-- mini-batches of 10, rate 3, the first 50,000 images of MNIST, pixels / 256. The page neither seeds nor prints a result: here
-- the weights are those of np.random.seed(0), the order that of Python's random.seed(0). By layers: experiment 25.
-- Run:     gradus experiments/24_sequential_network.lua [--batches=200]   (5000, an epoch, take half a minute)
-- Expect:  386718 parameters; after 200 mini-batches the weights as NumPy has them, to 1e-11; 5 seconds, most of them for the hits.
-- Needs:   mnist
local gr = require "gradus"
local run = gr.run { name = "sequential network", seed = 0, batches = 200, epochs = 1, rate = 3.0 }

-- The document's file holds pixels / 256, and keeps 10,000 training images for itself.
local mnist, part = gr.data.mnist { bytes = true, scale = 256 }, gr.arange(1, 50001)
local training_data = { x = mnist.train.x:subset(part), t = gr.data.one_hot(mnist.train.y:take(part), 10) }
local order, python = part:totable(), gr.random.python(run.seed)

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
-- The document writes update_param, which nobody calls, and `rate`, which nobody defines: see experiment 35.
function DenseLayer:update_params(learning_rate)
  self.weight:sub_(learning_rate * self.delta_w)
  self.bias:sub_(learning_rate * self.delta_b)
end
function DenseLayer:clear_deltas()
  self.delta_w:fill_(0)
  self.delta_b:fill_(0)
end

-- "평균제곱오차" (mean squared error), yet nothing is averaged: half the sum of squares, whose derivative is this.
local MSE = {}
function MSE.loss_derivative(predictions, labels) return predictions - labels end

local SequentialNetwork = class "SequentialNetwork"
-- The document forgets a loss that it is given: it sets self.loss only when none is.
function SequentialNetwork:new(loss) return setmetatable({ layers = {}, loss = loss or MSE }, self) end
function SequentialNetwork:add(layer)
  table.insert(self.layers, layer)
  layer:describe()
  if #self.layers > 1 then layer:connect(self.layers[#self.layers - 1]) end
end
function SequentialNetwork:train(data, epochs, size, learning_rate, test)
  for epoch = 0, epochs - 1 do
    python:shuffle(order) -- what the last epoch left is shuffled again
    for k = 1, run.batches * size, size do
      self:train_batch(data, { table.unpack(order, k, k + size - 1) }, learning_rate)
    end
    print(("Epoch %d: %d / %d"):format(epoch, self:evaluate(test), #test.y))
  end
end
function SequentialNetwork:train_batch(data, mini_batch, learning_rate) -- called in the document, but not written there
  self:forward_backward(data, mini_batch)
  self:update(learning_rate / #mini_batch) -- the slide's formula does not divide
end
function SequentialNetwork:update(learning_rate)
  for _, layer in ipairs(self.layers) do
    layer:update_params(learning_rate)
    layer:clear_deltas()
  end
end
function SequentialNetwork:forward_backward(data, mini_batch)
  for _, i in ipairs(mini_batch) do
    local output = self:single_forward(data.x[i])
    self.layers[#self.layers].input_delta = self.loss.loss_derivative(output, data.t[i]:reshape(-1, 1))
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
function SequentialNetwork:evaluate(test)
  local hits = 0
  for i = 1, #test.y do
    hits = hits + (self:single_forward(test.x[i]):argmax() - 1 == test.y[i] and 1 or 0)
  end
  return hits
end

local net, sizes, parameters, after = SequentialNetwork:new(), { 784, 392, 196, 10 }, 0, {}
for i = 1, 3 do
  net:add(DenseLayer:new(sizes[i], sizes[i + 1]))
  net:add(ActivationLayer:new(sizes[i + 1]))
end
net:train(training_data, run.epochs, 10, run.rate, mnist.test)
for i = 1, 3 do
  local w, b = net.layers[2 * i - 1].weight, net.layers[2 * i - 1].bias
  parameters = parameters + w.size + b.size
  after[i] = { w:sum(), w[{ 1, 1 }], w[{ -1, -1 }] }
  print(("W%d after training: sum, first, last"):format(i), table.unpack(after[i]))
end
print("parameters", parameters)
run:result { ["003.jbsh.params"] = parameters }
if run.batches == 200 and run.epochs == 1 then run:result { ["003.jbsh.after200"] = after } end
