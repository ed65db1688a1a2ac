/* bind.h: what the bindings share: checking arguments, pushing results, raising errors.
**
**   static int l_det(lua_State *L) {
**     gr_tensor *a = grl_check_tensor(L, 1);
**     double det;
**     gr_err err;
**     if (!gr_det(a, &det, &err)) return grl_raise(L, &err);
**     lua_pushnumber(L, det);
**     return 1;
**   }
**
** A tensor userdata holds one reference. It is made first and filled after, so that nothing can
** raise while a reference has no owner.                                                       */
#ifndef GRL_BIND_H
#define GRL_BIND_H

#include "../core/gr.h"

#include <lauxlib.h>
#include <lua.h>

#define GRL_TENSOR "gradus.tensor"
#define GRL_BYTES "gradus.bytes"
#define GRL_RNG "gradus.rng"
#define GRL_EXACT "gradus.exact"
#define GRL_NUMBER_METHODS "gradus.number_methods" /* in the registry: what a Lua number has for methods */

/* What belongs to one Lua state. Its threads share it. */
typedef struct grl_state {
  lua_State *running;  /* the thread that works now, to collect garbage in when memory is short */
  bool stopped;        /* Ctrl-C ended the script */
  bool stays;          /* at the prompt: Ctrl-C does not end the program */
  unsigned stops;      /* how often Ctrl-C has raised an error */
  bool naming;         /* a failing call is made once more, for its message */
  bool recording;      /* operators remember their inputs (gr.no_grad turns it off) */
  bool quiet;          /* --quiet */
  bool any_loss;       /* --no-nan-check: training goes on after a loss that is not finite */
  gr_dtype dtype;      /* of new tensors (--f32) */
  uint32_t seed;       /* --seed */
  bool seeded;         /* ... was given */
  size_t unreported;   /* bytes of tensors made that the collector has not heard of */
  bool unrecorded;     /* --no-record */
  const char *runs;    /* --runs: the folder of all records, or NULL */
  const char *into;    /* --into: the folder of this record, or NULL */
  const char *resume;  /* --resume: the run to go on with, or NULL */
  const char *scripts; /* --scripts: a folder to load the library from, or NULL */
  bool caged;          /* the script is a stranger's, in a cell: Lua is cut down */
} grl_state;

grl_state *grl_state_of(lua_State *L);

/* Set by the signal handler; operators and the hook look at it. */
extern volatile int grl_interrupted;

/* ---- Opening (each file's functions into the table on top of the stack) -------------- */

/* Where the registry has the globals of the library's own modules. */
#define GRL_ENVIRONMENT "gradus.environment"

void grl_open(lua_State *L, grl_state *state); /* all of it: Lua's libraries, how numbers print, ours */
void grl_collect(void *state);
void grl_open_make(lua_State *L);
void grl_open_tensor(lua_State *L);
void grl_open_index(lua_State *L);
void grl_open_op(lua_State *L);
void grl_open_bytes(lua_State *L);
void grl_open_optim(lua_State *L);
void grl_open_plan(lua_State *L);
void grl_open_differences(lua_State *L);
void grl_open_custom(lua_State *L);
void grl_open_random(lua_State *L);
void grl_open_linalg(lua_State *L);
void grl_open_exact(lua_State *L);
void grl_open_io(lua_State *L);
void grl_open_json(lua_State *L);
void grl_open_files(lua_State *L);
void grl_open_below(lua_State *L);
void grl_open_terminal(lua_State *L);
void grl_open_prompt(lua_State *L);
void grl_open_editor(lua_State *L);
void grl_open_cell(lua_State *L);
void grl_open_threads(lua_State *L);  /* replaces functions of Lua's coroutine */
void grl_open_portable(lua_State *L); /* replaces functions of Lua's math, in portable mode */

/* ---- The program (attempt.c, prompt.c, editor.c) ------------------------------------------------ */

/* For lua_pcall: makes of an error's value the message that a script's user reads. */
int grl_explain(lua_State *L);

/* Runs the function on the stack below its n arguments, so that Ctrl-C stops it. False: the message, with the script's lines
** that led to the error, is on the stack.                                                                                */
bool grl_attempt(lua_State *L, int n, int results);

