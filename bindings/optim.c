/* optim.c: the step of an optimiser, as a function that knows its parameters. */
#include "bind.h"

#include <string.h>

static void release(void *owned) {
  grl_stepper *s = owned;
  for (size_t i = 0; i < s->n; i++) {
    gr_unref(s->slots[i].p);
    for (int k = 0; k < GR_MAX_KEPT; k++) gr_unref(s->slots[i].kept[k]);
  }
  s->n = 0;
}

static gr_method check_method(lua_State *L, int arg) {
  const char *name = luaL_checkstring(L, arg);
  for (int m = 0; m < GR_METHODS; m++)
    if (strcmp(name, gr_method_name(m)) == 0) return m;
  return grl_error(L, "there is no optimiser '%s'", name);
}

/* The settings in the table at arg; what is not there is 0. */
static gr_optim check_settings(lua_State *L, int arg, gr_method method) {
  gr_optim o = { .method = method };
  const struct {
    const char *name;
    double *value;
  } numbers[] = {
    { "momentum", &o.momentum },   { "rho", &o.rho }, { "beta1", &o.beta1 },
    { "beta2", &o.beta2 },         { "eps", &o.eps }, { "weight_decay", &o.weight_decay },
    { "clip_norm", &o.clip_norm },
  };
  luaL_checktype(L, arg, LUA_TTABLE);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    lua_getfield(L, arg, numbers[i].name);
    *numbers[i].value = grl_opt_number(L, -1, 0, numbers[i].name);
    lua_pop(L, 1);
  }
  lua_getfield(L, arg, "nesterov");
  o.nesterov = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return o;
}

/* Fills a slot from the list on top of the stack: the parameter, then what is kept for it. */
static void fill(lua_State *L, gr_slot *slot, int kept) {
  luaL_checktype(L, -1, LUA_TTABLE);
  for (int k = 0; k <= kept; k++) {
    lua_rawgeti(L, -1, k + 1);
    *(k ? &slot->kept[k - 1] : &slot->p) = gr_ref(grl_check_tensor(L, -1));
    lua_pop(L, 1);
  }
}

/* Upvalues: where the stepper is, and its owner, which keeps it alive. */
static int l_step(lua_State *L) {
  gr_err err;
  grl_stepper *s = lua_touserdata(L, lua_upvalueindex(1));
  s->optim.lr = grl_check_number(L, 1, "lr");
  if (!gr_optim_check(&s->optim, s->slots, s->n, &err)) return grl_raise(L, &err); /* a parameter may have changed its type */
  gr_optim_step(&s->optim, s->slots, s->n);
  return 0;
}

const grl_stepper *grl_check_stepper(lua_State *L, int arg) {
  if (lua_tocfunction(L, arg) != l_step) grl_error(L, "argument %d must be an optimiser's step", arg);
  lua_getupvalue(L, arg, 1);
  const grl_stepper *s = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return s;
}

/* stepper(method, settings, { { parameter, kept... }, ... }): a function of the rate that makes one step of them all. */
static int l_stepper(lua_State *L) {
  gr_err err;
  gr_optim optim = check_settings(L, 2, check_method(L, 1));
  luaL_checktype(L, 3, LUA_TTABLE);
  size_t n = lua_rawlen(L, 3);
  grl_stepper *s = grl_new_owner(L, sizeof *s + n * sizeof *s->slots, release);
  s->optim = optim;
  s->n = n;
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 3, (lua_Integer)i + 1);
    fill(L, &s->slots[i], gr_optim_kept(&optim));
    lua_pop(L, 1);
  }
  if (!gr_optim_check(&s->optim, s->slots, n, &err)) return grl_raise(L, &err);
  lua_pushlightuserdata(L, s);
  lua_insert(L, -2);
  lua_pushcclosure(L, l_step, 2);
  return 1;
}

static const luaL_Reg functions[] = { { "stepper", l_stepper }, { NULL, NULL } };

void grl_open_optim(lua_State *L) { luaL_setfuncs(L, functions, 0); }
