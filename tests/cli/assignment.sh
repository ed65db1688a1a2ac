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

# A class is marked.
prepare new maths >/dev/null
sed -i 's/seconds = 10/seconds = 3/' maths/assignment.lua
prepare hand-out maths --roster maths/roster.csv -o maths_out >/dev/null
mkdir handed-in
cp maths/reference.lua handed-in/s001.lua
cp -r maths_out/s001 handed-in/Lee_s002_late
(sed '/^return answer/d' maths/reference.lua; echo 'function answer.step() while true do end end return answer') >handed-in/Lee_s002_late/answer.lua
echo notes >handed-in/readme.lua
try 'a class is not marked' 0 grade maths handed-in -o marks -j 2
out_has 'A matrix and a neuron: 3 students: 1 marked, 1 stopped, 1 missing'
out_has 'walls of the cell: user, namespaces, limits, landlock, seccomp'
err_has 'readme.lua'
if [ -n "$name" ]; then
  grep -q '^s001,김민수,marked,11,11,4,7,,handed-in/s001.lua,' marks/marks.csv || complain "marks.csv has: $(cat marks/marks.csv)"
  grep -q '^s002,"Lee, Jiwoo",stopped,4,11,4,0,stopped: took longer' marks/marks.csv || complain "marks.csv has: $(cat marks/marks.csv)"
  grep -q '^s003,[^,]*,missing,0,11,0,0,nothing was handed in,,$' marks/marks.csv || complain "marks.csv has: $(cat marks/marks.csv)"
  [ "$(ls marks | tr '\n' ' ')" = 'alike class.json index.html marks.csv records students ' ] || complain "marks holds $(ls marks)"
  [ -s marks/alike/s001+s002.html ] || complain 'answers that are nearly the same are not shown'
  grep -q 'the instance.json that was handed in is that of s001' marks/records/s002.json || complain 'the numbers of another are not told'
  ! grep -q 'is that of s001' marks/students/s002.html marks/students/s002.json || complain 'a student is told what is for the teacher'
  ! grep -rqF "$(cat maths/course.key)" marks || complain 'the key is in the marks'
fi
stamps marks >"$top/before"
try 'what has not changed is marked again' 0 grade maths handed-in -o marks
out_has '0 marked anew; the others are as they were'
if [ -n "$name" ]; then
  stamps marks >"$top/after"
  cmp -s "$top/before" "$top/after" || complain 'files were written again'
fi
cp maths/reference.lua handed-in/s003.lua
try 'what is new is not marked' 0 grade maths handed-in -o marks -j1
out_has '2 marked, 1 stopped'
out_has '1 marked anew'
sed -i 's/0.95/0.96/' maths/assignment.lua
try 'another assignment marks nobody anew' 0 grade maths handed-in -o marks
out_lacks 'marked anew'
try 'pages in Korean are in English' 0 grade maths handed-in -o marks --language ko --hide-hidden
if [ -n "$name" ]; then
  grep -q '<html lang="ko"' marks/students/s001.html || complain 'the page is in English'
  ! grep -q 'step learns' marks/students/s001.html || complain 'a hidden check is told'
  grep -q 'step learns' marks/index.html || grep -q 'step learns' marks/records/s001.json || complain 'the teacher is not told of it'
fi
try 'any language is one' 2 grade maths handed-in -o marks --language fr
err_has "--language is one of en, ko, got 'fr'"
printf '{"made": "x", "status": 3}' >marks/records/s001.json
try 'a record that was damaged ends the marking' 0 grade maths handed-in -o marks --quiet
out_has '1 marked anew'
try 'who is named is not marked again' 0 grade maths handed-in -o marks --again s001,s003
out_has '2 marked anew'
try 'anybody is marked again' 1 grade maths handed-in -o marks --again s009
err_has "--again: nobody who takes part is called 's009'"
mv handed-in/s001.lua handed-in/late_s001.lua
printf 'id,name\ns001,김민수\ns003,박서연\n' >two.csv
try 'who takes part no more is marked, or not told' 0 grade maths handed-in -o marks --roster two.csv
out_has '2 students: 2 marked'
err_has 'marks/students/s002.html: its student takes part no more'
[ -z "$name" ] || grep -q 'handed-in/late_s001.lua' marks/marks.csv || complain 'a new name of a submission is not told'
sed -i 's/points = 4, --/points = 5, --/; s/^          points = 2,$/          points = 3,/' maths/assignment.lua
try 'other points are other numbers' 0 grade maths handed-in -o marks
out_has 'mean'
cp maths/answers.json kept.json
printf '{"students": {"s001": 5}}' >maths/answers.json
try 'what hand-out noted may be damaged' 1 grade maths handed-in -o marks --roster two.csv
err_has 'maths/answers.json: it is not as gradus hand-out wrote it'
printf '{"students": {}}' >maths/answers.json
try 'a class of nobody is marked' 1 grade maths handed-in -o marks
err_has 'says who takes part'
cp kept.json maths/answers.json

