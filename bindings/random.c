/* random.c: generators as userdata. Positions drawn count from 1, those of the core from 0. */
#include "bind.h"

#include <stddef.h>
#include <string.h>

typedef struct generator {
  gr_rng rng;
  bool python; /* Python's own generator: shuffles differ */
} generator;

static generator *check_rng(lua_State *L) { return luaL_checkudata(L, 1, GRL_RNG); }

/* Pushes a tensor of the sizes at arg.. (none: of one number) for the caller to fill. */
static gr_tensor *push_sized(lua_State *L, int arg) {
  size_t d[GR_MAX_DIMS];
  gr_err err;
  int nd = grl_check_sizes(L, arg, d, false);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_new(grl_state_of(L)->dtype, nd, d, &err);
  if (!*box) grl_raise(L, &err);
  return *box;
}

static gr_tensor *push_vector(lua_State *L, size_t n) {
  gr_err err;
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_new(grl_state_of(L)->dtype, 1, &n, &err);
  if (!*box) grl_raise(L, &err);
  return *box;
}

static int uniform(lua_State *L, int sizes_at, double lo, double hi) {
  generator *g = check_rng(L);
  gr_tensor *t = push_sized(L, sizes_at);
  gr_rng_fill_uniform(&g->rng, t, lo, hi);
  return grl_done_value(L, t, false);
}

static int normal(lua_State *L, int sizes_at, double mean, double std) {
  generator *g = check_rng(L);
  if (std < 0) return grl_error(L, "normal: the standard deviation is negative");
  gr_tensor *t = push_sized(L, sizes_at);
  gr_rng_fill_normal(&g->rng, t, mean, std);
  return grl_done_value(L, t, false);
}

static int l_rand(lua_State *L) { return uniform(L, 2, 0, 1); }
static int l_randn(lua_State *L) { return normal(L, 2, 0, 1); }

static int l_uniform(lua_State *L) {
  return uniform(L, 4, grl_opt_number(L, 2, 0, "uniform: lo"), grl_opt_number(L, 3, 1, "uniform: hi"));
}

static int l_normal(lua_State *L) {
  return normal(L, 4, grl_opt_number(L, 2, 0, "normal: mean"), grl_opt_number(L, 3, 1, "normal: std"));
}

/* New tensors hold whole numbers exactly up to 2^53 (f32: 2^24). */
static void check_exact(lua_State *L, const char *what, lua_Integer most) {
  bool narrow = grl_state_of(L)->dtype == GR_F32;
  lua_Integer limit = (lua_Integer)1 << (narrow ? 24 : 53);
  if (most > limit || most < 0)
    grl_error(L, "%s: numbers beyond %lld are not exact in %s", what, (long long)limit, narrow ? "f32" : "f64");
}

/* randint(lo, hi, sizes...): lo..hi - 1, as in NumPy. */
static int l_randint(lua_State *L) {
  generator *g = check_rng(L);
  lua_Integer lo, hi;
  if (!grl_whole(L, 2, &lo) || !grl_whole(L, 3, &hi) || lo >= hi)
    return grl_error(L, "randint(lo, hi, ...): lo and hi must be whole numbers, lo below hi (hi is not drawn)");
  check_exact(L, "randint", lo < 0 && -lo > hi ? -lo : hi);
  gr_tensor *t = push_sized(L, 4);
  gr_rng_fill_randint(&g->rng, t, lo, hi);
  return grl_done_value(L, t, true);
}

/* ---- Orders and choices ------------------------------------------------------------- */

static void from_one(gr_tensor *t) {
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, gr_get(t, i) + 1);
}

static void fill_permutation(const generator *kind, gr_rng *rng, gr_tensor *t) {
  if (kind->python) gr_rng_permutation_python(rng, t);
  else gr_rng_permutation(rng, t);
}

