--- recall: the lines typed at the prompt, in a file of the user's.
---
--- $XDG_STATE_HOME/gradus/history, else ~/.local/state/gradus/history: an entry a line, with its own line ends written as \n.
--- Entries are appended as they come, and the file is never written anew, so that two prompts at once lose nothing: one
--- that shortened it would drop what the other adds at that moment. Of a file that has grown long its end alone is read.
local core = require "gradus.core"

local recall = { most = 10000, most_bytes = 2 ^ 21 | 0 }

--- The folder for what the program keeps of its user; nil when the user has no home.
---@return string?
function recall.folder()
  local state, home = os.getenv "XDG_STATE_HOME", os.getenv "HOME"
  if state and state:sub(1, 1) == "/" then return state .. "/gradus" end
  if home and home ~= "" then return home .. "/.local/state/gradus" end
end

--- Where it is; nil when the user has no home.
---@return string?
function recall.path()
  local where = recall.folder()
  return where and where .. "/history"
end

local function encode(entry) return (entry:gsub("\\", "\\\\"):gsub("\n", "\\n")) end

local function decode(line)
  if not line:find("\\", 1, true) then return line end -- most, and ten thousand are read at each start
  return (line:gsub("\\(.)", function(c) return c == "n" and "\n" or c end))
end

--- The end of a file, from the beginning of a line.
local function tail(file)
  local size = file:seek "end" or 0
  file:seek("set", math.max(0, size - recall.most_bytes))
  if size > recall.most_bytes then file:read "l" end
  return file:read "a" or ""
end

--- The newest entries, oldest first; none when there is no file.
---@return string[]
function recall.load()
  local path, entries, lines = recall.path(), {}, {}
  local file = path and io.open(path, "rb")
  if not file then return entries end
  local text = tail(file)
  file:close()
  for line in text:gmatch "[^\n]*" do
    lines[#lines + 1] = line
  end
  if lines[#lines] == "" then lines[#lines] = nil end -- behind the last line's end
  for i = math.max(1, #lines - recall.most + 1), #lines do
    entries[#entries + 1] = decode(lines[i])
  end
  return entries
end

--- Puts an entry at the end. False and the reason when it could not be written.
---@param entry string
---@return boolean, string?
function recall.append(entry)
  local path = recall.path()
  if not path then return false, "HOME is not set" end
  local done, reason = pcall(core.make_folder, recall.folder())
  if not done then return false, reason end
  return pcall(core.append_private, path, encode(entry) .. "\n")
end

return recall
