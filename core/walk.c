/* walk.c: NumPy's broadcasting as rows of constant step, and slices as runs of neighbours.
**
** Sizes are matched from the last axis backwards; a size of 1, or a missing axis, is repeated.
** Neighbouring axes along which both inputs advance alike are merged, so that equal shapes are one
** long row, and a matrix plus a vector is one row for each row of the matrix.                    */
#include "core.h"

bool gr_broadcast(const gr_tensor *a, const gr_tensor *b, int *nd, size_t d[]) {
  int n = a->nd > b->nd ? a->nd : b->nd;
  for (int i = 0; i < n; i++) {
    int ia = a->nd - 1 - i, ib = b->nd - 1 - i;
    size_t da = ia >= 0 ? a->d[ia] : 1, db = ib >= 0 ? b->d[ib] : 1;
    if (da != db && da != 1 && db != 1) return false;
    d[n - 1 - i] = da > db ? da : db;
  }
  *nd = n;
  return true;
}

/* The step of t along axis i of an output with nd axes: 0 where t is repeated. */
static size_t step_along(const gr_tensor *t, int i, int nd) {
  int at = i - (nd - t->nd);
  if (at < 0 || t->d[at] == 1) return 0;
  size_t step = 1;
  for (int j = at + 1; j < t->nd; j++) step *= t->d[j];
  return step;
}

gr_walk gr_walk_start(const gr_tensor *y, const gr_tensor *a, const gr_tensor *b) {
  gr_walk w = { .n = 1, .outer = 1, .a_in = 1, .b_in = 1 };
  int axes = 0;
  for (int i = 0; i < y->nd; i++) {
    size_t d = y->d[i], sa = step_along(a, i, y->nd), sb = step_along(b, i, y->nd);
    if (d == 1) continue;
    int last = axes - 1;
    if (axes && w.a_step[last] == sa * d && w.b_step[last] == sb * d) {
      w.d[last] *= d;
      w.a_step[last] = sa;
      w.b_step[last] = sb;
    } else {
      w.d[axes] = d;
      w.a_step[axes] = sa;
      w.b_step[axes++] = sb;
    }
  }
  if (axes) {
    axes--;
    w.n = w.d[axes];
    w.a_in = w.a_step[axes];
    w.b_in = w.b_step[axes];
  }
  w.nd = axes;
  for (int i = 0; i < axes; i++) w.outer *= w.d[i];
  return w;
}

void gr_walk_next(gr_walk *w) {
  for (int i = w->nd - 1; i >= 0; i--) {
    w->a_at += w->a_step[i];
    w->b_at += w->b_step[i];
    if (++w->i[i] < w->d[i]) return;
    w->a_at -= w->a_step[i] * w->d[i];
    w->b_at -= w->b_step[i] * w->d[i];
    w->i[i] = 0;
  }
}

gr_slice_walk gr_slice_start(const gr_tensor *x, const gr_tensor *t) {
  gr_slice_walk w = { .x = x, .range = &t->attr, .n = t->attr.d[x->nd - 1] };
  w.runs = t->size / w.n;
  return w;
}

size_t gr_slice_next(gr_slice_walk *w) {
  const gr_attr *range = w->range;
  size_t at = 0;
  for (int i = 0; i < w->x->nd; i++) at = at * w->x->d[i] + range->from[i] + w->i[i];
  for (int i = w->x->nd - 2; i >= 0 && ++w->i[i] == range->d[i]; i--) w->i[i] = 0;
  return at;
}
