/* io.c: reading files into tensors, and writing them. */
#include "bind.h"

#include <stdlib.h>
#include <string.h>

static gr_header header_option(lua_State *L, int arg) {
  if (lua_isnoneornil(L, arg)) return GR_HEADER_AUTO;
  return lua_toboolean(L, arg) ? GR_HEADER_YES : GR_HEADER_NO;
}

static const char *check_path(lua_State *L, int arg) {
  if (lua_type(L, arg) != LUA_TSTRING) grl_error(L, "a file name must be a string, got %s", luaL_typename(L, arg));
  return lua_tostring(L, arg);
}

/* The text at arg. Zero bytes would end it early in C. */
static const char *check_text(lua_State *L, int arg, const char *what) {
  size_t n;
  const char *text = lua_type(L, arg) == LUA_TSTRING ? lua_tolstring(L, arg, &n) : NULL;
  if (!text || strlen(text) != n) grl_error(L, "%s must be a string without zero bytes, got %s", what, grl_describe(L, arg));
  return text;
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

/* idx(path [, dtype [, divisor]]) */
static int l_idx(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_dtype dtype = grl_opt_dtype(L, 2);
  double divisor = grl_opt_number(L, 3, 1, "idx: the divisor");
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_idx_read_divided(path, dtype, divisor, &err);
  return grl_result(L, box, &err);
}

/* idx_bytes(path [, dtype [, divisor]]): a byte set */
static int l_idx_bytes(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_dtype dtype = grl_opt_dtype(L, 2);
  double divisor = grl_opt_number(L, 3, 1, "idx: the divisor");
  gr_bytes **box = grl_new_bytes(L);
  *box = gr_idx_read_bytes(path, dtype, divisor, &err);
  return grl_bytes_result(L, box, &err);
}

static int l_npy(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_npy_read(path, grl_state_of(L)->dtype, &err);
  return grl_result(L, box, &err);
}

/* save_npy(path, t) */
static int l_save_npy(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_tensor *t = grl_check_tensor(L, 2);
  grl_enter(L);
  return gr_npy_write(path, t, &err) ? 0 : grl_raise(L, &err);
}

/* Releases memory of the C library's, once. */
static void free_text(void *owned) {
  char **text = owned;
  free(*text);
  *text = NULL;
}

/* Pushes what `*text`, an owner on the stack, holds, and releases it; raises where it holds nothing. */
static int push_packed(lua_State *L, char **text, size_t count, const gr_err *err) {
  if (!*text) return grl_raise(L, err);
  lua_pushlstring(L, *text, count);
  free_text(text);
  return 1;
}

/* packed_npy(t): the bytes that save_npy would write */
static int l_packed_npy(lua_State *L) {
  gr_err err;
  size_t count = 0;
  gr_tensor *t = grl_check_tensor(L, 1);
  grl_enter(L);
  char **text = grl_new_owner(L, sizeof *text, free_text);
  *text = gr_npy_bytes(t, &count, &err);
  return push_packed(L, text, count, &err);
}

/* The strings of the list at arg, which must keep them. Pushes the memory that the pointers lie in. */
static char **check_names(lua_State *L, int arg, size_t n) {
  char **names = lua_newuserdatauv(L, (n + 1) * sizeof *names, 0);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    names[i] = (char *)check_text(L, -1, "a column's name");
    lua_pop(L, 1);
  }
  return names;
}

/* save_csv(path, t [, { name, ... }]) */
static int l_save_csv(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_tensor *t = grl_check_tensor(L, 2);
  size_t n = lua_istable(L, 3) ? lua_rawlen(L, 3) : 0;
  char **names = lua_istable(L, 3) ? check_names(L, 3, n) : NULL;
  grl_enter(L);
  return gr_csv_write(path, t, names, n, &err) ? 0 : grl_raise(L, &err);
}

/* ---- Named tensors ------------------------------------------------------------------ */

static void free_bundle(void *bundle) { gr_bundle_free(bundle); }

/* Adds the tensors of the list at arg, { { name, tensor }, ... }. */
static void add_tensors(lua_State *L, int arg, gr_bundle *b) {
  gr_err err;
  luaL_checktype(L, arg, LUA_TTABLE);
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, arg); i <= n; i++) {
    lua_rawgeti(L, arg, i);
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    const char *name = check_text(L, -2, "a tensor's name");
    gr_tensor *t = grl_test_tensor(L, -1);
    if (!t) grl_error(L, "'%s' must be a tensor, got %s", name, grl_describe(L, -1));
    if (!gr_bundle_add(b, name, t, &err)) grl_raise(L, &err);
    lua_pop(L, 3);
  }
}

/* Adds the notes of the table at arg, { key = text }; nothing: none. */
static void add_notes(lua_State *L, int arg, gr_bundle *b) {
  gr_err err;
  if (lua_isnoneornil(L, arg)) return;
  luaL_checktype(L, arg, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1))
    if (!gr_bundle_note(b, check_text(L, -2, "a note's name"), check_text(L, -1, "a note"), &err)) grl_raise(L, &err);
}

