/* custom.c: operators written in Lua. Core calls them back when a graph is run backward, or a plan again. */
#include "bind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lives as long as a Lua value or a node of a graph refers to it. */
typedef struct custom {
  gr_op op;
  size_t refs;
  lua_State *L;          /* the main thread */
  int forward, backward; /* references in the registry */
  char name[64];
} custom;

static custom *custom_of(const gr_op *op) { return (custom *)op; } /* its first field */

static void hold(const gr_op *op, bool on) {
  custom *c = custom_of(op);
  c->refs += on ? 1 : (size_t)-1;
  if (c->refs) return;
  luaL_unref(c->L, LUA_REGISTRYINDEX, c->forward);
  luaL_unref(c->L, LUA_REGISTRYINDEX, c->backward);
  free(c);
}

/* Pushes what the functions of the script get for t: its values, without a history. */
static void push_values(lua_State *L, gr_tensor *t) {
  gr_err err;
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_alias(t, &err);
  if (!*box) grl_raise(L, &err);
}

/* What the function returned at arg as a tensor of the type; numbers and tables become one. */
static gr_tensor *check_result(lua_State *L, const custom *c, int arg, gr_dtype dtype, const char *what) {
  if (lua_type(L, arg) != LUA_TNUMBER && !grl_test_tensor(L, arg) && !lua_istable(L, arg))
    grl_error(L, "%s: %s must return a tensor, got %s", c->name, what, luaL_typename(L, arg));
  gr_err err;
  gr_tensor *t = grl_to_tensor(L, arg, dtype);
  if (!gr_ready(t, &err)) grl_raise(L, &err); /* a transposed one has no values yet */
  return t;
}

/* ---- Called from core ------------------------------------------------------------------ */

/* forward(inputs...) gives the values of t. */
static int run_forward(lua_State *L) {
  gr_err err;
  gr_tensor *t = lua_touserdata(L, 1);
  const custom *c = custom_of(t->op);
  lua_rawgeti(L, LUA_REGISTRYINDEX, c->forward);
  for (int i = 0; i < t->n_in; i++) push_values(L, t->in[i]);
  lua_call(L, t->n_in, 1);
  gr_tensor *y = check_result(L, c, lua_gettop(L), t->dtype, "forward");
  if (!gr_overwrite(t, y, c->name, &err)) grl_raise(L, &err);
  return 0;
}

/* backward(dy, inputs..., y) gives the gradient of each input; nil: none. */
static int run_backward(lua_State *L) {
  gr_err err;
  gr_tensor *t = lua_touserdata(L, 1);
  const custom *c = custom_of(t->op);
  luaL_checkstack(L, 2 * t->n_in + 8, "too many inputs");
  lua_rawgeti(L, LUA_REGISTRYINDEX, c->backward);
  gr_tensor **dy = grl_new_tensor(L);
  *dy = gr_grad_tensor(t, &err);
  if (!*dy) grl_raise(L, &err);
  for (int i = 0; i < t->n_in; i++) push_values(L, t->in[i]);
  push_values(L, t);
  int before = lua_gettop(L) - t->n_in - 3;
  lua_call(L, t->n_in + 2, LUA_MULTRET);
  int given = lua_gettop(L) - before;
  if (given != t->n_in)
    grl_error(L, "%s: backward must return a gradient for each of %d inputs (nil: none), got %d", c->name, t->n_in, given);
  for (int i = 0; i < t->n_in; i++) {
    int arg = lua_gettop(L) - t->n_in + 1 + i;
    if (lua_isnil(L, arg) || !t->in[i]->wants) continue;
    gr_tensor *dx = check_result(L, c, arg, t->dtype, "backward");
    if (!gr_grad_add(t->in[i], dx, c->name, &err)) grl_raise(L, &err);
  }
  return 0;
}

/* Core knows no Lua: nothing may leave by a jump. */
static bool call(gr_tensor *t, bool back, gr_err *err) {
  custom *c = custom_of(t->op);
  grl_state *state = grl_state_of(c->L);
  lua_State *L = state->running ? state->running : c->L;
  bool recording = state->recording;
  if (!lua_checkstack(L, 4)) return gr_fail(err, "%s: the stack is full", c->name);
  state->recording = false;
  lua_pushcfunction(L, back ? run_backward : run_forward);
  lua_pushlightuserdata(L, t);
  int status = lua_pcall(L, 1, 0, 0);
  state->recording = recording;
  state->running = L;
  if (status == LUA_OK) return true;
  const char *text = luaL_tolstring(L, -1, NULL);
  gr_fail(err, "%s: %s: %s", c->name, back ? "backward" : "forward", text);
  lua_pop(L, 2);
  return false;
}

