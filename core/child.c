/* child.c: another program, run without a shell, so that no character of a word means anything to anybody. */
#include "gr.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What a program finds at 0, 1 and 2. */
typedef struct ends {
  int in; /* -1: nothing to read */
  int out, errors;
} ends;

/* Returns 0, or the number of an error. */
static int spawn(gr_child *c, const char *const words[], ends e) {
  posix_spawn_file_actions_t actions;
  pid_t pid;
  int reason = posix_spawn_file_actions_init(&actions);
  if (reason) return reason;
  if (e.in >= 0) reason = posix_spawn_file_actions_adddup2(&actions, e.in, STDIN_FILENO);
  else reason = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!reason) reason = posix_spawn_file_actions_adddup2(&actions, e.out, STDOUT_FILENO);
  if (!reason) reason = posix_spawn_file_actions_adddup2(&actions, e.errors, STDERR_FILENO);
  if (!reason) reason = posix_spawnp(&pid, words[0], &actions, NULL, (char *const *)words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (!reason) c->pid = pid;
  return reason;
}

/* c->kept, when there is one, becomes its standard output. */
static bool start(gr_child *c, const char *const words[], int in, gr_err *err) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return gr_fail(err, "%s: cannot be started: %s", words[0], strerror(errno));
  int reason = spawn(c, words, (ends){ .in = in, .out = c->kept >= 0 ? c->kept : pipe_ends[1], .errors = pipe_ends[1] });
  close(pipe_ends[1]);
  c->out = pipe_ends[0];
  if (!reason) return true;
  gr_child_end(c);
  if (reason == ENOENT) return gr_fail(err, "%s: there is no such program", words[0]);
  return gr_fail(err, "%s: cannot be started: %s", words[0], strerror(reason));
}

bool gr_child_start(gr_child *c, const char *const words[], gr_err *err) {
  *c = (gr_child){ .out = -1, .kept = -1 };
  return start(c, words, -1, err);
}

/* A file in memory that holds the bytes, to be read from its beginning; -1 when there is no room. Unlike a pipe it takes all of
** them at once, so that nobody waits for anybody, and a program that ends early is no harm to us.                        */
static int file_of(const char *bytes, size_t n) {
  int file = memfd_create("input", MFD_CLOEXEC);
  ssize_t written = 1;
  for (size_t at = 0; file >= 0 && at < n && written > 0; at += (size_t)written) written = write(file, bytes + at, n - at);
  if (file >= 0 && written > 0 && lseek(file, 0, SEEK_SET) == 0) return file;
  if (file >= 0) close(file);
  return -1;
}

bool gr_child_filter(gr_child *c, const char *const words[], const void *input, size_t n, gr_err *err) {
  *c = (gr_child){ .out = -1, .kept = memfd_create("output", MFD_CLOEXEC) };
  int in = file_of(input, n);
  bool ok = c->kept >= 0 && in >= 0;
  if (!ok) gr_fail(err, "%s: cannot be started: %s", words[0], strerror(errno));
  else ok = start(c, words, in, err);
  if (in >= 0) close(in);
  if (!ok) gr_child_end(c);
  return ok;
}

char *gr_child_result(const gr_child *c, size_t *n, gr_err *err) {
  struct stat about;
  if (c->kept < 0 || fstat(c->kept, &about) != 0) return gr_fail(err, "the program's output was not kept"), NULL;
  char *bytes = gr_alloc((size_t)about.st_size + 1, err);
  if (!bytes) return NULL;
  ssize_t got = 1;
  for (*n = 0; *n < (size_t)about.st_size && got > 0; *n += (size_t)got)
    got = pread(c->kept, bytes + *n, (size_t)about.st_size - *n, (off_t)*n);
  bytes[*n] = 0;
  if (got > 0) return bytes;
  gr_free(bytes);
  return gr_fail(err, "the program's output could not be read: %s", strerror(errno)), NULL;
}

/* Keeps the first of what it says; closes our end when nobody can say more. True when there was something. */
static bool hear(gr_child *c) {
  char rest[4096];
  size_t room = sizeof c->said - 1 - c->length;
  ssize_t got = read(c->out, room ? c->said + c->length : rest, room ? room : sizeof rest);
  if (got < 0 && errno == EINTR) return false;
  if (got <= 0) {
    close(c->out);
    c->out = -1;
    return false;
  }
  if (room) c->length += (size_t)got;
  return true;
}

/* Hears what is there already. Not more than there is room for: others may hold the pipe, and speak for ever. */
static void hear_rest(gr_child *c) {
  struct pollfd output = { .fd = c->out, .events = POLLIN };
  while (c->out >= 0 && c->length < sizeof c->said - 1 && poll(&output, 1, 0) > 0 && hear(c)) continue;
}

/* What a shell says of a program that it could not run: here, of one whose end nobody kept for us. */
enum { UNKNOWN = 127 };

/* Whether it has ended, without waiting. Who started us with SIGCHLD ignored has let us keep no status. */
static bool has_ended(gr_child *c, int *status) {
  int how = 0;
  pid_t got;
  while ((got = waitpid((pid_t)c->pid, &how, WNOHANG)) < 0 && errno == EINTR) continue;
  if (got == 0) return false;
  c->pid = 0;
  if (got < 0) *status = UNKNOWN;
  else *status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
  hear_rest(c);
  return true;
}

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* How long we look at the pipe, in seconds, before we ask for the program itself again: a short while even when the pipe is open, for
** what it has started may hold that longer than it lives; a shorter one when it is closed, which programs do as they end.            */
static double nap(const gr_child *c, double left) {
  const double longest = c->out >= 0 ? 0.01 : 0.001;
  return left < longest ? left : longest;
}

bool gr_child_wait(gr_child *c, double seconds, int *status) {
  const double end = seconds_now() + (seconds > 0 ? seconds : 0);
  for (double left = end; left > 0;) {
    if (has_ended(c, status)) return true;
    left = end - seconds_now();
    struct pollfd output = { .fd = c->out, .events = POLLIN }; /* -1 is never ready: then this only sleeps */
    const int ready = poll(&output, 1, left > 0 ? (int)ceil(1000 * nap(c, left)) : 0);
    if (ready < 0 || (ready > 0 && hear(c))) return false;
  }
  return false;
}

void gr_child_end(gr_child *c) {
  static const double patience = 2; /* seconds for it to tidy up; then it is ended by force */
  int status;
  if (c->pid) kill((pid_t)c->pid, SIGTERM);
  for (double end = seconds_now() + patience; c->pid && seconds_now() < end;) gr_child_wait(c, 0.1, &status);
  if (c->pid) kill((pid_t)c->pid, SIGKILL);
  while (c->pid) gr_child_wait(c, 0.1, &status);
  if (c->out >= 0) close(c->out);
  if (c->kept >= 0) close(c->kept);
  c->out = c->kept = -1;
}
