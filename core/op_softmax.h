/* op_softmax.h: softmax, the losses that contain it or the logistic function, and those from probabilities, for either type
** of number.                                                                                                             */

/* p = x less its row's largest score, which goes to top, for m rows of k. */
static inline void R(less_top)(const real *x, real *p, real *top, size_t m, size_t k) {
  for (size_t i = 0; i < m; i++, x += k, p += k) {
    real most = x[0];
    for (size_t j = 1; j < k; j++) most = x[j] > most ? x[j] : most; /* a NaN need not win: its e^x is one too */
    for (size_t j = 0; j < k; j++) p[j] = x[j] - most;
    top[i] = most;
  }
}

/* Divides each of m rows of k by its sum, which goes to total. */
static inline void R(share)(real *p, real *total, size_t m, size_t k) {
  for (size_t i = 0; i < m; i++, p += k) {
    real sum = R(sum_of)(p, k, false);
    for (size_t j = 0; j < k; j++) p[j] /= sum;
    total[i] = sum;
  }
}

/* p = softmax of m rows of k scores. total: the sums of e^(x - top).
** The row's largest value is subtracted first: e^x of raw scores overflows at 710. */
static inline void R(softmax_some)(const real *x, real *p, real *top, real *total, size_t m, size_t k) {
  R(less_top)(x, p, top, m, k);
  R(exp_of)(p, p, m * k);
  R(share)(p, total, m, k);
}

/* p = softmax of each of m rows of k scores; log_sum (m; may be NULL): ln of each row's sum of e^x.
** Short rows are taken together, so that exp_of has long runs to work on. */
static void R(softmax_rows)(const real *x, real *p, real *log_sum, size_t m, size_t k) {
  const size_t together = k < SOME ? SOME / k : 1, step = together * k;
  real top[SOME], total[SOME];
  for (size_t at = 0; at < m; at += together, x += step, p += step) {
    size_t rows = m - at < together ? m - at : together;
    if (m - at >= 2 * together) R(fetch)(x + step, p + step, step);
    if (k == 10) /* the classes of most images here: loops of known length are a sixth faster */
      R(softmax_some)(x, p, top, total, rows, 10);
    else R(softmax_some)(x, p, top, total, rows, k);
    if (!log_sum) continue;
    R(log_of)(total, total, rows);
    for (size_t i = 0; i < rows; i++) log_sum[at + i] = top[i] + total[i];
  }
}

static void R(softmax_fw)(gr_tensor *t) {
  size_t k = t->d[t->nd - 1];
  R(softmax_rows)(t->in[0]->x, t->x, NULL, t->size / k, k);
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
  R(softmax_rows)(x->x, p, loss, m, k);
  for (size_t i = 0; i < m; i++) {
    const real *row = (const real *)x->x + i * k, log_sum = loss[i];
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
    real log_sum = x[top] - R(log_one)(p[top]); /* other probabilities may be too small for a logarithm */
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

/* work: each element's loss, then its e^-|x|, of which both the loss and the slope are made; it never overflows. */
static void R(logistic_loss_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x;
  size_t n = t->in[0]->size;
  real *loss = t->work, *e = loss + n;
  R(exp_below_0_of)(x, e, n);
  R(log1p_of)(e, loss, n);
  for (size_t i = 0; i < n; i++) loss[i] = (x[i] > 0 ? x[i] : 0) - x[i] * target[i] + loss[i];
  *(real *)t->x = R(sum_of)(loss, n, false) / (real)t->in[0]->d[0];
}

static void R(logistic_loss_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x, scale = *(real *)t->g / (real)t->in[0]->d[0];
  const real *e = (real *)t->work + t->in[0]->size;
  bool add;
  real *dx = gr_grad_first(t->in[0], &add), *dt = gr_grad(t->in[1]);
  for (size_t i = 0; dx && i < t->in[0]->size; i++) {
    real slope = scale * ((x[i] < 0 ? e[i] : 1) / (1 + e[i]) - target[i]);
    dx[i] = add ? dx[i] + slope : slope;
  }
  for (size_t i = 0; dt && i < t->in[1]->size; i++) dt[i] -= scale * x[i];
}

/* Logarithms of probabilities: at 0 the loss stays finite, as in PyTorch's binary_cross_entropy. */
static void R(hold_logs)(real *log_p, size_t n) {
  for (size_t i = 0; i < n; i++) log_p[i] = log_p[i] < -100 ? -100 : log_p[i];
}

/* What a slope is divided by, likewise. */
static real R(held)(real p) { return p < (real)1e-12 ? (real)1e-12 : p; }

/* work: L(x), L(1 - x), and each element's loss. */
static void R(binary_cross_entropy_fw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x;
  size_t n = t->in[0]->size;
  real *yes = t->work, *no = yes + n, *loss = no + n;
  for (size_t i = 0; i < n; i++) no[i] = -x[i];
  R(log_of)(x, yes, n);
  R(log1p_of)(no, no, n);
  R(hold_logs)(yes, 2 * n);
  for (size_t i = 0; i < n; i++) loss[i] = -target[i] * yes[i] - (1 - target[i]) * no[i];
  *(real *)t->x = R(sum_of)(loss, n, false) / (real)t->in[0]->d[0];
}

static void R(binary_cross_entropy_bw)(gr_tensor *t) {
  const real *x = t->in[0]->x, *target = t->in[1]->x, scale = *(real *)t->g / (real)t->in[0]->d[0];
  const real *yes = t->work, *no = yes + t->in[0]->size;
  real *dx = gr_grad(t->in[0]), *dt = gr_grad(t->in[1]);
  for (size_t i = 0; dx && i < t->in[0]->size; i++) dx[i] += scale * (x[i] - target[i]) / R(held)(x[i] * (1 - x[i]));
  for (size_t i = 0; dt && i < t->in[1]->size; i++) dt[i] += scale * (no[i] - yes[i]);
}

/* work: L(x) (m, k), then each row's loss (m). */
static void R(nll_fw)(gr_tensor *t) {
  const gr_tensor *target = t->in[1];
  size_t m = t->in[0]->d[0], k = t->in[0]->d[1];
  real *log_p = t->work, *loss = log_p + m * k;
  R(log_of)(t->in[0]->x, log_p, m * k);
  R(hold_logs)(log_p, m * k);
  for (size_t i = 0; i < m; i++, log_p += k) {
    loss[i] = 0;
    for (size_t j = 0; j < k; j++) loss[i] -= R(target)(target, i, j, k) * log_p[j];
  }
  *(real *)t->x = R(sum_of)(loss, m, false) / (real)m;
}

static void R(nll_bw)(gr_tensor *t) {
  const gr_tensor *target = t->in[1];
  size_t m = t->in[0]->d[0], k = t->in[0]->d[1];
  const real *p = t->in[0]->x, *log_p = t->work, scale = *(real *)t->g / (real)m;
  real *dx = gr_grad(t->in[0]), *dt = target->nd == 2 ? gr_grad(t->in[1]) : NULL;
  for (size_t i = 0; dx && i < m; i++)
    for (size_t j = 0; j < k; j++) dx[i * k + j] -= scale * R(target)(target, i, j, k) / R(held)(p[i * k + j]);
  for (size_t i = 0; dt && i < m * k; i++) dt[i] -= scale * log_p[i];
}
