/* bind.c: checking arguments, pushing results, raising errors. */
#include "bind.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

volatile int grl_interrupted;

grl_state *grl_state_of(lua_State *L) { return *(grl_state **)lua_getextraspace(L); }

/* ---- Errors ------------------------------------------------------------------------- */

/* The library's own chunks are named =gradus/FILE. */
static bool in_script(const lua_Debug *ar) { return ar->currentline > 0 && strncmp(ar->source, "=gradus/", 8) != 0; }

/* The nearest frame that runs a line of the user's. */
static bool script_frame(lua_State *L, lua_Debug *ar) {
  for (int level = 0; lua_getstack(L, level, ar); level++)
    if (lua_getinfo(L, "Sl", ar) && in_script(ar)) return true;
  return false;
}

void grl_push_where(lua_State *L) {
  lua_Debug ar;
  if (script_frame(L, &ar)) lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
  else lua_pushliteral(L, "");
}

int grl_raise(lua_State *L, const gr_err *err) {
  grl_push_where(L);
  lua_pushstring(L, err->text);
  lua_concat(L, 2);
  lua_error(L);
  abort(); /* lua_error does not return, but its header does not say so */
}

int grl_error(lua_State *L, const char *format, ...) {
  gr_err err;
  va_list args;
  va_start(args, format);
  vsnprintf(err.text, sizeof err.text, format, args);
  va_end(args);
  err.memory = false;
  grl_raise(L, &err);
}

int grl_refuse_point(lua_State *L, const char *method) {
  const char *given = lua_gettop(L) == 0 ? "" : lua_gettop(L) == 1 && lua_isnumber(L, 1) ? luaL_tolstring(L, 1, NULL) : "...";
  grl_error(L, "%s: a method is called with a colon: write x:%s(%s)", method, method, given);
}

/* The name of the function that runs, if a tensor has it as a method and its caller gave it no tensor: x.item(). Else NULL. */
static const char *method_without_tensor(lua_State *L) {
  lua_Debug ar;
  if (lua_gettop(L) > 0 && !lua_isnumber(L, 1)) return NULL;
  if (!lua_getstack(L, 0, &ar) || !lua_getinfo(L, "n", &ar) || !ar.name || strcmp(ar.namewhat, "method") == 0) return NULL;
  lua_getinfo(L, "f", &ar);
  luaL_getmetatable(L, GRL_TENSOR);
  lua_getfield(L, -1, "methods");
  bool is_method = lua_getfield(L, -1, ar.name) != LUA_TNIL && lua_rawequal(L, -1, -4);
  lua_pop(L, 4);
  return is_method ? ar.name : NULL;
}

const char *grl_describe(lua_State *L, int arg) {
  char shape[GR_LABEL_ROOM];
  gr_tensor *t = grl_test_tensor(L, arg);
  gr_bytes *b = grl_test_bytes(L, arg);
  int type = lua_type(L, arg);
  if (b) return lua_pushfstring(L, "a byte set (%s)", gr_shape_text(b->nd, b->d, shape, sizeof shape));
  if (t) return lua_pushfstring(L, "a tensor (%s)", gr_shape_text(t->nd, t->d, shape, sizeof shape));
  if (type == LUA_TSTRING) return lua_pushfstring(L, "'%s'", lua_tostring(L, arg));
  if (type == LUA_TNUMBER || type == LUA_TBOOLEAN) return luaL_tolstring(L, arg, NULL);
  return lua_pushstring(L, luaL_typename(L, arg));
}

const char *grl_no_tensor(lua_State *L, int arg) {
  if (lua_type(L, arg) == LUA_TNIL) return "nil: a name that is misspelt, or was never set, is nil";
  if (!grl_test_bytes(L, arg)) return lua_pushstring(L, luaL_typename(L, arg));
  return lua_pushfstring(L, "%s: x:tensor() gives its numbers", grl_describe(L, arg));
}

void grl_enter(lua_State *L) {
  grl_state_of(L)->running = L;
  if (!grl_interrupted) return;
  grl_interrupted = 0;
  grl_state_of(L)->stopped = true;
  grl_state_of(L)->stops++;
  grl_error(L, "interrupted");
}

/* Called by the core when memory is short: what Lua no longer reaches is given back. */
void grl_collect(void *state) { lua_gc(((grl_state *)state)->running, LUA_GCCOLLECT); }

/* ---- Names of the script's variables ------------------------------------------------ */

