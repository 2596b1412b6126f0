/*
# get_event_loop() where no loop runs

`asyncio.get_event_loop()` is called while a module is imported, or by plain code that goes on to start the loop.

## What happens at run time

While a loop runs, the call gives that loop. Where none does, it depends on the version:

| Python | nothing has set a loop in the main thread |
|---|---|
| to 3.9, 3.10.9 to 3.11 | makes a loop and sets it |
| 3.10.0 to 3.10.8, 3.11.0 | the same, with a `DeprecationWarning` |
| 3.12, 3.13 | the same, with a `DeprecationWarning` |
| 3.14 | raises `RuntimeError: There is no current event loop` |

In every version it raises `RuntimeError` in a thread other than the main one, and after `asyncio.run()`, which leaves no loop
behind.

A loop that is made at import is not the loop of `asyncio.run()`, which makes its own: tasks put on it never start, and
futures of it are "attached to a different loop".

## Use instead

```python
def main():
    asyncio.run(serve())
```

In a coroutine use `asyncio.get_running_loop()`. Plain code that needs a loop to itself can have an `asyncio.Runner`, or make
and set one with `asyncio.new_event_loop()` and `asyncio.set_event_loop()`.

## When not to worry

Coroutines and notebooks, whose cells run in a loop, stay silent, and so do functions and methods that may well be called by one; code that asks `is_running()`; a file that sets a loop;
test files, whose runners may set one; a `try` that takes the `RuntimeError`; and branches that ask for `sys.version_info`.

## Proof

No run shows it by itself: what is wrong happens while a module is imported, before there is a task that could be watched,
and on most versions shows as a warning only.

## Measured

Of 56 findings in 10 repositories that were read, all there are, 50 were bugs, 6 debatable and none
wrong.

Known to miss: calls in default values and in functions that are called at import; methods that get
the loop for another one to start; futures and locks made before the loop, which ask for it
themselves before Python 3.10.

## Source

Python documentation, asyncio.get_event_loop and its notes for 3.10, 3.12 and 3.14, the last of which awry has not executed;
the other rows were, on 3.7 to 3.13 (of 3.10 and 3.11 the later releases).
*/
#include "lint/rule.h"
#include "python/current_loop.h"

enum { WARNS_FROM = 12, RAISES_FROM = 14 };

static void report_missing(Context *cx, Node call, const char *help) {
  uint16_t minor = cx->module->target.minor;
  const char *message = minor >= RAISES_FROM ? "raises RuntimeError: there is no event loop yet"
    : minor >= WARNS_FROM
    ? "there is no event loop yet: a DeprecationWarning, and RuntimeError from Python 3.14 on"
    : "there is no event loop yet: RuntimeError from Python 3.14 on";
  Finding *finding = report(cx, call, "%s", message);
  add_help(cx, finding, "%s", help);
}

static void check(Context *cx, Node call) {
  Reason why = NULL;
  switch (loop_absence_of(cx->module, call, &why)) {
  case LOOP_MAY_BE_SET:
    stays_quiet(cx, call, why);
    return;
  case LOOP_BEFORE_START:
    report_missing(
      cx, call, "start the program with asyncio.run(), which makes a loop and closes it"
    );
    return;
  case LOOP_AT_IMPORT:
    report_missing(
      cx,
      call,
      "ask for the loop in the coroutine that needs it: asyncio.run() will not use the one made "
      "here"
    );
    return;
  case LOOP_AFTER_RUN: {
    Finding *finding =
      report(cx, call, "raises RuntimeError: asyncio.run() leaves no event loop behind");
    add_help(cx, finding, "use asyncio.run() again, or do both in one coroutine");
    return;
  }
  case LOOP_IN_THREAD: {
    Finding *finding = report(cx, call, "raises RuntimeError: a new thread has no event loop");
    add_help(cx, finding, "call asyncio.run() in the thread");
    return;
  }
  }
}

const Rule rule_event_loop_at_import = {
  .code = "AWR603",
  .name = "event-loop-at-import",
  .summary = "get_event_loop() at import or before the loop starts: it warns or raises",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .words = { "get_event_loop" },
  .on = { ON_NODE(KIND_CALL, check) },
};
