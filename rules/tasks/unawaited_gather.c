/*
# Nobody waits for the gathered work

`gather(...)`, `shield(...)`, `wait_for(...)` or `wait(...)` is called, and nobody awaits the
result.

## What happens at run time

`gather` and `shield` start their work at once and return a future. Dropped, it is nobody's: the
code goes on before the work is done, and gather marks the failures of its children as retrieved, so
that they disappear. `wait_for` and `wait` are coroutine functions: without `await` nothing happens
at all, and no timeout ever applies.

## Use instead

```python
async def refresh(caches):
    await asyncio.gather(*(cache.load() for cache in caches))
```

## When not to worry

A future that is kept, passed on, cancelled or awaited later stays silent; so does a gather at the
top level of a script that runs the loop afterwards.

## Fix

Unsafe: inserts `await` inside an `async def`. The code then waits for the work, and its failure
raises here.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: functions of the project that return the future of a gather; futures that are kept in
an attribute or list which nobody reads; a gather that is made inside a call to `asyncio.wait`.

## Source

Python documentation, asyncio.gather, asyncio.shield, asyncio.wait_for: awaitables.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/dropped.h"
#include "python/entry.h"
#include "python/kernel.h"

static const char *const consequences[] = {
  [CALL_GATHER] = "nobody waits for this gather: the code goes on before the work is done, and its "
                  "failures disappear",
  [CALL_SHIELD] = "nobody waits for the shielded work: the code goes on before it is done, and its "
                  "failure is lost",
  [CALL_WAIT_FOR] =
    "nothing is waited for: wait_for is a coroutine function, and without await it never starts",
  [CALL_WAIT] =
    "nothing is waited for: wait is a coroutine function, and without await it never starts",
};

/* At module level the work lives as long as the loop that the script goes on to run; wait_for and
   wait do not even start. */
static bool is_script(Module *module, Node call, CallMeaning meaning) {
  bool has_started = meaning == CALL_GATHER || meaning == CALL_SHIELD;
  return has_started && module_function_of(module, call) == FUNCTION_MODULE &&
    starts_loop_after(module, call);
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  CallMeaning meaning = call_meaning(module, call);
  if (meaning < CALL_GATHER || meaning > CALL_SHIELD) return;
  Reason why = NULL;
  if (is_dropped_future(module, call, &why) && is_script(module, call, meaning))
    why = "a script makes it, and goes on to run the loop";
  if (stays_quiet(cx, call, why)) return;

  Finding *finding = report(cx, call, "%s", consequences[meaning]);
  if (!may_await(module, call)) {
    add_help(cx, finding, "this is a sync function: hand the work to a task that somebody keeps");
    return;
  }
  add_help(cx, finding, "await it");
  add_fix(cx, finding, FIX_UNSAFE, "Await it");
  fix_await(cx, finding, call, call);
}

const Rule rule_unawaited_gather = {
  .code = "AWR304",
  .name = "unawaited-gather",
  .summary = "The future of gather, shield, wait_for or wait is dropped",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "gather", "shield", "wait_for", "wait" },
  .on = { ON_NODE(KIND_CALL, check) },
};
