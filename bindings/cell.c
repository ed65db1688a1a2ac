/* cell.c: cells as the marker's Lua sees them; the policy is gradus/cell.lua. */
#include "bind.h"

#include <string.h>

#define GRL_CELL "gradus.cell"

/* A text that a table holds, at the top of the stack: of a number the text that Lua makes would be gone with it. */
static const char *kept_text(lua_State *L) {
  luaL_argcheck(L, lua_type(L, -1) == LUA_TSTRING, 1, "names and paths of files must be texts");
  const char *text = lua_tostring(L, -1);
  lua_pop(L, 1);
  return text;
}

/* The list { { name, path }, ... } at arg, which must keep its strings. Pushes the memory that the pointers lie in. */
static const gr_cell_file *check_files(lua_State *L, int arg, size_t *count) {
  luaL_checktype(L, arg, LUA_TTABLE);
  *count = lua_rawlen(L, arg);
  gr_cell_file *files = lua_newuserdatauv(L, (*count + 1) * sizeof *files, 0);
  for (size_t i = 0; i < *count; i++) {
    luaL_argcheck(L, lua_rawgeti(L, arg, (lua_Integer)i + 1) == LUA_TTABLE, 1, "files must be { { name, path }, ... }");
    lua_rawgeti(L, -1, 1);
    files[i].name = kept_text(L);
    lua_rawgeti(L, -1, 2);
    files[i].path = kept_text(L);
    lua_pop(L, 1);
  }
  return files;
}

/* cell_start{ name =, script =, inputs =, seconds =, memory =, output =, value =, zone = or nil, trust =, files = }: a cell that runs;
** inputs are JSON, files { { name, path }, ... }.                                                                              */
static int l_start(lua_State *L) {
  gr_err err;
  gr_cell_job job = { 0 };
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  const char *const fields[] = { "name", "script", "inputs", "seconds", "memory", "output", "value", "zone", "trust", "files" };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) lua_getfield(L, 1, fields[i]);
  job.name = luaL_checkstring(L, 2);
  job.script = luaL_checklstring(L, 3, &job.script_size);
  job.inputs = luaL_checklstring(L, 4, &job.inputs_size);
  job.seconds = luaL_checknumber(L, 5);
  job.memory = grl_check_count(L, 6, 1, "cell: memory");
  job.output = grl_check_count(L, 7, 0, "cell: output");
  job.value = grl_check_count(L, 8, 1, "cell: value");
  job.zone = luaL_optstring(L, 9, NULL);
  job.trust = lua_toboolean(L, 10);
  job.files = check_files(L, 11, &job.file_count);
  gr_cell *c = lua_newuserdatauv(L, sizeof *c, 0);
  *c = (gr_cell){ .channel = -1, .printed = -1, .text = "" };
  luaL_setmetatable(L, GRL_CELL);
  return gr_cell_start(c, &job, &err) ? 1 : grl_raise(L, &err);
}

static void push_walls(lua_State *L, unsigned walls) {
  static const char *const names[] = { "user", "namespaces", "limits", "landlock", "seccomp" };
  lua_newtable(L);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!(walls & 1u << i)) continue;
    lua_pushstring(L, names[i]);
    lua_seti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
}

static const char *word_of(gr_cell_end end) {
  static const char *const words[] = {
    [GR_CELL_RUNS] = "runs",           [GR_CELL_FINISHED] = "finished", [GR_CELL_FAILED] = "failed", [GR_CELL_TIME] = "time",
    [GR_CELL_MEMORY] = "memory",       [GR_CELL_CALL] = "call",         [GR_CELL_VALUE] = "value",   [GR_CELL_OUTPUT] = "output",
    [GR_CELL_SIGNAL] = "signal",       [GR_CELL_SILENT] = "silent",     [GR_CELL_UNTRUE] = "untrue", [GR_CELL_LATE] = "late",
    [GR_CELL_UNSTARTED] = "unstarted",
  };
  return words[end];
}

/* Pushes { how =, text =, detail =, output =, seconds =, walls = }. */
static void push_end(lua_State *L, const gr_cell *c) {
  lua_createtable(L, 0, 6);
  lua_pushstring(L, word_of(c->end));
  lua_setfield(L, -2, "how");
  lua_pushlstring(L, c->text, c->text_size);
  lua_setfield(L, -2, "text");
  lua_pushinteger(L, c->detail);
  lua_setfield(L, -2, "detail");
  lua_pushlstring(L, c->output, c->output_size);
  lua_setfield(L, -2, "output");
  lua_pushnumber(L, c->took);
  lua_setfield(L, -2, "seconds");
  push_walls(L, c->walls);
  lua_setfield(L, -2, "walls");
}

/* cell:wait(seconds): how it ended, once; nothing while it runs. */
static int l_wait(lua_State *L) {
  gr_cell *c = luaL_checkudata(L, 1, GRL_CELL);
  const double seconds = luaL_checknumber(L, 2);
  grl_enter(L);
  if (!c->output || !gr_cell_wait(c, seconds)) return 0;
  push_end(L, c);
  gr_cell_close(c);
  return 1;
}

static int l_close(lua_State *L) {
  gr_cell_close(luaL_checkudata(L, 1, GRL_CELL));
  return 0;
}

void grl_open_cell(lua_State *L) {
  static const luaL_Reg functions[] = { { "cell_start", l_start }, { NULL, NULL } };
  static const luaL_Reg methods[] = {
    { "wait", l_wait }, { "close", l_close }, { "__close", l_close }, { "__gc", l_close }, { NULL, NULL }
  };
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_CELL);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
