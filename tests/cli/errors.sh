# What goes wrong in a script is told in one message, with the script's own line.

# fails NAME MESSAGE <<'END': the script ends with status 1, says exactly this on standard error, and prints nothing.
fails() {
  given case.lua
  try "$1" 1 case.lua
  out ''
  err "$2"
}

# ---- Shapes

fails 'dot names neither sizes nor variables' \
  'case.lua:3: dot: x (32 x 100) and w (784 x 50) do not fit: columns of x (100) must equal rows of w (784)' <<'END'
local gr = require "gradus"
local x, w = gr.zeros(32, 100), gr.zeros(784, 50)
print(x:dot(w))
END

fails 'a dense layer does not say what came the wrong way' \
  "case.lua:4: dense 'hidden': x is 32 x 100 but w is 784 x 50: columns of x must equal rows of w (784)
  chain: 32 x 100 -> dense(784 -> 50)" <<'END'
local gr = require "gradus"
local nn = gr.nn
local net = nn.sequential { nn.dense(784, 50, { name = "hidden" }), nn.sigmoid(), nn.dense(50, 10) }
print(net(gr.zeros(32, 100)))
END

fails 'the chain leaves out the layers on the way' \
  "case.lua:3: dense: x is 2 x 4 but w is 3 x 1: columns of x must equal rows of w (3)
  chain: 2 x 5 -> dense(5 -> 4) -> 2 x 4 -> function -> 2 x 4 -> tanh -> 2 x 4 -> dense(3 -> 1)" <<'END'
local gr, nn = require "gradus", require "gradus.nn"
local net = nn.sequential { nn.dense(5, 4), function(x) return x * 2 end, nn.tanh(), nn.dense(3, 1) }
net:fit(gr.zeros(2, 5), gr.zeros(2, 1), { loss = nn.mse(), optimizer = gr.optim.sgd(), epochs = 1 })
END

fails 'a mistake deep in functions does not show how the script came there' \
  'case.lua:3: add: a (2) and b (3) do not fit: matched from the last axis, sizes must be equal or 1
  called from case.lua:6
  called from case.lua:8' <<'END'
local gr = require "gradus"
local function add(a, b)
  return (a + b)
end
local function twice(a, b)
  return (add(a, b) + add(a, b))
end
print((twice(gr.zeros(2), gr.zeros(3))))
END

# ---- Linear algebra

fails 'a singular matrix has no reason, or no name' \
  'case.lua:3: inv: A (4 x 4) is singular: row 4 = 2 row 1 + row 2; rank 3' <<'END'
local gr = require "gradus"
local A = gr.tensor { { 1, 2, 0, 1 }, { 0, 1, 3, 2 }, { 5, 0, 1, 1 }, { 2, 5, 3, 4 } }
print(gr.linalg.inv(A))
END

fails 'a singular system of equations has no reason' \
  'case.lua:3: solve: prices (2 x 2) is singular: row 2 = 0.5 row 1; rank 1' <<'END'
local gr = require "gradus"
local prices = gr.tensor { { 2, 4 }, { 1, 2 } }
print(gr.linalg.solve(prices, { 1, 1 }))
END

# ---- Labels, options, positions

fails 'a label that is no class trains' \
  'case.lua:4: cross_entropy: label 10 in row 3, but the scores have 10 classes: labels count from 0 to 9' <<'END'
local gr, nn = require "gradus", require "gradus.nn"
local net = nn.sequential { nn.dense(2, 10) }
local x, y = gr.zeros(3, 2), gr.tensor { 0, 9, 10 }
net:fit(x, y, { loss = nn.cross_entropy(), optimizer = gr.optim.sgd(), epochs = 1 })
END

fails 'dense takes a misspelt option' \
  "case.lua:2: dense: unknown option 'biass' (did you mean 'bias'?); known: bias bias_init init name" <<'END'
local nn = require "gradus.nn"
nn.dense(2, 3, { biass = false })
END

fails 'sgd takes a misspelt option' "case.lua:2: sgd: unknown option 'rate'; known: clip_norm lr momentum nesterov weight_decay" <<'END'
local gr = require "gradus"
gr.optim.sgd { rate = 1 }
END

fails 'fit takes a misspelt option' \
  "case.lua:3: fit: unknown option 'epoch' (did you mean 'epochs'?); known: batch epochs generator loss metrics on_epoch on_step optimizer patience progress replay shuffle steps validation" <<'END'
local gr, nn = require "gradus", require "gradus.nn"
local net = nn.sequential { nn.dense(2, 1) }
net:fit(gr.zeros(3, 2), gr.zeros(3, 1), { loss = nn.mse(), optimizer = gr.optim.sgd(), epoch = 1 })
END

fails 'split takes a misspelt option' \
  "case.lua:2: split: unknown option 'tets' (did you mean 'test'?); known: seed shuffle stratify test" <<'END'
local gr = require "gradus"
gr.data.split(gr.zeros(10), gr.zeros(10), { tets = 0.5 })
END

fails 'choice takes a misspelt option' "case.lua:2: choice: unknown option 'replaces'; known: replace p" <<'END'
local gr = require "gradus"
gr.random.choice(5, 2, { replaces = true })
END

fails 'an operator takes a misspelt option' "case.lua:2: sum: unknown option 'axs'; known: axis keep" <<'END'
local gr = require "gradus"
print(gr.zeros(2, 2):sum { axs = 1 })
END

