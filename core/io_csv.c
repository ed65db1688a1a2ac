/* io_csv.c: numbers from comma separated values (RFC 4180), exactly rounded. */
#include "io.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Where reading stands. Lines count from 1; a quoted field may run over several. */
typedef struct reader {
  const char *at, *end;
  const char *name;
  char separator;
  size_t line;
} reader;

typedef struct field {
  const char *text; /* without its quotes; doubled quotes inside are still doubled */
  size_t size;
  bool quoted, last; /* last of its row */
} field;

enum { SHOWN = 40 }; /* bytes of a field in a message */

/* ---- Fields ------------------------------------------------------------------------- */

static bool ends_row(const reader *r) {
  return r->at == r->end || *r->at == '\n' || (*r->at == '\r' && (r->at + 1 == r->end || r->at[1] == '\n'));
}

static void skip_line_end(reader *r) {
  if (r->at < r->end && *r->at == '\r') r->at++;
  if (r->at < r->end && *r->at == '\n') r->at++;
  r->line++;
}

/* The text between quotes; `at` is behind the opening one. */
static bool read_quoted(reader *r, field *f, size_t column, gr_err *err) {
  size_t opened = r->line;
  f->text = r->at;
  for (; r->at < r->end; r->at++) {
    if (*r->at == '\n') r->line++;
    if (*r->at != '"') continue;
    if (r->at + 1 < r->end && r->at[1] == '"') {
      r->at++;
      continue;
    }
    f->size = (size_t)(r->at++ - f->text);
    f->quoted = true;
    return true;
  }
  return gr_fail(err, "%s:%zu: column %zu: a quote is opened and never closed", r->name, opened, column);
}

static bool read_field(reader *r, field *f, size_t column, gr_err *err) {
  *f = (field){ .text = r->at };
  while (r->at < r->end && *r->at == ' ') r->at++;
  if (r->at < r->end && *r->at == '"') {
    r->at++;
    if (!read_quoted(r, f, column, err)) return false;
    while (r->at < r->end && *r->at == ' ') r->at++;
    if (!ends_row(r) && *r->at != r->separator)
      return gr_fail(err, "%s:%zu: column %zu: there is text behind the closing quote", r->name, r->line, column);
  } else {
    while (!ends_row(r) && *r->at != r->separator) r->at++;
    f->size = (size_t)(r->at - f->text);
  }
  f->last = ends_row(r);
  if (f->last) skip_line_end(r);
  else r->at++;
  return true;
}

/* Skips lines with nothing but spaces. */
static void skip_blank_lines(reader *r) {
  for (;;) {
    const char *start = r->at;
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t') && *r->at != r->separator) r->at++;
    if (r->at < r->end && ends_row(r)) {
      skip_line_end(r);
      continue;
    }
    if (r->at < r->end) r->at = start;
    return;
  }
}

static void trim(field *f) {
  while (f->size && isspace((unsigned char)f->text[0])) f->text++, f->size--;
  while (f->size && isspace((unsigned char)f->text[f->size - 1])) f->size--;
}

/* ---- Numbers ------------------------------------------------------------------------ */

static bool read_number(const field *f, double *value) {
  const char *end = f->text + f->size;
  return f->size && gr_number_read(f->text, end, value) == end;
}

/* The quick way for a number without quotes and spaces. For all else, false, and nothing is read. */
static bool read_plain(reader *r, field *f, double *value) {
  const char *end = gr_number_read(r->at, r->end, value);
  if (!end || end == r->end || (*end != r->separator && *end != '\n')) return false;
  *f = (field){ .text = r->at, .size = (size_t)(end - r->at), .last = *end == '\n' };
  r->line += f->last;
  r->at = end + 1;
  return true;
}

/* Nothing, or one of the words that stand for it. */
static bool is_missing(const field *f) {
  static const char *const words[] = { "", "na", "n/a", "nan", "null", "none", "?" };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (f->size == strlen(words[i]) && strncasecmp(f->text, words[i], f->size) == 0) return true;
  return false;
}

