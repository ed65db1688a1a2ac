# gradus sweep: each combination once, whatever happens to the sweep.

given swept.lua <<'END'
local gr = require "gradus"
local run = gr.run { name = "swept", seed = 0, lr = 0.1, layers = "64,32", wait = 0 }
local ran = io.open("ran.txt", "a")
ran:write(("lr=%s seed=%s layers=%s\n"):format(run.lr, run.seed, run.layers))
ran:close()
os.execute(("echo $PPID >>processes.txt; sleep %s"):format(run.wait))
if run.lr == 9 then error "too fast" end
run:result { accuracy = run.lr + run.seed / 10, loss = run.lr }
END

lines() { cat "$1" 2>/dev/null | wc -l; }
has_lines() { [ "$(lines "$1")" -ge "$2" ]; }
# ran TIMES COMBINATIONS: how often the script ran, and how many settings it was given.
ran() {
  [ -n "$name" ] || return 0
  [ "$(lines ran.txt)" = "$1" ] || complain "the script ran $(lines ran.txt) times, expected $1"
  [ "$(sort -u ran.txt | wc -l)" = "$2" ] || complain "$(sort -u ran.txt | wc -l) combinations ran, expected $2"
}
again() { rm -rf runs ran.txt processes.txt; }

# ---- What it prints

again
try 'a sweep does not sum up over the seeds' 0 sweep swept.lua --lr=1,2 --seed=0..2 -j 2
out_has 'lr  accuracy  spread  n  failed  open
2        2.1     0.1  3       0     0
1        1.1     0.1  3       0     0
best, by the largest accuracy: lr=2: 2.1 (spread 0.1, n 3)
6 of 6 runs finished, 0 failed, 0 open; runs/sweep-swept-'
err_has '6 of 6: lr='
ran 6 6
try 'a sweep runs finished runs again, or tells nothing of them' 0 sweep swept.lua --lr=1,2 --seed=0..2 -j 2
out_has '6 of 6 runs finished'
ran 6 6
try 'a larger sweep runs the smaller one again' 0 --quiet sweep swept.lua --lr=1..3 --seed=0..2 -j 2 --metric loss
out_has 'best, by the smallest loss: lr=1: 1 (spread 0, n 3)'
err ''
ran 9 9
try '--max is not heard' 0 --quiet sweep swept.lua --lr=1..3 --seed=0..2 --metric=loss --max
out_has 'best, by the largest loss: lr=3'
try '--show runs something, or does not tell what there is' 0 sweep --show "$(echo runs/sweep-swept-*)"
out_has '9 of 9 runs finished, 0 failed, 0 open'
ran 9 9
start 'summary.csv is not what came out' && {
  cp runs/sweep-swept-*/summary.csv "$top/out"
  out 'lr,runs,finished,failed,accuracy mean,accuracy std,accuracy n,loss mean,loss std,loss n
3,3,3,0,3.1,0.10000000000000009,3,3.0,0.0,3
2,3,3,0,2.1,0.10000000000000009,3,2.0,0.0,3
1,3,3,0,1.0999999999999999,0.09999999999999998,3,1.0,0.0,3'
}
try 'a metric that no run has is passed over' 2 --quiet sweep swept.lua --lr=1,2 --seed=0..2 --metric f1
err_has "gradus: sweep: --metric: no run has a result 'f1' that is a number; there are: accuracy loss"
try '--show sums up by a metric that no run has' 2 sweep --show "$(echo runs/sweep-swept-*)" --metric acc
err_has "gradus: sweep: --metric: no run has a result 'acc' that is a number (did you mean 'accuracy'?); there are: accuracy loss"
out ''
again
try 'all runs are made for a metric that the first has not' 2 --quiet sweep swept.lua --lr=1..9 --metric acc -j 1
err_has "gradus: sweep: --metric: no run has a result 'acc' that is a number (did you mean 'accuracy'?); there are: accuracy loss
  to run all nevertheless, leave --metric away"
ran 1 1
try 'a sweep does not go on when its metric is mended' 0 --quiet sweep swept.lua --lr=1..3 --metric loss -j 1
out_has 'best, by the smallest loss: lr=1: 1'
ran 3 3

