/* floor_lenet.h: W8, LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) with ReLU and largest-of-four pooling. A convolution is a
** product with the image's windows laid out as columns; those are kept for the way back.                                   */

/* Channels in and out; side of the input, its padding; side of the field of windows. Handed down as constants, so that the
** compiler makes the loops for these very sizes: hence `fixed`.                                                         */
typedef struct R(shape) {
  size_t in, out, side, pad, wide;
} R(shape);

static const R(shape) R(first) = { .in = 1, .out = 6, .side = 28, .pad = 2, .wide = 28 };
static const R(shape) R(second) = { .in = 6, .out = 16, .side = 14, .pad = 0, .wide = 10 };

#ifndef fixed
#define fixed static inline __attribute__((always_inline))
#endif

/* A convolution by 5 x 5 windows, ReLU, and pooling by 2 x 2. */
typedef struct R(stage) {
  real *w, *b, *dw, *db;  /* w(out, in * 25) */
  real *windows;          /* of each image: (in * 25, wide * wide) */
  real *pooled, *dpooled; /* of each image: (out, wide / 2 * wide / 2) */
  uint8_t *which;         /* of the four, or NONE if the ReLU is shut */
  real *z, *dwindows;     /* of one image */
} R(stage);

enum { R(SIDE) = 5, R(WINDOW) = 25, R(NONE) = 4 };

fixed size_t R(field)(R(shape) p) { return p.wide * p.wide; }
fixed size_t R(pooled_size)(R(shape) p) { return p.out * R(field)(p) / 4; }

static void R(make_stage)(R(stage) *s, R(shape) p, size_t layer, double bound, size_t batch) {
  size_t weights = p.out * p.in * R(WINDOW), windows = p.in * R(WINDOW) *R(field)(p);
  s->w = room(weights * sizeof(real));
  s->dw = room(weights * sizeof(real));
  s->b = room(p.out * sizeof(real));
  s->db = room(p.out * sizeof(real));
  s->windows = room(batch * windows * sizeof(real));
  s->dwindows = room(windows * sizeof(real));
  s->z = room(p.out * R(field)(p) * sizeof(real));
  s->pooled = room(batch * R(pooled_size)(p) * sizeof(real));
  s->dpooled = room(batch * R(pooled_size)(p) * sizeof(real));
  s->which = room(batch * R(pooled_size)(p));
  for (size_t i = 0; i < weights; i++) s->w[i] = (real)weight(layer, i, bound);
}

/* One row of windows: what an input row shows at one place of the window, zeros beyond the edge. */
fixed void R(unfold_row)(R(shape) p, const real *row, size_t place, real *to) {
  size_t left = place < p.pad ? p.pad - place : 0, shift = place + left - p.pad;
  size_t right = p.wide + place > p.side + p.pad ? p.side + p.pad - place : p.wide;
  for (size_t i = 0; i < left; i++) to[i] = 0;
  memcpy(to + left, row + shift, (right - left) * sizeof(real));
  for (size_t i = right; i < p.wide; i++) to[i] = 0;
}

fixed void R(unfold)(R(shape) p, const real *x, real *to) {
  for (size_t at = 0; at < p.in * R(WINDOW); at++) {
    const real *channel = x + at / R(WINDOW) *p.side * p.side;
    size_t down = at % R(WINDOW) / R(SIDE), across = at % R(SIDE);
    for (size_t i = 0; i < p.wide; i++, to += p.wide) {
      bool inside = i + down >= p.pad && i + down < p.side + p.pad;
      if (inside) R(unfold_row)(p, channel + (i + down - p.pad) * p.side, across, to);
      else memset(to, 0, p.wide * sizeof(real));
    }
  }
}

/* The way back, without padding: only the second stage needs it. */
fixed void R(fold)(R(shape) p, const real *windows, real *dx) {
  memset(dx, 0, p.in * p.side * p.side * sizeof(real));
  for (size_t at = 0; at < p.in * R(WINDOW); at++) {
    real *to = dx + at / R(WINDOW) *p.side * p.side + at % R(WINDOW) / R(SIDE) *p.side + at % R(SIDE);
    for (size_t i = 0; i < p.wide; i++, windows += p.wide)
      for (size_t j = 0; j < p.wide; j++) to[i * p.side + j] += windows[j];
  }
}

/* Bias, pooling and ReLU of one channel, w x w numbers. A byte pointer may point at anything, so the rest is kept in locals. */
fixed void R(pool_channel)(const real *restrict z, size_t w, real bias, real *restrict pooled, uint8_t *restrict which) {
  for (size_t i = 0; i < w; i += 2)
    for (size_t j = 0; j < w; j += 2, z += 2) {
      bool right_above = z[1] > z[0], right_below = z[w + 1] > z[w];
      real above = right_above ? z[1] : z[0], below = right_below ? z[w + 1] : z[w];
      real y = (below > above ? below : above) + bias;
      int top = below > above ? 2 + right_below : right_above;
      *pooled++ = y > 0 ? y : 0;
      *which++ = (uint8_t)(y > 0 ? top : R(NONE));
      if (j + 2 == w) z += w;
    }
}

