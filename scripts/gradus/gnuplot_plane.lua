--- gnuplot_plane: pictures with two axes for gnuplot (lines, points, bars, arrows, contours, regions), and surfaces.
local cells = require "gradus.gnuplot_cells"
local extents = require "gradus.extents"
local inks = require "gradus.inks"
local layers = require "gradus.gnuplot_layers"
local legends = require "gradus.gnuplot_legend"
local script = require "gradus.gnuplot_script"
local width = require "gradus.width"

local plane = {}

local number, quote = script.number, script.quote
local canvas_width <const>, canvas_height <const> = 640, 480
local letter <const> = 6.7 -- how wide a column of small text is, in pixels
local longest_name <const> = 60 -- columns of a name in the legend
local room <const> = 0.04 -- the share of an axis that is left free at its ends

-- ---- Texts around

--- A tick's label may hold a format for its number, so a percent sign is doubled. gnuplot cuts what it has formatted after 50 bytes,
--- within a letter if need be: in longer labels the sign's wide form stands for it.
local function ticks_text(ticks)
  local parts, most = {}, 48
  for i, tick in ipairs(ticks) do
    local sign = #tick[2] > most and "％" or "%%%%"
    parts[i] = ("%s %s"):format(quote((tick[2]:gsub("%%", sign))), number(tick[1]))
  end
  return table.concat(parts, ", ")
end

--- Whether labels must be turned to stand side by side: the widest has no room between its neighbours.
local function too_wide(ticks)
  local columns = 0
  for _, tick in ipairs(ticks) do
    columns = math.max(columns, width.of(tick[2]) + 1)
  end
  return columns * letter * #ticks > canvas_width - 100
end

local function set_ticks(s, figure)
  s:add("set xtics nomirror out textcolor rgb '#444444' font %s", s:font(12))
  s:add("set ytics nomirror out textcolor rgb '#444444' font %s", s:font(12))
  if figure.xticks then
    local turned = too_wide(figure.xticks) and "rotate by 40 right " or ""
    s:add("%s", ("set xtics %s(%s)"):format(turned, ticks_text(figure.xticks)))
  end
  if figure.yticks then s:add("%s", ("set ytics (%s)"):format(ticks_text(figure.yticks))) end
end

local function title_lines(figure) return figure.title and cells.wrapped(figure.title, 15, canvas_width - 60) or {} end

--- Pixels above the axes.
local function top_margin(figure) return figure.title and 20 * #title_lines(figure) + 14 or 16 end

--- The lines of an axis's label, about as long as the axis.
local function label_lines(s, figure, axis)
  local text = figure[axis .. "label"]
  return text and cells.wrapped(text, 13, axis == "x" and s.width - 100 or s.height - 100) or {}
end

--- The title stands over the middle of the axes; a long one, or one that has a legend beside the axes, over that of the picture.
local function set_labels(s, figure, over)
  for i, line in ipairs(title_lines(figure)) do
    local middle = width.of(line) * 8.4 > 0.7 * s.width and "screen" or over
    s:label(line, ("%s 0.5, screen %s"):format(middle, number(1 - (20 * i - 4) / s.height)), { size = 15 })
  end
  s:add("set tmargin at screen %s", number(1 - top_margin(figure) / s.height))
  for _, axis in ipairs { "x", "y" } do
    local text = script.lines(label_lines(s, figure, axis))
    if text ~= "" then s:add("%s", ("set %slabel %s font %s"):format(axis, text, s:font(13))) end
  end
end

--- Pixels that what stands below the axes takes, over which a legend may come; nil when labels slant: gnuplot knows how far.
local function legend_foot(s, figure)
  if figure.xticks and too_wide(figure.xticks) then return nil end
  local lines = figure.xlabel and #label_lines(s, figure, "x") or 0
  return lines == 0 and 50 or 56 + 20 * lines
end

-- ---- Figures

