/*
# Failures of awaited tasks are never read

`asyncio.wait` waits for tasks that start here, and nobody looks at the `done` set or at the tasks afterwards.

## What happens at run time

`asyncio.wait` never raises what the tasks raise. A failed task keeps its exception until the garbage collector finds it and
logs "Task exception was never retrieved", at some other time and place. Here the code goes on as if the work had been done.

## Use instead

Where all tasks are waited for, `gather` raises the first failure:

```python
async def publish_all(channels, message):
    await asyncio.gather(*(channel.publish(message) for channel in channels))
```

Or read every finished task: `for task in done: task.result()`.

## When not to worry

Waiting for tasks that are owned elsewhere, events and timers, closing code, tasks that answer for their own errors or are looked at
later stay silent.

## Fix

Unsafe: replaces `asyncio.wait([...])` by `asyncio.gather(...)` where neither a timeout nor return_when is given.

## Measured

Of 17 findings in 7 repositories that were read, all there are, 10 were bugs, 7 debatable and none
wrong.

Known to miss: a `done` set that is only counted; a loop that waits for the rest again and again and
reads nothing; tasks that a function of the project makes, or that an attribute keeps.

## Source

Python documentation, asyncio.wait: unlike wait_for(), wait() does not raise, and does not cancel the futures.
*/
#include "lint/rule.h"
#include "python/answer.h"
#include "python/name.h"

static void offer_fix(Context *cx, Finding *finding, Node awaited, Node call, const Wait *wait) {
  const Tree *tree = &cx->module->tree;
  bool is_statement = tree_is(tree, tree_parent(tree, awaited), KIND_EXPRESSION_STATEMENT);
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  Node argument = tree_first(tree, arguments);
  if (!is_statement || tree_child_count(tree, arguments) != 1) return;
  if (!name_is(cx->module, call_function(cx->module, call), "asyncio.wait")) return;
  add_fix(cx, finding, FIX_UNSAFE, "Gather, so that the first failure raises");
  Str name = fix_module(cx, finding, call, "asyncio");
  fix_replace(cx, finding, call_function(cx->module, call), "%.*s.gather", STR_ARGS(name));
  if (tree_is(tree, argument, KIND_KEYWORD_ARGUMENT)) {
    fix_replace(cx, finding, argument, "*%.*s", STR_ARGS(tree_text(tree, wait->collection)));
  } else {
    fix_insert_before(cx, finding, argument, "*");
  }
}

/* One finding at a call is enough. */
static Reason told_by_pending(Module *module, Node awaited, const Wait *wait) {
  if (pending_is_seen_to(module, awaited, wait) != NULL) return NULL;
  return "the tasks that are still pending run on here, which abandoned-pending reports";
}

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Wait wait;
  Node call = awaited_wait(module, awaited, &wait);
  if (call == NODE_NONE) return;
  Reason why = NULL;
  if (wait_reads(module, awaited).reads_done) why = "the tasks that are done are looked at";
  else failures_are_lost(module, call, &wait.awaitables, &why);
  if (why == NULL) why = told_by_pending(module, awaited, &wait);
  if (stays_quiet(cx, call, why)) return;

  Finding *finding = report(
    cx,
    call,
    "a failure of these tasks is never raised: asyncio.wait raises none, and nobody reads `done`"
  );
  if (wait.awaitables.count > 0)
    add_note(cx, finding, wait.awaitables.items[0], "a failure here stays in the task");
  add_help(cx, finding, "use gather, or call result() of every task in `done`");
  offer_fix(cx, finding, awaited, call, &wait);
}

const Rule rule_dropped_wait_results = {
  .code = "AWR206",
  .name = "dropped-wait-results",
  .summary = "Failures of tasks given to asyncio.wait are never read",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "wait" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
