-- The right answers, written as a student would.
local gr = require "gradus"
local numbers = require "numbers"

local answer = {}

-- 1: gr.lab shows the work that is done on paper, in exact fractions.
answer.inverse = gr.lab.inverse(numbers.q1.A, { quiet = true }).inverse

-- 2
local function beside_identity(A)
  local rows = {}
  for i, row in ipairs(A) do
    rows[i] = table.move(row, 1, #A, 1, {})
    for j = 1, #A do
      rows[i][#A + j] = i == j and 1 or 0
    end
  end
  return rows
end

--- Brings a row with another number than 0 to place k; false when there is none.
local function find_pivot(rows, k)
  for i = k, #rows do
    if math.abs(rows[i][k]) > 1e-9 then
      rows[i], rows[k] = rows[k], rows[i]
      return true
    end
  end
  return false
end

local function clear(rows, k)
  local pivot = rows[k][k]
  for j = 1, #rows[k] do
    rows[k][j] = rows[k][j] / pivot
  end
  for i, row in ipairs(rows) do
    local factor = row[k]
    for j = 1, i ~= k and #row or 0 do
      row[j] = row[j] - factor * rows[k][j]
    end
  end
end

function answer.gauss_jordan(A, k)
  local rows = beside_identity(A)
  for column = 1, k do
    if not find_pivot(rows, column) then return false end
    clear(rows, column)
  end
  return rows
end

function answer.inverse_of(A)
  local rows = answer.gauss_jordan(A, #A)
  for i = 1, rows and #rows or 0 do
    rows[i] = table.move(rows[i], #A + 1, 2 * #A, 1, {})
  end
  return rows
end

-- 3
answer.prices = gr.linalg.solve(numbers.q3.receipts, numbers.q3.totals)

function answer.residual(A, x, b) return (A:dot(x) - b):abs():max() end

answer.explanation = [[
When the receipts are almost the same (a large condition number, 조건수), many prices fit the totals almost equally
well: A x - b stays near 0 although x is far off.]]

return answer