/* Whether the value on top is the one at `arg`; pops it. */
static bool same_value(lua_State *L, int arg) {
  bool same = lua_rawequal(L, -1, arg);
  lua_pop(L, 1);
  return same;
}

/* The variable declared last: it is likelier to stand on the line. */
static const char *local_holding(lua_State *L, lua_Debug *ar, int arg) {
  const char *name, *found = NULL;
  for (int i = 1; (name = lua_getlocal(L, ar, i)); i++)
    if (same_value(L, arg) && name[0] != '(') found = name;
  return found;
}

/* The key of a field of the table on top that holds the value, or NULL. Strings that are keys stay alive. */
static const char *field_holding(lua_State *L, int arg) {
  const char *found = NULL;
  for (lua_pushnil(L); !found && lua_next(L, -2);)
    if (same_value(L, arg) && lua_type(L, -1) == LUA_TSTRING) found = lua_tostring(L, -1);
  if (found) lua_pop(L, 1);
  return found;
}

/* "self.w", left on the stack. */
static const char *field_of_local_holding(lua_State *L, lua_Debug *ar, int arg) {
  const char *name;
  for (int i = 1; (name = lua_getlocal(L, ar, i)); i++) {
    const char *field = lua_istable(L, -1) && name[0] != '(' ? field_holding(L, arg) : NULL;
    lua_pop(L, 1);
    if (field) return lua_pushfstring(L, "%s.%s", name, field);
  }
  return NULL;
}

static const char *upvalue_holding(lua_State *L, lua_Debug *ar, int arg) {
  const char *name, *found = NULL;
  lua_getinfo(L, "f", ar);
  for (int i = 1; !found && (name = lua_getupvalue(L, -1, i)); i++)
    if (same_value(L, arg)) found = name;
  lua_pop(L, 1);
  return found;
}

static const char *global_holding(lua_State *L, int arg) {
  lua_pushglobaltable(L);
  const char *found = field_holding(L, arg);
  lua_pop(L, 1);
  return found;
}

const char *grl_push_variable(lua_State *L, int arg) {
  lua_Debug ar;
  int top = lua_gettop(L);
  const char *name = NULL;
  if (script_frame(L, &ar)) {
    name = local_holding(L, &ar, arg);
    if (!name) name = upvalue_holding(L, &ar, arg);
    if (!name) name = field_of_local_holding(L, &ar, arg);
    if (!name) name = global_holding(L, arg);
  }
  name = lua_pushstring(L, name);
  lua_insert(L, top + 1);
  lua_settop(L, top + 1);
  return name;
}

unsigned grl_borrow_names(lua_State *L, int first, int last) {
  unsigned borrowed = 0;
  gr_err ignored;
  for (int arg = first; arg <= last && arg - first < 32; arg++) {
    gr_tensor *t = grl_test_tensor(L, arg);
    if (!t || t->name) continue;
    const char *name = grl_push_variable(L, arg);
    if (name && gr_set_name(t, name, &ignored)) borrowed |= 1u << (arg - first);
    lua_pop(L, 1);
  }
  return borrowed;
}

void grl_return_names(lua_State *L, int first, int last, unsigned borrowed) {
  gr_err ignored;
  for (int arg = first; arg <= last && arg - first < 32; arg++)
    if (borrowed & 1u << (arg - first)) gr_set_name(grl_test_tensor(L, arg), NULL, &ignored);
}

/* ---- Results ------------------------------------------------------------------------ */

/* Lua sees a few bytes where megabytes hang on them; unless it is told, garbage piles up. It may, to a part of what is in use,
** and to a few megabytes, which caches hold: a cycle of the collector takes as long as some products.
** It runs before the next tensor is made: then a variable that was given anew has let go of its old one.              */
static void collect(lua_State *L, grl_state *state) {
  enum { LOT = 64 << 10, LEAST = 5 << 20 };
  if (state->unreported < LOT) return;
  size_t allowed = gr_bytes_held() / 64 > LEAST ? gr_bytes_held() / 64 : LEAST, heap = (size_t)lua_gc(L, LUA_GCCOUNT);
  double kilobytes = (double)state->unreported / (double)allowed * (double)heap;
  if (kilobytes < 1) return;
  state->unreported = 0;
  lua_gc(L, LUA_GCSTEP, kilobytes > 1 << 20 ? 1 << 20 : (int)kilobytes);
}

void grl_tell_collector(lua_State *L, size_t bytes) {
  enum { NODE = 512 };
  grl_state_of(L)->unreported += bytes + NODE;
}

