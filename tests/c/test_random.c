/* Random numbers. All figures are from NumPy 1.24.2's RandomState(seed) and Python 3.11's random.seed(seed); doubles
** are compared to the last bit. The golden table of the Lua tests holds more of them.                              */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static gr_tensor *tensor(gr_dtype dtype, int nd, const size_t d[]) {
  gr_err err;
  gr_tensor *t = gr_new(dtype, nd, d, &err);
  if (!t) fail_msg("%s", err.text);
  return t;
}

static gr_tensor *vector(gr_dtype dtype, size_t n, const double x[]) {
  gr_tensor *t = tensor(dtype, 1, &n);
  for (size_t i = 0; i < n; i++) gr_set(t, i, x[i]);
  return t;
}

/* 0, 1, 2, ... */
static gr_tensor *counting(gr_dtype dtype, int nd, const size_t d[]) {
  gr_tensor *t = tensor(dtype, nd, d);
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, (double)i);
  return t;
}

/* Releases t. */
static void check_values(const char *wrong, gr_tensor *t, const double want[]) {
  for (size_t i = 0; i < t->size; i++)
    if (gr_get(t, i) != want[i])
      fail_msg("%s: element %zu is %a (%.17g), not %a (%.17g)", wrong, i, gr_get(t, i), gr_get(t, i), want[i], want[i]);
  gr_unref(t);
}

static void check_same_state(const char *what, const gr_rng *a, const gr_rng *b) {
  bool same = memcmp(a->mt, b->mt, sizeof a->mt) == 0 && a->pos == b->pos && a->has_gauss == b->has_gauss;
  if (!same) fail_msg("%s has moved the generator", what);
}

/* ---- The engine --------------------------------------------------------------------- */

static const struct {
  uint32_t seed, first[4], at_1000;
} word_cases[] = {
  { 0u, { 2357136044u, 2546248239u, 3071714933u, 3626093760u }, 1333075495u },
  { 42u, { 1608637542u, 3421126067u, 4083286876u, 787846414u }, 2998581749u },
  { 4294967295u, { 419326371u, 479346978u, 3918654476u, 2416749639u }, 1661208369u },
};

static void words_differ_after_a_seed(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(word_cases); i++) {
    gr_rng rng;
    gr_rng_seed(&rng, word_cases[i].seed);
    for (size_t j = 0; j < 4; j++) assert_int_equal(gr_rng_word(&rng), word_cases[i].first[j]);
    for (size_t j = 4; j < 1000; j++) gr_rng_word(&rng);
    assert_int_equal(gr_rng_word(&rng), word_cases[i].at_1000);
  }
}

/* The key and the words of the authors' own example. */
static void words_differ_after_a_key(void **state) {
  static const uint32_t key[] = { 0x123, 0x234, 0x345, 0x456 };
  static const uint32_t want[] = { 1067595299u, 955945823u, 477289528u, 4107218783u, 4228976476u };
  gr_rng rng;
  (void)state;
  gr_rng_seed_array(&rng, key, COUNT(key));
  for (size_t i = 0; i < COUNT(want); i++) assert_int_equal(gr_rng_word(&rng), want[i]);
}

static void words_differ_after_a_key_longer_than_the_state(void **state) {
  static const uint32_t want[] = { 1179226133u, 532799835u, 517808143u, 2867954353u };
  uint32_t key[700];
  gr_rng rng;
  (void)state;
  for (uint32_t i = 0; i < 700; i++) key[i] = i * 2654435761u;
  gr_rng_seed_array(&rng, key, 700);
  for (size_t i = 0; i < COUNT(want); i++) assert_int_equal(gr_rng_word(&rng), want[i]);
}

/* ---- Draws from a fresh generator --------------------------------------------------- */

typedef void draw_into(gr_rng *rng, gr_tensor *t);

static void draw_double(gr_rng *rng, gr_tensor *t) {
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, gr_rng_double(rng));
}

static void draw_gauss(gr_rng *rng, gr_tensor *t) {
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, gr_rng_gauss(rng));
}

