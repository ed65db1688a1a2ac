-- Which pixels give 20.1 and 54.2, and what does the bias b = -45 do for them?
-- Document 003, "내적을 사용해 숫자가 가중치에 얼마나 가까운지 계산하기": the average 8 of the first 50,000 MNIST images times image 3 (a 4) and image
-- 18 (an 8). Three things go wrong there, none with an error:
--   pixels   mnist.pkl.gz holds bytes / 256. With the usual / 255 the products are 20.22 and 54.62, not 20.1 and 54.2.
--   order    the code prints the 4's product first, then the 8's; the prose names them as 54.2 and 20.1.
--   bias     sigmoid(54.2) and sigmoid(20.1) are both 1 to eight digits; b = -45 is set by feeling, and is a poor choice.
-- Notice:  compare the figures, not only the picture; count hits at several biases, beside "always no".
-- Mend:    divide by 256 to compare with the document (255 to reach 1.0); choose b on the training images.
-- Run:     gradus experiments/36_fault_pixels.lua
-- Expect:  fault: 20.224 and 54.622, accuracy 0.68278 with b = -45; mend: 20.066 and 54.196; most right 0.9056 with b = -77, where
--          "always no" has 0.90316: so found 8s and false ones must be counted too. About 2 seconds.
-- Needs:   mnist
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "pixels and bias", seed = 0, epochs = 300 }

local part = gr.arange(1, 50001)
local average, mnist = {}, {}
for _, scale in ipairs { 255, 256 } do
  mnist = gr.data.mnist { bytes = true, scale = scale }
  local eights = {}
  for i = 1, 50000 do
    if mnist.train.y[i] == 8 then eights[#eights + 1] = i end
  end
  average = mnist.train.x:take(eights):mean(1)
  local four, eight = average:dot(mnist.train.x[3]), average:dot(mnist.train.x[18])
  print(scale == 255 and "fault: pixels / 255" or "mend:  pixels / 256", "the 4, the 8", four, eight)
end

local function sigmoid(z) return 1 / (1 + math.exp(-z)) end
print("fault: sigmoid(20.1), sigmoid(54.2)", sigmoid(20.1), sigmoid(54.2))
print("mend:  sigmoid(20.1 - 45), sigmoid(54.2 - 45)", sigmoid(20.1 - 45), sigmoid(54.2 - 45))

-- By hand: 8 when the product is above -b. The products once; then each bias costs a comparison. -------

local function products(x) return x:tensor():dot(average) end
local train, test = products(mnist.train.x:subset(part)), products(mnist.test.x)
local train_is, test_is = mnist.train.y:take(part):eq(8), mnist.test.y:eq(8)

local function rates(product, is, b)
  local says = product:gt(-b)
  return says:eq(is):mean(), (says * is):sum() / is:sum(), (says * (1 - is)):sum() / (1 - is):sum()
end

print("", "b", "accuracy", "of the 8s found", "of the others taken for 8")
print("always no", "-inf", rates(train, train_is, -math.huge))
local best, balanced = { accuracy = 0 }, { difference = 0 }
for b = -90, -20 do
  local accuracy, found, taken = rates(train, train_is, b)
  if accuracy > best.accuracy then best = { accuracy = accuracy, b = b } end
  if found - taken > balanced.difference then balanced = { difference = found - taken, b = b } end
end
for _, row in ipairs {
  { "fault: as the document", -45 },
  { "most right", best.b },
  { "8s and others alike", balanced.b },
} do
  print(row[1], row[2], rates(train, train_is, row[2]))
  print("   on the test images", "", rates(test, test_is, row[2]))
end

-- By the library: logistic regression on the products finds scale and bias itself, and still says "no" to nearly all: one
-- number for each image does not tell an 8 from the rest. roc_auc says how well any bias could do (1/2: not at all).
local z_train = gr.data.standardize(train:reshape(-1, 1))
local net = nn.sequential { nn.dense(1, 1, { init = nn.init.ones }) }
net:fit(z_train, train_is:reshape(-1, 1), {
  loss = nn.logistic(),
  optimizer = gr.optim.sgd { lr = 1 },
  epochs = run.epochs,
})
local learned_b = train:mean() - train:std() * (net.layers[1].b[1] / net.layers[1].w[1][1])
print("mend:  bias learned", -learned_b, rates(train, train_is, -learned_b))
print("roc_auc on the test images", gr.metrics.roc_auc(test_is, test))
run:result { b = best.b, accuracy = best.accuracy, learned_b = -learned_b }
