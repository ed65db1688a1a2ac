--- check: whether gradients are right, and what is wrong with those that are not.
local backprop = require "gradus.backprop"
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

-- ---- The doctor

--- What gr.check.backprop found; printed, it is a page. A finding's `mistake` is nil when it is none of the known ones; `others` are
--- mistakes that would give the same numbers; `message` is the error that the student's code raised.
---@class gradus.BackpropReport
---@field ok boolean        whether there is nothing to find
---@field kind string       what the student was taken for: network, layer or loss
---@field findings table[]  { gradient, gradients, mistake, others, advice, worst = { place, got, expected, m }, explained, message }
local Report = {}
Report.__index = Report

local function number_text(value) return type(value) == "number" and ("%.6g"):format(value) or value end

local function finding_text(i, one)
  local title = one.mistake or one.message and "an error" or "unknown"
  local lines = { ("%d. %s: %s"):format(i, table.concat(one.gradients, ", "), title), "   " .. one.advice }
  local w = one.worst
  if w then
    local batch = w.m and (" (batch of %d)"):format(w.m) or ""
    lines[3] = ("   worst: %s is %s, expected %s%s"):format(w.place, number_text(w.got), number_text(w.expected), batch)
  end
  if one.message and one.mistake then table.insert(lines, "   the error: " .. one.message) end
  return table.concat(lines, "\n")
end

function Report.__tostring(self)
  if self.ok then
    return ("backprop is right: all gradients of the %s agree with central differences"):format(self.kind)
  end
  local n = #self.findings
  local lines = { ("backprop of the %s: %d finding%s"):format(self.kind, n, n == 1 and "" or "s") }
  for i, one in ipairs(self.findings) do
    table.insert(lines, finding_text(i, one))
  end
  return table.concat(lines, "\n")
end

-- luacheck: push no max line length

--- Compares a backward pass written by hand with central differences, on small inputs on which mistakes show, and names the mistake
--- where it is a known one: missing 1/m, weight transposed, sign, labels off by one... A mistake is named only when it gives the
--- student's own numbers on all inputs.
--- The student is an object with its parameters in fields (w1, b1, weight, bias; lists or boxes { data =, grad = } of them) or in
--- `params`: a network with loss(x, y) and gradient(x, y) or backward; a layer with forward(x) and backward(dout); a loss with
--- forward(scores, y) and backward(). Gradients are what backward returns, a table or one by one, or what loss returns beside the
--- loss, or fields such as dw1, or what a training step changes. Or the student is a function of sizes (inputs, outputs) that makes
--- one. Names and order of arguments tell what is given to them; what forward returns beside its result is there for backward's
--- cache. The student's fields are afterwards as they were. A second object is a reference, whose forward pass is compared too.
--- Options: reference; kind: network, layer or loss; loss, of (scores, targets), for a student that has none: cross_entropy, logistic,
--- squares (half of them), mse, means over the rows, or a function; labels: one-hot, classes, classes from 1, class column or flat;
--- inputs, how many columns; classes (3), of a loss; params, their names; returns, the names in the order of backward's results, "x"
--- for the input's; error, what a network's backward(x, err) is given: row, of each row, or mean, dL/dscores (either will do); forward,
--- backward, training: names of methods; lr (0.1), given to what asks for a rate; tolerance (1e-5);
--- seconds, after which no more mistakes are tried: findings then have no names (nil: all are tried; marking gives it one second).
--- Raises when the student has no such parts. An error inside its code is a finding.
--- Functions that take parameters as arguments, gradient(p, x, y), are put into such an object first, as the starter file of
--- experiments/assignments/two_layers does.
--- Example:
---   local Sigmoid = {}
---   function Sigmoid:forward(x)
---     self.out = 1 / (1 + (-x):exp())
---     return self.out
---   end
---   function Sigmoid:backward(dout) return dout * self.out end
---   print(check.backprop(Sigmoid))
---@param student any
---@param given? { reference?: table, kind?: string, loss?: any, labels?: string, inputs?: integer, classes?: integer, params?: string[], returns?: string[], error?: string, forward?: string, backward?: string, training?: string, lr?: number, tolerance?: number, seconds?: number }
---@return gradus.BackpropReport   prints as a page
function check.backprop(student, given)
  local findings, subject = backprop.examine(student, given)
  return setmetatable({ ok = #findings == 0, kind = subject.kind, findings = findings }, Report)
end

-- luacheck: pop

return options.strict("gr.check", check)
