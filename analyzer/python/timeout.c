#include "python/timeout.h"

#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"

enum { DELEGATIONS_MAX = 3 }; /* from a callee to those that it awaits */

/* What lets a timeout out of an awaited call. */
typedef struct {
  bool raises;
  const FunctionFacts
    *source; /* function of the project whose wait_for it is; NULL: the call itself */
} TimeoutSource;

bool is_version_guarded(Module *module, Node node) {
  const Tree *tree = &module->tree;
  for (Node inner = node; inner != NODE_NONE; inner = tree_parent(tree, inner)) {
    if (!tree_is(tree, inner, KIND_IF_STATEMENT) && !tree_is(tree, inner, KIND_ELIF_CLAUSE))
      continue;
    Node condition = tree_child(tree, inner, FIELD_CONDITION);
    for (Node part = condition; part < tree_after(tree, condition); part++) {
      if (name_is(module, part, "sys.version_info")) return true;
    }
  }
  return false;
}

/* The function, or the one of those that it awaits with nothing around that takes a timeout, which
   lets the timeout of its own wait_for out. */
static const FunctionFacts *
timing_out(const Project *project, const FunctionFacts *function, uint32_t depth) {
  if ((function->facts & FACT_OPAQUE) != 0) return NULL;
  if ((function->facts & FACT_RAISES_TIMEOUT) != 0) return function;
  for (uint32_t i = 0; depth < DELEGATIONS_MAX && i < function->delegates.count; i++) {
    const Delegate *delegate = &function->delegates.items[i];
    if (delegate->takes_timeouts || delegate->name.len == 0) continue;
    const FunctionFacts *next = project_function(project, delegate->name);
    const FunctionFacts *found = next == NULL ? NULL : timing_out(project, next, depth + 1);
    if (found != NULL) return found;
  }
  return NULL;
}

static TimeoutSource timeout_of_call(Module *module, Node call) {
  CallMeaning meaning = call_meaning(module, call);
  if (meaning == CALL_WAIT_FOR) return (TimeoutSource){ .raises = true };
  if (meaning == CALL_TIMEOUT) {
    Str name = name_of(module, call_function(module, call));
    return (TimeoutSource){ .raises = str_starts_with(name, STR("async_timeout.")) };
  }
  Callee callee = callee_of(module, call);
  if (callee.function) {
    const FunctionFacts *source = timing_out(module->project, callee.function, 0);
    return (TimeoutSource){ source != NULL, source };
  }
  bool is_known = callee.is_library_coroutine || callee.is_library_generator;
  bool has_timeout = str_is(call_method(module, call), "wait_for") &&
    call_keyword(module, call, "timeout") != NODE_NONE;
  return (TimeoutSource){ .raises = !is_known && has_timeout };
}

static TimeoutSource timeout_of(Module *module, Node awaited) {
  TimeoutSource none = { .raises = false };
  if (!tree_is(&module->tree, awaited, KIND_CALL)) return none;
  Gather gather;
  if (!gather_of(module, awaited, &gather)) return timeout_of_call(module, awaited);
  for (uint32_t i = 0; !gather.may_collect && i < gather.awaitables.count; i++) {
    Node call = gather.awaitables.items[i];
    if (!tree_is(&module->tree, call, KIND_CALL)) continue;
    TimeoutSource found = timeout_of_call(module, call);
    if (found.raises) return found;
  }
  return none;
}

/* A try between the await and the outer one takes the error first. */
static bool is_taken_before(Module *module, Node await, Node outer) {
  for (Node inner = try_around(module, await); inner != NODE_NONE && inner != outer;
       inner = try_around(module, inner)) {
    Nodes handlers = try_handlers(module, inner);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      bool takes =
        caught.asyncio_timeout || caught.exception || caught.base_exception || caught.is_bare;
      if (takes && !handler_may_raise(module, handlers.items[i])) return true;
    }
  }
  return false;
}

