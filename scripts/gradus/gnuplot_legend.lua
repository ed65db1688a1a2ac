--- gnuplot_legend: where a legend hides least.
local script = require "gradus.gnuplot_script"
local width = require "gradus.width"

local legends = {}

-- ---- Its width

local size <const> = 12 -- letters, in pixels

--- Widths of letters as shares of their size, in NanumGothic, each class by its widest: what matches none is like most small letters.
local widths = {
  { "^[%[%]!'(),./:;|`%- ijlfrtI\"]$", 0.38 },
  { "^[mMwW%%@\\]$", 1.05 },
  { "^[A-Z&]$", 0.8 },
}

local function letter_width(text)
  if width.of(text) ~= 1 then return 0.95 * width.of(text) / 2 end -- Korean
  for _, class in ipairs(widths) do
    if text:find(class[1]) then return class[2] end
  end
  return #text > 1 and 0.9 or 0.62
end

--- Pixels that a name takes, at most.
local function name_width(name)
  local sum = 0
  for _, code in utf8.codes(name) do
    sum = sum + letter_width(utf8.char(code))
  end
  return size * sum
end

local function widest(names)
  local most = 0
  for _, name in ipairs(names) do
    most = math.max(most, name_width(name))
  end
  return most
end

--- Pixels for which gnuplot 5.4 takes a column of the longest name: measured by the boxes that it draws.
local column_width <const> = { svg = 8.39, png = 7.5, pdf = 7.5 }

--- How many columns must be added to what gnuplot takes for the longest name's, or taken away, for a box that fits.
local function correction(s, names)
  local margin = 8 -- pixels
  return (widest(names) + margin) / column_width[s.ending] - width.widest(names)
end

-- ---- Its place

--- Counts the points of a layer that lie in each corner of the picture. Long lines are looked at here and there.
local function count_corners(layer, x, y, share, counts)
  local list_y = layer.y or layer.height
  local step = math.max(1, #layer.x // 2000)
  for i = 1, #layer.x, step do
    local across, up = (layer.x[i] - x[1]) / (x[2] - x[1]), (list_y[i] - y[1]) / (y[2] - y[1])
    local inside = across >= 0 and across <= 1
    if layer.mark == "bars" then up = math.max(0, up) end
    local side = across > 1 - share.x and 1 or across < share.x and 2
    if inside and side then
      if up > 1 - share.y and (up <= 1 or layer.mark == "bars") then counts[side] = counts[side] + 1 end
      if up >= 0 and up < share.y or layer.mark == "bars" then counts[side + 2] = counts[side + 2] + 1 end
    end
  end
end

--- A line between few points crosses corners too: points are set along it.
local function along(layer)
  if layer.mark ~= "line" or #layer.x > 200 or #layer.x < 2 then return layer end
  local x, y, parts = {}, {}, 400 // #layer.x
  for i = 1, #layer.x - 1 do
    for k = 0, parts do
      local t = k / parts
      x[#x + 1] = layer.x[i] + (layer.x[i + 1] - layer.x[i]) * t
      y[#y + 1] = layer.y[i] + (layer.y[i + 1] - layer.y[i]) * t
    end
  end
  return { mark = "line", x = x, y = y }
end

local corners = { "right top", "left top", "right bottom", "left bottom" }

--- Where the legend hides least: a corner, or beside the axes when there is something in all of them.
--- Long ones go below.
local function legend_place(figure, x, y, names)
  local share = { x = (widest(names) + 50) / 540, y = (#names * 20 + 14) / 380 }
  local counts = { 0, 0, 0, 0 }
  if share.x > 0.45 then return "below center vertical maxcols 1" end
  if share.y > 0.7 then return "outside right top" end
  for _, layer in ipairs(figure.layers) do
    if layer.x and layer.mark ~= "region" and layer.mark ~= "contour" and layer.mark ~= "arrows" then
      count_corners(along(layer), x, y, share, counts)
    end
  end
  local best = 1
  for i = 2, 4 do
    if counts[i] < counts[best] then best = i end
  end
  return counts[best] == 0 and "inside " .. corners[best] or figure.equal and "inside right top" or "outside right top"
end

--- Says where the legend is and how it looks. x, y: the ranges of the axes; foot: pixels that stand below the axes already; nil
--- where gnuplot shall see to it.
--- Returns what the title is centred over, "graph" or "screen".
function legends.set(s, figure, x, y, foot)
  local names = {}
  for _, layer in ipairs(figure.layers) do
    if layer.name then names[#names + 1] = layer.name end
  end
  if #names == 0 then
    s:add "unset key"
    return "graph"
  end
  local place = legend_place(figure, x, y, names)
  local form = "Left reverse samplen 2 spacing 1.25 opaque fillcolor rgb '#FFFFFF' box linecolor rgb '#CCCCCC'"
  s:add("set key %s %s width %.2f height 0.4 font %s", place, form, correction(s, names), s:font(size))
  if place:match "below" then -- gnuplot leaves room for the letters, but not for the box around them
    local high = s.ending == "svg" and 23 * #names + 16 or 20 * #names -- its SVG has wider lines, and ends higher
    if foot then s:add("set bmargin at screen %s", script.number((foot + high) / s.height)) end
  end
  return place:match "outside" and "screen" or "graph"
end

return legends
