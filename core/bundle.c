/* bundle.c: named tensors and notes. */
#include "gr.h"

#include <string.h>

static char *copy_text(const char *text, gr_err *err) {
  size_t bytes = strlen(text) + 1;
  char *copy = gr_alloc(bytes, err);
  return copy ? memcpy(copy, text, bytes) : NULL;
}

/* Makes room in a list for one pointer more than n. */
static bool grow(void *list, size_t n, gr_err *err) {
  void **old, **more;
  memcpy(&old, list, sizeof old);
  if (!(more = gr_realloc(old, (n + 1) * sizeof *more, err))) return false;
  memcpy(list, &more, sizeof more);
  return true;
}

bool gr_bundle_add(gr_bundle *b, const char *name, gr_tensor *t, gr_err *err) {
  if (!grow(&b->names, b->count, err) || !grow(&b->tensors, b->count, err)) return false;
  if (!(b->names[b->count] = copy_text(name, err))) return false;
  b->tensors[b->count++] = gr_ref(t);
  return true;
}

bool gr_bundle_note(gr_bundle *b, const char *key, const char *value, gr_err *err) {
  if (!grow(&b->keys, b->notes, err) || !grow(&b->values, b->notes, err)) return false;
  char *own_key = copy_text(key, err), *own_value = own_key ? copy_text(value, err) : NULL;
  if (!own_value) return gr_free(own_key), false;
  b->keys[b->notes] = own_key;
  b->values[b->notes++] = own_value;
  return true;
}

void gr_bundle_free(gr_bundle *b) {
  for (size_t i = 0; i < b->count; i++) {
    gr_free(b->names[i]);
    gr_unref(b->tensors[i]);
  }
  for (size_t i = 0; i < b->notes; i++) {
    gr_free(b->keys[i]);
    gr_free(b->values[i]);
  }
  gr_free(b->names);
  gr_free(b->tensors);
  gr_free(b->keys);
  gr_free(b->values);
  *b = (gr_bundle){ 0 };
}
