/* clones.h: the same C compiled for several kinds of processor.
**
**   EVERY_CPU static void twice_of(const double *x, double *y, size_t n) {
**     IN_ANY_ORDER
**     for (size_t i = 0; i < n; i++) y[i] = 2 * x[i];
**   }
**
** EVERY_CPU: the function is compiled for AVX-512, for AVX2 and for the plainest x86-64, and the program takes, when it
** starts, the one that suits its processor. They give the same bits: vectors do to each element what the C text says, and
** nothing here lets the compiler fuse or reorder (-ffp-contract=off). Worth it for loops over many elements with much
** arithmetic in each, and where those loops are; what they call must be inlined into them.
**
** IN_ANY_ORDER: x and y may be the same array, but no element of y is read as a later element of x. Without this the
** compiler takes arrays that coincide for arrays that overlap, and does one element at a time.
**
** Both are empty where they are of no use (without optimisation), unknown to the compiler, or in a sanitizer's way, which
** is not ready yet when the choice is made.                                                                         */
#ifndef GR_CLONES_H
#define GR_CLONES_H

#include <stdint.h> /* brings __GLIBC__, whose loader makes the choice */

/* For what such loops call: the compiler must put it into each of them, or nothing there turns into vectors. */
#ifdef __GNUC__
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

#if defined __GNUC__ && !defined __clang__ && defined __OPTIMIZE__
#define IN_ANY_ORDER _Pragma("GCC ivdep")
#else
#define IN_ANY_ORDER
#endif

#if defined __GNUC__ && !defined __clang__ && defined __OPTIMIZE__ && defined __x86_64__ && defined __GLIBC__ && \
    !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
#define EVERY_CPU __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EVERY_CPU
#endif

#endif
