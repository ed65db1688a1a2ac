/* linalg_eigen.c: eigenvalues and eigenvectors. */
#include "linalg.h"

#include <lapacke.h>

/* ---- Any square matrix -------------------------------------------------------------- */

/* f (a's columns, destroyed): eigenvalues into re and im, vectors into the columns of v. A conjugate pair
** has two columns there, one of real and one of imaginary parts.                                         */
static bool run_geev(const gr_tensor *a, double *f, double *re, double *im, double *v, gr_err *err) {
  int n = (int)a->d[0], length, info;
  double asked, none;
  LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', 'V', n, f, n, re, im, &none, 1, v, n, &asked, -1);
  double *work = gr_matrix_work("eig", asked, &length, err);
  if (!work) return false;
  info = LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', 'V', n, f, n, re, im, &none, 1, v, n, work, length);
  gr_free(work);
  return info == 0 || gr_matrix_diverged("eig", a, err);
}

/* Columns j and j + 1 of v, x and y, become the pair's two vectors x + iy and x - iy in v and other. */
static void part_pair(double *v, double *other, size_t n, size_t j) {
  double *x = v + j * n, *y = x + n;
  for (size_t i = 0; i < n; i++) {
    other[j * n + i] = y[i];
    other[(j + 1) * n + i] = -y[i];
    y[i] = x[i];
  }
}

/* v keeps the real parts, other gets the imaginary ones. */
static void part_vectors(size_t n, const double *im, double *v, double *other) {
  for (size_t i = 0; i < n * n; i++) other[i] = 0;
  for (size_t j = 0; j + 1 < n; j++)
    if (im[j] != 0) part_pair(v, other, n, j++);
}

bool gr_eig(gr_tensor *a, gr_tensor *wv[4], gr_err *err) {
  if (!gr_matrix_lapack("eig", err) || !gr_matrix_square("eig", a, err)) return false;
  size_t n = a->d[0];
  gr_tensor *made[4] = { NULL };
  double *f = gr_matrix_columns_new(a, err);
  double *w = f ? gr_matrix_room(n, 2, err) : NULL;
  double *v = w ? gr_matrix_room(n, n, err) : NULL;
  bool done = v && run_geev(a, f, w, w + n, v, err);
  if (done) {
    part_vectors(n, w + n, v, f);
    done = (made[0] = gr_matrix_vector(a->dtype, n, w, err)) && (made[1] = gr_matrix_vector(a->dtype, n, w + n, err)) &&
           (made[2] = gr_matrix_from_columns(a->dtype, n, n, v, err)) && (made[3] = gr_matrix_from_columns(a->dtype, n, n, f, err));
  }
  gr_free(v);
  gr_free(w);
  gr_free(f);
  for (int i = 0; i < 4; i++)
    if (done) wv[i] = made[i];
    else gr_unref(made[i]);
  return done;
}

/* ---- Symmetric ones ----------------------------------------------------------------- */

/* f (a's columns) becomes the vectors, w the values. */
static bool run_syevd(const gr_tensor *a, double *f, double *w, gr_err *err) {
  int n = (int)a->d[0], length, ints, info = -1;
  double asked;
  LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', n, f, n, w, &asked, -1, &ints, -1);
  double *work = gr_matrix_work("eigh", asked, &length, err);
  int *iwork = work ? gr_alloc((size_t)ints * sizeof *iwork, err) : NULL;
  if (iwork) {
    info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', n, f, n, w, work, length, iwork, ints);
    if (info != 0) gr_matrix_diverged("eigh", a, err);
  }
  gr_free(iwork);
  gr_free(work);
  return info == 0;
}

bool gr_eigh(gr_tensor *a, gr_tensor *wv[2], gr_err *err) {
  if (!gr_matrix_lapack("eigh", err) || !gr_matrix_symmetric("eigh", a, err)) return false;
  size_t n = a->d[0];
  gr_tensor *values = NULL, *vectors = NULL;
  double *f = gr_matrix_columns_new(a, err);
  double *w = f ? gr_matrix_room(n, 1, err) : NULL;
  if (w && run_syevd(a, f, w, err)) values = gr_matrix_vector(a->dtype, n, w, err);
  if (values) vectors = gr_matrix_from_columns(a->dtype, n, n, f, err);
  gr_free(w);
  gr_free(f);
  if (!vectors) {
    gr_unref(values);
    return false;
  }
  wv[0] = values;
  wv[1] = vectors;
  return true;
}
