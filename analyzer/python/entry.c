#include "python/entry.h"

#include "python/asyncio_call.h"
#include "python/iterate.h"
#include "python/kernel.h"
#include "python/use.h"

bool starts_loop(Module *module, Node call) {
  static const char *const methods[] = {
    "run_forever", "run_until_complete", "run_app", "run", "serve_forever"
  };
  return call_meaning(module, call) == CALL_RUN || STR_IN(call_method(module, call), methods);
}

enum { ROWS_MAX = 50000 }; /* that are looked at */

bool starts_loop_after(Module *module, Node node) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, node);
  if (module_function(module, function)->is_async || runs_in_kernel(module, node)) return false;
  Node body = module_function(module, function)->body;
  for (Node row = node; row < tree_after(tree, body) && row - node < ROWS_MAX; row++) {
    if (!tree_is(tree, row, KIND_CALL) || module_function_of(module, row) != function) continue;
    if (row != node && starts_loop(module, row)) return true;
  }
  return false;
}

/* asyncio.run and the wrappers that projects make of it: `asyncio_run(run(), loop_factory)`, called
   by code that is no coroutine. */
static bool runs_program(Module *module, Node call) {
  static const char *const words[] = { "run" };
  if (call_meaning(module, call) == CALL_RUN) return true;
  return !module_in_coroutine(module, call) && HAS_WORD(module, last_name(module, call), words);
}

bool is_main_coroutine(Module *module, FunctionId id) {
  static const char *const names[] = { "main", "_main", "amain", "async_main", "main_async" };
  const Tree *tree = &module->tree;
  const Function *function = module_function(module, id);
  if (id == FUNCTION_MODULE || !function->is_async) return false;
  if (STR_IN(function->name, names)) return true;
  Nodes reads = reads_of(module, tree_child(tree, function->node, FIELD_NAME));
  for (uint32_t i = 0; i < reads.count; i++) {
    Node call = tree_parent(tree, reads.items[i]);
    Node run =
      tree_is(tree, call, KIND_CALL) ? tree_parent(tree, tree_parent(tree, call)) : NODE_NONE;
    if (tree_is(tree, run, KIND_CALL) && runs_program(module, run)) return true;
  }
  return false;
}
