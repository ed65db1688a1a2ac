/* cell_start.c: how the process of a cell is started: as an ordinary user, with nothing of ours open, inside bubblewrap.
**
** Bubblewrap (bwrap) makes namespaces of its own for users, processes, network, System V IPC, host name and control groups, and a
** root folder in memory that holds the program and its libraries, read-only, and nothing else.                                */
#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, MOST_WORDS = 512, TEXT_ROOM = 1 << 16, MOST_SETTINGS = 16 };

/* Words for exec, made before fork: after it no memory may be asked for. */
typedef struct words {
  const char *word[MOST_WORDS], *setting[MOST_SETTINGS];
  size_t n, settings;
  char text[TEXT_ROOM];
  size_t used;
  char folders[TEXT_ROOM]; /* where libraries lie, ":a:b:" */
} words;

static void add(words *w, const char *word) {
  if (w->n + 1 < MOST_WORDS) w->word[w->n++] = word;
}

static const char *keep(words *w, const char *text) {
  const size_t n = strlen(text) + 1;
  if (n > TEXT_ROOM - w->used) return "/";
  char *kept = memcpy(w->text + w->used, text, n);
  w->used += n;
  return kept;
}

static void add_folder(words *w, const char *path) {
  char folder[4096];
  const size_t n = (size_t)(strrchr(path, '/') - path), used = strlen(w->folders);
  if (n == 0 || n + 3 > sizeof folder || used + n + 2 > sizeof w->folders) return;
  snprintf(folder, sizeof folder, ":%.*s:", (int)n, path);
  if (!strstr(w->folders, folder)) strcpy(w->folders + used, folder + 1);
}

/* A library that runs here, with the dynamic linker among them; not the kernel's own, nor the program, which have no path. */
static int add_library(struct dl_phdr_info *about, size_t size, void *to) {
  words *w = to;
  (void)size;
  if (about->dlpi_name[0] != '/') return 0;
  const char *path = keep(w, about->dlpi_name);
  add(w, "--ro-bind");
  add(w, path);
  add(w, path);
  add_folder(w, path);
  return 0;
}

static void add_setting(words *w, const char *name, const char *value) {
  char text[4096];
  if (!value || w->settings + 1 >= MOST_SETTINGS) return;
  snprintf(text, sizeof text, "%s=%s", name, value);
  w->setting[w->settings++] = keep(w, text);
}

static void add_own_setting(words *w, const char *name) { add_setting(w, name, getenv(name)); }

/* The environment: nothing of the marker's but what decides how numbers are computed. The time zone is said so that nobody looks
** for a file of it.                                                                                                           */
static void add_settings(words *w, bool wrapped) {
  add_setting(w, "OPENBLAS_NUM_THREADS", "1");
  add_setting(w, "TZ", "UTC0");
  add_own_setting(w, "OPENBLAS_CORETYPE");
  add_own_setting(w, "ASAN_OPTIONS");
  add_own_setting(w, "UBSAN_OPTIONS");
  if (!wrapped) return add_own_setting(w, "LD_LIBRARY_PATH");
  w->folders[strlen(w->folders) - 1] = 0;
  add_setting(w, "LD_LIBRARY_PATH", w->folders + 1);
}

static void fill_words(words *w, bool wrapped) {
  static const char *const before[] = { "bwrap",   "--unshare-all", "--die-with-parent", "--cap-drop", "ALL",
                                        "--perms", "0555",          "--ro-bind-data",    "3",          "/gradus" };
  static const char *const behind[] = { "--remount-ro", "/", "--chdir", "/", "--" };
  strcpy(w->folders, ":");
  if (wrapped) {
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) add(w, before[i]);
    dl_iterate_phdr(add_library, w);
#ifdef __SANITIZE_ADDRESS__ /* which reads there, before any wall of ours stands, where its stack lies */
    for (size_t i = 0; i < 3; i++) add(w, i ? "/proc" : "--ro-bind");
#endif
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) add(w, behind[i]);
  }
  add(w, "/gradus");
  add(w, "cell");
  add_settings(w, wrapped);
}

