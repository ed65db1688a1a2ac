--- prepare: getting data ready. Its functions are gr.data's: gr.data.split and so on.
local core = require "gradus.core"
local folds = require "gradus.folds"
local options = require "gradus.options"

local prepare = { kfold = folds.kfold }

local function rows_of(what, name, t, bytes_too)
  local check = bytes_too and options.rows or options.tensor
  check(what, name, t)
  if #t.shape == 0 then core.raise(("%s: %s is one number, it has no rows"):format(what, name)) end
  return #t
end

--- How many rows are for testing: a share is rounded up, as scikit-learn does.
local function test_rows(n, test)
  options.number("split", "test", test, 0)
  if test >= 1 and (test % 1 ~= 0 or math.type(test) == "float" and test == 1) then
    core.raise(("split: test must be a share below 1 or a whole number of rows, got %g"):format(test))
  end
  local count = test < 1 and math.ceil(test * n) or options.whole("split", "test", test, 1)
  if count < 1 or count >= n then
    core.raise(("split: %d of %d rows for testing leaves nothing on one side"):format(count, n))
  end
  return count
end

--- Positions for training and for testing.
local function split_rows(n, count, y, o)
  local seed = options.whole("split", "seed", o.seed, 0)
  options.choice("split", "shuffle", o.shuffle, { true, false })
  if o.stratify then
    if not o.shuffle then core.raise "split: stratify draws rows at random: it cannot go with shuffle = false" end
    local labels = o.stratify
    if labels == true then labels = y end
    if labels == nil then core.raise "split: stratify = true needs y; or give the labels: stratify = labels" end
    return folds.stratified(labels, n, count, seed)
  end
  if not o.shuffle then return core.arange(1, n - count + 1), core.arange(n - count + 1, n + 1) end
  local order = core.rng(seed):permutation(n)
  return order[("%d:"):format(count + 1)], order[("1:%d"):format(count)]
end

