--- terminal: figures as text, for a terminal: braille dots, blocks and colours.
---
---   print(terminal.draw(figure, { columns = 80, rows = 24, colour = true, unicode = true }))
local chart = require "gradus.chart"
local counts = require "gradus.counts"
local options = require "gradus.options"
local sheet = require "gradus.sheet"
local width = require "gradus.width"

local terminal = {}

-- ---- Pictures side by side

--- Each panel as a sheet, all with the same width, and the columns that the widest takes with its caption.
local function draw_panels(panels, style, columns, rows)
  local pieces, used = {}, 1
  for i, panel in ipairs(panels) do
    local bare = setmetatable({ title = false }, { __index = panel })
    pieces[i] = chart.draw(bare, style, columns, rows)
    used = math.max(used, pieces[i].used, math.min(columns, width.of(panel.title or "")))
  end
  return pieces, used
end

local function paste_row(page, top, pieces, panels, first, last, wide, gap)
  local height = 0
  for i = first, last do
    height = math.max(height, pieces[i].rows)
  end
  for i = first, last do
    local from = (i - first) * (wide + gap) + 1
    page:paste(top, from + (wide - pieces[i].used) // 2, pieces[i])
    if panels[i].title then page:centre(top + height, from, wide, panels[i].title) end
  end
  return top + height + 1
end

--- The pictures of a grid, as many side by side as the figure says or there is room for, each with its caption below.
local function grid(figure, style, columns, rows)
  local gap, least = 2, 8 -- columns
  local panels = figure.panels
  local across = math.min(figure.columns or #panels, #panels, (columns + gap) // (least + gap))
  across = math.max(1, across)
  local pieces, wide = draw_panels(panels, style, math.max(1, (columns + gap) // across - gap), math.max(4, rows // 2))
  local height = figure.title and 1 or 0
  for _, piece in ipairs(pieces) do
    height = height + piece.rows + 1
  end
  local page = sheet.new(columns, height, style)
  local all = across * (wide + gap) - gap
  if figure.title then page:centre(1, 1, math.max(all, math.min(columns, width.of(figure.title))), figure.title) end
  local top = figure.title and 2 or 1
  for first = 1, #panels, across do
    top = paste_row(page, top, pieces, panels, first, math.min(first + across - 1, #panels), wide, gap)
  end
  return page
end

-- ---- Graphs

--- A computation, a line for each step: the labels are the lines that gr.graph prints.
local function steps(figure, style, columns)
  local nodes = figure.layers[1].nodes
  local title = figure.title and 1 or 0
  local page = sheet.new(columns, #nodes + title, style)
  if figure.title then page:write(1, 1, figure.title) end
  for i, node in ipairs(nodes) do
    page:write(title + i, 1, node.label)
  end
  return page
end

-- ---- All of them

--- Rows that a chart takes: two are left for what stands around it, and half as many as columns would be a square.
local function chart_rows(columns, rows) return math.max(8, math.min(rows - 2, math.max(15, columns // 4))) end

local function page_of(figure, style, columns, rows)
  if figure.panels then return grid(figure, style, columns, rows) end
  local layer = figure.layers[1]
  if layer and layer.mark == "graph" then return steps(figure, style, columns) end
  if layer and layer.text then
    local page = counts.draw(figure, style, columns)
    if page then return page end
  end
  local bare = layer and layer.mark == "cells"
  return chart.draw(figure, style, columns, bare and math.max(8, rows - 2) or chart_rows(columns, rows))
end

--- A figure as text, no line wider than the columns. Colours are escape sequences; without them there is none.
--- Options: columns (80), rows (24), colour (false; true: 24 bits; 256: that many colours), unicode (true; false: plain
--- ASCII, in which other letters become question marks).
---@param figure table
---@param o? { columns?: integer, rows?: integer, colour?: boolean|integer, unicode?: boolean }
---@return string   lines joined by newlines
function terminal.draw(figure, o)
  o = options.read("terminal.draw", o, { columns = 80, rows = 24, colour = false, unicode = true })
  local columns = options.whole("terminal.draw", "columns", o.columns, 1)
  local rows = options.whole("terminal.draw", "rows", o.rows, 1)
  return page_of(figure, { colour = o.colour, unicode = o.unicode }, columns, rows):text()
end

return terminal
