# Runs that were not recorded here: their scripts run again in a cell, and do nobody harm.

can_stand=$("$program" --no-record -e 'print((pcall(require("gradus.cell").run, { script = "" })))')

# theirs NAME WORDS...: a record as somebody else makes it, whose key is not ours.
theirs() {
  into=$1
  shift
  XDG_STATE_HOME="$top/their" "$program" --into "$into" "$@" >"$top/out" 2>&1 || :
}
told='this run was not recorded here: its script runs in the cell; --trust runs it like a script of your own'

given one.lua <<'E'
local run = require("gradus").run { name = "one", seed = 1 }
for epoch = 1, 3 do run:log { epoch = epoch, loss = math.random() } end
run:result { home = os.getenv "HOME" ~= nil }
E
prepare --into ours one.lua >/dev/null
[ "$(stat -c %a "$XDG_STATE_HOME/gradus/own/key")" = 600 ] || complain "the key may be read by others: $(ls -lR "$XDG_STATE_HOME")"
try "one's own run is a stranger's" 0 replay ours
out_lacks 'was not recorded here'
out_has 'identical: 3 epochs, 7 figures, 1 result'
theirs stranger one.lua
try "a stranger's run that is trusted runs in a cell" 0 replay stranger --trust
out_lacks 'was not recorded here'
cp -r ours changed
sed -i 's/local run = require/local run  = require/' changed/run.json
XDG_STATE_HOME=/dev/null "$program" --into stateless one.lua 2>"$top/err" || complain "without a folder for a key: $(cat "$top/err")"
try '--seconds takes what is no time' 2 replay ours --seconds=long
err_has "--seconds wants a number of seconds, got 'long'"
try '--memory takes what is no number' 2 replay ours --memory=1.5
err_has "--memory wants a whole number of megabytes, got '1.5'"


# What is run is what was looked at: the program that runs a record decides by the very record that it runs.
try "a stranger's record runs outside of a cell without a word" 1 --into swapped rerun stranger
err_has 'this record was not written here, or has changed since it was looked at: it is not run; --trust'
try 'what was changed since it was looked at runs' 1 --into swapped rerun changed
[ ! -e swapped ] || complain 'it ran'
try "one's own record does not run" 0 --into swapped rerun ours
try "a stranger's record that is trusted does not run" 0 --into swapped-2 rerun stranger --trust
rm -rf swapped swapped-2

# What a record says may be meant for a terminal.
escape=$(printf '\033')
mkdir -p odd
printf '{"format":"\\u001b]0;PWN\\u0007"}' >odd/run.json
try 'the format of a record is obeyed by the terminal' 1 replay odd
err_has 'is of format ?]0;PWN?;'
try 'the format of a record is obeyed when it is compared' 1 diff ours odd
err_has 'is of format ?]0;PWN?;'
printf '{ \033]0;PWN\007' >odd/run.json
try 'half a record is obeyed by the terminal' 1 replay odd
! grep -qF "$escape" "$top/err" || complain "an escape is in $(cat -v "$top/err")"
try 'half a record is obeyed when it is compared' 1 diff ours odd
! grep -qF "$escape" "$top/err" || complain "an escape is in $(cat -v "$top/err")"
try 'half a record is obeyed when it runs again' 2 --into odd-2 rerun odd
! grep -qF "$escape" "$top/err" || complain "an escape is in $(cat -v "$top/err")"

# Lists with something missing between, and a hash of the log that is none.
rm -rf odd && cp -r ours odd
sed -i 's/^  "modules": \[\]/  "modules": [null, {"name": "x", "text": "", "path": "x"}]/; s/^  "command": \[/&null, /' odd/run.json
try 'modules may have holes' 1 replay odd
err_has 'is no record of a run: its modules cannot be understood'
sed -i 's/^  "modules": .*/  "modules": [],/' odd/run.json
try 'the command may have holes' 1 replay odd
err_has 'is no record of a run: its command cannot be understood'
rm -rf odd && cp -r ours odd
sed -i 's/^  "settings": {/&"hole": [1, null, 2], /' odd/run.json
try 'settings with holes end the program' 3 replay odd --trust
out_has 'run.json says settings.hole is a table, but log.jsonl says nothing'
rm -rf odd && cp -r ours odd
"$program" --no-record -e 'local f = io.open "odd/run.json" local t = f:read "a" f:close()
  t = t:gsub([=["log": %b{}]=], [=["log": "x"]=]) f = io.open("odd/run.json", "w") f:write(t) f:close()'
