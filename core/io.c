/* io.c: files read, plain or gzipped, piece by piece or whole; and written so that a failure leaves the old one. */
#include "io.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { FIRST_ROOM = 1 << 16, PIECE = 1 << 30 };

/* ---- Files in memory ---------------------------------------------------------------- */

static const gr_memory_file *in_memory; /* once gr_files_only was called; it ends with one without a name */

void gr_files_only(const gr_memory_file *files) { in_memory = files; }

static bool open_in_memory(gr_file *f, gr_err *err) {
  for (const gr_memory_file *one = in_memory; one->name; one++) {
    if (strcmp(one->name, f->path) != 0) continue;
    f->size = one->size;
    f->rest = one->bytes;
    f->end = one->bytes + one->size;
    return true;
  }
  return gr_fail(err, "%s: in a cell there are no files but those that were given to it", f->path);
}

static bool read_memory(gr_file *f, void *to, size_t want, size_t *got) {
  const size_t left = (size_t)(f->end - f->rest);
  *got = want < left ? want : left;
  memcpy(to, f->rest, *got);
  f->rest += *got;
  return true;
}

/* ---- Piece by piece ----------------------------------------------------------------- */

bool gr_file_open(gr_file *f, const char *path, gr_err *err) {
  struct stat about;
  *f = (gr_file){ .path = path };
  if (in_memory) return open_in_memory(f, err);
  if (stat(path, &about) != 0) return gr_fail(err, "%s: %s", path, strerror(errno));
  if (S_ISDIR(about.st_mode)) return gr_fail(err, "%s: is a folder, not a file", path);
  errno = 0;
  f->size = (size_t)about.st_size;
  f->gz = gzopen(path, "rb");
  if (!f->gz) return gr_fail(err, "%s: %s", path, errno ? strerror(errno) : "not enough memory to read it");
  gzbuffer(f->gz, 1 << 17);
  return true;
}

/* At the end of a gzip file zlib compares its checksum. */
static bool read_piece(gr_file *f, void *to, unsigned want, size_t *got, gr_err *err) {
  int count = gzread(f->gz, to, want), state;
  const char *message = gzerror(f->gz, &state);
  if (state == Z_BUF_ERROR) return gr_fail(err, "%s: the compressed data ends early", f->path);
  if (state == Z_ERRNO) return gr_fail(err, "%s: %s", f->path, strerror(errno));
  if (count < 0 || state < 0) return gr_fail(err, "%s: the compressed data is damaged (%s)", f->path, message);
  *got = (size_t)count;
  return true;
}

bool gr_file_read(gr_file *f, void *to, size_t want, size_t *got, gr_err *err) {
  size_t piece = 1;
  if (f->rest) return read_memory(f, to, want, got);
  for (*got = 0; *got < want && piece > 0; *got += piece) {
    size_t rest = want - *got;
    if (!read_piece(f, (char *)to + *got, rest > PIECE ? PIECE : (unsigned)rest, &piece, err)) return false;
  }
  return true;
}

void gr_file_close(gr_file *f) {
  if (f->gz) gzclose(f->gz);
  f->gz = NULL;
}

/* ---- Whole -------------------------------------------------------------------------- */

typedef struct bytes {
  char *data;
  size_t count, room;
} bytes;

/* Makes room for more than there is. Doubling keeps a header's false promise from asking for memory: it follows the data. */
static bool grow(bytes *b, size_t room, gr_err *err) {
  char *data = gr_realloc(b->data, room, err);
  if (!data) return false;
  b->data = data;
  b->room = room;
  return true;
}

static size_t lesser(size_t a, size_t b) { return a < b ? a : b; }

/* Fills the room but for a byte, until that is more than there is to read, or than may be read. */
static bool read_all(gr_file *f, size_t most, bytes *b, gr_err *err) {
  const size_t enough = most < SIZE_MAX - 2 ? most + 2 : SIZE_MAX;
  size_t want, got;
  if (!grow(b, lesser(f->size < FIRST_ROOM ? FIRST_ROOM : f->size + 2, enough), err)) return false;
  do {
    if (b->count + 1 == b->room && !grow(b, lesser(2 * b->room, enough), err)) return false;
    want = b->room - b->count - 1;
    if (!gr_file_read(f, b->data + b->count, want, &got, err)) return false;
    b->count += got;
    if (b->count > most) return gr_fail(err, "%s: holds more than %zu bytes, unpacked; no more are read", f->path, most);
  } while (got == want);
  b->data[b->count] = 0;
  return true;
}

char *gr_file_bytes_most(const char *path, size_t most, size_t *count, gr_err *err) {
  gr_file f;
  bytes b = { 0 };
  bool ok = gr_file_open(&f, path, err) && read_all(&f, most, &b, err);
  gr_file_close(&f);
  if (ok) {
    *count = b.count;
    return b.data;
  }
  gr_free(b.data);
  return NULL;
}

char *gr_file_bytes(const char *path, size_t *count, gr_err *err) { return gr_file_bytes_most(path, SIZE_MAX, count, err); }

/* ---- Writing ------------------------------------------------------------------------ */

