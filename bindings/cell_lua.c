/* cell_lua.c: Lua as it is in a cell: what could reach files, run machine code, or outlive the script is not there.
**
** The walls of core/cell_walls.c hold without this. It keeps a script from getting as far as them, and from changing what the
** library stands on; and what it refuses, it refuses with a reason.                                                        */
#include "bind.h"

#include <lualib.h>
#include <stdio.h>
#include <string.h>

static void remove_names(lua_State *L, const char *const names[]) {
  for (size_t i = 0; names[i]; i++) {
    lua_pushnil(L);
    lua_setfield(L, -2, names[i]);
  }
}

/* Leaves of the table on top the names that are listed. */
static void keep_names(lua_State *L, const char *const names[]) {
  lua_newtable(L);
  for (size_t i = 0; names[i]; i++) {
    lua_getfield(L, -2, names[i]);
    lua_setfield(L, -2, names[i]);
  }
  lua_replace(L, -2);
}

/* ---- Functions in place of Lua's own ------------------------------------------------- */

/* load, of text alone: bytecode is not checked by Lua, and could be made to break its machine. Lua's own is the upvalue. */
static int l_load(lua_State *L) {
  if (lua_gettop(L) < 3) lua_settop(L, 3);
  lua_pushliteral(L, "t");
  lua_replace(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

/* Lua looks for __gc when a metatable is set, and at no other time; so what a metatable is given later makes no finaliser. A function
** of one's own as a finaliser would run where nothing can stop it: between any two steps of the library.                           */
static int l_setmetatable(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  if (lua_istable(L, 2)) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return grl_error(L, "setmetatable: in a cell there are no finalisers (__gc)");
    lua_pop(L, 1);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

/* Metatables of tensors and of other things made in C have finalisers: they are nobody's to change. */
static int l_getmetatable(lua_State *L) {
  luaL_checkany(L, 1);
  if (lua_type(L, 1) != LUA_TTABLE) return lua_pushboolean(L, false), 1;
  if (luaL_getmetafield(L, 1, "__metatable") == LUA_TNIL && !lua_getmetatable(L, 1)) lua_pushnil(L);
  return 1;
}

static int l_collectgarbage(lua_State *L) {
  static const char *const wishes[] = { "collect", "count", "step", NULL };
  const int wish = luaL_checkoption(L, 1, "collect", wishes);
  if (wish == 1) return lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT) + lua_gc(L, LUA_GCCOUNTB) / 1024.0), 1;
  return lua_pushinteger(L, lua_gc(L, wish == 2 ? LUA_GCSTEP : LUA_GCCOLLECT, 0)), 1;
}

/* write(...): to standard output, as io.write; write of a file, whose first argument is the file. */
static int write_from(lua_State *L, int first) {
  for (int i = first; i <= lua_gettop(L); i++) {
    size_t n;
    const char *text = luaL_checklstring(L, i, &n);
    fwrite(text, 1, n, stdout);
  }
  lua_settop(L, 1);
  return 1;
}
static int l_write(lua_State *L) { return write_from(L, 1); }
static int l_write_file(lua_State *L) { return write_from(L, 2); }
static int l_flush(lua_State *L) { return fflush(stdout), lua_settop(L, 1), 1; }

/* Puts f, with Lua's own function of that name as its upvalue, in its place among the globals. */
static void replace(lua_State *L, const char *name, lua_CFunction f) {
  lua_getglobal(L, name);
  lua_pushcclosure(L, f, 1);
  lua_setglobal(L, name);
}

/* ---- What may not be caught ---------------------------------------------------------- */

/* After pcall and the like: where Lua's libraries lacked memory, that is the end, and no error that a script may pass over. */
static int look_at_end(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  if (lua_isboolean(L, 1) && !lua_toboolean(L, 1) && lua_type(L, 2) == LUA_TSTRING) {
    lua_pushvalue(L, 2);
    grl_end_if_short(L, LUA_OK);
    lua_pop(L, 1);
  }
  return lua_gettop(L);
}

static int l_caught(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, look_at_end);
  return look_at_end(L, LUA_OK, 0);
}

/* pcall, xpcall, coroutine.resume and close. */
static void guard_calls(lua_State *L) {
  static const char *const of_coroutine[] = { "resume", "close" };
  replace(L, "pcall", l_caught);
  replace(L, "xpcall", l_caught);
  lua_getglobal(L, "coroutine");
  for (size_t i = 0; i < sizeof of_coroutine / sizeof *of_coroutine; i++) {
    lua_getfield(L, -1, of_coroutine[i]);
    lua_pushcclosure(L, l_caught, 1);
    lua_setfield(L, -2, of_coroutine[i]);
  }
  lua_pop(L, 1);
}

/* ---- What is refused ----------------------------------------------------------------- */

static int l_refuse(lua_State *L) {
  return grl_error(L, "%s: in a cell there are no files, no other programs and no terminal", lua_tostring(L, lua_upvalueindex(1)));
}

/* attempt(f, ...): true and the results; false and the message. There is no Ctrl-C. */
static int l_attempt(lua_State *L) {
  lua_pushcfunction(L, grl_explain);
  lua_insert(L, 1);
  const int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
  if (status != LUA_OK) grl_end_if_short(L, status);
  lua_pushboolean(L, status == LUA_OK);
  lua_replace(L, 1);
  return lua_gettop(L);
}

static int l_no(lua_State *L) { return lua_pushboolean(L, false), 1; }

static int l_nothing(lua_State *L) { return lua_pushnil(L), 1; }

/* Puts into the table on top a function of that name that says why it does nothing. */
static void refuse(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  lua_pushcclosure(L, l_refuse, 1);
  lua_setfield(L, -2, name);
}

