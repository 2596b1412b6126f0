#include "python/timeout.h"

#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/use.h"

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

static bool call_raises_timeout(Module *module, Node call) {
  CallMeaning meaning = call_meaning(module, call);
  if (meaning == CALL_WAIT_FOR) return true;
  if (meaning == CALL_TIMEOUT) {
    return str_starts_with(name_of(module, call_function(module, call)), STR("async_timeout."));
  }
  Callee callee = callee_of(module, call);
  if (callee.function) return (callee.function->facts & FACT_RAISES_TIMEOUT) != 0;
  bool is_known = callee.is_library_coroutine || callee.is_library_generator;
  return !is_known && str_is(call_method(module, call), "wait_for") &&
    call_keyword(module, call, "timeout") != NODE_NONE;
}

static bool raises_timeout(Module *module, Node awaited) {
  if (!tree_is(&module->tree, awaited, KIND_CALL)) return false;
  Gather gather;
  if (!gather_of(module, awaited, &gather)) return call_raises_timeout(module, awaited);
  if (gather.may_collect) return false;
  for (uint32_t i = 0; i < gather.awaitables.count; i++) {
    Node call = gather.awaitables.items[i];
    if (tree_is(&module->tree, call, KIND_CALL) && call_raises_timeout(module, call)) return true;
  }
  return false;
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

Node asyncio_timeout_in(Module *module, Node try_statement) {
  Nodes awaits = awaits_in(module, try_body(module, try_statement));
  for (uint32_t i = 0; i < awaits.count; i++) {
    Node awaited = awaited_expression(&module->tree, awaits.items[i]);
    if (awaited == NODE_NONE || !raises_timeout(module, awaited)) continue;
    if (!is_taken_before(module, awaits.items[i], try_statement)) return awaits.items[i];
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
