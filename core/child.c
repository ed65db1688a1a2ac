/* child.c: another program, run without a shell, so that no character of a word means anything to anybody. */
#include "gr.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Both outputs go to `out`; there is no input. Returns 0, or the number of an error. */
static int spawn(gr_child *c, const char *const words[], int out) {
  posix_spawn_file_actions_t actions;
  pid_t pid;
  int reason = posix_spawn_file_actions_init(&actions);
  if (reason) return reason;
  reason = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!reason) reason = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  if (!reason) reason = posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
  if (!reason) reason = posix_spawnp(&pid, words[0], &actions, NULL, (char *const *)words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (!reason) c->pid = pid;
  return reason;
}

bool gr_child_start(gr_child *c, const char *const words[], gr_err *err) {
  int ends[2];
  *c = (gr_child){ .out = -1 };
  if (pipe2(ends, O_CLOEXEC) != 0) return gr_fail(err, "%s: cannot be started: %s", words[0], strerror(errno));
  int reason = spawn(c, words, ends[1]);
  close(ends[1]);
  c->out = ends[0];
  if (!reason) return true;
  gr_child_end(c);
  if (reason == ENOENT) return gr_fail(err, "%s: there is no such program", words[0]);
  return gr_fail(err, "%s: cannot be started: %s", words[0], strerror(reason));
}

/* Keeps the first of what it says. False at the end of that: it has closed its outputs. */
static bool hear(gr_child *c) {
  char rest[4096];
  size_t room = sizeof c->said - 1 - c->length;
  ssize_t got = read(c->out, room ? c->said + c->length : rest, room ? room : sizeof rest);
  if (got < 0) return errno == EINTR;
  if (room) c->length += (size_t)got;
  return got > 0;
}

/* What a shell says of a program that it could not run: here, of one whose end nobody kept for us. */
enum { UNKNOWN = 127 };

/* Waits for what has been told to end, or is ending. Who started us with SIGCHLD ignored has let us keep no status. */
static int reap(gr_child *c) {
  int status = 0;
  pid_t got;
  while ((got = waitpid((pid_t)c->pid, &status, 0)) < 0 && errno == EINTR) continue;
  c->pid = 0;
  if (got < 0) return UNKNOWN;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool gr_child_wait(gr_child *c, double seconds, int *status) {
  static const double longest = 1e6;
  struct pollfd output = { .fd = c->out, .events = POLLIN };
  if (!(seconds > 0)) seconds = 0;
  if (poll(&output, 1, (int)(1000 * (seconds < longest ? seconds : longest))) <= 0 || hear(c)) return false;
  *status = reap(c);
  return true;
}

void gr_child_end(gr_child *c) {
  if (c->pid) {
    kill((pid_t)c->pid, SIGTERM);
    reap(c);
  }
  if (c->out >= 0) close(c->out);
  c->out = -1;
}