again
try 'quoted values are cut, or options do not reach the runs' 0 --quiet --f32 sweep swept.lua '--layers="64,32","8"' -j 2 -- --lr=2
ran 2 2
start 'a run is started without an option of the sweep' && {
  cat runs/sweep-swept-*/*/run.json >"$top/out"
  out_has '"dtype": "f32"'
  out_lacks '"dtype": "f64"'
  out_has '"layers": "64,32"'
}
again
try 'values without = are not taken, or the script for one' 0 --quiet sweep --lr -1,2 swept.lua --layers 8,9 -j 2
out_has '4 of 4 runs finished'
ran 4 4
given switch.lua <<'END'
local run = require("gradus").run { name = "switch", on = false }
run:result { accuracy = run.on and 1 or 0 }
END
try 'a setting without a value is not true, or one run is 1 runs' 0 sweep --on switch.lua -j 1
out_has 'on=true: 1'
out_has '1 of 1 run finished'
err_has ': 1 run, 1 at once'
again
try '--random draws others each time, or not with every seed' 0 --quiet sweep swept.lua '--lr=0.001~1' --seed 0..1 --random 3 -j 2
ran 6 6
try '--random does not begin with the same ones' 0 --quiet sweep swept.lua '--lr=0.001~1' --seed 0..1 --random 4 -j 2
ran 8 8

# ---- Failures

again
try 'a failed run ends the others, or is not told' 1 --quiet sweep swept.lua --lr=9,1 --seed=0,1 -j 2
out_has 'failed: lr=9 seed=0: swept.lua:7: too fast
  again: gradus --seed 0 swept.lua --lr=9'
out_has '2 of 4 runs finished, 2 failed, 0 open'
ran 4 4
try 'a failed run is run again unasked' 1 --quiet sweep swept.lua --lr=9,1 --seed=0,1 -j 2
ran 4 4
try '--again-failed runs nothing again, or all' 1 --quiet sweep swept.lua --lr=9,1 --seed=0,1 -j 2 --again-failed
ran 6 4
again
try 'a setting that the script lacks is tried in every run' 2 sweep swept.lua --rat=1..5 -j 1
err_has "gradus: sweep: rat=1: swept.lua:2: run: unknown option 'rat'"
out ''
[ -z "$name" ] || [ "$(grep -c 'unknown option' "$top/err")" = 1 ] || complain 'it is told more than once'
try 'a value of the wrong type is tried in every run' 2 sweep swept.lua --lr=2,a,b -j 1
err_has 'gradus: sweep: lr=a: swept.lua:2: run: --lr=a: the setting is a number (0.1 here)'
ran 1 1
try 'settings that were refused are kept as failures' 0 --quiet sweep swept.lua --lr=2,3 -j 1
ran 2 2
given unrecorded.lua <<'END'
print "no gr.run"
END
try 'a script without gr.run counts as finished' 1 --quiet sweep unrecorded.lua
out_has "failed: no settings: it kept no record: a sweep's script calls gr.run"

given module.lua <<'END'
return 1
END
given modular.lua <<'END'
local run = require("gradus").run { name = "modular", x = 1 }
run:result { accuracy = run.x * require "module" }
END
try 'a script with a module cannot be swept' 0 --quiet sweep modular.lua --x=1,2
out_has 'best, by the largest accuracy: x=2: 2'
given module.lua <<'END'
return 3
END
try 'a changed module changes nothing' 0 sweep modular.lua --x=1,2
out_has 'best, by the largest accuracy: x=2: 6'
err_has 'run anew: x=1: ./module.lua has changed since'

# ---- Stopped and started again

twenty_four='--lr=1..6 --seed=0..3 --wait=0.1 -j 2'
again
if start 'a sweep that was killed half way does not run each combination once'; then
  "$program" --quiet sweep swept.lua $twenty_four >/dev/null 2>&1 &
  sweeper=$!
  until_or_late has_lines ran.txt 12
  kill -KILL $sweeper
  wait $sweeper 2>/dev/null
  for process in $(tail -n 2 processes.txt); do
    until_or_late has_gone "$process"
    has_gone "$process" || complain "process $process lives on when its sweep was killed"
  done
  unfinished=$(grep -l '"status": "running"' runs/sweep-swept-*/*/run.json | wc -l)
  [ "$unfinished" -le 2 ] || complain "$unfinished runs were begun at once, expected 2"
  $limit "$program" --quiet sweep swept.lua $twenty_four >"$top/out" 2>"$top/err"
  out_has '24 of 24 runs finished, 0 failed, 0 open'
  [ "$(sort -u ran.txt | wc -l)" = 24 ] || complain "$(sort -u ran.txt | wc -l) combinations ran, expected 24"
  [ "$(lines ran.txt)" -le $((24 + unfinished)) ] || complain "the script ran $(lines ran.txt) times; $unfinished were killed"
fi

again
if start 'two sweeps that share a folder run something twice'; then
  $limit "$program" --quiet sweep swept.lua $twenty_four >"$top/one" 2>&1 &
  other=$!
  $limit "$program" --quiet sweep swept.lua $twenty_four >"$top/out" 2>"$top/err"
  wait $other
  out_has '24 of 24 runs finished, 0 failed, 0 open'
  ran 24 24
fi

again
if start 'Ctrl-C does not leave a sweep that goes on'; then
  "$program" sweep swept.lua --lr=1..3 --seed=0..3 --wait=0.1 -j 2 >"$top/out" 2>"$top/err" </dev/null &
  runner=$!
  until_or_late has_lines ran.txt 4
  kill -INT $runner
  wait $runner
  status=$?
  ended 130
  out_has 'to go on: gradus sweep swept.lua --lr=1..3 --seed=0..3 --wait=0.1 -j 2'
  [ -z "$(ls runs/sweep-swept-*/.claims)" ] || complain "claims are left: $(ls runs/sweep-swept-*/claims)"
  [ "$(lines ran.txt)" -lt 12 ] || complain 'it was not stopped'
  $limit "$program" --quiet sweep swept.lua --lr=1..3 --seed=0..3 --wait=0.1 -j 2 >"$top/out" 2>"$top/err"
  out_has '12 of 12 runs finished'
