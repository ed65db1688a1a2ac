/* io_number.c: decimal numbers, rounded correctly, quickly. strtod takes most of the time of a large file, so
** it is left with the rare ones.                                                                           */
#include "io.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number as written: m times 10 to the e. */
typedef struct decimal {
  uint64_t m;
  int e;
  bool whole; /* m holds all its digits */
} decimal;

static inline bool is_digit(const char *p, const char *end) { return p < end && *p >= '0' && *p <= '9'; }

static inline const char *skip_zeros(const char *p, const char *end) {
  while (p < end && *p == '0') p++;
  return p;
}

/* Takes digits in; too many of them leave nonsense in *m. */
static inline const char *take_digits(const char *p, const char *end, uint64_t *m) {
  for (; is_digit(p, end); p++) *m = 10 * *m + (uint64_t)(*p - '0');
  return p;
}

/* Reads "e-5" if it stands at p, and adds it to *e. Returns where to go on. */
static const char *read_exponent(const char *p, const char *end, int *e) {
  static const int enough = 100000; /* beyond all doubles, also after a long row of zeros */
  if (p == end || (*p != 'e' && *p != 'E')) return p;
  const char *q = p + 1;
  bool negative = q < end && *q == '-';
  if (q < end && (*q == '-' || *q == '+')) q++;
  if (!is_digit(q, end)) return p;
  int power = 0;
  for (; is_digit(q, end); q++)
    if (power < enough) power = 10 * power + (*q - '0');
  *e += negative ? -power : power;
  return q;
}

/* Digits, point, exponent. NULL if there is no digit. 19 digits fit m: 10^19 - 1 is below 2^64. */
static const char *read_decimal(const char *p, const char *end, decimal *d) {
  const char *first = skip_zeros(p, end); /* of the digits that count */
  bool any = first > p;
  *d = (decimal){ 0 };
  p = take_digits(first, end, &d->m);
  ptrdiff_t digits = p - first, places = 0;
  if (p < end && *p == '.') {
    const char *point = p + 1;
    first = digits ? point : skip_zeros(point, end);
    p = take_digits(first, end, &d->m);
    digits += p - first;
    places = p - point;
  }
  if (!any && digits == 0 && places == 0) return NULL;
  d->whole = digits <= 19 && places < 1000;
  d->e = d->whole ? -(int)places : 0;
  return read_exponent(p, end, &d->e);
}

/* Both factors exact, so one rounding (Clinger 1990). */
static bool by_one_operation(const decimal *d, double *value) {
  static const double ten[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  if (d->m > (uint64_t)1 << 53 || d->e < -22 || d->e > 22) return false;
  *value = d->e < 0 ? (double)d->m / ten[-d->e] : (double)d->m * ten[d->e];
  return true;
}

/* 5^k for k up to 27: the largest that fits 64 bits. */
static uint64_t power_of_five(int k) {
  static const uint64_t by_one[] = { 1, 5, 25, 125, 625, 3125, 15625, 78125 };
  static const uint64_t by_eight[] = { 1, 390625, 152587890625, 59604644775390625 };
  return by_eight[k / 8] * by_one[k % 8];
}

/* For 17 digits behind a point, as programs write them: m / 10^k is (m / 5^k) / 2^k, and the division is done in
** 128 bits. Its rest is kept as a last bit, so that the one rounding, to a double, goes the right way.           */
static bool by_whole_numbers(const decimal *d, double *value) {
  int k = -d->e;
  /* m of at least 2^53 leaves at least 55 bits: a double's 53, the one that decides, and one for the rest. */
  if (d->m < (uint64_t)1 << 53 || k < 0 || k > 27) return false;
  uint64_t five = power_of_five(k);
  unsigned __int128 dividend = (unsigned __int128)d->m << 64, quotient = dividend / five;
  bool rest = quotient * five != dividend;
  uint64_t high = (uint64_t)(quotient >> 64);
  int shift = high ? 64 - __builtin_clzll(high) : 0;
  uint64_t top = (uint64_t)(quotient >> shift);
  rest |= (unsigned __int128)top << shift != quotient;
  *value = ldexp((double)(top | rest), shift - 64 - k);
  return true;
}

/* strtod wants a terminator. 767 digits decide any double, so a longer text is taken for no number. */
static bool by_strtod(const char *from, const char *end, double *value) {
  char text[1024];
  size_t length = (size_t)(end - from);
  if (length >= sizeof text) return false;
  memcpy(text, from, length);
  text[length] = 0;
  *value = strtod(text, NULL);
  return true;
}

const char *gr_number_read(const char *from, const char *end, double *value) {
  decimal d;
  const char *p = from;
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) p++;
  const char *digits = p;
  p = read_decimal(p, end, &d);
  if (!p) return NULL;
  bool quick = d.whole && (by_one_operation(&d, value) || by_whole_numbers(&d, value));
  if (!quick && !by_strtod(digits, p, value)) return NULL;
  if (negative) *value = -*value;
  return p;
}
