/* floor_other.c: W10, linear algebra, and W12, files; in f64. */
#include "floor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

/* ---- Linear algebra ------------------------------------------------------------------- */

/* The matrix as LAPACK wants it, column after column. */
static double *scattered(size_t n) {
  double *a = room(n * n * sizeof *a);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) a[j * n + i] = urand(MATRIX, i * n + j) - 0.5 + (i == j ? 2 : 0);
  return a;
}

static size_t calls_for(size_t n) { return n <= 4 ? 100000 : n <= 100 ? 200 : n <= 1000 ? 5 : 2; }

static double invert(double *f, double *b, int *pivot, int n) {
  (void)b;
  LAPACKE_dgetrf(LAPACK_COL_MAJOR, n, n, f, n, pivot);
  LAPACKE_dgetri(LAPACK_COL_MAJOR, n, f, n, pivot);
  return f[0];
}

static double solve(double *f, double *b, int *pivot, int n) {
  for (int i = 0; i < n; i++) b[i] = i + 1;
  LAPACKE_dgesv(LAPACK_COL_MAJOR, n, 1, f, n, pivot, b, n);
  return b[0];
}

static measured call(double (*f)(double *f, double *b, int *pivot, int n), size_t n) {
  double *a = scattered(n), *copy = room(n * n * sizeof *copy), *b = room(n * sizeof *b), start = 0, check = 0;
  int *pivot = room(n * sizeof *pivot);
  size_t calls = calls_for(n);
  openblas_set_num_threads(threads);
  for (size_t i = 0; i <= calls; i++) { /* the first only warms up */
    if (i == 1) start = now();
    memcpy(copy, a, n * n * sizeof *copy);
    check = f(copy, b, pivot, (int)n);
  }
  return (measured){ (now() - start) / (double)calls, check };
}

measured inverse(size_t n) { return call(invert, n); }
measured solution(size_t n) { return call(solve, n); }

/* ---- Files ---------------------------------------------------------------------------- */

measured read_images(void) {
  double start = now(), shade[256], sum = 0;
  size_t count;
  uint8_t *bytes = idx_bytes("BENCH_FASHION", "train-images-idx3-ubyte", &count);
  double *x = room(count * sizeof *x);
  for (int i = 0; i < 256; i++) shade[i] = i / 255.0;
  for (size_t i = 0; i < count; i++) x[i] = shade[bytes[i]];
  double seconds = now() - start;
  for (size_t i = 0; i < count; i += 97) sum += x[i];
  return (measured){ seconds, sum };
}

static const char *digits(const char *p, int64_t *m, int *count) {
  for (; *p >= '0' && *p <= '9'; p++, ++*count) *m = 10 * *m + (*p - '0');
  return p;
}

/* A decimal of few digits: one division or product by a power of ten rounds it correctly (Clinger 1990). */
static const char *number(const char *from, double *value) {
  static const double ten[] = { 1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  enum { MOST_DIGITS = 15, MOST_PLACES = 22 };
  const char *p = from + (*from == '-');
  int64_t m = 0;
  int count = 0, power = 0;
  p = digits(p, &m, &count);
  if (*p == '.') {
    const char *point = p + 1;
    p = digits(point, &m, &count);
    power = (int)(point - p);
  }
  if (*p == 'e') power += (int)strtol(p + 1, (char **)&p, 10);
  if (count > MOST_DIGITS || abs(power) > MOST_PLACES) *value = strtod(from, (char **)&p);
  else *value = (*from == '-' ? -1 : 1) * (power < 0 ? (double)m / ten[-power] : (double)m * ten[power]);
  return p;
}

measured read_table(void) {
  enum { CELLS = 100000 * 30 };
  double start = now(), sum = 0;
  size_t bytes, count = 0;
  const char *p = whole_file("BENCH_TABLE", &bytes);
  double *x = room(CELLS * sizeof *x);
  for (; *p && count < CELLS; p += *p == ',' || *p == '\n') p = number(p, &x[count++]);
  double seconds = now() - start;
  for (size_t i = 0; i < count; i++) sum += x[i];
  return (measured){ seconds, sum };
}
