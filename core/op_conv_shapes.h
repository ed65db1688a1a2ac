/* op_conv_shapes.h: the shape rules of convolution and pooling. */

/* Options that were left out: stride 1, or as far as the kernel is large; padding 0. */
static void fill_pair(size_t d[2], size_t high, size_t wide) {
  if (d[0] == GR_REST) d[0] = high;
  if (d[1] == GR_REST) d[1] = wide;
}

static bool are_images(const gr_tensor *t, gr_err *err) {
  char label[ROOM];
  if (t->in[0]->nd == 4) return true;
  return gr_fail(
      err, "%s: %s must be images, batch x channels x height x width: reshape brings them there, as in x:reshape(-1, 1, 28, 28)",
      t->op->name, in_label(t, 0, label));
}

/* Kernel and stride that windows can have. Stride 0 would not move, and a weight of no pixels does not exist. */
static bool can_move(const gr_tensor *t, windows s, gr_err *err) {
  if (s.kh == 0 || s.kw == 0) return gr_fail(err, "%s: the kernel must be at least 1, got %zu x %zu", t->op->name, s.kh, s.kw);
  if (s.sh == 0 || s.sw == 0) return gr_fail(err, "%s: stride must be at least 1, got %zu x %zu", t->op->name, s.sh, s.sw);
  return true;
}

/* A padded channel stays within what BLAS, which counts in 32 bits, and the product of two such sizes can hold. */
static bool channels_fit(const gr_tensor *t, windows s, gr_err *err) {
  char x[ROOM];
  bool sizes_fit = s.h <= INT_MAX && s.w <= INT_MAX && s.ph <= INT_MAX && s.pw <= INT_MAX;
  if (sizes_fit && padded_height(s) <= INT_MAX / padded_width(s)) return true;
  return gr_fail(err, "%s: %s with padding %zu x %zu is too large: a padded channel may have %d pixels", t->op->name,
                 in_label(t, 0, x), s.ph, s.pw, INT_MAX);
}

/* "w (6 x 1 x 5 x 5)", or, of a pool, "the kernel (2 x 2)". */
static const char *kernel_label(const gr_tensor *t, windows s, char *out) {
  if (t->n_in > 1) return in_label(t, 1, out);
  snprintf(out, ROOM, "the kernel (%zu x %zu)", s.kh, s.kw);
  return out;
}

/* As many windows as fit whole. What the stride leaves over at the end is dropped. */
static bool count_windows(gr_tensor *t, size_t channels, gr_err *err) {
  windows s = windows_of(t);
  char x[ROOM], kernel[ROOM];
  if (!can_move(t, s, err) || !channels_fit(t, s, err)) return false;
  if (s.kh > padded_height(s) || s.kw > padded_width(s))
    return gr_fail(err, "%s: %s is larger than the images of %s, which are %zu x %zu with padding %zu x %zu", t->op->name,
                   kernel_label(t, s, kernel), in_label(t, 0, x), padded_height(s), padded_width(s), s.ph, s.pw);
  const size_t d[] = { s.batch, channels, (padded_height(s) - s.kh) / s.sh + 1, (padded_width(s) - s.kw) / s.sw + 1 };
  take_shape(t, 4, d);
  return true;
}

static bool weights_fit(const gr_tensor *t, gr_err *err) {
  const gr_tensor *x = t->in[0], *w = t->in[1], *b = t->in[2];
  char xl[ROOM], wl[ROOM], bl[ROOM];
  in_label(t, 0, xl), in_label(t, 1, wl), in_label(t, 2, bl);
  if (w->nd != 4) return gr_fail(err, "conv2d: %s must be channels out x channels in x height x width", wl);
  if (x->d[1] != w->d[1])
    return gr_fail(err, "conv2d: %s and %s do not fit: the second sizes of both, channels of x (%zu) and of w (%zu), must be equal",
                   xl, wl, x->d[1], w->d[1]);
  if (b->nd != 1 || b->d[0] != w->d[0])
    return gr_fail(err, "conv2d: %s does not fit %s: b needs a number for each channel that comes out (%zu)", bl, wl, w->d[0]);
  return true;
}

/* The parts of work add up without overflow: m, k and n fit in 31 bits, so only the batch can be too much. */
static bool room_to_unfold(const gr_tensor *t, size_t *work, gr_err *err) {
  const size_t *w = t->in[1]->d;
  size_t ignored;
  char x[ROOM], wl[ROOM];
  if (w[0] > INT_MAX || w[1] * w[2] * w[3] > INT_MAX)
    return gr_fail(err, "conv2d: %s is too large for BLAS, which counts to %d", in_label(t, 1, wl), INT_MAX);
  unfolding f = unfolding_of(t);
  if (!gr_size_mul(t->d[0] + 1, f.k * f.n, &ignored) || ignored > SIZE_MAX / 16)
    return gr_fail(err, "conv2d: %s and %s are too large: unfolded they do not fit the memory", in_label(t, 0, x),
                   in_label(t, 1, wl));
  *work = f.size;
  return true;
}

static const char convolved_text[] =
    "x (batch, c, h, w), w (out, c, kh, kw), b (out) give (batch, out, (h + 2 padding - kh) / stride + 1, likewise across), "
    "rounded down; stride (1) and padding (0) are a number or {down, across}";
static bool convolved_shape(gr_tensor *t, size_t *work, gr_err *err) {
  fill_pair(t->attr.d, 1, 1);
  fill_pair(t->attr.d + 2, 0, 0);
  return same_types(t, err) && are_images(t, err) && weights_fit(t, err) && count_windows(t, t->in[1]->d[0], err) &&
         room_to_unfold(t, work, err);
}

static const char pooled_text[] =
    "x (batch, c, h, w) gives (batch, c, (h + 2 padding - kernel) / stride + 1, likewise across), rounded down; kernel, stride "
    "(the kernel) and padding (0) are a number or {down, across}, padding at most half the kernel";
static bool pooled_shape(gr_tensor *t, size_t *work, gr_err *err) {
  size_t *kernel = t->attr.d, *padding = kernel + 4;
  (void)work;
  if (kernel[0] == GR_REST) return gr_fail(err, "%s: say how large the kernel is", t->op->name);
  fill_pair(kernel + 2, kernel[0], kernel[1]);
  fill_pair(padding, 0, 0);
  if (padding[0] > kernel[0] / 2 || padding[1] > kernel[1] / 2)
    return gr_fail(err, "%s: padding %zu x %zu is more than half the kernel (%zu x %zu)", t->op->name, padding[0], padding[1],
                   kernel[0], kernel[1]);
  return are_images(t, err) && count_windows(t, t->in[0]->d[1], err);
}

static const char picked_text[] = "as for avg_pool2d";
static bool picked_shape(gr_tensor *t, size_t *work, gr_err *err) {
  if (!pooled_shape(t, work, err)) return false;
  *work = t->d[0] * t->d[1] * t->d[2] * t->d[3]; /* at most 4 times the size of x */
  return true;
}
