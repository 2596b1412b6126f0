#include "python/mask.h"

#include "base/vec.h"
#include "python/lexeme.h"
#include "source/masked.h"

#include <string.h>

/* What an open frame waits for. Brackets and fields are code, literals and formats are text. */
typedef enum {
  FRAME_PARENTHESIS,
  FRAME_SQUARE,
  FRAME_CURLY,
  FRAME_FIELD,   /* {…} in an f-string or t-string */
  FRAME_FORMAT,  /* what follows the colon in a field */
  FRAME_LITERAL, /* the text of an f-string or t-string */
} FrameKind;

enum { BRACKET_KINDS = 3 };

typedef struct {
  FrameKind kind;
  bool is_type_parameters;
  bool is_raw;
  char quote;
  uint32_t quote_len;     /* 1 or 3 */
  uint32_t literal;       /* the frame of the literal that it lies in or is */
  uint32_t default_start; /* of the type parameter default that is being read, or NO_DEFAULT */
  uint32_t blanks;        /* how many there were when the frame was opened */
  uint32_t brackets[BRACKET_KINDS]; /* those open outside, down to the next field */
} Frame;

#define NO_DEFAULT UINT32_MAX

/* How far the lexer is in `class Name[`. */
typedef enum { HEAD_NONE, HEAD_KEYWORD, HEAD_NAME } Head;

/*
 * One pass over the text. What is to be blanked is only noted while its bracket is open, and done
 * when the bracket is closed: a bracket that turns out to be unclosed has no effect.
 */
typedef struct {
  Arena *arena;
  Str text;
  Masked masked;
  uint32_t at;
  Lexed *lexed;  /* NULL if nobody asks for it */
  bool is_light; /* brackets and what is in them stay as they are */
  Vec(Frame) frames;
  Spans blanks;
  uint32_t brackets[BRACKET_KINDS]; /* open ones, down to the next field */
  uint32_t fields;                  /* open ones */
  Head head;
  bool is_line_start;
  bool is_list_start; /* an operand of an expression list may come next */
} Lexer;

/* Names that at the start of a statement the grammar takes for its beginning if one of these bytes
   follows: `type(self).x = 1` for a type alias, `print >> file` for a statement of Python 2. */
static const struct {
  const char *name;
  const char *next;
} SOFT_WORDS[] = { { "type", "([" }, { "print", ">" } };

static const char *const STRING_PREFIXES[] = {
  "b", "br", "f", "fr", "r", "rb", "rf", "rt", "t", "tr", "u",
};

/* --- bytes ------------------------------------------------------------------------------------ */

static char peek(const Lexer *lexer, uint32_t ahead) {
  uint32_t at = lexer->at + ahead;
  return at < lexer->text.len ? lexer->text.data[at] : '\0';
}

