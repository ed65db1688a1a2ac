-- The checks that students see: `gradus check` runs them at their desk, and they count in the marking as well.
local gr = require "gradus"
local assignment = gr.assignment

--- The first row of A times what came; nil when that is no matrix of three rows, or no list of numbers.
local function first_row_times(A, value)
  local ok, product = pcall(function() return A[1]:dot(gr.tensor(value)) end)
  return ok and product or nil
end

return {
  q1 = {
    assignment.check {
      title = "row 1 of A times the inverse is 1 0 0",
      calls = { { name = "inverse" } },
      judge = function(numbers, values)
        local row = first_row_times(numbers.A, values[1])
        if not row or #row ~= 3 then return false, "inverse is no list of three rows of three numbers" end
        return (row - gr.tensor { 1, 0, 0 }):abs():max() < 1e-6, ("it is %g %g %g"):format(row[1], row[2], row[3])
      end,
      hint = "Row 1 of A is multiplied by each column of the inverse, which is written as a list of three rows.",
    },
  },
  q2 = {
    assignment.value {
      of = "gauss_jordan",
      args = { { { 2, 0 }, { 0, 4 } }, 0 },
      expected = { { 2, 0, 1, 0 }, { 0, 4, 0, 1 } },
      title = "before the first column A stands beside the identity",
      hint = "Each row of A, then the same row of the identity: n rows of 2n numbers.",
    },
    assignment.value {
      of = "inverse_of",
      args = { { { 2, 0 }, { 0, 4 } } },
      expected = { { 0.5, 0 }, { 0, 0.25 } },
      title = "a diagonal matrix is inverted",
      hint = "Clear all columns, then read the right half.",
    },
  },
  q3 = {
    assignment.check {
      title = "the first receipt comes to its total",
      calls = { { name = "prices" } },
      judge = function(numbers, values)
        local sum = first_row_times(numbers.receipts, values[1])
        if type(sum) ~= "number" then return false, "prices is no list of four numbers" end
        return math.abs(sum - numbers.totals[1]) < 1e-6, ("%.10g of %.10g won"):format(sum, numbers.totals[1])
      end,
      hint = "prices is a tensor or a list of four numbers, in the order of the columns.",
    },
    assignment.text { of = "explanation", words = 15 },
  },
}
