/* The functions of core/fmath.h: how far off they are, what they are at their ends, and that nothing but an element's value
** decides its bits. Both types go through arrays of doubles, which hold every f32.
**
** The truth is the C library's: in long double for f64, in double for f32. The bounds are what was measured, rounded up:
** for f32 over every 19th of all 2^32 inputs, and over all of them for exp and log; for f64 over 8 million of each.      */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "clones.h"
#include "gr.h"

#include <tgmath.h>
#define REAL_IS_F64
#include "real.h"
#include "fmath.h"
#include "fmath_arrays.h"
#define REAL_IS_F32
#include "real.h"
#include "fmath.h"
#include "fmath_arrays.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { MOST = 4096, F32_STRIDE = 4099 };

/* ---- The functions, and the truth --------------------------------------------------- */

static long double sigmoid_truth(long double x) { return 1 / (1 + expl(-x)); }
static long double tail_truth(long double x) { return log1pl(expl(-fabsl(x))); }
static long double softplus_truth(long double x) { return (x > 0 ? x : 0) + tail_truth(x); }
static long double falling_expm1_truth(long double x) { return x > 0 ? 0 : expm1l(x); }
static long double below_0_truth(long double x) { return expl(-fabsl(x)); }
static double f32_below_0_truth(double x) { return exp(-fabs(x)); }
static double f32_sigmoid_truth(double x) { return 1 / (1 + exp(-x)); }
static double f32_tail_truth(double x) { return log1p(exp(-fabs(x))); }
static double f32_softplus_truth(double x) { return (x > 0 ? x : 0) + f32_tail_truth(x); }
static double f32_falling_expm1_truth(double x) { return x > 0 ? 0 : expm1(x); }

static double exp_below_0_one_f64(double x) { return exp_below_f64(-fabs(x)); }
static float exp_below_0_one_f32(float x) { return exp_below_f32(-fabsf(x)); }
static double softplus_one_f64(double x) { return (x > 0 ? x : 0) + softplus_tail_f64(x); }
static float softplus_one_f32(float x) { return (x > 0 ? x : 0) + softplus_tail_f32(x); }

typedef struct curve {
  const char *name;
  void (*of_f64)(const double *x, double *y, size_t n);
  void (*of_f32)(const float *x, float *y, size_t n);
  double (*one_f64)(double x);
  float (*one_f32)(float x);
  long double (*truth)(long double x);
  double (*f32_truth)(double x);
  double from, to; /* where most happens */
  double most;     /* beyond it the function is not meant */
  double ulp[2];   /* the bounds, f64 and f32 */
} curve;

#define BOTH(name, one) name##_of_f64, name##_of_f32, one##_f64, one##_f32
static const curve curves[] = {
  { "exp", BOTH(exp, exp_one), expl, (exp), -20, 20, INFINITY, { 0.8, 0.8 } },
  { "expm1", BOTH(expm1, expm1_one), falling_expm1_truth, f32_falling_expm1_truth, -40, 0, INFINITY, { 0.95, 0.85 } },
  { "log", BOTH(log, log_one), logl, (log), 0, 4, INFINITY, { 0.9, 0.95 } },
  { "log1p", BOTH(log1p, log1p_one), log1pl, (log1p), -1, 1, 1, { 0.9, 0.95 } },
  { "tanh", BOTH(tanh, tanh_one), tanhl, (tanh), -10, 10, INFINITY, { 1.5, 1.25 } },
  { "sigmoid", BOTH(sigmoid, sigmoid_one), sigmoid_truth, f32_sigmoid_truth, -40, 40, INFINITY, { 2.4, 2.4 } },
  { "softplus", BOTH(softplus, softplus_one), softplus_truth, f32_softplus_truth, -20, 20, INFINITY, { 1.65, 1.6 } },
  { "exp_below_0", BOTH(exp_below_0, exp_below_0_one), below_0_truth, f32_below_0_truth, -20, 20, INFINITY, { 0.8, 0.8 } },
};

