/* The recorded graph: gradients through it, its release, and changes that would make gradients wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core.h"

#define SIZES(...) ((size_t[]){ __VA_ARGS__ })

static gr_tensor *must(gr_tensor *t, const gr_err *err) {
  if (!t) fail_msg("%s", err->text);
  return t;
}

/* A parameter of n numbers, all `value`; none (0): of one number without axes. */
static gr_tensor *param(size_t n, double value) {
  gr_err err;
  gr_tensor *t = must(gr_full(GR_F64, n ? 1 : 0, &n, value, &err), &err), *p = must(gr_param(t, &err), &err);
  gr_unref(t);
  return p;
}

/* Takes over the references of a and b. */
static gr_tensor *then(const char *name, gr_tensor *a, gr_tensor *b) {
  gr_err err;
  gr_tensor *y = must(gr_apply(gr_op_find(name), (gr_tensor *[]){ a, b }, b ? 2 : 1, NULL, true, &err), &err);
  gr_unref(a);
  gr_unref(b);
  return y;
}

static double grad(const gr_tensor *t) {
  assert_non_null(t->g);
  return ((const double *)t->g)[0];
}

static void must_go_backward(gr_tensor *y) {
  gr_err err;
  if (!gr_backward(y, &err)) fail_msg("%s", err.text);
}

static void expect_refusal(gr_tensor *y, const char *part) {
  gr_err err;
  assert_false(gr_backward(y, &err));
  if (!strstr(err.text, part)) fail_msg("the message is '%s', expected '%s' in it", err.text, part);
}

/* ---- Depth ------------------------------------------------------------------------------ */

/* Recursion would need at least 48 bytes of stack a node, and 8 MB of it are usual. */
static void a_deep_graph_is_released_by_recursion(void **state) {
  enum { DEPTH = 1000000 };
  size_t before = gr_bytes_held();
  (void)state;
  gr_tensor *y = param(1, 2);
  for (int i = 0; i < DEPTH; i++) y = then("flatten", y, NULL);
  gr_unref(y);
  assert_int_equal(gr_bytes_held(), before);
}

/* A chain whose nodes are held from outside too is released in any order. */
static void releasing_from_the_middle_breaks_the_ends(void **state) {
  enum { DEPTH = 1000 };
  gr_tensor *node[DEPTH];
  size_t before = gr_bytes_held();
  (void)state;
  node[0] = param(1, 2);
  for (int i = 1; i < DEPTH; i++) node[i] = then("neg", gr_ref(node[i - 1]), NULL);
  for (int i = DEPTH / 2; i < DEPTH; i++) gr_unref(node[i]);
  for (int i = 0; i < DEPTH / 2; i++) gr_unref(node[i]);
  assert_int_equal(gr_bytes_held(), before);
}

static void backward_through_a_deep_graph_loses_its_way(void **state) {
  enum { DEPTH = 100000 };
  (void)state;
  gr_tensor *p = param(1, 1), *y = gr_ref(p);
  for (int i = 0; i < DEPTH; i++) y = then("add", y, gr_ref(p));
  y = then("sum", y, NULL);
  must_go_backward(y);
  assert_true(grad(p) == DEPTH + 1);
  gr_unref(y);
  gr_unref(p);
}

/* ---- Shared nodes ------------------------------------------------------------------------ */

/* y = (x x) (x x) + x x, so dy/dx = 4 x^3 + 2 x. */
static void a_node_used_three_times_counts_once(void **state) {
  (void)state;
  gr_tensor *x = param(0, 3), *square = then("mul", gr_ref(x), gr_ref(x));
  gr_tensor *y = then("add", then("mul", gr_ref(square), gr_ref(square)), gr_ref(square));
  must_go_backward(y);
  assert_true(grad(x) == 4 * 27 + 2 * 3);
  assert_true(grad(square) == 2 * 9 + 1);
  gr_unref(x);
  gr_unref(square);
  gr_unref(y);
}

/* Each layer doubles the paths: 2^60 of them, that must not be walked one by one. */
static void paths_are_walked_instead_of_nodes(void **state) {
  (void)state;
  gr_tensor *x = param(0, 1), *y = gr_ref(x);
  for (int i = 0; i < 60; i++) y = then("add", gr_ref(y), y);
  must_go_backward(y);
  assert_true(grad(x) == 1152921504606846976.0);
  gr_unref(x);
  gr_unref(y);
}