/* Calls a function of one of the library's modules with the n values on top of the stack, and pushes its only result in
** their place: a text; nil also when it fails. For what is said of an error: no error may come of it.               */
void grl_ask_library(lua_State *L, const char *module, const char *function, int n);

/* The same, but the message goes to standard error. */
bool grl_run(lua_State *L, int n, int results);

/* What is run: a file, "-" for standard input, or code of the command line. */
typedef struct grl_source {
  const char *path; /* or NULL */
  const char *code;
} grl_source;

/* Pushes the script as a function, and keeps its text for who records the run (core.script). False: the message is pushed. */
bool grl_load_script(lua_State *L, const grl_source *source);

/* Pushes text as a function; a first line for other programs is passed over. False: the message is pushed. */
bool grl_load_text(lua_State *L, const char *text, size_t n, const char *name);

/* grl_run for a script; afterwards the library hears how it ended (core.at_end). */
bool grl_run_script(lua_State *L, int n);

void grl_open_script(lua_State *L);

/* Makes gr, nn, optim, ... reachable as globals. */
void grl_bind_names(lua_State *L);

/* Reads lines, runs them, shows the values of expressions, until the input ends: gradus/repl.lua. */
void grl_prompt(lua_State *L);

/* ---- Cells (cell.c, cell_inside.c, cell_lua.c) ------------------------------------------- */

/* What the program does as "gradus cell", a process that a marker has started; false when none has. */
bool grl_live_in_cell(void);

/* Ends the cell when a call has failed, with that status and the message on top, for want of memory. */
void grl_end_if_short(lua_State *L, int status);

/* In a cell, once Lua's libraries are open: what both the library and the script have no more. */
void grl_cut_down(lua_State *L);
/* ... and what the script alone has no more, once the library has its own. */
void grl_cut_down_script(lua_State *L);
/* With core on top of the stack: its functions for files, programs and terminals raise an error. */
void grl_cut_down_core(lua_State *L);

/* ---- What comes from the terminal (keys.c) ------------------------------------------- */

void grl_keys_ask(const char *question); /* writes it; from now on an answer is expected, until the terminal's attributes come */
bool grl_keys_asked(void);               /* whether a question was ever written */
bool grl_keys_expected(void);            /* ... and is not answered to the end */
double grl_keys_waited(void);            /* seconds since then */
const char *grl_keys_answer(void);       /* all answers so far */

void grl_keys_take(const char *text, size_t n); /* what was read: answers are kept aside, the rest are keys */
bool grl_keys_next(char *byte);                 /* the next key of what was taken; false when there is none */
bool grl_keys_undecided(void);                  /* the last bytes may become an answer: more has to come, soon */
void grl_keys_decide(void);                     /* nothing came: they are keys */
bool grl_keys_full(void);                       /* the keys must be taken before more is read */

/* ---- Tensors ------------------------------------------------------------------------ */

gr_tensor *grl_check_tensor(lua_State *L, int arg);
gr_tensor *grl_test_tensor(lua_State *L, int arg); /* NULL when it is something else */

/* A tensor, or a number or nested table turned into one of that type; the argument is replaced by it. */
gr_tensor *grl_to_tensor(lua_State *L, int arg, gr_dtype dtype);

/* Pushes an empty tensor userdata; *result takes over a reference. */
gr_tensor **grl_new_tensor(lua_State *L);

/* Finishes a new tensor on top of the stack: tells the collector, notes the script's line. Returns 1. */
int grl_done(lua_State *L, gr_tensor *t);

/* grl_done if there is a tensor, else grl_raise. */
int grl_result(lua_State *L, gr_tensor *const *box, const gr_err *err);

/* grl_done, but a single number that no gradient flows to becomes a Lua number (whole: an integer). Returns 1. */
int grl_done_value(lua_State *L, gr_tensor *t, bool whole);

/* Pushes room for `bytes` bytes of zeros, with which `release` is called when Lua collects it: an owner for core memory
** while something may raise. What is released before must be set to zeros again.                                   */
void *grl_new_owner(lua_State *L, size_t bytes, void (*release)(void *owned));

