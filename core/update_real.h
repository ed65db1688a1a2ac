/* update_real.h: in-place changes, for either type of number (see real.h). */

/* x op= y for n neighbours. */
static void R(update_row)(real *x, char op, const real *y, size_t n) {
  switch (op) {
    case '+':
      for (size_t i = 0; i < n; i++) x[i] += y[i];
      break;
    case '-':
      for (size_t i = 0; i < n; i++) x[i] -= y[i];
      break;
    case '*':
      for (size_t i = 0; i < n; i++) x[i] *= y[i];
      break;
    case '/':
      for (size_t i = 0; i < n; i++) x[i] /= y[i];
      break;
    default:
      for (size_t i = 0; i < n; i++) x[i] = y[i];
  }
}

/* The same with one y for all. */
static void R(update_row_by)(real *x, char op, real y, size_t n) {
  switch (op) {
    case '+':
      for (size_t i = 0; i < n; i++) x[i] += y;
      break;
    case '-':
      for (size_t i = 0; i < n; i++) x[i] -= y;
      break;
    case '*':
      for (size_t i = 0; i < n; i++) x[i] *= y;
      break;
    case '/':
      for (size_t i = 0; i < n; i++) x[i] /= y;
      break;
    default:
      for (size_t i = 0; i < n; i++) x[i] = y;
  }
}

static void R(update)(gr_tensor *t, char op, const gr_tensor *b) {
  gr_walk w = gr_walk_start(t, t, b);
  for (size_t row = 0; row < w.outer; row++, gr_walk_next(&w)) {
    real *x = (real *)t->x + w.a_at;
    const real *y = (const real *)b->x + w.b_at;
    if (w.b_in) R(update_row)(x, op, y, w.n);
    else R(update_row_by)(x, op, *y, w.n);
  }
}
