/*
# A new session for every call

A function that can be called more than once makes a client session for its own request.

## What happens at run time

Each call opens connections of its own, does name resolution, TCP and TLS anew, and throws the pool away afterwards. It works; under
load it is slow, and the limits on connections are per call.

## Use instead

Make one session where the application starts, and pass it in:

```python
class Api:
    def __init__(self, session):
        self._session = session

    async def user(self, name):
        async with self._session.get(f"/users/{name}") as response:
            return await response.json()
```

## When not to worry

Scripts, command lines and rare calls do not need a shared session; that is why the rule is opt-in. The function that starts
the program (`main`, whatever `asyncio.run` gets) stays silent, and so does what session-per-item reports.

## Proof

A run needs aiohttp or httpx. `awry run` reports the same, as requests of each line that makes sessions; the checker's own
tests run such programs with both.

## Measured

Of 21 findings in 14 repositories that were read, none were bugs, 16 debatable and 5 wrong. There
are 643 in 32 of 51 repositories.

Known to miss: requests without a session of one's own, such as `aiohttp.request` and `httpx.get`;
clients that are not in the table of libraries. Where a helper makes the session, it is reported there,
once, and not at the calls of the helper: which of them comes often enough to matter is not known, and
the place to change is the helper.

## Source

aiohttp documentation, "Client Quickstart": don't create a session per request.
*/
#include "lint/rule.h"
#include "python/entry.h"
#include "python/session.h"
#include "python/work.h"

/* Why it is not made again and again for one call each. */
static Reason made_once(Module *module, Node call) {
  FunctionId id = module_function_of(module, call);
  if (id == FUNCTION_MODULE || is_main_coroutine(module, id)) return "the program makes it once";
  if (session_opens_nothing(module, call)) return "its transport opens no connections";
  if (session_borrows_connector(module, call))
    return "its connections belong to a connector from elsewhere";
  bool is_async = module_function(module, id)->is_async;
  if (!session_is_returned(module, call) && (!is_async || !session_is_local(module, call)))
    return "it outlives the call: others have it";
  if (session_holds_connection(module, call))
    return "it is there for one connection that lasts as long, such as a websocket";
  if (session_item_loop(module, call) != NODE_NONE || is_fanned_out(module, id))
    return "it is made once per item: see session-per-item";
  return NULL;
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_SESSION) return;
  const SessionClass *class = session_class(module, call);
  if (!class || !class->is_http) return;
  if (stays_quiet(cx, call, made_once(module, call))) return;

  const Function *function = module_function(module, module_function_of(module, call));
  Finding *finding =
    report(cx, call, "every call of `%.*s` opens connections of its own", STR_ARGS(function->name));
  add_help(cx, finding, "make one session where the application starts, and pass it in");
}

const Rule rule_session_per_call = {
  .code = "AWR503",
  .name = "session-per-call",
  .summary = "A client session is made for every call of a function",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .words = { "ClientSession", "AsyncClient" },
  .on = { ON_NODE(KIND_CALL, check) },
};