static void a_second_backward_doubles_inner_gradients(void **state) {
  (void)state;
  gr_tensor *x = param(0, 3), *square = then("mul", gr_ref(x), gr_ref(x)),
            *y = then("exp", then("neg", gr_ref(square), NULL), NULL);
  must_go_backward(y);
  double first = grad(x), inner = grad(square);
  must_go_backward(y);
  assert_true(grad(x) == 2 * first);
  assert_true(grad(square) == inner);
  gr_zero_grad(x);
  assert_true(grad(x) == 0);
  must_go_backward(y);
  assert_true(grad(x) == first);
  gr_unref(x);
  gr_unref(square);
  gr_unref(y);
}

static void tensors_that_want_no_gradient_get_one(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *x = must(gr_full(GR_F64, 1, SIZES(4), 2, &err), &err), *w = param(4, 3), *unused = param(4, 1);
  gr_tensor *y = then("sum", then("mul", gr_ref(x), gr_ref(w)), NULL);
  must_go_backward(y);
  assert_null(x->g);
  assert_null(unused->g);
  assert_true(grad(w) == 2);
  gr_unref(x);
  gr_unref(w);
  gr_unref(unused);
  gr_unref(y);
}

static void an_unrecorded_step_passes_gradients(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *w = param(0, 3);
  gr_tensor *fixed = must(gr_apply(gr_op_find("exp"), &w, 1, NULL, false, &err), &err);
  assert_false(fixed->wants);
  gr_tensor *y = then("mul", fixed, gr_ref(w));
  must_go_backward(y);
  assert_true(grad(w) == gr_get(fixed, 0));
  gr_unref(w);
  gr_unref(y);
}

static void operators_without_a_gradient_are_recorded(void **state) {
  (void)state;
  gr_tensor *y = then("gt", param(3, 1), param(3, 0));
  assert_false(y->wants);
  assert_int_equal(y->n_in, 0);
  gr_unref(y);
}

/* ---- What is refused ---------------------------------------------------------------------- */

static void backward_starts_from_many_numbers_or_from_none_that_counts(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *y = then("exp", param(3, 1), NULL), *x = must(gr_full(GR_F64, 0, NULL, 1, &err), &err);
  expect_refusal(y, "backward: this (3) is not one number: sum() or mean() makes it one");
  expect_refusal(x, "backward: this (one number) does not depend on anything made by gr.param");
  gr_unref(y);
  gr_unref(x);
}

static void an_input_changed_after_use_gives_a_wrong_gradient(void **state) {
  (void)state;
  gr_tensor *a = param(2, 3), *b = param(2, 5);
  gr_tensor *y = then("sum", then("mul", gr_ref(a), gr_ref(b)), NULL);
  gr_set(b, 0, 7);
  gr_changed(b);
  expect_refusal(y, "backward: a tensor (2) was changed in place after mul had used it");
  assert_null(a->g);
  gr_unref(a);
  gr_unref(b);
  gr_unref(y);
}

/* The result of exp is read again by its own gradient; a view reaches its memory. */
static void a_result_changed_after_it_was_computed_gives_a_wrong_gradient(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *a = param(2, 3), *e = then("exp", gr_ref(a), NULL), *y = then("sum", gr_ref(e), NULL);
  gr_tensor *leaf = must(gr_detach(e, &err), &err);
  gr_set(leaf, 0, 0);
  gr_changed(leaf);
  expect_refusal(y, "was changed in place after");
  gr_unref(a);
  gr_unref(e);
  gr_unref(y);
  gr_unref(leaf);
}

/* x:T() reads x when it is used, so an old one serves after x has changed. */
static void a_transposed_parameter_serves_only_until_its_source_changes(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *w = param(2, 3), *wt = then("T", gr_ref(w), NULL);
  for (int step = 0; step < 3; step++) {
    gr_zero_grad(w);
    gr_tensor *y = then("sum", then("mul", gr_ref(wt), gr_ref(wt)), NULL);
    must_go_backward(y);
    assert_true(grad(w) == 2 * gr_get(w, 0));
    assert_true(gr_ready(wt, &err) && gr_get(wt, 0) == gr_get(w, 0));
    gr_optim_step(&(gr_optim){ .method = GR_SGD, .lr = 0.25 }, &(gr_slot){ .p = w }, 1);
    gr_unref(y);
  }
  assert_true(gr_get(w, 0) == 3 * 0.125); /* halved three times */
  gr_unref(w);
  gr_unref(wt);
}

/* ---- Little memory -------------------------------------------------------------------------- */

