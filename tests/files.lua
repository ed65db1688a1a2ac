--- files: what tests of file formats share: a file made of given bytes, what reading it says, and CRC-32.
local harness = require "harness"

local files = {}

--- The path of a new file with these bytes; with an ending, ".png", in its name.
function files.made(bytes, ending)
  local path = os.tmpname()
  if ending then
    os.remove(path)
    path = path .. ending
  end
  local f <close> = assert(io.open(path, "wb"))
  f:write(bytes)
  return path
end

--- What reader(path, given) gives for a file with these bytes.
function files.read(reader, bytes, given)
  local path = files.made(bytes)
  local ok, result = pcall(reader, path, given)
  os.remove(path)
  return ok and result or error(result, 0)
end

--- Fails unless reader raises a message with the path and the pattern behind it.
function files.refused(reader, bytes, pattern)
  local path = files.made(bytes)
  local quoted = path:gsub("%p", "%%%0")
  local ok, message = pcall(harness.raises, quoted .. ": " .. pattern, function() reader(path) end)
  os.remove(path)
  if not ok then error(message, 0) end
end

--- CRC-32, as PNG, ZIP and gzip files hold it (RFC 1952, section 8).
function files.crc32(bytes)
  local crc = 0xFFFFFFFF
  for i = 1, #bytes do
    crc = crc ~ bytes:byte(i)
    for _ = 1, 8 do
      crc = crc >> 1 ~ (crc & 1 == 1 and 0xEDB88320 or 0)
    end
  end
  return ~crc & 0xFFFFFFFF
end

return files
