--- entries_random: annotations of what is written in C: random numbers and linear algebra. There is no code here: docs.lua reads
--- these blocks.

--- A generator of random numbers, as gr.random.new and gr.random.python give it, with the methods that gr.random has as functions.
--- Example:
---   local g = random.new(7)
---   print(g:rand(2), g:choice(10, 3))
---@class gradus.Generator
---@source bindings/random.c

--- Numbers spread evenly from 0 to below 1; without sizes one number.
--- Example:
---   random.seed(0)
---   print(random.rand(2, 3))
---@entry random.rand(m, n, ...)
---@param ... integer   sizes
---@return gradus.Tensor

--- Numbers spread evenly from 0 to below 1; without sizes one number.
--- Example:
---   random.seed(0)
---   print(random.random(), random.random(3))
---@entry random.random(m, n, ...)
---@param ... integer   sizes
---@return gradus.Tensor

--- Standard normal numbers; without sizes one number.
--- Example:
---   random.seed(0)
---   print(random.randn(3))
---@entry random.randn(m, n, ...)
---@param ... integer   sizes
---@return gradus.Tensor

--- Normal numbers; without sizes one number.
--- Example:
---   random.seed(0)
---   print(random.normal(0, 0.01, 2, 2))
---@entry random.normal([mean, std, m, n, ...])
---@param mean? number   0 unless given
---@param std? number    standard deviation, 1 unless given
---@param ... integer    sizes
---@return gradus.Tensor

--- Numbers spread evenly from lo to below hi; without sizes one number.
--- Example:
---   random.seed(0)
---   print(random.uniform(-1, 1, 3))
---@entry random.uniform([lo, hi, m, n, ...])
---@param lo? number    0 unless given
---@param hi? number    1 unless given
---@param ... integer   sizes
---@return gradus.Tensor

--- Whole numbers from lo to hi - 1, as in NumPy; without sizes one number.
--- Example:
---   random.seed(0)
---   print(random.randint(0, 10, 5))
---@entry random.randint(lo, hi, m, n, ...)
---@param lo integer
---@param hi integer     not drawn
---@param ... integer    sizes
---@return gradus.Tensor

--- The positions 1..n in random order, or the rows of a tensor so. Positions are NumPy's plus 1.
--- Example:
---   random.seed(0)
---   print(random.permutation(5), random.permutation(gr.tensor { 10, 20, 30 }))
---@entry random.permutation
---@param n any   a count, or a tensor
---@return gradus.Tensor

--- Puts a vector, the rows of a tensor, or a list into random order, in place.
--- Example:
---   random.seed(0)
---   print(random.shuffle(gr.arange(5)), table.concat(random.shuffle { "a", "b", "c" }, " "))
---@entry random.shuffle
---@param t any
---@return any   the same

--- Draws k of the positions 1..n, or of the rows of a tensor; without k, one.
--- Options: replace (true): a position may be drawn again; p: the chances of the positions, which sum to 1.
--- Example:
---   random.seed(0)
---   print(random.choice(10, 3), random.choice(10, 3, { replace = false }))
---   print(random.choice(gr.tensor { 10, 20 }, 4, { p = { 0.9, 0.1 } }))
---@entry random.choice(n [, k [, options]])
---@param n any          a count, or a tensor or list to draw rows of
---@param k? integer
---@param given? { replace?: boolean, p?: any }
---@return any

--- Where the generator stands, as a string for set_state.
--- Example:
---   local before = random.state()
---   local a = random.rand(2)
---   random.set_state(before)
---   print(a == random.rand(2))
---@entry random.state()
---@see random.set_state
---@return string

--- Goes on from where state() was called.
--- Raises for what is no state of such a generator.
--- Example:
---   local before = random.state()
---   random.rand(100)
---   random.set_state(before)
---@entry random.set_state
---@see random.state
---@param state string

--- Determinant of a square matrix; 0 where it is singular.
--- Example:
---   print(linalg.det { { 2, 1 }, { 1, 3 } })
---@entry linalg.det
---@source bindings/linalg.c
---@param A any   (n, n)
---@return number

