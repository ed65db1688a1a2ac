/* functions.c: the functions of portable mode, of one number and over arrays. */
#include "clones.h"
#include "portable.h"

#include <math.h>
#include <tgmath.h>

#define REAL_IS_F64
#include "real.h"
#include "fmath.h"
#include "functions.h"

#define ONE(name, call) \
  double gr_own_##name(double x) { return call(x); }

ONE(exp, exp_one_f64)
ONE(log, log_one_f64)
ONE(log2, log2_one)
ONE(log10, log10_one)
ONE(sin, sin_one)
ONE(cos, cos_one)
ONE(tan, tan_one)
ONE(asin, asin_one)
ONE(acos, acos_one)
ONE(sinh, sinh_one)
ONE(cosh, cosh_one)
ONE(tanh, tanh_one_f64)
ONE(erfc, erfc_one)

double gr_own_pow(double x, double y) { return pow_one(x, y); }
double gr_own_atan2(double y, double x) { return atan2_one(y, x); }

double gr_own_log_base(double x, double base) {
  return base == 2 ? log2_one(x) : base == 10 ? log10_one(x) : log_one_f64(x) / log_one_f64(base);
}

/* ---- Arrays ------------------------------------------------------------------------- */

#define OVER(name, type, call)                                          \
  EVERY_CPU static void name##_over(const type *x, type *y, size_t n) { \
    IN_ANY_ORDER                                                        \
    for (size_t i = 0; i < n; i++) y[i] = (type)call((double)x[i]);     \
  }

/* As if all were near first, in vectors; then those that are far, or no numbers, each by itself. */
#define WAVE(name, type, near, one)                                          \
  OVER(name, type, near)                                                     \
  void gr_own_##name(const type *x, type *y, size_t n) {                     \
    name##_over(x, y, n);                                                    \
    for (size_t i = 0; i < n; i++)                                           \
      if (!(fabs((double)x[i]) < turn_near)) y[i] = (type)one((double)x[i]); \
  }

WAVE(sin_of_f64, double, sin_of_near, sin_one)
WAVE(sin_of_f32, float, sin_of_near, sin_one)
WAVE(cos_of_f64, double, cos_of_near, cos_one)
WAVE(cos_of_f32, float, cos_of_near, cos_one)

OVER(erfc_of_f64, double, erfc_one)
OVER(erfc_of_f32, float, erfc_one)
void gr_own_erfc_of_f64(const double *x, double *y, size_t n) { erfc_of_f64_over(x, y, n); }
void gr_own_erfc_of_f32(const float *x, float *y, size_t n) { erfc_of_f32_over(x, y, n); }
