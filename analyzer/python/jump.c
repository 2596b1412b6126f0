#include "python/outcome.h"

/* A handler of the same try takes every exception and keeps it: none is on its way through the
   finally. */
static bool takes_everything(Module *module, Node try_statement) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if ((caught.is_bare || caught.base_exception) && !handler_may_raise(module, handlers.items[i]))
      return true;
  }
  return false;
}

static bool is_own_loop(const Tree *tree, Node loop, Node inner, Node jump) {
  bool is_loop =
    tree_is(tree, loop, KIND_FOR_STATEMENT) || tree_is(tree, loop, KIND_WHILE_STATEMENT);
  return is_loop && !tree_is(tree, jump, KIND_RETURN_STATEMENT) &&
    tree_field(tree, inner) == FIELD_BODY;
}

/* The finally around the node in the same function. */
static bool lies_in_finally(const Module *module, Node node) {
  Node finally = tree_ancestor(&module->tree, node, KIND_FINALLY_CLAUSE);
  return finally != NODE_NONE &&
    module_function_of(module, finally) == module_function_of(module, node);
}

Node jumps_out_of_finally(Module *module, Node jump, Reason *why) {
  if (!lies_in_finally(module, jump)) return NODE_NONE;
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, jump);
  Node inner = jump;
  for (Node outer = tree_parent(tree, jump); outer != NODE_NONE; outer = tree_parent(tree, outer)) {
    if (module_function_of(module, outer) != function) break;
    if (is_own_loop(tree, outer, inner, jump)) {
      *why = "the loop lies inside of the finally, and the jump stays in it";
      break;
    }
    if (tree_is(tree, outer, KIND_FINALLY_CLAUSE)) {
      if (!takes_everything(module, tree_parent(tree, outer))) return outer;
      *why = "a handler of this try takes every exception, so that none is on its way here";
      break;
    }
    inner = outer;
  }
  return NODE_NONE;
}
