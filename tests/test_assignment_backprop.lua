-- gr.assignment.backprop: what a backward pass written by hand is worth, whatever the student's process says of it.
local gr = require "gradus"
local answers = require "gradus.answers"
local ask = require "gradus.ask"
local cell = require "gradus.cell"
local harness = require "harness"
local shift = require "gradus.shift"

local case = harness.suite "assignment.backprop"
local check, same, raises = harness.check, harness.same, harness.raises

-- ---- A net, and what may be wrong with it

local right = [[
local gr = require "gradus"
local net = { W1 = gr.zeros(2, 3), b1 = gr.zeros(3), W2 = gr.zeros(3, 2), b2 = gr.zeros(2) }
function net:forward(x)
  self.a = (x:dot(self.W1) + self.b1):tanh()
  return self.a:dot(self.W2) + self.b2
end
function net:loss(x, y)
  return ((self:forward(x) - y) ^ 2):sum() / #x
end
function net:backward(x, y)
  local d = 2 * (self:forward(x) - y) / #x
  local dh = d:dot(self.W2:T()) * (1 - self.a ^ 2)
  return { W1 = x:T():dot(dh), b1 = dh:sum(1), W2 = self.a:T():dot(d), b2 = d:sum(1) }
end
return { net = net }
]]

local function with(from, to)
  local at, last = right:find(from, 1, true)
  check(at, "no such line: " .. from)
  return right:sub(1, at - 1) .. to .. right:sub(last + 1)
end

local point = {
  params = {
    W1 = gr.tensor { { 0.5, -0.3, 0.8 }, { -0.7, 0.2, 0.4 } },
    b1 = gr.tensor { 0.1, -0.2, 0.3 },
    W2 = gr.tensor { { 0.6, -0.5 }, { 0.3, 0.9 }, { -0.4, 0.7 } },
    b2 = gr.tensor { 0.2, -0.1 },
  },
  x = gr.tensor { { 1, 0.5 }, { -0.4, 1.2 }, { 0.3, -0.9 } },
  y = gr.tensor { { 1, 0 }, { 0.5, -1 }, { -0.2, 0.8 } },
}

local function loss(p, x, y)
  local out = (x:dot(p.W1) + p.b1):tanh():dot(p.W2) + p.b2
  return ((out - y) ^ 2):sum() / #x
end

local function calls_of(one) return one.calls {} end

--- The verdict on an answer file's text. how: "here", or "cell".
local function verdict(one, text, reference, how)
  local asked = { text = text, name = "answer.lua", numbers = {}, calls = calls_of(one) }
  if how == "cell" then
    asked.seconds, asked.memory, asked.groups = 10, 256, {}
  end
  local said = ask[how or "here"](asked)
  return one.judge({}, said, reference)
end

local function of_net(more)
  local o = { of = "net", at = point, points = 4 }
  for name, value in pairs(more or { f = loss }) do
    o[name] = value
  end
  return gr.assignment.backprop(o)
end

-- ---- Points and words

local function marks(c)
  local got = verdict(of_net(c.o), c.text, c.reference)
  harness.close(got.points, c.points, 1e-12, got.said)
  check(got.said:find(c.said, 1, true), got.said)
  if c.hint then check(got.hint and got.hint:find(c.hint, 1, true), tostring(got.hint)) end
  if not c.hint then same(got.hint, nil) end
end

local try = harness.suite("assignment.backprop does not mark as it should", marks)

try { "a right one", text = right, points = 4, said = "all gradients are right (4)" }
try {
  "one gradient of four",
  text = with("b2 = d:sum(1)", "b2 = d:sum()"),
  points = 3,
  said = "3 of 4 gradients are right; the gradient of b2 is numbers of shape 1; numbers of shape 2 are expected",
  hint = "bias summed over classes. b2 is summed",
}
try {
  "the hidden error without the derivative",
  text = with(" * (1 - self.a ^ 2)", ""),
  points = 2,
  said = "2 of 4 gradients are right; the gradient of W1: row 1, column 1 is",
  hint = "activation derivative missing. W1, b1: ",
}
try {
  "another loss",
  text = with("/ #x\nend", "\nend"),
  points = 0,
  said = "the loss is 7.620884225; 2.540294742 is expected: mend the forward pass first",
}
try { "by the reference", o = {}, reference = { net = load(right)().net }, text = right, points = 4, said = "(4)" }
try {
  "wrong, by the reference",
  o = {},
  reference = { net = load(right)().net },
  text = with("(1 - self.a ^ 2)", "(1 + self.a ^ 2)"),
  points = 2,
  said = "2 of 4 gradients are right",
}
try {
  "a gradient that is forgotten",
  text = with("b2 = d:sum(1)", ""),
  points = 3,
  said = "no gradient of b2 was found: return { b2 = ... }, or set the field db2",
}

