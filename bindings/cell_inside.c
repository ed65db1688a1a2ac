/* cell_inside.c: a script in its cell: what runs it, counts its memory, stops it, and tells what came of it. */
#include "bind.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gr_cell_job job;
static grl_state state = { .recording = true, .quiet = true, .unrecorded = true, .caged = true };

/* ---- Where the script is ------------------------------------------------------------- */

/* The line of the script that L is at, "net.lua:31"; "" when it is at none. Asks for no memory: there may be none. */
static void find_line(lua_State *L, char *out, size_t room) {
  lua_Debug ar;
  *out = 0;
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    if (!lua_getinfo(L, "Sl", &ar) || ar.currentline <= 0 || ar.source[0] != '@') continue;
    snprintf(out, room, "%s:%d", ar.short_src, ar.currentline);
    return;
  }
}

static void stop(lua_State *L, gr_cell_end end) {
  char line[LUA_IDSIZE + 16];
  find_line(L, line, sizeof line);
  fflush(stdout);
  gr_cell_tell(end, line, strlen(line));
  gr_cell_leave();
}

/* ---- Time ---------------------------------------------------------------------------- */

/* At the next instruction. The process ends here, so that no pcall, no coroutine and no finaliser has a say. */
static void stop_here(lua_State *L, lua_Debug *ar) {
  (void)ar;
  stop(L, GR_CELL_TIME);
}

/* In a signal handler. The coroutine that runs is state.running (threads.c). */
static void on_time(void) { lua_sethook(state.running, stop_here, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1); }

/* ---- Memory -------------------------------------------------------------------------- */

static void on_shortage(void) { stop(state.running, GR_CELL_MEMORY); }

static size_t refusals;

/* Lua asks once more for what it was refused, after it has collected all garbage. */
static void *allocate(void *who, void *old, size_t before, size_t bytes) {
  static bool refused;
  (void)who;
  if (!old) before = 0;
  if (!gr_memory_charge(bytes, before)) {
    if (refused) on_shortage();
    refused = true;
    refusals++;
    return NULL;
  }
  if (bytes == 0) return free(old), NULL;
  void *p = realloc(old, bytes);
  if (!p) gr_memory_charge(before, bytes);
  if (bytes > before) refused = false;
  return p;
}

/* ---- The script ---------------------------------------------------------------------- */

/* Pushes a function of gradus.cell_values. */
static void push_function(lua_State *L, const char *name) {
  lua_getfield(L, LUA_REGISTRYINDEX, GRL_ENVIRONMENT);
  lua_getfield(L, -1, "require");
  lua_pushliteral(L, "gradus.cell_values");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, name);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* Runs the function below its argument, and then, of its first result, pushes the text that the marker gets. */
static int l_run(lua_State *L) {
  push_function(L, "pack");
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  lua_pushliteral(L, "the result");
  lua_call(L, 2, 1);
  return 1;
}

/* The library for JSON looks for random bytes in a file when it makes its first object: done before files are out of reach. */
static void warm_packing(lua_State *L) {
  push_function(L, "pack");
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "warm");
  lua_pushliteral(L, "warm");
  lua_call(L, 2, 0);
}

/* Where Lua's own libraries join texts, a refusal is an error like any other. */
void grl_end_if_short(lua_State *L, int status) {
  const char *message = lua_tostring(L, -1);
  const bool of_memory = refusals && message && strstr(message, "not enough memory");
  if (status == LUA_ERRMEM || of_memory) on_shortage();
}

static void tell_failure(lua_State *L, int status) {
  static const size_t most = 4096; /* bytes of a message */
  size_t n;
  grl_end_if_short(L, status);
  const char *message = lua_tolstring(L, -1, &n);
  gr_cell_tell(GR_CELL_FAILED, message ? message : "", !message ? 0 : n < most ? n : most);
}

/* What is needed is here before the script is: it can change nothing of it. */
static int l_live(lua_State *L) {
  static const int run = 1, explain = 2, inputs = 3;
  lua_settop(L, 0);
  lua_pushcfunction(L, l_run);
  lua_pushcfunction(L, grl_explain);
  push_function(L, "unpack");
  lua_pushlstring(L, job.inputs, job.inputs_size);
  lua_call(L, 1, 1);
  warm_packing(L);
  const char *name = lua_pushfstring(L, "@%s", job.name);
  if (!gr_cell_lock(&job, on_time)) gr_cell_leave();
  gr_memory_limit(job.memory, on_shortage);
  int status = grl_load_text(L, job.script, job.script_size, name) ? LUA_OK : LUA_ERRSYNTAX;
  if (status == LUA_OK) {
    lua_pushvalue(L, run);
    lua_insert(L, -2);
    lua_pushvalue(L, inputs);
    status = lua_pcall(L, 2, 1, explain);
  }
  fflush(stdout);
  if (status != LUA_OK) tell_failure(L, status);
  size_t n;
  const char *text = lua_tolstring(L, -1, &n);
  gr_cell_tell(GR_CELL_FINISHED, text, n);
  gr_cell_leave();
}

/* Output goes out line by line, so that what a script printed is there when it is stopped; the buffer is given, so that the C
** library asks nothing about the descriptor.                                                                                */
static void prepare_output(void) {
  static char buffer[1 << 14];
  setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
}

bool grl_live_in_cell(void) {
  if (!gr_cell_receive(&job)) return false;
  prepare_output();
  gr_set_threads(1);
  lua_State *L = lua_newstate(allocate, NULL);
  if (!L) gr_cell_leave();
  grl_open(L, &state);
  lua_pushcfunction(L, l_live);
  lua_call(L, 0, 0);
  return true;
}