sed -i '$d' odd/log.jsonl
try 'a text in place of the hash of the log hides that it was changed' 3 replay odd
out_has "run.json: the log's length and hash were changed"
rm -rf odd

mkdir -p few
for tool in cat grep env timeout; do
  found=$(command -v "$tool") && ln -sf "$found" few/
done
whole_path=$PATH
PATH=$work/few
try "a stranger's script is run where walls are missing" 1 replay stranger
err_has 'the script could not be run again: cell: a stranger'"'"'s script is not run where walls are missing'
err_has '--trust runs it like a script of your own'
PATH=$whole_path

if [ "$can_stand" != true ]; then
  echo 'skipped: the walls of a cell cannot stand on this machine (make deps brings bubblewrap): replays of strangers'"'"' runs'
else

# ---- What is the same as ever

try "a stranger's run does not run in a cell" 3 replay stranger
out_has "$told"
out_has 'differs: run:result: home is true in the record and false now'
try 'a run that was changed by hand is still ours' 3 replay changed
out_has "$told"
try 'a run that was recorded without a key is ours' 3 replay stateless
out_has "$told"
given marked.lua <<'E'
local said = require("gradus.replaying").said(arg[1], { seconds = 5, memory = 100.5 })
print(said.is, said.value and said.value.differs, said.error)
E
try "a check replays a stranger's run outside of a cell" 0 --no-record marked.lua stranger
out_has 'table	run:result: home is true here and false there'
try 'a check trusts a run that was handed in because its reader has recorded it' 0 --no-record marked.lua ours
out_has 'table	run:result: home is true here and false there'
try 'a run that is not there is told by the path of a folder' 0 --no-record marked.lua "$work/none"
out_has "nil	nil	no folder 'none' with a recorded run was handed in"
mkdir torn && echo '{' >torn/run.json
try 'a run that cannot be read is told by the path of a folder' 0 --no-record marked.lua "$work/torn"
out_has "nil	nil	the recorded run 'torn' cannot be read: run.json: "
rm -rf torn
try 'a check runs what was changed' 0 --no-record marked.lua changed
out_has 'it was changed after it was written'
rm -rf ours stranger changed stateless

cp "$here/../../experiments/05_two_layers.lua" two.lua
prepare --into two two.lua >/dev/null
sed -i '/^  "hmac": /d' two/run.json
try 'an older record is ours, or the cell computes other bits' 0 replay two
out_has "$told"
out_has 'identical: 2000 epochs, 2008 figures, 6 results'

