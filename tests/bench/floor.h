/* floor.h: what the parts of the floor share: the workloads' numbers, their data, a clock, a team of threads.
**
** The floor is what a perfect runner could reach: OpenBLAS products, one pass over memory between two of them, all
** memory at hand before the clock starts. A workload's row is in floor.c; README.md says what each one is.
**
** The arithmetic is written out twice, by core/real.h: the .h files below are included once for each number type. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a run measured. */
typedef struct measured {
  double seconds; /* a unit: a step, an epoch, a call, a pass, a file */
  double loss;    /* or another number that says whether the arithmetic was the same */
} measured;

/* ---- Numbers, the same in every program --------------------------------------------- */

/* Uniform in [0, 1): SplitMix64 (Steele, Lea, Flood 2014) of the stream and the position in it. */
double urand(uint64_t stream, uint64_t i);

enum { SAMPLES = 7, MATRIX = 9, ELEMENTS = 11, WEIGHTS = 100 }; /* streams; layer l has WEIGHTS + l */

/* Which of n rows is sample j of a step. */
size_t sample(size_t step, size_t batch, size_t j, size_t n);

/* Weight i of a layer, row by row: uniform between -bound and bound. */
double weight(size_t layer, size_t i, double bound);

/* ---- Memory, data, time ------------------------------------------------------------- */

void *room(size_t bytes); /* zeros, aligned, on huge pages if large; never NULL; for free() */
double now(void);
void stop(const char *why, const char *what) __attribute__((noreturn));

/* The numbers of an IDX file of bytes in the folder that the environment names; gzipped or not. */
uint8_t *idx_bytes(const char *folder_variable, const char *file, size_t *count);

/* A file that the environment names, whole, with a zero byte behind it. */
char *whole_file(const char *variable, size_t *count);

/* ---- Threads ------------------------------------------------------------------------ */

enum { MAX_THREADS = 64 };
extern int threads;

/* Runs work(t, what) on all threads, t from 0, and waits for them. */
void team(void (*work)(int t, void *what), void *what);

/* Waits within `work` until all threads have come here. */
void meet(void);

/* Thread t's part of n: from..to. */
void part(int t, size_t n, size_t *from, size_t *to);

/* ---- The workloads ------------------------------------------------------------------ */

typedef enum { SIGMOID, RELU } activation;
typedef enum { CROSS_ENTROPY, LOGISTIC, SQUARES } loss_kind; /* the latter two end in sigmoids */

enum { MAX_LAYERS = 4 };

typedef struct net_task {
  size_t layers, size[MAX_LAYERS + 1];
  activation act;
  loss_kind loss;
  bool adam;    /* else plain gradient descent */
  size_t batch; /* 0: all rows */
  double lr;
  size_t units;       /* steps or epochs to measure */
  const char *images; /* the folder's variable; NULL: the cancer data */
} net_task;

measured train_f64(const net_task *task);
measured train_f32(const net_task *task);
measured lenet_f64(size_t steps);
measured lenet_f32(size_t steps);
measured neuron_f64(size_t epochs);
measured neuron_f32(size_t epochs);

typedef enum { COPY, EXP, SIGMOIDS, SOFTMAX } pass_kind;
measured pass_f64(pass_kind kind);
measured pass_f32(pass_kind kind);

measured inverse(size_t n);
measured solution(size_t n);
measured read_images(void);
measured read_table(void);

#endif
