--- loss: what training makes small. Each maker gives a loss: loss(scores, targets) is one number, a tensor that
--- gradients flow from.
---
--- Sums go over a sample's outputs, means over samples (rows). A vector of scores is one sample with several outputs for
--- sse, cross_entropy and nll, as textbooks write them, and a sample for each entry for logistic and binary_cross_entropy.
--- `task` tells predict and score what the scores mean: "classes" (a score each), "binary" (one score, yes above 0, or above
--- `yes_from`) or "values"; nil when the targets decide.
local core = require "gradus.core"
local options = require "gradus.options"

--- A loss as nn's makers give it: loss(scores, targets) is one number, a tensor that gradients flow from.
---@class gradus.Loss
---@field name string
---@field task string?   what the scores mean: "classes", "binary" or "values"; nil when the targets decide
local Loss = {}
Loss.__index = Loss

function Loss.__call(self, scores, targets)
  options.tensor(self.name, "scores", scores)
  if #scores.shape == 0 then scores = core.reshape(scores, 1) end
  if type(targets) == "number" or type(targets) == "table" then
    targets = core.tensor(type(targets) == "number" and { targets } or targets, scores.dtype)
  end
  options.tensor(self.name, "targets", targets)
  return self.compute(scores, core.to(targets, scores.dtype))
end

function Loss.__tostring(self) return self.name end

local function new(name, task, compute) return setmetatable({ name = name, task = task, compute = compute }, Loss) end

--- Targets in the shape of the scores: m targets serve scores of m x 1.
local function paired(what, scores, targets)
  if scores.shape == targets.shape then return targets end
  if scores.size == targets.size and core.size(scores, 1) == core.size(targets, 1) then
    return core.reshape(targets, scores.shape)
  end
  local labels = #scores.shape == 2 and #targets.shape == 1 and core.size(scores, 1) == core.size(targets, 1)
  local hint = labels and ": for class labels use nn.cross_entropy(), or gr.data.one_hot(y, k)" or ""
  core.raise(("%s: scores are %s but targets are %s%s"):format(what, scores.shape, targets.shape, hint))
end

--- A row for each sample, and targets to go with them: labels (m), or a row each (m, k).
local function in_rows(scores, targets)
  if #scores.shape == 1 then
    targets = targets.size == scores.size and core.reshape(targets, 1, -1) or core.reshape(targets, -1)
    scores = core.reshape(scores, 1, -1)
  elseif #targets.shape == 2 and core.size(targets, 2) == 1 and core.size(scores, 2) > 1 then
    targets = core.flatten(targets)
  end
  return scores, targets
end

local makers = {}

--- Mean squared error: the mean of (scores - targets)^2 over all entries.
--- Example:
---   print(nn.mse()(gr.tensor { 1, 2 }, gr.tensor { 0, 4 }))
---@return gradus.Loss
function makers.mse()
  return new("mse", nil, function(scores, targets) return core.mean((scores - paired("mse", scores, targets)) ^ 2) end)
end

--- Mean absolute error: the mean of |scores - targets| over all entries. Its gradient where they are equal is 0.
--- Example:
---   print(nn.mae()(gr.tensor { 1, 2 }, gr.tensor { 0, 4 }))
---@return gradus.Loss
function makers.mae()
  return new(
    "mae",
    nil,
    function(scores, targets) return core.mean(core.abs(scores - paired("mae", scores, targets))) end
  )
end

--- Huber's loss (Huber 1964): with e = scores - targets, e^2 / 2 up to |e| = delta and delta (|e| - delta / 2) beyond, the mean
--- over all entries, as PyTorch's HuberLoss. Options: delta (1), above 0.
--- Example:
---   print(nn.huber { delta = 1 }(gr.tensor { 0.5, 10 }, gr.tensor { 0, 0 }))
---@param given? { delta?: number }
---@return gradus.Loss
function makers.huber(given)
  local delta = options.number("huber", "delta", options.read("huber", given, { delta = 1 }).delta)
  if delta <= 0 or delta == math.huge then
    core.raise(("huber: delta must be above 0 and finite, got %g"):format(delta))
  end
  return new("huber", nil, function(scores, targets)
    local e = scores - paired("huber", scores, targets)
    local near = core.clip(e, -delta, delta) -- near (e - near / 2) is both branches, and so is its gradient
    return core.mean(near * (e - near * 0.5))
  end)
