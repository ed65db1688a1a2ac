/* Files: CSV, IDX and .npy. Messages are tested word for word: they are what a user works with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "folder.h"
#include "gr.h"
#include "io.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* The tools that check this file do not know that fail_msg never returns: abort() tells them. */
static gr_tensor *needed(const char *wrong, gr_tensor *t, const gr_err *err) {
  if (t) return t;
  fail_msg("%s: %s", wrong, err->text);
  abort();
}

static FILE *opened(const char *name, const char *mode) {
  FILE *f = fopen(path_of(name), mode);
  if (f) return f;
  fail_msg("%s cannot be opened", path_of(name));
  abort();
}

/* A file of those bytes. Returns its path. */
static const char *write_file(const char *name, const void *bytes, size_t n) {
  FILE *f = opened(name, "wb");
  if (fwrite(bytes, 1, n, f) != n || fclose(f) != 0) fail_msg("%s cannot be written", path_of(name));
  return path_of(name);
}

/* The bytes gzipped; returns how many there are then. */
static size_t zip(const void *bytes, size_t n, unsigned char *out, size_t room) {
  gzFile z = gzopen(path_of("file.gz"), "wb9");
  if (!z || gzwrite(z, bytes, (unsigned)n) != (int)n || gzclose(z) != Z_OK) fail_msg("%s cannot be written", path_of("file.gz"));
  FILE *f = opened("file.gz", "rb");
  size_t count = fread(out, 1, room, f);
  fclose(f);
  return count;
}

/* What the message says behind the folder's name. */
static void check_message(const char *wrong, const gr_err *err, const char *want) {
  size_t skip = strncmp(err->text, folder, strlen(folder)) == 0 ? strlen(folder) + 1 : 0;
  if (strcmp(err->text + skip, want) != 0) fail_msg("%s:\n  it says  %s\n  not      %s", wrong, err->text + skip, want);
}

/* ---- Numbers ------------------------------------------------------------------------ */

/* The one number of a CSV text; false when it is refused. */
static bool read_number(const char *text, double *value) {
  gr_err err;
  gr_csv csv;
  if (!gr_csv_parse(text, strlen(text), "n.csv", ',', GR_HEADER_NO, GR_F64, &csv, &err)) return false;
  *value = gr_get(csv.x, 0);
  gr_csv_free(&csv);
  return true;
}

/* The compiler reads the same digits exactly rounded. */
#define EXACT(digits) \
  { #digits, digits }
static const struct {
  const char *text;
  double value;
} number_cases[] = {
  EXACT(0),
  EXACT(7),
  EXACT(-7),
  EXACT(+7),
  EXACT(00012.0),
  EXACT(0.1),
  EXACT(.5),
  EXACT(5.),
  EXACT(-.5),
  EXACT(1e5),
  EXACT(1E+5),
  EXACT(1e-5),
  EXACT(1.5e3),
  EXACT(1e22),
  EXACT(1e23),
  EXACT(1e-22),
  EXACT(1e-23),
  EXACT(123456789012345678),
  EXACT(9007199254740992.0),
  EXACT(9007199254740993.0),
  EXACT(9007199254740995.0),
  EXACT(18446744073709551615.0),
  EXACT(18446744073709551616.0),
  EXACT(9999999999999999999.0),
  EXACT(0.8444218515250481),
  EXACT(-0.0018820165277906047),
  EXACT(1.2345678901234567),
  EXACT(0.01234567890123456789),
  EXACT(1.0000000000000002220446049250313),
  EXACT(1.00000000000000011102230246251565404236316680908203125),
  EXACT(1.00000000000000011102230246251565404236316680908203126),
  EXACT(0.500000000000000166533453693773481063544750213623046875),
  EXACT(6.9294956446009195e15),
  EXACT(2.2250738585072014e-308),
  EXACT(2.2250738585072011e-308),
  EXACT(4.9406564584124654e-324),
  EXACT(1.7976931348623157e308),
  { "1e-400", 0 },
  EXACT(3.141592653589793238462643383279502884197169399375105820974944592307816406286),
};

static void a_number_is_not_the_nearest_double(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(number_cases); i++) {
    double value = NAN;
    if (!read_number(number_cases[i].text, &value)) fail_msg("%s is refused", number_cases[i].text);
    if (value != number_cases[i].value) fail_msg("%s is read as %a, not %a", number_cases[i].text, value, number_cases[i].value);
  }
}

static uint64_t next_random(uint64_t *x) { /* the 64 bit generator of Knuth's MMIX; the high bits are good */
  *x = *x * 6364136223846793005u + 1442695040888963407u;
  return *x >> 11;
}

/* Of 1 to 20 digits, with a point anywhere, and for some an exponent: strtod is slow, and right. */
static void a_number_differs_from_strtod(void **state) {
  uint64_t x = 1;
  (void)state;
  for (int i = 0; i < 300000; i++) {
    char text[64];
    int digits = 1 + (int)(next_random(&x) % 20), point = (int)(next_random(&x) % 21), n = 0;
    if (next_random(&x) % 2) text[n++] = '-';
    for (int j = 0; j < digits; j++) {
      if (j == point) text[n++] = '.';
      text[n++] = (char)('0' + next_random(&x) % 10);
    }
    text[n] = 0;
    if (next_random(&x) % 3 == 0) snprintf(text + n, sizeof text - (size_t)n, "e%d", (int)(next_random(&x) % 60) - 30);
    double value = NAN, want = strtod(text, NULL);
    if (!read_number(text, &value)) fail_msg("%s is refused", text);
    if (value != want) fail_msg("%s is read as %a, not %a", text, value, want);
  }
}

/* Doubles in all their 17 digits, and half way between two floats and two doubles. */
static void a_double_does_not_come_back(void **state) {
  uint64_t x = 2;
  (void)state;
  for (int i = 0; i < 100000; i++) {
    char text[64];
    double value = NAN, want = ((double)next_random(&x) - 0x1p52) * 0x1p-53;
    snprintf(text, sizeof text, "%.17g", want);
    if (!read_number(text, &value) || value != want) fail_msg("%s is read as %.17g", text, value);
  }
}

