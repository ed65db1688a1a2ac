/* io_safetensors.c: files of named tensors (https://huggingface.co/docs/safetensors): the length of a header in 8 bytes, least
** significant first; the header, a JSON object; the numbers. For each tensor the header has
**
**   "1.w": { "dtype": "F64", "shape": [784, 50], "data_offsets": [0, 313600] }
**
** with offsets from the header's end; "__metadata__" holds texts. The tensors cover all that follows the header.
**
** Files come from strangers, so nothing that the header says is believed before it has been compared with the file's size. */
#include "io.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
  LENGTH = 8,              /* bytes that tell the header's length */
  MOST_HEADER = 100000000, /* bytes of header that are read: the limit of the format's first implementation */
  PIECE = 1 << 16,         /* bytes converted at a time */
  NAME_ROOM = 80,          /* of a name, in a message */
};

static const char metadata_name[] = "__metadata__";

/* ---- Types of number ---------------------------------------------------------------- */

typedef struct type {
  const char *name;
  size_t each;                    /* bytes */
  gr_dtype dtype;                 /* what it becomes */
  double (*value)(uint64_t bits); /* NULL: the bits are the number's own */
} type;

static double half_value(uint64_t bits) {
  int exponent = (int)(bits >> 10 & 31), fraction = (int)(bits & 1023);
  double size = exponent == 31  ? fraction ? NAN : INFINITY
                : exponent == 0 ? ldexp(fraction, -24)
                                : ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -size : size;
}

/* The upper half of an f32. */
static double bfloat_value(uint64_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return (double)value;
}

static double unsigned_value(uint64_t bits) { return (double)bits; }
static double i8_value(uint64_t bits) { return (double)(int8_t)bits; }
static double i16_value(uint64_t bits) { return (double)(int16_t)bits; }
static double i32_value(uint64_t bits) { return (double)(int32_t)bits; }
static double i64_value(uint64_t bits) { return (double)(int64_t)bits; }

/* The first two are those that are written. */
static const type types[] = {
  [GR_F64] = { "F64", 8, GR_F64, NULL }, [GR_F32] = { "F32", 4, GR_F32, NULL }, { "F16", 2, GR_F32, half_value },
  { "BF16", 2, GR_F32, bfloat_value },   { "I64", 8, GR_F64, i64_value },       { "I32", 4, GR_F64, i32_value },
  { "I16", 2, GR_F64, i16_value },       { "I8", 1, GR_F64, i8_value },         { "U64", 8, GR_F64, unsigned_value },
  { "U32", 4, GR_F64, unsigned_value },  { "U16", 2, GR_F64, unsigned_value },  { "U8", 1, GR_F64, unsigned_value },
  { "BOOL", 1, GR_F64, unsigned_value },
};

static const type *find_type(const char *name) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(types[i].name, name) == 0) return &types[i];
  return NULL;
}

/* ---- Names -------------------------------------------------------------------------- */

static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7F; }

/* Text of a stranger's, fit for a message: no control characters, and not long. */
static const char *shown(const char *text, char out[NAME_ROOM]) {
  size_t n = strlen(text), room = NAME_ROOM - 4, i;
  for (i = 0; i < n && i < room; i++) out[i] = text[i];
  if (i < n)
    while (i > 0 && ((unsigned char)text[i] & 0xC0) == 0x80) i--; /* not in the middle of a character */
  for (size_t j = 0; j < i; j++)
    if (is_control(out[j])) out[j] = '?';
  strcpy(out + i, i < n ? "..." : "");
  return out;
}

static bool fit_name(const char *name) {
  for (const char *c = name; *c; c++)
    if (is_control(*c)) return false;
  return *name;
}

/* ---- The header, read --------------------------------------------------------------- */

/* What the header says of a tensor. */
typedef struct claim {
  const char *name;
  const type *type;
  int nd;
  size_t d[GR_MAX_DIMS];
  size_t from, to; /* bytes, from the header's end */
} claim;

typedef struct reader {
  const char *path;
  FILE *file;
  size_t size; /* bytes of numbers that there are */
  json_t *header;
  claim *claims; /* in the order of their bytes */
  size_t n;
  gr_err *err;
} reader;

