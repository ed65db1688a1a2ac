--- curves: figures of one or several runs over epochs, as charts: a chart for what belongs together (loss and val_loss), a series for each.
---
---   for _, chart in ipairs(curves.of(runs, labels)) do ... end
---   chart.title, chart.x             "training 1: loss", "epoch"
---   chart.series                     { { label =, run = 1, held = true, x = { ... }, y = { ... } }, ... }
local digest = require "gradus.digest"

local curves = {}

local most_points = 20000 -- of a series in a page

--- "val_loss" belongs to "loss"; second: whether it is of data that the net was not trained on.
local function family(name)
  for _, prefix in ipairs { "val_", "valid_", "validation_", "test_" } do
    if name:sub(1, #prefix) == prefix and #name > #prefix then return name:sub(#prefix + 1), true end
  end
  return name:match "^train_(.+)$" or name, false
end

--- A series of at most that many points: the least and the largest of each lot, so that no peak is lost.
---@param series { x: number[], y: number[] }
---@param most integer
---@return number[], number[]
function curves.thin(series, most)
  local n = #series.x
  if n <= most then return series.x, series.y end
  local lots, x, y = most // 2, {}, {}
  for lot = 1, lots do
    local from, to = (lot - 1) * n // lots + 1, lot * n // lots
    local low, high = from, from
    for i = from, to do
      if series.y[i] < series.y[low] then low = i end
      if series.y[i] > series.y[high] then high = i end
    end
    for _, i in ipairs(low == high and { low } or { math.min(low, high), math.max(low, high) }) do
      x[#x + 1], y[#y + 1] = series.x[i], series.y[i]
    end
  end
  return x, y
end

local huge = 1e300 -- beyond it axes cannot be computed

local function is_figure(v) return type(v) == "number" and v == v and math.abs(v) < huge end

-- ---- Where figures come from

--- Series of a list of tables of values: calls f(name, x, y) for each figure.
local function each_figure(tables, x_name, f)
  for i, values in ipairs(tables) do
    local x = x_name == "" and i or values[x_name]
    for name, y in pairs(values) do
      if name ~= x_name and is_figure(x) and is_figure(y) then f(name, x, y) end
    end
  end
end

--- What run:log's figures are drawn over: the epoch or the step that they tell, else how many there were before.
local function x_of(tables)
  for _, name in ipairs { "epoch", "step", "steps", "iteration" } do
    local all = #tables > 0
    for _, values in ipairs(tables) do
      all = all and is_figure(values[name])
    end
    if all then return name end
  end
  return ""
end

local function epochs_of(training)
  local tables = {}
  for i, epoch in ipairs(training.epochs) do
    local values = { epoch = epoch.epoch }
    for name, value in pairs(epoch.values) do
      values[name] = value
    end
    tables[i] = values
  end
  return tables
end

--- Sources of a run: { title =, x =, tables = }.
local function sources_of(run)
  local list = {}
  local trainings = digest.trainings(run)
  for _, training in ipairs(trainings) do
    local title = #trainings > 1 and ("training %s"):format(digest.text(training.fit)) or ""
    list[#list + 1] = { title = title, x = "epoch", tables = epochs_of(training) }
  end
  local logged = digest.logged(run)
  list[#list + 1] = { title = "run:log", x = x_of(logged), tables = logged }
  return list
end

-- ---- Charts

local function title_of(source, name) return source.title == "" and name or ("%s: %s"):format(source.title, name) end

--- The chart of that title and x axis, made when there is none.
local function chart_of(charts, source, name)
  local base = family(name)
  local key = ("%s\0%s\0%s"):format(source.title, source.x, base)
  if not charts[key] then
    charts[key] =
      { title = title_of(source, digest.line(base)), x = source.x ~= "" and source.x or "line", series = {} }
    charts[#charts + 1] = charts[key]
  end
  return charts[key]
end

local function add_run(charts, number, run, label)
  for _, source in ipairs(sources_of(run)) do
    local series = {}
    each_figure(source.tables, source.x, function(name, x, y)
      local one = series[name] or { run = number, name = name, x = {}, y = {} }
      series[name] = one
      one.x[#one.x + 1], one.y[#one.y + 1] = x, y
    end)
    for _, name in ipairs(digest.names({ series }, { "loss" })) do
      local chart, one = chart_of(charts, source, name), series[name]
      one.x, one.y = curves.thin(one, most_points)
      one.held = select(2, family(name))
      one.label = label and ("%s %s"):format(label, digest.line(name)) or digest.line(name)
      chart.series[#chart.series + 1] = one
    end
  end
end

--- Charts of the runs' figures, over each other. A constant number, such as a rate that stays, is drawn too.
---@param runs table[]       as record.read gives them
---@param labels string[]    what tells them apart; not used for a single run
---@return table[]
function curves.of(runs, labels)
  local charts = {}
  for i, run in ipairs(runs) do
    add_run(charts, i, run, #runs > 1 and labels[i] or nil)
  end
  return table.move(charts, 1, #charts, 1, {})
end

-- ---- For a script that draws

--- All x of the chart, each once, sorted.
local function all_x(chart)
  local seen, list = {}, {}
  for _, series in ipairs(chart.series) do
    for _, x in ipairs(series.x) do
      if not seen[x] then
        seen[x], list[#list + 1] = true, x
      end
    end
  end
  table.sort(list)
  return list
end

--- The chart as columns of one length, as uPlot takes them: x, then each series, false where it has no figure.
---@return table[]
function curves.columns(chart)
  local x = all_x(chart)
  local data, place = { x }, {}
  for i, value in ipairs(x) do
    place[value] = i
  end
  for k, series in ipairs(chart.series) do
    local column = {}
    for i = 1, #x do
      column[i] = false
    end
    for i, value in ipairs(series.x) do
      column[place[value]] = series.y[i]
    end
    data[k + 1] = column
  end
  return data
end

--- Which of the eight colours a series has: its run's, where there are several runs.
function curves.colour(chart, k, runs) return ((runs > 1 and chart.series[k].run or k) - 1) % 8 + 1 end

return curves
