-- Replayed steps: the same bits as steps computed anew, and what a replay cannot follow is refused or computed anew.
local gr = require "gradus"
local core = require "gradus.core"
local harness = require "harness"
local nn, optim = gr.nn, gr.optim

local case = harness.suite "replay"
local same, check, raises = harness.same, harness.check, harness.raises

local rows = 22

--- Inputs, labels and values for a net with these many inputs and outputs.
local function data(inputs, outputs, dtype)
  local generator = gr.random.new(1)
  local x = generator:normal(0, 1, rows, inputs):to(dtype)
  local values = generator:normal(0, 1, rows, outputs):to(dtype)
  local labels = core.argmax(values, 2) - 1
  return x, values, labels
end

--- Parameters, loss and predictions after a training with and without replay.
local function trained(make, x, y, options, replay)
  gr.random.seed(3)
  local net, o = make(), {}
  for name, value in pairs(options) do
    o[name] = name == "optimizer" and value() or value
  end
  o.loss = o.loss or nn.mse()
  o.replay, o.progress = replay, false
  local history = net:fit(x, y, o)
  local result = { history.loss }
  for _, p in ipairs(net:parameters()) do
    result[#result + 1] = p:detach():clone()
  end
  result[#result + 1] = net:scores(x)
  return result
end

local function agrees(make, x, y, options)
  local replayed, anew = trained(make, x, y, options, true), trained(make, x, y, options, false)
  for i = 1, #anew[1] do
    check(anew[1][i] == replayed[1][i], ("loss %d: %s replayed, %s anew"):format(i, replayed[1][i], anew[1][i]))
  end
  for i = 2, #anew do
    check(anew[i] == replayed[i], ("tensor %d differs"):format(i - 1))
  end
end

local function plain() return optim.sgd { lr = 0.1 } end

-- ---- Layers, losses, optimisers

local function in_both_types(name, f)
  for _, dtype in ipairs { "f64", "f32" } do
    case(("%s trains to other bits when replayed (%s)"):format(name, dtype), function() f(dtype) end)
  end
end

--- A net of 4 inputs and 3 outputs in the type, with something in the middle.
local function net_with(middle, dtype)
  return function()
    local first = nn.dense(4, 6, { init = gr.random.normal(0, 0.5, 4, 6):to(dtype), bias_init = gr.zeros(6):to(dtype) })
    local last = nn.dense(6, 3, { init = gr.random.normal(0, 0.5, 6, 3):to(dtype), bias_init = gr.zeros(3):to(dtype) })
    return nn.sequential { first, middle(), last }
  end
end

for _, kind in ipairs { "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "softmax", "identity" } do
  in_both_types(kind, function(dtype)
    local x, values = data(4, 3, dtype)
    agrees(net_with(nn[kind], dtype), x, values, { optimizer = plain, epochs = 4, batch = 5 })
  end)
end

--- Whole nets of other layers: what each takes in, and gives out.
local others = {
  dropout = function() return { nn.dense(4, 8), nn.dropout(0.4), nn.dense(8, 3) }, 4 end,
  ["dropout of the inputs"] = function() return { nn.dropout(0.4), nn.dense(4, 3) }, 4 end,
  batch_norm = function() return { nn.dense(4, 8), nn.batch_norm(8), nn.tanh(), nn.dense(8, 3) }, 4 end,
  layer_norm = function() return { nn.dense(4, 8), nn.layer_norm(8), nn.dense(8, 3) }, 4 end,
  embedding = function()
    return { function(x) return gr.clip(x:abs() * 0, 0, 4) end, nn.embedding(5, 3), function(h) return h:sum(2) end }, 4
  end,
  conv2d = function()
    local images = function(x) return x:reshape(-1, 2, 5, 4) end
    local first, second = nn.conv2d(2, 3, 3, { padding = 1 }), nn.conv2d(3, 3, { 4, 1 }, { stride = 2, bias = false })
    return { images, first, nn.tanh(), second, nn.flatten(), nn.dense(6, 3) }, 40
  end,
  ["conv2d of single pixels"] = function()
    local images = function(x) return x:reshape(-1, 2, 5, 4) end
    return { images, nn.conv2d(2, 3, 1), nn.relu(), nn.conv2d(3, 1, 1), nn.flatten(), nn.dense(20, 3) }, 40
  end,
  max_pool2d = function()
    local images, conv = function(x) return x:reshape(-1, 2, 5, 4) end, nn.conv2d(2, 3, 2)
    return { images, conv, nn.max_pool2d(2), nn.max_pool2d(2, { padding = 1 }), nn.flatten(), nn.dense(6, 3) }, 40
  end,
  avg_pool2d = function()
    local images, conv = function(x) return x:reshape(-1, 2, 5, 4) end, nn.conv2d(2, 3, 2)
    return { images, conv, nn.avg_pool2d(2), nn.avg_pool2d(2, { padding = 1 }), nn.flatten(), nn.dense(6, 3) }, 40
  end,
  rnn = function()
    return { function(x) return x:reshape(-1, 4, 2) end, nn.rnn(2, 3, { last = true }) }, 8
  end,
  lstm = function()
    return { function(x) return x:reshape(-1, 4, 2) end, nn.lstm(2, 3, { last = true }) }, 8
  end,
  gru = function()
    return { function(x) return x:reshape(-1, 4, 2) end, nn.gru(2, 3, { last = true }) }, 8
  end,
}
for _, name in ipairs {
  "dropout",
  "dropout of the inputs",
  "batch_norm",
  "layer_norm",
  "embedding",
  "conv2d",
  "conv2d of single pixels",
  "max_pool2d",
  "avg_pool2d",
  "rnn",
  "lstm",
  "gru",
} do
  in_both_types(name, function(dtype)
    local _, inputs = others[name]()
    local x, values = data(inputs, 3, dtype)
    local function make() return nn.sequential((others[name]())) end
    core.default_dtype(dtype)
    local ok, message = pcall(agrees, make, x, values, { optimizer = plain, epochs = 6, batch = 11 })
    core.default_dtype "f64"
    check(ok, message)
  end)
end

for _, kind in ipairs { "mse", "mae", "sse", "huber", "logistic", "cross_entropy", "binary_cross_entropy", "nll" } do
  in_both_types(kind, function(dtype)
    local x, values, labels = data(4, 3, dtype)
    local squashed = { binary_cross_entropy = nn.sigmoid, nll = nn.softmax }
    local targets = ({ cross_entropy = labels, nll = labels })[kind] or gr.sigmoid(values)
    local function make()
      local net = net_with(nn.tanh, dtype)()
      if squashed[kind] then table.insert(net.layers, squashed[kind]()) end
      return net
    end
    agrees(make, x, targets, { loss = nn[kind](), optimizer = plain, epochs = 4, batch = 5 })
  end)
end

local optimisers = {
  sgd = plain,
  ["sgd with clip_norm"] = function() return optim.sgd { lr = 0.1, clip_norm = 0.5 } end,
  ["sgd with momentum"] = function() return optim.sgd { lr = 0.05, momentum = 0.9, nesterov = true } end,
  ["sgd with weight_decay"] = function() return optim.sgd { lr = 0.05, weight_decay = 0.1 } end,
  adagrad = optim.adagrad,
  rmsprop = optim.rmsprop,
  adadelta = optim.adadelta,
  adam = optim.adam,
  adamw = optim.adamw,
  ["a schedule"] = function() return optim.sgd { lr = optim.exponential { lr = 0.1, factor = 0.5 } } end,
}
for _, name in ipairs {
  "sgd",
  "sgd with clip_norm",
  "sgd with momentum",
  "sgd with weight_decay",
  "adagrad",
  "rmsprop",
  "adadelta",
  "adam",
  "adamw",
  "a schedule",
} do
  in_both_types(name, function(dtype)
    local x, values = data(4, 3, dtype)
    agrees(net_with(nn.tanh, dtype), x, values, { optimizer = optimisers[name], epochs = 4, batch = 5 })
  end)
end

for _, how in ipairs { "permutation", "choice", false } do
  case(("shuffle = %s trains to other bits when replayed"):format(how), function()
    local x, values = data(4, 3, "f64")
    agrees(net_with(nn.tanh, "f64"), x, values, { optimizer = plain, epochs = 6, batch = 4, shuffle = how })
    agrees(net_with(nn.tanh, "f64"), x, values, { optimizer = plain, steps = 17, batch = 4, shuffle = how })
  end)
end

case("all rows at once train to other bits when replayed", function()
  local x, values = data(4, 3, "f64")
  agrees(net_with(nn.tanh, "f64"), x, values, { optimizer = plain, epochs = 20 })
end)

case("layers and losses written in Lua train to other bits when replayed", function()
  local x, values = data(4, 3, "f64")
  local function make()
    local shared = nn.dense(6, 6)
    local turned = gr.param(gr.random.normal(0, 0.5, 6, 6), "turned")
    return net_with(function()
      return function(h)
        local centred = h - h:mean(1)
        local again = shared(shared(h):tanh()) + centred["1:2"]:sum(1)
        return (again:dot(turned:T()) + h:detach() * 0.5):tanh() + gr.concat({ h * 2, h }, 2)[":, 4:9"]
      end
    end, "f64")()
  end
  local function loss(scores, targets)
    local off = scores - targets
    local scale = 1 / (targets:abs():mean() + 1)
    return (off:abs():maximum(0.1) * scale):mean() + off:clip(-1, 1):std() + (off ^ 2):max(2):mean()
  end
  local function slow() return optim.sgd { lr = 1e-3 } end
  agrees(make, x, values, { loss = loss, optimizer = slow, epochs = 5, batch = 6 })
end)

case("a weight that two products use is not trained as one that has a gradient", function()
  local x, values = data(4, 4, "f64")
  local function make()
    local w = gr.param(gr.random.normal(0, 0.5, 4, 4), "w")
    return nn.sequential { nn.layer { params = { w }, forward = function(h) return h:dot(w):tanh():dot(w) end } }
  end
  agrees(make, x, values, { optimizer = plain, epochs = 5, batch = 6 })
  local riding = trained(make, x, values, { optimizer = plain, epochs = 5, batch = 6 }, true)
  local clipped = { optimizer = function() return optim.sgd { lr = 0.1, clip_norm = 1e9 } end, epochs = 5, batch = 6 }
  same(riding[2] == trained(make, x, values, clipped, true)[2], true)
end)

-- ---- Nothing is asked for inside

case("steps ask for memory", function()
  local x, _, labels = data(4, 3, "f64")
  for _, name in ipairs { "sgd", "sgd with momentum", "adagrad", "rmsprop", "adadelta", "adam", "adamw" } do
    local made = {}
    local net = net_with(nn.gelu, "f64")()
    net:fit(x, labels, {
      loss = nn.cross_entropy(),
      optimizer = optimisers[name](),
      steps = 30,
      batch = 11,
      shuffle = false,
      on_step = function(s) made[s.step] = select(2, core.memory()) end,
    })
    for step = 18, 30 do -- the 16th and the 32nd are also computed anew
      check(made[step] == made[step - 1], ("%s: step %d asked for memory"):format(name, step))
    end
  end
end)

for _, name in ipairs { "dropout", "batch_norm", "layer_norm", "embedding", "rnn", "lstm", "gru" } do
  case(("steps of %s ask for memory"):format(name), function()
    local layers, inputs = others[name]()
    local x, values = data(inputs, 3, "f64")
    local made = {}
    nn.sequential(layers):fit(x, values, {
      loss = nn.mse(),
      optimizer = optim.adam(),
      steps = 30,
      batch = 11,
      on_step = function(s) made[s.step] = select(2, core.memory()) end,
    })
    for step = 19, 30, 2 do -- every other step begins an epoch, for which rows are shuffled
      check(made[step + 1] == made[step], ("step %d asked for memory"):format(step + 1))
    end
  end)
end

case("a net does not take on the type of its data", function()
  local x, values = data(4, 3, "f32")
  local net = nn.sequential { nn.dense(4, 8), nn.batch_norm(8), nn.dropout(0.2), nn.dense(8, 3) }
  local optimizer = optim.adam()
  net:fit(x, values, { loss = nn.mse(), optimizer = optimizer, epochs = 2 })
  same(net.layers[1].w.dtype, "f32")
  same(net.layers[2].running_mean.dtype, "f32")
  same(net.layers[3].draws.dtype, "f64")
  same(net:scores(x).dtype, "f32")
  raises(
    "adam: tensor 1 of what is kept for w %(4 x 8%) has another type or size",
    function() net:fit(x:to "f64", values:to "f64", { loss = nn.mse(), optimizer = optimizer, epochs = 1 }) end
  )
  raises("to: a net that is trained cannot change its type before fit has ended", function()
    net:fit(x:to "f64", values, {
      loss = nn.mse(),
      optimizer = plain(),
      epochs = 1,
      on_epoch = function() net:to "f32" end,
    })
  end)
  local w = net.layers[1].w
  local y = net:train()(x:to "f64"):sum()
  net:to "f32"
  raises("was changed in place after affine had used it", function() y:backward() end)
  check(w.grad == nil)
end)

-- ---- What a replay cannot follow

case("a loss that branches on data goes unnoticed", function()
  local x, values = data(4, 3, "f64")
  local function loss(scores, targets)
    local far = (scores - targets):abs():detach():max():item() > 2.5
    return far and (scores - targets):abs():mean() or ((scores - targets) ^ 2):mean()
  end
  gr.random.seed(3)
  local net = net_with(nn.tanh, "f64")()
  raises(
    "fit: replaying step %d+ gives the loss .* computing it anew .* gr.knob.* replay = false",
    function() net:fit(x, values, { loss = loss, optimizer = plain(), epochs = 40, batch = 4 }) end
  )
end)

case("a Lua number that changes goes unnoticed, or the training is not as it was", function()
  local x, values = data(4, 3, "f64")
  local weight = 1
  local function loss(scores, targets)
    weight = weight * 0.5
    return ((scores - targets) ^ 2):mean() * weight
  end
  local net = net_with(nn.tanh, "f64")()
  raises(
    "fit: replaying step 1 gives the loss .* gr.knob",
    function() net:fit(x, values, { loss = loss, optimizer = plain(), epochs = 4 }) end
  )
end)

case("a knob's value is not followed", function()
  local x, values = data(4, 3, "f64")
  local function options(knob)
    return {
      loss = function(scores, targets) return ((scores - targets) ^ 2):mean() * knob end,
      optimizer = plain,
      epochs = 8,
      on_epoch = function(e) knob:fill_(1 / (1 + e.epoch)) end,
    }
  end
  local knob = gr.knob(1)
  local function make()
    knob:fill_(1)
    return net_with(nn.tanh, "f64")()
  end
  agrees(make, x, values, options(knob))
  check(knob:item() == 1 / 9)
  raises("knob: the value must be a number, got nil", function() gr.knob() end)
end)

case("a step that cannot be recorded stops the training", function()
  local x, values = data(4, 3, "f64")
  local function loss(scores, targets)
    return ((scores - targets) ^ 2):mean() * math.sqrt(targets:abs():mean()) -- math.sqrt takes no tensor
  end
  agrees(net_with(nn.tanh, "f64"), x, values, { loss = loss, optimizer = plain, epochs = 5, batch = 5 })
end)

case("a wrong label in a later batch is not refused, or changes something", function()
  local x, _, labels = data(4, 3, "f64")
  labels[20] = 7
  local net = net_with(nn.tanh, "f64")()
  local before
  raises("label 7 in row 5 of the batch %(row 20 of y%)", function()
    net:fit(x, labels, {
      loss = nn.cross_entropy(),
      optimizer = plain(),
      epochs = 2,
      batch = 5,
      shuffle = false,
      on_step = function() before = net.layers[1].w:detach():clone() end,
    })
  end)
  check(net.layers[1].w:detach() == before)
end)

case("positions beyond the rows are taken from a script's generator", function()
  local x, values = data(4, 3, "f64")
  for _, bad in ipairs { 0, rows + 1, 1.5, 0 / 0 } do
    local generator = { choice = function() return gr.tensor { 1, bad } end }
    local options =
      { loss = nn.mse(), optimizer = plain(), steps = 3, batch = 2, shuffle = "choice", generator = generator }
    raises("position", function() net_with(nn.tanh, "f64")():fit(x, values, options) end)
  end
end)

case("weights that no gradient reaches move, or matrices that others read take their step too early", function()
  local x, values = data(4, 3, "f64")
  local function frozen()
    local encoder, scale = nn.dense(4, 4), gr.param(gr.random.normal(0, 1, 4, 4), "scale")
    return nn.sequential {
      function(v) return encoder(v):detach() end,
      function(v) return v:dot(scale) + v:dot(scale):detach() + scale:detach():sum(1) end,
      nn.dense(4, 3),
    }
  end
  agrees(frozen, x, values, { optimizer = plain, epochs = 4, batch = 11 })
  local function decaying() return optim.adamw { weight_decay = 0.5 } end
  agrees(frozen, x, values, { optimizer = decaying, epochs = 4, batch = 11 })
  local round = gr.op { name = "round", forward = function(v) return gr.sign(v) end }
  local function rounded() return nn.sequential { round, nn.dense(4, 3) } end
  agrees(rounded, x, values, { optimizer = plain, epochs = 4, batch = 11 })
end)

case("a branch that is silent on recorded tensors goes unnoticed", function()
  local x, values = data(4, 3, "f64")
  x[1][1] = -100
  local net = nn.sequential { nn.dense(4, 3), function(v) return v:detach():max() == 0 and v or v * 2 end }
  local odd = nn.sequential { function(v) return type(v:max()) == "number" and v + 1 or v end, nn.dense(4, 3) }
  net:fit(x, values, { loss = nn.mse(), optimizer = plain(), epochs = 2 })
  raises(
    "fit: replaying step 1 gives the loss",
    function() odd:fit(x, values, { loss = nn.mse(), optimizer = plain(), epochs = 2 }) end
  )
end)

case("layers told to behave otherwise between epochs are replayed as before", function()
  local x, values = data(4, 3, "f64")
  local function losses(replay)
    gr.random.seed(3)
    local net = nn.sequential { nn.dense(4, 8), nn.dropout(0.5), nn.dense(8, 3) }
    return net:fit(x, values, {
      loss = nn.mse(),
      optimizer = plain(),
      epochs = 7,
      replay = replay,
      on_epoch = function(e)
        if e.epoch == 4 then net:eval() end
      end,
    }).loss
  end
  same(losses(true), losses(false))
end)

case("a state that forward changes in place is not changed in each step", function()
  local x, values = data(4, 3, "f64")
  local count = gr.zeros(1)
  count.name = "count"
  local layer = nn.layer {
    state = { count },
    forward = function(v, self)
      self.count:add_(1)
      return v
    end,
  }
  local net = nn.sequential { layer, nn.dense(4, 3) }
  net:fit(x, values, { loss = nn.mse(), optimizer = plain(), epochs = 20 })
  check(count[1] >= 20)
end)

case("parameters or transposed results made inside of a recorded step end the program", function()
  local x, values = data(4, 4, "f64")
  local turn = gr.op { forward = function(v) return v:T() end, backward = function(dy) return dy:T() end }
  local p = gr.param(gr.random.normal(0, 1, 2, 3), "p")
  check(gr.check.gradients(function() return (turn(p) * turn(p)):sum() end, { p }).ok)
  local net = nn.sequential { function(v) return gr.param(v) * 2 end, nn.dense(4, 4) }
  net:fit(x, values, { loss = nn.mse(), optimizer = plain(), epochs = 4 })
  local q = gr.param(gr.knob(2) * gr.ones(3))
  q:sum():backward()
  same(q.grad, { 1, 1, 1 })
end)

case("inputs and targets that were computed from parameters are not taken as they are", function()
  local x, values = data(4, 3, "f64")
  local teacher = nn.dense(4, 3)
  local function make() return nn.sequential { nn.dense(4, 3) } end
  agrees(make, gr.param(x), teacher(x) + values, { optimizer = plain, epochs = 4, batch = 5 })
end)

case("layers in a function's tables are not trained", function()
  local parts = { first = nn.dense(4, 4), list = { nn.dense(4, 3) } }
  local function again(v, n) return n == 0 and v or again(parts.first(v), n - 1) end
  local net = nn.sequential { function(v) return parts.list[1](again(v, 2)) end }
  same(#net:parameters(), 4)
end)

case("patience keeps the weights of one epoch and the running means of another", function()
  local x, values = data(4, 3, "f64")
  local net = nn.sequential { nn.dense(4, 8), nn.batch_norm(8), nn.dense(8, 3) }
  local best
  local history = net:fit(x, values, {
    loss = nn.mse(),
    optimizer = optim.sgd { lr = 0.5 },
    epochs = 60,
    batch = 6,
    patience = 3,
    validation = { x * 1.5, values },
  })
  best = nn.mse()(net:scores(x * 1.5), values)
  same(best, history.val_loss[history.best_epoch])
end)

case("bad rows of the data are not named, or leave running means bad", function()
  local x, values = data(4, 3, "f64")
  x[17][2] = 0 / 0
  for _, how in ipairs { "permutation", false } do
    local net = nn.sequential { nn.dense(4, 8), nn.batch_norm(8), nn.dense(8, 3) }
    raises(
      "x itself holds .*nan at row %d+, element 2 of it %(row 17 of x%)",
      function() net:fit(x, values, { loss = nn.mse(), optimizer = plain(), epochs = 1, batch = 5, shuffle = how }) end
    )
    check(gr.max(net.layers[2].running_mean) < math.huge)
  end
end)

case("layers of an object that a function calls are not trained", function()
  local Model = {}
  Model.__index = Model
  function Model:forward(v) return self.second(self.first(v):tanh()) end
  local model = setmetatable({ first = nn.dense(4, 4), second = nn.dense(4, 3) }, Model)
  local net = nn.sequential { function(v) return model:forward(v) end }
  same(#net:parameters(), 4)
  same(#nn.sequential({ function(v) return nn.relu()(v) end }):parameters(), 0)
end)

case("a number that changes between epochs goes unnoticed until a later check", function()
  local x, values = data(4, 3, "f64")
  local beta = 0
  local net = nn.sequential { nn.dense(4, 3) }
  raises("fit: replaying step 177 gives the loss", function()
    net:fit(x, values, {
      loss = function(scores, targets) return nn.mse()(scores, targets) + (scores ^ 2):mean() * beta end,
      optimizer = plain(),
      batch = 1,
      epochs = 12,
      on_epoch = function(e)
        if e.epoch == 8 then beta = 1 end
      end,
    })
  end)
end)

case("an optimiser moves a net that it is not at", function()
  local x, values = data(4, 3, "f64")
  local optimizer = optim.sgd { lr = 0.1, momentum = 0.9 }
  local one, other = nn.sequential { nn.dense(4, 3) }, nn.sequential { nn.dense(4, 3) }
  one:fit(x, values, { loss = nn.mse(), optimizer = optimizer, epochs = 3 })
  local before = one.layers[1].w:detach():clone()
  other:fit(x, values, { loss = nn.mse(), optimizer = optimizer, epochs = 3 })
  check(one.layers[1].w:detach() == before)
end)

case("a training under gr.no_grad does not say why it cannot be", function()
  local x, values = data(4, 3, "f64")
  local net = nn.sequential { nn.dense(4, 3) }
  raises("fit: gr.no_grad is on", function()
    gr.no_grad(function() net:fit(x, values, { loss = nn.mse(), optimizer = plain(), epochs = 1 }) end)
  end)
end)

case("assignments that change nothing are taken", function()
  local optimizer, layer = optim.sgd { lr = 0.1, momentum = 0.5 }, nn.dense(2, 2)
  raises("sgd: momentum cannot change once the optimiser is made", function() optimizer.momentum = 0.9 end)
  raises("dense has no 'weight'; it has: w b", function() layer.weight = gr.ones(2, 2) end)
  optimizer.lr = 0.5
  layer.note = "mine"
end)

case("options of the wrong kind are found out late", function()
  local x, values = data(4, 3, "f64")
  local net = nn.sequential { nn.dense(4, 3) }
  local function refuses(pattern, options)
    options.loss, options.optimizer, options.epochs, options.batch = nn.mse(), plain(), 1, 5
    raises(pattern, function() net:fit(x, values, options) end)
  end
  refuses("fit: on_step must be a function, got 5", { on_step = 5 })
  refuses("fit: on_epoch must be a function, got a table", { on_epoch = {} })
  refuses("fit: generator must be one such as gr.random.new%(7%), with permutation%(n%), got 5", { generator = 5 })
end)

-- ---- Operators written in Lua

local square = gr.op {
  name = "square",
  forward = function(x) return x * x end,
  backward = function(dy, x) return 2 * dy * x end,
}

local product = gr.op {
  name = "product",
  forward = function(a, b) return a:dot(b) end,
  backward = function(dy, a, b, y)
    assert(y.shape == dy.shape)
    return dy:dot(b:T()), a:T():dot(dy)
  end,
}

case("an operator written in Lua has other values or gradients than its formula", function()
  local a = gr.param(gr.tensor { { 1, 2 }, { 3, 4 } }, "a")
  local b = gr.param(gr.tensor { { 0.5, -1 }, { 2, 1 } }, "b")
  local function f() return (square(product(a, b)) * a):sum() end
  same(product(a, b), a:dot(b))
  check(gr.check.gradients(f, { a, b }).ok)
  same(square(gr.tensor { 3 }), { 9 })
  check(not square(gr.tensor { 3 }).wants_grad)
end)

case("an operator written in Lua trains to other bits when replayed", function()
  local x, values = data(4, 3, "f64")
  local function loss(scores, targets) return square(scores - targets):mean() end
  agrees(
    net_with(function() return square end, "f64"),
    x,
    values,
    { loss = loss, optimizer = plain, epochs = 4, batch = 5 }
  )
end)

case("an operator that fails in a replayed step changes parameters, or hides its message", function()
  local x, values = data(4, 3, "f64")
  for _, where in ipairs { "forward", "backward" } do
    local calls, net = 0, net_with(nn.tanh, "f64")()
    local function count()
      calls = calls + 1
      if calls == 12 then error("boom", 0) end
    end
    local fails = gr.op {
      name = "fails",
      forward = function(h)
        if where == "forward" then count() end
        return h
      end,
      backward = function(dy)
        if where == "backward" then count() end
        return dy
      end,
    }
    local before
    local ok, message = pcall(function()
      net:fit(x, values, {
        loss = function(scores, targets) return nn.mse()(fails(scores), targets) end,
        optimizer = plain(),
        epochs = 30,
        on_step = function() before = net.layers[1].w:detach():clone() end,
      })
    end)
    check(not ok and message:find "boom", message)
    check(net.layers[1].w:detach() == before)
  end
end)

case("what an operator's functions return is not checked", function()
  local p = gr.param(gr.ones(2), "p")
  local wrong = gr.op { forward = function() return "no" end }
  raises("op: forward must return a tensor, got string", function() wrong(p) end)
  local small =
    gr.op { name = "small", forward = function(a) return a end, backward = function() return gr.ones(3) end }
  raises("small: .*a gradient from backward is 3 %(f64%), expected 2 %(f64%)", function() small(p):sum():backward() end)
  local one_of_two =
    gr.op { name = "few", forward = function(a, b) return a * b end, backward = function(dy) return dy end }
  raises(
    "few: backward must return a gradient for each of 2 inputs %(nil: none%), got 1",
    function() one_of_two(p, gr.ones(2)):sum():backward() end
  )
  raises("op: forward must be a function, got nil", function() gr.op { backward = print } end)
  raises("op: unknown option 'fwd'", function() gr.op { fwd = print } end)
  raises("op: takes 1 to 16 tensors, got 0", function() wrong() end)
end)

-- ---- Numbers that are not finite

--- The message of a training that runs away.
local function runaway(replay)
  gr.random.seed(0)
  local net = nn.sequential { nn.dense(2, 3, { name = "hidden" }), function(h) return h:exp() end, nn.dense(3, 1) }
  local x = gr.tensor { { 1, 2 }, { 300, 400 }, { 3, 1 } }
  local ok, message =
    pcall(net.fit, net, x, gr.ones(3, 1), { loss = nn.mse(), optimizer = plain(), epochs = 50, replay = replay })
  check(not ok)
  return message, net
end

case("a loss that is not finite is not reported with its place", function()
  for _, replay in ipairs { true, false } do
    local message, net = runaway(replay)
    check(message:find("test_replay.lua:%d+: fit: the loss is [%-naif]+ at step %d+ %(epoch %d+%)"), message)
    check(message:find "lr is 0.1" and message:find "largest weight" and message:find "no%-nan%-check", message)
    for _, p in ipairs(net:parameters()) do
      check(gr.max(gr.abs(p:detach())) < math.huge, "a parameter has become infinite")
    end
  end
end)

case("the first number that is not finite is not named", function()
  local net = nn.sequential {
    nn.dense(2, 3, { name = "hidden", init = nn.init.ones }),
    function(h) return h:exp() end,
    nn.dense(3, 1),
  }
  local x = gr.tensor { { 1, 2 }, { 300, 500 }, { 3, 1 } }
  raises(
    "the first is inf in the result of exp %(3 x 3%) at row 2, element 1 of it.*, in layer 2, function, .*test_replay.lua:%d+",
    function() net:fit(x, gr.ones(3, 1), { loss = nn.mse(), optimizer = plain(), epochs = 2 }) end
  )
end)
