-- Training: what fit does in which order, to the last bit, when it stops, and what its history means.
local gr = require "gradus"
local harness = require "harness"
local nn = gr.nn

local case = harness.suite "fit"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

local rows = 10
local x = gr.random.new(1):normal(0, 1, rows, 3)
local y = gr.random.new(2):normal(0, 1, rows, 1)

--- A net that always starts the same.
local function new_net()
  gr.random.seed(4)
  return nn.sequential { nn.dense(3, 4), nn.tanh(), nn.dense(4, 1) }
end

local function weights(net)
  local list = {}
  for i, p in ipairs(net:parameters()) do
    list[i] = p:totable()
  end
  return list
end

--- A limit that no gradient reaches keeps sgd's step out of backward's products, which would round otherwise than a loop by hand.
local function plain_sgd() return gr.optim.sgd { lr = 0.1, clip_norm = 1e9 } end

--- Options for a fit, with those of `more`.
local function with(more)
  local options = { loss = nn.mse(), optimizer = plain_sgd() }
  for name, value in pairs(more) do
    options[name] = value
  end
  return options
end

--- One update by hand. Returns the loss before it.
local function step(net, optimizer, xb, yb, loss)
  optimizer:zero_grad()
  local value = (loss or nn.mse())(net(xb), yb)
  value:backward()
  optimizer:step()
  return value:item()
end

local function by_hand(net) return plain_sgd():add(net:parameters()) end

