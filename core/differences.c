/* differences.c: the slope of a recorded number along each element of a leaf, by central differences.
**
** A changed element is followed through the graph. Under a weight or a bias lies one column of a layer's sums, which the layer's
** activation keeps apart; the next product spreads it over its results by one row of its own weights. From there on, and under
** anything else, what depends on the element is computed anew as a whole. What does not depend on it is not computed at all.  */
#include "core.h"

#include <math.h>
#include <stdlib.h>

/* How a result is brought up to date after an element of the leaf has changed. */
typedef enum {
  WHOLE,   /* computed anew */
  EACH,    /* the input's column, element by element */
  PAIR,    /* the same of two inputs that broadcast */
  WEIGHTS, /* a product of which a column of the weights changed */
  BIAS,    /* affine, of which an element of the bias changed */
  ROWS     /* a product whose input changed in a column */
} way;

typedef struct step {
  gr_tensor *t;
  way way;
  bool column;  /* only a column of t changes: that of the leaf's element */
  bool one_row; /* and of that only the element's own row */
  bool input_changes[2];
  gr_block *base; /* t as it was; NULL where nobody asks */
} step;

struct gr_differences {
  gr_tensor *y, *x;
  step leaf, *steps; /* in order of computing */
  size_t count;
  bool by_first;       /* all that depends on the leaf does so through the first step, a column */
  gr_block *column[3]; /* of a result and of two inputs */
  double base;         /* y as it was */
};

/* Column c of rows of n numbers, of which rows from..to count. */
typedef struct span {
  size_t c, n, from, to;
} span;

#define REAL_IS_F64
#include "real.h"
#include "differences_real.h"
#define REAL_IS_F32
#include "real.h"
#include "differences_real.h"

static bool is_f32(const gr_tensor *t) { return t->dtype == GR_F32; }
static size_t width_of(const gr_tensor *t) { return t->nd ? t->d[t->nd - 1] : 1; }
static size_t rows_of(const gr_tensor *t) { return t->size / width_of(t); }

/* ---- Making one --------------------------------------------------------------------- */

/* What changes t when the leaf does; NULL: nothing. */
static const step *changes(const gr_differences *d, const gr_tensor *t) {
  if (t == d->x) return &d->leaf;
  for (size_t i = 0; i < d->count; i++)
    if (d->steps[i].t == t) return &d->steps[i];
  return NULL;
}

/* Where an input is infinite a change of it says nothing: infinity minus infinity. */
static bool is_finite(const gr_tensor *t) {
  for (size_t i = 0; i < t->size; i++)
    if (!isfinite(gr_get(t, i))) return false;
  return true;
}

static bool plain_product(const gr_tensor *t) {
  return (t->op == gr_op_affine || t->op == gr_op_dot) && t->in[1]->nd == 2 && !t->attr.ta && !t->attr.tb && is_finite(t);
}

/* A product of which one input changed, in a column. */
static way way_of_product(int place) {
  static const way by_place[] = { ROWS, WEIGHTS, BIAS };
  return by_place[place];
}

/* Whether an input lies over y as columns do: as large, a row for all rows, a column, or one number. A changed one must keep
** its columns apart. */
static bool lies_in_columns(const gr_tensor *y, const gr_tensor *in, bool changed) {
  if (in->size == y->size && width_of(in) == width_of(y)) return true;
  if (width_of(in) == width_of(y) && rows_of(in) == 1) return true;
  if (changed) return false;
  return in->size == 1 || (y->nd == 2 && width_of(in) == 1 && in->size == rows_of(y) && in->nd == 2);
}

static bool is_pair(const step *s) {
  const gr_tensor *t = s->t;
  return gr_op_broadcasts(t->op) && lies_in_columns(t, t->in[0], s->input_changes[0]) &&
         lies_in_columns(t, t->in[1], s->input_changes[1]);
}

static void choose_way(const gr_differences *d, step *s) {
  const gr_tensor *t = s->t;
  int changed = 0, place = 0;
  bool columns = true, one_row = true;
  for (int i = 0; i < t->n_in; i++) {
    const step *from = changes(d, t->in[i]);
    if (!from) continue;
    changed++, place = i;
    if (i < 2) s->input_changes[i] = true;
    columns = columns && from->column;
    one_row = one_row && from->one_row && t->in[i]->size == t->size;
  }
  if (!columns || t->op->call || !t->nd) return;
  if (t->op->each) s->way = EACH;
  else if (plain_product(t) && changed == 1) s->way = way_of_product(place);
  else if (t->n_in == 2 && is_pair(s)) s->way = PAIR;
  s->column = s->way != WHOLE && s->way != ROWS;
  s->one_row = one_row && (s->way == EACH || s->way == PAIR);
}

static bool keep_base(step *s, gr_err *err) {
  size_t bytes = s->t->size * gr_dtype_size(s->t->dtype);
  if (!s->column && s->way != ROWS) return true;
  s->base = gr_block_new(bytes, err);
  if (s->base) memcpy(s->base->data, s->t->x, bytes);
  return s->base != NULL;
}

