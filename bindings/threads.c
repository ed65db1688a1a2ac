/* threads.c: Lua's coroutines, resumed so that Ctrl-C finds the one that runs and is not held up by those around it.
**
** Hooks belong to a coroutine each, and Lua does not tell a signal handler which one runs: state->running does.       */
#include "bind.h"

/* Resumes co with the n values on top of L, which go to it: how many come back in their place, -1 with a message for an error. */
static int resume(lua_State *L, lua_State *co, int n) {
  grl_state *state = grl_state_of(L);
  int results;
  if (!lua_checkstack(co, n)) return lua_pushliteral(L, "too many arguments to resume"), -1;
  lua_xmove(L, co, n);
  state->running = co;
  int status = lua_resume(co, L, n, &results);
  state->running = L;
  bool fine = status == LUA_OK || status == LUA_YIELD;
  if (!fine) return lua_xmove(co, L, 1), -1;
  if (lua_checkstack(L, results + 1)) return lua_xmove(co, L, results), results;
  lua_pop(co, results);
  lua_pushliteral(L, "too many results to resume");
  return -1;
}

/* An error in a coroutine is a result of coroutine.resume, but Ctrl-C is meant for all of the script. */
static int l_resume(lua_State *L) {
  unsigned stops = grl_state_of(L)->stops;
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  int n = resume(L, co, lua_gettop(L) - 1);
  if (n < 0 && grl_state_of(L)->stops != stops) return lua_error(L);
  lua_pushboolean(L, n >= 0);
  lua_insert(L, n < 0 ? -2 : -1 - n);
  return n < 0 ? 2 : n + 1;
}

/* Ends a coroutine, whose variables' __close may run for long: true, or a message on top of it. */
static bool reset(lua_State *L, lua_State *co) {
  grl_state_of(L)->running = co;
  int status = lua_resetthread(co);
  grl_state_of(L)->running = L;
  return status == LUA_OK;
}

/* Lua's own, with the coroutine as the one that runs. */
static int l_close(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (co) grl_state_of(L)->running = co;
  int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  grl_state_of(L)->running = L;
  return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

/* As Lua's own: an error closes the coroutine, and its message is told where it was called. */
static int l_call(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  unsigned stops = grl_state_of(L)->stops;
  int n = resume(L, co, lua_gettop(L));
  if (n >= 0) return n;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) {
    if (!reset(L, co)) {
      lua_pop(L, 1);
      lua_xmove(co, L, 1);
    }
  }
  if (lua_type(L, -1) == LUA_TSTRING && grl_state_of(L)->stops == stops) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int l_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, l_call, 1);
  return 1;
}

void grl_open_threads(lua_State *L) {
  static const luaL_Reg functions[] = { { "resume", l_resume }, { "wrap", l_wrap }, { NULL, NULL } };
  lua_getglobal(L, "coroutine");
  luaL_setfuncs(L, functions, 0);
  lua_getfield(L, -1, "close");
  lua_pushcclosure(L, l_close, 1);
  lua_setfield(L, -2, "close");
  lua_pop(L, 1);
}
