/* team.c: threads that share one operation: each takes a part of its rows. BLAS itself runs on one thread then, so that
** elementwise passes and updates are shared as products are, and the threads need not be woken and lost in between.     */
#include "core.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

/* Products in portable mode keep what they pack on the stack (portable_real.h); some C libraries give threads less. */
static const size_t stack_bytes = (size_t)8 << 20;

enum { MOST = 64, PATIENCE = 20000 /* looks before a thread sleeps: some 50 microseconds */ };

typedef struct seat {
  size_t part; /* which part of the work is this thread's */
  size_t turn; /* when it was started */
} seat;

static struct {
  int wanted; /* threads, this one included */
  int there;  /* threads that were started */
  seat seat[MOST];
  pthread_mutex_t lock;
  pthread_cond_t work;
  atomic_size_t turn; /* counts what was given out */
  atomic_int sleeping, left;
  gr_job job;
  void *arg;
  size_t n, parts, grain;
} team = { .wanted = 1, .there = 1, .lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER };

static inline void pause_a_little(void) {
#if defined __x86_64__ || defined __i386__
  __builtin_ia32_pause();
#endif
}

/* Parts begin at multiples of the grain, so that no two threads write to one cache line. */
static size_t begin_of(size_t part) {
  size_t grains = (team.n + team.grain - 1) / team.grain, at = grains * part / team.parts * team.grain;
  return at < team.n ? at : team.n;
}

static void do_part(size_t part) {
  size_t from = begin_of(part), to = begin_of(part + 1);
  if (from < to) team.job(team.arg, from, to);
}

/* Waits until the turn is another than `seen`: awake for a while, since steps follow each other closely; then asleep. */
static void wait_for_turn(size_t seen) {
  for (int i = 0; i < PATIENCE; i++) {
    if (atomic_load(&team.turn) != seen) return;
    pause_a_little();
  }
  pthread_mutex_lock(&team.lock);
  atomic_fetch_add(&team.sleeping, 1);
  while (atomic_load(&team.turn) == seen) pthread_cond_wait(&team.work, &team.lock);
  atomic_fetch_sub(&team.sleeping, 1);
  pthread_mutex_unlock(&team.lock);
}

static void *worker(void *arg) {
  const seat *my = arg;
  for (size_t seen = my->turn;; seen++) {
    wait_for_turn(seen);
    if (my->part < team.parts) do_part(my->part);
    atomic_fetch_sub(&team.left, 1);
  }
  return NULL;
}

/* Signals are for the thread that runs the script. */
static void start_workers(void) {
  sigset_t all, before;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0 || pthread_attr_setstacksize(&attributes, stack_bytes) != 0) {
    team.wanted = team.there;
    return;
  }
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team.there < team.wanted) {
    team.seat[team.there] = (seat){ (size_t)team.there, atomic_load(&team.turn) };
    pthread_t thread;
    if (pthread_create(&thread, &attributes, worker, &team.seat[team.there]) != 0) team.wanted = team.there;
    else team.there++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
}

static void give_out(void) {
  atomic_store(&team.left, team.there - 1);
  atomic_fetch_add(&team.turn, 1);
  if (!atomic_load(&team.sleeping)) return;
  pthread_mutex_lock(&team.lock);
  pthread_cond_broadcast(&team.work);
  pthread_mutex_unlock(&team.lock);
}

static void wait_for_all(void) {
  for (int looks = 0; atomic_load(&team.left) > 0; looks++) {
    if (looks < PATIENCE) pause_a_little();
    else sched_yield();
  }
}

void gr_share(size_t n, size_t grain, gr_job job, void *arg) {
  if (team.wanted > team.there) start_workers();
  if (team.there == 1 || team.wanted == 1 || n <= grain) {
    job(arg, 0, n);
    return;
  }
  team.job = job;
  team.arg = arg;
  team.n = n;
  team.grain = grain;
  team.parts = (size_t)(team.wanted < team.there ? team.wanted : team.there);
  give_out();
  do_part(0);
  wait_for_all();
}

void gr_set_threads(int n) {
  team.wanted = n < 1 ? 1 : n > MOST ? MOST : n;
  gr_blas_threads(false);
}

int gr_threads(void) { return team.wanted; }
