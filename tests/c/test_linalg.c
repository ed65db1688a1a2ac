/* Linear algebra. Figures are from numpy 1.24.2 (numpy.linalg, on OpenBLAS 0.3.21) unless the case says otherwise. They are
** compared within a few roundings, because kernels of other processors add in another order.                           */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define NUMBERS(...) ((const double[]){ __VA_ARGS__ })

/* ---- Helpers ------------------------------------------------------------------------ */

/* The tools that check this file do not know that fail_msg never returns: abort() tells them. */
static gr_tensor *needed(const char *wrong, gr_tensor *t, const gr_err *err) {
  if (t) return t;
  fail_msg("%s: %s", wrong, err->text);
  abort();
}

static gr_tensor *tensor(gr_dtype dtype, int nd, const size_t d[], const double x[]) {
  gr_err err;
  gr_tensor *t = needed("new", gr_new(dtype, nd, d, &err), &err);
  size_t size = 1;
  for (int i = 0; i < nd; i++) size *= d[i];
  for (size_t i = 0; i < size; i++) gr_set(t, i, x[i]);
  return t;
}

static gr_tensor *matrix(size_t m, size_t n, const double x[]) { return tensor(GR_F64, 2, (size_t[]){ m, n }, x); }
static gr_tensor *vector(size_t n, const double x[]) { return tensor(GR_F64, 1, &n, x); }

/* Numbers from -1 to 1, the same on every machine. */
static gr_tensor *scattered(gr_dtype dtype, size_t m, size_t n) {
  gr_err err;
  gr_rng rng;
  gr_tensor *t = needed("new", gr_new(dtype, 2, (size_t[]){ m, n }, &err), &err);
  gr_rng_seed(&rng, (uint32_t)(100 * m + n));
  gr_rng_fill_uniform(&rng, t, -1, 1);
  return t;
}

/* Releases t. Entries may differ by `tolerance` times the largest wanted one. */
static void check_values(const char *wrong, gr_tensor *t, size_t n, const double want[], double tolerance) {
  double top = 0;
  if (t->size != n) fail_msg("%s: %zu numbers, not %zu", wrong, t->size, n);
  for (size_t i = 0; i < n; i++) top = fmax(top, fabs(want[i]));
  for (size_t i = 0; i < n; i++)
    if (!(fabs(gr_get(t, i) - want[i]) <= tolerance * top))
      fail_msg("%s: number %zu is %.17g, not %.17g", wrong, i + 1, gr_get(t, i), want[i]);
  gr_unref(t);
}

static void check_shape(const char *wrong, const gr_tensor *t, int nd, size_t m, size_t n) {
  if (t->nd != nd || t->d[0] != m || (nd == 2 && t->d[1] != n)) fail_msg("%s: another shape", wrong);
}

/* op(a) op(b) by the sum that defines it, as a new tensor. */
static gr_tensor *product(gr_tensor *a, bool ta, gr_tensor *b, bool tb) {
  gr_err err;
  size_t m = a->d[ta ? 1 : 0], k = a->d[ta ? 0 : 1], n = b->d[tb ? 0 : 1];
  gr_tensor *c = needed("product", gr_new(GR_F64, 2, (size_t[]){ m, n }, &err), &err);
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t p = 0; p < k; p++) sum += gr_get(a, ta ? p * m + i : i * k + p) * gr_get(b, tb ? j * k + p : p * n + j);
      gr_set(c, i * n + j, sum);
    }
  return c;
}

/* Releases a. Both n x n and more: entries may differ by `tolerance`. */
static void check_equal(const char *wrong, gr_tensor *a, gr_tensor *b, double tolerance) {
  if (!gr_same_shape(a, b)) fail_msg("%s: another shape", wrong);
  for (size_t i = 0; i < a->size; i++)
    if (!(fabs(gr_get(a, i) - gr_get(b, i)) <= tolerance))
      fail_msg("%s: number %zu is %.17g, not %.17g", wrong, i + 1, gr_get(a, i), gr_get(b, i));
  gr_unref(a);
}

static void check_identity(const char *wrong, gr_tensor *a, double tolerance) {
  gr_err err;
  gr_tensor *one = needed(wrong, gr_eye(GR_F64, a->d[0], &err), &err);
  check_equal(wrong, a, one, tolerance);
  gr_unref(one);
}

/* Roundings of `type` that a sum over n products may gather, for matrices of entries near 1 and condition up to 1000. */
static double roundings(gr_dtype type, size_t n) { return 1000 * (double)n * (type == GR_F32 ? FLT_EPSILON : DBL_EPSILON); }

/* Four fruit in four bills: the matrix of a course's exercise. Its determinant is -8, its inverse has whole quarters. */
static const double fruit[] = { 1, 1, 1, 1, 5, 2, 4, 7, 0, 1, 1, 2, 5, 2, 2, 3 };
static const double tall[] = { 2, 1, 1, 3, 0, 1 };
static const double few[] = { 1, 2, 3, 4 };

/* ---- Inverse and solution ----------------------------------------------------------- */

static void an_inverse_differs_from_numpy(void **state) {
  gr_err err;
  double rcond = 0;
  gr_tensor *a = matrix(4, 4, fruit), *b = matrix(2, 2, few);
  (void)state;
  check_values("fruit", needed("inv", gr_inv(a, &rcond, &err), &err), 16,
               NUMBERS(-0.25, 0, -0.25, 0.25, 0, -0.5, 1, 0.5, 2.5, 0.5, -1.5, -1, -1.25, 0, 0.75, 0.25), 1e-15);
  assert_true(fabs(rcond - 0.019230769230769235) < 1e-16); /* 1 / numpy.linalg.cond(fruit, 1) */
  check_values("2 x 2", needed("inv", gr_inv(b, NULL, &err), &err), 4, NUMBERS(-2, 1, 1.5, -0.5), 1e-15);
  gr_unref(a);
  gr_unref(b);
}

static void a_solution_differs_from_numpy(void **state) {
  gr_err err;
  double rcond = 0;
  gr_tensor *a = matrix(4, 4, fruit), *b = vector(4, NUMBERS(2350, 10600, 2450, 6800)),
            *two = matrix(4, 2, NUMBERS(2350, -4700, 10600, -21200, 2450, -4900, 6800, -13600));
  (void)state;
  gr_tensor *x = needed("solve", gr_solve(a, b, &rcond, &err), &err);
  check_shape("a vector", x, 1, 4, 0);
  check_values("a vector", x, 4, NUMBERS(500, 550, 700, 600), 1e-15);
  assert_true(fabs(rcond - 0.019230769230769235) < 1e-16);
  x = needed("solve", gr_solve(a, two, NULL, &err), &err);
  check_shape("two columns", x, 2, 4, 2);
  check_values("two columns", x, 8, NUMBERS(500, -1000, 550, -1100, 700, -1400, 600, -1200), 1e-15);
  gr_unref(a);
  gr_unref(b);
  gr_unref(two);
}

