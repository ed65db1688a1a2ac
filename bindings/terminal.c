/* terminal.c: the terminal that we run in: its size, and asking it what it can. */
#include "bind.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define GRL_KEYS "gradus.keys"

/* terminal_size(): columns, rows, and pixels across and down, of the terminal on standard output, each 0 when it does not
** tell; nothing when there is no terminal.                                                                              */
static int l_terminal_size(lua_State *L) {
  struct winsize size = { 0 };
  if (!isatty(STDOUT_FILENO)) return 0;
  ioctl(STDOUT_FILENO, TIOCGWINSZ, &size); /* on failure it stays unknown */
  lua_pushinteger(L, size.ws_col);
  lua_pushinteger(L, size.ws_row);
  lua_pushinteger(L, size.ws_xpixel);
  lua_pushinteger(L, size.ws_ypixel);
  return 4;
}

/* How the terminal was before; to be brought back. */
typedef struct keys {
  struct termios before;
  bool taken;
} keys;

static int l_give_back(lua_State *L) {
  keys *k = luaL_checkudata(L, 1, GRL_KEYS);
  if (k->taken) tcsetattr(STDIN_FILENO, TCSANOW, &k->before);
  k->taken = false;
  return 0;
}

static bool waiting(int milliseconds) {
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  return poll(&input, 1, milliseconds) > 0;
}

/* In the background a change of the terminal would stop us. Ctrl-C goes on to interrupt. */
static bool take(keys *k) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp()) return false;
  if (tcgetattr(STDIN_FILENO, &k->before) != 0) return false;
  struct termios raw = k->before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  k->taken = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  return k->taken;
}

/* terminal_keys(): takes what comes from the terminal, without echo and before the line is done, until it is closed. nil
** when standard input or output is no terminal, and when keys were pressed that are not ours to take.                   */
static int l_terminal_keys(lua_State *L) {
  keys *k = lua_newuserdatauv(L, sizeof *k, 0);
  k->taken = false;
  luaL_setmetatable(L, GRL_KEYS);
  if (take(k) && !waiting(0)) return 1;
  if (k->taken) tcsetattr(STDIN_FILENO, TCSANOW, &k->before);
  k->taken = false;
  lua_pushnil(L);
  return 1;
}

/* keys:read(seconds): what has come; nil when nothing does in that time. */
static int l_read(lua_State *L) {
  char text[256];
  const keys *k = luaL_checkudata(L, 1, GRL_KEYS);
  int milliseconds = (int)(1000 * luaL_checknumber(L, 2));
  ssize_t n = k->taken && waiting(milliseconds) ? read(STDIN_FILENO, text, sizeof text) : 0;
  if (n > 0) lua_pushlstring(L, text, (size_t)n);
  else lua_pushnil(L);
  return 1;
}

void grl_open_terminal(lua_State *L) {
  static const luaL_Reg functions[] = { { "terminal_size", l_terminal_size },
                                        { "terminal_keys", l_terminal_keys },
                                        { NULL, NULL } };
  static const luaL_Reg methods[] = { { "read", l_read }, { "__close", l_give_back }, { "__gc", l_give_back }, { NULL, NULL } };
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_KEYS);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