static bool reads(const step *s, const gr_tensor *t) {
  for (int i = 0; i < s->t->n_in; i++)
    if (s->t->in[i] == t) return true;
  return false;
}

static bool all_by_first(const gr_differences *d) {
  if (!d->count || !d->steps[0].column) return false;
  for (size_t i = 1; i < d->count; i++)
    if (reads(&d->steps[i], d->x)) return false;
  return true;
}

static bool give_columns(gr_differences *d, gr_err *err) {
  size_t longest = 1;
  for (size_t i = 0; i < d->count; i++)
    if (d->steps[i].column && rows_of(d->steps[i].t) > longest) longest = rows_of(d->steps[i].t);
  for (int i = 0; i < 3; i++)
    if (!(d->column[i] = gr_block_new(longest * sizeof(double), err))) return false;
  return true;
}

static bool lay_out(gr_differences *d, const gr_nodes *nodes, gr_err *err) {
  d->steps = gr_alloc_zeroed(nodes->count, sizeof *d->steps, err);
  if (!d->steps) return false;
  for (size_t i = nodes->count; i-- > 0;) {
    step *s = &d->steps[d->count];
    gr_tensor *t = nodes->node[i];
    bool depends = false;
    for (int j = 0; j < t->n_in; j++) depends = depends || changes(d, t->in[j]);
    if (!t->op || !t->x || !depends) continue;
    s->t = t;
    choose_way(d, s);
    d->count++;
    if (!keep_base(s, err)) return false;
  }
  d->by_first = all_by_first(d);
  return give_columns(d, err);
}

gr_differences *gr_differences_new(gr_tensor *y, gr_tensor *x, gr_err *err) {
  gr_nodes nodes = { 0 };
  gr_differences *d = gr_ready(y, err) && gr_ready(x, err) ? gr_alloc_zeroed(1, sizeof *d, err) : NULL;
  if (!d) return NULL;
  d->y = gr_ref(y), d->x = gr_ref(x);
  d->leaf = (step){ .t = x, .column = x->nd > 0, .one_row = true };
  d->base = gr_get(y, 0);
  bool ok = gr_nodes_collect(&nodes, y, true, err) && gr_nodes_unchanged(&nodes, err) && keep_base(&d->leaf, err) &&
            lay_out(d, &nodes, err);
  for (size_t i = 0; i < nodes.count; i++)
    if (nodes.node[i]->op) nodes.node[i]->follows = false;
  gr_free(nodes.node);
  if (ok) return d;
  gr_differences_free(d);
  return NULL;
}

void gr_differences_free(gr_differences *d) {
  if (!d) return;
  for (size_t i = 0; i < d->count; i++) gr_block_unref(d->steps[i].base);
  for (int i = 0; i < 3; i++) gr_block_unref(d->column[i]);
  gr_block_unref(d->leaf.base);
  gr_free(d->steps);
  gr_unref(d->y);
  gr_unref(d->x);
  gr_free(d);
}

/* ---- Following a change -------------------------------------------------------------- */

static bool compute(gr_tensor *t, gr_err *err) {
  size_t work = 0;
  return (!t->op->looks || t->op->shape(t, &work, err)) && gr_node_forward(t, err);
}

/* The changed part of what a step changes, when the leaf's element is in `element`. */
static span part_of(const step *s, span element) {
  span all = { element.c, width_of(s->t), 0, rows_of(s->t) };
  return s->one_row ? element : all;
}

/* A column as a tensor of its own, to be computed by t's operator. */
static gr_tensor as_column(const gr_tensor *t, gr_block *memory, size_t n) {
  gr_tensor column = *t;
  column.nd = n > 1;
  column.d[0] = column.size = n;
  column.x = memory->data;
  return column;
}

/* Input i of a step at the rows and the column of its result: n numbers, or one for all rows. */
static gr_tensor input_column(const gr_differences *d, const step *s, int i, span at) {
  const gr_tensor *in = s->t->in[i];
  size_t width = width_of(in), c = width == at.n ? at.c : 0;
  if (rows_of(in) == 1) at.from = 0, at.to = 1;
  gr_tensor column = as_column(in, d->column[1 + i], at.to - at.from);
  if (is_f32(in)) column_out_f32(column.x, in->x, width, c, at.from, at.to);
  else column_out_f64(column.x, in->x, width, c, at.from, at.to);
  return column;
}

static void compute_column(const gr_differences *d, const step *s, span at) {
  gr_tensor in[2], *inputs[2] = { &in[0], &in[1] };
  for (int i = 0; i < s->t->n_in; i++) in[i] = input_column(d, s, i, at);
  gr_tensor column = as_column(s->t, d->column[0], at.to - at.from);
  column.in = inputs;
  s->t->op->forward[column.dtype](&column);
  if (is_f32(s->t)) column_in_f32(column.x, s->t->x, at.n, at.c, at.from, at.to);
  else column_in_f64(column.x, s->t->x, at.n, at.c, at.from, at.to);
}

