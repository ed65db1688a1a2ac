--- outcome: what is known of one combination of a sweep, by what lies on the disk.
---
---   local found = outcome.read(run)     -- run.folder: its record; run.mark: where a failure is noted that no record tells of
---   found.state      "none", "finished", "failed", "running" (somebody is at work there), "unfinished", "stale"
---   found.results    of a finished one, by name
---   found.message    of a failed one; of a stale one: what has changed since
local core = require "gradus.core"
local plain = require "gradus.plain"
local record = require "gradus.record"

local outcome = {}

-- ---- Its records

--- The folder of the script's i-th gr.run.
local function folder_of(run, i) return i == 1 and run.folder or ("%s-%d"):format(run.folder, i) end

local function read_json(path)
  local text = record.read_part(path)
  local value = text and core.json_decode(text)
  return type(value) == "table" and value or nil
end

--- What run.json says in each of its records, and how the last one has ended.
local function read_records(run)
  local list = {}
  repeat
    local about = read_json(folder_of(run, #list + 1) .. "/run.json")
    list[#list + 1] = about
  until not about
  local last = list[#list]
  if not last then return list, "none" end
  if last.status ~= "running" then return list, last.status end
  local whole = record.read(folder_of(run, #list)) -- says whether somebody holds its lock
  return list, whole and whole.status or "unfinished"
end

-- ---- Whether it still is what the files say

--- Hashes of files as they are now, by path; false for one that cannot be read.
local sums = {}

local function sum_now(path)
  if path:find "^/proc/" or path:find "^/sys/" or path:find "^/dev/" then return false end -- no files that stay as they are
  if sums[path] == nil then
    local ok, sum = pcall(core.sha256, path)
    sums[path] = ok and sum or false
  end
  return sums[path]
end

--- Forgets hashes: files may have changed.
function outcome.look_again() sums = {} end

--- Seen from the folder where the script ran, when there is one of that name.
local function path_from(directory, path)
  local full = type(directory) == "string" and path:sub(1, 1) ~= "/" and ("%s/%s"):format(directory, path) or path
  return sum_now(full) and full or path
end

--- The first module or data file that is not any more what the record says. One that is gone cannot be compared.
local function changed(about)
  for _, list in ipairs { about.modules or {}, about.data or {} } do
    for _, source in ipairs(list) do
      local path = plain.back(source.path)
      local sum = path and sum_now(path_from(plain.back(about.directory), path))
      if sum and source.sha256 and sum ~= source.sha256 then return path end
    end
  end
  return nil
end

local function first_changed(list)
  for _, about in ipairs(list) do
    local path = changed(about)
    if path then return path end
  end
  return nil
end

-- ---- All of it

local function results_of(list)
  local results = {}
  for _, about in ipairs(list) do
    for name, value in pairs(about.results or {}) do
      results[name] = value
    end
  end
  return results
end

local function total(list)
  local seconds = 0
  for _, about in ipairs(list) do
    seconds = seconds + (tonumber(about.seconds) or 0)
  end
  return seconds
end

local states = { finished = "finished", failed = "failed", running = "running", none = "none" }

--- What lies on the disk. With `compare`, one whose modules or data have changed since is "stale".
---@param run { folder: string, mark: string }
---@param compare? boolean
---@return table
function outcome.read(run, compare)
  local mark = read_json(run.mark)
  local list, status = read_records(run)
  local found = { state = states[status] or "unfinished", results = results_of(list), seconds = total(list) }
  local last = list[#list]
  found.script = last and last.script and last.script.sha256
  if found.state == "failed" then found.message = plain.back(last.error) end
  if mark then
    found.state, found.message = "failed", plain.back(mark.message)
  end
  local path = compare and (found.state == "finished" or found.state == "failed") and first_changed(list)
  if path then
    found.state, found.message = "stale", path
  end
  return found
end

--- Takes away what lies there.
function outcome.clear(run)
  os.remove(run.mark)
  local i = 1
  while #core.list_folder(folder_of(run, i)) > 0 do
    core.remove_folder(folder_of(run, i))
    i = i + 1
  end
  if i == 1 then os.remove(run.folder) end -- one that is empty
end

--- Notes a failure beside its record: of many there is none.
function outcome.fail(run, message)
  local shown = utf8.len(message) and message or message:gsub("[\x80-\xff]", "?")
  core.write_file(run.mark, core.json_encode({ message = shown, settings = run.text }, true) .. "\n")
end

return outcome
