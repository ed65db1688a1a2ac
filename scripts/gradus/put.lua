--- put: a file that is to have these bytes; what has them already stays untouched.
local core = require "gradus.core"

--- Writes a file unless it has these bytes, and the folders above it; says whether it did. Raises when the disk does not take it.
---@param path string
---@param text string
---@return boolean
return function(path, text)
  local file = io.open(path, "rb")
  local there = file and file:read "a"
  if file then file:close() end
  if there == text then return false end
  core.make_folder(path:match "^(.*)/" or ".")
  core.write_file(path, text)
  return true
end
