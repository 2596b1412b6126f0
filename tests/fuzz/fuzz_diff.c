// Two texts, apart at the first NUL: the lines of their diff are lines of theirs, and as many as differ.
#include "base/fatal.h"
#include "report/diff.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t count_lines(Str text) {
  uint32_t count = 0;
  for (; text.len > 0; count++) str_next(&text, '\n');
  return count;
}

static void check_diff(Str diff, Str before, Str after) {
  uint32_t removed = 0, added = 0;
  str_next(&diff, '\n'), str_next(&diff, '\n');
  while (diff.len > 0) {
    Str line = str_next(&diff, '\n');
    char sign = line.len > 0 ? line.data[0] : '?';
    removed += sign == '-';
    added += sign == '+';
    if (sign != '-' && sign != '+' && sign != ' ' && sign != '@' && sign != '\\')
      fatal("a line of a diff that is none");
  }
  if (count_lines(before) - removed != count_lines(after) - added)
    fatal("a diff that does not lead from one text to the other");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str after = { .data = (const char *)data, .len = (uint32_t)size };
  Str before = str_next(&after, '\0');
  Arena *arena = arena_new();
  Text out = { .arena = arena };
  diff_unified(&out, STR("fuzz.py"), before, after, &(ReportOptions){ 0 });
  Str diff = text_str(&out);
  if ((diff.len == 0) != str_equal(before, after))
    fatal("a diff of equal texts, or none of others");
  if (diff.len > 0) check_diff(diff, before, after);
  arena_free(arena);
  return 0;
}
