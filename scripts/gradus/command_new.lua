--- command_new: gradus new NAME. A folder with a small assignment that works, for an author to change.
local arguments = require "gradus.arguments"
local core = require "gradus.core"

local fine, failed, usage_error = 0, 1, 2 -- exit statuses

local usage = [[
usage: gradus new NAME

Makes the folder NAME with a small assignment that works, each part explained: questions, personal numbers, checks, the reference
solution, what students begin with, a roster of three. Change it, then: gradus hand-out NAME --roster NAME/roster.csv -o handed-out]]

--- The files of the example, below scripts/assignment in the program.
local files = { "assignment.lua", "visible.lua", "reference.lua", "roster.csv", "starter/answer.lua" }

local function refuse(message)
  io.stderr:write(("gradus: new: %s\n%s\n"):format(message, usage))
  return usage_error
end

local function fail(message)
  io.stderr:write(("gradus: new: %s\n"):format(message))
  return failed
end

local ignored = "# The key and the answers stay with you.\ncourse.key\nanswers.json\n"

local function write(folder, name)
  for _, file in ipairs(files) do
    local text = core.file("assignment/" .. file) or error(("the program lacks assignment/%s"):format(file), 0)
    core.make_folder(("%s/%s"):format(folder, file):match "^(.*)/")
    core.write_file(("%s/%s"):format(folder, file), (text:gsub('name = "example"', ('name = "%s"'):format(name), 1)))
  end
  core.write_file(folder .. "/.gitignore", ignored)
end

return function(...)
  local given, wrong = arguments.read({ ... }, { help = "flag", h = "flag" })
  if not given then return refuse(wrong) end
  if given.help or given.h then
    print(usage)
    return fine
  end
  if #given ~= 1 then return refuse(#given == 0 and "say what it is called" or "one name is expected") end
  local folder = given[1]:gsub("(.)/+$", "%1")
  local name = folder:match "[^/]+$"
  if not name:find "^%w[%w_-]*$" then
    return refuse(("'%s': a name has letters and digits of English, _ and -"):format(name))
  end
  local made, new = pcall(core.new_folder, folder)
  if not made then return fail(new) end
  if not new then return fail(("%s is there already: nothing was changed"):format(folder)) end
  local ok, reason = pcall(write, folder, name)
  if not ok then return fail(reason) end
  print(("%s: a small assignment that works; begin with %s/assignment.lua"):format(folder, folder))
  print(("to hand it out: gradus hand-out %s --roster %s/roster.csv -o handed-out"):format(folder, folder))
  return fine
end
