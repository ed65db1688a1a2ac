/* prompt.c: the plain prompt: a line in, its value out. */
#include "bind.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* At the prompt a global that is not set is looked for in gradus: gr itself, its modules, its functions. */
static int find_name(lua_State *L) {
  lua_getglobal(L, "require");
  lua_pushliteral(L, "gradus");
  lua_call(L, 1, 1);
  if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "gr") == 0) return 1;
  lua_getglobal(L, "require");
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

/* Ctrl-C while typing drops the line: getline must come back for that. */
static char *read_line(const char *prompt, bool *dropped) {
  struct sigaction drop = { .sa_handler = ignore_signal };
  char *line = NULL;
  size_t room = 0;
  sigaction(SIGINT, &drop, NULL);
  fputs(prompt, stdout);
  fflush(stdout);
  *dropped = false;
  errno = 0;
  if (getline(&line, &room, stdin) >= 0) return line;
  free(line);
  *dropped = errno == EINTR;
  clearerr(stdin);
  return NULL;
}

/* Whether a chunk failed to compile only because more is to come. */
static bool unfinished(lua_State *L, int status) {
  static const char mark[] = "<eof>";
  size_t n;
  if (status != LUA_ERRSYNTAX) return false;
  const char *message = lua_tolstring(L, -1, &n);
  return n >= sizeof mark - 1 && strcmp(message + n - (sizeof mark - 1), mark) == 0;
}

/* Compiles the text at -1 as an expression if it can, else as statements. Not as `return f(x)`: that would give the call the
** prompt's place, and leave an error in it none.                                                                          */
static int compile(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  const char *expression = lua_pushfstring(L, "return select(1, %s\n)", text);
  int status = luaL_loadbufferx(L, expression, strlen(expression), "=prompt", "t");
  lua_remove(L, -2);
  if (status == LUA_OK) return status;
  lua_pop(L, 1);
  return luaL_loadbufferx(L, text, strlen(text), "=prompt", "t");
}

static void print_values(lua_State *L, int first) {
  int n = lua_gettop(L) - first + 1;
  if (n == 0) return;
  lua_pushvalue(L, first);
  lua_setglobal(L, "_");
  lua_getglobal(L, "print");
  lua_insert(L, first);
  grl_run(L, n, 0);
}

/* Reads on until the chunk at -1 is complete; leaves the compiled function. False: nothing to run. */
static bool complete(lua_State *L, const char *more) {
  for (;;) {
    bool dropped = false;
    int status = compile(L);
    if (status == LUA_OK) return true;
    char *line = unfinished(L, status) ? read_line(more, &dropped) : NULL;
    if (!line && !dropped) fprintf(stderr, "%s\n", lua_tostring(L, -1));
    if (!line) return false;
    lua_pop(L, 1);
    lua_pushstring(L, line);
    lua_concat(L, 2);
    free(line);
  }
}

static void greet(void) {
  char blas[128];
  printf("gradus %s, %s, %s\n", GR_VERSION, LUA_RELEASE, gr_blas_text(blas, sizeof blas));
  puts("gr, its modules (nn, optim, data, ...) and its functions are at hand. Ctrl-D leaves.");
}

void grl_prompt(lua_State *L) {
  bool terminal = isatty(STDIN_FILENO), dropped;
  char *line;
  grl_bind_names(L);
  if (terminal) greet();
  while ((line = read_line(terminal ? "> " : "", &dropped)) || dropped) {
    lua_settop(L, 0);
    if (!line) {
      putchar('\n');
      continue;
    }
    lua_pushstring(L, line);
    free(line);
    if (!complete(L, terminal ? ">> " : "")) continue;
    lua_remove(L, 1); /* the text */
    if (grl_run(L, 0, LUA_MULTRET)) print_values(L, 1);
  }
  if (terminal) putchar('\n');
}
