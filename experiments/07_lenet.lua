-- How much better do convolutions tell clothes apart than a dense layer?
-- LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998) with rectifiers, max pooling and 61,706 weights, on Fashion-MNIST, where
-- 784-100-10 (06_fashion) comes to 0.70 in a hundred steps over all images.
-- Run:     gradus --f32 experiments/07_lenet.lua [--epochs=5 --batch=64 --lr=0.002]
-- Needs:   fashion_mnist
-- Fast:    --epochs=1 --batch=256
-- Expect:  test accuracy 0.85 or so after the first epoch, 0.896 after the fifth (0.89 to 0.90 by seed, rate and type of numbers).
--          Five seconds an epoch; without --f32 twice as long.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "lenet", seed = 0, lr = 0.002, batch = 64, epochs = 5 }
gr.random.seed(run.seed)

local fashion = gr.data.fashion_mnist() -- pixels / 255, a row an image
local train, test = fashion.train, fashion.test

local net = nn.sequential {
  function(x) return x:reshape(-1, 1, 28, 28) end,
  nn.conv2d(1, 6, 5, { padding = 2 }), -- 28 x 28
  nn.relu(),
  nn.max_pool2d(2), -- 14 x 14
  nn.conv2d(6, 16, 5), -- 10 x 10
  nn.relu(),
  nn.max_pool2d(2), -- 5 x 5
  nn.flatten(),
  nn.dense(400, 120),
  nn.relu(),
  nn.dense(120, 84),
  nn.relu(),
  nn.dense(84, 10),
}
net:summary()

net:fit(train.x, train.y, {
  loss = nn.cross_entropy(),
  optimizer = gr.optim.adam { lr = run.lr },
  batch = run.batch,
  epochs = run.epochs,
  on_epoch = function(e) print("epoch, loss, test accuracy", e.epoch, e.loss, net:score(test.x, test.y)) end,
})
run:result { accuracy = net:score(test.x, test.y) }
