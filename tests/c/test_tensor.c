/* Tensors: who holds which memory, views, transposed tensors, broadcasting, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "core.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SIZES(...) ((size_t[]){ __VA_ARGS__ })

static gr_tensor *must(gr_tensor *t, const gr_err *err) {
  if (!t) fail_msg("%s", err->text);
  return t;
}

/* 0, 1, 2, ... */
static gr_tensor *counting(gr_dtype dtype, int nd, const size_t d[]) {
  gr_err err;
  gr_tensor *t = must(gr_new(dtype, nd, d, &err), &err);
  for (size_t i = 0; i < t->size; i++) gr_set(t, i, (double)i);
  return t;
}

static gr_tensor *apply(const char *name, gr_tensor *a, gr_tensor *b, const gr_attr *attr) {
  gr_err err;
  return must(gr_apply(gr_op_find(name), (gr_tensor *[]){ a, b }, b ? 2 : 1, attr, true, &err), &err);
}

static gr_attr rows_from(size_t from, size_t count) {
  return (gr_attr){ .axis = GR_ALL_AXES, .nd = 1, .from = { from }, .d = { count } };
}

static void expect_message(const gr_err *err, const char *part) {
  if (!strstr(err->text, part)) fail_msg("the message is '%s', expected '%s' in it", err->text, part);
}

/* ---- Who holds what ------------------------------------------------------------------- */

static void the_last_reference_does_not_release(void **state) {
  size_t before = gr_bytes_held();
  (void)state;
  gr_tensor *t = counting(GR_F64, 2, SIZES(3, 5));
  assert_int_equal(gr_bytes_held() - before, 15 * sizeof(double));
  assert_ptr_equal(gr_ref(t), t);
  gr_unref(t);
  assert_int_equal(gr_bytes_held() - before, 15 * sizeof(double));
  gr_unref(t);
  assert_int_equal(gr_bytes_held(), before);
  gr_unref(NULL);
}

static void a_result_nobody_records_keeps_its_inputs(void **state) {
  (void)state;
  gr_tensor *a = counting(GR_F64, 1, SIZES(4)), *y = apply("exp", a, NULL, NULL);
  assert_int_equal(a->refs, 1);
  assert_int_equal(y->n_in, 0);
  assert_null(y->op);
  gr_unref(a);
  gr_unref(y);
}

static void a_recorded_result_loses_its_inputs(void **state) {
  gr_err err;
  size_t before = gr_bytes_held();
  (void)state;
  gr_tensor *a = counting(GR_F64, 1, SIZES(4)), *p = must(gr_param(a, &err), &err);
  gr_unref(a);
  gr_tensor *y = apply("mul", p, p, NULL);
  assert_int_equal(p->refs, 3);
  gr_unref(p);
  assert_ptr_equal(y->in[0], y->in[1]);
  assert_true(gr_get(y->in[0], 3) == 3);
  gr_unref(y);
  assert_int_equal(gr_bytes_held(), before);
}

static void memory_that_forward_leaves_for_backward_is_kept_without_need(void **state) {
  gr_err err;
  size_t before = gr_bytes_held();
  (void)state;
  gr_tensor *a = counting(GR_F64, 1, SIZES(100)), *y = apply("var", a, NULL, NULL);
  assert_int_equal(gr_bytes_held() - before, 101 * sizeof(double));
  assert_null(y->work);
  gr_tensor *p = must(gr_param(a, &err), &err), *z = apply("var", p, NULL, NULL);
  assert_non_null(z->work);
  gr_unref(a);
  gr_unref(y);
  gr_unref(p);
  gr_unref(z);
  assert_int_equal(gr_bytes_held(), before);
}

/* ---- Views ---------------------------------------------------------------------------- */

