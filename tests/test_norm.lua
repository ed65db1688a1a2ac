-- Dropout, batch and layer normalisation, embedding, as layers. Their operators' values, gradients and refusals stand in
-- op_cases.lua; the figures are PyTorch's (golden/norm.lua says how they were made).
local gr = require "gradus"
local harness = require "harness"
local golden = require "golden.norm"
local nn = gr.nn

local case = harness.suite "norm"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

--- PyTorch sums in another order.
local few_roundings = 1e-12

-- ---- Dropout

--- A dropout layer whose masks do not depend on what was made before.
local function dropout(p, key)
  local layer = nn.dropout(p)
  layer.draws = { key or 7, 0 }
  return layer
end

case("dropout keeps another share than 1 - p, or does not make up for it", function()
  local x = gr.ones(1000, 100)
  for _, p in ipairs { 0, 0.1, 0.5, 0.9 } do
    local y = dropout(p)(x)
    -- Four standard deviations of a share of 100,000.
    close(gr.gt(y, 0):mean(), 1 - p, { abs = 4 * math.sqrt(p * (1 - p) / 1e5) }, "the share kept at " .. p)
    same(y:max(), 1 / (1 - p))
    same(gr.unique(y).size, p == 0 and 1 or 2)
  end
end)

case("neighbours or following masks go together", function()
  local layer, n = dropout(0.5), 20000
  local a, b = gr.gt(layer(gr.ones(n)), 0), gr.gt(layer(gr.ones(n)), 0)
  local within = { abs = 4 * math.sqrt(3 / 16 / n) } -- four standard deviations of a share of 1/4
  close((a * b):mean(), 0.25, within)
  close((a["2:20000"] * a["1:19999"]):mean(), 0.25, within)
  close((a["3:20000"] * a["1:19998"]):mean(), 0.25, within)
end)

case("dropout after training is not the input itself", function()
  local layer, x = dropout(0.5):eval(), gr.ones(3, 4)
  check(layer(x) == x)
  same(layer.draws, { 7, 0 })
  check(layer:train()(x) ~= x)
  same(layer.draws, { 7, 1 })
end)

case("the same seed gives other masks, or two layers have the same", function()
  local x = gr.ones(8, 8)
  local function masks(seed, n)
    gr.random.seed(seed)
    local first, second = nn.dropout(0.5), nn.dropout(0.5)
    if n then gr.random.rand(n) end
    return { first(x), first(x), second(x) }
  end
  local once, again, other = masks(3), masks(3, 5), masks(4)
  for i = 1, 3 do
    same(again[i], once[i])
    check(other[i] ~= once[i], "another seed gives the same mask")
    check(i == 3 or once[i] ~= once[i + 1], "two masks are the same")
  end
  check(once[1] ~= once[3], "two layers begin with the same mask")
end)

case("dropout disturbs what a script draws", function()
  gr.random.seed(3)
  local expected = gr.random.rand(4)
  gr.random.seed(3)
  nn.dropout(0.5)(gr.ones(100))
  same(gr.random.rand(4), expected)
end)

case("the gradient of dropout goes through another mask than the values", function()
  local layer, x = dropout(0.25), gr.param(gr.ones(5, 7), "x")
  local first, second = layer(x), layer(x)
  first:sum():backward()
  same(x.grad, first)
  x:zero_grad()
  second:sum():backward()
  same(x.grad, second)
  check(first ~= second)
end)

case("saved counts do not bring the masks back", function()
  local layer, x = dropout(0.5), gr.ones(50)
  layer(x)
  local kept, expected = layer.draws:clone(), layer(x)
  layer(x)
  local copy = dropout(0.5, 1)
  layer.draws, copy.draws = kept, kept
  same(layer(x), expected)
  same(copy(x), expected)
end)

