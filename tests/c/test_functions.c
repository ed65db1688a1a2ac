/* The functions of portable mode (core/functions.h): how far off they are, and what they are at their ends.
**
** The truth is the C library's in long double, which has 11 bits more. The bounds are what was measured over 3 million
** numbers for each function, rounded up. f32 are the double results, rounded.                                           */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "gr.h"
#include "portable.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { ROUNDS = 200000 };

/* Ranges where a function bends, from which numbers are drawn: evenly, by exponent, or in both ways at once. */
typedef struct curve {
  const char *name;
  double (*own)(double x);
  long double (*truth)(long double x);
  double from, to; /* evenly */
  int least, most; /* powers of two of sizes, with either sign */
  double ulp;
} curve;

static const curve curves[] = {
  { "exp", gr_own_exp, expl, -745, 709, -60, 9, 0.8 },     { "log", gr_own_log, logl, 0, 4, -1074, 1023, 0.9 },
  { "log2", gr_own_log2, log2l, 0, 4, -1074, 1023, 0.52 }, { "log10", gr_own_log10, log10l, 0, 4, -1074, 1023, 0.52 },
  { "sin", gr_own_sin, sinl, -10, 10, -60, 1023, 0.8 },    { "cos", gr_own_cos, cosl, -10, 10, -60, 1023, 0.8 },
  { "tan", gr_own_tan, tanl, -10, 10, -60, 1023, 2.2 },    { "asin", gr_own_asin, asinl, -1, 1, -60, 0, 2.5 },
  { "acos", gr_own_acos, acosl, -1, 1, -60, 0, 2.5 },      { "sinh", gr_own_sinh, sinhl, -700, 700, -60, 9, 2.7 },
  { "cosh", gr_own_cosh, coshl, -700, 700, -60, 9, 1.2 },  { "tanh", gr_own_tanh, tanhl, -10, 10, -60, 9, 1.5 },
  { "erfc", gr_own_erfc, erfcl, -6, 26, -60, 4, 4.4 },
};

/* ---- How far off -------------------------------------------------------------------- */

static long double last_place(long double truth) {
  int power;
  frexpl(truth, &power);
  return ldexpl(1, (truth == 0 || power < DBL_MIN_EXP ? DBL_MIN_EXP : power) - DBL_MANT_DIG);
}

static bool same(double a, double b) { return a == b ? signbit(a) == signbit(b) : a != a && b != b; }

static double places_off(double y, long double truth) {
  double rounded = (double)truth;
  if (y != y || isinf(y) || rounded != rounded || isinf(rounded)) return same(y, rounded) ? 0 : INFINITY;
  return (double)(fabsl(y - truth) / last_place(truth));
}

static double any_of(gr_rng *rng, const curve *c, int round) {
  double part = gr_rng_double(rng);
  if (round % 2) return c->from + part * (c->to - c->from);
  int power = c->least + (int)gr_rng_below(rng, (uint64_t)(c->most - c->least));
  return ldexp(gr_rng_word(rng) & 1 && c->from < 0 ? -1 - part : 1 + part, power - 1);
}

/* valgrind computes long double in doubles. */
static bool truth_is_exact(void) {
  volatile long double small = 0x1p-60L;
  return 1 + small != 1;
}

static void a_function_is_too_far_off(void **state) {
  gr_rng rng;
  (void)state;
  if (!truth_is_exact()) skip();
  gr_rng_seed(&rng, 1);
  for (size_t k = 0; k < COUNT(curves); k++)
    for (int round = 0; round < ROUNDS; round++) {
      const curve *c = &curves[k];
      double x = any_of(&rng, c, round), y = c->own(x), off = places_off(y, c->truth(x));
      if (!(off <= c->ulp)) fail_msg("%s of %a is %a, %.3f last places off; its bound is %g", c->name, x, y, off, c->ulp);
    }
}

static void a_power_is_too_far_off(void **state) {
  static const double bound = 0.85;
  gr_rng rng;
  (void)state;
  if (!truth_is_exact()) skip();
  gr_rng_seed(&rng, 2);
  for (int round = 0; round < 4 * ROUNDS; round++) {
    double x = round % 3 ? 4 * gr_rng_double(&rng) : ldexp(1 + gr_rng_double(&rng), (int)gr_rng_below(&rng, 2096) - 1074);
    double most = 745 / fabs(log(x)), y = (round % 2 ? 1 : 0.01) * (2 * gr_rng_double(&rng) - 1) * (most < 1e300 ? most : 1e300);
    double z = gr_own_pow(x, y), off = places_off(z, powl(x, y));
    if (!(off <= bound)) fail_msg("%a to the power of %a is %a, %.3f last places off; the bound is %g", x, y, z, off, bound);
  }
}

