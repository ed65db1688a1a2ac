--- steps: the updates of a training, one after the other. A step that was computed once is run again in C for the batches
--- that follow (a plan, one for each size of batch), and now and then computed anew to see that both agree to the bit.
local core = require "gradus.core"
local layer = require "gradus.layer"
local options = require "gradus.options"
local trouble = require "gradus.trouble"

local Steps = {}
Steps.__index = Steps

local steps = {}

-- ---- Rows of a batch

--- What batches are taken from, in this order. Without an order rows go as they stand, or are all there are.
local function batch_of(self, at, size)
  local o = self.options
  if not self.order and size == o.rows then return self.x, self.y end
  local range = ("%d:%d"):format(at, at + size - 1)
  if not self.order then return self.x[range], self.y[range] end
  local rows = self.order[range]
  return self.x:take(rows), self.y:take(rows)
end

-- ---- A step computed anew

local function loss_of(self, x, y)
  local scores = self.net(x)
  local loss = self.options.loss(scores, y)
  if type(loss) == "number" then
    core.raise "fit: the loss does not depend on anything made by gr.param: it is a plain number"
  elseif not core.is_tensor(loss) or loss.size ~= 1 then
    core.raise(("fit: the loss must give one number, got %s"):format(options.describe(loss)))
  elseif not loss.wants_grad then
    core.raise "fit: the loss does not depend on anything made by gr.param"
  end
  return loss, scores
end

--- Raises, with the place of the first number that is not finite: the step is computed once more for it.
local function stop(self, x, y, value)
  local optimizer = self.options.optimizer
  local layers = trouble.follow_layers(self.net)
  local ok, loss = pcall(loss_of, self, x, y)
  trouble.follow_layers(nil)
  if not ok then error(loss, 0) end
  local plan = optimizer.step_with and core.plan(loss, optimizer.step_with, {})
  trouble.report(self, plan, value, { layers = layers, x = x, y = y })
end

--- One update of a batch. Returns the loss before it, and the scores.
local function compute(self, x, y)
  local optimizer = self.options.optimizer
  local loss, scores = loss_of(self, x, y)
  local value = loss:item()
  if not self.any_loss and not trouble.is_finite(value) then stop(self, x, y, value) end
  if optimizer.step_with then
    core.step(loss, optimizer.step_with, optimizer:rate())
  else -- a script's own
    optimizer:zero_grad()
    loss:backward()
    optimizer:step()
  end
  return value, scores
end

-- ---- Recording

