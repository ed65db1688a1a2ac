--- optim: how a step changes the parameters, and the rates that it takes.
---
---   local optimizer = gr.optim.adam{ lr = gr.optim.cosine{ lr = 0.01, epochs = 50 }, clip_norm = 1 }
---   optimizer:add(net:parameters())
---   optimizer:zero_grad()  loss:backward()  optimizer:step()
---
--- Every optimiser takes, besides its own options: lr, a number, a schedule (step exponential cosine warmup plateau) or a function
--- of the epoch; weight_decay (0), times p added to the gradient; clip_norm (none), to which the joint 2-norm of all gradients is
--- scaled down before a step if it is larger (Pascanu, Mikolov & Bengio 2013, algorithm 1). Definitions and defaults are PyTorch's.
local core = require "gradus.core"
local options = require "gradus.options"
local recorder = require "gradus.recorder"
local schedule = require "gradus.schedule"

---@alias gradus.Rate number|gradus.Schedule|fun(epoch: integer): number

--- An optimiser: changes the parameters that it was given by their gradients. `lr` may be set at any time.
---@class gradus.Optimizer
---@field name string
---@field lr gradus.Rate   rate of a step; may be set between steps
---@field epoch integer    which a schedule sees, from 1; fit sets it
local Optimizer = {}
Optimizer.__index = Optimizer

--- Settings but for lr are fixed when an optimiser is made.
function Optimizer.__newindex(self, key, value)
  if self.settings[key] ~= nil or key == "clip_norm" then
    core.raise(("%s: %s cannot change once the optimiser is made: make another; lr may be set"):format(self.name, key))
  end
  rawset(self, key, value)
end

local optim = {}

for name, make in pairs(schedule.makers) do
  optim[name] = make
end

-- ---- Settings

--- What an optimiser keeps for each parameter, by name; `steps` is a count.
local keeps = {
  sgd = { "velocity" },
  adagrad = { "squares" },
  rmsprop = { "squares" },
  adadelta = { "squares", "changes" },
  adam = { "mean", "squares", "steps" },
  adamw = { "mean", "squares", "steps" },
}

local order = { "lr", "momentum", "nesterov", "rho", "beta1", "beta2", "eps", "weight_decay", "clip_norm" }

local function at_least_zero(what, name, value) options.number(what, name, value, 0) end

local function share(what, name, value) options.number(what, name, value, 0, 1) end

--- An average that never forgets its start at zero cannot be corrected for it.
local function share_below_one(what, name, value)
  if type(value) ~= "number" or not (value >= 0 and value < 1) then
    core.raise(("%s: %s must be a number from 0 to below 1, got %s"):format(what, name, options.describe(value)))
  end
end

local checks = {
  lr = function(what, _, value) schedule.check(what, value) end,
  momentum = at_least_zero,
  nesterov = function(what, name, value) options.choice(what, name, value, { true, false }) end,
  rho = share,
  beta1 = share_below_one,
  beta2 = share_below_one,
  eps = at_least_zero,
  weight_decay = at_least_zero,
  clip_norm = function(what, name, value)
    local above_zero = type(value) == "number" and value > 0
    if value ~= nil and not above_zero then
      core.raise(("%s: %s must be a number above 0, got %s"):format(what, name, options.describe(value)))
    end
  end,
}

local function new(name, given, defaults)
  defaults.weight_decay, defaults.clip_norm = defaults.weight_decay or 0, options.none
  local settings = options.read(name, given, defaults)
  for _, setting in ipairs(order) do
    if defaults[setting] ~= nil then checks[setting](name, setting, settings[setting]) end
  end
  if settings.nesterov and settings.momentum == 0 then core.raise(name .. ": nesterov needs a momentum above 0") end
  local optimizer = { name = name, lr = settings.lr, epoch = 1, settings = settings, params = {}, kept = {} }
  optimizer.keeps = settings.momentum == 0 and {} or keeps[name]
  optimizer.step_with = core.stepper(name, settings, {})
  return setmetatable(optimizer, Optimizer)
end

