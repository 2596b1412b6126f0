#include "python/iterate.h"
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

/* `try: yield` in a fixture: the test's failure is told to the test runner, which then goes on with
   the generator; it throws nothing into it. */
static bool only_yields_in_fixture(Module *module, Node try_statement) {
  const Tree *tree = &module->tree;
  Node body = try_body(module, try_statement);
  Node statement = body == NODE_NONE ? NODE_NONE : tree_first(tree, body);
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return false;
  if (tree_next(tree, statement) != NODE_NONE) return false;
  if (!tree_is(tree, tree_first(tree, statement), KIND_YIELD)) return false;
  FunctionId id = module_function_of(module, try_statement);
  const Nodes *decorators = &module_function(module, id)->decorators;
  for (uint32_t i = 0; i < decorators->count; i++) {
    if (str_is(last_name(module, decorators->items[i]), "fixture")) return true;
  }
  return false;
}

/* Why no exception can be on its way through the finally of the try; NULL if one can. */
static Reason why_nothing_comes(Module *module, Node try_statement) {
  if (takes_everything(module, try_statement))
    return "a handler of this try takes every exception, so that none is on its way here";
  if (only_yields_in_fixture(module, try_statement))
    return "the try of this fixture only yields, and the test runner throws nothing into it";
  return NULL;
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
      *why = why_nothing_comes(module, tree_parent(tree, outer));
      return *why == NULL ? outer : NODE_NONE;
    }
    inner = outer;
  }
  return NODE_NONE;
}

bool holds_jump(const Tree *tree, Node block) {
  EACH_ROW (tree, block, row) {
    bool is_jump = tree_is(tree, row, KIND_RETURN_STATEMENT) ||
      tree_is(tree, row, KIND_BREAK_STATEMENT) || tree_is(tree, row, KIND_CONTINUE_STATEMENT);
    if (is_jump) return true;
  }
  return false;
}