--- All that a step changes: parameters, what the optimiser keeps, the layers' state.
local function all_state(self)
  local all = { table.unpack(self.params) }
  for _, kept in ipairs(self.options.optimizer.kept) do
    for _, t in ipairs(kept) do
      all[#all + 1] = t
    end
  end
  return table.move(self.states, 1, #self.states, #all + 1, all)
end

--- Large results of functions that have ended go now, not when the collector comes to them.
local function release_garbage()
  local much = 64 << 20 -- bytes that are worth a look at everything
  if core.memory() > much then collectgarbage() end
end

--- Copies of tensors, to be put back by restore.
---@param tensors table[]
---@return table[]
function steps.copies(tensors)
  local list = {}
  for i, t in ipairs(tensors) do
    list[i] = t:detach():clone()
  end
  return list
end

function steps.restore(tensors, values)
  for i, t in ipairs(tensors) do
    t:copy_(values[i])
  end
end

--- From now on (or not) what the batch, parameters, states and knobs go into is recorded.
local function follow(self, leaves, on)
  for _, list in ipairs { leaves, self.params, self.states } do
    for _, t in ipairs(list) do
      core.follow(t, on)
    end
  end
  for knob in pairs(core.knobs) do
    if core.is_tensor(knob) then core.follow(knob, on) end -- one that nobody has any more may still be listed
  end
end

--- Leaves that a plan is fed through: the tensors themselves when a batch is all rows.
local function leaves_for(self, x, y)
  if rawequal(x, self.x) then return x, y end
  return x:clone(), y:clone()
end

--- Computes the step of this batch, all of it recorded, up to the loss. Gives the plan to go on with, whose first step needs
--- no forward any more; or nil and a message, with the states as they were.
local function record(self, x, y)
  local leaf_x, leaf_y = leaves_for(self, x, y)
  local before = steps.copies(self.states)
  local layers = trouble.follow_layers(self.net)
  follow(self, { leaf_x, leaf_y }, true)
  local ok, loss, scores = pcall(loss_of, self, leaf_x, leaf_y)
  follow(self, { leaf_x, leaf_y }, false)
  trouble.follow_layers(nil)
  if not ok then
    steps.restore(self.states, before)
    if core.stopped() then error(loss, 0) end
    return nil, loss
  end
  local plan = core.plan(loss, self.options.optimizer.step_with, { self.x, leaf_x, self.y, leaf_y })
  return {
    plan = plan,
    scores = scores,
    y = leaf_y,
    x = leaf_x,
    layers = layers,
    uses = 0,
    computed = true,
    before = before,
  }
end

local function without_place(message) return (tostring(message):gsub("^[^\n]-:%d+: ", "")) end

--- The loss of a batch as the script's functions give it when nothing is recorded for a plan; or nil. The states stay as they are.
local function plain_loss(self, x, y)
  local before = steps.copies(self.states)
  local ok, loss = pcall(loss_of, self, x, y)
  steps.restore(self.states, before)
  if core.stopped() then error(loss, 0) end
  return ok and loss:item() or nil
end

local function differs(self, replayed, anew)
  core.raise(
    ("fit: replaying step %d gives the loss %s, computing it anew %s: the loss or a layer depends on something that a replay "):format(
      self.step + 1,
      replayed,
      anew
    )
      .. "does not see, such as a branch on data, a number that changes between steps, or the script's own random numbers. "
      .. "Keep a changing number in gr.knob(value), branch with gr.maximum, gr.clip or 0/1 tensors, or write replay = false"
  )
end

--- Warns of what is seldom meant: parameters that nobody trains, and a loss that broadcasts scores against targets.
local function look_for_mistakes(self, plan)
  local stranger = plan.plan:untrained()
  local scores, y = plan.scores, plan.y
  if stranger then
    trouble.warn(
      "untrained",
      ("fit: the loss depends on %s (%s), which is no parameter of the net and is not trained: name the layers that a function "):format(
        stranger.name or "a parameter",
        stranger.shape
      ) .. "uses by nn.layer{ layers = { ... }, forward = ... }, or detach() what shall stay as it is"
    )
  end
  local written = type(self.options.loss) == "function"
  if written and #scores.shape == 2 and core.size(scores, 2) == 1 and #y.shape == 1 and #y > 1 then
    trouble.warn(
      "broadcast",
      ("fit: scores are %s and targets %s: taken together they broadcast to %d x %d; y:reshape(-1, 1) gives each its own"):format(
        scores.shape,
        y.shape,
        #y,
        #y
      )
    )
  end
end

--- From now on each step is computed anew, and the script's author hears why.
local function give_up(self, why)
  self.replay = false
  trouble.warn("replay", "fit: steps are computed anew each time, for they cannot be replayed: " .. why)
end

--- The plan for batches of this size, made when first asked for; nil when steps are to be computed anew. In a recorded step
--- numbers that depend on the batch are tensors: what takes them for numbers fails, or gives another loss.
local function plan_for(self, at, size)
  if not self.replay then return nil end
  if self.plans[size] then return self.plans[size] end
  local x, y = batch_of(self, at, size)
  local plain = plain_loss(self, x, y)
  release_garbage()
  local plan, message = record(self, x, y)
  if not plan and plain == nil then error(trouble.with_row(self, message, at), 0) end
  if not plan then return give_up(self, without_place(message)) end
  local recorded = plan.plan:loss()
  if plain and plain ~= recorded and trouble.is_finite(recorded) then
    plan.plan:close()
    steps.restore(self.states, plan.before)
    if math.abs(plain - recorded) > 1e-5 * math.abs(plain) then differs(self, recorded, plain) end
    return give_up(self, "numbers of the script's own and tensors round otherwise")
  end
  self.plans[size] = plan
  look_for_mistakes(self, plan)
  return plan
end

-- ---- Running

--- Which use of a plan comes next that is also computed anew: its 2nd, 4th, 8th, ...
local function next_check(uses)
  local use = 2
  while use <= uses do
    use = use * 2
  end
  return use
end

local function run_plan(self, plan, at, count, sum)
  local rate = self.options.optimizer:rate()
  local ok, done, loss, total, before =
    pcall(plan.plan.run, plan.plan, self.order, at, count, rate, sum, self.any_loss, plan.computed)
  if not ok then error(trouble.with_row(self, done, plan.plan:at()), 0) end
  plan.computed = false
  if before == before then self.loss_before = before end
  if done < count then
    self.at, self.done = at, done
    trouble.report(self, plan.plan, loss, plan)
  end
  self.loss_before = loss
  plan.uses = plan.uses + done
  return loss, total
end

local function same_bits(a, b)
  for i, t in ipairs(a) do
    if not core.same_bits(t, b[i]) then return false end
  end
  return true
end

--- Gives a plan's memory back, for the next one.
local function forget(self, size)
  local plan = self.plans[size]
  plan.plan:close()
  plan.plan, plan.scores, plan.x, plan.y, self.plans[size] = nil, nil, nil, nil, nil
  release_garbage()
end

--- One step by the plan and one computed anew, from the same state: they must agree. What was computed anew is the plan from
--- then on, so that there is memory for one only.
local function run_checked(self, at, size, sum)
  local all, uses = all_state(self), self.plans[size].uses
  local before = steps.copies(all)
  local replayed = run_plan(self, self.plans[size], at, 1, sum)
  local after = steps.copies(all)
  steps.restore(all, before)
  forget(self, size)
  local plan, message = record(self, batch_of(self, at, size))
  if not plan then error(trouble.with_row(self, message, at), 0) end
  self.plans[size] = plan
  plan.uses = uses
  local anew, total = run_plan(self, plan, at, 1, sum)
  if trouble.is_finite(anew) and (anew ~= replayed or not same_bits(all, after)) then
    steps.restore(all, before)
    differs(self, replayed, anew)
  end
  return anew, total, plan
end

--- Runs `count` batches of `size` rows, from place `at` of the order on, or fewer. Returns how many were run, the last one's loss,
--- `sum` with all losses times rows added, and the last one's scores and targets.
function Steps:run(at, size, count, sum)
  local plan = plan_for(self, at, size)
  self.at = at
  if not plan then
    local x, y = batch_of(self, at, size)
    local loss, scores = compute(self, x, y)
    self.loss_before = loss
    self.step = self.step + 1
    return 1, loss, sum + loss * size, scores, y
  end
  local loss
  local left = next_check(plan.uses) - 1 - plan.uses -- steps until then
  if left == 0 or self.doubt and plan.uses > 0 then
    self.doubt = false
    count = 1
    loss, sum, plan = run_checked(self, at, size, sum)
  else
    count = math.min(count, left)
    loss, sum = run_plan(self, plan, at, count, sum)
  end
  self.step = self.step + count
  return count, loss, sum, plan.scores, plan.y
end

--- An epoch of so many batches begins, and the script's functions may have run since the last. When layers were told to behave
--- otherwise, what was recorded holds no longer; and where that costs little, the first step is computed anew too.
function Steps:begin_epoch(batches)
  local little = 20 -- one step in so many
  local modes = layer.modes(self.net)
  self.doubt = self.modes ~= nil and batches >= little
  if modes == self.modes then return end
  for size in pairs(self.plans) do
    forget(self, size)
  end
  self.modes = modes
end

--- The positions that batches to come are taken from; nil: rows in their order.
function Steps:follow_order(order) self.order = order and order:to "f64" end

--- The steps of a training of `net` on x, a tensor or a byte set, and y with fit's options.
function steps.new(net, o, x, y)
  if core.is_bytes(x) and o.batch == o.rows and not o.shuffle then x = x:tensor() end -- each batch is all of it
  return setmetatable({
    net = net,
    options = o,
    x = core.is_tensor(x) and x:detach() or x, -- what they were made from is no part of a step
    y = y:detach(),
    params = o.optimizer.params or net:parameters(),
    states = net:states(),
    replay = o.replay and o.optimizer.step_with ~= nil,
    any_loss = not core.settings.nan_check,
    plans = {},
    step = 0,
    start = trouble.measure(net:parameters()),
  }, Steps)
end

return steps
