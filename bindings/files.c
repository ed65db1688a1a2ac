/* files.c: files as such, and other programs. */
#include "bind.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define GRL_CHILD "gradus.child"

/* sha256(path): of the file's bytes. */
static int l_sha256(lua_State *L) {
  gr_err err;
  char hex[GR_SHA256_ROOM];
  if (!gr_sha256_file(luaL_checkstring(L, 1), hex, &err)) return grl_raise(L, &err);
  lua_pushstring(L, hex);
  return 1;
}

/* sha256_content(path, most): of what a gzipped file holds. nil and the reason for one that is damaged or holds more. */
static int l_sha256_content(lua_State *L) {
  gr_err err;
  char hex[GR_SHA256_ROOM];
  bool ok = gr_sha256_content(luaL_checkstring(L, 1), grl_check_count(L, 2, 0, "sha256_content: most"), hex, &err);
  if (ok) return lua_pushstring(L, hex), 1;
  lua_pushnil(L);
  lua_pushstring(L, err.text);
  return 2;
}

/* exists(path): whether anything has that name. */
static int l_exists(lua_State *L) {
  struct stat about;
  lua_pushboolean(L, stat(luaL_checkstring(L, 1), &about) == 0);
  return 1;
}

/* is_file(path): whether it is a regular file, or a link to one: no folder, pipe or device. */
static int l_is_file(lua_State *L) {
  struct stat about;
  lua_pushboolean(L, stat(luaL_checkstring(L, 1), &about) == 0 && S_ISREG(about.st_mode));
  return 1;
}

/* sha256_text(text) */
static int l_sha256_text(lua_State *L) {
  size_t n;
  char hex[GR_SHA256_ROOM];
  const char *text = luaL_checklstring(L, 1, &n);
  gr_sha256_bytes(text, n, hex);
  lua_pushstring(L, hex);
  return 1;
}

/* sha256_tensors{ t, ... }: of all their bits. The list keeps the tensors. */
static int l_sha256_tensors(lua_State *L) {
  gr_err err;
  char hex[GR_SHA256_ROOM];
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t n = lua_rawlen(L, 1);
  gr_tensor **list = lua_newuserdatauv(L, (n + 1) * sizeof *list, 0);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    list[i] = grl_check_tensor(L, -1);
    lua_pop(L, 1);
    if (!gr_ready(list[i], &err)) return grl_raise(L, &err);
  }
  gr_sha256_tensors(list, n, hex);
  lua_pushstring(L, hex);
  return 1;
}

/* new_folder(path): false when something has that name. */
static int l_new_folder(lua_State *L) {
  gr_err err;
  bool there, made = gr_folder_new(luaL_checkstring(L, 1), &there, &err);
  if (!made && !there) return grl_raise(L, &err);
  lua_pushboolean(L, made);
  return 1;
}

static int l_remove_folder(lua_State *L) {
  gr_err err;
  return gr_folder_remove(luaL_checkstring(L, 1), &err) ? 0 : grl_raise(L, &err);
}

/* cut_file(path, bytes) */
static int l_cut_file(lua_State *L) {
  gr_err err;
  return gr_file_cut(luaL_checkstring(L, 1), grl_check_count(L, 2, 0, "cut_file: bytes"), &err) ? 0 : grl_raise(L, &err);
}

static int l_make_folder(lua_State *L) {
  gr_err err;
  return gr_folder_make(luaL_checkstring(L, 1), &err) ? 0 : grl_raise(L, &err);
}

/* copy_file(from, to) */
static int l_copy_file(lua_State *L) {
  gr_err err;
  return gr_file_copy(luaL_checkstring(L, 1), luaL_checkstring(L, 2), &err) ? 0 : grl_raise(L, &err);
}

static void release_path(void *owned) { gr_free(*(char **)owned); }

/* full_path(path): from the root. */
static int l_full_path(lua_State *L) {
  gr_err err;
  const char *path = luaL_checkstring(L, 1);
  char **full = grl_new_owner(L, sizeof *full, release_path);
  *full = gr_file_full_path(path, &err);
  if (!*full) return grl_raise(L, &err);
  lua_pushstring(L, *full);
  return 1;
}

/* Once: when it is collected after it was closed, its number may be another file's. */
static void release_lock(void *owned) {
  int *lock = owned;
  gr_folder_unlock(*lock);
  *lock = -1;
}

/* lock_folder(path): kept until what it gives is closed or collected. */
static int l_lock_folder(lua_State *L) {
  gr_err err;
  const char *path = luaL_checkstring(L, 1);
  int *lock = grl_new_owner(L, sizeof *lock, release_lock);
  *lock = gr_folder_lock(path, &err);
  return *lock >= 0 ? 1 : grl_raise(L, &err);
}

/* place_file(from, to) */
static int l_place_file(lua_State *L) {
  gr_err err;
  return gr_file_place(luaL_checkstring(L, 1), luaL_checkstring(L, 2), &err) ? 0 : grl_raise(L, &err);
}

/* write_file(path, bytes) */
static int l_write_file(lua_State *L) {
  gr_err err;
  size_t n;
  const char *path = luaL_checkstring(L, 1), *bytes = luaL_checklstring(L, 2, &n);
  return gr_file_write(path, bytes, n, &err) ? 0 : grl_raise(L, &err);
}

