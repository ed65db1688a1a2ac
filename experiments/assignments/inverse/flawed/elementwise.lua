-- As one would write it with numbers: A ^ -1 and A ^ -1 * b work entry by entry.
local numbers = require "numbers"

local answer = {}

answer.inverse = numbers.q1.A ^ -1

function answer.gauss_jordan(A)
  local rows = {}
  for i = 1, #A do
    rows[i] = { table.unpack(A[i]) }
    for j = 1, #A do
      rows[i][#A + j] = i == j and 1 or 0
    end
  end
  return rows
end

function answer.inverse_of(A)
  local rows = {}
  for i = 1, #A do
    rows[i] = {}
    for j = 1, #A do
      rows[i][j] = 1 / A[i][j]
    end
  end
  return rows
end

answer.prices = numbers.q3.receipts:inv() * numbers.q3.totals

function answer.residual(A, x, b) return (A * x - b):abs():max() end

answer.explanation =
  "The residual is small when A x is close to b, but x can be far from the real price if A is nearly singular."

return answer
