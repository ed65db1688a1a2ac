/* op_drop.h: dropout, for either type of number.
**
** Its masks are draws by count (draw.h). The input `draws` holds key and count, and forward counts on in its memory. That is no
** change of the tensor: backward reads the mask, not the count; so the recorded step can run again, with the next mask.     */

/* scale_i = 0 with probability p, else 1 / (1 - p). A word of 64 bits serves two elements. The value is looked up: a branch that
** goes either way at random costs more than all the rest.                                                                   */
static void R(draw_mask)(real *scale, size_t n, uint64_t start, double p) {
  const uint64_t dropped = (uint64_t)(p * 0x1p32 + 0.5);
  const real values[2] = { (real)(1 / (1 - p)), 0 };
  size_t pairs = n / 2;
  for (size_t i = 0; i < pairs; i++) {
    uint64_t word = draw_word(start, i);
    scale[2 * i] = values[(word & UINT32_MAX) < dropped];
    scale[2 * i + 1] = values[(word >> 32) < dropped];
  }
  if (n % 2) scale[n - 1] = values[(draw_word(start, pairs) & UINT32_MAX) < dropped];
}

/* work: what each element is multiplied by. */
static void R(dropout_fw)(gr_tensor *t) {
  double *draws = t->in[1]->x;
  const real *x = t->in[0]->x;
  real *y = t->x, *scale = t->work;
  R(draw_mask)(scale, t->size, draw_start((uint64_t)draws[0], (uint64_t)draws[1]), t->attr.v[0]);
  draws[1]++;
  for (size_t i = 0; i < t->size; i++) y[i] = x[i] * scale[i];
}

static void R(dropout_bw)(gr_tensor *t) {
  const real *scale = t->work, *dy = t->g;
  real *dx = gr_grad(t->in[0]);
  if (!dx) return;
  for (size_t i = 0; i < t->size; i++) dx[i] += dy[i] * scale[i];
}
