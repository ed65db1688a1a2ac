/* op_matmul.h: products of matrices and vectors through BLAS, for either type of number. */

/* c(m,n) = or += op(a)(m,k) op(b)(k,n), rows contiguous. Products with a vector go to gemv, as
** NumPy sends them: it reads the matrix once.                                               */
static void R(multiply)(product_sizes s, bool ta, bool tb, const real *a, const real *b, real *c, bool add) {
  int m = (int)s.m, k = (int)s.k, n = (int)s.n;
  real beta = add ? 1 : 0;
  if (m == 1 && n == 1) {
    *c = (add ? *c : 0) + BLAS(dot)(k, a, 1, b, 1);
  } else if (n == 1) {
    BLAS(gemv)(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, ta ? k : m, ta ? m : k, 1, a, ta ? m : k, b, 1, beta, c, 1);
  } else if (m == 1) {
    BLAS(gemv)(CblasRowMajor, tb ? CblasNoTrans : CblasTrans, tb ? n : k, tb ? k : n, 1, b, tb ? k : n, a, 1, beta, c, 1);
  } else {
    BLAS(gemm)(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1, a, ta ? m : k, b,
               tb ? k : n, beta, c, n);
  }
}

static void R(dot_fw)(gr_tensor *t) {
  R(multiply)(sizes_of_product(t), t->attr.ta, t->attr.tb, t->in[0]->x, t->in[1]->x, t->x, false);
}

/* da += dy op(b)^T, or its transpose op(b) dy^T where a entered transposed; db likewise. */
static void R(dot_bw)(gr_tensor *t) {
  product_sizes s = sizes_of_product(t);
  bool ta = t->attr.ta, tb = t->attr.tb;
  const real *a = t->in[0]->x, *b = t->in[1]->x, *dy = t->g;
  real *da = t->in[0]->g, *db = t->in[1]->g;
  if (da && !ta) R(multiply)((product_sizes){ s.m, s.n, s.k }, false, !tb, dy, b, da, true);
  if (da && ta) R(multiply)((product_sizes){ s.k, s.n, s.m }, tb, true, b, dy, da, true);
  if (db && !tb) R(multiply)((product_sizes){ s.k, s.m, s.n }, !ta, false, a, dy, db, true);
  if (db && tb) R(multiply)((product_sizes){ s.n, s.m, s.k }, true, ta, dy, a, db, true);
}

static void R(affine_fw)(gr_tensor *t) {
  product_sizes s = sizes_of_product(t);
  const real *b = t->in[2]->x;
  real *y = t->x;
  R(multiply)(s, false, false, t->in[0]->x, t->in[1]->x, y, false);
  for (size_t i = 0; i < s.m; i++, y += s.n)
    for (size_t j = 0; j < s.n; j++) y[j] += b[j];
}

static void R(affine_bw)(gr_tensor *t) {
  product_sizes s = sizes_of_product(t);
  const real *x = t->in[0]->x, *w = t->in[1]->x, *dy = t->g;
  real *dx = t->in[0]->g, *dw = t->in[1]->g, *db = t->in[2]->g;
  if (dx) R(multiply)((product_sizes){ s.m, s.n, s.k }, false, true, dy, w, dx, true);
  if (dw) R(multiply)((product_sizes){ s.k, s.m, s.n }, true, false, x, dy, dw, true);
  if (!db) return;
  for (size_t i = 0; i < s.m; i++, dy += s.n)
    for (size_t j = 0; j < s.n; j++) db[j] += dy[j];
}

/* y(n,m) = or += transposed x(m,n), tile by tile so that both sides stay in cache. */
static void R(turn)(const real *x, real *y, size_t m, size_t n, bool add) {
  enum { TILE = 16 };
  for (size_t i0 = 0; i0 < m; i0 += TILE)
    for (size_t j0 = 0; j0 < n; j0 += TILE)
      for (size_t i = i0; i < m && i < i0 + TILE; i++)
        for (size_t j = j0; j < n && j < j0 + TILE; j++) y[j * m + i] = (add ? y[j * m + i] : 0) + x[i * n + j];
}

static void R(T_fw)(gr_tensor *t) {
  gr_tensor *x = t->in[0];
  R(turn)(x->x, t->x, x->nd == 2 ? x->d[0] : 1, x->nd == 2 ? x->d[1] : x->d[0], false);
}

static void R(T_bw)(gr_tensor *t) {
  if (t->in[0]->g) R(turn)(t->g, t->in[0]->g, t->nd == 2 ? t->d[0] : 1, t->nd == 2 ? t->d[1] : t->d[0], true);
}
