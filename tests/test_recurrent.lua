-- Recurrent operators against PyTorch's figures (tests/golden/recurrent.lua), and recurrent layers.
local gr = require "gradus"
local golden = require "golden.recurrent"
local harness = require "harness"

--- Sums of a few dozen terms, and another library's tanh and exp.
local f64_roundings, f32_roundings = 1e-14, 5e-6

--- A figure's inputs in order, as parameters of that type.
local function inputs_of(entry, dtype)
  local list, names = {}, { "x", "w", "u", "b", entry.c and "c" }
  for i, name in ipairs(names) do
    list[i] = gr.param(gr.tensor(entry[name], dtype), name)
  end
  return list
end

local function check_gradients(list, entry, within)
  for _, p in ipairs(list) do
    harness.close(p.grad, entry["d" .. p.name], within, "d" .. p.name)
  end
end

local function try_figures(entry, dtype, within)
  local list = inputs_of(entry, dtype)
  local y = gr[entry.op](table.unpack(list))
  harness.close(y, entry.y, within, "y");
  (y * gr.tensor(entry.dy, dtype)):sum():backward()
  check_gradients(list, entry, within)
end

local figures = harness.suite("recurrent", function(case)
  try_figures(case.entry, "f64", f64_roundings)
  try_figures(case.entry, "f32", f32_roundings)
end)

local case = harness.suite "recurrent"

for _, entry in ipairs(golden) do
  local what = ("%s of %d sequences of %d steps"):format(entry.op, entry.batch, entry.time)
  figures { what .. " is not PyTorch's", entry = entry }

  case(what .. " has a second backward that differs from the first", function()
    local list = inputs_of(entry, "f64")
    local loss = (gr[entry.op](table.unpack(list)) * gr.tensor(entry.dy)):sum()
    loss:backward()
    for _, p in ipairs(list) do
      p:zero_grad()
    end
    loss:backward()
    check_gradients(list, entry, f64_roundings)
  end)
end

case("sizes that BLAS cannot count are not refused", function()
  local x, w, u, b = gr.zeros(1, 2 ^ 21, 1), gr.zeros(1, 256), gr.zeros(256, 256), gr.zeros(256)
  harness.raises(
    "rnn: x %(1 x 2097152 x 1%) is too large for BLAS, which counts to 2147483647: batch times time, and time times 4 hidden,",
    function() x:rnn(w, u, b) end
  )
end)

-- ---- Layers

local nn = gr.nn

local kinds = { rnn = 1, lstm = 4, gru = 3 }

--- The golden figure of that operator with several sequences of several steps.
local function figure(op)
  for _, entry in ipairs(golden) do
    if entry.op == op and entry.batch > 1 and entry.time > 1 then return entry end
  end
end