/* The expression that an await waits for; of an async with, the call that it enters. */
static Node awaited_expression(const Tree *tree, Node await) {
  if (tree_is(tree, await, KIND_AWAIT)) return tree_first(tree, await);
  if (!tree_is(tree, await, KIND_WITH_ITEM)) return NODE_NONE;
  Node value = tree_child(tree, await, FIELD_VALUE);
  return tree_is(tree, value, KIND_AS_PATTERN) ? tree_first(tree, value) : value;
}

Node asyncio_timeout_in(Module *module, Node try_statement, const FunctionFacts **source) {
  Nodes awaits = awaits_in(module, try_body(module, try_statement));
  for (uint32_t i = 0; i < awaits.count; i++) {
    Node awaited = awaited_expression(&module->tree, awaits.items[i]);
    if (awaited == NODE_NONE) continue;
    TimeoutSource found = timeout_of(module, awaited);
    if (!found.raises || is_taken_before(module, awaits.items[i], try_statement)) continue;
    *source = found.source;
    return awaits.items[i];
  }
  return NODE_NONE;
}

/* --- timeouts that cannot fire --- */

/* What is entered after the timeout is guarded by it as well. */
static bool enters_more(const Module *module, Node item) {
  Node statement = with_item_statement(&module->tree, item);
  Node body = tree_child(&module->tree, statement, FIELD_BODY);
  for (Node row = tree_after(&module->tree, item); row < body; row++) {
    if (tree_is(&module->tree, row, KIND_WITH_ITEM)) return true;
  }
  return false;
}

static bool may_suspend(Module *module, Node item) {
  Node body = tree_child(&module->tree, with_item_statement(&module->tree, item), FIELD_BODY);
  if (body == NODE_NONE || enters_more(module, item) || !may_search(module, body)) return true;
  if (awaits_in(module, body).count > 0) return true;
  EACH_ROW (&module->tree, body, row) {
    if (tree_is(&module->tree, row, KIND_YIELD) || tree_is(&module->tree, row, KIND_ERROR))
      return true;
  }
  return false;
}

static TimeoutFault fault_of_entered(Module *module, Node item, bool is_of_asyncio) {
  Node statement = with_item_statement(&module->tree, item);
  if (statement == NODE_NONE) return TIMEOUT_WORKS;
  bool is_async = tree_is_async(&module->tree, statement);
  if (is_of_asyncio && !is_async) return TIMEOUT_MISUSED;
  bool is_in_coroutine = module_in_coroutine(module, item);
  return is_in_coroutine && !may_suspend(module, item) ? TIMEOUT_NEVER_SUSPENDS : TIMEOUT_WORKS;
}

TimeoutFault timeout_fault_of(Module *module, Node call, Reason *why) {
  if (call_meaning(module, call) != CALL_TIMEOUT) return TIMEOUT_WORKS;
  Str name = name_of(module, call_function(module, call));
  bool is_of_asyncio = str_starts_with(name, STR("asyncio."));
  Uses uses = uses_of(module, call);
  if (uses.count == 0) return TIMEOUT_DROPPED;
  TimeoutFault found = TIMEOUT_WORKS;
  for (uint32_t i = 0; i < uses.count; i++) {
    TimeoutFault fault = TIMEOUT_WORKS;
    switch (uses.items[i].kind) {
    case USE_DROPPED:
      fault = TIMEOUT_DROPPED;
      break;
    case USE_AWAITED:
      fault = is_of_asyncio ? TIMEOUT_MISUSED : TIMEOUT_WORKS;
      break;
    case USE_ENTERED:
      fault = fault_of_entered(module, uses.items[i].consumer, is_of_asyncio);
      break;
    default:
      break;
    }
    /* The object may be of use in the other place. */
    if (fault == TIMEOUT_WORKS) {
      *why = uses.items[i].kind == USE_ENTERED ? "it is entered, and something in its body can wait"
                                               : use_meaning(uses.items[i].kind);
      return TIMEOUT_WORKS;
    }
    found = fault;
  }
  return found;
}
