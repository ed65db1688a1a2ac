/* editor.c: the line editor of the prompt, on libedit; no other file knows it.
**
**   local editor = core.editor { entries = 10000, complete = function(before, behind) ... end, question = nil }
**   local line = editor:read "> "        nil: Ctrl-D, or the terminal has gone; false: Ctrl-C
**   editor:add(line)                     into the history
**
** question: what the terminal is asked when it is first read from; core.terminal_answer gives the answer.
**
** libedit counts in wide characters, so a Hangul syllable is one, in two columns. Its own signal handlers send Ctrl-C to
** all of our process group; ours note the signal, and the function that waits for a key answers it.                  */
#include "bind.h"

#include <errno.h>
#include <histedit.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define GRL_EDITOR "gradus.editor"

enum { PROMPT_ROOM = 128 };
static const char unseen = 1; /* stands around what takes no columns of a prompt: its colours */

static const wchar_t end_of_input = 4; /* Ctrl-D */

/* Slots of the userdata. */
enum { COMPLETE = 1, QUESTION = 2, SLOTS = 2 };

typedef struct editor {
  EditLine *el;
  HistoryW *history;
  lua_State *L;     /* that reads now */
  int at;           /* ... and where this userdata is on its stack */
  bool dropped;     /* Ctrl-C */
  sigset_t inside;  /* signals that are blocked while it reads */
  sigset_t outside; /* ... and those that were before */
  char prompt[PROMPT_ROOM];
} editor;

static editor *check_editor(lua_State *L) {
  editor *e = luaL_checkudata(L, 1, GRL_EDITOR);
  luaL_argcheck(L, e->el && e->history, 1, "the editor is closed");
  return e;
}

static editor *editor_of(EditLine *el) {
  void *e = NULL;
  el_wget(el, EL_CLIENTDATA, &e);
  return e;
}

/* ---- Wide characters ---------------------------------------------------------------- */

static void push_wide(lua_State *L, const wchar_t *text, size_t n) {
  char bytes[MB_LEN_MAX];
  mbstate_t state = { 0 };
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (size_t i = 0; i < n; i++) {
    size_t count = wcrtomb(bytes, text[i], &state);
    if (count != (size_t)-1) luaL_addlstring(&out, bytes, count);
  }
  luaL_pushresult(&out);
}

/* Pushes room that holds the text; NULL, and nothing pushed, when it is not of the locale's encoding. */
static const wchar_t *push_to_wide(lua_State *L, const char *text) {
  size_t most = strlen(text) + 1;
  wchar_t *wide = lua_newuserdatauv(L, most * sizeof *wide, 0);
  if (mbstowcs(wide, text, most) != (size_t)-1) return wide;
  lua_pop(L, 1);
  return NULL;
}

/* ---- Signals ------------------------------------------------------------------------ */

static const int watched[] = { SIGINT, SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP };
enum { WATCHED = sizeof watched / sizeof *watched };
static volatile sig_atomic_t arrived[WATCHED];

static void note_signal(int number) {
  for (int i = 0; i < WATCHED; i++)
    if (watched[i] == number) arrived[i] = 1;
}

/* They come through only while the editor waits for a key. */
static void watch(editor *e, struct sigaction before[WATCHED]) {
  struct sigaction note = { .sa_handler = note_signal };
  sigprocmask(SIG_SETMASK, NULL, &e->outside);
  e->inside = e->outside;
  for (int i = 0; i < WATCHED; i++) {
    arrived[i] = 0;
    sigaction(watched[i], &note, &before[i]);
    sigaddset(&e->inside, watched[i]);
  }
  sigprocmask(SIG_SETMASK, &e->inside, NULL);
}

static void stop_watching(const editor *e, const struct sigaction before[WATCHED]) {
  for (int i = 0; i < WATCHED; i++) sigaction(watched[i], &before[i], NULL);
  sigprocmask(SIG_SETMASK, &e->outside, NULL);
}