--- A net of one layer that remembers the first column of each batch that it sees while it trains. A replayed step would not
--- call it.
local function watching_net(inputs)
  local seen = {}
  local net = nn.sequential {
    function(batch)
      seen[#seen + 1] = batch[":, 1"]:totable()
      return batch
    end,
    nn.dense(inputs, 1),
  }
  local fit = net.fit
  net.fit = function(self, inputs_of, targets, options)
    options.replay = false
    return fit(self, inputs_of, targets, options)
  end
  return net, seen
end

local function counting(n) return gr.arange(1, n + 1):reshape(n, 1) end

local function sizes_of(seen)
  local sizes = {}
  for i, batch in ipairs(seen) do
    sizes[i] = #batch
  end
  return sizes
end

local function all_of(seen, from, to)
  local list = {}
  for i = from or 1, to or #seen do
    table.move(seen[i], 1, #seen[i], #list + 1, list)
  end
  return list
end

local function sorted(list)
  list = table.move(list, 1, #list, 1, {})
  table.sort(list)
  return list
end

-- ---- The same as by hand

case("a training with all rows differs from the same loop by hand", function()
  local net, other = new_net(), new_net()
  local history = net:fit(x, y, with { epochs = 5 })
  local optimizer, losses = by_hand(other), {}
  for epoch = 1, 5 do
    losses[epoch] = step(other, optimizer, x, y)
  end
  same(weights(net), weights(other))
  same(history.loss, losses)
  same(history.steps, 5)
end)

case("a training in batches differs from the same loop by hand", function()
  local net, other = new_net(), new_net()
  local history = net:fit(x, y, with { epochs = 3, batch = 4, shuffle = false })
  local optimizer = by_hand(other)
  for epoch = 1, 3 do
    local sum = 0
    for xb, yb in gr.data.batches(x, y, 4) do
      sum = sum + step(other, optimizer, xb, yb) * #xb
    end
    same(history.loss[epoch], sum / rows)
  end
  same(weights(net), weights(other))
end)

case("a shuffled training differs from the same loop by hand", function()
  local net, other = new_net(), new_net()
  net:fit(x, y, with { epochs = 3, batch = 4, generator = gr.random.new(7) })
  local optimizer, generator = by_hand(other), gr.random.new(7)
  for _ = 1, 3 do
    local order = generator:permutation(rows)
    for from = 1, rows, 4 do
      local part = order[("%d:%d"):format(from, math.min(from + 3, rows))]
      step(other, optimizer, x:take(part), y:take(part))
    end
  end
  same(weights(net), weights(other))
end)

case("a training on choices differs from the same loop by hand", function()
  local net, other = new_net(), new_net()
  net:fit(x, y, with { steps = 5, batch = 4, shuffle = "choice", generator = gr.random.new(7) })
  local optimizer, generator = by_hand(other), gr.random.new(7)
  for _ = 1, 5 do
    local part = generator:choice(rows, 4)
    step(other, optimizer, x:take(part), y:take(part))
  end
  same(weights(net), weights(other))
end)

case("gr.random itself is no generator for fit, or draws otherwise there", function()
  for _, shuffle in ipairs { "permutation", "choice" } do
    local net, other = new_net(), new_net()
    gr.random.seed(7)
    net:fit(x, y, with { steps = 5, batch = 4, shuffle = shuffle, generator = gr.random })
    local next_number = gr.random.random()
    local generator = gr.random.new(7)
    other:fit(x, y, with { steps = 5, batch = 4, shuffle = shuffle, generator = generator })
    same(weights(net), weights(other))
    same(next_number, generator:random())
  end
end)

case("a loss of one's own trains otherwise than by hand", function()
  local function cubes(scores, targets) return ((scores - targets):abs() ^ 3):mean() end
  local net, other = new_net(), new_net()
  local history = net:fit(x, y, with { epochs = 2, loss = cubes })
  local optimizer = by_hand(other)
  same(history.loss, { step(other, optimizer, x, y, cubes), step(other, optimizer, x, y, cubes) })
  same(weights(net), weights(other))
end)

case("labels train otherwise than one-hot rows", function()
  local labels = gr.tensor { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0 }
  local function trained(targets)
    gr.random.seed(4)
    local net = nn.sequential { nn.dense(3, 3) }
    return net:fit(x, targets, with { loss = nn.cross_entropy(), epochs = 3 }).loss, weights(net)
  end
  local loss, w = trained(labels)
  local loss_rows, w_rows = trained(gr.data.one_hot(labels))
  same(loss, loss_rows)
  same(w, w_rows)
end)

case("f32 trains in another type, or far from f64", function()
  local net, other = new_net(), new_net()
  local history = net:fit(x, y, with { epochs = 5 })
  for _, p in ipairs(other:parameters()) do
    check(p.dtype == "f64")
  end
  local layers = {}
  for i, one in ipairs(other.layers) do
    layers[i] = one.w and nn.dense(#one.w, one.w.shape[2], { init = one.w:to "f32", bias_init = one.b:to "f32" }) or one
  end
  local narrow = nn.sequential(layers)
  local history32 = narrow:fit(x:to "f32", y:to "f32", with { epochs = 5 })
  same(narrow.layers[1].w.dtype, "f32")
  close(history32.loss, history.loss, 1e-6) -- f32 has seven digits
end)

-- ---- Epochs, steps, batches

case("the last, smaller batch is left out", function()
  local net, seen = watching_net(1)
  local history = net:fit(
    counting(10),
    counting(10),
    with { epochs = 2, batch = 4, shuffle = false, optimizer = gr.optim.sgd { lr = 0 } }
  )
  same(sizes_of(seen), { 4, 4, 2, 4, 4, 2 })
  same(history.steps, 6)
  same(all_of(seen, 1, 3), { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
end)

case("a batch larger than the data, or none, is not all rows", function()
  for _, batch in ipairs { false, 10, 11, 1000 } do
    local net, seen = watching_net(1)
    net:fit(counting(10), counting(10), with { epochs = 2, batch = batch or nil })
    same(sizes_of(seen), { 10, 10 })
    same(seen[2], seen[1])
  end
end)

case("steps do not end within an epoch, or do not go on to the next", function()
  local net, seen = watching_net(1)
  local history = net:fit(counting(10), counting(10), with { steps = 5, batch = 4, shuffle = false })
  same(sizes_of(seen), { 4, 4, 2, 4, 4 })
  same({ history.steps, #history.loss }, { 5, 2 })
end)

case("an epoch's loss is not the mean over its samples", function()
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.zeros }) }
  local targets = gr.tensor { { 1 }, { 2 }, { 6 } }
  -- Without a step the losses are the squares' means: (1 + 4 + 36) / 3, whatever the batches.
  local history = net:fit(
    gr.ones(3, 1),
    targets,
    with { epochs = 1, batch = 2, shuffle = false, optimizer = gr.optim.sgd { lr = 0 } }
  )
  close(history.loss, { 41 / 3 }, 1e-15) -- two sums of the same numbers
end)

case("an epoch's loss is taken after the update", function()
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.zeros, bias = false }) }
  -- w goes from 0 to 2 at once: y = w x, dmse/dw = 2 (w - 2).
  local history =
    net:fit(gr.ones(1, 1), gr.full({ 1, 1 }, 2), with { epochs = 2, optimizer = gr.optim.sgd { lr = 0.5 } })
  same(history.loss, { 4, 0 })
end)

-- ---- Order

case("a shuffled epoch does not see each row once, or each epoch has the same order", function()
  local net, seen = watching_net(1)
  gr.random.seed(0)
  net:fit(counting(50), counting(50), with { epochs = 2, batch = 10, optimizer = gr.optim.sgd { lr = 0 } })
  local first, second = all_of(seen, 1, 5), all_of(seen, 6, 10)
  local ordered = counting(50):flatten():totable()
  same(sorted(first), ordered)
  same(sorted(second), ordered)
  check(table.concat(first, " ") ~= table.concat(second, " "))
  check(table.concat(first, " ") ~= table.concat(ordered, " "))
end)

case("inputs and targets are shuffled apart", function()
  local apart = 0
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.ones }) }
  local function loss(scores, targets)
    apart = apart + (scores:detach() - targets):abs():sum()
    return nn.mse()(scores, targets)
  end
  for _, shuffle in ipairs { "permutation", "choice", false } do
    net:fit(
      counting(20),
      counting(20),
      with { epochs = 2, batch = 6, shuffle = shuffle, loss = loss, optimizer = gr.optim.sgd { lr = 0 } }
    )
  end
  same(apart, 0)
