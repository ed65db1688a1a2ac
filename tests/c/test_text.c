/* Numbers and tensors as text. The expected texts are Python's repr, and str(numpy.float32(x)) and
** numpy.array2string(x, max_line_width=width) of NumPy 1.24.2.                                    */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "gr.h"

/* ---- Numbers ------------------------------------------------------------------------ */

typedef struct number_case {
  const char *wrong; /* what is, when it fails */
  double value;
  const char *text;
} number_case;

static const number_case f64_cases[] = {
  { "a whole number has no .0", 5, "5.0" },
  { "zero has a sign", 0, "0.0" },
  { "minus zero loses its sign", -0.0, "-0.0" },
  { "a short decimal shows its binary digits", 0.1, "0.1" },
  { "17 digits are cut to 16", 0.1 + 0.2, "0.30000000000000004" },
  { "16 digits are lengthened to 17", 1.0 / 3, "0.3333333333333333" },
  { "0.1 added a hundred times shows more than 15 digits", 0x1.3fffffffffff5p+3, "9.99999999999998" },
  { "1e-4 is scientific", 0.0001, "0.0001" },
  { "below 1e-4 is not scientific", 0.00001, "1e-05" },
  { "a small negative number loses its sign", -0.000123e-2, "-1.23e-06" },
  { "1e16 is not scientific", 1e16, "1e+16" },
  { "below 1e16 is scientific", 9999999999999998, "9999999999999998.0" },
  { "an exponent of three digits is cut", 1.5e300, "1.5e+300" },
  { "the largest number reads back as infinity", 0x1.fffffffffffffp+1023, "1.7976931348623157e+308" },
  { "the smallest normal number is taken for a subnormal one", 0x1p-1022, "2.2250738585072014e-308" },
  { "the smallest number shows digits that it does not have", 0x1p-1074, "5e-324" },
  { "a power of two is rounded to what reads back as another", 0x1p-44, "5.684341886080802e-14" },
  { "infinity is spelt otherwise", INFINITY, "inf" },
  { "minus infinity loses its sign", -INFINITY, "-inf" },
  { "nan has a sign", -NAN, "nan" },
};

static const number_case f32_cases[] = {
  { "f32 shows the digits of f64", 0.1f, "0.1" },
  { "f32 digits before the point are not filled with zeros", 123456789, "123456790.0" },
  { "the f32 nearest to 1e-4 lies below it and is not scientific", 1e-4f, "1e-04" },
  { "1e16 is not scientific", 1e16f, "1e+16" },
  { "below 1e16 is scientific", 1e15f, "1000000000000000.0" },
  { "a number of eight digits loses one", 16777.217f, "16777.217" },
  { "a power of two is rounded to what reads back as another", 0x1p-44f, "5.684342e-14" },
  { "the smallest number shows digits that it does not have", 0x1p-149f, "1e-45" },
  { "minus infinity loses its sign", -INFINITY, "-inf" },
};

static void check_text(const char *wrong, const char *got, const char *want) {
  if (strcmp(got, want) != 0) fail_msg("%s:\n%s\nexpected\n%s", wrong, got, want);
}

static void f64_numbers_are_not_the_shortest_that_read_back(void **state) {
  char text[GR_NUMBER_ROOM];
  (void)state;
  for (size_t i = 0; i < sizeof f64_cases / sizeof *f64_cases; i++) {
    gr_number_text(f64_cases[i].value, text);
    check_text(f64_cases[i].wrong, text, f64_cases[i].text);
  }
}

static void f32_numbers_are_not_the_shortest_that_read_back(void **state) {
  char text[GR_NUMBER_ROOM];
  (void)state;
  for (size_t i = 0; i < sizeof f32_cases / sizeof *f32_cases; i++) {
    gr_number_text_f32((float)f32_cases[i].value, text);
    check_text(f32_cases[i].wrong, text, f32_cases[i].text);
  }
}

/* ---- Vectors: how numbers are written ----------------------------------------------- */

typedef struct vector_case {
  const char *wrong;
  gr_dtype dtype;
  size_t width, n;
  double x[6];
  const char *text;
} vector_case;