/* save_safetensors(path, { { name, tensor }, ... } [, { key = text }]) */
static int l_save_safetensors(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  lua_settop(L, 3);
  grl_enter(L);
  gr_bundle *b = grl_new_owner(L, sizeof *b, free_bundle);
  add_tensors(L, 2, b);
  add_notes(L, 3, b);
  if (!gr_safetensors_write(path, b, &err)) return grl_raise(L, &err);
  gr_bundle_free(b);
  return 0;
}

/* Pushes { { name, tensor }, ... }. */
static void push_tensors(lua_State *L, gr_bundle *b) {
  lua_newtable(L);
  for (size_t i = 0; i < b->count; i++) {
    lua_createtable(L, 2, 0);
    lua_pushstring(L, b->names[i]);
    lua_rawseti(L, -2, 1);
    gr_tensor **box = grl_new_tensor(L);
    *box = gr_ref(b->tensors[i]);
    grl_done(L, *box);
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static void push_notes(lua_State *L, const gr_bundle *b) {
  lua_newtable(L);
  for (size_t i = 0; i < b->notes; i++) {
    lua_pushstring(L, b->values[i]);
    lua_setfield(L, -2, b->keys[i]);
  }
}

/* safetensors(path): { { name, tensor }, ... } in the order of the file, and its notes, { key = text } */
static int l_safetensors(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  grl_enter(L);
  gr_bundle *b = grl_new_owner(L, sizeof *b, free_bundle);
  if (!gr_safetensors_read(path, b, &err)) return grl_raise(L, &err);
  push_tensors(L, b);
  push_notes(L, b);
  gr_bundle_free(b);
  return 2;
}

/* npz(path): { { name, tensor }, ... } in the order of the file */
static int l_npz(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  grl_enter(L);
  gr_bundle *b = grl_new_owner(L, sizeof *b, free_bundle);
  if (!gr_npz_read(path, grl_state_of(L)->dtype, b, &err)) return grl_raise(L, &err);
  push_tensors(L, b);
  gr_bundle_free(b);
  return 1;
}

/* save_npz(path, { { name, tensor }, ... }) */
static int l_save_npz(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  grl_enter(L);
  gr_bundle *b = grl_new_owner(L, sizeof *b, free_bundle);
  add_tensors(L, 2, b);
  if (!gr_npz_write(path, b, &err)) return grl_raise(L, &err);
  gr_bundle_free(b);
  return 0;
}

/* image(path, gray, scale [, dtype]) */
static int l_image(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  double scale = grl_check_number(L, 3, "image: the scale");
  gr_dtype dtype = grl_opt_dtype(L, 4);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_image_read(path, lua_toboolean(L, 2), scale, dtype, &err);
  return grl_result(L, box, &err);
}

/* image_text(bytes, name): the same from memory, 0..1, in the default type */
static int l_image_text(lua_State *L) {
  gr_err err;
  size_t n;
  const char *bytes = luaL_checklstring(L, 1, &n), *name = luaL_checkstring(L, 2);
  gr_tensor **box = grl_new_tensor(L);
  *box = gr_image_parse(name, bytes, n, false, 255, grl_state_of(L)->dtype, &err);
  return grl_result(L, box, &err);
}

/* save_image(path, t, scale) */
static int l_save_image(lua_State *L) {
  gr_err err;
  const char *path = check_path(L, 1);
  gr_tensor *t = grl_check_tensor(L, 2);
  double scale = grl_check_number(L, 3, "save_image: the scale");
  grl_enter(L);
  return gr_image_write(path, t, scale, &err) ? 0 : grl_raise(L, &err);
}

/* packed_safetensors({ { name, tensor }, ... } [, { key = text }]): the bytes that save_safetensors would write */
static int l_packed_safetensors(lua_State *L) {
  gr_err err;
  size_t count = 0;
  lua_settop(L, 2);
  grl_enter(L);
  gr_bundle *b = grl_new_owner(L, sizeof *b, free_bundle);
  add_tensors(L, 1, b);
  add_notes(L, 2, b);
  char **text = grl_new_owner(L, sizeof *text, free_text);
  *text = gr_safetensors_bytes(b, &count, &err);
  gr_bundle_free(b);
  return push_packed(L, text, count, &err);
}

static const luaL_Reg functions[] = {
  { "npz", l_npz },
  { "save_npz", l_save_npz },
  { "csv", l_csv },
  { "csv_text", l_csv_text },
  { "idx", l_idx },
  { "idx_bytes", l_idx_bytes },
  { "npy", l_npy },
  { "image", l_image },
  { "image_text", l_image_text },
  { "save_image", l_save_image },
  { "safetensors", l_safetensors },
  { "save_safetensors", l_save_safetensors },
  { "save_npy", l_save_npy },
  { "packed_npy", l_packed_npy },
  { "packed_safetensors", l_packed_safetensors },
  { "save_csv", l_save_csv },
  { NULL, NULL },
};

void grl_open_io(lua_State *L) { luaL_setfuncs(L, functions, 0); }
