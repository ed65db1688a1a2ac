/* Cells, against code that is not Lua: this program starts itself in a cell, and there tries what a script could if it had
** got as far as running machine code. The walls must hold each by itself.                                             */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../core/cell.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* ---- Inside: behind all walls --------------------------------------------------------- */

static void try_socket(void) { socket(AF_INET, SOCK_STREAM, 0); }
static void try_fork(void) { syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0); }
static void try_open(void) { syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0); }
static void try_execve(void) { execve("/gradus", (char *[]){ "gradus", NULL }, (char *[]){ NULL }); }
static void try_machine_code(void) {
  (void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static void try_code_later(void) {
  mprotect(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096, PROT_EXEC);
}
static void try_kill(void) { kill(1, SIGKILL); }
static void try_ptrace(void) { ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static void try_handler(void) { signal(SIGSYS, SIG_IGN); }
static void try_unshare(void) { syscall(SYS_unshare, 0x10000000); }
static void try_recv(void) { recv(0, &(char){ 0 }, 1, 0); }
static void try_dup(void) { dup(0); }
static void try_memfd(void) { syscall(SYS_memfd_create, "x", 0); }
static void try_prctl(void) { prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }
static void try_sleep(void) { nanosleep(&(struct timespec){ .tv_sec = 100 }, NULL); }
static void try_setsid(void) { setsid(); }
static void try_other_write(void) { write(7, "x", 1); }
static void try_blocked_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  for (;;) continue;
}
static void try_blocked_call(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  try_socket();
}
static void try_flood(void) {
  static char text[1 << 16];
  for (;;) write(CELL_OUTPUT, text, sizeof text);
}
static void try_forged_output(void) {
  static const char text[] = "\1\0\0\0\2\0\0\0{}";
  write(CELL_OUTPUT, text, sizeof text);
  gr_cell_leave();
}
static void try_garbage(void) {
  write(CELL_CHANNEL, "garbage garbage garbage", 23);
  gr_cell_leave();
}
static void try_half(void) {
  const cell_frame frame = { GR_CELL_FINISHED, 1000 };
  write(CELL_CHANNEL, &frame, sizeof frame);
  gr_cell_leave();
}
static void try_twice(void) {
  cell_send(GR_CELL_FINISHED, "1", 1);
  cell_send(GR_CELL_FINISHED, "2", 1);
  gr_cell_leave();
}
static void try_endless_value(void) {
  static char text[1 << 16];
  const cell_frame frame = { GR_CELL_FINISHED, UINT32_MAX };
  write(CELL_CHANNEL, &frame, sizeof frame);
  for (;;) write(CELL_CHANNEL, text, sizeof text);
}
static void try_told_and_stayed(void) {
  gr_cell_tell(GR_CELL_FINISHED, "1", 1);
  for (;;) continue;
}
static void try_large_value(void) {
  static char text[1 << 20];
  memset(text, '1', sizeof text);
  gr_cell_tell(GR_CELL_FINISHED, text, sizeof text);
  gr_cell_leave();
}
static void try_abort(void) { abort(); }
static void try_exit(void) { _exit(0); }
#ifndef __SANITIZE_ADDRESS__
static void try_crash(void) { raise(SIGSEGV); }
static void try_memory(void) {
  for (size_t i = 0; i < 100; i++)
    if (mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
      gr_cell_tell(GR_CELL_FAILED, "refused", 7), gr_cell_leave();
}
#endif

typedef struct attack {
  const char *name;
  void (*run)(void);
  gr_cell_end end;
  const char *text; /* or NULL: any */
} attack;

static const attack attacks[] = {
  { "a socket is opened", try_socket, GR_CELL_CALL, "socket" },
  { "a process is started", try_fork, GR_CELL_CALL, "clone" },
  { "a file is opened", try_open, GR_CELL_CALL, "openat" },
  { "a program is run", try_execve, GR_CELL_CALL, "execve" },
  { "machine code is mapped", try_machine_code, GR_CELL_CALL, "mmap" },
  { "memory is turned into machine code", try_code_later, GR_CELL_CALL, "mprotect" },
  { "another process is killed", try_kill, GR_CELL_CALL, "kill" },
  { "a process is traced", try_ptrace, GR_CELL_CALL, "ptrace" },
  { "the handler of refusals is taken away", try_handler, GR_CELL_CALL, "rt_sigaction" },
  { "refusals are blocked", try_blocked_call, GR_CELL_SIGNAL, NULL },
  { "namespaces are made", try_unshare, GR_CELL_CALL, "unshare" },
  { "the marker is heard", try_recv, GR_CELL_CALL, "recvfrom" },
  { "the descriptor of the result is held", try_dup, GR_CELL_CALL, "dup" },
  { "a file in memory is made", try_memfd, GR_CELL_CALL, "memfd_create" },
  { "the process changes itself", try_prctl, GR_CELL_CALL, "prctl" },
  { "it sleeps", try_sleep, GR_CELL_CALL, "clock_nanosleep" },
  { "it leaves its session", try_setsid, GR_CELL_CALL, "setsid" },
  { "it writes elsewhere", try_other_write, GR_CELL_CALL, "write" },
  { "signals are blocked, and it goes on for ever", try_blocked_signals, GR_CELL_TIME, NULL },
  { "it tells its result and goes on for ever", try_told_and_stayed, GR_CELL_FINISHED, "1" },
  { "it prints for ever", try_flood, GR_CELL_OUTPUT, NULL },
  { "it prints a result", try_forged_output, GR_CELL_SILENT, NULL },
  { "it sends garbage", try_garbage, GR_CELL_UNTRUE, NULL },
  { "it sends half a result", try_half, GR_CELL_UNTRUE, NULL },
  { "it sends two results", try_twice, GR_CELL_UNTRUE, NULL },
  { "it sends a result without end", try_endless_value, GR_CELL_VALUE, NULL },
  { "it sends a large result", try_large_value, GR_CELL_FINISHED, NULL },
  { "it aborts", try_abort, GR_CELL_SIGNAL, NULL },
  { "it ends without a result", try_exit, GR_CELL_SILENT, NULL },
#ifndef __SANITIZE_ADDRESS__ /* which has handlers and memory of its own */
  { "it crashes", try_crash, GR_CELL_SIGNAL, NULL },
  { "it takes all memory", try_memory, GR_CELL_FAILED, "refused" },
#endif
};

/* ---- Inside: behind bubblewrap alone --------------------------------------------------- */

/* For the sanitizer /proc is there, and held open. */
#ifdef __SANITIZE_ADDRESS__
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif

/* Prints how far it got; "held" is what must be printed. */
static void report(bool held, const char *what) { printf("%s: %s (%s)\n", held ? "held" : "BROKEN", what, strerror(errno)); }

static void can_open(const char *path, int how) {
  int fd = open(path, how, 0600);
  report(fd < 0, path);
}

static bool can_reach(const char *port) {
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_port = htons((uint16_t)atoi(port)),
                            .sin_addr = { htonl(INADDR_LOOPBACK) } };
  int s = socket(AF_INET, SOCK_STREAM, 0);
  bool reached = s >= 0 && connect(s, (struct sockaddr *)&to, sizeof to) == 0;
  int why = errno;
  close(s);
  errno = why;
  return reached;
}

/* inputs: the marker's port, its process, the path of a file of its. */
static void try_outer_walls(const char *inputs) {
  char port[16], pid[16], path[256];
  if (sscanf(inputs, "%15s %15s %255s", port, pid, path) != 3) return;
  can_open(path, O_RDONLY);
  can_open("/etc/passwd", O_RDONLY);
  if (!sanitized) can_open("/proc/self/environ", O_RDONLY);
  can_open("/written", O_WRONLY | O_CREAT);
  can_open("/gradus", O_WRONLY);
  can_open("/tmp/written", O_WRONLY | O_CREAT);
  report(!can_reach(port), "the marker's network");
  report(kill(atoi(pid), 0) != 0, "the marker's process");
  report(!getenv("HOME") && !getenv("SECRET"), "the environment");
  report(setuid(0) != 0 || getuid() != 0, "root");
  int open_ones = 0;
  for (int fd = 3; fd < 1024; fd++) open_ones += fcntl(fd, F_GETFD) >= 0;
  if (!sanitized) report(open_ones == 0, "descriptors");
}

/* Processes that would outlive it. */
static void try_family(void) {
  for (int i = 0; i < 20; i++)
    if (fork() == 0) break;
  printf("here\n");
  fflush(stdout);
  sleep(60);
}

/* ---- Inside: one wall alone ----------------------------------------------------------- */

static void try_limits(void) {
  const gr_cell_job job = { .seconds = 1, .memory = 64 << 20 };
  report(cell_wall_limits(&job), "limits stand");
  report(fork() < 0 && errno == EAGAIN, "processes");
  report(open("/gradus", O_RDONLY) < 0 && errno == EMFILE, "open files");
}

static void try_landlock(void) {
  report(cell_wall_landlock(), "Landlock stands");
  report(open("/gradus", O_RDONLY) < 0 && errno == EACCES, "files");
}

/* ---- Inside --------------------------------------------------------------------------- */

static int live(void) {
  gr_cell_job job;
  if (!gr_cell_receive(&job)) return 2;
  if (strcmp(job.name, "outer") == 0) try_outer_walls(job.inputs);
  if (strcmp(job.name, "family") == 0) try_family();
  if (strcmp(job.name, "limits") == 0) try_limits();
  if (strcmp(job.name, "landlock") == 0) try_landlock();
  if (strcmp(job.name, "asleep") == 0) sleep(60);
  for (size_t i = 0; i < COUNT(attacks); i++)
    if (strcmp(job.name, attacks[i].name) == 0 && gr_cell_lock(&job, NULL)) attacks[i].run();
  fflush(stdout);
  gr_cell_leave(); /* nothing that the sanitizer does at an end is allowed */
}

/* ---- The marker's side ---------------------------------------------------------------- */

static gr_cell cell_of(const char *name, const char *inputs) {
  gr_err err;
  gr_cell c;
  const gr_cell_job job = {
    .name = name, .script = "", .inputs = inputs, .inputs_size = strlen(inputs), .seconds = 2, .memory = 64 << 20, .output = 4096
  };
  if (!gr_cell_start(&c, &job, &err)) fail_msg("%s", err.text);
  return c;
}

static void wait_for(gr_cell *c) {
  const double begun = cell_now();
  while (!gr_cell_wait(c, 1) && cell_now() - begun < 30) continue;
  if (c->end == GR_CELL_RUNS) fail_msg("it runs for 30 s");
}

/* Where walls cannot be put up at all, nothing can be shown of them. */
static bool stands(void) {
  gr_cell c = cell_of("it ends without a result", "");
  wait_for(&c);
  bool all = c.walls == GR_ALL_WALLS;
  if (!all) print_message("skipped: the walls of a cell cannot stand here: %s\n", c.text);
  gr_cell_close(&c);
  return all;
}

static void an_attack_is_not_stopped(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(attacks); i++) {
    const attack *a = &attacks[i];
    gr_cell c = cell_of(a->name, "");
    wait_for(&c);
    if (c.end != a->end || (a->text && strcmp(c.text, a->text) != 0))
      fail_msg("%s: end %d '%s', expected %d '%s'; it printed: %s", a->name, (int)c.end, c.text, (int)a->end,
               a->text ? a->text : "", c.output);
    gr_cell_close(&c);
  }
}

static int listener(uint16_t *port) {
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t n = sizeof at;
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (s < 0 || bind(s, (struct sockaddr *)&at, n) != 0 || listen(s, 8) != 0) fail_msg("no listener: %s", strerror(errno));
  getsockname(s, (struct sockaddr *)&at, &n);
  *port = ntohs(at.sin_port);
  return s;
}

static void expect_held(gr_cell *c, size_t lines) {
  size_t held = 0;
  wait_for(c);
  for (const char *at = c->output; (at = strstr(at, "held: ")); at++) held++;
  if (held != lines || strstr(c->output, "BROKEN")) fail_msg("%s\n%s", c->text, c->output);
  gr_cell_close(c);
}

static void bubblewrap_alone_does_not_hold(void **state) {
  char path[] = "/tmp/gradus-test-XXXXXX", inputs[512];
  uint16_t port;
  int listening = listener(&port), file = mkstemp(path); /* open, not to be closed by exec: the cell must not get it */
  (void)state;
  setenv("SECRET", "key", 1);
  fchmod(file, 0644);
  snprintf(inputs, sizeof inputs, "%d %d %s", (int)port, (int)getpid(), path);
  gr_cell c = cell_of("outer", inputs);
  expect_held(&c, sanitized ? 9 : 11);
  close(file);
  close(listening);
  unlink(path);
}

static void limits_alone_do_not_hold(void **state) {
  (void)state;
  gr_cell c = cell_of("limits", "");
  expect_held(&c, 3);
}

static void landlock_alone_does_not_hold(void **state) {
  (void)state;
  gr_cell c = cell_of("landlock", "");
  expect_held(&c, 2);
}

static void processes_outlive_the_cell(void **state) {
  (void)state;
  gr_cell c = cell_of("family", "");
  for (int i = 0; i < 100 && c.output_size == 0; i++) gr_cell_wait(&c, 0.1);
  struct pollfd output = { .fd = dup(c.printed), .events = POLLHUP };
  char rest[4096];
  gr_cell_close(&c);
  ssize_t n = 1;
  while (n > 0 && poll(&output, 1, 5000) > 0) n = read(output.fd, rest, sizeof rest);
  assert_int_equal(n, 0); /* nobody holds the other end */
  close(output.fd);
}

/* Nothing is started for these. */
static void a_job_beyond_its_limits_is_begun(void **state) {
  const gr_cell_job usual = { .name = "x", .script = "", .inputs = "", .seconds = 1, .memory = 64 << 20, .output = 4096 };
  const size_t largest = GR_CELL_LARGEST, input = GR_CELL_MOST_INPUT;
  const struct {
    const char *says;
    size_t value, output, script_size, files;
  } wrong[] = {
    { "its value may have 1073741825 bytes", largest + 1, 1, 0, 0 },
    { "its value may have 18446744073709551615 bytes", SIZE_MAX, 1, 0, 0 },
    { "its output 1073741825;", 1, largest + 1, 0, 0 },
    { "its output 18446744073709551615;", 1, SIZE_MAX, 0, 0 },
    { "the script has 67108865 bytes", 1, 1, input + 1, 0 },
    { "17 files are given; it may have up to 16", 1, 1, 0, GR_CELL_MOST_FILES + 1 },
  };
  (void)state;
  for (size_t i = 0; i < COUNT(wrong); i++) {
    gr_err err;
    gr_cell c;
    gr_cell_job job = usual;
    job.value = wrong[i].value;
    job.output = wrong[i].output;
    job.script_size = wrong[i].script_size;
    job.file_count = wrong[i].files;
    assert_false(gr_cell_start(&c, &job, &err));
    if (!strstr(err.text, wrong[i].says)) fail_msg("'%s', expected '%s'", err.text, wrong[i].says);
    assert_int_equal(c.pid, 0);
  }
}

/* ---- A marker that is busy with others -------------------------------------------------- */

/* Looks, and does not look for longer than the cell may take, again and again. */
static gr_cell neglected(const char *name, size_t inputs_size) {
  static char inputs[1 << 20];
  const struct timespec busy = { .tv_nsec = 800000000 };
  gr_err err;
  gr_cell c;
  const gr_cell_job job = { .name = name,
                            .script = "",
                            .inputs = inputs,
                            .inputs_size = inputs_size,
                            .seconds = 0.3,
                            .memory = 64 << 20,
                            .output = 4096,
                            .start = inputs_size ? 0.5 : 0 };
  if (!gr_cell_start(&c, &job, &err)) fail_msg("%s", err.text);
  for (const double begun = cell_now(); !gr_cell_wait(&c, 0) && cell_now() - begun < 60;) nanosleep(&busy, NULL);
  return c;
}

static void a_large_result_is_charged_for_the_marker(void **state) {
  (void)state;
  gr_cell c = neglected("it sends a large result", 0);
  assert_int_equal(c.end, GR_CELL_FINISHED);
  assert_int_equal(c.text_size, 1 << 20);
  assert_true(c.took < 30);
  gr_cell_close(&c);
}

static void a_large_order_is_charged_for_the_marker(void **state) {
  (void)state;
  gr_cell c = neglected("it tells its result and goes on for ever", 1 << 20);
  assert_int_equal(c.end, GR_CELL_FINISHED);
  gr_cell_close(&c);
}

static void an_endless_one_outlives_a_busy_marker(void **state) {
  (void)state;
  gr_cell c = neglected("signals are blocked, and it goes on for ever", 0);
  assert_int_equal(c.end, GR_CELL_TIME);
  gr_cell_close(&c);
}

static void a_cell_that_dies_before_it_begins_is_not_started_again(void **state) {
  (void)state;
  gr_cell c = cell_of("it tells its result and goes on for ever", "");
  kill((pid_t)c.pid, SIGKILL);
  wait_for(&c);
  assert_int_equal(c.end, GR_CELL_FINISHED);
  gr_cell_close(&c);
}

static void a_cell_that_never_begins_is_no_end_of_its_own(void **state) {
  const gr_cell_job job = {
    .name = "asleep", .script = "", .inputs = "", .seconds = 2, .memory = 64 << 20, .output = 4096, .start = 0.2
  };
  gr_err err;
  gr_cell c;
  (void)state;
  if (!gr_cell_start(&c, &job, &err)) fail_msg("%s", err.text);
  const long first = c.pid;
  while (c.pid == first) gr_cell_wait(&c, 0.01);
  wait_for(&c);
  if (!c.again || c.end != GR_CELL_LATE) fail_msg("end %d '%s'; it printed: %s", (int)c.end, c.text, c.output);
  gr_cell_close(&c);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_attack_is_not_stopped),
    cmocka_unit_test(bubblewrap_alone_does_not_hold),
    cmocka_unit_test(limits_alone_do_not_hold),
    cmocka_unit_test(landlock_alone_does_not_hold),
    cmocka_unit_test(processes_outlive_the_cell),
    cmocka_unit_test(a_job_beyond_its_limits_is_begun),
    cmocka_unit_test(a_large_result_is_charged_for_the_marker),
    cmocka_unit_test(a_large_order_is_charged_for_the_marker),
    cmocka_unit_test(an_endless_one_outlives_a_busy_marker),
    cmocka_unit_test(a_cell_that_dies_before_it_begins_is_not_started_again),
    cmocka_unit_test(a_cell_that_never_begins_is_no_end_of_its_own),
  };
  if (argc == 2 && strcmp(argv[1], "cell") == 0) return live();
  return stands() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