/* clang-format off */
static const vector_case vector_cases[] = {
  { "points are not below each other", GR_F64, 75, 3, { 1, -20.5, 0.125 },
    "[  1.    -20.5     0.125]" },
  { "whole numbers have a digit behind the point", GR_F64, 75, 3, { 1, 2, 3 },
    "[1. 2. 3.]" },
  { "more than eight places are shown, or they are cut instead of rounded", GR_F64, 75, 3,
    { 1.0 / 3, 2.0 / 3, 0.1234567849 },
    "[0.33333333 0.66666667 0.12345678]" },
  { "rounding leaves zeros at the end", GR_F64, 75, 2, { 0.999999999999, 0.5 },
    "[1.  0.5]" },
  { "minus zero loses its sign", GR_F64, 75, 3, { -0.0, 0, 1 },
    "[-0.  0.  1.]" },
  { "all zeros are scientific", GR_F64, 75, 2, { 0, 0 },
    "[0. 0.]" },
  { "1e8 is not scientific", GR_F64, 75, 2, { 1e8, 1e6 },
    "[1.e+08 1.e+06]" },
  { "just below 1e8 is scientific", GR_F64, 75, 2, { 99999999, 1e6 },
    "[99999999.  1000000.]" },
  { "below 1e-4 is not scientific", GR_F64, 75, 2, { 9.9e-05, 0.0001 },
    "[9.9e-05 1.0e-04]" },
  { "1e-4 is scientific", GR_F64, 75, 2, { 0.0001, 0.05 },
    "[0.0001 0.05  ]" },
  { "a quotient above 1000 is not scientific", GR_F64, 75, 2, { 1, 1000.5 },
    "[1.0000e+00 1.0005e+03]" },
  { "a quotient of 1000 is scientific", GR_F64, 75, 2, { 1, 1000 },
    "[   1. 1000.]" },
  { "exponents of three digits do not widen all", GR_F64, 75, 2, { 1e+100, -2.5e-07 },
    "[ 1.0e+100 -2.5e-007]" },
  { "mantissas are not filled to the same length", GR_F64, 75, 2, { 1.25e10, 0.001 },
    "[1.25e+10 1.00e-03]" },
  { "nan widens numbers", GR_F64, 75, 3, { NAN, 1.5, -2.25 },
    "[  nan  1.5  -2.25]" },
  { "infinities do not widen short numbers", GR_F64, 75, 3, { -INFINITY, 1, INFINITY },
    "[-inf   1.  inf]" },
  { "nan alone is padded", GR_F64, 75, 2, { NAN, NAN },
    "[nan nan]" },
  { "infinity alone is padded otherwise", GR_F64, 75, 2, { INFINITY, -INFINITY },
    "[ inf -inf]" },
  { "nan counts in the choice of scientific", GR_F64, 75, 2, { NAN, 1e10 },
    "[   nan 1.e+10]" },
  { "a subnormal shows its fewest digits where the others' length is due", GR_F64, 75, 2, { 5e-324, 1.23456789e-300 },
    "[4.94065646e-324 1.23456789e-300]" },
  { "f32 shows the digits of f64", GR_F32, 75, 3, { 0.1, 0.7, -3 },
    "[ 0.1  0.7 -3. ]" },
  { "f32 1e-4 is below 1e-4 and not scientific", GR_F32, 75, 2, { 0.0001, 1 },
    "[1.e-04 1.e+00]" },
  { "f32 digits before the point are filled with zeros", GR_F32, 75, 2, { 80786488, 2 },
    "[8.078649e+07 2.000000e+00]" },
  { "f32 whole numbers are not exact", GR_F32, 75, 2, { 80786488, 8078648 },
    "[80786488.  8078648.]" },
  { "a line that just fits with its bracket is broken", GR_F64, 17, 6, { 1.5, 2.5, 3.5, 4.5, 5.5, 6.5 },
    "[1.5 2.5 3.5 4.5\n"
    " 5.5 6.5]" },
  { "a line leaves no column for the bracket", GR_F64, 16, 6, { 1.5, 2.5, 3.5, 4.5, 5.5, 6.5 },
    "[1.5 2.5 3.5\n"
    " 4.5 5.5 6.5]" },
  { "spaces stay at the end of a broken line", GR_F64, 11, 3, { 2.25, 1, 3.5 },
    "[2.25 1.\n"
    " 3.5 ]" },
  { "a narrow page breaks before the first number", GR_F64, 1, 2, { 1.5, 2.5 },
    "[1.5\n"
    " 2.5]" },
};
/* clang-format on */