static void an_angle_is_too_far_off(void **state) {
  static const double bound = 1.6;
  gr_rng rng;
  (void)state;
  if (!truth_is_exact()) skip();
  gr_rng_seed(&rng, 3);
  for (int round = 0; round < 2 * ROUNDS; round++) {
    int spread = round % 2 ? 4 : 2000;
    double y = ldexp(2 * gr_rng_double(&rng) - 1, (int)gr_rng_below(&rng, (uint64_t)spread) - spread / 2);
    double x = ldexp(2 * gr_rng_double(&rng) - 1, (int)gr_rng_below(&rng, (uint64_t)spread) - spread / 2);
    double z = gr_own_atan2(y, x), off = places_off(z, atan2l(y, x));
    if (!(off <= bound)) fail_msg("the angle of y = %a, x = %a is %a, %.3f last places off; the bound is %g", y, x, z, off, bound);
  }
}

/* ---- The ends ----------------------------------------------------------------------- */

static const double ends[] = { 0.0,    -0.0,    1,       -1,      0.5,      -0.5,      2,      -2,
                               3,      -3,      1000,    -1000,   INFINITY, -INFINITY, NAN,    1e5,
                               0x1p19, -0x1p19, 0x1p700, DBL_MAX, -DBL_MAX, 1e-310,    0x1p53, -0x1p53 + 1 };

/* Where the library's double result rounds to infinity, 0 or NaN, or is exact, ours is the same; elsewhere it is near. */
static void check_end(const char *name, double x, double y, double mine, double theirs) {
  bool special = theirs == 0 || theirs != theirs || isinf(theirs);
  if (special ? !same(mine, theirs) : places_off(mine, theirs) > 3)
    fail_msg("%s of %a and %a is %a, but %a in the C library", name, x, y, mine, theirs);
}

static void an_end_is_wrong(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(ends); i++) {
    for (size_t k = 0; k < COUNT(curves); k++)
      check_end(curves[k].name, ends[i], 0, curves[k].own(ends[i]), (double)curves[k].truth(ends[i]));
    for (size_t j = 0; j < COUNT(ends); j++) {
      check_end("pow", ends[i], ends[j], gr_own_pow(ends[i], ends[j]), pow(ends[i], ends[j]));
      check_end("atan2", ends[i], ends[j], gr_own_atan2(ends[i], ends[j]), atan2(ends[i], ends[j]));
    }
  }
}

static void a_power_of_whole_numbers_is_not_exact(void **state) {
  (void)state;
  for (int base = 2; base <= 10; base++) {
    double power = 1;
    for (int k = 0; power < 0x1p53; k++, power *= base) {
      assert_true(gr_own_pow(base, k) == power);
      if (base == 10) assert_true(gr_own_log10(power) == k);
      if (base == 2) assert_true(gr_own_log2(power) == k);
    }
  }
}

/* ---- The same bits ------------------------------------------------------------------ */

enum { LONG = 1000 };

typedef struct array_of {
  double (*own)(double x);
  void (*of_f64)(const double *x, double *y, size_t n);
  void (*of_f32)(const float *x, float *y, size_t n);
} array_of;

static void an_array_differs_from_its_elements(void **state) {
  static const array_of arrays[] = { { gr_own_sin, gr_own_sin_of_f64, gr_own_sin_of_f32 },
                                     { gr_own_cos, gr_own_cos_of_f64, gr_own_cos_of_f32 },
                                     { gr_own_erfc, gr_own_erfc_of_f64, gr_own_erfc_of_f32 } };
  static double x[LONG], y[LONG];
  static float x_f32[LONG], y_f32[LONG];
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 4);
  for (size_t i = 0; i < LONG; i++) x[i] = x_f32[i] = (float)any_of(&rng, &curves[4], (int)i);
  for (size_t i = 0; i < COUNT(ends); i++) x[7 * i] = x_f32[7 * i] = (float)ends[i];
  for (size_t k = 0; k < COUNT(arrays); k++) {
    arrays[k].of_f64(x, y, LONG);
    arrays[k].of_f32(x_f32, y_f32, LONG);
    for (size_t i = 0; i < LONG; i++) {
      assert_true(same(y[i], arrays[k].own(x[i])));
      assert_true(same(y_f32[i], (float)arrays[k].own(x[i])));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_function_is_too_far_off),
    cmocka_unit_test(a_power_is_too_far_off),
    cmocka_unit_test(an_angle_is_too_far_off),
    cmocka_unit_test(an_end_is_wrong),
    cmocka_unit_test(a_power_of_whole_numbers_is_not_exact),
    cmocka_unit_test(an_array_differs_from_its_elements),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
