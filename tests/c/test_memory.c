/* Memory: blocks and their reuse, and what happens when a request for memory fails, in the core or in Lua. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bind.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SIZES(...) ((size_t[]){ __VA_ARGS__ })

/* ---- Blocks ------------------------------------------------------------------------------ */

static const size_t some_sizes[] = { 1, 8, 63, 64, 65, 100, 127, 128, 1000, 4096, 4097, 100000, (4 << 20) - 1, 4 << 20, 9 << 20 };

static gr_block *block_of(size_t bytes) {
  gr_err err;
  gr_block *block = gr_block_new(bytes, &err);
  if (!block) fail_msg("%s", err.text);
  return block;
}

static void a_block_is_not_aligned_or_too_small(void **state) {
  gr_block *block[COUNT(some_sizes)];
  (void)state;
  for (size_t i = 0; i < COUNT(some_sizes); i++) {
    block[i] = block_of(some_sizes[i]);
    assert_int_equal((uintptr_t)block[i]->data % GR_ALIGN, 0);
    memset(block[i]->data, (int)i + 1, some_sizes[i]);
  }
  for (size_t i = 0; i < COUNT(some_sizes); i++) {
    const unsigned char *data = block[i]->data;
    assert_int_equal(data[0], i + 1);
    assert_int_equal(data[some_sizes[i] - 1], i + 1);
    gr_block_unref(block[i]);
  }
}

static void bytes_held_are_miscounted(void **state) {
  size_t before = gr_bytes_held(), sum = 0;
  gr_block *block[COUNT(some_sizes)];
  (void)state;
  for (size_t i = 0; i < COUNT(some_sizes); i++) {
    block[i] = block_of(some_sizes[i]);
    sum += some_sizes[i];
    assert_int_equal(gr_bytes_held() - before, sum);
  }
  gr_block_ref(block[0]);
  for (size_t i = 0; i < COUNT(some_sizes); i++) gr_block_unref(block[i]);
  assert_int_equal(gr_bytes_held() - before, some_sizes[0]);
  gr_block_unref(block[0]);
  assert_int_equal(gr_bytes_held(), before);
  gr_block_unref(NULL);
}

static void a_freed_block_is_not_used_again(void **state) {
  (void)state;
#ifdef __SANITIZE_ADDRESS__
  skip(); /* the sanitizer wants to see every release, so nothing is kept */
#endif
  gr_memory_trim();
  gr_block *first = block_of(5000), *second = block_of(5000);
  void *old = first->data;
  gr_block_unref(first);
  first = block_of(4999); /* of the same class of sizes */
  assert_ptr_equal(first->data, old);
  assert_int_equal(first->bytes, 4999);
  assert_int_equal(first->version, 0);
  gr_block_unref(first);
  gr_block_unref(second);
}

static void sizes_that_overflow_are_granted(void **state) {
  static const size_t sizes[] = { SIZE_MAX, SIZE_MAX / 2 + 1, SIZE_MAX / 4 + 1, SIZE_MAX / 8 };
  size_t before = gr_bytes_held(), product;
  gr_err err;
  (void)state;
  for (size_t i = 0; i < COUNT(sizes); i++) {
    err.memory = false;
    assert_null(gr_block_new(sizes[i], &err));
    assert_true(err.memory && strstr(err.text, "out of memory"));
  }
  assert_null(gr_alloc_zeroed(SIZE_MAX / 2, 3, &err));
  assert_int_equal(gr_bytes_held(), before);
  assert_false(gr_size_mul((size_t)1 << 32, (size_t)1 << 32, &product));
  assert_true(gr_size_mul((size_t)1 << 32, (size_t)1 << 31, &product) && product == (size_t)1 << 63);
}