static bool fail_write(const gr_out *out, gr_err *err) {
  return gr_fail(err, "%s: could not be written: %s", out->path, strerror(errno));
}

/* The two texts in one of their own. */
static char *joined(const char *text, const char *ending, gr_err *err) {
  size_t room = strlen(text) + strlen(ending) + 1;
  char *both = gr_alloc(room, err);
  if (both) snprintf(both, room, "%s%s", text, ending);
  return both;
}

/* Finds where the file shall stand. What is there must be a file that may be changed; its permissions go to *mode. */
static bool find_target(gr_out *out, mode_t *mode, gr_err *err) {
  char real[PATH_MAX];
  struct stat about;
  bool there = realpath(out->path, real) != NULL;
  if (there && stat(real, &about) == 0) {
    if (S_ISDIR(about.st_mode)) return gr_fail(err, "%s: is a folder, not a file", out->path);
    if (!S_ISREG(about.st_mode)) return gr_fail(err, "%s: is a pipe or a device: only files can be written", out->path);
    if (access(real, W_OK) != 0) return fail_write(out, err);
    *mode = about.st_mode & 07777;
  }
  out->target = joined(there ? real : out->path, "", err);
  return out->target != NULL;
}

/* Opens a new file beside the target. Two programs that write the same file get two names. */
static int open_beside(gr_out *out, gr_err *err) {
  enum { TRIES = 100 };
  for (int i = 0; i < TRIES; i++) {
    char ending[48];
    snprintf(ending, sizeof ending, ".%ld-%d.part", (long)getpid(), i);
    if (!(out->beside = joined(out->target, ending, err))) return -1;
    int fd = open(out->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) return fd;
    gr_free(out->beside);
    out->beside = NULL;
    if (errno != EEXIST) break;
  }
  fail_write(out, err);
  return -1;
}

/* Ends all that `out` holds. */
static void forget(gr_out *out) {
  if (out->file) fclose(out->file);
  if (out->beside) unlink(out->beside);
  gr_free(out->path);
  gr_free(out->target);
  gr_free(out->beside);
  *out = (gr_out){ 0 };
}

bool gr_out_open(gr_out *out, const char *path, gr_err *err) {
  mode_t mode = 0;
  int fd = -1;
  *out = (gr_out){ .path = joined(path, "", err) };
  if (!out->path || !find_target(out, &mode, err) || (fd = open_beside(out, err)) < 0) goto fail;
  if ((mode && fchmod(fd, mode) != 0) || !(out->file = fdopen(fd, "wb"))) {
    fail_write(out, err);
    close(fd);
    goto fail;
  }
  return true;
fail:
  forget(out);
  return false;
}

bool gr_out_write(gr_out *out, const void *from, size_t n, gr_err *err) {
  return fwrite(from, 1, n, out->file) == n || fail_write(out, err);
}

void gr_little_endian(void *numbers, size_t n, size_t each) {
  char *at = numbers;
  if (htole16(1) == 1) return;
  for (size_t i = 0; i < n; i++, at += each)
    for (size_t j = 0; j < each / 2; j++) {
      char byte = at[j];
      at[j] = at[each - 1 - j];
      at[each - 1 - j] = byte;
    }
}

bool gr_out_numbers(gr_out *out, const gr_tensor *t, gr_err *err) {
  enum { TURNED = 1 << 16 }; /* bytes at a time */
  unsigned char piece[TURNED];
  const size_t each = gr_dtype_size(t->dtype), all = t->size * each;
  const char *x = t->x;
  for (size_t at = 0; at < all; at += TURNED) {
    size_t n = all - at < TURNED ? all - at : TURNED;
    memcpy(piece, x + at, n);
    gr_little_endian(piece, n / each, each);
    if (!gr_out_write(out, piece, n, err)) return false;
  }
  return true;
}

void gr_folder_sync(const char *file) {
  char folder[PATH_MAX];
  const char *slash = strrchr(file, '/');
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

static bool put_in_place(gr_out *out, gr_err *err) {
  bool ok = fflush(out->file) == 0 && fsync(fileno(out->file)) == 0;
  int reason = errno;
  if (fclose(out->file) != 0 && ok) ok = false, reason = errno;
  out->file = NULL;
  errno = reason;
  if (!ok || rename(out->beside, out->target) != 0) return fail_write(out, err);
  gr_folder_sync(out->target);
  gr_free(out->beside);
  out->beside = NULL;
  return true;
}

bool gr_out_close(gr_out *out, bool ok, gr_err *err) {
  ok = ok && put_in_place(out, err);
  forget(out);
  return ok;
}

/* ---- Into memory -------------------------------------------------------------------- */

bool gr_memory_out_open(gr_memory_out *m, gr_err *err) {
  *m = (gr_memory_out){ .out = { .path = "memory" } };
  m->out.file = open_memstream(&m->bytes, &m->count);
  return m->out.file || gr_fail_memory(err, FIRST_ROOM);
}

char *gr_memory_out_close(gr_memory_out *m, bool ok, size_t *count, gr_err *err) {
  if (fclose(m->out.file) != 0 && ok) ok = fail_write(&m->out, err);
  *count = m->count;
  if (ok) return m->bytes;
  free(m->bytes);
  return NULL;
}
