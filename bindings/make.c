/* make.c: tensors from Lua values, and tensors filled by rule. */
#include "bind.h"

#include <stdio.h>

/* ---- From nested tables ------------------------------------------------------------- */

/* A table being read: the tensor to fill, and the way to the entry in hand, counted from 1. */
typedef struct reading {
  gr_tensor *to;
  size_t path[GR_MAX_DIMS];
} reading;

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

/* "row 2, column 3": where the entry `depth` levels down lies. */
static const char *place_of(const reading *r, int depth, char *out, size_t room) {
  static const char *const words[] = { "row ", ", column " };
  size_t at = 0;
  if (depth == 0) snprintf(out, room, "the table");
  for (int i = 0; i < depth && at < room; i++) {
    const char *word = r->to->nd == 1 ? "entry " : i < 2 ? words[i] : ", ";
    at += (size_t)snprintf(out + at, room - at, "%s%zu", word, r->path[i]);
  }
  return out;
}

static size_t size_below(const gr_tensor *t, int depth) {
  size_t n = 1;
  for (int i = depth; i < t->nd; i++) n *= t->d[i];
  return n;
}

/* Whether t has the sizes that are left `depth` levels down. */
static bool fits_below(const gr_tensor *t, const gr_tensor *to, int depth) {
  bool fits = t->nd == to->nd - depth;
  for (int i = 0; fits && i < t->nd; i++) fits = t->d[i] == to->d[depth + i];
  return fits;
}

/* Copies the tensor on top of the stack to where it belongs. */
static void fill_from_tensor(lua_State *L, const reading *r, int depth, size_t at) {
  gr_err err;
  char place[128], has[128], needed[128];
  gr_tensor *t = grl_test_tensor(L, -1);
  if (!fits_below(t, r->to, depth))
    grl_error(L, "tensor: %s is %s where %s is needed: all rows must have the same shape", place_of(r, depth, place, sizeof place),
              gr_shape_text(t->nd, t->d, has, sizeof has),
              gr_shape_text(r->to->nd - depth, r->to->d + depth, needed, sizeof needed));
  if (t->wants && grl_state_of(L)->recording)
    grl_error(L, "tensor: %s remembers how it was computed, which a table cannot keep: use gr.concat, or :detach()",
              place_of(r, depth, place, sizeof place));
  if (!gr_ready(t, &err)) grl_raise(L, &err);
  for (size_t i = 0; i < t->size; i++) gr_set(r->to, at + i, gr_get(t, i));
}

static void fill_from_table(lua_State *L, reading *r, int depth, size_t at);

/* Puts the value on top of the stack, `depth` levels down, at the flat position `at`. */
static void fill_entry(lua_State *L, reading *r, int depth, size_t at) {
  char place[128];
  bool leaf = depth == r->to->nd;
  if (grl_test_tensor(L, -1)) fill_from_tensor(L, r, depth, at);
  else if (leaf && lua_type(L, -1) == LUA_TNUMBER) gr_set(r->to, at, lua_tonumber(L, -1));
  else if (leaf && lua_isboolean(L, -1)) gr_set(r->to, at, lua_toboolean(L, -1));
  else if (!leaf && lua_istable(L, -1)) fill_from_table(L, r, depth, at);
  else
    grl_error(L, "tensor: %s is a %s where %s is needed", place_of(r, depth, place, sizeof place), luaL_typename(L, -1),
              leaf ? "a number" : "a table of numbers");
}

static void fill_from_table(lua_State *L, reading *r, int depth, size_t at) {
  char place[128];
  size_t n = r->to->d[depth], inner = size_below(r->to, depth + 1);
  luaL_checkstack(L, 4, "tensor");
  if ((size_t)luaL_len(L, -1) != n)
    grl_error(L, "tensor: %s has %d entries where the first has %zu: all rows must be equally long",
              place_of(r, depth, place, sizeof place), (int)luaL_len(L, -1), n);
  for (size_t i = 0; i < n; i++) {
    r->path[depth] = i + 1;
    lua_geti(L, -1, (lua_Integer)i + 1);
    fill_entry(L, r, depth + 1, at + i * inner);
    lua_pop(L, 1);
  }
}

gr_tensor *grl_tensor_from(lua_State *L, int arg, gr_dtype dtype) {
  size_t d[GR_MAX_DIMS];
  gr_err err;
  int nd = sizes_of_table(L, arg, d);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_new(dtype, nd, d, &err);
  if (!*box) grl_raise(L, &err);
  reading r = { .to = *box };
  lua_pushvalue(L, arg);
  fill_entry(L, &r, 0, 0);
  lua_pop(L, 1);
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
  size_t n = grl_check_count(L, 1, 1, "eye: n");
  gr_dtype dtype = grl_opt_dtype(L, 2);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_eye(dtype, n, &err);
  return grl_result(L, box, &err);
}

static int l_arange(lua_State *L) {
  gr_err err;
  bool one = lua_isnoneornil(L, 2) || lua_type(L, 2) == LUA_TSTRING; /* arange(to), as NumPy allows */
  double from = one ? 0 : grl_check_number(L, 1, "arange: from"), to = grl_check_number(L, one ? 1 : 2, "arange: to");
  bool has_step = !one && lua_type(L, 3) == LUA_TNUMBER;
  double step = has_step ? lua_tonumber(L, 3) : 1;
  gr_dtype dtype = grl_opt_dtype(L, one ? 2 : has_step || lua_isnil(L, 3) ? 4 : 3);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_arange(dtype, from, to, step, &err);
  return grl_result(L, box, &err);
}

static int l_linspace(lua_State *L) {
  gr_err err;
  double from = grl_check_number(L, 1, "linspace: from"), to = grl_check_number(L, 2, "linspace: to");
  size_t n = lua_isnoneornil(L, 3) ? 50 : grl_check_count(L, 3, 1, "linspace: n");
  gr_dtype dtype = grl_opt_dtype(L, 4);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_linspace(dtype, from, to, n, &err);
  return grl_result(L, box, &err);
}

void grl_open_make(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "tensor", l_tensor }, { "zeros", l_zeros },   { "ones", l_ones },         { "full", l_full },
    { "eye", l_eye },       { "arange", l_arange }, { "linspace", l_linspace }, { NULL, NULL },
  };
  luaL_setfuncs(L, functions, 0);
}
