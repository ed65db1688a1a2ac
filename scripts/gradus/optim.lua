--- optim: how a step changes the parameters.
---
---   local optimizer = gr.optim.sgd{ lr = 0.1 }
---   optimizer:add(net:parameters())
---   optimizer:zero_grad()  loss:backward()  optimizer:step()
local core = require "gradus.core"
local options = require "gradus.options"

---@class gradus.Optimizer
---@field lr number|function   rate of a step; a function is called with the epoch, from 1
local Optimizer = {}
Optimizer.__index = Optimizer

local optim = {}

local function check_rate(what, lr)
  if type(lr) ~= "function" then options.number(what, "lr", lr, 0) end
  return lr
end

--- Stochastic gradient descent: p = p - lr * gradient.
--- Options: lr (0.01), a number or a function of the epoch.
---@param given? { lr?: number|function }
---@return gradus.Optimizer
function optim.sgd(given)
  local o = options.read("sgd", given, { lr = 0.01 })
  check_rate("sgd", o.lr)
  return setmetatable({ name = "sgd", lr = o.lr, epoch = 1, params = {}, step_with = core.sgd }, Optimizer)
end

--- Takes charge of a list of parameters; those that it has already stay single.
---@param params table[]
---@return gradus.Optimizer
function Optimizer:add(params)
  local known = {}
  for _, p in ipairs(self.params) do
    known[core.id(p)] = true
  end
  for i, p in ipairs(params) do
    if not core.is_tensor(p) or not p.wants_grad then
      core.raise(("%s: parameter %d must be made by gr.param, got %s"):format(self.name, i, options.describe(p)))
    end
    if not known[core.id(p)] then
      self.params[#self.params + 1] = p
      known[core.id(p)] = true
    end
  end
  return self
end

--- The rate of this epoch.
---@return number
function Optimizer:rate()
  local lr = self.lr
  if type(lr) == "function" then lr = lr(self.epoch) end
  return options.number(self.name, "lr", lr, 0)
end

--- Sets all gradients to zero.
function Optimizer:zero_grad()
  for _, p in ipairs(self.params) do
    p:zero_grad()
  end
end

--- Changes all parameters by their gradients, in one go.
function Optimizer:step() self.step_with(self.params, self:rate()) end

return options.strict("gr.optim", optim)
