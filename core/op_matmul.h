/* op_matmul.h: products of matrices and vectors through BLAS, or in a fixed order in portable mode, for either type of number. */

/* A dot product in eight partial sums, so that they fill a vector. */
static real R(dot_small)(const real *a, const real *b, size_t n) {
  real part[8] = { 0 };
  size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (size_t j = 0; j < 8; j++) part[j] += a[i + j] * b[i + j];
  for (size_t j = 0; i < n; i++, j++) part[j] += a[i] * b[i];
  return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

/* y += factor x */
static inline void R(add_scaled)(real *restrict y, const real *restrict x, real factor, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

/* c(m) += scale op(a)(m,k) b(k) */
static void R(multiply_vector)(product_sizes s, bool ta, real scale, const real *a, const real *b, real *c) {
  if (ta)
    for (size_t p = 0; p < s.k; p++) R(add_scaled)(c, a + p * s.m, scale * b[p], s.m);
  else
    for (size_t i = 0; i < s.m; i++) c[i] += scale * R(dot_small)(a + i * s.k, b, s.k);
}

/* c(m,n) = or += scale a(m) b(n) */
static void R(multiply_outer)(product_sizes s, real scale, const real *a, const real *b, real *c, bool add) {
  for (size_t i = 0; i < s.m; i++, c += s.n) {
    real factor = scale * a[i];
    if (add) R(add_scaled)(c, b, factor, s.n);
    for (size_t j = 0; !add && j < s.n; j++) c[j] = factor * b[j];
  }
}

/* c(m,n) += scale op(a)(m,k) op(b)(k,n) by plain loops, which run along the rows of b and c where they can. */
static void R(multiply_small)(product_sizes s, bool ta, bool tb, real scale, const real *a, const real *b, real *c) {
  size_t a_row = ta ? 1 : s.k, a_column = ta ? s.m : 1;
  for (size_t i = 0; i < s.m; i++, c += s.n)
    for (size_t p = 0; p < s.k; p++) {
      real factor = scale * a[i * a_row + p * a_column];
      if (!tb) R(add_scaled)(c, b + p * s.n, factor, s.n);
      for (size_t j = 0; tb && j < s.n; j++) c[j] += factor * b[j * s.k + p];
    }
}

/* Below this many multiplications a call of BLAS costs more than they do. */
enum { R(SMALL_PRODUCT) = 512 };

/* Rows of a large product that go through BLAS at a time, so that what it packs stays in cache. */
enum { R(BLOCK) = 480 };

EVERY_CPU static void R(add_to_rows)(real *y, size_t width, const real *b, size_t m, size_t n) {
  for (size_t i = 0; i < m; i++, y += width)
    for (size_t j = 0; j < n; j++) y[j] += b[j];
}

static void R(gemm)(const R(gr_product) *q) {
  if (gr_portable()) R(gr_ordered_product)(q);
  else
    BLAS(gemm)(CblasRowMajor, q->ta ? CblasTrans : CblasNoTrans, q->tb ? CblasTrans : CblasNoTrans, (int)q->m, (int)q->n, (int)q->k,
               q->scale, q->a, (int)q->lda, q->b, (int)q->ldb, q->add ? 1 : 0, q->c, (int)q->ldc);
}

/* A product for BLAS: c(m,n) = or += scale op(a)(m,k) op(b)(k,n). */
typedef struct R(product) {
  product_sizes s;
  bool ta, tb;
  real scale;
  const real *a, *b;
  real *c;
  bool add;
  const real *bias; /* added to each row of c while that is in cache; NULL: none */
} R(product);

/* Rows i0..i1, columns j0..j1 of c, over p0..p1 of the inner size. */
static void R(gemm_part)(const R(product) *p, size_t i0, size_t i1, size_t j0, size_t j1, size_t p0, size_t p1, bool add) {
  size_t m = p->s.m, k = p->s.k, n = p->s.n, lda = p->ta ? m : k, ldb = p->tb ? k : n;
  const real *a = p->a + (p->ta ? p0 * m + i0 : i0 * k + p0), *b = p->b + (p->tb ? j0 * k + p0 : p0 * n + j0);
  R(gemm)(&(R(gr_product)){ i1 - i0, p1 - p0, j1 - j0, p->ta, p->tb, add, p->scale, a, b, p->c + i0 * n + j0, lda, ldb, n });
  if (p->bias && p1 == k) R(add_to_rows)(p->c + i0 * n + j0, n, p->bias + j0, i1 - i0, j1 - j0);
}

static size_t R(block_end)(size_t from, size_t end) { return end - from < 2 * R(BLOCK) ? end : from + R(BLOCK); }

/* Rows i0..i1 of c: in blocks of them, or of the rows of a and b that are summed over. */
static void R(some_rows)(void *arg, size_t i0, size_t i1) {
  const R(product) *p = arg;
  if (p->ta)
    for (size_t from = 0, to; from < p->s.k; from = to) {
      to = R(block_end)(from, p->s.k);
      R(gemm_part)(p, i0, i1, 0, p->s.n, from, to, p->add || from > 0);
    }
  else
    for (size_t from = i0, to; from < i1; from = to) {
      to = R(block_end)(from, i1);
      R(gemm_part)(p, from, to, 0, p->s.n, 0, p->s.k, p->add);
    }
}

static void R(some_columns)(void *arg, size_t j0, size_t j1) {
  const R(product) *p = arg;
  R(gemm_part)(p, 0, p->s.m, j0, j1, 0, p->s.k, p->add);
}

/* Threads share the rows of c, or the columns where there are few rows; small products are not worth waking them. */
static void R(multiply_large)(R(product) *p) {
  static const size_t worth_sharing = 1 << 18; /* multiplications, some 5 microseconds */
  size_t grain = 16;
  gr_blas_threads(false);
  if (p->s.m * p->s.n * p->s.k < worth_sharing) R(some_rows)(p, 0, p->s.m);
  else if (p->s.m >= 4 * grain) gr_share(p->s.m, grain, R(some_rows), p);
  else gr_share(p->s.n, grain, R(some_columns), p);
}

/* Products with a vector, in the order of the plain loops. */
static void R(multiply_in_order)(R(product) *p) {
  product_sizes s = p->s, turned = { s.n, s.k, 1 };
  if (s.m > 1 && s.n > 1) {
    R(multiply_large)(p);
    return;
  }
  if (!p->add) memset(p->c, 0, s.m * s.n * sizeof *p->c);
  if (s.n == 1) R(multiply_vector)(s, p->ta && s.m > 1, p->scale, p->a, p->b, p->c);
  else R(multiply_vector)(turned, !p->tb, p->scale, p->b, p->a, p->c);
}

/* Products with a vector go to dot and gemv, as NumPy sends them: they read the matrix once. */
static void R(multiply_by_blas)(R(product) *p) {
  int m = (int)p->s.m, k = (int)p->s.k, n = (int)p->s.n;
  const real *a = p->a, *b = p->b, beta = p->add ? 1 : 0;
  bool ta = p->ta, tb = p->tb;
  gr_blas_threads(false);
  if (gr_portable()) R(multiply_in_order)(p);
  else if (m == 1 && n == 1) *p->c = (p->add ? *p->c : 0) + p->scale * BLAS(dot)(k, a, 1, b, 1);
  else if (n == 1)
    BLAS(gemv)(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, ta ? k : m, ta ? m : k, p->scale, a, ta ? m : k, b, 1, beta, p->c, 1);
  else if (m == 1)
    BLAS(gemv)(CblasRowMajor, tb ? CblasNoTrans : CblasTrans, tb ? n : k, tb ? k : n, p->scale, b, tb ? k : n, a, 1, beta, p->c, 1);
  else R(multiply_large)(p);
}

/* c(m,n) = or += scale op(a)(m,k) op(b)(k,n), rows contiguous. */
static void R(multiply)(product_sizes s, bool ta, bool tb, real scale, const real *a, const real *b, real *c, bool add) {
  if (s.k == 1 && s.n > 1) {
    R(multiply_outer)(s, scale, a, b, c, add);
    return;
  }
  if (s.m * s.n * s.k > R(SMALL_PRODUCT)) {
    R(multiply_by_blas)(&(R(product)){ s, ta, tb, scale, a, b, c, add, NULL });
    return;
  }
  if (!add) memset(c, 0, s.m * s.n * sizeof *c);
  if (s.n == 1) R(multiply_vector)(s, ta && s.m > 1, scale, a, b, c);
  else R(multiply_small)(s, ta, tb, scale, a, b, c);
}

static void R(dot_fw)(gr_tensor *t) {
  R(multiply)(sizes_of_product(t), t->attr.ta, t->attr.tb, 1, t->in[0]->x, t->in[1]->x, t->x, false);
}

/* The gradient of `to` is this product. A matrix of weights whose gradient is wanted for nothing but a step of plain sgd
** takes the step here: three passes over it are saved.                                                                  */
static void R(give_product)(gr_tensor *to, product_sizes s, bool ta, bool tb, const real *a, const real *b) {
  bool add;
  if (to->ride != 0) {
    R(multiply)(s, ta, tb, (real)-to->ride, a, b, to->x, true);
    return;
  }
  real *g = gr_grad_first(to, &add);
  if (g) R(multiply)(s, ta, tb, 1, a, b, g, add);
}

/* da += dy op(b)^T, or its transpose op(b) dy^T where a entered transposed; then db, for b may be changed by it. */
static void R(dot_bw)(gr_tensor *t) {
  product_sizes s = sizes_of_product(t);
  bool ta = t->attr.ta, tb = t->attr.tb;
  gr_tensor *a = t->in[0], *b = t->in[1];
  if (ta) R(give_product)(a, (product_sizes){ s.k, s.n, s.m }, tb, true, b->x, t->g);
  else R(give_product)(a, (product_sizes){ s.m, s.n, s.k }, false, !tb, t->g, b->x);
  if (tb) R(give_product)(b, (product_sizes){ s.n, s.m, s.k }, true, ta, t->g, a->x);
  else R(give_product)(b, (product_sizes){ s.k, s.m, s.n }, !ta, false, a->x, t->g);
}

static void R(affine_fw)(gr_tensor *t) {
  product_sizes s = sizes_of_product(t);
  const real *x = t->in[0]->x, *w = t->in[1]->x, *b = t->in[2]->x;
  if (s.m > 1 && s.n > 1 && s.k > 1 && s.m * s.n * s.k > R(SMALL_PRODUCT)) {
    R(multiply_by_blas)(&(R(product)){ s, false, false, 1, x, w, t->x, false, b });
    return;
  }
  R(multiply)(s, false, false, 1, x, w, t->x, false);
  R(add_to_rows)(t->x, s.n, b, s.m, s.n);
}

/* db += column sums of dy, for columns j0..j1. */
static void R(some_column_sums)(void *arg, size_t j0, size_t j1) {
  const gr_tensor *t = arg;
  size_t n = t->in[2]->size;
  const real *dy = t->g;
  real *db = t->in[2]->g;
  for (size_t i = 0; i < t->size / n; i++, dy += n)
    for (size_t j = j0; j < j1; j++) db[j] += dy[j];
}

static void R(affine_bw)(gr_tensor *t) {
  static const size_t worth_sharing = 1 << 16; /* numbers */
  product_sizes s = sizes_of_product(t);
  R(give_product)(t->in[0], (product_sizes){ s.m, s.n, s.k }, false, true, t->g, t->in[1]->x);
  R(give_product)(t->in[1], (product_sizes){ s.k, s.m, s.n }, true, false, t->in[0]->x, t->g);
  if (!gr_grad(t->in[2])) return;
  if (t->size < worth_sharing) R(some_column_sums)(t, 0, s.n);
  else gr_share(s.n, 16, R(some_column_sums), t);
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
  bool add;
  real *dx = gr_grad_first(t->in[0], &add);
  if (dx) R(turn)(t->g, dx, t->nd == 2 ? t->d[0] : 1, t->nd == 2 ? t->d[1] : t->d[0], add);
}
