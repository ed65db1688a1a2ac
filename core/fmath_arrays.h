/* fmath_arrays.h: the functions of fmath.h over whole arrays, for either type of number.
**
**   R(exp_of)(x, y, n);    y[i] = e^x[i], for i below n; y may be x, and otherwise does not overlap it                    */

/* While the processor works on one run it fetches the next: arithmetic this dense leaves it no room to look that far ahead. */
enum { R(run) = 1024 / sizeof(real) };

/* Up to here filling wide registers with the constants costs more than it saves. */
#undef FEW
#define FEW 8

static inline void R(fetch)(const real *in, const real *out, size_t n) {
  enum { CACHE_LINE = 64 / sizeof(real) };
  for (size_t i = 0; i < n; i += CACHE_LINE) {
    __builtin_prefetch(in + i);
    __builtin_prefetch(out + i, 1);
  }
}

#define MAP(name, value)                                                                     \
  INLINE void R(name##_run)(const real *in, real *out, size_t n) {                           \
    IN_ANY_ORDER                                                                             \
    for (size_t i = 0; i < n; i++) {                                                         \
      real x = in[i];                                                                        \
      out[i] = value;                                                                        \
    }                                                                                        \
  }                                                                                          \
  static __attribute__((noinline)) void R(name##_few)(const real *in, real *out, size_t n) { \
    for (size_t i = 0; i < n; i++) {                                                         \
      real x = in[i];                                                                        \
      out[i] = value;                                                                        \
    }                                                                                        \
  }                                                                                          \
  EVERY_CPU static void R(name##_many)(const real *in, real *out, size_t n) {                \
    for (; n >= 2 * R(run); n -= R(run), in += R(run), out += R(run)) {                      \
      R(fetch)(in + R(run), out + R(run), R(run));                                           \
      R(name##_run)(in, out, R(run));                                                        \
    }                                                                                        \
    R(name##_run)(in, out, n);                                                               \
  }                                                                                          \
  static inline void R(name##_of)(const real *in, real *out, size_t n) {                     \
    if (n < FEW) R(name##_few)(in, out, n);                                                  \
    else R(name##_many)(in, out, n);                                                         \
  }

MAP(exp, R(exp_one)(x))
MAP(expm1, R(expm1_one)(x))
MAP(log, R(log_one)(x))
MAP(log1p, R(log1p_one)(x))
MAP(tanh, R(tanh_one)(x))
MAP(sigmoid, R(sigmoid_one)(x))
MAP(softplus, (x > 0 ? x : 0) + R(softplus_tail)(x))
MAP(exp_below_0, R(exp_below)(-fabs(x)))
#undef MAP
