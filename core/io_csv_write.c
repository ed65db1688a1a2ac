/* io_csv_write.c: tensors as CSV files. */
#include "io.h"

#include <string.h>

static bool write_text(gr_out *out, const char *text, gr_err *err) { return gr_out_write(out, text, strlen(text), err); }

/* Quoted where it would be read otherwise than it is. */
static bool write_name(gr_out *out, const char *name, gr_err *err) {
  bool plain = *name && !strpbrk(name, ",\"\r\n");
  if (plain) return write_text(out, name, err);
  bool ok = write_text(out, "\"", err);
  for (const char *c = name; ok && *c; c++) ok = gr_out_write(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1, err);
  return ok && write_text(out, "\"", err);
}

static bool write_names(gr_out *out, char *const names[], size_t columns, gr_err *err) {
  for (size_t i = 0; names && i < columns; i++)
    if (!write_name(out, names[i], err) || !write_text(out, i + 1 < columns ? "," : "\n", err)) return false;
  return true;
}

/* The fewest digits that read back equal; whole numbers without a point. */
static bool write_number(gr_out *out, const gr_tensor *t, size_t i, gr_err *err) {
  char text[GR_NUMBER_ROOM];
  if (t->dtype == GR_F32) gr_number_text_f32((float)gr_get(t, i), text);
  else gr_number_text(gr_get(t, i), text);
  size_t n = strlen(text);
  if (n > 2 && strcmp(text + n - 2, ".0") == 0) text[n - 2] = 0;
  return write_text(out, text, err);
}

static bool write_table(gr_out *out, const gr_tensor *t, char *const names[], size_t columns, gr_err *err) {
  if (!write_names(out, names, columns, err)) return false;
  for (size_t i = 0; i < t->size; i++)
    if (!write_number(out, t, i, err) || !write_text(out, (i + 1) % columns ? "," : "\n", err)) return false;
  return true;
}

bool gr_csv_write(const char *path, gr_tensor *t, char *const names[], size_t count, gr_err *err) {
  char shape[128];
  const size_t columns = t->nd == 2 ? t->d[1] : 1;
  gr_out out;
  gr_shape_text(t->nd, t->d, shape, sizeof shape);
  if (t->nd > 2)
    return gr_fail(err, "%s: a tensor of %s cannot be written: a CSV file has rows and columns only: reshape it first", path,
                   shape);
  if (names && count != columns)
    return gr_fail(err, "%s: %zu names for %zu columns (the tensor is %s)", path, count, columns, shape);
  if (!gr_ready(t, err) || !gr_out_open(&out, path, err)) return false;
  return gr_out_close(&out, write_table(&out, t, names, columns, err), err);
}
