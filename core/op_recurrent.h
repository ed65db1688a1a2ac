/* op_recurrent.h: recurrent layers over whole sequences, for either type of number.
**
** x (batch, time, inputs) gives y (batch, time, hidden), from a state h that is 0 before the first step. A "row" is one
** sequence at one step. Each gate is a block of `hidden` columns, in w, u and b as in the rows of sums z, which forward turns
** into the gates' values in place. What x brings is one product for all steps; then a step is one product with u, and one
** pass over its rows. These lie `time` rows apart, which BLAS takes as leading dimensions: nothing is copied.
** Backward goes the same way back (through time: Werbos 1990), with dz, the gradient of z.                            */

/* ---- What all of them do ------------------------------------------------------------ */

static void R(relu_of)(const real *x, real *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : x[i] != x[i] ? x[i] : 0;
}

/* c(m,n) += op(a)(m,k) op(b)(k,n); the rows of a, b and c lie lda, ldb and ldc numbers apart. */
static void R(add_product)(product_sizes s, bool ta, bool tb, const real *a, size_t lda, const real *b, size_t ldb, real *c,
                           size_t ldc) {
  if (s.m == 1 && !ta && ldb == (tb ? s.k : s.n)) {
    R(multiply)(s, false, tb, 1, a, b, c, true);
    return;
  }
  gr_blas_threads(false);
  R(gemm)(&(R(gr_product)){ s.m, s.k, s.n, ta, tb, true, 1, a, b, c, lda, ldb, ldc });
}

/* Writes n numbers into each of so many rows, `apart` numbers from one to the next. */
static void R(fill_rows)(real *to, size_t rows, size_t apart, const real *from, size_t n) {
  for (size_t i = 0; i < rows; i++, to += apart) memcpy(to, from, n * sizeof *to);
}

/* to(n) += the sum of such rows. */
static void R(add_rows)(real *to, size_t n, const real *from, size_t rows, size_t apart) {
  for (size_t i = 0; i < rows; i++, from += apart)
    for (size_t j = 0; j < n; j++) to[j] += from[j];
}

/* z = x w + b in a block's columns, for all steps at once. */
static void R(sum_inputs)(const gr_tensor *t, gate_block g, real *z) {
  recurrent_sizes s = sizes_of_recurrent(t);
  const real *x = t->in[0]->x, *w = t->in[1]->x, *b = t->in[3]->x;
  R(fill_rows)(z + g.in_z, s.rows, s.row, b + g.in_w, g.columns);
  product_sizes p = { s.rows, s.inputs, g.columns };
  R(add_product)(p, false, false, x, s.inputs, w + g.in_w, s.columns, z + g.in_z, s.row);
}

/* The step's z += h u, with the h of the step before. */
static void R(sum_state)(const gr_tensor *t, size_t step, real *z) {
  recurrent_sizes s = sizes_of_recurrent(t);
  const real *h = (const real *)t->x + (step - 1) * s.hidden, *u = t->in[2]->x;
  product_sizes p = { s.batch, s.hidden, s.columns };
  R(add_product)(p, false, false, h, s.time * s.hidden, u, s.columns, z + step * s.row, s.time * s.row);
}

/* dh (batch, hidden), the gradient of the h before the step, += dz u^T. */
static void R(state_gradient)(const gr_tensor *t, size_t step, const real *dz, real *dh) {
  recurrent_sizes s = sizes_of_recurrent(t);
  product_sizes p = { s.batch, s.columns, s.hidden };
  R(add_product)(p, false, true, dz + step * s.row, s.time * s.row, t->in[2]->x, s.columns, dh, s.hidden);
}

