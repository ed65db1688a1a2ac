/* cell.c: the marker's side of a cell: it feeds the process, hears it, and kills it when it goes too far. */
#include "cell.h"
#include "io.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In seconds. The process itself ends in time, with the line that it was at: ours is the timer that nothing inside can touch. */
static const double to_start = 20, grace = 1, to_tell = 2, to_leave = 2, to_die = 5;

/* A byte of its message takes at most so long, where who listens is busy most of the time. */
static const double a_byte = 1e-6;

/* Between two looks at a cell: what is beyond it is the marker's own time, which no cell is charged for. */
static const double usual_gap = 0.1;

enum { CHUNK = 1 << 16, ROUND = 4096 /* what is said besides the value */ };

double cell_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- Starting ------------------------------------------------------------------------ */

static bool check_job(const gr_cell_job *job, gr_err *err) {
  if (job->script_size > GR_CELL_MOST_INPUT || job->inputs_size > GR_CELL_MOST_INPUT)
    return gr_fail(err, "cell: the script has %zu bytes and its inputs %zu; each may have up to %d", job->script_size,
                   job->inputs_size, GR_CELL_MOST_INPUT);
  if (job->value > GR_CELL_LARGEST || job->output > GR_CELL_LARGEST)
    return gr_fail(err, "cell: its value may have %zu bytes and its output %zu; each may be given up to %d", job->value,
                   job->output, GR_CELL_LARGEST);
  if (job->file_count > GR_CELL_MOST_FILES)
    return gr_fail(err, "cell: %zu files are given; it may have up to %d", job->file_count, GR_CELL_MOST_FILES);
  return true;
}

/* The bytes of the files that the cell is given, how many they hold, and how many are sent of them in all. */
typedef struct loaded {
  char *bytes[GR_CELL_MOST_FILES];
  size_t sizes[GR_CELL_MOST_FILES], held, total;
} loaded;

static void unload(loaded *l) {
  for (size_t i = 0; i < GR_CELL_MOST_FILES; i++) gr_free(l->bytes[i]);
}

static bool load_files(loaded *l, const gr_cell_job *job, gr_err *err) {
  for (size_t i = 0; i < job->file_count; i++) {
    const gr_cell_file *file = &job->files[i];
    if (!(l->bytes[i] = gr_file_bytes_most(file->path, GR_CELL_MOST_FILE, &l->sizes[i], err))) return false;
    l->held += l->sizes[i];
    if (l->held > GR_CELL_MOST_HELD)
      return gr_fail(err, "cell: its files hold more than %d bytes in all, unpacked", GR_CELL_MOST_HELD);
    l->total += sizeof(cell_file) + strlen(file->name) + l->sizes[i];
  }
  return true;
}

static void put(gr_cell *c, const void *from, size_t n) {
  if (n) memcpy(c->job + c->job_size, from, n);
  c->job_size += n;
}

static void put_files(gr_cell *c, const gr_cell_job *job, const loaded *l) {
  for (size_t i = 0; i < job->file_count; i++) {
    const cell_file about = { .name_size = strlen(job->files[i].name), .size = l->sizes[i] };
    put(c, &about, sizeof about);
    put(c, job->files[i].name, about.name_size);
    put(c, l->bytes[i], about.size);
  }
}

static bool put_job(gr_cell *c, const gr_cell_job *job, const loaded *l, gr_err *err) {
  const char *zone = job->zone ? job->zone : "";
  const cell_order order = { .magic = cell_magic,
                             .trust = job->trust,
                             .portable = gr_portable(),
                             .seconds = job->seconds,
                             .memory = job->memory,
                             .value = c->value_most,
                             .name_size = strlen(job->name),
                             .zone_size = strlen(zone),
                             .script_size = job->script_size,
                             .inputs_size = job->inputs_size,
                             .files = job->file_count };
  c->job = gr_alloc(sizeof order + order.name_size + order.zone_size + job->script_size + job->inputs_size + l->total, err);
  if (!c->job) return false;
  put(c, &order, sizeof order);
  put(c, job->name, order.name_size);
  put(c, zone, order.zone_size);
  put(c, job->script, job->script_size);
  put(c, job->inputs, job->inputs_size);
  return put_files(c, job, l), true;
}

static bool pack_job(gr_cell *c, const gr_cell_job *job, gr_err *err) {
  loaded l = { 0 };
  const bool packed = load_files(&l, job, err) && put_job(c, job, &l, err);
  unload(&l);
  return packed;
}

