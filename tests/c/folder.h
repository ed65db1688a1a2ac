/* folder.h: a folder of its own for a program's tests of files. Included once, by the program, after cmocka.h. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH = 512 };
static char folder[PATH];

static const char *path_of(const char *name) {
  static char path[PATH + 64];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static int make_folder(void **state) {
  const char *tmp = getenv("TMPDIR");
  (void)state;
  snprintf(folder, sizeof folder, "%.400s/gradus-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  return mkdtemp(folder) ? 0 : -1;
}

/* Fails when a test has left something else than these. */
static int remove_folder(void **state) {
  static const char *const names[] = { "file", "file.gz", "link" };
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlink(path_of(names[i]));
  return rmdir(folder);
}

#endif