fixed real R(unpool_channel)(real *restrict z, size_t w, const real *restrict dpooled, const uint8_t *restrict which) {
  real sum = 0;
  memset(z, 0, w * w * sizeof(real));
  for (size_t i = 0; i < w; i += 2)
    for (size_t j = 0; j < w; j += 2, dpooled++, which++) {
      if (*which == R(NONE)) continue;
      z[(i + *which / 2) * w + j + *which % 2] = *dpooled;
      sum += *dpooled;
    }
  return sum;
}

fixed void R(pool)(R(shape) p, const R(stage) *s, real *pooled, uint8_t *which) {
  size_t field = R(field)(p);
  for (size_t c = 0; c < p.out; c++)
    R(pool_channel)(s->z + c * field, p.wide, s->b[c], pooled + c * field / 4, which + c * field / 4);
}

fixed void R(unpool)(R(shape) p, R(stage) *s, const real *dpooled, const uint8_t *which) {
  size_t field = R(field)(p);
  for (size_t c = 0; c < p.out; c++)
    s->db[c] += R(unpool_channel)(s->z + c * field, p.wide, dpooled + c * field / 4, which + c * field / 4);
}

fixed void R(stage_forward)(R(shape) p, R(stage) *s, const real *x, size_t image) {
  size_t k = p.in * R(WINDOW), field = R(field)(p), size = R(pooled_size)(p);
  real *windows = s->windows + image * k * field;
  R(unfold)(p, x, windows);
  R(times)(s->w, windows, s->z, p.out, k, field);
  R(pool)(p, s, s->pooled + image * size, s->which + image * size);
}

/* dx: NULL where nobody wants it. */
fixed void R(stage_back)(R(shape) p, R(stage) *s, real *dx, size_t image) {
  size_t k = p.in * R(WINDOW), field = R(field)(p), size = R(pooled_size)(p);
  R(unpool)(p, s, s->dpooled + image * size, s->which + image * size);
  BLAS(gemm)
  (CblasRowMajor, CblasNoTrans, CblasTrans, (int)p.out, (int)k, (int)field, 1, s->z, (int)field, s->windows + image * k * field,
   (int)field, 1, s->dw, (int)k);
  if (!dx) return;
  BLAS(gemm)
  (CblasRowMajor, CblasTrans, CblasNoTrans, (int)k, (int)field, (int)p.out, 1, s->w, (int)k, s->z, (int)field, 0, s->dwindows,
   (int)field);
  R(fold)(p, s->dwindows, dx);
}

static void R(stage_update)(R(stage) *s, R(shape) p, real lr) {
  for (size_t i = 0; i < p.out * p.in * R(WINDOW); i++) {
    s->w[i] -= lr * s->dw[i];
    s->dw[i] = 0;
  }
  for (size_t i = 0; i < p.out; i++) {
    s->b[i] -= lr * s->db[i];
    s->db[i] = 0;
  }
}

static double R(lenet_step)(R(net) *net, R(space) *tail, R(stage) *first, R(stage) *second, size_t step) {
  const net_task *task = net->task;
  size_t between = R(pooled_size)(R(first));
  for (size_t i = 0; i < task->batch; i++) {
    size_t row = sample(step, task->batch, i, net->rows);
    tail->label[i] = net->label[row];
    R(stage_forward)(R(first), first, net->x + row * R(first).side * R(first).side, i);
    R(stage_forward)(R(second), second, first->pooled + i * between, i);
  }
  double loss = R(there_and_back)(net, tail, 0, task->batch, task->batch);
  R(times_transposed)(tail->d[0], net->w[0], second->dpooled, task->batch, task->size[0], task->size[1]);
  R(update)(net, tail, 0, task->batch, step + 1);
  for (size_t i = 0; i < task->batch; i++) {
    R(stage_back)(R(second), second, first->dpooled + i * between, i);
    R(stage_back)(R(first), first, NULL, i);
  }
  R(stage_update)(first, R(first), (real)task->lr);
  R(stage_update)(second, R(second), (real)task->lr);
  return loss / (double)task->batch;
}

/* The first steps only warm up; they learn, so the loss is that of the steps behind them. */
measured R(lenet)(size_t steps) {
  enum { WARM_UP = 3 };
  const net_task task = { 3, { 400, 120, 84, 10 }, RELU, CROSS_ENTROPY, false, 64, 0.01, steps, "BENCH_MNIST" };
  R(net) net = { .task = &task };
  R(space) tail;
  R(stage) first, second;
  double start = 0, loss = 0;
  R(read_pictures)(&net, task.images);
  R(make_weights)(&net);
  R(make_space)(&tail, &task, task.batch);
  R(make_stage)(&first, R(first), 8, 0.2, task.batch);
  R(make_stage)(&second, R(second), 9, 0.08, task.batch);
  tail.a[0] = second.pooled;
  for (size_t turn = 0; turn < WARM_UP + steps; turn++) {
    if (turn == WARM_UP) {
      start = now();
      loss = 0;
    }
    loss += R(lenet_step)(&net, &tail, &first, &second, turn < WARM_UP ? 0 : turn - WARM_UP);
  }
  return (measured){ (now() - start) / (double)steps, loss / (double)steps };
}
