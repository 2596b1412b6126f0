// Any bytes that pass as a source: they are parsed, and the table holds what tree.h says.
#include "base/fatal.h"
#include "python/parse.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what) {
  if (!holds) fatal("%s", what);
}

static void check_row(const Tree *tree, Node node) {
  const NodeRow *row = &tree->rows[node];
  check(row->kind > KIND_NONE && row->kind < KIND_COUNT, "a kind that does not exist");
  check(row->field < FIELD_COUNT, "a field that does not exist");
  check(row->start <= row->end && row->end <= tree->source->text.len, "a span outside the text");
  check(row->after > node && row->after <= tree->count, "a subtree outside the table");
  if (node == 0) {
    check(row->kind == KIND_MODULE && row->parent == NODE_NONE, "the root is no module");
    return;
  }
  const NodeRow *parent = &tree->rows[row->parent];
  check(row->parent < node && row->after <= parent->after, "a node outside its parent");
  check(row->start >= parent->start && row->end <= parent->end, "a span outside its parent's");
  Node next = tree_next(tree, node);
  check(next == NODE_NONE || tree->rows[next].start >= row->end, "two children overlap");
  check(next == NODE_NONE || tree_parent(tree, next) == row->parent, "a child of two parents");
  bool has_error = (row->flags & NODE_HAS_ERROR) != 0;
  check(!has_error || (parent->flags & NODE_HAS_ERROR) != 0, "an error is not in its parent");
  check(row->kind != KIND_ERROR || has_error, "an error that is none");
}

static void check_errors(const Tree *tree) {
  bool has_error = (tree->rows[0].flags & NODE_HAS_ERROR) != 0;
  check(has_error == (tree->error_bytes > 0), "errors are not counted");
  check(tree->first_error.end <= tree->source->text.len, "the first error is outside the text");
}

static void check_comments(const Tree *tree) {
  uint32_t end = 0;
  for (uint32_t i = 0; i < tree->comments.count; i++) {
    Span comment = tree->comments.items[i];
    check(comment.start >= end && comment.end > comment.start, "comments out of order");
    check(tree->source->text.data[comment.start] == '#', "a comment without its sign");
    end = comment.end;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = { .data = (const char *)data, .len = (uint32_t)size };
  uint32_t offset;
  if (source_fault(text, &offset) != SOURCE_OK) return 0;
  Arena *arena = arena_new();
  Parser *parser = parser_new();
  Source source = source_build(arena, STR("fuzz.py"), text);
  Tree tree = parse_source(parser, &source, arena);
  check(tree.count >= 1 && tree.rows[0].after == tree.count, "the root does not hold everything");
  for (Node node = 0; node < tree.count; node++) check_row(&tree, node);
  check_errors(&tree);
  check_comments(&tree);
  parser_free(parser);
  arena_free(arena);
  return 0;
}