/* Up to 32 LAPACK gets the matrix, above its transpose; up to 16 rcond is exact, above an estimate. */
static const size_t many_sizes[] = { 1, 2, 3, 5, 8, 9, 16, 17, 31, 32, 33, 50, 100 };

/* With 2 n on the diagonal conditions stay below 4. */
static gr_tensor *heavy_diagonal(gr_dtype dtype, size_t n) {
  gr_tensor *a = scattered(dtype, n, n);
  for (size_t i = 0; i < n; i++) gr_set(a, i * n + i, 2 * (double)n);
  return a;
}

static void an_inverse_undoes_nothing(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(many_sizes); i++)
    for (int type = GR_F64; type <= GR_F32; type++) {
      gr_err err;
      double rcond, tolerance = roundings((gr_dtype)type, many_sizes[i]);
      gr_tensor *a = heavy_diagonal((gr_dtype)type, many_sizes[i]);
      gr_tensor *x = needed("inv", gr_inv(a, &rcond, &err), &err);
      assert_int_equal(x->dtype, type);
      assert_true(rcond > 0.25 && rcond <= 1);
      check_identity("a times its inverse", product(a, false, x, false), tolerance);
      gr_unref(x);
      gr_unref(a);
    }
}

static void a_solution_solves_nothing(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(many_sizes); i++)
    for (int type = GR_F64; type <= GR_F32; type++) {
      gr_err err;
      size_t n = many_sizes[i];
      double rcond, exact, tolerance = roundings((gr_dtype)type, n);
      gr_tensor *a = heavy_diagonal((gr_dtype)type, n), *b = scattered((gr_dtype)type, n, 3);
      gr_tensor *x = needed("solve", gr_solve(a, b, &rcond, &err), &err);
      assert_int_equal(x->dtype, type);
      check_equal("a times the solution", product(a, false, x, false), b, tolerance);
      gr_unref(x);
      gr_unref(needed("inv", gr_inv(a, &exact, &err), &err));
      if (!(rcond >= exact * (1 - 1e-12) && rcond <= 3 * exact)) fail_msg("n = %zu: rcond is %g, not %g", n, rcond, exact);
      gr_unref(a);
      gr_unref(b);
    }
}

static gr_tensor *hilbert(size_t n) {
  gr_err err;
  gr_tensor *h = needed("hilbert", gr_new(GR_F64, 2, (size_t[]){ n, n }, &err), &err);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) gr_set(h, i * n + j, 1 / (double)(i + j + 1));
  return h;
}

static void a_nearly_singular_matrix_is_refused(void **state) {
  gr_err err;
  double rcond;
  gr_tensor *small = hilbert(8), *large = hilbert(12);
  (void)state;
  gr_unref(needed("8 x 8", gr_inv(small, &rcond, &err), &err));
  assert_true(fabs(rcond / 2.952221897654035e-11 - 1) < 1e-4); /* the inverse of that condition has 6 digits */
  gr_unref(needed("12 x 12", gr_inv(large, &rcond, &err), &err));
  assert_true(rcond > 0 && rcond < DBL_EPSILON);
  gr_unref(small);
  gr_unref(large);
}

/* Ones on the diagonal and -2 above them: all pivots are 1, yet the inverse doubles from entry to entry, up to 2^(n - 1). */
static void a_solution_does_not_tell_that_it_is_nearly_singular(void **state) {
  static const size_t sizes[] = { 8, 17, 30, 45, 52, 80 };
  (void)state;
  for (size_t i = 0; i < COUNT(sizes); i++) {
    gr_err err;
    size_t n = sizes[i];
    double rcond, exact = 1 / (3 * (ldexp(1, (int)n) - 1));
    gr_tensor *a = needed("eye", gr_eye(GR_F64, n, &err), &err), *b = scattered(GR_F64, n, 1);
    for (size_t j = 1; j < n; j++) gr_set(a, (j - 1) * n + j, -2);
    gr_unref(needed("solve", gr_solve(a, b, &rcond, &err), &err));
    if (!(rcond >= exact * 0.99 && rcond <= (exact < 1e-10 ? 3 : 100) * exact))
      fail_msg("n = %zu: rcond is %g, not %g", n, rcond, exact);
    gr_unref(a);
    gr_unref(b);
  }
}

/* Regular in whole numbers, though elimination leaves as little as for a singular one: det is -1. */
static void a_regular_matrix_of_whole_numbers_is_called_singular(void **state) {
  gr_err err;
  double rcond;
  gr_tensor *a = matrix(2, 2, NUMBERS(10000000, 10000001, 10000001, 10000002));
  (void)state;
  check_values("by hand", needed("inv", gr_inv(a, &rcond, &err), &err), 4, NUMBERS(-10000002, 10000001, 10000001, -10000000), 0.2);
  assert_true(rcond > 0 && rcond < 1e-14);
  gr_unref(a);
}

static void a_transposed_reading_is_taken_for_its_source(void **state) {
  gr_err err;
  gr_tensor *a = matrix(2, 2, few);
  (void)state;
  gr_tensor *t = needed("T", gr_apply(gr_op_find("T"), &a, 1, NULL, true, &err), &err);
  check_values("the inverse", needed("inv", gr_inv(t, NULL, &err), &err), 4, NUMBERS(-2, 1.5, 1, -0.5), 1e-15);
  gr_unref(t);
  gr_unref(a);
}

/* ---- Singular matrices -------------------------------------------------------------- */

