/* portable.c: Lua's own functions of numbers, in portable mode: those of the C library give other bits on other machines.
**
** math's functions are replaced in the table. x ^ y cannot be: Lua's machine calls the C library's pow by itself, and so does
** Lua's compiler where both are constants. The linker takes a function of that name in the program for the library's, also in
** Lua as a shared library (ELF's rule that the program comes first), so ours stands here; it asks the mode, and outside of
** portable mode hands over to the one that comes next. fmod, floor and sqrt are exact everywhere.                          */
#include "bind.h"

#include <dlfcn.h>
#include <lualib.h>
#include <math.h>
#include <stdatomic.h>

/* ---- x ^ y -------------------------------------------------------------------------- */

typedef double of_two(double x, double y);

/* The C library's; found once. Threads that find it at the same time find the same. */
static of_two *next_pow(void) {
  static of_two *_Atomic found;
  of_two *next = atomic_load_explicit(&found, memory_order_relaxed);
  if (next) return next;
  *(void **)&next = dlsym(RTLD_NEXT, "pow"); /* as POSIX writes it: C has no cast from data to functions */
  atomic_store_explicit(&found, next, memory_order_relaxed);
  return next;
}

double pow(double x, double y) { return gr_portable() ? gr_own_pow(x, y) : next_pow()(x, y); }

/* ---- math --------------------------------------------------------------------------- */

#define ONE(name)                                             \
  static int l_##name(lua_State *L) {                         \
    lua_pushnumber(L, gr_own_##name(luaL_checknumber(L, 1))); \
    return 1;                                                 \
  }

ONE(exp)
ONE(log10)
ONE(sin)
ONE(cos)
ONE(tan)
ONE(asin)
ONE(acos)
ONE(sinh)
ONE(cosh)
ONE(tanh)

static int l_log(lua_State *L) {
  double x = luaL_checknumber(L, 1);
  lua_pushnumber(L, lua_isnoneornil(L, 2) ? gr_own_log(x) : gr_own_log_base(x, luaL_checknumber(L, 2)));
  return 1;
}

static int l_atan(lua_State *L) {
  double y = luaL_checknumber(L, 1), x = luaL_optnumber(L, 2, 1);
  lua_pushnumber(L, gr_own_atan2(y, x));
  return 1;
}

/* Functions that this Lua does not have (cosh and the like are there for compatibility only) are not added. */
void grl_open_portable(lua_State *L) {
  static const luaL_Reg functions[] = { { "exp", l_exp },   { "log", l_log },    { "log10", l_log10 }, { "sin", l_sin },
                                        { "cos", l_cos },   { "tan", l_tan },    { "asin", l_asin },   { "acos", l_acos },
                                        { "atan", l_atan }, { "atan2", l_atan }, { "sinh", l_sinh },   { "cosh", l_cosh },
                                        { "tanh", l_tanh }, { NULL, NULL } };
  if (!gr_portable()) return;
  lua_getglobal(L, LUA_MATHLIBNAME);
  for (const luaL_Reg *f = functions; f->name; f++) {
    if (lua_getfield(L, -1, f->name) == LUA_TFUNCTION) {
      lua_pushcfunction(L, f->func);
      lua_setfield(L, -3, f->name);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}
