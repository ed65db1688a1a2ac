/* Files of named tensors: what is written, what is read, what is refused and how, and that a failure leaves the old file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { ROOM = 4096 };

/* How many files lie in the folder. */
static size_t files_there(void) {
  DIR *dir = opendir(folder);
  size_t n = 0;
  assert_non_null(dir);
  for (const struct dirent *one; (one = readdir(dir));) n += one->d_name[0] != '.';
  closedir(dir);
  return n;
}

static FILE *opened(const char *name, const char *mode) {
  FILE *f = fopen(path_of(name), mode);
  if (f) return f;
  fail_msg("%s cannot be opened", path_of(name));
  abort();
}

static const char *write_file(const void *bytes, size_t n) {
  FILE *f = opened("file", "wb");
  if (fwrite(bytes, 1, n, f) != n || fclose(f) != 0) fail_msg("%s cannot be written", path_of("file"));
  return path_of("file");
}

static size_t read_file(const char *name, char *out, size_t room) {
  FILE *f = opened(name, "rb");
  size_t n = fread(out, 1, room, f);
  fclose(f);
  return n;
}

/* What the message says behind the folder's name. What follows a wanted "...: " is the JSON library's, in its own words. */
static void check_message(const char *wrong, const gr_err *err, const char *want) {
  size_t skip = strncmp(err->text, folder, strlen(folder)) == 0 ? strlen(folder) + 1 : 0, n = strlen(want);
  bool open = n > 1 && want[n - 1] == ' ';
  if (open ? strncmp(err->text + skip, want, n) != 0 : strcmp(err->text + skip, want) != 0)
    fail_msg("%s:\n  it says  %s\n  not      %s", wrong, err->text + skip, want);
}

/* Eight bytes of length, the header, and `zeros` bytes of zeros. */
static size_t file_of(char *out, const char *header, size_t zeros) {
  size_t n = strlen(header);
  assert_true(8 + n + zeros < ROOM);
  for (int i = 0; i < 8; i++) out[i] = (char)(n >> 8 * i);
  snprintf(out + 8, ROOM - 8, "%s", header);
  memset(out + 8 + n, 0, zeros);
  return 8 + n + zeros;
}

/* ---- What is written ---------------------------------------------------------------- */

static gr_tensor *tensor(gr_dtype dtype, int nd, const size_t d[], size_t n, const double values[]) {
  gr_err err;
  gr_tensor *t = gr_new(dtype, nd, d, &err);
  assert_non_null(t);
  assert_int_equal(t->size, n);
  for (size_t i = 0; i < n; i++) gr_set(t, i, values[i]);
  return t;
}

/* f32 in front of f64, so that their order in the file is another; a single number; a note. */
static gr_bundle some_tensors(void) {
  gr_bundle b = { 0 };
  gr_err err;
  gr_tensor *narrow = tensor(GR_F32, 1, (size_t[]){ 3 }, 3, (double[]){ 1, -2.5, INFINITY });
  gr_tensor *wide = tensor(GR_F64, 2, (size_t[]){ 2, 1 }, 2, (double[]){ 0.1, -0.0 }),
            *one = tensor(GR_F64, 0, NULL, 1, (double[]){ 7 });
  assert_true(gr_bundle_add(&b, "b", narrow, &err) && gr_bundle_add(&b, "1.w", wide, &err) && gr_bundle_add(&b, "n", one, &err));
  assert_true(gr_bundle_note(&b, "by", "a \"test\"\n", &err));
  gr_unref(narrow);
  gr_unref(wide);
  gr_unref(one);
  return b;
}

static const char some_header[] = "{\"__metadata__\":{\"by\":\"a \\\"test\\\"\\n\"},"
                                  "\"1.w\":{\"dtype\":\"F64\",\"shape\":[2,1],\"data_offsets\":[0,16]},"
                                  "\"n\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[16,24]},"
                                  "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[24,36]}}";

static const unsigned char some_numbers[] = {
  0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F, 0, 0, 0,    0,    0, 0, 0,    0x80, /* 0.1, -0.0 */
  0,    0,    0,    0,    0,    0,    0x1C, 0x40, 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, /* 7; 1, -2.5 */
  0,    0,    0x80, 0x7F,                                                             /* infinity */
};

