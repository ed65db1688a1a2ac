/* optim_real.h: the rules of the optimisers, for either type of number (see real.h).
**
** Names: x the parameter, g its gradient, d the gradient with weight decay. Each line is one of PyTorch's, in its order.
** Factors are computed in doubles and rounded once.                                                                   */

/* The gradient of the loss plus decay / 2 times the sum of squares of the parameters. */
static inline real R(decayed)(real g, real x, real decay) { return decay != 0 ? g + decay * x : g; }

/* x -= lr g */
static void R(descend)(real *x, const real *g, size_t n, real lr) {
  for (size_t i = 0; i < n; i++) x[i] -= lr * g[i];
}

/* Momentum (Sutskever, Martens, Dahl, Hinton 2013, eq. 1-2, with lr outside of the velocity, as in PyTorch):
**   v = momentum v + d      x -= lr v      nesterov (eq. 3-4): x -= lr (d + momentum v)
** A velocity of zeros becomes the first gradient, so that the first step needs no case of its own.        */
static void R(sgd)(const gr_slot *s, const gr_optim *o) {
  real *x = s->p->x, *v = s->kept[0] ? s->kept[0]->x : NULL;
  const real *g = s->p->g;
  real lr = (real)o->lr, decay = (real)o->weight_decay, momentum = (real)o->momentum;
  if (!v && decay == 0) {
    R(descend)(x, g, s->p->size, lr);
    return;
  }
  for (size_t i = 0; i < s->p->size; i++) {
    real d = R(decayed)(g[i], x[i], decay);
    if (v) {
      v[i] = v[i] * momentum + d;
      d = o->nesterov ? d + momentum * v[i] : v[i];
    }
    x[i] -= lr * d;
  }
}

/* Duchi, Hazan, Singer 2011, figure 1 with a diagonal matrix:   sum += d^2      x -= lr d / (sqrt(sum) + eps) */
static void R(adagrad)(const gr_slot *s, const gr_optim *o) {
  real *x = s->p->x, *sum = s->kept[0]->x;
  const real *g = s->p->g;
  real lr = (real)o->lr, decay = (real)o->weight_decay, eps = (real)o->eps;
  for (size_t i = 0; i < s->p->size; i++) {
    real d = R(decayed)(g[i], x[i], decay);
    sum[i] += d * d;
    x[i] -= lr * (d / (sqrt(sum[i]) + eps));
  }
}

/* Tieleman, Hinton 2012, lecture 6.5:   square = rho square + (1 - rho) d^2      x -= lr d / (sqrt(square) + eps) */
static void R(rmsprop)(const gr_slot *s, const gr_optim *o) {
  real *x = s->p->x, *square = s->kept[0]->x;
  const real *g = s->p->g;
  real lr = (real)o->lr, decay = (real)o->weight_decay, eps = (real)o->eps, rho = (real)o->rho, rest = (real)(1 - o->rho);
  for (size_t i = 0; i < s->p->size; i++) {
    real d = R(decayed)(g[i], x[i], decay);
    square[i] = square[i] * rho + rest * d * d;
    x[i] -= lr * (d / (sqrt(square[i]) + eps));
  }
}

/* Zeiler 2012, algorithm 1:
**   square = rho square + (1 - rho) d^2      step = sqrt(change + eps) / sqrt(square + eps) d
**   change = rho change + (1 - rho) step^2   x -= lr step                                     */
static void R(adadelta)(const gr_slot *s, const gr_optim *o) {
  real *x = s->p->x, *square = s->kept[0]->x, *change = s->kept[1]->x;
  const real *g = s->p->g;
  real lr = (real)o->lr, decay = (real)o->weight_decay, eps = (real)o->eps, rho = (real)o->rho, rest = (real)(1 - o->rho);
  for (size_t i = 0; i < s->p->size; i++) {
    real d = R(decayed)(g[i], x[i], decay);
    square[i] = square[i] * rho + rest * d * d;
    real step = sqrt(change[i] + eps) / sqrt(square[i] + eps) * d;
    change[i] = change[i] * rho + rest * step * step;
    x[i] -= lr * step;
  }
}

/* Kingma, Ba 2015, algorithm 1, t counting the steps:
**   mean = beta1 mean + (1 - beta1) d      square = beta2 square + (1 - beta2) d^2
**   x -= lr / (1 - beta1^t) mean / (sqrt(square) / sqrt(1 - beta2^t) + eps)
** adamw (Loshchilov, Hutter 2019, algorithm 2): d = g, and x *= 1 - lr decay first. */
EVERY_CPU static void R(adam)(const gr_slot *s, const gr_optim *o) {
  bool apart = o->method == GR_ADAMW;
  real *x = s->p->x, *mean = s->kept[0]->x, *square = s->kept[1]->x;
  const real *g = s->p->g;
  const double *steps = s->kept[2]->x; /* this one included */
  real lr = (real)(o->lr / (1 - power(o->beta1, *steps))), by_square = (real)sqrt(1 - power(o->beta2, *steps));
  real eps = (real)o->eps, decay = apart ? 0 : (real)o->weight_decay;
  real shrink = apart ? (real)(1 - o->lr * o->weight_decay) : 1;
  real beta1 = (real)o->beta1, rest1 = (real)(1 - o->beta1), beta2 = (real)o->beta2, rest2 = (real)(1 - o->beta2);
  for (size_t i = 0; i < s->p->size; i++) {
    real d = R(decayed)(g[i], x[i], decay);
    mean[i] = mean[i] * beta1 + rest1 * d;
    square[i] = square[i] * beta2 + rest2 * d * d;
    x[i] = x[i] * shrink - lr * (mean[i] / (sqrt(square[i]) / by_square + eps));
  }
}

/* ---- Clipping ----------------------------------------------------------------------- */

/* Eight sums side by side, which the processor adds at once, in an order that is always the same. */
static double R(sum_of_squares)(const real *g, size_t n, double scale) {
  enum { LANES = 8 };
  double lane[LANES] = { 0 }, sum = 0;
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) lane[k] += (g[i + k] * scale) * (g[i + k] * scale);
  for (int k = 0; k < LANES; k++) sum += lane[k];
  for (; i < n; i++) sum += (g[i] * scale) * (g[i] * scale);
  return sum;
}

static double R(largest)(const real *g, size_t n) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fabs(g[i]) > most ? fabs(g[i]) : most; /* gcc 12 for arm64 fails over fmax here */
  return most;
}

static void R(scale)(real *g, size_t n, double by) {
  real scale = (real)by;
  for (size_t i = 0; i < n; i++) g[i] *= scale;
}
