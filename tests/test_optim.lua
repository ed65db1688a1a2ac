-- Optimisers: their steps against PyTorch's, schedules, clipping, what they remember.
local core = require "gradus.core"
local golden = require "golden.optim"
local gr = require "gradus"
local harness = require "harness"
local nn, optim = gr.nn, gr.optim

local case = harness.suite "optim"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

local names = { "sgd", "adagrad", "rmsprop", "adadelta", "adam", "adamw" }

local function param(values, dtype) return gr.param(gr.tensor(values, dtype)) end

--- Gives p the gradient g, to the bit.
local function set_gradient(p, g)
  p:zero_grad()
  local sum = (p * gr.tensor(g, p.dtype)):sum()
  sum:backward()
end

--- Where each gradient in turn takes p, the start.
local function walk(optimizer, p, gradients)
  optimizer:add { p }
  local after = {}
  for i, g in ipairs(gradients) do
    set_gradient(p, g)
    optimizer:step()
    after[i] = p:totable()
  end
  return after
end

-- ---- Steps

for _, entry in ipairs(golden.steps) do
  local name, given = entry[1], entry[2]
  local title = tostring(optim[name](given))

  case(("%s does not step as PyTorch's"):format(title), function()
    -- A few roundings in another order.
    close(walk(optim[name](given), param(golden.start), golden.gradients), entry.after, 1e-14)
  end)

  case(("%s in f32 steps far from f64"):format(title), function()
    close(walk(optim[name](given), param(golden.start, "f32"), golden.gradients), entry.after, 2e-6) -- seven digits
  end)
end

case("sgd without options is not p - lr gradient to the last bit, in either type", function()
  for _, dtype in ipairs { "f64", "f32" } do
    local p = param({ 0.1, -0.7, 1e10, 3 }, dtype)
    local optimizer = optim.sgd({ lr = 0.3 }):add { p }
    set_gradient(p, { 0.3, 1e-9, 7, -2.1 })
    local expected = p:detach() - p.grad * 0.3
    optimizer:step()
    same(p, expected)
  end
end)

case("parameters of both types, or of one number, do not step together", function()
  local a, b, c = param { 1, 2 }, param({ { 1, 2 } }, "f32"), gr.param(3)
  local optimizer = optim.adam({ lr = 0.1 }):add { a, b, c }
  for _, t in ipairs { (a * a):sum(), (b * b):sum(), c * c } do
    t:backward()
  end
  optimizer:step()
  close(a, { 0.9, 1.9 }, 1e-7) -- adam's first step is lr, but for eps
  close(b, { { 0.9, 1.9 } }, 1e-6)
  close(c:item(), 2.9, 1e-7)
end)

case("a parameter without a gradient steps, or its steps are counted", function()
  local used, unused = param { 1 }, param { 1 }
  local optimizer = optim.adamw({ weight_decay = 0.5 }):add { used, unused }
  set_gradient(used, { 1 })
  optimizer:step()
  same(unused, { 1 })
  local state = optimizer:state()
  same({ state["1.steps"], state["2.steps"] }, { 1, 0 })
end)

case("a parameter that comes later starts anew what is kept for the others", function()
  local p, later = param(golden.start), param { 1 }
  local other = param(golden.start)
  local optimizer = optim.adam():add { p }
  set_gradient(p, golden.gradients[1])
  optimizer:step()
  optimizer:add { later, p }
  set_gradient(p, golden.gradients[2])
  optimizer:step()
  same(p:totable(), walk(optim.adam(), other, { golden.gradients[1], golden.gradients[2] })[2])
end)

case("a step asks for memory", function()
  for _, name in ipairs(names) do
    local p, q = param(golden.start), param({ { 1, 2 } }, "f32")
    local optimizer = optim[name] { clip_norm = 0.1, weight_decay = 0.1 }
    optimizer:add { p, q }
    set_gradient(p, golden.gradients[1])
    set_gradient(q, { { 3, 4 } })
    local _, made = core.memory()
    for _ = 1, 5 do
      optimizer:step()
      optimizer:zero_grad()
    end
    local _, made_after = core.memory()
    same(made_after, made, name)
  end
end)

case("a result that remembers its inputs serves as a parameter", function()
  local p = param { 1 }
  raises("adam: parameter 1 must be made by gr.param, got a tensor", function() optim.adam():add { p * 2 } end)
end)

-- ---- Clipping

for _, entry in ipairs(golden.clipped) do
  case(("gradients are clipped to %s other than by PyTorch"):format(entry.limit), function()
    for dtype, within in pairs { f64 = 1e-15, f32 = 1e-6 } do
      local a, b = param(golden.start, dtype), param({ { 1, 2 } }, dtype)
      local optimizer = optim.sgd({ lr = 1, clip_norm = entry.limit }):add { a, b, param { 1 } }
      set_gradient(a, golden.gradients[1])
      set_gradient(b, { { -3, 0.125 } })
      local before = a:detach():clone()
      optimizer:step()
      close(a.grad, entry.first, within)
      close(b.grad, entry.second, within)
      same(a, before - a.grad)
    end
  end)
