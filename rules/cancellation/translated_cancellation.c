/*
# A cancellation leaves as another exception

A handler for `CancelledError` raises another exception in its place.

## What happens at run time

Whoever cancelled the task waits for a cancellation and gets a failure. `asyncio.timeout` and
`wait_for` do not turn it into their `TimeoutError`, a `TaskGroup` takes it for the failure of a
child and wraps it in a group, `task.cancelled()` is false, and a caller that retries on errors
starts the work once more that was told to stop. As `StopAsyncIteration` it ends the caller's loop
as if there were nothing more to read.

## Use instead

Clean up and let the cancellation out; translate the errors that are failures:

```python
async def next_message(self):
    try:
        return await self.queue.get()
    except ConnectionError as error:
        raise StreamClosed() from error
    except asyncio.CancelledError:
        self.release()
        raise
```

## When not to worry

Where a future is awaited directly and its owner cancels it to say that the connection is gone, the
translation is what callers expect. Such handlers stay silent, and so do those that raise the
cancellation on some path, or ask for `cancelling()` before. That is hard to tell in other cases,
which is why the rule is opt-in.

## Measured

Of 3 findings in 3 repositories that were read, all there are, 1 was a bug, 2 debatable and none
wrong.

Known to miss: handlers that translate on one path and raise the cancellation on another; handlers
for `BaseException`; errors that a function called by the handler raises, or that are raised behind
the `try`.

## Source

Python documentation, "Coroutines and Tasks", section "Task Cancellation": asyncio components that
enable structured concurrency are implemented using cancellation internally and might misbehave if a
coroutine swallows CancelledError.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/swallow.h"

static void check(Context *cx, Node clause) {
  Module *module = cx->module;
  Reason why = NULL;
  Node raise = translates_cancellation(module, clause, &why);
  if (raise == NODE_NONE) {
    stays_quiet(cx, clause, why);
    return;
  }

  Caught caught = caught_by(module, clause);
  bool is_wanted = caught.cancelled_type != NODE_NONE;
  Node type = is_wanted ? caught.cancelled_type : caught.exception_type;
  Finding *finding = report(
    cx,
    type,
    is_wanted ? "a cancellation leaves here as another exception"
              : "before Python 3.8 a cancellation leaves here as another exception"
  );
  Nodes awaits = suspensions_in(module, guarded_block(module, clause));
  if (awaits.count > 0) add_note(cx, finding, awaits.items[0], "a cancellation arrives here");
  add_note(cx, finding, raise, "the caller sees this instead");
  add_help(
    cx,
    finding,
    is_wanted ? "raise the CancelledError again" : "let CancelledError out in a clause before"
  );
}

const Rule rule_translated_cancellation = {
  .code = "AWR107",
  .name = "translated-cancellation",
  .summary = "A handler for CancelledError raises another exception",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .words = { "CancelledError", "get_cancelled_exc_class", "Exception" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check) },
};
