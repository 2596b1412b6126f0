/*
# A loop is started inside a running loop

`asyncio.run`, `Runner.run` or `loop.run_until_complete` is called by the body of an `async def`, or by a cell of a
notebook, whose kernel runs its cells in an event loop.

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

A cell of a notebook may await at its top level: `await main()`.

## When not to worry

Decorator arguments, default values, nested `def`s and lambdas that run in another thread are not the coroutine's body and
stay silent. So does everything after `nest_asyncio.apply()` in the same file, and in a notebook what only runs under
a condition or after a failure (`except RuntimeError`, when no loop is running).

## Fix

Unsafe: replaces the call by `await`.

## Measured

The 1 finding in 51 repositories was read: it was a bug.

Known to miss: plain functions that run a loop and are called by a coroutine; `run_forever`;
adapters such as `async_to_sync`.

## Source

CPython, Lib/asyncio/runners.py: run() refuses to run under a running loop. IPython documentation, Asynchronous in REPL:
autoawait.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/kernel.h"
#include "python/name.h"

static Finding *report_in_cell(Context *cx, Node call) {
  Finding *finding =
    report(cx, call, "raises RuntimeError: the cell already runs in the kernel's event loop");
  add_help(cx, finding, "await the coroutine: a cell may await at its top level");
  return finding;
}

static Finding *report_in_coroutine(Context *cx, Node call) {
  Module *module = cx->module;
  Finding *finding =
    report(cx, call, "raises RuntimeError: this coroutine already runs in an event loop");
  const Function *function = module_function(module, module_function_of(module, call));
  add_help(cx, finding, "await the coroutine: `%.*s` is async already", STR_ARGS(function->name));
  return finding;
}

/* These are given the function, not its coroutine. */
static bool takes_function(Module *module, Node call) {
  static const char *const names[] = { "anyio.run", "trio.run" };
  return NAME_IN(module, call_function(module, call), names);
}

/* trio keeps no account of a loop of asyncio that runs in its thread. */
static bool is_of_trio(Module *module, Node call) {
  return name_is(module, call_function(module, call), "trio.run");
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_RUN) return;
  bool is_nested = may_await(module, call);
  if (!is_nested && stays_quiet(cx, call, "no coroutine evaluates this, so no loop needs to run yet"))
    return;
  bool is_in_cell = runs_in_kernel(module, call);
  if (is_in_cell && is_of_trio(module, call)) return;
  if (stays_quiet(cx, call, nests_knowingly(module, call))) return;
  Finding *finding = is_in_cell ? report_in_cell(cx, call) : report_in_coroutine(cx, call);
  Node coroutine = call_positional(module, call, 0);
  if (coroutine == NODE_NONE || call_positional_count(module, call) != 1) return;
  if (takes_function(module, call)) return;
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
