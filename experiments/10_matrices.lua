-- Why does a network of linear layers come down to matrix products, and why does their order count?
-- Document 001: "행렬식의 이해" (the product, entry by entry), and the small network of three layers, X to L1 to L2 to Y, as
-- nine equations and as W3 W2 W1 x with both bracketings, and in the wrong order. (Where it prints np.dot(N3, W2), N3 is W3.)
-- Run:     gradus experiments/10_matrices.lua
-- Expect:  l1 = (-1, 0, -1), l2 = (-1, 1, -4), y = (-3, 0, -2) by equations and by either bracketing; the wrong order gives
--          (0, 0, 0). Whole numbers, so every figure is exact. Under a second.
local gr = require "gradus"
local run = gr.run { name = "matrices", seed = 0 }

-- The product of two matrices, entry by entry. ---------------------------------------------------

--- c[i][j] = row i of a times column j of b, as the document writes it: c1 = a1 b1 + a2 b3, and so on.
local function product(a, b)
  local c = {}
  for i = 1, #a do
    c[i] = {}
    for j = 1, #b[1] do
      local sum = 0
      for k = 1, #b do
        sum = sum + a[i][k] * b[k][j]
      end
      c[i][j] = sum
    end
  end
  return c
end

local A, B = { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } }
print "행렬곱: A B = C, entry by entry"
for i = 1, 2 do
  for j = 1, 2 do
    local figures = { i, j, A[i][1], B[1][j], A[i][2], B[2][j], product(A, B)[i][j] }
    print(("  c[%d][%d] = %d * %d + %d * %d = %d"):format(table.unpack(figures)))
  end
end
local a, b = gr.tensor(A), gr.tensor(B)
print("  by hand, equal to a:dot(b)", gr.tensor(product(A, B)) == a:dot(b))
print("  b:dot(a), the other order", b:dot(a):flatten(), "in place of", a:dot(b):flatten())
print("  a * b multiplies entry by entry", (a * b):flatten())

-- The network as nine equations. -----------------------------------------------------------------

local X = { 0, 0, 1 }

--- The document counts from 0 (X0, L10, Y0); Lua from 1.
local function network(x)
  local x0, x1, x2 = x[1], x[2], x[3]
  local l10, l11, l12 = 2 * x0 + 2 * x1 - x2, 2 * x0 + 2 * x1, -x1 - x2
  local l20, l21, l22 = 2 * l10 + 2 * l11 - l12, -l10, 2 * l10 - l11 + 2 * l12
  local y0, y1, y2 = 2 * l20 - l21, -l20 - l21, 2 * l20
  return { l10, l11, l12 }, { l20, l21, l22 }, { y0, y1, y2 }
end

local l1, l2, y = network(X)
print "\nthe network for X = (0, 0, 1), by its equations"
print("  L1", gr.tensor(l1))
print("  L2", gr.tensor(l2))
print("  Y", gr.tensor(y))

-- The same as matrices. A row of W holds what one unit takes from each unit of the layer before. ---

local W1 = gr.tensor { { 2, 2, -1 }, { 2, 2, 0 }, { 0, -1, -1 } }
local W2 = gr.tensor { { 2, 2, -1 }, { -1, 0, 0 }, { 2, -1, 2 } }
local W3 = gr.tensor { { 2, -1, 0 }, { -1, -1, 0 }, { 2, 0, 0 } }
local x = gr.tensor(X)

local from_the_right = W3:dot(W2:dot(W1:dot(x))) -- three products of a matrix and a vector: 27 multiplications
local together = W3:dot(W2):dot(W1) -- two of matrices, 54, and once done, 9 for each x
print "\nby matrices"
print("  W1 x", W1:dot(x), "equal to L1", W1:dot(x) == gr.tensor(l1))
print("  W2 (W1 x)", W2:dot(W1:dot(x)), "equal to L2", W2:dot(W1:dot(x)) == gr.tensor(l2))
print("  W3 (W2 (W1 x))", from_the_right, "equal to Y", from_the_right == gr.tensor(y))
print("  ((W3 W2) W1) x", together:dot(x), "the same", together:dot(x) == from_the_right)
print("  (W3 W2) W1: three linear layers are no more than this one")
print(together)
print("  x picks its last column:", together[":, 3"] == from_the_right)
print("  W1 (W2 (W3 x)), the wrong order", W1:dot(W2:dot(W3:dot(x))), "because (W1 W2) W3 is another matrix")
print(W1:dot(W2):dot(W3))

run:result {
  ["001.chain.l1"] = W1:dot(x),
  ["001.chain.l2"] = W2:dot(W1:dot(x)),
  ["001.chain.product"] = together,
  ["001.chain.y"] = from_the_right,
}