fi

# A run that lives on, as one does that was started by hand into the sweep's folder, is waited for.
again
if start 'a run that is at work already is started a second time'; then
  $limit "$program" --quiet sweep swept.lua --wait=0.5 -j 1 >/dev/null 2>&1
  folder=$(dirname runs/sweep-swept-*/*/run.json)
  rm -r "$folder" ran.txt
  "$program" --into "$folder" swept.lua --wait=0.5 &
  living=$!
  until_or_late has_lines ran.txt 1
  $limit "$program" --quiet sweep swept.lua --wait=0.5 -j 1 >"$top/out" 2>"$top/err"
  wait $living
  out_has '1 of 1 run finished, 0 failed'
  ran 1 1
  rm -r "$folder"
  mkdir -p "${folder%/*}/.claims/${folder##*/}"
  : >"${folder%/*}/.claims/${folder##*/}/elsewhere_00000000_00000000_1_1"
  timeout 1 "$program" --quiet sweep swept.lua --wait=0.5 -j 1 >"$top/out" 2>"$top/err"
  ran 1 1
  $limit "$program" --quiet sweep swept.lua --wait=0.5 -j 1 --take-over >"$top/out" 2>"$top/err"
  out_has '1 of 1 run finished, 0 failed'
  ran 2 1
fi

# ---- Parts

again
try 'a task runs what is not its own' 0 --quiet sweep swept.lua --lr=1..5 --task 2/2
out_has '2 of 5 runs finished, 0 failed, 3 open'
out_lacks 'to go on'
ran 2 2
try 'how all tasks go on is not told' 0 sweep --show "$(echo runs/sweep-swept-*)"
out_has 'to go on: gradus sweep swept.lua --lr=1..5'
out_lacks '--task'
if start 'a Slurm array does not run everything'; then
  for id in 3 5; do
    SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_STEP=2 \
      $limit "$program" --quiet sweep swept.lua --lr=1..5 --task slurm >"$top/out" 2>"$top/err"
  done
  out_has '5 of 5 runs finished, 0 failed, 0 open'
  ran 5 5
fi

# ---- The command line

refused() {
  try "$1" 2 sweep $3
  err_has "$2"
  out ''
}
again
refused 'a sweep of nothing is taken' 'say which script' ''
refused 'a wrong range is taken' '0..x is no range' 'swept.lua --lr=0..x'
refused 'a setting is given twice' '--lr is given twice' 'swept.lua --lr=1 --lr=2'
refused 'a seed that is none is taken' "a seed is a whole number from 0 to 4294967295, got 'a'" 'swept.lua --seed=a'
refused 'a word that says nothing is passed over' "'more' is no setting" 'swept.lua more'
refused 'no runs at once are taken' "-j wants a whole number of at least 1, got '0'" 'swept.lua -j 0'
refused 'a task beyond the last is taken' '--task wants i/n' 'swept.lua --task 3/2'
refused 'a Slurm task without Slurm is taken' 'this is no task of a Slurm array' 'swept.lua --task slurm'
refused 'a range to draw from is taken without --random' '--lr is a range to be drawn from: say --random K' 'swept.lua --lr=0.1~1'
refused 'a sweep without records is taken' '--no-record leaves a sweep nothing to sum up' 'swept.lua --no-record'
refused 'a name that leads out of the folder is taken' '--name has letters' 'swept.lua --name=../x'
try 'a sweep of a script that is not there is no failure' 1 sweep nowhere.lua
err_has 'nowhere.lua: No such file'
try 'a folder that cannot be written is not told' 1 sweep swept.lua --runs /dev/null/runs
err_has 'gradus: sweep: /dev/null'
err_has '--runs DIR keeps its records elsewhere'
try 'a sweep that is not there is shown' 1 sweep --show nowhere
err 'gradus: sweep: nowhere is no folder of a sweep, and there is none in runs'
prepare --quiet sweep swept.lua --name one -j 1 >/dev/null
prepare --quiet sweep swept.lua --name two -j 1 >/dev/null
two="  $(echo runs/sweep-one-*)
  $(echo runs/sweep-two-*)"
try 'the folder of all sweeps does not name them' 1 sweep --show runs/
err "gradus: sweep: runs is no folder of a sweep; in runs there are:
$two"
try 'the word last does not name the sweeps' 1 sweep --show last
err "gradus: sweep: last is no folder of a sweep; in runs there are:
$two"
again
try 'a program whose starter has gone goes on' 143 --ends-with 1 -e 'print "at work"'
out ''
again
