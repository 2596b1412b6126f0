#include "report/diff.h"

#include <stdbool.h>

#include "report/terminal.h"
#include "source/line_diff.h"

/* Lines around a change that are shown with it. */
enum { CONTEXT_LINES = 3 };

typedef struct {
  Strs before, after;
  LineChanges changes;
} Diff;

static Strs split(Arena *arena, Str text) {
  Strs lines = { 0 };
  for (uint32_t start = 0; start < text.len;) {
    uint32_t len = str_find(str_slice(text, start, text.len), STR("\n"));
    uint32_t end = len == UINT32_MAX ? text.len : start + len + 1;
    vec_push(arena, &lines, str_slice(text, start, end));
    start = end;
  }
  return lines;
}

static uint32_t at_most(uint32_t value, uint32_t limit) { return value < limit ? value : limit; }

/* How lines of one kind are shown. */
typedef struct {
  char sign;
  const char *color, *plain;
} LineStyle;

static void add_lines(Text *out, const Strs *lines, uint32_t start, uint32_t end, LineStyle style) {
  for (uint32_t i = start; i < end; i++) {
    Str line = lines->items[i];
    bool is_ended = str_ends_with(line, STR("\n"));
    Str content = is_ended ? str_slice(line, 0, line.len - 1) : line;
    text_format(out, "%s%c%.*s%s\n", style.color, style.sign, STR_ARGS(content), style.plain);
    if (!is_ended) text_add(out, STR("\\ No newline at end of file\n"));
  }
}

/* "12,3", as a hunk's head has it: an empty range names the line before it. */
static void add_range(Text *out, char sign, uint32_t start, uint32_t end) {
  uint32_t count = end - start;
  text_format(out, "%c%u", sign, count == 0 ? start : start + 1);
  if (count != 1) text_format(out, ",%u", count);
}

/* One hunk: the changes from `first` up to `last`, with the lines around them. */
static void
add_hunk(Text *out, const Diff *diff, uint32_t first, uint32_t last, const Palette *palette) {
  const LineChange *changes = diff->changes.items;
  uint32_t lead = at_most(changes[first].old_start, CONTEXT_LINES);
  uint32_t tail = at_most(diff->before.count - changes[last].old_end, CONTEXT_LINES);
  text_format(out, "%s@@ ", palette->frame);
  add_range(out, '-', changes[first].old_start - lead, changes[last].old_end + tail);
  text_add_char(out, ' ');
  add_range(out, '+', changes[first].new_start - lead, changes[last].new_end + tail);
  text_format(out, " @@%s\n", palette->plain);
  LineStyle same = { ' ', "", "" };
  LineStyle removed = { '-', palette->removed, palette->plain };
  LineStyle added = { '+', palette->added, palette->plain };
  uint32_t old = changes[first].old_start - lead;
  for (uint32_t i = first; i <= last; i++) {
    add_lines(out, &diff->before, old, changes[i].old_start, same);
    add_lines(out, &diff->before, changes[i].old_start, changes[i].old_end, removed);
    add_lines(out, &diff->after, changes[i].new_start, changes[i].new_end, added);
    old = changes[i].old_end;
  }
  add_lines(out, &diff->before, old, old + tail, same);
}

void diff_unified(Text *out, Str path, Str before, Str after, const ReportOptions *options) {
  Diff diff = { .before = split(out->arena, before), .after = split(out->arena, after) };
  diff.changes = line_diff(out->arena, &diff.before, &diff.after);
  if (diff.changes.count == 0) return;
  const Palette *palette = palette_for(options->has_color);
  const char *signs[] = { "---", "+++" };
  for (int i = 0; i < 2; i++)
    text_format(out, "%s%s %.*s%s\n", palette->bold, signs[i], STR_ARGS(path), palette->plain);
  uint32_t first = 0;
  for (uint32_t i = 0; i < diff.changes.count; i++) {
    bool is_last = i + 1 == diff.changes.count;
    if (!is_last && diff.changes.items[i + 1].old_start - diff.changes.items[i].old_end <= 2 * CONTEXT_LINES)
      continue;
    add_hunk(out, &diff, first, i, palette);
    first = i + 1;
  }
}
