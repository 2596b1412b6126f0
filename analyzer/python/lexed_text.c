#include "python/lexed_text.h"

#include "python/lexeme.h"

#include <string.h>

enum { STEP = 64 }; /* bytes that are compared at once */

static uint32_t same_at_start(Str a, Str b) {
  uint32_t most = a.len < b.len ? a.len : b.len, same = 0;
  while (most - same >= STEP && memcmp(a.data + same, b.data + same, STEP) == 0) same += STEP;
  while (same < most && a.data[same] == b.data[same]) same++;
  return same;
}

/* Of what is not the same at the start. */
static uint32_t same_at_end(Str a, Str b, uint32_t start) {
  uint32_t most = (a.len < b.len ? a.len : b.len) - start, same = 0;
  if (most == 0) return 0;
  const char *a_end = a.data + a.len, *b_end = b.data + b.len;
  while (most - same >= STEP && memcmp(a_end - same - STEP, b_end - same - STEP, STEP) == 0)
    same += STEP;
  while (same < most && a_end[-1 - (int64_t)same] == b_end[-1 - (int64_t)same]) same++;
  return same;
}

/* Where the last statement but one begins: how its line is read follows from what stands before the
   last one, which the change may begin in. */
static uint32_t safe_start(const StatementLines *lines, uint32_t same) {
  uint32_t last = 0, before = 0;
  for (uint32_t i = 0; i < lines->count && lines->items[i].begin <= same; i++) {
    before = last;
    last = lines->items[i].begin;
  }
  return before;
}

/* Where the first statement behind the offset begins, or the text ends. */
static uint32_t statement_behind(const StatementLines *lines, uint32_t offset, uint32_t text_end) {
  for (uint32_t i = 0; i < lines->count; i++) {
    if (lines->items[i].begin > offset) return lines->items[i].begin;
  }
  return text_end;
}

/* Adds what begins in the part, so many bytes further on. */
static void add_part(LexedText *text, const Lexed *from, Span part, uint32_t moved) {
  for (uint32_t i = 0; i < from->lines.count; i++) {
    StatementLine line = from->lines.items[i];
    if (line.begin < part.start || line.begin >= part.end) continue;
    line.begin += moved;
    line.start += moved;
    vec_push(text->memory, &text->lexed.lines, line);
  }
  for (uint32_t i = 0; i < from->comments.count; i++) {
    Span comment = from->comments.items[i];
    if (comment.start < part.start || comment.start >= part.end) continue;
    Span at = { comment.start + moved, comment.end + moved };
    vec_push(text->memory, &text->lexed.comments, at);
  }
}

void lexed_text_free(LexedText *text) {
  arena_free(text->memory);
  *text = (LexedText){ 0 };
}

/*
 * How a text is read from a statement's line on does not depend on what stands before it. So the old
 * lines hold up to the one before that which the change begins in, and again from the one behind
 * the change; but if what is between them goes on there now, from a later one, at twice the
 * distance.
 */
void lexed_text_update(LexedText *text, Str code, Arena *scratch) {
  // The first line begins behind a mark.
  if (starts_with_mark(text->code) != starts_with_mark(code)) lexed_text_free(text);
  Str old = text->code;
  const StatementLines *lines = &text->lexed.lines;
  uint32_t same = same_at_start(old, code);
  uint32_t start = safe_start(lines, same);
  uint32_t end = statement_behind(lines, old.len - same_at_end(old, code, same), old.len);
  uint32_t moved = code.len - old.len; /* modulo 2^32: it may be backwards */
  if (starts_with_mark(str_slice(code, start, code.len))) start = 0;
  Lexed between = lexed_of(scratch, str_slice(code, start, end + moved));
  while (between.is_open && end < old.len) {
    end = statement_behind(lines, end + (end - start), old.len);
    between = lexed_of(scratch, str_slice(code, start, end + moved));
  }
  LexedText now = { .memory = arena_new() };
  now.code = str_copy(now.memory, code);
  add_part(&now, &text->lexed, (Span){ 0, start }, 0);
  add_part(&now, &between, (Span){ 0, code.len }, start);
  add_part(&now, &text->lexed, (Span){ end, old.len }, moved);
  lexed_text_free(text);
  *text = now;
}
