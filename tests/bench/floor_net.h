/* floor_net.h: dense nets, W3 to W7, and the neuron of W2. */

typedef struct R(net) {
  const net_task *task;
  size_t rows;
  real *x;
  uint8_t *label;
  real *w[MAX_LAYERS], *b[MAX_LAYERS];
  real *dw[MAX_LAYERS];                        /* with Adam only, as are the means, those of b behind those of w */
  real *mean[MAX_LAYERS], *square[MAX_LAYERS]; /* of the gradient, and of its square */
} R(net);

/* What a batch becomes on its way: a[0] is the batch, d[l] belongs to a[l + 1]. */
typedef struct R(space) {
  real *a[MAX_LAYERS + 1], *d[MAX_LAYERS];
  uint8_t *label;
} R(space);

/* ---- Data and first weights --------------------------------------------------------- */

static void R(read_cancer)(R(net) *net) {
  size_t columns = net->task->size[0], bytes;
  const double *numbers = (const double *)(const void *)whole_file("BENCH_CANCER", &bytes);
  net->rows = bytes / sizeof(double) / (columns + 1);
  net->x = room(net->rows * columns * sizeof(real));
  net->label = room(net->rows);
  for (size_t i = 0; i < net->rows * columns; i++) net->x[i] = (real)numbers[i];
  for (size_t i = 0; i < net->rows; i++) net->label[i] = (uint8_t)numbers[net->rows * columns + i];
}

static void R(read_pictures)(R(net) *net, const char *folder) {
  size_t count;
  uint8_t *bytes = idx_bytes(folder, "train-images-idx3-ubyte", &count);
  net->x = room(count * sizeof(real));
  for (size_t i = 0; i < count; i++) net->x[i] = (real)(bytes[i] / 255.0);
  free(bytes);
  net->label = idx_bytes(folder, "train-labels-idx1-ubyte", &net->rows);
}

static void R(make_weights)(R(net) *net) {
  const net_task *task = net->task;
  for (size_t l = 0; l < task->layers; l++) {
    size_t k = task->size[l], n = task->size[l + 1];
    double bound = sqrt(6 / (double)(task->act == RELU ? k : k + n));
    net->w[l] = room(k * n * sizeof(real));
    net->b[l] = room(n * sizeof(real));
    for (size_t i = 0; i < k * n; i++) net->w[l][i] = (real)weight(l, i, bound);
    if (!task->adam) continue;
    net->dw[l] = room(k * n * sizeof(real));
    net->mean[l] = room((k + 1) * n * sizeof(real));
    net->square[l] = room((k + 1) * n * sizeof(real));
  }
}

static void R(make_space)(R(space) *s, const net_task *task, size_t rows) {
  s->label = room(rows);
  for (size_t l = 0; l <= task->layers; l++) {
    s->a[l] = room(rows * task->size[l] * sizeof(real));
    if (l > 0) s->d[l - 1] = room(rows * task->size[l] * sizeof(real));
  }
}

/* ---- Products; BLAS is slow at those with a single column ---------------------------- */

/* z(m,n) = x(m,k) w(k,n) */
static void R(times)(const real *x, const real *w, real *z, size_t m, size_t k, size_t n) {
  if (n > 1) {
    BLAS(gemm)(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1, x, (int)k, w, (int)n, 0, z, (int)n);
    return;
  }
  for (size_t i = 0; i < m; i++) {
    real sum = 0;
    for (size_t j = 0; j < k; j++) sum += x[i * k + j] * w[j];
    z[i] = sum;
  }
}

/* e(m,k) = d(m,n) w(k,n)' */
static void R(times_transposed)(const real *d, const real *w, real *e, size_t m, size_t k, size_t n) {
  if (n > 1) {
    BLAS(gemm)(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)k, (int)n, 1, d, (int)n, w, (int)n, 0, e, (int)k);
    return;
  }
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < k; j++) e[i * k + j] = d[i] * w[j];
}

/* w(k,n) = keep w + scale x(m,k)' d(m,n), where rows of x lie `stride` apart */
static void R(add_products)(const real *x, size_t stride, const real *d, real *w, size_t m, size_t k, size_t n, real scale,
                            real keep) {
  if (n > 1) {
    BLAS(gemm)
    (CblasRowMajor, CblasTrans, CblasNoTrans, (int)k, (int)n, (int)m, scale, x, (int)stride, d, (int)n, keep, w, (int)n);
    return;
  }
  for (size_t j = 0; j < k; j++) w[j] *= keep;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < k; j++) w[j] += scale * d[i] * x[i * stride + j];
}

