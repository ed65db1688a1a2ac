/* op_norm.h: batch normalisation and layer normalisation, for either type of number.
**
** Batch normalisation sees its input as outer x k x inner: samples, features, and the positions of a picture (one in plain rows).
** What is known of each feature stands in rows of k numbers in the tensor's work. Functions over one sample are inline, and called
** with a constant inner where it is 1, so that the compiler makes one loop over the features of that case.                   */

/* The rows of work; mean and scale are what forward leaves for backward. room: the values of one feature in one sample. */
typedef struct R(norm_room) {
  real *mean, *scale; /* scale = 1 / sqrt(variance + eps) */
  real *slope, *level, *tilt;
  real *part, *zero;
  real *room;
} R(norm_room);

static R(norm_room) R(norm_room_of)(const gr_tensor *t) {
  real *w = t->work;
  size_t k = t->d[1];
  return (R(norm_room)){ w, w + k, w + 2 * k, w + 3 * k, w + 4 * k, w + 5 * k, w + 6 * k, w + NORM_ROWS * k };
}

/* sum_c += the sum over feature c of one sample. */
static void R(add_features)(const real *v, real *restrict sum, lanes s) {
  if (s.inner == 1) R(add_all)(sum, v, s.k);
  else
    for (size_t c = 0; c < s.k; c++) sum[c] += R(sum_of)(v + c * s.inner, s.inner, false);
}

/* The same for (a - am)(b - bm), with am and bm by feature; room: for one feature. */
static void R(add_products)(const real *a, const real *am, const real *b, const real *bm, real *restrict sum, lanes s,
                            real *restrict room) {
  if (s.inner == 1) {
    for (size_t c = 0; c < s.k; c++) sum[c] += (a[c] - am[c]) * (b[c] - bm[c]);
    return;
  }
  for (size_t c = 0; c < s.k; c++, a += s.inner, b += s.inner) {
    for (size_t i = 0; i < s.inner; i++) room[i] = (a[i] - am[c]) * (b[i] - bm[c]);
    sum[c] += R(sum_of)(room, s.inner, false);
  }
}

/* total_c = the sum over feature c of a or, where b is given, of (a - am)(b - bm). Samples are summed in blocks: rounding grows
** with the length of a sum, and one over 60,000 rows of f32 would lose more than a digit.                                    */
static void R(sum_features)(const real *a, const real *am, const real *b, const real *bm, real *total, lanes s, R(norm_room) r) {
  enum { BLOCK = 64 };
  size_t n = s.k * s.inner;
  memset(total, 0, s.k * sizeof *total);
  for (size_t from = 0; from < s.outer; from += BLOCK) {
    memset(r.part, 0, s.k * sizeof *r.part);
    for (size_t o = from; o < s.outer && o < from + BLOCK; o++) {
      if (b) R(add_products)(a + o * n, am, b + o * n, bm, r.part, s, r.room);
      else R(add_features)(a + o * n, r.part, s);
    }
    R(add_all)(total, r.part, s.k);
  }
}

/* y = (x - mean) slope + beta for one sample. */
static inline void R(straighten)(const real *x, real *restrict y, R(norm_room) r, const real *beta, size_t k, size_t inner) {
  for (size_t c = 0; c < k; c++)
    for (size_t i = c * inner; i < (c + 1) * inner; i++) y[i] = (x[i] - r.mean[c]) * r.slope[c] + beta[c];
}

/* y from x by the mean and scale in work. */
static void R(normalise)(gr_tensor *t) {
  lanes s = features_of(t);
  R(norm_room) r = R(norm_room_of)(t);
  const real *x = t->in[0]->x, *gamma = t->in[1]->x, *beta = t->in[2]->x;
  real *y = t->x;
  size_t n = s.k * s.inner;
  for (size_t c = 0; c < s.k; c++) r.slope[c] = gamma[c] * r.scale[c];
  for (size_t at = 0; at < t->size; at += n) {
    if (s.inner == 1) R(straighten)(x + at, y + at, r, beta, s.k, 1);
    else R(straighten)(x + at, y + at, r, beta, s.k, s.inner);
  }
}