static void whole_rows_are_copied(void **state) {
  gr_attr middle = rows_from(1, 2);
  (void)state;
  gr_tensor *x = counting(GR_F64, 2, SIZES(4, 3));
  size_t held = gr_bytes_held();
  gr_tensor *part = apply("slice", x, NULL, &middle);
  assert_ptr_equal(part->x_block, x->x_block);
  assert_ptr_equal(part->x, (double *)x->x + 3);
  assert_int_equal(gr_bytes_held(), held);
  gr_unref(x);
  assert_true(gr_get(part, 0) == 3 && gr_get(part, 5) == 8);
  gr_unref(part);
}

static void a_view_does_not_follow_changes(void **state) {
  gr_err err;
  gr_attr last = rows_from(3, 1), vector = { .axis = GR_ALL_AXES, .nd = 1, .d = { GR_REST } };
  (void)state;
  gr_tensor *x = counting(GR_F32, 2, SIZES(4, 3)), *row = apply("slice", x, NULL, &last);
  gr_tensor *flat = apply("reshape", x, NULL, &vector), *ten = must(gr_full(GR_F32, 0, NULL, 10, &err), &err);
  size_t version = x->x_block->version;
  assert_true(gr_update(row, '+', ten, &err));
  assert_true(gr_get(x, 9) == 19 && gr_get(flat, 11) == 21 && gr_get(x, 8) == 8);
  assert_true(x->x_block->version > version);
  gr_unref(x);
  gr_unref(row);
  gr_unref(flat);
  gr_unref(ten);
}

/* Expected: numpy.arange(24).reshape(2, 3, 4)[:, 1, 1:3]. */
static void a_slice_across_rows_takes_other_elements(void **state) {
  gr_attr range = { .axis = GR_ALL_AXES, .nd = 3, .from = { 0, 1, 1 }, .d = { 2, 1, 2 }, .drop = { false, true, false } };
  static const double want[] = { 5, 6, 17, 18 };
  (void)state;
  gr_tensor *x = counting(GR_F64, 3, SIZES(2, 3, 4)), *part = apply("slice", x, NULL, &range);
  assert_int_equal(part->nd, 2);
  assert_ptr_not_equal(part->x_block, x->x_block);
  for (size_t i = 0; i < 4; i++) assert_true(gr_get(part, i) == want[i]);
  gr_unref(x);
  gr_unref(part);
}

static void copies_share_memory_or_views_do_not(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *x = counting(GR_F64, 1, SIZES(3));
  gr_tensor *copy = must(gr_copy(x, &err), &err), *leaf = must(gr_detach(x, &err), &err);
  gr_tensor *p = must(gr_param(x, &err), &err);
  assert_ptr_not_equal(copy->x, x->x);
  assert_ptr_equal(leaf->x, x->x);
  assert_ptr_equal(p->x, x->x);
  assert_true(p->wants && !leaf->wants && !copy->wants);
  gr_unref(x);
  assert_true(gr_get(leaf, 2) == 2 && gr_get(p, 1) == 1);
  gr_unref(copy);
  gr_unref(leaf);
  gr_unref(p);
}

/* Element i moves to i + 1 only if all old values are read before the first new one is written. */
static void assigning_a_part_of_a_tensor_to_itself_reads_what_it_wrote(void **state) {
  gr_err err;
  gr_attr from = rows_from(0, 3), to = rows_from(1, 3);
  static const double want[] = { 0, 0, 1, 2 };
  (void)state;
  gr_tensor *x = counting(GR_F64, 1, SIZES(4)), *part = apply("slice", x, NULL, &from);
  assert_true(gr_assign(x, &to, part, &err));
  for (size_t i = 0; i < 4; i++) assert_true(gr_get(x, i) == want[i]);
  gr_unref(x);
  gr_unref(part);
}

/* ---- Transposed tensors ----------------------------------------------------------------- */

