/* op_reduce.h: sums and their kin over an axis, or over everything, for either type of number.
**
** A reduction sees its input as outer x k x inner and reduces the middle (see lanes_of in ops.c).
** Sums follow NumPy's order, so that the last printed digit is the textbook's: along the last axis
** pairwise with eight running sums (add.reduce on contiguous data), along others row by row.      */

/* The pairwise sum of n numbers, or of their squares. */
static inline real R(pairwise)(const real *x, size_t n, bool squares) {
  enum { LANES = 8, BLOCK = 128 };
  real r[LANES], total = 0;
  if (n < LANES) {
    for (size_t i = 0; i < n; i++) total += squares ? x[i] * x[i] : x[i];
    return total;
  }
  if (n > BLOCK) {
    size_t half = n / 2 - n / 2 % LANES;
    return R(pairwise)(x, half, squares) + R(pairwise)(x + half, n - half, squares);
  }
  for (size_t j = 0; j < LANES; j++) r[j] = squares ? x[j] * x[j] : x[j];
  size_t i = LANES;
  for (; i < n - n % LANES; i += LANES)
    for (size_t j = 0; j < LANES; j++) r[j] += squares ? x[i + j] * x[i + j] : x[i + j];
  total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; i++) total += squares ? x[i] * x[i] : x[i];
  return total;
}

/* The sum of n numbers, or of their squares. NumPy takes a long row in pieces as large as its buffers. */
static inline real R(sum_of)(const real *x, size_t n, bool squares) {
  enum { PIECE = 8192 };
  real total = 0;
  for (size_t at = 0; at < n; at += PIECE) total += R(pairwise)(x + at, n - at < PIECE ? n - at : PIECE, squares);
  return total;
}

/* y = sums of x (or of its squares) over the lanes. */
static void R(sum_lanes)(const real *x, real *y, lanes s, bool squares) {
  for (size_t o = 0; o < s.outer; o++, x += s.k * s.inner, y += s.inner) {
    if (s.inner == 1) {
      *y = R(sum_of)(x, s.k, squares);
      continue;
    }
    for (size_t j = 0; j < s.inner; j++) y[j] = 0;
    for (size_t i = 0; i < s.k; i++)
      for (size_t j = 0; j < s.inner; j++) y[j] += squares ? x[i * s.inner + j] * x[i * s.inner + j] : x[i * s.inner + j];
  }
}

/* dx += scale * dy along each lane, where `shape` (NULL: all ones) weighs the elements. */
static void R(spread)(gr_tensor *t, real scale, const real *shape) {
  lanes s = lanes_of(t);
  real *dx = gr_grad(t->in[0]);
  const real *dy = t->g;
  if (!dx) return;
  for (size_t o = 0, at = 0; o < s.outer; o++, dy += s.inner)
    for (size_t i = 0; i < s.k; i++)
      for (size_t j = 0; j < s.inner; j++, at++) dx[at] += scale * dy[j] * (shape ? shape[at] : 1);
}

static void R(sum_fw)(gr_tensor *t) { R(sum_lanes)(t->in[0]->x, t->x, lanes_of(t), false); }
static void R(sum_bw)(gr_tensor *t) { R(spread)(t, 1, NULL); }

static void R(mean_fw)(gr_tensor *t) {
  lanes s = lanes_of(t);
  real *y = t->x;
  R(sum_lanes)(t->in[0]->x, y, s, false);
  for (size_t i = 0; i < t->size; i++) y[i] /= (real)s.k;
}

static void R(mean_bw)(gr_tensor *t) { R(spread)(t, 1 / (real)lanes_of(t).k, NULL); }

/* work: x - mean, which backward needs too. */
static void R(var_fw)(gr_tensor *t) {
  lanes s = lanes_of(t);
  const real *x = t->in[0]->x;
  real *y = t->x, *centred = t->work, *mean = y;
  R(mean_fw)(t);
  for (size_t o = 0, at = 0; o < s.outer; o++, mean += s.inner)
    for (size_t i = 0; i < s.k; i++)
      for (size_t j = 0; j < s.inner; j++, at++) centred[at] = x[at] - mean[j];
  R(sum_lanes)(centred, y, s, true);
  for (size_t i = 0; i < t->size; i++) y[i] /= (real)s.k;
}

static void R(var_bw)(gr_tensor *t) { R(spread)(t, 2 / (real)lanes_of(t).k, t->work); }

static void R(std_fw)(gr_tensor *t) {
  real *y = t->x;
  R(var_fw)(t);
  for (size_t i = 0; i < t->size; i++) y[i] = sqrt(y[i]);
}

