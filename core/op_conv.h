/* op_conv.h: convolution and pooling of images (batch, channels, height, width), for either type of number.
**
** An image is unfolded into a matrix that has a column for each window, so that convolving is a product of
** matrices (Chellapilla, Puri & Simard 2006). All of it happens image by image, while the image is in the cache. */

/* ---- Unfolding ---------------------------------------------------------------------- */

/* The image with its zeros around it. */
static void R(pad)(windows s, const real *x, real *padded) {
  size_t height = padded_height(s), width = padded_width(s);
  memset(padded, 0, s.channels * height * width * sizeof(real));
  for (size_t c = 0; c < s.channels; c++, padded += height * width)
    for (size_t i = 0; i < s.h; i++, x += s.w) memcpy(padded + (i + s.ph) * width + s.pw, x, s.w * sizeof(real));
}

/* dx = or += the gradient of the padded image, without that of the zeros. */
static void R(unpad)(windows s, const real *padded, real *dx, bool add) {
  size_t height = padded_height(s), width = padded_width(s);
  for (size_t c = 0; c < s.channels; c++, padded += height * width)
    for (size_t i = 0; i < s.h; i++, dx += s.w) {
      const real *row = padded + (i + s.ph) * width + s.pw;
      if (add) R(add_all)(dx, row, s.w);
      else memcpy(dx, row, s.w * sizeof(real));
    }
}

/* Rows are short, and a call of memcpy costs more than one: so they are copied in whole chunks, which go beyond the end.
** What is too much there, the next row overwrites; behind the last one, work has room.                                */
static void R(copy_row)(const real *from, size_t step, real *restrict to, size_t n) {
  if (step == 1)
    for (size_t i = 0; i < n; i += CHUNK) memcpy(to + i, from + i, CHUNK * sizeof(real));
  else
    for (size_t i = 0; i < n; i++) to[i] = from[i * step];
}

/* Row (c, u, v) of col holds what lies at place (u, v) of each window in channel c. */
static void R(unfold)(windows s, const real *padded, real *col) {
  size_t height = padded_height(s), width = padded_width(s);
  for (size_t c = 0; c < s.channels; c++, padded += height * width)
    for (size_t u = 0; u < s.kh; u++)
      for (size_t v = 0; v < s.kw; v++)
        for (size_t i = 0; i < s.oh; i++, col += s.ow) R(copy_row)(padded + (i * s.sh + u) * width + v, s.sw, col, s.ow);
}

static void R(add_row)(const real *restrict from, real *restrict to, size_t step, size_t n) {
  if (step == 1)
    for (size_t i = 0; i < n; i++) to[i] += from[i];
  else
    for (size_t i = 0; i < n; i++) to[i * step] += from[i];
}

/* Adds each element of col to the pixel that it was unfolded from. */
static void R(fold)(windows s, const real *col, real *padded) {
  size_t height = padded_height(s), width = padded_width(s);
  memset(padded, 0, s.channels * height * width * sizeof(real));
  for (size_t c = 0; c < s.channels; c++, padded += height * width)
    for (size_t u = 0; u < s.kh; u++)
      for (size_t v = 0; v < s.kw; v++)
        for (size_t i = 0; i < s.oh; i++, col += s.ow) R(add_row)(col, padded + (i * s.sh + u) * width + v, s.sw, s.ow);
}

/* ---- Convolution -------------------------------------------------------------------- */

/* Image i as a matrix: itself, where windows are single pixels; else unfolded in work. */
static real *R(unfolded)(const gr_tensor *t, unfolding f, size_t i) {
  if (f.plain) return (real *)t->in[0]->x + i * f.k * f.n;
  return (real *)t->work + f.col + (f.kept ? i * f.k * f.n : 0);
}

/* y_i = w col_i + b, for each image i. */
static void R(conv2d_fw)(gr_tensor *t) {
  windows s = windows_of(t);
  unfolding f = unfolding_of(t);
  const real *x = t->in[0]->x, *w = t->in[1]->x, *b = t->in[2]->x;
  real *y = t->x, *padded = t->work;
  for (size_t i = 0; i < s.batch; i++, x += s.channels * s.h * s.w) {
    real *col = R(unfolded)(t, f, i);
    if (!f.plain) {
      R(pad)(s, x, padded);
      R(unfold)(s, padded, col);
    }
    R(multiply)((product_sizes){ f.m, f.k, f.n }, false, false, 1, w, col, y, false);
    for (size_t o = 0; o < f.m; o++, y += f.n)
      for (size_t j = 0; j < f.n; j++) y[j] += b[o];
  }
}

