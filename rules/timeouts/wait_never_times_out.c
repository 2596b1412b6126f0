/*
# The timeout of asyncio.wait raises nothing

A handler for `TimeoutError` stands around nothing but `asyncio.wait(..., timeout=...)`.

## What happens at run time

`asyncio.wait` does not raise when the time is up: it returns, and what has not finished is in `pending`. The handler never runs, the
code after the wait goes on as if all had finished, and the tasks run on.

## Use instead

```python
async def settle(tasks):
    done, pending = await asyncio.wait(tasks, timeout=5)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return len(done)
```

## When not to worry

A `try` that awaits anything else besides, reads `result()`, or calls code that may time out by itself stays silent.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: `suppress(TimeoutError)`; a wait inside another function; a `try` that awaits more
than the wait; `concurrent.futures.wait`.

## Source

Python documentation, asyncio.wait: this function does not raise TimeoutError.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/iterate.h"
#include "python/outcome.h"

/* What makes lists, or only tells, raises no timeout. */
static bool is_harmless(Module *module, Node call) {
  switch (call_meaning(module, call)) {
  case CALL_WAIT:
  case CALL_CANCEL:
  case CALL_LOG:
    return true;
  default:
    break;
  }
  return is_collection(module, call) || str_is(call_method(module, call), "len");
}

/* The wait with a timeout that is all the block waits for, or NODE_NONE. */
static Node only_wait(Module *module, Node body, Reason *why) {
  Nodes awaits = awaits_in(module, body);
  Wait wait;
  if (awaits.count > 1) *why = "other awaits in the try may raise a TimeoutError";
  if (awaits.count != 1 || !tree_is(&module->tree, awaits.items[0], KIND_AWAIT)) return NODE_NONE;
  Node call = tree_first(&module->tree, awaits.items[0]);
  *why = "what is awaited here is no asyncio.wait with a timeout";
  if (!tree_is(&module->tree, call, KIND_CALL) || !wait_of(module, call, &wait) || !wait.has_timeout)
    return NODE_NONE;
  *why = NULL;
  if (first_that_raises(module, body, is_harmless) == NODE_NONE) return call;
  *why = "something else in the try may raise a TimeoutError";
  return NODE_NONE;
}

static void check(Context *cx, Node clause) {
  Module *module = cx->module;
  Caught caught = caught_by(module, clause);
  if (!caught.timeout && !caught.asyncio_timeout && !caught.futures_timeout) return;
  Node try_statement = tree_parent(&module->tree, clause);
  Reason why = NULL;
  Node call = only_wait(module, try_body(module, try_statement), &why);
  if (stays_quiet(cx, clause, why) || call == NODE_NONE) return;

  Node type = caught.asyncio_timeout ? caught.asyncio_timeout_type : caught.timeout_type;
  Finding *finding =
    report(cx, type, "this handler never runs: asyncio.wait raises nothing when its time is up");
  add_note(cx, finding, call, "returns, with the unfinished tasks in `pending`");
  add_help(cx, finding, "look at `pending` after the wait, or use asyncio.timeout or wait_for");
}

const Rule rule_wait_never_times_out = {
  .code = "AWR211",
  .name = "wait-never-times-out",
  .summary = "A handler for TimeoutError around asyncio.wait never runs",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "wait" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check) },
};
