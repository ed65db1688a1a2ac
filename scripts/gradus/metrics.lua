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
--- Example:
---   print(metrics.accuracy(gr.tensor { 0, 1, 2, 2 }, gr.tensor { 0, 1, 2, 0 }))
---@return number
function metrics.accuracy(y, predicted)
  y, predicted = both_labels("accuracy", y, predicted)
  if core.max(core.gt(predicted, 0) * core.lt(predicted, 1)) > 0 then
    core.raise "accuracy: predictions between 0 and 1 are probabilities, not labels: write p:gt(0.5)"
  end
  return core.mean(core.to(core.eq(y, predicted), "f64"))
end

local function class_of(what, label, place)
  local class = math.tointeger(label)
  if not class or class < 0 then
    core.raise(
      ("%s: label %s at position %d: labels are whole numbers and count from 0"):format(
        what,
        type(label) == "number" and ("%g"):format(label) or type(label),
        place
      )
    )
  end
  return class
end

--- Counts: row c + 1 is true class c, column p + 1 predicted class p.
--- Example:
---   print(metrics.confusion({ 0, 1, 1, 2 }, { 0, 1, 2, 2 }))
---@param k? integer   number of classes; the largest label and 1 unless given
---@return any   (k, k)
function metrics.confusion(y, predicted, k)
  y, predicted = both_labels("confusion", y, predicted)
  k = k and options.whole("confusion", "k", k, 1) or math.tointeger(math.max(core.max(y), core.max(predicted)) + 1)
  if not k then core.raise "confusion: labels must be whole numbers, from 0" end
  if k > 5000 then core.raise(("confusion: labels up to %d would take a table of %d x %d"):format(k - 1, k, k)) end
  local counts = {}
  for row = 1, k do
    counts[row] = {}
    for column = 1, k do
      counts[row][column] = 0
    end
  end
  local truth, guess = y:totable(), predicted:totable()
  for i = 1, #truth do
    local row, column = class_of("confusion", truth[i], i), class_of("confusion", guess[i], i)
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

-- ---- Class by class

--- A quotient that is 0 where there is nothing to divide by.
local function share(part, whole) return whole == 0 and 0.0 or part / whole end

--- By class, of those that occur: how often it is right (hit), predicted and true.
local function tally(what, y, predicted)
  y, predicted = both_labels(what, y, predicted)
  local truth, guess, by_class = y:totable(), predicted:totable(), {}
  local function count(label, place, field)
    local class = class_of(what, label, place)
    by_class[class] = by_class[class] or { hit = 0, predicted = 0, truth = 0 }
    by_class[class][field] = by_class[class][field] + 1
  end
  for i = 1, #truth do
    count(truth[i], i, "truth")
    count(guess[i], i, "predicted")
    if truth[i] == guess[i] then count(truth[i], i, "hit") end
  end
  return by_class
end

