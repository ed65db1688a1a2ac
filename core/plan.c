/* plan.c: a step of training, as the graph that its loss was computed by: forward, backward and the optimiser once more,
** in the same memory.                                                                                                  */
#include "core.h"

#include <math.h>

struct gr_plan {
  gr_tensor *loss;
  gr_nodes nodes; /* all that a step computes, latest first */
  gr_nodes back;  /* those that a gradient flows through */
  const gr_optim *optim;
  const gr_slot *slots;
  size_t n;
  gr_tensor **riders; /* parameters that take their step inside of backward */
  size_t n_riders;
};

/* ---- Making one --------------------------------------------------------------------- */

/* How often backward reads t's memory; *last is the node that does, and *place where among its inputs. */
static size_t uses(const gr_nodes *nodes, const gr_tensor *t, const gr_tensor **last, int *place) {
  size_t count = 0;
  for (size_t i = 0; i < nodes->count; i++)
    for (int j = 0; j < nodes->node[i]->n_in; j++) {
      if (nodes->node[i]->in[j]->x_block != t->x_block) continue;
      count++;
      *last = nodes->node[i];
      *place = j;
    }
  return count;
}

/* Whether p's step can be part of the product that gives its gradient: plain sgd, and a matrix that only one product reads. */
static bool can_ride(const gr_plan *plan, const gr_tensor *p) {
  const gr_optim *o = plan->optim;
  const gr_tensor *node = NULL;
  int place = 0;
  if (o->method != GR_SGD || o->momentum != 0 || o->weight_decay != 0 || o->clip_norm > 0) return false;
  if (p->nd != 2 || uses(&plan->back, p, &node, &place) != 1) return false;
  return place == 1 && node->in[1] == p && (node->op == gr_op_affine || node->op == gr_op_dot);
}

/* Backward may fail in an operator of the caller's own: then no parameter may have changed. */
static bool may_fail(const gr_nodes *nodes) {
  for (size_t i = 0; i < nodes->count; i++)
    if (nodes->node[i]->op && nodes->node[i]->op->call) return true;
  return false;
}

static bool find_riders(gr_plan *plan, gr_err *err) {
  plan->riders = gr_alloc(plan->n * sizeof(gr_tensor *), err);
  if (!plan->riders) return false;
  if (may_fail(&plan->back)) return true;
  for (size_t i = 0; i < plan->n; i++)
    if (can_ride(plan, plan->slots[i].p)) plan->riders[plan->n_riders++] = plan->slots[i].p;
  return true;
}

static bool reaches(const gr_nodes *nodes, const gr_tensor *t) {
  for (size_t i = 0; i < nodes->count; i++)
    if (nodes->node[i] == t) return true;
  return false;
}

/* Everything but the riders gets memory for its gradient. */
static bool give_gradients(gr_plan *plan, gr_err *err) {
  bool ok = true;
  for (size_t i = 0; i < plan->n_riders; i++) plan->riders[i]->mark = true;
  for (size_t i = 0; ok && i < plan->back.count; i++)
    if (!plan->back.node[i]->mark) ok = gr_grad_give(plan->back.node[i], err);
  for (size_t i = 0; i < plan->n_riders; i++) plan->riders[i]->mark = false;
  for (size_t i = 0; ok && i < plan->n_riders; i++) gr_drop_grad(plan->riders[i]);
  for (size_t i = 0; ok && i < plan->n; i++)
    if (!reaches(&plan->back, plan->slots[i].p)) gr_drop_grad(plan->slots[i].p); /* another net's: it stays as it is */
  return ok;
}

/* What a gradient flows through is the same whether the step is to be run again or not, and so is all that follows from it. */
static bool open_plan(gr_plan *plan, gr_err *err) {
  return gr_optim_check(plan->optim, plan->slots, plan->n, err) && gr_nodes_collect(&plan->back, plan->loss, false, err) &&
         gr_nodes_check(&plan->back, plan->loss, err) && find_riders(plan, err) && give_gradients(plan, err);
}

static void close_plan(gr_plan *plan) {
  gr_free(plan->nodes.node);
  gr_free(plan->back.node);
  gr_free(plan->riders);
}

