#include "python/statement_line.h"

#include "python/lexeme.h"

/* Never part of an expression: at the start of a line, they prove that no bracket is open. */
static const char *const STATEMENT_WORDS[] = {
  "assert", "break",  "class", "continue", "def",      "del",    "elif", "except", "finally",
  "global", "import", "pass",  "raise",    "nonlocal", "return", "try",  "while",  "with",
};

/* What a compound statement goes on with. */
static const char *const CLAUSE_WORDS[] = { "elif", "else", "except", "finally" };

static LineHead head_of(Str text, uint32_t start) {
  uint32_t end = start;
  if (text.data[start] == '@') return LINE_DECORATOR;
  if (memchr("cef", text.data[start], 3) == NULL) return LINE_PLAIN; // how the words begin
  while (end < text.len && is_name_byte(text.data[end])) end++;
  Str word = str_slice(text, start, end);
  if (str_is(word, "class")) return LINE_CLASS;
  return STR_IN(word, CLAUSE_WORDS) ? LINE_GOES_ON : LINE_PLAIN;
}

/* Most blanks are levels of indentation. */
enum { LEVEL = 4 };

static bool is_level(const char *bytes) { return memcmp(bytes, "    ", LEVEL) == 0; }

uint32_t skip_blanks(Str text, uint32_t at) {
  while (at + LEVEL <= text.len && is_level(text.data + at)) at += LEVEL;
  while (at < text.len && is_blank(text.data[at])) at++;
  return at;
}

static uint32_t columns_of(Str blanks) {
  uint32_t i = 0;
  while (blanks.len - i >= LEVEL && is_level(blanks.data + i)) i += LEVEL;
  uint32_t columns = i;
  for (; i < blanks.len; i++) {
    char c = blanks.data[i];
    columns = c == '\f' ? 0 : columns + (c == '\t' ? 8 : 1);
  }
  return columns;
}

StatementLine statement_line(Str text, uint32_t start) {
  uint32_t begin = start;
  while (begin >= LEVEL && is_level(text.data + begin - LEVEL)) begin -= LEVEL;
  while (begin > 0 && is_blank(text.data[begin - 1])) begin--;
  uint32_t indent = columns_of(str_slice(text, begin, start));
  return (StatementLine){ begin, start, indent, head_of(text, start) };
}

static Str line_rest(Str text, uint32_t start) {
  uint32_t end = start;
  while (end < text.len && !is_line_end(text.data[end])) end++;
  return str_slice(text, start, end);
}

bool begins_statement(Str text, uint32_t start, Str word) {
  bool is_dedented = start == 0 || text.data[start - 1] == '\n' || text.data[start - 1] == '\r';
  Str rest = line_rest(text, start + word.len);
  if (str_is(word, "async")) {
    Str next = str_trim(rest);
    return str_starts_with(next, STR("def ")) || str_starts_with(next, STR("with "));
  }
  if (str_is(word, "from") && is_dedented) return str_contains(rest, STR(" import "));
  if (str_is(word, "if") && is_dedented) return str_starts_with(rest, STR(" __name__"));
  return STR_IN(word, STATEMENT_WORDS);
}
