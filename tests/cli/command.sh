# The command line itself: modes, options, exit statuses, and where things are printed.

given args.lua <<'END'
print(arg[0], #arg, ...)
END
try 'a script is not given its arguments' 0 args.lua one --two=2 -x
out "args.lua	3	one	--two=2	-x"
err ''

try 'our options behind the script reach the script' 0 args.lua --seed 5 one --threads=1 --f32 --quiet
out "args.lua	1	one"

try 'what follows -- is taken for our options' 0 args.lua -- --seed 5
out "args.lua	2	--seed	5"

mkdir -p sub/folder
given sub/folder/deep.lua <<'END'
local gr = require "gradus"
print(gr.ones(2):sum())
error "here"
END
try 'a script in another folder does not find the library, or is misnamed' 1 sub/folder/deep.lua
out '2.0'
err 'sub/folder/deep.lua:3: here'

cd sub/folder || exit 1
given up.lua <<'END'
print(require("gradus").version ~= nil)
END
try 'the program runs in one folder only' 0 ../folder/up.lua
out 'true'
cd "$work" || exit 1

# ---- Code from elsewhere

try '-e does not bind gr and its modules' 0 -e 'print(gr.zeros(2), nn.dense ~= nil, ones(2):sum())'
out '[0. 0.]	true	2.0'

try '-e does not print an expression' 0 -e '1 + 1 -- two'
out '2'

try '-e prints what a call gives, or runs it twice' 0 -e 'print "once"'
out 'once'

try '-e with half an expression is not told of as it stands' 1 -e '1 +'
err "(command line):1: unexpected symbol near '1'"

try 'an error in -e is not located' 1 -e 'error "no"'
err '(command line):1: no'

try '-e gives its arguments to nobody' 0 -e 'print(#arg, ...)' a b
out "2	a	b"

input <<'END'
local gr = require "gradus"
print(gr.arange(3))
print(...)
END
try '- does not read standard input' 0 - x
out '[0. 1. 2.]
x'

input <<'END'

nope()
END
try 'an error in standard input is not located' 1 -
err "stdin:2: attempt to call a nil value (global 'nope')"

input <<'END'
x = gr.ones(2)
END
try '- has gr, or does not say why not' 1 -
err "stdin:1: attempt to index a nil value (global 'gr'): a script begins with local gr = require \"gradus\""

given foreign.lua <<'END'
local text = "x += 1"
if text != "" then print(text) end
END
try 'a script in the manner of another language is not told of it' 1 foreign.lua
err "foreign.lua:2: 'then' expected near '!'
  not equal is written ~= in Lua"

try 'code in the manner of another language is not told of it' 1 -e 'x = [1, 2]'
err "(command line):1: unexpected symbol near '['
  a list is written { 1, 2 } in Lua, a tensor gr.tensor { 1, 2 }"

given method.lua <<'END'
local nn = require("gradus").nn
local net = nn.sequential { nn.dense(2, 1) }
net:fti(1)
END
try 'a method that is misspelt is not found again' 1 method.lua
err "method.lua:3: attempt to call a nil value (method 'fti') (did you mean 'fit'?)"

try 'a function that is misspelt is not found again' 1 -e 'pirnt(1)'
err "(command line):1: attempt to call a nil value (global 'pirnt') (did you mean 'print'?)"

given global.lua <<'END'
print(gr, nn)
END
try 'a script finds globals that it did not make' 0 global.lua
out "nil	nil"

# ---- Options

given draw.lua <<'END'
local gr = require "gradus"
print(gr.random.random())
END
# numpy.random.RandomState(0).rand(), and of 42
try 'the seed is not 0 unless it is given' 0 draw.lua
out '0.5488135039273248'
try '--seed does not start the random numbers' 0 --seed 42 draw.lua
out '0.3745401188473625'
try '--seed= behind the script does not start the random numbers' 0 draw.lua --seed=42
out '0.3745401188473625'

given seeded.lua <<'END'
local gr = require "gradus"
local run = gr.run { name = "seeded", seed = 3 }
print(run.seed, gr.random.random())
END
# numpy.random.RandomState(3).rand()
try 'a run does not start from its seed' 0 seeded.lua
out "3	0.5507979025745755"
try '--seed does not override the seed of a run' 0 --seed 42 seeded.lua
out "42	0.3745401188473625"

try '--f32 does not make single precision' 0 --f32 -e 'print(gr.zeros(2).dtype, gr.random.rand(2).dtype, gr.data.iris().x.dtype)'
out "f32	f32	f32"
try 'under --f32 layers have f64 state, or cannot run' 0 --f32 -e 'local net = nn.sequential{ nn.embedding(3, 2), nn.batch_norm(2),
  nn.layer_norm(2), nn.dropout(0.5) }; local y = net(gr.tensor{ 0, 1, 2 }); local bn, d = net.layers[2], net.layers[4].draws
  print(y.dtype, bn.gamma.dtype, bn.running_mean.dtype, bn.running_var.dtype, d.dtype, d[2])'
