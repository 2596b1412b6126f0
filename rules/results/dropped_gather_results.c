/*
# Exceptions of gathered work vanish without a trace

`gather(..., return_exceptions=True)` runs work that starts here, and nobody looks at the list that it returns.

## What happens at run time

With `return_exceptions=True` a failure becomes an element of the result list. When the list is dropped, the failure is gone:
gather has retrieved every exception already, so not even "Task exception was never retrieved" is logged. The program
goes on as if all the work had been done.

## Use instead

Look at the results, or leave the flag out and let the first failure raise:

```python
async def store_all(documents):
    results = await asyncio.gather(*(store(d) for d in documents), return_exceptions=True)
    for document, result in zip(documents, results):
        if isinstance(result, BaseException):
            logger.error("cannot store %s", document, exc_info=result)
```

## When not to worry

Draining tasks that were just cancelled, closing many things at once, waiting for tasks that are owned elsewhere and report for
themselves, callees that catch and log their own errors or cannot fail, tasks with a done callback or that are inspected
later stay silent.

## Fix

Unsafe: binds the results and raises the first exception among them.

## Measured

Of 6 findings in 3 repositories that were read, all there are, 2 were bugs, 4 debatable and none
wrong.

Known to miss: results that only serve to be counted, logged or filtered; results that are returned
and dropped by the caller, or kept in an attribute that nobody reads; a flag that comes from a
variable or a dictionary (`**options`).

## Source

CPython, Lib/asyncio/tasks.py, gather: the children's exceptions are retrieved when `return_exceptions` is set. Behaviour
executed on 3.8 to 3.13.
*/
#include "lint/rule.h"
#include "python/answer.h"
#include "python/kernel.h"
#include "python/use.h"

/* The value of the awaited gather goes nowhere: a statement of its own, `_`, or a name that nobody reads, unless it is left to the user of
   a notebook. */
static bool is_dropped(Module *module, Node awaited) {
  Uses uses = uses_of(module, awaited);
  if (uses.count == 0 && runs_in_kernel(module, awaited)) return false;
  for (uint32_t i = 0; i < uses.count; i++) {
    if (uses.items[i].kind != USE_DROPPED && uses.items[i].kind != USE_DELETED) return false;
  }
  return true;
}

static void offer_fix(Context *cx, Finding *finding, Node awaited) {
  const Tree *tree = &cx->module->tree;
  Node statement = tree_parent(tree, awaited);
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return;
  if (scopes_lookup(&cx->module->scopes, cx->module->scopes.scope_of[awaited], STR("results")) != BINDING_NONE) {
    return;
  }
  add_fix(cx, finding, FIX_UNSAFE, "Raise the first exception among the results");
  fix_assign(cx, finding, statement, "results");
  fix_add_statement_after(
    cx,
    finding,
    statement,
    "for result in results:\n    if isinstance(result, BaseException):\n        raise result"
  );
}

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Node call = awaited_gather(module, awaited);
  Gather gather;
  if (call == NODE_NONE || !gather_of(module, call, &gather)) return;
  Reason why = NULL;
  if (!gather.collects_exceptions)
    why = "without return_exceptions=True the first failure is raised";
  else if (!is_dropped(module, awaited)) why = "the results are used";
  else failures_are_lost(module, call, &gather.awaitables, &why);
  if (stays_quiet(cx, call, why)) return;

  Finding *finding = report(
    cx,
    call,
    "a failure of the gathered work vanishes without a trace: return_exceptions=True, and nobody "
    "reads the results"
  );
  for (uint32_t i = 0; i < gather.awaitables.count && i < 1; i++) {
    add_note(
      cx, finding, gather.awaitables.items[i], "a failure here becomes an element of the list"
    );
  }
  add_help(
    cx,
    finding,
    "look at the results, or leave return_exceptions out so that the first failure raises"
  );
  offer_fix(cx, finding, awaited);
}

const Rule rule_dropped_gather_results = {
  .code = "AWR201",
  .name = "dropped-gather-results",
  .summary = "Exceptions collected by gather(return_exceptions=True) are never looked at",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "return_exceptions" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
