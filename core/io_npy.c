/* io_npy.c: NumPy's .npy files (NEP 1): a magic word, a version, the length of a header, and the header, a
** Python dictionary with the type, the order and the shape; then the numbers.                          */
#include "io.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct header {
  char kind;    /* f i u b */
  size_t each;  /* bytes of a number */
  bool big;     /* most significant byte first */
  bool fortran; /* the first axis runs fastest */
  int nd;
  size_t d[GR_MAX_DIMS];
} header;

/* ---- The header --------------------------------------------------------------------- */

/* Text being read; NULL after something unexpected. */
typedef struct text {
  const char *at, *end;
} text;

static void skip_spaces(text *t) {
  while (t->at < t->end && (*t->at == ' ' || *t->at == '\n' || *t->at == '\t')) t->at++;
}

/* Takes `word` if it comes next. */
static bool take(text *t, const char *word) {
  size_t n = strlen(word);
  skip_spaces(t);
  if ((size_t)(t->end - t->at) < n || memcmp(t->at, word, n) != 0) return false;
  t->at += n;
  return true;
}

/* A short string in either kind of quotes. */
static bool take_string(text *t, char out[32]) {
  const char *quote = take(t, "'") ? "'" : take(t, "\"") ? "\"" : NULL;
  size_t n = 0;
  if (!quote) return false;
  while (t->at < t->end && *t->at != *quote && n < 31) out[n++] = *t->at++;
  out[n] = 0;
  return take(t, quote);
}

static bool take_size(text *t, size_t *size) {
  size_t n = 0;
  skip_spaces(t);
  if (t->at == t->end || *t->at < '0' || *t->at > '9') return false;
  for (; t->at < t->end && *t->at >= '0' && *t->at <= '9'; t->at++)
    if (!gr_size_mul(n, 10, &n) || __builtin_add_overflow(n, (size_t)(*t->at - '0'), &n)) return false;
  take(t, "L"); /* Python 2 wrote its long integers so */
  *size = n;
  return true;
}

/* (), (3,), (2, 3) */
static bool take_shape(text *t, header *h) {
  h->nd = 0;
  if (!take(t, "(")) return false;
  while (!take(t, ")")) {
    if (h->nd == GR_MAX_DIMS || !take_size(t, &h->d[h->nd++])) return false;
    if (!take(t, ",") && (skip_spaces(t), t->at == t->end || *t->at != ')')) return false;
  }
  return true;
}

/* "<f8": byte order, kind, bytes. */
static bool read_type(const char *path, const char *descr, header *h, gr_err *err) {
  const char *letter = descr[0] && strchr("<>|=", descr[0]) ? descr + 1 : descr;
  h->big = descr[0] == '>';
  h->kind = letter[0];
  h->each = letter[0] && letter[1] >= '1' && letter[1] <= '8' && !letter[2] ? (size_t)(letter[1] - '0') : 0;
  if (h->kind == 'O')
    return gr_fail(err, "%s: holds Python objects: they are refused, because reading them would run the code in them", path);
  bool known = h->kind == 'f'                     ? h->each == 4 || h->each == 8
               : h->kind == 'i' || h->kind == 'u' ? h->each == 1 || h->each == 2 || h->each == 4 || h->each == 8
                                                  : h->kind == 'b' && h->each == 1;
  if (!known) return gr_fail(err, "%s: its numbers are of type '%s': f4 f8, i1 to i8, u1 to u8 and b1 can be read", path, descr);
  return true;
}

static bool read_dictionary(const char *path, text t, header *h, gr_err *err) {
  char key[32], descr[32] = "";
  bool order = false, shape = false, ok = take(&t, "{");
  while (ok && !take(&t, "}")) {
    ok = take_string(&t, key) && take(&t, ":");
    if (ok && strcmp(key, "descr") == 0) {
      ok = take_string(&t, descr);
    } else if (ok && strcmp(key, "fortran_order") == 0) {
      h->fortran = take(&t, "True");
      ok = order = h->fortran || take(&t, "False");
    } else if (ok && strcmp(key, "shape") == 0) {
      ok = shape = take_shape(&t, h);
    } else {
      ok = false;
    }
    if (ok && !take(&t, ",")) ok = (skip_spaces(&t), t.at < t.end && *t.at == '}');
  }
  skip_spaces(&t);
  if (!ok || !descr[0] || !order || !shape || t.at != t.end)
    return gr_fail(err, "%s: its header cannot be read (up to %d axes, plain numbers)", path, GR_MAX_DIMS);
  return read_type(path, descr, h, err);
}

/* Reads everything in front of the numbers; *start: where they begin. */
static bool read_header(const char *path, const char *b, size_t count, header *h, size_t *start, gr_err *err) {
  static const char magic[] = "\x93NUMPY";
  const unsigned char *u = (const unsigned char *)b;
  if (count < 10 || memcmp(b, magic, 6) != 0) return gr_fail(err, "%s: this is no .npy file", path);
  if (u[6] < 1 || u[6] > 3) return gr_fail(err, "%s: is of version %d: versions 1 to 3 can be read", path, u[6]);
  size_t fixed = u[6] == 1 ? 10 : 12, length = u[8] | (size_t)u[9] << 8;
  if (u[6] > 1 && count >= fixed) length |= (size_t)u[10] << 16 | (size_t)u[11] << 24;
  if (count < fixed || count - fixed < length) return gr_fail(err, "%s: ends within its header", path);
  *start = fixed + length;
  return read_dictionary(path, (text){ b + fixed, b + *start }, h, err);
}

