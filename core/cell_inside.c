/* cell_inside.c: what is said between a cell and its marker, from inside. */
#include "cell.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* ---- Hearing the marker -------------------------------------------------------------- */

static bool take_bytes(void *to, size_t n) {
  for (char *at = to; n > 0;) {
    ssize_t got = recv(CELL_CHANNEL, at, n, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    n -= (size_t)got;
  }
  return true;
}

static size_t most_value = GR_CELL_MOST_VALUE; /* bytes */

static const char *take_up_to(uint64_t n, uint64_t most) {
  gr_err err;
  char *text = n > most ? NULL : gr_alloc(n + 1, &err);
  if (!text) return NULL;
  if (!take_bytes(text, n)) return gr_free(text), NULL;
  text[n] = 0;
  return text;
}

static const char *take_text(uint64_t n) { return take_up_to(n, GR_CELL_MOST_INPUT); }

/* The files that it may read: from here on there are no others. They stay for the life of the process. */
static bool take_files(uint64_t count) {
  static gr_memory_file files[GR_CELL_MOST_FILES + 1];
  cell_file about;
  bool whole = count <= GR_CELL_MOST_FILES;
  for (uint64_t i = 0; whole && i < count; i++) {
    whole = take_bytes(&about, sizeof about) && (files[i].name = take_text(about.name_size)) &&
            (files[i].bytes = take_up_to(about.size, GR_CELL_MOST_FILE));
    files[i].size = about.size;
  }
  gr_files_only(files);
  return whole;
}

bool gr_cell_receive(gr_cell_job *job) {
  cell_order order;
  cell_close_from(CELL_PROGRAM); /* what bubblewrap has left open */
  if (!take_bytes(&order, sizeof order) || order.magic != cell_magic) return false;
  *job = (gr_cell_job){ .seconds = order.seconds, .memory = order.memory, .value = order.value, .trust = order.trust };
  most_value = order.value;
  gr_set_portable(order.portable);
  job->script_size = order.script_size;
  job->inputs_size = order.inputs_size;
  const struct {
    const char **text;
    uint64_t size;
  } parts[] = { { &job->name, order.name_size },
                { &job->zone, order.zone_size },
                { &job->script, order.script_size },
                { &job->inputs, order.inputs_size } };
  bool whole = true;
  for (size_t i = 0; whole && i < sizeof parts / sizeof *parts; i++) whole = (*parts[i].text = take_text(parts[i].size)) != NULL;
  whole = whole && take_files(order.files);
  for (size_t i = 0; !whole && i < sizeof parts / sizeof *parts; i++) gr_free((void *)*parts[i].text);
  return whole;
}

/* ---- Telling it ---------------------------------------------------------------------- */

static void put_bytes(const void *bytes, size_t n) {
  for (const char *at = bytes; n > 0;) {
    ssize_t put = write(CELL_CHANNEL, at, n);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) _exit(1); /* the marker has gone */
    at += put;
    n -= (size_t)put;
  }
}

void cell_send(uint32_t kind, const void *bytes, size_t n) {
  const cell_frame frame = { kind, (uint32_t)n };
  put_bytes(&frame, sizeof frame);
  put_bytes(bytes, n);
}

static volatile sig_atomic_t told;

void gr_cell_tell(gr_cell_end end, const char *text, size_t n) {
  if (told) return;
  told = 1;
  if (n > most_value && end == GR_CELL_FINISHED) cell_send(GR_CELL_VALUE, "", 0);
  else cell_send(end, text, n > most_value ? most_value : n);
}

void gr_cell_leave(void) { _exit(0); }

/* ---- The clock ----------------------------------------------------------------------- */

static void (*time_is_up)(void);
static volatile sig_atomic_t rings;

/* At first the script is stopped where it is, so that the line can be told; a function in C that takes ages does not hear that. */
static void on_alarm(int number) {
  (void)number;
  if (told) return;
  if (rings++ == 0 && time_is_up) return time_is_up();
  gr_cell_tell(GR_CELL_TIME, "", 0);
  gr_cell_leave();
}

/* Handlers have a stack of their own: the script's may be full. */
static void start_clock(double seconds, void (*on_time)(void)) {
  static char room[1 << 16];
  const stack_t stack = { .ss_sp = room, .ss_size = sizeof room };
  struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART | SA_ONSTACK };
  struct itimerval timer = { .it_interval = { .tv_usec = 200000 } };
  timer.it_value.tv_sec = (time_t)seconds;
  timer.it_value.tv_usec = (suseconds_t)(1e6 * (seconds - (double)timer.it_value.tv_sec));
  if (seconds < 1e-3) timer.it_value.tv_usec = 1000; /* zero would be never */
  time_is_up = on_time;
  sigaltstack(&stack, NULL);
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* ---- Warming up ---------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* OpenBLAS maps its buffers at the first large product, and the C library looks at the machine when it first sorts much. */
static void warm_up(const char *zone) {
  enum { SIZE = 256 };
  static int numbers[SIZE * SIZE];
  gr_err err;
  gr_tensor *a = gr_full(GR_F64, 2, (size_t[]){ SIZE, SIZE }, 1, &err);
  gr_tensor *ab = a ? gr_apply(gr_op_find("dot"), (gr_tensor *[]){ a, a }, 2, NULL, false, &err) : NULL;
  gr_unref(ab);
  gr_unref(a);
  qsort(numbers, sizeof numbers / sizeof *numbers, sizeof *numbers, by_value);
  if (zone && *zone) setenv("TZ", zone, 1);
  tzset();
}

/* ---- The walls ----------------------------------------------------------------------- */

bool gr_cell_lock(const gr_cell_job *job, void (*on_time)(void)) {
  static const char missing[] = "walls are missing here";
  unsigned walls = 0;
  warm_up(job->zone);
  gr_exact_count_memory();
  if (cell_wall_user()) walls |= GR_WALL_USER;
  if (cell_wall_landlock()) walls |= GR_WALL_LANDLOCK;
  if (cell_wall_limits(job)) walls |= GR_WALL_LIMITS;
  start_clock(job->seconds, on_time);
  if (cell_wall_seccomp()) walls |= GR_WALL_SECCOMP;
  const bool all = (walls | GR_WALL_NAMESPACES) == GR_ALL_WALLS;
  if (all || job->trust) return cell_send(CELL_WALLS, &walls, sizeof walls), true;
  cell_send(GR_CELL_UNSTARTED, missing, sizeof missing - 1);
  return false;
}
