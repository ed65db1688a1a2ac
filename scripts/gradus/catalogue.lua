--- catalogue: records of runs as entries that can be chosen by a condition and sorted; gradus runs shows them.
---
---   local list, unreadable, torn = catalogue.read "runs"
---   local chosen, wrong = catalogue.choose(list, { where = "accuracy > 0.9", sort = "-accuracy", last = "5" })
local digest = require "gradus.digest"
local options = require "gradus.options"
local record = require "gradus.record"
local where = require "gradus.where"

local catalogue = {}

-- ---- Reading

--- What a condition and a table know of a run.
local function entry_of(run)
  local about = run.about
  return {
    run = run,
    id = digest.id(run),
    name = digest.name(run),
    status = run.status,
    seconds = type(about.seconds) == "number" and about.seconds or nil,
    started = digest.text(about.started or ""),
    settings = digest.flat(about.settings),
    results = digest.flat(run.results),
  }
end

--- Names that every run has a value for, or may have.
catalogue.own = { "id", "name", "status", "seconds", "started" }

--- The value of a name in an entry, or nil: what every run has, results, settings; results.NAME and settings.NAME tell those apart.
function catalogue.value(entry, name)
  for _, one in ipairs(catalogue.own) do
    if name == one then return entry[name] end
  end
  if entry.results[name] ~= nil then return entry.results[name] end
  if entry.settings[name] ~= nil then return entry.settings[name] end
  local part, inside = name:match "^(%a+)%.(.+)$"
  if part == "results" or part == "settings" then return entry[part][inside] end
  return nil
end

