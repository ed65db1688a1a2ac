-- A network of two layers with a backward pass of one's own: homework to document 000, "다층 신경망" and "다중 분류", and to
-- documents 001 and 002, TwoLayerNet. This file stays with the teacher. Students get other rows of iris to train on,
-- and other starting weights; what their trained weights are worth is measured here.
local gr = require "gradus"
local assignment = gr.assignment

local iris = gr.data.iris()
local measured = gr.data.standardize(iris.x)

local function flowers(rows) return measured:take(rows), iris.y:take(rows) end

-- ---- The network

local function scores(p, x) return (x:dot(p.w1) + p.b1):sigmoid():dot(p.w2) + p.b2 end

local function loss(p, x, t) return gr.nn.cross_entropy()(scores(p, x), t) end

--- Parameters as tensors, of what came as plain lists.
local function tensors(p)
  local own = {}
  for _, name in ipairs { "w1", "b1", "w2", "b2" } do
    own[name] = gr.tensor(p[name])
  end
  return own
end

--- The loss of who puts class c into column c, so that class 0 has none.
local function shifted_loss(p, x, t)
  local targets = gr.data.one_hot(t, 3):dot(gr.tensor { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 } })
  return -(targets * scores(p, x):softmax():log()):sum() / #x
end

-- ---- What is asked

--- Starting parameters, and rows of which each kind has its share.
local function network(rows)
  return function(draw)
    local p = { w1 = draw:weights({ 4, 5 }, { std = 0.5 }), b1 = draw:weights({ 5 }, { std = 0.1 }) }
    p.w2, p.b2 = draw:weights({ 5, 3 }, { std = 0.5 }), draw:weights({ 3 }, { std = 0.1 })
    return { p = p, rows = draw:rows(150, rows, { labels = iris.y }) }
  end
end

local function point(numbers) return { numbers.p, flowers(numbers.rows) } end

local function loss_there(numbers) return loss(table.unpack(point(numbers))):item() end

local large = gr.tensor { { 1000, 999, -1000 } } -- scores

--- The loss after each of these numbers of steps must be less than before.
local steps = { 1, 2, 4, 8, 16, 32, 64 }

local function step_calls(numbers)
  local calls = {}
  for i, times in ipairs(steps) do
    calls[i] = { name = "step", args = point(numbers), times = times }
  end
  return calls
end

local function judge_fall(numbers, values)
  local _, x, t = table.unpack(point(numbers))
  local before = loss_there(numbers)
  for i, value in ipairs(values) do
    local ok, now = pcall(function() return loss(tensors(value), x, t):item() end)
    if not ok then return false, "step gave no parameters w1, b1, w2, b2 back" end
    if now >= before or now ~= now then
      return false, ("the loss is %.4g before and %.4g after step %d"):format(before, now, steps[i])
    end
    before = now
  end
  return true, "the loss falls"
end

local hint_of_step = "A loss that rises or leaps: the rate (학습률) is too large, or the step goes along the gradient and "
  .. "not against it. A loss that stays: step must give new parameters back."