/* ---- Called from Lua ------------------------------------------------------------------- */

static custom *check_custom(lua_State *L) { return *(custom **)lua_touserdata(L, lua_upvalueindex(1)); }

static void read_inputs(lua_State *L, const custom *c, gr_tensor *in[]) {
  int n = lua_gettop(L);
  gr_dtype dtype = grl_state_of(L)->dtype;
  if (n < 1 || n > GR_MAX_CUSTOM) grl_error(L, "%s: takes 1 to %d tensors, got %d", c->name, GR_MAX_CUSTOM, n);
  for (int i = n; i >= 1; i--)
    if (grl_test_tensor(L, i)) dtype = grl_test_tensor(L, i)->dtype;
  for (int i = 0; i < n; i++) {
    in[i] = grl_to_tensor(L, i + 1, dtype);
    if (in[i]->dtype != dtype)
      grl_error(L, "%s: input %d is %s but another is %s: convert one with :to(\"%s\")", c->name, i + 1,
                gr_dtype_name(in[i]->dtype), gr_dtype_name(dtype), gr_dtype_name(dtype));
  }
}

/* The operator as a function: computes forward and records. */
static int l_call(lua_State *L) {
  gr_err err;
  gr_tensor *in[GR_MAX_CUSTOM] = { NULL };
  const custom *c = check_custom(L);
  grl_state *state = grl_state_of(L);
  bool recording = state->recording;
  int n = lua_gettop(L);
  read_inputs(L, c, in);
  grl_enter(L);
  luaL_checkstack(L, n + 8, "too many inputs");
  lua_rawgeti(L, LUA_REGISTRYINDEX, c->forward);
  for (int i = 0; i < n; i++) {
    if (!gr_ready(in[i], &err)) return grl_raise(L, &err);
    push_values(L, in[i]);
  }
  state->recording = false;
  int status = lua_pcall(L, n, 1, 0);
  state->recording = recording;
  if (status != LUA_OK) return lua_error(L);
  gr_tensor *y = check_result(L, c, lua_gettop(L), in[0]->dtype, "forward");
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_apply_custom(&c->op, in, n, y, recording, &err);
  return grl_result(L, box, &err);
}

static int l_gc(lua_State *L) {
  custom **box = lua_touserdata(L, 1);
  if (*box) hold(&(*box)->op, false);
  *box = NULL;
  return 0;
}

/* Never called: a row that has a gradient has a backward. */
static void by_call(gr_tensor *t) { (void)t; }

static custom *new_custom(lua_State *L, const char *name, bool differentiable) {
  custom *c = calloc(1, sizeof *c);
  if (!c) grl_error(L, "op: not enough memory");
  snprintf(c->name, sizeof c->name, "%s", name);
  c->op = (gr_op){ .name = c->name, .inputs = "a...", .options = "", .kinds = "", .call = call, .hold = hold };
  if (differentiable) c->op.backward[GR_F64] = c->op.backward[GR_F32] = by_call;
  c->forward = c->backward = LUA_NOREF;
  c->refs = 1;
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  c->L = lua_tothread(L, -1);
  lua_pop(L, 1);
  return c;
}

/* custom(name, forward, backward or nil): the operator, a function of tensors. */
static int l_custom(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  bool differentiable = !lua_isnoneornil(L, 3);
  custom **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  if (luaL_newmetatable(L, "gradus.op")) {
    lua_pushcfunction(L, l_gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  *box = new_custom(L, name, differentiable);
  lua_pushvalue(L, 2);
  (*box)->forward = luaL_ref(L, LUA_REGISTRYINDEX);
  if (differentiable) {
    lua_pushvalue(L, 3);
    (*box)->backward = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_pushcclosure(L, l_call, 1);
  return 1;
}

static const luaL_Reg functions[] = { { "custom", l_custom }, { NULL, NULL } };

void grl_open_custom(lua_State *L) { luaL_setfuncs(L, functions, 0); }
