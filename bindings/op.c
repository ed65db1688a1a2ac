/* op.c: one binding for every row of the operator table. */
#include "bind.h"

#include <math.h>
#include <string.h>

enum { ROOM_FOR_INPUTS = 8 };

/* A call being read: the tensors lie at 1..n of the stack, options follow at `next`. */
typedef struct call {
  const gr_op *op;
  gr_tensor **in;
  gr_tensor *few[ROOM_FOR_INPUTS];
  int n, next;
  gr_attr attr;
} call;

/* ---- Inputs ------------------------------------------------------------------------- */

static int inputs_in_row(const gr_op *op) {
  int n = 1;
  for (const char *c = op->inputs; *c; c++) n += *c == ' ';
  return n;
}

/* The type that numbers take on: that of the first tensor. */
static gr_dtype dtype_of_inputs(lua_State *L, int n) {
  for (int i = 1; i <= n; i++) {
    gr_tensor *t = grl_test_tensor(L, i);
    if (t) return t->dtype;
  }
  return grl_state_of(L)->dtype;
}

static void read_input(lua_State *L, call *c, int i, gr_dtype dtype) {
  if (!grl_test_tensor(L, i + 1) && lua_type(L, i + 1) != LUA_TNUMBER && !lua_istable(L, i + 1)) {
    const char *word = c->op->inputs;
    for (int j = 0; j < i && strchr(word, ' '); j++) word = strchr(word, ' ') + 1;
    grl_error(L, "%s: %.*s must be a tensor or a number, got %s", c->op->name, (int)strcspn(word, " ."), word,
              grl_no_tensor(L, i + 1));
  }
  c->in[i] = grl_to_tensor(L, i + 1, dtype);
}

/* concat({a, b, ...}, axis) and a:concat(b, ..., axis): spreads a list over the stack, counts tensors. */
static void read_many(lua_State *L, call *c) {
  if (lua_istable(L, 1)) {
    lua_Integer n = luaL_len(L, 1);
    luaL_checkstack(L, (int)n + 8, "too many tensors");
    for (lua_Integer i = 1; i <= n; i++) {
      lua_geti(L, 1, i);
      lua_insert(L, (int)i + 1);
    }
    lua_remove(L, 1);
    c->n = (int)n;
  } else {
    while (grl_test_tensor(L, c->n + 1)) c->n++;
  }
  if (c->n < 1) grl_error(L, "%s: expected tensors, or a list of them", c->op->name);
  if (c->n > ROOM_FOR_INPUTS) c->in = lua_newuserdatauv(L, (size_t)c->n * sizeof *c->in, 0);
  for (int i = 0; i < c->n; i++) c->in[i] = grl_check_tensor(L, i + 1);
  if (c->n > ROOM_FOR_INPUTS) lua_insert(L, c->n + 1); /* keeps the array alive, behind the tensors */
  c->next = c->n + (c->n > ROOM_FOR_INPUTS ? 2 : 1);
}

static void read_inputs(lua_State *L, call *c) {
  c->in = c->few;
  if (strstr(c->op->inputs, "...")) {
    read_many(L, c);
    return;
  }
  c->n = inputs_in_row(c->op);
  if (lua_gettop(L) == 0) grl_error(L, "%s: no tensor was given: write x:%s(), or gr.%s(x)", c->op->name, c->op->name, c->op->name);
  if (lua_gettop(L) < c->n) lua_settop(L, c->n);
  gr_dtype dtype = dtype_of_inputs(L, c->n);
  for (int i = 0; i < c->n; i++) read_input(L, c, i, dtype);
  c->next = c->n + 1;
}

/* ---- Options ------------------------------------------------------------------------ */

static double number_option(lua_State *L, const call *c, int arg, int nth) {
  if (lua_isnoneornil(L, arg)) return NAN; /* left out; the shape rule says what that means */
  if (lua_type(L, arg) != LUA_TNUMBER)
    grl_error(L, "%s: option %d must be a number, got %s", c->op->name, nth, luaL_typename(L, arg));
  return lua_tonumber(L, arg);
}

/* Sizes take the rest of the arguments, or a table. */
static void sizes_option(lua_State *L, call *c, int arg) {
  if (lua_isnoneornil(L, arg)) grl_error(L, "%s: sizes are missing", c->op->name);
  c->attr.nd = grl_check_sizes(L, arg, c->attr.d, true);
}

/* The nth name of the row's options, as the start of a longer string, and its length. */
static const char *option_name(const gr_op *op, int nth, int *length) {
  const char *word = op->options;
  for (int i = 0; i < nth && strchr(word, ' '); i++) word = strchr(word, ' ') + 1;
  *length = (int)strcspn(word, " ");
  return word;
}

