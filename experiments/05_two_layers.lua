-- Does a hidden layer help, and does it matter where its weights start?
-- Document 000's DualLayer (all weights 1, so the ten hidden units stay equal) and RandomInitNetwork
-- (normal weights, seed 0), on standardised breast cancer data: 30-10-1, full batch, 1000 epochs, step 1.
-- Run:     gradus experiments/05_two_layers.lua [--epochs=1000]
-- Expect:  accuracy 0.956140350877193, loss 0.06883682133902377 from ones; 0.020966117311711403 from the
--          random start (accuracy 0.9649122807017544); by layers the same to 12 digits. About a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "two layers", seed = 0, units = 10, epochs = 1000 }

local cancer = gr.data.breast_cancer()
local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })
local x_train, x_test = gr.data.standardize(train.x, test.x)

-- By hand, as the document writes it. ----------------------------------------------------------

local DualLayer = {}
DualLayer.__index = DualLayer

local function activation(z) return 1 / (1 + (-z:clip(-100)):exp()) end

function DualLayer:forpass(x)
  self.a1 = activation(x:dot(self.w1) + self.b1)
  return self.a1:dot(self.w2) + self.b2
end

function DualLayer:backprop(x, err)
  local m = #x
  local w2_grad, b2_grad = self.a1:T():dot(err) / m, err:sum() / m
  local err_to_hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
  return x:T():dot(err_to_hidden) / m, err_to_hidden:sum(1) / m, w2_grad, b2_grad
end

function DualLayer:training(x, y)
  local a = activation(self:forpass(x))
  local w1_grad, b1_grad, w2_grad, b2_grad = self:backprop(x, -(y - a))
  self.w1:sub_(w1_grad)
  self.b1:sub_(b1_grad)
  self.w2:sub_(w2_grad)
  self.b2 = self.b2 - b2_grad
  return a
end

function DualLayer:fit(x, y, epochs)
  y = y:reshape(-1, 1)
  for epoch = 1, epochs do
    local a = self:training(x, y):clip(1e-10, 1 - 1e-10)
    self.losses[epoch] = (-(y * a:log() + (1 - y) * (1 - a):log())):sum() / #x
  end
end

function DualLayer:score(x, y) return self:forpass(x):gt(0):eq(y:reshape(-1, 1)):mean() end

local function by_hand(start)
  local w1 = start(x_train.shape[2], run.units)
  local net =
    setmetatable({ w1 = w1, b1 = gr.zeros(run.units), w2 = start(run.units, 1), b2 = 0, losses = {} }, DualLayer)
  net:fit(x_train, train.y, run.epochs)
  return net:score(x_test, test.y), net.losses[run.epochs], net
end

-- By layers. -----------------------------------------------------------------------------------

local function by_layers(start)
  local net = nn.sequential {
    nn.dense(x_train.shape[2], run.units, { init = start, name = "hidden" }),
    nn.sigmoid(),
    nn.dense(run.units, 1, { init = start }),
  }
  local history = net:fit(x_train, train.y, {
    loss = nn.logistic(),
    optimizer = gr.optim.sgd { lr = 1 },
    epochs = run.epochs,
  })
  return net:score(x_test, test.y), history.loss[run.epochs]
end

local function normal(m, n) return gr.random.normal(0, 1, m, n) end

local function draw(name, losses, legend)
  local o = { title = "손실: " .. table.concat(legend, ", "), xlabel = "epoch", ylabel = "loss", ylim = { 0, 0.6 } }
  o.legend = legend
  run:plot(name, gr.plot.line(losses, o))
end

local cases = { { "all weights 1", gr.ones, "000.dual_layer" }, { "random start", normal, "000.random_init" } }
local losses = {}
for i, case in ipairs(cases) do
  local title, start, figure = case[1], case[2], case[3]
  print(title)
  gr.random.seed(run.seed)
  local accuracy, loss, net = by_hand(start)
  print("  by hand    accuracy, last loss", accuracy, loss)
  run:result { [figure .. ".accuracy"] = accuracy, [figure .. ".last_loss"] = loss }
  gr.random.seed(run.seed)
  print("  by layers  accuracy, last loss", by_layers(start))

  -- The document's derivation shows gradients of the biases, but leaves most of their rows out: these are of the trained net.
  local a = activation(net:forpass(x_train))
  local _, b1_grad, _, b2_grad = net:backprop(x_train, -(train.y:reshape(-1, 1) - a))
  print("  gradients of b2 and of the first two of b1", b2_grad, b1_grad["1:2"])
  run:result { ["000.backprop.b2_example"] = b2_grad, ["000.backprop.b1_example"] = b1_grad["1:2"] }
  losses[i] = net.losses
  draw(i == 1 and "loss dual" or "loss random", net.losses, { i == 1 and "Dual" or "Random" })
end
draw("loss both", losses, { "Dual", "Random" })
