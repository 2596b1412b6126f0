/*
# A cancelled task that nobody waits for

`task.cancel()` is called, and the task is never awaited, gathered or handed on.

## What happens at run time

`cancel()` only asks. The task goes on until its next turn on the event loop, then its handlers and
`finally` blocks run, and those may await for as long as they like. Code that goes on at once
releases what the task still uses, starts a second one beside it, or lets the loop end in the middle
of its cleanup. If the cleanup fails, nobody hears of it.

## Use instead

```python
async def stop(self):
    self._reader.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await self._reader
    await self._connection.close()
```

## When not to worry

Tasks that are waited for later in the function or in another method, parameters, and tasks that
somebody else holds as well stay silent. So do tasks that only wait for an event or a queue, and code
that awaits something else first: the task has its turn there. Where the task has no cleanup and uses
nothing that goes away, the wait changes little: the rule is off unless selected.

## Fix

Unsafe: waits for the task, whatever its outcome, right after the cancellation.

## Measured

Of 19 findings in 12 repositories that were read, 2 were bugs, 17 debatable and none wrong. There
are 103 in 27 of 51 repositories.

Known to miss: plain functions, which cannot wait themselves; tasks that come as a parameter or out
of a dictionary; a clean-up that takes longer than the await after the cancellation.

## Source

Python documentation, asyncio.Task.cancel: request the Task to be cancelled; does not guarantee that
the Task will be cancelled.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/cancel_wait.h"
#include "python/name.h"

static void offer_fix(Context *cx, Finding *finding, Node call) {
  Module *module = cx->module;
  Str task = name_spelled(module, call_receiver(module, call));
  if (task.len == 0) return;
  Node statement = tree_statement(&module->tree, call);
  add_fix(cx, finding, FIX_UNSAFE, "Wait until the task has ended");
  Str name = fix_module(cx, finding, call, "asyncio");
  fix_add_statement_after(
    cx,
    finding,
    statement,
    "await %.*s.gather(%.*s, return_exceptions=True)",
    STR_ARGS(name),
    STR_ARGS(task)
  );
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  Reason why = NULL;
  LeftTask left;
  if (!leaves_cancelled_task(module, call, &left, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  Finding *finding = report(
    cx,
    call,
    left.release == NODE_NONE
      ? "nobody waits for the cancelled task to end: it still runs when the code goes on"
      : "the cancelled task still runs when what it works with goes away"
  );
  if (left.release != NODE_NONE) {
    add_note(cx, finding, left.release, "taken away before the task has ended");
    add_note(cx, finding, left.used, "the task works with it here");
  }
  add_help(
    cx, finding, "await the task after cancelling it, and let only its own CancelledError pass"
  );
  offer_fix(cx, finding, call);
}

const Rule rule_cancel_not_awaited = {
  .code = "AWR109",
  .name = "cancel-not-awaited",
  .summary = "A task is cancelled, and nobody waits until it has ended",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .words = { "cancel" },
  .on = { ON_NODE(KIND_CALL, check) },
};
