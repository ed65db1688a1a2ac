--- chart: a figure with axes, or a picture without them, as a sheet of letters.
local canvas = require "gradus.canvas"
local extents = require "gradus.extents"
local inks = require "gradus.inks"
local marks = require "gradus.marks"
local sheet = require "gradus.sheet"
local ticks = require "gradus.ticks"
local values = require "gradus.plot_values"
local width = require "gradus.width"

local chart = {}

local lines = { side = "│", side_tick = "┤", corner = "└", foot = "─", foot_tick = "┬" }
local plain_lines = { side = "|", side_tick = "+", corner = "+", foot = "-", foot_tick = "+" }

-- ---- What it is made of

local function first_mark(figure) return figure.layers[1] and figure.layers[1].mark end

--- A figure's layers with the pens that draw them.
local function pens_of(figure, style)
  local pens = {}
  for i, layer in ipairs(figure.layers) do
    pens[i] = marks.pen(layer, figure.layers, style)
  end
  return pens
end

--- What the legend says: { name, layer, pen }, each name once.
local function legend_of(figure, pens)
  local entries, seen = {}, {}
  for i, layer in ipairs(figure.layers) do
    local name = layer.name or (layer.series and figure.legend and figure.legend[layer.series])
    if name and not seen[name] then
      seen[name] = true
      entries[#entries + 1] = { name = name, layer = layer, pen = pens[i] }
    end
  end
  return entries
end

--- Puts the legend's entries into rows: each gets its row and column. Behind the last row that there is room for, none.
---@return integer  rows
local function arrange(entries, columns, start, most)
  local sample, gap = 3, 3 -- columns
  local row, column = 1, start
  for _, entry in ipairs(entries) do
    local takes = sample + 1 + width.of(entry.name)
    if column > 1 and column + takes - 1 > columns then
      row, column = row + 1, 1
    end
    entry.row, entry.column, entry.sample = row, column, sample
    column = column + takes + gap
  end
  return math.min(row, most)
end

local function write_legend(page, top, entries, rows)
  for _, entry in ipairs(entries) do
    if entry.row <= rows then
      local piece = marks.sample(entry.layer, entry.pen, page.style, entry.sample)
      piece:onto(page, top + entry.row - 1, entry.column)
      page:write(top + entry.row - 1, entry.column + entry.sample + 1, entry.name)
    end
  end
end

-- ---- How large it is

--- Rows above and below the area. `rows` in all, of which the area shall keep four.
local function heights(figure, entries, columns, rows)
  local label = figure.ylabel and width.of(figure.ylabel) + 4 or 1
  local h = { title = figure.title and 1 or 0, foot = figure.bare and 0 or 2, xlabel = figure.xlabel and 1 or 0 }
  h.scale = figure.scale and 1 or 0
  h.legend = #entries > 0 and arrange(entries, columns, label, 3) or 0
  h.header = math.max(h.legend, figure.ylabel and 1 or 0)
  h.area = math.max(4, rows - h.title - h.header - h.foot - h.xlabel - h.scale)
  return h
end

--- The area in which a unit is as long across as down. Cells of an image get a whole number of pixels, while they fit.
local function equal_area(figure, x, y, columns, rows)
  local across, down = x[2] - x[1], y[2] - y[1]
  local scale = math.min(columns / across, 2 * rows / down) -- pixels a unit; a cell has 1 x 2
  if first_mark(figure) == "cells" and scale >= 1 then scale = scale // 1 end
  local w = math.max(1, math.min(columns, math.ceil(across * scale - 1e-9)))
  local h = math.max(1, math.min(rows, math.ceil(down * scale / 2 - 1e-9)))
  return math.tointeger(w), math.tointeger(h), scale
end

--- Turns y round for images, whose rows count from the top, and lets the last row of an uneven number of pixels stay empty.
local function look(area, figure, x, y, scale)
  if first_mark(figure) ~= "cells" then return area:look(x, y) end
  local columns = scale >= 1 and area.columns / scale or x[2] - x[1]
  local rows = scale >= 1 and 2 * area.rows / scale or y[2] - y[1]
  area:look({ x[1], x[1] + columns }, { y[1] + rows, y[1] })
end

--- Marks that a figure asks for, in place of round numbers.
local function given_ticks(list, range)
  local result = {}
  for _, tick in ipairs(list) do
    if tick[1] >= range[1] and tick[1] <= range[2] then result[#result + 1] = { tick[1], tostring(tick[2]) } end
  end
  return result
end

local function side_ticks(figure, y, rows)
  if figure.yticks then return given_ticks(figure.yticks, y) end
  return ticks.nice(y[1], y[2], 2 * rows // 5)
end

local function widest(list)
  local most = 0
  for _, tick in ipairs(list) do
    most = math.max(most, width.of(tick[2]))
  end
  return most
end

--- Whether all that has an x stands at whole numbers, as epochs do.
local function counts_along(figure)
  for _, layer in ipairs(figure.layers) do
    if layer.mark ~= "line" and layer.mark ~= "bars" then return false end
    for _, x in ipairs(layer.x) do
      if values.finite(x) and x % 1 ~= 0 then return false end
    end
  end
  return true
end

--- As many round numbers as have room beside each other.
local function foot_ticks(figure, x, columns)
  if figure.xticks then return given_ticks(figure.xticks, x) end
  local whole = counts_along(figure)
  for most = math.max(1, columns // 6), 1, -1 do
    local list = ticks.nice(x[1], x[2], most, whole)
    if #list < 2 or (widest(list) + 2) * #list <= columns + widest(list) then return list end
  end
  return ticks.nice(x[1], x[2], 1)
end

-- ---- Drawing it

local function write_side(page, top, left, area, list)
  local set = page.style.unicode and lines or plain_lines
  for row = 0, area.rows - 1 do
    page:set(top + row, left, set.side)
  end
  local used = {}
  for _, tick in ipairs(list) do
    local _, py = area:place(area.x[1], tick[1])
    local row = math.max(0, math.min(area.rows - 1, (py + 0.5) // 4)) | 0
    if not used[row] then
      used[row] = true
      local text = sheet.fit(tick[2], left - 1, page.style)
      page:write(top + row, left - width.of(text), text)
      page:set(top + row, left, set.side_tick)
    end
  end
end

--- How many columns a mark's text may take, so that it leaves one free before the next.
local function room_at(list, i, area)
  local next_one, this = list[i + 1] or list[i - 1], list[i]
  if not next_one then return area.columns end
  return math.max(1, math.abs(next_one[1] - this[1]) * area.x_scale // 2 - 1) | 0
end

local function write_foot(page, row, left, area, list)
  local set = page.style.unicode and lines or plain_lines
  page:set(row, left, set.corner)
  for column = 1, area.columns do
    page:set(row, left + column, set.foot)
  end
  local free = 1 -- the first column that no text has
  for i, tick in ipairs(list) do
    local px = area:place(tick[1], area.y[1])
    local column = left + 1 + math.max(0, math.min(area.columns - 1, (px + 0.5) // 2)) | 0
    page:set(row, column, set.foot_tick)
    local text = sheet.fit(tick[2], room_at(list, i, area), page.style)
    local takes = width.of(text)
    local from = math.max(1, math.min(page.columns - takes + 1, column - takes // 2))
    if from >= free then
      page:write(row + 1, from, text)
      free = from + takes + 1
    end
  end
end

--- A text over or under the picture: in its middle, or from the left when it is longer.
local function write_middle(page, row, left, columns, text)
  if width.of(text) > columns then
    left, columns = 1, page.columns
    if width.of(text) <= columns then return page:write(row, 1, text) end
  end
  page:centre(row, left, columns, text)
end

--- From the least to the greatest number, in the colours or shades between them.
local function write_scale(page, row, left, scale)
  local steps = page.style.colour and 20 or 10
  local column = page:write(row, left, ticks.number(scale.lo)) + 1
  local bar = canvas.new(steps, 1, page.style)
  for i = 0, steps - 1 do
    local t = i / (steps - 1)
    for j = 0, 1 do
      bar:tint(i, j, scale.heat and inks.heat(t) or inks.gray(t), t)
    end
  end
  if column + steps > page.columns then return end
  bar:onto(page, row, column)
  column = page:write(row, column + steps + 1, ticks.number(scale.hi))
  if scale.note then page:write(row, column + 2, scale.note) end
end

--- What the colours stand for: of a heat map or a surface. nil for other figures.
local function scale_of(figure)
  local layer = figure.layers[1]
  if not layer then return nil end
  local heat = layer.mark == "cells" and layer.colour == "heat"
  if not heat and layer.mark ~= "surface" then return nil end
  local lo, hi = extents.matrix(layer.value)
  local note = layer.mark == "surface" and "seen from above" or nil
  return { lo = layer.lo or lo, hi = layer.hi or hi, heat = true, note = note }
end

local function fill(area, figure, pens)
  for i, layer in ipairs(figure.layers) do
    local draw = marks[layer.mark]
    if draw then draw(area, layer, pens[i]) end
  end
end

--- Sizes of everything: the area, and the columns to its left.
local function plan(figure, entries, columns, rows)
  local x, y = extents.of(figure, 0)
  local h = heights(figure, entries, columns, rows)
  local side = figure.bare and {} or side_ticks(figure, y, h.area)
  local left = figure.bare and 0 or math.min(widest(side), math.max(0, columns // 2 - 1)) + 1
  local w, scale = math.max(1, columns - left), 1
  if figure.equal or first_mark(figure) == "cells" then
    w, h.area, scale = equal_area(figure, x, y, w, h.area)
  end
  return { x = x, y = y, heights = h, left = left, columns = w, scale = scale, side = side }
end

--- The figure with what this module adds: whether it is bare (has no axes), and its scale of colours.
local function prepared(figure)
  local bare = first_mark(figure) == "cells" and not figure.xticks and not figure.yticks
  return setmetatable({ bare = bare, scale = scale_of(figure) or false }, { __index = figure })
end

--- A figure of one panel.
---@param figure table
---@param style { unicode: boolean, colour: boolean|integer }
---@param columns integer  at most
---@param rows integer     at most, as long as its area keeps four
function chart.draw(figure, style, columns, rows)
  figure = prepared(figure)
  local pens = pens_of(figure, style)
  local entries = legend_of(figure, pens)
  local p = plan(figure, entries, columns, rows)
  local h = p.heights
  local area = canvas.new(p.columns, h.area, style)
  look(area, figure, p.x, p.y, p.scale)
  fill(area, figure, pens)
  local page = sheet.new(columns, h.title + h.header + h.area + h.foot + h.xlabel + h.scale, style)
  local top = h.title + h.header + 1
  if figure.title then write_middle(page, 1, 1, p.left + p.columns, figure.title) end
  if figure.ylabel then page:write(h.title + 1, 1, figure.ylabel) end
  write_legend(page, h.title + 1, entries, h.legend)
  area:onto(page, top, p.left + 1)
  if not figure.bare then
    write_side(page, top, p.left, area, p.side)
    write_foot(page, top + h.area, p.left, area, foot_ticks(figure, p.x, p.columns))
  end
  local below = top + h.area + h.foot
  if figure.xlabel then write_middle(page, below, p.left + 1, p.columns, figure.xlabel) end
  if figure.scale then write_scale(page, below + h.xlabel, p.left + 1, figure.scale) end
  page.used = p.left + p.columns
  return page
end

return chart
