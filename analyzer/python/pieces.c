#include "python/pieces.h"

/* Smaller classes are parsed whole: a piece costs about as much as a line. */
enum { LARGE_CLASS = 2048 /* bytes */ };

typedef struct {
  Arena *arena;
  Str text;
  const StatementLine *lines;
  uint32_t count;
  Pieces pieces;
} Cutting;

/* The line that the statement's own words begin on, behind its decorators. */
static uint32_t line_of_head(const Cutting *cutting, uint32_t line, uint32_t end) {
  while (line + 1 < end && cutting->lines[line].head == LINE_DECORATOR) line++;
  return line;
}

/* The line behind the last one of the statement that begins on `line`, among those before `end`;
   what stands no deeper than `indent` begins another one. */
static uint32_t
statement_end(const Cutting *cutting, uint32_t line, uint32_t end, uint32_t indent) {
  line = line_of_head(cutting, line, end) + 1;
  while (line < end) {
    const StatementLine *next = &cutting->lines[line];
    if (next->indent <= indent && next->head != LINE_GOES_ON) break;
    line++;
  }
  return line;
}

static uint32_t offset_of(const Cutting *cutting, uint32_t line) {
  return line < cutting->count ? cutting->lines[line].begin : cutting->text.len;
}

static void add_piece(Cutting *cutting, PieceKind kind, uint32_t start, uint32_t end) {
  vec_push(cutting->arena, &cutting->pieces, (Piece){ kind, { start, end }, end });
}

/* True if the lines are the body of a class, all of them at least as deep as the first. */
static bool is_body(const Cutting *cutting, uint32_t line, uint32_t end) {
  if (line >= end || cutting->lines[line].indent == 0) return false;
  for (uint32_t i = line; i < end; i++) {
    if (cutting->lines[i].indent < cutting->lines[line].indent) return false;
  }
  return true;
}

static bool is_large(const Cutting *cutting, uint32_t line, uint32_t end) {
  return offset_of(cutting, end) - cutting->lines[line].start >= LARGE_CLASS;
}

static void cut_class(Cutting *cutting, uint32_t start, uint32_t body, uint32_t end) {
  uint32_t indent = cutting->lines[body].indent;
  add_piece(cutting, PIECE_CLASS_HEAD, start, cutting->lines[body].begin);
  vec_last(&cutting->pieces).end = offset_of(cutting, end);
  for (uint32_t line = body; line < end;) {
    uint32_t next = statement_end(cutting, line, end, indent);
    add_piece(cutting, PIECE_MEMBER, cutting->lines[line].start, offset_of(cutting, next));
    line = next;
  }
}

Pieces pieces_of(Arena *arena, Str text, const StatementLines *lines) {
  Cutting cutting = { .arena = arena, .text = text, .lines = lines->items, .count = lines->count };
  for (uint32_t line = 0; line < cutting.count;) {
    uint32_t end = statement_end(&cutting, line, cutting.count, 0);
    uint32_t start = line == 0 ? 0 : cutting.lines[line].start;
    uint32_t head = line_of_head(&cutting, line, end);
    bool is_class = cutting.lines[head].head == LINE_CLASS && is_large(&cutting, head, end);
    if (is_class && is_body(&cutting, head + 1, end)) {
      cut_class(&cutting, start, head + 1, end);
    } else {
      add_piece(&cutting, PIECE_STATEMENT, start, offset_of(&cutting, end));
    }
    line = end;
  }
  return cutting.pieces;
}
