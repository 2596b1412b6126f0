/*
# A failure dressed up as a cancellation

`raise CancelledError` stands in for an ordinary failure.

## What happens at run time

Nobody cancelled anything, but everybody who sees this believes it. `except Exception` misses it, so that retries and
error pages do not happen. A `TaskGroup` takes the child for one that ended as it should, and reports success. A task
that ends in it counts as cancelled: no log, and `await task` cancels, in effect, whoever waits for it.

## Use instead

```python
class SendFailed(Exception):
    pass


async def send(blob, transport):
    sent = await blob.copy_to(transport)
    if sent < 0:
        raise SendFailed(blob.name)
```

## When not to worry

Passing on a cancellation that was caught or noted before is right: handlers of cancellations, functions with cancel in their
name, and code behind a condition that speaks of cancelling, closing or stopping stay silent. So do a raise that a handler of the same function ends, and
test files, where it plays the part of a cancelled callee. What is left is often meant so, which is why the rule is opt-in.

## Measured

Of 5 findings in 2 repositories that were read, all there are, none were bugs, 5 debatable and none
wrong.

Known to miss: a `CancelledError` that is made first and raised through its name;
`set_exception(CancelledError())`; subclasses of the project; `task.cancel()` on oneself to say that
something failed.

## Source

Python documentation, "Coroutines and Tasks", section "Task Cancellation". That a TaskGroup reports success was executed on
3.11 to 3.13.
*/
#include "lint/rule.h"
#include "python/manual_cancel.h"

static void check(Context *cx, Node raise_statement) {
  Reason why = NULL;
  if (!raises_cancellation_unasked(cx->module, raise_statement, &why)) {
    stays_quiet(cx, raise_statement, why);
    return;
  }
  Finding *finding = report(
    cx,
    raise_statement,
    "callers take this failure for a cancellation: no handler for Exception sees it, and a "
    "TaskGroup reports success"
  );
  add_help(cx, finding, "raise an ordinary exception that says what failed");
}

const Rule rule_manual_cancellation = {
  .code = "AWR108",
  .name = "manual-cancellation",
  .summary = "CancelledError is raised by hand in place of an ordinary failure",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .words = { "CancelledError" },
  .on = { ON_NODE(KIND_RAISE_STATEMENT, check) },
};
