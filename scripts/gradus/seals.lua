--- seals: whether a record is as it was written. Everything in it stands twice, or with its hash: run.json beside the first and the last
--- line of the log, each line of the log with its seal, texts and files with their hashes.
---
---   for _, what in ipairs(seals.broken(record.read(folder))) do print(what) end
local core = require "gradus.core"
local options = require "gradus.options"
local plain = require "gradus.plain"

local seals = {}

--- A figure with all its digits, for a message.
function seals.show(value)
  if type(value) == "number" then return tostring(value) end
  if value == nil then return "nothing" end
  if type(value) ~= "table" then return options.describe(value) end
  local text = core.json_encode(value)
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

local at_start = {
  "id",
  "name",
  "index",
  "settings",
  "overridden",
  "seed",
  "seeded",
  "started",
  "command",
  "engine",
  "machine",
}
local at_end = { "results", "files", "data", "output", "error", "seconds", "ended", "status" }

local function check_log(run, add)
  if run.about.log and #run.lines == 0 then add "log.jsonl is missing or empty" end
  for _, line in ipairs(run.lines) do
    if line.line == run.broken then add(("log.jsonl was changed: %s"):format(line_text(line)), line) end
  end
  local log = run.about.log
  if type(log) == "table" and run.status ~= "unfinished" then
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

local function file_sha256(path)
  local ok, sum = pcall(core.sha256, path)
  return ok and sum or nil
end

local function check_texts(run, add)
  local about, modules = run.about, {}
  check_hash(
    "run.json: the script's text",
    core.sha256_text(plain.back(about.script.text) or ""),
    about.script.sha256,
    add
  )
  for _, line in ipairs(run.lines) do
    if line.kind == "module" then modules[line.name] = line.sha256 end
    if line.kind == "start" and type(line.script) == "table" and line.script.sha256 ~= about.script.sha256 then
      add "run.json: the script's hash was changed"
    end
  end
  for _, module in ipairs(about.modules or {}) do
    local sum = core.sha256_text(plain.back(module.text) or "")
    check_hash(("run.json: the text of module %s"):format(module.name), sum, modules[module.name], add)
  end
end

local function check_files(run, add)
  for _, file in ipairs(run.about.files or {}) do
    check_hash(file.path, file_sha256(("%s/%s"):format(run.folder, file.path)), file.sha256, add)
  end
  if run.about.output then check_hash("output.txt", file_sha256(run.folder .. "/output.txt"), run.about.output, add) end
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
  check_texts(run, add)
  check_files(run, add)
  return list, changed
end

return seals
