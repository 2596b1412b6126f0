/*
# The losers of a race run on

`asyncio.wait` returns before all its tasks are done, because of FIRST_COMPLETED, FIRST_EXCEPTION or a timeout, and nobody
cancels, awaits or keeps the pending ones.

## What happens at run time

`asyncio.wait` does not cancel what is still pending. The tasks run on behind the code that believes the race is over: they eat
queue items, hold connections, and fail where nobody looks.

## Use instead

```python
async def first_line(readers):
    tasks = [asyncio.create_task(r.readline()) for r in readers]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()
```

## When not to worry

Pending tasks that are mentioned later in any way (cancelled, awaited, handed to a helper, kept in a container or on
`self`), tasks owned elsewhere, work in threads, which cannot be cancelled, and the last statement of a program's main coroutine stay silent.

## Source

Python documentation, asyncio.wait: does not cancel the futures when a timeout occurs.
*/
#include "lint/rule.h"
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
  static const Kind many[] = { KIND_LIST_COMPREHENSION,
                               KIND_SET_COMPREHENSION,
                               KIND_GENERATOR_EXPRESSION };
  if (!wait->is_complete || wait->awaitables.count != 1) return false;
  Node awaitable = wait->awaitables.items[0];
  for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++) {
    if (tree_ancestor(&module->tree, awaitable, many[i]) != NODE_NONE) return false;
  }
  return loop_around(module, awaitable) == loop_around(module, wait->call);
}

/* A thread cannot be cancelled: there is nothing to do about those that are left. */
static bool is_thread(Module *module, Node awaitable) {
  Node origin = value_of(module, awaitable).origin;
  return tree_is(&module->tree, origin, KIND_CALL) &&
    call_meaning(module, origin) == CALL_RUN_IN_EXECUTOR;
}

/* Why nothing runs on behind the wait, or nobody minds. */
static Reason seen_to(Module *module, Node awaited, const Wait *wait) {
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

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Node call = tree_first(&module->tree, awaited);
  Wait wait;
  if (!tree_is(&module->tree, call, KIND_CALL) || !wait_of(module, call, &wait)) return;
  if (stays_quiet(cx, call, seen_to(module, awaited, &wait))) return;

  Finding *finding =
    report(cx, call, "what is still pending runs on behind this: nobody cancels or awaits it");
  if (wait.awaitables.count > 0) add_note(cx, finding, wait.awaitables.items[0], "started here");
  add_help(cx, finding, "cancel the tasks in `pending` and await them");
}

const Rule rule_abandoned_pending = {
  .code = "AWR207",
  .name = "abandoned-pending",
  .summary = "Tasks still pending after asyncio.wait run on unobserved",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "wait" },
  .on = { ON_NODE(KIND_AWAIT, check) },
};
