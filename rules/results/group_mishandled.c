/*
# An exception group is handled as if it were flat

A handler takes an exception group and overlooks a part of what may be in it: groups among its members, a cancellation, or an
error that is no `Exception`.

## What happens at run time

Groups nest: a task group inside a task group gives a group in a group. A loop over `group.exceptions` with `isinstance` sees the inner
group, not the error in it, and reports that nothing was found. A `BaseExceptionGroup` can also hold a `CancelledError`; a handler
that logs the group and goes on swallows the cancellation with it.

What leaves a task group is an `ExceptionGroup` only if all errors in it are instances of `Exception`. With one whose class derives
from `BaseException` alone, it is a `BaseExceptionGroup`: `except ExceptionGroup` is passed by, and all the other errors in the group
with it.

## Use instead

```python
def find_http_error(group):
    found = group.subgroup(HTTPError)
    return found


async def run(app):
    try:
        await app()
    except* OSError as errors:
        logger.warning("connection lost: %s", errors.exceptions)
```

## When not to worry

`subgroup`, `split` and `except*` look into nested groups. Members that are given to another function, or tested for being groups, stay
silent, and so does a handler that may raise the group, or that speaks of `CancelledError`. `KeyboardInterrupt` and `SystemExit` leave
a group as they are, and a task that raises `CancelledError` counts as cancelled: neither makes a `BaseExceptionGroup`.

## Measured

Of 2 findings in 1 repository that were read, all there are, none were bugs, 2 debatable and none
wrong.

Known to miss: members that another function searches; groups recognised by `isinstance`; errors that
are no `Exception` and are raised by what a task awaits. Handlers for `Exception` that take a group
without knowing it are missed, whether they tell its text only or a handler for the plain error stands
before them: that what they await makes a group is decided in code that the caller brings along, a tool
or an application, and of almost all such code it is not true.

## Source

PEP 654, "Exception Groups and except*": exception groups nest, and subgroup and split preserve the nesting. CPython,
Lib/asyncio/taskgroups.py: `__aexit__` raises SystemExit and KeyboardInterrupt as they are, and a BaseExceptionGroup of the rest, which
makes itself an ExceptionGroup if it can.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/group.h"
#include "python/handler.h"

static void check_loop(Context *cx, Node loop) {
  Reason why = NULL;
  Node test = shallow_member_test(cx->module, loop, &why);
  if (test == NODE_NONE) {
    stays_quiet(cx, loop, why);
    return;
  }
  Finding *finding =
    report(cx, test, "misses errors in nested groups: a member of a group can be a group itself");
  add_note(
    cx, finding, tree_child(&cx->module->tree, loop, FIELD_RIGHT), "the outermost level only"
  );
  add_help(cx, finding, "use subgroup() or split(), which look into nested groups");
}

/* The clause, or one before it, names a CancelledError. */
static bool speaks_of_cancellation(Module *module, Node try_statement, Node clause) {
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count && handlers.items[i] != clause; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught.cancelled && handler_always_raises(module, handlers.items[i])) return true;
  }
  return mentions_cancellation(module, clause);
}

/* Why no cancellation is swallowed with the group. */
static Reason cancellation_kept(Module *module, Node clause) {
  Node try_statement = tree_parent(&module->tree, clause);
  bool is_async = module_in_coroutine(module, clause);
  if (!is_async || awaits_in(module, try_body(module, try_statement)).count == 0)
    return "nothing is awaited in this try, so that no cancellation arrives";
  if (handler_always_raises(module, clause)) return "the handler always raises";
  if (module->identity.is_test) return "a test looks at the group, and nobody cancels the test";
  if (handler_may_raise(module, clause) && asks_all_members(module, clause))
    return "the group is taken only if all of its members are of a class, and raised otherwise";
  if (sets_flag(module, clause)) return "what the handler notes decides about a raise behind it";
  if (speaks_of_cancellation(module, try_statement, clause))
    return "this clause, or one before it, looks for a CancelledError";
  return NULL;
}

/* A clause of this try, or of one around it, takes a BaseExceptionGroup. */
static bool is_base_group_taken(Module *module, Node try_statement) {
  for (Node outer = try_statement; outer != NODE_NONE; outer = try_around(module, outer)) {
    Nodes handlers = try_handlers(module, outer);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      bool is_star = (module->tree.rows[handlers.items[i]].flags & NODE_STAR) != 0;
      if (is_star || caught.is_bare || caught.base_exception || caught.base_group) return true;
    }
  }
  return false;
}

/* `except ExceptionGroup` around a group that can hold an error which is no Exception. */
static void check_narrow(Context *cx, Node clause, Node types) {
  Module *module = cx->module;
  Node try_statement = tree_parent(&module->tree, clause);
  BaseError error = { 0 };
  Reason why = NULL;
  if (is_base_group_taken(module, try_statement)) why = "another clause takes a BaseExceptionGroup";
  else if (!base_error_in_group(module, try_statement, &error))
    why = "an ExceptionGroup holds no CancelledError, and nothing is known to raise what is no "
          "Exception";
  if (stays_quiet(cx, clause, why)) return;

  Finding *finding = report(
    cx,
    types,
    "passed by when a `%.*s` is in the group: it makes the group a BaseExceptionGroup",
    STR_ARGS(error.name)
  );
  add_note(
    cx, finding, error.place, "can raise `%.*s`, which is no Exception", STR_ARGS(error.name)
  );
  add_help(
    cx,
    finding,
    "use `except*`, catch BaseExceptionGroup, or let `%.*s` derive from Exception",
    STR_ARGS(error.name)
  );
}

static void check_clause(Context *cx, Node clause) {
  Module *module = cx->module;
  Caught caught = caught_by(module, clause);
  if (caught.group && !caught.base_group) {
    check_narrow(cx, clause, caught.types);
    return;
  }
  if (!caught.base_group || stays_quiet(cx, clause, cancellation_kept(module, clause))) return;

  Finding *finding = report(
    cx, caught.types, "a cancellation inside of the BaseExceptionGroup is swallowed with it"
  );
  add_help(
    cx, finding, "raise what subgroup(asyncio.CancelledError) finds, or catch ExceptionGroup"
  );
}

const Rule rule_group_mishandled = {
  .code = "AWR213",
  .name = "group-mishandled",
  .summary = "Nested groups, a cancellation or what is no Exception inside a group is overlooked",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .words = { "exceptions", "ExceptionGroup" },
  .on = { ON_NODE(KIND_FOR_STATEMENT, check_loop),
          ON_NODE(KIND_FOR_IN_CLAUSE, check_loop),
          ON_NODE(KIND_EXCEPT_CLAUSE, check_clause) },
};