--- Sign and natural logarithm of the absolute determinant, where the determinant itself would overflow.
--- Example:
---   print(linalg.slogdet(gr.eye(400) * 10))
---@entry linalg.slogdet
---@param A any     (n, n)
---@return number   -1, 0 or 1
---@return number

--- The x of least squares |A x - b|; of several the shortest. A may have any shape.
--- Example:
---   local x, y = gr.tensor { { 0, 1 }, { 1, 1 }, { 2, 1 } }, gr.tensor { 1, 3, 5 }
---   print(linalg.lstsq(x, y)) -- slope and intercept
---@entry linalg.lstsq
---@param A any   (m, n)
---@param b any   (m) or (m, k)
---@return gradus.Tensor   (n) or (n, k)

--- Pseudo-inverse (Moore & Penrose), by SVD; singular values below 1e-15 times the largest count as 0, as in NumPy.
--- Example:
---   print(linalg.pinv { { 1, 0 }, { 0, 2 }, { 0, 0 } })
---@entry linalg.pinv
---@param A any   (m, n)
---@return gradus.Tensor   (n, m)

--- How many rows do not depend on others: singular values above max(m, n) eps times the largest.
--- Example:
---   print(linalg.rank { { 1, 2 }, { 2, 4 } })
---@entry linalg.rank
---@param A any   (m, n)
---@return integer

--- Condition number by the 2-norm: the largest singular value over the smallest; infinity when singular.
--- Example:
---   print(linalg.cond { { 1, 0 }, { 0, 0.001 } })
---@entry linalg.cond
---@param A any   (m, n)
---@return number

--- Root of the sum of squares, of any shape.
--- Example:
---   print(linalg.norm { 3, 4 })
---@entry linalg.norm
---@param A any
---@return number

--- A = p l u: a permutation matrix, a lower triangle with ones on its diagonal, an upper triangle.
--- Example:
---   local p, l, u = linalg.lu { { 1, 2 }, { 3, 4 } }
---   print(p:dot(l):dot(u))
---@entry linalg.lu
---@param A any   (m, n)
---@return gradus.Tensor   p
---@return gradus.Tensor   l
---@return gradus.Tensor   u

--- A = q r, reduced: columns at right angles, and an upper triangle.
--- Example:
---   local q, r = linalg.qr { { 1, 2 }, { 3, 4 } }
---   print(r, q:T():dot(q))
---@entry linalg.qr
---@param A any   (m, n)
---@return gradus.Tensor   q
---@return gradus.Tensor   r

--- The lower triangle l with A = l times l transposed.
--- Raises when A is not symmetric or not positive definite.
--- Example:
---   print(linalg.cholesky { { 4, 2 }, { 2, 3 } })
---@entry linalg.cholesky
---@param A any   (n, n)
---@return gradus.Tensor

--- Singular values: A = u diag(s) vt, reduced; s descending.
--- Example:
---   local u, s, vt = linalg.svd { { 3, 0 }, { 0, 2 } }
---   print(s, (u * s):dot(vt))
---@entry linalg.svd
---@param A any   (m, n)
---@return gradus.Tensor   u
---@return gradus.Tensor   s
---@return gradus.Tensor   vt

--- Eigenvalues w, ascending, and eigenvectors (columns of v) of a symmetric matrix.
--- Example:
---   local w, v = linalg.eigh { { 2, 1 }, { 1, 2 } }
---   print(w, v)
---@entry linalg.eigh
---@param A any   (n, n)
---@return gradus.Tensor   w
---@return gradus.Tensor   v

--- A fraction of whole numbers of any length, as gr.lab.fraction gives it: + - * / and comparisons lose nothing.
--- Example:
---   local third = lab.fraction "1/3"
---   print(third + third, third < lab.fraction(0.5))
---@class gradus.Fraction
---@source bindings/exact.c

--- The nearest number.
--- Example:
---   print(lab.fraction("1/3"):item())
---@entry fraction:item()
---@return number
