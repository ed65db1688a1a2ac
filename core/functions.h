/* functions.h: sin, x^y, erfc and other functions of one double, for portable mode: every operation in them is one that IEEE 754
** rounds exactly. Included after fmath.h for f64, whose exponential and logarithm they build on.
**
** How far they are off at most, in units of the last place, as measured by tests/c/test_functions.c:
**
**   sin cos   0.78      asin acos  2.41      log2 log10  0.51      sinh   2.56
**   tan       2.10      atan2      1.56      pow         0.81      cosh   1.12      erfc   4.28
**
** Polynomials are minimax fits by Remez' exchange, as those of fmath.h; pairs of doubles hold what one has no bits for. */

#if defined __GNUC__ && !defined __clang__
#define UNROLLED _Pragma("GCC unroll 32")
#else
#define UNROLLED
#endif

/* a b (Dekker 1971): halves of 26 bits multiply exactly. */
INLINE pair_f64 exact_product(double a, double b) {
  static const double split = 0x1p27 + 1;
  double p = a * b, a1 = a * split, b1 = b * split;
  a1 -= a1 - a, b1 -= b1 - b;
  double a2 = a - a1, b2 = b - b1;
  return (pair_f64){ p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2 };
}

/* a + b, whichever is larger (Knuth, The Art of Computer Programming 2, 4.2.2, theorem B). */
INLINE pair_f64 any_sum(double a, double b) {
  double sum = a + b, from_b = sum - a;
  return (pair_f64){ sum, (a - (sum - from_b)) + (b - from_b) };
}

INLINE pair_f64 pair_product(pair_f64 a, pair_f64 b) {
  pair_f64 p = exact_product(a.sum, b.sum);
  return exact_sum_f64(p.sum, p.part + (a.sum * b.part + a.part * b.sum));
}

/* a + b for |a.sum| >= |b.sum| */
INLINE pair_f64 pair_sum(pair_f64 a, pair_f64 b) {
  pair_f64 s = exact_sum_f64(a.sum, b.sum);
  return exact_sum_f64(s.sum, s.part + (a.part + b.part));
}

/* terms[0] + terms[1] x + ... A loop that stays one would keep the loop around it from turning into vectors. */
INLINE double polynomial(const double *terms, size_t n, double x) {
  double sum = terms[n - 1];
  UNROLLED
  for (size_t i = n - 1; i-- > 0;) sum = sum * x + terms[i];
  return sum;
}
#define POLY(terms, x) polynomial(terms, sizeof(terms) / sizeof *(terms), x)

/* ---- sin, cos, tan ------------------------------------------------------------------ */

/* x = quadrant pi/2 + r + rest, |r| <= pi/4. */
typedef struct turn {
  uint64_t quadrant; /* its last two bits count */
  double r, rest;
} turn;

static const double turn_near = 0x1p19; /* up to here k pi/2 is exact by pieces of pi/2 */

INLINE turn turn_of_near(double x) {
  static const double pieces[] = { 0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2ep-69, 0x1.b839a252049c1p-104 }; /* 33 bits each */
  const double ones = 0x1.8p52;
  double shifted = x * 0x1.45f306dc9c883p-1 + ones, k = shifted - ones;
  pair_f64 a = any_sum(x - k * pieces[0], -(k * pieces[1])), b = any_sum(a.sum, -(k * pieces[2]));
  double rest = (a.part + b.part) - k * pieces[3];
  pair_f64 r = exact_sum_f64(b.sum, rest);
  return (turn){ to_bits_f64(shifted), r.sum, r.part };
}

