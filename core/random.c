/* random.c: random numbers, the same as NumPy's legacy RandomState and Python's random give.
**
** The engine is MT19937 (Matsumoto and Nishimura 1998). What is made of its words, and how many
** words each call takes, follows NumPy to the last bit: a course's printed figures depend on it. */
#include "gr.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* ---- The engine --------------------------------------------------------------------- */

enum { WORDS = 624, FAR = 397 }; /* n and m of the paper */

static const uint32_t upper_bit = 0x80000000u, lower_bits = 0x7fffffffu;

/* The line that fills a fresh state, and that init_by_array starts from (Matsumoto and Nishimura 2002). */
void gr_rng_seed(gr_rng *rng, uint32_t seed) {
  rng->mt[0] = seed;
  for (uint32_t i = 1; i < WORDS; i++) rng->mt[i] = 1812433253u * (rng->mt[i - 1] ^ (rng->mt[i - 1] >> 30)) + i;
  rng->pos = WORDS;
  rng->has_gauss = false;
  rng->gauss = 0;
}

/* The word before place i, stirred: both rounds of init_by_array mix with it. */
static uint32_t stirred(const uint32_t *mt, size_t i, uint32_t factor) {
  uint32_t before = mt[i - 1];
  return (before ^ (before >> 30)) * factor;
}

/* Places 1..623 are filled in a circle; at its end the last word becomes the first. */
static size_t next_place(uint32_t *mt, size_t i) {
  if (i + 1 < WORDS) return i + 1;
  mt[0] = mt[WORDS - 1];
  return 1;
}

void gr_rng_seed_array(gr_rng *rng, const uint32_t *key, size_t n) {
  assert(n > 0);
  gr_rng_seed(rng, 19650218u);
  uint32_t *mt = rng->mt;
  size_t i = 1, j = 0;
  for (size_t left = n > WORDS ? n : WORDS; left; left--) {
    mt[i] = (mt[i] ^ stirred(mt, i, 1664525u)) + key[j] + (uint32_t)j;
    i = next_place(mt, i);
    j = j + 1 < n ? j + 1 : 0;
  }
  for (size_t left = WORDS - 1; left; left--) {
    mt[i] = (mt[i] ^ stirred(mt, i, 1566083941u)) - (uint32_t)i;
    i = next_place(mt, i);
  }
  mt[0] = upper_bit; /* the state is never all zeros */
}

void gr_rng_seed_python(gr_rng *rng, uint64_t seed) {
  const uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
  gr_rng_seed_array(rng, key, key[1] ? 2 : 1);
}

static uint32_t twist(uint32_t here, uint32_t next, uint32_t far) {
  uint32_t y = (here & upper_bit) | (next & lower_bits);
  return far ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
}

static void refill(gr_rng *rng) {
  uint32_t *mt = rng->mt;
  for (int i = 0; i < WORDS - FAR; i++) mt[i] = twist(mt[i], mt[i + 1], mt[i + FAR]);
  for (int i = WORDS - FAR; i < WORDS - 1; i++) mt[i] = twist(mt[i], mt[i + 1], mt[i + FAR - WORDS]);
  mt[WORDS - 1] = twist(mt[WORDS - 1], mt[0], mt[FAR - 1]);
  rng->pos = 0;
}

