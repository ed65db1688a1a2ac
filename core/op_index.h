/* op_index.h: operators that move elements and compute nothing, for either type of number. */

static void R(add_all)(real *to, const real *from, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] += from[i];
}

/* A view has its values already; of a transposed tensor it is a copy. */
static void R(reshape_fw)(gr_tensor *t) {
  if (t->x_block != t->in[0]->x_block) memcpy(t->x, t->in[0]->x, t->size * sizeof(real));
}
static void R(reshape_bw)(gr_tensor *t) {
  bool add;
  real *dx = gr_grad_first(t->in[0], &add);
  if (dx && add) R(add_all)(dx, t->g, t->size);
  else if (dx) memcpy(dx, t->g, t->size * sizeof *dx);
}
static void R(detach_fw)(gr_tensor *t) { R(reshape_fw)(t); }
static void R(flatten_fw)(gr_tensor *t) { memcpy(t->x, t->in[0]->x, t->size * sizeof(real)); }
static void R(flatten_bw)(gr_tensor *t) { R(reshape_bw)(t); }

/* Run by run of neighbouring elements. */
static void R(slice_fw)(gr_tensor *t) {
  const gr_tensor *x = t->in[0];
  if (t->x_block == x->x_block) return; /* whole rows: a view */
  real *y = t->x;
  gr_slice_walk w = gr_slice_start(x, t);
  for (size_t run = 0; run < w.runs; run++, y += w.n) memcpy(y, (const real *)x->x + gr_slice_next(&w), w.n * sizeof *y);
}

static void R(slice_bw)(gr_tensor *t) {
  const real *dy = t->g;
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  gr_slice_walk w = gr_slice_start(t->in[0], t);
  for (size_t run = 0; run < w.runs; run++, dy += w.n) R(add_all)(dx + gr_slice_next(&w), dy, w.n);
}

static void R(take_fw)(gr_tensor *t) {
  const gr_tensor *x = t->in[0], *rows = t->in[1];
  size_t n = x->size / x->d[0];
  for (size_t i = 0; i < rows->size; i++)
    memcpy((real *)t->x + i * n, (const real *)x->x + ((size_t)gr_get(rows, i) - 1) * n, n * sizeof(real));
}

static void R(take_bw)(gr_tensor *t) {
  const gr_tensor *x = t->in[0], *rows = t->in[1];
  size_t n = x->size / x->d[0];
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t i = 0; i < rows->size; i++) R(add_all)(dx + ((size_t)gr_get(rows, i) - 1) * n, (const real *)t->g + i * n, n);
}

/* As take, of positions in any number of axes that count from 0. */
static void R(embedding_fw)(gr_tensor *t) {
  const gr_tensor *w = t->in[0], *x = t->in[1];
  size_t n = w->d[1];
  for (size_t i = 0; i < x->size; i++)
    memcpy((real *)t->x + i * n, (const real *)w->x + (size_t)gr_get(x, i) * n, n * sizeof(real));
}

static void R(embedding_bw)(gr_tensor *t) {
  const gr_tensor *w = t->in[0], *x = t->in[1];
  size_t n = w->d[1];
  if (!gr_grad(t->in[0])) return;
  for (size_t i = 0; i < x->size; i++) R(add_all)((real *)w->g + (size_t)gr_get(x, i) * n, (const real *)t->g + i * n, n);
}

/* Each input is `outer` runs; the result interleaves them. */
static void R(concat_fw)(gr_tensor *t) {
  real *y = t->x;
  size_t outer = outer_of(t, t->attr.axis);
  for (size_t o = 0; o < outer; o++)
    for (int i = 0; i < t->n_in; i++) {
      size_t n = t->in[i]->size / outer;
      memcpy(y, (const real *)t->in[i]->x + o * n, n * sizeof *y);
      y += n;
    }
}

static void R(concat_bw)(gr_tensor *t) {
  const real *dy = t->g;
  size_t outer = outer_of(t, t->attr.axis);
  for (size_t o = 0; o < outer; o++)
    for (int i = 0; i < t->n_in; i++) {
      size_t n = t->in[i]->size / outer;
      real *dx = gr_grad(t->in[i]);
      if (dx) R(add_all)(dx + o * n, dy, n);
      dy += n;
    }
}

/* Named by the result's type: its input may have either. */
static void R(cast_fw)(gr_tensor *t) {
  real *y = t->x;
  for (size_t i = 0; i < t->size; i++) y[i] = (real)gr_get(t->in[0], i);
}

static void R(cast_bw)(gr_tensor *t) {
  const real *dy = t->g;
  gr_tensor *x = t->in[0];
  if (!gr_grad(x)) return;
  for (size_t i = 0; i < t->size; i++) {
    if (x->dtype == GR_F32) ((float *)x->g)[i] += (float)dy[i];
    else ((double *)x->g)[i] += (double)dy[i];
  }
}