/* y = the curve at x, taken from arrays that start `shift` elements after a multiple of 64 bytes; in place if wanted. */
static void apply(const curve *c, gr_dtype dtype, const double *x, double *y, size_t n, size_t shift, bool in_place) {
  _Alignas(64) static double in[MOST + 16], out[MOST + 16];
  _Alignas(64) static float in_f32[MOST + 16], out_f32[MOST + 16];
  assert_true(n + shift <= MOST + 16);
  for (size_t i = 0; i < n; i++) {
    in[shift + i] = x[i];
    in_f32[shift + i] = (float)x[i];
  }
  if (dtype == GR_F64) c->of_f64(in + shift, in_place ? in + shift : out + shift, n);
  else c->of_f32(in_f32 + shift, in_place ? in_f32 + shift : out_f32 + shift, n);
  for (size_t i = shift; i < shift + n; i++)
    y[i - shift] = dtype == GR_F64 ? (in_place ? in : out)[i] : (double)(in_place ? in_f32 : out_f32)[i];
}

static bool same(double a, double b) { return a == b ? signbit(a) == signbit(b) : a != a && b != b; }

static const char *type_name(gr_dtype dtype) { return gr_dtype_name(dtype); }

/* ---- How far off -------------------------------------------------------------------- */

/* The distance of numbers of the type around `truth`. */
static long double last_place(gr_dtype dtype, long double truth) {
  int digits = dtype == GR_F64 ? DBL_MANT_DIG : FLT_MANT_DIG, least = dtype == GR_F64 ? DBL_MIN_EXP : FLT_MIN_EXP, power;
  frexpl(truth, &power);
  return ldexpl(1, (truth == 0 || power < least ? least : power) - digits);
}

/* How many last places y is from the truth; 0 where both are NaN, or the truth rounds to the infinity that y is. */
static double places_off(gr_dtype dtype, double y, long double truth) {
  double rounded = dtype == GR_F64 ? (double)truth : (double)(float)truth;
  if (same(y, rounded) || (rounded != rounded && y != y)) {
    if (isinf(y) || y != y) return 0;
  } else if (isinf(y) || isinf(rounded) || y != y || rounded != rounded) return INFINITY;
  return (double)(fabsl(y - truth) / last_place(dtype, truth));
}

static void check_error(const curve *c, gr_dtype dtype, const double *x, size_t n) {
  static double y[MOST];
  apply(c, dtype, x, y, n, 0, false);
  for (size_t i = 0; i < n; i++) {
    if (x[i] > c->most) continue;
    long double truth = dtype == GR_F64 ? c->truth(x[i]) : (long double)c->f32_truth(x[i]);
    double off = places_off(dtype, y[i], truth);
    if (!(off <= c->ulp[dtype]))
      fail_msg("%s of %a in %s is %a, %.3f last places off; its bound is %g", c->name, x[i], type_name(dtype), y[i], off,
               c->ulp[dtype]);
  }
}

/* Any bits at all: all sizes, both signs, subnormal numbers, infinities and NaNs. */
static double any_double(gr_rng *rng) {
  union {
    uint64_t b;
    double x;
  } u = { .b = (uint64_t)gr_rng_word(rng) << 32 };
  u.b |= gr_rng_word(rng);
  return u.x;
}

/* valgrind computes long double in doubles. */
static bool truth_is_exact(void) {
  volatile long double small = 0x1p-60L;
  return 1 + small != 1;
}

static void an_f64_is_too_far_off(void **state) {
  enum { ROUNDS = 40 };
  static double x[MOST];
  gr_rng rng;
  (void)state;
  if (!truth_is_exact()) skip();
  gr_rng_seed(&rng, 1);
  for (size_t k = 0; k < COUNT(curves); k++)
    for (int round = 0; round < ROUNDS; round++) {
      const curve *c = &curves[k];
      double width = round % 4 == 0 ? 0.01 : round % 4 == 1 ? 0.1 : 1; /* closer to 0, or to `from`, in some rounds */
      for (size_t i = 0; i < MOST; i++) {
        double part = gr_rng_double(&rng);
        x[i] = i % 4 == 0 ? any_double(&rng) : round % 2 ? c->from + width * part * (c->to - c->from) : width * (2 * part - 1);
      }
      check_error(c, GR_F64, x, MOST);
    }
}

static void an_f32_is_too_far_off(void **state) {
  static double x[MOST];
  (void)state;
  for (size_t k = 0; k < COUNT(curves); k++)
    for (uint64_t bits = 0, n = 0; bits <= UINT32_MAX; bits += F32_STRIDE) {
      union {
        uint32_t b;
        float x;
      } u = { .b = (uint32_t)bits };
      x[n++] = (double)u.x;
      if (n < MOST && bits + F32_STRIDE <= UINT32_MAX) continue;
      check_error(&curves[k], GR_F32, x, n);
      n = 0;
    }
}

/* ---- The ends ----------------------------------------------------------------------- */