given all.lua <<'E'
local pairs, time = pairs, os.time
local gr = require "gradus"
local nn = gr.nn
local part = dofile "part.lua"
io.stdout:write("early\n")
for i = 1, 2 do
  local run = gr.run { name = "학습", seed = i, epochs = 2 }
  local helper, iris = require "helper", gr.data.iris()
  local net = nn.sequential { nn.dense(4, 8), nn.tanh(), nn.dropout(0.1), nn.dense(8, 3) }
  local adam = gr.optim.adam { lr = 0.05 }
  local history = net:fit(iris.x, iris.y, {
    loss = nn.cross_entropy(), optimizer = adam, batch = 25, epochs = run.epochs,
    on_epoch = function(e)
      run:log { epoch = e.epoch, noise = gr.random.rand(2), dice = math.random(), part = part + helper }
      run:checkpoint(net, adam)
    end,
  })
  local keys = {}
  for key in pairs { zeta = 1, alpha = 2, beta = 3, delta = 4 } do keys[#keys + 1] = key end
  print(time(), os.clock(), gr.clock(), os.date "%c", math.random(6), table.concat(keys, " "))
  io.write("a", 1, "\n")
  io.stderr:write "warning\n"
  run:plot("loss", history:plot())
  run:save("net", net)
  run:save("tensor", gr.eye(2))
  run:save("both", { a = gr.eye(2), b = gr.ones(3) })
  run:result { loss = history.loss[#history.loss], nothing = 0 / 0, words = arg[1] }
end
os.exit(0)
E
echo 'return 1' >part.lua
echo 'return 2' >helper.lua
for options in '--seed=3' '--f32' '--portable' '--no-nan-check'; do
  rm -rf all all-2
  TZ=Asia/Seoul theirs all $options all.lua --epochs=3
  try "a cell does not do what the script has done, with $options" 0 replay all
  out_has 'identical: 3 epochs, 18 figures, 3 results'
  try "nor in its second run, with $options" 0 replay all-2
  out_has 'identical: 3 epochs, 18 figures, 3 results'
done
rm -f part.lua helper.lua
try 'modules are taken from the disk' 0 replay all
rm -rf all all-2

given bad.lua <<'E'
local run = require("gradus").run { name = "bad" }
run:log { epoch = 1, loss = 2 }
local function f() error "on purpose" end
f()
E
theirs bad bad.lua
try 'a script fails in another way in a cell' 0 replay bad
out_has 'The recorded script failed: bad.lua:3: on purpose'
out_has 'The recorded run failed, and it fails the same way again; up to there identical: 1 epoch'
! grep -q '^identical' "$top/out" || complain "it is told like a success: $(cat "$top/out")"
given early.lua <<'E'
if not os.getenv "HOME" then error "too early" end
local run = require("gradus").run { name = "early" }
E
theirs early early.lua
try 'a script that makes no record is not told' 1 replay early
err_has 'the script could not be run again: early.lua:1: too early'

# An end that is cut off: the cell stops there.
given wait.lua <<'E'
local run = require("gradus").run { name = "wait" }
run:log { epoch = 1 }
print "ready"
io.stdout:flush()
while true do end
E
interrupt "a stranger's run is not interrupted" wait.lua
mv runs/*wait* wait 2>/dev/null
[ ! -d wait ] || sed -i '/^  "hmac": /d' wait/run.json
try "a stranger's run that was interrupted is not compared as far as it went" 0 replay wait
out_has 'identical: 1 epoch'
rm -rf runs wait

# ---- Where two part

given part.lua <<'E'
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "part", seed = 3, nudge = 0 }
local iris = gr.data.iris()
local net = nn.sequential { nn.dense(4, 8), nn.tanh(), nn.dense(8, 3) }
local sgd = gr.optim.sgd { lr = function(e) return e == 2 and run.nudge ~= 0 and 0.06 or 0.05 end }
net:fit(iris.x, iris.y, { loss = nn.cross_entropy(), optimizer = sgd, batch = 25, epochs = 3 })
E
theirs A part.lua
theirs B part.lua --nudge=1
try "the step where strangers' runs part is not found in the cell" 3 diff A B
out_has '  A: this run was not recorded here'
out_has '  B: this run was not recorded here'
out_has 'at step 1, in parameter 1.w'
out_has '32 of its 32 entries (4 x 8) differ'
"$program" diff A B >"$top/cell" || :
"$program" diff --trust A B >"$top/trust" || :
grep -v 'was not recorded here' "$top/cell" | cmp -s - "$top/trust" || complain "$(cat "$top/cell" "$top/trust")"
rm -rf A B

# ---- What a stranger's script may try

mkdir house
echo precious >house/file
given harm.lua <<'E'
local gr = require "gradus"
local core = require "gradus.core"
local run = gr.run { name = "harm", harm = "loop" }
run:result { one = 1 }
if os.getenv "HOME" then return end -- its author's machine
print "identical: 1 epoch, 1 figure, 1 result"
local harm = {
  loop = function() while true do end end,
  hide = function() while true do pcall(function() while true do end end) end end,
  memory = function() local t = {} while true do t[#t + 1] = ("x"):rep(1e6) .. #t end end,
  print = function() while true do print(("x"):rep(1e6)) end end,
  remove = function() os.remove "house/file" end,
  shell = function() os.execute "rm -rf house" end,
  write = function() io.open("house/file", "w"):write "gone" end,
  save = function() core.write_file("house/file", "gone") end,
  outside = function() gr.data.save_npy("outside.npy", gr.eye(2)) end,
  read = function() for line in io.lines "house/file" do print(line) end end,
  list = function() print(#core.list_folder "house") end,
  idx = function() core.idx "house/file" end,
  record = function()
    require("gradus.recorder").again.in_memory[1] = { text = function() return ("["):rep(1e5) end }
  end,
  none = function() require("gradus.recorder").again.in_memory[1] = nil end,
  many = function()
    local text = "[" .. ("{},"):rep(2e6) .. "1]"
    require("gradus.recorder").again.in_memory[1] = { text = function(_, name) return name == "run.json" and text or nil end }
  end,
  lines = function()
    local text = '"\n' .. ("[" .. ("{},"):rep(1e6) .. '1],"chain":"00"}\n'):rep(2)
    require("gradus.recorder").again.in_memory[1] = { text = function(_, name) return name == "log.jsonl" and text or "{}" end }
  end,
  tables = function()
    local list = {}
    for i = 1, 1e5 do list[i] = "" end
    require("gradus.recorder").again.in_memory[1] = { text = function() return list end }
  end,
  huge = function()
    local text = ("x"):rep(33 << 20)
    require("gradus.recorder").again.in_memory[1] = { text = function(_, name) return name == "run.json" and text or nil end }
  end,
}
harm[run.harm]()
E
for harm in loop hide memory print remove shell write save outside read list idx record none many lines tables huge; do
  rm -rf harm
  theirs harm harm.lua --harm=$harm
  start "a stranger's script does harm: $harm" || continue
  case $harm in loop | hide) seconds=1 ;; *) seconds=30 ;; esac
  case $harm in many | lines | tables | huge) memory=1000 ;; *) memory=100 ;; esac
  $limit "$program" replay harm --seconds $seconds --memory $memory >"$top/out" 2>"$top/err"
  status=$?
  [ "$status" = 1 ] || [ "$status" = 3 ] || complain "status is $status"
  [ "$(cat house/file)" = precious ] || complain 'the file is another'
  [ ! -e outside.npy ] || complain 'a file was written'
  ! grep -q precious "$top/out" "$top/err" || complain 'the file was read'
  ! grep -q identical "$top/out" || complain "$(cat "$top/out")"
  case $harm in
    loop | hide) err_has 'could not be run again: stopped: took longer than 1 s (at harm.lua:' && err_has '--seconds N' ;;
    memory) err_has 'could not be run again: stopped: used more than 100 MB' && err_has '--memory MB' ;;
    print) err_has 'could not be run again: stopped: ' ;;
    record | none) err_has 'could not be run again: ' ;;
    many | lines | tables | huge) err_has 'could not be run again: stopped: its result is too large' ;;
    *)
      # In a cell the address sanitizer cannot find the stack's bounds, and takes frames that an error has left for an overflow.
      case $program in
        */asan/*) ;;
        *) out_has 'The script wants what there is not in a cell' ;;
      esac
      ;;
  esac
done
rm -rf harm house two ./*.lua

# ---- While it runs

given slow.lua <<'E'
local run = require("gradus").run { name = "slow" }
if os.getenv "HOME" then return end
while true do end
E
theirs slow slow.lua
if start 'Ctrl-C leaves a folder behind, or others may look into it'; then
  export TMPDIR="$work/passing"
  mkdir -p "$TMPDIR"
  "$program" replay slow >"$top/out" 2>"$top/err" </dev/null &
  runner=$!
  until_or_late eval 'ls "$TMPDIR" | grep -q gradus-'
  [ "$(stat -c %a "$TMPDIR"/gradus-*)" = 700 ] || complain "its rights are $(stat -c %a "$TMPDIR"/gradus-*)"
  sleep 0.3
  kill -INT $runner
  until_or_late has_gone $runner
  wait $runner
  [ -z "$(ls "$TMPDIR")" ] || complain "it leaves $(ls "$TMPDIR")"
  unset TMPDIR
fi
rm -rf slow slow.lua passing

fi
