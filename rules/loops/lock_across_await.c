/*
# A thread lock is held across an await

The body of `with lock:` awaits, and the lock is one of the `threading` module.

## What happens at run time

While the coroutine waits, the lock stays taken. The next coroutine of the same loop that wants a
`threading.Lock` blocks its thread, and with it the loop: the first one never gets its turn to let go of
the lock, and the program stands still, with no error. An `RLock` belongs to the thread, so that it lets
the second coroutine in beside the first and protects nothing. Threads that want either wait as long as
the await takes.

## Use instead

```python
class Ledger:
    def __init__(self):
        self._lock = asyncio.Lock()

    async def book(self, entry):
        async with self._lock:
            self.balance += entry.amount
            await self.store(entry)
```

Where threads share the data as well, hold the thread lock for the plain code only and await outside.

## When not to worry

A thread lock whose body does not await is fine in a coroutine, as is one whose body awaits only coroutines of
the project that await nothing themselves, and one that is held in code sent to a thread with `to_thread`. Locks
that awry cannot tell the kind of stay silent.

## Measured

The 1 finding in 51 repositories was read: it was debatable.

Known to miss: `acquire()` and `release()` as calls; parameters without annotation; locks of
`multiprocessing`.

## Source

Python documentation, "Synchronization Primitives": those of asyncio are for tasks, those of threading for
threads. That the loop stands still, and that an RLock lets the second coroutine in, was executed on 3.11.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/iterate.h"
#include "python/lock.h"

static void check(Context *cx, Node item) {
  Module *module = cx->module;
  Node statement = with_item_statement(&module->tree, item);
  if (tree_is_async(&module->tree, statement) || !module_in_coroutine(module, item)) return;
  Node lock = with_item_expression(&module->tree, item);
  LockKind kind = lock_of(module, lock);
  if (kind != LOCK_OF_THREADS && kind != LOCK_OF_ONE_THREAD) {
    stays_quiet(cx, lock, "this is no lock of threads, as far as is known");
    return;
  }
  Node body = tree_child(&module->tree, statement, FIELD_BODY);
  Nodes awaits = awaits_in(module, body), suspensions = suspensions_in(module, body);
  if (awaits.count == 0 && stays_quiet(cx, lock, "nothing is awaited while it is held")) return;
  if (suspensions.count == 0 && stays_quiet(cx, lock, "what is awaited while it is held never lets another coroutine run"))
    return;

  Finding *finding = report(
    cx,
    lock,
    kind == LOCK_OF_THREADS
      ? "a second coroutine that wants this lock blocks the event loop for good"
      : "this lock is the thread's: other coroutines of the loop enter while this one waits"
  );
  add_note(cx, finding, suspensions.items[0], "held here, while other coroutines run");
  add_help(cx, finding, "use asyncio.Lock with `async with`, or await outside of the lock");
}

const Rule rule_lock_across_await = {
  .code = "AWR606",
  .name = "lock-across-await",
  .summary = "A threading lock is held across an await: the event loop can stand still",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .is_default = true,
  .words = { "thread" },
  .on = { ON_NODE(KIND_WITH_ITEM, check) },
};
