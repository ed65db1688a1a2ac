/* io_image.c: pictures as tensors, and tensors as pictures. */
#include "io.h"

#include <math.h>
#include <string.h>

static const size_t most_pixels = (size_t)1 << 28;

size_t gr_picture_samples(const gr_picture *p) { return p->height * p->width * p->channels; }
size_t gr_picture_each(const gr_picture *p) { return p->white > 255 ? 2 : 1; }

bool gr_picture_room(const char *name, gr_picture *p, gr_err *err) {
  if (p->height == 0 || p->width == 0)
    return gr_fail(err, "%s: is %zu x %zu: a picture has at least one pixel", name, p->height, p->width);
  if (p->width > most_pixels / p->height)
    return gr_fail(err, "%s: is %zu x %zu: pictures of up to %zu pixels can be read", name, p->height, p->width, most_pixels);
  p->x = gr_alloc(gr_picture_samples(p) * gr_picture_each(p), err);
  return p->x != NULL;
}

/* ---- Which format ------------------------------------------------------------------- */

typedef bool parser(const char *name, const unsigned char *bytes, size_t count, gr_picture *p, gr_err *err);

/* How files of a format begin, and what reads it; NULL: nothing here does. */
static const struct format {
  const char *start;
  size_t n;
  const char *name;
  parser *parse;
} formats[] = {
  { "\x89PNG", 4, "PNG", gr_png_parse }, { "P2", 2, "PGM", gr_pnm_parse },    { "P3", 2, "PPM", gr_pnm_parse },
  { "P5", 2, "PGM", gr_pnm_parse },      { "P6", 2, "PPM", gr_pnm_parse },    { "P1", 2, "a PBM file", NULL },
  { "P4", 2, "a PBM file", NULL },       { "P7", 2, "a PAM file", NULL },     { "\xFF\xD8\xFF", 3, "a JPEG file", NULL },
  { "GIF8", 4, "a GIF file", NULL },     { "BM", 2, "a BMP file", NULL },     { "RIFF", 4, "a WebP file", NULL },
  { "II*\0", 4, "a TIFF file", NULL },   { "MM\0*", 4, "a TIFF file", NULL },
};

static parser *parser_of(const char *name, const void *bytes, size_t count, gr_err *err) {
  const char *looks = count ? "something else" : "empty";
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (count < formats[i].n || memcmp(bytes, formats[i].start, formats[i].n) != 0) continue;
    if (formats[i].parse) return formats[i].parse;
    looks = formats[i].name;
  }
  gr_fail(err, "%s: is %s: pictures in PNG, PGM and PPM can be read", name, looks);
  return NULL;
}

/* ---- Reading ------------------------------------------------------------------------ */

static double sample(const gr_picture *p, size_t i) {
  return p->white > 255 ? (double)(p->x[2 * i] << 8 | p->x[2 * i + 1]) : p->x[i];
}

static double luminance(const gr_picture *p, size_t pixel) {
  size_t i = 3 * pixel;
  return (299 * sample(p, i) + 587 * sample(p, i + 1) + 114 * sample(p, i + 2)) / 1000;
}

static gr_tensor *to_tensor(const gr_picture *p, bool gray, double scale, gr_dtype dtype, gr_err *err) {
  const bool mix = gray && p->channels == 3;
  const size_t d[3] = { p->height, p->width, 3 };
  const double divisor = scale * p->white / 255; /* exactly scale for 8 bits */
  gr_tensor *t = gr_new(dtype, mix || p->channels == 1 ? 2 : 3, d, err);
  if (!t) return NULL;
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, (mix ? luminance(p, i) : sample(p, i)) / divisor);
  return t;
}

gr_tensor *gr_image_parse(const char *name, const void *bytes, size_t count, bool gray, double scale, gr_dtype dtype, gr_err *err) {
  gr_picture p = { 0 };
  parser *parse = parser_of(name, bytes, count, err);
  gr_tensor *t = parse && parse(name, bytes, count, &p, err) ? to_tensor(&p, gray, scale, dtype, err) : NULL;
  gr_free(p.x);
  return t;
}

gr_tensor *gr_image_read(const char *path, bool gray, double scale, gr_dtype dtype, gr_err *err) {
  size_t count;
  char *bytes = gr_file_bytes(path, &count, err);
  if (!bytes) return NULL;
  gr_tensor *t = gr_image_parse(path, bytes, count, gray, scale, dtype, err);
  gr_free(bytes);
  return t;
}

/* ---- Writing ------------------------------------------------------------------------ */

typedef bool writer(gr_out *out, const gr_picture *p, gr_err *err);

static bool ends_in(const char *path, const char *ending) {
  size_t n = strlen(path), last = strlen(ending);
  return n >= last && strcmp(path + n - last, ending) == 0;
}

/* What writes the picture to a file of that name. */
static writer *writer_of(const char *path, const gr_picture *p, gr_err *err) {
  if (ends_in(path, ".png")) return gr_png_write;
  if (ends_in(path, p->channels == 1 ? ".pgm" : ".ppm")) return gr_pnm_write;
  if (ends_in(path, ".pgm") || ends_in(path, ".ppm"))
    gr_fail(err,
            "%s: gray pictures (height x width) go to .pgm files and coloured ones (height x width x 3) to .ppm: this one is %s",
            path, p->channels == 1 ? "gray" : "coloured");
  else gr_fail(err, "%s: the name of a picture ends in .png, .pgm or .ppm", path);
  return NULL;
}

static bool shape_of(const char *path, const gr_tensor *t, gr_picture *p, gr_err *err) {
  char shape[128];
  if ((t->nd != 2 && t->nd != 3) || (t->nd == 3 && t->d[2] != 3))
    return gr_fail(err, "%s: a picture is height x width or height x width x 3, got a tensor of %s: reshape it first", path,
                   gr_shape_text(t->nd, t->d, shape, sizeof shape));
  *p = (gr_picture){ .height = t->d[0], .width = t->d[1], .channels = t->nd == 2 ? 1 : 3, .white = 255 };
  return true;
}

static bool fail_value(const char *path, size_t row, size_t column, double value, double scale, gr_err *err) {
  const double white = 255 / scale;
  return gr_fail(err, "%s: the pixel in row %zu, column %zu is %.15g, outside 0 to %.15g: clip(0, %.15g) cuts it off%s", path, row,
                 column, isnan(value) ? NAN : value, white, white, scale == 1 ? "" : "; scale = 1 takes values from 0 to 255");
}

/* Fills the picture; nothing has to be cut off for that. */
static bool to_samples(const char *path, const gr_tensor *t, double scale, gr_picture *p, gr_err *err) {
  const size_t row = p->width * p->channels;
  for (size_t y = 0; y < p->height; y++)
    for (size_t x = 0; x < row; x++) {
      const double value = gr_get(t, y * row + x), v = floor(value * scale + 0.5);
      if (!(v >= 0 && v <= 255)) return fail_value(path, y + 1, x / p->channels + 1, value, scale, err);
      p->x[y * row + x] = (unsigned char)v;
    }
  return true;
}

bool gr_image_write(const char *path, gr_tensor *t, double scale, gr_err *err) {
  gr_picture p = { 0 };
  gr_out out;
  writer *write = gr_ready(t, err) && shape_of(path, t, &p, err) ? writer_of(path, &p, err) : NULL;
  bool ok = write && gr_picture_room(path, &p, err) && to_samples(path, t, scale, &p, err) && gr_out_open(&out, path, err);
  if (ok) ok = gr_out_close(&out, write(&out, &p, err), err);
  gr_free(p.x);
  return ok;
}