fails 'position 0 is read' \
  'case.lua:3: position 0 on axis 1 of t (3): positions count from 1 to 3 (classes count from 0, positions from 1)' <<'END'
local gr = require "gradus"
local t = gr.zeros(3)
print(t[0])
END


# ---- Lua

fails 'a syntax error is not located' "case.lua:2: ')' expected near 'end'" <<'END'
local function f(x)
  print(x end
end
END

fails 'an unfinished script is not located' "case.lua:4: 'end' expected (to close 'if' at line 1) near <eof>" <<'END'
if true then
  print(1)

END

fails 'a call of nil is not located' "case.lua:2: attempt to call a nil value (field 'zero')" <<'END'
local mine = {}
mine.zero(2)
END

try 'a script that is not there is run' 1 nowhere.lua
out ''
err 'cannot open nowhere.lua: No such file or directory'

given deep.lua <<'END'
local function f(n)
  return 1 + f(n + 1)
end
print(f(1))
END
try 'a script that calls itself for ever crashes' 1 deep.lua
out ''
err_has 'deep.lua:2: stack overflow'

given meta.lua <<'END'
local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
print(t[1])
END
try 'metamethods that call themselves for ever crash' 1 meta.lua
out ''
err_has 'meta.lua:1: C stack overflow'

given nested.lua <<'END'
local gr = require "gradus"
local function f(x)
  return gr.no_grad(f, x)
end
f(1)
END
try 'library calls that call themselves for ever crash' 1 nested.lua
out ''
err_has 'nested.lua:'
err_has 'stack overflow'

fails 'a mistake in a coroutine is not located' 'case.lua:3: dot: a (2) and b (3) do not fit: size of a (2) must equal size of b (3)
  called from case.lua:6' <<'END'
local gr = require "gradus"
local thread = coroutine.create(function()
  return (gr.zeros(2):dot(gr.zeros(3)))
end)
local ok, message = coroutine.resume(thread)
error(message, 0)
END

given caught.lua <<'END'
local gr = require "gradus"
local ok, message = pcall(function()
  return (gr.zeros(1e9, 1e9))
end)
print(ok, message)
print(pcall(gr.zeros, 0))
print(select("#", pcall(error)))
END
try 'a mistake in pcall ends the script' 0 caught.lua
out 'false	caught.lua:3: out of memory: 8000000000000000000 bytes (7.45e+09 GB) could not be had
false	caught.lua:6: size 1 is 0: sizes are whole numbers of at least 1
2'

fails 'a tensor beyond all memory crashes' \
  'case.lua:2: out of memory: 8000000000000000000 bytes (7.45e+09 GB) could not be had' <<'END'
local gr = require "gradus"
print(gr.zeros(1e9, 1e9))
END

fails 'an error that is a table is not located' 'case.lua:2: the script raised a table as an error
  called from case.lua:4' <<'END'
local function f()
  error { code = 1 }
end
f()
END

fails 'an error without a value is not located' 'case.lua:1: the script raised a nil as an error' <<'END'
error()
END

fails 'an error object does not speak for itself' 'case.lua:2: code 7' <<'END'
local object = setmetatable({}, { __tostring = function() return "code 7" end })
error(object)
END

fails 'an error without a place hides where it was raised' 'plain
  called from case.lua:2
  called from case.lua:4' <<'END'
local function f()
  error("plain", 0)
end
f()
END

fails 'an error that blames its caller names the blamed line twice' 'case.lua:4: mine' <<'END'
local function f()
  error("mine", 2)
end
f()
END

mkdir gradus
given gradus/mine.lua <<'END'
error "in a folder named like the library"
END
try 'a script in a folder named gradus is taken for the library' 1 gradus/mine.lua
err 'gradus/mine.lua:1: in a folder named like the library'
rm -r gradus

given module.lua <<'END'
return { f = function(x) return (x:dot(x, x)) end }
END
fails "a mistake in the script's own module is not located" 'module.lua:1: dot: 1 argument too many; it takes a b
  called from case.lua:3' <<'END'
local gr = require "gradus"
package.path = "?.lua"
print((require("module").f(gr.zeros(2))))
END

# ---- Training

given_runaway() {
  given case.lua <<'END'
local gr = require "gradus"
local nn = gr.nn
gr.random.seed(0)
local net = nn.sequential { nn.dense(2, 3, { name = "hidden", init = nn.init.ones }), nn.identity(), nn.dense(3, 1) }
local function loss(scores, targets) return ((scores - targets) ^ 2):exp():mean() end
local history = net:fit(gr.full({ 4, 2 }, 200), gr.zeros(4, 1), { loss = loss, optimizer = gr.optim.sgd { lr = 3 }, epochs = 3 })
print(history.loss[3])
END
}

given_runaway
try 'a loss that is not finite does not say where it began' 1 case.lua
err_has 'case.lua:6: fit: the loss is inf at step 1 (epoch 1): the first is inf in the result of exp (4 x 1) at row 1, element 1 of it (row 1 of x), in the loss, case.lua:5'
err_has 'before: lr is 3; the largest weight of w of dense '"'hidden'"' (2 x 3) went from 1 to 1'

given_runaway
try '--no-nan-check does not go on' 0 --no-nan-check case.lua
out 'nan'

given case.lua <<'END'
local gr = require "gradus"
local net = gr.nn.sequential { gr.nn.dense(2, 2) }
net.summary()
END
try 'a method that is called with a dot ends in a riddle' 1 case.lua
err_has 'summary: a method is called with a colon: write net:summary(...)'
err_has 'case.lua:3: '
