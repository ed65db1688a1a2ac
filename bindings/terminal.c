/* terminal.c: the terminal that we run in: its size, and asking it what it can. */
#include "bind.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

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

static bool waiting(double seconds) {
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  return seconds >= 0 && poll(&input, 1, (int)(1000 * seconds)) > 0;
}

/* Takes what comes as it comes, without echo. In the background a change of the terminal would stop us. Ctrl-C goes on to
** interrupt.                                                                                                          */
static bool open_keys(struct termios *before) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp()) return false;
  if (tcgetattr(STDIN_FILENO, before) != 0) return false;
  struct termios raw = *before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

/* Waits until all is answered, or so many seconds have passed since it was asked, or a signal comes. */
static void await(double seconds) {
  char text[256];
  while (grl_keys_expected() && !grl_keys_full() && waiting(seconds - grl_keys_waited())) {
    ssize_t n = read(STDIN_FILENO, text, sizeof text);
    if (n < 1) return;
    grl_keys_take(text, (size_t)n);
  }
}

/* terminal_answer(question, seconds, keeps): what the terminal has answered, and whether that is all. It is asked if nobody
** has done so yet, and is given time from then on. What it answers later is kept for the next call when an editor reads
** the keys. nil: there is no terminal, it was not asked (question is nil), or keys were pressed that are not ours to
** take (keeps: an editor will get them).                                                                              */
static int l_terminal_answer(lua_State *L) {
  struct termios before;
  const char *question = luaL_optstring(L, 1, NULL);
  double seconds = luaL_checknumber(L, 2);
  bool keeps = lua_toboolean(L, 3);
  if (!grl_keys_asked() && !question) return 0;
  bool waits = !grl_keys_asked() || (grl_keys_expected() && grl_keys_waited() < seconds);
  if (waits && open_keys(&before)) {
    if (!grl_keys_asked() && (keeps || !waiting(0))) grl_keys_ask(question);
    await(seconds);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
  }
  if (!grl_keys_asked()) return 0;
  lua_pushstring(L, grl_keys_answer());
  lua_pushboolean(L, !grl_keys_expected());
  return 2;
}

void grl_open_terminal(lua_State *L) {
  static const luaL_Reg functions[] = { { "terminal_size", l_terminal_size },
                                        { "terminal_answer", l_terminal_answer },
                                        { NULL, NULL } };
  luaL_setfuncs(L, functions, 0);
}