static void draw_uniform(gr_rng *rng, gr_tensor *t) { gr_rng_fill_uniform(rng, t, -2, 3); }
static void draw_normal(gr_rng *rng, gr_tensor *t) { gr_rng_fill_normal(rng, t, 5, 2); }
static void draw_small(gr_rng *rng, gr_tensor *t) { gr_rng_fill_randint(rng, t, -5, 6); }
static void draw_one_value(gr_rng *rng, gr_tensor *t) { gr_rng_fill_randint(rng, t, 3, 4); }
static void draw_word_range(gr_rng *rng, gr_tensor *t) { gr_rng_fill_randint(rng, t, 0, INT64_C(1) << 32); }
static void draw_long_range(gr_rng *rng, gr_tensor *t) { gr_rng_fill_randint(rng, t, 0, INT64_C(1) << 40); }
static void draw_whole_range(gr_rng *rng, gr_tensor *t) { gr_rng_fill_randint(rng, t, INT64_MIN, INT64_MAX); }

/* p: five probabilities, or NULL. */
static void choose(gr_rng *rng, gr_tensor *t, size_t n, bool replace, const double p[]) {
  gr_err err;
  gr_tensor *weights = p ? vector(GR_F64, n, p) : NULL;
  if (!gr_rng_choice(rng, t, n, replace, weights, &err)) fail_msg("%s", err.text);
  gr_unref(weights);
}

static const double uneven[5] = { 0.1, 0.2, 0.05, 0.25, 0.4 };
static const double gaps[5] = { 0, 0.7, 0, 0.2, 0.1 };

static void choose_any(gr_rng *rng, gr_tensor *t) { choose(rng, t, 60000, true, NULL); }
static void choose_once(gr_rng *rng, gr_tensor *t) { choose(rng, t, 60000, false, NULL); }
static void choose_weighted(gr_rng *rng, gr_tensor *t) { choose(rng, t, 5, true, uneven); }
static void choose_weighted_once(gr_rng *rng, gr_tensor *t) { choose(rng, t, 5, false, uneven); }
static void choose_possible(gr_rng *rng, gr_tensor *t) { choose(rng, t, 5, false, gaps); }

/* clang-format off */
static const struct {
  const char *wrong; /* what is, when it fails */
  uint32_t seed;
  gr_dtype dtype;
  size_t n;
  draw_into *draw;
  double want[10];
} draw_cases[] = {
  { "doubles are not made of 27 and 26 bits", 0u, GR_F64, 5, draw_double,
    { 0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1, 0x1.349d66b6e894bp-1, 0x1.16faedb6395f5p-1,
      0x1.b1d2904fd0ef6p-2 } },
  { "the largest seed is not taken whole", 4294967295u, GR_F64, 5, draw_double,
    { 0x1.8fe69a392482p-4, 0x1.d323d824032b1p-1, 0x1.93fc6f61af3f9p-1, 0x1.8f5ca1b151c07p-1,
      0x1.25ec7244bbf8p-6 } },
  { "Gaussians come in another order, or one of each pair is lost", 42u, GR_F64, 7, draw_gauss,
    { 0x1.fca2a28a9307cp-2, -0x1.1b2a505de052ap-3, 0x1.4b9dd50245e68p-1, 0x1.85e548e01aa2bp+0,
      -0x1.df8bcdf57a64p-3, -0x1.df8332670db3bp-3, 0x1.94474a8407408p+0 } },
  { "uniform(-2, 3) is scaled otherwise", 1u, GR_F64, 6, draw_uniform,
    { 0x1.5c9c53f8cb08p-4, 0x1.9a03ee15358cap+0, -0x1.ffda858b8005dp+0, -0x1.f40ea6809d33cp-2,
      -0x1.4427079a39cbap+0, -0x1.89ce7d408c0dbp+0 } },
  { "normal(5, 2) is scaled otherwise", 1u, GR_F64, 7, draw_normal,
    { 0x1.07f5464195f14p+3, 0x1.e363ee824132ap+1, 0x1.f8c9bc6d5b817p+1, 0x1.6d51edaa347f4p+1,
      0x1.aec5ad5cd445fp+2, 0x1.9672e1335da7p-2, 0x1.0faafef63f181p+3 } },
  { "an f32 normal is not the rounded f64 one", 1u, GR_F32, 7, draw_normal,
    { 0x1.07f546p+3, 0x1.e363eep+1, 0x1.f8c9bcp+1, 0x1.6d51eep+1,
      0x1.aec5aep+2, 0x1.9672e2p-2, 0x1.0faafep+3 } },
  { "randint(-5, 6) misses an end or draws more than a word a try", 0u, GR_F64, 10, draw_small,
    { 0, -5, -2, -2, 2, 4, -2, 0, -3, -1 } },
  { "randint(3, 4) is not always 3", 0u, GR_F64, 3, draw_one_value, { 3, 3, 3 } },
  { "a range of 2^32 values is masked instead of taken whole", 5u, GR_F64, 4, draw_word_range,
    { 953453411, 236996814, 3739766767, 3570525885 } },
  { "a range above 2^32 does not take its high word first", 5u, GR_F64, 4, draw_long_range,
    { 425438759118, 1030067709629, 989404716150, 622681974857 } },
  { "randint over all of int64 overflows", 5u, GR_F64, 4, draw_whole_range,
    { -0x1.1cadd273c77eep+62, 0x1.7ba13fbf5347ap+62, -0x1.2c51d0668b889p+62, 0x1.aca85643eaf3ap+62 } },
  { "permutation is another order", 0u, GR_F64, 10, gr_rng_permutation, { 2, 8, 4, 9, 1, 6, 7, 3, 0, 5 } },
  { "an f32 permutation is another order", 0u, GR_F32, 10, gr_rng_permutation, { 2, 8, 4, 9, 1, 6, 7, 3, 0, 5 } },
  { "a permutation of one is not 0", 0u, GR_F64, 1, gr_rng_permutation, { 0 } },
  { "choice(60000) is not randint", 12345u, GR_F64, 10, choose_any,
    { 20962, 11749, 2177, 19876, 44457, 4094, 20862, 28005, 16930, 40477 } },
  { "choice without replacement is not the head of a permutation", 12345u, GR_F64, 10, choose_once,
    { 6934, 41100, 22842, 3651, 59270, 47072, 5544, 17709, 33232, 15008 } },
  { "choice by p searches from the left, or another sum", 42u, GR_F64, 10, choose_weighted,
    { 3, 4, 4, 3, 1, 1, 0, 4, 4, 4 } },
  { "choice by p without replacement keeps another of two repeats", 7u, GR_F64, 5, choose_weighted_once,
    { 0, 4, 3, 1, 2 } },
  { "choice by p without replacement takes what has no probability", 3u, GR_F64, 3, choose_possible, { 1, 3, 4 } },
};