gr_tensor **grl_new_tensor(lua_State *L) {
  grl_enter(L);
  collect(L, grl_state_of(L));
  gr_tensor **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  luaL_setmetatable(L, GRL_TENSOR);
  return box;
}

/* One string for each script, kept as long as the state: tensors point to it. */
static const char *kept(lua_State *L, const char *script) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, "gradus.scripts");
  if (lua_getfield(L, -1, script) == LUA_TNIL) {
    lua_pushstring(L, script);
    lua_replace(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, script);
  }
  const char *string = lua_tostring(L, -1);
  lua_pop(L, 2);
  return string;
}

static void note_line(lua_State *L, gr_tensor *t) {
  lua_Debug ar;
  if (!script_frame(L, &ar)) return;
  t->file = kept(L, ar.short_src);
  t->line = ar.currentline;
}

int grl_done(lua_State *L, gr_tensor *t) {
  if ((t->wants || t->follows) && !t->file) note_line(L, t);
  bool own = t->x_block && t->x_block->refs == 1;
  grl_tell_collector(L, own ? t->x_block->bytes : 0);
  return 1;
}

typedef struct owner {
  void (*release)(void *owned);
  lua_Number owned[]; /* Lua aligns userdata for that, not for more */
} owner;

static int collect_owner(lua_State *L) {
  owner *o = lua_touserdata(L, 1);
  o->release(o->owned);
  return 0;
}

void *grl_new_owner(lua_State *L, size_t bytes, void (*release)(void *owned)) {
  owner *o = lua_newuserdatauv(L, sizeof *o + bytes, 0);
  o->release = release;
  memset(o->owned, 0, bytes);
  if (luaL_newmetatable(L, "gradus.owner")) {
    lua_pushcfunction(L, collect_owner);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, collect_owner);
    lua_setfield(L, -2, "__close");
  }
  lua_setmetatable(L, -2);
  return o->owned;
}

int grl_result(lua_State *L, gr_tensor *const *box, const gr_err *err) { return *box ? grl_done(L, *box) : grl_raise(L, err); }

int grl_done_value(lua_State *L, gr_tensor *t, bool whole) {
  if (t->nd > 0 || t->wants || t->follows) return grl_done(L, t);
  double value = gr_get(t, 0);
  gr_unref(t); /* at once: a loop over sums would otherwise wait for the collector with each of them */
  *(gr_tensor **)lua_touserdata(L, -1) = NULL;
  lua_pop(L, 1);
  grl_tell_collector(L, 0);
  if (whole) lua_pushinteger(L, (lua_Integer)value);
  else lua_pushnumber(L, value);
  return 1;
}

/* ---- Arguments ---------------------------------------------------------------------- */

gr_tensor *grl_test_tensor(lua_State *L, int arg) {
  gr_tensor **box = luaL_testudata(L, arg, GRL_TENSOR);
  return box ? *box : NULL;
}

gr_tensor *grl_check_tensor(lua_State *L, int arg) {
  gr_tensor *t = grl_test_tensor(L, arg);
  if (t) return t;
  const char *method = arg == 1 ? method_without_tensor(L) : NULL;
  if (method) grl_refuse_point(L, method);
  grl_error(L, "argument %d must be a tensor, got %s", arg, grl_no_tensor(L, arg));
}

gr_tensor *grl_to_tensor(lua_State *L, int arg, gr_dtype dtype) {
  gr_tensor *t = grl_test_tensor(L, arg);
  if (t) return t;
  if (lua_type(L, arg) != LUA_TNUMBER && !lua_istable(L, arg))
    grl_error(L, "argument %d must be a tensor or a number, got %s", arg, grl_no_tensor(L, arg));
  t = grl_tensor_from(L, arg, dtype);
  lua_replace(L, arg);
  return t;
}

gr_dtype grl_opt_dtype(lua_State *L, int arg) {
  if (lua_isnoneornil(L, arg)) return grl_state_of(L)->dtype;
  if (lua_type(L, arg) == LUA_TNUMBER)
    grl_error(L, "argument %d is a type of number, \"f64\" or \"f32\", got %s: several sizes go into a table, like {2, 3}", arg,
              luaL_tolstring(L, arg, NULL));
  if (lua_type(L, arg) == LUA_TTABLE)
    grl_error(L,
              "argument %d is a type of number, \"f64\" or \"f32\", got a table: all rows go into one table, like {{1, 2}, {3, 4}}",
              arg);
  const char *name = lua_type(L, arg) == LUA_TSTRING ? lua_tostring(L, arg) : luaL_typename(L, arg);
  if (strcmp(name, "f64") == 0) return GR_F64;
  if (strcmp(name, "f32") == 0) return GR_F32;
  grl_error(L, "unknown type of number '%s': there are \"f64\" and \"f32\"", name);
}

