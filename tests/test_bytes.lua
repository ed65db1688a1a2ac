-- Byte sets: images that stay bytes give the numbers, the results and the trainings of tensors, to the bit.
local gr = require "gradus"
local core = require "gradus.core"
local harness = require "harness"
local nn, optim, data = gr.nn, gr.optim, gr.data

local case = harness.suite "bytes"
local same, check, raises = harness.same, harness.check, harness.raises

local rows, columns = 22, 6

--- read(path of an IDX file of unsigned bytes, options), and the file is gone again.
local function idx(sizes, bytes, options)
  local header = { string.pack(">BBBB", 0, 0, 8, #sizes) }
  for _, size in ipairs(sizes) do
    header[#header + 1] = string.pack(">I4", size)
  end
  local path = os.tmpname()
  local f = assert(io.open(path, "wb"))
  f:write(table.concat(header), bytes)
  f:close()
  local ok, result = pcall(data.idx, path, options)
  os.remove(path)
  return ok and result or error(result, 0)
end

local function random_bytes(n)
  local generator, list = gr.random.new(5), {}
  for i, value in ipairs(generator:randint(0, 256, n):totable()) do
    list[i] = string.char(math.tointeger(value))
  end
  return table.concat(list)
end

local some = random_bytes(rows * columns)

--- The same images as a byte set and as a tensor.
local function both(dtype, scale)
  return idx({ rows, columns }, some, { bytes = true, dtype = dtype, scale = scale }),
    idx({ rows, columns }, some, { dtype = dtype, scale = scale or 255 })
end

-- ---- Reading

case("numbers read from a byte set differ from the tensor's", function()
  local all = {}
  for i = 0, 255 do
    all[i + 1] = string.char(i)
  end
  for _, dtype in ipairs { "f64", "f32" } do
    for _, scale in ipairs { 1, 255, 256, 3.7 } do
      local t = idx({ 256 }, table.concat(all), { dtype = dtype, scale = scale })
      local b = idx({ 256 }, table.concat(all), { dtype = dtype, scale = scale, bytes = true })
      check(b:tensor() == t, ("%s / %s"):format(dtype, scale))
      same(b:tensor().dtype, dtype)
      check(b:to("f32"):tensor() == idx({ 256 }, table.concat(all), { dtype = "f32", scale = scale }))
    end
  end
end)

case("rows or ranges of a byte set differ from the tensor's", function()
  for _, dtype in ipairs { "f64", "f32" } do
    local b, t = both(dtype)
    for _, key in ipairs { 5, -1, "5", "2:9", ":", ":, 3", "4:, 2:-2", "7, 1", { 7, 2 }, { 3, "2:4" }, { 3 } } do
      same(b[key], t[key])
    end
    same(b[{ 7, 2 }], t[7][2])
    for _, list in ipairs { { 3 }, { 22, 1, 1, 7 }, gr.tensor { 2, 9 }, gr.tensor({ 4, 4 }, "f32") } do
      check(b:take(list) == t:take(list))
      check(b:subset(list):tensor() == t:take(list))
    end
    same({ #b, b.size, b.dtype, b.scale }, { rows, rows * columns, dtype, 255 })
    check(b.shape == t.shape)
  end
end)

case("a byte set of one axis, or of many, reads other numbers", function()
  local b, t = idx({ 5 }, "\1\2\3\4\5", { bytes = true, scale = 2 }), gr.tensor { 0.5, 1, 1.5, 2, 2.5 }
  same(b[2], 1.0)
  same(b["2:3"], t["2:3"])
  same(b:take { 5, 1 }, { 2.5, 0.5 })
  local deep, images = both()
  deep, images = deep:reshape(11, 2, -1), images:reshape(11, 2, 6)
  check(deep:tensor() == images and deep[4] == images[4] and deep["3:5, 2"] == images["3:5, 2"])
  check(deep:subset({ 2, 2 }):tensor() == images:take { 2, 2 })
  same(deep:reshape(rows, columns):tensor(), both():tensor())
end)

case("going through a byte set misses rows", function()
  local b, t = both()
  local seen = {}
  for i, row in ipairs(b) do
    check(row == t[i])
    seen[i] = i
  end
  for i in pairs(b) do
    seen[i] = nil
  end
  same({ #seen, next(seen) }, { 0 })
end)

case("what a byte set is cannot be read from its text", function()
  local b = both()
  same(tostring(b), "byte set (22 x 6) that gives f64: each byte / 255")
  same(tostring(b:to "f32"), "byte set (22 x 6) that gives f32: each byte / 255")
  check(rawequal(b:to "f64", b) and core.is_bytes(b) and not core.is_bytes(b:tensor()) and not core.is_bytes(nil))
end)

case("a byte set takes the memory of a tensor", function()
  local before = core.memory()
  local b = idx({ 1000, 100 }, ("x"):rep(100000), { bytes = true })
  check(core.memory() - before <= 100000 + 4096)
  b = b:reshape(100, 1000):to "f32"
  check(core.memory() - before <= 100000 + 4096, tostring(b))
end)

-- ---- Refusals

case("what a byte set cannot do is not refused, or not told", function()
  local b, t = both()
  local hint = "got a byte set %(22 x 6%): x:tensor%(%) gives its numbers"
  for _, f in ipairs {
    function() return b + 1, 1 end,
    function() return 2 * b, 1 end,
    function() return t - b, 1 end,
    function() return -b, 1 end,
    function() return b ^ 2, 1 end,
    function() return gr.exp(b), 1 end,
    function() return gr.concat { t, b }, 1 end,
    function() return t:dot(b), 1 end,
    function() return data.standardize(b), 1 end,
    function() return nn.dense(6, 1)(b), 1 end,
    function() return nn.sequential { nn.dense(6, 1) }(b), 1 end,
    function() t:add_(b) end,
  } do
    raises(hint, f)
  end
  raises("a byte set has no method or field 'sum': what tensors can do, x:tensor%(%) can", function() b:sum() end)
  raises("a byte set cannot be changed: x:tensor%(%)", function() b[1] = 0 end)
  raises("byte set %(its numbers are x:tensor%(%)%)", function() return b .. "", 1 end)
end)

case("rows that a byte set does not have are read", function()
  local b = both()
  raises(
    "position 23 on axis 1 of the byte set %(22 x 6%): positions count from 1 to 22",
    function() return b[23], 1 end
  )
  raises("position 7 on axis 2 of the byte set", function() return b["1:2, 7"], 1 end)
  raises("classes count from 0, positions from 1", function() return b[0], 1 end)
  for _, list in ipairs { { 1, 23 }, { 1, 0 }, { 1, 1.5 }, { 1, 0 / 0 } } do
    raises("take: position .* %(number 2 of the list%) in a byte set %(22 x 6%)", function() b:take(list) end)
    raises("take: position .* %(number 2 of the list%) in a byte set %(22 x 6%)", function() b:subset(list) end)
  end
  raises("take: positions must be a vector", function() b:take { { 1, 2 } } end)
  raises("22 x 6%) has 132 bytes, which do not fill the sizes asked for %(130%)", function() b:reshape(13, 10) end)
  raises("sizes asked for %(5 times a rest%)", function() b:reshape(5, -1) end)
  raises("only one size may be %-1", function() b:reshape(-1, -1) end)
  raises("do not fill", function() b:reshape(1 << 40, 1 << 40) end)
  raises("to: say which type", function() b:to() end)
end)

case("a file that cannot stay bytes does", function()
  local path = os.tmpname()
  local function refused(bytes, pattern)
    local f = assert(io.open(path, "wb"))
    f:write(bytes)
    f:close()
    raises(pattern, function() data.idx(path, { bytes = true }) end)
  end
  refused("\0\0\13\1\0\0\0\1abcd", ": holds numbers of type 0x0D: only unsigned bytes %(0x08%) can stay bytes")
  refused("\0\0\8\1\0\0\0\3ab", ": ends early: 3 takes 3 bytes, and there are 2")
  refused("\0\0\8\1\0\0\0\3abcd", ": goes on after its end: 3 takes 3 bytes, and there are 4")
  refused("\0\0\8\2\127\0\0\0\0\0\4\0ab", ": ends early: 2130706432 x 1024")
  os.remove(path)
  raises("idx: bytes must be one of true, false, got 1", function() data.idx(path, { bytes = 1 }) end)
  raises("idx: unknown option 'byte' %(did you mean 'bytes'%?%)", function() data.idx(path, { byte = true }) end)
  raises("idx: scale must be a number of at least 1", function() data.idx(path, { bytes = true, scale = 0 }) end)
end)

-- ---- Training

local function labels() return core.argmax(gr.random.new(2):normal(0, 1, rows, 3), 2) - 1 end

local function net_of(dtype)
  gr.random.seed(3)
  local init, bias = gr.random.normal(0, 0.5, columns, 3):to(dtype), gr.zeros(3):to(dtype)
  return nn.sequential { nn.dense(columns, 3, { init = init, bias_init = bias }) }
end

--- Losses, parameters and scores after a training on x.
local function trained(x, dtype, options)
  local net, o = net_of(dtype), { progress = false, loss = nn.cross_entropy() }
  for name, value in pairs(options) do
    o[name] = value
  end
  local y = labels():to(dtype)
  o.optimizer = options.optimizer()
  o.generator = options.shuffle and gr.random.new(4)
  o.validation = options.validation and { x, y }
  local history = net:fit(x, y, o)
  local result = { gr.tensor(history.loss), net:scores(x), net:predict(x), gr.tensor { net:score(x, y) } }
  if history.val_loss then result[#result + 1] = gr.tensor(history.val_loss) end
  for _, p in ipairs(net:parameters()) do
    result[#result + 1] = p:detach():clone()
  end
  return result
end

local function agrees(dtype, options)
  local b, t = both(dtype)
  local expected, got = trained(t, dtype, options), trained(b, dtype, options)
  same(#got, #expected)
  for i = 1, #expected do
    check(got[i] == expected[i], ("result %d differs"):format(i))
  end
end

local function plain() return optim.sgd { lr = 0.1 } end
local function adam() return optim.adam { lr = 0.01 } end

for _, dtype in ipairs { "f64", "f32" } do
  for _, shuffle in ipairs { "permutation", "choice", false } do
    for _, replay in ipairs { true, false } do
      local how = ("%s, shuffle %s, replay %s"):format(dtype, shuffle, replay)
      case("a training on bytes is another: " .. how, function()
        agrees(dtype, { shuffle = shuffle, replay = replay, batch = 5, epochs = 4, optimizer = plain })
        agrees(dtype, { shuffle = shuffle, replay = replay, batch = rows, epochs = 4, optimizer = plain })
        agrees(
          dtype,
          { shuffle = shuffle, replay = replay, batch = 8, steps = 20, optimizer = adam, validation = true }
        )
      end)
    end
  end
end

case("metrics or callbacks see other batches", function()
  agrees("f64", {
    batch = 6,
    epochs = 3,
    metrics = { "accuracy" },
    on_step = function() end,
    patience = 2,
    optimizer = plain,
  })
end)

case("a byte set as targets, or of other length, is not refused", function()
  local b, t = both()
  local net = net_of "f64"
  local o = { loss = nn.mse(), optimizer = plain(), epochs = 1, progress = false }
  raises("fit: training y must be a tensor, got a byte set .* x:tensor", function() net:fit(t, b, o) end)
  raises("fit: training x is 22 x 6 but y is 3", function() net:fit(b, gr.zeros(3), o) end)
  o.validation = { b, gr.zeros(5) }
  raises("fit: validation x is 22 x 6 but y is 5", function() net:fit(b, gr.zeros(rows, 3), o) end)
  raises("score: y must be a tensor, got a byte set", function() net:score(t, b) end)
end)

case("what goes wrong in a training on bytes is not told", function()
  local b = both()
  local o = { loss = nn.mse(), optimizer = optim.sgd { lr = 1e200 }, epochs = 9, batch = 5, progress = false }
  raises("fit: the loss is .* at step %d+", function() net_of("f64"):fit(b, gr.zeros(rows, 3), o) end)
end)

case("steps on bytes ask for memory", function()
  local b, made = both(), {}
  net_of("f64"):fit(b, labels(), {
    loss = nn.cross_entropy(),
    optimizer = adam(),
    steps = 30,
    batch = 11,
    shuffle = false,
    progress = false,
    on_step = function(s) made[s.step] = select(2, core.memory()) end,
  })
  for step = 18, 30 do -- the 16th and the 32nd are also computed anew
    check(made[step] == made[step - 1], ("step %d asked for memory"):format(step))
  end
end)

-- ---- Scores in pieces

--- Whole weights make sums exact, so that no order of adding shows.
local function exact_net()
  local init = gr.random.new(1):randint(-3, 4, columns * 2):reshape(columns, 2)
  return nn.sequential { nn.dense(columns, 2, { init = init }), nn.relu() }
end

case("scores of many rows differ where pieces meet, or stand in memory all at once", function()
  local n = 120011
  local b = idx(
    { n, columns },
    random_bytes(1009 * columns):rep(n // 1009 + 1):sub(1, n * columns),
    { bytes = true, scale = 1 }
  )
  local net, before, most = exact_net(), nil, 0
  local watched = nn.sequential {
    function(x)
      collectgarbage()
      most = math.max(most, core.memory() - before)
      return net(x)
    end,
  }
  collectgarbage()
  before = core.memory()
  local scores = watched:scores(b)
  check(most < n * columns * 8 / 2, "many rows were numbers at the same time")
  check(scores == net:scores(b:tensor()))
  check(net:predict(b) == net:predict(b:tensor()))
  same(net:predict(b:reshape(-1)["1:6"]), net:predict(b[1]))
end)

case("a net without a row for each row is torn apart", function()
  local b, t = both()
  local total = nn.sequential { function(x) return x:sum() + gr.zeros(1) end }
  same(total:scores(b):item(), total:scores(t):item())
  local turned = nn.sequential { function(x) return x:T() * 1 end }
  check(turned:scores(b) == turned:scores(t))
end)

-- ---- Getting data ready

case("split, kfold or batches give other rows of bytes", function()
  local b, t = both()
  local y = gr.arange(0, rows)
  local b1, b2 = data.split(b, y, { test = 0.3, seed = 1 })
  local t1, t2 = data.split(t, y, { test = 0.3, seed = 1 })
  check(core.is_bytes(b1.x) and b1.x:tensor() == t1.x and b2.x:tensor() == t2.x and b2.y == t2.y)
  b1, b2 = data.split(b, { shuffle = false })
  t1, t2 = data.split(t, { shuffle = false })
  check(b1.x:tensor() == t1.x and b2.x:tensor() == t2.x)
  same(#data.kfold(b, { k = 3 }), 3)
  local at = 1
  for xb, yb in data.batches(b, y, 4) do
    check(xb == t[("%d:%d"):format(at, at + #yb - 1)])
    at = at + #yb
  end
  same(at, rows + 1)
end)

case("Fashion-MNIST as bytes is another", function()
  harness.needs "fashion_mnist"
  local set = data.fashion_mnist { bytes = true }
  local t = data.fashion_mnist()
  check(set.test.x:tensor() == t.test.x and set.train.x["30001:30100"] == t.train.x["30001:30100"])
  check(set.test.y == t.test.y)
  same(tostring(set.train.x), "byte set (60000 x 784) that gives f64: each byte / 255")
  raises("fashion%-mnist: bytes must be one of true, false", function() data.fashion_mnist { bytes = 1 } end)
end)
