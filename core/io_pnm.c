/* io_pnm.c: PGM and PPM pictures (Netpbm's formats, man 5 pgm and ppm): P2 and P3 hold numbers as text, P5 and P6 as bytes;
** P2 and P5 are gray, P3 and P6 coloured. In front stand width, height and the value of white; # begins a comment.         */
#include "io.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_WHITE = 65535, LARGEST = 1 << 30 };

/* Text being read. */
typedef struct text {
  const char *name;
  const unsigned char *at, *end;
} text;

static void skip_line(text *t) {
  while (t->at < t->end && *t->at != '\n') t->at++;
}

static void skip_spaces(text *t) {
  for (; t->at < t->end && (isspace(*t->at) || *t->at == '#'); t->at++)
    if (*t->at == '#') {
      skip_line(t);
      if (t->at == t->end) return;
    }
}

/* The next whole number, from 0 to `most`; `what` says of what. */
static bool read_number(text *t, const char *what, size_t most, size_t *n, gr_err *err) {
  *n = 0;
  skip_spaces(t);
  if (t->at == t->end) return gr_fail(err, "%s: ends early: %s should come next", t->name, what);
  if (!isdigit(*t->at)) return gr_fail(err, "%s: %s should be a whole number, but there is byte 0x%02X", t->name, what, *t->at);
  for (; t->at < t->end && isdigit(*t->at); t->at++) {
    *n = 10 * *n + (size_t)(*t->at - '0');
    if (*n > most) return gr_fail(err, "%s: %s is larger than %zu", t->name, what, most);
  }
  return true;
}

/* What stands between the header and the bytes: one space of any kind, or a comment up to the end of its line. */
static bool end_header(text *t, gr_err *err) {
  if (t->at < t->end && *t->at == '#') skip_line(t);
  if (t->at < t->end && isspace(*t->at++)) return true;
  return gr_fail(err, "%s: a space or a new line should follow the value of white", t->name);
}

static bool read_header(text *t, gr_picture *p, gr_err *err) {
  size_t white = 0;
  if (!read_number(t, "the width", LARGEST, &p->width, err) || !read_number(t, "the height", LARGEST, &p->height, err))
    return false;
  if (!read_number(t, "the value of white", MOST_WHITE, &white, err)) return false;
  if (white == 0) return gr_fail(err, "%s: the value of white is 0: it should be from 1 to %d", t->name, MOST_WHITE);
  p->white = (unsigned)white;
  return true;
}

/* Whether `bytes` more bytes, which the header promises at least, are there. */
static bool has_bytes(const text *t, const gr_picture *p, size_t bytes, gr_err *err) {
  size_t there = (size_t)(t->end - t->at);
  if (there >= bytes) return true;
  return gr_fail(err, "%s: ends early: %zu x %zu pixels take at least %zu bytes, and there are %zu", t->name, p->height, p->width,
                 bytes, there);
}

static bool read_bytes(const text *t, gr_picture *p, gr_err *err) {
  const size_t n = gr_picture_samples(p), each = gr_picture_each(p);
  memcpy(p->x, t->at, n * each);
  for (size_t i = 0; i < n; i++) {
    unsigned v = each == 1 ? p->x[i] : (unsigned)p->x[2 * i] << 8 | p->x[2 * i + 1];
    if (v > p->white) return gr_fail(err, "%s: sample %zu is %u, but white is %u", t->name, i + 1, v, p->white);
  }
  return true;
}

static bool read_words(text *t, gr_picture *p, gr_err *err) {
  const size_t n = gr_picture_samples(p), each = gr_picture_each(p);
  size_t v = 0;
  for (size_t i = 0; i < n; i++) {
    char what[48];
    snprintf(what, sizeof what, "sample %zu", i + 1);
    if (!read_number(t, what, p->white, &v, err)) return false;
    if (each == 2) p->x[2 * i] = (unsigned char)(v >> 8);
    p->x[each * i + each - 1] = (unsigned char)v;
  }
  return true;
}

/* Memory is asked for only where the file is long enough for what it promises: a sample as text takes a digit and a space.
** Sizes up to LARGEST cannot overflow in this. */
bool gr_pnm_parse(const char *name, const unsigned char *bytes, size_t count, gr_picture *p, gr_err *err) {
  text t = { .name = name, .at = bytes + 2, .end = bytes + count };
  const bool binary = bytes[1] == '5' || bytes[1] == '6';
  *p = (gr_picture){ .channels = bytes[1] == '3' || bytes[1] == '6' ? 3 : 1 };
  if (!read_header(&t, p, err) || (binary && !end_header(&t, err))) return false;
  const size_t n = gr_picture_samples(p);
  return has_bytes(&t, p, binary ? n * gr_picture_each(p) : 2 * n, err) && gr_picture_room(name, p, err) &&
         (binary ? read_bytes(&t, p, err) : read_words(&t, p, err));
}

bool gr_pnm_write(gr_out *out, const gr_picture *p, gr_err *err) {
  char front[80];
  snprintf(front, sizeof front, "P%d\n%zu %zu\n255\n", p->channels == 3 ? 6 : 5, p->width, p->height);
  return gr_out_write(out, front, strlen(front), err) && gr_out_write(out, p->x, gr_picture_samples(p), err);
}
