/*
# A timeout that limits nothing

`asyncio.timeout(...)` is made and not entered with `async with`, or the body that it guards never awaits.

## What happens at run time

The call only makes an object. Dropped, it limits nothing; entered with a plain `with`, or awaited, it raises `TypeError`. Around a
body without an await it has no effect either: a timeout works by cancelling the task at its next await, and blocking code runs to its
end, however long it takes, and no `TimeoutError` follows.

## Use instead

```python
async def load(client, url):
    async with asyncio.timeout(5):
        return await client.get(url)
```

Blocking work must leave the loop's thread first:

```python
async def parse(path):
    async with asyncio.timeout(5):
        return await asyncio.to_thread(parse_file, path)
```

The thread runs on after the time is up.

## When not to worry

A timeout that is returned, handed on (`stack.enter_async_context`), kept in an attribute, or entered later through its name stays
silent, and so does a body that yields: what happens at the other end of an async context manager may well wait.

## Fix

Unsafe, where a plain `with` enters the timeout alone: `with` becomes `async with`. It then limits what it stands around.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: a body that awaits only coroutines which never suspend; timeouts that are kept in an
attribute and never entered.

## Source

Python documentation, asyncio.timeout: returns an asynchronous context manager. Executed on 3.11.
*/
#include "lint/rule.h"
#include "python/iterate.h"
#include "python/kernel.h"
#include "python/timeout.h"

/* The plain `with` that enters the timeout and nothing else. */
static void offer_fix(Context *cx, Finding *finding, Node call) {
  const Tree *tree = &cx->module->tree;
  Node item = tree_ancestor(tree, call, KIND_WITH_ITEM);
  if (item == NODE_NONE || with_item_expression(tree, item) != call) return;
  Node with = with_item_statement(tree, item);
  bool is_alone = tree_child_count(tree, tree_parent(tree, item)) == 1;
  if (!is_alone || tree_is_async(tree, with) || !may_await(cx->module, with)) return;
  add_fix(cx, finding, FIX_UNSAFE, "Enter it with `async with`");
  fix_insert_before(cx, finding, with, "async ");
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  Reason why = NULL;
  switch (timeout_fault_of(module, call, &why)) {
  case TIMEOUT_WORKS:
    stays_quiet(cx, call, why);
    return;
  case TIMEOUT_DROPPED: {
    Finding *finding =
      report(cx, call, "nothing is limited: this timeout is made and never entered");
    add_help(cx, finding, "write `async with` before it, around the code that may take too long");
    return;
  }
  case TIMEOUT_MISUSED: {
    Finding *finding =
      report(cx, call, "raises TypeError: a timeout must be entered with `async with`");
    add_help(cx, finding, "write `async with` before it, around the code that may take too long");
    offer_fix(cx, finding, call);
    return;
  }
  case TIMEOUT_NEVER_SUSPENDS: {
    Finding *finding =
      report(cx, call, "this timeout never fires: its body has no await at which it could");
    add_help(
      cx, finding, "await the work in it; send blocking code to a thread with asyncio.to_thread"
    );
    return;
  }
  }
}

const Rule rule_timeout_not_entered = {
  .code = "AWR403",
  .name = "timeout-not-entered",
  .summary =
    "A timeout is not entered with async with, or its body never awaits: it limits nothing",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "timeout", "move_on_a", "fail_a" },
  .on = { ON_NODE(KIND_CALL, check) },
};
