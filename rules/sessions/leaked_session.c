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

## Fix

Unsafe, for a session that a local name holds and nothing closes: opens it with `async with` around the rest of the
block.

## Proof

A session needs aiohttp or httpx, which Python does not bring: the example is run where the tests have installed them, and
answered from memory.

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
#include "python/kernel.h"
#include "python/session.h"

/* True if the name is bound once, by the statement, and read in its block only. */
static bool is_of_block(Module *module, Node name, Node statement) {
  const Tree *tree = &module->tree;
  BindingId id = scopes_binding(&module->scopes, name);
  if (id == BINDING_NONE) return false;
  const Binding *binding = scopes_get(&module->scopes, id);
  Node after = tree_after(tree, tree_parent(tree, statement));
  for (uint32_t i = 0; i < binding->occurrences.count; i++) {
    Node node = binding->occurrences.items[i].node;
    if (node < statement || node >= after) return false;
  }
  return binding->bind_count == 1 && !binding->is_captured && !binding->is_declared_global;
}

/* `session = ClientSession()` becomes the head of a block. */
static void offer_fix(Context *cx, Finding *finding, Node call) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node assignment = tree_parent(tree, call), statement = tree_parent(tree, assignment);
  Node name = tree_child(tree, assignment, FIELD_LEFT);
  bool is_plain = tree_is(tree, assignment, KIND_ASSIGNMENT) &&
    tree_field(tree, call) == FIELD_RIGHT && tree_is(tree, name, KIND_IDENTIFIER) &&
    tree_child(tree, assignment, FIELD_TYPE) == NODE_NONE &&
    tree_is(tree, statement, KIND_EXPRESSION_STATEMENT) &&
    tree_is(tree, tree_parent(tree, statement), KIND_BLOCK);
  if (!is_plain || !may_await(module, call) || !is_of_block(module, name, statement)) return;
  add_fix(cx, finding, FIX_UNSAFE, "Open it with `async with`");
  fix_open_block(
    cx,
    finding,
    statement,
    "async with %.*s as %.*s:",
    STR_ARGS(fix_code(cx, call)),
    STR_ARGS(tree_text(tree, name))
  );
}

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
    offer_fix(cx, finding, call);
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
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "ClientSession", "AsyncClient" },
  .on = { ON_NODE(KIND_CALL, check) },
};
