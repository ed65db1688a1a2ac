/* tensor.c: making tensors, their properties, and the methods that are no operators. */
#include "bind.h"

#include <lualib.h>
#include <math.h>
#include <string.h>

/* ---- From Lua values ---------------------------------------------------------------- */

/* Finds the sizes of a nested table by going down its first entries. A tensor inside adds its own. */
static int sizes_of_table(lua_State *L, int arg, size_t d[]) {
  int nd = 0;
  lua_pushvalue(L, arg);
  while (lua_istable(L, -1)) {
    if (nd == GR_MAX_DIMS) grl_error(L, "tensor: the table is nested deeper than %d levels", GR_MAX_DIMS);
    d[nd] = (size_t)luaL_len(L, -1);
    if (d[nd] == 0) grl_error(L, "tensor: an empty table has no shape");
    nd++;
    lua_geti(L, -1, 1);
    lua_remove(L, -2);
  }
  gr_tensor *t = grl_test_tensor(L, -1);
  for (int i = 0; t && i < t->nd; i++) {
    if (nd == GR_MAX_DIMS) grl_error(L, "tensor: more than %d axes", GR_MAX_DIMS);
    d[nd++] = t->d[i];
  }
  lua_pop(L, 1);
  return nd;
}

/* Copies the tensor on top of the stack into `to`, n elements from `at`. */
static void fill_from_tensor(lua_State *L, gr_tensor *to, size_t at, size_t n, const char *place) {
  gr_err err;
  gr_tensor *t = grl_test_tensor(L, -1);
  if (t->size != n)
    grl_error(L, "tensor: %s has %zu numbers where %zu are needed: all rows must have the same shape", place, t->size, n);
  if (!gr_ready(t, &err)) grl_raise(L, &err);
  for (size_t i = 0; i < n; i++) gr_set(to, at + i, gr_get(t, i));
}

static double number_at(lua_State *L, const char *place) {
  if (lua_type(L, -1) == LUA_TBOOLEAN) return lua_toboolean(L, -1);
  if (lua_type(L, -1) != LUA_TNUMBER) grl_error(L, "tensor: %s is %s, not a number", place, luaL_typename(L, -1));
  return lua_tonumber(L, -1);
}

/* Fills `to` from the table on top of the stack, which lies `depth` levels down. */
static void fill_from_table(lua_State *L, gr_tensor *to, int depth, size_t at, const char *place) {
  size_t n = to->d[depth], inner = 1;
  luaL_checkstack(L, 4, "tensor");
  if ((size_t)luaL_len(L, -1) != n)
    grl_error(L, "tensor: %s has %d entries where the first has %zu: all rows must be equally long", place, (int)luaL_len(L, -1),
              n);
  for (int i = depth + 1; i < to->nd; i++) inner *= to->d[i];
  for (size_t i = 0; i < n; i++) {
    lua_geti(L, -1, (lua_Integer)i + 1);
    const char *inside = place;
    bool leaf = depth == to->nd - 1, is_tensor = grl_test_tensor(L, -1) != NULL;
    bool good = is_tensor || lua_istable(L, -1) == !leaf;
    if (!good || is_tensor || !leaf) {
      inside = lua_pushfstring(L, "%s%s %d", depth ? place : "", depth == 0 ? "row" : depth == 1 ? ", column" : ",", (int)i + 1);
      lua_insert(L, -2);
    } else if (lua_type(L, -1) != LUA_TNUMBER) {
      inside = lua_pushfstring(L, "%s%s %d", depth ? place : "", depth ? ", column" : "entry", (int)i + 1);
      lua_insert(L, -2);
    }
    if (is_tensor) fill_from_tensor(L, to, at + i * inner, inner, inside);
    else if (leaf) gr_set(to, at + i, number_at(L, inside));
    else if (!lua_istable(L, -1)) grl_error(L, "tensor: %s is %s where a table of numbers is needed", inside, luaL_typename(L, -1));
    else fill_from_table(L, to, depth + 1, at + i * inner, inside);
    lua_pop(L, inside == place ? 1 : 2);
  }
}