static void a_file_differs_from_the_format(void **state) {
  char bytes[ROOM];
  gr_err err;
  gr_bundle b = some_tensors();
  (void)state;
  if (!gr_safetensors_write(path_of("file"), &b, &err)) fail_msg("%s", err.text);
  size_t n = read_file("file", bytes, sizeof bytes), text = strlen(some_header), length = (text + 7) / 8 * 8;
  assert_int_equal(n, 8 + length + sizeof some_numbers);
  assert_int_equal((unsigned char)bytes[0] | (unsigned char)bytes[1] << 8, length);
  assert_memory_equal(bytes + 2, "\0\0\0\0\0\0", 6);
  assert_memory_equal(bytes + 8, some_header, text);
  for (size_t i = text; i < length; i++) assert_int_equal(bytes[8 + i], ' ');
  assert_memory_equal(bytes + 8 + length, some_numbers, sizeof some_numbers);
  gr_bundle_free(&b);
}

static void what_is_written_does_not_come_back(void **state) {
  gr_err err;
  gr_bundle b = some_tensors(), back;
  static const size_t order[] = { 1, 2, 0 };
  (void)state;
  assert_true(gr_safetensors_write(path_of("file"), &b, &err));
  if (!gr_safetensors_read(path_of("file"), &back, &err)) fail_msg("%s", err.text);
  assert_int_equal(back.count, COUNT(order));
  for (size_t i = 0; i < COUNT(order); i++) {
    const gr_tensor *t = b.tensors[order[i]], *u = back.tensors[i];
    assert_string_equal(back.names[i], b.names[order[i]]);
    assert_true(t->dtype == u->dtype && gr_same_shape(t, u));
    assert_memory_equal(t->x, u->x, t->size * gr_dtype_size(t->dtype));
  }
  assert_int_equal(back.notes, 1);
  assert_string_equal(back.values[0], b.values[0]);
  gr_bundle_free(&b);
  gr_bundle_free(&back);
}

static void a_transposed_tensor_is_written_as_it_lies(void **state) {
  gr_err err;
  gr_bundle b = { 0 }, back;
  gr_tensor *t = tensor(GR_F64, 2, (size_t[]){ 2, 3 }, 6, (double[]){ 1, 2, 3, 4, 5, 6 });
  gr_tensor *turned = gr_apply(gr_op_find("T"), &t, 1, NULL, false, &err);
  (void)state;
  assert_true(turned && gr_bundle_add(&b, "t", turned, &err) && gr_safetensors_write(path_of("file"), &b, &err));
  assert_true(gr_safetensors_read(path_of("file"), &back, &err));
  for (size_t i = 0; i < 6; i++) assert_true(gr_get(back.tensors[0], i) == gr_get(turned, i));
  gr_unref(t);
  gr_unref(turned);
  gr_bundle_free(&b);
  gr_bundle_free(&back);
}

static void a_bad_name_is_written(void **state) {
  static const struct {
    const char *name, *message;
  } cases[] = {
    { "", "file: '' cannot be the name of a tensor" },
    { "a\nb", "file: 'a?b' cannot be the name of a tensor" },
    { "__metadata__", "file: '__metadata__' cannot be the name of a tensor" },
    { "\xC3", "file: tensor '\xC3' cannot be written: its name or text is not UTF-8" },
    { "twice", "file: two tensors are named 'twice'" },
  };
  (void)state;
  unlink(path_of("file"));
  for (size_t i = 0; i < COUNT(cases); i++) {
    gr_err err;
    gr_bundle b = { 0 };
    gr_tensor *t = tensor(GR_F64, 0, NULL, 1, (double[]){ 7 });
    assert_true(gr_bundle_add(&b, "twice", t, &err) && gr_bundle_add(&b, cases[i].name, t, &err));
    assert_false(gr_safetensors_write(path_of("file"), &b, &err));
    check_message(cases[i].name, &err, cases[i].message);
    assert_int_equal(files_there(), 0);
    gr_unref(t);
    gr_bundle_free(&b);
  }
}

/* ---- Failures of the disk ----------------------------------------------------------- */

/* Writing the tensors there fails with the message, and leaves `there` files with what was in them. */
static void check_failure(const char *path, const char *message, size_t there) {
  gr_err err;
  gr_bundle b = some_tensors();
  assert_false(gr_safetensors_write(path, &b, &err));
  check_message("a write that cannot be", &err, message);
  assert_int_equal(files_there(), there);
  gr_bundle_free(&b);
}

