#!/bin/sh
# Portable mode, proven: the digest of it by every compiler and for every processor that is here, beside expected.txt.
#
#   sh tests/portable/run.sh FOLDER FLAGS...     `make portable` calls it; FOLDER is where the programs go
#
# gcc and clang, each with -O0 and with -O3, and the same for arm64 where aarch64-linux-gnu-gcc and qemu-aarch64 are installed.
# The program holds all of core that computes, and no BLAS. Exit status 1 if one of them prints something else.

cd "$(dirname "$0")/../.." || exit 2
folder=$1
shift
mkdir -p "$folder" || exit 2
expected=tests/portable/expected.txt

parts='bytes differences err functions graph linalg linalg_exact linalg_lu linalg_svd mem ops optim plan portable random team
  tensor text epoch update walk'
sources='tests/portable/digest.c tests/portable/bare.c'
for part in $parts; do sources="$sources core/$part.c"; done

# check NAME RUNNER COMPILER...: compiles, and runs with one thread and with two.
check() {
  name=$1 runner=$2 status=0
  shift 2
  # shellcheck disable=SC2086
  if ! "$@" -o "$folder/$name" $sources -lm -lpthread 2>"$folder/$name.said"; then
    echo "$name: does not compile"
    head -20 "$folder/$name.said"
    return 1
  fi
  for threads in 1 2; do
    $runner "$folder/$name" $threads >"$folder/$name.$threads" 2>&1 && diff "$expected" "$folder/$name.$threads" || status=1
  done
  [ $status = 0 ] && echo "$name: as expected" || echo "$name: other bits, or none"
  return $status
}

# Several at a time: each writes a line, and leaves a file when it fails.
rm -f "$folder"/*.failed
started=0
try() {
  { check "$@" || : >"$folder/$1.failed"; } &
  started=$((started + 1))
  [ $((started % 2)) = 0 ] && wait
}

flags="-std=c11 -D_GNU_SOURCE $*"
for level in -O3 -O0; do
  for compiler in gcc clang; do
    # shellcheck disable=SC2086
    if command -v $compiler >/dev/null; then try $compiler$level '' $compiler $level $flags
    else echo "$compiler$level: skipped, $compiler is not installed"; fi
  done
  if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
    # shellcheck disable=SC2086
    try arm64$level 'qemu-aarch64 -L /usr/aarch64-linux-gnu' aarch64-linux-gnu-gcc $level $flags
  else echo "arm64$level: skipped, aarch64-linux-gnu-gcc and qemu-aarch64 are not installed"; fi
done
wait
set -- "$folder"/*.failed
[ ! -e "$1" ]