static size_t check_size(lua_State *L, int arg, int place, bool rest) {
  lua_Integer d;
  int whole;
  if (lua_type(L, arg) != LUA_TNUMBER) grl_error(L, "size %d must be a whole number, got %s", place, luaL_typename(L, arg));
  d = lua_tointegerx(L, arg, &whole);
  if (rest && whole && d == -1) return GR_REST;
  if (!whole || d < 1) {
    const char *text = luaL_tolstring(L, arg, NULL);
    grl_error(L, "size %d is %s: sizes are whole numbers of at least 1", place, text);
  }
  return (size_t)d;
}

int grl_check_sizes(lua_State *L, int arg, size_t d[], bool rest) {
  bool listed = lua_istable(L, arg);
  lua_Integer count = listed ? luaL_len(L, arg) : lua_gettop(L) - arg + 1;
  if (count < 0) count = 0; /* options before the sizes were left out too */
  if (count > GR_MAX_DIMS) grl_error(L, "%d sizes: a tensor has at most %d axes", (int)count, GR_MAX_DIMS);
  for (int i = 0; i < count; i++) {
    if (listed) lua_geti(L, arg, i + 1);
    else lua_pushvalue(L, arg + i);
    d[i] = check_size(L, -1, i + 1, rest);
    lua_pop(L, 1);
  }
  return (int)count;
}

bool grl_whole(lua_State *L, int arg, lua_Integer *n) {
  int whole;
  *n = lua_tointegerx(L, arg, &whole);
  return whole && lua_type(L, arg) == LUA_TNUMBER;
}

int grl_fail_named(lua_State *L, lua_CFunction f, int n, const gr_err *err) {
  grl_state *state = grl_state_of(L);
  if (err->memory || state->naming) grl_raise(L, err);
  unsigned borrowed = grl_borrow_names(L, 1, n);
  lua_settop(L, n);
  lua_pushcfunction(L, f);
  for (int arg = 1; arg <= n; arg++) lua_pushvalue(L, arg);
  state->naming = true;
  int status = lua_pcall(L, n, 0, 0);
  state->naming = false;
  grl_return_names(L, 1, n, borrowed);
  if (status == LUA_OK) grl_raise(L, err);
  return lua_error(L);
}

void grl_refuse_history(lua_State *L, int arg, const char *what) {
  gr_tensor *t = grl_test_tensor(L, arg);
  char label[GR_LABEL_ROOM];
  if (!t || !t->wants || !grl_state_of(L)->recording) return;
  const char *name = t->name ? t->name : grl_push_variable(L, arg);
  grl_error(L, "%s: %s collects gradients, and none flow through this: write :detach() behind it, or use gr.no_grad", what,
            gr_label(t, name ? name : "the tensor", label, sizeof label));
}

int grl_opt_axis(lua_State *L, int arg, int nd) {
  lua_Integer axis;
  if (lua_isnoneornil(L, arg)) return GR_ALL_AXES;
  bool whole = grl_whole(L, arg, &axis);
  if (axis < 0) axis += nd + 1;
  if (!whole || axis < 1 || axis > nd) {
    const char *text = grl_describe(L, arg);
    grl_error(L, "axis %s: axes count from 1, and there %s %d", text, nd == 1 ? "is" : "are", nd);
  }
  return (int)axis - 1;
}

double grl_check_number(lua_State *L, int arg, const char *what) {
  if (lua_type(L, arg) != LUA_TNUMBER) grl_error(L, "%s must be a number, got %s", what, luaL_typename(L, arg));
  return lua_tonumber(L, arg);
}

double grl_opt_number(lua_State *L, int arg, double otherwise, const char *what) {
  return lua_isnoneornil(L, arg) ? otherwise : grl_check_number(L, arg, what);
}

size_t grl_check_count(lua_State *L, int arg, size_t least, const char *what) {
  lua_Integer n;
  if (!grl_whole(L, arg, &n) || n < (lua_Integer)least)
    grl_error(L, "%s must be a whole number of at least %d, got %s", what, (int)least, grl_describe(L, arg));
  return (size_t)n;
}
