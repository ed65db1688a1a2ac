/* linalg_lu.h: elimination with row exchanges, and what follows from it: inverse, solution, determinant. */

/* ---- Factors of a square matrix ----------------------------------------------------- */

typedef struct R(factors) {
  lapack_int n;
  char way; /* 'N': f is the matrix, 'T': its transpose, as LAPACK sees it */
  real *f;  /* the caller's n x n numbers, now l and u */
  lapack_int *pivot;
  real norm;     /* 1-norm of the matrix */
  bool singular; /* a pivot is exactly zero */
} R(factors);

/* The 1-norm of a matrix (its transpose for way 'T') given column after column. */
static real R(norm1)(char way, size_t n, const real *f) {
  real top = 0;
  for (size_t j = 0; j < n; j++) {
    real sum = 0;
    if (way == 'N')
      for (size_t i = 0; i < n; i++) sum += fabs(f[j * n + i]);
    else sum = BLAS(asum)((int)n, f + j, (int)n);
    top = fmax(top, sum);
  }
  return top;
}

/* Factors a in the memory f of n x n numbers, which stays the caller's. Release with drop. */
static bool R(factor)(const gr_tensor *a, real *f, R(factors) *lu, gr_err *err) {
  size_t n = a->d[0];
  lu->n = (lapack_int)n;
  lu->f = f;
  lu->way = n <= TURNED_UP_TO ? 'N' : 'T';
  lu->pivot = gr_alloc(n * sizeof *lu->pivot, err);
  if (!lu->pivot) return false;
  if (lu->way == 'N') R(turn)(a->x, f, n, n);
  else memcpy(f, a->x, a->size * sizeof(real));
  lu->norm = R(norm1)(lu->way, n, f);
  lu->singular = LAPACK(getrf_work)(LAPACK_COL_MAJOR, lu->n, lu->n, f, lu->n, lu->pivot) > 0;
  return true;
}

static void R(drop)(R(factors) *lu) { gr_free(lu->pivot); }

/* x = the inverse, column after column, by solving for each column of the identity, as NumPy does. way is 'N'. */
static void R(inverse_by_columns)(const R(factors) *lu, real *x) {
  size_t n = (size_t)lu->n;
  memset(x, 0, n * n * sizeof *x);
  for (size_t i = 0; i < n; i++) x[i * n + i] = 1;
  LAPACK(getrs_work)(LAPACK_COL_MAJOR, 'N', lu->n, lu->n, lu->f, lu->n, lu->pivot, x, lu->n);
}

/* 1 / (norm of a * norm of its inverse). An overflow counts as 0: nothing to trust. */
static double R(rcond_from_norms)(real norm, real norm_of_inverse) {
  double product = (double)norm * (double)norm_of_inverse;
  return product > 0 && product <= DBL_MAX ? 1 / product : 0;
}

/* rcond of a matrix that is not singular: exact for a small one, else LAPACK's estimate. */
static bool R(rcond)(const R(factors) *lu, double *rcond, gr_err *err) {
  if (lu->n <= GR_EXACT_MAX) {
    real inverse[GR_EXACT_MAX * GR_EXACT_MAX];
    R(inverse_by_columns)(lu, inverse);
    *rcond = R(rcond_from_norms)(lu->norm, R(norm1)('N', (size_t)lu->n, inverse));
    return true;
  }
  size_t n = (size_t)lu->n;
  real estimate = 0;
  real *work = R(room)(4, n, err);
  lapack_int *iwork = gr_alloc(n * sizeof *iwork, err);
  if (work && iwork)
    LAPACK(gecon_work)(LAPACK_COL_MAJOR, lu->way == 'N' ? '1' : 'I', lu->n, lu->f, lu->n, lu->norm, &estimate, work,
                       iwork);
  bool done = work && iwork;
  gr_free(work);
  gr_free(iwork);
  *rcond = (double)estimate;
  return done;
}

/* Only a matrix near singularity is worth the examination in whole numbers. */
static bool R(is_singular)(const gr_tensor *a, double rcond) {
  return rcond < 100 * (double)a->d[0] * (double)REAL_EPSILON && gr_exactly_singular(a);
}

/* ---- Inverse ------------------------------------------------------------------------ */

