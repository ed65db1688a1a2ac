--- submission_files: the files of one submission while they are collected: no name that leads elsewhere, no more than the caps say.
---
---   local files, reason = submission_files.collect(function(pile)
---     local name = pile:enter "hw/answer.lua"          -- nil: it is passed over
---     pile:announce(name, #bytes)                      -- before its bytes are read
---     pile.files[name] = bytes
---   end)
---
--- What a stranger made may be refused anywhere on the way: `refuse` raises, and `collect` gives nil and the reason.
local digest = require "gradus.digest"

local submission_files = {}

local mega = 1 << 20

--- How much of a submission is read: files and folders in it, bytes of a file and of all together (unpacked), bytes of an archive as it
--- was handed in, bytes of the answer file, folders inside folders, bytes of a name between slashes.
submission_files.caps = {
  members = 1000,
  file = 16 * mega,
  all = 64 * mega,
  archive = 64 * mega,
  answer = 4 * mega,
  levels = 32,
  name = 255,
}
local caps = submission_files.caps

-- ---- Refusing

local refusal = {}

--- Gives the submission up; the reason is a format and its values.
function submission_files.refuse(reason, ...) error(setmetatable({ reason = reason:format(...) }, refusal), 0) end
local refuse = submission_files.refuse

--- What f gives; nil and the reason when it has refused. Other errors are ours, and go on.
---@param f fun(...): any
---@return any, string?
function submission_files.attempt(f, ...)
  local ok, result = pcall(f, ...)
  if ok then return result end
  if getmetatable(result) ~= refusal then error(result, 0) end
  return nil, result.reason
end

-- ---- Names

local longest_shown = 100

--- A text of any bytes as one line for a message; bytes that are no UTF-8 can be told from each other in it.
---@param text string
---@return string
function submission_files.line(text) return digest.line((submission_files.as_text(text))) end

--- A name of any bytes for a message: one line, not too long.
---@param name string
---@return string
function submission_files.shown(name)
  local text, left_out = digest.first(submission_files.line(name), longest_shown)
  return ("'%s%s'"):format(text, left_out > 0 and "..." or "")
end
local shown = submission_files.shown

--- A name in UTF-8. In others, as programs for Korean Windows write them (code page 949), bytes beyond ASCII become %B0%A1.
---@param name string
---@return string, boolean escaped
function submission_files.as_text(name)
  if utf8.len(name) then return name, false end
  return (name:gsub("[\x80-\xFF]", function(byte) return ("%%%02X"):format(byte:byte()) end)), true
end

--- Refuses names that could mean something else than a place below the submission, on this system or another.
local function check_name(name)
  if name:find "%c" or name:find "\xC2[\x80-\x9F]" then
    refuse("the name %s holds control characters", shown(name))
  elseif name:find "^/" or name:find "^%a:" then
    refuse("%s begins at the root of a disk: names must be relative", shown(name))
  elseif name:find("\\", 1, true) then
    refuse("the name %s holds a backslash: pack it again with a program that writes / between folders", shown(name))
  end
end

--- The parts of a checked name.
local function parts_of(name)
  local parts = {}
  for part in name:gmatch "[^/]+" do
    if part == ".." then refuse("%s leads out of the submission", shown(name)) end
    if #part > caps.name then refuse("the name %s is too long", shown(name)) end
    if part ~= "." then parts[#parts + 1] = part end
  end
  if #parts > caps.levels then refuse("%s lies more than %d folders deep", shown(name), caps.levels) end
  return parts
end

--- Whether systems and editors put such things beside what one wrote.
---@param part string   a name between slashes
function submission_files.is_junk(part)
  local name = part:lower()
  return part:sub(1, 1) == "." or part == "__MACOSX" or name == "thumbs.db" or name == "desktop.ini"
end

-- ---- Collecting

local pile = {}
pile.__index = pile

--- Takes note of a member by the name that the stranger gave it. Its safe name; nil for what is passed over.
---@param raw string
---@return string?
function pile:enter(raw)
  self.members = self.members + 1
  if self.members > caps.members then refuse("it holds more than %d files and folders", caps.members) end
  local name, escaped = submission_files.as_text(raw)
  check_name(name)
  local parts = parts_of(name)
  for _, part in ipairs(parts) do
    if submission_files.is_junk(part) then return nil end
  end
  self.escaped = self.escaped or escaped
  return #parts > 0 and table.concat(parts, "/") or nil
end

--- A folder, and those above it.
function pile:folder(name)
  while name do
    if self.announced[name] then refuse("%s is both a file and a folder", shown(name)) end
    self.folders[name] = true
    name = name:match "^(.*)/"
  end
end

--- Makes sure that a file may be read, of the size that it is said to have. Its name is nil when its bytes will be passed over.
---@param name? string
---@param bytes integer
function pile:announce(name, bytes)
  if bytes > caps.file then
    refuse("%s has more than %s", name and shown(name) or "a file that is passed over", digest.bytes(caps.file))
  end
  self.bytes = self.bytes + bytes
  if self.bytes > caps.all then refuse("it holds more than %s", digest.bytes(caps.all)) end
  if not name then return end
  if self.announced[name] then refuse("%s stands there twice", shown(name)) end
  if self.folders[name] then refuse("%s is both a file and a folder", shown(name)) end
  self:folder(name:match "^(.*)/")
  self.announced[name] = true
end

--- What fill(pile) collects; nil and why it is refused.
---@param fill fun(pile: table)
---@return table? pile, string? reason
function submission_files.collect(fill)
  local new = setmetatable({ files = {}, announced = {}, folders = {}, members = 0, bytes = 0 }, pile)
  return submission_files.attempt(function()
    fill(new)
    return new
  end)
end

return submission_files
