/* blas.c: what there is to know and set about the BLAS library. */
#include "core.h"

#include <cblas.h>
#include <stdio.h>
#include <string.h>

/* OpenBLAS's own, in no header of its; it starts threads again when more than one is asked for. */
int blas_thread_shutdown_(void) __attribute__((weak));

/* Its threads start with the program and look for work, at full speed, for a tenth of a second: they are sent away first. */
void gr_blas_threads(bool own) {
  static int now = 0;
  int wanted = own ? gr_threads() : 1;
  if (now != wanted) openblas_set_num_threads(wanted);
  if (!now && wanted == 1 && blas_thread_shutdown_) blas_thread_shutdown_();
  now = wanted;
}

/* The configuration reads "OpenBLAS 0.3.21 DYNAMIC_ARCH ... Haswell MAX_THREADS=64". */
const char *gr_blas_text(char *out, size_t room) {
  char version[32] = "";
  sscanf(openblas_get_config(), "OpenBLAS %31s", version);
  snprintf(out, room, "OpenBLAS %s, core %s, %d thread%s", version, openblas_get_corename(), gr_threads(),
           gr_threads() == 1 ? "" : "s");
  return out;
}
