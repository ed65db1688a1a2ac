--- extents: what part of the plane a figure shows, in a file as in a terminal, and from where to where a matrix's numbers reach.
local values = require "gradus.plot_values"

local extents = {}

--- Layers that fill the picture to its edges.
extents.full = { cells = true, region = true, contour = true, surface = true }

--- Least and greatest finite number of a matrix; 0 and 1 when there is none, and then true.
function extents.matrix(rows)
  local lo, hi = math.huge, -math.huge
  for _, row in ipairs(rows) do
    for _, v in ipairs(row) do
      if type(v) == "number" and values.finite(v) then
        lo, hi = math.min(lo, v), math.max(hi, v)
      end
    end
  end
  if lo > hi then return 0, 1, true end
  return lo, hi
end

--- The heights of a contour layer's lines: n equal steps between the least and the greatest number, neither of which has one.
---@param layer table
---@param n? integer   the layer's levels
---@return { height: number, share: number }[]
function extents.levels(layer, n)
  local lo, hi = extents.matrix(layer.value)
  local levels = {}
  n = n or layer.levels
  for k = 1, n do
    local share = k / (n + 1)
    levels[k] = { height = lo + share * (hi - lo), share = share }
  end
  return levels
end

local function grow(range, v)
  range[1], range[2] = math.min(range[1], v), math.max(range[2], v)
end

--- A limit pair that can be used, smaller first; nil for none.
local function limits(pair)
  local lo, hi = pair and pair[1], pair and pair[2]
  if not lo or not hi or not values.finite(lo) or not values.finite(hi) then return nil end
  return { math.min(lo, hi), math.max(lo, hi) }
end

local function within(v, range) return not range or (v >= range[1] and v <= range[2]) end

--- What a layer adds to the ranges. `xlim` leaves out the heights of what is beside it.
local cover = {}

function cover.line(layer, x, y, xlim)
  for i = 1, math.min(#layer.x, #layer.y) do
    local u, v = layer.x[i], layer.y[i]
    if values.finite(u) and values.finite(v) and within(u, xlim) then
      grow(x, u)
      grow(y, v)
    end
  end
end

cover.points = cover.line

function cover.arrows(layer, x, y, xlim)
  cover.line(layer, x, y, xlim)
  local tips, scale = { x = {}, y = {} }, layer.scale or 0
  for i = 1, #layer.x do
    tips.x[i], tips.y[i] = layer.x[i] + scale * layer.dx[i], layer.y[i] + scale * layer.dy[i]
  end
  cover.line(tips, x, y, xlim)
end

function cover.bars(layer, x, y, xlim)
  grow(y, 0)
  for i, height in ipairs(layer.height) do
    local centre = layer.x[i]
    if values.finite(centre) and values.finite(height) and within(centre, xlim) then
      grow(x, centre - layer.width / 2)
      grow(x, centre + layer.width / 2)
      grow(y, height)
    end
  end
end

function cover.cells(layer, x, y)
  local columns = 0
  for _, row in ipairs(layer.value) do
    columns = math.max(columns, #row)
  end
  grow(x, 0.5)
  grow(x, columns + 0.5)
  grow(y, 0.5)
  grow(y, #layer.value + 0.5)
end

local function area(layer, x, y)
  for k = 1, 2 do
    grow(x, layer.x[k])
    grow(y, layer.y[k])
  end
end

cover.region, cover.contour, cover.surface = area, area, area

--- Shares of the range that marks should keep away from the edges.
local loose = { points = 0.03, arrows = 0.04 }

--- A range that has a width: what is empty shows 0 to 1, one number stands in the middle.
local function opened(range)
  local lo, hi = range[1], range[2]
  if lo > hi then return { 0, 1 } end
  local size = math.max(math.abs(lo), math.abs(hi))
  if hi - lo > 1e-10 * size and hi - lo > 1e-140 then return { lo, hi } end
  local room = size > 1e-140 and size / 2 or 1
  return { lo - room, hi + room }
end

local function padded(range, share, keep_zero)
  local lo, hi = range[1], range[2]
  local room = share * (hi - lo)
  return { keep_zero and lo == 0 and lo or lo - room, keep_zero and hi == 0 and hi or hi + room }
end

--- The shares of its ranges that are left free around the marks, and whether bars stand on zero.
local function margins(layers, least)
  local beside, above, bars = least, 0.04, false
  for _, layer in ipairs(layers) do
    if extents.full[layer.mark] then return 0, 0, false end
    beside = math.max(beside, loose[layer.mark] or 0)
    above = math.max(above, loose[layer.mark] or 0)
    bars = bars or layer.mark == "bars"
  end
  return beside, above, bars
end

--- The ranges { lo, hi } of x and y that a figure shows: the limits that it asks for, or what its layers need and a little more.
---@param figure gradus.Figure
---@param least number   the share of x that is left free on each side, at least
function extents.of(figure, least)
  local x, y = { math.huge, -math.huge }, { math.huge, -math.huge }
  local xlim, ylim = limits(figure.xlim), limits(figure.ylim)
  for _, layer in ipairs(figure.layers) do
    if cover[layer.mark] then cover[layer.mark](layer, x, y, xlim) end
  end
  local beside, above, bars = margins(figure.layers, least)
  return opened(xlim or padded(opened(x), beside)), opened(ylim or padded(opened(y), above, bars))
end

return extents