static void what_is_no_number_is_read_as_one(void **state) {
  static const char *const texts[] = { "abc", "0x10", "inf",  "-inf", "infinity", "nan",   "NaN(1)", "1e",   "1e+", "e5",
                                       ".",   "-",    "+",    "--1",  "1-",       "1.2.3", "1 2",    "1,5e", "1_0", "1f",
                                       "1d3", "٣",    "1e5x", "1p3",  "$1",       "1%",    "−1",     "1'0",  "0b1", "1e1.5" };
  (void)state;
  for (size_t i = 0; i < COUNT(texts); i++) {
    double value;
    if (read_number(texts[i], &value)) fail_msg("\"%s\" is read as %g", texts[i], value);
  }
}

/* ---- CSV ---------------------------------------------------------------------------- */

static const struct {
  const char *wrong, *text;
  char separator;
  gr_header header;
  size_t rows, columns;
  double x[6];
  const char *names[3];
} csv_cases[] = {
  { "a plain table", "1,2\n3,4\n", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "the last line without an end", "1,2\n3,4", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "lines as Windows ends them", "a,b\r\n1,2\r\n3,4\r\n", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { "a", "b" } },
  { "a carriage return at the very end", "1,2\r\n3,4\r", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "a byte-order mark",
    "\xEF\xBB\xBF"
    "a,b\n1,2\n",
    ',',
    GR_HEADER_AUTO,
    1,
    2,
    { 1, 2 },
    { "a", "b" } },
  { "blank lines", "\n  \n1,2\n\r\n\t\n3,4\n\n \n", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "spaces around numbers", " 1 ,\t2\n3\t, 4 \n", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "numbers in quotes", "\"1\",\" 2 \"\n\"3\" , \"4\"\n", ',', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "quotes within a name", "\"a \"\"b\"\"\",c\n1,2\n", ',', GR_HEADER_AUTO, 1, 2, { 1, 2 }, { "a \"b\"", "c" } },
  { "a separator within a name", "\"a,b\",c\n1,2\n", ',', GR_HEADER_AUTO, 1, 2, { 1, 2 }, { "a,b", "c" } },
  { "a line end within a name", "\"a\nb\",c\n1,2\n", ',', GR_HEADER_AUTO, 1, 2, { 1, 2 }, { "a\nb", "c" } },
  { "a name in Korean", "가격,b\n1,2\n", ',', GR_HEADER_AUTO, 1, 2, { 1, 2 }, { "가격", "b" } },
  { "a name that is left out", ",b\n1,2\n", ',', GR_HEADER_AUTO, 1, 2, { 1, 2 }, { "", "b" } },
  { "a header of numbers, asked for", "2019,2020\n1,2\n", ',', GR_HEADER_YES, 1, 2, { 1, 2 }, { "2019", "2020" } },
  { "a header of numbers, not asked for", "2019,2020\n1,2\n", ',', GR_HEADER_AUTO, 2, 2, { 2019, 2020, 1, 2 }, { NULL } },
  { "semicolons", "1;2\n3;4\n", ';', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "tabs", "a\tb\n1\t2\n3\t4\n", '\t', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { "a", "b" } },
  { "spaces between numbers", "1 2\n3 4\n", ' ', GR_HEADER_AUTO, 2, 2, { 1, 2, 3, 4 }, { NULL } },
  { "one column", "1\n\n2\n3", ',', GR_HEADER_NO, 3, 1, { 1, 2, 3 }, { NULL } },
  { "one number", "5", ',', GR_HEADER_AUTO, 1, 1, { 5 }, { NULL } },
};

static void a_csv_is_read_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(csv_cases); i++) {
    const char *wrong = csv_cases[i].wrong, *text = csv_cases[i].text;
    gr_err err;
    gr_csv csv;
    if (!gr_csv_parse(text, strlen(text), "d.csv", csv_cases[i].separator, csv_cases[i].header, GR_F64, &csv, &err))
      fail_msg("%s: %s", wrong, err.text);
    if (csv.x->nd != 2 || csv.x->d[0] != csv_cases[i].rows || csv.x->d[1] != csv_cases[i].columns)
      fail_msg("%s: %zu x %zu", wrong, csv.x->d[0], csv.x->d[1]);
    assert_int_equal(csv.columns, csv_cases[i].columns);
    assert_int_equal(csv.x->size, csv_cases[i].rows * csv_cases[i].columns);
    for (size_t j = 0; j < csv.x->size; j++)
      if (gr_get(csv.x, j) != csv_cases[i].x[j]) fail_msg("%s: number %zu is %g", wrong, j + 1, gr_get(csv.x, j));
    if (!csv.names != !csv_cases[i].names[0]) fail_msg("%s: there is%s a header", wrong, csv.names ? "" : " not");
    for (size_t j = 0; csv.names && j < csv.columns; j++)
      if (!csv_cases[i].names[j] || strcmp(csv.names[j], csv_cases[i].names[j]) != 0)
        fail_msg("%s: a name is %s", wrong, csv.names[j]);
    gr_csv_free(&csv);
  }
}

