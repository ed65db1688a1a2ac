/* keys.c: what comes from the terminal: keys, and its answers to what we asked of it.
**
** Answers are taken out wherever they stand, and however late, so that none is typed into a line. Keys keep their order, and
** wait for the editor when something else has read them.                                                               */
#include "bind.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PART_ROOM = 256, READY_ROOM = 4096, ANSWER_ROOM = 512 };

static struct {
  bool asked;               /* at any time */
  bool expected;            /* ... and the last answer has not come */
  double when;              /* ... in seconds of a clock that only runs forward */
  char part[PART_ROOM + 1]; /* what may be the beginning of an answer */
  size_t n;
  char ready[READY_ROOM]; /* keys that nobody has taken */
  size_t first, end;
  char answer[ANSWER_ROOM + 1]; /* all that was answered */
  size_t length;
} keys;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void grl_keys_ask(const char *question) {
  fputs(question, stdout);
  fflush(stdout);
  keys.asked = keys.expected = true;
  keys.when = now();
}

bool grl_keys_asked(void) { return keys.asked; }
bool grl_keys_expected(void) { return keys.expected; }
double grl_keys_waited(void) { return now() - keys.when; }
const char *grl_keys_answer(void) { return keys.answer; }
bool grl_keys_undecided(void) { return keys.n > 0; }
bool grl_keys_full(void) { return READY_ROOM - keys.end < 2 * PART_ROOM; }

/* ---- What is an answer -------------------------------------------------------------- */

typedef enum { NONE, PART, WHOLE } verdict;

/* ESC [ ? digits c: what the terminal is (DEC's device attributes). Every terminal gives it, behind its other answers. */
static verdict judge_attributes(const char *text, size_t n) {
  static const char head[] = "\033[?";
  if (n < sizeof head) return strncmp(text, head, n) == 0 ? PART : NONE;
  if (strncmp(text, head, sizeof head - 1) != 0) return NONE;
  if (strspn(text + sizeof head - 1, "0123456789;") == n - (sizeof head - 1)) return PART;
  return text[n - 1] == 'c' ? WHOLE : NONE;
}

/* ESC _ G ... ESC \: kitty's. */
static verdict judge_graphics(const char *text, size_t n) {
  static const char head[] = "\033_G";
  if (n < sizeof head) return strncmp(text, head, n) == 0 ? PART : NONE;
  if (strncmp(text, head, sizeof head - 1) != 0) return NONE;
  const char *end = memchr(text + 1, '\033', n - 1);
  if (!end || end == text + n - 1) return PART;
  return *(end + 1) == '\\' ? WHOLE : NONE;
}

/* ---- Sorting ------------------------------------------------------------------------ */

static void make_ready(const char *text, size_t n) {
  if (keys.first == keys.end) keys.first = keys.end = 0;
  if (n > READY_ROOM - keys.end) n = READY_ROOM - keys.end;
  memcpy(keys.ready + keys.end, text, n);
  keys.end += n;
}

void grl_keys_decide(void) {
  make_ready(keys.part, keys.n);
  keys.n = 0;
}

static void keep_answer(bool is_last) {
  if (keys.length + keys.n <= ANSWER_ROOM) {
    memcpy(keys.answer + keys.length, keys.part, keys.n);
    keys.length += keys.n;
  }
  keys.n = 0;
  if (is_last) keys.expected = false;
}

static void take_byte(char byte) {
  keys.part[keys.n++] = byte;
  keys.part[keys.n] = 0;
  verdict attributes = judge_attributes(keys.part, keys.n), graphics = judge_graphics(keys.part, keys.n);
  if (attributes == WHOLE || graphics == WHOLE) return keep_answer(attributes == WHOLE);
  if ((attributes == PART || graphics == PART) && keys.n < PART_ROOM) return;
  bool begins_anew = byte == '\033' && keys.n > 1;
  if (begins_anew) keys.n--;
  grl_keys_decide();
  if (begins_anew) keys.part[keys.n++] = byte;
}

void grl_keys_take(const char *text, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (keys.expected) take_byte(text[i]);
    else make_ready(text + i, 1);
}

bool grl_keys_next(char *byte) {
  if (keys.first == keys.end) return false;
  *byte = keys.ready[keys.first++];
  return true;
}
