/* script.c: the script that the program runs: its text, kept for who records it; how it ended, told to who wants to know. */
#include "bind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define GRL_SCRIPT "gradus.script" /* in the registry: what core.script gives */
#define GRL_AT_END "gradus.at_end" /* in the registry: what core.at_end was given */

/* ---- Its text ----------------------------------------------------------------------- */

/* Pushes all that the file holds; false: pushes what is wrong. */
static bool push_file(lua_State *L, FILE *file, const char *name) {
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  for (size_t n = LUAL_BUFFERSIZE; n == LUAL_BUFFERSIZE;) {
    char *room = luaL_prepbuffer(&text);
    n = fread(room, 1, LUAL_BUFFERSIZE, file);
    luaL_addsize(&text, n);
  }
  bool failed = ferror(file);
  luaL_pushresult(&text);
  if (failed) lua_pushfstring(L, "cannot read %s: %s", name, strerror(errno));
  return !failed;
}

static bool push_text(lua_State *L, const grl_source *source) {
  if (source->code) return lua_pushstring(L, source->code), true;
  if (strcmp(source->path, "-") == 0) return push_file(L, stdin, "standard input");
  FILE *file = fopen(source->path, "rb");
  if (!file) return lua_pushfstring(L, "cannot open %s: %s", source->path, strerror(errno)), false;
  bool read = push_file(L, file, source->path);
  fclose(file);
  return read;
}

/* What Lua calls the text in messages: "@net.lua", "=stdin". */
static const char *push_chunk_name(lua_State *L, const grl_source *source) {
  if (source->code) return lua_pushliteral(L, "=(command line)");
  if (strcmp(source->path, "-") == 0) return lua_pushliteral(L, "=stdin");
  return lua_pushfstring(L, "@%s", source->path);
}

/* A first line "#!/usr/bin/env gradus" is none of Lua's; a byte-order mark neither. Its line end stays, so that lines keep their numbers. */
static const char *skip_first(const char *text, size_t *n) {
  if (*n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3, *n -= 3;
  if (*n == 0 || *text != '#') return text;
  const char *end = memchr(text, '\n', *n);
  const char *from = end ? end : text + *n;
  *n -= (size_t)(from - text);
  return from;
}

bool grl_load_text(lua_State *L, const char *text, size_t n, const char *name) {
  const char *from = skip_first(text, &n);
  return luaL_loadbufferx(L, from, n, name, "t") == LUA_OK;
}

/* Replaces the message of a syntax error by the code as an expression that is printed, if it is one. */
static bool load_expression(lua_State *L, const char *code, const char *name) {
  const char *printed = lua_pushfstring(L, "print(%s\n)", code);
  bool expression = luaL_loadbufferx(L, printed, strlen(printed), name, "t") == LUA_OK;
  if (expression) lua_replace(L, -3);
  lua_pop(L, expression ? 1 : 2);
  return expression;
}

/* Loads the text at -2 as a chunk of that name, which is at -1. Code of the command line may be an expression, too. */
static bool load(lua_State *L, const char *name) {
  size_t n;
  const char *text = lua_tolstring(L, -2, &n);
  const char *from = skip_first(text, &n);
  int status = luaL_loadbufferx(L, from, n, name, "t");
  if (status != LUA_ERRSYNTAX || strcmp(name, "=(command line)") != 0) return status == LUA_OK;
  return load_expression(L, text, name);
}

/* Keeps { path =, text =, chunk = } of the text at -2 and the chunk's name at -1. */
static void keep(lua_State *L, const grl_source *source) {
  lua_createtable(L, 0, 3);
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "text");
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "chunk");
  lua_pushstring(L, source->code ? "(command line)" : source->path);
  lua_setfield(L, -2, "path");
  lua_setfield(L, LUA_REGISTRYINDEX, GRL_SCRIPT);
}

bool grl_load_script(lua_State *L, const grl_source *source) {
  if (source->code) grl_bind_names(L);
  if (!push_text(L, source)) return false;
  const char *name = push_chunk_name(L, source);
  keep(L, source);
  bool loaded = load(L, name);
  lua_replace(L, -3);
  lua_pop(L, 1);
  return loaded;
}

/* script(): { path =, text =, chunk = } of the script that runs; nil at the prompt. */
static int l_script(lua_State *L) { return lua_getfield(L, LUA_REGISTRYINDEX, GRL_SCRIPT), 1; }