/* What comes next is due in so many seconds. */
static void expect_within(gr_cell *c, double seconds) {
  c->looked = cell_now();
  c->due = c->looked + seconds;
}

static bool spawn(gr_cell *c, bool wrapped, gr_err *err) {
  if (!cell_spawn(c, wrapped, err)) return false;
  return expect_within(c, c->start), true;
}

bool gr_cell_start(gr_cell *c, const gr_cell_job *job, gr_err *err) {
  *c = (gr_cell){ .channel = -1,
                  .printed = -1,
                  .text = "",
                  .trust = job->trust,
                  .start = job->start > 0 ? job->start : to_start,
                  .seconds = job->seconds,
                  .output_most = job->output,
                  .value_most = job->value ? job->value : GR_CELL_MOST_VALUE };
  if (!check_job(job, err) || !pack_job(c, job, err)) return false;
  c->output = gr_alloc(job->output + 1, err);
  c->heard = c->output ? gr_alloc(c->heard_room = CHUNK, err) : NULL;
  if (c->heard && spawn(c, true, err)) return true;
  gr_cell_close(c);
  return false;
}

/* ---- Ending it ----------------------------------------------------------------------- */

/* All of it: it leads a group that nothing inside can leave, and what bubblewrap has started dies with bubblewrap. */
static void kill_all(const gr_cell *c) {
  if (!c->pid) return;
  kill((pid_t)-c->pid, SIGKILL);
  kill((pid_t)c->pid, SIGKILL);
}

static void kill_for(gr_cell *c, gr_cell_end reason) {
  if (c->killed == GR_CELL_RUNS) c->killed = reason;
  kill_all(c);
}

static void close_end(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}

void gr_cell_close(gr_cell *c) {
  kill_all(c);
  while (c->pid && waitpid((pid_t)c->pid, NULL, 0) < 0 && errno == EINTR) continue;
  c->pid = 0;
  close_end(&c->channel);
  close_end(&c->printed);
  gr_free(c->job);
  gr_free(c->heard);
  gr_free(c->output);
  c->job = c->heard = c->output = NULL;
  c->text = "";
  c->text_size = c->output_size = 0;
}

/* ---- Feeding and hearing ------------------------------------------------------------- */

/* Feeding it. A process that ends early is no harm to us; one that takes what it is sent, which is our own code still, is not late. */
static void feed(gr_cell *c) {
  ssize_t n = send(c->channel, c->job + c->sent, c->job_size - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0) c->sent += (size_t)n, expect_within(c, c->start);
  else if (n < 0 && errno != EAGAIN && errno != EINTR) c->sent = c->job_size;
  if (c->sent == c->job_size) shutdown(c->channel, SHUT_WR);
}

/* The frame that begins at a place; NULL while it has not arrived whole. */
static const char *frame_at(const gr_cell *c, size_t at, cell_frame *frame) {
  if (c->heard_size < at || c->heard_size - at < sizeof *frame) return NULL;
  memcpy(frame, c->heard + at, sizeof *frame);
  return c->heard_size - at - sizeof *frame < frame->size ? NULL : c->heard + at + sizeof *frame;
}

/* The first frame: the walls stand, the script begins. */
static void note_walls(gr_cell *c) {
  cell_frame frame;
  const char *bytes = frame_at(c, 0, &frame);
  if (c->begun > 0 || !bytes || frame.kind != CELL_WALLS || frame.size != sizeof c->walls) return;
  memcpy(&c->walls, bytes, sizeof c->walls);
  c->walls &= GR_ALL_WALLS & ~GR_WALL_NAMESPACES;
  if (c->wrapped) c->walls |= GR_WALL_NAMESPACES;
  expect_within(c, c->seconds + grace);
  c->begun = c->looked;
}

static size_t after_walls(const gr_cell *c) { return c->begun > 0 ? sizeof(cell_frame) + sizeof c->walls : 0; }

/* Whether all has been said; then what follows is no message of ours. */
static bool has_told(const gr_cell *c) {
  cell_frame frame;
  return frame_at(c, after_walls(c), &frame) != NULL;
}