static const struct {
  const char *wrong, *text;
  gr_header header;
  const char *message;
} csv_mistakes[] = {
  { "a word, with a header", "age,sex,bmi\n1,2,3\n1,2,abc\n", GR_HEADER_AUTO,
    "d.csv:3: column 3 (\"bmi\"): \"abc\" is not a number" },
  { "a word, without a header", "1,2\n\n1,abc\n", GR_HEADER_NO, "d.csv:3: column 2: \"abc\" is not a number" },
  { "a header that is denied", "a,b\n1,2\n", GR_HEADER_NO, "d.csv:1: column 1: \"a\" is not a number" },
  { "a word below quotes with a line end", "\"a\nb\",c\n1,2\n1,x\n", GR_HEADER_AUTO,
    "d.csv:4: column 2 (\"c\"): \"x\" is not a number" },
  { "a comma for a point", "1;2\n1,5;2\n", GR_HEADER_NO, "d.csv:1: column 1: \"1;2\" is not a number" },
  { "a long word", "1\nabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n", GR_HEADER_NO,
    "d.csv:2: column 1: \"abcdefghijklmnopqrstuvwxyzabcdefghijklmn...\" is not a number" },
  { "a long word cut within a letter", "1\naㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏ\n", GR_HEADER_NO,
    "d.csv:2: column 1: \"aㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏㅏ...\" is not a number" },
  { "a word that would move the cursor", "1\na\x1b[2J\rb\n", GR_HEADER_NO, "d.csv:2: column 1: \"a?[2J?b\" is not a number" },
  { "a hexadecimal number", "0x1F\n", GR_HEADER_NO, "d.csv:1: column 1: \"0x1F\" is not a number" },
  { "an infinity", "1,inf\n", GR_HEADER_NO, "d.csv:1: column 2: \"inf\" is not a number" },
  { "a number too large", "1,1e999\n", GR_HEADER_NO, "d.csv:1: column 2: \"1e999\" is too large for f64" },
  { "a number too large, negative and in quotes", "1,\"-1e999\"\n", GR_HEADER_NO,
    "d.csv:1: column 2: \"-1e999\" is too large for f64" },
  { "a missing value", "1,2\n1,\n", GR_HEADER_NO, "d.csv:2: column 2 is empty: missing values are not allowed" },
  { "a missing value at the very end", "1,2\n1,", GR_HEADER_NO, "d.csv:2: column 2 is empty: missing values are not allowed" },
  { "a missing value, with a header", "a,b\n1,2\n , 2\n", GR_HEADER_AUTO,
    "d.csv:3: column 1 (\"a\") is empty: missing values are not allowed" },
  { "a missing value in quotes", "1,\"\"\n", GR_HEADER_NO, "d.csv:1: column 2 is empty: missing values are not allowed" },
  { "NA", "1,2\n1,NA\n", GR_HEADER_AUTO, "d.csv:2: column 2: \"NA\" is not a number: missing values are not allowed" },
  { "NaN", "1,NaN\n", GR_HEADER_AUTO, "d.csv:1: column 2: \"NaN\" is not a number: missing values are not allowed" },
  { "null", "1,null\n", GR_HEADER_NO, "d.csv:1: column 2: \"null\" is not a number: missing values are not allowed" },
  { "a short row", "1,2,3,4,5\n1,2,3,4,5\n\n1,2,3,4\n", GR_HEADER_NO, "d.csv:4: 4 fields where line 1 has 5" },
  { "a row of one field", "\na,b\n1,2\n1\n", GR_HEADER_AUTO, "d.csv:4: 1 field where line 2 has 2" },
  { "a long row", "1,2\n1,2,3,4\n", GR_HEADER_NO, "d.csv:2: 4 fields where line 1 has 2" },
  { "a long row of words", "1,2\n1,2,a,\"b\"\n", GR_HEADER_NO, "d.csv:2: 4 fields where line 1 has 2" },
  { "a long first row", "1,2,3,4,5,6,7,8,9\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", GR_HEADER_NO, "d.csv:2: 1 field where line 1 has 9" },
  { "a quote that is never closed", "1,2\n3,4\n5,\"6\n7,8\n", GR_HEADER_NO,
    "d.csv:3: column 2: a quote is opened and never closed" },
  { "a quote that is never closed in the header", "a,\"b\n1,2\n", GR_HEADER_AUTO,
    "d.csv:1: column 2: a quote is opened and never closed" },
  { "text behind a quote", "1,\"2\"3\n", GR_HEADER_NO, "d.csv:1: column 2: there is text behind the closing quote" },
  { "an empty file", "", GR_HEADER_AUTO, "d.csv: has no rows of numbers" },
  { "a file of blank lines", "\n \r\n\n", GR_HEADER_AUTO, "d.csv: has no rows of numbers" },
  { "a byte-order mark alone", "\xEF\xBB\xBF", GR_HEADER_AUTO, "d.csv: has no rows of numbers" },
  { "a header alone", "a,b\n", GR_HEADER_AUTO, "d.csv: has no rows of numbers" },
};

static void a_mistake_in_a_csv_is_told_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(csv_mistakes); i++) {
    gr_err err;
    gr_csv csv;
    const char *text = csv_mistakes[i].text;
    if (gr_csv_parse(text, strlen(text), "d.csv", ',', csv_mistakes[i].header, GR_F64, &csv, &err))
      fail_msg("%s is accepted", csv_mistakes[i].wrong);
    check_message(csv_mistakes[i].wrong, &err, csv_mistakes[i].message);
    assert_null(csv.x);
    assert_null(csv.names);
  }
}

static void a_zero_byte_is_read_over(void **state) {
  static const char text[] = "1,2\n3,\0004\n";
  gr_err err;
  gr_csv csv;
  (void)state;
  assert_false(gr_csv_parse(text, sizeof text - 1, "d.csv", ',', GR_HEADER_NO, GR_F64, &csv, &err));
  check_message("a zero byte", &err, "d.csv: has a zero byte: this is no text file");
}

static void a_float_that_overflows_is_accepted(void **state) {
  gr_err err;
  gr_csv csv;
  (void)state;
  assert_false(gr_csv_parse("1e39\n", 5, "d.csv", ',', GR_HEADER_NO, GR_F32, &csv, &err));
  check_message("1e39 as a float", &err, "d.csv:1: column 1: \"1e39\" is too large for f32");
  assert_true(gr_csv_parse("1e38\n", 5, "d.csv", ',', GR_HEADER_NO, GR_F32, &csv, &err));
  assert_int_equal(csv.x->dtype, GR_F32);
  assert_true(gr_get(csv.x, 0) == (double)1e38f);
  gr_csv_free(&csv);
}

