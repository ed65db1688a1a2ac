--- submission_zip: the files of a zip archive that a stranger made (PKWARE, APPNOTE.TXT 6.3.10).
---
--- Read in Lua, where no offset leads out of the bytes; C only inflates. What the archive says of a member in its directory and in front of
--- the member must agree, and members may not share bytes: archives that unpack to terabytes are made so (Fifield, WOOT 2019).
local core = require "gradus.core"
local submission_files = require "gradus.submission_files"

local submission_zip = {}

local refuse, shown = submission_files.refuse, submission_files.shown

local end_bytes, entry_bytes, local_bytes = 22, 46, 30 -- of the fixed parts
local longest_comment = 65535
local stored, deflated = 0, 8 -- methods
local encrypted = 1 -- the bit among the flags
local swell = 1032 -- bytes that a deflated byte stands for at most (zlib, technical details)

local function torn() refuse "the zip archive is torn or damaged: pack and hand it in again" end

-- ---- The directory

--- Where the record stands that ends the archive.
local function find_end(bytes)
  for at = #bytes - end_bytes + 1, math.max(1, #bytes - end_bytes + 1 - longest_comment), -1 do
    if bytes:byte(at) == 0x50 and bytes:sub(at, at + 3) == "PK\5\6" then
      if string.unpack("<I2", bytes, at + 20) == #bytes - at - end_bytes + 1 then return at end
    end
  end
  torn()
end

--- Where the directory begins, where it ends, and how many members it lists.
local function find_directory(bytes)
  local last = find_end(bytes)
  local disk, first_disk, here, count, size, offset = string.unpack("<I2I2I2I2I4I4", bytes, last + 4)
  if disk ~= 0 or first_disk ~= 0 or here ~= count then refuse "the zip archive is one part of several" end
  local most = submission_files.caps.members
  if count > most then refuse("it holds more than %d files and folders", most) end
  if offset + size ~= last - 1 or count * entry_bytes > size then torn() end
  return offset + 1, last, count
end

--- The entry of the directory at `at`, and where the next begins.
local function read_entry(bytes, at, last)
  if at + entry_bytes > last or bytes:sub(at, at + 3) ~= "PK\1\2" then torn() end
  local e = {}
  e.flags, e.method, e.crc, e.packed, e.size = string.unpack("<I2I2xxxxI4I4I4", bytes, at + 8)
  local name, extra, comment, attributes, offset = string.unpack("<I2I2I2xxxxI4I4", bytes, at + 28)
  local next_at = at + entry_bytes + name + extra + comment
  if next_at > last then torn() end
  e.name = bytes:sub(at + entry_bytes, at + entry_bytes + name - 1)
  e.offset, e.kind = offset, attributes >> 28 -- the kind from the file's mode, where the archive comes from Unix
  return e, next_at
end

-- ---- Members

local kinds = { [0x1] = "pipe", [0x2] = "device", [0x6] = "device", [0xA] = "symbolic link", [0xC] = "socket" }
local folder_kind = 0x4

--- Refuses a file that cannot be read.
local function check_file(e)
  if e.flags & encrypted ~= 0 then refuse("%s is encrypted: pack it without a password", shown(e.name)) end
  if e.method ~= stored and e.method ~= deflated then
    refuse("%s is compressed by method %d, which few programs know: pack it as a plain zip", shown(e.name), e.method)
  end
  local believable = e.method == stored and e.size == e.packed or e.method == deflated and e.size // swell <= e.packed
  if not believable then
    refuse("%s is said to have %d bytes, which %d in the archive cannot hold", shown(e.name), e.size, e.packed)
  end
end

--- Where the member's bytes begin; what stands in front of them must say what the directory says.
local function find_bytes(bytes, e, directory)
  local at = e.offset + 1
  if at + local_bytes > directory or bytes:sub(at, at + 3) ~= "PK\3\4" then torn() end
  local method, name, extra = string.unpack("<I2", bytes, at + 8), string.unpack("<I2I2", bytes, at + 26)
  local from = at + local_bytes + name + extra
  if from + e.packed > directory then torn() end
  if bytes:sub(at + local_bytes, at + local_bytes + name - 1) ~= e.name or method ~= e.method then
    refuse("%s has another name or method in the archive's list than in front of its bytes", shown(e.name))
  end
  return from
end

--- Refuses members that share bytes.
local function check_overlap(entries)
  local sorted = table.move(entries, 1, #entries, 1, {})
  table.sort(sorted, function(a, b) return a.offset < b.offset end)
  for i = 2, #sorted do
    local before = sorted[i - 1]
    if sorted[i].offset + 1 < before.from + before.packed then
      refuse("%s and %s share bytes of the archive, as in a zip bomb", shown(before.name), shown(sorted[i].name))
    end
  end
end

--- All of a deflated member: exactly as many bytes as it is said to have.
local function inflate(e, packed)
  local stream <close> = core.inflater(packed, "raw")
  local text, wrong = stream:read(e.size)
  local more = text
  if text then
    more, wrong = stream:read(1)
  end
  if not more then refuse("%s: %s", shown(e.name), wrong) end
  if #text < e.size or more ~= "" or stream:left() > 0 then
    refuse("%s is said to have %d bytes, but has not", shown(e.name), e.size)
  end
  return text
end

local function unpack_member(bytes, e)
  local packed = bytes:sub(e.from, e.from + e.packed - 1)
  local text = e.method == stored and packed or inflate(e, packed)
  if core.crc32(text) ~= e.crc then refuse("%s is damaged: its checksum is wrong", shown(e.name)) end
  return text
end

--- Enters a member; e.safe is its name when it is a file that is to be read.
local function enter(pile, e)
  local name = pile:enter(e.name)
  if not name then return end
  if kinds[e.kind] then refuse("%s is a %s: only files and folders are read", shown(e.name), kinds[e.kind]) end
  if e.kind == folder_kind or e.name:sub(-1) == "/" then
    pile:folder(name)
  else
    check_file(e)
    pile:announce(name, e.size)
    e.safe = name
  end
end

--- Collects the files of an archive; refuses, before it unpacks anything, what the directory shows to be wrong.
---@param pile table      of submission_files.collect
---@param bytes string    the archive
function submission_zip.fill(pile, bytes)
  local directory, last, count = find_directory(bytes)
  local at, entries = directory, {}
  for i = 1, count do
    entries[i], at = read_entry(bytes, at, last)
    enter(pile, entries[i])
    entries[i].from = find_bytes(bytes, entries[i], directory)
  end
  check_overlap(entries)
  for _, e in ipairs(entries) do
    if e.safe then pile.files[e.safe] = unpack_member(bytes, e) end
  end
end

return submission_zip
