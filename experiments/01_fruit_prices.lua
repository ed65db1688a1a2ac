-- What does each fruit cost, when the receipts name only the totals?
-- Two puzzles of document 001: A x = b, solved by the inverse and by elimination (LU, LAPACK).
-- Run:     gradus experiments/01_fruit_prices.lua
-- Expect:  500, 600; then 500, 550, 700, 600 won. Numbers like 6.9e-17 in an inverse are rounding: the exact entry is 0.
local gr = require "gradus"

local function puzzle(title, A, b, fruits)
  print(title)
  local by_inverse = gr.linalg.inv(A):dot(b)
  local by_solve = gr.linalg.solve(A, b)
  for i, fruit in ipairs(fruits) do
    print(("  %-9s by inverse %.10g, by solve %.10g"):format(fruit, by_inverse[i], by_solve[i]))
  end
  print("  inverse of A\n" .. tostring(A:inv()))
  print("  det A " .. tostring(A:det()))
  print(
    "  residual |A x - b|: by inverse",
    (A:dot(by_inverse) - b):abs():max(),
    "by solve",
    (A:dot(by_solve) - b):abs():max()
  )
end

puzzle(
  "A mandarin and an apple cost 1,100 won; two mandarins and three apples 2,800.",
  gr.tensor { { 1, 1 }, { 2, 3 } },
  gr.tensor { 1100, 2800 },
  { "mandarin", "apple" }
)

-- One receipt a row: how many grapes, mandarins, apples and pears. The third has no grapes.
puzzle(
  "Four receipts for grapes, mandarins, apples and pears.",
  gr.tensor { { 1, 1, 1, 1 }, { 5, 2, 4, 7 }, { 0, 1, 1, 2 }, { 5, 2, 2, 3 } },
  gr.tensor { 2350, 10600, 2450, 6800 },
  { "grape", "mandarin", "apple", "pear" }
)
