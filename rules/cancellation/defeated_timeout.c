/*
# A timeout is lost with the cancellation that it sends

A handler takes the `CancelledError` by which a timeout ends the code that it limits: inside the body of
`asyncio.timeout()` or of a timeout of async_timeout or anyio, or in a coroutine that the project gives to
`asyncio.wait_for`.

## What happens at run time

A timeout cannot stop code. It cancels the task and turns the `CancelledError` that comes out into a `TimeoutError`.
If a handler takes it and ends normally, nothing comes out:

- the block of `asyncio.timeout()` or `async_timeout.timeout()` is left as if the work had been done in time; whatever
  follows in the block runs with no limit at all;
- `wait_for` returns what the coroutine returns, `None` as a rule. (Python 3.7 and 3.8 raise `TimeoutError` all the same,
  once the coroutine has ended.)
- `anyio.fail_after()` cancels again at the next await of its block; it is lost if there is none.

Nobody sees that the time was up.

## Use instead

```python
async def fetch_quote(client):
    try:
        return await client.get("/quote")
    except asyncio.CancelledError:
        client.drop_connection()
        raise
```

## When not to worry

Silent are timeouts that nobody would miss (`except TimeoutError: pass` around nothing else, a limit of `None`),
a block that asks its timeout with `expired()` afterwards, tasks that were cancelled before the wait, generators, and
closing code. Handlers that swallowed-cancellation reports are reported there only, with a note on the timeout.

## Fix

Unsafe: appends `raise` to the handler, or takes `CancelledError` out of a list with other errors.
None is offered where code behind the `try` wakes others or closes something.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: handlers for which awry cannot tell that the timeout's cancellation arrives there;
tasks that an attribute keeps for the wait; coroutines that the limited one awaits.

## Source

Python documentation, asyncio.timeout: the context manager transforms the CancelledError into a TimeoutError, which can
only be caught outside of it. What is lost was executed on 3.7 to 3.13, with async_timeout 4 and anyio 4 on 3.11.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/deadline.h"
#include "python/raise_skips.h"
#include "python/swallow.h"

static void tell_of_caller(Context *cx, Finding *finding, const Deadline *deadline) {
  const char *format = "`%.*s` cancels this coroutine when the time is up";
  if (!str_equal(deadline->path, cx->module->source->path)) {
    add_note_elsewhere(
      cx, finding, deadline->path, deadline->position, format, STR_ARGS(deadline->name)
    );
    return;
  }
  uint32_t offset = source_offset(cx->module->source, deadline->position);
  Node call = tree_ancestor(&cx->module->tree, tree_at(&cx->module->tree, offset), KIND_CALL);
  add_note(cx, finding, call == NODE_NONE ? 0 : call, format, STR_ARGS(deadline->name));
}

static void offer_fix(Context *cx, Finding *finding, Node handler, const Caught *caught) {
  Module *module = cx->module;
  if (caught->body == NODE_NONE) {
    add_help(cx, finding, "let it out: suppress only what the block itself cancelled");
    return;
  }
  if (skipped_by_raise(module, handler) != NODE_NONE) {
    add_help(cx, finding, RAISE_SKIPS_HELP);
    return;
  }
  if (is_listed_with_others(module, caught, caught->cancelled_type)) {
    add_help(cx, finding, "take it out of the list: the handler is for the other errors");
    add_fix(cx, finding, FIX_UNSAFE, "Let the cancellation pass");
    fix_remove_item(cx, finding, caught->cancelled_type);
    return;
  }
  add_help(cx, finding, "raise it again after the last words");
  if (lists_ordinary_errors(caught) || outcome_of(module, caught->body) != OUTCOME_FALLS) return;
  add_fix(cx, finding, FIX_UNSAFE, "Raise the cancellation again");
  fix_append_statement(cx, finding, caught->body, "raise");
}

static void check(Context *cx, Node handler) {
  Module *module = cx->module;
  Reason why = NULL, kept = NULL;
  bool is_lost = swallow_of(module, handler, &why) == SWALLOW_OF_TIMEOUT;
  Node timeout = deadline_around(module, guarded_statement(module, handler), &kept);
  if (!is_lost) {
    stays_quiet(cx, handler, kept != NULL ? kept : why);
    return;
  }

  Caught caught = caught_in(module, handler);
  Deadline deadline;
  Finding *finding = report(
    cx,
    caught.cancelled_type,
    timeout != NODE_NONE
      ? "the timeout is lost: when the time is up, the block ends here as if the work were done"
      : "the timeout is lost: when the time is up, whoever waits gets an ordinary result"
  );
  if (timeout != NODE_NONE) {
    add_note(cx, finding, timeout, "this timeout cancels what its block does");
  } else if (deadline_of_function(module, module_function_of(module, handler), &deadline)) {
    tell_of_caller(cx, finding, &deadline);
  }
  Nodes awaits = suspensions_in(module, guarded_block(module, handler));
  if (awaits.count > 0) add_note(cx, finding, awaits.items[0], "the cancellation arrives here");
  offer_fix(cx, finding, handler, &caught);
}

const Rule rule_defeated_timeout = {
  .code = "AWR112",
  .name = "defeated-timeout",
  .summary = "A handler takes the cancellation of a timeout: nobody sees that the time was up",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "CancelledError", "get_cancelled_exc_class" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check), ON_NODE(KIND_WITH_ITEM, check) },
};
