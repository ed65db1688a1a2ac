-- Can 100 hidden units tell ten kinds of clothes apart?
-- Document 000's MultiClassNetwork on Fashion-MNIST: 784-100-10, 60,000 images as one batch, step 1.
-- Run:     gradus experiments/06_fashion.lua [--epochs=100]
-- Needs:   fashion_mnist
-- Fast:    --epochs=3
-- Expect:  after 100 epochs, by hand, test accuracy 0.6959 and loss 1.03237667490; by layers a better figure, because the
--          output bias learns there. A minute or two by hand, about as long by layers.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fashion", seed = 0, units = 100, epochs = 100 }

local class_name = {
  "티셔츠/윗도리",
  "바지",
  "스웨터",
  "드레스",
  "코트",
  "샌들",
  "셔츠",
  "스니커즈",
  "가방",
  "앵클부츠",
}
local fashion = gr.data.fashion_mnist() -- pixels / 255
local train, test = fashion.train, fashion.test
print("images", train.x.shape, "first labels", train.y["1:5"], "labels", train.y:unique())
local function picture(x, title) return gr.plot.image(x:reshape(28, 28), { title = title }) end
run:plot("first", picture(train.x[1], class_name[train.y[1] + 1]))
local one_hot = gr.data.one_hot(train.y, 10)
local columns = gr.concat { one_hot["1:3"], one_hot["-3:-1"] }:argmax(2) - 1 -- which column has the 1, from 0
print("columns of the first and last three labels", columns)
run:result { ["000.fashion.shape"] = { train.x.shape[1], train.x.shape[2] }, ["000.fashion.labels5"] = train.y["1:5"] }
run:result { ["000.fashion.classes"] = train.y:unique(), ["000.fashion.one_hot"] = columns }

-- By hand, as the document writes it. ----------------------------------------------------------

local MultiClassNetwork = {}
MultiClassNetwork.__index = MultiClassNetwork

-- add_ and mul_ change a fresh result in place: 48 MB less to write each time.
local function sigmoid(z) return 1 / z:clip(-100):mul_(-1):exp():add_(1) end

-- Clipped from below only, and no maximum subtracted: scores above 709 would overflow.
local function softmax(z)
  local exp_z = z:clip(-100):exp()
  return exp_z / exp_z:sum(2, true)
end

function MultiClassNetwork:forpass(x)
  self.a1 = sigmoid(x:dot(self.w1):add_(self.b1))
  return self.a1:dot(self.w2) + self.b2
end

-- b2_grad is one number, the sum over all classes: errors cancel in it, and the output bias never learns.
function MultiClassNetwork:backprop(x, err)
  local m = #x
  local w2_grad, b2_grad = self.a1:T():dot(err) / m, err:sum() / m
  local err_to_hidden = err:dot(self.w2:T()):mul_(self.a1):mul_(1 - self.a1)
  return x:T():dot(err_to_hidden) / m, err_to_hidden:sum(1) / m, w2_grad, b2_grad
end

function MultiClassNetwork:training(x, y)
  local a = softmax(self:forpass(x))
  local w1_grad, b1_grad, w2_grad, b2_grad = self:backprop(x, -(y - a))
  self.w1:sub_(w1_grad)
  self.b1:sub_(b1_grad)
  self.w2:sub_(w2_grad)
  self.b2:sub_(b2_grad)
  return a
end

function MultiClassNetwork:fit(x, y, epochs)
  for epoch = 1, epochs do
    local a = self:training(x, y):clip(1e-10, 1 - 1e-10)
    self.losses[epoch] = (-y * a:log()):sum() / #x
  end
end

function MultiClassNetwork:predict(x) return self:forpass(x):argmax(2) - 1 end

gr.random.seed(run.seed)
local hand = setmetatable({
  w1 = gr.random.normal(0, 1, 784, run.units),
  b1 = gr.zeros(run.units),
  w2 = gr.random.normal(0, 1, run.units, 10),
  b2 = gr.zeros(10),
  losses = {},
}, MultiClassNetwork)
hand:fit(train.x, one_hot, run.epochs)
local guesses = hand:predict(test.x)
local accuracy = guesses:eq(test.y):mean()
print("by hand    accuracy, last loss, largest |b2|", accuracy, hand.losses[run.epochs], hand.b2:abs():max())
local guess = hand:predict(test.x["1:1"])[1]
local guess_name, real_name = "예측 : " .. class_name[guess + 1], "실제 : " .. class_name[test.y[1] + 1]
print(guess_name, real_name)
run:plot("prediction", picture(test.x[1], guess_name .. ", " .. real_name))
run:plot(
  "loss",
  gr.plot.line(hand.losses, { title = "MultiClassNetwork의 손실", xlabel = "epoch", ylabel = "loss" })
)
run:plot(
  "confusion",
  gr.plot.confusion(test.y, guesses, { classes = class_name, title = "시험 데이터: 오차 행렬" })
)

local losses = {}
for _, epoch in ipairs { 1, 2, 3, 10, 20, 50, 100 } do
  losses[#losses + 1] = hand.losses[epoch]
end
run:result { ["000.multiclass.losses"] = losses, ["000.multiclass.b2"] = hand.b2:abs():max() }
if run.epochs == 100 then -- what the document prints
  run:result { ["000.multiclass.accuracy"] = accuracy, ["000.multiclass.last_loss"] = losses[7] }
  run:result { ["000.multiclass.first_test"] = { guess, test.y[1] } }
end

-- By layers: the same start, rate and number of epochs. ----------------------------------------

gr.random.seed(run.seed)
local net = nn.sequential {
  nn.dense(784, run.units, { init = nn.init.normal() }),
  nn.sigmoid(),
  nn.dense(run.units, 10, { init = nn.init.normal() }),
}
local history = net:fit(train.x, train.y, {
  loss = nn.cross_entropy(),
  optimizer = gr.optim.sgd { lr = 1 },
  epochs = run.epochs,
})
accuracy = net:score(test.x, test.y)
local largest_b2 = net.layers[3].b:detach():abs():max()
print("by layers  accuracy, last loss, largest |b2|", accuracy, history.loss[run.epochs], largest_b2)
run:result { accuracy = accuracy }