--- All entries, in the order in which they began; the reasons why others cannot be read; how many lines of logs were cut off.
---@param folder string
---@return table[], string[], integer
function catalogue.read(folder)
  local list, unreadable, torn = {}, {}, 0
  for _, place in ipairs(record.folders(folder)) do
    local run, reason = record.read(place, true)
    if run then
      list[#list + 1], torn = entry_of(run), torn + run.torn
    else
      unreadable[#unreadable + 1] = reason
    end
  end
  table.sort(list, function(a, b)
    if a.started ~= b.started then return a.started < b.started end
    return a.run.folder < b.run.folder
  end)
  return list, unreadable, torn
end

-- ---- Choosing

local function known_names(list)
  local seen = {}
  for _, name in ipairs(catalogue.own) do
    seen[name] = true
  end
  for _, entry in ipairs(list) do
    for _, part in ipairs { entry.settings, entry.results } do
      for name in pairs(part) do
        seen[name] = true
      end
    end
  end
  return options.sorted_keys(seen)
end

--- What to say of a name that no run has; nil when one has it.
function catalogue.unknown(name, list)
  for _, entry in ipairs(list) do
    if catalogue.value(entry, name) ~= nil then return nil end
  end
  local known = known_names(list)
  for _, one in ipairs(known) do
    if one == name then return nil end
  end
  local near = options.nearest(name, known)
  local hint = near and (" (did you mean '%s'?)"):format(digest.line(near)) or ""
  local listed = digest.line(table.concat(known, " "))
  return ("no run has a setting or a result '%s'%s; known: %s"):format(name, hint, listed)
end

local kinds = {
  number = "%s is a number: write it without quotes",
  string = "%s is a text: a text stands in quotes, as in %s == 'text'",
  boolean = "%s is true or false: write one of them without quotes",
  table = "%s is a list or a table, which no condition compares",
}

--- What to say of a name that is compared with a value which none of the runs can have there: another type's; nil when one can.
local function mismatch(pair, list)
  local kind
  for _, entry in ipairs(list) do
    local value = catalogue.value(entry, pair.name)
    if type(value) == type(pair.value) then return nil end
    if value ~= nil then kind = kind or type(value) end
  end
  local name = digest.line(pair.name)
  return kind and (kinds[kind]):format(name, name) or nil
end

--- What is wrong with the names of a condition, and with what they are compared with, and where; nil when nothing is.
local function mistake(condition, list)
  for _, name in ipairs(condition.names) do
    local wrong = catalogue.unknown(name.name, list)
    if wrong and name.compared then
      local shown = digest.line(name.name)
      wrong = ("no run has a setting or a result '%s'; a text stands in quotes: '%s'"):format(shown, shown)
    end
    if wrong then return name.at, wrong end
  end
  for _, pair in ipairs(condition.pairs) do
    local wrong = mismatch(pair, list)
    if wrong then return pair.at, wrong end
  end
end

--- Those for which the condition holds; nil and what is wrong with it.
local function filter(list, text)
  local condition, reason = where.parse(text)
  if not condition then return nil, "--where: " .. reason end
  local chosen = {}
  local at, wrong = mistake(condition, list)
  if #list > 0 and at then return nil, "--where: " .. where.point(text, at, wrong) end
  for _, entry in ipairs(list) do
    local function get(name)
      local value = catalogue.value(entry, name)
      return type(value) ~= "table" and value or nil
    end
    if condition.holds(get) then chosen[#chosen + 1] = entry end
  end
  return chosen
end

--- Those that are called so; nil and which names there are when none is.
local function called(list, name)
  local chosen, names = {}, {}
  for _, entry in ipairs(list) do
    names[entry.name] = true
    if entry.name == name then chosen[#chosen + 1] = entry end
  end
  if #chosen > 0 or #list == 0 then return chosen end
  local known = options.sorted_keys(names)
  local near = options.nearest(name, known)
  local hint = near and (" (did you mean '%s'?)"):format(near) or ""
  return nil, ("--name: no run is called '%s'%s; there are: %s"):format(name, hint, table.concat(known, ", "))
end

--- Numbers before texts; nan, which has no place among numbers, before them.
local function key_of(value)
  if type(value) == "number" then return value == value and 1 or 0, value end
  return 2, digest.text(value)
end

--- Sorted by a name, those without it first, so that the best stand at the end, or the beginning, of what is read.
local function sort(list, word)
  local down, name = word:match "^(%-?)(.+)$"
  if not name then return nil, "--sort wants a name" end
  local wrong = #list > 0 and catalogue.unknown(name, list)
  if wrong then return nil, "--sort: " .. wrong end
  local with, without = {}, {}
  for i, entry in ipairs(list) do
    entry.place, entry.key = i, catalogue.value(entry, name)
    local place = entry.key ~= nil and type(entry.key) ~= "table" and with or without
    place[#place + 1] = entry
  end
  table.sort(with, function(a, b)
    local kind_a, key_a = key_of(a.key)
    local kind_b, key_b = key_of(b.key)
    if kind_a ~= kind_b then return kind_a < kind_b end
    if kind_a == 0 or key_a == key_b then return a.place < b.place end
    if down == "-" then return key_a > key_b end
    return key_a < key_b
  end)
  local front, back = without, with
  if down == "-" then
    front, back = with, without
  end
  return table.move(back, 1, #back, #front + 1, front)
end

local function newest(list, n) return table.move(list, math.max(1, #list - n + 1), #list, 1, {}) end

--- Those entries that are asked for, in the order that is asked for; nil and what is wrong.
---@param list table[]
---@param given { name?: string, where?: string, sort?: string, last?: string }
---@return table[]?, string?
function catalogue.choose(list, given)
  local reason
  if given.name then
    list, reason = called(list, given.name)
    if not list then return nil, reason end
  end
  if given.where then
    local all = list
    list, reason = filter(all, given.where)
    if not list then return nil, reason end
    reason = given.sort and #list == 0 and #all > 0 and catalogue.unknown((given.sort:gsub("^%-", "")), all)
    if reason then return nil, "--sort: " .. reason end
  end
  if given.last then
    local n = math.tointeger(tonumber(given.last))
    if not n or n < 1 then return nil, ("--last wants a whole number of at least 1, got '%s'"):format(given.last) end
    list = newest(list, n)
  end
  if given.sort then return sort(list, given.sort) end
  return list
end

return catalogue
