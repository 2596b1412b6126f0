// Any bytes as a baseline: what is read of them is written and read again as the same.
#include "base/fatal.h"
#include "project/baseline.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena *arena = arena_new();
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  Baseline first = { .shown = STR("first") }, second = { .shown = STR("second") };
  Problems problems = { 0 };
  if (baseline_parse(arena, text, &first, &problems)) {
    Str written = baseline_text(arena, &first.entries);
    if (!baseline_parse(arena, written, &second, &problems))
      fatal("what was written is no baseline");
    if (!str_equal(baseline_text(arena, &second.entries), written)) fatal("another baseline");
  } else if (problems.count != 1 || problems.items[0].position.line == 0) {
    fatal("no baseline, and no line that says why");
  }
  arena_free(arena);
  return 0;
}