gr_tensor *grl_tensor_from(lua_State *L, int arg, gr_dtype dtype) {
  size_t d[GR_MAX_DIMS];
  gr_err err;
  int nd = sizes_of_table(L, arg, d);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_new(dtype, nd, d, &err);
  if (!*box) grl_raise(L, &err);
  if (nd == 0) {
    gr_set(*box, 0, lua_tonumber(L, arg));
  } else {
    lua_pushvalue(L, arg);
    fill_from_table(L, *box, 0, 0, "the table");
    lua_pop(L, 1);
  }
  grl_done(L, *box);
  return *box;
}

/* gr.tensor(value [, dtype]): from a number, a nested table, or a copy of a tensor. */
static int l_tensor(lua_State *L) {
  gr_tensor *t = grl_test_tensor(L, 1);
  gr_dtype dtype = t && lua_isnoneornil(L, 2) ? t->dtype : grl_opt_dtype(L, 2);
  if (!t && !lua_istable(L, 1) && lua_type(L, 1) != LUA_TNUMBER)
    return grl_error(L, "tensor: expected a nested table of numbers, got %s", luaL_typename(L, 1));
  if (!t) return grl_tensor_from(L, 1, dtype), 1;
  gr_attr attr = { .axis = GR_ALL_AXES, .dtype = dtype };
  gr_err err;
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_apply(gr_op_find("cast"), &t, 1, &attr, false, &err);
  return grl_result(L, box, &err);
}

/* ---- Filled tensors ----------------------------------------------------------------- */

/* Sizes at arg.., possibly followed by a dtype, which is taken off. */
static int sizes_and_dtype(lua_State *L, int arg, size_t d[], gr_dtype *dtype) {
  bool named = lua_gettop(L) > arg && lua_type(L, -1) == LUA_TSTRING;
  *dtype = named ? grl_opt_dtype(L, lua_gettop(L)) : grl_state_of(L)->dtype;
  if (named) lua_pop(L, 1);
  return grl_check_sizes(L, arg, d, false);
}

static int push_full(lua_State *L, int nd, const size_t d[], double value, gr_dtype dtype) {
  gr_err err;
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_full(dtype, nd, d, value, &err);
  return grl_result(L, box, &err);
}

static int l_zeros(lua_State *L) {
  size_t d[GR_MAX_DIMS];
  gr_dtype dtype;
  int nd = sizes_and_dtype(L, 1, d, &dtype);
  return push_full(L, nd, d, 0, dtype);
}

static int l_ones(lua_State *L) {
  size_t d[GR_MAX_DIMS];
  gr_dtype dtype;
  int nd = sizes_and_dtype(L, 1, d, &dtype);
  return push_full(L, nd, d, 1, dtype);
}

/* gr.full({m, n}, value [, dtype]) */
static int l_full(lua_State *L) {
  size_t d[GR_MAX_DIMS];
  if (!lua_istable(L, 1) && lua_type(L, 1) != LUA_TNUMBER)
    return grl_error(L, "full: sizes must be a table like {2, 3}, got %s", luaL_typename(L, 1));
  if (lua_type(L, 2) != LUA_TNUMBER) return grl_error(L, "full: the value must be a number, got %s", luaL_typename(L, 2));
  double value = lua_tonumber(L, 2);
  gr_dtype dtype = grl_opt_dtype(L, 3);
  lua_settop(L, 1);
  int nd = grl_check_sizes(L, 1, d, false);
  return push_full(L, nd, d, value, dtype);
}

static int l_eye(lua_State *L) {
  gr_err err;
  size_t n = grl_check_count(L, 1, 1);
  gr_dtype dtype = grl_opt_dtype(L, 2);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_eye(dtype, n, &err);
  return grl_result(L, box, &err);
}

