/* linalg.h: what the files of linear algebra share among themselves.
**
** All of it computes in doubles, also for f32 tensors, whose results are then rounded: that is what
** NumPy does, and its digits come out. LAPACK wants columns one after the other where our rows lie
** one after the other, so matrices are turned on their way in and out.                             */
#ifndef GR_LINALG_H
#define GR_LINALG_H

#include "core.h"

/* ---- Checks, each with its message (linalg.c) --------------------------------------- */

bool gr_matrix_check(const char *what, gr_tensor *a, gr_err *err); /* two sizes, none over 32 bits; ready; no NaN, no infinity */
bool gr_matrix_square(const char *what, gr_tensor *a, gr_err *err);
bool gr_matrix_symmetric(const char *what, gr_tensor *a, gr_err *err);                /* but for rounding */
bool gr_matrix_right_side(const char *what, gr_tensor *a, gr_tensor *b, gr_err *err); /* b of a x = b: vector or matrix */
bool gr_matrix_fits(const char *what, gr_tensor *a, const gr_tensor *x, gr_err *err); /* the result x of a has numbers only */
bool gr_matrix_diverged(const char *what, const gr_tensor *a, gr_err *err);           /* always false */

/* Fails in portable mode: what comes from LAPACK has other bits elsewhere. */
bool gr_matrix_lapack(const char *what, gr_err *err);

/* ---- In and out (linalg.c) ---------------------------------------------------------- */

double gr_matrix_epsilon(const gr_tensor *a); /* of a's own type */

/* Room for a times b numbers; NULL when they do not fit. */
double *gr_matrix_room(size_t a, size_t b, gr_err *err);

/* The working memory that LAPACK asked for as a number, and its size in *length. */
double *gr_matrix_work(const char *what, double asked, int *length, gr_err *err);

/* a's numbers into to, row after row or column after column. A vector is one column. */
void gr_matrix_rows(const gr_tensor *a, double *to);
void gr_matrix_columns(const gr_tensor *a, double *to);
double *gr_matrix_columns_new(const gr_tensor *a, gr_err *err); /* the caller frees it */

/* A new m x n tensor of numbers given row after row, or column after column. */
gr_tensor *gr_matrix_from_rows(gr_dtype dtype, size_t m, size_t n, const double *from, gr_err *err);
gr_tensor *gr_matrix_from_columns(gr_dtype dtype, size_t m, size_t n, const double *from, gr_err *err);
gr_tensor *gr_matrix_vector(gr_dtype dtype, size_t n, const double *from, gr_err *err);

/* ---- Singular matrices (linalg_exact.c) --------------------------------------------- */

enum {
  GR_EXACT_MAX = 16,    /* up to this size, in both directions, rank is decided in whole numbers */
  GR_DEPENDENT_MAX = 8, /* and up to this one, the row that depends on others is named */
};

/* The rank when the entries are taken for the whole numbers or short decimals they were written as.
** False when they are none, or too large to decide.                                                */
bool gr_exact_rank(const gr_tensor *a, size_t *rank);

/* Whether a square matrix is singular by that rank. */
bool gr_exactly_singular(const gr_tensor *a);

/* "row 4 = 2 row 1 + row 2" for the first row that depends on earlier ones; false if none is found. */
bool gr_dependence_text(const gr_tensor *a, char *out, size_t room);

#endif
