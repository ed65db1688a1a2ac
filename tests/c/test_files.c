/* Files as such, and other programs: sums are right, copies whole, no folder is made by halves, and no program is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "folder.h"
#include "gr.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* The text `times` times. */
static const char *write_file(const char *text, size_t times) {
  FILE *f = fopen(path_of("file"), "wb");
  assert_non_null(f);
  for (size_t i = 0; i < times; i++) assert_true(fputs(text, f) >= 0);
  assert_int_equal(fclose(f), 0);
  return path_of("file");
}

static const char *write_gzip(const char *text) {
  gzFile f = gzopen(path_of("file.gz"), "wb");
  assert_non_null(f);
  assert_int_equal(gzputs(f, text), (int)strlen(text));
  assert_int_equal(gzclose(f), Z_OK);
  return path_of("file.gz");
}

/* ---- SHA-256 ------------------------------------------------------------------------ */

/* NIST, Examples with Intermediate Values for SHA-256, and FIPS 180-2, appendix B.3, for the last. */
static const struct sum_case {
  const char *text;
  size_t times;
  const char *hex;
} sum_cases[] = {
  { "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
  { "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
  { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
  { "aaaaaaaaaa", 100000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void sums_are_wrong(void **state) {
  char hex[GR_SHA256_ROOM];
  gr_err err;
  (void)state;
  for (size_t i = 0; i < COUNT(sum_cases); i++) {
    const struct sum_case *c = &sum_cases[i];
    const char *path = write_file(c->text, c->times);
    assert_true(gr_sha256_file(path, hex, &err));
    assert_string_equal(hex, c->hex);
    assert_true(gr_sha256_content(path, strlen(c->text) * c->times, hex, &err));
    assert_string_equal(hex, c->hex);
  }
}

static void the_content_of_a_gzip_file_is_not_summed(void **state) {
  char hex[GR_SHA256_ROOM];
  gr_err err;
  (void)state;
  assert_true(gr_sha256_content(write_gzip("abc"), 3, hex, &err));
  assert_string_equal(hex, sum_cases[1].hex);
  assert_true(gr_sha256_file(path_of("file.gz"), hex, &err));
  assert_string_not_equal(hex, sum_cases[1].hex);
}

static void more_bytes_than_expected_are_unpacked(void **state) {
  char hex[GR_SHA256_ROOM];
  gr_err err;
  (void)state;
  assert_false(gr_sha256_content(write_gzip("abcd"), 3, hex, &err));
  assert_non_null(strstr(err.text, "file.gz: holds more than 3 bytes"));
}

static void a_file_that_is_not_there_has_a_sum(void **state) {
  char hex[GR_SHA256_ROOM];
  gr_err err;
  (void)state;
  assert_false(gr_sha256_file(path_of("nowhere"), hex, &err));
  assert_non_null(strstr(err.text, "nowhere: No such file or directory"));
  assert_false(gr_sha256_content(path_of("nowhere"), 3, hex, &err));
  assert_false(gr_sha256_file(folder, hex, &err));
  assert_non_null(strstr(err.text, "Is a directory"));
}

/* ---- Folders and files -------------------------------------------------------------- */

static void folders_above_are_not_made(void **state) {
  gr_err err;
  (void)state;
  assert_true(gr_folder_make(path_of("a b/c'\"/d"), &err));
  assert_true(gr_folder_make(path_of("a b/c'\"/d/"), &err));
  assert_int_equal(rmdir(path_of("a b/c'\"/d")), 0);
  assert_int_equal(rmdir(path_of("a b/c'\"")), 0);
  assert_int_equal(rmdir(path_of("a b")), 0);
}

static void a_folder_is_made_below_a_file(void **state) {
  gr_err err;
  (void)state;
  write_file("abc", 1);
  assert_false(gr_folder_make(path_of("file/below"), &err));
  assert_non_null(strstr(err.text, "file: the folder cannot be made: File exists"));
  assert_false(gr_folder_make(path_of("file"), &err));
}

static void a_copy_is_another_file(void **state) {
  char hex[GR_SHA256_ROOM], to[PATH + 64], place[PATH + 64];
  gr_err err;
  (void)state;
  snprintf(to, sizeof to, "%s/link", folder);
  snprintf(place, sizeof place, "%s/file.gz", folder);
  assert_true(gr_file_copy(write_file("aaaaaaaaaa", 100000), to, &err));
  assert_true(gr_file_place(to, place, &err));
  assert_int_not_equal(access(to, F_OK), 0);
  assert_true(gr_sha256_file(place, hex, &err));
  assert_string_equal(hex, sum_cases[3].hex);
}

static void a_copy_that_fails_leaves_something(void **state) {
  char from[PATH + 64];
  gr_err err;
  (void)state;
  assert_false(gr_file_copy(folder, path_of("copy"), &err));
  assert_non_null(strstr(err.text, "Is a directory"));
  assert_int_not_equal(access(path_of("copy"), F_OK), 0);
  snprintf(from, sizeof from, "%s/nowhere", folder);
  assert_false(gr_file_copy(from, path_of("copy"), &err));
  assert_false(gr_file_place(from, path_of("copy"), &err));
  assert_non_null(strstr(err.text, "nowhere: No such file"));
}

/* ---- Other programs ----------------------------------------------------------------- */

/* Runs it to its end. */
static int status_of(gr_child *c, const char *const words[]) {
  gr_err err;
  int status = -1;
  if (!gr_child_start(c, words, &err)) fail_msg("%s", err.text);
  for (int i = 0; i < 600 && !gr_child_wait(c, 0.1, &status); i++) continue;
  gr_child_end(c);
  gr_child_end(c);
  return status;
}

static void a_status_or_an_output_is_lost(void **state) {
  gr_child c;
  (void)state;
  assert_int_equal(status_of(&c, (const char *const[]){ "true", NULL }), 0);
  assert_string_equal(c.said, "");
  assert_int_equal(status_of(&c, (const char *const[]){ "sh", "-c", "echo out; echo err >&2; exit 7", NULL }), 7);
  assert_string_equal(c.said, "out\nerr\n");
  assert_int_equal(status_of(&c, (const char *const[]){ "sh", "-c", "kill -9 $$", NULL }), 128 + SIGKILL);
}

static void a_shell_reads_the_words(void **state) {
  gr_child c;
  (void)state;
  assert_int_equal(status_of(&c, (const char *const[]){ "printf", "%s", "$HOME; \"'`", NULL }), 0);
  assert_string_equal(c.said, "$HOME; \"'`");
}

static void a_program_that_says_much_is_stopped_or_overflows(void **state) {
  gr_child c;
  (void)state;
  assert_int_equal(status_of(&c, (const char *const[]){ "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x", NULL }), 0);
  assert_int_equal(strlen(c.said), sizeof c.said - 1);
}

static void a_program_that_is_not_there_is_started(void **state) {
  gr_child c;
  gr_err err;
  (void)state;
  const char *const words[] = { "gradus-knows-no-such-program", NULL };
  if (gr_child_start(&c, words, &err)) { /* so under valgrind */
    gr_child_end(&c);
    assert_int_equal(status_of(&c, words), 127);
  } else {
    assert_string_equal(err.text, "gradus-knows-no-such-program: there is no such program");
  }
}

static void a_program_outlives_its_end(void **state) {
  gr_child c;
  gr_err err;
  int status;
  (void)state;
  assert_true(gr_child_start(&c, (const char *const[]){ "sleep", "1000", NULL }, &err));
  assert_false(gr_child_wait(&c, 0.01, &status));
  pid_t pid = (pid_t)c.pid;
  gr_child_end(&c);
  assert_int_not_equal(kill(pid, 0), 0);
}

static void a_filter_loses_bytes(void **state) {
  enum { MANY = 3000000 };
  gr_child c;
  gr_err err;
  int status = -1;
  size_t n;
  (void)state;
  char *input = malloc(MANY);
  assert_non_null(input);
  for (size_t i = 0; i < MANY; i++) input[i] = (char)(i * i >> 8);
  assert_true(gr_child_filter(&c, (const char *const[]){ "sh", "-c", "cat; echo said >&2; exit 3", NULL }, input, MANY, &err));
  for (int i = 0; i < 600 && !gr_child_wait(&c, 0.1, &status); i++) continue;
  assert_int_equal(status, 3);
  assert_string_equal(c.said, "said\n");
  char *output = gr_child_result(&c, &n, &err);
  assert_non_null(output);
  assert_int_equal(n, MANY);
  assert_memory_equal(output, input, MANY);
  gr_free(output);
  free(input);
  gr_child_end(&c);
  assert_null(gr_child_result(&c, &n, &err));
}

static void a_filter_that_reads_nothing_stops_us(void **state) {
  gr_child c;
  gr_err err;
  int status = -1;
  size_t n;
  (void)state;
  assert_true(gr_child_filter(&c, (const char *const[]){ "true", NULL }, "unread", 6, &err));
  for (int i = 0; i < 600 && !gr_child_wait(&c, 0.1, &status); i++) continue;
  assert_int_equal(status, 0);
  char *output = gr_child_result(&c, &n, &err);
  assert_string_equal(output, "");
  gr_free(output);
  gr_child_end(&c);
}

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The sleepers of these cases live longer than any of them may take: 2 seconds are enough on a busy machine. */
static void a_program_that_closes_its_outputs_is_waited_for_without_end(void **state) {
  gr_child c;
  gr_err err;
  int status = -1;
  (void)state;
  const double start = seconds_now();
  assert_true(gr_child_start(&c, (const char *const[]){ "sh", "-c", "exec >&- 2>&-; exec sleep 20", NULL }, &err));
  for (int i = 0; i < 3; i++) assert_false(gr_child_wait(&c, 0.1, &status));
  assert_true(c.pid > 0);
  gr_child_end(&c);
  assert_int_equal(c.pid, 0);
  assert_true(seconds_now() - start < 2);
}

static void what_a_program_leaves_behind_is_waited_for(void **state) {
  gr_child c;
  gr_err err;
  int status = -1;
  (void)state;
  const double start = seconds_now();
  assert_true(gr_child_start(&c, (const char *const[]){ "sh", "-c", "sleep 3 & echo said; exit 3", NULL }, &err));
  for (int i = 0; i < 20 && !gr_child_wait(&c, 0.1, &status); i++) continue;
  assert_int_equal(status, 3);
  assert_string_equal(c.said, "said\n");
  assert_true(seconds_now() - start < 2);
  gr_child_end(&c);
}

static void a_program_that_will_not_end_holds_us(void **state) {
  gr_child c;
  gr_err err;
  int status;
  (void)state;
  const char *const words[] = { "sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done", NULL };
  assert_true(gr_child_start(&c, words, &err));
  for (int i = 0; i < 50 && !c.length; i++) assert_false(gr_child_wait(&c, 0.1, &status));
  gr_child_end(&c);
  assert_int_equal(c.pid, 0);
}

static void a_write_that_fails_leaves_something(void **state) {
  char hex[GR_SHA256_ROOM];
  gr_err err;
  (void)state;
  assert_true(gr_file_write(path_of("file"), "abc", 3, &err));
  assert_true(gr_sha256_file(path_of("file"), hex, &err));
  assert_string_equal(hex, sum_cases[1].hex);
  assert_false(gr_file_write(path_of("nowhere/file"), "abc", 3, &err));
  assert_non_null(strstr(err.text, "nowhere/file: could not be written"));
  assert_false(gr_file_write(folder, "abc", 3, &err));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sums_are_wrong),
    cmocka_unit_test(the_content_of_a_gzip_file_is_not_summed),
    cmocka_unit_test(more_bytes_than_expected_are_unpacked),
    cmocka_unit_test(a_file_that_is_not_there_has_a_sum),
    cmocka_unit_test(folders_above_are_not_made),
    cmocka_unit_test(a_folder_is_made_below_a_file),
    cmocka_unit_test(a_copy_is_another_file),
    cmocka_unit_test(a_copy_that_fails_leaves_something),
    cmocka_unit_test(a_status_or_an_output_is_lost),
    cmocka_unit_test(a_shell_reads_the_words),
    cmocka_unit_test(a_program_that_says_much_is_stopped_or_overflows),
    cmocka_unit_test(a_program_that_is_not_there_is_started),
    cmocka_unit_test(a_program_that_closes_its_outputs_is_waited_for_without_end),
    cmocka_unit_test(what_a_program_leaves_behind_is_waited_for),
    cmocka_unit_test(a_program_that_will_not_end_holds_us),
    cmocka_unit_test(a_program_outlives_its_end),
    cmocka_unit_test(a_filter_loses_bytes),
    cmocka_unit_test(a_filter_that_reads_nothing_stops_us),
    cmocka_unit_test(a_write_that_fails_leaves_something),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