/* What it tells was told when it began to: from there on the time is that of the channel and of who listens. */
static void note_telling(gr_cell *c) {
  cell_frame frame;
  const size_t at = after_walls(c);
  if (c->begun <= 0 || c->heard_size < at + sizeof frame) return;
  memcpy(&frame, c->heard + at, sizeof frame);
  if (!c->telling) {
    c->telling = true;
    c->took = cell_now() - c->begun;
    expect_within(c, to_tell + a_byte * (double)(frame.size < c->value_most ? frame.size : c->value_most));
  }
}

static bool make_room(gr_cell *c) {
  gr_err err;
  if (c->heard_room - c->heard_size >= CHUNK / 2) return true;
  size_t room = 2 * c->heard_room;
  char *more = c->heard_size > c->value_most + ROUND ? NULL : gr_realloc(c->heard, room, &err);
  if (!more) return false;
  c->heard = more;
  c->heard_room = room;
  return true;
}

/* Whether something has come; then there may be more. */
static bool hear_some(gr_cell *c) {
  if (!make_room(c)) return kill_for(c, GR_CELL_VALUE), close_end(&c->channel), false;
  ssize_t n = recv(c->channel, c->heard + c->heard_size, c->heard_room - c->heard_size - 1, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (n <= 0) return close_end(&c->channel), false;
  const bool told = has_told(c);
  c->heard_size += (size_t)n;
  note_walls(c);
  note_telling(c);
  if (!told && has_told(c)) expect_within(c, to_leave);
  return true;
}

/* All that is there: a cell waits to be heard, and who is slow must not take it for slow. */
static void hear(gr_cell *c) {
  while (hear_some(c)) continue; /* up to the largest value that it may have */
}

/* Keeps what it prints, up to what it may. */
static void hear_output(gr_cell *c) {
  char rest[4096];
  size_t room = c->output_most - c->output_size;
  ssize_t n = read(c->printed, room ? c->output + c->output_size : rest, room ? room : sizeof rest);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) return close_end(&c->printed);
  if (room) c->output_size += (size_t)n;
  else kill_for(c, GR_CELL_OUTPUT);
}

/* One look at what has come, for at most so long. */
static void listen_for(gr_cell *c, double seconds) {
  struct pollfd ends[] = { { .fd = c->channel, .events = POLLIN }, { .fd = c->printed, .events = POLLIN } };
  if (c->channel >= 0 && c->sent < c->job_size) ends[0].events |= POLLOUT;
  if (poll(ends, 2, (int)ceil(1000 * seconds)) <= 0) return;
  if (ends[0].revents & POLLOUT) feed(c);
  if (ends[0].revents & (POLLIN | POLLHUP | POLLERR)) hear(c);
  if (ends[1].revents & (POLLIN | POLLHUP | POLLERR)) hear_output(c);
}

/* ---- How it ended -------------------------------------------------------------------- */

static void conclude_as(gr_cell *c, gr_cell_end end, const char *text, size_t n) {
  c->end = end;
  c->text = text;
  c->text_size = n;
}

/* By a signal, or with an exit status: it said nothing. */
static void conclude_silent(gr_cell *c, int status) {
  bool by_bwrap = c->wrapped && WIFEXITED(status) && WEXITSTATUS(status) > 128; /* as a shell, it says so of what it ran */
  int number = WIFSIGNALED(status) ? WTERMSIG(status) : by_bwrap ? WEXITSTATUS(status) - 128 : 0;
  c->detail = number ? number : WEXITSTATUS(status);
  const char *name = number ? strsignal(number) : "";
  bool by_limit = number == SIGXCPU || (number == SIGKILL && c->took > c->seconds); /* of processor time, when we did not look */
  gr_cell_end end = by_limit ? GR_CELL_TIME : number ? GR_CELL_SIGNAL : GR_CELL_SILENT;
  conclude_as(c, end, "", 0);
  if (end == GR_CELL_SIGNAL && name) conclude_as(c, end, name, strlen(name));
}

/* Nothing of the script has run. What bubblewrap or the system said of it is all that was printed. */
static void conclude_unstarted(gr_cell *c) {
  while (c->output_size && c->output[c->output_size - 1] == '\n') c->output_size--;
  c->output[c->output_size] = 0;
  conclude_as(c, GR_CELL_UNSTARTED, c->output, c->output_size);
}

/* Whether it has not begun, and nobody says why: that is no wall, but a machine that has too much to do. */
static bool is_late(const gr_cell *c) {
  return c->begun <= 0 && c->heard_size == 0 && (c->killed == GR_CELL_LATE || c->output_size == 0);
}