-- ---- Garbage

local nothing = harness.suite("assignment.backprop gives points or no words for", function(c)
  local got = verdict(of_net(), c.text)
  same(got.points, 0)
  check(got.said:find(c.said, 1, true), got.said)
end)

nothing { "no net", text = "return {}", said = "net is not defined" }
nothing { "a number", text = "return { net = 1 }", said = "it is 1, not an object with forward and backward" }
nothing { "an empty table", text = "return { net = {} }", said = "the student has no backward or gradient" }
nothing {
  "an error in forward",
  text = with("self.a = (", "self.a = (nil + "),
  said = "stopped with an error: answer.lua:4: add: a must be a tensor or a number",
}
nothing { "an error in backward", text = with("local dh = d", "local dh = nope"), said = "attempt to index a nil value" }
nothing {
  "a loss that is a text",
  text = with("return ((self", 'return "0.5" or (((self'):gsub("/ #x", ") / #x", 1),
  said = 'the loss gave "0.5" where one number is expected',
}
nothing { "a loss of rows", text = with(":sum() / #x", ":sum(2)"), said = "where one number is expected" }
nothing {
  "a missing field",
  text = with("W1 = gr.zeros(2, 3)", "V = gr.zeros(2, 3)"):gsub("self%.W1", "self.V"),
  said = "it has no field 'W1' that holds numbers",
}
nothing {
  "another shape",
  text = with("W1 = gr.zeros(2, 3)", "W1 = gr.zeros(3, 3)"),
  said = "its W1 is 3 x 3; 2 x 3 is expected",
}
nothing {
  "a loss of nothing",
  text = with("return ((self:forward(x) - y) ^ 2):sum() / #x", "return 0"),
  said = "the loss is 0;",
}
nothing {
  "gradients that are texts",
  text = with("return { W1", 'do return "W1", {}, true end return { W1'),
  said = "0 of 4 gradients are right",
}
nothing { "gradients that are no numbers", text = with("local d = ", "local d = 0 / 0 * "), said = "is nan" }

case("gradients of a loss that nothing changes are right", function()
  local text =
    "return { net = { W1 = 0, loss = function() return 1 end, backward = function() return { W1 = 0 } end } }"
  local function f() return 1 end
  local flat = gr.assignment.backprop { of = "net", at = { params = { W1 = 1 }, x = 1, y = 1 }, f = f }
  local got = verdict(flat, text)
  same({ got.points, got.said }, { 0, "net: the loss does not change with the parameters" })
end)

-- ---- Forgery

--- What comes of the right net, changed.
local function forged(text, change)
  local one = of_net()
  local said = ask.here { text = text, name = "answer.lua", numbers = {}, calls = calls_of(one) }
  change(said[1].value)
  return one.judge({}, said)
end

case("values that are made up give points", function()
  local got = forged(with("b1 = dh:sum(1)", "b1 = dh[1]"), function(value)
    local slopes = value.gradients[1].b1
    for i, pair in ipairs(value.shifted.b1) do
      pair[1], pair[2] = slopes[i] * 1e-5, -slopes[i] * 1e-5
    end
  end)
  same(got.points, 3)
end)

case("a report that is made up is printed", function()
  local got = forged(
    with("b1 = dh:sum(1)", "b1 = dh[1]"),
    function(value)
      value.mistakes = { { mistake = "<script>" }, 7, { mistake = "sign", gradients = { "<b>", "b1", {} } } }
    end
  )
  check(got.hint:find("^sign%. b1 has the wrong sign"), got.hint)
  check(not got.hint:find "<", got.hint)
end)

local broken = harness.suite("assignment.backprop cannot judge", function(c)
  local one = of_net()
  same(one.judge({}, { { is = "table", value = c.value } }).points, 0)
end)

broken { "a text", value = "net" }
broken { "an empty table", value = {} }
broken {
  "gradients that are a number",
  value = { value = loss(point.params, point.x, point.y), shifted = {}, gradients = 1 },
}
broken {
  "gradients of texts",
  value = { value = loss(point.params, point.x, point.y), shifted = {}, gradients = { "W1", 2 } },
}

-- ---- Layers, losses, and students in other styles

local dense = [[
local gr = require "gradus"
local layer = { w = gr.zeros(2, 3), b = gr.zeros(3) }
function layer:forward(x)
  self.x = x
  return x:dot(self.w) + self.b
end
function layer:backward(dout)
  self.dw, self.db = self.x:T():dot(dout) / %s, dout:sum(1) / %s
  return dout:dot(self.w:T())
end
return { layer = layer }
]]

