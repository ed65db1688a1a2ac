--- curve_svg: a chart of curves.lua as an SVG element of a page: what is printed, and what is seen where no script runs.
local curves = require "gradus.curves"
local html = require "gradus.html"
local ticks = require "gradus.ticks"

local e = html.element

local width, height = 720, 260 -- units of the drawing
local left, right, top, bottom = 64, 12, 10, 34 -- room for numbers
local most_points = 2 * width -- of a line: two for each unit

--- The least and the largest of a list of lists, apart from each other.
local function extent(lists)
  local lo, hi = math.huge, -math.huge
  for _, list in ipairs(lists) do
    for _, v in ipairs(list) do
      lo, hi = math.min(lo, v), math.max(hi, v)
    end
  end
  local least = 1e-9 * math.max(math.abs(lo), math.abs(hi))
  if hi - lo <= least then
    local room = math.max(math.abs(lo) * 0.05, least, 1e-3)
    lo, hi = lo - room, hi + room
  end
  return lo, hi
end

--- Where values lie in the drawing: functions of x and of y.
local function places(chart)
  local xs, ys = {}, {}
  for i, series in ipairs(chart.series) do
    xs[i], ys[i] = series.x, series.y
  end
  local x1, x2 = extent(xs)
  local y1, y2 = extent(ys)
  local room = (y2 - y1) * 0.04
  y1, y2 = y1 - room, y2 + room
  local function x_place(x) return left + (x - x1) / (x2 - x1) * (width - left - right) end
  local function y_place(y) return height - bottom - (y - y1) / (y2 - y1) * (height - top - bottom) end
  return { x = x_place, y = y_place, x1 = x1, x2 = x2, y1 = y1, y2 = y2 }
end

local function number(v) return ("%.2f"):format(v) end

local function axes(chart, place)
  local parts = {}
  for _, tick in ipairs(ticks.nice(place.y1, place.y2, 5)) do
    local y = number(place.y(tick[1]))
    parts[#parts + 1] = e("line", { class = "grid", x1 = left, x2 = width - right, y1 = y, y2 = y })
    parts[#parts + 1] = e("text", { class = "y", x = left - 8, y = y, dy = "0.32em" }, tick[2])
  end
  for _, tick in ipairs(ticks.nice(place.x1, place.x2, 8, true)) do
    local x = number(place.x(tick[1]))
    parts[#parts + 1] = e("line", { class = "grid", x1 = x, x2 = x, y1 = top, y2 = height - bottom })
    parts[#parts + 1] = e("text", { class = "x", x = x, y = height - bottom + 16 }, tick[2])
  end
  parts[#parts + 1] = e("text", { class = "x", x = (left + width - right) / 2, y = height - 4 }, chart.x)
  return parts
end

local function line_of(series, place, class)
  if #series.x == 1 then
    local x, y = place.x(series.x[1]), place.y(series.y[1])
    return e("circle", { class = class .. " point", cx = number(x), cy = number(y), r = 3 })
  end
  local xs, ys = curves.thin(series, most_points)
  local points = {}
  for i, x in ipairs(xs) do
    points[i] = ("%s,%s"):format(number(place.x(x)), number(place.y(ys[i])))
  end
  return e("polyline", { class = class, points = table.concat(points, " ") })
end

--- The drawing.
---@param chart table
---@param runs integer   how many there are
return function(chart, runs)
  local place = places(chart)
  local lines = {}
  for k, series in ipairs(chart.series) do
    local class = ("s%d%s"):format(curves.colour(chart, k, runs), series.held and " held" or "")
    lines[k] = line_of(series, place, class)
  end
  local attributes = {
    viewBox = ("0 0 %d %d"):format(width, height),
    role = "img",
    ["aria-label"] = ("%s over %s"):format(chart.title, chart.x),
  }
  return e("svg", attributes, axes(chart, place), lines)
end