/* x = inverse of a, for a matrix that is turned: x gets its rows. */
static bool R(invert_turned)(const gr_tensor *a, real *x, real norms[2], bool *singular, gr_err *err) {
  size_t n = a->d[0];
  R(factors) lu = { 0 };
  real *f = R(room)(2 * n, n, err);
  bool done = f && R(factor)(a, f, &lu, err);
  *singular = done && lu.singular;
  if (done && !lu.singular) {
    real *columns = f + n * n;
    R(inverse_by_columns)(&lu, columns);
    R(turn)(columns, x, n, n);
    norms[0] = lu.norm;
    norms[1] = R(norm1)('N', n, columns);
  }
  R(drop)(&lu);
  gr_free(f);
  return done;
}

/* The same for a matrix left as it lies: the inverse of the transpose is the transpose of the inverse. */
static bool R(invert_in_place)(const gr_tensor *a, real *x, real norms[2], bool *singular, gr_err *err) {
  enum { BLOCK = 64 }; /* columns that LAPACK likes to work on at once */
  R(factors) lu = { 0 };
  lapack_int length = (lapack_int)(a->d[0] < INT_MAX / BLOCK ? a->d[0] * BLOCK : a->d[0]);
  real *work = R(room)((size_t)length, 1, err);
  bool done = work && R(factor)(a, x, &lu, err);
  *singular = done && lu.singular;
  if (done && !lu.singular) {
    LAPACK(getri_work)(LAPACK_COL_MAJOR, lu.n, x, lu.n, lu.pivot, work, length);
    norms[0] = lu.norm;
    norms[1] = R(norm1)('T', a->d[0], x);
  }
  R(drop)(&lu);
  gr_free(work);
  return done;
}

static gr_tensor *R(inv)(gr_tensor *a, double *rcond, gr_err *err) {
  real norms[2] = { 0 };
  bool singular;
  gr_tensor *x = gr_new(REAL_DTYPE, 2, a->d, err);
  if (!x) return NULL;
  bool (*invert)(const gr_tensor *, real *, real *, bool *, gr_err *) =
      a->d[0] <= TURNED_UP_TO ? R(invert_turned) : R(invert_in_place);
  if (!invert(a, x->x, norms, &singular, err)) goto fail;
  if (singular) {
    fail_singular("inv", a, err);
    goto fail;
  }
  double condition = R(rcond_from_norms)(norms[0], norms[1]);
  if (R(is_singular)(a, condition)) {
    fail_singular("inv", a, err);
    goto fail;
  }
  if (!fits("inv", R(not_finite)(x->x, x->size) == x->size, a, err)) goto fail;
  if (rcond) *rcond = condition;
  return x;
fail:
  gr_unref(x);
  return NULL;
}

/* ---- Solution ----------------------------------------------------------------------- */

/* x = b overwritten by the solution. Several columns are turned for LAPACK, and back. */
static bool R(substitute)(const R(factors) *lu, const gr_tensor *b, gr_tensor *x, gr_err *err) {
  size_t k = b->nd == 2 ? b->d[1] : 1;
  if (k == 1) {
    memcpy(x->x, b->x, b->size * sizeof(real));
    LAPACK(getrs_work)(LAPACK_COL_MAJOR, lu->way, lu->n, 1, lu->f, lu->n, lu->pivot, x->x, lu->n);
    return true;
  }
  real *columns = R(columns_of)(b, err);
  if (!columns) return false;
  LAPACK(getrs_work)(LAPACK_COL_MAJOR, lu->way, lu->n, (lapack_int)k, lu->f, lu->n, lu->pivot, columns, lu->n);
  R(turn)(columns, x->x, k, (size_t)lu->n);
  gr_free(columns);
  return true;
}

static gr_tensor *R(solve)(gr_tensor *a, gr_tensor *b, double *rcond, gr_err *err) {
  R(factors) lu = { 0 };
  double condition;
  gr_tensor *x = gr_new(REAL_DTYPE, b->nd, b->d, err);
  real *f = R(room)(a->d[0], a->d[0], err);
  if (!x || !f || !R(factor)(a, f, &lu, err)) goto fail;
  if (!lu.singular && !R(rcond)(&lu, &condition, err)) goto fail;
  if (lu.singular || R(is_singular)(a, condition)) {
    fail_singular("solve", a, err);
    goto fail;
  }
  if (!R(substitute)(&lu, b, x, err)) goto fail;
  if (!fits("solve", R(not_finite)(x->x, x->size) == x->size, a, err)) goto fail;
  if (rcond) *rcond = condition;
  R(drop)(&lu);
  gr_free(f);
  return x;
fail:
  R(drop)(&lu);
  gr_free(f);
  gr_unref(x);
  return NULL;
}

