/* op_elementwise.h: operators that treat each element by itself, for either type of number.
**
** A row gives y from x (or from a and b), and the factor by which dy enters each input's gradient.
** Inside: x, a, b inputs, y the result, dy its gradient, all one element.                       */

/* P(x), the chance that a standard normal number is below x. By erfc: 1 + erf loses all digits where P is small. */
static real R(normal_below)(real x) { return (real)0.5 * erfc(-x * (real)M_SQRT1_2); }

/* Where a factor has gone to 0, so has the product: x may be infinite there. */
static real R(fading)(real x, real factor) { return factor == 0 ? 0 : x * factor; }

/* The slope of x P(x): P(x) + x p(x), with the normal density p. */
static real R(gelu_slope)(real x) {
  const real density = (real)(0.5 * M_2_SQRTPI * M_SQRT1_2) * exp((real)-0.5 * x * x);
  return R(normal_below)(x) + R(fading)(x, density);
}

/* clang-format off */
#define UNARY(name, value, slope)                                                            \
  static void R(name##_fw)(gr_tensor *t) {                                                   \
    const real *in = t->in[0]->x;                                                            \
    real *out = t->x;                                                                        \
    for (size_t i = 0; i < t->size; i++) {                                                   \
      real x = in[i];                                                                        \
      out[i] = value;                                                                        \
    }                                                                                        \
  }                                                                                          \
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

UNARY(neg, -x, -dy)
UNARY(exp, exp(x), dy * y)
UNARY(log, log(x), dy / x)
UNARY(sqrt, sqrt(x), dy / (2 * y))
UNARY(abs, fabs(x), x > 0 ? dy : x < 0 ? -dy : 0)
UNARY(sign, x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x, 0 * dy)
UNARY(sin, sin(x), dy * cos(x))
UNARY(cos, cos(x), -dy * sin(x))
UNARY(tanh, tanh(x), dy * (1 - y * y))
UNARY(sigmoid, 1 / (1 + exp(-x)), dy * y * (1 - y))
UNARY(relu, x > 0 ? x : x != x ? x : 0, x > 0 ? dy : 0)
UNARY(gelu, R(fading)(x, R(normal_below)(x)), dy * R(gelu_slope)(x))
UNARY(softplus, (x > 0 ? x : 0) + log1p(exp(-fabs(x))), dy / (1 + exp(-x)))
UNARY(clone, x, dy)
#undef UNARY

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
  for (size_t i = 0; i < t->size; i++) y[i] = x[i] > 0 ? x[i] : alpha * expm1(x[i]);
}

static void R(elu_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *dy = t->g, alpha = (real)t->attr.v[0];
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t i = 0; i < t->size; i++) dx[i] += x[i] > 0 ? dy[i] : dy[i] * alpha * exp(x[i]);
}

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

/* a^2 is a * a and a^0.5 the root, exactly, as NumPy has it; else the library's pow. */
static real R(power)(real a, real b) {
  if (b == 2) return a * a;
  if (b == 1) return a;
  if (b == (real)0.5) return sqrt(a);
  if (b == -1) return 1 / a;
  return pow(a, b);
}

static real R(power_slope)(real a, real b) { return b == 0 ? 0 : b == 2 ? 2 * a : b * R(power)(a, b - 1); }

BINARY(add, a + b, dy, dy)
BINARY(sub, a - b, dy, -dy)
BINARY(mul, a * b, dy * b, dy * a)
BINARY(div, a / b, dy / b, -dy * y / b)
BINARY(pow, R(power)(a, b), dy * R(power_slope)(a, b), a > 0 ? dy * y * log(a) : 0)
BINARY(maximum, a > b || a != a ? a : b, a > b ? dy : a == b ? dy / 2 : 0, b > a ? dy : a == b ? dy / 2 : 0)
BINARY(minimum, a < b || a != a ? a : b, a < b ? dy : a == b ? dy / 2 : 0, b < a ? dy : a == b ? dy / 2 : 0)
BINARY_VALUE(lt, a < b)
BINARY_VALUE(le, a <= b)
BINARY_VALUE(gt, a > b)
BINARY_VALUE(ge, a >= b)
BINARY_VALUE(eq, a == b)
BINARY_VALUE(ne, a != b)
#undef BINARY
#undef BINARY_SLOPE
#undef BINARY_VALUE
#undef EACH
/* clang-format on */