local of_layer = gr.assignment.backprop {
  of = "layer",
  points = 3,
  at = {
    params = { w = point.params.W1, b = point.params.b1 },
    x = point.x,
    dout = gr.tensor { { 1, -2, 3 }, { 0.5, 1, 2 }, { 3, 1, -1 } },
  },
  f = function(p, x) return x:dot(p.w) + p.b end,
}

case("a layer is not marked", function()
  same(verdict(of_layer, dense:format("1", "1")).points, 3)
  same(verdict(of_layer, dense:format("#dout", "#dout")).points, 3) -- the mean in all gradients is a convention
  same(verdict(of_layer, dense:format("1", "#dout")).points, 2)
  local got = verdict(of_layer, (dense:format("1", "1"):gsub("self.w:T%(%)%)", "self.w:T()) * 2")))
  same(got.points, 2)
  check(got.said:find "the gradient of x: row 1, column 1 is", got.said)
end)

case("a loss for class labels is not marked", function()
  local of_loss = gr.assignment.backprop {
    of = "criterion",
    args = { 3 },
    at = { x = gr.tensor { { 1, 2, 0.5 }, { -1, 0.3, 0.2 } }, y = { 2, 0 } },
    f = function(_, x, y) return gr.nn.cross_entropy()(x, gr.tensor(y)):item() end,
  }
  local text = [[
    local gr = require "gradus"
    local function make(classes)
      local criterion = {}
      function criterion.forward(scores, labels)
        criterion.p, criterion.t = scores:softmax(), gr.data.one_hot(gr.tensor(labels), classes)
        return -(criterion.t * criterion.p:log()):sum() / #scores
      end
      function criterion.backward() return criterion.p - criterion.t end
      return criterion
    end
    return { criterion = make }
  ]]
  local got = verdict(of_loss, text)
  same(got.points, 0)
  same(verdict(of_loss, (text:gsub("criterion.p %- criterion.t", "(%0) / #criterion.p"))).points, 1)
  check(got.hint:find "^loss averaged, gradient not%. dx: all are the batch size m times too large", tostring(got.hint))
end)

case("a network that is given an error is marked by one reading of it alone", function()
  local text = [[
    local gr = require "gradus"
    local neuron = { w = gr.zeros(2, 1), b = gr.zeros(1) }
    function neuron:forpass(x) return x:dot(self.w) + self.b end
    function neuron:backprop(x, err) return x:T():dot(err) / %s, err:sum(1) / %s end
    return { neuron = neuron }
  ]]
  local one = gr.assignment.backprop {
    of = "neuron",
    doctor = { loss = "logistic" },
    at = {
      params = { w = gr.tensor { { 0.4 }, { -0.7 } }, b = gr.tensor { 0.2 } },
      x = point.x,
      y = gr.tensor { { 1 }, { 0 }, { 1 } },
    },
    f = function(p, x, y) return gr.nn.logistic()(x:dot(p.w) + p.b, y):item() end,
  }
  same(verdict(one, text:format("#x", "#x")).points, 1)
  same(verdict(one, text:format("1", "1")).points, 1)
  same(verdict(one, text:format("#x", "1")).points, 0.5)
end)

case("plain tables and numbers are not marked", function()
  local text = [[
    local neuron = { w = { 0, 0 }, b = 0 }
    local function out(x)
      local z = neuron.b
      for j = 1, #x do z = z + x[j] * neuron.w[j] end
      return z
    end
    function neuron.loss(x, y)
      local sum = 0
      for i = 1, #x do sum = sum + (out(x[i]) - y[i]) ^ 2 end
      return sum
    end
    function neuron.gradient(x, y)
      local w, b = { 0, 0 }, 0
      for i = 1, #x do
        local err = 2 * (out(x[i]) - y[i])
        b = b + err
        for j = 1, 2 do w[j] = w[j] + err * x[i][j] end
      end
      return { w = w, b = b }
    end
    return { neuron = neuron }
  ]]
  local one = gr.assignment.backprop {
    of = "neuron",
    at = { params = { w = { 0.5, 2 }, b = 1 }, x = { { 1, 2 }, { 3, -1 } }, y = { 2, 0.5 } },
    f = function(p, x, y)
      local sum = 0
      for i = 1, #x do
        sum = sum + (p.w[1] * x[i][1] + p.w[2] * x[i][2] + p.b - y[i]) ^ 2
      end
      return sum
    end,
  }
  same(verdict(one, text).points, 1)
  local got = verdict(one, (text:gsub("b = b %+ err", "b = err")))
  same(got.points, 0.5)
  check(got.hint:find "^bias not summed over the batch%. b is", got.hint)
end)

