-- How does a computer find a slope, and how small should h be?
-- Documents 001 (평균속도, 순간속도, 수치미분, 편미분, nditer), 002 (4.3 수치 미분, 4.4 기울기) and 004 (0076 to 0079).
-- Run:     gradus experiments/15_derivatives.lua
-- Expect:  0.2 and 0.3 to 12 digits for 0.01 x^2 + 0.1 x at 5 and 10; 0 with h = 10e-50; the error of central
--          differences smallest (below 1e-10) near h = 1e-5, that of forward ones (below 1e-8) at 1e-8. Under a second.
local gr = require "gradus"
local run = gr.run { name = "derivatives", seed = 0 }

local function function_1(x) return 0.01 * x ^ 2 + 0.1 * x end

--- The slope of f at x as backward finds it, without any h.
local function exact_slope(f, x)
  local at = gr.param(x, "x")
  f(at):backward()
  return at.grad:item()
end

print "1. 평균속도 -> 순간속도: s = t^2, average speed from t = 1 on"
local function distance(t) return t ^ 2 end
for _, step in ipairs { 1, 0.1, 0.01, 0.001 } do
  print(("  for %-6g %.10g"):format(step, (distance(1 + step) - distance(1)) / step))
end
print("  at the instant, by backward", exact_slope(distance, 1))

print "2. numerical_diff of 0.01 x^2 + 0.1 x (002)"
local function numerical_diff(f, x)
  local h = 1e-4 -- 004 has `f = 1e-4` in this line, so that f is a number, h unknown, and the function cannot run
  return (f(x + h) - f(x - h)) / (2 * h)
end

local bad_h = 10e-50 -- that is 1e-49, not 1e-50, and 5 + h is 5
local bad = (function_1(5 + bad_h) - function_1(5)) / bad_h
local single = gr.tensor({ 1e-50 }, "f32")[1]
print("  the bad h = 10e-50, at 5", bad, "1e-50 in single precision", single)
for _, x in ipairs { 5, 10 } do
  local by_hand, by_library = numerical_diff(function_1, x), gr.numerical_gradient(function_1, x)
  local line = "  at %-2d by hand %s, gr.numerical_gradient %s, backward %s"
  print(line:format(x, by_hand, by_library, exact_slope(function_1, x)))
  run:result { [("002.numdiff.at%d"):format(x)] = by_hand }
end
run:result { ["002.numdiff.bad"] = bad, ["002.numdiff.float32"] = single }

print "3. The error against h, for e^x at 1: truncation falls with h (forward h, central h^2), rounding grows with 1/h"
print "  h        forward     central"
for digits = 1, 15 do
  local h, e = 10.0 ^ -digits, math.exp(1)
  local forward = (math.exp(1 + h) - e) / h
  local central = (math.exp(1 + h) - math.exp(1 - h)) / (2 * h)
  print(("  %-8g %-11.2e %.2e"):format(h, math.abs(forward - e), math.abs(central - e)))
end

print "4. tangent_line (002): d t + y touches the curve at x"
local axis = gr.arange(0, 20, 0.1)
local curve = { title = "f(x) = 0.01x^2 + 0.1x", xlabel = "x", ylabel = "f(x)" }
run:plot("function", gr.plot.line(axis, function_1(axis), curve))
curve.legend = { "f(x)", "접선" }
for _, x in ipairs { 5, 10 } do
  local d = numerical_diff(function_1, x)
  local y, t = function_1(x) - d * x, x + 5
  run:plot("tangent at " .. x, gr.plot.line(axis, { function_1(axis), d * axis + y }, curve))
  print(("  at %-2d %.6f t %+.6f; at t = %d it has %.4g, the curve %.4g"):format(x, d, y, t, d * t + y, function_1(t)))
end

print "5. 도함수, 곱셈과 덧셈의 도함수 (001), at x = 2"
local function f(x) return x ^ 3 end -- f' = 3 x^2 = 12
local function g(x) return gr.exp(x) end -- g' = e^x
local e2 = math.exp(2)
local rules = {
  { "x^n: n x^(n-1)", f, 12 },
  { "e^x: e^x", g, e2 },
  { "(c f)' = c f'", function(x) return 5 * f(x) end, 5 * 12 },
  { "(f + c)' = f'", function(x) return f(x) + 5 end, 12 },
  { "(f + g)' = f' + g'", function(x) return f(x) + g(x) end, 12 + e2 },
  { "(f g)' = f' g + f g'", function(x) return f(x) * g(x) end, 12 * e2 + 8 * e2 },
  { "x^2 + 2 x + 1: 2 x + 2", function(x) return x ^ 2 + 2 * x + 1 end, 6 },
}
print(("  %-24s %-18s %-18s %s"):format("", "by the rule", "by differences", "by backward"))
for _, rule in ipairs(rules) do
  local name, of, slope = table.unpack(rule)
  print(("  %-24s %-18.15g %-18.15g %.15g"):format(name, slope, numerical_diff(of, 2), exact_slope(of, 2)))
end

print "6. 편미분 of x^2 + y^2 at (1, 3) (001)"
local function ndiff2(of, x, y)
  local h = 1e-5
  return { (of(x + h, y) - of(x - h, y)) / (2 * h), (of(x, y + h) - of(x, y - h)) / (2 * h) }
end

local function bowl(x) return x[1] ^ 2 + x[2] ^ 2 end
local partial = ndiff2(function(x, y) return x ^ 2 + y ^ 2 end, 1, 3)
print("  ndiff2 by hand", partial[1], partial[2])
print("  gr.numerical_gradient", gr.numerical_gradient(bowl, { 1, 3 }, 1e-5))
run:result { ["001.partial.ndiff2"] = partial }

print "7. 기울기: all partial derivatives of a vector (002), then of a matrix (001, np.nditer)"
local function numerical_gradient(of, x)
  local h, grad = 1e-4, gr.zeros(#x)
  for idx = 1, #x do
    local tmp_val = x[idx]
    x[idx] = tmp_val + h
    local fxh1 = of(x)
    x[idx] = tmp_val - h
    grad[idx] = (fxh1 - of(x)) / (2 * h)
    x[idx] = tmp_val
  end
  return grad
end

for _, point in ipairs { { 3, 4 }, { 0, 2 }, { 3, 0 } } do
  local by_hand, at = numerical_gradient(bowl, gr.tensor(point)), gr.param(point)
  bowl(at):backward()
  print(("  at (%d, %d) by hand (%s, %s), by backward %s"):format(point[1], point[2], by_hand[1], by_hand[2], at.grad))
  run:result { [("002.numgrad.%d_%d"):format(point[1], point[2])] = by_hand }
end

local x, W = gr.tensor { 1, 2 }, gr.param({ { 1, 0, -1 }, { 0.5, 2, 1 } }, "W")
local function squares(w) return (x:dot(w) ^ 2):sum() end
local w, nd_coef = W:detach(), gr.zeros(2, 3)
for row = 1, 2 do -- np.nditer: each row, and in it each column; w[row] is a part of w, so squares(w) sees the change
  nd_coef[row] = numerical_gradient(function() return squares(w) end, w[row])
end
squares(W):backward()
print("  sum of (x W)^2, by hand\n" .. tostring(nd_coef))
print("  gr.numerical_gradient\n" .. tostring(gr.numerical_gradient(squares, W)))
print("  backward\n" .. tostring(W.grad))