uint32_t gr_rng_word(gr_rng *rng) {
  if (rng->pos >= WORDS) refill(rng);
  uint32_t y = rng->mt[rng->pos++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

/* ---- One number --------------------------------------------------------------------- */

/* 27 bits of one word above 26 of the next, as a fraction of 2^53. */
double gr_rng_double(gr_rng *rng) {
  uint32_t high = gr_rng_word(rng) >> 5, low = gr_rng_word(rng) >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

/* A point drawn in the unit disc gives two normals (Marsaglia and Bray 1964); NumPy hands out the second first. */
double gr_rng_gauss(gr_rng *rng) {
  double x, y, r2;
  if (rng->has_gauss) {
    rng->has_gauss = false;
    return rng->gauss;
  }
  do {
    x = 2 * gr_rng_double(rng) - 1;
    y = 2 * gr_rng_double(rng) - 1;
    r2 = x * x + y * y;
  } while (r2 >= 1 || r2 == 0);
  double factor = sqrt(-2 * (gr_portable() ? gr_own_log(r2) : log(r2)) / r2);
  rng->gauss = factor * x;
  rng->has_gauss = true;
  return factor * y;
}

/* How many bits it takes to write n. */
static int bit_length(uint64_t n) { return n ? 64 - __builtin_clzll(n) : 0; }

static uint64_t two_words(gr_rng *rng) {
  uint64_t high = gr_rng_word(rng);
  return high << 32 | gr_rng_word(rng);
}

uint64_t gr_rng_below(gr_rng *rng, uint64_t max) {
  uint64_t value;
  if (max == 0) return 0;
  uint64_t mask = UINT64_MAX >> (64 - bit_length(max));
  do value = (max > UINT32_MAX ? two_words(rng) : gr_rng_word(rng)) & mask;
  while (value > max);
  return value;
}

/* Python takes the upper bits of a word, not the lower; the low word of two is drawn first. */
static uint64_t python_bits(gr_rng *rng, int bits) {
  if (bits <= 32) return gr_rng_word(rng) >> (32 - bits);
  uint64_t low = gr_rng_word(rng);
  return (uint64_t)(gr_rng_word(rng) >> (64 - bits)) << 32 | low;
}

/* 0..max. Python thinks of max + 1 values and takes the bits of that count: sometimes one more than max needs. */
static uint64_t python_below(gr_rng *rng, uint64_t max) {
  uint64_t value;
  do value = python_bits(rng, bit_length(max + 1));
  while (value > max);
  return value;
}

/* ---- Tensors of them ---------------------------------------------------------------- */

/* gr_set, but without a call for each element. */
static inline void put(gr_tensor *t, size_t i, double value) {
  if (t->dtype == GR_F32) ((float *)t->x)[i] = (float)value;
  else ((double *)t->x)[i] = value;
}

void gr_rng_fill_uniform(gr_rng *rng, gr_tensor *t, double lo, double hi) {
  double range = hi - lo;
  for (size_t i = 0; i < t->size; i++) put(t, i, lo + range * gr_rng_double(rng));
  gr_changed(t);
}

void gr_rng_fill_normal(gr_rng *rng, gr_tensor *t, double mean, double std) {
  for (size_t i = 0; i < t->size; i++) put(t, i, mean + std * gr_rng_gauss(rng));
  gr_changed(t);
}

/* Unsigned on the way, since hi - lo may not fit an int64_t. */
void gr_rng_fill_randint(gr_rng *rng, gr_tensor *t, int64_t lo, int64_t hi) {
  assert(hi > lo);
  uint64_t max = (uint64_t)hi - 1 - (uint64_t)lo;
  for (size_t i = 0; i < t->size; i++) put(t, i, (double)(int64_t)((uint64_t)lo + gr_rng_below(rng, max)));
  gr_changed(t);
}

/* ---- Orders ------------------------------------------------------------------------- */

typedef uint64_t draw_below(gr_rng *rng, uint64_t max);

static inline void swap(char *a, char *b, size_t bytes, char *spare) {
  memcpy(spare, a, bytes);
  memcpy(a, b, bytes);
  memcpy(b, spare, bytes);
}

/* Exchanges the last of n items with one drawn among all, then goes on with the rest
** (Fisher and Yates). `spare` has room for one item. Numbers have a line of their own:
** where the size is known, copying one is one instruction instead of a call.         */
static void shuffle_items(gr_rng *rng, draw_below *below, char *items, size_t n, size_t bytes, char *spare) {
  for (size_t i = n - 1; i > 0; i--) {
    char *last = items + i * bytes, *drawn = items + below(rng, i) * bytes;
    if (drawn == last) continue;
    if (bytes == sizeof(double)) swap(drawn, last, sizeof(double), spare);
    else swap(drawn, last, bytes, spare);
  }
}

static void fill_permutation(gr_rng *rng, draw_below *below, gr_tensor *t) {
  double spare;
  for (size_t i = 0; i < t->size; i++) put(t, i, (double)i);
  shuffle_items(rng, below, t->x, t->size, gr_dtype_size(t->dtype), (char *)&spare);
  gr_changed(t);
}

void gr_rng_permutation(gr_rng *rng, gr_tensor *t) { fill_permutation(rng, gr_rng_below, t); }
void gr_rng_permutation_python(gr_rng *rng, gr_tensor *t) { fill_permutation(rng, python_below, t); }

bool gr_rng_shuffle(gr_rng *rng, gr_tensor *t, gr_err *err) {
  if (!gr_writable(t, "shuffle", err)) return false;
  size_t rows = t->nd ? t->d[0] : 1;
  size_t row_bytes = t->size / rows * gr_dtype_size(t->dtype);
  char *spare = gr_alloc(row_bytes, err);
  if (!spare) return false;
  shuffle_items(rng, gr_rng_below, t->x, rows, row_bytes, spare);
  gr_free(spare);
  gr_changed(t);
  return true;
}

/* ---- Choices ------------------------------------------------------------------------ */

/* An f32 tensor tells whole numbers apart up to 2^24, an f64 one up to 2^53. */
static bool positions_fit(gr_dtype dtype, size_t n, gr_err *err) {
  const uint64_t most = dtype == GR_F32 ? (uint64_t)1 << FLT_MANT_DIG : (uint64_t)1 << DBL_MANT_DIG;
  if (n <= most) return true;
  return gr_fail(err, "choice: %zu positions do not fit %s numbers exactly: at most %zu do", n, gr_dtype_name(dtype), (size_t)most);
}

/* How far from 1 the sum may be: NumPy's rule, half the digits of p's type. */
static double sum_tolerance(gr_dtype dtype) { return sqrt(dtype == GR_F32 ? (double)FLT_EPSILON : DBL_EPSILON); }

static bool check_probabilities(const gr_tensor *p, size_t n, gr_err *err) {
  char label[GR_LABEL_ROOM], sum_text[GR_NUMBER_ROOM];
  if (p->nd != 1 || p->size != n)
    return gr_fail(err, "choice: %s must be a vector of %zu probabilities, one for each position",
                   gr_label(p, "p", label, sizeof label), n);
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double value = gr_get(p, i);
    if (isnan(value)) return gr_fail(err, "choice: entry %zu of p is nan: a probability is a number from 0 to 1", i + 1);
    if (value < 0) return gr_fail(err, "choice: entry %zu of p is %g: a probability is a number from 0 to 1", i + 1, value);
    sum += value;
  }
  if (fabs(sum - 1) <= sum_tolerance(p->dtype)) return true;
  gr_number_text(sum, sum_text);
  return gr_fail(err, "choice: p sums to %s: its %zu probabilities must sum to 1", sum_text, n);
}

static size_t count_above_zero(const gr_tensor *p) {
  size_t count = 0;
  for (size_t i = 0; i < p->size; i++) count += gr_get(p, i) > 0;
  return count;
}

static bool check_choice(size_t k, size_t n, bool replace, const gr_tensor *p, gr_err *err) {
  if (n == 0) return gr_fail(err, "choice: %zu wanted, but there is nothing to choose from", k);
  if (!replace && k > n) return gr_fail(err, "choice: %zu wanted of %zu without replacement: at most %zu can be drawn", k, n, n);
  if (!p) return true;
  if (!check_probabilities(p, n, err)) return false;
  if (!replace && k > count_above_zero(p))
    return gr_fail(err, "choice: %zu wanted without replacement, but only %zu of the %zu probabilities are above 0", k,
                   count_above_zero(p), n);
  return true;
}

/* Sums p from the left, and divides by the last sum: this makes up for the error in it. */
static void cumulate(const double *p, size_t n, double *cdf) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) cdf[i] = sum += p[i];
  for (size_t i = 0; i < n; i++) cdf[i] /= sum;
}

