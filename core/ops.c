/* ops.c: the operator table, and what it takes to run a row of it. */
#include "clones.h"
#include "core.h"
#include "draw.h"
#include "portable.h"
#include "windows.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

/* ---- What the families share -------------------------------------------------------- */

/* A reduction's input as outer x k x inner, reduced over the middle. */
typedef struct lanes {
  size_t outer, k, inner;
} lanes;

/* Product of the sizes in front of an axis. */
static size_t outer_of(const gr_tensor *t, int axis) {
  size_t outer = 1;
  for (int i = 0; i < axis; i++) outer *= t->d[i];
  return outer;
}

static lanes lanes_of(const gr_tensor *t) {
  const gr_tensor *x = t->in[0];
  int axis = t->attr.axis;
  if (axis == GR_ALL_AXES) return (lanes){ 1, x->size, 1 };
  size_t outer = outer_of(x, axis);
  return (lanes){ outer, x->d[axis], x->size / outer / x->d[axis] };
}

/* y(m,n) = op(a)(m,k) op(b)(k,n); a vector in front is one row, behind one column. */
typedef struct product_sizes {
  size_t m, k, n;
} product_sizes;

static product_sizes sizes_of_product(const gr_tensor *t) {
  const gr_tensor *a = t->in[0], *b = t->in[1];
  product_sizes s = { 1, a->d[0], 1 };
  if (a->nd == 2) {
    s.m = a->d[t->attr.ta ? 1 : 0];
    s.k = a->d[t->attr.ta ? 0 : 1];
  }
  if (b->nd == 2) s.n = b->d[t->attr.tb ? 0 : 1];
  return s;
}

/* Batch normalisation's input: samples x features x positions. */
static lanes features_of(const gr_tensor *t) { return (lanes){ t->d[0], t->d[1], t->size / t->d[0] / t->d[1] }; }

/* Rows of one number a feature in its work. */
enum { NORM_ROWS = 7 };

/* Sequences x (batch, time, inputs) under a recurrent layer. */
typedef struct recurrent_sizes {
  size_t batch, time, inputs, hidden;
  size_t rows;    /* batch times time */
  size_t columns; /* of w and u: a block of `hidden` for each gate */
  size_t row;     /* numbers in a row of sums; gru keeps apart what w and u bring to its third gate, n */
} recurrent_sizes;

static recurrent_sizes sizes_of_recurrent(const gr_tensor *t) {
  const size_t *x = t->in[0]->d, *u = t->in[2]->d;
  size_t row = u[1] == 3 * u[0] ? 4 * u[0] : u[1];
  return (recurrent_sizes){ x[0], x[1], x[2], u[0], x[0] * x[1], u[1], row };
}

/* Neighbouring gates: where their columns begin in w and in a row of sums, and how many they are. */
typedef struct gate_block {
  size_t in_w, in_z, columns;
} gate_block;

static gate_block whole_row(recurrent_sizes s) { return (gate_block){ 0, 0, s.columns }; }

/* How many elements a pass takes at a time when it goes through a small array: many for a vector, few for the nearest cache. */
enum { SOME = 128 };

#define REAL_IS_F64
#include "real.h"
#include "fmath.h"
#include "fmath_arrays.h"
#include "op_elementwise.h"
#include "op_reduce.h"
#include "op_softmax.h"
#include "op_matmul.h"
#include "op_index.h"
#include "op_conv.h"
#include "op_drop.h"
#include "op_norm.h"
#include "op_recurrent.h"
#define REAL_IS_F32
#include "real.h"
#include "fmath.h"
#include "fmath_arrays.h"
#include "op_elementwise.h"
#include "op_reduce.h"
#include "op_softmax.h"
#include "op_matmul.h"
#include "op_index.h"
#include "op_conv.h"
#include "op_drop.h"
#include "op_norm.h"
#include "op_recurrent.h"

#include "op_shapes.h"
#include "op_conv_shapes.h"
#include "op_recurrent_shapes.h"

#include "op_layer_shapes.h"

/* ---- The table ---------------------------------------------------------------------- */

