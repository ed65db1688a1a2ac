# gradus data: what is listed, and that only the published files come, whole, however often the way there breaks off.

server=$(dirname "$program")/tests/cli/server
usual_data=${GRADUS_DATA-}
export GRADUS_DATA="$work/it's \"data\"" XDG_DATA_HOME="$work/none"
into="$GRADUS_DATA/mnist"

# ---- The list

mkdir data
try 'a set is not listed, or a folder named data is run' 0 data
out_has 'iris                      150        4        3  in the program'
out_has 'not here: gradus data mnist'
rmdir data

given data <<'END_OF_SCRIPT'
print "mine"
END_OF_SCRIPT
try 'a script named data cannot be run' 0 data
out mine
rm data

try 'a set is not told about' 0 data wine
out_has 'wine: 178 x 13'
out_has 'classes: class_0, class_1, class_2'

try 'an unknown set is not refused' 2 data minst
err_has "gradus: data: there is no data set 'minst'"
err_has 'one of: diabetes breast_cancer iris wine digits mnist fashion_mnist'
try 'two names are taken' 2 data iris wine
err_has "one name is expected, got 'iris' and 'wine'"
try 'an unknown option is taken' 2 data mnist --form x
err_has "unknown option '--form'"
try '--from without a place is taken' 2 data mnist --from
err_has '--from wants an address or a folder'
try '--from is taken for a set in the program' 2 data iris --from /tmp
err_has '--from goes with a data set that does not come with the program'
try 'a place that is nothing is taken' 2 data mnist --from nowhere
err_has "'nowhere' is neither an address (https://...) nor a folder"
try 'another scheme is taken' 2 data mnist --from=gopher://x
err_has "'gopher://x': addresses begin with http, https, ftp or file"
try "a place that begins with - reaches curl's options" 2 data mnist --from --version
err_has "'--version' is neither"

# ---- Small files that pass for MNIST: the library on disk knows their sums

mkdir plain zipped
i=0
for name in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
  i=$((i + 1))
  seq $((i * 10000)) $((i * 10000 + 400)) >plain/$name
  gzip -nc plain/$name >zipped/$name.gz
done
cp -r "$here/../../scripts" small
mv small/gradus/sets.lua small/gradus/real_sets.lua
given small/gradus/sets.lua <<'END_OF_MODULE'
local core = require "gradus.core"
local sets = require "gradus.real_sets"
for _, file in ipairs(sets.mnist.files) do
  file.bytes, file.sha256 = sets.size("plain/" .. file.name), core.sha256("plain/" .. file.name)
end
return sets
END_OF_MODULE

# fetch NAME STATUS PLACE...: gradus data mnist, from there
fetch() {
  fetch_name=$1 fetch_status=$2
  shift 2
  try "$fetch_name" "$fetch_status" --scripts small data mnist --from "$@"
}

# holds NAME...: what lies in the folder
holds() {
  [ -n "$name" ] || return 0
  [ "$(ls "$into" | tr '\n' ' ')" = "$* " ] || complain "the folder holds $(ls "$into" | tr '\n' ' ')"
}
four='t10k-images-idx3-ubyte t10k-labels-idx1-ubyte train-images-idx3-ubyte train-labels-idx1-ubyte'
four_gz='t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz'

fetch 'plain files in a folder are not copied' 0 plain
holds SOURCE.txt $four
out_has "2406 bytes, SHA-256 right, from $work/plain/"
out_has "mnist is in $into"
err ''
try 'what is there is fetched again, or it is not said where it came from' 0 --scripts small data mnist
out_has "from $work/plain/"
out_has "$into/SOURCE.txt:"
rm -rf "$GRADUS_DATA"

