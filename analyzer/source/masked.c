#include "source/masked.h"

#include <string.h>

void masked_write(Masked *masked, uint32_t at, char c) {
  if (masked->copy == NULL) {
    masked->copy = arena_alloc(masked->arena, masked->text.len);
    memcpy(masked->copy, masked->text.data, masked->text.len);
  }
  masked->copy[at] = c;
}

Str masked_result(const Masked *masked) {
  return masked->copy == NULL ? masked->text : (Str){ masked->copy, masked->text.len };
}
