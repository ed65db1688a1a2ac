/* tensor.c: making, sharing, reading and changing tensors. */
#include "core.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t tensors_made;

size_t gr_dtype_size(gr_dtype dtype) { return dtype == GR_F32 ? sizeof(float) : sizeof(double); }
const char *gr_dtype_name(gr_dtype dtype) { return dtype == GR_F32 ? "f32" : "f64"; }

/* ---- Life and death ----------------------------------------------------------------- */

gr_tensor *gr_node_new(int n_in, gr_err *err) {
  size_t each = sizeof(gr_tensor *) + sizeof(size_t);
  gr_tensor *t = gr_alloc_zeroed(1, sizeof(gr_tensor) + (size_t)n_in * each, err);
  if (!t) return NULL;
  t->refs = 1;
  t->id = ++tensors_made;
  t->in = (gr_tensor **)(t + 1);
  t->in_version = (size_t *)(t->in + n_in);
  t->attr.axis = GR_ALL_AXES;
  return t;
}

bool gr_node_measure(gr_tensor *t, const char *what, gr_err *err) {
  size_t bytes = gr_dtype_size(t->dtype), size = 1;
  char shape[128];
  for (int i = 0; i < t->nd; i++) {
    if (t->d[i] == 0) return gr_fail(err, "%s: size %d is 0: sizes are whole numbers of at least 1", what, i + 1);
    if (!gr_size_mul(size, t->d[i], &size) || !gr_size_mul(bytes, t->d[i], &bytes))
      return gr_fail(err, "%s: %s is more than this machine can address", what, gr_shape_text(t->nd, t->d, shape, sizeof shape));
  }
  t->size = size;
  return true;
}

bool gr_node_fill(gr_tensor *t, gr_err *err) {
  t->x_block = gr_block_new(t->size * gr_dtype_size(t->dtype), err);
  if (!t->x_block) return false;
  t->x = t->x_block->data;
  return true;
}

gr_tensor *gr_new(gr_dtype dtype, int nd, const size_t d[], gr_err *err) {
  gr_tensor *t = gr_node_new(0, err);
  if (!t) return NULL;
  t->dtype = dtype;
  t->nd = nd;
  for (int i = 0; i < nd; i++) t->d[i] = d[i];
  if (gr_node_measure(t, "tensor", err) && gr_node_fill(t, err)) return t;
  gr_unref(t);
  return NULL;
}

gr_tensor *gr_ref(gr_tensor *t) {
  t->refs++;
  return t;
}

static void free_own_memory(gr_tensor *t) {
  gr_block_unref(t->x_block);
  gr_block_unref(t->g_block);
  gr_block_unref(t->work_block);
  if (t->op && t->op->hold) t->op->hold(t->op, false);
  gr_free(t->name);
  gr_free(t);
}

/* A long graph is released node by node: recursion over its depth would exhaust the stack. */
void gr_unref(gr_tensor *t) {
  if (!t || --t->refs) return;
  t->next = NULL;
  while (t) {
    gr_tensor *rest = t->next;
    for (int i = 0; i < t->n_in; i++) {
      gr_tensor *in = t->in[i];
      if (--in->refs) continue;
      in->next = rest;
      rest = in;
    }
    free_own_memory(t);
    t = rest;
  }
}

void gr_node_forget(gr_tensor *t) {
  int n = t->n_in;
  t->n_in = 0;
  if (t->op && t->op->hold) t->op->hold(t->op, false);
  t->op = NULL;
  for (int i = 0; i < n; i++) gr_unref(t->in[i]);
}

/* ---- Tensors from numbers ----------------------------------------------------------- */

double gr_get(const gr_tensor *t, size_t i) {
  return t->dtype == GR_F32 ? (double)((const float *)t->x)[i] : ((const double *)t->x)[i];
}

void gr_set(gr_tensor *t, size_t i, double value) {
  if (t->dtype == GR_F32) ((float *)t->x)[i] = (float)value;
  else ((double *)t->x)[i] = value;
}

void gr_changed(gr_tensor *t) { t->x_block->version++; }

gr_tensor *gr_full(gr_dtype dtype, int nd, const size_t d[], double value, gr_err *err) {
  gr_tensor *t = gr_new(dtype, nd, d, err);
  if (!t) return NULL;
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, value);
  return t;
}

