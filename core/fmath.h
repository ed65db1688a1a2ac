/* fmath.h: e^x, ln x, tanh x and their kin of one number, for either type; fmath_arrays.h has them over whole arrays.
**
** Compilers turn these loops into vector instructions, which they cannot do with calls of the C library; nothing in a loop
** branches, looks up or calls. An element's bits depend on its value alone: not on its place, on n, or on the processor.
** At the ends they are what the functions are: e^x goes to infinity, and through the subnormal numbers to 0; ln 0 is
** -infinity, ln of less a NaN; a NaN stays one. How far they are off at most, in units of the last place, as measured by
** tests/c/test_fmath.c (0.5 would be perfect, and 1 means: one of the two neighbours of the truth):
**
**              f64    f32                            f64    f32
**   exp        0.75   0.77              tanh         1.48   1.20
**   log        0.87   0.91              sigmoid      2.31   2.35
**   expm1      0.93   0.82   x <= 0     softplus     1.59   1.55
**   log1p      0.88   0.94   x <= 1
**
** The scheme is as old as Cody and Waite (Software Manual for the Elementary Functions, 1980). The polynomials are minimax
** fits by Remez' exchange, in 40 digits, then rounded; what they approximate and how well stands beside each.         */

#if REAL_BITS == 64
typedef uint64_t R(bits);

static const int R(fraction_bits) = 52;
static const R(bits) R(bias) = 1023; /* exponent bits of 1 */

static const double R(log2_e) = 0x1.71547652b82fep+0;
static const double R(ln2) = 0x1.62e42ff000000p-1;        /* 33 bits of ln 2: exact when multiplied by an exponent, and */
static const double R(ln2_rest) = -0x1.718432a1b0e26p-35; /* what is left of it */
static const double R(exp_least) = -746, R(exp_most) = 710, R(expm1_least) = -40;

/* (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2: e^r - 1 to 2^-55.6 of itself. */
static const double R(exp_terms)[] = { 0x1.0000000000005p-1,  0x1.5555555555539p-3,  0x1.55555555522b8p-5,  0x1.1111111118fa9p-7,
                                       0x1.6c16c17edb911p-10, 0x1.a01a017515229p-13, 0x1.a019a76f8fd76p-16, 0x1.71de8806c2e13p-19,
                                       0x1.28a1dfb48f637p-22, 0x1.ae6ba6e0b0841p-26 };

/* (2 artanh s - 2 s) / s^3 in powers of s^2, for |s| <= (sqrt 2 - 1)^2: the logarithm to 2^-59.5 of itself. */
static const double R(log_terms)[] = { 0x1.5555555555592p-1, 0x1.999999997fd37p-2, 0x1.24924941f8cfep-2, 0x1.c71c5202b4a57p-3,
                                       0x1.7466405b78909p-3, 0x1.39a19341fa8cfp-3, 0x1.2f07051301784p-3 };
#else
typedef uint32_t R(bits);

static const int R(fraction_bits) = 23;
static const R(bits) R(bias) = 127;

static const float R(log2_e) = 0x1.715476p+0F;
static const float R(ln2) = 0x1.62e400p-1F; /* 15 bits */
static const float R(ln2_rest) = 0x1.7f7d1cp-20F;
static const float R(exp_least) = -104, R(exp_most) = 89, R(expm1_least) = -20;

/* The same, to 2^-32 and 2^-37.6. */
static const float R(exp_terms)[] = { 0x1.000000p-1F, 0x1.555554p-3F,  0x1.5554b2p-5F,
                                      0x1.11118ap-7F, 0x1.6d71f8p-10F, 0x1.a032bep-13F };

static const float R(log_terms)[] = { 0x1.555554p-1F, 0x1.999a7ap-2F, 0x1.2438cep-2F, 0x1.e2f7e0p-3F };
#endif

/* ---- Numbers as bits ---------------------------------------------------------------- */

typedef union R(view) {
  real x;
  R(bits) b;
} R(view);

INLINE R(bits) R(to_bits)(real x) { return ((R(view)){ .x = x }).b; }
INLINE real R(from_bits)(R(bits) b) { return ((R(view)){ .b = b }).x; }

/* 2^k from k + bias. */
INLINE real R(power_of_two)(R(bits) biased) { return R(from_bits)(biased << R(fraction_bits)); }

