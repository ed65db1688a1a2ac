/* pty.c: plays the terminal that a program runs on, and answers when it is asked what it can.
**
**   pty COLUMNS ROWS ANSWER PROGRAM [ARGUMENT ...]
**
** What the program writes goes to standard output. When it asks for attributes (ESC [ c), ANSWER is typed, unless it is empty.
** The exit status is the program's; 9 when it leaves the terminal in another mode than it found.                           */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static const char question[] = "\033[c";

static void fail(const char *what) {
  perror(what);
  exit(2);
}

/* The program's end of the terminal, which we keep open too, to see how it is left. Lines end as the program writes them. */
static int open_terminal(int ours, const char *columns, const char *rows) {
  struct winsize size = { .ws_col = (unsigned short)strtoul(columns, NULL, 10), .ws_row = (unsigned short)strtoul(rows, NULL, 10) };
  struct termios mode;
  if (grantpt(ours) != 0 || unlockpt(ours) != 0) fail("pty");
  int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY);
  if (theirs < 0 || tcgetattr(theirs, &mode) != 0) fail("pty");
  mode.c_oflag &= ~(tcflag_t)OPOST;
  if (tcsetattr(theirs, TCSANOW, &mode) != 0 || ioctl(theirs, TIOCSWINSZ, &size) != 0) fail("pty");
  return theirs;
}

static void run(int ours, int theirs, char **words) {
  setsid();
  ioctl(theirs, TIOCSCTTY, 0);
  for (int i = 0; i < 3; i++) dup2(theirs, i);
  close(ours);
  close(theirs);
  execvp(words[0], words);
  _exit(127);
}

/* Whether the question is complete with this byte. */
static bool asked(char c) {
  static size_t matched;
  matched = c == question[matched] ? matched + 1 : (c == question[0]);
  if (matched < sizeof question - 1) return false;
  matched = 0;
  return true;
}

/* Passes on what the program writes, and answers, until it has closed its end. */
static void play(int ours, const char *answer) {
  char text[4096];
  for (ssize_t n; (n = read(ours, text, sizeof text)) > 0;) {
    fwrite(text, 1, (size_t)n, stdout);
    for (ssize_t i = 0; i < n; i++)
      if (asked(text[i]) && *answer && write(ours, answer, strlen(answer)) < 0) fail("pty");
  }
}

/* A mode is compared by what we may not change for good: line by line, with echo. */
static tcflag_t mode_of(int terminal) {
  struct termios mode;
  if (tcgetattr(terminal, &mode) != 0) fail("pty");
  return mode.c_lflag & (tcflag_t)(ICANON | ECHO | ISIG);
}

int main(int count, char **words) {
  if (count < 5) return fprintf(stderr, "usage: pty COLUMNS ROWS ANSWER PROGRAM [ARGUMENT ...]\n"), 2;
  int ours = posix_openpt(O_RDWR | O_NOCTTY), status;
  if (ours < 0) fail("pty");
  int theirs = open_terminal(ours, words[1], words[2]);
  const tcflag_t before = mode_of(theirs);
  const pid_t program = fork();
  if (program < 0) fail("pty");
  if (program == 0) run(ours, theirs, words + 4);
  const pid_t player = fork();
  if (player == 0) {
    close(theirs);
    play(ours, words[3]);
    fflush(stdout);
    _exit(0);
  }
  waitpid(program, &status, 0);
  const bool kept = mode_of(theirs) == before;
  close(theirs);
  waitpid(player, NULL, 0);
  if (!kept) return 9;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
