#include "python/expectation.h"

#include "python/asyncio_call.h"

static const char *const METHODS[] = { "raises", "warns" };
static const char *const PREFIXES[] = { "assertRaises", "assertWarns", "assert_raises" };

bool is_expectation(const Module *module, Node call) {
  Str method = call_method(module, call);
  for (size_t i = 0; i < sizeof(PREFIXES) / sizeof(*PREFIXES); i++) {
    if (str_starts_with(method, str_from(PREFIXES[i]))) return true;
  }
  return STR_IN(method, METHODS);
}

static bool expects_failure(const Module *module, Node with_statement) {
  const Tree *tree = &module->tree;
  Node clause = tree_first(tree, with_statement);
  for (Node row = clause; clause != NODE_NONE && row < tree_after(tree, clause); row++) {
    if (tree_is(tree, row, KIND_CALL) && is_expectation(module, row)) return true;
  }
  return false;
}

/* The innermost one around the node, which stands in its body; NODE_NONE if there is none. */
static Node expectation_around(const Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node with = tree_ancestor(tree, node, KIND_WITH_STATEMENT); with != NODE_NONE;
       with = tree_ancestor(tree, with, KIND_WITH_STATEMENT)) {
    Node body = tree_child(tree, with, FIELD_BODY);
    if (body != NODE_NONE && tree_inside(tree, node, body) && expects_failure(module, with))
      return with;
  }
  return NODE_NONE;
}

bool is_expected_to_fail(const Module *module, Node node) {
  return expectation_around(module, node) != NODE_NONE;
}

bool is_last_expected_to_fail(const Module *module, Node node) {
  Node with = expectation_around(module, node);
  return with != NODE_NONE &&
    tree_after(&module->tree, tree_statement(&module->tree, node)) >=
    tree_after(&module->tree, with);
}