# An instance.json that would break the marker is its student's own affair.
rm -rf odd && mkdir -p odd/s001 && cp maths/reference.lua odd/s001/answer.lua
cat >forge.lua <<'END_OF_FILE'
local core = require "gradus.core"
local file <close> = assert(io.open "maths_out/s001/instance.json")
local about = core.json_decode(file:read "a")
about.hash = nil
about.questions[1].numbers = { A = { tensor = "x", dtype = "f64" } }
about.hash = core.sha256_text(core.json_encode(about))
core.write_file("odd/s001/instance.json", core.json_encode(about))
END_OF_FILE
prepare forge.lua
try 'forged numbers end the marking of a class' 0 grade maths odd -o odd_marks
out_has '1 marked, 2 missing'
[ -z "$name" ] || grep -q 'was changed: the numbers of q1 cannot be read' odd_marks/records/s001.json || complain 'nobody is told'
# What newcomers met.
mkdir -p moodle/Kim_1235_assignsubmission_file_/s001 moodle/Lee_9_assignsubmission_file_
cp maths/reference.lua moodle/Kim_1235_assignsubmission_file_/s001/answer.lua
cp maths/reference.lua moodle/Lee_9_assignsubmission_file_/s002_answer.lua.txt
echo hello >moodle/s003.7z
try 'folders that platforms make are nobody'"'"'s' 0 grade maths moodle -o moodle_marks
out_has '2 marked, 1 refused'
[ -z "$name" ] || grep -q '^s003,.*,refused,0,.*it is none of what is read' moodle_marks/marks.csv || complain "marks.csv has: $(cat moodle_marks/marks.csv)"
try 'marks go among the submissions' 1 grade maths moodle -o moodle
err_has 'moodle lies in the submissions, which marks would be taken for'
try 'marks go into the assignment' 1 grade maths moodle -o maths
err_has 'maths holds the assignment: choose another folder for -o'
mkdir -p nobody/else && echo x >nobody/else/x.lua
try 'a class that handed in nothing is marked' 1 grade maths nobody -o nobody_marks
err_has 'nobody: nothing in it belongs to anybody who takes part: ids stand in the names, as in s001.lua'
touch "$(printf 'moodle/\260\241.lua')"
try 'a name that is no UTF-8 ends the marking' 0 grade maths moodle -o moodle_marks
printf 'id,name\nt1,Trial\n' >trial.csv
try 'a trial is refused' 0 hand-out maths --roster trial.csv -o trial
try 'a trial forgets the class' 0 grade maths moodle -o moodle_marks
out_has '4 students: 2 marked, 1 refused, 1 missing'
[ -z "$name" ] || [ "$(stat -c %a maths/answers.json)" = 600 ] || complain 'others can read the answers'
mv maths/course.key lost.key
try 'a key that was lost is made anew' 1 hand-out maths --roster maths/roster.csv -o maths_out
err_has 'maths/course.key is not there, but maths/answers.json shows that numbers were handed out: put the key back'
[ -z "$name" ] || [ ! -e maths/course.key ] || complain 'there is a new key'
mv lost.key maths/course.key
try 'a folder that is not there is checked' 1 check nowhere
err_has 'gradus: check: nowhere is not there'
echo 'local np = require "numpy"' >maths_out/s003/answer.lua
try 'a module that there is not is blamed on the library' 1 check maths_out/s003
err_has "your file does not run: answer.lua:1: module 'numpy' not found: (an answer is one file"

sed -i 's/size = 3, condition = 10/size = 3, condition = 50/' maths/assignment.lua
try 'other numbers than were handed out are marked by' 1 grade maths handed-in -o marks
err_has 'for q1 are not those that were handed out'
sed -i 's/size = 3, condition = 50/size = 3, condition = 10/' maths/assignment.lua

try 'grade needs a place' 2 grade maths handed-in
err_has '-o DIR says where the marks go'
try 'grade takes any number of jobs' 2 grade maths handed-in -o marks -j 0
err_has "-j wants a whole number from 1 on, got '0'"
try 'there need be no submissions' 1 grade maths nowhere -o marks
err_has 'nowhere: No such file or directory'
try 'there need be no key' 1 grade maths handed-in -o marks --key nowhere.key
err_has 'nowhere.key'
mkdir "$work/walls"
for tool in nproc env cat grep timeout; do ln -sf "$(command -v $tool)" "$work/walls/$tool"; done
whole_path=$PATH
PATH=$work/walls
try 'answers are marked where walls are missing' 1 grade maths handed-in -o marks_open
err_has 'walls are missing: bwrap'
try 'answers are not marked where that is trusted' 0 grade maths handed-in -o marks_open --trust
out_has 'missing: '
PATH=$whole_path

# A recorded run that was handed in is run again, in a cell.
rm -rf recorded_in && mkdir recorded_in
cp -r runs_of/s001 recorded_in/s001
rm -rf recorded_in/s001/run
prepare --into recorded_in/s001/run recorded.lua
try 'a recorded run is not replayed when a class is marked' 0 grade recorded recorded_in -o recorded_marks
out_has '1 marked, 2 missing'
[ -z "$name" ] || grep -q '"points": 1' recorded_marks/records/s001.json || complain "it is worth nothing: $(grep said recorded_marks/records/s001.json)"