/* dx += dz w^T, dw += x^T dz, db += column sums of dz, for a block's columns. */
static void R(input_gradients)(gr_tensor *t, gate_block g, const real *dz) {
  recurrent_sizes s = sizes_of_recurrent(t);
  const real *x = t->in[0]->x, *w = t->in[1]->x, *from = dz + g.in_z;
  real *dx = gr_grad(t->in[0]), *dw = gr_grad(t->in[1]), *db = gr_grad(t->in[3]);
  product_sizes to_x = { s.rows, g.columns, s.inputs }, to_w = { s.inputs, s.rows, g.columns };
  if (dx) R(add_product)(to_x, false, true, from, s.row, w + g.in_w, s.columns, dx, s.inputs);
  if (dw) R(add_product)(to_w, true, false, x, s.inputs, from, s.row, dw + g.in_w, s.columns);
  if (db) R(add_rows)(db + g.in_w, g.columns, from, s.rows, s.row);
}

/* du += h^T dz, each row of h with the next of dz. The first step's rows of dz would meet another sequence's last h: they
** are set to 0 for that, so this comes last.                                                                          */
static void R(recurrent_gradient)(gr_tensor *t, real *dz) {
  recurrent_sizes s = sizes_of_recurrent(t);
  real *du = gr_grad(t->in[2]);
  if (!du || s.time == 1) return;
  for (size_t i = 0; i < s.batch; i++) memset(dz + i * s.time * s.row, 0, s.columns * sizeof *dz);
  product_sizes p = { s.hidden, s.rows - 1, s.columns };
  R(add_product)(p, true, false, t->x, s.hidden, dz + s.row, s.row, du, s.columns);
}

/* ---- rnn: h = tanh(z), or relu(z) --------------------------------------------------- */

/* z is computed in y. */
static void R(rnn_forward)(gr_tensor *t, void (*activate)(const real *, real *, size_t)) {
  recurrent_sizes s = sizes_of_recurrent(t);
  real *y = t->x;
  R(sum_inputs)(t, whole_row(s), y);
  for (size_t step = 0; step < s.time; step++) {
    if (step) R(sum_state)(t, step, y);
    for (size_t row = step; row < s.rows; row += s.time) activate(y + row * s.hidden, y + row * s.hidden, s.hidden);
  }
}

/* dz from dh, n numbers. What passes to the step before goes through u alone, so that dh becomes 0. */
static void R(tanh_cell_bw)(const real *h, const real *dy, real *dh, real *dz, size_t n) {
  for (size_t j = 0; j < n; j++) {
    dz[j] = (dh[j] + dy[j]) * (1 - h[j] * h[j]);
    dh[j] = 0;
  }
}

static void R(relu_cell_bw)(const real *h, const real *dy, real *dh, real *dz, size_t n) {
  for (size_t j = 0; j < n; j++) {
    dz[j] = h[j] > 0 ? dh[j] + dy[j] : 0;
    dh[j] = 0;
  }
}

/* work: dz (rows, hidden), dh (batch, hidden). */
static void R(rnn_backward)(gr_tensor *t, void (*cell)(const real *, const real *, real *, real *, size_t)) {
  recurrent_sizes s = sizes_of_recurrent(t);
  const real *h = t->x, *dy = t->g;
  real *dz = t->work, *dh = dz + s.rows * s.row;
  memset(dh, 0, s.batch * s.hidden * sizeof *dh);
  for (size_t step = s.time; step-- > 0;) {
    for (size_t i = 0; i < s.batch; i++) {
      size_t at = (i * s.time + step) * s.hidden;
      cell(h + at, dy + at, dh + i * s.hidden, dz + at, s.hidden);
    }
    if (step) R(state_gradient)(t, step, dz, dh);
  }
  R(input_gradients)(t, whole_row(s), dz);
  R(recurrent_gradient)(t, dz);
}

static void R(rnn_fw)(gr_tensor *t) { R(rnn_forward)(t, R(tanh_of)); }
static void R(rnn_bw)(gr_tensor *t) { R(rnn_backward)(t, R(tanh_cell_bw)); }
static void R(rnn_relu_fw)(gr_tensor *t) { R(rnn_forward)(t, R(relu_of)); }
static void R(rnn_relu_bw)(gr_tensor *t) { R(rnn_backward)(t, R(relu_cell_bw)); }

/* ---- lstm: c = f c_before + i g, h = o tanh(c) --------------------------------------- */

