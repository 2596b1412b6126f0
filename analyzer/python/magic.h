#pragma once
/*
 * Magic: what IPython understands in a notebook's cell and Python does not: `%magic`, `%%magic`,
 * `!command`, `name?`.
 */
#include "base/arena.h"
#include "base/str.h"

/* The cell with an expression in place of each such command, and blanks for the rest of it: of the
   same length, so that every offset still holds. `%time f()` keeps its f(); of a cell whose first
   line gives it to another language (`%%bash`) nothing is left but its lines. */
Str magic_mask(Arena *arena, Str cell);
