/* epoch.c: many steps of a plan, each on the next rows. */
#include "core.h"

#include <math.h>

static size_t rows_of(const gr_feed *f) { return f->bytes ? f->bytes->d[0] : f->from->d[0]; }

/* Positions may come from a script's own generator. */
static bool rows_exist(const gr_epoch *e, size_t rows, gr_err *err) {
  size_t last = rows_of(&e->feed[0]), there = e->order ? e->order->size : last;
  if (rows > there || e->at > there - rows)
    return gr_fail(err, "fit: the batch of %zu rows from place %zu on goes beyond the %zu that there are", rows, e->at + 1, there);
  for (size_t i = 0; e->order && i < rows; i++) {
    double row = ((const double *)e->order->x)[e->at + i];
    if (!(row >= 1 && row <= (double)last) || row != floor(row))
      return gr_fail(err, "fit: the generator gave %g as the position of a row: positions are whole numbers from 1 to %zu", row,
                     last);
  }
  return true;
}

bool gr_rows_fit(const gr_tensor *a, const gr_tensor *b) {
  return a->nd > 0 && b->nd > 0 && a->dtype == b->dtype && a->size / a->d[0] == b->size / b->d[0];
}

static void copy_rows(const gr_feed *f, const gr_epoch *e) {
  if (f->bytes) {
    gr_bytes_gather(f->bytes, e->order, e->at, f->to);
    return;
  }
  size_t rows = f->to->d[0], bytes = f->to->size / rows * gr_dtype_size(f->to->dtype);
  const char *from = f->from->x;
  char *to = f->to->x;
  if (!e->order) {
    memcpy(to, from + e->at * bytes, rows * bytes);
    return;
  }
  const double *order = (const double *)e->order->x + e->at;
  for (size_t i = 0; i < rows; i++) memcpy(to + i * bytes, from + ((size_t)order[i] - 1) * bytes, bytes);
}

static bool next_batch(gr_epoch *e, gr_err *err) {
  bool whole = true;
  for (int i = 0; i < e->feeds; i++) whole = whole && e->feed[i].from == e->feed[i].to;
  if (whole) return true;
  if (!rows_exist(e, e->feed[0].to->d[0], err)) return false;
  for (int i = 0; i < e->feeds; i++)
    if (e->feed[i].from != e->feed[i].to) copy_rows(&e->feed[i], e);
  return true;
}

bool gr_plan_run(gr_plan *plan, gr_epoch *e, gr_err *err) {
  size_t rows = e->feeds ? e->feed[0].to->d[0] : 1;
  for (e->done = 0; e->done < e->steps; e->done++) {
    if (e->stop && *e->stop) break;
    if (!e->computed && (!next_batch(e, err) || !gr_plan_forward(plan, err))) return false;
    e->computed = false;
    if (e->done) e->before = e->loss;
    e->loss = gr_plan_loss(plan);
    if (!e->any_loss && !isfinite(e->loss)) break;
    if (!gr_plan_update(plan, e->rate, err)) return false;
    e->sum += e->loss * (double)rows;
    e->at += rows;
  }
  return true;
}
