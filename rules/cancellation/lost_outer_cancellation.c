/*
# Waiting for a cancelled child also swallows this task's own cancellation

A task is awaited, and its `CancelledError` is dropped, whether it was cancelled just before or
may be by others. The same handler takes the cancellation of the task that waits.

## What happens at run time

If this task is cancelled while it waits for the child, `await child` raises `CancelledError` for
*this* task. The handler cannot tell the two apart and drops it: the task goes on, `cancelling()`
stays at 1, and an `asyncio.timeout` around it never reports its timeout.

## Use instead

From Python 3.11 on, ask which of the two it was:

```python
child.cancel()
try:
    await child
except asyncio.CancelledError:
    if asyncio.current_task().cancelling():
        raise
```

Or wait without raising: `await asyncio.wait([child])`, or `await asyncio.gather(child,
return_exceptions=True)`.

## When not to worry

For a child that was cancelled the window is the short time that it needs to end; for one that others
cancel it is as long as the child runs. Where nobody cancels the waiting task it is harmless, which is
why the rule is opt-in.

## Fix

Unsafe, for targets from 3.11 on: adds the test of `cancelling()`.

## Measured

Of 40 findings in 21 repositories that were read, 1 was a bug, 38 debatable and 1 wrong. There are
368 in 40 of 51 repositories.

Known to miss: a task that another function awaits; handlers for `BaseException`; handlers that
raise on one path only.

## Source

Python documentation, `asyncio.Task.cancelling` and `asyncio.Task.uncancel` (3.11).
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/raise_skips.h"
#include "python/swallow.h"

static void check(Context *cx, Node handler) {
  Module *module = cx->module;
  Reason why = NULL;
  if (swallow_of(module, handler, &why) != SWALLOW_OF_CHILD) {
    stays_quiet(cx, handler, why);
    return;
  }

  Caught caught = caught_in(module, handler);
  Node type = caught.cancelled_type != NODE_NONE ? caught.cancelled_type : caught.exception_type;
  Finding *finding = report(
    cx,
    type,
    "a cancellation of this task, while it waits here for the other one to end, is lost, too"
  );
  Nodes awaits = suspensions_in(module, guarded_block(module, handler));
  if (awaits.count > 0) add_note(cx, finding, awaits.items[0], "raises for either task");
  if (module->target.minor < 11) {
    add_help(
      cx,
      finding,
      "wait with asyncio.wait([task]) or gather(task, return_exceptions=True), which raise for "
      "this task only"
    );
    return;
  }
  add_help(cx, finding, "raise again if asyncio.current_task().cancelling()");
  if (skipped_by_raise(module, handler) != NODE_NONE) return;
  if (caught.body == NODE_NONE || outcome_of(module, caught.body) != OUTCOME_FALLS) return;
  add_fix(cx, finding, FIX_UNSAFE, "Raise again if this task is being cancelled");
  Str name = fix_module(cx, finding, type, "asyncio");
  fix_append_statement(
    cx, finding, caught.body, "if %.*s.current_task().cancelling():\n    raise", STR_ARGS(name)
  );
}

const Rule rule_lost_outer_cancellation = {
  .code = "AWR105",
  .name = "lost-outer-cancellation",
  .summary = "Waiting for a cancelled child also swallows the waiting task's own cancellation",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .fix = FIX_UNSAFE,
  .words = { "CancelledError" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check), ON_NODE(KIND_WITH_ITEM, check) },
};