/* ---- Forward and back ---------------------------------------------------------------- */

static void R(activate)(real *z, const real *b, size_t m, size_t n, activation act) {
  for (size_t i = 0; i < m; i++, z += n)
    if (act == SIGMOID)
      for (size_t j = 0; j < n; j++) z[j] = 1 / (1 + exp(-(z[j] + b[j])));
    else
      for (size_t j = 0; j < n; j++) z[j] = z[j] + b[j] > 0 ? z[j] + b[j] : 0;
}

/* One row of scores z: its loss; d = (softmax(z + b) - one_hot) * scale. */
static double R(cross_entropy)(real *z, real *d, const real *b, size_t n, size_t label, real scale) {
  real top = z[0] + b[0], sum = 0;
  for (size_t j = 0; j < n; j++) {
    z[j] += b[j];
    top = z[j] > top ? z[j] : top;
  }
  real right = z[label] - top;
  for (size_t j = 0; j < n; j++) sum += d[j] = exp(z[j] - top);
  for (size_t j = 0; j < n; j++) d[j] *= scale / sum;
  d[label] -= scale;
  return log(sum) - right; /* cppcheck-suppress invalidFunctionArg ; there is a column, so sum is at least 1 */
}

/* The same behind sigmoids p: binary cross entropy, or half the sum of squares. A single output has the label itself for target. */
static double R(behind_sigmoids)(loss_kind kind, real *z, real *d, const real *b, size_t n, size_t label, real scale) {
  double loss = 0;
  for (size_t j = 0; j < n; j++) {
    real y = (real)(n == 1 ? label : j == label), p = 1 / (1 + exp(-(z[j] + b[j])));
    d[j] = (p - y) * scale;
    if (kind == LOGISTIC) {
      loss -= log(y > 0 ? p : 1 - p);
    } else {
      loss += (p - y) * (p - y) / 2;
      d[j] *= p * (1 - p);
    }
  }
  return loss;
}

static double R(output)(const net_task *task, real *z, real *d, const real *b, const uint8_t *label, size_t m, real scale) {
  size_t n = task->size[task->layers];
  double loss = 0;
  for (size_t i = 0; i < m; i++, z += n, d += n)
    loss += task->loss == CROSS_ENTROPY ? R(cross_entropy)(z, d, b, n, label[i], scale)
                                        : R(behind_sigmoids)(task->loss, z, d, b, n, label[i], scale);
  return loss;
}

static void R(times_slope)(real *d, const real *a, size_t count, activation act) {
  if (act == SIGMOID)
    for (size_t i = 0; i < count; i++) d[i] *= a[i] * (1 - a[i]);
  else
    for (size_t i = 0; i < count; i++) d[i] = a[i] > 0 ? d[i] : 0;
}

/* Rows from..to of a batch, forward and back as far as the d of the first layer. Returns the sum of their losses. */
static double R(there_and_back)(const R(net) *net, R(space) *s, size_t from, size_t to, size_t batch) {
  const net_task *task = net->task;
  size_t last = task->layers - 1, m = to - from;
  double loss = 0;
  for (size_t l = 0; l <= last; l++) {
    size_t k = task->size[l], n = task->size[l + 1];
    real *z = s->a[l + 1] + from * n;
    R(times)(s->a[l] + from * k, net->w[l], z, m, k, n);
    if (l < last) R(activate)(z, net->b[l], m, n, task->act);
    else loss = R(output)(task, z, s->d[l] + from * n, net->b[l], s->label + from, m, 1 / (real)batch);
  }
  for (size_t l = last; l > 0; l--) {
    size_t k = task->size[l], n = task->size[l + 1];
    R(times_transposed)(s->d[l] + from * n, net->w[l], s->d[l - 1] + from * k, m, k, n);
    R(times_slope)(s->d[l - 1] + from * k, s->a[l] + from * k, m * k, task->act);
  }
  return loss;
}

/* ---- Small batches: each thread has a part of the rows, then a part of each w -------- */