static void a_place_that_cannot_be_written_is_told_wrongly(void **state) {
  (void)state;
  unlink(path_of("file"));
  check_failure(path_of("nowhere/file"), "nowhere/file: could not be written: No such file or directory", 0);
  check_failure(folder, " is a folder, not a file", 0);
}

static void a_pipe_is_replaced_by_a_file(void **state) {
  struct stat about;
  (void)state;
  assert_int_equal(mkfifo(path_of("file"), 0600), 0);
  check_failure(path_of("file"), "file: is a pipe or a device: only files can be written", 1);
  assert_true(stat(path_of("file"), &about) == 0 && S_ISFIFO(about.st_mode));
  unlink(path_of("file"));
}

/* A limit on the size of files ends a write as a full disk does. */
static void a_full_disk_destroys_the_old_file(void **state) {
  struct rlimit before, small;
  char bytes[ROOM];
  (void)state;
  write_file("old", 3);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 100;
  setrlimit(RLIMIT_FSIZE, &small);
  gr_err err;
  gr_bundle b = some_tensors();
  bool written = gr_safetensors_write(path_of("file"), &b, &err);
  setrlimit(RLIMIT_FSIZE, &before);
  gr_bundle_free(&b);
  assert_false(written);
  check_message("a full disk", &err, "file: could not be written: File too large");
  assert_int_equal(files_there(), 1);
  assert_int_equal(read_file("file", bytes, sizeof bytes), 3);
  assert_memory_equal(bytes, "old", 3);
}

static void a_link_or_permissions_are_lost(void **state) {
  struct stat about;
  char link[PATH + 64];
  gr_err err;
  gr_bundle b = some_tensors();
  (void)state;
  write_file("old", 3);
  assert_int_equal(chmod(path_of("file"), 0640), 0);
  snprintf(link, sizeof link, "%s", path_of("link"));
  assert_int_equal(symlink("file", link), 0);
  if (!gr_safetensors_write(link, &b, &err)) fail_msg("%s", err.text);
  assert_true(lstat(link, &about) == 0 && S_ISLNK(about.st_mode));
  assert_true(stat(path_of("file"), &about) == 0 && (about.st_mode & 07777) == 0640 && about.st_size > 3);
  unlink(link);
  gr_bundle_free(&b);
}

/* ---- What is read ------------------------------------------------------------------- */

/* One tensor of each type, the header written otherwise than we write it, with spaces and unknown keys. */
static void a_type_is_read_wrongly(void **state) {
  static const struct {
    const char *type;
    unsigned char bytes[16];
    size_t n, each;
    gr_dtype dtype;
    double x[4];
  } cases[] = {
    { "F64", { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF }, 8, 8, GR_F64, { -1.5 } },
    { "F32", { 0, 0, 0xC0, 0x3F, 1, 0, 0, 0 }, 8, 4, GR_F32, { 1.5, 0x1p-149 } },
    { "F16", { 0x00, 0x3C, 0x01, 0x80, 0xFF, 0x7B, 0x00, 0xFC }, 8, 2, GR_F32, { 1, -0x1p-24, 65504, -INFINITY } },
    { "BF16", { 0x80, 0x3F, 0x20, 0xC0, 0x80, 0xFF, 0, 0x80 }, 8, 2, GR_F32, { 1, -2.5, -INFINITY, -0.0 } },
    { "I64", { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, 8, 8, GR_F64, { -2 } },
    { "I32", { 0xFD, 0xFF, 0xFF, 0xFF }, 4, 4, GR_F64, { -3 } },
    { "I16", { 0xFC, 0xFF, 0, 1 }, 4, 2, GR_F64, { -4, 256 } },
    { "I8", { 0xFB, 5 }, 2, 1, GR_F64, { -5, 5 } },
    { "U64", { 0, 0, 0, 0, 0, 0, 0, 0x80 }, 8, 8, GR_F64, { 0x1p63 } },
    { "U32", { 0xFF, 0xFF, 0xFF, 0xFF }, 4, 4, GR_F64, { 4294967295.0 } },
    { "U16", { 0xFF, 0xFF }, 2, 2, GR_F64, { 65535 } },
    { "U8", { 0xFF, 1 }, 2, 1, GR_F64, { 255, 1 } },
    { "BOOL", { 0, 1 }, 2, 1, GR_F64, { 0, 1 } },
  };
  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    char header[256], bytes[ROOM];
    gr_err err;
    gr_bundle b;
    size_t count = cases[i].n / cases[i].each;
    snprintf(header, sizeof header, "{ \"t\" : {\"data_offsets\": [0, %zu],\n\"shape\":[1,%zu],\"more\":null,\"dtype\":\"%s\"}}  ",
             cases[i].n, count, cases[i].type);
    size_t n = file_of(bytes, header, cases[i].n);
    memcpy(bytes + n - cases[i].n, cases[i].bytes, cases[i].n);
    if (!gr_safetensors_read(write_file(bytes, n), &b, &err)) fail_msg("%s: %s", cases[i].type, err.text);
    const gr_tensor *t = b.tensors[0];
    assert_true(t->dtype == cases[i].dtype && t->nd == 2 && t->d[0] == 1 && t->d[1] == count);
    for (size_t j = 0; j < count; j++)
      if (gr_get(t, j) != cases[i].x[j] || signbit(gr_get(t, j)) != signbit(cases[i].x[j]))
        fail_msg("%s: number %zu is %.17g", cases[i].type, j + 1, gr_get(t, j));
    gr_bundle_free(&b);
  }
}

