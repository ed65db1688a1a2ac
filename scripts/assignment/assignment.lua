-- An assignment. This file stays with you: it says what is asked, and holds the checks that students do not see.
--
--   visible.lua      the checks that students see; they get the file as it stands
--   reference.lua    the right answers; stays with you
--   starter/         what students begin with; they get the files as they stand
--   roster.csv       who takes part: id,name
--
-- To hand it out:    gradus hand-out FOLDER --roster FOLDER/roster.csv -o DIR
-- At their desk:     gradus check
-- To mark a class:    gradus grade FOLDER SUBMISSIONS -o DIR
local gr = require "gradus"
local assignment = gr.assignment

--- Rows of iris, two kinds of flowers: four measurements each, and 0 or 1.
local function flowers(rows)
  local iris = gr.data.iris()
  return iris.x:take(rows), iris.y:take(rows)
end

return assignment {
  name = "example", -- numbers are drawn from it too: another name gives other numbers
  title = "A matrix and a neuron",
  text = "Two short tasks: one on paper, one in Lua. Your numbers are your own.",
  file = "answer.lua", -- what students hand in
  seconds = 10, -- how long it may run
  memory = 512, -- MB that it may take

  questions = {
    {
      name = "q1",
      title = "An inverse by hand",
      points = 4, -- of the checks below and those in visible.lua together
      -- Numbers for one student, by name. All of these matrices have whole numbers inside, also in the inverse, and are equally hard.
      draw = function(draw) return { A = draw:matrix { size = 3, condition = 10 } } end,
      -- Markdown, or a function of the numbers that gives it.
      text = function(numbers)
        return ("Find the inverse of this matrix on paper, and write it down as `inverse`.\n\n```\n%s\n```"):format(
          numbers.A
        )
      end,
      defines = { "inverse" }, -- names that the answer file must define
      checks = {
        -- Without `expected` it is what reference.lua says.
        assignment.value {
          of = "inverse",
          points = 2,
          partial = true, -- points for each entry that is right
          hint = "Multiply A by your inverse: where the product differs from the identity, that column is wrong.",
        },
      },
    },
    {
      name = "q2",
      title = "A neuron",
      points = 7,
      draw = function(draw)
        local labels = gr.data.iris().y["1:100"]
        return { rows = draw:rows(100, 40, { labels = labels }), w = draw:weights({ 4 }, { std = 0.1 }) }
      end,
      text = [[
A neuron with four weights and no bias tells two kinds of flowers apart: `predict(w, x)` gives sigmoid(x w), one number a row;
`loss(w, x, y)` the mean of -y log p - (1 - y) log(1 - p); `gradient(w, x, y)` the gradient of that loss by w; `step(w, x, y)` the
weights after one step of gradient descent, at a learning rate of 0.1. Say in `explanation`, in twenty words or more, why the gradient
has the form that it has.]],
      defines = { "predict", "loss", "gradient", "step", "explanation" },
      checks = {
        assignment.value {
          of = "loss",
          args = function(numbers) return { numbers.w, flowers(numbers.rows) } end,
          tolerance = 1e-6,
          reason = "logarithms may be taken in more than one way",
          hint = "Is it the mean over all rows, and not the sum?",
        },
        -- step is called 100 times, from the student's own starting weights; what comes back is judged here.
        assignment.trains {
          of = "step",
          from = function(numbers) return numbers.w end,
          args = function(numbers) return { flowers(numbers.rows) } end,
          steps = 100,
          figure = function(numbers, w)
            local x, y = flowers(numbers.rows)
            return gr.metrics.accuracy(x:dot(gr.tensor(w)):gt(0), y)
          end,
          at_least = 0.95,
          title = "step learns: accuracy after 100 steps",
        },
      },
    },
  },
}
