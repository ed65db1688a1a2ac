/* portable.c: portable mode, and the products and the elimination that it has in place of BLAS and LAPACK. */
#include "portable.h"
#include "clones.h"
#include "core.h"

#include <math.h>
#include <string.h>

/* The one setting besides the number of threads: it belongs to the program, and is made once, before anything is computed. */
static bool portable = false;

void gr_set_portable(bool on) { portable = on; }
bool gr_portable(void) { return portable; }

/* Rows of a tile: with one wide vector of sums for each, they keep two adders busy and still leave registers for the rest. */
enum { HIGH = 6 };

#define REAL_IS_F64
#include "real.h"
#include "portable_real.h"
#define REAL_IS_F32
#include "real.h"
#include "portable_real.h"

/* ---- Elimination -------------------------------------------------------------------- */

/* Columns that are eliminated before the rest of the matrix hears of it, by one product. */
enum { PANEL = 48 };

static void exchange_rows(double *f, size_t m, size_t n, size_t i, size_t other) {
  if (i == other) return;
  for (size_t j = 0; j < n; j++) {
    double keep = f[j * m + i];
    f[j * m + i] = f[j * m + other];
    f[j * m + other] = keep;
  }
}

/* The first of the largest. */
static size_t find_pivot(const double *column, size_t from, size_t m) {
  size_t at = from;
  for (size_t i = from + 1; i < m; i++)
    if (fabs(column[i]) > fabs(column[at])) at = i;
  return at;
}

/* y -= factor x */
static void take_off(double *restrict y, const double *restrict x, double factor, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] -= factor * x[i];
}

/* Columns j0..j1 below and on the diagonal. */
static bool eliminate_panel(size_t m, size_t n, double *f, int *pivot, size_t j0, size_t j1) {
  bool regular = true;
  for (size_t j = j0; j < j1; j++) {
    double *column = f + j * m;
    size_t at = find_pivot(column, j, m);
    pivot[j] = (int)at + 1;
    exchange_rows(f, m, n, j, at);
    regular = regular && column[j] != 0;
    for (size_t i = j + 1; column[j] != 0 && i < m; i++) column[i] /= column[j];
    for (size_t l = j + 1; l < j1; l++) take_off(f + l * m + j + 1, column + j + 1, f[l * m + j], m - j - 1);
  }
  return regular;
}

/* A product that threads share by its rows. */
static void some_rows(void *arg, size_t from, size_t to) {
  gr_product_f64 q = *(const gr_product_f64 *)arg;
  q.a += q.ta ? from : from * q.lda;
  q.c += from * q.ldc;
  q.m = to - from;
  gr_ordered_product_f64(&q);
}

static void share_product(gr_product_f64 *q) {
  static const size_t worth_sharing = 1 << 18; /* multiplications */
  if (q->m * q->k * q->n < worth_sharing) gr_ordered_product_f64(q);
  else gr_share(q->m, 16, some_rows, q);
}

/* Columns are rows to gr_ordered_product: the rest of the matrix, turned, loses u12^T l21^T. */
bool gr_ordered_lu(size_t m, size_t n, double *f, int *pivot) {
  size_t all = m < n ? m : n;
  bool regular = true;
  for (size_t j0 = 0; j0 < all; j0 += PANEL) {
    size_t j1 = all - j0 < PANEL ? all : j0 + PANEL;
    if (!eliminate_panel(m, n, f, pivot, j0, j1)) regular = false;
    for (size_t l = j1; l < n; l++)
      for (size_t p = j0; p + 1 < j1; p++) take_off(f + l * m + p + 1, f + p * m + p + 1, f[l * m + p], j1 - p - 1);
    share_product(&(gr_product_f64){ n - j1, j1 - j0, m - j1, .add = true, .scale = -1, .a = f + j1 * m + j0, .lda = m,
                                     .b = f + j0 * m + j1, .ldb = m, .c = f + j1 * m + j1, .ldc = m });
  }
  return regular;
}

/* ---- Solution ----------------------------------------------------------------------- */

/* A triangle t(n,n) of f: where its number (i,j) lies, and whether its diagonal is all ones. */
typedef struct triangle {
  const double *f;
  size_t n, row, column;
  bool ones;
} triangle;

static double at(triangle t, size_t i, size_t j) { return t.f[i * t.row + j * t.column]; }

/* x(n,k) rows i0..i1 lose t's rows there, columns j0..j1, times x's rows j0..j1; of x only the first `known` columns. */
static void take_block(triangle t, size_t i0, size_t i1, size_t j0, size_t j1, double *x, size_t k, size_t known) {
  share_product(&(gr_product_f64){ i1 - i0, j1 - j0, known, .ta = t.row == 1, .add = true, .scale = -1,
                                   .a = t.f + i0 * t.row + j0 * t.column, .lda = t.row == 1 ? t.column : t.row, .b = x + j0 * k,
                                   .ldb = k, .c = x + i0 * k, .ldc = k });
}

static void divide_row(double *row, double by, size_t n) {
  for (size_t j = 0; j < n; j++) row[j] /= by;
}

