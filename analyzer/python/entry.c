#include "python/entry.h"

#include "python/asyncio_call.h"

static bool starts_loop(Module *module, Node call) {
  static const char *const methods[] = { "run_forever", "run_until_complete", "run_app", "run", "serve_forever" };
  return call_meaning(module, call) == CALL_RUN || STR_IN(call_method(module, call), methods);
}

bool starts_loop_after(Module *module, Node node) {
  const Tree *tree = &module->tree;
  FunctionId function = module_function_of(module, node);
  if (module_function(module, function)->is_async) return false;
  Node body = module_function(module, function)->body;
  for (Node row = node; row < tree_after(tree, body); row++) {
    if (!tree_is(tree, row, KIND_CALL) || module_function_of(module, row) != function) continue;
    if (row != node && starts_loop(module, row)) return true;
  }
  return false;
}
