#include "python/tree.h"

#include <string.h>

Tree tree_copy(Arena *arena, const Tree *tree, const Source *source) {
  Tree copy = *tree;
  copy.source = source;
  copy.outline = NULL;
  copy.rows = arena_array(arena, NodeRow, tree->count);
  memcpy(copy.rows, tree->rows, sizeof(NodeRow) * tree->count);
  copy.comments = (Spans){ 0 };
  vec_reserve(arena, &copy.comments, tree->comments.count);
  for (uint32_t i = 0; i < tree->comments.count; i++) {
    vec_push(arena, &copy.comments, tree->comments.items[i]);
  }
  return copy;
}

Node tree_nth(const Tree *tree, Node node, uint32_t n) {
  TREE_EACH_CHILD (tree, node, child) {
    if (n-- == 0) return child;
  }
  return NODE_NONE;
}

uint32_t tree_child_count(const Tree *tree, Node node) {
  uint32_t count = 0;
  TREE_EACH_CHILD (tree, node, child) count++;
  return count;
}

Node tree_last_child(const Tree *tree, Node node) {
  Node last = NODE_NONE;
  TREE_EACH_CHILD (tree, node, child) last = child;
  return last;
}

bool tree_text_is(const Tree *tree, Node node, const char *text) {
  return str_is(tree_text(tree, node), text);
}

bool tree_same(const Tree *tree, Node a, Node b) {
  uint32_t count = tree_after(tree, a) - a;
  if (tree_after(tree, b) - b != count) return false;
  for (uint32_t i = 0; i < count; i++) {
    const NodeRow *one = &tree->rows[a + i], *other = &tree->rows[b + i];
    bool is_alike =
      one->kind == other->kind && one->flags == other->flags && one->after - a == other->after - b;
    if (!is_alike || (i > 0 && one->field != other->field)) return false;
    bool is_leaf = one->after == a + i + 1;
    if (is_leaf && !str_equal(tree_text(tree, a + i), tree_text(tree, b + i))) return false;
  }
  return true;
}

Node tree_ancestor(const Tree *tree, Node node, Kind kind) {
  Node ancestor = tree_parent(tree, node);
  while (ancestor != NODE_NONE && tree_kind(tree, ancestor) != kind) {
    ancestor = tree_parent(tree, ancestor);
  }
  return ancestor;
}

Node tree_statement(const Tree *tree, Node node) {
  Node parent = tree_parent(tree, node);
  while (parent != NODE_NONE && !tree_is(tree, parent, KIND_BLOCK) && parent != 0) {
    node = parent;
    parent = tree_parent(tree, node);
  }
  return parent == NODE_NONE ? NODE_NONE : node;
}

static Node child_at(const Tree *tree, Node node, uint32_t offset) {
  TREE_EACH_CHILD (tree, node, child) {
    Span span = tree_span(tree, child);
    if (span.start > offset) return NODE_NONE;
    if (offset < span.end) return child;
  }
  return NODE_NONE;
}

Node tree_at(const Tree *tree, uint32_t offset) {
  Node node = 0;
  for (Node child = 0; child != NODE_NONE; child = child_at(tree, node, offset)) node = child;
  return node;
}

uint32_t tree_comments_before(const Tree *tree, uint32_t offset) {
  uint32_t low = 0, high = tree->comments.count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (tree->comments.items[middle].start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