end

case("a gradient whose squares overflow clips to zero", function()
  local p = param { 0, 0 }
  local optimizer = optim.sgd({ lr = 1, clip_norm = 5 }):add { p }
  set_gradient(p, { 3e200, -4e200 })
  optimizer:step()
  close(p, { -3, 4 }, 1e-15)
end)

case("a gradient that is no number does not show in all parameters", function()
  local p, q = param { 1 }, param { 1 }
  local optimizer = optim.sgd({ clip_norm = 1 }):add { p, q }
  set_gradient(p, { 0 / 0 })
  set_gradient(q, { 1 })
  optimizer:step()
  check(p[1] ~= p[1] and q[1] ~= q[1])
end)

case("clipping changes what a small gradient does", function()
  local p, q = param(golden.start), param(golden.start)
  same(walk(optim.rmsprop { clip_norm = 1e3 }, p, golden.gradients), walk(optim.rmsprop(), q, golden.gradients))
end)

-- ---- Schedules

local function rates(lr, epochs)
  local list = {}
  for epoch = 1, epochs do
    list[epoch] = lr(epoch)
  end
  return list
end

case("step does not fall as PyTorch's", function()
  close(rates(optim.step { lr = 0.1, every = 3, factor = 0.5 }, 8), golden.rates.step, 1e-15)
  close(rates(optim.step { lr = 1, every = 1 }, 3), { 1, 0.1, 0.01 }, 1e-15)
end)

case("exponential does not fall as PyTorch's", function()
  -- PyTorch multiplies epoch by epoch.
  close(rates(optim.exponential { lr = 0.1, factor = 0.8 }, 6), golden.rates.exponential, 1e-14)
end)

case("cosine does not fall as PyTorch's, or rises again", function()
  local lr = optim.cosine { lr = 0.1, epochs = 6, least = 0.01 }
  close(rates(lr, 7), golden.rates.cosine, 1e-14) -- PyTorch goes from epoch to epoch
  same({ lr(8), lr(100) }, { 0.01, 0.01 })
end)

case("warmup does not grow evenly, or what comes after does not begin with its first epoch", function()
  close(rates(optim.warmup { lr = 0.4, epochs = 4 }, 6), { 0.1, 0.2, 0.3, 0.4, 0.4, 0.4 }, 1e-15)
  close(rates(optim.warmup { lr = 0.4, epochs = 2, after = 0.3 }, 4), { 0.2, 0.4, 0.3, 0.3 }, 1e-15)
  local after = optim.step { lr = 1, every = 2, factor = 0.5 }
  close(rates(optim.warmup { lr = 1, epochs = 2, after = after }, 6), { 0.5, 1, 1, 1, 0.5, 0.5 }, 1e-15)
  local own = optim.warmup { lr = 1, epochs = 1, after = function(epoch) return epoch * 10 end }
  same(rates(own, 3), { 1, 10, 20 })
end)

case("plateau does not fall as PyTorch's", function()
  local optimizer = optim.sgd { lr = optim.plateau { lr = 0.1, factor = 0.5, patience = 2, least = 0.02 } }
  local list = {}
  for i, loss in ipairs(golden.rates.losses) do
    list[i] = optimizer:rate()
    optimizer:tell(loss)
  end
  close(list, golden.rates.plateau, 1e-15)
end)

case("plateau takes a loss that is no number, or grows below zero, for a better one", function()
  local lr = optim.plateau { lr = 1, factor = 0.5, patience = 0 }
  lr:tell(1, 0 / 0)
  same(lr(2), 0.5)
  lr:tell(2, -1)
  same(lr(3), 0.5)
  lr:tell(3, -0.99995)
  same(lr(4), 0.25)
end)

case("a plateau after a warmup does not hear of the losses", function()
  local optimizer = optim.sgd {
    lr = optim.warmup { lr = 1, epochs = 2, after = optim.plateau { lr = 1, factor = 0.5, patience = 0 } },
  }
  local list = {}
  for epoch = 1, 5 do
    optimizer.epoch = epoch
    list[epoch] = optimizer:rate()
    optimizer:tell(1)
  end
  same(list, { 0.5, 1, 1, 1, 0.5 })
end)

