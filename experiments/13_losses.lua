-- How wrong is an answer? The same outputs under every definition of loss that the documents give.
-- Documents 001 (평균제곱오차, CEE), 002 (4.2.1 to 4.2.5), 003 (class MSE), 004 (오차제곱합, 교차 엔트로피 오차).
-- Run:     gradus experiments/13_losses.lua
-- Expect:  0.02507 as the mean of squares (001), 0.0975 and 0.5975 as half their sum (002); cross entropy 0.5108 and
--          2.3026, of the batch 1.7533; and an accuracy without any slope. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "losses", seed = 0 }

local function show(label, value, beside)
  local line = ("  %-54s %-20s %s"):format(label, value, beside or "")
  print(line:match "(.-) *$")
end

print "1. 001: MSE is the mean over the N entries; no half"
local y_pred = gr.tensor { 0.01, 0.02, 0.01, 0.01, 0.5, 0, 0, 0, 0, 0 }
local t = gr.tensor { 0, 0, 0, 0, 1, 0, 0, 0, 0, 0 } -- label 4; the page has lost zeros of both lists
local mse = (0.01 ^ 2 + 0.02 ^ 2 + 0.01 ^ 2 + 0.01 ^ 2 + (0.5 - 1) ^ 2) / 10
local cee = -(t["5:5"] * y_pred["5:5"]:log()):sum()
show("by hand, as spelled out there", mse)
show("nn.mse()", nn.mse()(y_pred, t))
show("cross entropy of the same: -log 0.5", cee)
local page_y = gr.tensor { 0.01, 0.02, 0.05, 0.10, 0.12, 0.05, 0.05, 0.50, 0.00, 0.10 }
show("the page on loss functions: sum of its ten outputs", page_y:sum()) -- 손실함수란
show("  MSE against its t, which is y once more: a slip", nn.mse()(page_y, page_y))
run:result { ["001.loss.mse"] = mse, ["001.loss.cee"] = cee, ["001.loss.y_sum"] = page_y:sum() }

print "2. 002, 003: half the SUM, though called mean squared error (평균 제곱 오차); 004 calls it 오차제곱합 (SSE)"
local function mean_squared_error(y, label) return 0.5 * ((y - label) ^ 2):sum() end

local function left_to_right(y, label)
  local sum = 0
  for i = 1, #y do
    sum = sum + (y[i] - label[i]) ^ 2
  end
  return 0.5 * sum
end

local two = gr.tensor { 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 } -- the right class is 2; two of the page's lists are too short
local hit = gr.tensor { 0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0 } -- 0.6 for class 2
local miss = gr.tensor { 0.1, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.6, 0, 0 } -- 0.6 for class 7
show("2 at 0.6: by hand, by nn.sse()", mean_squared_error(hit, two), nn.sse()(hit, two))
show("2 at 0.1: by hand, by nn.sse()", mean_squared_error(miss, two), nn.sse()(miss, two))
show("  summed from left to right, not as NumPy does", left_to_right(miss, two))
run:result { ["002.mse.hit"] = mean_squared_error(hit, two), ["002.mse.miss"] = mean_squared_error(miss, two) }
run:result { ["004.sse.example"] = nn.sse()(hit, two) }

local MSE = {} -- 003's class
function MSE.loss_function(predictions, labels) return left_to_right(predictions, labels) end

function MSE.loss_derivative(predictions, labels) return predictions - labels end

local predictions, labels = gr.param(gr.tensor { 0.2, 0.9, 0.4 }, "predictions"), gr.tensor { 0, 1, 0 }
local loss = nn.sse()(predictions, labels)
loss:backward()
show("003 for (0.2, 0.9, 0.4): by hand, by nn.sse()", MSE.loss_function(predictions, labels), loss:item())
show("  derivative y - t by hand", MSE.loss_derivative(predictions:detach(), labels))
show("  derivative by backward", predictions.grad)
run:result { ["003.mse.own_example"] = MSE.loss_function(predictions, labels) }

print "3. 교차 엔트로피 오차, with 1e-7 (002 In [8], 004 0068) and without"
local function cross_entropy_error(y, one_hot, delta)
  y, one_hot = y:reshape(-1, 10), one_hot:reshape(-1, 10) -- a single sample becomes a batch of one
  return -(one_hot * (y + delta):log()):sum() / #y
end

local function cross_entropy_of_labels(y, label, delta)
  local sum = 0
  for i = 1, #y do
    sum = sum + math.log(y[i][label[i] + 1] + delta) -- class 0 is in column 1
  end
  return -sum / #y
end

local cee_hit, cee_miss = cross_entropy_error(hit, two, 1e-7), cross_entropy_error(miss, two, 1e-7)
show("2 at 0.6: with 1e-7, and nn.nll() without", cee_hit, nn.nll()(hit, two))
show("2 at 0.1: with 1e-7, and nn.nll() without", cee_miss, nn.nll()(miss, two))
show("one-hot without 1e-7, 002 In [19]: its fault, 0 log 0", cross_entropy_error(hit, two, 0))
local rolled = gr.concat { hit["-1:"], hit["1:9"] } -- np.roll(y, 1)
local batch, both_two = gr.concat { hit:reshape(1, 10), rolled:reshape(1, 10) }, gr.concat { two, two }
local cee_batch = cross_entropy_error(batch, both_two, 1e-7)
show("batch of two, one-hot, with 1e-7", cee_batch)
show("batch of two, labels, with 1e-7", cross_entropy_of_labels(batch, { 2, 2 }, 1e-7))
show("batch of two, labels, without (002 In [20])", cross_entropy_of_labels(batch, { 2, 2 }, 0))
show("nn.nll() of labels", nn.nll()(batch, { 2, 2 }))
show("nn.cross_entropy(), from scores: log y are such", nn.cross_entropy()(batch:log(), { 2, 2 }))
local sure = hit:reshape(1, 10) -- class 3 has 0 in it
show(
  "label 3 at 0: with 1e-7, and without",
  cross_entropy_of_labels(sure, { 3 }, 1e-7),
  cross_entropy_of_labels(sure, { 3 }, 0)
)
show("  nn.nll() holds -log p at 100", nn.nll()(sure, { 3 }))
show("label 2 at 1: with 1e-7 the loss is below 0", cross_entropy_error(two, two, 1e-7))
local y_axis = gr.linspace(0.01, 1, 100)
run:plot("log", gr.plot.line(y_axis, y_axis:log(), { title = "자연로그 y = log x", xlabel = "x", ylabel = "y" }))
run:result { ["002.cee.hit"] = cee_hit, ["002.cee.miss"] = cee_miss, ["004.cee.batch"] = cee_batch }

print "4. Why not the accuracy (002 4.2.5)? 150 irises, one layer, one of its 12 weights nudged"
local iris = gr.data.iris()
local x, W = gr.data.standardize(iris.x), gr.random.normal(0, 1, 4, 3)

local function accuracy(w) return (x:dot(w):argmax(2) - 1):eq(iris.y):mean() end

local function iris_loss(w) return nn.cross_entropy()(x:dot(w), iris.y) end

for _, nudge in ipairs { 0, 0.0001, 0.001, 0.01, 0.1, 0.2, 0.4 } do
  local w = W:clone()
  w[1][1] = w[1][1] + nudge
  print(("  w + %-7g accuracy %-20s loss %s"):format(nudge, accuracy(w), iris_loss(w):item()))
end
print("  slope of the accuracy\n" .. tostring(gr.numerical_gradient(accuracy, W)))
print("  slope of the loss\n" .. tostring(gr.numerical_gradient(iris_loss, W)))
