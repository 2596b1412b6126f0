/*
# The handler waits for another TimeoutError than the one that comes

Before Python 3.11 there are three classes of that name: the builtin `TimeoutError`, `asyncio.TimeoutError` and
`concurrent.futures.TimeoutError`. The handler names one, and the await raises another.

## What happens at run time

On an interpreter older than 3.11 that the project still supports, `wait_for` raises `asyncio.TimeoutError`. It is not a
subclass of the builtin, the handler does not run, and the timeout leaves the function as an unexpected error. On 3.11 and
newer the classes are one, so tests there pass.

## Use instead

```python
async def read(reader):
    try:
        return await asyncio.wait_for(reader.readline(), 5)
    except asyncio.TimeoutError:
        return b""
```

## When not to worry

The rule looks at the oldest version that the project supports (`target-version`, else `requires-python`). Handlers beside
which `asyncio.TimeoutError` is caught as well, names that an import rebinds, `asyncio.timeout` (which exists only where the
classes are one) and branches behind a test of `sys.version_info` stay silent. The same holds the other way round: `result(timeout)` of
a future that belongs to a thread raises `concurrent.futures.TimeoutError`.

## Fix

Safe: catches both classes, and imports what is missing for it.

## Measured

Of 11 findings in 6 repositories that were read, all there are, 6 were bugs, 5 debatable and none
wrong.

Known to miss: functions that are awaited through an object of unknown class, and timeouts more than
four functions away; methods of libraries that time out by themselves; `suppress`, and tests with
`isinstance`; futures of an executor.

## Source

Python documentation, "What's New In Python 3.11": asyncio.TimeoutError and concurrent.futures.TimeoutError became aliases of
TimeoutError.
*/
#include "lint/rule.h"
#include "python/future_error.h"
#include "python/timeout.h"

static bool does_the_same(Module *module, const Caught *one, const Caught *other) {
  return str_equal(tree_text(&module->tree, one->body), tree_text(&module->tree, other->body));
}

/* The clause, or one before it, catches what is raised. A broader one after it does so as well, but is
   meant for other errors, unless it does the same. */
static bool is_taken_beside(Module *module, Node try_statement, Node clause) {
  Nodes handlers = try_handlers(module, try_statement);
  Caught wrong = caught_by(module, clause);
  bool is_after = false;
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught.asyncio_timeout) return true;
    bool is_broad = caught.exception || caught.base_exception || caught.is_bare;
    if (is_broad && (!is_after || does_the_same(module, &wrong, &caught))) return true;
    is_after |= handlers.items[i] == clause;
  }
  return false;
}

static bool is_futures_taken_beside(Module *module, Node try_statement) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught.futures_timeout || caught.exception || caught.base_exception || caught.is_bare)
      return true;
  }
  return false;
}

static const char TAKEN_BESIDE[] = "a clause of this try catches the other class as well";
static const char VERSION_GUARDED[] = "a test of sys.version_info stands before it";

/* Lists the TimeoutError of the module beside the type that the clause names, alone or in a tuple. */
static void
catch_too(Context *cx, Finding *finding, const Caught *caught, Node type, const char *owner) {
  Module *module = cx->module;
  Str name = fix_module(cx, finding, type, owner), text = tree_text(&module->tree, type);
  bool is_alone = caught->types == type;
  const char *format = is_alone ? "(%.*s, %.*s.TimeoutError)" : "%.*s, %.*s.TimeoutError";
  fix_replace(cx, finding, type, format, STR_ARGS(text), STR_ARGS(name));
}

/* `except asyncio.TimeoutError` around result(timeout) of a thread's future. */
static void check_thread(Context *cx, Node clause, const Caught *caught) {
  Module *module = cx->module;
  Node try_statement = tree_parent(&module->tree, clause);
  Node type = caught->asyncio_timeout ? caught->asyncio_timeout_type : caught->timeout_type;
  FutureErrors errors = future_errors_in(module, try_statement);
  if (caught->futures_timeout || errors.waiting == NODE_NONE) return;
  Reason why = NULL;
  if (is_futures_taken_beside(module, try_statement)) why = TAKEN_BESIDE;
  else if (errors.asyncio != NODE_NONE) why = "an await of this try raises what the clause names";
  else if (is_version_guarded(module, clause)) why = VERSION_GUARDED;
  if (stays_quiet(cx, clause, why)) return;

  Finding *finding = report(
    cx,
    type,
    "misses the timeout before Python 3.11: result() raises concurrent.futures.TimeoutError"
  );
  add_note(cx, finding, errors.waiting, "raises concurrent.futures.TimeoutError");
  add_help(cx, finding, "catch concurrent.futures.TimeoutError, which is this class from 3.11 on");
  add_fix(cx, finding, FIX_SAFE, "Catch concurrent.futures.TimeoutError, too");
  catch_too(cx, finding, caught, type, "concurrent.futures");
}

static void check(Context *cx, Node clause) {
  Module *module = cx->module;
  Caught caught = caught_by(module, clause);
  if (caught.asyncio_timeout || caught.timeout) check_thread(cx, clause, &caught);
  if (caught.asyncio_timeout || (!caught.timeout && !caught.futures_timeout)) return;
  Node try_statement = tree_parent(&module->tree, clause);
  Reason why = NULL;
  if (is_taken_beside(module, try_statement, clause)) why = TAKEN_BESIDE;
  else if (is_version_guarded(module, clause)) why = VERSION_GUARDED;
  if (stays_quiet(cx, clause, why)) return;
  const FunctionFacts *source = NULL;
  Node await = asyncio_timeout_in(module, try_statement, &source);
  if (await == NODE_NONE) {
    stays_quiet(cx, clause, "nothing in this try raises asyncio.TimeoutError, as far as is known");
    return;
  }

  Finding *finding = report(
    cx,
    caught.timeout_type,
    "never catches the timeout before Python 3.11: the await raises asyncio.TimeoutError"
  );
  add_note(cx, finding, await, "raises asyncio.TimeoutError");
  if (source != NULL)
    add_note_elsewhere(
      cx, finding, source->path, source->position, "it comes out of this function"
    );
  add_help(cx, finding, "catch asyncio.TimeoutError, which is this class from 3.11 on");
  add_fix(cx, finding, FIX_SAFE, "Catch asyncio.TimeoutError, too");
  catch_too(cx, finding, &caught, caught.timeout_type, "asyncio");
}

const Rule rule_wrong_timeout_error = {
  .code = "AWR401",
  .name = "wrong-timeout-error",
  .summary = "The handler names another TimeoutError than the one that the await raises",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_SAFE,
  .is_default = true,
  .runs_in_tests = true,
  .max_minor = 10,
  .words = { "TimeoutError" },
  .on = { ON_NODE(KIND_EXCEPT_CLAUSE, check) },
};
