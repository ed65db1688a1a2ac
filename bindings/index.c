/* index.c: t[i], t["2:5, :"], t[{i, j}] and assignment to them, and a tensor's properties. */
#include "bind.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- Positions ---------------------------------------------------------------------- */

/* The indexed tensor, which is at index 1, for a message: its name, or the script's name for it, and its shape. */
static const char *indexed(lua_State *L, const gr_tensor *t, char label[GR_LABEL_ROOM]) {
  unsigned borrowed = grl_borrow_names(L, 1, 1);
  gr_label(t, "the tensor", label, GR_LABEL_ROOM);
  grl_return_names(L, 1, 1, borrowed);
  return label;
}

/* Position i of an axis of n, from 1 or from the end (-1 is the last), as one from 0. */
static size_t position(lua_State *L, const gr_tensor *t, lua_Integer i, int axis) {
  char label[GR_LABEL_ROOM];
  if (axis >= t->nd)
    grl_error(L, "%s has %d %s: there is no position for axis %d", indexed(L, t, label), t->nd, t->nd == 1 ? "axis" : "axes",
              axis + 1);
  lua_Integer n = (lua_Integer)t->d[axis], at = i < 0 ? i + n + 1 : i;
  if (at < 1 || at > n)
    grl_error(L, "position %lld on axis %d of %s: positions count from 1 to %lld%s", (long long)i, axis + 1, indexed(L, t, label),
              (long long)n, i == 0 ? " (classes count from 0, positions from 1)" : "");
  return (size_t)at - 1;
}

static void one_position(lua_State *L, const gr_tensor *t, lua_Integer i, gr_attr *a) {
  int axis = a->nd;
  a->from[axis] = position(L, t, i, axis);
  a->d[axis] = 1;
  a->drop[axis] = true;
  a->nd++;
}

/* ---- "2:5, :, -1" ------------------------------------------------------------------- */

static const char *skip_spaces(const char *s) {
  while (isspace((unsigned char)*s)) s++;
  return s;
}

/* A whole number, or `missing` when there is none. */
static const char *read_bound(const char *s, long long missing, long long *bound) {
  char *end;
  s = skip_spaces(s);
  *bound = missing;
  if (*s == '-' || *s == '+' || isdigit((unsigned char)*s)) {
    long long value = strtoll(s, &end, 10);
    if (end != s) *bound = value, s = end;
  }
  return skip_spaces(s);
}

/* One axis of the text; NULL when it cannot be read. */
static const char *read_range(lua_State *L, const gr_tensor *t, const char *s, gr_attr *a) {
  long long from, to;
  const char *start = skip_spaces(s);
  s = read_bound(s, 1, &from);
  if (*s != ':') {
    if (s == start) return NULL;
    one_position(L, t, from, a);
    return s;
  }
  s = read_bound(s + 1, -1, &to);
  size_t first = position(L, t, from, a->nd), last = position(L, t, to, a->nd);
  if (last < first) grl_error(L, "range %lld:%lld is empty: both ends are included", from, to);
  a->from[a->nd] = first;
  a->d[a->nd] = last - first + 1;
  a->drop[a->nd] = false;
  a->nd++;
  return s;
}

bool grl_looks_like_ranges(const char *s) { return strspn(s, "0123456789:,-+ \t") == strlen(s) && strpbrk(s, "0123456789:"); }

static void read_ranges(lua_State *L, const gr_tensor *t, const char *text, gr_attr *a) {
  const char *s = text;
  for (;;) {
    if (a->nd == GR_MAX_DIMS) grl_error(L, "\"%s\": a tensor has at most %d axes", text, GR_MAX_DIMS);
    s = read_range(L, t, s, a);
    if (s && !*s) return;
    if (!s || *s != ',') grl_error(L, "\"%s\" is not a range: write \"2:5\", \":, 3\" or \"-1\"", text);
    s++;
  }
}

