// Any bytes as a settings file: what is wrong comes back as problems with a place inside the text.
#include "base/fatal.h"
#include "project/settings_file.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(const char *name, Str text) {
  Arena *arena = arena_new();
  Settings settings = { 0 };
  Problems problems = { 0 };
  settings_parse(arena, str_from(name), text, &settings, &problems);
  uint32_t offset;
  bool is_text = source_fault(text, &offset) == SOURCE_OK;
  uint32_t lines = is_text ? source_build(arena, STR("fuzz"), text).line_count : UINT32_MAX;
  for (uint32_t i = 0; i < problems.count; i++) {
    const Problem *problem = &problems.items[i];
    bool has_place = problem->position.line >= 1 && problem->position.line <= lines;
    if (!has_place || problem->message.len == 0) fatal("a problem without a place or a message");
  }
  arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  read_as("awry.toml", text);
  read_as("pyproject.toml", text);
  return 0;
}
