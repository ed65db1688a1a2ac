/* linalg_lu.c: elimination with row exchanges, and what follows from it: inverse, solution, determinant, LU;
** and Cholesky's factor.                                                                                    */
#include "linalg.h"
#include "portable.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- Factors of a square matrix ----------------------------------------------------- */

/* Up to this size LAPACK gets the matrix as it stands, and the digits are NumPy's. A larger one is handed over as
** it lies, which LAPACK takes for its transpose: that is faster, and as good.                                    */
enum { TURNED_UP_TO = 32 };

/* Up to this size the numbers lie in the struct itself: asking for memory would take longer than the work. */
enum { INSIDE_UP_TO = 8 };

typedef struct factors {
  int n;
  char way;      /* 'N': of the matrix, 'T': of its transpose */
  double *f;     /* n x n numbers, column after column: first the matrix, then l and u */
  double *work;  /* 4 n numbers behind them, for LAPACK */
  int *pivot;    /* n row exchanges, and n integers for LAPACK */
  double norm;   /* 1-norm of the matrix */
  bool singular; /* a pivot is exactly zero */
  double f_inside[INSIDE_UP_TO * (INSIDE_UP_TO + 4)];
  int pivot_inside[2 * INSIDE_UP_TO];
} factors;

static void drop(factors *lu) {
  if (lu->f == lu->f_inside) return;
  gr_free(lu->f);
  gr_free(lu->pivot);
}

static bool take_room(factors *lu, size_t n, gr_err *err) {
  lu->f = lu->f_inside;
  lu->pivot = lu->pivot_inside;
  if (n <= INSIDE_UP_TO) return true;
  lu->f = gr_matrix_room(n, n + 4, err);
  lu->pivot = lu->f ? gr_alloc(2 * n * sizeof *lu->pivot, err) : NULL;
  return lu->pivot;
}

/* The largest sum of sizes over a column of the matrix that f holds in lu's way. */
static double norm1(const factors *lu, const double *f) {
  size_t n = (size_t)lu->n;
  double *sum = lu->work, top = 0;
  memset(sum, 0, n * sizeof *sum);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) sum[lu->way == 'N' ? j : i] += fabs(f[j * n + i]);
  for (size_t j = 0; j < n; j++) top = fmax(top, sum[j]);
  return top;
}

static bool eliminate(int m, int n, double *f, int *pivot) {
  if (gr_portable()) return gr_ordered_lu((size_t)m, (size_t)n, f, pivot);
  return LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, m, n, f, m, pivot) == 0;
}

/* Release *lu with drop, also after a failure. */
static bool factor(const gr_tensor *a, factors *lu, gr_err *err) {
  size_t n = a->d[0];
  if (!take_room(lu, n, err)) return false;
  lu->n = (int)n;
  lu->way = n <= TURNED_UP_TO ? 'N' : 'T';
  lu->work = lu->f + n * n;
  if (lu->way == 'N') gr_matrix_columns(a, lu->f);
  else gr_matrix_rows(a, lu->f);
  lu->norm = norm1(lu, lu->f);
  lu->singular = !eliminate(lu->n, lu->n, lu->f, lu->pivot);
  return true;
}

/* ---- Singular or nearly so ---------------------------------------------------------- */

/* 1 / (norm of a * norm of its inverse); 0, nothing to trust, when the product overflows. */
static double reciprocal_condition(double norm, double norm_of_inverse) {
  double product = norm * norm_of_inverse;
  return product > 0 && product <= DBL_MAX ? 1 / product : 0;
}

/* The 1-norm of the inverse u^-1 l^-1 p of a small matrix, exactly: p only reorders the columns, so each column
** of l^-1 is made in place, then u^-1 is applied to it. f's columns are those of l and u.                      */
static double norm_of_inverse(const factors *lu) {
  double x[GR_EXACT_MAX], of_pivot[GR_EXACT_MAX], top = 0;
  int n = lu->n;
  for (int j = 0; j < n; j++) of_pivot[j] = 1 / lu->f[j * n + j];
  for (int column = 0; column < n; column++) {
    double sum = 0;
    for (int i = 0; i < n; i++) x[i] = i == column;
    for (int j = column; j < n; j++)
      for (int i = j + 1; i < n; i++) x[i] -= lu->f[j * n + i] * x[j];
    for (int j = n - 1; j >= 0; j--) {
      x[j] *= of_pivot[j];
      for (int i = 0; i < j; i++) x[i] -= lu->f[j * n + i] * x[j];
      sum += fabs(x[j]);
    }
    top = fmax(top, sum);
  }
  return top;
}