static void read_key(lua_State *L, const gr_tensor *t, int key, gr_attr *a) {
  int whole;
  lua_Integer i = lua_tointegerx(L, key, &whole);
  if (lua_type(L, key) == LUA_TSTRING) read_ranges(L, t, lua_tostring(L, key), a);
  else if (whole) one_position(L, t, i, a);
  else grl_error(L, "a position must be a whole number or a range like \"2:5\", got %s", grl_describe(L, key));
}

gr_attr grl_read_place(lua_State *L, const gr_tensor *t) {
  gr_attr a = { .axis = GR_ALL_AXES };
  if (!lua_istable(L, 2)) {
    if (grl_test_tensor(L, 2)) grl_error(L, "positions in a tensor: write t:take(positions)");
    read_key(L, t, 2, &a);
    return a;
  }
  for (lua_Integer i = 1, n = luaL_len(L, 2); i <= n; i++) {
    lua_geti(L, 2, i);
    if (a.nd == GR_MAX_DIMS) grl_error(L, "more than %d positions", GR_MAX_DIMS);
    read_key(L, t, lua_gettop(L), &a);
    lua_pop(L, 1);
  }
  return a;
}

/* ---- Reading ------------------------------------------------------------------------ */

static int push_part(lua_State *L, gr_tensor *t) {
  gr_err err;
  gr_attr a = grl_read_place(L, t);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_apply(gr_op_find("slice"), &t, 1, &a, grl_state_of(L)->recording, &err);
  return *box ? grl_done_value(L, *box, false) : grl_raise(L, &err);
}

/* A shape is a table of sizes that prints as 2 x 2. */
static int l_shape_text(lua_State *L) {
  lua_Integer n = luaL_len(L, 1);
  luaL_Buffer text;
  if (n == 0) return lua_pushliteral(L, "one number"), 1;
  luaL_buffinit(L, &text);
  for (lua_Integer i = 1; i <= n; i++) {
    if (i > 1) luaL_addstring(&text, " x ");
    lua_geti(L, 1, i);
    luaL_addvalue(&text);
  }
  luaL_pushresult(&text);
  return 1;
}

static int l_shape_equal(lua_State *L) {
  lua_Integer n = luaL_len(L, 1);
  bool equal = n == luaL_len(L, 2);
  for (lua_Integer i = 1; equal && i <= n; i++) {
    lua_geti(L, 1, i);
    lua_geti(L, 2, i);
    equal = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
  }
  lua_pushboolean(L, equal);
  return 1;
}

void grl_push_shape(lua_State *L, int nd, const size_t d[]) {
  static const luaL_Reg meta[] = { { "__tostring", l_shape_text }, { "__eq", l_shape_equal }, { NULL, NULL } };
  lua_createtable(L, nd, 0);
  for (int i = 0; i < nd; i++) {
    lua_pushinteger(L, (lua_Integer)d[i]);
    lua_seti(L, -2, i + 1);
  }
  if (luaL_newmetatable(L, "gradus.shape")) luaL_setfuncs(L, meta, 0);
  lua_setmetatable(L, -2);
}

static int push_grad(lua_State *L, gr_tensor *t) {
  gr_err err;
  if (!t->g) return lua_pushnil(L), 1;
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_grad_tensor(t, &err);
  return grl_result(L, box, &err);
}

/* A property; false when t has none of that name. */
static bool push_property(lua_State *L, gr_tensor *t, const char *name) {
  if (strcmp(name, "shape") == 0) grl_push_shape(L, t->nd, t->d);
  else if (strcmp(name, "dtype") == 0) lua_pushstring(L, gr_dtype_name(t->dtype));
  else if (strcmp(name, "size") == 0) lua_pushinteger(L, (lua_Integer)t->size);
  else if (strcmp(name, "name") == 0) lua_pushstring(L, t->name);
  else if (strcmp(name, "wants_grad") == 0) lua_pushboolean(L, t->wants);
  else if (strcmp(name, "grad") == 0) push_grad(L, t);
  else return false;
  return true;
}

static bool holds_number(const gr_tensor *t) { return t->nd == 1 && !t->wants && t->x && !t->op; }

