/* Prints a hash of the bits of everything that portable mode promises: run by `make portable`, which compiles it with several
** compilers, with and without optimisation, and for several processors, and expects the same text from all of them.
**
**   digest [THREADS]                                                                                                        */
#include "gr.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SIZES(...) ((size_t[]){ __VA_ARGS__ })

static gr_err err;
static gr_rng rng;

static gr_tensor *must(gr_tensor *t) {
  if (t) return t;
  fprintf(stderr, "digest: %s\n", err.text);
  exit(1);
}

/* ---- The hash (FNV-1a) -------------------------------------------------------------- */

static uint64_t hash;

static void begin(void) { hash = 0xcbf29ce484222325; }

static void add(const void *bytes, size_t n) {
  for (const unsigned char *b = bytes; n > 0; n--) hash = (hash ^ *b++) * 0x100000001b3;
}

static void end(const char *what, gr_dtype dtype) { printf("%s %s %016" PRIx64 "\n", what, gr_dtype_name(dtype), hash); }

static void add_number(double x) { add(&x, sizeof x); }

static void add_tensor(gr_tensor *t) {
  if (!gr_ready(t, &err)) must(NULL);
  add(t->x, t->size * gr_dtype_size(t->dtype));
  if (t->g) add(t->g, t->size * gr_dtype_size(t->dtype));
}

/* ---- Functions ---------------------------------------------------------------------- */

static void digest_functions(void) {
  double (*const of[])(double) = { gr_own_exp,  gr_own_log,  gr_own_log2, gr_own_log10, gr_own_sin,  gr_own_cos, gr_own_tan,
                                   gr_own_asin, gr_own_acos, gr_own_sinh, gr_own_cosh,  gr_own_tanh, gr_own_erfc };
  begin();
  for (int i = 0; i < 20000; i++) {
    double x = (2 * gr_rng_double(&rng) - 1) * (i % 3 == 0 ? 1 : i % 3 == 1 ? 30 : 1e9), size = x < 0 ? -x : x;
    for (size_t k = 0; k < COUNT(of); k++) {
      bool log = k >= 1 && k <= 3, arc = k == 7 || k == 8;
      add_number(of[k](log ? size : arc && size > 1 ? 1 / x : x));
    }
    add_number(gr_own_pow(size, gr_rng_gauss(&rng)));
    add_number(gr_own_atan2(x, gr_rng_gauss(&rng)));
  }
  end("functions", GR_F64);
}

/* ---- Operators ---------------------------------------------------------------------- */

static gr_tensor *normal(gr_dtype dtype, int nd, const size_t d[]) {
  gr_tensor *t = must(gr_new(dtype, nd, d, &err)), *p;
  gr_rng_fill_normal(&rng, t, 0, 0.5);
  p = must(gr_param(t, &err));
  gr_unref(t);
  return p;
}

/* Hashes y and the gradients of the inputs for the loss sum(y y), and releases all. */
static void add_slopes(gr_tensor *y, gr_tensor *in[], size_t n) {
  gr_tensor *square = must(gr_apply(gr_op_find("mul"), (gr_tensor *[]){ y, y }, 2, NULL, true, &err));
  gr_tensor *loss = must(gr_apply(gr_op_find("sum"), &square, 1, &(gr_attr){ .axis = GR_ALL_AXES }, true, &err));
  if (!gr_backward(loss, &err)) must(NULL);
  add_tensor(y);
  for (size_t i = 0; i < n; i++) {
    add_tensor(in[i]);
    gr_unref(in[i]);
  }
  gr_unref(loss);
  gr_unref(square);
  gr_unref(y);
}

static void run(const char *name, gr_tensor *in[], size_t n, const gr_attr *attr) {
  add_slopes(must(gr_apply(gr_op_find(name), in, (int)n, attr, true, &err)), in, n);
}

static void digest_elements(gr_dtype dtype) {
  static const char *const names[] = { "exp", "tanh", "sigmoid", "softplus", "gelu", "sin", "cos", "softmax", "std" };
  begin();
  for (size_t k = 0; k < COUNT(names); k++)
    run(names[k], (gr_tensor *[]){ normal(dtype, 2, SIZES(37, 11)) }, 1, &(gr_attr){ .axis = 1 });
  gr_tensor *base = normal(dtype, 1, SIZES(500)), *power = normal(dtype, 1, SIZES(500));
  for (size_t i = 0; i < base->size; i++) gr_set(base, i, gr_get(base, i) * gr_get(base, i) + 0.01);
  run("log", (gr_tensor *[]){ gr_ref(base) }, 1, NULL);
  run("pow", (gr_tensor *[]){ base, power }, 2, NULL);
  end("elements", dtype);
}

static void digest_products(gr_dtype dtype) {
  static const size_t sizes[][3] = { { 1, 700, 1 },   { 1, 33, 129 },   { 65, 31, 1 },   { 7, 9, 5 },
                                     { 13, 300, 17 }, { 61, 513, 259 }, { 200, 64, 100 } };
  begin();
  for (size_t i = 0; i < COUNT(sizes); i++)
    for (int turned = 0; turned < 4; turned++) {
      size_t m = sizes[i][0], k = sizes[i][1], n = sizes[i][2];
      gr_attr attr = { .ta = turned & 1, .tb = turned & 2 };
      gr_tensor *a = normal(dtype, 2, attr.ta ? SIZES(k, m) : SIZES(m, k));
      run("dot", (gr_tensor *[]){ a, normal(dtype, 2, attr.tb ? SIZES(n, k) : SIZES(k, n)) }, 2, &attr);
    }
  end("products", dtype);
}

