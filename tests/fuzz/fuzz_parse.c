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
  check(row->kind < KIND_COUNT, "a kind that does not exist");
  check(row->start <= row->end && row->end <= tree->source->text.len, "a span outside the text");
  check(row->after > node && row->after <= tree->count, "a subtree outside the table");
  if (node == 0) {
    check(row->parent == NODE_NONE, "the root has a parent");
    return;
  }
  const NodeRow *parent = &tree->rows[row->parent];
  check(row->parent < node && row->after <= parent->after, "a node outside its parent");
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
  parser_free(parser);
  arena_free(arena);
  return 0;
}
