/* linalg_svd.c: singular values and what they tell, least squares, and QR. */
#include "linalg.h"
#include "portable.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>

static size_t smaller(const gr_tensor *a) { return a->d[0] < a->d[1] ? a->d[0] : a->d[1]; }
static size_t larger(const gr_tensor *a) { return a->d[0] > a->d[1] ? a->d[0] : a->d[1]; }

/* ---- Singular values ---------------------------------------------------------------- */

/* a(m,n) = u(m,k) diag(s) vt(k,n), k the smaller of m and n; column after column. */
typedef struct decomposition {
  double *s, *u, *vt; /* u and vt lie behind s, in the same memory */
} decomposition;

/* f (a's columns, destroyed) into *out. Job 'S' makes u, s and vt, 'N' only s. */
static bool run_gesdd(const char *what, char job, const gr_tensor *a, double *f, decomposition *out, gr_err *err) {
  int m = (int)a->d[0], n = (int)a->d[1], k = (int)smaller(a), length, info = -1;
  double asked, *work = NULL;
  int *iwork = gr_alloc(8 * (size_t)k * sizeof *iwork, err);
  if (!iwork) return false;
  LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, job, m, n, f, m, out->s, out->u, m, out->vt, k, &asked, -1, iwork);
  work = gr_matrix_work(what, asked, &length, err);
  if (work) info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, job, m, n, f, m, out->s, out->u, m, out->vt, k, work, length, iwork);
  if (work && info != 0) gr_matrix_diverged(what, a, err);
  gr_free(work);
  gr_free(iwork);
  return info == 0;
}

/* Release with gr_free(out->s). */
static bool decompose(const char *what, char job, const gr_tensor *a, decomposition *out, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = smaller(a);
  /* m k + k + k n numbers: none of the three is more than a has, or than two of a's columns. */
  size_t vectors = job == 'S' ? m + n + 1 : 1;
  out->s = gr_matrix_room(k, vectors, err);
  if (!out->s) return false;
  out->u = job == 'S' ? out->s + k : out->s;
  out->vt = job == 'S' ? out->u + m * k : out->s;
  double *f = gr_matrix_columns_new(a, err);
  bool done = f && run_gesdd(what, job, a, f, out, err);
  gr_free(f);
  if (!done) gr_free(out->s);
  return done;
}

bool gr_svd(gr_tensor *a, gr_tensor *usv[3], gr_err *err) {
  decomposition made;
  if (!gr_matrix_lapack("svd", err) || !gr_matrix_check("svd", a, err) || !decompose("svd", 'S', a, &made, err)) return false;
  size_t m = a->d[0], n = a->d[1], k = smaller(a);
  gr_tensor *u = gr_matrix_from_columns(a->dtype, m, k, made.u, err);
  gr_tensor *s = u ? gr_matrix_vector(a->dtype, k, made.s, err) : NULL;
  gr_tensor *vt = s ? gr_matrix_from_columns(a->dtype, k, n, made.vt, err) : NULL;
  gr_free(made.s);
  if (!vt) {
    gr_unref(u);
    gr_unref(s);
    return false;
  }
  usv[0] = u;
  usv[1] = s;
  usv[2] = vt;
  return true;
}

/* ---- What singular values tell ------------------------------------------------------ */

/* How many of them are more than cut times the largest. */
static size_t count_above(const double *s, size_t k, double cut) {
  size_t count = 0;
  while (count < k && s[count] > cut * s[0]) count++;
  return count;
}

