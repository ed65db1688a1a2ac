-- Cofactors that are not transposed; and the right half of the tableau read column by column.
local gr = require "gradus"
local numbers = require "numbers"

local answer = {}

local function without(A, row, column)
  local rows = {}
  for i = 1, 3 do
    for j = 1, 3 do
      if i ~= row and j ~= column then rows[#rows + 1] = A[i][j] end
    end
  end
  return rows[1] * rows[4] - rows[2] * rows[3]
end

answer.inverse = {}
for i = 1, 3 do
  answer.inverse[i] = {}
  for j = 1, 3 do
    answer.inverse[i][j] = (-1) ^ (i + j) * without(numbers.q1.A, i, j) / numbers.q1.A:det()
  end
end

function answer.gauss_jordan(A, k)
  local n, t = #A, {}
  for i = 1, n do
    t[i] = {}
    for j = 1, n do
      t[i][j], t[i][n + j] = A[i][j], i == j and 1 or 0
    end
  end
  for c = 1, k do
    local p = c
    while p <= n and math.abs(t[p][c]) < 1e-9 do
      p = p + 1
    end
    if p > n then return false end
    t[c], t[p] = t[p], t[c]
    local pivot = t[c][c]
    for j = 1, 2 * n do
      t[c][j] = t[c][j] / pivot
    end
    for i = 1, n do
      local factor = i == c and 0 or t[i][c]
      for j = 1, 2 * n do
        t[i][j] = t[i][j] - factor * t[c][j]
      end
    end
  end
  return t
end

function answer.inverse_of(A)
  local t, inverse = answer.gauss_jordan(A, #A), {}
  if not t then return false end
  for j = 1, #A do
    inverse[j] = {}
    for i = 1, #A do
      inverse[j][i] = t[i][#A + j]
    end
  end
  return inverse
end

answer.prices = gr.linalg.solve(numbers.q3.receipts, numbers.q3.totals)

function answer.residual(A, x, b) return (A:dot(x) - b):abs():max() end

answer.explanation =
  "If two receipts are nearly the same, many prices fit, so the residual stays small even when a price is wrong."

return answer
