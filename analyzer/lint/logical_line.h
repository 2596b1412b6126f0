#pragma once
/*
 * Logical lines: which physical lines belong to one simple statement, or to one header of a
 * compound statement with its decorators. Physical lines that hold no code are logical lines of
 * their own.
 *
 * Lines count from 1; both tables have one entry for each line and one more at the front.
 */
#include "python/tree.h"

typedef struct {
  uint32_t *first; /* by physical line: the first line of its logical line */
  uint32_t *last;
} LogicalLines;

LogicalLines logical_lines_build(Arena *arena, const Tree *tree);
