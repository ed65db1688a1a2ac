/* linalg.c: what linear algebra checks and says, and how matrices go into LAPACK and come out. */
#include "linalg.h"
#include "portable.h"

#include <cblas.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static inline double value(const gr_tensor *t, size_t i) {
  return t->dtype == GR_F32 ? (double)((const float *)t->x)[i] : ((const double *)t->x)[i];
}

static inline void put(gr_tensor *t, size_t i, double v) {
  if (t->dtype == GR_F32) ((float *)t->x)[i] = (float)v;
  else ((double *)t->x)[i] = v;
}

/* Instead of fmax, over which gcc 12 ends with an internal error where it makes vectors for arm64. */
static inline double larger(double a, double b) { return b > a ? b : a; }

double gr_matrix_epsilon(const gr_tensor *a) { return a->dtype == GR_F32 ? FLT_EPSILON : DBL_EPSILON; }

/* ---- Checks ------------------------------------------------------------------------- */

/* Where element i of t stands, counted from 1. */
static const char *place_text(const gr_tensor *t, size_t i, char *out, size_t room) {
  size_t at[GR_MAX_DIMS] = { 0 };
  for (int axis = t->nd - 1; axis >= 0; axis--) {
    at[axis] = i % t->d[axis] + 1;
    i /= t->d[axis];
  }
  if (t->nd == 2) {
    snprintf(out, room, "row %zu, column %zu", at[0], at[1]);
    return out;
  }
  size_t used = (size_t)snprintf(out, room, "position ");
  for (int axis = 0; axis < t->nd && used < room; axis++)
    used += (size_t)snprintf(out + used, room - used, axis ? ", %zu" : "%zu", at[axis]);
  return out;
}

/* Whether none is a NaN or an infinity: x - x is 0 for all others. Several sums side by side do not wait for each other. */
enum { SUMS = 8 };

static bool finite_f64(const double *x, size_t n) {
  double sum[SUMS] = { 0 }, all = 0;
  size_t i = 0;
  for (; i + SUMS <= n; i += SUMS)
    for (size_t k = 0; k < SUMS; k++) sum[k] += x[i + k] - x[i + k];
  for (; i < n; i++) all += x[i] - x[i];
  for (size_t k = 0; k < SUMS; k++) all += sum[k];
  return all == 0;
}

static bool finite_f32(const float *x, size_t n) {
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] - x[i];
  return sum == 0;
}

/* Position of the first NaN or infinity; size if there is none. */
static size_t not_finite(const gr_tensor *t) {
  size_t i = 0;
  if (t->dtype == GR_F32 ? finite_f32(t->x, t->size) : finite_f64(t->x, t->size)) return t->size;
  while (fabs(value(t, i)) <= DBL_MAX) i++;
  return i;
}

static bool check_numbers(const char *what, gr_tensor *t, const char *role, gr_err *err) {
  char label[GR_LABEL_ROOM], place[GR_LABEL_ROOM];
  if (!gr_ready(t, err)) return false;
  size_t i = not_finite(t);
  if (i == t->size) return true;
  const char *found = isnan(value(t, i)) ? "nan" : value(t, i) < 0 ? "-inf" : "inf";
  gr_label(t, role, label, sizeof label);
  if (t->nd == 0) return gr_fail(err, "%s: %s is %s", what, label, found);
  return gr_fail(err, "%s: %s has %s at %s", what, label, found, place_text(t, i, place, sizeof place));
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

bool gr_matrix_check(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (a->nd != 2) return gr_fail(err, "%s: %s must be a matrix", what, gr_label(a, "A", label, sizeof label));
  gr_blas_threads(true); /* LAPACK is called next */
  return check_sizes(what, a, "A", err) && check_numbers(what, a, "A", err);
}

bool gr_matrix_square(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (a->nd == 2 && a->d[0] != a->d[1]) return gr_fail(err, "%s: %s must be square", what, gr_label(a, "A", label, sizeof label));
  return gr_matrix_check(what, a, err);
}

/* Position of the first entry that differs from its mirror image by more than rounding can explain,
** judged by the largest entry; size if there is none.                                              */
static size_t asymmetry(const gr_tensor *a) {
  const double tolerance = a->dtype == GR_F32 ? 1e-5 : 1e-12;
  size_t n = a->d[0];
  double top = 0;
  for (size_t i = 0; i < a->size; i++) top = larger(top, fabs(value(a, i)));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++)
      if (!(fabs(value(a, i * n + j) - value(a, j * n + i)) <= tolerance * top)) return i * n + j;
  return a->size;
}

