-- Do layers written by hand find the right gradients?
-- Document 001, 오차역전파 (backpropagation): its classes Relu, Sigmoid, Affine and SoftmaxWithLoss, forward and
-- backward, each checked against the library's gradient and against central differences; then put together, beside the
-- same net by nn.
-- Run:     gradus experiments/19_layer_classes.lua
-- Expect:  differences of 1e-15 or less from the library, of 1e-9 or less from central differences; Affine's gradients
--          in the shapes of what they belong to. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "layer classes", seed = 0 }
gr.random.seed(run.seed)

-- By hand: forward keeps what backward needs; backward takes dL/dy, called dout, and gives dL/dx. ------------------

local function new(class, fields) return setmetatable(fields or {}, class) end

local Relu = {}
Relu.__index = Relu

function Relu:forward(x)
  self.mask = x:gt(0) -- 1 where x passes, else 0
  return x * self.mask
end

function Relu:backward(dout) return dout * self.mask end

local Sigmoid = {}
Sigmoid.__index = Sigmoid

function Sigmoid:forward(x)
  self.out = 1 / (1 + (-x):exp())
  return self.out
end

function Sigmoid:backward(dout) return dout * self.out * (1 - self.out) end

local Affine = {}
Affine.__index = Affine

function Affine:forward(x)
  self.x = x
  return x:dot(self.w) + self.b
end

function Affine:backward(dout)
  self.dw, self.db = self.x:T():dot(dout), dout:sum(1)
  return dout:dot(self.w:T())
end

local SoftmaxWithLoss = {}
SoftmaxWithLoss.__index = SoftmaxWithLoss

-- Without the usual 1e-7 inside the logarithm: y - t is the gradient of exactly this.
function SoftmaxWithLoss:forward(x, t)
  self.y, self.t = gr.softmax(x), t
  return -(t * self.y:log()):sum() / #x
end

function SoftmaxWithLoss:backward() return (self.y - self.t) / #self.t end

-- The shapes of the document's Affine page: X (1,2), W (2,3), Y (1,3), and back.
local affine = new(Affine, { w = gr.random.rand(2, 3), b = gr.random.rand(3) })
local page_x = gr.random.rand(1, 2)
print("Affine X, W, B, Y", page_x.shape, affine.w.shape, affine.b.shape, affine:forward(page_x).shape)
print("dL/dX, dL/dW, dL/dB", affine:backward(gr.ones(1, 3)).shape, affine.dw.shape, affine.db.shape)

-- Each class alone. L is the sum of y times dout, so that dL/dy is dout. -------------------------------------------

local function far(a, b) return (a - b):abs():max() end

-- loss(at) is L by the library's own operators.
local function compare(label, by_hand, at, loss)
  local p = gr.param(at:clone())
  loss(p):backward()
  print(label, far(by_hand, p.grad), far(by_hand, gr.numerical_gradient(loss, at)))
end

print "gradients by hand are off by at most (from the library's; from central differences)"
local x, dout = gr.random.randn(6, 4), gr.random.randn(6, 4)
local relu, sigmoid = new(Relu), new(Sigmoid)
relu:forward(x)
compare("  Relu dx", relu:backward(dout), x, function(z) return (gr.relu(z) * dout):sum() end)
sigmoid:forward(x)
compare("  Sigmoid dx", sigmoid:backward(dout), x, function(z) return (gr.sigmoid(z) * dout):sum() end)

local w, b = gr.random.randn(4, 4), gr.random.randn(4)
affine = new(Affine, { w = w, b = b })
affine:forward(x)
compare("  Affine dx", affine:backward(dout), x, function(z) return (gr.affine(z, w, b) * dout):sum() end)
compare("  Affine dw", affine.dw, w, function(z) return (gr.affine(x, z, b) * dout):sum() end)
compare("  Affine db", affine.db, b, function(z) return (gr.affine(x, w, z) * dout):sum() end)

local cross_entropy, last = nn.cross_entropy(), new(SoftmaxWithLoss)
local labels = gr.tensor { 3, 0, 2, 1, 1, 2 }
local t = gr.data.one_hot(labels, 4)
print("  SoftmaxWithLoss, nn.cross_entropy: the loss", last:forward(x, t), cross_entropy(x, labels):item())
compare("  SoftmaxWithLoss dx", last:backward(), x, function(z) return cross_entropy(z, labels) end)

-- Put together, 4-5-4: what each class hands back is the dout of the one before it. ---------------------------------

local function put_together(title, middle, activation)
  local first = new(Affine, { w = gr.random.randn(4, 5), b = gr.random.randn(5) })
  local second = new(Affine, { w = gr.random.randn(5, 4), b = gr.random.randn(4) })
  local loss = last:forward(second:forward(middle:forward(first:forward(x))), t)
  first:backward(middle:backward(second:backward(last:backward())))

  local dense1 = nn.dense(4, 5, { init = first.w, bias_init = first.b, name = "first" })
  local dense2 = nn.dense(5, 4, { init = second.w, bias_init = second.b, name = "second" })
  local net = nn.sequential { dense1, activation, dense2 }
  local loss_by_nn = cross_entropy(net(x), labels)
  loss_by_nn:backward()
  print(title .. ": loss by hand, by nn", loss, loss_by_nn:item())
  print("  first dw, db are off by at most", far(first.dw, dense1.w.grad), far(first.db, dense1.b.grad))
  print("  second dw, db are off by at most", far(second.dw, dense2.w.grad), far(second.db, dense2.b.grad))
  print("  " .. tostring(gr.check.gradients(function() return cross_entropy(net(x), labels) end, net:parameters())))
end

put_together("Affine, Relu, Affine, SoftmaxWithLoss", relu, nn.relu())
put_together("Affine, Sigmoid, Affine, SoftmaxWithLoss", sigmoid, nn.sigmoid())
