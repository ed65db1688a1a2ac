-- The inverse (역행렬) by hand, by one's own elimination, and by LAPACK: homework to document 001, "행렬의 계산과 선형대수".
-- This file stays with the teacher. Each student gets another matrix and other receipts; the matrices that the
-- functions are tried on are the same for all, and nobody sees them.
local gr = require "gradus"
local assignment = gr.assignment

-- ---- Personal numbers

--- A matrix of whole numbers whose inverse has whole numbers. Its determinant is -1: with 1 nobody would see a
--- forgotten division.
local function puzzle(draw)
  local A = draw:matrix { size = 3, condition = 12 }
  if A:det() > 0 then A[1] = 0 - A[1] end
  return { A = A }
end

--- Four receipts for four fruits. Each has most of one fruit, so that they tell the prices well.
local function shopping(draw)
  local receipts, prices = gr.zeros(4, 4), gr.zeros(4)
  for i = 1, 4 do
    prices[i] = 50 * draw:whole(4, 30)
    for j = 1, 4 do
      receipts[{ i, j }] = i == j and draw:whole(7, 9) or draw:whole(0, 2)
    end
  end
  return { receipts = receipts, totals = receipts:dot(prices) }
end

--- Whole numbers as they are written on paper.
local function whole(tensor) return (tostring(tensor):gsub("%.", "")) end

-- ---- What a wrong inverse tells

local signs = gr.tensor { { 1, -1, 1 }, { -1, 1, -1 }, { 1, -1, 1 } } -- of the cofactors

--- Wrong ways to an inverse, and what to say to those who took them.
local function wrong_ways(A)
  local B = A:inv()
  local turn =
    "Rows and columns are exchanged (전치): the adjugate (수반행렬) is the matrix of cofactors transposed."
  local divide =
    "Divide by the determinant (행렬식): it is not 1 here. A times your matrix has its number on the diagonal."
  local sign = "Cofactors (여인수) have signs like a chessboard: + - + in the first row, - + - in the second."
  return {
    { B:T(), turn },
    { B * A:det(), divide },
    { B:T() * A:det(), turn .. " And " .. divide },
    { B * signs, sign },
    { B * signs * A:det(), sign .. " And " .. divide },
    {
      A ^ -1,
      "This is 1/a for each entry by itself; the inverse is the matrix B for which A:dot(B) is the identity (단위행렬).",
    },
  }
end

local function is_near(B, wanted) return B == wanted or (B - wanted):abs():max() < 1e-6 end

local function is_diagonal(B) return is_near(B, B * gr.eye(3)) end

--- What is to be said of B, which is not the inverse of A.
local function hint_of(A, B)
  for _, way in ipairs(wrong_ways(A)) do
    if is_near(B, way[1]) then return way[2] end
  end
  local sum = B:sum()
  if sum ~= sum or math.abs(sum) == math.huge then
    return "inf and nan come of dividing by 0: where the pivot (피벗) is 0, exchange its row with one below that has "
      .. "another number there."
  elseif is_diagonal(B:dot(A)) then
    return "The left half is diagonal, but not yet the identity (단위행렬): divide each row by its pivot (피벗), both halves."
  end
  return "Look at A:dot(B): where a column differs from the identity's (단위행렬), that column of B is wrong."
end

--- The same, of whatever came: it may be no matrix at all.
local function hint_of_inverse(A, value)
  if type(value) ~= "table" then return "It gives a list of rows, as { { 0.5, 0 }, { 0, 0.25 } }." end
  local ok, hint = pcall(function() return hint_of(gr.tensor(A), gr.tensor(value)) end)
  return ok and hint or "The inverse has as many rows, of as many numbers, as A."
end

-- ---- What one's own elimination is tried on

local uneven = { { 2, 1, 1 }, { 1, 3, 2 }, { 1, 0, 4 } } -- determinant 19: fractions on the way
local no_pivot = { { 0, 2, 1 }, { 1, 1, 0 }, { 3, 2, 2 } } -- 0 where the first pivot is looked for
local singular = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } } -- third row = 2 second - first

