/* op_elementwise.h: operators that treat each element by itself, for either type of number.
**
** A row gives y from x (or from a and b), and the factor by which dy enters each input's gradient.
** Inside: x, a, b inputs, y the result, dy its gradient, all one element.                       */

/* P(x) of n numbers, as below. */
static void R(own_normal_below)(const real *x, real *p, size_t n) {
  real turned[SOME];
  for (size_t at = 0, some; at < n; at += some) {
    some = n - at < SOME ? n - at : SOME;
    for (size_t i = 0; i < some; i++) turned[i] = -x[at + i] * (real)M_SQRT1_2;
    R(gr_own_erfc_of)(turned, p + at, some);
    for (size_t i = 0; i < some; i++) p[at + i] *= (real)0.5;
  }
}

/* p = P(x), the chance that a standard normal number is below x, of n numbers. By erfc: 1 + erf loses all digits where P is
** small. p does not overlap x.                                                                                          */
static void R(normal_below)(const real *x, real *p, size_t n) {
  if (gr_portable()) R(own_normal_below)(x, p, n);
  else
    for (size_t i = 0; i < n; i++) p[i] = (real)0.5 * erfc(-x[i] * (real)M_SQRT1_2);
}

/* Where a factor has gone to 0, so has the product: x may be infinite there. */
static real R(fading)(real x, real factor) { return factor == 0 ? 0 : x * factor; }

/* clang-format off */
#define SLOPE(name, slope)                                                                   \
  static void R(name##_bw)(gr_tensor *t) {                                                   \
    const real *in = t->in[0]->x, *out = t->x, *grad = t->g;                                 \
    bool add;                                                                                \
    real *dx = gr_grad_first(t->in[0], &add);                                                \
    for (size_t i = 0; dx && add && i < t->size; i++) {                                      \
      real x = in[i], y = out[i], dy = grad[i];                                              \
      (void)x, (void)y;                                                                      \
      dx[i] += slope;                                                                        \
    }                                                                                        \
    for (size_t i = 0; dx && !add && i < t->size; i++) {                                     \
      real x = in[i], y = out[i], dy = grad[i];                                              \
      (void)x, (void)y;                                                                      \
      dx[i] = slope;                                                                         \
    }                                                                                        \
  }

#define UNARY(name, value, slope)                                                            \
  static void R(name##_fw)(gr_tensor *t) {                                                   \
    const real *in = t->in[0]->x;                                                            \
    real *out = t->x;                                                                        \
    for (size_t i = 0; i < t->size; i++) {                                                   \
      real x = in[i];                                                                        \
      out[i] = value;                                                                        \
    }                                                                                        \
  }                                                                                          \
  SLOPE(name, slope)

