#pragma once
/*
 * Edit: a replacement of a range of bytes. An empty span inserts, an empty text deletes.
 *
 * Owns: nothing.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "source/source.h"

typedef struct {
  Span span;
  Str text;
} Edit;

typedef Vec(Edit) Edits;

/* By place; edits of the same place keep their order. */
void edits_sort(Arena *arena, Edits *edits);

/* Makes the edited text. Edits that touch do not overlap; insertions at one place keep their order.
   Requires: sorted. Returns false if two edits overlap or one lies outside the text. */
bool edits_apply(Arena *arena, Str text, const Edits *edits, Str *result);
