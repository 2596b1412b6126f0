#include "source/line_diff.h"

#include <stdbool.h>

/* Bounds the memory of the search, which grows with its square: texts that differ more are one
   change from first to last difference. */
enum { MOST_CHANGES = 2000 };

typedef struct {
  Arena *arena;
  const Strs *before, *after;
  uint32_t start;            /* that many lines are equal at the start */
  uint32_t old_end, new_end; /* the lines from here on are equal */
  LineChanges changes;
} Diff;

static bool is_equal(const Diff *diff, uint32_t old_line, uint32_t new_line) {
  return str_equal(diff->before->items[old_line], diff->after->items[new_line]);
}

static void set_ends_apart(Diff *diff) {
  uint32_t start = 0, old_end = diff->before->count, new_end = diff->after->count;
  while (start < old_end && start < new_end && is_equal(diff, start, start)) start++;
  while (old_end > start && new_end > start && is_equal(diff, old_end - 1, new_end - 1)) {
    old_end--;
    new_end--;
  }
  diff->start = start;
  diff->old_end = old_end;
  diff->new_end = new_end;
}

/* --- the search: Myers, "An O(ND) difference algorithm and its variations" (1986) ------------ */

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
    LineChange whole = { diff->start, diff->old_end, diff->start, diff->new_end };
    vec_push(diff->arena, &diff->changes, whole);
    return;
  }
  bool *is_removed = arena_array(diff->arena, bool, diff->before->count + 1);
  bool *is_added = arena_array(diff->arena, bool, diff->after->count + 1);
  mark(diff, &rows, is_removed, is_added);
  uint32_t old = diff->start, fresh = diff->start;
  while (old < diff->old_end || fresh < diff->new_end) {
    LineChange change = { .old_start = old, .new_start = fresh };
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

LineChanges line_diff(Arena *arena, const Strs *before, const Strs *after) {
  Diff diff = { .arena = arena, .before = before, .after = after };
  set_ends_apart(&diff);
  find_changes(&diff);
  return diff.changes;
}
