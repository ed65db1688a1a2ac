-- The checks that students see: `gradus check` runs them at their desk, and they count in the marking as well.
local gr = require "gradus"
local assignment = gr.assignment

--- A network of weights 0, which gives each of three classes a third.
local function nothing() return { w1 = gr.zeros(4, 5), b1 = gr.zeros(5), w2 = gr.zeros(5, 3), b2 = gr.zeros(3) } end

local some = gr.tensor { { 1, 0, 2, 0 }, { 0, 1, 0, 2 }, { 1, 1, 1, 1 } }

return {
  q1 = {
    assignment.value {
      of = "forward",
      args = { nothing(), some },
      expected = gr.full({ 3, 3 }, 1 / 3),
      title = "with weights of 0 every class has a third",
      hint = "a2 has a row for each row of x and a column for each class; three equal scores are a third each.",
    },
    assignment.value {
      of = "loss",
      args = { nothing(), some, gr.tensor { 0, 0, 2 } },
      expected = math.log(3),
      title = "and the loss is log 3",
      tolerance = 1e-6,
      reason = "a small number may be added inside the logarithm",
      hint = "-log(1/3) for each row, whatever its class; the mean over the rows.",
    },
  },
  q2 = {
    assignment.check {
      title = "with weights of 0 and classes 0, 0, 2 the gradient of b2 is -1/3, 1/3, 0",
      calls = { { name = "gradient", args = { nothing(), some, gr.tensor { 0, 0, 2 } } } },
      judge = function(_, values)
        local b2 = type(values[1]) == "table" and values[1].b2
        local is_list = type(b2) == "table" and #b2 == 3
        for i = 1, is_list and 3 or 0 do
          is_list = is_list and type(b2[i]) == "number"
        end
        if not is_list then return false, "gradient gave no table with a b2 of three numbers" end
        local off = (gr.tensor(b2) - gr.tensor { -1 / 3, 1 / 3, 0 }):abs():max()
        return off < 1e-6, ("b2 is %.4f %.4f %.4f"):format(table.unpack(b2))
      end,
      hint = "The errors a2 - t are -2/3 1/3 1/3 twice, and 1/3 1/3 -2/3: the mean over the rows, one number a class.",
    },
  },
  q3 = {
    assignment.text { of = "explanation", words = 15, title = "it is said what becomes of equal hidden units" },
  },
}
