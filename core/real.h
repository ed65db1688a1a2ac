/* real.h: the template behind the two number types.
**
** A file that computes is included twice by its .c, once after each of
**   #define REAL_IS_F64    and    #define REAL_IS_F32
** and writes `real` for the type, R(name) for its functions, BLAS(gemm) for the library's;
** REAL_BITS, 64 or 32, is for the few lines that differ.
** <tgmath.h> picks sqrt or sqrtf by the argument's type.                                   */
#undef real
#undef R
#undef BLAS
#undef REAL_BITS

#ifdef REAL_IS_F32
#define real float
#define REAL_BITS 32
#define R(name) name##_f32
#define BLAS(name) cblas_s##name
#else
#define real double
#define REAL_BITS 64
#define R(name) name##_f64
#define BLAS(name) cblas_d##name
#endif
#undef REAL_IS_F32
#undef REAL_IS_F64