/* v diag(1/s) u^T without what is only rounding; as columns, our rows of it are u diag(1/s) vt. */
gr_tensor *gr_pinv(gr_tensor *a, gr_err *err) {
  decomposition made;
  if (!gr_matrix_lapack("pinv", err) || !gr_matrix_check("pinv", a, err) || !decompose("pinv", 'S', a, &made, err)) return NULL;
  size_t m = a->d[0], n = a->d[1], k = smaller(a);
  /* NumPy's cut; that of an f32 matrix lies above the rounding of its own entries. */
  double cut = a->dtype == GR_F32 ? (double)larger(a) * gr_matrix_epsilon(a) : 1e-15;
  size_t kept = count_above(made.s, k, cut);
  gr_tensor *x = NULL;
  double *rows = gr_matrix_room(n, m, err);
  if (rows) {
    for (size_t j = 0; j < kept; j++) cblas_dscal((int)m, 1 / made.s[j], made.u + j * m, 1);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)kept, 1, made.u, (int)m, made.vt, (int)k, 0, rows,
                (int)m);
    x = gr_matrix_from_rows(a->dtype, n, m, rows, err);
  }
  gr_free(rows);
  gr_free(made.s);
  if (!x || gr_matrix_fits("pinv", a, x, err)) return x;
  gr_unref(x);
  return NULL;
}

bool gr_rank(gr_tensor *a, size_t *rank, gr_err *err) {
  decomposition made;
  if (!gr_matrix_lapack("rank", err) || !gr_matrix_check("rank", a, err) || !decompose("rank", 'N', a, &made, err)) return false;
  *rank = count_above(made.s, smaller(a), (double)larger(a) * gr_matrix_epsilon(a));
  gr_free(made.s);
  return true;
}

bool gr_cond(gr_tensor *a, double *cond, gr_err *err) {
  decomposition made;
  if (!gr_matrix_lapack("cond", err) || !gr_matrix_check("cond", a, err) || !decompose("cond", 'N', a, &made, err)) return false;
  double first = made.s[0], last = made.s[smaller(a) - 1];
  gr_free(made.s);
  bool suspect = last <= 100 * (double)larger(a) * gr_matrix_epsilon(a) * first;
  bool singular = last == 0 || (suspect && a->d[0] == a->d[1] && gr_exactly_singular(a));
  *cond = singular ? INFINITY : first / last;
  return true;
}

/* ---- Least squares ------------------------------------------------------------------ */

/* b's columns, each with room for `rows` numbers: LAPACK leaves the n of the solution where the m of b were. */
static double *tall_columns(const gr_tensor *b, size_t rows, gr_err *err) {
  size_t m = b->d[0], k = b->size / m;
  double *to = gr_matrix_room(rows, k, err);
  for (size_t j = 0; to && j < k; j++)
    for (size_t i = 0; i < rows; i++) to[j * rows + i] = i < m ? gr_get(b, i * k + j) : 0;
  return to;
}

/* f: a's columns, destroyed. x: tall columns, overwritten by the solution. */
static bool run_gelsd(const gr_tensor *a, double *f, double *x, size_t columns, gr_err *err) {
  int m = (int)a->d[0], n = (int)a->d[1], k = (int)columns, rows = (int)larger(a), rank, length, ints, info = -1;
  double asked, cut = (double)larger(a) * gr_matrix_epsilon(a), *work = NULL;
  int *iwork = NULL;
  double *s = gr_matrix_room(smaller(a), 1, err);
  if (!s) return false;
  LAPACKE_dgelsd_work(LAPACK_COL_MAJOR, m, n, k, f, m, x, rows, s, cut, &rank, &asked, -1, &ints);
  work = gr_matrix_work("lstsq", asked, &length, err);
  if (work) iwork = gr_alloc((size_t)ints * sizeof *iwork, err);
  if (iwork) {
    info = LAPACKE_dgelsd_work(LAPACK_COL_MAJOR, m, n, k, f, m, x, rows, s, cut, &rank, work, length, iwork);
    if (info != 0) gr_matrix_diverged("lstsq", a, err);
  }
  gr_free(s);
  gr_free(work);
  gr_free(iwork);
  return info == 0;
}

/* x(n,k), or x(n) when b is a vector, from the first n of each tall column. */
static gr_tensor *from_tall_columns(const gr_tensor *b, size_t n, size_t rows, const double *columns, gr_err *err) {
  size_t k = b->size / b->d[0];
  gr_tensor *x = gr_new(b->dtype, b->nd, (size_t[]){ n, k }, err);
  for (size_t i = 0; x && i < n; i++)
    for (size_t j = 0; j < k; j++) gr_set(x, i * k + j, columns[j * rows + i]);
  return x;
}