/* dx_i += w^T dy_i, folded back. */
static void R(conv2d_bw_x)(gr_tensor *t, windows s, unfolding f) {
  const real *w = t->in[1]->x, *dy = t->g;
  real *padded = t->work, *dcol = padded + f.dcol;
  product_sizes sizes = { f.k, f.m, f.n };
  bool add;
  real *dx = gr_grad_first(t->in[0], &add);
  for (size_t i = 0; i < s.batch; i++, dy += f.m * f.n, dx += s.channels * s.h * s.w) {
    R(multiply)(sizes, true, false, 1, w, dy, f.plain ? dx : dcol, f.plain && add);
    if (f.plain) continue;
    R(fold)(s, dcol, padded);
    R(unpad)(s, padded, dx, add);
  }
}

/* dw += the sum over images of dy_i col_i^T. It is gathered transposed: BLAS is faster so, as there are mostly more
** weights to a channel than channels.                                                                             */
static void R(conv2d_bw_w)(gr_tensor *t, windows s, unfolding f) {
  const real *dy = t->g;
  real *dw = gr_grad(t->in[1]), *turned = (real *)t->work + f.turned;
  for (size_t i = 0; i < s.batch; i++, dy += f.m * f.n)
    R(multiply)((product_sizes){ f.k, f.n, f.m }, false, true, 1, R(unfolded)(t, f, i), dy, turned, i > 0);
  for (size_t o = 0; o < f.m; o++)
    for (size_t k = 0; k < f.k; k++) dw[o * f.k + k] += turned[k * f.m + o];
}

static void R(conv2d_bw)(gr_tensor *t) {
  windows s = windows_of(t);
  unfolding f = unfolding_of(t);
  const real *dy = t->g;
  if (t->in[0]->g) R(conv2d_bw_x)(t, s, f);
  if (t->in[1]->g) R(conv2d_bw_w)(t, s, f);
  real *db = gr_grad(t->in[2]);
  for (size_t i = 0; db && i < s.batch; i++)
    for (size_t o = 0; o < f.m; o++, dy += f.n) db[o] += R(sum_of)(dy, f.n, false);
}

/* ---- Pooling ------------------------------------------------------------------------ */

/* The largest of kh x kw pixels, the first if there are several, and how far from x it lies. NaN counts as the largest. */
static inline real R(largest)(const real *x, size_t width, size_t kh, size_t kw, uint32_t *at) {
  real top = x[0];
  uint32_t found = 0;
  for (size_t u = 0; u < kh; u++)
    for (size_t v = 0; v < kw; v++) {
      real value = x[u * width + v];
      bool more = (value > top) | (value != value);
      top = more ? value : top;
      found = more ? (uint32_t)(u * width + v) : found;
    }
  *at = found;
  return top;
}

/* A row of windows that lie in the image whole, `step` apart. Inlined with constants, it becomes a loop over vectors. */
static inline void R(max_row)(windows s, size_t kernel, size_t step, const real *restrict x, real *restrict y,
                              uint32_t *restrict at) {
  for (size_t j = 0; j < s.ow; j++) {
    uint32_t found;
    y[j] = R(largest)(x + j * step, s.w, kernel, kernel, &found);
    at[j] = (uint32_t)(j * step) + found;
  }
}

/* A row of windows of any kind. What the padding cuts off is never the largest. */
static void R(max_any_row)(windows s, size_t i, const real *x, real *y, uint32_t *at) {
  span down = inside(i * s.sh, s.kh, s.ph, s.h);
  for (size_t j = 0; j < s.ow; j++) {
    span across = inside(j * s.sw, s.kw, s.pw, s.w);
    y[j] = R(largest)(x + across.from, s.w, down.n, across.n, &at[j]);
    at[j] += (uint32_t)across.from;
  }
}

/* work: for each window, where in its channel the largest lies, as 32-bit numbers. */
static void R(max_pool2d_fw)(gr_tensor *t) {
  windows s = windows_of(t);
  bool two = is_pool_of(s, 2), three = is_pool_of(s, 3);
  const real *x = t->in[0]->x;
  real *y = t->x;
  uint32_t *at = t->work;
  for (size_t c = 0; c < s.batch * s.channels; c++, x += s.h * s.w)
    for (size_t i = 0; i < s.oh; i++, y += s.ow, at += s.ow) {
      size_t first = inside(i * s.sh, s.kh, s.ph, s.h).from * s.w;
      if (two) R(max_row)(s, 2, 2, x + first, y, at);
      else if (three) R(max_row)(s, 3, s.sw, x + first, y, at);
      else R(max_any_row)(s, i, x + first, y, at);
      for (size_t j = 0; j < s.ow; j++) at[j] += (uint32_t)first;
    }
}

