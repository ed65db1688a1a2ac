/* bytes.c: rows of bytes that become numbers when they are read, for images that would take eight times the memory as numbers. */
#include "core.h"

#include <math.h>

void gr_shades_make(gr_shades *s, double divisor) {
  s->divisor = divisor;
  for (int i = 0; i < 256; i++) {
    s->f64[i] = i / divisor;
    s->f32[i] = (float)i / (float)divisor;
  }
}

/* ---- Making and sharing ------------------------------------------------------------- */

/* A byte set without bytes. */
static gr_bytes *new_set(int nd, const size_t d[], gr_dtype dtype, gr_err *err) {
  gr_bytes *b = gr_alloc_zeroed(1, sizeof *b, err);
  if (!b) return NULL;
  *b = (gr_bytes){ .refs = 1, .dtype = dtype, .nd = nd, .size = 1 };
  for (int i = 0; i < nd; i++) {
    b->d[i] = d[i];
    b->size *= d[i];
  }
  return b;
}

gr_bytes *gr_bytes_new(int nd, const size_t d[], double divisor, gr_dtype dtype, gr_err *err) {
  gr_bytes *b = new_set(nd, d, dtype, err);
  if (!b) return NULL;
  if (!(b->block = gr_block_new(b->size, err))) {
    gr_free(b);
    return NULL;
  }
  b->x = b->block->data;
  gr_shades_make(&b->shades, divisor);
  return b;
}

/* A byte set of the same bytes in another shape or type. */
static gr_bytes *share(const gr_bytes *b, int nd, const size_t d[], gr_dtype dtype, gr_err *err) {
  gr_bytes *other = new_set(nd, d, dtype, err);
  if (!other) return NULL;
  other->block = gr_block_ref(b->block);
  other->x = b->x;
  other->shades = b->shades;
  return other;
}

gr_bytes *gr_bytes_ref(gr_bytes *b) {
  b->refs++;
  return b;
}

void gr_bytes_unref(gr_bytes *b) {
  if (!b || --b->refs) return;
  gr_block_unref(b->block);
  gr_free(b);
}

gr_bytes *gr_bytes_to(const gr_bytes *b, gr_dtype dtype, gr_err *err) { return share(b, b->nd, b->d, dtype, err); }

/* Fills in the one GR_REST among the sizes, which must hold all bytes. */
static bool fill_rest(const gr_bytes *b, int nd, size_t d[], gr_err *err) {
  size_t known = 1, rests = 0;
  char shape[128];
  for (int i = 0; i < nd; i++) {
    if (d[i] == GR_REST) rests++;
    else if (!gr_size_mul(known, d[i], &known)) known = SIZE_MAX;
  }
  if (rests > 1) return gr_fail(err, "reshape: only one size may be -1");
  if (nd == 0 || (rests ? b->size % known != 0 : b->size != known))
    return gr_fail(err, "reshape: a byte set (%s) has %zu bytes, which do not fill the sizes asked for (%zu%s)",
                   gr_shape_text(b->nd, b->d, shape, sizeof shape), b->size, known, rests ? " times a rest" : "");
  for (int i = 0; i < nd; i++)
    if (d[i] == GR_REST) d[i] = b->size / known;
  return true;
}

gr_bytes *gr_bytes_reshape(const gr_bytes *b, int nd, const size_t d[], gr_err *err) {
  size_t sizes[GR_MAX_DIMS];
  memcpy(sizes, d, (size_t)nd * sizeof *d);
  return fill_rest(b, nd, sizes, err) ? share(b, nd, sizes, b->dtype, err) : NULL;
}

/* ---- Reading ------------------------------------------------------------------------ */

typedef struct reading {
  const gr_bytes *b;
  const gr_tensor *order;
  size_t at;
  gr_tensor *to;
} reading;

static size_t row_at(const gr_tensor *order, size_t place) { return order ? (size_t)gr_get(order, place) - 1 : place; }

static void read_rows(void *arg, size_t from, size_t end) {
  const reading *r = arg;
  const gr_shades *s = &r->b->shades;
  const size_t n = r->b->size / r->b->d[0];
  for (size_t i = from; i < end; i++) {
    const unsigned char *x = r->b->x + row_at(r->order, r->at + i) * n;
    if (r->to->dtype == GR_F64) gr_shade_f64((double *)r->to->x + i * n, x, n, s);
    else gr_shade_f32((float *)r->to->x + i * n, x, n, s);
  }
}

void gr_bytes_gather(const gr_bytes *b, const gr_tensor *order, size_t at, gr_tensor *to) {
  enum { LOT = 1 << 15 }; /* numbers that one thread reads sooner than two agree on it */
  reading r = { b, order, at, to };
  gr_share(to->d[0], LOT * b->d[0] / b->size + 1, read_rows, &r);
}

static bool rows_exist(const gr_bytes *b, const gr_tensor *order, size_t at, size_t rows, gr_err *err) {
  char shape[128];
  size_t there = order ? order->size : b->d[0];
  gr_shape_text(b->nd, b->d, shape, sizeof shape);
  if (order && order->nd != 1) return gr_fail(err, "take: positions must be a vector");
  if (rows < 1 || rows > there || at > there - rows)
    return gr_fail(err, "rows %zu to %zu of a byte set (%s): there are %zu", at + 1, at + rows, shape, there);
  for (size_t i = 0; order && i < rows; i++) {
    double row = gr_get(order, at + i);
    if (!(row >= 1 && row <= (double)b->d[0]) || row != floor(row))
      return gr_fail(err, "take: position %.15g (number %zu of the list) in a byte set (%s): positions count from 1 to %zu",
                     isnan(row) ? NAN : row, at + i + 1, shape, b->d[0]);
  }
  return true;
}

/* The sizes of that many rows. */
static void sizes_of(const gr_bytes *b, size_t rows, size_t d[]) {
  memcpy(d, b->d, sizeof b->d);
  d[0] = rows;
}

gr_tensor *gr_bytes_tensor(const gr_bytes *b, gr_tensor *order, size_t at, size_t rows, gr_err *err) {
  size_t d[GR_MAX_DIMS];
  if (order && !gr_ready(order, err)) return NULL;
  if (!rows_exist(b, order, at, rows, err)) return NULL;
  sizes_of(b, rows, d);
  gr_tensor *t = gr_new(b->dtype, b->nd, d, err);
  if (t) gr_bytes_gather(b, order, at, t);
  return t;
}

gr_bytes *gr_bytes_take(const gr_bytes *b, gr_tensor *order, gr_err *err) {
  size_t d[GR_MAX_DIMS], n = b->size / b->d[0];
  if (!gr_ready(order, err) || !rows_exist(b, order, 0, order->size, err)) return NULL;
  sizes_of(b, order->size, d);
  gr_bytes *taken = gr_bytes_new(b->nd, d, b->shades.divisor, b->dtype, err);
  for (size_t i = 0; taken && i < order->size; i++)
    memcpy((unsigned char *)taken->block->data + i * n, b->x + row_at(order, i) * n, n);
  return taken;
}
