/* linalg_exact.c: is a small matrix singular, and why? Rounding hides it: elimination in floating point
** leaves 1e-16 where whole numbers leave 0, and a matrix that is regular can leave just as little.     */
#include "linalg.h"

#include <math.h>
#include <stdio.h>

typedef __int128 wide;

/* ---- Rank in whole numbers ---------------------------------------------------------- */

/* a's element i times scale, if the element is that whole number divided by scale, rounded to its type. */
static bool whole(const gr_tensor *a, size_t i, double scale, wide *out) {
  static const double moderate = 1e9;
  double v = gr_get(a, i), k = nearbyint(v * scale), back = k / scale;
  if (fabs(k) > moderate) return false;
  if (a->dtype == GR_F32 ? (float)back != (float)v : back != v) return false;
  *out = (wide)k;
  return true;
}

static wide common_divisor(wide a, wide b) {
  while (b) {
    wide rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

/* A factor changes no rank: without common ones the numbers of the elimination stay small. */
static void shorten(wide row[], size_t n) {
  wide divisor = 0;
  for (size_t j = 0; j < n; j++) divisor = common_divisor(divisor, row[j]);
  for (size_t j = 0; j < n && divisor > 1; j++) row[j] /= divisor;
}

/* Row i of a times 1, 10, 100 or 1000, whichever is the first that makes it whole. */
static bool whole_row(const gr_tensor *a, size_t i, wide row[]) {
  static const double scales[] = { 1, 10, 100, 1000 };
  size_t n = a->d[1];
  for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
    size_t j = 0;
    while (j < n && whole(a, i * n + j, scales[s], &row[j])) j++;
    if (j < n) continue;
    shorten(row, n);
    return true;
  }
  return false;
}

/* (p * x - q * y) / divisor; false if a product is too large. */
static bool cross(wide p, wide x, wide q, wide y, wide divisor, wide *out) {
  wide left, right;
  if (__builtin_mul_overflow(p, x, &left) || __builtin_mul_overflow(q, y, &right)) return false;
  if (__builtin_sub_overflow(left, right, &left)) return false;
  *out = left / divisor;
  return true;
}

static void exchange(wide a[], wide b[], size_t n) {
  for (size_t j = 0; j < n; j++) {
    wide keep = a[j];
    a[j] = b[j];
    b[j] = keep;
  }
}

/* Elimination without fractions (Bareiss 1968): each entry is a minor of the matrix, so the division
** by the pivot before leaves no rest.                                                              */
bool gr_exact_rank(const gr_tensor *a, size_t *rank) {
  wide w[GR_EXACT_MAX][GR_EXACT_MAX], before = 1;
  size_t m = a->d[0], n = a->d[1], done = 0;
  if (m > GR_EXACT_MAX || n > GR_EXACT_MAX) return false;
  for (size_t i = 0; i < m; i++)
    if (!whole_row(a, i, w[i])) return false;
  for (size_t c = 0; c < n && done < m; c++) {
    size_t pivot = done;
    while (pivot < m && w[pivot][c] == 0) pivot++;
    if (pivot == m) continue;
    exchange(w[done], w[pivot], n);
    for (size_t i = done + 1; i < m; i++) {
      for (size_t j = c + 1; j < n; j++)
        if (!cross(w[done][c], w[i][j], w[i][c], w[done][j], before, &w[i][j])) return false;
      w[i][c] = 0;
    }
    before = w[done++][c];
  }
  *rank = done;
  return true;
}

bool gr_exactly_singular(const gr_tensor *a) {
  size_t rank;
  return gr_exact_rank(a, &rank) && rank < a->d[0];
}

/* ---- Which row depends on which ----------------------------------------------------- */

static double largest(const double row[], size_t n, size_t *at) {
  *at = 0;
  for (size_t j = 1; j < n; j++)
    if (fabs(row[j]) > fabs(row[*at])) *at = j;
  return fabs(row[*at]);
}

enum { MAX = GR_DEPENDENT_MAX };

/* Rows of a, each with what the rows before it explain taken away. rest[i] = sum over j of mix[i][j] row j. */
typedef struct reduction {
  double rest[MAX][MAX], mix[MAX][MAX];
  double size[MAX]; /* the row's largest entry, as given */
  size_t lead[MAX]; /* where the rest is largest */
} reduction;

/* Takes rows 0..i-1 out of row i; true if nothing but rounding is left. */
static bool reduce_row(reduction *r, const gr_tensor *a, size_t i) {
  static const double rounding = 1e-12;
  size_t n = a->d[1];
  for (size_t j = 0; j < n; j++) r->rest[i][j] = gr_get(a, i * n + j);
  for (size_t j = 0; j <= i; j++) r->mix[i][j] = j == i;
  double scale = r->size[i] = largest(r->rest[i], n, &r->lead[i]);
  for (size_t b = 0; b < i; b++) {
    size_t c = r->lead[b];
    double f = r->rest[i][c] / r->rest[b][c];
    for (size_t j = 0; j < n; j++) r->rest[i][j] -= f * r->rest[b][j];
    for (size_t j = 0; j <= b; j++) r->mix[i][j] -= f * r->mix[b][j];
    r->rest[i][c] = 0;
    scale = fmax(scale, fabs(f * r->rest[b][c]));
  }
  return largest(r->rest[i], n, &r->lead[i]) <= rounding * scale;
}

/* How close a coefficient must come to a number that is written shorter. */
static const double close_enough = 1e-9;

static bool near(double value, double target) { return fabs(value - target) <= close_enough * fmax(1, fabs(value)); }

/* A positive factor as it is written in front of "row 1": nothing for 1, else 2, 0.5, 1/3, or four digits. */
static void factor_text(double f, char *out, size_t room) {
  double thousandths = nearbyint(f * 1000);
  if (near(f, 1)) {
    snprintf(out, room, "%s", "");
    return;
  }
  if (thousandths > 0 && near(f, thousandths / 1000)) {
    snprintf(out, room, "%.10g ", thousandths / 1000);
    return;
  }
  for (int q = 3; q < 100; q++) {
    double p = nearbyint(f * q);
    if (p < 1 || !near(f, p / q)) continue;
    snprintf(out, room, "%.0f/%d ", p, q);
    return;
  }
  snprintf(out, room, "%.4g ", f);
}

static void combination_text(const reduction *r, size_t i, char *out, size_t room) {
  char factor[32];
  bool first = true;
  int at = snprintf(out, room, "row %zu =", i + 1);
  for (size_t j = 0; j < i && at >= 0 && (size_t)at < room; j++) {
    double f = -r->mix[i][j];
    if (fabs(f) * r->size[j] <= close_enough * r->size[i]) continue;
    factor_text(fabs(f), factor, sizeof factor);
    const char *sign = first ? (f < 0 ? " -" : " ") : f < 0 ? " - " : " + ";
    at += snprintf(out + at, room - (size_t)at, "%s%srow %zu", sign, factor, j + 1);
    first = false;
  }
}

bool gr_dependence_text(const gr_tensor *a, char *out, size_t room) {
  reduction r = { 0 };
  if (a->d[0] > MAX || a->d[1] > MAX) return false;
  size_t i = 0;
  while (i < a->d[0] && !reduce_row(&r, a, i)) i++;
  if (i == a->d[0]) return false;
  if (r.size[i] == 0) snprintf(out, room, "row %zu is all zero", i + 1);
  else combination_text(&r, i, out, room);
  return true;
}
