#pragma once
/*
 * What bytes and words mean where Python's tokens are told apart.
 */
#include "base/str.h"

static inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }
static inline bool is_line_end(char c) { return c == '\n' || c == '\r'; }
static inline bool is_quote(char c) { return c == '"' || c == '\''; }

/* True if the byte means nothing in any literal. */
static inline bool is_ordinary(char c) {
  return c != '\\' && c != '{' && c != '}' && !is_line_end(c) && !is_quote(c);
}

/* True for a byte-order mark. */
static inline bool starts_with_mark(Str text) { return str_starts_with(text, STR("\xEF\xBB\xBF")); }

/* True if an expression list may come behind the word. */
static inline bool begins_list(Str word) {
  return str_is(word, "in") || str_is(word, "return") || str_is(word, "yield");
}

/* True if a name that may have type parameters comes behind the word. */
static inline bool is_parametric(Str word) {
  return str_is(word, "def") || str_is(word, "class") || str_is(word, "type");
}
