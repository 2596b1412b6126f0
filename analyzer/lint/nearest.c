#include "lint/nearest.h"

#include <stddef.h>

enum { LONGEST_WORD = 64, ROW = LONGEST_WORD + 1 };

// Edits of one letter: put in, left out, replaced, or swapped with its neighbour.
static uint32_t distance(Str a, Str b, uint32_t *rows[3]) {
  for (uint32_t j = 0; j <= b.len; j++) rows[1][j] = j;
  for (uint32_t i = 1; i <= a.len; i++) {
    uint32_t *older = rows[0], *old = rows[1], *row = rows[2];
    row[0] = i;
    for (uint32_t j = 1; j <= b.len; j++) {
      uint32_t best = old[j - 1] + (a.data[i - 1] != b.data[j - 1]);
      if (old[j] + 1 < best) best = old[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      bool is_swapped =
        i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
      if (is_swapped && older[j - 2] + 1 < best) best = older[j - 2] + 1;
      row[j] = best;
    }
    rows[0] = old;
    rows[1] = row;
    rows[2] = older;
  }
  return rows[1][b.len];
}

const char *nearest_word(Arena *arena, Str written, const char *const *words, uint32_t count) {
  if (written.len > LONGEST_WORD) return NULL;
  uint32_t *cells = arena_array(arena, uint32_t, 3 * ROW);
  const char *nearest = NULL;
  uint32_t least = UINT32_MAX;
  for (uint32_t i = 0; i < count; i++) {
    Str word = str_from(words[i]);
    if (word.len > LONGEST_WORD) continue;
    uint32_t *rows[3] = { cells, cells + ROW, cells + (size_t)2 * ROW };
    uint32_t edits = distance(written, word, rows);
    uint32_t longer = written.len > word.len ? written.len : word.len;
    if (edits * 3 > longer || edits >= least) continue;
    least = edits;
    nearest = words[i];
  }
  return nearest;
}
