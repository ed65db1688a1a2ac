#!/bin/sh
# Tests of the command line: what the program prints, where, and how it ends.
#
#   sh tests/cli/run.sh PROGRAM [WORD]     all tests, or those whose name contains WORD
#
# Each test is a `try`, which runs the program in an empty folder, followed by what must hold:
#   given FILE <<'E'     writes a file there        input <<'E'      standard input of the next try
#   try NAME STATUS ...  runs PROGRAM with ...      out, err TEXT    all of an output, trailing newlines aside
#   out_has, err_has     a part of it               out_lacks, err_lacks
# prepare runs it for what it leaves behind; interrupt presses Ctrl-C; dom and count look at a page in $browser.
# Exit status 1 if one fails; the last line counts them.

program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
word=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
[ -x "$program" ] || { echo "usage: sh run.sh PROGRAM [WORD]" >&2; exit 2; }

# A hung program must not hang the tests; sanitizers are slow.
limit='timeout 120'
export ASAN_OPTIONS="${ASAN_OPTIONS:-allocator_may_return_null=1}"

top=$(mktemp -d) || exit 1
export XDG_STATE_HOME="$top/state" # the tester's own history and key are none of ours
trap 'rm -rf "$top"' EXIT
trap 'exit 1' INT TERM
work=$top/work
mkdir "$work"
cd "$work" || exit 1

passed=0 failed=0 name='' wrong=''

# Closes the test before: counts it, and says what was wrong.
finish() {
  [ -n "$name" ] || return 0
  if [ -z "$wrong" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n%s\n' "$name" "$wrong"
  fi
  name='' wrong=''
}

# Opens a test. False when it is not wanted.
start() {
  finish
  case $1 in *"$word"*) name=$1 ;; *) return 1 ;; esac
}

# Adds to what is wrong with the open test; where the word has passed it over, nothing is.
complain() {
  [ -z "$name" ] || wrong="$wrong  $1
"
}

given() { cat >"$1"; }
input() { cat >"$top/in"; }

ended() {
  [ "$status" = "$1" ] || complain "status is $status, expected $1; it said: $(cat "$top/err")"
}

try() {
  start "$1" || { : >"$top/in"; return 0; }
  expected=$2
  shift 2
  $limit "$program" "$@" <"$top/in" >"$top/out" 2>"$top/err"
  status=$?
  : >"$top/in"
  ended "$expected"
}
: >"$top/in"

# Runs the program for what it leaves behind.
prepare() { "$program" "$@" || exit 1; }

# until_or_late COMMAND...: tries it ten times a second, for a minute.
until_or_late() {
  tries=0
  until "$@" || [ $tries = 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
}
has_gone() { ! kill -0 "$1" 2>/dev/null; }

# interrupt NAME FILE: runs a script, presses Ctrl-C when it has said "ready", and expects it to end with 130.
interrupt() {
  start "$1" || return 0
  : >"$top/out"
  "$program" "$2" >"$top/out" 2>"$top/err" </dev/null &
  runner=$!
  until_or_late grep -q ready "$top/out"
  kill -INT $runner
  until_or_late has_gone $runner
  kill -KILL $runner 2>/dev/null
  wait $runner
  status=$?
  ended 130
}

same() {
  [ -n "$name" ] || return 0
  [ "$(cat "$top/$1")" = "$2" ] || complain "$1 is
$(cat "$top/$1")
  expected
$2"
}
has() {
  [ -n "$name" ] || return 0
  grep -qF -- "$2" "$top/$1" || complain "'$2' is not in $1:
$(cat "$top/$1")"
}
lacks() {
  [ -n "$name" ] || return 0
  ! grep -qF -- "$2" "$top/$1" || complain "'$2' is in $1:
$(cat "$top/$1")"
}
out() { same out "$1"; }
err() { same err "$1"; }
out_has() { has out "$1"; }
err_has() { has err "$1"; }
out_lacks() { lacks out "$1"; }
err_lacks() { lacks err "$1"; }

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
# dom FILE: the page's elements after its scripts have run.
dom() {
  HOME=$top $limit "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$top/browser" --virtual-time-budget=2000 \
    --dump-dom "file://$work/$1" >"$top/out" 2>/dev/null
}
# count PATTERN NUMBER: how often it is in the output.
count() {
  [ -n "$name" ] || return 0
  got=$(grep -oE -- "$1" "$top/out" | wc -l)
  [ "$got" = "$2" ] || complain "$1: $got times, expected $2"
}

for part in "$here"/*.sh; do
  [ "$part" = "$here/run.sh" ] || . "$part"
done

finish
echo "$passed passed, $failed failed"
# None at all is a mistake, unless a word chose them.
[ $failed = 0 ] && [ "$passed$word" != 0 ]
