/*
# A coroutine that never runs

A coroutine function is called, and its result is dropped or used as if it were the value that the
coroutine would return.

## What happens at run time

Calling an `async def` runs none of its body: it makes a coroutine object. Nobody awaits it, so the
work is never done; the only sign is "RuntimeWarning: coroutine 'x' was never awaited" when the
object is collected. As a condition it is always true, compared with anything it is unequal,
subscripted or unpacked it raises `TypeError`.

## Use instead

```python
async def shut_down(pool):
    await pool.drain()
    if await pool.is_empty():
        logger.info("drained")
```

## When not to worry

Functions with a decorator that awry does not know to leave them as they are, names that are
shadowed or defined in several ways, methods that a subclass overrides by sync ones, stub bodies,
calls inside `pytest.raises(TypeError)`, and tests that a decorator always skips stay silent.

## Fix

Unsafe: inserts `await` inside an `async def`. The code then waits where it did not before. None for
what is given to `extend()` of a list of tasks: it is to be awaited with the others.

## Measured

Of 54 findings in 11 repositories that were read, all there are, 45 were bugs, 9 debatable and none
wrong.

Known to miss: methods of objects whose class awry cannot tell, or whose annotation names several;
coroutines that are put into a container or given to a function that keeps or sends them as a value,
unless it is annotated to take a plain one such as `str`, or a name elsewhere in the file holds the
awaited result; functions called through `partial`, `getattr` or a decorator that awry does not
know; methods of what a factory in another file makes, unless it says what it returns; files in
which neither `async` nor `await` occurs.

## Source

Python documentation, "Coroutines and Tasks": simply calling a coroutine will not schedule it to be
executed.
*/
#include "lint/rule.h"
#include "python/coroutine_call.h"
#include "python/kernel.h"

static void check_coroutine(Context *cx, Node call, const CoroutineCall *coroutine) {
  Module *module = cx->module;
  Finding *finding = report(
    cx,
    call,
    coroutine->misuse == NODE_NONE
      ? "coroutine `%.*s` is never awaited: its body does not run"
      : "coroutine `%.*s` is not awaited: this uses the coroutine object, not its result",
    STR_ARGS(coroutine->name)
  );
  if (coroutine->misuse != NODE_NONE && !tree_inside(&module->tree, call, coroutine->misuse)) {
    add_note(cx, finding, coroutine->misuse, "used here as if it were the result");
  }
  if (coroutine->is_element) {
    add_help(cx, finding, "extend() takes a list: `extend([...])`, or append() for a single one");
    return;
  }
  if (!may_await(module, call)) {
    add_help(
      cx,
      finding,
      "this is a sync function: make it async and await the call, or hand the coroutine to a task"
    );
    return;
  }
  add_help(cx, finding, "await it");
  add_fix(cx, finding, FIX_UNSAFE, "Await it");
  fix_await(cx, finding, call, call);
}

static void check(Context *cx, Node call) {
  CoroutineCall coroutine;
  Reason why = NULL;
  if (!unawaited_coroutine(cx->module, call, &coroutine, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  if (!coroutine.is_generator) {
    check_coroutine(cx, call, &coroutine);
    return;
  }
  Finding *finding = report(
    cx,
    call,
    "async generator `%.*s` is never iterated: its body does not run",
    STR_ARGS(coroutine.name)
  );
  add_help(cx, finding, "iterate over it with `async for`");
}

const Rule rule_unawaited_coroutine = {
  .code = "AWR301",
  .name = "unawaited-coroutine",
  .summary = "A coroutine is called and never awaited, so its body never runs",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "async", "await" },
  .on = { ON_NODE(KIND_CALL, check) },
};
