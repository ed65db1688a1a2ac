/* prompt.c: what the prompt needs of C: names at hand, a plain reader, and running a line. The loop is gradus/repl.lua. */
#include "bind.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* At the prompt a global that is not set is looked for in gradus: gr itself, its modules, its functions. */
static int find_name(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, GRL_ENVIRONMENT); /* there `require` is Lua's, whatever the script calls so */
  lua_getfield(L, -1, "require");
  lua_pushvalue(L, -1);
  lua_pushliteral(L, "gradus");
  lua_call(L, 1, 1);
  if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "gr") == 0) return 1;
  lua_pushvalue(L, -2);
  lua_pushliteral(L, "gradus.core");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "find");
  lua_pushvalue(L, 2);
  lua_call(L, 1, 1);
  return 1;
}

void grl_bind_names(lua_State *L) {
  lua_pushglobaltable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, find_name);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

static void ignore_signal(int signal_number) { (void)signal_number; }

static void free_line(void *line) { free(*(char **)line); }

/* read_line(prompt): a line without its end, as it arrives. nil: no more come; false: Ctrl-C has dropped it, for which
** getline must come back.                                                                                            */
static int l_read_line(lua_State *L) {
  struct sigaction before, drop = { .sa_handler = ignore_signal };
  char *line = NULL;
  size_t room = 0;
  fputs(luaL_checkstring(L, 1), stdout);
  fflush(stdout);
  char **owner = grl_new_owner(L, sizeof *owner, free_line);
  sigaction(SIGINT, &drop, &before);
  errno = 0;
  ssize_t n = getline(&line, &room, stdin);
  bool dropped = n < 0 && errno == EINTR;
  sigaction(SIGINT, &before, NULL);
  *owner = line;
  if (n >= 0) return lua_pushlstring(L, line, (size_t)(n > 0 && line[n - 1] == '\n' ? n - 1 : n)), 1;
  clearerr(stdin);
  if (!dropped) return 0;
  lua_pushboolean(L, false);
  return 1;
}

/* attempt(f, ...): true and the results; false, the message, and whether Ctrl-C was the reason. */
static int l_attempt(lua_State *L) {
  grl_state *state = grl_state_of(L);
  luaL_checkany(L, 1);
  state->stopped = false;
  bool done = grl_attempt(L, lua_gettop(L) - 1, LUA_MULTRET);
  lua_pushboolean(L, done);
  lua_insert(L, 1);
  if (!done) lua_pushboolean(L, state->stopped);
  return lua_gettop(L);
}

void grl_open_prompt(lua_State *L) {
  static const luaL_Reg functions[] = { { "read_line", l_read_line }, { "attempt", l_attempt }, { NULL, NULL } };
  luaL_setfuncs(L, functions, 0);
}

/* The loop's own mistakes end it; a script's do not come here. */
void grl_prompt(lua_State *L) {
  grl_bind_names(L);
  grl_state_of(L)->stays = true;
  signal(SIGINT, ignore_signal);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "gradus.repl");
  bool done = lua_pcall(L, 1, 1, 0) == LUA_OK;
  if (done) {
    lua_getfield(L, -1, "start");
    done = lua_pcall(L, 0, 0, 0) == LUA_OK;
  }
  if (!done) fprintf(stderr, "gradus: the prompt ended: %s\n", luaL_tolstring(L, -1, NULL));
  lua_settop(L, 0);
}
