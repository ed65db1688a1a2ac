/* op_shapes.h: the shape rules of the operator table, each with its text.
**
** A rule looks at t->in and t->attr, refuses what does not fit, and sets the sizes of t.     */

enum { ROOM = GR_LABEL_ROOM };

static void take_shape(gr_tensor *t, int nd, const size_t d[]) {
  t->nd = nd;
  for (int i = 0; i < nd; i++) t->d[i] = d[i];
}

/* The n-th word of "a b c" into `role`. */
static const char *role_of(const gr_tensor *t, int n, char role[16]) {
  const char *word = t->op->inputs;
  for (int i = 0; i < n && strchr(word, ' '); i++) word = strchr(word, ' ') + 1;
  size_t length = strcspn(word, " .");
  memcpy(role, word, length);
  role[length] = 0;
  return role;
}

/* A number for a message: printf would write a NaN's sign too. */
static double shown(double value) { return isnan(value) ? NAN : value; }

/* Input i of t, for a message: its own name or its role, and its shape. */
static const char *in_label(const gr_tensor *t, int i, char *out) {
  char role[16];
  return gr_label(t->in[i], role_of(t, i, role), out, ROOM);
}

/* The name of input i alone, with :T() where it enters transposed. */
static const char *in_name(const gr_tensor *t, int i, bool turned, char *out) {
  char role[16];
  snprintf(out, ROOM, "%.40s%s", t->in[i]->name ? t->in[i]->name : role_of(t, i, role), turned ? ":T()" : "");
  return out;
}

static bool same_types(gr_tensor *t, gr_err *err) {
  char a[ROOM], b[ROOM];
  for (int i = 1; i < t->n_in; i++)
    if (t->in[i]->dtype != t->in[0]->dtype)
      return gr_fail(err, "%s: %s is %s but %s is %s: convert one with :to(\"%s\")", t->op->name, in_label(t, 0, a),
                     gr_dtype_name(t->in[0]->dtype), in_label(t, i, b), gr_dtype_name(t->in[i]->dtype),
                     gr_dtype_name(t->in[0]->dtype));
  return true;
}

static const char broadcast_text[] = "a and b broadcast: sizes are matched from the last axis, and must be equal or 1";
static bool broadcast_shape(gr_tensor *t, size_t *work, gr_err *err) {
  char a[ROOM], b[ROOM];
  (void)work;
  if (!same_types(t, err)) return false;
  if (gr_broadcast(t->in[0], t->in[1], &t->nd, t->d)) return true;
  return gr_fail(err, "%s: %s and %s do not fit: matched from the last axis, sizes must be equal or 1", t->op->name,
                 in_label(t, 0, a), in_label(t, 1, b));
}

static const char same_text[] = "y has the shape of x";
static bool same_shape(gr_tensor *t, size_t *work, gr_err *err) {
  (void)work, (void)err;
  take_shape(t, t->in[0]->nd, t->in[0]->d);
  return true;
}

static const char bounds_text[] = "y has the shape of x; lo may not exceed hi";
static bool bounds_shape(gr_tensor *t, size_t *work, gr_err *err) {
  double *v = t->attr.v;
  if (isnan(v[0])) v[0] = -INFINITY; /* left out */
  if (isnan(v[1])) v[1] = INFINITY;
  if (v[0] > v[1]) return gr_fail(err, "clip: lo (%g) is larger than hi (%g)", v[0], v[1]);
  return same_shape(t, work, err);
}

static const char leak_text[] = "y has the shape of x; slope is finite";
static bool leak_shape(gr_tensor *t, size_t *work, gr_err *err) {
  double *slope = t->attr.v;
  if (isnan(*slope)) *slope = 0.01; /* left out */
  if (isinf(*slope)) return gr_fail(err, "leaky_relu: slope must be finite, got %g", *slope);
  return same_shape(t, work, err);
}

