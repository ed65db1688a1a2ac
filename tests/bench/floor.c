/* floor.c: the program: floor WORKLOAD f64|f32 THREADS. Prints seconds a unit, loss, peak memory in MB; leaves with
** status 3 when it has no such workload.                                                                          */
#include "floor.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <zlib.h>

#include <cblas.h>

/* ---- Numbers ------------------------------------------------------------------------ */

double urand(uint64_t stream, uint64_t i) {
  uint64_t z = ((stream << 32) + i + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

size_t sample(size_t step, size_t batch, size_t j, size_t n) { return (size_t)(urand(SAMPLES, step * batch + j) * (double)n); }

double weight(size_t layer, size_t i, double bound) { return (2 * urand(WEIGHTS + layer, i) - 1) * bound; }

/* ---- Memory, data, time ------------------------------------------------------------- */

void stop(const char *why, const char *what) {
  fprintf(stderr, "floor: %s %s\n", why, what);
  exit(2);
}

void *room(size_t bytes) {
  enum { LINE = 64, HUGE_PAGE = 2 << 20 };
  size_t align = bytes > 2 * HUGE_PAGE ? HUGE_PAGE : LINE;
  void *p = aligned_alloc(align, (bytes / align + 1) * align);
  if (!p) stop("not enough memory", "");
  if (align == HUGE_PAGE) madvise(p, bytes, MADV_HUGEPAGE);
  return memset(p, 0, bytes);
}

double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char *setting(const char *variable) {
  const char *value = getenv(variable);
  if (!value) stop("this must be set:", variable);
  return value;
}

static gzFile open_images(const char *folder, const char *file) {
  char path[4096];
  gzFile f = NULL;
  for (int gz = 0; gz < 2 && !f; gz++) {
    snprintf(path, sizeof path, "%s/%s%s", folder, file, gz ? ".gz" : "");
    f = gzopen(path, "rb");
  }
  if (!f) stop("cannot read", path);
  gzbuffer(f, 1 << 17);
  return f;
}

uint8_t *idx_bytes(const char *folder_variable, const char *file, size_t *count) {
  uint8_t head[4], size[4];
  gzFile f = open_images(setting(folder_variable), file);
  bool fine = gzread(f, head, 4) == 4;
  *count = 1;
  for (int i = 0; fine && i < head[3]; i++) {
    fine = gzread(f, size, 4) == 4;
    *count *= (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
  }
  uint8_t *bytes = fine ? room(*count) : NULL;
  if (!bytes || gzread(f, bytes, (unsigned)*count) != (int)*count) stop("not an IDX file:", file);
  gzclose(f);
  return bytes;
}

char *whole_file(const char *variable, size_t *count) {
  FILE *f = fopen(setting(variable), "rb");
  if (!f) stop("cannot read", setting(variable));
  fseek(f, 0, SEEK_END);
  *count = (size_t)ftell(f);
  rewind(f);
  char *bytes = malloc(*count + 1);
  if (!bytes || fread(bytes, 1, *count, f) != *count) stop("cannot read", setting(variable));
  fclose(f);
  bytes[*count] = 0;
  return bytes;
}

/* Of this program alone: getrusage would begin with what its parent had. */
static double peak_megabytes(void) {
  char line[256];
  double kilobytes = 0;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f))
    if (sscanf(line, "VmHWM: %lf", &kilobytes) == 1) break;
  if (f) fclose(f);
  return kilobytes / 1024;
}

/* ---- Threads ------------------------------------------------------------------------ */

int threads = 1;
static atomic_int arrived, meeting;

typedef struct job {
  void (*work)(int t, void *what);
  void *what;
  int t;
} job;

static void *run_job(void *p) {
  const job *j = p;
  j->work(j->t, j->what);
  return NULL;
}

void team(void (*work)(int t, void *what), void *what) {
  pthread_t thread[MAX_THREADS] = { 0 };
  job jobs[MAX_THREADS];
  for (int t = 1; t < threads; t++) {
    jobs[t] = (job){ work, what, t };
    if (pthread_create(&thread[t], NULL, run_job, &jobs[t]) != 0) stop("cannot start", "a thread");
  }
  work(0, what);
  for (int t = 1; t < threads; t++) pthread_join(thread[t], NULL);
}

/* The last to come opens the next meeting; the others look for that, since to sleep and wake takes longer than a step. */
void meet(void) {
  enum { PATIENCE = 20000 };
  if (threads == 1) return;
  int this_one = atomic_load(&meeting);
  if (atomic_fetch_add(&arrived, 1) + 1 == threads) {
    atomic_store(&arrived, 0);
    atomic_fetch_add(&meeting, 1);
    return;
  }
  for (int looks = 0; atomic_load(&meeting) == this_one; looks++)
    if (looks > PATIENCE) sched_yield();
}

void part(int t, size_t n, size_t *from, size_t *to) {
  *from = n * (size_t)t / (size_t)threads;
  *to = n * ((size_t)t + 1) / (size_t)threads;
}

/* ---- The workloads ------------------------------------------------------------------ */

static const struct {
  const char *name;
  net_task task;
} nets[] = {
  { "W3", { 2, { 30, 10, 1 }, SIGMOID, LOGISTIC, false, 0, 1, 1000, NULL } },
  { "W4", { 2, { 784, 50, 10 }, SIGMOID, CROSS_ENTROPY, false, 100, 0.1, 2000, "BENCH_MNIST" } },
  { "W5", { 2, { 784, 100, 10 }, SIGMOID, CROSS_ENTROPY, false, 0, 0.5, 5, "BENCH_FASHION" } },
  { "W6", { 3, { 784, 392, 196, 10 }, SIGMOID, SQUARES, false, 10, 3, 2000, "BENCH_MNIST" } },
  { "W7", { 3, { 784, 1024, 1024, 10 }, RELU, CROSS_ENTROPY, true, 128, 1e-3, 100, "BENCH_MNIST" } },
};

static bool run_pass(const char *name, bool f32, measured *m) {
  static const char *const names[] = { "W11_copy", "W11_exp", "W11_sigmoid", "W11_softmax" };
  for (int i = 0; i < 4; i++)
    if (strcmp(name, names[i]) == 0) {
      *m = f32 ? pass_f32((pass_kind)i) : pass_f64((pass_kind)i);
      return true;
    }
  return false;
}

static bool run(const char *name, bool f32, measured *m) {
  size_t n;
  for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
    if (strcmp(name, nets[i].name) == 0) {
      *m = f32 ? train_f32(&nets[i].task) : train_f64(&nets[i].task);
      return true;
    }
  if (run_pass(name, f32, m)) return true;
  if (strcmp(name, "W2") == 0) *m = f32 ? neuron_f32(100) : neuron_f64(100);
  else if (strcmp(name, "W8") == 0 && threads == 1) *m = f32 ? lenet_f32(50) : lenet_f64(50);
  else if (sscanf(name, "W10_inv%zu", &n) == 1) *m = inverse(n);
  else if (sscanf(name, "W10_solve%zu", &n) == 1) *m = solution(n);
  else if (strcmp(name, "W12_idx") == 0) *m = read_images();
  else if (strcmp(name, "W12_csv") == 0) *m = read_table();
  else return false;
  return true;
}

int main(int argc, char **argv) {
  measured m;
  if (argc != 4) stop("usage: floor", "WORKLOAD f64|f32 THREADS");
  threads = atoi(argv[3]);
  if (threads < 1 || threads > MAX_THREADS) stop("threads:", argv[3]);
  openblas_set_num_threads(1);
  if (!run(argv[1], strcmp(argv[2], "f32") == 0, &m)) return 3;
  printf("%.9g %.12g %.1f\n", m.seconds, m.loss, peak_megabytes());
  return 0;
}
