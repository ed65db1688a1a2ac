-- Linear algebra: values against NumPy 1.24 and SciPy 1.10, what decompositions must satisfy, and what is said of
-- matrices that have no answer.
local gr = require "gradus"
local harness = require "harness"
local linalg = gr.linalg

local case = harness.suite "linalg"
local same, close, check, raises = harness.same, harness.close, harness.check, harness.raises

--- LAPACK's kernels differ between processors in the order of their sums; the matrices here are small and well
--- conditioned.
local kernels = 1e-13

local b3 = gr.tensor { { 1, 2, 0.5 }, { 3, -1, 4 }, { 0, 2, 5 } }
local tall = gr.tensor { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 1, 4 } }
local positive = gr.tensor { { 4, 2, 0.6 }, { 2, 5, 1 }, { 0.6, 1, 3 } }

local function diagonal(v) return gr.eye(#v) * v end

--- What f writes to standard error.
local function said(f)
  local lines, plain = {}, io.stderr
  io.stderr = { write = function(_, text) lines[#lines + 1] = text end } -- luacheck: ignore 122
  local ok, message = pcall(f)
  io.stderr = plain -- luacheck: ignore 122
  check(ok, message)
  return table.concat(lines)
end

-- ---- Inverse, solution, determinant

case("an inverse differs from NumPy's", function()
  same(linalg.inv(gr.tensor { { 4, 7 }, { 2, 6 } }), { { 0.6, -0.7000000000000001 }, { -0.2, 0.4 } })
  close(linalg.inv(b3), {
    { 0.32499999999999996, 0.225, -0.21249999999999997 },
    { 0.375, -0.12499999999999997, 0.062499999999999986 },
    { -0.15, 0.049999999999999996, 0.175 },
  }, kernels)
  same(b3:inv(), linalg.inv(b3))
  same(linalg.inv { { 2, 0 }, { 0, 4 } }, { { 0.5, 0 }, { 0, 0.25 } })
  same(linalg.inv { { 4 } }, { { 0.25 } })
end)

case("a solution differs from NumPy's", function()
  close(linalg.solve(b3, { 1, 2, 3 }), { 0.13749999999999996, 0.3125, 0.475 }, kernels)
  close(
    linalg.solve(b3, gr.tensor { { 1, 0 }, { 2, 1 }, { 0, 3 } }),
    { { 0.775, -0.4125 }, { 0.125, 0.0625 }, { -0.05, 0.575 } },
    kernels
  )
  check(linalg.solve(b3, gr.zeros(3)).shape == { 3 })
  check(linalg.solve(b3, gr.zeros(3, 1)).shape == { 3, 1 })
end)

case("a determinant differs from NumPy's", function()
  same(linalg.det { { 1, 2 }, { 3, 4 } }, -2.0000000000000004)
  close(linalg.det(b3), -40, kernels)
  same(linalg.det { { 0, 1 }, { 1, 0 } }, -1)
  same(linalg.det { { 1, 2 }, { 2, 4 } }, 0)
  same(b3:det(), linalg.det(b3))
  local sign, logarithm = linalg.slogdet(b3)
  same(sign, -1)
  close(logarithm, 3.6888794541139367, kernels)
  sign, logarithm = linalg.slogdet { { 1, 2 }, { 2, 4 } }
  same({ sign, logarithm }, { 0, -math.huge })
end)

case("a large matrix is inverted or solved wrongly", function()
  local n = 120 -- above the size up to which matrices are turned for LAPACK
  local a = gr.random.new(1):normal(0, 1, n, n) + gr.eye(n) * 20
  local b = gr.random.new(2):normal(0, 1, n, 3)
  close(a:dot(linalg.inv(a)), gr.eye(n), 1e-13)
  close(a:dot(linalg.solve(a, b)), b, 1e-13)
  close(a:dot(linalg.solve(a, b[":, 1"])), b[":, 1"], 1e-13)
  local sign, logarithm = linalg.slogdet(a)
  local sign_t, logarithm_t = linalg.slogdet(a:T())
  same(sign, sign_t)
  close(logarithm, logarithm_t, 1e-13)
end)

case("a transposed matrix is taken for the matrix", function()
  close(linalg.inv(b3:T()), linalg.inv(b3):T():clone(), kernels)
  close(linalg.solve(b3:T(), { 1, 2, 3 }), linalg.inv(b3):T():dot(gr.tensor { 1, 2, 3 }), kernels)
end)

case("f32 is computed in another type, or far from f64", function()
  local a = b3:to "f32"
  same({ linalg.inv(a).dtype, linalg.solve(a, { 1, 2, 3 }).dtype }, { "f32", "f32" })
  close(linalg.inv(a):to "f64", linalg.inv(b3), 1e-6) -- f32 has seven digits
  close(linalg.det(a), -40, 1e-5)
end)

case("linear algebra changes its input, or records", function()
  local a = gr.tensor { { 4, 7 }, { 2, 6 } }
  local p = gr.param(a)
  check(not gr.no_grad(linalg.inv, p).wants_grad)
  for _, f in ipairs { "inv", "det", "lu", "qr", "svd", "eig", "pinv", "cond" } do
    linalg[f](a)
    same(a, { { 4, 7 }, { 2, 6 } }, f)
  end
end)

-- ---- Least squares, rank, condition, norm

case("least squares differ from NumPy's", function()
  close(linalg.lstsq(tall, { 6, 5, 7, 10 }), { 3.5, 1.4 }, kernels)
  -- Of all solutions the shortest, lstsq([[1, 2, 3], [4, 5, 6]], [1, 2])
  close(linalg.lstsq({ { 1, 2, 3 }, { 4, 5, 6 } }, { 1, 2 }), { -1 / 18, 1 / 9, 5 / 18 }, kernels)
  close(linalg.pinv { { 1, 2 }, { 2, 4 } }, { { 0.04, 0.08 }, { 0.08, 0.16 } }, kernels)
  close(linalg.pinv(tall):dot(tall), gr.eye(2), kernels)
end)

case("rank, condition or norm differ from NumPy's", function()
  same(linalg.rank { { 1, 2, 3 }, { 2, 4, 6 }, { 1, 0, 1 } }, 2)
  same({ linalg.rank(tall), linalg.rank(gr.zeros(2, 2)) }, { 2, 0 })
  close(linalg.cond(b3), 3.7285763179709375, kernels)
  check(linalg.cond { { 1, 2 }, { 2, 4 } } > 1e15)
  same(linalg.norm { 3, 4 }, 5)
  close(linalg.norm(b3), 7.762087348130012, kernels)
  close(linalg.norm { 3e200, 4e200 }, 5e200, { rel = 1e-15 })
  close(linalg.norm { 3e-200, 4e-200 }, 5e-200, { rel = 1e-15 })
end)

-- ---- Decompositions

case("p l u is not the matrix", function()
  local p, l, u = linalg.lu(b3)
  same(p, { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } })
  close(l, { { 1, 0, 0 }, { 1 / 3, 1, 0 }, { 0, 6 / 7, 1 } }, kernels)
  close(p:dot(l):dot(u), b3, kernels)
  local tall_p, tall_l, tall_u = linalg.lu(tall)
  check(tall_l.shape == { 4, 2 } and tall_u.shape == { 2, 2 })
  close(tall_p:dot(tall_l):dot(tall_u), tall, kernels)
end)

case("q r is not the matrix, or q not orthogonal", function()
  local q, r = linalg.qr(tall)
  close(r, { { -2, -5 }, { 0, -2.23606797749979 } }, kernels)
  close(q:dot(r), tall, kernels)
  close(q:T():dot(q), gr.eye(2), kernels)
end)

case(
  "a Cholesky factor differs from NumPy's",
  function() close(linalg.cholesky(positive), { { 2, 0, 0 }, { 1, 2, 0 }, { 0.3, 0.35, 1.6695807857064 } }, kernels) end
)

case("u s vt is not the matrix, or s not as NumPy's", function()
  local u, s, vt = linalg.svd { { 1, 2, 3 }, { 4, 5, 6 } }
  check(u.shape == { 2, 2 } and vt.shape == { 2, 3 })
  close(s, { 9.508032000695724, 0.7728696356734844 }, kernels)
  close(u:dot(diagonal(s)):dot(vt), { { 1, 2, 3 }, { 4, 5, 6 } }, kernels)
  close(vt:dot(vt:T()), gr.eye(2), kernels)
end)

case("eigenvalues of a symmetric matrix differ from NumPy's", function()
  local w, v = linalg.eigh(positive)
  close(w, { 2.3724689848089806, 2.7225082073229028, 6.905022807868116 }, kernels)
  close(positive:dot(v), v * w, kernels)
end)

case("eigenvalues differ from NumPy's", function()
  local w, v, none = linalg.eig { { 2, 0 }, { 1, 3 } }
  same(none, nil)
  close(w, { 3, 2 }, kernels)
  close(gr.tensor({ { 2, 0 }, { 1, 3 } }):dot(v), v * w, kernels)
end)

--- A quarter turn: eigenvalues i and -i, vectors (1, -i) and (1, i) over the root of 2.
case("complex eigenvalues lose their imaginary parts", function()
  local w, v, w_imaginary, v_imaginary = linalg.eig { { 0, -1 }, { 1, 0 } }
  close({ w:totable(), w_imaginary:totable() }, { { 0, 0 }, { 1, -1 } }, kernels)
  local root = math.sqrt(0.5)
  close(v, { { root, root }, { 0, 0 } }, kernels)
  close(v_imaginary, { { 0, 0 }, { -root, root } }, kernels)
end)

-- ---- What has no answer

case("a singular matrix is not refused by name and reason", function()
  local A = gr.tensor { { 1, 2, 0, 1 }, { 0, 1, 3, 2 }, { 5, 0, 1, 1 }, { 2, 5, 3, 4 } }
  raises("inv: A %(4 x 4%) is singular: row 4 = 2 row 1 %+ row 2; rank 3$", function() local _ = linalg.inv(A) end)
  raises("inv: A %(4 x 4%) is singular", function() local _ = A:inv() end)
  raises("solve: A %(4 x 4%) is singular", function() local _ = linalg.solve(A, { 1, 2, 3, 4 }) end)
  raises(
    "inv: A %(2 x 2%) is singular: row 2 is all zero; rank 1$",
    function() local _ = linalg.inv { { 1, 2 }, { 0, 0 } } end
  )
  local named = gr.ones(2, 2)
  named.name = "prices"
  raises("inv: prices %(2 x 2%) is singular: row 2 = row 1; rank 1$", function() local _ = linalg.inv(named) end)
  same(named.name, "prices")
end)

case("the script's name for a matrix stays with it", function()
  local A = gr.ones(2, 2)
  pcall(function() local _ = linalg.inv(A) end)
  same(A.name, nil)
end)

case("a matrix that is not square is not refused", function()
  local A = gr.zeros(2, 3)
  for _, name in ipairs { "inv", "det", "slogdet", "eig", "eigh", "cholesky" } do
    raises(name .. ": A %(2 x 3%) must be square", function() local _ = linalg[name](A) end)
  end
  raises("solve: A %(2 x 3%) must be square", function() local _ = linalg.solve(A, { 1, 2 }) end)
end)

case("what is no matrix is not refused", function()
  local v = gr.zeros(3)
  for _, name in ipairs { "inv", "lu", "qr", "svd", "rank", "cond", "pinv" } do
    raises(name .. ": v %(3%) must be a matrix", function() local _ = linalg[name](v) end)
  end
  raises("argument 1 must be a tensor or a number, got no value", function() local _ = linalg.det() end)
end)

case("NaN and infinity are computed with", function()
  local A = gr.tensor { { 1, 2 }, { 3, 0 / 0 } }
  for _, name in ipairs { "inv", "det", "lu", "qr", "svd", "eig", "rank", "cond", "pinv", "norm" } do
    raises(name .. ": A %(2 x 2%) has nan at row 2, column 2", function() local _ = linalg[name](A) end)
  end
  local b = gr.tensor { 1, -math.huge }
  raises("solve: b %(2%) has %-inf at position 2", function() local _ = linalg.solve(gr.eye(2), b) end)
end)

case("a right side that does not fit is not refused", function()
  local A, b = gr.eye(3), gr.zeros(2)
  raises(
    "solve: A %(3 x 3%) and b %(2%): the right side must have as many rows as the matrix %(3%)",
    function() local _ = linalg.solve(A, b) end
  )
  raises(
    "lstsq: tall %(4 x 2%) and b %(2%): the right side must have as many rows as the matrix %(4%)",
    function() local _ = linalg.lstsq(tall, b) end
  )
  raises("solve: A %(3 x 3%) is f64 but .* %(3%) is f32", function() local _ = linalg.solve(A, gr.zeros(3, "f32")) end)
end)

case("a matrix that is not symmetric or not positive is factored", function()
  local A = gr.tensor { { 1, 2 }, { 3, 4 } }
  raises(
    "cholesky: A %(2 x 2%) is not symmetric: row 1, column 2 is 2, but row 2, column 1 is 3",
    function() local _ = linalg.cholesky(A) end
  )
  raises("eigh: A %(2 x 2%) is not symmetric", function() local _ = linalg.eigh(A) end)
  raises(
    "cholesky: .* is not positive definite: its leading minor of order 2 is not positive",
    function() local _ = linalg.cholesky { { 1, 2 }, { 2, 1 } } end
  )
end)

-- ---- Nearly singular

case("a nearly singular matrix is inverted without warning, or warned of each time", function()
  local A = gr.tensor { { 1, 1 }, { 1, 1 + 2 ^ -52 } }
  local text = said(function()
    for _ = 1, 3 do
      linalg.inv(A)
    end
  end)
  local here = debug.getinfo(1, "Sl")
  local warning = "%s:%d: warning: inv: A (2 x 2) is nearly singular: rcond 5.6e-17, about 0 digits left to trust\n"
  same(text, warning:format(here.short_src, here.currentline - 3))
  text = said(function() linalg.solve(A, { 1, 2 }) end)
  check(
    text:find "warning: solve: A %(2 x 2%) is nearly singular: rcond 5.6e%-17, about 0 digits left to trust\n$",
    text
  )
end)

case("a matrix that can be trusted is warned of", function()
  same(
    said(function()
      linalg.inv(b3)
      linalg.solve(b3, { 1, 2, 3 })
      linalg.inv { { 1, 1 }, { 1, 1 + 1e-14 } }
      linalg.inv { { 1e-200, 0 }, { 0, 1e-200 } }
    end),
    ""
  )
end)
