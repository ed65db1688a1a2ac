-- A small assignment for the class of run.lua: short limits, personal numbers, a question of each sort.
local gr = require "gradus"
local assignment = gr.assignment

return assignment {
  name = "class",
  title = "An inverse and a slope",
  seconds = 1,
  memory = 64,
  questions = {
    {
      name = "q1",
      title = "An inverse",
      points = 4,
      draw = function(draw) return { A = draw:matrix { size = 3, condition = 10 } } end,
      defines = { "inverse" },
      checks = { assignment.value { of = "inverse", points = 4, partial = true } },
    },
    {
      name = "q2",
      title = "A slope",
      points = 6,
      draw = function(draw) return { x = draw:whole(2, 90) / 10 } end,
      defines = { "f", "slope" },
      checks = {
        assignment.value { of = "f", args = function(numbers) return { numbers.x } end, points = 2 },
        assignment.gradient {
          of = "slope",
          f = function(x) return x ^ 3 end,
          at = function(numbers) return { numbers.x } end,
          points = 4,
          hint = "The derivative of x^3 is 3 x^2.",
        },
      },
    },
  },
}
