-- Your answers. `gradus check` in this folder says what is right so far.
local gr = require "gradus"
local numbers = require "numbers" -- yours: numbers.q1.A is the matrix of the first task

local answer = {}

-- Task 1: the inverse, row by row.
answer.inverse = {
  { 0, 0, 0 },
  { 0, 0, 0 },
  { 0, 0, 0 },
}

-- Task 2: x is a tensor of rows x 4, y of 0 and 1, w of four weights.
function answer.predict(w, x) return gr.zeros(#x) end

function answer.loss(w, x, y) return 0 end

function answer.gradient(w, x, y) return gr.zeros(4) end

function answer.step(w, x, y) return w end

answer.explanation = ""

print(numbers.q1.A)

return answer