/* ---- The numbers -------------------------------------------------------------------- */

static uint64_t bits_at(const unsigned char *b, const header *h) {
  uint64_t v = 0;
  for (size_t i = 0; i < h->each; i++) v = v << 8 | b[h->big ? i : h->each - 1 - i];
  return v;
}

static double signed_value(uint64_t bits, size_t bytes) {
  int unused = 64 - 8 * (int)bytes;
  return (double)((int64_t)(bits << unused) >> unused);
}

static double number_at(const unsigned char *b, const header *h) {
  uint64_t bits = bits_at(b, h);
  uint32_t narrow = (uint32_t)bits;
  float f;
  double d;
  if (h->kind == 'i') return signed_value(bits, h->each);
  if (h->kind != 'f') return (double)bits;
  memcpy(&f, &narrow, sizeof f);
  memcpy(&d, &bits, sizeof d);
  return h->each == 4 ? (double)f : d;
}

/* Where element i of a row-major tensor stands in a file whose first axis runs fastest. */
static size_t fortran_place(const header *h, size_t i) {
  size_t at = 0, index[GR_MAX_DIMS] = { 0 };
  for (int k = h->nd - 1; k >= 0; k--) {
    index[k] = i % h->d[k];
    i /= h->d[k];
  }
  for (int k = h->nd - 1; k >= 0; k--) at = at * h->d[k] + index[k];
  return at;
}

static bool check_bytes(const char *path, const header *h, size_t there, gr_err *err) {
  char shape[128];
  size_t bytes = h->each;
  for (int i = 0; i < h->nd; i++) {
    if (h->d[i] == 0) return gr_fail(err, "%s: size %d is 0", path, i + 1);
    if (!gr_size_mul(bytes, h->d[i], &bytes)) return gr_fail(err, "%s: its sizes are more than this machine can address", path);
  }
  gr_shape_text(h->nd, h->d, shape, sizeof shape);
  if (there < bytes) return gr_fail(err, "%s: ends early: %s takes %zu bytes, and there are %zu", path, shape, bytes, there);
  if (there > bytes)
    return gr_fail(err, "%s: goes on after its end: %s takes %zu bytes, and there are %zu", path, shape, bytes, there);
  return true;
}

gr_tensor *gr_npy_parse(const char *name, const char *b, size_t count, gr_dtype dtype, gr_err *err) {
  size_t start = 0;
  header h = { 0 };
  gr_tensor *t = NULL;
  if (read_header(name, b, count, &h, &start, err) && check_bytes(name, &h, count - start, err)) {
    if (h.kind == 'f') dtype = h.each == 4 ? GR_F32 : GR_F64;
    t = gr_new(dtype, h.nd, h.d, err);
  }
  assert(!t || h.each > 0); /* read_type has seen to it */
  const unsigned char *at = (const unsigned char *)b + (t ? start : 0);
  for (size_t i = 0; t && i < t->size; i++) gr_set(t, i, number_at(at + (h.fortran ? fortran_place(&h, i) : i) * h.each, &h));
  return t;
}

gr_tensor *gr_npy_read(const char *path, gr_dtype dtype, gr_err *err) {
  size_t count;
  char *b = gr_file_bytes(path, &count, err);
  gr_tensor *t = b ? gr_npy_parse(path, b, count, dtype, err) : NULL;
  gr_free(b);
  return t;
}

/* ---- Writing ------------------------------------------------------------------------ */

size_t gr_npy_front(const gr_tensor *t, char out[GR_NPY_FRONT]) {
  static const char magic[] = "\x93NUMPY\1\0";
  const size_t fixed = 10, step = 64;
  size_t n = fixed;
  n += (size_t)sprintf(out + n, "{'descr': '<f%d', 'fortran_order': False, 'shape': (", (int)gr_dtype_size(t->dtype));
  for (int i = 0; i < t->nd; i++) n += (size_t)sprintf(out + n, i ? ", %zu" : "%zu", t->d[i]);
  n += (size_t)sprintf(out + n, t->nd == 1 ? ",), }" : "), }");
  while ((n + 1) % step) out[n++] = ' ';
  out[n++] = '\n';
  memcpy(out, magic, sizeof magic - 1);
  out[8] = (char)((n - fixed) & 255);
  out[9] = (char)((n - fixed) >> 8);
  return n;
}

static bool write_all(gr_out *out, const gr_tensor *t, gr_err *err) {
  char front[GR_NPY_FRONT];
  return gr_out_write(out, front, gr_npy_front(t, front), err) && gr_out_numbers(out, t, err);
}

bool gr_npy_write(const char *path, gr_tensor *t, gr_err *err) {
  gr_out out;
  if (!gr_ready(t, err) || !gr_out_open(&out, path, err)) return false;
  return gr_out_close(&out, write_all(&out, t, err), err);
}

char *gr_npy_bytes(gr_tensor *t, size_t *count, gr_err *err) {
  gr_memory_out m;
  if (!gr_ready(t, err) || !gr_memory_out_open(&m, err)) return NULL;
  return gr_memory_out_close(&m, write_all(&m.out, t, err), count, err);
}
