/* attempt.c: how a script runs, is stopped by Ctrl-C, and fails. */
#include "bind.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { patience = 1 /* second */ };

static lua_State *main_state; /* of the script that runs */

static volatile sig_atomic_t presses; /* of Ctrl-C, since the script began */
static volatile sig_atomic_t told;    /* ... that it has to wait for a function in C */

/* A function in C, such as string.find with a pattern that takes ages, sees no hook and cannot be stopped from outside
** without harm. Its user is told, a second after Ctrl-C or at the second one. Only write is allowed in a handler.      */
static void tell_of_wait(int signal_number) {
  static const char at_prompt[] =
      "\nCtrl-C waits for a function in C, which cannot be stopped; Ctrl-\\ ends gradus (the history is kept)\n";
  static const char in_script[] = "\nCtrl-C waits for a function in C, which cannot be stopped; Ctrl-C once more ends gradus\n";
  const grl_state *state = grl_state_of(main_state);
  (void)signal_number;
  if (told) return;
  told = 1;
  ssize_t n =
      state->stays ? write(STDERR_FILENO, at_prompt, sizeof at_prompt - 1) : write(STDERR_FILENO, in_script, sizeof in_script - 1);
  (void)n; /* nobody to tell */
}

/* Runs inside Lua, at the next instruction after Ctrl-C. From the second press on at every one, so that no pcall holds it up. */
static void stop_here(lua_State *L, lua_Debug *ar) {
  (void)ar;
  alarm(0);
  if (presses < 2) lua_sethook(L, NULL, 0, 0);
  else grl_interrupted = 1;
  grl_enter(L);
}

static void stop(lua_State *L) { lua_sethook(L, stop_here, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1); }

/* Whether this signal is one press together with the last: a terminal and `timeout` both send it, to us and to our group. */
static bool comes_with_the_last(void) {
  static const double together = 0.1; /* seconds */
  static struct timespec last;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double apart = (double)(now.tv_sec - last.tv_sec) + 1e-9 * (double)(now.tv_nsec - last.tv_nsec);
  bool first = presses == 0;
  last = now;
  return !first && apart < together;
}

/* The first Ctrl-C stops the script, in whichever coroutine it is; a second one, if that does not help, ends the program, but
** not at the prompt.                                                                                                      */
static void on_interrupt(int signal_number) {
  const grl_state *state = grl_state_of(main_state);
  if (comes_with_the_last() && !state->stays) return;
  presses++;
  if (!state->stays && presses > 1) {
    signal(signal_number, SIG_DFL);
    raise(signal_number);
  }
  if (grl_interrupted && presses > 1) tell_of_wait(signal_number);
  grl_interrupted = 1;
  stop(main_state);
  if (state->running != main_state) stop(state->running);
  if (!told) alarm(patience);
}

/* The level of the call whose line opens the message at 1; 0: none of the nearest. */
static int level_of_message(lua_State *L, lua_Debug *ar) {
  enum { NEAREST = 64 };
  for (int level = 1; level < NEAREST && lua_getstack(L, level, ar); level++) {
    if (!lua_getinfo(L, "Sl", ar) || ar->currentline <= 0) continue;
    const char *place = lua_pushfstring(L, "%s:%d:", ar->short_src, ar->currentline);
    bool named = strncmp(lua_tostring(L, 1), place, strlen(place)) == 0;
    lua_pop(L, 1);
    if (named) return level;
  }
  return 0;
}

/* Adds the script's lines that led to `level`. The library's own lines say nothing to its user. */
static void add_callers(lua_State *L, int level) {
  enum { MOST = 5 };
  lua_Debug ar;
  int seen = 0;
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  lua_pushvalue(L, 1);
  luaL_addvalue(&text);
  while (seen <= MOST && lua_getstack(L, ++level, &ar)) {
    if (!lua_getinfo(L, "Sl", &ar) || ar.currentline <= 0 || strncmp(ar.source, "=gradus/", 8) == 0) continue;
    lua_pushfstring(L, ++seen <= MOST ? "\n  called from %s:%d" : "\n  ...", ar.short_src, ar.currentline);
    luaL_addvalue(&text);
  }
  luaL_pushresult(&text);
}

