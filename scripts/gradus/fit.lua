--- fit: training a net: epochs, batches, shuffling, validation, stopping.
local core = require "gradus.core"
local loss_of = require "gradus.loss"
local metrics = require "gradus.metrics"
local options = require "gradus.options"
local progress = require "gradus.progress"
local random = require "gradus.random"

local fit = {}

---@class gradus.History
---@field loss number[]       mean over the samples of each epoch, each before its update
---@field val_loss number[]?  loss on the validation data after each epoch
---@field steps integer       updates made
---@field stopped string?     why it ended early

local defaults = {
  loss = options.none,
  optimizer = options.none,
  batch = options.none,
  epochs = options.none,
  steps = options.none,
  shuffle = options.none,
  generator = options.none,
  validation = options.none,
  metrics = options.none,
  on_epoch = options.none,
  on_step = options.none,
  patience = options.none,
  progress = true,
  replay = true,
}

-- ---- Checking what was asked for

local function check_loss(loss)
  if loss_of.is_maker(loss) then return loss() end
  if type(loss) ~= "function" and not loss_of.is_loss(loss) then
    core.raise(
      ("fit: loss must be a loss such as nn.mse() or a function of (scores, targets), got %s"):format(
        options.describe(loss)
      )
    )
  end
  return loss
end

local function check_optimizer(optimizer)
  if type(optimizer) ~= "table" or type(optimizer.step) ~= "function" then
    core.raise(
      ("fit: optimizer must be one such as gr.optim.sgd{ lr = 0.1 }, got %s"):format(options.describe(optimizer))
    )
  end
  return optimizer
end

local function check_pair(what, x, y)
  options.tensor("fit", what .. " x", x)
  options.tensor("fit", what .. " y", y)
  if #x.shape == 0 or #y.shape == 0 or #x ~= #y then
    core.raise(("fit: %s x is %s but y is %s: they must have the same number of rows"):format(what, x.shape, y.shape))
  end
end

local function check_metrics(names)
  local list = names == nil and {} or type(names) == "string" and { names } or names
  if type(list) ~= "table" then
    core.raise(('fit: metrics must be a list like { "accuracy" }, got %s'):format(options.describe(names)))
  end
  for _, name in ipairs(list) do
    options.choice("fit", "a metric", name, { "accuracy", "mse", "mae", "r2" })
  end
  return list
end

local function check_length(o)
  if o.epochs and o.steps then
    core.raise "fit: give epochs or steps, not both"
  elseif not o.epochs and not o.steps then
    core.raise "fit: say how long to train: epochs = ... or steps = ..."
  end
  if o.epochs then
    options.whole("fit", "epochs", o.epochs, 1)
  else
    options.whole("fit", "steps", o.steps, 1)
  end
end

local function check(x, y, given)
  local o = options.read("fit", given, defaults)
  check_pair("training", x, y)
  check_length(o)
  o.loss, o.optimizer, o.metrics = check_loss(o.loss), check_optimizer(o.optimizer), check_metrics(o.metrics)
  o.rows = #x
  o.batch = math.min(o.batch and options.whole("fit", "batch", o.batch, 1) or o.rows, o.rows)
  if o.shuffle == nil then o.shuffle = o.batch < o.rows and "permutation" end
  options.choice("fit", "shuffle", o.shuffle, { "permutation", "choice", false })
  if o.validation then
    local pair = o.validation
    if type(pair) ~= "table" then
      core.raise(("fit: validation must be { x, y }, got %s"):format(options.describe(pair)))
    end
    o.validation = { x = pair.x or pair[1], y = pair.y or pair[2] }
    check_pair("validation", o.validation.x, o.validation.y)
  end
  for _, name in ipairs { "progress", "replay" } do
    options.choice("fit", name, o[name], { true, false })
  end
  if o.patience then options.whole("fit", "patience", o.patience, 1) end
  o.generator = o.generator or random.stream "fit"
  return o
end

-- ---- What the scores mean

local function is_one_hot(y)
  if #y.shape ~= 2 or core.size(y, 2) < 2 then return false end
  local zeros_and_ones = core.max(core.abs(y * (1 - y))) == 0
  return zeros_and_ones and core.max(core.abs(core.sum(y, 2) - 1)) == 0
end

--- "classes", "binary" or "values": as the loss says, else as targets and scores look.
local function meaning(loss, net, y, scores)
  if type(loss) == "table" and loss.task then return loss.task end
  local outputs = #scores.shape > 1 and core.size(scores, 2) or 1
  if outputs > 1 then
    return (is_one_hot(y) or core.size(y, 2) == 1 or net:ends_in "softmax") and "classes" or "values"
  end
  local yes_or_no = core.max(core.abs(y * (1 - y))) == 0
  return net:ends_in "sigmoid" and yes_or_no and "binary" or "values"
end

local function measure(net, name, y, scores)
  if name == "accuracy" and net.task == "values" then
    core.raise "fit: accuracy counts right classes, but these targets are values: use mse, mae or r2"
  end
  local labels = net:labels(scores)
  if net.task == "binary" then
    y, labels = core.flatten(y), core.flatten(labels) -- each output is a yes or no of its own
  end
  return metrics[name](y, labels)
end

-- ---- Batches

