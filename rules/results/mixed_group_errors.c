/*
# The same error comes plain or wrapped in a group

A function awaits something directly on one path, and runs the same thing in a task group on another.

## What happens at run time

On the one path an error arrives as it was raised, on the other wrapped in an `ExceptionGroup`. Callers that handle the plain error, as
they always did, miss it as soon as the group is used: error handlers further out do not run, an expected disconnect becomes a crash.

## Use instead

Unwrap the group where it is made, so that callers see one kind of error:

```python
async def resolve(names):
    if len(names) == 1:
        return await look_up(names[0])
    try:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(look_up(name))
    except* LookupError as errors:
        raise errors.exceptions[0]
```

## When not to worry

A `try` with handlers or another context manager around the group stays silent, and so does work that answers for its own errors
before the group sees them. Where the same path goes through the group and the plain await, one after the other, callers know that
both can come.

## Measured

No finding in 51 repositories of 22,957 Python files.

Known to miss: a group inside another function of the project, where the other path awaits directly;
different calls on the two paths that lead to the same work.

## Source

PEP 654; Starlette and Litestar had to add such unwrapping after anyio 4 made groups raise exception groups always.
*/
#include "lint/rule.h"
#include "python/group.h"

static void check(Context *cx, Node with_statement) {
  MixedErrors mixed;
  Reason why = NULL;
  if (!mixed_errors_of(cx->module, with_statement, &mixed, &why)) {
    stays_quiet(cx, with_statement, why);
    return;
  }
  Finding *finding = report(
    cx,
    mixed.started,
    "errors leave this wrapped in an ExceptionGroup, and plain where the same is awaited directly"
  );
  add_note(cx, finding, mixed.group, "this group wraps them");
  add_note(cx, finding, mixed.awaited, "here they come as they are");
  add_help(
    cx, finding, "unwrap what leaves the group, so that callers have one kind of error to handle"
  );
}

const Rule rule_mixed_group_errors = {
  .code = "AWR215",
  .name = "mixed-group-errors",
  .summary = "An error comes out plain on one path and in an exception group on another",
  .since = "0.1",
  .severity = SEVERITY_INFO,
  .words = { "TaskGroup", "create_task_group", "open_nursery" },
  .on = { ON_NODE(KIND_WITH_STATEMENT, check) },
};
