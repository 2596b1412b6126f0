/*
# A semaphore or lock that each call makes for itself

A function makes a `Semaphore` or `Lock`, enters it, and gives it to nobody.

## What happens at run time

Every call has its own, nobody else ever takes it, and nobody ever waits for it. A limit of five requests at
a time is no limit: a thousand calls make a thousand requests. A lock lets everybody in.

## Use instead

Make it once, where all calls see it:

```python
class Crawler:
    def __init__(self):
        self._slots = asyncio.Semaphore(5)

    async def fetch(self, client, url):
        async with self._slots:
            return await client.get(url)
```

## When not to worry

Those that the function hands on stay silent: to a nested function, to the coroutines it starts, as an argument,
into an attribute or container, as its result. So does an `Event`: to wait for one that nobody sets is a way to
sleep until cancelled.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: a semaphore made anew in each turn of a loop or given straight to the one coroutine
that it limits; a lock that each call puts into an attribute.

## Source

Python documentation, asyncio.Semaphore: the counter is the object's own. Executed on 3.11.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/lock.h"

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  Reason why = NULL;
  if (!is_private_lock(module, call, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  const Function *function = module_function(module, module_function_of(module, call));
  Str made = call_method(module, call);
  Finding *finding = report(
    cx,
    call,
    "every call of `%.*s` has a %.*s of its own, so nobody ever waits for it",
    STR_ARGS(function->name),
    STR_ARGS(made)
  );
  add_help(cx, finding, "make it once, as an attribute or in the function that starts the calls");
}

const Rule rule_semaphore_per_call = {
  .code = "AWR605",
  .name = "semaphore-per-call",
  .summary = "A semaphore or lock made in the call that uses it holds nobody up",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "Semaphore", "Lock", "CapacityLimiter" },
  .on = { ON_NODE(KIND_CALL, check) },
};