mkdir "a 'b"
cp zipped/* "a 'b"
fetch 'gzipped files in a folder with a space are not copied' 0 "a 'b"
holds SOURCE.txt $four_gz
rm -rf "$GRADUS_DATA" "a 'b"

mkdir wrong
cp zipped/* wrong
echo other | gzip -nc >wrong/t10k-images-idx3-ubyte.gz
fetch 'a file with another content is taken' 1 wrong
err_has "$work/wrong/: t10k-images-idx3-ubyte.gz: its content has SHA-256 7e4f"
err_has ', the published '
err_has 'the same command goes on from there'
holds SOURCE.txt train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz
fetch 'what has come is not kept' 0 plain
out_has 'train-labels-idx1-ubyte.gz   is here already, SHA-256 right'
holds SOURCE.txt t10k-images-idx3-ubyte t10k-labels-idx1-ubyte train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz

mkdir -p "$into" # when the tests above were not wanted
head -c 100 plain/t10k-labels-idx1-ubyte >"$into/t10k-labels-idx1-ubyte"
fetch 'a damaged file stays, or is lost' 0 zipped
holds SOURCE.txt t10k-images-idx3-ubyte t10k-labels-idx1-ubyte.gz t10k-labels-idx1-ubyte.old train-images-idx3-ubyte.gz \
  train-labels-idx1-ubyte.gz
rm -rf "$GRADUS_DATA"

cp zipped/* wrong
head -c 10000000 /dev/zero | gzip -1 >wrong/train-images-idx3-ubyte.gz
fetch 'a file is unpacked further than it should go' 1 wrong
err_has 'train-images-idx3-ubyte.gz.part: holds more than 2406 bytes'
rm -rf "$GRADUS_DATA" wrong

: >file
GRADUS_DATA=file
fetch 'a folder that cannot be is no failure' 1 plain
err 'file: the folder cannot be made: File exists'
export GRADUS_DATA="$work/it's \"data\""

mkdir -p "$into"
mkdir "$into/train-images-idx3-ubyte.gz.part"
fetch 'a place that cannot be written is no failure' 1 zipped
err_has 'train-images-idx3-ubyte.gz.part'
rm -rf "$GRADUS_DATA"

# ---- By curl

usual_limit=$limit
limit="env PATH=$work/bin"
fetch 'without curl it is not said what to do' 1 http://localhost/
err_has 'files are fetched by curl, which cannot be started (curl: there is no such program). On Debian: apt-get install curl'
fetch 'a folder is not taken without curl' 0 plain
limit=$usual_limit
rm -rf "$GRADUS_DATA"

# Stands before the other curl for press_ctrl_c: it writes a part, and never ends.
mkdir bin
given bin/curl <<'END_OF_CURL'
#!/bin/sh
while [ "$1" != --output ]; do shift; done
echo "$$" >curl.pid
printf 'a part' >>"$2"
exec sleep 1000
END_OF_CURL
chmod +x bin/curl
press_ctrl_c() {
  start "$1" || return 0
  rm -f curl.pid
  PATH=$work/bin:$PATH "$program" --scripts small data mnist --from http://localhost/ >"$top/out" 2>"$top/err" </dev/null &
  runner=$!
  until_or_late test -s curl.pid
  until_or_late test -s "$into/train-images-idx3-ubyte.gz.part"
  kill -INT $runner
  until_or_late has_gone $runner
  kill -KILL $runner 2>/dev/null
  wait $runner
  status=$?
  ended 130
  has_gone "$(cat curl.pid)" || complain 'curl goes on'
}
press_ctrl_c 'Ctrl-C does not end a transfer'
err_has "What has come is kept in $into: \`gradus data mnist\` goes on from there."
err_has 'interrupted'
holds train-images-idx3-ubyte.gz.part
rm -rf "$GRADUS_DATA" bin

# With a server of our own, and addresses of files.

# serve FOLDER MODE: starts the server; its log goes to server.log, its address to $at.
serve() {
  rm -f server.log
  "$server" "$1" "$2" >server.log &
  serving=$!
  until_or_late test -s server.log
  at=http://localhost:$(head -n 1 server.log)/
}
close_server() {
  kill "$serving" 2>/dev/null
  wait "$serving" 2>/dev/null
}
asked() {
  [ -n "$name" ] || return 0
  grep -qx -- "$1" server.log || complain "'$1' was not asked of the server, but
$(cat server.log)"
}

if command -v curl >/dev/null && [ -x "$server" ]; then
  fetch 'files are not fetched by file:' 0 "file://$work/zipped"
  holds SOURCE.txt $four_gz
  rm -rf "$GRADUS_DATA"
  mkdir -p "$into"
  head -c 2406 /dev/zero >"$into/train-images-idx3-ubyte.part"
  fetch 'an old part that is wrong is not given up' 0 "file://$work/plain/"
  holds SOURCE.txt $four
  rm -rf "$GRADUS_DATA"

  serve zipped ranges
  fetch 'files are not fetched by http:' 0 "$at"
  holds SOURCE.txt $four_gz
  asked '200 train-images-idx3-ubyte.gz 0'
  out_has "from $at"
  err ''
  rm -rf "$GRADUS_DATA"
  mkdir -p "$into"
  head -c 500 zipped/train-images-idx3-ubyte.gz >"$into/train-images-idx3-ubyte.gz.part"
  cp zipped/train-labels-idx1-ubyte.gz "$into/train-labels-idx1-ubyte.gz.part"
  head -c 9000 /dev/zero >"$into/t10k-images-idx3-ubyte.gz.part"
  fetch 'a part is fetched from its beginning' 0 "$at"
  holds SOURCE.txt $four_gz
  asked '206 train-images-idx3-ubyte.gz 500'
  asked '416 t10k-images-idx3-ubyte.gz 9000'
  rm -rf "$GRADUS_DATA"
  close_server

  serve zipped whole
  mkdir -p "$into"
  head -c 500 zipped/train-images-idx3-ubyte.gz >"$into/train-images-idx3-ubyte.gz.part"
  fetch 'a server that knows no ranges is not asked for the whole' 0 "$at"
  holds SOURCE.txt $four_gz
  rm -rf "$GRADUS_DATA"
  close_server

  serve plain cut
  fetch 'a transfer that breaks off is no failure' 1 "$at"
  err_has 'bytes remaining to read'
  holds train-images-idx3-ubyte.part
  fetch 'the second call does not go on' 1 "$at"
  asked '206 train-images-idx3-ubyte 1000'
  fetch 'the third call does not end what the second began' 1 "$at"
  asked '206 train-images-idx3-ubyte 2000'
  holds SOURCE.txt train-images-idx3-ubyte train-labels-idx1-ubyte.part
  asked '404 train-images-idx3-ubyte.gz 0'
  rm -rf "$GRADUS_DATA"
  close_server

  fetch 'a server that is not there is no failure' 1 "$at"
  err_has "$at: "
  err_has 'connect'
  fetch 'a name that begins with - reaches curl as an option' 1 'http://-o/--version'
  err_has 'http://-o/--version/: '
  rm -rf "$GRADUS_DATA"
else
  echo 'skipped: curl is not here, or the server is not built: nothing is fetched by http'
fi

# ---- The published files

fashion=/usr/share/datasets/fashion-mnist
if [ -d $fashion ]; then
  try 'the published Fashion-MNIST is not known' 0 data fashion-mnist
  out_has "fashion_mnist is in $fashion"
else
  echo 'skipped: Fashion-MNIST is not on this machine: apt-get install dataset-fashion-mnist'
fi
if [ -e "$usual_data/mnist/t10k-labels-idx1-ubyte" ]; then
  try 'the published MNIST is not known, or not copied' 0 data mnist --from "$usual_data/mnist"
  out_has "mnist is in $into"
  rm -rf "$GRADUS_DATA"
else
  echo 'skipped: MNIST is not on this machine: make data'
fi

export GRADUS_DATA="$usual_data"
unset XDG_DATA_HOME