gr_tensor *gr_eye(gr_dtype dtype, size_t n, gr_err *err) {
  gr_tensor *t = gr_full(dtype, 2, (size_t[]){ n, n }, 0, err);
  if (!t) return NULL;
  for (size_t i = 0; i < n; i++) gr_set(t, i * n + i, 1);
  return t;
}

/* NumPy makes the first two values, and the rest from their difference. */
gr_tensor *gr_arange(gr_dtype dtype, double from, double to, double step, gr_err *err) {
  double count = ceil((to - from) / step);
  if (step == 0 || isnan(count)) return gr_fail(err, "arange: a step of %g leads nowhere", step), NULL;
  if (count < 1) return gr_fail(err, "arange: nothing lies from %g to %g (not included) in steps of %g", from, to, step), NULL;
  if (count > 9e15) return gr_fail(err, "arange: %g numbers are more than this machine can address", count), NULL;
  gr_tensor *t = gr_new(dtype, 1, (size_t[]){ (size_t)count }, err);
  if (!t) return NULL;
  double delta = (from + step) - from;
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, i == 0 ? from : i == 1 ? from + step : from + (double)i * delta);
  return t;
}

gr_tensor *gr_linspace(gr_dtype dtype, double from, double to, size_t n, gr_err *err) {
  gr_tensor *t = gr_new(dtype, 1, &n, err);
  if (!t) return NULL;
  double step = n > 1 ? (to - from) / (double)(n - 1) : 0;
  for (size_t i = 0; i < n; i++) gr_set(t, i, (double)i * step + from);
  if (n > 1) gr_set(t, n - 1, to);
  return t;
}

/* ---- Tensors from tensors ----------------------------------------------------------- */

gr_tensor *gr_copy(gr_tensor *t, gr_err *err) {
  if (!gr_ready(t, err)) return NULL;
  gr_tensor *copy = gr_new(t->dtype, t->nd, t->d, err);
  if (copy) memcpy(copy->x, t->x, t->size * gr_dtype_size(t->dtype));
  return copy;
}

/* A leaf of t's shape on other memory. */
static gr_tensor *leaf_on(gr_tensor *t, void *x, gr_block *block, gr_err *err) {
  gr_tensor *leaf = gr_node_new(0, err);
  if (!leaf) return NULL;
  leaf->dtype = t->dtype;
  leaf->nd = t->nd;
  memcpy(leaf->d, t->d, sizeof t->d);
  leaf->size = t->size;
  leaf->x = x;
  leaf->x_block = gr_block_ref(block);
  return leaf;
}

/* What a transposed tensor has is a copy already, which nobody else may change. */
gr_tensor *gr_detach(gr_tensor *t, gr_err *err) {
  if (t->follows) return gr_apply(gr_op_detach, &t, 1, NULL, false, err);
  return t->op == gr_op_transpose ? gr_copy(t, err) : leaf_on(t, t->x, t->x_block, err);
}

gr_tensor gr_part_of(const gr_tensor *t, size_t from, size_t to) {
  gr_tensor part = *t;
  size_t offset = from * gr_dtype_size(t->dtype);
  part.x = (char *)t->x + offset;
  if (t->g) part.g = (char *)t->g + offset;
  part.size = to - from;
  return part;
}

gr_tensor *gr_alias(gr_tensor *t, gr_err *err) { return leaf_on(t, t->x, t->x_block, err); }

void gr_follow(gr_tensor *t, bool on) { t->follows = on; }

gr_tensor *gr_grad_tensor(gr_tensor *t, gr_err *err) { return leaf_on(t, t->g, t->g_block, err); }

gr_tensor *gr_param(gr_tensor *t, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (t->follows)
    return gr_fail(err, "param: %s belongs to a step that is recorded: make parameters outside of the net and the loss",
                   gr_label(t, "this", label, sizeof label)),
           NULL;
  gr_tensor *leaf = gr_detach(t, err);
  if (leaf) leaf->wants = true;
  return leaf;
}

bool gr_retype(gr_tensor *t, gr_dtype dtype, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (t->dtype == dtype) return true;
  if (t->op) return gr_fail(err, "to: %s is a result: only leaves change their type", gr_label(t, "this", label, sizeof label));
  gr_tensor *other = gr_new(dtype, t->nd, t->d, err);
  if (!other) return false;
  for (size_t i = 0; i < t->size; i++) gr_set(other, i, gr_get(t, i));
  other->x_block->version = t->x_block->version + 1; /* for what was computed from it */
  gr_block_unref(t->x_block);
  t->x_block = gr_block_ref(other->x_block);
  t->x = other->x;
  t->dtype = dtype;
  gr_drop_grad(t);
  gr_unref(other);
  return true;
}

