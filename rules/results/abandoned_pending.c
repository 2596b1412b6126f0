/*
# The losers of a race run on

`asyncio.wait` returns before all its tasks are done, because of FIRST_COMPLETED, FIRST_EXCEPTION or a timeout, and nobody
cancels, awaits or keeps the pending ones.

## What happens at run time

`asyncio.wait` does not cancel what is still pending, neither when it returns nor when it is cancelled itself. The tasks run on
behind the code that believes the race is over: they eat queue items, hold connections, and fail where nobody looks.

## Use instead

```python
async def first_line(readers):
    tasks = [asyncio.create_task(reader.readline()) for reader in readers]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
```

## When not to worry

Pending tasks that are mentioned later in any way (cancelled, awaited, handed to a helper, kept in a container or on
`self`), tasks owned elsewhere, work in threads, which cannot be cancelled, and the last statement of a program's main coroutine stay silent.

## Measured

Of 3 findings in 3 repositories that were read, all there are, 1 was a bug, 2 debatable and none
wrong.

Known to miss: a `pending` set that is only counted or logged; tasks with names of their own that
are asked only whether they are in `done`; tasks that are cancelled after the wait, but not if the
wait itself is cancelled, as by a `wait_for` around it; a gather that is made inside the call, and
whose tasks are cancelled one by one: its own failure is logged when it is collected.

## Source

Python documentation, asyncio.wait: does not cancel the futures when a timeout occurs.
*/
#include "lint/rule.h"
#include "python/answer.h"

static void check(Context *cx, Node awaited) {
  Module *module = cx->module;
  Wait wait;
  Node call = awaited_wait(module, awaited, &wait);
  if (call == NODE_NONE) return;
  if (stays_quiet(cx, call, pending_is_seen_to(module, awaited, &wait))) return;

  Finding *finding =
    report(cx, call, "what is still pending runs on behind this: nobody cancels or awaits it");
  if (wait.awaitables.count > 0) add_note(cx, finding, wait.awaitables.items[0], "started here");
  Reason unused = NULL;
  bool reads_done = wait_reads(module, awaited).reads_done;
  if (!reads_done && failures_are_lost(module, call, &wait.awaitables, &unused))
    add_note(cx, finding, call, "a failure of those that are done is not read either");
  add_help(cx, finding, "cancel the tasks in `pending` and await them");
}

const Rule rule_abandoned_pending = {
  .code = "AWR207",
  .name = "abandoned-pending",
  .summary = "Tasks still pending after asyncio.wait run on unobserved",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "wait" },
  .on = { ON_NODE(KIND_AWAIT, check), ON_NODE(KIND_CALL, check) },
};