static void nothing_made_is_counted_as_blocks_made(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *x = gr_full(GR_F64, 2, SIZES(20, 3), 1, &err), *b = gr_full(GR_F64, 1, SIZES(3), 2, &err), *p = gr_param(x, &err);
  gr_tensor *y = gr_apply(gr_op_find("sum"), &p, 1, NULL, true, &err);
  assert_true(gr_backward(y, &err));
  size_t made = gr_blocks_made(), held = gr_bytes_held();
  for (int step = 0; step < 10; step++) {
    gr_zero_grad(p);
    assert_true(gr_update(x, '+', b, &err) && gr_update(x, '*', b, &err));
    gr_optim_step(&(gr_optim){ .method = GR_SGD, .lr = 0.1 }, &(gr_slot){ .p = p }, 1);
    gr_tensor *turned = gr_apply(gr_op_find("T"), &x, 1, NULL, true, &err);
    gr_unref(turned);
  }
  assert_int_equal(gr_blocks_made(), made);
  assert_int_equal(gr_bytes_held(), held);
  gr_tensor *more = gr_copy(b, &err);
  assert_int_equal(gr_blocks_made(), made + 1);
  gr_tensor *all[] = { x, b, p, y, more };
  for (size_t i = 0; i < COUNT(all); i++) gr_unref(all[i]);
}

static size_t times_asked;
static void count_calls(void *who) {
  times_asked++;
  gr_block_unref(*(gr_block **)who);
  *(gr_block **)who = NULL;
}

static void memory_is_not_asked_back_before_a_request_is_given_up(void **state) {
  gr_block *spare = block_of(100);
  (void)state;
  times_asked = 0;
  gr_memory_on_shortage(count_calls, &spare);
  gr_memory_fail_at(1, 1);
  gr_block *block = block_of(100);
  assert_int_equal(times_asked, 1);
  assert_null(spare);
  gr_block_unref(block);
  gr_memory_on_shortage(NULL, NULL);
}

/* ---- A Lua state whose memory is watched ------------------------------------------------------ */

typedef struct lua_memory {
  size_t held;    /* bytes */
  size_t fail_at; /* requests left until one fails; 0: none does */
  size_t in_row;  /* how many fail then: Lua collects garbage and asks once more */
} lua_memory;

/* Lua relies on blocks that shrink: only growth fails. */
static void *watched(void *who, void *old, size_t old_bytes, size_t bytes) {
  lua_memory *m = who;
  if (!old) old_bytes = 0;
  if (bytes > old_bytes && m->fail_at) {
    if (m->fail_at == 1) {
      if (m->in_row-- > 1) return NULL;
      m->fail_at = 0;
      return NULL;
    }
    m->fail_at--;
  }
  if (bytes == 0) {
    free(old);
    m->held -= old_bytes;
    return NULL;
  }
  void *p = realloc(old, bytes);
  if (p) m->held += bytes - old_bytes;
  return p;
}

static int silent(lua_State *L) {
  for (int i = 1, n = lua_gettop(L); i <= n; i++) {
    luaL_tolstring(L, i, NULL);
    lua_pop(L, 1);
  }
  return 0;
}

static int open_gradus(lua_State *L) {
  grl_open(L, lua_touserdata(L, 1));
  lua_pushcfunction(L, silent);
  lua_setglobal(L, "print");
  return 0;
}

static int run_text(lua_State *L) {
  const char *text = lua_touserdata(L, 1);
  if (luaL_loadbufferx(L, text, strlen(text), "@script.lua", "t") != LUA_OK) return lua_error(L);
  lua_call(L, 0, 1);
  return 1;
}

/* Runs f with one pointer, protected. Its result, or the error's message, is left on the stack. */
static bool guarded(lua_State *L, lua_CFunction f, const void *argument) {
  lua_settop(L, 0);
  lua_pushcfunction(L, f);
  lua_pushlightuserdata(L, (void *)argument);
  return lua_pcall(L, 1, 1, 0) == LUA_OK;
}

/* What a beginner's script does: tensors, two steps of training, an inverse, printing, a table of numbers. */
static const char load_text[] = "local gr = require 'gradus'\n"
                                "local core = require 'gradus.core'\n"
                                "for _, name in ipairs { 'nn', 'optim', 'data', 'linalg', 'random', 'metrics', 'fit' } do\n"
                                "  require('gradus.' .. name)\n"
                                "end\n"
                                "return 'loaded'\n";