/* Text need not end with a zero byte: each piece is put where the sanitizer watches its end. */
static void reading_goes_beyond_the_text(void **state) {
  static const char text[] = "\"a\"\"\",b\r\n1,2e5\r\n\"3\",-4.25e-3 \n";
  (void)state;
  for (size_t n = 0; n < sizeof text; n++) {
    gr_err err;
    gr_csv csv;
    char *piece = malloc(n ? n : 1);
    memcpy(piece, text, n);
    if (gr_csv_parse(piece, n, "d.csv", ',', GR_HEADER_AUTO, GR_F64, &csv, &err)) gr_csv_free(&csv);
    free(piece);
  }
}

static void a_csv_file_differs_from_its_text(void **state) {
  static const char text[] = "a,b\n1,2\n3,4\n";
  unsigned char zipped[200];
  gr_err err;
  gr_csv csv;
  (void)state;
  assert_true(gr_csv_read(write_file("file", text, sizeof text - 1), ',', GR_HEADER_AUTO, GR_F64, &csv, &err));
  assert_string_equal(csv.names[1], "b");
  assert_true(gr_get(csv.x, 3) == 4);
  gr_csv_free(&csv);
  zip(text, sizeof text - 1, zipped, sizeof zipped);
  assert_true(gr_csv_read(path_of("file.gz"), ',', GR_HEADER_AUTO, GR_F64, &csv, &err));
  assert_true(gr_get(csv.x, 3) == 4);
  gr_csv_free(&csv);
}

static void a_file_that_cannot_be_read_is_told_wrongly(void **state) {
  gr_err err;
  gr_csv csv;
  char want[PATH];
  (void)state;
  assert_false(gr_csv_read(path_of("absent"), ',', GR_HEADER_AUTO, GR_F64, &csv, &err));
  check_message("no file", &err, "absent: No such file or directory");
  assert_null(gr_idx_read(path_of("absent"), GR_F64, &err));
  check_message("no IDX file", &err, "absent: No such file or directory");
  assert_null(gr_npy_read(path_of("absent"), GR_F64, &err));
  check_message("no .npy file", &err, "absent: No such file or directory");
  assert_false(gr_csv_read(folder, ',', GR_HEADER_AUTO, GR_F64, &csv, &err));
  snprintf(want, sizeof want, "%.400s: is a folder, not a file", folder);
  assert_string_equal(err.text, want);
}

/* ---- IDX ---------------------------------------------------------------------------- */

/* The numbers are those of the format's description, by hand. */
static const struct {
  const char *type;
  size_t n;
  unsigned char bytes[40];
  double x[2];
} idx_types[] = {
  { "bytes", 10, { 0, 0, 0x08, 1, 0, 0, 0, 2, 7, 255 }, { 7, 255 } },
  { "signed bytes", 10, { 0, 0, 0x09, 1, 0, 0, 0, 2, 127, 128 }, { 127, -128 } },
  { "16 bits", 12, { 0, 0, 0x0B, 1, 0, 0, 0, 2, 1, 2, 0xFF, 0xFE }, { 258, -2 } },
  { "32 bits", 16, { 0, 0, 0x0C, 1, 0, 0, 0, 2, 1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFE }, { 16909060, -2 } },
  { "floats", 16, { 0, 0, 0x0D, 1, 0, 0, 0, 2, 0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0 }, { 1.5, -2 } },
  { "doubles", 24, { 0, 0, 0x0E, 1, 0, 0, 0, 2, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, { 1.5, -2 } },
};

static void an_idx_type_is_read_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(idx_types); i++)
    for (int dtype = GR_F64; dtype <= GR_F32; dtype++) {
      gr_err err;
      gr_tensor *t = needed(idx_types[i].type,
                            gr_idx_read(write_file("file", idx_types[i].bytes, idx_types[i].n), (gr_dtype)dtype, &err), &err);
      assert_int_equal(t->dtype, dtype);
      assert_int_equal(t->nd, 1);
      assert_int_equal(t->size, 2);
      for (size_t j = 0; j < 2; j++)
        if (gr_get(t, j) != idx_types[i].x[j]) fail_msg("%s: %g, not %g", idx_types[i].type, gr_get(t, j), idx_types[i].x[j]);
      gr_unref(t);
    }
}

static const unsigned char small_idx[] = { 0, 0, 0x08, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60 };

static void check_small_idx(const char *wrong, const char *path) {
  gr_err err;
  gr_tensor *t = needed(wrong, gr_idx_read(path, GR_F64, &err), &err);
  assert_int_equal(t->nd, 3);
  assert_int_equal(t->d[0], 2);
  assert_int_equal(t->d[1], 1);
  assert_int_equal(t->d[2], 3);
  for (size_t i = 0; i < 6; i++) assert_true(gr_get(t, i) == 10.0 * (double)(i + 1));
  gr_unref(t);
}

static void an_idx_file_loses_its_shape(void **state) {
  unsigned char zipped[200];
  (void)state;
  check_small_idx("plain", write_file("file", small_idx, sizeof small_idx));
  zip(small_idx, sizeof small_idx, zipped, sizeof zipped);
  check_small_idx("gzipped", path_of("file.gz"));
  const gr_memory_file files[] = { { "other", "", 0 }, { "set/x", (const char *)small_idx, sizeof small_idx }, { NULL, NULL, 0 } };
  gr_err err;
  gr_files_only(files);
  check_small_idx("in memory", "set/x");
  check_small_idx("in memory once more", "set/x");
  assert_null(gr_idx_read("other", GR_F64, &err));
  check_message("an empty file", &err, "other: this is no IDX file");
  assert_null(gr_idx_read(path_of("file"), GR_F64, &err));
  assert_non_null(strstr(err.text, "/file: in a cell there are no files but those that were given to it"));
  gr_files_only(NULL);
  check_small_idx("on the disk again", path_of("file"));
}

