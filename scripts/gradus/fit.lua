--- fit: training a net: epochs, batches, shuffling, validation, stopping.
local core = require "gradus.core"
local histories = require "gradus.history"
local layer = require "gradus.layer"
local loss_of = require "gradus.loss"
local metrics = require "gradus.metrics"
local options = require "gradus.options"
local progress = require "gradus.progress"
local random = require "gradus.random"
local recorder = require "gradus.recorder"
local steps = require "gradus.steps"
local trouble = require "gradus.trouble"

local fit = {}

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
  options.rows("fit", what .. " x", x)
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
  local recording = core.recording(true)
  core.recording(recording)
  if not recording then core.raise "fit: gr.no_grad is on: without recording there are no gradients to train by" end
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
  for _, name in ipairs { "on_epoch", "on_step" } do
    if o[name] ~= nil and not options.is_callable(o[name]) then
      core.raise(("fit: %s must be a function, got %s"):format(name, options.describe(o[name])))
    end
  end
  if o.patience then options.whole("fit", "patience", o.patience, 1) end
  o.generator = o.generator or random.stream "fit"
  local draws = o.shuffle == "choice" and "choice" or "permutation"
  local ok, method = pcall(function() return o.generator[draws] end)
  if not ok or type(method) ~= "function" then
    core.raise(
      ("fit: generator must be one such as gr.random.new(7), with %s(n), got %s"):format(
        draws,
        options.describe(o.generator)
      )
    )
  end
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

-- ---- The loop

--- Sums over samples, to become means.
local function new_totals(o)
  local totals = { rows = 0, loss = 0 }
  for _, name in ipairs(o.metrics) do
    if name ~= "r2" or o.batch == o.rows then totals[name] = 0 end -- the mean of r2 over batches says nothing
  end
  return totals
end

local function add_metrics(totals, net, o, scores, y)
  for _, name in ipairs(o.metrics) do
    if totals[name] then totals[name] = totals[name] + measure(net, name, y, scores:detach()) * #y end
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

