/*
# The handler cannot match what leaves a task group

All that a `try` holds is a task group, and its handler names an ordinary exception class.

## What happens at run time

A task group wraps every error in an `ExceptionGroup`, also when there is only one, and also an error of its own body. A handler for
`ValueError` is not looked at: the group leaves the function as an unexpected error.

## Use instead

```python
async def load_both(first, second):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(load(first))
            group.create_task(load(second))
    except* ValueError as errors:
        logger.warning("bad input: %s", errors.exceptions)
```

## When not to worry

A `try` that does more than the group, handlers for `Exception`, `BaseException`, `CancelledError` and group classes, a handler for the
group beside, and classes that awry does not know stay silent.

## Fix

Unsafe: `except` becomes `except*`, from Python 3.11 on, if no handler of the `try` returns, breaks or continues.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: a `try` that does more than the group; calls of functions that do more than run a
group; groups of unknown origin; `suppress(ValueError)`; `except Exception` that goes on to test for
a plain class.

## Source

PEP 654 and Python documentation, "Task Groups": the exceptions of the tasks are combined in an ExceptionGroup. anyio 4, changes: task
groups always raise exception groups.
*/
#include "lint/rule.h"
#include "python/group.h"

static bool has_group_handler(Module *module, const Nodes *handlers) {
  for (uint32_t i = 0; i < handlers->count; i++) {
    Caught caught = caught_by(module, handlers->items[i]);
    if (caught.group || (module->tree.rows[handlers->items[i]].flags & NODE_STAR)) return true;
    if (caught.types == NODE_NONE) continue;
    Str types = str_lower(module->arena, tree_text(&module->tree, caught.types));
    if (str_contains(types, STR("group"))) return true;
  }
  return false;
}

static void offer_fix(Context *cx, Finding *finding, const Nodes *handlers) {
  Module *module = cx->module;
  if (module->target.minor < 11) return;
  for (uint32_t i = 0; i < handlers->count; i++) {
    if (caught_by(module, handlers->items[i]).is_bare || holds_jump(&module->tree, handlers->items[i]))
      return;
  }
  add_fix(cx, finding, FIX_UNSAFE, "Match inside of the group");
  for (uint32_t i = 0; i < handlers->count; i++) {
    uint32_t start = tree_span(&module->tree, handlers->items[i]).start;
    fix_insert_at(cx, finding, start + (uint32_t)(sizeof("except") - 1), "*");
  }
}

static void spare_handlers(Context *cx, const Nodes *handlers, Reason why) {
  for (uint32_t i = 0; i < handlers->count; i++) stays_quiet(cx, handlers->items[i], why);
}

static void explain_other_code(Context *cx, Node try_statement, const Nodes *handlers) {
  if (group_inside(cx->module, try_body(cx->module, try_statement)) != NODE_NONE)
    spare_handlers(cx, handlers, "other code in this try can raise, and its errors come out plain");
}

static void check(Context *cx, Node try_statement) {
  Module *module = cx->module;
  Nodes handlers = try_handlers(module, try_statement);
  if (handlers.count == 0) return;
  Node group = group_around_all(module, try_body(module, try_statement));
  if (group == NODE_NONE) {
    if (is_asked_why(cx)) explain_other_code(cx, try_statement, &handlers);
    return;
  }
  if (has_group_handler(module, &handlers)) {
    spare_handlers(cx, &handlers, "a clause of this try takes the group");
    return;
  }
  for (uint32_t i = 0; i < handlers.count; i++) {
    bool can_match = !misses_groups(module, handlers.items[i]);
    if (can_match && stays_quiet(cx, handlers.items[i], "this can match the group, or is not known"))
      continue;
    Node types = caught_by(module, handlers.items[i]).types;
    Finding *finding = report(
      cx, types, "never matches: every error leaves the task group wrapped in an ExceptionGroup"
    );
    add_note(cx, finding, group, "wraps its errors, also a single one");
    add_help(
      cx,
      finding,
      module->target.minor < 11 ? "catch ExceptionGroup and look into it" : "use `except*`"
    );
    offer_fix(cx, finding, &handlers);
  }
}

const Rule rule_unmatched_group_except = {
  .code = "AWR210",
  .name = "unmatched-group-except",
  .summary = "A handler for a plain exception around a task group never matches",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "except" },
  .on = { ON_NODE(KIND_TRY_STATEMENT, check) },
};