/* The library knows what a misspelt name may mean. */
static int fail_missing(lua_State *L, const char *name) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "gradus.core");
  if (lua_getfield(L, -1, "missing_method") != LUA_TFUNCTION) return grl_error(L, "a tensor has no method or field '%s'", name);
  lua_pushstring(L, name);
  lua_call(L, 1, 0);
  return 0;
}

static int l_index(lua_State *L) {
  gr_tensor *t = grl_check_tensor(L, 1);
  lua_Integer i;
  if (holds_number(t) && grl_whole(L, 2, &i)) return lua_pushnumber(L, gr_get(t, position(L, t, i, 0))), 1;
  if (lua_type(L, 2) != LUA_TSTRING) return push_part(L, t);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  const char *name = lua_tostring(L, 2);
  if (push_property(L, t, name)) return 1;
  if (grl_looks_like_ranges(name)) return push_part(L, t);
  return fail_missing(L, name);
}

/* ---- Going through rows ------------------------------------------------------------- */

/* next(t, i): the position after i and what is there; nil at the end. Also of a byte set. */
static int l_next_row(lua_State *L) {
  gr_tensor *t = grl_test_tensor(L, 1);
  lua_Integer i = luaL_checkinteger(L, 2) + 1;
  if (t && t->nd == 0) return grl_error(L, "one number has no rows to go through");
  if (i > luaL_len(L, 1)) return lua_pushnil(L), 1;
  lua_pushinteger(L, i);
  lua_pushinteger(L, i);
  lua_gettable(L, 1);
  return 2;
}

static int push_rows(lua_State *L) {
  lua_pushcfunction(L, l_next_row);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

void grl_push_rows_function(lua_State *L) { lua_pushcfunction(L, push_rows); }

/* Lua's ipairs goes on until it finds nil, but a position past the end of a tensor is an error. */
static int l_ipairs(lua_State *L) {
  if (grl_test_tensor(L, 1) || grl_test_bytes(L, 1)) return push_rows(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 3);
  return 3;
}

/* ---- Writing ------------------------------------------------------------------------ */

static int set_property(lua_State *L, gr_tensor *t, const char *name) {
  gr_err err;
  if (strcmp(name, "name") == 0) {
    if (!lua_isnil(L, 3) && lua_type(L, 3) != LUA_TSTRING)
      return grl_error(L, "name: must be a string, got %s", luaL_typename(L, 3));
    return gr_set_name(t, lua_tostring(L, 3), &err) ? 0 : grl_raise(L, &err);
  }
  if (strcmp(name, "grad") == 0 && lua_isnil(L, 3)) return gr_drop_grad(t), 0;
  return grl_error(L, "field '%s' of a tensor cannot be set%s", name,
                   strcmp(name, "grad") == 0 ? ": t:zero_grad() sets it to zero, t.grad = nil drops it" : "");
}

static int l_newindex(lua_State *L) {
  gr_err err;
  gr_tensor *t = grl_check_tensor(L, 1);
  if (lua_type(L, 2) == LUA_TSTRING && !grl_looks_like_ranges(lua_tostring(L, 2))) return set_property(L, t, lua_tostring(L, 2));
  gr_attr a = grl_read_place(L, t);
  gr_tensor *b = grl_to_tensor(L, 3, t->dtype);
  grl_enter(L);
  grl_refuse_history(L, 3, "assignment");
  if (gr_assign(t, &a, b, &err)) return 0;
  if (err.memory) return grl_raise(L, &err);
  unsigned borrowed = grl_borrow_names(L, 1, 3);
  gr_assign(t, &a, b, &err);
  grl_return_names(L, 1, 3, borrowed);
  return grl_raise(L, &err);
}

void grl_open_index(lua_State *L) {
  luaL_getmetatable(L, GRL_TENSOR);
  lua_getfield(L, -1, "methods");
  lua_pushcclosure(L, l_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, l_newindex);
  lua_setfield(L, -2, "__newindex");
  lua_pushcfunction(L, push_rows);
  lua_setfield(L, -2, "__pairs");
  lua_getglobal(L, "ipairs");
  lua_pushcclosure(L, l_ipairs, 1);
  lua_setglobal(L, "ipairs");
  lua_pop(L, 1);
}
