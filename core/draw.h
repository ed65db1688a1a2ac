/* draw.h: random numbers by count: number i of draw n of a stream is a function of (key, n, i) alone, so that who draws elsewhere,
** or in which order, changes nothing, and a restored key and count give the same numbers again.
**
** The function is splitmix64 (Steele, Lea & Flood 2014, with Stafford's variant 13 of the mixing): a counter that goes up by the
** golden ratio, mixed. It starts, for each draw, at a place mixed from key and count.                                        */
#ifndef GR_DRAW_H
#define GR_DRAW_H

#include <stdint.h>

static const uint64_t draw_step = 0x9e3779b97f4a7c15; /* 2^64 by the golden ratio, odd */

static inline uint64_t draw_mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/* Where draw `count` of the stream `key` starts. */
static inline uint64_t draw_start(uint64_t key, uint64_t count) {
  return draw_mix(draw_mix(key + draw_step) + (count + 1) * draw_step);
}

/* 64 random bits: word i of the draw that starts there. */
static inline uint64_t draw_word(uint64_t start, uint64_t i) { return draw_mix(start + (i + 1) * draw_step); }

#endif