static const struct {
  const char *wrong;
  size_t n;
  unsigned char bytes[16];
  const char *message;
} idx_mistakes[] = {
  { "an empty file", 0, { 0 }, "file: this is no IDX file" },
  { "another magic", 8, { 0x89, 'P', 'N', 'G', 0, 0, 0, 1 }, "file: this is no IDX file" },
  { "an unknown type", 9, { 0, 0, 0x0A, 1, 0, 0, 0, 1, 5 }, "file: this is no IDX file" },
  { "no axes", 5, { 0, 0, 0x08, 0, 5 }, "file: has 0 axes: from 1 to 8 can be read" },
  { "too many axes", 9, { 0, 0, 0x08, 9, 0, 0, 0, 1, 5 }, "file: has 9 axes: from 1 to 8 can be read" },
  { "an end within the sizes", 10, { 0, 0, 0x08, 2, 0, 0, 0, 1, 0, 0 }, "file: ends within its header" },
  { "a size of 0", 8, { 0, 0, 0x08, 1, 0, 0, 0, 0 }, "file: size 1 is 0" },
  { "an end within the numbers", 10, { 0, 0, 0x08, 1, 0, 0, 0, 3, 1, 2 }, "file: ends early: 3 takes 3 bytes, and there are 2" },
  { "numbers too many",
    11,
    { 0, 0, 0x08, 1, 0, 0, 0, 2, 1, 2, 3 },
    "file: goes on after its end: 2 takes 2 bytes, and there are 3" },
  { "a promise of 4 GB",
    9,
    { 0, 0, 0x08, 1, 0xFF, 0xFF, 0xFF, 0xFF, 5 },
    "file: ends early: 4294967295 takes 4294967295 bytes, and there are 1" },
};

static void a_mistake_in_an_idx_file_is_told_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(idx_mistakes); i++) {
    gr_err err;
    gr_tensor *t = gr_idx_read(write_file("file", idx_mistakes[i].bytes, idx_mistakes[i].n), GR_F64, &err);
    if (t) fail_msg("%s is accepted", idx_mistakes[i].wrong);
    check_message(idx_mistakes[i].wrong, &err, idx_mistakes[i].message);
  }
}

static void sizes_that_overflow_are_multiplied(void **state) {
  unsigned char bytes[4 + 4 * 8 + 1] = { 0, 0, 0x0E, 8 };
  gr_err err;
  (void)state;
  memset(bytes + 4, 0xFF, 4 * 8);
  assert_null(gr_idx_read(write_file("file", bytes, sizeof bytes), GR_F64, &err));
  check_message("2^256 numbers", &err, "file: its sizes are more than this machine can address");
}

/* A million zeros are a thousand bytes gzipped: no more of them are read than was asked for. */
static void a_file_that_swells_is_read_whole(void **state) {
  static char zeros[1000000];
  static unsigned char zipped[1 << 16];
  const size_t all = sizeof zeros;
  gr_err err;
  size_t n;
  (void)state;
  zip(zeros, all, zipped, sizeof zipped);
  char *bytes = gr_file_bytes_most(path_of("file.gz"), all, &n, &err);
  if (!bytes) fail_msg("%s", err.text);
  assert_int_equal(n, all);
  gr_free(bytes);
  assert_null(gr_file_bytes_most(path_of("file.gz"), all - 1, &n, &err));
  check_message("a byte too many", &err, "file.gz: holds more than 999999 bytes, unpacked; no more are read");
  write_file("file", zeros, all);
  gr_memory_fail_at(2, 9); /* one request is enough for so few */
  assert_null(gr_file_bytes_most(path_of("file"), 100, &n, &err));
  gr_memory_fail_at(0, 0);
  check_message("plain", &err, "file: holds more than 100 bytes, unpacked; no more are read");
  assert_null(gr_file_bytes_most(path_of("file"), 0, &n, &err));
  bytes = gr_file_bytes_most(write_file("file", "", 0), 0, &n, &err);
  assert_non_null(bytes);
  assert_int_equal(n, 0);
  gr_free(bytes);
}

static void damaged_gzip_is_told_wrongly(void **state) {
  unsigned char zipped[200];
  gr_err err;
  (void)state;
  size_t n = zip(small_idx, sizeof small_idx, zipped, sizeof zipped);
  assert_null(gr_idx_read(write_file("file.gz", zipped, n - 5), GR_F64, &err));
  check_message("a gzip file cut short", &err, "file.gz: the compressed data ends early");
  zipped[n - 8] ^= 1;
  assert_null(gr_idx_read(write_file("file.gz", zipped, n), GR_F64, &err));
  assert_non_null(strstr(err.text, "file.gz: the compressed data is damaged"));
}

/* ---- .npy --------------------------------------------------------------------------- */

/* A file as numpy.save lays it out: magic, version, the header's length, the header filled up with spaces. */
static size_t npy(unsigned char *out, int version, const char *header, const void *data, size_t n) {
  size_t length = strlen(header) + 1, at = version == 1 ? 10 : 12;
  while ((at + length) % 64) length++;
  memcpy(out, "\x93NUMPY", 6);
  out[6] = (unsigned char)version;
  out[7] = 0;
  for (size_t i = 8; i < at; i++) out[i] = (unsigned char)(length >> 8 * (i - 8));
  memset(out + at, ' ', length);
  memcpy(out + at, header, strlen(header));
  out[at + length - 1] = '\n';
  memcpy(out + at + length, data, n);
  return at + length + n;
}

#define DATA(...) \
  (const unsigned char[]){ __VA_ARGS__ }, sizeof(const unsigned char[]) { __VA_ARGS__ }

