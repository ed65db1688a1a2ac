--- histogram_svg: how many have how many points, as an SVG element of a page.
local html = require "gradus.html"
local marks_parts = require "gradus.marks_parts"
local ticks = require "gradus.ticks"

local e = html.element

local width, height = 720, 230 -- units of the drawing
local left, right, top, bottom = 44, 12, 22, 40 -- room for numbers
local gap = 3 -- between bars

local function number(v) return ("%.2f"):format(v) end

--- Where a count lies.
local function y_of(count, most) return height - bottom - count / most * (height - top - bottom) end

--- A line at each whole number of students that the axis marks.
local function lines(most)
  local list = {}
  for _, tick in ipairs(ticks.nice(0, most, 4, true)) do
    local y, count = number(y_of(tick[1], most)), math.tointeger(tick[1])
    if count then
      list[#list + 1] = e("line", { class = "grid", x1 = left, x2 = width - right, y1 = y, y2 = y })
      list[#list + 1] = e("text", { class = "y", x = left - 8, y = y, dy = "0.32em" }, tostring(count))
    end
  end
  return list
end

--- A bar, its count above and its points below; "5-" are those from there to the next.
local function bar(bins, i, most)
  local bin, step = bins[i], (width - left - right) / #bins
  local x, y = left + (i - 1) * step, y_of(bin.count, most)
  local middle, last = number(x + step / 2), i == #bins
  local label = marks_parts.points(bin.from)
  return {
    e("rect", {
      class = last and "bin all-points" or "bin",
      x = number(x + gap / 2),
      y = number(y),
      width = number(step - gap),
      height = number(height - bottom - y),
    }),
    bin.count > 0 and e("text", { class = "x", x = middle, y = number(y - 5) }, bin.count) or "",
    e("text", { class = "x", x = middle, y = height - bottom + 17 }, last and label or label .. "–"),
  }
end

--- The drawing of class_figures' distribution.
---@param distribution { width: number, bins: { from: number, count: integer }[] }
return function(distribution)
  local bins, most, bars = distribution.bins, 1, {}
  for _, bin in ipairs(bins) do
    most = math.max(most, bin.count)
  end
  for i = 1, #bins do
    bars[i] = bar(bins, i, most)
  end
  local attributes =
    { viewBox = ("0 0 %d %d"):format(width, height), role = "img", ["aria-label"] = "students by points" }
  local words =
    e("text", { class = "x", x = (left + width - right) / 2, y = height - 4 }, "points; the last bar: all points")
  return e("svg", attributes, lines(most), bars, words)
end
