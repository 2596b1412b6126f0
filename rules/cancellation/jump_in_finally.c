/*
# A jump out of finally discards the cancellation

`return`, `break` or `continue` leaves a `finally` block in a coroutine.

## What happens at run time

A `finally` runs while an exception is on its way, a `CancelledError` among others. A jump out of
the block drops that exception: the task that was cancelled goes on or ends as if it had finished,
an error disappears without a log entry. Since Python 3.14 the compiler warns of it.

## Use instead

```python
async def handle(request):
    response = None
    try:
        response = await process(request)
    except ValueError as error:
        response = failure(error)
    finally:
        request.release()
    return response
```

## When not to worry

`break` and `continue` of a loop inside the `finally` are fine, and so is a `return` of a function
defined there. So is a `return` behind the lone `yield` of a pytest fixture: the test runner throws
nothing into it.

## Fix

Unsafe: moves a `return` that ends the `finally` behind the `try`. Errors that were dropped before
then reach the caller.

## Measured

Of 7 findings in 3 repositories that were read, all there are, 3 were bugs, 4 debatable and none
wrong.

Known to miss: a `finally` that raises an exception of its own, or awaits something that fails: it
replaces the cancellation; plain functions and generators that a coroutine runs.

## Source

PEP 765; Python documentation, the try statement: if the finally clause executes a return, break or
continue statement, the saved exception is discarded.
*/
#include "lint/rule.h"
#include "python/outcome.h"

static void offer_fix(Context *cx, Finding *finding, Node jump, Node finally) {
  const Tree *tree = &cx->module->tree;
  Node block = tree_parent(tree, jump);
  if (!tree_is(tree, jump, KIND_RETURN_STATEMENT) || tree_parent(tree, block) != finally) return;
  if (tree_last_child(tree, block) != jump) return;
  Node try_statement = tree_parent(tree, finally);
  if (tree_next(tree, try_statement) != NODE_NONE) return;
  add_fix(cx, finding, FIX_UNSAFE, "Move the return behind the try");
  fix_move_behind(cx, finding, jump, try_statement);
}

static void check(Context *cx, Node jump) {
  Module *module = cx->module;
  Reason why = NULL;
  Node finally = jumps_out_of_finally(module, jump, &why);
  if (finally != NODE_NONE && !module_in_coroutine(module, jump))
    why = "this is not the body of an async def: no cancellation comes through";
  if (stays_quiet(cx, jump, why) || finally == NODE_NONE) return;

  Finding *finding = report(
    cx,
    jump,
    "discards the CancelledError, or any other exception, that is on its way through this finally"
  );
  add_help(cx, finding, "leave the finally by its end; return behind the try");
  offer_fix(cx, finding, jump, finally);
}

const Rule rule_jump_in_finally = {
  .code = "AWR104",
  .name = "jump-in-finally",
  .summary = "return, break or continue in finally discards a pending cancellation",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "finally" },
  .on = {
    ON_NODE(KIND_RETURN_STATEMENT, check),
    ON_NODE(KIND_BREAK_STATEMENT, check),
    ON_NODE(KIND_CONTINUE_STATEMENT, check),
  },
};