--- Stochastic gradient descent: p = p - lr d, where d is the gradient; with momentum, v = momentum v + d and p = p - lr v, and with
--- nesterov p = p - lr (d + momentum v) (Sutskever et al. 2013, eq. 1-4, with lr outside of v). v starts as the first gradient.
--- Options: lr (0.01): learning rate; momentum (0); nesterov (false); weight_decay (0); clip_norm.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.sgd({ lr = 0.1, momentum = 0.9 }):add { w }
---   for _ = 1, 3 do
---     optimizer:zero_grad()
---     local loss = (w ^ 2):sum()
---     loss:backward()
---     optimizer:step()
---   end
---   print(optimizer, w)
---@param given? { lr?: gradus.Rate, momentum?: number, nesterov?: boolean, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.sgd(given) return new("sgd", given, { lr = 0.01, momentum = 0, nesterov = false }) end

--- Steps shrink with the sum of all squares so far: s = s + d^2, p = p - lr d / (sqrt(s) + eps) (Duchi, Hazan & Singer 2011, figure 1).
--- Options: lr (0.01): learning rate; eps (1e-10); weight_decay (0); clip_norm.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.adagrad({ lr = 0.1 }):add { w }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   optimizer:step()
---   print(optimizer, w)
---@param given? { lr?: gradus.Rate, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adagrad(given) return new("adagrad", given, { lr = 0.01, eps = 1e-10 }) end

--- Steps are divided by a running root mean square: s = rho s + (1 - rho) d^2, p = p - lr d / (sqrt(s) + eps) (Tieleman & Hinton 2012,
--- lecture 6.5; rho is PyTorch's alpha).
--- Options: lr (0.01): learning rate; rho (0.99); eps (1e-8); weight_decay (0); clip_norm.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.rmsprop({ lr = 0.1 }):add { w }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   optimizer:step()
---   print(optimizer, w)
---@param given? { lr?: gradus.Rate, rho?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.rmsprop(given) return new("rmsprop", given, { lr = 0.01, rho = 0.99, eps = 1e-8 }) end

--- Steps have the units of the parameters: s = rho s + (1 - rho) d^2, c = sqrt(u + eps) / sqrt(s + eps) d, u = rho u + (1 - rho) c^2,
--- p = p - lr c (Zeiler 2012, algorithm 1).
--- Options: lr (1): learning rate; rho (0.9); eps (1e-6); weight_decay (0); clip_norm.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.adadelta():add { w }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   optimizer:step()
---   print(optimizer, w)
---@param given? { lr?: gradus.Rate, rho?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adadelta(given) return new("adadelta", given, { lr = 1, rho = 0.9, eps = 1e-6 }) end

--- Running mean over running root mean square: m = beta1 m + (1 - beta1) d, s = beta2 s + (1 - beta2) d^2, and at step t
--- p = p - lr / (1 - beta1^t) m / (sqrt(s / (1 - beta2^t)) + eps) (Kingma & Ba 2015, algorithm 1).
--- Options: lr (0.001): learning rate; beta1 (0.9); beta2 (0.999); eps (1e-8); weight_decay (0); clip_norm.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.adam({ lr = 0.1 }):add { w }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   optimizer:step()
---   print(optimizer, w)
---@param given? { lr?: gradus.Rate, beta1?: number, beta2?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adam(given) return new("adam", given, { lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }) end

--- Adam with weight decay apart from the gradient: p = p - lr weight_decay p first, then adam's step (Loshchilov & Hutter 2019,
--- algorithm 2).
--- Options: lr (0.001): learning rate; beta1 (0.9); beta2 (0.999); eps (1e-8); weight_decay (0.01); clip_norm.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.adamw({ lr = 0.1, weight_decay = 0.01 }):add { w }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   optimizer:step()
---   print(optimizer, w)
---@param given? { lr?: gradus.Rate, beta1?: number, beta2?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adamw(given)
  return new("adamw", given, { lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0.01 })
end

-- ---- Parameters and steps

local function zeros_like(p) return core.zeros(#p.shape > 0 and p.shape or 1, p.dtype) end

--- What is kept for a parameter, at its start.
local function start(self, p)
  local kept = {}
  for i, name in ipairs(self.keeps) do
    kept[i] = name == "steps" and core.zeros(1, "f64") or zeros_like(p)
  end
  return kept
end

--- Takes charge of a list of parameters; those that it has already stay single.
--- Example:
---   local net = nn.sequential { nn.dense(2, 3) }
---   local optimizer = optim.adam():add(net:parameters())
---   print(#optimizer.params)
---@param params table[]
---@return gradus.Optimizer
function Optimizer:add(params)
  if core.is_tensor(params) then params = { params } end
  local all, kept, slots, known = {}, {}, {}, {}
  local function take(p, state)
    if known[core.id(p)] then return end
    known[core.id(p)] = true
    all[#all + 1], kept[#kept + 1] = p, state or start(self, p)
    slots[#slots + 1] = { p, table.unpack(kept[#kept]) }
  end
  for i, p in ipairs(self.params) do
    take(p, self.kept[i])
  end
  for i, p in ipairs(params) do
    if not core.is_tensor(p) or not p.wants_grad or core.history(p) then
      core.raise(("%s: parameter %d must be made by gr.param, got %s"):format(self.name, i, options.describe(p)))
    end
    take(p)
  end
  if #all > #self.params then
    self.step_with = core.stepper(self.name, self.settings, slots)
    self.params, self.kept = all, kept
  end
  return self
end

--- The rate of this epoch.
--- Example:
---   local optimizer = optim.sgd { lr = optim.exponential { lr = 0.1, factor = 0.5 } }
---   optimizer.epoch = 3
---   print(optimizer:rate())
---@return number
function Optimizer:rate()
  local lr = self.lr
  if options.is_callable(lr) then lr = lr(self.epoch) end
  return options.number(self.name, "lr", lr, 0)
end

--- Sets all gradients to zero.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.sgd():add { w }
---   w:sum():backward()
---   optimizer:zero_grad()
---   print(w.grad)
function Optimizer:zero_grad()
  for _, p in ipairs(self.params) do
    p:zero_grad()
  end
end

--- Changes all parameters by their gradients, in one go. With clip_norm the gradients themselves are scaled.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.sgd({ lr = 0.1 }):add { w }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   optimizer:step()
---   print(w)
function Optimizer:step()
  if #self.params == 0 then
    core.raise(("%s: there are no parameters to change: optimizer:add(net:parameters()) comes first"):format(self.name))
  end
  self.step_with(self:rate())
  recorder.stepped_by(self)
end

--- Tells the loss of the epoch that has ended, for a schedule that goes by it (plateau). fit does it by itself.
--- Example:
---   local optimizer = optim.sgd { lr = optim.plateau { lr = 0.1, factor = 0.5, patience = 0 } }
---   for epoch = 1, 3 do
---     optimizer.epoch = epoch
---     optimizer:tell(2.0)
---   end
---   print(optimizer:rate())
---@param loss number
function Optimizer:tell(loss)
  if type(loss) ~= "number" then
    core.raise(("%s: tell takes the loss, a number, got %s"):format(self.name, options.describe(loss)))
  end
  if schedule.is_schedule(self.lr) then self.lr:tell(self.epoch, loss) end
end

function Optimizer.__tostring(self)
  local settings = setmetatable({ lr = self.lr }, { __index = self.settings })
  return options.call_text(self.name, order, settings)
end

-- ---- State

--- All that steps to come depend on, besides the parameters and the settings: numbers, and copies of tensors, by name: epoch,
--- parameters (how many), "1.mean" and so on for each parameter, "schedule.best" and so on for a plateau.
--- Example:
---   local w = gr.param { 1, 2 }
---   local optimizer = optim.sgd({ momentum = 0.9 }):add { w }
---   w:sum():backward()
---   optimizer:step()
---   print(optimizer:state()["1.velocity"])
---@return table<string, any>
function Optimizer:state()
  local state = { epoch = self.epoch, parameters = #self.params }
  for i, kept in ipairs(self.kept) do
    for k, name in ipairs(self.keeps) do
      state[("%d.%s"):format(i, name)] = name == "steps" and math.tointeger(kept[k][1]) or kept[k]:clone()
    end
  end
  for name, value in pairs(schedule.is_schedule(self.lr) and self.lr:state() or {}) do
    state["schedule." .. name] = value
  end
  return state
end

--- Raises unless a value of a state may take the place of the one there is.
local function check_entry(what, name, value, present)
  local entry = ("state '%s'"):format(name)
  if core.is_tensor(present) then
    options.tensor(what, entry, value)
    if value.shape ~= present.shape or value.dtype ~= present.dtype then
      core.raise(
        ("%s: %s must be %s (%s), got %s (%s)"):format(
          what,
          entry,
          present.shape,
          present.dtype,
          value.shape,
          value.dtype
        )
      )
    end
  elseif math.type(present) == "integer" then
    options.whole(what, entry, value, name == "epoch" and 1 or 0)
  else
    options.number(what, entry, value, name == "schedule.rate" and 0 or nil)
  end
end

--- Goes on from where state() was called, to the bit: the parameters were added first, in the same order. Raises, and changes nothing,
--- when the state is of another optimiser, of other parameters or shapes.
--- Example:
---   local w = gr.param { 1, 2 }
---   local one, other = optim.adam():add { w }, optim.adam():add { w }
---   w:sum():backward()
---   one:step()
---   print(other:set_state(one:state()):state()["1.steps"])
---@param state table<string, any>
---@return gradus.Optimizer
function Optimizer:set_state(state)
  if type(state) ~= "table" then
    core.raise(("%s: a state is a table, as state() gives it, got %s"):format(self.name, options.describe(state)))
  end
  if state.parameters ~= #self.params then
    core.raise(
      ("%s: the state is of %s parameters, but there are %d: call optimizer:add(net:parameters()) first"):format(
        self.name,
        options.describe(state.parameters),
        #self.params
      )
    )
  end
  local present = self:state()
  for name in pairs(state) do
    if present[name] == nil then
      core.raise(("%s: the state holds '%s', which this optimiser does not keep"):format(self.name, name))
    end
  end
  for name, value in pairs(present) do
    check_entry(self.name, name, state[name], value)
  end
  self:restore(state)
  return self
end

--- Takes over a state that was checked.
---@private
function Optimizer:restore(state)
  for i, kept in ipairs(self.kept) do
    for k, name in ipairs(self.keeps) do
      kept[k]:copy_(state[("%d.%s"):format(i, name)])
    end
  end
  self.epoch = math.tointeger(state.epoch)
  if schedule.is_schedule(self.lr) then
    local remembered = {}
    for name in pairs(self.lr:state()) do
      remembered[name] = state["schedule." .. name]
    end
    self.lr:set_state(remembered)
  end
end

return options.strict("gr.optim", optim)
