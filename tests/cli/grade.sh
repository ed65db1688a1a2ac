# Marking a class. What assignment.sh has prepared is here.

can_stand=$("$program" --no-record -e 'print((pcall(require("gradus.cell").run, { script = "" })))')
if [ "$can_stand" != true ]; then
  echo 'skipped: the walls of a cell cannot stand on this machine (make deps brings bubblewrap): marking a class'
  return 0
fi

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
