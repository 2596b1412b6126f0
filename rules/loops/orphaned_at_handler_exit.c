/*
# A handler returns while its tasks run

The handler of a serverless platform, AWS Lambda for one, runs a coroutine that starts tasks and does not wait for them.

## What happens at run time

The platform takes the handler's return for the end of the work and freezes the process. What becomes of a task that still runs
then depends on how the loop was run:

- `asyncio.run()` cancels it before it returns. The task gets a `CancelledError` at its current await, and unless it
  is written down somewhere nobody learns that the record was not stored.
- `loop.run_until_complete()` leaves it where it is. It goes on when the same process serves another event and runs the same loop,
  seconds or hours later, with connections that have timed out; or never.

Short tasks often end in time, so that it works in tests and loses a part of the work under load.

## Use instead

Wait for the tasks before the coroutine ends:

```python
def lambda_handler(event, context):
    return asyncio.run(process(event))


async def process(event):
    async with asyncio.TaskGroup() as group:
        for record in event["Records"]:
            group.create_task(store(record))
```

## When not to worry

Silent are tasks that are awaited, gathered, handed on or cancelled somewhere in the file, and functions that no handler
runs. A handler is a plain function with the parameters `event` and `context`. Work that outlives a response belongs in a queue.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: handlers whose parameters are neither of AWS Lambda's usual names nor two, as those
of other platforms; tasks that a library starts.

## Source

Python documentation, asyncio.run: cancels all remaining tasks, executed on 3.7, 3.9, 3.11, 3.13. AWS Lambda developer guide, "Understanding the Lambda execution
environment lifecycle": background processes that were not completed when the function ended resume if the environment is
reused.
*/
#include "lint/rule.h"
#include "python/short_lived.h"
#include "python/unobserved.h"

static void add_story(Context *cx, Finding *finding, Node call, const FunctionFacts *handler) {
  Module *module = cx->module;
  Str name = str_after_last(handler->name, '.');
  const char *format = "`%.*s` returns as soon as the coroutine that it runs is done";
  if (!str_equal(handler->path, module->source->path)) {
    add_note_elsewhere(cx, finding, handler->path, handler->position, format, STR_ARGS(name));
    return;
  }
  uint32_t offset = source_offset(module->source, handler->position);
  Node at = tree_at(&module->tree, offset);
  if (at != NODE_NONE && at != call) add_note(cx, finding, at, format, STR_ARGS(name));
}

static void check(Context *cx, Node call) {
  Module *module = cx->module;
  const FunctionFacts *handler = short_lived_handler(module, call);
  if (handler == NULL) return;
  Reason why = NULL;
  if (!is_left_alone(module, call, &why)) {
    stays_quiet(cx, call, why);
    return;
  }

  Finding *finding =
    report(cx, call, "this task is cut off when the handler returns: nobody waits for it");
  add_story(cx, finding, call, handler);
  add_help(cx, finding, "await it before the coroutine ends, with gather or in a TaskGroup");
}

const Rule rule_orphaned_at_handler_exit = {
  .code = "AWR604",
  .name = "orphaned-at-handler-exit",
  .summary = "A serverless handler returns while tasks that it started still run",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .words = { "create_task", "ensure_future", "Task(" },
  .on = { ON_NODE(KIND_CALL, check) },
};