/* The values of these are in fmath.h. */
#define OWN(name, slope)                                                                     \
  static void R(name##_fw)(gr_tensor *t) { R(name##_of)(t->in[0]->x, t->x, t->size); }       \
  SLOPE(name, slope)

UNARY(neg, -x, -dy)
OWN(exp, dy * y)
OWN(log, dy / x)
UNARY(sqrt, sqrt(x), dy / (2 * y))
UNARY(abs, fabs(x), x > 0 ? dy : x < 0 ? -dy : 0)
UNARY(sign, x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x, 0 * dy)
UNARY(floor, floor(x), 0 * dy)
UNARY(library_sin, sin(x), dy * cos(x))
UNARY(library_cos, cos(x), -dy * sin(x))
OWN(tanh, dy * (1 - y * y))
OWN(sigmoid, dy * y * (1 - y))
UNARY(relu, x > 0 ? x : x != x ? x : 0, x > 0 ? dy : 0)
UNARY(clone, x, dy)
#undef OWN
#undef UNARY
#undef SLOPE

/* dx += dy slope(x), with slopes made some hundred at a time: where they are functions of fmath.h, which want arrays. */
static void R(add_slopes)(gr_tensor *t, void (*slopes_of)(const gr_tensor *t, const real *x, real *slope, size_t n)) {
  const real *x = t->in[0]->x, *dy = t->g;
  real *dx = gr_grad(t->in[0]), slope[SOME];
  for (size_t at = 0; dx && at < t->size; at += SOME) {
    size_t n = t->size - at < SOME ? t->size - at : SOME;
    slopes_of(t, x + at, slope, n);
    for (size_t i = 0; i < n; i++) dx[at + i] += dy[at + i] * slope[i];
  }
}

static void R(cos_slopes)(const gr_tensor *t, const real *x, real *slope, size_t n) {
  (void)t;
  R(gr_own_sin_of)(x, slope, n);
  for (size_t i = 0; i < n; i++) slope[i] = -slope[i];
}

static void R(sin_slopes)(const gr_tensor *t, const real *x, real *slope, size_t n) {
  (void)t;
  R(gr_own_cos_of)(x, slope, n);
}

static void R(sin_fw)(gr_tensor *t) {
  if (gr_portable()) R(gr_own_sin_of)(t->in[0]->x, t->x, t->size);
  else R(library_sin_fw)(t);
}

static void R(cos_fw)(gr_tensor *t) {
  if (gr_portable()) R(gr_own_cos_of)(t->in[0]->x, t->x, t->size);
  else R(library_cos_fw)(t);
}

static void R(sin_bw)(gr_tensor *t) {
  if (gr_portable()) R(add_slopes)(t, R(sin_slopes));
  else R(library_sin_bw)(t);
}

static void R(cos_bw)(gr_tensor *t) {
  if (gr_portable()) R(add_slopes)(t, R(cos_slopes));
  else R(library_cos_bw)(t);
}

static void R(softplus_fw)(gr_tensor *t) { R(softplus_of)(t->in[0]->x, t->x, t->size); }

static void R(softplus_slopes)(const gr_tensor *t, const real *x, real *slope, size_t n) {
  (void)t;
  R(sigmoid_of)(x, slope, n);
}

static void R(softplus_bw)(gr_tensor *t) { R(add_slopes)(t, R(softplus_slopes)); }

static void R(gelu_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x;
  real *y = t->x;
  R(normal_below)(x, y, t->size);
  for (size_t i = 0; i < t->size; i++) y[i] = R(fading)(x[i], y[i]);
}

/* P(x) + x p(x), with the normal density p. */
static void R(gelu_slopes)(const gr_tensor *t, const real *x, real *slope, size_t n) {
  const real root = (real)(0.5 * M_2_SQRTPI * M_SQRT1_2); /* of 1 / (2 pi) */
  real below[SOME];
  (void)t;
  R(normal_below)(x, below, n);
  for (size_t i = 0; i < n; i++) slope[i] = (real)-0.5 * x[i] * x[i];
  R(exp_of)(slope, slope, n);
  for (size_t i = 0; i < n; i++) slope[i] = below[i] + R(fading)(x[i], root * slope[i]);
}

static void R(gelu_bw)(gr_tensor *t) { R(add_slopes)(t, R(gelu_slopes)); }

static void R(leaky_relu_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, slope = (real)t->attr.v[0];
  real *y = t->x;
  for (size_t i = 0; i < t->size; i++) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

static void R(leaky_relu_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *dy = t->g, slope = (real)t->attr.v[0];
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t i = 0; i < t->size; i++) dx[i] += x[i] > 0 ? dy[i] : slope * dy[i];
}

static void R(elu_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, alpha = (real)t->attr.v[0];
  real *y = t->x;
  R(expm1_of)(x, y, t->size);
  for (size_t i = 0; i < t->size; i++) y[i] = x[i] > 0 ? x[i] : alpha * y[i];
}

static void R(elu_slopes)(const gr_tensor *t, const real *x, real *slope, size_t n) {
  const real alpha = (real)t->attr.v[0];
  R(exp_of)(x, slope, n);
  for (size_t i = 0; i < n; i++) slope[i] = x[i] > 0 ? 1 : alpha * slope[i];
}

static void R(elu_bw)(gr_tensor *t) { R(add_slopes)(t, R(elu_slopes)); }

static void R(clip_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, lo = (real)t->attr.v[0], hi = (real)t->attr.v[1];
  real *y = t->x;
  for (size_t i = 0; i < t->size; i++) y[i] = x[i] < lo ? lo : x[i] > hi ? hi : x[i];
}

static void R(clip_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *dy = t->g, lo = (real)t->attr.v[0], hi = (real)t->attr.v[1];
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t i = 0; i < t->size; i++) dx[i] += x[i] >= lo && x[i] <= hi ? dy[i] : 0;
}

/* Rows of constant step: each pair of steps gets a loop of its own, so that it vectorises. Where both stand still
** the row has one element.                                                                                      */
#define EACH(...)                                                                            \
  if (w.a_in && w.b_in)                                                                      \
    for (size_t i = 0; i < w.n; i++) { const size_t ia = i, ib = i; __VA_ARGS__; }           \
  else if (w.a_in)                                                                           \
    for (size_t i = 0; i < w.n; i++) { const size_t ia = i, ib = 0; __VA_ARGS__; }           \
  else                                                                                       \
    for (size_t i = 0; i < w.n; i++) { const size_t ia = 0, ib = i; __VA_ARGS__; }