bool gr_matrix_symmetric(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (!gr_matrix_square(what, a, err)) return false;
  size_t at = asymmetry(a), n = a->d[0], i = at / n, j = at % n;
  if (at == a->size) return true;
  return gr_fail(err, "%s: %s is not symmetric: row %zu, column %zu is %g, but row %zu, column %zu is %g", what,
                 gr_label(a, "A", label, sizeof label), i + 1, j + 1, value(a, i * n + j), j + 1, i + 1, value(a, j * n + i));
}

static bool fail_types(const char *what, const gr_tensor *a, const gr_tensor *b, gr_err *err) {
  char left[GR_LABEL_ROOM], right[GR_LABEL_ROOM];
  return gr_fail(err, "%s: %s is %s but %s is %s: convert one with :to()", what, gr_label(a, "A", left, sizeof left),
                 gr_dtype_name(a->dtype), gr_label(b, "b", right, sizeof right), gr_dtype_name(b->dtype));
}

static bool fail_rows(const char *what, const gr_tensor *a, const gr_tensor *b, gr_err *err) {
  char left[GR_LABEL_ROOM], right[GR_LABEL_ROOM];
  return gr_fail(err, "%s: %s and %s: the right side must have as many rows as the matrix (%zu)", what,
                 gr_label(a, "A", left, sizeof left), gr_label(b, "b", right, sizeof right), a->d[0]);
}

bool gr_matrix_right_side(const char *what, gr_tensor *a, gr_tensor *b, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (b->nd != 1 && b->nd != 2)
    return gr_fail(err, "%s: %s must be a vector or a matrix", what, gr_label(b, "b", label, sizeof label));
  if (b->dtype != a->dtype) return fail_types(what, a, b, err);
  if (b->d[0] != a->d[0]) return fail_rows(what, a, b, err);
  return check_sizes(what, b, "b", err) && check_numbers(what, b, "b", err);
}

bool gr_matrix_fits(const char *what, gr_tensor *a, const gr_tensor *x, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (not_finite(x) == x->size) return true;
  return gr_fail(err, "%s: the result for %s has numbers too large for %s", what, gr_label(a, "A", label, sizeof label),
                 gr_dtype_name(a->dtype));
}

bool gr_matrix_diverged(const char *what, const gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  return gr_fail(err, "%s: the iteration for %s did not converge", what, gr_label(a, "A", label, sizeof label));
}

bool gr_matrix_lapack(const char *what, gr_err *err) {
  if (!gr_portable()) return true;
  return gr_fail(err,
                 "%s: its result comes from LAPACK and would have other bits on another machine, so --portable excludes it: "
                 "inv, solve, det, slogdet, lu, qr and norm are available; leave --portable out for the rest",
                 what);
}

/* ---- In and out --------------------------------------------------------------------- */

double *gr_matrix_room(size_t a, size_t b, gr_err *err) {
  size_t bytes;
  if (!gr_size_mul(a, b, &bytes) || !gr_size_mul(bytes, sizeof(double), &bytes)) return gr_fail_memory(err, SIZE_MAX), NULL;
  return gr_alloc(bytes, err);
}

double *gr_matrix_work(const char *what, double asked, int *length, gr_err *err) {
  if (!(asked <= INT_MAX)) {
    gr_fail(err, "%s: the matrix is too large: LAPACK counts its working memory in 32 bits", what);
    return NULL;
  }
  *length = asked < 1 ? 1 : (int)asked;
  return gr_matrix_room((size_t)*length, 1, err);
}

