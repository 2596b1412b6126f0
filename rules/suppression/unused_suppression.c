/*
# Unused suppression

A comment such as `# awry: ignore dangling-task` that has nothing to suppress any more, or that names a
rule which does not exist; and one that awry does not understand, such as `# awry: disable`.

## What happens at run time

Nothing. But the comment stays when the code around it changes, and then silences the next finding
on that line, which nobody has looked at.

## Use instead

Delete the comment, or the names in it that are not needed:

```python
import asyncio


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(1))  # nothing to ignore here
```

## When not to worry

Only comments whose rules have run are reported: if a run selects a few rules, suppressions of the others
are left alone, and so are those of rules that are off by default unless they are selected. A `# noqa`
comment is reported only if it names rules of awry and no others. Files that cannot be parsed as a
whole are left alone, too.

To keep a comment that is needed only at times, name this rule in it as well:
`# awry: ignore dangling-task, unused-suppression -- only on Windows`.

## Fix

Deletes the comment, or the names that are not needed. Safe: comments do not run. An unknown name is left for
you to correct.

## Proof

No run can show this fix at work: at run time a comment is nothing.

## Source

The same reason as for `warn_unused_ignores` of mypy and RUF100 of ruff: a stale suppression
hides what comes after it.
*/
#include "lint/rule.h"

const Rule rule_unused_suppression = {
  .code = "AWR001",
  .name = "unused-suppression",
  .summary = "A suppression comment that suppresses nothing",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .fix = FIX_SAFE,
  .is_default = true,
  .runs_in_tests = true,
  .words = { "awry:" },
};
