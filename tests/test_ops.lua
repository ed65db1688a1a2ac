-- Every operator of the table: values, gradients, both number types, messages (tests/op_cases.lua), and what goes beyond
-- one operator: broadcasting, NumPy's sums, transposed products, chains, the recorded graph and its memory.
local gr = require "gradus"
local core = require "gradus.core"
local harness = require "harness"
local op_cases = require "op_cases"
local sums = require "golden.sums"

local rows = {}
for _, row in ipairs(core.ops()) do
  rows[row.name] = row
end

-- ---- Calling an operator as a case says

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do
    list[#list + 1] = word
  end
  return list
end

local function takes_many(row) return row.inputs:sub(-3) == "..." end

--- Numbers stay numbers and tensors tensors; tables become tensors of f64.
local function as_input(value) return type(value) == "table" and gr.tensor(value, "f64") or value end

--- The inputs of a case by their names, concat's by x1, x2, ...
local function inputs_of(case)
  local row, inputs, names = rows[case.op], {}, {}
  if takes_many(row) then
    for i, value in ipairs(case.x) do
      names[i] = "x" .. i
      inputs["x" .. i] = as_input(value)
    end
  else
    names = words(row.inputs)
    for _, name in ipairs(names) do
      inputs[name] = as_input(case[name])
    end
  end
  return inputs, names
end

--- The inputs in order; those that the operator changes as copies, so that each call starts from the same.
local function in_order(case, inputs, names)
  local list, changed = {}, {}
  for _, name in ipairs(case.changes or {}) do
    changed[name] = true
  end
  for i, name in ipairs(names) do
    list[i] = changed[name] and inputs[name]:clone() or inputs[name]
  end
  return list
end

--- A call of gr.NAME with its options in order.
local function call_of(case, inputs, names)
  local row, n = rows[case.op], #names
  if case.op == "slice" then
    return function(x, ranges) return x[ranges] end, { inputs.x, case.ranges }, 2
  end
  local list = in_order(case, inputs, names)
  if takes_many(row) then
    list, n = { list }, 1
  end
  for _, option in ipairs(words(row.options)) do
    n = n + 1
    list[n] = case[option]
  end
  return gr[case.op == "cast" and "to" or case.op], list, n
end

--- Makes that call where no variable holds the inputs, so that messages name them as the operator does.
local function make(f, list, n) return f(table.unpack(list, 1, n)) end

local function apply(case, inputs, names) return make(call_of(case, inputs, names)) end

--- The same call as a method, with its options by name.
local function apply_as_method(case, inputs, names)
  local row, list, options = rows[case.op], in_order(case, inputs, names), {}
  for _, option in ipairs(words(row.options)) do
    options[option] = case[option]
  end
  if next(options) then list[#list + 1] = options.sizes or options end
  return list[1][case.op](table.unpack(list))
end

--- The inputs in f32, but for those that the case keeps in f64.
local function in_f32(case, inputs)
  local single = {}
  for name, value in pairs(inputs) do
    single[name] = (core.is_tensor(value) and value or gr.tensor(value)):to "f32"
  end
  for _, name in ipairs(case.f64 or {}) do
    single[name] = inputs[name]
  end
  return single
end

-- ---- Trying a case

local function try_value(case)
  local inputs, names = inputs_of(case)
  local y = apply(case, inputs, names)
  harness.close(y, case.y, case.within or 0)
  if case.op ~= "slice" and case.op ~= "cast" then
    harness.same(apply_as_method(case, inputs, names), y, "the method's result")
  end
  if case.f32 ~= false and case.op ~= "cast" then
    local single = apply(case, in_f32(case, inputs), names)
    local told = core.is_tensor(single) and core.is_tensor(inputs[names[1]]) -- numbers have no type of their own
    harness.check(not told or single.dtype == "f32", "the result of f32 inputs is not f32")
    harness.close(single, y, case.f32 or 1e-6, "the f32 result")
  end
end

--- Eighths, exact in f32 too.
local function weight(i) return (i * 37 % 11 + 1) / (i % 2 == 0 and 8 or -8) end

--- One number that weighs each element of y differently, so that no gradient can hide in a sum.
local function weighed(y)
  if type(y) == "number" then return y * weight(1) end
  local weights = {}
  for i = 1, y.size do
    weights[i] = weight(i)
  end
  return gr.sum(y * gr.tensor(weights, y.dtype):reshape(y.shape))
end

--- Makes parameters of some inputs: of those listed, or of all. Gives them in a list as well.
local function with_params(inputs, names, wanted)
  local mixed, params = {}, {}
  for _, name in ipairs(names) do
    mixed[name] = inputs[name]
  end
  for _, name in ipairs(type(wanted) == "table" and wanted or names) do
    mixed[name] = gr.param(inputs[name], name)
    params[#params + 1] = mixed[name]
  end
  return mixed, params
end

local function gradients(case, inputs, names)
  local mixed, params = with_params(inputs, names, case.gradient)
  weighed(apply(case, mixed, names)):backward()
  local found = {}
  for i, p in ipairs(params) do
    found[i] = p.grad
  end
  return found
end

local function try_gradient(case)
  local inputs, names = inputs_of(case)
  local mixed, params = with_params(inputs, names, case.gradient)
  local result = gr.check.gradients(
    function() return weighed(apply(case, mixed, names)) end,
    params,
    { h = case.h, tolerance = 1e-7 }
  )
  harness.check(result.ok, tostring(result))
  if case.op ~= "cast" then
    local double, single = gradients(case, inputs, names), gradients(case, in_f32(case, inputs), names)
    for i, g in ipairs(double) do
      harness.close(single[i], g, 1e-5, "the f32 gradient of input " .. i)
    end
  end
end

local function exact_gradients(case)
  local exact = {}
  for _, name in ipairs(words(rows[case.op].inputs)) do
    exact[name] = case["d" .. name]
  end
  return exact
end

local function try_exact_gradient(case)
  local inputs, names = inputs_of(case)
  for name, expected in pairs(exact_gradients(case)) do
    local mixed, params = with_params(inputs, names, { name })
    apply(case, mixed, names):sum():backward()
    harness.same(params[1].grad, expected, "the gradient of " .. name)
  end
end

local function try_error(case)
  local inputs, names = inputs_of(case)
  if case.op == "slice" then
    harness.raises(case.raises, function() return inputs.x[case.ranges] end)
  else
    harness.raises(case.raises, make, call_of(case, inputs, names))
  end
end

local case = harness.suite("ops", function(case)
  if case.raises then try_error(case) end
  if case.y then try_value(case) end
  if case.gradient then try_gradient(case) end
  if next(exact_gradients(case)) then try_exact_gradient(case) end
end)

for _, one in ipairs(op_cases) do
  case(one)
end

-- ---- The table is complete, and so are its cases

local function covered(field)
  local names = {}
  for _, one in ipairs(op_cases) do
    names[one.op] = names[one.op] or one[field] ~= nil
  end
  return names
end

local same_shape = "y has the shape of x"

case("a row of the table has no value case", function()
  local has = covered "y"
  for name in pairs(rows) do
    harness.check(has[name], name .. " has no case with y in op_cases.lua")
  end
end)

case("a differentiable row has no gradient case", function()
  local has = covered "gradient"
  for name, row in pairs(rows) do
    harness.check(has[name] or not row.differentiable, name .. " has no case with gradient in op_cases.lua")
  end
end)

case("a row with a shape rule has no case for what the rule refuses", function()
  local has = covered "raises"
  for name, row in pairs(rows) do
    local any_shape = row.shape == same_shape or name == "flatten"
    harness.check(has[name] or any_shape, name .. " has no case with raises in op_cases.lua")
  end
end)

case("a case stands for no row, or asks a flat one for gradients", function()
  for _, one in ipairs(op_cases) do
    local row = rows[one.op]
    harness.check(row, ("'%s' is for %s, which the table lacks"):format(one[1], one.op))
    local asks = one.gradient or next(exact_gradients(one))
    harness.check(row.differentiable or not asks, ("'%s' asks for a gradient"):format(one[1]))
    harness.check(one.y or asks or one.raises, ("'%s' tests nothing"):format(one[1]))
  end
end)

case("a row lacks its formula, gradient, shape rule or doc", function()
  for name, row in pairs(rows) do
    for _, field in ipairs { "inputs", "shape", "formula", "gradient", "doc" } do
      harness.check(row[field] and row[field] ~= "", ("%s has no %s"):format(name, field))
    end
    harness.check(
      (row.gradient == "none") == not row.differentiable,
      name .. " says otherwise whether it has a gradient"
    )
  end
end)

case("an operator of the table is missing from gr or from the methods", function()
  local t = gr.ones(2)
  for name in pairs(rows) do
    local public = name == "cast" and "to" or name
    local indexed = name == "slice" -- written t["2:5"]
    harness.check(indexed or type(gr[public]) == "function", "gr." .. public .. " is missing")
    harness.check(indexed or type(t[public]) == "function", "t:" .. public .. " is missing")
  end
end)

case("an unknown option is not refused with the known ones", function()
  local t = gr.ones(2)
  harness.raises("sum: unknown option 'axes'; known: axis keep", function() return t:sum { axes = 1 } end)
  harness.raises("clip: unknown option 'low'; known: lo hi", function() return t:clip { low = 1 } end)
  harness.raises("unknown option '1'", function() return t:sum { 1 } end)
end)

case("arguments that nobody reads are not refused", function()
  local t = gr.ones(2)
  harness.raises("exp: 1 argument too many; it takes x$", function() return t:exp(2) end)
  harness.raises("sum: 1 argument too many; it takes x and axis keep$", function() return t:sum(1, true, 5) end)
end)

case("a message lacks the names of the script's own variables", function()
  local hidden, weights = gr.zeros(32, 100), gr.zeros(784, 50)
  harness.raises("dot: hidden %(32 x 100%) and weights %(784 x 50%)", function() return hidden:dot(weights) end)
  harness.check(hidden.name == nil and weights.name == nil, "the names stayed on the tensors")
  weights.name = "w"
  harness.raises("dot: hidden %(32 x 100%) and w %(784 x 50%)", function() return hidden:dot(weights) end)
end)

-- ---- Broadcasting: every pair of shapes, against plain loops

local plain = {
  add = function(a, b) return a + b end,
  sub = function(a, b) return a - b end,
  mul = function(a, b) return a * b end,
  div = function(a, b) return a / b end,
  pow = function(a, b) return a ^ b end,
  maximum = math.max,
  minimum = math.min,
  lt = function(a, b) return a < b and 1 or 0 end,
}

local shape_pairs = {
  { {}, {}, {} },
  { { 2, 3 }, {}, { 2, 3 } },
  { {}, { 3 }, { 3 } },
  { { 2, 3 }, { 3 }, { 2, 3 } },
  { { 3 }, { 2, 3 }, { 2, 3 } },
  { { 2, 3 }, { 1, 3 }, { 2, 3 } },
  { { 2, 3 }, { 2, 1 }, { 2, 3 } },
  { { 2, 1 }, { 2, 3 }, { 2, 3 } },
  { { 2, 1 }, { 1, 3 }, { 2, 3 } },
  { { 1, 3 }, { 2, 1 }, { 2, 3 } },
  { { 2, 1 }, { 3 }, { 2, 3 } },
  { { 2, 3 }, { 1, 1 }, { 2, 3 } },
  { { 1 }, { 1, 1, 1 }, { 1, 1, 1 } },
  { { 2, 3, 4 }, { 4 }, { 2, 3, 4 } },
  { { 2, 3, 4 }, { 3, 1 }, { 2, 3, 4 } },
  { { 2, 1, 4 }, { 3, 1 }, { 2, 3, 4 } },
  { { 3, 1 }, { 2, 1, 4 }, { 2, 3, 4 } },
  { { 2, 1, 1 }, { 1, 3, 4 }, { 2, 3, 4 } },
  { { 2, 1, 2, 1 }, { 3, 1, 4 }, { 2, 3, 2, 4 } },
}

local function size_of(shape)
  local size = 1
  for _, d in ipairs(shape) do
    size = size * d
  end
  return size
end

--- Positive numbers, none equal to another of the same or the other series, away from whole ones.
local function series(shape, start)
  local list = {}
  for i = 1, size_of(shape) do
    list[i] = start + (i * 7 % 29) / 13
  end
  return #shape > 0 and gr.tensor(list):reshape(shape) or list[1], list
end

--- The position in a flat list of shape that serves element `at` (from 0) of a flat list of shape `whole`.
local function served_by(shape, whole, at)
  local index, step = 0, 1
  for back = 0, #whole - 1 do
    local d, own = whole[#whole - back], shape[#shape - back] or 1
    local i = at % d
    at = at // d
    if own > 1 then index = index + i * step end
    step = step * own
  end
  return index + 1
end

for _, pair in ipairs(shape_pairs) do
  local left_shape, right_shape, whole = pair[1], pair[2], pair[3]
  local function text(shape) return #shape == 0 and "a number" or table.concat(shape, " x ") end
  local name = ("%s broadcasts wrongly with %s"):format(text(left_shape), text(right_shape))
  case(name, function()
    local a, a_list = series(left_shape, 0.51)
    local b, b_list = series(right_shape, 0.77)
    for op, f in pairs(plain) do
      local expected = {}
      for i = 1, size_of(whole) do
        local x, y = a_list[served_by(left_shape, whole, i - 1)], b_list[served_by(right_shape, whole, i - 1)]
        expected[i] = f(x, y)
      end
      local y = gr[op](a, b)
      if #whole > 0 then
        harness.check(y.shape == whole, ("%s gives %s"):format(op, y.shape))
        harness.same(y:flatten(), expected, op)
      else
        harness.same(y, expected[1], op)
      end
      if op ~= "lt" then
        local p, q = gr.param(a, "a"), gr.param(b, "b")
        local result = gr.check.gradients(function() return weighed(gr[op](p, q)) end, { p, q })
        harness.check(result.ok, ("%s: %s"):format(op, result))
      end
    end
  end)
end

-- ---- Sums in NumPy's order

local function numbers(n, dtype)
  local list = {}
  for i = 1, n do
    list[i] = ((i * 7919) % 10007 - 5003) / (1 + (i * 31) % 97)
  end
  return gr.tensor(list, dtype)
end

case("a sum differs from NumPy's in its last bit", function()
  local all = numbers(10007)
  for n, expected in pairs(sums.whole) do
    local first = n == 1 and all["1:1"] or all[("1:%d"):format(n)]
    harness.same(first:sum(), expected, ("the sum of %d numbers"):format(n))
    harness.same(first:reshape(1, n):sum(2), { expected }, ("the sum of a row of %d numbers"):format(n))
    harness.same(first:mean(), expected / n, ("the mean of %d numbers"):format(n))
  end
end)

case("an f32 sum differs from NumPy's in its last bit", function()
  local all = numbers(10007, "f32")
  for n, expected in pairs(sums.whole_f32) do
    harness.same(all[("1:%d"):format(n)]:sum(), expected, ("the sum of %d numbers"):format(n))
  end
end)

case("a sum over an axis differs from NumPy's in its last bit", function()
  for _, one in ipairs(sums.axes) do
    local x = numbers(size_of(one.shape)):reshape(one.shape)
    harness.same(x:sum(one.axis):flatten(), one.sums, ("axis %d of %s"):format(one.axis, x.shape))
  end
end)

-- Figures from NumPy 1.24: numbers(300).var() and so on, by float.hex.
case("var, std or mean of 300 numbers differs from NumPy's in its last bit", function()
  local x = numbers(300)
  harness.same(x:mean(), 0x1.e5dd075afe638p+3, "mean")
  harness.same(x:var(), 0x1.82b1f748753bfp+16, "var")
  harness.same(x:std(), 0x1.3aa21095cb3ddp+8, "std")
  harness.same(numbers(300, "f32"):var(), 0x1.82b1f6p+16, "var in f32")
  local columns = x:reshape(60, 5)
  harness.same(columns:var(1), {
    0x1.f4ea807c150bbp+16,
    0x1.c3edee2294bcfp+17,
    0x1.f3eec83c3df35p+14,
    0x1.5cae6b21d6861p+16,
    0x1.58f59c1456fe0p+13,
  }, "var of columns")
  harness.same(columns["1:5"]:var(2), {
    0x1.64008ca98312ap+12,
    0x1.fa627c89e9d43p+12,
    0x1.43d183788d448p+12,
    0x1.0256ca0ec4044p+16,
    0x1.696f958a2793ep+13,
  }, "var of rows")
end)

-- ---- Products of transposed matrices

--- The product by plain loops.
local function product(a, b)
  local y = {}
  for i = 1, #a do
    y[i] = {}
    for j = 1, #b[1] do
      local total = 0
      for k = 1, #b do
        total = total + a[i][k] * b[k][j]
      end
      y[i][j] = total
    end
  end
  return y
end

local function turned(t)
  local rows_of_t = {}
  for j = 1, #t[1] do
    rows_of_t[j] = {}
    for i = 1, #t do
      rows_of_t[j][i] = t[i][j]
    end
  end
  return rows_of_t
end

local function whole_numbers(m, n, start)
  local list = {}
  for i = 1, m do
    list[i] = {}
    for j = 1, n do
      list[i][j] = (i * 5 + j * 3 + start) % 7 - 3
    end
  end
  return list
end

-- One column or row takes BLAS along other ways than a matrix does.
for _, sizes in ipairs { { 3, 4, 2 }, { 1, 4, 2 }, { 3, 4, 1 }, { 1, 4, 1 }, { 3, 1, 2 }, { 1, 1, 1 } } do
  local m, k, n = table.unpack(sizes)
  for _, turn_a in ipairs { false, true } do
    for _, turn_b in ipairs { false, true } do
      local name = ("the product %d x %d x %d is wrong with a%s and b%s"):format(
        m,
        k,
        n,
        turn_a and ":T()" or "",
        turn_b and ":T()" or ""
      )
      case(name, function()
        local a, b = whole_numbers(m, k, 1), whole_numbers(k, n, 2)
        local p = gr.param(gr.tensor(turn_a and turned(a) or a), "a")
        local q = gr.param(gr.tensor(turn_b and turned(b) or b), "b")
        local function multiplied() return (turn_a and p:T() or p):dot(turn_b and q:T() or q) end
        harness.same(multiplied():detach(), product(a, b))
        local result = gr.check.gradients(function() return weighed(multiplied()) end, { p, q })
        harness.check(result.ok, tostring(result))
      end)
    end
  end
end

case("a vector meets a transposed matrix wrongly", function()
  local m = gr.param(gr.tensor(whole_numbers(3, 2, 0)), "m")
  local v, u = gr.param(gr.tensor { 2, -1, 3 }, "v"), gr.param(gr.tensor { 5, 7 }, "u")
  local t = turned(whole_numbers(3, 2, 0))
  harness.same(m:T():dot(v):detach(), { t[1][1] * 2 - t[1][2] + t[1][3] * 3, t[2][1] * 2 - t[2][2] + t[2][3] * 3 })
  harness.same(
    u:dot(m:T()):detach(),
    { 5 * t[1][1] + 7 * t[2][1], 5 * t[1][2] + 7 * t[2][2], 5 * t[1][3] + 7 * t[2][3] }
  )
  harness.same(v:T():dot(v:T()):detach(), 14)
  for _, f in ipairs {
    function() return weighed(m:T():dot(v)) end,
    function() return weighed(u:dot(m:T())) end,
  } do
    local result = gr.check.gradients(f, { m, v, u })
    harness.check(result.ok, tostring(result))
  end
end)

case("a product with a transposed matrix copies it", function()
  local x, e = gr.ones(1000, 200), gr.ones(1000, 3)
  collectgarbage()
  local before = core.memory()
  local y = x:T():dot(e)
  harness.check(core.memory() - before < 200 * 3 * 8 + 1000, "more than the result was taken")
  harness.same(y[1], { 1000, 1000, 1000 })
end)

case("a wrong product with a transposed matrix does not name it so", function()
  local x, e = gr.ones(3, 2), gr.ones(4, 5)
  harness.raises(
    "dot: a:T%(%) %(2 x 3%) and e %(4 x 5%) do not fit: columns of a:T%(%) %(3%) must equal rows of e %(4%)",
    function() return x:T():dot(e) end
  )
end)

case("a product takes over what lay in its memory before", function()
  for _, sizes in ipairs { { 1, 3, 1 }, { 2, 3, 1 }, { 1, 3, 2 }, { 2, 3, 2 } } do
    local m, k, n = table.unpack(sizes)
    for _ = 1, 20 do
      local spoilt = gr.full({ m, n }, 0 / 0)
      harness.check(spoilt.size == m * n)
    end
    collectgarbage()
    collectgarbage()
    local y = gr.ones(m, k):dot(gr.ones(k, n))
    harness.same(y, gr.full({ m, n }, k))
  end
end)

-- ---- Chains, views and reuse

local function agrees(name, f, params)
  case(name, function()
    local list = params()
    local result = gr.check.gradients(function() return f(table.unpack(list)) end, list)
    harness.check(result.ok, tostring(result))
  end)
end

local function two_matrices()
  return {
    gr.param(gr.tensor { { 0.3, -0.7 }, { 1.1, 0.2 } }, "p"),
    gr.param(gr.tensor { { 0.5, 0.9 }, { -1.3, 0.4 } }, "q"),
  }
end

agrees(
  "the gradient is wrong through a chain of operators",
  function(p, q) return ((p:dot(q) + 1):tanh() * q:sigmoid() - p / (q ^ 2 + 1)):exp():mean() end,
  two_matrices
)

agrees("the gradient is wrong through two layers and cross entropy", function(p, q)
  local x = gr.tensor { { 1, 2 }, { -1, 0.5 }, { 0.3, 0.3 } }
  return gr.softmax_cross_entropy(gr.affine(gr.sigmoid(x:dot(p)), q, gr.tensor { 0.1, -0.2 }), gr.tensor { 0, 1, 1 })
end, two_matrices)

agrees(
  "the gradient is wrong for a tensor that is used twice",
  function(p, q) return (p * p + p:dot(p) * q + p):sum() end,
  two_matrices
)

agrees(
  "the gradient is wrong for a tensor that is both inputs",
  function(p)
    return weighed(p:dot(p)) + weighed(p:dot(p:T())) + weighed(p - p) + weighed(p / p) + weighed(gr.maximum(p, p + 1))
  end,
  two_matrices
)

agrees(
  "the gradient is wrong through rows, columns and blocks",
  function(p, q) return (p[1] * q[":, 2"]):sum() + p["2:2"]:exp():sum() + (p["1, 2"] * q[{ 2, 1 }]):sum() end,
  two_matrices
)

agrees(
  "the gradient is wrong through a view of a view",
  function(p, q) return weighed(p:reshape(-1)["2:4"]:reshape(3, 1):T() * q:flatten()["1:3"]) end,
  two_matrices
)

agrees(
  "the gradient is wrong through take with rows that repeat",
  function(p, q) return weighed(p:take { 2, 1, 2, 2 } * q:take({ 1, 1, 2, 1 }):sin()) end,
  two_matrices
)

agrees(
  "the gradient is wrong through concat of parts of one tensor",
  function(p, q) return weighed(gr.concat({ p, q, p }, 1):dot(gr.concat({ q, p * 2 }, 2))) end,
  two_matrices
)

agrees(
  "the gradient is wrong through a transposed tensor outside a product",
  function(p, q) return weighed(p:T() * q + (p:T() + 1):T() * p:T():exp()) end,
  two_matrices
)

agrees(
  "the gradient is wrong through reductions that are kept",
  function(p, q) return weighed((p - p:mean(1, true)) / q:exp():sum(2, true)) end,
  two_matrices
)

agrees(
  "the gradient is wrong where a number comes first",
  function(p) return weighed(2 / (3 - p) + 2 ^ p - 1) end,
  two_matrices
)

-- ---- The recorded graph

case("two backward calls do not add up", function()
  local p = gr.param(gr.tensor { 1, 2 })
  local y = (p * p):sum()
  y:backward()
  harness.same(p.grad, { 2, 4 })
  y:backward()
  harness.same(p.grad, { 4, 8 }, "after the second call")
  local z = (p * 3):sum()
  z:backward()
  harness.same(p.grad, { 7, 11 }, "after another graph")
  p:zero_grad()
  harness.same(p.grad, { 0, 0 }, "after zero_grad")
end)

case("a parameter that nothing was computed from has a gradient", function()
  local p, q = gr.param(gr.ones(2)), gr.param(gr.ones(2))
  local y = (p * 2):sum()
  y:backward()
  harness.check(q.grad == nil, "q.grad should be nil")
  q:zero_grad()
  harness.check(q.grad == nil, "zero_grad should leave nil")
end)

case("what is computed between keeps no gradient of its own", function()
  local p = gr.param(gr.tensor { 1, 2 })
  local between = p * 3
  local y = (between * between):sum()
  y:backward()
  harness.same(between.grad, { 6, 12 })
  harness.same(p.grad, { 18, 36 })
end)

case("a gradient follows its tensor after the next backward", function()
  local p = gr.param(gr.tensor { 1, 2 })
  local first, second = p:sum(), (p * 5):sum()
  first:backward()
  local grad = p.grad
  p:zero_grad()
  second:backward()
  harness.same(grad, { 5, 5 })
end)

case("no_grad records", function()
  local p = gr.param(gr.ones(2))
  local y = gr.no_grad(function() return p * 2 end)
  harness.check(not y.wants_grad and p.wants_grad, "wants_grad is wrong")
  harness.raises(
    "backward: this %(one number%) does not depend on anything made by gr%.param",
    function() gr.tensor(1):backward() end
  )
end)

case("no_grad loses results or arguments", function()
  local a, b, c = gr.no_grad(function(x, y) return y, nil, x end, 1, 2)
  harness.check(a == 2 and b == nil and c == 1)
end)

case("an error leaves no_grad switched on", function()
  local p = gr.param(gr.ones(2))
  harness.check(not pcall(gr.no_grad, error, "stop"))
  harness.check((p * 2).wants_grad, "nothing is recorded any more")
end)

case("detach keeps the history, or copies", function()
  local p = gr.param(gr.ones(2))
  local d = (p * 2):detach()
  harness.check(not d.wants_grad and not (d * 2).wants_grad)
  local q = gr.ones(2)
  q:detach()[1] = 5
  harness.same(q, { 5, 1 })
end)

case("backward from several numbers is not refused", function()
  local p = gr.param(gr.ones(2, 3))
  harness.raises(
    "backward: this %(2 x 3%) is not one number: sum%(%) or mean%(%) makes it one",
    function() (p * 2):backward() end
  )
end)

case("backward without a parameter is not refused", function()
  local x = gr.ones(1)
  harness.raises("backward: this %(1%) does not depend on anything made by gr%.param", function() x:backward() end)
  harness.raises(
    "backward: this is a plain number: it does not depend on anything made by gr%.param",
    function() x:sum():backward() end
  )
end)

case("a parameter changed in place before backward gives a wrong gradient in silence", function()
  local p = gr.param(gr.ones(2), "weights")
  local y = (p * p):sum()
  p:add_(1)
  harness.raises(
    "backward: weights %(2%) was changed in place after mul had used it %(.*:%d+%): change it after backward, or use a clone",
    function() y:backward() end
  )
end)

case("data changed in place before backward gives a wrong gradient in silence", function()
  local p, x = gr.param(gr.ones(2)), gr.tensor { 3, 4 }
  local y = (p * x):sum()
  x[1] = 0
  harness.raises("was changed in place after mul had used it", function() y:backward() end)
end)

case("a result changed through another name for its memory gives a wrong gradient in silence", function()
  local p = gr.param(gr.ones(2))
  local y = p:exp()
  y:detach():fill_(7)
  harness.raises("was changed in place", function() y:sum():backward() end)
end)

case("a source changed after its transposed reading gives a wrong gradient in silence", function()
  local p, x = gr.param(gr.ones(2, 2)), gr.ones(2, 2)
  local turned_x = x:T()
  local y = (p * turned_x):sum()
  x:fill_(5)
  harness.same(turned_x, { { 5, 5 }, { 5, 5 } })
  harness.raises("was changed in place after mul had used it", function() y:backward() end)
end)

case("a transposed parameter cannot be used again after a step", function()
  local p = gr.param(gr.ones(2, 2))
  local turned_p, x = p:T(), gr.tensor { { 1, 2 }, { 3, 4 } }
  for _ = 1, 3 do
    (x * turned_p):sum():backward()
    p:sub_(1)
  end
  harness.same(p.grad, { { 3, 9 }, { 6, 12 } })
end)

case("a change after backward is refused", function()
  local p = gr.param(gr.ones(2))
  for _ = 1, 3 do
    p:zero_grad()
    local y = (p * p):sum()
    y:backward()
    p:sub_(p.grad * 0.25)
  end
  harness.same(p, { 0.125, 0.125 })
end)

case("a computed tensor can be changed in place while its gradient is wanted", function()
  local p = gr.param(gr.ones(2), "p")
  local y = p * 2
  harness.raises(
    "add_: y %(2%) was computed from parameters by mul and is needed for their gradients: change a clone",
    function() y:add_(1) end
  )
  harness.raises("assignment: y %(2%) was computed from parameters by mul", function() y[1] = 5 end)
end)

case("a hundred thousand nodes overflow a stack", function()
  local p = gr.param(gr.tensor { 1, 2 })
  do
    local y = p
    for _ = 1, 100000 do
      y = y + 1
    end
    y:sum():backward()
  end
  harness.same(p.grad, { 1, 1 })
  collectgarbage()
  collectgarbage()
end)

case("ten thousand inputs of one operator are too many", function()
  local list = {}
  for i = 1, 10000 do
    list[i] = gr.tensor { i }
  end
  harness.same(gr.concat(list):sum(), 50005000)
end)

-- ---- Memory

case("dropped tensors stay in memory", function()
  collectgarbage()
  collectgarbage()
  local before, most = core.memory(), 0
  for _ = 1, 20000 do
    local t = gr.ones(1000)
    local _ = t + t
    most = math.max(most, core.memory() - before)
  end
  -- 320 MB pass through; the collector hears of them every 64 KB.
  harness.check(most < 32e6, ("%d bytes were held at once"):format(most))
  collectgarbage()
  collectgarbage()
  harness.same(core.memory() - before, 0, "bytes held afterwards")
end)

case("dropped graphs stay in memory", function()
  collectgarbage()
  collectgarbage()
  local before, most = core.memory(), 0
  do
    local p = gr.param(gr.ones(100, 10))
    for _ = 1, 3000 do
      local x = gr.ones(50, 100)
      x:dot(p):tanh():sum():backward()
      most = math.max(most, core.memory() - before)
    end
  end
  harness.check(most < 32e6, ("%d bytes were held at once"):format(most))
  collectgarbage()
  collectgarbage()
  harness.same(core.memory() - before, 0, "bytes held afterwards")
end)

case("a failed call keeps memory", function()
  local a, b = gr.ones(10, 10), gr.ones(3)
  collectgarbage()
  collectgarbage()
  local before = core.memory()
  for _ = 1, 100 do
    pcall(gr.add, a, b)
    pcall(gr.zeros, 1e9, 1e9)
  end
  collectgarbage()
  collectgarbage()
  harness.same(core.memory() - before, 0, "bytes held afterwards")
end)
