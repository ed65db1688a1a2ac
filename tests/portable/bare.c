/* What takes the place of BLAS and LAPACK in the digest program: whoever calls one of them in portable mode ends it. That also
** lets the program be built for processors whose BLAS is not here.                                                        */
#include "core.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void called(const char *what) {
  fprintf(stderr, "digest: %s was called in portable mode\n", what);
  abort();
}

#define UNUSED __attribute__((unused))
#define NEVER(type, name, ...) \
  type name(__VA_ARGS__) { called(#name); }

NEVER(void, cblas_dgemm, UNUSED enum CBLAS_ORDER o, UNUSED enum CBLAS_TRANSPOSE ta, UNUSED enum CBLAS_TRANSPOSE tb,
      UNUSED blasint m, UNUSED blasint n, UNUSED blasint k, UNUSED double alpha, UNUSED const double *a, UNUSED blasint lda,
      UNUSED const double *b, UNUSED blasint ldb, UNUSED double beta, UNUSED double *c, UNUSED blasint ldc)
NEVER(void, cblas_sgemm, UNUSED enum CBLAS_ORDER o, UNUSED enum CBLAS_TRANSPOSE ta, UNUSED enum CBLAS_TRANSPOSE tb,
      UNUSED blasint m, UNUSED blasint n, UNUSED blasint k, UNUSED float alpha, UNUSED const float *a, UNUSED blasint lda,
      UNUSED const float *b, UNUSED blasint ldb, UNUSED float beta, UNUSED float *c, UNUSED blasint ldc)
NEVER(void, cblas_dgemv, UNUSED enum CBLAS_ORDER o, UNUSED enum CBLAS_TRANSPOSE t, UNUSED blasint m, UNUSED blasint n,
      UNUSED double alpha, UNUSED const double *a, UNUSED blasint lda, UNUSED const double *x, UNUSED blasint dx,
      UNUSED double beta, UNUSED double *y, UNUSED blasint dy)
NEVER(void, cblas_sgemv, UNUSED enum CBLAS_ORDER o, UNUSED enum CBLAS_TRANSPOSE t, UNUSED blasint m, UNUSED blasint n,
      UNUSED float alpha, UNUSED const float *a, UNUSED blasint lda, UNUSED const float *x, UNUSED blasint dx, UNUSED float beta,
      UNUSED float *y, UNUSED blasint dy)
NEVER(double, cblas_ddot, UNUSED blasint n, UNUSED const double *x, UNUSED blasint dx, UNUSED const double *y, UNUSED blasint dy)
NEVER(float, cblas_sdot, UNUSED blasint n, UNUSED const float *x, UNUSED blasint dx, UNUSED const float *y, UNUSED blasint dy)
NEVER(double, cblas_dsdot, UNUSED blasint n, UNUSED const float *x, UNUSED blasint dx, UNUSED const float *y, UNUSED blasint dy)
NEVER(lapack_int, LAPACKE_dgetrf_work, UNUSED int o, UNUSED lapack_int m, UNUSED lapack_int n, UNUSED double *a,
      UNUSED lapack_int lda, UNUSED lapack_int *pivot)
NEVER(lapack_int, LAPACKE_dgetrs_work, UNUSED int o, UNUSED char t, UNUSED lapack_int n, UNUSED lapack_int k,
      UNUSED const double *a, UNUSED lapack_int lda, UNUSED const lapack_int *pivot, UNUSED double *b, UNUSED lapack_int ldb)
NEVER(lapack_int, LAPACKE_dgetri_work, UNUSED int o, UNUSED lapack_int n, UNUSED double *a, UNUSED lapack_int lda,
      UNUSED const lapack_int *pivot, UNUSED double *work, UNUSED lapack_int length)
NEVER(lapack_int, LAPACKE_dgecon_work, UNUSED int o, UNUSED char norm, UNUSED lapack_int n, UNUSED const double *a,
      UNUSED lapack_int lda, UNUSED double a_norm, UNUSED double *rcond, UNUSED double *work, UNUSED lapack_int *iwork)
NEVER(lapack_int, LAPACKE_dpotrf_work, UNUSED int o, UNUSED char part, UNUSED lapack_int n, UNUSED double *a, UNUSED lapack_int lda)
NEVER(lapack_int, LAPACKE_dgeqrf_work, UNUSED int o, UNUSED lapack_int m, UNUSED lapack_int n, UNUSED double *a,
      UNUSED lapack_int lda, UNUSED double *tau, UNUSED double *work, UNUSED lapack_int length)
NEVER(lapack_int, LAPACKE_dorgqr_work, UNUSED int o, UNUSED lapack_int m, UNUSED lapack_int n, UNUSED lapack_int k,
      UNUSED double *a, UNUSED lapack_int lda, UNUSED const double *tau, UNUSED double *work, UNUSED lapack_int length)
NEVER(lapack_int, LAPACKE_dgesdd_work, UNUSED int o, UNUSED char job, UNUSED lapack_int m, UNUSED lapack_int n, UNUSED double *a,
      UNUSED lapack_int lda, UNUSED double *s, UNUSED double *u, UNUSED lapack_int ldu, UNUSED double *vt, UNUSED lapack_int ldvt,
      UNUSED double *work, UNUSED lapack_int length, UNUSED lapack_int *iwork)
NEVER(lapack_int, LAPACKE_dgelsd_work, UNUSED int o, UNUSED lapack_int m, UNUSED lapack_int n, UNUSED lapack_int k,
      UNUSED double *a, UNUSED lapack_int lda, UNUSED double *b, UNUSED lapack_int ldb, UNUSED double *s, UNUSED double cut,
      UNUSED lapack_int *rank, UNUSED double *work, UNUSED lapack_int length, UNUSED lapack_int *iwork)
NEVER(void, cblas_dscal, UNUSED blasint n, UNUSED double by, UNUSED double *x, UNUSED blasint dx)

void gr_blas_threads(bool own) { (void)own; } /* there are none to hold back */