static const char knee_text[] = "y has the shape of x; alpha is finite, and not negative";
static bool knee_shape(gr_tensor *t, size_t *work, gr_err *err) {
  double *alpha = t->attr.v;
  if (isnan(*alpha)) *alpha = 1; /* left out */
  if (isinf(*alpha) || *alpha < 0) return gr_fail(err, "elu: alpha must be a finite number of at least 0, got %g", *alpha);
  return same_shape(t, work, err);
}

static const char rows_text[] = "x has at least one axis; y has the shape of x";
static bool rows_shape(gr_tensor *t, size_t *work, gr_err *err) {
  if (t->in[0]->nd == 0) return gr_fail(err, "%s: x is one number: a vector or rows of them are needed", t->op->name);
  return same_shape(t, work, err);
}

static const char reduced_text[] = "y lacks the axis, or has it with size 1 under keep; without an axis y is one number";
static bool reduced_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  char label[ROOM];
  int axis = t->attr.axis;
  (void)work;
  if (axis != GR_ALL_AXES && (axis < 0 || axis >= x->nd))
    return gr_fail(err, "%s: axis %d of %s: axes count from 1 to %d", t->op->name, axis + 1, in_label(t, 0, label), x->nd);
  t->nd = 0;
  for (int i = 0; i < x->nd; i++) {
    bool gone = axis == GR_ALL_AXES || i == axis;
    if (!gone) t->d[t->nd++] = x->d[i];
    else if (t->attr.keep) t->d[t->nd++] = 1;
  }
  return true;
}

static const char centred_text[] = "as for sum";
static bool centred_shape(gr_tensor *t, size_t *work, gr_err *err) {
  *work = t->in[0]->size;
  return reduced_shape(t, work, err);
}

static const char sorted_text[] = "as for sum";
static bool sorted_shape(gr_tensor *t, size_t *work, gr_err *err) {
  if (!reduced_shape(t, work, err)) return false;
  *work = lanes_of(t).k;
  return true;
}

/* Scores (m, k) and their targets: labels (m), or a row of weights each (m, k). `what` is the loss's name. */
static bool class_targets(const gr_tensor *t, const char *what, gr_err *err) {
  const gr_tensor *x = t->in[0], *target = t->in[1];
  char a[ROOM], b[ROOM];
  if (x->nd != 2) return gr_fail(err, "%s: scores %s must be rows x classes", what, in_label(t, 0, a));
  if (target->nd < 1 || target->d[0] != x->d[0] || (target->nd != 1 && (target->nd != 2 || target->d[1] != x->d[1])))
    return gr_fail(err, "%s: targets %s do not fit scores %s: one label a row, or one-hot rows", what, in_label(t, 1, b),
                   in_label(t, 0, a));
  for (size_t i = 0; target->nd == 1 && i < target->size; i++) {
    double label = gr_get(target, i);
    if (label >= 0 && label < (double)x->d[1] && label == floor(label)) continue;
    return gr_fail(err, "%s: label %.15g in row %zu, but the scores have %zu classes: labels count from 0 to %zu", what,
                   shown(label), i + 1, x->d[1], x->d[1] - 1);
  }
  return true;
}

static const char scores_text[] = "x is (m, k); t is (m) labels 0..k-1, or (m, k); y is one number";
static bool scores_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  if (!same_types(t, err) || !class_targets(t, "cross_entropy", err)) return false;
  *work = x->size + x->d[0];
  t->nd = 0;
  return true;
}

/* Scores and targets of the same shape, targets between 0 and 1. */
static bool paired_targets(const gr_tensor *t, const char *what, gr_err *err) {
  char a[ROOM], b[ROOM];
  if (!gr_same_shape(t->in[0], t->in[1]) || t->in[0]->nd == 0)
    return gr_fail(err, "%s: scores %s and targets %s must have the same shape", what, in_label(t, 0, a), in_label(t, 1, b));
  for (size_t i = 0; i < t->in[1]->size; i++) {
    double target = gr_get(t->in[1], i);
    if (target >= 0 && target <= 1) continue;
    return gr_fail(err, "%s: target %.15g at position %zu: targets lie between 0 and 1", what, shown(target), i + 1);
  }
  return true;
}

