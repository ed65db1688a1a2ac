# Runs: what is recorded, that a replay is the same or says what is not, that a killed training goes on, where two runs part.

given train.lua <<'E'
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "학습 one", seed = 3, epochs = 6, nap = 0, rate4 = 0.05, nudge = 0 }
local helper = require "helper"
local iris = gr.data.iris()
local net = nn.sequential { nn.dense(4, 8), nn.tanh(), nn.dropout(0.1), nn.dense(8, 3) }
if run.nudge ~= 0 then
  local w = net.layers[4].w
  gr.no_grad(function() w[{ 2, 3 }] = w[{ 2, 3 }] + run.nudge end)
end
local sgd = gr.optim.sgd { lr = function(e) return e == 4 and run.rate4 or 0.05 end, momentum = 0.9 }
local history = net:fit(iris.x, iris.y, {
  loss = nn.cross_entropy(),
  optimizer = sgd,
  batch = 25,
  epochs = run.epochs,
  patience = 50,
  on_epoch = function(e)
    run:log { epoch = e.epoch, noise = gr.random.rand(2), dice = math.random(), names = helper.names() }
    run:checkpoint(net, sgd)
    print(e.epoch, e.loss)
    local wake = os.clock() + run.nap
    while os.clock() < wake do end
  end,
})
run:plot("loss", history:plot())
run:save("net", net)
run:save("pair", gr.tensor { 1, 2 })
run:result { loss = history.loss[#history.loss], nothing = 0 / 0, rows = { 1, 2, 3 } }
E
# What is not the same every time is in the output, and so compared: clocks.
echo 'print(os.time() > 0, os.clock() >= 0, os.date("%Y") > "2000", math.random(6))' >>train.lua
given helper.lua <<'E'
local t = { zeta = 1, alpha = 2, [3] = 3, [1] = 1, beta = 3, [2.5] = 4 }
return {
  names = function()
    local list = {}
    for name in pairs(t) do list[#list + 1] = tostring(name) end
    return table.concat(list, " ")
  end,
}
E

# Runs the program for the record that it leaves behind.
leave() { "$program" "$@" >"$top/out" 2>&1 || :; }

# ---- What is there

rm -rf runs
try 'a script with gr.run is not recorded' 0 train.lua --epochs=2
folder=$(echo runs/*)
[ -f "$folder/run.json" ] || complain 'no run.json'
case $folder in runs/20??-??-??T??-??-??_학습-one_??????) ;; *) complain "the folder is called $folder" ;; esac
[ "$(cat "$folder/output.txt")" = "$(cat "$top/out")" ] || complain 'output.txt is not what was printed'
for file in log.jsonl clock.txt checkpoint.safetensors files/loss.json files/net.safetensors files/pair.npy; do
  [ -s "$folder/$file" ] || complain "there is no $file"
done
for part in '"status": "finished"' '"seed": 3' '"epochs": 2' '"number": "nan"' '"name": "helper"' '"name": "iris"' 'local helper = require' \
  '"overridden": \[' '"core": "' '"cpu": "' '"after": "'; do
  grep -q "$part" "$folder/run.json" || complain "run.json lacks $part"
done
grep -q '"names":"1 2.5 3 alpha beta zeta"' "$folder/log.jsonl" || complain 'pairs is in no fixed order'

rm -rf runs
try '--no-record records' 0 --no-record train.lua --epochs=1
[ ! -e runs ] || complain 'there is a folder runs'
try '--runs is not where runs are recorded' 0 --runs else/where train.lua --epochs=1
[ -n "$(ls else/where)" ] || complain 'nothing is in else/where'
try '--into is not the folder of the record' 0 --into here train.lua --epochs=1
[ -s here/run.json ] || complain 'no here/run.json'
try '--into takes the place of a record' 1 --into here train.lua --epochs=1
err_has 'run: here holds a run already'
rm -rf else here

given bad.lua <<'E'
local gr = require "gradus"
local run = gr.run { name = "bad", seed = 1 }
run:log { epoch = 1, loss = 2 }
error "on purpose"
E
try 'a script that fails leaves no record of it' 1 --into bad bad.lua
grep -q '"status": "failed"' bad/run.json && grep -q '"error": "bad.lua:4: on purpose' bad/run.json || complain 'run.json does not say so'
try 'a replay of a failed run does not fail the same way' 0 replay bad
out_has 'The recorded script failed: bad.lua:4: on purpose'
out_has 'The recorded run failed, and it fails the same way again; up to there '
out_has 'identical: 1 epoch, 2 figures'
given bad.lua <<'E'
local run = require("gradus").run { name = "bad" }
run:log { f = print }
E
try 'a function is recorded' 1 bad.lua
err_has 'bad.lua:2: run:log: a function cannot be recorded'
given exit.lua <<'E'
local run = require("gradus").run { name = "exit" }
run:result { one = 1 }
os.exit(false)
E
try 'os.exit leaves a run that seems to go on' 1 --into exit exit.lua
grep -q '"status": "failed"' exit/run.json || complain 'the status is another'
given boom.lua <<'E'
local run = require("gradus").run { name = "boom" }
run:log { epoch = 1 }
print(os.getenv "WHO")
if os.getenv "BOOM" then error "boom" end
run:result { one = 1 }
E
BOOM=1 leave --into boom1 boom.lua
leave --into boom2 boom.lua
try 'a run that failed and one that did not are the same' 3 replay boom1
out_has 'differs: how the script ended'
try 'a run that failed and one that did not do not differ' 3 diff boom1 boom2
WHO=me leave --into boom3 boom.lua
try 'the line of the output that differs is not named' 3 replay boom3
out_has 'differs: line 1 of what the script printed: "me" in the record and "nil" now'
given table.lua <<'E'
local run = require("gradus").run { name = "table" }
print({}, print, run.results)
E
leave --into table table.lua
try 'an address that is printed is a difference' 0 replay table
rm -rf bad exit runs boom1 boom2 boom3 table boom.lua table.lua

given wait.lua <<'E'
local run = require("gradus").run { name = "wait" }
run:log { epoch = 1 }
io.write "ready\n"
io.stdout:flush()
while true do end
E
interrupt 'Ctrl-C leaves a record that seems to go on' wait.lua
grep -q '"status": "interrupted"' runs/*wait*/run.json || complain 'the status is another'
try 'a replay of a script that never ends never ends' 0 replay last
out_has 'The recorded script was interrupted'
out_has 'identical: 1 epoch'
rm -rf runs wait.lua
given clock.lua <<'E'
local gr = require "gradus"
local run = gr.run { name = "clock" }
run:result { time = os.time(), clock = os.clock(), date = os.date "%H %M %S", seconds = gr.clock() }
print(os.clock())
E
leave --into clock clock.lua
try 'readings of clocks are other ones in a replay' 0 replay clock
out_has 'identical'
given clock.lua <<'E'
local sum = 0
for i = 1, 3 do
  local run = require("gradus").run { name = "clock" }
  sum = sum + os.clock()
  run:result { sum = sum }
end
E
leave --runs three clock.lua
for folder in three/*; do
  try "clocks of an earlier run of the script are other ones in a replay: ${folder##*_}" 0 replay "$folder"
done
rm -rf three
given clock.lua <<'E'
local pairs, time, date = pairs, os.time, os.date
local run = require("gradus").run { name = "clock" }
local keys = {}
for key in pairs { zeta = 1, alpha = 2, beta = 3, delta = 4 } do keys[#keys + 1] = key end
run:result { keys = table.concat(keys, " "), time = time(), hour = date "%H", then_ = time { year = 2026, month = 1, day = 1 } }
print(pcall(io.open, nil))
print(pcall(os.time, 3))
E
TZ=Asia/Seoul leave --into clock2 clock.lua
try 'what a script keeps in local variables before gr.run is not made the same, or the time zone is another' 0 replay clock2
out_has 'identical'
grep -q '"keys": "alpha beta delta zeta"' clock2/run.json || complain 'pairs goes in another order'
grep -q "clock.lua:6: bad argument #1 to 'open' (string expected, got nil)" clock2/output.txt || complain "$(cat clock2/output.txt)"
rm -rf clock clock2 clock.lua

# ---- What a script reads before gr.run

given early.lua <<'E'
local one = dofile "part.lua"
local two = loadfile("part.lua")()
local file = io.open "numbers.txt"
local number = file:read "n"
file:close()
local run = require("gradus").run { name = "early" }
run:result { sum = one + two + dofile "part.lua", number = number }
E
echo 'return 1' >part.lua
echo 5 >numbers.txt
leave --into early early.lua
grep -q '"name": "numbers.txt"' early/run.json || complain 'numbers.txt is not among the data'
echo 'return 2' >part.lua
try 'a file that was run before gr.run is not in the record' 0 replay early
out_has 'identical: 0 epochs, 2 figures, 2 results'
echo 6 >numbers.txt
try 'data that has changed is not the reason' 3 replay early
out_has 'differs: run:result: number is 5 in the record and 6 now'
out_has 'data differ: numbers.txt has another content'
rm -rf early early.lua part.lua numbers.txt

given lines.lua <<'E'
local run = require("gradus").run { name = "lines" }
for line in io.lines "numbers.txt" do print(line, io.open("numbers.txt"):read "n") end
E
echo 5 >numbers.txt
try 'a file cannot be read after gr.run' 0 --no-record lines.lua
out '5	5'
try 'a file cannot be read in a recorded run' 0 lines.lua
out '5	5'
rm -rf lines.lua numbers.txt runs

# ---- Replay

leave --into a train.lua
try 'a replay is not the same' 0 replay a
out_has 'identical: 6 epochs'
mv train.lua kept.lua && mv helper.lua kept_helper.lua
try 'a replay needs the script, or its modules' 0 replay a
out_has 'identical: 6 epochs'
mv kept.lua train.lua && mv kept_helper.lua helper.lua
mkdir deep && cd deep || exit 1
try 'a replay from another folder is not the same' 0 replay ../a
out_has 'identical'
cd ..

# changed SUBSTITUTION FILE: a copy of the record, b, with a change made by hand.
changed() { rm -rf b && cp -r a b && sed -i "$1" "b/$2"; }

changed '/"epoch":4,"fit"/s/"loss":0\.\([0-9]*\)\([0-8]\)\([0-9]\{4\}\)}/"loss":0.\19\3}/' log.jsonl
try 'a digit of a logged loss that was changed is not named' 3 replay b
out_has 'log.jsonl was changed: line 1'
out_has 'training 1, epoch 4'
out_has 'the record says loss is 0.'
out_has 'differs: training 1, epoch 4: loss is 0.'
changed 's/"seed": 3/"seed": 4/' run.json
try 'another seed in the record is not said' 3 replay b
out_has 'run.json says seed is 4, but log.jsonl says 3'
changed 's/"loss": 0\.\([0-9]\)/"loss": 0.9\1/' run.json
try 'a result that was changed is not named' 3 replay b
out_has 'run.json says results.loss is 0.9'
changed 's/batch = 25/batch = 26/' run.json
try "a changed text of the script is not said" 3 replay b
out_has "run.json: the script's text was changed"
changed 's/1/2/' output.txt
try 'a changed output is not said' 3 replay b
out_has 'output.txt was changed'
changed 's/"directory": "/"directory": "\/nowhere/' run.json
try 'another folder in the record is not said' 3 replay b
out_has 'run.json says directory is'
changed 's/"index": 1/"index": 2/' run.json
try 'a change that keeps the script from running is not named' 3 replay b
out_has 'run.json says index is 2, but log.jsonl says 1'
changed '1d' clock.txt
try 'a reading of the clock that was taken away is not said' 3 replay b
out_has 'clock.txt was changed'
changed '$d' output.txt
echo mine >b/files/mine.txt
try 'a file that was put into the record is not said' 3 replay b
out_has 'files/mine.txt was put there by somebody else'
changed 's/"status": "finished"/"status": "finished", "more": 1/' run.json
try 'a name that was put into the record is not said' 3 replay b
out_has 'run.json holds more, which was not written'
changed 's/files\/pair.npy/..\/..\/..\/..\/..\/..\/..\/..\/dev\/zero/' run.json
try 'a file outside of the record is read' 0 show b
try 'a record that is none ends in an error of Lua' 1 replay b/log.jsonl
changed 's/"index": 1/"index": null/' run.json
try 'a null in the record ends in an error of Lua' 3 replay b
changed 's/"data": \[/"data": [null, 3,/' run.json
try 'a list of other things ends in an error of Lua' 1 replay b
err_has 'is no record of a run: its data cannot be understood'
changed '$d' log.jsonl
try 'a line that was taken away is not said' 3 replay b
out_has 'log.jsonl has'
changed 's/^{/{ broken/' run.json
try 'a broken run.json is no clear error' 1 replay b
err_has 'b/run.json: '
try 'a run that is not there is replayed' 1 replay nothing
err_has "there is no run 'nothing'"
try 'a replay of nothing is taken' 2 replay
err_has 'gradus: replay: say which run'
try 'an unknown option of replay is taken' 2 replay a --fast
err_has "unknown option '--fast'"
try 'a tolerance that is none is taken' 2 replay a --tolerance x
err_has "--tolerance wants a number, got 'x'"

# ---- Going on

# all but what tells of the time, or of the chain that hangs on it
story() { tail -n +2 "$1/log.jsonl" | sed 's/,"chain":.*//; s/"ended":[^,]*,//; s/"seconds":[^,]*,//; s/"clock":[^,]*,//; s/"checkpoint":[^,]*,//'; }

# kill_after LINES: starts a slow training and kills it once its log has so many.
kill_after() {
  rm -rf k
  $limit "$program" --into k train.lua --nap=0.05 >"$top/out" 2>"$top/err" &
  child=$!
  while [ "$(cat k/log.jsonl 2>/dev/null | wc -l)" -lt "$1" ]; do sleep 0.01; done
  pkill -KILL -P $child 2>/dev/null || kill -KILL $child
  wait $child 2>/dev/null
}

for lines in 8 11 14; do
  kill_after $lines
  try "a training that was killed after $lines lines cannot be replayed" 0 replay k
  out_has 'The recorded script was killed'
  out_has 'identical'
  try "a training that was killed after $lines lines does not go on" 0 train.lua --resume k
  story a >"$top/straight" && story k | sed 's/"nap":0.05/"nap":0/' >"$top/resumed"
  cmp -s "$top/straight" "$top/resumed" || complain "the log is another: $(diff "$top/straight" "$top/resumed" | head -4)"
  cmp -s a/files/net.safetensors k/files/net.safetensors || complain 'the weights are others'
  cmp -s a/output.txt k/output.txt || complain 'the output is another'
  try "a training that went on after $lines lines is not replayed" 0 replay k
  out_has 'identical: 6 epochs'
done
try 'a finished run goes on' 1 train.lua --resume a
err_has 'train.lua:3: resume: a is finished: there is nothing to go on with'
kill_after 9
try 'a setting changes on the way' 1 train.lua --resume k --epochs=7
err_has 'resume: --epochs=7, but the run has 6'
echo '-- more' >>train.lua
try 'a changed script goes on' 1 train.lua --resume k
err_has 'resume: the script was changed since the run began'
sed -i '$d' train.lua
try 'another type of numbers goes on' 1 --f32 train.lua --resume k
err_has 'resume: the run had dtype f64, this program has f32'
rm k/checkpoint.safetensors
try 'a run without a checkpoint goes on' 1 train.lua --resume k
err_has 'k has no checkpoint'

# Two trainings that draw from the library's own stream, one after the other, killed in the first.
given twice.lua <<'E'
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "twice", seed = 2 }
local iris = gr.data.iris()
local net = nn.sequential { nn.dense(4, 3) }
local sgd = gr.optim.sgd { lr = 0.05 }
local done = 0
for _ = 1, 2 do
  net:fit(iris.x, iris.y, {
    loss = nn.cross_entropy(), optimizer = sgd, batch = 25, epochs = 4,
    on_epoch = function()
      done = done + 1
      if done == tonumber(os.getenv "STOP") then os.exit(false) end
      run:checkpoint(net, sgd)
    end,
  })
end
run:result { accuracy = net:score(iris.x, iris.y) }
E
leave --into t1 twice.lua
STOP=3 leave --into t2 twice.lua
try 'a training that follows the one that goes on draws otherwise' 0 twice.lua --resume t2
try 'two trainings that went on are replayed otherwise' 0 replay t2
out_has 'identical: 8 epochs'
STOP=3 leave --into t3 twice.lua
printf x | dd of=t3/checkpoint.safetensors bs=1 seek=1200 conv=notrunc 2>/dev/null
try 'a checkpoint that was changed is taken up' 1 twice.lua --resume t3
err_has 'checkpoint.safetensors: was changed after it was written'
STOP=3 leave --into t4 twice.lua
sed -i 's/"rows":150/"rows":151/' t4/log.jsonl
try 'a log that was changed is taken up' 1 twice.lua --resume t4
err_has 't4 was changed after it was written: log.jsonl was changed: line '
rm -rf t1 t2 t3 t4 twice.lua

given hand.lua <<'E'
local gr = require "gradus"
local run = gr.run { name = "hand", seed = 1, at = 0.1, stop = 0 }
local w = gr.param(gr.random.randn(3), "w")
local layer = gr.nn.layer { params = { w }, forward = function(x) return x:dot(w) end }
local x, y = gr.random.randn(20, 3), gr.random.randn(20)
local adam = gr.optim.adam({ lr = 0.1 }):add { w }
local sum = run:state() and run:state().sum or 0
for epoch = run:restore(layer, adam) + 1, 8 do
  if epoch == 5 then adam.lr = run.at end
  adam:zero_grad()
  local loss = ((layer(x) - y) ^ 2):mean()
  loss:backward()
  adam:step()
  sum = sum + loss:item()
  run:log { epoch = epoch, loss = loss:item(), sum = sum }
  run:checkpoint(layer, adam, { state = { sum = sum } })
  if epoch == run.stop then os.exit(false) end
end
run:result { w = w }
E
leave --into h1 hand.lua
leave --into h2 hand.lua --stop=4
try 'a loop by hand does not go on' 0 hand.lua --resume h2
story h1 | grep -v '"kind":"end"' >"$top/straight" && story h2 | grep -v '"kind":"end"' >"$top/resumed"
cmp -s "$top/straight" "$top/resumed" || complain "the log is another: $(diff "$top/straight" "$top/resumed" | head -4)"

# ---- Where two runs part

leave --into c train.lua --nudge=1e-9
leave --into d train.lua --rate4=0.06
leave --into e train.lua
leave --into h3 hand.lua --at=0.2
try 'two equal runs differ' 0 diff a e
out_has 'The same: 6 epochs'
try 'one initial weight is not named' 3 diff a c
out_has 'parameter 4.w is another at the start'
out_has 'before the first step (step 0), in parameter 4.w'
out_has '1 of its 24 entries (8 x 3) differ, first [{2, 3}]'
try 'the epoch of another rate is not named' 3 diff a d
out_has '3 epochs are the same.'
out_has 'They part in training 1, epoch 4'
out_has 'at step 1, in parameter 1.w'
out_has 'settings differ: rate4 is 0.05 and 0.06'
try 'a loop by hand is not compared by steps' 3 diff h1 h3
out_has 'They part in run:log, epoch 5'
out_has 'in parameter w'
try 'diff of one run is taken' 2 diff a
err_has 'two runs are expected'

# ---- No file

mkdir piped && mkfifo piped/run.json
for words in show replay 'report -o x.html' 'diff a'; do
  # shellcheck disable=SC2086
  try "a pipe in a record holds $words up" 1 $words piped
  err_has 'piped/run.json: is no file, but a folder, pipe or device'
done
cp a/run.json piped/copy && rm piped/run.json && mv piped/copy piped/run.json && mkfifo piped/log.jsonl piped/output.txt
try 'a pipe in place of a log holds show up' 0 show piped
try 'a pipe in place of a log holds runs up' 0 runs .
rm -r piped

# ---- No room, no right

if [ "$(id -u)" = 0 ] && mkdir tiny_disk && mount -t tmpfs -o size=64k tmpfs tiny_disk 2>/dev/null; then
  cp train.lua helper.lua tiny_disk
  cd tiny_disk || exit 1
  try 'a full disk is no clear error' 1 train.lua
  err_has 'No space left on device'
  for left in runs/*/*; do
    case $left in *.json) [ -s "$left" ] || complain "$left is empty" ;; esac
  done
  dd if=/dev/zero of=fill bs=1k count=64 2>/dev/null
  rm -rf runs && dd if=/dev/zero of=fill2 bs=1k 2>/dev/null
  try 'a disk that is full at the start leaves half a record' 1 train.lua
  [ -z "$(ls -A runs 2>/dev/null)" ] || complain "runs holds $(ls runs)"
  cd ..
  umount tiny_disk
  mount -t tmpfs -o ro tmpfs tiny_disk
  cd tiny_disk || exit 1
  try 'a folder that cannot be written is no clear error' 1 ../train.lua
  err_has 'run: runs: the folder cannot be made: Read-only file system'
  err_has '--no-record not at all'
  cd ..
  umount tiny_disk
fi
rm -rf a b c d e k h1 h2 h3 deep tiny_disk ./*.lua runs
