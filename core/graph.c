/* graph.c: gradients of a recorded computation, by reverse accumulation.
**
** Every recorded result remembers its inputs, and ids grow with the time of making; so going
** through the reachable nodes from the largest id down visits each after all that used it.   */
#include "core.h"

#include <stdlib.h>
#include <string.h>

typedef struct node_list {
  gr_tensor **node;
  size_t count, room;
} node_list;

/* Adds t, once, if a gradient flows through it. */
static bool visit(node_list *list, gr_tensor *t, gr_err *err) {
  if (t->mark || !t->wants) return true;
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

/* All nodes between y and the leaves, latest first. The list doubles as the queue of the search. */
static bool collect(gr_tensor *y, node_list *list, gr_err *err) {
  bool ok = visit(list, y, err);
  for (size_t i = 0; ok && i < list->count; i++)
    for (int j = 0; ok && j < list->node[i]->n_in; j++) ok = visit(list, list->node[i]->in[j], err);
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

static bool give_gradient(gr_tensor *t, gr_err *err) {
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

static void add_one(gr_tensor *y) {
  if (y->dtype == GR_F32) *(float *)y->g += 1;
  else *(double *)y->g += 1;
}

bool gr_backward(gr_tensor *y, gr_err *err) {
  char label[GR_LABEL_ROOM];
  node_list list = { 0 };
  if (y->size != 1)
    return gr_fail(err, "backward: %s is not one number: sum() or mean() makes it one", gr_label(y, "this", label, sizeof label));
  if (!y->wants)
    return gr_fail(err, "backward: %s does not depend on anything made by gr.param", gr_label(y, "this", label, sizeof label));
  bool ok = collect(y, &list, err);
  for (size_t i = 0; ok && i < list.count; i++) ok = unchanged(list.node[i], err);
  for (size_t i = 0; ok && i < list.count; i++) ok = give_gradient(list.node[i], err);
  if (ok) {
    for (size_t i = 0; i < list.count; i++)
      if (list.node[i]->op) gr_zero_grad(list.node[i]);
    add_one(y);
    for (size_t i = 0; i < list.count; i++)
      if (list.node[i]->op) list.node[i]->op->backward[list.node[i]->dtype](list.node[i]);
  }
  gr_free(list.node);
  return ok;
}
