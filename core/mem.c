/* mem.c: blocks of memory for tensors, kept for reuse when they fall free.
**
** A page that the system hands out for the first time costs far more than the arithmetic done on
** it, so a script that makes and drops tensors of the same sizes gets the same blocks again.  */
#include "gr.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
  HEADER = GR_ALIGN, /* a block's gr_block lies in front of its data */
  STEPS = 4,         /* size classes in each doubling: at most a quarter is wasted */
  CLASSES = 64 * STEPS,
  HUGE_PAGE = 2 << 20,
};

/* How many bytes of free blocks are kept. The address sanitizer wants to see every release. */
#ifdef __SANITIZE_ADDRESS__
static const size_t pool_limit = 0;
#else
static const size_t pool_limit = (size_t)256 << 20;
#endif

/* A free block's data holds the link to the next one of its class. */
static struct {
  gr_block *free[CLASSES];
  size_t kept;    /* bytes in the lists */
  size_t held;    /* bytes in blocks in use */
  size_t made;    /* blocks handed out */
  size_t charged; /* bytes taken from the system, in use or kept, and those that we were told of */
  size_t limit;   /* how many these may be; 0: as many as there are */
  void (*over)(void);
  size_t fail_at; /* requests left until one is made to fail; 0: never */
  size_t fail_times;
  void (*give_back)(void *who);
  void *who;
} pool;

size_t gr_bytes_held(void) { return pool.held; }
size_t gr_blocks_made(void) { return pool.made; }
void gr_memory_fail_at(size_t n, size_t times) {
  pool.fail_at = n;
  pool.fail_times = times;
}

void gr_memory_limit(size_t bytes, void (*over)(void)) {
  pool.limit = bytes;
  pool.over = over;
}

bool gr_memory_charge(size_t more, size_t less) {
  size_t rest = pool.charged > less ? pool.charged - less : 0;
  if (pool.limit && more > less && (more > pool.limit || rest > pool.limit - more)) return false;
  pool.charged = rest + more;
  return true;
}

void gr_memory_on_shortage(void (*give_back)(void *who), void *who) {
  pool.give_back = give_back;
  pool.who = who;
}

static bool made_to_fail(void) {
  if (pool.fail_at == 0 || --pool.fail_at) return false;
  if (--pool.fail_times) pool.fail_at = 1; /* the next one too */
  return true;
}

bool gr_size_mul(size_t a, size_t b, size_t *out) { return !__builtin_mul_overflow(a, b, out); }

/* What nobody reaches, and what is kept for reuse, goes back to the system. Always true, to stand in a condition. */
static bool make_room(void) {
  if (pool.give_back) pool.give_back(pool.who);
  gr_memory_trim();
  return true;
}

static bool fits(size_t bytes) { return !pool.limit || (bytes <= pool.limit && pool.charged <= pool.limit - bytes); }

/* A request was refused for good. Where that is the limit's doing, who set it is asked first, and may not come back. */
static void *refuse(gr_err *err, size_t bytes) {
  if (!fits(bytes) && pool.over) pool.over();
  return gr_fail_memory(err, bytes), NULL;
}

/* What the system gave; it may be a little more than was asked for, which the limit does not mind. */
static void *charged(void *p) {
  if (p) pool.charged += malloc_usable_size(p);
  return p;
}

static void discharge(void *p) {
  size_t bytes = malloc_usable_size(p);
  pool.charged -= bytes < pool.charged ? bytes : pool.charged;
}

static void give_to_system(void *p) {
  discharge(p);
  free(p);
}

static void *try_alloc(size_t bytes) { return made_to_fail() || !fits(bytes) ? NULL : charged(malloc(bytes)); }

static void *try_realloc(void *old, size_t bytes) {
  size_t had = malloc_usable_size(old);
  if (made_to_fail() || (bytes > had && !fits(bytes - had))) return NULL;
  void *p = realloc(old, bytes);
  if (p) pool.charged -= had < pool.charged ? had : pool.charged;
  return charged(p);
}

void *gr_alloc(size_t bytes, gr_err *err) {
  if (bytes == 0) bytes = 1;
  void *p = try_alloc(bytes);
  if (!p && make_room()) p = try_alloc(bytes);
  return p ? p : refuse(err, bytes);
}