/* A nested table (or number) as a tensor, pushed. */
gr_tensor *grl_tensor_from(lua_State *L, int arg, gr_dtype dtype);

/* Says that a value which Lua holds keeps that many bytes more. */
void grl_tell_collector(lua_State *L, size_t bytes);

/* ---- Byte sets (bytes.c) ------------------------------------------------------------ */

/* As for tensors: a userdata holds one reference. */
gr_bytes *grl_test_bytes(lua_State *L, int arg);
gr_bytes **grl_new_bytes(lua_State *L);
int grl_bytes_result(lua_State *L, gr_bytes *const *box, const gr_err *err);

/* ---- Positions and shapes (index.c) -------------------------------------------------- */

/* The key at index 2 as ranges of something of t's sizes, at index 1; messages call it by t's name. */
gr_attr grl_read_place(lua_State *L, const gr_tensor *t);
bool grl_looks_like_ranges(const char *text);
void grl_push_shape(lua_State *L, int nd, const size_t d[]);
void grl_push_rows_function(lua_State *L); /* __pairs: goes through rows */

/* ---- Optimisers (optim.c) ----------------------------------------------------------- */

/* What a stepper's function owns: a reference to each tensor in the slots. */
typedef struct grl_stepper {
  gr_optim optim;
  size_t n;
  gr_slot slots[];
} grl_stepper;

const grl_stepper *grl_check_stepper(lua_State *L, int arg);

/* ---- Arguments ---------------------------------------------------------------------- */

gr_dtype grl_opt_dtype(lua_State *L, int arg); /* "f64", "f32", or nothing: the default */
int grl_check_sizes(lua_State *L, int arg, size_t d[],
                    bool rest);                                   /* m, n, ... or {m, n, ...}; returns how many; rest: -1 allowed */
int grl_opt_axis(lua_State *L, int arg, int nd);                  /* from 1, or negative from the end; nothing: GR_ALL_AXES */
double grl_check_number(lua_State *L, int arg, const char *what); /* `what` opens the message */
double grl_opt_number(lua_State *L, int arg, double otherwise, const char *what);
bool grl_whole(lua_State *L, int arg, lua_Integer *n); /* whether it is a whole number, which goes to *n */
size_t grl_check_count(lua_State *L, int arg, size_t least, const char *what);

/* ---- Errors ------------------------------------------------------------------------- */

/* Raises at the script's own line: the nearest caller that is not the library. Never returns. */
int grl_raise(lua_State *L, const gr_err *err) __attribute__((noreturn));
int grl_error(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
/* Raises for a method that was called with a point, x.sum(1), and so without its tensor. */
int grl_refuse_point(lua_State *L, const char *method) __attribute__((noreturn));
/* What the value at arg is, for a message: a tensor by its shape, a number as it prints. Pushes the text. */
const char *grl_describe(lua_State *L, int arg);
/* The kind of value at arg where a tensor should be; of a byte set, also how to get one. Pushes the text. */
const char *grl_no_tensor(lua_State *L, int arg);

void grl_push_where(lua_State *L); /* "net.lua:31: " or "" */

/* Pushes the name of a variable of the script, where it is now, that holds the value at arg ("w", "self.w"); nil, and
** NULL, when none does.                                                                                           */
const char *grl_push_variable(lua_State *L, int arg);

/* Calls a function that has failed, with n arguments, once more, so that its message names the script's variables. Never returns. */
int grl_fail_named(lua_State *L, lua_CFunction f, int n, const gr_err *err);

/* Raises if gradients flow to the tensor at arg and operators are recorded: what follows would drop its history in silence. */
void grl_refuse_history(lua_State *L, int arg, const char *what);

/* Gives the tensors at first..last the names of the script's variables that hold them, so that the
** message of a failing call, made once more, can use them; and takes the names back.              */
unsigned grl_borrow_names(lua_State *L, int first, int last);
void grl_return_names(lua_State *L, int first, int last, unsigned borrowed);

/* To be called before work in the core: raises if Ctrl-C was pressed, and notes which thread runs. */
void grl_enter(lua_State *L);

#endif
