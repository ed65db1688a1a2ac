/* linalg_eigen.h: eigenvalues and eigenvectors. */

/* w: eigenvalues as LAPACK orders them. v: their vectors, by columns; those of a conjugate pair come as one
** column of real and one of imaginary parts.                                                              */
static bool R(geev)(const gr_tensor *a, real *f, real *re, real *im, real *v, gr_err *err) {
  lapack_int n = (lapack_int)a->d[0], length, info = 0;
  real asked, *none = NULL;
  LAPACK(geev_work)(LAPACK_COL_MAJOR, 'N', 'V', n, f, n, re, im, none, 1, v, n, &asked, -1);
  real *work = R(working_memory)("eig", asked, &length, err);
  if (work) info = LAPACK(geev_work)(LAPACK_COL_MAJOR, 'N', 'V', n, f, n, re, im, none, 1, v, n, work, length);
  bool done = work && info == 0;
  if (work && !done) fail_convergence("eig", a, err);
  gr_free(work);
  return done;
}

/* LAPACK's columns as two matrices: x + iy and x - iy for a pair. */
static void R(part_vectors)(size_t n, const real *w_im, const real *v, real *re, real *im) {
  for (size_t j = 0; j < n; j++) {
    bool pair = w_im[j] != 0 && j + 1 < n;
    for (size_t i = 0; i < n; i++) {
      real x = v[j * n + i], y = pair ? v[(j + 1) * n + i] : 0;
      re[i * n + j] = x;
      im[i * n + j] = y;
      if (!pair) continue;
      re[i * n + j + 1] = x;
      im[i * n + j + 1] = -y;
    }
    if (pair) j++;
  }
}

static bool R(eig)(gr_tensor *a, gr_tensor *wv[4], gr_err *err) {
  size_t n = a->d[0];
  gr_tensor *made[4] = { NULL };
  real *v = R(room)(n, n, err);
  real *f = v ? R(columns_of)(a, err) : NULL;
  bool done = f;
  for (int i = 0; done && i < 4; i++) {
    made[i] = gr_new(REAL_DTYPE, i < 2 ? 1 : 2, a->d, err);
    done = made[i];
  }
  done = done && R(geev)(a, f, made[0]->x, made[1]->x, v, err);
  if (done) R(part_vectors)(n, made[1]->x, v, made[2]->x, made[3]->x);
  gr_free(f);
  gr_free(v);
  for (int i = 0; i < 4; i++)
    if (done) wv[i] = made[i];
    else gr_unref(made[i]);
  return done;
}

static bool R(syevd)(const gr_tensor *a, real *f, real *w, gr_err *err) {
  lapack_int n = (lapack_int)a->d[0], length, ints, info = 0;
  real asked;
  LAPACK(syevd_work)(LAPACK_COL_MAJOR, 'V', 'L', n, f, n, w, &asked, -1, &ints, -1);
  lapack_int *iwork = NULL;
  real *work = R(working_memory)("eigh", asked, &length, err);
  if (work) iwork = gr_alloc((size_t)ints * sizeof *iwork, err);
  if (iwork) info = LAPACK(syevd_work)(LAPACK_COL_MAJOR, 'V', 'L', n, f, n, w, work, length, iwork, ints);
  bool done = iwork && info == 0;
  if (iwork && !done) fail_convergence("eigh", a, err);
  gr_free(work);
  gr_free(iwork);
  return done;
}

static bool R(eigh)(gr_tensor *a, gr_tensor *wv[2], gr_err *err) {
  size_t n = a->d[0];
  gr_tensor *v = NULL, *w = gr_new(REAL_DTYPE, 1, &n, err);
  real *f = w ? R(columns_of)(a, err) : NULL;
  if (f && R(syevd)(a, f, w->x, err)) v = R(from_columns)(f, n, n, err);
  gr_free(f);
  if (!v) {
    gr_unref(w);
    return false;
  }
  wv[0] = w;
  wv[1] = v;
  return true;
}
