# Assignments: made, handed out, checked at the student's desk.

prepare new task >/dev/null
prepare hand-out task --roster task/roster.csv -o class >/dev/null

try 'gradus new does not say what comes next' 0 new other
out_has 'gradus hand-out other --roster other/roster.csv -o handed-out'
[ -z "$name" ] || grep -q 'name = "other"' other/assignment.lua || complain 'the assignment is not named after its folder'

try 'gradus new replaces a folder' 1 new task
err 'gradus: new: task is there already: nothing was changed'
try 'gradus new takes a name that is none' 2 new 'a b'
err_has "'a b': a name has letters and digits of English, _ and -"
try 'gradus new takes no name' 2 new
err_has 'gradus: new: say what it is called'

try 'a class is not handed out' 0 hand-out task --roster task/roster.csv -o again --key task/course.key
out_has 'again: 3 students, 3 new'
if [ -n "$name" ]; then
  diff -r class again >/dev/null || complain 'the same key gives other bytes'
  [ "$(stat -c %a task/course.key)" = 600 ] || complain 'others can read the key'
  [ "$(ls class/s001 | tr '\n' ' ')" = 'answer.lua instance.json numbers.lua task.md visible.lua ' ] || complain 'a folder holds something else'
  ! grep -rqF "$(cat task/course.key)" class || complain 'the key was handed out'
  ! grep -rq 'step learns' class || complain 'a hidden check was handed out'
  ! cmp -s class/s001/numbers.lua class/s002/numbers.lua || complain 'two students have the same numbers'
fi

stamps() { find "$1" -type f -printf '%p %T@ %i\n' | sort; }
stamps class >"$top/before"
try 'a second run changes something' 0 hand-out task --roster task/roster.csv -o class
out_has 'class: 3 students, 3 as they were'
if [ -n "$name" ]; then
  stamps class >"$top/after"
  cmp -s "$top/before" "$top/after" || complain 'files were written again'
fi

cp task/roster.csv more.csv
echo 's004,최유진' >>more.csv
try 'a new student does not get a folder' 0 hand-out task --roster more.csv -o class
out_has 'class: 4 students, 1 new, 3 as they were'

prepare hand-out task --roster task/roster.csv -o other_key --key other.key >/dev/null
try 'another key replaces what was handed out' 1 hand-out task --roster task/roster.csv -o other_key
err_has 'other_key/s001 has other numbers or questions than would be handed out now'
try '--replace does not' 0 hand-out task --roster task/roster.csv -o other_key --replace
out_has 'other_key: 3 students, 3 changed'

try 'the key may lie in what is handed out' 1 hand-out task --roster task/roster.csv -o class --key class/s001/course.key
err_has 'the course key class/s001/course.key would lie inside class, which is handed out'
try 'the assignment may lie in what is handed out' 1 hand-out task --roster task/roster.csv -o . --key /tmp/none.key
err_has 'the assignment task lies inside ., which is handed out'
try 'students may be handed out as starters' 1 hand-out task --roster task/roster.csv -o task/starter/new
err_has 'lies inside the starter files'
echo short >short.key
try 'any file is a key' 1 hand-out task --roster task/roster.csv -o none --key short.key
err_has 'short.key: it is no course key: 64 hexadecimal digits are expected'
printf 'id,name\ns1,a\ns1,b\n' >twice.csv
try 'a student may stand twice in the roster' 1 hand-out task --roster twice.csv -o none
err "gradus: hand-out: twice.csv: line 3: the id 's1' stands on line 2 already"
[ -z "$name" ] || [ ! -e none ] || complain 'a folder was made'
try 'no assignment is one' 1 hand-out nothing --roster task/roster.csv -o none
err_has 'nothing/assignment.lua: No such file or directory'
try 'hand-out needs no roster' 2 hand-out task -o none
err_has '--roster FILE.csv says who gets it'
try 'hand-out needs no folder' 2 hand-out task --roster task/roster.csv
err_has '-o DIR says where the folders go'

try 'what is not right yet is right' 3 check class/s001
out_has 'A matrix and a neuron (김민수, s001)'
out_has '  ok    1 of 1    inverse has the right shape: inverse is 3 x 3'
out_has '  no    0 of 1    row 1 of A times the inverse is 1 0 0: it is 0 0 0'
out_has 'hint: Row 1 of A is multiplied by each column of the inverse.'
out_has '2 more of its points are given by checks that are not shown here'
out_has 'points so far: 2 of 7 that can be checked here; 11 in all'

