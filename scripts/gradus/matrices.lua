--- matrices: lists of rows of exact fractions, from what a script gives and back to tensors.
local core = require "gradus.core"
local options = require "gradus.options"

local matrices = {}

--- More rows or columns than that are no page that anyone reads.
local most = 8

--- Rows of a tensor or a nested table, as they were given; nil when it is neither. A vector is one row, and said to be one.
---@return table? rows, boolean vector
local function given_rows(value)
  if core.is_tensor(value) and #value.shape <= 2 and #value.shape > 0 then value = value:totable() end
  if type(value) ~= "table" or #value == 0 then return nil, false end
  local rows = {}
  for i, row in ipairs(value) do
    if core.is_tensor(row) and #row.shape == 1 then row = row:totable() end
    rows[i] = row
  end
  local vector = type(rows[1]) ~= "table"
  return vector and { rows } or rows, vector
end

local function check_rows(what, name, rows)
  for i, row in ipairs(rows) do
    if type(row) ~= "table" then
      core.raise(("%s: row %d of %s is %s, not a row of numbers"):format(what, i, name, options.describe(row)))
    elseif #row == 0 then
      core.raise(("%s: row %d of %s is empty"):format(what, i, name))
    elseif #row ~= #rows[1] then
      core.raise(("%s: row %d of %s has %d entries, row 1 has %d"):format(what, i, name, #row, #rows[1]))
    end
  end
end

local function as_fractions(what, name, rows, dtype)
  local exact = {}
  for i, row in ipairs(rows) do
    exact[i] = {}
    for j, entry in ipairs(row) do
      exact[i][j] = core.exact(entry, ("%s: row %d, column %d of %s"):format(what, i, j, name), dtype)
    end
  end
  return exact
end

--- A hint for a 1/3 that was written as a Lua number, whose sixteen digits make long fractions; nil where there is none.
local function note_on_digits(name, rows, exact)
  for i, row in ipairs(rows) do
    for j, entry in ipairs(row) do
      local above, below = tostring(exact[i][j]):match "(%d+)/(%d+)"
      if type(entry) == "number" and below and #above > 13 and #below > 13 then
        local text = 'Row %d, column %d of %s is taken for %s, as its digits say; a third is written as text, "1/3".'
        return text:format(i, j, name, exact[i][j])
      end
    end
  end
end

local function type_of(value) return core.is_tensor(value) and value.dtype or nil end

--- A square matrix as rows of fractions; raises unless it is one of at most 8 x 8 finite, short numbers.
---@param what string    opens messages
---@param name string    the script's name of it
---@param value any      a tensor, or a nested table of numbers, fractions and texts like "1/3"
---@return table rows, string? note
function matrices.square(what, name, value)
  local rows, vector = given_rows(value)
  if not rows or vector then
    core.raise(
      ("%s: %s must be a square matrix, like {{1, 2}, {3, 4}}, got %s"):format(what, name, options.describe(value))
    )
  end
  check_rows(what, name, rows)
  if #rows ~= #rows[1] then
    core.raise(("%s: %s is %d x %d: the matrix must be square"):format(what, name, #rows, #rows[1]))
  elseif #rows > most then
    local hint = "steps are shown up to %d x %d; gr.linalg takes larger ones"
    core.raise(("%s: %s is %d x %d: " .. hint):format(what, name, #rows, #rows, most, most))
  end
  local exact = as_fractions(what, name, rows, type_of(value))
  return exact, note_on_digits(name, rows, exact)
end

--- The right side of n equations as n rows of fractions, and whether it was a vector.
function matrices.right_side(what, name, value, n)
  local rows, vector = given_rows(value)
  if not rows then
    core.raise(("%s: %s must be a vector or a matrix, got %s"):format(what, name, options.describe(value)))
  end
  check_rows(what, name, rows)
  if vector then rows = matrices.turned(rows) end
  if #rows ~= n then
    core.raise(("%s: %s has %d rows, but the matrix has %d"):format(what, name, #rows, n))
  elseif #rows[1] > most then
    core.raise(("%s: %s has %d columns: up to %d are shown"):format(what, name, #rows[1], most))
  end
  return as_fractions(what, name, rows, type_of(value)), vector
end

function matrices.identity(n)
  local rows = {}
  for i = 1, n do
    rows[i] = {}
    for j = 1, n do
      rows[i][j] = core.exact(i == j and 1 or 0, "identity")
    end
  end
  return rows
end

--- The matrix whose rows are the columns of this one.
function matrices.turned(rows)
  local turned = {}
  for j = 1, #rows[1] do
    turned[j] = {}
    for i, row in ipairs(rows) do
      turned[j][i] = row[j]
    end
  end
  return turned
end

--- The two matrices side by side.
function matrices.beside(left, right)
  local rows = {}
  for i, row in ipairs(left) do
    rows[i] = table.move(row, 1, #row, 1, {})
    table.move(right[i], 1, #right[i], #row + 1, rows[i])
  end
  return rows
end

--- Columns first..last.
function matrices.columns(rows, first, last)
  local cut = {}
  for i, row in ipairs(rows) do
    cut[i] = table.move(row, first, last, 1, {})
  end
  return cut
end

--- The nearest numbers, as a tensor; of a vector's one column, as a vector.
function matrices.rounded(rows, dtype, vector)
  local numbers = {}
  for i, row in ipairs(rows) do
    numbers[i] = {}
    for j, entry in ipairs(row) do
      numbers[i][j] = entry:item()
    end
  end
  local t = core.tensor(numbers, dtype)
  return vector and core.flatten(t) or t
end

return matrices
