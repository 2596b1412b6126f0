/*
# Nobody looks at what becomes of a task

A task is kept, in an attribute, a collection or a name, and all that is ever done with it is to cancel it or to ask whether it is done.

## What happens at run time

An exception ends the task and stays in it. asyncio reports "Task exception was never retrieved" when the task object goes away,
and the reference that keeps it alive puts that off: as long as the attribute holds the task, often until the process ends,
there is no message at all. The consumer, the heartbeat, the watcher has stopped, and the program goes on without it.

## Use instead

Await the task where it ends, or say at once what has become of it:

```python
class Feed:
    def start(self):
        self._reader = asyncio.create_task(self._read())
        self._reader.add_done_callback(self._report)

    def _report(self, task):
        if not task.cancelled() and task.exception():
            logger.error("the reader has failed", exc_info=task.exception())
```

or start it in an `asyncio.TaskGroup`, which fails with it.

## When not to worry

Silent are coroutines that answer for their own errors (a `try` with `except Exception` around their work) or cannot fail, tasks
whose outcome some code of the file may see (await, gather, wait, `result()`, a done callback, an argument, a return), public
attributes, which other files may look at, tasks that are let go when they are done, and tasks of a TaskGroup.

## Fix

Unsafe: adds a done callback that raises the task's exception, which the event loop then logs at once.

## Measured

Of 50 findings in 19 repositories that were read, all there are, 34 were bugs, 16 debatable and none
wrong.

Known to miss: public attributes; coroutines of libraries and of objects whose class awry cannot
tell; futures of gather; tasks whose collection is given to a function that does not look at
outcomes.

## Source

Python documentation, "Developing with asyncio", section "Detect never retrieved exceptions". Executed on 3.7, 3.9, 3.11, 3.13: no message
while an attribute holds the task; with the callback "Exception in callback" and the traceback.
*/
#include "lint/rule.h"
#include "python/facts.h"
#include "python/unobserved.h"

/* `name = create_task(…)`: the callback goes on the next line. */
static void offer_fix(Context *cx, Finding *finding, Node call) {
  Module *module = cx->module;
  const Tree *tree = &module->tree;
  Node assignment = tree_parent(tree, call);
  if (!tree_is(tree, assignment, KIND_ASSIGNMENT) || tree_field(tree, call) != FIELD_RIGHT) return;
  Node target = tree_child(tree, assignment, FIELD_LEFT), statement = tree_parent(tree, assignment);
  bool is_name = tree_is(tree, target, KIND_IDENTIFIER) || tree_is(tree, target, KIND_ATTRIBUTE);
  if (!is_name || !tree_is(tree, statement, KIND_EXPRESSION_STATEMENT)) return;
  add_fix(cx, finding, FIX_UNSAFE, "Have the event loop log a failure at once");
  fix_add_statement_after(
    cx,
    finding,
    statement,
    "%.*s.add_done_callback(lambda done: done.cancelled() or done.result())",
    STR_ARGS(tree_text(tree, target))
  );
}

static const Reason OWN_FACTORY =
  "the package sets a task factory of its own, which may look at the outcome";

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  UnobservedTask task;
  Reason why = NULL;
  if (!is_unobserved_task(module, call, &task, &why)) {
    stays_quiet(cx, call, why);
    return;
  }
  bool is_made_by_project = project_sets_task_factory(module->project, &module->identity);
  if (stays_quiet(cx, call, is_made_by_project ? OWN_FACTORY : NULL)) return;

  Finding *finding = report(
    cx,
    call,
    task.keeper != NODE_NONE
      ? "if this task fails, nobody hears of it: its exception stays in the task, which is kept"
      : "if this task fails, nobody here hears of it: its outcome is never read"
  );
  if (task.keeper != NODE_NONE)
    add_note(cx, finding, task.keeper, "kept here, and only cancelled or asked whether it is done");
  add_help(
    cx, finding, "await it where it ends, or add a done callback that reports its exception"
  );
  offer_fix(cx, finding, call);
}

const Rule rule_unobserved_task = {
  .code = "AWR309",
  .name = "unobserved-task",
  .summary = "A task is kept, and nobody ever looks whether it failed",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .fix = FIX_UNSAFE,
  .words = { "create_task", "ensure_future", "Task(" },
  .on = { ON_NODE(KIND_CALL, check) },
};
