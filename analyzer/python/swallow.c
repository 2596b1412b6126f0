#include "python/swallow.h"

#include "python/flow.h"

Node guarded_statement(const Module *module, Node handler) {
  Kind kind = tree_is(&module->tree, handler, KIND_WITH_ITEM) ? KIND_WITH_STATEMENT : KIND_TRY_STATEMENT;
  return tree_ancestor(&module->tree, handler, kind);
}

Node guarded_block(const Module *module, Node handler) {
  return tree_child(&module->tree, guarded_statement(module, handler), FIELD_BODY);
}

Caught caught_in(Module *module, Node handler) {
  if (!tree_is(&module->tree, handler, KIND_WITH_ITEM)) return caught_by(module, handler);
  Node call = tree_child(&module->tree, handler, FIELD_VALUE);
  if (tree_is(&module->tree, call, KIND_AS_PATTERN)) call = tree_first(&module->tree, call);
  return caught_by_suppress(module, call);
}

/* An earlier clause of the same try takes the cancellation before this one sees it. */
static bool is_shadowed(Module *module, Node handler) {
  if (tree_is(&module->tree, handler, KIND_WITH_ITEM)) return false;
  Nodes handlers = try_handlers(module, guarded_statement(module, handler));
  for (uint32_t i = 0; i < handlers.count && handlers.items[i] != handler; i++) {
    Caught earlier = caught_by(module, handlers.items[i]);
    if (caught_cancellation(module, &earlier)) return true;
  }
  return false;
}

/* The handler lets the failure out or passes it to somebody: as an exception, a value, a flag, a future. */
static bool is_handed_on(Module *module, Node handler) {
  if (tree_is(&module->tree, handler, KIND_WITH_ITEM)) return false;
  return handler_may_raise(module, handler) || exception_escapes(module, handler) ||
         sets_flag(module, handler) || hands_on_failure(module, handler);
}

static bool lists_ordinary_errors(const Caught *caught) {
  return caught->exception || caught->others || caught->timeout || caught->asyncio_timeout ||
         caught->futures_timeout;
}

/* `return x` in the handler, x being more than None. */
static bool returns_value(Module *module, Node handler) {
  const Tree *tree = &module->tree;
  for (Node node = handler; node < tree_after(tree, handler); node++) {
    if (!tree_is(tree, node, KIND_RETURN_STATEMENT)) continue;
    if (module_function_of(module, node) != module_function_of(module, handler)) continue;
    Node value = tree_first(tree, node);
    if (value != NODE_NONE && !tree_is(tree, value, KIND_NONE_LITERAL)) return true;
  }
  return false;
}

static bool continues_for(Module *module, Node handler) {
  Node loop = loop_around(module, guarded_statement(module, handler));
  return tree_is(&module->tree, loop, KIND_FOR_STATEMENT) && handler_loops_back(module, handler);
}

static Swallow shape_of(Module *module, Node handler, const Caught *caught) {
  Node statement = guarded_statement(module, handler);
  FunctionId function = module_function_of(module, handler);
  bool holds_loop = try_holds_endless_loop(module, statement);
  Started started = started_as(module, function);
  bool is_closing = in_cleanup_function(module, handler);
  bool goes_on = awaits_follow(module, handler);

  if (handler_loops_back(module, handler) && !holds_loop) return SWALLOW_IN_LOOP;
  if (lists_ordinary_errors(caught) &&
      (goes_on || continues_for(module, handler) || returns_value(module, handler))) {
    return SWALLOW_AS_FAILURE;
  }
  if (goes_on && !is_closing && (!holds_loop || started == STARTED_BY_AWAIT)) return SWALLOW_AND_GO_ON;
  if (started == STARTED_BY_AWAIT && !is_closing) return SWALLOW_FOR_CALLERS;
  return SWALLOW_AT_END;
}

/* No cancellation of fresh work is lost here: there is none, somebody else answers for it, or this is a known idiom. */
static bool is_idiom(Module *module, Node handler) {
  Node block = guarded_block(module, handler);
  const Function *function = module_function(module, module_function_of(module, handler));
  return !function->is_async || function->is_generator || function->is_stub ||
         !awaits_fresh_work(module, block) || awaits_only_owned(module, block) ||
         awaits_shielded(module, block) || is_unwinding(module, guarded_statement(module, handler));
}

Swallow swallow_of(Module *module, Node handler) {
  Caught caught = caught_in(module, handler);
  bool is_explicit = caught.cancelled || (module->target.minor < 8 && caught.exception);
  if (!is_explicit || is_shadowed(module, handler) || is_handed_on(module, handler)) return SWALLOW_NOT;
  if (!module_in_coroutine(module, handler)) return SWALLOW_NOT;
  if (block_awaits_cancelled(module, guarded_block(module, handler))) return SWALLOW_OF_CHILD;
  if (is_idiom(module, handler)) return SWALLOW_NOT;
  return shape_of(module, handler, &caught);
}

bool swallows_everything(Module *module, Node clause) {
  Caught caught = caught_by(module, clause);
  if (!caught.is_bare && !caught.base_exception) return false;
  if (!module_in_coroutine(module, clause) || is_shadowed(module, clause)) return false;
  Node block = guarded_block(module, clause);
  if (awaits_in(module, block).count == 0 || is_handed_on(module, clause)) return false;
  if (awaits_only_owned(module, block) || block_awaits_cancelled(module, block)) return false;
  return !is_unwinding(module, guarded_statement(module, clause));
}
