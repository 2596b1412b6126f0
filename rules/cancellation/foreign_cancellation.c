/*
# The cancellation of another task ends this one

A task that other code cancels is awaited directly, with nothing around that takes its `CancelledError`; or
a handler for `BaseException` keeps the `CancelledError` of its own task and raises it for others.

## What happens at run time

`await task` raises the task's `CancelledError` in the coroutine that waits. What follows never runs, `except Exception` does
not see it, and the task of the coroutine ends as cancelled, although nobody cancelled it: no log, no traceback, and whoever
waits for that task is ended in the same way.

## Use instead

```python
async def stop(self):
    self._reader.cancel()
    await asyncio.wait([self._reader])
    await self._connection.close()
```

`asyncio.wait` raises for this task only, and waits for the other one whatever its outcome. Then ask `task.cancelled()` before
`task.result()`. `await asyncio.gather(task, return_exceptions=True)` gives the outcome as a value. A handler for
`CancelledError` must tell whose it is: from Python 3.11 on `asyncio.current_task().cancelling()` does.

## When not to worry

Awaits below a handler that lists `CancelledError`, in `suppress(asyncio.CancelledError)`, or in functions whose callers have
one stay silent, as do tests, coroutines that are cancelled together with the task, functions that ask for
`cancelled()`, and tasks whose coroutine takes the cancellation and ends as usual. A coroutine that is meant to end with the task
that it waits for, as `serve_forever()`, is right without any of this, which is why the rule is opt-in.

## Fix

Unsafe: waits with `asyncio.wait` for a task that was cancelled in the same function.

## Measured

Of 15 findings in 6 repositories that were read, all there are, 9 were bugs, 4 debatable and 2 wrong: a collection of tasks that
take their cancellation, and a lock that keeps the two apart.

Known to miss: tasks of other objects, `await other.task`; local tasks that a callback cancels; tasks that a cancelled
task group or the end of the loop takes along; parameters, unless each run gets the task of the one before.

## Source

Python documentation, `asyncio.Task.cancel` and `asyncio.wait`. That the waiting task ends as cancelled, with `cancelling()`
at 0, was executed on 3.8 to 3.13.
*/
#include "lint/rule.h"
#include "python/foreign_cancel.h"
#include "python/outcome.h"
#include "python/stored_cancel.h"

static const char *const MESSAGES[] = {
  [FOREIGN_BEFORE] =
    "the CancelledError of the task that was cancelled is raised here, and ends this "
    "coroutine as if it had been cancelled itself",
  [FOREIGN_ELSEWHERE] =
    "if the task is cancelled, its CancelledError is raised here, and ends this "
    "coroutine as if it had been cancelled itself",
  [FOREIGN_CHAIN] =
    "if the run before was cancelled or failed, this one, which waits for it, ends here "
    "in the same way",
};
static const char *const CAUSES[] = {
  [FOREIGN_BEFORE] = "cancelled here",
  [FOREIGN_ELSEWHERE] = "cancelled here",
  [FOREIGN_CHAIN] = "each run gets the task of the one before",
};

static void offer_fix(Context *cx, Finding *finding, Node await, Node task) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  bool is_plain = tree_is(tree, tree_parent(tree, await), KIND_EXPRESSION_STATEMENT) &&
    tree_first(tree, await) == task && !tree_is(tree, task, KIND_CALL);
  if (!is_plain) return;
  add_fix(cx, finding, FIX_UNSAFE, "Wait with asyncio.wait()");
  Str name = fix_module(cx, finding, await, "asyncio");
  fix_insert_before(cx, finding, task, "%.*s.wait([", STR_ARGS(name));
  fix_insert_after(cx, finding, task, "])");
}

static void check(Context *cx, Node await) {
  Reason why = NULL;
  Foreign foreign = foreign_cancel_of(cx->module, await, &why);
  if (foreign.kind == FOREIGN_NONE) {
    stays_quiet(cx, await, why);
    return;
  }
  Finding *finding = report(cx, await, "%s", MESSAGES[foreign.kind]);
  add_note(cx, finding, foreign.cause, "%s", CAUSES[foreign.kind]);
  if (tree_is(&cx->module->tree, foreign.task, KIND_CALL)) {
    add_help(cx, finding, "pass return_exceptions=True, and look at the results");
    return;
  }
  add_help(
    cx,
    finding,
    "wait with asyncio.wait([task]), which raises for this task only, then ask task.cancelled()"
  );
  if (foreign.kind == FOREIGN_BEFORE) offer_fix(cx, finding, await, foreign.task);
}

static void check_kept(Context *cx, Node clause) {
  Reason why = NULL;
  Module *module = cx->module;
  Node raise = raises_stored_cancellation(module, clause, &why);
  if (raise == NODE_NONE) {
    stays_quiet(cx, clause, why);
    return;
  }
  Finding *finding = report(
    cx,
    caught_by(module, clause).base_type,
    "a cancellation of this task is kept, and raised for others, who end as if they had been "
    "cancelled"
  );
  add_note(cx, finding, raise, "raised for whoever comes here");
  add_help(cx, finding, "let CancelledError out first: except asyncio.CancelledError: raise");
}

const Rule rule_foreign_cancellation = {
  .code = "AWR114",
  .name = "foreign-cancellation",
  .summary = "Awaiting a task that others cancel ends this coroutine as if it had been cancelled",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .words = { "cancel", "task", "Task", "ensure_future", "BaseException" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_EXCEPT_CLAUSE, check_kept) },
};
