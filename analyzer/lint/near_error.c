#include "lint/near_error.h"

#include "lint/fix.h"
#include "lint/gap.h"
#include "lint/place.h"

// The statement that the offset lies in, or ends; NODE_NONE if it is between those of the module.
static Node statement_at(const Tree *tree, uint32_t offset) {
  Node low = 0, high = tree->count; // the last row that starts no later is in [low, high)
  while (high - low > 1) {
    Node middle = low + (high - low) / 2;
    if (tree_span(tree, middle).start <= offset) low = middle;
    else high = middle;
  }
  while (low != 0 && tree_span(tree, low).end < offset) low = tree_parent(tree, low);
  return tree_statement(tree, low);
}

// True if the statement begins in the middle of what stands in its line.
static bool is_torn_off(const Tree *tree, Node statement) {
  uint32_t start = tree_span(tree, statement).start, before = gap_start(tree, start);
  char last = before > 0 ? tree->source->text.data[before - 1] : '\n';
  bool is_joined = last == ';' || last == ':' ||
    source_starts_cell(tree->source, source_line_of(tree->source, start));
  return !is_joined && !place_of(tree, statement).begins_line;
}

static bool is_near_error(const Tree *tree, uint32_t offset) {
  Node statement = statement_at(tree, offset);
  if (statement == NODE_NONE) return false;
  if (tree->rows[statement].flags & NODE_HAS_ERROR || is_torn_off(tree, statement)) return true;
  for (Node node = statement; node != NODE_NONE; node = tree_parent(tree, node)) {
    if (tree_is(tree, node, KIND_ERROR)) return true;
  }
  return false;
}

// By line: true where an error begins or ends, whatever was made of the rest of the line.
static bool *lines_of_errors(const Tree *tree, Arena *arena) {
  const Source *source = tree->source;
  bool *has_error = arena_array(arena, bool, source->line_count + 1);
  for (Node node = 0; node < tree->count; node++) {
    if (!tree_is(tree, node, KIND_ERROR)) continue;
    has_error[source_line_of(source, tree_span(tree, node).start)] = true;
    has_error[source_line_of(source, tree_span(tree, node).end)] = true;
  }
  return has_error;
}

void fixes_withdraw_near_errors(Arena *arena, const Tree *tree, Findings *findings) {
  if (tree->error_bytes == 0) return;
  const bool *has_error = lines_of_errors(tree, arena);
  for (uint32_t i = 0; i < findings->count; i++) {
    Finding *finding = &findings->items[i];
    bool is_near = is_near_error(tree, finding->span.start);
    for (uint32_t k = 0; k < finding->fix.edits.count && !is_near; k++) {
      Span span = finding->fix.edits.items[k].span;
      is_near = is_near_error(tree, span.start) || is_near_error(tree, span.end) ||
        has_error[source_line_of(tree->source, span.start)] ||
        has_error[source_line_of(tree->source, span.end)];
    }
    if (is_near) fix_withdraw(finding);
  }
}