static void a_product_with_a_transposed_tensor_copies_it(void **state) {
  enum { M = 300, N = 200, K = 3 };
  (void)state;
  gr_tensor *x = counting(GR_F64, 2, SIZES(M, N)), *e = counting(GR_F64, 2, SIZES(M, K));
  size_t held = gr_bytes_held(), made = gr_blocks_made();
  gr_tensor *xt = apply("T", x, NULL, NULL);
  assert_int_equal(gr_bytes_held(), held);
  gr_tensor *y = apply("dot", xt, e, NULL);
  assert_int_equal(gr_bytes_held() - held, N * K * sizeof(double));
  assert_int_equal(gr_blocks_made() - made, 1);
  for (size_t i = 0; i < N; i += 37) {
    double sum = 0;
    for (size_t r = 0; r < M; r++) sum += gr_get(x, r * N + i) * gr_get(e, r * K + 1);
    assert_true(gr_get(y, i * K + 1) == sum); /* whole numbers below 2^53: exact in any order */
  }
  gr_unref(x);
  gr_unref(e);
  gr_unref(xt);
  gr_unref(y);
}

static void transposed_vectors_and_both_sides_transposed_multiply_wrongly(void **state) {
  static const double want[] = { 5, 14, 14, 50 }; /* [[0, 1, 2], [3, 4, 5]] times its transpose */
  (void)state;
  gr_tensor *x = counting(GR_F64, 2, SIZES(2, 3)), *xt = apply("T", x, NULL, NULL);
  gr_tensor *a = apply("dot", x, xt, NULL);
  for (size_t i = 0; i < 4; i++) assert_true(gr_get(a, i) == want[i]);
  gr_tensor *x3 = counting(GR_F64, 2, SIZES(3, 2)), *x3t = apply("T", x3, NULL, NULL);
  gr_tensor *b = apply("dot", x3t, xt, NULL); /* [[0, 2, 4], [1, 3, 5]] times [[0, 3], [1, 4], [2, 5]] */
  static const double both[] = { 10, 28, 13, 40 };
  for (size_t i = 0; i < 4; i++) assert_true(gr_get(b, i) == both[i]);
  gr_tensor *v = counting(GR_F64, 1, SIZES(3)), *vt = apply("T", v, NULL, NULL), *inner = apply("dot", vt, v, NULL);
  assert_true(inner->nd == 0 && gr_get(inner, 0) == 5);
  gr_tensor *all[] = { x, xt, a, x3, x3t, b, v, vt, inner };
  for (size_t i = 0; i < COUNT(all); i++) gr_unref(all[i]);
}

static void a_transposed_tensor_does_not_follow_its_source(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *x = counting(GR_F64, 2, SIZES(2, 3)), *xt = apply("T", x, NULL, NULL);
  assert_null(xt->x);
  assert_true(gr_ready(xt, &err) && gr_get(xt, 1) == 3 && gr_get(xt, 4) == 2);
  gr_set(x, 3, 30);
  gr_changed(x);
  assert_true(gr_ready(xt, &err) && gr_get(xt, 1) == 30);
  gr_tensor *x_again = apply("T", xt, NULL, NULL);
  assert_ptr_equal(x_again, x);
  gr_unref(x);
  gr_unref(xt);
  gr_unref(x_again);
}

static void a_transposed_tensor_made_without_recording_passes_gradients(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *w = counting(GR_F64, 2, SIZES(2, 2)), *p = must(gr_param(w, &err), &err);
  gr_tensor *pt = must(gr_apply(gr_op_find("T"), &p, 1, NULL, false, &err), &err);
  gr_tensor *y = apply("dot", w, pt, NULL);
  assert_false(y->wants);
  gr_unref(w);
  gr_unref(p);
  gr_unref(pt);
  gr_unref(y);
}

/* ---- What may be changed ---------------------------------------------------------------- */

