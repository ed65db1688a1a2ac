/* cell_walls.c: the walls that a process puts up around itself; none can be taken down again.
**
** Each holds alone, so that a hole in one is not a way out: Landlock (https://docs.kernel.org/userspace-api/landlock.html) forbids
** files, seccomp (https://docs.kernel.org/userspace-api/seccomp_filter.html) nearly all that the kernel can be asked for.     */
#include "cell.h"

#include <errno.h>
#include <linux/landlock.h>
#include <math.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

bool cell_wall_user(void) { return getuid() != 0 && geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }

/* ---- Landlock ------------------------------------------------------------------------ */

/* The kernel's structure as it has grown; headers of a distribution may know the beginning alone. */
typedef struct landlock_rules {
  uint64_t files, network, scopes;
} landlock_rules;

/* What a version of Landlock can forbid, all of it. By the kernel's documentation: files 13 rights at first, then moving (2), cutting
** (3), ioctl of devices (5); TCP by binding and connecting (4); sockets without a path and signals to others (6).               */
static size_t rules_of(long version, landlock_rules *rules) {
  const int rights = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
  *rules = (landlock_rules){ .files = ((uint64_t)1 << rights) - 1 };
  if (version >= 4) rules->network = 3;
  if (version >= 6) rules->scopes = 3;
  return version >= 6 ? sizeof *rules : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

/* No rule is added, so nothing is allowed. */
bool cell_wall_landlock(void) {
  landlock_rules rules;
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  const size_t size = rules_of(version, &rules);
  const int set = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
  if (set < 0) return false;
  const bool stands = syscall(SYS_landlock_restrict_self, set, 0) == 0;
  close(set);
  return stands;
}

/* ---- Limits -------------------------------------------------------------------------- */

static bool limit(int what, rlim_t soft, rlim_t hard) { return setrlimit(what, &(struct rlimit){ soft, hard }) == 0; }

/* Address space is a coarse wall behind the count of the script's own memory (gr_memory_limit): the program and its libraries are
** mapped in it, and OpenBLAS waits for ever for buffers when it has less than half a gigabyte. Sanitizers map terabytes. */
static bool limit_memory(size_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  (void)bytes;
  return true;
#else
  static const rlim_t program = (rlim_t)1 << 30;
  const rlim_t most = bytes > ((rlim_t)1 << 62) ? RLIM_INFINITY : program + bytes;
  return limit(RLIMIT_AS, most, most);
#endif
}

bool cell_wall_limits(const gr_cell_job *job) {
  const rlim_t seconds = job->seconds < 1e9 ? (rlim_t)ceil(job->seconds) + 2 : RLIM_INFINITY - 1;
  return limit(RLIMIT_CPU, seconds, seconds + 1) && limit_memory(job->memory) && limit(RLIMIT_FSIZE, 0, 0) &&
         limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_NOFILE, 3, 3) && limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0);
}

/* ---- seccomp ------------------------------------------------------------------------- */

/* Says which call it was. The filter lets nobody put another handler in its place, and when it cannot run, the signal kills. */
static void on_refusal(int signal_number, siginfo_t *about, void *context) {
  const int call = about->si_syscall;
  (void)signal_number;
  (void)context;
  gr_cell_tell(GR_CELL_CALL, (const char *)&call, sizeof call);
  gr_cell_leave();
}

static bool catch_refusals(void) {
  struct sigaction action = { .sa_sigaction = on_refusal, .sa_flags = SA_SIGINFO | SA_ONSTACK };
  return sigaction(SIGSYS, &action, NULL) == 0;
}

/* What computing asks of the kernel: memory, the time, the end. */
static bool allow_plain(scmp_filter_ctx filter) {
  static const int calls[] = { SCMP_SYS(exit),
                               SCMP_SYS(exit_group),
                               SCMP_SYS(brk),
                               SCMP_SYS(munmap),
                               SCMP_SYS(mremap),
                               SCMP_SYS(madvise),
                               SCMP_SYS(rt_sigreturn),
                               SCMP_SYS(rt_sigprocmask),
                               SCMP_SYS(clock_gettime),
                               SCMP_SYS(gettimeofday),
                               SCMP_SYS(futex),
                               SCMP_SYS(sched_yield),
                               SCMP_SYS(restart_syscall),
                               SCMP_SYS(getpid),
                               SCMP_SYS(gettid),
                               SCMP_SYS(getrandom) };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0) return false;
  return true;
}

/* Calls that are allowed with certain arguments only: writing to the three descriptors, memory that is not run as code, a signal to
** itself (by which the C library ends a process that has gone wrong).                                                         */
static bool allow_some(scmp_filter_ctx filter) {
  const struct {
    int call;
    struct scmp_arg_cmp when;
  } rules[] = {
    { SCMP_SYS(write), SCMP_A0(SCMP_CMP_LE, CELL_ERRORS, 0) },
    { SCMP_SYS(writev), SCMP_A0(SCMP_CMP_LE, CELL_ERRORS, 0) },
    { SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
    { SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
    { SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0) },
  };
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, rules[i].call, 1, rules[i].when) != 0) return false;
  return true;
}

/* The address sanitizer asks for the handlers' stack at each jump out of a function. */
static bool allow_sanitizer(scmp_filter_ctx filter) {
#ifdef __SANITIZE_ADDRESS__
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sigaltstack), 0) == 0;
#else
  return filter != NULL;
#endif
}

bool cell_wall_seccomp(void) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
  const bool stands = filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && catch_refusals() &&
                      allow_plain(filter) && allow_some(filter) && allow_sanitizer(filter) && seccomp_load(filter) == 0;
  if (filter) seccomp_release(filter);
  return stands;
}

char *cell_call_name(int number) { return number < 0 ? NULL : seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number); }
