#include "python/skipped_cleanup.h"

/* Another clause of the same try runs for cancellations. */
static bool is_handled_beside(Module *module, Node try_statement) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught_cancellation(module, &caught)) return true;
  }
  return false;
}

/* A decorator's wrapper: the body is one call of a parameter of an enclosing function. */
static bool is_wrapper(Module *module, Node body) {
  const Tree *tree = &module->tree;
  if (tree_child_count(tree, body) != 1) return false;
  for (Node row = body; row < tree_after(tree, body); row++) {
    if (!tree_is(tree, row, KIND_CALL)) continue;
    Node function = call_function(module, row);
    if (!tree_is(tree, function, KIND_IDENTIFIER)) return false;
    BindingId id = scopes_binding(&module->scopes, function);
    if (id == BINDING_NONE) return false;
    const Binding *binding = scopes_get(&module->scopes, id);
    return binding->scope != module->scopes.scope_of[row] && binding->occurrences.count > 0 &&
           binding->occurrences.items[0].kind == OCCURRENCE_PARAMETER;
  }
  return false;
}

bool skips_cleanup(Module *module, Node clause, Release *release) {
  Caught caught = caught_by(module, clause);
  if (!caught.exception || caught_cancellation(module, &caught)) return false;
  if (!module_in_coroutine(module, clause) || !handler_always_raises(module, clause)) return false;
  Node try_statement = guarded_statement(module, clause);
  Node body = try_body(module, try_statement);
  if (awaits_in(module, body).count == 0 || is_handled_beside(module, try_statement)) return false;
  if (is_wrapper(module, body)) return false;

  Releases releases = releases_in(module, caught.body);
  for (uint32_t i = 0; i < releases.count; i++) {
    const Release *found = &releases.items[i];
    if (found->is_rollback || found->is_container) continue;
    if (is_released_on_cancellation(module, try_statement, found)) continue;
    *release = *found;
    return true;
  }
  return false;
}
