/*
# The handler names the other CancelledError

asyncio and concurrent.futures have a `CancelledError` each. The handler names one, and what stands in the `try` raises the
other.

## What happens at run time

Since Python 3.8 the two classes have nothing in common. `await` and asyncio's tasks raise `asyncio.CancelledError`;
`result()` of a future that belongs to a thread (`run_coroutine_threadsafe`, `executor.submit`) raises
`concurrent.futures.CancelledError`. The handler does not run, and the cancellation leaves the function: a cleanup loop
stops at the first task, a reaper loses track of the task that it was about to drop.

## Use instead

```python
async def stop(task):
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
```

## When not to worry

Handlers that name both classes, a handler for the right one beside, and a `try` that asks futures of both kinds, or of a kind
that awry cannot tell, stay silent.

## Fix

Safe: names the class that comes, and imports its module where that is missing.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: `suppress` with the wrong class; tests with `isinstance`; futures that come as a
parameter without annotation, or whose `result()` another function asks for.

## Source

Python documentation, "What's New In Python 3.8": asyncio.CancelledError inherits from BaseException and is no longer
concurrent.futures.CancelledError. Executed on 3.7, 3.8 and 3.13.
*/
#include "lint/rule.h"
#include "python/future_error.h"

static bool is_taken_beside(Module *module, Node try_statement) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught.base_exception || caught.is_bare || (caught.cancelled && caught.foreign_cancelled))
      return true;
  }
  return false;
}

static bool is_named_beside(Module *module, Node try_statement, bool foreign) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (foreign ? caught.foreign_cancelled || caught.exception : caught.cancelled) return true;
  }
  return false;
}

static void report_class(Context *cx, Node type, Node place, const char *raised) {
  Finding *finding =
    report(cx, type, "never catches the cancellation: what comes is %s.CancelledError", raised);
  add_note(cx, finding, place, "raises %s.CancelledError", raised);
  add_help(
    cx, finding, "catch %s.CancelledError: since Python 3.8 the two are different classes", raised
  );
  add_fix(cx, finding, FIX_SAFE, "Catch %s.CancelledError", raised);
  Str name = fix_module(cx, finding, type, raised);
  fix_replace(cx, finding, type, "%.*s.CancelledError", STR_ARGS(name));
}

/* Why the cancellation that can come is caught all the same, or may be the one that the clause names. */
static Reason caught_anyway(
  Module *module, Node try_statement, const Caught *caught, const FutureErrors *errors
) {
  bool is_foreign = caught->foreign_cancelled;
  if (is_taken_beside(module, try_statement)) return "a clause of this try catches both classes";
  if (errors->unknown) return "it is not known whose the future is that is asked for its result";
  if ((is_foreign ? errors->asyncio : errors->thread) == NODE_NONE)
    return "nothing in this try raises the other class";
  if ((is_foreign ? errors->thread : errors->asyncio) != NODE_NONE)
    return "something in this try raises the class that the clause names";
  if (is_named_beside(module, try_statement, !is_foreign))
    return "another clause of this try catches the other class";
  return NULL;
}

static void check(Context *cx, Node clause) {
  Module *module = cx->module;
  Caught caught = caught_by(module, clause);
  if (caught.foreign_cancelled == caught.cancelled) return;
  Node try_statement = tree_parent(&module->tree, clause);
  FutureErrors errors = future_errors_in(module, try_statement);
  if (stays_quiet(cx, clause, caught_anyway(module, try_statement, &caught, &errors))) return;

  if (caught.foreign_cancelled) {
    report_class(cx, caught.foreign_type, errors.asyncio, "asyncio");
  } else {
    report_class(cx, caught.cancelled_type, errors.thread, "concurrent.futures");
  }
}

const Rule rule_wrong_cancelled_error = {
  .code = "AWR110",
  .name = "wrong-cancelled-error",
  .summary =
    "The handler names the CancelledError of concurrent.futures for asyncio's, or the reverse",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_SAFE,
  .is_default = true,
  .min_minor = 8,
  .words = { "CancelledError" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check) },
};
