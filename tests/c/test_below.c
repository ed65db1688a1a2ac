/* What strangers hand in: no link of theirs is followed, and a stream gives what it was asked for and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "folder.h"
#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void write_file(const char *text) {
  FILE *f = fopen(path_of("file"), "wb");
  if (!f || fputs(text, f) < 0 || fclose(f) != 0) fail_msg("%s cannot be written", path_of("file"));
}

/* A message with the folder in it. */
static const char *told(const char *format) {
  static char text[1024];
  const char *at = strstr(format, "%s");
  if (!at) fail_msg("no %%s in '%s'", format);
  else snprintf(text, sizeof text, "%.*s%s%s", (int)(at - format), format, folder, at + 2);
  return text;
}

/* ---- Folders and files -------------------------------------------------------------- */

static void a_file_is_read_wrongly(void **state) {
  gr_err err;
  size_t n;
  (void)state;
  write_file("abc");
  char *bytes = gr_below_read(folder, "file", 3, &n, &err);
  assert_non_null(bytes);
  assert_int_equal(n, 3);
  assert_memory_equal(bytes, "abc", 3);
  gr_free(bytes);
  assert_null(gr_below_read(folder, "file", 2, &n, &err));
  assert_string_equal(err.text, told("%s/file: has 3 bytes; at most 2 are read"));
}

static void a_way_leads_out(void **state) {
  static const char *const ways[] = { "../x", "..", ".", "/", "/etc/passwd", "a//b", "file/x", "" };
  gr_err err;
  size_t n;
  (void)state;
  write_file("abc");
  for (size_t i = 0; i < COUNT(ways); i++) assert_null(gr_below_read(folder, ways[i], 3, &n, &err));
  assert_null(gr_below_open(folder, "..", &err));
  assert_null(gr_below_open(folder, "file", &err));
}

static void a_link_is_followed(void **state) {
  gr_err err;
  size_t n;
  (void)state;
  write_file("abc");
  assert_int_equal(symlink("file", path_of("link")), 0);
  assert_null(gr_below_read(folder, "link", 3, &n, &err));
  assert_non_null(strstr(err.text, "symbolic link"));
  unlink(path_of("link"));
  assert_int_equal(symlink("/", path_of("link")), 0);
  assert_null(gr_below_read(folder, "link/etc/passwd", 1 << 20, &n, &err));
  assert_null(gr_below_open(folder, "link", &err));
  unlink(path_of("link"));
}

static void a_second_name_or_a_pipe_is_read(void **state) {
  gr_err err;
  size_t n;
  char other[PATH + 64];
  (void)state;
  write_file("abc");
  snprintf(other, sizeof other, "%s/link", folder);
  assert_int_equal(link(path_of("file"), other), 0);
  assert_null(gr_below_read(folder, "file", 3, &n, &err));
  assert_string_equal(err.text, told("%s/file: is a hard link: the file has 2 names; copy it"));
  unlink(other);
  assert_int_equal(mkfifo(other, 0600), 0);
  assert_null(gr_below_read(folder, "link", 3, &n, &err));
  assert_string_equal(err.text, told("%s/link: is no file, but a pipe"));
  unlink(other);
}

static void a_kind_is_told_wrongly(void **state) {
  gr_err err;
  size_t n = 0;
  (void)state;
  write_file("abc");
  assert_int_equal(symlink("/", path_of("link")), 0);
  void *list = gr_below_open(folder, "", &err);
  assert_non_null(list);
  for (gr_below found; gr_below_next(list, &found, &err); n++) {
    assert_string_equal(found.kind, strcmp(found.name, "link") == 0 ? "link" : "file");
    assert_true(found.modified > 0);
  }
  gr_below_close(list);
  assert_int_equal(n, 2);
  assert_string_equal(err.text, "");
  unlink(path_of("link"));
}

/* Behind its back the open folder becomes a file, so that the system refuses to list it. */
static void a_list_that_breaks_off_looks_whole(void **state) {
  gr_err err;
  gr_below found;
  (void)state;
  write_file("abc");
  void *list = gr_below_open(folder, "", &err);
  int file = open(path_of("file"), O_RDONLY);
  assert_non_null(list);
  assert_int_equal(dup2(file, dirfd(list)), dirfd(list));
  assert_false(gr_below_next(list, &found, &err));
  assert_string_equal(err.text, "a folder cannot be listed to its end: Not a directory");
  gr_below_close(list);
  close(file);
}

