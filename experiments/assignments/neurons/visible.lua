-- The checks that students see: `gradus check` runs them at their desk, and they count in the marking as well.
local gr = require "gradus"
local assignment = gr.assignment

return {
  q1 = {
    assignment.value {
      of = "epoch",
      args = { { 1, 1 }, gr.tensor { 2 }, gr.tensor { 5 }, 0.1 },
      expected = { 1.4, 1.2 },
      title = "one row: y_hat is 3, 2 too little",
      hint = "w grows by 0.1 * 2 * 2, b by 0.1 * 2; p is a list { w, b }, and so is what comes back.",
    },
  },
  q2 = {
    assignment.value {
      of = "loss",
      args = { gr.zeros(2), 0, gr.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }, gr.tensor { 0, 1, 1 } },
      expected = math.log(2),
      title = "with weights of 0 the loss is log 2",
      hint = "Then every a is 0.5, and each row adds -log 0.5; the mean over the rows is asked for.",
    },
    assignment.value {
      of = "w_grad",
      args = { gr.zeros(2), 0, gr.tensor { { 1, 2 }, { 3, 4 } }, gr.tensor { 0, 1 } },
      expected = { -0.5, -0.5 },
      title = "two rows with weights of 0: errors of 0.5 and -0.5",
      hint = "0.5 times the first row, -0.5 times the second, and the mean (평균) of both: as many numbers as w has.",
    },
    assignment.value {
      of = "predict",
      args = { gr.tensor { 1, 1 }, 0, gr.tensor { { 2, 1 }, { -2, -1 } } },
      expected = { 1, 0 },
      title = "scores of 3 and -3 are classes 1 and 0",
      hint = "It gives a tensor or a list of 1 and 0, one for each row.",
    },
    assignment.text { of = "explanation", words = 15 },
  },
}
