/* json.c: JSON text from Lua values, and back. All bits of a number survive; keys are sorted, so that equal values give equal text. */
#include "bind.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 500 }; /* tables inside tables; also keeps a table that holds itself from going on for ever */

/* What must not be lost while something raises. */
typedef struct work {
  json_t *json;
  char *text;
} work;

static void release(void *owned) {
  work *w = owned;
  json_decref(w->json);
  free(w->text);
  *w = (work){ 0 };
}

/* ---- Lua to JSON -------------------------------------------------------------------- */

/* Where a value goes: the key of an object, or the end of an array; NULL, NULL: it is the whole. */
typedef struct place {
  json_t *into;
  const char *key;
} place;

/* Puts a new value where it belongs, which owns it from then on. */
static void put(lua_State *L, work *w, place p, json_t *value, const char *wrong) {
  if (!value) grl_error(L, "json: %s", wrong);
  int failed = 0;
  if (!p.into) w->json = value;
  else if (p.key) failed = json_object_set_new(p.into, p.key, value);
  else failed = json_array_append_new(p.into, value);
  if (failed) grl_error(L, "json: a key is not text in UTF-8");
}

static void encode(lua_State *L, work *w, place p, int depth);

/* The list on top of the stack. */
static void encode_list(lua_State *L, work *w, place p, int depth) {
  json_t *list = json_array();
  put(L, w, p, list, "out of memory");
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, -1); i <= n; i++) {
    lua_rawgeti(L, -1, i);
    encode(L, w, (place){ list, NULL }, depth + 1);
    lua_pop(L, 1);
  }
}

/* The table on top of the stack, whose keys are strings. */
static void encode_object(lua_State *L, work *w, place p, int depth) {
  json_t *object = json_object();
  put(L, w, p, object, "out of memory");
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    size_t n;
    const char *key = lua_tolstring(L, -2, &n);
    if (strlen(key) != n) grl_error(L, "json: a key has a zero byte");
    encode(L, w, (place){ object, key }, depth + 1);
  }
}

/* Whether the table on top is a list. What is neither a list without holes nor a table of names cannot be told in JSON. */
static bool is_list(lua_State *L) {
  size_t names = 0, count = 0, n = lua_rawlen(L, -1);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING) names++;
    count++;
  }
  if (names == count && count > 0) return false;
  if (names > 0 || count != n) grl_error(L, "json: a table must be a list without holes, or have names only");
  return true;
}

static json_t *text_value(lua_State *L, int arg) {
  size_t n;
  const char *text = lua_tolstring(L, arg, &n);
  return json_stringn(text, n);
}

/* The value on top of the stack. */
static void encode(lua_State *L, work *w, place p, int depth) {
  int type = lua_type(L, -1);
  if (depth > DEEPEST) grl_error(L, "json: tables are nested deeper than %d levels", DEEPEST);
  luaL_checkstack(L, 6, "json");
  if (type == LUA_TTABLE && is_list(L)) encode_list(L, w, p, depth);
  else if (type == LUA_TTABLE) encode_object(L, w, p, depth);
  else if (type == LUA_TSTRING) put(L, w, p, text_value(L, -1), "a string is not text in UTF-8");
  else if (type == LUA_TBOOLEAN) put(L, w, p, json_boolean(lua_toboolean(L, -1)), "");
  else if (lua_isinteger(L, -1)) put(L, w, p, json_integer(lua_tointeger(L, -1)), "out of memory");
  else if (type == LUA_TNUMBER) put(L, w, p, json_real(lua_tonumber(L, -1)), "numbers must be finite");
  else if (type == LUA_TLIGHTUSERDATA && !lua_touserdata(L, -1)) put(L, w, p, json_null(), "");
  else grl_error(L, "json: a %s cannot be written", luaL_typename(L, -1));
}

/* json_encode(value [, indented]): its text. An empty table is an empty list; core.null is null. */
static int l_encode(lua_State *L) {
  size_t layout = lua_toboolean(L, 2) ? JSON_INDENT(2) : JSON_COMPACT;
  lua_settop(L, 1);
  work *w = grl_new_owner(L, sizeof *w, release);
  lua_pushvalue(L, 1);
  encode(L, w, (place){ NULL, NULL }, 0);
  w->text = json_dumps(w->json, layout | JSON_SORT_KEYS | JSON_ENCODE_ANY);
  if (!w->text) return grl_error(L, "json: out of memory");
  lua_pushstring(L, w->text);
  release(w);
  return 1;
}

/* ---- JSON to Lua -------------------------------------------------------------------- */

static void push(lua_State *L, const json_t *value);

static void push_list(lua_State *L, const json_t *list) {
  size_t n = json_array_size(list);
  lua_createtable(L, n < 1 << 20 ? (int)n : 0, 0);
  for (size_t i = 0; i < n; i++) {
    push(L, json_array_get(list, i));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static void push_object(lua_State *L, json_t *object) {
  const char *key;
  json_t *value;
  lua_newtable(L);
  json_object_foreach(object, key, value) {
    lua_pushstring(L, key);
    push(L, value);
    lua_rawset(L, -3);
  }
}

/* The reader of JSON limits how deep values lie: the stack of C suffices. */
static void push(lua_State *L, const json_t *value) {
  luaL_checkstack(L, 6, "json");
  switch (json_typeof(value)) {
    case JSON_OBJECT: push_object(L, (json_t *)value); break;
    case JSON_ARRAY: push_list(L, value); break;
    case JSON_STRING: lua_pushlstring(L, json_string_value(value), json_string_length(value)); break;
    case JSON_INTEGER: lua_pushinteger(L, json_integer_value(value)); break;
    case JSON_REAL: lua_pushnumber(L, json_real_value(value)); break;
    case JSON_TRUE:
    case JSON_FALSE: lua_pushboolean(L, json_is_true(value)); break;
    case JSON_NULL: lua_pushlightuserdata(L, NULL); break;
  }
}

/* As many values as a text of JSON can hold at most: the whole, what stands behind each comma, and the first of each list and object.
** A line's end is in no string, so that lines are counted each by itself, whatever is wrong with one of them.                   */
static lua_Integer most_values(const char *text, size_t n) {
  bool inside = false; /* a string */
  lua_Integer count = 1;
  for (const char *c = text, *end = text + n; c < end; c++) {
    if (*c == '\n') inside = false;
    else if (inside && *c == '\\' && c + 1 < end && c[1] != '\n') c++;
    else if (*c == '"') inside = !inside;
    else if (!inside && (*c == ',' || *c == '[' || *c == '{')) count++;
  }
  return count;
}

/* json_count(text): how many values it can hold at most, told without reading them: `{},` takes a hundred times its own bytes. */
static int l_count(lua_State *L) {
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, most_values(text, n));
  return 1;
}

/* json_decode(text): the value; or nil and what is wrong with the text. */
static int l_decode(lua_State *L) {
  size_t n;
  json_error_t at;
  const char *text = luaL_checklstring(L, 1, &n);
  work *w = grl_new_owner(L, sizeof *w, release);
  w->json = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &at);
  if (!w->json) return lua_pushnil(L), lua_pushfstring(L, "%s (line %d, column %d)", at.text, at.line, at.column), 2;
  push(L, w->json);
  release(w);
  return 1;
}

void grl_open_json(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "json_encode", l_encode }, { "json_decode", l_decode }, { "json_count", l_count }, { NULL, NULL }
  };
  luaL_setfuncs(L, functions, 0);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
}
