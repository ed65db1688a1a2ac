/* main.c: the program: its command line. */
#include "bind.h"

#include <errno.h>
#include <lualib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FINE = 0, SCRIPT_FAILED = 1, USAGE = 2, INTERRUPTED = 130 };

static const char usage[] =
    "usage: gradus                              the prompt\n"
    "       gradus FILE.lua [--key=value ...]   run a script\n"
    "       gradus -e CODE                      run code given here (gr, nn, optim, ... are at hand)\n"
    "       gradus -                            run code from standard input\n"
    "       gradus data [NAME]                  data sets: lists them, tells about one, fetches it if need be\n"
    "       gradus runs [DIR]                   lists records of runs: --where \"accuracy > 0.9\" --sort NAME --last N\n"
    "       gradus show RUN                     a recorded run on a page of text\n"
    "       gradus replay RUN                   runs a record again: identical, or what differs\n"
    "       gradus diff A B                     where two runs part\n"
    "       gradus report RUN ... -o FILE.html  one or several runs as a page for a browser\n"
    "       gradus help [TOPIC]                 tells about a function, a module, a word\n"
    "       gradus sweep FILE.lua --key=a,b,c   run a script with many settings (gradus sweep alone tells more)\n"
    "       gradus new NAME                     makes an assignment for a class, to be changed\n"
    "       gradus hand-out ASSIGNMENT --roster FILE.csv -o DIR   a folder for each student, with numbers of their own\n"
    "       gradus grade ASSIGNMENT SUBMISSIONS -o DIR   mark what a class handed in, each answer in a cell of its own\n"
    "       gradus check [FOLDER or FILE]       what an answer to an assignment is worth so far\n"
    "       gradus version\n"
    "options: -i             the prompt afterwards\n"
    "         --seed N       where random numbers start (0)\n"
    "         --threads N    threads for large products (1)\n"
    "         --f32          new tensors hold single precision\n"
    "         --portable     the same bits on every machine; large products take two to three times as long\n"
    "         --quiet        no progress lines\n"
    "         --no-nan-check training goes on after a loss that is not finite\n"
    "         --no-record    gr.run keeps no record\n"
    "         --runs DIR     where records of runs are kept (runs, or $GRADUS_RUNS)\n"
    "         --into DIR     the folder of this very record\n"
    "         --ends-with N  ends when the program of that number, which started it, ends\n"
    "         --resume RUN   goes on from a run's checkpoint, in its record\n"
    "         --scripts DIR  take the library from DIR/gradus instead of from the program\n"
    "exit status: 0 fine, 1 the script failed, 2 the command line is wrong, 3 a check or replay did not hold, 130 interrupted\n";

/* ---- The command line --------------------------------------------------------------- */

typedef struct command {
  const char *code; /* -e */
  const char *file; /* a script, or "-" */
  bool prompt;      /* -i, or nothing to run */
  int threads;
  pid_t starter;     /* --ends-with; 0: nobody that matters */
  const char **args; /* what is the script's */
  int count;
} command;

static const char more[] = "gradus help lists commands and options";

static int fail_usage(const char *message, const char *what, const char *hint) {
  fprintf(stderr, "gradus: %s%s%s; %s\n", message, what, hint, more);
  return USAGE;
}

/* What an option of ours wants, which came with something else, or with nothing. */
static int fail_value(const char *word, const char *value) {
  static const struct {
    const char *name, *wants;
  } options[] = {
    { "--seed", "a whole number from 0 to 4294967295" },
    { "--threads", "a whole number from 1 to 1024" },
    { "--ends-with", "the number of the program that started this one" },
    { "--scripts", "a folder in which gradus/gradus.lua lies" },
    { "--runs", "the folder of all records" },
    { "--into", "the folder of this record" },
    { "--resume", "a run: its folder, its name or id, or last" },
  };
  int length = (int)strcspn(word, "=");
  const char *wants = "another value";
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (strncmp(word, options[i].name, (size_t)length) == 0) wants = options[i].wants;
  fprintf(stderr, "gradus: %.*s wants %s, got %s; %s\n", length, word, wants, *value ? value : "nothing", more);
  return USAGE;
}

