-- What does training add to ten averages, before there is any second layer?
-- Document 003, "1차원 이상의 결과를 갖는 신경망": y = sigmoid(W x + b), W of 10 x 784, between the average 8
-- (experiment 23) and the deep network (24); 지역 최솟값과 전역 최솟값, 경사하강법과 확률적 경사하강법, sigmoid_prime.
-- Run:     gradus experiments/42_one_layer.lua [--passes=5] [--lr=1.0]
-- Fast:    --passes=1
-- Needs:   mnist
-- Expect:  of 10,000 test images 0.82 are right by ten averages, 0.915 by one trained layer, by hand or by layers; 5
--          passes over all samples at once end at a loss of 0.44, in mini-batches at 0.09 and 0.08. 5 seconds.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "one layer", seed = 0, passes = 5, lr = 1.0 }

print "1. sigmoid_prime: sigmoid(x) (1 - sigmoid(x)), by differences, by backward"
local function sigmoid(z) return 1 / (1 + gr.exp(-z)) end

for _, x in ipairs { -5, -1, 0, 1, 5, 20.1 } do
  local at, y = gr.param(x, "x"), sigmoid(x)
  gr.sigmoid(at):backward()
  print(("  %5g  %.10f  %.10f  %.10f"):format(x, y * (1 - y), gr.numerical_gradient(sigmoid, x), at.grad:item()))
end
print "  It is 1/4 at most, and nearly 0 at the average 8's 20.1: from such scores next to nothing is learned."

print "2. 지역 최솟값과 전역 최솟값: x^4 - 3 x^2 + x has a local one at 1.131, the global one at -1.301"
local function hills(x) return x ^ 4 - 3 * x ^ 2 + x end

local function descend(x, lr) -- by hand
  for _ = 1, 500 do
    x = x - lr * (4 * x ^ 3 - 6 * x + 1)
  end
  return x
end

local function by_sgd(start, lr)
  local x, optimizer = gr.param(start, "x"), gr.optim.sgd { lr = lr }
  optimizer:add { x }
  for _ = 1, 500 do
    optimizer:zero_grad()
    hills(x):backward()
    optimizer:step()
  end
  return x:item()
end

for _, case in ipairs { { -2, 0.01 }, { 0.1, 0.01 }, { 0.2, 0.01 }, { 2, 0.01 }, { 2, 0.1 }, { 2, 0.15 } } do
  local x = descend(table.unpack(case))
  local line = "  from %4g at rate %4g to %.4f, by sgd %.4f, where it has %.4f"
  print(line:format(case[1], case[2], x, by_sgd(table.unpack(case)), hills(x)))
end
print "  The hilltop between them is at 0.170; a long step may leap over it, and a longer one never settles."

local axis = gr.linspace(-2.2, 2, 169)
run:plot("minima", gr.plot.line(axis, hills(axis), { title = "지역 최솟값과 전역 최솟값", xlabel = "x" }))

print "3. 784 inputs, ten outputs: accuracy on the test images"
local mnist = gr.data.mnist { scale = 256 } -- the document's pixels
local x, y, test = mnist.train.x["1:50000"], mnist.train.y["1:50000"], mnist.test
local t = gr.data.one_hot(y, 10)

local function predict(net, inputs) return sigmoid(net.W:dot(inputs:T()) + net.b) end -- samples are columns

local function loss(net) return 0.5 * ((predict(net, x) - t:T()) ^ 2):sum() / #x end

local function accuracy(net) return predict(net, test.x):argmax(1):eq(test.y + 1):mean() end

local averages = (x:T():dot(t) / t:sum(1)):T()
local ten = { W = averages, b = (averages * averages):sum(2, true) / -2 } -- experiment 23 explains this bias
local scores = ten.W:dot(test.x:T()) + ten.b
local by_scores = scores:argmax(1):eq(test.y + 1):mean()
print("  ten averages, by their scores", by_scores)
print("  by sigmoids, of which many are 1 exactly", accuracy(ten))

-- By hand: delta is that of half the squared error behind a sigmoid; dW = delta x^T, db = delta, summed over the batch.
local function step(net, x_batch, t_batch)
  local out = predict(net, x_batch)
  local delta = (out - t_batch:T()) * (out * (1 - out))
  net.W:sub_(run.lr / #x_batch * delta:dot(x_batch))
  net.b:sub_(run.lr / #x_batch * delta:sum(2, true))
end

local function by_hand(size)
  local net, losses = { W = gr.zeros(10, 784), b = gr.zeros(10, 1) }, {}
  for pass = 1, run.passes do
    for x_batch, t_batch in gr.data.batches(x, t, size) do
      step(net, x_batch, t_batch)
    end
    losses[pass] = loss(net)
  end
  return accuracy(net), losses, net
end

local function by_layers(size)
  local net = nn.sequential { nn.dense(784, 10, { init = nn.init.zeros() }), nn.sigmoid() }
  net:fit(x, t, {
    loss = nn.sse(),
    optimizer = gr.optim.sgd { lr = run.lr },
    batch = size,
    epochs = run.passes,
    shuffle = false,
  })
  return net:score(test.x, test.y)
end

local trained
local curves, names = {}, { "경사하강법", "미니배치 100", "미니배치 10" }
for i, size in ipairs { #x, 100, 10 } do
  local right, losses
  right, losses, trained = by_hand(size)
  local title = size == #x and "경사하강법, all samples in each step"
    or "확률적 경사하강법, mini-batches of " .. size
  print(("  %s; steps in a pass: %d"):format(title, #x // size))
  print("    loss after each pass", gr.tensor(losses))
  print("    right, by hand, by layers", right, by_layers(size))
  run:result { ["losses." .. size] = losses, ["accuracy." .. size] = right }
  curves[i] = losses
end
local labels = {
  title = "경사하강법과 확률적 경사하강법",
  xlabel = "epoch",
  ylabel = "loss",
  legend = names,
  marks = true,
}
run:plot("loss", gr.plot.line(curves, labels))
print "  A pass costs about the same each way: small batches make more steps of it."
local is_eight = test.y:eq(8)
local function right_of_eight(positive) return positive:eq(is_eight):mean() end
local by_average = right_of_eight((test.x:dot(averages[9]) - 45):gt(0)) -- class 8 is row 9; experiment 23's bias
local by_output = right_of_eight(predict(trained, test.x)[9]:gt(0.5))
print("  8 or not: by output 8, by the average 8, `always no`", by_output, by_average, right_of_eight(is_eight * 0))
run:result { averages = by_scores, eight = by_output }