case("schedules and optimisers do not print as they are written", function()
  same(tostring(optim.cosine { lr = 0.1, epochs = 10 }), "cosine{ lr = 0.1, epochs = 10, least = 0 }")
  same(
    tostring(optim.adam { lr = optim.warmup { lr = 0.1, epochs = 2, after = 0.05 }, clip_norm = 1 }),
    "adam{ lr = warmup{ lr = 0.1, epochs = 2, after = 0.05 }, beta1 = 0.9, beta2 = 0.999, eps = 1e-08, weight_decay = 0,"
      .. " clip_norm = 1 }"
  )
  same(
    tostring(optim.adagrad { lr = function() return 1 end }),
    "adagrad{ lr = a function, eps = 1e-10, weight_decay = 0 }"
  )
end)

-- ---- State

local function start_of(name, lr)
  local p, q = param(golden.start), param({ { 2, -1 } }, "f32")
  local given = { lr = lr, weight_decay = 0.01 }
  if name == "sgd" then given.momentum = 0.9 end
  return optim[name](given):add { p, q }, p, q
end

local function some_steps(optimizer, p, q, from, to)
  for i = from, to do
    optimizer.epoch = i
    set_gradient(p, golden.gradients[i])
    set_gradient(q, { { i, -0.3 } })
    optimizer:step()
    optimizer:tell(1 + i / 10)
  end
end

for _, name in ipairs(names) do
  case(("%s does not go on from its state to the bit"):format(name), function()
    local lr = { lr = 0.1, patience = 0 }
    local a, p, q = start_of(name, optim.plateau(lr))
    some_steps(a, p, q, 1, 2)
    local state = a:state()
    local b, p_again, q_again = start_of(name, optim.plateau(lr))
    p_again:copy_(p:detach())
    q_again:copy_(q:detach())
    some_steps(a, p, q, 3, 4) -- what state() gave stays as it was
    b:set_state(state)
    same(b.epoch, 2)
    some_steps(b, p_again, q_again, 3, 4)
    same(p_again, p)
    same(q_again, q)
    local left, right = a:state(), b:state()
    for key, value in pairs(left) do
      same(right[key], value, key)
    end
    same(right["schedule.rate"], 0.1 * 0.1 * 0.1 * 0.1)
  end)
end

local function refuses_state(name, pattern, change)
  case(name, function()
    local optimizer, p, q = start_of "adam"
    some_steps(optimizer, p, q, 1, 1)
    local state, before = optimizer:state(), optimizer:state()
    change(state)
    raises(pattern, function() optimizer:set_state(state) end)
    local after = optimizer:state()
    for key, value in pairs(before) do
      same(after[key], value, key)
    end
  end)
end

refuses_state("a state of another shape is taken", "adam: state '1.mean' must be 3 %(f64%), got 2 %(f64%)", function(s)
  s["1.mean"], s["2.mean"] = gr.zeros(2), gr.ones(1, 2):to "f32"
end)
refuses_state(
  "a state of another type is taken",
  "adam: state '2.squares' must be 1 x 2 %(f32%), got 1 x 2 %(f64%)",
  function(s) s["2.squares"] = gr.zeros(1, 2) end
)
refuses_state(
  "a state without one of its tensors is taken",
  "adam: state '1.squares' must be a tensor, got nil",
  function(s) s["1.squares"] = nil end
)
refuses_state(
  "a state of half a step is taken",
  "adam: state '1.steps' must be a whole number of at least 0, got 0.5",
  function(s) s["1.steps"] = 0.5 end
)
refuses_state(
  "a state of other parameters is taken",
  "adam: the state is of 3 parameters, but there are 2",
  function(s) s.parameters = 3 end
)
refuses_state(
  "a state of another optimiser is taken",
  "adam: the state holds '1.velocity', which this optimiser does not keep",
  function(s) s["1.velocity"] = gr.zeros(3) end
)

case("a state that is no table is taken", function()
  raises("sgd: a state is a table, as state%(%) gives it, got 3", function() optim.sgd():set_state(3) end)
end)

-- ---- Refusals

local function refuses(pattern, f)
  case(("no error '%s'"):format(pattern), function() raises(pattern, f) end)
end