end

--- Half the sum of squares of (scores - targets): summed over a sample's outputs, averaged over samples.
--- Example:
---   print(nn.sse()(gr.tensor { { 1, 2 } }, gr.tensor { { 0, 4 } }))
---@return gradus.Loss
function makers.sse()
  return new("sse", nil, function(scores, targets)
    local rows = #scores.shape > 1 and core.size(scores, 1) or 1
    return core.sum((scores - paired("sse", scores, targets)) ^ 2) * (0.5 / rows)
  end)
end

--- Binary cross entropy from scores: the mean over samples of ln(1 + e^s) - t s (Cox 1958), t from 0 to 1.
--- Example:
---   local loss = nn.logistic()
---   print(loss(gr.tensor { 2, -1 }, gr.tensor { 1, 0 }))
---@return gradus.Loss
function makers.logistic()
  return new(
    "logistic",
    "binary",
    function(scores, targets) return core.logistic_loss(scores, paired("logistic", scores, targets)) end
  )
end

--- Cross entropy of softmax(scores), from scores (m, k): targets are labels 0..k-1 (m), or one-hot rows (m, k).
--- Raises when a label is none of the classes.
--- Example:
---   local loss = nn.cross_entropy()
---   print(loss(gr.tensor { { 2, 1, 0 }, { 0, 3, 0 } }, gr.tensor { 0, 1 })) -- labels count from 0
---@return gradus.Loss
function makers.cross_entropy()
  return new("cross_entropy", "classes", function(scores, targets)
    scores, targets = in_rows(scores, targets)
    if core.size(scores, 2) == 1 then
      core.raise "cross_entropy: one score a row is always certain: for yes or no use nn.logistic()"
    end
    return core.softmax_cross_entropy(scores, targets)
  end)
end

--- Negative log likelihood from probabilities (m, k) whose rows sum to 1, as nn.softmax gives them: the mean over samples of
--- -ln p at the label. Targets are labels 0..k-1 (m), or one-hot rows (m, k). The logarithm is held at -100, so that
--- the loss of a class thought impossible is finite. From plain scores, cross_entropy is the same, and exact.
--- Raises when a label is none of the classes, or a row is no probabilities.
--- Example:
---   local p = gr.tensor { { 0.7, 0.3 }, { 0.1, 0.9 } }
---   print(nn.nll()(p, gr.tensor { 0, 1 }))
---@return gradus.Loss
function makers.nll()
  return new("nll", "classes", function(scores, targets) return core.nll(in_rows(scores, targets)) end)
end

--- Binary cross entropy from probabilities p: -t ln p - (1 - t) ln(1 - p), t from 0 to 1, summed over a sample's outputs,
--- averaged over samples. Logarithms are held at -100, and p (1 - p) in the gradient at 1e-12, as PyTorch does. From plain
--- scores, logistic is the same, and exact.
--- Raises when a score is no probability.
--- Example:
---   local loss = nn.binary_cross_entropy()
---   print(loss(gr.tensor { 0.9, 0.2 }, gr.tensor { 1, 0 }))
---@return gradus.Loss
function makers.binary_cross_entropy()
  local loss = new(
    "binary_cross_entropy",
    "binary",
    function(scores, targets) return core.binary_cross_entropy(scores, paired("binary_cross_entropy", scores, targets)) end
  )
  loss.yes_from = 0.5
  return loss
end

for name, make in pairs(makers) do
  if name ~= "huber" then
    makers[name] = function(...)
      if select("#", ...) > 0 then
        core.raise(("%s() gives a loss and takes nothing: write nn.%s()(scores, targets)"):format(name, name))
      end
      return make()
    end
  end
end

return {
  makers = makers,
  --- Whether f is one of the makers, given without its brackets.
  is_maker = function(f)
    for _, make in pairs(makers) do
      if f == make then return true end
    end
    return false
  end,
  is_loss = function(value) return getmetatable(value) == Loss end,
}