return assignment {
  name = "inverse",
  title = "The inverse: by hand and by LAPACK",
  text = [[
One inverse (역행렬) on paper, one by your own elimination (소거법) in Lua, and prices from receipts (영수증) by LAPACK, as
NumPy's `inv` and `solve` find them.]],
  seconds = 5,
  memory = 256,
  questions = {
    {
      name = "q1",
      title = "On paper",
      points = 4,
      draw = puzzle,
      text = function(numbers)
        return ([=[
Find the inverse (역행렬) of A on paper, and write it down as `inverse`, row by row. Its entries are whole numbers.

```
%s
```]=]):format(whole(numbers.A))
      end,
      defines = { "inverse" },
      checks = {
        assignment.value {
          of = "inverse",
          points = 3,
          hint = function(numbers, value) return hint_of_inverse(numbers.A, value) end,
        },
      },
    },
    {
      name = "q2",
      title = "By your own elimination",
      points = 6,
      text = [[
In plain Lua, on lists of rows such as `{ { 2, 1 }, { 1, 3 } }`:

- `gauss_jordan(A, k)` writes the identity (단위행렬) beside A and clears the first k columns by Gauss and Jordan: after
  it, they are the identity's. It gives all n rows of 2n numbers. Rows are exchanged only where the pivot (피벗) is 0.
- `inverse_of(A)` gives the rows of the inverse, or `false` where A has none (특이행렬): no pivot is left.

A pivot within 1e-9 of 0 counts as 0. The functions are tried on other matrices too.]],
      defines = { "gauss_jordan", "inverse_of" },
      checks = {
        assignment.value {
          of = "gauss_jordan",
          args = { uneven, 1 },
          title = "the first column is cleared",
          hint = "Divide the pivot's row by the pivot; then take it from every other row, as often as that row's own "
            .. "entry in the column says. The right half takes part.",
        },
        assignment.value {
          of = "inverse_of",
          args = { uneven },
          title = "a matrix of determinant 19 is inverted",
          hint = function(_, value) return hint_of_inverse(uneven, value) end,
        },
        assignment.value {
          of = "inverse_of",
          args = { no_pivot },
          title = "a pivot of 0 is exchanged",
          hint = function(_, value) return hint_of_inverse(no_pivot, value) end,
        },
        assignment.check {
          title = "a matrix without an inverse gives false, one with an inverse does not",
          calls = { { name = "inverse_of", args = { singular } }, { name = "inverse_of", args = { uneven } } },
          judge = function(_, values)
            if not values[2] then return false, "inverse_of gave false for a matrix that has an inverse" end
            return values[1] == false, values[1] and "inverse_of gave numbers for a matrix that has no inverse" or nil
          end,
          hint = "In {{1,2,3},{4,5,6},{7,8,9}} the rows depend on each other: no pivot is left in the last column. "
            .. "Look for that, and return false.",
        },
      },
    },
    {
      name = "q3",
      title = "Prices by LAPACK",
      points = 4,
      draw = shopping,
      text = function(numbers)
        return ([[
Four receipts (영수증), a row each: how many 포도, 귤, 사과 and 배. What each came to, in won, is `numbers.q3.totals`.

```
%s
totals %s
```

Find the four prices by LAPACK (`gr.linalg.solve`, or `A:inv()`) as `prices`. `residual(A, x, b)` gives the largest
|A x - b|. Say in `explanation`, in fifteen words or more: when is the residual small, and the price wrong all the
same?]]):format(whole(numbers.receipts), whole(numbers.totals))
      end,
      defines = { "prices", "residual", "explanation" },
      checks = {
        assignment.value {
          of = "prices",
          tolerance = 1e-6,
          reason = "inv and solve round differently",
          hint = "X = A^-1 B is a product of matrices: A:inv():dot(b). A:inv() * b multiplies entry by entry.",
        },
        assignment.value {
          of = "residual",
          args = { gr.tensor { { 1, 2 }, { 3, 4 } }, gr.tensor { 1, -1 }, gr.tensor { 1, 2 } },
          expected = 3, -- of -2 and -3
          hint = "A:dot(x) - b has a number for each receipt; the largest without its sign is asked for: :abs():max().",
        },
      },
    },
  },
}
