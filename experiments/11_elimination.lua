-- How does elimination find the prices, and when can it, or the computer's answer, not be trusted?
-- Document 001: "행렬의 계산과 선형대수", the puzzles of two and of four fruit (연습문제 8-1), solved there by inv(A) b. Here by
-- Gauss and Jordan in exact fractions (gr.lab), each step shown, beside LAPACK (gr.linalg); then receipts that name no price,
-- and receipts that name them badly. 01_fruit_prices is the short form.
-- Run:     gradus experiments/11_elimination.lua
-- Expect:  500, 600; then 500, 550, 700, 600 won, exactly, with determinants 1 and -8. Under a second.
local gr = require "gradus"
local run = gr.run { name = "elimination", seed = 0 }

--- As the document does it, inv(A) b; by gr.linalg.solve; and exactly, with all steps printed.
local function puzzle(title, fruits, A, b)
  print("==== " .. title .. "\n")
  local inverse = gr.lab.inverse(A)
  local solution = gr.lab.solve(A, b)
  local by_inverse, by_solve = gr.linalg.inv(A):dot(b), gr.linalg.solve(A, b)
  local line = "%-10s %-10s %-20s %s"
  print(line:format("exactly", "price of", "by inv(A) b", "by solve(A, b)"))
  for i, fruit in ipairs(fruits) do
    print(line:format(solution.exact[i], fruit.name, by_inverse[i], by_solve[i]) .. "  " .. fruit.korean)
  end
  print(
    "exact inverse equal to LAPACK's",
    inverse.inverse == gr.linalg.inv(A),
    "largest difference",
    inverse.difference
  )
  print()
  return by_inverse, gr.linalg.inv(A), gr.linalg.det(A)
end

-- The document's puzzles. ------------------------------------------------------------------------

local prices, inverse = puzzle(
  "귤 하나, 사과 하나: 1,100원. 귤 둘, 사과 셋: 2,800원.",
  { { name = "mandarin", korean = "귤" }, { name = "apple", korean = "사과" } },
  gr.tensor { { 1, 1 }, { 2, 3 } },
  gr.tensor { 1100, 2800 }
)
run:result { ["001.fruit2.prices"] = prices, ["001.fruit2.inverse"] = inverse }

-- One receipt a row: how many 포도, 귤, 사과, 배. The third names no grapes.
local det
prices, inverse, det = puzzle("포도, 귤, 사과, 배: four receipts, 2,350, 10,600, 2,450 and 6,800원.", {
  { name = "grape", korean = "포도" },
  { name = "mandarin", korean = "귤" },
  { name = "apple", korean = "사과" },
  { name = "pear", korean = "배" },
}, gr.tensor { { 1, 1, 1, 1 }, { 5, 2, 4, 7 }, { 0, 1, 1, 2 }, { 5, 2, 2, 3 } }, gr.tensor { 2350, 10600, 2450, 6800 })
run:result { ["001.fruit4.prices"] = prices, ["001.fruit4.inverse"] = inverse, ["001.fruit4.det"] = det }

-- Receipts that name no price. -------------------------------------------------------------------

print "==== 귤 하나, 사과 하나; then two of each. The second receipt says nothing that the first did not.\n"
local twice = gr.tensor { { 1, 1 }, { 2, 2 } }
gr.lab.solve(twice, { 1100, 2200 }) -- any price of an apple will do
gr.lab.solve(twice, { 1100, 2300 }) -- the shop was wrong once
print("gr.linalg.inv raises:", select(2, pcall(gr.linalg.inv, twice)))

-- Receipts that name prices badly. ---------------------------------------------------------------

-- The second basket has a millionth of a millionth more of apples. The exact answer is 500 and 600; LAPACK's is 500.014 and
-- 599.986, though its residual is 0: neither 1.000000000001 nor 1100.0000000006 fits into 53 bits, and the matrix magnifies
-- what is lost before LAPACK begins.
print "\n==== Two baskets that are all but the same.\n"
local almost = gr.tensor { { 1, 1 }, { 1, 1.000000000001 } }
local careful = gr.lab.solve(almost, { 1100, 1100.0000000006 })
local careless = gr.lab.solve(almost, { 1100, 1100.0000000007 }, { quiet = true })
print("last digit of the second receipt 6 or 7: exactly", careful.exact[2], careless.exact[2], "won for an apple")
print("so even without any rounding the price stands or falls with the fourteenth digit of a receipt")
