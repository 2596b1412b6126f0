/* What a context manager does with a cancellation of the body of its `async with`. */
#include "python/swallow.h"

#include "python/iterate.h"
#include "python/name.h"
#include "python/truth.h"
#include "python/use.h"

enum { SEARCHED_MAX = 20000 }; /* rows of one block that are looked at */

static const char *const MANAGERS[] = { "contextlib.asynccontextmanager" };

static bool is_manager(Module *module, FunctionId id) {
  const Function *function = module_function(module, id);
  if (!function->is_async) return false;
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    if (NAME_IN(module, function->decorators.items[i], MANAGERS)) return true;
  }
  return false;
}

bool yields_to_with(Module *module, Node block) {
  if (!is_manager(module, module_function_of(module, block))) return false;
  EACH_ROW (&module->tree, block, node) {
    if (node - block == SEARCHED_MAX) break;
    if (tree_is(&module->tree, node, KIND_YIELD)) return true;
  }
  return false;
}

bool swallows_for_with(Module *module, Node clause, Reason *why) {
  Caught caught = caught_by(module, clause);
  if (!module_in_coroutine(module, clause)) return false;
  if (!yields_to_with(module, guarded_block(module, clause))) return false;
  if (!caught.is_bare && !caught.base_exception && !caught.cancelled)
    return no_fault(why, "this clause does not catch a CancelledError, which passes it by");
  if (is_shadowed(module, clause))
    return no_fault(why, "an earlier clause of this try takes the cancellation first");
  *why = handed_on(module, clause);
  return *why == NULL;
}

/* Reached on every way through the function that does not fail: around it are blocks, `with` and
   `try` alone. */
static bool is_unconditional(const Tree *tree, Node statement, Node body) {
  for (Node node = tree_parent(tree, statement); node != NODE_NONE && node != body;
       node = tree_parent(tree, node)) {
    switch (tree_kind(tree, node)) {
    case KIND_BLOCK:
    case KIND_WITH_STATEMENT:
    case KIND_TRY_STATEMENT:
    case KIND_FINALLY_CLAUSE:
      break;
    default:
      return false;
    }
  }
  return true;
}

/* The first parameters after self tell what was raised; who reads one of them may tell
   cancellations apart. */
static bool looks_at_exception(Module *module, const Function *function) {
  for (uint32_t i = 1; i < function->parameters.count; i++) {
    if (reads_of(module, function->parameters.items[i].identifier).count > 0) return true;
  }
  return false;
}

/* The first `return True` of the body that is always reached; NODE_NONE with a reason if something
   tells exceptions apart. */
static Node certain_return(Module *module, const Function *function, Reason *why) {
  const Tree *tree = &module->tree;
  Node found = NODE_NONE;
  *why = "no way through this method always returns True, so that exceptions go on";
  EACH_ROW (tree, function->body, node) {
    if (tree_is(tree, node, KIND_ASSERT_STATEMENT) || tree_is(tree, node, KIND_RAISE_STATEMENT)) {
      *why = "the method can raise, and so tells exceptions apart";
      return NODE_NONE;
    }
    if (!tree_is(tree, node, KIND_RETURN_STATEMENT)) continue;
    Node value = tree_first(tree, node);
    if (value == NODE_NONE || truth_of(tree, value) != TRUTH_ALWAYS) return NODE_NONE;
    if (found == NODE_NONE && is_unconditional(tree, node, function->body)) found = node;
  }
  return found;
}

Node swallowing_return(Module *module, FunctionId id, Reason *why) {
  const Function *function = module_function(module, id);
  if (!function->is_async || function->class_id == CLASS_NONE || !str_is(function->name, "__aexit__"))
    return NODE_NONE;
  if (!looks_at_exception(module, function)) return certain_return(module, function, why);
  *why = "the method looks at what was raised before it decides";
  return NODE_NONE;
}
