--- report_page: one or several runs as a page that needs nothing else: no network, no file beside it.
---
---   core.write_file("report.html", report_page.of { record.read(folder) })
---
--- The same records give the same bytes. Curves are drawn as SVG; where uPlot is part of the program, a script makes them zoom.
local core = require "gradus.core"
local curve_svg = require "gradus.curve_svg"
local curves = require "gradus.curves"
local digest = require "gradus.digest"
local html = require "gradus.html"
local parts = require "gradus.report_parts"

local e = html.element

local report_page = {}

-- ---- Curves

local function legend(chart, runs)
  local items = {}
  for k, series in ipairs(chart.series) do
    local class = ("key s%d%s"):format(curves.colour(chart, k, runs), series.held and " held" or "")
    items[k] = e("li", nil, e("span", { class = class }), series.label)
  end
  return e("ul", { class = "legend" }, items)
end

local function chart_part(chart, number, runs)
  return e(
    "figure",
    { class = "chart", id = "chart-" .. number },
    e("figcaption", nil, chart.title),
    curve_svg(chart, runs),
    legend(chart, runs)
  )
end

--- What the page's script wants of a chart.
local function chart_data(chart, runs)
  local series = {}
  for k, one in ipairs(chart.series) do
    series[k] = { label = one.label, colour = curves.colour(chart, k, runs), held = one.held }
  end
  return { x = chart.x, series = series, data = curves.columns(chart) }
end

