--- record: records of runs as they lie on the disk (recorder.lua writes them): finding one, reading it, listing them.
---
---   local run = record.read(record.find "last")
---   run.folder      where it lies
---   run.about       run.json
---   run.status      "finished", "failed", "interrupted", "running" (a program is at work there) or "unfinished" (it was killed)
---   run.lines       log.jsonl, a table a line; run.torn counts lines that were cut off, run.broken is the first whose seal is wrong
local chain = require "gradus.chain"
local core = require "gradus.core"
local plain = require "gradus.plain"
local run_folder = require "gradus.run_folder"
local sources = require "gradus.sources"

local record = {}

local format = 1

local function read(path, open)
  local file, reason = open(path, "rb")
  if not file then return nil, reason end
  local text = file:read "a"
  file:close()
  return text, not text and path .. ": cannot be read"
end

--- The text of a file; nil and the reason.
---@param path string
---@return string?, string?
function record.read_file(path) return read(path, io.open) end

--- The same of a file that lies in a record, or where one should: a pipe or a device is refused.
---@param path string
---@return string?, string?
function record.read_part(path) return read(path, sources.open) end
local read_part = record.read_part

--- Readings of clocks in a record.
---@param folder string
---@return number[]
function record.readings(folder)
  local readings = {}
  local text = read_part(folder .. "/clock.txt") or ""
  for line in text:gmatch "([^\n]+)\n" do
    readings[#readings + 1] = math.tointeger(tonumber(line)) or tonumber(line)
  end
  return readings
end

-- ---- One record

--- Whether a program writes there now.
local function is_locked(folder)
  local ok, lock = pcall(core.lock_folder, folder)
  if not ok then return true end
  local held <close> = lock -- luacheck: ignore held
  return false
end

local function status_of(folder, about)
  if about.status ~= "running" then return about.status end
  return is_locked(folder) and "running" or "unfinished"
end

--- Results so far, as the log has them: those of a run that was killed stand nowhere else.
local function results_so_far(lines)
  local results
  for _, line in ipairs(lines) do
    if line.kind == "result" and type(line.values) == "table" then
      results = results or {}
      for name, value in pairs(line.values) do
        results[name] = value
      end
    end
  end
  return results
end

--- The log of a run; without `whole` only where run.json does not say how the run ended.
local function read_log(folder, about, whole)
  if not whole and about.status ~= "running" then return {}, { torn = 0, bytes = 0 } end
  local lines, state = chain.read(folder .. "/log.jsonl")
  if lines then return lines, state end
  return {}, { torn = 0, bytes = 0, missing = state }
end

--- JSON's null is nothing to us.
local function without_nulls(value)
  if value == core.null then return nil end
  if type(value) ~= "table" then return value end
  local new = {}
  for key, one in pairs(value) do
    new[key] = without_nulls(one)
  end
  return new
end

local function is_text(value) return type(value) == "string" or type(plain.back(value)) == "string" end

local function is_count(value, most) return math.type(value) == "integer" and value >= 1 and value <= most end

--- A table of 1, 2, 3, ... alone. Where something is missing between, readers would stop at different places.
local function is_list(list)
  if type(list) ~= "table" then return false end
  local count = 0
  for _ in pairs(list) do
    count = count + 1
    if list[count] == nil then return false end
  end
  return true
end

--- A list of tables with a name, or nothing at all.
local function is_listing(list)
  if list == nil then return true end
  if not is_list(list) then return false end
  for _, entry in pairs(list) do
    if type(entry) ~= "table" or not is_text(entry.name) then return false end
  end
  return true
end

--- What is wrong with the parts of a record that its readers take for granted; nil when nothing is.
local function wrong_part(about)
  for _, name in ipairs { "script", "settings", "engine" } do
    if type(about[name]) ~= "table" then return name end
  end
  for _, name in ipairs { "machine", "results", "overridden", "command" } do
    if about[name] ~= nil and type(about[name]) ~= "table" then return name end
  end
  for _, name in ipairs { "data", "files", "modules" } do
    if not is_listing(about[name]) then return name end
    about[name] = about[name] or {}
  end
  for _, name in ipairs { "text", "path", "chunk" } do
    if not is_text(about.script[name]) then return "script's " .. name end
  end
  for _, module in ipairs(about.modules) do
    if not is_text(module.text) or not is_text(module.path) then return "modules" end
  end
  if about.command ~= nil and not is_list(about.command) then return "command" end
  for i, word in ipairs(about.command or {}) do
    if not is_text(word) then return ("command, word %d"):format(i) end
  end
  if type(about.status) ~= "string" then return "status" end
  if type(about.started) ~= "string" then return "started" end
  if about.index ~= nil and not is_count(about.index, 1000000) then return "index" end
  if about.engine.threads ~= nil and not is_count(about.engine.threads, 1024) then return "engine's threads" end
  return nil
end

--- What was read so far, as the log has it: run.json lists it at the end.
local function data_so_far(lines)
  local data = {}
  for _, line in ipairs(lines) do
    if line.kind == "data" then data[#data + 1] = { name = line.name, sha256 = line.sha256 } end
  end
  return data
end

--- Reads a record; nil and the reason when its run.json is missing or cannot be understood.
---@param folder string
---@param brief? boolean   the log is read only where run.json does not say how the run ended: for lists of many runs
---@return table?, string?
function record.read(folder, brief)
  local path = folder .. "/run.json"
  local text, reason = read_part(path)
  if not text then return nil, reason end
  local about, wrong = core.json_decode(text)
  if type(about) ~= "table" then return nil, ("%s: %s"):format(path, wrong or "is no record of a run") end
  about = without_nulls(about)
  if about.format ~= format then
    return nil, ("%s: is of format %s; this program reads format %d"):format(path, tostring(about.format), format)
  end
  wrong = wrong_part(about)
  if wrong then return nil, ("%s: is no record of a run: its %s cannot be understood"):format(path, wrong) end
  local lines, state = read_log(folder, about, not brief)
  if about.status == "running" then about.data = data_so_far(lines) end
  return {
    folder = folder,
    about = about,
    lines = lines,
    torn = state.torn,
    broken = state.broken,
    bytes = state.bytes,
    last = state.last,
    status = status_of(folder, about),
    results = about.results or results_so_far(lines) or {},
  }
end

-- ---- Many

--- All folders with a run.json in the folder of records, and in folders inside it (a sweep's), sorted by name.
---@param folder? string
---@return string[]
function record.folders(folder)
  local found = {}
  local function look(place, deep)
    for _, name in ipairs(core.list_folder(place)) do
      local inside = name:match "^(.*)/$"
      if inside and sources.exists(("%s/%s/run.json"):format(place, inside)) then
        found[#found + 1] = ("%s/%s"):format(place, inside)
      elseif inside and deep > 0 then
        look(("%s/%s"):format(place, inside), deep - 1)
      end
    end
  end
  look(folder or run_folder.all(), 2)
  table.sort(found)
  return found
end

local function name_of(folder) return folder:match "([^/]+)/*$" end

--- Those of the folders that can be read, in the order in which they began: { folder =, name = }.
local function in_order(folders)
  local list = {}
  for _, folder in ipairs(folders) do
    local text = read_part(folder .. "/run.json")
    local about = text and core.json_decode(text)
    if type(about) == "table" then
      local began = ("%s %s"):format(tostring(about.started), name_of(folder))
      list[#list + 1] = { folder = folder, name = tostring(plain.back(about.name)), began = began }
    end
  end
  table.sort(list, function(a, b)
    if a.began ~= b.began then return a.began < b.began end
    return a.folder < b.folder
  end)
  return list
end

--- The run that began last; with last~1 the one before it. nil and the reason where there are not so many.
local function from_the_end(folders, text)
  local back = text == "last" and 0 or math.tointeger(tonumber(text:match "^last~(%d+)$"))
  local list = back and in_order(folders) or {}
  local found = back and list[#list - back]
  if found then return found.folder end
  return nil, ("there is no run '%s': %s can be read"):format(text, #list == 1 and "1 run" or #list .. " runs")
end

--- "a, b, c, ...": names of folders.
local function some(folders)
  local most, names = 4, {}
  for i = 1, math.min(#folders, most) do
    names[i] = name_of(folders[i])
  end
  return table.concat(names, ", ") .. (#folders > most and ", ..." or "")
end

--- The only run that a script has called so; nil, and what there is.
local function by_name(folders, text, runs)
  local fits = {}
  for _, one in ipairs(in_order(folders)) do
    if one.name == text then table.insert(fits, 1, one.folder) end
  end
  if #fits == 1 then return fits[1] end
  if #fits == 0 then return nil, ("there is no run '%s' in %s; gradus runs lists them"):format(text, runs) end
  return nil, ("%d runs are called '%s', the last first: %s; say which one"):format(#fits, text, some(fits))
end

--- Folders whose name or id begins with that text; the one alone whose it is.
local function matching(folders, text)
  local fits = {}
  for _, folder in ipairs(folders) do
    local name = name_of(folder)
    local id = name:match "_(%x+)$" or name
    if name == text or id == text then return { folder } end
    if name:sub(1, #text) == text or id:sub(1, #text) == text then fits[#fits + 1] = folder end
  end
  return fits
end

--- The folder of the run that is meant: a path; "last", "last~1" for the one before it; a folder's name, its id or the beginning of
--- either; the run's name, where no other is called so. nil and the reason.
---@param text string
---@return string?, string?
function record.find(text)
  if core.exists(text .. "/run.json") then return (text:gsub("(.)/+$", "%1")) end
  local in_runs = text:match "^(.*)/run%.json$"
  if in_runs and core.exists(text) then return in_runs end
  local runs = run_folder.all()
  local folders = record.folders(runs)
  if #folders == 0 then
    return nil, ("there is no run '%s': %s holds no records (--runs DIR says where they are)"):format(text, runs)
  end
  if text == "last" or text:find "^last~%d+$" then return from_the_end(folders, text) end
  local fits = matching(folders, text)
  if #fits == 1 then return fits[1] end
  if #fits == 0 then return by_name(folders, text, runs) end
  return nil, ("'%s' may be %d runs: %s"):format(text, #fits, some(fits))
end

return record
