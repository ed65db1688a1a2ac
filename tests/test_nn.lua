-- Layers, starting values, losses, nets, the optimiser and metrics. Figures with many digits are NumPy 1.24's and
-- scikit-learn 1.2's, from the formula in the comment beside them.
local gr = require "gradus"
local harness = require "harness"
local nn = gr.nn

local case = harness.suite "nn"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

--- C's and NumPy's exp and log differ by a rounding or two; a loss sums a few of them.
local roundings = 1e-15

local function x32() return gr.tensor { { 0.5, -1.25 }, { 2, 0.125 }, { -0.75, 3 } } end

--- What f prints.
local function printed(f)
  local lines, plain_print = {}, print
  print = function(...) -- luacheck: ignore 121
    lines[#lines + 1] = table.concat({ ... }, "\t")
  end
  local ok, message = pcall(f)
  print = plain_print -- luacheck: ignore 121
  check(ok, message)
  return table.concat(lines, "\n")
end

-- ---- Dense layers

case("dense is not x w + b", function()
  local layer = nn.dense(2, 3, { init = gr.tensor { { 1, 2, 3 }, { 4, 5, 6 } }, bias_init = gr.tensor { 10, 20, 30 } })
  same(layer(gr.tensor { { 1, 1 }, { 2, 0 } }), { { 15, 27, 39 }, { 12, 24, 36 } })
  same(layer(gr.tensor { 1, 1 }), { 15, 27, 39 })
end)

case("dense without bias has one", function()
  local layer = nn.dense(2, 1, { init = gr.tensor { { 1 }, { 2 } }, bias = false })
  same(layer(gr.tensor { { 1, 1 } }), { { 3 } })
  same(#layer:parameters(), 1)
  same(layer.b, nil)
end)

case("a layer's parameters are not at its fields", function()
  local layer = nn.dense(2, 3)
  check(layer.w.shape == { 2, 3 } and layer.b.shape == { 3 })
  same({ layer.w.name, layer.b.name, layer.kind }, { "w", "b", "dense" })
  check(layer.w.wants_grad and layer.b.wants_grad)
  same(layer.v, nil)
end)

case("an assigned parameter is another tensor, so that optimisers lose it", function()
  local net = nn.sequential { nn.dense(2, 1) }
  local w, optimizer = net.layers[1].w, gr.optim.sgd { lr = 1 }
  optimizer:add(net:parameters())
  net.layers[1].w = gr.tensor { { 5 }, { 6 } }
  net.layers[1].b = { 7 }
  same(w, { { 5 }, { 6 } })
  same(net(gr.tensor { { 1, 1 } }), { { 18 } })
  net(gr.ones(1, 2)):sum():backward()
  optimizer:step()
  same(net.layers[1].w, { { 4 }, { 5 } })
end)

case("a parameter of another shape is not refused by name and shapes", function()
  local layer = nn.dense(2, 3, { name = "out" })
  raises("dense 'out': w is 2 x 3, but what is assigned is 3 x 2", function() layer.w = gr.zeros(3, 2) end)
  raises("dense 'out': b is 3, but what is assigned is 1 x 3", function() layer.b = { { 1, 2, 3 } } end)
end)

case("sizes of a dense layer that make no sense are not refused", function()
  raises("dense: inputs must be a whole number of at least 1, got 0$", function() nn.dense(0, 1) end)
  raises("dense: outputs must be a whole number of at least 1, got 2.5", function() nn.dense(1, 2.5) end)
  raises("dense: outputs must be a whole number of at least 1, got nil", function() nn.dense(3) end)
  raises('dense: inputs must be a whole number of at least 1, got "3"', function() nn.dense("3", 1) end)
end)

case("an unknown option of a layer is not refused with the known ones", function()
  raises("dense: unknown option 'units' %(did you mean 'init'%?%)", function() nn.dense(1, 2, { units = 1 }) end)
  raises(
    "dense: unknown option 'activation'; known: bias bias_init init name",
    function() nn.dense(1, 2, { activation = "relu" }) end
  )
  raises("dense: options must be a table like { name = value }, got 4", function() nn.dense(1, 2, 4) end)
  raises("relu: unknown option 'nam' %(did you mean 'name'%?%); known: name", function() nn.relu { nam = "x" } end)
end)

-- ---- Starting values

--- The weights and bias of dense(4, 3) after seed 5. Expected: RandomState(5).uniform(-b, b, (4, 3)) with
--- b = sqrt(6 / (4 + 3)) or sqrt(6 / 4), and .normal(0, s, (4, 3)) with s = sqrt(2 / (4 + 3)), sqrt(2 / 4) or sqrt(1 / 4).
-- stylua: ignore
local starts = {
  glorot_uniform = {
    { -0.514768620158296, 0.6864628413880933, -0.5430506017300607 },
    { 0.7751167851059297, -0.021458308692433037, 0.20690942860299555 },
    { 0.492365676433822, 0.03410348674027586, -0.3762523598088692 },
    { -0.5782279264753796, -0.7763163207652337, 0.4415056376334543 },
  },
  glorot_normal = {
    { 0.23584601222158824, -0.17685753541393273, 1.2993018524892745 },
    { -0.13474891126813238, 0.05858892477201844, 0.8458717372976682 },
    { -0.4860051634177989, -0.3162430959187302, 0.10027814224796626 },
    { -0.1763229091714211, -0.6375595032500869, -0.1095111013166451 },
  },
  he_uniform = {
    { -0.680974875839361, 0.9081049812998359, -0.7183884207508615 },
    { 1.0253831252110919, -0.02838667417811669, 0.27371544599900033 },
    { 0.6513385669739944, 0.04511467237747935, -0.49773508712773085 },
    { -0.7649236472831975, -1.0269699617327281, 0.5840570598055599 },
  },
  he_normal = {
    { 0.31199494802231126, -0.2339605280965324, 1.7188147898460748 },
    { -0.1782560543260937, 0.07750586226471623, 1.1189831289738943 },
    { -0.642924399148401, -0.41835029282105274, 0.13265551316183913 },
    { -0.23325328405550505, -0.8434119458028032, -0.14486956994232048 },
  },
  lecun_normal = {
    { 0.22061374344252072, -0.16543507594704382, 1.21538559350389 },
    { -0.12604606480153846, 0.05480492078909139, 0.7912405585307817 },
    { -0.45461620242812095, -0.2958183289651442, 0.09380161291851774 },
    { -0.16493497888967962, -0.596382306210903, -0.10243825529379365 },
  },
}

for name, expected in pairs(starts) do
  case(name .. " draws otherwise than NumPy", function()
    gr.random.seed(5)
    local layer = nn.dense(4, 3, { init = nn.init[name]() })
    same(layer.w, expected)
    same(layer.b, { 0, 0, 0 })
    gr.random.seed(5)
    same(nn.dense(4, 3, { init = nn.init[name] }).w, expected, "without brackets")
  end)
end

case("weights start otherwise than Glorot-uniform unless said", function()
  gr.random.seed(5)
  same(nn.dense(4, 3).w, starts.glorot_uniform)
end)

--- RandomState(0): .normal(0, 0.5, (2, 2)), then .uniform(-0.1, 0.1, (2, 1)).
case("weights are not drawn layer by layer and row by row from gr.random", function()
  gr.random.seed(0)
  local net = nn.sequential {
    nn.dense(2, 2, { init = nn.init.normal { std = 0.5 } }),
    nn.tanh(),
    nn.dense(2, 1, { init = nn.init.uniform { lo = -0.1, hi = 0.1 } }),
  }
  same(net.layers[1].w, { { 0.882026172983832, 0.20007860418361165 }, { 0.4893689920528696, 1.120446599600729 } })
  same(net.layers[3].w, { { -0.015269040132219053 }, { 0.029178822613331212 } })
end)

--- q, r = np.linalg.qr(a) of a = RandomState(5).normal(0, 1, (4, 3)), or of the transposed (2, 4); then q * np.sign(np.diag(r)),
--- transposed back, times gain.
case("orthogonal draws otherwise than NumPy's QR makes of the same numbers", function()
  gr.random.seed(5)
  close(nn.init.orthogonal()(4, 3), {
    { 0.4038367953833839, -0.5139346900755041, 0.6662965915762172 },
    { -0.23072922876811522, 0.22681593199352346, 0.6730636098288135 },
    { -0.8321818371472824, -0.012173651967384203, 0.22113565396652382 },
    { -0.3019159744179229, -0.8272106560778107, -0.23266553617353875 },
  }, 4 * roundings)
  gr.random.seed(5)
  close(nn.init.orthogonal { gain = 2 }(2, 4), {
    { 0.35224008646397476, -0.2641397790838155, 1.9405297234096381, -0.2012498227505277 },
    { 0.35251464738340793, 1.7738974983620377, 0.08940815801939779, -0.8491332462956775 },
  }, 8 * roundings)
end)

case("orthogonal weights are not at right angles, tall, wide and square", function()
  for _, sizes in ipairs { { 6, 3 }, { 3, 6 }, { 5, 5 }, { 1, 4 }, { 4, 1 }, { 1, 1 } } do
    local w = nn.dense(sizes[1], sizes[2], { init = nn.init.orthogonal { gain = 3 } }).w:detach()
    local few = sizes[1] < sizes[2] and w:dot(w:T()) or w:T():dot(w)
    close(few, gr.eye(math.min(sizes[1], sizes[2])) * 9, 20 * roundings, table.concat(sizes, " x "))
  end
  check(nn.dense(2, 2, { init = nn.init.orthogonal }).w.shape == { 2, 2 })
end)

case("an orthogonal bias is not refused, or a gain that is no number", function()
  raises(
    "orthogonal: a bias is a vector, but only a matrix can be orthogonal",
    function() nn.dense(2, 3, { bias_init = nn.init.orthogonal }) end
  )
  raises('orthogonal: gain must be a number, got "relu"', function() nn.init.orthogonal { gain = "relu" } end)
  raises(
    "orthogonal: unknown option 'gian' %(did you mean 'gain'%?%); known: gain",
    function() nn.init.orthogonal { gian = 2 } end
  )
end)

case("constant starts are off", function()
  same(nn.dense(2, 2, { init = nn.init.ones }).w, { { 1, 1 }, { 1, 1 } })
  same(nn.dense(2, 2, { init = nn.init.zeros() }).w, { { 0, 0 }, { 0, 0 } })
  local layer = nn.dense(2, 2, { init = nn.init.constant(-3), bias_init = nn.init.constant(0.5) })
  same({ layer.w:totable(), layer.b:totable() }, { { { -3, -3 }, { -3, -3 } }, { 0.5, 0.5 } })
end)

case("a bias cannot start at random", function()
  for _, name in ipairs {
    "normal",
    "uniform",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_normal",
  } do
    gr.random.seed(1)
    local b = nn.dense(3, 2, { init = nn.init.zeros, bias_init = nn.init[name] }).b
    check(b.shape == { 2 } and b:abs():min() > 0, name)
  end
end)

case("a tensor or a function does not serve as a start, or is not copied", function()
  local source = gr.tensor { { 1 }, { 2 } }
  local layer = nn.dense(2, 1, { init = source, bias_init = function(outputs) return gr.full({ outputs }, 9) end })
  source:fill_(0)
  same(layer.w, { { 1 }, { 2 } })
  same(layer.b, { 9 })
  local sizes
  nn.dense(4, 5, {
    init = function(inputs, outputs)
      sizes = { inputs, outputs }
      return gr.zeros(inputs, outputs)
    end,
  })
  same(sizes, { 4, 5 })
end)

case("a start that does not fit is not refused with both shapes", function()
  raises(
    "dense: starting values must be 2 x 3, got a tensor %(3 x 2%)",
    function() nn.dense(2, 3, { init = gr.zeros(3, 2) }) end
  )
  raises(
    "dense: starting values must be 3, got a tensor %(1 x 3%)",
    function() nn.dense(2, 3, { bias_init = gr.zeros(1, 3) }) end
  )
  raises("dense: starting values must be 2 x 3, got nil", function()
    nn.dense(2, 3, { init = function() end })
  end)
  raises(
    'dense: an init must be an initialiser such as .* or a tensor %(2 x 3%), got "glorot"',
    function() nn.dense(2, 3, { init = "glorot" }) end
  )
end)

case("options of a start that make no sense are not refused", function()
  raises(
    "normal: unknown option 'sd' %(did you mean 'std'%?%); known: mean std",
    function() nn.init.normal { sd = 1 } end
  )
  raises("normal: std must be a number of at least 0, got %-1", function() nn.init.normal { std = -1 } end)
  raises("uniform: hi must be a number of at least 1, got 0$", function() nn.init.uniform { lo = 1, hi = 0 } end)
  raises("constant: value must be a number, got nil", function() nn.init.constant() end)
end)

-- ---- Activations

case("an activation layer computes something else than its operator", function()
  local x = gr.tensor { { -1.5, 0 }, { 0.25, 2 } }
  -- 1 / (1 + np.exp(-x)), np.tanh(x)
  local sigmoid = { { 0.18242552380635632, 0.5 }, { 0.5621765008857981, 0.8807970779778825 } }
  local tanh = { { -0.9051482536448665, 0.0 }, { 0.24491866240370913, 0.9640275800758169 } }
  close(nn.sigmoid()(x), sigmoid, roundings)
  close(nn.tanh()(x), tanh, roundings)
  same(nn.relu()(x), { { 0, 0 }, { 0.25, 2 } })
  same(nn.identity()(x), x)
  close(nn.softmax()(x):sum(2), { 1, 1 }, roundings)
  same(#nn.sigmoid():parameters(), 0)
end)

case("an activation with an option does not take it, or says nothing of it", function()
  local x = gr.tensor { { -4, 2 } }
  same(nn.leaky_relu()(x), { { -0.04, 2 } })
  same(nn.leaky_relu { slope = 0.25 }(x), { { -1, 2 } })
  same(nn.elu { alpha = 2 }(gr.tensor { -800, 3 }), { -2, 3 })
  same(nn.elu()(x), x:elu())
  same(nn.gelu()(x), x:gelu())
  same(nn.softplus()(x), x:softplus())
  same({ tostring(nn.leaky_relu { slope = 0.2 }), tostring(nn.gelu()) }, { "leaky_relu(slope = 0.2)", "gelu" })
  same(nn.elu({ name = "bend" }):label(), "elu 'bend'")
end)

case("an option of an activation that makes no sense is not refused", function()
  raises(
    "leaky_relu: unknown option 'slop' %(did you mean 'slope'%?%); known: name slope",
    function() nn.leaky_relu { slop = 1 } end
  )
  raises('leaky_relu: slope must be a number, got "steep"', function() nn.leaky_relu { slope = "steep" } end)
  raises("leaky_relu: slope must be finite, got inf", function() nn.leaky_relu { slope = math.huge } end)
  raises("elu: alpha must be a number of at least 0, got %-1", function() nn.elu { alpha = -1 } end)
  raises("gelu: unknown option 'approximate'; known: name", function() nn.gelu { approximate = "tanh" } end)
  raises("elu: x must be a tensor, got 3$", function() local _ = nn.elu()(3) end)
end)

case("an activation of what is no tensor is not refused", function()
  raises("tanh: x must be a tensor, got 3$", function() local _ = nn.tanh()(3) end)
  raises(
    "sequential: layer 2 is nn.sigmoid itself: write nn.sigmoid%(%)",
    function() local _ = nn.sequential { nn.dense(2, 2), nn.sigmoid } end
  )
end)

-- ---- Nets

case("a net does not run its layers in order", function()
  local net = nn.sequential { function(x) return x + 1 end, function(x) return x * 2 end }
  same(net(gr.tensor { 1, 2 }), { 4, 6 })
end)

case("a net in a net loses its parameters", function()
  local inner = nn.sequential { nn.dense(2, 3), nn.relu() }
  local net = nn.sequential { inner, nn.dense(3, 1) }
  same(#net:parameters(), 4)
  check(rawequal(net:parameters()[1], inner:parameters()[1]))
  check(gr.check.gradients(function() return net(x32()):sum() end, net:parameters()).ok)
end)

case("a layer that stands in two places is counted twice", function()
  local layer = nn.dense(2, 2)
  local net = nn.sequential { layer, nn.tanh(), layer }
  same(#net:parameters(), 2)
  check(gr.check.gradients(function() return net(x32()):sum() end, net:parameters()).ok)
end)

case("two nets that share a layer do not learn it together", function()
  local shared = nn.dense(2, 2)
  local one, other = nn.sequential { shared, nn.dense(2, 1) }, nn.sequential { shared, nn.tanh() }
  local before = shared.w:clone()
  one:fit(x32(), gr.ones(3, 1), { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.1 }, epochs = 1 })
  check(shared.w ~= before)
  same(other(x32()), nn.tanh()(x32():dot(shared.w) + shared.b))
end)

case("a layer of one's own does not take part in training", function()
  local scale = gr.param(gr.tensor { 3 }, "scale")
  local layer = nn.layer { name = "times", params = { scale }, forward = function(x) return x * scale end }
  local net = nn.sequential { layer }
  same(net(gr.tensor { { 2 } }), { { 6 } })
  check(rawequal(layer.scale, scale))
  net:fit(
    gr.tensor { { 1 } },
    gr.tensor { { 1 } },
    { loss = nn.sse(), optimizer = gr.optim.sgd { lr = 0.5 }, epochs = 1 }
  )
  same(scale, { 2 }) -- 3 - 0.5 (3 - 1)
end)

case("a layer's function does not get the layer", function()
  local layer = nn.layer { forward = function(x, self) return x + self.step end }
  layer.step = 4
  same(layer(gr.tensor { 1 }), { 5 })
end)

case("what is no layer is not refused", function()
  raises("layer: expected { params = { ... }, forward = function%(x%) ... end }", function() nn.layer {} end)
  raises(
    "layer: unknown option 'parms' %(did you mean 'params'%?%)",
    function() nn.layer { parms = {}, forward = print } end
  )
  raises(
    "layer: parameter 1 must be made by gr.param, got a tensor %(2%)",
    function() nn.layer { params = { gr.zeros(2) }, forward = print } end
  )
  raises("sequential: expected a list of layers", function() nn.sequential {} end)
  raises('sequential: layer 2 is "tanh", not a layer or a function', function() nn.sequential { nn.tanh(), "tanh" } end)
  raises("sequential: unknown option 'name'", function() nn.sequential { nn.tanh(), name = "net" } end)
end)

case("a layer that gives no tensor is not refused by its place", function()
  local net = nn.sequential { nn.identity(), function() return "oops" end }
  raises('sequential: layer 2 %(function%) must return a tensor, got "oops"', function() local _ = net(gr.ones(2)) end)
end)

case("a net keeps its last input alive", function()
  local net, weak = nn.sequential { nn.dense(2, 2) }, setmetatable({}, { __mode = "v" })
  weak.input = gr.ones(3, 2)
  net(weak.input)
  collectgarbage()
  same(weak.input, nil)
end)

case("a net does not describe itself, layer by layer", function()
  local net = nn.sequential { nn.dense(784, 50, { name = "hidden" }), nn.sigmoid(), nn.dense(50, 10) }
  same(
    printed(function() net:summary() end),
    table.concat({
      "1   dense(784 -> 50) 'hidden'          39,250  w 784 x 50, b 50",
      "2   sigmoid                                 0",
      "3   dense(50 -> 10)                       510  w 50 x 10, b 10",
      "    parameters                         39,760",
    }, "\n")
  )
  same(
    { tostring(net), tostring(net.layers[1]), tostring(net.layers[2]) },
    { "sequential(dense(784 -> 50), sigmoid, dense(50 -> 10))", "dense(784 -> 50)", "sigmoid" }
  )
end)

case("a summary fails for functions, nets in nets and millions", function()
  local big = nn.sequential { nn.dense(1000, 1234, { init = nn.init.zeros, bias = false }) }
  same(
    printed(function()
      nn.sequential({ function(x) return x end, big }):summary()
    end),
    table.concat({
      "1   function                                0",
      "2   sequential(dense(1000 -> 1234))    1,234,000  w 1000 x 1234",
      "    parameters                      1,234,000",
    }, "\n")
  )
end)

-- ---- Gradients of layers and losses

local losses = {
  mse = { nn.mse(), gr.tensor { { 1, 0.5 }, { -1, 0 }, { 0.25, 2 } } },
  sse = { nn.sse(), gr.tensor { { 1, 0.5 }, { -1, 0 }, { 0.25, 2 } } },
  logistic = { nn.logistic(), gr.tensor { { 1, 0 }, { 0, 1 }, { 0.25, 1 } } },
  ["cross_entropy of labels"] = { nn.cross_entropy(), gr.tensor { 1, 0, 1 } },
  ["cross_entropy of rows"] = { nn.cross_entropy(), gr.tensor { { 1, 0 }, { 0.25, 0.75 }, { 0, 1 } } },
}

local activations = { "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "softmax", "identity" }

for name, pair in pairs(losses) do
  for _, activation in ipairs(activations) do
    case(("the gradient of %s behind %s is wrong"):format(name, activation), function()
      gr.random.seed(3) -- no unit of relu starts at its corner
      local net = nn.sequential { nn.dense(2, 4), nn[activation](), nn.dense(4, 2) }
      local result = gr.check.gradients(function() return pair[1](net(x32()), pair[2]) end, net:parameters())
      check(result.ok, tostring(result))
    end)
  end
end

-- ---- Losses

case("mse is not the mean over all entries", function()
  local t = gr.tensor { { 1, 0.5 }, { -1, 0 }, { 0.25, 2 } }
  same(nn.mse()(x32(), t), 2.3880208333333335) -- ((s - t)**2).mean()
  same(nn.mse()(x32():flatten(), t:flatten()), 2.3880208333333335)
end)

case("sse is not half the sum of squares, averaged over samples", function()
  local t = gr.tensor { { 1, 0.5 }, { -1, 0 }, { 0.25, 2 } }
  close(nn.sse()(x32(), t), 14.328125 / 2 / 3, roundings) -- the squares add up to 14.328125 exactly
  same(nn.sse()(x32():flatten(), t:flatten()), 14.328125 / 2) -- a vector is one sample
end)

case("logistic is not the cross entropy, summed over outputs, averaged over samples", function()
  local t = gr.tensor { { 1, 0 }, { 0, 1 }, { 0.25, 1 } }
  -- p = 1 / (1 + exp(-s)); -(t log p + (1 - t) log(1 - p)).sum() / 3, and of the first column with targets 1, 0, 1
  close(nn.logistic()(x32(), t), 1.3694971565247542, roundings)
  close(nn.logistic()(x32()[":, 1"], { 1, 0, 1 }), 1.24595866711266, roundings)
  close(nn.logistic()(x32()[":, 1:1"], gr.tensor { 1, 0, 1 }), 1.24595866711266, roundings)
end)

case("logistic overflows where its scores are large", function()
  same(nn.logistic()(gr.tensor { 1000, -1000 }, { 1, 0 }), 0)
  same(nn.logistic()(gr.tensor { 1000, -1000 }, { 0, 1 }), 1000)
end)

local scores = gr.tensor { { 1, 2, 3 }, { 0.5, -1, 0.25 }, { 3, 0, -2 }, { 0, 0, 0 } }

case("cross_entropy is not -log softmax at the label, averaged over rows", function()
  local loss = nn.cross_entropy()
  -- -scipy.special.log_softmax(s, 1)[range(4), [2, 0, 1, 1]].mean()
  local expected = 1.313828918722888
  close(loss(scores, gr.tensor { 2, 0, 1, 1 }), expected, roundings)
  close(loss(scores, { 2, 0, 1, 1 }), expected, roundings)
  close(loss(scores, gr.tensor { { 2 }, { 0 }, { 1 }, { 1 } }), expected, roundings)
  close(loss(scores, gr.data.one_hot { 2, 0, 1, 1 }), expected, roundings)
  close(loss(scores[1], 2), 0.40760596444438035, roundings)
  close(loss(scores[1], gr.tensor { 0, 0, 1 }), 0.40760596444438035, roundings)
  -- -(t * log_softmax(s, 1)).sum(1).mean() for targets that are probabilities
  local soft = gr.tensor { { 0.2, 0.3, 0.5 }, { 1, 0, 0 }, { 0, 0.5, 0.5 }, { 1 / 3, 1 / 3, 1 / 3 } }
  close(loss(scores, soft), 1.7388289187228878, roundings)
  same(loss(gr.tensor { { 1000, 0, -1000 }, { 0, 1000, 0 } }, { 1, 1 }), 500)
end)

case("a loss of single numbers fails", function()
  local w = gr.param(gr.tensor { 1, 1 })
  same(nn.mse()(w:sum(), 5):item(), 9)
  same(nn.sse()(w:sum(), 5):item(), 4.5)
  close(nn.logistic()(w:sum(), 1):item(), math.log(1 + math.exp(-2)), roundings)
end)

case("f32 scores refuse f64 targets, or come out as f64", function()
  local loss = nn.mse()(gr.param(gr.ones(2, 2, "f32")), gr.zeros(2, 2))
  same(loss.dtype, "f32")
  same(loss:item(), 1)
end)

case("targets that do not fit are not refused with both shapes", function()
  raises(
    "mse: scores are 2 x 3 but targets are 2: for class labels",
    function() local _ = nn.mse()(gr.zeros(2, 3), gr.zeros(2)) end
  )
  raises(
    "sse: scores are 2 x 3 but targets are 3 x 2",
    function() local _ = nn.sse()(gr.zeros(2, 3), gr.zeros(3, 2)) end
  )
  raises(
    "logistic: scores are 3 x 1 but targets are 1 x 3",
    function() local _ = nn.logistic()(gr.zeros(3, 1), gr.zeros(1, 3)) end
  )
  raises(
    "cross_entropy: targets t %(2%) do not fit scores x %(3 x 2%): one label a row, or one%-hot rows",
    function() local _ = nn.cross_entropy()(gr.zeros(3, 2), { 0, 1 }) end
  )
  raises("mse: scores must be a tensor, got 3", function() local _ = nn.mse()(3, 4) end)
  raises('mse: targets must be a tensor, got "cat"', function() local _ = nn.mse()(gr.zeros(1), "cat") end)
end)

case("a label or target that cannot be is not refused by its place", function()
  raises(
    "cross_entropy: label 3 in row 2, but the scores have 3 classes: labels count from 0 to 2",
    function() local _ = nn.cross_entropy()(gr.zeros(3, 3), { 0, 3, 1 }) end
  )
  raises("cross_entropy: label %-1 in row 3", function() local _ = nn.cross_entropy()(gr.zeros(3, 3), { 0, 1, -1 }) end)
  raises(
    "cross_entropy: label 0.5 in row 1",
    function() local _ = nn.cross_entropy()(gr.zeros(3, 3), { 0.5, 1, 1 }) end
  )
  raises("cross_entropy: label nan in row 1", function() local _ = nn.cross_entropy()(gr.zeros(1, 3), { 0 / 0 }) end)
  raises(
    "logistic: target 2 at position 2: targets lie between 0 and 1",
    function() local _ = nn.logistic()(gr.zeros(3), { 1, 2, 0 }) end
  )
end)

-- ---- The optimiser

case("a step is not p - lr gradient, to the last bit", function()
  local p = gr.param(gr.tensor { 0.1, 0.7 })
  local optimizer = gr.optim.sgd({ lr = 0.3 }):add { p }
  local y = (p * p * p):sum()
  y:backward()
  local expected = p:detach() - p.grad * 0.3
  optimizer:step()
  same(p, expected)
end)

case("zero_grad leaves gradients, or a step needs them all", function()
  local p, unused = gr.param(gr.tensor { 1 }), gr.param(gr.tensor { 5 })
  local optimizer = gr.optim.sgd({ lr = 1 }):add { p, unused }
  p:sum():backward()
  p:sum():backward()
  same(p.grad, { 2 })
  optimizer:zero_grad()
  same(p.grad, { 0 })
  optimizer:step()
  same({ p:item(), unused:item(), unused.grad }, { 1, 5 })
end)

case("a parameter that is added twice steps twice", function()
  local p = gr.param(gr.tensor { 1 })
  local optimizer = gr.optim.sgd({ lr = 1 }):add({ p }):add { p, p }
  p:sum():backward()
  optimizer:step()
  same(p, { 0 })
end)

case("a rate that is a function does not get the epoch", function()
  local p = gr.param(gr.tensor { 0 })
  local optimizer = gr.optim.sgd({ lr = function(epoch) return 10 ^ epoch end }):add { p }
  p:sum():backward()
  optimizer:step()
  same(p, { -10 })
  optimizer.epoch = 2
  optimizer:step()
  same(p, { -110 })
end)

case("a rate or parameter that makes no sense is not refused", function()
  raises("sgd: lr must be a number of at least 0, got %-1", function() gr.optim.sgd { lr = -1 } end)
  raises("sgd: lr must be a number of at least 0, got nan", function() gr.optim.sgd { lr = 0 / 0 } end)
  raises('sgd: lr must be a number of at least 0, got "0.1"', function() gr.optim.sgd { lr = "0.1" } end)
  raises("sgd: lr must be a number of at least 0, got nil", function()
    gr.optim.sgd({ lr = function() end }):add({ gr.param(1) }):step()
  end)
  raises(
    "sgd: unknown option 'learning_rate'; known: clip_norm lr momentum nesterov weight_decay",
    function() gr.optim.sgd { learning_rate = 1 } end
  )
  raises(
    "sgd: parameter 2 must be made by gr.param, got a tensor %(1%)",
    function() gr.optim.sgd():add { gr.param(gr.zeros(1)), gr.zeros(1) } end
  )
end)

-- ---- Predicting

local function fixed(w, last) return nn.sequential { nn.dense(2, #w[1], { init = gr.tensor(w) }), last } end

case("a net of many scores does not predict the class of the largest, from 0", function()
  local net = fixed { { 1, 0, -1 }, { 0, 1, -1 } }
  local x = gr.tensor { { 1, 0 }, { 0, 1 }, { -1, -1 } }
  same(net:predict(x), { 0, 1, 2 })
  same(net:predict(x[3]), { 2 })
  same(net:score(x, gr.tensor { 0, 1, 1 }), 2 / 3)
  same(net:score(x, gr.data.one_hot { 0, 1, 2 }), 1)
end)

case("a net of one score does not predict values, and is not scored by R squared", function()
  local net = fixed { { 2 }, { 0 } }
  local x = gr.tensor { { 1.5, 0 }, { -0.25, 0 }, { 1, 0 }, { 3.5, 0 } }
  same(net:predict(x), { 3, -0.5, 2, 7 })
  -- The errors' squares add up to 1.5, those of the distances from the mean to 35.1875.
  close(net:score(x, gr.tensor { 2.5, 0, 2, 8 }), 1 - 1.5 / 35.1875, roundings)
  same(net:score(x, net:predict(x)), 1)
end)

case("a net that ends in sigmoid does not say yes from a half on", function()
  local net = fixed({ { 1 }, { 0 } }, nn.sigmoid())
  local x = gr.tensor { { -1, 0 }, { 1, 0 }, { 0, 0 } }
  same(net:predict(x), { 0, 1, 0 })
  same(net:score(x, gr.tensor { 0, 1, 1 }), 2 / 3)
end)

case("a net trained on yes and no does not predict them from scores", function()
  local x, y = gr.tensor { { -1, 0 }, { 1, 0 }, { 2, 0 }, { -2, 0 } }, gr.tensor { 0, 1, 1, 0 }
  local net = fixed { { 0 }, { 0 } }
  net:fit(x, y, { loss = nn.logistic(), optimizer = gr.optim.sgd { lr = 1 }, epochs = 5 })
  same(net:predict(x), y)
  same(net:score(x, y), 1)
  same(net:score(x, y:reshape(-1, 1)), 1)
end)

case("several answers of yes or no are taken for one choice among them", function()
  local x = gr.tensor { { -1, -1 }, { 1, 1 }, { 1, -1 }, { -1, 1 } }
  local y = x:gt(0)
  local net = fixed { { 0, 0 }, { 0, 0 } }
  local history =
    net:fit(x, y, { loss = nn.logistic(), optimizer = gr.optim.sgd { lr = 1 }, epochs = 3, metrics = "accuracy" })
  same(net:predict(x), y)
  same(net:score(x, y), 1)
  same(net:score(x, 1 - y), 0)
  same(history.accuracy[3], 1)
end)

case("a regression of several outputs is taken for classes", function()
  local x, y = gr.tensor { { 1, 0 }, { 0, 1 } }, gr.tensor { { 1.5, 2 }, { -3, 0.5 } }
  local net = fixed { { 0, 0 }, { 0, 0 } }
  net:fit(x, y, { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.5 }, epochs = 300 })
  close(net:predict(x), y, 1e-6) -- converged: each step takes a share of the error away
  close(net:score(x, y), 1, 1e-6)
end)

case("targets of zeros and ones in rows are no classes for mse", function()
  local x, y = gr.tensor { { 1, 0 }, { 0, 1 } }, gr.tensor { 1, 0 }
  local net = fixed { { 0, 0 }, { 0, 0 } }
  local options = { loss = nn.mse(), optimizer = gr.optim.sgd { lr = 0.5 }, epochs = 20 }
  net:fit(x, gr.data.one_hot(y), options)
  same(net:predict(x), y)
  same(net:score(x, y), 1)
end)

case("predict or scores records, or leaves recording off after an error", function()
  local net = fixed { { 1 }, { 1 } }
  check(not net:scores(gr.ones(2, 2)).wants_grad)
  raises("dense: x is 2 x 3 but w is 2 x 1", function() net:predict(gr.ones(2, 3)) end)
  check(net(gr.ones(2, 2)).wants_grad)
end)

case("predict of what is no tensor is not refused", function()
  local net = fixed { { 1 }, { 1 } }
  raises("predict: x must be a tensor, got nil", function() net:predict() end)
  raises('score: y must be a tensor, got "y"', function() net:score(gr.ones(2, 2), "y") end)
end)

-- ---- Metrics

--- sklearn.metrics on y and z: accuracy_score 0.625, confusion_matrix as below.
local y, z = gr.tensor { 0, 1, 2, 2, 1, 0, 2, 1 }, gr.tensor { 0, 2, 2, 1, 1, 0, 2, 0 }

case("accuracy differs from scikit-learn's", function()
  same(gr.metrics.accuracy(y, z), 0.625)
  same(gr.metrics.accuracy(gr.data.one_hot(y), gr.data.one_hot(z) * 5), 0.625)
  same(gr.metrics.accuracy({ 1, 0 }, { { 1 }, { 1 } }), 0.5)
  same(gr.metrics.accuracy(y, z:to "f32"), 0.625)
end)

case("confusion differs from scikit-learn's", function()
  same(gr.metrics.confusion(y, z), { { 2, 0, 0 }, { 1, 1, 1 }, { 0, 1, 2 } })
  same(gr.metrics.confusion({ 0, 1 }, { 0, 0 }, 3), { { 1, 0, 0 }, { 1, 0, 0 }, { 0, 0, 0 } })
end)

--- precision_score, recall_score and f1_score of scikit-learn 1.2.1, with zero_division = 0.
local function quality(truth, guess)
  return { gr.metrics.precision(truth, guess), gr.metrics.recall(truth, guess), gr.metrics.f1(truth, guess) }
end

local truth, guess = { 0, 1, 1, 0, 1, 0, 1, 1, 0, 1 }, { 0, 1, 0, 1, 1, 0, 1, 0, 0, 1 }

case("precision, recall or f1 of yes and no is not scikit-learn's of class 1", function()
  same(quality(truth, guess), { 0.8, 0.6666666666666666, 0.7272727272727272 })
  same(quality({ 0, 1, 1 }, { 0, 0, 0 }), { 0, 0, 0 })
  same(quality({ 0, 0 }, { 1, 1 }), { 0, 0, 0 })
  same(quality({ 0, 0 }, { 0, 0 }), { 0, 0, 0 })
  same(quality({ 1, 1 }, { 1, 1 }), { 1, 1, 1 })
end)

case("precision, recall or f1 of more classes is not scikit-learn's macro average", function()
  close(quality(y, z), { 0.611111111111111, 0.6666666666666666, 0.6222222222222222 }, roundings)
  close(quality(gr.data.one_hot(y), gr.data.one_hot(z) * 5), quality(y, z), 0)
  -- class 1 does not occur, class 3 only among the predictions
  close(quality({ 0, 2, 2, 0 }, { 0, 2, 3, 3 }), { 2 / 3, 1 / 3, 4 / 9 }, roundings)
  same(quality({ 0, 2 }, { 2, 0 }), { 0, 0, 0 })
end)

case("roc_auc differs from scikit-learn's roc_auc_score", function()
  local graded = gr.tensor { 0.1, 0.8, 0.35, 0.35, 0.9, 0.2, 0.35, 0.6, 0.5, 0.7 }
  same(gr.metrics.roc_auc(truth, graded), 0.875)
  same(gr.metrics.roc_auc(truth, graded:reshape(-1, 1)), 0.875)
  same(gr.metrics.roc_auc(truth, gr.concat({ 1 - graded:reshape(-1, 1), graded:reshape(-1, 1) }, 2)), 0.875)
  same(gr.metrics.roc_auc({ 0, 0, 1, 1 }, { 0.1, 0.4, 0.35, 0.8 }), 0.75)
  same(gr.metrics.roc_auc({ 0, 1, 0, 1 }, { 1, 1, 1, 1 }), 0.5)
  same(gr.metrics.roc_auc({ 0, 1 }, { -math.huge, math.huge }), 1)
  -- r = RandomState(3); y = r.randint(0, 2, 500); np.round(r.rand(500) + 0.3 * y, 1): many ties
  local r = gr.random.new(3)
  local labels = r:randint(0, 2, 500)
  local tenths = ((r:rand(500) + 0.3 * labels) * 10 + 0.5):totable()
  for i, tenth in ipairs(tenths) do
    tenths[i] = tenth // 1
  end
  close(gr.metrics.roc_auc(labels, tenths), 0.7739511835268459, roundings)
end)

case("roc_auc of more classes is not scikit-learn's one against the rest, averaged", function()
  local chances = gr.tensor {
    { 0.7, 0.2, 0.1 },
    { 0.1, 0.3, 0.6 },
    { 0.2, 0.2, 0.6 },
    { 0.1, 0.6, 0.3 },
    { 0.3, 0.4, 0.3 },
    { 0.5, 0.25, 0.25 },
    { 0.1, 0.2, 0.7 },
    { 0.4, 0.35, 0.25 },
  }
  close(gr.metrics.roc_auc(y, chances), 0.888888888888889, roundings) -- multi_class="ovr", average="macro"
  close(gr.metrics.roc_auc(gr.data.one_hot(y), chances), 0.888888888888889, roundings)
end)

case("a score of classes that cannot be is not refused", function()
  raises("precision: 10 targets but 2 predictions", function() gr.metrics.precision(truth, { 0, 1 }) end)
  raises("f1: label 0.5 at position 2: labels are whole numbers", function() gr.metrics.f1({ 0, 1 }, { 0, 0.5 }) end)
  raises("recall: label %-1 at position 1", function() gr.metrics.recall({ -1, 1 }, { 0, 1 }) end)
  raises("roc_auc: 2 targets but 3 scores", function() gr.metrics.roc_auc({ 0, 1 }, { 0, 1, 2 }) end)
  raises("roc_auc: class 1 is the label of no row: both kinds", function() gr.metrics.roc_auc({ 0, 0 }, { 0, 1 }) end)
  raises("roc_auc: class 1 is the label of every row", function() gr.metrics.roc_auc({ 1, 1 }, { 0, 1 }) end)
  raises(
    "roc_auc: label 2 at position 1, but there are 2 classes",
    function() gr.metrics.roc_auc({ 2, 1 }, { 0, 1 }) end
  )
  raises("roc_auc: score nan at position 2", function() gr.metrics.roc_auc({ 0, 1 }, { 0, 0 / 0 }) end)
  raises('roc_auc: scores must be a tensor, got "x"', function() gr.metrics.roc_auc({ 0, 1 }, "x") end)
end)

case("mse, mae or r2 differ from scikit-learn's", function()
  local a, b = gr.tensor { 3, -0.5, 2, 7 }, gr.tensor { 2.5, 0, 2, 8 }
  same({ gr.metrics.mse(a, b), gr.metrics.mae(a, b) }, { 0.375, 0.5 })
  close(gr.metrics.r2(a, b), 0.9486081370449679, roundings)
  same(gr.metrics.mse(a, b:reshape(-1, 1)), 0.375)
  same({ gr.metrics.r2(gr.ones(2), gr.ones(2)), gr.metrics.r2(gr.ones(2), gr.zeros(2)) }, { 1, 0 })
end)

case("metrics of what does not match are not refused", function()
  raises("accuracy: 8 targets but 3 predictions", function() gr.metrics.accuracy(y, gr.zeros(3)) end)
  raises("r2: 8 targets but 3 predictions", function() gr.metrics.r2(y, gr.zeros(3)) end)
  raises("accuracy: predicted must be a tensor, got nil", function() gr.metrics.accuracy(y) end)
  raises(
    "confusion: label 2 at position 2, but there are 2 classes: they count from 0",
    function() gr.metrics.confusion(y, z, 2) end
  )
  raises("confusion: label %-1 at position 2", function() gr.metrics.confusion({ 0, -1 }, { 0, 0 }) end)
  raises("confusion: label", function() gr.metrics.confusion({ 0, 0.5 }, { 0, 0 }) end)
end)

-- ---- Gradient check of single numbers

case("a parameter of one number cannot be checked", function()
  local b = gr.param(0.5, "b")
  check(gr.check.gradients(function() return b * b end, { b }).ok)
  close(gr.numerical_gradient(function(x) return x ^ 3 end, gr.tensor(2)):item(), 12, 1e-6) -- h^2 of the differences
end)

case("parameters given by name are not trained, or a layer put in later is not", function()
  local s = gr.param(gr.ones(1))
  local scale = nn.layer { params = { s = s }, forward = function(x) return x * s end }
  same(#scale:parameters(), 1)
  same(scale.s.name, "s")
  local net = nn.sequential { nn.dense(2, 2), scale }
  same(#net:parameters(), 3)
  net.layers[1] = nn.dense(2, 3)
  same(tostring(net:parameters()[1].shape), "2 x 3")
  raises("layer: params must be a list", function() local _ = nn.layer { params = 3, forward = gr.exp } end)
end)

case("a net inside a net hides how it ends", function()
  local inner = nn.sequential { nn.dense(3, 1), nn.sigmoid() }
  local net = nn.sequential { nn.dense(2, 3), inner }
  check(net:ends_in "sigmoid" and not net:ends_in "dense")
  local x = gr.tensor { { 1, 0 }, { 0, 1 } }
  same(net:predict(x), gr.gt(net(x):detach(), 0.5):reshape(-1))
end)

case("a module answers nil for what it does not have", function()
  raises("gr.optim has no 'adm'", function() local _ = gr.optim.adm end)
  raises("gr has no 'tesnor' %(did you mean 'tensor'%?%); it has: ", function() local _ = gr.tesnor end)
  raises("nn has no 'convolution'; it has: ", function() local _ = nn.convolution end)
  raises("sgd: options are given by name, like { name = value }", function() local _ = gr.optim.sgd { 0.1 } end)
end)

case("a setting that a run does not have is nil", function()
  local run = gr.run { name = "test", lr = 0.5 }
  same(run.lr, 0.5)
  raises("run: unknown option 'lrr' %(did you mean 'lr'%?%); known: lr name out", function() local _ = run.lrr end)
end)

case("check.gradients leaves traces when f raises, or calls right f32 gradients wrong", function()
  local p = gr.param(gr.ones(2), "p")
  local loss = (p * p):sum()
  loss:backward()
  check(not pcall(gr.check.gradients, function() error("boom", 0) end, p))
  same(p.grad, { 2, 2 })
  check(gr.check.gradients(function() return (p * p):sum() end, p).ok)
  same(p.grad, { 2, 2 })
  local narrow = gr.param(gr.ones(2, "f32"), "narrow")
  check(gr.check.gradients(function() return (narrow * narrow):sum() end, narrow).ok)
end)

case("a function's layers are not trained: a residual net, or one with shared weights, stands still", function()
  local block, shared = nn.sequential { nn.dense(3, 3), nn.relu() }, nn.dense(3, 3)
  local function residual(inner)
    return function(x) return x + inner(x) end
  end
  local net = nn.sequential { function(x) return x + block(x) end, residual(shared), shared }
  same(#net:parameters(), 4)
  same(net:parameters()[3] == shared.w, true)
  net:eval()
  same({ block.training, shared.training, block.layers[1].training }, { false, false, false })
  net:train()
  same({ block.training, shared.training, block.layers[1].training }, { true, true, true })
end)

case("scoring sets a layer free that a script had held as after training", function()
  local held = nn.relu():eval()
  local net = nn.sequential { nn.dense(2, 2), held, function(x) return held(x) end }
  local function modes() return { net.training, net.layers[1].training, held.training } end
  net:scores(gr.ones(3, 2))
  same(modes(), { true, true, false })
  check(not pcall(net.scores, net, gr.ones(3, 5)))
  same(modes(), { true, true, false })
end)

case("a message about a wrong shape trains the layers before it", function()
  local modes = {}
  local watcher = nn.layer {
    forward = function(x, self)
      modes[#modes + 1] = self.training
      return x
    end,
  }
  local net = nn.sequential { watcher, nn.dense(3, 1) }
  raises("x is 4 x 2 but w is 3 x 1.*chain: 4 x 2 %-> layer", function() net(gr.ones(4, 2)) end)
  same(modes, { true, false })
  check(watcher.training)
end)

case("a layer hides the layers that it is made of", function()
  local inner = nn.dense(2, 2)
  local count = gr.zeros(1)
  count.name = "count"
  local outer = nn.layer { layers = { inner }, state = { count }, forward = function(x) return inner(x) + x end }
  same(#outer:parameters(), 2)
  same(#nn.sequential({ outer, outer }):states(), 1)
  outer.count = gr.tensor { 5 }
  same(count, { 5 })
  raises(
    "layer: layers must be a list of layers, got 3 at 1",
    function() nn.layer { layers = { 3 }, forward = outer.forward } end
  )
end)
