-- The document's names, W1 for w1: the file stops at its first line that computes.
local gr = require "gradus"
local numbers = require "numbers"

local iris = gr.data.iris()
local x = gr.data.standardize(iris.x):take(numbers.q1.rows)
local params = numbers.q1.p

local answer = {}

answer.z1 = x:dot(params.W1) + params.b1

function answer.forward(p, rows) return ((rows:dot(p.W1) + p.b1):sigmoid():dot(p.W2) + p.b2):softmax() end

function answer.loss(p, rows, t) return gr.nn.nll()(answer.forward(p, rows), t) end

answer.first_loss = answer.loss(params, x, iris.y:take(numbers.q1.rows))

return answer
