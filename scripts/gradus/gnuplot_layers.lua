--- gnuplot_layers: the layers of a picture with two axes, as what stands behind gnuplot's `plot`, and their data.
local extents = require "gradus.extents"
local figures = require "gradus.figure"
local inks = require "gradus.inks"
local script = require "gradus.gnuplot_script"
local thin = require "gradus.thin"

local layers = {}

local number, quote, colour = script.number, script.quote, script.colour

local function pairs_of(first, second)
  local rows = {}
  for i, v in ipairs(first) do
    rows[i] = { v, second[i] }
  end
  return rows
end

local function title_of(layer) return layer.name and "title " .. quote(layer.name) or "notitle" end

local draw = {}

function draw.line(s, layer, _, window)
  local hue = colour(figures.colour(layer.series or 1))
  local dashes = layer.dashed and " " .. s:dashes() or ""
  local block = s:block(pairs_of(thin.line(layer, window.x, s.width)))
  return { ("%s using 1:2 with lines linewidth 2 linecolor rgb %s%s %s"):format(block, hue, dashes, title_of(layer)) }
end

--- The more points, the smaller; many shine through, so that crowds show.
function draw.points(s, layer, figure, window)
  local n = #layer.x
  local size = n > 5000 and 0.3 or n > 500 and 0.5 or n > 100 and 0.65 or 0.85
  local block = s:block(pairs_of(thin.points(layer, window, { s.width, s.height })))
  local through = n > 300 and figure.kind == "scatter" and 0x60 or 0
  local hue = colour(figures.colour(layer.series or 1), through)
  local form = "%s using 1:2 with points pointtype 7 pointsize %s linecolor rgb %s %s"
  local over_region = figure.layers[1].mark == "region"
  local halo = over_region and form:format(block, number(size + 0.3), colour "FFFFFF", "notitle") or nil
  return {
    halo or form:format(block, number(size), hue, title_of(layer)),
    halo and form:format(block, number(size), hue, title_of(layer)),
  }
end

function draw.bars(s, layer)
  local rows = pairs_of(layer.x, layer.height)
  for _, row in ipairs(rows) do
    row[3] = layer.width
  end
  local edge = layer.width < 0.5 and #rows > 100 and "noborder" or "border linecolor rgb '#FFFFFF'"
  local hue = colour(figures.colour(layer.series or 1))
  local form = "%s using 1:2:3 with boxes fillstyle solid 0.85 %s fillcolor rgb %s linewidth 1 %s"
  return { form:format(s:block(rows), edge, hue, title_of(layer)) }
end

function draw.arrows(s, layer)
  local rows = {}
  for i, x in ipairs(layer.x) do
    rows[i] = { x, layer.y[i], layer.scale * layer.dx[i], layer.scale * layer.dy[i] }
  end
  local head = "head filled size graph 0.014,18"
  return {
    ("%s using 1:2:3:4 with vectors %s linewidth 1.2 linecolor rgb %s notitle"):format(
      s:block(rows),
      head,
      colour "444444"
    ),
  }
end

--- The grid as gnuplot reads surfaces: x, y, value, with an empty line behind each row.
function layers.grid(layer)
  local rows, m, n = {}, #layer.value, #layer.value[1]
  for i, row in ipairs(layer.value) do
    local y = layer.y[1] + (layer.y[2] - layer.y[1]) * (i - 1) / (m - 1)
    for j, v in ipairs(row) do
      rows[#rows + 1] = { layer.x[1] + (layer.x[2] - layer.x[1]) * (j - 1) / (n - 1), y, v }
    end
    rows[#rows + 1] = {}
  end
  return rows
end

--- Colours from cold to hot as gnuplot's palette. f: inks.heat, or inks.line for lines.
function layers.palette(f)
  local steps, parts = 32, {}
  for i = 0, steps do
    parts[i + 1] = ("%d '#%s'"):format(i, inks.hex(f(i / steps)))
  end
  return ("set palette defined (%s)"):format(table.concat(parts, ", "))
end

function draw.contour(s, layer)
  local lo, hi, empty = extents.matrix(layer.value)
  if lo == hi or empty then return {} end
  local levels = {}
  for i, level in ipairs(extents.levels(layer)) do
    levels[i] = number(level.height)
  end
  local block = s:block(layers.grid(layer))
  s:add "set contour base; unset surface"
  s:add("set cntrparam linear; set cntrparam levels discrete %s", table.concat(levels, ","))
  s:add "set table $contour"
  s:add("splot %s using 1:2:3 with lines notitle", block)
  s:add "unset table; unset contour; set surface"
  s:add("%s", layers.palette(inks.line))
  s:add("set cbrange [%s:%s]; set cblabel ''; set colorbox", number(lo), number(hi))
  return { "$contour using 1:2:3 with lines linewidth 1.2 linecolor palette notitle" }
end

function draw.region(s, layer)
  local rows, n = {}, 0
  for _, row in ipairs(layers.grid(layer)) do
    if row[3] then
      local c = { inks.split(inks.light(row[3] + 1)) }
      n = n + 1
      rows[n] = { row[1], row[2], c[1], c[2], c[3] }
    end
  end
  return { s:block(rows) .. " using 1:2:3:4:5 with rgbimage notitle" }
end

--- Whether a layer has a point that can be drawn: gnuplot refuses one that has none.
local function is_drawable(layer)
  local second = layer.y and #layer.y == #(layer.x or {}) and layer.y or layer.height
  if not layer.x or not second or layer.value then return true end
  for i, v in ipairs(layer.x) do
    if number(v) ~= "NaN" and number(second[i]) ~= "NaN" then return true end
  end
  return false
end

--- What stands behind `plot` for all layers; window: the ranges of x and y. A layer without points still has its line in the legend.
function layers.commands(s, figure, window)
  local parts, all = {}, true
  for _, layer in ipairs(figure.layers) do
    if is_drawable(layer) then
      local commands = draw[layer.mark](s, layer, figure, window)
      table.move(commands, 1, #commands, #parts + 1, parts)
    else
      local hue = colour(figures.colour(layer.series or 1))
      parts[#parts + 1] = layer.name
        and ("keyentry with lines linewidth 2 linecolor rgb %s %s"):format(hue, title_of(layer))
      all = false
    end
  end
  if not all or #parts == 0 then parts[#parts + 1] = "NaN notitle" end
  return table.concat(parts, ", ")
end

return layers