/* permutation(n): the positions 1..n in random order; permutation(t): its rows so. */
static int l_permutation(lua_State *L) {
  gr_err err;
  generator *g = check_rng(L);
  gr_tensor *rows = grl_test_tensor(L, 2);
  grl_refuse_history(L, 2, "permutation");
  if (rows && rows->nd == 0) return grl_error(L, "permutation: one number has no rows");
  size_t n = rows ? rows->d[0] : grl_check_count(L, 2, 1, "permutation: n");
  check_exact(L, "permutation", (lua_Integer)n);
  gr_tensor *order = push_vector(L, n);
  fill_permutation(g, &g->rng, order);
  from_one(order);
  if (!rows) return grl_done(L, order);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_apply(gr_op_find("take"), (gr_tensor *[]){ rows, order }, 2, NULL, false, &err);
  return grl_result(L, box, &err);
}

/* A list is put into the order that a vector of its positions would get. */
static void shuffle_list(lua_State *L, generator *g) {
  lua_Integer n = luaL_len(L, 2);
  if (n < 2) return;
  gr_tensor *order = push_vector(L, (size_t)n);
  fill_permutation(g, &g->rng, order);
  lua_createtable(L, (int)n, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, 2, (lua_Integer)gr_get(order, (size_t)i - 1) + 1);
    lua_seti(L, -2, i);
  }
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, -1, i);
    lua_seti(L, 2, i);
  }
}

/* The rows of t in the order of Python's shuffle, in place. */
static bool shuffle_python(lua_State *L, generator *g, gr_tensor *t, gr_err *err) {
  gr_tensor *order = push_vector(L, t->d[0]);
  gr_rng_permutation_python(&g->rng, order);
  from_one(order);
  gr_tensor *moved = gr_apply(gr_op_find("take"), (gr_tensor *[]){ t, order }, 2, NULL, false, err);
  bool ok = moved && gr_update(t, '=', moved, err);
  gr_unref(moved);
  return ok;
}

/* shuffle(t): a vector, the rows of a tensor, or a list, in place. */
static int l_shuffle(lua_State *L) {
  gr_err err;
  generator *g = check_rng(L);
  lua_settop(L, 2);
  if (lua_istable(L, 2)) return shuffle_list(L, g), lua_settop(L, 2), 1;
  gr_tensor *t = grl_check_tensor(L, 2);
  if (t->nd == 0) return grl_error(L, "shuffle: one number has no rows");
  bool ok = gr_writable(t, "shuffle", &err) && (g->python ? shuffle_python(L, g, t, &err) : gr_rng_shuffle(&g->rng, t, &err));
  if (!ok) return grl_raise(L, &err);
  gr_changed(t);
  lua_settop(L, 2);
  return 1;
}

/* The options of choice, from the table at 4. */
static gr_tensor *choice_options(lua_State *L, bool *replace) {
  gr_tensor *p = NULL;
  *replace = true;
  lua_settop(L, 4);
  if (lua_isnil(L, 4)) return NULL;
  if (!lua_istable(L, 4)) grl_error(L, "choice: options must be a table, got %s", luaL_typename(L, 4));
  lua_pushnil(L); /* 5: the place of p */
  for (lua_pushnil(L); lua_next(L, 4); lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    if (strcmp(name, "replace") == 0) {
      *replace = lua_toboolean(L, -1);
    } else if (strcmp(name, "p") == 0) {
      lua_pushvalue(L, -1);
      lua_replace(L, 5);
      p = grl_to_tensor(L, 5, GR_F64);
    } else {
      grl_error(L, "choice: unknown option '%s'; known: replace p", name);
    }
  }
  return p;
}

/* choice(n or t, k, { replace =, p = }): k of the positions 1..n, or of t's rows; without k, one. */
static int l_choice(lua_State *L) {
  gr_err err;
  bool replace;
  generator *g = check_rng(L);
  bool one = lua_isnoneornil(L, 3);
  grl_refuse_history(L, 2, "choice");
  size_t k = one ? 1 : grl_check_count(L, 3, 1, "choice: k");
  gr_tensor *p = choice_options(L, &replace);
  gr_tensor *from = lua_istable(L, 2) ? grl_to_tensor(L, 2, grl_state_of(L)->dtype) : grl_test_tensor(L, 2);
  if (from && from->nd == 0) return grl_error(L, "choice: one number has no rows");
  size_t n = from ? from->d[0] : grl_check_count(L, 2, 1, "choice: n");
  gr_tensor *drawn = push_vector(L, k);
  if (p && !gr_ready(p, &err)) return grl_raise(L, &err);
  if (!gr_rng_choice(&g->rng, drawn, n, replace, p, &err)) return grl_raise(L, &err);
  from_one(drawn);
  if (from) {
    gr_tensor **box = grl_new_tensor(L);
    *box = gr_apply(gr_op_find("take"), (gr_tensor *[]){ from, drawn }, 2, NULL, false, &err);
    if (!*box) return grl_raise(L, &err);
    drawn = *box;
  }
  if (!one) return grl_done(L, drawn);
  if (!from) return lua_pushinteger(L, (lua_Integer)gr_get(drawn, 0)), 1;
  lua_pushinteger(L, 1);
  lua_gettable(L, -2);
  return 1;
}

