-- Where does downhill lead, and how long should a step be?
-- Documents 002 (4.4.1 경사법) and 001 (경사하강법): gradient descent on x0^2 + x1^2 from (-3, 4), 100 steps at three rates.
-- Run:     gradus experiments/16_descent.lua [--steps=100]
-- Expect:  (-6.11110793e-10, 8.14814391e-10) at rate 0.1, (-2.58983747e+13, -1.29524862e+12) at 10 and (-2.99999994,
--          3.99999992) at 1e-10; with the exact gradient the same at 0.1 and 1e-10, but 1e128 at 10. Under a second.
local gr = require "gradus"
local run = gr.run { name = "descent", seed = 0, steps = 100 }

local function function_2(x) return x[1] ^ 2 + x[2] ^ 2 end

-- By hand, as the document writes it. ----------------------------------------------------------

local function numerical_gradient(f, x)
  local h, grad = 1e-4, gr.zeros(#x)
  for idx = 1, #x do
    local tmp_val = x[idx]
    x[idx] = tmp_val + h
    local fxh1 = f(x)
    x[idx] = tmp_val - h
    grad[idx] = (fxh1 - f(x)) / (2 * h)
    x[idx] = tmp_val
  end
  return grad
end

--- x is changed in place, as `x -= lr * grad` does there: the start must be set again before each call.
local function gradient_descent(f, x, lr, steps, look)
  for step = 1, steps do
    local grad = numerical_gradient(f, x)
    if look then look(step - 1, x, grad) end
    x:sub_(lr * grad)
  end
  return x
end

local function start() return gr.tensor { -3, 4 } end

-- By the library: the exact gradient, and an optimiser that takes the steps. --------------------

local function by_optimiser(lr, steps)
  local x, optimizer = gr.param(start(), "x"), gr.optim.sgd { lr = lr }
  optimizer:add { x }
  for _ = 1, steps do
    optimizer:zero_grad()
    function_2(x):backward()
    optimizer:step()
  end
  return x:detach()
end

local function pair(x) return ("(%.9g, %.9g)"):format(x[1], x[2]) end

local function short(x) return ("(%.3g, %.3g)"):format(x[1] + 0, x[2] + 0) end -- + 0: no -0

print "1. The path at rate 0.1: each step leaves 0.8 of the way to the lowest point"
gradient_descent(function_2, start(), 0.1, 21, function(step, x, grad)
  if step <= 4 or step % 5 == 0 then
    print(("  step %-3d x %-30s f %-14.9g gradient %s"):format(step, pair(x), function_2(x), pair(grad)))
  end
end)

local paths, legend = {}, {} -- every path is straight here: from one start they would hide each other
for i, case in ipairs { { 0.1, { -3, 4 } }, { 0.4, { 3, 4 } }, { 0.9, { 4, -1 } } } do
  paths[i], legend[i] = { {}, {} }, "학습률 " .. case[1]
  gradient_descent(function_2, gr.tensor(case[2]), case[1], 21, function(step, x)
    paths[i][1][step + 1], paths[i][2][step + 1] = x[1], x[2]
  end)
end
local view =
  { title = "f(x0, x1) = x0^2 + x1^2", xlabel = "x0", ylabel = "x1", xlim = { -4.5, 4.5 }, ylim = { -4.5, 4.5 } }
run:plot("surface", gr.plot.surface(function(x0, x1) return x0 ^ 2 + x1 ^ 2 end, view))
view.path, view.legend = paths, legend
run:plot("paths", gr.plot.contour(function(x0, x1) return x0 ^ 2 + x1 ^ 2 end, view))

print(("2. Three rates, %d steps"):format(run.steps))
for _, case in ipairs { { "lr0.1", 0.1 }, { "lr10", 10.0 }, { "lr1e-10", 1e-10 } } do
  local name, lr = case[1], case[2]
  local by_hand = gradient_descent(function_2, start(), lr, run.steps)
  print(("  rate %-6g by hand %-34s by sgd %s"):format(lr, pair(by_hand), pair(by_optimiser(lr, run.steps))))
  run:result { ["002.descent." .. name] = by_hand }
end

print "3. Why 10 explodes, then stops: x becomes -19 x, until x + h rounds to x: the differences are noise, then 0"
gradient_descent(function_2, start(), 10.0, 12, function(step, x, grad)
  if step % 3 == 0 or step > 9 then
    print(("  step %-3d x %-34s numerical gradient %-26s exact %s"):format(step, pair(x), pair(grad), pair(2 * x)))
  end
end)
print "  -2.58983747e+13 is rounding; the true -3 (-19)^100 is what sgd has. At 1e-10 it stands still: a step is 6e-10."

print "4. The arrows: minus the gradient points downhill, and is longer further out"
for _, point in ipairs { { 0, 0 }, { 0.5, 0 }, { 1, 1 }, { 2, -1 }, { -2, 2 } } do
  local x = gr.tensor(point)
  local arrow = -numerical_gradient(function_2, x)
  local f, ahead, back = function_2(x), function_2(x + 0.1 * arrow), function_2(x - 0.1 * arrow)
  local line = "  at (%4g, %2g) arrow %-8s length %.4f; f %-4g a tenth of it ahead %.4g, back %.4g"
  print(line:format(point[1], point[2], short(arrow), (arrow ^ 2):sum() ^ 0.5, f, ahead, back))
end
local field = { {}, {}, {}, {} } -- x0, x1 and the arrow, on 18 x 18 points
for k = 0, 18 * 18 - 1 do
  local x = gr.tensor { -2 + 0.25 * (k % 18), -2 + 0.25 * (k // 18) }
  local g = numerical_gradient(function_2, x)
  field[1][k + 1], field[2][k + 1], field[3][k + 1], field[4][k + 1] = x[1], x[2], -g[1], -g[2]
end
local x0, x1, dx0, dx1 = table.unpack(field)
run:plot(
  "gradients",
  gr.plot.quiver(x0, x1, dx0, dx1, { title = "기울기의 반대 방향", xlabel = "x0", ylabel = "x1" })
)
print "  Minus the gradient lowers f the most; 002 (and 004 0080) say so of the gradient, which points uphill."
local function valley(x) return x[1] ^ 2 + 10 * x[2] ^ 2 end
local arrow = -numerical_gradient(valley, gr.tensor { 1, 1 })
print("  Nor does it always point to the lowest place: for x0^2 + 10 x1^2 at (1, 1) it is " .. short(arrow))
