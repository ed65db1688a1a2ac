/* io.c: reading files into tensors. */
#include "bind.h"

#include <string.h>

static gr_header header_option(lua_State *L, int arg) {
  if (lua_isnoneornil(L, arg)) return GR_HEADER_AUTO;
  return lua_toboolean(L, arg) ? GR_HEADER_YES : GR_HEADER_NO;
}

static const char *check_path(lua_State *L, int arg) {
  if (lua_type(L, arg) != LUA_TSTRING) grl_error(L, "a file name must be a string, got %s", luaL_typename(L, arg));
  return lua_tostring(L, arg);
}

static char separator_option(lua_State *L, int arg) {
  if (lua_isnoneornil(L, arg)) return ',';
  const char *text = luaL_tolstring(L, arg, NULL);
  if (strlen(text) != 1 || strchr("\"\r\n0123456789.+-eE", text[0]))
    grl_error(L, "csv: the separator must be one character such as \",\" \";\" or \"\\t\"");
  lua_pop(L, 1);
  return text[0];
}

static void free_csv(void *csv) { gr_csv_free(csv); }

/* Pushes an empty table's owner. */
static gr_csv *new_csv(lua_State *L) { return grl_new_owner(L, sizeof(gr_csv), free_csv); }

/* Pushes the table's tensor and the list of its column names (nil without a header). */
static int push_csv(lua_State *L, gr_csv *csv) {
  gr_tensor **box = grl_new_tensor(L);
  *box = csv->x;
  csv->x = NULL;
  grl_done(L, *box);
  if (csv->names) {
    lua_createtable(L, (int)csv->columns, 0);
    for (size_t i = 0; i < csv->columns; i++) {
      lua_pushstring(L, csv->names[i]);
      lua_seti(L, -2, (lua_Integer)i + 1);
    }
  } else {
    lua_pushnil(L);
  }
  gr_csv_free(csv);
  return 2;
}

/* csv(path [, separator [, header [, dtype]]]) */
static int l_csv(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  char separator = separator_option(L, 2);
  gr_dtype dtype = grl_opt_dtype(L, 4);
  grl_enter(L);
  gr_csv *csv = new_csv(L);
  if (!gr_csv_read(path, separator, header_option(L, 3), dtype, csv, &err)) return grl_raise(L, &err);
  return push_csv(L, csv);
}

/* csv_text(text, name): the same from memory, with a header. */
static int l_csv_text(lua_State *L) {
  gr_err err;
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n), *name = luaL_checkstring(L, 2);
  grl_enter(L);
  gr_csv *csv = new_csv(L);
  if (!gr_csv_parse(text, n, name, ',', GR_HEADER_YES, grl_state_of(L)->dtype, csv, &err)) return grl_raise(L, &err);
  return push_csv(L, csv);
}

static int l_idx(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_dtype dtype = grl_opt_dtype(L, 2);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_idx_read(path, dtype, &err);
  return grl_result(L, box, &err);
}

static int l_npy(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_npy_read(path, grl_state_of(L)->dtype, &err);
  return grl_result(L, box, &err);
}

static const luaL_Reg functions[] = {
  { "csv", l_csv }, { "csv_text", l_csv_text }, { "idx", l_idx }, { "npy", l_npy }, { NULL, NULL },
};

void grl_open_io(lua_State *L) { luaL_setfuncs(L, functions, 0); }
