/* portable_real.h: products in a fixed order, for either type of number.
**
** c is computed in tiles of HIGH rows and WIDE columns, whose sums stay in registers. What a tile reads is packed first: HIGH
** rows of a side by side, WIDE columns of b side by side, in blocks that stay in cache (Goto & van de Geijn 2008).
** Going on with a sum that lay in memory for a while does not change it: that is why blocks do not show in the bits. */

/* A row of a tile, as a type that compilers keep in vector registers, however wide these are: they do not see that an array
** would fit. 64 bytes are one register or several; the additions are the same.                                         */
typedef real R(lanes) __attribute__((vector_size(64)));

enum {
  R(WIDE) = sizeof(R(lanes)) / sizeof(real),
  R(DEEP) = 256,                  /* of the inner size, in a block */
  R(TALL) = 16 * HIGH,            /* rows of a in a block */
  R(BROAD) = 2048 / sizeof(real), /* columns of b in a block */
};

/* A tile of c += a strip of a times a strip of b. */
EVERY_CPU static void R(add_tile)(size_t k, const real *a, const real *b, real *c) {
  R(lanes) sum[HIGH], row;
  memcpy(sum, c, sizeof sum);
  for (size_t p = 0; p < k; p++, a += HIGH, b += R(WIDE)) {
    memcpy(&row, b, sizeof row);
    for (int i = 0; i < HIGH; i++) sum[i] += a[i] * row;
  }
  memcpy(c, sum, sizeof sum);
}

/* n lines of k numbers become strips of `high` lines, number after number; 0 where the last strip has no line. A number lies
** `step` from the next of its line, a line `apart` from the next.                                                         */
static inline void R(pack)(const real *from, size_t n, size_t apart, size_t k, size_t step, size_t high, real scale, real *to) {
  for (size_t i0 = 0; i0 < n; i0 += high, from += high * apart, to += high * k) {
    size_t rows = n - i0 < high ? n - i0 : high;
    for (size_t i = 0; step == 1 && i < rows; i++)
      for (size_t p = 0; p < k; p++) to[p * high + i] = scale * from[i * apart + p];
    for (size_t p = 0; step != 1 && p < k; p++)
      for (size_t i = 0; i < rows; i++) to[p * high + i] = scale * from[i * apart + p * step];
    for (size_t p = 0; p < k; p++)
      for (size_t i = rows; i < high; i++) to[p * high + i] = 0;
  }
}

static void R(pack_a)(const R(gr_product) *q, size_t i, size_t rows, size_t p, size_t k, real *to) {
  const real *from = q->a + (q->ta ? p * q->lda + i : i * q->lda + p);
  R(pack)(from, rows, q->ta ? 1 : q->lda, k, q->ta ? q->lda : 1, HIGH, q->scale, to);
}

static void R(pack_b)(const R(gr_product) *q, size_t j, size_t columns, size_t p, size_t k, real *to) {
  const real *from = q->b + (q->tb ? j * q->ldb + p : p * q->ldb + j);
  R(pack)(from, columns, q->tb ? q->ldb : 1, k, q->tb ? 1 : q->ldb, R(WIDE), 1, to);
}

/* One tile, by way of a whole one where it lies at the edge of c. With `fresh` its sums start from 0. */
static void R(do_tile)(const R(gr_product) *q, size_t i, size_t j, size_t k, const real *a, const real *b, bool fresh) {
  _Alignas(64) real tile[HIGH * R(WIDE)] = { 0 };
  size_t rows = q->m - i < HIGH ? q->m - i : HIGH, columns = q->n - j < R(WIDE) ? q->n - j : R(WIDE);
  real *c = q->c + i * q->ldc + j;
  for (size_t r = 0; !fresh && r < rows; r++)
    for (size_t l = 0; l < columns; l++) tile[r * R(WIDE) + l] = c[r * q->ldc + l];
  R(add_tile)(k, a, b, tile);
  for (size_t r = 0; r < rows; r++)
    for (size_t l = 0; l < columns; l++) c[r * q->ldc + l] = tile[r * R(WIDE) + l];
}

static size_t R(least)(size_t a, size_t b) { return a < b ? a : b; }

/* Columns j.. of c, as many as a block of b has, with p.. of the inner size. */
static void R(do_block)(const R(gr_product) *q, size_t j, size_t p, const real *packed_b) {
  _Alignas(64) real packed_a[R(TALL) *R(DEEP)];
  size_t k = R(least)(q->k - p, R(DEEP)), columns = R(least)(q->n - j, R(BROAD));
  for (size_t i = 0; i < q->m; i += R(TALL)) {
    size_t rows = R(least)(q->m - i, R(TALL));
    R(pack_a)(q, i, rows, p, k, packed_a);
    for (size_t l = 0; l < columns; l += R(WIDE))
      for (size_t r = 0; r < rows; r += HIGH) R(do_tile)(q, i + r, j + l, k, packed_a + r * k, packed_b + l * k, p == 0 && !q->add);
  }
}

void R(gr_ordered_product)(const R(gr_product) *q) {
  _Alignas(64) real packed_b[R(BROAD) *R(DEEP)];
  for (size_t j = 0; j < q->n; j += R(BROAD))
    for (size_t p = 0; p < q->k; p += R(DEEP)) {
      size_t columns = R(least)(q->n - j, R(BROAD)), k = R(least)(q->k - p, R(DEEP));
      R(pack_b)(q, j, columns, p, k, packed_b);
      R(do_block)(q, j, p, packed_b);
    }
}

double R(gr_ordered_squares)(const real *x, size_t n) {
  double part[8] = { 0 };
  for (size_t i = 0; i < n; i++) part[i % 8] += (double)x[i] * (double)x[i];
  return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}