static void what_gradients_need_can_be_changed_in_place(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *x = counting(GR_F64, 2, SIZES(2, 2)), *p = must(gr_param(x, &err), &err);
  gr_tensor *y = apply("exp", p, NULL, NULL), *xt = apply("T", x, NULL, NULL);
  assert_true(gr_writable(x, "add_", &err));
  assert_true(gr_writable(p, "add_", &err));
  assert_false(gr_writable(y, "add_", &err));
  expect_message(&err, "add_: this (2 x 2) was computed from parameters by exp");
  assert_false(gr_writable(xt, "fill_", &err));
  expect_message(&err, "fill_: this (2 x 2) is a transposed reading of another tensor");
  gr_unref(x);
  gr_unref(p);
  gr_unref(y);
  gr_unref(xt);
}

static void a_refused_change_changes_something(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *x = counting(GR_F64, 2, SIZES(2, 3)), *b = counting(GR_F64, 2, SIZES(3, 3));
  gr_tensor *other = counting(GR_F32, 1, SIZES(3));
  size_t version = x->x_block->version;
  assert_false(gr_update(x, '+', b, &err));
  expect_message(&err, "add_: b (3 x 3) does not fit into a (2 x 3)");
  assert_false(gr_update(x, '-', other, &err));
  expect_message(&err, "sub_: a (2 x 3) is f64 but b (3) is f32");
  for (size_t i = 0; i < 6; i++) assert_true(gr_get(x, i) == (double)i);
  assert_int_equal(x->x_block->version, version);
  gr_unref(x);
  gr_unref(b);
  gr_unref(other);
}

/* ---- Broadcasting ------------------------------------------------------------------------ */

/* The flat position in t of the output's element i, by the definition. */
static size_t broadcast_position(const gr_tensor *t, const gr_tensor *y, size_t i) {
  size_t at = 0, step = 1;
  for (int axis = y->nd - 1; axis >= 0; axis--) {
    int own = axis - (y->nd - t->nd);
    size_t here = i % y->d[axis];
    i /= y->d[axis];
    if (own < 0) continue;
    if (t->d[own] > 1) at += here * step;
    step *= t->d[own];
  }
  return at;
}

static void check_walk(const gr_tensor *y, const gr_tensor *a, const gr_tensor *b) {
  size_t i = 0;
  gr_walk w = gr_walk_start(y, a, b);
  assert_int_equal(w.n * w.outer, y->size);
  for (size_t row = 0; row < w.outer; row++, gr_walk_next(&w))
    for (size_t j = 0; j < w.n; j++, i++) {
      assert_int_equal(w.a_at + j * w.a_in, broadcast_position(a, y, i));
      assert_int_equal(w.b_at + j * w.b_in, broadcast_position(b, y, i));
    }
}

/* The n-th of all shapes with up to three axes of sizes 1, 2 and 3. */
static int nth_shape(int n, size_t d[]) {
  static const int first[] = { 0, 1, 4, 13 };
  int nd = n >= 13 ? 3 : n >= 4 ? 2 : n >= 1 ? 1 : 0;
  n -= first[nd];
  for (int i = 0; i < nd; i++, n /= 3) d[i] = (size_t)(n % 3) + 1;
  return nd;
}

static bool sizes_match(const gr_tensor *a, const gr_tensor *b) {
  for (int i = 1; i <= a->nd && i <= b->nd; i++)
    if (a->d[a->nd - i] != b->d[b->nd - i] && a->d[a->nd - i] != 1 && b->d[b->nd - i] != 1) return false;
  return true;
}

static void some_pair_of_shapes_is_walked_wrongly(void **state) {
  enum { SHAPES = 40 };
  gr_err err;
  size_t d[GR_MAX_DIMS], walked = 0;
  int nd;
  (void)state;
  for (int i = 0; i < SHAPES; i++)
    for (int j = 0; j < SHAPES; j++) {
      nd = nth_shape(i, d);
      gr_tensor *a = must(gr_new(GR_F64, nd, d, &err), &err);
      nd = nth_shape(j, d);
      gr_tensor *b = must(gr_new(GR_F64, nd, d, &err), &err);
      bool fits = gr_broadcast(a, b, &nd, d);
      assert_int_equal(fits, sizes_match(a, b));
      if (fits) {
        gr_tensor *y = must(gr_new(GR_F64, nd, d, &err), &err);
        check_walk(y, a, b);
        gr_unref(y);
        walked++;
      }
      gr_unref(a);
      gr_unref(b);
    }
  assert_true(walked > 500);
}