typedef struct end {
  const char *name;
  int type; /* a gr_dtype, or EITHER */
  double x, y;
} end;

enum { EITHER = -1 };

static const end ends[] = {
  { "exp", EITHER, 0, 1 },
  { "exp", EITHER, -0.0, 1 },
  { "exp", EITHER, INFINITY, INFINITY },
  { "exp", EITHER, -INFINITY, 0 },
  { "exp", EITHER, 1000, INFINITY },
  { "exp", EITHER, -1000, 0 },
  { "exp", GR_F64, 0x1.62e42fefa39efp+9, 0x1.fffffffffff2ap+1023 }, /* the largest that does not overflow, and the next */
  { "exp", GR_F64, 0x1.62e42fefa39f0p+9, INFINITY },
  { "exp", GR_F64, -0x1.74910d52d3051p+9, 0x1p-1074 }, /* the smallest that does not underflow, and the next */
  { "exp", GR_F64, -0x1.74910d52d3052p+9, 0 },
  { "exp", GR_F64, DBL_MAX, INFINITY },
  { "exp", GR_F64, -DBL_MAX, 0 },
  { "exp", GR_F32, 0x1.62e42ep+6, 0x1.ffff08p+127 },
  { "exp", GR_F32, 0x1.62e430p+6, INFINITY },
  { "exp", GR_F32, -0x1.9fe368p+6, 0x1p-149 },
  { "exp", GR_F32, -0x1.9fe36ap+6, 0 },
  { "expm1", EITHER, 0, 0 },
  { "expm1", EITHER, -INFINITY, -1 },
  { "expm1", EITHER, -1000, -1 },
  { "expm1", EITHER, -0x1p-126, -0x1p-126 },
  { "log", EITHER, 0, -INFINITY },
  { "log", EITHER, -0.0, -INFINITY },
  { "log", EITHER, 1, 0 },
  { "log", EITHER, INFINITY, INFINITY },
  { "log", EITHER, -1, NAN },
  { "log", EITHER, -0x1p-149, NAN },
  { "log", EITHER, -INFINITY, NAN },
  { "log", GR_F64, 0x1p-1074, -0x1.74385446d71c3p+9 },
  { "log", GR_F32, 0x1p-149, -0x1.9d1da0p+6 },
  { "log1p", EITHER, 0, 0 },
  { "log1p", EITHER, -1, -INFINITY },
  { "log1p", EITHER, -2, NAN },
  { "log1p", EITHER, -INFINITY, NAN },
  { "log1p", EITHER, 0x1p-149, 0x1p-149 },
  { "tanh", EITHER, 0, 0 },
  { "tanh", EITHER, -0.0, -0.0 },
  { "tanh", EITHER, INFINITY, 1 },
  { "tanh", EITHER, -INFINITY, -1 },
  { "tanh", EITHER, -0x1p-149, -0x1p-149 },
  { "tanh", GR_F64, 0x1p-1074, 0x1p-1074 },
  { "sigmoid", EITHER, 0, 0.5 },
  { "sigmoid", EITHER, INFINITY, 1 },
  { "sigmoid", EITHER, -INFINITY, 0 },
  { "sigmoid", EITHER, 1000, 1 },
  { "sigmoid", EITHER, -1000, 0 },
  { "sigmoid", GR_F64, -0x1.74910d52d3051p+9, 0x1p-1074 },
  { "sigmoid", GR_F32, -0x1.9fe368p+6, 0x1p-149 },
  { "softplus", EITHER, INFINITY, INFINITY },
  { "softplus", EITHER, -INFINITY, 0 },
  { "softplus", EITHER, 1000, 1000 },
  { "exp_below_0", EITHER, INFINITY, 0 },
  { "exp_below_0", EITHER, -INFINITY, 0 },
};

static const curve *curve_of(const char *name) {
  for (size_t k = 0; k < COUNT(curves); k++)
    if (strcmp(curves[k].name, name) == 0) return &curves[k];
  return NULL;
}

static void an_end_is_wrong(void **state) {
  (void)state;
  for (size_t k = 0; k < COUNT(ends); k++)
    for (gr_dtype dtype = GR_F64; dtype <= GR_F32; dtype++) {
      double y;
      if (ends[k].type != EITHER && ends[k].type != (int)dtype) continue;
      apply(curve_of(ends[k].name), dtype, &ends[k].x, &y, 1, 0, false);
      if (!same(y, ends[k].y)) fail_msg("%s of %a in %s is %a, not %a", ends[k].name, ends[k].x, type_name(dtype), y, ends[k].y);
    }
}