--- A layer with the weights of a figure, which may be of another operator than the layer's kind.
local function layer_of(kind, entry, given)
  local o = { init = gr.tensor(entry.w), recurrent_init = gr.tensor(entry.u), bias_init = gr.tensor(entry.b) }
  for name, value in pairs(given or {}) do
    o[name] = value
  end
  local layer = nn[kind](#entry.w, #entry.u, o)
  if entry.c then layer.c = entry.c end
  return layer
end

local function last_steps(sequences)
  local last = {}
  for i, states in ipairs(sequences) do
    last[i] = states[#states]
  end
  return last
end

for kind in pairs(kinds) do
  local entry = figure(kind)

  case(kind .. " does not give all states, or under last the last", function()
    local x = gr.tensor(entry.x)
    harness.close(layer_of(kind, entry)(x), entry.y, f64_roundings)
    harness.close(layer_of(kind, entry, { last = true })(x), last_steps(entry.y), f64_roundings)
  end)

  case(kind .. " has wrong gradients under last", function()
    local layer, x = layer_of(kind, entry, { last = true }), gr.param(gr.tensor(entry.x), "x")
    local weights = gr.tensor { { 1, -2 }, { 0.5, 3 } }
    local params = layer:parameters()
    params[#params + 1] = x
    local result = gr.check.gradients(function() return (layer(x) * weights):sum() end, params)
    harness.check(result.ok, tostring(result))
  end)

  case(kind .. " says otherwise how to make it again", function()
    local layer = nn[kind](3, 2, { last = true, name = "reader" })
    local again = nn[kind](table.unpack(layer.args))
    harness.same({ tostring(again), again.name }, { tostring(layer) })
    for i, p in ipairs(layer:parameters()) do
      local twin = again:parameters()[i]
      harness.check(twin.name == p.name and twin.shape == p.shape, "parameters differ")
      again[p.name] = p
    end
    harness.same(again(gr.tensor(entry.x)), layer(gr.tensor(entry.x)))
  end)

  case(kind .. " draws its weights otherwise than gate by gate", function()
    local gates, hidden = kinds[kind], 3
    gr.random.seed(3)
    local layer, w, u = nn[kind](2, hidden), {}, {}
    gr.random.seed(3)
    for gate = 1, gates do
      w[gate] = nn.init.glorot_uniform()(2, hidden)
    end
    for gate = 1, gates do
      u[gate] = nn.init.orthogonal()(hidden, hidden)
    end
    harness.same(layer.w, gr.concat(w, 2))
    harness.same(layer.u, gr.concat(u, 2))
  end)

  case(kind .. " takes what is no sequence", function()
    local layer = nn[kind](3, 2, { name = "reader" })
    local label, columns = kind .. " 'reader': ", 2 * kinds[kind]
    for _, wrong in ipairs {
      {
        gr.zeros(5, 6),
        "x is 5 x 6, but batch x time x 3 is expected: x:reshape%(5, 2, 3%) makes each row a sequence$",
      },
      { gr.zeros(5, 7), "x is 5 x 7, but batch x time x 3 is expected, and 7 columns are no steps of 3 numbers$" },
      { gr.zeros(6), "x is 6, but batch x time x 3 is expected$" },
      { 5, "x is a number, but batch x time x 3 is expected$" },
      {
        gr.zeros(5, 3, 2),
        ("x is 5 x 3 x 2 but w is 3 x %d: the last axis of x must equal rows of w %%(3%%)$"):format(columns),
      },
    } do
      harness.raises(label .. wrong[2], function() layer(wrong[1]) end)
    end
  end)

  case(kind .. " takes options that mean nothing", function()
    harness.raises(kind .. ": inputs must be a whole number of at least 1, got 0", function() nn[kind](0, 1) end)
    harness.raises(kind .. ": hidden must be a whole number of at least 1, got nil", function() nn[kind](1) end)
    harness.raises(kind .. ": last must be one of true, false, got 1", function() nn[kind](1, 1, { last = 1 }) end)
    harness.raises(
      kind .. ": unknown option 'dropout'; known: .*bias_init .*init last name recurrent_init",
      function() nn[kind](1, 1, { dropout = 1 }) end
    )
    harness.raises(
      ("%s: starting values must be 2 x %d, got a tensor %%(2 x 2%%)"):format(kind, 5 * kinds[kind]),
      function() nn[kind](2, 5, { init = gr.zeros(2, 2) }) end
    )
  end)

  case(kind .. " of f32 weights is not f32", function()
    local single, x = {}, gr.tensor(entry.x, "f32")
    for name, start in pairs { init = "w", recurrent_init = "u", bias_init = "b" } do
      single[name] = gr.tensor(entry[start], "f32")
    end
    local y = layer_of(kind, entry, single)(x)
    harness.same(y.dtype, "f32")
    harness.close(y, entry.y, f32_roundings)
  end)

  case(kind .. " does not train in a net", function()
    gr.random.seed(0)
    local x = gr.random.uniform(-1, 1, 60, 5, 1)
    local y = x[":, 1, 1"]:gt(0) -- seen four steps before the end
    local net = nn.sequential { nn[kind](1, 6, { last = true }), nn.dense(6, 1) }
    local adam = gr.optim.adam { lr = 0.05 }
    net:fit(x, y, { loss = nn.logistic(), optimizer = adam, batch = 20, epochs = 30, progress = false })
    harness.check(net:score(x, y) > 0.9, ("accuracy %g"):format(net:score(x, y)))
  end)
end

case("an rnn of rectifiers is one of tanh", function()
  local entry = figure "rnn_relu"
  local layer = layer_of("rnn", entry, { activation = "relu", last = true })
  harness.close(layer(gr.tensor(entry.x)), last_steps(entry.y), f64_roundings)
  harness.same(tostring(layer), "rnn(3 -> 2, relu, last)")
  harness.same(tostring(nn.rnn(table.unpack(layer.args))), "rnn(3 -> 2, relu, last)")
  harness.raises(
    'rnn: activation must be one of "tanh", "relu", got "sigmoid"',
    function() nn.rnn(1, 1, { activation = "sigmoid" }) end
  )
end)

case("the forget gate's bias is not at 1, or where it was put", function()
  local init = nn.init
  harness.same(nn.lstm(1, 2).b, { 0, 0, 1, 1, 0, 0, 0, 0 })
  harness.same(nn.lstm(1, 2, { forget_bias = 0 }).b, { 0, 0, 0, 0, 0, 0, 0, 0 })
  harness.same(nn.lstm(1, 2, { bias_init = init.constant(3) }).b, { 3, 3, 3, 3, 3, 3, 3, 3 })
  harness.same(nn.lstm(1, 2, { bias_init = init.constant(3), forget_bias = 5 }).b, { 3, 3, 5, 5, 3, 3, 3, 3 })
  harness.raises("lstm: forget_bias must be a number, got false", function() nn.lstm(1, 2, { forget_bias = false }) end)
end)

case("a sequence that does not fit hides the way it took", function()
  local net = nn.sequential { nn.dense(4, 6), nn.lstm(2, 3) }
  harness.raises(
    "lstm: x is 5 x 6, but batch x time x 2 is expected: x:reshape%(5, 3, 2%) makes each row a sequence\n"
      .. "  chain: 5 x 4 %-> dense%(4 %-> 6%) %-> 5 x 6 %-> lstm%(2 %-> 3%)$",
    function() net(gr.zeros(5, 4)) end
  )
end)
