-- Files and folders as such, as the library reaches them.
local core = require "gradus.core"
local harness = require "harness"

local case = harness.suite "files"

case("a lock that was closed closes another file when it is collected", function()
  local folder = os.tmpname()
  os.remove(folder)
  core.make_folder(folder)
  core.write_file(folder .. "/text", "here")
  do
    local lock <close> = core.lock_folder(folder) -- luacheck: ignore lock
  end
  local file <close> = assert(io.open(folder .. "/text")) -- it has the lock's number now
  collectgarbage()
  local text = file:read "a"
  core.remove_folder(folder)
  harness.same(text, "here")
end)