/* More numbers than are converted at a time. */
static void the_second_piece_is_read_wrongly(void **state) {
  enum { N = 70001 };
  static char bytes[ROOM + 2 * N];
  gr_err err;
  gr_bundle b;
  (void)state;
  size_t n = file_of(bytes, "{\"t\":{\"dtype\":\"U16\",\"shape\":[70001],\"data_offsets\":[0,140002]}}", 0);
  for (size_t i = 0; i < N; i++) {
    bytes[n + 2 * i] = (char)i;
    bytes[n + 2 * i + 1] = (char)(i >> 8);
  }
  if (!gr_safetensors_read(write_file(bytes, n + 2 * N), &b, &err)) fail_msg("%s", err.text);
  for (size_t i = 0; i < N; i++)
    if (gr_get(b.tensors[0], i) != (double)(i & 0xFFFF)) fail_msg("number %zu is %g", i, gr_get(b.tensors[0], i));
  gr_bundle_free(&b);
}

static void a_file_without_tensors_is_refused(void **state) {
  char bytes[ROOM];
  gr_err err;
  gr_bundle b;
  (void)state;
  size_t n = file_of(bytes, "{}", 0);
  if (!gr_safetensors_read(write_file(bytes, n), &b, &err)) fail_msg("%s", err.text);
  assert_true(b.count == 0 && b.notes == 0);
  gr_bundle_free(&b);
}

/* ---- What is refused ---------------------------------------------------------------- */

#define T(fields) "{\"t\":{" fields "}}"
#define F64(shape, offsets) T("\"dtype\":\"F64\",\"shape\":" shape ",\"data_offsets\":" offsets)
#define NO_JSON "file: its header is no JSON that can be read: "
#define SIZES "data_offsets must be a list of two whole numbers of at least 0"
#define FIVE "[[[[["
#define FIFTY FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE
#define THOUSAND \
  FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY

static const struct {
  const char *header;
  size_t zeros;
  const char *message;
} refused[] = {
  { "", 0, "file: is no safetensors file: its header does not begin with {" },
  { "[]", 0, "file: is no safetensors file: its header does not begin with {" },
  { " {}", 0, "file: is no safetensors file: its header does not begin with {" },
  { "{", 0, NO_JSON },
  { "{} {}", 0, NO_JSON },
  { "{\"t\":1,\"t\":2}", 0, NO_JSON },
  { "{\"\xFF\":1}", 0, NO_JSON },
  { "{\"a\\u0000\":1}", 0, NO_JSON },
  { "{\"t\":" THOUSAND THOUSAND FIFTY, 0, NO_JSON },
  { "{\"__metadata__\":[]}", 0, "file: __metadata__ must be a JSON object" },
  { "{\"__metadata__\":{\"a\":1}}", 0, "file: __metadata__: 'a' must be a string" },
  { "{\"t\":1}", 0, "file: tensor 't': its description must be a JSON object" },
  { "{\"\":1}", 0, "file: tensor '': a name must have a character, and none that controls a terminal" },
  { "{\"\\u001b[2J\":1}", 0, "file: tensor '?[2J': a name must have a character, and none that controls a terminal" },
  { T(""), 0, "file: tensor 't': dtype must be a string such as \"F64\"" },
  { T("\"dtype\":64"), 0, "file: tensor 't': dtype must be a string such as \"F64\"" },
  { T("\"dtype\":\"F8_E4M3\""), 0,
    "file: tensor 't': its numbers are of type 'F8_E4M3': F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL can be read" },
  { T("\"dtype\":\"F64\""), 0, "file: tensor 't': shape must be a list of sizes" },
  { F64("3", "[0,24]"), 24, "file: tensor 't': shape must be a list of sizes" },
  { F64("[1,1,1,1,1,1,1,1,1]", "[0,8]"), 8, "file: tensor 't': it has 9 axes: up to 8 can be read" },
  { F64("[2,-1]", "[0,8]"), 8, "file: tensor 't': size 2 is no whole number of at least 0" },
  { F64("[1.0]", "[0,8]"), 8, "file: tensor 't': size 1 is no whole number of at least 0" },
  { F64("[\"1\"]", "[0,8]"), 8, "file: tensor 't': size 1 is no whole number of at least 0" },
  { F64("[3,0]", "[0,0]"), 0, "file: tensor 't': size 2 is 0: a tensor without numbers cannot be read" },
  { F64("[9223372036854775808]", "[0,8]"), 8, NO_JSON },
  { F64("[4294967296,4294967296]", "[0,0]"), 0,
    "file: tensor 't': 4294967296 x 4294967296 numbers are more than this machine can address" },
  { F64("[2305843009213693953]", "[0,8]"), 8,
    "file: tensor 't': 2305843009213693953 numbers are more than this machine can address" },
  { T("\"dtype\":\"F64\",\"shape\":[1]"), 8, "file: tensor 't': " SIZES },
  { F64("[1]", "[0]"), 8, "file: tensor 't': " SIZES },
  { F64("[1]", "[0,8,16]"), 8, "file: tensor 't': " SIZES },
  { F64("[1]", "[-8,0]"), 8, "file: tensor 't': " SIZES },
  { F64("[1]", "[0,8.0]"), 8, "file: tensor 't': " SIZES },
  { F64("[1]", "[8,0]"), 8, "file: tensor 't': data_offsets [8, 0] end before they begin" },
  { F64("[2]", "[0,16]"), 15, "file: tensor 't': data_offsets [0, 16] go beyond the file, which has 15 bytes of numbers" },
  { F64("[1]", "[9223372036854775799,9223372036854775807]"), 8,
    "file: tensor 't': data_offsets [9223372036854775799, 9223372036854775807] go beyond the file, which has 8 bytes of numbers" },
  { F64("[2,3]", "[0,24]"), 24, "file: tensor 't': data_offsets [0, 24] hold 24 bytes, but 2 x 3 of F64 takes 48" },
  { F64("[]", "[0,4]"), 4, "file: tensor 't': data_offsets [0, 4] hold 4 bytes, but one number of F64 takes 8" },
  { F64("[1]", "[8,16]"), 16, "file: tensor 't': the 8 bytes in front of it belong to no tensor" },
  { F64("[1]", "[0,8]"), 9, "file: its last 1 bytes belong to no tensor" },
  { "{\"__metadata__\":{}}", 8, "file: its last 8 bytes belong to no tensor" },
  { "{\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,7]},\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
    7, "file: tensor 'b': its bytes overlap those of tensor 'a'" },
  { "{\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[5,9]},\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
    9, "file: tensor 'b': the 1 bytes in front of it belong to no tensor" },
};

static void a_bad_header_is_told_wrongly(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(refused); i++) {
    char bytes[ROOM];
    gr_err err;
    gr_bundle b;
    size_t n = file_of(bytes, refused[i].header, refused[i].zeros);
    if (gr_safetensors_read(write_file(bytes, n), &b, &err)) fail_msg("%s: accepted", refused[i].header);
    assert_true(b.count == 0 && !b.names);
    check_message(refused[i].header, &err, refused[i].message);
  }
}