static const struct {
  size_t n;
  double x[25];
  const char *message;
} singular_cases[] = {
  { 1, { 0 }, "inv: A (1 x 1) is singular: row 1 is all zero; rank 0" },
  { 2, { 1, 2, 2, 4 }, "inv: A (2 x 2) is singular: row 2 = 2 row 1; rank 1" },
  { 2, { 1, 2, -3, -6 }, "inv: A (2 x 2) is singular: row 2 = -3 row 1; rank 1" },
  { 2, { 5, 7, 5, 7 }, "inv: A (2 x 2) is singular: row 2 = row 1; rank 1" },
  { 2, { 3, 6, 1, 2 }, "inv: A (2 x 2) is singular: row 2 = 1/3 row 1; rank 1" },
  { 2, { 7, 7, 5, 5 }, "inv: A (2 x 2) is singular: row 2 = 5/7 row 1; rank 1" },
  { 2, { 8, 16, 1, 2 }, "inv: A (2 x 2) is singular: row 2 = 0.125 row 1; rank 1" },
  { 2, { 211, 211, 100, 100 }, "inv: A (2 x 2) is singular: row 2 = 0.4739 row 1; rank 1" },
  { 2, { 0.1, 0.2, 0.3, 0.6 }, "inv: A (2 x 2) is singular: row 2 = 3 row 1; rank 1" },
  { 2, { 0, 0, 1, 2 }, "inv: A (2 x 2) is singular: row 1 is all zero; rank 1" },
  { 2, { 0, 1, 0, 2 }, "inv: A (2 x 2) is singular: row 2 = 2 row 1; rank 1" },
  { 3, { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, "inv: A (3 x 3) is singular: row 3 = -row 1 + 2 row 2; rank 2" },
  { 3, { 7, 1, 2, 1, 3, 1, 5, -5, 0 }, "inv: A (3 x 3) is singular: row 3 = row 1 - 2 row 2; rank 2" },
  { 3, { 1, 1, 1, 2, 3, 5, 1.5, 2, 3 }, "inv: A (3 x 3) is singular: row 3 = 0.5 row 1 + 0.5 row 2; rank 2" },
  { 3, { 1, 2, 3, 0, 0, 0, 1, 1, 1 }, "inv: A (3 x 3) is singular: row 2 is all zero; rank 2" },
  { 3, { 1, 2, 3, 2, 4, 6, 3, 6, 9 }, "inv: A (3 x 3) is singular: row 2 = 2 row 1; rank 1" },
  { 3, { 1, 2, 3, 4, 5, 6, 4, 5, 6 }, "inv: A (3 x 3) is singular: row 3 = row 2; rank 2" },
  { 4, { 1, 2, 0, 1, 0, 1, 1, 1, 3, 1, 4, 1, 2, 5, 1, 3 }, "inv: A (4 x 4) is singular: row 4 = 2 row 1 + row 2; rank 3" },
  { 4,
    { 16, 2, 3, 13, 5, 11, 10, 8, 9, 7, 6, 12, 4, 14, 15, 1 }, /* Duerer's magic square */
    "inv: A (4 x 4) is singular: row 4 = row 1 + 3 row 2 - 3 row 3; rank 3" },
  { 5,
    { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25 },
    "inv: A (5 x 5) is singular: row 3 = -row 1 + 2 row 2; rank 2" },
};

static void a_singular_matrix_is_told_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(singular_cases); i++)
    for (int type = GR_F64; type <= GR_F32; type++) {
      gr_err err;
      size_t n = singular_cases[i].n;
      double det = 1, sign = 1, logdet = 0, cond = 0;
      gr_tensor *a = tensor((gr_dtype)type, 2, (size_t[]){ n, n }, singular_cases[i].x);
      if (gr_inv(a, NULL, &err)) fail_msg("accepted: %s", singular_cases[i].message);
      if (strcmp(err.text, singular_cases[i].message) != 0) fail_msg("it says %s\nnot %s", err.text, singular_cases[i].message);
      assert_true(gr_det(a, &det, &err) && det == 0);
      assert_true(gr_slogdet(a, &sign, &logdet, &err) && sign == 0 && logdet == -INFINITY);
      assert_true(gr_cond(a, &cond, &err) && cond == INFINITY);
      gr_unref(a);
    }
}

/* 1, 2, 3, ... row by row: rank 2, whatever the size. */
static gr_tensor *counting(size_t n) {
  gr_err err;
  gr_tensor *a = needed("counting", gr_new(GR_F64, 2, (size_t[]){ n, n }, &err), &err);
  for (size_t i = 0; i < a->size; i++) gr_set(a, i, (double)(i + 1));
  return a;
}

static void a_large_singular_matrix_is_told_wrongly(void **state) {
  gr_err err;
  gr_tensor *a = counting(10), *b = scattered(GR_F64, 20, 20), *right = scattered(GR_F64, 20, 1);
  (void)state;
  assert_null(gr_inv(a, NULL, &err));
  assert_string_equal(err.text, "inv: A (10 x 10) is singular: rank 2 of 10");
  for (size_t i = 0; i < 20; i++)
    for (size_t j = 0; j < 3; j++) gr_set(b, 20 * i + 5 * j, 0);
  assert_true(gr_set_name(b, "K", &err));
  assert_null(gr_solve(b, right, NULL, &err));
  assert_string_equal(err.text, "solve: K (20 x 20) is singular: rank 17 of 20");
  gr_unref(a);
  gr_unref(b);
  gr_unref(right);
}

/* Its determinant is -1, but in doubles elimination leaves a pivot of exactly 0. */
static void a_matrix_lost_to_rounding_is_called_singular(void **state) {
  gr_err err;
  gr_tensor *a = matrix(2, 2, NUMBERS(1e9, 999999999, 999999999, 999999998));
  (void)state;
  assert_null(gr_inv(a, NULL, &err));
  assert_string_equal(err.text, "inv: A (2 x 2) is too close to singular: elimination ends in a zero pivot");
  gr_unref(a);
}

/* ---- Determinant -------------------------------------------------------------------- */

static const struct {
  size_t n;
  double x[9], det;
} det_cases[] = {
  { 1, { -3 }, -3 },
  { 2, { 1, 2, 3, 4 }, -2 },
  { 2, { 0, 1, 1, 0 }, -1 },
  { 2, { -1, 0, 0, -1 }, 1 },
  { 3, { 6, 1, 1, 4, -2, 5, 2, 8, 7 }, -306 },
  { 3, { 0, 0, 1, 1, 0, 0, 0, 1, 0 }, 1 },
  { 3, { 1, 2, 3, 4, 5, 6, 7, 8, 10 }, -3 },
  { 2, { 1e-200, 0, 0, 1e-150 }, 0 }, /* underflows */
};

static void a_determinant_is_wrong(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(det_cases); i++) {
    gr_err err;
    double det = 0, want = det_cases[i].det;
    gr_tensor *a = matrix(det_cases[i].n, det_cases[i].n, det_cases[i].x);
    assert_true(gr_det(a, &det, &err));
    if (!(fabs(det - want) <= 1e-14 * fabs(want))) fail_msg("the determinant is %.17g, not %.17g", det, want);
    gr_unref(a);
  }
}