local function set_axes(s, figure)
  s:add "set border 3 front linecolor rgb '#444444'"
  s:add "set clip two"
  set_ticks(s, figure)
  local filled = figure.layers[1].mark == "region" or figure.layers[1].mark == "contour"
  if not filled then s:add "set grid linecolor rgb '#E4E4E4' linetype 1 linewidth 1" end
end

--- All edges of the box but those in front of the surface, which they would cross: bits of gnuplot's `set border`.
local edges_behind = 895

local function draw_surface(s, figure)
  local layer = figure.layers[1]
  s:open(canvas_width, canvas_height)
  s:add "unset key; unset colorbox; set ticslevel 0; set view 55,40,1,1.1"
  s:add("set border %d linecolor rgb '#AAAAAA'", edges_behind)
  set_ticks(s, figure)
  s:add("set ztics textcolor rgb '#444444' font %s", s:font(12))
  s:add "set xtics offset 0.6,-0.5; set ytics offset 0.4,-0.2" -- the first of x and of z stand at one corner
  set_labels(s, figure, "screen")
  s:add("%s", layers.palette(inks.heat))
  s:add(
    "set xrange [%s:%s]; set yrange [%s:%s]",
    number(layer.x[1]),
    number(layer.x[2]),
    number(layer.y[1]),
    number(layer.y[2])
  )
  local lo, hi = extents.matrix(layer.value)
  if lo == hi then
    lo, hi = lo - 1, hi + 1
  end
  s:add("set zrange [%s:%s]; set cbrange [%s:%s]", number(lo), number(hi), number(lo), number(hi))
  s:add "set pm3d depthorder border linecolor rgb '#FFFFFF' linewidth 0.4"
  s:add("splot %s using 1:2:3 with pm3d notitle", s:block(layers.grid(layer)))
end

--- The canvas: of the usual size, wider for many slanting labels, or, where a unit is as long across as down, as large as the
--- axes need with what stands around them.
local function canvas_size(figure, x, y)
  if not figure.equal then
    local slanting, most = figure.xticks and too_wide(figure.xticks) and #figure.xticks or 0, 4000
    return math.min(most, math.max(canvas_width, 100 + 17 * slanting)), canvas_height
  end
  local around = (figure.ylabel and 75 or 55) + (figure.layers[1].mark == "contour" and 100 or 30)
  local above = top_margin(figure) + (figure.xlabel and 55 or 35)
  local longest, ratio = 440, (y[2] - y[1]) / (x[2] - x[1])
  local w, h = math.min(longest + 80, longest / ratio), math.min(longest, (longest + 80) * ratio)
  return math.ceil(math.max(w, 200) + around), math.ceil(math.max(h, 200) + above)
end

--- The figure with texts that leave room for it: its ticks' and its layers' names.
local function shortened(figure)
  local list = {}
  for i, layer in ipairs(figure.layers) do
    list[i] = setmetatable({ name = layer.name and width.fit(layer.name, longest_name) }, { __index = layer })
  end
  local xticks, yticks = figure.xticks, figure.yticks
  return setmetatable({
    layers = list,
    xticks = xticks and cells.short_ticks(xticks),
    yticks = yticks and cells.short_ticks(yticks),
  }, { __index = figure })
end

--- Draws a figure with axes.
---@param s gradus.gnuplot.Script
---@param figure gradus.Figure
function plane.draw(s, figure)
  figure = shortened(figure)
  if figure.layers[1].mark == "surface" then return draw_surface(s, figure) end
  local x, y = extents.of(figure, room)
  s:open(canvas_size(figure, x, y))
  set_axes(s, figure)
  if figure.equal then s:add "set size ratio -1" end
  set_labels(s, figure, legends.set(s, figure, x, y, legend_foot(s, figure)))
  local commands = layers.commands(s, figure, { x = x, y = y })
  s:add("set xrange [%s:%s]; set yrange [%s:%s]", number(x[1]), number(x[2]), number(y[1]), number(y[2]))
  s:add("%s", "plot " .. commands)
end

return plane
