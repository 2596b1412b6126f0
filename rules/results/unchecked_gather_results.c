/*
# An exception object is used as a result

An element of `gather(..., return_exceptions=True)` is used as a value although nothing ever tests whether it is an exception.

## What happens at run time

A failed child leaves its exception object in the list. Using it as a result raises an unrelated `TypeError` or `AttributeError` far
from the cause, or, worse, stores, sends or adds up the exception as if it were data.

## Use instead

```python
async def totals(accounts):
    results = await asyncio.gather(*(balance(a) for a in accounts), return_exceptions=True)
    return sum(r for r in results if not isinstance(r, BaseException))
```

## When not to worry

Any test of the element (isinstance, truthiness, a comparison, `match`), a test of the collection as a whole, a helper that gets
the whole list, and children that answer for their own errors keep the rule silent.

## Measured

Of 6 findings in 1 repository that were read, all there are, 6 were bugs, none debatable and none
wrong.

Known to miss: results that are returned to, or used by, another function; results that an attribute
keeps; a test of the whole list that changes nothing; elements that are serialised as they are.

## Source

Python documentation, asyncio.gather: with return_exceptions, exceptions are treated the same as successful results, and
aggregated in the result list.
*/
#include "lint/rule.h"
#include "python/answer.h"
#include "python/element.h"

/* Somebody else gets the whole list and may look at it. */
static bool is_handed_over(Module *module, Node awaited) {
  Uses uses = uses_of(module, awaited);
  return uses_have(&uses, USE_ARGUMENT) || uses_have(&uses, USE_CAPTURED) ||
    uses_have(&uses, USE_TESTED) || uses_have(&uses, USE_COMPARED);
}

static bool is_unpacked(const Module *module, Element element) {
  return tree_is(&module->tree, element.origin, KIND_TUPLE_PATTERN) ||
    tree_is(&module->tree, element.origin, KIND_LIST_PATTERN);
}

/* One loop that tests the elements answers for the other loops over the same list. */
static bool some_loop_tests(Module *module, const Elements *elements) {
  for (uint32_t i = 0; i < elements->count; i++) {
    if (is_unpacked(module, elements->items[i])) continue;
    if (element_tests(module, elements->items[i]).count > 0) return true;
  }
  return false;
}

static Reason harmless(Module *module, Node awaited, const Gather *gather) {
  if (!gather->collects_exceptions)
    return "without return_exceptions=True the first failure is raised";
  if (unanswered_count(module, &gather->awaitables) == 0)
    return "what is gathered handles its own errors, or cannot fail";
  if (is_handed_over(module, awaited)) return "the whole list goes to code that may test it";
  return NULL;
}

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Node call = awaited_gather(module, awaited);
  Gather gather;
  if (call == NODE_NONE || !gather_of(module, call, &gather)) return;
  if (stays_quiet(cx, call, harmless(module, awaited, &gather))) return;

  Elements elements = elements_from(module, awaited);
  bool is_tested = some_loop_tests(module, &elements);
  for (uint32_t i = 0; i < elements.count; i++) {
    Element element = elements.items[i];
    bool is_answered =
      (is_tested && !is_unpacked(module, element)) || element_tests(module, element).count > 0;
    if (is_answered && stays_quiet(cx, element.node, "the results are tested before they are used"))
      continue;
    Node use = element_value_use(module, element, NODE_NONE);
    if (use == NODE_NONE && stays_quiet(cx, element.node, "nothing here needs this to be a value"))
      continue;
    Str name = shown(cx, element.node);
    Finding *finding = report(
      cx,
      use,
      "`%.*s` may be an exception object here: a failed child leaves its exception in the results",
      STR_ARGS(name)
    );
    add_note(cx, finding, call, "return_exceptions=True turns failures into elements");
    add_help(cx, finding, "test isinstance(%.*s, BaseException) first", STR_ARGS(name));
  }
}

const Rule rule_unchecked_gather_results = {
  .code = "AWR202",
  .name = "unchecked-gather-results",
  .summary = "A result of gather(return_exceptions=True) is used without a test for exceptions",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "return_exceptions" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
