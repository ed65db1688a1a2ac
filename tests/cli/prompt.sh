# The plain prompt, fed from a pipe.

input <<'END'
1 + 1
0.1 + 0.2
x = gr.tensor { 1, 2 }
x * 2
nil
nil, 3
"text"
for i = 1, 2 do
  print(i)
end
x:sum(), #x
END
try 'the prompt does not print the values of expressions' 0
out '2
0.30000000000000004
[2. 4.]
nil
nil	3
text
1
2
3.0	2'
err ''

input <<'END'
error "first"
print "still here"
nope()
x[0]
)
gr.zeros(2)[3]
"end"
END
try 'the prompt ends at an error' 0
out 'still here
end'
err_has 'prompt:1: first'
err_has "attempt to call a nil value (global 'nope')"
err_has "there is no 'x'"
err_has "unexpected symbol near ')'"
err_has 'position 3 on axis 1 of the tensor (2): positions count from 1 to 2'

input <<'END'
print "before"
for i = 1, 3 do
END
try 'a chunk that the input does not finish is run, or not told' 0
out 'before'
err_has "'end' expected"

input <<'END'
local a = 5
print(a)
b = 6
print(b)
nn.relu()
END
try 'the prompt loses a local variable with its line, or a global' 0
out '5
6
relu'

input <<'END'
local a, b <const>, c = 1, 2
local d; for i = 1, 2 do local e = i end
local function f(x) local g = x return g + a end
a, b, c, d, e, g
f(1)
local open <close> = setmetatable({}, { __close = function() print "closed" end })
open
-- local h = 5
s = "local h = 5"
h
END
try 'a local of a block or a function stays, or one of the chunk does not' 0
out '1	2	nil	nil	nil	nil
2
closed'
err "there is no 'open': it is io.open(path) here
there is no 'h'"

input <<'END'
lss = 5
lsss
lsss.a["b"].c
dense
array
np.zeros
unlike_all
x = nil
x
y = nil; y
z = 1; zz
nothing_at_all()
t = {}
t.a
True
END
try 'a name that there is not shows nothing, or one that is nil is unknown' 0
out 'nil
nil
nil'
err "there is no 'lsss' (did you mean 'lss'?)
there is no 'lsss' (did you mean 'lss'?)
there is no 'dense': it is nn.dense here
there is no 'array': it is gr.tensor here
there is no 'np': it is gr here
there is no 'unlike_all'
there is no 'zz'
prompt:1: attempt to call a nil value (global 'nothing_at_all')
there is no 'True': it is true here"

input <<'END'
print
print(print, { 1 } ~= nil)
function own() end
own
tostring(nn.relu)
nn.relu
function() end
(function() end)
END
try 'a function is shown by its address' 0
out 'function: print
function: print	true
function: own (prompt:1)
function: nn.relu([options]) -> Layer
function: nn.relu([options]) -> Layer
function (prompt:1)
function (prompt:1)'

input <<'END'
x = 1
x += 1
for i in range(3):
x
END
try 'what other languages write gets no answer, or waits for an end' 0
out '1'
err "prompt:1: syntax error near '+'
  Lua has no +=: write x = x + y
prompt:2: <name> expected near <eof>
  a loop over numbers is written for i = 1, n do ... end in Lua: n counts too"

input <<'END'
5; -- hidden
_ + 1
_ * 2
x = 3
_
print "said"
_
"a;"
5 -- shown;
1 +
2
f = function()
  return 7
end
f()
--[[ a comment
that goes on ]] f() + 1
END
try 'a semicolon does not hide a value, _ is not the last one, or an unfinished expression is not read on' 0
out '6
12
12
said
12
a;
5
3
7
8'

input <<'END'
? dense
END
try '? is no call of help' 0
err_lacks 'unexpected symbol'

input <<'END'
x = gr.ones(2)
?x
END
try '? and a variable looks for a letter' 0
out_has 'tensor:backward'
err ''

input <<'END'
y, x, net = gr.ones(2, 3), gr.ones(4, "f32"), nn.sequential { nn.dense(2, 3) }
z = x["2:3"]
text = "abc"
past = nn.dense and nn.sequential({ nn.dense(3, 1) }):fit(y, gr.ones(2, 1), { loss = nn.mse(), optimizer = optim.sgd(), epochs = 7 })
who()
END
try 'who() does not list the variables' 0
out 'name  kind        shape         type  bytes
net   sequential  9 parameters           72
past  history     7 epochs
text  string                              3
x     tensor      4             f32      16
y     tensor      2 x 3         f64      48
z     tensor      2             f32       8  in the memory of x'

input <<'END'
time(function() return 1 end, { repeats = 5 })
_ > 0 and _ < 1
time(5)
time(print, { repeat_ = 1 })
END
try 'time() does not measure, or takes anything' 0
out_has 'best'
out_has '(5 calls)'
out_has 'true'
err_has 'prompt:1: time: expected a function'
err_has "unknown option 'repeat_'"

given start.lua <<'END'
local gr = require "gradus"
weights = gr.ones(2)
print "ran"
END
input <<'END'
weights * 3
END
try '-i does not run the script first, or loses what it made' 0 -i start.lua
out 'ran
[3. 3.]'

input <<'END'
y + 1
END
try '-i does not follow -e' 0 -e 'y = 4' -i
out '5'

given fails.lua <<'END'
error "stop"
END
input <<'END'
"prompt"
END
try 'the status of a failed script is lost behind the prompt' 1 -i fails.lua
out 'prompt'
err 'fails.lua:1: stop'

# ---- Names that a script makes its own

input <<'END'
table, type, select, ipairs, require, io, print = { 1, 2 }, 3, 1, 1, 1, 1, 3
1 + 1
gr.ones(2)
nn.dense(2, 1)
END
try 'a variable with the name of a function of Lua ends the prompt' 0
out_has '2'
out_has 'dense(2 -> 1)'

input <<'END'
x_of_test = gr.ones(2)
who
exit
local n; print(1 < 2, 3)
y_of_test = 2; y_of_test * 3
END
try 'words of the prompt are no calls, or a line of statements waits for more' 0
out_has 'x_of_test  tensor  2      f64      16'
out_has 'Ctrl-D leaves.'
out_has 'true	3'
out_has '6'
