/* linalg.h: what the files of linear algebra share among themselves. */
#ifndef GR_LINALG_H
#define GR_LINALG_H

#include "core.h"

/* Up to this size, in both directions, a singular matrix is examined row by row. */
enum { GR_EXACT_MAX = 8 };

/* Whether the matrix is singular when its entries are taken for the whole numbers or short decimals they
** were written as. False also when they are none, or too large to decide. Square, at most GR_EXACT_MAX.  */
bool gr_exactly_singular(const gr_tensor *a);

/* "row 4 = 2 row 1 + row 2" for the first row that depends on earlier ones; false if none is found. */
bool gr_dependence_text(const gr_tensor *a, char *out, size_t room);

/* The rank by whole numbers, where that can be decided. */
bool gr_exact_rank(const gr_tensor *a, size_t *rank);

#endif
