-- The document's MultiClassNetwork, line by line: softmax that overflows, and one sum for all of b2.
local gr = require "gradus"
local numbers = require "numbers"

local answer = {}

local function sigmoid(z) return 1 / (1 + (-z:clip(-100)):exp()) end

local function softmax(z)
  local exp_z = z:clip(-100):exp()
  return exp_z / exp_z:sum(2):reshape(-1, 1)
end

local function forpass(p, x)
  local a1 = sigmoid(x:dot(p.w1) + p.b1)
  return a1:dot(p.w2) + p.b2, a1
end

function answer.forward(p, x) return softmax((forpass(p, x))) end

function answer.loss(p, x, t)
  local a = answer.forward(p, x):clip(1e-10, 1 - 1e-10)
  return (-gr.data.one_hot(t, 3) * a:log()):sum() / #x
end

local iris = gr.data.iris()
local rows = numbers.q1.rows
answer.first_loss = answer.loss(numbers.q1.p, gr.data.standardize(iris.x):take(rows), iris.y:take(rows))

function answer.gradient(p, x, t)
  local m = #x
  local z, a1 = forpass(p, x)
  local err = -(gr.data.one_hot(t, 3) - softmax(z))
  local err_to_hidden = err:dot(p.w2:T()) * a1 * (1 - a1)
  return {
    w2 = a1:T():dot(err) / m,
    b2 = err:sum() / m,
    w1 = x:T():dot(err_to_hidden) / m,
    b1 = err_to_hidden:sum(1) / m,
  }
end

answer.net = { w1 = gr.zeros(4, 5), b1 = gr.zeros(5), w2 = gr.zeros(5, 3), b2 = gr.zeros(3) }
function answer.net:loss(x, t) return answer.loss(self, x, t) end
function answer.net:gradient(x, t) return answer.gradient(self, x, t) end

function answer.step(p, x, t)
  local g = answer.gradient(p, x, t)
  return { w1 = p.w1 - g.w1, b1 = p.b1 - g.b1, w2 = p.w2 - g.w2, b2 = p.b2 - g.b2 }
end

answer.explanation =
  "가중치를 모두 같은 수로 시작하면 은닉층의 뉴런이 모두 같은 값을 내고 같은 기울기를 받으므로 아무리 학습해도 뉴런 하나와 같은 것이 된다 그래서 무작위로 초기화한다"

return answer
