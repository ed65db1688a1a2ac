-- Can a network learn digits when its gradient is found by nothing but trying each of its 39,760 numbers?
-- Document 001's SimpleNetwork: 784-50-10 with ReLU, mini-batches of 100, numerical gradient. The document gives neither seed
-- nor rate nor start, so its losses cannot come out. Its loop takes 14.4 s an iteration: the loss twice for each number.
-- gr.numerical_gradient computes the loss four times, and then follows each number through what it touches.
-- Run:     gradus experiments/21_simple_network.lua [--steps=20 --lr=0.5]
-- Needs:   mnist
-- Fast:    --steps=4
-- Expect:  loss from 2.4 down, test accuracy 0.74 after 20 steps, 0.4 s a gradient. Backward, with the same start and
--          batches, gives 0.7487: where a sum lies within h of ReLU's kink, a difference is no derivative. Twenty seconds.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "simple network", seed = 0, hidden = 50, lr = 0.5, batch = 100, steps = 20 }

local mnist = gr.data.mnist()
local train, test = mnist.train, mnist.test

-- By hand: the document's class. ---------------------------------------------------------------

local SimpleNetwork = {}
SimpleNetwork.__index = SimpleNetwork

function SimpleNetwork.new(inputs, hidden, outputs)
  local params = {
    w0 = gr.random.randn(inputs, hidden) * 0.1,
    b0 = gr.zeros(hidden),
    w1 = gr.random.randn(hidden, outputs) * 0.1,
    b1 = gr.zeros(outputs),
  }
  return setmetatable({ params = params }, SimpleNetwork)
end

function SimpleNetwork:predict(x)
  local p = self.params
  local v = x:dot(p.w0) + p.b0 -- (1) affine: 39,250 numbers
  local h = v:maximum(0) -- (2) relu
  return h:dot(p.w1) + p.b1 -- (3) affine: 510 numbers
end

function SimpleNetwork:loss(x, t)
  local y = self:predict(x):softmax() -- (4)
  return -(t * (y + 1e-7):log()):sum() / #x -- (5) cross entropy
end

function SimpleNetwork:accuracy(x, labels) return (self:predict(x):argmax(2) - 1):eq(labels):mean() end

function SimpleNetwork:numerical_gradient(x, t)
  return gr.numerical_gradient(function() return self:loss(x, t) end, self.params)
end

gr.random.seed(run.seed)
local network = SimpleNetwork.new(784, run.hidden, 10)
local start = { w0 = network.params.w0:clone(), w1 = network.params.w1:clone() }
local batches, losses, accuracies, seconds = {}, {}, {}, 0

print "loss = ____ time = ___ n = ___ | [TrainAcc] [TestAcc]"
for n = 1, run.steps do
  local rows = gr.random.choice(#train.x, run.batch)
  local x, labels = train.x:take(rows), train.y:take(rows)
  local t = gr.data.one_hot(labels, 10)
  local began = gr.clock()
  for name, gradient in pairs(network:numerical_gradient(x, t)) do
    network.params[name]:sub_(run.lr * gradient)
  end
  seconds = seconds + gr.clock() - began
  batches[n], losses[n] = { x = x, y = labels }, network:loss(x, t):item()
  accuracies[n] = { network:accuracy(train.x, train.y), network:accuracy(test.x, test.y) }
  local line = "loss = %.4f time = %.4f n = %06d | %.4f %.4f"
  print(line:format(losses[n], seconds, n, accuracies[n][1], accuracies[n][2]))
end
run:plot(
  "loss",
  gr.plot.line(losses, { title = "SimpleNetwork의 손실", xlabel = "n", ylabel = "loss", marks = true })
)
run:result { ["001.forward.loss"] = table.move(losses, 1, 3, 1, {}) }
run:result { ["001.forward.accuracy"] = table.move(accuracies, 1, 3, 1, {}) }

-- What the plain way costs: two calls for each number, here for the 510 of the second layer only. -------

local x, t = batches[1].x, gr.data.one_hot(batches[1].y, 10)
local second = { w1 = network.params.w1, b1 = network.params.b1 }
local function loss() return network:loss(x, t) end
local began = gr.clock()
local plain = gr.numerical_gradient(loss, second, 1e-4, { plain = true })
local each = (gr.clock() - began) / 510
local quick = gr.numerical_gradient(loss, second)
print(("two calls a number: %.1f s for all 39,760"):format(each * 39760))
print("largest difference of the two ways", (plain.w1 - quick.w1):abs():max(), (plain.b1 - quick.b1):abs():max())

-- By layers, with the exact gradient: the same start, the same batches. ------------------------

local net = nn.sequential {
  nn.dense(784, run.hidden, { init = start.w0 }),
  nn.relu(),
  nn.dense(run.hidden, 10, { init = start.w1 }),
}
local optimizer, cross_entropy = gr.optim.sgd { lr = run.lr }, nn.cross_entropy()
optimizer:add(net:parameters())
began = gr.clock()
for _, batch in ipairs(batches) do
  optimizer:zero_grad()
  cross_entropy(net(batch.x), batch.y):backward()
  optimizer:step()
end
print(("by backward: %.4f s for all %d steps"):format(gr.clock() - began, run.steps))
local off = (net.layers[1].w:detach() - network.params.w0):abs():max()
print("accuracy", net:score(test.x, test.y), "largest difference of the weights: ReLU's kinks", off)
