# Saved nets: what one process writes, another reads to the same bits.

given save.lua <<'END'
local gr = require "gradus"
local nn = gr.nn
local d = gr.data.iris()
local net = nn.sequential { nn.dense(4, 8), nn.gelu(), nn.dense(8, 3) }
net:fit(d.x, d.y, { loss = nn.cross_entropy(), optimizer = gr.optim.adam { lr = 0.01 }, epochs = 20 })
net:save "iris.safetensors"
for _, row in ipairs(net:scores(d.x["50:52"]):totable()) do
  print(("%a %a %a"):format(table.unpack(row)))
end
END
given load.lua <<'END'
local gr = require "gradus"
local net = gr.nn.load "iris.safetensors"
local d = gr.data.iris()
print(net.layers[1].w.dtype, net.task)
for _, row in ipairs(net:scores(d.x["50:52"]:to(net.layers[1].w.dtype)):totable()) do
  print(("%a %a %a"):format(table.unpack(row)))
end
END

prepare save.lua >"$top/scores"
try 'a net has other bits in another process' 0 load.lua
out "f64	classes
$(cat "$top/scores")"
cp iris.safetensors first.safetensors
prepare save.lua >/dev/null
try 'the same script writes another file' 0 -e 'for _, f in ipairs { "first", "iris" } do io.write(#io.open(f .. ".safetensors"):read("a"), " ") end'
if [ -n "$name" ]; then cmp -s first.safetensors iris.safetensors || complain 'the two files differ'; fi

prepare --f32 save.lua >"$top/scores"
try 'a net of single precision has other bits in another process' 0 load.lua
out "f32	classes
$(cat "$top/scores")"

given half.lua <<'END'
local gr = require "gradus"
local net = gr.nn.load(arg[1])
END
head -c 300 iris.safetensors >half.safetensors
try 'half a file is loaded' 1 half.lua half.safetensors
out ''
err 'half.lua:2: half.safetensors: ends within its header, of '"$(od -An -tu2 -N2 iris.safetensors | tr -d ' ')"' bytes'

given functions.lua <<'END'
local gr = require "gradus"
local net = gr.nn.sequential { gr.nn.dense(2, 2), function(x) return x * 2 end }
if arg[1] == "save" then
  net.layers[1].w = { { 1, 2 }, { 3, 4 } }
  net:save "functions.safetensors"
elseif arg[1] == "fill" then
  print(net:load("functions.safetensors")(gr.ones(2)))
else
  net = gr.nn.load "functions.safetensors"
end
END
prepare functions.lua save
try 'a net with functions is not filled in another process' 0 functions.lua fill
out '[ 8. 12.]'
try 'a net with functions is loaded, or it is not said what to do' 1 functions.lua load
err 'functions.lua:9: functions.safetensors: only the script can make a part of this net: 2 (a function)
  make the net as the script that saved it did, and fill it by net:load(path)'