/* load_script(text, chunk): as a script is loaded that is run; what other calls of core.script then tell of. nil and the message. */
static int l_load_script(lua_State *L) {
  luaL_checkstring(L, 1);
  const char *name = luaL_checkstring(L, 2);
  grl_source source = { .path = name + (*name == '@') };
  lua_settop(L, 2);
  if (strcmp(name, "=(command line)") == 0) {
    source.path = "(command line)";
    grl_bind_names(L);
  }
  if (strcmp(name, "=stdin") == 0) source.path = "-";
  keep(L, &source);
  if (load(L, name)) return 1;
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

/* ---- What it reads ------------------------------------------------------------------ */

#define GRL_READ "gradus.read" /* in the registry: what core.files_read gives */

/* Where dofile goes on after the file has yielded. */
static int has_run(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  return lua_gettop(L);
}

/* Lua knows neither the name nor the caller of a function that we call for the script: the message gets both. */
static int raise_as_own(lua_State *L) {
  const char *message = lua_tostring(L, -1), *name = lua_tostring(L, lua_upvalueindex(2));
  if (!message || strncmp(message, "bad argument", 12) != 0) return lua_error(L);
  luaL_where(L, 1);
  luaL_gsub(L, message, "'?'", lua_pushfstring(L, "'%s'", name));
  lua_remove(L, -2);
  lua_concat(L, 2);
  return lua_error(L);
}

/* Adds { call, path, mode } to the list of what was read, while there is one. */
static void note_call(lua_State *L) {
  int n = lua_gettop(L);
  if (lua_type(L, 1) != LUA_TSTRING) return;
  if (lua_getfield(L, LUA_REGISTRYINDEX, GRL_READ) == LUA_TTABLE) {
    lua_createtable(L, 3, 0);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_seti(L, -2, 1);
    for (int i = 1; i <= n && i <= 2; i++) {
      lua_pushvalue(L, i);
      lua_seti(L, -2, i + 1);
    }
    lua_seti(L, -2, luaL_len(L, -2) + 1);
  }
  lua_settop(L, n);
}

/* Notes the call and goes on with Lua's own function, the first upvalue; its name is the second. */
static int l_noted(lua_State *L) {
  int n = lua_gettop(L);
  note_call(L);
  bool runs = strcmp(lua_tostring(L, lua_upvalueindex(2)), "dofile") == 0;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (runs) return lua_callk(L, n, LUA_MULTRET, 0, has_run), lua_gettop(L);
  return lua_pcall(L, n, LUA_MULTRET, 0) == LUA_OK ? lua_gettop(L) : raise_as_own(L);
}

/* Replaces the function `name` of the table on top of the stack. */
static void note_calls(lua_State *L, const char *name) {
  lua_getfield(L, -1, name);
  lua_pushstring(L, name);
  lua_pushcclosure(L, l_noted, 2);
  lua_setfield(L, -2, name);
}

/* Files that the script reads are noted from its first line on: gr.run, which may come later, records them. */
static void note_files(lua_State *L) {
  lua_newtable(L);
  lua_setfield(L, LUA_REGISTRYINDEX, GRL_READ);
  lua_pushglobaltable(L);
  note_calls(L, "dofile");
  note_calls(L, "loadfile");
  lua_getfield(L, -1, "io");
  note_calls(L, "open");
  note_calls(L, "lines");
  lua_pop(L, 2);
}

/* note_files(): as for a script that is about to run. */
static int l_note_files(lua_State *L) { return note_files(L), 0; }

/* files_read(): { { "dofile", path }, { "open", path, mode }, ... } so far; from then on nothing is noted. */
static int l_files_read(lua_State *L) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, GRL_READ) != LUA_TTABLE) lua_newtable(L);
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, GRL_READ);
  return 1;
}

/* ---- Its end ------------------------------------------------------------------------ */

/* at_end(f): f(how, message) is called when the script has ended: "finished", "failed" or "interrupted". */
static int l_at_end(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, GRL_AT_END);
  return 0;
}

/* Tells how the script ended; the message, if there is one, is on the stack. */
static bool tell_end(lua_State *L, bool ended) {
  const char *how = ended ? "finished" : grl_state_of(L)->stopped ? "interrupted" : "failed";
  if (lua_getfield(L, LUA_REGISTRYINDEX, GRL_AT_END) != LUA_TFUNCTION) return lua_pop(L, 1), true;
  lua_pushstring(L, how);
  if (!ended) lua_pushvalue(L, -3);
  return grl_run(L, ended ? 1 : 2, 0);
}

bool grl_run_script(lua_State *L, int n) {
  note_files(L);
  bool ended = grl_attempt(L, n, 0);
  if (!ended) {
    fflush(stdout);
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
  }
  bool told = tell_end(L, ended);
  if (!ended) lua_pop(L, 1);
  return ended && told;
}

void grl_open_script(lua_State *L) {
  static const luaL_Reg functions[] = { { "script", l_script },         { "files_read", l_files_read },
                                        { "note_files", l_note_files }, { "load_script", l_load_script },
                                        { "at_end", l_at_end },         { NULL, NULL } };
  luaL_setfuncs(L, functions, 0);
}
