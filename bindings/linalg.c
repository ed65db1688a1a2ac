/* linalg.c: linear algebra on tensors. */
#include "bind.h"

/* The first of `count` arguments. One more is no option that would be left out in silence. */
static gr_tensor *check_matrix(lua_State *L, int count) {
  grl_enter(L);
  if (lua_gettop(L) > count)
    grl_error(L, "%d argument%s too many: it takes %s", lua_gettop(L) - count, lua_gettop(L) - count == 1 ? "" : "s",
              count == 1 ? "a matrix alone" : "a matrix and a right side");
  for (int arg = 1; arg <= count; arg++) grl_refuse_history(L, arg, "linear algebra");
  return grl_to_tensor(L, 1, grl_state_of(L)->dtype);
}

/* Pushes the result of a call, then rcond for those that have one. */
static int l_inv(lua_State *L) {
  gr_err err;
  double rcond;
  gr_tensor *a = check_matrix(L, 1), **x = grl_new_tensor(L);
  *x = gr_inv(a, &rcond, &err);
  if (!*x) return grl_fail_named(L, l_inv, 1, &err);
  grl_done(L, *x);
  lua_pushnumber(L, rcond);
  return 2;
}

static int l_solve(lua_State *L) {
  gr_err err;
  double rcond;
  gr_tensor *a = check_matrix(L, 2), *b = grl_to_tensor(L, 2, a->dtype), **x = grl_new_tensor(L);
  *x = gr_solve(a, b, &rcond, &err);
  if (!*x) return grl_fail_named(L, l_solve, 2, &err);
  grl_done(L, *x);
  lua_pushnumber(L, rcond);
  return 2;
}

static int l_lstsq(lua_State *L) {
  gr_err err;
  gr_tensor *a = check_matrix(L, 2), *b = grl_to_tensor(L, 2, a->dtype), **x = grl_new_tensor(L);
  *x = gr_lstsq(a, b, &err);
  if (!*x) return grl_fail_named(L, l_lstsq, 2, &err);
  return grl_done(L, *x);
}

typedef gr_tensor *(*matrix_from)(gr_tensor *a, gr_err *err);

static int push_matrix(lua_State *L, lua_CFunction self, matrix_from make) {
  gr_err err;
  gr_tensor *a = check_matrix(L, 1), **x = grl_new_tensor(L);
  *x = make(a, &err);
  if (!*x) return grl_fail_named(L, self, 1, &err);
  return grl_done(L, *x);
}

static int l_pinv(lua_State *L) { return push_matrix(L, l_pinv, gr_pinv); }
static int l_cholesky(lua_State *L) { return push_matrix(L, l_cholesky, gr_cholesky); }

typedef bool (*number_from)(gr_tensor *a, double *value, gr_err *err);

static int push_value(lua_State *L, lua_CFunction self, number_from compute) {
  gr_err err;
  double value;
  gr_tensor *a = check_matrix(L, 1);
  if (!compute(a, &value, &err)) return grl_fail_named(L, self, 1, &err);
  lua_pushnumber(L, value);
  return 1;
}

static int l_det(lua_State *L) { return push_value(L, l_det, gr_det); }
static int l_cond(lua_State *L) { return push_value(L, l_cond, gr_cond); }
static int l_norm(lua_State *L) { return push_value(L, l_norm, gr_norm); }

static int l_slogdet(lua_State *L) {
  gr_err err;
  double sign, logdet;
  gr_tensor *a = check_matrix(L, 1);
  if (!gr_slogdet(a, &sign, &logdet, &err)) return grl_fail_named(L, l_slogdet, 1, &err);
  lua_pushnumber(L, sign);
  lua_pushnumber(L, logdet);
  return 2;
}

static int l_rank(lua_State *L) {
  gr_err err;
  size_t rank;
  gr_tensor *a = check_matrix(L, 1);
  if (!gr_rank(a, &rank, &err)) return grl_fail_named(L, l_rank, 1, &err);
  lua_pushinteger(L, (lua_Integer)rank);
  return 1;
}

/* Decompositions give two to four tensors. */
typedef bool (*parts_of)(gr_tensor *a, gr_tensor *part[], gr_err *err);

static int push_parts(lua_State *L, lua_CFunction self, parts_of decompose, int count) {
  gr_err err;
  gr_tensor *a = check_matrix(L, 1), **box[4], *part[4] = { NULL };
  for (int i = 0; i < count; i++) box[i] = grl_new_tensor(L);
  if (!decompose(a, part, &err)) return grl_fail_named(L, self, 1, &err);
  for (int i = 0; i < count; i++) *box[i] = part[i];
  for (int i = 0; i < count; i++) grl_done(L, part[i]);
  return count;
}

static int l_lu(lua_State *L) { return push_parts(L, l_lu, gr_lu, 3); }
static int l_qr(lua_State *L) { return push_parts(L, l_qr, gr_qr, 2); }
static int l_svd(lua_State *L) { return push_parts(L, l_svd, gr_svd, 3); }
static int l_eig(lua_State *L) { return push_parts(L, l_eig, gr_eig, 4); }
static int l_eigh(lua_State *L) { return push_parts(L, l_eigh, gr_eigh, 2); }

static const luaL_Reg functions[] = {
  { "inv", l_inv },     { "solve", l_solve }, { "det", l_det },   { "slogdet", l_slogdet },
  { "lstsq", l_lstsq }, { "pinv", l_pinv },   { "rank", l_rank }, { "cond", l_cond },
  { "norm", l_norm },   { "lu", l_lu },       { "qr", l_qr },     { "cholesky", l_cholesky },
  { "svd", l_svd },     { "eig", l_eig },     { "eigh", l_eigh }, { NULL, NULL },
};

void grl_open_linalg(lua_State *L) {
  luaL_newlib(L, functions);
  lua_setfield(L, -2, "linalg");
}
