--- seals: whether a record is as it was written. Everything in it stands twice, or with its hash: run.json beside the first and the last
--- line of the log, each line of the log with its seal, texts and files with their hashes.
---
---   for _, what in ipairs(seals.broken(record.read(folder))) do print(what) end
local core = require "gradus.core"
local guard = require "gradus.guard"
local options = require "gradus.options"
local plain = require "gradus.plain"
local run_folder = require "gradus.run_folder"

local seals = {}

--- A figure with all its digits, for a message.
function seals.show(value)
  if type(value) == "number" then return tostring(value) end
  if value == nil then return "nothing" end
  if type(value) ~= "table" then return options.describe(value) end
  local ok, text = guard(core.json_encode, value)
  if not ok then return "a table" end -- a stranger's list may have holes
  return #text <= 60 and text or text:sub(1, 57) .. "..."
end

--- Calls f(place, one, other) for each part of two values that differs.
function seals.differences(one, other, place, f)
  if type(one) == "table" and type(other) == "table" then
    local keys = {}
    for _, side in ipairs { one, other } do
      for key in pairs(side) do
        keys[key] = true
      end
    end
    for _, key in ipairs(options.sorted_keys(keys)) do
      local inside = type(key) == "number" and ("%s[%d]"):format(place, key)
        or place == "" and key
        or place .. "." .. key
      seals.differences(one[key], other[key], inside, f)
    end
  elseif one ~= other or math.type(one) ~= math.type(other) then
    f(place, one, other)
  end
end

local function line_text(line)
  if line.kind == "epoch" then return ("line %d, training %s, epoch %s"):format(line.line, line.fit, line.epoch) end
  return ("line %d, a line of kind '%s'"):format(line.line, tostring(line.kind))
end

--- What run.json and a line of the log say of the same things.
local function compare_with_line(about, line, names, add)
  for _, name in ipairs(names) do
    seals.differences(
      about[name],
      line[name],
      name,
      function(place, one, other)
        add(("run.json says %s is %s, but log.jsonl says %s"):format(place, seals.show(one), seals.show(other)))
      end
    )
  end
end

--- What run.json holds beside what its log's first and last line say of the same.
local at_start =
  { "id", "name", "index", "settings", "overridden", "seed", "seeded", "started", "command", "directory" }
table.move({ "engine", "machine", "earlier" }, 1, 3, #at_start + 1, at_start)
local at_end = { "results", "files", "data", "output", "clock", "checkpoint", "error", "seconds", "ended", "status" }
local others = { "format", "script", "modules", "log", "resumed", "hmac" }

--- What stands in run.json though nothing of ours writes it.
local function check_names(about, add)
  local known = {}
  for _, list in ipairs { at_start, at_end, others } do
    for _, name in ipairs(list) do
      known[name] = true
    end
  end
  for _, name in ipairs(options.sorted_keys(about)) do
    if not known[name] then add(("run.json holds %s, which was not written"):format(tostring(name))) end
  end
end

--- Whether run.json says of the log what it can be compared with.
local function is_sum(log)
  return type(log) == "table" and math.type(log.lines) == "integer" and type(log.chain) == "string"
end

local function check_log(run, add)
  if run.about.log and #run.lines == 0 then add "log.jsonl is missing or empty" end
  for _, line in ipairs(run.lines) do
    if line.line == run.broken then add(("log.jsonl was changed: %s"):format(line_text(line)), line) end
  end
  local log = run.about.log
  if log == nil and run.about.status ~= "running" then add "run.json: the log's length and hash were taken away" end
  if log ~= nil and not is_sum(log) then
    add "run.json: the log's length and hash were changed"
  elseif log and run.status ~= "unfinished" then
    if log.lines ~= #run.lines + run.torn then
      add(("log.jsonl has %d lines, but %s were written"):format(#run.lines + run.torn, tostring(log.lines)))
    elseif log.chain ~= run.last and not run.broken then
      add "run.json's hash of the log was changed, or the log was written anew"
    end
  end
end

--- The hash of a text or file against the one that was written down.
local function check_hash(what, sum, written, add)
  if sum ~= written then add(("%s was %s"):format(what, sum and "changed" or "taken away")) end
end

--- Of a regular file alone: a stranger's record may hold pipes and devices, which never end.
local function file_sha256(path)
  if not core.is_file(path) then return nil end
  local ok, sum = pcall(core.sha256, path)
  return ok and sum or nil
end

--- The script: its text by its hash, which the log's first line has, too, with its path.
local function check_script(run, add)
  local script, first = run.about.script, run.lines[1]
  check_hash("run.json: the script's text", core.sha256_text(plain.back(script.text) or ""), script.sha256, add)
  if not first or first.kind ~= "start" or type(first.script) ~= "table" then return end
  for _, name in ipairs { "path", "chunk", "sha256" } do
    if first.script[name] ~= script[name] then add(("run.json: the script's %s was changed"):format(name)) end
  end
end

--- Modules: each text by its hash, and the list by the log's lines.
local function check_modules(run, add)
  local listed = {}
  for i, module in ipairs(run.about.modules) do
    local what = ("run.json: the text of module %s"):format(tostring(module.name))
    check_hash(what, core.sha256_text(plain.back(module.text) or ""), module.sha256, add)
    listed[i] = { name = module.name, path = module.path, sha256 = module.sha256 }
  end
  local logged = {}
  for _, line in ipairs(run.lines) do
    if line.kind == "module" then logged[#logged + 1] = { name = line.name, path = line.path, sha256 = line.sha256 } end
  end
  if run.status == "unfinished" and #logged < #listed then return end -- killed between the two
  seals.differences(
    listed,
    logged,
    "modules",
    function(place, one, other)
      add(("run.json says %s is %s, but log.jsonl says %s"):format(place, seals.show(one), seals.show(other)))
    end
  )
end

--- Files of the record, and that there are no others. A name that leads elsewhere is none of the record's.
local function check_files(run, add)
  local known = {}
  for _, file in ipairs(run.about.files) do
    known[tostring(file.path)] = true
    local inside = type(file.path) == "string" and file.path:match "^files/[^/]+$"
    local sum = inside and file_sha256(("%s/%s"):format(run.folder, inside))
    check_hash(tostring(file.path), sum, file.sha256, add)
  end
  local ended = run.about.status ~= "running"
  for _, name in ipairs(ended and core.list_folder(run.folder .. "/files") or {}) do
    if not known["files/" .. name] then add(("files/%s was put there by somebody else"):format(name)) end
  end
  for _, one in ipairs(run_folder.sealed) do
    local part, name = one[1], one[2]
    local sum = ended and file_sha256(("%s/%s"):format(run.folder, name)) or nil
    if ended and sum ~= run.about[part] then check_hash(name, sum, run.about[part], add) end
  end
end

--- What was changed since the record was written, a sentence each; none: it is whole. Second: the line of the log whose seal is broken.
---@param run table   as record.read gives it
---@return string[], table?
function seals.broken(run)
  local list, changed = {}, nil
  local function add(text, line)
    list[#list + 1] = text
    changed = changed or line
  end
  check_log(run, add)
  local first, last = run.lines[1], run.lines[#run.lines]
  if first and first.kind == "start" and first.line ~= run.broken then
    compare_with_line(run.about, first, at_start, add)
  end
  if last and last.kind == "end" and last.line ~= run.broken then compare_with_line(run.about, last, at_end, add) end
  check_names(run.about, add)
  check_script(run, add)
  check_modules(run, add)
  check_files(run, add)
  return list, changed
end

return seals