/* Draws prompt and line anew from the beginning of the terminal's line. */
static void draw(EditLine *el) {
  fputs("\r\033[J", stdout);
  el_wset(el, EL_REFRESH);
}

/* Stops or ends the program, as the signal does by itself, with the terminal as it was. Stopped, it comes back here. */
static void obey(editor *e, int number) {
  struct sigaction ours, usual = { .sa_handler = SIG_DFL };
  sigset_t one, before;
  el_wset(e->el, EL_PREP_TERM, 0);
  sigaction(number, &usual, &ours);
  sigemptyset(&one);
  sigaddset(&one, number);
  sigprocmask(SIG_UNBLOCK, &one, &before);
  raise(number);
  sigprocmask(SIG_SETMASK, &before, NULL);
  sigaction(number, &ours, NULL);
  el_wset(e->el, EL_PREP_TERM, 1);
  draw(e->el);
}

static void answer_signal(editor *e, int number) {
  if (number == SIGINT) e->dropped = true;
  else if (number == SIGTSTP || number == SIGTERM || number == SIGHUP) obey(e, number);
  else {
    if (number == SIGWINCH) el_resize(e->el);
    else { /* some shells leave the terminal otherwise than we had it */ el_wset(e->el, EL_PREP_TERM, 0);
      el_wset(e->el, EL_PREP_TERM, 1);
    }
    draw(e->el);
  }
}

static void answer_signals(editor *e) {
  for (int i = 0; i < WATCHED; i++) {
    if (!arrived[i]) continue;
    arrived[i] = 0;
    answer_signal(e, watched[i]);
  }
}

/* ---- Keys --------------------------------------------------------------------------- */

/* 1, or 0 at the end of the input, or -1. One byte at a time: what is typed ahead may be for what runs next. */
static int read_byte(editor *e, char *byte) {
  static const struct timespec moment = { .tv_nsec = 500000000 }; /* between two bytes of an answer, over a slow line */
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  for (;;) {
    sigprocmask(SIG_SETMASK, &e->outside, NULL); /* Ctrl-C goes before keys that were pressed after it */
    sigprocmask(SIG_SETMASK, &e->inside, NULL);
    answer_signals(e);
    if (e->dropped) return -1;
    if (grl_keys_next(byte)) return 1;
    int ready = ppoll(&input, 1, grl_keys_undecided() ? &moment : NULL, &e->outside);
    if (ready < 0 && errno != EINTR) return -1;
    if (ready == 0) grl_keys_decide();
    if (ready < 1) continue;
    ssize_t got = read(STDIN_FILENO, byte, 1);
    if (got < 1) return (int)got;
    grl_keys_take(byte, 1);
  }
}

/* Bytes that begin no letter are passed over. A Ctrl-D from before the terminal was ours arrives as zero. */
static int read_letter(EditLine *el, wchar_t *letter) {
  mbstate_t state = { 0 };
  for (;;) {
    char byte;
    int got = read_byte(editor_of(el), &byte);
    if (got < 1) return got;
    size_t used = mbrtowc(letter, &byte, 1, &state);
    if (used == (size_t)-1) {
      memset(&state, 0, sizeof state);
      used = mbrtowc(letter, &byte, 1, &state); /* what broke a letter off may be one */
      if (used == (size_t)-1) memset(&state, 0, sizeof state);
    }
    if (used > 1) continue;
    if (*letter == 0) *letter = end_of_input;
    return 1;
  }
}

