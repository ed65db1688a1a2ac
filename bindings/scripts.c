/* scripts.c: the Lua modules and data files inside the program, and how `require` finds them. */
#include "bind.h"

#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Made at build time from scripts/gradus, data, report and assignment; names are paths below scripts/. */
struct grl_file {
  const char *name, *start, *end;
};
extern const struct grl_file grl_files[];
extern const size_t grl_file_count;

static const struct grl_file *find_file(const char *name) {
  for (size_t i = 0; i < grl_file_count; i++)
    if (strcmp(grl_files[i].name, name) == 0) return &grl_files[i];
  return NULL;
}

/* Pushes the text of a file of scripts/, from disk under --scripts, else from the program; false if there is none. */
static bool push_text(lua_State *L, const char *name) {
  const char *folder = grl_state_of(L)->scripts;
  const struct grl_file *file = find_file(name);
  luaL_Buffer text;
  if (!folder) {
    if (file) lua_pushlstring(L, file->start, (size_t)(file->end - file->start));
    return file != NULL;
  }
  lua_pushfstring(L, "%s/%s", folder, name);
  FILE *f = fopen(lua_tostring(L, -1), "rb");
  lua_pop(L, 1);
  if (!f) return false;
  luaL_buffinit(L, &text);
  for (size_t n = 1; n;) {
    char *room = luaL_prepbuffer(&text);
    n = fread(room, 1, LUAL_BUFFERSIZE, f);
    luaL_addsize(&text, n);
  }
  fclose(f);
  luaL_pushresult(&text);
  return true;
}

/* file(name): the text of an embedded file, or nil. */
static int l_file(lua_State *L) {
  if (!push_text(L, luaL_checkstring(L, 1))) lua_pushnil(L);
  return 1;
}

/* files(): the names of all files in the program. */
static int l_files(lua_State *L) {
  lua_createtable(L, (int)grl_file_count, 0);
  for (size_t i = 0; i < grl_file_count; i++) {
    lua_pushstring(L, grl_files[i].name);
    lua_seti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* Pushes a copy of the table at -1. */
static void push_copy(lua_State *L) {
  int from = lua_gettop(L);
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, from); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, -5);
  }
}

/* A name that the environment leaves to the script, as it has it; but Lua's own, the upvalue, where that is another kind of
** thing, such as a number called print.                                                                                */
static int look_up(lua_State *L) {
  lua_pushglobaltable(L);
  lua_pushvalue(L, 2);
  lua_gettable(L, -2);
  lua_pushvalue(L, 2);
  int own = lua_rawget(L, lua_upvalueindex(1));
  if (own == LUA_TNIL || own == lua_type(L, -2)) lua_pop(L, 1);
  return 1;
}

/* What the library's modules have for globals: Lua's functions and libraries as they are now, so that a script may call its own
** variables `type` or `table`. What speaks to the world outside (print, io, os), and other names, are the script's.      */
static void make_environment(lua_State *L) {
  static const char *const libraries[] = { "coroutine", "debug", "math", "string", "table", "utf8", NULL };
  static const char *const shared[] = { "print", "io", "os", NULL };
  lua_pushglobaltable(L);
  push_copy(L);
  for (int i = 0; libraries[i]; i++) {
    lua_getfield(L, -1, libraries[i]);
    push_copy(L);
    lua_setfield(L, -3, libraries[i]);
    lua_pop(L, 1);
  }
  lua_createtable(L, 0, 1);
  lua_newtable(L);
  for (int i = 0; shared[i]; i++) {
    lua_getfield(L, -3, shared[i]);
    lua_setfield(L, -2, shared[i]);
    lua_pushnil(L);
    lua_setfield(L, -4, shared[i]);
  }
  lua_pushcclosure(L, look_up, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, GRL_ENVIRONMENT);
  lua_pop(L, 1);
}

/* A searcher for `require`: gradus is gradus/gradus.lua, gradus.nn is gradus/nn.lua. */
static int search_module(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  const char *path = strcmp(name, "gradus") == 0 ? "gradus/gradus.lua" : lua_pushfstring(L, "%s.lua", luaL_gsub(L, name, ".", "/"));
  if (strncmp(name, "gradus", 6) != 0 || !push_text(L, path)) return lua_pushfstring(L, "gradus has no module '%s'", name), 1;
  size_t n;
  const char *text = lua_tolstring(L, -1, &n), *chunk = lua_pushfstring(L, "=%s", path);
  if (luaL_loadbufferx(L, text, n, chunk, "t") != LUA_OK) return lua_error(L);
  lua_getfield(L, LUA_REGISTRYINDEX, GRL_ENVIRONMENT);
  lua_setupvalue(L, -2, 1);
  lua_pushvalue(L, -2);
  return 2;
}

/* raise(message): an error at the script's own line. */
static int l_raise(lua_State *L) {
  grl_push_where(L);
  lua_pushvalue(L, 1);
  lua_concat(L, 2);
  return lua_error(L);
}

/* where(): "net.lua:31: ", the script's own line. */
static int l_where(lua_State *L) {
  grl_push_where(L);
  return 1;
}

/* variable(value): the name of a variable of the script that holds it, or nil. */
static int l_variable(lua_State *L) {
  grl_push_variable(L, 1);
  return 1;
}

