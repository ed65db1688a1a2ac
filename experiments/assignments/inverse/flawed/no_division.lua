-- The adjugate is taken for the inverse; and the row of the pivot is never divided by the pivot.
local numbers = require "numbers"

local A = numbers.q1.A

local function minor(i, j)
  local r, c = { 2, 3, 1, 2 }, { 2, 3, 1, 2 } -- going round makes the signs right
  return A[r[i]][c[j]] * A[r[i + 1]][c[j + 1]] - A[r[i]][c[j + 1]] * A[r[i + 1]][c[j]]
end

local inverse = {}
for i = 1, 3 do
  inverse[i] = { minor(1, i), minor(2, i), minor(3, i) }
end

local function gauss_jordan(rows, k)
  local n, t = #rows, {}
  for i = 1, n do
    t[i] = {}
    for j = 1, n do
      t[i][j], t[i][n + j] = rows[i][j], i == j and 1 or 0
    end
  end
  for c = 1, k do
    for below = c + 1, n do
      if t[c][c] == 0 then
        t[c], t[below] = t[below], t[c]
      end
    end
    if math.abs(t[c][c]) < 1e-9 then return false end
    for i = 1, n do
      if i ~= c then
        local factor = t[i][c] / t[c][c]
        for j = 1, 2 * n do
          t[i][j] = t[i][j] - factor * t[c][j]
        end
      end
    end
  end
  return t
end

local function inverse_of(rows)
  local t = gauss_jordan(rows, #rows)
  if not t then return false end
  local right = {}
  for i = 1, #rows do
    right[i] = { table.unpack(t[i], #rows + 1) }
  end
  return right
end

return {
  inverse = inverse,
  gauss_jordan = gauss_jordan,
  inverse_of = inverse_of,
  prices = numbers.q3.receipts:inv():dot(numbers.q3.totals),
  residual = function(M, x, b) return (M:dot(x) - b):abs():max() end,
  explanation = [[The condition number says how much an error in the totals can grow in the prices. When it is
large the totals fit and the prices are wrong.]],
}
