/* linalg_real.h: what the families of linear algebra need, for either type of number.
**
** LAPACK wants columns one after the other; our rows lie one after the other. So a matrix is
** turned on its way in and out, and LAPACK sees it as it stands, which gives NumPy's very digits. */

/* Room for a times b numbers. */
static real *R(room)(size_t a, size_t b, gr_err *err) {
  size_t bytes;
  if (!gr_size_mul(a, b, &bytes) || !gr_size_mul(bytes, sizeof(real), &bytes)) {
    gr_fail_memory(err, SIZE_MAX);
    return NULL;
  }
  return gr_alloc(bytes, err);
}

/* y(n,m) = x(m,n) transposed, tile by tile so that both sides stay in cache. */
static void R(turn)(const real *x, real *y, size_t m, size_t n) {
  enum { TILE = 16 };
  for (size_t i0 = 0; i0 < m; i0 += TILE)
    for (size_t j0 = 0; j0 < n; j0 += TILE)
      for (size_t i = i0; i < m && i < i0 + TILE; i++)
        for (size_t j = j0; j < n && j < j0 + TILE; j++) y[j * m + i] = x[i * n + j];
}

/* A copy of a, column after column. */
static real *R(columns_of)(const gr_tensor *a, gr_err *err) {
  real *f = R(room)(a->d[0], a->d[1], err);
  if (f) R(turn)(a->x, f, a->d[0], a->d[1]);
  return f;
}

/* The m x n tensor of numbers given column after column. */
static gr_tensor *R(from_columns)(const real *f, size_t m, size_t n, gr_err *err) {
  gr_tensor *t = gr_new(REAL_DTYPE, 2, (size_t[]){ m, n }, err);
  if (t) R(turn)(f, t->x, n, m);
  return t;
}

/* The working memory LAPACK asked for, and in *length its size. LAPACK tells the size as a number of the
** type computed with, and a float may have rounded it down: hence the margin.                           */
static real *R(working_memory)(const char *what, real asked, lapack_int *length, gr_err *err) {
  double margin = (double)asked * (1 + 2 * (double)REAL_EPSILON) + 1;
  if (!(margin < INT_MAX)) {
    gr_fail(err, "%s: the matrix is too large: LAPACK counts its working memory in 32 bits", what);
    return NULL;
  }
  *length = (lapack_int)margin;
  return R(room)((size_t)*length, 1, err);
}

/* Position of the first NaN or infinity; n if there is none. */
static size_t R(not_finite)(const real *x, size_t n) {
  const real huge = REAL_DTYPE == GR_F32 ? (real)FLT_MAX : (real)DBL_MAX;
  bool fine = true;
  for (size_t i = 0; i < n; i++) fine &= fabs(x[i]) <= huge;
  if (fine) return n;
  size_t i = 0;
  while (fabs(x[i]) <= huge) i++;
  return i;
}

/* Position of the first entry that differs from its mirror image by more than rounding can explain,
** judged by the largest entry; size if there is none. a is square.                                  */
static size_t R(asymmetry)(const gr_tensor *a) {
  const real *x = a->x;
  size_t n = a->d[0];
  const real tolerance = REAL_DTYPE == GR_F32 ? (real)1e-5 : (real)1e-12;
  real top = 0;
  for (size_t i = 0; i < a->size; i++) top = fmax(top, fabs(x[i]));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++)
      if (!(fabs(x[i * n + j] - x[j * n + i]) <= tolerance * top)) return i * n + j;
  return a->size;
}

/* The root of the sum of squares. Numbers whose squares overflow or vanish are divided by the largest first. */
static double R(norm)(const gr_tensor *t) {
  const real *x = t->x;
  real sum = 0, top = 0;
  for (size_t i = 0, n; i < t->size; i += n) {
    n = t->size - i < INT_MAX ? t->size - i : INT_MAX;
    sum += BLAS(dot)((int)n, x + i, 1, x + i, 1);
  }
  const real safe = REAL_DTYPE == GR_F32 ? (real)1e-30 : (real)1e-290;
  if (sum > safe && sum < 1 / safe) return sqrt(sum);
  for (size_t i = 0; i < t->size; i++) top = fmax(top, fabs(x[i]));
  if (top == 0) return 0;
  double scaled = 0;
  for (size_t i = 0; i < t->size; i++) scaled += ((double)x[i] / (double)top) * ((double)x[i] / (double)top);
  return (double)top * sqrt(scaled);
}