/* terminal(["input" or "output"]): whether it is one; standard error, where progress is shown, unless said otherwise. */
static int l_terminal(lua_State *L) {
  static const char *const names[] = { "input", "output", "error", NULL };
  static const int files[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
  lua_pushboolean(L, isatty(files[luaL_checkoption(L, 1, "error", names)]));
  return 1;
}

/* blas(): which OpenBLAS runs, with its kernel and threads. */
static int l_blas(lua_State *L) {
  char text[128];
  lua_pushstring(L, gr_blas_text(text, sizeof text));
  return 1;
}

/* facts(): what runs here, by name: build flags blas core libc cpu system processor, and threads. */
static int l_facts(lua_State *L) {
  gr_facts f;
  gr_facts_find(&f);
  const struct {
    const char *name, *value;
  } texts[] = {
    { "build", f.build }, { "flags", f.flags }, { "blas", f.blas },     { "core", f.core },
    { "libc", f.libc },   { "cpu", f.cpu },     { "system", f.system }, { "processor", f.processor },
  };
  lua_newtable(L);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    lua_pushstring(L, texts[i].value);
    lua_setfield(L, -2, texts[i].name);
  }
  lua_pushinteger(L, gr_threads());
  lua_setfield(L, -2, "threads");
  return 1;
}

/* program(): the path of the program itself. */
static int l_program(lua_State *L) {
  char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  lua_pushlstring(L, path, n > 0 && (size_t)n < sizeof path ? (size_t)n : 0);
  return 1;
}

/* clock(): seconds of a clock that only runs forward. */
static int l_clock(lua_State *L) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  lua_pushnumber(L, (lua_Number)now.tv_sec + 1e-9 * (lua_Number)now.tv_nsec);
  return 1;
}

/* now(): "2026-11-21T12:49:26.123Z", of the clock that tells the time of day in Greenwich. */
static int l_now(lua_State *L) {
  char text[32];
  struct tm day;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &day);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &day);
  lua_pushfstring(L, "%s.%c%c%cZ", text, '0' + (int)(now.tv_nsec / 100000000), '0' + (int)(now.tv_nsec / 10000000 % 10),
                  '0' + (int)(now.tv_nsec / 1000000 % 10));
  return 1;
}

/* Those that may be missing: nil. */
static void push_texts(lua_State *L, const grl_state *state) {
  const struct {
    const char *name, *value;
  } texts[] = { { "runs", state->runs }, { "into", state->into }, { "resume", state->resume }, { "scripts", state->scripts } };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    lua_pushstring(L, texts[i].value);
    lua_setfield(L, -2, texts[i].name);
  }
}

static void push_settings(lua_State *L, const grl_state *state) {
  lua_newtable(L);
  lua_pushinteger(L, state->seed);
  lua_setfield(L, -2, "seed");
  lua_pushboolean(L, state->seeded);
  lua_setfield(L, -2, "seeded");
  lua_pushboolean(L, state->quiet);
  lua_setfield(L, -2, "quiet");
  lua_pushboolean(L, !state->any_loss);
  lua_setfield(L, -2, "nan_check");
  lua_pushboolean(L, gr_portable());
  lua_setfield(L, -2, "portable");
  lua_pushstring(L, gr_dtype_name(state->dtype));
  lua_setfield(L, -2, "dtype");
  lua_pushboolean(L, !state->unrecorded);
  lua_setfield(L, -2, "record");
  lua_pushboolean(L, state->caged);
  lua_setfield(L, -2, "caged");
  push_texts(L, state);
}

static int open_core(lua_State *L) {
  static const luaL_Reg functions[] = { { "now", l_now },           { "file", l_file },   { "files", l_files },
                                        { "raise", l_raise },       { "where", l_where }, { "variable", l_variable },
                                        { "terminal", l_terminal }, { "clock", l_clock }, { "program", l_program },
                                        { "blas", l_blas },         { "facts", l_facts }, { NULL, NULL } };
  luaL_newlib(L, functions);
  grl_open_make(L);
  grl_open_tensor(L);
  grl_open_op(L);
  grl_open_index(L);
  grl_open_bytes(L);
  grl_open_optim(L);
  grl_open_plan(L);
  grl_open_differences(L);
  grl_open_custom(L);
  grl_open_random(L);
  grl_open_linalg(L);
  grl_open_exact(L);
  grl_open_io(L);
  grl_open_json(L);
  grl_open_files(L);
  grl_open_below(L);
  grl_open_terminal(L);
  grl_open_prompt(L);
  grl_open_editor(L);
  grl_open_script(L);
  grl_open_cell(L);
  if (grl_state_of(L)->caged) grl_cut_down_core(L);
  push_settings(L, grl_state_of(L));
  lua_setfield(L, -2, "settings");
  lua_pushliteral(L, GR_VERSION);
  lua_setfield(L, -2, "version");
  return 1;
}

/* Our searcher comes first, so that a stray gradus.lua in a script's folder does not hide the library. */
static void add_searcher(lua_State *L) {
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  for (lua_Integer i = luaL_len(L, -1); i >= 2; i--) {
    lua_geti(L, -1, i);
    lua_seti(L, -2, i + 1);
  }
  lua_pushcfunction(L, search_module);
  lua_seti(L, -2, 2);
  lua_pop(L, 2);
}

/* Lua would seed math.random by the clock and an address: here it starts from --seed, as gr.random does. */
static void seed_random(lua_State *L, const grl_state *state) {
  lua_getglobal(L, "math");
  lua_getfield(L, -1, "randomseed");
  lua_pushinteger(L, state->seed);
  lua_call(L, 1, 0);
  lua_pop(L, 1);
}

void grl_open(lua_State *L, grl_state *state) {
  *(grl_state **)lua_getextraspace(L) = state;
  state->running = L;
  gr_memory_on_shortage(grl_collect, state);
  luaL_openlibs(L);
  seed_random(L, state);
  grl_open_threads(L);
  grl_open_portable(L);
  if (state->caged) grl_cut_down(L);
  add_searcher(L);
  make_environment(L);
  if (state->caged) grl_cut_down_script(L);
  luaL_requiref(L, "gradus.core", open_core, 0);
  lua_pop(L, 1);
}