static const char paired_text[] = "x and t have the same shape, with at least one axis; y is one number";
static bool paired_shape(gr_tensor *t, size_t *work, gr_err *err) {
  if (!same_types(t, err) || !paired_targets(t, "logistic", err)) return false;
  *work = 2 * t->in[0]->size;
  t->nd = 0;
  return true;
}

/* Scores that are probabilities. NaN passes, and makes the loss NaN, so that training that went astray shows. */
static bool probabilities(const gr_tensor *t, const char *instead, gr_err *err) {
  const gr_tensor *x = t->in[0];
  for (size_t i = 0; i < x->size; i++) {
    double p = gr_get(x, i);
    if (p < 0 || p > 1)
      return gr_fail(err, "%s: score %.15g at position %zu: probabilities lie between 0 and 1; for plain scores there is %s",
                     t->op->name, p, i + 1, instead);
  }
  return true;
}

static const char chances_text[] = "x and t have the same shape, with at least one axis, x in 0..1; y is one number";
static bool chances_shape(gr_tensor *t, size_t *work, gr_err *err) {
  if (!same_types(t, err) || !paired_targets(t, t->op->name, err) || !probabilities(t, "logistic", err)) return false;
  *work = 3 * t->in[0]->size;
  t->nd = 0;
  return true;
}

/* Far above what rounding in f32 adds up to, far below what scores that are no probabilities are off by. */
static const double off_one = 1e-3;

static const char shares_text[] =
    "x is (m, k), each row probabilities that sum to 1; t as for softmax_cross_entropy; y is one number";
static bool shares_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  if (!same_types(t, err) || !class_targets(t, t->op->name, err) || !probabilities(t, "cross_entropy", err)) return false;
  for (size_t i = 0; i < x->d[0]; i++) {
    double total = 0;
    for (size_t j = 0; j < x->d[1]; j++) total += gr_get(x, i * x->d[1] + j);
    if (fabs(total - 1) > off_one)
      return gr_fail(err, "nll: row %zu of the scores sums to %.6g: probabilities of classes sum to 1, as softmax gives them",
                     i + 1, total);
  }
  *work = x->size + x->d[0];
  t->nd = 0;
  return true;
}

/* BLAS counts in 32 bits. */
static bool fits_blas(const gr_tensor *t, gr_err *err) {
  char label[ROOM];
  for (int i = 0; i < t->n_in; i++)
    for (int j = 0; j < t->in[i]->nd; j++)
      if (t->in[i]->d[j] > INT_MAX)
        return gr_fail(err, "%s: %s is too large for BLAS, which counts to %d", t->op->name, in_label(t, i, label), INT_MAX);
  return true;
}

static bool inner_sizes_agree(gr_tensor *t, gr_err *err) {
  const gr_tensor *a = t->in[0], *b = t->in[1];
  char al[ROOM], bl[ROOM], an[ROOM], bn[ROOM], as[ROOM], bs[ROOM];
  size_t k = sizes_of_product(t).k, rows = b->d[b->nd == 2 && t->attr.tb ? 1 : 0];
  if (k == rows) return true;
  size_t ad[2] = { a->d[a->nd - 1], a->d[0] }, bd[2] = { b->d[b->nd - 1], b->d[0] };
  in_name(t, 0, t->attr.ta, an);
  in_name(t, 1, t->attr.tb, bn);
  snprintf(al, sizeof al, "%.50s (%s)", an, gr_shape_text(a->nd, t->attr.ta ? ad : a->d, as, sizeof as));
  snprintf(bl, sizeof bl, "%.50s (%s)", bn, gr_shape_text(b->nd, t->attr.tb ? bd : b->d, bs, sizeof bs));
  return gr_fail(err, "%s: %s and %s do not fit: %s of %s (%zu) must equal %s of %s (%zu)", t->op->name, al, bl,
                 a->nd == 2 ? "columns" : "size", an, k, b->nd == 2 ? "rows" : "size", bn, rows);
}