static double check_number(lua_State *L, int arg, const char *what) {
  if (lua_type(L, arg) != LUA_TNUMBER) grl_error(L, "%s must be a number, got %s", what, luaL_typename(L, arg));
  return lua_tonumber(L, arg);
}

static int l_arange(lua_State *L) {
  gr_err err;
  bool one = lua_isnoneornil(L, 2) || lua_type(L, 2) == LUA_TSTRING; /* arange(to), as NumPy allows */
  double from = one ? 0 : check_number(L, 1, "arange: from"), to = check_number(L, one ? 1 : 2, "arange: to");
  bool has_step = !one && lua_type(L, 3) == LUA_TNUMBER;
  double step = has_step ? lua_tonumber(L, 3) : 1;
  gr_dtype dtype = grl_opt_dtype(L, one ? 2 : has_step || lua_isnil(L, 3) ? 4 : 3);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_arange(dtype, from, to, step, &err);
  return grl_result(L, box, &err);
}

static int l_linspace(lua_State *L) {
  gr_err err;
  double from = check_number(L, 1, "linspace: from"), to = check_number(L, 2, "linspace: to");
  size_t n = lua_isnoneornil(L, 3) ? 50 : grl_check_count(L, 3, 1);
  gr_dtype dtype = grl_opt_dtype(L, 4);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_linspace(dtype, from, to, n, &err);
  return grl_result(L, box, &err);
}

/* ---- One tensor in, one out --------------------------------------------------------- */

typedef gr_tensor *(*from_one)(gr_tensor *t, gr_err *err);

static int push_from(lua_State *L, from_one make) {
  gr_err err;
  gr_tensor *t = grl_check_tensor(L, 1);
  gr_tensor **box = grl_new_tensor(L);
  *box = make(t, &err);
  return grl_result(L, box, &err);
}

static int l_detach(lua_State *L) { return push_from(L, gr_detach); }
static int l_unique(lua_State *L) { return push_from(L, gr_unique); }

/* gr.param(t [, name]) */
static int l_param(lua_State *L) {
  gr_err err;
  grl_to_tensor(L, 1, grl_state_of(L)->dtype);
  if (!lua_isnoneornil(L, 2) && lua_type(L, 2) != LUA_TSTRING) return grl_error(L, "param: the name must be a string");
  push_from(L, gr_param);
  if (lua_type(L, 2) == LUA_TSTRING && !gr_set_name(grl_test_tensor(L, -1), lua_tostring(L, 2), &err)) return grl_raise(L, &err);
  return 1;
}

/* ---- In place ----------------------------------------------------------------------- */

static int update(lua_State *L, char op) {
  gr_err err;
  gr_tensor *t = grl_check_tensor(L, 1), *b = grl_to_tensor(L, 2, t->dtype);
  grl_enter(L);
  if (!gr_update(t, op, b, &err)) {
    unsigned borrowed = grl_borrow_names(L, 1, 2);
    gr_update(t, op, b, &err);
    grl_return_names(L, 1, 2, borrowed);
    return grl_raise(L, &err);
  }
  lua_settop(L, 1);
  return 1;
}

static int l_add_(lua_State *L) { return update(L, '+'); }
static int l_sub_(lua_State *L) { return update(L, '-'); }
static int l_mul_(lua_State *L) { return update(L, '*'); }
static int l_div_(lua_State *L) { return update(L, '/'); }
static int l_copy_(lua_State *L) { return update(L, '='); }

/* ---- Gradients ---------------------------------------------------------------------- */

static int l_backward(lua_State *L) {
  gr_err err;
  if (lua_type(L, 1) == LUA_TNUMBER)
    return grl_error(L, "backward: this is a plain number: it does not depend on anything made by gr.param");
  gr_tensor *y = grl_check_tensor(L, 1);
  grl_enter(L);
  return gr_backward(y, &err) ? 0 : grl_raise(L, &err);
}

static int l_zero_grad(lua_State *L) {
  gr_zero_grad(grl_check_tensor(L, 1));
  return 0;
}

