/*
# A coroutine is returned where its result is meant

`return call()` instead of `return await call()`: the coroutine leaves the function before it has
started.

## What happens at run time

In an `async def`, whoever awaits the function gets a coroutine object instead of the result;
nothing runs until somebody awaits a second time, which nobody does. Inside a `try` or `with` there
is more to it: the block is left when the coroutine is handed out, so the handlers never see its
failures, the lock is free and the timeout is over before the work begins.

## Use instead

```python
async def balance_of(ledger, account):
    try:
        return await ledger.balance(account)
    except LedgerError:
        return 0
```

## When not to worry

A function that is annotated to give an awaitable, functions with a decorator that awry does not
know, a plain `def` that returns a coroutine outside of a `try`, and handlers for what the call
itself can raise (`TypeError`) stay silent. A gather or shield is a future that runs already: it counts
in a `try` only, where its failure is missed.

## Fix

Unsafe: inserts `await`. The work is then done here, inside the block.

## Measured

The 1 finding in 51 repositories was read: it was a bug.

Known to miss: coroutines inside a tuple, list or dictionary that is returned; methods of objects
whose class awry cannot tell; a plain function that returns from a `with`.

## Source

Python reference, "Coroutines": calling a coroutine function returns a coroutine object, and its
body has not run yet.
*/
#include "lint/rule.h"
#include "python/coroutine_call.h"

static void report_guarded(Context *cx, Node call, const ReturnedCoroutine *returned) {
  bool is_try = tree_is(&cx->module->tree, returned->guard, KIND_TRY_STATEMENT);
  const char *format = is_try
    ? "`%.*s` is returned without await: its failures come after this `try` is over, and no "
      "handler sees them"
    : "`%.*s` is returned without await: it runs after this `with` block has been left";
  Finding *finding = report(cx, call, format, STR_ARGS(returned->name));
  add_note(
    cx,
    finding,
    returned->guard,
    is_try ? "left before the coroutine fails" : "left before the coroutine runs"
  );
  if (!returned->in_coroutine) {
    add_help(
      cx,
      finding,
      "make this function async and await the call, or handle the failure where it is awaited"
    );
    return;
  }
  add_help(cx, finding, "await it before returning");
  add_fix(cx, finding, FIX_UNSAFE, "Await it");
  fix_await(cx, finding, call, call);
}

static void check(Context *cx, Node call) {
  ReturnedCoroutine returned;
  Reason why = NULL;
  if (!returned_coroutine(cx->module, call, &returned, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  if (returned.guard != NODE_NONE) {
    report_guarded(cx, call, &returned);
    return;
  }
  Finding *finding = report(
    cx,
    call,
    "whoever awaits this function gets the coroutine `%.*s`, not its result: it is returned "
    "without await",
    STR_ARGS(returned.name)
  );
  add_help(cx, finding, "await it before returning");
  add_fix(cx, finding, FIX_UNSAFE, "Await it");
  fix_await(cx, finding, call, call);
}

const Rule rule_coroutine_returned_from_try = {
  .code = "AWR306",
  .name = "coroutine-returned-from-try",
  .summary = "A coroutine is returned without await: its caller gets no result, and no handler "
             "sees its failure",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "return" },
  .on = { ON_NODE(KIND_CALL, check) },
};
