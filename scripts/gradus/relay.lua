--- relay: calls one of Lua's own functions for the script: what is wrong is told at the script's line.
---
---   relay("open", io.open, path, mode)
local core = require "gradus.core"

return function(name, f, ...)
  local results = table.pack(pcall(f, ...))
  if results[1] then return table.unpack(results, 2, results.n) end
  local message = results[2]
  if type(message) ~= "string" then error(message, 0) end
  message = message:gsub("^gradus/[%w_]+%.lua:%d+: ", ""):gsub("'%?'", ("'%s'"):format(name))
  core.raise(message)
end
