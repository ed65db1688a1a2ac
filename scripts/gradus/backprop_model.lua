--- backprop_model: what a student computes, recognised: affine maps, activations and a loss that give the student's own numbers on
--- every case. Its backward pass is known, and can be computed with a mistake put in at a chosen place.
---
---   local model = model.recognise(subject, cases)       nil when nothing known gives these numbers
---   model:gradients(case, { mistake, ... })             as a student with these mistakes has them
local acts = require "gradus.backprop_acts"
local core = require "gradus.core"
local mistakes = require "gradus.mistakes"
local names = require "gradus.backprop_names"
local search_of = require "gradus.backprop_search"

local model = {}

local Model = {}
Model.__index = Model

-- ---- Rows, however the student lays them out

local function as_rows(value, case)
  if not core.is_tensor(value) then return core.tensor { { value } } end
  if case.columns and #value.shape == 2 then return value:T():clone() end
  if case.single then return value:reshape(1, -1) end
  return #value.shape == 1 and value:reshape(-1, 1) or value
end

local function like_inputs(rows, case)
  if case.columns then return rows:T():clone() end
  return core.is_tensor(case.x) and rows:reshape(table.unpack(case.x.shape)) or rows:reshape(-1)
end

--- The weight as inputs x outputs.
local function weights(stage, values)
  local w = values[stage.w.name]
  if #w.shape < 2 then return w:reshape(-1, 1) end
  return stage.flipped and w:T():clone() or w
end

-- ---- Forward

--- The input of each stage, and the result behind the last.
local function run(self, case)
  local a, trace = as_rows(case.x, case), {}
  for i, stage in ipairs(self.stages) do
    trace[i] = a
    if stage.w then
      a = a:dot(weights(stage, case.params))
      if stage.b then a = a + case.params[stage.b.name]:reshape(1, -1) end
    else
      a = stage.act.f(a)
    end
  end
  trace.out = a
  return trace
end

-- ---- Backward

--- The mistakes that stand at a part of a stage, applied one after the other.
local function with_mistakes(value, at, stage, part, context)
  for _, one in ipairs(at) do
    if one.stage == stage and one.part == part then value = one.change(value, context) end
  end
  return value
end

local function first_delta(self, case, trace, at)
  if not self.loss then return with_mistakes(as_rows(case.dout, case), at, 0, "delta", { m = case.m }) end
  local z, t, slope = trace.out, case.t, self.loss.slope
  t = self.shift and self.shift(t) or t
  t = with_mistakes(t, at, 0, "targets", {})
  slope = with_mistakes(slope, at, 0, "slope", { loss = self.loss })
  local scale = self.factor * (self.reduction == "mean" and 1 / case.m or 1)
  local delta = with_mistakes(slope(z, t), at, 0, "twice", { z = z, t = t })
  return with_mistakes(delta * scale, at, 0, "delta", { m = case.m, z = z, t = t })
end

local function back_affine(self, case, stage, delta, input, at, found)
  local i, w = stage.index, weights(stage, case.params)
  local share = self.averages and 1 / case.m or 1 -- a layer may take the mean over the batch itself
  local context = { m = case.m, delta = delta, share = share, columns = case.columns }
  local dw = input:T():dot(delta) * share
  found[stage.w.name] = with_mistakes(stage.flipped and dw:T():clone() or dw, at, i, "w", context)
  if stage.b then found[stage.b.name] = with_mistakes(delta:sum(1) * share, at, i, "b", context) end
  if case.after and case.after[stage.w.name] then context.after = weights(stage, case.after) end
  local through = with_mistakes(w, at, i, "through", context)
  if through.shape[2] ~= delta.shape[2] then return nil end
  return with_mistakes(delta:dot(through:T()), at, i, "back", context)
end

local function back_act(stage, delta, input, at)
  local act, y = stage.act, stage.act.f(input)
  local back = act.back or function(d, z) return d * act.slope(z) end
  back = with_mistakes(back, at, stage.index, "act", { act = act })
  return back(delta, input, y)
end

--- All gradients, by the names of the slots, and dx; nil when the mistakes do not fit the shapes.
function Model:gradients(case, at)
  case.traces = case.traces or {}
  local trace = case.traces[self] or run(self, case)
  case.traces[self] = trace
  local found, delta = {}, first_delta(self, case, trace, at)
  for i = #self.stages, 1, -1 do
    local stage = self.stages[i]
    if stage.w then
      delta = back_affine(self, case, stage, delta, trace[i], at, found)
    else
      delta = back_act(stage, delta, trace[i], at)
    end
    if not delta then return nil end
  end
  found.dx = like_inputs(delta, case)
  return found
end

-- ---- Recognising

--- Weights with their biases, in the order of the slots.
local function pairs_of(slots)
  local list = {}
  for _, slot in ipairs(slots) do
    if not slot.is_bias then table.insert(list, { w = slot }) end
  end
  local free = {}
  for _, slot in ipairs(slots) do
    local partner
    for _, pair in ipairs(list) do
      local alike = names.plain(pair.w.name):gsub("w([^w]*)$", "%1") == names.plain(slot.name):gsub("b([^b]*)$", "%1")
      if slot.is_bias and alike and not pair.b then partner = pair end
    end
    if partner then partner.b = slot end
    if slot.is_bias and not partner then table.insert(free, slot) end
  end
  for _, pair in ipairs(list) do
    if not pair.b then pair.b = table.remove(free, 1) end
  end
  return list
end

local function reversed(list)
  local other = {}
  for i = #list, 1, -1 do
    table.insert(other, list[i])
  end
  return other
