/* text.c: numbers and tensors as text, laid out as Python's repr and NumPy's str lay them out.
**
** All starts from the fewest decimal digits that read back as the same number. 15 digits (6 for
** f32) survive the way to binary and back, and 17 (9) always tell a number from its neighbours,
** so at most three lengths are tried.                                                          */
#include "gr.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NumPy's default print options. */
enum {
  PRECISION = 8,    /* most digits after the point */
  THRESHOLD = 1000, /* more elements than this are shortened */
  EDGE = 3,         /* to so many at each end of an axis */
};

/* ---- Decimal digits ----------------------------------------------------------------- */

/* The number d[0].d[1]d[2]... times ten to the exponent. */
typedef struct digits {
  char d[24];
  int n;
  int exponent;
  bool negative;
} digits;

static bool reads_back(const digits *digit, double value, gr_dtype dtype) {
  char text[40];
  snprintf(text, sizeof text, "%.*se%d", digit->n, digit->d, digit->exponent + 1 - digit->n);
  return dtype == GR_F32 ? strtof(text, NULL) == (float)fabs(value) : strtod(text, NULL) == fabs(value);
}

/* Adds one to the last digit. */
static void step_up(digits *digit) {
  int i = digit->n - 1;
  while (i >= 0 && digit->d[i] == '9') digit->d[i--] = '0';
  if (i >= 0) digit->d[i]++;
  else {
    digit->d[0] = '1';
    digit->exponent++;
  }
}

/* The nearest number of n digits.
** Below a power of two the neighbours are twice as close as above it. So the nearest number of n
** digits, below, can read back as another one while the next, above, reads back well: 2^-44 is
** 5.6843418860808015e-14, and of its two candidates of 16 digits only ...802 is good.          */
static digits round_to(double value, gr_dtype dtype, int n) {
  char text[40];
  int power;
  digits digit = { .n = n, .negative = signbit(value) };
  snprintf(text, sizeof text, "%.*e", n - 1, fabs(value));
  digit.exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
  digit.d[0] = text[0];
  memcpy(digit.d + 1, text + 2, (size_t)n - 1); /* text[1] is the point */
  if (frexp(fabs(value), &power) == 0.5 && !reads_back(&digit, value, dtype)) {
    digits above = digit;
    step_up(&above);
    if (reads_back(&above, value, dtype)) return above;
  }
  return digit;
}

static digits without_zeros(digits digit) {
  while (digit.n > 1 && digit.d[digit.n - 1] == '0') digit.n--;
  return digit;
}

/* The fewest digits that read back equal. Subnormal numbers have fewer bits, and may need but one digit. */
static digits shortest(double value, gr_dtype dtype) {
  const double least_normal = dtype == GR_F32 ? (double)FLT_MIN : DBL_MIN;
  const int sure = dtype == GR_F32 ? FLT_DIG : DBL_DIG, most = dtype == GR_F32 ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
  int n = fabs(value) < least_normal ? 1 : sure;
  digits digit = round_to(value, dtype, n);
  while (n < most && !reads_back(&digit, value, dtype)) digit = round_to(value, dtype, ++n);
  return without_zeros(digit);
}

/* The digit that counts tens to the power `place`. */
static char digit_at(const digits *digit, int place) {
  int i = digit->exponent - place;
  return i >= 0 && i < digit->n ? digit->d[i] : '0';
}

/* "-0.25", "300.": what comes behind the point may be nothing. Returns where the text ends. */
static char *write_positional(const digits *digit, char *out) {
  if (digit->negative) *out++ = '-';
  for (int place = digit->exponent > 0 ? digit->exponent : 0; place >= 0; place--) *out++ = digit_at(digit, place);
  *out++ = '.';
  for (int place = -1; place > digit->exponent - digit->n; place--) *out++ = digit_at(digit, place);
  *out = 0;
  return out;
}

/* "-2.5e-07"; a lone digit has a point only when asked. */
static void write_scientific(const digits *digit, bool point, int exponent_digits, char out[GR_NUMBER_ROOM]) {
  snprintf(out, GR_NUMBER_ROOM, "%s%c%s%.*se%c%0*d", digit->negative ? "-" : "", digit->d[0], point || digit->n > 1 ? "." : "",
           digit->n - 1, digit->d + 1, digit->exponent < 0 ? '-' : '+', exponent_digits, abs(digit->exponent));
}

/* ---- One number --------------------------------------------------------------------- */

