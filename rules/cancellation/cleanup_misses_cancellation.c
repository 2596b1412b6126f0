/*
# Clean-up that a cancellation skips

`except Exception:` releases something and raises again, or starts over; nothing releases it when
the task is cancelled. Reported as well is a handler for `Exception` that asks whether it caught a
`CancelledError`: it never did.

## What happens at run time

Since Python 3.8 `CancelledError` is no `Exception`. When the task is cancelled at the await inside
the `try` (a timeout, a client that went away, a shutdown), the handler does not run: the connection
stays open, the slot stays taken, the process lives on, and whoever waits for the future waits for
ever.

## Use instead

```python
async def connect(address):
    link = await open_link(address)
    try:
        await link.handshake()
    except BaseException:
        link.close()
        raise
    return link
```

## When not to worry

Roll-backs of transactions whose session is closed anyway, releases that a `finally` or a handler
for `BaseException` does as well, `async with` targets, entries of registries, steps of an iterator
(`__anext__`), and wrappers that call one function as a whole stay silent.

## Fix

Unsafe, where the handler ends with a bare `raise`: catches `BaseException`.

## Source

Python documentation, asyncio exceptions: CancelledError is a subclass of BaseException since 3.8.
*/
#include "lint/rule.h"
#include "python/skipped_cleanup.h"

static bool ends_in_bare_raise(const Tree *tree, Node body) {
  Node last = tree_last_child(tree, body);
  return tree_is(tree, last, KIND_RAISE_STATEMENT) && tree_first(tree, last) == NODE_NONE;
}

static Finding *report_skipped(Context *cx, Node clause, const char *message) {
  Finding *finding = report(cx, caught_by(cx->module, clause).exception_type, "%s", message);
  Nodes awaits = suspensions_in(cx->module, guarded_block(cx->module, clause));
  if (awaits.count > 0) add_note(cx, finding, awaits.items[0], "a cancellation arrives here");
  return finding;
}

static void check_test(Context *cx, Node clause, Reason why_no_cleanup) {
  Node test = dead_cancellation_test(cx->module, clause);
  if (test == NODE_NONE) {
    stays_quiet(cx, clause, why_no_cleanup);
    return;
  }
  Finding *finding = report_skipped(
    cx,
    clause,
    "a cancellation skips this handler, although it tests for one: CancelledError is no Exception"
  );
  add_note(cx, finding, test, "never true");
  add_help(cx, finding, "give CancelledError a clause of its own, which raises it again");
}

static void check(Context *cx, Node clause) {
  Module *module = cx->module;
  Release release;
  Reason why = NULL;
  if (!skips_cleanup(module, clause, &release, &why)) {
    check_test(cx, clause, why);
    return;
  }

  Caught caught = caught_by(module, clause);
  Finding *finding = report_skipped(
    cx,
    clause,
    release.is_future
      ? "a cancellation skips this handler, and whoever waits for the future waits for ever"
      : "a cancellation skips this clean-up: CancelledError is no Exception"
  );
  add_note(cx, finding, release.call, release.is_future ? "not reached then" : "not released then");
  add_help(cx, finding, "catch BaseException and raise again, or release in `finally`");
  if (!ends_in_bare_raise(&module->tree, caught.body)) return;
  add_fix(cx, finding, FIX_UNSAFE, "Catch BaseException");
  fix_replace(cx, finding, caught.exception_type, "BaseException");
}

const Rule rule_cleanup_misses_cancellation = {
  .code = "AWR103",
  .name = "cleanup-misses-cancellation",
  .summary = "Clean-up in except Exception does not run when the task is cancelled",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .min_minor = 8,
  .words = { "Exception" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check) },
};
