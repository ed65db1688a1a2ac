/* floor_pass.h: W11, one pass over ten million numbers. */

enum { R(COUNT) = 10000000, R(ROW) = 10, R(ROWS) = 100, R(PASSES) = 10 };

typedef struct R(pass_run) {
  pass_kind kind;
  real *x, *y;
  double seconds;
} R(pass_run);

/* A hundred rows at a time, so that exp sees long runs. */
static void R(softmax_rows)(const real *x, real *y) {
  for (size_t i = 0; i < R(ROWS); i++) {
    real top = x[i * R(ROW)];
    for (size_t j = 1; j < R(ROW); j++) top = x[i * R(ROW) + j] > top ? x[i * R(ROW) + j] : top;
    for (size_t j = 0; j < R(ROW); j++) y[i * R(ROW) + j] = x[i * R(ROW) + j] - top;
  }
  for (size_t i = 0; i < R(ROWS) *R(ROW); i++) y[i] = exp(y[i]);
  for (size_t i = 0; i < R(ROWS); i++) {
    real sum = 0;
    for (size_t j = 0; j < R(ROW); j++) sum += y[i * R(ROW) + j];
    for (size_t j = 0; j < R(ROW); j++) y[i * R(ROW) + j] *= 1 / sum;
  }
}

static void R(one_pass)(pass_kind kind, const real *restrict x, real *restrict y, size_t count) {
  switch (kind) {
    case COPY: memcpy(y, x, count * sizeof(real)); break;
    case EXP:
      for (size_t i = 0; i < count; i++) y[i] = exp(x[i]);
      break;
    case SIGMOIDS:
      for (size_t i = 0; i < count; i++) y[i] = 1 / (1 + exp(-x[i]));
      break;
    case SOFTMAX:
      for (size_t i = 0; i < count; i += R(ROWS) *R(ROW)) R(softmax_rows)(x + i, y + i);
      break;
  }
}

static void R(run_passes)(int t, void *what) {
  R(pass_run) *r = what;
  size_t lots = R(COUNT) / (R(ROWS) *R(ROW)), from, to;
  part(t, lots, &from, &to);
  from *= R(ROWS) *R(ROW);
  to *= R(ROWS) *R(ROW);
  for (size_t i = from; i < to; i++) r->x[i] = (real)(urand(ELEMENTS, i) * 8 - 4);
  for (int turn = 0; turn <= R(PASSES); turn++) { /* the first only warms up */
    meet();
    if (turn == 1 && t == 0) r->seconds = now();
    R(one_pass)(r->kind, r->x + from, r->y + from, to - from);
  }
  meet();
  if (t == 0) r->seconds = (now() - r->seconds) / R(PASSES);
}

measured R(pass)(pass_kind kind) {
  R(pass_run) r = { kind, room(R(COUNT) *sizeof(real)), room(R(COUNT) *sizeof(real)), 0 };
  double sum = 0;
  team(R(run_passes), &r);
  for (size_t i = 0; i < R(COUNT); i += 1001) sum += r.y[i];
  return (measured){ r.seconds, sum };
}
