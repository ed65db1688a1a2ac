/* op_softmax.h: softmax, the losses that contain it or the logistic function, and those from probabilities, for either type
** of number.                                                                                                             */

/* p = softmax(x) of k scores. Returns ln of the sum of e^x.
** The row's largest value is subtracted first: exp() of raw scores overflows at 710. */
static real R(softmax_row)(const real *x, real *p, size_t k) {
  real top = x[0];
  for (size_t j = 1; j < k; j++) top = x[j] > top || x[j] != x[j] ? x[j] : top;
  for (size_t j = 0; j < k; j++) p[j] = exp(x[j] - top);
  real total = R(sum_of)(p, k, false);
  for (size_t j = 0; j < k; j++) p[j] /= total;
  return top + log(total);
}

static void R(softmax_fw)(gr_tensor *t) {
  size_t k = t->d[t->nd - 1];
  const real *x = t->in[0]->x;
  real *y = t->x;
  for (size_t at = 0; at < t->size; at += k) R(softmax_row)(x + at, y + at, k);
}

static void R(softmax_bw)(gr_tensor *t) {
  size_t k = t->d[t->nd - 1];
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t at = 0; at < t->size; at += k) {
    const real *y = (const real *)t->x + at, *dy = (const real *)t->g + at;
    real both = 0;
    for (size_t j = 0; j < k; j++) both += dy[j] * y[j];
    for (size_t j = 0; j < k; j++) dx[at + j] += y[j] * (dy[j] - both);
  }
}

/* The weight of class j in row i: labels t (m) count as one-hot. */
static real R(target)(const gr_tensor *t, size_t i, size_t j, size_t k) {
  const real *v = t->x;
  return t->nd == 2 ? v[i * k + j] : v[i] == (real)j;
}

/* work: the probabilities (m, k), then each row's loss (m). */
static void R(softmax_cross_entropy_fw)(gr_tensor *t) {
  gr_tensor *x = t->in[0], *target = t->in[1];
  size_t m = x->d[0], k = x->d[1];
  real *p = t->work, *loss = p + m * k;
  for (size_t i = 0; i < m; i++) {
    const real *row = (const real *)x->x + i * k;
    real log_sum = R(softmax_row)(row, p + i * k, k);
    loss[i] = 0;
    for (size_t j = 0; j < k; j++) {
      real weight = R(target)(target, i, j, k);
      if (weight != 0) loss[i] += weight * (log_sum - row[j]);
    }
  }
  *(real *)t->x = R(sum_of)(loss, m, false) / (real)m;
}

static void R(softmax_cross_entropy_bw_t)(gr_tensor *t) {
  size_t m = t->in[0]->d[0], k = t->in[0]->d[1];
  const real *x = t->in[0]->x, *p = t->work, scale = *(real *)t->g / (real)m;
  real *dt = gr_grad(t->in[1]);
  for (size_t i = 0; i < m; i++, x += k, p += k, dt += k) {
    size_t top = 0;
    for (size_t j = 1; j < k; j++) top = x[j] > x[top] ? j : top;
    real log_sum = x[top] - log(p[top]); /* other probabilities may be too small for a logarithm */
    for (size_t j = 0; j < k; j++) dt[j] += scale * (log_sum - x[j]);
  }
}

static void R(softmax_cross_entropy_bw)(gr_tensor *t) {
  gr_tensor *target = t->in[1];
  size_t m = t->in[0]->d[0], k = t->in[0]->d[1];
  const real *p = t->work, scale = *(real *)t->g / (real)m;
  real *dx = gr_grad(t->in[0]);
  if (target->g && target->nd == 2) R(softmax_cross_entropy_bw_t)(t);
  if (!dx) return;
  for (size_t i = 0; i < m; i++) {
    real total = 1;
    if (target->nd == 2) total = R(sum_of)((const real *)target->x + i * k, k, false);
    for (size_t j = 0; j < k; j++) dx[i * k + j] += scale * (p[i * k + j] * total - R(target)(target, i, j, k));
  }
}

/* work: each element's loss. Written with |x|, exp() never overflows. */
static void R(logistic_loss_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x;
  size_t n = t->in[0]->size;
  real *loss = t->work;
  for (size_t i = 0; i < n; i++) loss[i] = (x[i] > 0 ? x[i] : 0) - x[i] * target[i] + log1p(exp(-fabs(x[i])));
  *(real *)t->x = R(sum_of)(loss, n, false) / (real)t->in[0]->d[0];
}

static void R(logistic_loss_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x, scale = *(real *)t->g / (real)t->in[0]->d[0];
  real *dx = gr_grad(t->in[0]), *dt = gr_grad(t->in[1]);
  for (size_t i = 0; dx && i < t->in[0]->size; i++) dx[i] += scale * (1 / (1 + exp(-x[i])) - target[i]);
  for (size_t i = 0; dt && i < t->in[1]->size; i++) dt[i] -= scale * x[i];
}

/* The logarithm of a probability: at 0 the loss stays finite, as in PyTorch's binary_cross_entropy. */
static real R(held_log)(real log_p) { return log_p < -100 ? -100 : log_p; }

/* What a slope is divided by, likewise. */
static real R(held)(real p) { return p < (real)1e-12 ? (real)1e-12 : p; }

/* work: each element's loss. */
static void R(binary_cross_entropy_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x;
  size_t n = t->in[0]->size;
  real *loss = t->work;
  for (size_t i = 0; i < n; i++) loss[i] = -target[i] * R(held_log)(log(x[i])) - (1 - target[i]) * R(held_log)(log1p(-x[i]));
  *(real *)t->x = R(sum_of)(loss, n, false) / (real)t->in[0]->d[0];
}

static void R(binary_cross_entropy_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x, scale = *(real *)t->g / (real)t->in[0]->d[0];
  real *dx = gr_grad(t->in[0]), *dt = gr_grad(t->in[1]);
  for (size_t i = 0; dx && i < t->in[0]->size; i++) dx[i] += scale * (x[i] - target[i]) / R(held)(x[i] * (1 - x[i]));
  for (size_t i = 0; dt && i < t->in[1]->size; i++) dt[i] += scale * (R(held_log)(log1p(-x[i])) - R(held_log)(log(x[i])));
}

/* work: each row's loss (m). */
static void R(nll_fw)(gr_tensor *t) {
  const gr_tensor *target = t->in[1];
  size_t m = t->in[0]->d[0], k = t->in[0]->d[1];
  const real *p = t->in[0]->x;
  real *loss = t->work;
  for (size_t i = 0; i < m; i++, p += k) {
    loss[i] = 0;
    for (size_t j = 0; j < k; j++) loss[i] -= R(target)(target, i, j, k) * R(held_log)(log(p[j]));
  }
  *(real *)t->x = R(sum_of)(loss, m, false) / (real)m;
}

static void R(nll_bw)(gr_tensor *t) {
  const gr_tensor *target = t->in[1];
  size_t m = t->in[0]->d[0], k = t->in[0]->d[1];
  const real *p = t->in[0]->x, scale = *(real *)t->g / (real)m;
  real *dx = gr_grad(t->in[0]), *dt = target->nd == 2 ? gr_grad(t->in[1]) : NULL;
  for (size_t i = 0; dx && i < m; i++)
    for (size_t j = 0; j < k; j++) dx[i * k + j] -= scale * R(target)(target, i, j, k) / R(held)(p[i * k + j]);
  for (size_t i = 0; dt && i < m * k; i++) dt[i] -= scale * R(held_log)(log(p[i]));
}
