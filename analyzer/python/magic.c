#include "python/magic.h"

#include "python/lexeme.h"
#include "python/statement_line.h"
#include "source/masked.h"

#include <string.h>

/* Cell magics that run their cell as Python, here and now. All others are taken for another
   language: they hand the text to another program, to a file, or to nobody knows what. */
static const char *const TRANSPARENT[] = {
  "capture", "debug", "ipytest", "memit", "prun", "time", "timeit",
};

/* Line magics whose argument is a Python statement. */
static const char *const TIMERS[] = { "time", "timeit" };

/* These words open a statement that cannot stand behind a semicolon. */
static const char *const COMPOUND[] = {
  "async", "class", "def", "for", "if", "match", "try", "while", "with",
};

/* Line magics that work without their sign, when they are all of a cell. */
static const char *const AUTOMATIC[] = {
  "autoreload", "cat",  "cd",    "conda", "cp",         "less",       "load_ext", "ls", "mamba",
  "man",        "more", "mkdir", "mv",    "matplotlib", "micromamba", "pip",      "rm", "run",
};

typedef struct {
  Masked masked;
  Str text;
  uint32_t at;
  uint32_t depth; /* of open brackets */
  uint32_t start; /* of the logical line, behind its indentation */
  char last;      /* the last character of code in the logical line, 0 at its start */
} Lexer;