--- Splits rows at random into a training and a test part: the very rows of scikit-learn's train_test_split.
--- Options: test (0.2): share below 1, or number of rows; seed (0), scikit-learn's random_state; shuffle (true); stratify (false):
--- true keeps each class's share in both parts, the classes being those of y; labels (n) or one-hot rows stand for y.
--- Where x is a byte set, so are its parts.
--- Example:
---   local iris = data.iris()
---   local train, test = data.split(iris.x, iris.y, { test = 0.2, seed = 0, stratify = true })
---   print(train.x.shape, test.x.shape, test.y["1:10"])
---@param x any
---@param y? any
---@param given? { test?: number, seed?: integer, shuffle?: boolean, stratify?: any }
---@return { x: any, y: any }, { x: any, y: any }   training and test part
function prepare.split(x, y, given)
  if given == nil and type(y) == "table" then
    y, given = nil, y
  end
  local o = options.read("split", given, { test = 0.2, seed = 0, shuffle = true, stratify = false })
  local n = rows_of("split", "x", x, true)
  if y ~= nil and rows_of("split", "y", y) ~= n then core.raise(("split: x has %d rows but y has %d"):format(n, #y)) end
  local train, test = split_rows(n, test_rows(n, o.test), y, o)
  local take = core.is_bytes(x) and x.subset or x.take
  return { x = take(x, train), y = y and y:take(train) }, { x = take(x, test), y = y and y:take(test) }
end

--- Applies a scaling that `fit` learns from the first tensor's columns to all of them.
local function scale_all(what, fit, ...)
  local tensors = table.pack(...)
  for i = 1, tensors.n do
    rows_of(what, "argument " .. i, tensors[i])
  end
  if tensors.n == 0 then core.raise(("%s: expected the training data first"):format(what)) end
  for i = 2, tensors.n do
    local columns, wanted =
      #tensors[i].shape > 1 and core.size(tensors[i], -1) or 1, #tensors[1].shape > 1 and core.size(tensors[1], -1) or 1
    if columns ~= wanted then
      core.raise(("%s: tensor %d has %d columns where the first has %d"):format(what, i, columns, wanted))
    end
  end
  local function as_columns(t) return #t.shape == 1 and core.reshape(t, -1, 1) or t end
  local apply = fit(as_columns(tensors[1]))
  for i = 1, tensors.n do
    tensors[i] = core.reshape(apply(as_columns(tensors[i])), tensors[i].shape)
  end
  return table.unpack(tensors, 1, tensors.n)
end

--- Mean and deviation of each column as scikit-learn's StandardScaler computes them: the variance corrected for
--- the rounding of the mean, and columns that do not vary left as they are.
local function standard_scale(x)
  local n, epsilon = #x, x.dtype == "f32" and 2.0 ^ -23 or 2.0 ^ -52
  local mean = core.sum(x, 1) / n
  local centred = x - mean
  local rest = core.sum(centred, 1)
  local var = (core.sum(centred ^ 2, 1) - rest ^ 2 / n) / n
  local constant = core.le(var, var * (n * epsilon) + (mean * (n * epsilon)) ^ 2)
  return mean, core.sqrt(var) * (1 - constant) + constant
end

--- Takes the mean of `train` from each column and divides by its population deviation; the other tensors are
--- scaled by the same numbers. Columns that do not vary are only centred.
--- Example:
---   local train, test = gr.tensor { { 1, 10 }, { 3, 30 } }, gr.tensor { { 2, 40 } }
---   print(data.standardize(train, test))
---@param train any   (m, n)
---@param ... any     (any, n)
---@return any ...    all of them, scaled
function prepare.standardize(train, ...)
  return scale_all("standardize", function(x)
    local mean, deviation = standard_scale(x)
    return function(t) return (t - mean) / deviation end
  end, train, ...)
end

--- Maps each column of `train` to 0..1, and the other tensors by the same numbers.
--- Example:
---   local train, test = gr.tensor { { 1, 10 }, { 3, 30 } }, gr.tensor { { 2, 40 } }
---   print(data.minmax(train, test))
---@param train any
---@param ... any
---@return any ...
function prepare.minmax(train, ...)
  return scale_all("minmax", function(x)
    local low = core.min(x, 1)
    local range = core.max(x, 1) - low
    local scale = 1 / (range + core.eq(range, 0))
    return function(t) return t * scale - low * scale end
  end, train, ...)
end

--- Labels as rows with a single 1: class c in column c + 1.
--- Example:
---   print(data.one_hot(gr.tensor { 0, 2, 1 }), data.one_hot({ 0, 1 }, 4))
---@param y any          labels 0..k-1, a vector
---@param k? integer     number of classes; the largest label and 1 unless given
---@return any           (m, k)
function prepare.one_hot(y, k)
  y = type(y) == "table" and core.tensor(y) or y
  rows_of("one_hot", "y", y)
  y = core.flatten(y)
  k = k and options.whole("one_hot", "k", k, 1)
  for i, label in ipairs(y:totable()) do
    if label % 1 ~= 0 or label < 0 or label >= (k or math.huge) then
      local among = k and (", with %d classes"):format(k) or ""
      core.raise(
        ("one_hot: label %s at position %d%s: labels are whole numbers and count from 0"):format(
          math.tointeger(label) or label,
          i,
          among
        )
      )
    end
  end
  k = k or math.tointeger(core.max(y) + 1)
  return core.eq(core.reshape(y, -1, 1), core.arange(0, k, 1, y.dtype))
end

--- Goes through x (a tensor or a byte set) and y in batches of `size` rows, in order; the last may be smaller.
---
---   for xb, yb in gr.data.batches(x, y, 100) do ... end
--- Example:
---   local x, y = gr.arange(10):reshape(5, 2), gr.arange(5)
---   for xb, yb in data.batches(x, y, 2) do
---     print(xb.shape, yb)
---   end
---@param x any
---@param y any
---@param size integer
---@return function
function prepare.batches(x, y, size)
  local n = rows_of("batches", "x", x, true)
  options.whole("batches", "size", size, 1)
  if rows_of("batches", "y", y) ~= n then core.raise(("batches: x has %d rows but y has %d"):format(n, #y)) end
  local from = 1
  return function()
    if from > n then return nil end
    local range = ("%d:%d"):format(from, math.min(from + size - 1, n))
    from = from + size
    return x[range], y[range]
  end
end

return prepare
