/* windows.h: how the windows of convolution and pooling move over images, for ops.c and the families and rules in it. */
#ifndef GR_WINDOWS_H
#define GR_WINDOWS_H

#include "core.h"

/* Windows of kh x kw that move by sh and sw over images of h x w with ph and pw zeros on each side. */
typedef struct windows {
  size_t batch, channels, h, w;
  size_t kh, kw, sh, sw, ph, pw;
  size_t oh, ow; /* how many there are, down and across */
} windows;

/* In attr.d: stride and padding for a convolution, whose kernel is as large as w; kernel, stride and padding for a pool. */
static windows windows_of(const gr_tensor *t) {
  bool weighs = t->n_in > 1;
  const size_t *x = t->in[0]->d, *kernel = weighs ? t->in[1]->d + 2 : t->attr.d;
  const size_t *stride = t->attr.d + (weighs ? 0 : 2), *padding = stride + 2;
  return (windows){
    .batch = x[0],
    .channels = x[1],
    .h = x[2],
    .w = x[3],
    .kh = kernel[0],
    .kw = kernel[1],
    .sh = stride[0],
    .sw = stride[1],
    .ph = padding[0],
    .pw = padding[1],
    .oh = t->d[2],
    .ow = t->d[3],
  };
}

static size_t padded_height(windows s) { return s.h + 2 * s.ph; }
static size_t padded_width(windows s) { return s.w + 2 * s.pw; }

/* A window's part that lies in the image, along one axis. */
typedef struct span {
  size_t from, n;
} span;

/* at: where the window starts in the padded image. */
static inline span inside(size_t at, size_t kernel, size_t padding, size_t size) {
  size_t from = at > padding ? at : padding, end = at + kernel < size + padding ? at + kernel : size + padding;
  return (span){ from - padding, end - from };
}

/* Whether the windows are squares of that size, without padding: those of 2 move by 2. */
static bool is_pool_of(windows s, size_t size) {
  return s.kh == size && s.kw == size && s.ph == 0 && s.pw == 0 && (size != 2 || s.sw == 2);
}

/* Numbers that are copied at once, and so the room that work has behind what is copied row by row. */
enum { CHUNK = 8 };

/* How a convolution keeps unfolded images in work: y(m,n) = w(m,k) col(k,n) for each image. */
typedef struct unfolding {
  size_t m, k, n;   /* channels that come out, weights of each, windows */
  bool plain;       /* windows are single pixels: x is its own unfolding */
  bool kept;        /* every image's col stays, for the gradient of w; else there is room for one */
  size_t col, dcol; /* where in work they start; in front of them a padded image */
  size_t turned;    /* likewise dw, transposed */
  size_t size;      /* of work */
} unfolding;

static unfolding unfolding_of(const gr_tensor *t) {
  windows s = windows_of(t);
  const size_t *w = t->in[1]->d;
  unfolding f = { .m = w[0], .k = w[1] * w[2] * w[3], .n = s.oh * s.ow };
  f.plain = s.kh == 1 && s.kw == 1 && s.sh == 1 && s.sw == 1 && s.ph == 0 && s.pw == 0;
  f.kept = t->wants && t->in[1]->wants;
  f.col = f.plain ? 0 : s.channels * padded_height(s) * padded_width(s) + CHUNK;
  f.dcol = f.col + (f.plain ? 0 : (f.kept ? s.batch : 1) * f.k * f.n + CHUNK);
  f.turned = f.dcol + (!f.plain && t->wants && t->in[0]->wants ? f.k * f.n : 0);
  f.size = f.turned + (f.kept ? f.k * f.m : 0);
  return f;
}

#endif
