-- When is a network that gets all of its training data right a bad one, and what mends it?
-- Document 004, 0055 to 0064: 정규화, 전처리, 훈련 데이터 and 시험 데이터, 범용 능력, 오버피팅, 추론 without softmax.
-- It has no figures; here 64-500-10 with relu, 37,510 parameters, learns digits from 60 images, by hand and by layers.
-- Run:     gradus experiments/41_overfitting.lua [--rows=60] [--hidden=500]
-- Expect:  from pixels up to 255 it learns nothing at rate 0.5, from the same divided by 255 all; of 60 training images
--          1.0 are right, of 899 others 0.83; with 898 training images 0.97 of those others. Three seconds.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "overfitting", seed = 0, rows = 60, hidden = 500, epochs = 50, batch = 20, lr = 0.5 }

-- The digits have 0 to 16 dots of ink a pixel: here as bytes, as pictures mostly come. On half of them it never trains.
local digits = gr.data.digits()
local bytes = (digits.x * 255 / 16):floor()
local train, test = gr.data.split(bytes, digits.y, { test = 0.5, seed = run.seed })
print("훈련 데이터, 시험 데이터", train.x.shape, test.x.shape, "pixels from, to", bytes:min(), bytes:max())

local function start()
  gr.random.seed(run.seed)
  return gr.random.randn(64, run.hidden) * 0.1, gr.random.randn(run.hidden, 10) * 0.05
end

-- By hand. -----------------------------------------------------------------------------------------------------------

local Net = {}
Net.__index = Net

function Net:scores(x)
  self.z1 = gr.relu(x:dot(self.w1) + self.b1)
  return self.z1:dot(self.w2) + self.b2
end

function Net:step(x, t, lr)
  local dy = (gr.softmax(self:scores(x)) - t) / #x
  local dz1 = dy:dot(self.w2:T()) * self.z1:gt(0)
  self.w2:sub_(lr * self.z1:T():dot(dy))
  self.b2:sub_(lr * dy:sum(1))
  self.w1:sub_(lr * x:T():dot(dz1))
  self.b1:sub_(lr * dz1:sum(1))
end

local function by_hand(x, y, lr, look)
  local w1, w2 = start()
  local net = setmetatable({ w1 = w1, b1 = gr.zeros(run.hidden), w2 = w2, b2 = gr.zeros(10) }, Net)
  for epoch = 1, run.epochs do
    for x_batch, t_batch in gr.data.batches(x, gr.data.one_hot(y, 10), run.batch) do
      net:step(x_batch, t_batch, lr)
    end
    if look then look(epoch, net) end
  end
  return net
end

-- By layers. ---------------------------------------------------------------------------------------------------------

local function by_layers(x, y, lr)
  local w1, w2 = start()
  local net =
    nn.sequential { nn.dense(64, run.hidden, { init = w1 }), nn.relu(), nn.dense(run.hidden, 10, { init = w2 }) }
  net:fit(x, y, {
    loss = nn.cross_entropy(),
    optimizer = gr.optim.sgd { lr = lr },
    batch = run.batch,
    epochs = run.epochs,
    shuffle = false, -- split has shuffled the rows
  })
  return net
end

local function accuracy(net, x, y) return net:scores(x):argmax(2):eq(y + 1):mean() end

local function loss(net, x, y) return nn.cross_entropy()(net:scores(x), y):item() end

print "1. 정규화 as 전처리 (0056, 0057): all 898 training images; the accuracy in training and test"
local x, x_test = train.x / 255, test.x / 255
local function compare(label, inputs, test_inputs, lr)
  local reached = {}
  for i, way in ipairs { by_hand, by_layers } do
    local net = way(inputs, train.y, lr)
    reached[i] = ("%.4f %.4f"):format(accuracy(net, inputs, train.y), accuracy(net, test_inputs, test.y))
  end
  print(("  %-24s by hand %s, by layers %s"):format(label, table.unpack(reached)))
end
compare("0 to 255, rate 0.5", train.x, test.x, 0.5)
compare("0 to 255, rate 0.00001", train.x, test.x, 0.00001)
compare("0 to 1,   rate 0.5", x, x_test, 0.5)
print "  A step changes a score by the rate times the inputs squared: 255^2 = 65,025 times as much. So small a rate"
print "  learns, but not as well: the biases and the starting weights are those for inputs near 1. fit warns of this."

print(("2. 오버피팅 (0062 to 0064): %d training images for %d parameters"):format(run.rows, 75 * run.hidden + 10))
print "  epoch   accuracy: training, test    loss: training, test"
local few, few_y = x["1:" .. run.rows], train.y["1:" .. run.rows]
local curves = { {}, {} }
local learned = by_hand(few, few_y, run.lr, function(epoch, net)
  local right, right_test = accuracy(net, few, few_y), accuracy(net, x_test, test.y)
  curves[1][epoch], curves[2][epoch] = right, right_test
  if epoch > 3 and epoch ~= 5 and epoch % 10 ~= 0 then return end
  local line = "  %-16d  %.4f  %.4f            %.4f  %.4f"
  print(line:format(epoch, right, right_test, loss(net, few, few_y), loss(net, x_test, test.y)))
end)
local labels =
  { title = "오버피팅", xlabel = "epoch", ylabel = "accuracy", legend = { "훈련 데이터", "시험 데이터" } }
labels.ylim, labels.dashed = { 0, 1.02 }, { 2 }
run:plot("accuracy", gr.plot.line(curves, labels))
local net = by_layers(few, few_y, run.lr)
print("  by hand, by layers, test", accuracy(learned, x_test, test.y), net:score(x_test, test.y))
run:result { few_train = net:score(few, few_y), few_test = net:score(x_test, test.y) }

print "3. 범용 능력 (0063): more data mends it; accuracy in training and test"
local by_rows = {}
for i, rows in ipairs { run.rows, 120, 240, 480, #x } do
  local some, some_y = x["1:" .. rows], train.y["1:" .. rows]
  local fitted = by_layers(some, some_y, run.lr)
  by_rows[i] = fitted:score(x_test, test.y)
  print(("  %3d training images: %.4f %.4f"):format(rows, fitted:score(some, some_y), by_rows[i]))
end
run:result { test_by_rows = by_rows }

print "4. 추론 (0055): the largest score has the largest share, so softmax can be left out where the class is enough"
local scores, found = net:scores(x_test), net:predict(x_test)
local same = gr.softmax(scores):argmax(2):eq(scores:argmax(2)):sum()
print(
  ("  the same class with and without for %d of %d images; net:predict takes none"):format(same, #scores),
  found["1:8"]
)
run:result { same_class = same }