/* In Lua, since strings are made: calls the callback with the text before and behind the cursor. It gives how many letters
** before the cursor go, what comes in their place, and a text to show below the line or nil.                            */
static int l_complete(lua_State *L) {
  EditLine *el = lua_touserdata(L, 2);
  const LineInfoW *line = el_wline(el);
  lua_getiuservalue(L, 1, COMPLETE);
  push_wide(L, line->buffer, (size_t)(line->cursor - line->buffer));
  push_wide(L, line->cursor, (size_t)(line->lastchar - line->cursor));
  lua_call(L, 2, 3);
  int gone = (int)luaL_checkinteger(L, -3);
  const char *shown = luaL_optstring(L, -1, NULL);
  const wchar_t *put = push_to_wide(L, luaL_checkstring(L, -2));
  if (!put) return 0;
  if (gone > 0) el_deletestr(el, gone);
  if (*put) el_winsertstr(el, put);
  if (!shown) return 0;
  printf("\r\n\033[J%s\r\n", shown); /* J: of a line that takes several of the terminal's, the rest is drawn anew below */
  draw(el);
  return 0;
}

static unsigned char on_tab(EditLine *el, int key) {
  editor *e = editor_of(el);
  (void)key;
  lua_pushcfunction(e->L, l_complete);
  lua_pushvalue(e->L, e->at);
  lua_pushlightuserdata(e->L, el);
  if (lua_pcall(e->L, 2, 0, 0) == LUA_OK) return CC_REFRESH;
  lua_pop(e->L, 1); /* a line that can be typed is worth more than the reason */
  return CC_REFRESH_BEEP;
}

static unsigned char on_drop(EditLine *el, int key) {
  (void)key;
  editor_of(el)->dropped = true;
  return CC_EOF;
}

static unsigned char on_stop(EditLine *el, int key) {
  (void)key;
  obey(editor_of(el), SIGTSTP);
  return CC_NORM;
}

static unsigned char on_quit(EditLine *el, int key) {
  (void)key;
  obey(editor_of(el), SIGQUIT);
  return CC_NORM;
}

/* As keys, not as signals: at those the terminal throws away what was typed before them, and what is said after. */
static void bind_signal_keys(EditLine *el) {
  el_wset(el, EL_SETTY, L"-d", L"-isig", NULL);
  el_wset(el, EL_ADDFN, L"gradus-drop", L"Drop the line", on_drop);
  el_wset(el, EL_ADDFN, L"gradus-stop", L"Stop the program", on_stop);
  el_wset(el, EL_ADDFN, L"gradus-quit", L"End the program", on_quit);
  el_wset(el, EL_BIND, L"^C", L"gradus-drop", NULL);
  el_wset(el, EL_BIND, L"^Z", L"gradus-stop", NULL);
  el_wset(el, EL_BIND, L"\034", L"gradus-quit", NULL);
}

/* What terminals send for keys, and what people know from other prompts. */
static void bind_keys(EditLine *el) {
  static const wchar_t *const keys[][2] = {
    { L"^I", L"gradus-complete" },          { L"^R", L"em-inc-search-prev" },  { L"^W", L"ed-delete-prev-word" },
    { L"\033[H", L"ed-move-to-beg" },       { L"\033OH", L"ed-move-to-beg" },  { L"\033[1~", L"ed-move-to-beg" },
    { L"\033[F", L"ed-move-to-end" },       { L"\033OF", L"ed-move-to-end" },  { L"\033[4~", L"ed-move-to-end" },
    { L"\033[3~", L"ed-delete-next-char" }, { L"\033[1;5D", L"ed-prev-word" }, { L"\033[1;5C", L"em-next-word" },
    { L"\033[1;3D", L"ed-prev-word" },      { L"\033[1;3C", L"em-next-word" },
  };
  el_wset(el, EL_ADDFN, L"gradus-complete", L"Complete a name", on_tab);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) el_wset(el, EL_BIND, keys[i][0], keys[i][1], NULL);
  /* libedit takes letters of these codes for Alt and another key. */
  for (wchar_t letter[2] = { 0xA0, 0 }; letter[0] <= 0xFF; letter[0]++) el_wset(el, EL_BIND, letter, L"ed-insert", NULL);
}

/* ---- For Lua ------------------------------------------------------------------------ */

static char *prompt_of(EditLine *el) { return editor_of(el)->prompt; }