gr_tensor *gr_lstsq(gr_tensor *a, gr_tensor *b, gr_err *err) {
  if (!gr_matrix_lapack("lstsq", err) || !gr_matrix_check("lstsq", a, err) || !gr_matrix_right_side("lstsq", a, b, err))
    return NULL;
  gr_tensor *x = NULL;
  double *f = gr_matrix_columns_new(a, err);
  double *columns = f ? tall_columns(b, larger(a), err) : NULL;
  if (columns && run_gelsd(a, f, columns, b->size / b->d[0], err)) x = from_tall_columns(b, a->d[1], larger(a), columns, err);
  gr_free(columns);
  gr_free(f);
  if (!x || gr_matrix_fits("lstsq", a, x, err)) return x;
  gr_unref(x);
  return NULL;
}

/* ---- QR ----------------------------------------------------------------------------- */

/* f (m x n columns) becomes r above the diagonal and, with tau, the reflections whose product is q. */
static bool run_geqrf(int m, int n, double *f, double *tau, gr_err *err) {
  int length;
  double asked;
  LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, m, n, f, m, tau, &asked, -1);
  double *work = gr_matrix_work("qr", asked, &length, err);
  if (!work) return false;
  LAPACKE_dgeqrf_work(LAPACK_COL_MAJOR, m, n, f, m, tau, work, length);
  gr_free(work);
  return true;
}

/* The reflections become the first k columns of q. */
static bool run_orgqr(int m, int k, double *f, const double *tau, gr_err *err) {
  int length;
  double asked;
  LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, m, k, k, f, m, tau, &asked, -1);
  double *work = gr_matrix_work("qr", asked, &length, err);
  if (!work) return false;
  LAPACKE_dorgqr_work(LAPACK_COL_MAJOR, m, k, k, f, m, tau, work, length);
  gr_free(work);
  return true;
}

static gr_tensor *upper(const gr_tensor *a, const double *f, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = smaller(a);
  gr_tensor *r = gr_new(a->dtype, 2, (size_t[]){ k, n }, err);
  for (size_t i = 0; r && i < k; i++)
    for (size_t j = 0; j < n; j++) gr_set(r, i * n + j, i <= j ? f[j * m + i] : 0);
  return r;
}

/* In portable mode, both at once. */
static void qr_in_order(const gr_tensor *a, double *f, double *factors, gr_tensor **q, gr_tensor **r, gr_err *err) {
  size_t m = a->d[0], n = a->d[1], k = smaller(a);
  double *columns = gr_matrix_room(m, k, err);
  if (!columns) return;
  gr_ordered_qr(m, n, f, factors, columns);
  *r = upper(a, f, err);
  if (*r) *q = gr_matrix_from_columns(a->dtype, m, k, columns, err);
  gr_free(columns);
}

bool gr_qr(gr_tensor *a, gr_tensor *qr[2], gr_err *err) {
  if (!gr_matrix_check("qr", a, err)) return false;
  size_t m = a->d[0], n = a->d[1], k = smaller(a);
  gr_tensor *q = NULL, *r = NULL;
  double *f = gr_matrix_columns_new(a, err);
  double *tau = f ? gr_matrix_room(k, 1, err) : NULL;
  if (gr_portable() && tau) qr_in_order(a, f, tau, &q, &r, err);
  if (!gr_portable() && tau && run_geqrf((int)m, (int)n, f, tau, err)) r = upper(a, f, err);
  if (!gr_portable() && r && run_orgqr((int)m, (int)k, f, tau, err)) q = gr_matrix_from_columns(a->dtype, m, k, f, err);
  gr_free(tau);
  gr_free(f);
  if (!q) {
    gr_unref(r);
    return false;
  }
  qr[0] = q;
  qr[1] = r;
  return true;
}
