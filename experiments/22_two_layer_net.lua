-- How well does a net of two layers come to read handwritten digits, and how soon?
-- Document 002, 4.5: TwoLayerNet, 784-50-10, on MNIST: 10,000 mini-batches (미니배치) of 100 images, drawn with
-- replacement, rate 0.1, both accuracies once an epoch (에폭, 600 steps); by hand, then by layers from the same draws.
-- Run:     gradus experiments/22_two_layer_net.lua [--steps=10000]
-- Fast:    --steps=1201
-- Needs:   mnist
-- Expect:  0.09915, 0.1009 after the first step, 0.7823333333333333, 0.7915 after an epoch, 0.9481166666666667, 0.9468
--          at the end: NumPy's figures for seed 0, by hand and by layers. The document does not seed: its curve is
--          within 0.0025 of this one from step 600 on. By hand 12 seconds, by layers 8; 30 in all.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "two layer net", seed = 0, steps = 10000, batch = 100, lr = 0.1 }

local mnist = gr.data.mnist() -- pixels / 255
local train, test = mnist.train, mnist.test
local t_train, t_test = gr.data.one_hot(train.y, 10), gr.data.one_hot(test.y, 10)
print("images and one-hot labels", train.x.shape, t_train.shape)
gr.random.seed(run.seed)
local chosen = gr.random.choice(60000, 10, { replace = true }) - 1 -- the document counts from 0
print("ten of 60000", chosen)
run:result { ["002.choice"] = chosen, ["002.mnist.shape"] = { train.x.shape, t_train.shape } }

-- By hand, as the document writes it; gradient, which it imports, goes back through softmax, affine, sigmoid, affine.

local TwoLayerNet = {}
TwoLayerNet.__index = TwoLayerNet

local function new_net(inputs, hidden, outputs)
  local w1, w2 = gr.random.randn(inputs, hidden) * 0.01, gr.random.randn(hidden, outputs) * 0.01
  return setmetatable({ params = { W1 = w1, b1 = gr.zeros(hidden), W2 = w2, b2 = gr.zeros(outputs) } }, TwoLayerNet)
end

function TwoLayerNet:predict(x)
  local p = self.params
  local z1 = gr.sigmoid(x:dot(p.W1) + p.b1)
  return gr.softmax(z1:dot(p.W2) + p.b2), z1
end

function TwoLayerNet:loss(x, t) return -(t * (self:predict(x) + 1e-7):log()):sum() / #x end

function TwoLayerNet:accuracy(x, t) return self:predict(x):argmax(2):eq(t:argmax(2)):mean() end

function TwoLayerNet:gradient(x, t)
  local y, z1 = self:predict(x)
  local dy = (y - t) / #x
  local da1 = dy:dot(self.params.W2:T()) * z1 * (1 - z1)
  return { W1 = x:T():dot(da1), b1 = da1:sum(1), W2 = z1:T():dot(dy), b2 = dy:sum(1) }
end

-- Backprop against central differences. The largest are b2's, as loss adds 1e-7 inside the logarithm.
local small = new_net(784, 100, 10)
local p, x, t = small.params, train.x["1:3"], t_train["1:3"]
local grads, numeric = small:gradient(x, t), gr.numerical_gradient(function() return small:loss(x, t) end, p)
for _, key in ipairs { "W1", "b1", "W2", "b2" } do
  print(
    ("%s %s: numerical gradient - backprop, at most"):format(key, p[key].shape),
    (numeric[key] - grads[key]):abs():max()
  )
end
run:result { ["002.two_layer.shapes"] = { p.W1.shape, p.b1.shape, p.W2.shape, p.b2.shape } }

local function by_hand()
  gr.random.seed(run.seed)
  local net, losses, curves = new_net(784, 50, 10), {}, { train = {}, test = {} }
  for i = 0, run.steps - 1 do
    local mask = gr.random.choice(60000, run.batch, { replace = true })
    local x_batch, t_batch = train.x:take(mask), t_train:take(mask)
    for key, grad in pairs(net:gradient(x_batch, t_batch)) do
      net.params[key]:sub_(run.lr * grad)
    end
    losses[i] = net:loss(x_batch, t_batch)
    if i % 600 == 0 then
      local train_acc, test_acc = net:accuracy(train.x, t_train), net:accuracy(test.x, t_test)
      print(i .. " train acc, test acc | " .. tostring(train_acc) .. ", " .. tostring(test_acc))
      table.insert(curves.train, train_acc)
      table.insert(curves.test, test_acc)
    end
  end
  return curves, losses
end

local began = gr.clock()
local hand, losses = by_hand()
print(("by hand    %.1f seconds"):format(gr.clock() - began))
local some = { losses[0], losses[1], losses[10], losses[100], losses[1000], losses[9999] }
run:plot("loss", gr.plot.line(losses, { title = "미니배치의 손실", xlabel = "iteration", ylabel = "loss" }))
local labels =
  { xlabel = "epochs", ylabel = "accuracy", ylim = { 0, 1 }, legend = { "train acc", "test acc" }, dashed = { 2 } }
run:plot("accuracy", gr.plot.line(gr.arange(0, #hand.train), { hand.train, hand.test }, labels))
print("losses after steps 0, 1, 10, 100, 1000, 9999", table.unpack(some))
run:result {
  ["002.two_layer.train_acc"] = hand.train,
  ["002.two_layer.test_acc"] = hand.test,
  ["002.two_layer.losses"] = some,
}

-- By layers: the same draws, first the weights, then a batch a step. ------------------------------------

local function by_layers()
  gr.random.seed(run.seed)
  local start = { init = nn.init.normal { std = 0.01 } }
  local net = nn.sequential { nn.dense(784, 50, start), nn.sigmoid(), nn.dense(50, 10, start) }
  local curves = { train = {}, test = {} }
  net:fit(train.x, train.y, {
    loss = nn.cross_entropy(),
    optimizer = gr.optim.sgd { lr = run.lr },
    batch = run.batch,
    steps = run.steps,
    shuffle = "choice",
    generator = gr.random,
    on_step = function(s)
      if s.step % 600 ~= 1 then return end
      table.insert(curves.train, net:score(train.x, train.y))
      table.insert(curves.test, net:score(test.x, test.y))
    end,
  })
  return curves
end

local function largest_gap(a, b)
  local train_gap = (gr.tensor(a.train) - gr.tensor(b.train)):abs():max()
  return math.max(train_gap, (gr.tensor(a.test) - gr.tensor(b.test)):abs():max())
end

began = gr.clock()
local layers = by_layers()
print(("by layers  %.1f seconds"):format(gr.clock() - began))
print("last train acc, test acc", layers.train[#layers.train], layers.test[#layers.test])
print("accuracies by layers and by hand differ by at most", largest_gap(layers, hand))

-- The document's loader gives pixels in single precision: what does that change?
for _, set in ipairs { train, test } do
  set.x = set.x:to("f32"):to "f64"
end
local gap = largest_gap(by_layers(), layers)
print("pixels rounded to f32: accuracies change by at most", gap)
run:result { ["002.two_layer.float32_gap"] = gap }
