/* bytes.c: byte sets: images that stay bytes, and give tensors when rows of them are read. */
#include "bind.h"

#include <stdio.h>
#include <string.h>

/* ---- The userdata ------------------------------------------------------------------- */

gr_bytes *grl_test_bytes(lua_State *L, int arg) {
  gr_bytes **box = luaL_testudata(L, arg, GRL_BYTES);
  return box ? *box : NULL;
}

static gr_bytes *check_bytes(lua_State *L, int arg) {
  gr_bytes *b = grl_test_bytes(L, arg);
  if (!b) grl_error(L, "argument %d must be a byte set, got %s", arg, grl_describe(L, arg));
  return b;
}

gr_bytes **grl_new_bytes(lua_State *L) {
  grl_enter(L);
  gr_bytes **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  luaL_setmetatable(L, GRL_BYTES);
  return box;
}

int grl_bytes_result(lua_State *L, gr_bytes *const *box, const gr_err *err) {
  if (!*box) return grl_raise(L, err);
  grl_tell_collector(L, (*box)->block->refs == 1 ? (*box)->size : 0);
  return 1;
}

static int l_gc(lua_State *L) {
  gr_bytes **box = lua_touserdata(L, 1);
  gr_bytes_unref(*box);
  *box = NULL;
  return 0;
}

static int l_is_bytes(lua_State *L) {
  lua_pushboolean(L, grl_test_bytes(L, 1) != NULL);
  return 1;
}

/* ---- Reading rows ------------------------------------------------------------------- */

/* b:tensor(): all of it. */
static int l_tensor(lua_State *L) {
  gr_err err;
  gr_bytes *b = check_bytes(L, 1);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_bytes_tensor(b, NULL, 0, b->d[0], &err);
  return grl_result(L, box, &err);
}

/* b:take(rows): a tensor of the rows at these positions. */
static int l_take(lua_State *L) {
  gr_err err;
  gr_bytes *b = check_bytes(L, 1);
  gr_tensor *rows = grl_to_tensor(L, 2, GR_F64);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_bytes_tensor(b, rows, 0, rows->size, &err);
  return grl_result(L, box, &err);
}

/* The rows of the place first, then what it says of the other axes. */
static int push_part(lua_State *L, const gr_bytes *b) {
  gr_err err;
  gr_tensor shape = { .nd = b->nd, .size = b->size, .name = (char *)"the byte set" };
  memcpy(shape.d, b->d, sizeof shape.d);
  gr_attr place = grl_read_place(L, &shape);
  gr_tensor **rows = grl_new_tensor(L);
  *rows = gr_bytes_tensor(b, NULL, place.from[0], place.nd ? place.d[0] : b->d[0], &err);
  if (!*rows) return grl_raise(L, &err);
  place.from[0] = 0;
  gr_tensor **part = grl_new_tensor(L);
  *part = gr_apply(gr_op_find("slice"), rows, 1, &place, false, &err);
  gr_unref(*rows);
  *rows = NULL;
  return *part ? grl_done_value(L, *part, false) : grl_raise(L, &err);
}

/* ---- Other byte sets ---------------------------------------------------------------- */

/* b:subset(rows): the rows at these positions, still bytes. */
static int l_subset(lua_State *L) {
  gr_err err;
  gr_bytes *b = check_bytes(L, 1);
  gr_tensor *rows = grl_to_tensor(L, 2, GR_F64);
  gr_bytes **box = grl_new_bytes(L);
  *box = gr_bytes_take(b, rows, &err);
  return grl_bytes_result(L, box, &err);
}

/* b:reshape(m, n, ...) */
static int l_reshape(lua_State *L) {
  gr_err err;
  size_t d[GR_MAX_DIMS];
  gr_bytes *b = check_bytes(L, 1);
  int nd = grl_check_sizes(L, 2, d, true);
  gr_bytes **box = grl_new_bytes(L);
  *box = gr_bytes_reshape(b, nd, d, &err);
  return grl_bytes_result(L, box, &err);
}