static const struct {
  const char *wrong;
  uint64_t seed;
  size_t n;
  draw_into *draw;
  double want[16];
} python_cases[] = {
  { "seed 0 is not a key of one zero word", 0, 5, draw_double,
    { 0x1.b0580f98a7dbep-1, 0x1.84129978f9c1ap-1, 0x1.aeaa51052e978p-2, 0x1.092178fb945a6p-2,
      0x1.05c5ccdf19707p-1 } },
  { "a seed of 33 bits is not a key of two words, low first", UINT64_C(4294967301), 5, draw_double,
    { 0x1.4218067c49768p-3, 0x1.21442cf1e9172p-2, 0x1.357affb575f81p-1, 0x1.dbe785ae59ep-7,
      0x1.416bcbcaf6e4cp-1 } },
  { "the largest seed is cut", UINT64_C(18446744073709551615), 5, draw_double,
    { 0x1.659799fd7f98p-6, 0x1.5a35a94f333d8p-2, 0x1.b21c0274c09a4p-3, 0x1.3af1cb8614c45p-1,
      0x1.d6d201f9a6e6fp-1 } },
  { "Python's shuffle takes the lower bits of a word", 1, 13, gr_rng_permutation_python,
    { 8, 12, 0, 11, 5, 3, 6, 7, 10, 4, 1, 9, 2 } },
  { "Python's shuffle of 16 takes 4 bits where Python takes 5", 1, 16, gr_rng_permutation_python,
    { 2, 10, 0, 14, 6, 5, 3, 8, 7, 11, 15, 1, 12, 13, 9, 4 } },
};
/* clang-format on */

static void draws_differ_from_numpy(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(draw_cases); i++) {
    gr_rng rng;
    gr_tensor *t = tensor(draw_cases[i].dtype, 1, &draw_cases[i].n);
    gr_rng_seed(&rng, draw_cases[i].seed);
    draw_cases[i].draw(&rng, t);
    check_values(draw_cases[i].wrong, t, draw_cases[i].want);
  }
}

static void draws_differ_from_python(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(python_cases); i++) {
    gr_rng rng;
    gr_tensor *t = tensor(GR_F64, 1, &python_cases[i].n);
    gr_rng_seed_python(&rng, python_cases[i].seed);
    python_cases[i].draw(&rng, t);
    check_values(python_cases[i].wrong, t, python_cases[i].want);
  }
}

