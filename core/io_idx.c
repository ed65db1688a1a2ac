/* io_idx.c: the format of the MNIST files: two zero bytes, a type, the number of axes; each size in four
** bytes; then the numbers; everything with the most significant byte first (LeCun, THE MNIST DATABASE).
**
** The numbers are taken in lots that stay in cache, so that only the tensor itself goes through memory.  */
#include "core.h"
#include "io.h"

#include <stdint.h>

enum {
  MAGIC = 4,
  SIZE = 4,
  UNSIGNED_BYTE = 0x08,
  LOT = 1 << 18,   /* bytes read at once; zlib unpacks that many straight into place */
  DEFLATED = 1032, /* bytes that a byte of a gzip file stands for at most (zlib, technical details) */
};

typedef struct header {
  unsigned char type;
  size_t each; /* bytes of a number */
  int nd;
  size_t d[GR_MAX_DIMS];
  size_t bytes; /* of all numbers */
} header;

static uint64_t big_endian(const unsigned char *b, size_t n) {
  uint64_t v = 0;
  for (size_t i = 0; i < n; i++) v = v << 8 | b[i];
  return v;
}

/* Bytes of a number of that type; 0: there is no such type. */
static size_t bytes_of(unsigned char type) {
  switch (type) {
    case UNSIGNED_BYTE:
    case 0x09: return 1;
    case 0x0B: return 2;
    case 0x0C:
    case 0x0D: return 4;
    case 0x0E: return 8;
    default: return 0; /* no IDX file */
  }
}

static double number_at(const unsigned char *b, unsigned char type) {
  uint32_t narrow;
  uint64_t wide;
  float f;
  double d;
  switch (type) {
    case UNSIGNED_BYTE: return b[0];
    case 0x09: return (int8_t)b[0];
    case 0x0B: return (int16_t)big_endian(b, 2);
    case 0x0C: return (int32_t)big_endian(b, 4);
    case 0x0D:
      narrow = (uint32_t)big_endian(b, 4);
      memcpy(&f, &narrow, sizeof f);
      return f;
    default:
      wide = big_endian(b, 8);
      memcpy(&d, &wide, sizeof d);
      return d;
  }
}

/* ---- The header --------------------------------------------------------------------- */

static bool read_header(gr_file *f, header *h, gr_err *err) {
  unsigned char b[MAGIC + GR_MAX_DIMS * SIZE];
  size_t got;
  if (!gr_file_read(f, b, MAGIC, &got, err)) return false;
  size_t each = got == MAGIC && b[0] == 0 && b[1] == 0 ? bytes_of(b[2]) : 0;
  if (!each) return gr_fail(err, "%s: this is no IDX file", f->path);
  *h = (header){ .type = b[2], .each = each, .nd = b[3], .bytes = each };
  if (h->nd < 1 || h->nd > GR_MAX_DIMS)
    return gr_fail(err, "%s: has %d axes: from 1 to %d can be read", f->path, h->nd, GR_MAX_DIMS);
  if (!gr_file_read(f, b, (size_t)h->nd * SIZE, &got, err)) return false;
  if (got < (size_t)h->nd * SIZE) return gr_fail(err, "%s: ends within its header", f->path);
  for (int i = 0; i < h->nd; i++) {
    h->d[i] = (size_t)big_endian(b + (size_t)i * SIZE, SIZE);
    if (h->d[i] == 0) return gr_fail(err, "%s: size %d is 0", f->path, i + 1);
    if (!gr_size_mul(h->bytes, h->d[i], &h->bytes))
      return gr_fail(err, "%s: its sizes are more than this machine can address", f->path);
  }
  return true;
}

/* Reads on to the end. Fails unless the file has just as many bytes as its header says; `bytes` of them were read already. */
static bool ends_as_promised(gr_file *f, const header *h, size_t bytes, unsigned char *lot, gr_err *err) {
  char shape[128];
  size_t got;
  do {
    if (!gr_file_read(f, lot, LOT, &got, err)) return false;
    bytes += got;
  } while (got == LOT);
  if (bytes == h->bytes) return true;
  return gr_fail(err, "%s: %s: %s takes %zu bytes, and there are %zu", f->path,
                 bytes < h->bytes ? "ends early" : "goes on after its end", gr_shape_text(h->nd, h->d, shape, sizeof shape),
                 h->bytes, bytes);
}