static const char product_text[] =
    "(m, k) by (k, n) gives (m, n); a vector counts as one row in front, one column behind, and its axis is left out";
static bool product_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *a = t->in[0], *b = t->in[1];
  char label[ROOM];
  (void)work;
  if (!same_types(t, err)) return false;
  for (int i = 0; i < 2; i++)
    if (t->in[i]->nd < 1 || t->in[i]->nd > 2)
      return gr_fail(err, "%s: %s must be a vector or a matrix%s", t->op->name, in_label(t, i, label),
                     t->in[i]->nd == 0 ? "; for numbers write *" : "");
  if (!inner_sizes_agree(t, err) || !fits_blas(t, err)) return false;
  product_sizes s = sizes_of_product(t);
  if (a->nd == 2) t->d[t->nd++] = s.m;
  if (b->nd == 2) t->d[t->nd++] = s.n;
  return true;
}

static const char affine_text[] = "x (m, k), w (k, n), b (n) give (m, n); x may be one vector (k)";
static bool affine_shape(gr_tensor *t, size_t *work, gr_err *err) {
  char w[ROOM], b[ROOM];
  if (t->in[1]->nd != 2) return gr_fail(err, "affine: %s must be a matrix", in_label(t, 1, w));
  if (!product_shape(t, work, err)) return false;
  if (t->in[2]->nd != 1 || t->in[2]->d[0] != t->in[1]->d[1])
    return gr_fail(err, "affine: %s does not fit %s: b needs a number for each column of w (%zu)", in_label(t, 2, b),
                   in_label(t, 1, w), t->in[1]->d[1]);
  return true;
}

static const char transposed_text[] = "(m, n) gives (n, m)";
static bool transposed_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  char label[ROOM];
  (void)work;
  if (x->nd < 1 || x->nd > 2) return gr_fail(err, "T: %s must be a matrix or a vector", in_label(t, 0, label));
  for (int i = 0; i < x->nd; i++) t->d[i] = x->d[x->nd - 1 - i];
  t->nd = x->nd;
  return true;
}

/* Lays t on its input's memory, `offset` elements in. A transposed tensor's memory is only a copy of
** its source, made when somebody reads it: on that no view can stand.                              */
static bool view(gr_tensor *t, size_t offset) {
  gr_tensor *x = t->in[0];
  if (x->op == gr_op_transpose) return true;
  t->x_block = gr_block_ref(x->x_block);
  t->x = (char *)x->x + offset * gr_dtype_size(x->dtype);
  return true;
}

/* Replaces GR_REST by what the other sizes leave. */
static bool fill_rest(gr_tensor *t, gr_err *err) {
  size_t known = 1, rests = 0, size = t->in[0]->size;
  char label[ROOM];
  for (int i = 0; i < t->nd; i++) {
    if (t->d[i] == GR_REST) rests++;
    else if (t->d[i] == 0 || !gr_size_mul(known, t->d[i], &known))
      return gr_fail(err, "reshape: sizes are whole numbers of at least 1");
  }
  if (rests > 1) return gr_fail(err, "reshape: only one size may be -1");
  if (rests ? size % known != 0 : size != known)
    return gr_fail(err, "reshape: %s has %zu elements, which do not fill the sizes asked for (%zu%s)", in_label(t, 0, label), size,
                   known, rests ? " times a rest" : "");
  for (int i = 0; i < t->nd; i++)
    if (t->d[i] == GR_REST) t->d[i] = size / known;
  return true;
}

static const char reshaped_text[] = "the sizes multiply to the number of elements of x; one of them may be -1 and is filled in";
static bool reshaped_shape(gr_tensor *t, size_t *work, gr_err *err) {
  (void)work;
  take_shape(t, t->attr.nd, t->attr.d);
  return fill_rest(t, err) && view(t, 0);
}

static const char viewed_text[] = "y has the shape of x";
static bool viewed_shape(gr_tensor *t, size_t *work, gr_err *err) {
  (void)work, (void)err;
  take_shape(t, t->in[0]->nd, t->in[0]->d);
  return view(t, 0);
}