/* Data and headers are what numpy 1.24.2 saved for these arrays, unless the case says otherwise. */
static const struct {
  const char *wrong;
  int version;
  const char *header;
  const unsigned char *data;
  size_t n;
  gr_dtype dtype; /* of the result, when f64 is asked for */
  int nd;
  size_t d[3];
  double x[24];
} npy_cases[] = {
  { "doubles in rows",
    1,
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }",
    DATA(0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 8, 0x40, 0, 0, 0, 0, 0, 0, 0x10, 0x40, 0, 0, 0,
         0, 0, 0, 0x14, 0x40, 0, 0, 0, 0, 0, 0, 0x18, 0x40),
    GR_F64,
    2,
    { 3, 2 },
    { 1.5, -2, 3, 4, 5, 6 } },
  { "doubles in columns",
    1,
    "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }",
    DATA(0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 8, 0x40, 0, 0, 0, 0, 0, 0, 0x14, 0x40, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0,
         0, 0, 0, 0x10, 0x40, 0, 0, 0, 0, 0, 0, 0x18, 0x40),
    GR_F64,
    2,
    { 3, 2 },
    { 1.5, -2, 3, 4, 5, 6 } },
  { "three axes, the first one fastest",
    1,
    "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }",
    DATA(0, 0, 12, 0, 4, 0, 16, 0, 8, 0, 20, 0, 1, 0, 13, 0, 5, 0, 17, 0, 9, 0, 21, 0, 2, 0, 14, 0, 6, 0, 18, 0, 10, 0, 22, 0, 3, 0,
         15, 0, 7, 0, 19, 0, 11, 0, 23, 0),
    GR_F64,
    3,
    { 2, 3, 4 },
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 } },
  { "the high byte first",
    1,
    "{'descr': '>i4', 'fortran_order': False, 'shape': (3,), }",
    DATA(0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe, 0, 0, 1, 0x2c),
    GR_F64,
    1,
    { 3 },
    { 1, -2, 300 } },
  { "doubles, the high byte first",
    1,
    "{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }",
    DATA(0x3f, 0xf8, 0, 0, 0, 0, 0, 0),
    GR_F64,
    1,
    { 1 },
    { 1.5 } },
  { "a single number",
    1,
    "{'descr': '<f8', 'fortran_order': False, 'shape': (), }",
    DATA(0, 0, 0, 0, 0, 0, 4, 0x40),
    GR_F64,
    0,
    { 0 },
    { 2.5 } },
  { "floats",
    1,
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    DATA(0xcd, 0xcc, 0xcc, 0x3d),
    GR_F32,
    1,
    { 1 },
    { (double)0.1f } },
  { "truth values", 1, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", DATA(1, 0), GR_F64, 1, { 2 }, { 1, 0 } },
  { "signed bytes",
    1,
    "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }",
    DATA(0x80, 0x7f),
    GR_F64,
    1,
    { 2 },
    { -128, 127 } },
  { "bytes", 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", DATA(0x80, 0x7f), GR_F64, 1, { 2 }, { 128, 127 } },
  { "the largest integer",
    1,
    "{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }",
    DATA(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0, 0, 0, 0),
    GR_F64,
    1,
    { 2 },
    { 0x1p64, 1 } },
  { "version 2", 2, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", DATA(1, 2), GR_F64, 1, { 2 }, { 1, 2 } },
  { "version 3", 3, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", DATA(1, 2), GR_F64, 1, { 2 }, { 1, 2 } },
  { "keys in another order, by hand",
    1,
    "{\"shape\":(2,1),\"fortran_order\":False,\"descr\":\"|u1\"}",
    DATA(1, 2),
    GR_F64,
    2,
    { 2, 1 },
    { 1, 2 } },
  { "sizes as Python 2 wrote them, by hand",
    1,
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }",
    DATA(1, 2),
    GR_F64,
    1,
    { 2 },
    { 1, 2 } },
};

enum { NPY_ROOM = 1024 };

static void a_npy_file_is_read_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(npy_cases); i++) {
    const char *wrong = npy_cases[i].wrong;
    unsigned char bytes[NPY_ROOM];
    gr_err err;
    size_t n = npy(bytes, npy_cases[i].version, npy_cases[i].header, npy_cases[i].data, npy_cases[i].n);
    gr_tensor *t = needed(wrong, gr_npy_read(write_file("file", bytes, n), GR_F64, &err), &err);
    if (t->dtype != npy_cases[i].dtype) fail_msg("%s: it is %s", wrong, gr_dtype_name(t->dtype));
    if (t->nd != npy_cases[i].nd || memcmp(t->d, npy_cases[i].d, (size_t)t->nd * sizeof *t->d) != 0)
      fail_msg("%s: another shape", wrong);
    for (size_t j = 0; j < t->size; j++)
      if (gr_get(t, j) != npy_cases[i].x[j]) fail_msg("%s: number %zu is %.17g", wrong, j + 1, gr_get(t, j));
    gr_unref(t);
  }
}

static void whole_numbers_do_not_take_the_type_asked_for(void **state) {
  unsigned char bytes[NPY_ROOM];
  gr_err err;
  (void)state;
  size_t n = npy(bytes, 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "\1\2", 2);
  gr_tensor *t = gr_npy_read(write_file("file", bytes, n), GR_F32, &err);
  assert_non_null(t);
  assert_int_equal(t->dtype, GR_F32);
  assert_true(gr_get(t, 1) == 2);
  gr_unref(t);
}

