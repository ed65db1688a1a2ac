/* op_recurrent_shapes.h: the shape rules of rnn, lstm and gru. Included after op_shapes.h. */

static bool sequences(const gr_tensor *t, gr_err *err) {
  const gr_tensor *x = t->in[0];
  char label[ROOM];
  if (x->nd == 3) return true;
  return gr_fail(err, "%s: %s must have three axes, batch x time x inputs: x:reshape(batch, time, inputs) gives it them",
                 t->op->name, in_label(t, 0, label));
}

/* w (inputs, g hidden), u (hidden, g hidden), b (g hidden), and gru's c (hidden). */
static bool gates_fit(const gr_tensor *t, size_t g, gr_err *err) {
  const gr_tensor *x = t->in[0], *w = t->in[1], *u = t->in[2], *b = t->in[3];
  const char *name = t->op->name;
  char label[ROOM], ul[ROOM];
  in_label(t, 2, ul);
  if (u->nd != 2 || u->d[1] / g != u->d[0] || u->d[1] % g != 0)
    return gr_fail(err, "%s: %s must be hidden x %zu hidden: one square block for each gate", name, ul, g);
  if (w->nd != 2 || w->d[0] != x->d[2] || w->d[1] != u->d[1])
    return gr_fail(err, "%s: %s does not fit: rows of w must equal the last axis of x (%zu), and its columns those of %s", name,
                   in_label(t, 1, label), x->d[2], ul);
  if (b->nd != 1 || b->d[0] != u->d[1])
    return gr_fail(err, "%s: %s does not fit %s: b needs a number for each column of u (%zu)", name, in_label(t, 3, label), ul,
                   u->d[1]);
  if (t->n_in == 5 && (t->in[4]->nd != 1 || t->in[4]->d[0] != u->d[0]))
    return gr_fail(err, "%s: %s does not fit %s: c needs a number for each row of u (%zu)", name, in_label(t, 4, label), ul,
                   u->d[0]);
  return true;
}

/* All rows at once, and a sequence as one row of a product, must be within what BLAS counts. */
static bool sequences_fit_blas(const gr_tensor *t, gr_err *err) {
  const size_t *d = t->in[0]->d, widest = 4 * t->in[2]->d[0];
  size_t rows, wide;
  char label[ROOM];
  if (!fits_blas(t, err)) return false;
  if (gr_size_mul(d[0], d[1], &rows) && gr_size_mul(d[1], widest, &wide) && rows <= INT_MAX && wide <= INT_MAX) return true;
  return gr_fail(err,
                 "%s: %s is too large for BLAS, which counts to %d: batch times time, and time times 4 hidden, must stay below",
                 t->op->name, in_label(t, 0, label), INT_MAX);
}

/* A cell keeps so many blocks of `hidden` numbers for each row, and for each sequence. */
static bool recurrent_shape(gr_tensor *t, size_t g, size_t row_blocks, size_t batch_blocks, size_t *work, gr_err *err) {
  if (!same_types(t, err) || !sequences(t, err) || !gates_fit(t, g, err) || !sequences_fit_blas(t, err)) return false;
  const size_t *d = t->in[0]->d;
  size_t hidden = t->in[2]->d[0], blocks = d[1] * row_blocks + batch_blocks;
  take_shape(t, 3, (size_t[]){ d[0], d[1], hidden });
  return (gr_size_mul(d[0] * hidden, blocks, work)) || gr_fail_memory(err, SIZE_MAX);
}

static const char one_gate_text[] =
    "x (batch, time, inputs), w (inputs, hidden), u (hidden, hidden), b (hidden) give (batch, time, hidden)";
static bool one_gate_shape(gr_tensor *t, size_t *work, gr_err *err) { return recurrent_shape(t, 1, 1, 1, work, err); }

static const char four_gates_text[] =
    "x (batch, time, inputs), w (inputs, 4 hidden), u (hidden, 4 hidden), b (4 hidden) give (batch, time, hidden)";
static bool four_gates_shape(gr_tensor *t, size_t *work, gr_err *err) { return recurrent_shape(t, 4, 10, 2, work, err); }

static const char three_gates_text[] =
    "x (batch, time, inputs), w (inputs, 3 hidden), u (hidden, 3 hidden), b (3 hidden), c (hidden) give (batch, time, hidden)";
static bool three_gates_shape(gr_tensor *t, size_t *work, gr_err *err) { return recurrent_shape(t, 3, 8, 1, work, err); }
