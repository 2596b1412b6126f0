#include "source/edit.h"

#include "base/text.h"

#include <string.h>

static bool is_after(const Edit *a, const Edit *b) {
  return a->span.start != b->span.start ? a->span.start > b->span.start : a->span.end > b->span.end;
}

static uint32_t smaller(uint64_t a, uint32_t b) { return a < b ? (uint32_t)a : b; }

// Merges the sorted runs [start, middle) and [middle, end) of `from` into `to`.
static void merge(const Edit *from, Edit *to, uint32_t start, uint32_t middle, uint32_t end) {
  uint32_t left = start, right = middle;
  for (uint32_t i = start; i < end; i++) {
    bool takes_right = right < end && (left == middle || is_after(&from[left], &from[right]));
    to[i] = takes_right ? from[right++] : from[left++];
  }
}

// A merge sort, because qsort does not keep the order of equals.
void edits_sort(Arena *arena, Edits *edits) {
  uint32_t count = edits->count;
  if (count < 2) return;
  Edit *from = edits->items, *to = arena_array(arena, Edit, count);
  // 64 bits, so that doubling cannot wrap around.
  for (uint64_t run = 1; run < count; run *= 2) {
    for (uint32_t start = 0; start < count;) {
      uint32_t middle = smaller(start + run, count);
      uint32_t end = smaller(middle + run, count);
      merge(from, to, start, middle, end);
      start = end;
    }
    Edit *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != edits->items) memcpy(edits->items, from, count * sizeof *from);
}

bool edits_apply(Arena *arena, Str text, const Edits *edits, Str *result) {
  Text edited = { .arena = arena };
  uint32_t done = 0; // bytes of the old text that have been copied or replaced
  for (uint32_t i = 0; i < edits->count; i++) {
    const Edit *edit = &edits->items[i];
    if (edit->span.start < done || edit->span.end < edit->span.start) return false;
    if (edit->span.end > text.len) return false;
    text_add(&edited, str_slice(text, done, edit->span.start));
    text_add(&edited, edit->text);
    done = edit->span.end;
  }
  text_add(&edited, str_slice(text, done, text.len));
  *result = text_str(&edited);
  return true;
}