static const struct {
  const char *wrong, *header;
  size_t n; /* bytes of data, all 0 */
  const char *message;
} npy_mistakes[] = {
  { "Python objects", "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 16,
    "file: holds Python objects: they are refused, because reading them would run the code in them" },
  { "complex numbers", "{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", 16,
    "file: its numbers are of type '<c16': f4 f8, i1 to i8, u1 to u8 and b1 can be read" },
  { "half floats", "{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", 2,
    "file: its numbers are of type '<f2': f4 f8, i1 to i8, u1 to u8 and b1 can be read" },
  { "text", "{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }", 20,
    "file: its numbers are of type '<U5': f4 f8, i1 to i8, u1 to u8 and b1 can be read" },
  { "a table of named fields", "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", 8,
    "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "no type", "{'fortran_order': False, 'shape': (1,), }", 8, "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "no shape", "{'descr': '<f8', 'fortran_order': False, }", 8, "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "an unknown key", "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}", 8,
    "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "a negative size", "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", 8,
    "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "a size that overflows", "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", 8,
    "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "nine axes", "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1), }", 8,
    "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "text behind the header", "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } x", 8,
    "file: its header cannot be read (up to 8 axes, plain numbers)" },
  { "sizes whose product overflows", "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", 8,
    "file: its sizes are more than this machine can address" },
  { "a size of 0", "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", 0, "file: size 1 is 0" },
  { "an end within the numbers", "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", 47,
    "file: ends early: 3 x 2 takes 48 bytes, and there are 47" },
  { "numbers too many", "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", 49,
    "file: goes on after its end: 3 x 2 takes 48 bytes, and there are 49" },
  { "a promise of a terabyte", "{'descr': '<f8', 'fortran_order': False, 'shape': (137438953472,), }", 8,
    "file: ends early: 137438953472 takes 1099511627776 bytes, and there are 8" },
};

static void a_mistake_in_a_npy_file_is_told_wrongly(void **state) {
  static const unsigned char zeros[64];
  (void)state;
  for (size_t i = 0; i < COUNT(npy_mistakes); i++) {
    unsigned char bytes[NPY_ROOM];
    gr_err err;
    size_t n = npy(bytes, 1, npy_mistakes[i].header, zeros, npy_mistakes[i].n);
    if (gr_npy_read(write_file("file", bytes, n), GR_F64, &err)) fail_msg("%s: accepted", npy_mistakes[i].wrong);
    check_message(npy_mistakes[i].wrong, &err, npy_mistakes[i].message);
  }
}

static void a_npy_prefix_is_not_checked(void **state) {
  static const char header[] = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
  unsigned char bytes[NPY_ROOM];
  gr_err err;
  (void)state;
  size_t n = npy(bytes, 1, header, "\1\2", 2);
  bytes[6] = 4;
  assert_null(gr_npy_read(write_file("file", bytes, n), GR_F64, &err));
  check_message("an unknown version", &err, "file: is of version 4: versions 1 to 3 can be read");
  n = npy(bytes, 2, header, "\1\2", 2);
  bytes[11] = 0xFF;
  assert_null(gr_npy_read(write_file("file", bytes, n), GR_F64, &err));
  check_message("a header of 4 GB", &err, "file: ends within its header");
  assert_null(gr_npy_read(write_file("file", "PK\3\4 not an array", 18), GR_F64, &err));
  check_message("another format", &err, "file: this is no .npy file");
}

/* ---- Byte sets ---------------------------------------------------------------------- */

/* Reads a file as all that one can do with a byte set makes of it: the same numbers as from gr_idx_read. */
static gr_tensor *read_by_bytes(const char *path, gr_dtype dtype, gr_err *err) {
  gr_dtype other = dtype == GR_F64 ? GR_F32 : GR_F64;
  gr_tensor *t = NULL, *order = NULL;
  gr_bytes *b = gr_idx_read_bytes(path, other, 1, err), *typed = NULL, *taken = NULL, *shaped = NULL;
  if (b && (typed = gr_bytes_to(b, dtype, err)) && (order = gr_arange(GR_F64, 1, (double)b->d[0] + 1, 1, err)))
    taken = gr_bytes_take(typed, order, err);
  if (taken && (shaped = gr_bytes_reshape(taken, b->nd, b->d, err))) t = gr_bytes_tensor(shaped, order, 0, b->d[0], err);
  gr_bytes_unref(b);
  gr_bytes_unref(typed);
  gr_bytes_unref(taken);
  gr_bytes_unref(shaped);
  gr_unref(order);
  return t;
}

static void bytes_become_other_numbers(void **state) {
  gr_err err;
  (void)state;
  for (int dtype = GR_F64; dtype <= GR_F32; dtype++) {
    const char *path = write_file("file", small_idx, sizeof small_idx);
    gr_tensor *expected = needed("the tensor", gr_idx_read(path, (gr_dtype)dtype, &err), &err);
    gr_tensor *t = needed("the bytes", read_by_bytes(path, (gr_dtype)dtype, &err), &err);
    assert_int_equal(t->dtype, dtype);
    assert_true(gr_equal(t, expected));
    gr_unref(t);
    gr_unref(expected);
  }
}

/* Threads share large reads; each row is read by one of them, whatever it begins with. */
static void threads_read_other_rows(void **state) {
  enum { ROWS = 5003, COLUMNS = 37 };
  gr_err err;
  gr_bytes *b = gr_bytes_new(2, (size_t[]){ ROWS, COLUMNS }, 255, GR_F64, &err);
  (void)state;
  if (!b) {
    fail_msg("%s", err.text);
    return;
  }
  for (size_t i = 0; i < b->size; i++) ((unsigned char *)b->block->data)[i] = (unsigned char)(i * i / 7);
  gr_tensor *order = needed("the order", gr_arange(GR_F64, ROWS, 0, -1, &err), &err);
  gr_set_threads(2);
  gr_tensor *t = needed("two threads", gr_bytes_tensor(b, order, 3, ROWS - 3, &err), &err);
  gr_set_threads(1);
  for (size_t i = 0; i < t->size; i++) {
    size_t row = ROWS - 4 - i / COLUMNS;
    assert_true(gr_get(t, i) == b->x[row * COLUMNS + i % COLUMNS] / 255.0);
  }
  assert_null(gr_bytes_tensor(b, NULL, 1, ROWS, &err));
  assert_string_equal(err.text, "rows 2 to 5004 of a byte set (5003 x 37): there are 5003");
  gr_unref(t);
  gr_unref(order);
  gr_bytes_unref(b);
}

/* ---- Hostile files ------------------------------------------------------------------ */