/* Bytes of the line end at `ahead`, or 0. */
static uint32_t line_end_len(const Lexer *lexer, uint32_t ahead) {
  char c = peek(lexer, ahead);
  if (c == '\r') return peek(lexer, ahead + 1) == '\n' ? 2 : 1;
  return c == '\n' ? 1 : 0;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void note_blank(Lexer *lexer, uint32_t start, uint32_t end) {
  if (lexer->frames.count == 0 || lexer->is_light) return;
  vec_push(lexer->arena, &lexer->blanks, (Span){ start, end });
}

static void write_blanks(Lexer *lexer, uint32_t first) {
  for (uint32_t i = first; i < lexer->blanks.count; i++) {
    masked_fill(&lexer->masked, lexer->blanks.items[i], ' ');
  }
  lexer->blanks.count = first;
}

/* --- frames ----------------------------------------------------------------------------------- */

static Frame *top_frame(Lexer *lexer) {
  return lexer->frames.count > 0 ? &vec_last(&lexer->frames) : NULL;
}

static Frame *push_frame(Lexer *lexer, FrameKind kind) {
  Frame frame = {
    .kind = kind,
    .literal = lexer->frames.count > 0 ? vec_last(&lexer->frames).literal : 0,
    .default_start = NO_DEFAULT,
    .blanks = lexer->blanks.count,
  };
  memcpy(frame.brackets, lexer->brackets, sizeof frame.brackets);
  vec_push(lexer->arena, &lexer->frames, frame);
  if (kind <= FRAME_CURLY) {
    lexer->brackets[kind]++;
  } else {
    memset(lexer->brackets, 0, sizeof lexer->brackets);
  }
  if (kind == FRAME_FIELD) lexer->fields++;
  return &vec_last(&lexer->frames);
}

/* Closes the newest frame: what was noted since it was opened lies inside brackets for certain. */
static void pop_frame(Lexer *lexer) {
  const Frame *frame = &vec_last(&lexer->frames);
  memcpy(lexer->brackets, frame->brackets, sizeof frame->brackets);
  if (frame->kind == FRAME_FIELD) lexer->fields--;
  if (frame->kind <= FRAME_FIELD) write_blanks(lexer, frame->blanks);
  lexer->frames.count--;
}

static void drop_frames(Lexer *lexer) {
  lexer->frames.count = 0;
  lexer->blanks.count = 0;
  lexer->fields = 0;
  memset(lexer->brackets, 0, sizeof lexer->brackets);
}

static void end_default(Lexer *lexer, Frame *frame) {
  if (frame->default_start != NO_DEFAULT) note_blank(lexer, frame->default_start, lexer->at);
  frame->default_start = NO_DEFAULT;
}

/* Closes the newest bracket of that kind; those opened after it are unclosed, and end with it. */
static void close_bracket(Lexer *lexer, FrameKind kind) {
  if (lexer->brackets[kind] == 0) return;
  while (vec_last(&lexer->frames).kind != kind) {
    memcpy(lexer->brackets, vec_last(&lexer->frames).brackets, sizeof lexer->brackets);
    lexer->frames.count--;
  }
  end_default(lexer, &vec_last(&lexer->frames));
  pop_frame(lexer);
}

/* Notes that a statement begins with the token there. */
static void note_line(Lexer *lexer, uint32_t start) {
  if (lexer->lexed == NULL) return;
  vec_push(lexer->arena, &lexer->lexed->lines, statement_line(lexer->text, start));
}

/* --- literals --------------------------------------------------------------------------------- */

static bool is_at_quote(const Lexer *lexer, char quote, uint32_t quote_len) {
  for (uint32_t i = 0; i < quote_len; i++) {
    if (peek(lexer, i) != quote) return false;
  }
  return true;
}

static void skip_ordinary(Lexer *lexer) {
  Str text = lexer->text;
  uint32_t at = lexer->at;
  while (at < text.len && is_ordinary(text.data[at])) at++;
  lexer->at = at;
}

/* A backslash and what it escapes. A line end counts as one character, and a brace as none. */
static void skip_escape(Lexer *lexer, const Frame *literal) {
  char escaped = peek(lexer, 1);
  bool is_field = literal != NULL && (escaped == '{' || escaped == '}');
  bool is_named = literal != NULL && !literal->is_raw && escaped == 'N' && peek(lexer, 2) == '{';
  uint32_t line_end = line_end_len(lexer, 1);
  lexer->at += 1 + (is_field ? 0 : line_end > 0 ? line_end : 1);
  if (!is_named) return;
  while (lexer->at < lexer->text.len && peek(lexer, 0) != '}' && !is_quote(peek(lexer, 0)) &&
         line_end_len(lexer, 0) == 0) {
    lexer->at++;
  }
  if (peek(lexer, 0) == '}') lexer->at++;
}

/* A literal without fields, from behind its opening quotes to behind the closing ones. An unclosed
   one ends with its line, or with the text. */
static void skip_plain_literal(Lexer *lexer, char quote, uint32_t quote_len) {
  for (skip_ordinary(lexer); lexer->at < lexer->text.len; skip_ordinary(lexer)) {
    char c = peek(lexer, 0);
    if (c == '\\') {
      skip_escape(lexer, NULL);
    } else if (c == quote && is_at_quote(lexer, quote, quote_len)) {
      lexer->at += quote_len;
      return;
    } else if (quote_len == 1 && line_end_len(lexer, 0) > 0) {
      return;
    } else {
      lexer->at++;
    }
  }
}

static bool is_prefix(Str word) {
  char lower[2];
  if (word.len == 0 || word.len > 2) return false;
  for (uint32_t i = 0; i < word.len; i++) lower[i] = (char)(word.data[i] | 0x20);
  return STR_IN(((Str){ lower, word.len }), STRING_PREFIXES);
}

static bool has_letter(Str prefix, char letter) {
  for (uint32_t i = 0; i < prefix.len; i++) {
    if ((prefix.data[i] | 0x20) == letter) return true;
  }
  return false;
}

static void lex_literal_start(Lexer *lexer, Str prefix) {
  char quote = peek(lexer, 0);
  uint32_t quote_len = is_at_quote(lexer, quote, 3) ? 3 : 1;
  lexer->at += quote_len;
  lexer->head = HEAD_NONE;
  lexer->is_line_start = false;
  lexer->is_list_start = false;
  if (!has_letter(prefix, 'f') && !has_letter(prefix, 't')) {
    skip_plain_literal(lexer, quote, quote_len);
    return;
  }
  uint32_t literal = lexer->frames.count;
  Frame *frame = push_frame(lexer, FRAME_LITERAL);
  frame->literal = literal;
  frame->quote = quote;
  frame->quote_len = quote_len;
  frame->is_raw = has_letter(prefix, 'r');
}

static void end_literal(Lexer *lexer) {
  while (vec_last(&lexer->frames).kind != FRAME_LITERAL) pop_frame(lexer);
  pop_frame(lexer);
}

/* One step in the text of a literal, or in a format. */
static void lex_text(Lexer *lexer) {
  const Frame *frame = &vec_last(&lexer->frames);
  bool is_format = frame->kind == FRAME_FORMAT;
  const Frame *literal = &lexer->frames.items[frame->literal];
  char c = peek(lexer, 0);
  if (c == '\\') {
    skip_escape(lexer, literal);
  } else if (c == literal->quote && is_at_quote(lexer, c, literal->quote_len)) {
    lexer->at += literal->quote_len;
    end_literal(lexer);
  } else if (literal->quote_len == 1 && line_end_len(lexer, 0) > 0) {
    end_literal(lexer);
  } else if (!is_format && (c == '{' || c == '}') && peek(lexer, 1) == c) {
    lexer->at += 2;
  } else if (c == '{') {
    lexer->at++;
    push_frame(lexer, FRAME_FIELD);
  } else if (is_format && c == '}') {
    pop_frame(lexer);
    pop_frame(lexer);
    lexer->at++;
  } else {
    lexer->at++;
    skip_ordinary(lexer);
  }
}

/* --- code ------------------------------------------------------------------------------------- */

static void lex_line_end(Lexer *lexer, uint32_t len) {
  note_blank(lexer, lexer->at, lexer->at + len);
  if (lexer->frames.count == 0) lexer->head = HEAD_NONE;
  lexer->at += len;
  lexer->is_line_start = true;
}

static void lex_comment(Lexer *lexer) {
  Str text = lexer->text;
  Span comment = { lexer->at, lexer->at };
  while (comment.end < text.len && !is_line_end(text.data[comment.end])) comment.end++;
  note_blank(lexer, comment.start, comment.end);
  if (lexer->lexed != NULL) vec_push(lexer->arena, &lexer->lexed->comments, comment);
  /* The grammar's scanner reads all comments that follow one again for each of them. */
  masked_fill(&lexer->masked, comment, ' ');
  lexer->at = comment.end;
}

static void lex_backslash(Lexer *lexer) {
  uint32_t line_end = line_end_len(lexer, 1);
  if (line_end > 0) note_blank(lexer, lexer->at, lexer->at + 1 + line_end);
  lexer->at += 1 + line_end;
  lexer->is_line_start = false;
}

static bool is_dedented(const Lexer *lexer, uint32_t start) {
  return start == 0 || lexer->text.data[start - 1] == '\n' || lexer->text.data[start - 1] == '\r';
}

/* The byte after the spaces. */
static char next_byte(const Lexer *lexer, uint32_t ahead) {
  while (peek(lexer, ahead) == ' ') ahead++;
  return peek(lexer, ahead);
}

/* Any other name of that length will do, at the start of a statement and elsewhere. */
static void rename_soft_word(Lexer *lexer, Str word, uint32_t start) {
  for (size_t i = 0; i < sizeof SOFT_WORDS / sizeof *SOFT_WORDS; i++) {
    if (!str_is(word, SOFT_WORDS[i].name)) continue;
    char next = next_byte(lexer, 0);
    if (next != '\0' && strchr(SOFT_WORDS[i].next, next) != NULL)
      masked_write(&lexer->masked, start, '_');
  }
}

static void lex_word(Lexer *lexer) {
  uint32_t start = lexer->at, end = start + 1;
  while (end < lexer->text.len && is_name_byte(lexer->text.data[end])) end++;
  Str word = { lexer->text.data + start, end - start };
  lexer->at = end;
  if (is_quote(peek(lexer, 0)) && is_prefix(word)) {
    lex_literal_start(lexer, word);
    return;
  }
  if (lexer->is_line_start && lexer->frames.count > 0 && begins_statement(lexer->text, start, word)) {
    drop_frames(lexer);
    note_line(lexer, start);
  }
  lexer->is_line_start = false;
  lexer->is_list_start = begins_list(word);
  if (lexer->frames.count == 0) rename_soft_word(lexer, word, start);
  if (is_parametric(word)) {
    lexer->head = HEAD_KEYWORD;
  } else {
    lexer->head = lexer->head == HEAD_KEYWORD ? HEAD_NAME : HEAD_NONE;
  }
}

static void lex_closer(Lexer *lexer, FrameKind kind) {
  bool ends_field = kind == FRAME_CURLY && lexer->brackets[FRAME_CURLY] == 0 && lexer->fields > 0;
  if (!ends_field) {
    close_bracket(lexer, kind);
    return;
  }
  while (vec_last(&lexer->frames).kind != FRAME_FIELD) lexer->frames.count--;
  pop_frame(lexer);
}

/* In `return *[a], b` and the like the grammar expects a name behind the star. A sign in its place
   gives the tree the right shape, but for the kind of one node (see shape.c). */
static void replace_star(Lexer *lexer) {
  char next = next_byte(lexer, 1);
  bool is_operand = next != '\0' && strchr("([{\"'+-~", next) != NULL;
  bool is_await =
    str_starts_with(str_slice(lexer->text, lexer->at, lexer->text.len), STR("*await "));
  if (is_operand || is_await) masked_write(&lexer->masked, lexer->at, '+');
}

static void replace_sign(Lexer *lexer, char c) {
  /* The grammar has their precedences the wrong way round. */
  if (c == '&') masked_write(&lexer->masked, lexer->at, '^');
  if (c == '^') masked_write(&lexer->masked, lexer->at, '&');
  if (c == '*' && lexer->is_list_start && lexer->frames.count == 0 && !lexer->is_light) {
    replace_star(lexer);
  }
}

/* The grammar would read `x := 5` in {x:=5}. */
static void lex_format_start(Lexer *lexer) {
  push_frame(lexer, FRAME_FORMAT);
  if (peek(lexer, 1) == '=') masked_write(&lexer->masked, lexer->at + 1, '>');
}

enum { OPENS = 1 << 2, CLOSES = 1 << 3 }; /* beside the kind of the frame */

static const uint8_t BRACKETS[UINT8_MAX + 1] = {
  ['('] = OPENS | FRAME_PARENTHESIS,  ['['] = OPENS | FRAME_SQUARE,  ['{'] = OPENS | FRAME_CURLY,
  [')'] = CLOSES | FRAME_PARENTHESIS, [']'] = CLOSES | FRAME_SQUARE, ['}'] = CLOSES | FRAME_CURLY,
};

static void lex_bracket(Lexer *lexer, char c) {
  uint8_t bracket = BRACKETS[(unsigned char)c];
  FrameKind kind = bracket & (OPENS - 1);
  if ((bracket & OPENS) != 0) {
    push_frame(lexer, kind)->is_type_parameters = c == '[' && lexer->head == HEAD_NAME;
  } else if ((bracket & CLOSES) != 0) {
    lex_closer(lexer, kind);
  } else if (c == ':' && lexer->frames.count > 0 && vec_last(&lexer->frames).kind == FRAME_FIELD) {
    lex_format_start(lexer);
  }
}

static void lex_default(Lexer *lexer, Frame *frame, char c) {
  if (c == ',') end_default(lexer, frame);
  if (c == '=' && frame->default_start == NO_DEFAULT) frame->default_start = lexer->at;
}

static void lex_sign(Lexer *lexer, char c) {
  bool is_decorator = c == '@' && is_name_byte(peek(lexer, 1)) && is_dedented(lexer, lexer->at);
  if (is_decorator && lexer->frames.count > 0) {
    drop_frames(lexer);
    note_line(lexer, lexer->at);
  }
  Frame *frame = top_frame(lexer);
  if (frame != NULL && frame->is_type_parameters) lex_default(lexer, frame, c);
  replace_sign(lexer, c);
  lex_bracket(lexer, c);
  lexer->head = HEAD_NONE;
  lexer->is_line_start = false;
  lexer->is_list_start = c == '=' || c == ',';
  lexer->at++;
}

static void lex_token(Lexer *lexer, char c) {
  if (lexer->is_line_start && lexer->frames.count == 0) note_line(lexer, lexer->at);
  if (is_name_byte(c)) {
    lex_word(lexer);
  } else if (is_quote(c)) {
    lex_literal_start(lexer, STR_EMPTY);
  } else if (c == '\\') {
    lex_backslash(lexer);
  } else {
    lex_sign(lexer, c);
  }
}

/* Blanks, and what comes behind them. */
static void lex_code(Lexer *lexer) {
  Str text = lexer->text;
  uint32_t at = skip_blanks(text, lexer->at);
  lexer->at = at;
  if (at == text.len) return;
  char c = text.data[at];
  if (is_line_end(c)) {
    lex_line_end(lexer, line_end_len(lexer, 0));
  } else if (c == '#') {
    lex_comment(lexer);
  } else {
    lex_token(lexer, c);
  }
}

static void lex(Lexer *lexer) {
  if (starts_with_mark(lexer->text)) lexer->at = 3;
  lexer->is_line_start = true;
  while (lexer->at < lexer->text.len) {
    const Frame *frame = top_frame(lexer);
    if (frame != NULL && frame->kind > FRAME_FIELD) {
      lex_text(lexer);
    } else {
      lex_code(lexer);
    }
  }
}

/* What the grammar takes for no line end and for the end of the text, wherever it stands. */
static void replace_bytes(Lexer *lexer) {
  Str text = lexer->text;
  if (text.len == 0) return;
  if (memchr(text.data, '\r', text.len) == NULL && memchr(text.data, '\0', text.len) == NULL)
    return;
  for (uint32_t i = 0; i < text.len; i++) {
    char c = text.data[i];
    bool is_lone = c == '\r' && (i + 1 == text.len || text.data[i + 1] != '\n');
    if (is_lone) masked_write(&lexer->masked, i, '\n');
    if (c == '\0') masked_write(&lexer->masked, i, ' ');
  }
}

static Str mask(Lexer *lexer) {
  lexer->masked = (Masked){ .arena = lexer->arena, .text = lexer->text };
  replace_bytes(lexer);
  lex(lexer);
  return masked_result(&lexer->masked);
}

Lexed lexed_of(Arena *arena, Str text) {
  Lexed lexed = { 0 };
  Lexer lexer = { .arena = arena, .text = text, .lexed = &lexed, .is_light = true };
  mask(&lexer);
  lexed.is_open = lexer.frames.count > 0 || !lexer.is_line_start;
  return lexed;
}

Str mask_lightly(Arena *arena, Str text) {
  Lexer lexer = { .arena = arena, .text = text, .is_light = true };
  return mask(&lexer);
}

Str mask_text(Arena *arena, Str text) {
  Lexer lexer = { .arena = arena, .text = text };
  return mask(&lexer);
}
