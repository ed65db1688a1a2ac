# Lists of recorded runs, and one run on a page.

given runs.lua <<'E'
local gr = require "gradus"
local run = gr.run { name = "소금", seed = 1, lr = 0.1, hidden = 4, note = "plain" }
local x, y = gr.tensor { { 0 }, { 1 } }, gr.tensor { { 1 }, { 3 } }
local net = gr.nn.sequential { gr.nn.dense(1, 1) }
local history =
  net:fit(x, y, { loss = gr.nn.mse(), optimizer = gr.optim.sgd { lr = run.lr }, epochs = 3, validation = { x, y } })
run:log { step = 7, rate = run.lr }
run:plot("loss", gr.plot.line(history.loss))
print("loss", history.loss[3] > 0)
run:result { loss = history.loss[3], ["a b"] = run.lr * 10, ["test"] = { accuracy = 0.5 }, bad = 0 / 0 }
if run.note == "fail" then error "no\27[31m good" end
E
rm -rf runs
prepare runs.lua --lr=0.1 >/dev/null
sleep 1 # the list is in order of seconds
prepare --quiet runs.lua --lr=0.3 >/dev/null
sleep 1
"$program" runs.lua --lr=0.2 --note=fail >/dev/null 2>&1

# id LR: of the run with that rate.
id() { "$program" runs --csv --where "lr == $1" | sed -n '2s/^[^,]*,\([^,]*\),.*/\1/p'; }
one=$(id 0.1) two=$(id 0.3) three=$(id 0.2)

# order: the ids that the last try has listed.
order() {
  [ -n "$name" ] || return 0
  got=$(sed '1d;s/ .*//' "$top/out" | tr '\n' ' ')
  [ "$got" = "$1 " ] || complain "the order is $got, expected $1"
}

try 'runs are not listed, newest last' 0 runs
out_has "$one  20"
out_has 'failed'
out_lacks 'hidden'
order "$one $two $three"
err ''

try 'a list is not of the runs that are asked for' 0 runs --where "lr < 0.25 and status == 'finished'"
order "$one"
try 'a name with a space, or one inside a table, is not found' 0 runs --where '`a b` > 1.5 and test.accuracy == 0.5 and ["a b"] < 2.5'
order "$three"
try 'settings and results of one name cannot be told apart' 0 runs --where 'settings.lr == 0.3 and results.loss >= 0'
order "$two"
try 'a list is not sorted by a setting' 0 runs --sort lr
order "$one $three $two"
try 'a list is not sorted the other way' 0 runs --sort=-lr
order "$two $three $one"
try 'the newest alone are not listed' 0 runs --last 2
order "$two $three"
try 'the newest are not taken from those that are asked for' 0 runs --last 1 --where 'lr < 0.25' --sort lr
order "$three"

try 'columns cannot be chosen' 0 runs --columns lr,test.accuracy --sort lr
out "id       lr  test.accuracy
$one  0.1            0.5
$three  0.2            0.5
$two  0.3            0.5"
try 'columns are chosen for other programs, who have all' 2 runs --columns lr --csv
err_has '--columns chooses for the table'
try 'a column that nobody has is shown' 2 runs --columns lrr
err_has "gradus: runs: --columns: no run has a setting or a result 'lrr' (did you mean 'lr'?)"
try 'runs are not chosen by name' 0 runs --name 소금 --where 'lr > 0.15'
order "$two $three"
try 'a name that nobody has is no mistake' 2 runs --name 설탕
err "gradus: runs: --name: no run is called '설탕'; there are: 소금"

try 'a setting that nobody has is no mistake' 2 runs --where 'lr > 0 and hiden > 3'
out ''
err_has "gradus: runs: --where: no run has a setting or a result 'hiden' (did you mean 'hidden'?); known: a b bad hidden id "
err_has '
  lr > 0 and hiden > 3
             ^'
