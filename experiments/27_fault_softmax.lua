-- When does the softmax of document 000 end a training, and what do 1e-10 and 1e-7 inside a logarithm do?
-- 000, 다중 분류, page 086: softmax clips the scores at -100 from below only, and subtracts no maximum. From 710 on e^z
-- is inf, inf / inf is nan, and one nan reaches every weight. The clip keeps scores far below 0 from 0 / 0, but hides
-- what they say: all that are below -100 count as equal.
-- Noticed: the loss is nan, and the accuracy that of always guessing class 0. Mended: subtract the row's maximum
-- (001, 소프트맥스 함수: the constant C); then e^z is at most 1. Losses: 000 clips a at 1e-10, 002 adds 1e-7, 001 and 002's
-- batch form do neither.
-- Shown on the wine data as it stands (proline reaches 1680), 13 inputs, 3 classes, step 1.
-- Run:     gradus experiments/27_fault_softmax.lua
-- Expect:  nan from the second epoch on; with both mends loss 0.0363 and every test wine right; losses that end at
--          16.12 and 23.03 where 1000 is right. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fault: softmax", seed = 0, epochs = 50 }

local function softmax_as_printed(z)
  local exp_z = z:clip(-100):exp()
  return exp_z / exp_z:sum(2, true)
end

local function softmax_shifted(z)
  local exp_z = (z - z:max(2, true)):exp()
  return exp_z / exp_z:sum(2, true)
end

print "scores, softmax as printed, with the maximum subtracted, gr.softmax"
for _, z in ipairs { { 709, 708 }, { 710, 709 }, { -101, -150 } } do
  local row = gr.tensor { z }
  print(row, softmax_as_printed(row), softmax_shifted(row), row:softmax())
end

-- A training that dies. ------------------------------------------------------------------------

local wine = gr.data.wine()
local train, test = gr.data.split(wine.x, wine.y, { test = 0.2, seed = 0 })
local targets = gr.data.one_hot(train.y, 3)

local function train_by_hand(x, x_test, softmax)
  local w, b, losses = gr.zeros(13, 3), gr.zeros(3), {}
  for epoch = 1, run.epochs do
    local a = softmax(x:dot(w) + b)
    local err = a - targets
    w:sub_(x:T():dot(err) / #x)
    b:sub_(err:sum(1) / #x)
    losses[epoch] = -(targets * a:clip(1e-10, 1 - 1e-10):log()):sum() / #x
  end
  return losses[1], losses[2], losses[run.epochs], ((x_test:dot(w) + b):argmax(2) - 1):eq(test.y):mean()
end

print "losses of epochs 1, 2 and the last, test accuracy"
print("fault:  as printed", train_by_hand(train.x, test.x, softmax_as_printed))
-- Finite, but no good: inputs this large make every guess a sure one, and 97 of 142 wrong ones cost 23.03 each.
print("mend:   maximum subtracted", train_by_hand(train.x, test.x, softmax_shifted))
local x, x_test = gr.data.standardize(train.x, test.x)
print("mend:   and scaled", train_by_hand(x, x_test, softmax_shifted))
print("share of class 0 in the test", test.y:eq(0):mean(), "which is what a net of nan scores")

-- By layers: the printed softmax as a layer of its own, and what fit says of it.
local function by_layers(inputs, layers, loss)
  local net = nn.sequential(layers)
  local how = { loss = loss, optimizer = gr.optim.sgd { lr = 1 }, epochs = run.epochs }
  return net, net:fit(inputs, train.y, how).loss[run.epochs]
end

local zeros = { init = nn.init.zeros() }
local _, message = pcall(by_layers, train.x, { nn.dense(13, 3, zeros), softmax_as_printed }, nn.nll())
print("fault:  fit says: " .. message)
local net, loss = by_layers(x, { nn.dense(13, 3, zeros) }, nn.cross_entropy())
print("mend:   by layers", loss, net:score(x_test, test.y))

-- Logarithms: how large can a loss become, when the right class is d below the other? ----------

print "d, loss by 002's +1e-7, 000's clip, nll from probabilities, cross_entropy from scores"
for _, d in ipairs { 0, 10, 20, 100, 1000 } do
  local z = gr.tensor { { 0, d } }
  local a = softmax_shifted(z)[1][1]
  local added, clipped = -math.log(a + 1e-7), -math.log(math.max(a, 1e-10))
  print(d, added, clipped, nn.nll()(z:softmax(), { 0 }):item(), nn.cross_entropy()(z, { 0 }):item())
end
print("fault:  no loss above", -math.log(1e-7), -math.log(1e-10), "and below 0 for a sure hit:", -math.log(1 + 1e-7))
local z = gr.param(gr.tensor { { 0, 1000 } }, "z")
nn.cross_entropy()(z, { 0 }):backward()
print("mend:   cross_entropy from scores needs neither; its gradient at d = 1000 is", z.grad)
run:result { loss = loss, accuracy = net:score(x_test, test.y) }
