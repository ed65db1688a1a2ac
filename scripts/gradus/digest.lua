--- digest: a record in short, as lists, pages and reports of runs show it: settings and results by name, trainings, logged figures.
---
---   local run = record.read(folder)
---   digest.flat(run.results)          { accuracy = 0.94, ["test.loss"] = 0.2 }
---   digest.trainings(run)             of each fit: epochs, first and last figures
---   digest.text(0.1 + 0.2)            "0.30000000000000004"
local core = require "gradus.core"
local options = require "gradus.options"
local plain = require "gradus.plain"

local digest = {}

-- ---- Values

--- A value of a record as Lua has it: numbers that JSON has no word for, and texts of any bytes, come back as they were.
function digest.plain(value)
  if type(value) ~= "table" or not (value.number or value.bytes) then return value end
  local back = plain.back(value)
  return type(back) ~= "table" and back or value
end

--- A table of settings or results with tables of names inside as names with dots; what is no name's value stays as it is.
---@param values table
---@return table<string, any>
function digest.flat(values)
  local flat = {}
  local function add(value, name)
    local back = digest.plain(value)
    local inside = type(back) == "table" and not back.tensor and #back == 0 and next(back) ~= nil
    if not inside then
      flat[name] = back
      return
    end
    for key, one in pairs(back) do
      add(one, name == "" and tostring(key) or ("%s.%s"):format(name, key))
    end
  end
  for key, value in pairs(type(values) == "table" and values or {}) do
    add(value, tostring(key))
  end
  return flat
end

--- The settings of a run by name, as they are shown: without `out`, which every run has, where it says nothing.
---@param run table
---@return table<string, any>
function digest.settings(run)
  local flat = digest.flat(run.about.settings)
  if flat.out == "" then flat.out = nil end
  return flat
end

local continues = "[\x80-\xbf]" -- a byte inside a letter

--- The first bytes of a text, no letter of UTF-8 cut in two; second, how many bytes were left out.
---@param text string
---@param most integer
---@return string, integer
function digest.first(text, most)
  if #text <= most then return text, 0 end
  local stop = most
  for back = 0, math.min(3, most) do
    if not text:find("^" .. continues, most - back + 1) then
      stop = most - back
      break
    end
  end
  return text:sub(1, stop), #text - stop
end

-- Letters that end a line, U+2028 and U+2029, or turn the direction of writing: U+200E, U+200F, U+202A to U+202E; U+2066 to U+2069.
local turns, isolates = "\xe2\x80[\x8e\x8f\xa8-\xae]", "\xe2\x81[\xa6-\xa9]"

--- A text in one line that no terminal obeys: control characters, and bytes that are no UTF-8, become question marks.
---@param text string
---@return string
function digest.line(text)
  if not utf8.len(text) then text = text:gsub("[\x80-\xff]", "?") end
  return (text:gsub("[%c\x7f]", "?"):gsub("\xc2[\x80-\x9f]", "?"):gsub(turns, "?"):gsub(isolates, "?"))
end

--- The same of several lines; tabs and line ends stay.
function digest.lines(text)
  if not utf8.len(text) then text = text:gsub("[\x80-\xff]", "?") end
  return (
    text
      :gsub("[\1-\8\11-\31\127]", "?")
      :gsub("%z", "?")
      :gsub("\xc2[\x80-\x9f]", "?")
      :gsub(turns, "?")
      :gsub(isolates, "?")
  )
end

local longest = 200 -- bytes of a value that is a list or a table

--- A value of a record in one line, numbers with all their digits.
function digest.text(value)
  local back = digest.plain(value)
  if type(back) ~= "table" then return digest.line(tostring(back)) end
  local tensor = type(back.tensor) == "string"
  local text = tensor and back.values and core.json_encode(back.values)
    or tensor and ("tensor %s %s"):format(back.tensor, digest.short_hash(back.sha256))
    or core.json_encode(back)
  local shown, left_out = digest.first(text, longest)
  return digest.line(left_out > 0 and shown .. "..." or shown)
end

--- A value for a table: numbers with six digits.
function digest.cell(value)
  if math.type(value) ~= "float" then return digest.text(value) end
  return (("%.6g"):format(value):gsub("^(-?)nan$", "nan"))
end

--- Enough of a hash to tell it from others.
function digest.short_hash(sum) return type(sum) == "string" and digest.line(sum:sub(1, 12)) or "?" end

--- A time in seconds, with a sensible number of digits.
function digest.seconds(seconds)
  if type(seconds) ~= "number" then return "" end
  return ("%.3g s"):format(seconds):gsub("^(%S*)e.*", function() return ("%.0f s"):format(seconds) end, 1)
