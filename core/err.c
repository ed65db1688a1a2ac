/* err.c: how a failure is told. */
#include "gr.h"

#include <stdarg.h>
#include <stdio.h>

bool gr_fail(gr_err *err, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(err->text, sizeof err->text, format, args);
  va_end(args);
  err->memory = false;
  return false;
}

bool gr_fail_memory(gr_err *err, size_t bytes) {
  const double gigabyte = 1024.0 * 1024 * 1024;
  gr_fail(err, "out of memory: %zu bytes (%.3g GB) could not be had", bytes, (double)bytes / gigabyte);
  err->memory = true;
  return false;
}
