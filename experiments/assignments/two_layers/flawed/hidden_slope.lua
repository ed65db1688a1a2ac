-- The slope of the hidden sigmoid is taken of its input: z1 (1 - z1).
local gr = require "gradus"
local numbers = require "numbers"

local answer = {}

local function pass(p, x)
  local z1 = x:dot(p.w1) + p.b1
  local a1 = gr.sigmoid(z1)
  return gr.softmax(a1:dot(p.w2) + p.b2), a1, z1
end

function answer.forward(p, x) return (pass(p, x)) end

function answer.loss(p, x, t)
  local a2 = pass(p, x)
  local sum = 0
  for i = 1, #x do
    sum = sum - math.log(a2[i][t[i] + 1])
  end
  return sum / #x
end

local iris = gr.data.iris()
local rows = numbers.q1.rows
answer.first_loss = answer.loss(numbers.q1.p, gr.data.standardize(iris.x):take(rows), iris.y:take(rows))

function answer.gradient(p, x, t)
  local a2, a1, z1 = pass(p, x)
  local err = (a2 - gr.data.one_hot(t, 3)) / #x
  local back = err:dot(p.w2:T()) * z1 * (1 - z1)
  return { w1 = x:T():dot(back), b1 = back:sum(1), w2 = a1:T():dot(err), b2 = err:sum(1) }
end

answer.net = { w1 = gr.zeros(4, 5), b1 = gr.zeros(5), w2 = gr.zeros(5, 3), b2 = gr.zeros(3) }
function answer.net:loss(x, t) return answer.loss(self, x, t) end
function answer.net:gradient(x, t) return answer.gradient(self, x, t) end

function answer.step(p, x, t)
  local g = answer.gradient(p, x, t)
  return { w1 = p.w1 - g.w1, b1 = p.b1 - g.b1, w2 = p.w2 - g.w2, b2 = p.b2 - g.b2 }
end

answer.explanation =
  "All the hidden units compute the same value and have the same gradient, so they stay equal and act as a single unit."

return answer