gr_plan *gr_plan_new(gr_tensor *loss, const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err) {
  gr_plan *plan = gr_alloc_zeroed(1, sizeof *plan, err);
  if (!plan) return NULL;
  *plan = (gr_plan){ .loss = gr_ref(loss), .optim = o, .slots = slots, .n = n };
  if (!gr_nodes_collect(&plan->nodes, loss, true, err) || !open_plan(plan, err)) {
    gr_plan_free(plan);
    return NULL;
  }
  for (size_t i = 0; i < plan->nodes.count; i++) /* what is computed from them elsewhere is no part of the plan */
    if (plan->nodes.node[i]->op) plan->nodes.node[i]->follows = false;
  return plan;
}

void gr_plan_free(gr_plan *plan) {
  if (!plan) return;
  close_plan(plan);
  gr_unref(plan->loss);
  gr_free(plan);
}

/* ---- Running it --------------------------------------------------------------------- */

/* A transposed tensor that nobody reads has no values. Labels and positions are looked at anew. */
bool gr_plan_forward(gr_plan *plan, gr_err *err) {
  size_t work = 0;
  for (size_t i = plan->nodes.count; i-- > 0;) {
    gr_tensor *t = plan->nodes.node[i];
    if (!t->op || !t->x) continue;
    if (t->op->looks && !t->op->shape(t, &work, err)) return false;
    if (!gr_node_forward(t, err)) return false;
  }
  return true;
}

bool gr_plan_update(gr_plan *plan, double rate, gr_err *err) {
  gr_optim optim = *plan->optim;
  optim.lr = rate;
  for (size_t i = 0; i < plan->n_riders; i++) plan->riders[i]->ride = rate;
  for (size_t i = 0; i < plan->n; i++) plan->slots[i].p->blank = plan->slots[i].p->g != NULL;
  bool ok = gr_nodes_backward(&plan->back, plan->loss, err);
  for (size_t i = 0; i < plan->n_riders; i++) {
    plan->riders[i]->ride = 0;
    gr_changed(plan->riders[i]);
  }
  for (size_t i = 0; i < plan->n; i++) gr_grad(plan->slots[i].p);
  if (ok) gr_optim_step(&optim, plan->slots, plan->n);
  return ok;
}

double gr_plan_loss(const gr_plan *plan) { return gr_get(plan->loss, 0); }

bool gr_step(gr_tensor *loss, const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err) {
  gr_plan plan = { .loss = loss, .optim = o, .slots = slots, .n = n };
  bool ok = open_plan(&plan, err);
  ok = ok && gr_plan_update(&plan, o->lr, err);
  close_plan(&plan);
  return ok;
}

/* ---- What went wrong ---------------------------------------------------------------- */

static bool is_trained(const gr_plan *plan, const gr_tensor *p) {
  for (size_t i = 0; i < plan->n; i++)
    if (plan->slots[i].p == p) return true;
  return false;
}

gr_tensor *gr_plan_untrained(const gr_plan *plan) {
  for (size_t i = 0; i < plan->back.count; i++) {
    gr_tensor *t = plan->back.node[i];
    if (!t->op && !is_trained(plan, t)) return t;
  }
  return NULL;
}

/* A leaf may hold an infinity on purpose, such as a mask; what training changes, and results, may not. */
static bool is_bad(const gr_tensor *t, size_t *at) {
  bool infinite_is_bad = t->op || t->wants;
  if (!t->x) return false;
  for (*at = 0; *at < t->size; ++*at) {
    double value = gr_get(t, *at);
    if (isnan(value) || (infinite_is_bad && isinf(value))) return true;
  }
  return false;
}

/* Leaves first: what is wrong there makes all results wrong. */
gr_tensor *gr_plan_blame(const gr_plan *plan, size_t *at) {
  for (size_t i = plan->nodes.count; i-- > 0;) {
    gr_tensor *t = plan->nodes.node[i];
    for (int j = 0; j < t->n_in; j++)
      if (!t->in[j]->op && is_bad(t->in[j], at)) return t->in[j];
  }
  for (size_t i = plan->nodes.count; i-- > 0;)
    if (is_bad(plan->nodes.node[i], at)) return plan->nodes.node[i];
  return NULL;
}
