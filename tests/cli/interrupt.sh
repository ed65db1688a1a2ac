# Ctrl-C, while a script computes and while it does not.

given loop.lua <<'END'
print "ready"
io.stdout:flush()
while true do
end
END
interrupt 'Ctrl-C does not end a loop in Lua' loop.lua
err_has 'loop.lua:'
err_has ': interrupted'

given train.lua <<'END'
local gr = require "gradus"
local nn = gr.nn
local net = nn.sequential { nn.dense(20, 30), nn.tanh(), nn.dense(30, 1) }
local function on_epoch(e)
  if e.epoch == 1 then
    print "ready"
    io.stdout:flush()
  end
end
local x, y = gr.random.randn(500, 20), gr.random.randn(500, 1)

net:fit(x, y, { loss = nn.mse(), optimizer = gr.optim.sgd(), epochs = 1e9, on_epoch = on_epoch })
END
interrupt 'Ctrl-C does not end a training' train.lua
err 'train.lua:12: interrupted'

given operators.lua <<'END'
local gr = require "gradus"
local x = gr.ones(100, 100)
print "ready"
io.stdout:flush()
while true do
  x = x:dot(x):clip(0, 1)
end
END
interrupt 'Ctrl-C does not end a loop of operators' operators.lua
err 'operators.lua:6: interrupted'

given coroutine.lua <<'END'
local gr = require "gradus"
coroutine.wrap(function()
  print "ready"
  io.stdout:flush()
  while true do
    gr.zeros(10)
  end
end)()
END
interrupt 'Ctrl-C does not end a coroutine that makes tensors' coroutine.lua
err_has 'coroutine.lua:6: interrupted'

given plain.lua <<'END'
local inner = coroutine.create(function()
  print "ready"
  io.stdout:flush()
  while true do
  end
end)
local outer = coroutine.wrap(function() print("went on", coroutine.resume(inner)) end)
outer()
END
interrupt 'Ctrl-C does not end a loop in a coroutine, or coroutine.resume holds it up' plain.lua
err_has ': interrupted'
out 'ready'

given wrapped.lua <<'END'
local numbers = coroutine.wrap(function(...)
  local a, b = ...
  local c = coroutine.yield(a + b)
  coroutine.yield(c, nil)
  error "inside"
end)
print(numbers(1, 2))
print(numbers(5))
print(pcall(numbers))
print(pcall(numbers))
local co = coroutine.create(function(a) return coroutine.isyieldable(), coroutine.yield(a) end)
print(coroutine.resume(co, 1))
print(coroutine.resume(co, 2, 3))
print(coroutine.resume(co))
print(pcall(coroutine.resume, 5))
print(pcall(coroutine.wrap, 5))
print(coroutine.resume(coroutine.create(function() error {} end)) == false)
local closed = coroutine.wrap(function()
  local own <close> = setmetatable({}, { __close = function() print "closed" end })
  error("with it", 0)
end)
print(pcall(closed))
END
try 'coroutines do not work as those of Lua' 0 wrapped.lua
out "3
5	nil
false	wrapped.lua:5: inside
false	cannot resume dead coroutine
true	1
true	true	2	3
false	cannot resume dead coroutine
false	bad argument #1 to 'coroutine.resume' (coroutine expected, got number)
false	bad argument #1 to 'coroutine.wrap' (function expected, got number)
true
closed
false	with it"

given valid.lua <<'END'
local gr = require "gradus"
local w = gr.zeros(1000)
local ok, message = pcall(function()
  print "ready"
  io.stdout:flush()
  while true do
    w:add_(1)
  end
end)
assert(not ok and w:min() == w:max(), "a step was cut in two")
print(message, w[1] > 0)
error(message, 0)
END
interrupt 'Ctrl-C leaves half a step behind' valid.lua
out 'ready
valid.lua:7: interrupted	true'
