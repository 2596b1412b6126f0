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

static inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }
/* Where the blanks that begin there end. */
uint32_t skip_blanks(Str text, uint32_t at);
static inline bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/* Requires: a token starts there, and nothing but blanks stands before it in its line. */
StatementLine statement_line(Str text, uint32_t start);

/* True if the line that starts with this word, which stands there, cannot go on inside a bracket. */
bool begins_statement(Str text, uint32_t start, Str word);

/* True if an expression list may come behind the word. */
static inline bool begins_list(Str word) {
  return str_is(word, "in") || str_is(word, "return") || str_is(word, "yield");
}

/* True if a name that may have type parameters comes behind the word. */
static inline bool is_parametric(Str word) {
  return str_is(word, "def") || str_is(word, "class") || str_is(word, "type");
}