out 'f32	f32	f32	f32	f64	1.0'
try 'numbers are not f64 unless asked' 0 -e 'print(gr.zeros(2).dtype)'
out 'f64'

try '--threads is not heard by BLAS' 0 --threads 2 version
out_has ', 2 threads'

cp -r "$here/../../scripts" lib
sed 's/version = core.version/version = "changed"/' lib/gradus/gradus.lua >changed && mv changed lib/gradus/gradus.lua
try '--scripts does not take the library from disk' 0 --scripts lib -e 'print(gr.version, #gr.data.iris().y)'
out "changed	150"
try 'a library on disk is used unasked' 0 -e 'print(gr.version ~= "changed")'
out 'true'
try '--scripts with a folder that is not there does nothing' 2 --scripts nowhere -e 'print(gr.version)'
out ''
err_has '--scripts wants a folder in which gradus/gradus.lua lies, got '
rm -rf lib

given gradus.lua <<'END'
error "a file of the script's folder"
END
try 'a file named gradus.lua hides the library' 0 -e 'print(gr.version ~= nil)'
out 'true'
rm gradus.lua

if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1; then
  script_in_terminal() { script -qec "'$program' $1 train.lua" /dev/null </dev/null >"$top/out"; }
  given train.lua <<'END'
local gr = require "gradus"
local net = gr.nn.sequential { gr.nn.dense(2, 1) }
net:fit(gr.ones(4, 2), gr.ones(4, 1), { loss = gr.nn.mse(), optimizer = gr.optim.sgd(), epochs = 200000 })
END
  if start 'a terminal shows no progress'; then
    script_in_terminal ''
    out_has 'of 200000  ['
  fi
  if start '--quiet shows progress'; then
    script_in_terminal --quiet
    out_lacks 'of 200000  ['
  fi
  try 'progress is written to what is no terminal' 0 train.lua
  out ''
  err ''
fi

# ---- Settings of a run

given run.lua <<'END'
local gr = require "gradus"
local run = gr.run { name = "settings", lr = 0.1, epochs = 17, verbose = false, kind = "sgd" }
print(run.lr, run.epochs, run.verbose, run.kind)
run:result { loss = 0.5 }
print(run.results.loss)
END
try 'a run does not keep its settings' 0 run.lua
out "0.1	17	false	sgd
0.5"
try 'the command line does not override settings' 0 run.lua --lr=0.5 --epochs=3 --verbose --kind=adam
out "0.5	3	true	adam
0.5"
try 'a misspelt setting is taken' 1 run.lua --epoch=3
err "run.lua:2: run: unknown option 'epoch' (did you mean 'epochs'?); known: epochs kind lr name out verbose"
try 'a word is taken for a number' 1 run.lua --lr=fast
err 'run.lua:2: run: --lr=fast: the setting is a number (0.1 here)'
try 'a loose word is taken for a setting' 1 run.lua fast
err "run.lua:2: run: 'fast' is no setting: write --name=value; known: epochs kind lr name out verbose"