/* ---- One draw after another --------------------------------------------------------- */

static void a_kept_gaussian_is_lost_by_other_draws(void **state) {
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 9);
  assert_true(gr_rng_gauss(&rng) == 0x1.2299d8f068496p-10);
  assert_true(gr_rng_double(&rng) == 0x1.fbabfe80f72cp-2);
  assert_int_equal(gr_rng_below(&rng, 9), 6);
  assert_true(gr_rng_gauss(&rng) == -0x1.287e3d90b8b12p-2);
  assert_true(gr_rng_gauss(&rng) == -0x1.8371300b5bd5dp-2);
}

static void a_kept_gaussian_outlives_a_seed(void **state) {
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 3);
  double first = gr_rng_gauss(&rng);
  gr_rng_seed(&rng, 3);
  assert_true(gr_rng_gauss(&rng) == first);
}

static void a_range_of_one_value_draws(void **state) {
  gr_rng rng, before;
  (void)state;
  gr_rng_seed(&rng, 1);
  before = rng;
  assert_int_equal(gr_rng_below(&rng, 0), 0);
  check_same_state("below(0)", &rng, &before);
}

static void the_largest_ranges_are_masked(void **state) {
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 42);
  assert_true(gr_rng_below(&rng, UINT32_MAX) == word_cases[1].first[0]);
  uint64_t next = gr_rng_below(&rng, UINT64_MAX);
  assert_true(next == ((uint64_t)word_cases[1].first[1] << 32 | word_cases[1].first[2]));
}

/* ---- Shuffling ---------------------------------------------------------------------- */

static const struct {
  const char *wrong;
  gr_dtype dtype;
  int nd;
  size_t d[3];
  double want[13];
} shuffle_cases[] = {
  { "a vector is shuffled into another order", GR_F64, 1, { 13 }, { 6, 11, 4, 10, 2, 8, 1, 7, 9, 3, 0, 5, 12 } },
  { "an f32 vector is shuffled as if it were f64", GR_F32, 1, { 13 }, { 6, 11, 4, 10, 2, 8, 1, 7, 9, 3, 0, 5, 12 } },
  { "a matrix is not shuffled by rows", GR_F64, 2, { 4, 3 }, { 6, 7, 8, 9, 10, 11, 3, 4, 5, 0, 1, 2 } },
  { "f32 rows are torn", GR_F32, 2, { 4, 3 }, { 6, 7, 8, 9, 10, 11, 3, 4, 5, 0, 1, 2 } },
  { "three axes are not shuffled by the first", GR_F64, 3, { 3, 2, 2 }, { 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3 } },
  { "a vector of one changes", GR_F64, 1, { 1 }, { 0 } },
  { "one number changes", GR_F64, 0, { 0 }, { 0 } },
};

static void shuffle_differs_from_numpy(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(shuffle_cases); i++) {
    gr_err err;
    gr_rng rng;
    gr_tensor *t = counting(shuffle_cases[i].dtype, shuffle_cases[i].nd, shuffle_cases[i].d);
    size_t version = t->x_block->version;
    gr_rng_seed(&rng, 0);
    assert_true(gr_rng_shuffle(&rng, t, &err));
    assert_true(t->x_block->version > version); /* else a transposed reading of it would go stale */
    check_values(shuffle_cases[i].wrong, t, shuffle_cases[i].want);
  }
}

/* ---- What is refused ---------------------------------------------------------------- */

static const struct {
  const char *message; /* a part of it */
  gr_dtype dtype;
  bool replace;
  size_t k, n;
  size_t p_size; /* 0: no p */
  double p[4];
} refused_cases[] = {
  { "7 wanted of 5 without replacement: at most 5", GR_F64, false, 7, 5, 0, { 0 } },
  { "2 wanted, but there is nothing to choose from", GR_F64, true, 2, 0, 0, { 0 } },
  { "p (2) must be a vector of 3 probabilities", GR_F64, true, 1, 3, 2, { 0.5, 0.5 } },
  { "entry 3 of p is -0.5", GR_F64, true, 1, 3, 3, { 0.75, 0.75, -0.5 } },
  { "entry 2 of p is nan", GR_F64, true, 1, 3, 3, { 0.5, NAN, 0.5 } },
  { "p sums to 0.75: its 3 probabilities must sum to 1", GR_F64, true, 1, 3, 3, { 0.25, 0.25, 0.25 } },
  { "p sums to 1.0000000298023224", GR_F64, true, 1, 2, 2, { 0.5, 0.5 + 0x1p-25 } },
  { "p sums to inf", GR_F64, true, 1, 2, 2, { INFINITY, 0 } },
  { "only 2 of the 3 probabilities are above 0", GR_F64, false, 3, 3, 3, { 0.5, 0.5, 0 } },
  { "16777217 positions do not fit f32 numbers", GR_F32, true, 1, 16777217, 0, { 0 } },
  { "out of memory", GR_F64, false, 1, (size_t)1 << 53, 0, { 0 } },
};