static size_t size_of_pair(lua_State *L, const call *c, int arg, int nth) {
  lua_Integer d;
  int length;
  const char *name = option_name(c->op, nth, &length);
  if (!grl_whole(L, arg, &d) || d < 0)
    grl_error(L, "%s: %.*s must be a whole number of at least 0, or two of them, {down, across}, got %s", c->op->name, length, name,
              grl_describe(L, arg));
  return (size_t)d;
}

/* The nth option is a number, or {down, across}; left out, the shape rule says what that means. */
static void pair_option(lua_State *L, call *c, int arg, int nth) {
  size_t *d = c->attr.d + 2 * nth;
  if (lua_isnoneornil(L, arg)) return;
  if (!lua_istable(L, arg)) {
    d[0] = d[1] = size_of_pair(L, c, arg, nth);
    return;
  }
  if (luaL_len(L, arg) != 2) size_of_pair(L, c, arg, nth);
  for (int i = 0; i < 2; i++) {
    lua_geti(L, arg, i + 1);
    d[i] = size_of_pair(L, c, lua_gettop(L), nth);
    lua_pop(L, 1);
  }
}

/* Reads the option of that kind from the stack at arg. */
static void read_option(lua_State *L, call *c, char kind, int arg, int nth) {
  switch (kind) {
    case 'n': c->attr.v[nth] = number_option(L, c, arg, nth + 1); break;
    case 'a': c->attr.axis = grl_opt_axis(L, arg, c->in[0]->nd); break;
    case 'k': c->attr.keep = lua_toboolean(L, arg); break;
    case 'p': pair_option(L, c, arg, nth); break;
    case 't': c->attr.dtype = grl_opt_dtype(L, arg); break;
    default: sizes_option(L, c, arg);
  }
}

/* The position of a name among the row's options, or -1. */
static int option_index(const gr_op *op, const char *name) {
  size_t length = strlen(name);
  const char *word = op->options;
  for (int i = 0; *word; i++) {
    size_t n = strcspn(word, " ");
    if (n == length && strncmp(word, name, n) == 0) return i;
    word += n + (word[n] == ' ');
  }
  return -1;
}

/* { axis = 1, keep = true } instead of places. */
static void read_named_options(lua_State *L, call *c, int table) {
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_tolstring(L, -2, NULL);
    int i = lua_type(L, -2) == LUA_TSTRING ? option_index(c->op, name) : -1;
    if (i < 0) grl_error(L, "%s: unknown option '%s'; known: %s", c->op->name, name, c->op->options[0] ? c->op->options : "none");
    read_option(L, c, c->op->kinds[i], lua_gettop(L), i);
  }
}

/* Whether the options come as a table of them by name, and not as the first of them. */
static bool are_named(lua_State *L, char kind, int arg) {
  if (!lua_istable(L, arg) || kind == 'd') return false;
  return kind != 'p' || luaL_len(L, arg) == 0;
}

static void read_options(lua_State *L, call *c) {
  const char *kinds = c->op->kinds;
  int given = lua_gettop(L) - c->next + 1, known = (int)strlen(kinds);
  c->attr.axis = GR_ALL_AXES;
  for (int i = 0; i < known && kinds[i] == 'n'; i++) c->attr.v[i] = NAN;
  for (int i = 0; i < known && kinds[i] == 'p'; i++) c->attr.d[2 * i] = c->attr.d[2 * i + 1] = GR_REST;
  if (known && are_named(L, kinds[0], c->next)) {
    read_named_options(L, c, c->next);
    return;
  }
  if (given > known && kinds[0] != 'd')
    grl_error(L, "%s: %d argument%s too many; it takes %s%s%s", c->op->name, given - known, given - known == 1 ? "" : "s",
              c->op->inputs, known ? " and " : "", known ? c->op->options : "");
  for (int i = 0; i < known; i++) read_option(L, c, kinds[i], c->next + i, i);
}

/* ---- The call ----------------------------------------------------------------------- */

/* Fails once more, with the names that the script has for the tensors. */
static int fail_with_names(lua_State *L, const call *c, gr_err *err) {
  if (err->memory) return grl_raise(L, err);
  unsigned borrowed = grl_borrow_names(L, 1, c->n);
  gr_unref(gr_apply(c->op, c->in, c->n, &c->attr, false, err));
  grl_return_names(L, 1, c->n, borrowed);
  return grl_raise(L, err);
}

