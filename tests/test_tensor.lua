-- Tensors as a user of Lua sees them: making, reading, writing, comparing, printing, and what shares memory with what.
-- The operators have their own tests in test_ops.lua.
local core = require "gradus.core"
local gr = require "gradus"
local harness = require "harness"

local case = harness.suite "tensor"
local same, check, raises = harness.same, harness.check, harness.raises
local inf, nan = math.huge, 0 / 0

local function matrix() return gr.tensor { { 1, 2, 3 }, { 4, 5, 6 } } end

-- ---- Making

case("a nested table becomes something else", function()
  local t = matrix()
  check(t.shape == { 2, 3 } and t.size == 6 and #t == 2 and t.dtype == "f64")
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
  same(gr.tensor { 1, 2.5, -3 }, { 1, 2.5, -3 })
  same(gr.tensor { { { 1 }, { 2 } } }, { { { 1 }, { 2 } } })
  same(gr.tensor { true, false }, { 1, 0 })
  same(gr.tensor { inf, -inf, nan }, { inf, -inf, nan })
end)

case("a number becomes something else than a tensor without axes", function()
  local t = gr.tensor(2.5)
  check(t.shape == {} and t.size == 1 and t:item() == 2.5)
  raises("#: one number has no rows", function() return #t end)
end)

case("a tensor in a table is not taken as its rows", function()
  same(gr.tensor { gr.ones(2), gr.zeros(2), { 5, 6 } }, { { 1, 1 }, { 0, 0 }, { 5, 6 } })
  same(gr.tensor { gr.tensor { { 1 }, { 2 } }:T() }, { { { 1, 2 } } })
end)

case("gr.tensor of a tensor shares its memory", function()
  local t = matrix()
  local copy = gr.tensor(t)
  copy[1] = 0
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
  same(copy, { { 0, 0, 0 }, { 4, 5, 6 } })
end)

case("a ragged table is not refused by the row that is off", function()
  raises(
    "tensor: row 2 has 1 entries where the first has 2: all rows must be equally long",
    function() return gr.tensor { { 1, 2 }, { 3 } } end
  )
  raises(
    "tensor: row 2, column 1 has 3 entries where the first has 2",
    function() return gr.tensor { { { 1, 2 } }, { { 3, 4, 5 } } } end
  )
  raises(
    "tensor: row 2 is a number where a table of numbers is needed",
    function() return gr.tensor { { 1, 2 }, 3 } end
  )
  raises("tensor: entry 2 is a table where a number is needed", function() return gr.tensor { 1, { 2 } } end)
end)

case("rows that are tensors of another shape are not refused", function()
  raises(
    "tensor: row 2 is 3 x 2 where 2 x 3 is needed: all rows must have the same shape",
    function() return gr.tensor { gr.ones(2, 3), gr.ones(3, 2) } end
  )
  raises("tensor: row 2 is 3 where 2 is needed", function() return gr.tensor { { 1, 2 }, gr.ones(3) } end)
end)

case("a word in a table is not refused by its place", function()
  raises(
    "tensor: row 1, column 2 is a string where a number is needed",
    function() return gr.tensor { { 1, "two" }, { 3, 4 } } end
  )
  raises("tensor: entry 3 is a string where a number is needed", function() return gr.tensor { 1, 2, "three" } end)
  raises("tensor: entry 2 is a nil where a number is needed", function() return gr.tensor { 1, nil, 3 } end)
end)

case("what cannot be a tensor is not refused", function()
  raises("tensor: expected a nested table of numbers, got string", function() return gr.tensor "1" end)
  raises("tensor: expected a nested table of numbers, got no value", function() return gr.tensor() end)
  raises("tensor: an empty table has no shape", function() return gr.tensor {} end)
  raises(
    "tensor: the table is nested deeper than 8 levels",
    function() return gr.tensor { { { { { { { { { 1 } } } } } } } } } end
  )
end)

case("zeros, ones, full or eye are off", function()
  same(gr.zeros(2, 3), { { 0, 0, 0 }, { 0, 0, 0 } })
  same(gr.zeros { 3 }, { 0, 0, 0 })
  same(gr.ones(1, 2, 2), { { { 1, 1 }, { 1, 1 } } })
  same(gr.full({ 2, 2 }, 0.5), { { 0.5, 0.5 }, { 0.5, 0.5 } })
  same(gr.full(2, -1), { -1, -1 })
  same(gr.eye(3), { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } })
  check(gr.zeros(2, "f32").dtype == "f32" and gr.ones({ 2 }, "f32").dtype == "f32")
  check(gr.full({ 2 }, 1, "f32").dtype == "f32" and gr.eye(2, "f32").dtype == "f32")
end)

case("a shape of another tensor does not serve as sizes", function()
  check(gr.zeros(matrix().shape).shape == { 2, 3 })
  check(gr.full(matrix().shape, 7).shape == { 2, 3 })
end)

case("sizes that make no sense are not refused", function()
  raises("size 1 is 0: sizes are whole numbers of at least 1", function() return gr.zeros(0) end)
  raises("size 2 is %-3: sizes are whole numbers of at least 1", function() return gr.zeros(2, -3) end)
  raises("size 1 is 1%.5: sizes are whole numbers", function() return gr.ones(1.5) end)
  raises("size 1 is nan", function() return gr.ones(nan) end)
  raises("size 2 must be a whole number, got string", function() return gr.ones(2, "3", 4) end)
  raises("9 sizes: a tensor has at most 8 axes", function() return gr.ones(1, 1, 1, 1, 1, 1, 1, 1, 1) end)
  raises("full: the value must be a number, got no value", function() return gr.full { 2, 2 } end)
  raises("whole number of at least 1, got 0", function() return gr.eye(0) end)
end)

case("a tensor larger than the machine is not refused in words", function()
  raises("out of memory", function() return gr.zeros(1e9, 1e9) end)
  raises("more than this machine can address", function() return gr.zeros(1e10, 1e10) end)
end)

-- Figures from NumPy 1.24's arange and linspace, by tolist().
case("arange differs from NumPy's", function()
  same(gr.arange(0, 5), { 0, 1, 2, 3, 4 })
  same(gr.arange(3), { 0, 1, 2 })
  same(
    gr.arange(0, 1, 0.1),
    { 0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9 }
  )
  same(gr.arange(0.1, 0.7, 0.1), { 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6 })
  same(gr.arange(5, 1, -1.5), { 5, 3.5, 2 })
  same(gr.arange(-3, 3, 0.7), {
    -3,
    -2.3,
    -1.5999999999999996,
    -0.8999999999999995,
    -0.1999999999999993,
    0.5000000000000009,
    1.200000000000001,
    1.9000000000000012,
    2.6000000000000014,
  })
  same(gr.arange(1, 3, 1, "f32").dtype, "f32")
  same(gr.arange(1, 3, "f32").dtype, "f32")
end)

case("arange that leads nowhere is not refused", function()
  raises("arange: nothing lies from 3 to 1", function() return gr.arange(3, 1) end)
  raises("arange: a step of 0 leads nowhere", function() return gr.arange(0, 1, 0) end)
  raises("arange: to must be a number, got no value", function() return gr.arange() end)
end)

case("linspace differs from NumPy's", function()
  same(gr.linspace(0, 1, 5), { 0, 0.25, 0.5, 0.75, 1 })
  same(gr.linspace(0.1, 0.7, 5), { 0.1, 0.25, 0.4, 0.5499999999999999, 0.7 })
  same(
    gr.linspace(-1, 1, 7),
    { -1, -0.6666666666666667, -0.33333333333333337, 0, 0.33333333333333326, 0.6666666666666665, 1 }
  )
  same(gr.linspace(2, 2, 3), { 2, 2, 2 })
  same(gr.linspace(4, 9, 1), { 4 })
  same(#gr.linspace(0, 1), 50)
end)

-- ---- Properties

case("shape, size, dtype or length is off", function()
  local t = matrix()
  same(tostring(t.shape), "2 x 3")
  same({ t.shape[1], t.shape[2], #t.shape }, { 2, 3, 2 })
  same(tostring(gr.ones(4).shape), "4")
  same(tostring(gr.tensor(1).shape), "one number")
  same({ t.size, #t, #gr.ones(5), t.dtype }, { 6, 2, 5, "f64" })
  check(t.shape == gr.zeros(2, 3).shape and t.shape ~= gr.zeros(3, 2).shape and t.shape ~= { 2 })
end)

case("a name does not stay, or cannot be taken back", function()
  local t = matrix()
  same(t.name, nil)
  t.name = "prices"
  same(t.name, "prices")
  raises("add: prices %(2 x 3%) and b %(2%)", function() return t + gr.ones(2) end)
  t.name = nil
  same(t.name, nil)
  raises("name: must be a string, got number", function() t.name = 5 end)
  same(gr.param(t, "w").name, "w")
  raises("param: the name must be a string", function() gr.param(t, 5) end)
end)

case("a field that is not there is not refused", function()
  local t = matrix()
  raises("a tensor has no method or field 'foo'", function() return t.foo end)
  raises("a tensor has no method or field ''", function() return t[""] end)
  raises("field 'shape' of a tensor cannot be set", function() t.shape = { 3, 2 } end)
end)

-- ---- Reading by position

case("t[i] or t[i][j] reads another place", function()
  local t, v = matrix(), gr.tensor { 10, 20, 30 }
  same({ v[1], v[3], v[-1], v[-3] }, { 10, 30, 30, 10 })
  same(t[2], { 4, 5, 6 })
  same(t[-1], { 4, 5, 6 })
  same({ t[1][3], t[2][1], t[-1][-1] }, { 3, 4, 6 })
  same({ t[{ 1, 3 }], t[{ 2, -1 }] }, { 3, 6 })
  same(t[{ 2 }], { 4, 5, 6 })
  same(v[2.0], 20)
  check(math.type(v[1]) == "float")
end)

case("a range reads other rows or columns", function()
  local t = gr.arange(1, 21):reshape(5, 4)
  same(t["2:3"], { { 5, 6, 7, 8 }, { 9, 10, 11, 12 } })
  same(t["4:"], { { 13, 14, 15, 16 }, { 17, 18, 19, 20 } })
  same(t[":1"], { { 1, 2, 3, 4 } })
  same(t["-2:"], { { 13, 14, 15, 16 }, { 17, 18, 19, 20 } })
  same(t[":-4"], { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } })
  same(t["-1"], { 17, 18, 19, 20 })
  same(t["2"], { 5, 6, 7, 8 })
  same(t["2:2"], { { 5, 6, 7, 8 } })
  same(t[":, 3"], { 3, 7, 11, 15, 19 })
  same(t[":, -1"], { 4, 8, 12, 16, 20 })
  same(t["2:3, 2:3"], { { 6, 7 }, { 10, 11 } })
  same(t["2:3,2:3"], t["2:3, 2:3"])
  same(t["2, 2:"], { 6, 7, 8 })
  same(t["3, 3"], 11)
  same(t[{ "2:3", 4 }], { 8, 12 })
  same(t[":"], t)
  same(t:reshape(5, 2, 2)[":, 2, 1"], { 3, 7, 11, 15, 19 })
  same(t:reshape(5, 2, 2)["1:2, 1"], { { 1, 2 }, { 5, 6 } })
end)

case("a position outside is not refused with the name, the axis and its size", function()
  local t, v = matrix(), gr.tensor { 1, 2, 3 }
  raises(
    "position 0 on axis 1 of v %(3%): positions count from 1 to 3 %(classes count from 0, positions from 1%)",
    function() return v[0] end
  )
  raises("position 4 on axis 1 of v %(3%): positions count from 1 to 3$", function() return v[4] end)
  raises("position %-4 on axis 1 of v", function() return v[-4] end)
  raises("position 3 on axis 1 of t %(2 x 3%): positions count from 1 to 2", function() return t["1:3"] end)
  raises("position 4 on axis 2 of t %(2 x 3%): positions count from 1 to 3", function() return t[{ 1, 4 }] end)
  raises("position 0 on axis 1 of t", function() return t["0:1"] end)
  raises("v %(3%) has 1 axis: there is no position for axis 2", function() return v[{ 1, 1 }] end)
  check(v.name == nil, "the borrowed name stayed")
end)

case("a range that makes no sense is not refused", function()
  local t = matrix()
  raises("range 2:1 is empty: both ends are included", function() return t["2:1"] end)
  raises('"1:2:3" is not a range: write "2:5", ":, 3" or "%-1"', function() return t["1:2:3"] end)
  raises('"1," is not a range', function() return t["1,"] end)
  raises("a tensor has no method or field 'one'", function() return t["one"] end)
  raises('a position must be a whole number or a range like "2:5", got 1%.5', function() return t[1.5] end)
  raises('a position must be a whole number or a range like "2:5", got nil', function() return t[nil] end)
  raises(
    'a position must be a whole number or a range like "2:5", got a tensor %(2%)',
    function() return t[{ gr.ones(2) }] end
  )
  raises("positions in a tensor: write t:take%(positions%)", function() return t[gr.ones(2)] end)
end)

case("ipairs or pairs does not go through the rows, or goes past the last", function()
  for _, through in ipairs { ipairs, pairs } do
    local positions, rows = {}, {}
    for i, row in through(matrix()) do
      positions[#positions + 1], rows[#rows + 1] = i, row
    end
    same(positions, { 1, 2 })
    same(rows, { { 1, 2, 3 }, { 4, 5, 6 } })
    local sum = 0
    for _, v in through(gr.tensor { 1, 2, 3 }) do
      sum = sum + v
    end
    same(sum, 6)
  end
  local list = {}
  for i, v in ipairs { "a", "b", nil, "c" } do
    list[i] = v
  end
  same(list, { "a", "b" }, "a plain list through ipairs")
end)

-- ---- Writing by position

case("assignment changes another place", function()
  local t = gr.zeros(3, 3)
  t[1] = 1
  same(t, { { 1, 1, 1 }, { 0, 0, 0 }, { 0, 0, 0 } })
  t[2] = { 4, 5, 6 }
  same(t[2], { 4, 5, 6 })
  t[3][2] = 9
  same(t[3], { 0, 9, 0 })
  t[{ 3, -1 }] = 8
  same(t[3], { 0, 9, 8 })
  t["-1"] = gr.tensor { 7, 7, 7 }
  same(t[3], { 7, 7, 7 })
  t[":, 1"] = { 10, 20, 30 }
  same(t, { { 10, 1, 1 }, { 20, 5, 6 }, { 30, 7, 7 } })
  t["1:2, 2:3"] = 0
  same(t, { { 10, 0, 0 }, { 20, 0, 0 }, { 30, 7, 7 } })
  t["2:3"] = { { 1, 2, 3 } }
  same(t, { { 10, 0, 0 }, { 1, 2, 3 }, { 1, 2, 3 } })
  t["2:3, 2"] = gr.tensor { 5, 6 }
  same(t, { { 10, 0, 0 }, { 1, 5, 3 }, { 1, 6, 3 } })
  t[":"] = 0
  same(t:sum(), 0)
end)

case("assignment to a vector or through three axes changes another place", function()
  local v, c = gr.zeros(4), gr.zeros(2, 2, 2)
  v[2] = 5
  v[-1] = 7
  v["3:3"] = 6
  same(v, { 0, 5, 6, 7 })
  c[{ 2, 1, 2 }] = 1
  c[":, 2, 1"] = { 8, 9 }
  same(c, { { { 0, 0 }, { 8, 0 } }, { { 0, 1 }, { 9, 0 } } })
end)

case("a part cannot be assigned from another part of the same tensor", function()
  local t = gr.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }
  t["2:3"] = t["1:2"]
  same(t, { { 1, 2 }, { 1, 2 }, { 3, 4 } })
  t[":, 1"] = t[":, 2"]
  same(t, { { 2, 2 }, { 2, 2 }, { 4, 4 } })
  local square = gr.tensor { { 1, 2 }, { 3, 4 } }
  square[":"] = square:T()
  same(square, { { 1, 3 }, { 2, 4 } })
end)

case("assignment of what does not fit is not refused", function()
  local t, long = matrix(), gr.ones(4)
  raises(
    "assignment: long %(4%) does not fit into .*%(3%): its sizes must be the same, or 1",
    function() t[1] = long end
  )
  raises("assignment: .*%(2 x 3%) does not fit into", function() t[1] = matrix() end)
  raises("position 3 on axis 1 of t", function() t[3] = 0 end)
  raises("a tensor or a number, got string", function() t[1] = "one" end)
  raises("a tensor or a number, got nil", function() t[1] = nil end)
  raises("is f64 but .* is f32", function() t[1] = gr.ones(3, "f32") end)
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
end)

-- ---- In place

case("an operation in place gives other numbers, or another tensor", function()
  local t = matrix()
  local alias = t
  check(rawequal(t:add_(1), alias))
  same(t, { { 2, 3, 4 }, { 5, 6, 7 } })
  same(t:sub_ { 1, 2, 3 }, { { 1, 1, 1 }, { 4, 4, 4 } })
  same(t:mul_ { { 2 }, { 3 } }, { { 2, 2, 2 }, { 12, 12, 12 } })
  same(t:div_(gr.tensor { { 2, 1, 4 }, { 3, 4, 1 } }), { { 1, 2, 0.5 }, { 4, 3, 12 } })
  same(t:fill_(5), { { 5, 5, 5 }, { 5, 5, 5 } })
  same(t:copy_(matrix()), { { 1, 2, 3 }, { 4, 5, 6 } })
  same(t:add_(t), { { 2, 4, 6 }, { 8, 10, 12 } })
  same(t:sub_(t[1]), { { 0, 0, 0 }, { 6, 6, 6 } }, "a row of the tensor itself")
  local square = gr.tensor { { 1, 2 }, { 3, 4 } }
  same(square:add_(square:T()), { { 2, 5 }, { 5, 8 } }, "its own transposed reading")
end)

case("an operation in place that does not fit is not refused", function()
  local t, row = matrix(), gr.ones(2, 3)
  raises(
    "add_: b %(2%) does not fit into t %(2 x 3%): its sizes must be the same, or 1",
    function() t:add_ { 1, 2 } end
  )
  raises("mul_: t %(2 x 3%) does not fit into v %(3%)", function()
    local v = gr.ones(3)
    v:mul_(t)
  end)
  raises(
    "sub_: row %(2 x 3%) is f64 but b %(2 x 3%) is f32: convert one with :to%(%)",
    function() row:sub_(gr.ones(2, 3, "f32")) end
  )
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
end)

-- ---- What shares memory

case("rows are copies", function()
  local t = matrix()
  local row, rows, last = t[1], t["1:2"], t["-1"]
  row[1] = 10
  rows[{ 2, 2 }] = 50
  last[3] = 60
  same(t, { { 10, 2, 3 }, { 4, 50, 60 } })
  t[1] = 0
  same(row, { 0, 0, 0 })
end)

case("columns and blocks share memory", function()
  local t = matrix()
  local column, block = t[":, 1"], t["1:2, 1:2"]
  column[1] = 10
  block[1] = 20
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
end)

case("reshape copies, or flatten does not, against NumPy's habit", function()
  local t = matrix()
  t:reshape(3, 2)[1] = 0
  same(t, { { 0, 0, 3 }, { 4, 5, 6 } })
  t:reshape(-1)[-1] = 9
  same(t, { { 0, 0, 3 }, { 4, 5, 9 } })
  t:flatten()[-1] = 7
  same(t, { { 0, 0, 3 }, { 4, 5, 9 } })
end)

case("a transposed tensor does not follow its source", function()
  local t = matrix()
  local turned = t:T()
  t[1] = 0
  same(turned, { { 0, 4 }, { 0, 5 }, { 0, 6 } })
  t[{ 2, 3 }] = 9
  same(turned, { { 0, 4 }, { 0, 5 }, { 0, 9 } })
  same(turned:dot(gr.ones(2)), { 4, 5, 9 })
  t:fill_(1)
  same(turned:sum(), 6)
  same(turned + 0, gr.ones(3, 2))
  check(rawequal(turned:T(), t) or turned:T() == t)
end)

case("a transposed tensor can be written to, where it would not reach its source", function()
  local t = matrix()
  local turned = t:T()
  raises(
    "assignment: turned %(3 x 2%) is a transposed reading of another tensor: change that one, or a clone",
    function() turned[1] = 0 end
  )
  raises("add_: turned %(3 x 2%) is a transposed reading", function() turned:add_(1) end)
  turned[1][2] = 50
  turned:reshape(-1)[1] = 60
  turned:flatten()[1] = 70
  turned["1:2"]:fill_(80)
  turned:detach():fill_(90)
  gr.param(turned):fill_(100)
  same(turned, { { 1, 4 }, { 2, 5 }, { 3, 6 } })
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
end)

case("clone, take, to or arithmetic share memory", function()
  local t = matrix()
  t:clone()[1] = 0
  t:take({ 1, 2 })[1] = 0
  t:to("f32")[1] = 0
  (t + 0)[1] = 0
  (-t)[1] = 0
  gr.concat({ t })[1] = 0
  same(t, { { 1, 2, 3 }, { 4, 5, 6 } })
end)

case("to the type it has is not the tensor itself", function()
  local t = matrix()
  check(rawequal(t:to "f64", t))
  check(t:to("f32").dtype == "f32" and t:to("f32"):to("f64") == t)
end)

case("a parameter does not share memory with what it was made from", function()
  local t = gr.zeros(2)
  local p = gr.param(t)
  p:add_(1)
  same(t, { 1, 1 })
  check(p.wants_grad and not t.wants_grad)
  same(gr.param({ 1, 2 }):detach(), { 1, 2 })
  same(gr.param(3):item(), 3)
end)

-- ---- Numbers and comparisons

case("a result of one number is no Lua number", function()
  local t = matrix()
  for name, value in pairs {
    sum = t:sum(),
    mean = t:mean(),
    max = gr.max(t),
    var = t:var(),
    dot = t[1]:dot(t[2]),
    element = t[{ 1, 1 }],
    position = t:argmax(),
    number = gr.exp(1),
    sum_of_parts = gr.add(1, 2),
  } do
    check(type(value) == "number", name)
    check(value:item() == value, name)
  end
  check(math.type(t:argmax()) == "integer" and math.type(t:sum()) == "float")
end)

case("a Lua number lacks the methods of a tensor", function()
  same({ (4):sqrt(), (-2.5):abs(), (3):maximum(5), (0):sigmoid(), (7):sum() }, { 2, 2.5, 5, 0.5, 7 })
  same((2):to "f32", 2)
end)

case("item of several numbers is not refused", function()
  local t = matrix()
  same({ gr.tensor({ { 7 } }):item(), gr.tensor(8):item() }, { 7, 8 })
  raises("item: .*%(2 x 3%) is not one number", function() return t:item() end)
end)

case("a == b compares something else than shape and elements", function()
  local t = matrix()
  check(t == matrix() and t == t:clone():to "f32")
  check(t ~= t + 1 and t ~= t:reshape(3, 2) and t ~= t:reshape(1, 2, 3))
  check(gr.tensor { nan } ~= gr.tensor { nan })
  check(t:T() == gr.tensor { { 1, 4 }, { 2, 5 }, { 3, 6 } })
  check(gr.tensor { 1 } ~= 1 and t ~= "t" and t ~= { { 1, 2, 3 }, { 4, 5, 6 } })
end)

case("a < b of tensors is not refused, or wrong for one number", function()
  local t = matrix()
  raises("t < t compares single numbers; element by element write t:lt%(t%), or t:gt%(t%)", function() return t < t end)
  raises("t <= 3 compares single numbers; element by element write t:le%(3%)", function() return t <= 3 end)
  raises("t > 0 compares single numbers; element by element write t:gt%(0%)", function() return t > 0 end)
  raises("t >= 2.5 compares single numbers; element by element write t:ge%(2.5%)", function() return t >= 2.5 end)
  local one = gr.param(2)
  check(one < 3 and one <= 2 and 1 < one and one > 1 and one >= 2)
end)

case("comparisons element by element are off", function()
  local v = gr.tensor { 1, 2, 3 }
  same(v:lt(2), { 1, 0, 0 })
  same(v:le(2), { 1, 1, 0 })
  same(v:gt { 0, 2, 5 }, { 1, 0, 0 })
  same(v:ge(gr.tensor { 2 }), { 0, 1, 1 })
  same(v:eq(2), { 0, 1, 0 })
  same(gr.ne(v, 2), { 1, 0, 1 })
  same(v:gt(1):mean(), 2 / 3)
end)

case("the arithmetic signs do not take numbers, tables or tensors on either side", function()
  local v = gr.tensor { 1, 2 }
  same(v + 1, { 2, 3 })
  same(1 + v, { 2, 3 })
  same(v - { 1, 1 }, { 0, 1 })
  same({ 1, 1 } - v, { 0, -1 })
  same(2 * v, { 2, 4 })
  same(v * v, { 1, 4 })
  same(1 / v, { 1, 0.5 })
  same(v / 2, { 0.5, 1 })
  same(v ^ 2, { 1, 4 })
  same(2 ^ v, { 2, 4 })
  same(-v, { -1, -2 })
  raises("add: b must be a tensor or a number, got string", function() return v + "1" end)
  raises("mul: a must be a tensor or a number, got nil", function() return nil * v end)
end)

-- ---- Back to Lua

case("totable gives other numbers or nesting", function()
  local t = matrix():totable()
  check(type(t) == "table" and type(t[1]) == "table" and #t == 2 and #t[1] == 3 and t[2][3] == 6)
  check(gr.tensor(5):totable() == 5)
  check(#gr.ones(2, 2, 2):totable()[1][1] == 2)
  check(matrix():T():totable()[3][2] == 6)
end)

case("unique does not sort, or keeps doubles", function()
  same(gr.tensor({ 3, 1, 2, 3, 1 }):unique(), { 1, 2, 3 })
  same(gr.tensor({ { 5, -1 }, { 5, 0 } }):unique(), { -1, 0, 5 })
  same(gr.unique(gr.tensor { nan, 1, nan, -inf }), { -inf, 1, nan })
  check(gr.ones(3, "f32"):unique().dtype == "f32")
end)

-- ---- Text: as str() of NumPy 1.24 and repr() of Python write it

--- A line end at the end of the expected text does not count.
local function prints(name, t, expected)
  case(
    ("%s prints otherwise than in NumPy"):format(name),
    function() same(tostring(t()), (expected:gsub("\n$", ""))) end
  )
end

prints("a matrix", function() return gr.tensor { { 1, 2 }, { 3, 4 } } end, "[[1. 2.]\n [3. 4.]]")
prints("a vector with signs", function() return gr.tensor { 1, 2.5, -3 } end, "[ 1.   2.5 -3. ]")
prints("a vector of thirds", function() return gr.tensor { 1 / 3, 2 / 3 } end, "[0.33333333 0.66666667]")
prints("a vector of very small and ordinary numbers", function() return gr.tensor { 1e-10, 1 } end, "[1.e-10 1.e+00]")
prints(
  "a matrix of far apart numbers",
  function() return gr.tensor { { 1.5, -20 }, { 300, 0.25 } } end,
  "[[ 1.5e+00 -2.0e+01]\n [ 3.0e+02  2.5e-01]]"
)
prints("a vector with nan and inf", function() return gr.tensor { nan, inf, -inf, 1 } end, "[ nan  inf -inf   1.]")
prints("a vector with an exponent of three digits", function() return gr.tensor { 1e100, 1 } end, "[1.e+100 1.e+000]")
prints("a long vector", function() return gr.arange(0, 1001) end, "[   0.    1.    2. ...  998.  999. 1000.]")
prints(
  "a vector of two lines",
  function() return gr.arange(0, 30) end,
  "[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.\n 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29.]"
)
prints(
  "a tensor of three axes",
  function() return gr.arange(0, 24):reshape(2, 3, 4) end,
  [==[
[[[ 0.  1.  2.  3.]
  [ 4.  5.  6.  7.]
  [ 8.  9. 10. 11.]]

 [[12. 13. 14. 15.]
  [16. 17. 18. 19.]
  [20. 21. 22. 23.]]]
]==]
)
prints(
  "a large matrix",
  function() return gr.arange(0, 1200):reshape(40, 30) end,
  [==[
[[0.000e+00 1.000e+00 2.000e+00 ... 2.700e+01 2.800e+01 2.900e+01]
 [3.000e+01 3.100e+01 3.200e+01 ... 5.700e+01 5.800e+01 5.900e+01]
 [6.000e+01 6.100e+01 6.200e+01 ... 8.700e+01 8.800e+01 8.900e+01]
 ...
 [1.110e+03 1.111e+03 1.112e+03 ... 1.137e+03 1.138e+03 1.139e+03]
 [1.140e+03 1.141e+03 1.142e+03 ... 1.167e+03 1.168e+03 1.169e+03]
 [1.170e+03 1.171e+03 1.172e+03 ... 1.197e+03 1.198e+03 1.199e+03]]
]==]
)
prints("an f32 vector", function() return gr.tensor({ 0.1, 0.2 }, "f32") end, "[0.1 0.2]")
prints("one f32 number", function() return gr.tensor(0.1, "f32") end, "0.1")
prints("a transposed matrix", function() return gr.tensor({ { 1, 2 }, { 3, 4 } }):T() end, "[[1. 3.]\n [2. 4.]]")
prints("one number", function() return gr.param(2.5) end, "2.5")

case("a number prints otherwise than in Python", function()
  for _, pair in ipairs {
    { 0.1, "0.1" },
    { 0.1 + 0.2, "0.30000000000000004" },
    { 1e16, "1e+16" },
    { 1e15, "1000000000000000.0" },
    { 123456789012345680.0, "1.2345678901234568e+17" },
    { 1e-4, "0.0001" },
    { 1e-5, "1e-05" },
    { 5e-324, "5e-324" },
    { 0x1.fffffffffffffp+1023, "1.7976931348623157e+308" },
    { 100.0, "100.0" },
    { 1 / 3, "0.3333333333333333" },
    { 1e22, "1e+22" },
    { -0.0, "-0.0" },
    { inf, "inf" },
    { -inf, "-inf" },
    { nan, "nan" },
    { 3, "3" },
    { math.mininteger, "-9223372036854775808" },
  } do
    same(tostring(pair[1]), pair[2])
  end
  same(("%s"):format(0.5), "0.5")
end)

case("0.1 added up a hundred times does not print 9.99999999999998", function()
  local sum = 0
  for _ = 1, 100 do
    sum = sum + 0.1
  end
  same(tostring(sum), "9.99999999999998")
end)

case("text and a tensor do not join", function()
  same("x = " .. gr.tensor { 1, 2 }, "x = [1. 2.]")
  same(gr.tensor { 1, 2 } .. "", "[1. 2.]")
end)

-- ---- f32

case("f32 does not round, or turns into f64 on the way", function()
  local t = gr.tensor({ 0.1, 1e300 }, "f32")
  same(t, { 0x1.99999ap-4, inf })
  for name, y in pairs {
    sum = (t + 1),
    root = t:sqrt(),
    slice = t["1:1"],
    rows = t:reshape(2, 1):T(),
    product = t:reshape(2, 1):dot(t:reshape(1, 2)),
    order = t:take { 1 },
    best = t:reshape(1, 2):argmax(2),
  } do
    check(y.dtype == "f32", name)
  end
  t[1] = 1 / 3
  same(t[1], 0x1.555556p-2)
  check(gr.param(t).dtype == "f32")
end)

case("an unknown type is not refused", function()
  raises('unknown type of number \'f16\': there are "f64" and "f32"', function() return gr.zeros(2, "f16") end)
  raises('argument 2 is a type of number, "f64" or "f32", got 32', function() return gr.tensor({ 1 }, 32) end)
  raises(
    "argument 2 is a type .* got a table: all rows go into one table",
    function() return gr.tensor({ 1 }, { 2 }) end
  )
end)

-- ---- Gradients as a user meets them

case("numerical_gradient is off, or leaves x changed", function()
  local x = gr.tensor { { 1, 2 }, { 3, 4 } }
  harness.close(gr.numerical_gradient(function(t) return (t * t):sum() end, x), { { 2, 4 }, { 6, 8 } }, 1e-7)
  same(x, { { 1, 2 }, { 3, 4 } })
  harness.close(gr.numerical_gradient(function(t) return t ^ 3 end, 2), 12, 1e-7)
  harness.close(gr.numerical_gradient(function(t) return t[1] * t[2] end, { 3, 5 }), { 5, 3 }, 1e-7)
end)

case("numerical_gradient leaves x changed after an error", function()
  local x = gr.tensor { 1, 2 }
  check(not pcall(gr.numerical_gradient, function() error "stop" end, x))
  same(x, { 1, 2 })
end)

case("numerical_gradient of a transposed tensor is wrong", function()
  local x = gr.tensor { { 1, 2 }, { 3, 4 } }
  harness.close(
    gr.numerical_gradient(function(t) return t:dot(gr.tensor { 1, 10 }):sum() + t[{ 1, 2 }] ^ 2 end, x:T()),
    { { 1, 16 }, { 1, 10 } },
    1e-6
  )
  same(x, { { 1, 2 }, { 3, 4 } })
end)

case("numerical_gradient of several numbers is not refused", function()
  raises("numerical_gradient: f must return one number, got 2", function()
    local _ = gr.numerical_gradient(function(t) return t end, gr.ones(2))
  end)
end)

case("check.gradients does not notice a wrong gradient", function()
  local p = gr.param(gr.tensor { 0.1, 2 }, "p")
  local good = gr.check.gradients(function() return (p * p):sum() end, p)
  check(good.ok and tostring(good):find "gradients agree")
  -- What is detached counts for the differences, but not for backward.
  local bad = gr.check.gradients(function() return (p * p:detach()):sum() end, { p })
  check(not bad.ok and tostring(bad):find "gradients DIFFER")
  same({ bad.worst.name, bad.worst.position, bad.worst.analytic }, { "p", 2, 2 })
end)

case("check.gradients changes the parameters or their gradients", function()
  local p = gr.param(gr.tensor { 1, 2 })
  p:sum():backward()
  gr.check.gradients(function() return (p * p):sum() end, p)
  same(p, { 1, 2 })
  same(p.grad, { 1, 1 })
end)

case("gr.graph does not show the tensors that a result was made from", function()
  local p = gr.param(gr.tensor { 1, 2 }, "weights")
  local y = (p * 3):sum()
  y:backward()
  local lines, plain_print = {}, print
  print = function(text) -- luacheck: ignore 121
    lines[#lines + 1] = text
  end
  local ok, message = pcall(gr.graph, y)
  print = plain_print -- luacheck: ignore 121
  check(ok, message)
  same(#lines, 4)
  check(lines[1]:find "param 'weights'.*2.*= %[1 2%].*grad %[3 3%]", lines[1])
  check(lines[3]:find "#3 mul%(#1, #2%)", lines[3])
  check(lines[4]:find "#4 sum%(#3%).*one number.*= 9%.0.*grad 1%.0", lines[4])
end)

case("a change in place drops the history of what it is given in silence", function()
  local p, total = gr.param({ 1, 2 }, "p"), gr.zeros(2)
  local pattern = "collects gradients, and none flow through this"
  raises(pattern, function() total:add_(p * 2) end)
  raises(pattern, function() total[1] = (p * 2)[1] end)
  raises("tensor: entry 1 remembers how it was computed", function() return gr.tensor { p:sum() } end)
  raises(pattern, function() total:add_(p) end)
  raises(pattern, function() return p:unique() end)
  raises(pattern, function() local _ = gr.random.permutation(p) end)
  raises("linear algebra: m %(1 x 1%) collects", function()
    local m = gr.param { { 2 } }
    local _ = m:inv()
  end)
  gr.no_grad(function() total:add_(p):sub_(p) end)
  total:add_((p * 2):detach())
  same(total, { 2, 4 })
end)

case("words are taken for positions, axes or sizes", function()
  local t = gr.tensor { 1, 2 }
  raises("axis '1': axes count from 1", function() return t:sum("1") end)
  raises("a tensor or a number, got string", function() t[1] = "5" end)
  raises("eye: n must be a whole number", function() return gr.eye("3") end)
end)

case("numbers that a loop reduces tensors to pile up until memory ends", function()
  local t, sum = gr.ones(10), 0
  collectgarbage()
  local held = core.memory()
  for _ = 1, 20000 do
    sum = sum + t:sum()
    check(core.memory() <= held + 1000, "each sum keeps its tensor until the collector comes")
  end
  same(sum, 200000.0)
end)

case("a refused backward leaves gradients behind", function()
  local p = gr.param({ 1, 2 }, "p")
  local x = gr.tensor { 3, 4 }
  local y = (p * x):sum()
  x:add_(1)
  raises("%(2%) was changed in place after mul had used it %(.*test_tensor.lua:%d+%)", function() y:backward() end)
  check(p.grad == nil, "the gradient was made although backward was refused")
end)

case("turning twice without recording gives the parameter itself", function()
  local p = gr.param { { 1, 2 } }
  check(not gr.no_grad(function() return p:T():T() end).wants_grad)
  check(p:T():T().wants_grad)
end)

case("the clock stands still or runs back", function()
  local start = gr.clock()
  local last = start
  for _ = 1, 1000 do
    local now = gr.clock()
    check(now >= last)
    last = now
  end
  check(last > start)
end)
