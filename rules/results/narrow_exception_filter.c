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

## Measured

Of 20 findings in 14 repositories that were read, none were bugs, 20 debatable and none wrong. There
are 42 in 15 of 51 repositories.

Known to miss: results that a function returns and its caller tests; results that an attribute
keeps; failures told apart by the name of their class.

## Source

Python documentation, asyncio exceptions: CancelledError is a subclass of BaseException since 3.8.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/narrow_check.h"
#include "python/work.h"

static Str tested_name(Module *module, const NarrowCheck *narrow) {
  Node tested = tree_is(&module->tree, narrow->test, KIND_CALL)
    ? call_positional(module, narrow->test, 0)
    : NODE_NONE;
  return tested == NODE_NONE ? STR_EMPTY : tree_text(&module->tree, tested);
}

/* `if not isinstance(r, Exception) and "x" in r: … elif not isinstance(r, Exception): …` */
static bool is_same_choice(const Tree *tree, Node first, Node second) {
  Node choice = tree_ancestor(tree, first, KIND_IF_STATEMENT);
  return choice != NODE_NONE && choice == tree_ancestor(tree, second, KIND_IF_STATEMENT);
}

/* An earlier test of the same result, behind which a CancelledError already fails as the value that it is not. */
static bool fails_before(Module *module, const NarrowChecks *checks, uint32_t index) {
  Str name = tested_name(module, &checks->items[index]);
  for (uint32_t i = 0; i < checks->count && name.len > 0; i++) {
    const NarrowCheck *other = &checks->items[i];
    Node test = checks->items[index].test;
    bool is_told =
      other->value_use != NODE_NONE || is_same_choice(&module->tree, other->test, test);
    if (other->test < test && is_told && str_equal(tested_name(module, other), name)) return true;
  }
  return false;
}

static void check(Context *cx, Node awaited) {
  Reason why = NULL;
  NarrowChecks checks = narrow_checks_of(cx->module, awaited, &why);
  if (checks.count > 0 && is_cancelled_before(cx->module, awaited))
    why = "the children were cancelled just before: their CancelledError is left out on purpose";
  if (stays_quiet(cx, awaited, why)) return;
  for (uint32_t i = 0; i < checks.count; i++) {
    const NarrowCheck *narrow = &checks.items[i];
    bool is_used = narrow->value_use != NODE_NONE;
    if (is_used && stays_quiet(cx, narrow->type, "narrow-exception-check tells of this test"))
      continue;
    if (fails_before(cx->module, &checks, i) && stays_quiet(cx, narrow->type, "an earlier test of the same result tells of it"))
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
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
