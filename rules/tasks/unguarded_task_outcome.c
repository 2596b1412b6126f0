/*
# A done callback that breaks on cancelled tasks

A function given to `add_done_callback` asks the task for its `exception()` or `result()` without
asking first whether it was cancelled.

## What happens at run time

Both methods raise `CancelledError` on a cancelled task. The loop logs "Exception in callback" with a
traceback, for a cancellation that is no error, and the rest of the callback is skipped: the waiter
is not released, the entry stays in the registry. Other callbacks of the task still run.

## Use instead

```python
def on_done(task):
    if task.cancelled():
        return
    if (error := task.exception()) is not None:
        logger.error("worker failed", exc_info=error)
```

## When not to worry

A test of `cancelled()`, a handler or `suppress` for `CancelledError` or `BaseException` around the
call, concurrent futures and other objects of that interface stay silent. Where nothing is left to do
in the callback, only the log is at stake: the finding is for information.

## Fix

Unsafe: returns before the outcome is asked for if the task was cancelled.

## Measured

Of 24 findings in 11 repositories that were read, all there are, 7 were bugs, 17 debatable and none
wrong.

Known to miss: callbacks that leave the question to another function; callbacks set on a parameter
without annotation; loops that watch a collection of tasks and ask each that is done.

## Source

Python documentation, asyncio.Task.exception and Task.result: if the Task has been cancelled, this
method raises a CancelledError.
*/
#include "lint/rule.h"
#include "python/callback.h"
#include "python/outcome.h"

/* The question comes right before the outcome: what stands above it, or in a `finally` around it, runs
   for cancelled tasks, too. */
static void offer_fix(Context *cx, Finding *finding, const Callback *callback, Node outcome) {
  const Function *function = module_function(cx->module, callback->function);
  const Tree *tree = &cx->module->tree;
  if (!tree_is(tree, function->body, KIND_BLOCK)) return;
  Str name = tree_text(tree, callback->parameter);
  add_fix(cx, finding, FIX_UNSAFE, "Return first if the task was cancelled");
  fix_add_statement_before(
    cx, finding, tree_statement(tree, outcome), "if %.*s.cancelled():\n    return", STR_ARGS(name)
  );
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  Callback callback;
  if (!callback_of(module, call, &callback)) return;
  bool is_unsure = !callback.is_async_task;
  if (is_unsure && stays_quiet(cx, call, "it is not certain that this is a task of asyncio"))
    return;
  Reason why = NULL;
  Nodes outcomes = unguarded_outcomes(module, &callback, &why);
  stays_quiet(cx, call, why);
  for (uint32_t i = 0; i < outcomes.count && i < 1; i++) {
    bool is_followed = outcome_is_followed(module, outcomes.items[i]);
    Finding *finding = report(
      cx,
      outcomes.items[i],
      is_followed
        ? "raises CancelledError if the task was cancelled, and the rest of this callback is "
          "skipped"
        : "raises CancelledError if the task was cancelled: the loop logs \"Exception in callback\""
    );
    if (!is_followed) finding->severity = SEVERITY_INFO;
    add_note(cx, finding, call, "called for this task, cancelled or not");
    add_help(cx, finding, "ask `cancelled()` first");
    offer_fix(cx, finding, &callback, outcomes.items[i]);
  }
}

const Rule rule_unguarded_task_outcome = {
  .code = "AWR305",
  .name = "unguarded-task-outcome",
  .summary = "A done callback asks a possibly cancelled task for its outcome",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "add_done_callback" },
  .on = { ON_NODE(KIND_CALL, check) },
};
