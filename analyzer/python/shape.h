#pragma once
/*
 * From the grammar's rows to the rows of a Tree: every difference that tree.h lists and that can be
 * made after the walk. Between parse.c and here a row may have, beyond what NodeRow says:
 *
 *   kind RAW_PARENTHESES  will leave no row, but its children will
 *   kind RAW_NOTHING      will leave no row, nor will what is below it
 *   flag RAW_COMMA        a comma stands directly in the node
 *
 * The flag NODE_HAS_ERROR is set as in a Tree before shape_errors, and after it only where the
 * error is.
 */
#include "python/tree.h"

enum { RAW_PARENTHESES = KIND_COUNT, RAW_NOTHING };
enum { RAW_COMMA = 1 << 7 };

/* In pre-order; row 0 is the module. KIND_ERROR stands for missing nodes as well, then without
   width. */
typedef Vec(NodeRow) RawRows;

/* Counts the errors of rows into tree, and forgives those that are none in a newer Python. */
void shape_errors(Tree *tree, const RawRows *rows);

/* Fills the rows of tree. Changes `rows`, which are of no use afterwards. */
void shape_rows(Tree *tree, const RawRows *rows, Arena *arena, Arena *scratch);
