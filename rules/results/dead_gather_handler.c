/*
# A handler around gather never runs

A `try` holds nothing but an awaited `gather(..., return_exceptions=True)`, and its handler names ordinary exceptions.

## What happens at run time

With `return_exceptions=True` gather returns the failures as elements and raises none of them. The handler looks as if it dealt
with them; it is dead code, and the failures go unseen.

## Use instead

Leave the flag out, so that the first failure reaches the handler, or look at the results:

```python
async def refresh(feeds):
    try:
        await asyncio.gather(*(update(f) for f in feeds))
    except OSError:
        logger.exception("refresh failed")
```

## When not to worry

Handlers for `CancelledError`, `BaseException` and bare ones can run: the gather itself can be cancelled. A `try` that does more than
the gather, or whose arguments do work of their own, stays silent.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: a gather that is made before the `try`, or inside a function that the `try` awaits; a
`try` that does a little more than the gather; `suppress` (dropped-gather-results reports it if the
results are dropped).

## Source

Python documentation, asyncio.gather, return_exceptions.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/awaits.h"
#include "python/outcome.h"

/* The awaited expression of a body that is nothing but `await x` or `name = await x`. */
static Node only_await(const Tree *tree, Node body) {
  if (body == NODE_NONE || tree_child_count(tree, body) != 1) return NODE_NONE;
  Node statement = tree_first(tree, body);
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return NODE_NONE;
  Node expression = tree_first(tree, statement);
  if (tree_is(tree, expression, KIND_ASSIGNMENT))
    expression = tree_child(tree, expression, FIELD_RIGHT);
  return tree_is(tree, expression, KIND_AWAIT) ? expression : NODE_NONE;
}

/* Every handler has something to do. */
static void spare_handlers(Context *cx, Node try_statement, Reason why) {
  Nodes handlers = try_handlers(cx->module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) stays_quiet(cx, handlers.items[i], why);
}

static void explain_other_code(Context *cx, Node try_statement) {
  Nodes awaits = awaits_in(cx->module, try_body(cx->module, try_statement));
  for (uint32_t i = 0; i < awaits.count; i++) {
    Gather gather;
    if (!gather_of(cx->module, awaited_gather(cx->module, awaits.items[i]), &gather)) continue;
    spare_handlers(cx, try_statement, "other code in this try can raise, if not the gather");
    return;
  }
}

/* The gather call that is all the try does, or NODE_NONE. */
static Node only_gather(Module *module, Node try_statement, Gather *gather) {
  Node awaited = only_await(&module->tree, try_body(module, try_statement));
  if (awaited == NODE_NONE) return NODE_NONE;
  Node call = tree_first(&module->tree, awaited);
  bool is_gather = tree_is(&module->tree, call, KIND_CALL) && gather_of(module, call, gather);
  return is_gather ? call : NODE_NONE;
}

static void check(Context *cx, Node try_statement) {
  Module *module = cx->module;
  Gather gather;
  Node call = only_gather(module, try_statement, &gather);
  if (call == NODE_NONE) {
    if (is_asked_why(cx)) explain_other_code(cx, try_statement);
    return;
  }
  Reason why = NULL;
  if (!gather.collects_exceptions)
    why = "without return_exceptions=True the first failure is raised";
  else if (first_that_raises(module, tree_child(&module->tree, call, FIELD_ARGUMENTS), NULL) != NODE_NONE)
    why = "making the arguments can raise as well";
  if (why != NULL) {
    spare_handlers(cx, try_statement, why);
    return;
  }

  Nodes handlers = try_handlers(module, try_statement);
  for (uint32_t i = 0; i < handlers.count; i++) {
    Caught caught = caught_by(module, handlers.items[i]);
    bool is_wide = caught.is_bare || caught.base_exception || caught.cancelled;
    if (is_wide && stays_quiet(cx, handlers.items[i], "the gather itself can be cancelled"))
      continue;
    if (caught.types == NODE_NONE) continue;
    Finding *finding = report(
      cx,
      caught.types,
      "this handler never runs: with return_exceptions=True gather raises none of the failures"
    );
    add_note(cx, finding, call, "returns the failures as elements");
    add_help(cx, finding, "leave return_exceptions out, or look at the results");
  }
}

const Rule rule_dead_gather_handler = {
  .code = "AWR204",
  .name = "dead-gather-handler",
  .summary = "An except around gather(return_exceptions=True) never runs",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "return_exceptions" },
  .on = { ON_NODE(KIND_TRY_STATEMENT, check) },
};
