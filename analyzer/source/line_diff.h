#pragma once
/*
 * Line diff: what has to be removed from and added to the lines of one text to make another.
 *
 * Owns: nothing; the changes live in the arena.
 */
#include "base/strs.h"

/* Lines [old_start, old_end) become lines [new_start, new_end); lines count from 0. */
typedef struct {
  uint32_t old_start, old_end;
  uint32_t new_start, new_end;
} LineChange;

typedef Vec(LineChange) LineChanges;

/* In order; neighbours are separated by an equal line at least. Texts that differ in thousands of
   lines are one change from the first to the last difference. */
LineChanges line_diff(Arena *arena, const Strs *before, const Strs *after);
