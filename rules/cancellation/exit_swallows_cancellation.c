/*
# An async context manager swallows the cancellation of its body

`__aexit__` returns True whatever was raised, or an `asynccontextmanager` catches the cancellation
around its `yield` and does not raise it again.

## What happens at run time

A task that is cancelled inside the `async with` goes on behind it, as if the body had come to its
end. The request is used up: `wait_for` and `asyncio.timeout` around it report no timeout, a
`TaskGroup` waits for a child that was told to stop. With `return True` all errors of the body
disappear in the same way.

## Use instead

Say which exceptions the manager answers for:

```python
class Session:
    async def __aexit__(self, kind, error, trace):
        await self.close()
        return kind is not None and issubclass(kind, SessionExpired)


@asynccontextmanager
async def session():
    link = await open_link()
    try:
        yield link
    finally:
        await link.close()
```

## When not to worry

An `__aexit__` that looks at what was raised, or asserts or raises itself, stays silent; so does a
handler that raises on some path or hands the exception on.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: an `__aexit__` that returns what a method, a local name or a test such as `kind is
not None` gives; plain `__exit__` methods and `contextmanager` functions around an await;
`suppress(CancelledError)` around a `yield`.

## Source

Python documentation, data model: `object.__aexit__`, and `contextlib.asynccontextmanager`: if an
exception is to be suppressed, the generator must not re-raise it.
*/
#include "lint/rule.h"
#include "python/swallow.h"

static void check_return(Context *cx, FunctionId function) {
  Reason why = NULL;
  Node statement = swallowing_return(cx->module, function, &why);
  if (statement == NODE_NONE) {
    stays_quiet(cx, module_function(cx->module, function)->node, why);
    return;
  }
  Finding *finding = report(
    cx, statement, "every exception of the `async with` body ends here, a cancellation among them"
  );
  add_help(cx, finding, "return True only for the exceptions that are answered for");
}

static void check_handler(Context *cx, Node clause) {
  Module *module = cx->module;
  Reason why = NULL;
  if (!swallows_for_with(module, clause, &why)) {
    stays_quiet(cx, clause, why);
    return;
  }
  Caught caught = caught_by(module, clause);
  Node type = caught.cancelled_type != NODE_NONE ? caught.cancelled_type : caught.base_type;
  uint32_t start = tree_span(&module->tree, clause).start;
  Span head = type == NODE_NONE ? (Span){ start, start + 6 } : tree_span(&module->tree, type);
  Finding *finding = report_span(
    cx, head, "a cancellation of the `async with` body ends here, and the task goes on behind it"
  );
  add_help(
    cx, finding, "raise it again when the handler has cleaned up, or move the clean-up to `finally`"
  );
}

const Rule rule_exit_swallows_cancellation = {
  .code = "AWR106",
  .name = "exit-swallows-cancellation",
  .summary = "An async context manager swallows a cancellation of its body",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .min_minor = 8,
  .words = { "__aexit__", "asynccontextmanager" },
  .on = { ON_FUNCTION(check_return), ON_NODE(KIND_EXCEPT_CLAUSE, check_handler) },
};
