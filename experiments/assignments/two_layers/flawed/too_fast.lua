-- A learning rate that is too large: the steps leap across the valley.
local gr = require "gradus"
local numbers = require "numbers"

local answer = {}

local function way(p, x)
  local a1 = (x:dot(p.w1) + p.b1):sigmoid()
  return a1, (a1:dot(p.w2) + p.b2):softmax()
end

function answer.forward(p, x)
  local _, a2 = way(p, x)
  return a2
end

function answer.loss(p, x, t)
  local _, a2 = way(p, x)
  return -(gr.data.one_hot(t, 3) * a2:log()):sum(2):mean()
end

local iris = gr.data.iris()
local rows = numbers.q1.rows
answer.first_loss = answer.loss(numbers.q1.p, gr.data.standardize(iris.x):take(rows), iris.y:take(rows))

function answer.gradient(p, x, t)
  local a1, a2 = way(p, x)
  local err = (a2 - gr.data.one_hot(t, 3)) / #x
  local back = err:dot(p.w2:T()) * a1 * (1 - a1)
  return { w1 = x:T():dot(back), b1 = back:sum(1), w2 = a1:T():dot(err), b2 = err:sum(1) }
end

answer.net = { w1 = gr.zeros(4, 5), b1 = gr.zeros(5), w2 = gr.zeros(5, 3), b2 = gr.zeros(3) }
function answer.net:loss(x, t) return answer.loss(self, x, t) end
function answer.net:gradient(x, t) return answer.gradient(self, x, t) end

function answer.step(p, x, t)
  local new = {}
  for name, slope in pairs(answer.gradient(p, x, t)) do
    new[name] = p[name] - 10 * slope
  end
  return new
end

answer.explanation =
  "Each of the hidden units would learn exactly the same as all others, so that five are no better than one is."

return answer
