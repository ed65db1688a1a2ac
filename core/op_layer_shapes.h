/* op_layer_shapes.h: the shape rules of the operators that layers with a state or a table of their own are made of.
** As in op_shapes.h, whose helpers they use.                                                                     */

/* Key and count are whole numbers that a double holds exactly. */
static bool counts_draws(const gr_tensor *t, gr_err *err) {
  const gr_tensor *draws = t->in[1];
  char label[ROOM];
  if (draws->dtype != GR_F64 || draws->nd != 1 || draws->d[0] != 2)
    return gr_fail(err, "dropout: %s is %s: draws must be two numbers of f64, the key and how many masks were drawn",
                   in_label(t, 1, label), gr_dtype_name(draws->dtype));
  for (size_t i = 0; i < 2; i++) {
    double n = gr_get(draws, i);
    if (n >= 0 && n < 0x1p53 && n == floor(n)) continue;
    return gr_fail(err, "dropout: %s of draws is %.17g: it must be a whole number from 0 to 2^53 - 1", i ? "the count" : "the key",
                   shown(n));
  }
  return gr_writable(draws, "dropout", err);
}

static const char dropped_text[] = "y has the shape of x; draws is (2) in f64: key and count; p is at least 0 and below 1";
static bool dropped_shape(gr_tensor *t, size_t *work, gr_err *err) {
  double *p = t->attr.v;
  if (isnan(*p)) *p = 0.5; /* left out */
  if (!(*p >= 0 && *p < 1)) return gr_fail(err, "dropout: p must be at least 0 and below 1, got %g", *p);
  if (!counts_draws(t, err)) return false;
  *work = t->in[0]->size;
  return same_shape(t, work, err);
}

static bool good_eps(const gr_tensor *t, double *eps, gr_err *err) {
  if (isnan(*eps)) *eps = 1e-5; /* left out */
  if (*eps >= 0 && isfinite(*eps)) return true;
  return gr_fail(err, "%s: eps must be a finite number of at least 0, got %g", t->op->name, *eps);
}

/* Inputs 1 and on have a number for each of the n features of x. */
static bool one_a_feature(const gr_tensor *t, size_t n, gr_err *err) {
  char x[ROOM], label[ROOM];
  for (int i = 1; i < t->n_in; i++)
    if (t->in[i]->nd != 1 || t->in[i]->d[0] != n)
      return gr_fail(err, "%s: %s does not fit %s: it needs a number for each feature (%zu)", t->op->name, in_label(t, i, label),
                     in_label(t, 0, x), n);
  return true;
}

static bool features_fit(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  char label[ROOM];
  if (!same_types(t, err)) return false;
  if (x->nd != 2 && x->nd != 4)
    return gr_fail(err, "%s: %s must be (batch, features) or (batch, features, height, width)", t->op->name, in_label(t, 0, label));
  if (!one_a_feature(t, x->d[1], err)) return false;
  *work = NORM_ROWS * x->d[1] + x->size / x->d[0] / x->d[1];
  return same_shape(t, work, err);
}

static const char batch_normed_text[] =
    "x is (m, k) or (m, k, h, w) with at least two values a feature, the others (k); y has the shape of x";
static bool batch_normed_shape(gr_tensor *t, size_t *work, gr_err *err) {
  double *momentum = t->attr.v;
  char label[ROOM];
  if (isnan(*momentum)) *momentum = 0.1; /* left out */
  if (!(*momentum >= 0 && *momentum <= 1)) return gr_fail(err, "batch_norm: momentum must lie between 0 and 1, got %g", *momentum);
  if (!good_eps(t, &t->attr.v[1], err) || !features_fit(t, work, err)) return false;
  if (t->in[0]->size == t->in[0]->d[1])
    return gr_fail(err,
                   "batch_norm: %s has one value for each feature, and one value has no spread to divide by: "
                   "train on batches of two rows or more, or call eval() first",
                   in_label(t, 0, label));
  return gr_writable(t->in[3], "batch_norm", err) && gr_writable(t->in[4], "batch_norm", err);
}

static const char fixed_normed_text[] = "x is (m, k) or (m, k, h, w), the others (k); y has the shape of x";
static bool fixed_normed_shape(gr_tensor *t, size_t *work, gr_err *err) {
  return good_eps(t, &t->attr.v[0], err) && features_fit(t, work, err);
}

static const char row_normed_text[] = "gamma and beta have a number for each place of the last axis of x; y has the shape of x";
static bool row_normed_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  if (!good_eps(t, t->attr.v, err) || !same_types(t, err) || !rows_shape(t, work, err)) return false;
  size_t n = x->d[x->nd - 1];
  *work = 2 * (x->size / n) + 3 * n;
  return one_a_feature(t, n, err);
}

/* "position 3", or "position [2, 3]": where element i of t stands. */
static const char *place_text(const gr_tensor *t, size_t i, char out[ROOM]) {
  size_t used = (size_t)snprintf(out, ROOM, t->nd > 1 ? "position [" : "position ");
  size_t below = t->size;
  for (int axis = 0; axis < t->nd; axis++) {
    below /= t->d[axis];
    used += (size_t)snprintf(out + used, ROOM - used, "%s%zu", axis ? ", " : "", i / below % t->d[axis] + 1);
  }
  if (t->nd == 0) snprintf(out, ROOM, "the only position");
  if (t->nd > 1) snprintf(out + used, ROOM - used, "]");
  return out;
}

static const char embedded_text[] = "w is (count, size); x holds whole numbers from 0 to count - 1; y has the axes of x, then size";
static bool embedded_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *w = t->in[0], *x = t->in[1];
  char wl[ROOM], xl[ROOM], place[ROOM];
  (void)work;
  if (w->nd != 2) return gr_fail(err, "embedding: %s must be a matrix, a row for each number", in_label(t, 0, wl));
  if (x->nd == GR_MAX_DIMS) return gr_fail(err, "embedding: %s has no axis to spare for the rows of w", in_label(t, 1, xl));
  for (size_t i = 0; i < x->size; i++) {
    double at = gr_get(x, i);
    if (at >= 0 && at < (double)w->d[0] && at == (double)(size_t)at) continue;
    return gr_fail(err, "embedding: %.15g at %s of %s, but %s has %zu rows: whole numbers that count from 0 to %zu are expected",
                   shown(at), place_text(x, i, place), in_label(t, 1, xl), in_label(t, 0, wl), w->d[0], w->d[0] - 1);
  }
  take_shape(t, x->nd, x->d);
  t->d[t->nd++] = w->d[1];
  return true;
}
