-- What is document 003's SequentialNetwork by layers, and how sure is what comes out of it?
-- The network of experiment 24, with the same draws in the same order: 784-392-196-10, sigmoids, half the squared error,
-- mini-batches of 10, rate 3, pixels / 256, Python's shuffle. Samples are rows here, so the weights stand the other way.
-- Run:     gradus experiments/25_sequential_layers.lua [--epochs=10]
-- Expect:  after 200 mini-batches the weights of experiment 24. The hits are another matter: rate 3 makes the training
--          chaotic, a difference of 1e-15 is 0.1 some 500 mini-batches later, and any order of sums has its own end: seven runs
--          whose starts differ by 1e-15 ended at 6178 to 8635 of 10,000, NumPy with seven such starts at 5838 to 8671, this one at
--          6658. 30 seconds.
-- Needs:   mnist
-- Fast:    --epochs=1
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "sequential layers", seed = 0, epochs = 10, rate = 3.0, batch = 10 }

local mnist, part = gr.data.mnist { bytes = true, scale = 256 }, gr.arange(1, 50001)
local x, t = mnist.train.x:subset(part), gr.data.one_hot(mnist.train.y:take(part), 10)
local order, python = part:totable(), gr.random.python(run.seed)

-- NumPy's draws fill outputs x inputs; for each layer first the weights, then the biases.
local function start(m, n) return n and gr.random.randn(n, m):T():clone() or gr.random.randn(m) end

local layers, sizes = {}, { 784, 392, 196, 10 }
for i = 1, 3 do
  layers[2 * i - 1] = nn.dense(sizes[i], sizes[i + 1], { init = start, bias_init = start })
  layers[2 * i] = nn.sigmoid()
end
local net = nn.sequential(layers)
net:summary()

local function fit(from, to)
  local rows = { table.unpack(order, from, to) }
  net:fit(x:subset(rows), t:take(rows), {
    loss = nn.sse(),
    optimizer = gr.optim.sgd { lr = run.rate },
    batch = run.batch,
    epochs = 1,
    shuffle = false,
    progress = false,
  })
end

local hits, first = {}, 200 * run.batch
for epoch = 1, run.epochs do
  python:shuffle(order) -- what the last epoch left is shuffled again
  if epoch == 1 then
    fit(1, first)
    local after = {}
    for i = 1, 3 do
      local w = layers[2 * i - 1].w:detach():T():clone()
      after[i] = { w:sum(), w[{ 1, 1 }], w[{ -1, -1 }] }
      print(("W%d after 200 mini-batches: sum, first, last"):format(i), table.unpack(after[i]))
    end
    run:result { ["003.jbsh.after200"] = after }
  end
  fit(epoch == 1 and first + 1 or 1, #order)
  hits[epoch] = net:predict(mnist.test.x):eq(mnist.test.y):sum()
  print(("Epoch %d: %d / %d"):format(epoch - 1, hits[epoch], #mnist.test.y))
end
run:result { ["003.jbsh.hits"] = hits }
run:plot(
  "hits",
  gr.plot.line(hits, { title = "10,000장 중 맞힌 수", xlabel = "epoch", ylabel = "hits", marks = true })
)
if run.epochs == 10 then run:result { ["003.jbsh.hits_last"] = hits[10] } end
