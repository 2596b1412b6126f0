/*
# A cache keeps the coroutine, not its result

`functools.lru_cache`, `cache` or `cached_property` decorates an `async def`.

## What happens at run time

Calling an `async def` makes a coroutine object, and that is what the cache keeps. The first caller awaits
it; the second gets the same object back and fails with `RuntimeError: cannot reuse already awaited
coroutine`. A cached async generator is empty for the second caller, without an error.

## Use instead

Keep the result, or the task that computes it:

```python
class Catalog:
    _prices = None

    async def prices(self):
        if self._prices is None:
            self._prices = asyncio.create_task(self.load_prices())
        return await self._prices
```

A task that failed stays failed: drop it when the work should be tried again.

## When not to worry

A decorator between the cache and the function, which may turn the coroutine into a task, makes the rule
silent.

## Measured

The 1 finding in 51 repositories was read: it was a bug.

Known to miss: caches of other libraries and of the project itself; a plain function under a cache
that returns a coroutine.

## Source

Python documentation, functools.cache; CPython, Objects/genobject.c: cannot reuse already awaited coroutine.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/name.h"

static const char *const CACHES[] = {
  "functools.lru_cache",
  "functools.cache",
  "functools.cached_property",
  "django.utils.functional.cached_property",
  "werkzeug.utils.cached_property",
};

/* With or without arguments of its own: @cache, @lru_cache(maxsize=8). */
static bool is_cache(Module *module, Node decorator) {
  if (tree_is(&module->tree, decorator, KIND_CALL)) decorator = call_function(module, decorator);
  return NAME_IN(module, decorator, CACHES);
}

static void report_cache(Context *cx, Node cache, Str name, bool is_generator) {
  Finding *finding = report(
    cx,
    cache,
    is_generator
      ? "the cache keeps the async generator of `%.*s`: whoever asks next gets an exhausted one"
      : "the cache keeps the coroutine of `%.*s`: whoever asks next gets one that has run already",
    STR_ARGS(name)
  );
  add_help(cx, finding, "keep the result, or a task of the coroutine, which many may await");
}

static void explain_caches(Context *cx, const Function *function) {
  for (uint32_t i = 0; i < function->decorators.count; i++) {
    if (!is_cache(cx->module, function->decorators.items[i])) continue;
    Reason why = function->is_async
      ? "the decorator below it may make something else of the coroutine"
      : "this is no coroutine function, and the cache keeps its result";
    stays_quiet(cx, function->decorators.items[i], why);
  }
}

static void check_function(Context *cx, FunctionId id) {
  const Function *function = module_function(cx->module, id);
  if (function->decorators.count == 0) return;
  Node innermost = function->decorators.items[function->decorators.count - 1];
  if (function->is_async && is_cache(cx->module, innermost))
    report_cache(cx, innermost, function->name, function->is_generator);
  else if (is_asked_why(cx)) explain_caches(cx, function);
}

/* fetch = lru_cache(fetch), fetch = lru_cache(maxsize=8)(fetch) */
static void check_call(Context *cx, Node call) {
  Module *module = cx->module;
  Node function = call_positional(module, call, 0);
  if (function == NODE_NONE || !is_cache(module, call_function(module, call))) return;
  Callee callee = callee_of_reference(module, function);
  bool is_known = callee.function != NULL && !callee.is_ambiguous;
  uint32_t facts = is_known ? callee.function->facts : 0;
  bool is_async = (facts & FACT_ASYNC) != 0 && (facts & FACT_OPAQUE) == 0;
  if (!is_async && stays_quiet(cx, call, "what is cached is no coroutine, as far as is known"))
    return;
  report_cache(cx, call, str_after_last(callee.function->name, '.'), (facts & FACT_GENERATOR) != 0);
}

const Rule rule_cached_coroutine = {
  .code = "AWR310",
  .name = "cached-coroutine",
  .summary = "A cache keeps the coroutine of an async function, which can be awaited only once",
  .since = "0.1",
  .severity = SEVERITY_ERROR,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "cache" },
  .on = { ON_FUNCTION(check_function), ON_NODE(KIND_CALL, check_call) },
};