/* x = the inverse of the matrix, or of its transpose, times x. */
static void solve_one(const factors *lu, bool turned, double *x) {
  char way = (lu->way == 'T') != turned ? 'T' : 'N';
  if (gr_portable()) gr_ordered_solve(way, (size_t)lu->n, lu->f, lu->pivot, x, 1);
  else LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, way, lu->n, 1, lu->f, lu->n, lu->pivot, x, lu->n);
}

/* An upper bound of rcond by one right side of numbers without order, from -1 to 1, always the same. That such a side misses
** what the inverse stretches most by a factor of 1e7 happens to about 3 in a million matrices of 1000 rows (Dixon 1983,
** theorem 1).                                                                                                           */
static double rcond_at_most(const factors *lu) {
  double *x = lu->work, before = 0, after = 0;
  uint32_t state = 1;
  for (int i = 0; i < lu->n; i++) {
    state = state * 1664525 + 1013904223;
    x[i] = (double)state / 0x1p31 - 1;
    before += fabs(x[i]);
  }
  solve_one(lu, false, x);
  for (int i = 0; i < lu->n; i++) after += fabs(x[i]);
  return reciprocal_condition(lu->norm, after / before);
}

/* The next right side of Hager's search: the column of the inverse that grows most, going by the signs of y, the one before.
** False when none grows more than x did. sign: room for n numbers.                                                        */
static bool next_column(const factors *lu, const double *y, double *x, double *sign) {
  int n = lu->n, most = 0;
  double product = 0;
  for (int i = 0; i < n; i++) sign[i] = y[i] < 0 ? -1 : 1;
  solve_one(lu, true, sign);
  for (int i = 0; i < n; i++) {
    product += sign[i] * x[i];
    if (fabs(sign[i]) > fabs(sign[most])) most = i;
  }
  bool grows = fabs(sign[most]) > product;
  for (int i = 0; i < n; i++) x[i] = i == most;
  return grows;
}

/* What LAPACK's dgecon does, in a fixed order: the 1-norm of the inverse, from below, by Hager's search (1984). It starts with
** the mean of all columns, and ends mostly after two or three.                                                            */
static double rcond_in_order(const factors *lu) {
  enum { ROUNDS = 5 };
  int n = lu->n;
  double *x = lu->work, *y = x + n, *sign = y + n, top = 0;
  for (int i = 0; i < n; i++) x[i] = 1 / (double)n;
  for (int round = 0; round < ROUNDS; round++) {
    double sum = 0;
    memcpy(y, x, (size_t)n * sizeof *y);
    solve_one(lu, false, y);
    for (int i = 0; i < n; i++) sum += fabs(y[i]);
    if (sum <= top) break;
    top = sum;
    if (!next_column(lu, y, x, sign)) break;
  }
  return reciprocal_condition(lu->norm, top);
}

/* Exact for a small matrix. For a large one the quick bound, and where that comes near the epsilon below which users are
** warned, LAPACK's estimate, which takes longer than solving.                                                           */
static double rcond_of(const factors *lu, double epsilon) {
  static const double margin = 1e7;
  if (lu->singular) return 0;
  if (lu->n <= GR_EXACT_MAX) return reciprocal_condition(lu->norm, norm_of_inverse(lu));
  double rcond = rcond_at_most(lu);
  if (rcond > margin * epsilon) return rcond;
  if (gr_portable()) return fmin(rcond, rcond_in_order(lu));
  LAPACKE_dgecon_work(LAPACK_COL_MAJOR, lu->way == 'N' ? '1' : 'I', lu->n, lu->f, lu->n, lu->norm, &rcond, lu->work,
                      lu->pivot + lu->n);
  return rcond;
}

