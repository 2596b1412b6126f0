/*
# A bare except around an await also takes the cancellation

A bare `except:` or `except BaseException` in a coroutine guards an `await`, and its handler neither
raises again nor hands the exception on.

## What happens at run time

Since Python 3.8 `CancelledError` is a `BaseException`, so that `except Exception` lets it through.
These two handlers take it: the task that was cancelled at the `await` goes on, returns a value, or
loops for ever, and the caller's timeout or shutdown waits in vain. `KeyboardInterrupt` and
`SystemExit` disappear in the same way.

## Use instead

```python
async def load(url):
    try:
        return await fetch(url)
    except Exception:
        logger.exception("cannot load %s", url)
        return None
```

## When not to worry

Handlers that raise again, put the exception into a future, store it to raise it later, or return
it; a `try` without an await; one whose earlier clause takes `CancelledError`; awaits of a task that
was cancelled just before or is owned elsewhere; clean-up that runs while another exception is on its
way; and the end of a coroutine that is only ever started as a task: it ends as it was asked to
(absorbed-cancellation reports those).

## Fix

Unsafe: narrows the handler to `except Exception`. It no longer runs for cancellations and for the
exceptions that end the program. None is offered where code behind the `try` wakes others or closes
something.

## Measured

Of 33 findings in 10 repositories that were read, all there are, 20 were bugs, 13 debatable and none
wrong.

Known to miss: handlers that store the exception in an attribute or a list which nobody reads;
handlers that raise on one path only; loops that test the exception with `isinstance` and go on.

## Source

Python documentation, asyncio exceptions: CancelledError is a subclass of BaseException since 3.8,
and should almost always be re-raised.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/raise_skips.h"
#include "python/swallow.h"

static void check(Context *cx, Node clause) {
  Module *module = cx->module;
  Reason why = NULL;
  if (broad_swallow_of(module, clause, &why) != SWALLOW_AND_GO_ON) {
    stays_quiet(cx, clause, why);
    return;
  }

  Caught caught = caught_by(module, clause);
  Tree *tree = &module->tree;
  uint32_t start = tree_span(tree, clause).start;
  Span head = caught.is_bare ? (Span){ start, start + 6 } : tree_span(tree, caught.base_type);
  bool goes_on = handler_loops_back(module, clause) || awaits_follow(module, clause);
  Finding *finding = report_span(
    cx,
    head,
    "%s also takes the CancelledError of an await, and the %s",
    caught.is_bare ? "a bare except" : "except BaseException",
    goes_on ? "task goes on" : "function returns as if nobody had cancelled it"
  );
  Nodes awaits = suspensions_in(module, guarded_block(module, clause));
  add_note(cx, finding, awaits.items[0], "a cancellation arrives here");
  if (skipped_by_raise(module, clause) != NODE_NONE) {
    add_help(cx, finding, RAISE_SKIPS_HELP);
    return;
  }
  add_help(cx, finding, "catch Exception, or raise again");
  add_fix(cx, finding, FIX_UNSAFE, "Catch Exception only");
  if (caught.is_bare) {
    fix_insert_at(cx, finding, head.end, " Exception");
  } else {
    fix_replace(cx, finding, caught.base_type, "Exception");
  }
}

const Rule rule_overbroad_except = {
  .code = "AWR102",
  .name = "overbroad-except",
  .summary = "A bare except or except BaseException around an await swallows cancellations",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .min_minor = 8,
  .words = { "except:", "except :", "BaseException" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check) },
};
