--- submission_tar: the files of a gzipped tar archive that a stranger made: ustar and pax (POSIX.1-2017, pax), GNU's long names, and the
--- oldest form. It is unpacked as it is read, header by header: one that swells is refused at the header, or byte, that is too much.
local core = require "gradus.core"
local digest = require "gradus.digest"
local submission_files = require "gradus.submission_files"

local submission_tar = {}

local refuse, shown = submission_files.refuse, submission_files.shown

local block = 512 -- all there is comes in blocks of so many bytes
local headers = 4 << 20 -- bytes in all that headers and padding may take beside the files
local longest_note = 1 << 16 -- bytes of a pax header or a long name

-- ---- Blocks

--- The next n bytes, or what is left of them where the archive ends.
local function take(tar, n)
  tar.taken = tar.taken + n
  if tar.taken > submission_files.caps.all + headers then
    refuse("it unpacks to more than %s", digest.bytes(submission_files.caps.all))
  end
  local bytes, wrong = tar.stream:read(n)
  if not bytes then refuse("%s: pack and hand it in again", wrong) end
  return bytes
end

--- The n bytes of a member, which fill whole blocks.
local function take_body(tar, n, name)
  local bytes = take(tar, n)
  local padding = -n % block
  if #bytes < n or #take(tar, padding) < padding then
    refuse("the tar archive is torn: it ends inside %s", shown(name))
  end
  return bytes
end

-- ---- Headers

--- The text in a field, up to its zero byte.
local function text_at(header, at, n) return (header:sub(at, at + n - 1):match "^[^\0]*") end

--- The size: octal digits, or, with the first bit set, a binary number, which only files need that are far too large.
local function size_of(header, name)
  local field = header:sub(125, 136)
  if field:byte() >= 0x80 then
    if field:sub(1, 4) ~= "\x80\0\0\0" then return math.maxinteger end
    local size = string.unpack(">i8", field, 5)
    return size >= 0 and size or math.maxinteger
  end
  local digits = field:match "^ *([0-7]*)[ \0]*$"
  if not digits then refuse("the tar archive is damaged: %s has no size", shown(name)) end
  return tonumber("0" .. digits, 8)
end

--- The sum of a header's bytes, those of the sum itself taken as spaces.
local function sum_of(header)
  local sum = 8 * 32
  for at = 1, block do
    if at < 149 or at > 156 then sum = sum + header:byte(at) end
  end
  return sum
end

local function read_header(bytes)
  local told = bytes:sub(149, 156):match "^ *([0-7]+)[ \0]"
  if #bytes < block or not told or tonumber(told, 8) ~= sum_of(bytes) then
    refuse "this is no tar archive, or a damaged one: pack and hand it in again"
  end
  local name = text_at(bytes, 1, 100)
  local prefix = bytes:sub(258, 263) == "ustar\0" and text_at(bytes, 346, 155) or ""
  if prefix ~= "" then name = prefix .. "/" .. name end
  return { name = name, kind = bytes:sub(157, 157), size = size_of(bytes, name) }
end

--- The records "12 path=name\n" of a pax header; the number counts the whole record's bytes.
local function read_records(text)
  local records, at = {}, 1
  while at <= #text do
    local digits = text:match("^(%d+) ", at)
    local n = digits and #digits <= 6 and tonumber(digits) or 0
    local key, value = text:sub(at, at + n - 1):match "^%d+ ([^=]+)=(.*)\n$"
    if not key or at + n - 1 > #text then refuse "the tar archive is damaged: an extended header cannot be read" end
    if key:find "^GNU%.sparse" then
      refuse "the tar archive holds a file with holes (a sparse file): pack it without"
    end
    records[key] = value
    at = at + n
  end
  return records
end

-- ---- Members

local files = { ["0"] = true, ["\0"] = true, ["7"] = true }
local notes = { x = "pax", g = "global", L = "name", K = "link" }
local refused = {
  ["1"] = "a hard link",
  ["2"] = "a symbolic link",
  ["3"] = "a device",
  ["4"] = "a device",
  ["6"] = "a pipe",
  ["S"] = "a file with holes (a sparse file)",
}

--- What stands in front of a member about it: goes to `about`.
local function read_note(tar, header, about)
  if header.size > longest_note then refuse("the tar archive has a header of more than %d bytes", longest_note) end
  local body, kind = take_body(tar, header.size, header.name), notes[header.kind]
  if kind == "name" then
    about.name = body:match "^[^\0]*"
  elseif kind ~= "link" then
    local records = read_records(body)
    if kind == "global" and (records.path or records.size) then
      refuse "the tar archive gives one name or size to all its members"
    end
    if kind == "pax" then
      about.name, about.size = records.path or about.name, records.size or about.size
    end
  end
end

--- What the notes in front of it say in place of its header.
local function apply(header, about)
  header.name = about.name or header.name
  if not about.size then return end
  if not about.size:find "^%d+$" then refuse("the tar archive is damaged: %s has no size", shown(header.name)) end
  header.size = #about.size <= 15 and tonumber(about.size) or math.maxinteger
end

local function read_member(tar, pile, header)
  local name = pile:enter(header.name)
  local is_folder = header.kind == "5" or files[header.kind] and header.name:sub(-1) == "/"
  if is_folder then
    if name then pile:folder(name) end
    if header.size > 0 then refuse("%s is a folder, but has bytes", shown(header.name)) end
    return
  end
  if name and not files[header.kind] then
    local what = refused[header.kind] or ("of the kind '%s'"):format(header.kind:gsub("[^%w]", "?"))
    refuse("%s is %s: only files and folders are read", shown(header.name), what)
  end
  if not files[header.kind] then header.size = 0 end -- a link that is passed over has no bytes, whatever its header says
  pile:announce(name, header.size)
  local bytes = take_body(tar, header.size, header.name)
  if name then pile.files[name] = bytes end
end

--- Reads on to the end of the stream, where its checksum stands.
local function read_rest(tar)
  local piece = 1 << 16
  while #take(tar, piece) == piece do
  end
end

--- Collects the files of an archive.
---@param pile table      of submission_files.collect
---@param bytes string    the archive, gzipped
function submission_tar.fill(pile, bytes)
  local stream <close> = core.inflater(bytes, "gzip")
  local tar, about = { stream = stream, taken = 0 }, {}
  local zeros = ("\0"):rep(block)
  while true do
    local first = take(tar, block)
    if first == "" or first == zeros then break end
    local header = read_header(first)
    if notes[header.kind] then
      read_note(tar, header, about)
    else
      apply(header, about)
      read_member(tar, pile, header)
      about = {}
    end
  end
  if next(about) then refuse "the tar archive is torn: it ends behind an extended header" end
  read_rest(tar)
end

return submission_tar
