/*
# The exception class is gone from its module

Exceptions of asyncio were once to be had from the modules that raised them, such as `asyncio.futures.TimeoutError`. These private
aliases no longer exist.

## What happens at run time

In an `except` clause the name is looked up only when an exception arrives: the program runs for months, and the first timeout
raises `AttributeError: module 'asyncio.futures' has no attribute 'TimeoutError'` in place of being handled. An import fails at once.

## Use instead

```python
async def wait_for_job(queue, seconds):
    try:
        return await asyncio.wait_for(queue.get(), seconds)
    except asyncio.TimeoutError:
        return None
```

## When not to worry

A name in a branch that tests `sys.version_info`, or in a `try` that takes the `ImportError` or `AttributeError`, stays silent.

## Fix

Safe: names the public class of asyncio.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: exception classes that other libraries renamed or removed (aiohttp, websockets);
names that are got with `getattr`.

## Source

The exception classes in the modules of asyncio, compared by running 3.6 to 3.13: `asyncio.exceptions` came with 3.8, and the aliases
of the table went away.
*/
#include "lint/rule.h"
#include "python/future_error.h"
#include "python/name.h"
#include "python/timeout.h"

/* All of them were there in 3.7 and were not in 3.8. */
static const char *const REMOVED[] = {
  "asyncio.futures.CancelledError",
  "asyncio.futures.InvalidStateError",
  "asyncio.futures.TimeoutError",
  "asyncio.base_futures.CancelledError",
  "asyncio.base_futures.InvalidStateError",
  "asyncio.base_futures.TimeoutError",
  "asyncio.streams.IncompleteReadError",
  "asyncio.streams.LimitOverrunError",
  "asyncio.events.SendfileNotAvailableError",
};

/* A handler beside takes the failure of the look-up. */
static bool is_tried(Module *module, Node node) {
  static const char *const errors[] = { "ImportError", "ModuleNotFoundError", "AttributeError" };
  for (Node outer = try_around(module, node); outer != NODE_NONE;
       outer = try_around(module, outer)) {
    Nodes handlers = try_handlers(module, outer);
    for (uint32_t i = 0; i < handlers.count; i++) {
      Caught caught = caught_by(module, handlers.items[i]);
      if (caught.is_bare || caught.exception || caught.base_exception) return true;
      if (CAUGHT_LISTS(module, &caught, errors)) return true;
    }
  }
  return false;
}

static Reason guarded(Module *module, Node node) {
  if (is_tried(module, node)) return "a handler around it takes the failure";
  if (is_version_guarded(module, node)) return "a test of sys.version_info stands before it";
  return NULL;
}

static Finding *report_removed(Context *cx, Node node, Str name, const char *error) {
  if (!STR_IN(name, REMOVED) || stays_quiet(cx, node, guarded(cx->module, node))) return NULL;
  Str bare = str_after_last(name, '.');
  Finding *finding = report(
    cx, node, "raises %s when it is reached: %.*s is gone since Python 3.8", error, STR_ARGS(name)
  );
  add_help(cx, finding, "use asyncio.%.*s", STR_ARGS(bare));
  return finding;
}

static void check_attribute(Context *cx, Node attribute) {
  Str name = name_of(cx->module, attribute);
  Finding *finding = report_removed(cx, attribute, name, "AttributeError");
  if (!finding) return;
  Str bare = str_after_last(name, '.');
  add_fix(cx, finding, FIX_SAFE, "Use asyncio.%.*s", STR_ARGS(bare));
  Str owner = fix_module(cx, finding, attribute, "asyncio");
  fix_replace(cx, finding, attribute, "%.*s.%.*s", STR_ARGS(owner), STR_ARGS(bare));
}

static void check_import(Context *cx, Node statement) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node module_part = tree_child(tree, statement, FIELD_MODULE_NAME);
  if (module_part == NODE_NONE) return;
  Str from = name_of_module(module, module_part);
  uint32_t others = 0;
  Finding *finding = NULL;
  TREE_EACH_CHILD (tree, statement, child) {
    if (child == module_part) continue;
    Node imported =
      tree_is(tree, child, KIND_ALIASED_IMPORT) ? tree_child(tree, child, FIELD_NAME) : child;
    Str name = str_join(module->arena, from, '.', tree_text(tree, imported));
    Finding *found = report_removed(cx, imported, name, "ImportError");
    if (found) finding = found;
    others += !found;
  }
  if (!finding || others > 0) return;
  add_fix(cx, finding, FIX_SAFE, "Import from asyncio");
  fix_replace(cx, finding, module_part, "asyncio");
}

const Rule rule_removed_exception_alias = {
  .code = "AWR402",
  .name = "removed-exception-alias",
  .summary = "The name of the exception class no longer exists in that module",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .fix = FIX_SAFE,
  .is_default = true,
  .runs_in_tests = true,
  .min_minor = 8,
  .words = { "futures", "asyncio.streams", "asyncio.events", "import streams", "import events" },
  .on = { ON_NODE(KIND_ATTRIBUTE, check_attribute),
          ON_NODE(KIND_IMPORT_FROM_STATEMENT, check_import) },
};
