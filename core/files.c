/* files.c: files as such: folders made, copies, bytes written, and a finished file put in its place. */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool gr_folder_make(const char *path, gr_err *err) {
  char upper[PATH_MAX];
  size_t n = strlen(path);
  if (n + 1 > sizeof upper) return gr_fail(err, "%.80s...: the name is too long", path);
  for (size_t i = 1; i <= n; i++) {
    if (path[i] != '/' && path[i]) continue;
    memcpy(upper, path, i);
    upper[i] = 0;
    int reason = mkdir(upper, 0777) == 0 ? 0 : errno;
    if (reason && !is_folder(upper)) return gr_fail(err, "%s: the folder cannot be made: %s", upper, strerror(reason));
  }
  return true;
}

static bool make_new(const char *path, mode_t mode, bool *there, gr_err *err) {
  *there = false;
  if (mkdir(path, mode) == 0) return true;
  *there = errno == EEXIST;
  return gr_fail(err, "%s: the folder cannot be made: %s", path, strerror(errno));
}

bool gr_folder_new(const char *path, bool *there, gr_err *err) { return make_new(path, 0777, there, err); }

bool gr_folder_new_private(const char *path, bool *there, gr_err *err) { return make_new(path, 0700, there, err); }

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
  (void)about, (void)kind, (void)place;
  return remove(path);
}

bool gr_folder_remove(const char *path, gr_err *err) {
  enum { OPEN = 16 }; /* folders at once */
  if (nftw(path, remove_one, OPEN, FTW_DEPTH | FTW_PHYS) == 0) return true;
  return gr_fail(err, "%s: could not be taken away: %s", path, strerror(errno));
}

bool gr_file_cut(const char *path, size_t n, gr_err *err) {
  return truncate(path, (off_t)n) == 0 || gr_fail(err, "%s: could not be cut: %s", path, strerror(errno));
}

static bool copy_all(FILE *from, const char *name, gr_out *to, gr_err *err) {
  char lot[1 << 16];
  for (size_t got = sizeof lot; got == sizeof lot;) {
    got = fread(lot, 1, sizeof lot, from);
    if (ferror(from)) return gr_fail(err, "%s: %s", name, strerror(errno));
    if (!gr_out_write(to, lot, got, err)) return false;
  }
  return true;
}

bool gr_file_copy(const char *from, const char *to, gr_err *err) {
  gr_out out;
  FILE *file = fopen(from, "rb");
  if (!file) return gr_fail(err, "%s: %s", from, strerror(errno));
  bool ok = gr_out_open(&out, to, err);
  if (ok) ok = gr_out_close(&out, copy_all(file, from, &out, err), err);
  fclose(file);
  return ok;
}

char *gr_file_full_path(const char *path, gr_err *err) {
  char real[PATH_MAX];
  if (!realpath(path, real)) return gr_fail(err, "%s: %s", path, strerror(errno)), NULL;
  char *full = gr_alloc(strlen(real) + 1, err);
  return full ? strcpy(full, real) : NULL;
}

int gr_folder_lock(const char *path, gr_err *err) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return gr_fail(err, "%s: %s", path, strerror(errno)), -1;
  if (flock(folder, LOCK_EX | LOCK_NB) == 0) return folder;
  if (errno == EWOULDBLOCK) gr_fail(err, "%s: another program is at work there", path);
  else gr_fail(err, "%s: %s", path, strerror(errno));
  close(folder);
  return -1;
}

void gr_folder_unlock(int lock) {
  if (lock >= 0) close(lock);
}

bool gr_file_append(const char *path, const char *text, size_t n, gr_err *err) {
  int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return gr_fail(err, "%s: %s", path, strerror(errno));
  errno = ENOSPC; /* what a part alone written means */
  bool ok = write(file, text, n) == (ssize_t)n;
  int reason = errno;
  close(file);
  return ok || gr_fail(err, "%s: could not be written: %s", path, strerror(reason));
}

/* Its bytes lie on the disk before its name does: a loss of power leaves no empty file under that name. */
bool gr_file_place(const char *from, const char *to, gr_err *err) {
  int file = open(from, O_RDONLY | O_CLOEXEC);
  if (file < 0) return gr_fail(err, "%s: %s", from, strerror(errno));
  bool ok = fsync(file) == 0 && rename(from, to) == 0;
  int reason = errno;
  close(file);
  if (!ok) return gr_fail(err, "%s: could not be written: %s", to, strerror(reason));
  gr_folder_sync(to);
  return true;
}

bool gr_file_write(const char *path, const void *bytes, size_t n, gr_err *err) {
  gr_out out;
  if (!gr_out_open(&out, path, err)) return false;
  bool ok = gr_out_write(&out, bytes, n, err);
  return gr_out_close(&out, ok, err);
}
