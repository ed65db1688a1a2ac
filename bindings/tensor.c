/* tensor.c: the methods of tensors that are no operators, and their metamethods. */
#include "bind.h"

#include <lualib.h>
#include <math.h>
#include <string.h>

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
static int l_unique(lua_State *L) {
  grl_refuse_history(L, 1, "unique");
  return push_from(L, gr_unique);
}

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
  grl_refuse_history(L, 2, "a change in place");
  if (!gr_update(t, op, b, &err)) {
    if (err.memory) return grl_raise(L, &err);
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

/* default_dtype([dtype]): what new tensors hold; returns how it was. */
static int l_default_dtype(lua_State *L) {
  grl_state *state = grl_state_of(L);
  gr_dtype wanted = grl_opt_dtype(L, 1);
  lua_pushstring(L, gr_dtype_name(state->dtype));
  state->dtype = wanted;
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

/* ---- Back to Lua values ------------------------------------------------------------- */

static gr_tensor *check_ready(lua_State *L, int arg) {
  gr_err err;
  gr_tensor *t = grl_check_tensor(L, arg);
  grl_enter(L);
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

static void free_text(void *text) { gr_free(*(char **)text); }

static int push_tensor_text(lua_State *L, size_t width) {
  gr_err err;
  gr_tensor *t = check_ready(L, 1);
  char **text = grl_new_owner(L, sizeof *text, free_text);
  *text = gr_tensor_text(t, width, &err);
  if (!*text) return grl_raise(L, &err);
  lua_pushstring(L, *text);
  gr_free(*text);
  *text = NULL;
  return 1;
}

static int l_tostring(lua_State *L) {
  enum { WIDTH = 75 }; /* NumPy's */
  return push_tensor_text(L, WIDTH);
}

/* text(t, columns): laid out for lines of that many columns. */
static int l_text(lua_State *L) { return push_tensor_text(L, grl_check_count(L, 2, 1, "text: columns")); }

/* block(t): stands for the memory that its numbers lie in; views of it have the same. nil while it has none. */
static int l_block(lua_State *L) {
  const gr_tensor *t = grl_check_tensor(L, 1);
  if (!t->x_block) return 0;
  lua_pushlightuserdata(L, t->x_block);
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
  grl_enter(L);
  if (a && b && (!gr_ready(a, &err) || !gr_ready(b, &err))) return grl_raise(L, &err);
  lua_pushboolean(L, a && b && gr_equal(a, b));
  return 1;
}

/* Lua calls __lt(0, x) for x > 0, which so is told from x < 0; of two tensors nobody knows which was written. */
static int fail_order(lua_State *L, const char *sign, const char *method, const char *other_sign, const char *other_method) {
  bool first = grl_test_tensor(L, 1), second = grl_test_tensor(L, 2);
  const char *a = first ? grl_push_variable(L, 1) : grl_describe(L, 1), *b = second ? grl_push_variable(L, 2) : grl_describe(L, 2);
  if (!a) a = "a";
  if (!b) b = "b";
  if (!first)
    return grl_error(L, "%s %s %s compares single numbers; element by element write %s:%s(%s)", b, other_sign, a, b, other_method,
                     a);
  if (!second)
    return grl_error(L, "%s %s %s compares single numbers; element by element write %s:%s(%s)", a, sign, b, a, method, b);
  return grl_error(L, "%s %s %s compares single numbers; element by element write %s:%s(%s), or %s:%s(%s)", a, sign, b, a, method,
                   b, b, other_method, a);
}

/* Whether it is a number, or a tensor of one number; that goes to *value. */
static bool is_one(lua_State *L, int arg, double *value) {
  gr_tensor *t = grl_test_tensor(L, arg);
  if (t && t->size == 1) return *value = gr_get(check_ready(L, arg), 0), true;
  if (t || lua_type(L, arg) != LUA_TNUMBER) return false;
  *value = lua_tonumber(L, arg);
  return true;
}

static int l_less(lua_State *L) {
  double a, b;
  if (!is_one(L, 1, &a) || !is_one(L, 2, &b)) return fail_order(L, "<", "lt", ">", "gt");
  lua_pushboolean(L, a < b);
  return 1;
}

static int l_less_equal(lua_State *L) {
  double a, b;
  if (!is_one(L, 1, &a) || !is_one(L, 2, &b)) return fail_order(L, "<=", "le", ">=", "ge");
  lua_pushboolean(L, a <= b);
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

/* retype(t, dtype): a leaf takes on another type. */
static int l_retype(lua_State *L) {
  gr_err err;
  if (!gr_retype(grl_check_tensor(L, 1), grl_opt_dtype(L, 2), &err)) return grl_raise(L, &err);
  return 0;
}

/* memory(): bytes held, blocks made. */
static int l_memory(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)gr_bytes_held());
  lua_pushinteger(L, (lua_Integer)gr_blocks_made());
  return 2;
}

static const luaL_Reg functions[] = {
  { "param", l_param },
  { "recording", l_recording },
  { "default_dtype", l_default_dtype },
  { "history", l_history },
  { "id", l_id },
  { "size", l_size },
  { "is_tensor", l_is_tensor },
  { "memory", l_memory },
  { "retype", l_retype },
  { "text", l_text },
  { "block", l_block },
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

/* A table that op.c fills, and behind it the methods of tensors, which lie three below. */
static void push_number_methods(lua_State *L) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, -5);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, GRL_NUMBER_METHODS);
}

void grl_open_tensor(lua_State *L) {
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_TENSOR);
  lua_pushliteral(L, "tensor (its number is t:item())"); /* what "number expected, got ..." of Lua's library says */
  lua_setfield(L, -2, "__name");
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
  push_number_methods(L);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, l_number_text);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_pop(L, 3);
}