static void a_bad_length_is_told_wrongly(void **state) {
  static const struct {
    unsigned char bytes[16];
    size_t n;
    const char *message;
  } cases[] = {
    { { 0 }, 0, "file: is no safetensors file: it has only 0 bytes" },
    { { 2, 0, 0, 0, 0, 0, 0 }, 7, "file: is no safetensors file: it has only 7 bytes" },
    { { 3, 0, 0, 0, 0, 0, 0, 0, '{', '}' }, 10, "file: ends within its header, of 3 bytes" },
    { { 0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, '{', '}' },
      10,
      "file: is no safetensors file, or a hostile one: its header has 100000001 bytes, and at most 100000000 are read" },
    { { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, '{', '}' },
      10,
      "file: is no safetensors file, or a hostile one: its header has 18446744073709551615 bytes, and at most 100000000 are read" },
  };
  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    gr_err err;
    gr_bundle b;
    assert_false(gr_safetensors_read(write_file(cases[i].bytes, cases[i].n), &b, &err));
    check_message("a length", &err, cases[i].message);
  }
}

static void what_is_no_file_is_read(void **state) {
  gr_err err;
  gr_bundle b;
  (void)state;
  assert_false(gr_safetensors_read(path_of("nowhere"), &b, &err));
  check_message("nothing there", &err, "nowhere: No such file or directory");
  assert_false(gr_safetensors_read("/", &b, &err));
  check_message("a folder", &err, "/: is a folder, not a file");
  assert_false(gr_safetensors_read("/dev/zero", &b, &err));
  check_message("a device", &err, "/dev/zero: is a pipe or a device: only files can be read");
}

static void a_long_name_fills_the_message(void **state) {
  char header[ROOM], bytes[ROOM];
  gr_err err;
  gr_bundle b;
  (void)state;
  memset(header, 0, sizeof header);
  strcpy(header, "{\"");
  for (int i = 0; i < 200; i++) strcat(header, "\xC3\xA9");
  strcat(header, "\":1}");
  size_t n = file_of(bytes, header, 0);
  assert_false(gr_safetensors_read(write_file(bytes, n), &b, &err));
  assert_true(strlen(err.text) < 300);
  assert_non_null(strstr(err.text, "\xC3\xA9...'"));
}

/* ---- Damaged files ------------------------------------------------------------------ */

/* Small, but with all that a header may have. */
static const char seed_header[] = "{\"__metadata__\":{\"by\":\"test\"},"
                                  "\"a\":{\"dtype\":\"F64\",\"shape\":[2,1],\"data_offsets\":[0,16]},"
                                  "\"b\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[16,18]},"
                                  "\"c\":{\"dtype\":\"I32\",\"shape\":[3],\"data_offsets\":[18,30]}}";

/* Whatever the file says, it is read or refused with a message; the sanitizers see all else. */
static void read_and_forget(const char *bytes, size_t n) {
  gr_err err = { .text = "" };
  gr_bundle b;
  if (!gr_safetensors_read(write_file(bytes, n), &b, &err)) assert_true(err.text[0] && b.count == 0);
  gr_bundle_free(&b);
}

static void a_file_that_ends_early_is_read(void **state) {
  char bytes[ROOM];
  size_t n = file_of(bytes, seed_header, 30);
  gr_err err;
  gr_bundle b;
  (void)state;
  for (size_t i = 0; i < n; i++)
    if (gr_safetensors_read(write_file(bytes, i), &b, &err)) fail_msg("%zu of %zu bytes are enough", i, n);
  assert_true(gr_safetensors_read(write_file(bytes, n), &b, &err));
  gr_bundle_free(&b);
}

/* What a word of the header may become. */
static const char *const words[] = {
  "0",
  "1",
  "2",
  "7",
  "8",
  "16",
  "17",
  "-1",
  "0.5",
  "1e3",
  "1e999",
  "4294967295",
  "4294967296",
  "2305843009213693952",
  "4611686018427387904",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551615",
  "18446744073709551616",
  "99999999999999999999999999",
  "null",
  "true",
  "\"\"",
  "\"F64\"",
  "\"F32\"",
  "\"BOOL\"",
  "\"I8\"",
  "\"a\"",
  "\"\\u0000\"",
  "\"__metadata__\"",
  "[]",
  "[[]]",
  "{}",
  "[0,16]",
  "[16,0]",
  "[0,18446744073709551616]",
  "",
  ",",
  "}",
  "]",
  "{\"a\":",
  "[1,1,1,1,1,1,1,1,1]",
};

