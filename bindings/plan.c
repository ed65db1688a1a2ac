/* plan.c: a recorded step of training, run again on other rows. */
#include "bind.h"

#include <math.h>

#define GRL_PLAN "gradus.plan"

/* What a plan refers to is kept alive by its user values: the stepper, and what it feeds from and to. */
enum { STEPPER = 1, FEEDS, USER_VALUES = FEEDS };

typedef struct plan {
  gr_plan *plan;
  gr_feed feed[GR_MAX_FEEDS];
  int feeds;
  size_t at; /* where the batch began that a step failed on */
} plan;

static plan *check_plan(lua_State *L, int arg) { return luaL_checkudata(L, arg, GRL_PLAN); }

static plan *check_open(lua_State *L, int arg) {
  plan *p = check_plan(L, arg);
  if (!p->plan) grl_error(L, "the plan is closed");
  return p;
}

static int l_gc(lua_State *L) {
  plan *p = check_plan(L, 1);
  gr_plan_free(p->plan);
  p->plan = NULL;
  return 0;
}

/* follow(t, on): results that t goes into are recorded, so that a plan can compute them again. */
static int l_follow(lua_State *L) {
  gr_follow(grl_check_tensor(L, 1), lua_toboolean(L, 2));
  return 0;
}

/* step(loss, stepper, lr): gradients and one step of the optimiser. */
static int l_step(lua_State *L) {
  gr_err err;
  const grl_stepper *s = grl_check_stepper(L, 2);
  gr_optim optim = s->optim;
  optim.lr = grl_check_number(L, 3, "lr");
  if (!gr_step(grl_check_tensor(L, 1), &optim, s->slots, s->n, &err)) return grl_raise(L, &err);
  return 0;
}

/* same_bits(a, b) */
static int l_same_bits(lua_State *L) {
  lua_pushboolean(L, gr_same_bits(grl_check_tensor(L, 1), grl_check_tensor(L, 2)));
  return 1;
}

static void read_feeds(lua_State *L, int arg, plan *p) {
  luaL_checktype(L, arg, LUA_TTABLE);
  p->feeds = (int)luaL_len(L, arg) / 2;
  if (p->feeds > GR_MAX_FEEDS) luaL_error(L, "a plan is fed from %d tensors at most", GR_MAX_FEEDS);
  for (int i = 0; i < p->feeds; i++) {
    lua_rawgeti(L, arg, 2 * i + 1);
    lua_rawgeti(L, arg, 2 * i + 2);
    gr_bytes *bytes = grl_test_bytes(L, -2);
    p->feed[i] = (gr_feed){ bytes ? NULL : grl_check_tensor(L, -2), grl_check_tensor(L, -1), bytes };
    if (p->feed[i].from && !gr_rows_fit(p->feed[i].from, p->feed[i].to))
      grl_error(L, "feed %d: rows of another size or type", i + 1);
    lua_pop(L, 2);
  }
}

/* plan(loss, stepper, { from, to, from, to }): from tensors or byte sets to tensors */
static int l_plan(lua_State *L) {
  gr_err err;
  const grl_stepper *s = grl_check_stepper(L, 2);
  plan *p = lua_newuserdatauv(L, sizeof *p, USER_VALUES);
  *p = (plan){ 0 };
  luaL_setmetatable(L, GRL_PLAN);
  read_feeds(L, 3, p);
  p->plan = gr_plan_new(grl_check_tensor(L, 1), &s->optim, s->slots, s->n, &err);
  if (!p->plan) return grl_raise(L, &err);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, -2, STEPPER);
  lua_pushvalue(L, 3);
  lua_setiuservalue(L, -2, FEEDS);
  return 1;
}

