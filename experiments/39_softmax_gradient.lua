-- Why does so long a derivation end in so short a gradient, dL/dz = -(y - a)?
-- Document 000, pages 080 to 085 (크로스 엔트로피 손실 함수, 엔트로피란?, 크로스 엔트로피 손실 함수 미분: three
-- classes, as with 자동차); pages 015 and 022 (손실 함수 미분값 차이). By formula, by differences, by backward.
-- Run:     gradus experiments/39_softmax_gradient.lua
-- Expect:  dL/dz = (-0.4130, 0.2609, 0.1522) for y = (1, 0, 0), a = (0.5870, 0.2609, 0.1522), each way to 1e-9; entropy
--          least at p = q, where it is 0.8018 and not the 0 of page 081. Under a second.
local gr = require "gradus"
local nn = gr.nn
local run = gr.run { name = "softmax gradient", seed = 0 }

local function show(label, ...) print(("  %-52s"):format(label), ...) end

local function far(a, b) return ("%.0e"):format((a - b):abs():max()) end

print "1. da/dz: row i holds the slopes of a_i by z_1, z_2, z_3"
local z = -(1 / gr.tensor { 0.9, 0.8, 0.7 } - 1):log() -- page 077's left picture; its first class is 자동차
local a = gr.softmax(z)

-- By hand: a_i (1 - a_i) on the diagonal, -a_i a_j beside it. Page 084 has both right in the end, but begins
-- da_2/dz_1 and da_3/dz_1 with e^z1 in the numerator, where e^z2 and e^z3 are meant.
local matrix, by_differences, by_backward = gr.zeros(3, 3), gr.zeros(3, 3), gr.zeros(3, 3)
for i = 1, 3 do
  for j = 1, 3 do
    matrix[{ i, j }] = i == j and a[i] * (1 - a[i]) or -a[i] * a[j]
  end
  local at = gr.param(z, "z")
  gr.softmax(at)[i]:backward()
  by_backward[i] = at.grad
  by_differences[i] = gr.numerical_gradient(function(v) return gr.softmax(v)[i] end, z)
end
show("z", z)
show("a = softmax(z)", a)
print(matrix)
show("off from it: central differences, backward", far(by_differences, matrix), far(by_backward, matrix))
show("a row sums to 0: the same added to all z is no change", matrix:sum(2):abs():max())

print "2. dL/da = -y / a for y = (1, 0, 0), and the product of the two"
local function cross_entropy(shares, target) return -(target * gr.log(shares)):sum() end

local y = gr.tensor { 1, 0, 0 }
local dl_da, shares = -y / a, gr.param(a, "a")
cross_entropy(shares, y):backward()
show("by hand", dl_da)
show("by backward", shares.grad)
local chained, short = dl_da:dot(matrix), -(y - a)
local scores = gr.param(z, "z")
nn.cross_entropy()(scores, y):backward()
show("dL/dz = dL/da times the matrix", chained)
show("-(y - a)", short)
show("nn.cross_entropy() and backward", scores.grad)
show("central differences", gr.numerical_gradient(function(v) return cross_entropy(gr.softmax(v), y) end, z))
local both = gr.tensor { 1, 1, 0 }
show("y = (1, 1, 0): the product, -(y - a), -(y - 2 a)", (-both / a):dot(matrix), -(both - a), -(both - 2 * a))
print "  The last step of page 085 puts 1 for y_1 + y_2 + y_3, as one-hot labels and all shares have it."
print "  a_i divides in one factor and multiplies in the other. Cancelled on paper it does no harm where it is 0:"
local wrong = gr.tensor { 0, 900, 0 }
local broken, whole = gr.param(wrong, "z"), gr.param(wrong, "z")
cross_entropy(gr.softmax(broken), y):backward()
nn.cross_entropy()(whole, y):backward()
show("z = (0, 900, 0): factor by factor, in one", broken.grad, whole.grad)
run:result { z = z, a = a, matrix = matrix, gradient = short, by_differences = by_differences }

print "3. Two classes (080): y2 = 1 - y1, a2 = 1 - a1 make it the logistic loss; z2 = 0 makes softmax the sigmoid"
for _, label in ipairs { 1, 0 } do
  local score, two = gr.tensor { 1.5 }, gr.tensor { { 1.5, 0 } }
  local p = 1 / (1 + math.exp(-1.5))
  local by_hand = -(label * math.log(p) + (1 - label) * math.log(1 - p))
  local logistic, of_two =
    nn.logistic()(score, gr.tensor { label }), nn.cross_entropy()(two, gr.tensor { { label, 1 - label } })
  show(("y = %d: by hand, nn.logistic(), nn.cross_entropy()"):format(label), by_hand, logistic:item(), of_two:item())
  run:result { ["two_classes." .. label] = { by_hand, logistic:item(), of_two:item() } }
end

print "4. 엔트로피 (081): H_p(q) = -sum of q log p, for q = (0.7, 0.2, 0.1)"
local q = gr.tensor { 0.7, 0.2, 0.1 }
for _, p in ipairs { { 0.1, 0.2, 0.7 }, { 0.4, 0.3, 0.3 }, { 0.6, 0.3, 0.1 }, { 0.7, 0.2, 0.1 }, { 0.8, 0.1, 0.1 } } do
  show(("p = (%.2f, %.2f, %.2f)"):format(table.unpack(p)), cross_entropy(gr.tensor(p), q))
end
local free, optimizer = gr.param(gr.zeros(3), "z"), gr.optim.sgd { lr = 1 }
optimizer:add { free }
for _ = 1, 300 do
  optimizer:zero_grad()
  nn.cross_entropy()(free, q):backward()
  optimizer:step()
end
show("descent by z, from even shares, ends at p", gr.softmax(free:detach()))
local sure = gr.tensor { 1, 0, 0 }
local nearer = { { 0.5, 0.3, 0.2 }, { 0.9, 0.06, 0.04 }, { 0.999, 0.0006, 0.0004 } }
for _, p in ipairs(nearer) do
  show(("q = (1, 0, 0), p1 = %.3f"):format(p[1]), cross_entropy(gr.tensor(p), sure))
end
print "  The least is q's own entropy; it is 0, as 081 says of all, only where q is certain, as labels are."
run:result { least = cross_entropy(q, q), found = gr.softmax(free:detach()) }

print "5. 손실 함수 미분값 차이 (022), for x = 2, y = 1, w = 0.3, b = -0.1"
local x, target, w, b = 2, 1, 0.3, -0.1
local function y_hat(p) return p[1] * x + p[2] end

local function sigmoid(p) return 1 / (1 + gr.exp(-y_hat(p))) end

local losses = {
  { "(y - y_hat)^2: -2 (y - y_hat) x (015)", function(p) return (target - y_hat(p)) ^ 2 end, -2 * (target - 0.5) },
  { "half of it: -(y - y_hat) x (022)", function(p) return (target - y_hat(p)) ^ 2 / 2 end, -(target - 0.5) },
  { "logistic: -(y - a) x (022)", function(p) return -gr.log(sigmoid(p)) end, -(target - sigmoid { w, b }) },
}
for _, row in ipairs(losses) do
  local name, loss, slope = table.unpack(row)
  local at = gr.param({ w, b }, "w and b")
  loss(at):backward()
  show(name .. "; by b", slope * x, slope)
  show("  by differences, by backward", gr.numerical_gradient(loss, { w, b }), at.grad)
end
print "  022 gives the slope of half of SE as that of SE; 015 has the 2, and leaves it out of the update."
