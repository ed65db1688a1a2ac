-- The bias is never updated: b = b - 0, in both neurons.
local gr = require "gradus"
local numbers = require "numbers"

local answer = {}

function answer.epoch(p, x, y, lr)
  local w, b = p[1], p[2]
  for i = 1, #x do
    local y_hat = w * x[i] + b
    w = w + lr * x[i] * (y[i] - y_hat)
  end
  return { w, b }
end

local diabetes = gr.data.diabetes()
local x = gr.data.standardize(diabetes.x)[":, 3"]:take(numbers.q1.rows)
local y = diabetes.y:take(numbers.q1.rows)
answer.trained = { 1, 1 }
for _ = 1, 100 do
  answer.trained = answer.epoch(answer.trained, x, y, 0.01)
end

function answer.loss(w, b, rows, t)
  local a = (rows:dot(w) + b):sigmoid():clip(1e-10, 1 - 1e-10)
  return (-(t * a:log() + (1 - t) * (1 - a):log())):mean()
end

function answer.w_grad(w, b, rows, t)
  local err = (rows:dot(w) + b):sigmoid() - t
  return rows:T():dot(err) / #rows
end

function answer.b_grad() return 0 end

function answer.step(p, rows, t)
  return { w = p.w - answer.w_grad(p.w, p.b, rows, t), b = p.b - answer.b_grad(p.w, p.b, rows, t) }
end

function answer.predict(w, b, rows) return (rows:dot(w) + b):gt(0) end

answer.explanation =
  "시그모이드의 미분 a(1-a)는 로지스틱 손실의 미분 분모 a(1-a)와 약분되어 없어지고 결국 a - y 만 남아서 기울기에 보이지 않는다 그래서 식이 아주 간단해진다"

return answer