/* recording([on]): whether operators remember their inputs; returns how it was. */
static int l_recording(lua_State *L) {
  grl_state *state = grl_state_of(L);
  lua_pushboolean(L, state->recording);
  if (!lua_isnoneornil(L, 1)) state->recording = lua_toboolean(L, 1);
  return 1;
}

/* history(t): the operator's name and a list of its inputs; nil for a leaf. */
static int l_history(lua_State *L) {
  gr_tensor *t = grl_check_tensor(L, 1);
  if (!t->op) return 0;
  lua_pushstring(L, t->op->name);
  lua_createtable(L, t->n_in, 0);
  for (int i = 0; i < t->n_in; i++) {
    gr_tensor **box = grl_new_tensor(L);
    *box = gr_ref(t->in[i]);
    lua_seti(L, -2, i + 1);
  }
  return 2;
}

/* size(t, axis): the size along an axis (from 1, or from the end), 1 where there is none. */
static int l_size(lua_State *L) {
  gr_tensor *t = grl_check_tensor(L, 1);
  lua_Integer axis = luaL_checkinteger(L, 2);
  if (axis < 0) axis += t->nd + 1;
  lua_pushinteger(L, axis >= 1 && axis <= t->nd ? (lua_Integer)t->d[axis - 1] : 1);
  return 1;
}

/* is_tensor(value) */
static int l_is_tensor(lua_State *L) {
  lua_pushboolean(L, grl_test_tensor(L, 1) != NULL);
  return 1;
}

/* id(t): counts tensors made; two userdata of one tensor have the same. */
static int l_id(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)grl_check_tensor(L, 1)->id);
  return 1;
}

/* sgd(list of parameters, lr): one step of all of them. */
static int l_sgd(lua_State *L) {
  lua_Integer n = luaL_len(L, 1);
  double lr = check_number(L, 2, "sgd: lr");
  gr_tensor **p = lua_newuserdatauv(L, (size_t)n * sizeof *p + 1, 0);
  for (lua_Integer i = 0; i < n; i++) {
    lua_geti(L, 1, i + 1);
    p[i] = grl_check_tensor(L, -1);
    lua_pop(L, 1);
  }
  gr_sgd(p, (size_t)n, lr);
  return 0;
}

/* ---- Back to Lua values ------------------------------------------------------------- */

static gr_tensor *check_ready(lua_State *L, int arg) {
  gr_err err;
  gr_tensor *t = grl_check_tensor(L, arg);
  if (!gr_ready(t, &err)) grl_raise(L, &err);
  return t;
}

static int l_item(lua_State *L) {
  if (lua_type(L, 1) == LUA_TNUMBER) return lua_settop(L, 1), 1;
  gr_tensor *t = check_ready(L, 1);
  char shape[GR_LABEL_ROOM];
  if (t->size != 1) return grl_error(L, "item: %s is not one number", gr_label(t, "the tensor", shape, sizeof shape));
  lua_pushnumber(L, gr_get(t, 0));
  return 1;
}

