/*
# A cancelled coroutine ends as if it had finished

A handler for `CancelledError` around fresh work logs, returns or breaks out of the loop, and the
coroutine ends normally. This is the strict part of swallowed-cancellation: every other handler that
does not let the cancellation out, in async generators and around shielded or foreign work as well.
So does a handler for everything at the end of a task's own coroutine.

## What happens at run time

The task stops, but `task.cancelled()` is false and its result is an ordinary value. Inside a
`TaskGroup`, `asyncio.timeout` or `wait_for` the cancellation that they sent is lost, and they take
the task for finished.

## Use instead

Do the last words and raise again:

```python
async def worker(queue):
    try:
        while True:
            await handle(await queue.get())
    except asyncio.CancelledError:
        logger.info("worker stopped")
        raise
```

## When not to worry

The top-level coroutine of a task that nobody but its owner cancels may end this way; that is why
the rule is opt-in. Silent are handlers around a task or future that is awaited directly (the
cancellation may be that one's own) or was cancelled just before, closing code that waits for what
it does not own, and clean-up while another exception is on its way.

## Fix

Unsafe: appends `raise` to the handler, so that awaiting the task raises `CancelledError`. None is
offered where code behind the `try` wakes others or closes something.

## Measured

Of 46 findings in 24 repositories that were read, none were bugs, 43 debatable and 3 wrong. There
are 407 in 43 of 51 repositories.

Known to miss: handlers for `BaseException` that test for `CancelledError` with `isinstance` and
return; handlers that raise on one path only; context managers of the project that take the
cancellation inside.

## Source

Python documentation, "Coroutines and Tasks", section "Task Cancellation".
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/raise_skips.h"
#include "python/swallow.h"

static const char *message_for(Module *module, Node handler) {
  const Function *function = module_function(module, module_function_of(module, handler));
  if (function->is_generator && !yields_to_with(module, function->body)) {
    return "a cancelled generator goes on or ends here as if it were exhausted";
  }
  if (handler_loops_back(module, handler))
    return "a cancellation is dropped here, and the wait goes on";
  if (awaits_follow(module, handler))
    return "a cancellation is dropped here, and the coroutine goes on to further awaits";
  return "a cancelled coroutine ends here as if it had finished";
}

/* What becomes of the cancellation, whether the handler names it or takes everything. */
static Swallow swallow_by(Module *module, Node handler, Reason *why) {
  Swallow swallow = swallow_of(module, handler, why);
  bool is_clause = tree_is(&module->tree, handler, KIND_EXCEPT_CLAUSE);
  return swallow == SWALLOW_NOT && is_clause ? broad_swallow_of(module, handler, why) : swallow;
}

/* Where the handler says what it takes; of a bare one the word itself. */
static Span head_of(const Module *module, Node handler, const Caught *caught) {
  Node type = caught->cancelled_type != NODE_NONE ? caught->cancelled_type
    : caught->base_type != NODE_NONE              ? caught->base_type
                                                  : caught->exception_type;
  if (type != NODE_NONE) return tree_span(&module->tree, type);
  uint32_t start = tree_span(&module->tree, handler).start;
  return (Span){ start, start + (uint32_t)sizeof "except" - 1 };
}

static void check(Context *cx, Node handler) {
  Module *module = cx->module;
  Reason why = NULL;
  Swallow swallow = swallow_by(module, handler, &why);
  if (swallow != SWALLOW_AT_END && swallow != SWALLOW_TOLERATED) {
    stays_quiet(cx, handler, why);
    return;
  }

  Caught caught = caught_in(module, handler);
  Finding *finding =
    report_span(cx, head_of(module, handler, &caught), "%s", message_for(module, handler));
  Nodes awaits = suspensions_in(module, guarded_block(module, handler));
  if (awaits.count > 0) add_note(cx, finding, awaits.items[0], "a cancellation arrives here");
  if (skipped_by_raise(module, handler) != NODE_NONE) {
    add_help(cx, finding, RAISE_SKIPS_HELP);
    return;
  }
  bool is_alone = !lists_ordinary_errors(&caught);
  add_help(
    cx,
    finding,
    is_alone ? "raise it again after the last words" : "let it out: the other errors may end here"
  );
  if (!is_alone || caught.body == NODE_NONE || outcome_of(module, caught.body) != OUTCOME_FALLS)
    return;
  add_fix(cx, finding, FIX_UNSAFE, "Raise the cancellation again");
  fix_append_statement(cx, finding, caught.body, "raise");
}

const Rule rule_absorbed_cancellation = {
  .code = "AWR113",
  .name = "absorbed-cancellation",
  .summary = "A cancelled coroutine ends as if it had finished",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .fix = FIX_UNSAFE,
  .words = { "CancelledError", "get_cancelled_exc_class", "except:", "except :", "BaseException" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check), ON_NODE(KIND_WITH_ITEM, check) },
};