/* nan, inf or -inf into out; false for an ordinary number. */
static bool write_special(double value, char out[GR_NUMBER_ROOM]) {
  if (isfinite(value)) return false;
  strcpy(out, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
  return true;
}

static void write_number(double value, gr_dtype dtype, char out[GR_NUMBER_ROOM]) {
  double size = fabs(value);
  if (write_special(value, out)) return;
  digits digit = shortest(value, dtype);
  if (size != 0 && (size < 1e-4 || size >= 1e16)) {
    write_scientific(&digit, false, 2, out);
    return;
  }
  char *end = write_positional(&digit, out);
  if (end[-1] == '.') strcpy(end, "0");
}

void gr_number_text(double value, char out[GR_NUMBER_ROOM]) { write_number(value, GR_F64, out); }
void gr_number_text_f32(float value, char out[GR_NUMBER_ROOM]) { write_number((double)value, GR_F32, out); }

/* ---- The cells of a tensor ---------------------------------------------------------- */

/* How every element is written, so that points stand below each other. */
typedef struct cells {
  gr_dtype dtype;
  bool scientific;
  int left, right;     /* columns before and after the point */
  int places;          /* scientific: digits after the point */
  int exponent_digits; /* scientific: 2 or 3 */
} cells;

static int larger(int a, int b) { return a > b ? a : b; }

/* Very large, very small, or very different numbers. The quotient is of the tensor's own type, as in NumPy. */
static bool wants_scientific(const double *x, size_t n, gr_dtype dtype) {
  double max = 0, min = INFINITY;
  for (size_t i = 0; i < n; i++) {
    double size = fabs(x[i]);
    if (!isfinite(size) || size == 0) continue;
    max = fmax(max, size);
    min = fmin(min, size);
  }
  if (max == 0) return false;
  double quotient = dtype == GR_F32 ? (double)((float)max / (float)min) : max / min;
  return max >= 1e8 || min < 1e-4 || quotient > 1000;
}

/* The shortest digits, or where these go on for more than PRECISION places, so many of the number
** itself. Digits before the point are never filled up with zeros: an f32 80786488 has the shortest
** digits 8078649, and str() of the number alone shows 80786490.0, but NumPy's arrays the former. */
static digits shown_digits(double value, const cells *cell) {
  digits digit = shortest(value, cell->dtype);
  int places = digit.n - 1 - (cell->scientific ? 0 : digit.exponent);
  int wanted = places < 0 ? 0 : places > PRECISION ? PRECISION : places;
  return wanted == places ? digit : without_zeros(round_to(value, cell->dtype, digit.n - places + wanted));
}

/* Makes room for one more number. */
static void widen(cells *cell, double value) {
  char text[GR_NUMBER_ROOM];
  digits digit = shown_digits(value, cell);
  if (cell->scientific) {
    cell->places = larger(cell->places, digit.n - 1);
    cell->exponent_digits = larger(cell->exponent_digits, abs(digit.exponent) > 99 ? 3 : 2);
    cell->left = larger(cell->left, digit.negative ? 2 : 1);
    cell->right = cell->places + 2 + cell->exponent_digits; /* 2: e+ */
    return;
  }
  char *end = write_positional(&digit, text), *point = strchr(text, '.');
  cell->left = larger(cell->left, (int)(point - text));
  cell->right = larger(cell->right, (int)(end - point) - 1);
}

static cells measure(const double *x, size_t n, gr_dtype dtype) {
  cells cell = { .dtype = dtype, .scientific = wants_scientific(x, n, dtype) };
  for (size_t i = 0; i < n; i++)
    if (isfinite(x[i])) widen(&cell, x[i]);
  for (size_t i = 0; i < n; i++) {
    char text[GR_NUMBER_ROOM];
    if (write_special(x[i], text)) cell.left = larger(cell.left, (int)strlen(text) - cell.right - 1);
  }
  return cell;
}

/* Numbers are set by the point; nan and inf end where the others end. */
static void write_cell(double value, const cells *cell, char out[GR_NUMBER_ROOM]) {
  char text[GR_NUMBER_ROOM];
  int width = cell->left + 1 + cell->right, before;
  if (write_special(value, text)) before = width - (int)strlen(text);
  else {
    digits digit = cell->scientific ? round_to(value, cell->dtype, cell->places + 1) : shown_digits(value, cell);
    if (cell->scientific) write_scientific(&digit, true, cell->exponent_digits, text);
    else write_positional(&digit, text);
    before = cell->left - (int)(strchr(text, '.') - text);
  }
  memset(out, ' ', (size_t)width);
  memcpy(out + before, text, strlen(text));
  out[width] = 0;
}

/* ---- The page ----------------------------------------------------------------------- */

typedef struct page {
  const gr_tensor *t;
  bool shorten;
  cells cell;
  const double *next; /* the element to be written next */
  size_t width;
  char *text;
  size_t n, room;
  size_t line; /* where the current line starts */
} page;

/* Whether the middle of this axis is left out. */
static bool is_cut(const gr_tensor *t, bool shorten, int axis) { return shorten && t->d[axis] > 2 * EDGE; }

/* The position that follows i on an axis: behind its first edge, a cut one goes on with its last. */
static size_t next_on_axis(const gr_tensor *t, bool shorten, int axis, size_t i) {
  return is_cut(t, shorten, axis) && i + 1 == EDGE ? t->d[axis] - EDGE : i + 1;
}

static size_t count_shown(const gr_tensor *t, bool shorten) {
  size_t count = 1;
  for (int axis = 0; axis < t->nd; axis++) count *= is_cut(t, shorten, axis) ? 2 * EDGE : t->d[axis];
  return count;
}

/* Copies the elements that are shown, in order, to out; returns where they end. `at` counts the
** items of this axis that lie before the first.                                               */
static double *gather(const gr_tensor *t, bool shorten, int axis, size_t at, double *out) {
  if (axis == t->nd) {
    *out = gr_get(t, at);
    return out + 1;
  }
  for (size_t i = 0; i < t->d[axis]; i = next_on_axis(t, shorten, axis, i))
    out = gather(t, shorten, axis + 1, at * t->d[axis] + i, out);
  return out;
}

static bool append(page *p, const char *text, size_t count, gr_err *err) {
  if (count >= p->room - p->n) {
    if (p->room > SIZE_MAX / 4 || count > SIZE_MAX / 4) return gr_fail_memory(err, SIZE_MAX);
    size_t room = 2 * p->room + count + 256;
    char *more = gr_realloc(p->text, room, err);
    if (!more) return false;
    p->text = more;
    p->room = room;
  }
  memcpy(p->text + p->n, text, count);
  p->n += count;
  p->text[p->n] = 0;
  return true;
}

/* Ends the line with `ends` line ends, and indents the next. */
static bool break_line(page *p, int ends, int indent, gr_err *err) {
  static const char line_ends[GR_MAX_DIMS + 1] = "\n\n\n\n\n\n\n\n";
  static const char spaces[GR_MAX_DIMS + 1] = "        ";
  while (p->text[p->n - 1] == ' ') p->n--;
  if (!append(p, line_ends, (size_t)ends, err)) return false;
  p->line = p->n;
  return append(p, spaces, (size_t)indent, err);
}

/* Appends a word of the innermost brackets, on a new line if it does not fit with all brackets that may follow. */
static bool append_word(page *p, const char *word, gr_err *err) {
  size_t indent = (size_t)p->t->nd, length = strlen(word);
  size_t width = p->width > indent ? p->width - indent : 0;
  bool fits = p->n - p->line + length <= width;
  bool first = p->n - p->line <= indent;
  if (!fits && !first && !break_line(p, 1, (int)indent, err)) return false;
  return append(p, word, length, err);
}

/* Between two items: a space for numbers; for rows one line end, for blocks of rows two, and so on. */
static bool append_separator(page *p, int axis, gr_err *err) {
  int below = p->t->nd - 1 - axis;
  return below == 0 ? append(p, " ", 1, err) : break_line(p, below, axis + 1, err);
}

static bool append_dots(page *p, int axis, gr_err *err) {
  bool done = axis == p->t->nd - 1 ? append_word(p, "...", err) : append(p, "...", 3, err);
  return done && append_separator(p, axis, err);
}

static bool append_axis(page *p, int axis, gr_err *err) {
  size_t size = p->t->d[axis];
  bool ok = append(p, "[", 1, err);
  for (size_t i = 0; ok && i < size; i = next_on_axis(p->t, p->shorten, axis, i)) {
    char word[GR_NUMBER_ROOM];
    if (i > 0) ok = append_separator(p, axis, err);
    if (ok && i == size - EDGE && is_cut(p->t, p->shorten, axis)) ok = append_dots(p, axis, err);
    if (ok && axis + 1 < p->t->nd) ok = append_axis(p, axis + 1, err);
    else if (ok) {
      write_cell(*p->next++, &p->cell, word);
      ok = append_word(p, word, err);
    }
  }
  return ok && append(p, "]", 1, err);
}

static char *number_alone(const gr_tensor *t, gr_err *err) {
  char *text = gr_alloc(GR_NUMBER_ROOM, err);
  if (text) write_number(gr_get(t, 0), t->dtype, text);
  return text;
}

char *gr_tensor_text(gr_tensor *t, size_t width, gr_err *err) {
  if (!gr_ready(t, err)) return NULL;
  if (t->nd == 0) return number_alone(t, err);
  page p = { .t = t, .shorten = t->size > THRESHOLD, .width = width };
  size_t count = count_shown(t, p.shorten), bytes;
  if (!gr_size_mul(count, sizeof(double), &bytes)) return gr_fail_memory(err, SIZE_MAX), NULL;
  double *shown = gr_alloc(bytes, err);
  if (!shown) return NULL;
  gather(t, p.shorten, 0, 0, shown);
  p.cell = measure(shown, count, t->dtype);
  p.next = shown;
  bool ok = append_axis(&p, 0, err);
  gr_free(shown);
  if (ok) return p.text;
  gr_free(p.text);
  return NULL;
}