void *gr_alloc_zeroed(size_t count, size_t bytes_each, gr_err *err) {
  size_t bytes;
  if (!gr_size_mul(count, bytes_each, &bytes)) return gr_fail_memory(err, SIZE_MAX), NULL;
  void *p = gr_alloc(bytes, err);
  return p ? memset(p, 0, bytes) : NULL;
}

void *gr_realloc(void *old, size_t bytes, gr_err *err) {
  if (bytes == 0) bytes = 1;
  void *p = try_realloc(old, bytes);
  if (!p && make_room()) p = try_realloc(old, bytes);
  return p ? p : refuse(err, bytes);
}

void gr_free(void *p) { give_to_system(p); }

/* The smallest class that has room for `bytes`, and how much room it has. */
static int class_of(size_t bytes, size_t *room) {
  if (bytes < GR_ALIGN) bytes = GR_ALIGN;
  int top = 63 - __builtin_clzll(bytes);
  size_t step = ((size_t)1 << top) / STEPS;
  size_t up = (bytes + step - 1) / step * step;
  *room = up;
  return (63 - __builtin_clzll(up)) * STEPS + (int)((up >> (63 - __builtin_clzll(up) - 2)) & (STEPS - 1));
}

static gr_block *next_free(gr_block *block) { return *(gr_block **)block->data; }

static gr_block *take_from_pool(int kind, size_t room) {
  gr_block *block = pool.free[kind];
  if (!block) return NULL;
  pool.free[kind] = next_free(block);
  pool.kept -= room;
  return block;
}

/* Whether the system has that much memory left. It would grant more than it has, and end the program when
** the pages are touched; so requests of a size where that matters are measured against /proc/meminfo first.
** Under a limit that is ours, it is the limit that counts, and files may be out of reach.                      */
static bool system_has(size_t bytes) {
  static const size_t small = (size_t)512 << 20;
  size_t kilobytes;
  char line[128];
  FILE *info = bytes < small || pool.limit ? NULL : fopen("/proc/meminfo", "r");
  bool has = true;
  if (!info) return true;
  while (fgets(line, sizeof line, info))
    if (sscanf(line, "MemAvailable: %zu", &kilobytes) == 1) has = bytes / 1024 < kilobytes;
  fclose(info);
  return has;
}

/* Large blocks lie on huge pages where the system has them: one fault instead of 512. */
static gr_block *take_from_system(size_t room) {
  size_t align = room >= 2 * HUGE_PAGE ? HUGE_PAGE : GR_ALIGN;
  size_t bytes = (HEADER + room + align - 1) / align * align;
  gr_block *block = fits(bytes) && system_has(bytes) ? charged(aligned_alloc(align, bytes)) : NULL;
  if (!block) return NULL;
  if (align == HUGE_PAGE) madvise(block, bytes, MADV_HUGEPAGE);
  block->data = (char *)block + HEADER;
  return block;
}

static gr_block *take(int kind, size_t room) {
  if (made_to_fail()) return NULL;
  gr_block *block = take_from_pool(kind, room);
  return block ? block : take_from_system(room);
}

gr_block *gr_block_new(size_t bytes, gr_err *err) {
  _Static_assert(sizeof(gr_block) <= HEADER, "a block's header fits before its data");
  size_t room;
  if (bytes > SIZE_MAX / 4) return gr_fail_memory(err, bytes), NULL;
  int kind = class_of(bytes, &room);
  gr_block *block = take(kind, room);
  if (!block && make_room()) block = take(kind, room);
  if (!block) return refuse(err, bytes);
  block->refs = 1;
  block->bytes = bytes;
  block->version = 0;
  pool.held += bytes;
  pool.made++;
  return block;
}

gr_block *gr_block_ref(gr_block *block) {
  block->refs++;
  return block;
}

void gr_block_unref(gr_block *block) {
  if (!block || --block->refs) return;
  size_t room;
  int kind = class_of(block->bytes, &room);
  pool.held -= block->bytes;
  if (room > pool_limit / 2) {
    give_to_system(block);
    return;
  }
  if (pool.kept + room > pool_limit) gr_memory_trim(); /* what lies there is of sizes that nobody asks for */
  *(gr_block **)block->data = pool.free[kind];
  pool.free[kind] = block;
  pool.kept += room;
}

void gr_memory_trim(void) {
  for (int kind = 0; kind < CLASSES; kind++)
    while (pool.free[kind]) {
      gr_block *block = pool.free[kind];
      pool.free[kind] = next_free(block);
      give_to_system(block);
    }
  pool.kept = 0;
}
