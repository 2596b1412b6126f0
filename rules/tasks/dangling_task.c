/*
# A task that nothing refers to

The result of `create_task` or `ensure_future` is dropped.

## What happens at run time

The event loop holds tasks weakly. While a task waits for something that the loop holds, such as the
timer of a sleep or a thread, it is safe. If it waits for something that only it refers to, such as a
future, an event, a queue or a stream of its own, the garbage collector takes both, in the middle of
the work; "Task was destroyed but it is pending!" in the log is all that is left. A failure goes to
no code of the program: the loop logs "Task exception was never retrieved" when the task is
collected. Nobody can wait for the task before the loop is closed. The frame of a function that goes
on to run the loop, with `run_forever` for one, holds nothing that it has dropped before either.

## Use instead

Keep it, and look at its outcome:

```python
class Feed:
    def start(self):
        self._reader = asyncio.create_task(self._read())

    async def stop(self):
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
```

or run it in an `asyncio.TaskGroup`, which awaits its children and raises their failures.

## When not to worry

Tasks of a TaskGroup or nursery, makers of the project that keep or await the task
(`vocabulary.task-makers` names more), a script's top level or main that runs the loop afterwards, a
local that is alive across later awaits, the last expression of a notebook's cell (kept in `Out`),
and packages that give their loop a task factory of their own stay silent. So does a line with `# noqa: RUF006`.
Where the coroutine handles its own errors, or a signal handler starts the task, less is at stake:
the finding is for information.

## Fix

Unsafe: keeps the task in a module-level set until it is done. That keeps it alive; somebody still
has to look at its outcome.

## Measured

Of 115 findings in 26 repositories that were read, 33 were bugs, 81 debatable and 1 wrong. There are
245 in 31 of 51 repositories.

Known to miss: makers of tasks that a module outside the project wraps; tasks that are kept in an
attribute and overwritten, or in a `WeakSet` of the module; receivers of unknown type; a gather that
`run_until_complete` waits for, and that a signal or an exit breaks off: its failure is logged when
it is collected.

## Source

Python documentation, asyncio.create_task: save a reference to the result of this function, to avoid
a task disappearing mid-execution. Which tasks a collection takes was executed on 3.8 to 3.13.
*/
#include "lint/rule.h"
#include "python/asyncio_call.h"
#include "python/dropped.h"

static void offer_fix(Context *cx, Finding *finding, Node call) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node statement = tree_parent(tree, call);
  if (!tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return;
  if (module_function_of(module, call) == FUNCTION_MODULE) return;
  ScopeId scope = module->scopes.scope_of[call];
  if (scopes_lookup(&module->scopes, scope, STR("task")) != BINDING_NONE) return;
  add_fix(cx, finding, FIX_UNSAFE, "Keep the task in a set until it is done");
  fix_assign(cx, finding, statement, "task");
  Str kept = fix_keep_task(cx, finding);
  fix_add_statement_after(cx, finding, statement, "%.*s", STR_ARGS(kept));
}

/* A call that looks as if it made a task which is lost. */
static void explain_other_maker(Context *cx, Node call, CallMeaning meaning) {
  static const char *const makers[] = { "create_task", "ensure_future", "start_soon", "spawn" };
  if (!STR_IN(call_method(cx->module, call), makers)) return;
  bool is_of_group = meaning == CALL_GROUP_TASK;
  stays_quiet(
    cx,
    call,
    is_of_group ? "the task group keeps the task, and waits for it"
                : "whatever makes the task here may keep it as well"
  );
}

/* A function of the project that does no more than make the task. */
static bool is_thin_maker(Module *module, Node call) {
  Callee callee = callee_of(module, call);
  if (callee.is_ambiguous || callee.function == NULL) return false;
  return (callee.function->facts & (FACT_MAKES_TASK | FACT_OPAQUE)) == FACT_MAKES_TASK;
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  CallMeaning meaning = call_meaning(module, call);
  bool is_maker = meaning == CALL_OTHER ? is_thin_maker(module, call) : makes_task(module, call);
  if (!is_maker) {
    if (is_asked_why(cx)) explain_other_maker(cx, call, meaning);
    return;
  }
  if (stays_quiet(cx, call, task_is_kept(module, call))) return;

  bool is_small = is_small_loss(module, call);
  Finding *finding = report(
    cx,
    call,
    "nothing refers to this task: it may be collected before it is done%s",
    is_small ? "" : ", and nobody handles its failure"
  );
  if (is_small) finding->severity = SEVERITY_INFO;
  Node handler = is_small ? NODE_NONE : handler_of_start_only(module, call);
  if (handler != NODE_NONE)
    add_note(
      cx, finding, handler, "this handler never sees a failure of the task, which comes later"
    );
  add_help(
    cx,
    finding,
    is_small ? "keep the task until it is done, or start it in a TaskGroup"
             : "keep the task and look at its outcome, or start it in a TaskGroup"
  );
  offer_fix(cx, finding, call);
}

const Rule rule_dangling_task = {
  .code = "AWR302",
  .name = "dangling-task",
  .summary = "A task that nothing refers to may be collected before it is done",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_UNSAFE,
  .is_default = true,
  .words = { "create_task", "ensure_future", "task(", "Task(", "spawn", "background", "schedule" },
  .on = { ON_NODE(KIND_CALL, check) },
};
