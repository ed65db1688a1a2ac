/* real.h: the template behind the two number types.
**
** A file that computes is included twice by its .c, once after each of
**   #define REAL_IS_F64    and    #define REAL_IS_F32
** and writes `real` for the type, R(name) for its functions, BLAS(gemm) for the library's.
** <tgmath.h> picks exp or expf by the argument's type.                                     */
#undef real
#undef R
#undef BLAS

#ifdef REAL_IS_F32
#define real float
#define R(name) name##_f32
#define BLAS(name) cblas_s##name
#else
#define real double
#define R(name) name##_f64
#define BLAS(name) cblas_d##name
#endif
#undef REAL_IS_F32
#undef REAL_IS_F64
