--- trouble: what to say when a training goes wrong: the first number that is not finite, and signs that nothing is learnt.
local core = require "gradus.core"
local sequential = require "gradus.sequential"

local trouble = {}

---@param value number
function trouble.is_finite(value) return value - value == 0 end

-- ---- Warnings, each once

local warned = {}

--- Writes a warning to standard error unless this kind was written for this line of the script before.
function trouble.warn(kind, text)
  local where = core.where()
  if warned[where .. kind] then return end
  warned[where .. kind] = true
  io.stderr:write(("%swarning: %s\n"):format(where, text))
end

--- Inputs whose columns differ by orders of magnitude, or are far from 1, make one rate too large for some weights and
--- too small for others.
function trouble.check_inputs(x)
  local some_rows, far, apart = 1000, 50, 1000
  if #x.shape < 2 or #x < 2 then return end
  local some = x["1:" .. math.min(#x, some_rows)]
  local deviation = core.std(core.reshape(some, #some, -1), 1)
  local largest = core.max(deviation)
  local smallest = core.min(core.maximum(deviation, largest * 1e-12) + largest * core.eq(deviation, 0))
  if largest == math.huge or largest ~= largest then return end
  if largest > far or largest > apart * smallest and largest > 10 then
    trouble.warn(
      "inputs",
      ("fit: the inputs are not scaled: standard deviations of their columns reach from %.3g to %.3g; "):format(
        smallest,
        largest
      ) .. "gr.data.standardize or minmax makes them alike, images are divided by 255"
    )
  end
end

-- ---- Rows

--- What an operator says of a row of the batch that began at place `at`, with that row's place in y.
function trouble.with_row(steps, message, at)
  local function named(row)
    local place = at + math.tointeger(row) - 1
    local order = steps.order
    if order then place = place <= order.size and math.tointeger(order[place]) or place end
    return ("in row %s of the batch (row %d of y)"):format(row, place)
  end
  if type(message) ~= "string" then return message end -- an error of the script's own
  if not steps.order and steps.options.batch == steps.options.rows then return message end -- the batch is all of y
  return (message:gsub("in row (%d+)", named, 1))
end

-- ---- Parameters

--- The largest magnitude of each parameter, and its sum, by which a change shows.
function trouble.measure(params)
  local list = {}
  for i, p in ipairs(params) do
    local values = p:detach()
    list[i] = { p = p, largest = core.max(core.abs(values)), sum = core.sum(values) }
  end
  return list
end

--- The layer inside `one` that holds the parameter, as its label.
local function owner_of(one, p)
  for _, own in ipairs(type(one) == "table" and rawget(one, "params") or {}) do
    if core.id(own) == core.id(p) then return one:label() end
  end
  for _, inside in ipairs(type(one) == "table" and rawget(one, "layers") or {}) do
    local label = owner_of(inside, p)
    if label then return label end
  end
  return nil
end

--- "w of dense 'hidden' (784 x 50)"
local function title(net, p)
  local owner = owner_of(net, p)
  return ("%s%s (%s)"):format(p.name or "a parameter", owner and " of " .. owner or "", p.shape)
end

--- Warns when an epoch has left the loss as it was, and a parameter with it.
function trouble.check_progress(net, start, history)
  local n = #history.loss
  if n ~= 2 or math.abs(history.loss[1] - history.loss[2]) > 1e-9 * math.abs(history.loss[1]) then return end
  for _, one in ipairs(start) do
    local now = one.p:detach()
    if core.sum(now) == one.sum and core.max(core.abs(now)) == one.largest then
      trouble.warn(
        "stands still",
        ("fit: the loss stays at %.6g and %s has not changed: its gradient is zero. "):format(
          history.loss[n],
          title(net, one.p)
        )
          .. "Units may be saturated or dead (relu below 0), or detach() and no_grad cut the gradient off"
      )
      return
    end
  end
end

-- ---- Where results were made

--- Notes from now on which layer makes which results of `net`; nil: no longer. Returns the notes.
function trouble.follow_layers(net)
  sequential.trace = net and {} or nil
  return sequential.trace
end

local function layer_of(layers, t)
  for _, note in ipairs(layers or {}) do
    if core.id(t) <= note.id then return ("layer %d, %s"):format(note.place, note.label) end
  end
  return layers and "the loss" or nil
end

--- Row and column of flat position `at`, counted from 1, as text.
local function place_in(t, at)
  if #t.shape == 0 then return "" end
  local inner = t.size // core.size(t, 1)
  local row = (at - 1) // inner + 1
  if #t.shape == 1 then return (" at %d"):format(at) end
  return (" at row %d, element %d of it"):format(row, (at - 1) % inner + 1)
end

--- Which row of x it is, when t has a row for each of the batch.
local function row_text(steps, step, t, at)
  local batch = #step.x
  if #t.shape == 0 or core.size(t, 1) ~= batch then return "" end
  local place = steps.at + (steps.done or 0) * batch + (at - 1) // (t.size // batch)
  local order = steps.order
  if order then place = place <= order.size and math.tointeger(order[place]) or nil end
  return place and (" (row %d of x)"):format(place) or ""
end

--- What a leaf that holds a bad number is.
local function leaf_text(steps, step, t, at, value)
  local what = core.id(t) == core.id(step.x) and "x" or core.id(t) == core.id(step.y) and "y" or nil
  if what then return ("%s itself holds %s%s%s"):format(what, value, place_in(t, at), row_text(steps, step, t, at)) end
  local whose = steps.step + (steps.done or 0) > 0 and "the last update has left it so" or "it was so from the start"
  local name = t.wants_grad and title(steps.net, t) or ("%s (%s)"):format(t.name or "a constant", t.shape)
  return ("%s holds %s%s%s"):format(name, value, place_in(t, at), t.wants_grad and ": " .. whose or "")
end

local function found_text(steps, plan, step)
  local t, at, value = plan:blame()
  if not t then return "all results on the way are finite" end
  local op, line = core.made_by(t)
  if not op then return leaf_text(steps, step, t, at, value) end
  local layer = layer_of(step.layers, t)
  return ("the first is %s in the result of %s (%s)%s%s%s%s"):format(
    value,
    op,
    t.shape,
    place_in(t, at),
    row_text(steps, step, t, at),
    layer and ", in " .. layer or "",
    line and ", " .. line or ""
  )
end

--- How the parameters have grown since the training began: the one that grew most.
local function growth_text(net, start)
  local most, text = 0, "there are no parameters"
  for _, one in ipairs(start) do
    local now = core.max(core.abs(one.p:detach()))
    local factor = now / math.max(one.largest, 1e-3)
    if factor > most or factor ~= factor then
      most = factor
      text = ("the largest weight of %s went from %.3g to %.3g"):format(title(net, one.p), one.largest, now)
    end
  end
  return text
end

--- Raises: the loss is not finite. Names the first number that is not, and says what rate and weights did before.
---@param steps table    where in the training
---@param plan any       of the step; nil when there is none
---@param loss number
---@param step table     its x, y, and layers as follow_layers gave them
function trouble.report(steps, plan, loss, step)
  local o = steps.options
  local lines = {
    ("fit: the loss is %s at step %d%s: %s"):format(
      loss,
      steps.step + (steps.done or 0) + 1,
      o.optimizer.epoch and (" (epoch %d)"):format(o.optimizer.epoch) or "",
      plan and found_text(steps, plan, step) or "numbers have left the range"
    ),
  }
  local before = steps.loss_before and ("the loss before was %.6g; "):format(steps.loss_before) or ""
  local rate = o.optimizer.rate and ("lr is %g; "):format(o.optimizer:rate()) or ""
  lines[#lines + 1] = ("  before: %s%s%s"):format(rate, before, growth_text(steps.net, steps.start))
  lines[#lines + 1] =
    "  try a smaller lr, scaled inputs, clip_norm; the parameters are as the step before left them (--no-nan-check goes on)"
  core.raise(table.concat(lines, "\n"))
end

return trouble