/* kernel or stride, and padding, of a square kind */
static gr_attr pairs(size_t first, size_t second) { return (gr_attr){ .nd = 4, .d = { first, first, second, second } }; }

static void digest_layers(gr_dtype dtype) {
  gr_attr conv = pairs(1, 2), pool = { .nd = 6, .d = { 2, 2, 2, 2, 0, 0 } }, norm = { .v = { 1e-5 } };
  begin();
  run("conv2d",
      (gr_tensor *[]){ normal(dtype, 4, SIZES(3, 2, 13, 11)), normal(dtype, 4, SIZES(5, 2, 5, 5)), normal(dtype, 1, SIZES(5)) }, 3,
      &conv);
  run("max_pool2d", (gr_tensor *[]){ normal(dtype, 4, SIZES(3, 2, 12, 10)) }, 1, &pool);
  run("affine", (gr_tensor *[]){ normal(dtype, 2, SIZES(100, 75)), normal(dtype, 2, SIZES(75, 31)), normal(dtype, 1, SIZES(31)) },
      3, NULL);
  run("layer_norm", (gr_tensor *[]){ normal(dtype, 2, SIZES(20, 15)), normal(dtype, 1, SIZES(15)), normal(dtype, 1, SIZES(15)) }, 3,
      &norm);
  run("lstm",
      (gr_tensor *[]){ normal(dtype, 3, SIZES(5, 7, 9)), normal(dtype, 2, SIZES(9, 44)), normal(dtype, 2, SIZES(11, 44)),
                       normal(dtype, 1, SIZES(44)) },
      4, NULL);
  run("gru",
      (gr_tensor *[]){ normal(dtype, 3, SIZES(5, 7, 9)), normal(dtype, 2, SIZES(9, 33)), normal(dtype, 2, SIZES(11, 33)),
                       normal(dtype, 1, SIZES(33)), normal(dtype, 1, SIZES(11)) },
      5, NULL);
  end("layers", dtype);
}

/* ---- Training ----------------------------------------------------------------------- */

/* 784 numbers to 10 by way of 50, Adam, by hand. */
static void digest_training(gr_dtype dtype) {
  gr_tensor *x = normal(dtype, 2, SIZES(64, 200)), *zero = must(gr_full(GR_F64, 0, NULL, 0, &err));
  gr_tensor *w = normal(dtype, 2, SIZES(200, 50)), *v = normal(dtype, 2, SIZES(50, 10));
  gr_optim o = { .method = GR_ADAM, .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .clip_norm = 1 };
  gr_slot slots[] = { { w, { NULL } }, { v, { NULL } } };
  for (size_t i = 0; i < 2; i++) {
    slots[i].kept[0] = must(gr_full(dtype, 2, slots[i].p->d, 0, &err));
    slots[i].kept[1] = must(gr_full(dtype, 2, slots[i].p->d, 0, &err));
    slots[i].kept[2] = must(gr_copy(zero, &err));
  }
  begin();
  for (int step = 0; step < 20; step++) {
    gr_tensor *z = must(gr_apply(gr_op_find("dot"), (gr_tensor *[]){ x, w }, 2, NULL, true, &err));
    gr_tensor *h = must(gr_apply(gr_op_find("tanh"), &z, 1, NULL, true, &err));
    gr_zero_grad(w);
    gr_zero_grad(v);
    add_slopes(must(gr_apply(gr_op_find("dot"), (gr_tensor *[]){ h, v }, 2, NULL, true, &err)), NULL, 0);
    gr_optim_step(&o, slots, 2);
    add_tensor(w);
    gr_unref(h);
    gr_unref(z);
  }
  end("training", dtype);
}

/* ---- Linear algebra ----------------------------------------------------------------- */

static void digest_matrices(gr_dtype dtype) {
  static const size_t sizes[] = { 1, 3, 9, 31, 33, 50, 140 };
  begin();
  for (size_t i = 0; i < COUNT(sizes); i++) {
    size_t n = sizes[i];
    double rcond = 0, sign = 0, logdet = 0, det = 0, norm = 0;
    gr_tensor *a = normal(dtype, 2, SIZES(n, n)), *b = normal(dtype, 2, SIZES(n, 7)), *plu[3], *qr[2];
    gr_tensor *inverse = must(gr_inv(a, &rcond, &err)), *x = must(gr_solve(a, b, &rcond, &err));
    if (!gr_slogdet(a, &sign, &logdet, &err) || !gr_det(a, &det, &err) || !gr_norm(a, &norm, &err) || !gr_lu(a, plu, &err) ||
        !gr_qr(a, qr, &err))
      must(NULL);
    add_tensor(inverse);
    add_tensor(x);
    add_tensor(qr[0]);
    add_tensor(qr[1]);
    add_tensor(plu[1]);
    add_tensor(plu[2]);
    add_number(rcond), add_number(sign), add_number(logdet), add_number(det), add_number(norm);
    for (int k = 0; k < 3; k++) gr_unref(plu[k]);
    for (int k = 0; k < 2; k++) gr_unref(qr[k]);
    gr_unref(inverse), gr_unref(x), gr_unref(a), gr_unref(b);
  }
  end("matrices", dtype);
}

int main(int argc, char **argv) {
  gr_set_portable(true);
  gr_set_threads(argc > 1 ? atoi(argv[1]) : 1);
  gr_rng_seed(&rng, 1);
  digest_functions();
  for (gr_dtype dtype = GR_F64; dtype <= GR_F32; dtype++) {
    digest_elements(dtype);
    digest_products(dtype);
    digest_layers(dtype);
    digest_training(dtype);
    digest_matrices(dtype);
  }
  return 0;
}
