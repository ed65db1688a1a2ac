/* exact.c: fractions of whole numbers of any length, by GMP: reading, arithmetic, text, the nearest double. */
#include "gr.h"

#include <ctype.h>
#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* GMP ends the program when memory ends. So what is read is short, and a result that might be long is refused before it is made. */
enum {
  DIGITS = 40,    /* of a number that is read */
  EXPONENT = 40,  /* the largest that is read, either way */
  BITS = 1 << 16, /* of numerator or denominator: 19,728 digits */
};

struct gr_exact {
  mpq_t q; /* in lowest terms, the denominator positive */
};

/* GMP knows no failure. */
static void *counted(void *p) {
  if (!p) abort();
  return p;
}
static void *take_counted(size_t bytes) { return counted(gr_alloc(bytes, &(gr_err){ 0 })); }
static void *resize_counted(void *old, size_t before, size_t bytes) {
  (void)before;
  return counted(gr_realloc(old, bytes, &(gr_err){ 0 }));
}
static void give_counted(void *p, size_t bytes) {
  (void)bytes;
  gr_free(p);
}

void gr_exact_count_memory(void) { mp_set_memory_functions(take_counted, resize_counted, give_counted); }

static gr_exact *new_exact(gr_err *err) {
  gr_exact *a = gr_alloc(sizeof *a, err);
  if (a) mpq_init(a->q);
  return a;
}

void gr_exact_free(gr_exact *a) {
  if (!a) return;
  mpq_clear(a->q);
  gr_free(a);
}

/* ---- Reading ------------------------------------------------------------------------ */

typedef enum { GOOD, NO_NUMBER, TOO_LONG, BY_ZERO } verdict;

static const char *skip_blanks(const char *at) {
  while (*at == ' ') at++;
  return at;
}

/* The whole number that the digits write, times ten to the power. */
static void set_decimal(mpq_t q, const char *digits, int power) {
  mpz_t scale;
  mpz_init(scale);
  mpz_ui_pow_ui(scale, 10, (unsigned long)abs(power));
  mpz_set_str(mpq_numref(q), digits, 10);
  mpz_set_ui(mpq_denref(q), 1);
  if (power < 0) mpz_set(mpq_denref(q), scale);
  else mpz_mul(mpq_numref(q), mpq_numref(q), scale);
  mpq_canonicalize(q);
  mpz_clear(scale);
}

/* "e-3" at *at, if there is one; moves on behind it. */
static verdict read_exponent(const char **at, int *exponent) {
  *exponent = 0;
  if (**at != 'e' && **at != 'E') return GOOD;
  const char *from = *at + 1;
  char *end;
  if (isspace((unsigned char)*from)) return NO_NUMBER;
  long value = strtol(from, &end, 10);
  if (end == from) return NO_NUMBER;
  if (value < -EXPONENT || value > EXPONENT) return TOO_LONG;
  *exponent = (int)value;
  *at = end;
  return GOOD;
}

/* "12", "0.1", ".5" or "1e-3" at *at, without a sign; moves on behind it. */
static verdict read_decimal(const char **at, mpq_t q) {
  char digits[DIGITS + 1];
  int n = 0, behind = 0, exponent;
  bool point = false;
  for (; isdigit((unsigned char)**at) || (**at == '.' && !point); ++*at) {
    if (**at == '.') point = true;
    else if (n == DIGITS) return TOO_LONG;
    else {
      digits[n++] = **at;
      behind += point;
    }
  }
  if (n == 0) return NO_NUMBER;
  digits[n] = 0;
  verdict found = read_exponent(at, &exponent);
  if (found == GOOD) set_decimal(q, digits, exponent - behind);
  return found;
}

/* "-3/4": a sign, a decimal and, behind a bar, another. */
static verdict read_fraction(const char *at, mpq_t q, mpq_t below) {
  at = skip_blanks(at);
  bool negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  verdict found = read_decimal(&at, q);
  if (found != GOOD) return found;
  at = skip_blanks(at);
  if (*at == '/') {
    at = skip_blanks(at + 1);
    found = read_decimal(&at, below);
    if (found != GOOD) return found;
    if (mpq_sgn(below) == 0) return BY_ZERO;
    mpq_div(q, q, below);
  }
  if (*skip_blanks(at)) return NO_NUMBER;
  if (negative) mpq_neg(q, q);
  return GOOD;
}

static bool fail_reading(const char *what, const char *text, verdict found, gr_err *err) {
  if (found == TOO_LONG)
    return gr_fail(err, "%s: %.100s is too long to be computed with exactly: up to %d digits and exponents from -%d to %d are read",
                   what, text, DIGITS, EXPONENT, EXPONENT);
  if (found == BY_ZERO) return gr_fail(err, "%s: %.100s divides by zero", what, text);
  return gr_fail(err, "%s: '%.100s' is no number: numbers are written 12, -0.25, 1e-3 or 1/3", what, text);
}

