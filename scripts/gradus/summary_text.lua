--- summary_text: what summary.of gives, as a table for people, as CSV and as a table for JSON.
---
---   print(table.concat(summary_text.lines(found), "\n"))
---   summary_text.csv(found)   summary_text.json(found, axes, runs)   summary_text.settings(found, found.best)
local csv_field = require "gradus.csv_field"
local options = require "gradus.options"
local plain = require "gradus.plain"
local width = require "gradus.width"

local summary_text = {}

-- ---- For people

--- A figure as tables show it.
local function show(value) return value and ("%.6g"):format(value) or "-" end

summary_text.show = show

--- Settings that differ between the groups.
local function varying(found)
  local list = {}
  for i in ipairs(found.axes) do
    for _, group in ipairs(found.groups) do
      if group.texts[i] ~= found.groups[1].texts[i] then
        list[#list + 1] = i
        break
      end
    end
  end
  return list
end

--- The settings of a group, as a line; with `all`, also those that are the same in every group.
function summary_text.settings(found, group, all)
  local parts = {}
  for _, i in ipairs(all and options.sorted_keys(found.axes) or varying(found)) do
    parts[#parts + 1] = ("%s=%s"):format(found.axes[i], group.texts[i])
  end
  return #parts > 0 and table.concat(parts, " ") or "no settings"
end

--- Rows of texts, each column as wide as its widest; the first `left` columns begin at the left.
local function aligned(rows, left)
  local wide, lines = {}, {}
  for _, row in ipairs(rows) do
    for i, text in ipairs(row) do
      wide[i] = math.max(wide[i] or 0, width.of(text))
    end
  end
  for k, row in ipairs(rows) do
    local cells = {}
    for i, text in ipairs(row) do
      cells[i] = width.pad(text, wide[i], i > left)
    end
    lines[k] = table.concat(cells, "  "):gsub("%s+$", "")
  end
  return lines
end

local function row_of(found, group, shown)
  local row = {}
  for k, i in ipairs(shown) do
    row[k] = group.texts[i]
  end
  local stats = found.metric and group.stats[found.metric] or {}
  if found.metric then
    row[#row + 1], row[#row + 2], row[#row + 3] = show(stats.mean), show(stats.std), tostring(stats.n or 0)
  end
  row[#row + 1], row[#row + 2] = tostring(group.failed), tostring(group.count - group.finished - group.failed)
  return row
end

--- The table: a line for each group, best first, under a line of names.
---@param found table   what summary.of gives
---@return string[]
function summary_text.lines(found)
  local shown, head = varying(found), {}
  for k, i in ipairs(shown) do
    head[k] = found.axes[i]
  end
  if found.metric then
    head[#head + 1], head[#head + 2], head[#head + 3] = found.metric, "spread", "n"
  end
  head[#head + 1], head[#head + 2] = "failed", "open"
  local rows = { head }
  for _, group in ipairs(found.groups) do
    rows[#rows + 1] = row_of(found, group, shown)
  end
  return aligned(rows, #shown)
end

-- ---- For other programs

--- All digits that count.
local function exact(value) return value and tostring(value) or "" end

--- A line for each group: settings, runs, finished, failed; mean, spread and number of each result.
---@return string
function summary_text.csv(found)
  local head = table.move(found.axes, 1, #found.axes, 1, {})
  table.move({ "runs", "finished", "failed" }, 1, 3, #head + 1, head)
  for _, name in ipairs(found.names) do
    table.move({ name .. " mean", name .. " std", name .. " n" }, 1, 3, #head + 1, head)
  end
  local rows = { head }
  for _, group in ipairs(found.groups) do
    local row = table.move(group.texts, 1, #group.texts, 1, {})
    table.move({ group.count, group.finished, group.failed }, 1, 3, #row + 1, row)
    for _, name in ipairs(found.names) do
      local s = group.stats[name] or { n = 0 }
      table.move({ exact(s.mean), exact(s.std), s.n }, 1, 3, #row + 1, row)
    end
    rows[#rows + 1] = row
  end
  for k, row in ipairs(rows) do
    for i, text in ipairs(row) do
      row[i] = csv_field(tostring(text))
    end
    rows[k] = table.concat(row, ",") .. "\n"
  end
  return table.concat(rows)
end

local function named(axes, texts)
  local settings = {}
  for i, name in ipairs(axes) do
    settings[name] = texts[i]
  end
  return settings
end

--- The same and more, as a table for JSON: the failures, and each run with its folder.
---@param found table
---@param axes string[]   of the runs
---@param runs table[]
function summary_text.json(found, axes, runs)
  local about = { metric = found.metric, better = found.better, counts = found.counts, groups = {}, runs = {} }
  for k, group in ipairs(found.groups) do
    local g = {
      settings = named(found.axes, group.texts),
      runs = group.count,
      finished = group.finished,
      failed = group.failed,
    }
    g.results = plain.of(group.stats, "sweep")
    about.groups[k] = g
  end
  for k, run in ipairs(runs) do
    about.runs[k] = {
      id = run.id,
      settings = named(axes, run.texts),
      state = run.state,
      results = run.results,
      seconds = run.seconds,
    }
    if run.state == "failed" then
      about.runs[k].message, about.runs[k].command = plain.of(run.message, "sweep"), run.command
    end
  end
  return about
end

return summary_text
