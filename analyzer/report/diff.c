#include "report/diff.h"

#include <stdbool.h>

#include "base/vec.h"
#include "report/frame.h"

/* Lines around a change that are shown with it. MOST_CHANGES bounds the memory of the search, which
   grows with its square: texts that differ more are shown as one change from first to last
   difference. */
enum { CONTEXT_LINES = 3, MOST_CHANGES = 2000 };

typedef Vec(Str) Lines;

/* Lines [old_start, old_end) become lines [new_start, new_end); lines count from 0. */
typedef struct {
  uint32_t old_start, old_end;
  uint32_t new_start, new_end;
} Change;

typedef Vec(Change) Changes;

typedef struct {
  Arena *arena;
  Lines before, after;
  uint32_t start;            /* that many lines are equal at the start */
  uint32_t old_end, new_end; /* the lines from here on are equal */
  Changes changes;           /* in order; neighbours are separated by an equal line at least */
} Diff;

static Lines split(Arena *arena, Str text) {
  Lines lines = { 0 };
  for (uint32_t start = 0; start < text.len;) {
    uint32_t len = str_find(str_slice(text, start, text.len), STR("\n"));
    uint32_t end = len == UINT32_MAX ? text.len : start + len + 1;
    vec_push(arena, &lines, str_slice(text, start, end));
    start = end;
  }
  return lines;
}

static bool is_equal(const Diff *diff, uint32_t old_line, uint32_t new_line) {
  return str_equal(diff->before.items[old_line], diff->after.items[new_line]);
}

static void set_ends_apart(Diff *diff) {
  uint32_t start = 0, old_end = diff->before.count, new_end = diff->after.count;
  while (start < old_end && start < new_end && is_equal(diff, start, start)) start++;
  while (old_end > start && new_end > start && is_equal(diff, old_end - 1, new_end - 1)) {
    old_end--;
    new_end--;
  }
  diff->start = start;
  diff->old_end = old_end;
  diff->new_end = new_end;
}

/* --- the search: Myers, "An O(ND) difference algorithm and its variations" (1986)
   ---------------- */

/* How far one gets on each diagonal k = old - new with a given number of changes: rows[count][k +
   count] is the number of old lines that are used up. */
typedef Vec(int32_t *) Rows;

/* Where the best path to diagonal k comes from: a removed line (diagonal k - 1) or an added one (k
   + 1). */
static bool comes_by_removal(const int32_t *row, int32_t count, int32_t k) {
  if (k == -count) return false;
  if (k == count) return true;
  return row[k - 1 + count - 1] >= row[k + 1 + count - 1];
}

static int32_t old_before(const int32_t *row, int32_t count, int32_t k) {
  if (count == 0) return 0;
  return comes_by_removal(row, count, k) ? row[k - 1 + count - 1] + 1 : row[k + 1 + count - 1];
}

/* Fills the rows up to the one that reaches both ends; false if that takes too many changes. */
static bool search(const Diff *diff, Rows *rows) {
  int32_t old_count = (int32_t)(diff->old_end - diff->start);
  int32_t new_count = (int32_t)(diff->new_end - diff->start);
  for (int32_t count = 0; count <= MOST_CHANGES; count++) {
    const int32_t *last = count > 0 ? rows->items[count - 1] : NULL;
    int32_t *row = arena_array(diff->arena, int32_t, 2 * count + 1);
    vec_push(diff->arena, rows, row);
    for (int32_t k = -count; k <= count; k += 2) {
      int32_t old = old_before(last, count, k);
      int32_t fresh = old - k;
      while (old < old_count && fresh >= 0 && fresh < new_count &&
             is_equal(diff, diff->start + (uint32_t)old, diff->start + (uint32_t)fresh)) {
        old++;
        fresh++;
      }
      row[k + count] = old;
      if (old >= old_count && fresh >= new_count) return true;
    }
  }
  return false;
}

/* Walks the path back from the ends and marks the lines that it removes and adds. */
static void mark(const Diff *diff, const Rows *rows, bool *is_removed, bool *is_added) {
  int32_t k = (int32_t)diff->old_end - (int32_t)diff->new_end;
  for (int32_t count = (int32_t)rows->count - 1; count > 0; count--) {
    const int32_t *last = rows->items[count - 1];
    if (comes_by_removal(last, count, k)) {
      k--;
      is_removed[diff->start + (uint32_t)last[k + count - 1]] = true;
    } else {
      k++;
      is_added[(int32_t)diff->start + last[k + count - 1] - k] = true;
    }
  }
}

static void find_changes(Diff *diff) {
  Rows rows = { 0 };
  if (!search(diff, &rows)) {
    Change whole = { diff->start, diff->old_end, diff->start, diff->new_end };
    vec_push(diff->arena, &diff->changes, whole);
    return;
  }
  bool *is_removed = arena_array(diff->arena, bool, diff->before.count + 1);
  bool *is_added = arena_array(diff->arena, bool, diff->after.count + 1);
  mark(diff, &rows, is_removed, is_added);
  uint32_t old = diff->start, fresh = diff->start;
  while (old < diff->old_end || fresh < diff->new_end) {
    Change change = { .old_start = old, .new_start = fresh };
    while (is_removed[old]) old++;
    while (is_added[fresh]) fresh++;
    change.old_end = old;
    change.new_end = fresh;
    if (old > change.old_start || fresh > change.new_start)
      vec_push(diff->arena, &diff->changes, change);
    old++;
    fresh++;
  }
}

/* --- showing it
   ---------------------------------------------------------------------------------- */

static uint32_t at_most(uint32_t value, uint32_t limit) { return value < limit ? value : limit; }

/* How lines of one kind are shown. */
typedef struct {
  char sign;
  const char *color, *plain;
} LineStyle;

static void
add_lines(Text *out, const Lines *lines, uint32_t start, uint32_t end, LineStyle style) {
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
  const Change *changes = diff->changes.items;
  uint32_t lead = at_most(changes[first].old_start, CONTEXT_LINES);
  uint32_t tail = at_most(diff->before.count - changes[last].old_end, CONTEXT_LINES);
  text_add(out, STR("@@ "));
  add_range(out, '-', changes[first].old_start - lead, changes[last].old_end + tail);
  text_add_char(out, ' ');
  add_range(out, '+', changes[first].new_start - lead, changes[last].new_end + tail);
  text_add(out, STR(" @@\n"));
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
  Diff diff = {
    .arena = out->arena,
    .before = split(out->arena, before),
    .after = split(out->arena, after),
  };
  set_ends_apart(&diff);
  find_changes(&diff);
  if (diff.changes.count == 0) return;
  const Palette *palette = palette_for(options->has_color);
  text_format(out, "--- %.*s\n+++ %.*s\n", STR_ARGS(path), STR_ARGS(path));
  uint32_t first = 0;
  for (uint32_t i = 0; i < diff.changes.count; i++) {
    bool is_last = i + 1 == diff.changes.count;
    if (!is_last && diff.changes.items[i + 1].old_start - diff.changes.items[i].old_end <= 2 * CONTEXT_LINES)
      continue;
    add_hunk(out, &diff, first, i, palette);
    first = i + 1;
  }
}