/* ---- In the new process, before exec: only what is allowed after fork in a program of many threads ---------------- */

static void say_and_end(const char *what) __attribute__((noreturn));
static void say_and_end(const char *what) {
  const char *reason = strerrordesc_np(errno);
  ssize_t n = write(CELL_ERRORS, what, strlen(what));
  if (reason) n = write(CELL_ERRORS, reason, strlen(reason));
  (void)n;
  _exit(126);
}

/* The C library's own calls would tell threads that there are not. */
static bool become_ordinary(void) {
  if (geteuid() != 0 && getuid() != 0) return true;
  return syscall(SYS_setgroups, 0, NULL) == 0 && syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY) == 0 &&
         syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY) == 0;
}

void cell_close_from(int first) {
  if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0) return;
  for (long fd = first, end = sysconf(_SC_OPEN_MAX); fd < end; fd++) close((int)fd);
}

static void take_descriptors(int channel, int output, int file) {
  dup2(channel, CELL_CHANNEL);
  dup2(output, CELL_OUTPUT);
  dup2(output, CELL_ERRORS);
  dup2(file, CELL_PROGRAM);
  cell_close_from(CELL_PROGRAM + 1); /* of the marker's, neither files that it reads nor channels of other cells */
}

static void default_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
}

static void run_child(const words *w, bool wrapped, const int ends[3]) __attribute__((noreturn));
static void run_child(const words *w, bool wrapped, const int ends[3]) {
  take_descriptors(ends[0], ends[1], ends[2]);
  setsid();
  default_signals();
  if (!become_ordinary()) say_and_end("root could not become an ordinary user: ");
  if (chdir("/") != 0) say_and_end("/: ");
  char *const *argv = (char *const *)w->word, *const *environment = (char *const *)w->setting;
  if (wrapped) {
    execvpe("bwrap", argv, environment);
    say_and_end("bwrap (of the package bubblewrap) cannot be run: ");
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  fcntl(CELL_PROGRAM, F_SETFD, FD_CLOEXEC);
  syscall(SYS_execveat, CELL_PROGRAM, "", argv, environment, AT_EMPTY_PATH);
  say_and_end("the program itself cannot be run: ");
}

/* ---- The marker's side --------------------------------------------------------------- */

/* A descriptor above those that the new process takes. */
static int lift(int fd) {
  const int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);
  if (fd >= 0) close(fd);
  return high;
}

typedef struct ends {
  int ours[2], theirs[3]; /* channel, output; channel, output, program */
} ends;

static void close_all(ends *e) {
  for (int i = 0; i < 2; i++)
    if (e->ours[i] >= 0) close(e->ours[i]);
  for (int i = 0; i < 3; i++)
    if (e->theirs[i] >= 0) close(e->theirs[i]);
}

static bool open_ends(ends *e) {
  int channel[2] = { -1, -1 }, output[2] = { -1, -1 };
  bool ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) == 0 && pipe2(output, O_CLOEXEC) == 0;
  *e = (ends){ { channel[0], output[0] },
               { lift(channel[1]), lift(output[1]), lift(open("/proc/self/exe", O_RDONLY | O_CLOEXEC)) } };
  return ok && e->theirs[0] >= 0 && e->theirs[1] >= 0 && e->theirs[2] >= 0;
}

bool cell_spawn(gr_cell *c, bool wrapped, gr_err *err) {
  ends e;
  words *w = gr_alloc_zeroed(1, sizeof *w, err);
  if (!w) return false;
  fill_words(w, wrapped);
  pid_t pid = open_ends(&e) ? fork() : -1;
  if (pid == 0) run_child(w, wrapped, e.theirs);
  const int reason = errno;
  gr_free(w);
  if (pid < 0) return close_all(&e), gr_fail(err, "cell: its process cannot be started: %s", strerror(reason));
  for (int i = 0; i < 3; i++) close(e.theirs[i]);
  c->pid = pid;
  c->channel = e.ours[0];
  c->printed = e.ours[1];
  c->wrapped = wrapped;
  return true;
}