/* running = (1 - momentum) running + momentum batch, with the variance divided by n - 1 (algorithm 2, line 10). As with dropout's
** count, writing that into the tensors' memory is no change of theirs: backward reads what forward kept in work.           */
static void R(run_along)(gr_tensor *t, const real *mean, const real *squares, double n) {
  real *running_mean = t->in[3]->x, *running_var = t->in[4]->x;
  double momentum = t->attr.v[0], stays = 1 - momentum;
  for (size_t c = 0; c < t->d[1]; c++) {
    if (!isfinite(mean[c]) || !isfinite(squares[c])) continue; /* one bad batch would stay in them for good */
    running_mean[c] = (real)(stays * (double)running_mean[c] + momentum * (double)mean[c]);
    running_var[c] = (real)(stays * (double)running_var[c] + momentum * ((double)squares[c] / (n - 1)));
  }
}

/* Ioffe & Szegedy 2015, algorithm 1. */
static void R(batch_norm_fw)(gr_tensor *t) {
  lanes s = features_of(t);
  R(norm_room) r = R(norm_room_of)(t);
  const real *x = t->in[0]->x, n = (real)(s.outer * s.inner), eps = (real)t->attr.v[1];
  real *squares = r.scale;
  R(sum_features)(x, NULL, NULL, NULL, r.mean, s, r);
  for (size_t c = 0; c < s.k; c++) r.mean[c] /= n;
  R(sum_features)(x, r.mean, x, r.mean, squares, s, r);
  R(run_along)(t, r.mean, squares, (double)n);
  for (size_t c = 0; c < s.k; c++) r.scale[c] = 1 / sqrt(squares[c] / n + eps);
  R(normalise)(t);
}

static void R(batch_norm_eval_fw)(gr_tensor *t) {
  R(norm_room) r = R(norm_room_of)(t);
  const real *mean = t->in[3]->x, *var = t->in[4]->x, eps = (real)t->attr.v[0];
  memcpy(r.mean, mean, t->d[1] * sizeof *mean);
  for (size_t c = 0; c < t->d[1]; c++) r.scale[c] = 1 / sqrt(var[c] + eps);
  R(normalise)(t);
}

/* level = sums of dy, tilt = sums of dy (x - mean) scale: what beta and gamma get. */
static void R(norm_sums)(gr_tensor *t, lanes s, R(norm_room) r) {
  const real *x = t->in[0]->x, *dy = t->g;
  real *dgamma = gr_grad(t->in[1]), *dbeta = gr_grad(t->in[2]);
  memset(r.zero, 0, s.k * sizeof *r.zero);
  R(sum_features)(dy, NULL, NULL, NULL, r.level, s, r);
  R(sum_features)(dy, r.zero, x, r.mean, r.tilt, s, r);
  for (size_t c = 0; c < s.k; c++) r.tilt[c] *= r.scale[c];
  if (dbeta) R(add_all)(dbeta, r.level, s.k);
  if (dgamma) R(add_all)(dgamma, r.tilt, s.k);
}

/* dx += dy slope - level - (x - mean) tilt for one sample. */
static inline void R(lean)(const real *x, const real *dy, real *restrict dx, R(norm_room) r, size_t k, size_t inner) {
  for (size_t c = 0; c < k; c++)
    for (size_t i = c * inner; i < (c + 1) * inner; i++)
      dx[i] += dy[i] * r.slope[c] - (r.level[c] + (x[i] - r.mean[c]) * r.tilt[c]);
}