static void choice_accepts_what_makes_no_sense(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(refused_cases); i++) {
    gr_err err;
    gr_rng rng, before;
    gr_tensor *t = counting(refused_cases[i].dtype, 1, &refused_cases[i].k);
    gr_tensor *p = refused_cases[i].p_size ? vector(GR_F64, refused_cases[i].p_size, refused_cases[i].p) : NULL;
    gr_rng_seed(&rng, 0);
    before = rng;
    assert_false(gr_rng_choice(&rng, t, refused_cases[i].n, refused_cases[i].replace, p, &err));
    if (!strstr(err.text, refused_cases[i].message)) fail_msg("expected: %s\ngot: %s", refused_cases[i].message, err.text);
    check_same_state("a refused choice", &rng, &before);
    assert_true(gr_get(t, refused_cases[i].k - 1) == (double)refused_cases[i].k - 1);
    gr_unref(p);
    gr_unref(t);
  }
}

static const struct {
  const char *wrong;
  gr_dtype dtype;
  double p[3];
} accepted_cases[] = {
  { "f64 probabilities that sum to 1 + 7e-9 are refused", GR_F64, { 0.5, 0.25, 0.25 + 0x1p-27 } },
  { "f32 probabilities must sum as closely as f64", GR_F32, { 0.33334, 0.33334, 0.33334 } },
};

static void choice_refuses_what_numpy_takes(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(accepted_cases); i++) {
    gr_err err;
    gr_rng rng;
    gr_tensor *t = counting(GR_F64, 1, (size_t[]){ 4 }), *p = vector(accepted_cases[i].dtype, 3, accepted_cases[i].p);
    gr_rng_seed(&rng, 0);
    if (!gr_rng_choice(&rng, t, 3, true, p, &err)) fail_msg("%s: %s", accepted_cases[i].wrong, err.text);
    gr_unref(p);
    gr_unref(t);
  }
}

static void lack_of_memory_changes_something(void **state) {
  gr_err err;
  gr_rng rng, before;
  (void)state;
  gr_tensor *t = counting(GR_F64, 1, (size_t[]){ 5 }), *p = vector(GR_F64, 5, uneven);
  gr_rng_seed(&rng, 0);
  before = rng;
  gr_memory_fail_at(1, 2);
  assert_false(gr_rng_shuffle(&rng, t, &err));
  gr_memory_fail_at(1, 2);
  assert_false(gr_rng_choice(&rng, t, 5, false, NULL, &err));
  gr_memory_fail_at(1, 2);
  assert_false(gr_rng_choice(&rng, t, 5, true, p, &err));
  gr_memory_fail_at(0, 1);
  assert_non_null(strstr(err.text, "out of memory"));
  check_same_state("a failed call", &rng, &before);
  check_values("a failed call changed the tensor", t, (double[]){ 0, 1, 2, 3, 4 });
  gr_unref(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(words_differ_after_a_seed),
    cmocka_unit_test(words_differ_after_a_key),
    cmocka_unit_test(words_differ_after_a_key_longer_than_the_state),
    cmocka_unit_test(draws_differ_from_numpy),
    cmocka_unit_test(draws_differ_from_python),
    cmocka_unit_test(a_kept_gaussian_is_lost_by_other_draws),
    cmocka_unit_test(a_kept_gaussian_outlives_a_seed),
    cmocka_unit_test(a_range_of_one_value_draws),
    cmocka_unit_test(the_largest_ranges_are_masked),
    cmocka_unit_test(shuffle_differs_from_numpy),
    cmocka_unit_test(choice_accepts_what_makes_no_sense),
    cmocka_unit_test(choice_refuses_what_numpy_takes),
    cmocka_unit_test(lack_of_memory_changes_something),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
