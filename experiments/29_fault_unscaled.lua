-- How much of the score that document 000 prints for its shuffled SingleLayer is luck?
-- Pages 033 to 038 (and the LogisticNeuron before it): np.random.permutation is never seeded, and the 30 features are
-- taken as they are, some below 0.01, some up to 4254. The large ones decide every step, each sample throws the
-- weights about, and the score depends on which samples come last. 0.912 is one draw.
-- Noticed: other seeds give other scores, and the loss does not settle: it stays near 3, though most samples are
-- right.
-- Mended: seed the order, so that a figure can be had again; standardise the features, and take smaller steps: then
-- the order does not matter.
-- Run:     gradus experiments/29_fault_unscaled.lua [--seeds=10]
-- Expect:  raw: scores from 0.7632 to 0.9386 for seeds 0 to 9, 0.9123 for seed 7; standardised: 0.9386 to 0.9737;
--          with rate 0.01 0.9649 for all ten. Six seconds.
-- Fast:    --seeds=3
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "fault: unscaled", seed = 0, seeds = 10, epochs = 100 }

local cancer = gr.data.breast_cancer()
local train, test = gr.data.split(cancer.x, cancer.y, { test = 0.2, seed = 0 })
local scaled, scaled_test = gr.data.standardize(train.x, test.x)
print("raw: deviations of the features", train.x:std(1):min(), train.x:std(1):max())

-- By hand, as the document writes it; experiment 04 explains it line by line. ------------------

local function activation(z) return 1 / (1 + math.exp(-math.max(z, -100))) end

local function by_hand(x, x_test, seed, lr)
  gr.random.seed(seed)
  local w, b, y, mean_loss = gr.ones(x.shape[2]), 0, train.y:totable(), nil
  for _ = 1, run.epochs do
    local loss = 0
    for _, i in ipairs(gr.random.permutation(#x):totable()) do
      local x_i, y_i = x[i], y[i]
      local a = activation((x_i * w):sum() + b)
      local err = lr * (a - y_i) -- lr is 1 in the document
      w:sub_(x_i * err)
      b = b - err
      a = math.max(1e-10, math.min(a, 1 - 1e-10))
      loss = loss - (y_i * math.log(a) + (1 - y_i) * math.log(1 - a))
    end
    mean_loss = loss / #y
  end
  return (x_test:dot(w) + b):gt(0):eq(test.y):mean(), mean_loss
end

-- By layers: the same steps. The loss is not clipped at 23 a sample there, so only the score can be compared.
local function by_layers(x, x_test, seed, lr)
  local net = nn.sequential { nn.dense(30, 1, { init = nn.init.ones() }) }
  net:fit(x, train.y, {
    loss = nn.logistic(),
    optimizer = gr.optim.sgd { lr = lr },
    batch = 1,
    generator = gr.random.new(seed),
    epochs = run.epochs,
  })
  return net:score(x_test, test.y)
end

local function for_all_seeds(title, x, x_test, lr)
  local scores, losses, layer_scores = {}, {}, {}
  for i = 1, run.seeds do
    scores[i], losses[i] = by_hand(x, x_test, i - 1, lr)
    layer_scores[i] = by_layers(x, x_test, i - 1, lr)
  end
  local s, loss = gr.tensor(scores), gr.tensor(losses)
  print(title, ("score %.4f to %.4f, last loss %.4f to %.4f"):format(s:min(), s:max(), loss:min(), loss:max()))
  print("  by hand", s)
  print("  by layers", gr.tensor(layer_scores))
  return scores, losses
end

local scores, losses = for_all_seeds("fault:  raw features", train.x, test.x, 1)
print("mend:   a seed: 0 gives the same score each time", scores[1], (by_hand(train.x, test.x, 0, 1)))
-- Steps of 1 are still large: they double the last digit's rounding again and again, and by hand and by layers, equal
-- to 1e-12 after 20 epochs, part before the 100th.
for_all_seeds("mend:   standardised", scaled, scaled_test, 1)
for_all_seeds("mend:   standardised, rate 0.01", scaled, scaled_test, 0.01)
run:result {
  ["000.single_layer_sgd.accuracy_seeds_0_9"] = scores,
  ["000.single_layer_sgd.last_loss"] = losses,
}
