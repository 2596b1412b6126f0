/*
# A failure in another thread's loop is reported nowhere

The future of `run_coroutine_threadsafe` is dropped, and the coroutine can fail.

## What happens at run time

The coroutine runs in the loop's thread. If it raises, the exception is put into the
`concurrent.futures.Future` that was dropped; handing it over counts as retrieving it, so that
asyncio logs nothing. The failure leaves no trace at all.

## Use instead

```python
def on_message(loop, message):
    future = asyncio.run_coroutine_threadsafe(store(message), loop)
    future.add_done_callback(report_failure)
```

or wait for it with `future.result(timeout)`, which must not run in the loop's own thread.

## When not to worry

Coroutines that catch and log their own errors (also in a base method, or in what they await), that cannot fail (a queue's `put`), closing code,
and coroutines that awry cannot resolve stay silent. A `try` around the call guards the start of the work only.

## Measured

Of 19 findings in 6 repositories that were read, all there are, 9 were bugs, 10 debatable and none
wrong.

Known to miss: coroutines that come as a parameter or from an unknown object; functions of the
project that pass a coroutine on; futures that are kept in a list which nobody reads.

## Source

CPython, Lib/asyncio/futures.py, _chain_future: copying the state marks the exception as retrieved.
Executed on 3.8 to 3.13.
*/
#include "lint/rule.h"
#include "python/dropped.h"
#include "python/value.h"
#include "python/work.h"

static Reason failure_answered(Module *module, Node call, Node coroutine) {
  Callee callee = callee_of(module, coroutine);
  if (!callee.function || callee.is_ambiguous || (callee.function->facts & FACT_STUB))
    return "it is not known which coroutine this is";
  if (handles_own_errors(module, coroutine) || call_cannot_fail(module, coroutine))
    return "the coroutine handles its own errors, or cannot fail";
  if (is_cleanup_name(module, call_method(module, coroutine)) || in_cleanup_function(module, call))
    return "this closes something, where failures have no consequences";
  return NULL;
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_THREADSAFE) return;
  Reason why = NULL;
  if (!is_dropped_future(module, call, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  Node coroutine = call_behind(module, call_argument(module, call, 0, "coro"));
  if (!tree_is(&module->tree, coroutine, KIND_CALL)) return;
  if (stays_quiet(cx, call, failure_answered(module, call, coroutine))) return;
  Str name = call_method(module, coroutine);

  Finding *finding =
    report(cx, call, "if `%.*s` fails, nobody is ever told: its future is dropped", STR_ARGS(name));
  Str raised = function_raises(module->project, callee_of(module, coroutine).function);
  if (raised.len > 0)
    add_note(cx, finding, coroutine, "can raise %.*s in the loop's thread", STR_ARGS(raised));
  else add_note(cx, finding, coroutine, "runs in the loop's thread and can fail");
  Node handler = handler_of_start_only(module, call);
  if (handler != NODE_NONE)
    add_note(
      cx, finding, handler, "this handler never sees a failure of the coroutine, which comes later"
    );
  add_help(
    cx,
    finding,
    "keep the future and call result() on it, or add a callback that looks at its exception"
  );
}

const Rule rule_dropped_threadsafe_future = {
  .code = "AWR303",
  .name = "dropped-threadsafe-future",
  .summary = "A failure of a coroutine sent to another thread's loop is reported nowhere",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "run_coroutine_threadsafe" },
  .on = { ON_NODE(KIND_CALL, check) },
};