/* Puts the script's line in front of the message at 1. */
static void add_where(lua_State *L) {
  grl_push_where(L);
  lua_insert(L, 1);
  lua_concat(L, 2);
}

/* ask(module, function, ...) */
static int l_ask(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, GRL_ENVIRONMENT);
  lua_getfield(L, -1, "require");
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  lua_pushvalue(L, 2);
  lua_gettable(L, -2);
  lua_replace(L, 2);
  lua_settop(L, lua_gettop(L) - 2);
  lua_call(L, lua_gettop(L) - 2, 1);
  return 1;
}

void grl_ask_library(lua_State *L, const char *module, const char *function, int n) {
  int base = lua_gettop(L) - n + 1;
  lua_pushcfunction(L, l_ask);
  lua_pushstring(L, module);
  lua_pushstring(L, function);
  lua_rotate(L, base, 3);
  bool answered = lua_pcall(L, n + 2, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING;
  if (answered) return;
  lua_pop(L, 1);
  lua_pushnil(L);
}

/* What may have been meant, behind Lua's message of something that is nil. */
static void add_hint(lua_State *L) {
  if (!strstr(lua_tostring(L, 1), "a nil value (")) return;
  lua_pushvalue(L, 1);
  grl_ask_library(L, "gradus.hints", "of_error", 1);
  if (lua_isnil(L, -1)) return lua_pop(L, 1);
  lua_pushvalue(L, 1);
  lua_insert(L, -2);
  lua_concat(L, 2);
  lua_replace(L, 1);
}

int grl_explain(lua_State *L) {
  lua_Debug ar;
  if (lua_type(L, 1) != LUA_TSTRING) {
    if (!luaL_callmeta(L, 1, "__tostring") || lua_type(L, -1) != LUA_TSTRING)
      lua_pushfstring(L, "the script raised a %s as an error", luaL_typename(L, 1));
    lua_replace(L, 1);
    lua_settop(L, 1);
    add_where(L);
  }
  int level = level_of_message(L, &ar);
  bool from_script = level && ar.source[0] == '@';
  if (!from_script && strncmp(lua_tostring(L, 1), "gradus/", 7) == 0) { /* from inside the library: say whose call it was */
    add_where(L);
    level = level_of_message(L, &ar);
  }
  if (strstr(lua_tostring(L, 1), "(local 'self')")) { /* of ours: a script's own message would not say so */
    lua_pushvalue(L, 1);
    lua_pushliteral(L, ": methods are called with a colon, as in net:fit(...)");
    lua_concat(L, 2);
    lua_replace(L, 1);
  }
  add_hint(L);
  add_callers(L, level);
  return 1;
}

bool grl_attempt(lua_State *L, int n, int results) {
  int base = lua_gettop(L) - n;
  lua_pushcfunction(L, grl_explain);
  lua_insert(L, base);
  presses = told = 0;
  main_state = L;
  grl_state_of(L)->running = L;
  void (*before)(int) = signal(SIGINT, on_interrupt), (*alarmed)(int) = signal(SIGALRM, tell_of_wait);
  int status = lua_pcall(L, n, results, base);
  alarm(0);
  signal(SIGALRM, alarmed);
  signal(SIGINT, before);
  lua_sethook(L, NULL, 0, 0);
  grl_interrupted = 0;
  lua_remove(L, base);
  return status == LUA_OK;
}

bool grl_run(lua_State *L, int n, int results) {
  if (grl_attempt(L, n, results)) return true;
  fflush(stdout);
  fprintf(stderr, "%s\n", lua_tostring(L, -1));
  lua_pop(L, 1);
  return false;
}
