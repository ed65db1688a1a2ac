/* portable.h: what takes the place of BLAS, LAPACK and the C library's functions in portable mode, for the core's files.
**
** In portable mode (gr_set_portable) the same bits come out on every machine with IEEE arithmetic. Nothing of gcc, clang, the
** processor or the C library may then decide a bit: so only + - * / and roots are asked for, which IEEE 754 rounds exactly,
** and always in the order that the C text has them.                                                                     */
#ifndef GR_PORTABLE_H
#define GR_PORTABLE_H

#include "gr.h"

/* ---- Products and elimination (portable.c) ------------------------------------------ */

/* op(a)(m,k) op(b)(k,n) and where it goes. The rows of a, b and c lie lda, ldb and ldc numbers apart, as they are stored. */
typedef struct gr_product_f64 {
  size_t m, k, n;
  bool ta, tb, add;
  double scale;
  const double *a, *b;
  double *c;
  size_t lda, ldb, ldc;
} gr_product_f64;

typedef struct gr_product_f32 {
  size_t m, k, n;
  bool ta, tb, add;
  float scale;
  const float *a, *b;
  float *c;
  size_t lda, ldb, ldc;
} gr_product_f32;

/* c = or += scale op(a) op(b). Each number of c is its own sum, from 0 or from what it was, over k in order: of terms
** (scale a) b, each rounded. So neither blocks nor threads nor the width of vectors decide a bit.                   */
void gr_ordered_product_f64(const gr_product_f64 *p);
void gr_ordered_product_f32(const gr_product_f32 *p);

/* Elimination with row exchanges, in place: f(n,n), column after column, becomes l (ones on its diagonal, not stored) and u.
** Row i was exchanged with row pivot[i], counted from 1 as LAPACK does. False when a pivot is 0.                          */
bool gr_ordered_lu(size_t m, size_t n, double *f, int *pivot);

/* x(n,k), row after row, becomes the inverse of the factored matrix (way 'N') or of its transpose ('T') times x. */
void gr_ordered_solve(char way, size_t n, const double *f, const int *pivot, double *x, size_t k);

/* The same for the identity: x, not read, becomes the inverse itself. A third of the work is saved. */
void gr_ordered_inverse(char way, size_t n, const double *f, const int *pivot, double *x);

/* f(m,n), column after column, becomes r on and above its diagonal, and q(m,k) its orthonormal columns, k the smaller of m and n.
** factors: room for k numbers.                                                                                             */
void gr_ordered_qr(size_t m, size_t n, double *f, double *factors, double *q);

/* The sum of squares, in eight partial sums. */
double gr_ordered_squares_f64(const double *x, size_t n);
double gr_ordered_squares_f32(const float *x, size_t n);

/* ---- Functions (functions.c) -------------------------------------------------------- */

/* y[i] = of x[i], for i below n; x and y do not overlap. f32 are computed in doubles, and rounded once more. */
void gr_own_sin_of_f64(const double *x, double *y, size_t n);
void gr_own_sin_of_f32(const float *x, float *y, size_t n);
void gr_own_cos_of_f64(const double *x, double *y, size_t n);
void gr_own_cos_of_f32(const float *x, float *y, size_t n);
void gr_own_erfc_of_f64(const double *x, double *y, size_t n);
void gr_own_erfc_of_f32(const float *x, float *y, size_t n);

#endif
