#include "lint/logical_line.h"

#include "lint/gap.h"

typedef struct {
  const Tree *tree;
  bool *goes_on; // by line: the next one belongs to the same logical line
} Lines;

static void join(Lines *lines, Span span) {
  const Source *source = lines->tree->source;
  uint32_t last = source_line_of(source, span.end);
  for (uint32_t line = source_line_of(source, span.start); line < last; line++) {
    lines->goes_on[line] = true;
  }
}

// The offset of the colon that opens the block that starts there; that offset if there is none.
static uint32_t colon_before(const Tree *tree, uint32_t start) {
  uint32_t end = gap_start(tree, start);
  return end > 0 && tree->source->text.data[end - 1] == ':' ? end - 1 : start;
}

static void join_header(Lines *lines, Node block) {
  const Tree *tree = lines->tree;
  Node owner = tree_parent(tree, block), body = tree_first(tree, block);
  if (owner == NODE_NONE || body == NODE_NONE) return;
  if (tree_is(tree, tree_parent(tree, owner), KIND_DECORATED_DEFINITION))
    owner = tree_parent(tree, owner);
  uint32_t end = colon_before(tree, tree_span(tree, body).start);
  join(lines, (Span){ tree_span(tree, owner).start, end });
}

static bool is_compound(Kind kind) {
  static const bool compound[KIND_COUNT] = {
    [KIND_CLASS_DEFINITION] = true,
    [KIND_DECORATED_DEFINITION] = true,
    [KIND_FOR_STATEMENT] = true,
    [KIND_FUNCTION_DEFINITION] = true,
    [KIND_IF_STATEMENT] = true,
    [KIND_MATCH_STATEMENT] = true,
    [KIND_TRY_STATEMENT] = true,
    [KIND_WHILE_STATEMENT] = true,
    [KIND_WITH_STATEMENT] = true,
    [KIND_CASE_CLAUSE] = true,
    [KIND_ERROR] = true,
  };
  return compound[kind];
}

static bool is_simple_statement(const Tree *tree, Node node) {
  Node parent = tree_parent(tree, node);
  if (parent == NODE_NONE || is_compound(tree_kind(tree, node))) return false;
  return tree_is(tree, parent, KIND_BLOCK) || tree_is(tree, parent, KIND_MODULE);
}

LogicalLines logical_lines_build(Arena *arena, const Tree *tree) {
  uint32_t count = tree->source->line_count;
  Lines lines = { .tree = tree, .goes_on = arena_array(arena, bool, count + 1) };
  for (Node node = 0; node < tree->count; node++) {
    if (tree_kind(tree, node) == KIND_BLOCK) join_header(&lines, node);
    else if (is_simple_statement(tree, node)) join(&lines, tree_span(tree, node));
  }
  LogicalLines logical = {
    .first = arena_array(arena, uint32_t, count + 1),
    .last = arena_array(arena, uint32_t, count + 1),
  };
  for (uint32_t line = 1; line <= count; line++) {
    logical.first[line] = lines.goes_on[line - 1] ? logical.first[line - 1] : line;
  }
  for (uint32_t line = count; line >= 1; line--) {
    logical.last[line] = lines.goes_on[line] ? logical.last[line + 1] : line;
  }
  return logical;
}
