#pragma once
/*
 * Targets: how an identifier that is bound gets its value: which expression, as a whole, one part
 * of it, or an element of it. The bridge between bindings and values. Private to the files of
 * analyzer/python.
 */
#include "python/asyncio_call.h"
#include "python/module.h"

typedef enum {
  TARGET_OTHER,   /* a parameter, import, definition, pattern, or a shape too deep to follow */
  TARGET_VALUE,   /* x = value, x := value */
  TARGET_ENTERED, /* with value as x: what its __enter__ gives */
  TARGET_ELEMENT, /* for x in value */
} TargetKind;

enum { TARGET_DEPTH = 4 };

typedef struct {
  TargetKind kind;
  Node value;
  /* Positions in the target patterns, outermost first: `a` of `i, (a, b)` is 1, 0. */
  uint32_t path[TARGET_DEPTH];
  uint32_t depth; /* of path; 0: the whole value */
  bool is_rest;   /* *x in a pattern: a list of parts */
} Target;

/* Requires: the identifier is an occurrence that binds. */
Target target_of(const Module *module, Node identifier);

/* How the elements that a target gets are found in the collection that is left. */
typedef enum {
  PICK_ITEMS,  /* what iterating over it gives: of a dictionary its keys */
  PICK_VALUES, /* what its subscripts give: of a dictionary its values */
} Pick;

/* Looks through enumerate, zip, reversed, sorted, list, iter, .items(), .values(), dict(zip(…))
   around the collection of a TARGET_ELEMENT: the collection whose elements the target gets, with
   the part of path that is left. Returns false if the target gets something else: a counter, a
   key of unknown origin. */
bool target_collection(Module *module, Target *target, Pick *pick);

/* True for a call of the function of that dotted name. */
bool is_call_of(Module *module, Node expression, const char *dotted);

/* `*x` among the children of a display or pattern. */
static inline bool is_splat(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_LIST_SPLAT) || tree_is(tree, node, KIND_LIST_SPLAT_PATTERN);
}
static inline bool is_sequence_display(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_TUPLE) || tree_is(tree, node, KIND_LIST);
}
static inline bool is_target_pattern(const Tree *tree, Node node) {
  return tree_is(tree, node, KIND_TUPLE_PATTERN) || tree_is(tree, node, KIND_LIST_PATTERN) ||
    is_sequence_display(tree, node);
}
/* The position of a child in its parent, at most TARGET_POSITIONS. */
enum { TARGET_POSITIONS = 256 };
uint32_t position_in_parent(const Tree *tree, Node node);

/* The item of a display at the same position as in a pattern of `count` parts, or NODE_NONE if
   they do not pair up. */
Node paired_item(const Tree *tree, Node display, uint32_t position, uint32_t count);
/* The value at the end of `a = b = value`. */
Node assigned_value(const Tree *tree, Node assignment);
