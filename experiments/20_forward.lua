-- What comes out of a net, and how many numbers does it hold?
-- Document 004, 0050: the net 2-3-2-2. Its code does not run as printed: W2 and W3 lack their outer brackets, and
-- identity_function takes no argument and is called identity_fuction. Document 001: 784-50-10 on random data, its
-- parameters counted (파라미터 크기); 004, 0058: a batch (배치) at once against one image after the other.
-- Run:     gradus experiments/20_forward.lua [--batch=100]
-- Expect:  y = 0.3168270764110298 0.6962790898619668, by hand and by layers; 39,250 + 510 = 39,760 parameters; a batch
--          of 100 gives the same as one by one to 1e-15, several times faster. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "forward", seed = 0, batch = 100, repeats = 20 }

-- 2-3-2-2 by hand, as the document means it. ---------------------------------------------------------------------

local function sigmoid(x) return 1 / (1 + (-x):exp()) end

local function identity_function(x) return x end -- of the output layer: what comes in goes out

local function init_network()
  return {
    W1 = gr.tensor { { 0.1, 0.3, 0.5 }, { 0.2, 0.4, 0.6 } },
    b1 = gr.tensor { 0.1, 0.2, 0.3 },
    W2 = gr.tensor { { 0.1, 0.4 }, { 0.2, 0.5 }, { 0.3, 0.6 } },
    b2 = gr.tensor { 0.1, 0.2 },
    W3 = gr.tensor { { 0.1, 0.3 }, { 0.2, 0.4 } },
    b3 = gr.tensor { 0.1, 0.2 },
  }
end

local function forward(network, x)
  local a1 = x:dot(network.W1) + network.b1
  local z1 = sigmoid(a1)
  local a2 = z1:dot(network.W2) + network.b2
  local z2 = sigmoid(a2)
  local a3 = z2:dot(network.W3) + network.b3
  return { a1 = a1, z1 = z1, a2 = a2, z2 = z2, y = identity_function(a3) }
end

local network = init_network()
local x = gr.tensor { 1.0, 0.5 }
local found = forward(network, x)
for _, name in ipairs { "a1", "z1", "a2", "z2", "y" } do
  print("by hand    " .. name, table.unpack(found[name]:totable()))
  run:result { ["004.forward." .. name] = found[name] }
end

-- The same by layers. A net takes rows, so x is one row.
local net = nn.sequential {
  nn.dense(2, 3, { init = network.W1, bias_init = network.b1 }),
  nn.sigmoid(),
  nn.dense(3, 2, { init = network.W2, bias_init = network.b2 }),
  nn.sigmoid(),
  nn.dense(2, 2, { init = network.W3, bias_init = network.b3 }),
}
print("by layers  y", table.unpack(net:scores(x:reshape(1, 2))[1]:totable()))

-- 784-50-10: A x B weights and B biases, then B x C and C. -------------------------------------------------------

local A, B, C = 784, 50, 10
local hidden, output = A * B + B, B * C + C
print("A x B, A x B + B, B x C + C, all together", A * B, hidden, output, hidden + output)
gr.random.seed(run.seed)
local digits = nn.sequential { nn.dense(A, B), nn.relu(), nn.dense(B, C), nn.softmax() }
digits:summary()
local counted = 0
for _, parameter in ipairs(digits:parameters()) do
  counted = counted + parameter.size
end
print("by net:parameters()", counted)
run:result { ["001.params.w0"] = digits.layers[1].w.size, ["001.params.hidden"] = hidden }
run:result { ["001.params.output"] = output, ["001.params.total"] = counted }

-- A batch at once, and one by one: as many products, but the weights are read once for all rows.
local images = gr.random.rand(run.batch, A)

local function at_once() return digits:scores(images) end

local function one_by_one()
  local rows = {}
  for i = 1, #images do
    rows[i] = digits:scores(images[("%d:%d"):format(i, i)])
  end
  return gr.concat(rows, 1)
end

--- What f gives, and the shortest of its times in milliseconds.
local function timed(f)
  local best, y = math.huge, nil
  for _ = 1, run.repeats do
    local began = gr.clock()
    y = f()
    best = math.min(best, gr.clock() - began)
  end
  return y, best * 1000
end

local together, batch_time = timed(at_once)
local apart, single_time = timed(one_by_one)
print("784-50-10, batch of " .. run.batch, together.shape, "rows sum to 1, to", (together:sum(2) - 1):abs():max())
print("batch - one by one, at most", (together - apart):abs():max())
print(("%.2f ms at once, %.2f ms one by one: %.0f times"):format(batch_time, single_time, single_time / batch_time))
