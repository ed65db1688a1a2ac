--- contours: level lines of numbers on a grid, by marching squares (Lorensen & Cline 1987, in two dimensions).
local contours = {}

--- How far from a to b the level lies, 0 to 1; nil when it does not lie between them.
local function crossing(a, b, level)
  if (a < level) == (b < level) then return nil end
  return (level - a) / (b - a)
end

--- Where the level crosses the edges of the square between rows r, r + 1 and columns c, c + 1: top, right, bottom, left.
local function edges(r, c, corners, level)
  local a, b, d, e = corners[1], corners[2], corners[3], corners[4]
  local top, right, bottom, left =
    crossing(a, b, level), crossing(b, e, level), crossing(d, e, level), crossing(a, d, level)
  local points = {}
  points.top = top and { r, c + top }
  points.right = right and { r + right, c + 1 }
  points.bottom = bottom and { r + 1, c + bottom }
  points.left = left and { r + left, c }
  return points
end

local function join(segments, p, q) segments[#segments + 1] = { p[1], p[2], q[1], q[2] } end

--- On a saddle the mean of the corners says which two are joined through the middle.
local function saddle(segments, p, corners, level)
  local middle = (corners[1] + corners[2] + corners[3] + corners[4]) / 4
  if (middle < level) == (corners[1] < level) then
    join(segments, p.top, p.right)
    join(segments, p.bottom, p.left)
  else
    join(segments, p.top, p.left)
    join(segments, p.bottom, p.right)
  end
end

local function square(segments, r, c, corners, level)
  local p = edges(r, c, corners, level)
  if p.top and p.right and p.bottom and p.left then return saddle(segments, p, corners, level) end
  local first
  for _, side in ipairs { "top", "right", "bottom", "left" } do
    local point = p[side]
    if point and first then
      join(segments, first, point)
      return
    end
    first = first or point
  end
end

--- The pieces of the level's line: { row, column, row, column } with fractions. Squares with a number that is not finite
--- have none.
---@param value number[][]
---@param level number
function contours.segments(value, level)
  local segments = {}
  for r = 1, #value - 1 do
    local upper, lower = value[r], value[r + 1]
    for c = 1, #upper - 1 do
      local a, b, d, e = upper[c], upper[c + 1], lower[c], lower[c + 1]
      local least, most = math.min(a, b, d, e), math.max(a, b, d, e)
      local finite = a + b + d + e - (a + b + d + e) == 0
      if finite and least < level and most >= level then square(segments, r, c, { a, b, d, e }, level) end
    end
  end
  return segments
end

return contours
