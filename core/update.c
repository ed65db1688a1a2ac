/* update.c: changing tensors in place: t += b and its kin. */
#include "core.h"

#include <string.h>

#define REAL_IS_F64
#include "real.h"
#include "update_real.h"
#define REAL_IS_F32
#include "real.h"
#include "update_real.h"

static const char *update_name(char op) {
  return op == '+' ? "add_" : op == '-' ? "sub_" : op == '*' ? "mul_" : op == '/' ? "div_" : "copy_";
}

static bool change(gr_tensor *t, char op, gr_tensor *b, const char *what, gr_err *err) {
  char left[GR_LABEL_ROOM], right[GR_LABEL_ROOM];
  size_t d[GR_MAX_DIMS];
  int nd;
  if (!gr_changeable(t, what, err) || !gr_ready(b, err)) return false;
  if (t->dtype != b->dtype)
    return gr_fail(err, "%s: %s is %s but %s is %s: convert one with :to()", what, gr_label(t, "a", left, sizeof left),
                   gr_dtype_name(t->dtype), gr_label(b, "b", right, sizeof right), gr_dtype_name(b->dtype));
  bool fits = gr_broadcast(t, b, &nd, d) && nd == t->nd;
  for (int i = 0; fits && i < nd; i++) fits = d[i] == t->d[i];
  if (!fits)
    return gr_fail(err, "%s: %s does not fit into %s: its sizes must be the same, or 1", what,
                   gr_label(b, "b", right, sizeof right), gr_label(t, "a", left, sizeof left));
  gr_tensor *source = b->x_block == t->x_block ? gr_copy(b, err) : gr_ref(b); /* a part of t itself: read before written */
  if (!source) return false;
  if (t->dtype == GR_F32) update_f32(t, op, source);
  else update_f64(t, op, source);
  gr_unref(source);
  gr_changed(t);
  return true;
}

bool gr_update(gr_tensor *t, char op, gr_tensor *b, gr_err *err) { return change(t, op, b, update_name(op), err); }

/* Copies a slice's values back to where it was taken from. */
static void put_back(gr_tensor *t, const gr_tensor *part) {
  size_t each = gr_dtype_size(t->dtype);
  const char *from = part->x;
  gr_slice_walk w = gr_slice_start(t, part);
  for (size_t run = 0; run < w.runs; run++, from += w.n * each) memcpy((char *)t->x + gr_slice_next(&w) * each, from, w.n * each);
}

bool gr_assign(gr_tensor *t, const gr_attr *range, gr_tensor *b, gr_err *err) {
  if (!gr_changeable(t, "assignment", err)) return false;
  gr_tensor *part = gr_apply(gr_op_find("slice"), &t, 1, range, false, err);
  bool ok = part && change(part, '=', b, "assignment", err);
  if (ok && part->x_block != t->x_block) put_back(t, part);
  if (ok) gr_changed(t);
  gr_unref(part);
  return ok;
}