static gr_tensor *tensor(gr_dtype dtype, int nd, const size_t d[]) {
  gr_err err;
  gr_tensor *t = gr_new(dtype, nd, d, &err);
  if (!t) fail_msg("%s", err.text);
  return t;
}

/* Releases t. */
static void check_tensor_text(const char *wrong, gr_tensor *t, size_t width, const char *want) {
  gr_err err;
  char *text = gr_tensor_text(t, width, &err);
  if (text) check_text(wrong, text, want);
  else fail_msg("%s", err.text);
  gr_free(text);
  gr_unref(t);
}

static void vectors_are_not_laid_out_as_numpy_does(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof vector_cases / sizeof *vector_cases; i++) {
    const vector_case *c = &vector_cases[i];
    gr_tensor *t = tensor(c->dtype, 1, &c->n);
    for (size_t j = 0; j < c->n; j++) gr_set(t, j, c->x[j]);
    check_tensor_text(c->wrong, t, c->width, c->text);
  }
}

static void one_number_has_brackets(void **state) {
  (void)state;
  gr_tensor *t = tensor(GR_F32, 0, NULL);
  gr_set(t, 0, 0.1);
  check_tensor_text("a tensor of no dimensions has brackets", t, 75, "0.1");
}

/* ---- Shapes: brackets, lines and dots ----------------------------------------------- */

/* Element i is i modulo 97: it tells where it comes from, and takes two columns. */
typedef struct shape_case {
  const char *wrong;
  size_t width;
  int nd;
  size_t d[4];
  const char *text;
} shape_case;