/* b:to(dtype): itself if it has that type already. */
static int l_to(lua_State *L) {
  gr_err err;
  gr_bytes *b = check_bytes(L, 1);
  if (lua_isnoneornil(L, 2)) return grl_error(L, "to: say which type: \"f64\" or \"f32\"");
  gr_dtype dtype = grl_opt_dtype(L, 2);
  if (dtype == b->dtype) return lua_settop(L, 1), 1;
  gr_bytes **box = grl_new_bytes(L);
  *box = gr_bytes_to(b, dtype, &err);
  return grl_bytes_result(L, box, &err);
}

/* ---- Properties --------------------------------------------------------------------- */

static int l_len(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check_bytes(L, 1)->d[0]);
  return 1;
}

static int l_tostring(lua_State *L) {
  gr_bytes *b = check_bytes(L, 1);
  char shape[GR_LABEL_ROOM], divisor[GR_NUMBER_ROOM];
  gr_shape_text(b->nd, b->d, shape, sizeof shape);
  snprintf(divisor, sizeof divisor, "%.15g", b->shades.divisor);
  lua_pushfstring(L, "byte set (%s) that gives %s: each byte / %s", shape, gr_dtype_name(b->dtype), divisor);
  return 1;
}

/* A property; false when byte sets have none of that name. */
static bool push_property(lua_State *L, const gr_bytes *b, const char *name) {
  if (strcmp(name, "shape") == 0) grl_push_shape(L, b->nd, b->d);
  else if (strcmp(name, "dtype") == 0) lua_pushstring(L, gr_dtype_name(b->dtype));
  else if (strcmp(name, "size") == 0) lua_pushinteger(L, (lua_Integer)b->size);
  else if (strcmp(name, "scale") == 0) lua_pushnumber(L, b->shades.divisor);
  else return false;
  return true;
}

/* Methods are the upvalue. */
static int l_index(lua_State *L) {
  gr_bytes *b = check_bytes(L, 1);
  if (lua_type(L, 2) != LUA_TSTRING) return push_part(L, b);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  const char *name = lua_tostring(L, 2);
  if (push_property(L, b, name)) return 1;
  if (grl_looks_like_ranges(name)) return push_part(L, b);
  return grl_error(L, "a byte set has no method or field '%s': what tensors can do, x:tensor() can", name);
}

static int l_newindex(lua_State *L) {
  return grl_error(L, "a byte set cannot be changed: x:tensor() gives a tensor of its numbers, which can");
}

static const luaL_Reg methods[] = {
  { "tensor", l_tensor }, { "take", l_take }, { "subset", l_subset }, { "reshape", l_reshape }, { "to", l_to }, { NULL, NULL },
};

static const luaL_Reg metamethods[] = {
  { "__gc", l_gc }, { "__len", l_len }, { "__tostring", l_tostring }, { "__newindex", l_newindex }, { NULL, NULL },
};

/* Arithmetic is that of tensors, which refuses byte sets and says what to do. */
static void refuse_arithmetic(lua_State *L) {
  static const char *const names[] = { "__add", "__sub", "__mul", "__div", "__pow", "__unm" };
  luaL_getmetatable(L, GRL_TENSOR);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, -1, names[i]);
    lua_setfield(L, -3, names[i]);
  }
  lua_pop(L, 1);
}

void grl_open_bytes(lua_State *L) {
  lua_pushcfunction(L, l_is_bytes);
  lua_setfield(L, -2, "is_bytes");
  luaL_newmetatable(L, GRL_BYTES);
  lua_pushliteral(L, "byte set (its numbers are x:tensor())"); /* what Lua's own messages call it */
  lua_setfield(L, -2, "__name");
  luaL_setfuncs(L, metamethods, 0);
  refuse_arithmetic(L);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, l_index, 1);
  lua_setfield(L, -2, "__index");
  grl_push_rows_function(L);
  lua_setfield(L, -2, "__pairs");
  lua_pop(L, 1);
}
