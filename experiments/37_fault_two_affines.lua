-- Do two layers without an activation between them do more than one?
-- Document 003, "만약 한 층을 더 추가하면": another layer is written z1 = W1 x + b1, y = W2 z1 + b2; the sigmoid between them is left out.
-- Then y = (W2 W1) x + (W2 b1 + b2): two affine maps are one, whatever the number of hidden units.
-- Notice:  the network learns nothing that a single layer cannot: on XOR all outputs end at 1/2, the loss at 1/8.
-- Mend:    z1 = sigmoid(W1 x + b1), as the document's own code and its picture of the forward pass have it.
-- Run:     gradus experiments/37_fault_two_affines.lua [--epochs=3000] [--hidden=4]
-- Expect:  one affine map gives the same outputs to 4e-15; XOR without activation: loss 0.125, outputs 0.5; with a sigmoid:
--          loss 1.496e-06, outputs near 0 1 1 0; by hand and by layers the same. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "two affine maps", seed = 0, hidden = 4, epochs = 3000, rate = 0.1 }

-- Two maps and the one that they are. -------------------------------------------------------------

local randn = gr.random.randn
local w1, b1, w2, b2 = randn(5, 3), randn(5, 1), randn(2, 5), randn(2, 1)
local x = randn(3, 100)
local both = w2:dot(w1:dot(x) + b1) + b2
local one = w2:dot(w1):dot(x) + (w2:dot(b1) + b2)
print("fault: W2 (W1 x + b1) + b2 against (W2 W1) x + (W2 b1 + b2), largest difference", (both - one):abs():max())
print("       W1, b1, W2, b2 hold 32 numbers; W2 W1 and W2 b1 + b2 hold 8, and say the same")
local function sigmoid(z) return 1 / (1 + (-z):exp()) end
local bent = w2:dot(sigmoid(w1:dot(x) + b1)) + b2
print("mend:  with a sigmoid between them, largest difference from that one map", (bent - one):abs():max())

-- XOR by hand: columns are samples; the loss is half the square, the mean over the four. -------------

local inputs, targets = gr.tensor { { 0, 0, 1, 1 }, { 0, 1, 0, 1 } }, gr.tensor { { 0, 1, 1, 0 } }

local none = { f = function(z) return z end, slope = function() return 1 end, layer = nn.identity }
local bend = { f = sigmoid, slope = function(a) return a * (1 - a) end, layer = nn.sigmoid }

local function start(m, n) return n and gr.random.randn(n, m):T():clone() or gr.zeros(m) end

local function by_hand(activation)
  gr.random.seed(run.seed)
  local v1, c1 = gr.random.randn(run.hidden, 2), gr.zeros(run.hidden, 1)
  local v2, c2 = gr.random.randn(1, run.hidden), gr.zeros(1, 1)
  for _ = 1, run.epochs do
    local a = activation.f(v1:dot(inputs) + c1)
    local delta = (v2:dot(a) + c2 - targets) / 4
    local hidden = v2:T():dot(delta) * activation.slope(a)
    v2:sub_(run.rate * delta:dot(a:T()))
    c2:sub_(run.rate * delta:sum(2, true))
    v1:sub_(run.rate * hidden:dot(inputs:T()))
    c1:sub_(run.rate * hidden:sum(2, true))
  end
  return (v2:dot(activation.f(v1:dot(inputs) + c1)) + c2):flatten()
end

-- By layers: samples are rows. ---------------------------------------------------------------------

local function by_layers(activation)
  gr.random.seed(run.seed)
  local hidden = nn.dense(2, run.hidden, { init = start })
  local net = nn.sequential { hidden, activation.layer(), nn.dense(run.hidden, 1, { init = start }) }
  net:fit(inputs:T(), targets:T(), { loss = nn.sse(), optimizer = gr.optim.sgd { lr = run.rate }, epochs = run.epochs })
  return net:scores(inputs:T()):flatten()
end

for _, case in ipairs { { "fault: no activation", none }, { "mend:  sigmoid", bend } } do
  for _, way in ipairs { { "by hand", by_hand }, { "by layers", by_layers } } do
    local outputs = way[2](case[2])
    local loss = 0.5 * ((outputs - targets:flatten()) ^ 2):mean()
    print(case[1], way[1], "loss", loss, "outputs", outputs)
    run:result { [case[1] .. " " .. way[1]] = loss }
  end
end