--- The charts, and their data for the script.
local function curves_part(runs, labels)
  local figures, data = {}, {}
  for i, chart in ipairs(curves.of(runs, labels)) do
    figures[i], data[i] = chart_part(chart, i, #runs), chart_data(chart, #runs)
  end
  if #figures == 0 then return nil end
  return parts.section("Curves", e("div", { class = "charts" }, figures)), html.json("charts", data)
end

-- ---- Several runs

--- Runs by what they are called.
local function by_name(runs)
  local groups = {}
  for _, run in ipairs(runs) do
    local name = digest.name(run)
    groups[name] = groups[name] or {}
    table.insert(groups[name], run)
  end
  return groups
end

--- What tells a run from the others of its name: the settings that differ among them, where they are few; else its id. One that is alone
--- is told from all others by its name.
local function label_of(run, group)
  if #group == 1 then return digest.name(run) end
  local flat, words, differing = digest.flat(run.about.settings), {}, digest.differing(group)
  local most = 3
  for _, name in ipairs(#differing <= most and differing or {}) do
    if flat[name] ~= nil then words[#words + 1] = ("%s=%s"):format(digest.line(name), digest.cell(flat[name])) end
  end
  return #words > 0 and table.concat(words, " ") or digest.line(digest.id(run))
end

--- Whether runs of different names have a label in common.
local function is_shared(labels, runs)
  local owner = {}
  for i, label in ipairs(labels) do
    local name = digest.name(runs[i])
    if owner[label] and owner[label] ~= name then return true end
    owner[label] = name
  end
  return false
end

--- Adds the id to labels that stand twice.
local function tell_apart(labels, runs)
  local count = {}
  for _, label in ipairs(labels) do
    count[label] = (count[label] or 0) + 1
  end
  for i, label in ipairs(labels) do
    if count[label] > 1 then labels[i] = ("%s (%s)"):format(label, digest.line(digest.id(runs[i]))) end
  end
end

--- What each run is called beside the others, in headings and legends; no two the same.
---@param runs table[]
---@return string[]
function report_page.labels(runs)
  local groups, labels = by_name(runs), {}
  for i, run in ipairs(runs) do
    labels[i] = label_of(run, groups[digest.name(run)])
  end
  local with_name = is_shared(labels, runs)
  for i, run in ipairs(with_name and runs or {}) do
    local name = digest.name(run)
    if #groups[name] > 1 then labels[i] = ("%s %s"):format(name, labels[i]) end
  end
  tell_apart(labels, runs)
  return labels
end

--- A row of the comparison: one value of each run. Numbers are marked as such.
local function row_of(name, runs, f)
  local row = { name }
  for i, run in ipairs(runs) do
    local value = f(run)
    row[i + 1] = value ~= nil and value or ""
  end
  return row
end

local function flat_rows(rows, names, runs, f)
  for _, name in ipairs(names) do
    rows[#rows + 1] = row_of(name, runs, function(run)
      local value = f(run)[name]
      if value == nil then return nil end
      return parts.value(value)
    end)
  end
end

local function comparison(runs, labels)
  local rows = {
    row_of("status", runs, parts.status),
    row_of("name", runs, digest.name),
    row_of("id", runs, digest.id),
    row_of("started", runs, digest.started),
    row_of("seconds", runs, function(run) return digest.seconds(run.about.seconds) end),
  }
  local function settings(run) return digest.flat(run.about.settings) end
  local function results(run) return digest.flat(run.results) end
  local all = {}
  for i, run in ipairs(runs) do
    all[i] = results(run)
  end
  local first = #rows + 1
  flat_rows(rows, digest.differing(runs), runs, settings)
  local between = #rows
  flat_rows(rows, digest.names(all, { "accuracy", "loss" }), runs, results)
  local function table_of(from, to, title)
    return parts.table({ title, table.unpack(labels) }, table.move(rows, from, to, 1, {}))
  end
  return {
    parts.section("Runs", table_of(1, first - 1, "")),
    parts.section("Settings that differ", between >= first and table_of(first, between, "") or nil) or "",
    parts.section("Results", #rows > between and table_of(between + 1, #rows, "") or nil) or "",
  }
end

local function single_runs(runs, labels)
  local list = {}
  for i, run in ipairs(runs) do
    local title =
      e("summary", nil, e("span", { class = "key s" .. (i - 1) % 8 + 1 }), digest.name(run), ": ", labels[i])
    list[i] = e("details", { class = "run" }, title, parts.state(run), parts.run(run))
  end
  return list
end

-- ---- The page

local function heading(runs)
  if #runs > 1 then return e("header", nil, e("h1", nil, ("%d runs compared"):format(#runs))) end
  local run = runs[1]
  local when = ("started %s UTC, %s, id %s"):format(
    digest.started(run),
    digest.seconds(run.about.seconds) ~= "" and digest.seconds(run.about.seconds) or "no end",
    digest.line(digest.id(run))
  )
  return e("header", nil, e("h1", nil, digest.name(run)), e("p", nil, parts.status(run), " ", when), parts.state(run))
end

local function title_of(runs)
  if #runs == 1 then return digest.name(runs[1]) end
  local names, seen = {}, {}
  for _, run in ipairs(runs) do
    local name = digest.name(run)
    if not seen[name] then names[#names + 1] = name end
    seen[name] = true
  end
  return ("%d runs: %s"):format(#runs, table.concat(names, ", "))
end

--- The page's script, and what style goes along: uPlot with its notice in front; nil where the program has no uPlot.
local function drawing()
  local library, notice = core.file "report/uPlot.js", core.file "report/uPlot.txt"
  if not library or not notice then return nil, "" end
  local script = ("/*\n%s\n*/\n%s\n%s"):format(notice, library, core.file "report/page.js")
  return script, core.file "report/uPlot.css" or ""
end

--- The page's text.
---@param runs table[]   as record.read gives them
---@return string
function report_page.of(runs)
  local labels = report_page.labels(runs)
  local script, style = drawing()
  local charts, data = curves_part(runs, labels)
  local body = { heading(runs) }
  if #runs > 1 then
    body[#body + 1] = { comparison(runs, labels), charts or "", single_runs(runs, labels) }
  else
    body[#body + 1] = { charts or "", parts.run(runs[1]) }
  end
  local made = e("footer", nil, ("gradus %s wrote this page from the record; it loads nothing."):format(core.version))
  return html.page {
    title = title_of(runs),
    style = table.concat({ core.file "report/base.css", core.file "report/page.css", style }, "\n"),
    script = data and script,
    body = { e("main", nil, body, made), script and data or "" },
  }
end

return report_page
