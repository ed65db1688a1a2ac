--- metrics: how good predictions are. True targets come first, as in scikit-learn.
local core = require "gradus.core"
local options = require "gradus.options"

local metrics = {}

--- Labels as a vector: one-hot rows become the class of their 1, scores that of the largest.
local function as_labels(what, name, t)
  if type(t) == "table" then t = core.tensor(t) end
  options.tensor(what, name, t)
  if #t.shape == 2 then return core.size(t, 2) == 1 and core.flatten(t) or core.argmax(t, 2) - 1 end
  return t
end

local function both_labels(what, y, predicted)
  y, predicted = as_labels(what, "y", y), as_labels(what, "predicted", predicted)
  if y.shape ~= predicted.shape then
    core.raise(("%s: %s targets but %s predictions"):format(what, y.shape, predicted.shape))
  end
  return y, core.to(predicted, y.dtype)
end

--- Share of predictions that are right. Both arguments: labels (m), or one-hot or scores (m, k).
---@return number
function metrics.accuracy(y, predicted)
  y, predicted = both_labels("accuracy", y, predicted)
  return core.mean(core.eq(y, predicted))
end

local function class_of(label, place)
  local class = math.tointeger(label)
  if not class or class < 0 then
    core.raise(("confusion: label %g at position %d: labels are whole numbers and count from 0"):format(label, place))
  end
  return class
end

--- Counts: row c + 1 is true class c, column p + 1 predicted class p.
---@param k? integer   number of classes; the largest label and 1 unless given
---@return any   (k, k)
function metrics.confusion(y, predicted, k)
  y, predicted = both_labels("confusion", y, predicted)
  k = k and options.whole("confusion", "k", k, 1) or math.tointeger(math.max(core.max(y), core.max(predicted)) + 1)
  if not k then core.raise "confusion: labels must be whole numbers, from 0" end
  local counts = {}
  for row = 1, k do
    counts[row] = {}
    for column = 1, k do
      counts[row][column] = 0
    end
  end
  local truth, guess = y:totable(), predicted:totable()
  for i = 1, #truth do
    local row, column = class_of(truth[i], i), class_of(guess[i], i)
    if row >= k or column >= k then
      core.raise(
        ("confusion: label %d at position %d, but there are %d classes: they count from 0"):format(
          math.max(row, column),
          i,
          k
        )
      )
    end
    counts[row + 1][column + 1] = counts[row + 1][column + 1] + 1
  end
  return core.tensor(counts)
end

local function both_values(what, y, predicted)
  options.tensor(what, "y", y)
  options.tensor(what, "predicted", predicted)
  if y.size ~= predicted.size then
    core.raise(("%s: %s targets but %s predictions"):format(what, y.shape, predicted.shape))
  end
  return core.flatten(y), core.flatten(core.to(predicted, y.dtype))
end

--- Mean squared error.
---@return number
function metrics.mse(y, predicted)
  y, predicted = both_values("mse", y, predicted)
  return core.mean((y - predicted) ^ 2)
end

--- Mean absolute error.
---@return number
function metrics.mae(y, predicted)
  y, predicted = both_values("mae", y, predicted)
  return core.mean(core.abs(y - predicted))
end

--- R squared: 1 less the share of the targets' variance that is left unexplained.
---@return number
function metrics.r2(y, predicted)
  y, predicted = both_values("r2", y, predicted)
  local left, all = core.sum((y - predicted) ^ 2), core.sum((y - core.mean(y)) ^ 2)
  if all == 0 then return left == 0 and 1.0 or 0.0 end
  return 1 - left / all
end

return options.strict("gr.metrics", metrics)
