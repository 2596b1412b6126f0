// Any bytes as a settings file: what can be read is read, and each problem says something.
#include "base/fatal.h"
#include "project/settings_file.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(Arena *arena, Str path, Str text) {
  Settings settings = { 0 };
  Problems problems = { 0 };
  settings_parse(arena, path, text, &settings, &problems);
  for (uint32_t i = 0; i < problems.count; i++)
    if (problems.items[i].message.len == 0) fatal("a problem without a word");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  Arena *arena = arena_new();
  read_as(arena, STR("/fuzz/awry.toml"), text);
  read_as(arena, STR("/fuzz/pyproject.toml"), text);
  arena_free(arena);
  return 0;
}
