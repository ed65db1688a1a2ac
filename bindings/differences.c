/* differences.c: the slopes of a recorded number, by central differences. */
#include "bind.h"

#define GRL_DIFFERENCES "gradus.differences"

static gr_differences *check_differences(lua_State *L) {
  gr_differences *d = *(gr_differences **)luaL_checkudata(L, 1, GRL_DIFFERENCES);
  if (!d) grl_error(L, "these differences were already collected");
  return d;
}

static int l_gc(lua_State *L) {
  gr_differences **d = luaL_checkudata(L, 1, GRL_DIFFERENCES);
  gr_differences_free(*d);
  *d = NULL;
  return 0;
}

/* differences(y, x): of y, one number that was computed while x was followed */
static int l_differences(lua_State *L) {
  gr_err err;
  gr_differences **d = lua_newuserdatauv(L, sizeof(gr_differences *), 0);
  *d = NULL;
  luaL_setmetatable(L, GRL_DIFFERENCES);
  *d = gr_differences_new(grl_check_tensor(L, 1), grl_check_tensor(L, 2), &err);
  return *d ? 1 : grl_raise(L, &err);
}

/* d:value(): y for what x holds now */
static int l_value(lua_State *L) {
  gr_err err;
  double value;
  if (!gr_differences_value(check_differences(L), &value, &err)) return grl_raise(L, &err);
  lua_pushnumber(L, value);
  return 1;
}

/* d:run(h, slopes): fills a tensor of x's shape and type */
static int l_run(lua_State *L) {
  gr_err err;
  gr_differences *d = check_differences(L);
  grl_enter(L);
  if (!gr_differences_run(d, grl_check_number(L, 2, "h"), grl_check_tensor(L, 3), &grl_interrupted, &err))
    return grl_raise(L, &err);
  grl_enter(L);
  return 0;
}

static const luaL_Reg methods[] = { { "value", l_value }, { "run", l_run }, { NULL, NULL } };

void grl_open_differences(lua_State *L) {
  luaL_newmetatable(L, GRL_DIFFERENCES);
  lua_pushcfunction(L, l_gc);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, l_differences);
  lua_setfield(L, -2, "differences");
}
