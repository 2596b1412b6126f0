/*
# Suppression without a reason

A comment such as `# awry: ignore dangling-task` that does not say why. For teams that want a reason with each.

## What happens at run time

Nothing. But whoever comes to the line later cannot tell a finding that was judged from one that was in the way, and has to
find out anew.

## Use instead

Say it behind two dashes:

```python
import asyncio


def notify(bus, message):
    asyncio.ensure_future(bus.publish(message))  # awry: ignore dangling-task -- the bus keeps its own tasks
```

`awry check --add-suppressions="the reason"` writes comments with one, and `awry suppressions list` shows them all.

## When not to worry

Off unless it is selected. A `# noqa` comment is reported only if it names rules of awry and no others; what stands behind
its codes is the reason.

## Proof

There is nothing to run: at run time a comment is nothing.

## Source

The same wish as for `# noqa` comments in ruff (issues 5182 and 8453), and the rule that biome and clippy hold to: what is
allowed says why.
*/
#include "lint/rule.h"

const Rule rule_suppression_without_reason = {
  .code = "AWR004",
  .name = "suppression-without-reason",
  .summary = "A suppression comment that does not say why",
  .since = "0.1",
  .severity = SEVERITY_WARNING,
  .runs_in_tests = true,
  .words = { "awry:", "noqa" },
};
