--- put: a file that is to have these bytes; what has them already stays untouched.
local core = require "gradus.core"

--- Writes it so that others cannot read it.
local function write_private(path, text)
  local beside = path .. ".new"
  os.remove(beside)
  core.append_private(beside, text)
  core.place_file(beside, path)
end

--- Writes a file unless it has these bytes, and the folders above it; says whether it did. Raises when the disk does not take it.
---@param path string
---@param text string
---@param private? boolean   for its owner's eyes alone
---@return boolean
return function(path, text, private)
  local file = io.open(path, "rb")
  local there = file and file:read "a"
  if file then file:close() end
  if there == text then return false end
  core.make_folder(path:match "^(.*)/" or ".")
  if private then
    write_private(path, text)
  else
    core.write_file(path, text)
  end
  return true
end
