-- The course's worked figures, computed as a user of gradus would, against tests/golden/seeds.lua by their ids.
-- The trainings are the documents' own classes in short; experiments/ has them in full.
local gr = require "gradus"
local golden = require "golden.seeds"
local harness = require "harness"

local case = harness.suite "golden"
local checked = {}

local function plain(value) return type(value) == "userdata" and value:totable() or value end

--- A figure that the document prints in full is printed so. (Whole numbers of Python are doubles here.)
local function check_text(id, value)
  local entry = golden[id]
  local in_full = math.type(entry.value) == "float" and entry.printed == tostring(entry.value)
  if type(value) == "number" and in_full and entry.rel <= 1e-15 then
    harness.same(tostring(value), entry.printed, id .. " as printed")
  end
end

--- Registers the check of a figure: f gives it. `first` says how many entries are computed, where not all are.
local function figure(id, f, first)
  checked[id] = true
  case(id .. " comes out otherwise", function()
    local entry, value = golden[id], plain(f())
    local expected = entry.value
    if first then expected = table.move(expected, 1, first, 1, {}) end
    harness.close(value, expected, { abs = entry.abs, rel = entry.rel }, id)
    check_text(id, value)
  end)
end

--- Calls f at the first use only.
local function once(f)
  local results
  return function()
    results = results or table.pack(f())
    return table.unpack(results, 1, results.n)
  end
end

--- The n-th result of f.
local function nth(n, f)
  return function() return (select(n, f())) end
end

-- ---- Document 000: the linear neuron

local diabetes = once(function() return gr.data.diabetes { legacy = true } end)

figure("000.diabetes.shape", function()
  local x, y = diabetes().x, diabetes().y
  return { x.shape[1], x.shape[2], #y }
end)

-- Prediction, then a little more of w, then of b.
local function first_steps()
  local x, y = diabetes().x[":, 3"][1], diabetes().y[1]
  local w, b = 1.0, 1.0
  local s = { y0 = y, y_hat = x * w + b }
  s.y_hat_inc = x * (w + 0.1) + b
  s.w_rate = (s.y_hat_inc - s.y_hat) / (w + 0.1 - w)
  s.w_new = w + s.w_rate
  s.w_new_err = w + s.w_rate * (y - s.y_hat)
  s.b_rate = (x * w + (b + 0.1) - s.y_hat) / (b + 0.1 - b)
  s.b_new = b + 1 * (y - s.y_hat)
  return s
end

for _, name in ipairs { "y0", "y_hat", "y_hat_inc", "w_rate", "w_new", "w_new_err", "b_rate", "b_new" } do
  figure("000.diabetes." .. name, function() return first_steps()[name] end)
end

local function passes(set, count)
  local x, y = set.x[":, 3"]:totable(), set.y:totable()
  local w, b = 1.0, 1.0
  for _ = 1, count do
    for i = 1, #x do
      local err = y[i] - (x[i] * w + b)
      w, b = w + x[i] * err, b + err
    end
  end
  return { w, b }
end

figure("000.diabetes.one_pass", function() return passes(diabetes(), 1) end)
figure("000.neuron.fit100", function() return passes(diabetes(), 100) end)
figure("000.neuron.fit100_modern", function() return passes(gr.data.diabetes(), 100) end)

case("000.neuron.fit100: a net of one linear unit learns otherwise than the neuron by hand", function()
  local nn = gr.nn
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.ones(), bias_init = nn.init.ones() }) }
  net:fit(diabetes().x[":, 3"]:reshape(-1, 1), diabetes().y, {
    loss = nn.sse(),
    optimizer = gr.optim.sgd { lr = 1 },
    batch = 1,
    shuffle = false,
    epochs = 10,
  })
  local expected = passes(diabetes(), 10)
  harness.close(net.layers[1].w:detach():flatten()[1], expected[1], { rel = 1e-12 })
  harness.close(net.layers[1].b:detach()[1], expected[2], { rel = 1e-12 })
end)

-- ---- Document 000: the logistic neuron

local cancer = once(function()
  local set = gr.data.breast_cancer()
  return gr.data.split(set.x, set.y, { test = 0.2, seed = 0 })
end)

figure("000.cancer.shape", function()
  local train, test = cancer()
  return { train.x.shape[1], train.x.shape[2], test.x.shape[1], test.x.shape[2] }
end)

local function unit_sum() return (cancer().x[1] * gr.ones(30)):sum() + 1.0 end

figure("000.cancer.z0", unit_sum)
figure("000.cancer.sigmoid_z0", function() return gr.sigmoid(unit_sum()) end)

