-- Errors: they blame the script's own line, also where the library calls the script back, and use its names.
local gr = require "gradus"
local harness = require "harness"
local nn = gr.nn

local case = harness.suite "errors"
local same, check, raises = harness.same, harness.check, harness.raises

--- Calls f, which must raise at its n-th line a message in which the pattern is found, and nothing in front but the place.
local function raises_at(n, pattern, f, ...)
  local message = raises("^[^:]+:%d+: " .. pattern, f, ...)
  local line = tonumber(message:match ":(%d+): ")
  same(line - debug.getinfo(f, "S").linedefined, n, "the line of '" .. message .. "' in the function")
end

local x, y = gr.ones(4, 3), gr.ones(4, 1)

local function net_with(layer) return nn.sequential { nn.dense(3, 1), layer } end

local function fit(net, more)
  local options = { loss = nn.mse(), optimizer = gr.optim.sgd(), epochs = 2 }
  for name, value in pairs(more or {}) do
    options[name] = value
  end
  net:fit(x, y, options)
end

-- ---- Lines

case("an error of an operator blames another line than the call's", function()
  raises_at(3, "dot: ", function()
    local a = gr.ones(2, 3)
    local b = gr.ones(2, 3)
    local _ = a:dot(b)
  end)
end)

case("an error of an operator written as a sign blames another line", function()
  raises_at(2, "add: ", function()
    local a, b = gr.ones(2), gr.ones(3)
    local _ = a + b
  end)
end)

case("an error within several lines blames their last", function()
  raises_at(
    3,
    "dense: outputs must be",
    function()
      local _ = {
        nn.dense(2, 3),
        nn.dense(3, 0),
        nn.dense(3, 1),
      }
    end
  )
end)

case("an error within another library call blames the library", function()
  raises_at(0, "standardize: argument 2 must be a tensor", function() local _ = gr.data.standardize(x, nil) end)
  raises_at(0, "inv: ", function() local _ = gr.ones(2, 3):inv() end)
end)

--- The functions that the library calls, and how.
local callbacks = {
  ["a layer's function"] = function(f)
    fit(net_with(function(h) return f(h) end))
  end,
  ["a layer of one's own"] = function(f)
    fit(net_with(nn.layer { forward = function(h) return f(h) end }))
  end,
  ["a loss"] = function(f)
    fit(net_with(), { loss = function(scores) return f(scores) end })
  end,
  ["on_epoch"] = function(f) fit(net_with(), { on_epoch = f }) end,
  ["on_step"] = function(f) fit(net_with(), { on_step = f }) end,
  ["a start"] = function(f) nn.dense(3, 1, { init = f }) end,
  ["a rate"] = function(f) fit(net_with(), { optimizer = gr.optim.sgd { lr = f } }) end,
  ["no_grad's function"] = function(f) gr.no_grad(f) end,
  ["numerical_gradient's function"] = function(f) gr.numerical_gradient(f, gr.ones(2)) end,
  ["the function of a gradient check"] = function(f) gr.check.gradients(f, { gr.param(gr.ones(2)) }) end,
  ["the net of a prediction"] = function(f) net_with(f):predict(x) end,
}

for name, call in pairs(callbacks) do
  case(("an operator's error in %s blames the library or the caller"):format(name), function()
    local function f() return (gr.ones(2) + gr.ones(3)) end
    local ok, message = pcall(call, f)
    check(not ok)
    local place = debug.getinfo(f, "S")
    same(message:match "^(.-: add: )", ("%s:%d: add: "):format(place.short_src, place.linedefined))
  end)

  case(("an error of the script's in %s does not come through as it is"):format(name), function()
    local object = setmetatable({}, { __tostring = function() return "mine" end })
    local ok, message = pcall(call, function() error(object) end)
    check(not ok and rawequal(message, object), tostring(message))
    ok, message = pcall(call, function() error("plain", 0) end)
    check(not ok)
    same(message, "plain")
  end)

  case(("recording is off after an error in %s"):format(name), function()
    pcall(call, function() error "stop" end)
    check((gr.param(gr.ones(2)) * 2).wants_grad)
  end)
end

case("an error in a coroutine blames who resumes it", function()
  local function inside()
    local t = gr.zeros(3)
    return t[4]
  end
  local ok, message = coroutine.resume(coroutine.create(inside))
  check(not ok)
  local place = debug.getinfo(inside, "S")
  same(message:match "^(.-): position 4", ("%s:%d"):format(place.short_src, place.linedefined + 2))
end)

