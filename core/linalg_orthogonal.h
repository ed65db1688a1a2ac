/* linalg_orthogonal.h: singular values and what they tell, least squares, and QR. */

/* ---- Singular values ---------------------------------------------------------------- */

/* f (m x n, by columns, destroyed) = u(m,k) diag(s) vt(k,n) by columns, k the smaller of m and n. Job 'S' makes
** all three; with job 'N' u and vt are not touched.                                                          */
static bool R(gesdd)(const char *what, char job, const gr_tensor *a, real *f, real *u, real *s, real *vt, gr_err *err) {
  lapack_int m = (lapack_int)a->d[0], n = (lapack_int)a->d[1], k = m < n ? m : n, length, info = 0;
  real asked, *work = NULL;
  lapack_int *iwork = gr_alloc(8 * (size_t)k * sizeof *iwork, err);
  if (!iwork) return false;
  LAPACK(gesdd_work)(LAPACK_COL_MAJOR, job, m, n, f, m, s, u, m, vt, k, &asked, -1, iwork);
  work = R(working_memory)(what, asked, &length, err);
  if (work) info = LAPACK(gesdd_work)(LAPACK_COL_MAJOR, job, m, n, f, m, s, u, m, vt, k, work, length, iwork);
  bool done = work && info == 0;
  if (work && !done) fail_convergence(what, a, err);
  gr_free(work);
  gr_free(iwork);
  return done;
}

/* The singular values alone, to be freed by the caller. */
static real *R(singular_values)(const char *what, const gr_tensor *a, gr_err *err) {
  size_t k = a->d[0] < a->d[1] ? a->d[0] : a->d[1];
  real *s = R(room)(k, 1, err);
  real *f = s ? R(columns_of)(a, err) : NULL;
  bool done = f && R(gesdd)(what, 'N', a, f, NULL, s, NULL, err);
  gr_free(f);
  if (done) return s;
  gr_free(s);
  return NULL;
}

/* u, s and vt as columns in one piece of memory that starts at the result; the caller frees it. */
static real *R(three_factors)(const char *what, const gr_tensor *a, real **s, real **vt, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n, total;
  /* m k + k + k n numbers: at most three times those of a, and those of a fit. */
  if (!gr_size_mul(3, a->size, &total)) return gr_fail_memory(err, SIZE_MAX), NULL;
  real *u = R(room)(m * k + k + k * n, 1, err);
  real *f = u ? R(columns_of)(a, err) : NULL;
  bool done = false;
  if (f) {
    *s = u + m * k;
    *vt = *s + k;
    done = R(gesdd)(what, 'S', a, f, u, *s, *vt, err);
  }
  gr_free(f);
  if (done) return u;
  gr_free(u);
  return NULL;
}

static bool R(svd)(gr_tensor *a, gr_tensor *usv[3], gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
  real *s = NULL, *vt = NULL;
  real *u = R(three_factors)("svd", a, &s, &vt, err);
  if (!u) return false;
  gr_tensor *tu = R(from_columns)(u, m, k, err);
  gr_tensor *ts = tu ? gr_new(REAL_DTYPE, 1, &k, err) : NULL;
  gr_tensor *tv = ts ? R(from_columns)(vt, k, n, err) : NULL;
  if (!tv) goto fail;
  memcpy(ts->x, s, k * sizeof *s);
  gr_free(u);
  usv[0] = tu;
  usv[1] = ts;
  usv[2] = tv;
  return true;
fail:
  gr_free(u);
  gr_unref(tu);
  gr_unref(ts);
  return false;
}

/* v diag(1/s) u^T without the singular values that are only rounding. In columns our rows of the result
** are its transpose, u diag(1/s) vt.                                                                   */
static gr_tensor *R(pinv)(gr_tensor *a, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n, kept = 0;
  real *s = NULL, *vt = NULL;
  gr_tensor *x = gr_new(REAL_DTYPE, 2, (size_t[]){ n, m }, err);
  real *u = x ? R(three_factors)("pinv", a, &s, &vt, err) : NULL;
  if (!u) {
    gr_unref(x);
    return NULL;
  }
  /* NumPy's cut; for floats it would lie below their rounding. */
  const double cut = REAL_DTYPE == GR_F32 ? (double)(m > n ? m : n) * (double)REAL_EPSILON : 1e-15;
  while (kept < k && (double)s[kept] > cut * (double)s[0]) kept++;
  for (size_t j = 0; j < kept; j++) BLAS(scal)((int)m, 1 / s[j], u + j * m, 1);
  BLAS(gemm)(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)kept, 1, u, (int)m, vt, (int)k, 0, x->x,
             (int)m);
  gr_free(u);
  return x;
}

static bool R(rank)(gr_tensor *a, size_t *rank, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
  real *s = R(singular_values)("rank", a, err);
  if (!s) return false;
  real cut = (real)(m > n ? m : n) * REAL_EPSILON * s[0];
  *rank = 0;
  while (*rank < k && s[*rank] > cut) ++*rank;
  gr_free(s);
  return true;
}

