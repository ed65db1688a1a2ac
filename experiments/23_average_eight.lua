-- Is an image close to the average 8?  One dot product, one threshold: the simplest network there is; then ten of them.
-- Document 003, 손글씨 숫자 분류: average_digit, predict with and without the bias -45, evaluate; its one-hot table of foods.
-- Run:     gradus experiments/23_average_eight.lua [--bias=-45]
-- Expect:  dot products 20.1 (a 4) and 54.2 (an 8); right by hand and by tensors are 0.68278 of 50,000 training images, 0.6735
--          of the test images and 0.812 of their eights. Ten classes: 0.63 without a bias, 0.82 with one. A second or two.
-- Needs:   mnist
local gr = require "gradus"
local run = gr.run { name = "average eight", seed = 0, bias = -45 }

print "원-핫 인코딩 of Apple, Chicken, Broccoli, which the document numbers from 1; classes count from 0:"
local foods = gr.data.one_hot(gr.tensor { 1, 2, 3 } - 1)
print(foods)

-- The document's mnist.pkl.gz holds the first 50,000 training images, and pixels / 256 where other copies have / 255.
local mnist = gr.data.mnist { scale = 256 }
local x, y, test = mnist.train.x["1:50000"], mnist.train.y["1:50000"], mnist.test

-- By hand, as the document writes it: data is a list of { image, label }. -------------------------------------------------

local function shape_data(images, labels)
  local data = {}
  for i, label in ipairs(labels:totable()) do
    data[i] = { images[i], label }
  end
  return data
end

local function filtered(data, digit)
  local kept = {}
  for _, one in ipairs(data) do
    if one[2] == digit then kept[#kept + 1] = one end
  end
  return kept
end

local function average_digit(data, digit)
  local sum, ones = gr.zeros(784), filtered(data, digit)
  for _, one in ipairs(ones) do
    sum:add_(one[1])
  end
  return sum / #ones
end

local function sigmoid_double(z) return 1 / (1 + math.exp(-z)) end

local function predict(image, W, b) return sigmoid_double(W:dot(image) + b) end

local function evaluate(data, digit, threshold, W, b)
  local correct_predictions = 0
  for _, one in ipairs(data) do
    local yes = predict(one[1], W, b) > threshold
    if yes == (one[2] == digit) then correct_predictions = correct_predictions + 1 end
  end
  return correct_predictions / #data
end

local train_data, test_data = shape_data(x, y), shape_data(test.x, test.y)
local eight_test = filtered(test_data, 8)
local W, b = average_digit(train_data, 8), run.bias
local counts = { #filtered(train_data, 8), #eight_test, W:gt(0.5):sum() }
print("a feature vector has", #x[1])
print("eights in train and test, pixels of the average above 0.5", table.unpack(counts))

run:plot("average 8", gr.plot.image(W:reshape(28, 28), { title = "평균 8" }))
print "the average 8:"
for _, row in ipairs(W:reshape(28, 28):totable()) do
  local line = ""
  for _, v in ipairs(row) do
    line = line .. (" .:-=+*#%@"):sub(v * 10 // 1 + 1, v * 10 // 1 + 1):rep(2)
  end
  print((line:gsub(" +$", "")))
end

-- The prose around this code names the two numbers in the other order; / 255 makes both a little larger.
local x_3, x_18 = x[3], x[18]
local dots = { W:dot(x_3), W:dot(x_18) }
local W_255 = W * 256 / 255
local dots_255 = { W_255:dot(x_3 * 256 / 255), W_255:dot(x_18 * 256 / 255) }
print(("W . x of images 3 and 18, labels %d and %d"):format(y[3], y[18]), table.unpack(dots))
print("the same with pixels / 255", table.unpack(dots_255))
local pair = { sigmoid_double(54.2), sigmoid_double(20.1) }
print("sigmoid of 54.2 and of 20.1: hardly to be told apart", table.unpack(pair))
print("predict with bias " .. b, predict(x_3, W, b), predict(x_18, W, b))

local by_hand = {
  evaluate(train_data, 8, 0.5, W, b),
  evaluate(test_data, 8, 0.5, W, b),
  evaluate(eight_test, 8, 0.5, W, b),
}
print("by hand     train, test, eights of the test", table.unpack(by_hand))

-- By tensors: all images at once. -----------------------------------------------------------------------------------------

-- The ten averages are the columns of a 784 x 10 matrix: a product adds up the images of each class.
local is_digit = gr.data.one_hot(y, 10)
local averages = x:T():dot(is_digit) / is_digit:sum(1)
run:plot(
  "averages",
  gr.plot.images(averages:T(), { size = { 28, 28 }, columns = 5, title = "0에서 9까지의 평균" })
)
local w8 = averages[":, 9"] -- class 8 stands in column 9
print("the average 8 by tensors is the same", w8 == W)

local function right(images, labels) return (images:dot(w8) + b):sigmoid():gt(0.5):eq(labels:eq(8)):mean() end
local found = (test.x:dot(w8) + b):sigmoid():gt(0.5) * test.y:eq(8)
print("by tensors  train, test, eights of the test", right(x, y), right(test.x, test.y), found:sum() / counts[2])

run:result {
  ["003.feature_length"] = #x[1],
  ["003.one_hot.food"] = foods,
  ["003.sigmoid.pair"] = pair,
  ["003.average8.counts"] = counts,
  ["003.average8.dot_x3"] = dots[1],
  ["003.average8.dot_x18"] = dots[2],
  ["003.average8.dot_255"] = dots_255,
  ["003.average8.predict_x3"] = predict(x_3, W, b),
  ["003.average8.predict_x18"] = predict(x_18, W, b),
  ["003.average8.train_accuracy"] = by_hand[1],
  ["003.average8.test_accuracy"] = by_hand[2],
  ["003.average8.eight_accuracy"] = by_hand[3],
}

-- Ten classes: the largest of ten dot products. An average with much ink has a large one with everything; the bias
-- -|w|^2 / 2 makes the largest that of the nearest average, for |x - w|^2 = |x|^2 - 2 (x . w - |w|^2 / 2).
local bias = (averages * averages):sum(1) / -2
local function ten(b10) return (test.x:dot(averages) + b10):argmax(2):eq(test.y + 1):mean() end
print("ten classes, test: without a bias, with -|w|^2 / 2", ten(0), ten(bias))
