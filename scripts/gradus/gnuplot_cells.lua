--- gnuplot_cells: pictures of cells for gnuplot: images, grids of them, heat maps. The whole canvas is one system of pixels, and every
--- cell a whole number of them, so that edges are sharp; row 1 is on top.
local inks = require "gradus.inks"
local script = require "gradus.gnuplot_script"
local round_numbers = require "gradus.ticks"
local width = require "gradus.width"

local cells = {}

local title_size <const>, label_size <const>, tick_size <const> = 15, 13, 12 -- letters, in pixels
local column <const> = 0.56 -- of a letter's size: how wide a column of text is, at most

local function text_width(text, size) return math.ceil(width.of(text) * column * size) end

local most_lines <const> = 8
local most_columns <const> = 40 -- of a label: longer ones leave no room for the picture

--- The text in lines that are at most so wide; the end of one that would take very many is left out.
---@return string[]
function cells.wrapped(text, size, wide)
  local columns = math.max(8, wide // (column * size) | 0)
  return width.wrap(width.fit(text, columns * most_lines), columns)
end

--- Ticks whose labels leave room for the picture.
---@param ticks table[]   { position, text }
function cells.short_ticks(ticks)
  local list = {}
  for i, tick in ipairs(ticks) do
    list[i] = { tick[1], width.fit(tick[2], most_columns) }
  end
  return list
end

-- ---- Scenes: images and texts at places of the canvas

--- A colour as gnuplot reads it: "255 0 0".
local function numbers_of(colour) return ("%d %d %d"):format(inks.split(colour)) end

--- The colour of each cell as text. Of a scale 256 colours are told apart, which is what a file can hold of grays.
local function painter(layer)
  local lo, hi, known = layer.lo, layer.hi, {}
  local function text_of(value) return numbers_of(inks.cell(layer, value, lo, hi)) end
  if layer.colour == "rgb" then return text_of end
  for level = 0, 255 do
    known[level] = text_of(lo + (hi - lo) * (level / 255))
  end
  return function(value)
    if value ~= value then return text_of(value) end
    return known[math.floor(inks.share(value, lo, hi) * 255 + 0.5)]
  end
end

--- n positions in the middle of cells of that size, as texts.
local function middles(from, size, n)
  local list = {}
  for i = 1, n do
    list[i] = script.number(from + (i - 0.5) * size)
  end
  return list
end

--- One image: cells of k x k pixels with their corner at (left, top). gnuplot wants at least two rows and columns: single ones are doubled.
local function add_image(s, scene, layer, left, top, k)
  local m, n = #layer.value, #layer.value[1]
  local down, across = m == 1 and 2 or 1, n == 1 and 2 or 1
  local x, y = middles(left, k / across, n * across), middles(top, k / down, m * down)
  local paint, texts = painter(layer), {}
  for i, at in ipairs(y) do
    local row = layer.value[(i - 1) // down + 1]
    for j = 1, #x do
      texts[#texts + 1] = x[j] .. " " .. at .. " " .. paint(row[(j - 1) // across + 1])
    end
  end
  scene[#scene + 1] = s:text_block(texts) .. " using 1:2:3:4:5 with rgbimage notitle"
end

local function add_text(s, text, x, y, o) s:label(text, ("%s,%s"):format(script.number(x), script.number(y)), o) end

--- Frame around a rectangle of the canvas.
local function add_frame(s, left, top, w, h)
  s.frames = (s.frames or 0) + 1
  local ends = ("%d,%d to %d,%d"):format(left, top, left + w, top + h)
  s:add("set object %d rectangle from %s fillstyle empty border rgb '#888888' linewidth 1 front", s.frames, ends)
end

--- Title lines from the top, centred at x.
local function add_title(s, lines, x)
  for i, line in ipairs(lines) do
    add_text(s, line, x, 6 + 20 * i - 8, { size = title_size })
  end
end

local function open_canvas(s, w, h)
  s:open(w, h)
  s:add "unset border; unset tics; unset key; unset colorbox"
  s:add "set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1"
  s:add("set xrange [0:%d]; set yrange [%d:0]", w, h)
end

local function finish(s, scene) s:add("%s", "plot " .. (#scene > 0 and table.concat(scene, ", ") or "NaN notitle")) end

-- ---- One picture of cells, with what stands around it

--- Pixels for each cell.
local function cell_size(layer, images)
  local m, n = #layer.value, #layer.value[1]
  local k = math.max(1, math.floor((images and 336 or 400) / math.max(m, n)))
  if not layer.text then return math.min(k, 60) end
  local longest = 1
  for _, row in ipairs(layer.text) do
    for _, text in ipairs(row) do
      longest = math.max(longest, text_width(text, tick_size))
    end
  end
  return math.max(math.min(k, 64), longest + 8, 22)
end

--- Ticks at every position of a step, at most about ten.
local function numbered(n)
  local step, ticks = 1, {}
  while n / step > 10 do
    step = step * (tostring(step):sub(1, 1) == "2" and 2.5 or 2)
  end
  step = math.tointeger(step)
  for i = 1, n, 1 do
    if i % step == 0 or step == 1 or i == 1 then ticks[#ticks + 1] = { i, tostring(i) } end
  end
  return ticks
end

local function widest(ticks)
  local most = 0
  for _, tick in ipairs(ticks) do
    most = math.max(most, text_width(tick[2], tick_size))
  end
  return most
end

--- Ticks of a figure of cells: its own; none for images; else the positions.
local function ticks_of(figure, layer)
  local hidden = figure.kind == "image"
  local x = figure.xticks or hidden and {} or numbered(#layer.value[1])
  local y = figure.yticks or hidden and {} or numbered(#layer.value)
  return cells.short_ticks(x), cells.short_ticks(y)
end

local scale_room <const> = 34 -- from the cells to the numbers of the scale

local label_line <const> = 18 -- pixels from one line of a label to the next

local function label_room(lines) return #lines > 0 and label_line * #lines + 6 or 0 end

--- Round numbers for the scale of colours, as many as have room; the one number of a scale that has no more.
local function scale_ticks(layer, h)
  if layer.lo >= layer.hi then return { { layer.lo, ("%.4g"):format(layer.lo) } } end
  return round_numbers.nice(layer.lo, layer.hi, math.max(2, math.min(6, h // 40)))
end

--- Where everything stands: the corner of the cells, and the size of the canvas.
local function arrange(figure, layer, k)
  local xticks, yticks = ticks_of(figure, layer)
  local a = { k = k, w = k * #layer.value[1], h = k * #layer.value, xticks = xticks, yticks = yticks }
  a.turned = #xticks > 0 and widest(xticks) > 0.95 * a.w / #layer.value[1] * math.max(1, #layer.value[1] // #xticks)
  local below = #xticks == 0 and 0 or a.turned and math.ceil(0.71 * widest(xticks)) + 18 or 20
  a.xlabel = figure.xlabel and cells.wrapped(figure.xlabel, label_size, math.max(300, a.w)) or {}
  a.ylabel = figure.ylabel and cells.wrapped(figure.ylabel, label_size, a.h) or {}
  local left = (#yticks > 0 and widest(yticks) + 12 or 0) + label_room(a.ylabel)
  local right = 0
  if figure.scale then
    a.numbers = scale_ticks(layer, a.h)
    for _, tick in ipairs(a.numbers) do
      right = math.max(right, scale_room + text_width(tick[2], tick_size))
    end
  end
  if a.turned then left = math.max(left, math.ceil(0.71 * text_width(xticks[1][2], tick_size)) - k // 2) end
  local title = figure.title and cells.wrapped(figure.title, title_size, math.max(300, a.w)) or {}
  local room = 12
  for _, lines in ipairs { a.xlabel, title } do -- centred over the cells, all of them on the canvas
    local over = math.ceil((math.ceil(width.widest(lines) * column * title_size) - a.w) / 2)
    left, right = math.max(left, over), math.max(right, over)
  end
  a.title, a.left, a.top = title, left + room, #title > 0 and 20 * #title + 12 or room
  a.below = below
  a.width = a.left + a.w + right + room
  a.height = a.top + a.h + below + label_room(a.xlabel) + room
  return a
end

--- The lines of both labels.
local function add_labels(s, a)
  local across, down = a.left + a.w / 2, a.top + a.h / 2
  for i, text in ipairs(a.xlabel) do
    add_text(s, text, across, a.top + a.h + a.below + 14 + label_line * (i - 1), { size = label_size })
  end
  local ticks = #a.yticks > 0 and widest(a.yticks) + 12 or 0
  for i, text in ipairs(a.ylabel) do
    add_text(s, text, a.left - ticks - 14 - label_line * (#a.ylabel - i), down, { size = label_size, rotate = 90 })
  end
end

local function add_ticks(s, a)
  for _, tick in ipairs(a.xticks) do
    local x, y = a.left + (tick[1] - 0.5) * a.k, a.top + a.h
    if a.turned then
      add_text(s, tick[2], x + 4, y + 9, { size = tick_size, align = "right", rotate = 45 })
    else
      add_text(s, tick[2], x, y + 11, { size = tick_size })
    end
  end
  for _, tick in ipairs(a.yticks) do
    add_text(s, tick[2], a.left - 7, a.top + (tick[1] - 0.5) * a.k, { size = tick_size, align = "right" })
  end
end

local function add_cell_texts(s, layer, a)
  for i, row in ipairs(layer.text or {}) do
    for j, text in ipairs(row) do
      local ink = inks.hex(inks.on(inks.cell(layer, layer.value[i][j], layer.lo, layer.hi)))
      local x, y = a.left + (j - 0.5) * a.k, a.top + (i - 0.5) * a.k
      add_text(s, text, x, y, { size = tick_size, colour = ink })
    end
  end
end

--- The colours from hi, on top, to lo, with their numbers.
local function add_scale(s, scene, layer, a)
  local steps, left, rows = 64, a.left + a.w + 14, {}
  for i = 0, steps - 1 do
    local colour = numbers_of(inks.cell(layer, layer.hi + (layer.lo - layer.hi) * i / (steps - 1), layer.lo, layer.hi))
    local y = script.number(a.top + (i + 0.5) * a.h / steps)
    for j = 0, 1 do
      rows[#rows + 1] = ("%s %s %s"):format(script.number(left + 3.5 + 7 * j), y, colour)
    end
  end
  scene[#scene + 1] = s:text_block(rows) .. " using 1:2:3:4:5 with rgbimage notitle"
  add_frame(s, left, a.top, 14, a.h)
  for _, tick in ipairs(a.numbers) do
    local part = layer.lo < layer.hi and (layer.hi - tick[1]) / (layer.hi - layer.lo) or 0.5
    add_text(s, tick[2], left + 20, a.top + a.h * part, { size = tick_size, align = "left" })
  end
end

local function draw_one(s, figure)
  local layer, scene = figure.layers[1], {}
  local a = arrange(figure, layer, cell_size(layer, figure.kind == "image"))
  open_canvas(s, a.width, a.height)
  add_image(s, scene, layer, a.left, a.top, a.k)
  add_frame(s, a.left, a.top, a.w, a.h)
  add_ticks(s, a)
  add_labels(s, a)
  add_cell_texts(s, layer, a)
  add_title(s, a.title, a.left + a.w / 2)
  if figure.scale and layer.colour ~= "rgb" then add_scale(s, scene, layer, a) end
  finish(s, scene)
end

-- ---- Many images

--- The greatest height and width of the panels' images.
local function largest(panels)
  local m, n = 1, 1
  for _, panel in ipairs(panels) do
    m, n = math.max(m, #panel.layers[1].value), math.max(n, #panel.layers[1].value[1])
  end
  return m, n
end

--- Captions as lines, for a box of that width, and how many lines the longest has.
local function captions_of(panels, wide)
  local lines, most = {}, 0
  for i, panel in ipairs(panels) do
    lines[i] = panel.title and cells.wrapped(panel.title, tick_size, wide) or {}
    most = math.max(most, #lines[i])
  end
  return lines, most
end

local function draw_grid(s, figure)
  local panels, columns, scene = figure.panels, figure.columns, {}
  local m, n = largest(panels)
  local k = math.max(1, math.min(math.floor(720 / (columns * n)), math.floor(112 / math.max(m, n))))
  local gap, line = #panels > 200 and 2 or 10, 15
  local w, h = k * n, k * m
  local captions, most = captions_of(panels, w + gap - 4)
  local cell_w = math.max(w, most > 0 and math.ceil(8 * column * tick_size) or 0) + gap
  local cell_h = h + line * most + (most > 0 and 4 or 0) + gap
  local across = columns * cell_w + gap
  local title = figure.title and cells.wrapped(figure.title, title_size, math.max(across, 300)) or {}
  for _, text in ipairs(title) do
    across = math.max(across, text_width(text, title_size) + 2 * gap)
  end
  local top = #title > 0 and 20 * #title + 12 or gap
  local left = (across - columns * cell_w + gap) // 2
  open_canvas(s, across, top + math.ceil(#panels / columns) * cell_h)
  for i, panel in ipairs(panels) do
    local layer = panel.layers[1]
    local x = left + (i - 1) % columns * cell_w + (cell_w - gap - k * #layer.value[1]) // 2
    local y = top + (i - 1) // columns * cell_h
    add_image(s, scene, layer, x, y + (h - k * #layer.value) // 2, k)
    for row, text in ipairs(captions[i]) do
      local middle = left + (i - 1) % columns * cell_w + (cell_w - gap) / 2
      add_text(s, text, middle, y + h + line * row - 4, { size = tick_size })
    end
  end
  add_title(s, title, across / 2)
  finish(s, scene)
end

--- Draws an image, a heat map, a confusion matrix, or a grid of images.
---@param s gradus.gnuplot.Script
---@param figure gradus.Figure
function cells.draw(s, figure)
  if figure.panels then return draw_grid(s, figure) end
  draw_one(s, figure)
end

--- Draws a computation graph as lines of text, for want of dot.
function cells.draw_text(s, figure)
  local nodes, line, w = figure.layers[1].nodes, 19, 200
  for _, node in ipairs(nodes) do
    w = math.max(w, text_width(node.label, label_size))
  end
  local title = figure.title and cells.wrapped(figure.title, title_size, w) or {}
  local top = 20 * #title + 12
  open_canvas(s, w + 24, top + line * #nodes + 12)
  add_title(s, title, (w + 24) / 2)
  for i, node in ipairs(nodes) do
    add_text(s, node.label, 12, top + line * (i - 0.5), { size = label_size, align = "left" })
  end
  finish(s, {})
end

return cells