static size_t push_nested(lua_State *L, const gr_tensor *t, int depth, size_t at) {
  luaL_checkstack(L, 2, "totable");
  if (depth == t->nd) return lua_pushnumber(L, gr_get(t, at)), at + 1;
  lua_createtable(L, (int)t->d[depth], 0);
  for (size_t i = 0; i < t->d[depth]; i++) {
    at = push_nested(L, t, depth + 1, at);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  return at;
}

static int l_totable(lua_State *L) {
  push_nested(L, check_ready(L, 1), 0, 0);
  return 1;
}

static int l_tostring(lua_State *L) {
  enum { WIDTH = 75 }; /* NumPy's */
  gr_err err;
  char *text = gr_tensor_text(grl_check_tensor(L, 1), WIDTH, &err);
  if (!text) return grl_raise(L, &err);
  lua_pushstring(L, text);
  gr_free(text);
  return 1;
}

static int l_gc(lua_State *L) {
  gr_tensor **box = lua_touserdata(L, 1);
  gr_unref(*box);
  *box = NULL;
  return 0;
}

static int l_len(lua_State *L) {
  gr_tensor *t = grl_check_tensor(L, 1);
  if (t->nd == 0) return grl_error(L, "#: one number has no rows");
  lua_pushinteger(L, (lua_Integer)t->d[0]);
  return 1;
}

static int l_eq(lua_State *L) {
  gr_tensor *a = grl_test_tensor(L, 1), *b = grl_test_tensor(L, 2);
  gr_err err;
  if (a && b && (!gr_ready(a, &err) || !gr_ready(b, &err))) return grl_raise(L, &err);
  lua_pushboolean(L, a && b && gr_equal(a, b));
  return 1;
}

/* A number, or a tensor of one number. */
static double check_one(lua_State *L, int arg, const char *operator) {
  gr_tensor *t = grl_test_tensor(L, arg);
  if (t && t->size == 1) return gr_get(check_ready(L, arg), 0);
  if (lua_type(L, arg) != LUA_TNUMBER)
    grl_error(L, "%s compares single numbers; for element by element write a:%s(b)", operator, operator[1] ? "le" : "lt");
  return lua_tonumber(L, arg);
}

static int l_less(lua_State *L) {
  lua_pushboolean(L, check_one(L, 1, "<") < check_one(L, 2, "<"));
  return 1;
}

static int l_less_equal(lua_State *L) {
  lua_pushboolean(L, check_one(L, 1, "<=") <= check_one(L, 2, "<="));
  return 1;
}

static int l_concat_text(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  luaL_tolstring(L, 2, NULL);
  lua_concat(L, 2);
  return 1;
}

/* ---- Numbers print as Python prints them --------------------------------------------- */

static int l_number_text(lua_State *L) {
  char text[GR_NUMBER_ROOM];
  if (lua_isinteger(L, 1)) {
    lua_pushfstring(L, "%I", (LUAI_UACINT)lua_tointeger(L, 1));
  } else {
    gr_number_text(lua_tonumber(L, 1), text);
    lua_pushstring(L, text);
  }
  return 1;
}

/* memory(): bytes held, blocks made. */
static int l_memory(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)gr_bytes_held());
  lua_pushinteger(L, (lua_Integer)gr_blocks_made());
  return 2;
}

static const luaL_Reg functions[] = {
  { "tensor", l_tensor },
  { "zeros", l_zeros },
  { "ones", l_ones },
  { "full", l_full },
  { "eye", l_eye },
  { "arange", l_arange },
  { "linspace", l_linspace },
  { "param", l_param },
  { "recording", l_recording },
  { "history", l_history },
  { "id", l_id },
  { "size", l_size },
  { "is_tensor", l_is_tensor },
  { "sgd", l_sgd },
  { "memory", l_memory },
  { NULL, NULL },
};

static const luaL_Reg methods[] = {
  { "detach", l_detach }, { "unique", l_unique },   { "add_", l_add_ },   { "sub_", l_sub_ },         { "mul_", l_mul_ },
  { "div_", l_div_ },     { "fill_", l_copy_ },     { "copy_", l_copy_ }, { "backward", l_backward }, { "zero_grad", l_zero_grad },
  { "item", l_item },     { "totable", l_totable }, { NULL, NULL },
};

static const luaL_Reg metamethods[] = {
  { "__tostring", l_tostring },
  { "__gc", l_gc },
  { "__len", l_len },
  { "__eq", l_eq },
  { "__lt", l_less },
  { "__le", l_less_equal },
  { "__concat", l_concat_text },
  { NULL, NULL },
};

void grl_open_tensor(lua_State *L) {
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_TENSOR);
  luaL_setfuncs(L, metamethods, 0);
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "methods");
  lua_pushvalue(L, -1);
  lua_setfield(L, -4, "methods");
  /* A number is a tensor without axes: it has the same methods, and prints with the fewest digits. */
  lua_pushnumber(L, 0);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, l_number_text);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_pop(L, 3);
}