--- Of labels 0 and 1 the figure of class 1; of more classes the mean over those that occur.
local function of_classes(what, figure)
  return function(y, predicted)
    local by_class = tally(what, y, predicted)
    local classes, figures = {}, {}
    for class in pairs(by_class) do
      classes[#classes + 1] = class
    end
    table.sort(classes)
    if classes[#classes] <= 1 then return figure(by_class[1] or { hit = 0, predicted = 0, truth = 0 }) end
    for i, class in ipairs(classes) do
      figures[i] = figure(by_class[class])
    end
    return core.mean(core.tensor(figures, "f64"))
  end
end

local function precision_of(c) return share(c.hit, c.predicted) end
local function recall_of(c) return share(c.hit, c.truth) end

local function f1_of(c)
  local precision, recall = precision_of(c), recall_of(c)
  return share(2 * precision * recall, precision + recall)
end

--- Share of what is predicted to be of a class that is; 0 when nothing is. Both arguments: labels (m), or one-hot or scores
--- (m, k). Of labels 0 and 1 it is that of class 1; of more classes the mean over those in y or predicted, as scikit-learn's
--- average="macro".
--- Example:
---   print(metrics.precision({ 0, 1, 1, 1 }, { 1, 1, 0, 1 }))
---@type fun(y: any, predicted: any): number
metrics.precision = of_classes("precision", precision_of)

--- Share of what is of a class that is found; 0 when nothing is. Classes as for precision.
--- Example:
---   print(metrics.recall({ 0, 1, 1, 1 }, { 1, 1, 0, 1 }))
---@type fun(y: any, predicted: any): number
metrics.recall = of_classes("recall", recall_of)

--- Harmonic mean of precision and recall; 0 when both are. Classes as for precision.
--- Example:
---   print(metrics.f1({ 0, 1, 1, 1 }, { 0, 1, 0, 1 }))
---@type fun(y: any, predicted: any): number
metrics.f1 = of_classes("f1", f1_of)

--- Positions of the scores from the smallest on, and the scores.
local function ascending(scores)
  local order, list = {}, scores:totable()
  for i, score in ipairs(list) do
    if score ~= score then core.raise(("roc_auc: score nan at position %d"):format(i)) end
    order[i] = i
  end
  table.sort(order, function(a, b) return list[a] < list[b] end)
  return order, list
end

--- Area under the curve of one class against the rest: the share of pairs, one of the class and one not, in which the
--- one has the higher score; equal scores count half (Mann & Whitney 1947).
local function area(truth, class, scores)
  local order, list = ascending(scores)
  local pairs_won, below, inside, i = 0, 0, 0, 1
  while i <= #order do
    local score, of_class, others = list[order[i]], 0, 0
    while i <= #order and list[order[i]] == score do
      if truth[order[i]] == class then
        of_class = of_class + 1
      else
        others = others + 1
      end
      i = i + 1
    end
    pairs_won = pairs_won + of_class * (below + others / 2)
    below, inside = below + others, inside + of_class
  end
  if below == 0 or inside == 0 then
    core.raise(
      ("roc_auc: class %d is the label of %s: both kinds are needed"):format(
        class,
        inside == 0 and "no row" or "every row"
      )
    )
  end
  return pairs_won / (below * inside)
end

--- Area under the receiver operating characteristic. y: labels (m), or one-hot (m, k). scores: of labels 0 and 1, a score for
--- class 1 each, (m), (m, 1), or the last column of (m, 2); of more classes, (m, k), and the mean over classes of each against
--- the rest. Raises when a class has no rows, or all.
--- Example:
---   print(metrics.roc_auc({ 0, 0, 1, 1 }, { 0.1, 0.4, 0.35, 0.8 }))
---@param y any
---@param scores any
---@return number
function metrics.roc_auc(y, scores)
  y = as_labels("roc_auc", "y", y)
  if type(scores) == "table" then scores = core.tensor(scores) end
  options.tensor("roc_auc", "scores", scores)
  if #scores.shape == 0 or #scores.shape > 2 or #scores ~= y.size then
    core.raise(("roc_auc: %s targets but %s scores"):format(y.shape, scores.shape))
  end
  if #scores.shape == 1 then scores = core.reshape(scores, -1, 1) end
  local truth, columns = y:totable(), core.size(scores, 2)
  local k = math.max(2, columns)
  for i, label in ipairs(truth) do
    if class_of("roc_auc", label, i) >= k then
      core.raise(
        ("roc_auc: label %d at position %d, but there are %d classes: they count from 0"):format(label // 1, i, k)
      )
    end
  end
  local function of_column(class, column) return area(truth, class, core.flatten(scores[(":, %d"):format(column)])) end
  if k == 2 then return of_column(1, columns) end
  local areas = {}
  for class = 0, k - 1 do
    areas[class + 1] = of_column(class, class + 1)
  end
  return core.mean(core.tensor(areas, "f64"))
end

-- ---- Values

local function both_values(what, y, predicted)
  options.tensor(what, "y", y)
  options.tensor(what, "predicted", predicted)
  if y.size ~= predicted.size then
    core.raise(("%s: %s targets but %s predictions"):format(what, y.shape, predicted.shape))
  end
  return core.flatten(y), core.flatten(core.to(predicted, y.dtype))
end

--- Mean squared error.
--- Example:
---   print(metrics.mse(gr.tensor { 1, 2, 3 }, gr.tensor { 1, 2, 5 }))
---@return number
function metrics.mse(y, predicted)
  y, predicted = both_values("mse", y, predicted)
  return core.mean((y - predicted) ^ 2)
end

--- Mean absolute error.
--- Example:
---   print(metrics.mae(gr.tensor { 1, 2, 3 }, gr.tensor { 1, 2, 5 }))
---@return number
function metrics.mae(y, predicted)
  y, predicted = both_values("mae", y, predicted)
  return core.mean(core.abs(y - predicted))
end

--- R squared: 1 less the share of the targets' variance that is left unexplained.
--- Example:
---   print(metrics.r2(gr.tensor { 1, 2, 3 }, gr.tensor { 1.1, 2, 2.9 }))
---@return number
function metrics.r2(y, predicted)
  y, predicted = both_values("r2", y, predicted)
  local left, all = core.sum((y - predicted) ^ 2), core.sum((y - core.mean(y)) ^ 2)
  if all == 0 then return left == 0 and 1.0 or 0.0 end
  return 1 - left / all
end

return options.strict("gr.metrics", metrics)
