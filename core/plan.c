/* plan.c: a step of training, as the graph that its loss was computed by: forward, backward and the optimiser once more,
** in the same memory.                                                                                                  */
#include "core.h"

#include <math.h>

struct gr_plan {
  gr_tensor *loss;
  gr_nodes nodes; /* latest first */
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
    for (int j = 0; nodes->node[i]->wants && j < nodes->node[i]->n_in; j++) {
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
  if (p->nd != 2 || uses(&plan->nodes, p, &node, &place) != 1) return false;
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
  if (may_fail(&plan->nodes)) return true;
  for (size_t i = 0; i < plan->n; i++)
    if (can_ride(plan, plan->slots[i].p)) plan->riders[plan->n_riders++] = plan->slots[i].p;
  return true;
}

/* Everything but the riders gets memory for its gradient. */
static bool give_gradients(gr_plan *plan, gr_err *err) {
  bool ok = true;
  for (size_t i = 0; i < plan->n_riders; i++) plan->riders[i]->mark = true;
  for (size_t i = 0; ok && i < plan->nodes.count; i++)
    if (plan->nodes.node[i]->wants && !plan->nodes.node[i]->mark) ok = gr_grad_give(plan->nodes.node[i], err);
  for (size_t i = 0; i < plan->n_riders; i++) plan->riders[i]->mark = false;
  for (size_t i = 0; ok && i < plan->n_riders; i++) gr_drop_grad(plan->riders[i]);
  return ok;
}

static bool open_plan(gr_plan *plan, bool all, gr_err *err) {
  return gr_optim_check(plan->optim, plan->slots, plan->n, err) && gr_nodes_collect(&plan->nodes, plan->loss, all, err) &&
         gr_nodes_check(&plan->nodes, plan->loss, err) && find_riders(plan, err) && give_gradients(plan, err);
}

static void close_plan(gr_plan *plan) {
  gr_free(plan->nodes.node);
  gr_free(plan->riders);
}

gr_plan *gr_plan_new(gr_tensor *loss, const gr_optim *o, const gr_slot slots[], size_t n, gr_err *err) {
  gr_plan *plan = gr_alloc_zeroed(1, sizeof *plan, err);
  if (!plan) return NULL;
  *plan = (gr_plan){ .loss = gr_ref(loss), .optim = o, .slots = slots, .n = n };
  if (!open_plan(plan, true, err)) {
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
  bool ok = gr_nodes_backward(&plan->nodes, plan->loss, err);
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
  bool ok = open_plan(&plan, false, err);
  ok = ok && gr_plan_update(&plan, o->lr, err);
  close_plan(&plan);
  return ok;
}

/* ---- What went wrong ---------------------------------------------------------------- */

static bool finite_all(const gr_tensor *t, size_t *at) {
  for (*at = 0; *at < t->size; ++*at)
    if (!isfinite(gr_get(t, *at))) return false;
  return true;
}

gr_tensor *gr_plan_blame(const gr_plan *plan, size_t *at) {
  for (int results = 0; results < 2; results++) /* leaves first: what is wrong there makes all results wrong */
    for (size_t i = plan->nodes.count; i-- > 0;) {
      gr_tensor *t = plan->nodes.node[i];
      if ((t->op != NULL) == results && t->x && !finite_all(t, at)) return t;
      for (int j = 0; !results && j < t->n_in; j++)
        if (!t->in[j]->op && t->in[j]->x && !finite_all(t->in[j], at)) return t->in[j];
    }
  return NULL;
}
