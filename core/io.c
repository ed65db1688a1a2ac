/* io.c: whole files, plain or gzipped, into memory. */
#include "io.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { FIRST_ROOM = 1 << 16 };

typedef struct bytes {
  char *data;
  size_t count, room;
} bytes;

/* Makes room for more than there is. Doubling keeps a header's false promise from asking for memory: it follows the data. */
static bool grow(bytes *b, gr_err *err) {
  size_t room = b->room ? 2 * b->room : FIRST_ROOM;
  char *data = gr_realloc(b->data, room, err);
  if (!data) return false;
  b->data = data;
  b->room = room;
  return true;
}

/* A gzip file is checked to its very end, where its checksum lies. */
static bool read_all(gzFile file, const char *path, bytes *b, gr_err *err) {
  for (;;) {
    if (b->count + 1 >= b->room && !grow(b, err)) return false;
    size_t want = b->room - b->count - 1;
    int got = gzread(file, b->data + b->count, want > 1 << 30 ? 1 << 30 : (unsigned)want);
    int state;
    const char *message = gzerror(file, &state);
    if (got > 0) b->count += (size_t)got;
    if (state == Z_BUF_ERROR) return gr_fail(err, "%s: the compressed data ends early", path);
    if (state == Z_ERRNO) return gr_fail(err, "%s: %s", path, strerror(errno));
    if (got < 0 || state < 0) return gr_fail(err, "%s: the compressed data is damaged (%s)", path, message);
    if (got == 0) break;
  }
  b->data[b->count] = 0;
  return true;
}

char *gr_file_bytes(const char *path, size_t *count, gr_err *err) {
  struct stat about;
  bytes b = { 0 };
  if (stat(path, &about) != 0) return gr_fail(err, "%s: %s", path, strerror(errno)), NULL;
  if (S_ISDIR(about.st_mode)) return gr_fail(err, "%s: is a folder, not a file", path), NULL;
  errno = 0;
  gzFile file = gzopen(path, "rb");
  if (!file) return gr_fail(err, "%s: %s", path, errno ? strerror(errno) : "not enough memory to read it"), NULL;
  gzbuffer(file, 1 << 17);
  bool ok = read_all(file, path, &b, err);
  gzclose(file);
  if (ok) {
    *count = b.count;
    return b.data;
  }
  gr_free(b.data);
  return NULL;
}
