/* Portable mode's products and elimination: to the bit what plain loops in the order that portable.h promises give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "gr.h"
#include "portable.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { MOST = 700 * 300 };

static void draw_f64(gr_rng *rng, double *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = gr_rng_gauss(rng);
}

static void draw_f32(gr_rng *rng, float *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = (float)gr_rng_gauss(rng);
}

/* ---- Products ----------------------------------------------------------------------- */

typedef struct shape {
  size_t m, k, n, more;
} shape;

/* m, k, n around the sizes of tiles and blocks (6 x 8 or 16; 96, 256, 256 or 512), and how much longer rows are than need be. */
static const shape shapes_of_products[] = { { 1, 1, 1, 0 },    { 6, 8, 8, 0 },     { 5, 3, 7, 2 },      { 7, 9, 17, 1 },
                                            { 97, 20, 33, 0 }, { 13, 257, 19, 3 }, { 10, 600, 270, 0 }, { 200, 256, 96, 5 },
                                            { 3, 11, 520, 0 }, { 48, 48, 48, 0 } };

#define PRODUCT_TEST(real, R)                                                                                        \
  static void plain_product_##R(const gr_product_##R *q) {                                                           \
    for (size_t i = 0; i < q->m; i++)                                                                                \
      for (size_t j = 0; j < q->n; j++) {                                                                            \
        real sum = q->add ? q->c[i * q->ldc + j] : 0;                                                                \
        for (size_t p = 0; p < q->k; p++) {                                                                          \
          real a = q->a[q->ta ? p * q->lda + i : i * q->lda + p], b = q->b[q->tb ? j * q->ldb + p : p * q->ldb + j]; \
          sum += (q->scale * a) * b;                                                                                 \
        }                                                                                                            \
        q->c[i * q->ldc + j] = sum;                                                                                  \
      }                                                                                                              \
  }                                                                                                                  \
  static void check_products_##R(shape s, int kind) {                                                                \
    static real a[MOST], b[MOST], c[MOST], want[MOST];                                                               \
    size_t m = s.m, k = s.k, n = s.n, more = s.more, wrong = 0;                                                      \
    bool ta = kind & 1, tb = kind & 2, add = kind & 4;                                                               \
    real scale = kind & 8 ? (real)-0.3 : 1;                                                                          \
    gr_rng rng;                                                                                                      \
    gr_rng_seed(&rng, 1);                                                                                            \
    draw_##R(&rng, a, COUNT(a));                                                                                     \
    draw_##R(&rng, b, COUNT(b));                                                                                     \
    draw_##R(&rng, c, COUNT(c));                                                                                     \
    memcpy(want, c, sizeof want);                                                                                    \
    gr_product_##R q = { m, k, n, ta, tb, add, scale, a, b, c, (ta ? m : k) + more, (tb ? k : n) + more, n + more }; \
    gr_ordered_product_##R(&q);                                                                                      \
    q.c = want;                                                                                                      \
    plain_product_##R(&q);                                                                                           \
    for (size_t i = 0; i < COUNT(c); i++) wrong += c[i] != want[i];                                                  \
    if (wrong) fail_msg("%zu numbers of %zu x %zu x %zu, kind %d, are others", wrong, m, k, n, kind);                \
  }

PRODUCT_TEST(double, f64)
PRODUCT_TEST(float, f32)

static void a_product_is_not_summed_in_order(void **state) {
  enum { KINDS = 16 };
  (void)state;
  for (size_t i = 0; i < COUNT(shapes_of_products); i++)
    for (int kind = 0; kind < KINDS; kind++) {
      check_products_f64(shapes_of_products[i], kind);
      check_products_f32(shapes_of_products[i], kind);
    }
}

/* ---- Elimination -------------------------------------------------------------------- */

/* Column after column, as the textbook has it. */
static void plain_lu(size_t m, size_t n, double *f, int *pivot) {
  for (size_t j = 0; j < m && j < n; j++) {
    size_t at = j;
    for (size_t i = j + 1; i < m; i++)
      if (fabs(f[j * m + i]) > fabs(f[j * m + at])) at = i;
    pivot[j] = (int)at + 1;
    for (size_t l = 0; l < n; l++) {
      double keep = f[l * m + j];
      f[l * m + j] = f[l * m + at];
      f[l * m + at] = keep;
    }
    for (size_t i = j + 1; i < m; i++) f[j * m + i] /= f[j * m + j];
    for (size_t l = j + 1; l < n; l++)
      for (size_t i = j + 1; i < m; i++) f[l * m + i] -= f[j * m + i] * f[l * m + j];
  }
}

