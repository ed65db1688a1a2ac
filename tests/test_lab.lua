-- Work shown in exact fractions: what comes out is multiplied back without rounding; what is printed is compared as text.
local gr = require "gradus"
local harness = require "harness"
local lab = gr.lab

local case = harness.suite "lab"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

local quiet = { quiet = true }
local fruit = gr.tensor { { 1, 1, 1, 1 }, { 5, 2, 4, 7 }, { 0, 1, 1, 2 }, { 5, 2, 2, 3 } }

--- Fractions, and numbers as such, as texts, in lists of lists.
local function texts(value)
  if type(value) == "number" then value = lab.fraction(value) end
  if type(value) ~= "table" then return tostring(value) end
  local list = {}
  for i, entry in ipairs(value) do
    list[i] = texts(entry)
  end
  return list
end

--- A matrix of anything that is a number times one of fractions, exactly.
local function product(A, B)
  local C = {}
  for i, row in ipairs(A) do
    C[i] = {}
    for j = 1, #B[1] do
      local sum = lab.fraction(0)
      for k, entry in ipairs(row) do
        sum = sum + lab.fraction(entry) * B[k][j]
      end
      C[i][j] = sum
    end
  end
  return C
end

local function check_inverse(A, place)
  local r = lab.inverse(A, quiet)
  check(not r.singular, place)
  local rows = type(A) == "table" and A or A:totable()
  same(texts(product(rows, r.exact)), texts(gr.eye(#rows):totable()), place)
  return r
end

--- What f prints, without the ends of lines.
local function printed(f)
  local lines, plain = {}, print
  print = function(text) lines[#lines + 1] = text end -- luacheck: ignore 121
  local ok, message = pcall(f)
  print = plain -- luacheck: ignore 121
  check(ok, message)
  return table.concat(lines, "\n")
end

-- ---- Fractions

case("a fraction is computed, compared or written wrongly", function()
  local third, tenth = lab.fraction "1/3", lab.fraction(0.1)
  same(texts { third + tenth, third - 1, 2 * third, third / tenth, -third }, { "13/30", "-2/3", "2/3", "10/3", "-1/3" })
  same(texts { lab.fraction(-3), lab.fraction "2.50", lab.fraction(1e22), lab.fraction(math.mininteger) }, {
    "-3",
    "5/2",
    "10000000000000000000000",
    "-9223372036854775808",
  })
  check(third < 0.5 and third <= third and tenth > "1/11" and third == lab.fraction "2/6" and third ~= tenth)
  same({ third:item(), tenth:item() }, { 1 / 3, 0.1 })
  local sum = lab.fraction(0)
  for _ = 1, 100 do
    sum = sum + 0.1
  end
  same(tostring(sum), "10")
end)

case("what is no fraction is taken for one", function()
  raises("lab.fraction: 'x' is no number: numbers are written 12, ", function() local _ = lab.fraction "x" end)
  raises("lab.fraction: 1/0 divides by zero", function() local _ = lab.fraction "1/0" end)
  raises("lab.fraction: inf is no fraction", function() local _ = lab.fraction(math.huge) end)
  raises("lab.fraction: 1e%+200 is too long", function() local _ = lab.fraction(1e200) end)
  raises("division by zero", function() local _ = lab.fraction(1) / 0 end)
  raises("fraction: .* is needed, got table", function() local _ = lab.fraction(1) + {} end)
  raises("more than 65536 bits", function()
    local a = lab.fraction(3)
    for _ = 1, 50 do
      a = a * a
    end
  end)
  local a = lab.fraction(3)
  getmetatable(a).__gc(a)
  raises("already collected", function() local _ = a + 1 end)
end)

-- ---- The course's puzzles

case("the puzzle of two fruit comes out otherwise", function()
  local A = gr.tensor { { 1, 1 }, { 2, 3 } }
  local r = lab.inverse(A, quiet)
  same(texts(r.exact), { { "3", "-1" }, { "-2", "1" } })
  same(r.inverse, { { 3, -1 }, { -2, 1 } })
  same(texts { r.steps[1].text, r.steps[2].text, #r.steps }, {
    "row 2 <- row 2 - 2 row 1",
    "row 1 <- row 1 - row 2",
    "2",
  })
  local s = lab.solve(A, { 1100, 2800 }, quiet)
  same(texts(s.exact), { "500", "600" })
  same({ s.x, s.solutions, s.rank }, { { 500, 600 }, 1, 2 })
end)

case("the puzzle of four fruit comes out otherwise", function()
  local r = lab.inverse(fruit, quiet)
  same(texts(r.exact), {
    { "-1/4", "0", "-1/4", "1/4" },
    { "0", "-1/2", "1", "1/2" },
    { "5/2", "1/2", "-3/2", "-1" },
    { "-5/4", "0", "3/4", "1/4" },
  })
  same(tostring(r.det_exact), "-8")
  close(r.det, -8, 1e-13)
  close(r.lapack, r.inverse, 1e-13)
  close(r.rcond, 0.019230769230769235, 1e-14)
  check(r.difference < 1e-13 and r.residual < 1e-13)
  same(texts(lab.solve(fruit, gr.tensor { 2350, 10600, 2450, 6800 }, quiet).exact), { "500", "550", "700", "600" })
end)

-- ---- Exactness

case("an inverse of whole numbers is not exact", function()
  local random = gr.random.new(1)
  for n = 1, 8 do
    for try = 1, 4 do
      check_inverse(random:randint(-9, 10, n, n) + 20 * gr.eye(n), ("%d x %d, %d"):format(n, n, try))
    end
  end
end)

case("numbers of nine digits overflow", function()
  local random = gr.random.new(2)
  local r = check_inverse(random:randint(-999999999, 1000000000, 8, 8))
  check(#tostring(r.det_exact) > 60)
  close(r.lapack, r.inverse, { rel = 1e-9 })
end)

case("thirds or short decimals are rounded", function()
  local hilbert = {}
  for i = 1, 8 do
    hilbert[i] = {}
    for j = 1, 8 do
      hilbert[i][j] = ("1/%d"):format(i + j - 1)
    end
  end
  local r = check_inverse(hilbert)
  same(tostring(r.exact[8][8]), "176679360")
  check(r.rcond < 1e-9 and r.difference > 1)
  check(tostring(r):find("A is nearly singular: it magnifies errors", 1, true))
  r = check_inverse { { 0.1, 0.2 }, { 0.3, 0.7 } }
  same(texts(r.exact), { { "70", "-20" }, { "-30", "10" } })
  same(tostring(lab.inverse(gr.tensor({ { 0.1 } }, "f32"), quiet).exact[1][1]), "10")
end)

case("a solution for several right sides is not that of each", function()
  local b = gr.tensor { { 1, 0 }, { 2, 1 }, { 0, 3 }, { 1, 1 } }
  local r = lab.solve(fruit, b, quiet)
  same(texts(product(fruit:totable(), r.exact)), texts { { 1, 0 }, { 2, 1 }, { 0, 3 }, { 1, 1 } })
  check(r.x.shape == { 4, 2 } and r.lapack.shape == { 4, 2 })
  local one = lab.solve(fruit, b[":, 2"], quiet)
  same(one.x, r.x[":, 2"])
end)

case("answers have another type than the matrix", function()
  local r = lab.solve(fruit:to "f32", gr.tensor({ 1, 2, 3, 4 }, "f32"), quiet)
  same({ r.x.dtype, r.lapack.dtype }, { "f32", "f32" })
  check(tostring(r):find "digits of 7 can be trusted")
end)

case("a matrix that collects gradients is refused or changed", function()
  local p = gr.param(fruit:clone(), "p")
  same(texts(lab.inverse(p, quiet).exact), texts(lab.inverse(fruit, quiet).exact))
  same(p:detach(), fruit)
end)

-- ---- What is shown

case("a page is printed otherwise, or in spite of quiet", function()
  local A = { { 0, 0.5 }, { -2, 1 } }
  local r
  same(printed(function() r = lab.inverse(A, quiet) end), "")
  same(tostring(r), printed(function() lab.inverse(A) end))
  local page = [=[
The inverse of A: what turns A into I turns I into the inverse.
Pivots are the first entries that are not 0: fractions need no search for the largest, as rounded numbers do.

[A | I]
   0  1/2  |  1  0
  -2    1  |  0  1

step 1
  -2    1  |  0  1    swap rows 1 and 2
   0  1/2  |  1  0

step 2
  1  -1/2  |  0  -1/2    row 1 <- row 1 / -2
  0   1/2  |  1     0

step 3
  1  -1/2  |  0  -1/2
  0     1  |  2     0    row 2 <- 2 row 2

step 4
  1  0  |  1  -1/2    row 1 <- row 1 + 1/2 row 2
  0  1  |  2     0

The inverse of A, exactly:
  1  -1/2
  2     0
as numbers:
  [[ 1.  -0.5]
   [ 2.   0. ]]
by LAPACK, gr.linalg.inv:
  [[ 1.  -0.5]
   [ 2.   0. ]]

largest difference     0
residual of LAPACK     0, the largest |A X - I|
determinant            1 exactly, 1.0 by LAPACK
rcond                  0.167: about 15 digits of 16 can be trusted
]=]
  same(tostring(r), page)
end)

case("the page of a solution lacks its unknowns or names", function()
  local bill = gr.tensor { 1100, 2800 }
  local page = tostring(lab.solve({ { 1, 1 }, { 2, 3 } }, bill, quiet))
  check(page:find("[A | bill]", 1, true) and page:find("x2      600        600.0      600.0", 1, true), page)
end)

case("a third written as a Lua number is not hinted at", function()
  local page = tostring(lab.inverse({ { 1 / 3, 1 }, { 1, 2 } }, quiet))
  check(page:find("Row 1, column 1 of A is taken for 3333333333333333/10000000000000000", 1, true), page)
  check(not tostring(lab.inverse({ { 0.333, 1 }, { 1, 2 } }, quiet)):find "is taken for")
end)

-- ---- Singular matrices

local S = gr.tensor { { 1, 2, 3 }, { 4, 5, 6 }, { 6, 9, 12 } }

case("a singular matrix is inverted, or not explained", function()
  local r = lab.inverse(S, quiet)
  check(r.singular and not r.exact and not r.inverse and not r.lapack and not r.difference)
  same({ r.rank, r.dependence, tostring(r.det_exact) }, { 2, { "row 3 = 2 row 1 + row 2" }, "0" })
  check(r.refused:find "^S %(3 x 3%) is singular: row 3 = 2 row 1 %+ row 2; rank 2$", r.refused)
  check(tostring(r):find "S is singular: row 3 = 2 row 1 %+ row 2%. Its rank is 2 of 3%.\nS has no inverse")
end)

case("dependent rows are named wrongly", function()
  local function dependence(A) return lab.inverse(A, quiet).dependence end
  same(dependence { { 0, 0 }, { 1, 2 } }, { "row 1 is all zero" })
  same(dependence { { 1, 2 }, { 1, 2 } }, { "row 2 = row 1" })
  same(dependence { { 1, 2 }, { -0.5, -1 } }, { "row 2 = -1/2 row 1" })
  same(dependence { { 1, 1, 1 }, { 2, 2, 2 }, { 3, 3, 3 } }, { "row 2 = 2 row 1", "row 3 = 3 row 1" })
  same(dependence { { 0, 0, 1 }, { 0, 1, 0 }, { 0, 2, -3 } }, { "row 3 = -3 row 1 + 2 row 2" })
end)

case("a system without solution gets one", function()
  local r = lab.solve(S, { 1, 2, 5 }, quiet)
  check(r.singular and r.solutions == 0 and not r.exact and not r.x and not r.particular)
  check(tostring(r):find "There is no solution: row 3 reads 0 = 1, whatever x is%.")
  r = lab.solve(S, { { 1, 1 }, { 2, 2 }, { 4, 5 } }, quiet)
  check(tostring(r):find "There is no solution: row 3 reads 0 = 1 %(column 2%), whatever x is%.")
end)

case("of infinitely many solutions some are none", function()
  local r = lab.solve(S, { 1, 2, 4 }, quiet)
  same({ r.solutions, texts(r.particular), texts(r.null_space) }, {
    math.huge,
    { "-1/3", "2/3", "0" },
    { { "1", "-2", "1" } },
  })
  local A = { { 0, 1, 2, 3 }, { 0, 2, 4, 7 }, { 0, 0, 0, 1 }, { 0, 1, 2, 4 } }
  r = lab.solve(A, { { 1 }, { 3 }, { 1 }, { 2 } }, quiet)
  same({ r.rank, #r.null_space }, { 2, 2 })
  same(texts(product(A, r.particular)), { { "1" }, { "3" }, { "1" }, { "2" } })
  for _, v in ipairs(r.null_space) do
    same(texts(product(A, { { v[1] }, { v[2] }, { v[3] }, { v[4] } })), { { "0" }, { "0" }, { "0" }, { "0" } })
  end
end)

case("LAPACK's answer for a matrix that only rounding makes regular is believed", function()
  local r = lab.inverse({ { "1/3", "2/3", "1/7" }, { "1/9", "5/7", "2/3" }, { "4/9", "29/21", "17/21" } }, quiet)
  check(r.singular and not r.difference)
  same(r.dependence, { "row 3 = row 1 + row 2" })
  check(r.refused or r.rcond < 1e-15 and tostring(r):find "answers all the same")
end)

-- ---- Refusals

case("what cannot be shown is not refused in words", function()
  raises("lab.inverse: A is 2 x 3: the matrix must be square", function() lab.inverse(gr.zeros(2, 3)) end)
  local hint = "lab.inverse: A is 9 x 9: steps are shown up to 8 x 8; gr.linalg takes larger ones"
  raises(hint, function() lab.inverse(gr.eye(9)) end)
  raises("lab.inverse: A must be a square matrix, .* got a tensor %(2%)", function() lab.inverse(gr.zeros(2)) end)
  raises("lab.inverse: A must be a square matrix, .* got nil", function() lab.inverse() end)
  raises("row 2 of A has 1 entries, row 1 has 2", function() lab.inverse { { 1, 2 }, { 3 } } end)
  raises("row 1 of A is empty", function() lab.inverse { {} } end)
  raises("row 2 of A is 3, not a row of numbers", function() lab.inverse { { 1, 2 }, 3 } end)
  raises("row 1, column 2 of A: nan is no fraction", function() lab.inverse { { 1, 0 / 0 }, { 1, 2 } } end)
  raises("row 2, column 1 of A: 'x' is no number", function() lab.inverse { { 1, 2 }, { "x", 2 } } end)
  raises("lab.solve: b has 3 rows, but the matrix has 2", function() lab.solve(gr.eye(2), { 1, 2, 3 }) end)
  raises("lab.solve: b must be a vector or a matrix, got 3", function() lab.solve(gr.eye(2), 3) end)
  raises("lab.solve: b has 9 columns: up to 8 are shown", function() lab.solve(gr.eye(2), gr.zeros(2, 9)) end)
  raises("row 1, column 1 of b: nan is no fraction", function() lab.solve(gr.eye(2), { 0 / 0, 1 }) end)
  raises(
    "lab.inverse: unknown option 'quite' %(did you mean 'quiet'",
    function() lab.inverse(fruit, { quite = true }) end
  )
  raises("lab.solve: quiet must be one of true, false, got 1", function() lab.solve(fruit, { 1 }, { quiet = 1 }) end)
  raises("gr.lab has no 'invers' %(did you mean 'inverse'", function() local _ = gr.lab.invers end)
end)
