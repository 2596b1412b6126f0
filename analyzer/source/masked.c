#include "source/masked.h"

#include <string.h>

static char *copy_of(Masked *masked) {
  if (masked->copy == NULL) {
    masked->copy = arena_take(masked->arena, masked->text.len);
    memcpy(masked->copy, masked->text.data, masked->text.len);
  }
  return masked->copy;
}

void masked_write(Masked *masked, uint32_t at, char c) { copy_of(masked)[at] = c; }

void masked_fill(Masked *masked, Span span, char c) {
  memset(copy_of(masked) + span.start, c, span.end - span.start);
}

Str masked_result(const Masked *masked) {
  return masked->copy == NULL ? masked->text : (Str){ masked->copy, masked->text.len };
}
