/* io_png.c: PNG pictures by libpng.
**
** libpng reports a mistake by a jump. Where it goes, in `decode` and `encode`, no variable changes behind setjmp, and all
** that was made lies in a struct of the caller's, which releases it.                                                   */
#include "io.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

enum { DEFLATED = 1032 }; /* bytes that a deflated byte stands for at most (zlib, technical details) */

typedef struct reader {
  const char *name;
  const unsigned char *at;
  size_t rest, count;
  gr_picture *p;
  gr_err *err;
  png_structp png;
  png_infop info;
} reader;

typedef struct writer {
  gr_out *out;
  const gr_picture *p;
  gr_err *err;
  png_structp png;
  png_infop info;
} writer;

/* What libpng finds odd but can go on with is not told: nothing here may print. */
static void pass_over(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

/* ---- Reading ------------------------------------------------------------------------ */

static void fail_reading(png_structp png, png_const_charp message) {
  const reader *r = png_get_error_ptr(png);
  gr_fail(r->err, "%s: this PNG file cannot be read (%s)", r->name, message);
  png_longjmp(png, 1);
}

static void read_bytes(png_structp png, png_bytep to, size_t n) {
  reader *r = png_get_io_ptr(png);
  if (n > r->rest) png_error(png, "it ends early");
  memcpy(to, r->at, n);
  r->at += n;
  r->rest -= n;
}

/* Whether the bytes of the file can be the picture that the header promises. */
static bool can_hold(const reader *r, gr_err *err) {
  size_t width = png_get_image_width(r->png, r->info), height = png_get_image_height(r->png, r->info), bytes;
  if (gr_size_mul(png_get_rowbytes(r->png, r->info), height, &bytes) && bytes / DEFLATED <= r->count) return true;
  return gr_fail(err, "%s: is said to be %zu x %zu pixels, which the %zu bytes of the file cannot hold", r->name, height, width,
                 r->count);
}

/* Has libpng turn what there is into 1 or 3 samples of 8 or 16 bits a pixel, and says which. */
static void ask_for_samples(const reader *r) {
  int type = png_get_color_type(r->png, r->info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(r->png);
  else if (type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(r->png);
  png_set_strip_alpha(r->png);
  *r->p = (gr_picture){ .height = png_get_image_height(r->png, r->info),
                        .width = png_get_image_width(r->png, r->info),
                        .channels = type & PNG_COLOR_MASK_COLOR ? 3 : 1,
                        .white = png_get_bit_depth(r->png, r->info) == 16 ? 65535 : 255 };
}

static void read_rows(const reader *r) {
  const gr_picture *p = r->p;
  const size_t row = p->width * p->channels * gr_picture_each(p);
  const int passes = png_set_interlace_handling(r->png);
  png_read_update_info(r->png, r->info);
  if (png_get_rowbytes(r->png, r->info) != row) png_error(r->png, "its rows have another length than its header says");
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < p->height; y++) png_read_row(r->png, p->x + y * row, NULL);
}

static bool decode(reader *r) {
  if (setjmp(png_jmpbuf(r->png))) return false;
  png_set_read_fn(r->png, r, read_bytes);
  png_read_info(r->png, r->info);
  if (!can_hold(r, r->err)) return false;
  ask_for_samples(r);
  if (!gr_picture_room(r->name, r->p, r->err)) return false;
  read_rows(r);
  png_read_end(r->png, NULL);
  return true;
}

bool gr_png_parse(const char *name, const unsigned char *bytes, size_t count, gr_picture *p, gr_err *err) {
  reader r = { .name = name, .at = bytes, .rest = count, .count = count, .p = p, .err = err };
  *p = (gr_picture){ 0 };
  gr_fail(err, "%s: not enough memory to read it", name);
  r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, fail_reading, pass_over);
  if (r.png) png_set_user_limits(r.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* our own limit counts pixels */
  r.info = r.png ? png_create_info_struct(r.png) : NULL;
  bool ok = r.info && decode(&r);
  png_destroy_read_struct(&r.png, &r.info, NULL);
  return ok;
}

/* ---- Writing ------------------------------------------------------------------------ */

static void fail_writing(png_structp png, png_const_charp message) {
  const writer *w = png_get_error_ptr(png);
  gr_fail(w->err, "%s: could not be written: %s", w->out->path, message);
  png_longjmp(png, 1);
}

static void write_bytes(png_structp png, png_bytep from, size_t n) {
  const writer *w = png_get_io_ptr(png);
  if (!gr_out_write(w->out, from, n, w->err)) png_longjmp(png, 1);
}

/* The file is closed, and so flushed, elsewhere. */
static void flush_nothing(png_structp png) { (void)png; }

static bool encode(const writer *w) {
  const gr_picture *p = w->p;
  if (setjmp(png_jmpbuf(w->png))) return false;
  png_set_write_fn(w->png, (void *)w, write_bytes, flush_nothing);
  png_set_IHDR(w->png, w->info, (png_uint_32)p->width, (png_uint_32)p->height, 8,
               p->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(w->png, w->info);
  for (size_t y = 0; y < p->height; y++) png_write_row(w->png, p->x + y * p->width * p->channels);
  png_write_end(w->png, NULL);
  return true;
}

bool gr_png_write(gr_out *out, const gr_picture *p, gr_err *err) {
  writer w = { .out = out, .p = p, .err = err };
  gr_fail(err, "%s: could not be written: not enough memory", out->path);
  w.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &w, fail_writing, pass_over);
  if (w.png) png_set_user_limits(w.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  w.info = w.png ? png_create_info_struct(w.png) : NULL;
  bool ok = w.info && encode(&w);
  png_destroy_write_struct(&w.png, &w.info);
  return ok;
}
