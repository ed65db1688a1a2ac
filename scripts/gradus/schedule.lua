--- schedule: rates that change from epoch to epoch.
---
---   local lr = gr.optim.warmup{ lr = 0.1, epochs = 5, after = gr.optim.cosine{ lr = 0.1, epochs = 95 } }
---   net:fit(x, y, { loss = nn.mse(), optimizer = gr.optim.sgd{ lr = lr }, epochs = 100 })
---
--- A schedule is called with the epoch, from 1, and gives the rate; print shows its settings.
local options = require "gradus.options"

--- A rate that changes: schedule(epoch) is the rate of that epoch, from 1. It stands for an optimiser's lr.
---@class gradus.Schedule
---@field name string
---@operator call(integer): number
local Schedule = {}
Schedule.__index = Schedule

--- The rate of an epoch.
function Schedule.__call(self, epoch) return self.rate(options.number(self.name, "the epoch", epoch, 1)) end

--- Hears the loss of an epoch that has ended. Only plateau listens.
--- Example:
---   local lr = optim.plateau { lr = 0.1, factor = 0.5, patience = 0 }
---   lr:tell(1, 2.0)
---   lr:tell(2, 2.0)
---   print(lr(3))
---@param epoch integer
---@param loss number
function Schedule:tell(epoch, loss)
  if self.listen then self.listen(epoch, loss) end
end

--- What it remembers from epoch to epoch, by name.
--- Example:
---   local lr = optim.plateau { lr = 0.1 }
---   lr:tell(1, 2.0)
---   print(lr:state().best)
---@return table<string, number>
function Schedule:state() return self.memory and self.memory() or {} end

--- Goes on from what state() gave; the caller has checked that names and kinds are the same.
--- Example:
---   local one, other = optim.plateau { lr = 0.1 }, optim.plateau { lr = 0.1 }
---   one:tell(1, 2.0)
---   other:set_state(one:state())
---   print(other:state().best)
---@param state table<string, number>
function Schedule:set_state(state)
  if self.recall then self.recall(state) end
end

function Schedule.__tostring(self) return options.call_text(self.name, self.order, self.settings) end

local function check_rate(what, name, rate) return options.number(what, name, rate, 0) end

--- A schedule: `order` lists its settings as they are printed; methods hold rate(epoch) and what else it does.
local function new(name, order, settings, methods)
  methods.name, methods.order, methods.settings = name, order, settings
  return setmetatable(methods, Schedule)
end

local makers = {}