static void compute_product(const gr_differences *d, const step *s, span element) {
  const gr_tensor *t = s->t, *a = t->in[0], *w = t->in[1];
  const step *from = changes(d, s->way == WEIGHTS ? w : a);
  const void *base = s->base->data, *was = from->base->data;
  span at = part_of(from, element);
  if (s->way == WEIGHTS && is_f32(t)) column_of_product_f32(t, base, a, w->x, was, at);
  else if (s->way == WEIGHTS) column_of_product_f64(t, base, a, w->x, was, at);
  else if (is_f32(t)) rows_of_product_f32(t, base, a->x, was, w->x, at);
  else rows_of_product_f64(t, base, a->x, was, w->x, at);
}

static void add_bias(const gr_differences *d, const step *s, span element) {
  const gr_tensor *t = s->t, *b = t->in[2];
  const void *was = changes(d, b)->base->data;
  span at = part_of(s, element);
  if (is_f32(t)) column_moved_f32(t->x, s->base->data, b->x, was, at);
  else column_moved_f64(t->x, s->base->data, b->x, was, at);
}

static bool follow(const gr_differences *d, const step *s, span element, gr_err *err) {
  switch (s->way) {
    case WHOLE: return compute(s->t, err);
    case WEIGHTS:
    case ROWS: compute_product(d, s, element); break;
    case BIAS: add_bias(d, s, element); break;
    case EACH:
    case PAIR: compute_column(d, s, part_of(s, element)); break;
  }
  return true;
}

/* Whether a column has stayed as it was. */
static bool still_same(const step *s, span element) {
  span at = part_of(s, element);
  if (is_f32(s->t)) return column_same_f32(s->t->x, s->base->data, at);
  return column_same_f64(s->t->x, s->base->data, at);
}

/* y for what the leaf holds now, of which one element has changed. A weight under which all inputs are 0 changes nothing. */
static bool value_near(const gr_differences *d, span element, double *value, gr_err *err) {
  for (size_t i = 0; i < d->count; i++) {
    if (!follow(d, &d->steps[i], element, err)) return false;
    if (i > 0 || !d->by_first || !still_same(&d->steps[0], element)) continue;
    *value = d->base;
    return true;
  }
  *value = gr_get(d->y, 0);
  return true;
}

static void put_rows_back(const gr_differences *d, const step *s, span element) {
  span at = part_of(changes(d, s->t->in[0]), element);
  size_t row = width_of(s->t) * gr_dtype_size(s->t->dtype);
  memcpy((char *)s->t->x + at.from * row, (const char *)s->base->data + at.from * row, (at.to - at.from) * row);
}

static void put_back(const gr_differences *d, span element) {
  for (size_t i = 0; i < d->count; i++) {
    const step *s = &d->steps[i];
    if (s->way == ROWS) put_rows_back(d, s, element);
    if (!s->column) continue;
    span at = part_of(s, element);
    if (is_f32(s->t)) column_back_f32(s->t->x, s->base->data, at);
    else column_back_f64(s->t->x, s->base->data, at);
  }
}

/* Whether what the graph reads, the leaf apart, is what it read when it was recorded. */
static bool reads_the_same(const gr_differences *d) {
  for (size_t i = 0; i < d->count; i++) {
    const gr_tensor *t = d->steps[i].t;
    for (int j = 0; j < t->n_in; j++) {
      const gr_block *block = t->in[j]->x_block;
      if (block && block != d->x->x_block && block->version != t->in_version[j]) return false;
    }
  }
  return true;
}

bool gr_differences_value(gr_differences *d, double *value, gr_err *err) {
  if (!reads_the_same(d)) return gr_fail(err, "numerical_gradient: something that the function reads has been changed");
  for (size_t i = 0; i < d->count; i++)
    if (!compute(d->steps[i].t, err)) return false;
  *value = gr_get(d->y, 0);
  return true;
}

/* The slope along element i, which is changed in place and put back. */
static bool slope(gr_differences *d, size_t i, double h, double *result, gr_err *err) {
  double kept = gr_get(d->x, i), high = 0, low = 0;
  size_t n = width_of(d->x);
  span element = { i % n, n, i / n, i / n + 1 };
  gr_set(d->x, i, kept + h);
  bool ok = value_near(d, element, &high, err);
  gr_set(d->x, i, kept - h);
  ok = ok && value_near(d, element, &low, err);
  gr_set(d->x, i, kept);
  put_back(d, element);
  *result = (high - low) / (2 * h);
  return ok;
}

bool gr_differences_run(gr_differences *d, double h, gr_tensor *slopes, const volatile int *stop, gr_err *err) {
  bool ok = true;
  double one, value;
  if (!gr_same_shape(slopes, d->x) || slopes->dtype != d->x->dtype)
    return gr_fail(err, "numerical_gradient: the slopes need the shape and type of what they are taken by");
  for (size_t i = 0; ok && i < d->x->size && !*stop; i++) {
    ok = slope(d, i, h, &one, err);
    gr_set(slopes, i, one);
  }
  gr_changed(slopes);
  return gr_differences_value(d, &value, err) && ok;
}
