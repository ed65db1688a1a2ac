-- What do shuffling, and then scaled data in one matrix, change for the logistic neuron?
-- Document 000's SingleLayer: first sample by sample in shuffled order on raw features, then as matrices on
-- standardised ones (the document's own loss there is the sum over the samples).
-- Run:     gradus experiments/04_single_layer.lua [--seed=7]
-- Expect:  0.9122807017543859 for seed 7 (the document does not seed: raw features make it jump);
--          matrix form 0.9649122807017544 and 20.50999850682708. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "single layer", seed = 7 }

local cancer = gr.data.breast_cancer()
local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })

-- Sample by sample, by hand. -------------------------------------------------------------------

local function activation(z) return 1 / (1 + math.exp(-math.max(z, -100))) end

local function shuffled_by_hand(x, y, epochs)
  local w, b, losses = gr.ones(x.shape[2]), 0, {}
  for epoch = 1, epochs do
    local loss = 0
    for _, i in ipairs(gr.random.permutation(#x):totable()) do
      local x_i = x[i]
      local a = activation((x_i * w):sum() + b)
      local err = -(y[i] - a)
      w:sub_(x_i * err)
      b = b - err
      a = math.max(1e-10, math.min(a, 1 - 1e-10)) -- keeps the logarithm finite
      loss = loss - (y[i] * math.log(a) + (1 - y[i]) * math.log(1 - a))
    end
    losses[epoch] = loss / #y
  end
  return w, b, losses
end

local w, b, losses = shuffled_by_hand(train.x, train.y, 100)
local accuracy = (test.x:dot(w) + b):gt(0):eq(test.y):mean()
print("shuffled, by hand", accuracy, losses[100])
run:result { ["000.single_layer_sgd.accuracy"] = accuracy }
run:plot("loss shuffled", gr.plot.line(losses, { title = "SingleLayer의 손실", xlabel = "epoch", ylabel = "loss" }))

-- By layers the gradient is the same; the loss is not clipped, so samples that are far off weigh more in it.
local net = nn.sequential { nn.dense(30, 1, { init = nn.init.ones() }) }
local history = net:fit(train.x, train.y, {
  loss = nn.logistic(),
  optimizer = gr.optim.sgd { lr = 1 },
  batch = 1,
  shuffle = "permutation",
  generator = gr.random.new(run.seed),
  epochs = 100,
})
print("shuffled, by layers", net:score(test.x, test.y), history.loss[100], "(not clipped)")

-- In matrix form. ------------------------------------------------------------------------------

local train_scaled, test_scaled = gr.data.standardize(train.x, test.x)

local function matrix_by_hand(x, y, epochs)
  local m, sums = #x, {}
  local weights, bias = gr.ones(x.shape[2], 1), 0
  y = y:reshape(-1, 1)
  for epoch = 1, epochs do
    local z = x:dot(weights) + bias
    local a = 1 / (1 + (-z:clip(-100)):exp())
    local err = -(y - a)
    weights:sub_(x:T():dot(err) / m)
    bias = bias - err:sum() / m
    a = a:clip(1e-10, 1 - 1e-10)
    sums[epoch] = (-(y * a:log() + (1 - y) * (1 - a):log())):sum()
  end
  return weights, bias, sums
end

local weights, bias, sums = matrix_by_hand(train_scaled, train.y, 1000)
accuracy = (test_scaled:dot(weights) + bias):gt(0):eq(test.y:reshape(-1, 1)):mean()
print("matrix, by hand", accuracy, sums[1000])
run:result { ["000.single_layer_batch.accuracy"] = accuracy, ["000.single_layer_batch.last_loss"] = sums[1000] }
local labels = { title = "행렬 연산: 손실의 합", xlabel = "epoch", ylabel = "loss", ylim = { 0, 50 } }
run:plot("loss matrix", gr.plot.line(sums, labels))

net = nn.sequential { nn.dense(30, 1, { init = nn.init.ones() }) }
history = net:fit(train_scaled, train.y, { loss = nn.logistic(), optimizer = gr.optim.sgd { lr = 1 }, epochs = 1000 })
-- Without the document's clip at 1e-10 the loss differs in the ninth digit.
print("matrix, by layers", net:score(test_scaled, test.y), history.loss[1000] * #train.x)
run:result { accuracy = net:score(test_scaled, test.y) }