bool gr_ready(gr_tensor *t, gr_err *err) {
  if (t->op != gr_op_transpose) return true;
  size_t version = t->in[0]->x_block->version;
  if (t->x && t->seen == version) return true;
  if (!t->x && !gr_node_fill(t, err)) return false;
  t->op->forward[t->dtype](t);
  t->seen = version;
  gr_changed(t); /* for what was computed from the values before */
  return true;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
  return (x > y) - (x < y);
}

gr_tensor *gr_unique(gr_tensor *t, gr_err *err) {
  size_t bytes, kept = 0;
  if (!gr_ready(t, err)) return NULL;
  if (!gr_size_mul(t->size, sizeof(double), &bytes)) return gr_fail_memory(err, SIZE_MAX), NULL;
  double *v = gr_alloc(bytes, err);
  if (!v) return NULL;
  for (size_t i = 0; i < t->size; i++) v[i] = gr_get(t, i);
  qsort(v, t->size, sizeof *v, by_value);
  for (size_t i = 0; i < t->size; i++)
    if (i == 0 || (v[i] != v[kept - 1] && !(isnan(v[i]) && isnan(v[kept - 1])))) v[kept++] = v[i];
  gr_tensor *u = gr_new(t->dtype, 1, &kept, err);
  for (size_t i = 0; u && i < kept; i++) gr_set(u, i, v[i]);
  gr_free(v);
  return u;
}

/* ---- Comparing and changing --------------------------------------------------------- */

bool gr_same_shape(const gr_tensor *a, const gr_tensor *b) {
  if (a->nd != b->nd) return false;
  for (int i = 0; i < a->nd; i++)
    if (a->d[i] != b->d[i]) return false;
  return true;
}

bool gr_equal(gr_tensor *a, gr_tensor *b) {
  if (!gr_same_shape(a, b)) return false;
  for (size_t i = 0; i < a->size; i++)
    if (gr_get(a, i) != gr_get(b, i)) return false;
  return true;
}

bool gr_same_bits(const gr_tensor *a, const gr_tensor *b) {
  return gr_same_shape(a, b) && a->dtype == b->dtype && memcmp(a->x, b->x, a->size * gr_dtype_size(a->dtype)) == 0;
}

bool gr_changeable(const gr_tensor *t, const char *what, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (t->follows)
    return gr_fail(err, "%s: %s belongs to a step that is recorded, where a change in place would happen only once", what,
                   gr_label(t, "this", label, sizeof label));
  return gr_writable(t, what, err);
}

bool gr_writable(const gr_tensor *t, const char *what, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (t->op == gr_op_transpose)
    return gr_fail(err, "%s: %s is a transposed reading of another tensor: change that one, or a clone()", what,
                   gr_label(t, "this", label, sizeof label));
  if (t->op && t->wants)
    return gr_fail(err, "%s: %s was computed from parameters by %s and is needed for their gradients: change a clone()", what,
                   gr_label(t, "this", label, sizeof label), t->op->name);
  return true;
}

/* ---- Names -------------------------------------------------------------------------- */

bool gr_set_name(gr_tensor *t, const char *name, gr_err *err) {
  char *copy = NULL;
  if (name) {
    copy = gr_alloc(strlen(name) + 1, err);
    if (!copy) return false;
    strcpy(copy, name);
  }
  gr_free(t->name);
  t->name = copy;
  return true;
}

const char *gr_shape_text(int nd, const size_t d[], char *out, size_t room) {
  size_t at = 0;
  if (nd == 0) snprintf(out, room, "one number");
  for (int i = 0; i < nd && at < room; i++) at += (size_t)snprintf(out + at, room - at, i ? " x %zu" : "%zu", d[i]);
  return out;
}

const char *gr_label(const gr_tensor *t, const char *role, char *out, size_t room) {
  char shape[128];
  snprintf(out, room, "%.40s (%s)", t->name ? t->name : role, gr_shape_text(t->nd, t->d, shape, sizeof shape));
  return out;
}