/* ---- The header --------------------------------------------------------------------- */

/* Counts the fields of the first row, and says whether they look like names: a word among them, and no number. */
static bool look_at_first_row(reader r, size_t *columns, bool *names, gr_err *err) {
  bool words = false, numbers = false;
  field f = { 0 };
  double ignored;
  for (*columns = 0; !f.last; ++*columns) {
    if (!read_field(&r, &f, *columns + 1, err)) return false;
    trim(&f);
    bool number = read_number(&f, &ignored);
    numbers = numbers || number;
    words = words || (!number && !is_missing(&f));
  }
  *names = words && !numbers;
  return true;
}

static char *copy_name(const field *f, gr_err *err) {
  char *name = gr_alloc(f->size + 1, err);
  if (!name) return NULL;
  size_t n = 0;
  for (size_t i = 0; i < f->size; i++) {
    name[n++] = f->text[i];
    if (f->quoted && f->text[i] == '"') i++; /* doubled */
  }
  name[n] = 0;
  return name;
}

static bool read_header(reader *r, gr_csv *csv, gr_err *err) {
  field f;
  csv->names = gr_alloc_zeroed(csv->columns, sizeof *csv->names, err);
  if (!csv->names) return false;
  for (size_t i = 0; i < csv->columns; i++) {
    if (!read_field(r, &f, i + 1, err)) return false;
    trim(&f);
    if (!(csv->names[i] = copy_name(&f, err))) return false;
  }
  return true;
}

/* ---- Rows --------------------------------------------------------------------------- */

/* The beginning of a field, fit for a message: one line, and no half letter of UTF-8 at its end. */
static const char *shown(const char *text, size_t size, char out[SHOWN + 4]) {
  size_t n = size < SHOWN ? size : SHOWN;
  while (n < size && n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) n--;
  for (size_t i = 0; i < n; i++) out[i] = iscntrl((unsigned char)text[i]) ? '?' : text[i];
  strcpy(out + n, n < size ? "..." : "");
  return out;
}

/* 'column 3' or 'column 3 ("bmi")' */
static const char *column_text(const gr_csv *csv, size_t column, char *out, size_t room) {
  char name[SHOWN + 4];
  if (!csv->names) snprintf(out, room, "column %zu", column + 1);
  else snprintf(out, room, "column %zu (\"%s\")", column + 1, shown(csv->names[column], strlen(csv->names[column]), name));
  return out;
}

static bool refuse_field(const reader *r, const gr_csv *csv, const field *f, size_t line, size_t column, gr_err *err) {
  char where[80], text[SHOWN + 4];
  column_text(csv, column, where, sizeof where);
  if (f->size == 0) return gr_fail(err, "%s:%zu: %s is empty: missing values are not allowed", r->name, line, where);
  return gr_fail(err, "%s:%zu: %s: \"%s\" is not a number%s", r->name, line, where, shown(f->text, f->size, text),
                 is_missing(f) ? ": missing values are not allowed" : "");
}

static bool refuse_size(const reader *r, const gr_csv *csv, const field *f, size_t line, size_t column, gr_err *err) {
  char where[80], text[SHOWN + 4];
  return gr_fail(err, "%s:%zu: %s: \"%s\" is too large for %s", r->name, line, column_text(csv, column, where, sizeof where),
                 shown(f->text, f->size, text), gr_dtype_name(csv->x->dtype));
}

/* The next field as a number for that column. */
static bool read_value(reader *r, const gr_csv *csv, size_t column, field *f, double *value, gr_err *err) {
  const double largest = csv->x->dtype == GR_F32 ? FLT_MAX : DBL_MAX;
  size_t line = r->line;
  if (!read_plain(r, f, value)) {
    if (!read_field(r, f, column + 1, err)) return false;
    trim(f);
    if (!read_number(f, value)) return refuse_field(r, csv, f, line, column, err);
  }
  return fabs(*value) <= largest || refuse_size(r, csv, f, line, column, err);
}