end

--- Which weights stand as outputs x inputs: every way in which one layer's outputs are as many as the next one's inputs.
local function layouts(affines, case)
  local list, shapes = {}, {}
  for i, pair in ipairs(affines) do
    local shape = case.params[pair.w.name].shape
    shapes[i] = { shape[1], shape[2] or 1, is_vector = #shape < 2 }
  end
  local function extend(done, width)
    local shape = shapes[#done + 1]
    if not shape then return table.insert(list, done) end
    for _, flipped in ipairs { false, true } do
      local from, to = shape[flipped and 2 or 1], shape[flipped and 1 or 2]
      local more = table.move(done, 1, #done, 1, {})
      more[#done + 1] = flipped
      if from == width and not (flipped and shape.is_vector) then extend(more, to) end
    end
  end
  extend({}, as_rows(case.x, case).shape[2])
  return list
end

local function build(affines, hidden, last, loss, layout)
  local stages = {}
  for i, pair in ipairs(affines) do
    table.insert(stages, { w = pair.w, b = pair.b, flipped = layout[i] })
    local act = i < #affines and hidden or last
    if act and act ~= acts.identity then table.insert(stages, { act = act, behind = pair }) end
  end
  if #affines == 0 and last then table.insert(stages, { act = last }) end
  for i, stage in ipairs(stages) do
    stage.index = i
  end
  return setmetatable({ stages = stages, loss = loss }, Model)
end

local function near(a, b, within) return math.abs(a - b) <= within * math.max(math.abs(a), math.abs(b)) end

--- Whether two tensors hold the same numbers, sizes of 1 aside.
local function agree(a, b)
  if a.size ~= b.size then return false end
  return (a:reshape(-1) - b:reshape(-1)):abs():max() <= 1e-9 * (1 + b:abs():max())
end

local function gives_outputs(self, cases)
  for _, case in ipairs(cases) do
    if not agree(as_rows(case.outputs, case), run(self, case).out) then return false end
  end
  return true
end

--- How near losses must be: a student's logarithm may have a 1e-7 added inside, or even a 1e-5.
local strict, loose = 5e-6, 5e-4

--- The factor that is meant: a whole number or one over it, where one is near; else the factor itself.
local function simple(factor, within)
  for _, guess in ipairs { math.floor(factor + 0.5), 1 / math.floor(1 / factor + 0.5) } do
    if guess - guess == 0 and guess ~= 0 and near(factor, guess, within) then return guess end
  end
  return factor
end

--- Whether the losses are the student's but for a constant factor, as sums or as means over rows.
local function gives_values(self, cases, within)
  local first, left = {}, { sum = true, mean = true }
  for _, case in ipairs(cases) do
    local t = self.shift and self.shift(case.t) or case.t
    local ratio = case.value / self.loss.value(run(self, case).out, t)
    for reduction in pairs { sum = true, mean = true } do
      local one = reduction == "mean" and ratio * case.m or ratio
      first[reduction] = first[reduction] or one
      local same = one - one == 0 and one ~= 0 and near(one, first[reduction], within)
      if not same then left[reduction] = nil end
    end
    if not next(left) then return false end -- most models end here, at the second case
  end
  self.reduction = (left.sum or cases[1].single) and "sum" or "mean"
  self.factor = simple(first[left.sum and "sum" or "mean"], within)
  return true
end

local function fits(self, cases, within)
  local ok, yes = pcall(self.loss and gives_values or gives_outputs, self, cases, within)
  if not ok and core.stopped() then error(yes, 0) end
  return ok and yes
end

--- Losses with the activation in front of them that a network may end in.
local function endings()
  local list = {}
  for _, loss in ipairs(acts.losses) do
    table.insert(list, { loss, acts.identity })
    if loss.name == "squares" then
      table.insert(list, { loss, acts.softmax })
      for _, act in ipairs(acts.list) do
        if act ~= acts.identity then table.insert(list, { loss, act }) end
      end
    end
  end
  return list
end

local function last_stages(subject)
  if subject.kind ~= "layer" then return endings() end
  local list = { { nil, acts.softmax } }
  for i, act in ipairs(acts.list) do
    list[i + 1] = { nil, act }
  end
  return list
end

local function search(subject, cases, within, shift)
  local pairs_list = pairs_of(subject.slots)
  for _, affines in ipairs { pairs_list, #pairs_list > 1 and reversed(pairs_list) or nil } do
    for _, layout in ipairs(layouts(affines, cases[1])) do
      for _, hidden in ipairs(#affines > 1 and acts.list or { acts.identity }) do
        for _, last in ipairs(last_stages(subject)) do
          local one = build(affines, hidden, last[2], last[1], layout)
          one.shift, one.deadline = shift, subject.deadline
          if search_of.is_late(subject) then return nil end
          if fits(one, cases, within) then return one end
        end
      end
    end
  end
  return nil
end

--- The model that computes what the student computes on all cases, or nil. When the student's loss itself counts classes from another
--- number, the model says so in `shifted`.
function model.recognise(subject, cases)
  if subject.kind == "layer" then return search(subject, cases, strict) end
  local found = search(subject, cases, loose)
  if found then
    local exact = search(subject, cases, strict)
    found.loose = not exact
    return exact or found
  end
  for _, shift in ipairs(mistakes.shifts) do
    found = search(subject, cases, strict, shift)
    if found then
      found.shifted = true
      return found
    end
  end
  return nil
end

--- Values as rows, however the student lays them out.
model.rows = as_rows

return model