/* ---- State -------------------------------------------------------------------------- */

static uint64_t check_seed(lua_State *L, int arg) {
  lua_Integer seed;
  if (!grl_whole(L, arg, &seed) || seed < 0) grl_error(L, "a seed must be a whole number from 0, got %s", grl_describe(L, arg));
  return (uint64_t)seed;
}

static void seed_it(lua_State *L, generator *g, int arg) {
  uint64_t seed = check_seed(L, arg);
  if (g->python) {
    gr_rng_seed_python(&g->rng, seed);
    return;
  }
  if (seed > UINT32_MAX) grl_error(L, "a seed must be at most %u, as in NumPy", UINT32_MAX);
  gr_rng_seed(&g->rng, (uint32_t)seed);
}

static int l_seed(lua_State *L) {
  seed_it(L, check_rng(L), 2);
  return 0;
}

/* A string of the generator's bytes, for set_state. */
static int l_state(lua_State *L) {
  generator *g = check_rng(L);
  lua_pushlstring(L, (const char *)g, sizeof *g);
  return 1;
}

static int l_set_state(lua_State *L) {
  generator *g = check_rng(L), saved;
  size_t n = 0;
  const char *bytes = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &n) : NULL;
  bool fits = n == sizeof saved && (unsigned char)bytes[offsetof(generator, rng.has_gauss)] <= 1 &&
              bytes[offsetof(generator, python)] == (char)g->python;
  if (fits) memcpy(&saved, bytes, n);
  if (!fits || saved.rng.pos < 0 || saved.rng.pos > 624)
    return grl_error(L, "set_state: expected what state() of such a generator gave");
  *g = saved;
  return 0;
}

static generator *push_generator(lua_State *L) {
  generator *g = lua_newuserdatauv(L, sizeof *g, 0);
  memset(g, 0, sizeof *g);
  luaL_setmetatable(L, GRL_RNG);
  return g;
}

/* rng(seed [, "python"]) */
static int l_rng(lua_State *L) {
  bool python = !lua_isnoneornil(L, 2);
  generator *g = push_generator(L);
  g->python = python;
  seed_it(L, g, 1);
  return 1;
}

/* rng_stream(seed, name): a generator of the library's own, derived from both. */
static int l_rng_stream(lua_State *L) {
  enum { MOST = 64 };
  uint32_t key[MOST + 1];
  size_t n;
  key[0] = (uint32_t)check_seed(L, 1);
  const char *name = luaL_checklstring(L, 2, &n);
  if (n > MOST) n = MOST;
  for (size_t i = 0; i < n; i++) key[i + 1] = (unsigned char)name[i];
  generator *g = push_generator(L);
  gr_rng_seed_array(&g->rng, key, n + 1);
  return 1;
}

static const luaL_Reg methods[] = {
  { "seed", l_seed },       { "rand", l_rand },       { "random", l_rand },     { "randn", l_randn },
  { "normal", l_normal },   { "uniform", l_uniform }, { "randint", l_randint }, { "permutation", l_permutation },
  { "shuffle", l_shuffle }, { "choice", l_choice },   { "state", l_state },     { "set_state", l_set_state },
  { NULL, NULL },
};

void grl_open_random(lua_State *L) {
  luaL_newmetatable(L, GRL_RNG);
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, l_rng);
  lua_setfield(L, -2, "rng");
  lua_pushcfunction(L, l_rng_stream);
  lua_setfield(L, -2, "rng_stream");
}
