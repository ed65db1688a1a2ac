/* io_idx.c: the format of the MNIST files: two zero bytes, a type, the number of axes; each size in four
** bytes; then the numbers; everything with the most significant byte first (LeCun, THE MNIST DATABASE).  */
#include "io.h"

#include <stdint.h>
#include <string.h>

enum { MAGIC = 4, SIZE = 4 };

static uint64_t big_endian(const unsigned char *b, size_t n) {
  uint64_t v = 0;
  for (size_t i = 0; i < n; i++) v = v << 8 | b[i];
  return v;
}

/* Bytes of a number of that type; 0: there is no such type. */
static size_t bytes_of(unsigned char type) {
  switch (type) {
    case 0x08:
    case 0x09: return 1;
    case 0x0B: return 2;
    case 0x0C:
    case 0x0D: return 4;
    case 0x0E: return 8;
    default: return 0;
  }
}

static double number_at(const unsigned char *b, unsigned char type) {
  uint32_t narrow;
  uint64_t wide;
  float f;
  double d;
  switch (type) {
    case 0x08: return b[0];
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

/* Reads the sizes; checks that just as many numbers follow. */
static bool read_sizes(const char *path, const unsigned char *b, size_t count, int *nd, size_t d[], gr_err *err) {
  char shape[128];
  if (count < MAGIC || b[0] || b[1] || !bytes_of(b[2])) return gr_fail(err, "%s: this is no IDX file", path);
  *nd = b[3];
  if (*nd < 1 || *nd > GR_MAX_DIMS) return gr_fail(err, "%s: has %d axes: from 1 to %d can be read", path, *nd, GR_MAX_DIMS);
  size_t header = MAGIC + (size_t)*nd * SIZE, bytes = bytes_of(b[2]);
  if (count < header) return gr_fail(err, "%s: ends within its header", path);
  for (int i = 0; i < *nd; i++) {
    d[i] = (size_t)big_endian(b + MAGIC + (size_t)i * SIZE, SIZE);
    if (d[i] == 0) return gr_fail(err, "%s: size %d is 0", path, i + 1);
    if (!gr_size_mul(bytes, d[i], &bytes)) return gr_fail(err, "%s: its sizes are more than this machine can address", path);
  }
  gr_shape_text(*nd, d, shape, sizeof shape);
  if (count - header < bytes)
    return gr_fail(err, "%s: ends early: %s takes %zu bytes, and there are %zu", path, shape, bytes, count - header);
  if (count - header > bytes)
    return gr_fail(err, "%s: goes on after its end: %s takes %zu bytes, and there are %zu", path, shape, bytes, count - header);
  return true;
}

gr_tensor *gr_idx_read(const char *path, gr_dtype dtype, gr_err *err) {
  size_t count, d[GR_MAX_DIMS];
  int nd = 0;
  unsigned char *b = (unsigned char *)gr_file_bytes(path, &count, err);
  if (!b) return NULL;
  gr_tensor *t = read_sizes(path, b, count, &nd, d, err) ? gr_new(dtype, nd, d, err) : NULL;
  if (t) {
    const unsigned char *at = b + MAGIC + (size_t)nd * SIZE, type = b[2];
    size_t each = bytes_of(type);
    if (type == 0x08 && dtype == GR_F64)
      for (size_t i = 0; i < t->size; i++) ((double *)t->x)[i] = at[i];
    else
      for (size_t i = 0; i < t->size; i++) gr_set(t, i, number_at(at + i * each, type));
  }
  gr_free(b);
  return t;
}