/* clang-format off */
static const shape_case shape_cases[] = {
  { "rows stand beside each other", 75, 2, { 2, 3 },
    "[[0. 1. 2.]\n"
    " [3. 4. 5.]]" },
  { "blocks have no empty line between them", 75, 3, { 2, 2, 3 },
    "[[[ 0.  1.  2.]\n"
    "  [ 3.  4.  5.]]\n"
    "\n"
    " [[ 6.  7.  8.]\n"
    "  [ 9. 10. 11.]]]" },
  { "four axes have another number of empty lines", 75, 4, { 2, 1, 2, 2 },
    "[[[[0. 1.]\n"
    "   [2. 3.]]]\n"
    "\n"
    "\n"
    " [[[4. 5.]\n"
    "   [6. 7.]]]]" },
  { "a column is not one number a row", 75, 2, { 3, 1 },
    "[[0.]\n"
    " [1.]\n"
    " [2.]]" },
  { "rows are not broken at the same column as NumPy's", 30, 2, { 2, 12 },
    "[[ 0.  1.  2.  3.  4.  5.\n"
    "   6.  7.  8.  9. 10. 11.]\n"
    " [12. 13. 14. 15. 16. 17.\n"
    "  18. 19. 20. 21. 22. 23.]]" },
  { "1001 elements are not shortened", 75, 1, { 1001 },
    "[ 0.  1.  2. ... 28. 29. 30.]" },
  { "an axis of six is shortened", 75, 2, { 6, 200 },
    "[[ 0.  1.  2. ...  3.  4.  5.]\n"
    " [ 6.  7.  8. ...  9. 10. 11.]\n"
    " [12. 13. 14. ... 15. 16. 17.]\n"
    " [18. 19. 20. ... 21. 22. 23.]\n"
    " [24. 25. 26. ... 27. 28. 29.]\n"
    " [30. 31. 32. ... 33. 34. 35.]]" },
  { "an axis of seven is not shortened", 75, 2, { 7, 200 },
    "[[ 0.  1.  2. ...  3.  4.  5.]\n"
    " [ 6.  7.  8. ...  9. 10. 11.]\n"
    " [12. 13. 14. ... 15. 16. 17.]\n"
    " ...\n"
    " [24. 25. 26. ... 27. 28. 29.]\n"
    " [30. 31. 32. ... 33. 34. 35.]\n"
    " [36. 37. 38. ... 39. 40. 41.]]" },
  { "a long column keeps its middle", 75, 2, { 1001, 1 },
    "[[ 0.]\n"
    " [ 1.]\n"
    " [ 2.]\n"
    " ...\n"
    " [28.]\n"
    " [29.]\n"
    " [30.]]" },
  { "dots lie otherwise between blocks", 75, 3, { 7, 2, 80 },
    "[[[ 0.  1.  2. ... 77. 78. 79.]\n"
    "  [80. 81. 82. ... 60. 61. 62.]]\n"
    "\n"
    " [[63. 64. 65. ... 43. 44. 45.]\n"
    "  [46. 47. 48. ... 26. 27. 28.]]\n"
    "\n"
    " [[29. 30. 31. ...  9. 10. 11.]\n"
    "  [12. 13. 14. ... 89. 90. 91.]]\n"
    "\n"
    " ...\n"
    "\n"
    " [[58. 59. 60. ... 38. 39. 40.]\n"
    "  [41. 42. 43. ... 21. 22. 23.]]\n"
    "\n"
    " [[24. 25. 26. ...  4.  5.  6.]\n"
    "  [ 7.  8.  9. ... 84. 85. 86.]]\n"
    "\n"
    " [[87. 88. 89. ... 67. 68. 69.]\n"
    "  [70. 71. 72. ... 50. 51. 52.]]]" },
  { "dots do not go to a new line with the rest", 12, 1, { 1200 },
    "[ 0.  1.\n"
    "  2. ...\n"
    " 33. 34.\n"
    " 35.]" },
};
/* clang-format on */

static gr_tensor *counting(int nd, const size_t d[]) {
  gr_tensor *t = tensor(GR_F64, nd, d);
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, (double)(i % 97));
  return t;
}

static void shapes_are_not_laid_out_as_numpy_does(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof shape_cases / sizeof *shape_cases; i++) {
    const shape_case *c = &shape_cases[i];
    check_tensor_text(c->wrong, counting(c->nd, c->d), c->width, c->text);
  }
}

static void a_thousand_elements_are_shortened(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *t = counting(2, (size_t[]){ 10, 100 });
  char *text = gr_tensor_text(t, 75, &err);
  assert_non_null(text);
  assert_null(strstr(text, "..."));
  gr_free(text);
  gr_unref(t);
}

/* ---- Failures ----------------------------------------------------------------------- */

/* Every request for memory fails once; then all succeed. */
static void lack_of_memory_is_not_an_error(void **state) {
  gr_err err;
  size_t failed = 0;
  char *text = NULL;
  (void)state;
  gr_tensor *t = counting(2, (size_t[]){ 30, 30 });
  for (; !text && failed < 100; failed++) {
    strcpy(err.text, "");
    gr_memory_fail_at(failed + 1, 2);
    text = gr_tensor_text(t, 75, &err);
    gr_memory_fail_at(0, 1);
    if (!text) assert_non_null(strstr(err.text, "out of memory"));
  }
  assert_non_null(text);
  assert_true(failed > 3); /* the elements, the text, and the text growing */
  gr_free(text);
  gr_unref(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(f64_numbers_are_not_the_shortest_that_read_back),
    cmocka_unit_test(f32_numbers_are_not_the_shortest_that_read_back),
    cmocka_unit_test(vectors_are_not_laid_out_as_numpy_does),
    cmocka_unit_test(one_number_has_brackets),
    cmocka_unit_test(shapes_are_not_laid_out_as_numpy_does),
    cmocka_unit_test(a_thousand_elements_are_shortened),
    cmocka_unit_test(lack_of_memory_is_not_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
