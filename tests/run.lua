-- run.lua: runs the tests that are written in Lua, inside our own program.
--
--   gradus tests/run.lua [WORD]     all tests, or those whose name contains WORD
--
-- Each tests/test_*.lua registers its cases with tests/harness.lua. Exit status 1 when one fails, or when none ran.
local luaunit = require "luaunit"

local folder = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = folder .. "/?.lua;" .. package.path
local harness = require "harness"

local word = arg[1] or ""

-- The words are ours: neither luaunit nor an experiment's settings are to read them.
while #arg > 0 do
  table.remove(arg)
end

local function test_files()
  local quoted = "'" .. folder:gsub("'", [['\'']]) .. "'"
  local files = {}
  for name in io.popen("ls " .. quoted):lines() do
    if name:match "^test_.*%.lua$" then files[#files + 1] = folder .. "/" .. name end
  end
  table.sort(files)
  return files
end

for _, file in ipairs(test_files()) do
  dofile(file)
end

local chosen = {}
for _, test in ipairs(harness.tests) do
  if test[1]:find(word, 1, true) then chosen[#chosen + 1] = test end
end

local runner = luaunit.LuaUnit.new()
local failed = runner:runSuiteByInstances(chosen)
if #chosen == 0 then io.stderr:write(("no test has '%s' in its name\n"):format(word)) end
os.exit(failed == 0 and #chosen > 0, true)