/* ---- Determinant -------------------------------------------------------------------- */

/* Sign and logarithm, from the pivots; 0 and minus infinity for a singular matrix. */
static bool R(slogdet)(gr_tensor *a, double *sign, double *logdet, gr_err *err) {
  R(factors) lu = { 0 };
  double condition = 1, signum = 1, sum = 0;
  size_t n = a->d[0];
  real *f = R(room)(n, n, err);
  bool done = f && R(factor)(a, f, &lu, err);
  if (done && !lu.singular && n <= GR_EXACT_MAX) done = R(rcond)(&lu, &condition, err);
  if (done && (lu.singular || R(is_singular)(a, condition))) {
    signum = 0;
    sum = -INFINITY;
  } else if (done) {
    for (size_t i = 0; i < n; i++) {
      real pivot = f[i * n + i];
      bool exchanged = (size_t)lu.pivot[i] != i + 1;
      if ((pivot < 0) != exchanged) signum = -signum;
      sum += log(fabs((double)pivot));
    }
  }
  if (done) {
    *sign = signum;
    *logdet = sum;
  }
  R(drop)(&lu);
  gr_free(f);
  return done;
}

/* ---- The factors themselves --------------------------------------------------------- */

/* p(m,m) from LAPACK's list of exchanges: row i of the factored matrix is row order[i] of a. */
static bool R(fill_permutation)(gr_tensor *p, const lapack_int *pivot, size_t exchanges, gr_err *err) {
  size_t m = p->d[0];
  real *x = p->x;
  size_t *order = gr_alloc(m * sizeof *order, err);
  if (!order) return false;
  for (size_t i = 0; i < m; i++) order[i] = i;
  for (size_t i = 0; i < exchanges; i++) {
    size_t other = (size_t)pivot[i] - 1, keep = order[i];
    order[i] = order[other];
    order[other] = keep;
  }
  memset(x, 0, p->size * sizeof *x);
  for (size_t i = 0; i < m; i++) x[order[i] * m + i] = 1;
  gr_free(order);
  return true;
}

static bool R(lu)(gr_tensor *a, gr_tensor *plu[3], gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
  gr_tensor *p = gr_new(REAL_DTYPE, 2, (size_t[]){ m, m }, err);
  gr_tensor *l = p ? gr_new(REAL_DTYPE, 2, (size_t[]){ m, k }, err) : NULL;
  gr_tensor *u = l ? gr_new(REAL_DTYPE, 2, (size_t[]){ k, n }, err) : NULL;
  real *f = u ? R(columns_of)(a, err) : NULL;
  lapack_int *pivot = f ? gr_alloc(k * sizeof *pivot, err) : NULL;
  if (!pivot) goto fail;
  LAPACK(getrf_work)(LAPACK_COL_MAJOR, (lapack_int)m, (lapack_int)n, f, (lapack_int)m, pivot);
  if (!R(fill_permutation)(p, pivot, k, err)) goto fail;
  real *below = l->x, *above = u->x;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < k; j++) below[i * k + j] = i > j ? f[j * m + i] : i == j;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < n; j++) above[i * n + j] = i <= j ? f[j * m + i] : 0;
  gr_free(pivot);
  gr_free(f);
  plu[0] = p;
  plu[1] = l;
  plu[2] = u;
  return true;
fail:
  gr_free(pivot);
  gr_free(f);
  gr_unref(p);
  gr_unref(l);
  gr_unref(u);
  return false;
}

/* Read as columns, our rows are the transpose: the same matrix, and its upper triangle is our lower one. */
static gr_tensor *R(cholesky)(gr_tensor *a, gr_err *err) {
  size_t n = a->d[0];
  gr_tensor *l = gr_copy(a, err);
  if (!l) return NULL;
  real *x = l->x;
  lapack_int order = LAPACK(potrf_work)(LAPACK_COL_MAJOR, 'U', (lapack_int)n, x, (lapack_int)n);
  if (order > 0) {
    fail_not_positive(a, (size_t)order, err);
    gr_unref(l);
    return NULL;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) x[i * n + j] = 0;
  return l;
}