static const char script_text[] =
    "local gr = require 'gradus'\n"
    "local nn, core = gr.nn, require 'gradus.core'\n"
    "local lines = {}\n"
    "local function say(...)\n"
    "  print(...)\n"
    "  for _, value in ipairs { ... } do lines[#lines + 1] = tostring(value) end\n"
    "end\n"
    "gr.random.seed(1)\n"
    "local x, y = gr.random.normal(0, 1, 6, 3), gr.tensor { { 1 }, { 0 }, { 1 }, { 1 }, { 0 }, { 0 } }\n"
    "local net = nn.sequential { nn.dense(3, 4, { name = 'hidden' }), nn.tanh(), nn.dense(4, 1) }\n"
    "local options = { loss = nn.logistic(), optimizer = gr.optim.sgd { lr = 0.1 }, steps = 2, batch = 3 }\n"
    "local history = net:fit(x, y, options)\n"
    "say(history.loss[1], net:predict(x), net.layers[1].w.grad)\n"
    "net:summary()\n"
    "local a = gr.tensor { { 4, 7 }, { 2, 6 } }\n"
    "say(a:inv(), gr.linalg.solve(a, { 1, 2 }), (gr.linalg.svd(a)))\n"
    "local t, names = core.csv_text('u,v\\n1,2\\n3,4\\n5,6\\n', 'memory.csv')\n"
    "t[{ 1, 2 }] = 7\n"
    "t['2:3, 1'] = gr.tensor { 8, 9 }\n"
    "say(t:T() * 2, t:T():dot(t), names[2], t['2:3'], #t, t:unique(), t == t:clone():add_(0))\n"
    "local ok, message = pcall(function() return a:dot(gr.ones(3, 4)) end)\n"
    "if not message:find 'do not fit' then error(message, 0) end\n"
    "return table.concat(lines, '|')\n";

static const char again_text[] = "return require('gradus').ones(2, 2):sum()\n";

/* One life of a state: opened, loaded, run; with a request failing on the way. */
typedef struct attempt {
  size_t core_fails, lua_fails, in_row; /* 0: none */
  bool while_loading;                   /* ... or in the script, after loading */
  bool failed, reached;                 /* out: an error came; the request that was to fail was made */
  char text[8192];                      /* out: the script's result, or the error */
} attempt;

static void arm(const attempt *a, lua_memory *memory, bool loading) {
  if (a->while_loading != loading) return;
  gr_memory_fail_at(a->core_fails, 2);
  memory->fail_at = a->lua_fails;
  memory->in_row = a->in_row;
}

static void keep_text(attempt *a, lua_State *L) {
  if (lua_type(L, -1) != LUA_TSTRING) fail_msg("the result is a %s", luaL_typename(L, -1));
  const char *text = lua_tostring(L, -1);
  assert_true(strlen(text) < sizeof a->text);
  strcpy(a->text, text);
}

/* Whether a request that was to fail is still waiting: then the script made fewer. */
static bool still_waiting(const attempt *a, lua_memory *memory) {
  gr_err err;
  bool waiting = memory->fail_at > 0;
  if (a->core_fails) {
    void *p = gr_alloc(1, &err); /* as many requests as n are not left when one of n fails */
    for (size_t i = 1; p && i < a->core_fails; i++) gr_free(p), p = gr_alloc(1, &err);
    waiting = !p;
    gr_free(p);
  }
  gr_memory_fail_at(0, 1);
  memory->fail_at = 0;
  return waiting;
}

static void live(attempt *a) {
  lua_memory memory = { 0 };
  grl_state state = { .recording = true };
  gr_memory_fail_at(0, 1);
  arm(a, &memory, true);
  lua_State *L = lua_newstate(watched, &memory);
  strcpy(a->text, "not enough memory");
  a->failed = !L;
  if (L) {
    bool ok = guarded(L, open_gradus, &state) && guarded(L, run_text, load_text);
    if (ok) arm(a, &memory, false);
    ok = ok && guarded(L, run_text, script_text);
    a->failed = !ok;
    keep_text(a, L);
    a->reached = !still_waiting(a, &memory);
    if (guarded(L, open_gradus, &state) && !guarded(L, run_text, again_text))
      fail_msg("after '%s' the state is spoilt: %s", a->text, lua_tostring(L, -1));
    assert_true(lua_tonumber(L, -1) == 4);
    lua_close(L);
  }
  a->reached = a->reached || !L;
  gr_memory_on_shortage(NULL, NULL);
  assert_int_equal(gr_bytes_held(), 0);
  assert_int_equal(memory.held, 0);
}

