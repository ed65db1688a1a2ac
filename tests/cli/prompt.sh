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
err_has "attempt to index a nil value (global 'x')"
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
try 'the prompt keeps locals, or loses globals' 0
out 'nil
6
relu'

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
