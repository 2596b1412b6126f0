/*
# A cancellation is swallowed and the task goes on

A handler for `CancelledError` (or `suppress(CancelledError)`) around work that starts here ends
without raising it again, and the coroutine carries on. Whoever cancelled the task is told nothing.

## What happens at run time

`task.cancel()` makes the `await` inside the `try` raise `CancelledError` once. If the handler takes
it and goes on, the request is used up: the task keeps running, `wait_for` and `asyncio.timeout`
return as if there had been no timeout, `TaskGroup` waits for a child that was told to stop, and a
shutdown hangs. Reported are the four shapes where the coroutine visibly goes on:

- the handler leads back to the head of a loop, so the task cannot be cancelled at all;
- `CancelledError` is listed with ordinary errors and treated as one more failed step;
- further awaits follow as if nothing had been asked;
- the function is awaited by other coroutines of the project, which cannot be cancelled while they
  wait here.

## Use instead

Clean up and raise again, or use `finally`:

```python
async def poll(queue):
    while True:
        try:
            await handle(await queue.get())
        except asyncio.CancelledError:
            queue.close()
            raise
        except Exception:
            logger.exception("step failed")
```

## When not to worry

Awaiting a task that this function cancelled just before, a task or future that is owned elsewhere,
`shield` loops that store the cancellation and raise it later, the last words of a task's own
top-level coroutine, the end of a worker's endless loop, handlers that ask a flag whether they are
to stop, async generators, and code that unwinds already are not reported. To keep a deliberate
swallow, call `asyncio.current_task().uncancel()` or say why: `# awry: ignore swallowed-cancellation
-- reason`.

## Fix

Unsafe: appends `raise` to the handler, or takes `CancelledError` out of a list with other errors.
Code after the `try` no longer runs when the task is cancelled; none is offered where that code wakes
others or closes something.

## Measured

Of 18 findings in 12 repositories that were read, all there are, 12 were bugs, 6 debatable and none
wrong.

Known to miss: handlers for `BaseException` that test for `CancelledError` with `isinstance` and go
on; handlers that raise on one path only; context managers of the project that take the cancellation
inside; a second await in the handler whose own failure replaces the cancellation, and is passed
over further out; before 3.8, handlers for `Exception` that report a cancellation as a failure and
then raise it again.

## Source

Python documentation, "Coroutines and Tasks", section "Task Cancellation": CancelledError should
generally be propagated when clean-up is complete.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/deadline.h"
#include "python/raise_skips.h"
#include "python/swallow.h"

static const char *const consequences[] = {
  [SWALLOW_IN_LOOP] =
    "cancelling this task has no effect: CancelledError is swallowed and the loop goes on",
  [SWALLOW_AS_FAILURE] = "a cancellation is treated as one more failed step, and the task goes on",
  [SWALLOW_AND_GO_ON] =
    "the cancellation is swallowed here, and the coroutine goes on to further awaits",
  [SWALLOW_FOR_CALLERS] =
    "callers that await this function cannot be cancelled while they wait here",
};

static void check(Context *cx, Node handler) {
  Module *module = cx->module;
  Reason why = NULL;
  Swallow swallow = swallow_of(module, handler, &why);
  if (swallow < SWALLOW_IN_LOOP || swallow > SWALLOW_FOR_CALLERS) {
    stays_quiet(cx, handler, why);
    return;
  }

  Caught caught = caught_in(module, handler);
  Node type = caught.cancelled_type != NODE_NONE ? caught.cancelled_type : caught.exception_type;
  Finding *finding = report(cx, type, "%s", consequences[swallow]);
  Nodes awaits = suspensions_in(module, guarded_block(module, handler));
  if (awaits.count > 0) add_note(cx, finding, awaits.items[0], "a cancellation arrives here");
  Node timeout = deadline_around(module, guarded_statement(module, handler), &why);
  if (timeout != NODE_NONE) add_note(cx, finding, timeout, "this timeout is lost with it");
  if (caught.cancelled_type == NODE_NONE) {
    add_note(
      cx,
      finding,
      type,
      "before Python 3.8, a target of this project, CancelledError is an Exception"
    );
  }
  if (caught.body == NODE_NONE) {
    add_help(cx, finding, "let it out: suppress only what the block itself cancelled");
    return;
  }
  if (skipped_by_raise(module, handler) != NODE_NONE) {
    add_help(cx, finding, RAISE_SKIPS_HELP);
    return;
  }
  if (is_listed_with_others(module, &caught, caught.cancelled_type)) {
    add_help(cx, finding, "take it out of the list: the handler is for the other errors");
    add_fix(cx, finding, FIX_UNSAFE, "Let the cancellation pass");
    fix_remove_item(cx, finding, caught.cancelled_type);
    return;
  }
  add_help(
    cx, finding, "raise it again when the handler has cleaned up, or move the clean-up to `finally`"
  );
  /* Raising in a handler for other errors would let those out, too. */
  if (lists_ordinary_errors(&caught) || outcome_of(module, caught.body) != OUTCOME_FALLS) return;
  add_fix(cx, finding, FIX_UNSAFE, "Raise the cancellation again");
  fix_append_statement(cx, finding, caught.body, "raise");
}

const Rule rule_swallowed_cancellation = {
  .code = "AWR101",
  .name = "swallowed-cancellation",
  .summary = "A handler takes CancelledError and the task goes on",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "CancelledError", "get_cancelled_exc_class" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check), ON_NODE(KIND_WITH_ITEM, check) },
};
