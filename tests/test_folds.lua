-- Stratified splits and folds for cross-validation: scikit-learn's very rows (tests/golden/folds.lua), and messages.
local folds = require "golden.folds"
local gr = require "gradus"
local harness = require "harness"
local data = gr.data

local case = harness.suite "folds"
local same, check, raises = harness.same, harness.check, harness.raises

--- The labels that the golden figures were made from.
local function labels(n, classes)
  local list = {}
  for i = 0, n - 1 do
    list[i + 1] = (7 * i * i + 3 * i) % 11 % classes
  end
  return gr.tensor(list)
end

--- Fails unless the rows are those expected: a list, or the sum that stands for it.
local function same_rows(rows, expected, place)
  if type(expected) == "table" then return same(rows, expected, place) end
  same((rows * gr.arange(1, #rows + 1)):sum(), expected, place)
end

local function name_of(c)
  local classes = c.classes and (", %d classes"):format(c.classes) or ""
  return ("%d rows%s, seed %s"):format(c.n, classes, c.seed or "none")
end

for _, c in ipairs(folds.splits) do
  case("a stratified split takes other rows than scikit-learn: " .. name_of(c), function()
    local x, y = gr.arange(1, c.n + 1), labels(c.n, c.classes)
    local train, test = data.split(x, y, { test = c.test, seed = c.seed, stratify = true })
    same_rows(train.x, c.train_rows, "train")
    same_rows(test.x, c.test_rows, "test")
    same(test.y, y:take(test.x))
  end)
end

for _, c in ipairs(folds.folds) do
  case(("%d folds are not scikit-learn's: %s"):format(c.k, name_of(c)), function()
    local y = c.classes and labels(c.n, c.classes)
    local parts = data.kfold(c.n, { k = c.k, shuffle = c.seed ~= nil, seed = c.seed, stratify = y })
    same(#parts, c.k)
    for i, part in ipairs(parts) do
      same_rows(part.test, c.test_rows[i], "test part " .. i)
      local is_test = {}
      for _, row in ipairs(part.test:totable()) do
        is_test[row] = true
      end
      local rest = {}
      for row = 1, c.n do
        if not is_test[row] then rest[#rest + 1] = row end
      end
      same(part.train, rest, "training part " .. i)
    end
  end)
end

-- ---- What may be given

case("labels given to a split count otherwise than those of y", function()
  local x, y = gr.arange(1, 21), labels(20, 4)
  local expected = data.split(x, y, { stratify = true }).x
  same(data.split(x, { stratify = y }).x, expected)
  same(data.split(x, { stratify = y:totable() }).x, expected)
  same(data.split(x, { stratify = y:reshape(-1, 1) }).x, expected)
  same(data.split(x, gr.zeros(20), { stratify = y }).x, expected)
  same(data.split(x, { stratify = y * 0.5 - 3 }).x, expected)
end)

--- train_test_split(range(1, 13), test_size=4, random_state=1, stratify=y), y one-hot rows of labels(12, 3): classes are in the
--- order of the rows as text, that of class 2 first.
case("one-hot rows stratify otherwise than in scikit-learn", function()
  local y = data.one_hot(labels(12, 3))
  local train, test = data.split(gr.arange(1, 13), y, { test = 4, seed = 1, stratify = true })
  same(train.x, { 7, 5, 8, 11, 3, 10, 12, 1 })
  same(test.x, { 4, 2, 6, 9 })
end)

case("one-hot rows fold otherwise than their labels", function()
  local y = labels(20, 4)
  local a, b = data.kfold(y, { k = 3, stratify = y }), data.kfold(20, { k = 3, stratify = data.one_hot(y) })
  for i = 1, 3 do
    same(a[i].test, b[i].test)
  end
end)

case("folds of a matrix are not five, in file order, of its rows", function()
  local parts = data.kfold(gr.zeros(10, 3))
  same(#parts, 5)
  same(parts[2].test, { 3, 4 })
  same(parts[2].train, { 1, 2, 5, 6, 7, 8, 9, 10 })
  same(data.kfold(10, { shuffle = true })[1].test, data.kfold(10, { shuffle = true, seed = 0 })[1].test)
end)

case("folds or splits draw from the script's own stream", function()
  gr.random.seed(1)
  local expected = gr.random.rand(3)
  gr.random.seed(1)
  data.kfold(20, { shuffle = true, stratify = labels(20, 2) })
  data.split(gr.zeros(20), labels(20, 2), { stratify = true })
  same(gr.random.rand(3), expected)
end)

case("each class is not in every part in its share", function()
  local y = labels(120, 3)
  local train, test = data.split(y, y, { test = 0.25, stratify = true })
  for class = 0, 2 do
    local share = y:eq(class):mean()
    check(math.abs(train.y:eq(class):mean() - share) < 1 / 90)
    check(math.abs(test.y:eq(class):mean() - share) < 1 / 30)
  end
end)

-- ---- What may not

case("a stratified split that cannot be is not refused", function()
  local x, y = gr.zeros(10, 2), gr.tensor { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1 }
  local function split(options)
    return function() local _ = data.split(x, y, options) end
  end
  raises(
    "split: stratify draws rows at random: it cannot go with shuffle = false",
    function() data.split(x, y, { stratify = true, shuffle = false }) end
  )
  raises("split: stratify = true needs y; or give the labels", function() data.split(x, { stratify = true }) end)
  raises(
    "split: 9 rows for training and 1 for testing cannot each hold all 2 classes",
    function() data.split(x, y, { stratify = true, test = 1 }) end
  )
  raises(
    "split: class 2 of stratify has one row: each class needs two",
    function() data.split(x, { stratify = { 0, 0, 0, 0, 0, 1, 1, 1, 1, 2 } }) end
  )
  raises(
    "split: stratify has 3 labels, but there are 10 rows",
    function() data.split(x, y, { stratify = { 1, 2, 3 } }) end
  )
  raises(
    "split: stratify has nan at position 2: a row needs a class",
    function() data.split(gr.zeros(2), { stratify = { 0, 0 / 0 }, test = 1 }) end
  )
  raises('split: stratify must be a tensor, got "y"', function() data.split(x, y, { stratify = "y" }) end)
  raises('split: shuffle must be one of true, false, got "yes"', function() data.split(x, y, { shuffle = "yes" }) end)
  check(pcall(split { stratify = false }))
end)

case("folds that cannot be are not refused", function()
  raises("kfold: k is 5, but there are only 4 rows", function() data.kfold(4) end)
  raises("kfold: k must be a whole number of at least 2, got 1", function() data.kfold(4, { k = 1 }) end)
  raises("kfold: n must be a whole number of at least 2, got nil", function() data.kfold() end)
  raises("kfold: n must be a whole number of at least 2, got a table", function() data.kfold { 1, 2, 3 } end)
  raises("kfold: x is one number, it has no rows", function() data.kfold(gr.tensor(3)) end)
  raises("kfold: seed has no effect without shuffle = true", function() data.kfold(10, { seed = 1 }) end)
  raises(
    "kfold: seed must be a whole number of at least 0, got %-1",
    function() data.kfold(10, { seed = -1, shuffle = true }) end
  )
  raises(
    "kfold: the largest class has 2 rows, too few for k = 3 folds",
    function() data.kfold(4, { k = 3, stratify = { 0, 0, 1, 1 } }) end
  )
  raises("kfold: stratify has 2 labels, but there are 10 rows", function() data.kfold(10, { stratify = { 0, 1 } }) end)
  raises("kfold: unknown option 'folds'; known: k seed shuffle stratify", function() data.kfold(10, { folds = 3 }) end)
  raises("kfold: shuffle must be one of true, false, got 1", function() data.kfold(10, { shuffle = 1 }) end)
end)