static void equal_shapes_are_not_one_long_row(void **state) {
  (void)state;
  gr_tensor *a = counting(GR_F64, 3, SIZES(4, 3, 5)), *v = counting(GR_F64, 1, SIZES(5));
  gr_walk same = gr_walk_start(a, a, a), rows = gr_walk_start(a, a, v);
  assert_int_equal(same.outer, 1);
  assert_int_equal(same.n, 60);
  assert_int_equal(rows.outer, 12);
  assert_int_equal(rows.n, 5);
  gr_unref(a);
  gr_unref(v);
}

/* ---- Sizes, names, values ------------------------------------------------------------------ */

static void sizes_that_overflow_are_granted(void **state) {
  gr_err err;
  const size_t much = (size_t)1 << 33;
  size_t before = gr_bytes_held();
  (void)state;
  assert_null(gr_new(GR_F64, 2, SIZES(much, much), &err));
  expect_message(&err, "8589934592 x 8589934592 is more than this machine can address");
  assert_null(gr_new(GR_F64, 1, SIZES(SIZE_MAX / 8), &err));
  expect_message(&err, "out of memory");
  assert_true(err.memory);
  assert_null(gr_new(GR_F64, 2, SIZES(3, 0), &err));
  expect_message(&err, "size 2 is 0: sizes are whole numbers of at least 1");
  assert_false(err.memory);
  assert_int_equal(gr_bytes_held(), before);
}

static void ranges_that_lead_nowhere_are_granted(void **state) {
  static const struct {
    double from, to, step;
    const char *message;
  } cases[] = {
    { 0, 1, 0, "a step of 0 leads nowhere" },
    { 0, 5, -1, "nothing lies from 0 to 5" },
    { 3, 3, 1, "nothing lies from 3 to 3" },
    { 0, NAN, 1, "leads nowhere" },
    { 0, INFINITY, 1, "more than this machine can address" },
    { 0, 1, 1e-300, "more than this machine can address" },
  };
  gr_err err;
  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_null(gr_arange(GR_F64, cases[i].from, cases[i].to, cases[i].step, &err));
    expect_message(&err, cases[i].message);
  }
}

static void a_name_is_lost_or_not_owned(void **state) {
  char name[] = "weights", label[GR_LABEL_ROOM];
  gr_err err;
  (void)state;
  gr_tensor *t = counting(GR_F64, 2, SIZES(2, 3));
  assert_string_equal(gr_label(t, "x", label, sizeof label), "x (2 x 3)");
  assert_true(gr_set_name(t, name, &err));
  name[0] = '?';
  assert_string_equal(gr_label(t, "x", label, sizeof label), "weights (2 x 3)");
  gr_memory_fail_at(1, 2);
  assert_false(gr_set_name(t, "other", &err));
  assert_string_equal(t->name, "weights");
  assert_true(gr_set_name(t, NULL, &err));
  assert_string_equal(gr_label(t, "x", label, sizeof label), "x (2 x 3)");
  gr_unref(t);
}

static void a_long_shape_or_name_overruns_its_room(void **state) {
  char text[12], label[GR_LABEL_ROOM], name[400];
  gr_err err;
  (void)state;
  assert_string_equal(gr_shape_text(3, SIZES(123456, 123456, 123456), text, sizeof text), "123456 x 12");
  assert_string_equal(gr_shape_text(0, NULL, text, sizeof text), "one number");
  gr_tensor *t = counting(GR_F64, 8, SIZES(1, 2, 1, 2, 1, 2, 1, 2));
  memset(name, 'n', sizeof name - 1);
  name[sizeof name - 1] = 0;
  assert_true(gr_set_name(t, name, &err));
  assert_true(strlen(gr_label(t, "x", label, sizeof label)) < sizeof label);
  assert_non_null(strstr(label, "(1 x 2 x 1 x 2 x 1 x 2 x 1 x 2)"));
  gr_unref(t);
}

