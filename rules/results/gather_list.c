/*
# gather and wait get the wrong shape of argument

`asyncio.gather` takes the awaitables one by one, `asyncio.wait` takes a collection of them. Here one is given what the other
takes.

## What happens at run time

`gather([a(), b()])` raises `TypeError: unhashable type: 'list'`, with a tuple `An asyncio.Future, a coroutine or an awaitable is
required`, with a generator before 3.12 `RuntimeError: Task got bad yield`.

`wait(task)` raises `TypeError: expect a list of futures`. In both cases the coroutines made for the call never run.

## Use instead

```python
async def load_all(paths):
    return await asyncio.gather(*[load(path) for path in paths])
```

## When not to worry

Only displays, comprehensions and names that hold one are reported, and for `wait` only what is certainly a single coroutine, task or
future.

## Fix

Safe: adds the star for `gather`, the list around a single task for `wait`.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: lists that come as a parameter, from a function, from an attribute or from `values()`
and `map`; `as_completed` with a single awaitable.

## Source

CPython, Lib/asyncio/tasks.py, gather, wait and ensure_future. Executed on 3.8, 3.11 and 3.13.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/name.h"
#include "python/value.h"

static bool is_list(Module *module, Node argument) {
  static const Kind displays[] = { KIND_LIST,
                                   KIND_TUPLE,
                                   KIND_SET,
                                   KIND_LIST_COMPREHENSION,
                                   KIND_SET_COMPREHENSION,
                                   KIND_GENERATOR_EXPRESSION };
  for (size_t i = 0; i < sizeof displays / sizeof *displays; i++) {
    if (tree_is(&module->tree, argument, displays[i])) return true;
  }
  if (!tree_is(&module->tree, argument, KIND_IDENTIFIER)) return false;
  Value value = value_of(module, argument);
  if (value.kind != VALUE_COLLECTION || value.origin == NODE_NONE) return false;
  return tree_is(&module->tree, value.origin, KIND_LIST) ||
    tree_is(&module->tree, value.origin, KIND_LIST_COMPREHENSION);
}

static Reason why_no_list(Module *module, Node argument) {
  if (tree_is(&module->tree, argument, KIND_LIST_SPLAT))
    return "the star gives gather the awaitables one by one";
  if (!tree_is(&module->tree, argument, KIND_IDENTIFIER)) return NULL;
  return "it is not known that this is a list";
}

static void check_gather(Context *cx, Node call) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node arguments = tree_child(tree, call, FIELD_ARGUMENTS);
  bool is_bare = !tree_is(tree, arguments, KIND_ARGUMENT_LIST);
  for (Node argument = is_bare ? arguments : tree_first(tree, arguments); argument != NODE_NONE;
       argument = is_bare ? NODE_NONE : tree_next(tree, argument)) {
    if (tree_is(tree, argument, KIND_KEYWORD_ARGUMENT)) continue;
    if (!is_list(module, argument)) {
      stays_quiet(cx, argument, why_no_list(module, argument));
      continue;
    }
    bool runs_generator = is_bare && module->target.minor < 12;
    Finding *finding = report(
      cx,
      argument,
      "raises %s: gather takes awaitables one by one, and this is a collection of them",
      runs_generator ? "RuntimeError" : "TypeError"
    );
    add_help(cx, finding, "put a star before it");
    add_fix(cx, finding, FIX_SAFE, "Unpack the list");
    if (is_bare) {
      fix_insert_at(cx, finding, tree_span(tree, argument).start, "(*");
      fix_insert_at(cx, finding, tree_span(tree, argument).end, ")");
    } else {
      fix_insert_before(cx, finding, argument, "*");
    }
  }
}

static void check_wait(Context *cx, Node call) {
  Module *module = cx->module;
  Node argument = call_argument(module, call, 0, "fs");
  if (argument == NODE_NONE || tree_is(&module->tree, argument, KIND_LIST_SPLAT)) return;
  ValueKind kind = value_of(module, argument).kind;
  bool is_task = kind == VALUE_TASK || kind == VALUE_FUTURE || kind == VALUE_GATHER;
  bool is_single = is_task || kind == VALUE_COROUTINE;
  if (!is_single && stays_quiet(cx, argument, "this is no single awaitable, as far as is known"))
    return;
  Finding *finding = report(
    cx,
    argument,
    "raises TypeError: asyncio.wait takes a collection, and this is a single awaitable"
  );
  add_help(cx, finding, "put it into a list, or await it");
  if (!is_task) return;
  add_fix(cx, finding, FIX_SAFE, "Put it into a list");
  fix_insert_before(cx, finding, argument, "[");
  fix_insert_after(cx, finding, argument, "]");
}

static void check(Context *cx, Node call) {
  Node function = call_function(cx->module, call);
  if (name_is(cx->module, function, "asyncio.gather")) check_gather(cx, call);
  if (name_is(cx->module, function, "asyncio.wait")) check_wait(cx, call);
}

const Rule rule_gather_list = {
  .code = "AWR212",
  .name = "gather-list",
  .summary = "gather gets a list, or asyncio.wait a single awaitable: TypeError",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_SAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "gather", "wait" },
  .on = { ON_NODE(KIND_CALL, check) },
};
