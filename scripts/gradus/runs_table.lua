--- runs_table: the table that gradus runs prints: which columns, in which order, and what stands in them.
---
---   local wanted, wrong = runs_table.names(entries, "lr,accuracy")      -- what --columns says
---   local lines, left_out = runs_table.lines(entries, wanted, 80)
---
--- Entries are catalogue.lua's. In a narrow terminal the columns at the end are left out. So what few runs have stands there: in a folder
--- with the runs of several scripts most of them lack the settings of the others.
local catalogue = require "gradus.catalogue"
local columns = require "gradus.columns"
local digest = require "gradus.digest"
local options = require "gradus.options"

local runs_table = {}

-- ---- Columns: { title =, whole =, right =, cell = function(entry) }

local own = {
  { title = "id", whole = true, cell = function(entry) return digest.line(entry.id) end },
  { title = "started", whole = true, cell = function(entry) return digest.started(entry.run) end },
  { title = "name", cell = function(entry) return entry.name end },
  { title = "status", whole = true, cell = function(entry) return entry.status end },
  {
    title = "seconds",
    right = true,
    cell = function(entry) return entry.seconds and ("%.2f"):format(entry.seconds) or "" end,
  },
}

--- A column of what `get` gives for an entry; numbers alone stand at the right.
local function column(list, title, get)
  local right = true
  for _, entry in ipairs(list) do
    local value = get(entry)
    if value ~= nil and type(value) ~= "number" then right = false end
  end
  local function cell(entry)
    local value = get(entry)
    return value ~= nil and digest.cell(value) or ""
  end
  return { title = digest.line(title), right = right, cell = cell }
end

local function part_column(list, part, name)
  return column(list, name, function(entry) return entry[part][name] end)
end

--- How many entries have a value of that name.
local function count(list, part, name)
  local n = 0
  for _, entry in ipairs(list) do
    if entry[part][name] ~= nil then n = n + 1 end
  end
  return n
end

--- Names of results that are one value: those that most runs have first.
local function result_names(list)
  local counts = {}
  for _, entry in ipairs(list) do
    for name, value in pairs(entry.results) do
      if type(value) ~= "table" then counts[name] = (counts[name] or 0) + 1 end
    end
  end
  local names = options.sorted_keys(counts)
  table.sort(names, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  return names
end

--- Settings that differ: those that at least half of the runs have, and the others.
local function setting_names(list)
  local runs, usual, rare = {}, {}, {}
  for i, entry in ipairs(list) do
    runs[i] = entry.run
  end
  for _, name in ipairs(digest.differing(runs)) do
    local names = 2 * count(list, "settings", name) >= #list and usual or rare
    names[#names + 1] = name
  end
  return usual, rare
end

--- What is shown unless somebody chooses: what every run has; settings; results; settings that few runs have.
local function usual_columns(list)
  local shown = table.move(own, 1, #own, 1, {})
  local function add(part, names)
    for _, name in ipairs(names) do
      shown[#shown + 1] = part_column(list, part, name)
    end
  end
  local usual, rare = setting_names(list)
  add("settings", usual)
  add("results", result_names(list))
  add("settings", rare)
  return shown
end

local function named_column(list, name)
  for _, one in ipairs(own) do
    if one.title == name then return one end
  end
  return column(list, name, function(entry) return catalogue.value(entry, name) end)
end

local function named_columns(list, names)
  local shown = { own[1] }
  for _, name in ipairs(names) do
    if name ~= "id" then shown[#shown + 1] = named_column(list, name) end
  end
  return shown
end

-- ---- What is offered

--- The names that --columns lists; nil and what is wrong when no run has one of them.
---@param list table[]    all entries
---@param text? string    with commas
---@return string[]?, string?
function runs_table.names(list, text)
  local names = {}
  for name in (text or ""):gmatch "[^,]+" do
    name = name:match "^%s*(.-)%s*$"
    local wrong = #list > 0 and catalogue.unknown(name, list)
    if wrong then return nil, "--columns: " .. wrong end
    names[#names + 1] = name
  end
  if text and #names == 0 then return nil, "--columns wants names with commas between them: --columns lr,accuracy" end
  return names
end

--- The table's lines; second, titles of columns that did not fit.
---@param list table[]
---@param wanted? string[]   names of columns; nil or false: those that tell the runs apart
---@param most? integer      columns of the terminal
---@return string[], string[]
function runs_table.lines(list, wanted, most)
  local shown, rows = wanted and named_columns(list, wanted) or usual_columns(list), {}
  for i, entry in ipairs(list) do
    rows[i] = {}
    for k, one in ipairs(shown) do
      rows[i][k] = one.cell(entry)
    end
  end
  return columns.lay_out(shown, rows, most)
end

return runs_table