given plot.lua <<'END'
local gr = require "gradus"
local run = gr.run { name = "plot" }
run:plot("loss", gr.plot.line { 3, 2, 1 })
END
try 'a run without a folder for pictures fails' 0 plot.lua
out ''
try 'a run writes pictures that nobody asked for' 1 -e 'os.exit(io.open "loss.svg" and 0 or 1)'

# ---- Version, help, wrong command lines

try 'version does not name what is inside' 0 version
out_has 'gradus '
out_has 'Lua 5.4'
out_has 'OpenBLAS '
out_has ', core '
out_has ', 1 thread'
err ''

try 'help does not go to standard output' 0 help
out_has 'usage: gradus'
out_has 'exit status: 0 fine, 1 the script failed, 2 the command line is wrong, 3 a check or replay did not hold, 130 interrupted'
err ''

given version <<'END'
print "mine"
END
try 'a script named version cannot be run' 0 version
out 'mine'
rm version

# wrong WHAT ARGS...: refused in a line on standard error, which a page of usage would drive away
wrong_usage() {
  reason=$1
  shift
  try "$reason is not refused" 2 "$@"
  out ''
  err_has "gradus: "
  err_has '; gradus help lists commands and options'
  err_lacks 'usage: gradus'
}
wrong_usage 'an unknown option' --nonsense args.lua
err_has 'unknown option, or one without its value: --nonsense'
wrong_usage 'a seed that is no number' --seed x args.lua
err_has 'gradus: --seed wants a whole number from 0 to 4294967295, got x;'
wrong_usage 'a negative seed' --seed=-1 args.lua
wrong_usage 'a seed above 32 bits' --seed 4294967296 args.lua
wrong_usage 'a missing seed' args.lua --seed
wrong_usage 'no thread' --threads 0 args.lua
err_has '--threads wants a whole number from 1 to 1024, got 0;'
wrong_usage 'a missing run' args.lua --resume
err_has '--resume wants a run: its folder, its name or id, or last, got nothing;'
wrong_usage 'a run that goes on without its script' --resume last
err_has "--resume goes on with a script's run: write gradus FILE.lua --resume last;"
wrong_usage 'a misspelt option' --thread 2 args.lua
err_has 'unknown option, or one without its value: --thread (did you mean --threads?);'
wrong_usage 'a missing folder of scripts' --scripts
wrong_usage '-e without code' -e
wrong_usage 'an unknown short option' -x args.lua

given misspelt.lua <<'END'
require "gradus".run { name = "misspelt", lr = 0.1 }
END
try 'a misspelt option behind a script is taken for a setting alone' 1 misspelt.lua --portabel
err_has "run: '--portabel' is no setting (did you mean --portable?): write --name=value; known: lr name"

# The library knows the same options as the program.
for option in $("$program" help | grep -o '^ *\(options:\)\{0,1\} *--[a-z0-9-]*' | grep -o -e '--.*'); do
  wrong_usage "nobody finds $option" "${option}x"
  err_has "(did you mean $option?)"
done

# ---- Ends

given ends.lua <<'END'
os.exit(tonumber(arg[1]))
END
try 'a script cannot choose its exit status' 7 ends.lua 7

given both.lua <<'END'
print "result"
io.stderr:write "remark\n"
error "failure"
END
try 'results and errors are mixed' 1 both.lua
out 'result'
err 'remark
both.lua:3: failure'

if start 'a script that prints nothing needs a standard output'; then
  $limit "$program" -e 'x = 1' </dev/null >&- 2>"$top/err"
  status=$?
  ended 0
fi

if [ -w /dev/full ]; then
  # full NAME ARGS...: standard output goes to a full disk
  full() {
    start "$1" || return 0
    shift
    $limit "$program" "$@" </dev/null >/dev/full 2>"$top/err"
    status=$?
    ended 1
    err 'gradus: standard output: No space left on device'
  }
  full 'a short result that is lost is no failure' -e 'print(1)'
  full 'a long result that is lost is no failure' -e 'print(("x"):rep(100000))'
  full 'a lost version is no failure' version
  full 'a lost help text is no failure' help
fi