/* Every attempt ends like the undisturbed one, or in an error about memory. */
static void check_attempt(const attempt *a, const char *undisturbed, const char *message) {
  if (a->failed && !strstr(a->text, message)) fail_msg("the error is '%s', expected '%s' in it", a->text, message);
  if (!a->failed && strcmp(a->text, undisturbed) != 0) fail_msg("the result differs:\n%s\nexpected\n%s", a->text, undisturbed);
}

static char undisturbed[8192];

static int run_undisturbed(void **state) {
  attempt a = { 0 };
  (void)state;
  live(&a);
  if (a.failed) fail_msg("%s", a.text);
  strcpy(undisturbed, a.text);
  return 0;
}

/* Under valgrind, which shows in what it preloads, each try takes fifty times as long: it gets a tenth of them. */
static bool under_valgrind(void) {
  const char *preload = getenv("LD_PRELOAD");
  return preload && strstr(preload, "vgpreload");
}

/* Tries n = 1, 1 + step, ... until the script makes fewer requests; returns how many tries ended in an error. */
static size_t try_all(attempt pattern, size_t step, const char *message, size_t *tried) {
  size_t failed = 0;
  *tried = 0;
  if (under_valgrind()) step *= 10;
  for (size_t n = 1;; n += step) {
    attempt a = pattern;
    if (a.core_fails) a.core_fails = n;
    else a.lua_fails = n;
    live(&a);
    check_attempt(&a, undisturbed, message);
    if (!a.reached) return failed;
    failed += a.failed;
    ++*tried;
  }
}

static void a_failing_request_of_the_core_crashes_or_leaks(void **state) {
  size_t tried, failed = try_all((attempt){ .core_fails = 1 }, 1, "out of memory: ", &tried);
  (void)state;
  assert_true(tried > 10);
  assert_true(failed > 5 && failed <= tried);
}

static void a_failing_request_of_the_core_while_loading_crashes_or_leaks(void **state) {
  size_t tried;
  (void)state;
  try_all((attempt){ .core_fails = 1, .while_loading = true }, 1, "out of memory: ", &tried);
}

/* Lua collects garbage and asks again: a single refusal does no harm. */
static void a_single_failing_request_of_lua_is_an_error(void **state) {
  size_t tried, failed = try_all((attempt){ .lua_fails = 1, .in_row = 1 }, 1, "not enough memory", &tried);
  (void)state;
  assert_true(tried > 30);
  assert_int_equal(failed, 0);
}

static void a_failing_request_of_lua_crashes_or_leaks(void **state) {
  size_t tried, failed = try_all((attempt){ .lua_fails = 1, .in_row = 2 }, 1, "not enough memory", &tried);
  (void)state;
  assert_true(tried > 30);
  assert_true(failed > tried / 2);
}

/* Loading takes thousands of requests, most of them for constants of the library: each 23rd is tried. */
static void a_failing_request_of_lua_while_loading_crashes_or_leaks(void **state) {
  size_t tried, failed = try_all((attempt){ .lua_fails = 1, .in_row = 2, .while_loading = true }, 23, "not enough memory", &tried);
  (void)state;
  assert_true(tried > 10);
  assert_true(failed > tried / 2);
}

/* ---- Garbage -------------------------------------------------------------------------------- */

static void run_here(const char *text) {
  lua_memory memory = { 0 };
  grl_state state = { .recording = true };
  lua_State *L = lua_newstate(watched, &memory);
  assert_non_null(L);
  bool ok = guarded(L, open_gradus, &state) && guarded(L, run_text, text);
  gr_memory_fail_at(0, 1);
  if (!ok) fail_msg("%s", lua_tostring(L, -1));
  assert_true(lua_toboolean(L, -1));
  lua_close(L);
  gr_memory_on_shortage(NULL, NULL);
  assert_int_equal(gr_bytes_held(), 0);
  assert_int_equal(memory.held, 0);
}

