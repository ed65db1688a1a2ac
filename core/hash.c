/* hash.c: SHA-256 of files, by libmd. */
#include "io.h"

#include <errno.h>
#include <sha2.h>
#include <string.h>

enum { LOT = 1 << 16 }; /* bytes at once */

static void finish(SHA2_CTX *sum, char hex[GR_SHA256_ROOM]) {
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256Final(digest, sum);
  for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

bool gr_sha256_file(const char *path, char hex[GR_SHA256_ROOM], gr_err *err) {
  SHA2_CTX sum;
  unsigned char lot[LOT];
  FILE *file = fopen(path, "rb");
  if (!file) return gr_fail(err, "%s: %s", path, strerror(errno));
  SHA256Init(&sum);
  for (size_t got = LOT; got == LOT;) {
    got = fread(lot, 1, LOT, file);
    SHA256Update(&sum, lot, got);
  }
  bool ok = !ferror(file) || gr_fail(err, "%s: %s", path, strerror(errno));
  fclose(file);
  finish(&sum, hex);
  return ok;
}

/* Adds all that the file holds. */
static bool add_content(gr_file *f, size_t most, SHA2_CTX *sum, gr_err *err) {
  unsigned char lot[LOT];
  size_t all = 0, got = LOT;
  while (got == LOT) {
    if (!gr_file_read(f, lot, LOT, &got, err)) return false;
    if (got > most - all) return gr_fail(err, "%s: holds more than %zu bytes", f->path, most);
    all += got;
    SHA256Update(sum, lot, got);
  }
  return true;
}

bool gr_sha256_content(const char *path, size_t most, char hex[GR_SHA256_ROOM], gr_err *err) {
  SHA2_CTX sum;
  gr_file f;
  SHA256Init(&sum);
  bool ok = gr_file_open(&f, path, err) && add_content(&f, most, &sum, err);
  gr_file_close(&f);
  finish(&sum, hex);
  return ok;
}