/* x = t^-1 x for a lower triangle. Of the identity's first rows only the first columns are known not to be 0. */
static void solve_down(triangle t, double *x, size_t k, bool identity) {
  for (size_t i0 = 0; i0 < t.n; i0 += PANEL) {
    size_t i1 = t.n - i0 < PANEL ? t.n : i0 + PANEL, known = identity ? i1 : k;
    for (size_t i = i0; i < i1; i++) {
      if (!t.ones) divide_row(x + i * k, at(t, i, i), known);
      for (size_t below = i + 1; below < i1; below++) take_off(x + below * k, x + i * k, at(t, below, i), known);
    }
    take_block(t, i1, t.n, i0, i1, x, k, known);
  }
}

/* The same for an upper one. */
static void solve_up(triangle t, double *x, size_t k) {
  for (size_t i1 = t.n; i1 > 0;) {
    size_t i0 = i1 > PANEL ? i1 - PANEL : 0;
    for (size_t i = i1; i-- > i0;) {
      if (!t.ones) divide_row(x + i * k, at(t, i, i), k);
      for (size_t above = i0; above < i; above++) take_off(x + above * k, x + i * k, at(t, above, i), k);
    }
    take_block(t, 0, i0, i0, i1, x, k, k);
    i1 = i0;
  }
}

static void swap_numbers(double *a, double *b, size_t n, size_t step) {
  for (size_t j = 0; a != b && j < n; j++, a += step, b += step) {
    double keep = *a;
    *a = *b;
    *b = keep;
  }
}

/* p f = l u: the inverse is u^-1 l^-1 p, that of the transpose p^T l^-T u^-T. */
void gr_ordered_solve(char way, size_t n, const double *f, const int *pivot, double *x, size_t k) {
  if (way == 'N') {
    for (size_t i = 0; i < n; i++) swap_numbers(x + i * k, x + ((size_t)pivot[i] - 1) * k, k, 1);
    solve_down((triangle){ f, n, 1, n, true }, x, k, false);
    solve_up((triangle){ f, n, 1, n, false }, x, k);
  } else {
    solve_down((triangle){ f, n, n, 1, false }, x, k, false);
    solve_up((triangle){ f, n, n, 1, true }, x, k);
    for (size_t i = n; i-- > 0;) swap_numbers(x + i * k, x + ((size_t)pivot[i] - 1) * k, k, 1);
  }
}

/* The exchanges come last here: of x's columns for way 'N', where they would come first for its rows. */
void gr_ordered_inverse(char way, size_t n, const double *f, const int *pivot, double *x) {
  bool turned = way == 'T';
  memset(x, 0, n * n * sizeof *x);
  for (size_t i = 0; i < n; i++) x[i * n + i] = 1;
  solve_down((triangle){ f, n, turned ? n : 1, turned ? 1 : n, !turned }, x, n, true);
  solve_up((triangle){ f, n, turned ? n : 1, turned ? 1 : n, turned }, x, n);
  size_t apart = turned ? n : 1, step = turned ? 1 : n;
  for (size_t i = n; i-- > 0;) swap_numbers(x + i * apart, x + ((size_t)pivot[i] - 1) * apart, n, step);
}

/* ---- QR ----------------------------------------------------------------------------- */

static double dot(const double *x, const double *y, size_t n) {
  double part[8] = { 0 };
  for (size_t i = 0; i < n; i++) part[i % 8] += x[i] * y[i];
  return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

/* The 2-norm. Squares of what is far from 1 would overflow or vanish: it is brought near by a power of two, which is exact. */
static double size_of(double *x, size_t n) {
  double top = 0;
  int power;
  for (size_t i = 0; i < n; i++) top = fabs(x[i]) > top ? fabs(x[i]) : top;
  if (top == 0) return 0;
  if (top > 1e-140 && top < 1e140) return sqrt(gr_ordered_squares_f64(x, n));
  frexp(top, &power);
  for (size_t i = 0; i < n; i++) x[i] = ldexp(x[i], -power);
  double size = ldexp(sqrt(gr_ordered_squares_f64(x, n)), power);
  for (size_t i = 0; i < n; i++) x[i] = ldexp(x[i], power);
  return size;
}

/* v, whose first number is 1 and not stored, and factor of the reflection x - factor v (v x) that leaves of x only its first
** number: Householder's, with LAPACK's signs.                                                                          */
static double make_reflection(double *x, size_t n) {
  double size = size_of(x, n), first = x[0] > 0 ? -size : size;
  if (n == 1 || size_of(x + 1, n - 1) == 0) return 0;
  for (size_t i = 1; i < n; i++) x[i] /= x[0] - first;
  double factor = (first - x[0]) / first;
  x[0] = first;
  return factor;
}

static void reflect(const double *v, double factor, double *x, size_t n) {
  double along = factor * (x[0] + dot(v + 1, x + 1, n - 1));
  x[0] -= along;
  take_off(x + 1, v + 1, along, n - 1);
}

void gr_ordered_qr(size_t m, size_t n, double *f, double *factors, double *q) {
  size_t k = m < n ? m : n;
  for (size_t j = 0; j < k; j++) {
    factors[j] = make_reflection(f + j * m + j, m - j);
    for (size_t l = j + 1; l < n; l++) reflect(f + j * m + j, factors[j], f + l * m + j, m - j);
  }
  memset(q, 0, m * k * sizeof *q);
  for (size_t j = 0; j < k; j++) q[j * m + j] = 1;
  for (size_t j = k; j-- > 0;)
    for (size_t l = j; l < k; l++) reflect(f + j * m + j, factors[j], q + l * m + j, m - j);
}
