/*
# asyncio.wait is given a coroutine

The collection passed to `asyncio.wait` holds coroutine objects instead of tasks.

## What happens at run time

From Python 3.11 on the call raises `TypeError: Passing coroutines is forbidden, use tasks explicitly.`, and the coroutines
are never awaited. Before, each was wrapped into a task that the caller has no name for, so that it cannot be found in the
`done` set.

## Use instead

```python
async def first(reader, stopped):
    tasks = [asyncio.create_task(reader.readline()), asyncio.create_task(stopped.wait())]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
```

## When not to worry

Only elements that resolve to coroutine functions of the project or of the standard library are reported.

## Fix

Safe: wraps the coroutine in `asyncio.create_task`.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: coroutines of libraries and of objects whose class awry does not know; collections
that `map` or another function makes; collections that come as a parameter.

## Source

Python documentation, asyncio.wait: passing coroutine objects directly is forbidden since 3.11.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/value.h"

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  Wait wait;
  if (call_meaning(module, call) != CALL_WAIT || !wait_of(module, call, &wait)) return;
  for (uint32_t i = 0; i < wait.awaitables.count; i++) {
    Node awaitable = wait.awaitables.items[i];
    bool is_coroutine =
      tree_is(&module->tree, awaitable, KIND_CALL) && value_is(module, awaitable, VALUE_COROUTINE);
    if (!is_coroutine && stays_quiet(cx, awaitable, "this is no coroutine, as far as is known"))
      continue;
    Finding *finding =
      report(cx, awaitable, "raises TypeError: asyncio.wait takes tasks, and this is a coroutine");
    add_note(cx, finding, call, "waited for here");
    add_help(cx, finding, "make a task of it: asyncio.create_task(…)");
    add_fix(cx, finding, FIX_SAFE, "Make a task of it");
    Str name = fix_module(cx, finding, awaitable, "asyncio");
    fix_insert_before(cx, finding, awaitable, "%.*s.create_task(", STR_ARGS(name));
    fix_insert_after(cx, finding, awaitable, ")");
  }
}

const Rule rule_wait_on_coroutine = {
  .code = "AWR208",
  .name = "wait-on-coroutine",
  .summary = "asyncio.wait raises TypeError when it is given coroutines",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_SAFE,
  .is_default = true,
  .runs_in_tests = true,
  .min_minor = 11,
  .words = { "wait" },
  .on = { ON_NODE(KIND_CALL, check) },
};
