--- folds: which rows go where: scikit-learn's very rows, from NumPy's stream. Used by gr.data.split and gr.data.kfold.
local core = require "gradus.core"
local options = require "gradus.options"

local folds = {}

-- ---- Classes

--- Labels as a list of keys: numbers, or for one-hot rows a text each.
local function keys_of(what, y, n)
  if type(y) == "table" then y = core.tensor(y) end
  options.tensor(what, "stratify", y)
  if #y.shape == 0 or #y ~= n then
    core.raise(("%s: stratify has %s labels, but there are %d rows"):format(what, y.shape, n))
  end
  if y.size == n then y = core.flatten(y) end
  local keys = y:totable()
  for i, row in ipairs(keys) do
    if row ~= row then core.raise(("%s: stratify has nan at position %d: a row needs a class"):format(what, i)) end
    if type(row) == "table" then
      for j, value in ipairs(row) do
        row[j] = ("%.17g"):format(value)
      end
      keys[i] = table.concat(row, " ")
    end
  end
  return keys
end

--- The positions of each class, in order of first appearance.
local function by_class(keys)
  local classes, of_key = {}, {}
  for i, key in ipairs(keys) do
    if not of_key[key] then
      of_key[key] = { key = key }
      classes[#classes + 1] = of_key[key]
    end
    table.insert(of_key[key], i)
  end
  return classes
end

-- ---- One split

--- The remainders that occur, the largest first.
local function different(remainders)
  local values, seen = {}, {}
  for _, value in ipairs(remainders) do
    if not seen[value] then values[#values + 1] = value end
    seen[value] = true
  end
  table.sort(values, function(a, b) return a > b end)
  return values
end

--- How many of `draws` rows come from each class: its share rounded down, and one more for the largest remainders, equal ones
--- chosen at random. This is scikit-learn's _approximate_mode, in its order of operations and of draws.
local function shares(counts, draws, rng)
  local total, left, remainders, result = 0, draws, {}, {}
  for _, count in ipairs(counts) do
    total = total + count
  end
  for i, count in ipairs(counts) do
    local share = count / total * draws
    result[i] = math.floor(share)
    remainders[i] = share - result[i]
    left = left - result[i]
  end
  for _, value in ipairs(left > 0 and different(remainders) or {}) do
    local tied = {}
    for i, remainder in ipairs(remainders) do
      if remainder == value then tied[#tied + 1] = i end
    end
    local now = math.min(#tied, left)
    for _, place in ipairs(rng:choice(#tied, now, { replace = false }):totable()) do
      local i = tied[math.tointeger(place)]
      result[i] = result[i] + 1
    end
    left = left - now
    if left == 0 then break end
  end
  return result
end

local function check_classes(classes, train, test)
  for _, class in ipairs(classes) do
    if #class < 2 then
      core.raise(
        ("split: class %s of stratify has one row: each class needs two, one for each part"):format(
          type(class.key) == "number" and ("%g"):format(class.key) or class.key
        )
      )
    end
  end
  if train < #classes or test < #classes then
    core.raise(
      ("split: %d rows for training and %d for testing cannot each hold all %d classes"):format(train, test, #classes)
    )
  end
end

--- Rows for training and testing, each class in both in its share: those of StratifiedShuffleSplit, which is behind
--- train_test_split(stratify = y).
---@param y any          labels (n), or one-hot rows
---@param n integer      rows
---@param test integer   how many are for testing
---@param seed integer
---@return any, any      positions, tensors
function folds.stratified(y, n, test, seed)
  local classes, counts = by_class(keys_of("split", y, n)), {}
  check_classes(classes, n - test, test)
  table.sort(classes, function(a, b) return a.key < b.key end)
  for i, class in ipairs(classes) do
    counts[i] = #class
  end
  local rng = core.rng(seed)
  local for_training = shares(counts, n - test, rng)
  for i, count in ipairs(for_training) do
    counts[i] = counts[i] - count
  end
  local for_testing = shares(counts, test, rng)
  local train_rows, test_rows = {}, {}
  for i, class in ipairs(classes) do
    local order = rng:permutation(#class):totable()
    for j = 1, for_training[i] + for_testing[i] do
      local rows = j <= for_training[i] and train_rows or test_rows
      rows[#rows + 1] = class[math.tointeger(order[j])]
    end
  end
  return rng:permutation(core.tensor(train_rows)), rng:permutation(core.tensor(test_rows))
end

-- ---- Folds

--- The fold of each row, without regard to classes: k runs of rows, the first ones longer by one where n is no multiple of k.
local function runs(n, k, rng)
  local order = rng and rng:permutation(n):totable()
  local fold_of, at = {}, 0
  for fold = 1, k do
    for _ = 1, n // k + (fold <= n % k and 1 or 0) do
      at = at + 1
      fold_of[order and math.tointeger(order[at]) or at] = fold
    end
  end
  return fold_of
end

--- How many of each class go to each fold: the rows, sorted by class, are dealt out in turn.
local function deal(classes, k)
  local allocation, at = {}, 0
  for c, class in ipairs(classes) do
    allocation[c] = {}
    for fold = 1, k do
      allocation[c][fold] = 0
    end
    for _ = 1, #class do
      local fold = at % k + 1
      allocation[c][fold] = allocation[c][fold] + 1
      at = at + 1
    end
  end
  return allocation
end

--- The fold of each row, with each class in every fold in its share, as StratifiedKFold has it.
local function stratified_runs(y, n, k, rng)
  local classes = by_class(keys_of("kfold", y, n))
  local most = 0
  for _, class in ipairs(classes) do
    most = math.max(most, #class)
  end
  if most < k then core.raise(("kfold: the largest class has %d rows, too few for k = %d folds"):format(most, k)) end
  local fold_of, allocation = {}, deal(classes, k)
  for c, class in ipairs(classes) do
    local folds_of_class = {}
    for fold = 1, k do
      for _ = 1, allocation[c][fold] do
        folds_of_class[#folds_of_class + 1] = fold
      end
    end
    if rng then rng:shuffle(folds_of_class) end
    for i, row in ipairs(class) do
      fold_of[row] = folds_of_class[i]
    end
  end
  return fold_of
end

local function rows_to_fold(x)
  if core.is_bytes(x) then return #x end
  if not core.is_tensor(x) then return options.whole("kfold", "n", x, 2) end
  if #x.shape == 0 then core.raise "kfold: x is one number, it has no rows" end
  return #x
end

--- Folds for cross-validation: a list of k entries { train =, test = } of positions (tensors, ascending), so that each row is
--- for testing in one of them. The very rows of scikit-learn's KFold, or StratifiedKFold.
---
---   for i, fold in ipairs(gr.data.kfold(x, { k = 5, shuffle = true })) do
---     net:fit(x:take(fold.train), y:take(fold.train), ...)
---
--- Options: k (5); shuffle (false): otherwise neighbours stay together; seed (0), scikit-learn's random_state, only with shuffle;
--- stratify, labels (n) or one-hot rows: each class is spread evenly over the folds. One with fewer than k rows is missing in
--- some.
--- Example:
---   for i, fold in ipairs(data.kfold(6, { k = 3 })) do
---     print(i, fold.train, fold.test)
---   end
---@param x any   tensor or byte set with a row each, or the number of rows
---@param given? { k?: integer, shuffle?: boolean, seed?: integer, stratify?: any }
---@return { train: any, test: any }[]
function folds.kfold(x, given)
  local n = rows_to_fold(x)
  local o = options.read("kfold", given, { k = 5, shuffle = false, seed = options.none, stratify = options.none })
  local k = options.whole("kfold", "k", o.k, 2)
  options.choice("kfold", "shuffle", o.shuffle, { true, false })
  if k > n then core.raise(("kfold: k is %d, but there are only %d rows"):format(k, n)) end
  if o.seed ~= nil and not o.shuffle then core.raise "kfold: seed has no effect without shuffle = true" end
  local rng = o.shuffle and core.rng(options.whole("kfold", "seed", o.seed or 0, 0)) or nil
  local fold_of = o.stratify == nil and runs(n, k, rng) or stratified_runs(o.stratify, n, k, rng)
  local result = {}
  for fold = 1, k do
    local part = { train = {}, test = {} }
    for row = 1, n do
      table.insert(fold_of[row] == fold and part.test or part.train, row)
    end
    result[fold] = { train = core.tensor(part.train), test = core.tensor(part.test) }
  end
  return result
end

return folds