static void elimination_is_not_in_order(void **state) {
  static const size_t shapes[][2] = { { 1, 1 }, { 5, 5 }, { 48, 48 }, { 49, 49 }, { 150, 150 }, { 120, 60 }, { 60, 120 } };
  static double f[MOST], want[MOST];
  int pivot[150], want_pivot[150];
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 2);
  for (size_t i = 0; i < COUNT(shapes); i++)
    for (int threads = 1; threads <= 2; threads++) {
      size_t m = shapes[i][0], n = shapes[i][1], k = m < n ? m : n;
      gr_set_threads(threads);
      draw_f64(&rng, f, m * n);
      memcpy(want, f, m * n * sizeof *f);
      assert_true(gr_ordered_lu(m, n, f, pivot));
      plain_lu(m, n, want, want_pivot);
      assert_memory_equal(f, want, m * n * sizeof *f);
      assert_memory_equal(pivot, want_pivot, k * sizeof *pivot);
    }
  gr_set_threads(1);
}

/* The largest entry of a x - b, where a is f's matrix or its transpose. */
static double rest_of(size_t n, const double *a, bool turned, const double *x, const double *b, size_t k) {
  double most = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < k; j++) {
      double sum = -b[i * k + j];
      for (size_t p = 0; p < n; p++) sum += a[turned ? i * n + p : p * n + i] * x[p * k + j];
      most = fabs(sum) > most ? fabs(sum) : most;
    }
  return most;
}

/* Rounding leaves some 1e-16 n times the growth in x; these matrices have condition numbers of up to some thousands. */
static void a_solution_or_inverse_is_wrong(void **state) {
  static const size_t orders[] = { 1, 2, 5, 47, 48, 49, 97, 150 };
  static double a[MOST], f[MOST], b[MOST], x[MOST], one[MOST];
  int pivot[150];
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 3);
  for (size_t i = 0; i < COUNT(orders); i++)
    for (int turned = 0; turned < 2; turned++) {
      size_t n = orders[i], k = i % 2 ? 1 : 11;
      draw_f64(&rng, a, n * n);
      draw_f64(&rng, b, n * k);
      memcpy(f, a, n * n * sizeof *f);
      memcpy(x, b, n * k * sizeof *x);
      memset(one, 0, n * n * sizeof *one);
      for (size_t j = 0; j < n; j++) one[j * n + j] = 1;
      assert_true(gr_ordered_lu(n, n, f, pivot));
      gr_ordered_solve(turned ? 'T' : 'N', n, f, pivot, x, k);
      assert_true(rest_of(n, a, turned, x, b, k) < 1e-11);
      gr_ordered_inverse(turned ? 'T' : 'N', n, f, pivot, x);
      assert_true(rest_of(n, a, turned, x, one, n) < 1e-11);
    }
}

static void a_zero_pivot_is_not_told(void **state) {
  double zero[4] = { 0 }, dependent[4] = { 1, 2, 2, 4 };
  int pivot[2];
  (void)state;
  assert_false(gr_ordered_lu(2, 2, zero, pivot));
  assert_false(gr_ordered_lu(2, 2, dependent, pivot));
}

static void qr_does_not_give_its_matrix_back(void **state) {
  static const size_t shapes[][2] = { { 1, 1 }, { 4, 1 }, { 1, 4 }, { 9, 9 }, { 30, 7 }, { 7, 30 } };
  static const double scales[] = { 1, 1e-200, 1e200 };
  double a[30 * 30], f[30 * 30], q[30 * 30], factors[30];
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 4);
  for (size_t i = 0; i < COUNT(shapes) * COUNT(scales); i++) {
    size_t m = shapes[i / COUNT(scales)][0], n = shapes[i / COUNT(scales)][1], k = m < n ? m : n;
    double scale = scales[i % COUNT(scales)];
    draw_f64(&rng, a, m * n);
    for (size_t j = 0; j < m * n; j++) f[j] = a[j] *= scale;
    gr_ordered_qr(m, n, f, factors, q);
    for (size_t row = 0; row < m; row++)
      for (size_t j = 0; j < n; j++) {
        double sum = -a[j * m + row];
        for (size_t p = 0; p < k && p <= j; p++) sum += q[p * m + row] * f[j * m + p];
        assert_true(fabs(sum) < 1e-14 * scale);
      }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_product_is_not_summed_in_order), cmocka_unit_test(elimination_is_not_in_order),
    cmocka_unit_test(a_solution_or_inverse_is_wrong),   cmocka_unit_test(a_zero_pivot_is_not_told),
    cmocka_unit_test(qr_does_not_give_its_matrix_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