/* plan:run(order or nil, at, steps, lr, sum, any_loss, computed): steps done, the last loss, the sum of losses times rows, and
** the loss before the last (a NaN after one step). order: positions of rows, from 1; at: where in it the first batch begins, from 1.                        */
static int l_run(lua_State *L) {
  gr_err err;
  plan *p = check_open(L, 1);
  gr_epoch e = { .before = NAN, .feeds = p->feeds, .rate = grl_check_number(L, 5, "lr"), .stop = &grl_interrupted };
  for (int i = 0; i < p->feeds; i++) e.feed[i] = p->feed[i];
  gr_tensor *order = lua_isnil(L, 2) ? NULL : grl_check_tensor(L, 2);
  if (order && order->dtype != GR_F64) return grl_error(L, "fit: positions of rows must be f64");
  e.order = order;
  e.at = grl_check_count(L, 3, 1, "run: the place") - 1;
  e.steps = grl_check_count(L, 4, 1, "run: the steps");
  e.sum = grl_check_number(L, 6, "sum");
  e.any_loss = lua_toboolean(L, 7);
  e.computed = lua_toboolean(L, 8);
  grl_enter(L);
  bool ran = gr_plan_run(p->plan, &e, &err);
  p->at = e.at;
  if (!ran) return grl_raise(L, &err);
  grl_enter(L);
  lua_pushinteger(L, (lua_Integer)e.done);
  lua_pushnumber(L, e.loss);
  lua_pushnumber(L, e.sum);
  lua_pushnumber(L, e.before);
  return 4;
}

/* plan:blame(): the first tensor that holds a number that is not finite, where, from 1, and the number; nothing when there is none. */
static int l_blame(lua_State *L) {
  size_t at;
  gr_tensor *t = gr_plan_blame(check_open(L, 1)->plan, &at);
  if (!t) return 0;
  *grl_new_tensor(L) = gr_ref(t);
  lua_pushinteger(L, (lua_Integer)at + 1);
  lua_pushnumber(L, gr_get(t, at));
  return 3;
}

/* plan:at(): where in the order the batch begins that comes next, or that the last step failed on. */
static int l_at(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check_open(L, 1)->at + 1);
  return 1;
}

/* plan:loss(): what the last step's was. */
static int l_loss(lua_State *L) {
  lua_pushnumber(L, gr_plan_loss(check_open(L, 1)->plan));
  return 1;
}

/* plan:untrained(): a parameter that the loss depends on and the stepper does not have; nothing when there is none. */
static int l_untrained(lua_State *L) {
  gr_tensor *t = gr_plan_untrained(check_open(L, 1)->plan);
  if (!t) return 0;
  *grl_new_tensor(L) = gr_ref(t);
  return 1;
}

/* stopped(): whether Ctrl-C has ended the script. */
static int l_stopped(lua_State *L) {
  lua_pushboolean(L, grl_state_of(L)->stopped);
  return 1;
}

/* made_by(t): the operator that made it and the place in the script, "net.lua:12"; nothing for a leaf. */
static int l_made_by(lua_State *L) {
  const gr_tensor *t = grl_check_tensor(L, 1);
  if (!t->op) return 0;
  lua_pushstring(L, t->op->name);
  if (t->file) lua_pushfstring(L, "%s:%d", t->file, t->line);
  return t->file ? 2 : 1;
}

static const luaL_Reg functions[] = {
  { "follow", l_follow },   { "step", l_step },       { "plan", l_plan }, { "same_bits", l_same_bits },
  { "made_by", l_made_by }, { "stopped", l_stopped }, { NULL, NULL }
};

/* plan:close(): its memory is free when nobody else refers to the results. */
static int l_close(lua_State *L) {
  l_gc(L);
  for (int i = STEPPER; i <= USER_VALUES; i++) {
    lua_pushnil(L);
    lua_setiuservalue(L, 1, i);
  }
  return 0;
}

static const luaL_Reg methods[] = { { "run", l_run }, { "close", l_close },         { "loss", l_loss },
                                    { "at", l_at },   { "untrained", l_untrained }, { "blame", l_blame },
                                    { NULL, NULL } };

void grl_open_plan(lua_State *L) {
  luaL_newmetatable(L, GRL_PLAN);
  lua_pushcfunction(L, l_gc);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_setfuncs(L, functions, 0);
}