refuses("adam: unknown option 'beta' %(did you mean 'beta1'%?%)", function() optim.adam { beta = 1 } end)
refuses(
  "adagrad: unknown option 'momentum'; known: clip_norm eps lr weight_decay",
  function() optim.adagrad { momentum = 1 } end
)
refuses("adam: beta1 must be a number from 0 to below 1, got 1", function() optim.adam { beta1 = 1 } end)
refuses("adamw: beta2 must be a number from 0 to below 1, got nan", function() optim.adamw { beta2 = 0 / 0 } end)
refuses("rmsprop: rho must be a number from 0 to 1, got 1.5", function() optim.rmsprop { rho = 1.5 } end)
refuses("adadelta: eps must be a number of at least 0, got %-1", function() optim.adadelta { eps = -1 } end)
refuses("sgd: momentum must be a number of at least 0, got %-0.5", function() optim.sgd { momentum = -0.5 } end)
refuses("sgd: nesterov must be one of true, false, got 1", function() optim.sgd { nesterov = 1, momentum = 1 } end)
refuses("sgd: nesterov needs a momentum above 0", function() optim.sgd { nesterov = true } end)
refuses("sgd: weight_decay must be a number of at least 0, got", function() optim.sgd { weight_decay = {} } end)
refuses("adam: clip_norm must be a number above 0, got 0", function() optim.adam { clip_norm = 0 } end)
refuses('adam: lr must be a number of at least 0, got "fast"', function() optim.adam { lr = "fast" } end)
refuses("adam: lr must be a number of at least 0, got %-1", function()
  optim.adam({ lr = function() return -1 end }):add({ gr.param(1) }):step()
end)
refuses("step: lr must be a number of at least 0, got nil", function() optim.step { every = 1 } end)
refuses("step: every must be a whole number of at least 1, got 0", function() optim.step { lr = 1, every = 0 } end)
refuses("step: unknown option 'gamma'; known: every factor lr", function() optim.step { gamma = 1 } end)
refuses("exponential: factor must be a number from 0 to 1, got nil", function() optim.exponential { lr = 1 } end)
refuses("cosine: epochs must be a whole number of at least 1, got nil", function() optim.cosine { lr = 1 } end)
refuses(
  "cosine: least must be a number from 0 to 0.1, got 1",
  function() optim.cosine { lr = 0.1, epochs = 2, least = 1 } end
)
refuses(
  'warmup: after must be a number of at least 0, got "adam"',
  function() optim.warmup { lr = 0.1, epochs = 2, after = "adam" } end
)
refuses(
  "plateau: patience must be a whole number of at least 0, got %-1",
  function() optim.plateau { lr = 0.1, patience = -1 } end
)
refuses("plateau: factor must be a number from 0 to 1, got 2", function() optim.plateau { lr = 0.1, factor = 2 } end)
refuses(
  "cosine: the epoch must be a number of at least 1, got 0",
  function() local _ = optim.cosine { lr = 0.1, epochs = 2 }(0) end
)
refuses("sgd: tell takes the loss, a number, got nil", function() optim.sgd():tell() end)

-- ---- In fit

local x = gr.random.new(1):normal(0, 1, 40, 3)
local y = x:dot(gr.tensor { { 1 }, { -2 }, { 0.5 } }) + 0.3

--- adadelta starts with steps of about sqrt(eps) = 0.001 lr.
local rate_of = { sgd = 0.1, adagrad = 0.5, rmsprop = 0.02, adadelta = 100, adam = 0.05, adamw = 0.05 }

for _, name in ipairs(names) do
  case(("%s does not learn a plane"):format(name), function()
    gr.random.seed(0)
    local net = nn.sequential { nn.dense(3, 1) }
    local optimizer = optim[name] { lr = optim.cosine { lr = rate_of[name], epochs = 60 }, clip_norm = 10 }
    local history = net:fit(x, y, { loss = nn.mse(), optimizer = optimizer, batch = 8, epochs = 60 })
    local first, last = history.loss[1], history.loss[60]
    check(last < 1e-3 and first > 0.1, ("loss went from %s to %s"):format(first, last))
  end)
end

--- The rates that a fit of some epochs steps with, two steps an epoch, from the way of a single weight with gradient 1.
local function rates_in_fit(lr, epochs, more)
  local net = nn.sequential { nn.dense(1, 1, { init = nn.init.zeros, bias = false }) }
  local list, before = {}, 0
  local options = {
    loss = function(scores) return scores:sum() end,
    optimizer = optim.sgd { lr = lr },
    epochs = epochs,
    on_step = function()
      local now = net.layers[1].w:detach():item()
      list[#list + 1], before = before - now, now
    end,
  }
  for name, value in pairs(more or {}) do
    options[name] = value
  end
  net:fit(gr.ones(2, 1), gr.ones(2, 1), options)
  return list
end

case("fit does not step with the rates of a schedule or a function", function()
  local lr = optim.step { lr = 1, every = 2, factor = 0.5 }
  same(rates_in_fit(lr, 4, { batch = 1 }), { 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5 })
  same(rates_in_fit(function(epoch) return epoch end, 3, { batch = 1 }), { 1, 1, 2, 2, 3, 3 })
end)

case("fit does not tell a plateau the loss on the validation data", function()
  local function plateau() return optim.plateau { lr = 1, factor = 0.5, patience = 0 } end
  -- The training loss, w times the ones, falls from epoch to epoch; that on the opposite of the ones grows.
  same(rates_in_fit(plateau(), 4, { batch = 2 }), { 2, 2, 2, 2 })
  local validation = { gr.full({ 2, 1 }, -1), gr.ones(2, 1) }
  same(rates_in_fit(plateau(), 4, { batch = 2, validation = validation }), { 2, 2, 1, 0.5 })
end)