#define A_ROW(name, inputs, options, kinds, shape, formula, gradient, doc, back_f64, back_f32, looks, each)                        \
  { #name, inputs,  options,  kinds, shape##_text, shape##_shape, { name##_fw_f64, name##_fw_f32 }, { back_f64, back_f32 }, looks, \
    each,  formula, gradient, doc,   NULL,         NULL },
#define ROW(name, ...) A_ROW(name, __VA_ARGS__, name##_bw_f64, name##_bw_f32, false, false)
#define LOOK(name, ...) A_ROW(name, __VA_ARGS__, name##_bw_f64, name##_bw_f32, true, false)
#define EACH(name, ...) A_ROW(name, __VA_ARGS__, name##_bw_f64, name##_bw_f32, false, true)
#define FLAT(name, ...) A_ROW(name, __VA_ARGS__, NULL, NULL, false, false)
static const gr_op table[] = {
#include "ops.def"
};
#undef ROW
#undef FLAT
#undef LOOK
#undef EACH

#define ROW(name, ...) row_##name,
#define FLAT(name, ...) row_##name,
#define LOOK(name, ...) row_##name,
#define EACH(name, ...) row_##name,
enum {
#include "ops.def"
  rows_in_table
};
#undef ROW
#undef FLAT
#undef LOOK
#undef EACH

const gr_op *const gr_op_transpose = &table[row_T];
const gr_op *const gr_op_affine = &table[row_affine];
const gr_op *const gr_op_dot = &table[row_dot];
const gr_op *const gr_op_detach = &table[row_detach];

bool gr_op_broadcasts(const gr_op *op) { return op->shape == broadcast_shape; }

const gr_op *gr_op_all(size_t *count) {
  *count = rows_in_table;
  return table;
}

