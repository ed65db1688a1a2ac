/* io_npz.c: NumPy's .npz files: zip archives whose members are .npy files, one an array, named after it (numpy.savez).
**
** Files come from strangers: memory is asked for only where a member's stated size can be that of its compressed bytes, and
** those of all members fit into the file.                                                                                */
#include "io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

enum {
  LABEL = 512,     /* room for path and member in a message */
  DEFLATED = 1032, /* bytes that a deflated byte stands for at most (zlib, technical details) */
  FIRST_DAY = 0x21 /* 1 January 1980, the first that a zip archive can tell: what NumPy writes */
};

static const char ending[] = ".npy";

/* ---- Names -------------------------------------------------------------------------- */

static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7F; }

/* Whether a part between slashes is "..", by which careless programs unpack a member into other folders. */
static bool climbs(const char *name) {
  for (const char *at = name; (at = strstr(at, "..")); at++)
    if ((at == name || strchr("/\\", at[-1])) && strchr("/\\", at[2])) return true; /* strchr finds the end, too */
  return false;
}

static bool fit_name(const char *path, const char *name, gr_err *err) {
  if (!name[0]) return gr_fail(err, "%s: the name of an array is empty", path);
  for (const char *c = name; *c; c++)
    if (is_control(*c)) return gr_fail(err, "%s: the name of an array holds characters that control a terminal", path);
  if (climbs(name)) return gr_fail(err, "%s: '%s': a name with the part '..' is refused", path, name);
  return true;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* Sorted, the same names stand side by side. */
static bool no_name_twice(const char *path, const gr_bundle *b, gr_err *err) {
  bool ok = true;
  char **names = gr_alloc(b->count * sizeof *names, err);
  if (!names) return false;
  for (size_t i = 0; i < b->count; i++) names[i] = b->names[i];
  qsort(names, b->count, sizeof *names, by_name);
  for (size_t i = 1; ok && i < b->count; i++)
    if (strcmp(names[i - 1], names[i]) == 0) ok = gr_fail(err, "%s: the name '%s' stands there twice", path, names[i]);
  gr_free(names);
  return ok;
}

/* ---- Reading ------------------------------------------------------------------------ */

/* An archive being read. */
typedef struct archive {
  const char *path;
  size_t size; /* bytes of the file */
  size_t seen; /* compressed bytes of the members so far */
  zip_t *zip;
} archive;

static bool open_archive(archive *a, const char *path, gr_err *err) {
  struct stat about;
  zip_error_t why;
  int code;
  *a = (archive){ .path = path };
  if (stat(path, &about) != 0) return gr_fail(err, "%s: %s", path, strerror(errno));
  if (S_ISDIR(about.st_mode)) return gr_fail(err, "%s: is a folder, not a file", path);
  if (!S_ISREG(about.st_mode)) return gr_fail(err, "%s: is a pipe or a device: an .npz file is read from its end", path);
  a->size = (size_t)about.st_size;
  if (a->size > 0 && (a->zip = zip_open(path, ZIP_RDONLY, &code))) return true;
  zip_error_init_with_code(&why, a->size > 0 ? code : ZIP_ER_NOZIP);
  gr_fail(err, "%s: this is no .npz file (%s)", path, zip_error_strerror(&why));
  zip_error_fini(&why);
  return false;
}

/* Whether what the archive says of a member can be true. */
static bool check_member(archive *a, const zip_stat_t *about, const char *label, gr_err *err) {
  const zip_uint64_t told = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((about->valid & told) != told) return gr_fail(err, "%s: the archive does not tell its size", label);
  if (about->encryption_method != ZIP_EM_NONE) return gr_fail(err, "%s: is encrypted", label);
  if (about->comp_method != ZIP_CM_STORE && about->comp_method != ZIP_CM_DEFLATE)
    return gr_fail(err, "%s: is compressed by method %d: stored and deflated members can be read", label, about->comp_method);
  if (about->comp_size > a->size - a->seen)
    return gr_fail(err, "%s: the members are said to have more bytes than the file, which has %zu", label, a->size);
  a->seen += about->comp_size;
  bool stored = about->comp_method == ZIP_CM_STORE;
  if (stored ? about->size != about->comp_size : about->size / DEFLATED > about->comp_size)
    return gr_fail(err, "%s: is said to have %llu bytes, which %llu in the archive cannot hold", label,
                   (unsigned long long)about->size, (unsigned long long)about->comp_size);
  return true;
}

/* Reads n bytes, which must be all there are: libzip compares size and checksum when it meets the end. */
static bool read_bytes(zip_file_t *f, char *to, size_t n, const char *label, gr_err *err) {
  zip_int64_t got = 1;
  char beyond;
  size_t have = 0;
  for (; have < n && got > 0; have += got > 0 ? (size_t)got : 0) got = zip_fread(f, to + have, n - have);
  if (have == n) got = zip_fread(f, &beyond, 1);
  if (got < 0) return gr_fail(err, "%s: is damaged (%s)", label, zip_file_strerror(f));
  if (have < n) return gr_fail(err, "%s: ends early: it is said to have %zu bytes, and there are %zu", label, n, have);
  if (got > 0) return gr_fail(err, "%s: goes on after the %zu bytes that it is said to have", label, n);
  return true;
}

static gr_tensor *read_member(archive *a, const zip_stat_t *about, const char *label, gr_dtype dtype, gr_err *err) {
  size_t n = (size_t)about->size;
  gr_tensor *t = NULL;
  zip_file_t *f = zip_fopen_index(a->zip, about->index, 0);
  if (!f) return gr_fail(err, "%s: cannot be read (%s)", label, zip_strerror(a->zip)), NULL;
  char *bytes = gr_alloc(n, err);
  if (bytes && read_bytes(f, bytes, n, label, err)) t = gr_npy_parse(label, bytes, n, dtype, err);
  gr_free(bytes);
  zip_fclose(f);
  return t;
}

/* Whether the name ends in .npy: other members are no arrays. */
static bool is_array(const char *name) {
  size_t n = strlen(name), last = sizeof ending - 1;
  return n >= last && strcmp(name + n - last, ending) == 0;
}

/* Adds the array of a member to the bundle, under its name without the ending. */
static bool add_member(archive *a, zip_uint64_t index, gr_dtype dtype, gr_bundle *out, gr_err *err) {
  zip_stat_t about;
  char label[LABEL];
  if (zip_stat_index(a->zip, index, 0, &about) != 0 || !(about.valid & ZIP_STAT_NAME))
    return gr_fail(err, "%s: the archive is damaged (%s)", a->path, zip_strerror(a->zip));
  if (!is_array(about.name)) return true;
  char *name = gr_alloc(strlen(about.name) + 1, err);
  if (!name) return false;
  strcpy(name, about.name)[strlen(about.name) - strlen(ending)] = 0;
  snprintf(label, sizeof label, "%s: %s", a->path, about.name);
  bool ok = fit_name(a->path, name, err);
  gr_tensor *t = ok && check_member(a, &about, label, err) ? read_member(a, &about, label, dtype, err) : NULL;
  ok = t && gr_bundle_add(out, name, t, err);
  gr_unref(t);
  gr_free(name);
  return ok;
}

bool gr_npz_read(const char *path, gr_dtype dtype, gr_bundle *out, gr_err *err) {
  archive a;
  *out = (gr_bundle){ 0 };
  if (!open_archive(&a, path, err)) return false;
  bool ok = true;
  zip_int64_t n = zip_get_num_entries(a.zip, 0);
  for (zip_int64_t i = 0; ok && i < n; i++) ok = add_member(&a, (zip_uint64_t)i, dtype, out, err);
  zip_discard(a.zip);
  ok = ok && no_name_twice(path, out, err);
  if (!ok) gr_bundle_free(out);
  return ok;
}

/* ---- Writing: members --------------------------------------------------------------- */

/* A tensor as a .npy file that libzip reads. */
typedef struct member {
  const gr_tensor *t;
  char front[GR_NPY_FRONT];
  size_t front_bytes, at; /* how far it was read */
} member;

static size_t numbers_bytes(const member *m) { return m->t->size * gr_dtype_size(m->t->dtype); }

static size_t read_front(member *m, void *to, size_t room) {
  size_t rest = m->front_bytes - m->at, n = rest < room ? rest : room;
  memcpy(to, m->front + m->at, n);
  m->at += n;
  return n;
}

/* Whole numbers of them, least significant bytes first. */
static size_t read_numbers(member *m, void *to, size_t room) {
  size_t each = gr_dtype_size(m->t->dtype), done = m->at - m->front_bytes, rest = numbers_bytes(m) - done;
  size_t n = (rest < room ? rest : room) / each * each;
  memcpy(to, (const char *)m->t->x + done, n);
  gr_little_endian(to, n / each, each);
  m->at += n;
  return n;
}

static zip_int64_t tell_size(const member *m, zip_stat_t *about) {
  zip_stat_init(about);
  about->size = m->front_bytes + numbers_bytes(m);
  about->valid = ZIP_STAT_SIZE;
  return sizeof *about;
}

/* What libzip asks of a member. */
static zip_int64_t serve_member(void *data, void *to, zip_uint64_t room, zip_source_cmd_t what) {
  member *m = data;
  switch (what) {
    case ZIP_SOURCE_OPEN: m->at = 0; return 0;
    case ZIP_SOURCE_READ: return (zip_int64_t)(m->at < m->front_bytes ? read_front(m, to, room) : read_numbers(m, to, room));
    case ZIP_SOURCE_STAT: return tell_size(m, to);
    case ZIP_SOURCE_ERROR: memset(to, 0, 2 * sizeof(int)); return 2 * sizeof(int);
    case ZIP_SOURCE_FREE: gr_free(m); return 0;
    case ZIP_SOURCE_SUPPORTS: return ZIP_SOURCE_SUPPORTS_READABLE;
    default: return 0;
  }
}

static bool fail_zip(const gr_out *out, zip_t *zip, gr_err *err) {
  return gr_fail(err, "%s: could not be written: %s", out->path, zip_strerror(zip));
}

/* Tells libzip of the tensor, which it reads when the archive is closed. */
static bool put_member(zip_t *zip, const gr_out *out, const char *name, const gr_tensor *t, gr_err *err) {
  size_t room = strlen(name) + sizeof ending;
  char *full = gr_alloc(room, err);
  member *m = full ? gr_alloc(sizeof *m, err) : NULL;
  if (!m) return gr_free(full), false;
  snprintf(full, room, "%s%s", name, ending);
  *m = (member){ .t = t };
  m->front_bytes = gr_npy_front(t, m->front);
  zip_source_t *source = zip_source_function(zip, serve_member, m);
  if (!source) gr_free(m);
  zip_int64_t at = source ? zip_file_add(zip, full, source, ZIP_FL_ENC_UTF_8) : -1;
  if (source && at < 0) zip_source_free(source);
  gr_free(full);
  return (at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0 &&
          zip_file_set_dostime(zip, (zip_uint64_t)at, 0, FIRST_DAY, 0) == 0) ||
         fail_zip(out, zip, err);
}

/* ---- Writing: the archive ----------------------------------------------------------- */

/* The file that libzip writes to. */
typedef struct target {
  gr_out *out;
  gr_err *err;
  bool failed; /* err tells why */
} target;

static zip_int64_t fail_system(target *to) {
  to->failed = true;
  gr_fail(to->err, "%s: could not be written: %s", to->out->path, strerror(errno));
  return -1;
}

static zip_int64_t write_target(target *to, const void *data, size_t n) {
  if (gr_out_write(to->out, data, n, to->err)) return (zip_int64_t)n;
  to->failed = true;
  return -1;
}

static zip_int64_t seek_target(target *to, const zip_source_args_seek_t *place) {
  return fseeko(to->out->file, (off_t)place->offset, place->whence) == 0 ? 0 : fail_system(to);
}

static zip_int64_t tell_empty(zip_stat_t *about) {
  zip_stat_init(about);
  about->size = 0;
  about->valid = ZIP_STAT_SIZE;
  return sizeof *about;
}

static zip_int64_t tell_error(int codes[2]) {
  codes[0] = ZIP_ER_WRITE;
  codes[1] = errno;
  return 2 * sizeof(int);
}

/* What libzip asks of the archive: an empty file that it may write to. The caller puts it in place, or takes it away. */
static zip_int64_t serve_target(void *data, void *with, zip_uint64_t n, zip_source_cmd_t what) {
  target *to = data;
  switch (what) {
    case ZIP_SOURCE_STAT: return tell_empty(with);
    case ZIP_SOURCE_WRITE: return write_target(to, with, n);
    case ZIP_SOURCE_SEEK_WRITE: return seek_target(to, with);
    case ZIP_SOURCE_TELL_WRITE: return (zip_int64_t)ftello(to->out->file);
    case ZIP_SOURCE_ERROR: return tell_error(with);
    case ZIP_SOURCE_SUPPORTS: return ZIP_SOURCE_SUPPORTS_WRITABLE;
    default: return 0;
  }
}

static zip_t *open_target(target *to) {
  zip_error_t why;
  zip_error_init(&why);
  zip_source_t *source = zip_source_function_create(serve_target, to, &why);
  zip_t *zip = source ? zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &why) : NULL;
  if (source && !zip) zip_source_free(source);
  if (!zip) gr_fail(to->err, "%s: could not be written: %s", to->out->path, zip_error_strerror(&why));
  zip_error_fini(&why);
  return zip;
}

/* libzip writes all of it at once, when the archive is closed. */
static bool write_archive(gr_out *out, const gr_bundle *b, gr_err *err) {
  target to = { out, err, false };
  zip_t *zip = open_target(&to);
  if (!zip) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < b->count; i++) ok = put_member(zip, out, b->names[i], b->tensors[i], err);
  if (ok && zip_close(zip) == 0) return true;
  if (ok && !to.failed) fail_zip(out, zip, err);
  zip_discard(zip);
  return false;
}

bool gr_npz_write(const char *path, const gr_bundle *b, gr_err *err) {
  gr_out out;
  if (b->count == 0) return gr_fail(err, "%s: there are no tensors to write", path);
  for (size_t i = 0; i < b->count; i++)
    if (!fit_name(path, b->names[i], err) || !gr_ready(b->tensors[i], err)) return false;
  if (!no_name_twice(path, b, err) || !gr_out_open(&out, path, err)) return false;
  return gr_out_close(&out, write_archive(&out, b, err), err);
}
