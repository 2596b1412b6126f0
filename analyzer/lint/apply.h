#pragma once
/*
 * Applying fixes: which of a file's fixes go together, and the text that they make.
 *
 * One round applies what does not touch; the rest is offered again, or is gone, when the new text
 * is linted. Rounds end when a text has no fix left that may be applied.
 *
 * Owns: nothing; texts live in the arena.
 */
#include "lint/finding.h"

/* So many rounds no fix of ours needs: one that is offered for ever is a fault of ours. */
enum { MOST_FIX_ROUNDS = 20 };

typedef struct {
  Str text;       /* what the fixes make of the file */
  Edits edits;    /* how: sorted */
  uint32_t count; /* findings whose fixes are in it */
} Fixed;

/* Applies the fixes that are no bolder than `boldest`, in the order of the findings; one that
   touches an earlier one waits for the next round. Edits that two fixes share, such as a line below
   the imports, are made once. Returns the text itself and a count of 0 if there is nothing to
   apply. */
Fixed fixes_apply(Arena *arena, const Findings *findings, Applicability boldest, Str text);
