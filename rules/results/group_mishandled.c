/*
# An exception group is handled as if it were flat

A handler takes an exception group and overlooks a part of what may be in it: groups among its members, or a cancellation.

## What happens at run time

Groups nest: a task group inside a task group gives a group in a group. A loop over `group.exceptions` with `isinstance` sees the inner
group, not the error in it, and reports that nothing was found. A `BaseExceptionGroup` can also hold a `CancelledError`; a handler
that logs the group and goes on swallows the cancellation with it.

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
silent, and so does a handler that may raise the group, or that speaks of `CancelledError`.

## Measured

Of 2 findings in 1 repository that were read, all there are, none were bugs, 2 debatable and none
wrong.

Known to miss: handlers for `Exception` that take a group without knowing it and tell its text only;
members that another function searches; groups recognised by `isinstance`.

## Source

PEP 654, "Exception Groups and except*": exception groups nest, and subgroup and split preserve the nesting.
*/
#include "lint/rule.h"
#include "python/awaits.h"
#include "python/group.h"
#include "python/handler.h"
#include "python/iterate.h"

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
  const Tree *tree = &module->tree;
  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count && handlers.items[i] != clause; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    if (caught.cancelled && handler_always_raises(module, handlers.items[i])) return true;
  }
  for (Node row = clause; row < tree_after(tree, clause); row++) {
    bool is_name = tree_is(tree, row, KIND_IDENTIFIER);
    if (is_name && str_contains(str_lower(module->arena, tree_text(tree, row)), STR("cancel")))
      return true;
  }
  return false;
}

/* `if all(isinstance(e, Stop) for e in group.exceptions): return` before a raise: the group is taken only if nothing else is in it. */
static bool asks_all_members(Module *module, Node clause) {
  EACH_ROW (&module->tree, clause, row) {
    if (tree_is(&module->tree, row, KIND_FOR_IN_CLAUSE) && is_for_all_members(module, row))
      return true;
  }
  return false;
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

static void check_clause(Context *cx, Node clause) {
  Module *module = cx->module;
  Caught caught = caught_by(module, clause);
  bool is_narrow = caught.group && !caught.base_group;
  if (is_narrow && stays_quiet(cx, clause, "an ExceptionGroup holds no CancelledError")) return;
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
  .summary = "Nested groups or a cancellation inside an exception group are overlooked",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .words = { "exceptions", "BaseExceptionGroup" },
  .on = { ON_NODE(KIND_FOR_STATEMENT, check_loop),
          ON_NODE(KIND_FOR_IN_CLAUSE, check_loop),
          ON_NODE(KIND_EXCEPT_CLAUSE, check_clause) },
};