end

--- A number of bytes as a person says it: "20 MB", "1.5 KB", "100 bytes".
---@param bytes integer
---@return string
function digest.bytes(bytes)
  for _, unit in ipairs { { "GB", 1 << 30 }, { "MB", 1 << 20 }, { "KB", 1 << 10 } } do
    if bytes >= unit[2] then return ("%.4g %s"):format(bytes / unit[2], unit[1]) end
  end
  return digest.count(bytes, "byte")
end

--- "3 lines", "1 line".
function digest.count(n, what) return ("%d %s%s"):format(n, what, n == 1 and "" or "s") end

-- ---- What a run is called

--- The last part of the folder's name.
function digest.folder_name(folder) return folder:match "([^/]+)/*$" or folder end

--- The id by which the run is found: what the folder's name ends in, else the whole name.
function digest.id(run)
  local name = digest.folder_name(run.folder)
  return name:match "_(%x+)$" or name
end

function digest.name(run) return digest.line(tostring(digest.plain(run.about.name))) end

--- When it began, in short: "2026-11-21 12:49:26".
function digest.started(run) return (digest.text(run.about.started):gsub("T", " "):gsub("%.%d+Z$", ""):gsub("Z$", "")) end

-- ---- What happened in it

--- The lines of the log of that kind.
function digest.lines_of(run, kind)
  local list = {}
  for _, line in ipairs(run.lines) do
    if line.kind == kind then list[#list + 1] = line end
  end
  return list
end

local function is_table(value) return type(value) == "table" and value or {} end

--- Trainings in order: { fit =, rows =, batch =, optimizer =, tensors = { ... }, epochs = { { epoch =, values = { loss = ... } }, ... } }.
---@return table[]
function digest.trainings(run)
  local list, by_number = {}, {}
  for _, line in ipairs(run.lines) do
    if line.kind == "fit" then
      local training = {
        fit = line.fit,
        rows = line.rows,
        batch = line.batch,
        optimizer = line.optimizer,
        tensors = is_table(line.tensors),
        epochs = {},
      }
      list[#list + 1], by_number[line.fit or 0] = training, training
    elseif line.kind == "epoch" and by_number[line.fit or 0] then
      local epochs = by_number[line.fit or 0].epochs
      epochs[#epochs + 1] = { epoch = line.epoch, steps = line.steps, values = digest.flat(line.values) }
    end
  end
  return list
end

--- Figures of run:log, a table each.
function digest.logged(run)
  local list = {}
  for i, line in ipairs(digest.lines_of(run, "log")) do
    list[i] = digest.flat(line.values)
  end
  return list
end

--- All names of several tables, those of `first` in front.
---@param tables table[]
---@param first? string[]
---@return string[]
function digest.names(tables, first)
  local seen, names = {}, {}
  for _, values in ipairs(tables) do
    for name in pairs(values) do
      seen[name] = true
    end
  end
  for _, name in ipairs(first or {}) do
    if seen[name] then names[#names + 1] = name end
    seen[name] = nil
  end
  return table.move(options.sorted_keys(seen), 1, #options.sorted_keys(seen), #names + 1, names)
end

--- Settings that two runs which have them have differently; where a run's pictures went and what it is called do not count.
---@param runs table[]
---@return string[]
function digest.differing(runs)
  local first, differ = {}, {}
  for _, run in ipairs(runs) do
    for name, value in pairs(digest.flat(run.about.settings)) do
      local text = digest.text(value)
      if first[name] and first[name] ~= text then differ[name] = true end
      first[name] = first[name] or text
    end
  end
  differ.out, differ.name = nil, nil
  return options.sorted_keys(differ)
end

-- ---- How it was started

--- A word as a shell takes it.
function digest.quote(word)
  if word:find "^[%w_@%%+=:,./\x80-\xff-]+$" then return word end
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

--- The command that replays it.
function digest.replay_command(run) return "gradus replay " .. digest.quote(digest.line(run.folder)) end

--- The command line that made it.
function digest.command(run)
  local about, parts = run.about, { "gradus" }
  local engine = about.engine
  local function add(text) parts[#parts + 1] = text end
  if about.seeded then add(("--seed %s"):format(digest.text(about.seed))) end
  if engine.threads ~= 1 then add(("--threads %s"):format(digest.text(engine.threads))) end
  if engine.dtype == "f32" then add "--f32" end
  if engine.mode == "portable" then add "--portable" end
  for _, word in ipairs(is_table(about.command)) do
    add(digest.quote(digest.line(tostring(digest.plain(word)))))
  end
  return table.concat(parts, " ")
end

return digest