static void a_nan_does_not_stay_one(void **state) {
  const double nans[] = { NAN, -NAN };
  (void)state;
  for (size_t k = 0; k < COUNT(curves); k++)
    for (gr_dtype dtype = GR_F64; dtype <= GR_F32; dtype++) {
      double y[2];
      apply(&curves[k], dtype, nans, y, 2, 0, false);
      if (y[0] == y[0] || y[1] == y[1]) fail_msg("%s of a NaN in %s is %g or %g", curves[k].name, type_name(dtype), y[0], y[1]);
    }
}

/* Far out as well as where results are subnormal or all but 1. */
static void a_larger_number_gives_a_smaller_result(void **state) {
  static const char *const rising[] = { "exp", "expm1", "log", "tanh", "sigmoid", "softplus" };
  static double x[MOST], y[MOST];
  (void)state;
  for (size_t k = 0; k < COUNT(rising); k++)
    for (gr_dtype dtype = GR_F64; dtype <= GR_F32; dtype++) {
      const curve *c = curve_of(rising[k]);
      double first = strcmp(c->name, "log") == 0 ? 0 : -800;
      for (size_t i = 0; i < MOST; i++) x[i] = first + 0.4 * (double)i;
      apply(c, dtype, x, y, MOST, 0, false);
      for (size_t i = 1; i < MOST; i++)
        if (y[i] < y[i - 1]) fail_msg("%s in %s falls from %a to %a at %g", c->name, type_name(dtype), y[i - 1], y[i], x[i]);
    }
}

/* ---- The same bits ------------------------------------------------------------------ */

/* Numbers of which most are where the functions bend, and some anything. */
static void mixed(double *x, size_t n) {
  gr_rng rng;
  gr_rng_seed(&rng, 2);
  for (size_t i = 0; i < n; i++) x[i] = i % 8 ? 40 * gr_rng_double(&rng) - 20 : (double)(float)any_double(&rng);
}

static void check_same(const curve *c, gr_dtype dtype, const char *when, const double *x, const double *y, const double *want,
                       size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!same(y[i], want[i]))
      fail_msg("%s of %a in %s is %a %s, but %a alone", c->name, x[i], type_name(dtype), y[i], when, want[i]);
}

/* Alone, an element is computed as the plainest processor does it; in arrays, by the vectors of this one. */
static void alone(const curve *c, gr_dtype dtype, const double *x, double *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = dtype == GR_F64 ? c->one_f64(x[i]) : (double)c->one_f32((float)x[i]);
}

static void an_array_differs_from_its_elements(void **state) {
  static double x[MOST], y[MOST], want[MOST];
  (void)state;
  mixed(x, MOST);
  for (size_t k = 0; k < COUNT(curves); k++)
    for (gr_dtype dtype = GR_F64; dtype <= GR_F32; dtype++) {
      alone(&curves[k], dtype, x, want, MOST);
      apply(&curves[k], dtype, x, y, MOST, 0, false);
      check_same(&curves[k], dtype, "in an array", x, y, want, MOST);
      apply(&curves[k], dtype, x, y, MOST, 0, true);
      check_same(&curves[k], dtype, "in place", x, y, want, MOST);
    }
}

static void length_or_alignment_changes_bits(void **state) {
  enum { LONGEST = 40, SHIFTS = 16 };
  double x[LONGEST], y[LONGEST], want[LONGEST];
  (void)state;
  mixed(x, LONGEST);
  for (size_t k = 0; k < COUNT(curves); k++)
    for (gr_dtype dtype = GR_F64; dtype <= GR_F32; dtype++) {
      alone(&curves[k], dtype, x, want, LONGEST);
      for (size_t n = 1; n <= LONGEST; n++)
        for (size_t shift = 0; shift < SHIFTS; shift++) {
          apply(&curves[k], dtype, x, y, n, shift, n % 2);
          check_same(&curves[k], dtype, "in a short array", x, y, want, n);
        }
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_f64_is_too_far_off),
    cmocka_unit_test(an_f32_is_too_far_off),
    cmocka_unit_test(an_end_is_wrong),
    cmocka_unit_test(a_nan_does_not_stay_one),
    cmocka_unit_test(a_larger_number_gives_a_smaller_result),
    cmocka_unit_test(an_array_differs_from_its_elements),
    cmocka_unit_test(length_or_alignment_changes_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