static bool read_row(reader *r, gr_csv *csv, size_t row, size_t first_line, gr_err *err) {
  size_t line = r->line, column = 0;
  field f = { 0 };
  double value;
  for (; !f.last && column < csv->columns; column++) {
    if (!read_value(r, csv, column, &f, &value, err)) return false;
    gr_set(csv->x, row * csv->columns + column, value);
  }
  if (f.last && column == csv->columns) return true;
  for (; !f.last; column++)
    if (!read_field(r, &f, column + 1, err)) return false;
  return gr_fail(err, "%s:%zu: %zu field%s where line %zu has %zu", r->name, line, column, column == 1 ? "" : "s", first_line,
                 csv->columns);
}

/* As many rows as there can be: one a line, and none without a byte for each of its fields. */
static size_t most_rows(const reader *r, size_t columns) {
  size_t lines = 1, room = (size_t)(r->end - r->at) / columns + 1;
  for (const char *c = r->at; c < r->end && (c = memchr(c, '\n', (size_t)(r->end - c))); c++) lines++;
  return lines < room ? lines : room;
}

static bool read_rows(reader *r, gr_csv *csv, gr_dtype dtype, size_t first_line, gr_err *err) {
  size_t rows = 0;
  csv->x = gr_new(dtype, 2, (size_t[]){ most_rows(r, csv->columns), csv->columns }, err);
  if (!csv->x) return false;
  for (skip_blank_lines(r); r->at < r->end; skip_blank_lines(r)) {
    if (rows == csv->x->d[0]) return gr_fail(err, "%s:%zu: more rows than its lines allow", r->name, r->line);
    if (!read_row(r, csv, rows++, first_line, err)) return false;
  }
  if (rows == 0) return gr_fail(err, "%s: has no rows of numbers", r->name);
  csv->x->d[0] = rows;
  csv->x->size = rows * csv->columns;
  return true;
}

static bool read_table(reader *r, gr_header header, gr_dtype dtype, gr_csv *csv, gr_err *err) {
  static const char mark[] = "\xef\xbb\xbf";
  bool names;
  const char *zero = memchr(r->at, 0, (size_t)(r->end - r->at));
  if (zero) return gr_fail(err, "%s: has a zero byte: this is no text file", r->name);
  if ((size_t)(r->end - r->at) >= 3 && memcmp(r->at, mark, 3) == 0) r->at += 3;
  skip_blank_lines(r);
  size_t first_line = r->line;
  if (r->at == r->end) return gr_fail(err, "%s: has no rows of numbers", r->name);
  if (!look_at_first_row(*r, &csv->columns, &names, err)) return false;
  if ((header == GR_HEADER_YES || (header == GR_HEADER_AUTO && names)) && !read_header(r, csv, err)) return false;
  return read_rows(r, csv, dtype, first_line, err);
}

bool gr_csv_parse(const char *text, size_t bytes, const char *name, char separator, gr_header header, gr_dtype dtype, gr_csv *out,
                  gr_err *err) {
  reader r = { .at = text, .end = text + bytes, .name = name, .separator = separator, .line = 1 };
  *out = (gr_csv){ 0 };
  if (read_table(&r, header, dtype, out, err)) return true;
  gr_csv_free(out);
  return false;
}

bool gr_csv_read(const char *path, char separator, gr_header header, gr_dtype dtype, gr_csv *out, gr_err *err) {
  size_t count;
  char *text = gr_file_bytes(path, &count, err);
  if (!text) return false;
  bool ok = gr_csv_parse(text, count, path, separator, header, dtype, out, err);
  gr_free(text);
  return ok;
}

void gr_csv_free(gr_csv *csv) {
  gr_unref(csv->x);
  for (size_t i = 0; csv->names && i < csv->columns; i++) gr_free(csv->names[i]);
  gr_free(csv->names);
  *csv = (gr_csv){ 0 };
}