static void a_logarithm_of_a_determinant_overflows(void **state) {
  gr_err err;
  double sign, logdet;
  gr_tensor *a = matrix(3, 3, NUMBERS(-1e200, 0, 0, 0, 1e200, 0, 0, 0, 3));
  (void)state;
  assert_true(gr_slogdet(a, &sign, &logdet, &err));
  assert_true(sign == -1);
  assert_true(fabs(logdet - 922.1326494862865) < 1e-12);
  gr_unref(a);
}

/* ---- Least squares, and what singular values tell ----------------------------------- */

static void least_squares_differ_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 2, tall), *y = vector(3, NUMBERS(1, 2, 4)), *two = matrix(3, 2, NUMBERS(1, -2, 2, -4, 4, -8));
  gr_tensor *wide = matrix(2, 3, NUMBERS(2, 1, 0, 1, 3, 1)), *short_y = vector(2, NUMBERS(1, 2));
  gr_tensor *flat = matrix(3, 2, NUMBERS(1, 2, 2, 4, 3, 6));
  (void)state;
  gr_tensor *x = needed("lstsq", gr_lstsq(a, y, &err), &err);
  check_shape("more rows", x, 1, 2, 0);
  check_values("more rows", x, 2, NUMBERS(-0.36666666666666675, 1.166666666666667), 1e-14);
  x = needed("lstsq", gr_lstsq(a, two, &err), &err);
  check_shape("two right sides", x, 2, 2, 2);
  check_values("two right sides", x, 4, NUMBERS(-0.36666666666666675, 0.7333333333333335, 1.166666666666667, -2.333333333333334),
               1e-14);
  check_values("more columns", needed("lstsq", gr_lstsq(wide, short_y, &err), &err), 3,
               NUMBERS(0.23333333333333311, 0.5333333333333337, 0.1666666666666668), 1e-14);
  check_values("dependent columns", needed("lstsq", gr_lstsq(flat, y, &err), &err), 2,
               NUMBERS(0.24285714285714274, 0.48571428571428565), 1e-14);
  gr_tensor *all[] = { a, y, two, wide, short_y, flat };
  for (size_t i = 0; i < COUNT(all); i++) gr_unref(all[i]);
}

static void a_pseudo_inverse_differs_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 2, tall), *flat = matrix(3, 2, NUMBERS(1, 2, 2, 4, 3, 6));
  (void)state;
  gr_tensor *x = needed("pinv", gr_pinv(a, &err), &err);
  check_shape("pinv", x, 2, 2, 3);
  check_values("independent columns", x, 6,
               NUMBERS(0.5666666666666665, -0.1333333333333334, -0.16666666666666669, -0.16666666666666663, 0.3333333333333334,
                       0.1666666666666667),
               1e-14);
  check_values("dependent columns", needed("pinv", gr_pinv(flat, &err), &err), 6,
               NUMBERS(0.014285714285714285, 0.028571428571428564, 0.042857142857142844, 0.028571428571428577, 0.05714285714285714,
                       0.0857142857142857),
               1e-14);
  gr_unref(a);
  gr_unref(flat);
}

static void a_float_pseudo_inverse_keeps_rounding(void **state) {
  gr_err err;
  gr_tensor *flat = tensor(GR_F32, 2, (size_t[]){ 2, 2 }, NUMBERS(0.1, 0.2, 0.3, 0.6));
  (void)state;
  check_values("by hand: 2 a^T", needed("pinv", gr_pinv(flat, &err), &err), 4, NUMBERS(0.2, 0.6, 0.4, 1.2), 1e-6);
  gr_unref(flat);
}

static const struct {
  size_t m, n;
  double x[9];
  size_t rank;
} rank_cases[] = {
  { 2, 2, { 0 }, 0 },
  { 2, 2, { 1, 2, 2, 4 }, 1 },
  { 3, 3, { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 2 },
  { 2, 3, { 1, 2, 3, 4, 5, 6 }, 2 },
  { 3, 2, { 1, 2, 2, 4, 3, 6 }, 1 },
  { 2, 2, { 1, 0, 0, 1e-15 }, 2 },
  { 2, 2, { 1, 0, 0, 1e-16 }, 1 },
  { 1, 1, { 1e-300 }, 1 },
};

static void a_rank_is_wrong(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(rank_cases); i++) {
    gr_err err;
    size_t rank = 99;
    gr_tensor *a = matrix(rank_cases[i].m, rank_cases[i].n, rank_cases[i].x);
    assert_true(gr_rank(a, &rank, &err));
    if (rank != rank_cases[i].rank) fail_msg("case %zu: rank %zu, not %zu", i + 1, rank, rank_cases[i].rank);
    gr_unref(a);
  }
}

static void a_condition_differs_from_numpy(void **state) {
  gr_err err;
  double cond;
  gr_tensor *a = matrix(3, 2, tall), *h = hilbert(4), *none = matrix(2, 2, NUMBERS(0, 0, 0, 0));
  (void)state;
  assert_true(gr_cond(a, &cond, &err) && fabs(cond - 2.525174781525197) < 1e-14);
  assert_true(gr_cond(h, &cond, &err) && fabs(cond / 15513.738738929662 - 1) < 1e-11);
  assert_true(gr_cond(none, &cond, &err) && cond == INFINITY);
  gr_unref(a);
  gr_unref(h);
  gr_unref(none);
}

static const struct {
  const char *wrong;
  size_t n;
  double x[3], norm;
} norm_cases[] = {
  { "3, 4", 2, { 3, 4 }, 5 },
  { "zeros", 2, { 0, 0 }, 0 },
  { "a negative number", 1, { -7 }, 7 },
  { "squares that overflow", 2, { 3e200, 4e200 }, 5e200 },
  { "squares that vanish", 2, { 3e-200, 4e-200 }, 5e-200 },
  { "numbers below the normal ones", 2, { 3 * 0x1p-1070, 4 * 0x1p-1070 }, 5 * 0x1p-1070 },
  { "the largest number", 1, { DBL_MAX }, DBL_MAX },
};

static void a_norm_is_wrong(void **state) {
  gr_err err;
  double norm;
  (void)state;
  for (size_t i = 0; i < COUNT(norm_cases); i++) {
    gr_tensor *a = vector(norm_cases[i].n, norm_cases[i].x);
    assert_true(gr_norm(a, &norm, &err));
    if (!(fabs(norm - norm_cases[i].norm) <= 2 * DBL_EPSILON * norm)) fail_msg("%s: %.17g", norm_cases[i].wrong, norm);
    gr_unref(a);
  }
  gr_tensor *cube = tensor(GR_F64, 3, (size_t[]){ 1, 2, 2 }, few), *one = tensor(GR_F64, 0, NULL, NUMBERS(-3));
  gr_tensor *floats = tensor(GR_F32, 1, (size_t[]){ 2 }, NUMBERS(3e30, 4e30));
  assert_true(gr_norm(cube, &norm, &err) && fabs(norm - 5.477225575051661) < 1e-15);
  assert_true(gr_norm(one, &norm, &err) && norm == 3);
  assert_true(gr_norm(floats, &norm, &err) && fabs(norm - 5e30) < 1e23);
  gr_unref(cube);
  gr_unref(one);
  gr_unref(floats);
}