case("masks in f32 are others than in f64", function()
  local wide, narrow = dropout(0.25), dropout(0.25)
  close(narrow(gr.ones({ 101 }, "f32")), wide(gr.ones { 101 }), 1e-7)
  same({ narrow.draws.dtype, narrow(gr.ones({ 3 }, "f32")).dtype }, { "f64", "f32" })
end)

case("gradients through a net with dropout cannot be checked with a mask that is held", function()
  gr.random.seed(1)
  local layer = dropout(0.5)
  local net = nn.sequential { nn.dense(3, 8), layer, nn.layer_norm(8), nn.tanh(), nn.dense(8, 1) }
  local x = gr.random.normal(0, 1, 4, 3)
  local result = gr.check.gradients(function()
    layer.draws = { 7, 0 }
    return (net(x) ^ 2):sum()
  end, net:parameters())
  check(result.ok, tostring(result))
end)

case("dropout takes shares that make no sense", function()
  raises("dropout: p must be below 1: 1 would drop everything", function() nn.dropout(1) end)
  raises("dropout: p must be a number from 0 to 1, got %-0.1", function() nn.dropout(-0.1) end)
  raises("dropout: p must be a number from 0 to 1, got nil", function() nn.dropout() end)
  raises("dropout: unknown option 'seed'; known: name", function() nn.dropout(0.5, { seed = 1 }) end)
  raises("dropout: x must be a tensor, got 3", function() nn.dropout(0.5)(3) end)
end)

-- ---- Batch normalisation

