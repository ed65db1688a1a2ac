# Files: broken ones are refused with the script's line, and sets of pictures are found where they are said to be.

given words.csv <<'END'
size,price
50,300
70,cheap
END
given case.lua <<'END'
local gr = require "gradus"

local t = gr.data.csv(arg[1])
END
try 'a word in a column of numbers is read' 1 case.lua words.csv
out ''
err 'case.lua:3: words.csv:3: column 2 ("price"): "cheap" is not a number'

try 'a missing file is read' 1 case.lua nowhere.csv
err 'case.lua:3: nowhere.csv: No such file or directory'

# Small pictures in MNIST's format: 3 and 2 of them, of 2 x 2 pixels.
mkdir -p sets/fashion-mnist
given write.lua <<'END'
local folder = arg[1]
local function write(name, ...)
  local f = assert(io.open(folder .. "/" .. name, "wb"))
  f:write(...)
  f:close()
end
local function images(n) return string.pack(">BBBBI4I4I4", 0, 0, 8, 3, n, 2, 2), ("\0\51\102\255"):rep(n) end
local function labels(n) return string.pack(">BBBBI4", 0, 0, 8, 1, n), ("\0\9\5"):sub(1, n) end
write("train-images-idx3-ubyte", images(3))
write("train-labels-idx1-ubyte", labels(3))
write("t10k-images-idx3-ubyte", images(2))
if not arg[2] then write("t10k-labels-idx1-ubyte", labels(2)) end
END
given pictures.lua <<'END'
local gr = require "gradus"
local set = gr.data[arg[1]](tonumber(arg[2]) and { scale = tonumber(arg[2]) })
print(set.train.x.shape, set.test.x.shape, set.train.y, set.test.y)
print(set.train.x[1])
print(#set.classes, set.classes[10], #set.about > 20)
END
prepare write.lua sets/fashion-mnist
gzip -f sets/fashion-mnist/train-images-idx3-ubyte

export GRADUS_DATA=sets
try 'pictures are not found below $GRADUS_DATA, or pixels not scaled to 0..1' 0 pictures.lua fashion_mnist
out "3 x 4	2 x 4	[0. 9. 5.]	[0. 9.]
[0.  0.2 0.4 1. ]
10	Ankle boot	true"
try 'pixels are scaled though it was not wanted' 0 pictures.lua fashion_mnist 1
out_has '[  0.  51. 102. 255.]'

export GRADUS_DATA=sets/fashion-mnist
try 'pictures are not found in $GRADUS_DATA itself' 0 pictures.lua mnist
out_has '3 x 4	2 x 4'
out_has '10	9	true'
unset GRADUS_DATA

mkdir -p home/gradus/mnist
prepare write.lua home/gradus/mnist
export XDG_DATA_HOME=$work/home
try "pictures are not found in the user's own folder" 0 pictures.lua mnist
out_has '3 x 4	2 x 4'

mkdir -p part
prepare write.lua part incomplete
export GRADUS_DATA=part
try 'a folder with some of the files hides one with all' 0 pictures.lua mnist
out_has '3 x 4	2 x 4'
export XDG_DATA_HOME=$work/nowhere
try 'a set with a file missing is read' 1 pictures.lua mnist
err 'pictures.lua:2: mnist: part has no t10k-labels-idx1-ubyte. `gradus data mnist` fetches them.'

head -c 100 sets/fashion-mnist/train-images-idx3-ubyte.gz >whole
head -c 30 whole >part/train-images-idx3-ubyte.gz
rm part/train-images-idx3-ubyte
prepare -e 'local f = io.open("part/t10k-labels-idx1-ubyte", "wb") f:write(string.pack(">BBBBI4", 0, 0, 8, 1, 2), "\0\1") f:close()'
try 'a truncated .gz is read' 1 pictures.lua mnist
out ''
err 'pictures.lua:2: part/train-images-idx3-ubyte.gz: the compressed data ends early'

export XDG_DATA_HOME=$work/nowhere GRADUS_DATA=$work/nowhere
if [ ! -e /usr/share/datasets/mnist ] && [ ! -e /usr/local/share/datasets/mnist ]; then
  try 'a set that is nowhere is read, or it is not said where it was looked for' 1 pictures.lua mnist
  err_has 'pictures.lua:2: mnist: its files are on none of these places: '
  err_has "$work/nowhere/gradus/mnist"
  err_has '/usr/share/datasets/mnist'
fi
unset XDG_DATA_HOME
export GRADUS_DATA="$usual_data"