static void R(std_bw)(gr_tensor *t) {
  lanes s = lanes_of(t);
  real *dx = gr_grad(t->in[0]);
  const real *y = t->x, *dy = t->g, *centred = t->work;
  if (!dx) return;
  for (size_t o = 0, at = 0; o < s.outer; o++, dy += s.inner, y += s.inner)
    for (size_t i = 0; i < s.k; i++)
      for (size_t j = 0; j < s.inner; j++, at++) dx[at] += y[j] == 0 ? 0 : dy[j] * centred[at] / ((real)s.k * y[j]);
}

/* Position of the smallest (sign 1) or largest (sign -1) of a lane; a NaN wins. */
static size_t R(extreme)(const real *x, lanes s, real sign) {
  size_t best = 0;
  for (size_t i = 1; i < s.k; i++) {
    real v = x[i * s.inner], b = x[best * s.inner];
    if (b != b) break;
    if (sign * v < sign * b || v != v) best = i;
  }
  return best;
}

/* y = the extreme's position from 1, or its value. */
static void R(extremes)(gr_tensor *t, real sign, bool position) {
  lanes s = lanes_of(t);
  const real *x = t->in[0]->x;
  real *y = t->x;
  for (size_t o = 0; o < s.outer; o++, x += s.k * s.inner)
    for (size_t j = 0; j < s.inner; j++) {
      size_t at = R(extreme)(x + j, s, sign);
      *y++ = position ? (real)(at + 1) : x[at * s.inner + j];
    }
}

static void R(extremes_bw)(gr_tensor *t, real sign) {
  lanes s = lanes_of(t);
  const real *x = t->in[0]->x, *dy = t->g;
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t o = 0; o < s.outer; o++, x += s.k * s.inner, dx += s.k * s.inner)
    for (size_t j = 0; j < s.inner; j++) dx[R(extreme)(x + j, s, sign) * s.inner + j] += *dy++;
}

static void R(min_fw)(gr_tensor *t) { R(extremes)(t, 1, false); }
static void R(min_bw)(gr_tensor *t) { R(extremes_bw)(t, 1); }
static void R(max_fw)(gr_tensor *t) { R(extremes)(t, -1, false); }
static void R(max_bw)(gr_tensor *t) { R(extremes_bw)(t, -1); }
static void R(argmin_fw)(gr_tensor *t) { R(extremes)(t, 1, true); }
static void R(argmax_fw)(gr_tensor *t) { R(extremes)(t, -1, true); }

static int R(ascending)(const void *a, const void *b) {
  real x = *(const real *)a, y = *(const real *)b;
  if (x != x || y != y) return (x != x) - (y != y);
  return (x > y) - (x < y);
}

/* The two middle values of a lane (one and the same for an odd count); sorts into `room` (k). NaN if there is one. */
static void R(middle)(const real *x, lanes s, real *room, real mid[2]) {
  for (size_t i = 0; i < s.k; i++) room[i] = x[i * s.inner];
  qsort(room, s.k, sizeof *room, R(ascending));
  bool spoilt = room[s.k - 1] != room[s.k - 1];
  mid[0] = room[spoilt ? s.k - 1 : (s.k - 1) / 2];
  mid[1] = room[spoilt ? s.k - 1 : s.k / 2];
}

static void R(median_fw)(gr_tensor *t) {
  lanes s = lanes_of(t);
  const real *x = t->in[0]->x;
  real *y = t->x, mid[2];
  for (size_t o = 0; o < s.outer; o++, x += s.k * s.inner)
    for (size_t j = 0; j < s.inner; j++) {
      R(middle)(x + j, s, t->work, mid);
      *y++ = (mid[0] + mid[1]) / 2;
    }
}

/* Gives dy / 2 to the first element that equals `value`. */
static void R(half_to)(const real *x, real *dx, lanes s, real value, real dy) {
  for (size_t i = 0; i < s.k; i++)
    if (x[i * s.inner] == value) {
      dx[i * s.inner] += dy / 2;
      return;
    }
}

static void R(median_bw)(gr_tensor *t) {
  lanes s = lanes_of(t);
  const real *x = t->in[0]->x, *dy = t->g;
  real *dx = gr_grad(t->in[0]), mid[2];
  if (!dx) return;
  for (size_t o = 0; o < s.outer; o++, x += s.k * s.inner, dx += s.k * s.inner)
    for (size_t j = 0; j < s.inner; j++, dy++) {
      R(middle)(x + j, s, t->work, mid);
      R(half_to)(x + j, dx + j, s, mid[0], *dy);
      R(half_to)(x + j, dx + j, s, mid[1], *dy);
    }
}