static int fail_at(lua_State *L) {
  gr_memory_fail_at((size_t)luaL_checkinteger(L, 1), (size_t)luaL_optinteger(L, 2, 2));
  return 0;
}

static int open_failing(lua_State *L) {
  lua_register(L, "fail_at", fail_at);
  return 0;
}

static void run_failing(const char *text) {
  lua_memory memory = { 0 };
  grl_state settings = { .recording = true };
  lua_State *L = lua_newstate(watched, &memory);
  assert_true(guarded(L, open_gradus, &settings) && guarded(L, open_failing, NULL));
  bool ok = guarded(L, run_text, text);
  gr_memory_fail_at(0, 1);
  if (!ok) fail_msg("%s", lua_tostring(L, -1));
  assert_true(lua_toboolean(L, -1));
  lua_close(L);
  gr_memory_on_shortage(NULL, NULL);
  assert_int_equal(gr_bytes_held(), 0);
}

/* The second request of an operator is its block: the first is the node. */
static void garbage_is_not_collected_before_memory_is_given_up(void **state) {
  (void)state;
  run_failing("local gr = require 'gradus'\n"
              "local core = require 'gradus.core'\n"
              "collectgarbage 'stop'\n"
              "for _ = 1, 20 do local dropped = gr.zeros(100) end\n"
              "local before = core.memory()\n"
              "fail_at(2, 1)\n"
              "local kept = gr.ones(100)\n"
              "return before == 16000 and core.memory() == 800 and kept:sum() == 100\n");
}

/* The thread that worked last may be gone when memory is short: reading a transposed tensor asks for a block. */
static void garbage_is_collected_through_a_thread_that_is_gone(void **state) {
  static const char *const readers[] = { "tostring(xt)", "xt:totable()", "xt == x", "xt:item()" };
  char text[512];
  (void)state;
  for (size_t i = 0; i < COUNT(readers); i++) {
    snprintf(text, sizeof text,
             "local gr = require 'gradus'\n"
             "local x = gr.tensor { { 5 } }\n"
             "local xt = x:T()\n"
             "local thread = coroutine.create(function() return gr.zeros(3) end)\n"
             "coroutine.resume(thread)\n"
             "thread = nil\n"
             "collectgarbage() collectgarbage()\n"
             "fail_at(1, 1)\n"
             "return %s ~= nil\n",
             readers[i]);
    run_failing(text);
  }
}

/* A message is made by calling once more with the script's names, which must not succeed behind the error. */
static void a_change_that_fails_for_memory_is_made_all_the_same(void **state) {
  (void)state;
  run_failing("local x = require('gradus').ones(3)\n"
              "fail_at(1)\n" /* the copy of what is added to itself */
              "local ok, message = pcall(x.add_, x, x)\n"
              "return not ok and message:find 'out of memory' and x:sum() == 3\n");
  run_failing("local x = require('gradus').ones(3)\n"
              "fail_at(3)\n" /* 5 as a tensor takes two, then comes the part of x */
              "local ok, message = pcall(function() x[2] = 5 end)\n"
              "return not ok and message:find 'out of memory' and x:sum() == 3\n");
}

/* Lua does not keep one copy of strings of more than 40 letters: the tensors' own must not be collected. */
static void the_script_that_made_a_tensor_is_forgotten(void **state) {
  static const char script[] = "a/folder/with/a/name/of/more/than/forty/letters.lua";
  lua_memory memory = { 0 };
  grl_state settings = { .recording = true };
  char text[256];
  (void)state;
  snprintf(text, sizeof text,
           "return load(\"p = require('gradus').param(require('gradus').ones(2)) y = p * 1\\n"
           "for _ = 1, 100 do q = p * 2 end\\n return y\", '@%s')()\n",
           script);
  lua_State *L = lua_newstate(watched, &memory);
  assert_true(guarded(L, open_gradus, &settings) && guarded(L, run_text, text));
  lua_gc(L, LUA_GCCOLLECT);
  const gr_tensor *y = grl_check_tensor(L, -1);
  assert_string_equal(y->file, script);
  assert_int_equal(y->line, 1);
  lua_close(L);
  gr_memory_on_shortage(NULL, NULL);
}

