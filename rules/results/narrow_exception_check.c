/*
# A gathered CancelledError passes the check for exceptions

An element of `gather(..., return_exceptions=True)` is tested with `isinstance(x, Exception)`, and where the test is false the
element is used as a value.

## What happens at run time

A child that is cancelled puts a `CancelledError` object into the list. Since Python 3.8 that is a `BaseException` but not an
`Exception`: the test says "no exception", and the error object is counted, stored, subscripted or unpacked as a result.

## Use instead

```python
async def prices(markets):
    results = await asyncio.gather(*(price(m) for m in markets), return_exceptions=True)
    return [r for r in results if not isinstance(r, BaseException)]
```

## When not to worry

Elements that are tested for `BaseException` or `CancelledError` as well, before or after, or for the type of a success on the same
path, stay silent. Checks whose elements are only collected, counted or logged are the business of narrow-exception-filter.

## Fix

Unsafe: tests for `BaseException`. A cancelled child then takes the branch of the failures.

## Measured

Of 35 findings in 7 repositories that were read, all there are, 1 was a bug, 34 debatable and none
wrong.

Known to miss: results that a function returns and its caller tests; results that an attribute
keeps; tests for narrower classes (`ValueError`) and tests of the class by its name.

## Source

Python documentation, asyncio exceptions: CancelledError is a subclass of BaseException since 3.8. typeshed types the elements
of gather(return_exceptions=True) as `T | BaseException`.
*/
#include "lint/rule.h"
#include "python/narrow_check.h"

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Reason why = NULL;
  NarrowChecks checks = narrow_checks_of(module, awaited, &why);
  stays_quiet(cx, awaited, why);
  for (uint32_t i = 0; i < checks.count; i++) {
    const NarrowCheck *narrow = &checks.items[i];
    bool is_used = narrow->value_use != NODE_NONE;
    if (!is_used && stays_quiet(cx, narrow->type, "what passes this test is not used as a value"))
      continue;
    Finding *finding = report(
      cx,
      narrow->type,
      "a CancelledError among the results passes this check and is used as a value"
    );
    add_note(
      cx, finding, narrow->gather, "a cancelled child puts a CancelledError object into the list"
    );
    add_note(cx, finding, narrow->value_use, "used as a value here");
    add_help(cx, finding, "test for BaseException");
    add_fix(cx, finding, FIX_UNSAFE, "Test for BaseException");
    fix_replace(cx, finding, narrow->type, "BaseException");
  }
}

const Rule rule_narrow_exception_check = {
  .code = "AWR203",
  .name = "narrow-exception-check",
  .summary = "isinstance(x, Exception) lets a gathered CancelledError pass as a value",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .min_minor = 8,
  .words = { "return_exceptions" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
