#include "python/awaits.h"

#include "python/asyncio_call.h"
#include "python/iterate.h"
#include "python/name.h"
#include "python/value.h"
#include "python/work.h"

static const char *const LOCK_WORDS[] = {
  "lock",  "rlock", "locks",     "locked",  "semaphore", "semaphores", "sem",     "sema",
  "mutex", "cond",  "condition", "limiter", "throttle",  "throttler",  "barrier",
};
static const char *const LOCK_CLASSES[] = {
  "asyncio.Lock",   "asyncio.Semaphore",    "asyncio.BoundedSemaphore", "asyncio.Condition",
  "anyio.Lock",     "anyio.Semaphore",      "anyio.CapacityLimiter",    "trio.Lock",
  "trio.Semaphore", "trio.CapacityLimiter",
};

static bool is_async_item(const Tree *tree, Node node) {
  if (!tree_is(tree, node, KIND_WITH_ITEM)) return false;
  Node statement = with_item_statement(tree, node);
  return statement != NODE_NONE && tree_is_async(tree, statement);
}

static bool is_await(const Tree *tree, Node node) {
  switch (tree_kind(tree, node)) {
  case KIND_AWAIT:
    return true;
  case KIND_FOR_STATEMENT:
  case KIND_FOR_IN_CLAUSE:
    return tree_is_async(tree, node);
  case KIND_WITH_ITEM:
    return is_async_item(tree, node);
  default:
    return false;
  }
}

Nodes awaits_in(Module *module, Node block) {
  Nodes awaits = { 0 };
  if (block == NODE_NONE) return awaits;
  EACH_ROW (&module->tree, block, node) {
    if (is_await(&module->tree, node)) vec_push(module->arena, &awaits, node);
  }
  return awaits;
}

static bool never_suspends(Module *module, Node await) {
  if (!tree_is(&module->tree, await, KIND_AWAIT)) return false;
  Node operand = tree_first(&module->tree, await);
  if (!tree_is(&module->tree, operand, KIND_CALL)) return false;
  Callee callee = callee_of(module, operand);
  return callee.function != NULL && !callee.is_ambiguous &&
    (callee.function->facts & (FACT_NEVER_SUSPENDS | FACT_OPAQUE)) == FACT_NEVER_SUSPENDS;
}

Nodes suspensions_in(Module *module, Node block) {
  Nodes awaits = awaits_in(module, block), suspensions = { 0 };
  for (uint32_t i = 0; i < awaits.count; i++) {
    if (!never_suspends(module, awaits.items[i]))
      vec_push(module->arena, &suspensions, awaits.items[i]);
  }
  return suspensions;
}

static bool is_lock(Module *module, Node expression) {
  if (HAS_WORD(module, last_name(module, expression), LOCK_WORDS)) return true;
  Value value = value_of(module, expression);
  return value.kind == VALUE_INSTANCE && STR_IN(value.name, LOCK_CLASSES);
}

/* What an await counts as: false for those that say nothing about the block, such as taking a
   lock. */
static bool await_work(Module *module, Node await, WorkKind *kind) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, await, KIND_WITH_ITEM)) {
    bool is_loop = !tree_is(tree, await, KIND_AWAIT);
    *kind =
      work_of(module, is_loop ? tree_child(tree, await, FIELD_RIGHT) : tree_first(tree, await));
    return true;
  }
  Node expression = with_item_expression(tree, await);
  if (expression == NODE_NONE || is_lock(module, expression)) return false;
  if (value_is(module, expression, VALUE_TIMEOUT)) return false;
  if (tree_is(tree, expression, KIND_CALL) && call_meaning(module, expression) == CALL_TIMEOUT)
    return false;
  bool is_group =
    tree_is(tree, expression, KIND_CALL) && call_meaning(module, expression) == CALL_TASK_GROUP;
  *kind = is_group ? WORK_FRESH : work_of(module, expression);
  return true;
}

/* A cancellation that arrives at a sleep is this task's own, so a sleep is work here as much as
   a request is. */
bool awaits_fresh_work(Module *module, Node block) {
  Nodes awaits = suspensions_in(module, block);
  for (uint32_t i = 0; i < awaits.count; i++) {
    WorkKind kind;
    if (await_work(module, awaits.items[i], &kind) && kind != WORK_OWNED) return true;
  }
  return false;
}

bool awaits_only_owned(Module *module, Node block) {
  bool is_any = false;
  Nodes awaits = suspensions_in(module, block);
  for (uint32_t i = 0; i < awaits.count; i++) {
    WorkKind kind;
    if (!await_work(module, awaits.items[i], &kind)) continue;
    if (kind != WORK_OWNED) return false;
    is_any = true;
  }
  return is_any;
}

/* anyio.CancelScope(shield=True), anyio.move_on_after(5, shield=True). */
static bool is_shielding_scope(Module *module, Node node) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, node, KIND_CALL) || !tree_is(tree, tree_parent(tree, node), KIND_WITH_ITEM))
    return false;
  return tree_is(tree, call_keyword(module, node, "shield"), KIND_TRUE);
}

bool awaits_shielded(Module *module, Node block) {
  const Tree *tree = &module->tree;
  if (block == NODE_NONE) return false;
  EACH_ROW (tree, block, node) {
    if (!tree_is(tree, node, KIND_CALL)) continue;
    if (call_meaning(module, node) == CALL_SHIELD || is_shielding_scope(module, node)) return true;
  }
  return false;
}

/* What becomes of the coroutine or task comes later, where it is awaited. */
static bool only_starts(Module *module, Node call) {
  if (makes_task(module, call)) return true;
  Callee callee = callee_of(module, call);
  return callee.is_library_coroutine ||
    (callee.function && (callee.function->facts & FACT_ASYNC) != 0);
}

Node first_that_raises(Module *module, Node root, CallTest is_harmless) {
  if (root == NODE_NONE) return NODE_NONE;
  EACH_ROW (&module->tree, root, row) {
    if (tree_is(&module->tree, row, KIND_RAISE_STATEMENT)) return row;
    if (!tree_is(&module->tree, row, KIND_CALL) || only_starts(module, row)) continue;
    if (is_harmless == NULL || !is_harmless(module, row)) return row;
  }
  return NODE_NONE;
}