/* Kingma, Ba 2015, algorithm 1, for n numbers. */
static void R(adam)(real *w, const real *g, real *mean, real *square, size_t n, real lr, size_t step) {
  const real beta1 = (real)0.9, beta2 = (real)0.999, eps = (real)1e-8;
  real first = (real)(1 - pow(0.9, (double)step)), second = (real)(1 - pow(0.999, (double)step));
  for (size_t i = 0; i < n; i++) {
    mean[i] = beta1 * mean[i] + (1 - beta1) * g[i];
    square[i] = beta2 * square[i] + (1 - beta2) * g[i] * g[i];
    w[i] -= lr / first * mean[i] / (sqrt(square[i] / second) + eps);
  }
}

static void R(column_sums)(const real *d, size_t m, size_t n, real *sum) {
  for (size_t j = 0; j < n; j++) sum[j] = 0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) sum[j] += d[i * n + j];
}

static void R(update_biases)(R(net) *net, const R(space) *s, size_t l, size_t batch, size_t step) {
  enum { WIDEST = 4096 };
  real sum[WIDEST], lr = (real)net->task->lr;
  size_t k = net->task->size[l], n = net->task->size[l + 1];
  R(column_sums)(s->d[l], batch, n, sum);
  if (net->task->adam) R(adam)(net->b[l], sum, net->mean[l] + k * n, net->square[l] + k * n, n, lr, step);
  else
    for (size_t j = 0; j < n; j++) net->b[l][j] -= lr * sum[j];
}

/* Thread t's rows of each w. Without Adam the gradient is never written: the product adds itself to w. */
static void R(update)(R(net) *net, const R(space) *s, int t, size_t batch, size_t step) {
  const net_task *task = net->task;
  for (size_t l = 0; l < task->layers; l++) {
    size_t k = task->size[l], n = task->size[l + 1], from, to;
    part(t, k, &from, &to);
    size_t at = from * n, mine = to - from;
    if (task->adam) {
      R(add_products)(s->a[l] + from, k, s->d[l], net->dw[l] + at, batch, mine, n, 1, 0);
      R(adam)(net->w[l] + at, net->dw[l] + at, net->mean[l] + at, net->square[l] + at, mine * n, (real)task->lr, step);
    } else {
      R(add_products)(s->a[l] + from, k, s->d[l], net->w[l] + at, batch, mine, n, -(real)task->lr, 1);
    }
    if (t == threads - 1) R(update_biases)(net, s, l, batch, step);
  }
}

typedef struct R(run) {
  R(net) *net;
  R(space) *space;
  double loss[MAX_THREADS], seconds;
} R(run);

static void R(gather)(const R(net) *net, R(space) *s, size_t step, size_t batch, size_t from, size_t to) {
  size_t k = net->task->size[0];
  for (size_t j = from; j < to; j++) {
    size_t row = sample(step, batch, j, net->rows);
    memcpy(s->a[0] + j * k, net->x + row * k, k * sizeof(real));
    s->label[j] = net->label[row];
  }
}

static void R(run_batches)(int t, void *what) {
  enum { WARM_UP = 5 };
  R(run) *r = what;
  R(net) *net = r->net;
  size_t batch = net->task->batch ? net->task->batch : net->rows, from, to;
  double loss = 0;
  part(t, batch, &from, &to);
  for (size_t turn = 0; turn < WARM_UP + net->task->units; turn++) {
    bool counts = turn >= WARM_UP;
    size_t step = counts ? turn - WARM_UP : 0;
    if (turn == WARM_UP) loss = 0;
    if (turn == WARM_UP && t == 0) r->seconds = now();
    if (net->task->batch) R(gather)(net, r->space, step, batch, from, to);
    loss += R(there_and_back)(net, r->space, from, to, batch) / (double)batch;
    meet();
    if (counts) R(update)(net, r->space, t, batch, step + 1);
    meet();
  }
  r->loss[t] = loss;
  if (t == 0) r->seconds = now() - r->seconds;
}

/* ---- All rows at once: in blocks that stay in cache, so that the data is read once ---- */

enum { R(BLOCK) = 480 };

typedef struct R(sums) {
  real *w[MAX_LAYERS], *b[MAX_LAYERS];
} R(sums);

