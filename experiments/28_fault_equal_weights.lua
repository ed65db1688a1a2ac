-- What are ten hidden units worth when all weights start at 1?
-- Document 000, page 065, DualLayer.init_weights: w1 and w2 are ones. Units that start equal get equal gradients, so
-- they stay equal for ever, and the net can do no more than one unit.
-- Noticed: all columns of w1 are the same after training, but for rounding (2e-12), and one hidden unit reaches the
-- same loss to 12 digits: with w2 = 10 at the start, a step of 10 for w2 and of 1/10 for w1 and b1, since ten equal
-- units move as one.
-- Mended: a random start, as the document's RandomInitNetwork (page 069) has it; any start that tells the units apart
-- does.
-- Run:     gradus experiments/28_fault_equal_weights.lua [--epochs=1000]
-- Expect:  last loss 0.0688368213390 for ten units and for one; 0.0209661173117 from the random start. Under a
--          second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fault: equal weights", seed = 0, units = 10, epochs = 1000 }

local cancer = gr.data.breast_cancer()
local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })
local x, x_test = gr.data.standardize(train.x, test.x)
local y = train.y:reshape(-1, 1)

--- Trains like the document's DualLayer, by hand: w1 and b1 take steps of `hidden_rate`, w2 of `output_rate`.
local function by_hand(w1, w2, hidden_rate, output_rate)
  local b1, b2, m, loss = gr.zeros(w1.shape[2]), 0, #x, nil
  for _ = 1, run.epochs do
    local a1 = (x:dot(w1) + b1):sigmoid()
    local a2 = (a1:dot(w2) + b2):sigmoid()
    local err = a2 - y
    local err_to_hidden = err:dot(w2:T()) * a1 * (1 - a1)
    w1:sub_(x:T():dot(err_to_hidden) * (hidden_rate / m))
    b1:sub_(err_to_hidden:sum(1) * (hidden_rate / m))
    w2:sub_(a1:T():dot(err) * (output_rate / m))
    b2 = b2 - err:sum() / m
    a2 = a2:clip(1e-10, 1 - 1e-10)
    loss = -(y * a2:log() + (1 - y) * (1 - a2):log()):sum() / m
  end
  local scores = ((x_test:dot(w1) + b1):sigmoid():dot(w2) + b2):flatten()
  return loss, scores:gt(0):eq(test.y):mean()
end

--- How far the units lie apart: the largest difference from the first, and the second singular value over the first,
--- which is 0 when all columns follow one direction.
local function apart(w1)
  local _, s = gr.linalg.svd(w1)
  return (w1 - w1[":, 1:1"]):abs():max(), s[2] / s[1]
end

print "last loss, test accuracy; largest difference between columns of w1, second singular value / first"
local w1 = gr.ones(30, run.units)
local loss, accuracy = by_hand(w1, gr.ones(run.units, 1), 1, 1)
print("fault:  ten units from ones", loss, accuracy, apart(w1))

local one_loss, one_accuracy = by_hand(gr.ones(30, 1), gr.full({ 1, 1 }, run.units), 1 / run.units, run.units)
print("fault:  one unit, w2 = 10", one_loss, one_accuracy)

gr.random.seed(run.seed)
w1 = gr.random.normal(0, 1, 30, run.units)
local random_loss, random_accuracy = by_hand(w1, gr.random.normal(0, 1, run.units, 1), 1, 1)
print("mend:   ten random units", random_loss, random_accuracy, apart(w1))

-- By layers. -----------------------------------------------------------------------------------

local function by_layers(title, init)
  gr.random.seed(run.seed)
  local hidden = nn.dense(30, run.units, { init = init })
  local net = nn.sequential { hidden, nn.sigmoid(), nn.dense(run.units, 1, { init = init }) }
  local history =
    net:fit(x, train.y, { loss = nn.logistic(), optimizer = gr.optim.sgd { lr = 1 }, epochs = run.epochs })
  print(title, history.loss[run.epochs], net:score(x_test, test.y), apart(hidden.w:detach()))
end

by_layers("fault:  ones, by layers", nn.init.ones())
by_layers("mend:   random, by layers", nn.init.normal())
-- The library's own start (Glorot's) needs no standard deviation to be chosen.
by_layers("mend:   glorot_uniform", nn.init.glorot_uniform())
run:result { loss_of_ten_equal = loss, loss_of_one = one_loss, loss_of_random = random_loss }
