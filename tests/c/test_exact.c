/* Exact numbers: what is read, arithmetic in lowest terms, the nearest double, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- Helpers ------------------------------------------------------------------------ */

/* The tools that check this file do not know that fail_msg never returns: abort() tells them. */
static gr_exact *needed(const char *wrong, gr_exact *a, const gr_err *err) {
  if (a) return a;
  fail_msg("%s: %s", wrong, err->text);
  abort();
}

static gr_exact *read(const char *text) {
  gr_err err;
  return needed(text, gr_exact_read("entry", text, &err), &err);
}

/* Releases a. */
static void check_text(const char *wrong, gr_exact *a, const char *want) {
  gr_err err;
  char *text = gr_exact_text(a, &err);
  if (!text || strcmp(text, want) != 0) fail_msg("%s: %s, not %s", wrong, text ? text : err.text, want);
  gr_free(text);
  gr_exact_free(a);
}

/* Releases a. The sign of zero counts. */
static void check_double(const char *wrong, gr_exact *a, double want) {
  double got = gr_exact_double(a);
  if (got != want || signbit(got) != signbit(want)) fail_msg("%s: %.17g, not %.17g", wrong, got, want);
  gr_exact_free(a);
}

static void check_refused(const char *wrong, gr_exact *a, const gr_err *err, const char *want) {
  if (a) fail_msg("%s: it is not refused", wrong);
  if (!strstr(err->text, want)) fail_msg("%s: '%s' does not say '%s'", wrong, err->text, want);
}

/* Releases a and b. */
static gr_exact *apply(gr_exact *a, char op, gr_exact *b) {
  gr_err err;
  gr_exact *y = needed("apply", gr_exact_apply(op, a, b, &err), &err);
  gr_exact_free(a);
  gr_exact_free(b);
  return y;
}

/* ---- Reading ------------------------------------------------------------------------ */

static const struct {
  const char *text, *want;
} readings[] = {
  { "12", "12" },
  { "-3/4", "-3/4" },
  { "+6/8", "3/4" },
  { "0.1", "1/10" },
  { "1e-3", "1/1000" },
  { "2.5E2", "250" },
  { "-0", "0" },
  { ".5", "1/2" },
  { "5.", "5" },
  { "007", "7" },
  { "0.5/1.5", "1/3" },
  { " -1 / 3 ", "-1/3" },
  { "1e+2/1e2", "1" },
  { "0/7", "0" },
  { "1e-2/1e-4", "100" },
  { "1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890" },
  { "1e40", "10000000000000000000000000000000000000000" },
};

static void a_text_is_read_as_another_number(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(readings); i++) check_text(readings[i].text, read(readings[i].text), readings[i].want);
}

static const struct {
  const char *text, *why;
} refusals[] = {
  { "", "'' is no number: numbers are written 12, -0.25, 1e-3 or 1/3" },
  { "abc", "no number" },
  { "1/", "no number" },
  { "1e", "no number" },
  { "1e 3", "no number" },
  { "1.2.3", "no number" },
  { "1/2/3", "no number" },
  { "1 2", "no number" },
  { "0x10", "no number" },
  { "inf", "no number" },
  { ".", "no number" },
  { "--1", "no number" },
  { "- 1", "no number" },
  { "1/0", "entry: 1/0 divides by zero" },
  { "1/0.00", "divides by zero" },
  { "1e41", "exponents from -40 to 40" },
  { "1e-41", "exponents from -40 to 40" },
  { "1e99999999999999999999", "exponents from -40 to 40" },
  { "12345678901234567890123456789012345678901", "up to 40 digits" },
};

static void a_text_that_is_no_short_number_is_read(void **state) {
  gr_err err;
  (void)state;
  for (size_t i = 0; i < COUNT(refusals); i++)
    check_refused(refusals[i].text, gr_exact_read("entry", refusals[i].text, &err), &err, refusals[i].why);
}

static void a_double_is_taken_for_its_binary_digits(void **state) {
  gr_err err;
  (void)state;
  check_text("0.1", needed("0.1", gr_exact_from("entry", 0.1, GR_F64, &err), &err), "1/10");
  check_text("0.1f", needed("0.1f", gr_exact_from("entry", (double)0.1f, GR_F32, &err), &err), "1/10");
  check_text("-2.5e20", needed("-2.5e20", gr_exact_from("entry", -2.5e20, GR_F64, &err), &err), "-250000000000000000000");
  check_text("1/3", needed("1/3", gr_exact_from("entry", 1.0 / 3, GR_F64, &err), &err), "3333333333333333/10000000000000000");
  check_refused("nan", gr_exact_from("entry", NAN, GR_F64, &err), &err, "entry: nan is no fraction: exact numbers are finite");
  check_refused("-inf", gr_exact_from("entry", -INFINITY, GR_F64, &err), &err, "entry: -inf is no fraction");
  check_refused("1e300", gr_exact_from("entry", 1e300, GR_F64, &err), &err, "1e+300 is too long");
}

/* ---- Arithmetic --------------------------------------------------------------------- */

static void a_result_is_wrong_or_not_in_lowest_terms(void **state) {
  gr_err err;
  (void)state;
  check_text("1/6 + 1/3", apply(read("1/6"), '+', read("1/3")), "1/2");
  check_text("0.1 - 1/10", apply(read("0.1"), '-', read("1/10")), "0");
  check_text("2/3 * -9/4", apply(read("2/3"), '*', read("-9/4")), "-3/2");
  check_text("1 / -2", apply(read("1"), '/', read("-2")), "-1/2");
  check_text("overflow of 64 bits", apply(read("18446744073709551616"), '*', read("18446744073709551616")),
             "340282366920938463463374607431768211456");
  gr_exact *a = read("-3/4");
  check_text("-(-3/4)", needed("negate", gr_exact_negate(a, &err), &err), "3/4");
  check_text("negate changes its operand", a, "-3/4");
}

