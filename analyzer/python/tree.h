#pragma once
/*
 * Tree: the syntax of one Python file as a flat table of rows in pre-order, so that a walk is a
 * `for` loop, a node is a number, and "is inside" is a comparison. Built by parse.c, read-only
 * after.
 *
 * Shape: tree-sitter-python's named nodes, with these differences, so that nobody above parse.c has
 * to know the grammar's accidents:
 *  - parentheses around an expression leave no node: (x) is x, with the span of x;
 *  - an unparenthesised tuple is a KIND_TUPLE, an unparenthesised target list a KIND_TUPLE_PATTERN;
 *  - comments and line continuations are not in the table (see Tree.comments);
 *  - of the anonymous tokens only those with a field (operators) are kept, as KIND_TOKEN;
 *  - `async` and the star of `except*` are flags of the node they belong to;
 *  - `await a ** b` is (await a) ** b, as Python has it; `a ^ b & c` and `[*a.b()]` group as in Python
 *    too, and `type(a).b = c` is an assignment;
 *  - a block begins and ends with its statements, and what ends with a block ends there as well;
 *  - an except clause lies in a try statement, and a with item in a with statement: of broken code, where
 *    their statement is lost, they are a KIND_ERROR;
 *  - a type parameter default (PEP 696) has no node;
 *  - what is missing for the syntax to be right is a KIND_ERROR without width.
 *
 * Owns: nothing; rows and comments live in the arena given to parse_source.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "python/kind.h"
#include "source/source.h"

/* A row number. The root is 0. */
typedef uint32_t Node;
#define NODE_NONE UINT32_MAX

typedef Vec(Node) Nodes;

enum {
  NODE_ASYNC = 1 << 0,     /* async def, async for, async with, `async for` in a comprehension */
  NODE_STAR = 1 << 1,      /* except* */
  NODE_HAS_ERROR = 1 << 2, /* an error lies in or below this node */
};

typedef struct {
  uint16_t kind; /* Kind */
  uint8_t field; /* Field: its role in the parent */
  uint8_t flags;
  Node parent;    /* NODE_NONE for the root */
  Node after;     /* the row after the last descendant: the subtree is [node, after) */
  uint32_t start; /* bytes */
  uint32_t end;
} NodeRow;

typedef Vec(Span) Spans;

typedef struct {
  const Source *source;
  NodeRow *rows;
  uint32_t count;       /* at least 1 */
  Spans comments;       /* in source order, each from # to the end of its line */
  uint32_t error_bytes; /* bytes that the parser could not make sense of */
  Span first_error;     /* where the first of them are; empty if there are none */
  bool was_cut;         /* the parser ran out of time: on a faster machine there may be more */
  const struct Outline *outline; /* of a tree that several modules are built of (module.h); NULL */
} Tree;

static inline Kind tree_kind(const Tree *tree, Node node) { return (Kind)tree->rows[node].kind; }
static inline Field tree_field(const Tree *tree, Node node) {
  return (Field)tree->rows[node].field;
}
static inline Node tree_parent(const Tree *tree, Node node) { return tree->rows[node].parent; }
static inline Node tree_after(const Tree *tree, Node node) { return tree->rows[node].after; }

static inline bool tree_is(const Tree *tree, Node node, Kind kind) {
  return node != NODE_NONE && tree->rows[node].kind == (uint16_t)kind;
}
static inline bool tree_is_async(const Tree *tree, Node node) {
  return (tree->rows[node].flags & NODE_ASYNC) != 0;
}
static inline Node tree_first(const Tree *tree, Node node) {
  return node + 1 < tree->rows[node].after ? node + 1 : NODE_NONE;
}
static inline Node tree_next(const Tree *tree, Node node) {
  Node parent = tree->rows[node].parent, after = tree->rows[node].after;
  return parent != NODE_NONE && after < tree->rows[parent].after ? after : NODE_NONE;
}
/* True if node is ancestor itself or lies below it. */
static inline bool tree_inside(const Tree *tree, Node node, Node ancestor) {
  return node >= ancestor && node < tree->rows[ancestor].after;
}
static inline Span tree_span(const Tree *tree, Node node) {
  return (Span){ tree->rows[node].start, tree->rows[node].end };
}

/* The children of a node, in source order. */
#define TREE_EACH_CHILD(tree, node, child) \
  for (Node child = tree_first((tree), (node)); child != NODE_NONE; \
       child = tree_next((tree), child))

/* A copy of the tree in the arena, for a copy of its source. */
Tree tree_copy(Arena *arena, const Tree *tree, const Source *source);

/* The first child with that field, or NODE_NONE. node may be NODE_NONE. */
static inline Node tree_child(const Tree *tree, Node node, Field field) {
  if (node == NODE_NONE) return NODE_NONE;
  TREE_EACH_CHILD (tree, node, child) {
    if (tree_field(tree, child) == field) return child;
  }
  return NODE_NONE;
}
/* The n-th child counted from 0, or NODE_NONE. */
Node tree_nth(const Tree *tree, Node node, uint32_t n);
uint32_t tree_child_count(const Tree *tree, Node node);
Node tree_last_child(const Tree *tree, Node node);
static inline Str tree_text(const Tree *tree, Node node) {
  return str_slice(tree->source->text, tree->rows[node].start, tree->rows[node].end);
}
bool tree_text_is(const Tree *tree, Node node, const char *text);
/* True if both are the same code, however it is spaced, broken into lines and parenthesised. */
bool tree_same(const Tree *tree, Node a, Node b);
/* The nearest proper ancestor of that kind, or NODE_NONE. */
Node tree_ancestor(const Tree *tree, Node node, Kind kind);
/* The statement that node belongs to: the nearest node (or itself) whose parent is a block or the
   module. */
Node tree_statement(const Tree *tree, Node node);
/* The deepest node whose span holds the offset. */
Node tree_at(const Tree *tree, uint32_t offset);
/* How many comments start before the offset. */
uint32_t tree_comments_before(const Tree *tree, uint32_t offset);