-- ---- In a cell

case("a cell gives other points, or no name", function()
  local stands, why = pcall(cell.run, { script = "" })
  if not stands then return harness.skip(why) end
  same(verdict(of_net(), right, nil, "cell").points, 4)
  local got =
    verdict(of_net(), with("dh = d:dot(self.W2:T()) * (1 - self.a ^ 2)", "dh = d:dot(self.W2:T())"), nil, "cell")
  same(got.points, 2)
  check(got.hint:find "^activation derivative missing", got.hint)
end)

-- ---- Teachers' mistakes

case("an option that makes no sense is taken", function()
  raises("assignment.backprop: unknown option 'off'", function() gr.assignment.backprop { off = "net", at = point } end)
  raises("assignment.backprop: of must be a string, got nil", function() gr.assignment.backprop { at = point } end)
  raises(
    "assignment.backprop: doctor: unknown option 'lables'",
    function() gr.assignment.backprop { of = "net", at = point, doctor = { lables = "classes" } } end
  )
  raises(
    "a tolerance wants its reason",
    function() gr.assignment.backprop { of = "net", at = point, tolerance = 1 } end
  )
  raises("at must be { params = { ... }, x = , y = }", function()
    local one = gr.assignment.backprop { of = "net", at = { x = 1 } }
    one.calls {}
  end)
end)

case("a loss that is made up gives points where nothing says what is right", function()
  local got = verdict(of_net {}, right)
  same(got.points, 0)
  check(tostring(got.trouble):find "f, or a reference, must say what is right", tostring(got.trouble))
  same({ of_net({}).needs_reference, of_net().needs_reference }, { true, false })
end)

case("candidates for gradients are tried without end", function()
  local got = forged(right, function(value)
    local own, list = value.gradients[1], {}
    for i = 1, 100000 do
      list[i] = i == 11 and own or 0
    end
    value.gradients = list
  end)
  same(got.points, 0)
  got = forged(right, function(value) value.gradients = { 0, value.gradients[1] } end)
  same(got.points, 4)
end)

case("a reference that lacks the net is nobody's fault", function()
  local wrong = verdict(of_net {}, right, {}).trouble
  check(tostring(wrong):find "the reference's net: it is missing", tostring(wrong))
end)

case("a value does not keep its form where one of its numbers is moved, or is changed itself", function()
  local list, tensor = { { 1, 2 }, { 3, 4 } }, gr.tensor { { 1, 2 }, { 3, 4 } }
  same(shift.by(1, 1, 0.5), 1.5)
  same(shift.by(list, 3, 0.5), { { 1, 2 }, { 3.5, 4 } })
  same(shift.by(tensor, 2, 0.5), { { 1, 2.5 }, { 3, 4 } })
  same({ list, tensor:totable() }, { { { 1, 2 }, { 3, 4 } }, { { 1, 2 }, { 3, 4 } } })
  same({ type(shift.by(tensor, 2, 0.5)), type(shift.by(list, 2, 0.5)) }, { "userdata", "table" })
end)

case("which of two wrong parameters is told goes by chance", function()
  local names = { "v", "q", "k", "d", "w", "b", "p", "z", "c", "m" }
  for i, name in ipairs(names) do
    local params = {}
    for _, other in ipairs { name, names[i % #names + 1] } do
      params[other] = 1
    end
    local asked = { name = "net", backprop = { kind = "network", h = 1e-5, options = {}, at = { params = params } } }
    asked.backprop.at.x, asked.backprop.at.y = 1, 1
    local net = { a = 1, loss = function() return 1 end, backward = function() return {} end }
    local first = name < names[i % #names + 1] and name or names[i % #names + 1]
    local said = answers.answer({ net = net }, asked)
    check(said.error:find(("no field '%s'"):format(first), 1, true), said.error)
  end
end)

case("numbers of one's own are not used", function()
  local one = gr.assignment.backprop {
    of = "neuron",
    at = function(numbers) return { params = { w = numbers.w, b = 1 }, x = 2, y = 3 } end,
    f = function(p, x, y) return (p.w * x + p.b - y) ^ 2 end,
  }
  local neuron = { w = 0, b = 0 }
  function neuron:loss(x, y) return (self.w * x + self.b - y) ^ 2 end
  function neuron:gradient(x, y)
    local err = 2 * (self.w * x + self.b - y)
    return err * x, err
  end
  local came = answers.answer({ neuron = neuron }, one.calls({ w = 4 })[1])
  same(one.judge({ w = 4 }, { came }).points, 1)
  same(one.judge({ w = 5 }, { came }).points, 0)
  same({ neuron.w, neuron.b }, { 0, 0 })
end)