/* work: the gates i f g o (rows, 4 hidden), dz likewise, c and tanh(c) (rows, hidden), dh and dc (batch, hidden). */
typedef struct R(lstm_work) {
  real *gates, *dz, *c, *tanh_c, *dh, *dc;
} R(lstm_work);

static R(lstm_work) R(lstm_work_of)(const gr_tensor *t) {
  recurrent_sizes s = sizes_of_recurrent(t);
  R(lstm_work) w = { .gates = t->work };
  w.dz = w.gates + s.rows * s.row;
  w.c = w.dz + s.rows * s.row;
  w.tanh_c = w.c + s.rows * s.hidden;
  w.dh = w.tanh_c + s.rows * s.hidden;
  w.dc = w.dh + s.batch * s.hidden;
  return w;
}

/* One row. At the first step before is NULL: there was no c. */
static void R(lstm_cell)(real *gates, const real *before, real *c, real *tanh_c, real *h, size_t n) {
  real *i = gates, *f = i + n, *g = f + n, *o = g + n;
  R(sigmoid_of)(i, i, 2 * n);
  R(tanh_of)(g, g, n);
  R(sigmoid_of)(o, o, n);
  for (size_t j = 0; j < n; j++) c[j] = i[j] * g[j];
  for (size_t j = 0; before && j < n; j++) c[j] += f[j] * before[j];
  R(tanh_of)(c, tanh_c, n);
  for (size_t j = 0; j < n; j++) h[j] = o[j] * tanh_c[j];
}

static void R(lstm_fw)(gr_tensor *t) {
  recurrent_sizes s = sizes_of_recurrent(t);
  R(lstm_work) w = R(lstm_work_of)(t);
  R(sum_inputs)(t, whole_row(s), w.gates);
  for (size_t step = 0; step < s.time; step++) {
    if (step) R(sum_state)(t, step, w.gates);
    for (size_t row = step; row < s.rows; row += s.time) {
      size_t at = row * s.hidden;
      const real *before = step ? w.c + at - s.hidden : NULL;
      R(lstm_cell)(w.gates + row * s.row, before, w.c + at, w.tanh_c + at, (real *)t->x + at, s.hidden);
    }
  }
}

/* One row: dz of the four gates from dh and dc, which then hold what reaches the step before without u. */
static void R(lstm_cell_bw)(const real *gates, const real *before, const real *tanh_c, const real *dy, real *dh, real *dc, real *dz,
                            size_t n) {
  const real *i = gates, *f = i + n, *g = f + n, *o = g + n;
  real *di = dz, *df = di + n, *dg = df + n, *d_o = dg + n;
  for (size_t j = 0; j < n; j++) {
    real from_h = dh[j] + dy[j], from_c = dc[j] + from_h * o[j] * (1 - tanh_c[j] * tanh_c[j]);
    di[j] = from_c * g[j] * i[j] * (1 - i[j]);
    dg[j] = from_c * i[j] * (1 - g[j] * g[j]);
    d_o[j] = from_h * tanh_c[j] * o[j] * (1 - o[j]);
    dc[j] = from_c * f[j];
    dh[j] = 0;
  }
  for (size_t j = 0; j < n; j++) df[j] = before ? dc[j] * before[j] * (1 - f[j]) : 0;
}

static void R(lstm_bw)(gr_tensor *t) {
  recurrent_sizes s = sizes_of_recurrent(t);
  R(lstm_work) w = R(lstm_work_of)(t);
  memset(w.dh, 0, 2 * s.batch * s.hidden * sizeof *w.dh);
  for (size_t step = s.time; step-- > 0;) {
    for (size_t i = 0; i < s.batch; i++) {
      size_t row = i * s.time + step, at = row * s.hidden, own = i * s.hidden;
      R(lstm_cell_bw)(w.gates + row * s.row, step ? w.c + at - s.hidden : NULL, w.tanh_c + at, (const real *)t->g + at, w.dh + own,
                      w.dc + own, w.dz + row * s.row, s.hidden);
    }
    if (step) R(state_gradient)(t, step, w.dz, w.dh);
  }
  R(input_gradients)(t, whole_row(s), w.dz);
  R(recurrent_gradient)(t, w.dz);
}