/* Without being told of the bytes behind its userdata, Lua would keep a thousand of these. */
static void the_collector_does_not_feel_the_bytes_of_tensors(void **state) {
  (void)state;
  run_here("local gr = require 'gradus'\n"
           "local core = require 'gradus.core'\n"
           "local most = 0\n"
           "for _ = 1, 1000 do\n"
           "  local dropped = gr.zeros(1000, 100)\n"
           "  most = math.max(most, (core.memory()))\n"
           "end\n"
           "return most < 100 * 800000\n");
}

/* Steps in place, and steps through the graph of the same sizes: what is held stays the same. */
static void training_piles_up_memory(void **state) {
  (void)state;
  run_here("local gr = require 'gradus'\n"
           "local nn, core = gr.nn, require 'gradus.core'\n"
           "local x, y = gr.ones(64, 20), gr.ones(64, 1)\n"
           "local net = nn.sequential { nn.dense(20, 30), nn.relu(), nn.dense(30, 1) }\n"
           "local held = {}\n"
           "net:fit(x, y, { loss = nn.mse(), optimizer = gr.optim.sgd(), batch = 16, epochs = 60, on_epoch = function(e)\n"
           "  collectgarbage()\n"
           "  held[e.epoch] = core.memory()\n"
           "end })\n"
           "return held[60] <= held[5]\n");
}

static unsigned times_over;
static void count_over(void) { times_over++; }

static void a_limit_lets_more_through_or_is_not_told_of(void **state) {
  static const size_t room = 1 << 20;
  size_t others = 0;
  gr_err err;
  (void)state;
  gr_memory_trim();
  times_over = 0;
  gr_memory_limit(64 * room, count_over);
  while (gr_memory_charge(room, 0)) others += room;
  assert_null(gr_block_new(room, &err));
  assert_null(gr_alloc(room, &err));
  assert_true(err.memory);
  assert_int_equal(times_over, 2);
  assert_true(gr_memory_charge(0, others));
  gr_block_unref(block_of(room));
  assert_int_equal(times_over, 2);
  gr_memory_limit(0, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_block_is_not_aligned_or_too_small),
    cmocka_unit_test(bytes_held_are_miscounted),
    cmocka_unit_test(a_freed_block_is_not_used_again),
    cmocka_unit_test(sizes_that_overflow_are_granted),
    cmocka_unit_test(nothing_made_is_counted_as_blocks_made),
    cmocka_unit_test(memory_is_not_asked_back_before_a_request_is_given_up),
    cmocka_unit_test_setup(a_failing_request_of_the_core_crashes_or_leaks, run_undisturbed),
    cmocka_unit_test_setup(a_failing_request_of_the_core_while_loading_crashes_or_leaks, run_undisturbed),
    cmocka_unit_test_setup(a_single_failing_request_of_lua_is_an_error, run_undisturbed),
    cmocka_unit_test_setup(a_failing_request_of_lua_crashes_or_leaks, run_undisturbed),
    cmocka_unit_test_setup(a_failing_request_of_lua_while_loading_crashes_or_leaks, run_undisturbed),
    cmocka_unit_test(garbage_is_not_collected_before_memory_is_given_up),
    cmocka_unit_test(garbage_is_collected_through_a_thread_that_is_gone),
    cmocka_unit_test(a_change_that_fails_for_memory_is_made_all_the_same),
    cmocka_unit_test(the_script_that_made_a_tensor_is_forgotten),
    cmocka_unit_test(the_collector_does_not_feel_the_bytes_of_tensors),
    cmocka_unit_test(training_piles_up_memory),
    cmocka_unit_test(a_limit_lets_more_through_or_is_not_told_of),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