/* The first position whose cumulated probability is above x. The last one's is 1, so there is one. */
static size_t position_of(double x, const double *cdf, size_t n) {
  size_t from = 0, to = n - 1;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if (cdf[middle] > x) to = middle;
    else from = middle + 1;
  }
  return from;
}

static void draw_weighted(gr_rng *rng, gr_tensor *t, const double *p, size_t n, double *cdf) {
  cumulate(p, n, cdf);
  for (size_t i = 0; i < t->size; i++) put(t, i, (double)position_of(gr_rng_double(rng), cdf, n));
}

/* Each round draws as many as are still missing and keeps the first of those that repeat.
** What is taken has probability 0 in the next round.                                     */
static void draw_weighted_once(gr_rng *rng, gr_tensor *t, double *p, size_t n, double *cdf) {
  size_t found = 0;
  while (found < t->size) {
    cumulate(p, n, cdf);
    for (size_t missing = t->size - found; missing; missing--) {
      size_t position = position_of(gr_rng_double(rng), cdf, n);
      if (p[position] == 0) continue;
      p[position] = 0;
      put(t, found++, (double)position);
    }
  }
}

static bool choose_weighted(gr_rng *rng, gr_tensor *t, size_t n, bool replace, const gr_tensor *p, gr_err *err) {
  size_t bytes;
  if (!gr_size_mul(n, 2 * sizeof(double), &bytes)) return gr_fail_memory(err, SIZE_MAX);
  double *weight = gr_alloc(bytes, err);
  if (!weight) return false;
  for (size_t i = 0; i < n; i++) weight[i] = gr_get(p, i);
  if (replace) draw_weighted(rng, t, weight, n, weight + n);
  else draw_weighted_once(rng, t, weight, n, weight + n);
  gr_free(weight);
  return true;
}

/* The whole permutation is drawn, though k of it are wanted: so many words NumPy takes. */
static bool choose_once(gr_rng *rng, gr_tensor *t, size_t n, gr_err *err) {
  size_t bytes, spare;
  if (!gr_size_mul(n, sizeof(size_t), &bytes)) return gr_fail_memory(err, SIZE_MAX);
  size_t *order = gr_alloc(bytes, err);
  if (!order) return false;
  for (size_t i = 0; i < n; i++) order[i] = i;
  shuffle_items(rng, gr_rng_below, (char *)order, n, sizeof *order, (char *)&spare);
  for (size_t i = 0; i < t->size; i++) put(t, i, (double)order[i]);
  gr_free(order);
  return true;
}

static void choose_any(gr_rng *rng, gr_tensor *t, size_t n) {
  for (size_t i = 0; i < t->size; i++) put(t, i, (double)gr_rng_below(rng, n - 1));
}

bool gr_rng_choice(gr_rng *rng, gr_tensor *t, size_t n, bool replace, const gr_tensor *p, gr_err *err) {
  if (!check_choice(t->size, n, replace, p, err) || !positions_fit(t->dtype, n, err)) return false;
  if (p && !choose_weighted(rng, t, n, replace, p, err)) return false;
  if (!p && !replace && !choose_once(rng, t, n, err)) return false;
  if (!p && replace) choose_any(rng, t, n);
  gr_changed(t);
  return true;
}
