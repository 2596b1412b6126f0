/*
# A shielded coroutine that nothing else holds

`shield(call())` makes a task of the coroutine, and only the shield knows of it.

## What happens at run time

When the waiting code is cancelled, the shielded task goes on, as it should, but nobody can wait for
it any more. Code that closes what it works with, or the end of the program, finds it in the middle
of its work and cuts it off. If it fails, all that is left of the failure is a line in the log.

## Use instead

```python
async def checkout(cart):
    commit = asyncio.create_task(cart.commit())
    _commits.add(commit)
    commit.add_done_callback(_commits.discard)
    await asyncio.shield(commit)


async def shutdown():
    await asyncio.gather(*_commits, return_exceptions=True)
```

## When not to worry

Tasks and futures that have a name, an attribute or another owner stay silent, and so does what is no
coroutine: a future of its own, or that of a worker thread.

## Measured

Of 39 findings in 15 repositories that were read, 2 were bugs, 37 debatable and none wrong. There
are 99 in 15 of 51 repositories.

Known to miss: functions of the project that shield what they are given; tasks with a name that the
function lets go while they run.

## Source

Python documentation, asyncio.shield: save a reference to tasks passed to this function, to avoid a
task disappearing mid-execution.
*/
#include "lint/rule.h"
#include "python/value.h"
#include "python/work.h"

/* A task or future that exists before the gather which waits for it. */
static bool is_held(Module *module, Node awaitable, Node gather) {
  if (work_of(module, awaitable) == WORK_OWNED) return true;
  if (tree_inside(&module->tree, awaitable, gather) && tree_is(&module->tree, awaitable, KIND_CALL))
    return false;
  return value_is(module, awaitable, VALUE_TASK) || value_is(module, awaitable, VALUE_FUTURE);
}

static bool gathers_held(Module *module, Node call) {
  Gather gather;
  if (!gather_of(module, call, &gather)) return false;
  for (uint32_t i = 0; i < gather.awaitables.count; i++) {
    if (!is_held(module, gather.awaitables.items[i], call)) return false;
  }
  return gather.awaitables.count > 0;
}

/* `work = commit()`: the name is the coroutine's, and goes no further than to the shield. */
static Node shielded_call(Module *module, Node shielded) {
  bool is_named_coroutine = tree_is(&module->tree, shielded, KIND_IDENTIFIER) &&
    value_is(module, shielded, VALUE_COROUTINE);
  return is_named_coroutine ? call_behind(module, shielded) : shielded;
}

static Reason held_besides(Module *module, Node shielded) {
  if (!tree_is(&module->tree, shielded, KIND_CALL))
    return "the task has a name besides, which may outlive this await";
  switch (call_meaning(module, shielded)) {
  case CALL_CREATE_FUTURE:
  case CALL_RUN_IN_EXECUTOR:
    return "this is no coroutine: the shield makes no task of it";
  default:
    break;
  }
  if (work_of(module, shielded) == WORK_OWNED)
    return "others started what is shielded, and have it";
  if (gathers_held(module, shielded)) return "the gathered tasks have names of their own";
  return NULL;
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  if (call_meaning(module, call) != CALL_SHIELD) return;
  Node shielded = shielded_call(module, call_argument(module, call, 0, "arg"));
  if (stays_quiet(cx, call, held_besides(module, shielded))) return;
  Finding *finding = report(
    cx,
    call,
    "once this await is cancelled, nobody waits for the shielded work: at shutdown it is cut off, "
    "and its failure is only a log line"
  );
  bool is_gather = call_meaning(module, shielded) == CALL_GATHER;
  add_note(
    cx,
    finding,
    shielded,
    is_gather ? "made into tasks that only this gather knows"
              : "made into a task that only the shield knows"
  );
  add_help(
    cx, finding, "make the task first, keep it where shutdown can wait for it, and shield that"
  );
}

const Rule rule_shielded_coroutine = {
  .code = "AWR111",
  .name = "shielded-coroutine",
  .summary = "A shielded coroutine has no other owner: after a cancellation nobody waits for it",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .words = { "shield" },
  .on = { ON_NODE(KIND_CALL, check) },
};
