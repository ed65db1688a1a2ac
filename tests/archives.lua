--- archives: zip and tar archives made by hand, as their formats say and as strangers would make them.
local core = require "gradus.core"

local archives = {}

--- The bytes as stored blocks of a deflated stream (RFC 1951, section 3.2.4).
function archives.deflated(bytes)
  local parts, most = {}, 65535
  for at = 1, math.max(#bytes, 1), most do
    local piece = bytes:sub(at, at + most - 1)
    local is_last = at + most > #bytes and 1 or 0
    parts[#parts + 1] = string.pack("<BI2I2", is_last, #piece, ~#piece & 0xFFFF) .. piece
  end
  return table.concat(parts)
end

local function bytes_of_bits(bits)
  bits = bits .. ("0"):rep(-#bits % 8)
  return (bits:gsub("%d%d%d%d%d%d%d%d", function(eight) return string.char(tonumber(eight:reverse(), 2)) end))
end

--- A deflated stream of 1 + 2064 n zeros in 13 n bytes, a zero and then copies of 258 bytes in the fixed code (section 3.2.6); and how
--- many they are.
function archives.deflated_zeros(n)
  local head, copy, finish = "110" .. "00110000", "11000101" .. "00000", "0000000"
  local period = copy:rep(8)
  local offset = 16 - #head -- from the first whole byte on, it repeats
  local middle = bytes_of_bits(period:sub(offset + 1) .. period:sub(1, offset))
  local bytes = bytes_of_bits(head .. period:sub(1, offset)) .. middle:rep(n - 1)
  return bytes .. bytes_of_bits(period:sub(offset + 1) .. finish), 1 + 2064 * n
end

-- ---- Zip

--- An archive of members { name, bytes, size =, crc =, method =, flags =, packed =, compressed =, mode =, inside =, at = }: what is
--- not said is as it should be. mode is that of Unix; inside, the name in front of the bytes; at, where the directory says that the
--- member begins.
function archives.zip(members)
  local parts, directory, at = {}, {}, 0
  for i, m in ipairs(members) do
    local packed = m.packed or m[2]
    local about = string.pack(
      "<I2I2I2I2I4I4I4",
      m.flags or 0,
      m.method or 0,
      0,
      0x21,
      m.crc or core.crc32(m[2]),
      m.compressed or #packed,
      m.size or #m[2]
    )
    local inside = m.inside or m[1]
    parts[i] = "PK\3\4" .. string.pack("<I2", 20) .. about .. string.pack("<I2I2", #inside, 0) .. inside .. packed
    directory[i] = "PK\1\2"
      .. string.pack("<I2I2", 20 | (m.mode and 3 << 8 or 0), 20)
      .. about
      .. string.pack("<I2I2I2I2I2I4I4", #m[1], 0, 0, 0, 0, (m.mode or 0) << 16, m.at or at)
      .. m[1]
    at = at + #parts[i]
  end
  local list = table.concat(directory)
  local last = string.pack("<I2I2I2I2I4I4I2", 0, 0, #members, #members, #list, at, 0)
  return table.concat(parts) .. list .. "PK\5\6" .. last
end

-- ---- Tar

local block = 512

local function padded(bytes) return bytes .. ("\0"):rep(-#bytes % block) end

--- A header of 512 bytes with the right sum.
local function header(name, size, kind, link, magic, prefix)
  local front = string.pack("c100c8c8c8", name, "0000644", "0000000", "0000000")
  local told = type(size) == "string" and size or ("%011o\0"):format(size)
  front = front .. string.pack("c12c12", told, "00000000000\0")
  local rest = string.pack("c1c100c8c32c32c8c8c155c12", kind, link or "", magic, "", "", "", "", prefix or "", "")
  local sum = 8 * 32
  for at = 1, #front + #rest do
    sum = sum + (front .. rest):byte(at)
  end
  return front .. ("%06o\0 "):format(sum) .. rest
end

--- A record of a pax header, whose length counts itself.
function archives.pax(key, value)
  local rest = (" %s=%s\n"):format(key, value)
  local n = #rest + 1
  while #tostring(n) + #rest ~= n do
    n = #tostring(n) + #rest
  end
  return n .. rest
end

--- An archive of members { name, bytes, kind = "0", size =, link =, magic =, prefix = }.
function archives.tar(members)
  local parts = {}
  for i, m in ipairs(members) do
    local bytes = m[2] or ""
    local head = header(m[1], m.size or #bytes, m.kind or "0", m.link, m.magic or "ustar\00000", m.prefix)
    parts[i] = head .. padded(bytes)
  end
  return table.concat(parts) .. ("\0"):rep(2 * block)
end

--- The bytes gzipped (RFC 1952); with what they are deflated to, and how many they are, where that is not to be made here.
function archives.gzip(bytes, packed, count)
  local ending = string.pack("<I4I4", bytes and core.crc32(bytes) or 0, (count or #bytes) & 0xFFFFFFFF)
  return "\x1F\x8B\8\0\0\0\0\0\0\3" .. (packed or archives.deflated(bytes)) .. ending
end

function archives.tar_gz(members) return archives.gzip(archives.tar(members)) end

return archives
