--- mistakes: the known mistakes in backward passes: what each does to a gradient, and what to tell the student.
---
--- A mistake is put into a recognised model's backward pass (backprop_model.lua) at a part of a stage: { mistake = name, stage = index,
--- part = "w", change = function, slot = the parameter's name }. Stage 0 is the loss.
local core = require "gradus.core"

local mistakes = {}

--- What to say; %s is the gradient.
mistakes.advice = {
  ["missing 1/m"] = "%s is the batch size m times too large: the loss is a mean over the m rows, so divide by m.",
  ["divided by m twice"] = "%s is m times too small: it is divided by the batch size m twice, or the error was divided already.",
  ["loss averaged, gradient not"] = "%s: all are the batch size m times too large. The loss is a mean over the m rows, the gradient a "
    .. "sum (the 1/m is missing): divide the error of the last layer by m.",
  ["gradient averaged, loss not"] = "%s: m times too small. The gradient is divided by the batch size m, but the loss is a sum over the "
    .. "rows: take the mean in both, or in neither.",
  ["constant factor"] = "%s is the same factor off everywhere: look for a 2 from the square, a 1/2 in the loss, or a number of columns "
    .. "that only one of the two divides by.",
  ["bias summed over classes"] = "%s is summed over the classes (the wrong axis, or all of it): sum the error over the rows of the "
    .. "batch, delta:sum(1), which leaves a number for each output.",
  ["bias not summed over the batch"] = "%s is not summed over the batch: every row adds to the bias, so its gradient is delta:sum(1).",
  ["weight transposed"] = "%s: a weight or its gradient is transposed. dW has the shape of W, x:T():dot(delta); the error goes back by "
    .. "delta:dot(W:T()).",
  ["sign"] = "%s has the wrong sign: the gradient of a loss points uphill; the error is output - target.",
  ["derivative taken of the output"] = "%s: the derivative of the activation is taken at its output, where the input belongs: the "
    .. "function is applied twice. Keep z, or use the form in terms of the output once, such as a * (1 - a).",
  ["derivative taken of the input"] = "%s: the form of the derivative for the output, such as a * (1 - a), is given the input z. "
    .. "Put the activation's output into it.",
  ["softmax differentiated twice"] = "%s: output - target is already the gradient through softmax (or sigmoid) and cross entropy "
    .. "together; it must not be multiplied by the derivative of softmax once more.",
  ["activation derivative missing"] = "%s: the error that comes back through the weights is not multiplied by the derivative of the "
    .. "activation.",
  ["labels off by one"] = "%s: the labels are off by one. Classes count from 0, positions in Lua from 1: class y stands at position y + 1.",
  ["gradient accumulated"] = "%s grows from call to call: it is added to the one of the step before. Set it to zero first, or assign "
    .. "instead of adding.",
  ["updated too early"] = "%s: a weight is changed before the gradient of the layer below, or of the next row, was formed with it. "
    .. "Compute all gradients first, then update.",
  ["zero gradient"] = "%s is zero everywhere: it is never computed, or never stored.",
  ["diagonal of softmax only"] = "%s: every output of softmax depends on every score. p * (1 - p) is the diagonal alone; the whole is "
    .. "p * (dout - (dout * p):sum(2, true)).",
}

--- Mistakes that are one at different places: of two that explain the same, the first one named is told.
mistakes.group = {
  ["loss averaged, gradient not"] = "times m",
  ["missing 1/m"] = "times m",
  ["gradient averaged, loss not"] = "over m",
  ["divided by m twice"] = "over m",
}

-- ---- Labels

--- Targets whose class is `by` further on: past the last one it begins again, stays there, or there is none.
local function shift(by, past)
  return function(t)
    local k = t.shape[2]
    if k == 1 then return t + by end
    local turn = core.zeros(k, k)
    for class = 1, k do
      local to = class + by
      if past == "again" then to = (to - 1) % k + 1 end
      if past == "stays" then to = math.max(1, math.min(k, to)) end
      if to >= 1 and to <= k then turn[{ class, to }] = 1 end
    end
    return t:dot(turn)
  end
end

mistakes.shifts = {
  shift(1, "again"),
  shift(-1, "again"),
  shift(1, "stays"),
  shift(-1, "stays"),
  shift(1, "none"),
  shift(-1, "none"),
}

-- ---- Scales and signs

local function times(factor)
  return function(value) return value * factor end
end

local function times_m(value, context) return value * context.m end
local function over_m(value, context) return value / context.m end
local function turned(value) return value:T():clone() end

-- ---- Where each may stand