static const char flattened_text[] = "y is a vector of all elements";
static bool flattened_shape(gr_tensor *t, size_t *work, gr_err *err) {
  (void)work, (void)err;
  take_shape(t, 1, &t->in[0]->size);
  return true;
}

static const char sliced_text[] = "each axis has the size of its range; an axis given by one position is left out";
static bool sliced_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  gr_attr *a = &t->attr;
  char label[ROOM];
  bool whole_rows = true;
  (void)work;
  if (x->nd == 0 || a->nd > x->nd)
    return gr_fail(err, "slice: %d positions for %s, which has %d axes", a->nd, in_label(t, 0, label), x->nd);
  for (int i = a->nd; i < x->nd; i++) a->from[i] = 0, a->d[i] = x->d[i], a->drop[i] = false;
  for (int i = 0; i < x->nd; i++) {
    if (a->from[i] >= x->d[i] || a->d[i] < 1 || a->d[i] > x->d[i] - a->from[i])
      return gr_fail(err, "slice: positions %zu to %zu on axis %d of %s: they count from 1 to %zu", a->from[i] + 1,
                     a->from[i] + a->d[i], i + 1, in_label(t, 0, label), x->d[i]);
    if (!a->drop[i]) t->d[t->nd++] = a->d[i];
    bool leading_ones = true;
    for (int j = 0; j < i; j++) leading_ones = leading_ones && a->d[j] == 1;
    whole_rows = whole_rows && (a->d[i] == x->d[i] || leading_ones);
  }
  if (!whole_rows) return true;
  size_t offset = 0;
  for (int i = 0; i < x->nd; i++) offset = offset * x->d[i] + a->from[i];
  return view(t, offset);
}

static const char taken_text[] = "y has as many rows as there are positions, and the other sizes of x";
static bool taken_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0], *rows = t->in[1];
  char label[ROOM];
  (void)work;
  if (x->nd == 0 || rows->nd > 1)
    return gr_fail(err, "take: %s needs at least one axis, and positions a vector", in_label(t, 0, label));
  for (size_t i = 0; i < rows->size; i++) {
    double at = gr_get(rows, i);
    if (at >= 1 && at <= (double)x->d[0] && at == floor(at)) continue;
    return gr_fail(err, "take: position %.15g (number %zu of the list) in %s: positions count from 1 to %zu", shown(at), i + 1,
                   in_label(t, 0, label), x->d[0]);
  }
  take_shape(t, x->nd, x->d);
  t->d[0] = rows->size;
  return true;
}

static const char joined_text[] = "all sizes agree but the one along the axis, which adds up";
static bool joined_shape(gr_tensor *t, size_t *work, gr_err *err) {
  const gr_tensor *x = t->in[0];
  char a[ROOM], b[ROOM];
  (void)work;
  int axis = t->attr.axis == GR_ALL_AXES ? 0 : t->attr.axis;
  t->attr.axis = axis;
  if (!same_types(t, err)) return false;
  if (axis >= x->nd) return gr_fail(err, "concat: axis %d of %s: axes count from 1 to %d", axis + 1, in_label(t, 0, a), x->nd);
  take_shape(t, x->nd, x->d);
  for (int i = 1; i < t->n_in; i++) {
    bool fits = t->in[i]->nd == x->nd;
    for (int j = 0; fits && j < x->nd; j++) fits = j == axis || t->in[i]->d[j] == x->d[j];
    if (!fits)
      return gr_fail(err, "concat: %s and %s (number %d) do not fit: only axis %d may differ", in_label(t, 0, a), in_label(t, i, b),
                     i + 1, axis + 1);
    t->d[axis] += t->in[i]->d[axis];
  }
  return true;
}

static const char cast_text[] = "y has the shape of x, and the type asked for";
static bool cast_shape(gr_tensor *t, size_t *work, gr_err *err) {
  t->dtype = t->attr.dtype;
  return same_shape(t, work, err);
}
