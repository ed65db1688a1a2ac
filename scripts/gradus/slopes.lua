--- slopes: gradients by central differences, with no calculus: what gr.numerical_gradient does.
---
--- A function of many numbers would have to be computed twice for each of them. Where its operators can be recorded, it is called
--- four times in all: twice to see that it is a function of x, once to be recorded, and once with all numbers moved a little, for
--- which the recorded graph must give the same bits. Core then follows each changed number through the graph, and computes only
--- what depends on it.
local core = require "gradus.core"
local options = require "gradus.options"

local slopes = {}

local function value_of(y)
  if core.is_tensor(y) then
    if y.size == 1 then return y:item() end
  elseif type(y) == "number" then
    return y
  end
  core.raise(("numerical_gradient: f must return one number, got %s"):format(core.is_tensor(y) and y.shape or type(y)))
end

local function central_difference(f, x, h)
  local high = value_of(f(x + h))
  local low = value_of(f(x - h))
  return (high - low) / (2 * h)
end

-- ---- Number by number, by f itself

--- The slope of f along element i of x, whose elements are `entries`. What f raises is passed on, with x as it was.
local function slope_along(f, x, entries, i, h)
  local kept = entries[i]
  local ok, slope = pcall(function()
    entries[i] = kept + h
    local high = value_of(f(x))
    entries[i] = kept - h
    return (high - value_of(f(x))) / (2 * h)
  end)
  entries[i] = kept
  if not ok then error(slope, 0) end
  return slope
end

local function plainly(f, x, h)
  local entries, gradient = x:reshape(-1), core.full(x.shape, 0, x.dtype)
  local found = gradient:reshape(-1)
  for i = 1, x.size do
    found[i] = slope_along(f, x, entries, i, h)
  end
  return gradient
end

-- ---- By the recorded graph

--- f(x), recorded from x on. Nothing when f does not compute one number by operators, or cannot be recorded.
local function recorded(f, x)
  core.follow(x, true)
  local ok, y = pcall(f, x)
  core.follow(x, false)
  if not ok and core.stopped() then error(y, 0) end
  if ok and core.is_tensor(y) and y.size == 1 and core.history(y) then return y end
end

--- Whether the graph gives what f gives when all numbers of x are another's distance away.
local function agrees(graph, f, x, h)
  local kept = x:detach():clone()
  local step = core.methods.sin(core.arange(1, x.size + 1)):to(x.dtype):reshape(x.shape) * h
  local ok, same = pcall(function()
    x:add_(step)
    local expected, found = value_of(f(x)), graph:value()
    return found == expected or (found ~= found and expected ~= expected)
  end)
  x:copy_(kept)
  if not ok and core.stopped() then error(same, 0) end
  return ok and same and pcall(graph.value, graph) -- the graph, too, is where it was
end

--- The gradient, or nothing when f has to be called for each number.
local function by_graph(f, x, h)
  local few = 4
  if x.size < few then return end
  local y = recorded(f, x)
  if not y then return end
  local ok, graph = pcall(core.differences, y, x)
  if not ok or not agrees(graph, f, x, h) then return end
  local gradient = core.full(x.shape, 0, x.dtype)
  graph:run(h, gradient)
  return gradient
end

-- ---- What may be asked for

--- Raises when f is no function of x alone: a difference between two calls would be no slope.
local function check_steady(f, x)
  local kept = core.full(x.shape, 0, x.dtype)
  kept:copy_(x:detach())
  local first, second = value_of(f(x)), value_of(f(x))
  if not core.same_bits(x, kept) then
    x:copy_(kept)
    core.raise "numerical_gradient: f changes x in place; let it work on x:clone()"
  elseif first ~= second and (first == first or second == second) then
    local gave = ("numerical_gradient: f gave %s and then %s for the same x"):format(first, second)
    core.raise(gave .. ": does it draw random numbers (dropout: net:eval()), or change what it reads?")
  end
end

local function of_tensor(f, x, h, plain)
  local gr = require "gradus"
  local step = h or (x.dtype == "f32" and 1e-2 or 1e-4)
  if core.history(x) then x = gr.no_grad(x.clone, x) end -- what was computed from others cannot be changed
  return gr.no_grad(function()
    check_steady(f, x)
    return not plain and by_graph(f, x, step) or plainly(f, x, step)
  end)
end

--- A gradient for each tensor of a table, under the same key. f is called with the table.
local function of_each(f, tensors, h, plain)
  local gradients, keys = {}, options.sorted_keys(tensors)
  for _, key in ipairs(keys) do
    local x = tensors[key]
    if not core.is_tensor(x) then
      core.raise(("numerical_gradient: x.%s must be a tensor as the others are, got %s"):format(key, type(x)))
    elseif core.history(x) then
      core.raise(
        ("numerical_gradient: x.%s is the result of others, which cannot be changed: give its clone()"):format(key)
      )
    end
  end
  for _, key in ipairs(keys) do
    gradients[key] = of_tensor(function() return f(tensors) end, tensors[key], h, plain)
  end
  return gradients
end

local function holds_tensors(t)
  for _, value in pairs(t) do
    if core.is_tensor(value) then return true end
  end
  return false
end

local function check(f, h)
  if not options.is_callable(f) then
    core.raise(("numerical_gradient: f must be a function, got %s"):format(options.describe(f)))
  elseif h ~= nil and (type(h) ~= "number" or h == 0 or h ~= h) then
    core.raise "numerical_gradient: h must be a number other than 0"
  end
end

function slopes.gradient(f, x, h, given)
  check(f, h)
  local plain = options.read("numerical_gradient", given, { plain = false }).plain
  if type(x) == "number" then return central_difference(f, x, h or 1e-4) end
  if type(x) == "table" and type(x.parameters) == "function" then
    return of_each(function() return f(x) end, x:parameters(), h, plain)
  end
  if type(x) == "table" and holds_tensors(x) then return of_each(f, x, h, plain) end
  if type(x) == "table" then x = core.tensor(x) end
  if not core.is_tensor(x) then
    core.raise(("numerical_gradient: x must be a tensor, a table of them, a net or a number, got %s"):format(type(x)))
  end
  return of_tensor(f, x, h, plain)
end

return slopes
