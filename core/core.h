/* core.h: what the core's files share among themselves, and nobody else sees. */
#ifndef GR_CORE_H
#define GR_CORE_H

#include "gr.h"

/* A tensor without memory, its inputs' places empty; nd, d and dtype are the caller's to set. */
gr_tensor *gr_node_new(int n_in, gr_err *err);

/* Sets t->size from t->nd and d. Fails when the number of bytes overflows, or a size is 0. */
bool gr_node_measure(gr_tensor *t, const char *what, gr_err *err);

/* Gives a measured tensor its memory. */
bool gr_node_fill(gr_tensor *t, gr_err *err);

/* Releases t's inputs, and with them its history. */
void gr_node_forget(gr_tensor *t);

/* The table row whose values are brought up to date only when read. */
extern const gr_op *const gr_op_transpose;

/* ---- Broadcasting (walk.c) ---------------------------------------------------------- */

/* How to walk over an output and two inputs that broadcast to it: `outer` rows of `n` elements.
** Within a row an input advances by step a_in or b_in (0 or 1); a_at and b_at say where it starts. */
typedef struct gr_walk {
  size_t n, outer;
  size_t a_in, b_in;
  size_t a_at, b_at;
  int nd;
  size_t d[GR_MAX_DIMS], i[GR_MAX_DIMS];
  size_t a_step[GR_MAX_DIMS], b_step[GR_MAX_DIMS];
} gr_walk;

gr_walk gr_walk_start(const gr_tensor *y, const gr_tensor *a, const gr_tensor *b);
void gr_walk_next(gr_walk *w); /* to the next row */

/* Whether a broadcasts with b; the result's sizes in *nd and d. */
bool gr_broadcast(const gr_tensor *a, const gr_tensor *b, int *nd, size_t d[]);

/* The runs of contiguous elements that a slice t (its attr: from, d) takes from x. */
typedef struct gr_slice_walk {
  const gr_tensor *x;
  const gr_attr *range;
  size_t runs, n; /* how many, and elements in each */
  size_t i[GR_MAX_DIMS];
} gr_slice_walk;

gr_slice_walk gr_slice_start(const gr_tensor *x, const gr_tensor *t);
size_t gr_slice_next(gr_slice_walk *w); /* where the next run starts in x */

#endif
