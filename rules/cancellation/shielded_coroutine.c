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

## Fix

Unsafe: makes the task first and keeps it in a module-level set until it is done. Shutdown can wait for that set;
nothing does so by itself.

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

static bool is_simple_statement(const Tree *tree, Node statement) {
  return tree_is(tree, statement, KIND_EXPRESSION_STATEMENT) ||
    tree_is(tree, statement, KIND_RETURN_STATEMENT);
}

/* `await shield(work())` as a statement, or as the value of one. */
static void offer_fix(Context *cx, Finding *finding, Node call, Node shielded) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node await = tree_parent(tree, call), statement = tree_statement(tree, call);
  Node holder = tree_parent(tree, await);
  bool is_value = holder == statement ||
    (tree_is(tree, holder, KIND_ASSIGNMENT) && tree_parent(tree, holder) == statement);
  if (!tree_is(tree, await, KIND_AWAIT) || !is_value || !is_simple_statement(tree, statement))
    return;
  Str text = tree_text(tree, shielded);
  bool is_line = !str_contains(text, STR("\n")) && !str_contains(text, STR("\r"));
  if (!is_line) return;
  if (scopes_lookup(&module->scopes, module->scopes.scope_of[call], STR("task")) != BINDING_NONE)
    return;
  /* As the shield itself does with what may be no coroutine. */
  const char *maker = value_is(module, shielded, VALUE_COROUTINE) ? "create_task" : "ensure_future";
  add_fix(cx, finding, FIX_UNSAFE, "Keep the task in a set until it is done");
  Str name = fix_module(cx, finding, call, "asyncio"), kept = fix_keep_task(cx, finding);
  fix_add_statement_before(
    cx,
    finding,
    statement,
    "task = %.*s.%s(%.*s)\n%.*s",
    STR_ARGS(name),
    maker,
    STR_ARGS(text),
    STR_ARGS(kept)
  );
  fix_replace(cx, finding, shielded, "task");
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
  if (!is_gather) offer_fix(cx, finding, call, shielded);
}

const Rule rule_shielded_coroutine = {
  .code = "AWR111",
  .name = "shielded-coroutine",
  .summary = "A shielded coroutine has no other owner: after a cancellation nobody waits for it",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .words = { "shield" },
  .on = { ON_NODE(KIND_CALL, check) },
};