/* The value of --name=value or --name value; NULL if argv[*i] is another option. */
static const char *value_of(char **argv, int *i, const char *name) {
  size_t n = strlen(name);
  if (strncmp(argv[*i], name, n) != 0) return NULL;
  if (argv[*i][n] == '=') return argv[*i] + n + 1;
  if (argv[*i][n]) return NULL;
  if (!argv[*i + 1]) return "";
  return argv[++*i];
}

static bool whole_number(const char *text, unsigned long most, unsigned long *value) {
  char *end;
  if (!*text || strspn(text, "0123456789") != strlen(text)) return false;
  *value = strtoul(text, &end, 10);
  return *value <= most && strlen(text) < 12;
}

/* A folder given by --scripts must hold the library. */
static bool has_library(const char *folder) {
  char path[4096];
  snprintf(path, sizeof path, "%s/gradus/gradus.lua", folder);
  return access(path, R_OK) == 0;
}

/* Options of where runs are recorded: 1 taken, 0 none of them, -1 without a value. */
static int take_place(char **argv, int *i, grl_state *state) {
  const struct {
    const char *name, **value;
  } places[] = { { "--runs", &state->runs }, { "--into", &state->into }, { "--resume", &state->resume } };
  for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
    const char *value = value_of(argv, i, places[k].name);
    if (!value) continue;
    *places[k].value = value;
    return *value ? 1 : -1;
  }
  return 0;
}

/* Takes an option of ours at argv[*i]: 1 taken, 0 not ours, -1 wrong. */
static int take_option(char **argv, int *i, command *c, grl_state *state) {
  const char *value;
  unsigned long n;
  if ((value = value_of(argv, i, "--seed"))) {
    if (!whole_number(value, UINT32_MAX, &n)) return -1;
    state->seed = (uint32_t)n;
    state->seeded = true;
  } else if ((value = value_of(argv, i, "--threads"))) {
    if (!whole_number(value, 1024, &n) || n < 1) return -1;
    c->threads = (int)n;
  } else if ((value = value_of(argv, i, "--ends-with"))) {
    if (!whole_number(value, INT32_MAX, &n) || n < 1) return -1;
    c->starter = (pid_t)n;
  } else if ((value = value_of(argv, i, "--scripts"))) {
    state->scripts = value;
    if (!has_library(value)) return -1;
  } else if (strcmp(argv[*i], "--f32") == 0) {
    state->dtype = GR_F32;
  } else if (strcmp(argv[*i], "--portable") == 0) {
    gr_set_portable(true);
  } else if (strcmp(argv[*i], "--quiet") == 0) {
    state->quiet = true;
  } else if (strcmp(argv[*i], "--no-nan-check") == 0) {
    state->any_loss = true;
  } else if (strcmp(argv[*i], "--no-record") == 0) {
    state->unrecorded = true;
  } else {
    return take_place(argv, i, state);
  }
  return 1;
}

/* Options in front of the script, that only we know. */
static bool take_mode(int argc, char **argv, int *i, command *c) {
  if (strcmp(argv[*i], "-i") == 0) return c->prompt = true;
  if (strcmp(argv[*i], "-e") != 0 || *i + 1 == argc) return false;
  c->code = argv[++*i];
  return true;
}