const gr_op *gr_op_find(const char *name) {
  for (size_t i = 0; i < rows_in_table; i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  return NULL;
}

/* ---- Running a row ------------------------------------------------------------------ */

/* How many tensors a row takes; -1: one or more. */
static int inputs_of(const gr_op *op) {
  int n = 1;
  if (strstr(op->inputs, "...")) return -1;
  for (const char *c = op->inputs; *c; c++) n += *c == ' ';
  return n;
}

/* A product reads a transposed input's source, so that the transposed values need not be made; unless the
** transposing was not recorded, and holds the source's gradient back.                                  */
static void look_through(gr_tensor *t, int i, bool *transposed) {
  gr_tensor *turned = t->in[i];
  if (turned->op != gr_op_transpose || turned->wants != turned->in[0]->wants) return;
  t->in[i] = gr_ref(turned->in[0]);
  *transposed = turned->nd == 2;
  gr_unref(turned);
}

static gr_tensor *node_for(const gr_op *op, gr_tensor *const in[], int n, const gr_attr *attr, bool record, gr_err *err) {
  gr_tensor *t = gr_node_new(n, err);
  if (!t) return NULL;
  t->op = op;
  if (op->hold) op->hold(op, true);
  t->n_in = n;
  if (attr) t->attr = *attr;
  for (int i = 0; i < n; i++) t->in[i] = gr_ref(in[i]);
  if (op == &table[row_dot]) {
    look_through(t, 0, &t->attr.ta);
    look_through(t, 1, &t->attr.tb);
  }
  for (int i = 0; i < n; i++) t->wants = t->wants || (record && op->backward[0] && t->in[i]->wants);
  return t;
}

static bool inputs_ready(gr_tensor *t, gr_err *err) {
  for (int i = 0; i < t->n_in; i++)
    if (!gr_ready(t->in[i], err)) return false;
  return true;
}

static bool give_work(gr_tensor *t, size_t elements, gr_err *err) {
  size_t bytes;
  if (!elements) return true;
  if (!gr_size_mul(elements, gr_dtype_size(t->dtype), &bytes)) return gr_fail_memory(err, SIZE_MAX);
  t->work_block = gr_block_new(bytes, err);
  if (t->work_block) t->work = t->work_block->data;
  return t->work_block != NULL;
}

/* Everything that can fail happens here, before forward. */
static bool prepare(gr_tensor *t, gr_err *err) {
  size_t work = 0;
  t->dtype = t->in[0]->dtype;
  if (!inputs_ready(t, err) || !t->op->shape(t, &work, err) || !gr_node_measure(t, t->op->name, err)) return false;
  if (t->op == gr_op_transpose) return true; /* its values are made when somebody reads them */
  return (t->x || gr_node_fill(t, err)) && give_work(t, work, err);
}

static void remember(gr_tensor *t) {
  for (int i = 0; i < t->n_in; i++) {
    t->follows = t->follows || t->in[i]->follows;
    t->in_version[i] = t->in[i]->x_block ? t->in[i]->x_block->version : 0;
  }
  if (t->op != gr_op_transpose) t->seen = t->x_block->version;
  if (t->wants || t->follows || t->op == gr_op_transpose) return;
  gr_node_forget(t);
  gr_block_unref(t->work_block);
  t->work_block = NULL;
  t->work = NULL;
}

/* ---- Threads ------------------------------------------------------------------------ */

static void some_forward(void *arg, size_t from, size_t to) {
  const gr_tensor *t = arg;
  gr_tensor part = gr_part_of(t, from, to), x = gr_part_of(t->in[0], from, to);
  part.in = (gr_tensor *[]){ &x };
  t->op->forward[t->dtype](&part);
}

static void some_backward(void *arg, size_t from, size_t to) {
  const gr_tensor *t = arg;
  gr_tensor part = gr_part_of(t, from, to), x = gr_part_of(t->in[0], from, to);
  part.in = (gr_tensor *[]){ &x };
  t->op->backward[t->dtype](&part);
}

static bool worth_sharing(const gr_tensor *t) { return t->op->each && t->size >= (size_t)1 << 15 && gr_threads() > 1; }

enum { GRAIN = 1 << 10 };

static void forward(gr_tensor *t) {
  if (worth_sharing(t)) gr_share(t->size, GRAIN, some_forward, t);
  else t->op->forward[t->dtype](t);
}

bool gr_node_forward(gr_tensor *t, gr_err *err) {
  if (t->op->call) return t->op->call(t, false, err);
  forward(t);
  return true;
}

bool gr_node_backward(gr_tensor *t, gr_err *err) {
  if (t->op->call) return t->op->call(t, true, err);
  if (worth_sharing(t)) {
    gr_share(t->size, GRAIN, some_backward, t);
    t->in[0]->blank = false;
  } else t->op->backward[t->dtype](t);
  return true;
}

/* ---- Calling ------------------------------------------------------------------------ */

gr_tensor *gr_apply(const gr_op *op, gr_tensor *const in[], int n, const gr_attr *attr, bool record, gr_err *err) {
  int wanted = inputs_of(op);
  if (n < 1 || (wanted > 0 && n != wanted)) return gr_fail(err, "%s: takes %d tensors, got %d", op->name, wanted, n), NULL;
  if (op == gr_op_transpose && in[0]->op == gr_op_transpose) {
    gr_tensor *source = in[0]->in[0];
    return source->wants && !(record && in[0]->wants) ? gr_detach(source, err) : gr_ref(source);
  }
  gr_tensor *t = node_for(op, in, n, attr, record, err);
  if (!t) return NULL;
  if (!prepare(t, err)) {
    gr_unref(t);
    return NULL;
  }
  if (op != gr_op_transpose) forward(t);
  remember(t);
  return t;
}

gr_tensor *gr_apply_custom(const gr_op *op, gr_tensor *const in[], int n, const gr_tensor *y, bool record, gr_err *err) {
  gr_tensor *t = node_for(op, in, n, NULL, record, err);
  if (!t) return NULL;
  t->dtype = y->dtype;
  t->nd = y->nd;
  memcpy(t->d, y->d, sizeof y->d);
  if (!gr_node_measure(t, op->name, err) || !gr_node_fill(t, err)) {
    gr_unref(t);
    return NULL;
  }
  memcpy(t->x, y->x, t->size * gr_dtype_size(t->dtype));
  remember(t);
  return t;
}