try 'a text without quotes is only a name that nobody has' 2 runs --where 'note == fail'
err "gradus: runs: --where: no run has a setting or a result 'fail'; a text stands in quotes: 'fail'
  note == fail
          ^"
try 'a number in quotes fits nothing, and nobody says why' 2 runs --where "lr > 0 and lr == '0.1'"
err "gradus: runs: --where: lr is a number: write it without quotes
  lr > 0 and lr == '0.1'
                   ^"
try 'a text is compared with a number, and nobody says why' 2 runs --where '3 < note'
err "gradus: runs: --where: note is a text: a text stands in quotes, as in note == 'text'
  3 < note
  ^"
try 'a condition without sense is taken' 2 runs --where 'lr ='
err 'gradus: runs: --where: to compare, write ==
  lr =
     ^'
try 'a list is sorted by what nobody has' 2 runs --sort -lrr
err_has "--sort: no run has a setting or a result 'lrr' (did you mean 'lr'?)"
try 'half a run is listed' 2 runs --last 0.5
err_has "--last wants a whole number of at least 1, got '0.5'"
try 'an unknown option of a list is taken' 2 runs --jsonn
err_has "unknown option '--jsonn' (did you mean --json?); known: --columns --csv -h --help --json --last --name --sort --where"
try 'a folder that is not there is an empty list' 1 runs nowhere
err_has 'gradus: runs: there is no folder nowhere'
try 'that nothing fits is a mistake' 0 runs --where 'lr > 5'
err 'no run fits'
out ''

try 'JSON of a list lacks something' 0 runs --json --where 'lr == 0.2'
out_has '"note": "fail"'
out_has '"number": "nan"'
out_has '"status": "failed"'
out_has '"error": "runs.lua:11: no\u001B[31m good"'
try 'CSV of a list lacks something' 0 runs --csv --where 'lr == 0.3'
out_has 'folder,id,name,status,seconds,started,settings.hidden,settings.lr,settings.name,settings.note,settings.out,settings.seed,results.a b,results.bad,results.loss,results.test.accuracy'
out_has ',4,0.3,소금,plain,,1,3.0,nan,'