--- Gives the batches of an epoch one by one: x and y of each.
local function batches(o, x, y)
  local per_epoch = o.shuffle == "choice" and math.max(1, o.rows // o.batch) or math.ceil(o.rows / o.batch)
  local order = o.shuffle == "permutation" and o.generator:permutation(o.rows)
  local i = 0
  return function()
    i = i + 1
    if i > per_epoch then return nil end
    if o.shuffle == "choice" then
      local rows = o.generator:choice(o.rows, o.batch)
      return x:take(rows), y:take(rows)
    end
    if not order and o.batch == o.rows then return x, y end
    local range = ("%d:%d"):format((i - 1) * o.batch + 1, math.min(i * o.batch, o.rows))
    if order then
      local rows = order[range]
      return x:take(rows), y:take(rows)
    end
    return x[range], y[range]
  end
end

-- ---- The loop

--- One update. Returns the loss before it, and the scores.
local function step(net, o, x, y)
  o.optimizer:zero_grad()
  local scores = net(x)
  local loss = o.loss(scores, y)
  if type(loss) == "number" then
    core.raise "fit: the loss is a plain number: it does not depend on anything made by gr.param"
  elseif not core.is_tensor(loss) or loss.size ~= 1 then
    core.raise(("fit: the loss must give one number, got %s"):format(options.describe(loss)))
  end
  loss:backward()
  o.optimizer:step()
  return loss:item(), scores
end

--- Sums over samples, to become means.
local function new_totals(o)
  local totals = { rows = 0, loss = 0 }
  for _, name in ipairs(o.metrics) do
    if name ~= "r2" or o.batch == o.rows then totals[name] = 0 end -- the mean of r2 over batches says nothing
  end
  return totals
end

local function add_to(totals, net, o, loss, scores, y)
  local n = #y
  totals.rows = totals.rows + n
  totals.loss = totals.loss + loss * n
  for _, name in ipairs(o.metrics) do
    if totals[name] then totals[name] = totals[name] + measure(net, name, y, scores:detach()) * n end
  end
end

local function validate(net, o, e)
  if not o.validation then return end
  local v = o.validation
  local scores = net:scores(v.x)
  local value = o.loss(scores, v.y)
  e.val_loss = core.is_tensor(value) and value:item() or value
  for _, name in ipairs(o.metrics) do
    e["val_" .. name] = measure(net, name, v.y, scores)
  end
end

--- Runs one epoch. Returns its record, and whether to go on.
local function run_epoch(net, o, x, y, state)
  local totals = new_totals(o)
  local go_on = true
  for xb, yb in batches(o, x, y) do
    local loss, scores = step(net, o, xb, yb)
    net.task = net.task or meaning(o.loss, net, y, scores)
    state.steps = state.steps + 1
    add_to(totals, net, o, loss, scores, yb)
    state.bar:show(state.epoch, state.steps, totals.loss / totals.rows)
    if o.on_step and o.on_step { step = state.steps, epoch = state.epoch, loss = loss } == false then
      go_on = false
      break
    end
    if o.steps and state.steps == o.steps then break end
  end
  local e = { epoch = state.epoch, steps = state.steps, loss = totals.loss / totals.rows }
  for _, name in ipairs(o.metrics) do
    e[name] = totals[name] and totals[name] / totals.rows
  end
  validate(net, o, e)
  return e, go_on
end

local function record(history, e)
  for name, value in pairs(e) do
    if name ~= "epoch" and name ~= "steps" then
      history[name] = history[name] or {}
      history[name][e.epoch] = value
    end
  end
  history.steps = e.steps
end

local function copy_weights(net)
  local weights = {}
  for i, p in ipairs(net:parameters()) do
    weights[i] = p:detach():clone()
  end
  return weights
end

--- Keeps the best weights; says when too many epochs have brought none better. Without validation an epoch's loss is that
--- of the weights before its updates, so those are the ones to keep.
local function watch_best(net, o)
  local best = { loss = math.huge, epoch = 0 }
  local before
  return {
    begin = function()
      if not o.validation then before = copy_weights(net) end
    end,
    tired = function(e)
      local value = e.val_loss or e.loss
      if value < best.loss then best = { loss = value, epoch = e.epoch, weights = before or copy_weights(net) } end
      return e.epoch - best.epoch >= o.patience
    end,
    restore = function()
      for i, p in ipairs(best.weights and net:parameters() or {}) do
        p:copy_(best.weights[i])
      end
      return best.epoch
    end,
  }
end

--- Trains a net on x (rows) and y (rows or labels).
--- Options: loss; optimizer; epochs or steps; batch (all rows unless given); shuffle ("permutation" for smaller batches, "choice" to
--- draw each batch with replacement, false for file order); generator (fit's own stream unless given); validation { x, y };
--- metrics { "accuracy" }; on_epoch(e) and on_step(s), which stop the training by returning false; patience (epochs without a
--- better loss, on the validation data if given, before stopping with the best weights); progress (true).
--- Raises for an unknown option, rows that do not match, or whatever net and loss refuse.
---@param net any
---@param x any
---@param y any
---@param given table
---@return gradus.History
function fit.fit(net, x, y, given)
  local o = check(x, y, given)
  local history = { loss = {}, steps = 0 }
  local best = o.patience and watch_best(net, o)
  local bar <close> = progress.new(o)
  local state = { epoch = 0, steps = 0, bar = bar }
  net.task = nil
  net.yes_from = loss_of.is_loss(o.loss) and o.loss.yes_from or nil
  o.optimizer:add(net:parameters())
  repeat
    state.epoch = state.epoch + 1
    o.optimizer.epoch = state.epoch
    if best then best.begin() end
    local e, go_on = run_epoch(net, o, x, y, state)
    record(history, e)
    if o.optimizer.tell then o.optimizer:tell(e.val_loss or e.loss) end
    if o.on_epoch then
      bar:close()
      if o.on_epoch(e) == false then go_on = false end
    end
    if not go_on then
      history.stopped = "asked to"
    elseif best and best.tired(e) then
      history.stopped = "patience"
    end
  until history.stopped or state.epoch == o.epochs or state.steps == o.steps
  if best then history.best_epoch = best.restore() end
  return history
end

return fit
