#include "python/iterate.h"

#include "python/caches.h"
#include "python/name.h"
#include "python/target.h"

enum { PEEL_MAX = 16 }; /* wrappers around one collection */

/* Their first argument gives the elements. */
static const char *const WRAPPERS[] = {
  "list",      "tuple",     "set",
  "frozenset", "sorted",    "reversed",
  "iter",      "aiter",     "itertools.islice",
  "tqdm.tqdm", "copy.copy", "asyncio.as_completed",
};
static const char *const SECOND_ARGUMENT_WRAPPERS[] = { "filter", "itertools.filterfalse" };
static const char *const BUILDERS[] = {
  "list",
  "tuple",
  "set",
  "frozenset",
  "sorted",
  "reversed",
  "map",
  "filter",
  "zip",
  "itertools.chain",
  "itertools.chain.from_iterable",
  "itertools.filterfalse",
  "itertools.islice",
  "itertools.starmap",
  "dict",
  "collections.deque",
  "asyncio.all_tasks",
  "asyncio.Task.all_tasks",
  "asyncio.as_completed",
};
static const char *const METHOD_WRAPPERS[] = { "values", "copy" };

Node with_item_expression(const Tree *tree, Node with_item) {
  Node value = tree_child(tree, with_item, FIELD_VALUE);
  return tree_is(tree, value, KIND_AS_PATTERN) ? tree_first(tree, value) : value;
}

Node with_item_statement(const Tree *tree, Node with_item) {
  return tree_ancestor(tree, with_item, KIND_WITH_STATEMENT);
}

Str last_name(const Module *module, Node expression) {
  const Tree *tree = &module->tree;
  for (uint32_t i = 0; i < PEEL_MAX && expression != NODE_NONE; i++) {
    switch (tree_kind(tree, expression)) {
    case KIND_IDENTIFIER:
      return tree_text(tree, expression);
    case KIND_ATTRIBUTE:
      return tree_text(tree, tree_child(tree, expression, FIELD_ATTRIBUTE));
    case KIND_CALL:
      expression = tree_child(tree, expression, FIELD_FUNCTION);
      break;
    case KIND_SUBSCRIPT:
      expression = tree_child(tree, expression, FIELD_VALUE);
      break;
    default:
      return STR_EMPTY;
    }
  }
  return STR_EMPTY;
}

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

Str next_word(Str *rest) {
  while (rest->len > 0 && rest->data[0] == '_') *rest = str_slice(*rest, 1, rest->len);
  uint32_t end = rest->len > 0 ? 1 : 0;
  while (end < rest->len && rest->data[end] != '_') {
    if (is_upper(rest->data[end]) && is_lower(rest->data[end - 1])) break;
    end++;
  }
  Str word = str_slice(*rest, 0, end);
  *rest = str_slice(*rest, end, rest->len);
  return word;
}

bool has_word(const Module *module, Str name, const char *const *words, uint32_t count) {
  for (Str word = next_word(&name); word.len > 0; word = next_word(&name)) {
    if (str_in(str_lower(module->arena, word), words, count)) return true;
  }
  return false;
}

static bool is_slice(const Tree *tree, Node subscript) {
  return tree_is(tree, tree_child(tree, subscript, FIELD_SUBSCRIPT), KIND_SLICE);
}

/* The comprehension `x for x in xs if …` hands on the elements of xs. */
static Node filtered_collection(const Tree *tree, Node comprehension) {
  Node body = tree_child(tree, comprehension, FIELD_BODY);
  Node clause = body == NODE_NONE ? NODE_NONE : tree_next(tree, body);
  if (!tree_is(tree, clause, KIND_FOR_IN_CLAUSE)) return NODE_NONE;
  for (Node next = tree_next(tree, clause); next != NODE_NONE; next = tree_next(tree, next)) {
    if (tree_is(tree, next, KIND_FOR_IN_CLAUSE)) return NODE_NONE;
  }
  Node target = tree_child(tree, clause, FIELD_LEFT);
  bool is_same = tree_is(tree, body, KIND_IDENTIFIER) && tree_is(tree, target, KIND_IDENTIFIER) &&
    tree_same(tree, body, target);
  return is_same ? tree_child(tree, clause, FIELD_RIGHT) : NODE_NONE;
}

static Node peel_call(Module *module, Node call) {
  Node function = call_function(module, call);
  if (NAME_IN(module, function, WRAPPERS)) return call_positional(module, call, 0);
  if (NAME_IN(module, function, SECOND_ARGUMENT_WRAPPERS)) return call_positional(module, call, 1);
  if (call_receiver(module, call) != NODE_NONE && STR_IN(call_method(module, call), METHOD_WRAPPERS)) {
    return call_receiver(module, call);
  }
  return NODE_NONE;
}

/* One wrapper less, or NODE_NONE if there is none. */
static Node peel_once(Module *module, Node expression) {
  const Tree *tree = &module->tree;
  switch (tree_kind(tree, expression)) {
  case KIND_CALL:
    return peel_call(module, expression);
  case KIND_SUBSCRIPT:
    return is_slice(tree, expression) ? tree_child(tree, expression, FIELD_VALUE) : NODE_NONE;
  case KIND_LIST_SPLAT:
    return tree_first(tree, expression);
  case KIND_LIST_COMPREHENSION:
  case KIND_SET_COMPREHENSION:
  case KIND_GENERATOR_EXPRESSION:
    return filtered_collection(tree, expression);
  case KIND_NAMED_EXPRESSION:
    return tree_child(tree, expression, FIELD_VALUE);
  default:
    return NODE_NONE;
  }
}

Node collection_peeled(Module *module, Node expression) {
  for (uint32_t i = 0; i < PEEL_MAX; i++) {
    Node inner = peel_once(module, expression);
    if (inner == NODE_NONE) break;
    expression = inner;
  }
  return expression;
}

bool is_collection(Module *module, Node expression) {
  Kind kind = tree_kind(&module->tree, expression);
  if (kind == KIND_CALL) return NAME_IN(module, call_function(module, expression), BUILDERS);
  return kind == KIND_LIST_SPLAT || kind_is_collection(kind);
}

Node iterated_collection(Module *module, Node identifier) {
  Target target = target_of(module, identifier);
  Pick pick;
  if (target.kind != TARGET_ELEMENT || target.is_rest || !target_collection(module, &target, &pick))
    return NODE_NONE;
  return target.depth == 0 ? target.value : NODE_NONE;
}

bool may_search(Module *module, Node root) {
  if (!effort_is_left(module, EFFORT_SEARCHES)) return false;
  effort_spend(module, EFFORT_SEARCHES, tree_after(&module->tree, root) - root);
  return true;
}
