/* core.h: what the core's files share among themselves, and nobody else sees. */
#ifndef GR_CORE_H
#define GR_CORE_H

#include "gr.h"

#include <string.h>

/* A tensor without memory, its inputs' places empty; nd, d and dtype are the caller's to set. */
gr_tensor *gr_node_new(int n_in, gr_err *err);

/* gr_writable, for a change that a script makes by itself, not by an operator: a plan would not make it again. */
bool gr_changeable(const gr_tensor *t, const char *what, gr_err *err);

/* Sets t->size from t->nd and d. Fails when the number of bytes overflows, or a size is 0. */
bool gr_node_measure(gr_tensor *t, const char *what, gr_err *err);

/* Gives a measured tensor its memory. */
bool gr_node_fill(gr_tensor *t, gr_err *err);

/* Releases t's inputs, and with them its history. */
void gr_node_forget(gr_tensor *t);

/* The table row whose values are brought up to date only when read. */
extern const gr_op *const gr_op_transpose;

/* Rows that other files ask for. */
extern const gr_op *const gr_op_affine, *const gr_op_dot, *const gr_op_detach;

/* Whether it takes two tensors that broadcast, element by element. */
bool gr_op_broadcasts(const gr_op *op);

/* ---- Gradients (graph.c) ------------------------------------------------------------- */

/* The gradient of an operator's input, for backward to add to; NULL when none is wanted. */
static inline void *gr_grad(gr_tensor *in) {
  if (in->g && in->blank) memset(in->g, 0, in->size * gr_dtype_size(in->dtype));
  in->blank = false;
  return in->g;
}

/* The same for a backward that writes instead of adding (*add is false) where nothing was added yet: it saves two passes. */
static inline void *gr_grad_first(gr_tensor *in, bool *add) {
  *add = !in->blank;
  in->blank = false;
  return in->g;
}

/* Nodes of a graph, latest first: each after all that used it. */
typedef struct gr_nodes {
  gr_tensor **node; /* to be released with gr_free; no references */
  size_t count, room;
} gr_nodes;

/* All that y was made from through which a gradient flows; with `all`, also what is computed anew for each batch. */
bool gr_nodes_collect(gr_nodes *list, gr_tensor *y, bool all, gr_err *err);

/* Whether all nodes' inputs and results still are what forward read and wrote. */
bool gr_nodes_unchanged(const gr_nodes *list, gr_err *err);

/* Whether y is one number that depends on parameters, and nothing that backward reads was changed since. */
bool gr_nodes_check(const gr_nodes *list, const gr_tensor *y, gr_err *err);

/* Backward over nodes that have their gradients' memory. Results start afresh; leaves add, unless they are blank. Fails only
** where an operator is not of the table. */
bool gr_nodes_backward(const gr_nodes *list, gr_tensor *y, gr_err *err);

/* Computes t from its inputs once more. Fails as gr_nodes_backward does. */
bool gr_node_forward(gr_tensor *t, gr_err *err);

/* Adds to the gradients of t's inputs. Fails as gr_nodes_backward does. */
bool gr_node_backward(gr_tensor *t, gr_err *err);

/* Memory for t's gradient, zeros, if it has none. */
bool gr_grad_give(gr_tensor *t, gr_err *err);

/* ---- Plans (plan.c), for epoch.c ----------------------------------------------------- */

/* Computes the plan's results from its leaves. False, with *err, when a label or a position in the batch is wrong. */
bool gr_plan_forward(gr_plan *plan, gr_err *err);

/* Backward and the optimiser, at that rate. Fails, with no parameter changed, where an operator is not of the table. */
bool gr_plan_update(gr_plan *plan, double rate, gr_err *err);

/* A copy of t that stands for its elements from..to-1, for a thread that does these only. It owns nothing. */
gr_tensor gr_part_of(const gr_tensor *t, size_t from, size_t to);

/* ---- Bytes (bytes.c), for io_idx.c -------------------------------------------------- */

void gr_shades_make(gr_shades *s, double divisor);

/* n bytes as numbers. */
static inline void gr_shade_f64(double *to, const unsigned char *from, size_t n, const gr_shades *s) {
  for (size_t i = 0; i < n; i++) to[i] = s->f64[from[i]];
}
static inline void gr_shade_f32(float *to, const unsigned char *from, size_t n, const gr_shades *s) {
  for (size_t i = 0; i < n; i++) to[i] = s->f32[from[i]];
}

/* ---- BLAS (blas.c) ------------------------------------------------------------------- */

/* Lets BLAS use threads of its own, for LAPACK; or not, for products that are shared by gr_share. */
void gr_blas_threads(bool own);

/* ---- Threads (team.c) ---------------------------------------------------------------- */

/* Does the part from..to-1 of something. */
typedef void (*gr_job)(void *arg, size_t from, size_t to);

/* Has 0..n-1 done, by as many threads as gr_set_threads said, in parts that begin at multiples of `grain`; up to `grain` by the
** caller alone. Jobs ask for no memory, and share nothing that they write. */
void gr_share(size_t n, size_t grain, gr_job job, void *arg);

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
