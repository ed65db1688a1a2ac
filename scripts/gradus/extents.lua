--- extents: what part of the plane a figure shows.
local marks = require "gradus.marks"

local extents = {}

local function grow(range, v)
  range[1], range[2] = math.min(range[1], v), math.max(range[2], v)
end

--- A limit pair that can be used, smaller first; nil for none.
local function limits(pair)
  local lo, hi = pair and pair[1], pair and pair[2]
  if not lo or not hi or not marks.finite(lo) or not marks.finite(hi) then return nil end
  return { math.min(lo, hi), math.max(lo, hi) }
end

local function within(v, range) return not range or (v >= range[1] and v <= range[2]) end

--- What a layer adds to the ranges. `xlim` leaves out the heights of what is beside it.
local cover = {}

function cover.line(layer, x, y, xlim)
  for i = 1, math.min(#layer.x, #layer.y) do
    local u, v = layer.x[i], layer.y[i]
    if marks.finite(u) and marks.finite(v) and within(u, xlim) then
      grow(x, u)
      grow(y, v)
    end
  end
end

cover.points, cover.arrows = cover.line, cover.line

function cover.bars(layer, x, y, xlim)
  grow(y, 0)
  for i, height in ipairs(layer.height) do
    local centre = layer.x[i]
    if marks.finite(centre) and marks.finite(height) and within(centre, xlim) then
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
local loose = { points = 0.03, arrows = 0.08 }

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
local function margins(layers)
  local beside, above, bars = 0, 0.04, false
  for _, layer in ipairs(layers) do
    if marks.full[layer.mark] then return 0, 0, false end
    beside = math.max(beside, loose[layer.mark] or 0)
    above = math.max(above, loose[layer.mark] or 0)
    bars = bars or layer.mark == "bars"
  end
  return beside, above, bars
end

--- The ranges { lo, hi } of x and y that a figure shows.
function extents.of(figure)
  local x, y = { math.huge, -math.huge }, { math.huge, -math.huge }
  local xlim, ylim = limits(figure.xlim), limits(figure.ylim)
  for _, layer in ipairs(figure.layers) do
    if cover[layer.mark] then cover[layer.mark](layer, x, y, xlim) end
  end
  local beside, above, bars = margins(figure.layers)
  return opened(xlim or padded(opened(x), beside)), opened(ylim or padded(opened(y), above, bars))
end

return extents