/* With x^ = (x - mean) scale:  dx += gamma scale (dy - mean of dy - x^ mean of dy x^). */
static void R(batch_norm_bw)(gr_tensor *t) {
  lanes s = features_of(t);
  R(norm_room) r = R(norm_room_of)(t);
  const real *x = t->in[0]->x, *gamma = t->in[1]->x, *dy = t->g, n = (real)(s.outer * s.inner);
  real *dx = gr_grad(t->in[0]);
  R(norm_sums)(t, s, r);
  if (!dx) return;
  for (size_t c = 0; c < s.k; c++) {
    r.slope[c] = gamma[c] * r.scale[c];
    r.level[c] *= r.slope[c] / n;
    r.tilt[c] *= r.slope[c] * r.scale[c] / n;
  }
  for (size_t at = 0; at < t->size; at += s.k * s.inner) {
    if (s.inner == 1) R(lean)(x + at, dy + at, dx + at, r, s.k, 1);
    else R(lean)(x + at, dy + at, dx + at, r, s.k, s.inner);
  }
}

/* The running mean and variance are given: dx += gamma scale dy. */
static void R(batch_norm_eval_bw)(gr_tensor *t) {
  lanes s = features_of(t);
  R(norm_room) r = R(norm_room_of)(t);
  const real *gamma = t->in[1]->x, *dy = t->g;
  real *dx = gr_grad(t->in[0]);
  if (gr_grad(t->in[1]) || gr_grad(t->in[2])) R(norm_sums)(t, s, r);
  for (size_t at = 0; dx && at < t->size; at += s.inner) {
    size_t c = at / s.inner % s.k;
    real slope = gamma[c] * r.scale[c];
    for (size_t i = at; i < at + s.inner; i++) dx[i] += dy[i] * slope;
  }
}

/* Layer normalisation: x as m rows of n. Ba, Kiros & Hinton 2016, eq. 4, over the last axis.
** work: each row's mean and scale (m each), then room for three rows.                      */
static void R(layer_norm_fw)(gr_tensor *t) {
  size_t n = t->d[t->nd - 1], m = t->size / n;
  const real *x = t->in[0]->x, *gamma = t->in[1]->x, *beta = t->in[2]->x, eps = (real)t->attr.v[0];
  real *y = t->x, *mean = t->work, *scale = mean + m, *restrict centred = scale + m;
  for (size_t o = 0; o < m; o++, x += n, y += n) {
    mean[o] = R(sum_of)(x, n, false) / (real)n;
    for (size_t j = 0; j < n; j++) centred[j] = x[j] - mean[o];
    scale[o] = 1 / sqrt(R(sum_of)(centred, n, true) / (real)n + eps);
    for (size_t j = 0; j < n; j++) y[j] = centred[j] * scale[o] * gamma[j] + beta[j];
  }
}

/* dx of one row, from x^ and dx^ = dy gamma:  dx += scale (dx^ - mean of dx^ - x^ mean of dx^ x^). */
static void R(layer_norm_row)(const real *hat, const real *dhat, real *restrict dx, real *restrict both, size_t n, real scale) {
  for (size_t j = 0; j < n; j++) both[j] = hat[j] * dhat[j];
  real level = R(sum_of)(dhat, n, false) / (real)n, tilt = R(sum_of)(both, n, false) / (real)n;
  for (size_t j = 0; j < n; j++) dx[j] += scale * (dhat[j] - (level + hat[j] * tilt));
}

static void R(layer_norm_bw)(gr_tensor *t) {
  size_t n = t->d[t->nd - 1], m = t->size / n;
  const real *x = t->in[0]->x, *gamma = t->in[1]->x, *dy = t->g, *mean = t->work, *scale = mean + m;
  real *dx = gr_grad(t->in[0]), *restrict dgamma = gr_grad(t->in[1]), *dbeta = gr_grad(t->in[2]);
  real *restrict hat = (real *)t->work + 2 * m, *restrict dhat = hat + n, *both = dhat + n;
  for (size_t o = 0; o < m; o++, x += n, dy += n) {
    for (size_t j = 0; j < n; j++) hat[j] = (x[j] - mean[o]) * scale[o];
    for (size_t j = 0; dgamma && j < n; j++) dgamma[j] += dy[j] * hat[j];
    if (dbeta) R(add_all)(dbeta, dy, n);
    if (!dx) continue;
    for (size_t j = 0; j < n; j++) dhat[j] = dy[j] * gamma[j];
    R(layer_norm_row)(hat, dhat, dx + o * n, both, n, scale[o]);
  }
}
