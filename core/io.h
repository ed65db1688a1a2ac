/* io.h: what the readers of files share. */
#ifndef GR_IO_H
#define GR_IO_H

#include "gr.h"

/* The whole of a file, gunzipped if it is gzipped, with a zero byte behind it; the caller frees with gr_free. */
char *gr_file_bytes(const char *path, size_t *count, gr_err *err);

/* The decimal number that starts at `from` (sign, digits, point, exponent; no spaces, no hex, no names), rounded
** correctly; infinity if it is too large. Returns where it ends, NULL if no number stands there.               */
const char *gr_number_read(const char *from, const char *end, double *value);

#endif