end)

case("choices are no draws with replacement, or make more batches than fit an epoch", function()
  local net, seen = watching_net(1)
  gr.random.seed(0)
  local options = { epochs = 8, batch = 5, shuffle = "choice", optimizer = gr.optim.sgd { lr = 0 } }
  net:fit(counting(12), counting(12), with(options))
  same(#seen, 16) -- 12 // 5 batches an epoch
  local repeated = false
  for _, batch in ipairs(seen) do
    same(#batch, 5)
    local list = sorted(batch)
    for i = 2, #list do
      repeated = repeated or list[i] == list[i - 1]
    end
  end
  check(repeated, "no batch of 16 holds a row twice")
end)

case("shuffling all rows as one batch does not keep to what was asked", function()
  local net, seen = watching_net(1)
  net:fit(counting(20), counting(20), with { epochs = 1 })
  same(seen[1], counting(20):flatten())
  net:fit(counting(20), counting(20), with { epochs = 1, shuffle = "permutation" })
  check(gr.tensor(seen[2]) ~= counting(20):flatten())
  same(sorted(seen[2]), counting(20):flatten())
end)

case("the same seed does not give the same training", function()
  local function run(seed)
    gr.random.seed(seed)
    local net = nn.sequential { nn.dense(3, 1) }
    return net:fit(x, y, with { epochs = 3, batch = 3 }).loss
  end
  same(run(5), run(5))
  check(run(5)[3] ~= run(6)[3])
end)

case("a generator of the script's own is not drawn from", function()
  local net, seen = watching_net(1)
  local generator = gr.random.new(3)
  net:fit(
    counting(10),
    counting(10),
    with { epochs = 1, batch = 5, generator = generator, optimizer = gr.optim.sgd { lr = 0 } }
  )
  local expected = gr.random.new(3)
  same(all_of(seen), expected:permutation(10))
  same(generator:random(), expected:random())
end)

-- ---- What is measured

--- A net whose training ended by an error after so many epochs.
local function broken_off(epochs, loss, message, y_of_it)
  local net = new_net()
  local ok = pcall(net.fit, net, x, y_of_it or y, {
    loss = loss,
    optimizer = gr.optim.sgd { lr = 0.1 },
    epochs = 9,
    validation = { x, y_of_it or y },
    on_epoch = function(e)
      if e.epoch == epochs then error(message, 0) end
    end,
  })
  check(not ok, "it went on")
  return net
end

case("a training that is broken off has no history, or half an epoch of one", function()
  local net = broken_off(3, nn.mse(), "fit.lua:5: interrupted\n  called from prompt:1")
  same({ #net.history.loss, #net.history.val_loss, net.history.stopped }, { 3, 3, "interrupted" })
  same(broken_off(1, nn.mse(), "something else").history.stopped, "an error")
  same(broken_off(1, nn.mse(), {}).history.stopped, "an error")
end)

case("a net whose training is broken off does not know what its scores mean", function()
  same(broken_off(1, nn.mse(), "stop").task, "values")
  local net = broken_off(1, nn.logistic(), "stop", y:gt(0))
  same({ net.task, net:predict(x):unique():totable()[1] }, { "binary", 0 })
  local first = new_net()
  pcall(first.fit, first, x, y:gt(0), {
    loss = nn.logistic(),
    optimizer = gr.optim.sgd(),
    epochs = 1,
    generator = { permutation = function() error "stop" end },
    batch = 2,
  })
  same({ first.task, first.history.loss, first.history.stopped }, { "binary", {}, "an error" })
end)

case("the history that fit gives is not the net's, or an error of the call takes it away", function()
  local net = new_net()
  local history = net:fit(x, y, with { epochs = 2 })
  check(rawequal(net.history, history), "another")
  pcall(net.fit, net, x, y, with { epochs = 2, batch = -1 })
  check(rawequal(net.history, history), "it is gone")
end)

case("validation is not measured after each epoch, or trains", function()
  local x_new, y_new = gr.random.new(8):normal(0, 1, 6, 3), gr.random.new(9):normal(0, 1, 6, 1)
  local net, other = new_net(), new_net()
  local history = net:fit(x, y, with { epochs = 3, validation = { x_new, y_new } })
  local optimizer, losses = by_hand(other), {}
  for epoch = 1, 3 do
    step(other, optimizer, x, y)
    losses[epoch] = nn.mse()(other:scores(x_new), y_new)
  end
  same(history.val_loss, losses)
  same(weights(net), weights(other))
  same(new_net():fit(x, y, with { epochs = 3, validation = { x = x_new, y = y_new } }).val_loss, losses)
end)

case("metrics are not means over an epoch's samples, and of the validation after it", function()
  local labels = gr.tensor { 0, 1, 1, 0, 1, 0, 0, 1, 1, 0 }
  gr.random.seed(4)
  local net = nn.sequential { nn.dense(3, 2) }
  local right = 0
  local function loss(scores, targets)
    if scores.wants_grad then right = right + gr.eq(scores:detach():argmax(2) - 1, targets):sum() end
    return nn.cross_entropy()(scores, targets)
  end
  net:fit(x, labels, with { epochs = 1, loss = nn.cross_entropy() })
  local history = net:fit(
    x,
    labels,
    with {
      epochs = 1,
      batch = 4,
      loss = loss,
      replay = false, -- the loss counts what it sees
      metrics = { "accuracy" },
      validation = { x, labels },
    }
  )
  close(history.accuracy, { right / rows }, 1e-15) -- a mean of means against a share
  same(history.val_accuracy, { net:score(x, labels) })
end)

case("on_epoch does not hear of every epoch, or of what was measured", function()
  local heard = {}
  local history = new_net():fit(
    x,
    y,
    with {
      epochs = 3,
      batch = 4,
      validation = { x, y },
      metrics = { "mae" },
      on_epoch = function(e) heard[#heard + 1] = e end,
    }
  )
  same(#heard, 3)
  for i, e in ipairs(heard) do
    same({ e.epoch, e.steps }, { i, 3 * i })
    same(
      { e.loss, e.val_loss, e.mae, e.val_mae },
      { history.loss[i], history.val_loss[i], history.mae[i], history.val_mae[i] }
    )
  end
end)

case("on_step does not hear of every step, or of its loss", function()
  local heard, net, other = {}, new_net(), new_net()
  net:fit(
    x,
    y,
    with {
      epochs = 2,
      batch = 5,
      shuffle = false,
      on_step = function(s) heard[#heard + 1] = { s.step, s.epoch, s.loss } end,
    }
  )
  local optimizer, expected = by_hand(other), {}
  for epoch = 1, 2 do
    for xb, yb in gr.data.batches(x, y, 5) do
      expected[#expected + 1] = { #expected + 1, epoch, step(other, optimizer, xb, yb) }
    end
  end
  same(heard, expected)
end)

case("a rate that is a function does not follow the epochs", function()
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.zeros, bias = false }) }
  local optimizer = gr.optim.sgd { lr = function(epoch) return epoch end }
  local function score(scores) return scores:sum() end
  net:fit(gr.ones(2, 1), gr.ones(2, 1), { loss = score, optimizer = optimizer, epochs = 2, batch = 1 })
  same(net.layers[1].w, { { -6 } }) -- two steps of 1, two of 2
end)

-- ---- Stopping

case("on_epoch cannot stop a training", function()
  local history = new_net():fit(x, y, with { epochs = 9, on_epoch = function(e) return e.epoch < 3 end })
  same({ #history.loss, history.stopped }, { 3, "asked to" })
end)

case("on_step cannot stop a training within an epoch", function()
  local history = new_net():fit(x, y, with { epochs = 9, batch = 2, on_step = function(s) return s.step ~= 7 end })
  same({ history.steps, #history.loss, history.stopped }, { 7, 2, "asked to" })
end)

--- With this rate each step makes the error of a single weight larger.
local function worsening(more)
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.zeros, bias = false }) }
  local options = { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 1.1 }, epochs = 20 }
  for name, value in pairs(more) do
    options[name] = value
  end
  return net, net:fit(gr.ones(1, 1), gr.ones(1, 1), options)
end

case("patience does not stop, or keeps worse weights than it has seen", function()
  local net, history = worsening { patience = 3, validation = { gr.ones(1, 1), gr.ones(1, 1) } }
  same({ #history.loss, history.best_epoch, history.stopped }, { 4, 1, "patience" })
  local once = worsening { epochs = 1 }
  same(net.layers[1].w, once.layers[1].w)
end)

case("patience does not look at the training loss where there is no validation", function()
  local _, history = worsening { patience = 2 }
  same({ #history.loss, history.best_epoch, history.stopped }, { 3, 1, "patience" })
end)

case("patience stops a training that gets better", function()
  local net = new_net()
  local history = net:fit(x, y, with { epochs = 12, patience = 1 })
  same({ #history.loss, history.best_epoch, history.stopped }, { 12, 12 })
end)

case("a training goes on from an old state, or an optimiser cannot be used again", function()
  local net, other = new_net(), new_net()
  local optimizer = plain_sgd()
  net:fit(x, y, with { epochs = 2, optimizer = optimizer })
  net:fit(x, y, with { epochs = 3, optimizer = optimizer })
  other:fit(x, y, with { epochs = 5 })
  same(weights(net), weights(other))
end)

-- ---- Refusals

local function refuses(name, pattern, more, inputs, targets)
  case(name, function()
    local net, options = new_net(), with(more)
    raises(pattern, function() net:fit(inputs or x, targets or y, options) end)
  end)
end

refuses("a training without end is not refused", "fit: say how long to train: epochs = ... or steps = ...", {})
refuses("two lengths are not refused", "fit: give epochs or steps, not both", { epochs = 1, steps = 1 })
refuses("no epochs are not refused", "fit: epochs must be a whole number of at least 1, got 0", { epochs = 0 })
refuses("half a step is not refused", "fit: steps must be a whole number of at least 1, got 1.5", { steps = 1.5 })
refuses(
  "an empty batch is not refused",
  "fit: batch must be a whole number of at least 1, got 0",
  { epochs = 1, batch = 0 }
)
refuses(
  "an unknown shuffle is not refused",
  'fit: shuffle must be one of "permutation", "choice", false, got "yes"',
  { epochs = 1, shuffle = "yes" }
)
refuses(
  "no patience is not refused",
  "fit: patience must be a whole number of at least 1, got 0",
  { epochs = 1, patience = 0 }
)
refuses(
  "an unknown metric is not refused",
  'fit: a metric must be one of "accuracy", "mse", "mae", "r2", got "f2"',
  { epochs = 1, metrics = { "f2" } }
)
refuses(
  "a loss that is none is not refused",
  'fit: loss must be a loss such as nn.mse%(%) or a function of %(scores, targets%), got "mse"',
  { epochs = 1, loss = "mse" }
)
refuses(
  "an optimiser that is none is not refused",
  "fit: optimizer must be one such as gr.optim.sgd{ lr = 0.1 }, got a function",
  { epochs = 1, optimizer = gr.optim.sgd }
)
refuses(
  "a misspelt option is not refused",
  "fit: unknown option 'epocs' %(did you mean 'epochs'%?%); known: batch epochs",
  { epocs = 1 }
)
refuses(
  "rows that do not match are not refused",
  "fit: training x is 10 x 3 but y is 4 x 1: they must have the same number of rows",
  { epochs = 1 },
  nil,
  gr.zeros(4, 1)
)
refuses(
  "rows of validation that do not match are not refused",
  "fit: validation x is 10 x 3 but y is 4 x 1",
  { epochs = 1, validation = { x, gr.zeros(4, 1) } }
)
refuses(
  "validation that is no pair is not refused",
  "fit: validation must be { x, y }, got true",
  { epochs = 1, validation = true }
)
refuses(
  "data that are no tensors are not refused",
  "fit: training x must be a tensor, got a table",
  { epochs = 1 },
  { { 1, 2, 3 } }
)
refuses(
  "inputs of another width are not refused by the first layer",
  "dense: x is 10 x 2 but w is 3 x 4.*\n  chain: 10 x 2 %-> dense%(3 %-> 4%)",
  { epochs = 1 },
  gr.zeros(10, 2)
)
refuses(
  "a loss of many numbers is not refused",
  "fit: the loss must give one number, got a tensor %(10 x 1%)",
  { epochs = 1, loss = function(s, t) return s - t end }
)
refuses(
  "a loss that gives nothing is not refused",
  "fit: the loss must give one number, got nil",
  { epochs = 1, loss = function() end }
)
refuses("a loss that no weight touches is not refused", "fit: the loss does not depend on anything made by gr.param", {
  epochs = 1,
  loss = function(s, t) return (s:detach() - t):sum() end,
})

case("a training without anything to learn is not refused", function()
  local net = nn.sequential { nn.tanh() }
  raises("fit: the net has no parameters", function() net:fit(gr.ones(2, 1), gr.ones(2, 1), with { epochs = 1 }) end)
end)

case("an error in a training leaves the net unusable", function()
  local net = new_net()
  local function stumble(s)
    if s.step == 2 then error "enough" end
  end
  local ok, message = pcall(net.fit, net, x, y, with { epochs = 5, on_step = stumble })
  check(not ok and message:find "test_fit.lua:%d+: enough")
  local history = net:fit(x, y, with { epochs = 2 })
  check(history.loss[2] < history.loss[1])
end)

case("patience without validation restores weights that were worse", function()
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.zeros() }) }
  local x1, y1 = gr.ones(1, 1), gr.ones(1, 1)
  local rate = function(epoch) return epoch < 4 and 0.2 or 50 end -- the fourth update throws the weights away
  local options = { loss = nn.mse(), optimizer = gr.optim.sgd { lr = rate }, epochs = 10, patience = 2 }
  local history = net:fit(x1, y1, options)
  same(history.best_epoch, 4)
  same(nn.mse()(net:scores(x1), y1), history.loss[4])
end)

case("a regression reports an accuracy", function()
  local net = nn.sequential { nn.dense(3, 1) }
  raises(
    "fit: accuracy counts right classes",
    function()
      net:fit(x, y, { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.01 }, epochs = 1, metrics = { "accuracy" } })
    end
  )
end)
