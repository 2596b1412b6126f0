/*
# A shielded coroutine that nothing else holds

`shield(call())` makes a task of the coroutine, and only the shield knows of it.

## What happens at run time

When the waiting code is cancelled, the shielded task goes on, as it should, but nothing refers to
it any more: the event loop holds tasks weakly, so it may be collected in the middle of its work;
its exception is at best logged long after; and nobody can wait for it at shutdown.

## Use instead

```python
async def checkout(cart):
    commit = asyncio.create_task(cart.commit())
    _commits.add(commit)
    commit.add_done_callback(_commits.discard)
    await asyncio.shield(commit)
```

## When not to worry

Tasks and futures that have a name, an attribute or another owner stay silent.

## Source

Python documentation, asyncio.shield: save a reference to tasks passed to this function, to avoid a
task disappearing mid-execution.
*/
#include "lint/rule.h"
#include "python/work.h"

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_SHIELD) return;
  Node shielded = call_argument(module, call, 0, "arg");
  bool is_call = tree_is(&module->tree, shielded, KIND_CALL);
  if (!is_call && stays_quiet(cx, call, "the task has a name besides, which may outlive this await"))
    return;
  bool is_owned = work_of(module, shielded) == WORK_OWNED;
  if (is_owned && stays_quiet(cx, call, "others started what is shielded, and have it")) return;
  Finding *finding = report(
    cx,
    call,
    "nothing else refers to the shielded work: once this await is cancelled it may vanish, and its "
    "failure with it"
  );
  add_note(cx, finding, shielded, "made into a task that only the shield knows");
  add_help(
    cx, finding, "make the task first, keep it where it outlives this function, and shield that"
  );
}

const Rule rule_shielded_coroutine = {
  .code = "AWR111",
  .name = "shielded-coroutine",
  .summary = "A shielded coroutine has no other owner: after a cancellation nothing refers to it",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .words = { "shield" },
  .on = { ON_NODE(KIND_CALL, check) },
};