/* Gradients of rows from..to, added to those in g. */
static double R(add_block)(const R(net) *net, R(space) *s, R(sums) *g, size_t from, size_t to) {
  const net_task *task = net->task;
  size_t m = to - from;
  s->a[0] = net->x + from * task->size[0];
  s->label = net->label + from;
  double loss = R(there_and_back)(net, s, 0, m, net->rows);
  for (size_t l = 0; l < task->layers; l++) {
    size_t k = task->size[l], n = task->size[l + 1];
    R(add_products)(s->a[l], k, s->d[l], g->w[l], m, k, n, 1, 1);
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < n; j++) g->b[l][j] += s->d[l][i * n + j];
  }
  return loss;
}

/* w -= lr * the sum of all threads' gradients, for thread t's part. */
static void R(descend)(real *w, R(sums) *const g[], size_t l, bool bias, size_t count, real lr, int t) {
  size_t from, to;
  part(t, count, &from, &to);
  for (int k = 0; k < threads; k++) {
    real *dw = bias ? g[k]->b[l] : g[k]->w[l];
    for (size_t i = from; i < to; i++) {
      w[i] -= lr * dw[i];
      dw[i] = 0;
    }
  }
}

static void R(run_all_rows)(int t, void *what) {
  static R(sums) *all[MAX_THREADS];
  R(run) *r = what;
  R(net) *net = r->net;
  const net_task *task = net->task;
  R(space) space;
  R(sums) g;
  size_t from, to;
  double loss = 0;
  part(t, net->rows, &from, &to);
  R(make_space)(&space, task, R(BLOCK));
  for (size_t l = 0; l < task->layers; l++) {
    g.w[l] = room(task->size[l] * task->size[l + 1] * sizeof(real));
    g.b[l] = room(task->size[l + 1] * sizeof(real));
  }
  all[t] = &g;
  for (size_t epoch = 0; epoch <= task->units; epoch++) { /* the first only warms up */
    if (epoch == 1) loss = 0;
    if (epoch == 1 && t == 0) r->seconds = now();
    for (size_t row = from; row < to; row += R(BLOCK))
      loss += R(add_block)(net, &space, &g, row, to - row < R(BLOCK) ? to : row + R(BLOCK)) / (double)net->rows;
    meet();
    for (size_t l = 0; l < task->layers; l++) {
      real lr = epoch > 0 ? (real)task->lr : 0;
      R(descend)(net->w[l], all, l, false, task->size[l] * task->size[l + 1], lr, t);
      R(descend)(net->b[l], all, l, true, task->size[l + 1], lr, t);
    }
    meet();
  }
  r->loss[t] = loss;
  if (t == 0) r->seconds = now() - r->seconds;
}

measured R(train)(const net_task *task) {
  R(net) net = { .task = task };
  R(space) space;
  R(run) r = { .net = &net, .space = &space };
  double loss = 0;
  if (task->images) R(read_pictures)(&net, task->images);
  else R(read_cancer)(&net);
  R(make_weights)(&net);
  if (!task->batch && net.rows > R(BLOCK)) {
    team(R(run_all_rows), &r);
  } else {
    R(make_space)(&space, task, task->batch ? task->batch : net.rows);
    if (!task->batch) {
      space.a[0] = net.x;
      space.label = net.label;
    }
    team(R(run_batches), &r);
  }
  for (int t = 0; t < threads; t++) loss += r.loss[t];
  return (measured){ r.seconds / (double)task->units, loss / (double)task->units };
}

/* ---- One neuron, one sample at a time ------------------------------------------------- */

measured R(neuron)(size_t epochs) {
  const net_task task = { .layers = 1, .size = { 30, 1 } };
  const real lr = (real)0.01;
  R(net) net = { .task = &task };
  real w[30] = { 0 }, b = 0;
  double loss = 0;
  R(read_cancer)(&net);
  double start = now();
  for (size_t epoch = 0; epoch < epochs; epoch++) {
    loss = 0;
    for (size_t i = 0; i < net.rows; i++) {
      const real *x = net.x + 30 * i, y = net.label[i];
      real z = b;
      for (int j = 0; j < 30; j++) z += w[j] * x[j];
      real p = 1 / (1 + exp(-z)), step = lr * (p - y);
      loss -= log(y > 0 ? p : 1 - p);
      for (int j = 0; j < 30; j++) w[j] -= step * x[j];
      b -= step;
    }
  }
  return (measured){ (now() - start) / (double)epochs, loss / (double)net.rows };
}
