-- Random numbers: NumPy's legacy stream and Python's, to the last bit (tests/golden/random.lua), saved states, and the
-- library's own streams.
local gr = require "gradus"
local golden = require "golden.random"
local harness = require "harness"

local case = harness.suite "random"
local same, check, raises = harness.same, harness.check, harness.raises

-- ---- NumPy's calls, by the names that they have there, as gradus writes them

local function from_zero(positions) return positions - 1 end

local calls = {
  random_sample = function(g, n) return g.random(n) end,
  rand = function(g, ...) return g.rand(...) end,
  randn = function(g, ...) return g.randn(...) end,
  standard_normal = function(g, n) return g.randn(n) end,
  normal = function(g, mean, std, n) return g.normal(mean, std, n) end,
  uniform = function(g, lo, hi, n) return g.uniform(lo, hi, n) end,
  randint = function(g, lo, hi, n) return g.randint(lo, hi, n) end,
  permutation = function(g, n) return from_zero(g.permutation(n)) end,
  shuffle = function(g, n) return g.shuffle(gr.arange(0, n)) end,
  choice = function(g, n, k, option)
    local options = option == "replace=False" and { replace = false } or option == "p" and { p = golden.about.choice_p }
    return from_zero(g.choice(n, k, options or nil))
  end,
  raw32 = function(g, n) return g.randint(0, 2 ^ 32, n) end,
}

