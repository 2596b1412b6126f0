/*
# A gathered CancelledError is missing from the errors

An element of `gather(..., return_exceptions=True)` is tested with `isinstance(x, Exception)` to collect, count or log the
failures.

## What happens at run time

A cancelled child puts a `CancelledError` object into the list, which is no `Exception` since Python 3.8: it is neither logged nor
counted, and the work that it stands for looks done.

## Use instead

```python
async def sync_all(peers):
    results = await asyncio.gather(*(sync(p) for p in peers), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            logger.warning("sync failed: %r", result)
```

## When not to worry

Where children are never cancelled one by one, nothing gets lost; that is why the rule is opt-in. Where the element is used as a value on
the other branch, narrow-exception-check reports it.

## Fix

Unsafe: tests for `BaseException`.

## Source

Python documentation, asyncio exceptions: CancelledError is a subclass of BaseException since 3.8.
*/
#include "lint/rule.h"
#include "python/narrow_check.h"

static void check(Context *cx, Node awaited) {
  Reason why = NULL;
  NarrowChecks checks = narrow_checks_of(cx->module, awaited, &why);
  stays_quiet(cx, awaited, why);
  for (uint32_t i = 0; i < checks.count; i++) {
    const NarrowCheck *narrow = &checks.items[i];
    bool is_used = narrow->value_use != NODE_NONE;
    if (is_used && stays_quiet(cx, narrow->type, "narrow-exception-check tells of this test"))
      continue;
    Finding *finding = report(
      cx,
      narrow->type,
      "a cancelled child is not among these errors: CancelledError is no Exception"
    );
    add_note(
      cx, finding, narrow->gather, "a cancelled child puts a CancelledError object into the list"
    );
    add_help(cx, finding, "test for BaseException");
    add_fix(cx, finding, FIX_UNSAFE, "Test for BaseException");
    fix_replace(cx, finding, narrow->type, "BaseException");
  }
}

const Rule rule_narrow_exception_filter = {
  .code = "AWR214",
  .name = "narrow-exception-filter",
  .summary = "isinstance(x, Exception) misses a gathered CancelledError among the errors",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .fix = FIX_UNSAFE,
  .min_minor = 8,
  .words = { "return_exceptions" },
  .on = { ON_NODE(KIND_AWAIT, check) },
};
