--- since: whether what a record was made from is still as it was: the script, its modules, its data.
---
---   since.script(run), since.file(run, path, sha256), since.data(run, entry)     "same as now", "changed since", "gone"
local core = require "gradus.core"
local digest = require "gradus.digest"

local since = {}

local same, changed, gone = "same as now", "changed since", "gone"

--- The path as the script saw it, from the folder in which it was started.
local function full_path(run, path)
  local directory = digest.plain(run.about.directory)
  if path:sub(1, 1) == "/" or type(directory) ~= "string" then return path end
  return directory .. "/" .. path
end

--- A record may be a stranger's: devices and pipes, which may never end, are not read.
local function may_look(path) return not path:find "%z" and (core.is_file(path) or not core.exists(path)) end

local function told(sum, written)
  if not sum then return gone end
  return sum == written and same or changed
end

---@param run table        as record.read gives it
---@param path any         as the record has it
---@param sha256 string
---@return string
function since.file(run, path, sha256)
  path = digest.plain(path)
  if type(path) ~= "string" then return gone end
  path = full_path(run, path)
  if not may_look(path) then return "not looked at" end
  local ok, sum = pcall(core.sha256, path)
  return told(ok and sum, sha256)
end

--- The script's file; nil where there was none, as under -e.
function since.script(run)
  local script = run.about.script
  local chunk = digest.plain(script.chunk)
  if type(chunk) == "string" and chunk:sub(1, 1) ~= "@" then return nil end
  return since.file(run, script.path, script.sha256)
end

--- A file that was read, or a set inside the program.
function since.data(run, entry)
  if entry.path ~= nil then return since.file(run, entry.path, entry.sha256) end
  local name = digest.plain(entry.name)
  if type(name) ~= "string" or not name:find "^[%w_]+$" then return gone end
  local file = name == "sample_image" and "cup.png" or name .. ".csv"
  local text = core.file("data/" .. file)
  return "in the program, " .. told(text and core.sha256_text(text), entry.sha256)
end

return since