/* ---- Factors ------------------------------------------------------------------------ */

static const size_t shapes[][2] = {
  { 1, 1 }, { 3, 3 }, { 5, 2 }, { 2, 5 }, { 1, 4 }, { 4, 1 }, { 40, 40 }, { 60, 17 }, { 17, 60 }
};

/* Whether t is 0 above the diagonal, or with `below` under it. */
static void check_triangle(const char *wrong, const gr_tensor *t, bool below) {
  for (size_t i = 0; i < t->d[0]; i++)
    for (size_t j = 0; j < t->d[1]; j++)
      if ((below ? i > j : i < j) && gr_get(t, i * t->d[1] + j) != 0)
        fail_msg("%s: row %zu, column %zu is not 0", wrong, i + 1, j + 1);
}

static void lu_gives_back_another_matrix(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(shapes); i++) {
    gr_err err;
    gr_tensor *a = scattered(GR_F64, shapes[i][0], shapes[i][1]), *plu[3];
    size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
    if (!gr_lu(a, plu, &err)) fail_msg("%s", err.text);
    check_shape("p", plu[0], 2, m, m);
    check_shape("l", plu[1], 2, m, k);
    check_shape("u", plu[2], 2, k, n);
    check_triangle("l", plu[1], false);
    check_triangle("u", plu[2], true);
    for (size_t j = 0; j < k; j++) assert_true(gr_get(plu[1], j * k + j) == 1);
    for (size_t j = 0; j < plu[1]->size; j++) assert_true(fabs(gr_get(plu[1], j)) <= 1);
    check_identity("p times p transposed", product(plu[0], false, plu[0], true), 0);
    gr_tensor *lu = product(plu[1], false, plu[2], false);
    check_equal("p l u", product(plu[0], false, lu, false), a, roundings(GR_F64, k));
    gr_unref(lu);
    for (size_t j = 0; j < 3; j++) gr_unref(plu[j]);
    gr_unref(a);
  }
}

/* By hand. */
static void rows_are_exchanged_the_wrong_way(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 3, NUMBERS(1, 2, 4, 4, 5, 6, 2, 1, 0)), *plu[3];
  (void)state;
  assert_true(gr_lu(a, plu, &err));
  check_values("p", plu[0], 9, NUMBERS(0, 0, 1, 1, 0, 0, 0, 1, 0), 0);
  check_values("l", plu[1], 9, NUMBERS(1, 0, 0, 0.5, 1, 0, 0.25, -0.5, 1), 1e-15);
  check_values("u", plu[2], 9, NUMBERS(4, 5, 6, 0, -1.5, -3, 0, 0, 1), 1e-15);
  gr_unref(a);
}

static void qr_differs_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 2, tall), *qr[2];
  (void)state;
  assert_true(gr_qr(a, qr, &err));
  check_values("q", qr[0], 6,
               NUMBERS(-0.8944271909999157, 0.408248290463863, -0.4472135954999579, -0.8164965809277261, 0, -0.4082482904638631),
               1e-15);
  check_values("r", qr[1], 4, NUMBERS(-2.23606797749979, -2.2360679774997894, 0, -2.449489742783178), 1e-15);
  gr_unref(a);
}

static void qr_gives_back_another_matrix(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(shapes); i++) {
    gr_err err;
    gr_tensor *a = scattered(GR_F64, shapes[i][0], shapes[i][1]), *qr[2];
    size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
    if (!gr_qr(a, qr, &err)) fail_msg("%s", err.text);
    check_shape("q", qr[0], 2, m, k);
    check_shape("r", qr[1], 2, k, n);
    check_triangle("r", qr[1], true);
    check_identity("q transposed times q", product(qr[0], true, qr[0], false), roundings(GR_F64, m));
    check_equal("q r", product(qr[0], false, qr[1], false), a, roundings(GR_F64, m));
    gr_unref(qr[0]);
    gr_unref(qr[1]);
    gr_unref(a);
  }
}

static void singular_values_differ_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 2, tall), *usv[3];
  (void)state;
  assert_true(gr_svd(a, usv, &err));
  check_values("u", usv[0], 6,
               NUMBERS(-0.49895083288694003, 0.8471804607213833, -0.8344446240175839, -0.4127575997057109, -0.23398768302964554,
                       -0.33453913202656105),
               1e-14);
  check_values("s", usv[1], 2, NUMBERS(3.7189987758596126, 1.472768856662409), 1e-14);
  check_values("vt", usv[2], 4, NUMBERS(-0.492698814983593, -0.8701999067534789, 0.8701999067534789, -0.492698814983593), 1e-14);
  gr_unref(a);
}

static void svd_gives_back_another_matrix(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(shapes); i++) {
    gr_err err;
    gr_tensor *a = scattered(GR_F64, shapes[i][0], shapes[i][1]), *usv[3];
    size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
    if (!gr_svd(a, usv, &err)) fail_msg("%s", err.text);
    check_shape("u", usv[0], 2, m, k);
    check_shape("s", usv[1], 1, k, 0);
    check_shape("vt", usv[2], 2, k, n);
    for (size_t j = 1; j < k; j++) assert_true(gr_get(usv[1], j) <= gr_get(usv[1], j - 1));
    check_identity("u transposed times u", product(usv[0], true, usv[0], false), roundings(GR_F64, m));
    check_identity("vt times vt transposed", product(usv[2], false, usv[2], true), roundings(GR_F64, n));
    for (size_t j = 0; j < usv[0]->size; j++) gr_set(usv[0], j, gr_get(usv[0], j) * gr_get(usv[1], j % k));
    check_equal("u s vt", product(usv[0], false, usv[2], false), a, roundings(GR_F64, m));
    for (size_t j = 0; j < 3; j++) gr_unref(usv[j]);
    gr_unref(a);
  }
}

static const double symmetric[] = { 4, 1, 2, 1, 3, 0, 2, 0, 5 };

