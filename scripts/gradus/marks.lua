--- marks: how each kind of layer of a figure is drawn onto a canvas. A function for each: marks.line(area, layer, pen).
local canvas = require "gradus.canvas"
local contours = require "gradus.contours"
local extents = require "gradus.extents"
local inks = require "gradus.inks"
local values = require "gradus.plot_values"

local marks = {}

local finite = values.finite

--- Letters for the points of series 1, 2, 3 ... where colours cannot tell them apart.
local letters = { "o", "x", "+", "*", "#", "@", "%", "&" }

--- Dots drawn and left out in the lines of series 1, 2, 3 ... where colours cannot tell them apart.
local dashes = { { 1, 0 }, { 4, 4 }, { 1, 3 }, { 8, 3 }, { 2, 2 }, { 1, 6 }, { 6, 6 }, { 3, 1 } }

--- The area of class 0, 1, 2 ... where there is no colour.
local fills = { " ", ".", ":", "-", "=", "~", "^", '"' }

local function of(list, i) return list[(i - 1) % #list + 1] end

--- What a layer of a figure is drawn with. Where there is no colour, points and what lies over an area are drawn with
--- letters, and lines are dashed.
---@param layers table[]   all of the figure
---@param style { unicode: boolean, colour: boolean|integer }
function marks.pen(layer, layers, style)
  local series = layer.series or 1
  local alike = #layers > 1 and not style.colour
  local over = alike and extents.full[layers[1].mark] and not extents.full[layer.mark]
  local pen = { ink = style.colour and inks.series(series) or nil, series = series, on = 1, off = 0 }
  if not style.unicode or over or (alike and layer.mark == "points") then
    pen.mark = of(letters, series)
  elseif alike and layer.mark == "line" then
    pen.on, pen.off = table.unpack(of(dashes, series))
  end
  if layer.dashed then
    pen.on, pen.off = 4, 4
  end
  pen.fill = marks.fill(pen, style, alike)
  return pen
end

--- Two by two dots, which are seen where one would not be.
local function blob(area, px, py, pen)
  for k = 0, 3 do
    area:dot(px + k % 2, py + k // 2, pen)
  end
end

--- Draws what has come in a column of dots, from the lowest to the highest point, as one stroke.
local function stroke(area, column, pen)
  if column.low < column.high then area:segment(column.at, column.low, column.at, column.high, pen) end
end

--- Takes a line on to a point: points of one column of dots are only noted, so that a line of 100,000 points takes no more
--- strokes than there are columns. Gives the column that the line is in now.
local function go_on(area, column, px, py, pen)
  local at = (px + 0.5) // 1
  if column and at == column.at then
    column.low, column.high = math.min(column.low, py), math.max(column.high, py)
    column.x, column.y, column.alone = px, py, false
    return column
  end
  if column then
    stroke(area, column, pen)
    area:segment(column.x, column.y, px, py, pen)
  end
  return { at = at, low = py, high = py, x = px, y = py, alone = column == nil }
end

local function finish(area, column, pen)
  if not column then return end
  stroke(area, column, pen)
  if column.alone then blob(area, column.x, column.y, pen) end
end

--- A number that is not finite interrupts the line.
function marks.line(area, layer, pen)
  local column
  for i = 1, math.min(#layer.x, #layer.y) do
    local x, y = layer.x[i], layer.y[i]
    if finite(x) and finite(y) then
      local px, py = area:place(x, y)
      column = go_on(area, column, px, py, pen)
    else
      finish(area, column, pen)
      column = nil
    end
  end
  finish(area, column, pen)
end

--- Points are 2 x 2 dots while they are few.
function marks.points(area, layer, pen)
  local few = #layer.x <= area.columns * area.rows // 4
  local draw = few and not pen.mark and blob or area.dot
  for i = 1, math.min(#layer.x, #layer.y) do
    local x, y = layer.x[i], layer.y[i]
    if finite(x) and finite(y) then
      local px, py = area:place(x, y)
      draw(area, px, py, pen)
    end
  end
end

-- ---- Bars

local eighths = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" }

--- What fills a cell of a bar, `part` of it (0 to 1) from below.
local function filling(part, pen, style)
  if style.unicode and pen.fill == "█" then return eighths[(8 * part + 0.5) // 1] end
  return part >= 0.5 and pen.fill or nil
end

--- One column of a bar: from the row line `base` (from below, in cells) as high as `top`, which is below it for negative heights.
local function bar_column(area, column, base, top, pen)
  local lo, hi = math.min(base, top), math.max(base, top)
  for row = math.max(0, lo // 1), math.min(area.rows, math.ceil(hi)) - 1 do
    local part = math.min(hi, row + 1) - math.max(lo, row)
    local glyph = filling(part, pen, area.style)
    if top < base and part < 1 then glyph = part >= 0.5 and (pen.fill == "█" and "▀" or pen.fill) or nil end
    if glyph then
      local cell = ((area.rows - 1 - row) * area.columns + column) | 0
      if glyph ~= "█" and area.glyph[cell] == "█" then area.paper[cell] = area.ink[cell] end
      area.glyph[cell], area.ink[cell] = glyph, pen.ink
    end
  end
end

--- Which letter bars are filled with.
function marks.fill(pen, style, alike)
  if style.unicode then return alike and of({ "█", "▒", "░", "▓" }, pen.series) or "█" end
  return of({ "#", "o", "*", "x", "+", "%", "@", "&" }, pen.series)
end

--- Bars start at a whole row, so that their feet stand on one line. Where many share a column, the highest is seen.
function marks.bars(area, layer, pen)
  local columns, rows = area.columns, area.rows
  local x_unit, y_unit = columns / (area.x[2] - area.x[1]), rows / (area.y[2] - area.y[1])
  local base = math.max(0, math.min(rows, (-area.y[1] * y_unit + 0.5) // 1))
  local top = {}
  for i, height in ipairs(layer.height) do
    local centre = layer.x[i]
    if finite(centre) and finite(height) then
      local from = ((centre - layer.width / 2 - area.x[1]) * x_unit + 0.5) // 1
      local to = math.max(from, ((centre + layer.width / 2 - area.x[1]) * x_unit + 0.5) // 1 - 1)
      for column = math.max(0, from), math.min(columns - 1, to) do
        if math.abs(height) > math.abs(top[column] or 0) then top[column] = height end
      end
    end
  end
  for column = 0, columns - 1 do
    if top[column] then bar_column(area, column, base, base + top[column] * y_unit, pen) end
  end
end

-- ---- Areas

--- Calls f(i, j, x, y) for each pixel (i, j) of the canvas and the point in its middle.
local function each_pixel(area, high, f)
  local dx, dy = (area.x[2] - area.x[1]) / area.columns, (area.y[2] - area.y[1]) / high
  for j = 0, high - 1 do
    for i = 0, area.columns - 1 do
      f(i, j, area.x[1] + (i + 0.5) * dx, area.y[2] - (j + 0.5) * dy)
    end
  end
end

--- The position 1 to n that x has on a grid of n points from range[1] to range[2]; nil outside of it.
local function on_grid(x, range, n)
  local t = (x - range[1]) / (range[2] - range[1])
  local half = n > 1 and 0.5 / (n - 1) or 0.5 -- a point stands for what is nearer to it than to any other
  if not (t >= -half and t <= 1 + half) then return nil end
  return math.max(1, math.min(n, 1 + t * (n - 1)))
end

function marks.region(area, layer)
  local rows, columns = #layer.value, #(layer.value[1] or {})
  each_pixel(area, area.rows, function(i, j, x, y)
    local r, c = on_grid(y, layer.y, rows), on_grid(x, layer.x, columns)
    local class = r and c and layer.value[(r + 0.5) // 1 | 0][(c + 0.5) // 1 | 0]
    if not class or not finite(class) then return end
    local cell, series = j * area.columns + i, (class // 1 % #fills | 0) + 1
    if area.style.colour then
      area.paper[cell] = inks.light(series)
    else
      area.glyph[cell] = fills[series]
    end
  end)
end

--- The height at a place between grid points, by the four around it.
local function between(value, r, c)
  local i, j = math.min(r // 1, math.max(1, #value - 1)) | 0, math.min(c // 1, math.max(1, #value[1] - 1)) | 0
  local u, v = r - i, c - j
  local upper, lower = value[i], value[i + 1] or value[i]
  local a, b = upper[j], upper[j + 1] or upper[j]
  local d, e = lower[j], lower[j + 1] or lower[j]
  return (1 - u) * ((1 - v) * a + v * b) + u * ((1 - v) * d + v * e)
end

--- A surface, seen from above.
function marks.surface(area, layer)
  local rows, columns = #layer.value, #(layer.value[1] or {})
  local lo, hi = extents.matrix(layer.value)
  each_pixel(area, 2 * area.rows, function(i, j, x, y)
    local r, c = on_grid(y, layer.y, rows), on_grid(x, layer.x, columns)
    local height = r and c and between(layer.value, r, c)
    if not height or not finite(height) then return end
    local t = inks.share(height, lo, hi)
    area:tint(i, j, inks.heat(t), t)
  end)
end

--- The whole numbers 1 to n that a stretch around `middle` covers: those whose cells lie in it for the most part, or the one
--- that it lies in. Nothing when it lies outside.
local function covered(middle, size, n)
  local from, to = (middle + 0.5) // 1, (middle + 0.5) // 1
  if size > 1 then
    from, to = math.ceil(middle - size / 2 - 1e-9), math.ceil(middle + size / 2 - 1e-9) - 1
  end
  return math.max(1, from), math.min(n, to)
end

--- The parts of a cell's value, when all are finite numbers; else nil.
local function parts_of(v)
  if type(v) == "number" then v = { v } end
  for k = 1, v and #v or 0 do
    if not finite(v[k]) then return nil end
  end
  return v
end

--- The mean of a matrix's entries in rows r to r2 and columns c to c2, as a list of its parts; nil where there is none.
local function mean_of(value, r, r2, c, c2)
  local sums, n = {}, 0
  for i = r, r2 do
    for j = c, c2 do
      local v = parts_of(value[i][j])
      n = n + (v and 1 or 0)
      for k, part in ipairs(v or {}) do
        sums[k] = (sums[k] or 0) + part
      end
    end
  end
  for k = 1, #sums do
    sums[k] = sums[k] / n
  end
  return n > 0 and sums or nil
end

--- The colour and the shade of a cell of an image or heat map, whose parts are given.
local function cell_colour(v, layer, lo, hi)
  local colour = inks.cell(layer, #v >= 3 and v or v[1], lo, hi)
  return colour, #v >= 3 and inks.brightness(colour) or inks.share(v[1], lo, hi)
end

--- Pixels that are larger than a cell take one cell's colour; smaller ones the mean of the cells that they cover.
function marks.cells(area, layer)
  local least, most = extents.matrix(layer.value)
  local lo, hi, columns = layer.lo or least, layer.hi or most, #(layer.value[1] or {})
  local wide = math.abs(area.x[2] - area.x[1]) / area.columns
  local high = math.abs(area.y[2] - area.y[1]) / (2 * area.rows)
  each_pixel(area, 2 * area.rows, function(i, j, x, y)
    local r, r2 = covered(y, high, #layer.value)
    local c, c2 = covered(x, wide, columns)
    local v = mean_of(layer.value, r, r2, c, c2)
    if v then area:tint(i, j, cell_colour(v, layer, lo, hi)) end
  end)
end

-- ---- Arrows and level lines

local heads = { [0] = "→", "↗", "↑", "↖", "←", "↙", "↓", "↘" }
local plain_heads = { [0] = ">", "/", "^", "\\", "<", "/", "v", "\\" }

--- The arrows in dots: { x, y, dx, dy }, and the longest one's length.
local function arrows_of(area, layer)
  local list, longest = {}, 0
  for i = 1, #layer.x do
    local x, y, dx, dy = layer.x[i], layer.y[i], layer.dx[i], layer.dy[i]
    if finite(x) and finite(y) and finite(dx) and finite(dy) then
      local px, py = area:place(x, y)
      local ex, ey = dx * area.x_scale, -dy * area.y_scale
      list[#list + 1] = { px, py, ex, ey }
      longest = math.max(longest, math.sqrt(ex * ex + ey * ey))
    end
  end
  return list, longest
end

--- An arrow is a shaft of dots and a head, the longest as long as the arrows are apart; where they are close, a head that
--- shows its direction. The layer's scale says how long they are, if it has one. Zero arrows are points.
function marks.arrows(area, layer, pen)
  local list, longest = arrows_of(area, layer)
  local apart = math.sqrt(area.wide * area.high / math.max(1, #list))
  local scale = layer.scale or (longest > 0 and 0.9 * apart / longest) or 0
  local glyphs, shafts = area.style.unicode and heads or plain_heads, apart >= 10 and not pen.mark
  for _, arrow in ipairs(list) do
    local px, py, dx, dy = arrow[1], arrow[2], arrow[3] * scale, arrow[4] * scale
    local length = math.sqrt(dx * dx + dy * dy)
    local turn = (math.atan(-dy, dx) / (math.pi / 4) + 0.5) // 1 % 8 | 0
    if length < 0.1 then
      area:dot(px, py, pen)
    elseif length < 4 or not shafts then
      area:letter(px, py, glyphs[turn], pen.ink)
    else
      area:segment(px, py, px + dx, py + dy, pen)
      area:letter(px + dx, py + dy, glyphs[turn], pen.ink)
    end
  end
end

--- Level lines, coloured from cold to hot.
function marks.contour(area, layer, pen)
  local rows, columns = #layer.value, #(layer.value[1] or {})
  if rows < 2 or columns < 2 then return end
  local function at(r, c)
    local x = layer.x[1] + (c - 1) / (columns - 1) * (layer.x[2] - layer.x[1])
    local y = layer.y[1] + (r - 1) / (rows - 1) * (layer.y[2] - layer.y[1])
    return area:place(x, y)
  end
  local most = math.min(layer.levels, math.max(2, area.rows // 2)) -- more would run together
  for _, level in ipairs(extents.levels(layer, most)) do
    local line = { ink = area.style.colour and inks.line(level.share) or nil, mark = pen.mark and "." }
    for _, s in ipairs(contours.segments(layer.value, level.height)) do
      local x1, y1 = at(s[1], s[2])
      local x2, y2 = at(s[3], s[4])
      area:segment(x1, y1, x2, y2, line)
    end
  end
end

--- A short piece of what a layer is drawn with, `columns` wide, for the legend.
function marks.sample(layer, pen, style, columns)
  local area = canvas.new(columns, 1, style)
  if layer.mark == "bars" then
    for i = 0, columns - 1 do
      area.glyph[i], area.ink[i] = pen.fill, pen.ink
    end
  elseif layer.mark == "points" then
    blob(area, columns // 2 * 2, 1, pen)
  else
    pen.used = nil
    area:segment(0, 2, 2 * columns - 1, 2, pen)
  end
  return area
end

return marks