static int run(lua_State *L, call *c) {
  gr_err err;
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_apply(c->op, c->in, c->n, &c->attr, grl_state_of(L)->recording, &err);
  if (!*box) return fail_with_names(L, c, &err);
  return grl_done_value(L, *box, c->op->backward[0] == NULL);
}

static int l_op(lua_State *L) {
  call c = { .op = lua_touserdata(L, lua_upvalueindex(1)) };
  read_inputs(L, &c);
  read_options(L, &c);
  return run(L, &c);
}

/* The metamethods of one operand are called with it twice. */
static int l_unary(lua_State *L) {
  lua_settop(L, 1);
  return l_op(L);
}

/* t:to(dtype): the same tensor if it has that type already. */
static int l_to(lua_State *L) {
  if (lua_type(L, 1) == LUA_TNUMBER) return lua_settop(L, 1), 1;
  gr_tensor *t = grl_check_tensor(L, 1);
  if (lua_isnoneornil(L, 2)) return grl_error(L, "to: say which type: \"f64\" or \"f32\"");
  if (grl_opt_dtype(L, 2) == t->dtype) return lua_settop(L, 1), 1;
  return l_op(L);
}

/* What x.sum hands out, where gr.sum and (5):sum are l_op itself: x.sum(1) would give the sum of the number 1. */
static int l_method(lua_State *L) {
  const gr_op *op = lua_touserdata(L, lua_upvalueindex(1));
  if (!grl_test_tensor(L, 1)) grl_refuse_point(L, op->name);
  return l_op(L);
}

static int l_to_method(lua_State *L) {
  if (!grl_test_tensor(L, 1)) grl_refuse_point(L, "to");
  return l_to(L);
}

static void push_op(lua_State *L, lua_CFunction f, const gr_op *op) {
  lua_pushlightuserdata(L, (void *)op);
  lua_pushcclosure(L, f, 1);
}

/* A method of numbers, which needs no such care; the table of them is at the registry's GRL_NUMBER_METHODS. */
static void set_number_method(lua_State *L, const char *name) {
  lua_getfield(L, LUA_REGISTRYINDEX, GRL_NUMBER_METHODS);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

/* ops(): the table, for help and tests: a list of { name =, inputs =, ... }. */
static int l_ops(lua_State *L) {
  size_t count;
  const gr_op *op = gr_op_all(&count);
  lua_createtable(L, (int)count, 0);
  for (size_t i = 0; i < count; i++, op++) {
    const char *field[][2] = {
      { "name", op->name },       { "inputs", op->inputs },     { "options", op->options }, { "shape", op->shape_text },
      { "formula", op->formula }, { "gradient", op->gradient }, { "doc", op->doc },
    };
    lua_newtable(L);
    for (size_t j = 0; j < sizeof field / sizeof *field; j++) {
      lua_pushstring(L, field[j][1]);
      lua_setfield(L, -2, field[j][0]);
    }
    lua_pushboolean(L, op->backward[0] != NULL);
    lua_setfield(L, -2, "differentiable");
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* Each row becomes a function of the core table and a method. */
void grl_open_op(lua_State *L) {
  static const char *const arithmetic[][2] = {
    { "__add", "add" }, { "__sub", "sub" }, { "__mul", "mul" }, { "__div", "div" }, { "__pow", "pow" },
  };
  size_t count;
  const gr_op *op = gr_op_all(&count);
  luaL_getmetatable(L, GRL_TENSOR);
  for (size_t i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++) {
    push_op(L, l_op, gr_op_find(arithmetic[i][1]));
    lua_setfield(L, -2, arithmetic[i][0]);
  }
  push_op(L, l_unary, gr_op_find("neg"));
  lua_setfield(L, -2, "__unm");
  lua_getfield(L, -1, "methods");
  for (size_t i = 0; i < count; i++) {
    if (strcmp(op[i].name, "slice") == 0) continue;  /* written t["2:5"]: see index.c */
    if (strcmp(op[i].name, "detach") == 0) continue; /* also for what nothing follows: see tensor.c */
    bool cast = strcmp(op[i].name, "cast") == 0;
    const char *name = cast ? "to" : op[i].name;
    push_op(L, cast ? l_to_method : l_method, &op[i]);
    lua_setfield(L, -2, name);
    push_op(L, cast ? l_to : l_op, &op[i]);
    set_number_method(L, name);
    lua_setfield(L, -4, name);
  }
  lua_pop(L, 2);
  lua_pushcfunction(L, l_ops);
  lua_setfield(L, -2, "ops");
}
