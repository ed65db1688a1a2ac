/* linalg.c: linear algebra on LAPACK. What is checked, what is said, and which of the two types computes. */
#include "linalg.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <tgmath.h>

/* ---- What is said ------------------------------------------------------------------- */

/* Tells what makes a singular. Elimination can also lose a matrix of full rank to rounding. */
static bool fail_singular(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM], why[GR_LABEL_ROOM];
  size_t n = a->d[0], rank;
  gr_label(a, "A", label, sizeof label);
  if (!gr_exact_rank(a, &rank) && !gr_rank(a, &rank, err)) return false;
  if (rank == n)
    return gr_fail(err, "%s: %s is too close to singular for %s: elimination ends in a zero pivot", what, label,
                   gr_dtype_name(a->dtype));
  if (gr_dependence_text(a, why, sizeof why))
    return gr_fail(err, "%s: %s is singular: %s; rank %zu", what, label, why, rank);
  return gr_fail(err, "%s: %s is singular: rank %zu of %zu", what, label, rank, n);
}

static bool fail_not_positive(const gr_tensor *a, size_t order, gr_err *err) {
  char label[GR_LABEL_ROOM];
  return gr_fail(err, "cholesky: %s is not positive definite: its leading minor of order %zu is not positive",
                 gr_label(a, "A", label, sizeof label), order);
}

static bool fail_convergence(const char *what, const gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  return gr_fail(err, "%s: the iteration for %s did not converge", what, gr_label(a, "A", label, sizeof label));
}

/* Fails unless the result holds numbers only. */
static bool fits(const char *what, bool finite, const gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (finite) return true;
  return gr_fail(err, "%s: the result for %s has numbers too large for %s", what, gr_label(a, "A", label, sizeof label),
                 gr_dtype_name(a->dtype));
}

/* Up to this size a square matrix is turned for LAPACK, so that digits agree with NumPy's. A larger one is left
** as it lies, which LAPACK takes for its transpose: that saves a copy, and the answers are as good.             */
enum { TURNED_UP_TO = 32 };

#define REAL_IS_F64
#include "real.h"
#include "linalg_real.h"
#include "linalg_lu.h"
#include "linalg_orthogonal.h"
#include "linalg_eigen.h"
#define REAL_IS_F32
#include "real.h"
#include "linalg_real.h"
#include "linalg_lu.h"
#include "linalg_orthogonal.h"
#include "linalg_eigen.h"

/* ---- What is checked ---------------------------------------------------------------- */

/* Where element i of t stands, counted from 1. */
static const char *place_text(const gr_tensor *t, size_t i, char *out, size_t room) {
  size_t at[GR_MAX_DIMS], used = 0;
  for (int axis = t->nd - 1; axis >= 0; axis--) {
    at[axis] = i % t->d[axis] + 1;
    i /= t->d[axis];
  }
  if (t->nd == 2) {
    snprintf(out, room, "row %zu, column %zu", at[0], at[1]);
    return out;
  }
  used += (size_t)snprintf(out, room, "position ");
  for (int axis = 0; axis < t->nd && used < room; axis++)
    used += (size_t)snprintf(out + used, room - used, axis ? ", %zu" : "%zu", at[axis]);
  return out;
}

static bool check_numbers(const char *what, gr_tensor *t, const char *role, gr_err *err) {
  char label[GR_LABEL_ROOM], place[GR_LABEL_ROOM];
  if (!gr_ready(t, err)) return false;
  size_t i = t->dtype == GR_F32 ? not_finite_f32(t->x, t->size) : not_finite_f64(t->x, t->size);
  if (i == t->size) return true;
  double v = gr_get(t, i);
  const char *value = isnan(v) ? "nan" : v < 0 ? "-inf" : "inf";
  gr_label(t, role, label, sizeof label);
  if (t->nd == 0) return gr_fail(err, "%s: %s is %s", what, label, value);
  return gr_fail(err, "%s: %s has %s at %s", what, label, value, place_text(t, i, place, sizeof place));
}

/* LAPACK counts rows and columns in 32 bits. */
static bool check_sizes(const char *what, const gr_tensor *t, const char *role, gr_err *err) {
  char label[GR_LABEL_ROOM];
  for (int axis = 0; axis < t->nd; axis++)
    if (t->d[axis] > INT_MAX)
      return gr_fail(err, "%s: %s is too large: LAPACK takes up to %d rows and columns", what,
                     gr_label(t, role, label, sizeof label), INT_MAX);
  return true;
}

static bool check_matrix(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (a->nd != 2) return gr_fail(err, "%s: %s must be a matrix", what, gr_label(a, "A", label, sizeof label));
  return check_sizes(what, a, "A", err) && check_numbers(what, a, "A", err);
}

static bool check_square(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (a->nd == 2 && a->d[0] != a->d[1])
    return gr_fail(err, "%s: %s must be square", what, gr_label(a, "A", label, sizeof label));
  return check_matrix(what, a, err);
}

static bool check_symmetric(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (!check_square(what, a, err)) return false;
  size_t at = a->dtype == GR_F32 ? asymmetry_f32(a) : asymmetry_f64(a);
  if (at == a->size) return true;
  size_t n = a->d[0], i = at / n, j = at % n;
  return gr_fail(err, "%s: %s is not symmetric: row %zu, column %zu is %g, but row %zu, column %zu is %g", what,
                 gr_label(a, "A", label, sizeof label), i + 1, j + 1, gr_get(a, i * n + j), j + 1, i + 1,
                 gr_get(a, j * n + i));
}

