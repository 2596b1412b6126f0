#include "python/swallow.h"

#include "python/iterate.h"
#include "python/name.h"

Node guarded_statement(const Module *module, Node handler) {
  Kind kind =
    tree_is(&module->tree, handler, KIND_WITH_ITEM) ? KIND_WITH_STATEMENT : KIND_TRY_STATEMENT;
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

/* The handler lets the failure out or passes it to somebody: as an exception, a value, a flag, a
   future. */
static bool is_handed_on(Module *module, Node handler) {
  if (tree_is(&module->tree, handler, KIND_WITH_ITEM)) return false;
  return handler_may_raise(module, handler) || exception_escapes(module, handler) ||
    sets_flag(module, handler) || hands_on_failure(module, handler);
}

/* Before 3.8 a handler for Exception takes cancellations without being meant for them: that it
   tells somebody of the failure does not let the cancellation out. */
static bool is_accident(const Caught *caught) { return !caught->cancelled; }

static bool lets_out(Module *module, Node handler, const Caught *caught) {
  if (!is_accident(caught)) return is_handed_on(module, handler);
  return handler_may_raise(module, handler) || sets_flag(module, handler) ||
    hands_on_failure(module, handler);
}

bool lists_ordinary_errors(const Caught *caught) {
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
  bool is_failure = lists_ordinary_errors(caught);

  if (is_failure && continues_for(module, handler)) return SWALLOW_AS_FAILURE;
  if (handler_loops_back(module, handler)) return SWALLOW_IN_LOOP;
  if (is_failure && (goes_on || returns_value(module, handler))) return SWALLOW_AS_FAILURE;
  if (goes_on && !is_closing && (!holds_loop || started == STARTED_BY_AWAIT))
    return SWALLOW_AND_GO_ON;
  if (started == STARTED_BY_AWAIT && !is_closing) return SWALLOW_FOR_CALLERS;
  return SWALLOW_AT_END;
}

static bool takes_cancellation(const Module *module, const Caught *caught) {
  return caught->cancelled || (module->target.minor < 8 && caught->exception);
}

/* `await stream.athrow(CancelledError())`: what comes back was sent by the block itself. */
static bool throws_itself(Module *module, Node block) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, block, node) {
    if (tree_is(tree, node, KIND_CALL) && str_is(call_method(module, node), "athrow")) return true;
  }
  return false;
}

/* A CancelledError of this await can be this task's own: not only that of a task or future which is
   awaited directly. */
static bool brings_own(Module *module, Node await) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, await, KIND_AWAIT)) return true;
  Node operand = tree_first(tree, await);
  if (!tree_is(tree, operand, KIND_CALL)) return work_of(module, await) != WORK_OWNED;
  return call_meaning(module, operand) != CALL_GATHER || work_of(module, await) != WORK_OWNED;
}

static bool own_can_arrive(Module *module, Node block) {
  Nodes awaits = awaits_in(module, block);
  for (uint32_t i = 0; i < awaits.count; i++) {
    if (brings_own(module, awaits.items[i])) return true;
  }
  return false;
}

/* Nothing is lost: there is nobody to cancel, or an exception is on its way already. */
static bool is_harmless(Module *module, Node handler) {
  const Function *function = module_function(module, module_function_of(module, handler));
  Node block = guarded_block(module, handler);
  return !function->is_async || function->is_stub ||
    is_unwinding(module, guarded_statement(module, handler)) || throws_itself(module, block);
}

/* Somebody else answers for what is waited for, or this is a known idiom. */
static bool is_idiom(Module *module, Node handler) {
  Node block = guarded_block(module, handler);
  return module_function(module, module_function_of(module, handler))->is_generator ||
    !awaits_fresh_work(module, block) || awaits_only_owned(module, block) ||
    awaits_shielded(module, block);
}

/* The idiom loses the cancellation of this task all the same. */
static Swallow judge_idiom(Module *module, Node handler) {
  Node block = guarded_block(module, handler);
  bool is_lost = own_can_arrive(module, block) &&
    (awaits_shielded(module, block) || !in_cleanup_function(module, handler));
  return is_lost ? SWALLOW_TOLERATED : SWALLOW_NOT;
}

Swallow swallow_of(Module *module, Node handler) {
  Caught caught = caught_in(module, handler);
  if (!takes_cancellation(module, &caught) || is_shadowed(module, handler)) return SWALLOW_NOT;
  if (!module_in_coroutine(module, handler) || lets_out(module, handler, &caught))
    return SWALLOW_NOT;
  if (block_awaits_cancelled(module, guarded_block(module, handler))) return SWALLOW_OF_CHILD;
  if (is_harmless(module, handler)) return SWALLOW_NOT;
  return is_idiom(module, handler) ? judge_idiom(module, handler)
                                   : shape_of(module, handler, &caught);
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

/* The object of a raise is a class or made of one, and none that ends the task or the program. */
static bool is_other_exception(Module *module, Node value) {
  static const char *const ends[] = {
    "asyncio.CancelledError",        "KeyboardInterrupt", "SystemExit", "GeneratorExit",
    "anyio.get_cancelled_exc_class",
  };
  const Tree *tree = &module->tree;
  Node named = tree_is(tree, value, KIND_CALL) ? call_function(module, value) : value;
  if (NAME_IN(module, named, ends)) return false;
  Str name = last_name(module, named);
  return name.len > 0 && name.data[0] >= 'A' && name.data[0] <= 'Z';
}

static bool asks_for_cancelling(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  EACH_ROW (tree, clause, node) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    Str method = call_method(module, node);
    if (str_is(method, "cancelling") || str_is(method, "uncancel")) return true;
  }
  return false;
}

/* The first raise of the clause, if all of them raise something else than was caught. */
static Node other_raise(Module *module, Node clause) {
  const Tree *tree = &module->tree;
  Node first = NODE_NONE;
  EACH_ROW (tree, clause, node) {
    if (!tree_is(tree, node, KIND_RAISE_STATEMENT)) continue;
    Node value = tree_first(tree, node);
    if (value == NODE_NONE || !is_other_exception(module, value)) return NODE_NONE;
    if (first == NODE_NONE) first = node;
  }
  return first;
}

Node translates_cancellation(Module *module, Node clause) {
  Caught caught = caught_by(module, clause);
  if (!takes_cancellation(module, &caught) || !handler_always_raises(module, clause))
    return NODE_NONE;
  if (!module_in_coroutine(module, clause) || is_shadowed(module, clause)) return NODE_NONE;
  Node block = guarded_block(module, clause);
  if (!own_can_arrive(module, block) || block_awaits_cancelled(module, block) || is_harmless(module, clause))
    return NODE_NONE;
  return asks_for_cancelling(module, clause) ? NODE_NONE : other_raise(module, clause);
}

Str types_without(Module *module, const Caught *caught, Node type) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, caught->types, KIND_TUPLE) || type == NODE_NONE || tree_parent(tree, type) != caught->types)
    return STR_EMPTY;
  Str text = STR_EMPTY;
  uint32_t count = 0;
  TREE_EACH_CHILD (tree, caught->types, other) {
    if (other == type) continue;
    Str name = tree_text(tree, other);
    text =
      count++ == 0 ? name : str_format(module->arena, "%.*s, %.*s", STR_ARGS(text), STR_ARGS(name));
  }
  return count > 1 ? str_format(module->arena, "(%.*s)", STR_ARGS(text)) : text;
}