case("a caught error spoils what comes after", function()
  for _ = 1, 300 do
    pcall(function() return gr.ones(2) + gr.ones(3) end)
  end
  same((gr.ones(2) + gr.ones(2)):sum(), 4)
end)

-- ---- Names

local outside = gr.ones(2, 3)

case("a tensor is not called by the name of the script's variable", function()
  raises(
    "dot: inputs %(2 x 3%) and weights %(5 x 4%) do not fit: columns of inputs %(3%) must equal rows of weights %(5%)",
    function()
      local inputs, weights = gr.ones(2, 3), gr.ones(5, 4)
      local _ = inputs:dot(weights)
    end
  )
  raises("dot: outside %(2 x 3%) and b %(2 x 2%)", function() local _ = outside:dot(gr.ones(2, 2)) end)
end)

case("a name that the tensor has gives way to the variable's", function()
  raises("add: features %(4 x 3%) and b %(2%)", function()
    local t = gr.ones(4, 3)
    t.name = "features"
    local _ = t + gr.ones(2)
  end)
end)

case("one tensor on both sides, or none with a name, confuses the message", function()
  raises("dot: a %(2 x 3%) and a %(2 x 3%) do not fit: columns of a %(3%) must equal rows of a %(2%)", function()
    local a = gr.ones(2, 3)
    local _ = a:dot(a)
  end)
  raises("dot: a %(2 x 3%) and b %(2 x 3%) do not fit", function() local _ = gr.ones(2, 3):dot(gr.ones(2, 3)) end)
end)

case("a transposed tensor is called by shapes that nobody sees", function()
  local e, named = gr.ones(5, 2), gr.ones(2, 3)
  named.name = "x"
  raises(
    "dot: x:T%(%) %(3 x 2%) and e %(5 x 2%) do not fit: columns of x:T%(%) %(2%) must equal rows of e %(5%)",
    function() local _ = named:T():dot(e) end
  )
end)

case("the name that a message borrowed stays with the tensor", function()
  local t = gr.ones(2)
  pcall(function() return t + gr.ones(3) end)
  pcall(function() t[9] = 1 end)
  pcall(function() t:add_(gr.ones(3)) end)
  same(t.name, nil)
end)