/* Refuses the n-th request. Blocks are asked for twice, so only requests of other kinds can fail for good. */
static void lack_of_memory_spoils_the_graph(void **state) {
  gr_err err;
  size_t n = 1, failed = 0;
  (void)state;
  gr_tensor *x = param(3, 2), *y = then("sum", then("mul", gr_ref(x), gr_ref(x)), NULL);
  for (bool done = false; !done; n++) {
    gr_memory_fail_at(n, 2);
    gr_zero_grad(x);
    bool ok = gr_backward(y, &err);
    done = ok && n > 6;
    gr_memory_fail_at(0, 1);
    failed += !ok;
    if (ok) assert_true(grad(x) == 4);
    else assert_non_null(strstr(err.text, "out of memory"));
    assert_false(x->mark || y->mark);
  }
  assert_true(failed > 0);
  gr_unref(x);
  gr_unref(y);
}

/* ---- Running a recorded operator again -------------------------------------------------- */

static gr_tensor *filled(int nd, const size_t d[], double value) {
  gr_err err;
  return must(gr_full(GR_F64, nd, d, value, &err), &err);
}

/* What a replayed step does: the same node, once more. */
static void run_again(gr_tensor *t) { t->op->forward[t->dtype](t); }

static void dropout_repeats_its_mask_or_its_gradient_uses_another(void **state) {
  enum { N = 64 };
  gr_err err;
  (void)state;
  gr_tensor *x = param(N, 1), *draws = filled(1, SIZES(2), 0);
  gr_tensor *y =
      must(gr_apply(gr_op_find("dropout"), (gr_tensor *[]){ x, draws }, 2, &(gr_attr){ .v = { 0.5 } }, true, &err), &err);
  gr_tensor *first = must(gr_copy(y, &err), &err), *loss = then("sum", gr_ref(y), NULL);
  run_again(y);
  assert_false(gr_equal(first, y));
  assert_true(gr_get(draws, 1) == 2);
  must_go_backward(loss); /* the count went on, and was not taken for a change */
  assert_memory_equal(x->g, y->x, N * sizeof(double));
  gr_set(draws, 1, 0);
  run_again(y);
  assert_true(gr_equal(first, y));
  gr_unref(x);
  gr_unref(draws);
  gr_unref(y);
  gr_unref(first);
  gr_unref(loss);
}

static void batch_norm_run_again_keeps_old_statistics(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *wide = must(gr_new(GR_F64, 2, SIZES(2, 1), &err), &err);
  gr_tensor *in[] = { wide, param(1, 1), param(1, 0), filled(1, SIZES(1), 0), filled(1, SIZES(1), 0) };
  gr_set(wide, 0, 1);
  gr_set(wide, 1, 3);
  gr_tensor *y = must(gr_apply(gr_op_find("batch_norm"), in, 5, &(gr_attr){ .v = { 0.5, 0 } }, true, &err), &err);
  assert_true(gr_get(y, 0) == -1 && gr_get(y, 1) == 1);
  assert_true(gr_get(in[3], 0) == 1 && gr_get(in[4], 0) == 1);
  gr_set(wide, 1, 5);
  run_again(y);
  assert_true(gr_get(y, 0) == -1 && gr_get(y, 1) == 1);
  assert_true(gr_get(in[3], 0) == 2 && gr_get(in[4], 0) == 4.5);
  gr_tensor *loss = then("sum", gr_ref(y), NULL);
  must_go_backward(loss);
  assert_true(grad(in[2]) == 2);
  for (int i = 0; i < 5; i++) gr_unref(in[i]);
  gr_unref(y);
  gr_unref(loss);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_deep_graph_is_released_by_recursion),
    cmocka_unit_test(releasing_from_the_middle_breaks_the_ends),
    cmocka_unit_test(backward_through_a_deep_graph_loses_its_way),
    cmocka_unit_test(a_node_used_three_times_counts_once),
    cmocka_unit_test(paths_are_walked_instead_of_nodes),
    cmocka_unit_test(a_second_backward_doubles_inner_gradients),
    cmocka_unit_test(tensors_that_want_no_gradient_get_one),
    cmocka_unit_test(an_unrecorded_step_passes_gradients),
    cmocka_unit_test(operators_without_a_gradient_are_recorded),
    cmocka_unit_test(backward_starts_from_many_numbers_or_from_none_that_counts),
    cmocka_unit_test(an_input_changed_after_use_gives_a_wrong_gradient),
    cmocka_unit_test(a_result_changed_after_it_was_computed_gives_a_wrong_gradient),
    cmocka_unit_test(a_transposed_parameter_serves_only_until_its_source_changes),
    cmocka_unit_test(lack_of_memory_spoils_the_graph),
    cmocka_unit_test(dropout_repeats_its_mask_or_its_gradient_uses_another),
    cmocka_unit_test(batch_norm_run_again_keeps_old_statistics),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
