/*
# Clean-up that a cancellation skips

`except Exception:` releases something and raises again, or starts over; nothing releases it when
the task is cancelled. Reported as well is a handler for `Exception` that asks whether it caught a
`CancelledError`, and does something about it: it never did.

## What happens at run time

Since Python 3.8 `CancelledError` is no `Exception`. When the task is cancelled at the await inside
the `try` (a timeout, a client that went away, a shutdown), the handler does not run: the connection
stays open, the slot stays taken, the process lives on, and who waits for the future without a
timeout waits for ever.

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
(`__anext__`), and wrappers that call one function as a whole stay silent. So do releases that cost
nothing when they are skipped: nothing has been taken yet at any await, only a thread works in the
`try` (it goes on, so releasing what it works on would be the fault), closing the object completes
the future, the object closes itself in the middle of its work, a loop exchanges what was there
before it for the next try, or the function runs behind `shield` only.

## Fix

Unsafe, where the handler ends with a bare `raise`: catches `BaseException`.

## Measured

Of 75 findings in 23 repositories that were read, all there are, 43 were bugs, 30 debatable and 2
wrong.

Known to miss: resources that no `try` guards at all; flags and counters that the handler resets;
clean-up in a method whose name does not say so; handlers that return in place of raising, and those
that name narrower errors (`except OSError`).

## Source

Python documentation, asyncio exceptions: CancelledError is a subclass of BaseException since 3.8.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/skipped_cleanup.h"

static bool ends_in_bare_raise(const Tree *tree, Node body) {
  Node last = tree_last_child(tree, body);
  return tree_is(tree, last, KIND_RAISE_STATEMENT) && tree_first(tree, last) == NODE_NONE;
}

/* What the handler would release has been taken by the time of the last await, if not before. */
static void add_arrival(Context *cx, Finding *finding, Node clause) {
  Nodes awaits = suspensions_in(cx->module, guarded_block(cx->module, clause));
  if (awaits.count > 0) add_note(cx, finding, vec_last(&awaits), "a cancellation arrives here");
}

static void check_test(Context *cx, Node clause, Reason why_no_cleanup) {
  Node test = dead_cancellation_test(cx->module, clause);
  if (test == NODE_NONE) {
    stays_quiet(cx, clause, why_no_cleanup);
    return;
  }
  Finding *finding = report(
    cx, test, "never true: CancelledError is no Exception, and a cancellation skips this handler"
  );
  add_arrival(cx, finding, clause);
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
  Finding *finding = report(
    cx,
    caught.exception_type,
    "%s",
    release.is_future ? "a cancellation skips this handler, and the future is never resolved"
                      : "a cancellation skips this clean-up: CancelledError is no Exception"
  );
  add_arrival(cx, finding, clause);
  add_note(cx, finding, release.call, "not run then");
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