case("a very long name fills the message", function()
  local t = gr.ones(2)
  t.name = ("long"):rep(100)
  local message = raises("add: long", function() local _ = t + gr.ones(3) end)
  check(#message < 300, message)
end)

case("a layer used alone tells of the way through a net that ran before", function()
  local net = nn.sequential { nn.dense(3, 2), nn.dense(2, 1) }
  net(x)
  local message = raises("dense: x is 4 x 3 but w is 2 x 1", function() net.layers[2](x) end)
  check(not message:find "chain", message)
end)

-- ---- Mistakes with the language

case("a method called with a point is not told apart", function()
  raises(
    "sum: x must be a tensor or a number, got nil: a name that is misspelt, or was never set, is nil",
    function() gr.sum(nil) end
  )
  raises("sum: no tensor was given: write x:sum%(%), or gr.sum%(x%)", function() gr.sum() end)
  raises("backward: .* write x:backward%(%)", function() x.backward() end)
end)

case("a method that does not exist is not named", function()
  raises("a tensor has no method or field 'summ'", function() x:summ() end)
  raises("a tensor has no method or field 'data'", function() local _ = x.data.y end)
end)

case("options in the wrong place are not refused", function()
  raises("sum: unknown option 'axs'; known: axis keep", function() local _ = x:sum { axs = 1 } end)
  raises("sum: unknown option '1'; known: axis keep", function() local _ = x:sum { 1 } end)
  raises("exp: 1 argument too many; it takes x$", function() local _ = x:exp(2) end)
  raises("axis 3: axes count from 1, and there are 2", function() local _ = x:sum(3) end)
  raises("axis 0: axes count from 1, and there are 2", function() local _ = x:sum { axis = 0 } end)
end)

case("memory that cannot be had is not told in words", function()
  raises_at(
    0,
    "out of memory: 8000000000000000000 bytes %(7.45e%+09 GB%) could not be had",
    function() local _ = gr.zeros(1e9, 1e9) end
  )
  raises_at(0, ".*is more than this machine can address", function() local _ = gr.zeros(2 ^ 40, 2 ^ 40) end)
end)

case("backward of what depends on nothing is not refused", function()
  raises_at(0, "backward: this is a plain number", function() x:sum():backward() end)
  raises_at(3, "backward: .* %(4 x 3%) is not one number", function()
    local p = gr.param(x)
    local y3 = p * 2
    y3:backward()
  end)
end)

case("a parameter changed between forward and backward is not told with the line that used it", function()
  local p = gr.param(gr.ones(2), "p")
  local loss = (p * p):sum()
  local used = debug.getinfo(1, "l").currentline - 1
  p:add_(1)
  raises(
    ("backward: p %%(2%%) was changed in place after mul had used it %%(.*:%d%%)"):format(used),
    function() loss:backward() end
  )
end)

case("a misspelt method is refused without the one that may be meant", function()
  raises("a tensor has no method or field 'summ' %(did you mean 'sum'%?%)", function() gr.ones(2):summ() end)
  raises("a tensor has no method or field 'shpae' %(did you mean 'shape'%?%)", function() return gr.ones(2).shpae end)
  raises("a tensor has no method or field 'elephants'$", function() return gr.ones(2).elephants end)
  raises("gr has no 'foo'; it has", function() return gr.foo end)
end)

case("a share of all rows for testing is taken for one row", function()
  raises(
    "split: test must be a share below 1 or a whole number of rows, got 1",
    function() gr.data.split(gr.ones(4, 2), gr.ones(4), { test = 1.0 }) end
  )
end)

-- ---- A point for a colon

for _, c in ipairs {
  { "sum", "write x:sum%(1%)", function(t) return t.sum(1) end },
  { "T", "write x:T%(%)", function(t) return t.T() end },
  { "inv", "write x:inv%(%)", function(t) local _ = t.inv() end },
  { "to", "write x:to%(%.%.%.%)", function(t) return t.to "f32" end },
  { "add_", "write x:add_%(2%)", function(t) return t.add_(2) end },
  { "item", "write x:item%(%)", function(t) return t:mean().item() end },
  { "exp", "write x:exp%(%)", function(t) return t:sum().exp() end },
} do
  case(
    ("%s called with a point counts its first argument, or does not say colon"):format(c[1]),
    function() raises(c[1] .. ": .*" .. c[2], c[3], gr.tensor { { 1, 2 }, { 3, 4 } }) end
  )
end

for _, name in ipairs { "fit", "predict", "score", "scores", "summary", "save", "load" } do
  case(("net.%s with a point blames its arguments"):format(name), function()
    local net = nn.sequential { nn.dense(3, 1) }
    raises(name .. ": a method is called with a colon: write net:" .. name, function() net[name](x, y, {}) end)
  end)
end

case("what hands out methods breaks functions, or methods of numbers", function()
  same({ gr.sum(1), (5):sum(), (4):sqrt(), gr.exp(0) }, { 1.0, 5.0, 2.0, 1.0 })
  same(x.sum(x), 12)
end)

-- ---- Names of other libraries

for written, meant in pairs {
  ["gr.array"] = "did you mean gr%.tensor%?",
  ["gr.dense"] = "did you mean nn%.dense%?",
  ["nn.Linear"] = "did you mean nn%.dense%?",
  ["nn.ReLU"] = "did you mean 'relu'%?",
  ["nn.CrossEntropyLoss"] = "did you mean nn%.cross_entropy%?",
  ["optim.SGD"] = "did you mean 'sgd'%?",
  ["x.transpose"] = "did you mean x:T%?",
  ["x.numpy"] = "did you mean x:totable%?",
  ["x.tolist"] = "did you mean x:totable%?",
  ["x.unsqueeze"] = "did you mean x:reshape%?",
  ["x.Sum"] = "did you mean 'sum'%?",
} do
  case(("nothing is said of what %s is here"):format(written), function()
    local things, thing, name = { gr = gr, nn = nn, optim = gr.optim, x = x }, written:match "^(%w+)%.(%w+)$"
    raises(meant, function() local _ = things[thing][name] end)
  end)
end

case("a letter alone is taken for another", function()
  raises("a tensor has no method or field 'a'$", function() local _ = x["a"] end)
end)
