/* differences_real.h: columns of tensors, for either type of number. */

/* Rows from..to of a column: out of the rows of n at x, or back into them. */
static void R(column_out)(real *column, const real *x, size_t n, size_t c, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) column[i - from] = x[i * n + c];
}

static void R(column_in)(const real *column, real *x, size_t n, size_t c, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) x[i * n + c] = column[i - from];
}

/* Column c of y(m,n) = a(m,k) w(k,n), of which w changed in rows from..to of that column:
** y_ic = base_ic + sum over r of a_ir (w_rc - was_rc)                                     */
static void R(column_of_product)(const gr_tensor *y, const real *base, const gr_tensor *a, const real *w, const real *was,
                                 span at) {
  size_t k = a->d[a->nd - 1], m = a->size / k, n = at.n;
  const real *ax = a->x;
  real *yx = y->x;
  for (size_t i = 0; i < m; i++) yx[i * n + at.c] = base[i * n + at.c];
  for (size_t r = at.from; r < at.to; r++) {
    real change = w[r * n + at.c] - was[r * n + at.c];
    for (size_t i = 0; change != 0 && i < m; i++) yx[i * n + at.c] += ax[i * k + r] * change;
  }
}

/* Rows of y(m,n) = a(m,k) w(k,n), of which a changed in rows from..to of column c: y_i = base_i + (a_ic - was_ic) w_c */
static void R(rows_of_product)(const gr_tensor *y, const real *base, const real *a, const real *was, const real *w, span at) {
  size_t n = y->d[y->nd - 1];
  real *yx = y->x;
  w += at.c * n;
  for (size_t i = at.from; i < at.to; i++) {
    real change = a[i * at.n + at.c] - was[i * at.n + at.c];
    for (size_t j = 0; j < n; j++) yx[i * n + j] = base[i * n + j] + change * w[j];
  }
}

/* Column c of y = base + what element c of the bias has changed by. */
static void R(column_moved)(real *y, const real *base, const real *bias, const real *was, span at) {
  real change = bias[at.c] - was[at.c];
  for (size_t i = at.from; i < at.to; i++) y[i * at.n + at.c] = base[i * at.n + at.c] + change;
}

static void R(column_back)(real *x, const real *base, span at) {
  for (size_t i = at.from; i < at.to; i++) x[i * at.n + at.c] = base[i * at.n + at.c];
}

static bool R(column_same)(const real *x, const real *base, span at) {
  for (size_t i = at.from; i < at.to; i++)
    if (x[i * at.n + at.c] != base[i * at.n + at.c]) return false;
  return true;
}