/* The language's own letters; where none was chosen, terminals send UTF-8 all the same. Numbers stay as C writes them. */
static void choose_letters(void) {
  if (MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
}

static bool open_editor(editor *e, int entries) {
  HistEventW event;
  choose_letters();
  e->history = history_winit();
  e->el = el_init("gradus", stdin, stdout, stderr);
  if (!e->el || !e->history) return false;
  history_w(e->history, &event, H_SETSIZE, entries);
  history_w(e->history, &event, H_SETUNIQUE, 1);
  el_wset(e->el, EL_CLIENTDATA, e);
  el_wset(e->el, EL_HIST, history_w, e->history);
  el_set(e->el, EL_PROMPT_ESC, prompt_of, unseen);
  el_wset(e->el, EL_EDITOR, L"emacs");
  el_wset(e->el, EL_GETCFN, read_letter);
  bind_keys(e->el);
  bind_signal_keys(e->el);
  el_source(e->el, NULL);
  return true;
}

/* editor { entries =, complete =, question = } */
static int l_editor(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_getfield(L, 1, "entries");
  int entries = (int)luaL_checkinteger(L, -1);
  editor *e = lua_newuserdatauv(L, sizeof *e, SLOTS);
  *e = (editor){ 0 };
  luaL_setmetatable(L, GRL_EDITOR);
  lua_getfield(L, 1, "complete");
  lua_setiuservalue(L, -2, COMPLETE);
  lua_getfield(L, 1, "question");
  lua_setiuservalue(L, -2, QUESTION);
  if (!open_editor(e, entries)) return luaL_error(L, "the terminal cannot be edited on");
  return 1;
}

static int l_close(lua_State *L) {
  editor *e = luaL_checkudata(L, 1, GRL_EDITOR);
  if (e->el) el_end(e->el);
  if (e->history) history_wend(e->history);
  e->el = NULL;
  e->history = NULL;
  return 0;
}

/* Once, and not before the terminal is ours: it would show the answer. */
static void ask_terminal(lua_State *L) {
  lua_getiuservalue(L, 1, QUESTION);
  if (!lua_isnil(L, -1) && !grl_keys_asked()) grl_keys_ask(lua_tostring(L, -1));
  lua_pop(L, 1);
}

/* editor:read(prompt): the line that is typed, without its end. nil: no more come; false: it was dropped by Ctrl-C. */
static int l_read(lua_State *L) {
  editor *e = check_editor(L);
  struct sigaction before[WATCHED];
  int n = 0;
  snprintf(e->prompt, sizeof e->prompt, "%s", luaL_checkstring(L, 2));
  e->L = L;
  e->at = 1;
  e->dropped = false;
  watch(e, before);
  el_wset(e->el, EL_PREP_TERM, 1); /* before the prompt is seen: what is typed at once is not the terminal's to show */
  ask_terminal(L);
  const wchar_t *line = el_wgets(e->el, &n);
  stop_watching(e, before);
  if (e->dropped || !line || n <= 0) {
    fputs(e->dropped ? "^C\n" : "\n", stdout);
    fflush(stdout);
    if (e->dropped) lua_pushboolean(L, false);
    else lua_pushnil(L);
    return 1;
  }
  if (line[n - 1] == L'\n') n--;
  push_wide(L, line, (size_t)n);
  return 1;
}

/* editor:add(text): the newest entry of the history, unless the one before is the same. It may have several lines. */
static int l_add(lua_State *L) {
  HistEventW event;
  editor *e = check_editor(L);
  const wchar_t *text = push_to_wide(L, luaL_checkstring(L, 2));
  if (text) history_w(e->history, &event, H_ENTER, text);
  return 0;
}

void grl_open_editor(lua_State *L) {
  static const luaL_Reg functions[] = { { "editor", l_editor }, { NULL, NULL } };
  static const luaL_Reg methods[] = {
    { "read", l_read }, { "add", l_add }, { "close", l_close }, { "__gc", l_close }, { NULL, NULL }
  };
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, GRL_EDITOR);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