/* ---- gru: h = (1 - z) n + z h_before, n = tanh(x w_n + b_n + r q), q = h_before u_n + c ---- */

/* A row of sums is r z q n: what u brings is in the first three blocks, what w brings in r z and n. */
static gate_block R(gru_rz)(recurrent_sizes s) { return (gate_block){ 0, 0, 2 * s.hidden }; }
static gate_block R(gru_n)(recurrent_sizes s) { return (gate_block){ 2 * s.hidden, 3 * s.hidden, s.hidden }; }

/* One row. At the first step before is NULL: h was 0. */
static void R(gru_cell)(real *gates, const real *before, real *h, size_t size) {
  real *r = gates, *z = r + size, *q = z + size, *n = q + size;
  R(sigmoid_of)(r, r, 2 * size);
  for (size_t j = 0; j < size; j++) n[j] += r[j] * q[j];
  R(tanh_of)(n, n, size);
  for (size_t j = 0; j < size; j++) h[j] = (1 - z[j]) * n[j];
  for (size_t j = 0; before && j < size; j++) h[j] += z[j] * before[j];
}

/* work: r z q n (rows, 4 hidden), dz likewise, dh (batch, hidden). */
static void R(gru_fw)(gr_tensor *t) {
  recurrent_sizes s = sizes_of_recurrent(t);
  real *gates = t->work, *y = t->x;
  R(sum_inputs)(t, R(gru_rz)(s), gates);
  R(sum_inputs)(t, R(gru_n)(s), gates);
  R(fill_rows)(gates + 2 * s.hidden, s.rows, s.row, t->in[4]->x, s.hidden);
  for (size_t step = 0; step < s.time; step++) {
    if (step) R(sum_state)(t, step, gates);
    for (size_t row = step; row < s.rows; row += s.time) {
      real *h = y + row * s.hidden;
      R(gru_cell)(gates + row * s.row, step ? h - s.hidden : NULL, h, s.hidden);
    }
  }
}

/* One row: the gradients of r z q n from dh, which then holds what reaches the step before without u. */
static void R(gru_cell_bw)(const real *gates, const real *before, const real *dy, real *dh, real *dz, size_t size) {
  const real *r = gates, *z = r + size, *q = z + size, *n = q + size;
  real *dr = dz, *d_z = dr + size, *dq = d_z + size, *dn = dq + size;
  for (size_t j = 0; j < size; j++) {
    real from_h = dh[j] + dy[j], old = before ? before[j] : 0;
    dn[j] = from_h * (1 - z[j]) * (1 - n[j] * n[j]);
    dq[j] = dn[j] * r[j];
    dr[j] = dq[j] * q[j] * (1 - r[j]);
    d_z[j] = from_h * (old - n[j]) * z[j] * (1 - z[j]);
    dh[j] = from_h * z[j];
  }
}

static void R(gru_bw)(gr_tensor *t) {
  recurrent_sizes s = sizes_of_recurrent(t);
  const real *gates = t->work, *h = t->x, *dy = t->g;
  real *dz = (real *)t->work + s.rows * s.row, *dh = dz + s.rows * s.row, *dc = gr_grad(t->in[4]);
  memset(dh, 0, s.batch * s.hidden * sizeof *dh);
  for (size_t step = s.time; step-- > 0;) {
    for (size_t i = 0; i < s.batch; i++) {
      size_t row = i * s.time + step, at = row * s.hidden;
      R(gru_cell_bw)(gates + row * s.row, step ? h + at - s.hidden : NULL, dy + at, dh + i * s.hidden, dz + row * s.row, s.hidden);
    }
    if (step) R(state_gradient)(t, step, dz, dh);
  }
  R(input_gradients)(t, R(gru_rz)(s), dz);
  R(input_gradients)(t, R(gru_n)(s), dz);
  if (dc) R(add_rows)(dc, s.hidden, dz + 2 * s.hidden, s.rows, s.row);
  R(recurrent_gradient)(t, dz);
}
