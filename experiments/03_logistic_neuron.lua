-- Can one logistic neuron tell malignant from benign tumours?
-- Document 000's LogisticNeuron: one sample at a time, raw features in file order, all weights starting at 1.
-- Run:     gradus experiments/03_logistic_neuron.lua [--epochs=100]
-- Expect:  b = 569.0, accuracy 0.7982456140350878, by hand and by layers. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "logistic neuron", epochs = 100 }

local cancer = gr.data.breast_cancer()
local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })
print("train and test", train.x.shape, test.x.shape)
local a, b = train.x.shape, test.x.shape
run:result { ["000.cancer.shape"] = { a[1], a[2], b[1], b[2] } }

local unit_sum = (train.x[1] * gr.ones(30)):sum() + 1.0
print("first row with unit weights", unit_sum, "through the logistic function", gr.sigmoid(unit_sum))
run:result { ["000.cancer.z0"] = unit_sum, ["000.cancer.sigmoid_z0"] = gr.sigmoid(unit_sum) }

-- By hand, as the document writes it. Clipped from below only: exp(-z) then stays finite.
local LogisticNeuron = {}
LogisticNeuron.__index = LogisticNeuron

function LogisticNeuron:forpass(x) return (x * self.w):sum() + self.b end

local function activation(z) return 1 / (1 + math.exp(-math.max(z, -100))) end

function LogisticNeuron:fit(x, y, epochs)
  self.w, self.b = gr.ones(x.shape[2]), 0
  for _ = 1, epochs do
    for i = 1, #x do
      local x_i = x[i]
      local err = -(y[i] - activation(self:forpass(x_i)))
      self.w:sub_(x_i * err)
      self.b = self.b - err
    end
  end
end

function LogisticNeuron:predict(x)
  local yes = gr.zeros(#x)
  for i = 1, #x do
    yes[i] = activation(self:forpass(x[i])) > 0.5 and 1 or 0
  end
  return yes
end

local neuron = setmetatable({}, LogisticNeuron)
neuron:fit(train.x, train.y, run.epochs)
local predicted = neuron:predict(test.x)
print "by hand"
print(neuron.w, neuron.b)
print("first five predictions", predicted["1:5"])
print("accuracy", predicted:eq(test.y):mean())
local first_five = {}
for i = 1, 5 do
  first_five[i] = predicted[i] == 1
end
run:result { ["000.logistic_neuron.w"] = neuron.w, ["000.logistic_neuron.b"] = neuron.b }
run:result { ["000.logistic_neuron.pred5"] = first_five, ["000.logistic_neuron.accuracy"] = predicted:eq(test.y):mean() }

-- By layers: the same neuron, its gradient found by the library.
local net = nn.sequential { nn.dense(30, 1, { init = nn.init.ones() }) }
net:fit(train.x, train.y, {
  loss = nn.logistic(),
  optimizer = gr.optim.sgd { lr = 1 },
  batch = 1,
  shuffle = false,
  epochs = run.epochs,
})
print "by layers"
print(net.layers[1].w:flatten(), net.layers[1].b[1]:item())
print("first five predictions", net:predict(test.x["1:5"]))
print("accuracy", net:score(test.x, test.y))
run:result { accuracy = net:score(test.x, test.y) }