static void cholesky_differs_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 3, symmetric), *f = tensor(GR_F32, 2, (size_t[]){ 3, 3 }, symmetric);
  static const double l[] = { 2, 0, 0, 0.5, 1.6583123951777, 0, 1, -0.30151134457776363, 1.9771421064483223 };
  (void)state;
  check_values("f64", needed("cholesky", gr_cholesky(a, &err), &err), 9, l, 1e-15);
  check_values("f32", needed("cholesky", gr_cholesky(f, &err), &err), 9, l, 1e-7);
  gr_unref(a);
  gr_unref(f);
}

/* ---- Eigenvalues -------------------------------------------------------------------- */

static void symmetric_eigenvalues_differ_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(3, 3, symmetric), *wv[2];
  (void)state;
  assert_true(gr_eigh(a, wv, &err));
  check_values("values", wv[0], 3, NUMBERS(1.8548973087995761, 3.4760236029181333, 6.669079088282287), 1e-14);
  check_values("vectors", wv[1], 9,
               NUMBERS(-0.6793130619863363, -0.374361954783072, -0.6311789687764832, 0.5932333119173852, -0.7864356987513781,
                       -0.1720265367929077, 0.4319814827585529, 0.4912962635115686, -0.7563200248659909),
               1e-14);
  gr_unref(a);
}

static void eigenvalues_differ_from_numpy(void **state) {
  gr_err err;
  gr_tensor *a = matrix(2, 2, few), *pair = matrix(3, 3, NUMBERS(1, 2, 0, -2, 1, 3, 1, 0, 2)), *wv[4];
  (void)state;
  assert_true(gr_eig(a, wv, &err));
  check_values("real values", wv[0], 2, NUMBERS(-0.3722813232690143, 5.372281323269014), 1e-14);
  check_values("their imaginary parts", wv[1], 2, NUMBERS(0, 0), 0);
  check_values("real vectors", wv[2], 4, NUMBERS(-0.8245648401323938, -0.4159735579192842, 0.5657674649689923, -0.9093767091321241),
               1e-14);
  check_values("their imaginary parts", wv[3], 4, NUMBERS(0, 0, 0, 0), 0);
  assert_true(gr_eig(pair, wv, &err));
  check_values("a pair", wv[0], 3, NUMBERS(0.5898139599847412, 0.5898139599847412, 2.8203720800305194), 1e-14);
  check_values("a pair, imaginary", wv[1], 3, NUMBERS(2.307624285342118, -2.307624285342118, 0), 1e-14);
  check_values("its vectors", wv[2], 9,
               NUMBERS(-0.11046321301723558, -0.11046321301723558, 0.549293044272286, 0.7396846970915699, 0.7396846970915699,
                       0.49995886077411805, -0.17477825426478313, -0.17477825426478313, 0.6695657466205469),
               1e-14);
  check_values("its vectors, imaginary", wv[3], 9,
               NUMBERS(-0.6214438526138284, 0.6214438526138284, 0, 0, 0, 0, 0.1546755550922593, -0.1546755550922593, 0), 1e-14);
  gr_unref(a);
  gr_unref(pair);
}

/* a v = w v, for real and imaginary parts: a x = u x - v y and a y = v x + u y with w = u + iv. */
static void an_eigenvector_is_turned(void **state) {
  gr_err err;
  size_t n = 30;
  gr_tensor *a = scattered(GR_F64, n, n), *wv[4];
  (void)state;
  assert_true(gr_eig(a, wv, &err));
  gr_tensor *ax = product(a, false, wv[2], false), *ay = product(a, false, wv[3], false);
  for (size_t i = 0; i < n * n; i++) {
    double u = gr_get(wv[0], i % n), v = gr_get(wv[1], i % n), x = gr_get(wv[2], i), y = gr_get(wv[3], i);
    assert_true(fabs(gr_get(ax, i) - (u * x - v * y)) < roundings(GR_F64, n));
    assert_true(fabs(gr_get(ay, i) - (v * x + u * y)) < roundings(GR_F64, n));
  }
  gr_unref(ax);
  gr_unref(ay);
  for (size_t j = 0; j < 4; j++) gr_unref(wv[j]);
  gr_unref(a);
}

/* ---- All of them -------------------------------------------------------------------- */

/* Calls a function and forgets what it makes. b is for those that want a right side. */
typedef bool (*call)(gr_tensor *a, gr_tensor *b, gr_err *err);

static bool forget(gr_tensor *t) {
  gr_unref(t);
  return t != NULL;
}

static bool forget_all(bool made, gr_tensor *t[], size_t n) {
  for (size_t i = 0; made && i < n; i++) gr_unref(t[i]);
  return made;
}

static bool call_inv(gr_tensor *a, gr_tensor *b, gr_err *err) { return (void)b, forget(gr_inv(a, NULL, err)); }
static bool call_solve(gr_tensor *a, gr_tensor *b, gr_err *err) { return forget(gr_solve(a, b, NULL, err)); }
static bool call_lstsq(gr_tensor *a, gr_tensor *b, gr_err *err) { return forget(gr_lstsq(a, b, err)); }
static bool call_pinv(gr_tensor *a, gr_tensor *b, gr_err *err) { return (void)b, forget(gr_pinv(a, err)); }
static bool call_cholesky(gr_tensor *a, gr_tensor *b, gr_err *err) { return (void)b, forget(gr_cholesky(a, err)); }

static bool call_det(gr_tensor *a, gr_tensor *b, gr_err *err) {
  double det;
  return (void)b, gr_det(a, &det, err);
}

static bool call_slogdet(gr_tensor *a, gr_tensor *b, gr_err *err) {
  double sign, logdet;
  return (void)b, gr_slogdet(a, &sign, &logdet, err);
}

static bool call_rank(gr_tensor *a, gr_tensor *b, gr_err *err) {
  size_t rank;
  return (void)b, gr_rank(a, &rank, err);
}

static bool call_cond(gr_tensor *a, gr_tensor *b, gr_err *err) {
  double cond;
  return (void)b, gr_cond(a, &cond, err);
}

static bool call_lu(gr_tensor *a, gr_tensor *b, gr_err *err) {
  gr_tensor *t[3];
  return (void)b, forget_all(gr_lu(a, t, err), t, 3);
}

static bool call_qr(gr_tensor *a, gr_tensor *b, gr_err *err) {
  gr_tensor *t[2];
  return (void)b, forget_all(gr_qr(a, t, err), t, 2);
}

static bool call_svd(gr_tensor *a, gr_tensor *b, gr_err *err) {
  gr_tensor *t[3];
  return (void)b, forget_all(gr_svd(a, t, err), t, 3);
}

static bool call_eig(gr_tensor *a, gr_tensor *b, gr_err *err) {
  gr_tensor *t[4];
  return (void)b, forget_all(gr_eig(a, t, err), t, 4);
}

