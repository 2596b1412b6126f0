#include "lint/gap.h"

static bool is_gap_byte(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r' || c == '\\';
}

uint32_t gap_start(const Tree *tree, uint32_t end) {
  const char *text = tree->source->text.data;
  uint32_t comments = tree_comments_before(tree, end);
  while (end > 0) {
    Span comment = comments > 0 ? tree->comments.items[comments - 1] : (Span){ 0, 0 };
    if (comment.end >= end && comment.start < end) {
      end = comment.start;
      comments--;
      continue;
    }
    if (!is_gap_byte(text[end - 1])) break;
    end--;
  }
  return end;
}

uint32_t gap_end(const Tree *tree, uint32_t start) {
  Str text = tree->source->text;
  uint32_t comment = tree_comments_before(tree, start);
  while (start < text.len) {
    if (text.data[start] == '#' && comment < tree->comments.count) {
      start = tree->comments.items[comment++].end;
      continue;
    }
    if (!is_gap_byte(text.data[start])) break;
    start++;
  }
  return start;
}

// Where parentheses around children of the node can stand.
static Span room_in(const Tree *tree, Node parent) {
  Span span = tree_span(tree, parent);
  bool owns_brackets = tree_is(tree, parent, KIND_ARGUMENT_LIST) ||
    tree_is(tree, parent, KIND_TUPLE) || tree_is(tree, parent, KIND_GENERATOR_EXPRESSION) ||
    tree_is(tree, parent, KIND_WITH_CLAUSE);
  char first = span.end > span.start ? tree->source->text.data[span.start] : '\0';
  if (owns_brackets && first == '(') return (Span){ span.start + 1, span.end - 1 };
  return span;
}

Span span_in_parentheses(const Tree *tree, Node node) {
  Span span = tree_span(tree, node), room = room_in(tree, tree_parent(tree, node));
  const char *text = tree->source->text.data;
  for (;;) {
    uint32_t before = gap_start(tree, span.start), after = gap_end(tree, span.end);
    bool has_room = before > room.start && after < room.end;
    if (!has_room || text[before - 1] != '(' || text[after] != ')') return span;
    span = (Span){ before - 1, after + 1 };
  }
}
