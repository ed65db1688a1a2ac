/* inflate.c: deflated streams (RFC 1951), bare as in zip archives or gzipped (RFC 1952), read piece by piece by zlib. */
#include "gr.h"

#include <limits.h>
#include <zlib.h>

struct gr_inflater {
  z_stream z;
  bool gzip, ended;
};

enum { WINDOW = 15, GZIP = 16 }; /* zlib's words for the largest window, and for a gzip header in front */

gr_inflater *gr_inflater_new(const void *from, size_t n, bool gzip, gr_err *err) {
  if (n > UINT_MAX) return gr_fail(err, "the compressed data has %zu bytes; at most %u are read", n, UINT_MAX), NULL;
  gr_inflater *f = gr_alloc_zeroed(1, sizeof *f, err);
  if (!f) return NULL;
  f->gzip = gzip;
  f->z.next_in = (Bytef *)from; /* zlib does not write there */
  f->z.avail_in = (uInt)n;
  if (inflateInit2(&f->z, gzip ? WINDOW + GZIP : -WINDOW) == Z_OK) return f;
  gr_fail(err, "there is not enough memory to read compressed data");
  gr_free(f);
  return NULL;
}

/* Behind the end of a gzip stream another may follow, and zeros that fill a block of a tape. */
static bool go_on(gr_inflater *f, gr_err *err) {
  while (f->gzip && f->z.avail_in > 0 && *f->z.next_in == 0) {
    f->z.next_in++;
    f->z.avail_in--;
  }
  f->ended = !f->gzip || f->z.avail_in == 0;
  if (f->ended || inflateReset(&f->z) == Z_OK) return true;
  return gr_fail(err, "the compressed data is damaged");
}

bool gr_inflater_read(gr_inflater *f, void *to, size_t want, size_t *got, gr_err *err) {
  for (*got = 0; *got < want && !f->ended;) {
    size_t rest = want - *got;
    uInt room = rest > UINT_MAX ? UINT_MAX : (uInt)rest;
    f->z.next_out = (Bytef *)to + *got;
    f->z.avail_out = room;
    int said = inflate(&f->z, Z_NO_FLUSH);
    *got += room - f->z.avail_out;
    if (said == Z_BUF_ERROR) return gr_fail(err, "the compressed data ends early");
    if (said == Z_STREAM_END && !go_on(f, err)) return false;
    if (said != Z_STREAM_END && said != Z_OK)
      return gr_fail(err, "the compressed data is damaged (%s)", f->z.msg ? f->z.msg : zError(said));
  }
  return true;
}

size_t gr_inflater_left(const gr_inflater *f) { return f->z.avail_in; }

void gr_inflater_free(gr_inflater *f) {
  if (f) inflateEnd(&f->z);
  gr_free(f);
}

uint32_t gr_crc32(const void *bytes, size_t n) { return (uint32_t)crc32_z(0, bytes, n); }
