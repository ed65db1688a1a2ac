/* .npz files: what is written is read again, damage does no harm, and a failure leaves the old file and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

static FILE *opened(const char *mode) {
  FILE *f = fopen(path_of("file"), mode);
  if (f) return f;
  fail_msg("%s cannot be opened", path_of("file"));
  abort();
}

static const char *write_file(const void *bytes, size_t n) {
  FILE *f = opened("wb");
  if (fwrite(bytes, 1, n, f) != n || fclose(f) != 0) fail_msg("%s cannot be written", path_of("file"));
  return path_of("file");
}

static size_t read_file(unsigned char *out, size_t room) {
  FILE *f = opened("rb");
  size_t n = fread(out, 1, room, f);
  fclose(f);
  return n;
}

/* ---- Tensors ------------------------------------------------------------------------ */

static gr_tensor *counted(gr_dtype dtype, double to) {
  gr_err err;
  gr_tensor *t = gr_arange(dtype, 0, to, 1, &err);
  if (t) return t;
  fail_msg("%s", err.text);
  abort();
}

static gr_bundle some_tensors(void) {
  gr_err err;
  gr_bundle b = { 0 };
  gr_tensor *x = counted(GR_F64, 3), *y = counted(GR_F32, 2);
  assert_true(gr_bundle_add(&b, "x", x, &err) && gr_bundle_add(&b, "part/y", y, &err));
  gr_unref(x);
  gr_unref(y);
  return b;
}

/* The bytes of a file with some tensors. */
static size_t some_file(unsigned char *out, size_t room) {
  gr_err err;
  gr_bundle b = some_tensors();
  if (!gr_npz_write(path_of("file"), &b, &err)) fail_msg("%s", err.text);
  gr_bundle_free(&b);
  return read_file(out, room);
}

static void what_is_written_does_not_come_back(void **state) {
  static const size_t sizes[] = { 1, 3, 1000, 8192, 100003 }; /* fewer and more bytes than libzip takes at once */
  gr_err err;
  (void)state;
  for (size_t i = 0; i < COUNT(sizes); i++) {
    gr_bundle b = { 0 }, back;
    gr_tensor *x = counted(GR_F64, (double)sizes[i]), *y = counted(GR_F32, (double)sizes[i]);
    assert_true(gr_bundle_add(&b, "x", x, &err) && gr_bundle_add(&b, "y", y, &err));
    if (!gr_npz_write(path_of("file"), &b, &err)) fail_msg("%s", err.text);
    if (!gr_npz_read(path_of("file"), GR_F64, &back, &err)) fail_msg("%s", err.text);
    assert_int_equal(back.count, 2);
    assert_string_equal(back.names[0], "x");
    assert_true(gr_equal(back.tensors[0], x) && back.tensors[0]->dtype == GR_F64);
    assert_true(gr_equal(back.tensors[1], y) && back.tensors[1]->dtype == GR_F32);
    gr_unref(x);
    gr_unref(y);
    gr_bundle_free(&b);
    gr_bundle_free(&back);
  }
}

static void the_same_tensors_give_other_bytes(void **state) {
  unsigned char first[ROOM], second[ROOM];
  (void)state;
  size_t n = some_file(first, sizeof first);
  assert_true(n > 0 && n < ROOM);
  assert_int_equal(some_file(second, sizeof second), n);
  assert_memory_equal(first, second, n);
}

static void a_name_is_written_twice_or_the_old_file_goes_with_it(void **state) {
  unsigned char bytes[ROOM];
  gr_err err;
  gr_bundle b = some_tensors();
  (void)state;
  write_file("old", 3);
  assert_true(gr_bundle_add(&b, "x", b.tensors[1], &err));
  assert_false(gr_npz_write(path_of("file"), &b, &err));
  assert_non_null(strstr(err.text, "file: the name 'x' stands there twice"));
  assert_int_equal(files_there(), 1);
  assert_int_equal(read_file(bytes, sizeof bytes), 3);
  gr_bundle_free(&b);
}

/* A limit on the size of files ends a write as a full disk does. */
static void a_full_disk_destroys_the_old_file(void **state) {
  struct rlimit before, small;
  unsigned char bytes[ROOM];
  gr_err err;
  (void)state;
  write_file("old", 3);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &before);
  for (rlim_t most = 10; most < 500; most += 70) {
    small = before;
    small.rlim_cur = most;
    gr_bundle b = some_tensors();
    setrlimit(RLIMIT_FSIZE, &small);
    bool written = gr_npz_write(path_of("file"), &b, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    gr_bundle_free(&b);
    assert_false(written);
    assert_non_null(strstr(err.text, "file: could not be written: File too large"));
    assert_int_equal(files_there(), 1);
    assert_int_equal(read_file(bytes, sizeof bytes), 3);
    assert_memory_equal(bytes, "old", 3);
  }
}

/* ---- Hostile files ------------------------------------------------------------------ */

/* Whatever the file says, it is read or refused with a message; the sanitizers see all else. */
static bool read_and_forget(const unsigned char *bytes, size_t n) {
  gr_err err = { .text = "" };
  gr_bundle b;
  bool ok = gr_npz_read(write_file(bytes, n), GR_F64, &b, &err);
  assert_true(ok || (err.text[0] && b.count == 0));
  gr_bundle_free(&b);
  return ok;
}

static void a_damaged_file_does_harm(void **state) {
  static const unsigned char changes[] = { 0x01, 0x02, 0x04, 0x10, 0x40, 0x80, 0x7F, 0xFF };
  unsigned char bytes[ROOM];
  (void)state;
  size_t n = some_file(bytes, sizeof bytes);
  for (size_t i = 0; i < n; i++)
    if (read_and_forget(bytes, i)) fail_msg("the file is read though only %zu of %zu bytes are there", i, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < COUNT(changes); j++) {
      bytes[i] ^= changes[j];
      read_and_forget(bytes, n);
      bytes[i] ^= changes[j];
    }
  assert_true(read_and_forget(bytes, n));
}

/* Every request for memory fails once; the sanitizer finds what is then left behind. */
static void lack_of_memory_leaves_something_behind(void **state) {
  unsigned char bytes[ROOM];
  gr_err err;
  gr_bundle b;
  bool done = false;
  (void)state;
  size_t n = some_file(bytes, sizeof bytes), held = gr_bytes_held();
  const char *path = write_file(bytes, n);
  for (size_t i = 1; !done; i++) {
    gr_memory_fail_at(i, 2);
    done = gr_npz_read(path, GR_F64, &b, &err);
    if (!done) assert_non_null(strstr(err.text, "out of memory"));
  }
  gr_memory_fail_at(0, 1);
  done = false;
  for (size_t i = 1; !done; i++) {
    gr_memory_fail_at(i, 2);
    done = gr_npz_write(path, &b, &err);
    assert_int_equal(files_there(), 1);
  }
  gr_memory_fail_at(0, 1);
  gr_bundle_free(&b);
  assert_int_equal(gr_bytes_held(), held);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_written_does_not_come_back),
    cmocka_unit_test(the_same_tensors_give_other_bytes),
    cmocka_unit_test(a_name_is_written_twice_or_the_old_file_goes_with_it),
    cmocka_unit_test(a_full_disk_destroys_the_old_file),
    cmocka_unit_test(a_damaged_file_does_harm),
    cmocka_unit_test(lack_of_memory_leaves_something_behind),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
