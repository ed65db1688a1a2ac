--- hmac: a text's hash that only who has the key can make: HMAC-SHA-256 (RFC 2104).
---
---   hmac(key, text)      64 hexadecimal digits
local core = require "gradus.core"
local hexadecimal = require "gradus.hexadecimal"

local block_bytes = 64 -- of what SHA-256 takes at a time

local function with_pad(key, byte)
  local padded = key .. ("\0"):rep(block_bytes - #key)
  return (padded:gsub(".", function(one) return string.char(one:byte() ~ byte) end))
end

--- HMAC-SHA-256 of a text, as hexadecimal digits. The key has at most 64 bytes.
---@param key string     bytes
---@param text string
---@return string
return function(key, text)
  local inner = core.sha256_text(with_pad(key, 0x36) .. text)
  return core.sha256_text(with_pad(key, 0x5c) .. hexadecimal.bytes(inner))
end
