#include "lint/context.h"

#include "base/text.h"
#include "lint/fix.h"
#include "lint/rule.h"

#include <stdarg.h>
#include <string.h>

static Finding *add_finding(Context *cx, Span span, Str message) {
  Finding finding = {
    .rule = cx->rule,
    .severity = cx->rule->severity,
    .span = span,
    .path = cx->module->source->path,
    .message = message,
  };
  vec_push(cx->arena, cx->findings, finding);
  return &vec_last(cx->findings);
}

Finding *report(Context *cx, Node node, const char *format, ...) {
  Str message;
  FORMATTED(cx, message, format);
  return add_finding(cx, tree_span(&cx->module->tree, node), message);
}

Finding *report_span(Context *cx, Span span, const char *format, ...) {
  Str message;
  FORMATTED(cx, message, format);
  return add_finding(cx, span, message);
}

void add_note(Context *cx, Finding *finding, Node node, const char *format, ...) {
  Str message;
  FORMATTED(cx, message, format);
  Note note = { .path = STR_EMPTY, .span = tree_span(&cx->module->tree, node), .message = message };
  vec_push(cx->arena, &finding->notes, note);
}

void add_note_elsewhere(
  Context *cx, Finding *finding, Str path, Position start, const char *format, ...
) {
  Str message;
  FORMATTED(cx, message, format);
  Note note = {
    .path = str_copy(cx->arena, path), .start = start, .end = start, .message = message
  };
  vec_push(cx->arena, &finding->notes, note);
}

void add_help(Context *cx, Finding *finding, const char *format, ...) {
  FORMATTED(cx, finding->help, format);
}

void add_fix(Context *cx, Finding *finding, Applicability applicability, const char *format, ...) {
  FORMATTED(cx, finding->fix.title, format);
  finding->fix.applicability = applicability;
}

bool stays_quiet(Context *cx, Node node, Reason why) {
  if (why == NULL) return false;
  if (cx->quiets != NULL && node != NODE_NONE) {
    Quiet quiet = { .rule = cx->rule, .span = tree_span(&cx->module->tree, node), .why = why };
    vec_push(cx->arena, cx->quiets, quiet);
  }
  return true;
}

enum { SHOWN_MOST = 60 };

// The end of the comment that starts at the offset, or the offset itself.
static uint32_t past_comment(const Tree *tree, uint32_t offset) {
  uint32_t next = tree_comments_before(tree, offset);
  bool is_comment = next < tree->comments.count && tree->comments.items[next].start == offset;
  return is_comment ? tree->comments.items[next].end : offset;
}

static bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// Past white space, comments and line continuations.
static uint32_t past_gap(const Tree *tree, Span span) {
  const char *text = tree->source->text.data;
  uint32_t i = span.start;
  while (i < span.end) {
    char c = text[i];
    uint32_t comment_end = c == '#' ? past_comment(tree, i) : i;
    bool is_continuation = c == '\\' && i + 1 < span.end && is_line_end(text[i + 1]);
    bool is_white = c == ' ' || c == '\t' || c == '\f' || is_line_end(c);
    if (comment_end == i && !is_continuation && !is_white) break;
    i = comment_end > i ? comment_end : i + 1;
  }
  return i;
}

static bool is_one_of(char c, const char *set) { return c != '\0' && strchr(set, c) != NULL; }

// Line breaks next to a bracket are shown as nothing, any other gap as one space.
static bool gap_is_shown(Str source, Span gap) {
  bool is_break = is_line_end(source.data[gap.start]);
  bool is_at_bracket = gap.start > 0 &&
    (is_one_of(source.data[gap.start - 1], "([{") || is_one_of(source.data[gap.end], ")]}"));
  return !is_break || !is_at_bracket;
}

// Adds the character at the offset, all its bytes; returns the offset behind it.
static uint32_t add_character(Text *out, Str text, uint32_t i) {
  do text_add_char(out, text.data[i++]);
  while (i < text.len && ((unsigned char)text.data[i] & 0xC0) == 0x80);
  return i;
}

Str shown_span(Arena *arena, const Tree *tree, Span span) {
  Str source = tree->source->text;
  Text text = { .arena = arena };
  uint32_t characters = 0, kept = 0; // kept: bytes that fit together with the …
  for (uint32_t i = span.start; i < span.end && characters <= SHOWN_MOST;) {
    uint32_t next = past_gap(tree, (Span){ i, span.end });
    if (next == span.end) break;
    if (next == i) {
      next = add_character(&text, source, i);
      characters++;
    } else if (gap_is_shown(source, (Span){ i, next })) {
      text_add_char(&text, ' ');
      characters++;
    }
    i = next;
    if (characters < SHOWN_MOST) kept = text.len;
  }
  if (characters <= SHOWN_MOST) return text_str(&text);
  text.len = kept;
  text_add(&text, STR("…"));
  return text_str(&text);
}

Str shown(Context *cx, Node node) {
  const Tree *tree = &cx->module->tree;
  return shown_span(cx->arena, tree, tree_span(tree, node));
}