local function add(list, name, stage, part, change, slot)
  list[#list + 1] = { mistake = name, stage = stage, part = part, change = change, slot = slot }
end

local function scales(list, averaged, stage, part, whole)
  if averaged then
    add(list, whole and "loss averaged, gradient not" or "missing 1/m", stage, part, times_m)
    add(list, "divided by m twice", stage, part, over_m)
  else
    add(list, "gradient averaged, loss not", stage, part, over_m)
  end
end

local function at_loss(list, self)
  local averaged = self.reduction == "mean"
  if self.loss then scales(list, averaged, 0, "delta", true) end
  add(list, "sign", 0, "delta", times(-1))
  if not self.loss then return end
  for _, one in ipairs(mistakes.shifts) do
    add(list, "labels off by one", 0, "targets", one)
  end
  for _, double in ipairs(self.loss.double or {}) do
    add(list, "softmax differentiated twice", 0, "twice", function(delta, c) return double(c.z, c.t, delta) end)
  end
  if self.loss.bare then
    add(list, "activation derivative missing", 0, "slope", function() return self.loss.bare end)
  end
  if self.loss.shares then
    local function again(_, context)
      return function(z, t) return context.loss.slope(context.loss.shares(z), t) end
    end
    add(list, "derivative taken of the output", 0, "slope", again)
  end
  local k = self.outputs
  for _, factor in ipairs { 2, 1 / 2, k and k > 2 and k, k and k > 2 and 1 / k } do
    if factor then add(list, "constant factor", 0, "delta", times(factor)) end
  end
end

local function at_bias(list, stage)
  local i = stage.index
  local function sums(change) add(list, "bias summed over classes", i, "b", change, stage.b.name) end
  local function raw(change) add(list, "bias not summed over the batch", i, "b", change) end
  raw(function(_, c) return c.delta * c.share * c.m end) -- whose mean went with the sum
  raw(function(_, c) return c.delta:T():clone() * c.share * c.m end)
  raw(function(_, c) return c.delta * c.share end)
  raw(function(_, c) return c.delta:T():clone() * c.share end)
  raw(function(_, c) return c.delta[1] * c.share end)
  raw(function(_, c) return c.delta[-1] * c.share end)
  sums(function(_, c) return c.delta:sum(2) * c.share end)
  sums(function(_, c) return core.tensor { c.delta:sum() * c.share } end)
  sums(function(db, c) return db * 0 + c.delta:sum() * c.share end)
end

local function at_affine(list, self, stage)
  local i, averaged = stage.index, self.reduction == "mean" or self.averages
  for _, part in ipairs { "w", "b" } do
    if stage[part] then
      scales(list, averaged, i, part)
      add(list, "sign", i, part, times(-1))
      add(list, "constant factor", i, part, times(2))
      add(list, "constant factor", i, part, times(1 / 2))
    end
  end
  add(list, "weight transposed", i, "w", turned)
  if stage.b then at_bias(list, stage) end
  for _, part in ipairs { "w", "b" } do
    if stage[part] then add(list, "zero gradient", i, part, times(0), stage[part].name) end
  end
  add(list, "weight transposed", i, "through", turned)
  add(list, "updated too early", i, "through", function(w, c) return c.after or w end)
  add(list, "updated too early", i, "through", function(w, c) return c.after and (w + c.after) / 2 or w end) -- and once more later
  add(list, "sign", i, "back", times(-1))
  if self.loss then scales(list, averaged, i, "back") end
end

local function at_activation(list, stage)
  local act = stage.act
  local function put(name, back)
    add(list, name, stage.index, "act", function() return back end)
  end
  put("activation derivative missing", function(delta) return delta end)
  if act.back then
    put("diagonal of softmax only", function(delta, _, y) return delta * y * (1 - y) end)
    return
  end
  put("derivative taken of the output", function(delta, _, y) return delta * act.slope(y) end)
  if act.by_output then put("derivative taken of the input", function(delta, z) return delta * act.by_output(z) end) end
end

--- All mistakes that a model can have, the loss first.
---@param self table   a recognised model
function mistakes.of(self)
  local list = {}
  at_loss(list, self)
  for i = #self.stages, 1, -1 do
    local stage = self.stages[i]
    if stage.w then
      at_affine(list, self, stage)
    else
      at_activation(list, stage)
    end
  end
  return list
end

--- What may be wrong with one gradient of a network that is not recognised: { mistake, change(gradient, case) }.
mistakes.plain = {
  { mistake = "missing 1/m", change = function(g, case) return g * case.m end },
  { mistake = "gradient averaged, loss not", change = function(g, case) return g / case.m end },
  { mistake = "sign", change = function(g) return g * -1 end },
  { mistake = "zero gradient", change = function(g) return g * 0 end },
  { mistake = "constant factor", change = function(g) return g * 2 end },
  { mistake = "constant factor", change = function(g) return g / 2 end },
  { mistake = "weight transposed", change = function(g) return #g.shape == 2 and g:T():clone() or nil end },
}

return mistakes
