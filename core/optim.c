/* optim.c: one step of an optimiser over all parameters. */
#include "clones.h"
#include "core.h"

#include <tgmath.h>

static double power(double x, double y) { return gr_portable() ? gr_own_pow(x, y) : pow(x, y); }

#define REAL_IS_F64
#include "real.h"
#include "optim_real.h"
#define REAL_IS_F32
#include "real.h"
#include "optim_real.h"

#define BOTH(name) \
  { name##_f64, name##_f32 }

/* In the order of gr_method. `each`: how many kept tensors are of the parameter's size; `counts`: a count of steps follows. */
static const struct {
  const char *name;
  int each;
  bool counts;
  void (*rule[2])(const gr_slot *s, const gr_optim *o);
} methods[GR_METHODS] = {
  { "sgd", 1, false, BOTH(sgd) },           { "adagrad", 1, false, BOTH(adagrad) }, { "rmsprop", 1, false, BOTH(rmsprop) },
  { "adadelta", 2, false, BOTH(adadelta) }, { "adam", 2, true, BOTH(adam) },        { "adamw", 2, true, BOTH(adam) },
};

const char *gr_method_name(gr_method method) { return methods[method].name; }

int gr_optim_kept(const gr_optim *o) {
  if (o->method == GR_SGD && o->momentum == 0) return 0;
  return methods[o->method].each + methods[o->method].counts;
}

static bool suits(const gr_tensor *t, gr_dtype dtype, size_t size) { return t && !t->op && t->dtype == dtype && t->size == size; }

static bool check_slot(const gr_optim *o, const gr_slot *s, gr_err *err) {
  const char *name = gr_method_name(o->method);
  char label[GR_LABEL_ROOM];
  if (s->p->op || !s->p->wants)
    return gr_fail(err, "%s: %s must be made by gr.param", name, gr_label(s->p, "the parameter", label, sizeof label));
  for (int i = 0; i < gr_optim_kept(o); i++) {
    bool count = i == methods[o->method].each;
    if (!suits(s->kept[i], count ? GR_F64 : s->p->dtype, count ? 1 : s->p->size))
      return gr_fail(err, "%s: tensor %d of what is kept for %s has another type or size", name, i + 1,
                     gr_label(s->p, "the parameter", label, sizeof label));
  }
  return true;
}

bool gr_optim_check(const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err) {
  for (size_t i = 0; i < n; i++)
    if (!check_slot(o, &slots[i], err)) return false;
  return true;
}

/* ---- Clipping ----------------------------------------------------------------------- */

/* Square of the joint 2-norm of all gradients, each times `scale` first. */
static double sum_of_squares(const gr_slot slots[], size_t n, double scale) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    const gr_tensor *p = slots[i].p;
    if (p->g) sum += p->dtype == GR_F32 ? sum_of_squares_f32(p->g, p->size, scale) : sum_of_squares_f64(p->g, p->size, scale);
  }
  return sum;
}

static double largest(const gr_slot slots[], size_t n) {
  double most = 0;
  for (size_t i = 0; i < n; i++) {
    const gr_tensor *p = slots[i].p;
    if (p->g) most = fmax(most, p->dtype == GR_F32 ? largest_f32(p->g, p->size) : largest_f64(p->g, p->size));
  }
  return most;
}

static double joint_norm(const gr_slot slots[], size_t n) {
  double sum = sum_of_squares(slots, n, 1);
  if (!isinf(sum)) return sqrt(sum);
  double most = largest(slots, n); /* squares overflow from 1e154 on, while the norm itself may be in range */
  return isinf(most) ? most : most * sqrt(sum_of_squares(slots, n, 1 / most));
}

/* Pascanu, Mikolov, Bengio 2013, algorithm 1, with the summand of torch.nn.utils.clip_grad_norm_. A gradient that is not a
** number makes all of them so: the trouble shows at once, and not one parameter at a time.                              */
static void clip(const gr_slot slots[], size_t n, double limit) {
  static const double summand = 1e-6;
  double scale = limit / (joint_norm(slots, n) + summand);
  if (scale >= 1) return;
  for (size_t i = 0; i < n; i++) {
    gr_tensor *p = slots[i].p;
    if (!p->g) continue;
    if (p->dtype == GR_F32) scale_f32(p->g, p->size, scale);
    else scale_f64(p->g, p->size, scale);
    p->g_block->version++;
  }
}

/* ---- Steps -------------------------------------------------------------------------- */

typedef struct shared_rule {
  const gr_slot *slot;
  const gr_optim *optim;
} shared_rule;

/* A count of steps is whole for everyone. */
static void apply_rule(void *arg, size_t from, size_t to) {
  const shared_rule *r = arg;
  gr_tensor p = gr_part_of(r->slot->p, from, to), kept[GR_MAX_KEPT];
  gr_slot part = { &p, { NULL } };
  for (int k = 0; k < gr_optim_kept(r->optim); k++) {
    const gr_tensor *whole = r->slot->kept[k];
    kept[k] = whole->size == 1 ? *whole : gr_part_of(whole, from, to);
    part.kept[k] = &kept[k];
  }
  methods[r->optim->method].rule[p.dtype](&part, r->optim);
}

void gr_optim_step(const gr_optim *o, const gr_slot slots[], size_t n) {
  static const size_t worth_sharing = 1 << 14; /* numbers */
  if (o->clip_norm > 0) clip(slots, n, o->clip_norm);
  for (size_t i = 0; i < n; i++) {
    const gr_slot *s = &slots[i];
    shared_rule rule = { s, o };
    if (!s->p->g) continue;
    if (methods[o->method].counts) *(double *)s->kept[methods[o->method].each]->x += 1;
    if (s->p->size < worth_sharing) methods[o->method].rule[s->p->dtype](s, o);
    else gr_share(s->p->size, worth_sharing / 16, apply_rule, &rule);
    gr_changed(s->p);
    for (int k = 0; k < gr_optim_kept(o); k++) gr_changed(s->kept[k]);
  }
}