static bool call_eigh(gr_tensor *a, gr_tensor *b, gr_err *err) {
  gr_tensor *t[2];
  return (void)b, forget_all(gr_eigh(a, t, err), t, 2);
}

static const struct {
  const char *name;
  call function;
  bool square;
} calls[] = {
  { "inv", call_inv, true },      { "solve", call_solve, true }, { "det", call_det, true },    { "slogdet", call_slogdet, true },
  { "lstsq", call_lstsq, false }, { "pinv", call_pinv, false },  { "rank", call_rank, false }, { "cond", call_cond, false },
  { "lu", call_lu, false },       { "qr", call_qr, false },      { "svd", call_svd, false },   { "cholesky", call_cholesky, true },
  { "eig", call_eig, true },      { "eigh", call_eigh, true },
};

/* The message of a refusal, which begins with the function's name. */
static void check_refusal(size_t i, gr_tensor *a, gr_tensor *b, const char *want) {
  gr_err err;
  char text[256];
  if (calls[i].function(a, b, &err)) fail_msg("%s accepts: %s", calls[i].name, want);
  snprintf(text, sizeof text, "%s: %s", calls[i].name, want);
  if (strcmp(err.text, text) != 0) fail_msg("it says %s\nnot %s", err.text, text);
}

static void what_is_no_matrix_is_accepted(void **state) {
  gr_tensor *one = tensor(GR_F64, 0, NULL, few), *row = vector(4, few), *cube = tensor(GR_F64, 3, (size_t[]){ 1, 2, 2 }, few);
  gr_tensor *oblong = matrix(3, 2, tall);
  (void)state;
  for (size_t i = 0; i < COUNT(calls); i++) {
    check_refusal(i, one, row, "A (one number) must be a matrix");
    check_refusal(i, row, row, "A (4) must be a matrix");
    check_refusal(i, cube, row, "A (1 x 2 x 2) must be a matrix");
    if (calls[i].square) check_refusal(i, oblong, row, "A (3 x 2) must be square");
  }
  gr_unref(one);
  gr_unref(row);
  gr_unref(cube);
  gr_unref(oblong);
}

static void what_is_no_number_is_accepted(void **state) {
  (void)state;
  for (int type = GR_F64; type <= GR_F32; type++) {
    gr_tensor *a = tensor((gr_dtype)type, 2, (size_t[]){ 4, 4 }, fruit);
    for (size_t i = 0; i < COUNT(calls); i++) {
      gr_set(a, 6, NAN);
      check_refusal(i, a, a, "A (4 x 4) has nan at row 2, column 3");
      gr_set(a, 6, INFINITY);
      check_refusal(i, a, a, "A (4 x 4) has inf at row 2, column 3");
      gr_set(a, 6, -INFINITY);
      check_refusal(i, a, a, "A (4 x 4) has -inf at row 2, column 3");
    }
    gr_unref(a);
  }
}

static void a_norm_of_nan_is_given(void **state) {
  gr_err err;
  double norm;
  gr_tensor *row = vector(2, NUMBERS(1, NAN)), *one = tensor(GR_F64, 0, NULL, NUMBERS(NAN));
  gr_tensor *cube = tensor(GR_F64, 3, (size_t[]){ 2, 1, 2 }, NUMBERS(1, 2, 3, INFINITY));
  (void)state;
  assert_false(gr_norm(row, &norm, &err));
  assert_string_equal(err.text, "norm: A (2) has nan at position 2");
  assert_false(gr_norm(one, &norm, &err));
  assert_string_equal(err.text, "norm: A (one number) is nan");
  assert_false(gr_norm(cube, &norm, &err));
  assert_string_equal(err.text, "norm: A (2 x 1 x 2) has inf at position 2, 1, 2");
  gr_unref(row);
  gr_unref(one);
  gr_unref(cube);
}

/* Never read: only the sizes are looked at. */
static void sizes_beyond_32_bits_are_accepted(void **state) {
  gr_tensor tower = { .dtype = GR_F64, .nd = 2, .d = { (size_t)INT_MAX + 1, 1 }, .size = (size_t)INT_MAX + 1 };
  gr_tensor square = { .dtype = GR_F64, .nd = 2, .d = { (size_t)1 << 31, (size_t)1 << 31 }, .size = (size_t)1 << 62 };
  (void)state;
  for (size_t i = 0; i < COUNT(calls); i++)
    if (calls[i].square)
      check_refusal(i, &square, &square,
                    "A (2147483648 x 2147483648) is too large: LAPACK takes up to 2147483647 rows and columns");
    else check_refusal(i, &tower, &tower, "A (2147483648 x 1) is too large: LAPACK takes up to 2147483647 rows and columns");
}

static void a_right_side_that_does_not_fit_is_accepted(void **state) {
  gr_err err;
  gr_tensor *a = matrix(2, 2, few), *long_b = vector(3, NUMBERS(1, 2, 3)), *nan_b = vector(2, NUMBERS(1, -INFINITY));
  gr_tensor *cube = tensor(GR_F64, 3, (size_t[]){ 2, 1, 2 }, few), *floats = tensor(GR_F32, 1, (size_t[]){ 2 }, few);
  static const size_t solvers[] = { 1, 4 };
  (void)state;
  assert_true(gr_set_name(long_b, "total", &err));
  for (size_t i = 0; i < COUNT(solvers); i++) {
    check_refusal(solvers[i], a, long_b, "A (2 x 2) and total (3): the right side must have as many rows as the matrix (2)");
    check_refusal(solvers[i], a, nan_b, "b (2) has -inf at position 2");
    check_refusal(solvers[i], a, cube, "b (2 x 1 x 2) must be a vector or a matrix");
    check_refusal(solvers[i], a, floats, "A (2 x 2) is f64 but b (2) is f32: convert one with :to()");
  }
  gr_tensor *all[] = { a, long_b, nan_b, cube, floats };
  for (size_t i = 0; i < COUNT(all); i++) gr_unref(all[i]);
}