/* "net.safetensors: tensor '1.w': ..." */
static bool refuse(const reader *r, const claim *c, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool refuse(const reader *r, const claim *c, const char *format, ...) {
  char safe[NAME_ROOM], reason[512];
  va_list args;
  va_start(args, format);
  vsnprintf(reason, sizeof reason, format, args);
  va_end(args);
  return gr_fail(r->err, "%s: tensor '%s': %s", r->path, shown(c->name, safe), reason);
}

static bool read_type(reader *r, claim *c, const json_t *value) {
  char safe[NAME_ROOM];
  if (!json_is_string(value)) return refuse(r, c, "dtype must be a string such as \"F64\"");
  if ((c->type = find_type(json_string_value(value)))) return true;
  return refuse(r, c, "its numbers are of type '%s': F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL can be read",
                shown(json_string_value(value), safe));
}

/* A whole number of at least 0. */
static bool read_size(const json_t *value, size_t *size) {
  *size = (size_t)json_integer_value(value);
  return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool read_shape(reader *r, claim *c, const json_t *value) {
  if (!json_is_array(value)) return refuse(r, c, "shape must be a list of sizes");
  size_t axes = json_array_size(value);
  if (axes > GR_MAX_DIMS) return refuse(r, c, "it has %zu axes: up to %d can be read", axes, GR_MAX_DIMS);
  for (c->nd = 0; c->nd < (int)axes; c->nd++) {
    size_t *size = &c->d[c->nd];
    if (!read_size(json_array_get(value, (size_t)c->nd), size))
      return refuse(r, c, "size %d is no whole number of at least 0", c->nd + 1);
    if (*size == 0) return refuse(r, c, "size %d is 0: a tensor without numbers cannot be read", c->nd + 1);
  }
  return true;
}

static bool read_offsets(reader *r, claim *c, const json_t *value) {
  if (json_array_size(value) != 2 || !read_size(json_array_get(value, 0), &c->from) || !read_size(json_array_get(value, 1), &c->to))
    return refuse(r, c, "data_offsets must be a list of two whole numbers of at least 0");
  if (c->from > c->to) return refuse(r, c, "data_offsets [%zu, %zu] end before they begin", c->from, c->to);
  if (c->to > r->size)
    return refuse(r, c, "data_offsets [%zu, %zu] go beyond the file, which has %zu bytes of numbers", c->from, c->to, r->size);
  return true;
}

static bool compare_sizes(reader *r, const claim *c) {
  char shape[128];
  size_t bytes = c->type->each;
  gr_shape_text(c->nd, c->d, shape, sizeof shape);
  for (int i = 0; i < c->nd; i++)
    if (!gr_size_mul(bytes, c->d[i], &bytes)) return refuse(r, c, "%s numbers are more than this machine can address", shape);
  if (bytes == c->to - c->from) return true;
  return refuse(r, c, "data_offsets [%zu, %zu] hold %zu bytes, but %s of %s takes %zu", c->from, c->to, c->to - c->from, shape,
                c->type->name, bytes);
}

static bool read_claim(reader *r, claim *c, const json_t *value) {
  if (!fit_name(c->name)) return refuse(r, c, "a name must have a character, and none that controls a terminal");
  if (!json_is_object(value)) return refuse(r, c, "its description must be a JSON object");
  return read_type(r, c, json_object_get(value, "dtype")) && read_shape(r, c, json_object_get(value, "shape")) &&
         read_offsets(r, c, json_object_get(value, "data_offsets")) && compare_sizes(r, c);
}

static int by_offset(const void *a, const void *b) {
  const claim *left = a, *right = b;
  return (left->from > right->from) - (left->from < right->from);
}

/* Each tensor begins where the one before it ends, and the last one ends with the file. */
static bool check_cover(reader *r) {
  char safe[NAME_ROOM];
  size_t end = 0;
  for (size_t i = 0; i < r->n; end = r->claims[i++].to) {
    const claim *c = &r->claims[i];
    if (c->from < end) return refuse(r, c, "its bytes overlap those of tensor '%s'", shown(c[-1].name, safe));
    if (c->from > end) return refuse(r, c, "the %zu bytes in front of it belong to no tensor", c->from - end);
  }
  if (end == r->size) return true;
  return gr_fail(r->err, "%s: its last %zu bytes belong to no tensor", r->path, r->size - end);
}

static bool read_claims(reader *r) {
  const char *name;
  json_t *value;
  r->claims = gr_alloc_zeroed(json_object_size(r->header), sizeof *r->claims, r->err);
  if (!r->claims) return false;
  json_object_foreach(r->header, name, value) {
    if (strcmp(name, metadata_name) == 0) continue;
    r->claims[r->n].name = name;
    if (!read_claim(r, &r->claims[r->n++], value)) return false;
  }
  qsort(r->claims, r->n, sizeof *r->claims, by_offset);
  return check_cover(r);
}

static bool read_notes(reader *r, gr_bundle *out) {
  const char *key;
  json_t *notes = json_object_get(r->header, metadata_name), *value;
  if (!notes) return true;
  if (!json_is_object(notes)) return gr_fail(r->err, "%s: %s must be a JSON object", r->path, metadata_name);
  json_object_foreach(notes, key, value) {
    char safe[NAME_ROOM];
    if (!json_is_string(value)) return gr_fail(r->err, "%s: %s: '%s' must be a string", r->path, metadata_name, shown(key, safe));
    if (!gr_bundle_note(out, key, json_string_value(value), r->err)) return false;
  }
  return true;
}

/* ---- The file, read ----------------------------------------------------------------- */

static bool open_file(reader *r) {
  struct stat about;
  if (stat(r->path, &about) != 0) return gr_fail(r->err, "%s: %s", r->path, strerror(errno));
  if (S_ISDIR(about.st_mode)) return gr_fail(r->err, "%s: is a folder, not a file", r->path);
  if (!S_ISREG(about.st_mode)) return gr_fail(r->err, "%s: is a pipe or a device: only files can be read", r->path);
  r->size = (size_t)about.st_size;
  r->file = fopen(r->path, "rb");
  return r->file || gr_fail(r->err, "%s: %s", r->path, strerror(errno));
}

/* The next n bytes. */
static bool take(reader *r, void *out, size_t n) {
  if (fread(out, 1, n, r->file) == n) return true;
  if (ferror(r->file)) return gr_fail(r->err, "%s: %s", r->path, strerror(errno));
  return gr_fail(r->err, "%s: became shorter while it was read", r->path);
}

static bool parse_header(reader *r, const char *text, size_t n) {
  json_error_t at;
  char safe[NAME_ROOM];
  if (n == 0 || text[0] != '{') return gr_fail(r->err, "%s: is no safetensors file: its header does not begin with {", r->path);
  r->header = json_loadb(text, n, JSON_REJECT_DUPLICATES, &at);
  if (r->header) return true;
  return gr_fail(r->err, "%s: its header is no JSON that can be read: %s (byte %d)", r->path, shown(at.text, safe), at.position);
}

static bool read_header(reader *r) {
  uint64_t length;
  if (r->size < LENGTH) return gr_fail(r->err, "%s: is no safetensors file: it has only %zu bytes", r->path, r->size);
  if (!take(r, &length, LENGTH)) return false;
  gr_little_endian(&length, 1, LENGTH);
  r->size -= LENGTH;
  if (length > MOST_HEADER)
    return gr_fail(r->err, "%s: is no safetensors file, or a hostile one: its header has %llu bytes, and at most %d are read",
                   r->path, (unsigned long long)length, MOST_HEADER);
  if (length > r->size) return gr_fail(r->err, "%s: ends within its header, of %zu bytes", r->path, (size_t)length);
  char *text = gr_alloc((size_t)length, r->err);
  bool ok = text && take(r, text, (size_t)length) && parse_header(r, text, (size_t)length);
  gr_free(text);
  r->size -= (size_t)length;
  return ok;
}

static uint64_t bits_at(const unsigned char *b, size_t each) {
  uint64_t bits = 0;
  while (each > 0) bits = bits << 8 | b[--each];
  return bits;
}

/* Reads t's numbers, which are of another type in the file. */
static bool read_converted(reader *r, const type *from, gr_tensor *t) {
  unsigned char piece[PIECE];
  const size_t most = PIECE / from->each;
  for (size_t at = 0; at < t->size;) {
    size_t n = t->size - at < most ? t->size - at : most;
    if (!take(r, piece, n * from->each)) return false;
    for (size_t i = 0; i < n; i++) gr_set(t, at++, from->value(bits_at(piece + i * from->each, from->each)));
  }
  return true;
}

static bool read_tensor(reader *r, const claim *c, gr_bundle *out) {
  gr_tensor *t = gr_new(c->type->dtype, c->nd, c->d, r->err);
  bool ok = t && (c->type->value ? read_converted(r, c->type, t) : take(r, t->x, c->to - c->from));
  if (ok && !c->type->value) gr_little_endian(t->x, t->size, c->type->each);
  ok = ok && gr_bundle_add(out, c->name, t, r->err);
  gr_unref(t);
  return ok;
}

bool gr_safetensors_read(const char *path, gr_bundle *out, gr_err *err) {
  reader r = { .path = path, .err = err };
  *out = (gr_bundle){ 0 };
  bool ok = open_file(&r) && read_header(&r) && read_claims(&r) && read_notes(&r, out);
  for (size_t i = 0; ok && i < r.n; i++) ok = read_tensor(&r, &r.claims[i], out);
  if (r.file) fclose(r.file);
  gr_free(r.claims);
  json_decref(r.header);
  if (!ok) gr_bundle_free(out);
  return ok;
}

/* ---- Writing ------------------------------------------------------------------------ */

static size_t bytes_of(const gr_tensor *t) { return t->size * types[t->dtype].each; }

static json_t *claim_of(const gr_tensor *t, size_t from) {
  json_t *shape = json_array();
  size_t to = from + bytes_of(t);
  for (int i = 0; i < t->nd; i++) json_array_append_new(shape, json_integer((json_int_t)t->d[i]));
  return json_pack("{s:s, s:o, s:[I, I]}", "dtype", types[t->dtype].name, "shape", shape, "data_offsets", (json_int_t)from,
                   (json_int_t)to);
}

/* Adds an entry to the header. JSON's library says no to text that is not UTF-8. */
static bool put(json_t *object, const char *path, const char *what, const char *name, json_t *value, gr_err *err) {
  char safe[NAME_ROOM];
  if (json_object_get(object, name)) {
    json_decref(value);
    return gr_fail(err, "%s: two %ss are named '%s'", path, what, shown(name, safe));
  }
  if (value && json_object_set_new(object, name, value) == 0) return true;
  return gr_fail(err, "%s: %s '%s' cannot be written: its name or text is not UTF-8", path, what, shown(name, safe));
}

static bool put_notes(json_t *header, const char *path, const gr_bundle *b, gr_err *err) {
  json_t *notes = json_object();
  if (json_object_set_new(header, metadata_name, notes) != 0) return gr_fail_memory(err, sizeof notes);
  for (size_t i = 0; i < b->notes; i++)
    if (!put(notes, path, "note", b->keys[i], json_string(b->values[i]), err)) return false;
  return true;
}

static bool put_tensors(json_t *header, const char *path, const gr_bundle *b, gr_err *err) {
  size_t from = 0;
  for (int dtype = GR_F64; dtype <= GR_F32; dtype++)
    for (size_t i = 0; i < b->count; i++) {
      char safe[NAME_ROOM];
      const gr_tensor *t = b->tensors[i];
      if ((int)t->dtype != dtype) continue;
      if (!fit_name(b->names[i]) || strcmp(b->names[i], metadata_name) == 0)
        return gr_fail(err, "%s: '%s' cannot be the name of a tensor", path, shown(b->names[i], safe));
      if (!put(header, path, "tensor", b->names[i], claim_of(t, from), err)) return false;
      from += bytes_of(t);
    }
  return true;
}

/* The header's text, which the caller frees with free(). */
static char *header_text(const char *path, const gr_bundle *b, gr_err *err) {
  json_t *header = json_object();
  char *text = NULL;
  if (!header) return gr_fail_memory(err, sizeof *header), NULL;
  if ((!b->notes || put_notes(header, path, b, err)) && put_tensors(header, path, b, err)) {
    text = json_dumps(header, JSON_COMPACT);
    if (!text) gr_fail_memory(err, b->count);
  }
  json_decref(header);
  return text;
}

/* Length, text, and spaces until the numbers begin at a multiple of 8. */
static bool write_header(gr_out *out, const char *text, gr_err *err) {
  size_t n = strlen(text), spaces = (8 - n % 8) % 8;
  uint64_t length = n + spaces;
  gr_little_endian(&length, 1, LENGTH);
  return gr_out_write(out, &length, LENGTH, err) && gr_out_write(out, text, n, err) && gr_out_write(out, "       ", spaces, err);
}

static bool write_all(gr_out *out, const char *header, const gr_bundle *b, gr_err *err) {
  if (!write_header(out, header, err)) return false;
  for (int dtype = GR_F64; dtype <= GR_F32; dtype++)
    for (size_t i = 0; i < b->count; i++)
      if ((int)b->tensors[i]->dtype == dtype && !gr_out_numbers(out, b->tensors[i], err)) return false;
  return true;
}

/* The header's text of a bundle whose tensors are ready then. */
static char *prepare(const char *path, const gr_bundle *b, gr_err *err) {
  for (size_t i = 0; i < b->count; i++)
    if (!gr_ready(b->tensors[i], err)) return NULL;
  return header_text(path, b, err);
}

bool gr_safetensors_write(const char *path, const gr_bundle *b, gr_err *err) {
  gr_out out;
  char *header = prepare(path, b, err);
  bool ok = header && gr_out_open(&out, path, err);
  if (ok) ok = gr_out_close(&out, write_all(&out, header, b, err), err);
  free(header);
  return ok;
}

char *gr_safetensors_bytes(const gr_bundle *b, size_t *count, gr_err *err) {
  gr_memory_out m;
  char *header = prepare("safetensors", b, err), *bytes = NULL;
  if (header && gr_memory_out_open(&m, err)) bytes = gr_memory_out_close(&m, write_all(&m.out, header, b, err), count, err);
  free(header);
  return bytes;
}