--- The rate is multiplied by a factor again and again: lr factor^floor((epoch - 1) / every), PyTorch's StepLR.
--- Options: lr: learning rate; every, a number of epochs; factor (0.1).
--- Example:
---   local lr = optim.step { lr = 0.1, every = 10, factor = 0.5 }
---   print(lr(1), lr(10), lr(11))
---@param given { lr: number, every: integer, factor?: number }
---@return gradus.Schedule
function makers.step(given)
  local o = options.read("step", given, { lr = options.none, every = options.none, factor = 0.1 })
  check_rate("step", "lr", o.lr)
  options.whole("step", "every", o.every, 1)
  options.number("step", "factor", o.factor, 0, 1)
  return new("step", { "lr", "every", "factor" }, o, {
    rate = function(epoch) return o.lr * o.factor ^ ((epoch - 1) // o.every) end,
  })
end

--- The rate is multiplied by a factor after each epoch: lr factor^(epoch - 1), PyTorch's ExponentialLR.
--- Options: lr: learning rate; factor.
--- Example:
---   local lr = optim.exponential { lr = 0.1, factor = 0.9 }
---   print(lr(1), lr(2), lr(3))
---@param given { lr: number, factor: number }
---@return gradus.Schedule
function makers.exponential(given)
  local o = options.read("exponential", given, { lr = options.none, factor = options.none })
  check_rate("exponential", "lr", o.lr)
  options.number("exponential", "factor", o.factor, 0, 1)
  return new("exponential", { "lr", "factor" }, o, {
    rate = function(epoch) return o.lr * o.factor ^ (epoch - 1) end,
  })
end

--- Half a wave from lr down to least (Loshchilov & Hutter 2017, eq. 5, without restarts):
--- least + (lr - least) (1 + cos(pi t / epochs)) / 2 with t = epoch - 1, PyTorch's CosineAnnealingLR. From epoch epochs + 1 on: least.
--- Options: lr: learning rate; epochs; least (0).
--- Example:
---   local lr = optim.cosine { lr = 0.1, epochs = 50 }
---   print(lr(1), lr(26), lr(51))
---@param given { lr: number, epochs: integer, least?: number }
---@return gradus.Schedule
function makers.cosine(given)
  local o = options.read("cosine", given, { lr = options.none, epochs = options.none, least = 0 })
  check_rate("cosine", "lr", o.lr)
  options.whole("cosine", "epochs", o.epochs, 1)
  options.number("cosine", "least", o.least, 0, o.lr)
  return new("cosine", { "lr", "epochs", "least" }, o, {
    rate = function(epoch)
      local t = math.min(epoch - 1, o.epochs)
      return o.least + (o.lr - o.least) * (1 + math.cos(math.pi * t / o.epochs)) / 2
    end,
  })
end

--- Grows evenly to lr (Goyal et al. 2017, section 2.2): lr epoch / epochs, so that epoch `epochs` has lr. What comes after counts
--- its own epochs from 1.
--- Options: lr: learning rate; epochs; after (lr), a schedule, a number or a function.
--- Example:
---   local lr = optim.warmup { lr = 0.1, epochs = 5, after = optim.cosine { lr = 0.1, epochs = 95 } }
---   print(lr(1), lr(5), lr(100))
---@param given { lr: number, epochs: integer, after?: gradus.Schedule|number|fun(epoch: integer): number }
---@return gradus.Schedule
function makers.warmup(given)
  local o = options.read("warmup", given, { lr = options.none, epochs = options.none, after = options.none })
  check_rate("warmup", "lr", o.lr)
  options.whole("warmup", "epochs", o.epochs, 1)
  if o.after == nil then o.after = o.lr end
  local after = o.after
  if not options.is_callable(after) then check_rate("warmup", "after", after) end
  local inner = getmetatable(after) == Schedule and after
  return new("warmup", { "lr", "epochs", "after" }, o, {
    rate = function(epoch)
      if epoch <= o.epochs then return o.lr * epoch / o.epochs end
      return options.is_callable(after) and after(epoch - o.epochs) or after
    end,
    listen = inner and function(epoch, loss)
      if epoch > o.epochs then inner:tell(epoch - o.epochs, loss) end
    end,
    memory = inner and function() return inner:state() end,
    recall = inner and function(state) inner:set_state(state) end,
  })
end

--- Losses that differ by less than this share count as equal: PyTorch's threshold.
local threshold = 1e-4

--- The rate is multiplied by a factor when more than `patience` epochs in a row have brought no better loss, PyTorch's
--- ReduceLROnPlateau. Better means by more than 1/10000 of the best. fit tells it each epoch's loss, on the validation data where there
--- are any; a loop by hand calls optimizer:tell(loss). It remembers, so each optimiser needs one of its own.
--- Options: lr: learning rate; factor (0.1); patience (10); least (0), where it stops falling.
--- Example:
---   local lr = optim.plateau { lr = 0.1, factor = 0.5, patience = 1 }
---   for epoch = 1, 4 do
---     lr:tell(epoch, 2.0) -- the loss stands still
---   end
---   print(lr(5))
---@param given { lr: number, factor?: number, patience?: integer, least?: number }
---@return gradus.Schedule
function makers.plateau(given)
  local o = options.read("plateau", given, { lr = options.none, factor = 0.1, patience = 10, least = 0 })
  check_rate("plateau", "lr", o.lr)
  options.number("plateau", "factor", o.factor, 0, 1)
  options.whole("plateau", "patience", o.patience, 0)
  options.number("plateau", "least", o.least, 0, o.lr)
  local now = { rate = o.lr + 0.0, best = math.huge, bad = 0 }
  local function better(loss)
    if now.best == math.huge then return loss < now.best end
    return loss < now.best - threshold * math.abs(now.best)
  end
  return new("plateau", { "lr", "factor", "patience", "least" }, o, {
    rate = function() return now.rate end,
    listen = function(_, loss)
      if better(loss) then
        now.best, now.bad = loss + 0.0, 0
      elseif now.bad < o.patience then
        now.bad = now.bad + 1
      else
        now.rate, now.bad = math.max(now.rate * o.factor, o.least), 0
      end
    end,
    memory = function() return { rate = now.rate, best = now.best, bad = now.bad } end,
    recall = function(state) now = { rate = state.rate, best = state.best, bad = state.bad } end,
  })
end

return {
  makers = makers,
  is_schedule = function(value) return getmetatable(value) == Schedule end,
  --- value if it can serve as a rate: a number, a schedule or a function of the epoch; else an error.
  check = function(what, value)
    if not options.is_callable(value) then check_rate(what, "lr", value) end
    return value
  end,
}