/* Elimination can also lose a matrix of full rank to rounding. */
static bool fail_singular(const char *what, gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM], why[GR_LABEL_ROOM];
  size_t n = a->d[0], rank;
  gr_label(a, "A", label, sizeof label);
  bool known = gr_exact_rank(a, &rank);
  if (!known && gr_portable()) return gr_fail(err, "%s: %s is singular: elimination ends in a zero pivot", what, label);
  if (!known && !gr_rank(a, &rank, err)) return false;
  if (rank == n) return gr_fail(err, "%s: %s is too close to singular: elimination ends in a zero pivot", what, label);
  if (!gr_dependence_text(a, why, sizeof why)) return gr_fail(err, "%s: %s is singular: rank %zu of %zu", what, label, rank, n);
  return gr_fail(err, "%s: %s is singular: %s; rank %zu", what, label, why, rank);
}

/* Fails for a matrix that is singular by its pivots, or by its whole numbers. */
static bool check_regular(const char *what, gr_tensor *a, const factors *lu, double rcond, gr_err *err) {
  bool suspect = rcond < 100 * (double)lu->n * gr_matrix_epsilon(a);
  if (!lu->singular && !(suspect && gr_exactly_singular(a))) return true;
  return fail_singular(what, a, err);
}

/* ---- Inverse ------------------------------------------------------------------------ */

/* In portable mode: x's rows come out as they are. */
static gr_tensor *invert_in_order(gr_tensor *a, const factors *lu, double *rcond, gr_err *err) {
  size_t n = a->d[0];
  double *rows = gr_matrix_room(n, n, err);
  if (!rows) return NULL;
  gr_ordered_inverse(lu->way, n, lu->f, lu->pivot, rows);
  factors turned = *lu;
  turned.way = 'T'; /* rows are the columns of the transpose */
  *rcond = reciprocal_condition(lu->norm, norm1(&turned, rows));
  gr_tensor *x = NULL;
  if (check_regular("inv", a, lu, *rcond, err)) x = gr_matrix_from_rows(a->dtype, n, n, rows, err);
  gr_free(rows);
  return x;
}

/* By solving for each column of the identity, as NumPy does. */
static gr_tensor *invert_turned(gr_tensor *a, const factors *lu, double *rcond, gr_err *err) {
  size_t n = a->d[0];
  double inside[INSIDE_UP_TO * INSIDE_UP_TO] = { 0 };
  double *columns = n <= INSIDE_UP_TO ? inside : gr_alloc_zeroed(n * n, sizeof *columns, err);
  if (!columns) return NULL;
  for (size_t i = 0; i < n; i++) columns[i * n + i] = 1;
  LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'N', lu->n, lu->n, lu->f, lu->n, lu->pivot, columns, lu->n);
  *rcond = reciprocal_condition(lu->norm, norm1(lu, columns));
  gr_tensor *x = NULL;
  if (check_regular("inv", a, lu, *rcond, err)) x = gr_matrix_from_columns(a->dtype, n, n, columns, err);
  if (columns != inside) gr_free(columns);
  return x;
}

/* The inverse of the transpose is the transpose of the inverse: what LAPACK leaves as columns are our rows. */
static gr_tensor *invert_as_it_lies(gr_tensor *a, const factors *lu, double *rcond, gr_err *err) {
  double asked;
  int length;
  LAPACKE_dgetri_work(LAPACK_COL_MAJOR, lu->n, lu->f, lu->n, lu->pivot, &asked, -1);
  double *work = gr_matrix_work("inv", asked, &length, err);
  if (!work) return NULL;
  LAPACKE_dgetri_work(LAPACK_COL_MAJOR, lu->n, lu->f, lu->n, lu->pivot, work, length);
  gr_free(work);
  *rcond = reciprocal_condition(lu->norm, norm1(lu, lu->f));
  return gr_matrix_from_rows(a->dtype, a->d[0], a->d[0], lu->f, err);
}