/* ---- The numbers -------------------------------------------------------------------- */

/* The next n numbers from b into t, from its element `at` on. */
static void put(gr_tensor *t, size_t at, const unsigned char *b, size_t n, unsigned char type, const gr_shades *s) {
  size_t each = bytes_of(type);
  if (type != UNSIGNED_BYTE) {
    for (size_t i = 0; i < n; i++) gr_set(t, at + i, number_at(b + i * each, type) / s->divisor);
  } else if (t->dtype == GR_F64) {
    gr_shade_f64((double *)t->x + at, b, n, s);
  } else {
    gr_shade_f32((float *)t->x + at, b, n, s);
  }
}

/* Fills t lot by lot. */
static bool read_numbers(gr_file *f, const header *h, gr_tensor *t, const gr_shades *s, unsigned char *lot, gr_err *err) {
  size_t got;
  for (size_t at = 0; at < h->bytes; at += got) {
    size_t want = h->bytes - at < LOT ? h->bytes - at : LOT;
    if (!gr_file_read(f, lot, want, &got, err)) return false;
    put(t, at / h->each, lot, got / h->each, h->type, s);
    if (got < want) return ends_as_promised(f, h, at + got, lot, err);
  }
  return ends_as_promised(f, h, h->bytes, lot, err);
}

/* Reads the header. It can promise what no file of that size holds: nothing is asked of memory for it. */
static bool begin(gr_file *f, header *h, unsigned char *lot, gr_err *err) {
  if (!read_header(f, h, err)) return false;
  if (!f->size || h->bytes / DEFLATED <= f->size) return true;
  if (ends_as_promised(f, h, 0, lot, err)) gr_fail(err, "%s: changed while it was read", f->path);
  return false;
}

static gr_tensor *read_tensor(gr_file *f, gr_dtype dtype, double divisor, unsigned char *lot, gr_err *err) {
  header h = { .each = 1 };
  gr_shades s;
  gr_tensor *t = begin(f, &h, lot, err) ? gr_new(dtype, h.nd, h.d, err) : NULL;
  if (!t) return NULL;
  gr_shades_make(&s, divisor);
  if (read_numbers(f, &h, t, &s, lot, err)) return t;
  gr_unref(t);
  return NULL;
}

static gr_bytes *read_bytes(gr_file *f, gr_dtype dtype, double divisor, unsigned char *lot, gr_err *err) {
  header h = { .each = 1 };
  size_t got;
  if (!begin(f, &h, lot, err)) return NULL;
  if (h.type != UNSIGNED_BYTE)
    return gr_fail(err, "%s: holds numbers of type 0x%02X: only unsigned bytes (0x08) can stay bytes", f->path, h.type), NULL;
  gr_bytes *b = gr_bytes_new(h.nd, h.d, divisor, dtype, err);
  if (!b) return NULL;
  if (gr_file_read(f, b->block->data, h.bytes, &got, err) && ends_as_promised(f, &h, got, lot, err)) return b;
  gr_bytes_unref(b);
  return NULL;
}

/* One of both is wanted. */
static bool read_file(const char *path, gr_dtype dtype, double divisor, gr_tensor **t, gr_bytes **b, gr_err *err) {
  gr_file f;
  bool ok = false;
  unsigned char *lot = gr_alloc(LOT, err);
  if (!lot) return false;
  if (gr_file_open(&f, path, err))
    ok = t ? (*t = read_tensor(&f, dtype, divisor, lot, err)) != NULL : (*b = read_bytes(&f, dtype, divisor, lot, err)) != NULL;
  gr_file_close(&f);
  gr_free(lot);
  return ok;
}

gr_tensor *gr_idx_read(const char *path, gr_dtype dtype, gr_err *err) { return gr_idx_read_divided(path, dtype, 1, err); }

gr_tensor *gr_idx_read_divided(const char *path, gr_dtype dtype, double divisor, gr_err *err) {
  gr_tensor *t;
  return read_file(path, dtype, divisor, &t, NULL, err) ? t : NULL;
}

gr_bytes *gr_idx_read_bytes(const char *path, gr_dtype dtype, double divisor, gr_err *err) {
  gr_bytes *b;
  return read_file(path, dtype, divisor, NULL, &b, err) ? b : NULL;
}