return assignment {
  name = "two_layers",
  title = "Two layers and the way back",
  text = [[
A network (2층 신경망) for three kinds of iris: z1 = x w1 + b1, a1 = sigmoid(z1), z2 = a1 w2 + b2, a2 = softmax(z2); four
measurements, five hidden units (은닉층), three classes. Its parameters are one table `p` with p.w1 (4 x 5), p.b1, p.w2
(5 x 3), p.b2. Write the way back (역전파) yourself: gr.param and backward are for checking it.]],
  seconds = 10,
  memory = 256,
  questions = {
    {
      name = "q1",
      title = "Forward (순전파)",
      points = 7,
      draw = network(30),
      text = [[
- `forward(p, x)` gives a2, three probabilities for each row of x, also where scores are as large as 1000;
- `loss(p, x, t)` the mean cross entropy (크로스 엔트로피), -log of the probability of the right class; t has classes 0, 1, 2;
- `first_loss` is the loss of your starting parameters `numbers.q1.p` on your rows `numbers.q1.rows`.]],
      defines = { "forward", "loss", "first_loss" },
      checks = {
        assignment.value {
          of = "forward",
          args = function(numbers) return { numbers.p, measured } end,
          expected = function(numbers) return scores(numbers.p, measured):softmax() end,
          title = "all flowers have the right probabilities",
          hint = "softmax is taken over each row: every row adds up to 1.",
        },
        assignment.value {
          of = "forward",
          args = {
            { w1 = gr.zeros(1, 1), b1 = gr.zeros(1), w2 = gr.zeros(1, 3), b2 = large[1] },
            gr.zeros(1, 1),
          },
          expected = large:softmax(),
          title = "scores of 1000 have probabilities",
          hint = "exp(1000) overflows (오버플로), and inf / inf is nan. Subtract each row's largest score first: "
            .. "softmax stays the same.",
        },
        assignment.value {
          of = "loss",
          args = point,
          expected = loss_there,
          tolerance = 1e-6,
          reason = "a small number may be added inside the logarithm",
          title = "loss takes the right class, and the mean",
          hint = function(numbers, value)
            local off = shifted_loss(table.unpack(point(numbers)))
            if type(value) == "number" and math.abs(value - off) < 1e-6 then
              return "Labels are off by one: classes count from 0, columns from 1. Class c stands in column c + 1 (원-핫)."
            end
            return "-log of the probability in column t + 1 of each row; then the mean (평균) over the rows."
          end,
        },
        assignment.value {
          of = "first_loss",
          expected = loss_there,
          tolerance = 1e-6,
          reason = "a small number may be added inside the logarithm",
          points = 2,
          hint = "It is loss(numbers.q1.p, x, t) on your own rows, as the starter file takes them.",
        },
      },
    },
    {
      name = "q2",
      title = "Backward (역전파)",
      points = 9,
      draw = network(12),
      text = [[
`gradient(p, x, t)` gives the slopes (기울기) of the loss by all four, `{ w1 = ..., b1 = ..., w2 = ..., b2 = ... }`,
each of the shape of the parameter, by the chain rule (연쇄 법칙). They are compared with small differences of the loss
(수치 미분) through `net`, which the starter file makes of your functions.]],
      defines = { "gradient", "net" },
      checks = {
        -- Two points for each of the four. It has no hint of its own: it names the mistake.
        assignment.backprop {
          of = "net",
          at = function(numbers)
            local x, t = flowers(numbers.rows)
            return { params = numbers.p, x = x, y = t }
          end,
          f = function(p, x, t) return loss(p, x, t):item() end,
          doctor = { labels = "classes" },
          points = 8,
          title = "the four gradients are right",
        },
      },
    },
    {
      name = "q3",
      title = "Learning (학습)",
      points = 5,
      draw = network(90),
      text = [[
`step(p, x, t)` is one step of gradient descent (경사 하강법) on all rows, and gives new parameters. Choose the rate (학습률)
so that the loss falls at every step and is small after 200 of them. Say in `explanation`, in fifteen words or more,
what becomes of the five hidden units when all weights start from the same number.]],
      defines = { "step", "explanation" },
      checks = {
        assignment.check {
          title = "the loss falls from step to step",
          points = 2,
          calls = step_calls,
          judge = judge_fall,
          hint = hint_of_step,
        },
        assignment.trains {
          of = "step",
          from = function(numbers) return numbers.p end,
          args = function(numbers) return { flowers(numbers.rows) } end,
          steps = 200,
          figure = function(numbers, p) return loss(tensors(p), flowers(numbers.rows)):item() end,
          at_most = 0.3,
          title = "200 steps bring the loss down",
          hint = "When it falls, but slowly, the rate (학습률) is too small: try 0.5 or 1.",
        },
        assignment.trains {
          of = "step",
          from = function(numbers) return numbers.p end,
          args = function(numbers) return { flowers(numbers.rows) } end,
          steps = 200,
          figure = function(_, p) return gr.metrics.accuracy(scores(tensors(p), measured), iris.y) end,
          at_least = 0.88,
          title = "it knows the other flowers too: accuracy (정확도) on all 150",
          hint = "If the loss on your own rows comes down: column c + 1 of the probabilities belongs to class c.",
        },
      },
    },
  },
}
