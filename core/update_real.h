/* update_real.h: in-place changes, for either type of number (see real.h). */

static void R(update)(gr_tensor *t, char op, const gr_tensor *b) {
  gr_walk w = gr_walk_start(t, t, b);
  for (size_t row = 0; row < w.outer; row++, gr_walk_next(&w)) {
    real *x = (real *)t->x + w.a_at;
    const real *y = (const real *)b->x + w.b_at;
    size_t n = w.n, s = w.b_in;
    switch (op) {
      case '+':
        for (size_t i = 0; i < n; i++) x[i] += y[i * s];
        break;
      case '-':
        for (size_t i = 0; i < n; i++) x[i] -= y[i * s];
        break;
      case '*':
        for (size_t i = 0; i < n; i++) x[i] *= y[i * s];
        break;
      case '/':
        for (size_t i = 0; i < n; i++) x[i] /= y[i * s];
        break;
      default:
        for (size_t i = 0; i < n; i++) x[i] = y[i * s];
    }
  }
}

static void R(sgd)(gr_tensor *p, double lr) {
  real *x = p->x, rate = (real)lr;
  const real *g = p->g;
  for (size_t i = 0; i < p->size; i++) x[i] -= rate * g[i];
}
