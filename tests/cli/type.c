/* type.c: types at a program that runs on a terminal of its own, and looks at what it says.
**
**   type PROGRAM [ARGUMENT ...] < LINES
**
** Each line is a word and what belongs to it:
**   keys TEXT     types it; \r \t \e \\ and \xNN are what they are in C
**   line TEXT     types it, and the return key
**   sees TEXT     waits until it comes, behind what was seen before
**   lacks TEXT    it has not come since what was seen last
**   size N        the terminal has N columns from now on
**   ends N        waits until the program ends, with that status; by a signal, 128 and its number
** What moves the cursor or colours letters is left out of what comes. Exit status 1, and all that came, when a line does not
** hold within half a minute.                                                                                              */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 20, LINE = 4096, PATIENCE = 30000 /* ms */, ROWS = 24, COLUMNS = 80 };

static char all[ROOM]; /* what came, as text */
static size_t length, seen;
static int terminal;
static pid_t child;

/* Takes escape sequences out as they come: ESC [ ... letter, and ESC with one letter. */
static void take(char c) {
  static enum { TEXT, ESCAPE, SEQUENCE } state = TEXT;
  if (state == ESCAPE) state = c == '[' ? SEQUENCE : TEXT;
  else if (state == SEQUENCE) state = c >= '@' ? TEXT : SEQUENCE;
  else if (c == '\033') state = ESCAPE;
  else if (c != '\r' && c != '\a' && length + 1 < ROOM) all[length++] = c;
}

/* Reads what there is, waiting at most so many milliseconds; false when there will be no more. */
static bool listen_for(int milliseconds) {
  char lot[LINE];
  struct pollfd output = { .fd = terminal, .events = POLLIN };
  if (poll(&output, 1, milliseconds) < 1) return true;
  ssize_t n = read(terminal, lot, sizeof lot);
  for (ssize_t i = 0; i < n; i++) take(lot[i]);
  all[length] = 0;
  return n > 0;
}

/* Milliseconds of a clock that only runs forward. */
static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool sees(const char *text) {
  for (long until = now() + PATIENCE; now() < until;) {
    char *found = strstr(all + seen, text);
    if (found) return seen = (size_t)(found - all) + strlen(text), true;
    if (!listen_for(50)) until -= 1000;
  }
  return false;
}

static bool ends(int expected) {
  int status;
  for (long until = now() + PATIENCE; now() < until;) {
    if (!listen_for(50)) poll(NULL, 0, 50);
    if (waitpid(child, &status, WNOHANG) != child) continue;
    child = 0;
    return (WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)) == expected;
  }
  return false;
}

static char unescape(const char **text) {
  char c = *(*text)++;
  if (c == 'r') return '\r';
  if (c == 't') return '\t';
  if (c == 'e') return '\033';
  if (c != 'x') return c;
  char digits[3] = { (*text)[0], (*text)[1], 0 };
  *text += 2;
  return (char)strtol(digits, NULL, 16);
}

/* One key after the other, as fingers do; a letter's bytes too. */
static bool keys(const char *text) {
  while (*text) {
    char c = *text++;
    if (c == '\\') c = unescape(&text);
    if (write(terminal, &c, 1) != 1) return false;
    listen_for(0);
  }
  return true;
}

static bool size(int columns) {
  struct winsize window = { .ws_row = ROWS, .ws_col = (unsigned short)columns };
  return ioctl(terminal, TIOCSWINSZ, &window) == 0;
}

static bool obey(const char *word, const char *text) {
  if (strcmp(word, "keys") == 0) return keys(text);
  if (strcmp(word, "line") == 0) return keys(text) && keys("\r");
  if (strcmp(word, "sees") == 0) return sees(text);
  if (strcmp(word, "lacks") == 0) return listen_for(50), strstr(all + seen, text) == NULL;
  if (strcmp(word, "size") == 0) return size((int)strtol(text, NULL, 10));
  if (strcmp(word, "ends") == 0) return ends((int)strtol(text, NULL, 10));
  return false;
}

static int follow(FILE *lines) {
  char line[LINE];
  while (fgets(line, sizeof line, lines)) {
    line[strcspn(line, "\n")] = 0;
    char *text = strchr(line, ' ');
    if (text) *text++ = 0;
    if (!line[0] || obey(line, text ? text : "")) continue;
    printf("'%s %s' does not hold. It said, from what was seen last:\n%s\n", line, text ? text : "", all + seen);
    return 1;
  }
  return 0;
}

int main(int argc, char **argv) {
  struct winsize window = { .ws_row = ROWS, .ws_col = COLUMNS };
  if (argc < 2) return fputs("usage: type PROGRAM [ARGUMENT ...] < LINES\n", stderr), 2;
  child = forkpty(&terminal, NULL, NULL, &window);
  if (child < 0) return perror("type"), 2;
  if (child == 0) {
    execv(argv[1], argv + 1);
    _exit(127);
  }
  int status = follow(stdin);
  if (child) kill(child, SIGKILL);
  return status;
}
