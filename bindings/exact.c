/* exact.c: exact fractions, with Lua's operators. */
#include "bind.h"

#include <string.h>

/* Made first and filled after, as tensors are. */
static gr_exact **new_exact(lua_State *L) {
  grl_enter(L);
  gr_exact **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  luaL_setmetatable(L, GRL_EXACT);
  return box;
}

static int finish(lua_State *L, gr_exact *const *box, const gr_err *err) { return *box ? 1 : grl_raise(L, err); }

static gr_exact *check_exact(lua_State *L, int arg) {
  gr_exact *a = *(gr_exact **)luaL_checkudata(L, arg, GRL_EXACT);
  if (!a) grl_error(L, "this fraction was already collected");
  return a;
}

/* Pushes the fraction that a number or a text writes. */
static gr_exact *push_exact(lua_State *L, int arg, const char *what, gr_dtype dtype) {
  gr_err err;
  int type = lua_type(L, arg);
  if (type != LUA_TNUMBER && type != LUA_TSTRING)
    grl_error(L, "%s: a number, a text like \"1/3\" or a fraction is needed, got %s", what, grl_describe(L, arg));
  gr_exact **box = new_exact(L);
  if (type == LUA_TSTRING && strlen(lua_tostring(L, arg)) != lua_rawlen(L, arg))
    grl_error(L, "%s: the text holds a zero byte: a number, or a text like \"1/3\", is needed", what);
  if (type == LUA_TSTRING) *box = gr_exact_read(what, lua_tostring(L, arg), &err);
  else if (lua_isinteger(L, arg)) *box = gr_exact_read(what, lua_pushfstring(L, "%I", lua_tointeger(L, arg)), &err);
  else *box = gr_exact_from(what, lua_tonumber(L, arg), dtype, &err);
  if (!*box) grl_raise(L, &err);
  if (lua_isinteger(L, arg)) lua_pop(L, 1);
  return *box;
}

/* The fraction at arg; a number or a text there is replaced by its fraction. */
static gr_exact *to_exact(lua_State *L, int arg) {
  if (luaL_testudata(L, arg, GRL_EXACT)) return check_exact(L, arg);
  gr_exact *a = push_exact(L, arg, "fraction", GR_F64);
  lua_replace(L, arg);
  return a;
}

/* exact(value, what [, dtype]): the fraction of a number of that type, or of a text; `what` opens the message. */
static int l_exact(lua_State *L) {
  const char *what = luaL_checkstring(L, 2);
  gr_dtype dtype = lua_isnoneornil(L, 3) ? GR_F64 : grl_opt_dtype(L, 3);
  if (luaL_testudata(L, 1, GRL_EXACT)) lua_pushvalue(L, 1);
  else push_exact(L, 1, what, dtype);
  return 1;
}

static int apply(lua_State *L, char op) {
  gr_err err;
  gr_exact *a = to_exact(L, 1), *b = to_exact(L, 2), **box = new_exact(L);
  *box = gr_exact_apply(op, a, b, &err);
  return finish(L, box, &err);
}

static int l_add(lua_State *L) { return apply(L, '+'); }
static int l_sub(lua_State *L) { return apply(L, '-'); }
static int l_mul(lua_State *L) { return apply(L, '*'); }
static int l_div(lua_State *L) { return apply(L, '/'); }

static int l_unm(lua_State *L) {
  gr_err err;
  gr_exact *a = check_exact(L, 1), **box = new_exact(L);
  *box = gr_exact_negate(a, &err);
  return finish(L, box, &err);
}

static int compare(lua_State *L) {
  gr_exact *a = to_exact(L, 1), *b = to_exact(L, 2);
  return gr_exact_compare(a, b);
}

/* Lua asks for two userdata, of which one may be anything else. */
static int l_eq(lua_State *L) {
  bool both = luaL_testudata(L, 1, GRL_EXACT) && luaL_testudata(L, 2, GRL_EXACT);
  return lua_pushboolean(L, both && compare(L) == 0), 1;
}
static int l_lt(lua_State *L) { return lua_pushboolean(L, compare(L) < 0), 1; }
static int l_le(lua_State *L) { return lua_pushboolean(L, compare(L) <= 0), 1; }

static void release_text(void *owned) { gr_free(*(char **)owned); }

static int l_tostring(lua_State *L) {
  gr_err err;
  gr_exact *a = check_exact(L, 1);
  char **text = grl_new_owner(L, sizeof *text, release_text);
  *text = gr_exact_text(a, &err);
  if (!*text) return grl_raise(L, &err);
  lua_pushstring(L, *text);
  return 1;
}

/* f:item(): the nearest number. */
static int l_item(lua_State *L) {
  lua_pushnumber(L, gr_exact_double(check_exact(L, 1)));
  return 1;
}

static int l_gc(lua_State *L) {
  gr_exact **box = luaL_checkudata(L, 1, GRL_EXACT);
  gr_exact_free(*box);
  *box = NULL;
  return 0;
}

static const luaL_Reg metamethods[] = {
  { "__add", l_add }, { "__sub", l_sub }, { "__mul", l_mul }, { "__div", l_div },           { "__unm", l_unm }, { "__eq", l_eq },
  { "__lt", l_lt },   { "__le", l_le },   { "__gc", l_gc },   { "__tostring", l_tostring }, { NULL, NULL },
};

static const luaL_Reg methods[] = { { "item", l_item }, { NULL, NULL } };

void grl_open_exact(lua_State *L) {
  luaL_newmetatable(L, GRL_EXACT);
  luaL_setfuncs(L, metamethods, 0);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, l_exact);
  lua_setfield(L, -2, "exact");
}
