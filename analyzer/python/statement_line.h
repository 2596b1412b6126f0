#pragma once
/*
 * StatementLine: a line on which a statement, a clause or a decorator begins, as far as its first
 * token tells.
 */
#include "base/str.h"
#include "base/vec.h"

/* How a line begins that begins outside of brackets and of literals. */
typedef enum {
  LINE_PLAIN,
  LINE_DECORATOR,
  LINE_CLASS,
  LINE_GOES_ON, /* else, elif, except, finally: with the statement before it */
} LineHead;

typedef struct {
  uint32_t begin;  /* offset of the line */
  uint32_t start;  /* of its first token */
  uint32_t indent; /* columns; a tab counts as eight, as it does to the grammar's scanner */
  LineHead head;
} StatementLine;

typedef Vec(StatementLine) StatementLines;

/* Where the blanks that begin there end. */
uint32_t skip_blanks(Str text, uint32_t at);

/* Requires: a token starts there, and nothing but blanks stands before it in its line. */
StatementLine statement_line(Str text, uint32_t start);

/* True if the line that starts with this word, which stands there, cannot go on inside a bracket. */
bool begins_statement(Str text, uint32_t start, Str word);