static void numbers_are_put_in_another_order(void **state) {
  gr_exact *third = read("1/3"), *decimal = read("0.333"), *again = read("2/6");
  (void)state;
  assert_true(gr_exact_compare(third, decimal) > 0);
  assert_true(gr_exact_compare(decimal, third) < 0);
  assert_int_equal(gr_exact_compare(third, again), 0);
  gr_exact_free(third);
  gr_exact_free(decimal);
  gr_exact_free(again);
}

static void a_division_by_zero_ends_the_program(void **state) {
  gr_err err;
  gr_exact *one = read("1"), *zero = read("0");
  (void)state;
  check_refused("1 / 0", gr_exact_apply('/', one, zero, &err), &err, "exact numbers: division by zero");
  gr_exact_free(one);
  gr_exact_free(zero);
}

/* Squared again and again, a number would fill all memory, and GMP would end the program. */
static void a_number_grows_without_end(void **state) {
  static const char operators[] = "*/+-";
  gr_err err;
  gr_exact *a = read("1234567890123456789/7"), *square;
  (void)state;
  while ((square = gr_exact_apply('*', a, a, &err))) {
    gr_exact_free(a);
    a = square;
  }
  for (const char *op = operators; *op; op++) {
    gr_exact *y = gr_exact_apply(*op, a, a, &err);
    if (y) gr_exact_free(y);
    else assert_non_null(strstr(err.text, "might have more than 65536 bits"));
  }
  gr_exact_free(a);
}

/* ---- The nearest double ------------------------------------------------------------- */

static const struct {
  const char *text;
  double want;
} doubles[] = {
  { "0", 0 },
  { "-0", 0 },
  { "1/3", 1.0 / 3 },
  { "-2/3", -2.0 / 3 },
  { "0.1", 0.1 },
  { "1e-40", 1e-40 },
  { "123456789012345678901234567890e-40", 123456789012345678901234567890e-40 },
  { "9007199254740993", 9007199254740992 },      /* half way: to even, down */
  { "9007199254740995", 9007199254740996 },      /* half way: to even, up */
  { "9007199254740993.0001", 9007199254740994 }, /* a little above half way */
  { "18014398509481983", 18014398509481984 },    /* rounds up to a power of two */
};

static void a_double_is_not_the_nearest(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(doubles); i++) check_double(doubles[i].text, read(doubles[i].text), doubles[i].want);
}

/* strtod rounds correctly, and takes decimals. */
static void random_decimals_differ_from_strtod(void **state) {
  gr_rng rng;
  (void)state;
  gr_rng_seed(&rng, 1);
  for (int i = 0; i < 2000; i++) {
    char text[80];
    snprintf(text, sizeof text, "-%.17ge%d", gr_rng_double(&rng), (int)gr_rng_below(&rng, 60) - 30);
    if (strchr(text, 'e') != strrchr(text, 'e')) continue;
    check_double(text, read(text), strtod(text, NULL));
  }
}

/* 10^power, by products of powers that are read. */
static gr_exact *ten_to(int power) {
  gr_exact *y = read("1");
  for (; power < 0; power++) y = apply(y, '/', read("10"));
  for (; power > 0; power--) y = apply(y, '*', read("10"));
  return y;
}

static void very_small_and_very_large_numbers_are_not_the_nearest(void **state) {
  (void)state;
  check_double("1e308", ten_to(308), 1e308);
  check_double("1e309", ten_to(309), INFINITY);
  check_double("-1e309", apply(ten_to(309), '*', read("-1")), -INFINITY);
  check_double("1e-310", ten_to(-310), 1e-310);
  check_double("1.7e-320", apply(read("1.7"), '*', ten_to(-320)), 1.7e-320);
  check_double("3e-324", apply(read("3"), '*', ten_to(-324)), 5e-324);
  check_double("2e-324", apply(read("2"), '*', ten_to(-324)), 0);
}

/* ---- Memory ------------------------------------------------------------------------- */

static void a_failed_request_for_memory_leaks_or_crashes(void **state) {
  gr_err err;
  gr_exact *a = read("1/3");
  (void)state;
  gr_memory_fail_at(1, 2);
  check_refused("read", gr_exact_read("entry", "1", &err), &err, "out of memory");
  gr_memory_fail_at(1, 2);
  check_refused("apply", gr_exact_apply('+', a, a, &err), &err, "out of memory");
  gr_memory_fail_at(1, 2);
  check_refused("negate", gr_exact_negate(a, &err), &err, "out of memory");
  gr_memory_fail_at(1, 2);
  assert_null(gr_exact_text(a, &err));
  gr_memory_fail_at(0, 0);
  check_text("afterwards", a, "1/3");
  gr_exact_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_text_is_read_as_another_number),
    cmocka_unit_test(a_text_that_is_no_short_number_is_read),
    cmocka_unit_test(a_double_is_taken_for_its_binary_digits),
    cmocka_unit_test(a_result_is_wrong_or_not_in_lowest_terms),
    cmocka_unit_test(numbers_are_put_in_another_order),
    cmocka_unit_test(a_division_by_zero_ends_the_program),
    cmocka_unit_test(a_number_grows_without_end),
    cmocka_unit_test(a_double_is_not_the_nearest),
    cmocka_unit_test(random_decimals_differ_from_strtod),
    cmocka_unit_test(very_small_and_very_large_numbers_are_not_the_nearest),
    cmocka_unit_test(a_failed_request_for_memory_leaks_or_crashes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
