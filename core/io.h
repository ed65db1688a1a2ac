/* io.h: what the readers of files share. */
#ifndef GR_IO_H
#define GR_IO_H

#include "gr.h"

#include <stdio.h>

/* A file that is read from its beginning, and gunzipped on the way if it is gzipped. */
typedef struct gr_file {
  const char *path; /* the caller's: it opens messages */
  size_t size;      /* bytes on the disk; 0 when that is not known */
  void *gz;         /* zlib's */
  const char *rest; /* of a file in memory: what is not read yet, up to `end`; NULL: it lies on the disk */
  const char *end;
} gr_file;

bool gr_file_open(gr_file *f, const char *path, gr_err *err);

/* The next `want` bytes; fewer in *got only where the file ends. A gzipped file is whole and undamaged once its end was met. */
bool gr_file_read(gr_file *f, void *to, size_t want, size_t *got, gr_err *err);

void gr_file_close(gr_file *f); /* also after gr_file_open has failed */

/* The whole of a file, with a zero byte behind it; the caller frees with gr_free. */
char *gr_file_bytes(const char *path, size_t *count, gr_err *err);

/* The same of at most so many bytes, unpacked; of one that holds more no more is read, and the reading fails. */
char *gr_file_bytes_most(const char *path, size_t most, size_t *count, gr_err *err);

/* The decimal number that starts at `from` (sign, digits, point, exponent; no spaces, no hex, no names), rounded
** correctly; infinity if it is too large. Returns where it ends, NULL if no number stands there.               */
const char *gr_number_read(const char *from, const char *end, double *value);

/* Turns n numbers of `each` bytes, least significant byte first, into the machine's own, or back: nothing to do on most machines. */
void gr_little_endian(void *numbers, size_t n, size_t each);

/* A file on its way. What is written goes to a file beside the one that is meant, which takes its place only when all of it
** lies on the disk: until then, and after any failure, what was there before is as it was, and nothing lies beside it.
**
**   gr_out out;
**   if (!gr_out_open(&out, path, err)) return false;
**   bool ok = gr_out_write(&out, bytes, n, err);
**   return gr_out_close(&out, ok, err);
**
** A link keeps pointing to its file; permissions stay. Folders, pipes and devices are refused.                            */
typedef struct gr_out {
  FILE *file;
  char *path;   /* what the messages call it: as the caller wrote it */
  char *target; /* where it shall stand, links followed */
  char *beside; /* where it is written */
} gr_out;

bool gr_out_open(gr_out *out, const char *path, gr_err *err);
bool gr_out_write(gr_out *out, const void *from, size_t n, gr_err *err);
bool gr_out_numbers(gr_out *out, const gr_tensor *t, gr_err *err); /* of a ready tensor, least significant bytes first */

/* Puts the file in its place if all went well so far (`ok`), else takes it away. Must follow every gr_out_open that succeeded. */
bool gr_out_close(gr_out *out, bool ok, gr_err *err);

/* The same into memory: for who wants a file's bytes alone. */
typedef struct gr_memory_out {
  gr_out out;
  char *bytes;
  size_t count;
} gr_memory_out;

bool gr_memory_out_open(gr_memory_out *m, gr_err *err);

/* The bytes, which count counts; NULL if not all went well. Must follow every gr_memory_out_open that succeeded. */
char *gr_memory_out_close(gr_memory_out *m, bool ok, size_t *count, gr_err *err);

/* The renaming of a file outlives a loss of power only when its folder is written too. Not every system can do that. */
void gr_folder_sync(const char *file);

/* The bytes of a .npy file as a tensor; `name` opens messages. */
gr_tensor *gr_npy_parse(const char *name, const char *bytes, size_t count, gr_dtype dtype, gr_err *err);

enum { GR_NPY_FRONT = 512 };

/* What stands in front of the numbers in t's .npy file; NumPy lets those begin at a multiple of 64. Returns its bytes. */
size_t gr_npy_front(const gr_tensor *t, char out[GR_NPY_FRONT]);

/* A picture as files hold it: rows of pixels of 1 sample (gray) or 3 (red, green, blue), from 0 (black) to `white`. A sample is 1
** byte, or 2 with the most significant first.                                                                            */
typedef struct gr_picture {
  size_t height, width, channels;
  unsigned white;   /* up to 255: a byte a sample; up to 65535: two */
  unsigned char *x; /* to be released with gr_free */
} gr_picture;

size_t gr_picture_samples(const gr_picture *p); /* how many there are */
size_t gr_picture_each(const gr_picture *p);    /* bytes of one */

/* Gives a picture whose sizes are set its memory. Fails for a size of 0, and for more than 2^28 pixels. */
bool gr_picture_room(const char *name, gr_picture *p, gr_err *err);

/* The picture that begins with those bytes; `name` opens messages. p->x is memory of the caller's, or NULL, also after a failure. */
bool gr_png_parse(const char *name, const unsigned char *bytes, size_t count, gr_picture *p, gr_err *err);
bool gr_pnm_parse(const char *name, const unsigned char *bytes, size_t count, gr_picture *p, gr_err *err);

/* A picture of white 255 as a file of its own. */
bool gr_png_write(gr_out *out, const gr_picture *p, gr_err *err);
bool gr_pnm_write(gr_out *out, const gr_picture *p, gr_err *err);

#endif
