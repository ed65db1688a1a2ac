# Cells, started by other users than the one who tests, and where walls are missing. tests/test_cell.lua has the attacks for this one.

given attacks.lua <<'END'
local cell = require "gradus.cell"
local attacks = dofile "cell_attacks.lua"
local stopped = 0
for _, c in ipairs(attacks) do
  local result = cell.run {
    script = c.script,
    inputs = c.inputs or { path = "secret" },
    seconds = c.seconds or 0.3,
    memory = c.memory or 64 << 20,
  }
  local status = c.status or c.reason and "stopped" or "finished"
  if result.status ~= status or c.reason and not result.reason:find(c.reason) then
    print(("%s: %s %s"):format(c[1], result.status, result.reason))
  end
  if result.missing then print(("%s: without %s"):format(c[1], result.missing)) end
end
local file = assert(io.open "secret")
print(file:read "l")
END

given one.lua <<'END'
local cell = require "gradus.cell"
local result = cell.run { script = "return 6 * 7", trust = arg[1] == "--trust" }
print(result.status, result.value, result.missing)
END

can_stand=$("$program" --no-record -e 'print((pcall(require("gradus.cell").run, { script = "" })))')

if [ "$can_stand" != true ]; then
  echo 'skipped: the walls of a cell cannot stand on this machine (make deps brings bubblewrap): what it holds back'
fi

# A folder that everybody may enter, as our own is not.
if [ "$can_stand" = true ] && [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  theirs=$(mktemp -d)
  chmod 755 "$theirs"
  echo 'key' >"$theirs/secret"
  cp attacks.lua "$here/../cell_attacks.lua" "$theirs"
  chmod 644 "$theirs"/*
  as_other='setpriv --reuid=65533 --regid=65533 --clear-groups --no-new-privs'
  if ! $as_other "$program" version >/dev/null 2>&1; then
    echo 'skipped: the program lies where other users cannot reach it: cells that they start'
  elif start 'an attack is not stopped in the cell of an ordinary user'; then
    (cd "$theirs" && $limit $as_other "$program" --no-record attacks.lua) >"$top/out" 2>"$top/err"
    status=$?
    ended 0
    out 'key'
    err ''
  fi
  rm -rf "$theirs"
fi

# Without bubblewrap.
mkdir few
for tool in cat grep timeout; do
  found=$(command -v "$tool") && ln -sf "$found" few/
done
whole_path=$PATH
PATH=$work/few
try 'a cell runs a script of a stranger where walls are missing' 1 one.lua
err_has 'one.lua:2: cell: a stranger'"'"'s script is not run where walls are missing: bwrap (of the package bubblewrap) cannot be run'
err_has 'trust = true'
try 'a cell without walls does not run a script that is trusted, or nobody hears of it' 0 one.lua --trust
out_has 'finished	42	namespaces'
PATH=$whole_path

try 'the word for the process in the cell is one for users' 1 cell
err_has 'cannot open cell'
