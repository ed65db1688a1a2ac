/* io_idx.c: the format of the MNIST files: two zero bytes, a type, the number of axes; each size in four
** bytes; then the numbers; everything with the most significant byte first (LeCun, THE MNIST DATABASE).
**
** The numbers are taken in lots that stay in cache, so that only the tensor itself goes through memory.  */
#include "io.h"

#include <assert.h>

#include <stdint.h>
#include <string.h>

enum {
  MAGIC = 4,
  SIZE = 4,
  UNSIGNED_BYTE = 0x08,
  LOT = 1 << 18,   /* bytes read at once; zlib unpacks that many straight into place */
  DEFLATED = 1032, /* bytes that a byte of a gzip file stands for at most (zlib, technical details) */
};

typedef struct header {
  unsigned char type;
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
  if (got < MAGIC || b[0] || b[1] || !bytes_of(b[2])) return gr_fail(err, "%s: this is no IDX file", f->path);
  *h = (header){ .type = b[2], .nd = b[3], .bytes = bytes_of(b[2]) };
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

/* What numbers are divided by, and what that makes of each byte: 256 divisions give what millions would. */
typedef struct shades {
  double divisor;
  double f64[256];
  float f32[256];
} shades;

static void make_shades(shades *s, double divisor) {
  s->divisor = divisor;
  for (int i = 0; i < 256; i++) {
    s->f64[i] = i / divisor;
    s->f32[i] = (float)i / (float)divisor;
  }
}

/* The next n numbers from b into t, from its element `at` on. */
static void put(gr_tensor *t, size_t at, const unsigned char *b, size_t n, unsigned char type, const shades *s) {
  size_t each = bytes_of(type);
  if (type != UNSIGNED_BYTE) {
    for (size_t i = 0; i < n; i++) gr_set(t, at + i, number_at(b + i * each, type) / s->divisor);
  } else if (t->dtype == GR_F64) {
    for (size_t i = 0; i < n; i++) ((double *)t->x)[at + i] = s->f64[b[i]];
  } else {
    for (size_t i = 0; i < n; i++) ((float *)t->x)[at + i] = s->f32[b[i]];
  }
}

/* Fills t lot by lot. */
static bool read_numbers(gr_file *f, const header *h, gr_tensor *t, const shades *s, unsigned char *lot, gr_err *err) {
  size_t each = bytes_of(h->type), got = 0;
  assert(each > 0); /* read_header has seen to it */
  for (size_t at = 0; at < h->bytes; at += got) {
    size_t want = h->bytes - at < LOT ? h->bytes - at : LOT;
    if (!gr_file_read(f, lot, want, &got, err)) return false;
    put(t, at / each, lot, got / each, h->type, s);
    if (got < want) return ends_as_promised(f, h, at + got, lot, err);
  }
  return ends_as_promised(f, h, h->bytes, lot, err);
}

static gr_tensor *read_file(gr_file *f, gr_dtype dtype, double divisor, unsigned char *lot, gr_err *err) {
  header h = { .type = UNSIGNED_BYTE };
  shades s;
  if (!read_header(f, &h, err)) return NULL;
  /* A header can promise what no file of that size holds: nothing is asked of memory for it. */
  if (f->size && h.bytes / DEFLATED > f->size)
    return ends_as_promised(f, &h, 0, lot, err) ? gr_fail(err, "%s: changed while it was read", f->path), NULL : NULL;
  gr_tensor *t = gr_new(dtype, h.nd, h.d, err);
  if (!t) return NULL;
  make_shades(&s, divisor);
  if (read_numbers(f, &h, t, &s, lot, err)) return t;
  gr_unref(t);
  return NULL;
}

gr_tensor *gr_idx_read(const char *path, gr_dtype dtype, gr_err *err) { return gr_idx_read_divided(path, dtype, 1, err); }

gr_tensor *gr_idx_read_divided(const char *path, gr_dtype dtype, double divisor, gr_err *err) {
  gr_file f;
  gr_tensor *t = NULL;
  unsigned char *lot = gr_alloc(LOT, err);
  if (!lot) return NULL;
  if (gr_file_open(&f, path, err)) t = read_file(&f, dtype, divisor, lot, err);
  gr_file_close(&f);
  gr_free(lot);
  return t;
}
