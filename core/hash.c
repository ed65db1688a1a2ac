/* hash.c: SHA-256 of files, texts and tensors, by OpenSSL's libcrypto, which uses the processor's own instructions where it
** has some. The functions that need no allocation are called deprecated, but kept. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "io.h"

#include <errno.h>
#include <openssl/sha.h>
#include <string.h>

enum { LOT = 1 << 16 }; /* bytes at once */

static void finish(SHA256_CTX *sum, char hex[GR_SHA256_ROOM]) {
  static const char digits[] = "0123456789abcdef";
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256_Final(digest, sum);
  for (size_t i = 0; i < sizeof digest; i++) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  hex[2 * sizeof digest] = 0;
}

void gr_sha256_bytes(const void *bytes, size_t n, char hex[GR_SHA256_ROOM]) {
  SHA256_CTX sum;
  SHA256_Init(&sum);
  SHA256_Update(&sum, bytes, n);
  finish(&sum, hex);
}

/* The numbers in lots, each turned into bytes of the one order. */
static void add_numbers(SHA256_CTX *sum, const gr_tensor *t) {
  unsigned char lot[LOT];
  size_t each = gr_dtype_size(t->dtype), bytes = t->size * each;
  for (size_t from = 0; from < bytes; from += LOT) {
    size_t n = bytes - from < LOT ? bytes - from : LOT;
    memcpy(lot, (const char *)t->x + from, n);
    gr_little_endian(lot, n / each, each);
    SHA256_Update(sum, lot, n);
  }
}

/* Type and sizes as text, so that a 2 x 3 and a 3 x 2 of the same numbers differ. */
static void add_tensor(SHA256_CTX *sum, const gr_tensor *t) {
  char size[32];
  const char *type = gr_dtype_name(t->dtype);
  SHA256_Update(sum, (const uint8_t *)type, strlen(type));
  for (int i = 0; i < t->nd; i++) SHA256_Update(sum, (uint8_t *)size, (size_t)snprintf(size, sizeof size, " %zu", t->d[i]));
  SHA256_Update(sum, (const uint8_t *)":", 1);
  add_numbers(sum, t);
}

void gr_sha256_tensors(gr_tensor *const t[], size_t n, char hex[GR_SHA256_ROOM]) {
  SHA256_CTX sum;
  SHA256_Init(&sum);
  for (size_t i = 0; i < n; i++) add_tensor(&sum, t[i]);
  finish(&sum, hex);
}

bool gr_sha256_file(const char *path, char hex[GR_SHA256_ROOM], gr_err *err) {
  SHA256_CTX sum;
  unsigned char lot[LOT];
  FILE *file = fopen(path, "rb");
  if (!file) return gr_fail(err, "%s: %s", path, strerror(errno));
  SHA256_Init(&sum);
  for (size_t got = LOT; got == LOT;) {
    got = fread(lot, 1, LOT, file);
    SHA256_Update(&sum, lot, got);
  }
  bool ok = !ferror(file) || gr_fail(err, "%s: %s", path, strerror(errno));
  fclose(file);
  finish(&sum, hex);
  return ok;
}

/* Adds all that the file holds. */
static bool add_content(gr_file *f, size_t most, SHA256_CTX *sum, gr_err *err) {
  unsigned char lot[LOT];
  size_t all = 0, got = LOT;
  while (got == LOT) {
    if (!gr_file_read(f, lot, LOT, &got, err)) return false;
    if (got > most - all) return gr_fail(err, "%s: holds more than %zu bytes", f->path, most);
    all += got;
    SHA256_Update(sum, lot, got);
  }
  return true;
}

bool gr_sha256_content(const char *path, size_t most, char hex[GR_SHA256_ROOM], gr_err *err) {
  SHA256_CTX sum;
  gr_file f;
  SHA256_Init(&sum);
  bool ok = gr_file_open(&f, path, err) && add_content(&f, most, &sum, err);
  gr_file_close(&f);
  finish(&sum, hex);
  return ok;
}
