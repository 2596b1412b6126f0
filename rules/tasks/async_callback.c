/*
# A callback that is a coroutine function

An async function is given to code that calls it like any other function and does not await what it
returns.

## What happens at run time

The caller gets a coroutine object. A timer, a done callback, a signal handler or `atexit` throws it
away; a thread or executor hands it back as the result; `sorted` and `filter` take it for the key or
the verdict, which it is not. In no case does the body of the function run; the only sign is
"RuntimeWarning: coroutine 'x' was never awaited".

## Use instead

```python
class Poller:
    def schedule(self, loop):
        self._timer = loop.call_later(60, self._start)

    def _start(self):
        self._task = asyncio.create_task(self.poll())
```

## When not to worry

Functions that awry cannot resolve, or that have a decorator which may run them, and callers that
run the coroutines they get, as tornado's loop and many frameworks do, stay silent.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: callbacks registered with other libraries (event buses, signals of user interfaces)
or with functions of the project that call what they get; an `async def` that overrides a plain
method, such as `Thread.run`.

## Source

Python documentation, loop.call_soon, loop.add_signal_handler, Future.add_done_callback: callbacks
are plain functions.
*/
#include "python/async_callback.h"
#include "lint/rule.h"

static const char *const consequences[] = {
  [TAKER_DROPS] = "`%.*s` never runs: `%.*s` only calls it, and throws the coroutine away",
  [TAKER_THREADS] =
    "`%.*s` does not run in the thread: `%.*s` only calls it, and hands back the coroutine",
  [TAKER_VALUES] = "`%.*s` never runs: `%.*s` takes the coroutine itself for the value",
};

static const char *const advice[] = {
  [TAKER_DROPS] = "give it a plain function that makes a task of the coroutine and keeps it",
  [TAKER_THREADS] = "await the coroutine here, or give the thread a plain function",
  [TAKER_VALUES] = "await the values first, and give it a plain function",
};

static void check(Context *cx, Node call) {
  AsyncCallback found;
  Reason why = NULL;
  if (!async_callback(cx->module, call, &found, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  Finding *finding = report(
    cx, found.callback, consequences[found.taker], STR_ARGS(found.name), STR_ARGS(found.caller)
  );
  add_help(cx, finding, "%s", advice[found.taker]);
}

const Rule rule_async_callback = {
  .code = "AWR307",
  .name = "async-callback",
  .summary = "A coroutine function is given to code that calls it and drops the coroutine",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "async", "await" },
  .on = { ON_NODE(KIND_CALL, check) },
};