local function logistic(z) return 1 / (1 + math.exp(-math.max(z, -100))) end

--- Sample by sample, in the order that order() gives for each epoch.
local function neuron_by_samples(order, epochs)
  local train, test = cancer()
  local x, y, w, b, loss = train.x, train.y, gr.ones(30), 0, nil
  for _ = 1, epochs do
    loss = 0
    for _, i in ipairs(order(#x)) do
      local x_i, y_i = x[i], y[i]
      local a = logistic((x_i * w):sum() + b)
      local err = -(y_i - a)
      w:sub_(x_i * err)
      b = b - err
      a = math.max(1e-10, math.min(a, 1 - 1e-10))
      loss = loss - (y_i * math.log(a) + (1 - y_i) * math.log(1 - a))
    end
  end
  local yes = (test.x:dot(w) + b):gt(0)
  return w, b, yes, yes:eq(test.y):mean(), loss / #y
end

local logistic_neuron = once(function()
  return neuron_by_samples(function(n) return gr.arange(1, n + 1):totable() end, 100)
end)

figure("000.logistic_neuron.w", nth(1, logistic_neuron))
figure("000.logistic_neuron.b", nth(2, logistic_neuron))
figure("000.logistic_neuron.pred5", function()
  local list = {}
  for i = 1, 5 do
    list[i] = nth(3, logistic_neuron)()[i] == 1
  end
  return list
end)
figure("000.logistic_neuron.accuracy", nth(4, logistic_neuron))

case("000.logistic_neuron.w prints otherwise than in the document", function()
  local printed = golden["000.logistic_neuron.w"].printed
  local text = tostring((logistic_neuron()))
  local i = 0
  for word in text:gmatch "[^%s%[%]]+" do
    i = i + 1
    harness.same(word, printed[i], "weight " .. i)
  end
  harness.same(i, 30, "the number of weights printed")
end)

local shuffled_neuron = once(function()
  local generator = gr.random.new(7)
  return neuron_by_samples(function(n) return generator:permutation(n):totable() end, 100)
end)

figure("000.single_layer_sgd.accuracy", nth(4, shuffled_neuron))

case("000.single_layer_sgd.last_loss comes out otherwise for seed 7", function()
  local entry = golden["000.single_layer_sgd.last_loss"]
  harness.close(nth(5, shuffled_neuron)(), entry.value[8], { rel = entry.rel })
end)

-- ---- Document 000: matrix form, two layers

local scaled_cancer = once(function()
  local train, test = cancer()
  local x_train, x_test = gr.data.standardize(train.x, test.x)
  return x_train, train.y:reshape(-1, 1), x_test, test.y:reshape(-1, 1)
end)

local function sigmoid(z) return 1 / (1 + (-z:clip(-100)):exp()) end

--- The sum of the samples' logistic losses.
local function loss_of(y, a)
  a = a:clip(1e-10, 1 - 1e-10)
  return (-(y * a:log() + (1 - y) * (1 - a):log())):sum()
end

local single_layer = once(function()
  local x, y, x_test, y_test = scaled_cancer()
  local m, w, b, loss = #x, gr.ones(30, 1), 0, nil
  for _ = 1, 1000 do
    local a = sigmoid(x:dot(w) + b)
    local err = -(y - a)
    w:sub_(x:T():dot(err) / m)
    b = b - err:sum() / m
    loss = loss_of(y, a)
  end
  return (x_test:dot(w) + b):gt(0):eq(y_test):mean(), loss
end)

figure("000.single_layer_batch.accuracy", nth(1, single_layer))
figure("000.single_layer_batch.last_loss", nth(2, single_layer))

local function two_layers(start)
  local x, y, x_test, y_test = scaled_cancer()
  local m, w1, b1, w2, b2, loss = #x, start(30, 10), gr.zeros(10), start(10, 1), 0, nil
  for _ = 1, 1000 do
    local a1 = sigmoid(x:dot(w1) + b1)
    local a = sigmoid(a1:dot(w2) + b2)
    local err = -(y - a)
    local to_hidden = err:dot(w2:T()) * a1 * (1 - a1)
    w1:sub_(x:T():dot(to_hidden) / m)
    b1:sub_(to_hidden:sum(1) / m)
    w2:sub_(a1:T():dot(err) / m)
    b2 = b2 - err:sum() / m
    loss = loss_of(y, a) / m
  end
  local z = sigmoid(x_test:dot(w1) + b1):dot(w2) + b2
  return z:gt(0):eq(y_test):mean(), loss
end

local dual_layer = once(function() return two_layers(gr.ones) end)
local random_init = once(function()
  gr.random.seed(0)
  return two_layers(function(m, n) return gr.random.normal(0, 1, m, n) end)
end)

figure("000.dual_layer.accuracy", nth(1, dual_layer))
figure("000.dual_layer.last_loss", nth(2, dual_layer))
figure("000.random_init.accuracy", nth(1, random_init))
figure("000.random_init.last_loss", nth(2, random_init))

case("000.random_init.last_loss comes out otherwise by layers", function()
  local nn, x, y = gr.nn, scaled_cancer()
  gr.random.seed(0)
  local net = nn.sequential {
    nn.dense(30, 10, { init = nn.init.normal() }),
    nn.sigmoid(),
    nn.dense(10, 1, { init = nn.init.normal() }),
  }
  local history = net:fit(x, y, { loss = nn.logistic(), optimizer = gr.optim.sgd { lr = 1 }, epochs = 1000 })
  local entry = golden["000.random_init.last_loss"]
  harness.close(history.loss[1000], entry.value, { rel = entry.rel })
end)

-- ---- Document 000: softmax

for side, p in pairs { left = { 0.9, 0.8, 0.7 }, right = { 0.5, 0.2, 0.1 } } do
  local id = ("000.softmax_norm.%s."):format(side)
  local function z() return -(1 / gr.tensor(p) - 1):log() end
  figure(id .. "z", z)
  figure(id .. "y", function() return z():softmax() end)
  figure(id .. "y_rounded_z", function()
    local rounded = {}
    for i, v in ipairs(z():totable()) do
      rounded[i] = tonumber(("%.2f"):format(v))
    end
    return gr.tensor(rounded):softmax()
  end)
end

local function table_of_scores() return gr.tensor { { 0.9, 0.8, 0.7 }, { 0.5, 0.2, 0.1 } } end

figure("000.softmax_table.exp", function() return table_of_scores():exp() end)
figure("000.softmax_table.sums", function() return table_of_scores():exp():sum(2) end)
figure("000.softmax_table.softmax", function() return table_of_scores():softmax() end)

-- ---- Document 000: Fashion-MNIST

local fashion_once = once(gr.data.fashion_mnist)

--- The set, or an end of the test where the machine does not have it.
local function fashion()
  harness.needs "fashion_mnist"
  return fashion_once()
end

figure("000.fashion.shape", function()
  local shape = fashion().train.x.shape
  return { shape[1], shape[2] }
end)
figure("000.fashion.labels5", function() return fashion().train.y["1:5"] end)
figure("000.fashion.classes", function() return fashion().train.y:unique() end)
figure("000.fashion.one_hot", function()
  local hot = gr.data.one_hot(fashion().train.y, 10)
  return gr.concat({ hot["1:3"], hot["-3:"] }):argmax(2) - 1
end)

local multiclass = once(function()
  local x, y = fashion().train.x, gr.data.one_hot(fashion().train.y, 10)
  gr.random.seed(0)
  local w1, b1 = gr.random.normal(0, 1, 784, 100), gr.zeros(100)
  local w2, b2 = gr.random.normal(0, 1, 100, 10), gr.zeros(10)
  local m, losses = #x, {}
  for epoch = 1, 3 do
    local a1 = sigmoid(x:dot(w1) + b1)
    local exp_z = (a1:dot(w2) + b2):clip(-100):exp()
    local a = exp_z / exp_z:sum(2, true)
    local err = -(y - a)
    local to_hidden = err:dot(w2:T()):mul_(a1):mul_(1 - a1)
    w1:sub_(x:T():dot(to_hidden) / m)
    b1:sub_(to_hidden:sum(1) / m)
    w2:sub_(a1:T():dot(err) / m)
    b2:sub_(err:sum() / m)
    losses[epoch] = (-y * a:clip(1e-10, 1 - 1e-10):log()):sum() / m
  end
  return losses
end)

figure("000.multiclass.losses", multiclass, 3)

-- A hundred epochs take a minute: experiments/06_fashion.lua prints these.
for _, name in ipairs { "accuracy", "b2", "first_test", "last_loss" } do
  checked["000.multiclass." .. name] = true
end

-- ---- Document 001: matrices

local function fruit(name)
  local two = { A = gr.tensor { { 1, 1 }, { 2, 3 } }, b = gr.tensor { 1100, 2800 } }
  local four = {
    A = gr.tensor { { 1, 1, 1, 1 }, { 5, 2, 4, 7 }, { 0, 1, 1, 2 }, { 5, 2, 2, 3 } },
    b = gr.tensor { 2350, 10600, 2450, 6800 },
  }
  return name == "fruit2" and two or four
end

for _, name in ipairs { "fruit2", "fruit4" } do
  figure(("001.%s.inverse"):format(name), function() return fruit(name).A:inv() end)
  figure(("001.%s.prices"):format(name), function() return fruit(name).A:inv():dot(fruit(name).b) end)
  case(("001.%s.prices comes out otherwise by solve"):format(name), function()
    local entry = golden[("001.%s.prices"):format(name)]
    harness.close(gr.linalg.solve(fruit(name).A, fruit(name).b), entry.value, { rel = entry.rel })
  end)
end

figure("001.fruit4.det", function() return fruit("fruit4").A:det() end)

local chain = {
  gr.tensor { { 2, 2, -1 }, { 2, 2, 0 }, { 0, -1, -1 } },
  gr.tensor { { 2, 2, -1 }, { -1, 0, 0 }, { 2, -1, 2 } },
  gr.tensor { { 2, -1, 0 }, { -1, -1, 0 }, { 2, 0, 0 } },
}
local chain_x = gr.tensor { 0, 0, 1 }

figure("001.chain.l1", function() return chain[1]:dot(chain_x) end)
figure("001.chain.l2", function() return chain[2]:dot(chain[1]:dot(chain_x)) end)
figure("001.chain.product", function() return chain[3]:dot(chain[2]):dot(chain[1]) end)
figure("001.chain.y", function()
  local y = chain[3]:dot(chain[2]:dot(chain[1]:dot(chain_x)))
  harness.same(y, chain[3]:dot(chain[2]):dot(chain[1]):dot(chain_x), "the other order of products")
  return y
end)

-- ---- Document 001: losses, surprise, derivatives

local outputs = { 0.01, 0.02, 0.05, 0.10, 0.12, 0.05, 0.05, 0.50, 0.00, 0.10 }
local guess, label = gr.tensor { 0.01, 0.02, 0.01, 0.01, 0.5, 0, 0, 0, 0, 0 }, 4

figure("001.loss.y_sum", function() return gr.tensor(outputs):sum() end)
figure("001.loss.mse", function() return gr.nn.mse()(guess, gr.data.one_hot({ label }, 10):flatten()) end)
figure("001.loss.cee", function() return -math.log(guess[label + 1]) end)
figure("001.loss.tenth_100_times", function()
  local sum = 0
  for _ = 1, 100 do
    sum = sum + 0.1
  end
  return sum
end)

--- Surprise and entropy of probabilities.
local function entropy(p)
  p = gr.tensor(p)
  return -(p * p:log()):sum()
end

figure("001.soccer.favourite", function() return -gr.log(0.9) end)
figure("001.soccer.outsider", function() return -gr.log(0.1) end)
figure("001.soccer.ratio", function() return gr.log(0.1) / gr.log(0.9) end)
figure("001.soccer.entropy_even", function() return entropy { 0.5, 0.5 } end)
figure("001.soccer.entropy_uneven", function() return entropy { 0.9, 0.1 } end)

figure("001.partial.ndiff2", function()
  return gr.numerical_gradient(function(x) return x[1] ^ 2 + x[2] ^ 2 end, { 1, 3 }, 1e-5)
end)
figure("001.update.example", function() return 2.381 - 0.4 * 2.381 * 0.01 end)
figure("001.quantise.levels", function() return gr.tensor(2) ^ gr.tensor { 8, 6, 4, 3, 2, 1 } end)
figure("001.graph.add", function() return gr.add(200, 25) end)

-- ---- Document 001: the café's bill and its derivatives

local cafe = once(function()
  local number = gr.param(gr.tensor { 2, 5, 15, 20 }, "number")
  local price = gr.param(gr.tensor { 100, 5, 3, 1 }, "price")
  local tax = gr.param(1.1, "tax")
  local subtotal = (number * price):sum()
  local total = subtotal * tax
  total:backward()
  return { subtotal = subtotal:item(), total = total:item(), number = number, price = price, tax = tax }
end)

figure("001.cafe.subtotal", function() return cafe().subtotal end)
figure("001.cafe.total", function() return cafe().total end)
figure("001.cafe.total_won", function() return cafe().total * 10000 end)
figure("001.cafe.grad_count", function() return cafe().number.grad end)
figure("001.cafe.grad_price", function() return cafe().price.grad end)
figure("001.cafe.grad_tax", function() return cafe().tax.grad end)

-- ---- Document 001: how many parameters

local digits_net = once(
  function() return gr.nn.sequential { gr.nn.dense(784, 50), gr.nn.relu(), gr.nn.dense(50, 10) } end
)

local function count(params)
  local n = 0
  for _, p in ipairs(params) do
    n = n + p.size
  end
  return n
end

figure("001.params.w0", function() return digits_net().layers[1].w.size end)
figure("001.params.hidden", function() return count(digits_net().layers[1]:parameters()) end)
figure("001.params.output", function() return count(digits_net().layers[3]:parameters()) end)
figure("001.params.total", function() return count(digits_net():parameters()) end)

-- ---- Documents 002 and 004: losses

local hit = gr.tensor { 0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0 }
local miss = gr.tensor { 0.1, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.6, 0, 0 }
local two = gr.tensor { 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 }

local function cross_entropy(y, t) return -(t * (y + 1e-7):log()):sum() end

for name, y in pairs { hit = hit, miss = miss } do
  figure("002.mse." .. name, function() return gr.nn.sse()(y, two) end)
  figure("002.cee." .. name, function() return cross_entropy(y, two) end)
end

figure("004.sse.example", function() return 0.5 * ((hit - two) ^ 2):sum() end)
figure("004.cee.batch", function()
  local rolled = gr.concat { hit["-1:"], hit["1:9"] }
  local y = gr.concat { hit:reshape(1, 10), rolled:reshape(1, 10) }
  return cross_entropy(y, gr.data.one_hot({ 2, 2 }, 10)) / 2
end)

-- ---- Document 002: differences and descent

local function parabola(x) return 0.01 * x ^ 2 + 0.1 * x end

local function bowl(x) return x[1] ^ 2 + x[2] ^ 2 end

figure("002.numdiff.at5", function() return gr.numerical_gradient(parabola, 5) end)
figure("002.numdiff.at10", function() return gr.numerical_gradient(parabola, 10) end)
figure("002.numdiff.bad", function() return (parabola(5 + 10e-50) - parabola(5)) / 10e-50 end)
figure("002.numdiff.float32", function() return gr.tensor({ 1e-50 }, "f32")[1] end)

for name, x in pairs { ["3_4"] = { 3, 4 }, ["0_2"] = { 0, 2 }, ["3_0"] = { 3, 0 } } do
  figure("002.numgrad." .. name, function() return gr.numerical_gradient(bowl, x) end)
end

for name, rate in pairs { ["lr0.1"] = 0.1, lr10 = 10, ["lr1e-10"] = 1e-10 } do
  figure("002.descent." .. name, function()
    local x = gr.tensor { -3, 4 }
    for _ = 1, 100 do
      x:sub_(rate * gr.numerical_gradient(bowl, x))
    end
    return x
  end)
end

-- ---- Document 004: a net of 2-3-2-2, softmax

local forward = once(function()
  local x = gr.tensor { 1, 0.5 }
  local w1, b1 = gr.tensor { { 0.1, 0.3, 0.5 }, { 0.2, 0.4, 0.6 } }, gr.tensor { 0.1, 0.2, 0.3 }
  local w2, b2 = gr.tensor { { 0.1, 0.4 }, { 0.2, 0.5 }, { 0.3, 0.6 } }, gr.tensor { 0.1, 0.2 }
  local w3, b3 = gr.tensor { { 0.1, 0.3 }, { 0.2, 0.4 } }, gr.tensor { 0.1, 0.2 }
  local s = { a1 = x:dot(w1) + b1 }
  s.z1 = s.a1:sigmoid()
  s.a2 = gr.affine(s.z1, w2, b2)
  s.z2 = s.a2:sigmoid()
  s.y = s.z2:dot(w3) + b3
  return s
end)

for _, name in ipairs { "a1", "z1", "a2", "z2", "y" } do
  figure("004.forward." .. name, function() return forward()[name] end)
end

figure("004.softmax.y", function() return gr.tensor({ 0.3, 2.9, 4 }):softmax() end)
figure("004.softmax.sum", function() return gr.tensor({ 0.3, 2.9, 4 }):softmax():sum() end)
figure("004.softmax.large", function() return gr.tensor({ 1010, 1000, 990 }):softmax() end)

-- ---- Nothing is made up. (That nothing is left out, tests/course sees: each figure has an experiment.)

case("a check stands for no figure of the documents", function()
  for id in pairs(checked) do
    harness.check(golden[id] and golden[id].value ~= nil, id .. " is not in golden/seeds.lua")
  end
end)
