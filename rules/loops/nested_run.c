/*
# A loop is started inside a running loop

`asyncio.run`, `Runner.run` or `loop.run_until_complete` is called by the body of an `async def`.

## What happens at run time

A coroutine runs in an event loop, and a thread has one running loop at a time: the call raises
`RuntimeError: asyncio.run() cannot be called from a running event loop`, and the coroutine that was made for it is never
awaited. Under a broad handler the error looks like a failure of the work itself.

## Use instead

Await the coroutine:

```python
async def handler(request):
    return await load(request.path)
```

## When not to worry

Decorator arguments, default values, nested `def`s and lambdas that run in another thread are not the coroutine's body and
stay silent. Patched loops (nest_asyncio) need a suppression.

## Fix

Unsafe: replaces the call by `await`.

## Source

CPython, Lib/asyncio/runners.py: run() refuses to run under a running loop.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_RUN) return;
  bool is_nested = module_in_coroutine(module, call);
  if (!is_nested && stays_quiet(cx, call, "no coroutine evaluates this, so no loop needs to run yet"))
    return;

  Finding *finding =
    report(cx, call, "raises RuntimeError: this coroutine already runs in an event loop");
  const Function *function = module_function(module, module_function_of(module, call));
  add_help(cx, finding, "await the coroutine: `%.*s` is async already", STR_ARGS(function->name));
  Node coroutine = call_positional(module, call, 0);
  if (coroutine == NODE_NONE || call_positional_count(module, call) != 1) return;
  add_fix(cx, finding, FIX_UNSAFE, "Await the coroutine");
  fix_await(cx, finding, call, coroutine);
}

const Rule rule_nested_run = {
  .code = "AWR601",
  .name = "nested-run",
  .summary = "asyncio.run or run_until_complete inside a coroutine raises RuntimeError",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "asyncio.run", "run_until_complete", "import run", ".run(" },
  .on = { ON_NODE(KIND_CALL, check) },
};