static void R(max_pool2d_bw)(gr_tensor *t) {
  windows s = windows_of(t);
  const real *dy = t->g;
  const uint32_t *at = t->work;
  bool add;
  real *dx = gr_grad_first(t->in[0], &add);
  for (size_t c = 0; dx && c < s.batch * s.channels; c++, dx += s.h * s.w) {
    if (!add) memset(dx, 0, s.h * s.w * sizeof *dx);
    for (size_t i = 0; i < s.oh * s.ow; i++) dx[*at++] += *dy++;
  }
}

static inline real R(total)(const real *x, size_t width, size_t kh, size_t kw) {
  real total = 0;
  for (size_t u = 0; u < kh; u++)
    for (size_t v = 0; v < kw; v++) total += x[u * width + v];
  return total;
}

/* As max_row and max_any_row; zeros of the padding count. */
static inline void R(avg_row)(windows s, size_t kernel, size_t step, const real *restrict x, real *restrict y) {
  for (size_t j = 0; j < s.ow; j++) y[j] = R(total)(x + j * step, s.w, kernel, kernel) / (real)(kernel * kernel);
}

static void R(avg_any_row)(windows s, size_t i, const real *x, real *y) {
  span down = inside(i * s.sh, s.kh, s.ph, s.h);
  for (size_t j = 0; j < s.ow; j++) {
    span across = inside(j * s.sw, s.kw, s.pw, s.w);
    y[j] = R(total)(x + across.from, s.w, down.n, across.n) / (real)(s.kh * s.kw);
  }
}

static void R(avg_pool2d_fw)(gr_tensor *t) {
  windows s = windows_of(t);
  bool two = is_pool_of(s, 2), three = is_pool_of(s, 3);
  const real *x = t->in[0]->x;
  real *y = t->x;
  for (size_t c = 0; c < s.batch * s.channels; c++, x += s.h * s.w)
    for (size_t i = 0; i < s.oh; i++, y += s.ow) {
      const real *row = x + inside(i * s.sh, s.kh, s.ph, s.h).from * s.w;
      if (two) R(avg_row)(s, 2, 2, row, y);
      else if (three) R(avg_row)(s, 3, s.sw, row, y);
      else R(avg_any_row)(s, i, row, y);
    }
}

static inline void R(share_out)(real *dx, size_t width, size_t kh, size_t kw, real share) {
  for (size_t u = 0; u < kh; u++)
    for (size_t v = 0; v < kw; v++) dx[u * width + v] += share;
}

/* As avg_row and avg_any_row: each pixel of a window gets the same share of its gradient. */
static inline void R(share_row)(windows s, size_t kernel, size_t step, const real *restrict dy, real *restrict dx) {
  for (size_t j = 0; j < s.ow; j++) R(share_out)(dx + j * step, s.w, kernel, kernel, dy[j] / (real)(kernel * kernel));
}

static void R(share_any_row)(windows s, size_t i, const real *dy, real *dx) {
  span down = inside(i * s.sh, s.kh, s.ph, s.h);
  for (size_t j = 0; j < s.ow; j++) {
    span across = inside(j * s.sw, s.kw, s.pw, s.w);
    R(share_out)(dx + across.from, s.w, down.n, across.n, dy[j] / (real)(s.kh * s.kw));
  }
}

static void R(avg_pool2d_bw)(gr_tensor *t) {
  windows s = windows_of(t);
  bool two = is_pool_of(s, 2), three = is_pool_of(s, 3);
  const real *dy = t->g;
  real *dx = gr_grad(t->in[0]);
  for (size_t c = 0; dx && c < s.batch * s.channels; c++, dx += s.h * s.w)
    for (size_t i = 0; i < s.oh; i++, dy += s.ow) {
      real *row = dx + inside(i * s.sh, s.kh, s.ph, s.h).from * s.w;
      if (two) R(share_row)(s, 2, 2, dy, row);
      else if (three) R(share_row)(s, 3, s.sw, dy, row);
      else R(share_any_row)(s, i, dy, row);
    }
}