/* Whoever may list a folder, but not look into it, does not learn what its names are. Root may always. */
static void a_name_that_cannot_be_looked_at_is_left_out(void **state) {
  gr_err err;
  gr_below found;
  (void)state;
  write_file("abc");
  if (geteuid() == 0) skip();
  assert_int_equal(chmod(folder, 0400), 0);
  void *list = gr_below_open(folder, "", &err);
  assert_non_null(list);
  assert_false(gr_below_next(list, &found, &err));
  chmod(folder, 0700);
  assert_string_equal(err.text, "file in a folder: Permission denied");
  gr_below_close(list);
}

/* ---- Streams ------------------------------------------------------------------------ */

enum { ROOM = 1 << 16, PLAIN = 10000 };

/* The letters of an alphabet in order, PLAIN of them, deflated; returns how many bytes that takes. */
static size_t deflated(unsigned char out[ROOM], bool gzip) {
  static unsigned char plain[PLAIN];
  z_stream z = { .next_in = plain, .avail_in = PLAIN, .next_out = out, .avail_out = ROOM };
  for (size_t i = 0; i < PLAIN; i++) plain[i] = (unsigned char)('a' + i % 26);
  assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, gzip ? 31 : -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
  assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
  deflateEnd(&z);
  return ROOM - z.avail_out;
}

/* Reads all of it by so many bytes at once; how many came, or -1 when it fails. */
static long inflated(const unsigned char *from, size_t n, bool gzip, size_t piece) {
  static unsigned char to[ROOM];
  gr_err err;
  size_t got, all = 0;
  gr_inflater *f = gr_inflater_new(from, n, gzip, &err);
  assert_non_null(f);
  bool ok = true;
  do {
    ok = gr_inflater_read(f, to, piece, &got, &err);
    for (size_t i = 0; ok && i < got; i++) assert_int_equal(to[i], 'a' + (all + i) % PLAIN % 26);
    all += got;
  } while (ok && got == piece);
  gr_inflater_free(f);
  return ok ? (long)all : -1;
}

static void pieces_are_not_the_whole(void **state) {
  static unsigned char bytes[ROOM];
  (void)state;
  for (int gzip = 0; gzip < 2; gzip++) {
    size_t n = deflated(bytes, gzip);
    for (size_t piece = 1; piece < ROOM; piece *= 7) assert_int_equal(inflated(bytes, n, gzip, piece), PLAIN);
    assert_int_equal(inflated(bytes, n, gzip, PLAIN), PLAIN);
  }
}

static void a_torn_stream_ends_well(void **state) {
  static unsigned char bytes[ROOM];
  (void)state;
  for (int gzip = 0; gzip < 2; gzip++) {
    size_t n = deflated(bytes, gzip);
    for (size_t cut = 0; cut < n; cut++) assert_int_equal(inflated(bytes, cut, gzip, 1000), -1);
  }
}

static void a_second_stream_is_lost(void **state) {
  static unsigned char bytes[ROOM];
  (void)state;
  size_t n = deflated(bytes, true);
  memcpy(bytes + n, bytes, n);
  memset(bytes + 2 * n, 0, 512);
  assert_int_equal(inflated(bytes, 2 * n + 512, true, 999), 2 * PLAIN);
  bytes[2 * n + 20] = 'x';
  assert_int_equal(inflated(bytes, 2 * n + 512, true, 999), -1);
  assert_int_equal(inflated(bytes, n, false, 999), -1);
}

static void memory_that_is_short_is_leaked(void **state) {
  gr_err err;
  size_t n;
  (void)state;
  write_file("abc");
  gr_memory_fail_at(1, 9);
  assert_null(gr_below_read(folder, "file", 3, &n, &err));
  assert_null(gr_inflater_new("", 0, true, &err));
  gr_memory_fail_at(0, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_is_read_wrongly),
    cmocka_unit_test(a_way_leads_out),
    cmocka_unit_test(a_link_is_followed),
    cmocka_unit_test(a_second_name_or_a_pipe_is_read),
    cmocka_unit_test(a_kind_is_told_wrongly),
    cmocka_unit_test(a_list_that_breaks_off_looks_whole),
    cmocka_unit_test(a_name_that_cannot_be_looked_at_is_left_out),
    cmocka_unit_test(pieces_are_not_the_whole),
    cmocka_unit_test(a_torn_stream_ends_well),
    cmocka_unit_test(a_second_stream_is_lost),
    cmocka_unit_test(memory_that_is_short_is_leaked),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
