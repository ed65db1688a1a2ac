-- gr.numerical_gradient: what follows a changed number through the graph against calling f anew for each.
local gr = require "gradus"
local harness = require "harness"

local nn = gr.nn
local case, close, same, check, raises =
  harness.suite "slopes", harness.close, harness.same, harness.check, harness.raises

local function random(...)
  local made = gr.random.new(7):normal(0, 1, ...)
  return made
end

--- Both ways must agree to the rounding of a difference: some 1e-16 over 2h.
local function both(f, x, within)
  local quick = gr.numerical_gradient(f, x)
  close(quick, gr.numerical_gradient(f, x, 1e-4, { plain = true }), within or 1e-10, "the gradient")
  return quick
end

-- ---- Which results change

local x, w, v = random(6, 5), random(5, 4), random(4, 3)
local b, row = random(4), random(1, 4)
local labels = gr.tensor { 0, 1, 2, 2, 1, 0 }

local functions = {
  ["weights of one product"] = { w, function() return x:dot(w):tanh():sum() end },
  ["weights of the first of two products"] = { w, function() return x:dot(w):sigmoid():dot(v):exp():mean() end },
  ["weights of the second of two products"] = { v, function() return x:dot(w):sigmoid():dot(v):exp():mean() end },
  ["weights of affine"] = { w, function() return gr.affine(x, w, b):relu():dot(v):tanh():sum() end },
  ["bias of affine"] = { b, function() return gr.affine(x, w, b):tanh():dot(v):tanh():sum() end },
  ["a row added to all"] = { row, function() return (x:dot(w) * row + row):tanh():dot(v):sum() end },
  ["a matrix that is used twice"] = { w, function() return (x:dot(w) + (w * 2):sum(1)):tanh():sum() end },
  ["a matrix under two products"] = { w, function() return x:dot(w):tanh():sum() + (x * 2):dot(w):exp():sum() end },
  ["a column against itself"] = {
    w,
    function()
      local z = x:dot(w)
      return (z * z:sigmoid() - z / (z ^ 2 + 1)):dot(v):sum()
    end,
  },
  ["weights that are computed"] = { w, function() return x:dot(w:tanh() * 2 + b):relu():dot(v):sum() end },
  ["the input of a product"] = { x, function() return gr.affine(x, w, b):tanh():sum() end },
  ["the input of a product, its rows together"] = { x, function() return x:dot(w):tanh():sum() ^ 2 end },
  ["the computed input of a product"] = { x, function() return x:tanh():dot(w):exp():sum():log() end },
  ["weights in front of samples that are columns"] = {
    v,
    function() return gr.softmax_cross_entropy(v:dot(random(3, 6)):T(), gr.tensor { 0, 1, 2, 3, 0, 1 }) end,
  },
  ["a result that is turned"] = { row, function() return (row:dot(row:T()) * 1):T() end },
  ["a turned matrix"] = { v, function() return x:dot(w):dot(v):T():dot(x):tanh():sum() end },
  ["a matrix that is turned"] = { w, function() return w:T():dot(x:T()):tanh():sum() end },
  ["a view of a matrix"] = { w, function() return (w["2:3"] * 3):sum() + w:reshape(-1):exp():sum() end },
  ["softmax and cross entropy"] = {
    w,
    function() return gr.softmax_cross_entropy(x:dot(w):tanh():dot(v), labels) end,
  },
  ["larger and smaller of two"] = { w, function() return x:dot(w):maximum(x["1:6, 1:4"]):minimum(b):sum() end },
  ["a column times each row"] = { w, function() return (x:dot(w) * x[":, 1:1"]):tanh():dot(v):sum() end },
  ["a vector against a matrix"] = { w, function() return x[1]:dot(w):tanh():dot(v):sum() end },
  ["one output"] = { w, function() return x:dot(w):tanh():dot(v[":, 1:1"]):sigmoid():sum() end },
  ["numbers that saturate"] = { w, function() return (x:dot(w) * 400):sigmoid():dot(v):sum() end },
  ["columns with an axis to sum"] = { w, function() return x:dot(w):exp():sum(1):log():dot(b) end },
}

