/*
# A cancelled task that nobody waits for

`task.cancel()` is called, and the task is never awaited, gathered or handed on.

## What happens at run time

`cancel()` only asks. The task goes on until its next turn on the event loop, then its handlers and
`finally` blocks run, and those may await for as long as they like. Code that goes on at once
releases what the task still uses, starts a second one beside it, or lets the loop end in the middle
of its cleanup. If the cleanup fails, nobody hears of it.

## Use instead

```python
async def stop(self):
    self._reader.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await self._reader
    await self._connection.close()
```

## When not to worry

Tasks that are waited for later in the function or in another method, parameters, and tasks that
somebody else holds as well stay silent. So do tasks that only wait for an event or a queue, and code
that awaits something else first: the task has its turn there. Where the task has no cleanup and uses
nothing that goes away, the wait changes little: the rule is off unless selected.

## Fix

Unsafe: waits for the task, whatever its outcome, right after the cancellation; for tasks that a loop cancels,
behind the loop.

## Measured

Of 19 findings in 12 repositories that were read, 2 were bugs, 17 debatable and none wrong. There
are 103 in 27 of 51 repositories.

Known to miss: plain functions, which cannot wait themselves; tasks that come as a parameter or out
of a dictionary; a clean-up that takes longer than the await after the cancellation.

## Source

Python documentation, asyncio.Task.cancel: request the Task to be cancelled; does not guarantee that
the Task will be cancelled.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/cancel_wait.h"
#include "python/handler.h"
#include "python/name.h"

/* `if not task.done():` around it leaves out only tasks that have ended. */
static bool is_done_test(const Tree *tree, Node statement, Str task) {
  Node condition = tree_child(tree, statement, FIELD_CONDITION);
  if (!tree_is(tree, statement, KIND_IF_STATEMENT) || !tree_is(tree, condition, KIND_NOT_OPERATOR))
    return false;
  Str asked = tree_text(tree, tree_first(tree, condition)), end = STR(".done()");
  return str_ends_with(asked, end) && str_equal(str_slice(asked, 0, asked.len - end.len), task);
}

/* True if each round of the loop cancels the task, unless it is done. */
static bool is_in_each_round(const Tree *tree, Node statement, Node loop, Str task) {
  Node outer = tree_parent(tree, tree_parent(tree, statement));
  if (outer != loop && is_done_test(tree, outer, task))
    outer = tree_parent(tree, tree_parent(tree, outer));
  return outer == loop;
}

/* What the loop goes over, if that can be gone over again; empty otherwise. */
static Str iterated_again(Module *module, Node loop) {
  const Tree *tree = &module->tree;
  if (!tree_is(tree, loop, KIND_FOR_STATEMENT) || tree_is_async(tree, loop)) return STR_EMPTY;
  Node iterable = tree_child(tree, loop, FIELD_RIGHT);
  bool is_view =
    tree_is(tree, iterable, KIND_CALL) && str_is(call_method(module, iterable), "values");
  Node named = is_view ? call_receiver(module, iterable) : iterable;
  if (named == NODE_NONE || name_spelled(module, named).len == 0) return STR_EMPTY;
  return tree_text(tree, iterable);
}

/* Tasks that are cancelled one after the other are waited for together, behind the loop. */
static void wait_behind_loop(Context *cx, Finding *finding, Node call, Node loop, Str task) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Str all = iterated_again(module, loop);
  Node target = tree_child(tree, loop, FIELD_LEFT);
  bool is_each = all.len > 0 && tree_is(tree, target, KIND_IDENTIFIER) &&
    str_equal(tree_text(tree, target), task) &&
    is_in_each_round(tree, tree_statement(tree, call), loop, task);
  if (!is_each) return;
  add_fix(cx, finding, FIX_UNSAFE, "Wait until the tasks have ended");
  Str name = fix_module(cx, finding, call, "asyncio");
  fix_add_statement_after(
    cx,
    finding,
    loop,
    "await %.*s.gather(*%.*s, return_exceptions=True)",
    STR_ARGS(name),
    STR_ARGS(all)
  );
}

static void offer_fix(Context *cx, Finding *finding, Node call) {
  Module *module = cx->module;
  Str task = name_spelled(module, call_receiver(module, call));
  if (task.len == 0) return;
  Node loop = loop_around(module, call);
  if (loop != NODE_NONE) {
    wait_behind_loop(cx, finding, call, loop, task);
    return;
  }
  add_fix(cx, finding, FIX_UNSAFE, "Wait until the task has ended");
  Str name = fix_module(cx, finding, call, "asyncio");
  fix_add_statement_after(
    cx,
    finding,
    tree_statement(&module->tree, call),
    "await %.*s.gather(%.*s, return_exceptions=True)",
    STR_ARGS(name),
    STR_ARGS(task)
  );
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  Reason why = NULL;
  LeftTask left;
  if (!leaves_cancelled_task(module, call, &left, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  Finding *finding = report(
    cx,
    call,
    left.release == NODE_NONE
      ? "nobody waits for the cancelled task to end: it still runs when the code goes on"
      : "the cancelled task still runs when what it works with goes away"
  );
  if (left.release != NODE_NONE) {
    add_note(cx, finding, left.release, "taken away before the task has ended");
    add_note(cx, finding, left.used, "the task works with it here");
  }
  add_help(
    cx, finding, "await the task after cancelling it, and let only its own CancelledError pass"
  );
  offer_fix(cx, finding, call);
}

const Rule rule_cancel_not_awaited = {
  .code = "AWR109",
  .name = "cancel-not-awaited",
  .summary = "A task is cancelled, and nobody waits until it has ended",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .words = { "cancel" },
  .on = { ON_NODE(KIND_CALL, check) },
};
