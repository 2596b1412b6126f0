/*
# Results are tested for exceptions that cannot be there

Elements of a `gather` are tested for being exceptions, but the call lacks `return_exceptions=True`; or a loop over the results tests
the wrong variable, a whole list in place of its element.

## What happens at run time

Without the flag, gather raises the first failure at the `await`: the test after it is never true, the branch that was meant
to deal with failures never runs, and the results of the children that succeeded are lost. The siblings run on unobserved. A
list is never an exception: with the wrong variable every failure is passed over.

## Use instead

```python
async def sizes(paths):
    results = await asyncio.gather(*(size(p) for p in paths), return_exceptions=True)
    return [r for r in results if not isinstance(r, BaseException)]
```

## When not to worry

Coroutines that return exception objects as values, and coroutines that awry cannot resolve, stay silent.

## Fix

Unsafe: adds `return_exceptions=True`.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: tasks that are awaited one by one and then tested; results that another function of
the project returns; methods of objects whose class awry does not know.

## Source

Python documentation, asyncio.gather, return_exceptions.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/narrow_check.h"

/* Every child is known, and none returns an exception as its value. */
static bool children_only_raise(Module *module, const Gather *gather) {
  if (!gather->is_complete || gather->awaitables.count == 0) return false;
  for (uint32_t i = 0; i < gather->awaitables.count; i++) {
    Node call = gather->awaitables.items[i];
    if (!tree_is(&module->tree, call, KIND_CALL)) return false;
    Callee callee = callee_of(module, call);
    if (callee.is_library_coroutine) continue;
    if (!callee.function || (callee.function->facts & (FACT_RETURNS_EXCEPTION | FACT_STUB | FACT_OPAQUE))) {
      return false;
    }
  }
  return true;
}

static bool asks_for_exception(Check check) {
  return check == CHECK_EXCEPTION || check == CHECK_BASE_EXCEPTION || check == CHECK_CANCELLED;
}

static void check_variable(Context *cx, Node awaited, Node call) {
  Module *module = cx->module;
  Elements elements = elements_from(module, awaited);
  for (uint32_t i = 0; i < elements.count; i++) {
    Node test = mistaken_check(module, elements.items[i]);
    if (test == NODE_NONE) continue;
    Str tested = shown(cx, call_positional(module, test, 0)),
        element = shown(cx, elements.items[i].node);
    Finding *finding = report(
      cx,
      test,
      "never true: `%.*s` is a collection, so every failure is passed over",
      STR_ARGS(tested)
    );
    add_note(cx, finding, elements.items[i].node, "the result, which may be an exception");
    add_help(cx, finding, "test `%.*s`", STR_ARGS(element));
    return;
  }
  stays_quiet(cx, call, "with return_exceptions the failures are among the results");
}

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Node call = awaited_gather(module, awaited);
  Gather gather;
  if (call == NODE_NONE || !gather_of(module, call, &gather)) return;
  if (gather.may_collect) {
    check_variable(cx, awaited, call);
    return;
  }
  bool may_return = !children_only_raise(module, &gather);
  if (may_return && stays_quiet(cx, call, "a child may return an exception as its value")) return;

  Elements elements = elements_from(module, awaited);
  for (uint32_t i = 0; i < elements.count; i++) {
    ElementTests tests = element_tests(module, elements.items[i]);
    for (uint32_t k = 0; k < tests.count; k++) {
      if (!asks_for_exception(tests.items[k].check)) continue;
      Finding *finding = report(
        cx,
        tests.items[k].test,
        "never true: without return_exceptions=True the first failure raises at the await"
      );
      add_note(cx, finding, call, "raises the first failure; the other children run on");
      add_help(cx, finding, "pass return_exceptions=True, or handle the failure around the await");
      add_fix(cx, finding, FIX_UNSAFE, "Pass return_exceptions=True");
      fix_add_argument(cx, finding, call, "return_exceptions=True");
      return;
    }
  }
  stays_quiet(cx, call, "no result is tested for being an exception");
}

const Rule rule_dead_exception_check = {
  .code = "AWR205",
  .name = "dead-exception-check",
  .summary = "Results of a gather without return_exceptions are tested for exceptions",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "gather" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
