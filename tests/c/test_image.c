/* Pictures: a lack of memory and a full disk leave the old file, and nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "folder.h"
#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *const endings[] = { "png", "ppm" };

/* The path of the folder's file with that ending. remove_folder finds what a test has left. */
static const char *picture_path(const char *ending) {
  static char name[16];
  snprintf(name, sizeof name, "file.%s", ending);
  return path_of(name);
}

static void write_old(const char *path) {
  FILE *f = fopen(path, "wb");
  if (!f || fwrite("old", 1, 3, f) != 3 || fclose(f) != 0) fail_msg("%s cannot be written", path);
}

static void check_old(const char *path) {
  char bytes[8] = "";
  FILE *f = fopen(path, "rb");
  if (!f || fread(bytes, 1, sizeof bytes, f) != 3 || fclose(f) != 0) fail_msg("%s is not what it was", path);
  assert_memory_equal(bytes, "old", 3);
}

/* A coloured picture of noise, which no format makes short. */
static gr_tensor *some_picture(void) {
  const size_t d[3] = { 40, 30, 3 };
  gr_err err;
  gr_tensor *t = gr_new(GR_F64, 3, d, &err);
  if (!t) fail_msg("%s", err.text);
  uint32_t x = 1;
  for (size_t i = 0; i < 40 * 30 * 3; i++) {
    x = 1664525 * x + 1013904223; /* Numerical Recipes' quick generator */
    gr_set(t, i, (double)(x >> 24) / 255);
  }
  return t;
}

/* A limit on the size of files ends a write as a full disk does. */
static void a_full_disk_destroys_the_old_file(void **state) {
  struct rlimit before, small;
  gr_err err;
  gr_tensor *t = some_picture();
  (void)state;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &before);
  for (size_t i = 0; i < COUNT(endings); i++) {
    const char *path = picture_path(endings[i]);
    write_old(path);
    for (rlim_t most = 3; most < 1000; most += 300) {
      small = before;
      small.rlim_cur = most;
      setrlimit(RLIMIT_FSIZE, &small);
      bool written = gr_image_write(path, t, 255, &err);
      setrlimit(RLIMIT_FSIZE, &before);
      assert_false(written);
      assert_non_null(strstr(err.text, "could not be written: File too large"));
      check_old(path);
    }
    unlink(path);
  }
  gr_unref(t);
}

/* Every request for memory fails once; the sanitizer finds what is then left behind. */
static void lack_of_memory_leaves_something_behind(void **state) {
  gr_err err;
  gr_tensor *t = some_picture(), *back;
  size_t held = gr_bytes_held();
  (void)state;
  for (size_t i = 0; i < COUNT(endings); i++) {
    const char *path = picture_path(endings[i]);
    bool done = false;
    write_old(path);
    for (size_t n = 1; !done; n++) {
      gr_memory_fail_at(n, 2);
      done = gr_image_write(path, t, 255, &err);
      if (!done) check_old(path);
    }
    back = NULL;
    for (size_t n = 1; !back; n++) {
      gr_memory_fail_at(n, 2);
      back = gr_image_read(path, false, 255, GR_F64, &err);
      if (!back) assert_non_null(strstr(err.text, "out of memory"));
    }
    gr_memory_fail_at(0, 1);
    assert_true(gr_equal(back, t));
    gr_unref(back);
    unlink(path);
  }
  assert_int_equal(gr_bytes_held(), held);
  gr_unref(t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_full_disk_destroys_the_old_file),
    cmocka_unit_test(lack_of_memory_leaves_something_behind),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
