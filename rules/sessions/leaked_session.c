/*
# A client session that is not closed

A client session is made here and never closed, not closed where an await fails, or loses its connector to another session.

## What happens at run time

The session owns sockets and a connector. Without `close()` they stay open until the garbage collector logs "Unclosed client session", and
a service that does this for every request runs out of descriptors. If `close()` stands after the awaits only, an error or a
cancellation in between skips it. A connector that is given to one session after the other is closed by the first: the
next request raises "Session is closed".

## Use instead

```python
async def fetch(url):
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            return await response.json()
```

## When not to worry

Sessions that are returned, yielded, stored, closed over, or given to a constructor live elsewhere; closing in `finally` or by an exit stack
is fine. A session that borrows a connector or transport from elsewhere is its owner's business. All of these stay silent.

## Measured

Of 4 findings in 3 repositories that were read, all there are, 4 were bugs, none debatable and none
wrong.

Known to miss: sessions that a function of the project makes and returns; sessions in attributes and
global names that nothing closes; clients that are not in the table of libraries. Connections of the
event loop itself (`create_connection`, `open_connection`) that are made, waited for until they are
ready, and only then returned: most protocols close their transport themselves when that fails, and
whether one also does so when the wait is cancelled stands in code that runs much later.

## Source

aiohttp documentation, "Client Quickstart": don't create a session per request; a session must be closed. httpx documentation, "Async
Support": use `async with` or `await client.aclose()`.
*/
#include "lint/rule.h"
#include "python/session.h"

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_SESSION) return;
  Node place;
  Reason why = NULL;
  SessionLife life = session_life(module, call, &place, &why);
  switch (life) {
  case SESSION_KEPT:
    stays_quiet(cx, call, why);
    return;
  case SESSION_NEVER_CLOSED: {
    Finding *finding = report(cx, call, "this session is never closed: its connections stay open");
    add_help(cx, finding, "open it with `async with`");
    return;
  }
  case SESSION_CLOSED_ON_SOME_PATHS: {
    Finding *finding = report(
      cx, call, "this session stays open if an await before its close fails or is cancelled"
    );
    add_note(cx, finding, place, "not reached then");
    add_help(cx, finding, "open it with `async with`, or close it in `finally`");
    return;
  }
  case SESSION_SHARES_CONNECTOR: {
    Finding *finding =
      report(cx, call, "the first of these sessions closes the connector of all the others");
    add_note(cx, finding, place, "made outside the loop");
    add_help(cx, finding, "make one session outside the loop, or pass connector_owner=False");
    return;
  }
  }
}

const Rule rule_leaked_session = {
  .code = "AWR501",
  .name = "leaked-session",
  .summary = "A client session is not closed, or not on every path",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .is_default = true,
  .words = { "ClientSession", "AsyncClient" },
  .on = { ON_NODE(KIND_CALL, check) },
};