static bool is_word(const char *word, const char *one, const char *other) {
  return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

static int open_library(lua_State *L) {
  grl_open(L, lua_touserdata(L, 1));
  return 0;
}

/* Whether only a word is to be run. A script of that name goes before; a folder does not. */
static bool is_word_alone(const command *c) {
  struct stat about;
  return c->file && !c->code && (stat(c->file, &about) != 0 || S_ISDIR(about.st_mode));
}

static bool is_sweep(const command *c) { return is_word_alone(c) && strcmp(c->file, "sweep") == 0; }

/* Whether a sweep reads that word itself: its seeds are many. */
static bool is_for_sweep(const command *c, const char *word) { return strncmp(word, "--seed", 6) == 0 && is_sweep(c); }

/* Refuses a word in front of the script that is none of ours, with the option that may be meant: the library knows words that are near. */
static int fail_option(const char *word, grl_state *state) {
  const char *hint = "";
  lua_State *L = luaL_newstate();
  if (L) {
    lua_pushcfunction(L, open_library);
    lua_pushlightuserdata(L, state);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK) {
      lua_pushstring(L, word);
      grl_ask_library(L, "gradus.arguments", "of_program", 1);
      if (!lua_isnil(L, -1)) hint = lua_tostring(L, -1);
    }
  }
  int status = fail_usage("unknown option, or one without its value: ", word, hint);
  if (L) lua_close(L);
  return status;
}

static int read_command(int argc, char **argv, command *c, grl_state *state) {
  bool ours = true; /* until "--" */
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    int at = i;
    int taken = ours && !is_for_sweep(c, word) ? take_option(argv, &i, c, state) : 0;
    if (taken < 0) return fail_value(word, i > at ? argv[i] : strchr(word, '=') ? strchr(word, '=') + 1 : "");
    if (taken) continue;
    if (c->file || c->code) {
      bool end = ours && strcmp(word, "--") == 0;
      ours = ours && !end;
      if (end && !is_sweep(c)) continue; /* a sweep has options of its own, which end there too */
      if (ours && !c->file && strcmp(word, "-i") == 0) c->prompt = true;
      else c->args[c->count++] = word;
    } else if (!take_mode(argc, argv, &i, c)) {
      if (is_word(word, "--help", "-h")) word = "help";
      if (is_word(word, "--version", "-v")) word = "version";
      if (word[0] == '-' && word[1]) return fail_option(word, state);
      c->file = word;
    }
  }
  if (state->resume && !c->file)
    return fail_usage("--resume goes on with a script's run: write gradus FILE.lua --resume ", state->resume, "");
  c->prompt = c->prompt || (!c->file && !c->code);
  return FINE;
}

/* arg[0] is the script, arg[1].. its arguments. */
static void push_args(lua_State *L, const command *c) {
  lua_createtable(L, c->count, 1);
  lua_pushstring(L, c->file ? c->file : "gradus");
  lua_seti(L, -2, 0);
  for (int i = 0; i < c->count; i++) {
    lua_pushstring(L, c->args[i]);
    lua_seti(L, -2, i + 1);
  }
  lua_setglobal(L, "arg");
}

/* A line behind the message of a syntax error on top of the stack: how Lua writes what other languages write otherwise. */
static void say_the_way(lua_State *L, const command *c) {
  lua_pushvalue(L, -1);
  lua_pushstring(L, c->code);
  lua_pushstring(L, c->file);
  grl_ask_library(L, "gradus.habits", "of_script", 3);
  if (!lua_isnil(L, -1)) fprintf(stderr, "  %s\n", lua_tostring(L, -1));
}

/* Whether it is a word of ours that the library answers: by the function that the module gradus.command_WORD gives. */
static bool is_for_library(const command *c) {
  static const char *const words[] = { "check",  "data",   "diff",  "grade", "hand-out", "help", "new",
                                       "replay", "report", "rerun", "runs",  "show",     "sweep" };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (is_word_alone(c) && strcmp(c->file, words[i]) == 0) return true;
  return false;
}

/* word(name, ...): the function of that word, called with the others. */
static int l_word(lua_State *L) {
  int n = lua_gettop(L) - 1;
  lua_getglobal(L, "require");
  lua_pushfstring(L, "gradus.command_%s", luaL_gsub(L, luaL_checkstring(L, 1), "-", "_")); /* hand-out: command_hand_out */
  lua_remove(L, -2);
  lua_call(L, 1, 1);
  lua_replace(L, 1);
  lua_call(L, n, 1);
  return 1;
}