/* b as the right side of a x = b: a vector, or a matrix with a column for each problem. */
static bool check_right_side(const char *what, const gr_tensor *a, gr_tensor *b, gr_err *err) {
  char left[GR_LABEL_ROOM], right[GR_LABEL_ROOM];
  gr_label(a, "A", left, sizeof left);
  gr_label(b, "b", right, sizeof right);
  if (b->nd != 1 && b->nd != 2) return gr_fail(err, "%s: %s must be a vector or a matrix", what, right);
  if (b->dtype != a->dtype)
    return gr_fail(err, "%s: %s is %s but %s is %s: convert one with :to()", what, left, gr_dtype_name(a->dtype), right,
                   gr_dtype_name(b->dtype));
  if (b->d[0] != a->d[0])
    return gr_fail(err, "%s: %s and %s: rows of b must equal rows of A (%zu)", what, left, right, a->d[0]);
  return check_sizes(what, b, "b", err) && check_numbers(what, b, "b", err);
}

/* ---- What is offered ---------------------------------------------------------------- */

gr_tensor *gr_inv(gr_tensor *a, double *rcond, gr_err *err) {
  if (!check_square("inv", a, err)) return NULL;
  return a->dtype == GR_F32 ? inv_f32(a, rcond, err) : inv_f64(a, rcond, err);
}

gr_tensor *gr_solve(gr_tensor *a, gr_tensor *b, double *rcond, gr_err *err) {
  if (!check_square("solve", a, err) || !check_right_side("solve", a, b, err)) return NULL;
  return a->dtype == GR_F32 ? solve_f32(a, b, rcond, err) : solve_f64(a, b, rcond, err);
}

/* By way of the logarithm, as NumPy does: its determinant of {{1, 2}, {3, 4}} is -2.0000000000000004. */
bool gr_det(gr_tensor *a, double *det, gr_err *err) {
  double sign, logdet;
  if (!check_square("det", a, err)) return false;
  if (!(a->dtype == GR_F32 ? slogdet_f32(a, &sign, &logdet, err) : slogdet_f64(a, &sign, &logdet, err))) return false;
  *det = sign == 0 ? 0 : sign * exp(logdet);
  return true;
}

bool gr_slogdet(gr_tensor *a, double *sign, double *logdet, gr_err *err) {
  if (!check_square("slogdet", a, err)) return false;
  return a->dtype == GR_F32 ? slogdet_f32(a, sign, logdet, err) : slogdet_f64(a, sign, logdet, err);
}

gr_tensor *gr_lstsq(gr_tensor *a, gr_tensor *b, gr_err *err) {
  if (!check_matrix("lstsq", a, err) || !check_right_side("lstsq", a, b, err)) return NULL;
  return a->dtype == GR_F32 ? lstsq_f32(a, b, err) : lstsq_f64(a, b, err);
}

gr_tensor *gr_pinv(gr_tensor *a, gr_err *err) {
  if (!check_matrix("pinv", a, err)) return NULL;
  return a->dtype == GR_F32 ? pinv_f32(a, err) : pinv_f64(a, err);
}

bool gr_rank(gr_tensor *a, size_t *rank, gr_err *err) {
  if (!check_matrix("rank", a, err)) return false;
  return a->dtype == GR_F32 ? rank_f32(a, rank, err) : rank_f64(a, rank, err);
}

bool gr_cond(gr_tensor *a, double *cond, gr_err *err) {
  if (!check_matrix("cond", a, err)) return false;
  return a->dtype == GR_F32 ? cond_f32(a, cond, err) : cond_f64(a, cond, err);
}

bool gr_norm(gr_tensor *a, double *norm, gr_err *err) {
  if (!check_numbers("norm", a, "A", err)) return false;
  *norm = a->dtype == GR_F32 ? norm_f32(a) : norm_f64(a);
  return true;
}

bool gr_lu(gr_tensor *a, gr_tensor *plu[3], gr_err *err) {
  if (!check_matrix("lu", a, err)) return false;
  return a->dtype == GR_F32 ? lu_f32(a, plu, err) : lu_f64(a, plu, err);
}

bool gr_qr(gr_tensor *a, gr_tensor *qr[2], gr_err *err) {
  if (!check_matrix("qr", a, err)) return false;
  return a->dtype == GR_F32 ? qr_f32(a, qr, err) : qr_f64(a, qr, err);
}

gr_tensor *gr_cholesky(gr_tensor *a, gr_err *err) {
  if (!check_symmetric("cholesky", a, err)) return NULL;
  return a->dtype == GR_F32 ? cholesky_f32(a, err) : cholesky_f64(a, err);
}

bool gr_svd(gr_tensor *a, gr_tensor *usv[3], gr_err *err) {
  if (!check_matrix("svd", a, err)) return false;
  return a->dtype == GR_F32 ? svd_f32(a, usv, err) : svd_f64(a, usv, err);
}

bool gr_eig(gr_tensor *a, gr_tensor *wv[4], gr_err *err) {
  if (!check_square("eig", a, err)) return false;
  return a->dtype == GR_F32 ? eig_f32(a, wv, err) : eig_f64(a, wv, err);
}

bool gr_eigh(gr_tensor *a, gr_tensor *wv[2], gr_err *err) {
  if (!check_symmetric("eigh", a, err)) return false;
  return a->dtype == GR_F32 ? eigh_f32(a, wv, err) : eigh_f64(a, wv, err);
}
