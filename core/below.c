/* below.c: what lies below a folder that strangers have filled: listed and read without following a link of theirs. */
#include "gr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- The way there ------------------------------------------------------------------ */

static bool fail_part(const char *folder, const char *inside, int reason, gr_err *err) {
  if (reason == ELOOP) return gr_fail(err, "%s/%s: is a symbolic link, or lies behind one", folder, inside);
  return gr_fail(err, "%s/%s: %s", folder, inside, strerror(reason));
}

/* Opens one name of the way, and lets go of the folder before it. */
static int step(int at, const char *part, size_t n, int flags) {
  char name[NAME_MAX + 1] = { 0 };
  int next = -1;
  errno = n > NAME_MAX ? ENAMETOOLONG : EINVAL;
  if (n > 0 && n <= NAME_MAX) memcpy(name, part, n);
  if (name[0] && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) next = openat(at, name, flags | O_NOFOLLOW | O_CLOEXEC);
  int reason = errno;
  close(at);
  errno = reason;
  return next;
}

/* Opens what lies inside, name by name: a folder that becomes a link meanwhile is not followed either. -1 when that fails. */
static int open_below(const char *folder, const char *inside, int flags, gr_err *err) {
  const char *from = inside;
  int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (at < 0) return gr_fail(err, "%s: %s", folder, strerror(errno)), -1;
  while (at >= 0 && *from) {
    size_t n = strcspn(from, "/");
    bool last = !from[n];
    at = step(at, from, n, last ? flags : O_RDONLY | O_DIRECTORY);
    from += last ? n : n + 1;
  }
  if (at < 0) fail_part(folder, inside, errno, err);
  return at;
}

/* ---- Lists -------------------------------------------------------------------------- */

void *gr_below_open(const char *folder, const char *inside, gr_err *err) {
  int at = open_below(folder, inside, O_RDONLY | O_DIRECTORY, err);
  DIR *list = at >= 0 ? fdopendir(at) : NULL;
  if (at >= 0 && !list) {
    gr_fail(err, "%s/%s: %s", folder, inside, strerror(errno));
    close(at);
  }
  return list;
}

static const char *kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return "file";
    case S_IFDIR: return "folder";
    case S_IFLNK: return "link";
    case S_IFIFO: return "pipe";
    case S_IFSOCK: return "socket";
    default: return "device";
  }
}

bool gr_below_next(void *list, gr_below *found) {
  static const int64_t second = 1000000000;
  for (const struct dirent *entry; (entry = readdir(list));) {
    struct stat about;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (fstatat(dirfd(list), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) continue; /* it has gone meanwhile */
    *found = (gr_below){ .kind = kind_of(about.st_mode), .modified = about.st_mtim.tv_sec * second + about.st_mtim.tv_nsec };
    snprintf(found->name, sizeof found->name, "%s", entry->d_name);
    return true;
  }
  return false;
}

void gr_below_close(void *list) {
  if (list) closedir(list);
}

/* ---- Files -------------------------------------------------------------------------- */

/* A file with two names may be one that lies elsewhere, and is its owner's alone. */
static bool check_file(int file, const char *path, size_t most, size_t *n, gr_err *err) {
  struct stat about;
  if (fstat(file, &about) != 0) return gr_fail(err, "%s: %s", path, strerror(errno));
  if (!S_ISREG(about.st_mode)) return gr_fail(err, "%s: is no file, but a %s", path, kind_of(about.st_mode));
  if (about.st_nlink > 1) return gr_fail(err, "%s: is a hard link: the file has %zu names; copy it", path, (size_t)about.st_nlink);
  if ((uintmax_t)about.st_size > most)
    return gr_fail(err, "%s: has %ju bytes; at most %zu are read", path, (uintmax_t)about.st_size, most);
  *n = (size_t)about.st_size;
  return true;
}

/* Up to n bytes; fewer in *got where the file ends. */
static bool read_all(int file, const char *path, char *to, size_t n, size_t *got, gr_err *err) {
  ssize_t piece = 1;
  for (*got = 0; *got < n && piece > 0; *got += (size_t)piece) {
    piece = read(file, to + *got, n - *got);
    if (piece < 0) return gr_fail(err, "%s: %s", path, strerror(errno));
  }
  return true;
}

char *gr_below_read(const char *folder, const char *inside, size_t most, size_t *n, gr_err *err) {
  size_t size = 0;
  char *bytes = NULL;
  int file = open_below(folder, inside, O_RDONLY | O_NONBLOCK, err); /* a pipe nobody writes to does not hold us up */
  if (file < 0) return NULL;
  if (check_file(file, inside, most, &size, err)) bytes = gr_alloc(size + 1, err);
  if (bytes && !read_all(file, inside, bytes, size, n, err)) {
    gr_free(bytes);
    bytes = NULL;
  }
  close(file);
  return bytes;
}
