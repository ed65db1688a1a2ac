--- hexadecimal: bytes as hexadecimal digits, two for each, and back.
---
---   hexadecimal.of "AB"          "4142"
---   hexadecimal.bytes "4142"     "AB"
local hexadecimal = {}

---@param bytes string
---@return string
function hexadecimal.of(bytes)
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

---@param digits string
---@return string
function hexadecimal.bytes(digits)
  return (digits:gsub("%x%x", function(byte) return string.char(tonumber(byte, 16)) end))
end

return hexadecimal