static char peek(const Lexer *lexer, uint32_t ahead) {
  uint32_t at = lexer->at + ahead;
  return at < lexer->text.len ? lexer->text.data[at] : '\0';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static Str word_at(Str text, uint32_t at) {
  uint32_t end = at;
  while (end < text.len &&
         (is_letter(text.data[end]) || (text.data[end] >= '0' && text.data[end] <= '9')))
    end++;
  return str_slice(text, at, end);
}

static uint32_t line_end(Str text, uint32_t at) {
  while (at < text.len && !is_line_end(text.data[at])) at++;
  return at;
}

/* The end of the line, and of those that continue it. */
static uint32_t command_end(Str text, uint32_t at) {
  for (;;) {
    at = line_end(text, at);
    if (at == text.len || at == 0 || text.data[at - 1] != '\\') return at;
    at += text.data[at] == '\r' && at + 1 < text.len && text.data[at + 1] == '\n' ? 2 : 1;
  }
}

/* --- masking ---------------------------------------------------------------------------------- */

static void blank(Lexer *lexer, uint32_t start, uint32_t end) {
  for (uint32_t at = start; at < end; at++) {
    if (!is_line_end(lexer->text.data[at])) masked_write(&lexer->masked, at, ' ');
  }
}

/* A number is a statement wherever one may stand, and means nothing. */
static void mask_statement(Lexer *lexer, uint32_t start, uint32_t end) {
  blank(lexer, start, end);
  masked_write(&lexer->masked, start, '0');
  lexer->at = end;
  lexer->depth = 0;
}

/* The value of a command is anything: a name that nobody binds. */
static void mask_value(Lexer *lexer) {
  uint32_t start = lexer->at, end = command_end(lexer->text, start);
  mask_statement(lexer, start, end);
  if (end - start < 2) return;
  masked_write(&lexer->masked, start, '_');
  masked_write(&lexer->masked, start + 1, '_');
}

/* --- commands --------------------------------------------------------------------------------- */

static bool is_escape(char c) { return c != '\0' && strchr("!%?,;/", c) != NULL; }

/* `%time f()`: true if the statement behind the magic can be kept. */
static bool keep_timed(Lexer *lexer, Str name) {
  uint32_t argument = skip_blanks(lexer->text, lexer->at + 1 + name.len);
  char first = argument < lexer->text.len ? lexer->text.data[argument] : '\n';
  bool is_statement = !is_line_end(first) && !is_escape(first) && first != '-' && first != '#' &&
    argument > lexer->at + 1 + name.len && !STR_IN(word_at(lexer->text, argument), COMPOUND);
  if (!STR_IN(name, TIMERS) || !is_statement) return false;
  blank(lexer, lexer->at, argument);
  masked_write(&lexer->masked, lexer->at, '0');
  masked_write(&lexer->masked, argument - 1, ';');
  lexer->at = argument;
  lexer->last = ';';
  return true;
}

static void lex_command(Lexer *lexer) {
  Str text = lexer->text;
  bool is_cell = peek(lexer, 0) == '%' && peek(lexer, 1) == '%';
  Str name = word_at(text, lexer->at + (is_cell ? 2 : 1));
  bool is_question = peek(lexer, 2 + name.len) == '?';
  if (is_cell && !is_question && !STR_IN(name, TRANSPARENT)) {
    blank(lexer, lexer->at, text.len);
    lexer->at = text.len;
  } else if (is_cell) {
    mask_statement(lexer, lexer->at, line_end(text, lexer->at));
  } else if (peek(lexer, 0) != '%' || !keep_timed(lexer, name)) {
    mask_statement(lexer, lexer->at, command_end(text, lexer->at));
  }
}

/* Behind the question marks. */
static uint32_t question_end(const Lexer *lexer) {
  uint32_t at = lexer->at;
  while (at < lexer->text.len && lexer->text.data[at] == '?') at++;
  return at;
}

/* `name?` and `name??` end their line. */
static bool is_question(const Lexer *lexer) {
  uint32_t at = skip_blanks(lexer->text, question_end(lexer));
  return at == lexer->text.len || is_line_end(lexer->text.data[at]) || lexer->text.data[at] == '#';
}

static bool is_assigned_command(const Lexer *lexer) {
  if (lexer->depth > 0 || lexer->last != '=') return false;
  char c = peek(lexer, 0), next = peek(lexer, 1);
  return (c == '!' && next != '=') || (c == '%' && is_letter(next));
}

/* --- code ------------------------------------------------------------------------------------- */

/* An unclosed literal ends with its line, or with the text. */
static void skip_literal(Lexer *lexer) {
  char quote = peek(lexer, 0);
  uint32_t len = peek(lexer, 1) == quote && peek(lexer, 2) == quote ? 3 : 1;
  lexer->last = quote;
  lexer->at += len;
  while (lexer->at < lexer->text.len) {
    char c = peek(lexer, 0);
    bool is_end = c == quote && (len == 1 || (peek(lexer, 1) == quote && peek(lexer, 2) == quote));
    if (is_end) lexer->at += len;
    if (is_end || (len == 1 && is_line_end(c))) return;
    lexer->at += c == '\\' && lexer->at + 1 < lexer->text.len ? 2 : 1;
  }
}

static void lex_sign(Lexer *lexer, char c) {
  if (strchr("([{", c) != NULL) lexer->depth++;
  if (strchr(")]}", c) != NULL && lexer->depth > 0) lexer->depth--;
  lexer->last = c;
  lexer->at++;
}

static void lex_code(Lexer *lexer) {
  char c = peek(lexer, 0);
  if (is_line_end(c)) {
    if (lexer->depth == 0) lexer->last = '\0';
    lexer->at++;
  } else if (is_blank(c)) {
    lexer->at++;
  } else if (c == '#') {
    lexer->at = line_end(lexer->text, lexer->at);
  } else if (c == '"' || c == '\'') {
    skip_literal(lexer);
  } else if (c == '\\') {
    lexer->at += peek(lexer, 1) == '\r' && peek(lexer, 2) == '\n' ? 3 : 2;
  } else if (c == '?' && is_question(lexer)) {
    mask_statement(lexer, lexer->start, question_end(lexer));
  } else if (is_assigned_command(lexer)) {
    mask_value(lexer);
  } else if (c == '\0') {
    lexer->at++;
  } else {
    lex_sign(lexer, c);
  }
}

/* A cell of one line that begins with the name of a magic. */
static bool is_automatic(Str text) {
  Str line = str_trim(text);
  Str word = word_at(line, 0);
  if (!STR_IN(word, AUTOMATIC) || line_end(line, 0) < line.len) return false;
  uint32_t next = skip_blanks(line, word.len);
  return next > word.len && next < line.len && line.data[next] != '=';
}

Str magic_mask(Arena *arena, Str cell) {
  Lexer lexer = { .masked = { .arena = arena, .text = cell }, .text = cell };
  if (is_automatic(cell)) mask_statement(&lexer, skip_blanks(cell, 0), cell.len);
  while (lexer.at < cell.len) {
    char c = peek(&lexer, 0);
    bool is_start = lexer.last == '\0' && lexer.depth == 0 && !is_blank(c) && !is_line_end(c);
    if (is_start) lexer.start = lexer.at;
    if (is_start && is_escape(c)) lex_command(&lexer);
    else lex_code(&lexer);
  }
  return masked_result(&lexer.masked);
}