/* 2/pi after 64 zero bits. */
static const uint64_t two_over_pi[] = { 0,
                                        0xa2f9836e4e441529,
                                        0xfc2757d1f534ddc0,
                                        0xdb6295993c439041,
                                        0xfe5163abdebbc561,
                                        0xb7246e3a424dd2e0,
                                        0x06492eea09d1921c,
                                        0xfe1deb1cb129a73e,
                                        0xe88235f52ebb4484,
                                        0xe99c7026b45f7e41,
                                        0x3991d639835339f4,
                                        0x9c845f8bbdf9283b,
                                        0x1ff897ffde05980f,
                                        0xef2f118b5a0a6d1f,
                                        0x6d367ecf27cb09b7,
                                        0x4f463f669e5fea2d,
                                        0x7527bac7ebe5f17b,
                                        0x3d0739f78a5292ea,
                                        0x6bfb5fb11f8d5d08,
                                        0x56033046fc7b6bab,
                                        0xf0cfbc209af4361d };

/* 64 bits of 2/pi. */
static inline uint64_t bits_of_turn(uint64_t from) {
  uint64_t word = from / 64, shift = from % 64;
  return two_over_pi[word] << shift | (shift ? two_over_pi[word + 1] >> (64 - shift) : 0);
}

/* For any finite x >= turn_near: x 2/pi modulo 4 in whole numbers, by those bits of 2/pi that matter (Payne & Hanek 1983). */
static turn turn_of_far(double x) {
  typedef unsigned __int128 wide;
  uint64_t b = to_bits_f64(x), m = (b & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
  uint64_t from = (b >> 52) - 1075 + 62; /* x = m 2^e; what stands in front of bit e - 2 gives multiples of 4 */
  wide low = (wide)m * bits_of_turn(from + 128), middle = (wide)m * bits_of_turn(from + 64) + (low >> 64);
  uint64_t high = m * bits_of_turn(from) + (uint64_t)(middle >> 64);
  /* high is worth 4 in all; below its two upper bits comes the fraction of a quadrant, taken to lie between -1/2 and 1/2. */
  uint64_t upper = high << 2 | (uint64_t)middle >> 62, lower = (uint64_t)middle << 2 | (uint64_t)low >> 62;
  bool beyond = upper >> 63;
  if (beyond) {
    lower = ~lower + 1;
    upper = ~upper + (lower == 0);
  }
  /* 128 bits as three doubles of 43 or fewer. */
  pair_f64 top = exact_sum_f64((double)(upper >> 22) * 0x1p-42, (double)((upper & 0x3fffff) << 21 | lower >> 43) * 0x1p-85);
  pair_f64 part = exact_sum_f64(top.sum, top.part + (double)(lower & 0x7ffffffffff) * 0x1p-128);
  pair_f64 r = pair_product(part, (pair_f64){ 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54 });
  return (turn){ (high >> 62) + beyond, beyond ? -r.sum : r.sum, beyond ? -r.part : r.part };
}

static turn turn_of(double x) {
  if (fabs(x) < turn_near) return turn_of_near(x);
  if (!(fabs(x) < INFINITY)) return (turn){ 0, (double)NAN, 0 };
  turn t = turn_of_far(fabs(x));
  return x > 0 ? t : (turn){ 0 - t.quadrant, -t.r, -t.rest };
}

INLINE double sine(turn t) {
  static const double terms[] = { -0x1.5555555555547p-3, 0x1.111111110f5f3p-7,   -0x1.a01a019bbd88ep-13,
                                  0x1.71de352c6c463p-19, -0x1.ae5e299f7a4a0p-26, 0x1.5d81015c9a645p-33 };
  double square = t.r * t.r;
  return t.r + (t.r * square * POLY(terms, square) + t.rest * (1 - 0.5 * square));
}

INLINE double cosine(turn t) {
  static const double terms[] = { 0x1.555555555554ap-5,   -0x1.6c16c16c14ec2p-10, 0x1.a01a019c6abf3p-16,
                                  -0x1.27e4f7d4eb4ecp-22, 0x1.1ee9c6ce1a13bp-29,  -0x1.8f9ae58fa4e62p-37 };
  double square = t.r * t.r, half = 0.5 * square, most = 1 - half;
  return most + (((1 - most) - half) + (square * square * POLY(terms, square) - t.r * t.rest));
}

INLINE double wave(turn t) {
  double y = t.quadrant & 1 ? cosine(t) : sine(t);
  return t.quadrant & 2 ? -y : y;
}

INLINE double sin_of_near(double x) {
  double y = wave(turn_of_near(x));
  return x == 0 ? x : y;
}

INLINE double cos_of_near(double x) {
  turn t = turn_of_near(x);
  t.quadrant++;
  return wave(t);
}

static double sin_one(double x) { return fabs(x) < turn_near ? sin_of_near(x) : wave(turn_of(x)); }

static double cos_one(double x) {
  turn t = turn_of(x);
  t.quadrant++;
  return wave(t);
}

static double tan_one(double x) {
  turn t = turn_of(x);
  double y = t.quadrant & 1 ? -cosine(t) / sine(t) : sine(t) / cosine(t);
  return x == 0 ? x : y;
}

/* ---- Inverse functions -------------------------------------------------------------- */

/* atan z for |z| <= sqrt 2 - 1 */
INLINE double atan_small(double z) {
  static const double terms[] = { -0x1.5555555555554p-2, 0x1.9999999999603p-3, -0x1.24924924732d0p-3, 0x1.c71c71b62d5c2p-4,
                                  -0x1.745d14911cab3p-4, 0x1.3b136a8fbdcdfp-4, -0x1.110c3d0bcfbd6p-4, 0x1.e16dddd294f32p-5,
                                  -0x1.ab62c8be0930dp-5, 0x1.7080488e38edbp-5, -0x1.11394ccb81141p-5, 0x1.eddcb7765678ap-7 };
  double square = z * z;
  return z * square * POLY(terms, square);
}

/* The angle of (x, y) for 0 <= y <= x, x > 0: that of the diagonal, pi/4, goes in front where it is nearer. */
static pair_f64 angle_below_diagonal(double y, double x) {
  bool near = y > M_SQRT2 * x - x;
  double z = near ? (y - x) / (y + x) : y / x;
  pair_f64 base = { near ? 0x1.921fb54442d18p-1 : 0, near ? 0x1.1a62633145c07p-55 : 0 }, sum = any_sum(base.sum, z);
  return exact_sum_f64(sum.sum, sum.part + (base.part + atan_small(z)));
}

/* constant - a */
static pair_f64 angle_from(double constant, double rest, pair_f64 a) {
  pair_f64 sum = any_sum(constant, -a.sum);
  return exact_sum_f64(sum.sum, sum.part + (rest - a.part));
}

static double atan2_one(double y, double x) {
  double b = fabs(y), a = fabs(x);
  if (y != y || x != x) return (double)NAN;
  if (a == INFINITY && b == INFINITY) a = b = 1;
  double most = a > b ? a : b, scale = most > 0x1p1000 ? 0x1p-100 : most < 0x1p-900 ? 0x1p100 : 1;
  a *= scale, b *= scale;
  pair_f64 angle = most == 0 ? (pair_f64){ 0, 0 } : b <= a ? angle_below_diagonal(b, a) : angle_below_diagonal(a, b);
  if (b > a) angle = angle_from(0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, angle);
  if (signbit(x)) angle = angle_from(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53, angle);
  return copysign(angle.sum + angle.part, y);
}

static double asin_one(double x) { return fabs(x) <= 1 ? atan2_one(x, sqrt((1 - x) * (1 + x))) : (double)NAN; }
static double acos_one(double x) { return fabs(x) <= 1 ? atan2_one(sqrt((1 - x) * (1 + x)), x) : (double)NAN; }

/* ---- Logarithms and powers ---------------------------------------------------------- */

/* ln x to 2^-68 of itself, for 0 < x < infinity: as log_parts of fmath.h, but with the first three terms of the series
** 2 artanh s = 2 s (1 + s^2/3 + s^4/5 + ...) in pairs.                                                                 */
INLINE pair_f64 precise_log(double x) {
  static const double terms[] = { 0x1.2492492492488p-2, 0x1.c71c71c71f5c9p-3, 0x1.745d17431cb43p-3, 0x1.3b13b2937696cp-3,
                                  0x1.1110abaec61bbp-3, 0x1.e20655b7a4992p-4, 0x1.ab3c48a252635p-4, 0x1.c10af4a91eca8p-4 };
  static const pair_f64 third = { 0x1.5555555555555p-1, 0x1.5555555555555p-55 }; /* 2/3, and 2/5 */
  static const pair_f64 fifth = { 0x1.999999999999ap-2, -0x1.999999999999ap-56 };
  const uint64_t one = to_bits_f64(1), root = to_bits_f64(M_SQRT1_2), mask = ((uint64_t)1 << 52) - 1;
  bool subnormal = x < 0x1p-1022;
  uint64_t b = to_bits_f64(subnormal ? x * 0x1p52 : x) + (one - root);
  double k = (double)(int)(b >> 52) - (subnormal ? 1075 : 1023), f = from_bits_f64((b & mask) + root) - 1;
  pair_f64 below = exact_sum_f64(2, f), s = { f / below.sum, 0 }, back = exact_product(s.sum, below.sum);
  s.part = (((f - back.sum) - back.part) - s.sum * below.part) / below.sum;
  pair_f64 square = pair_product(s, s), sum = exact_sum_f64(fifth.sum, square.sum * POLY(terms, square.sum));
  sum = pair_sum(third, pair_product(square, (pair_f64){ sum.sum, sum.part + fifth.part }));
  pair_f64 tail = pair_product(pair_product(square, sum), s);
  sum = pair_sum((pair_f64){ 2 * s.sum, 2 * s.part }, tail);
  pair_f64 all = exact_sum_f64(k * ln2_f64, sum.sum);
  return exact_sum_f64(all.sum, all.part + (sum.part + k * ln2_rest_f64));
}

/* The logarithm by another base, of which scale is 1 / ln base. */
INLINE double log_by(double x, pair_f64 scale) {
  if (!(x > 0) || x == INFINITY) return log_ends_f64(x, x);
  pair_f64 y = pair_product(precise_log(x), scale);
  return y.sum + y.part;
}

static double log2_one(double x) { return log_by(x, (pair_f64){ 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56 }); }
static double log10_one(double x) { return log_by(x, (pair_f64){ 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57 }); }

/* e^(x.sum + x.part), where the part is small. */
INLINE double exp_of_pair(pair_f64 x) {
  bool within = x.sum > exp_least_f64 && x.sum < exp_most_f64;
  double h = within ? x.sum : x.sum > 0 ? exp_most_f64 : exp_least_f64, low = within ? x.part : 0;
  reduced_f64 a = reduce_f64(h);
  pair_f64 y = exact_sum_f64(1, a.r);
  uint64_t both = a.k + 2 * bias_f64, half = both >> 1;
  double part = y.part + (a.part + (low + low * (a.r + a.part)));
  return (y.sum + part) * power_of_two_f64(half) * power_of_two_f64(both - half);
}

/* |x|^y for finite x that is not 0. Beyond 2^65 any y does the same. */
INLINE double pow_of_size(double x, double y) {
  y = y > 0x1p65 ? 0x1p65 : y < -0x1p65 ? -0x1p65 : y;
  pair_f64 log = precise_log(fabs(x)), p = exact_product(y, log.sum);
  return exp_of_pair(exact_sum_f64(p.sum, p.part + y * log.part));
}

static bool is_whole(double y) { return floor(y) == y; }

/* As C and IEEE 754 have it, with all its ends. */
static double pow_one(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return (double)NAN;
  bool whole = is_whole(y), odd = whole && !is_whole(0.5 * y);
  double size = fabs(x), sign = signbit(x) && odd ? -1 : 1;
  if (size == 1 && fabs(y) == INFINITY) return 1;
  if (fabs(y) == INFINITY) return (size > 1) == (y > 0) ? INFINITY : 0;
  if (size == 0 || size == INFINITY) return sign * ((size == 0) == (y < 0) ? (double)INFINITY : 0);
  if (x < 0 && !whole) return (double)NAN;
  return sign * pow_of_size(size, y);
}

/* ---- erfc, sinh, cosh --------------------------------------------------------------- */

/* erf x for |x| <= 1 */
INLINE double erf_small(double x) {
  static const double terms[] = { 0x1.20dd750429b6dp+0,  -0x1.812746b0379bcp-2,  0x1.ce2f21a040cc9p-4,  -0x1.b82ce311f956ap-6,
                                  0x1.565bccf9014a7p-8,  -0x1.c02db03767700p-11, 0x1.f9a2ba0b9979bp-14, -0x1.f4ca43cd1d86ap-17,
                                  0x1.b97f7318cedd6p-20, -0x1.5c04ccb9bf085p-23, 0x1.d70a8a4dbaafep-27, -0x1.ab7c47506b05ap-31 };
  return x * POLY(terms, x * x);
}

/* erfc x for 1/2 <= x <= 27.5: e^(-x^2) / (x + 0.3) times a polynomial of (x - 3) / (x + 3), whose first term is the largest by
** far. The square's upper half is exact.                                                                                      */
INLINE double erfc_large(double x) {
  static const double terms[] = { 0x1.2e70ba73c8e78p-1,  -0x1.500c3af496935p-9,  -0x1.2a9b30c9c66d6p-4,  0x1.847cfe9eeb183p-4,
                                  -0x1.2efb2a738fb71p-4, 0x1.3fc11d23baceep-5,   -0x1.a16f3023a9ba6p-7,  0x1.266d1802ecee8p-10,
                                  0x1.16db8fdebf11cp-10, -0x1.a258f0dc5a806p-12, -0x1.1245431257342p-14, 0x1.1123f501e7110p-14,
                                  0x1.1126261694944p-18, -0x1.5f74824b12c48p-17, -0x1.4a818afa93482p-21, 0x1.e1ba291dde4e0p-20,
                                  0x1.dfe898ccce0a6p-23, -0x1.50134ad760dabp-22, -0x1.49e0b8c88333cp-24, 0x1.a68b55278edeap-25,
                                  0x1.47b163e5bdf16p-26, -0x1.61dd42e4d28a0p-28, -0x1.52446ef9f86efp-29 };
  double high = from_bits_f64(to_bits_f64(x) & ~(uint64_t)0x7ffffff), rest = (x - high) * (x + high);
  double e = exp_below_f64(-(high * high)), correction = 1 - rest * (1 - 0.5 * rest * (1 - rest / 3));
  return e * (correction * POLY(terms, (x - 3) / (x + 3)) / (x + 0.3));
}

INLINE double erfc_one(double x) {
  double size = fabs(x), far = erfc_large(size < 0.5 ? 0.5 : size < 27.5 ? size : 27.5), near = 1 - erf_small(size < 0.5 ? x : 0.5);
  double y = size < 0.5 ? near : x > 0 ? far : 2 - far;
  return x == x ? y : x;
}

static double cosh_one(double x) {
  double size = fabs(x), e = exp_one_f64(size < 700 ? size : 0.5 * size);
  return size < 700 ? 0.5 * e + 0.5 / e : 0.5 * e * e;
}

/* With t = 1 - e^-|x|: sinh |x| = (t + t / (1 - t)) / 2, which keeps the digits of small numbers. */
static double sinh_one(double x) {
  double size = fabs(x), t = -expm1_one_f64(-size), e = exp_one_f64(size < 700 ? size : 0.5 * size);
  return copysign(size < 1 ? 0.5 * (t + t / (1 - t)) : size < 700 ? 0.5 * e - 0.5 / e : 0.5 * e * e, x);
}
#undef POLY
#undef UNROLLED
