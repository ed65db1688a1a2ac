# Pages of the manual: shown by help, and true: what they quote is what the program says.
pages=$here/../../scripts/manual

try 'the page for students has no text' 0 help student
out_has 'Your assignment'
out_has '$ gradus check'
err ''
try 'the page in Korean is not found by its name' 0 help student.ko
out_has '과제 안내'
try 'nor is it found by a Korean word' 0 help 학생
out_has '과제 안내'
try 'the page for teachers has no text' 0 help teacher
out_has 'gradus hand-out'
try 'the page on the cell has no text' 0 help cell
out_has 'What it guarantees'
try 'a page has colours outside of a terminal' 0 help teacher
out_lacks "$(printf '\033')"
try 'a page cannot be read in a script' 0 -e 'gr.help "student" gr.help "학생"'
out_has 'Your assignment'
out_has '과제 안내'

# page_has PAGE TEXT: the page has that text.
page_has() { grep -qF -- "$2" "$pages/$1.md" || complain "$1.md does not say '$2'"; }

# shows PAGE COMMAND [N]: what was printed has every line that the page shows behind the command, but for "...", where it stands for the
# Nth time (for the first).
shows() {
  [ -n "$name" ] || return 0
  awk -v line="\$ $2" -v nth="${3:-1}" '
    /^```|^\$ / { on = 0 }
    $0 == line { on = ++count == nth; next }
    on && $0 != "..."' "$pages/$1.md" >shown
  [ -s shown ] || complain "$1.md does not show '$2'"
  while IFS= read -r line; do
    out_has "$line"
  done <shown
}

prepare new quoted >/dev/null
prepare hand-out quoted --roster quoted/roster.csv -o readers >/dev/null
try 'the check that the students see is another' 3 check readers/s001
shows student 'gradus check'
shows student.ko 'gradus check'

# explained STATUS MESSAGE ANSWER: check says so of such an answer, and both pages of students explain it.
explained() {
  printf '%s\n' "$3" >readers/s001/answer.lua
  try "students are told other words than: $2" "$1" check readers/s001
  explained_in_both "$2"
}
explained_in_both() {
  [ -n "$name" ] || return 0
  grep -qF -- "$1" "$top/out" "$top/err" || complain "it says: $(cat "$top/out" "$top/err")"
  page_has student "$1"
  page_has student.ko "$1"
}
explained 3 'inverse is not defined' 'local answer = { inverse = 1 }'
explained 1 'your file does not run: answer.lua:7: ' '





error "x"'
explained 1 "attempt to index a nil value (field 'q3')" 'A = require("numbers").q3.A'
explained 1 "'end' expected (to close 'function' at line 3)" '

function step(w)
  return w'
explained 1 'position 0 on axis 1' 'x = require("numbers").q1.A[0]'
explained 3 'step gave nothing back' 'function step() end'
explained 3 'inverse is a function; a value is expected' 'function inverse() end'
explained 3 'inverse is 3; 3 x 3 is expected' 'inverse = { 1, 2, 3 }'
explained 3 'explanation has 0 words; at least 20 are expected' 'explanation = ""'
explained 1 'in a cell there are no files' 'f = io.open "numbers.lua"'
explained 1 "module 'helper' not found" 'require "helper"'
explained 3 'printed more than 64 KB' 'print(("x"):rep(70000))'
echo 'return {}' >readers/s001/numbers.lua
explained 3 'numbers.lua is not as it was handed out' ''
try 'students are told other words where there is no assignment' 1 check
explained_in_both '. has no instance.json'

# The class of three that the page for teachers marks, for a shorter time: one is right, one does not end, one hands in late.
if "$program" -e 'require("gradus.cell").run { script = "" }' 2>/dev/null; then
  prepare new brief >/dev/null
  sed -i 's/seconds = 10/seconds = 0.5/' brief/assignment.lua
  prepare hand-out brief --roster brief/roster.csv -o brief_class >/dev/null
  mkdir handed
  cp brief/reference.lua handed/s001.lua
  printf 'inverse = require("numbers").q1.A:inv()\nfunction step() while true do end end\n' >handed/Lee_s002.lua
  try 'the marking that teachers see is another' 0 grade brief handed -o marks
  shows teacher 'gradus grade inverse handed-in -o marks'
  echo 'x = = 1' >handed/s003.lua
  try 'marking again is another than teachers see' 0 grade brief handed -o marks
  shows teacher 'gradus grade inverse handed-in -o marks' 2
else
  echo 'skipped: the walls of a cell cannot stand on this machine (make deps brings bubblewrap): the marking in the page for teachers'
fi

# The recorded run that the page tells of.
given train.lua <<'E'
local run = require("gradus").run { name = "train", seed = 1 }
run:result { accuracy = 1 }
E
prepare --into run train.lua
try 'a recorded run is not identical' 0 replay run
out_has 'identical'
page_has student '`gradus --into run train.lua`'
page_has student.ko '`gradus --into run train.lua`'
if [ -n "$name" ]; then
  grep -q 'gradus help student' readers/s001/task.md || complain 'the task does not lead to the page'
fi
