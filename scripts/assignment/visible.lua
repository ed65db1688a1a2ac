-- The checks that students see: `gradus check` runs them at their desk, and they count in the marking as well.
-- Students get this file as it stands: no right answers in it, and nothing of reference.lua.
local gr = require "gradus"
local assignment = gr.assignment

--- Some flowers, the same for everyone.
local function some_flowers()
  local iris = gr.data.iris()
  local rows = { 1, 2, 3, 51, 52 }
  return iris.x:take(rows), iris.y:take(rows)
end

return {
  q1 = {
    assignment.shape {
      of = "inverse",
      shape = { 3, 3 },
      hint = "Write it row by row: { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }.",
    },
    -- Looks at plain values: tensors come as lists of rows.
    assignment.check {
      title = "row 1 of A times the inverse is 1 0 0",
      calls = { { name = "inverse" } },
      judge = function(numbers, values)
        local row = numbers.A["1:1"]:dot(gr.tensor(values[1])):flatten()
        local off = (row - gr.tensor { 1, 0, 0 }):abs():max()
        return off < 1e-6, ("it is %g %g %g"):format(row[1], row[2], row[3])
      end,
      hint = "Row 1 of A is multiplied by each column of the inverse.",
    },
  },
  q2 = {
    assignment.value {
      of = "predict",
      args = function() return { gr.zeros(4), (some_flowers()) } end,
      expected = gr.full({ 5 }, 0.5),
      title = "with weights of 0 every prediction is 0.5",
      hint = "sigmoid(0) is 0.5; x w has one number for each row of x.",
    },
    assignment.gradient {
      of = "gradient",
      f = "loss", -- the student's own
      at = function(numbers) return { numbers.w, some_flowers() } end,
      points = 2,
      hint = "By the chain rule it is the mean over the rows of (p - y) x.",
    },
    assignment.text { of = "explanation", words = 20 },
    assignment.shape {
      of = "step",
      args = function(numbers) return { numbers.w, some_flowers() } end,
      shape = { 4 },
      hint = "step gives the new weights back.",
    },
  },
}
