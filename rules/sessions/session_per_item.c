/*
# A new session for every item

A client session is made once per item: in a `for` over items, or in a coroutine that the project starts for every item of a
collection.

## What happens at run time

Every session has its own pool: no connection is used twice, each item pays for name resolution, TCP and TLS, and the limit on
connections per session limits nothing. With many items the process runs out of descriptors and the other side starts to
refuse.

## Use instead

```python
async def fetch_all(urls):
    async with aiohttp.ClientSession() as session:
        return await asyncio.gather(*(fetch(session, url) for url in urls))
```

## When not to worry

Retries, polls and `while` loops, sessions whose arguments (proxy, base URL, cookies, headers) depend on the item, sessions that hold a
websocket, fallbacks in an except clause, loops that end with the first success, and functions that take no parameter (what they
fetch is not the item), and sessions that are made only where a cache has no answer yet stay silent.

## Proof

A run needs aiohttp or httpx. `awry run` reports the same, as requests of each line that makes sessions; the checker's own
tests run such programs with both.

## Measured

Of 18 findings in 6 repositories that were read, all there are, none were bugs, 18 debatable and
none wrong.

Known to miss: sessions that a function of the project makes and returns; methods of objects whose class awry
cannot tell; workers that take their items from a queue; requests without a session of one's own,
such as `aiohttp.request` and `httpx.get`.

## Source

aiohttp documentation, "Client Quickstart": don't create a session per request; most likely you need a session per application.
*/
#include "lint/rule.h"
#include "python/answer.h"
#include "python/session.h"
#include "python/work.h"

static Reason needed(Module *module, Node call) {
  if (!session_is_local(module, call)) return "it outlives the function: others have it";
  if (session_holds_connection(module, call))
    return "it is there for one connection that lasts as long, such as a websocket";
  if (in_handler(module, call)) return "a handler makes it, after a failure";
  if (!module_in_coroutine(module, call)) return "this is not the body of an async def";
  if (session_is_behind_cache(module, call))
    return "it is made only where a cache has no answer yet, not for every item";
  return NULL;
}

static Reason made_for_itself(Module *module, Node call, FunctionId function) {
  if (!is_fanned_out(module, function))
    return "neither a loop over items nor a fan-out makes more than one, or each turn needs its "
           "own";
  if (session_depends_on_call(module, call)) return "what it is made of differs from item to item";
  return NULL;
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_SESSION) return;
  const SessionClass *class = session_class(module, call);
  if (!class || !class->is_http || stays_quiet(cx, call, needed(module, call))) return;

  Node loop = session_item_loop(module, call);
  if (loop != NODE_NONE) {
    Finding *finding = report(
      cx, call, "every turn of the loop opens new connections: a session of its own for each item"
    );
    add_note(cx, finding, tree_child(&module->tree, loop, FIELD_RIGHT), "once for each of these");
    add_help(cx, finding, "make one session outside the loop");
    return;
  }
  FunctionId function = module_function_of(module, call);
  if (stays_quiet(cx, call, made_for_itself(module, call, function))) return;
  Str name = module_function(module, function)->name;
  Finding *finding = report(
    cx,
    call,
    "`%.*s` is started for every item, and each opens connections of its own",
    STR_ARGS(name)
  );
  add_help(cx, finding, "make one session around the fan-out and pass it in");
}

const Rule rule_session_per_item = {
  .code = "AWR502",
  .name = "session-per-item",
  .summary = "A client session is made once per item of a collection",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "ClientSession", "AsyncClient" },
  .on = { ON_NODE(KIND_CALL, check) },
};
