-- Your answers. `gradus check` in this folder says what is right so far.
local gr = require "gradus" -- luacheck: ignore
local numbers = require "numbers" -- yours: numbers.q1.A, numbers.q3.receipts, numbers.q3.totals

local answer = {}

-- Task 1: the inverse of numbers.q1.A, row by row, from your paper.
answer.inverse = {
  { 0, 0, 0 },
  { 0, 0, 0 },
  { 0, 0, 0 },
}

-- Task 2: A is a list of n rows of n numbers. A with the identity beside it has 2n numbers a row; the first k columns
-- are cleared.
function answer.gauss_jordan(A, k) return A end

-- The rows of the inverse, or false where there is none.
function answer.inverse_of(A) return false end

-- Task 3: a tensor of four prices in won.
answer.prices = { 0, 0, 0, 0 }

-- The largest |A x - b| of tensors A, x, b.
function answer.residual(A, x, b) return 0 end

answer.explanation = ""

print(numbers.q1.A)

return answer