#define BINARY_VALUE(name, value)                                                            \
  static void R(name##_fw)(gr_tensor *t) {                                                   \
    gr_walk w = gr_walk_start(t, t->in[0], t->in[1]);                                        \
    real *out = t->x;                                                                        \
    for (size_t row = 0; row < w.outer; row++, out += w.n, gr_walk_next(&w)) {               \
      const real *a_row = (const real *)t->in[0]->x + w.a_at;                                \
      const real *b_row = (const real *)t->in[1]->x + w.b_at;                                \
      EACH(real a = a_row[ia]; real b = b_row[ib]; out[i] = value)                           \
    }                                                                                        \
  }

/* A repeated input collects the gradients of all its uses, in order. */
#define BINARY_SLOPE(name, input, at, slope)                                                 \
  static void R(name##_bw_##input)(gr_tensor *t, real *g) {                                  \
    gr_walk w = gr_walk_start(t, t->in[0], t->in[1]);                                        \
    const real *out = t->x, *grad = t->g;                                                    \
    for (size_t row = 0; row < w.outer; row++, out += w.n, grad += w.n, gr_walk_next(&w)) {  \
      const real *a_row = (const real *)t->in[0]->x + w.a_at;                                \
      const real *b_row = (const real *)t->in[1]->x + w.b_at;                                \
      real *to = g + w.input##_at;                                                           \
      EACH(real a = a_row[ia]; real b = b_row[ib]; real y = out[i]; real dy = grad[i];       \
           (void)a, (void)b, (void)y, to[at] += slope)                                       \
    }                                                                                        \
  }

#define BINARY(name, value, slope_a, slope_b)                                                \
  BINARY_VALUE(name, value)                                                                  \
  BINARY_SLOPE(name, a, ia, slope_a)                                                         \
  BINARY_SLOPE(name, b, ib, slope_b)                                                         \
  static void R(name##_bw)(gr_tensor *t) {                                                   \
    real *da = gr_grad(t->in[0]), *db = gr_grad(t->in[1]);                                   \
    if (da) R(name##_bw_a)(t, da);                                                           \
    if (db) R(name##_bw_b)(t, db);                                                           \
  }

/* a^2 is a * a and a^0.5 the root, exactly, as NumPy has it; else the library's pow, or our own. */
#define POWER(name, otherwise)                                                               \
  static real R(name)(real a, real b) {                                                      \
    if (b == 2) return a * a;                                                                \
    if (b == 1) return a;                                                                    \
    if (b == (real)0.5) return sqrt(a);                                                      \
    if (b == -1) return 1 / a;                                                               \
    return otherwise;                                                                        \
  }                                                                                          \
  static real R(name##_slope)(real a, real b) { return b == 0 ? 0 : b == 2 ? 2 * a : b * R(name)(a, b - 1); }

POWER(library_power, pow(a, b))
POWER(own_power, (real)gr_own_pow((double)a, (double)b))

BINARY(add, a + b, dy, dy)
BINARY(sub, a - b, dy, -dy)
BINARY(mul, a * b, dy * b, dy * a)
BINARY(div, a / b, dy / b, -dy * y / b)
BINARY(library_pow, R(library_power)(a, b), dy * R(library_power_slope)(a, b), a > 0 ? dy * y * log(a) : 0)
BINARY(own_pow, R(own_power)(a, b), dy * R(own_power_slope)(a, b), a > 0 ? dy * y * R(log_one)(a) : 0)
BINARY(maximum, a > b || a != a ? a : b, a > b ? dy : a == b ? dy / 2 : 0, b > a ? dy : a == b ? dy / 2 : 0)
BINARY(minimum, a < b || a != a ? a : b, a < b ? dy : a == b ? dy / 2 : 0, b < a ? dy : a == b ? dy / 2 : 0)
BINARY_VALUE(lt, a < b)
BINARY_VALUE(le, a <= b)
BINARY_VALUE(gt, a > b)
BINARY_VALUE(ge, a >= b)
BINARY_VALUE(eq, a == b)
BINARY_VALUE(ne, a != b)

static void R(pow_fw)(gr_tensor *t) { (gr_portable() ? R(own_pow_fw) : R(library_pow_fw))(t); }
static void R(pow_bw)(gr_tensor *t) { (gr_portable() ? R(own_pow_bw) : R(library_pow_bw))(t); }
#undef POWER
#undef BINARY
#undef BINARY_SLOPE
#undef BINARY_VALUE
#undef EACH
/* clang-format on */
