#include "python/answer.h"

#include "python/entry.h"
#include "python/flow.h"
#include "python/handler.h"
#include "python/value.h"

static bool returns_early(const Wait *wait) {
  return wait->is_first_completed || wait->has_timeout;
}

/* The end of the program: the loop closes and takes the tasks along. */
static bool is_end_of_program(Module *module, Node node) {
  FunctionId function = module_function_of(module, node);
  return is_main_coroutine(module, function) && !flow_suspends_after(module, node) &&
    loop_around(module, node) == NODE_NONE;
}

/* One task, not one expression that makes many. */
static bool is_single(Module *module, const Wait *wait) {
  if (!wait->is_complete || wait->awaitables.count != 1) return false;
  Node awaitable = wait->awaitables.items[0];
  for (Node node = awaitable; node != NODE_NONE; node = tree_parent(&module->tree, node)) {
    if (kind_is_comprehension(tree_kind(&module->tree, node))) return false;
  }
  return loop_around(module, awaitable) == loop_around(module, wait->call);
}

/* A thread cannot be cancelled: there is nothing to do about those that are left. */
static bool is_thread(Module *module, Node awaitable) {
  Node origin = value_of(module, awaitable).origin;
  return tree_is(&module->tree, origin, KIND_CALL) &&
    call_meaning(module, origin) == CALL_RUN_IN_EXECUTOR;
}

Reason pending_is_seen_to(Module *module, Node awaited, const Wait *wait) {
  if (!returns_early(wait)) return "the wait lasts until everything is done";
  if (wait_reads(module, awaited).reads_pending) return "the pending tasks are looked at";
  Reason why = work_reason(work_of(module, wait->collection));
  if (why != NULL) return why;
  if (is_mentioned_later(module, wait->call, wait->collection))
    return "the tasks are used again after the wait";
  for (uint32_t i = 0; i < wait->awaitables.count; i++) {
    Node awaitable = wait->awaitables.items[i];
    if (is_thread(module, awaitable)) return "a thread that runs cannot be cancelled";
    if (is_mentioned_later(module, wait->call, awaitable))
      return "a task is used again after the wait";
  }
  if (is_single(module, wait)) return "it waits for a single task: a timeout on purpose";
  if (in_cleanup_function(module, wait->call))
    return "this closes something, and has waited enough";
  if (is_end_of_program(module, awaited))
    return "the program ends here, and the loop takes the tasks along";
  return NULL;
}
