/* graph.c: gradients of a recorded computation, by reverse accumulation.
**
** Every recorded result remembers its inputs, and ids grow with the time of making; so going
** through the reachable nodes from the largest id down visits each after all that used it.   */
#include "core.h"

#include <stdlib.h>
#include <string.h>

/* Adds t, once, if a gradient flows through it; with `all`, also when it is computed anew for each batch. */
static bool visit(gr_nodes *list, gr_tensor *t, bool all, gr_err *err) {
  if (t->mark || !(t->wants || (all && t->follows && t->op))) return true;
  if (list->count == list->room) {
    size_t room = list->room ? 2 * list->room : 64;
    gr_tensor **more = gr_realloc(list->node, room * sizeof *more, err);
    if (!more) return false;
    list->node = more;
    list->room = room;
  }
  t->mark = true;
  list->node[list->count++] = t;
  return true;
}

static int latest_first(const void *a, const void *b) {
  size_t x = (*(gr_tensor *const *)a)->id, y = (*(gr_tensor *const *)b)->id;
  return (x < y) - (x > y);
}

bool gr_nodes_collect(gr_nodes *list, gr_tensor *y, bool all, gr_err *err) {
  bool ok = visit(list, y, all, err);
  for (size_t i = 0; ok && i < list->count; i++) /* the list doubles as the queue of the search */
    for (int j = 0; ok && j < list->node[i]->n_in; j++) ok = visit(list, list->node[i]->in[j], all, err);
  for (size_t i = 0; i < list->count; i++) list->node[i]->mark = false;
  if (ok && list->count) qsort(list->node, list->count, sizeof *list->node, latest_first);
  return ok;
}

/* Backward reads inputs and results again: they must still be what forward read and wrote. T, whose
** values follow its input, is left out. */
static bool unchanged(const gr_tensor *t, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (!t->op || t->op == gr_op_transpose) return true;
  for (int i = 0; i < t->n_in; i++) {
    const gr_tensor *in = t->in[i];
    if (!in->x_block || in->x_block->version == t->in_version[i]) continue;
    return gr_fail(err,
                   "backward: %s was changed in place after %s had used it (%s:%d): change it after backward, or use a clone()",
                   gr_label(in, "a tensor", label, sizeof label), t->op->name, t->file ? t->file : "line", t->line);
  }
  if (t->x_block->version == t->seen) return true;
  return gr_fail(err,
                 "backward: %s was changed in place after %s had computed it (%s:%d): change it after backward, or use a clone()",
                 gr_label(t, "a tensor", label, sizeof label), t->op->name, t->file ? t->file : "line", t->line);
}

bool gr_grad_give(gr_tensor *t, gr_err *err) {
  if (t->g) return true;
  t->g_block = gr_block_new(t->size * gr_dtype_size(t->dtype), err);
  if (!t->g_block) return false;
  t->g = t->g_block->data;
  gr_zero_grad(t);
  return true;
}

void gr_zero_grad(gr_tensor *t) {
  if (!t->g) return;
  memset(t->g, 0, t->size * gr_dtype_size(t->dtype));
  t->g_block->version++;
}

void gr_drop_grad(gr_tensor *t) {
  gr_block_unref(t->g_block);
  t->g_block = NULL;
  t->g = NULL;
}

bool gr_nodes_unchanged(const gr_nodes *list, gr_err *err) {
  for (size_t i = 0; i < list->count; i++)
    if (!unchanged(list->node[i], err)) return false;
  return true;
}

bool gr_nodes_check(const gr_nodes *list, const gr_tensor *y, gr_err *err) {
  char label[GR_LABEL_ROOM];
  if (y->size != 1)
    return gr_fail(err, "backward: %s is not one number: sum() or mean() makes it one", gr_label(y, "this", label, sizeof label));
  if (!y->wants)
    return gr_fail(err, "backward: %s does not depend on anything made by gr.param", gr_label(y, "this", label, sizeof label));
  return gr_nodes_unchanged(list, err);
}

/* dy/dy. A parameter that is its own result adds to the gradient that it has, as all do. */
static void add_one(gr_tensor *y) {
  if (y->dtype == GR_F32) *(float *)gr_grad(y) += 1;
  else *(double *)gr_grad(y) += 1;
}

/* Where no gradient has come to, none goes on. */
bool gr_nodes_backward(const gr_nodes *list, gr_tensor *y, gr_err *err) {
  bool ok = true;
  for (size_t i = 0; i < list->count; i++)
    if (list->node[i]->op) list->node[i]->blank = true;
  add_one(y);
  for (size_t i = 0; ok && i < list->count; i++) {
    gr_tensor *t = list->node[i];
    if (t->op && t->wants && !t->blank) ok = gr_node_backward(t, err);
  }
  return ok;
}

static bool alike(const gr_tensor *t, const gr_tensor *y, const char *what, const char *role, gr_err *err) {
  char one[128], other[128];
  if (gr_same_shape(t, y) && t->dtype == y->dtype) return true;
  return gr_fail(err, "%s: %s is %s (%s), expected %s (%s)", what, role, gr_shape_text(y->nd, y->d, one, sizeof one),
                 gr_dtype_name(y->dtype), gr_shape_text(t->nd, t->d, other, sizeof other), gr_dtype_name(t->dtype));
}

bool gr_overwrite(gr_tensor *t, const gr_tensor *y, const char *what, gr_err *err) {
  if (!alike(t, y, what, "forward's result", err)) return false;
  memcpy(t->x, y->x, t->size * gr_dtype_size(t->dtype));
  return true;
}

bool gr_grad_add(gr_tensor *t, const gr_tensor *d, const char *what, gr_err *err) {
  if (!alike(t, d, what, "a gradient from backward", err)) return false;
  if (!gr_grad(t)) return true;
  for (size_t i = 0; i < t->size; i++) {
    if (t->dtype == GR_F32) ((float *)t->g)[i] += ((const float *)d->x)[i];
    else ((double *)t->g)[i] += ((const double *)d->x)[i];
  }
  return true;
}

bool gr_backward(gr_tensor *y, gr_err *err) {
  gr_nodes list = { 0 };
  bool ok = gr_nodes_collect(&list, y, false, err) && gr_nodes_check(&list, y, err);
  for (size_t i = 0; ok && i < list.count; i++) ok = gr_grad_give(list.node[i], err);
  ok = ok && gr_nodes_backward(&list, y, err);
  for (size_t i = 0; i < list.count; i++) gr_grad(list.node[i]); /* for who reads it */
  gr_free(list.node);
  return ok;
}