--- The batches of an epoch: how many, and from where in the order each one is taken.
local function begin_epoch(o, state)
  state.at, state.drawn = 1, 0
  state.batches = o.shuffle == "choice" and math.max(1, o.rows // o.batch) or math.ceil(o.rows / o.batch)
  state.per_epoch = state.batches
  if state.epoch == 1 or o.on_epoch or o.on_step then state.steps:begin_epoch(state.batches) end
  if o.shuffle == "permutation" then state.steps:follow_order(o.generator:permutation(o.rows)) end
end

--- Positions for batches to come, when each is drawn by itself. Returns how many are drawn and not yet run.
local function draw(o, state, count)
  local rows = {}
  if state.drawn > 0 then return state.drawn end
  for i = 1, count do
    rows[i] = o.generator:choice(o.rows, o.batch)
  end
  state.at, state.drawn = 1, count
  state.steps:follow_order(core.concat(rows, 1))
  return count
end

--- How many batches of one size may run before anybody wants to know of them, and that size.
local function next_run(o, state)
  local size = math.min(o.batch, o.shuffle == "choice" and o.batch or o.rows - state.at + 1)
  local count = size < o.batch and 1 or state.batches
  if o.shuffle ~= "choice" and size == o.batch then count = (o.rows - state.at + 1) // size end
  if o.steps then count = math.min(count, o.steps - state.done) end
  if o.on_step or #o.metrics > 0 or recorder.traces() then count = 1 end
  return math.min(count, state.batches, state.bar.shown and state.pace or math.huge), size
end

--- Shown progress wants to be told about ten times a second.
local function keep_pace(state, count, began)
  local interval = 0.1 -- seconds
  if not began then return end
  local seconds = core.clock() - began
  state.pace = math.max(1, math.min(2 * count, math.floor(count * interval / math.max(seconds, 1e-6))))
end

--- Where the training stands, for the line of progress: this epoch's figures, and of the last one what validation gave.
local function standing(o, state, totals)
  local figures = { { "loss", totals.loss / totals.rows } }
  for _, name in ipairs(o.metrics) do
    if totals[name] then figures[#figures + 1] = { name, totals[name] / totals.rows } end
  end
  for _, name in ipairs { "loss", table.unpack(o.metrics) } do
    local value = state.last and state.last["val_" .. name]
    if value then figures[#figures + 1] = { "val_" .. name, value } end
  end
  -- A function of the script's own is not called more often than training calls it.
  if type(o.optimizer.lr) ~= "function" then figures[#figures + 1] = { "lr", o.optimizer:rate() } end
  local total = o.steps or o.epochs * state.per_epoch
  return { epoch = state.epoch, epochs = o.epochs, done = state.done, total = total, figures = figures }
end

--- Runs one epoch. Returns its record, and whether to go on.
local function run_epoch(net, o, y, state)
  local totals = new_totals(o)
  local go_on = true
  state.totals = totals
  begin_epoch(o, state)
  while go_on and state.batches > 0 and state.done ~= o.steps do
    local count, size = next_run(o, state)
    local began = state.bar.shown and core.clock()
    if o.shuffle == "choice" then count = math.min(count, draw(o, state, count)) end
    local ran, loss, sum, scores, targets = state.steps:run(state.at, size, count, totals.loss)
    totals.loss, totals.rows = sum, totals.rows + ran * size
    state.at, state.batches, state.done = state.at + ran * size, state.batches - ran, state.done + ran
    state.drawn = state.drawn - ran
    recorder.step(state.recorded)
    net.task = net.task or meaning(o.loss, net, y, scores)
    add_metrics(totals, net, o, scores, targets)
    keep_pace(state, ran, began)
    local ends = o.on_epoch and state.batches == 0 -- on_epoch may print: the line comes behind it
    if state.bar:due() and not ends then state.bar:show(standing(o, state, totals)) end
    if o.on_step then go_on = o.on_step { step = state.done, epoch = state.epoch, loss = loss } ~= false end
  end
  local e = { epoch = state.epoch, steps = state.done, loss = totals.loss / totals.rows }
  for _, name in ipairs(o.metrics) do
    e[name] = totals[name] and totals[name] / totals.rows
  end
  validate(net, o, e)
  return e, go_on
end

--- An epoch counts as done when its loss is there, which is written last: Ctrl-C may come between any two.
local function record(history, e)
  for name, value in pairs(e) do
    if name ~= "epoch" and name ~= "steps" and name ~= "loss" then
      history[name] = history[name] or {}
      history[name][e.epoch] = value
    end
  end
  history.steps = e.steps
  history.loss[e.epoch] = e.loss
end

--- For a training that an error or Ctrl-C has ended: says so, and drops what is there of an epoch that is not done.
local function break_off(history, message)
  local pressed = type(message) == "string" and (message .. "\n"):find ": interrupted\n"
  history.stopped = pressed and "interrupted" or "an error"
  for _, list in pairs(history) do
    if type(list) == "table" then list[#history.loss + 1] = nil end
  end
end

--- What makes a net what it is: parameters, and what layers remember.
local function all_of(net)
  local all = net:parameters()
  return table.move(net:states(), 1, #net:states(), #all + 1, all)
end

--- Keeps the best weights; says when too many epochs have brought none better. Without validation an epoch's loss is that
--- of the weights before its updates, so those are the ones to keep.
local function watch_best(net, o)
  local best = { loss = math.huge, epoch = 0 }
  local before
  return {
    begin = function()
      if not o.validation then before = steps.copies(all_of(net)) end
    end,
    tired = function(e)
      local value = e.val_loss or e.loss
      if value < best.loss then
        best = { loss = value, epoch = e.epoch, weights = before or steps.copies(all_of(net)) }
      end
      return e.epoch - best.epoch >= o.patience
    end,
    restore = function()
      if best.weights then steps.restore(all_of(net), best.weights) end
      return best.epoch
    end,
    state = function() return best end,
    set_state = function(kept) best = kept end,
  }
end

--- Training mode until the result is closed, also by an error.
local function begin_training(net, history)
  local params = net:parameters()
  local function mark(on)
    for _, p in ipairs(params) do
      layer.trained[p] = on
    end
  end
  local function finish(_, message)
    mark(nil)
    net:eval()
    if message ~= nil then break_off(history, message) end
  end
  mark(true)
  net:train()
  return setmetatable({}, { __close = finish })
end

--- Trains a net on x (rows; a tensor or a byte set) and y (rows or labels).
--- Options are those of net:fit, which says more.
---@param net any
---@param x any
---@param y any
---@param given gradus.FitOptions
---@return gradus.History
function fit.fit(net, x, y, given)
  local o = check(x, y, given)
  local history = histories.new()
  local best = o.patience and watch_best(net, o)
  local bar <close> = progress.new(o)
  local state = { epoch = 0, done = 0, bar = bar, pace = 1 }
  net.task = type(o.loss) == "table" and o.loss.task or nil -- at once: the first step may be stopped
  net.yes_from = loss_of.is_loss(o.loss) and o.loss.yes_from or nil
  local first = net:parameters()[1]
  if not first then core.raise "fit: the net has no parameters: there is nothing to train" end
  if first.dtype ~= x.dtype then net:to(x.dtype) end -- the data decides
  o.optimizer:add(net:parameters())
  state.steps = steps.new(net, o, x, y)
  trouble.check_inputs(x)
  net.history = history
  state.recorded = recorder.fit { net = net, o = o, state = state, history = history, best = best }
  local training <close> = begin_training(net, history) -- luacheck: ignore training
  while not (history.stopped or state.epoch == o.epochs or state.done == o.steps) do
    state.epoch = state.epoch + 1
    o.optimizer.epoch = state.epoch
    if best then best.begin() end
    local e, go_on = run_epoch(net, o, y, state)
    record(history, e)
    recorder.epoch(state.recorded, e)
    state.last = e
    trouble.check_progress(net, state.steps.start, history)
    if o.optimizer.tell then o.optimizer:tell(e.val_loss or e.loss) end
    local tired = best and best.tired(e)
    if o.on_epoch then
      bar:close()
      if o.on_epoch(e) == false then go_on = false end
      if bar:due() then bar:show(standing(o, state, state.totals)) end
    end
    if not go_on then
      history.stopped = "asked to"
    elseif tired then
      history.stopped = "patience"
    end
    recorder.after_epoch(state.recorded)
  end
  recorder.fit_ended()
  if best then history.best_epoch = best.restore() end
  return history
end

return fit
