/*
# A failure in a worker thread is not seen

The future of `run_in_executor` or `executor.submit` is dropped.

## What happens at run time

The function runs in a thread or process of the pool. If it raises, the exception is put into the future that
nobody has. What `submit` gives is a `concurrent.futures.Future`, which never says a word about an exception
that nobody took: the failure leaves no trace. asyncio's own future logs "Future exception was never
retrieved" once it is collected, when nobody can act on it.

## Use instead

```python
async def archive(pool, path):
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(pool, compress, path)
```

or keep the future and add a callback that looks at its exception.

## When not to worry

Functions of the project that catch their own errors, and closing code, stay silent. Where the work is allowed to fail
unseen, nothing is wrong: the rule is off unless selected.

## Measured

Of 20 findings in 6 repositories that were read, 5 were bugs, 15 debatable and none wrong. There are
36 in 6 of 51 repositories.

Known to miss: executors that come as a parameter without annotation and under a name that does not
say so; a dropped `map`; futures that are waited for or kept in a list, and never asked.

## Source

Python documentation, concurrent.futures.Executor.submit and asyncio's loop.run_in_executor.
*/
#include "lint/rule.h"
#include "python/dropped.h"
#include "python/expectation.h"
#include "python/name.h"
#include "python/work.h"

static Reason failure_answered(Module *module, Node call, Node worker) {
  if (is_last_expected_to_fail(module, call)) return "a test expects the call itself to fail";
  Callee callee = callee_of_reference(module, worker);
  uint32_t facts = callee.function == NULL ? 0 : callee.function->facts;
  if (facts & FACT_ENDS_ERRORS) return "the function handles its own errors, or cannot fail";
  if (facts & FACT_STUB) return "the function is only declared here: what it does is not known";
  Str spelled = name_spelled(module, worker);
  if (is_cleanup_name(module, str_after_last(spelled, '.')) || in_cleanup_function(module, call))
    return "this closes something, where failures have no consequences";
  return NULL;
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_RUN_IN_EXECUTOR) return;
  Reason why = NULL;
  if (!is_dropped_future(module, call, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  bool is_submit = str_is(call_method(module, call), "submit");
  Node worker =
    is_submit ? call_argument(module, call, 0, "fn") : call_argument(module, call, 1, "func");
  if (worker == NODE_NONE) return;
  if (stays_quiet(cx, call, failure_answered(module, call, worker))) return;

  Finding *finding = report(
    cx,
    call,
    is_submit ? "if the work fails, nobody is ever told: its future is dropped"
              : "if the work fails, at best a log line tells of it later: its future is dropped"
  );
  add_note(cx, finding, worker, "runs in the executor and can fail");
  add_help(
    cx,
    finding,
    "%s",
    module_in_coroutine(module, call) && !is_submit
      ? "await the future, or keep it and look at its exception"
      : "keep the future, and call result() on it or add a callback that looks at its exception"
  );
}

const Rule rule_dropped_executor_future = {
  .code = "AWR308",
  .name = "dropped-executor-future",
  .summary = "A failure of a function sent to an executor is not seen: its future is dropped",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .words = { "run_in_executor", "submit" },
  .on = { ON_NODE(KIND_CALL, check) },
};