/* How long the token is that begins there: a string, a number, or a sign. */
static size_t token(const char *from) {
  size_t n = 1;

  if (*from == '"') n = (size_t)(strchr(from + 1, '"') - from) + 1;
  else if (strspn(from, "0123456789")) n = strspn(from, "0123456789");
  return n;
}

/* Every token of the header becomes every word. Returns how many files that were. */
static int change_tokens(void) {
  int files = 0;
  for (size_t at = 0, n; seed_header[at]; at += n) {
    n = token(seed_header + at);
    for (size_t i = 0; i < COUNT(words); i++, files++) {
      char header[ROOM], bytes[ROOM];
      snprintf(header, sizeof header, "%.*s%s%s", (int)at, seed_header, words[i], seed_header + at + n);
      size_t size = file_of(bytes, header, 30);
      read_and_forget(bytes, size);
    }
  }
  return files;
}

/* Bits and bytes anywhere become others, by a generator with a fixed start (Knuth's MMIX). */
static void change_bytes(int files) {
  uint64_t state = 1;
  for (int i = 0; i < files; i++) {
    char bytes[ROOM];
    size_t n = file_of(bytes, seed_header, 30);
    for (int changes = 1 + i % 4; changes; changes--) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      size_t at = (size_t)(state >> 33) % n;
      if (state >> 32 & 1) bytes[at] = (char)(state >> 56);
      else bytes[at] = (char)(bytes[at] ^ 1 << (state >> 56 & 7));
    }
    read_and_forget(bytes, n - (i % 16 == 0 ? (size_t)(state >> 40) % n : 0));
  }
}

static void a_damaged_file_does_harm(void **state) {
  enum { FILES = 10000 };
  (void)state;
  int files = change_tokens();
  assert_true(files > 2000);
  change_bytes(FILES - files);
}

/* Every request for memory fails once; the sanitizer finds what is then left behind. */
static void lack_of_memory_leaves_something_behind(void **state) {
  char bytes[ROOM];
  gr_err err;
  gr_bundle b;
  size_t n = file_of(bytes, seed_header, 30), held = gr_bytes_held();
  bool done = false;
  (void)state;
  for (size_t i = 1; !done; i++) {
    const char *path = write_file(bytes, n);
    gr_memory_fail_at(i, 2);
    done = gr_safetensors_read(path, &b, &err);
    if (!done) assert_non_null(strstr(err.text, "out of memory"));
  }
  gr_memory_fail_at(0, 1);
  done = false;
  for (size_t i = 1; !done; i++) {
    gr_memory_fail_at(i, 2);
    done = gr_safetensors_write(path_of("file"), &b, &err);
    assert_int_equal(files_there(), 1);
  }
  gr_memory_fail_at(0, 1);
  gr_bundle_free(&b);
  assert_int_equal(gr_bytes_held(), held);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_differs_from_the_format),
    cmocka_unit_test(what_is_written_does_not_come_back),
    cmocka_unit_test(a_transposed_tensor_is_written_as_it_lies),
    cmocka_unit_test(a_bad_name_is_written),
    cmocka_unit_test(a_place_that_cannot_be_written_is_told_wrongly),
    cmocka_unit_test(a_pipe_is_replaced_by_a_file),
    cmocka_unit_test(a_full_disk_destroys_the_old_file),
    cmocka_unit_test(a_link_or_permissions_are_lost),
    cmocka_unit_test(a_type_is_read_wrongly),
    cmocka_unit_test(the_second_piece_is_read_wrongly),
    cmocka_unit_test(a_file_without_tensors_is_refused),
    cmocka_unit_test(a_bad_header_is_told_wrongly),
    cmocka_unit_test(a_bad_length_is_told_wrongly),
    cmocka_unit_test(what_is_no_file_is_read),
    cmocka_unit_test(a_long_name_fills_the_message),
    cmocka_unit_test(a_file_that_ends_early_is_read),
    cmocka_unit_test(a_damaged_file_does_harm),
    cmocka_unit_test(lack_of_memory_leaves_something_behind),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