/* The number of the system call that stands in the message, by its name. */
static void name_call(gr_cell *c) {
  int number = -1;
  if (c->text_size == sizeof number) memcpy(&number, c->text, sizeof number);
  char *name = cell_call_name(number);
  strncpy(c->said, name ? name : "unknown", sizeof c->said - 1);
  free(name);
  conclude_as(c, GR_CELL_CALL, c->said, strlen(c->said));
}

static void conclude_told(gr_cell *c, const char *bytes, const cell_frame *frame) {
  const size_t end = (size_t)(bytes - c->heard) + frame->size;
  const bool ours = frame->kind >= GR_CELL_FINISHED && frame->kind <= GR_CELL_VALUE && c->begun > 0;
  const bool refusal = frame->kind == GR_CELL_UNSTARTED && c->begun <= 0;
  if (end != c->heard_size || (!ours && !refusal)) return conclude_as(c, GR_CELL_UNTRUE, "", 0);
  c->heard[end] = 0; /* hear leaves room */
  conclude_as(c, (gr_cell_end)frame->kind, bytes, frame->size);
  if (c->end == GR_CELL_CALL) name_call(c);
}

static void conclude(gr_cell *c, int status) {
  cell_frame frame;
  const char *bytes = frame_at(c, after_walls(c), &frame);
  const bool leaving =
      bytes && (c->killed == GR_CELL_TIME || c->killed == GR_CELL_LATE); /* it has told its end, and was slow to go */
  c->output[c->output_size] = 0;
  if (c->took <= 0 && c->begun > 0) c->took = cell_now() - c->begun;
  if (c->killed != GR_CELL_RUNS && !leaving) conclude_as(c, c->killed, "", 0);
  else if (bytes) conclude_told(c, bytes, &frame);
  else if (is_late(c)) conclude_as(c, GR_CELL_LATE, "", 0);
  else if (c->begun <= 0) conclude_unstarted(c);
  else if (c->heard_size > after_walls(c)) conclude_as(c, GR_CELL_UNTRUE, "", 0);
  else conclude_silent(c, status);
}

/* Once more, where it was late; without bubblewrap where that could not put up its walls, and the job is trusted to do without. */
static bool start_again(gr_cell *c) {
  gr_err err;
  if (c->begun > 0 || c->heard_size > 0 || (c->killed != GR_CELL_RUNS && c->killed != GR_CELL_LATE)) return false;
  const bool late = is_late(c) && !c->again, bare = !late && c->trust && c->wrapped && c->killed == GR_CELL_RUNS;
  if (!late && !bare) return false;
  close_end(&c->channel);
  close_end(&c->printed);
  c->again = c->again || late;
  c->sent = c->output_size = 0;
  c->killed = GR_CELL_RUNS;
  return spawn(c, c->wrapped && !bare, &err);
}

/* ---- The clock ----------------------------------------------------------------------- */

/* The script has a clock of its own inside. Ours stands still while nobody looks: who marks may be busy with another. */
static void watch_the_clock(gr_cell *c) {
  const double now = cell_now(), gap = now - c->looked;
  if (gap > usual_gap) c->due += gap - usual_gap;
  c->looked = now;
  if (now > c->due) kill_for(c, c->begun > 0 ? GR_CELL_TIME : GR_CELL_LATE);
  if (now > c->due + to_die) close_end(&c->channel), close_end(&c->printed);
}

/* Whether the process has gone, and with it all that held its channel or its output. */
static bool has_gone(gr_cell *c) {
  int status;
  if (!c->pid) return true;
  if (c->channel >= 0 || c->printed >= 0) return false;
  pid_t got = waitpid((pid_t)c->pid, &status, WNOHANG);
  if (got == 0 || (got < 0 && errno == EINTR)) return false;
  c->pid = 0;
  if (start_again(c)) return false;
  conclude(c, got > 0 ? status : 0);
  return true;
}

bool gr_cell_wait(gr_cell *c, double seconds) {
  const double end = cell_now() + (seconds > 0 ? seconds : 0);
  for (double left = seconds;; left = end - cell_now()) {
    if (has_gone(c)) return true;
    const double longest = c->channel < 0 && c->printed < 0 ? 0.001 : 0.05; /* who waits for the end alone looks often */
    listen_for(c, left < 0 ? 0 : left < longest ? left : longest);
    watch_the_clock(c);
    if (left <= 0) return has_gone(c);
  }
}