cp task/reference.lua class/s002/mine.lua
try 'another file is not checked' 0 check class/s002/mine.lua
out_has 'points so far: 7 of 7'

rm -rf desk
cp -r class/s003 desk
cp task/reference.lua desk/answer.lua
try 'the folder one is in is not checked' 0 -e 'local child = require "gradus.core".child({ "env", "-C", "desk", require "gradus.core".program(), "check" }, "") while not child:wait(1) do end io.write(child:result())'
out_has 'points so far: 7 of 7'
sed -i 's/gr.tensor/gr.zeros(3) + gr.tensor/' desk/numbers.lua
try 'changed numbers are not told' 0 check desk
out_has 'numbers.lua is not as it was handed out'
sed -i 's/"s003"/"s004"/' desk/instance.json
try 'a changed instance is taken' 1 check desk
err_has 'desk/instance.json: it was changed after gradus hand-out wrote it; take the one that was handed out'

echo 'local x = = 1' >class/s003/answer.lua
try 'a file that does not run is not told' 1 check class/s003
err_has 'gradus: check: your file does not run: answer.lua:1: unexpected symbol near'
try 'hand-out replaces what a student has written' 0 hand-out task --roster more.csv -o class
out_has 'class/s003/answer.lua is not as in the starter files, and stays'
try 'the assignment itself is checked' 1 check task
err_has 'task is the assignment itself: gradus hand-out makes the students'
mkdir -p empty
try 'a folder of something else is checked' 1 check empty
err_has 'empty has no instance.json: run this in the folder that was handed out to you, or name it'
try 'two folders are checked' 2 check empty desk
err_has 'one folder or file is expected'

# A recorded run that is handed in.
given recorded.lua <<'END_OF_FILE'
local gr = require "gradus"
local run = gr.run { name = "r", seed = 1 }
run:result { accuracy = 0.5 + 0.5 * gr.random.rand(1)[1] }
END_OF_FILE
prepare new recorded >/dev/null
cat >recorded/visible.lua <<'END_OF_FILE'
local gr = require "gradus"
return { q1 = { gr.assignment.replays { result = "accuracy", at_least = 0.6 } } }
END_OF_FILE
cat >recorded/assignment.lua <<'END_OF_FILE'
local gr = require "gradus"
return gr.assignment { name = "recorded", questions = { { name = "q1" } } }
END_OF_FILE
echo 'return {}' >recorded/reference.lua
prepare hand-out recorded --roster recorded/roster.csv -o runs_of >/dev/null
prepare --into runs_of/s001/run recorded.lua
try 'a run that replays is refused' 0 check runs_of/s001
out_has 'ok    1 of 1'
sed -i 's/"accuracy":0\.[0-9]*/"accuracy":0.99/; s/"accuracy": 0\.[0-9]*/"accuracy": 0.99/' runs_of/s001/run/run.json runs_of/s001/run/log.jsonl
try 'a run whose result was changed replays' 3 check runs_of/s001
out_has 'does not replay: it was changed after it was written'
try 'a run that is not there replays' 3 check runs_of/s002
out_has "no folder 'run' with a recorded run was handed in"

# What runs at the student's desk runs in a cell.
prepare new slow >/dev/null
sed -i 's/seconds = 10/seconds = 0.5/' slow/assignment.lua
prepare hand-out slow --roster slow/roster.csv -o slow_class >/dev/null
cp slow/reference.lua slow_class/s001/answer.lua
sed -i '/^return answer/d' slow_class/s001/answer.lua
cat >>slow_class/s001/answer.lua <<'END_OF_FILE'
print("a \27[31mnote\nof mine")
function answer.step() while true do end end
return answer
END_OF_FILE
try 'an endless answer is not stopped' 3 check slow_class/s001
out_has 'your file was stopped: took longer than 0.5 s (at answer.lua:'
out_has '  ok    1 of 1    inverse has the right shape'
out_has 'no    0 of 1    step has the right shape: stopped: took longer than 0.5 s'
out_lacks "hint"
out_has 'your file printed:
  a ?[31mnote
  of mine'
echo 'print(("한"):rep(1000))' >slow_class/s002/answer.lua
try 'what an answer prints is lost where it is cut' 3 check slow_class/s002
out_has '한
  ... and 1002 bytes more'
echo 'answer = io.open("instance.json")' >slow_class/s002/answer.lua
try 'an answer reads files' 1 check slow_class/s002
err_has 'your file does not run: answer.lua:1: '