gr_exact *gr_exact_read(const char *what, const char *text, gr_err *err) {
  mpq_t below;
  gr_exact *a = new_exact(err);
  if (!a) return NULL;
  mpq_init(below);
  verdict found = read_fraction(text, a->q, below);
  mpq_clear(below);
  if (found == GOOD) return a;
  gr_exact_free(a);
  fail_reading(what, text, found, err);
  return NULL;
}

gr_exact *gr_exact_from(const char *what, double value, gr_dtype dtype, gr_err *err) {
  char text[GR_NUMBER_ROOM];
  if (dtype == GR_F32) gr_number_text_f32((float)value, text);
  else gr_number_text(value, text);
  if (isfinite(value)) return gr_exact_read(what, text, err);
  gr_fail(err, "%s: %s is no fraction: exact numbers are finite", what, text);
  return NULL;
}

/* ---- Arithmetic --------------------------------------------------------------------- */

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* How many bits the longer part of a op b may have before common factors go. */
static size_t bits_of_result(char op, const gr_exact *a, const gr_exact *b) {
  size_t an = mpz_sizeinbase(mpq_numref(a->q), 2), ad = mpz_sizeinbase(mpq_denref(a->q), 2);
  size_t bn = mpz_sizeinbase(mpq_numref(b->q), 2), bd = mpz_sizeinbase(mpq_denref(b->q), 2);
  if (op == '*') return larger(an + bn, ad + bd);
  if (op == '/') return larger(an + bd, ad + bn);
  return larger(larger(an + bd, bn + ad) + 1, ad + bd);
}

gr_exact *gr_exact_apply(char op, const gr_exact *a, const gr_exact *b, gr_err *err) {
  if (op == '/' && mpq_sgn(b->q) == 0) return gr_fail(err, "exact numbers: division by zero"), NULL;
  if (bits_of_result(op, a, b) > BITS)
    return gr_fail(err, "exact numbers: the result of %c might have more than %d bits, the most that they are given", op, BITS),
           NULL;
  gr_exact *y = new_exact(err);
  if (!y) return NULL;
  if (op == '+') mpq_add(y->q, a->q, b->q);
  else if (op == '-') mpq_sub(y->q, a->q, b->q);
  else if (op == '*') mpq_mul(y->q, a->q, b->q);
  else mpq_div(y->q, a->q, b->q);
  return y;
}

gr_exact *gr_exact_negate(const gr_exact *a, gr_err *err) {
  gr_exact *y = new_exact(err);
  if (y) mpq_neg(y->q, a->q);
  return y;
}

int gr_exact_compare(const gr_exact *a, const gr_exact *b) { return mpq_cmp(a->q, b->q); }

/* ---- As text, and as a double ------------------------------------------------------- */

char *gr_exact_text(const gr_exact *a, gr_err *err) {
  /* A sign, the bar and the zero byte. */
  size_t room = mpz_sizeinbase(mpq_numref(a->q), 10) + mpz_sizeinbase(mpq_denref(a->q), 10) + 3;
  char *text = gr_alloc(room, err);
  return text ? mpq_get_str(text, 10, a->q) : NULL;
}

/* The power of two of the first bit of n / d, both positive. */
static long leading_power(const mpz_t n, const mpz_t d) {
  long power = (long)mpz_sizeinbase(n, 2) - (long)mpz_sizeinbase(d, 2);
  mpz_t shifted;
  mpz_init(shifted);
  mpz_mul_2exp(shifted, power < 0 ? n : d, (mp_bitcnt_t)labs(power));
  bool reached = power < 0 ? mpz_cmp(shifted, d) >= 0 : mpz_cmp(n, shifted) >= 0;
  mpz_clear(shifted);
  return reached ? power : power - 1;
}

/* n / d in units of 2^unit, to the nearest whole number, the even one of two that are as near. At most 2^53. */
static double count_units(const mpz_t n, const mpz_t d, long unit) {
  mpz_t above, below, rest;
  mpz_inits(above, below, rest, NULL);
  mpz_mul_2exp(above, n, unit < 0 ? (mp_bitcnt_t)-unit : 0);
  mpz_mul_2exp(below, d, unit > 0 ? (mp_bitcnt_t)unit : 0);
  mpz_fdiv_qr(above, rest, above, below);
  mpz_mul_2exp(rest, rest, 1);
  int to_half = mpz_cmp(rest, below);
  if (to_half > 0 || (to_half == 0 && mpz_odd_p(above))) mpz_add_ui(above, above, 1);
  double count = mpz_get_d(above);
  mpz_clears(above, below, rest, NULL);
  return count;
}

/* mpq_get_d cuts off where IEEE 754 rounds. Below 2^-1022 doubles have fewer digits, down to 2^-1074. */
double gr_exact_double(const gr_exact *a) {
  static const long digits = 53, least = -1074;
  mpz_t n;
  if (mpq_sgn(a->q) == 0) return 0;
  mpz_init(n);
  mpz_abs(n, mpq_numref(a->q));
  long unit = leading_power(n, mpq_denref(a->q)) - (digits - 1);
  if (unit < least) unit = least;
  double size = ldexp(count_units(n, mpq_denref(a->q), unit), (int)unit);
  mpz_clear(n);
  return mpq_sgn(a->q) < 0 ? -size : size;
}
