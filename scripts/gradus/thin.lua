--- thin: points that the pixels of a picture cannot tell apart are left out before it is drawn. The figure itself keeps them all.
local values = require "gradus.plot_values"

local thin = {}

--- A PNG has two pixels for each of the canvas's; what is drawn sharp at any size gets as many.
local columns_per_pixel <const> = 2

--- Fewer points than this for each column are drawn as they are.
local worthwhile <const> = 8

--- Puts down the points of a run in one column that show: the first, the lowest, the highest and the last, in their order.
local function put(run, x, y, xs, ys)
  local at = { run.first, run.low, run.high, run.last }
  table.sort(at)
  for k, i in ipairs(at) do
    if i ~= at[k - 1] then
      xs[#xs + 1], ys[#ys + 1] = x[i], y[i]
    end
  end
end

--- The column of a number; all beside the picture is one column on each side. nil for a gap.
local function column_of(v, range, columns)
  if not values.finite(v) then return nil end
  local share = (v - range[1]) / (range[2] - range[1])
  return math.floor(math.max(-1, math.min(columns, share * columns)))
end

--- Takes up point i: another of the run, or the first of the next.
local function go_on(run, i, column, y)
  if not run or run.column ~= column then return { column = column, first = i, low = i, high = i, last = i } end
  if y[i] < y[run.low] then run.low = i end
  if y[i] > y[run.high] then run.high = i end
  run.last = i
  return run
end

--- A line through fewer points that looks the same: of those that follow each other in a column of pixels, the first, the lowest, the
--- highest and the last (as in M4, Jugel et al. 2014). A gap stays one.
---@param layer table           of mark "line"
---@param range number[]        that the picture shows of x
---@param pixels integer        its width
---@return number[] x
---@return number[] y
function thin.line(layer, range, pixels)
  local x, y, columns = layer.x, layer.y, columns_per_pixel * pixels
  if #x <= worthwhile * columns then return x, y end
  local xs, ys, run = {}, {}, nil
  for i = 1, #x do
    local column = values.finite(y[i]) and column_of(x[i], range, columns) or nil
    if run and run.column ~= column then put(run, x, y, xs, ys) end
    if column then
      run = go_on(run, i, column, y)
    elseif run then
      run, xs[#xs + 1], ys[#ys + 1] = nil, x[i], 0 / 0
    end
  end
  if run then put(run, x, y, xs, ys) end
  return xs, ys
end

--- How many points of those in one pixel of the canvas are drawn. A dot's radius is 1.35, so that it covers six pixels, and where there
--- are many points at least six lie over each other: what shines through them is less than a 200th.
local function depth(n) return n > 300000 and 1 or 3 end

--- Fewer points that look the same: of those in one pixel, the first few; and the very first, so that there is one.
---@param layer table           of mark "points"
---@param window { x: number[], y: number[] }   what the picture shows
---@param pixels { [1]: integer, [2]: integer }   its width and height
---@return number[] x
---@return number[] y
function thin.points(layer, window, pixels)
  local x, y, wide, high = layer.x, layer.y, pixels[1], pixels[2]
  if #x <= worthwhile * columns_per_pixel * wide then return x, y end
  local xs, ys, counts, most = {}, {}, {}, depth(#x)
  for i = 1, #x do
    local column, row = column_of(x[i], window.x, wide), column_of(y[i], window.y, high)
    local seen = column and row and column >= 0 and column < wide and row >= 0 and row < high
    local place = seen and column * high + row or i == 1 and -1
    if place and (counts[place] or 0) < most then
      counts[place] = (counts[place] or 0) + 1
      xs[#xs + 1], ys[#ys + 1] = x[i], y[i]
    end
  end
  return xs, ys
end

return thin