typedef gr_tensor *(*file_reader)(const char *path, gr_dtype dtype, gr_err *err);

/* Whatever the file says, it is read or refused with a message; the sanitizers see all else. */
static void read_and_forget(file_reader reader, const char *path) {
  gr_err err = { .text = "" };
  gr_tensor *t = reader(path, GR_F64, &err);
  if (t) assert_true(t->size > 0);
  else assert_true(err.text[0]);
  gr_unref(t);
}

static void cut_everywhere(file_reader reader, const char *name, const unsigned char *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) {
    gr_err err;
    if (reader(write_file(name, bytes, i), GR_F64, &err)) fail_msg("%s is read though only %zu of %zu bytes are there", name, i, n);
  }
}

/* Each byte becomes several others, near and far. */
static void change_everywhere(file_reader reader, const char *name, unsigned char *bytes, size_t n) {
  static const unsigned char changes[] = { 0x01, 0x02, 0x04, 0x10, 0x40, 0x80, 0x7F, 0xFF };
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < COUNT(changes); j++) {
      bytes[i] ^= changes[j];
      read_and_forget(reader, write_file(name, bytes, n));
      bytes[i] ^= changes[j];
    }
}

static void a_damaged_idx_file_does_harm(void **state) {
  unsigned char bytes[200];
  (void)state;
  memcpy(bytes, small_idx, sizeof small_idx);
  cut_everywhere(gr_idx_read, "file", bytes, sizeof small_idx);
  change_everywhere(gr_idx_read, "file", bytes, sizeof small_idx);
  cut_everywhere(read_by_bytes, "file", bytes, sizeof small_idx);
  change_everywhere(read_by_bytes, "file", bytes, sizeof small_idx);
  size_t n = zip(small_idx, sizeof small_idx, bytes, sizeof bytes);
  cut_everywhere(gr_idx_read, "file.gz", bytes, n);
  change_everywhere(gr_idx_read, "file.gz", bytes, n);
}

static void a_damaged_npy_file_does_harm(void **state) {
  unsigned char bytes[NPY_ROOM];
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    size_t n = npy(bytes, npy_cases[i].version, npy_cases[i].header, npy_cases[i].data, npy_cases[i].n);
    cut_everywhere(gr_npy_read, "file", bytes, n);
    change_everywhere(gr_npy_read, "file", bytes, n);
  }
}

/* Every request for memory fails once; the sanitizer finds what is then left behind. */
static void lack_of_memory_leaves_something_behind(void **state) {
  static const char text[] = "a,\"b\"\n1,2\n3,4\n";
  unsigned char bytes[NPY_ROOM];
  gr_err err;
  gr_csv csv;
  gr_tensor *t = NULL;
  size_t held = gr_bytes_held();
  (void)state;
  for (size_t i = 1; !t; i++) {
    const char *path = write_file("file", small_idx, sizeof small_idx);
    gr_memory_fail_at(i, 2);
    t = gr_idx_read(path, GR_F64, &err);
  }
  gr_unref(t);
  t = NULL;
  for (size_t i = 1; !t; i++) {
    size_t n = npy(bytes, 1, npy_cases[0].header, npy_cases[0].data, npy_cases[0].n);
    const char *path = write_file("file", bytes, n);
    gr_memory_fail_at(i, 2);
    t = gr_npy_read(path, GR_F64, &err);
  }
  gr_unref(t);
  t = NULL;
  for (size_t i = 1; !t; i++) {
    const char *path = write_file("file", small_idx, sizeof small_idx);
    gr_memory_fail_at(i, 2);
    t = read_by_bytes(path, GR_F64, &err);
  }
  gr_unref(t);
  bool done = false;
  for (size_t i = 1; !done; i++) {
    const char *path = write_file("file", text, sizeof text - 1);
    gr_memory_fail_at(i, 2);
    done = gr_csv_read(path, ',', GR_HEADER_AUTO, GR_F64, &csv, &err);
    if (!done) assert_non_null(strstr(err.text, "out of memory"));
  }
  gr_memory_fail_at(0, 1);
  gr_csv_free(&csv);
  assert_int_equal(gr_bytes_held(), held);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_number_is_not_the_nearest_double),
    cmocka_unit_test(a_number_differs_from_strtod),
    cmocka_unit_test(a_double_does_not_come_back),
    cmocka_unit_test(what_is_no_number_is_read_as_one),
    cmocka_unit_test(a_csv_is_read_wrongly),
    cmocka_unit_test(a_mistake_in_a_csv_is_told_wrongly),
    cmocka_unit_test(a_zero_byte_is_read_over),
    cmocka_unit_test(a_float_that_overflows_is_accepted),
    cmocka_unit_test(reading_goes_beyond_the_text),
    cmocka_unit_test(a_csv_file_differs_from_its_text),
    cmocka_unit_test(a_file_that_cannot_be_read_is_told_wrongly),
    cmocka_unit_test(an_idx_type_is_read_wrongly),
    cmocka_unit_test(an_idx_file_loses_its_shape),
    cmocka_unit_test(a_mistake_in_an_idx_file_is_told_wrongly),
    cmocka_unit_test(sizes_that_overflow_are_multiplied),
    cmocka_unit_test(a_file_that_swells_is_read_whole),
    cmocka_unit_test(damaged_gzip_is_told_wrongly),
    cmocka_unit_test(a_npy_file_is_read_wrongly),
    cmocka_unit_test(whole_numbers_do_not_take_the_type_asked_for),
    cmocka_unit_test(a_mistake_in_a_npy_file_is_told_wrongly),
    cmocka_unit_test(a_npy_prefix_is_not_checked),
    cmocka_unit_test(bytes_become_other_numbers),
    cmocka_unit_test(threads_read_other_rows),
    cmocka_unit_test(a_damaged_idx_file_does_harm),
    cmocka_unit_test(a_damaged_npy_file_does_harm),
    cmocka_unit_test(lack_of_memory_leaves_something_behind),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