static bool R(cond)(gr_tensor *a, double *cond, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
  real *s = R(singular_values)("cond", a, err);
  if (!s) return false;
  double first = (double)s[0], last = (double)s[k - 1];
  gr_free(s);
  bool nearly = last <= 100 * (double)k * (double)REAL_EPSILON * first;
  bool singular = last == 0 || (nearly && m == n && gr_exactly_singular(a));
  *cond = singular ? INFINITY : first / last;
  return true;
}

/* ---- Least squares ------------------------------------------------------------------ */

/* max(m,n) rows for every column of b: LAPACK reads b's m and leaves the solution's n in their place. */
static real *R(tall_columns)(const gr_tensor *b, size_t rows, gr_err *err) {
  size_t m = b->d[0], k = b->nd == 2 ? b->d[1] : 1;
  const real *from = b->x;
  real *to = R(room)(rows, k, err);
  for (size_t j = 0; to && j < k; j++)
    for (size_t i = 0; i < rows; i++) to[j * rows + i] = i < m ? from[i * k + j] : 0;
  return to;
}

static bool R(gelsd)(const gr_tensor *a, real *f, real *x, size_t rows, size_t columns, gr_err *err) {
  lapack_int m = (lapack_int)a->d[0], n = (lapack_int)a->d[1], k = (lapack_int)columns, rank, length, ints, info = 0;
  real asked, cut = (real)(m > n ? m : n) * REAL_EPSILON, *work = NULL;
  lapack_int *iwork = NULL;
  real *s = R(room)((size_t)(m < n ? m : n), 1, err);
  if (!s) return false;
  LAPACK(gelsd_work)(LAPACK_COL_MAJOR, m, n, k, f, m, x, (lapack_int)rows, s, cut, &rank, &asked, -1, &ints);
  work = R(working_memory)("lstsq", asked, &length, err);
  if (work) iwork = gr_alloc((size_t)ints * sizeof *iwork, err);
  if (iwork)
    info = LAPACK(gelsd_work)(LAPACK_COL_MAJOR, m, n, k, f, m, x, (lapack_int)rows, s, cut, &rank, work, length, iwork);
  bool done = iwork && info == 0;
  if (iwork && !done) fail_convergence("lstsq", a, err);
  gr_free(s);
  gr_free(work);
  gr_free(iwork);
  return done;
}

static gr_tensor *R(lstsq)(gr_tensor *a, gr_tensor *b, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = b->nd == 2 ? b->d[1] : 1, rows = m > n ? m : n;
  gr_tensor *x = gr_new(REAL_DTYPE, b->nd, (size_t[]){ n, k }, err);
  real *f = x ? R(columns_of)(a, err) : NULL;
  real *columns = f ? R(tall_columns)(b, rows, err) : NULL;
  bool done = columns && R(gelsd)(a, f, columns, rows, k, err);
  if (done) {
    real *to = x->x;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < k; j++) to[i * k + j] = columns[j * rows + i];
    done = fits("lstsq", R(not_finite)(to, x->size) == x->size, a, err);
  }
  gr_free(columns);
  gr_free(f);
  if (done) return x;
  gr_unref(x);
  return NULL;
}

/* ---- QR ----------------------------------------------------------------------------- */

static bool R(geqrf)(lapack_int m, lapack_int n, real *f, real *tau, gr_err *err) {
  lapack_int length;
  real asked;
  LAPACK(geqrf_work)(LAPACK_COL_MAJOR, m, n, f, m, tau, &asked, -1);
  real *work = R(working_memory)("qr", asked, &length, err);
  if (work) LAPACK(geqrf_work)(LAPACK_COL_MAJOR, m, n, f, m, tau, work, length);
  gr_free(work);
  return work;
}

/* The first k columns of q from the reflections that geqrf left in f. */
static bool R(orgqr)(lapack_int m, lapack_int k, real *f, real *tau, gr_err *err) {
  lapack_int length;
  real asked;
  LAPACK(orgqr_work)(LAPACK_COL_MAJOR, m, k, k, f, m, tau, &asked, -1);
  real *work = R(working_memory)("qr", asked, &length, err);
  if (work) LAPACK(orgqr_work)(LAPACK_COL_MAJOR, m, k, k, f, m, tau, work, length);
  gr_free(work);
  return work;
}

static bool R(qr)(gr_tensor *a, gr_tensor *qr[2], gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
  gr_tensor *q = NULL, *r = gr_new(REAL_DTYPE, 2, (size_t[]){ k, n }, err);
  real *tau = r ? R(room)(k, 1, err) : NULL;
  real *f = tau ? R(columns_of)(a, err) : NULL;
  if (!f || !R(geqrf)((lapack_int)m, (lapack_int)n, f, tau, err)) goto fail;
  real *x = r->x;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < n; j++) x[i * n + j] = i <= j ? f[j * m + i] : 0;
  if (!R(orgqr)((lapack_int)m, (lapack_int)k, f, tau, err)) goto fail;
  q = R(from_columns)(f, m, k, err);
  if (!q) goto fail;
  gr_free(f);
  gr_free(tau);
  qr[0] = q;
  qr[1] = r;
  return true;
fail:
  gr_free(f);
  gr_free(tau);
  gr_unref(r);
  return false;
}
