--- gradus: what `require "gradus"` gives. Tensors and their operators are here; everything else
--- hangs off it and loads when first touched: gr.nn is `require "gradus.nn"`.
local core = require "gradus.core"
local options = require "gradus.options"

local modules = {
  random = true,
  linalg = true,
  nn = true,
  optim = true,
  data = true,
  metrics = true,
  plot = true,
  check = true,
  lab = true,
  run = true,
  assignment = true,
}

core.modules = modules

--- Knobs, which recorded steps follow.
core.knobs = setmetatable({}, { __mode = "k" })

---@class gradus
local gr = { version = core.version }

for _, name in ipairs { "tensor", "zeros", "ones", "full", "eye", "arange", "linspace", "param" } do
  gr[name] = core[name]
end
for _, op in ipairs(core.ops()) do
  local name = op.name == "cast" and "to" or op.name
  gr[name] = core[name] or core.methods[name] -- the method wants a tensor first
end
gr.unique = core.methods.unique

for _, name in ipairs { "inv", "det" } do
  core.methods[name] = function(t)
    if t == nil then core.raise(("%s: a method is called with a colon: write x:%s()"):format(name, name)) end
    return gr.linalg[name](t)
  end
end

--- A full name as a tensor's: gr.reshape is x:reshape. Nothing for what is no method.
local function as_method(full)
  local name = full:match "^gr%.([%w_]+)$" or full:match "^tensor:([%w_]+)$"
  if name and core.methods[name] then return ("x:%s"):format(name) end
  return full:find "[.:]" and full or nil
end

--- Raises for a name that tensors do not have, with the one that may be meant.
function core.missing_method(name)
  local known = options.sorted_keys(core.methods)
  table.move({ "shape", "dtype", "size", "name", "grad", "wants_grad" }, 1, 6, #known + 1, known)
  core.raise(("a tensor has no method or field '%s'%s"):format(name, options.hint(name, known, as_method)))
end

--- A number that a loss or a layer uses and that may change between steps, as a tensor: a replayed step sees what it is now.
--- Change it with knob:fill_(value).
--- Example:
---   local strength = gr.knob(0.5)
---   local w = gr.param { 3, 4 }
---   local function penalty() return (w ^ 2):sum() * strength end
---   print(penalty())
---   strength:fill_(0.1)
---   print(penalty())
---@param value number
---@param dtype? string   "f64" or "f32": that of the tensors that it meets
function gr.knob(value, dtype)
  local knob = core.tensor(options.number("knob", "the value", value), dtype)
  core.knobs[knob] = true
  return knob
end

--- An operator written in Lua: a function of 1 to 16 tensors. forward(a, b, ...) gives the result from the inputs' values;
--- backward(dy, a, b, ..., y) gives the gradient of each input from that of the result, nil where there is none. Neither is
--- recorded. Without backward no gradient flows. Replayed steps call both back.
--- Raises when they return something else than tensors of the right sizes.
--- Example:
---   local cube = gr.op {
---     forward = function(x) return x ^ 3 end,
---     backward = function(dy, x, y) return dy * 3 * x ^ 2 end,
---   }
---   local x = gr.param { 1, 2 }
---   cube(x):sum():backward()
---   print(x.grad)
---@param parts { forward: function, backward?: function, name?: string }
---@return function
function gr.op(parts)
  local o = options.read("op", parts, { forward = options.none, backward = options.none, name = "op" })
  for _, field in ipairs { "forward", "backward" } do
    if type(o[field]) ~= "function" and not (field == "backward" and o[field] == nil) then
      core.raise(("op: %s must be a function, got %s"):format(field, options.describe(o[field])))
    end
  end
  if type(o.name) ~= "string" then
    core.raise(("op: the name must be a string, got %s"):format(options.describe(o.name)))
  end
  return core.custom(o.name, o.forward, o.backward)
end

--- Runs f(...) without recording: what it computes remembers nothing and can have no gradient.
--- Returns what f returns; an error in f passes through.
--- Example:
---   local w = gr.param { 1, 2 }
---   print(gr.no_grad(function() return (w * 2):sum() end)) -- a plain number: nothing is remembered
---@param f function
function gr.no_grad(f, ...)
  if not options.is_callable(f) then
    core.raise(("no_grad: expected a function, got %s"):format(options.describe(f)))
  end
  local before = core.recording(false)
  local results = table.pack(pcall(f, ...))
  core.recording(before)
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

--- Seconds of a clock that only runs forward, for timing: the difference of two readings is the time between them.
--- os.clock counts the work of all threads instead, and may count what OpenBLAS does in waiting.
--- Example:
---   local start = gr.clock()
---   gr.random.rand(200, 200):inv()
---   print(gr.clock() - start < 10)
---@return number
function gr.clock() return core.clock() end

--- Gradient of f at x by central differences: (f(x + h) - f(x - h)) / 2h for each element in turn.
--- x may be a tensor; a table of tensors or a net, for a table of gradients under the same keys or in the order of its
--- parameters; or a number. f is called with x itself, changed in one element, so it may also reach x in its own way.
--- Where f's operators can be recorded, only what depends on the element is computed for each, from the graph of one call: the
--- figures differ from those of whole calls by rounding alone. Options: plain (false): f is called anew for each element.
--- Raises when f does not return one number, changes x, or gives two values for the same x.
--- Example:
---   local x = gr.tensor { 3, 4 }
---   print(gr.numerical_gradient(function(p) return (p ^ 2):sum() end, x))
---@param f function      of x, returns one number (Lua number or tensor)
---@param x any           tensor of any shape, a table of tensors, a net, or a number
---@param h? number       step, 1e-4 unless given (1e-2 where x is f32)
---@param given? { plain?: boolean }
---@return any            gradient in the shape of x
function gr.numerical_gradient(f, x, h, given)
  local gradient = require("gradus.slopes").gradient(f, x, h, given)
  return gradient
end

--- Prints the graph that y was computed by: one line for each tensor, inputs before results,
--- with its operator, name, shape, value (or the first few) and gradient where there is one.
--- Example:
---   local w = gr.param({ 2, 3 }, "w")
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   gr.graph(loss)
---@param y any   a recorded tensor
function gr.graph(y) require("gradus.graph").show(y) end

--- Prints what there is to know of a name, function, object or module; or what mentions the words. Nothing: where to start.
--- At the prompt `help` is this function, and `? dense` is help "dense"; outside, `gradus help dense`.
--- Example:
---   gr.help "dense"
---   gr.help(gr.softmax)
---   gr.help "learning rate"
---@param topic? any
function gr.help(topic) require("gradus.help").show(topic) end

--- gr[name], loading a module when it is first touched; nil when there is none.
function core.find(name)
  local value = rawget(gr, name)
  if value == nil and modules[name] then
    value = require("gradus." .. name)
    gr[name] = value
  end
  return value
end

--- All names that gr has, those of modules that are not loaded too, sorted.
function core.names()
  local names = {}
  for _, names_of in ipairs { gr, modules } do
    for name in pairs(names_of) do
      names[name] = true
    end
  end
  return options.sorted_keys(names)
end

return setmetatable(gr, {
  __index = function(_, name)
    local value = core.find(name)
    if value == nil and type(name) == "string" then options.missing("gr", name, core.names()) end
    return value
  end,
})
