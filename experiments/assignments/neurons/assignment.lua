-- One neuron for numbers and one for classes: homework to document 000, "신경망 학습: 회귀" and "신경망 학습: 분류".
-- This file stays with the teacher. Students get other rows of the same data, and other starting weights. What they
-- hand in is never asked how good it is: the weights that come back are judged here.
local gr = require "gradus"
local assignment = gr.assignment

-- ---- Data, as the starter file has it

--- Body mass index in units of its deviation, and the progress a year later.
local function patients(rows)
  local diabetes = gr.data.diabetes()
  return gr.data.standardize(diabetes.x)[":, 3"]:take(rows), diabetes.y:take(rows)
end

local function tumours(rows)
  local cancer = gr.data.breast_cancer()
  local x = gr.data.standardize(cancer.x)
  return rows and x:take(rows) or x, rows and cancer.y:take(rows) or cancer.y
end

-- ---- The neuron for numbers

local function squared_error(x, y, w, b) return ((x * w + b - y) ^ 2):mean() end

--- The least squared error that a line can have on these rows, by LAPACK.
local function least_error(x, y)
  local line = gr.linalg.lstsq(gr.concat({ x:reshape(-1, 1), gr.ones(#x, 1) }, 2), y)
  return squared_error(x, y, line[1], line[2])
end

local printed = gr.tensor { 913.5973364345905, 123.39414383177204 } -- in the document

local asleep = "b (절편) has not moved: it is updated as w is, by lr err, though no x stands beside it."

local function hint_of_epoch(_, value)
  if type(value) == "table" and value[2] == 0 then return asleep end
  return "Update w and b (절편) both after every single row: y_hat of the next row is taken with the new ones."
end

local function hint_of_trained(_, value)
  local ok, is_printed = pcall(function() return (gr.tensor(value) - printed):abs():max() < 1 end)
  if ok and is_printed then
    return "These are the document's figures, of all 442 rows at a rate of 1. Train on your own rows, numbers.q1.rows."
  end
  if type(value) == "table" and value[2] == 1 then return asleep end
  return "Start from { 1, 1 }, call epoch 100 times on your own rows at a rate (학습률) of 0.01, and keep what came last."
end

-- ---- The neuron for classes

local function logistic_loss(w, b, x, y) return gr.nn.logistic()(x:dot(w) + b, y):item() end

local function point(numbers) return { numbers.w, 0.3, tumours(numbers.rows) } end

--- Errors of the rows that come of known mistakes, in place of a - y.
local function wrong_errors(x, y, numbers)
  local a = (x:dot(numbers.w) + 0.3):sigmoid()
  return {
    {
      (a - y) * #x,
      "It is m times too large, with m rows: the loss is a mean (평균), so divide the sum over the rows by m.",
    },
    { y - a, "The sign is turned round: err = -(y - a). The gradient points uphill, and the step goes against it." },
    {
      (a - y) * a * (1 - a),
      "The derivative of the sigmoid, a (1 - a), is one too many: in the logistic loss (로지스틱 손실 함수) it cancels, "
        .. "and err = a - y is already the slope by z. With the squared error (제곱 오차) it would stay.",
    },
    { y * 0, "It is 0 whatever the data: this parameter would never learn." },
  }
end

--- A hint for who gives `slope` of one of these errors.
local function hint_of_slope(slope, otherwise)
  return function(numbers, value)
    local x, y = tumours(numbers.rows)
    for _, wrong in ipairs(wrong_errors(x, y, numbers)) do
      local ok, is_it = pcall(function() return (gr.tensor { value } - slope(x, wrong[1])):abs():max() < 1e-6 end)
      if ok and is_it then return wrong[2] end
    end
    return otherwise
  end
end

local function slope_by_w(x, err) return x:T():dot(err) / #x end

local function slope_by_b(_, err) return err:mean() end

return assignment {
  name = "neurons",
  title = "Two neurons: a line and a decision",
  text = [[
A neuron (뉴런) that follows a number (회귀), and one that tells two classes apart (분류), both trained by hand: forward
(정방향), error, backward (역방향), update. Inputs are in units of their deviation, as `gr.data.standardize` gives them.]],
  seconds = 10,
  memory = 256,
  questions = {
    {
      name = "q1",
      title = "Regression (회귀)",
      points = 6,
      draw = function(draw) return { rows = draw:rows(442, 40) } end,
      text = [[
y_hat = w x + b. `epoch(p, x, y, lr)` is one pass (에포크) over the rows, one after the other as in the document, with
err = y - y_hat: w grows by lr x err, b by lr err. p is `{ w, b }`, x and y are tensors of as many numbers; it gives
the new `{ w, b }`.

`trained` is what 100 epochs at a rate (학습률) of 0.01 make of `{ 1, 1 }` on your 40 patients.]],
      defines = { "epoch", "trained" },
      checks = {
        assignment.value {
          of = "epoch",
          args = { { 0, 0 }, gr.tensor { 1, 2 }, gr.tensor { 4, 3 }, 0.5 },
          expected = { -1, 0.5 }, -- after the first { 2, 2 }: the second is off by 3 - 6
          title = "the second row meets the weights that the first one changed",
          hint = hint_of_epoch,
        },
        assignment.trains {
          of = "epoch",
          from = { 1, 1 },
          args = function(numbers)
            local x, y = patients(numbers.rows)
            return { x, y, 0.01 }
          end,
          steps = 100,
          figure = function(numbers, p)
            local x, y = patients(numbers.rows)
            return squared_error(x, y, p[1], p[2]) / least_error(x, y)
          end,
          at_most = 1.05,
          points = 2,
          title = "100 epochs come near the best line: error in units of the least one",
          hint = "w and b (절편) must both move, each by its own slope: w by x err, b by err.",
        },
        assignment.value {
          of = "trained",
          tolerance = 1e-6,
          reason = "sums may be taken in another order",
          points = 2,
          hint = hint_of_trained,
        },
      },
    },
    {
      name = "q2",
      title = "Classification (분류)",
      points = 11,
      draw = function(draw)
        local labels = gr.data.breast_cancer().y
        return { rows = draw:rows(569, 80, { labels = labels }), w = draw:weights({ 30 }, { std = 0.2 }) }
      end,
      text = [[
z = x w + b, a = sigmoid(z). x has m rows of 30 measurements, y is 0 or 1 for each, w a tensor of 30, b a number.

- `loss(w, b, x, y)`: the logistic loss (로지스틱 손실 함수), the mean over the rows of -(y log a + (1 - y) log(1 - a));
- `w_grad(w, b, x, y)` and `b_grad(w, b, x, y)`: its slopes (기울기) by w and by b;
- `step(p, x, y)`: one step of gradient descent (경사 하강법) at a rate of 1: of p, with `p.w` and `p.b`, it makes another;
- `predict(w, b, x)`: 1 where a > 0.5, else 0.

Say in `explanation`, in fifteen words or more, why sigmoid's own derivative a (1 - a) is not seen in the slope.]],
      defines = { "loss", "w_grad", "b_grad", "step", "predict", "explanation" },
      checks = {
        assignment.value {
          of = "loss",
          args = point,
          expected = function(numbers) return logistic_loss(table.unpack(point(numbers))) end,
          tolerance = 1e-6,
          reason = "logarithms may be kept from 0 in more than one way",
          title = "the loss of your 80 tumours is right",
          hint = "Rows of class 1 add -log a, rows of class 0 add -log(1 - a); divide by the number of rows.",
        },
        assignment.gradient {
          of = "w_grad",
          f = logistic_loss,
          at = point,
          points = 2,
          hint = hint_of_slope(
            slope_by_w,
            "X^T err / m, with err = a - y: x:T():dot(err) / #x has one number for each weight."
          ),
        },
        assignment.gradient {
          of = "b_grad",
          f = logistic_loss,
          at = point,
          wrt = 2,
          hint = hint_of_slope(
            slope_by_b,
            "Every row adds its err = a - y to the bias (절편): the mean of err over the rows."
          ),
        },
        assignment.value {
          of = "predict",
          args = { gr.tensor { 1, 0 }, 0, gr.tensor { { 0.3, 9 }, { -0.3, 9 }, { 0.7, -9 } } },
          expected = { 1, 0, 1 },
          title = "a score of 0.3 is class 1",
          hint = "The threshold (임계값) of 0.5 belongs to a = sigmoid(z). For the score z it is 0: sigmoid(0) = 0.5.",
        },
        assignment.check {
          title = "step moves the bias too",
          calls = function(numbers)
            return { { name = "step", args = { { w = numbers.w, b = 0.3 }, tumours(numbers.rows) } } }
          end,
          judge = function(numbers, values)
            local b, x, y = values[1].b, tumours(numbers.rows)
            local wanted = 0.3 - ((x:dot(numbers.w) + 0.3):sigmoid() - y):mean()
            if type(b) ~= "number" then return false, "step gave no number b" end
            return math.abs(b - wanted) < 1e-6, ("b went from 0.3 to %.6g; %.6g is expected"):format(b, wanted)
          end,
          hint = "b = b - rate * b_grad, with the b_grad of the weights before the step; the rate is 1.",
        },
        assignment.trains {
          of = "step",
          from = { w = gr.zeros(30), b = 0 },
          args = function(numbers) return { tumours(numbers.rows) } end,
          steps = 100,
          figure = function(_, p)
            local x, y = tumours() -- all 569
            return gr.metrics.accuracy((x:dot(gr.tensor(p.w)) + p.b):gt(0), y)
          end,
          at_least = 0.92,
          title = "100 steps teach it: accuracy (정확도) on all 569 tumours",
          hint = "Each step must give new weights back, a little further against the gradient: w - 1 * w_grad.",
        },
      },
    },
  },
}
