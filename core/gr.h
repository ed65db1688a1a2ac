/* gr.h: everything that gradus computes, as seen by its callers.
**
**   gr_err err;
**   gr_tensor *x = gr_full(GR_F64, 2, (size_t[]){ 2, 3 }, 1.5, &err);
**   gr_tensor *y = x ? gr_apply(gr_op_find("exp"), &x, 1, NULL, true, &err) : NULL;
**   if (!y) fprintf(stderr, "%s\n", err.text);
**
** Ownership. Whatever returns a gr_tensor * gives the caller one reference to release with
** gr_unref; a function that keeps a tensor takes a reference of its own.
**
** Failure. A function that takes gr_err *err fails by returning NULL or false after filling
** err; it has changed nothing then. Nothing here prints, exits or jumps.
**
** Positions count from 0 in C. Bindings translate.                                          */
#ifndef GR_H
#define GR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GR_VERSION "0.1.0"

/* ---- Failures (err.c) --------------------------------------------------------------- */

typedef struct gr_err {
  char text[1024];
  bool memory; /* a request for memory failed: the same call may do better later */
} gr_err;

/* Fills err with a printf-formatted sentence. Always returns false, so `return gr_fail(...)` reads well. */
bool gr_fail(gr_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills err for a request of `bytes` bytes that could not be met. Always returns false. */
bool gr_fail_memory(gr_err *err, size_t bytes);

/* ---- Memory (mem.c) ----------------------------------------------------------------- */

enum { GR_ALIGN = 64 };

/* A piece of memory shared by tensors: a tensor and the views of its rows. */
typedef struct gr_block {
  size_t refs;
  size_t bytes;
  size_t version; /* how often a tensor in it was changed in place */
  void *data;     /* aligned to GR_ALIGN */
} gr_block;

gr_block *gr_block_new(size_t bytes, gr_err *err); /* contents undefined */
gr_block *gr_block_ref(gr_block *block);
void gr_block_unref(gr_block *block); /* NULL is welcome */

/* malloc, calloc, realloc and free that count, and that can be made to fail. */
void *gr_alloc(size_t bytes, gr_err *err);
void *gr_alloc_zeroed(size_t count, size_t bytes_each, gr_err *err);
void *gr_realloc(void *old, size_t bytes, gr_err *err);
void gr_free(void *p);

size_t gr_bytes_held(void);  /* bytes now in blocks that somebody refers to */
size_t gr_blocks_made(void); /* blocks handed out since the start: stands still in a loop that allocates nothing */
void gr_memory_trim(void);   /* gives the memory kept for reuse back to the system */

/* What to call, with `who`, before a request for a block is given up: it may release tensors. Then the request is tried once more. */
void gr_memory_on_shortage(void (*give_back)(void *who), void *who);

/* Blocks, what gr_alloc gives and what is told by gr_memory_charge may hold so many bytes together (0: no limit). A request that would
** go beyond is tried once more after who hears of shortages has released what it can; if that does not help, over() is called,
** which may end the program, and then the request fails.                                                                         */
void gr_memory_limit(size_t bytes, void (*over)(void));

/* Counts memory that somebody else manages: `more` bytes are taken in place of `less`. False, and nothing is counted, when that
** would go beyond the limit; shrinking always goes.                                                                              */
bool gr_memory_charge(size_t more, size_t less);

/* For tests: the n-th request from now fails (0: none does), and those that follow it until `times` have failed. Each try
** counts: a request that is tried once more fails for good with times = 2. */
void gr_memory_fail_at(size_t n, size_t times);

/* a * b in *out; false if it does not fit a size_t. */
bool gr_size_mul(size_t a, size_t b, size_t *out);

/* ---- Tensors (tensor.c) ------------------------------------------------------------- */

enum { GR_MAX_DIMS = 8 };

typedef enum { GR_F64, GR_F32 } gr_dtype;

typedef struct gr_tensor gr_tensor;
typedef struct gr_op gr_op;

/* What an operator is told besides its tensors. Which fields count, gr_op.options says. */
typedef struct gr_attr {
  double v[2];              /* numbers: lo and hi of clip */
  int axis;                 /* an axis from 0; GR_ALL_AXES: all of them */
  bool keep;                /* a reduced axis stays, with size 1 */
  bool ta, tb;              /* dot: this input enters transposed */
  int nd;                   /* how many entries of d and from count */
  size_t d[GR_MAX_DIMS];    /* sizes wanted: reshape, slice; GR_REST once in reshape. Or pairs, one after the other: kernel,
                               stride and padding, down and across, with GR_REST in those that were left out */
  size_t from[GR_MAX_DIMS]; /* slice: first position on each axis */
  bool drop[GR_MAX_DIMS];   /* slice: leave this axis out of the result */
  gr_dtype dtype;           /* cast */
} gr_attr;

#define GR_ALL_AXES (-1)
#define GR_REST ((size_t)-1)

/* A contiguous row-major array; when recorded, also the node of the graph that made it.
** nd = 0 is one number.                                                                 */
struct gr_tensor {
  size_t refs;
  size_t id; /* counts tensors made: a node's inputs have smaller ids */
  gr_dtype dtype;
  int nd;
  size_t d[GR_MAX_DIMS];
  size_t size;
  void *x;    /* values; NULL in a transposed tensor that nobody has read yet */
  void *g;    /* gradient, NULL until backward reaches it */
  void *work; /* what forward leaves for backward, NULL for most */
  gr_block *x_block, *g_block, *work_block;
  bool wants;      /* a gradient is wanted: made by gr_param, or from such a tensor */
  bool follows;    /* a plan computes it anew for each batch: see gr_follow */
  bool blank;      /* g counts as zeros, whatever it holds: nothing was added yet */
  bool mark;       /* used by walks over the graph */
  int line;        /* of the script that made it */
  double ride;     /* not 0: backward takes this times the gradient from the values, and keeps no gradient */
  const gr_op *op; /* NULL for a leaf, and for results that were not recorded */
  gr_attr attr;
  char *name;       /* NULL or owned */
  const char *file; /* that script; NULL when unknown; never freed here */
  size_t seen;      /* a result's own version when computed; a transposed tensor's source's when last read */
  gr_tensor *next;  /* used by gr_unref */
  int n_in;
  gr_tensor **in;     /* n_in references */
  size_t *in_version; /* their blocks' versions when they were read */
};

/* Bytes of one element. */
size_t gr_dtype_size(gr_dtype dtype);
const char *gr_dtype_name(gr_dtype dtype); /* "f64" or "f32" */

/* A tensor of nd sizes d[]; contents undefined. Sizes must be at least 1. */
gr_tensor *gr_new(gr_dtype dtype, int nd, const size_t d[], gr_err *err);
gr_tensor *gr_full(gr_dtype dtype, int nd, const size_t d[], double value, gr_err *err);
gr_tensor *gr_eye(gr_dtype dtype, size_t n, gr_err *err);

/* from, from + step, ... while below (above, for a negative step) to: numpy.arange. */
gr_tensor *gr_arange(gr_dtype dtype, double from, double to, double step, gr_err *err);

/* n evenly spaced numbers, both ends included: numpy.linspace. */
gr_tensor *gr_linspace(gr_dtype dtype, double from, double to, size_t n, gr_err *err);

/* An unrecorded copy. */
gr_tensor *gr_copy(gr_tensor *t, gr_err *err);

/* A leaf on the same memory, without t's history; of a transposed tensor, a copy. */
gr_tensor *gr_detach(gr_tensor *t, gr_err *err);

/* A leaf of the same shape on the memory of t's gradient. t->g must not be NULL. */
gr_tensor *gr_grad_tensor(gr_tensor *t, gr_err *err);

/* A leaf that collects a gradient, on t's memory. */
gr_tensor *gr_param(gr_tensor *t, gr_err *err);

/* Turns a leaf into one of another type, rounded, on memory of its own; its gradient goes. */
bool gr_retype(gr_tensor *t, gr_dtype dtype, gr_err *err);

/* The different values, ascending. NaN last, once. */
gr_tensor *gr_unique(gr_tensor *t, gr_err *err);

gr_tensor *gr_ref(gr_tensor *t);
void gr_unref(gr_tensor *t); /* NULL is welcome */

/* Element i of the flat array, as a double. The tensor must be ready (gr_ready). */
double gr_get(const gr_tensor *t, size_t i);
void gr_set(gr_tensor *t, size_t i, double value); /* does not count as a change: call gr_changed once after a series */
void gr_changed(gr_tensor *t);

/* Brings a transposed tensor's values up to date; does nothing to any other. */
bool gr_ready(gr_tensor *t, gr_err *err);

bool gr_same_shape(const gr_tensor *a, const gr_tensor *b);
bool gr_equal(gr_tensor *a, gr_tensor *b); /* same shape, and all elements ==; both ready */

/* Whether the values are the same to the bit; both ready, of one shape and type. */
bool gr_same_bits(const gr_tensor *a, const gr_tensor *b);

/* Whether t may be changed in place: no result of a recorded operator, no transposed tensor. `what` opens the message. */
bool gr_writable(const gr_tensor *t, const char *what, gr_err *err);

/* Gives t a name (NULL: none). Names stand in messages and in printed graphs. */
bool gr_set_name(gr_tensor *t, const char *name, gr_err *err);

/* "784 x 50", or "one number". Writes at most `room` bytes, terminator included, and returns out. */
const char *gr_shape_text(int nd, const size_t d[], char *out, size_t room);

enum { GR_LABEL_ROOM = 192 };

/* "w (784 x 50)": the tensor's name, or the name that `role` gives it, and its shape. */
const char *gr_label(const gr_tensor *t, const char *role, char *out, size_t room);

/* ---- Text (text.c) ------------------------------------------------------------------ */

enum { GR_NUMBER_ROOM = 40 };

/* The fewest digits that read back equal, laid out as Python's repr does: 0.1, 1e-05, 5.0, nan. */
void gr_number_text(double value, char out[GR_NUMBER_ROOM]);
void gr_number_text_f32(float value, char out[GR_NUMBER_ROOM]);

/* NumPy's layout (precision 8, over 1000 elements shortened, lines of `width` columns); the caller frees with gr_free. */
char *gr_tensor_text(gr_tensor *t, size_t width, gr_err *err);

/* ---- Operators (ops.def, ops.c, op_*.h) --------------------------------------------- */

/* A row of the table. The shape rule checks t->in and t->attr, sets t->nd and d (dtype is the
** inputs', unless it sets another), says in *work how many elements forward keeps for backward,
** and may lay a view on its input's memory by setting t->x and x_block. Forward writes t->x from
** t->in[]; backward adds to the gradients of the inputs, which gr_grad gives (NULL: not wanted). Both come in two types,
** [GR_F64] and [GR_F32], and may run again on other values in the same memory.                                         */
struct gr_op {
  const char *name;
  const char *inputs;     /* "a b": names of the tensors; "a..." for one or more */
  const char *options;    /* "lo hi": names of the rest; "" for none */
  const char *kinds;      /* one letter an option: n number, a axis, k keep, d sizes, p pair of sizes, t dtype */
  const char *shape_text; /* the shape rule in words */
  bool (*shape)(gr_tensor *t, size_t *work, gr_err *err);
  void (*forward[2])(gr_tensor *t);
  void (*backward[2])(gr_tensor *t); /* NULL: no gradient */
  bool looks;                        /* the shape rule looks at values too (labels, positions): it is asked anew for each batch */
  bool each;                         /* one input, and each element by itself: threads may share them */
  const char *formula, *gradient, *doc;
  bool (*call)(gr_tensor *t, bool back, gr_err *err); /* not NULL: computes t, or adds to its inputs' gradients, in place of both */
  void (*hold)(const gr_op *op, bool on);             /* not NULL: a node begins, or ends, to refer to the operator */
};

const gr_op *gr_op_find(const char *name); /* NULL if there is none */
const gr_op *gr_op_all(size_t *count);     /* the table */

/* Computes op of n tensors. With `record`, and when an input wants a gradient, the result
** remembers its inputs. attr may be NULL.                                              */
gr_tensor *gr_apply(const gr_op *op, gr_tensor *const in[], int n, const gr_attr *attr, bool record, gr_err *err);

/* Operators of the caller's own, whose `call` may fail. y: what it has computed from the inputs; the result is a copy. */
enum { GR_MAX_CUSTOM = 16 };
gr_tensor *gr_apply_custom(const gr_op *op, gr_tensor *const in[], int n, const gr_tensor *y, bool record, gr_err *err);

/* A leaf of t's values, on the same memory, that nothing follows: for who only reads. t must be ready. */
gr_tensor *gr_alias(gr_tensor *t, gr_err *err);

/* t's values become y's, which must have its type and sizes; `what` opens the message. For `call`. */
bool gr_overwrite(gr_tensor *t, const gr_tensor *y, const char *what, gr_err *err);

/* Adds d, of the type and sizes of t, to t's gradient, if one is wanted. For `call`. */
bool gr_grad_add(gr_tensor *t, const gr_tensor *d, const char *what, gr_err *err);

/* ---- The graph (graph.c) ------------------------------------------------------------ */

/* dy/dp for every recorded tensor that y (one number) was made from. Leaves add to the gradient they have. */
bool gr_backward(gr_tensor *y, gr_err *err);

/* Sets t's gradient to zero where it has one. */
void gr_zero_grad(gr_tensor *t);

/* Takes t's gradient away. */
void gr_drop_grad(gr_tensor *t);

/* ---- Changes in place (update.c) ---------------------------------------------------- */

/* t op= b, where op is one of + - * / = and b has a shape that broadcasts to t's. */
bool gr_update(gr_tensor *t, char op, gr_tensor *b, gr_err *err);

/* t[range] = b, where range is as for the operator slice and b broadcasts to it. */
bool gr_assign(gr_tensor *t, const gr_attr *range, gr_tensor *b, gr_err *err);

/* ---- Optimisers (optim.c) ----------------------------------------------------------- */

/* One call changes all parameters by their gradients; those that have no gradient stay, and so does what is kept for them.
**
**   gr_optim o = { .method = GR_ADAM, .lr = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8 };
**   gr_slot slot = { p, { mean, square, steps } };
**   if (!gr_optim_check(&o, &slot, 1, &err)) fprintf(stderr, "%s\n", err.text);
**   gr_optim_step(&o, &slot, 1);
**
** The caller owns the parameters and what is kept, and makes the latter: leaves that start at zero. Formulas, the order of their
** roundings and what eps is added to are PyTorch's; the papers stand beside each rule in optim_real.h.                     */
typedef enum { GR_SGD, GR_ADAGRAD, GR_RMSPROP, GR_ADADELTA, GR_ADAM, GR_ADAMW } gr_method;

enum { GR_METHODS = GR_ADAMW + 1, GR_MAX_KEPT = 3 };

typedef struct gr_optim {
  gr_method method;
  double lr;           /* rate: all methods */
  double momentum;     /* sgd; 0: none, and nothing is kept */
  bool nesterov;       /* sgd with momentum */
  double rho;          /* decay of averages: rmsprop, adadelta */
  double beta1, beta2; /* decay of the mean and of the mean square: adam, adamw */
  double eps;          /* all but sgd */
  double weight_decay; /* times p, added to the gradient; for adamw times lr and p, taken from p */
  double clip_norm;    /* largest joint 2-norm of all gradients, which are scaled down to it in place; 0: no limit */
} gr_optim;

/* A parameter and what is kept for it from step to step, of its type and size:
**   sgd: velocity (with momentum)   adagrad: sum of squares   rmsprop: mean square
**   adadelta: mean squares of gradient and of change          adam, adamw: mean, mean square, and a one-number f64: steps */
typedef struct gr_slot {
  gr_tensor *p;
  gr_tensor *kept[GR_MAX_KEPT]; /* NULL where the method keeps less */
} gr_slot;

const char *gr_method_name(gr_method method); /* "sgd" */
int gr_optim_kept(const gr_optim *o);         /* how many tensors are kept for each parameter */

/* Whether n slots suit the method: parameters are leaves that collect a gradient, what is kept has the right types and sizes. */
bool gr_optim_check(const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err);

/* One step of n slots that were checked. Asks for no memory, and cannot fail. */
void gr_optim_step(const gr_optim *o, const gr_slot slots[], size_t n);

/* ---- Images as bytes (bytes.c) ------------------------------------------------------ */

/* What is made of each byte: 256 divisions give what millions would. */
typedef struct gr_shades {
  double divisor;
  double f64[256];
  float f32[256];
} gr_shades;

/* Unsigned bytes in the shape of a tensor, which become numbers, byte / divisor, when rows of them are read: the bytes of 60,000
** images of 784 take 47 MB, as f64 they take 376.
**
**   gr_bytes *images = gr_idx_read_bytes("train-images-idx3-ubyte.gz", GR_F64, 255, &err);
**   gr_tensor *x = images ? gr_bytes_tensor(images, NULL, 0, 100, &err) : NULL;      the first hundred
**
** The numbers are, bit for bit, those that gr_idx_read_divided gives. Whoever makes one owns a reference; nobody changes them. */
typedef struct gr_bytes {
  size_t refs;
  gr_dtype dtype; /* of the tensors that it gives */
  int nd;         /* at least 1 */
  size_t d[GR_MAX_DIMS];
  size_t size;
  const unsigned char *x;
  gr_block *block; /* x lies in it; shared */
  gr_shades shades;
} gr_bytes;

/* Contents undefined, and for the caller to write to block->data. Sizes must be at least 1, their product a size_t. */
gr_bytes *gr_bytes_new(int nd, const size_t d[], double divisor, gr_dtype dtype, gr_err *err);
gr_bytes *gr_bytes_ref(gr_bytes *b);
void gr_bytes_unref(gr_bytes *b); /* NULL is welcome */

/* The same bytes, shared, for tensors of that type; or in another shape, of sizes from 1 on, one of which may be GR_REST. */
gr_bytes *gr_bytes_to(const gr_bytes *b, gr_dtype dtype, gr_err *err);
gr_bytes *gr_bytes_reshape(const gr_bytes *b, int nd, const size_t d[], gr_err *err);

/* A copy of the rows at those positions, a vector that counts from 1: still bytes. */
gr_bytes *gr_bytes_take(const gr_bytes *b, gr_tensor *order, gr_err *err);

/* `rows` rows from place `at` of the order on (NULL: as they stand) as a tensor. */
gr_tensor *gr_bytes_tensor(const gr_bytes *b, gr_tensor *order, size_t at, size_t rows, gr_err *err);

/* The same into `to`, as many as it has rows, in its type. Cannot fail: the caller knows that the rows exist. */
void gr_bytes_gather(const gr_bytes *b, const gr_tensor *order, size_t at, gr_tensor *to);

/* ---- Plans (plan.c, epoch.c) -------------------------------------------------------- */

/* A step of training that was computed once may run again on other rows, in the same memory: the graph of its loss is the plan.
**
**   gr_follow(x, true), gr_follow(y, true);            leaves of the size of a batch
**   loss = ... operators on x, y and parameters ...
**   gr_plan *plan = gr_plan_new(loss, &adam, slots, n, &err);
**   gr_epoch e = { .feed = { { all_x, x }, { all_y, y } }, .feeds = 2, .order = positions, .steps = 600 };
**   if (!plan || !gr_plan_run(plan, &e, &err)) fprintf(stderr, "%s\n", err.text);
**
** The plan holds a reference to the loss, and with it to everything that it was made from; the caller keeps slots alive. */
typedef struct gr_plan gr_plan;

/* From now on (or not) results that t goes into remember their inputs, so that a plan can compute them again. */
void gr_follow(gr_tensor *t, bool on);

/* One step of a recorded loss: gradients of the slots' parameters, afresh, then the optimiser. A matrix of weights that one
** product uses takes plain sgd's step inside of backward, and has no gradient then. Fails as gr_backward does. */
bool gr_step(gr_tensor *loss, const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err);

/* The same step as a plan, all memory asked for. Gives NULL as gr_backward fails. */
gr_plan *gr_plan_new(gr_tensor *loss, const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err);
void gr_plan_free(gr_plan *plan); /* NULL is welcome */

/* Rows of `from` go to the leaf `to`, batch by batch; where both are one tensor it stays as it is. */
typedef struct gr_feed {
  gr_tensor *from, *to;
  const gr_bytes *bytes; /* not NULL: rows come from it, and there is no `from` */
} gr_feed;

enum { GR_MAX_FEEDS = 2 };

/* Whether the rows of both are of one size and type. */
bool gr_rows_fit(const gr_tensor *a, const gr_tensor *b);

/* Some steps of a plan. */
typedef struct gr_epoch {
  gr_feed feed[GR_MAX_FEEDS];
  int feeds;
  const gr_tensor *order;   /* f64 positions of rows, from 1; NULL: rows in their order */
  size_t at;                /* where in the order the next batch begins; moves on */
  size_t steps;             /* how many to do */
  size_t done;              /* how many were done */
  double rate;              /* lr */
  bool any_loss;            /* go on after a loss that is not finite */
  bool computed;            /* the first batch is in place, and forward has run */
  const volatile int *stop; /* not NULL: ends before the next step when it becomes other than 0 */
  double loss, before;      /* the last step's, and the one's before it (as given, when there was none) */
  double sum;               /* losses times rows; is added to */
} gr_epoch;

/* Runs e->steps steps. Asks for no memory. Stops early, with true and e->done < e->steps, on *e->stop, and after a loss that is not
** finite, which changes no parameter then; false, with no parameter changed, when a label or position in the batch is wrong. */
bool gr_plan_run(gr_plan *plan, gr_epoch *e, gr_err *err);

double gr_plan_loss(const gr_plan *plan); /* what was computed last */

/* A parameter that the loss depends on and no slot holds; NULL: none. */
gr_tensor *gr_plan_untrained(const gr_plan *plan);

/* The first leaf of the plan's last step that holds a bad number, or else the first result; NULL: none. *at: where in it. Bad is what is
** not finite; in leaves that training does not change only a NaN. */
gr_tensor *gr_plan_blame(const gr_plan *plan, size_t *at);

/* ---- Central differences (differences.c) -------------------------------------------- */

/* The slope of a recorded number along each element of a leaf: (y(x + h) - y(x - h)) / 2h. Only what depends on the element is
** computed anew; of layers in a row, x w + b and activations, only a column.
**
**   gr_follow(x, true);
**   y = ... operators on x ...; gr_follow(x, false);
**   gr_differences *d = gr_differences_new(y, x, &err);
**   if (!d || !gr_differences_run(d, 1e-4, slopes, &interrupted, &err)) fprintf(stderr, "%s\n", err.text);
**
** It holds references to y and x. The results that y was made from are used as working memory, and are put back. */
typedef struct gr_differences gr_differences;

/* y: one number. Fails when something that y was made from was changed in place since. */
gr_differences *gr_differences_new(gr_tensor *y, gr_tensor *x, gr_err *err);
void gr_differences_free(gr_differences *d); /* NULL is welcome */

/* y for what x holds now, all of it computed anew. Fails when anything else that y was made from was changed in place. */
bool gr_differences_value(gr_differences *d, double *value, gr_err *err);

/* slopes: of x's shape and type, or it fails. Stops early, with true, when *stop becomes other than 0. x is as it was afterwards. */
bool gr_differences_run(gr_differences *d, double h, gr_tensor *slopes, const volatile int *stop, gr_err *err);

/* ---- Random numbers (random.c) ------------------------------------------------------ */

/* NumPy's legacy RandomState, bit for bit: MT19937, doubles of 53 bits, the polar Gaussian
** with its kept second value. Python's own generator is the same engine, seeded otherwise. */
typedef struct gr_rng {
  uint32_t mt[624];
  int pos;        /* 0..624: next word */
  bool has_gauss; /* gauss is waiting */
  double gauss;
} gr_rng;

void gr_rng_seed(gr_rng *rng, uint32_t seed);                       /* numpy.random.RandomState(seed) */
void gr_rng_seed_array(gr_rng *rng, const uint32_t *key, size_t n); /* init_by_array (Matsumoto, Nishimura 2002) */
void gr_rng_seed_python(gr_rng *rng, uint64_t seed);                /* random.seed(seed) for an integer >= 0 */

uint32_t gr_rng_word(gr_rng *rng); /* 32 random bits */
double gr_rng_double(gr_rng *rng); /* [0, 1), 53 bits; also Python's random.random() */
double gr_rng_gauss(gr_rng *rng);  /* standard normal */

/* 0..max inclusive by mask and redraw; 0 draws nothing; above 2^32-1 two words a try, high first. */
uint64_t gr_rng_below(gr_rng *rng, uint64_t max);

/* lo + (hi - lo) * double for each element, in order. */
void gr_rng_fill_uniform(gr_rng *rng, gr_tensor *t, double lo, double hi);
void gr_rng_fill_normal(gr_rng *rng, gr_tensor *t, double mean, double std);
void gr_rng_fill_randint(gr_rng *rng, gr_tensor *t, int64_t lo, int64_t hi); /* lo..hi-1; hi > lo */

void gr_rng_permutation(gr_rng *rng, gr_tensor *t); /* fills t (a vector) with a permutation of 0..size-1 */

/* Elements of a vector, rows of anything larger, in place. */
bool gr_rng_shuffle(gr_rng *rng, gr_tensor *t, gr_err *err);

/* k positions 0..n-1 into t (size k). p: NULL, or a ready vector of n probabilities that sum to 1 within 1.5e-8 (f32: 3.5e-4),
** NumPy's limits. Without replacement and without p, the first k of a permutation; with p, NumPy's rejection of repeats.
** An f32 t takes n up to 2^24, beyond which its numbers skip positions. */
bool gr_rng_choice(gr_rng *rng, gr_tensor *t, size_t n, bool replace, const gr_tensor *p, gr_err *err);

void gr_rng_permutation_python(gr_rng *rng, gr_tensor *t); /* random.shuffle(list(range(n))) */

/* ---- Linear algebra (linalg.c) ------------------------------------------------------ */

/* All take matrices of either type, change none, record nothing, and give new tensors of the
** input's type; in between they compute in doubles, as NumPy does. A matrix that holds a NaN
** or an infinity is refused, naming its place.                                            */

/* rcond of the matrix, by the 1-norm, goes to *rcond (may be NULL); solve estimates that of a large one, closely only where it
** is small. Singular: an error that tells the rank, and, up to 8 x 8, which row depends on which.                         */
gr_tensor *gr_inv(gr_tensor *a, double *rcond, gr_err *err);
gr_tensor *gr_solve(gr_tensor *a, gr_tensor *b, double *rcond, gr_err *err); /* b: vector or matrix */
bool gr_det(gr_tensor *a, double *det, gr_err *err);                         /* singular: 0 */
bool gr_slogdet(gr_tensor *a, double *sign, double *logdet, gr_err *err);
gr_tensor *gr_lstsq(gr_tensor *a, gr_tensor *b, gr_err *err); /* least norm solution by SVD; b: vector or matrix */
gr_tensor *gr_pinv(gr_tensor *a, gr_err *err);                /* cut at 1e-15 times the largest singular value, as NumPy */
bool gr_rank(gr_tensor *a, size_t *rank, gr_err *err);        /* above max(m, n) * eps * largest singular value */
bool gr_cond(gr_tensor *a, double *cond, gr_err *err);        /* 2-norm; infinity when singular */

/* Root of the sum of squares, any shape; no overflow on the way. */
bool gr_norm(gr_tensor *a, double *norm, gr_err *err);

bool gr_lu(gr_tensor *a, gr_tensor *plu[3], gr_err *err);  /* a = p l u, p a permutation matrix */
bool gr_qr(gr_tensor *a, gr_tensor *qr[2], gr_err *err);   /* reduced */
gr_tensor *gr_cholesky(gr_tensor *a, gr_err *err);         /* lower; not positive definite or not symmetric: an error */
bool gr_svd(gr_tensor *a, gr_tensor *usv[3], gr_err *err); /* reduced: a = u diag(s) vt; s descending */
bool gr_eig(gr_tensor *a, gr_tensor *wv[4], gr_err *err);  /* eigenvalues re, im; vectors re, im (columns) */
bool gr_eigh(gr_tensor *a, gr_tensor *wv[2], gr_err *err); /* symmetric: ascending eigenvalues, vectors in columns */

/* ---- Exact numbers (exact.c) -------------------------------------------------------- */

/* Fractions in lowest terms, of whole numbers of any length: for work that is to be shown without rounding.
**
**   gr_exact *a = gr_exact_read("price", "0.1", &err), *b = gr_exact_from("share", 2.5, GR_F64, &err);
**   gr_exact *c = a && b ? gr_exact_apply('/', a, b, &err) : NULL;                         1/25
**
** The caller frees each; nothing changes one. `what` opens the message. */
typedef struct gr_exact gr_exact;

/* To be called before there is any: from now on their digits, too, count as memory that gr_memory_limit limits. Where its `over`
** comes back, the program ends.                                                                                               */
void gr_exact_count_memory(void);

/* "12", "-0.25", "1e-3", "1/3"; up to 40 digits, and exponents from -40 to 40. */
gr_exact *gr_exact_read(const char *what, const char *text, gr_err *err);

/* The number that the fewest digits which read back equal in that type write: 0.1 is 1/10. NaN and infinity are refused. */
gr_exact *gr_exact_from(const char *what, double value, gr_dtype dtype, gr_err *err);

/* a op b, where op is one of + - * /. Fails for a division by zero, and when the result might go beyond 65,536 bits. */
gr_exact *gr_exact_apply(char op, const gr_exact *a, const gr_exact *b, gr_err *err);
gr_exact *gr_exact_negate(const gr_exact *a, gr_err *err);

int gr_exact_compare(const gr_exact *a, const gr_exact *b); /* below 0, 0, above 0: a < b, a == b, a > b */
char *gr_exact_text(const gr_exact *a, gr_err *err);        /* "-3/4", "5"; the caller frees it with gr_free */
double gr_exact_double(const gr_exact *a);                  /* the nearest one, to even where two are; infinity beyond them */
void gr_exact_free(gr_exact *a);                            /* NULL is welcome */

/* ---- The library underneath (blas.c) ------------------------------------------------ */

void gr_set_threads(int n); /* how many threads a product may use */
int gr_threads(void);

/* Portable mode: the same bits on every machine with IEEE arithmetic, whatever its processor, BLAS, C library and threads. Products,
** elimination and functions are then our own, in a fixed order; what only LAPACK gives fails. Set once, before anything is
** computed. README.md of this folder says what is guaranteed.                                                             */
void gr_set_portable(bool on); /* off */
bool gr_portable(void);

/* The functions of portable mode, of one number, as the C library has those of the same names, ends included. fmath.h and
** functions.h say how far they are off. In the default mode they are there too, but nothing calls them. (functions.c)    */
double gr_own_exp(double x);
double gr_own_log(double x);
double gr_own_log2(double x);
double gr_own_log10(double x);
double gr_own_log_base(double x, double base); /* as Lua's math.log has it */
double gr_own_pow(double x, double y);
double gr_own_sin(double x);
double gr_own_cos(double x);
double gr_own_tan(double x);
double gr_own_asin(double x);
double gr_own_acos(double x);
double gr_own_atan2(double y, double x);
double gr_own_sinh(double x);
double gr_own_cosh(double x);
double gr_own_tanh(double x);
double gr_own_erfc(double x);

const char *gr_blas_text(char *out, size_t room); /* "OpenBLAS 0.3.21, core SkylakeX, 1 thread" */

/* ---- What runs here (facts.c) --------------------------------------------------------- */

/* What may change a figure's last bits: the program, the libraries, the machine. */
typedef struct gr_facts {
  char build[65];     /* the program's build id, hexadecimal digits; "" when the linker gave none */
  const char *flags;  /* how it was compiled */
  char blas[32];      /* "OpenBLAS 0.3.21" */
  char core[32];      /* the kernels it chose: "SkylakeX" */
  char libc[32];      /* "glibc 2.36" */
  char cpu[128];      /* the processor's name */
  char system[160];   /* "Linux 6.1.0" */
  char processor[65]; /* "x86_64" */
} gr_facts;

void gr_facts_find(gr_facts *facts);

/* ---- Files (io.c) ------------------------------------------------------------------- */

/* A CSV file as numbers. Fields may be quoted ("" is a quote inside); blank lines are skipped; \r\n is welcome, and a
** UTF-8 byte-order mark. Missing values, words, and rows of another length are errors that name line and column. */
typedef struct gr_csv {
  gr_tensor *x; /* rows x columns */
  char **names; /* one a column, or NULL when there is no header */
  size_t columns;
} gr_csv;

/* AUTO: the first line is one if there are words in it and no number. */
typedef enum { GR_HEADER_AUTO, GR_HEADER_YES, GR_HEADER_NO } gr_header;

bool gr_csv_parse(const char *text, size_t bytes, const char *name, char separator, gr_header header, gr_dtype dtype, gr_csv *out,
                  gr_err *err);
bool gr_csv_read(const char *path, char separator, gr_header header, gr_dtype dtype, gr_csv *out, gr_err *err);
void gr_csv_free(gr_csv *csv); /* releases x too unless it was set to NULL */

/* An IDX file (LeCun's format, types 0x08..0x0E), plain or gzipped: shape as in the file. */
gr_tensor *gr_idx_read(const char *path, gr_dtype dtype, gr_err *err);

/* The same, with each number divided by `divisor` on its way: images as 0..1 in one pass. */
gr_tensor *gr_idx_read_divided(const char *path, gr_dtype dtype, double divisor, gr_err *err);

/* One of unsigned bytes, which stay bytes. */
gr_bytes *gr_idx_read_bytes(const char *path, gr_dtype dtype, double divisor, gr_err *err);

/* A .npy file, version 1 to 3: f4 f8 (either byte order), i1 i2 i4 i8, u1 u2 u4 u8, bool; C or Fortran order. f4 stays f32, f8
** stays f64, the rest becomes `dtype`. */
gr_tensor *gr_npy_read(const char *path, gr_dtype dtype, gr_err *err);

/* A picture (PNG; PGM and PPM, plain or binary) as a tensor of height x width, or height x width x 3 when it is coloured; with
** `gray`, colours become their luminance, (299 red + 587 green + 114 blue) / 1000 (ITU-R BT.601), unrounded.
** Black is 0 and white 255 / scale, however many bits a sample has: value = sample / (scale * white / 255).
** Palettes and all depths of PNG are read, interlaced or not; its transparency and gamma are left out of account. Of a file with
** several pictures the first is read. Refused are more than 2^28 pixels, and sizes that the file's bytes cannot hold.           */
gr_tensor *gr_image_read(const char *path, bool gray, double scale, gr_dtype dtype, gr_err *err);

/* The same from memory; `name` opens messages. */
gr_tensor *gr_image_parse(const char *name, const void *bytes, size_t count, bool gray, double scale, gr_dtype dtype, gr_err *err);

/* A file that lies in memory, unpacked. */
typedef struct gr_memory_file {
  const char *name, *bytes;
  size_t size;
} gr_memory_file;

/* From now on nothing is read but these files; behind the last is one whose name is NULL. They stay the caller's, and in
** place. NULL: from the disk again. This goes for the whole process, by one pointer in io.c: it stands for a file system, which a
** process has one of, and no reader may get round it.                                                                           */
void gr_files_only(const gr_memory_file *files);

/* Every writer replaces a file as a whole: after a failure (a full disk, no permission) the old one is as it was. */

/* Version 1, '<f8' or '<f4', C order. */
bool gr_npy_write(const char *path, gr_tensor *t, gr_err *err);
char *gr_npy_bytes(gr_tensor *t, size_t *count, gr_err *err); /* what that file would hold; the caller frees with free() */

/* A matrix, or a vector as one column; each number with the fewest digits that read back equal, nan and inf as NumPy writes them
** (gr_csv_read refuses those). names: `count` of them, as many as columns, or NULL for no header. */
bool gr_csv_write(const char *path, gr_tensor *t, char *const names[], size_t count, gr_err *err);

/* A picture of 8 bits a sample: height x width or height x width x 3 to .png, the first to .pgm, the second to .ppm. A sample is
** value * scale, rounded; fails where that is no byte.                                                                       */
bool gr_image_write(const char *path, gr_tensor *t, double scale, gr_err *err);

/* ---- Files as such (files.c, hash.c) ------------------------------------------------- */

enum { GR_SHA256_ROOM = 65 };

/* SHA-256 of the file's bytes, in hexadecimal digits. */
bool gr_sha256_file(const char *path, char hex[GR_SHA256_ROOM], gr_err *err);

void gr_sha256_bytes(const void *bytes, size_t n, char hex[GR_SHA256_ROOM]);

/* SHA-256 of tensors one after another: of each its type, sizes and numbers, least significant byte first. All ready. */
void gr_sha256_tensors(gr_tensor *const t[], size_t n, char hex[GR_SHA256_ROOM]);

/* SHA-256 of what a gzipped file holds; of a plain file, the same as above. Fails when more than `most` bytes come. */
bool gr_sha256_content(const char *path, size_t most, char hex[GR_SHA256_ROOM], gr_err *err);

bool gr_folder_make(const char *path, gr_err *err); /* and those above it; one that is there is welcome */

/* A folder that was not there; false, and *there set, when something has its name. The one above it must be there. */
bool gr_folder_new(const char *path, bool *there, gr_err *err);
/* The same, but its owner's alone. */
bool gr_folder_new_private(const char *path, bool *there, gr_err *err);

/* Takes a folder away with all that is in it; links are taken away, not followed. */
bool gr_folder_remove(const char *path, gr_err *err);

/* Cuts a file off behind its first n bytes. */
bool gr_file_cut(const char *path, size_t n, gr_err *err);

bool gr_file_copy(const char *from, const char *to, gr_err *err);
char *gr_file_full_path(const char *path, gr_err *err); /* from the root, without links; the caller frees with gr_free */

/* Keeps a folder to ourselves, among programs that ask for the same: a lock, or -1 when another holds it. It ends with the
** program, however that ends. */
int gr_folder_lock(const char *path, gr_err *err);
void gr_folder_unlock(int lock); /* -1 is welcome */

/* Puts n bytes at the end of a file, in one go, so that two programs that do so cut nothing in two. A new one is its owner's alone. */
bool gr_file_append(const char *path, const char *text, size_t n, gr_err *err);

/* Renames a file, once all of it lies on the disk. What stood under the other name is replaced. */
bool gr_file_place(const char *from, const char *to, gr_err *err);

/* Writes the bytes to the file. After a failure what stood there is as it was. */
bool gr_file_write(const char *path, const void *bytes, size_t n, gr_err *err);

/* ---- What strangers hand in (below.c, inflate.c) -------------------------------------------- */

/* Files below `folder`, which is ours and may be a link, whose content is a stranger's. `inside` is names with slashes between, or ""
** for the folder itself. No link among them is followed, also where one takes a folder's place meanwhile.                      */
typedef struct gr_below {
  char name[256];
  const char *kind; /* "file" "folder" "link" "pipe" "socket" "device" */
  int64_t modified; /* nanoseconds since 1970 */
} gr_below;

/* The names in a folder, one by one, in no order; false at the end, and with a text in *err where the rest cannot be read.
**
**   void *list = gr_below_open(folder, "s001", &err);
**   for (gr_below found; list && gr_below_next(list, &found, &err);) ...
**   if (list && err.text[0]) ...
**   gr_below_close(list);                                                      */
void *gr_below_open(const char *folder, const char *inside, gr_err *err);
bool gr_below_next(void *list, gr_below *found, gr_err *err);
void gr_below_close(void *list); /* NULL is welcome */

/* The bytes of a file, *n of them; the caller frees with gr_free. Fails for what is no file, for one with a second name (a hard link),
** and for one of more than `most` bytes.                                                                                     */
char *gr_below_read(const char *folder, const char *inside, size_t most, size_t *n, gr_err *err);

/* A deflated stream that is read piece by piece, so that one which swells costs no more than was asked of it. The n bytes stay the
** caller's, and must stay. gzip: with a header and a checksum, and perhaps several one after another; else bare, as in zip archives. */
typedef struct gr_inflater gr_inflater;
gr_inflater *gr_inflater_new(const void *from, size_t n, bool gzip, gr_err *err);

/* The next `want` bytes; fewer in *got only where the stream ends, whole and with the right checksum. After a failure it is to be
** freed, not read on.                                                                                                        */
bool gr_inflater_read(gr_inflater *f, void *to, size_t want, size_t *got, gr_err *err);
size_t gr_inflater_left(const gr_inflater *f); /* bytes of the n that were not needed so far */
void gr_inflater_free(gr_inflater *f);         /* NULL is welcome */

uint32_t gr_crc32(const void *bytes, size_t n); /* as zip archives have it */

/* ---- Other programs (child.c) --------------------------------------------------------- */

/* A program that runs beside ours; no shell reads its words.
**
**   gr_child c;
**   int status;
**   if (!gr_child_start(&c, (const char *const[]){ "curl", "--version", NULL }, &err)) return false;
**   while (!gr_child_wait(&c, 0.2, &status)) show_progress();
**   gr_child_end(&c);                                                                          */
typedef struct gr_child {
  long pid; /* 0 when it has ended */
  int out;  /* where its outputs arrive; -1: nowhere */
  int kept; /* a file without a name that its standard output fills; -1: there is none */
  size_t length;
  char said[1024]; /* the first of what it wrote to standard output and standard error; ends in a zero byte */
} gr_child;

/* words: its name, looked for as a shell does, its arguments, NULL. POSIX lets a program that is not there also seem to start
** and end with status 127. */
bool gr_child_start(gr_child *c, const char *const words[], gr_err *err);

/* The same, for a program that turns one text into another: it reads those n bytes on its standard input, and all that it writes
** to its standard output is kept for gr_child_result; c->said has standard error alone.                                      */
bool gr_child_filter(gr_child *c, const char *const words[], const void *input, size_t n, gr_err *err);

/* All that a filter has written, with a zero byte behind it; NULL and why not. The caller frees with gr_free. */
char *gr_child_result(const gr_child *c, size_t *n, gr_err *err);

/* Waits at most so long. True when it has ended, with its exit status, or 128 plus the signal that ended it; 127 also where nobody
** knows. Whether it, or what it has started, still holds its outputs does not matter. False earlier when it says something, or when
** a signal reaches us.                                                                                                    */
bool gr_child_wait(gr_child *c, double seconds, int *status);

void gr_child_end(
    gr_child *
        c); /* ends it if it still runs (SIGTERM; SIGKILL if that is not heeded for two seconds), and releases what c holds; twice does no harm */

/* ---- Cells: scripts of strangers, behind walls (cell.c cell_start.c cell_inside.c cell_walls.c) ---------------- */

/* A process of this same program that gets a script and its inputs, and whose only answer is one message. Who starts it ("the
** marker") calls these; nothing that runs inside can reach the marker's files, memory, network or processes.
**
**   gr_cell c;
**   gr_cell_job job = { .name = "net.lua", .script = text, .script_size = n, .seconds = 10, .memory = 256 << 20, .output = 1 << 16 };
**   if (!gr_cell_start(&c, &job, &err)) return false;
**   while (!gr_cell_wait(&c, 0.1)) show_progress();
**   if (c.end == GR_CELL_FINISHED) read_json(c.text, c.text_size);
**   gr_cell_close(&c);
**
** Several may run at once. */
typedef struct gr_cell_file {
  const char *name; /* by which the script reads it */
  const char *path; /* where it lies; the cell learns nothing of that */
} gr_cell_file;

typedef struct gr_cell_job {
  const char *name; /* of the script, as messages have it */
  const char *script, *inputs;
  size_t script_size, inputs_size;
  double seconds;            /* how long the script may take */
  size_t memory;             /* bytes that its values and tensors may hold */
  size_t output;             /* bytes that it may print, up to GR_CELL_LARGEST */
  size_t value;              /* bytes of JSON that its value may have, up to GR_CELL_LARGEST; 0: GR_CELL_MOST_VALUE */
  double start;              /* seconds within which the script must have begun; 0: 20 */
  const char *zone;          /* its time zone, as POSIX writes it ("<+09>-9"), which names no file; NULL: Greenwich's */
  const gr_cell_file *files; /* files of the marker's that it may read: they are sent, unpacked, before it begins */
  size_t file_count;
  bool trust; /* run it though walls are missing */
} gr_cell_job;

typedef enum gr_cell_end {
  GR_CELL_RUNS,      /* it has not ended */
  GR_CELL_FINISHED,  /* text: the value, as JSON */
  GR_CELL_FAILED,    /* text: the script's error */
  GR_CELL_TIME,      /* took too long; text: the line, where that is known */
  GR_CELL_MEMORY,    /* asked for too much memory; text as before */
  GR_CELL_CALL,      /* text: the system call that it tried and may not make */
  GR_CELL_VALUE,     /* its value is larger than the job allows */
  GR_CELL_OUTPUT,    /* printed too much */
  GR_CELL_SIGNAL,    /* detail: the signal that ended it; text: its name */
  GR_CELL_SILENT,    /* ended without a result; detail: its exit status */
  GR_CELL_UNTRUE,    /* sent what our side of the cell does not send */
  GR_CELL_LATE,      /* it was started twice, and the script has not begun in time */
  GR_CELL_UNSTARTED, /* the script was not begun, as walls are missing on this machine; text says which */
} gr_cell_end;

/* The walls, as bits. */
enum {
  GR_WALL_USER = 1,       /* it is not root, and cannot become another user */
  GR_WALL_NAMESPACES = 2, /* bubblewrap: no files but the program and its libraries, no network, no other processes to be seen */
  GR_WALL_LIMITS = 4,     /* of processor time, address space, processes, open files, size of files */
  GR_WALL_LANDLOCK = 8,   /* no file at all, no TCP */
  GR_WALL_SECCOMP = 16,   /* of all system calls the few that computing needs */
  GR_ALL_WALLS = 31,
};

enum {
  GR_CELL_MOST_VALUE = 4 << 20,  /* bytes of JSON, unless the job says more */
  GR_CELL_MOST_INPUT = 64 << 20, /* bytes of the script, and of its inputs */
  GR_CELL_LARGEST = 1 << 30,     /* the most that a job may allow of value, and of output; what is sent has its size in 32 bits */
  GR_CELL_MOST_FILE = 256 << 20, /* bytes of a file, unpacked */
  GR_CELL_MOST_HELD = 512 << 20, /* bytes of all files, unpacked: while they are packed the marker holds them twice */
  GR_CELL_MOST_FILES = 16,
};

typedef struct gr_cell {
  long pid;              /* 0: there is no process any more */
  int channel, printed;  /* where its message and its output arrive; -1: closed */
  bool trust, wrapped;   /* whether bubblewrap was asked to run it */
  bool again;            /* whether it was started once more */
  bool telling;          /* whether its message has begun to arrive */
  double start, seconds; /* it may take until the script begins, and the script */
  double begun, due,
      looked; /* when the script began (0: not yet), when the next is due, when we last looked; a clock that only runs forward */
  char *job, *heard; /* what it is sent; what it has sent */
  size_t job_size, sent, heard_size, heard_room;
  size_t output_most, value_most;
  gr_cell_end killed; /* what it was killed for */
  /* Valid once gr_cell_wait has said true: */
  gr_cell_end end;
  int detail;
  const char *text; /* text_size bytes and a zero byte */
  size_t text_size;
  char *output; /* what it printed, output_size bytes and a zero byte */
  size_t output_size;
  double took;    /* seconds, of the script alone */
  unsigned walls; /* those that stood */
  char said[256];
} gr_cell;

bool gr_cell_start(gr_cell *c, const gr_cell_job *job, gr_err *err);

/* Waits at most so long; true when it has ended, and nothing of it is left. */
bool gr_cell_wait(gr_cell *c, double seconds);
void gr_cell_close(gr_cell *c); /* kills what runs still, and releases what c holds; twice does no harm */

/* The other side: what the program does when it finds itself in a cell ("gradus cell", with the marker at descriptor 0).
**
**   gr_cell_job job;
**   if (!gr_cell_receive(&job)) return 1;
**   prepare();                                   libraries loaded, BLAS warm
**   if (gr_cell_lock(&job, on_time)) gr_cell_tell(GR_CELL_FINISHED, run(&job), n);
**   gr_cell_leave();
**
** A process is in one cell, from its start to its end: cell_inside.c keeps for all of it the files that were sent, how large its value
** may be, and what the clock's signal handler, which gets no argument, has to know: whether the end was told, and on_time.
*/
bool gr_cell_receive(gr_cell_job *job); /* false: nobody speaks to us there. The texts stay for the life of the process. */

/* Puts up the walls that are put up from inside, for good, and tells the marker which stand; the clock starts. False, and the
** marker is told, when some are missing and the job is not trusted. on_time is called from a signal handler when time is up;
** when the process has not told its end a fifth of a second later, it ends.                                              */
bool gr_cell_lock(const gr_cell_job *job, void (*on_time)(void));

/* The only message: only the first call tells anything. May be called in a signal handler. */
void gr_cell_tell(gr_cell_end end, const char *text, size_t n);
void gr_cell_leave(void) __attribute__((noreturn)); /* the process ends at once; nothing more of it runs */

/* ---- Named tensors (bundle.c, io_safetensors.c, io_npz.c) --------------------------------------- */

/* Tensors with names, and notes: texts with names. Names are text in UTF-8 without control characters.
**
**   gr_bundle b = { 0 };
**   if (gr_bundle_add(&b, "1.w", w, &err) && gr_bundle_note(&b, "format", "pt", &err))
**     gr_safetensors_write("net.safetensors", &b, &err);
**   gr_bundle_free(&b);                                                                       */
typedef struct gr_bundle {
  size_t count;
  char **names;
  gr_tensor **tensors; /* a reference each */
  size_t notes;
  char **keys, **values;
} gr_bundle;

bool gr_bundle_add(gr_bundle *b, const char *name, gr_tensor *t, gr_err *err); /* takes a reference of its own */
bool gr_bundle_note(gr_bundle *b, const char *key, const char *value, gr_err *err);
void gr_bundle_free(gr_bundle *b); /* leaves it empty */

/* A safetensors file (https://huggingface.co/docs/safetensors): types F64 and F32, in the order of the bundle, but all of F64
** first, so that every number lies where its size divides; the notes are its __metadata__. The same bundle gives the same bytes. */
bool gr_safetensors_write(const char *path, const gr_bundle *b, gr_err *err);
char *gr_safetensors_bytes(const gr_bundle *b, size_t *count,
                           gr_err *err); /* what that file would hold; the caller frees with free() */

/* Reads F64 (as f64), F32, F16 and BF16 (as f32), whole numbers and BOOL (as f64), in the order in which they lie in the file.
** What a file says is believed only as far as the file goes: memory is asked for after all sizes have been compared with it.
** Refused are: a header of more than 100 MB, one that is no JSON object, the same name twice, sizes of 0, more than 8 axes, offsets
** that disagree with a shape, overlap, leave a part of the file out or go beyond it; the message names the tensor.               */
bool gr_safetensors_read(const char *path, gr_bundle *out, gr_err *err);

/* A NumPy .npz file: a zip archive of .npy files, stored, as numpy.savez writes it. The same bundle gives the same bytes; its notes
** are left out. Fails for an empty bundle, and for the same name twice.                                                          */
bool gr_npz_write(const char *path, const gr_bundle *b, gr_err *err);

/* Reads the members that end in .npy, stored or deflated, as gr_npy_read does, under their names without the ending; others are
** passed over. Memory is asked for after sizes have been compared with what the compressed bytes can hold. Refused are: encrypted
** members, other methods, a wrong size or checksum, the same name twice, names with control characters or a part "..".          */
bool gr_npz_read(const char *path, gr_dtype dtype, gr_bundle *out, gr_err *err);

#endif
