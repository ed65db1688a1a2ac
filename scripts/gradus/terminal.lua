--- terminal: figures as text, for a terminal: braille dots, blocks and colours.
---
---   print(terminal.draw(figure, { columns = 80, rows = 24, colour = true, unicode = true }))
---   terminal.show(figure)      -- in what size and how this terminal can
local chart = require "gradus.chart"
local core = require "gradus.core"
local counts = require "gradus.counts"
local graphics = require "gradus.graphics"
local options = require "gradus.options"
local screen = require "gradus.screen"
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

-- ---- The terminal that we run in

local forms = { "none", "blocks", "kitty", "sixel" }

--- What GRADUS_GRAPHICS asks for; nil when it is not set.
local function asked_for()
  local form = os.getenv "GRADUS_GRAPHICS"
  if not form or form == "" then return nil end
  return options.choice("show", "GRADUS_GRAPHICS", form, forms)
end

--- The value of the first of these environment variables that is set to something.
local function first_set(names, getenv)
  for _, name in ipairs(names) do
    local value = getenv(name)
    if value and value ~= "" then return value end
  end
  return nil
end

--- What terminal.draw takes for a terminal of that size (nil: none), by the environment.
---@param getenv fun(name: string): string?
---@param columns? integer
---@param rows? integer
function terminal.style(getenv, columns, rows)
  local term = getenv "TERM"
  local locale = first_set({ "LC_ALL", "LC_CTYPE", "LANG" }, getenv) or "C"
  local colour = columns ~= nil and screen.has_colours(getenv)
  local depth = getenv "COLORTERM"
  if colour then colour = (depth == "truecolor" or depth == "24bit") and true or 256 end
  columns, rows = columns and columns > 0 and columns or 80, rows and rows > 0 and rows or 24
  return {
    columns = math.min(columns, math.max(80, 4 * rows)), -- a chart much wider than high shows no more
    rows = rows,
    colour = colour,
    unicode = locale:upper():find "UTF%-?8" ~= nil and term ~= "linux", -- whose fonts have no braille
  }
end

--- The figure as a PNG picture; nil when it cannot be made: without gnuplot, for one.
local function png_of(figure)
  local there, gnuplot = pcall(require, "gradus.gnuplot")
  if not there then return nil end
  local made, png = pcall(gnuplot.render, figure, "png")
  return made and png or nil
end

--- Width and height of a PNG picture, from its header.
local function png_size(png) return (">I4I4"):unpack(png, 17) end

--- How much higher than wide a cell of the terminal is; 2 where it does not tell.
local function cell_shape(o, pixels, pixels_down)
  if pixels == 0 or pixels_down == 0 then return 2 end
  return (pixels_down / o.rows) / (pixels / o.columns)
end

--- Columns and rows that a picture takes, as many as there are, but for the lines of the call and the next ones. Both are said: kitty
--- before 0.27 stretches a picture of which it knows one alone.
local function picture_cells(png, o, shape)
  local wide, high = png_size(png)
  local columns = math.max(1, math.min(o.columns, math.floor(shape * (o.rows - 4) * wide / high)))
  return columns, math.max(1, math.floor(columns * high / wide / shape + 0.5))
end

--- The picture as sixels, as every `step`th pixel where it is wider than the terminal.
local function sixels(png, columns, pixels)
  local image = core.image_text(png, "figure.png")
  local high, wide, parts = image.shape[1], image.shape[2], image.shape[3] or 1
  local flat, samples = image:flatten():totable(), {}
  local step = math.max(1, math.ceil(wide / (pixels > 0 and pixels or 8 * columns)))
  for i = 0, high - 1, step do
    for j = 0, wide - 1, step do
      local at = (i * wide + j) * parts
      for k = 1, 3 do
        samples[#samples + 1] = flat[at + math.min(k, parts)]
      end
    end
  end
  return graphics.sixel(samples, (wide + step - 1) // step, (high + step - 1) // step)
end

--- The figure in pixels; nil when no picture of it can be made.
local function picture(figure, form, o, pixels, pixels_down)
  if form ~= "kitty" and form ~= "sixel" then return nil end
  local png = png_of(figure)
  if not png then return nil end
  if form == "kitty" then return graphics.kitty(png, picture_cells(png, o, cell_shape(o, pixels, pixels_down))) end
  return sixels(png, o.columns, pixels)
end

--- Shows a figure on standard output, as this terminal can: pixels where it answers that it knows kitty's protocol or
--- sixels and gnuplot is there, else letters. Colours and pixels only on a terminal, without NO_COLOR.
--- GRADUS_GRAPHICS = kitty, sixel, blocks or none (a line of text) says it without asking; raises for another word.
---@param figure table
function terminal.show(figure)
  local columns, rows, pixels, pixels_down = core.terminal_size()
  local o = terminal.style(os.getenv, columns, rows)
  local form = asked_for() or (o.colour and graphics.ability() or "blocks")
  local text = form == "none" and tostring(figure)
    or picture(figure, form, o, pixels or 0, pixels_down or 0)
    or terminal.draw(figure, o)
  io.stdout:write(text, "\n")
  io.stdout:flush()
end

return terminal
