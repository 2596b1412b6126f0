#pragma once
/*
 * Edits of a notebook's cells in the JSON that holds them: what no edit touches stays as it is
 * written, byte for byte.
 */
#include "source/edit.h"

/* Makes edits of the cells' text, as source_build_notebook puts it together, in the notebook's own
   text. Requires: sorted; text is what notebook_read took. Returns false if two edits overlap or one
   leaves its cell. */
bool notebook_edit(Arena *arena, Str text, const Source *source, const Edits *edits, Str *result);
