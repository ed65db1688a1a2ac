-- Why does the output bias of document 000's MultiClassNetwork never learn?
-- 다중 분류, page 089, backprop: b2_grad = np.sum(err) / m adds over the samples and over the classes too. The errors of
-- a sample, softmax minus one-hot, add to 0, so that one number is 0 but for rounding, for every class alike.
-- Noticed: after training b2 is still where it began. Mended: np.sum(err, axis=0) / m, in gradus err:sum(1) / m.
-- Shown on the 1797 small digits (pixels / 16), 64-10-10, step 1; experiment 06 has it on the clothes.
-- Run:     gradus experiments/26_fault_output_bias.lua [--epochs=300]
-- Expect:  largest |b2| about 3e-17, loss 0.3917, accuracy 0.8806 as printed; 1.4493, 0.3704, 0.8972 mended. Under a
--          second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fault: output bias", seed = 0, units = 10, epochs = 300 }

local digits = gr.data.digits()
local train, test = gr.data.split(digits.x / 16, digits.y, { test = 0.2, seed = 0 })
local targets = gr.data.one_hot(train.y, 10)

-- By hand, as the document writes it, but for the one line that is passed in. ------------------

local function bias_as_printed(err) return err:sum() / #err end

local function bias_by_class(err) return err:sum(1) / #err end

local MultiClassNetwork = {}
MultiClassNetwork.__index = MultiClassNetwork

local function new(bias_gradient)
  gr.random.seed(run.seed)
  local w1 = gr.random.normal(0, 1, 64, run.units)
  local w2 = gr.random.normal(0, 1, run.units, 10)
  local net = { w1 = w1, b1 = gr.zeros(run.units), w2 = w2, b2 = gr.zeros(10), bias_gradient = bias_gradient }
  return setmetatable(net, MultiClassNetwork)
end

function MultiClassNetwork:forpass(x)
  self.a1 = (x:dot(self.w1) + self.b1):sigmoid()
  return self.a1:dot(self.w2) + self.b2
end

function MultiClassNetwork:training(x, y)
  local m, a = #x, self:forpass(x):softmax()
  local err = a - y
  local err_to_hidden = err:dot(self.w2:T()) * self.a1 * (1 - self.a1)
  self.w2:sub_(self.a1:T():dot(err) / m)
  self.b2:sub_(self.bias_gradient(err))
  self.w1:sub_(x:T():dot(err_to_hidden) / m)
  self.b1:sub_(err_to_hidden:sum(1) / m)
  return (-(y * a:log()):sum()) / m -- before the update
end

local function by_hand(bias_gradient)
  local net, loss = new(bias_gradient), nil
  for _ = 1, run.epochs do
    loss = net:training(train.x, targets)
  end
  return (net:forpass(test.x):argmax(2) - 1):eq(test.y):mean(), loss, net.b2:abs():max()
end

-- The gradient at the start: as printed, mended, and by backward, which knows nothing of either.
local start = new()
local err = start:forpass(train.x):softmax() - targets
local b2 = gr.param(gr.zeros(10), "b2")
nn.cross_entropy()(gr.affine(start.a1, start.w2, b2), train.y):backward()
print("first gradient of b2")
print("  as printed", bias_as_printed(err))
print("  mended", bias_by_class(err))
print("  backward", b2.grad)
print("  mended - backward, largest", (bias_by_class(err) - b2.grad):abs():max())

print "test accuracy, last loss, largest |b2|"
local accuracy, loss, largest = by_hand(bias_as_printed)
print("fault:  np.sum(err)", accuracy, loss, largest)
run:result { fault_loss = loss, fault_largest_b2 = largest }
accuracy, loss, largest = by_hand(bias_by_class)
print("mend:   err:sum(1)", accuracy, loss, largest)

-- By layers: the same start, rate and number of epochs.
gr.random.seed(run.seed)
local normal = { init = nn.init.normal() }
local net = nn.sequential { nn.dense(64, run.units, normal), nn.sigmoid(), nn.dense(run.units, 10, normal) }
local how = { loss = nn.cross_entropy(), optimizer = gr.optim.sgd { lr = 1 }, epochs = run.epochs }
local history = net:fit(train.x, train.y, how)
largest = net.layers[3].b:detach():abs():max()
print("mend:   by layers", net:score(test.x, test.y), history.loss[run.epochs], largest)
run:result { loss = history.loss[run.epochs], largest_b2 = largest }