/* sum = terms[0] + terms[1] x + ... The even terms and the odd ones go side by side: each waits for half as many others. */
#define POLYNOMIAL(sum, terms, x)                                                               \
  enum { sum##_top = (int)(sizeof(terms) / sizeof *(terms)) - 1 };                              \
  real sum##_square = (x) * (x), sum = (terms)[sum##_top], sum##_rest = (terms)[sum##_top - 1]; \
  for (int term = sum##_top - 2; term >= 0; term -= 2) {                                        \
    sum = sum * sum##_square + (terms)[term];                                                   \
    if (term > 0) sum##_rest = sum##_rest * sum##_square + (terms)[term - 1];                   \
  }                                                                                             \
  sum = sum##_top % 2 ? sum * (x) + sum##_rest : sum##_rest * (x) + sum

/* A number as sum + part, where part is what sum has no bits for. */
typedef struct R(pair) {
  real sum, part;
} R(pair);

/* a + b, for a = 0 or |a| >= |b| (Dekker 1971). */
INLINE R(pair) R(exact_sum)(real a, real b) {
  real sum = a + b;
  return (R(pair)){ sum, (a - sum) + b };
}

/* ---- Exponentials ------------------------------------------------------------------- */

/* x = k ln 2 + r + rest, with |r| <= ln 2 / 2 and rest what r has no bits for; part = e^x / 2^k - 1 - r. */
typedef struct R(reduced) {
  R(bits) k; /* a negative one as 2^64 + k or 2^32 + k */
  real r, part;
} R(reduced);

INLINE R(reduced) R(reduce)(real x) {
  const real ones = (real)1.5 * R(power_of_two)(R(bias) + (R(bits))R(fraction_bits)); /* numbers of this size are whole */
  real shifted = x * R(log2_e) + ones, k = shifted - ones;
  real high = x - k * R(ln2), low = k * R(ln2_rest);
  real r = high - low, rest = (high - r) - low;
  POLYNOMIAL(sum, R(exp_terms), r);
  return (R(reduced)){ R(to_bits)(shifted) - R(to_bits)(ones), r, r * r * sum + rest };
}

/* e^x for x <= exp_most. The power of two enters as two factors that do not overflow: so a subnormal result is rounded once. */
INLINE real R(exp_below)(real x) {
  R(reduced) a = R(reduce)(x < R(exp_least) ? R(exp_least) : x);
  R(pair) y = R(exact_sum)(1, a.r);
  R(bits) both = a.k + 2 * R(bias), half = both >> 1;
  return (y.sum + (y.part + a.part)) * R(power_of_two)(half) * R(power_of_two)(both - half);
}

INLINE real R(exp_one)(real x) { return R(exp_below)(x > R(exp_most) ? R(exp_most) : x); }

/* e^x - 1 for x <= 0 (0 for larger ones): 2^k (1 - 2^-k + r + part). */
INLINE R(pair) R(expm1_parts)(real x) {
  x = x < R(expm1_least) ? R(expm1_least) : x;
  R(reduced) a = R(reduce)(x > 0 ? 0 : x);
  real scale = R(power_of_two)(R(bias) + a.k);
  R(pair) whole = R(exact_sum)(-R(power_of_two)(R(bias) - a.k), 1), y = R(exact_sum)(whole.sum, a.r);
  return (R(pair)){ y.sum * scale, (y.part + (whole.part + a.part)) * scale };
}

INLINE real R(expm1_one)(real x) {
  R(pair) y = R(expm1_parts)(x);
  return y.sum + y.part;
}

/* Both halves of the line from e^-|x|, which cannot overflow: so small results are not cut to 0. */
INLINE real R(sigmoid_one)(real x) {
  real e = R(exp_below)(-fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

/* With t = e^-2|x| - 1: -tanh |x| = t / (t + 2) = y, whose slope by t is (1 - y)^2 / 2 and by the divisor (y - 1) y / 2: by
** these enters what t and t + 2 have no bits for. */
INLINE real R(tanh_one)(real x) {
  R(pair) a = R(expm1_parts)(-2 * fabs(x)), t = R(exact_sum)(a.sum, a.part), divisor = R(exact_sum)(2, t.sum);
  real y = t.sum / divisor.sum, rest = 1 - y;
  return copysign(y + (real)0.5 * rest * (rest * t.part - y * divisor.part), x);
}

/* ---- Logarithms --------------------------------------------------------------------- */

/* ln x = sum + part for 0 < x < infinity. With x = 2^k (1 + f), 1 + f between the roots of 1/2 and 2, and s = f / (2 + f):
** ln(1 + f) = 2 artanh s = f - f^2 / 2 + s (f^2 / 2 + s^2 terms(s^2)). */
INLINE R(pair) R(log_parts)(real x) {
  const R(bits) places = (R(bits))R(fraction_bits), mask = ((R(bits))1 << places) - 1;
  const R(bits) one = R(to_bits)(1), root = R(to_bits)((real)M_SQRT1_2);
  const real ones = R(power_of_two)(R(bias) + places); /* numbers of this size are whole, and count in their last bits */
  bool subnormal = x < R(power_of_two)(1);
  R(bits) b = R(to_bits)(subnormal ? x * ones : x) + (one - root);
  real k = R(from_bits)(b >> places | R(to_bits)(ones)) - (ones + (real)R(bias) + (subnormal ? (real)places : 0));
  real f = R(from_bits)((b & mask) + root) - 1;
  real s = f / (2 + f), square = s * s, half = (real)0.5 * f * f;
  POLYNOMIAL(terms, R(log_terms), square);
  R(pair) y = R(exact_sum)(k * R(ln2), f);
  return (R(pair)){ y.sum, y.part + (k * R(ln2_rest) + (s * (half + square * terms) - half)) };
}

/* What the logarithm of x is where it is no finite number; else y. */
INLINE real R(log_ends)(real x, real y) {
  y = x < (real)INFINITY ? y : x;
  y = x == 0 ? (real)-INFINITY : y;
  return x < 0 ? (real)NAN : y;
}

INLINE real R(log_one)(real x) {
  R(pair) a = R(log_parts)(x);
  return R(log_ends)(x, a.sum + a.part);
}

/* ln(1 + x) for x <= 1. What 1 + x has no bits for enters by the slope. */
INLINE real R(log1p_one)(real x) {
  real y = 1 + x, rest = (1 - y) + x;
  R(pair) a = R(log_parts)(y);
  return R(log_ends)(y, a.sum + (a.part + rest / y));
}

/* ln(1 + e^-|x|) */
INLINE real R(softplus_tail)(real x) { return R(log1p_one)(R(exp_below)(-fabs(x))); }
#undef POLYNOMIAL