gr_tensor *gr_inv(gr_tensor *a, double *rcond, gr_err *err) {
  factors lu;
  double condition;
  gr_tensor *x = NULL;
  if (!gr_matrix_square("inv", a, err)) return NULL;
  if (!factor(a, &lu, err)) goto done;
  if (lu.singular) fail_singular("inv", a, err);
  else if (gr_portable()) x = invert_in_order(a, &lu, &condition, err);
  else if (lu.way == 'N') x = invert_turned(a, &lu, &condition, err);
  else x = invert_as_it_lies(a, &lu, &condition, err);
  if (x && !gr_matrix_fits("inv", a, x, err)) {
    gr_unref(x);
    x = NULL;
  }
  if (x && rcond) *rcond = condition;
done:
  drop(&lu);
  return x;
}

/* ---- Solution ----------------------------------------------------------------------- */

/* With room for b's numbers. */
static gr_tensor *solve_by_columns(const factors *lu, const gr_tensor *b, double *columns, gr_err *err) {
  size_t n = b->d[0], k = b->size / n;
  gr_matrix_columns(b, columns);
  LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, lu->way, lu->n, (int)k, lu->f, lu->n, lu->pivot, columns, lu->n);
  return b->nd == 1 ? gr_matrix_vector(b->dtype, n, columns, err) : gr_matrix_from_columns(b->dtype, n, k, columns, err);
}

static gr_tensor *solve_in_order(const factors *lu, const gr_tensor *b, double *rows, gr_err *err) {
  size_t n = b->d[0], k = b->size / n;
  gr_matrix_rows(b, rows);
  gr_ordered_solve(lu->way, n, lu->f, lu->pivot, rows, k);
  return b->nd == 1 ? gr_matrix_vector(b->dtype, n, rows, err) : gr_matrix_from_rows(b->dtype, n, k, rows, err);
}

gr_tensor *gr_solve(gr_tensor *a, gr_tensor *b, double *rcond, gr_err *err) {
  factors lu;
  double *numbers = NULL;
  gr_tensor *x = NULL;
  if (!gr_matrix_square("solve", a, err) || !gr_matrix_right_side("solve", a, b, err)) return NULL;
  if (!factor(a, &lu, err)) goto done;
  double condition = rcond_of(&lu, gr_matrix_epsilon(a));
  if (!check_regular("solve", a, &lu, condition, err)) goto done;
  numbers = gr_matrix_room(b->size, 1, err);
  if (!numbers) goto done;
  x = gr_portable() ? solve_in_order(&lu, b, numbers, err) : solve_by_columns(&lu, b, numbers, err);
  if (x && !gr_matrix_fits("solve", a, x, err)) {
    gr_unref(x);
    x = NULL;
  }
  if (x && rcond) *rcond = condition;
done:
  gr_free(numbers);
  drop(&lu);
  return x;
}

/* ---- Determinant -------------------------------------------------------------------- */

/* The product of the pivots as sign and logarithm; each row exchange changes the sign. */
static double log_of_pivots(const factors *lu, double *sign) {
  size_t n = (size_t)lu->n;
  double sum = 0;
  *sign = 1;
  for (size_t i = 0; i < n; i++) {
    double pivot = lu->f[i * n + i];
    bool exchanged = (size_t)lu->pivot[i] != i + 1;
    if ((pivot < 0) != exchanged) *sign = -*sign;
    sum += gr_portable() ? gr_own_log(fabs(pivot)) : log(fabs(pivot));
  }
  return sum;
}

/* A matrix that is singular in whole numbers leaves a last pivot of hardly more than rounding. */
static bool no_pivot_is_small(const factors *lu, double epsilon) {
  size_t n = (size_t)lu->n;
  double least = INFINITY;
  for (size_t i = 0; i < n; i++) least = fmin(least, fabs(lu->f[i * n + i]));
  return least > sqrt(epsilon) * lu->norm;
}

static bool slogdet(const char *what, gr_tensor *a, double *sign, double *logdet, gr_err *err) {
  factors lu;
  if (!gr_matrix_square(what, a, err)) return false;
  bool done = factor(a, &lu, err);
  if (done && (lu.singular || (!no_pivot_is_small(&lu, gr_matrix_epsilon(a)) && gr_exactly_singular(a)))) {
    *sign = 0;
    *logdet = -INFINITY;
  } else if (done) {
    *logdet = log_of_pivots(&lu, sign);
  }
  drop(&lu);
  return done;
}

