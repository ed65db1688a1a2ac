/* below.c: what strangers hand in: files below a folder of theirs, and deflated streams. */
#include "bind.h"

#define GRL_INFLATER "gradus.inflater"

static int nothing(lua_State *L, const gr_err *err) {
  lua_pushnil(L);
  lua_pushstring(L, err->text);
  return 2;
}

/* ---- Folders and files -------------------------------------------------------------- */

static void release_list(void *owned) {
  void **list = owned;
  gr_below_close(*list);
  *list = NULL;
}

static void push_found(lua_State *L, const gr_below *found) {
  lua_createtable(L, 0, 3);
  lua_pushstring(L, found->name);
  lua_setfield(L, -2, "name");
  lua_pushstring(L, found->kind);
  lua_setfield(L, -2, "kind");
  lua_pushinteger(L, found->modified);
  lua_setfield(L, -2, "modified");
}

/* list_below(folder, inside, most): { { name, kind, modified }, ... } in no order, of at most so many; nil and the reason. */
static int l_list_below(lua_State *L) {
  gr_err err = { 0 };
  const char *folder = luaL_checkstring(L, 1), *inside = luaL_checkstring(L, 2);
  lua_Integer most = luaL_checkinteger(L, 3);
  void **list = grl_new_owner(L, sizeof *list, release_list);
  *list = gr_below_open(folder, inside, &err);
  if (!*list) return nothing(L, &err);
  lua_newtable(L);
  gr_below found;
  for (lua_Integer n = 1; n <= most && gr_below_next(*list, &found, &err); n++) {
    push_found(L, &found);
    lua_seti(L, -2, n);
  }
  release_list(list);
  return err.text[0] ? nothing(L, &err) : 1;
}

static void release_bytes(void *owned) {
  char **bytes = owned;
  gr_free(*bytes);
  *bytes = NULL;
}

/* read_below(folder, inside, most): the file's bytes; nil and the reason. */
static int l_read_below(lua_State *L) {
  gr_err err;
  size_t n, most = grl_check_count(L, 3, 0, "read_below: most");
  const char *folder = luaL_checkstring(L, 1), *inside = luaL_checkstring(L, 2);
  char **bytes = grl_new_owner(L, sizeof *bytes, release_bytes);
  if (!(*bytes = gr_below_read(folder, inside, most, &n, &err))) return nothing(L, &err);
  lua_pushlstring(L, *bytes, n);
  release_bytes(bytes);
  return 1;
}

/* new_private_folder(path): false when something has that name. */
static int l_new_private_folder(lua_State *L) {
  gr_err err;
  bool there, made = gr_folder_new_private(luaL_checkstring(L, 1), &there, &err);
  if (!made && !there) return grl_raise(L, &err);
  lua_pushboolean(L, made);
  return 1;
}

/* ---- Deflated streams --------------------------------------------------------------- */

static gr_inflater **check_inflater(lua_State *L) {
  gr_inflater **f = luaL_checkudata(L, 1, GRL_INFLATER);
  luaL_argcheck(L, *f, 1, "it has failed or was closed");
  return f;
}

static int l_close(lua_State *L) {
  gr_inflater **f = luaL_checkudata(L, 1, GRL_INFLATER);
  gr_inflater_free(*f);
  *f = NULL;
  return 0;
}

/* inflater(bytes, "gzip" or "raw") */
static int l_inflater(lua_State *L) {
  static const char *const kinds[] = { "raw", "gzip", NULL };
  gr_err err;
  size_t n;
  const char *bytes = luaL_checklstring(L, 1, &n);
  bool gzip = luaL_checkoption(L, 2, NULL, kinds) == 1;
  gr_inflater **f = lua_newuserdatauv(L, sizeof *f, 1);
  *f = NULL;
  luaL_setmetatable(L, GRL_INFLATER);
  lua_pushvalue(L, 1); /* the bytes must stay */
  lua_setiuservalue(L, -2, 1);
  *f = gr_inflater_new(bytes, n, gzip, &err);
  return *f ? 1 : grl_raise(L, &err);
}

/* inflater:read(n): the next n bytes, fewer where it ends; nil and the reason for one that is damaged. */
static int l_read(lua_State *L) {
  gr_err err;
  luaL_Buffer b;
  gr_inflater **f = check_inflater(L);
  size_t got, n = grl_check_count(L, 2, 0, "inflater:read: n");
  char *to = luaL_buffinitsize(L, &b, n);
  bool ok = gr_inflater_read(*f, to, n, &got, &err);
  luaL_pushresultsize(&b, ok ? got : 0);
  if (ok) return 1;
  l_close(L);
  return nothing(L, &err);
}

/* inflater:left(): how many of the bytes were not needed so far. */
static int l_left(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)gr_inflater_left(*check_inflater(L)));
  return 1;
}

/* crc32(bytes) */
static int l_crc32(lua_State *L) {
  size_t n;
  const char *bytes = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, gr_crc32(bytes, n));
  return 1;
}

void grl_open_below(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "list_below", l_list_below }, { "read_below", l_read_below }, { "new_private_folder", l_new_private_folder },
    { "inflater", l_inflater },     { "crc32", l_crc32 },           { NULL, NULL },
  };
  static const luaL_Reg methods[] = {
    { "read", l_read }, { "left", l_left }, { "__close", l_close }, { "__gc", l_close }, { NULL, NULL }
  };
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_INFLATER);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
