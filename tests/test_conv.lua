-- Layers for images: figures against PyTorch's (golden/conv.lua), starting values, sizes, what is refused, and memory.
local gr = require "gradus"
local core = require "gradus.core"
local golden = require "golden.conv"
local harness = require "harness"
local nn = gr.nn

local case = harness.suite "conv"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

-- ---- PyTorch's figures

local function product(sizes)
  local size = 1
  for _, d in ipairs(sizes) do
    size = size * d
  end
  return size
end

--- Element i is (step i mod range - half the range) / 8, as golden/conv.lua says.
local function series(sizes, step, range, dtype)
  local list = {}
  for i = 1, product(sizes) do
    list[i] = (i * step % range - range // 2) / 8
  end
  return gr.tensor(list, dtype):reshape(sizes)
end

local function weighed(y)
  local weights = {}
  for i = 1, y.size do
    weights[i] = (i * 37 % 11 + 1) / (i % 2 == 0 and 8 or -8)
  end
  return gr.sum(y * gr.tensor(weights, y.dtype):reshape(y.shape))
end

--- Compares y and the gradients of params, by name, with what PyTorch gave.
local function agree(one, y, params, within)
  check(y.shape == one.shape, ("%s is %s"):format(one[1], y.shape))
  close(y:reshape(-1), one.y, within, one[1] .. ": y")
  weighed(y):backward()
  for name, p in pairs(params) do
    close(p.grad:reshape(-1), one["d" .. name], within, ("%s: d%s"):format(one[1], name))
  end
end

-- Every figure of a convolution is a sum of few 64ths, exact in any order and in both types.
for _, one in ipairs(golden.conv2d) do
  case("conv2d is not PyTorch's: " .. one[1], function()
    for _, dtype in ipairs { "f64", "f32" } do
      local p = {
        x = gr.param(series(one.x, 7, 23, dtype)),
        w = gr.param(series(one.w, 5, 17, dtype)),
        b = gr.param(series({ one.w[1] }, 3, 5, dtype)),
      }
      agree(one, gr.conv2d(p.x, p.w, p.b, one.stride, one.padding), p, 0)
    end
  end)
end

--- A ninth is rounded, and a few of them are added.
local few_roundings = { f64 = 1e-15, f32 = 1e-6 }

for _, kind in ipairs { "max_pool2d", "avg_pool2d" } do
  for _, one in ipairs(golden[kind]) do
    case(("%s is not PyTorch's: %s"):format(kind, one[1]), function()
      for dtype, within in pairs(few_roundings) do
        local x = gr.param(series(one.x, 7, 23, dtype))
        local y = nn[kind](one.kernel, { stride = one.stride, padding = one.padding })(x)
        agree(one, y, { x = x }, kind == "avg_pool2d" and within or 0)
      end
    end)
  end
end

case("f32 is far from f64 where sums are long", function()
  gr.random.seed(3)
  local x, w, b = gr.random.randn(2, 8, 12, 12), gr.random.randn(7, 8, 5, 5), gr.random.randn(7)
  local found = {}
  for _, dtype in ipairs { "f64", "f32" } do
    local p = { gr.param(x:to(dtype)), gr.param(w:to(dtype)), gr.param(b:to(dtype)) }
    local y = gr.conv2d(p[1], p[2], p[3], 1, 2)
    gr.sum(y * y):backward()
    found[dtype] = { y:detach(), p[1].grad, p[2].grad, p[3].grad }
  end
  for i, double in ipairs(found.f64) do -- 1008 products at most go into one number
    close(found.f32[i], double, { abs = 1e-5 * double:abs():max() }, "figure " .. i)
  end
end)

case("a second backward does not add to the gradients", function()
  local one = golden.conv2d[2]
  local w = gr.param(series(one.w, 5, 17))
  for _ = 1, 2 do
    weighed(gr.conv2d(series(one.x, 7, 23), w, series({ one.w[1] }, 3, 5))):backward()
  end
  same(w.grad:reshape(-1), gr.tensor(one.dw) * 2)
end)

-- ---- Layers

case("a layer's parameters are not PyTorch's in shape, or not at its fields", function()
  local layer = nn.conv2d(3, 4, { 5, 2 }, { name = "first" })
  check(layer.w.shape == { 4, 3, 5, 2 } and layer.b.shape == { 4 })
  same({ layer.w.name, layer.b.name, layer.kind, layer.name }, { "w", "b", "conv2d", "first" })
  same(layer.b, { 0, 0, 0, 0 })
  same(#layer:parameters(), 2)
end)

case("a convolution without bias has one, or another type than its weights", function()
  local layer = nn.conv2d(1, 1, { 1, 2 }, { init = gr.tensor({ 1, 2 }, "f32"):reshape(1, 1, 1, 2), bias = false })
  local y = layer(gr.tensor({ 3, 4, 5 }, "f32"):reshape(1, 1, 1, 3))
  same({ y:totable(), y.dtype, #layer:parameters() }, { { { { { 11, 14 } } } }, "f32", 1 })
end)

--- Expected: RandomState(5).uniform(-b, b, 24) or .normal(0, s, 24), first and last, with 2 * 4 inputs and 3 * 4 outputs.
case("kernels start otherwise than by the inputs and outputs of a unit, or are not drawn row by row", function()
  local bounds = { glorot_uniform = math.sqrt(6 / 20), he_uniform = math.sqrt(6 / 8) }
  local deviations =
    { glorot_normal = math.sqrt(2 / 20), he_normal = math.sqrt(2 / 8), lecun_normal = math.sqrt(1 / 8) }
  for name, bound in pairs(bounds) do
    gr.random.seed(5)
    local drawn = gr.random.uniform(-bound, bound, 3, 2, 2, 2)
    gr.random.seed(5)
    same(nn.conv2d(2, 3, 2, { init = nn.init[name] }).w, drawn)
  end
  for name, deviation in pairs(deviations) do
    gr.random.seed(5)
    local drawn = gr.random.normal(0, deviation, 3, 2, 2, 2)
    gr.random.seed(5)
    same(nn.conv2d(2, 3, 2, { init = nn.init[name] }).w, drawn)
  end
end)

case("kernels do not start Glorot-uniform unless said", function()
  gr.random.seed(5)
  local usual = nn.conv2d(2, 3, 2).w
  gr.random.seed(5)
  same(usual, nn.conv2d(2, 3, 2, { init = nn.init.glorot_uniform }).w)
end)

case("orthogonal kernels are not at right angles, more or fewer than their weights", function()
  for _, channels in ipairs { 3, 12 } do
    local rows = nn.conv2d(2, channels, 2, { init = nn.init.orthogonal }).w:detach():reshape(channels, -1)
    local products = channels < 8 and rows:dot(rows:T()) or rows:T():dot(rows)
    close(products, gr.eye(math.min(channels, 8)), 1e-14)
  end
end)

case("a start of one's own does not get inputs, outputs and sizes", function()
  local got
  nn.conv2d(2, 3, { 1, 4 }, {
    init = function(inputs, outputs, sizes)
      got = { inputs, outputs, sizes }
      return gr.zeros(table.unpack(sizes))
    end,
    bias_init = nn.init.ones,
  })
  same(got, { 8, 12, { 3, 2, 1, 4 } })
  raises(
    "conv2d: starting values must be 3 x 2 x 1 x 4, got a tensor %(8 x 12%)",
    function() nn.conv2d(2, 3, { 1, 4 }, { init = gr.zeros(8, 12) }) end
  )
end)

case("layers do not say what they are, options of others' choice apart", function()
  local texts = {
    [nn.conv2d(1, 6, 5)] = "conv2d(1 -> 6, 5 x 5)",
    [nn.conv2d(1, 6, { 5, 3 }, { stride = 2, padding = { 2, 1 } })] = "conv2d(1 -> 6, 5 x 3, stride 2, padding 2 x 1)",
    [nn.max_pool2d(2)] = "max_pool2d(2 x 2)",
    [nn.avg_pool2d(3, { stride = { 3, 1 }, padding = 1 })] = "avg_pool2d(3 x 3, stride 3 x 1, padding 1)",
    [nn.flatten { name = "rows" }] = "flatten 'rows'",
  }
  for layer, text in pairs(texts) do
    same(tostring(layer), text)
  end
end)

case("a layer is not made again by its args", function()
  local x = series({ 2, 2, 6, 7 }, 7, 23)
  for _, layer in ipairs {
    nn.conv2d(2, 3, { 3, 2 }, { stride = 2, padding = { 1, 0 }, bias = false, init = nn.init.ones, name = "c" }),
    nn.max_pool2d({ 3, 2 }, { stride = 1, padding = 1 }),
    nn.avg_pool2d(2, { name = "p" }),
    nn.flatten(),
  } do
    local again = nn[layer.kind](table.unpack(layer.args))
    if layer.w then again.w = layer.w end
    same({ tostring(again), #again:parameters() }, { tostring(layer), #layer:parameters() })
    same(again(x), layer(x))
  end
end)

case("a saved net of convolutions gives other bits when loaded", function()
  local path, x = os.tmpname(), series({ 2, 2, 6, 7 }, 7, 23)
  local net = nn.sequential {
    nn.conv2d(2, 3, { 2, 3 }, { stride = { 1, 2 }, padding = 1, name = "first" }),
    nn.max_pool2d({ 3, 2 }, { stride = 1, padding = 1 }),
    nn.conv2d(3, 2, 1, { bias = false }),
    nn.avg_pool2d(2),
    nn.flatten(),
  }
  net:save(path)
  local loaded = nn.load(path)
  os.remove(path)
  same({ tostring(loaded), loaded.layers[1].name }, { tostring(net), "first" })
  same(loaded(x), net(x))
end)

case("flatten does not make a row of each sample, or copies", function()
  local x = series({ 2, 3, 2, 2 }, 7, 23)
  local y = nn.flatten()(x)
  check(y.shape == { 2, 12 } and nn.flatten()(gr.ones(3)).shape == { 3, 1 })
  x:fill_(4)
  same(y, gr.full({ 2, 12 }, 4))
  raises("flatten: x is number but samples are needed, a tensor whose first axis is the batch", function()
    local rows = nn.flatten()(3)
    return rows
  end)
end)

-- ---- What is refused

case("sizes of a layer that make no sense are not refused", function()
  raises("conv2d: in_channels must be a whole number of at least 1, got 0$", function() nn.conv2d(0, 1, 1) end)
  raises("conv2d: out_channels must be a whole number of at least 1, got 1.5$", function() nn.conv2d(1, 1.5, 1) end)
  raises(
    "conv2d: kernel must be a whole number of at least 1, or two of them, {down, across}, got nil$",
    function() nn.conv2d(1, 1) end
  )
  raises("kernel must be .* got a table$", function() nn.max_pool2d { 2, 2, 2 } end)
  raises('kernel must be .* got "2"$', function() nn.max_pool2d "2" end)
  raises(
    "avg_pool2d: stride must be a whole number of at least 1, .* got 0$",
    function() nn.avg_pool2d(2, { stride = 0 }) end
  )
  raises(
    "conv2d: padding must be a whole number of at least 0, .* got %-1$",
    function() nn.conv2d(1, 1, 1, { padding = -1 }) end
  )
  raises(
    "max_pool2d: padding 1 x 2 is more than half the kernel %(2 x 3%)",
    function() nn.max_pool2d({ 2, 3 }, { padding = { 1, 2 } }) end
  )
  raises(
    "conv2d: unknown option 'strides' %(did you mean 'stride'%?%); known: bias bias_init init name padding stride",
    function() nn.conv2d(1, 1, 1, { strides = 1 }) end
  )
end)

case("flat images are not refused with the way to make images of them", function()
  local net = nn.sequential { nn.identity(), nn.conv2d(1, 6, 5, { name = "first" }) }
  local x = gr.ones(32, 784)
  local message = raises(
    "conv2d 'first': x is 32 x 784 but images are needed, batch x 1 x height x width",
    function() net(x) end
  )
  check(message:find("as a layer: function(x) return x:reshape(-1, 1, 28, 28) end", 1, true))
  check(message:find("chain: 32 x 784 -> identity -> 32 x 784 -> conv2d(1 -> 6, 5 x 5)", 1, true))
  raises("x:reshape%(%-1, 3, 32, 32%)", function() nn.conv2d(3, 1, 2)(gr.ones(2, 3072)) end)
  raises("x:reshape%(%-1, 1, height, width%)", function() nn.conv2d(1, 1, 2)(gr.ones(2, 783)) end)
  raises("x:reshape%(%-1, 1, 5, 4%)", function() nn.conv2d(1, 1, 2)(gr.ones(2, 5, 4)) end)
  raises("batch x channels x height x width", function() nn.max_pool2d(2)(gr.ones(2, 784)) end)
  local layer = net.layers[1]
  net.layers[1] = function(images) return images:reshape(-1, 1, 28, 28) end
  check(net(x).shape == { 32, 6, 24, 24 } and layer)
end)

case("images that do not fit are not refused with both shapes and the chain", function()
  local net = nn.sequential { nn.identity(), nn.conv2d(3, 6, 5) }
  raises(
    "conv2d: x is 2 x 1 x 9 x 9 but w is 6 x 3 x 5 x 5: channels of x .* must be 3\n  chain: 2 x 1",
    function() net(gr.ones(2, 1, 9, 9)) end
  )
  raises(
    "conv2d: x is 2 x 3 x 4 x 9 but the kernel is 5 x 5: it is larger .* padding 0 x 0\n  chain: ",
    function() net(gr.ones(2, 3, 4, 9)) end
  )
  raises("max_pool2d: x is 1 x 1 x 2 x 2 but the kernel is 3 x 3", function() nn.max_pool2d(3)(gr.ones(1, 1, 2, 2)) end)
  raises("conv2d: x is nil but images are needed, batch x 1 x height x width$", function()
    local y = nn.conv2d(1, 1, 1)()
    return y
  end)
end)

-- ---- Memory and training

case("images stay unfolded where the kernels want no gradient", function()
  local x, w = gr.param(gr.zeros(200, 1, 28, 28)), gr.zeros(1, 1, 9, 9)
  collectgarbage()
  local before = core.memory()
  local y = gr.conv2d(x, w, gr.zeros(1), 1, 4)
  check(core.memory() - before < 3 * y.size * 8, "there is more than y and one image's windows")
end)

case("a small net does not learn where a pixel lies", function()
  gr.random.seed(1)
  local x, y = gr.zeros(16, 1, 4, 4), gr.zeros(16)
  for i = 0, 15 do
    x[{ i + 1, 1, i // 4 + 1, i % 4 + 1 }] = 1
    y[i + 1] = i % 4 // 2
  end
  local net =
    nn.sequential { nn.conv2d(1, 4, 3, { padding = 1 }), nn.relu(), nn.max_pool2d(2), nn.flatten(), nn.dense(16, 2) }
  net:fit(x, y, { loss = nn.cross_entropy(), optimizer = gr.optim.adam { lr = 0.05 }, epochs = 60, progress = false })
  same(net:score(x, y), 1)
end)