/* append_private(path, text) */
static int l_append_private(lua_State *L) {
  gr_err err;
  size_t n;
  const char *path = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &n);
  return gr_file_append(path, text, n, &err) ? 0 : grl_raise(L, &err);
}

static void close_folder(void *folder) {
  if (*(DIR **)folder) closedir(*(DIR **)folder);
}

/* Whether an entry of the folder is one itself; also by a link. */
static bool is_folder(const char *folder, const struct dirent *entry) {
  char path[PATH_MAX];
  struct stat about;
  if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) return entry->d_type == DT_DIR;
  snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* list_folder(path): the names in it, in no order, folders with a slash behind; nothing when it cannot be read. */
static int l_list_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **folder = grl_new_owner(L, sizeof(DIR *), close_folder);
  *folder = opendir(path);
  lua_newtable(L);
  if (!*folder) return 1;
  lua_Integer n = 0;
  for (struct dirent *entry; (entry = readdir(*folder));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    lua_pushfstring(L, is_folder(path, entry) ? "%s/" : "%s", entry->d_name);
    lua_seti(L, -2, ++n);
  }
  closedir(*folder);
  *folder = NULL;
  return 1;
}

/* ---- Other programs ----------------------------------------------------------------- */

/* The list at 1, which must keep its strings, with NULL behind it. Pushes the memory that the pointers lie in. */
static const char *const *check_words(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t n = lua_rawlen(L, 1);
  const char **words = lua_newuserdatauv(L, (n + 1) * sizeof *words, 0);
  for (size_t i = 0; i < n; i++) {
    size_t length;
    if (lua_rawgeti(L, 1, (lua_Integer)i + 1) != LUA_TSTRING) luaL_argerror(L, 1, "a list of strings is expected");
    words[i] = lua_tolstring(L, -1, &length);
    if (strlen(words[i]) != length) /* the program would see the word cut */
      luaL_error(L, "word %I must be one line without control characters, but has U+0000: '%s\\0...'", (lua_Integer)i + 1,
                 words[i]);
    lua_pop(L, 1);
  }
  luaL_argcheck(L, n > 0, 1, "a program's name is expected");
  words[n] = NULL;
  return words;
}

/* child({ name, argument, ... } [, input]): a program that runs beside ours; nil and the reason when it cannot be started. With an
** input it reads that text, and child:result() gives what it writes to standard output. */
static int l_child(lua_State *L) {
  gr_err err;
  size_t n;
  const char *input = luaL_optlstring(L, 2, NULL, &n);
  const char *const *words = check_words(L);
  gr_child *c = lua_newuserdatauv(L, sizeof *c, 0);
  *c = (gr_child){ .out = -1, .kept = -1 };
  luaL_setmetatable(L, GRL_CHILD);
  if (input ? gr_child_filter(c, words, input, n, &err) : gr_child_start(c, words, &err)) return 1;
  lua_pushnil(L);
  lua_pushstring(L, err.text);
  return 2;
}

/* child:wait(seconds): its exit status and what it said, or nothing while it runs. */
static int l_wait(lua_State *L) {
  int status;
  gr_child *c = luaL_checkudata(L, 1, GRL_CHILD);
  grl_enter(L);
  if (!c->pid || !gr_child_wait(c, luaL_checknumber(L, 2), &status)) return 0;
  lua_pushinteger(L, status);
  lua_pushstring(L, c->said);
  return 2;
}

static void release_text(void *owned) {
  char **text = owned;
  gr_free(*text);
  *text = NULL;
}

/* child:result(): all that it wrote to standard output. */
static int l_result(lua_State *L) {
  gr_err err;
  size_t n;
  const gr_child *c = luaL_checkudata(L, 1, GRL_CHILD);
  char **text = grl_new_owner(L, sizeof *text, release_text);
  if (!(*text = gr_child_result(c, &n, &err))) return grl_raise(L, &err);
  lua_pushlstring(L, *text, n);
  release_text(text);
  return 1;
}

static int l_end(lua_State *L) {
  gr_child_end(luaL_checkudata(L, 1, GRL_CHILD));
  return 0;
}

static const luaL_Reg functions[] = {
  { "sha256", l_sha256 },
  { "sha256_content", l_sha256_content },
  { "copy_file", l_copy_file },
  { "sha256_text", l_sha256_text },
  { "is_file", l_is_file },
  { "exists", l_exists },
  { "sha256_tensors", l_sha256_tensors },
  { "make_folder", l_make_folder },
  { "new_folder", l_new_folder },
  { "cut_file", l_cut_file },
  { "remove_folder", l_remove_folder },
  { "append_private", l_append_private },
  { "list_folder", l_list_folder },
  { "child", l_child },
  { "place_file", l_place_file },
  { "write_file", l_write_file },
  { "full_path", l_full_path },
  { "lock_folder", l_lock_folder },
  { NULL, NULL },
};

void grl_open_files(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "wait", l_wait }, { "result", l_result }, { "__close", l_end }, { "__gc", l_end }, { NULL, NULL }
  };
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_CHILD);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