--- The result of a call such as "normal(5,2,7)" or "permutation(1000)[:20]", as a vector.
local function result_of(g, text)
  local name, arguments, first = text:match "^([%w_]+)%((.*)%)%[?:?(%d*)%]?$"
  local list = {}
  for word in arguments:gsub("arange%((%d+)%)", "%1"):gmatch "[^,]+" do
    list[#list + 1] = math.tointeger(tonumber(word)) or tonumber(word) or word
  end
  local t = calls[name](g, table.unpack(list)):flatten()
  return first ~= "" and t[":" .. first] or t
end

--- A generator whose methods are called with a point, as the module's functions are.
local function pointed(generator)
  return setmetatable({}, {
    __index = function(_, name)
      return function(...) return generator[name](generator, ...) end
    end,
  })
end

local function new(seed) return pointed(gr.random.new(seed)) end

local function seeded(seed)
  gr.random.seed(seed)
  return gr.random
end

for seed, entries in pairs(golden.seeds) do
  for text, expected in pairs(entries) do
    if text:find "%(" then
      case(("seed %d: %s differs from NumPy's"):format(seed, text), function()
        same(result_of(new(seed), text), expected, "a generator's")
        same(result_of(seeded(seed), text), expected, "the module's")
      end)
    end
  end

  case(("seed %d: words of 32 bits differ from NumPy's"):format(seed), function()
    local words = new(seed).randint(0, 2 ^ 32, 1001)
    same(words["1:10"], entries.raw32)
    same(words[1001], entries.raw32_at_1000)
    -- A state starts with the 624 words of the generator.
    local state = gr.random.new(seed):state()
    same(
      { ("I4I4I4I4"):unpack(state) },
      { entries.state_first4[1], entries.state_first4[2], entries.state_first4[3], entries.state_first4[4], 17 }
    )
    same(
      { ("I4I4I4I4"):unpack(state, 620 * 4 + 1) },
      { entries.state_last4[1], entries.state_last4[2], entries.state_last4[3], entries.state_last4[4], 624 * 4 + 1 }
    )
  end)

  case(("seed %d: calls of several kinds after each other differ from NumPy's"):format(seed), function()
    for name, make in pairs { generator = new, module = seeded } do
      local g = make(seed)
      for i, one in ipairs(entries.mixed) do
        same(result_of(g, one.call), one.result, ("the %s's call %d, %s,"):format(name, i, one.call))
      end
    end
  end)
end

case("seeding again does not drop the second normal that was kept", function()
  local g = gr.random.new(golden.reseed.seed)
  same(g:randn(1), golden.reseed.first)
  g:seed(golden.reseed.seed)
  same(g:randn(3), golden.reseed.after)
end)

-- ---- Splits

for _, one in ipairs(golden.train_test_split) do
  case(("a split of %d rows differs from scikit-learn's"):format(one.n), function()
    local rows = gr.arange(0, one.n)
    local train, test = gr.data.split(rows:reshape(-1, 1), rows, { test = one.test_size, seed = one.random_state })
    same({ #train.x, #test.x }, { one.n_train, one.n_test })
    for name, part in pairs { train = train, test = test } do
      check(part.x.shape == { one["n_" .. name], 1 } and part.x:flatten() == part.y, "x and y are split differently")
      same(part.y["1:20"], one[name .. "_first20"], name)
      same(part.y["-3:"], one[name .. "_last3"], name)
      same(part.y:dot(gr.arange(0, #part.y)), one[name .. "_weighted_sum"], name)
    end
  end)
end

case("a split draws from gr.random, or depends on it", function()
  local x = gr.arange(0, 10)
  gr.random.seed(1)
  local first = gr.data.split(x, x).x
  local before = gr.random.random(1)
  gr.random.seed(1)
  same(gr.random.random(1), before)
  same(gr.data.split(x, x).x, first)
end)

-- ---- Python's generator

for seed, entries in pairs(golden.python_random) do
  case(("seed %d: Python's generator draws otherwise"):format(seed), function()
    same(gr.random.python(seed):random(5), entries["random(5)"])
    same(gr.random.python(seed):randint(0, 2 ^ 32, 5), entries["getrandbits32(5)"])
    same(gr.random.python(seed):shuffle(gr.arange(0, 13)), entries["shuffle(range(13))"])
    same(from_zero(gr.random.python(seed):permutation(13)), entries["shuffle(range(13))"])
  end)

  case(("seed %d: Python's generator shuffles a list otherwise, or a second time"):format(seed), function()
    local g, list = gr.random.python(seed), {}
    for i = 1, 50000 do
      list[i] = i - 1
    end
    local first = g:shuffle(list)
    check(rawequal(first, list), "a list is not shuffled in place")
    same(table.move(list, 1, 10, 1, {}), entries["shuffle(range(50000))[:10]"])
    g:shuffle(list)
    same(table.move(list, 1, 10, 1, {}), entries["shuffled_again[:10]"])
  end)
end

-- ---- Positions, rows and lists

case("positions drawn do not count from 1", function()
  local g = gr.random.new(0)
  local order = g:permutation(50)
  same({ order:min(), order:max(), #order:unique() }, { 1, 50, 50 })
  local drawn = g:choice(3, 1000)
  same(drawn:unique(), { 1, 2, 3 })
  check(math.type(g:choice(10)) == "integer")
end)

case("shuffle does not go in place, or tears rows apart", function()
  local t = gr.arange(0, 12):reshape(4, 3)
  local g = gr.random.new(5)
  check(rawequal(g:shuffle(t), t))
  same((t[":, 2"] - t[":, 1"]), { 1, 1, 1, 1 })
  same(t[":, 1"]:unique(), { 0, 3, 6, 9 })
  -- One order for a vector, rows, a list and positions.
  local expected = from_zero(gr.random.new(5):permutation(4))
  same(t[":, 1"] / 3, expected)
  same(gr.random.new(5):shuffle(gr.arange(0, 4)), expected)
  same(gr.random.new(5):shuffle { 0, 1, 2, 3 }, expected)
  same(gr.random.new(5):permutation(gr.arange(0, 4)), expected)
end)

case("choice of rows or from a list gives something else", function()
  local t = gr.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }
  local drawn = gr.random.new(2):choice(3, 5)
  same(gr.random.new(2):choice(t, 5), t:take(drawn))
  same(gr.random.new(2):choice({ 10, 20, 30 }, 5), drawn * 10)
  same(gr.random.new(2):choice { 10, 20, 30 }, drawn[1] * 10)
end)

-- Figures of RandomState(0).choice(6, 4, replace=False, p=[.1, .2, .3, .1, .1, .2]).
case("choice by weights without replacement differs from NumPy's", function()
  local drawn = gr.random.new(0):choice(6, 4, { replace = false, p = { 0.1, 0.2, 0.3, 0.1, 0.1, 0.2 } })
  same(from_zero(drawn), { 2, 4, 3, 1 })
end)

case("one number drawn is no Lua number", function()
  local g = gr.random.new(0)
  check(math.type(g:rand()) == "float" and math.type(g:randn()) == "float")
  check(math.type(g:uniform(2, 3)) == "float" and math.type(g:normal(0, 1)) == "float")
  check(math.type(g:randint(0, 10)) == "integer")
end)

-- ---- States

case("a saved state does not bring the same numbers back", function()
  for name, g in pairs { numpy = gr.random.new(7), python = gr.random.python(7) } do
    g:randn(3) -- a second normal is kept
    local state = g:state()
    local first = { g:randn(2), g:random(3), g:permutation(5), g:randn(1) }
    g:set_state(state)
    same({ g:randn(2), g:random(3), g:permutation(5), g:randn(1) }, first, name)
  end
  gr.random.seed(3)
  local state = gr.random.state()
  local first = gr.random.rand(3)
  gr.random.set_state(state)
  same(gr.random.rand(3), first)
end)

case("a state of something else is not refused", function()
  local g = gr.random.new(0)
  raises("set_state: expected what state%(%) of such a generator gave", function() g:set_state "state" end)
  raises(
    "set_state: expected what state%(%) of such a generator gave",
    function() g:set_state(gr.random.python(0):state()) end
  )
  raises("set_state: expected what", function() g:set_state(5) end)
end)

case("generators disturb each other", function()
  local a, b = gr.random.new(1), gr.random.new(1)
  local first = a:random(5)
  gr.random.seed(1)
  gr.random.random(5)
  same(b:random(5), first)
end)

-- ---- The library's own streams

case("a stream of the library is not derived from seed and name alone", function()
  gr.random.seed(4)
  local first = gr.random.stream("fit"):random(5)
  gr.random.seed(4)
  gr.random.randn(100)
  gr.random.stream("dropout"):random(3)
  same(gr.random.stream("fit"):random(5), first, "the stream after other calls")
  gr.random.seed(5)
  check(gr.random.stream("fit"):random(5) ~= first, "another seed gives the same stream")
  gr.random.seed(4)
  check(gr.random.stream("dropout"):random(5) ~= first, "another name gives the same stream")
  check(gr.random.random(5) ~= gr.random.stream("fit"):random(5), "the stream is the script's own")
end)

case("a stream of the library disturbs the script's numbers", function()
  gr.random.seed(4)
  local first = gr.random.random(5)
  gr.random.seed(4)
  gr.random.stream("fit"):permutation(1000)
  same(gr.random.random(5), first)
end)

case("a training's shuffling disturbs the script's numbers, or the other way round", function()
  local nn, x = gr.nn, gr.arange(0, 20):reshape(10, 2)
  local function weights_after(before)
    gr.random.seed(6)
    local net = nn.sequential { nn.dense(2, 1, { init = nn.init.zeros() }) }
    before()
    net:fit(x, x[":, 1"], { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.001 }, batch = 3, epochs = 2 })
    return net.layers[1].w:detach():clone(), gr.random.random(3)
  end
  local w, following = weights_after(function() end)
  gr.random.seed(6)
  same(following, gr.random.random(3))
  same(weights_after(function() gr.random.randn(5) end), w)
end)

-- ---- Messages

case("a seed that makes no sense is not refused", function()
  for _, seed in ipairs { -1, 1.5, "a", 2 ^ 33 } do
    raises("a seed must be", function() gr.random.seed(seed) end)
    raises("a seed must be", function() gr.random.new(seed):rand() end)
  end
  raises("a seed must be a whole number from 0, got nil", function() gr.random.seed() end)
end)

case("a draw that makes no sense is not refused", function()
  local g = gr.random.new(0)
  for pattern, f in pairs {
    ["randint%(lo, hi, %.%.%.%): lo and hi must be whole numbers, lo below hi"] = function() g:randint(5, 5, 2) end,
    ["normal: the standard deviation is negative"] = function() g:normal(0, -1, 3) end,
    ["normal: mean must be a number, got string"] = function() g:normal("a", 1, 3) end,
    ["size 1 is 0: sizes are whole numbers of at least 1"] = function() g:rand(0) end,
    ["choice: 5 wanted of 3 without replacement: at most 3 can be drawn"] = function()
      g:choice(3, 5, { replace = false })
    end,
    ["choice: p sums to 0%.9: its 3 probabilities must sum to 1"] = function()
      g:choice(3, 5, { p = { 0.2, 0.3, 0.4 } })
    end,
    ["choice: p %(2%) must be a vector of 3 probabilities, one for each position"] = function()
      g:choice(3, 5, { p = { 0.5, 0.5 } })
    end,
    ["choice: unknown option 'replacement'; known: replace p"] = function() g:choice(3, 5, { replacement = false }) end,
    ["permutation: n must be a whole number of at least 1, got 0"] = function() g:permutation(0) end,
    ["shuffle: one number has no rows"] = function() g:shuffle(gr.param(1):detach()) end,
  } do
    raises(pattern, f)
  end
  same(g:rand(3), gr.random.new(0):rand(3), "after refused calls, the next draw")
end)