static void a_matrix_without_cholesky_factor_is_told_wrongly(void **state) {
  gr_err err;
  gr_tensor *negative = matrix(3, 3, NUMBERS(4, 2, 0, 2, 1, 0, 0, 0, 1)), *skew = matrix(2, 2, NUMBERS(1, 2, 2.5, 1));
  gr_tensor *rounded = matrix(2, 2, NUMBERS(2, 0.3, 0.1 + 0.2, 1)), *wv[2];
  (void)state;
  assert_null(gr_cholesky(negative, &err));
  assert_string_equal(err.text, "cholesky: A (3 x 3) is not positive definite: its leading minor of order 2 is not positive");
  assert_null(gr_cholesky(skew, &err));
  assert_string_equal(err.text, "cholesky: A (2 x 2) is not symmetric: row 1, column 2 is 2, but row 2, column 1 is 2.5");
  assert_false(gr_eigh(skew, wv, &err));
  assert_string_equal(err.text, "eigh: A (2 x 2) is not symmetric: row 1, column 2 is 2, but row 2, column 1 is 2.5");
  gr_unref(needed("rounding is taken for asymmetry", gr_cholesky(rounded, &err), &err));
  gr_unref(negative);
  gr_unref(skew);
  gr_unref(rounded);
}

static void a_result_that_overflows_is_given(void **state) {
  gr_err err;
  gr_tensor *tiny = matrix(1, 1, NUMBERS(1e-310)), *one = vector(1, NUMBERS(1));
  gr_tensor *floats = tensor(GR_F32, 2, (size_t[]){ 1, 1 }, NUMBERS(1e-39));
  (void)state;
  assert_null(gr_inv(tiny, NULL, &err));
  assert_string_equal(err.text, "inv: the result for A (1 x 1) has numbers too large for f64");
  assert_null(gr_solve(tiny, one, NULL, &err));
  assert_string_equal(err.text, "solve: the result for A (1 x 1) has numbers too large for f64");
  assert_null(gr_inv(floats, NULL, &err));
  assert_string_equal(err.text, "inv: the result for A (1 x 1) has numbers too large for f32");
  gr_unref(tiny);
  gr_unref(one);
  gr_unref(floats);
}

/* Symmetric and positive definite, so that every function takes it; of a size for each way of working. */
static gr_tensor *friendly(gr_dtype dtype, size_t n) {
  gr_err err;
  gr_tensor *a = needed("friendly", gr_full(dtype, 2, (size_t[]){ n, n }, 1, &err), &err);
  for (size_t i = 0; i < n; i++) gr_set(a, i * n + i, 2 + (double)i);
  return a;
}

static void a_function_changes_its_input(void **state) {
  static const size_t sizes[] = { 4, 20, 40 };
  (void)state;
  for (size_t i = 0; i < COUNT(calls); i++)
    for (size_t j = 0; j < COUNT(sizes); j++)
      for (int type = GR_F64; type <= GR_F32; type++) {
        gr_err err;
        gr_tensor *a = friendly((gr_dtype)type, sizes[j]), *b = friendly((gr_dtype)type, sizes[j]);
        if (!calls[i].function(a, b, &err)) fail_msg("%s", err.text);
        gr_tensor *fresh = friendly((gr_dtype)type, sizes[j]);
        if (!gr_equal(a, fresh) || !gr_equal(b, fresh)) fail_msg("%s changes its input", calls[i].name);
        gr_unref(a);
        gr_unref(b);
        gr_unref(fresh);
      }
}

/* Every request for memory fails once; the sanitizer finds what is then left behind. */
static void lack_of_memory_leaves_something_behind(void **state) {
  static const size_t sizes[] = { 4, 20, 40 };
  (void)state;
  for (size_t i = 0; i < COUNT(calls); i++)
    for (size_t j = 0; j < COUNT(sizes); j++) {
      gr_tensor *a = friendly(GR_F64, sizes[j]), *b = friendly(GR_F64, sizes[j]);
      size_t held = gr_bytes_held();
      bool done = false;
      for (size_t n = 1; !done; n++) {
        gr_err err;
        gr_memory_fail_at(n, 2);
        done = calls[i].function(a, b, &err);
        gr_memory_fail_at(0, 1);
        if (!done && !strstr(err.text, "out of memory")) fail_msg("%s", err.text);
        if (gr_bytes_held() != held) fail_msg("%s keeps a block", calls[i].name);
      }
      gr_unref(a);
      gr_unref(b);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_inverse_differs_from_numpy),
    cmocka_unit_test(a_solution_differs_from_numpy),
    cmocka_unit_test(an_inverse_undoes_nothing),
    cmocka_unit_test(a_solution_solves_nothing),
    cmocka_unit_test(a_nearly_singular_matrix_is_refused),
    cmocka_unit_test(a_solution_does_not_tell_that_it_is_nearly_singular),
    cmocka_unit_test(a_regular_matrix_of_whole_numbers_is_called_singular),
    cmocka_unit_test(a_transposed_reading_is_taken_for_its_source),
    cmocka_unit_test(a_singular_matrix_is_told_wrongly),
    cmocka_unit_test(a_large_singular_matrix_is_told_wrongly),
    cmocka_unit_test(a_matrix_lost_to_rounding_is_called_singular),
    cmocka_unit_test(a_determinant_is_wrong),
    cmocka_unit_test(a_logarithm_of_a_determinant_overflows),
    cmocka_unit_test(least_squares_differ_from_numpy),
    cmocka_unit_test(a_pseudo_inverse_differs_from_numpy),
    cmocka_unit_test(a_float_pseudo_inverse_keeps_rounding),
    cmocka_unit_test(a_rank_is_wrong),
    cmocka_unit_test(a_condition_differs_from_numpy),
    cmocka_unit_test(a_norm_is_wrong),
    cmocka_unit_test(lu_gives_back_another_matrix),
    cmocka_unit_test(rows_are_exchanged_the_wrong_way),
    cmocka_unit_test(qr_differs_from_numpy),
    cmocka_unit_test(qr_gives_back_another_matrix),
    cmocka_unit_test(singular_values_differ_from_numpy),
    cmocka_unit_test(svd_gives_back_another_matrix),
    cmocka_unit_test(cholesky_differs_from_numpy),
    cmocka_unit_test(symmetric_eigenvalues_differ_from_numpy),
    cmocka_unit_test(eigenvalues_differ_from_numpy),
    cmocka_unit_test(an_eigenvector_is_turned),
    cmocka_unit_test(what_is_no_matrix_is_accepted),
    cmocka_unit_test(what_is_no_number_is_accepted),
    cmocka_unit_test(a_norm_of_nan_is_given),
    cmocka_unit_test(sizes_beyond_32_bits_are_accepted),
    cmocka_unit_test(a_right_side_that_does_not_fit_is_accepted),
    cmocka_unit_test(a_matrix_without_cholesky_factor_is_told_wrongly),
    cmocka_unit_test(a_result_that_overflows_is_given),
    cmocka_unit_test(a_function_changes_its_input),
    cmocka_unit_test(lack_of_memory_leaves_something_behind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
