-- Can a net add two numbers that stand far apart in a sequence?
-- The adding problem (Hochreiter & Schmidhuber 1997, section 5.4), asked as yes or no: at each of 40 steps come a number from
-- -1..1 and a mark; two steps, anywhere, have mark 1, the others 0. Is the sum of the two marked numbers above zero?
-- An LSTM (2-16-1) reads step by step; a dense net (80-15-1) with as many weights sees all steps at once. Both train alike on
-- 5000 sequences. Nothing is hidden from the dense net, but it has to learn each of the 40 places by itself, where the LSTM
-- has one rule for all: it learns its sequences by heart. With --units=1500, a hundred times the weights, it does so fully.
-- Run:     gradus experiments/08_sequence.lua [--epochs=20 --steps=40 --units=15]
-- Expect:  on new sequences the LSTM is right in 0.97 (from 0.96 to 0.99 by seed), the dense net in 0.60 (0.73 with 1500 units),
--          where guessing gives 0.5. On sequences twice as long, for which the dense net has no weights, the LSTM
--          still is in 0.95. Five seconds.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "sequence", seed = 0, steps = 40, hidden = 16, units = 15, lr = 0.01, epochs = 20 }
gr.random.seed(run.seed)

--- Sequences (count, steps, 2), and whether the marked numbers of each add up to more than zero.
local function sequences(count, steps)
  local numbers, marks = gr.random.uniform(-1, 1, count, steps), gr.zeros(count, steps)
  for i = 1, count do
    local places = gr.random.permutation(steps)
    marks[{ i, places[1] }], marks[{ i, places[2] }] = 1, 1
  end
  local x = gr.concat({ numbers:reshape(count, steps, 1), marks:reshape(count, steps, 1) }, 3)
  return x, (numbers * marks):sum(2):gt(0)
end

local x, y = sequences(5000, run.steps)
local test_x, test_y = sequences(2000, run.steps)
local long_x, long_y = sequences(2000, 2 * run.steps)

local function train(net)
  net:fit(x, y, {
    loss = nn.logistic(),
    optimizer = gr.optim.adam { lr = run.lr },
    batch = 50,
    epochs = run.epochs,
  })
  return net
end

local lstm = train(nn.sequential { nn.lstm(2, run.hidden, { last = true }), nn.dense(run.hidden, 1) })
local dense = train(nn.sequential {
  function(h) return h:reshape(#h, 2 * run.steps) end,
  nn.dense(2 * run.steps, run.units),
  nn.relu(),
  nn.dense(run.units, 1),
})

print("accuracy on   training sequences, new ones, and twice as long")
print("LSTM         ", lstm:score(x, y), lstm:score(test_x, test_y), lstm:score(long_x, long_y))
print("dense        ", dense:score(x, y), dense:score(test_x, test_y))
run:result { lstm = lstm:score(test_x, test_y), dense = dense:score(test_x, test_y) }