static void refuse_names(lua_State *L, const char *const names[]) {
  for (size_t i = 0; names[i]; i++) refuse(L, names[i]);
}

/* ---- Cutting down -------------------------------------------------------------------- */

/* The library writes its warnings; all of it is output. */
static void make_io(lua_State *L) {
  static const char *const files[] = { "stderr", "stdout", NULL }, *const refused[] = { "lines", "open", "popen", "read", NULL };
  lua_newtable(L);
  refuse_names(L, refused);
  lua_pushcfunction(L, l_write);
  lua_setfield(L, -2, "write");
  for (int i = 0; files[i]; i++) {
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, l_write_file);
    lua_setfield(L, -2, "write");
    lua_pushcfunction(L, l_flush);
    lua_setfield(L, -2, "flush");
    lua_setfield(L, -2, files[i]);
  }
  lua_setglobal(L, "io");
}

/* Methods of strings come from a table that nobody else has, and their metatable is out of reach. */
static void guard_strings(lua_State *L) {
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);
  lua_newtable(L);
  lua_getglobal(L, "string");
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, -6);
  }
  lua_pop(L, 1);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 2);
}

/* Of the searchers for modules, the last three look into folders. */
static void cut_package(lua_State *L) {
  static const char *const gone[] = { "loadlib", "cpath", "path", "searchpath", "config", NULL };
  lua_getglobal(L, "package");
  remove_names(L, gone);
  lua_getfield(L, -1, "searchers");
  for (lua_Integer i = luaL_len(L, -1); i > 1; i--) {
    lua_pushnil(L);
    lua_seti(L, -2, i);
  }
  lua_pop(L, 2);
}

static void make_os(lua_State *L) {
  static const char *const refused[] = { "execute", "remove", "rename", "tmpname", NULL };
  lua_getglobal(L, "os");
  refuse_names(L, refused);
  lua_pushcfunction(L, l_nothing);
  lua_setfield(L, -2, "getenv");
  lua_pop(L, 1);
}

static void cut_library(lua_State *L, const char *name, const char *const names[]) {
  lua_getglobal(L, name);
  keep_names(L, names);
  lua_pushvalue(L, -1);
  lua_setglobal(L, name);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "loaded");
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, name);
  lua_pop(L, 3);
}

void grl_cut_down(lua_State *L) {
  static const char *const gone[] = { "dofile", "loadfile", NULL }, *const of_string[] = { "dump", NULL };
  static const char *const of_os[] = { "clock", "date", "difftime", "time", NULL };
  static const char *const of_debug[] = {
    /* for the library alone: setupvalue is how gr.check.backprop puts students' functions back */
    "getinfo", "getlocal", "getmetatable", "getupvalue", "setupvalue", "traceback", NULL
  };
  lua_pushglobaltable(L);
  remove_names(L, gone);
  lua_getfield(L, -1, "string");
  remove_names(L, of_string);
  lua_pop(L, 2);
  cut_library(L, "os", of_os);
  cut_library(L, "debug", of_debug);
  make_os(L);
  make_io(L);
  guard_strings(L);
  cut_package(L);
  guard_calls(L);
  replace(L, "load", l_load);
  replace(L, "setmetatable", l_setmetatable);
  replace(L, "collectgarbage", l_collectgarbage);
}

/* Of io a script can use io.write alone; the library writes its warnings, too. */
void grl_cut_down_script(lua_State *L) {
  static const char *const gone[] = { "debug", "package", NULL }, *const of_io[] = {
    "lines", "open", "popen", "read", "write", NULL
  };
  replace(L, "getmetatable", l_getmetatable);
  lua_getfield(L, LUA_REGISTRYINDEX, GRL_ENVIRONMENT);
  lua_getglobal(L, "io");
  lua_setfield(L, -2, "io");
  lua_pop(L, 1);
  cut_library(L, "io", of_io);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "loaded");
  remove_names(L, gone);
  lua_pop(L, 2);
  lua_pushglobaltable(L);
  remove_names(L, gone);
  lua_pop(L, 1);
}

/* ---- core ---------------------------------------------------------------------------- */

static bool is_harmless(const char *name) {
  static const char *const names[] = {
    "idx",      "idx_bytes", /* of files in memory: core/io.c opens no others */
    "csv_text", "image_text", "packed_npy", "packed_safetensors", "sha256_text", "sha256_tensors", /* of bytes in memory */
    "script",   "at_end",     "files_read", "load_script",        "note_files",                    /* by which a run is recorded */
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

/* All functions of the file that `open` belongs to, but the harmless ones: a new one is refused until it is said to be harmless. */
static void refuse_file(lua_State *L, void (*open)(lua_State *)) {
  lua_newtable(L);
  open(L);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (is_harmless(lua_tostring(L, -2))) continue;
    lua_pushvalue(L, -4);
    refuse(L, lua_tostring(L, -3));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

void grl_cut_down_core(lua_State *L) {
  static const char *const others[] = { "program", "facts", NULL };
  refuse_file(L, grl_open_io);
  refuse_file(L, grl_open_files);
  refuse_file(L, grl_open_below);
  refuse_file(L, grl_open_terminal);
  refuse_file(L, grl_open_prompt);
  refuse_file(L, grl_open_editor);
  refuse_file(L, grl_open_script);
  refuse_file(L, grl_open_cell);
  refuse_names(L, others);
  lua_pushcfunction(L, l_attempt);
  lua_setfield(L, -2, "attempt");
  lua_pushcfunction(L, l_no);
  lua_setfield(L, -2, "terminal");
  lua_pushcfunction(L, l_nothing);
  lua_setfield(L, -2, "terminal_size");
}
