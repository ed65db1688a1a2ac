-- The workloads of README.md through gradus: gradus [--f32] --threads N tests/bench/bench.lua WORKLOAD
-- Prints seconds a unit, loss, peak memory in MB; leaves with status 3 when it has no such workload, or the library cannot run it.
local gr = require "gradus"
local nn, optim = gr.nn, gr.optim

local SAMPLES, MATRIX, ELEMENTS, WEIGHTS = 7, 9, 11, 100 -- streams of urand; layer l has WEIGHTS + l
local WARM_UP = 5 -- steps

-- ---- Numbers and data, the same in every program

--- Uniform in [0, 1): SplitMix64 of the stream and the position in it.
local function urand(stream, i)
  local z = ((stream << 32) + i + 1) * 0x9E3779B97F4A7C15
  z = (z ~ z >> 30) * 0xBF58476D1CE4E5B9
  z = (z ~ z >> 27) * 0x94D049BB133111EB
  return ((z ~ z >> 31) >> 11) * 2.0 ^ -53
end

--- A vector whose element i, counted from 0, is f(i). Made in lots: a table of ten million numbers would count in the peak.
local function vector(n, f)
  local lot, t = 100000, gr.zeros(n)
  for from = 0, n - 1, lot do
    local to = math.min(from + lot, n)
    local numbers = {}
    for i = from, to - 1 do
      numbers[#numbers + 1] = f(i)
    end
    t[("%d:%d"):format(from + 1, to)] = gr.tensor(numbers)
  end
  return t
end

local function weights(layer, inputs, outputs, relu)
  local bound = math.sqrt(6 / (relu and inputs or inputs + outputs))
  local w = vector(inputs * outputs, function(i) return (2 * urand(WEIGHTS + layer, i) - 1) * bound end)
  return w:reshape(inputs, outputs)
end

--- Positions of the samples of each step.
local function rows_of_steps(steps, batch, n)
  local list = {}
  for s = 0, steps - 1 do
    local rows = {}
    for j = 0, batch - 1 do
      rows[j + 1] = urand(SAMPLES, s * batch + j) * n // 1 + 1
    end
    list[s + 1] = gr.tensor(rows, "f64")
  end
  return list
end

--- What `fit` asks for batches.
local function generator(list)
  local step = 0
  return {
    choice = function()
      step = step + 1
      return list[step]
    end,
  }
end

local function cancer()
  local all = gr.data.breast_cancer()
  return gr.data.standardize(all.x["1:455"]), all.y["1:455"]
end

local function idx(folder, file, scale)
  local path = os.getenv(folder) .. "/" .. file
  local f = io.open(path, "rb")
  if f then f:close() end
  return gr.data.idx(f and path or path .. ".gz", nil, scale)
end

local function images(folder)
  local x = idx(folder, "train-images-idx3-ubyte", 255)
  return x:reshape(#x, -1), idx(folder, "train-labels-idx1-ubyte")
end

-- ---- Nets through the library

local function dense(layer, inputs, outputs, relu)
  return nn.dense(inputs, outputs, { init = weights(layer, inputs, outputs, relu) })
end

local function lenet()
  return nn.sequential {
    nn.conv2d(1, 6, 5, { padding = 2 }),
    nn.relu(),
    nn.max_pool2d(2),
    nn.conv2d(6, 16, 5),
    nn.relu(),
    nn.max_pool2d(2),
    nn.flatten(),
    dense(0, 400, 120, true),
    nn.relu(),
    dense(1, 120, 84, true),
    nn.relu(),
    dense(2, 84, 10, true),
  }
end

local function perceptron(sizes, activation, last)
  return function()
    local layers = {}
    for l = 1, #sizes - 1 do
      layers[#layers + 1] = dense(l - 1, sizes[l], sizes[l + 1], activation == nn.relu)
      layers[#layers + 1] = l < #sizes - 1 and activation() or last and last() or nil
    end
    return nn.sequential(layers)
  end
end

local nets = {
  W2 = {
    net = function() return nn.sequential { nn.dense(30, 1, { init = nn.init.zeros() }) } end,
    loss = nn.logistic,
    lr = 0.01,
    epochs = 100,
    options = { batch = 1, shuffle = false },
    last = true,
  },
  W3 = { net = perceptron({ 30, 10, 1 }, nn.sigmoid), loss = nn.logistic, lr = 1, epochs = 1000 },
  W4 = { net = perceptron({ 784, 50, 10 }, nn.sigmoid), images = "BENCH_MNIST", lr = 0.1, batch = 100, steps = 2000 },
  W5 = { net = perceptron({ 784, 100, 10 }, nn.sigmoid), images = "BENCH_FASHION", lr = 0.5, epochs = 5 },
  W6 = {
    net = perceptron({ 784, 392, 196, 10 }, nn.sigmoid, nn.sigmoid),
    images = "BENCH_MNIST",
    one_hot = true,
    loss = nn.sse,
    lr = 3,
    batch = 10,
    steps = 2000,
  },
  W7 = {
    net = perceptron({ 784, 1024, 1024, 10 }, nn.relu),
    images = "BENCH_MNIST",
    optimizer = optim.adam,
    lr = 1e-3,
    batch = 128,
    steps = 100,
  },
  W8 = { net = lenet, images = "BENCH_MNIST", square = true, lr = 0.01, batch = 64, steps = 50 },
}

local function data_of(task)
  if not task.images then
    local x, y = cancer()
    return x, y:reshape(-1, 1)
  end
  local x, y = images(task.images)
  if task.square then x = x:reshape(-1, 1, 28, 28) end
  return x, task.one_hot and gr.data.one_hot(y, 10) or y
end

--- Trains a new net for so many steps or epochs, with rows of each step if given. Returns the history.
local function train(task, x, y, count, rows, on_step)
  local o = {
    loss = (task.loss or nn.cross_entropy)(),
    optimizer = (task.optimizer or optim.sgd) { lr = task.lr },
    progress = false,
    on_step = on_step,
    [task.steps and "steps" or "epochs"] = count,
  }
  for name, value in pairs(task.options or {}) do
    o[name] = value
  end
  if rows then
    o.batch, o.shuffle, o.generator = task.batch, "choice", generator(rows)
  end
  return task.net():fit(x, y, o)
end

--- Long steps are timed from the first power of two beyond `count` on: fit computes its 2nd, 4th, 8th... step twice, which
--- a short run would count more than a training does. Returns seconds a step, and the mean loss of the first `count`.
local function time_long_steps(task, x, y, count)
  local from, sum, start, seconds = 1, 0, nil, nil
  while from <= count do
    from = from * 2
  end
  local rows = task.steps and rows_of_steps(from + count, task.batch, #x)
  train(task, x, y, from + count, rows, function(s)
    if s.step <= count then sum = sum + s.loss end
    if s.step == from then start = gr.clock() end
    if s.step == from + count then seconds = gr.clock() - start end
  end)
  return seconds / count, sum / count
end

--- Short steps are timed over the whole training; the last epoch's loss, or the mean over all.
local function time_short_steps(task, x, y, count)
  train(task, x, y, 1)
  local start = gr.clock()
  local history = train(task, x, y, count)
  local seconds, sum = gr.clock() - start, 0
  for _, loss in ipairs(history.loss) do
    sum = sum + loss
  end
  return seconds / count, task.last and history.loss[count] or sum / count
end

local function run_net(task)
  if not pcall(task.net) then return nil end -- a layer that is not there
  local x, y = data_of(task)
  local time = task.images and time_long_steps or time_short_steps
  return time(task, x, y, task.steps or task.epochs)
end

-- ---- Nets by hand, as one writes them over arrays

local function sigmoid(z) return 1 / (1 + gr.exp(-z)) end

local function softmax(z)
  local e = gr.exp(z - z:max(2, true))
  return e / e:sum(2, true)
end

local function mean_logistic(p, t) return -(t * gr.log(p) + (1 - t) * gr.log(1 - p)):mean() end

local function mean_cross_entropy(p, t) return -(t * gr.log(p)):sum() / #t end

--- One step of gradient descent; returns the loss before it.
local function hand_step(net, x, t)
  local a1 = sigmoid(x:dot(net.w1) + net.b1)
  local p = net.output(a1:dot(net.w2) + net.b2)
  local loss = net.loss(p, t)
  local d2 = (p - t) / #x
  local d1 = d2:dot(net.w2:T()) * a1 * (1 - a1)
  net.w2:sub_(net.lr * a1:T():dot(d2))
  net.b2:sub_(net.lr * d2:sum(1))
  net.w1:sub_(net.lr * x:T():dot(d1))
  net.b1:sub_(net.lr * d1:sum(1))
  return loss
end

local hands = {
  W3h = { 30, 10, 1, lr = 1, count = 1000 },
  W4h = { 784, 50, 10, lr = 0.1, count = 2000, batch = 100, images = "BENCH_MNIST" },
  W5h = { 784, 100, 10, lr = 0.5, count = 5, images = "BENCH_FASHION" },
}

local function hand_net(task)
  local inputs, hidden, outputs = table.unpack(task)
  return {
    w1 = weights(0, inputs, hidden),
    b1 = gr.zeros(hidden),
    w2 = weights(1, hidden, outputs),
    b2 = gr.zeros(outputs),
    output = task.images and softmax or sigmoid,
    loss = task.images and mean_cross_entropy or mean_logistic,
    lr = task.lr,
  }
end

local function hand_steps(task, x, t, rows, count)
  local net, sum = hand_net(task), 0
  local start = gr.clock()
  for i = 1, count do
    if rows then
      sum = sum + hand_step(net, x:take(rows[i]), t:take(rows[i]))
    else
      sum = sum + hand_step(net, x, t)
    end
  end
  return (gr.clock() - start) / count, sum / count
end

local function run_hand(task)
  local x, t
  if task.images then
    x, t = images(task.images)
    t = gr.data.one_hot(t, 10)
  else
    x, t = cancer()
    t = t:reshape(-1, 1)
  end
  local rows = task.batch and rows_of_steps(task.count, task.batch, #x)
  hand_steps(task, x, t, rows, rows and WARM_UP or 1)
  return hand_steps(task, x, t, rows, task.count)
end

-- ---- The rest

local function run_linalg(op, n)
  local a = vector(n * n, function(i) return urand(MATRIX, i) - 0.5 end):reshape(n, n) + 2 * gr.eye(n)
  local b = op == "solve" and gr.arange(1, n + 1) or nil
  local f = gr.linalg[op]
  local calls = n <= 4 and 100000 or n <= 100 and 200 or n <= 1000 and 5 or 2
  local x = f(a, b)
  local start = gr.clock()
  for _ = 1, calls do
    x = f(a, b)
  end
  return (gr.clock() - start) / calls, x:flatten()[1]
end

local passes = {
  copy = function(x) return x:clone() end,
  exp = gr.exp,
  sigmoid = gr.sigmoid,
  softmax = function(x) return gr.softmax(x) end,
}

local function run_pass(name)
  local n, turns = 10000000, 10
  local x = vector(n, function(i) return urand(ELEMENTS, i) * 8 - 4 end)
  if name == "softmax" then x = x:reshape(-1, 10) end
  local f = passes[name]
  local y = f(x)
  local start = gr.clock()
  for _ = 1, turns do
    y = f(x)
  end
  local seconds = (gr.clock() - start) / turns
  return seconds, y:reshape(-1):take(gr.arange(1, n + 1, 1001, "f64")):to("f64"):sum()
end

local function run_file(name)
  local start = gr.clock()
  local x = name == "idx" and idx("BENCH_FASHION", "train-images-idx3-ubyte", 255)
    or gr.data.csv(os.getenv "BENCH_TABLE")
  local seconds = gr.clock() - start
  if name == "csv" then return seconds, x:sum() end
  return seconds, x:reshape(-1):take(gr.arange(1, x.size + 1, 97)):sum()
end

local function run(name)
  local op, n = name:match "^W10_(%a+)(%d+)$"
  if nets[name] then return run_net(nets[name]) end
  if hands[name] then return run_hand(hands[name]) end
  if op then return run_linalg(op, math.tointeger(n)) end
  if name:match "^W11_" then return run_pass(name:sub(5)) end
  if name:match "^W12_" then return run_file(name:sub(5)) end
  return nil
end

local function peak_megabytes()
  for line in io.lines "/proc/self/status" do
    local kilobytes = line:match "^VmHWM:%s*(%d+)"
    if kilobytes then return kilobytes / 1024 end
  end
end

local seconds, loss = run(arg[1])
if not seconds then os.exit(3) end
io.write(("%.9g %.12g %.1f\n"):format(seconds, loss, peak_megabytes()))