# A run that was killed, one that cannot be read, and one of a later format.
cp -r runs more
mkdir more/broken more/later
echo '{"format":' >more/broken/run.json
echo '{"format":99}' >more/later/run.json
for file in more/*"_$two"; do
  sed -i 's/"status": "finished"/"status": "running"/' "$file/run.json"
  sed -i '$d' "$file/log.jsonl"
  printf '{"kind":"epo' >>"$file/log.jsonl"
done
try 'records that cannot be read end the list, or are not told of' 0 runs more
out_has 'unfinished'
order "$one $two $three"
err_has '2 records cannot be read:
  more/broken/run.json: '
err_has '1 line of logs cut off'

# list_in COLUMNS: the list in a terminal of that many columns.
list_in() {
  $limit env TERM=dumb LC_ALL=C.UTF-8 "$(dirname "$program")/tests/cli/pty" "$1" 20 '' "$program" runs >"$top/out" 2>"$top/err" </dev/null
}
if start 'a list is wider than the terminal'; then
  list_in 70
  out_has 'columns more, by --columns, --csv or --json: '
  longest=$("$program" -e 'local most, width = 0, require "gradus.width"
    for line in io.lines() do most = math.max(most, width.of((line:gsub("\r", "")))) end
    print(most)' <"$top/out")
  [ "$longest" -le 70 ] || complain "a line has $longest columns"
fi

# ---- One run

try 'a run cannot be shown' 0 show "$one"
out_has '소금: finished in '
out_has 'command   gradus runs.lua --lr=0.1'
out_has ', same as now)'
out_has '  lr      0.1    given on the command line'
out_has '  hidden  4
'
out_has 'sgd{ lr = 0.1'
out_has '  rate  0.1'
out_has '  test.accuracy  0.5'
out_has '  files/loss.json  '
out_has 'record    as it was written
replay    gradus replay runs/'
out_lacks 'error'
err ''

if start 'a page of a run is wider than the terminal, or its titles are cut'; then
  $limit env TERM=dumb LC_ALL=C.UTF-8 "$(dirname "$program")/tests/cli/pty" 100 60 '' "$program" show "$one" >"$top/out" 2>"$top/err" </dev/null
  out_has 'first loss  last loss  best val_loss'
  [ "$(sed -n '/^engine/,/^machine/p' "$top/out" | wc -l)" -gt 2 ] || complain 'the engine is told in one line'
  wide=$(sed -n '/^engine/,/^settings/p' "$top/out" | tr -d '\r' | grep -cE '^.{101}')
  [ "$wide" = 0 ] || complain "$wide lines are wider than 100 columns"
fi

try 'the setting out is shown where it says nothing' 0 show "$one"
[ -z "$name" ] || ! grep -q '^  out' "$top/out" || complain 'it stands there'
prepare --quiet --runs pictures runs.lua --out=svg >/dev/null
try 'the setting out is not shown where it was given' 0 show last --runs pictures
out_has '  out     svg    given on the command line'
rm -rf pictures svg
try 'a failed run hides why, or moves the cursor' 0 show last
out_has '소금: failed in '
out_has 'error     runs.lua:11: no?[31m good'

try 'what a run printed is not kept' 0 show last --output
out 'loss	true'
try 'a script is not kept' 0 show last --script
[ -z "$name" ] || cmp -s "$top/out" runs.lua || complain 'it is another text'
try 'the figures of the log are not shown' 0 show last --log
out_has 'epoch  steps'
out_has '
run:log
step  rate
   7   0.2'
try 'all of a run is not told to programs' 0 show last --json
out_has '"broken": []'
out_has '"kind": "epoch"'

cp runs.lua keep.lua
echo '-- changed' >>runs.lua
try 'a script that has changed is not noticed' 0 show "$one"
out_has ', changed since)'
rm runs.lua
try 'a script that is gone is not noticed' 0 show "$one"
out_has ', gone)'
mv keep.lua runs.lua

sed -i 's/"lr": 0.1/"lr": 0.9/' more/*"_$one"/run.json
try 'a record changed by hand passes for whole' 0 show more/*"_$one"
out_has 'record    not as it was written:'
out_has 'run.json says settings.lr is 0.9'
try 'a run that was killed cannot be shown' 0 show more/*"_$two"
out_has '소금: unfinished'
out_has '1 line of log.jsonl cut off'

prepare --quiet --runs one runs.lua --name=설탕 >/dev/null
mkdir more/odd
echo '{"format":1,"script":{"text":3},"settings":{},"engine":{},"status":[]}' >more/odd/run.json
try 'a record without its texts is shown' 1 show more/odd
err "gradus: show: more/odd/run.json: is no record of a run: its script's text cannot be understood"
try 'a run that is not there is shown' 1 show nowhere
err "gradus: show: there is no run 'nowhere' in runs; gradus runs lists them"
try 'a name that several runs have is told as if none had it' 1 show 소금
err_has "gradus: show: 3 runs are called '소금', the last first: "
err_has "_$three, "
try 'a run is not found by the name that it alone has' 0 show 설탕 --runs one
out_has '설탕: finished'
try 'the run before the last is not found' 0 show last~1
out_has "_$two"
try 'the last run is not last~0' 0 show last~0
out_has "_$three"
try 'a run before the first is shown' 1 show last~3
err "gradus: show: there is no run 'last~3': 3 runs can be read"
try 'no run is shown' 2 show
err_has 'gradus: show: say which run'
try 'two parts of a run are shown' 2 show last --log --json
err_has 'one of --output, --script, --log and --json is expected'
rm -rf runs more one runs.lua

for command in replay diff; do
  try "gradus $command --help is refused" 0 $command --help
  out_has "usage: gradus $command"
done