bool gr_slogdet(gr_tensor *a, double *sign, double *logdet, gr_err *err) { return slogdet("slogdet", a, sign, logdet, err); }

/* By way of the logarithm, as NumPy does: the determinant of {{1, 2}, {3, 4}} prints as -2.0000000000000004 there. */
bool gr_det(gr_tensor *a, double *det, gr_err *err) {
  double sign, logdet;
  if (!slogdet("det", a, &sign, &logdet, err)) return false;
  *det = sign == 0 ? 0 : sign * (gr_portable() ? gr_own_exp(logdet) : exp(logdet));
  return true;
}

/* ---- The factors themselves --------------------------------------------------------- */

/* The permutation matrix of LAPACK's row exchanges: row i of the factored matrix is row order[i] of a. */
static gr_tensor *permutation(gr_dtype dtype, size_t m, const int *pivot, size_t exchanges, gr_err *err) {
  size_t *order = gr_alloc(m * sizeof *order, err);
  if (!order) return NULL;
  for (size_t i = 0; i < m; i++) order[i] = i;
  for (size_t i = 0; i < exchanges; i++) {
    size_t other = (size_t)pivot[i] - 1, keep = order[i];
    order[i] = order[other];
    order[other] = keep;
  }
  gr_tensor *p = gr_full(dtype, 2, (size_t[]){ m, m }, 0, err);
  for (size_t i = 0; p && i < m; i++) gr_set(p, order[i] * m + i, 1);
  gr_free(order);
  return p;
}

/* l(m,k) and u(k,n) lie in the same m x n columns; the ones on l's diagonal are not stored. */
static gr_tensor *lower(gr_dtype dtype, size_t m, size_t k, const double *f, gr_err *err) {
  gr_tensor *l = gr_new(dtype, 2, (size_t[]){ m, k }, err);
  for (size_t i = 0; l && i < m; i++)
    for (size_t j = 0; j < k; j++) gr_set(l, i * k + j, i > j ? f[j * m + i] : i == j);
  return l;
}

static gr_tensor *upper(gr_dtype dtype, size_t m, size_t k, size_t n, const double *f, gr_err *err) {
  gr_tensor *u = gr_new(dtype, 2, (size_t[]){ k, n }, err);
  for (size_t i = 0; u && i < k; i++)
    for (size_t j = 0; j < n; j++) gr_set(u, i * n + j, i <= j ? f[j * m + i] : 0);
  return u;
}

bool gr_lu(gr_tensor *a, gr_tensor *plu[3], gr_err *err) {
  if (!gr_matrix_check("lu", a, err)) return false;
  size_t m = a->d[0], n = a->d[1], k = m < n ? m : n;
  gr_tensor *p = NULL, *l = NULL, *u = NULL;
  double *f = gr_matrix_columns_new(a, err);
  int *pivot = f ? gr_alloc(k * sizeof *pivot, err) : NULL;
  if (!pivot) goto fail;
  eliminate((int)m, (int)n, f, pivot);
  p = permutation(a->dtype, m, pivot, k, err);
  l = p ? lower(a->dtype, m, k, f, err) : NULL;
  u = l ? upper(a->dtype, m, k, n, f, err) : NULL;
  if (!u) goto fail;
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
  return false;
}

/* ---- Cholesky ----------------------------------------------------------------------- */

gr_tensor *gr_cholesky(gr_tensor *a, gr_err *err) {
  char label[GR_LABEL_ROOM];
  gr_tensor *l = NULL;
  if (!gr_matrix_lapack("cholesky", err) || !gr_matrix_symmetric("cholesky", a, err)) return NULL;
  size_t n = a->d[0];
  double *f = gr_matrix_columns_new(a, err);
  if (!f) return NULL;
  int order = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (int)n, f, (int)n);
  if (order > 0)
    gr_fail(err, "cholesky: %s is not positive definite: its leading minor of order %d is not positive",
            gr_label(a, "A", label, sizeof label), order);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < j; i++) f[j * n + i] = 0;
  if (order == 0) l = gr_matrix_from_columns(a->dtype, n, n, f, err);
  gr_free(f);
  return l;
}
