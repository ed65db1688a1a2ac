--- guard: pcall, but for Ctrl-C, which nobody but the program itself may swallow.

--- As pcall; raises again what Ctrl-C has raised.
---@param f function
---@param ... any
---@return boolean, any ...
return function(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] and tostring(results[2]):find "interrupted$" then error(results[2], 0) end
  return table.unpack(results, 1, results.n)
end