local names = {}
for name in pairs(functions) do
  names[#names + 1] = name
end
table.sort(names)

for _, name in ipairs(names) do
  local leaf, f = functions[name][1], functions[name][2]
  case("the slopes are wrong for " .. name, function()
    local before = leaf:clone()
    local quick = both(f, leaf, 1e-8)
    local p = gr.param(leaf:clone())
    harness.same(leaf, before, "the leaf")
    check(quick.shape == p.shape, "the gradient has another shape")
  end)
end

case("inputs that are all zero leave a slope other than zero", function()
  local zero = gr.zeros(6, 5)
  same(gr.numerical_gradient(function() return zero:dot(w):tanh():dot(v):exp():sum() end, w), gr.zeros(5, 4))
end)

case("single precision is followed otherwise", function()
  local a, p, q = x:to "f32", w:to "f32", v:to "f32"
  local quick = gr.numerical_gradient(function() return a:dot(p):tanh():dot(q):tanh():sum() end, p, 1e-2)
  check(quick.dtype == "f32", "the type is another")
  local exact = gr.numerical_gradient(function() return x:dot(w):tanh():dot(v):tanh():sum() end, w)
  close(quick:to "f64", exact, 2e-3) -- eps(f32) over 2h, and h^2
end)

case("infinite inputs give other slopes", function()
  local infinite = gr.tensor { { math.huge, 0, 1, 1, 0 }, { 1, 2, 0, -1, 1 } }
  both(function() return infinite:dot(w):sigmoid():sum() end, w)
end)

-- ---- Nets and tables

local function nets()
  gr.random.seed(3)
  return {
    ["dense layers"] = {
      random(6, 5),
      nn.sequential { nn.dense(5, 8), nn.tanh(), nn.dense(8, 6), nn.relu(), nn.dense(6, 3) },
    },
    ["a residual net"] = {
      random(6, 5),
      nn.sequential { nn.dense(5, 4), function(z) return z + z:tanh() end, nn.dense(4, 3) },
    },
    ["normalised layers"] = {
      random(6, 5),
      nn.sequential { nn.dense(5, 4), nn.layer_norm(4), nn.gelu(), nn.dense(4, 3) },
    },
    ["images"] = {
      random(6, 1, 6, 6),
      nn.sequential { nn.conv2d(1, 2, 3), nn.relu(), nn.max_pool2d(2), nn.flatten(), nn.dense(8, 3) },
    },
    ["sequences"] = { random(6, 4, 2), nn.sequential { nn.lstm(2, 3, { last = true }), nn.dense(3, 3) } },
  }
end

for _, name in ipairs { "dense layers", "a residual net", "normalised layers", "images", "sequences" } do
  case("the slopes are wrong for a net of " .. name, function()
    local input, net = nets()[name][1], nets()[name][2]
    local loss = nn.cross_entropy()
    local quick = both(function(n) return loss(n(input), labels) end, net, 1e-8)
    local list = net:parameters()
    check(#quick == #list, "not every parameter has a gradient")
    loss(net(input), labels):backward()
    for i, p in ipairs(list) do
      close(quick[i], p.grad, 1e-6, p.name) -- h^2 of the differences
      check(p.grad and p.wants_grad, "the parameter has lost its gradient")
    end
  end)
end

case("tensors by name have no gradients by name", function()
  local set = { W1 = w, b1 = b, W2 = v }
  local function f(s) return gr.affine(x, s.W1, s.b1):tanh():dot(s.W2):exp():mean() end
  local quick = both(f, set)
  close(quick.b1, gr.numerical_gradient(function() return f(set) end, b), 1e-12)
end)

case("something among tensors that is none is not refused", function()
  raises("numerical_gradient: x.rate must be a tensor as the others are, got number", function()
    local _ = gr.numerical_gradient(function() return 1 end, { w = w, rate = 0.1 })
  end)
end)

case("a result of others among tensors is taken for one that can be changed", function()
  local p = gr.param { 1, 2, 3, 4, 5 }
  for _, t in ipairs { p * 2, w:T() } do
    raises("numerical_gradient: x.w is the result of others, which cannot be changed: give its clone", function()
      local _ = gr.numerical_gradient(function(s) return (s.w * s.w):sum() end, { w = t })
    end)
  end
end)

-- ---- What no graph holds

case("numbers that leave the graph are not seen", function()
  both(function(t)
    local total = 0
    for _, value in ipairs(t:totable()) do
      total = total + value ^ 2
    end
    return total
  end, random(7))
  both(function(t) return t:sum() * math.exp(t[2]) end, random(7))
  both(function() return (w * w:detach()):sum() end, w)
  both(function() return (w * gr.tensor(w:totable())):sum() end, w)
end)

case("a function that computes in place is followed otherwise", function()
  both(function() return (x:dot(w):mul_(2)):tanh():sum() end, w)
  both(function()
    local z = x:dot(w)
    local y = z:tanh()
    z:fill_(0)
    return y:sum() + z:sum()
  end, w)
end)

case("a function that gives another value at each call has slopes", function()
  local k = gr.tensor(1)
  local noisy = {
    function(t) return (t * gr.random.randn(7)):sum() end,
    function(t) return (k:mul_(1.5) * t * t):sum() end,
    function(t) return nn.dropout(0.5)(t:reshape(7, 1)):sum() end,
  }
  for _, f in ipairs(noisy) do
    raises(
      "numerical_gradient: f gave .* and then .* for the same x",
      function() local _ = gr.numerical_gradient(f, random(7)) end
    )
  end
end)

case("a function that changes x has slopes, or leaves x changed", function()
  local t = random(7)
  local before = t:clone()
  raises("numerical_gradient: f changes x in place; let it work on x:clone", function()
    local _ = gr.numerical_gradient(function(q) return q:mul_(2):sum() end, t)
  end)
  same(t, before)
end)

case("a branch is not taken", function()
  both(function(t) return t:sum():item() > 0 and (t * t):sum() or (t * 3):sum() end, random(7))
end)

case("an error of f is not passed on", function()
  raises("no more", function()
    gr.numerical_gradient(function() error "no more" end, w)
  end)
  local before, calls = w:clone(), 0
  check(not pcall(gr.numerical_gradient, function()
    calls = calls + 1
    if calls > 3 then error "no more" end
    return x:dot(w):sum()
  end, w))
  same(w, before)
end)

case("a followed tensor goes on being recorded", function()
  gr.numerical_gradient(function() return x:dot(w):tanh():sum() end, w)
  raises("does not depend on anything made by gr.param", function() x:dot(w):sum():backward() end)
  w:add_(0)
end)

case("an unknown option is not refused", function()
  raises("numerical_gradient: unknown option 'slow'.*known: plain", function()
    local _ = gr.numerical_gradient(function(t) return t:sum() end, w, 1e-4, { slow = true })
  end)
end)

case("the documents' network is not followed to 1e-8", function()
  local picture, truth = random(20, 784):relu(), gr.data.one_hot(gr.arange(0, 20) - gr.arange(0, 20):gt(9) * 10, 10)
  local p = { W1 = random(784, 5) * 0.01, b1 = gr.zeros(5), W2 = random(5, 10) * 0.01, b2 = gr.zeros(10) }
  local function f()
    local z1 = 1 / (1 + (-(picture:dot(p.W1) + p.b1)):exp())
    local y = (z1:dot(p.W2) + p.b2):softmax()
    return -(truth * (y + 1e-7):log()):sum() / #picture
  end
  local quick = gr.numerical_gradient(f, p)
  for name, gradient in pairs(gr.numerical_gradient(f, { b1 = p.b1, W2 = p.W2, b2 = p.b2 }, 1e-4, { plain = true })) do
    close(quick[name], gradient, { abs = 1e-8 }, name)
  end
  local plain = gr.numerical_gradient(f, p.W1, 1e-4, { plain = true })
  close(quick.W1, plain, { abs = 1e-8 }, "W1")
end)
