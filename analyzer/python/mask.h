#pragma once
/*
 * Cures for faults of the grammar: copies of the text, of the same length, that it reads as Python
 * reads the text. Positions in a copy are positions in the text.
 */
#include "base/arena.h"
#include "base/str.h"
#include "python/statement_line.h"
#include "python/tree.h"

/* The lines and comments of a text. */
typedef struct {
  StatementLines
    lines;        /* that statements begin on; one that can only be a statement is one even where
                           a bracket before it is never closed */
  Spans comments; /* each from # to the end of its line: a tree of a masked copy would lack some */
  bool is_open;   /* the text ends within a line, a bracket or a literal */
} Lexed;

Lexed lexed_of(Arena *arena, Str text);

/*
 * What every file needs: `type` and `print` as ordinary names have another name where the grammar
 * would take them for the start of a statement, as in `type(self).x = 1`; & and ^ are exchanged,
 * because the grammar has their precedences the wrong way round; the format of {x:=5} does not
 * begin like a walrus; comments are spaces, because the grammar's scanner takes time in the square
 * of their number; NUL is a space, and lone \r is \n. A slice equal to text where nothing is to do.
 */
Str mask_lightly(Arena *arena, Str text);

/*
 * What a file needs besides that the grammar found errors in. It takes a dedented line inside
 * brackets for the end of a block (tree-sitter-python #256): newlines and comments inside brackets
 * are spaces. Type parameter defaults (PEP 696) are spaces too; the star in `return *[a], b` is a
 * sign. A bracket that is never closed has no effect.
 */
Str mask_text(Arena *arena, Str text);
