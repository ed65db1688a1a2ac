--- puzzles: matrices of whole numbers that can be inverted by hand, all equally hard. Used by draw.lua.
local core = require "gradus.core"
local matrices = require "gradus.matrices"
local options = require "gradus.options"

local puzzles = {}

local tries = 20000 -- matrices, before there is said to be none
local band = 1.5 -- how far the condition number may be off, as a factor

local function product(a, b)
  local c = {}
  for i = 1, #a do
    c[i] = {}
    for j = 1, #b[1] do
      local sum = 0
      for k = 1, #b do
        sum = sum + a[i][k] * b[k][j]
      end
      c[i][j] = sum
    end
  end
  return c
end

--- L U, L with ones and U with 1 or -1 on the diagonal: a product of elementary matrices of determinant 1 or -1, whose pivots all are
--- 1 or -1.
local function unimodular(draw, n)
  local lower, upper = {}, {}
  for i = 1, n do
    lower[i], upper[i] = {}, {}
    for j = 1, n do
      lower[i][j] = i > j and draw:whole(-2, 2) or i == j and 1 or 0
      upper[i][j] = i < j and draw:whole(-2, 2) or i == j and 2 * draw:whole(0, 1) - 1 or 0
    end
  end
  return product(lower, upper)
end

--- The inverse of such a matrix, by Gauss and Jordan in whole numbers.
local function inverse(a)
  local n, rows = #a, {}
  for i = 1, n do
    rows[i] = table.move(a[i], 1, n, 1, {})
    for j = 1, n do
      rows[i][n + j] = i == j and 1 or 0
    end
  end
  for k = 1, n do
    local pivot = rows[k][k] -- its own reciprocal
    for j = 1, 2 * n do
      rows[k][j] = rows[k][j] * pivot
    end
    for i = 1, n do
      local factor = rows[i][k]
      for j = 1, i ~= k and 2 * n or 0 do
        rows[i][j] = rows[i][j] - factor * rows[k][j]
      end
    end
  end
  for i = 1, n do
    rows[i] = table.move(rows[i], n + 1, 2 * n, 1, {})
  end
  return rows
end

local function largest(a)
  local most = 0
  for _, row in ipairs(a) do
    for _, value in ipairs(row) do
      most = math.max(most, math.abs(value))
    end
  end
  return most
end

local function zeros(a)
  local count = 0
  for _, row in ipairs(a) do
    for _, value in ipairs(row) do
      if value == 0 then count = count + 1 end
    end
  end
  return count
end

--- Whether a row has one entry alone other than zero, and can be read off.
local function has_bare_row(a)
  for _, row in ipairs(a) do
    if zeros { row } >= #row - 1 then return true end
  end
  return false
end

local function trace(a)
  local sum = 0
  for i = 1, #a do
    sum = sum + a[i][i]
  end
  return sum
end

--- The largest singular value: the trace of a high power of A' A is its largest eigenvalue's, but for a factor between 1 and the
--- number of rows, whose 1024th root is none to speak of. By products and roots alone: LAPACK's would not be the same everywhere.
local function spectral_norm(a)
  local squarings = 10
  local power, scales = product(matrices.turned(a), a), {}
  for k = 1, squarings do
    scales[k] = trace(power)
    for _, row in ipairs(power) do
      for j = 1, #row do
        row[j] = row[j] / scales[k]
      end
    end
    power = product(power, power)
  end
  local root = trace(power)
  for k = squarings, 1, -1 do
    root = math.sqrt(root) * scales[k]
  end
  return math.sqrt(root)
end

--- Whether it is its own transpose, so that turning rows and columns round would be no mistake.
local function is_symmetric(a)
  for i = 2, #a do
    for j = 1, i - 1 do
      if a[i][j] ~= a[j][i] then return false end
    end
  end
  return true
end

--- Whether it is as hard as the others: not symmetric (of size 2 too few would be left), few zeros, no row or column of one entry, small
--- entries in it and its inverse, the condition number in its band.
local function is_fit(a, o)
  local n = #a
  if largest(a) > o.largest or zeros(a) > n - 1 then return false end
  if n > 2 and is_symmetric(a) then return false end
  if has_bare_row(a) or has_bare_row(matrices.turned(a)) then return false end
  local b = inverse(a)
  if largest(b) > 2 * o.largest or zeros(b) > n then return false end
  local condition = spectral_norm(a) * spectral_norm(b)
  return condition >= o.condition / band and condition <= o.condition * band
end

--- Rows of a matrix. `o`: size, condition, largest.
function puzzles.matrix(draw, o, what)
  local size = options.whole(what, "size", o.size, 2)
  if size > 6 then core.raise(("%s: size must be at most 6, got %d"):format(what, size)) end
  options.number(what, "condition", o.condition, 1)
  options.whole(what, "largest", o.largest, 1)
  for _ = 1, tries do
    local a = unimodular(draw, size)
    if is_fit(a, o) then return a end
  end
  core.raise(
    ("%s: among %d matrices of size %d with entries up to %d none has a condition number near %g: try another condition"):format(
      what,
      tries,
      size,
      o.largest,
      o.condition
    )
  )
end

--- A x for an x of whole numbers other than 0.
function puzzles.right_side(draw, a, most)
  local x = {}
  for i = 1, #a do
    x[i] = { draw:whole(1, most) * (2 * draw:whole(0, 1) - 1) }
  end
  return matrices.turned(product(a, x))[1]
end

return puzzles