static int failed(lua_State *L) { return grl_state_of(L)->stopped ? INTERRUPTED : SCRIPT_FAILED; }

static int run_word(lua_State *L, const command *c) {
  lua_pushcfunction(L, l_word);
  lua_pushstring(L, c->file);
  for (int i = 0; i < c->count; i++) lua_pushstring(L, c->args[i]);
  return grl_run(L, c->count + 1, 1) ? (int)lua_tointeger(L, -1) : failed(L);
}

static int run_command(lua_State *L, const command *c) {
  if (is_for_library(c)) return run_word(L, c);
  if (!c->code && !c->file) return FINE;
  grl_source source = { .path = c->code ? NULL : c->file, .code = c->code };
  if (!grl_load_script(L, &source)) {
    bool script = c->code || strchr(c->file, '.') || strchr(c->file, '/') || c->file[0] == '-';
    fprintf(stderr, "%s%s\n", lua_tostring(L, -1), script ? "" : " (gradus help lists what gradus does)");
    say_the_way(L, c);
    return SCRIPT_FAILED;
  }
  for (int i = 0; i < c->count; i++) lua_pushstring(L, c->args[i]);
  return grl_run_script(L, c->count) ? FINE : failed(L);
}

static int print_version(void) {
  char blas[128];
  printf("gradus %s\n%s\n%s\n%s", GR_VERSION, LUA_RELEASE, gr_blas_text(blas, sizeof blas),
         gr_portable() ? "portable mode: own products and functions, the same bits on every machine\n" : "");
  return FINE;
}

/* What was printed must have arrived: a full disk is a failure. */
static int flush_output(int status) {
  bool lost = ferror(stdout);
  if (fflush(stdout) == 0 && !lost) return status;
  fprintf(stderr, "gradus: standard output: %s\n", errno ? strerror(errno) : "could not be written");
  return status == FINE ? SCRIPT_FAILED : status;
}

static int open_all(lua_State *L) {
  grl_open(L, lua_touserdata(L, 1));
  push_args(L, lua_touserdata(L, 2));
  return 0;
}

static int start(command *c, grl_state *state, bool usage_first) {
  if (usage_first) fputs(usage, stdout);
  lua_State *L = luaL_newstate();
  if (!L) return fputs("gradus: not enough memory to start\n", stderr), SCRIPT_FAILED;
  lua_pushcfunction(L, open_all);
  lua_pushlightuserdata(L, state);
  lua_pushlightuserdata(L, c);
  bool opened = lua_pcall(L, 2, 0, 0) == LUA_OK;
  int status = opened ? run_command(L, c) : SCRIPT_FAILED;
  if (!opened) fprintf(stderr, "gradus: %s\n", lua_tostring(L, -1));
  else if (c->prompt) grl_prompt(L);
  lua_close(L);
  gr_memory_trim();
  return status;
}

/* Ends us when our starter ends, however that happens: a sweep that is killed leaves nothing at work behind it. */
static void end_with(pid_t starter) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != starter) raise(SIGTERM); /* it has ended before we asked */
}

int main(int argc, char **argv) {
  grl_state state = { .recording = true };
  command c = { .threads = 1 };
  if (argc == 2 && strcmp(argv[1], "cell") == 0 && grl_live_in_cell()) return FINE; /* no word for users: `gradus grade` says it */
  setlocale(LC_CTYPE, "");
  c.args = calloc((size_t)argc, sizeof *c.args);
  if (!c.args) return SCRIPT_FAILED;
  int status = read_command(argc, argv, &c, &state);
  if (status == FINE) {
    if (c.starter) end_with(c.starter);
    gr_set_threads(c.threads);
    bool word = is_word_alone(&c) && c.count == 0;
    if (word && strcmp(c.file, "version") == 0) status = print_version();
    else status = start(&c, &state, word && strcmp(c.file, "help") == 0);
  }
  free(c.args);
  return flush_output(status);
}