void gr_matrix_rows(const gr_tensor *a, double *to) {
  if (a->dtype == GR_F64) memcpy(to, a->x, a->size * sizeof *to);
  else
    for (size_t i = 0; i < a->size; i++) to[i] = value(a, i);
}

/* Side of the squares in which a matrix is turned: what is read and what is written stay in cache. */
enum { TILE = 16 };

void gr_matrix_columns(const gr_tensor *a, double *to) {
  size_t m = a->d[0], n = a->nd == 2 ? a->d[1] : 1;
  for (size_t i0 = 0; i0 < m; i0 += TILE)
    for (size_t j0 = 0; j0 < n; j0 += TILE)
      for (size_t j = j0; j < n && j < j0 + TILE; j++)
        for (size_t i = i0; i < m && i < i0 + TILE; i++) to[j * m + i] = value(a, i * n + j);
}

double *gr_matrix_columns_new(const gr_tensor *a, gr_err *err) {
  double *to = gr_matrix_room(a->size, 1, err);
  if (to) gr_matrix_columns(a, to);
  return to;
}

gr_tensor *gr_matrix_from_rows(gr_dtype dtype, size_t m, size_t n, const double *from, gr_err *err) {
  gr_tensor *t = gr_new(dtype, 2, (size_t[]){ m, n }, err);
  if (t && dtype == GR_F64) memcpy(t->x, from, t->size * sizeof *from);
  else
    for (size_t i = 0; t && i < t->size; i++) put(t, i, from[i]);
  return t;
}

gr_tensor *gr_matrix_from_columns(gr_dtype dtype, size_t m, size_t n, const double *from, gr_err *err) {
  gr_tensor *t = gr_new(dtype, 2, (size_t[]){ m, n }, err);
  if (!t) return NULL;
  for (size_t i0 = 0; i0 < m; i0 += TILE)
    for (size_t j0 = 0; j0 < n; j0 += TILE)
      for (size_t i = i0; i < m && i < i0 + TILE; i++)
        for (size_t j = j0; j < n && j < j0 + TILE; j++) put(t, i * n + j, from[j * m + i]);
  return t;
}

gr_tensor *gr_matrix_vector(gr_dtype dtype, size_t n, const double *from, gr_err *err) {
  gr_tensor *t = gr_new(dtype, 1, &n, err);
  for (size_t i = 0; t && i < n; i++) put(t, i, from[i]);
  return t;
}

/* ---- Norm --------------------------------------------------------------------------- */

/* A float's square fits a double whatever the float. */
static double sum_of_squares(const gr_tensor *t) {
  if (gr_portable()) return t->dtype == GR_F32 ? gr_ordered_squares_f32(t->x, t->size) : gr_ordered_squares_f64(t->x, t->size);
  double sum = 0;
  for (size_t i = 0, n; i < t->size; i += n) {
    n = t->size - i < INT_MAX ? t->size - i : INT_MAX;
    if (t->dtype == GR_F32) {
      const float *x = (const float *)t->x + i;
      sum += cblas_dsdot((int)n, x, 1, x, 1);
    } else {
      const double *x = (const double *)t->x + i;
      sum += cblas_ddot((int)n, x, 1, x, 1);
    }
  }
  return sum;
}

/* For numbers whose squares overflow or vanish: all are brought near 1 by the same power of two, which is exact. */
static double norm_by_scaling(const gr_tensor *t) {
  double top = 0, sum = 0;
  int power;
  for (size_t i = 0; i < t->size; i++) top = larger(top, fabs(value(t, i)));
  frexp(top, &power);
  for (size_t i = 0; i < t->size; i++) {
    double v = ldexp(value(t, i), -power);
    sum += v * v;
  }
  return ldexp(sqrt(sum), power);
}

bool gr_norm(gr_tensor *a, double *norm, gr_err *err) {
  static const double safe = 1e-280;
  if (!check_numbers("norm", a, "A", err)) return false;
  double sum = sum_of_squares(a);
  *norm = sum > safe && sum < 1 / safe ? sqrt(sum) : norm_by_scaling(a);
  return true;
}
