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
    fail_part(folder, inside, errno, err);
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

/* The next name but . and .., which are no content; NULL at the end, and with errno when that was not reached. */
static const char *next_name(DIR *list) {
  const struct dirent *entry;
  errno = 0;
  do entry = readdir(list);
  while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
  return entry ? entry->d_name : NULL;
}

bool gr_below_next(void *list, gr_below *found, gr_err *err) {
  static const int64_t second = 1000000000;
  err->text[0] = 0;
  for (const char *name; (name = next_name(list));) {
    struct stat about;
    if (fstatat(dirfd(list), name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue; /* it has gone meanwhile */
      return gr_fail(err, "%s in a folder: %s", name, strerror(errno));
    }
    *found = (gr_below){ .kind = kind_of(about.st_mode), .modified = about.st_mtim.tv_sec * second + about.st_mtim.tv_nsec };
    snprintf(found->name, sizeof found->name, "%s", name);
    return true;
  }
  return errno ? gr_fail(err, "a folder cannot be listed to its end: %s", strerror(errno)) : false;
}

void gr_below_close(void *list) {
  if (list) closedir(list);
}

/* ---- Files -------------------------------------------------------------------------- */

/* A file with two names may be one that lies elsewhere, and is its owner's alone. */
static bool check_file(int file, const char *folder, const char *inside, size_t most, size_t *n, gr_err *err) {
  struct stat about;
  if (fstat(file, &about) != 0) return fail_part(folder, inside, errno, err);
  if (!S_ISREG(about.st_mode)) return gr_fail(err, "%s/%s: is no file, but a %s", folder, inside, kind_of(about.st_mode));
  if (about.st_nlink > 1)
    return gr_fail(err, "%s/%s: is a hard link: the file has %zu names; copy it", folder, inside, (size_t)about.st_nlink);
  if ((uintmax_t)about.st_size > most)
    return gr_fail(err, "%s/%s: has %ju bytes; at most %zu are read", folder, inside, (uintmax_t)about.st_size, most);
  *n = (size_t)about.st_size;
  return true;
}

/* Up to n bytes; fewer in *got where the file ends. */
static bool read_all(int file, char *to, size_t n, size_t *got) {
  ssize_t piece = 1;
  for (*got = 0; *got < n && piece > 0; *got += (size_t)piece) {
    piece = read(file, to + *got, n - *got);
    if (piece < 0) return false;
  }
  return true;
}

char *gr_below_read(const char *folder, const char *inside, size_t most, size_t *n, gr_err *err) {
  size_t size = 0;
  char *bytes = NULL;
  int file = open_below(folder, inside, O_RDONLY | O_NONBLOCK, err); /* a pipe nobody writes to does not hold us up */
  if (file < 0) return NULL;
  if (check_file(file, folder, inside, most, &size, err)) bytes = gr_alloc(size + 1, err);
  if (bytes && !read_all(file, bytes, size, n)) {
    fail_part(folder, inside, errno, err);
    gr_free(bytes);
    bytes = NULL;
  }
  close(file);
  return bytes;
}
