--- check: whether gradients are right.
local core = require "gradus.core"
local options = require "gradus.options"

local check = {}

--- What gr.check.gradients found; printed, it is a sentence.
---@class gradus.GradientCheck
---@field ok boolean        whether error is within the tolerance
---@field error number      largest |analytic - numeric| / max(1, |analytic|, |numeric|)
---@field worst { name: string, position: integer, analytic: number, numeric: number }
local Result = {}
Result.__index = Result

function Result.__tostring(self)
  local w = self.worst
  return ("gradients %s: largest relative error %.3g, at element %d of %s (analytic %.10g, numeric %.10g)"):format(
    self.ok and "agree" or "DIFFER",
    self.error,
    w.position,
    w.name,
    w.analytic,
    w.numeric
  )
end

--- Takes the parameters' gradients away until the result is closed, also by an error; then they are as they were.
local function set_aside(params)
  local before = {}
  for i, p in ipairs(params) do
    before[i] = p.grad and p.grad:clone()
    p:zero_grad()
  end
  local function put_back()
    for i, p in ipairs(params) do
      if p.grad then p.grad:copy_(before[i] or 0) end
    end
  end
  return setmetatable({}, { __close = put_back })
end

--- The gradients that backward leaves, as copies.
local function analytic_gradients(f, params)
  local own <close> = set_aside(params) -- luacheck: ignore own
  local gradients = {}
  local y = f()
  if not core.is_tensor(y) then
    core.raise(("gradients: f must return a tensor that depends on the parameters, got %s"):format(type(y)))
  end
  y:backward()
  for i, p in ipairs(params) do
    gradients[i] = p.grad and p.grad:clone() or p:detach() * 0
  end
  return gradients
end

local function compare(result, name, analytic, numeric)
  for i = 1, analytic.size do
    local a, n = analytic[i], numeric[i]
    local off = math.abs(a - n) / math.max(1, math.abs(a), math.abs(n))
    if off > result.error or off ~= off or not result.worst then
      result.error = off
      result.worst = { name = name, position = i, analytic = a, numeric = n }
    end
  end
end

--- Compares the gradients of f with central differences, for every element of every parameter.
--- Options: h, step of the differences (1e-5; 1e-2 where a parameter is f32); tolerance (1e-7; f32: 1e-3).
--- Example:
---   local w = gr.param({ 1, 2, 3 }, "w")
---   print(check.gradients(function() return (w ^ 3):sum() end, w))
---@param f function        of nothing; returns one number that depends on the parameters
---@param params any        a list of tensors made by gr.param, or one of them
---@param given? { h?: number, tolerance?: number }
---@return gradus.GradientCheck   prints as a sentence
function check.gradients(f, params, given)
  local o = options.read("gradients", given, { h = options.none, tolerance = options.none })
  if not options.is_callable(f) then
    core.raise(("gradients: f must be a function that returns the loss, got %s"):format(options.describe(f)))
  end
  params = core.is_tensor(params) and { params } or params
  if type(params) ~= "table" or #params == 0 then
    core.raise "gradients: expected a list of parameters made by gr.param"
  end
  for i, p in ipairs(params) do
    if not core.is_tensor(p) or not p.wants_grad then
      core.raise(("gradients: parameter %d must be made by gr.param, got %s"):format(i, options.describe(p)))
    end
  end
  local narrow = false
  for _, p in ipairs(params) do
    narrow = narrow or p.dtype == "f32"
  end
  local h, tolerance = o.h or (narrow and 1e-2 or 1e-5), o.tolerance or (narrow and 1e-3 or 1e-7)
  local gr = require "gradus"
  local analytic = analytic_gradients(f, params)
  local result = setmetatable({ error = 0 }, Result)
  for i, p in ipairs(params) do
    local numeric = gr.numerical_gradient(f, p, h)
    compare(result, p.name or ("parameter %d"):format(i), analytic[i]:flatten(), numeric:flatten())
  end
  result.ok = result.error <= tolerance
  return result
end

return options.strict("gr.check", check)