static void unique_keeps_repeats_or_loses_nan(void **state) {
  static const double x[] = { 2, NAN, -1, 2, 0, -0.0, NAN, INFINITY }, want[] = { -1, 0, 2, INFINITY };
  gr_err err;
  (void)state;
  gr_tensor *t = counting(GR_F64, 1, SIZES(COUNT(x)));
  for (size_t i = 0; i < COUNT(x); i++) gr_set(t, i, x[i]);
  gr_tensor *u = must(gr_unique(t, &err), &err);
  assert_int_equal(u->size, COUNT(want) + 1);
  for (size_t i = 0; i < COUNT(want); i++) assert_true(gr_get(u, i) == want[i]);
  assert_true(isnan(gr_get(u, COUNT(want))));
  gr_unref(t);
  gr_unref(u);
}

static void equality_overlooks_shape_or_nan(void **state) {
  (void)state;
  gr_tensor *a = counting(GR_F64, 2, SIZES(2, 3)), *b = counting(GR_F32, 2, SIZES(2, 3)), *c = counting(GR_F64, 1, SIZES(6));
  assert_true(gr_equal(a, b));
  assert_false(gr_equal(a, c));
  gr_set(a, 5, NAN);
  assert_false(gr_equal(a, a));
  gr_unref(a);
  gr_unref(b);
  gr_unref(c);
}

static void a_wrong_number_of_inputs_is_taken(void **state) {
  gr_err err;
  (void)state;
  gr_tensor *a = counting(GR_F64, 1, SIZES(2));
  assert_null(gr_apply(gr_op_find("add"), &a, 1, NULL, true, &err));
  expect_message(&err, "add: takes 2 tensors, got 1");
  assert_null(gr_op_find("no such operator"));
  assert_int_equal(a->refs, 1);
  gr_unref(a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_last_reference_does_not_release),
    cmocka_unit_test(a_result_nobody_records_keeps_its_inputs),
    cmocka_unit_test(a_recorded_result_loses_its_inputs),
    cmocka_unit_test(memory_that_forward_leaves_for_backward_is_kept_without_need),
    cmocka_unit_test(whole_rows_are_copied),
    cmocka_unit_test(a_view_does_not_follow_changes),
    cmocka_unit_test(a_slice_across_rows_takes_other_elements),
    cmocka_unit_test(copies_share_memory_or_views_do_not),
    cmocka_unit_test(assigning_a_part_of_a_tensor_to_itself_reads_what_it_wrote),
    cmocka_unit_test(a_product_with_a_transposed_tensor_copies_it),
    cmocka_unit_test(transposed_vectors_and_both_sides_transposed_multiply_wrongly),
    cmocka_unit_test(a_transposed_tensor_does_not_follow_its_source),
    cmocka_unit_test(a_transposed_tensor_made_without_recording_passes_gradients),
    cmocka_unit_test(what_gradients_need_can_be_changed_in_place),
    cmocka_unit_test(a_refused_change_changes_something),
    cmocka_unit_test(some_pair_of_shapes_is_walked_wrongly),
    cmocka_unit_test(equal_shapes_are_not_one_long_row),
    cmocka_unit_test(sizes_that_overflow_are_granted),
    cmocka_unit_test(ranges_that_lead_nowhere_are_granted),
    cmocka_unit_test(a_name_is_lost_or_not_owned),
    cmocka_unit_test(a_long_shape_or_name_overruns_its_room),
    cmocka_unit_test(unique_keeps_repeats_or_loses_nan),
    cmocka_unit_test(equality_overlooks_shape_or_nan),
    cmocka_unit_test(a_wrong_number_of_inputs_is_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