local function batch_norm_of(c)
  local layer = nn.batch_norm(#c.gamma, { momentum = c.momentum, eps = c.eps })
  layer.gamma, layer.beta, layer.running_mean, layer.running_var = c.gamma, c.beta, c.mean, c.var
  return layer
end

--- Compares gradients of sum(y * slope) with those of the case, whose names begin with `prefix`.
local function try_gradients(c, layer, x, prefix)
  local p = gr.param(gr.tensor(x), "x")
  for _, own in ipairs(layer:parameters()) do
    own:zero_grad()
  end
  gr.sum(layer(p) * gr.tensor(c.slope)):backward()
  close(p.grad, c[prefix .. "dx"], few_roundings, prefix .. "dx")
  close(layer.gamma.grad, c[prefix .. "dgamma"], few_roundings, prefix .. "dgamma")
  close(layer.beta.grad, c[prefix .. "dbeta"], few_roundings, prefix .. "dbeta")
end

for _, c in ipairs(golden.batch_norm) do
  case("two steps of batch_norm are not PyTorch's: " .. c.name, function()
    local layer = batch_norm_of(c)
    close(layer(gr.tensor(c.x)), c.train, few_roundings)
    try_gradients(c, layer, c.second, "")
    close(layer.running_mean, c.running_mean, few_roundings)
    close(layer.running_var, c.running_var, few_roundings)
    layer:eval()
    close(layer(gr.tensor(c.x)), c.later, few_roundings)
    try_gradients(c, layer, c.second, "eval_")
    close(layer.running_var, c.running_var, few_roundings, "running_var after evaluation")
  end)
end

case("batch_norm starts otherwise than with ones and zeros", function()
  local layer = nn.batch_norm(2)
  same({ layer.gamma, layer.beta, layer.running_mean, layer.running_var }, { { 1, 1 }, { 0, 0 }, { 0, 0 }, { 1, 1 } })
  same({ #layer:parameters(), #layer:states() }, { 2, 2 })
end)

case("batch_norm of rows that are far from zero loses their differences", function()
  local x = gr.tensor { { 1e8 }, { 1e8 + 1 }, { 1e8 + 2 } }
  local expected = 1 / math.sqrt(2 / 3 + 1e-5)
  close(nn.batch_norm(1)(x), { { -expected }, { 0 }, { expected } }, few_roundings)
end)

case("the mean of many f32 rows loses digits in batch_norm", function()
  gr.random.seed(2)
  local x = gr.random.uniform(1, 2, 60000, 2)
  local mean, var, ones = gr.zeros({ 2 }, "f32"), gr.ones({ 2 }, "f32"), gr.ones({ 2 }, "f32")
  gr.batch_norm(x:to "f32", ones, ones, mean, var, 1)
  close(mean, x:mean(1), 1e-6) -- one running sum of 60,000 is off by 6e-6 here
  close(var, x:var(1) * (60000 / 59999), 1e-5)
end)

case("a net scores by the batch, or moves the running means when it does", function()
  gr.random.seed(1)
  local net = nn.sequential { nn.dense(2, 3), nn.batch_norm(3), nn.dropout(0.5) }
  local x = gr.random.normal(0, 1, 6, 2)
  net(x)
  local state = {}
  for i, t in ipairs(net:states()) do
    state[i] = t:clone()
  end
  same(net:scores(x["1:1"]), net:scores(x)["1:1"])
  net:predict(x)
  same(net:states(), state)
  same({ net.training, net.layers[2].training, net.layers[3].training }, { true, true, true })
end)

case("batch_norm does not say what it cannot normalise", function()
  local layer = nn.batch_norm(3, { name = "first" })
  raises(
    "batch_norm 'first': x is 4 x 2 but the layer has 3 features: x must be %(batch, 3%) or %(batch, 3, height, width%)$",
    function() layer(gr.ones(4, 2)) end
  )
  raises("batch_norm 'first': x is 4 x 3 x 2 but", function() layer(gr.ones(4, 3, 2)) end)
  raises("batch_norm 'first': x is number but", function() layer(3) end)
  raises("x is 1 x 3 in training: one value for each feature has no spread", function() layer(gr.ones(1, 3)) end)
  same(layer:eval()(gr.zeros(1, 3)), { { 0, 0, 0 } })
  same(#nn.batch_norm(3)(gr.ones(1, 3, 2, 1)), 1)
end)

case("a message about batch_norm lacks the way, or moves running means", function()
  local first, drop = nn.batch_norm(3), dropout(0.5)
  local net = nn.sequential { first, drop, nn.dense(3, 2), nn.batch_norm(4) }
  raises(
    "chain: 5 x 3 %-> batch_norm%(3%) %-> 5 x 3 %-> dropout%(0.5%) %-> 5 x 3 %-> dense%(3 %-> 2%) %-> 5 x 2 %-> batch_norm%(4%)$",
    function() net(gr.ones(5, 3)) end
  )
  close(first.running_mean, { 0.1, 0.1, 0.1 }, 1e-16)
  same(drop.draws, { 7, 1 })
  check(first.training)
end)

case("options of the normalisations that make no sense are taken", function()
  raises("batch_norm: features must be a whole number of at least 1, got 0", function() nn.batch_norm(0) end)
  raises("batch_norm: momentum must be a number from 0 to 1, got 2", function() nn.batch_norm(3, { momentum = 2 }) end)
  raises("batch_norm: eps must be a number of at least 0, got %-1", function() nn.batch_norm(3, { eps = -1 }) end)
  raises("layer_norm: eps must be finite, got inf", function() nn.layer_norm(3, { eps = math.huge }) end)
  raises("layer_norm: unknown option 'momentum'; known: eps name", function() nn.layer_norm(3, { momentum = 1 }) end)
  raises("layer_norm: features must be a whole number", function() nn.layer_norm { 3 } end)
end)

-- ---- Layer normalisation

for _, c in ipairs(golden.layer_norm) do
  case("layer_norm is not PyTorch's: " .. c.name, function()
    local layer = nn.layer_norm(#c.gamma, { eps = c.eps })
    layer.gamma, layer.beta = c.gamma, c.beta
    close(layer(gr.tensor(c.x)), c.y, few_roundings)
    try_gradients(c, layer, c.x, "")
    same(layer:eval()(gr.tensor(c.x)), layer:train()(gr.tensor(c.x)))
  end)
end

case("layer_norm does not say what it cannot normalise", function()
  local net = nn.sequential { nn.dense(2, 3), nn.layer_norm(4) }
  raises(
    "layer_norm: x is 5 x 3 but the layer has 4 features: they are the last axis of x\n  chain: 5 x 2 %-> dense",
    function() net(gr.ones(5, 2)) end
  )
end)

-- ---- Embedding

case("embedding is not PyTorch's", function()
  local c = golden.embedding
  local layer = nn.embedding(4, 3, { init = gr.tensor(c.w) })
  local y = layer(gr.tensor(c.x))
  local loss = (y * gr.tensor(c.slope)):sum()
  same(y, c.y)
  loss:backward()
  same(layer.w.grad, c.dw)
  same(layer(gr.tensor { 3, 0 }), { c.w[4], c.w[1] })
end)

case("embedding starts otherwise than standard normal, or ignores its init", function()
  gr.random.seed(5)
  local expected = gr.random.normal(0, 1, 4, 3)
  gr.random.seed(5)
  same(nn.embedding(4, 3).w, expected)
  same(nn.embedding(2, 2, { init = nn.init.zeros }).w, { { 0, 0 }, { 0, 0 } })
end)

case("a net of words does not learn", function()
  gr.random.seed(1)
  local words, class = gr.tensor { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 0 } }, gr.tensor { 0, 1, 0, 1 }
  local net = nn.sequential { nn.embedding(4, 3), function(x) return x:reshape(-1, 6) end, nn.dense(6, 2) }
  net:fit(words, class, {
    loss = nn.cross_entropy(),
    optimizer = gr.optim.adam { lr = 0.1 },
    epochs = 50,
    progress = false,
  })
  same(net:score(words, class), 1)
end)

case("embedding does not say that its numbers count from 0", function()
  local layer = nn.embedding(5, 2)
  raises(
    "embedding: 5 at position %[2, 1%] of x %(2 x 2%), but w %(5 x 2%) has 5 rows: whole numbers that count from 0 to 4",
    function() layer(gr.tensor { { 1, 2 }, { 5, 0 } }) end
  )
  raises("embedding: 0.5 at position 1 of x", function() layer(gr.tensor { 0.5 }) end)
  raises('embedding: x must be a tensor, got "word"', function() layer "word" end)
  raises("embedding: size must be a whole number of at least 1, got nil", function() nn.embedding(5) end)
  raises("embedding: starting values must be 5 x 2", function() nn.embedding(5, 2, { init = gr.ones(2, 5) }) end)
end)

-- ---- All of them

case("a layer cannot be made again from its kind and args", function()
  local layers = {
    nn.dropout(0.25, { name = "a" }),
    nn.batch_norm(3, { momentum = 0.5 }),
    nn.layer_norm(3, { eps = 0.25 }),
    nn.embedding(7, 2, { init = nn.init.zeros }),
  }
  same(layers[2].args, { 3, { momentum = 0.5, eps = 1e-5 } })
  for _, layer in ipairs(layers) do
    local again = nn[layer.kind](table.unpack(layer.args))
    same(again.args, layer.args)
    same({ #again:parameters(), #again:states() }, { #layer:parameters(), #layer:states() })
    same(tostring(again), tostring(layer))
  end
end)

case("training with the normalisations and dropout gives other bits each time", function()
  local function trained()
    gr.random.seed(2)
    local x, y = gr.random.normal(0, 1, 24, 4), gr.random.normal(0, 1, 24, 1)
    local net = nn.sequential {
      nn.dense(4, 6),
      nn.batch_norm(6),
      nn.relu(),
      nn.dropout(0.25),
      nn.layer_norm(6),
      nn.dense(6, 1),
    }
    net:fit(x, y, { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.1 }, epochs = 3, batch = 8, progress = false })
    return { net:scores(x), net.layers[2].running_var, net.layers[4].draws }
  end
  same(trained(), trained())
end)
